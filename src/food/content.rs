//! One fact about a food: how much of one form 100 g hold, and who says so.

use serde::Serialize;

use super::Form;
use crate::error::{self, Error, Result};
use crate::random::{Distribution, Law, LogNormal, LogUniform, Uniform};
use crate::vitamer::Basis;

/// The 97.5th percentile of the standard normal distribution.
const Z_975: f64 = 1.959_963_984_540_054;

/// How much of one form 100 g of a food hold, in µg.
///
/// Rows are written as `FORM.at(value).range(low, high).by(source).note(words)`. Range and note may be left out.
///
/// ```
/// use menaquinone::{food::{self, Form}, vitamer::Basis};
/// let content = food::find("natto")?.content(Form::MK7)?;
/// assert_eq!((content.value, content.low, content.high), (Some(939.0), Some(775.0), Some(1750.0)));
/// assert_eq!((content.basis(), content.source.region), (Basis::Printed, "Japan"));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Content {
    /// Which form of the vitamin.
    pub form: Form,
    /// The mean, or the one number that is printed, µg in 100 g; none where only a range is.
    pub value: Option<f64>,
    /// The lowest content of the range, µg in 100 g, where a range is known.
    pub low: Option<f64>,
    /// The highest content of the range, µg in 100 g, where a range is known.
    pub high: Option<f64>,
    /// What stands after a printed ±.
    pub spread: Option<Spread>,
    /// Who says so, and of food from where.
    pub source: Source,
    /// What else one has to know.
    pub note: &'static str,
}

/// What stands after a ±, µg in 100 g.
///
/// ```
/// use menaquinone::food::{self, Form, Spread};
/// let content = food::find("soft cheese (US)")?.content(Form::TOTAL_K1_MK4_13)?;
/// assert_eq!(content.spread, Some(Spread::Sem(63.0)));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Spread {
    /// A standard error of the mean: how well the mean is known, not how much samples differ.
    Sem(f64),
    /// A number whose meaning was not stated where it was seen.
    Unstated(f64),
}

/// Where a number comes from, and where the food did.
///
/// ```
/// use menaquinone::{food::Source, vitamer::Basis};
/// let label = Source::new(Basis::Printed, "Japan", "label of the pack");
/// assert_eq!(label.region, "Japan");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Source {
    /// What the number rests on.
    pub basis: Basis,
    /// Where the food came from; dairy of the United States holds 4 to 6 times as much as that of Europe.
    pub region: &'static str,
    /// The reference, and by way of whom it was seen.
    pub text: &'static str,
}

impl Source {
    /// A source: what the numbers rest on, the region of the food, and the reference.
    pub const fn new(basis: Basis, region: &'static str, text: &'static str) -> Self {
        Self { basis, region, text }
    }
}

impl Content {
    /// A row that has no source yet.
    pub(super) const fn new(form: Form, value: Option<f64>) -> Self {
        let source = Source::new(Basis::Assumed, "", "");
        Self { form, value, low: None, high: None, spread: None, source, note: "" }
    }

    /// This content with a range, µg in 100 g.
    #[must_use]
    pub const fn range(self, low: f64, high: f64) -> Self {
        Self { low: Some(low), high: Some(high), ..self }
    }

    /// This content with what stands after the ±.
    #[must_use]
    pub const fn spread(self, spread: Spread) -> Self {
        Self { spread: Some(spread), ..self }
    }

    /// This content with its source.
    #[must_use]
    pub const fn by(self, source: Source) -> Self {
        Self { source, ..self }
    }

    /// This content with a note.
    #[must_use]
    pub const fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// The value, µg in 100 g; where only a range is printed, its geometric mean.
    pub fn typical(&self) -> f64 {
        let middle = || self.low.zip(self.high).map_or(0.0, |(low, high)| low.sqrt() * high.sqrt());
        self.value.unwrap_or_else(middle)
    }

    /// What [`typical`](Self::typical) rests on: a geometric mean is derived, whoever printed the range.
    ///
    /// ```
    /// use menaquinone::{food::{self, Form}, vitamer::Basis};
    /// let content = food::find("cheese (Switzerland)")?.content(Form::TOTAL_MK4_10)?;
    /// assert_eq!((content.basis(), content.source.basis), (Basis::Derived, Basis::Printed));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn basis(&self) -> Basis {
        if self.value.is_some() { self.source.basis } else { Basis::Derived }
    }

    /// The range as tables print it, `775-1750`; `-` where it is unknown.
    pub fn range_text(&self) -> String {
        self.low.zip(self.high).map_or_else(|| "-".into(), |(low, high)| format!("{low}-{high}"))
    }

    /// How the content of one pack may differ from that of another, µg in 100 g.
    ///
    /// The shape is a choice, since no source prints one:
    ///
    /// | known | taken as |
    /// |---|---|
    /// | a value and a range | log-normal about the value, with 95 % of packs within a span as wide (in logarithms) as the range |
    /// | a range alone | log-uniform between its ends |
    /// | a range that starts at 0 | uniform between its ends |
    /// | no range | a point: what is not known is not invented |
    ///
    /// ```
    /// use menaquinone::{food::{self, Form}, random::LogNormal};
    /// let natto = food::find("natto")?.content(Form::MK7)?.distribution();
    /// let omega = (1750.0_f64 / 775.0).ln() / (2.0 * 1.959963984540054);
    /// assert_eq!(natto, LogNormal { median: 939.0, omega }.distribution()?);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn distribution(&self) -> Distribution {
        let range = self.low.zip(self.high).filter(|(low, high)| low < high);
        Distribution::trusted(match (range, self.value) {
            (None, _) => Law::Point(self.typical()),
            (Some((low, high)), _) if low <= 0.0 => Law::Uniform(Uniform { low, high }),
            (Some((low, high)), None) => Law::LogUniform(LogUniform { low, high }),
            (Some((low, high)), Some(median)) => {
                Law::LogNormal(LogNormal { median, omega: (high / low).ln() / (2.0 * Z_975) })
            }
        })
    }

    /// Refuses numbers that cannot be.
    pub(super) fn check(&self, food: &str) -> Result<()> {
        let name = |which: &str| format!("the {which}content of {} in `{food}`", self.form);
        for (which, value) in [("", self.value), ("lowest ", self.low), ("highest ", self.high)] {
            value.map_or(Ok(0.0), |value| error::non_negative(name(which), value, "µg in 100 g"))?;
        }
        let (low, high) = (self.low.unwrap_or(0.0), self.high.unwrap_or(f64::INFINITY));
        if self.low.is_some() != self.high.is_some() || !(low..=high).contains(&self.typical()) {
            let (typical, range) = (self.typical(), self.range_text());
            return Err(Error::value(format!(
                "{} is {typical} with the range {range}, but a range has two ends and holds the value",
                name("")
            )));
        }
        if self.value.is_none() && self.low.is_none() {
            return Err(Error::value(format!("{} has neither a value nor a range: give one of them", name(""))));
        }
        Ok(())
    }
}
