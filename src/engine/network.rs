//! A: what a unit in one state of a linear body becomes in another.
//!
//! The state is one number per *source* (an input that runs at a constant rate, or a compartment that waits to be
//! absorbed), then, in a body that may be dosed there, one per peripheral compartment, and then one per *pool*: each
//! exponential of the disposition has a pool into which all that reaches the plasma flows and which empties at its own
//! rate. The concentration is `sum coef * pool`. A constant input is a compartment that empties at rate 0, so every flow
//! is one and the same function, [`numeric::flow`].

use std::ops::Range;

use smallvec::{SmallVec, smallvec};

use super::entries::{Amounts, Entries, Gate, State};
use super::event::Entry;
use super::exchange::Exchange;
use super::pair::Pair;
use crate::absorption::Rates;
use crate::disposition::{Mode, Modes};
use crate::model::Model;
use crate::numeric;

/// A linear body as three tables: A (this file), B ([`entries`](super::entries)) and C ([`outputs`](super::outputs)). It
/// knows no time.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    pub(crate) sources: SmallVec<[Source; 2]>,
    /// The peripheral compartments, in a body that is dosed there or changes.
    pub(crate) exchange: Option<Box<Exchange>>,
    pub(crate) modes: Modes,
    pub(crate) entries: Entries,
    /// What the baseline keeps.
    pub(crate) rest: Rest,
    /// The rate of the one depot, if there is no other source.
    depot: Option<f64>,
}

/// What a baseline keeps in a body without doses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rest {
    /// µg/L.
    pub(crate) conc: f64,
    /// In the plasma and the peripheral compartments, µg.
    pub(crate) amounts: [f64; 3],
}

/// A constant input or a compartment on the way to the plasma or to a peripheral compartment.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The rates of this and of all that follow on the way; a constant input has rate 0.
    pub(crate) rates: Rates,
    pub(crate) target: Target,
}

/// Where a source ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Plasma,
    /// A peripheral compartment, counted from 0.
    Peripheral(usize),
}

/// What of a body a script needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts {
    /// Constant inputs, which few regimens have.
    pub(crate) inputs: bool,
    /// Compartments that can be dosed and whose amounts go over to other numbers.
    pub(crate) compartments: bool,
}

impl Rest {
    pub(super) fn of(model: &Model) -> Self {
        let conc = model.baseline();
        let mut amounts = [model.disposition().v1() * conc, 0.0, 0.0];
        if conc > 0.0 {
            let volumes = model.disposition().peripherals();
            amounts[1..].iter_mut().zip(volumes).for_each(|(amount, (_, v))| *amount = v * conc);
        }
        Self { conc, amounts }
    }
}

impl Network {
    /// The compartments of `model`.
    pub(crate) fn new(model: &Model, parts: Parts) -> Self {
        let modes: Modes = model.modes().into();
        let exchange = (parts.compartments && modes.len() > 1).then(|| Box::new(Exchange::new(model)));
        let (sources, entries, rest) = (SmallVec::new(), Entries::default(), Rest::of(model));
        let mut network = Self { sources, exchange, modes, entries, rest, depot: None };
        network.add_entry(1.0, &[], parts);
        model.absorption().paths().iter().for_each(|path| network.add_entry(path.f, &path.process.chain(), parts));
        for j in 0..network.peripherals() {
            network.add_peripheral(j, parts);
        }
        network.place_gates();
        if parts.compartments {
            for entry in 0..network.entries.0.len() {
                let bare = Gate { f: 1.0, ..network.entries.0[entry] };
                network.entries.0.push(bare);
            }
        }
        network.depot = network.find_depot();
        network
    }

    /// The number of the entry to the same place as `entry` that lets everything in: for what brings an amount that has its
    /// fraction already. A body with compartments has them.
    pub(crate) fn bare(model: &Model, entry: Entry) -> Entry {
        entry + Self::bare_of(model.absorption().paths().len(), model.modes().len().saturating_sub(1))
    }

    /// That of the plasma, in a body of so many paths and peripheral compartments.
    pub(super) fn bare_of(paths: usize, peripherals: usize) -> Entry {
        1 + count(paths + peripherals)
    }

    /// The number of the entry into peripheral compartment `j`.
    pub(crate) fn peripheral(model: &Model, j: usize) -> Entry {
        1 + count(model.absorption().paths().len() + j)
    }

    /// Adds the gate and the compartments of a path; one without compartments leads to the pools, whose place is not
    /// known yet.
    fn add_entry(&mut self, f: f64, chain: &[f64], parts: Parts) {
        let input = count(self.sources.len());
        if parts.inputs {
            let rates = std::iter::once(0.0).chain(chain.iter().copied()).collect();
            self.sources.push(Source { rates, target: Target::Plasma });
        }
        let first = count(self.sources.len());
        let into = if chain.is_empty() { POOLS } else { (first, first + 1) };
        for i in 0..chain.len() {
            self.sources.push(Source { rates: Rates::from_slice(&chain[i..]), target: Target::Plasma });
        }
        self.entries.0.push(Gate { f, into, input });
    }

    fn add_peripheral(&mut self, j: usize, parts: Parts) {
        let input = count(self.sources.len());
        if parts.inputs {
            self.sources.push(Source { rates: smallvec![0.0], target: Target::Peripheral(j) });
        }
        self.entries.0.push(Gate { f: 1.0, into: PERIPHERALS[j], input });
    }

    /// Says where the pools and the peripheral compartments are, now that all sources stand before them.
    fn place_gates(&mut self) {
        let (first, pools, states) = (count(self.sources.len()), count(self.first_pool()), count(self.states()));
        for gate in &mut self.entries.0 {
            gate.into = match gate.into {
                POOLS => (pools, states),
                into => match (0..).zip(PERIPHERALS).find(|(_, place)| *place == into) {
                    Some((j, _)) => (first + j, first + j + 1),
                    None => into,
                },
            };
        }
    }

    /// How many numbers the state has.
    pub(crate) fn states(&self) -> usize {
        self.first_pool() + self.modes.len()
    }

    pub(crate) fn first_pool(&self) -> usize {
        self.sources.len() + self.peripherals()
    }

    /// How many peripheral compartments have a state of their own.
    pub(crate) fn peripherals(&self) -> usize {
        self.exchange.as_ref().map_or(0, |exchange| exchange.count())
    }

    pub(crate) fn empty(&self) -> State {
        State::empty(self.states())
    }

    fn find_depot(&self) -> Option<f64> {
        let [source] = &self.sources[..] else { return None };
        let [ka] = source.rates[..] else { return None };
        (ka > 0.0).then_some(ka)
    }

    /// The rates of the one chain before the pools, if there is nothing else.
    pub(crate) fn only_chain(&self) -> Option<&[f64]> {
        let first = self.sources.first()?;
        let one = first.rates[0] > 0.0 && first.rates.len() == self.sources.len() && self.exchange.is_none();
        one.then_some(&first.rates[..])
    }

    /// A unit in state `from` becomes the sum of `scale * flow(rates, u)` in state `to` after `u` hours, all positive: `each`
    /// is called with every scale and its rates, and not at all if nothing flows.
    #[inline]
    pub(crate) fn transfer(&self, from: usize, to: usize, mut each: impl FnMut(f64, &[f64])) {
        match (self.sources.get(from), self.sources.get(to)) {
            (Some(source), Some(later)) => {
                let steps = source.rates.len().checked_sub(later.rates.len());
                // They are of one chain if they lie as far apart as their rates differ in number.
                if let Some(steps) = steps.filter(|steps| from + steps == to) {
                    each(gain(&source.rates[..steps]), &source.rates[..=steps]);
                }
            }
            (Some(source), None) => {
                let mut rates = source.rates.clone();
                self.spread((source.target, gain(&source.rates)), &mut rates, to, &mut each);
            }
            (None, None) if from >= self.first_pool() => {
                if from == to {
                    each(1.0, &[self.modes[from - self.first_pool()].k]);
                }
            }
            (None, None) => {
                let target = Target::Peripheral(from - self.sources.len());
                self.spread((target, 1.0), &mut Rates::new(), to, &mut each);
            }
            (None, Some(_)) => {}
        }
    }

    /// What an amount in the plasma or in a peripheral compartment, which came there through `rates`, becomes in state `to`,
    /// which is no source.
    fn spread(&self, (from, scale): (Target, f64), rates: &mut Rates, to: usize, each: &mut impl FnMut(f64, &[f64])) {
        let pool = to.checked_sub(self.first_pool());
        match (from, &self.exchange, pool) {
            (Target::Plasma, _, Some(pool)) => {
                rates.push(self.modes[pool].k);
                each(scale, rates);
            }
            (Target::Peripheral(j), Some(exchange), Some(_)) => exchange.to_plasma(j, (scale, rates), each),
            (Target::Peripheral(j), Some(exchange), None) => {
                exchange.between(j, to - self.sources.len(), (scale, rates), each);
            }
            (Target::Plasma, _, None) | (Target::Peripheral(_), None, _) => {}
        }
    }

    /// The concentration `u` hours after a unit stood in state `from` is the sum of `scale * flow(rates, u)`.
    #[inline]
    pub(crate) fn response(&self, from: usize, mut each: impl FnMut(f64, &[f64])) {
        for (pool, mode) in self.modes.iter().enumerate() {
            self.transfer(from, self.first_pool() + pool, |scale, rates| each(scale * mode.coef, rates));
        }
    }

    /// The amounts `u` hours later, with nothing happening in between.
    pub(crate) fn advance(&self, amounts: &[f64], u: f64) -> Amounts {
        let mut later = Amounts::from_elem(0.0, amounts.len());
        let rest = match self.depot {
            Some(ka) => self.advance_depot(ka, (amounts, u), &mut later),
            None => 0..amounts.len(),
        };
        for from in rest.filter(|from| amounts[*from] != 0.0) {
            // Nothing flows up the order but from one peripheral compartment to another.
            for to in from.min(self.sources.len())..amounts.len() {
                self.transfer(from, to, |scale, rates| later[to] += amounts[from] * scale * numeric::flow(rates, u));
            }
        }
        later
    }

    /// Moves one depot and the pools on, each pool as a pair with it; the states that are left are given back.
    #[inline]
    fn advance_depot(&self, ka: f64, (amounts, u): (&[f64], f64), later: &mut [f64]) -> Range<usize> {
        let first = self.first_pool();
        for (pool, &Mode { k, coef }) in (first..).zip(&self.modes) {
            let step = Pair { ka, ke: k, coef }.step(u);
            [later[0], later[pool]] = step.apply([amounts[0], amounts[pool]]);
        }
        1..first
    }

    /// The rate at which a source or a pool empties, 1/h; 0 for a constant input, none for a peripheral compartment,
    /// which empties at several.
    pub(crate) fn rate_of(&self, state: usize) -> Option<f64> {
        match (self.sources.get(state), state.checked_sub(self.first_pool())) {
            (Some(source), _) => Some(source.rates[0]),
            (None, Some(pool)) => self.modes.get(pool).map(|mode| mode.k),
            (None, None) => None,
        }
    }
}

/// Stands for the pools, and for the peripheral compartments, until their place is known.
const POOLS: (u16, u16) = (u16::MAX, u16::MAX);
const PERIPHERALS: [(u16, u16); 2] = [(u16::MAX - 2, u16::MAX), (u16::MAX - 1, u16::MAX)];

/// A count of states: a model has at most 100 paths of at most 52 compartments each, and as many inputs, which is what
/// [`Model::new`] sees to, so it always fits.
fn count(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// What of the flow through rates passes on: each compartment hands over at its own rate, a constant input at 1.
pub(crate) fn gain(rates: &[f64]) -> f64 {
    rates.iter().filter(|rate| **rate > 0.0).product()
}
