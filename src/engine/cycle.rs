//! A cycle that comes again and again: its arrivals wrapped into its length, and the state that it reproduces.

use std::convert::Infallible;
use std::slice::from_ref;

use super::entries::{Amounts, State};
use super::event::{Arrivals, Entry, Event, Input, What, latest, push_input, sort};
use super::network::Network;
use super::script::merge;
use super::walk::{Seen, walk};
use crate::numeric;

/// What a cycle brings to an entry.
pub(crate) type Brought = (Entry, Input);

/// One cycle: the state after the arrivals of each instant.
#[derive(Debug, Clone)]
pub(crate) struct Cycle {
    pub(crate) tau: f64,
    arrivals: Arrivals,
    /// The state before the first arrival, at the start of the cycle.
    pub(crate) start: State,
    /// The state at its end, before the arrivals of the next.
    pub(crate) end: State,
    /// (h after the start of the cycle, state from then on), the first at 0.
    steps: Vec<(f64, State)>,
}

impl Cycle {
    /// The cycle that reproduces its own start.
    pub(crate) fn new(network: &Network, tau: f64, brought: &[Brought]) -> Self {
        let mut cycle = Self::empty(network, tau);
        for input in brought {
            cycle.add(network, *input);
        }
        sort(&mut cycle.arrivals);
        cycle.run(network);
        cycle.start.amounts = network.fixed_point(tau, &cycle.end.amounts);
        cycle.run(network);
        cycle
    }

    /// The first cycle of all, begun with an empty body.
    pub(crate) fn first(network: &Network, tau: f64, brought: &[Brought]) -> Self {
        let mut first = Self::empty(network, tau);
        for (entry, input) in brought {
            push_input(&mut first.arrivals, *entry, *input);
        }
        first.arrivals.retain(|arrival| arrival.time < tau);
        sort(&mut first.arrivals);
        first.run(network);
        first
    }

    fn empty(network: &Network, tau: f64) -> Self {
        let (start, end) = (network.empty(), network.empty());
        Self { tau, arrivals: Arrivals::new(), start, end, steps: Vec::new() }
    }

    /// Adds an input of every cycle, past and to come, as it falls into this one: wrapped round its end, and an input longer
    /// than the cycle as one that never pauses.
    fn add(&mut self, network: &Network, (entry, input): Brought) {
        let time = input.time.rem_euclid(self.tau);
        let whole = (input.duration / self.tau).floor();
        let rest = input.duration - whole * self.tau;
        let rate = input.amount / input.duration;
        let gate = network.entries.gate(entry);
        if whole > 0.0 {
            self.start.start(gate.input, whole * rate * gate.f);
        }
        if input.duration > 0.0 && rest <= 0.0 {
            return;
        }
        let amount = if whole > 0.0 { rate * rest } else { input.amount };
        let mut arrivals = Arrivals::new();
        push_input(&mut arrivals, entry, Input { time, amount, duration: rest });
        for arrival in &mut arrivals {
            if arrival.time >= self.tau {
                arrival.time -= self.tau;
                self.start.start(gate.input, arrival.amount * gate.f);
            }
        }
        self.arrivals.append(&mut arrivals);
    }

    /// Finds the states after the arrivals of each instant, and the state at the end.
    fn run(&mut self, network: &Network) {
        let pause = |time: f64| Event::new(time, What::Pause);
        let mut script = vec![pause(0.0)];
        script.extend(merge(&self.arrivals, [pause(self.tau)]));
        self.end = self.start.clone();
        self.steps.clear();
        let steps = &mut self.steps;
        let Ok(()) = walk(&script, from_ref(network), &mut self.end, |seen| {
            if let Seen::Stretch(_, state, stretch) = seen {
                steps.push((stretch.start, state.clone()));
            }
            Ok::<(), Infallible>(())
        });
    }

    /// When each step begins, the state from then on, and how long it drifts.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (f64, &State, f64)> {
        let ends = self.steps.iter().skip(1).map(|(time, _)| *time).chain([self.tau]);
        self.steps.iter().zip(ends).map(|((start, state), end)| (*start, state, end - start))
    }

    /// The amounts `time` h after the start of the cycle, at most at its end, before the arrivals there.
    pub(crate) fn at(&self, network: &Network, time: f64) -> Amounts {
        let step = self.steps.partition_point(|(start, _)| *start <= latest(time)).max(1) - 1;
        let (start, state) = &self.steps[step];
        network.advance(&state.amounts, (time - start).max(0.0))
    }

    /// What is left of the cycle `time` h after the dosing has stopped at its start, when only what was taken before still
    /// arrives.
    pub(crate) fn left_after(&self, network: &Network, pending: &[Event], time: f64) -> Amounts {
        let mut state = self.start.clone();
        let mut script = vec![Event::new(0.0, What::Pause)];
        script.extend(pending.iter().take_while(|event| event.time <= time));
        script.push(Event::new(time, What::Pause));
        let Ok(()) = walk(&script, from_ref(network), &mut state, |_| Ok::<(), Infallible>(()));
        state.amounts
    }

    /// What was taken in earlier cycles and still arrives in this one and later, or ends there.
    pub(crate) fn pending(&self, brought: &[Brought]) -> Vec<Event> {
        let mut pending = Arrivals::new();
        for (entry, input) in brought {
            let mut time = input.time - self.tau;
            while time + input.duration >= 0.0 {
                let mut arrivals = Arrivals::new();
                push_input(&mut arrivals, *entry, Input { time, ..*input });
                // What has begun by now runs already.
                pending.extend(arrivals.into_iter().filter(|arrival| arrival.time >= 0.0));
                time -= self.tau;
            }
        }
        sort(&mut pending);
        pending.into_iter().map(Event::from).collect()
    }
}

impl Network {
    /// The amounts before a cycle of `tau` h that are also those after it, `x = A x + b`, where a cycle begun with nothing but
    /// its constant inputs ends with `b`. `A` is triangular in the order of flow, but for the peripheral compartments,
    /// which come before the pools.
    fn fixed_point(&self, tau: f64, b: &[f64]) -> Amounts {
        let mut x = Amounts::from_slice(b);
        for to in 0..x.len() {
            if to == self.sources.len()
                && let Some(exchange) = &self.exchange
            {
                let inside = to..self.first_pool();
                let settled = exchange.fixed_point(tau, &x[inside.clone()]);
                x[inside].copy_from_slice(&settled);
            }
            let Some(rate) = self.rate_of(to).filter(|rate| *rate > 0.0) else {
                continue; // a constant input, which the cycle leaves as it is, or a peripheral compartment
            };
            for from in (0..to).filter(|from| self.rate_of(*from) != Some(0.0)) {
                let mut arrived = 0.0;
                self.transfer(from, to, |scale, rates| arrived += scale * numeric::flow(rates, tau));
                x[to] += arrived * x[from];
            }
            x[to] /= numeric::one_minus_exp(rate * tau);
        }
        x
    }
}
