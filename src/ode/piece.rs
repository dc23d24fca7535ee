//! One piece between two stops, handed to `ode_solvers`.
//!
//! Of `ode_solvers` only the sparse output is used: its dense output extrapolates past the end of short pieces. What is
//! seen between the ends of its steps is read from curves of our own. Each piece runs in local time from 0 on, because
//! the solver measures its smallest step against the clock.

use std::cell::Cell;

use ode_solvers::dop_shared::{IntegrationError, SolverResult, Stats};
use ode_solvers::dop853::Dop853;
use ode_solvers::dopri5::Dopri5;
use ode_solvers::{OutputType, SVector};

use super::clock::Clock;
use super::curve::{Curve, Rows, Step};
use super::scheme::{ROWS, SLOPES};
use super::system::System;
use super::tolerance::{Solver, Tolerance};
use super::trouble::{Trouble, Watched, stiff, too_many_steps, underflow};
use crate::error::{Error, Result};

/// The most steps in one call of the solver, which keeps every one of them in memory.
const MOST_STEPS_A_CALL: u32 = 10_000;
/// After how many steps the solver begins to look for stiffness, its own default.
const STEPS_TO_STIFFNESS: u32 = 1_000;

/// What goes over from piece to piece.
#[derive(Clone, Copy)]
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

/// Where something is looked at on the way, and who looks.
pub(super) struct Looks<'a, E, const N: usize> {
    /// The times, in order, before the end of the way.
    times: &'a [f64],
    see: &'a mut See<'a, E, N>,
    /// How many have been seen.
    pub(super) seen: usize,
    /// Why no more will be.
    failure: Option<E>,
}

/// Is shown the state at a look, by the number of the look.
type See<'a, E, const N: usize> = dyn FnMut(usize, &[f64; N]) -> Result<(), E> + 'a;

/// A piece as the solver sees it, with a memory of the step that it makes.
struct Traced<'a, 'b, S, E, const N: usize> {
    piece: &'a Piece<'a, S, N>,
    limits: &'a mut Limits,
    clock: Clock,
    /// The state at the beginning of the step.
    begin: [f64; N],
    memory: Box<Memory<N>>,
    looks: &'a mut Looks<'b, E, N>,
}

/// The slopes of a step, and room for its curve; apart, for large systems would not fit on the stack.
struct Memory<const N: usize> {
    slopes: [Cell<[f64; N]>; SLOPES],
    rows: Rows<N>,
}

/// A state, and where to go from there.
type Way<const N: usize> = ([f64; N], f64);
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
    pub(super) fn solve(&self, way: Way<N>, limits: &mut Limits) -> Result<(f64, [f64; N])> {
        self.solve_past(&mut Looks::new(&[], &mut |_, _| Ok::<_, Error>(())), way, limits)
    }

    /// Does the same, with looks on the way.
    pub(super) fn solve_past<E: From<Error>>(
        &self,
        looks: &mut Looks<'_, E, N>,
        (y, end): Way<N>,
        limits: &mut Limits,
    ) -> Result<(f64, [f64; N]), E> {
        let (way, settings) = ((y, end - self.start), *limits);
        let (outcome, results) = self.integrate(Traced::new(self, looks, (y, limits)), way, &settings);
        if let Some(failure) = looks.failure.take() {
            return Err(failure);
        }
        match outcome {
            Ok(stats) => limits.spend(stats.num_eval),
            Err(IntegrationError::MaxNumStepReached { n_step, .. }) if n_step < limits.steps_left => {
                limits.steps_left -= n_step;
            }
            Err(error) => return Err(self.failure(&error, way, settings).into()),
        }
        let (xs, ys) = results.get();
        limits.learn(xs);
        let reached = xs.last().map_or(0.0, |x| *x);
        let state = ys.last().map_or(y, |y| y.data.0[0]);
        Ok((self.time_reached(reached, end), state))
    }

    /// The state at a look, by a way of its own from a local time on, of which the step is not learnt.
    #[cold]
    fn solve_aside(&self, (x, y): (f64, &[f64; N]), look: f64, limits: &mut Limits) -> Result<[f64; N]> {
        let (mut time, mut y) = (self.start + x, *y);
        let mut aside = Limits { step: look - time, ..*limits };
        while time < look {
            (time, y) = Piece { start: time, ..*self }.solve((y, look), &mut aside)?;
        }
        limits.steps_left = aside.steps_left;
        Ok(y)
    }

    /// The equations with the inputs, at a local time.
    #[inline]
    fn slope(&self, x: f64, y: &[f64; N]) -> [f64; N] {
        let mut slope = self.system.derivative(self.start + x, y);
        slope.iter_mut().zip(self.rates).for_each(|(slope, rate)| *slope += rate);
        slope
    }

    /// The absolute time of a local one; the solver's end is exact but for rounding.
    fn time_reached(&self, reached: f64, end: f64) -> f64 {
        const ROUNDING: f64 = 1e-14;
        let span = end - self.start;
        if reached >= span * (1.0 - ROUNDING) { end } else { self.start + reached }
    }

    /// Solves over a local span. The settings besides the tolerances and the longest step are the defaults of the solver:
    /// safety factor, beta of the step control, smallest and largest change of the step.
    fn integrate<F>(&self, equations: F, (y, span): Way<N>, limits: &Limits) -> Outcome<N>
    where
        F: ode_solvers::System<f64, SVector<f64, N>>,
    {
        let Tolerance { rtol, atol, solver, .. } = limits.tolerance;
        let (y, longest) = (SVector::from(y), span.min(solver.reach() * self.system.longest_step()));
        let (step, most) = (limits.step.min(longest), limits.steps_left.min(MOST_STEPS_A_CALL));
        let (stiff, sparse) = (STEPS_TO_STIFFNESS, OutputType::Sparse);
        match solver {
            Solver::Dop853 => {
                let (safety, beta, least, largest) = (0.9, 0.0, 0.333, 6.0);
                #[rustfmt::skip]
                let mut solver = Dop853::from_param(
                    equations, 0.0, span, span, y, rtol, atol, safety, beta, least, largest, longest, step, most, stiff, sparse,
                );
                (solver.integrate(), solver.into())
            }
            Solver::Dopri5 => {
                let (safety, beta, least, largest) = (0.9, 0.04, 0.2, 10.0);
                #[rustfmt::skip]
                let mut solver = Dopri5::from_param(
                    equations, 0.0, span, span, y, rtol, atol, safety, beta, least, largest, longest, step, most, stiff, sparse,
                );
                (solver.integrate(), solver.into())
            }
        }
    }

    /// The sentence for what the solver says. Which number made it fail is found by going the same way again.
    #[cold]
    fn failure(&self, error: &IntegrationError, way: Way<N>, mut limits: Limits) -> Error {
        let otherwise = match *error {
            IntegrationError::MaxNumStepReached { x, .. } => {
                return too_many_steps(self.start + x, &limits.tolerance);
            }
            IntegrationError::StepSizeUnderflow { x } => underflow(self.start + x),
            IntegrationError::StiffnessDetected { x } => stiff(self.start + x),
        };
        let (trouble, settings, mut blind) = (Cell::new(None), limits, |_: usize, _: &[f64; N]| Ok::<_, Error>(()));
        let looks = &mut Looks::new(&[], &mut blind);
        let inner = Traced::new(self, looks, (way.0, &mut limits));
        let _same = self.integrate(Watched { inner, start: self.start, trouble: &trouble }, way, &settings);
        trouble.get().map_or(otherwise, Trouble::error)
    }
}

impl<'a, E: From<Error>, const N: usize> Looks<'a, E, N> {
    pub(super) fn new(times: &'a [f64], see: &'a mut See<'a, E, N>) -> Self {
        Self { times, see, seen: 0, failure: None }
    }

    /// Whether there is one that is not later than a time.
    fn wait_until(&self, time: f64) -> bool {
        self.times.get(self.seen).is_some_and(|look| *look <= time)
    }

    /// Shows all that are not later than a time.
    pub(super) fn pass(&mut self, time: f64, mut state: impl FnMut(f64) -> Result<[f64; N]>) -> Result<(), E> {
        while self.wait_until(time) {
            (self.see)(self.seen, &state(self.times[self.seen])?)?;
            self.seen += 1;
        }
        Ok(())
    }
}

impl<'a, 'b, S: System<N>, E: From<Error>, const N: usize> Traced<'a, 'b, S, E, N> {
    fn new(
        piece: &'a Piece<'a, S, N>,
        looks: &'a mut Looks<'b, E, N>,
        (begin, limits): ([f64; N], &'a mut Limits),
    ) -> Self {
        let clock = Clock::new(limits.step, limits.tolerance.solver.stages());
        let memory = Memory { slopes: [const { Cell::new([0.0; N]) }; SLOPES], rows: [[0.0; N]; ROWS] };
        Self { piece, limits, clock, begin, memory: Box::new(memory), looks }
    }

    /// Shows what is to be seen in a step, from its curve, or where it has none by a way of its own.
    fn look_back(&mut self, end: (f64, &[f64; N])) -> Result<(), E> {
        let Self { piece, limits, clock, begin, memory, looks } = self;
        let (start, until, begin) = (piece.start, piece.start + end.0, (clock.begin(), &*begin));
        if !looks.wait_until(until) {
            return Ok(());
        }
        let Memory { slopes, rows } = &mut **memory;
        let step = Step { begin, end, slopes };
        let curve = Curve::through(&step, rows, &limits.tolerance, |x, y| piece.slope(x, y));
        looks.pass(until, |look| match &curve {
            Some(curve) => Ok(curve.at(look - start)),
            None => piece.solve_aside(begin, look, limits),
        })
    }
}

impl<S: System<N>, E: From<Error>, const N: usize> ode_solvers::System<f64, SVector<f64, N>>
    for Traced<'_, '_, S, E, N>
{
    #[inline]
    fn system(&self, x: f64, y: &SVector<f64, N>, dy: &mut SVector<f64, N>) {
        let (stage, x) = self.clock.call(x);
        let slope = self.piece.slope(x, &y.data.0[0]);
        if let Some(kept) = self.memory.slopes.get(stage) {
            kept.set(slope);
        }
        dy.data.0[0] = slope;
    }

    fn solout(&mut self, x: f64, y: &SVector<f64, N>, dy: &SVector<f64, N>) -> bool {
        let (y, slope) = (&y.data.0[0], dy.data.0[0]);
        self.memory.slopes[self.limits.tolerance.solver.end()].set(slope);
        self.looks.failure = self.look_back((x, y)).err();
        self.clock.step_to(x);
        self.memory.slopes[0].set(slope);
        self.begin = *y;
        self.looks.failure.is_some()
    }
}
