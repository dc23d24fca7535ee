//! The laws of one number as plain data, each of which becomes a checked [`Distribution`].

use serde::{Deserialize, Serialize};

use super::distribution::{Distribution, Law};
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

    /// The checked distribution.
    ///
    /// # Errors
    /// A median that is not positive and finite; an omega that is negative or not finite.
    pub fn distribution(self) -> Result<Distribution> {
        error::positive(MEDIAN, self.median, "")?;
        error::non_negative("the omega of a log-normal", self.omega, "")?;
        Ok(Distribution(Law::LogNormal(self)))
    }
}

const MEDIAN: &str = "the median of a log-normal";

/// The normal distribution. It has negative values, which a clearance cannot have: a model made of one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Normal {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub sd: f64,
}

impl Normal {
    /// The checked distribution.
    ///
    /// ```
    /// use menaquinone::random::Normal;
    /// let height = Normal { mean: 163.0, sd: 7.0 }.distribution()?;
    /// assert!((height.quantile(0.975)? - 176.72).abs() < 0.01);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A mean that is not finite, a standard deviation that is negative or not finite.
    pub fn distribution(self) -> Result<Distribution> {
        error::finite("the mean of a normal", self.mean, "")?;
        error::non_negative("the standard deviation of a normal", self.sd, "")?;
        Ok(Distribution(Law::Normal(self)))
    }
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

impl Uniform {
    /// The checked distribution.
    ///
    /// ```
    /// use menaquinone::random::Uniform;
    /// let error = Uniform { low: 96.0, high: 72.0 }.distribution().unwrap_err();
    /// assert_eq!(error.to_string(), "a uniform from 96 to 72 ends before it begins: exchange low and high");
    /// ```
    ///
    /// # Errors
    /// Ends that are not finite or the wrong way round.
    pub fn distribution(self) -> Result<Distribution> {
        let Self { low, high } = self;
        check_ends("uniform", low, high)?;
        Ok(Distribution(Law::Uniform(self)))
    }
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

impl LogUniform {
    /// The checked distribution.
    ///
    /// ```
    /// use menaquinone::random::LogUniform;
    /// let content = LogUniform { low: 1.0, high: 100.0 }.distribution()?;
    /// assert!((content.quantile(0.5)? - 10.0).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Ends that are not positive and finite or the wrong way round.
    pub fn distribution(self) -> Result<Distribution> {
        error::positive("the lower end of a log-uniform", self.low, "")?;
        check_ends("log-uniform", self.low, self.high)?;
        Ok(Distribution(Law::LogUniform(self)))
    }
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

impl Triangular {
    /// The checked distribution.
    ///
    /// ```
    /// use menaquinone::random::Triangular;
    /// let t_half = Triangular { low: 72.0, mode: 84.0, high: 96.0 }.distribution()?;
    /// assert_eq!(t_half.quantile(0.5)?, 84.0);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Ends that are not finite or the wrong way round, a mode outside them.
    pub fn distribution(self) -> Result<Distribution> {
        let Self { low, mode, high } = self;
        check_ends("triangular", low, high)?;
        if !(low..=high).contains(&mode) {
            return Err(Error::value(format!(
                "the mode of a triangular is {mode}, but it must lie between its ends {low} and {high}"
            )));
        }
        Ok(Distribution(Law::Triangular(self)))
    }
}

fn check_ends(name: &str, low: f64, high: f64) -> Result<()> {
    error::finite(format_args!("the lower end of a {name}"), low, "")?;
    error::finite(format_args!("the upper end of a {name}"), high, "")?;
    if low > high {
        return Err(Error::value(format!(
            "a {name} from {low} to {high} ends before it begins: exchange low and high"
        )));
    }
    if high - low == f64::INFINITY {
        return Err(Error::value(format!(
            "a {name} from {low} to {high} is wider than a number: bring its ends closer"
        )));
    }
    Ok(())
}

/// Values that were observed, each as likely as any other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Empirical(
    /// The values, in any order.
    pub Vec<f64>,
);

impl Empirical {
    /// The checked distribution.
    ///
    /// ```
    /// use menaquinone::random::Empirical;
    /// let weights = Empirical(vec![58.0, 71.5, 66.0]).distribution()?;
    /// assert_eq!(weights.quantile(0.5)?, 66.0);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// No values, or one that is not finite.
    pub fn distribution(self) -> Result<Distribution> {
        let mut values = self.0;
        if values.is_empty() {
            return Err(Error::value("an empirical distribution has no values: give at least one"));
        }
        for (i, value) in values.iter().enumerate() {
            error::finite(format_args!("value {} of an empirical distribution", i + 1), *value, "")?;
        }
        values.sort_by(f64::total_cmp);
        Ok(Distribution(Law::Empirical(values.into())))
    }
}
