//! Distributions of one number, checked, and their quantiles.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::law::{LogNormal, LogUniform, Normal, Triangular, Uniform};
use crate::error::{self, Error, Result};
use crate::numeric::{exp, normal_quantile};

/// A distribution that has been checked, so that drawing from it cannot fail.
///
/// It is held as its quantile function, and a draw is the quantile of one uniform number. So each value uses up one random
/// number, whatever the distribution.
///
/// ```
/// use menaquinone::random::LogNormal;
/// let cl = LogNormal::of_cv(1.27, 0.35)?.distribution()?;
/// assert_eq!(cl.quantile(0.5)?, 1.27);
/// assert!((cl.quantile(0.95)? / 1.27 - 1.749).abs() < 1e-3);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Distribution(pub(super) Law);

/// A law with numbers that have been checked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) enum Law {
    Point(f64),
    LogNormal(LogNormal),
    Normal(Normal),
    Uniform(Uniform),
    LogUniform(LogUniform),
    Triangular(Triangular),
    #[serde(serialize_with = "listed")]
    Empirical(Arc<[f64]>),
}

impl Distribution {
    /// Always this value.
    ///
    /// ```
    /// use menaquinone::random::Distribution;
    /// assert_eq!(Distribution::point(0.17)?.quantile(0.9)?, 0.17);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A value that is not finite.
    pub fn point(value: f64) -> Result<Self> {
        Ok(Self(Law::Point(error::finite("the value of a point", value, "")?)))
    }

    /// The distribution of a law whose numbers a test has checked.
    pub(crate) fn trusted(law: Law) -> Self {
        Self(law)
    }

    /// The number below which a value lies with probability `p`.
    ///
    /// # Errors
    /// `p` outside [0, 1].
    pub fn quantile(&self, p: f64) -> Result<f64> {
        if !(0.0..=1.0).contains(&p) {
            return Err(Error::value(format!("a quantile was asked for at {p}, but it must lie between 0 and 1")));
        }
        Ok(match &self.0 {
            // The ends, where inversion has no number.
            Law::LogNormal(law) if law.omega > 0.0 && p == 0.0 => 0.0,
            Law::LogNormal(law) if law.omega > 0.0 && p == 1.0 => f64::INFINITY,
            Law::Normal(law) if law.sd > 0.0 && p == 0.0 => f64::NEG_INFINITY,
            Law::Normal(law) if law.sd > 0.0 && p == 1.0 => f64::INFINITY,
            _ => self.at(p.clamp(f64::MIN_POSITIVE, 1.0)),
        })
    }

    /// The quantile for `p` within (0, 1).
    #[inline]
    pub(crate) fn at(&self, p: f64) -> f64 {
        match &self.0 {
            Law::Point(value) => *value,
            Law::LogNormal(law) => law.median * exp(law.omega * normal_quantile(p)),
            Law::Normal(law) => law.mean + law.sd * normal_quantile(p),
            Law::Uniform(law) => law.low + (law.high - law.low) * p,
            Law::LogUniform(law) => (law.low * exp(p * (law.high / law.low).ln())).clamp(law.low, law.high),
            Law::Triangular(law) => law.at(p),
            Law::Empirical(values) => values[rank(p, values.len())],
        }
    }
}

impl Triangular {
    fn at(self, p: f64) -> f64 {
        let Self { low, mode, high } = self;
        let (width, rise, fall) = (high - low, mode - low, high - mode);
        if p * width < rise {
            low + (p * width).sqrt() * rise.sqrt()
        } else {
            high - ((1.0 - p) * width).sqrt() * fall.sqrt()
        }
    }
}

/// Which of `n` values in order, from 0.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index of an array in memory"
)]
fn rank(p: f64, n: usize) -> usize {
    ((p * n as f64) as usize).min(n - 1)
}

fn listed<S: Serializer>(values: &Arc<[f64]>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    values.serialize(serializer)
}
