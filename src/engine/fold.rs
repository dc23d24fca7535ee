//! The regular kernels: a script performed from tables of what each distinct distance does, each made once. The hot loops.

use multiversion::multiversion;
use smallvec::SmallVec;

use super::entries::{Inputs, arrive};
use super::event::Arrival;
use super::network::Network;
use super::steps::{Step, Steps};
use crate::absorption::Rates;
use crate::numeric::{self, ChainRows};

/// What a unit in each state becomes over each distance, in memory that is used again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tables {
    /// What a unit in a state gives at each distance: one row, and of a pair three.
    pub(super) flows: Vec<f64>,
    /// The concentration that a unit in a state gives at each offset, state after state.
    response: Vec<f64>,
    /// For each gap, what of each state goes to each: row after row of the target.
    transfer: Vec<f64>,
    chain: ChainRows,
}

/// What is performed: steps and the arrivals between them.
#[derive(Clone, Copy)]
pub(crate) struct Course<'a> {
    pub(crate) steps: &'a Steps,
    pub(crate) arrivals: &'a [Arrival],
    pub(crate) baseline: f64,
}

impl Tables {
    /// The concentrations of any body.
    pub(crate) fn perform(&mut self, network: &Network, course: Course<'_>, conc: &mut [f64]) {
        let (before, conc) = conc.split_at_mut(course.steps.before);
        before.fill(course.baseline);
        self.set(network, course.steps);
        match network.states() {
            1 => fold::<1>(self, network, course, conc),
            2 => fold::<2>(self, network, course, conc),
            3 => fold::<3>(self, network, course, conc),
            4 => fold::<4>(self, network, course, conc),
            5 => fold::<5>(self, network, course, conc),
            6 => fold::<6>(self, network, course, conc),
            7 => fold::<7>(self, network, course, conc),
            8 => fold::<8>(self, network, course, conc),
            states => fold_many(self, (network, states), course, conc),
        }
    }

    /// The rows of every link, and of them what a sample and a gap need.
    fn set(&mut self, network: &Network, steps: &Steps) {
        let states = network.states();
        self.response.clear();
        self.response.resize(states * steps.offsets, 0.0);
        self.transfer.clear();
        self.transfer.resize(steps.gaps * states * states, 0.0);
        if let Some(chain) = network.only_chain() {
            return self.set_chain(network, &fastest_first(chain), steps);
        }
        self.flows.clear();
        self.flows.resize(steps.distances.len(), 0.0);
        for from in 0..states {
            for to in from.min(network.sources.len())..states {
                self.set_link(network, steps, (from, to));
            }
        }
    }

    /// A chain of compartments that empties into the pools: all its flows in one go. What a chain hands on does not depend on
    /// the order of its compartments, and from the fastest to the slowest they share the most work.
    fn set_chain(&mut self, network: &Network, chain: &[f64], steps: &Steps) {
        let pools: SmallVec<[f64; 3]> = network.modes.iter().map(|mode| mode.k).collect();
        self.chain.fill(chain, &pools, &steps.distances);
        let (states, first_pool, offsets) = (network.states(), network.first_pool(), steps.offsets);
        for (from, to) in (0..states).flat_map(|from| (from..states).map(move |to| (from, to))) {
            let Some(row) = self.chain.row(from, to) else { continue };
            // What the compartments between them hand over.
            let gain: f64 = chain[from.min(first_pool)..to.min(first_pool)].iter().product();
            for (gap, flow) in row[offsets..].iter().take(steps.gaps).enumerate() {
                self.transfer[(gap * states + to) * states + from] = gain * flow;
            }
            if let Some(pool) = to.checked_sub(first_pool) {
                let scale = gain * network.modes[pool].coef;
                let response = &mut self.response[from * offsets..][..offsets];
                response.iter_mut().zip(row).for_each(|(response, flow)| *response += scale * flow);
            }
        }
    }

    /// What the gap of a step makes of the states of a small body; after the last step nothing is left to do.
    #[inline(always)]
    fn gap<const N: usize>(&self, step: &Step) -> Option<&[[f64; N]; N]> {
        if step.gap == Step::NO_GAP {
            return None;
        }
        self.transfer[step.gap * N * N..].as_chunks::<N>().0.first_chunk::<N>()
    }

    fn set_link(&mut self, network: &Network, steps: &Steps, (from, to): (usize, usize)) {
        let (flows, mut linked) = (&mut self.flows, false);
        flows.fill(0.0);
        network.transfer(from, to, |scale, rates| {
            numeric::add_flow(scale, rates, &steps.distances, flows);
            linked = true;
        });
        if !linked {
            return;
        }
        let states = network.states();
        for (gap, flow) in self.flows[steps.offsets..].iter().take(steps.gaps).enumerate() {
            self.transfer[(gap * states + to) * states + from] = *flow;
        }
        if let Some(pool) = to.checked_sub(network.first_pool()) {
            let (coef, row) = (network.modes[pool].coef, &mut self.response[from * steps.offsets..][..steps.offsets]);
            row.iter_mut().zip(&self.flows).for_each(|(response, flow)| *response += coef * flow);
        }
    }
}

fn fastest_first(chain: &[f64]) -> Rates {
    let mut rates = Rates::from_slice(chain);
    numeric::sort_descending(&mut rates);
    rates
}

/// A body of a few states, whose number is known to the compiler: one pass a sample, and a gap without a loop.
#[multiversion(targets("x86_64+avx2"))]
fn fold<const N: usize>(tables: &Tables, network: &Network, course: Course<'_>, conc: &mut [f64]) {
    let (mut amounts, mut inputs) = ([0.0; N], Inputs::default());
    let (mut rest, mut done) = (conc, 0);
    let steps = course.steps;
    for step in &steps.all {
        let rows: [&[f64]; N] = if step.outputs == 0 {
            [&[]; N]
        } else {
            std::array::from_fn(|i| &tables.response[i * steps.offsets + step.pattern..][..step.outputs])
        };
        let gap = tables.gap::<N>(step);
        for end in step.arrivals..=step.arrivals + step.repeats {
            for Arrival { amount, entry, how, .. } in &course.arrivals[done..end] {
                arrive(&mut amounts, &mut inputs, (*amount, network.entries.gate(*entry), *how));
            }
            done = end;
            if step.outputs > 0 {
                let (now, after) = rest.split_at_mut(step.outputs);
                sample(&amounts, rows, course.baseline, now);
                rest = after;
            }
            if let Some(gap) = gap {
                cross(&mut amounts, gap);
            }
        }
    }
}

/// Moves the amounts over a gap, of which each row has what a state gets.
#[inline(always)]
fn cross<const N: usize>(amounts: &mut [f64; N], gap: &[[f64; N]; N]) {
    // Downwards, so that what a state gets comes from states not yet moved on.
    for to in (0..N).rev() {
        let mut later = gap[to][to] * amounts[to];
        for from in (0..to).rev() {
            later += gap[to][from] * amounts[from];
        }
        amounts[to] = later;
    }
}

/// `baseline + sum amount * response` along the rows, eight at a time.
#[inline(always)]
fn sample<const N: usize>(amounts: &[f64; N], rows: [&[f64]; N], baseline: f64, conc: &mut [f64]) {
    let whole = conc.len() - conc.len() % 8;
    for first in (0..whole).step_by(8) {
        let mut sums = [baseline; 8];
        for i in 0..N {
            let row = &rows[i][first..first + 8];
            for j in 0..8 {
                sums[j] += amounts[i] * row[j];
            }
        }
        conc[first..first + 8].copy_from_slice(&sums);
    }
    for j in whole..conc.len() {
        conc[j] = (0..N).fold(baseline, |sum, i| sum + amounts[i] * rows[i][j]);
    }
}

/// A body of any number of states.
fn fold_many(tables: &Tables, (network, states): (&Network, usize), course: Course<'_>, conc: &mut [f64]) {
    let mut state = network.empty();
    let (mut rest, mut done) = (conc, 0);
    for (step, end) in course.steps.each() {
        course.arrivals[done..end].iter().for_each(|arrival| state.take(arrival, &network.entries));
        done = end;
        let (now, after) = rest.split_at_mut(step.outputs);
        now.fill(course.baseline);
        for (amount, row) in state.amounts.iter().zip(tables.response.chunks(course.steps.offsets.max(1))) {
            let row = &row[step.pattern..][..now.len()];
            now.iter_mut().zip(row).for_each(|(conc, response)| *conc += amount * response);
        }
        rest = after;
        if step.gap != Step::NO_GAP {
            for to in (0..states).rev() {
                let transfer = &tables.transfer[(step.gap * states + to) * states..][..=to];
                let flows = transfer.iter().zip(&state.amounts).rev().map(|(transfer, amount)| transfer * amount);
                state.amounts[to] = flows.sum();
            }
        }
    }
}
