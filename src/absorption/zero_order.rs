//! Zero-order absorption.

use serde::{Deserialize, Serialize};

use super::Process;
use crate::error::{self, Result};

/// At a constant rate over a duration, as from a sustained-release tablet.
///
/// ```
/// use menaquinone::{Dose, Model, OneCompartment, ZeroOrder};
/// let disposition = OneCompartment { cl: 1.0, v: 20.0 };
/// let tablet = Model::new(ZeroOrder { duration: 4.0 }, disposition)?.profile(Dose::of(100.0), &[2.0, 9.0])?;
/// let drip = Model::new(ZeroOrder { duration: 1.0 }, disposition)?.profile(Dose::iv(100.0).over(4.0), &[2.0, 9.0])?;
/// assert_eq!(tablet, drip);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZeroOrder<T = f64> {
    /// How long the absorption takes, h.
    pub duration: T,
}

impl ZeroOrder {
    pub(super) fn check(&self) -> Result<()> {
        error::positive("the duration of zero-order absorption", self.duration, "h").map(drop)
    }
}

impl From<ZeroOrder> for Process {
    fn from(zero_order: ZeroOrder) -> Self {
        Self::ZeroOrder(zero_order)
    }
}
