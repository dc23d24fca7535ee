//! The exact simulation of a linear model: a fold over events, and the one hot loop.
#![allow(clippy::inline_always, reason = "the hot path must keep the vector instructions of the function it stands in")]

mod scattered;

use std::borrow::Cow;
use std::ops::RangeInclusive;

use multiversion::multiversion;
use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use crate::error::{Error, Result};
use crate::model::Model;
use crate::network::{Action, Event, Network, Pair};
use crate::numeric;
use crate::profile::Profile;
use crate::regimen::Regimen;
use crate::timeline::{Step, Timeline, compile, last_time, prepare};

/// Where the substance of the doses is at a time: `entered = depot + body + eliminated`.
///
/// Amounts in µg. The endogenous input that keeps a baseline is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// The time, h.
    pub time: f64,
    /// What has entered so far: `f * amount` of every dose whose lag is over; of an infusion, the part already given.
    pub entered: f64,
    /// What waits to be absorbed.
    pub depot: f64,
    /// What is in the plasma and the peripheral compartments.
    pub body: f64,
    /// What has left the body: `cl * AUC`.
    pub eliminated: f64,
}

impl Balance {
    /// What has reached the plasma so far, µg.
    pub fn absorbed(&self) -> f64 {
        self.body + self.eliminated
    }
}

impl Model {
    /// The concentrations that a dosing gives at `times` (h, never decreasing): exact, at a cost linear in doses and
    /// times.
    ///
    /// At the instant of a dose the value after it is given.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, grid, units::*};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let profile = model.profile(Dose::of(180.0 * UG).every(DAY).times(90), &grid(0.0..=100.0 * DAY, HOUR))?;
    /// assert_eq!(profile.times().len(), 2_401);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Times that are missing, not finite or decreasing; a dose, an interval or a time of the regimen that cannot be.
    pub fn profile<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Profile> {
        let conc = self.concentrations(regimen, times)?;
        Ok(Profile::trusted(times.to_vec(), conc))
    }

    /// The concentrations of [`profile`](Self::profile) alone, without a copy of the times.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let (dosing, times) = (Dose::of(180.0).every(24.0), [0.0, 3.0, 24.0, 27.0]);
    /// assert_eq!(model.concentrations(&dosing, &times)?, model.profile(&dosing, &times)?.conc());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`profile`](Self::profile).
    pub fn concentrations<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Vec<f64>> {
        let mut conc = vec![0.0; times.len()];
        self.concentrations_into(regimen, times, &mut conc)?;
        Ok(conc)
    }

    /// The same into memory of the caller's, which thousands of subjects can share.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let mut conc = [0.0; 3];
    /// model.concentrations_into(Dose::of(180.0), &[0.0, 3.0, 24.0], &mut conc)?;
    /// assert!(conc[0] == 0.0 && conc[1] > conc[2] && conc[2] > 0.9);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`profile`](Self::profile), and an output that is not as long as the times; the output is then unchanged.
    pub fn concentrations_into<'a>(
        &self,
        regimen: impl Into<Cow<'a, Regimen>>,
        times: &[f64],
        conc: &mut [f64],
    ) -> Result<()> {
        if times.len() != conc.len() {
            return Err(Error::value(format!(
                "there are {} output times and room for {} concentrations: give as much room as times",
                times.len(),
                conc.len()
            )));
        }
        let (network, events) = prepare(self, &regimen.into(), last_time(times)?)?;
        fill(&network, &events, (self.baseline(), times), conc);
        Ok(())
    }

    /// Where the substance of the doses is at `times` (h, never decreasing).
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 0.5 }.model()?;
    /// let now = model.balance(Dose::of(180.0), &[24.0])?[0];
    /// assert_eq!(now.entered, 90.0);
    /// assert!((now.depot + now.body + now.eliminated - now.entered).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`profile`](Self::profile).
    pub fn balance<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Vec<Balance>> {
        let (network, events) = prepare(self, &regimen.into(), last_time(times)?)?;
        let mut walk = Walk { measure: Measure::Area, ..Walk::new(&network, &events) };
        Ok(times.iter().map(|&time| walk.balance_at(self, time)).collect())
    }

    /// The area under the concentration between two times, µg·h/L; an infinite end gives the whole area.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters};
    /// let model = Parameters { cl: 2.0, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let auc_inf = model.auc(Dose::of(180.0), 0.0..=f64::INFINITY)?;
    /// assert!((auc_inf - 180.0 / 2.0).abs() < 1e-12); // f * dose / cl
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A window that is not one, dosing without an end or a baseline under an infinite end, and as for
    /// [`profile`](Self::profile).
    #[doc(alias = "auc_inf")]
    pub fn auc<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, window: RangeInclusive<f64>) -> Result<f64> {
        Ok(self.moments(&regimen.into(), window)?.auc)
    }

    /// The area under time times concentration between two times, µg·h²/L, with time counted from 0; an infinite end
    /// gives the whole area.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters};
    /// let model = Parameters { cl: 2.0, v: 154.0, ka: 0.5, tlag: 0.0, f: 1.0 }.model()?;
    /// let (whole, dose) = (0.0..=f64::INFINITY, Dose::of(180.0));
    /// let mean_residence = model.aumc(dose, whole.clone())? / model.auc(dose, whole)?;
    /// assert!((mean_residence - (1.0 / 0.5 + model.mrt())).abs() < 1e-11); // 1/ka + v/cl
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`auc`](Self::auc).
    #[doc(alias = "aumc_inf")]
    pub fn aumc<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, window: RangeInclusive<f64>) -> Result<f64> {
        Ok(self.moments(&regimen.into(), window)?.aumc)
    }

    fn moments(&self, regimen: &Regimen, window: RangeInclusive<f64>) -> Result<Moments> {
        let (from, to) = window.into_inner();
        let proper = from.is_finite() && to >= from;
        if !proper {
            return Err(Error::value(format!(
                "the window from {from} h to {to} h is not one: its start must be finite and its end must not come before it"
            )));
        }
        let endless = to == f64::INFINITY && (self.baseline() > 0.0 || regimen.is_endless());
        if endless {
            return Err(Error::value(
                "the area has no end: dosing without an end or a baseline has an infinite area, so give the window a finite end",
            ));
        }
        let (network, events) = prepare(self, regimen, to)?;
        let mut walk = Walk::new(&network, &events);
        walk.advance_to(from);
        walk.measure = Measure::Moments;
        walk.advance_to(to);
        if to < f64::INFINITY {
            walk.moments.add_constant(self.baseline(), (from, to - from));
        }
        Ok(walk.moments)
    }
}

/// The concentrations above `baseline` at `times`.
fn fill(network: &Network, events: &[Event], (baseline, times): (f64, &[f64]), conc: &mut [f64]) {
    if let Some(pair) = network.pair()
        && events.len() > times.len() / SCATTERED
    {
        return scattered::fill(pair, events, (baseline, times), conc);
    }
    let timeline = compile(events, times);
    let (before, after) = conc.split_at_mut(timeline.before);
    before.fill(baseline);
    let steps = (&timeline.steps[..], events);
    match network.pair() {
        Some(pair) => fold_pair(&Tables::pair(pair, &timeline), steps, baseline, after),
        None => fold(&Tables::new(network, &timeline), steps, baseline, after),
    }
}

/// Steps of fewer output times than this are not worth the search for what recurs.
const SCATTERED: usize = 8;

/// The exponentials of a simulation, each once.
struct Tables {
    states: usize,
    /// The concentration that a unit in a state gives at each offset, state after state.
    response: Vec<f64>,
    offsets: usize,
    /// Which state feeds which: the last fed first, and itself first among its feeders, so that the state can be
    /// advanced in place.
    links: SmallVec<[Link; 4]>,
    /// What a unit becomes over each gap, link after link.
    transfer: Vec<f64>,
    gaps: usize,
}

/// The flow from a state to another or the same.
#[derive(Debug, Clone, Copy)]
struct Link {
    from: usize,
    to: usize,
}

impl Tables {
    /// Those of one depot and one pool, in one go; the links are from pool to pool, from depot to pool and from depot to
    /// depot.
    fn pair(Pair { ka, ke, coef }: Pair, timeline: &Timeline) -> Self {
        let (offsets, gaps) = (timeline.offsets.len(), timeline.gaps.len());
        let mut response = vec![0.0; 2 * offsets];
        let (by_depot, by_pool) = response.split_at_mut(offsets);
        numeric::pool_rows(coef, [ka, ke], &timeline.offsets, [by_depot, by_pool]);
        let mut transfer = vec![0.0; 3 * gaps];
        let (pool_to_pool, from_depot) = transfer.split_at_mut(gaps);
        let (depot_to_pool, depot_to_depot) = from_depot.split_at_mut(gaps);
        numeric::pool_rows(1.0, [ka, ke], &timeline.gaps, [depot_to_pool, pool_to_pool]);
        numeric::add_decay(1.0, ka, &timeline.gaps, depot_to_depot);
        Self { states: 2, response, offsets, links: SmallVec::new(), transfer, gaps }
    }

    fn new(network: &Network, timeline: &Timeline) -> Self {
        let states = network.states();
        let (offsets, gaps) = (&timeline.offsets, &timeline.gaps);
        let mut response = vec![0.0; states * offsets.len()];
        for from in 0..states {
            let row = &mut response[from * offsets.len()..][..offsets.len()];
            for (scale, rates) in network.response(from) {
                numeric::add_flow(scale, &rates, offsets, row);
            }
        }
        let mut links = SmallVec::new();
        let mut transfer = Vec::with_capacity(2 * states * gaps.len());
        for (to, from) in (0..states).rev().flat_map(|to| (0..=to).rev().map(move |from| (to, from))) {
            if let Some((scale, rates)) = network.transfer(from, to) {
                links.push(Link { from, to });
                let row = transfer.len();
                transfer.resize(row + gaps.len(), 0.0);
                numeric::add_flow(scale, &rates, gaps, &mut transfer[row..]);
            }
        }
        Self { states, response, offsets: offsets.len(), links, transfer, gaps: gaps.len() }
    }
}

/// The hot loop: the concentrations of all steps, above `baseline`, into `conc`.
#[multiversion(targets("x86_64+avx2"))]
fn fold(tables: &Tables, (steps, events): (&[Step], &[Event]), baseline: f64, conc: &mut [f64]) {
    let mut state = State::empty(tables.states);
    let (mut rest, mut done) = (conc, 0);
    for step in steps {
        for event in &events[done..step.events] {
            state.apply(event);
        }
        done = step.events;
        let (now, after) = rest.split_at_mut(step.outputs);
        tables.samples(&state.amounts, step.pattern, baseline, now);
        rest = after;
        if step.gap != Step::NO_GAP {
            tables.advance(&mut state.amounts, step.gap);
        }
    }
}

/// The same for one depot and one pool without constant inputs, the common case: the state stays in two registers.
#[multiversion(targets("x86_64+avx2"))]
fn fold_pair(tables: &Tables, (steps, events): (&[Step], &[Event]), baseline: f64, conc: &mut [f64]) {
    let [pool_to_pool, depot_to_pool, depot_to_depot] = [0, 1, 2].map(|link| &tables.transfer[link * tables.gaps..]);
    let (depot_response, pool_response) = tables.response.split_at(tables.offsets);
    let (mut depot, mut pool) = (0.0, 0.0);
    let (mut rest, mut done) = (conc, 0);
    for step in steps {
        for event in &events[done..step.events] {
            match event.action {
                Action::Add(0, _) => depot += event.amount,
                _ => pool += event.amount,
            }
        }
        done = step.events;
        let (now, after) = rest.split_at_mut(step.outputs);
        let rows = [&depot_response[step.pattern..], &pool_response[step.pattern..]];
        combine([depot, pool], rows, baseline, now);
        rest = after;
        if step.gap != Step::NO_GAP {
            pool = pool_to_pool[step.gap] * pool + depot_to_pool[step.gap] * depot;
            depot *= depot_to_depot[step.gap];
        }
    }
}

/// `baseline + depot * by_depot + pool * by_pool` along the rows, eight at a time.
#[inline(always)]
fn combine([depot, pool]: [f64; 2], rows: [&[f64]; 2], baseline: f64, conc: &mut [f64]) {
    let value = |by_depot: f64, by_pool: f64| baseline + (depot * by_depot + pool * by_pool);
    let [(by_depot, last_by_depot), (by_pool, last_by_pool)] = rows.map(|row| row[..conc.len()].as_chunks::<8>());
    let (conc, last) = conc.as_chunks_mut::<8>();
    for ((conc, by_depot), by_pool) in conc.iter_mut().zip(by_depot).zip(by_pool) {
        for i in 0..8 {
            conc[i] = value(by_depot[i], by_pool[i]);
        }
    }
    for ((conc, by_depot), by_pool) in last.iter_mut().zip(last_by_depot).zip(last_by_pool) {
        *conc = value(*by_depot, *by_pool);
    }
}

impl Tables {
    /// `baseline + sum amount * response` for the samples of a step.
    #[inline(always)]
    fn samples(&self, amounts: &[f64], pattern: usize, baseline: f64, conc: &mut [f64]) {
        conc.fill(baseline);
        for (state, amount) in amounts.iter().enumerate() {
            let row = &self.response[state * self.offsets + pattern..][..conc.len()];
            for (conc, response) in conc.iter_mut().zip(row) {
                *conc += amount * response;
            }
        }
    }

    /// Moves the amounts on by the gap of that number.
    #[inline(always)]
    fn advance(&self, amounts: &mut [f64], gap: usize) {
        for (link, transfer) in self.links.iter().zip(self.transfer.chunks(self.gaps)) {
            let flow = transfer[gap] * amounts[link.from];
            amounts[link.to] = if link.from == link.to { flow } else { amounts[link.to] + flow };
        }
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
    pub(crate) fn start(&mut self, source: u32, rate: f64) {
        self.running[source as usize] += 1;
        self.amounts[source as usize] += rate;
    }

    /// Lets an event happen. Running inputs are counted, so that the rate is exactly zero after the last has ended.
    #[inline(always)]
    pub(crate) fn apply(&mut self, event: &Event) {
        match event.action {
            Action::Add(first, last) => {
                self.amounts[first as usize..last as usize].iter_mut().for_each(|amount| *amount += event.amount);
            }
            Action::Start(source) => self.start(source, event.amount),
            Action::Stop(source) => {
                let (amount, running) = (&mut self.amounts[source as usize], &mut self.running[source as usize]);
                *running -= 1;
                *amount = if *running == 0 { 0.0 } else { *amount - event.amount };
            }
        }
    }
}

/// A state led through its events one time after another, with what it adds up to on the way.
struct Walk<'a> {
    network: &'a Network,
    events: &'a [Event],
    time: f64,
    state: State,
    entered: f64,
    measure: Measure,
    moments: Moments,
}

/// What a walk adds up on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Nothing,
    Area,
    Moments,
}

impl<'a> Walk<'a> {
    fn new(network: &'a Network, events: &'a [Event]) -> Self {
        let state = State::empty(network.states());
        let (measure, moments) = (Measure::Nothing, Moments::default());
        Self { network, events, time: f64::NEG_INFINITY, state, entered: 0.0, measure, moments }
    }

    /// On to `time`, with the events of that instant.
    fn advance_to(&mut self, time: f64) {
        while let Some((event, rest)) = self.events.split_first()
            && event.time <= time
        {
            self.drift_to(event.time);
            self.entered += if let Action::Add(..) = event.action { event.amount } else { 0.0 };
            self.state.apply(event);
            self.events = rest;
        }
        self.drift_to(time);
    }

    /// On to `time`, up to which nothing happens.
    fn drift_to(&mut self, time: f64) {
        let u = time - self.time;
        if u > 0.0 && self.state.amounts.iter().any(|amount| *amount != 0.0) {
            self.entered += self.network.input_rate(&self.state.amounts) * if u < f64::INFINITY { u } else { 0.0 };
            match self.measure {
                Measure::Nothing => {}
                Measure::Area => self.moments.auc += self.network.auc(&self.state.amounts, u),
                Measure::Moments => self.moments.add(self.network, &self.state.amounts, (self.time, u)),
            }
            self.state.amounts = self.network.advance(&self.state.amounts, u);
        }
        self.time = time;
    }

    fn balance_at(&mut self, model: &Model, time: f64) -> Balance {
        self.advance_to(time);
        let amounts = &self.state.amounts;
        Balance {
            time,
            entered: self.entered,
            depot: self.network.depot(amounts),
            body: self.network.body(amounts, model.disposition().cl()),
            eliminated: model.disposition().cl() * self.moments.auc,
        }
    }
}

/// The areas under the concentration and under time times concentration.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    auc: f64,
    aumc: f64,
}

impl Moments {
    /// Adds the `u` hours from `start` on, over which a state drifts. All terms are flows into one more compartment
    /// that never empties, so all are positive; a factor of time doubles each rate in turn, by the product rule of the
    /// convolution.
    fn add(&mut self, network: &Network, amounts: &[f64], (start, u): (f64, f64)) {
        for (from, &amount) in amounts.iter().enumerate().filter(|(_, amount)| **amount != 0.0) {
            for (scale, mut rates) in network.response(from) {
                rates.push(0.0);
                let area = amount * scale * numeric::flow(&rates, u);
                let mut moment = 0.0;
                for i in 0..rates.len() - 1 {
                    rates.push(rates[i]);
                    moment += amount * scale * numeric::flow(&rates, u);
                    rates.pop();
                }
                self.auc += area;
                self.aumc += start * area + moment;
            }
        }
    }

    /// Adds `u` hours of a constant concentration.
    fn add_constant(&mut self, conc: f64, (start, u): (f64, f64)) {
        self.auc += conc * u;
        self.aumc += conc * u * (start + 0.5 * u);
    }
}
