//! What covariates make of the numbers of a fit: the factor of each effect at the people who differ most.

use super::fitted::{PeopleEstimate, PeopleFit};
use crate::fit::effect::Entry;
use crate::numeric::quantile;

/// The factor by which an effect changes its number at one value of its covariate.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectAt {
    /// The effect and the value, such as `cl at WT 50`.
    pub name: String,
    /// The value of the covariate.
    pub covariate: f64,
    /// The factor: 1 is no effect.
    pub factor: f64,
    /// Both ends of the 95 % interval (Wald) that the number of the effect gives it; none where that is known beforehand or not told.
    pub interval: Option<(f64, f64)>,
}

/// A tenth of the people lie beyond these two, half of them on each side.
const ENDS: [f64; 2] = [0.05, 0.95];

impl PeopleFit {
    /// What the covariates make of the numbers: for each effect the factor at the 5th and the 95th percentile (type 7) of the covariate over the people, and
    /// of an effect of categories at each category. Nothing where the theory has no effects.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, sensitivity::Number};
    /// use menaquinone::fit::{Effect, Method, People, Sampled, Samples, Theory, free};
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.2), v: free(10.0) })?
    ///     .by(Number::Cl, "WT", Effect::allometric(70.0))?
    ///     .with_error(ResidualError::Proportional { cv: free(0.1) })?;
    /// let one = |i: u32| {
    ///     let samples = Samples::new(&[2.0, 8.0, 20.0], &[0.0; 3]).unwrap();
    ///     (i.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), samples).with_covariates([("WT", 40.0 + f64::from(i))]))
    /// };
    /// let people = theory.simulate(&People::new((0..=40).map(one))?, 1)?;
    /// let effects = theory.fit_people(&people, Method::Focei)?.effects();
    /// assert_eq!(effects[0].name, "cl at WT 42");
    /// assert!((effects[0].factor - (42.0_f64 / 70.0).powf(0.75)).abs() < 1e-12); // known: allometric
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn effects(&self) -> Vec<EffectAt> {
        let (effects, estimates) = (&self.layout.theory.effects, self.estimates());
        effects.iter().flat_map(|effect| self.of_effect(effect, &estimates)).collect()
    }

    fn of_effect(&self, effect: &Entry, estimates: &[PeopleEstimate]) -> Vec<EffectAt> {
        let (dependence, name) = (effect.dependence, effect.name().to_string());
        let covariate = dependence.covariate;
        let sought = estimates.iter().find(|own| own.name == name);
        let number = sought.map_or(effect.unknown.start(), |own| own.value);
        let at = |value: f64| {
            let factor = |b: f64| effect.shape.factor(b, value, effect.at)[0];
            let ends = sought.and_then(|own| own.wald).map(|(low, high)| (factor(low), factor(high)));
            EffectAt {
                name: format!("{} at {} {}", dependence.on, covariate.as_str(), crate::error::Short(value)),
                covariate: value,
                factor: factor(number),
                interval: ends.map(|(a, b)| (a.min(b), a.max(b))),
            }
        };
        if let Some(category) = dependence.category {
            return vec![at(f64::from(category))];
        }
        let mut all: Vec<f64> =
            self.people().iter().flat_map(|(_, sampled)| sampled.values_of(covariate.as_str())).collect();
        if all.is_empty() {
            return Vec::new();
        }
        ENDS.map(|end| at(quantile(&mut all, end))).to_vec()
    }
}
