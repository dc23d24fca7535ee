//! One regimen and one set of output times for many models: the steps are found once and serve everybody who takes the
//! doses at the same instants.

use std::ops::Range;

use super::fold::{Tables, fold, fold_pair};
use super::{SCATTERED, scattered};
use crate::error::Result;
use crate::meal_effect::MealEffect;
use crate::model::{Model, Parameters};
use crate::network::{Event, Network, Pair};
use crate::profile::{check_times, last_of};
use crate::regimen::Regimen;
use crate::timeline::{Timeline, compile, prepare};

/// Simulates one model after another under the same regimen, at some of the same times.
///
/// The concentrations have the bits of [`Model::concentrations_into`], whoever was simulated before.
pub(crate) struct Runner<'a> {
    regimen: &'a Regimen,
    times: &'a [f64],
    /// Which of the output times are wanted.
    wanted: Range<usize>,
    /// What the regimen asks of a model that can share its steps with others.
    shareable: bool,
    compiled: Option<Compiled>,
    tables: Tables,
    amounts: Vec<Event>,
}

/// Events and the steps between them.
struct Compiled {
    /// For whom with one depot and one pool they hold; the events are those of whom absorbs everything.
    who: Option<Who>,
    events: Vec<Event>,
    /// None where the events are too many for steps to pay.
    steps: Option<Timeline>,
}

/// What decides when the doses of a person with one depot and one pool enter and how large they are, but for the fraction
/// absorbed.
pub(crate) struct Who {
    tlag: f64,
    meals: Option<MealEffect>,
}

impl Who {
    pub(crate) fn fits(&self, model: &Model, parameters: Parameters) -> bool {
        self.tlag == parameters.tlag && self.meals.as_ref() == model.meal_effect()
    }

    /// The events until `until` of all who are like `model`, if they absorbed everything.
    pub(crate) fn events(
        model: &Model,
        parameters: Parameters,
        (regimen, until): (&Regimen, f64),
    ) -> Result<(Self, Vec<Event>)> {
        let meals = model.meal_effect().cloned();
        let mut whole = Parameters { f: 1.0, ..parameters }.model()?;
        if let Some(meals) = &meals {
            whole = whole.with_meal_effect(meals.clone());
        }
        let (_, events) = prepare(&whole, regimen, until)?;
        Ok((Self { tlag: parameters.tlag, meals }, events))
    }
}

impl<'a> Runner<'a> {
    /// For the concentrations at those of `times` (h, never decreasing) that are `wanted`.
    pub(crate) fn new(regimen: &'a Regimen, times: &'a [f64], wanted: Range<usize>) -> Result<Self> {
        check_times(times)?;
        regimen.check(last_of(times)?)?;
        let shareable = !regimen.takes_time();
        let tables = Tables::default();
        Ok(Self { regimen, times, wanted, shareable, compiled: None, tables, amounts: Vec::new() })
    }

    /// The wanted concentrations of `model`.
    pub(crate) fn run(&mut self, model: &Model, conc: &mut [f64]) -> Result<()> {
        match model.flat().filter(|_| self.shareable) {
            Some(parameters) => self.run_pair(model, parameters, conc),
            None => self.run_any(model, conc),
        }
    }

    /// The common case: nothing is looked at dose by dose before the hot loop.
    fn run_pair(&mut self, model: &Model, parameters: Parameters, conc: &mut [f64]) -> Result<()> {
        let who = self.compiled.as_ref().and_then(|compiled| compiled.who.as_ref());
        if !who.is_some_and(|who| who.fits(model, parameters)) {
            let (who, events) = Who::events(model, parameters, (self.regimen, self.times[self.times.len() - 1]))?;
            let steps = if self.is_scattered(&events) { None } else { Some(self.compile(&events)?) };
            self.compiled = Some(Compiled { who: Some(who), events, steps });
        }
        let Some(Compiled { events, steps, .. }) = &self.compiled else { return Ok(()) };
        let mode = model.modes()[0];
        let pair = Pair { ka: parameters.ka, ke: mode.k, coef: mode.coef };
        let Some(steps) = steps else {
            self.amounts.clear();
            self.amounts.extend(events.iter().map(|event| event.times_f(parameters.f)));
            scattered::fill(pair, &self.amounts, (model.baseline(), &self.times[self.wanted.clone()]), conc);
            return Ok(());
        };
        self.tables.set_pair(pair, steps);
        let (before, after) = conc.split_at_mut(steps.before);
        before.fill(model.baseline());
        fold_pair(&self.tables, (&steps.steps, events), (model.baseline(), parameters.f), after);
        Ok(())
    }

    /// Any other model: its events are its own, and the steps are those of the last whose events came at the same times.
    fn run_any(&mut self, model: &Model, conc: &mut [f64]) -> Result<()> {
        let (network, events) = prepare(model, self.regimen, self.times[self.times.len() - 1])?;
        let pair = network.pair();
        if let Some(pair) = pair.filter(|_| self.is_scattered(&events)) {
            let times = &self.times[self.wanted.clone()];
            scattered::fill(pair, &events, (model.baseline(), times), conc);
            return Ok(());
        }
        let same = |known: &[Event]| known.iter().map(|event| event.time).eq(events.iter().map(|event| event.time));
        match self.compiled.as_mut().filter(|compiled| compiled.steps.is_some() && same(&compiled.events)) {
            Some(compiled) => (compiled.who, compiled.events) = (None, events),
            None => self.compiled = Some(Compiled { who: None, steps: Some(self.compile(&events)?), events }),
        }
        let Some(Compiled { events, steps: Some(steps), .. }) = &self.compiled else { return Ok(()) };
        let (before, after) = conc.split_at_mut(steps.before);
        before.fill(model.baseline());
        run(&network, (steps, events), model.baseline(), after);
        Ok(())
    }

    fn compile(&self, events: &[Event]) -> Result<Timeline> {
        let whole = compile(events, self.times)?;
        Ok(if self.wanted == (0..self.times.len()) { whole } else { whole.part(self.wanted.clone()) })
    }

    /// As [`Model::concentrations_into`] decides it, for all times.
    fn is_scattered(&self, events: &[Event]) -> bool {
        events.len() > self.times.len() / SCATTERED
    }
}

/// The concentrations at the output times of the steps, those before the first left out.
pub(super) fn run(network: &Network, (timeline, events): (&Timeline, &[Event]), baseline: f64, conc: &mut [f64]) {
    let steps = (&timeline.steps[..], events);
    match network.pair() {
        Some(pair) => fold_pair(&Tables::pair(pair, timeline), steps, (baseline, 1.0), conc),
        None => fold(&Tables::new(network, timeline), steps, baseline, conc),
    }
}
