//! One dose: an amount by a route.

use super::{Regimen, Repeating};
use crate::error::{self, Result};

/// How a dose enters the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Route {
    /// Swallowed: it passes through the model's absorption, with its lag and bioavailability.
    #[default]
    Oral,
    /// Into the plasma: no absorption, no lag, bioavailability 1.
    Intravenous,
}

/// An amount (µg) taken at once, or evenly over a duration (h).
///
/// A dose is plain data; it is checked where it is used.
///
/// ```
/// use menaquinone::{Dose, Route, units::*};
/// let capsule = Dose::of(180.0 * UG);
/// assert_eq!((capsule.amount, capsule.route), (180.0, Route::Oral));
/// let drip = Dose::iv(10.0 * MG).over(2.0 * HOUR);
/// assert_eq!((drip.amount, drip.duration), (10_000.0, 2.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dose {
    /// The amount, µg.
    pub amount: f64,
    /// The way into the body.
    pub route: Route,
    /// How long the giving takes, h; 0 is at once.
    pub duration: f64,
}

impl Dose {
    /// A swallowed dose of `amount` µg.
    pub const fn of(amount: f64) -> Self {
        Self { amount, route: Route::Oral, duration: 0.0 }
    }

    /// An intravenous bolus of `amount` µg; with [`over`](Self::over), an infusion.
    pub const fn iv(amount: f64) -> Self {
        Self { amount, route: Route::Intravenous, duration: 0.0 }
    }

    /// The same dose given at a constant rate over `duration` h.
    #[must_use]
    pub const fn over(self, duration: f64) -> Self {
        Self { duration, ..self }
    }

    /// The same dose once, at `time` h.
    pub fn at(self, time: f64) -> Regimen {
        Regimen::once(time, self)
    }

    /// The same dose every `tau` h without end, the first at time 0.
    pub fn every(self, tau: f64) -> Repeating {
        Repeating::new(tau, self)
    }

    /// Refuses an amount that is not positive or a duration below zero.
    pub(crate) fn check(&self) -> Result<()> {
        error::positive("the amount of a dose", self.amount, "µg")?;
        error::non_negative("the duration of a dose", self.duration, "h")?;
        Ok(())
    }
}
