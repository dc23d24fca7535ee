//! From doses to levels, and how far studies differ.

use serde::{Deserialize, Serialize};

use crate::error::{self, Result};
use crate::random::LogNormal;

/// The dose-response of a marker and what a dose does to the level, which together give the IC50.
///
/// The ED50 is what trials tell; the level per dose is one study or one model. So the ED50 is the anchor:
/// `ic50 = ed50 × per_dose`. With a habitual level `c0` in the equation the dose for half the effect comes out as
/// `ed50 + c0 / per_dose`, which is 2 % more for dp-ucMGP and 8 % more for osteocalcin in north-western Europe.
///
/// ```
/// use menaquinone::marker::Anchor;
/// let ic50 = Anchor { ed50: 227.0, per_dose: 0.0296 }.ic50()?;
/// assert!((ic50 - 6.7).abs() < 0.05); // µg/L
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// The daily dose that takes away half, µg a day.
    pub ed50: f64,
    /// How far one µg a day raises the level at steady state, µg/L per µg a day: of a model, the average or the trough.
    pub per_dose: f64,
}

impl Anchor {
    /// The level that takes away half, µg/L.
    ///
    /// # Errors
    /// A number that is not positive.
    pub fn ic50(self) -> Result<f64> {
        let ed50 = error::positive("ed50", self.ed50, "µg a day")?;
        let per_dose = error::positive("the level per dose", self.per_dose, "µg/L per µg a day")?;
        error::positive("ic50", ed50 * per_dose, "µg/L")
    }
}

/// The ED50 of dp-ucMGP in µg a day, between studies: geometric mean and spread of
/// [`ED50_STUDIES`](super::ED50_STUDIES) without the outlier Aoun 2017.
pub static ED50_DP_UCMGP: LogNormal = LogNormal { median: 363.0, omega: 0.51 };
