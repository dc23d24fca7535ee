//! How likely a value is: the logarithm of the density of a [`Distribution`], and its slope.

use super::distribution::{Distribution, Law};
use super::law::Triangular;
use crate::error::{Error, Result};
use crate::numeric::LN_SQRT_TAU;

impl Distribution {
    /// The logarithm of the density at `x`, per unit of the value; minus infinity where no value lies.
    ///
    /// ```
    /// use menaquinone::random::Normal;
    /// let weight = Normal { mean: 70.0, sd: 10.0 }.distribution()?;
    /// assert!((weight.ln_density(70.0)?.exp() - 0.039_894_228_040_143_27).abs() < 1e-16);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A law without a density: single values, or a spread of 0.
    pub fn ln_density(&self, x: f64) -> Result<f64> {
        self.density(x).map(|[value, _]| value)
    }

    /// The slope of [`ln_density`](Self::ln_density) in `x`, 1 over the unit of the value; 0 where no value lies.
    ///
    /// ```
    /// use menaquinone::random::Normal;
    /// let weight = Normal { mean: 70.0, sd: 10.0 }.distribution()?;
    /// assert_eq!(weight.ln_density_slope(90.0)?, -0.2);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for the density.
    pub fn ln_density_slope(&self, x: f64) -> Result<f64> {
        self.density(x).map(|[_, slope]| slope)
    }

    fn density(&self, x: f64) -> Result<[f64; 2]> {
        const NOWHERE: [f64; 2] = [f64::NEG_INFINITY, 0.0];
        if x.is_nan() {
            return Err(Error::value("a density was asked for at NaN, but it must be a number"));
        }
        let within = |low: f64, high: f64, inside: [f64; 2]| if (low..=high).contains(&x) { inside } else { NOWHERE };
        Ok(match &self.0 {
            Law::LogNormal(law) if law.omega > 0.0 => {
                let z = (x / law.median).ln() / law.omega;
                let value = -0.5 * z * z - x.ln() - law.omega.ln() - LN_SQRT_TAU;
                within(f64::MIN_POSITIVE, f64::MAX, [value, -(1.0 + z / law.omega) / x])
            }
            Law::Normal(law) if law.sd > 0.0 => {
                let z = (x - law.mean) / law.sd;
                [-0.5 * z * z - law.sd.ln() - LN_SQRT_TAU, -z / law.sd]
            }
            Law::Uniform(law) if law.low < law.high => within(law.low, law.high, [-(law.high - law.low).ln(), 0.0]),
            Law::LogUniform(law) if law.low < law.high => {
                let value = -x.ln() - (law.high / law.low).ln().ln();
                within(law.low, law.high, [value, -1.0 / x])
            }
            Law::Triangular(law) if law.low < law.high => within(law.low, law.high, law.density(x)),
            _ => {
                return Err(Error::value(
                    "single values have no density: give the distribution a spread, or ask for its quantiles",
                ));
            }
        })
    }
}

impl Triangular {
    /// At a value between the ends.
    fn density(self, x: f64) -> [f64; 2] {
        let Self { low, mode, high } = self;
        let peak = 2.0 / (high - low);
        if x < mode {
            [(peak * ((x - low) / (mode - low))).ln(), 1.0 / (x - low)]
        } else if x > mode {
            [(peak * ((high - x) / (high - mode))).ln(), -1.0 / (high - x)]
        } else {
            [peak.ln(), 0.0]
        }
    }
}
