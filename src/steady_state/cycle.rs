//! The events of one cycle and the state that they reproduce.

use super::{Exposure, Network, numeric};
use crate::error::Result;
use crate::model::Model;
use crate::network::{Action, Arrival, Event, State, check_fit};
use crate::regimen::Repeating;
use crate::timeline;

/// One cycle: the state after the events of each instant.
#[derive(Debug, Clone)]
pub(super) struct Cycle {
    pub(super) network: Network,
    baseline: f64,
    tau: f64,
    /// What the doses of a cycle bring into the plasma, µg.
    amount: f64,
    cl: f64,
    events: Vec<Event>,
    /// The state before the first event, at the start of the cycle.
    start: State,
    /// (h after the start of the cycle, state from then on), the first at 0.
    steps: Vec<(f64, State)>,
}

impl Cycle {
    /// The cycle that reproduces its own start.
    pub(super) fn new(model: &Model, dosing: &Repeating) -> Result<Self> {
        let mut cycle = Self::empty(model, dosing)?;
        let from_nothing = cycle.run(cycle.start.clone());
        cycle.start.amounts = cycle.network.fixed_point(cycle.tau, &cycle.drift(&from_nothing).amounts);
        cycle.steps = cycle.run(cycle.start.clone());
        Ok(cycle)
    }

    /// The cycle as the first of all, without the baseline.
    pub(super) fn first(&self, dosing: &Repeating) -> Self {
        let arrivals = dosing.doses().iter().flat_map(|dose| self.arrivals(*dose));
        let mut events = Vec::new();
        arrivals.filter(|arrival| arrival.time < self.tau).for_each(|arrival| arrival.push_events(&mut events));
        events.retain(|event| event.time < self.tau);
        timeline::sort(&mut events);
        let mut first = Self { baseline: 0.0, events, start: State::empty(self.network.states()), ..self.clone() };
        first.steps = first.run(first.start.clone());
        first
    }

    /// The area under the first of all cycles, without the baseline.
    pub(super) fn first_auc(&self, dosing: &Repeating) -> f64 {
        let first = self.first(dosing);
        first.spans().map(|(_, state, length)| self.network.auc(&state.amounts, length)).sum()
    }

    /// When each step begins, the state from then on, and how long it drifts.
    fn spans(&self) -> impl Iterator<Item = (f64, &State, f64)> {
        let ends = self.steps.iter().skip(1).map(|(time, _)| *time).chain([self.tau]);
        self.steps.iter().zip(ends).map(|((start, state), end)| (*start, state, end - start))
    }

    /// The cycle with its events and the inputs that run through its start, in a body that holds nothing else.
    fn empty(model: &Model, dosing: &Repeating) -> Result<Self> {
        dosing.doses().iter().try_for_each(|(_, dose)| check_fit(model, dose))?;
        let own = model.absorption().paths().iter().any(|path| path.process.duration() > 0.0);
        let rates = own || dosing.doses().iter().any(|(_, dose)| dose.duration > 0.0);
        let network = Network::new(model, rates);
        let start = State::empty(network.states());
        let (tau, cl) = (dosing.tau(), model.disposition().cl());
        let (events, steps) = (Vec::new(), Vec::new());
        let mut cycle = Self { network, baseline: model.baseline(), tau, amount: 0.0, cl, events, start, steps };
        for dose in dosing.doses() {
            for arrival in cycle.arrivals(*dose) {
                cycle.amount += arrival.amount;
                cycle.add(arrival);
            }
        }
        timeline::sort(&mut cycle.events);
        Ok(cycle)
    }

    fn arrivals(&self, dose: (f64, crate::regimen::Dose)) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        self.network.arrivals(dose, |arrival| arrivals.push(arrival));
        arrivals
    }

    /// Adds an arrival of every cycle, past and to come, as it falls into this one: wrapped round its end, and an input
    /// longer than the cycle as one that never pauses.
    fn add(&mut self, arrival: Arrival) {
        let time = arrival.time.rem_euclid(self.tau);
        let whole = (arrival.duration / self.tau).floor();
        let rest = arrival.duration - whole * self.tau;
        let rate = arrival.amount / arrival.duration;
        if whole > 0.0 {
            self.start.start(arrival.rate_source(), whole * rate);
        }
        if arrival.duration > 0.0 && rest <= 0.0 {
            return;
        }
        let part = if whole > 0.0 { Arrival { amount: rate * rest, duration: rest, ..arrival } } else { arrival };
        let mut events = Vec::new();
        Arrival { time, ..part }.push_events(&mut events);
        for event in &mut events {
            if event.time >= self.tau {
                event.time -= self.tau;
                self.start.start(arrival.rate_source(), event.amount);
            }
        }
        self.events.append(&mut events);
    }

    /// The states after the events of each instant, from the state before the first.
    fn run(&self, mut state: State) -> Vec<(f64, State)> {
        let mut steps = Vec::with_capacity(self.events.len() + 1);
        let mut now = 0.0;
        for event in &self.events {
            if event.time > now {
                let later = self.network.advance(&state.amounts, event.time - now);
                steps.push((now, state.clone()));
                (state.amounts, now) = (later, event.time);
            }
            state.apply(event);
        }
        steps.push((now, state));
        steps
    }

    /// The state at the end of the cycle, before the events of the next.
    pub(super) fn end(&self) -> State {
        self.drift(&self.steps)
    }

    fn drift(&self, steps: &[(f64, State)]) -> State {
        let (time, state) = &steps[steps.len() - 1];
        let mut end = state.clone();
        end.amounts = self.network.advance(&state.amounts, self.tau - time);
        end
    }

    /// The concentration `time` h after the start of the cycle, before its end.
    pub(super) fn concentration_at(&self, time: f64) -> f64 {
        let step = self.steps.partition_point(|(start, _)| *start <= time).max(1) - 1;
        let (start, state) = &self.steps[step];
        self.baseline + self.network.concentration(&self.network.advance(&state.amounts, time - start))
    }

    /// The extremes and the average over the cycle.
    pub(super) fn exposure(&self) -> Exposure {
        let ctrough = self.baseline + self.network.concentration(&self.end().amounts);
        let cavg = self.baseline + self.amount / (self.cl * self.tau);
        let mut exposure =
            Exposure { tau: self.tau, cmax: f64::NEG_INFINITY, tmax: 0.0, cmin: f64::INFINITY, ctrough, cavg };
        for (start, state, length) in self.spans() {
            for u in self.network.extremes(&state.amounts, length) {
                let conc = self.baseline + self.network.concentration(&self.network.advance(&state.amounts, u));
                if conc > exposure.cmax {
                    (exposure.cmax, exposure.tmax) = (conc, start + u);
                }
                exposure.cmin = exposure.cmin.min(conc);
            }
        }
        exposure
    }

    /// How long after the dosing stops the concentration above the baseline falls to `target` and stays below.
    pub(super) fn time_to_fall_to(&self, dosing: &Repeating, target: f64) -> f64 {
        const POINTS: u32 = 400;
        let pending = self.pending(dosing);
        let last_event = pending.last().map_or(0.0, |event| event.time);
        let left = |time: f64| self.left_after(&pending, time);
        let slowest = (0..self.network.states()).filter_map(|i| self.network.rate_of(i)).filter(|rate| *rate > 0.0);
        let slowest = slowest.fold(f64::INFINITY, f64::min);
        let mut end = last_event + 10.0 / slowest;
        while left(end) >= target {
            end += 10.0 / slowest;
        }
        // Backwards from where too little is left to where there is still enough.
        let at = |i: u32| end * (f64::from(i) / f64::from(POINTS)).powi(2);
        let above = (0..POINTS).rev().find(|i| left(at(*i)) >= target);
        above.map_or(0.0, |i| numeric::root(|time| left(time) - target, (at(i), at(i + 1))))
    }

    /// What is left of the steady state, as a concentration, `time` h after the last cycle.
    fn left_after(&self, pending: &[Event], time: f64) -> f64 {
        let mut state = self.start.clone();
        let mut now = 0.0;
        for event in pending.iter().take_while(|event| event.time <= time) {
            state.amounts = self.network.advance(&state.amounts, event.time - now);
            now = event.time;
            state.apply(event);
        }
        self.network.concentration(&self.network.advance(&state.amounts, time - now))
    }

    /// What doses taken in earlier cycles still do in this one: arrive after their lag, or end.
    fn pending(&self, dosing: &Repeating) -> Vec<Event> {
        let mut events = Vec::new();
        for arrival in dosing.doses().iter().flat_map(|dose| self.arrivals(*dose)) {
            let mut time = arrival.time - self.tau;
            while time + arrival.duration >= 0.0 {
                let first = events.len();
                Arrival { time, ..arrival }.push_events(&mut events);
                if time < 0.0 && matches!(events[first].action, Action::Start(_)) {
                    events.remove(first);
                }
                time -= self.tau;
            }
        }
        timeline::sort(&mut events);
        events
    }
}
