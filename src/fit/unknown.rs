//! A number that is not known: where to start, between which ends, and how it varies between people.

use std::ops::RangeInclusive;

use crate::error::{Error, Result};

/// A number of a theory: fixed, or free with a value to start from.
///
/// A free number that starts above zero is sought on its logarithm, so it stays above zero; one with two ends by the logit between them; any
/// other as it is. [`varying`](Self::varying) says that people differ in it.
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
    cv: f64,
}

/// A number that is to be found, from a value to start from.
pub fn free(start: f64) -> Unknown {
    let low = if start > 0.0 { 0.0 } else { f64::NEG_INFINITY };
    Unknown { start, ends: (low, f64::INFINITY), free: true, cv: 0.0 }
}

/// A number that is known.
pub fn fixed(value: f64) -> Unknown {
    Unknown { start: value, ends: (value, value), free: false, cv: 0.0 }
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
        Self { cv, ..self }
    }

    /// This number from another value to start from.
    pub(super) fn from(self, start: f64) -> Self {
        Self { start, ..self }
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

    /// How much people vary in it, as a coefficient of variation; 0 where they do not.
    pub fn cv(&self) -> f64 {
        self.cv
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
        if !(self.cv.is_finite() && (0.0..=10.0).contains(&self.cv)) {
            return Err(Error::value(format!(
                "{name} varies by a CV of {}, but it must lie within 0 and 10 (0.3 is 30 %)",
                self.cv
            )));
        }
        Ok(())
    }

    /// The scale on which it is sought.
    fn scale(&self) -> Scale {
        match self.ends {
            (low, high) if low.is_finite() && high.is_finite() => Scale::Logit(low, high),
            (low, _) if low.is_finite() => Scale::Log(low),
            _ => Scale::Plain,
        }
    }

    /// The coordinate of a value.
    pub(super) fn coordinate(&self, value: f64) -> f64 {
        match self.scale() {
            Scale::Plain => value,
            Scale::Log(low) => (value - low).ln(),
            Scale::Logit(low, high) => ((value - low) / (high - value)).ln(),
        }
    }

    /// The value at a coordinate, with its first and second derivative.
    pub(super) fn value(&self, x: f64) -> [f64; 3] {
        match self.scale() {
            Scale::Plain => [x, 1.0, 0.0],
            Scale::Log(low) => {
                let e = x.exp();
                [low + e, e, e]
            }
            Scale::Logit(low, high) => {
                let (above, below) = (1.0 / (1.0 + (-x).exp()), 1.0 / (1.0 + x.exp()));
                let slope = (high - low) * above * below;
                [low + (high - low) * above, slope, slope * (below - above)]
            }
        }
    }
}

/// How a coordinate of a search becomes a value.
#[derive(Debug, Clone, Copy)]
enum Scale {
    Plain,
    /// The logarithm of the distance from an end.
    Log(f64),
    Logit(f64, f64),
}
