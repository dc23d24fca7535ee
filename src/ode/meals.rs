//! Equations with an effect of meals.

use super::system::{Entry, System};
use crate::error::Result;
use crate::meal_effect::MealEffect;
use crate::regimen::Route;

/// A [`System`] to which an effect of meals was given by [`System::with_meal_effect`].
///
/// ```
/// use menaquinone::{Dose, Meal, MealEffect, ode::{Saturable, System, Tolerance}, units::*};
/// let body = Saturable { vmax: 15.0, km: 2.0, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0, cl: 0.0 };
/// let fed = body.with_meal_effect(MealEffect::what_if("half fasted", [(Meal::FASTED, 0.5)])?);
/// let level = |dose: Dose| fed.profile(dose, &[5.0], Tolerance::default()).map(|profile| profile.conc()[0]);
/// assert_eq!(level(Dose::of(180.0 * UG).with(Meal::FASTED))?, level(Dose::of(90.0 * UG))?);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct WithMeals<S> {
    /// The equations.
    pub system: S,
    /// What meals do.
    pub effect: MealEffect,
}

impl<S: System<N>, const N: usize> System<N> for WithMeals<S> {
    #[inline]
    fn derivative(&self, t: f64, y: &[f64; N]) -> [f64; N] {
        self.system.derivative(t, y)
    }

    fn concentration(&self, y: &[f64; N]) -> f64 {
        self.system.concentration(y)
    }

    fn initial(&self) -> [f64; N] {
        self.system.initial()
    }

    fn entries(&self, route: Route) -> Vec<Entry> {
        self.system.entries(route)
    }

    fn meal_effect(&self) -> Option<&MealEffect> {
        Some(&self.effect)
    }

    fn longest_step(&self) -> f64 {
        self.system.longest_step()
    }

    fn stops(&self) -> &[f64] {
        self.system.stops()
    }

    fn check(&self) -> Result<()> {
        self.system.check()
    }
}
