//! One model after another: parameters that change within a course.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::error::{self, Error, Result};
use crate::model::Model;
use crate::regimen::Regimen;

/// Parameters that change within a course: one model until a time, another from then on.
///
/// At a change the amount in every compartment stays what it is: what waits goes on waiting, an infusion that runs keeps its
/// rate, and what is in the plasma and the tissues is there still. A dose taken at the very time of a change is taken by the new model.
/// A dose arrives after the lag of the model in which it was taken, in the fraction `f` and over the duration of the model in
/// which it arrives.
///
/// ```
/// use menaquinone::{Dose, Parameters, units::*};
/// let usual = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
/// let slower = Parameters { cl: 0.6, ..usual }.model()?;
/// let phases = usual.model()?.then_from(7.0 * DAY, slower)?;
/// let daily = Dose::of(90.0 * UG).every(DAY);
/// let levels = phases.concentrations(&daily, &[7.0 * DAY, 28.0 * DAY])?;
/// let unchanged = usual.model()?.concentrations(&daily, &[7.0 * DAY, 28.0 * DAY])?;
/// assert!((levels[0] / unchanged[0] - 1.0).abs() < 1e-14); // nothing has changed yet
/// assert!(levels[1] > 1.6 * unchanged[1]);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Phases {
    first: Model,
    later: Vec<Phase>,
}

/// A model and the time (h) from which it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phase {
    from: f64,
    model: Model,
}

/// Phases as they are read, before they are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    first: Model,
    later: Vec<Phase>,
}

impl TryFrom<Written> for Phases {
    type Error = Error;
    fn try_from(written: Written) -> Result<Self> {
        let mut later = written.later.into_iter();
        later.try_fold(written.first.into(), |phases: Self, phase| phases.then_from(phase.from, phase.model))
    }
}

impl From<Model> for Phases {
    fn from(first: Model) -> Self {
        Self { first, later: Vec::new() }
    }
}

impl Model {
    /// This model until `time` (h), and `later` from then on.
    ///
    /// ```
    /// use menaquinone::{Parameters, units::*};
    /// let usual = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let phases = usual.model()?.then_from(WEEK, Parameters { ka: 0.5, ..usual }.model()?)?;
    /// assert_eq!(phases.at(3.0 * DAY), &usual.model()?);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Phases::then_from`].
    pub fn then_from(self, time: f64, later: Self) -> Result<Phases> {
        Phases::from(self).then_from(time, later)
    }
}

impl Phases {
    /// These phases until `time` (h), and `later` from then on; a model equal to the one before is no change.
    ///
    /// # Errors
    /// A time that is not finite or does not come after the change before, and a model with other compartments: another number of
    /// exponentials, of paths of absorption or of compartments in them. Only numbers can change within a course.
    pub fn then_from(mut self, time: f64, later: Model) -> Result<Self> {
        error::finite("the time of a change", time, "h")?;
        if let Some(last) = self.later.last().filter(|last| time <= last.from) {
            return Err(Error::value(format!(
                "a change at {time} h comes after one at {} h: give the changes in order of time",
                last.from
            )));
        }
        if !later.has_the_compartments_of(&self.first) {
            return Err(Error::value(format!(
                "the model from {time} h on has other compartments than the one before: only the numbers of a model may change within a course"
            )));
        }
        if *self.at(time) != later {
            self.later.push(Phase { from: time, model: later });
        }
        Ok(self)
    }

    /// One model for each occasion, made by `make` from the number of the occasion, counted from 0: the first holds from ever,
    /// and each of the others from its start.
    ///
    /// ```
    /// use menaquinone::{Parameters, Phases, units::*};
    /// let typical = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// // The clearance follows the weight of each visit.
    /// let weights = [82.0, 80.0, 77.0];
    /// let visits = [4.0 * WEEK, 8.0 * WEEK];
    /// let phases = Phases::by_occasion(&visits, |i| Parameters { cl: 1.27 * weights[i] / 70.0, ..typical }.model())?;
    /// assert_eq!(phases.iter().count(), 3);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Whatever `make` refuses, and as for [`then_from`](Self::then_from).
    pub fn by_occasion(starts: &[f64], mut make: impl FnMut(usize) -> Result<Model>) -> Result<Self> {
        let first = make(0)?;
        (1..)
            .zip(starts)
            .try_fold(first.into(), |phases: Self, (number, start)| phases.then_from(*start, make(number)?))
    }

    /// The same with every start a change, equal models too: derivatives tell occasions apart where the numbers are the same.
    ///
    /// # Errors
    /// As for [`by_occasion`](Self::by_occasion).
    pub(crate) fn each_occasion(starts: &[f64], models: &[Model]) -> Result<Self> {
        let mut phases = Self::by_occasion(starts, |i| Ok(models[i].clone()))?;
        phases.later =
            starts.iter().zip(&models[1..]).map(|(from, model)| Phase { from: *from, model: model.clone() }).collect();
        Ok(phases)
    }

    /// The model that holds at a time (h).
    pub fn at(&self, time: f64) -> &Model {
        let later = self.later.partition_point(|phase| phase.from <= time);
        later.checked_sub(1).map_or(&self.first, |i| &self.later[i].model)
    }

    /// The models, each with the time (h) from which it holds: the first from minus infinity.
    pub fn iter(&self) -> impl Iterator<Item = (f64, &Model)> {
        let later = self.later.iter().map(|phase| (phase.from, &phase.model));
        std::iter::once((f64::NEG_INFINITY, &self.first)).chain(later)
    }

    /// What the models do with the meals of a dosing, each thing once: see [`Model::notes`].
    ///
    /// ```
    /// use menaquinone::{Dose, units::*, vitamer::MK7};
    /// let fasted = Dose::of(180.0 * UG).fasted().every(DAY);
    /// let phases = MK7.model().then_from(7.0 * DAY, MK7.set("half_life_96h")?.model())?;
    /// assert_eq!(phases.notes(&fasted), MK7.model().notes(&fasted));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn notes<'a>(&self, dosing: impl Into<Cow<'a, Regimen>>) -> Vec<String> {
        notes_of(self.iter().map(|(_, model)| model), &dosing.into())
    }
}

/// What several models do with the meals of a dosing, each thing once.
pub(crate) fn notes_of<'m>(models: impl Iterator<Item = &'m Model>, dosing: &Regimen) -> Vec<String> {
    let (mut effects, mut notes) = (Vec::new(), Vec::new());
    for model in models {
        // They depend on nothing else of a model, and people mostly have one.
        if effects.contains(&model.meal_effect()) {
            continue;
        }
        effects.push(model.meal_effect());
        let new = model.notes(dosing).into_iter().filter(|note| !notes.contains(note));
        notes.extend(new.collect::<Vec<_>>());
    }
    notes
}
