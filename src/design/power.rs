//! How many people: the power to tell two values of a function apart, and the people for a precision, by the formula of Wald.

use super::arm::MOST_PEOPLE;
use super::plan::Design;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::numeric::{exp, ln_ndtr, normal_quantile, scaled_inverse};

/// How sure a test is to be: the probability of a false alarm (two-sided), and that of seeing a difference that is there.
///
/// ```
/// use menaquinone::design::Wald;
/// assert_eq!(Wald::default(), Wald { alpha: 0.05, power: 0.8 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wald {
    /// Two-sided.
    pub alpha: f64,
    /// One less the probability of missing it.
    pub power: f64,
}

impl Default for Wald {
    fn default() -> Self {
        Self { alpha: 0.05, power: 0.8 }
    }
}

impl Design {
    /// The power to tell two values of a function of the model apart with the people of this design, each arm in its share: that a 95 % interval (or
    /// another, by `alpha`) of one value leaves out the other.
    ///
    /// The function is taken on its logarithm, `Phi(|ln b - ln a| / se - z)` with the standard error of `ln f` and `z` the normal quantile of
    /// `1 - alpha/2`. Where something varies between people that spread is in the standard error.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, design::{Arm, Design, Wald}, fit::{Theory, free}};
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: free(100.0).varying(0.2) })?
    ///     .with_error(ResidualError::Proportional { cv: free(0.15) })?;
    /// let design = Design::of(&theory, Arm::of(Dose::iv(100.0)).people(12.0).at(&[1.0, 24.0, 96.0, 168.0]))?;
    /// let half_life = |model: &menaquinone::Model| model.half_life();
    /// let needed = design.people_to_tell(half_life, 72.0, 96.0, Wald::default())?;
    /// assert!(design.with_people(needed)?.power_to_tell(half_life, 72.0, 96.0, 0.05)? >= 0.8);
    /// assert!(design.with_people(needed - 1.0)?.power_to_tell(half_life, 72.0, 96.0, 0.05)? < 0.8);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Values that are not above zero or the same, `alpha` outside (0, 1), a design that does not tell the function.
    pub fn power_to_tell(&self, of: impl Fn(&Model) -> f64, one: f64, other: f64, alpha: f64) -> Result<f64> {
        let told = Told::new(self, &of)?;
        Ok(power(told.variance(1.0)?, apart(one, other)?, quantile(alpha)?))
    }

    /// The least whole number of people, in all arms together and each in its share, with which the power is reached.
    ///
    /// # Errors
    /// As for [`power_to_tell`](Self::power_to_tell); a power outside (0, 1); one that no number of people reaches.
    pub fn people_to_tell(&self, of: impl Fn(&Model) -> f64, one: f64, other: f64, sure: Wald) -> Result<f64> {
        let (far, z) = (apart(one, other)?, quantile(sure.alpha)?);
        if !(sure.power > 0.0 && sure.power < 1.0) {
            return Err(Error::value(format!("the power is {}, but it must lie between 0 and 1", sure.power)));
        }
        let told = Told::new(self, &of)?;
        Self::least(|people| Ok(power(told.variance(people / self.people())?, far, z) >= sure.power))
    }

    /// The least whole number of people with which the interval of a function, at a level of confidence such as 0.95, reaches from the value over
    /// `1 + share` to the value times it.
    ///
    /// # Errors
    /// A share that is not above zero, a level outside (0, 1), a design that does not tell the function.
    pub fn people_for(&self, of: impl Fn(&Model) -> f64, share: f64, level: f64) -> Result<f64> {
        let reach = crate::error::positive("the share by which an interval may reach", share, "")?.ln_1p();
        let (told, z) = (Told::new(self, &of)?, quantile(1.0 - level)?);
        Self::least(|people| Ok(z * told.variance(people / self.people())?.sqrt() <= reach))
    }

    /// This design with so many people in all, each arm in its share.
    ///
    /// # Errors
    /// A number that is not above zero.
    pub fn with_people(&self, people: f64) -> Result<Self> {
        crate::error::positive("the number of people", people, "")?;
        let (mut own, share) = (self.clone(), people / self.people());
        own.arms.iter_mut().for_each(|arm| *arm = arm.clone().people(share * arm.count()));
        Ok(own)
    }

    /// The least whole number of people that is enough.
    fn least(enough: impl Fn(f64) -> Result<bool>) -> Result<f64> {
        let mut high = 1.0;
        while !enough(high)? {
            high *= 2.0;
            if high > MOST_PEOPLE {
                return Err(Error::value(
                    "no number of people up to 1e9 is enough: ask for less, or sample at other times",
                ));
            }
        }
        let mut low = 0.5 * high;
        if high == 1.0 {
            return Ok(1.0);
        }
        while high - low > 1.0 {
            let middle = (0.5 * (low + high)).floor();
            *(if enough(middle)? { &mut high } else { &mut low }) = middle;
        }
        Ok(high)
    }
}

/// What is known of the logarithm of a function, beforehand and by each share of the people.
struct Told {
    slopes: nalgebra::DVector<f64>,
    prior: Option<nalgebra::DMatrix<f64>>,
    samples: nalgebra::DMatrix<f64>,
    sentence: Error,
}

impl Told {
    fn new(design: &Design, of: &dyn Fn(&Model) -> f64) -> Result<Self> {
        let slopes = design.view.slopes_of(&|model| of(model).ln())?;
        let (whole, prior) = (design.matrix()?, design.view.prior.clone());
        let samples = prior.as_ref().map_or(whole.clone(), |prior| whole - prior);
        Ok(Self { slopes, prior, samples, sentence: design.not_told() })
    }

    /// The variance with the people times a share.
    fn variance(&self, share: f64) -> Result<f64> {
        let samples = share * &self.samples;
        let whole = self.prior.as_ref().map_or(samples.clone(), |prior| samples + prior);
        let covariance = scaled_inverse(&whole).ok_or_else(|| self.sentence.clone())?;
        Ok(self.slopes.dot(&(covariance * &self.slopes)))
    }
}

fn apart(one: f64, other: f64) -> Result<f64> {
    let good = |value: f64| value.is_finite() && value > 0.0;
    if !(good(one) && good(other) && one != other) {
        return Err(Error::value(format!(
            "{one} and {other} are to be told apart, but they must be two different numbers above zero"
        )));
    }
    Ok((one / other).ln().abs())
}

fn quantile(alpha: f64) -> Result<f64> {
    if alpha > 0.0 && alpha < 1.0 {
        return Ok(normal_quantile(1.0 - 0.5 * alpha));
    }
    Err(Error::value(format!("the probability of a false alarm is {alpha}, but it must lie between 0 and 1")))
}

fn power(variance: f64, apart: f64, z: f64) -> f64 {
    exp(ln_ndtr(apart / variance.sqrt() - z))
}
