//! What an assay makes of a true concentration.

use serde::{Deserialize, Serialize};

use crate::error::{self, Error, Result};
use crate::numeric::{LN_SQRT_TAU, exp, ln_ndtr, ln_ndtr_slope};
use crate::random::{Draw, omega_of};

/// How far a measured concentration lies from the true one. Plain data, checked by [`assay`](Self::assay).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ResidualError<T = f64> {
    /// `c (1 + cv z)`: a constant share of the level. A level may come out negative where `cv` is large; then
    /// [`LogNormal`](Self::LogNormal) is the better description.
    Proportional {
        /// The coefficient of variation as a fraction.
        cv: T,
    },
    /// `c + sd z`: the same everywhere.
    Additive {
        /// The standard deviation, µg/L.
        sd: T,
    },
    /// `c + sqrt((cv c)^2 + sd^2) z`: both, independent of each other.
    Combined {
        /// The coefficient of variation as a fraction.
        cv: T,
        /// The standard deviation near zero, µg/L.
        sd: T,
    },
    /// `c e^(omega z)` with `omega = sqrt(ln(1 + cv^2))`: never negative; the true level is the median.
    LogNormal {
        /// The coefficient of variation as a fraction.
        cv: T,
    },
    /// `c + (cv c + sd) z`: both, added as standard deviations.
    CombinedSd {
        /// The coefficient of variation of a high level as a fraction.
        cv: T,
        /// The standard deviation near zero, µg/L.
        sd: T,
    },
    /// `c + cv c^exponent z`: between the same everywhere (exponent 0) and a constant share (1).
    Power {
        /// The standard deviation at a level of 1 µg/L, in units of the level to the power of one less the exponent.
        cv: T,
        /// The power of the level; it is not estimated.
        exponent: f64,
    },
}

impl<T> ResidualError<T> {
    /// The same with other numbers.
    pub(crate) fn try_map<U>(self, mut of: impl FnMut(T) -> Result<U>) -> Result<ResidualError<U>> {
        Ok(match self {
            Self::Proportional { cv } => ResidualError::Proportional { cv: of(cv)? },
            Self::LogNormal { cv } => ResidualError::LogNormal { cv: of(cv)? },
            Self::Additive { sd } => ResidualError::Additive { sd: of(sd)? },
            Self::Combined { cv, sd } => ResidualError::Combined { cv: of(cv)?, sd: of(sd)? },
            Self::CombinedSd { cv, sd } => ResidualError::CombinedSd { cv: of(cv)?, sd: of(sd)? },
            Self::Power { cv, exponent } => ResidualError::Power { cv: of(cv)?, exponent },
        })
    }
}

/// A residual error that has been checked, with or without a limit of quantification.
///
/// ```
/// use menaquinone::{assay::ResidualError, random::Stream};
/// let assay = ResidualError::Proportional { cv: 0.15 }.assay()?.with_loq(0.03)?;
/// let mut draw = Stream::default().draw();
/// let measured = assay.measure(1.2, &mut draw);
/// assert!(!measured.below_loq && (measured.conc / 1.2 - 1.0).abs() < 1.3);
/// let nothing = assay.measure(0.0, &mut draw);
/// assert!(nothing.below_loq);
/// assert_eq!(nothing.conc, 0.03); // less than this, and how much less is not known
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assay {
    cv: f64,
    sd: f64,
    /// Of the logarithm; 0 where the error is normal.
    omega: f64,
    /// The power of the level that `cv` multiplies.
    exponent: f64,
    /// Whether `cv` and `sd` add up as standard deviations, and not as variances.
    adds_sd: bool,
    loq: f64,
}

/// What a laboratory reports.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement {
    /// The concentration, µg/L; below the limit of quantification it is that limit.
    pub conc: f64,
    /// Whether the true report is "less than the limit": censored, neither missing nor zero.
    pub below_loq: bool,
}

impl ResidualError {
    /// The checked error, without a limit of quantification.
    ///
    /// ```
    /// use menaquinone::assay::ResidualError;
    /// let error = ResidualError::Additive { sd: f64::NAN }.assay().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the standard deviation of a residual error is NaN µg/L, but it must be a finite number, zero or above"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A CV or standard deviation that is negative or not finite, a CV above 10.
    pub fn assay(self) -> Result<Assay> {
        let (cv, sd) = match self {
            Self::Proportional { cv } | Self::LogNormal { cv } => (cv, 0.0),
            Self::Additive { sd } => (0.0, sd),
            Self::Combined { cv, sd } | Self::CombinedSd { cv, sd } => (cv, sd),
            Self::Power { cv, exponent } => {
                error::non_negative("the exponent of a residual error", exponent, "")?;
                (cv, 0.0)
            }
        };
        let omega = omega_of("the CV of a residual error", cv)?;
        error::non_negative("the standard deviation of a residual error", sd, "µg/L")?;
        let exponent = if let Self::Power { exponent, .. } = self { exponent } else { 1.0 };
        let adds_sd = matches!(self, Self::CombinedSd { .. });
        let assay = Assay { cv, sd, omega: 0.0, exponent, adds_sd, loq: f64::NEG_INFINITY };
        Ok(if matches!(self, Self::LogNormal { .. }) { Assay { cv: 0.0, omega, ..assay } } else { assay })
    }
}

impl Assay {
    /// This assay with a limit of quantification (µg/L): what is measured below it is reported as below it.
    ///
    /// # Errors
    /// A limit that is not positive and finite.
    pub fn with_loq(self, conc: f64) -> Result<Self> {
        let loq = error::positive("the limit of quantification", conc, "µg/L")?;
        Ok(Self { loq, ..self })
    }

    /// One measurement of a true concentration (µg/L). It uses up one random number, whatever comes out.
    ///
    /// Without a limit of quantification, an error that is normal may give a negative number. It is kept: cutting it off would
    /// shift the mean.
    pub fn measure(&self, conc: f64, draw: &mut Draw) -> Measurement {
        let z = draw.normal();
        let [spread, _] = self.spread(conc);
        let measured = conc * exp(self.omega * z) + spread * z;
        let below_loq = measured < self.loq;
        Measurement { conc: if below_loq { self.loq } else { measured }, below_loq }
    }

    /// A measurement of each of these true concentrations (µg/L), such as those of a profile.
    ///
    /// ```
    /// use menaquinone::{Dose, assay::ResidualError, random::{Purpose, Stream}, units::*, vitamer::MK7};
    /// let profile = MK7.model().profile(Dose::of(180.0 * UG), &[4.0, 24.0, 72.0])?;
    /// let assay = ResidualError::Combined { cv: 0.15, sd: 0.01 }.assay()?.with_loq(0.03)?;
    /// let visit = Stream { seed: 42, subject: 0, purpose: Purpose::Residual };
    /// let measured = assay.measure_all(profile.conc(), &mut visit.draw())?;
    /// assert_eq!(measured.len(), 3);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A concentration that is not finite.
    pub fn measure_all(&self, conc: &[f64], draw: &mut Draw) -> Result<Vec<Measurement>> {
        if let Some(bad) = conc.iter().find(|conc| !conc.is_finite()) {
            return Err(Error::value(format!("a true concentration is {bad}, but it must be a finite number of µg/L")));
        }
        Ok(conc.iter().map(|conc| self.measure(*conc, draw)).collect())
    }

    /// The logarithm of the density of what was reported, if the true concentration is `conc` (µg/L); of a report below the limit of
    /// quantification, that of the probability of such a report.
    ///
    /// ```
    /// use menaquinone::{assay::{Measurement, ResidualError}};
    /// let assay = ResidualError::Additive { sd: 0.5 }.assay()?.with_loq(1.0)?;
    /// let report = |conc, below_loq| Measurement { conc, below_loq };
    /// assert!((assay.ln_density(report(3.0, false), 3.0)?.exp() - 0.797_884_560_802_865_4).abs() < 1e-15);
    /// assert!((assay.ln_density(report(1.0, true), 1.0)?.exp() - 0.5).abs() < 1e-15);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A true concentration that is not a number, or at which the error has no spread, so that there is no density.
    pub fn ln_density(&self, report: Measurement, conc: f64) -> Result<f64> {
        self.density(report, conc).map(|[value, _]| value)
    }

    /// The slope of [`ln_density`](Self::ln_density) in the true concentration, L/µg.
    ///
    /// ```
    /// use menaquinone::{assay::{Measurement, ResidualError}};
    /// let assay = ResidualError::Additive { sd: 0.5 }.assay()?;
    /// let report = Measurement { conc: 3.5, below_loq: false };
    /// assert_eq!(assay.ln_density_slope(report, 3.0)?, 2.0);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for the density.
    pub fn ln_density_slope(&self, report: Measurement, conc: f64) -> Result<f64> {
        self.density(report, conc).map(|[_, slope]| slope)
    }

    /// The logarithm of the density, and its slope in the true concentration.
    fn density(&self, report: Measurement, conc: f64) -> Result<[f64; 2]> {
        let Standing { z, slope, spread } = self.standing(report.conc, conc)?;
        if report.below_loq {
            return Ok([ln_ndtr(z), ln_ndtr_slope(z) * slope]);
        }
        let [scale, widening] = spread;
        Ok([-0.5 * z * z - scale.ln() - LN_SQRT_TAU, -z * slope - widening])
    }

    /// The standard deviation of a normal error at a true concentration, and its slope.
    fn spread(&self, conc: f64) -> [f64; 2] {
        if self.adds_sd {
            return [self.cv * conc + self.sd, self.cv];
        }
        if self.exponent != 1.0 {
            let spread = self.cv * conc.max(0.0).powf(self.exponent);
            return [spread, if conc > 0.0 { self.exponent * spread / conc } else { 0.0 }];
        }
        let spread = ((self.cv * conc).powi(2) + self.sd * self.sd).sqrt();
        [spread, if spread > 0.0 { self.cv * self.cv * conc / spread } else { 0.0 }]
    }

    /// Where a report stands among those of a true concentration.
    fn standing(&self, report: f64, conc: f64) -> Result<Standing> {
        if self.omega > 0.0 {
            if conc > 0.0 && conc < f64::INFINITY {
                let z = (report / conc).ln() / self.omega;
                return Ok(Standing { z, slope: -1.0 / (self.omega * conc), spread: [self.omega * report, 0.0] });
            }
        } else {
            let [spread, slope] = self.spread(conc);
            if spread > 0.0 && spread < f64::INFINITY {
                let (z, widening) = ((report - conc) / spread, slope / spread);
                return Ok(Standing { z, slope: -1.0 / spread - z * widening, spread: [spread, widening] });
            }
        }
        Err(Error::value(format!(
            "at a true concentration of {conc} µg/L the residual error has no spread, so that nothing has a density: give it a standard deviation above 0 there"
        )))
    }
}

/// A report among those that the same true concentration could give.
struct Standing {
    /// How many standard deviations it lies above it.
    z: f64,
    /// The slope of `z` in the true concentration.
    slope: f64,
    /// The standard deviation on the scale of the report, and the slope of its logarithm.
    spread: [f64; 2],
}
