//! Every way the solver can fail, told apart.

use std::cell::Cell;

use ode_solvers::SVector;

use super::tolerance::Tolerance;
use crate::error::{Error, ErrorKind};

/// Equations with an eye on every number. A step that fails for a number that is not finite is tried again with a smaller
/// one, so such a number is only noted, and forgotten with the next step that succeeds.
pub(super) struct Watched<'a, F> {
    pub(super) inner: F,
    /// The time at which the solver's begins.
    pub(super) start: f64,
    pub(super) trouble: &'a Cell<Option<Trouble>>,
}

/// A number that is not finite, and where.
#[derive(Clone, Copy)]
pub(super) struct Trouble {
    time: f64,
    state: usize,
    /// Whether it is a derivative at a finite state, rather than the state.
    is_cause: bool,
    value: f64,
}

impl<F> Watched<'_, F> {
    /// Notes the first number that is not finite. A derivative that spoils a finite state is a cause, which the states
    /// that it spoils do not replace.
    fn note<const N: usize>(&self, time: f64, (y, slope): (&[f64; N], &[f64; N])) {
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

impl<F, const N: usize> ode_solvers::System<f64, SVector<f64, N>> for Watched<'_, F>
where
    F: ode_solvers::System<f64, SVector<f64, N>>,
{
    fn system(&self, x: f64, y: &SVector<f64, N>, dy: &mut SVector<f64, N>) {
        self.inner.system(x, y, dy);
        self.note(self.start + x, (&y.data.0[0], &dy.data.0[0]));
    }

    fn solout(&mut self, x: f64, y: &SVector<f64, N>, dy: &SVector<f64, N>) -> bool {
        self.trouble.set(None);
        self.inner.solout(x, y, dy)
    }
}

impl Trouble {
    pub(super) fn error(self) -> Error {
        let Self { time, state, is_cause, value } = self;
        let what = if is_cause { "the derivative of " } else { "" };
        let message = format!(
            "{what}state {state} (counted from 0) is {value} at {} h, and no smaller step avoids it: check the equations there",
            readable(time)
        );
        Error::new(ErrorKind::NotFinite, message).at_time(time)
    }
}

pub(super) fn too_many_steps(time: f64, tolerance: &Tolerance) -> Error {
    let message = format!(
        "the ODE solver had used its {} steps by {} h: raise max_steps, loosen rtol and atol, or replace a process that is very fast by its equilibrium",
        tolerance.max_steps,
        readable(time)
    );
    Error::new(ErrorKind::TooManySteps, message).at_time(time)
}

pub(super) fn underflow(time: f64) -> Error {
    let message = format!(
        "the ODE solver needs steps too small for the clock at {} h: the equations have a singularity there or change abruptly; remove it, or write an abrupt change as a dose",
        readable(time)
    );
    Error::new(ErrorKind::StepSizeUnderflow, message).at_time(time)
}

pub(super) fn stiff(time: f64) -> Error {
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
