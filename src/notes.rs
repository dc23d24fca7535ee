//! What a model passes over in a dosing, or supposes about it, in sentences.

use std::borrow::Cow;

use crate::error::Short;
use crate::meal_effect::MealEffect;
use crate::model::Model;
use crate::regimen::{Dose, Meal, Regimen, Route};

impl Model {
    /// What this model does with the meals of a dosing, in sentences to be printed beside a result; none where there is nothing to
    /// say.
    ///
    /// A meal in a model without an effect of meals changes nothing. In one with an effect, the sentences say by how much each meal
    /// scales a dose, relative to what, and what is doubtful about it.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*, vitamer::{MK4, MK7}};
    /// let fasted = Dose::of(180.0 * UG).fasted().every(DAY);
    /// assert_eq!(
    ///     MK7.model().notes(&fasted),
    ///     ["Meals: no effect of them is in this model, so `fasted` changes nothing: give it one (Model::with_meal_effect), or leave \
    ///       the meal out."]
    /// );
    /// assert!(MK7.model().notes(Dose::of(180.0 * UG).every(DAY)).is_empty());
    ///
    /// let notes = MK4.model().notes(&"15 mg with food q8h".parse::<menaquinone::Regimen>()?);
    /// assert!(notes[0].contains("How much fat?"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn notes<'a>(&self, dosing: impl Into<Cow<'a, Regimen>>) -> Vec<String> {
        of_meals(self.meal_effect(), &dosing.into(), "Model::with_meal_effect")
    }
}

/// What a body with an effect of meals, or without, does with those of a dosing; `how` is the method that gives it one.
pub(crate) fn of_meals(effect: Option<&MealEffect>, dosing: &Regimen, how: &str) -> Vec<String> {
    let swallowed: Vec<Dose> = dosing.kinds_of_dose().map(|(_, dose)| *dose).filter(is_swallowed).collect();
    let mut meals: Vec<Meal> = Vec::new();
    for meal in swallowed.iter().filter_map(|dose| dose.meal) {
        if !meals.contains(&meal) {
            meals.push(meal);
        }
    }
    match effect {
        None if meals.is_empty() => Vec::new(),
        None => vec![format!(
            "Meals: no effect of them is in this model, so {} changes nothing: give it one ({how}), or leave the meal out.",
            listed(&meals)
        )],
        Some(effect) => of_effect(effect, &meals, swallowed.iter().any(|dose| dose.meal.is_none())),
    }
}

fn is_swallowed(dose: &Dose) -> bool {
    dose.route == Route::Oral
}

fn of_effect(effect: &MealEffect, meals: &[Meal], some_unstated: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let stated: Vec<Meal> = meals.iter().copied().filter(|meal| meal.fat.is_some()).collect();
    if stated.len() < meals.len() {
        notes.push(format!(
            "Meals: `with food` states no fat, and counts as {}. How much fat? Write it, such as `with 20 g fat`.",
            reference(effect)
        ));
    }
    if !stated.is_empty() {
        let factors =
            stated.iter().take(MOST).map(|meal| format!("{} {}", named(*meal), Short(rounded(effect.factor(*meal)))));
        let caution = if effect.caution().is_empty() { String::new() } else { format!(" {}", effect.caution()) };
        notes.push(format!(
            "Meals: {}. Of a dose counts, against one that states no meal: {}.{caution}",
            effect.title(),
            factors.collect::<Vec<_>>().join(", ")
        ));
    }
    if some_unstated && !effect.is_what_if() {
        notes.push(format!("Meals: a dose that states none counts as {}.", reference(effect)));
    }
    notes.extend(beyond(effect, &stated));
    notes
}

/// The meal of which a dose counts in full.
fn reference(effect: &MealEffect) -> String {
    match effect.points().find(|(_, factor)| *factor == 1.0) {
        Some((meal, _)) => format!("one after {meal}, the meal to which the factors are relative"),
        None => "one after the meal of the study behind the model".to_owned(),
    }
}

/// More fat than the table has.
fn beyond(effect: &MealEffect, stated: &[Meal]) -> Option<String> {
    let (last, factor) = effect.points().last()?;
    let most = stated
        .iter()
        .copied()
        .filter(|meal| meal.fat > last.fat)
        .max_by(|a, b| a.fat.partial_cmp(&b.fat).unwrap_or(std::cmp::Ordering::Equal))?;
    Some(format!("Meals: {most} is beyond the table, which ends at {last}: the factor {factor} is held."))
}

/// So many meals are named in a sentence.
const MOST: usize = 4;

fn listed(meals: &[Meal]) -> String {
    let names: Vec<String> = meals.iter().take(MOST).map(|meal| format!("`{}`", named(*meal))).collect();
    names.join(", ")
}

/// As a dose says it.
fn named(meal: Meal) -> String {
    if meal == Meal::FASTED { meal.to_string() } else { format!("with {meal}") }
}

fn rounded(factor: f64) -> f64 {
    (factor * 1000.0).round() / 1000.0
}
