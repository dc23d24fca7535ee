//! People whose models change within a course, from one occasion to the next.

use std::ops::Range;

use super::{Person, Population};
use crate::engine::Bodies;
use crate::error::{self, Error, Result};
use crate::model::Model;

/// The models of everybody from a time on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Occasion {
    from: f64,
    models: Vec<Model>,
}

impl Occasion {
    /// This occasion for some of the people.
    pub(super) fn part(&self, rows: Range<usize>) -> Self {
        Self { from: self.from, models: self.models[rows].to_vec() }
    }
}

impl Population {
    /// These people until `time` (h), and with the models of `later` from then on: the same people, such as
    /// [`on_occasion`](Self::on_occasion) makes. At the change the amounts in each compartment go over as they are.
    ///
    /// ```
    /// use menaquinone::{Dose, Model, FirstOrder, OneCompartment, random::LogNormal, units::*, vitamer::MK7};
    /// let people = MK7.nominal().population(20, 42)?;
    /// // From the second week on everybody clears half as much.
    /// let slower = people.on_occasion(1, |_, usual| {
    ///     let body = usual.disposition();
    ///     Model::new(usual.absorption().clone(), OneCompartment { cl: 0.5 * body.cl(), v: body.v1() })
    /// })?;
    /// let changing = people.clone().then_from(WEEK, slower)?;
    /// let daily = Dose::of(90.0 * UG).every(DAY);
    /// let levels = changing.simulate(&daily, &[WEEK, 4.0 * WEEK])?;
    /// assert!(levels.row(3)[1] > people.simulate(&daily, &[WEEK, 4.0 * WEEK])?.row(3)[1]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Other people; a time that is not finite or does not come after the change before; a model with other compartments than
    /// the one before, by the number of the person.
    pub fn then_from(mut self, time: f64, later: Self) -> Result<Self> {
        error::finite("the time of a change", time, "h")?;
        if later.ids() != self.ids() || later.changes() {
            return Err(Error::value(format!(
                "people {} to {} can go over to the same people with one model each, and were given {} to {}",
                self.ids().start,
                self.ids().end - 1,
                later.ids().start,
                later.ids().end - 1
            )));
        }
        if let Some(last) = self.occasions.last().filter(|last| time <= last.from) {
            return Err(Error::value(format!(
                "a change at {time} h comes after one at {} h: give the changes in order of time",
                last.from
            )));
        }
        let differs = |(now, then): (&Model, &Model)| !then.has_the_compartments_of(now);
        if let Some(i) = self.models.iter().zip(&later.models).position(differs) {
            return Err(Error::value(format!(
                "person {}: the model from {time} h on has other compartments than the one before: only the numbers of a model may change within a course",
                self.first + i as u64
            )));
        }
        self.occasions.push(Occasion { from: time, models: later.models });
        Ok(self)
    }

    /// These people with a model of their own on each occasion: `make` is asked for every person and every occasion, counted from
    /// 1, that begins at one of `starts` (h); until the first of them the models are those of these people.
    ///
    /// What the model depends on comes from the person: the usual model, the covariates ([`Person::covariate`]) and random
    /// numbers ([`Person::draw`], for instance by [`Purpose::Occasion`](crate::random::Purpose::Occasion)).
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, Population, random::{LogNormal, Purpose}, units::*};
    /// let typical = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let weight = LogNormal::of_cv(70.0, 0.2)?.distribution()?;
    /// let people = Population::sample(10, 42, |draw| {
    ///     let weight = draw.value(&weight);
    ///     draw.note("weight", weight);
    ///     Parameters { cl: 1.27 * weight / 70.0, ..typical }.model()
    /// })?;
    /// // Everybody loses a kilogram a month, and the clearance follows.
    /// let months = [4.0 * WEEK, 8.0 * WEEK];
    /// let thinner = people.by_occasion(&months, |person, month| {
    ///     let weight = person.covariate("weight")? - f64::from(month);
    ///     Parameters { cl: 1.27 * weight / 70.0, ..typical }.model()
    /// })?;
    /// let late = [12.0 * WEEK];
    /// let daily = Dose::of(90.0 * UG).every(DAY);
    /// assert!(thinner.simulate(&daily, &late)?.row(0)[0] > people.simulate(&daily, &late)?.row(0)[0]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Whatever `make` refuses, and as for [`then_from`](Self::then_from).
    pub fn by_occasion(&self, starts: &[f64], mut make: impl FnMut(Person<'_>, u32) -> Result<Model>) -> Result<Self> {
        let mut people = self.clone();
        for (occasion, start) in (1..).zip(starts) {
            let models = self
                .iter()
                .map(|person| make(person, occasion).map_err(|error| error.of(format_args!("person {}", person.id))));
            let later = Self { models: models.collect::<Result<_>>()?, occasions: Vec::new(), ..self.clone() };
            people = people.then_from(*start, later)?;
        }
        Ok(people)
    }

    /// Whether somebody's body changes within a course.
    pub(super) fn changes(&self) -> bool {
        !self.occasions.is_empty()
    }

    /// The body of the person of this place, or the bodies one after another.
    pub(super) fn bodies(&self, i: usize) -> Bodies<'_> {
        if self.occasions.is_empty() {
            return Bodies::from(&self.models[i]);
        }
        let first = (f64::NEG_INFINITY, &self.models[i]);
        let later = self.occasions.iter().map(|occasion| (occasion.from, &occasion.models[i]));
        Bodies::one_after_another(std::iter::once(first).chain(later))
    }
}

impl Person<'_> {
    /// What was [noted](crate::random::Draw::note) of this person under a name.
    ///
    /// # Errors
    /// A name under which nothing was noted; the sentence says which there are.
    pub fn covariate(&self, name: &str) -> Result<f64> {
        #[expect(clippy::cast_possible_truncation, reason = "an index of an array in memory")]
        let place = (self.id - self.people.first) as usize;
        Ok(self.people.covariate(name)?[place])
    }
}
