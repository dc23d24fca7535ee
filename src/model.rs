//! An absorption and a disposition that have been checked: the model.

use std::f64::consts::LN_2;

use serde::{Deserialize, Serialize};

use crate::absorption::{Absorb, Absorption, FirstOrder, Path, Process};
use crate::disposition::{Disposition, HalfLife, Mode, Modes, OneCompartment};
use crate::error::{self, Result};
use crate::meal_effect::MealEffect;

/// The common case in five numbers: one compartment, first-order absorption.
///
/// Struct update makes another person or another formulation of it:
///
/// ```
/// use menaquinone::Parameters;
/// let typical = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
/// let slow = Parameters { cl: 0.6, ..typical };
/// assert!(slow.half_life() > 2.0 * typical.half_life());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// The clearance, L/h; where only oral data exist, the apparent clearance CL/F.
    pub cl: f64,
    /// The volume, L; where only oral data exist, the apparent volume V/F.
    pub v: f64,
    /// The absorption rate constant, 1/h.
    pub ka: f64,
    /// The time between the dose and the start of absorption, h; 0 if it is left out of a file.
    #[serde(default)]
    pub tlag: f64,
    /// The fraction of the dose that is absorbed; 1 if it is left out of a file, as apparent values ask.
    #[serde(default = "whole")]
    pub f: f64,
}

fn whole() -> f64 {
    1.0
}

impl Parameters {
    /// A swallowed substance with absorption rate `ka` (1/h), no lag, `f = 1`, and the body given by its clearance or
    /// by its half-life.
    ///
    /// ```
    /// use menaquinone::{HalfLife, Parameters};
    /// let mk7 = Parameters::oral(HalfLife { t_half: 84.0, v: 154.0 }, 1.0);
    /// assert!((mk7.cl - 1.27).abs() < 0.001);
    /// ```
    pub fn oral(body: impl Into<OneCompartment>, ka: f64) -> Self {
        let OneCompartment { cl, v } = body.into();
        Self { cl, v, ka, tlag: 0.0, f: 1.0 }
    }

    /// These parameters with the clearance that gives the half-life `t_half` (h); the volume stays.
    ///
    /// ```
    /// use menaquinone::Parameters;
    /// let p = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.with_half_life(96.0);
    /// assert!((p.half_life() - 96.0).abs() < 1e-12);
    /// assert_eq!(p.v, 154.0);
    /// ```
    #[must_use]
    pub fn with_half_life(self, t_half: f64) -> Self {
        let OneCompartment { cl, v } = HalfLife { t_half, v: self.v }.into();
        Self { cl, v, ..self }
    }

    /// The elimination rate constant `cl / v`, 1/h.
    #[doc(alias = "kel")]
    pub fn ke(&self) -> f64 {
        self.cl / self.v
    }

    /// The half-life of elimination `ln 2 v / cl`, h.
    #[doc(alias = "t_half")]
    pub fn half_life(&self) -> f64 {
        LN_2 / self.ke()
    }

    /// The model with these parameters.
    ///
    /// # Errors
    /// `cl`, `v` or `ka` that is not positive, a negative `tlag`, `f` outside (0, 1], or any that is not finite.
    pub fn model(self) -> Result<Model> {
        let absorption = FirstOrder { ka: self.ka }.lagged(self.tlag).with_f(self.f);
        Model::new(absorption, OneCompartment { cl: self.cl, v: self.v })
    }
}

/// An absorption, a disposition, a baseline and what meals do, all checked: a `Model` is the proof.
///
/// ```
/// use menaquinone::{Absorb, Dose, FirstOrder, Model, TwoCompartment, grid, units::*};
/// let model = Model::new(
///     FirstOrder { ka: 1.0 }.lagged(2.5 * HOUR),
///     TwoCompartment { cl: 1.2, v1: 22.0, q: 13.0, v2: 90.0 },
/// )?;
/// let profile = model.profile(Dose::of(100.0 * UG), &grid(0.0..=DAY, 1.0 * HOUR))?;
/// assert_eq!(profile.conc()[2], 0.0); // still within the lag
/// assert!(profile.conc()[4] > 2.0);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked", into = "Unchecked")]
pub struct Model {
    absorption: Absorption,
    disposition: Disposition,
    /// The concentration that the habitual diet keeps, µg/L.
    habitual: f64,
    /// The constant input beside the diet, µg/h.
    endogenous: f64,
    /// Few models have one: apart, so that a model is short to move.
    meal_effect: Option<Box<MealEffect>>,
    modes: Modes,
}

/// A model as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    absorption: Absorption,
    disposition: Disposition,
    /// The concentration that the habitual diet keeps, µg/L.
    #[serde(default)]
    baseline: f64,
    #[serde(default, skip_serializing_if = "is_zero")]
    endogenous: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    meal_effect: Option<MealEffect>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(rate: &f64) -> bool {
    *rate == 0.0
}

impl Model {
    /// A model from how the substance gets in and how it leaves.
    ///
    /// # Errors
    /// A parameter that is not finite or outside its range, named in the sentence.
    pub fn new(absorption: impl Into<Absorption>, disposition: impl Into<Disposition>) -> Result<Self> {
        let (absorption, disposition) = (absorption.into(), disposition.into());
        absorption.check()?;
        disposition.check()?;
        let modes = disposition.modes();
        check_rates(&absorption, &modes)?;
        Ok(Self { absorption, disposition, habitual: 0.0, endogenous: 0.0, meal_effect: None, modes })
    }

    /// This model with a concentration (µg/L) that the habitual diet keeps.
    ///
    /// It stands for a constant input `cl * conc` (µg/h) that has long come into equilibrium: it obeys the same kinetics,
    /// so the doses add to it. What the body makes itself is apart: [`with_endogenous`](Self::with_endogenous).
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, vitamer::MK7};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?.with_baseline(0.3)?;
    /// assert_eq!(model.profile(Dose::of(90.0), &[-1.0])?.conc(), [0.3]);
    /// assert_eq!(model.constant_input(), 1.27 * 0.3); // µg/h
    ///
    /// let in_tokyo = MK7.model().with_baseline(MK7.baseline("tokyo")?.value)?;
    /// assert_eq!(in_tokyo.baseline(), 5.26);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A concentration that is negative or not finite.
    pub fn with_baseline(self, conc: f64) -> Result<Self> {
        error::non_negative("the baseline concentration", conc, "µg/L")?;
        Ok(Self { habitual: conc, ..self })
    }

    /// This model with a constant input into the plasma of `rate` µg/h beside the diet, such as what is made in the
    /// gut; zero unless it is asked for. It has long come into equilibrium, so that it raises the baseline by `rate / cl`.
    ///
    /// No absorbed amount of gut menaquinones was found in print, so any rate is a supposition.
    ///
    /// ```
    /// use menaquinone::{Parameters, vitamer};
    /// let p = Parameters { cl: 1.25, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let model = p.model()?.with_baseline(0.3)?.with_endogenous(0.5)?;
    /// assert_eq!(model.baseline(), 0.3 + 0.5 / 1.25); // in either order
    ///
    /// // The popular claim that the gut makes 30 % less from the age of 50; no source was found.
    /// let older = p.model()?.with_endogenous(0.5 * vitamer::supposition("gut_from_age_50")?.value)?;
    /// assert_eq!(older.endogenous(), 0.35);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A rate that is negative or not finite.
    pub fn with_endogenous(self, rate: f64) -> Result<Self> {
        error::non_negative("the endogenous input", rate, "µg/h")?;
        Ok(Self { endogenous: rate, ..self })
    }

    /// This model with an effect of meals: it scales each swallowed dose that states its [`meal`](crate::Dose::meal).
    ///
    /// Doses that state none are taken as they are, and a model without an effect takes all doses alike.
    ///
    /// ```
    /// use menaquinone::{Dose, Meal, MealEffect, Weekday::*, units::*, vitamer::MK7};
    /// // For MK-7 nothing was measured, so the effect is yours to suppose.
    /// let supposed = MealEffect::what_if("half fasted", [(Meal::FASTED, 0.5), (Meal::with_fat(20.0 * GRAM), 1.0)])?;
    /// let model = MK7.model().with_meal_effect(supposed);
    /// let capsule = Dose::of(180.0 * UG);
    /// let fasted = model.steady_state(capsule.with(Meal::FASTED).every(DAY))?;
    /// let fed = model.steady_state(capsule.with(Meal::with_fat(25.0 * GRAM)).every(DAY))?;
    /// assert!((fasted.cavg() / fed.cavg() - 0.5).abs() < 1e-15);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn with_meal_effect(self, effect: MealEffect) -> Self {
        Self { meal_effect: Some(Box::new(effect)), ..self }
    }

    /// This model without an effect of meals: all meals are alike to it.
    #[must_use]
    pub fn without_meal_effect(self) -> Self {
        Self { meal_effect: None, ..self }
    }

    /// What meals do to a dose, if the model knows.
    pub fn meal_effect(&self) -> Option<&MealEffect> {
        self.meal_effect.as_deref()
    }

    /// How it gets in.
    pub fn absorption(&self) -> &Absorption {
        &self.absorption
    }

    /// How it spreads and leaves.
    pub fn disposition(&self) -> &Disposition {
        &self.disposition
    }

    /// The concentration without any dose, µg/L: that of the diet, and what the endogenous input adds.
    pub fn baseline(&self) -> f64 {
        self.habitual + self.endogenous / self.disposition.cl()
    }

    /// The part of the baseline that the diet keeps, µg/L.
    pub(crate) fn habitual(&self) -> f64 {
        self.habitual
    }

    /// This model with another absorption, disposition and part of the baseline that the diet keeps.
    pub(crate) fn with_parts(&self, absorption: Absorption, body: Disposition, habitual: f64) -> Result<Self> {
        let model = Self::new(absorption, body)?.with_baseline(habitual)?;
        Ok(Self { endogenous: self.endogenous, meal_effect: self.meal_effect.clone(), ..model })
    }

    /// The constant input beside the diet, µg/h; 0 unless [`with_endogenous`](Self::with_endogenous) has set it.
    pub fn endogenous(&self) -> f64 {
        self.endogenous
    }

    /// The constant input that keeps the baseline, `cl * baseline`, µg/h.
    pub fn constant_input(&self) -> f64 {
        self.baseline() * self.disposition.cl()
    }

    /// The five numbers of a model of the common kind: one compartment, one path of first-order absorption.
    pub(crate) fn flat(&self) -> Option<Parameters> {
        let (Disposition::OneCompartment(body), [path]) = (self.disposition, self.absorption.paths()) else {
            return None;
        };
        let Process::FirstOrder(FirstOrder { ka }) = path.process else { return None };
        Some(Parameters { cl: body.cl, v: body.v, ka, tlag: path.tlag, f: path.f })
    }

    /// Whether two models differ in their numbers alone, so that amounts can go over from one to the other.
    pub(crate) fn has_the_compartments_of(&self, other: &Self) -> bool {
        let [own, others] = [self, other].map(|model| model.absorption.paths().iter());
        let length = |path: &Path| path.process.compartments();
        self.modes.len() == other.modes.len() && own.map(length).eq(others.map(length))
    }

    /// The exponentials of the disposition, the fastest first.
    pub fn modes(&self) -> &[Mode] {
        &self.modes
    }

    /// The half-life of the slowest exponential of the disposition, h. (When absorption is slower still, the curve falls
    /// with the half-life of the absorption: flip-flop.)
    pub fn half_life(&self) -> f64 {
        LN_2 / self.modes[self.modes.len() - 1].k
    }

    /// The mean time that a molecule in the plasma stays in the body, `vss / cl`, h.
    pub fn mrt(&self) -> f64 {
        self.disposition.vss() / self.disposition.cl()
    }
}

/// Refuses rates whose products overflow: each parameter is a good number, but together they are beyond a double.
fn check_rates(absorption: &Absorption, modes: &[Mode]) -> Result<()> {
    const MOST: f64 = 1e100; // so that a rate times a time is a number too
    let [gain, fastest] = absorption.paths().iter().fold([1.0, 0.0], |[gain, fastest]: [f64; 2], path| {
        let [product, most] = path.process.product_and_most();
        [gain.max(product), fastest.max(most)]
    });
    if fastest < MOST && modes.iter().all(|mode| mode.k < MOST && mode.coef * gain < f64::INFINITY) {
        return Ok(());
    }
    Err(error::Error::value(
        "the parameters give rates that are too large for a number: check their units (L/h, L, h and 1/h)",
    ))
}

impl TryFrom<Unchecked> for Model {
    type Error = error::Error;
    fn try_from(plain: Unchecked) -> Result<Self> {
        let model = Self::new(plain.absorption, plain.disposition)?;
        let model = model.with_baseline(plain.baseline)?.with_endogenous(plain.endogenous)?;
        Ok(Self { meal_effect: plain.meal_effect.map(Box::new), ..model })
    }
}

impl From<Model> for Unchecked {
    fn from(model: Model) -> Self {
        let Model { absorption, disposition, habitual: baseline, endogenous, meal_effect, .. } = model;
        Self { absorption, disposition, baseline, endogenous, meal_effect: meal_effect.map(|effect| *effect) }
    }
}
