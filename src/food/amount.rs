//! How much of a form a serving, a plate or a day holds, and how well that is known.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul};

use serde::Serialize;

/// An amount (µg) that is known within a range, or without one.
///
/// Amounts add up, and so do their ends: the range of a sum is that of everything being low or high at once.
///
/// ```
/// use menaquinone::{food::{self, Amount, Form}, units::*};
/// let natto = food::find("natto")?.serving(50.0 * GRAM)?.amount(Form::MK7)?;
/// assert_eq!(natto.to_string(), "470 µg (388-875)");
/// let yolk = food::find("egg yolk")?.serving(17.0 * GRAM)?.amount(Form::MK4)?;
/// assert_eq!(yolk.to_string(), "5.27 µg (range not known)");
/// assert_eq!((natto + Amount::exactly(90.0 * UG)).to_string(), "560 µg (478-965)");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct Amount {
    /// The typical amount, µg.
    pub typical: f64,
    /// The lowest, µg; none where no part has a range.
    pub low: Option<f64>,
    /// The highest, µg; none where no part has a range.
    pub high: Option<f64>,
    /// How much of the typical amount comes from food whose range nobody printed, µg. In [`low`](Self::low) and
    /// [`high`](Self::high) it counts as it stands, so the true range is wider.
    pub unranged: f64,
}

/// Which end of what is known.
///
/// ```
/// use menaquinone::{food::{self, Estimate, Form}, units::*};
/// let natto = food::find("natto")?.serving(100.0 * GRAM)?.amount(Form::MK7)?;
/// let ends = [Estimate::Low, Estimate::Typical, Estimate::High].map(|estimate| natto.at(estimate));
/// assert_eq!(ends, [775.0, 939.0, 1750.0]);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
pub enum Estimate {
    /// Every content at the low end of its range.
    Low,
    /// Every content as it is typical.
    #[default]
    Typical,
    /// Every content at the high end of its range.
    High,
}

impl Amount {
    /// An amount that is known: what a label states, or what was weighed.
    pub const fn exactly(amount: f64) -> Self {
        Self { typical: amount, low: Some(amount), high: Some(amount), unranged: 0.0 }
    }

    /// An amount whose range is known only where both ends are.
    pub(super) fn new(typical: f64, range: Option<(f64, f64)>) -> Self {
        let unranged = if range.is_some() { 0.0 } else { typical };
        Self { typical, low: range.map(|(low, _)| low), high: range.map(|(_, high)| high), unranged }
    }

    /// This end of it, µg; where no range is known, the typical amount.
    pub fn at(&self, estimate: Estimate) -> f64 {
        match estimate {
            Estimate::Low => self.low.unwrap_or(self.typical),
            Estimate::Typical => self.typical,
            Estimate::High => self.high.unwrap_or(self.typical),
        }
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let ends = |estimate| self.at(estimate) + other.at(estimate);
        let ranged = self.low.is_some() || other.low.is_some();
        Self {
            typical: self.typical + other.typical,
            low: ranged.then(|| ends(Estimate::Low)),
            high: ranged.then(|| ends(Estimate::High)),
            unranged: self.unranged + other.unranged,
        }
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.reduce(Add::add).unwrap_or_default()
    }
}

impl Mul<f64> for Amount {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        let times = |end: f64| end * factor;
        let (low, high) = (self.low.map(times), self.high.map(times));
        Self { typical: self.typical * factor, low, high, unranged: self.unranged * factor }
    }
}

/// `470 µg (388-875)`, to three digits; the parentheses also say what has no range.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} µg", rounded(self.typical))?;
        match self.low.zip(self.high) {
            _ if self.typical == 0.0 && self.high.unwrap_or(0.0) == 0.0 => Ok(()),
            None => write!(f, " (range not known)"),
            Some((low, high)) if low == high && self.unranged == 0.0 => Ok(()),
            Some((low, high)) => {
                write!(f, " ({}-{}", rounded(low), rounded(high))?;
                if self.unranged > 0.0 {
                    write!(f, "; no range for {} µg", rounded(self.unranged))?;
                }
                write!(f, ")")
            }
        }
    }
}

/// Three digits, and whole numbers whole.
pub(crate) fn rounded(value: f64) -> String {
    let text = match value {
        v if v >= 100.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
