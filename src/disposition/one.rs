//! One compartment.

use std::f64::consts::LN_2;

use serde::{Deserialize, Serialize};

use super::{Disposition, Mode};
use crate::error::{self, Result};

/// One well-stirred volume, cleared at a constant rate: `ke = cl / v`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneCompartment<T = f64> {
    /// The clearance, L/h.
    pub cl: T,
    /// The volume, L.
    pub v: T,
}

/// A half-life and a volume: the other way to name a one-compartment body.
///
/// ```
/// use menaquinone::{HalfLife, OneCompartment, units::*};
/// let body = OneCompartment::from(HalfLife { t_half: 84.0 * HOUR, v: 154.0 * L });
/// assert!((body.cl - 1.2708).abs() < 1e-4); // v ln 2 / t_half
/// assert!((body.half_life() - 84.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HalfLife<T = f64> {
    /// The half-life, h.
    pub t_half: T,
    /// The volume, L.
    pub v: T,
}

impl OneCompartment {
    /// The elimination rate constant `cl / v`, 1/h.
    pub fn ke(&self) -> f64 {
        self.cl / self.v
    }

    /// The half-life `ln 2 v / cl`, h.
    pub fn half_life(&self) -> f64 {
        LN_2 / self.ke()
    }

    pub(super) fn modes(&self) -> [Mode; 1] {
        [Mode { k: self.ke(), coef: 1.0 / self.v }]
    }

    pub(super) fn check(&self) -> Result<()> {
        error::positive("cl", self.cl, "L/h")?;
        error::positive("v", self.v, "L").map(drop)
    }
}

impl From<HalfLife> for OneCompartment {
    fn from(HalfLife { t_half, v }: HalfLife) -> Self {
        Self { cl: v * LN_2 / t_half, v }
    }
}

impl From<HalfLife> for Disposition {
    fn from(half_life: HalfLife) -> Self {
        OneCompartment::from(half_life).into()
    }
}

impl From<OneCompartment> for Disposition {
    fn from(body: OneCompartment) -> Self {
        Self::OneCompartment(body)
    }
}
