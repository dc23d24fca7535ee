//! Markers that respond to vitamin K: matrix Gla protein and osteocalcin, driven by any [`Profile`].
//!
//! A marker is made at a rate that the level lowers and leaves at a rate of its own, so it follows the level with a delay:
//! an indirect response. The dose-response of each marker, the ED50, is fitted to printed percentages; it becomes an IC50
//! by what a daily dose does to the level, and that is yours to choose, since it is the least certain number of all.
//!
//! ```
//! use menaquinone::{Dose, grid, marker::*, units::*, vitamer::MK7};
//! let model = MK7.model().with_baseline(DP_UCMGP.parameters.c0)?;
//! let per_dose = model.steady_state(Dose::of(1.0 * UG).every(DAY))?.cavg() - model.baseline(); // µg/L per µg a day
//! let marker = DP_UCMGP.anchored(per_dose)?;
//!
//! let profile = model.profile(Dose::of(180.0 * UG).every(DAY).times(84), &grid(0.0..=84.0 * DAY, HOUR))?;
//! let response = marker.response(&profile)?.labelled(DP_UCMGP.symbol, DP_UCMGP.unit);
//! assert!((response.change() + 30.0).abs() < 1.0); // %; Dalmeijer 2012 prints -31
//! # Ok::<(), menaquinone::Error>(())
//! ```
//!
//! The profile is the whole level, with the habitual one in it: give the model the marker's `c0` as its
//! [baseline](crate::Model::with_baseline). Only MK-7 has a dose-response in print that was seen. What is known of MK-4 and
//! K1 is in [`OTHER_VITAMERS`]; how potent they are beside MK-7 is not, so no factor is given here.
//!
//! The equations know nothing of vitamin K antagonists. Under one, 10 to 45 µg of MK-7 a day moved neither marker
//! (Theuwissen 2013), where these would fall.
//!
//! A marker is not an outcome: bone density, calcification, fractures and mortality are not modelled, and none of this is
//! medical advice. To add a marker, write its rows and one struct literal; a test shows what `docs/PARAMETERS.md` must
//! print.
//!
//! [`Profile`]: crate::Profile

mod facts;
mod kidney;
mod osteocalcin;
mod potency;
mod response;
mod trial;
mod turnover;

pub use facts::{DP_CMGP, DP_UCMGP, DP_UCMGP_HD, ED50_STUDIES, KIDNEY, MARKERS, OSTEOCALCIN, OTHER_VITAMERS, T_UCMGP};
pub use kidney::Egfr;
pub use osteocalcin::{Osteocalcin, OsteocalcinResponse};
pub use potency::{Anchor, ED50_DP_UCMGP};
pub use response::Response;
pub use trial::{TRIALS, Trial, Use};
pub use turnover::Turnover;

use std::fmt;

use serde::Serialize;

use crate::error::Result;
use crate::profile::Profile;
use crate::vitamer::{Row, row_of, write_table};

/// One marker: its parameters, where every number comes from, and what is contested.
///
/// ```
/// use menaquinone::marker::DP_UCMGP;
/// assert_eq!((DP_UCMGP.symbol, DP_UCMGP.unit), ("dp-ucMGP", "pmol/L"));
/// assert_eq!(DP_UCMGP.row("ed50")?.value, 413.0); // µg a day
/// assert!(DP_UCMGP.contested.contains("half-life"));
/// println!("{DP_UCMGP}"); // every row with its source
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Marker<P = Turnover> {
    /// The short name, such as `dp-ucMGP`.
    pub symbol: &'static str,
    /// The full name and the people.
    pub name: &'static str,
    /// The unit of its values.
    pub unit: &'static str,
    /// One or two sentences on what is contested or uncertain, for the caption of a chart.
    pub contested: &'static str,
    /// The numbers of its equation.
    pub parameters: P,
    /// Every number with its range, spread and source.
    pub rows: &'static [Row],
}

impl<P> Marker<P> {
    /// The row of this symbol, such as `ic50`.
    ///
    /// # Errors
    /// A symbol that the marker has no row for; the sentence names those it has.
    pub fn row(&self, symbol: &str) -> Result<&'static Row> {
        row_of(self.rows, symbol, self.symbol)
    }

    /// The IC50 that the ED50 of this marker becomes, µg/L, if a daily dose raises the level by `per_dose` (µg/L per µg a
    /// day).
    fn ic50(&self, per_dose: f64) -> Result<f64> {
        Anchor { ed50: self.row("ed50")?.value, per_dose }.ic50()
    }
}

impl Marker {
    /// The response of the typical person to a level over time, labelled with symbol and unit.
    ///
    /// # Errors
    /// As [`Turnover::response`].
    pub fn response(&self, profile: &Profile) -> Result<Response> {
        Ok(self.parameters.response(profile)?.labelled(self.symbol, self.unit))
    }

    /// The parameters with the ED50 of this marker as the anchor, for a model in which a daily dose raises the level by
    /// `per_dose` (µg/L per µg a day): the IC50 is their product.
    ///
    /// ```
    /// use menaquinone::marker::DP_UCMGP;
    /// assert!((DP_UCMGP.anchored(0.0296)?.ic50 - 12.2).abs() < 0.05); // the slope of Knapen 2015
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A `per_dose` that is not positive, or a marker without a dose-response.
    pub fn anchored(&self, per_dose: f64) -> Result<Turnover> {
        Ok(Turnover { ic50: self.ic50(per_dose)?, ..self.parameters })
    }
}

impl Marker<Osteocalcin> {
    /// The response of the typical person to a level over time.
    ///
    /// # Errors
    /// As [`Osteocalcin::response`].
    pub fn response(&self, profile: &Profile) -> Result<OsteocalcinResponse> {
        self.parameters.response(profile)
    }

    /// The parameters with the ED50 of this marker as the anchor; see [`Marker::anchored`].
    ///
    /// # Errors
    /// A `per_dose` that is not positive.
    pub fn anchored(&self, per_dose: f64) -> Result<Osteocalcin> {
        Ok(Osteocalcin { ic50: self.ic50(per_dose)?, ..self.parameters })
    }
}

/// Every row in aligned columns, under the name and above what is contested.
impl<P> fmt::Display for Marker<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.symbol, self.name)?;
        write_table(f, self.rows)?;
        write!(f, "{}", self.contested)
    }
}
