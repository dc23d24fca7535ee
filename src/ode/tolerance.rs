//! How exactly equations are solved, and by which method.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// How large the error of a step may be, how many steps there may be, and the method.
///
/// A step is accepted when the root mean square over the states of `error / (atol + rtol |y|)` is at most 1. The errors
/// of single steps add up, so a curve is about as good as `rtol` rather than exactly as good; and where a state is
/// smaller than `atol / rtol`, its size no longer counts. What is asked for between two steps is read from a curve that
/// is held to the same tolerance; where it is not within, the solver steps there.
///
/// ```
/// use menaquinone::{ode::{Solver, Tolerance}};
/// let strict = Tolerance { rtol: 1e-10, atol: 1e-12, ..Tolerance::default() };
/// assert_eq!((strict.max_steps, strict.solver), (1_000_000, Solver::Dop853));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tolerance {
    /// The relative error of a step, 1e-14 to 0.1.
    pub rtol: f64,
    /// The absolute error of a step, in the unit of the states, usually µg; at least 1e-100.
    pub atol: f64,
    /// The most steps that a whole simulation may try, so that every simulation comes to an end; each dose takes at
    /// least one.
    pub max_steps: u32,
    /// The method.
    pub solver: Solver,
}

impl Default for Tolerance {
    /// `rtol` 1e-8, `atol` 1e-10, a million steps, [`Solver::Dop853`].
    fn default() -> Self {
        Self { rtol: 1e-8, atol: 1e-10, max_steps: 1_000_000, solver: Solver::Dop853 }
    }
}

/// The explicit Runge-Kutta methods of Hairer, Nørsett, Wanner: Solving Ordinary Differential Equations I, 2nd edition,
/// Springer 1993, section II.5, as the crate `ode_solvers` has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Solver {
    /// Dormand and Prince, order 8(5,3), 12 evaluations a step: the cheaper, the stricter the tolerance.
    #[default]
    Dop853,
    /// Dormand and Prince, order 5(4), 6 evaluations a step: for loose tolerances and equations with kinks.
    Dopri5,
}

impl Solver {
    /// How often a step evaluates the equations.
    pub(super) fn evaluations(self) -> u32 {
        match self {
            Self::Dop853 => 12,
            Self::Dopri5 => 6,
        }
    }
}

impl Tolerance {
    /// Below it the rounding of the steps themselves is larger than what is asked for.
    const LEAST_RTOL: f64 = 1e-14;
    const MOST_RTOL: f64 = 0.1;
    /// Far below it the squares in the solver's error norm overflow for a state of zero.
    const LEAST_ATOL: f64 = 1e-100;

    /// This, if it can be met.
    pub(crate) fn check(self) -> Result<Self> {
        let Self { rtol, atol, max_steps, .. } = self;
        if !(Self::LEAST_RTOL..=Self::MOST_RTOL).contains(&rtol) {
            return Err(Error::value(format!(
                "the relative tolerance rtol is {rtol}, but it must lie between 1e-14, where rounding takes over, and 0.1: 1e-8 suits most curves"
            )));
        }
        let possible = atol.is_finite() && atol >= Self::LEAST_ATOL;
        if !possible {
            return Err(Error::value(format!(
                "the absolute tolerance atol is {atol}, but it must be a finite number, at least 1e-100: a millionth of the smallest amount that matters will do"
            )));
        }
        if max_steps == 0 {
            return Err(Error::value(
                "max_steps is 0, but a simulation needs at least one step: 1000000 is the default",
            ));
        }
        Ok(self)
    }

    /// The same, `factor` times as large.
    pub(super) fn scaled(self, factor: f64) -> Self {
        Self { rtol: self.rtol * factor, atol: self.atol * factor, ..self }
    }
}
