//! The regular kernels: a script performed from tables of what each distinct distance does, each made once. The hot loops.

use multiversion::multiversion;
use smallvec::SmallVec;

use super::entries::{Inputs, arrive};
use super::event::Arrival;
use super::network::Network;
use super::pair::Pair;
use super::steps::{Step, Steps};
use crate::numeric;

/// What a unit in each state becomes over each distance, in memory that is used again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tables {
    /// What a unit in a state gives at each distance: row after row, one a link, and of a pair the three of its step.
    flows: SmallVec<[f64; 96]>,
    /// The concentration that a unit in a state gives at each offset, state after state.
    response: SmallVec<[f64; 96]>,
    /// For each gap, what of each state goes to each: row after row of the target.
    transfer: SmallVec<[f64; 16]>,
}

/// What is performed: steps and the arrivals between them.
#[derive(Clone, Copy)]
pub(crate) struct Course<'a> {
    pub(crate) steps: &'a Steps,
    pub(crate) arrivals: &'a [Arrival],
    pub(crate) baseline: f64,
}

impl Tables {
    /// The concentrations of one depot and one pool without inputs, of whose swallowed doses the fraction `f` gets in.
    pub(crate) fn perform_pair(&mut self, (pair, f): (Pair, f64), course: Course<'_>, conc: &mut [f64]) {
        let (before, conc) = conc.split_at_mut(course.steps.before);
        before.fill(course.baseline);
        self.set_pair(pair, course.steps);
        fold_pair(self, course, f, conc);
    }

    /// The concentrations of any body.
    pub(crate) fn perform(&mut self, network: &Network, course: Course<'_>, conc: &mut [f64]) {
        if let (Some(pair), [_, oral]) = (network.pair(), &network.entries.0[..]) {
            return self.perform_pair((pair, oral.f), course, conc);
        }
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

    fn set_pair(&mut self, Pair { ka, ke, coef }: Pair, steps: &Steps) {
        let (offsets, gaps) = steps.distances.split_at(steps.offsets);
        self.response.resize(2 * offsets.len(), 0.0);
        let (by_depot, by_pool) = self.response.split_at_mut(offsets.len());
        numeric::pool_rows(coef, [ka, ke], offsets, [by_depot, by_pool]);
        self.flows.resize(3 * gaps.len(), 0.0);
        let (kept, rest) = self.flows.split_at_mut(gaps.len());
        let (gained, waiting) = rest.split_at_mut(gaps.len());
        numeric::pair_rows([ka, ke], gaps, [gained, kept, waiting]);
    }

    /// The rows of every link, and of them what a sample and a gap need.
    fn set(&mut self, network: &Network, steps: &Steps) {
        let (states, distances) = (network.states(), &steps.distances[..]);
        let (offsets, gaps) = (steps.offsets, steps.gaps());
        self.response.clear();
        self.response.resize(states * offsets, 0.0);
        self.transfer.clear();
        self.transfer.resize(gaps * states * states, 0.0);
        self.flows.resize(distances.len(), 0.0);
        for from in 0..states {
            for to in from.min(network.sources.len())..states {
                self.flows.fill(0.0);
                for (scale, rates) in network.transfer(from, to) {
                    numeric::add_flow(scale, &rates, distances, &mut self.flows);
                }
                for (gap, flow) in self.flows[offsets..].iter().enumerate() {
                    self.transfer[(gap * states + to) * states + from] = *flow;
                }
                if let Some(pool) = to.checked_sub(network.first_pool()) {
                    let (coef, row) = (network.modes[pool].coef, &mut self.response[from * offsets..][..offsets]);
                    row.iter_mut().zip(&self.flows).for_each(|(response, flow)| *response += coef * flow);
                }
            }
        }
    }
}

/// One depot and one pool without inputs, the common case: the state stays in two registers.
#[multiversion(targets("x86_64+avx2"))]
fn fold_pair(tables: &Tables, course: Course<'_>, f: f64, conc: &mut [f64]) {
    let (steps, arrivals) = (course.steps, course.arrivals);
    let gaps = steps.gaps();
    let [by_gap_kept, by_gap_gained, by_gap_waiting] = [0, 1, 2].map(|row| &tables.flows[row * gaps..][..gaps]);
    let (by_depot, by_pool) = tables.response.split_at(steps.offsets);
    let (mut depot, mut pool) = (0.0, 0.0);
    let (mut rest, mut done) = (conc, 0);
    for step in &steps.steps {
        let rows = [by_depot, by_pool].map(|row| &row[step.pattern..][..step.outputs]);
        let [kept, gained, waiting] = match step.gap {
            Step::NO_GAP => [0.0; 3],
            gap => [by_gap_kept[gap], by_gap_gained[gap], by_gap_waiting[gap]],
        };
        for end in step.arrivals..=step.arrivals + step.repeats {
            for arrival in &arrivals[done..end] {
                match arrival.entry {
                    0 => pool += arrival.amount,
                    _ => depot += arrival.amount * f,
                }
            }
            done = end;
            let (now, after) = rest.split_at_mut(step.outputs);
            combine([depot, pool], rows, course.baseline, now);
            rest = after;
            pool = kept * pool + gained * depot;
            depot *= waiting;
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
        *conc = std::array::from_fn(|i| value(by_depot[i], by_pool[i]));
    }
    for ((conc, by_depot), by_pool) in last.iter_mut().zip(last_by_depot).zip(last_by_pool) {
        *conc = value(*by_depot, *by_pool);
    }
}

/// A body of a few states, whose number is known to the compiler: one pass a sample, and a gap without a loop.
#[multiversion(targets("x86_64+avx2"))]
fn fold<const N: usize>(tables: &Tables, network: &Network, course: Course<'_>, conc: &mut [f64]) {
    let (mut amounts, mut inputs) = ([0.0; N], Inputs::default());
    let (mut rest, mut done) = (conc, 0);
    let (steps, rows) = (course.steps, &tables.response[..]);
    for (step, end) in steps.each() {
        for Arrival { amount, entry, how, .. } in &course.arrivals[done..end] {
            arrive(&mut amounts, &mut inputs, (*amount, network.entries.gate(*entry), *how));
        }
        done = end;
        let (now, after) = rest.split_at_mut(step.outputs);
        let rows: [&[f64]; N] = std::array::from_fn(|i| &rows[i * steps.offsets + step.pattern..][..now.len()]);
        sample(&amounts, rows, course.baseline, now);
        rest = after;
        if step.gap != Step::NO_GAP {
            let transfer = &tables.transfer[step.gap * N * N..][..N * N];
            // Downwards, so that what a state gets comes from states not yet moved on.
            for to in (0..N).rev() {
                let mut later = transfer[to * N + to] * amounts[to];
                for from in (0..to).rev() {
                    later += transfer[to * N + from] * amounts[from];
                }
                amounts[to] = later;
            }
        }
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
