//! One fact: a value with its unit, range, spread between people, and where it comes from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a value rests on, so that measurements, arithmetic, popular figures and guesses can be told apart.
///
/// ```
/// use menaquinone::vitamer::{Basis, MK4};
/// assert_eq!(MK4.nominal().row("t_half")?.basis, Basis::Popular);
/// assert_eq!(Basis::Popular.to_string(), "popular");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Basis {
    /// Printed in the abstract of the primary paper or in a product label.
    Printed,
    /// Quoted from the primary paper by somebody else; the paper itself was not seen.
    Secondary,
    /// Recalled and not looked up.
    Memory,
    /// Repeated by popular articles; no primary source was seen.
    Popular,
    /// Arithmetic on printed values; the row's source shows it.
    Derived,
    /// Chosen so that the curve of the whole set follows data.
    Fitted,
    /// A judgement.
    Assumed,
    /// What the set means by its other values, such as `f = 1` beside apparent ones.
    Convention,
}

impl Basis {
    /// The one word that tables print.
    pub fn word(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Secondary => "secondary",
            Self::Memory => "memory",
            Self::Popular => "popular",
            Self::Derived => "derived",
            Self::Fitted => "fitted",
            Self::Assumed => "assumed",
            Self::Convention => "convention",
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// One fact about a vitamer.
///
/// ```
/// use menaquinone::vitamer::MK7;
/// let cl = MK7.nominal().row("cl")?;
/// assert_eq!((cl.label, cl.value, cl.unit), ("CL/F", 1.27, "L/h"));
/// assert_eq!((cl.low, cl.high, cl.cv), (Some(0.9), Some(1.8), Some(0.35)));
/// assert!(cl.source.contains("Knapen 2015"));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Row {
    /// The name in this crate, such as `cl`.
    pub symbol: &'static str,
    /// The name in print, such as `CL/F`.
    pub label: &'static str,
    /// What it is, in words.
    pub meaning: &'static str,
    /// The value, in [`unit`](Self::unit).
    pub value: f64,
    /// The unit; empty for a pure number.
    pub unit: &'static str,
    /// The lowest value that the evidence allows for the typical person, where that is known.
    pub low: Option<f64>,
    /// The highest value that the evidence allows for the typical person, where that is known.
    pub high: Option<f64>,
    /// The coefficient of variation between people, as a fraction (0.35 is 35 %). Those of clearances lean on the
    /// spread of measured areas; those of volumes, absorption rates and lags are judgement.
    pub cv: Option<f64>,
    /// What the value rests on.
    pub basis: Basis,
    /// Where it comes from and, for derived values, the arithmetic.
    pub source: &'static str,
}

impl Row {
    /// The range as tables print it, `0.9-1.8`; `-` where it is unknown.
    ///
    /// ```
    /// use menaquinone::vitamer::MK7;
    /// assert_eq!(MK7.nominal().row("cl")?.range_text(), "0.9-1.8");
    /// assert_eq!(MK7.nominal().row("f")?.range_text(), "-");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn range_text(&self) -> String {
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{low}-{high}"),
            _ => "-".into(),
        }
    }

    /// The spread between people as tables print it, `35 %`; `-` where it is unknown.
    ///
    /// ```
    /// use menaquinone::vitamer::MK7;
    /// assert_eq!(MK7.nominal().row("cl")?.cv_text(), "35 %");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn cv_text(&self) -> String {
        self.cv.map_or_else(|| "-".into(), |cv| format!("{:.0} %", 100.0 * cv))
    }

    /// The cells of a printed table, under [`Row::HEADER`].
    pub(super) fn cells(&self) -> [String; 7] {
        let value = self.value.to_string();
        let [symbol, unit, source] = [self.symbol, self.unit, self.source].map(String::from);
        [symbol, value, unit, self.range_text(), self.cv_text(), self.basis.to_string(), source]
    }

    /// The columns of a printed table.
    pub(super) const HEADER: [&str; 7] = ["symbol", "value", "unit", "range", "CV", "basis", "source"];
}

/// Rows are written as `KIND.at(value).range(low, high).cv(fraction).by(basis, source)`.
impl Row {
    /// A kind of fact that has no value yet.
    pub(crate) const fn kind(
        symbol: &'static str,
        label: &'static str,
        meaning: &'static str,
        unit: &'static str,
    ) -> Self {
        let (value, basis, source) = (f64::NAN, Basis::Assumed, "");
        Self { symbol, label, meaning, value, unit, low: None, high: None, cv: None, basis, source }
    }

    /// This kind of fact with a symbol and a meaning of its own.
    pub(crate) const fn named(self, symbol: &'static str, meaning: &'static str) -> Self {
        Self { symbol, meaning, ..self }
    }

    pub(crate) const fn at(self, value: f64) -> Self {
        Self { value, ..self }
    }

    pub(crate) const fn range(self, low: f64, high: f64) -> Self {
        Self { low: Some(low), high: Some(high), ..self }
    }

    pub(crate) const fn cv(self, fraction: f64) -> Self {
        Self { cv: Some(fraction), ..self }
    }

    pub(crate) const fn by(self, basis: Basis, source: &'static str) -> Self {
        Self { basis, source, ..self }
    }
}

/// The kinds of fact that several vitamers have.
pub(super) mod kind {
    use super::Row;

    pub(crate) const CL_F: Row = Row::kind("cl", "CL/F", "apparent clearance", "L/h");
    pub(crate) const V_F: Row = Row::kind("v", "V/F", "apparent volume", "L");
    pub(crate) const V1_F: Row = Row::kind("v1", "V1/F", "apparent volume of the plasma compartment", "L");
    pub(crate) const Q_F: Row = Row::kind("q", "Q/F", "apparent flow between the compartments", "L/h");
    pub(crate) const V2_F: Row = Row::kind("v2", "V2/F", "apparent volume of the peripheral compartment", "L");
    pub(crate) const CL: Row = Row::kind("cl", "CL", "clearance", "L/h");
    pub(crate) const V1: Row = Row::kind("v1", "V1", "volume of the plasma compartment", "L");
    pub(crate) const Q: Row = Row::kind("q", "Q", "flow between the compartments", "L/h");
    pub(crate) const V2: Row = Row::kind("v2", "V2", "volume of the peripheral compartment", "L");
    pub(crate) const KA: Row = Row::kind("ka", "ka", "absorption rate constant", "1/h");
    pub(crate) const TLAG: Row = Row::kind("tlag", "tlag", "time between dose and start of absorption", "h");
    pub(crate) const F: Row = Row::kind("f", "F", "fraction of the dose that is absorbed", "");
    pub(crate) const T_HALF: Row = Row::kind("t_half", "t½", "half-life of elimination", "h");
    pub(crate) const T_HALF_ALPHA: Row = Row::kind("t_half_alpha", "t½α", "half-life of the fast phase", "h");
    pub(crate) const T_HALF_BETA: Row = Row::kind("t_half_beta", "t½β", "half-life of the slow phase", "h");
    pub(crate) const BASELINE: Row = Row::kind("baseline", "C0", "habitual level without supplements", "µg/L");
    pub(crate) const RESIDUAL_CV: Row =
        Row::kind("residual_cv", "residual CV", "scatter of one assay about the true level", "");

    /// The fraction absorbed beside apparent values.
    pub(crate) const APPARENT: Row = F.at(1.0).by(super::Basis::Convention, "F is inside CL/F and V/F");
}
