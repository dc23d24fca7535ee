//! What doses bring, with the derivatives of when and how much.

use super::jet::{Jet, Space, add_scaled};
use super::moving::Moving;
use super::transfer::Place;
use super::walk::{Act, Moment, sort};
use crate::meal_effect::MealEffect;
use crate::model::Model;
use crate::phases::Phases;
use crate::regimen::{Dose, Regimen, Route};

/// What of a dose reaches a place at once, or the constant input before it over a duration.
pub(super) struct Brought {
    pub(super) place: Place,
    pub(super) input: Place,
    pub(super) time: Jet,
    pub(super) amount: Jet,
    pub(super) duration: Option<Jet>,
}

/// What a dose brings to each place: late by the lag of the body `taken`, in the fraction and over the duration of the body that `at` says
/// holds at its arrival.
pub(super) fn brought<'a>(
    (time, dose): (f64, &Dose),
    taken: &Moving,
    at: impl Fn(f64) -> (&'a Model, &'a Moving),
) -> Vec<Brought> {
    let space = taken.space;
    let given = (dose.duration > 0.0).then(|| space.constant(dose.duration));
    let amount = |model: &Model| MealEffect::amount(model.meal_effect(), dose);
    if dose.route != Route::Oral {
        let amount = space.constant(amount(at(time).0));
        let (place, input) = (Place::Inside(0), Place::Infusion(0));
        return vec![Brought { place, input, time: space.constant(time), amount, duration: given }];
    }
    let mut all = Vec::new();
    for (path, of_taken) in taken.paths.iter().enumerate() {
        let mut arrival = space.constant(time);
        add_scaled(&mut arrival, 1.0, &of_taken.tlag);
        let (model, now) = at(arrival[0]);
        let amount = space.product(&space.constant(amount(model)), &now.paths[path].f);
        let duration = given.clone().or_else(|| now.paths[path].duration.clone());
        let (place, input) = (now.transfers.head_of(path), Place::Input(path));
        all.push(Brought { place, input, time: arrival, amount, duration });
    }
    all
}

impl Brought {
    /// The moments at which it acts: at once, or from beginning to end of a constant input.
    pub(super) fn moments(self, space: Space, moments: &mut Vec<Moment>) {
        let Self { place, input, time, amount, duration } = self;
        let Some(duration) = duration else {
            return moments.push(Moment { time, act: Act::Give(place, amount) });
        };
        let mut end = time.clone();
        add_scaled(&mut end, 1.0, &duration);
        let mut length = duration.clone();
        length[0] = end[0] - time[0];
        let rate = space.product(&amount, &space.inverse(&length));
        if !rate[0].is_finite() || length[0] <= 0.0 {
            return moments.push(Moment { time, act: Act::Give(place, amount) });
        }
        let mut less = space.zero();
        add_scaled(&mut less, -1.0, &rate);
        moments.push(Moment { time, act: Act::Start(input, rate) });
        moments.push(Moment { time: end, act: Act::Stop(input, less) });
    }
}

/// The moments of a regimen up to and including `until`, under models that hold one after another.
pub(super) fn moments(phases: &Phases, bodies: &[Moving], regimen: &Regimen, until: f64) -> Vec<Moment> {
    let space = bodies[0].space;
    let models: Vec<(f64, &Model)> = phases.iter().collect();
    let number = |time: f64| models.partition_point(|(from, _)| *from <= time).max(1) - 1;
    let at = |time: f64| (models[number(time)].1, &bodies[number(time)]);
    let mut moments: Vec<Moment> =
        (1..models.len()).map(|body| Moment { time: space.constant(models[body].0), act: Act::Change(body) }).collect();
    regimen.each_batch(until, |batch| {
        batch.each(|time, dose| {
            for brought in brought((time, &dose), &bodies[number(time)], at) {
                brought.moments(space, &mut moments);
            }
        });
    });
    sort(&mut moments);
    moments
}
