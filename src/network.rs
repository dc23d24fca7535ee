//! The linear compartments of a model in the order of flow, and how doses enter them.
//!
//! The state is one number per *source* (an input that runs at a constant rate, or a compartment that waits to be
//! absorbed) and then one per *pool*: each exponential of the disposition has a pool into which all that reaches the
//! plasma flows and which empties at its own rate. The concentration is `sum coef * pool`. A constant input is a
//! compartment that empties at rate 0, so every flow is one and the same function, [`numeric::flow`].

use smallvec::{SmallVec, smallvec};

use crate::absorption::{Bolus, Path, Rates};
use crate::disposition::Modes;
use crate::error::{Error, Result};
use crate::meal_effect::MealEffect;
use crate::model::Model;
use crate::numeric;
use crate::regimen::{Batch, Dose, Route};

/// The compartments of a model.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    pub(crate) sources: SmallVec<[Source; 2]>,
    pub(crate) modes: Modes,
    /// The way in of intravenous doses, then of each path of absorption.
    entries: SmallVec<[Entry; 2]>,
    meals: Option<MealEffect>,
}

/// One depot that empties into one pool, which empties in turn: the common case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) ka: f64,
    pub(crate) ke: f64,
    pub(crate) coef: f64,
}

/// A constant input or a compartment on the way to the plasma.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The rates of this and of all that follow on the way to the plasma; a constant input has rate 0.
    pub(crate) rates: Rates,
}

/// Where and how a dose goes in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    tlag: f64,
    f: f64,
    /// The time over which a dose given at once enters.
    duration: f64,
    /// The constant input, if this network has one here.
    rate: u16,
    /// The states that a dose given at once adds to: the first compartment of a chain, or all pools.
    into: (u16, u16),
}

/// Something that happens to the state at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Event {
    pub(crate) time: f64,
    /// An amount (µg) or, for a rate, µg/h.
    pub(crate) amount: f64,
    pub(crate) action: Action,
}

/// What happens; ends come before beginnings at the same instant, so that back-to-back inputs never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    /// The constant input of this source loses one contributor.
    Stop(u16),
    /// The constant input of this source gains one contributor.
    Start(u16),
    /// The states from the first to before the last gain the amount.
    Add(u16, u16),
}

/// A dose as one path of the model takes it: an amount that arrives from a time on, at once or at a constant rate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival {
    pub(crate) time: f64,
    pub(crate) amount: f64,
    pub(crate) duration: f64,
    pub(crate) entry: Entry,
}

impl Event {
    /// The same into the depot in the fraction `f`, for one depot and one pool.
    pub(crate) fn times_f(self, f: f64) -> Self {
        let amount = if let Action::Add(0, _) = self.action { self.amount * f } else { self.amount };
        Self { amount, ..self }
    }
}

impl Network {
    /// The compartments of `model`; with `rates`, also its constant inputs, which few regimens need.
    pub(crate) fn new(model: &Model, rates: bool) -> Self {
        let (modes, meals) = (model.modes().into(), model.meal_effect().cloned());
        let mut network = Self { sources: SmallVec::new(), modes, entries: SmallVec::new(), meals };
        network.add_entry(&Path { process: Bolus.into(), tlag: 0.0, f: 1.0 }, rates);
        model.absorption().paths().iter().for_each(|path| network.add_entry(path, rates));
        let (first_pool, states) = (count(network.sources.len()), count(network.states()));
        for entry in network.entries.iter_mut().filter(|entry| entry.into == (0, 0)) {
            entry.into = (first_pool, states);
        }
        network
    }

    /// Adds the way in and the compartments of a path; one without compartments leads to the pools, whose place is not
    /// known yet.
    fn add_entry(&mut self, path: &Path, rates: bool) {
        let chain = path.process.chain();
        let rate = count(self.sources.len());
        if rates {
            self.sources.push(Source { rates: std::iter::once(0.0).chain(chain.iter().copied()).collect() });
        }
        let first = count(self.sources.len());
        let into = if chain.is_empty() { (0, 0) } else { (first, first + 1) };
        self.sources.extend((0..chain.len()).map(|i| Source { rates: chain[i..].into() }));
        self.entries.push(Entry { tlag: path.tlag, f: path.f, duration: path.process.duration(), rate, into });
    }

    /// How many numbers the state has.
    pub(crate) fn states(&self) -> usize {
        self.sources.len() + self.modes.len()
    }

    /// The two rates and the coefficient of the concentration, if there are just one depot and one pool.
    pub(crate) fn pair(&self) -> Option<Pair> {
        match (&self.sources[..], &self.modes[..]) {
            ([source], [mode]) if source.rates[0] > 0.0 => {
                Some(Pair { ka: source.rates[0], ke: mode.k, coef: mode.coef })
            }
            _ => None,
        }
    }

    /// A unit in state `from` becomes `scale * flow(rates, u)` in state `to` after `u` hours; `None` if nothing flows.
    pub(crate) fn transfer(&self, from: usize, to: usize) -> Option<(f64, Rates)> {
        match (self.sources.get(from), to.checked_sub(self.sources.len())) {
            (Some(source), Some(pool)) => {
                let rates = source.rates.iter().copied().chain([self.modes[pool].k]).collect();
                Some((gain(&source.rates), rates))
            }
            (Some(source), None) => {
                let steps = to.checked_sub(from)?;
                let same_chain = self.sources[to].rates.len() + steps == source.rates.len();
                same_chain.then(|| (gain(&source.rates[..steps]), source.rates[..=steps].into()))
            }
            (None, _) => (from == to).then(|| (1.0, smallvec![self.modes[from - self.sources.len()].k])),
        }
    }

    /// The terms of the concentration `u` hours after a unit stood in state `from`: the sum of
    /// `scale * flow(rates, u)`.
    pub(crate) fn response(&self, from: usize) -> impl Iterator<Item = (f64, Rates)> + '_ {
        self.modes.iter().enumerate().filter_map(move |(pool, mode)| {
            let (scale, rates) = self.transfer(from, self.sources.len() + pool)?;
            Some((scale * mode.coef, rates))
        })
    }

    /// The state `u` hours later, with nothing happening in between.
    pub(crate) fn advance(&self, state: &[f64], u: f64) -> SmallVec<[f64; 4]> {
        let mut later = smallvec![0.0; state.len()];
        for (from, &amount) in state.iter().enumerate().filter(|(_, amount)| **amount != 0.0) {
            for (to, later) in later.iter_mut().enumerate().skip(from) {
                if let Some((scale, rates)) = self.transfer(from, to) {
                    *later += amount * scale * numeric::flow(&rates, u);
                }
            }
        }
        later
    }

    /// The concentration of a state, without the baseline, µg/L.
    pub(crate) fn concentration(&self, state: &[f64]) -> f64 {
        self.modes.iter().zip(&state[self.sources.len()..]).map(|(mode, pool)| mode.coef * pool).sum()
    }

    /// The rate at which a state empties, 1/h; 0 for a constant input.
    pub(crate) fn rate_of(&self, state: usize) -> Option<f64> {
        let pool = |state: usize| self.modes.get(state - self.sources.len()).map(|mode| mode.k);
        self.sources.get(state).map_or_else(|| pool(state), |source| Some(source.rates[0]))
    }

    /// The area under the concentration over the `u` hours in which a state drifts, µg·h/L: the flow into one more
    /// compartment, which never empties.
    pub(crate) fn auc(&self, state: &[f64], u: f64) -> f64 {
        self.area_terms(state).map(|(scale, rates)| scale * numeric::flow(&rates, u)).sum()
    }

    /// The area under the concentration times the time since the drift began, µg·h²/L: a factor of time doubles each rate
    /// in turn, by the product rule of the convolution.
    pub(crate) fn aumc(&self, state: &[f64], u: f64) -> f64 {
        let moment = |(scale, mut rates): (f64, Rates)| {
            let mut sum = 0.0;
            for i in 0..rates.len() - 1 {
                rates.push(rates[i]);
                sum += scale * numeric::flow(&rates, u);
                rates.pop();
            }
            sum
        };
        self.area_terms(state).map(moment).sum()
    }

    /// The terms of the area under the concentration of a state, all of them positive.
    fn area_terms<'a>(&'a self, state: &'a [f64]) -> impl Iterator<Item = (f64, Rates)> + 'a {
        let filled = state.iter().enumerate().filter(|(_, amount)| **amount != 0.0);
        filled.flat_map(|(from, amount)| {
            self.response(from).map(move |(scale, mut rates)| {
                rates.push(0.0);
                (amount * scale, rates)
            })
        })
    }

    /// The rate at which the concentration of a state changes, µg/L/h.
    pub(crate) fn slope(&self, state: &[f64]) -> f64 {
        let (sources, pools) = state.split_at(self.sources.len());
        let last_steps = self.sources.iter().zip(sources).filter(|(source, _)| source.rates.len() == 1);
        let input: f64 = last_steps.map(|(source, amount)| gain(&source.rates) * amount).sum();
        self.modes.iter().zip(pools).map(|(mode, pool)| mode.coef * (input - mode.k * pool)).sum()
    }

    /// The amount in the plasma and the peripheral compartments, µg: what is there will be cleared, so
    /// `cl * integral of the concentration to come`.
    pub(crate) fn body(&self, state: &[f64], cl: f64) -> f64 {
        let pools = &state[self.sources.len()..];
        self.modes.iter().zip(pools).map(|(mode, pool)| cl * mode.coef / mode.k * pool).sum()
    }

    /// The amount that waits to be absorbed, µg.
    pub(crate) fn depot(&self, state: &[f64]) -> f64 {
        let waiting = self.sources.iter().zip(state).filter(|(source, _)| source.rates[0] > 0.0);
        waiting.map(|(_, amount)| amount).sum::<f64>() + 0.0 // the sum of nothing is -0
    }

    /// The rate of all constant inputs, µg/h.
    pub(crate) fn input_rate(&self, state: &[f64]) -> f64 {
        self.sources.iter().zip(state).filter(|(source, _)| source.rates[0] == 0.0).map(|(_, rate)| rate).sum()
    }

    /// Adds the events of many doses. Where each enters at once by one path, which is the rule, nothing is asked twice.
    pub(crate) fn push_events(&self, batch: Batch, events: &mut Vec<Event>) {
        let (false, [iv, oral]) = (self.has_rates(), &self.entries[..]) else {
            return batch.each(|time, dose| self.arrivals((time, dose), |arrival| arrival.push_events(events)));
        };
        let event = |time: f64, dose: &Dose| {
            let entry = if dose.route == Route::Oral { oral } else { iv };
            let action = Action::Add(entry.into.0, entry.into.1);
            Event { time: time + entry.tlag, amount: self.amount(dose) * entry.f, action }
        };
        match batch {
            Batch::Repeated(run, dose) => events.extend(run.times().map(|time| event(time, &dose))),
            Batch::Listed(doses) => events.extend(doses.iter().map(|(time, dose)| event(*time, dose))),
        }
    }

    /// What of a dose its meal lets through to the paths.
    #[inline(always)]
    fn amount(&self, dose: &Dose) -> f64 {
        MealEffect::amount(self.meals.as_ref(), dose)
    }

    fn has_rates(&self) -> bool {
        self.sources.iter().any(|source| source.rates[0] == 0.0)
    }

    /// Calls `each` with every arrival of a dose taken at `time`.
    #[inline(always)]
    pub(crate) fn arrivals(&self, (time, dose): (f64, Dose), mut each: impl FnMut(Arrival)) {
        let paths = if dose.route == Route::Oral { &self.entries[1..] } else { &self.entries[..1] };
        let amount = self.amount(&dose);
        for entry in paths {
            let duration = if dose.duration > 0.0 { dose.duration } else { entry.duration };
            each(Arrival { time: time + entry.tlag, amount: amount * entry.f, duration, entry: *entry });
        }
    }
}

impl Arrival {
    /// The constant input that carries the arrival, if it takes time.
    pub(crate) fn rate_source(&self) -> u16 {
        self.entry.rate
    }

    /// The constant input that carries the arrival if it takes time, and the states that it adds to if it takes none.
    pub(crate) fn place(&self) -> (u16, (u16, u16)) {
        (self.entry.rate, self.entry.into)
    }

    /// Adds the events of the arrival.
    #[inline(always)]
    pub(crate) fn push_events(self, events: &mut Vec<Event>) {
        let Self { time, amount, duration, entry } = self;
        push_input(events, (time, amount, duration), (entry.rate, entry.into));
    }
}

/// Adds the events of an amount that enters from `time` on: one, or the beginning and the end of a constant input to
/// `rate`. An input so short that it vanishes in the rounding of the clock, or that its rate is beyond all numbers, enters
/// `into` at once; any other runs as long as the clock says, so that it brings the whole amount.
#[inline(always)]
pub(crate) fn push_input(
    events: &mut Vec<Event>,
    (time, amount, duration): (f64, f64, f64),
    (rate, into): (u16, (u16, u16)),
) {
    let end = time + duration;
    let speed = amount / (end - time);
    if end > time && speed.is_finite() {
        events.push(Event { time, amount: speed, action: Action::Start(rate) });
        events.push(Event { time: end, amount: speed, action: Action::Stop(rate) });
    } else {
        events.push(Event { time, amount, action: Action::Add(into.0, into.1) });
    }
}

/// One amount a state; few states need no allocation.
pub(crate) type Amounts = SmallVec<[f64; 4]>;

/// The amounts in all states, and how many inputs run into each.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) amounts: Amounts,
    running: SmallVec<[u32; 4]>,
}

impl State {
    pub(crate) fn empty(states: usize) -> Self {
        Self { amounts: smallvec![0.0; states], running: smallvec![0; states] }
    }

    /// Lets one more input run into a source.
    #[inline(always)]
    pub(crate) fn start(&mut self, source: u16, rate: f64) {
        self.running[usize::from(source)] += 1;
        self.amounts[usize::from(source)] += rate;
    }

    /// Lets an event happen. Running inputs are counted, so that the rate is exactly zero after the last has ended.
    #[inline(always)]
    pub(crate) fn apply(&mut self, event: &Event) {
        match event.action {
            Action::Add(first, last) => {
                self.amounts[first.into()..last.into()].iter_mut().for_each(|amount| *amount += event.amount);
            }
            Action::Start(source) => self.start(source, event.amount),
            Action::Stop(source) => {
                let (amount, running) =
                    (&mut self.amounts[usize::from(source)], &mut self.running[usize::from(source)]);
                *running -= 1;
                *amount = if *running == 0 { 0.0 } else { *amount - event.amount };
            }
        }
    }
}

/// A count of states: a model has at most 100 paths of at most 52 compartments each.
fn count(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// What of the flow through rates passes on: each compartment hands over at its own rate, a constant input at 1.
fn gain(rates: &[f64]) -> f64 {
    rates.iter().filter(|rate| **rate > 0.0).product()
}

/// Refuses the one pair that has no meaning here: a drawn-out oral dose into an absorption with a duration of its own.
pub(crate) fn check_fit(model: &Model, dose: &Dose) -> Result<()> {
    let drawn_out = dose.route == Route::Oral && dose.duration > 0.0;
    let own = model.absorption().paths().iter().map(|path| path.process.duration()).find(|own| *own > 0.0);
    match own {
        Some(own) if drawn_out => Err(Error::value(format!(
            "an oral dose given over {} h meets zero-order absorption, which takes {own} h itself: give the dose at once, or use another absorption",
            dose.duration
        ))),
        _ => Ok(()),
    }
}
