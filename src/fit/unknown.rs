//! A number that is not known: where to start, between which ends, and how it varies between people and occasions.

use std::ops::RangeInclusive;

use crate::error::{Error, Result};
use crate::sensitivity::{Jet, Space, add_scaled};

/// A number of a theory: fixed, or free with a value to start from.
///
/// A free number that starts above zero is sought on its logarithm, so it stays above zero; one with two ends by the logit between them; any
/// other as it is. [`varying`](Self::varying) says that people differ in it, [`varying_within`](Self::varying_within) that a person differs from
/// occasion to occasion.
///
/// ```
/// use menaquinone::fit::{fixed, free};
/// let ka = free(1.0);
/// assert!(ka.is_free() && !fixed(0.75).is_free());
/// assert_eq!(free(0.5).within(0.0..=1.0).ends(), (0.0, 1.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unknown {
    start: f64,
    ends: (f64, f64),
    free: bool,
    law: Deviation,
    /// How much people vary in it, and a person from occasion to occasion.
    spread: f64,
    within: f64,
    /// Whether it is a person's own value, whose deviation from the start is sought.
    own: bool,
    /// What a coordinate counts in where the number is sought as it is.
    unit: f64,
}

/// What deviates normally where people vary in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deviation {
    /// The logarithm: a person's value is the median times `e^eta`.
    LogNormal,
    /// The number itself: the mean plus `eta`.
    Normal,
    /// The logit between the two ends, which no person reaches.
    Logit,
}

/// A number that is to be found, from a value to start from.
pub fn free(start: f64) -> Unknown {
    let low = if start > 0.0 { 0.0 } else { f64::NEG_INFINITY };
    Unknown { ends: (low, f64::INFINITY), free: true, ..fixed(start) }
}

/// A number that is known.
pub fn fixed(value: f64) -> Unknown {
    let law = Deviation::LogNormal;
    Unknown { start: value, ends: (value, value), free: false, law, spread: 0.0, within: 0.0, own: false, unit: 1.0 }
}

impl From<f64> for Unknown {
    fn from(value: f64) -> Self {
        fixed(value)
    }
}

impl Unknown {
    /// This number between two ends, neither of which it reaches.
    #[must_use]
    pub fn within(self, ends: RangeInclusive<f64>) -> Self {
        Self { ends: (*ends.start(), *ends.end()), ..self }
    }

    /// This number, which varies between people log-normally with a coefficient of variation (0.3 is 30 %).
    #[must_use]
    pub fn varying(self, cv: f64) -> Self {
        Self { law: Deviation::LogNormal, spread: cv, ..self }
    }

    /// This number, which varies between people normally with a standard deviation in its own unit.
    #[must_use]
    pub fn varying_normally(self, sd: f64) -> Self {
        Self { law: Deviation::Normal, spread: sd, ..self }
    }

    /// This number, whose logit between its two ends varies between people normally with a standard deviation.
    ///
    /// ```
    /// use menaquinone::fit::{Deviation, free};
    /// let f = free(0.6).within(0.0..=1.0).varying_by_logit(0.5);
    /// assert_eq!((f.deviation(), f.cv()), (Deviation::Logit, 0.5));
    /// ```
    #[must_use]
    pub fn varying_by_logit(self, sd: f64) -> Self {
        Self { law: Deviation::Logit, spread: sd, ..self }
    }

    /// This number, which besides varies from occasion to occasion of a person: on the same scale as between people, and as a coefficient of
    /// variation where that is the logarithm, else as a standard deviation.
    ///
    /// The column of the occasions is `OCC`, or what [`Theory::with_occasions`](super::Theory::with_occasions) says.
    #[must_use]
    pub fn varying_within(self, spread: f64) -> Self {
        Self { within: spread, ..self }
    }

    /// Whether it is to be found.
    pub fn is_free(&self) -> bool {
        self.free
    }

    /// The value to start from, or the known one.
    pub fn start(&self) -> f64 {
        self.start
    }

    /// The ends between which it lies; infinite where there is none.
    pub fn ends(&self) -> (f64, f64) {
        self.ends
    }

    /// What deviates normally where people vary in it.
    pub fn deviation(&self) -> Deviation {
        self.law
    }

    /// How much people vary in it, as a coefficient of variation, or as a standard deviation where the deviation is normal or on the logit; 0
    /// where they do not.
    pub fn cv(&self) -> f64 {
        self.spread
    }

    /// How much a person varies in it from occasion to occasion, in the same way.
    pub fn cv_within(&self) -> f64 {
        self.within
    }

    /// The variance of the deviation between people, and of that from occasion to occasion: `ln(1 + cv^2)`, or the square of the standard
    /// deviation.
    pub fn variances(&self) -> [f64; 2] {
        let is_log = self.law == Deviation::LogNormal;
        [self.spread, self.within].map(|spread| if is_log { (spread * spread).ln_1p() } else { spread * spread })
    }

    /// This number with another value to start from, or known as that.
    #[must_use]
    pub fn at(self, start: f64) -> Self {
        let ends = if self.free || self.ends.0 < self.ends.1 { self.ends } else { (start, start) };
        Self { start, ends, ..self }
    }

    /// A number that may be below zero as well as above, unless ends were given; searches count it in a unit in which a step of one matters.
    pub(super) fn of_any_sign(self, unit: f64) -> Self {
        let plain = self.free && self.ends == (0.0, f64::INFINITY);
        let ends = if plain { (f64::NEG_INFINITY, f64::INFINITY) } else { self.ends };
        Self { ends, unit: if self.free { unit } else { 1.0 }, ..self }
    }

    /// How far a coordinate goes until the number has changed by a factor of e or so.
    pub(super) fn stride(&self) -> f64 {
        let scale = if self.start == 0.0 { self.spread } else { self.start.abs() };
        if self.is_as_it_is() && self.unit == 1.0 && scale > 0.0 { scale } else { 1.0 }
    }

    /// Whether it is sought as it is, by neither logarithm nor logit.
    pub(super) fn is_as_it_is(&self) -> bool {
        matches!(self.scale(), Scale::Plain(_))
    }

    /// A person's own value of this number, about its start.
    pub(super) fn of_person(self) -> Self {
        let ends = match self.law {
            Deviation::LogNormal => (0.0, f64::INFINITY),
            Deviation::Normal => (f64::NEG_INFINITY, f64::INFINITY),
            Deviation::Logit => self.ends,
        };
        Self { ends, free: self.spread > 0.0, own: true, ..self }
    }

    /// Whether it has ends of a caller's own, which the scale of its deviation does not know.
    pub(super) fn has_other_ends(&self) -> bool {
        let (low, high) = self.ends;
        self.free && self.law != Deviation::Logit && (high.is_finite() || low.is_finite() && low != 0.0)
    }

    /// Whether it is sought on the scale on which it deviates.
    pub(super) fn deviates_as_it_is_sought(&self) -> bool {
        match self.law {
            Deviation::LogNormal => self.ends == (0.0, f64::INFINITY),
            Deviation::Normal => self.is_as_it_is() && self.unit == 1.0,
            Deviation::Logit => true,
        }
    }

    /// Whether it varies log-normally about what is no median.
    pub(super) fn is_without_median(&self) -> bool {
        let varies = self.spread > 0.0 || self.within > 0.0;
        varies && self.law == Deviation::LogNormal && self.start <= 0.0
    }

    /// This number, which varies from occasion to occasion with a variance.
    pub(super) fn with_variance_within(self, variance: f64) -> Self {
        let within = if self.law == Deviation::LogNormal { variance.exp_m1().sqrt() } else { variance.sqrt() };
        Self { within, ..self }
    }

    /// Whether it is a person's own value.
    pub(super) fn is_own(&self) -> bool {
        self.own
    }

    /// A typical value that deviates by so much on the scale of the deviation.
    pub(super) fn deviated(&self, space: Space, typical: &Jet, by: &Jet) -> Jet {
        let scale = match self.law {
            Deviation::LogNormal => Scale::Log(0.0),
            Deviation::Normal => Scale::Plain(1.0),
            Deviation::Logit => Scale::Logit(self.ends.0, self.ends.1),
        };
        if let Scale::Log(_) = scale {
            let e = by[0].exp();
            return space.product(typical, &space.of([e, e, e], by));
        }
        let mut x = space.of(scale.coordinate(typical[0]), typical);
        add_scaled(&mut x, 1.0, by);
        space.of(scale.value(x[0]), &x)
    }

    /// Refuses a start that is no number or outside the ends; `name` is for the sentence.
    pub(super) fn check(&self, name: &str) -> Result<()> {
        let (low, high) = self.ends;
        if !self.start.is_finite() {
            return Err(Error::value(format!("{name} starts from {}, but it must be a finite number", self.start)));
        }
        if self.free && !(low < self.start && self.start < high) {
            return Err(Error::value(format!(
                "{name} starts from {}, which is not between its ends {low} and {high}: give a start within them",
                self.start
            )));
        }
        let most = if self.law == Deviation::LogNormal { 10.0 } else { f64::MAX };
        if let Some(bad) = [self.spread, self.within].into_iter().find(|spread| !(0.0..=most).contains(spread)) {
            return Err(Error::value(if self.law == Deviation::LogNormal {
                format!("{name} varies by a CV of {bad}, but it must lie within 0 and 10 (0.3 is 30 %)")
            } else {
                format!("{name} varies by a standard deviation of {bad}, but it must be a finite number, zero or above")
            }));
        }
        let is_between = low < self.start && self.start < high && low.is_finite() && high.is_finite();
        if self.law == Deviation::Logit && !is_between {
            return Err(Error::value(format!(
                "{name} varies on its logit, which needs two ends about {}: write `.within(0.0..=1.0)`",
                self.start
            )));
        }
        Ok(())
    }

    /// The scale on which it is sought.
    fn scale(&self) -> Scale {
        match self.ends {
            (low, high) if low.is_finite() && high.is_finite() => Scale::Logit(low, high),
            (low, _) if low.is_finite() => Scale::Log(low),
            _ => Scale::Plain(self.unit),
        }
    }

    /// The coordinate of a value.
    pub(super) fn coordinate(&self, value: f64) -> f64 {
        self.scale().coordinate(value)[0]
    }

    /// The value at a coordinate, with its first and second derivative.
    pub(super) fn value(&self, x: f64) -> [f64; 3] {
        self.scale().value(x)
    }
}

/// How a coordinate of a search becomes a value.
#[derive(Debug, Clone, Copy)]
enum Scale {
    /// In a unit.
    Plain(f64),
    /// The logarithm of the distance from an end.
    Log(f64),
    Logit(f64, f64),
}

impl Scale {
    /// The coordinate of a value, with its first and second derivative.
    fn coordinate(self, value: f64) -> [f64; 3] {
        match self {
            Self::Plain(unit) => [value / unit, 1.0 / unit, 0.0],
            Self::Log(low) => {
                let above = value - low;
                [above.ln(), 1.0 / above, -1.0 / (above * above)]
            }
            Self::Logit(low, high) => {
                let (above, below) = (value - low, high - value);
                let bend = 1.0 / (below * below) - 1.0 / (above * above);
                [(above / below).ln(), 1.0 / above + 1.0 / below, bend]
            }
        }
    }

    /// The value at a coordinate, with its first and second derivative.
    fn value(self, x: f64) -> [f64; 3] {
        match self {
            Self::Plain(unit) => [unit * x, unit, 0.0],
            Self::Log(low) => {
                let e = x.exp();
                [low + e, e, e]
            }
            Self::Logit(low, high) => {
                let (above, below) = (1.0 / (1.0 + (-x).exp()), 1.0 / (1.0 + x.exp()));
                let slope = (high - low) * above * below;
                [low + (high - low) * above, slope, slope * (below - above)]
            }
        }
    }
}
