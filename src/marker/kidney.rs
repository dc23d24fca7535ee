//! What the kidneys do to a marker.

use serde::{Deserialize, Serialize};

use super::facts::KIDNEY;
use crate::error::{Error, Result};

/// A change of the kidney function, as estimated glomerular filtration rates in mL/min/1.73 m².
///
/// ```
/// use menaquinone::marker::{DP_UCMGP, Egfr};
/// let before = DP_UCMGP.parameters.at_egfr(10.0)?;
/// let after = before.egfr_changes(Egfr { from: 10.0, to: 49.0 })?;
/// assert!((after.steady(0.28)? / before.baseline - 0.555).abs() < 0.001); // without any vitamin K
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Egfr {
    /// Before.
    pub from: f64,
    /// After.
    pub to: f64,
}

/// How much faster the marker leaves than at 90 mL/min: `(1 - fall)^((90 - egfr) / 10)`.
pub(super) fn clearance(egfr: f64) -> Result<f64> {
    if !(0.0..=200.0).contains(&egfr) {
        return Err(Error::value(format!(
            "the eGFR is {egfr} mL/min/1.73 m², but it must lie between 0 and 200: 90 is healthy, and 10 needs dialysis"
        )));
    }
    Ok((1.0 - KIDNEY.value).powf((90.0 - egfr) / 10.0))
}
