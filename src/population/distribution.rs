//! Distributions of one number. Each is plain data, and becomes a checked [`Distribution`].

use std::sync::Arc;

use crate::error::{self, Error, Result};
use crate::numeric::{exp, ln_1p, normal_quantile};

/// A distribution that has been checked, so that drawing from it cannot fail.
///
/// It is held as its quantile function, and a draw is the quantile of one uniform number. So each value uses up one random
/// number, whatever the distribution.
///
/// ```
/// use menaquinone::LogNormal;
/// let cl = LogNormal { median: 1.27, cv: 0.35 }.distribution()?;
/// assert_eq!(cl.quantile(0.5)?, 1.27);
/// assert!((cl.quantile(0.95)? / 1.27 - 1.749).abs() < 1e-3);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution(Law);

#[derive(Debug, Clone, PartialEq)]
enum Law {
    LogNormal { median: f64, omega: f64 },
    Normal(Normal),
    Uniform(Uniform),
    Triangular(Triangular),
    Empirical(Arc<[f64]>),
}

/// The largest coefficient of variation: beyond it, somebody wrote per cent.
const MOST_CV: f64 = 10.0;

/// The standard deviation of the logarithm, `omega = sqrt(ln(1 + cv^2))`, from the coefficient of variation as a fraction.
pub(super) fn omega_of(name: &str, cv: f64) -> Result<f64> {
    error::non_negative(name, cv, "")?;
    if cv > MOST_CV {
        let fraction = cv / 100.0;
        return Err(Error::value(format!(
            "{name} is {cv}, but it must be a fraction of at most {MOST_CV}: for {cv} % write {fraction}"
        )));
    }
    Ok(ln_1p(cv * cv).sqrt())
}

/// Positive numbers whose logarithm is normal: `median e^(omega z)` with `omega = sqrt(ln(1 + cv^2))`.
///
/// The mean is `median sqrt(1 + cv^2)`. Exponential variability between people, as pharmacometric models have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogNormal {
    /// The value of the typical person; half the people lie above it.
    pub median: f64,
    /// The standard deviation as a fraction of the mean: 0.35 is 35 %.
    pub cv: f64,
}

impl LogNormal {
    /// The checked distribution.
    ///
    /// ```
    /// use menaquinone::LogNormal;
    /// let error = LogNormal { median: 1.27, cv: -0.1 }.distribution().unwrap_err();
    /// assert_eq!(error.to_string(), "the CV of a log-normal is -0.1, but it must be a finite number, zero or above");
    /// ```
    ///
    /// # Errors
    /// A median that is not positive and finite; a CV that is negative, not finite, or above 10.
    pub fn distribution(self) -> Result<Distribution> {
        let median = error::positive("the median of a log-normal", self.median, "")?;
        let omega = omega_of("the CV of a log-normal", self.cv)?;
        Ok(Distribution(Law::LogNormal { median, omega }))
    }
}

/// The normal distribution. It has negative values, which a clearance cannot have: a model made of one is refused.
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// use menaquinone::Normal;
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
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// use menaquinone::Uniform;
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

/// A range with a most likely value: the density rises in a line from `low` to `mode`, and falls in a line to `high`.
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// use menaquinone::Triangular;
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
#[derive(Debug, Clone, PartialEq)]
pub struct Empirical(
    /// The values, in any order.
    pub Vec<f64>,
);

impl Empirical {
    /// The checked distribution.
    ///
    /// ```
    /// use menaquinone::Empirical;
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

impl Distribution {
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
            Law::LogNormal { omega, .. } if *omega > 0.0 && p == 0.0 => 0.0,
            Law::LogNormal { omega, .. } if *omega > 0.0 && p == 1.0 => f64::INFINITY,
            Law::Normal(law) if law.sd > 0.0 && p == 0.0 => f64::NEG_INFINITY,
            Law::Normal(law) if law.sd > 0.0 && p == 1.0 => f64::INFINITY,
            _ => self.at(p.clamp(f64::MIN_POSITIVE, 1.0)),
        })
    }

    /// The quantile for `p` within (0, 1).
    #[inline]
    pub(crate) fn at(&self, p: f64) -> f64 {
        match &self.0 {
            Law::LogNormal { median, omega } => median * exp(omega * normal_quantile(p)),
            Law::Normal(law) => law.mean + law.sd * normal_quantile(p),
            Law::Uniform(law) => law.low + (law.high - law.low) * p,
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
