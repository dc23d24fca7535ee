//! What is known of a measurement.

use serde::{Deserialize, Serialize};

/// What a record says of its measurement beside `dv` and `mdv`, for those who estimate; it has no part in a simulation.
///
/// It belongs to observations: in a record of another kind it is kept and means nothing. A table has one for each of its
/// records, or none: see [`Table::measured`](crate::records::Table::measured).
///
/// ```
/// use menaquinone::{records::{Measured, Table}};
/// let table: Table = "TIME,AMT,DV,CENS,LIMIT\n0,180,.,.,.\n4,.,0.9,0,.\n99,.,0.05,1,0".parse()?;
/// let below = Measured { cens: Some(1), limit: Some(0.0), ..Measured::default() };
/// assert_eq!(table.measured()[2], below); // between 0 and 0.05
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// 1 where the value lies below `dv` (left-censored, below the limit of quantification), -1 where it lies above, 0 where
    /// it is `dv`; nothing is as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cens: Option<i8>,
    /// Where the values that a censored observation may have end on the other side, in the unit of `dv`; nothing is without
    /// an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// Which kind of observation it is, such as 1 for the level in the plasma and 2 for a marker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dvid: Option<u32>,
}
