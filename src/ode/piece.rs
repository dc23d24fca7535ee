//! One piece between two stops, handed to `ode_solvers`, with every way it can fail told apart.
//!
//! Of `ode_solvers` only the sparse output is used: its dense output extrapolates past the end of short pieces. Each
//! piece runs in local time from 0 on, because the solver measures its smallest step against the clock.

use std::cell::Cell;

use ode_solvers::dop_shared::{IntegrationError, SolverResult, Stats};
use ode_solvers::dop853::Dop853;
use ode_solvers::dopri5::Dopri5;
use ode_solvers::{OutputType, SVector};

use super::system::System;
use super::tolerance::{Solver, Tolerance};
use crate::error::{Error, ErrorKind, Result};

/// The most steps in one call of the solver, which keeps every one of them in memory.
const MOST_STEPS_A_CALL: u32 = 100_000;
/// After how many steps the solver begins to look for stiffness, its own default.
const STEPS_TO_STIFFNESS: u32 = 1_000;

/// What goes over from piece to piece.
pub(super) struct Limits {
    tolerance: Tolerance,
    /// The step to try first, h; 0 lets the solver choose.
    step: f64,
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

/// The local times at which the equations are asked for, put right.
///
/// The 12th stage of DOP853 belongs to the end of the step (c12 = 1, as all rows of its tableau add up to their c). In
/// `ode_solvers` 0.6.2 the table says 0, so that it is asked for at the beginning. Equations without time in them do not
/// see it; with time in them the order of the method is lost, and steps become a thousand times too short
/// (<https://github.com/srenevey/ode-solvers/pull/42>). A call at the beginning of a step, after another that was not, can
/// only be that stage.
struct Clock {
    /// The beginning of the step.
    begin: Cell<f64>,
    /// The last time asked for.
    last: Cell<f64>,
    /// How many calls are left that choose the first step or open it.
    opening: Cell<u8>,
}

impl Clock {
    /// c of the 11th stage, which comes before the 12th.
    const C11: f64 = 6.0 / 7.0;

    /// A clock for a piece whose first step is `step`, which the solver chooses with two more calls if it is 0.
    fn new(step: f64) -> Self {
        let opening = if step > 0.0 { 1 } else { 3 };
        Self { begin: Cell::new(0.0), last: Cell::new(0.0), opening: Cell::new(opening) }
    }

    /// The time that is meant by `x`.
    #[inline]
    fn right(&self, x: f64) -> f64 {
        let (begin, last) = (self.begin.get(), self.last.replace(x));
        if self.opening.get() > 0 {
            self.opening.set(self.opening.get() - 1);
            self.last.set(begin);
        } else if x <= begin && last > begin {
            return begin + (last - begin) / Self::C11;
        }
        x
    }

    /// The step that ends at `x` has succeeded.
    fn step_to(&self, x: f64) {
        self.begin.set(x);
        self.last.set(x);
    }
}

/// A number that is not finite, and where.
#[derive(Clone, Copy)]
struct Trouble {
    time: f64,
    state: usize,
    what: &'static str,
    value: f64,
}

type Outcome<const N: usize> = (std::result::Result<Stats, IntegrationError>, SolverResult<f64, SVector<f64, N>>);

impl Limits {
    pub(super) fn new(tolerance: Tolerance) -> Self {
        Self { tolerance, step: 0.0, steps_left: tolerance.max_steps }
    }

    /// Learns from the steps just made. The last of them was cut to end at a stop; the one before was not. A single
    /// step, cut or not, says no more than that it was not too long.
    fn learn(&mut self, xs: &[f64]) {
        self.step = match *xs {
            [.., a, b, c] => (b - a).max(c - b),
            [a, b] => self.step.max(b - a),
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

    /// Notes the first number that is not finite.
    #[cold]
    fn note(&self, time: f64, (y, slope): (&[f64; N], &[f64; N])) {
        let first = |numbers: &[f64; N]| numbers.iter().position(|number| !number.is_finite());
        let trouble = match (first(y), first(slope)) {
            (Some(state), _) => Trouble { time, state, what: "", value: y[state] },
            (None, Some(state)) => Trouble { time, state, what: "the derivative of ", value: slope[state] },
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
        let Self { time, state, what, value } = self;
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
fn readable(time: f64) -> f64 {
    const PER_HOUR: f64 = 1e6;
    let rounded = (time * PER_HOUR).round() / PER_HOUR;
    if rounded == 0.0 { time } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// Notes when it is asked.
    struct Asked<'a>(&'a RefCell<Vec<f64>>);

    impl ode_solvers::System<f64, SVector<f64, 1>> for Asked<'_> {
        fn system(&self, x: f64, _y: &SVector<f64, 1>, dy: &mut SVector<f64, 1>) {
            self.0.borrow_mut().push(x);
            dy[0] = 0.0;
        }
    }

    impl System<1> for Asked<'_> {
        fn derivative(&self, t: f64, _y: &[f64; 1]) -> [f64; 1] {
            self.0.borrow_mut().push(t);
            [0.0]
        }
        fn concentration(&self, y: &[f64; 1]) -> f64 {
            y[0]
        }
    }

    /// When this fails, `ode_solvers` has mended its table, and `Clock` can go.
    #[test]
    fn the_solver_alone_asks_for_the_twelfth_stage_at_the_wrong_time() {
        let asked = RefCell::new(Vec::new());
        let y = SVector::from([1.0]);
        #[rustfmt::skip]
        let mut solver = Dop853::from_param(
            Asked(&asked), 0.0, 7.0, 7.0, y, 1e-8, 1e-8, 0.9, 0.0, 0.333, 6.0, 7.0, 7.0, 10, 1000, OutputType::Sparse,
        );
        solver.integrate().unwrap();
        assert_eq!(asked.borrow()[10..], [6.0, 0.0, 7.0]);
    }

    #[test]
    fn the_clock_puts_every_stage_of_every_step_right() {
        for (step, opening) in [(7.0, 1), (0.0, 3)] {
            let asked = RefCell::new(Vec::new());
            let system = &Asked(&asked);
            let mut limits = Limits { step, ..Limits::new(Tolerance::default()) };
            Piece { system, rates: &[0.0], start: 100.0 }.solve(([1.0], 107.0), &mut limits).unwrap();
            let asked = asked.into_inner();
            let mut begin = asked[0];
            for step in asked[opening..].chunks(12) {
                let (eleventh, twelfth, end) = (step[9], step[10], step[11]);
                assert!((twelfth - end).abs() < 1e-13 && (begin..end).contains(&eleventh), "{step:?}");
                begin = end;
            }
            assert!((begin - 107.0).abs() < 1e-13);
        }
    }
}
