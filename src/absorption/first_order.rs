//! First-order absorption.

use serde::{Deserialize, Serialize};

use super::Process;
use crate::error::{self, Result};

/// From a depot at a rate proportional to what is left in it: `d depot/dt = -ka depot`.
///
/// ```
/// use menaquinone::{Dose, FirstOrder, Model, OneCompartment};
/// let model = Model::new(FirstOrder { ka: 0.5 }, OneCompartment { cl: 1.0, v: 20.0 })?;
/// let left = model.balance(Dose::of(100.0), &[2.0])?[0].depot;
/// assert!((left - 100.0 * (-1.0_f64).exp()).abs() < 1e-12);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstOrder<T = f64> {
    /// The absorption rate constant, 1/h.
    pub ka: T,
}

impl FirstOrder {
    pub(super) fn check(&self) -> Result<()> {
        error::positive("ka", self.ka, "1/h").map(drop)
    }
}

impl From<FirstOrder> for Process {
    fn from(first_order: FirstOrder) -> Self {
        Self::FirstOrder(first_order)
    }
}
