//! From plain numbers to a checked [`Distribution`].

use super::distribution::{Distribution, Law};
use super::law::{Empirical, LogNormal, LogUniform, MEDIAN, Normal, Triangular, Uniform};
use crate::error::{self, Error, Result};
use crate::numeric::sort_ascending;

impl LogNormal {
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
        sort_ascending(&mut values);
        Ok(Distribution(Law::Empirical(values.into())))
    }
}

impl Distribution {
    /// The distribution of `factor` times as much.
    ///
    /// ```
    /// use menaquinone::random::Uniform;
    /// let half = Uniform { low: 2.0, high: 6.0 }.distribution()?.scaled(0.5)?;
    /// assert_eq!(half, Uniform { low: 1.0, high: 3.0 }.distribution()?);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A factor that is not positive and finite, or that takes the values out of the range of numbers.
    pub fn scaled(&self, factor: f64) -> Result<Self> {
        let by = error::positive("the factor of a distribution", factor, "")?;
        match &self.0 {
            Law::Point(value) => Self::point(value * by),
            Law::LogNormal(law) => LogNormal { median: law.median * by, ..*law }.distribution(),
            Law::Normal(Normal { mean, sd }) => Normal { mean: mean * by, sd: sd * by }.distribution(),
            Law::Uniform(Uniform { low, high }) => Uniform { low: low * by, high: high * by }.distribution(),
            Law::LogUniform(LogUniform { low, high }) => LogUniform { low: low * by, high: high * by }.distribution(),
            Law::Triangular(Triangular { low, mode, high }) => {
                Triangular { low: low * by, mode: mode * by, high: high * by }.distribution()
            }
            Law::Empirical(values) => Empirical(values.iter().map(|value| value * by).collect()).distribution(),
        }
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
