//! One piece between two stops, handed to `ode_solvers`, with every way it can fail told apart.
//!
//! Of `ode_solvers` only the sparse output is used: its dense output extrapolates past the end of short pieces. Each
//! piece runs in local time from 0 on, because the solver measures its smallest step against the clock.

use std::cell::Cell;

use ode_solvers::dop_shared::{IntegrationError, SolverResult, Stats};
use ode_solvers::dop853::Dop853;
use ode_solvers::dopri5::Dopri5;
use ode_solvers::{OutputType, SVector};

use super::clock::Clock;
use super::system::System;
use super::tolerance::{Solver, Tolerance};
use crate::error::{Error, ErrorKind, Result};

/// The most steps in one call of the solver, which keeps every one of them in memory.
const MOST_STEPS_A_CALL: u32 = 10_000;
/// After how many steps the solver begins to look for stiffness, its own default.
const STEPS_TO_STIFFNESS: u32 = 1_000;

/// What goes over from piece to piece.
pub(super) struct Limits {
    tolerance: Tolerance,
    /// The step to try first, h; 0 lets the solver choose.
    pub(super) step: f64,
    steps_left: u32,
}

/// The equations from a time on, with constant inputs.
pub(super) struct Piece<'a, S, const N: usize> {
    pub(super) system: &'a S,
    pub(super) rates: &'a [f64; N],
    pub(super) start: f64,
}

/// A piece as the solver sees it. A step that fails for a number that is not finite is tried again with a smaller one,
/// so such a number is only noted, and forgotten with the next step that succeeds.
struct Watched<'a, S, const N: usize> {
    piece: &'a Piece<'a, S, N>,
    trouble: &'a Cell<Option<Trouble>>,
    clock: Clock,
}

/// A number that is not finite, and where.
#[derive(Clone, Copy)]
struct Trouble {
    time: f64,
    state: usize,
    /// Whether it is a derivative at a finite state, rather than the state.
    is_cause: bool,
    value: f64,
}

type Outcome<const N: usize> = (std::result::Result<Stats, IntegrationError>, SolverResult<f64, SVector<f64, N>>);

impl Limits {
    pub(super) fn new(tolerance: Tolerance) -> Self {
        Self { tolerance, step: 0.0, steps_left: tolerance.max_steps }
    }

    /// Learns from the steps just made, of which the last was cut to end at a stop. Two steps, the first as long as was
    /// asked for, may well have been one; a single step says no more than that it was not too long.
    fn learn(&mut self, xs: &[f64]) {
        self.step = match *xs {
            [a, b] => self.step.max(b - a),
            [a, b, c] if b - a >= self.step => c - a,
            [.., a, b, c] => (b - a).max(c - b),
            _ => self.step,
        };
    }

    fn spend(&mut self, evaluations: u32) {
        let steps = (evaluations / self.tolerance.solver.evaluations()).max(1);
        self.steps_left = self.steps_left.saturating_sub(steps);
    }
}

impl<S: System<N>, const N: usize> Piece<'_, S, N> {
    /// From state `y` on towards `end`: the time reached, which is earlier if the steps of a call ran out, and the state
    /// there.
    pub(super) fn solve(&self, (y, end): ([f64; N], f64), limits: &mut Limits) -> Result<(f64, [f64; N])> {
        let trouble = Cell::new(None);
        let watched = Watched { piece: self, trouble: &trouble, clock: Clock::new(limits.step) };
        let (outcome, results) = watched.integrate((y, end - self.start), limits);
        let (xs, ys) = results.get();
        match outcome {
            Ok(stats) => limits.spend(stats.num_eval),
            Err(IntegrationError::MaxNumStepReached { n_step, .. }) if n_step < limits.steps_left => {
                limits.steps_left -= n_step;
            }
            Err(error) => return Err(self.failure(&error, trouble.get(), limits)),
        }
        limits.learn(xs);
        let reached = xs.last().map_or(0.0, |x| *x);
        let state = ys.last().map_or(y, |y| y.data.0[0]);
        Ok((self.time_reached(reached, end), state))
    }

    /// The absolute time of a local one; the solver's end is exact but for rounding.
    fn time_reached(&self, reached: f64, end: f64) -> f64 {
        const ROUNDING: f64 = 1e-14;
        let span = end - self.start;
        if reached >= span * (1.0 - ROUNDING) { end } else { self.start + reached }
    }

    /// The sentence for what the solver says.
    #[cold]
    fn failure(&self, error: &IntegrationError, trouble: Option<Trouble>, limits: &Limits) -> Error {
        match (error, trouble) {
            (IntegrationError::MaxNumStepReached { x, .. }, _) => too_many_steps(self.start + x, limits),
            (_, Some(trouble)) => trouble.error(),
            (IntegrationError::StepSizeUnderflow { x }, None) => underflow(self.start + x),
            (IntegrationError::StiffnessDetected { x }, None) => stiff(self.start + x),
        }
    }
}

impl<S: System<N>, const N: usize> Watched<'_, S, N> {
    /// The settings besides the tolerances are the defaults of the solver: safety factor, beta of the step control,
    /// smallest and largest change of the step.
    fn integrate(self, (y, span): ([f64; N], f64), limits: &Limits) -> Outcome<N> {
        let Tolerance { rtol, atol, solver, .. } = limits.tolerance;
        let (y, step) = (SVector::from(y), limits.step.min(span));
        let (most, stiff, sparse) = (limits.steps_left.min(MOST_STEPS_A_CALL), STEPS_TO_STIFFNESS, OutputType::Sparse);
        match solver {
            Solver::Dop853 => {
                let (safety, beta, least, largest) = (0.9, 0.0, 0.333, 6.0);
                #[rustfmt::skip]
                let mut solver = Dop853::from_param(
                    self, 0.0, span, span, y, rtol, atol, safety, beta, least, largest, span, step, most, stiff, sparse,
                );
                (solver.integrate(), solver.into())
            }
            Solver::Dopri5 => {
                let (safety, beta, least, largest) = (0.9, 0.04, 0.2, 10.0);
                #[rustfmt::skip]
                let mut solver = Dopri5::from_param(
                    self, 0.0, span, span, y, rtol, atol, safety, beta, least, largest, span, step, most, stiff, sparse,
                );
                (solver.integrate(), solver.into())
            }
        }
    }

    /// Notes the first number that is not finite. A derivative that spoils a finite state is a cause, which the states
    /// that it spoils do not replace.
    #[cold]
    fn note(&self, time: f64, (y, slope): (&[f64; N], &[f64; N])) {
        let first = |numbers: &[f64; N]| numbers.iter().position(|number| !number.is_finite());
        let caused = self.trouble.get().is_some_and(|trouble| trouble.is_cause);
        let trouble = match (first(y), first(slope)) {
            (Some(_), _) if caused => return,
            (Some(state), _) => Trouble { time, state, is_cause: false, value: y[state] },
            (None, Some(state)) => Trouble { time, state, is_cause: true, value: slope[state] },
            (None, None) => return,
        };
        self.trouble.set(Some(trouble));
    }
}

impl<S: System<N>, const N: usize> ode_solvers::System<f64, SVector<f64, N>> for Watched<'_, S, N> {
    #[inline]
    fn system(&self, x: f64, y: &SVector<f64, N>, dy: &mut SVector<f64, N>) {
        let (time, y) = (self.piece.start + self.clock.right(x), &y.data.0[0]);
        let mut slope = self.piece.system.derivative(time, y);
        slope.iter_mut().zip(self.piece.rates).for_each(|(slope, rate)| *slope += rate);
        if !slope.iter().all(|slope| slope.is_finite()) {
            self.note(time, (y, &slope));
        }
        dy.data.0[0] = slope;
    }

    fn solout(&mut self, x: f64, _y: &SVector<f64, N>, _dy: &SVector<f64, N>) -> bool {
        self.trouble.set(None);
        self.clock.step_to(x);
        false
    }
}

impl Trouble {
    fn error(self) -> Error {
        let Self { time, state, is_cause, value } = self;
        let what = if is_cause { "the derivative of " } else { "" };
        let message = format!(
            "{what}state {state} (counted from 0) is {value} at {} h, and no smaller step avoids it: check the equations there",
            readable(time)
        );
        Error::new(ErrorKind::NotFinite, message).at_time(time)
    }
}

fn too_many_steps(time: f64, limits: &Limits) -> Error {
    let message = format!(
        "the ODE solver had used its {} steps by {} h: raise max_steps, loosen rtol and atol, or replace a process that is very fast by its equilibrium",
        limits.tolerance.max_steps,
        readable(time)
    );
    Error::new(ErrorKind::TooManySteps, message).at_time(time)
}

fn underflow(time: f64) -> Error {
    let message = format!(
        "the ODE solver needs steps too small for the clock at {} h: the equations have a singularity there or change abruptly; remove it, or write an abrupt change as a dose",
        readable(time)
    );
    Error::new(ErrorKind::StepSizeUnderflow, message).at_time(time)
}

fn stiff(time: f64) -> Error {
    let message = format!(
        "the equations look stiff at {} h: one process is very much faster than the rest, which an explicit method cannot follow; replace the fast process by its equilibrium",
        readable(time)
    );
    Error::new(ErrorKind::Stiff, message).at_time(time)
}

/// A time for a sentence: beyond a millionth of an hour the digits are those of the solver, not of the problem.
fn readable(time: f64) -> String {
    const PER_HOUR: f64 = 1e6;
    match time.abs() {
        ..1e-12 => "0".into(),
        1e-12..1e-3 => format!("{time:.3e}"),
        _ if time.abs() < 1e9 => ((time * PER_HOUR).round() / PER_HOUR).to_string(),
        _ => time.to_string(),
    }
}
