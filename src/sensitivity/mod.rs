//! Exact derivatives of what a body shows with respect to the numbers of its model.
//!
//! A linear body is a table of transfers, each a sum of flows, and so is each of its derivatives: a rate stands once more in the list
//! of a flow, a clearance or a volume makes a product of two transfers, a time a factor `s` (see the files `terms` and `transfer`). One
//! walk leads amounts with their derivatives through the moments at which something arrives, each of which may itself move with a
//! lag or a duration. Nothing is differenced.

mod course;
mod doses;
mod in_time;
mod inside;
mod jet;
mod lanes;
mod lines;
mod moving;
mod order;
mod pair;
mod pair_lines;
mod pair_sight;
mod pair_steps;
mod row;
mod settled;
mod stages;
mod steady;
mod terms;
#[cfg(test)]
mod tests;
mod transfer;
mod two;
mod walk;

pub(crate) use in_time::levels_in_time;
pub(crate) use jet::{Jet, Space, add_scaled, at_second};
pub(crate) use lines::{Deed, ForEver, Line, Way, follow};
pub(crate) use moving::{Moving, compose, compose_into};
pub(crate) use pair::{Columns, NUMBERS, PairNumbers};
pub(crate) use pair_lines::{PairDeed, PairJets, PairLine, perform_lines, perform_plain};
pub(crate) use two::{OF_TWO, exponentials};

pub use self::order::Order;
pub use crate::number::Number;

use std::borrow::Cow;

use self::settled::begin_cycle;
use self::transfer::Place;
use self::walk::{Standing, perform};
use crate::engine::{check, latest};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::phases::Phases;
use crate::profile::{check_times, last_of};
use crate::regimen::{Regimen, Repeating};

/// What is seen of a body at a time, with its derivatives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sight {
    pub(crate) conc: Jet,
    pub(crate) auc: Jet,
    pub(crate) depot: Jet,
    pub(crate) inside: Vec<Jet>,
}

impl Sight {
    fn of(body: &Moving, amounts: &[Jet], elapsed: f64) -> Self {
        let amounts = amounts.to_vec();
        let mut auc = amounts[body.place(Place::Area)].clone();
        add_scaled(&mut auc, elapsed, &body.baseline);
        Self {
            conc: body.conc(&amounts),
            auc,
            depot: body.depot(&amounts),
            inside: (0..body.volumes.len()).map(|j| body.amount(&amounts, j)).collect(),
        }
    }
}

/// What a regimen leads to at some times, with derivatives; `bodies` belong to `phases`.
pub(crate) fn sights(phases: &Phases, bodies: &mut [Moving], regimen: &Regimen, times: &[f64]) -> Result<Vec<Sight>> {
    check_times(times)?;
    let until = latest(last_of(times)?);
    phases.iter().try_for_each(|(_, model)| check(model, regimen, until))?;
    let moments = doses::moments(phases, bodies, regimen, until);
    let first =
        moments.first().map_or(f64::INFINITY, |moment| moment.time[0]).min(times.first().copied().unwrap_or(0.0));
    let mut standing = Standing::empty(&bodies[0], first);
    let mut sights = Vec::with_capacity(times.len());
    perform(bodies, &moments, (&mut standing, times), |number, body, amounts| {
        sights.push(Sight::of(body, amounts, times[number] - first));
    });
    Ok(sights)
}

/// What a cycle at steady state shows at some times (h after its start, at most its length), with derivatives. The area is that since the start
/// of the cycle.
pub(crate) fn settled_sights(model: &Model, body: Moving, dosing: &Repeating, times: &[f64]) -> Result<Vec<Sight>> {
    check_times(times)?;
    dosing.check()?;
    let tau = dosing.tau();
    if let Some(bad) = times.iter().find(|time| !(0.0..=tau).contains(*time)) {
        return Err(Error::value(format!(
            "the time {bad} h does not lie within a cycle of {tau} h: times at steady state count from the start of a cycle"
        )));
    }
    let mut bodies = [body];
    let mut brought = Vec::new();
    for (time, dose) in dosing.doses() {
        crate::engine::check_fit(model, dose)?;
        brought.extend(doses::brought((*time, dose), &bodies[0], |_| (model, &bodies[0])));
    }
    let (mut start, moments) = begin_cycle(&mut bodies, brought, tau);
    let mut sights = Vec::with_capacity(times.len());
    perform(&mut bodies, &moments, (&mut start, times), |number, body, amounts| {
        sights.push(Sight::of(body, amounts, times[number]));
    });
    Ok(sights)
}

/// A quantity that can be differentiated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// The concentration in the plasma, µg/L.
    Conc,
    /// The area under the concentration since the first dose (or the first output time, if that comes earlier), µg·h/L; at steady state since
    /// the start of the cycle.
    Auc,
    /// The amount that waits to be absorbed, µg.
    Depot,
    /// The amount in the plasma, µg.
    Central,
    /// The amount in a peripheral compartment, counted from 0, µg.
    Peripheral(u8),
}

/// A course with its exact first and second derivatives with respect to every number of its model.
///
/// A derivative has the unit of what is differentiated over that of the number: of a concentration by a clearance µg/L per L/h. At
/// the very instant at which a lagged dose arrives or an input begins or ends, where a curve has a corner, it is that of the curve after it.
///
/// ```
/// use menaquinone::{Bolus, Dose, Model, OneCompartment, sensitivity::Number};
/// let model = Model::new(Bolus, OneCompartment { cl: 2.0, v: 20.0 })?;
/// let found = model.sensitivities(Dose::of(100.0), &[0.0, 5.0])?;
/// // 100/v exp(-cl/v t): by cl it falls by t/v of itself.
/// let conc = found.conc()[1];
/// assert!((found.first(Number::Cl)?[1] + 5.0 / 20.0 * conc).abs() < 1e-14);
/// assert!((found.second(Number::Cl, Number::Cl)?[1] - (5.0_f64 / 20.0).powi(2) * conc).abs() < 1e-14);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivities {
    times: Vec<f64>,
    numbers: Vec<(Number, f64)>,
    sights: Vec<Sight>,
}

impl Model {
    /// The course of a regimen at some times (h, never decreasing) with the first and second derivatives of everything it shows with respect
    /// to every number of this model.
    ///
    /// # Errors
    /// As for [`Model::profile`].
    pub fn sensitivities<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Sensitivities> {
        let (regimen, numbers) = (regimen.into(), self.numbers());
        let mut bodies = [self.moving(&numbers, Order::Second)];
        let sights = sights(&self.clone().into(), &mut bodies, &regimen, times)?;
        Ok(Sensitivities { times: times.to_vec(), numbers, sights })
    }

    /// A cycle at steady state with its derivatives, at some times (h after the start of the cycle, within it).
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, sensitivity::Number, units::*};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let found = model.steady_state_sensitivities(Dose::of(90.0 * UG).every(DAY), &[24.0])?;
    /// let by_cl = found.first(Number::Cl)?[0] * 1.27 / found.conc()[0];
    /// assert!(by_cl < -1.0); // a trough falls by more than the share that the clearance grows by
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Model::steady_state`]; a time outside the cycle.
    pub fn steady_state_sensitivities<R>(&self, dosing: R, times: &[f64]) -> Result<Sensitivities>
    where
        R: TryInto<Repeating>,
        Error: From<R::Error>,
    {
        let (dosing, numbers) = (dosing.try_into()?, self.numbers());
        let sights = settled_sights(self, self.moving(&numbers, Order::Second), &dosing, times)?;
        Ok(Sensitivities { times: times.to_vec(), numbers, sights })
    }

    /// This model, each of whose numbers is an unknown.
    pub(crate) fn moving(&self, numbers: &[(Number, f64)], order: Order) -> Moving {
        let space = Space { unknowns: numbers.len(), second: order == Order::Second };
        Moving::new(self, space, |number| {
            let i = numbers.iter().position(|(own, _)| *own == number)?;
            Some(space.unknown(numbers[i].1, i))
        })
    }
}

impl Phases {
    /// The course of a regimen with its derivatives with respect to the numbers of each model in turn, those of the others held: one
    /// [`Sensitivities`] for each phase, in their order.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, sensitivity::Number, units::*};
    /// let usual = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let phases = usual.clone().then_from(WEEK, usual.with_number(Number::Cl, 0.6)?)?;
    /// let found = phases.sensitivities(Dose::of(90.0 * UG).every(DAY), &[2.0 * WEEK])?;
    /// let [before, after] = [0, 1].map(|phase| found[phase].first(Number::Cl));
    /// assert!(after?[0] < before?[0]); // the clearance of the week just past counts for more
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Phases::profile`].
    pub fn sensitivities<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Vec<Sensitivities>> {
        let regimen = regimen.into();
        let of_phase = |moving: usize| {
            let all: Vec<Vec<(Number, f64)>> = self.iter().map(|(_, model)| model.numbers()).collect();
            let space = Space { unknowns: all[moving].len(), second: true };
            let mut bodies = Vec::new();
            for (phase, (_, model)) in self.iter().enumerate() {
                bodies.push(if phase == moving {
                    model.moving(&all[phase], Order::Second)
                } else {
                    Moving::new(model, space, |_| None)
                });
            }
            let sights = sights(self, &mut bodies, &regimen, times)?;
            Ok(Sensitivities { times: times.to_vec(), numbers: all[moving].clone(), sights })
        };
        (0..self.iter().count()).map(of_phase).collect()
    }
}

impl Sensitivities {
    pub(crate) fn of(times: Vec<f64>, numbers: Vec<(Number, f64)>, sights: Vec<Sight>) -> Self {
        Self { times, numbers, sights }
    }

    /// The times, h.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The numbers of the model with their values.
    pub fn numbers(&self) -> &[(Number, f64)] {
        &self.numbers
    }

    /// The concentrations at the times, µg/L.
    pub fn conc(&self) -> Vec<f64> {
        self.sights.iter().map(|sight| sight.conc[0]).collect()
    }

    /// The derivative of the concentration at each time with respect to a number.
    ///
    /// # Errors
    /// A number that the model does not have.
    pub fn first(&self, by: Number) -> Result<Vec<f64>> {
        self.first_of(Output::Conc, by)
    }

    /// The second derivative of the concentration at each time with respect to two numbers, or twice the same.
    ///
    /// # Errors
    /// A number that the model does not have.
    pub fn second(&self, by: Number, and: Number) -> Result<Vec<f64>> {
        self.second_of(Output::Conc, by, and)
    }

    /// An output at each time.
    ///
    /// # Errors
    /// A peripheral compartment that the model does not have.
    pub fn value_of(&self, output: Output) -> Result<Vec<f64>> {
        self.part(output, 0)
    }

    /// The derivative of an output at each time with respect to a number.
    ///
    /// # Errors
    /// A number or a peripheral compartment that the model does not have.
    pub fn first_of(&self, output: Output, by: Number) -> Result<Vec<f64>> {
        self.part(output, 1 + self.position(by)?)
    }

    /// The second derivative of an output at each time with respect to two numbers.
    ///
    /// # Errors
    /// A number or a peripheral compartment that the model does not have.
    pub fn second_of(&self, output: Output, by: Number, and: Number) -> Result<Vec<f64>> {
        self.part(output, at_second(self.numbers.len(), self.position(by)?, self.position(and)?))
    }

    /// What a number is worth: the derivative of the logarithm of the concentration with respect to that of the number, the share by which the
    /// level grows over that by which the number does; 0 where there is no level.
    ///
    /// # Errors
    /// A number that the model does not have.
    pub fn elasticity(&self, by: Number) -> Result<Vec<f64>> {
        let i = self.position(by)?;
        let share = |sight: &Sight| sight.conc[1 + i] * self.numbers[i].1 / sight.conc[0];
        Ok(self.sights.iter().map(|sight| if sight.conc[0] > 0.0 { share(sight) } else { 0.0 }).collect())
    }

    fn position(&self, number: Number) -> Result<usize> {
        self.numbers.iter().position(|(own, _)| *own == number).ok_or_else(|| {
            let names: Vec<String> = self.numbers.iter().map(|(own, _)| own.to_string()).collect();
            Error::value(format!("the model has no number `{number}`: its numbers are {}", names.join(", ")))
        })
    }

    fn part(&self, output: Output, at: usize) -> Result<Vec<f64>> {
        let of = |sight: &Sight| match output {
            Output::Conc => Some(sight.conc[at]),
            Output::Auc => Some(sight.auc[at]),
            Output::Depot => Some(sight.depot[at]),
            Output::Central => Some(sight.inside[0][at]),
            Output::Peripheral(j) => sight.inside.get(1 + usize::from(j)).map(|amount| amount[at]),
        };
        let missing = || Error::value("the model has no such peripheral compartment: they are counted from 0");
        self.sights.iter().map(|sight| of(sight).ok_or_else(missing)).collect()
    }
}
