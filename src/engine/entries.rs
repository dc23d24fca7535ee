//! B: what a unit that arrives at an entry adds to each state. The fraction absorbed lives here.

use smallvec::{SmallVec, smallvec};

use super::event::{Arrival, Entry, How};

/// One amount a state; few states need no allocation.
pub(crate) type Amounts = SmallVec<[f64; 4]>;

/// Where what arrives at one entry goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Gate {
    /// The fraction that gets in.
    pub(crate) f: f64,
    /// The states that gain an amount given at once, from the first to before the last: the first compartment of a chain,
    /// or every pool.
    pub(crate) into: (u16, u16),
    /// The constant input that carries what takes time, if this body has one here.
    pub(crate) input: u16,
}

/// The gates of a body, by the number of the entry.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Entries(pub(crate) SmallVec<[Gate; 4]>);

impl Entries {
    /// The gate of an entry. A script is made for bodies with as many entries as it names.
    #[inline(always)]
    pub(crate) fn gate(&self, entry: Entry) -> Gate {
        self.0[usize::from(entry)]
    }
}

/// The amounts in all states, and the inputs that run.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) amounts: Amounts,
    pub(crate) inputs: Inputs,
}

/// The inputs that run into each state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inputs(SmallVec<[Running; 1]>);

/// The inputs that run into one state.
#[derive(Debug, Clone, Copy, Default)]
struct Running {
    count: u32,
    /// Their rates added up, and what rounding lost of that sum.
    sum: f64,
    lost: f64,
}

impl Running {
    /// One more contributor, or with a rate below zero one less; the rate of all.
    ///
    /// A slow input must keep its digits when a fast one beside it has ended, so what each addition loses is kept (Knuth's
    /// sum of two numbers). After the last the rate is exactly zero.
    fn add(&mut self, rate: f64) -> f64 {
        let sum = self.sum + rate;
        let of_rate = sum - self.sum;
        self.lost += (self.sum - (sum - of_rate)) + (rate - of_rate);
        self.sum = sum;
        if self.count == 0 {
            *self = Self::default();
        }
        self.sum + self.lost
    }
}

impl Inputs {
    /// Lets one more input run into a state; the rate of all that run there.
    fn start(&mut self, state: u16, rate: f64) -> f64 {
        let running = self.at(state);
        running.count += 1;
        running.add(rate)
    }

    fn stop(&mut self, state: u16, rate: f64) -> f64 {
        let running = self.at(state);
        // A reset may have stopped it before its time.
        running.count = running.count.saturating_sub(1);
        running.add(-rate)
    }

    fn at(&mut self, state: u16) -> &mut Running {
        let state = usize::from(state);
        if self.0.len() <= state {
            self.0.resize(state + 1, Running::default());
        }
        &mut self.0[state]
    }
}

impl State {
    pub(crate) fn empty(states: usize) -> Self {
        Self { amounts: smallvec![0.0; states], inputs: Inputs::default() }
    }

    /// Nothing is left, and nothing runs.
    pub(crate) fn clear(&mut self) {
        self.amounts.fill(0.0);
        self.inputs = Inputs::default();
    }

    /// Lets something arrive.
    #[inline(always)]
    pub(crate) fn take(&mut self, arrival: &Arrival, entries: &Entries) {
        let Arrival { amount, entry, how, .. } = *arrival;
        arrive(&mut self.amounts, &mut self.inputs, (amount, entries.gate(entry), how));
    }

    /// Lets one more input of a rate (after `f`) run into a state.
    pub(crate) fn start(&mut self, state: u16, rate: f64) {
        self.amounts[usize::from(state)] = self.inputs.start(state, rate);
    }
}

/// What an arrival at a gate does to amounts and inputs.
#[inline(always)]
pub(crate) fn arrive(amounts: &mut [f64], inputs: &mut Inputs, (amount, gate, how): (f64, Gate, How)) {
    let amount = amount * gate.f;
    let (first, last) = (usize::from(gate.into.0), usize::from(gate.into.1));
    match how {
        How::Add => amounts[first..last].iter_mut().for_each(|state| *state += amount),
        How::Start => amounts[usize::from(gate.input)] = inputs.start(gate.input, amount),
        How::Stop => amounts[usize::from(gate.input)] = inputs.stop(gate.input, amount),
    }
}
