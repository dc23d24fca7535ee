//! Absorption through a chain of transit compartments.

use serde::{Deserialize, Serialize};

use super::{Process, Rates};
use crate::error::{self, Error, Result};

/// From where the dose is taken through `steps` transit compartments in a row to the depot, which empties at `ka`.
///
/// Each of the `steps + 1` compartments before the depot empties at `ktr = (steps + 1) / mtt`, so that `mtt` is the mean
/// time from the dose to the depot: the chain of Savic et al., J Pharmacokinet Pharmacodyn 34 (2007) 711,
/// doi:10.1007/s10928-007-9066-0, for a whole number of steps.
///
/// ```
/// use menaquinone::{Dose, Model, OneCompartment, Transit, units::*};
/// let slow_start = Transit { steps: 3, mtt: 4.0 * HOUR, ka: 1.0 / HOUR };
/// let model = Model::new(slow_start, OneCompartment { cl: 1.0, v: 20.0 })?;
/// let early = model.profile(Dose::of(100.0), &[0.1])?.conc()[0];
/// assert!(early < 1e-4); // it begins as the fifth power of time
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transit<T = f64> {
    /// The number of transit compartments, 1 to 50.
    pub steps: u32,
    /// The mean transit time from the dose to the depot, h.
    pub mtt: T,
    /// The absorption rate constant of the depot at the end of the chain, 1/h.
    pub ka: T,
}

impl Transit {
    const MOST_STEPS: u32 = 50;

    /// The rate of each transit step, 1/h.
    pub fn ktr(&self) -> f64 {
        f64::from(self.steps + 1) / self.mtt
    }

    pub(super) fn rates(&self) -> Rates {
        let before_depot = std::iter::repeat_n(self.ktr(), self.steps as usize + 1);
        before_depot.chain([self.ka]).collect()
    }

    pub(super) fn check(&self) -> Result<()> {
        if !(1..=Self::MOST_STEPS).contains(&self.steps) {
            return Err(Error::value(format!(
                "a transit chain of {} steps is not possible: give 1 to {}, or first-order absorption for none",
                self.steps,
                Self::MOST_STEPS
            )));
        }
        error::positive("mtt", self.mtt, "h")?;
        error::positive("ka", self.ka, "1/h").map(drop)
    }
}

impl From<Transit> for Process {
    fn from(transit: Transit) -> Self {
        Self::Transit(transit)
    }
}
