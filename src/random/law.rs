//! The laws of one number as plain data; each becomes a checked [`Distribution`](super::Distribution).

use serde::{Deserialize, Serialize};

use crate::error::{self, Error, Result};
use crate::numeric::ln_1p;

/// The largest coefficient of variation: beyond it, somebody wrote per cent.
const MOST_CV: f64 = 10.0;

/// The standard deviation of the logarithm, `omega = sqrt(ln(1 + cv^2))`, from the coefficient of variation as a fraction.
pub(crate) fn omega_of(name: &str, cv: f64) -> Result<f64> {
    error::non_negative(name, cv, "")?;
    if cv > MOST_CV {
        let fraction = cv / 100.0;
        return Err(Error::value(format!(
            "{name} is {cv}, but it must be a fraction of at most {MOST_CV}: for {cv} % write {fraction}"
        )));
    }
    Ok(ln_1p(cv * cv).sqrt())
}

/// Positive numbers whose logarithm is normal: `median e^(omega z)`.
///
/// The mean is `median e^(omega^2/2)`. Exponential variability between people, as pharmacometric models have it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogNormal {
    /// The value of the typical person; half the people lie above it.
    pub median: f64,
    /// The standard deviation of the natural logarithm.
    pub omega: f64,
}

impl LogNormal {
    /// From the coefficient of variation, the standard deviation as a fraction of the mean (0.35 is 35 %):
    /// `omega = sqrt(ln(1 + cv^2))`.
    ///
    /// ```
    /// use menaquinone::random::LogNormal;
    /// assert!((LogNormal::of_cv(1.27, 0.35)?.omega - 0.340).abs() < 1e-3);
    /// let error = LogNormal::of_cv(1.27, -0.1).unwrap_err();
    /// assert_eq!(error.to_string(), "the CV of a log-normal is -0.1, but it must be a finite number, zero or above");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A median that is not positive and finite; a CV that is negative, not finite, or above 10.
    pub fn of_cv(median: f64, cv: f64) -> Result<Self> {
        let median = error::positive(MEDIAN, median, "")?;
        Ok(Self { median, omega: omega_of("the CV of a log-normal", cv)? })
    }

    /// The value `z` standard deviations of the logarithm from the median: `median e^(z omega)`.
    ///
    /// ```
    /// use menaquinone::marker::ED50_DP_UCMGP;
    /// let (low, high) = (ED50_DP_UCMGP.at(-1.0), ED50_DP_UCMGP.at(1.0));
    /// assert!((low - 218.0).abs() < 1.0 && (high - 604.5).abs() < 1.0); // µg a day
    /// ```
    pub fn at(&self, z: f64) -> f64 {
        self.median * (z * self.omega).exp()
    }
}

pub(super) const MEDIAN: &str = "the median of a log-normal";

/// The normal distribution. It has negative values, which a clearance cannot have: a model made of one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Normal {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub sd: f64,
}

/// Every number between two ends alike.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uniform {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Numbers between two positive ends whose logarithm is uniform: each doubling is as likely as any other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogUniform {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A range with a most likely value: the density rises in a line from `low` to `mode`, and falls in a line to `high`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triangular {
    /// The lower end.
    pub low: f64,
    /// The most likely value.
    pub mode: f64,
    /// The upper end.
    pub high: f64,
}

/// Values that were observed, each as likely as any other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Empirical(
    /// The values, in any order.
    pub Vec<f64>,
);
