//! How much a regimen is in a day, and what is known of such amounts.
//!
//! The [`BANDS`] are rows: figures of popular articles, what an authority says, what trials gave, what people eat, and
//! the amounts at which popular articles urge caution. None is a recommendation of this crate. [`check`] lists what
//! applies to a regimen in plain sentences; what it says about vitamin K antagonists always comes first.
//!
//! ```
//! use menaquinone::{Dose, intake::{self, Kind}, units::*, vitamer::MK7};
//! let findings = intake::check(&MK7, Dose::of(180.0 * UG).every(DAY))?;
//! assert_eq!(findings[0].kind, Kind::Antagonist);
//! assert!(findings[0].text.contains("10 µg"));
//! assert_eq!(findings[1].text, "The regimen amounts to 180 µg of MK-7 a day, on average over its cycle.");
//! assert!(findings.iter().any(|finding| finding.text.contains("180 µg a day for three years")));
//! for finding in &findings {
//!     println!("{finding}"); // a sentence or two and the source
//! }
//! # Ok::<(), menaquinone::Error>(())
//! ```
//!
//! Nothing here is medical advice.

mod amount;
mod bands;
mod check;

use std::fmt;
use std::ops::RangeInclusive;

use serde::Serialize;

use crate::error::{self, Result};
use crate::vitamer::{Basis, Vitamer};

pub use bands::BANDS;
pub use check::{Finding, check};

/// What kind of figure a band is, or a finding rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// Vitamin K antagonists: warfarin, phenprocoumon, acenocoumarol.
    Antagonist,
    /// The arithmetic of the regimen itself.
    Amount,
    /// An amount at which popular articles, or an authority, urge caution.
    Caution,
    /// A reference value or a licence of an authority.
    Authority,
    /// What a trial gave.
    Trial,
    /// A figure of popular articles.
    Popular,
    /// What people eat.
    Habitual,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Antagonist => "antagonist",
            Self::Amount => "amount",
            Self::Caution => "caution",
            Self::Authority => "authority",
            Self::Trial => "trial",
            Self::Popular => "popular",
            Self::Habitual => "habitual",
        })
    }
}

/// A range of daily amounts, with what is known of it.
///
/// ```
/// use menaquinone::{intake::{self, Kind}, units::*};
/// let adequate = intake::band("efsa_k1")?;
/// assert_eq!((adequate.kind, adequate.low, adequate.high), (Kind::Authority, 70.0 * UG, 70.0 * UG));
/// assert!(adequate.source.contains("10.2903/j.efsa.2017.4780"));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Band {
    /// The name to ask for, such as `efsa_k1`.
    pub name: &'static str,
    /// What it is an amount of, in words.
    pub substance: &'static str,
    /// The vitamers to whose amount it applies, by symbol; none where it is a sum of several.
    pub applies_to: &'static [&'static str],
    /// The least, µg a day.
    pub low: f64,
    /// The most, µg a day: the same as `low` for a single figure, infinite where a caution has no upper end.
    pub high: f64,
    /// What kind of figure it is.
    pub kind: Kind,
    /// What is known of it, in full sentences.
    pub known: &'static str,
    /// What the numbers rest on.
    pub basis: Basis,
    /// Where they come from.
    pub source: &'static str,
}

impl Band {
    /// Whether the band says something about `amount` µg of a vitamer a day: inside the range, or within a tenth of a
    /// single figure.
    ///
    /// ```
    /// use menaquinone::{intake, vitamer::{K1, MK7}};
    /// let trial = intake::band("trial_180")?;
    /// assert!(trial.holds(&MK7, 180.0) && trial.holds(&MK7, 170.0));
    /// assert!(!trial.holds(&MK7, 90.0) && !trial.holds(&K1, 180.0));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[expect(clippy::float_cmp, reason = "a single figure has the same number twice")]
    pub fn holds(&self, vitamer: &Vitamer, amount: f64) -> bool {
        let near = if self.low == self.high { 0.1 } else { 0.0 };
        let range = self.low * (1.0 - near)..=self.high * (1.0 + near);
        self.applies_to.contains(&vitamer.symbol) && range.contains(&amount)
    }

    /// The range in µg a day, for a chart.
    pub fn range(&self) -> RangeInclusive<f64> {
        self.low..=self.high
    }

    /// The range as tables print it: `90-180`, `70`, `above 450`.
    ///
    /// ```
    /// use menaquinone::intake;
    /// assert_eq!(intake::band("popular_90_180")?.range_text(), "90-180");
    /// assert_eq!(intake::band("caution_450")?.range_text(), "above 450");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[expect(clippy::float_cmp, reason = "a single figure has the same number twice")]
    pub fn range_text(&self) -> String {
        match (self.low, self.high) {
            (low, f64::INFINITY) => format!("above {low}"),
            (low, high) if low == high => low.to_string(),
            (low, high) => format!("{low}-{high}"),
        }
    }
}

/// The band of this name.
///
/// # Errors
/// A name that no band has; the sentence says which there are.
pub fn band(name: &str) -> Result<&'static Band> {
    let known = || BANDS.iter().map(|band| band.name);
    BANDS.iter().find(|band| band.name == name).ok_or_else(|| error::no_such("intake band", name, known()))
}
