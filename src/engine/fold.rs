//! The regular kernels: a script performed from tables of what each distinct distance does, each made once. The hot loops.

use multiversion::multiversion;
use smallvec::SmallVec;

use super::entries::{Inputs, arrive};
use super::event::Arrival;
use super::network::Network;
use super::pair::Pair;
use super::steps::{Step, Steps};
use crate::absorption::{FirstOrder, Process};
use crate::disposition::Mode;
use crate::model::Model;
use crate::numeric::{self, ChainRows, PairRows, PairTable, pair_table};

/// What a unit in each state becomes over each distance, in memory that is used again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tables {
    /// What a unit in a state gives at each distance: one row, and of a pair three.
    flows: Vec<f64>,
    /// The concentration that a unit in a state gives at each offset, state after state.
    response: Vec<f64>,
    /// For each gap, what of each state goes to each: row after row of the target.
    transfer: Vec<f64>,
    chain: ChainRows,
}

/// The first `n` numbers of a memory that grows as needed.
fn long_enough(memory: &mut Vec<f64>, n: usize) -> &mut [f64] {
    if memory.len() < n {
        memory.resize(n, 0.0);
    }
    &mut memory[..n]
}

/// What is performed: steps and the arrivals between them.
#[derive(Clone, Copy)]
pub(crate) struct Course<'a> {
    pub(crate) steps: &'a Steps,
    pub(crate) arrivals: &'a [Arrival],
    pub(crate) baseline: f64,
}

/// The common bodies: one depot, whose swallowed doses get in by the fraction `f`, and the pools that it empties into. They
/// have no inputs.
#[derive(Clone, Copy)]
pub(crate) struct Direct {
    ka: f64,
    f: f64,
    modes: Pools,
}

/// The exponentials of a disposition, by their number.
#[derive(Clone, Copy)]
enum Pools {
    One([Mode; 1]),
    Two([Mode; 2]),
    Three([Mode; 3]),
}

impl Direct {
    /// The depot and the pools of a model, if that is all it has.
    #[inline]
    pub(crate) fn of(model: &Model) -> Option<Self> {
        let [path] = model.absorption().paths() else { return None };
        let Process::FirstOrder(FirstOrder { ka }) = path.process else { return None };
        let modes = match *model.modes() {
            [one] => Pools::One([one]),
            [one, two] => Pools::Two([one, two]),
            [one, two, three] => Pools::Three([one, two, three]),
            _ => return None,
        };
        Some(Self { ka, f: path.f, modes })
    }

    /// The pair, if there is but one pool; with its fraction absorbed.
    #[inline]
    pub(crate) fn pair(&self) -> Option<(Pair, f64)> {
        if let Pools::One([mode]) = self.modes { Some((Pair::new(self.ka, mode), self.f)) } else { None }
    }
}

impl Tables {
    /// The concentrations of a depot and its pools.
    #[inline]
    pub(crate) fn perform_direct(&mut self, direct: Direct, course: Course<'_>, conc: &mut [f64]) {
        let (before, conc) = conc.split_at_mut(course.steps.before);
        before.fill(course.baseline);
        match direct.modes {
            Pools::One(modes) => self.perform_pools((direct, modes), course, conc),
            Pools::Two(modes) => self.perform_pools((direct, modes), course, conc),
            Pools::Three(modes) => self.perform_pools((direct, modes), course, conc),
        }
    }

    fn perform_pools<const P: usize>(
        &mut self,
        (Direct { ka, f, .. }, modes): (Direct, [Mode; P]),
        course: Course<'_>,
        conc: &mut [f64],
    ) {
        /// So many distances need no memory but the stack.
        const FEW: usize = 16;
        let n = course.steps.distances.len();
        if n == 0 {
            return; // nobody looks after the first arrival
        }
        let mut few = [0.0; (2 * 3 + 1) * FEW];
        let room = if n <= FEW { &mut few[..] } else { long_enough(&mut self.flows, (2 * P + 1) * n) };
        let (waiting, rest) = room.split_at_mut(n);
        let (by_pool, rest) = rest.split_at_mut(P * n);
        let by_depot = &mut rest[..P * n];
        for (mode, (kept, gained)) in modes.iter().zip(by_pool.chunks_exact_mut(n).zip(by_depot.chunks_exact_mut(n))) {
            let table = PairTable { rates: [ka, mode.k], scale: mode.coef, scaled: course.steps.offsets };
            pair_table(table, &course.steps.distances, PairRows { gained, kept, waiting });
        }
        let flows: Flows<'_, P> = Flows {
            gained: std::array::from_fn(|p| &by_depot[p * n..][..n]),
            kept: std::array::from_fn(|p| &by_pool[p * n..][..n]),
            waiting,
        };
        fold_pools(&flows, course, f, conc);
    }

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
            return self.set_chain(network, chain, steps);
        }
        self.flows.clear();
        self.flows.resize(steps.distances.len(), 0.0);
        for from in 0..states {
            for to in from.min(network.sources.len())..states {
                self.set_link(network, steps, (from, to));
            }
        }
    }

    /// A chain of compartments that empties into the pools: all its flows in one go.
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

/// What a depot and its pools do over each distance: first the offsets, as concentrations, then the gaps.
struct Flows<'a, const P: usize> {
    /// What a unit in the depot gives to each pool, and what is kept in it.
    gained: [&'a [f64]; P],
    kept: [&'a [f64]; P],
    waiting: &'a [f64],
}

/// What is in the depot and in the pools.
#[derive(Clone, Copy)]
struct Contents<const P: usize> {
    depot: f64,
    pools: [f64; P],
}

/// What a gap makes of it.
#[derive(Clone, Copy)]
struct Gap<const P: usize> {
    gained: [f64; P],
    kept: [f64; P],
    waiting: f64,
}

impl<const P: usize> Contents<P> {
    /// Lets an amount into the depot, of which the fraction `f` gets in, or into the plasma, which is all pools.
    #[inline(always)]
    fn take(&mut self, arrival: &Arrival, f: f64) {
        match arrival.entry {
            0 => self.pools.iter_mut().for_each(|pool| *pool += arrival.amount),
            _ => self.depot += arrival.amount * f,
        }
    }

    #[inline(always)]
    fn cross(&mut self, gap: &Gap<P>) {
        for p in 0..P {
            self.pools[p] = gap.kept[p] * self.pools[p] + gap.gained[p] * self.depot;
        }
        self.depot *= gap.waiting;
    }
}

/// One depot and its pools without inputs, the common bodies: the state stays in registers.
#[multiversion(targets("x86_64+avx2"))]
fn fold_pools<const P: usize>(flows: &Flows<'_, P>, course: Course<'_>, f: f64, conc: &mut [f64]) {
    let (steps, arrivals) = (course.steps, course.arrivals);
    let mut contents = Contents { depot: 0.0, pools: [0.0; P] };
    let (mut rest, mut done) = (conc, 0);
    for step in &steps.steps {
        let gap = flows.gap(steps, step.gap);
        let (first, repeats) = (&arrivals[done..step.arrivals], &arrivals[step.arrivals..][..step.repeats]);
        done = step.arrivals + step.repeats;
        first.iter().for_each(|arrival| contents.take(arrival, f));
        if step.outputs == 0 {
            contents.cross(&gap);
            for arrival in repeats {
                contents.take(arrival, f);
                contents.cross(&gap);
            }
            continue;
        }
        let rows = flows.rows(step);
        let (now, later) = rest.split_at_mut(step.outputs);
        combine(contents, &rows, course.baseline, now);
        contents.cross(&gap);
        let (now, later) = later.split_at_mut(step.outputs * step.repeats);
        for (arrival, now) in repeats.iter().zip(now.chunks_exact_mut(step.outputs)) {
            contents.take(arrival, f);
            combine(contents, &rows, course.baseline, now);
            contents.cross(&gap);
        }
        rest = later;
    }
}

impl<'a, const P: usize> Flows<'a, P> {
    /// What a gap does; after the last step nothing is left to do.
    #[inline(always)]
    fn gap(&self, steps: &Steps, gap: usize) -> Gap<P> {
        if gap == Step::NO_GAP {
            return Gap { gained: [0.0; P], kept: [0.0; P], waiting: 0.0 };
        }
        let i = steps.offsets + gap;
        Gap {
            gained: std::array::from_fn(|p| self.gained[p][i]),
            kept: std::array::from_fn(|p| self.kept[p][i]),
            waiting: self.waiting[i],
        }
    }

    /// The rows of the output times of a step.
    #[inline(always)]
    fn rows(&self, step: &Step) -> Rows<'a, P> {
        let (first, end) = (step.pattern, step.pattern + step.outputs);
        Rows {
            by_depot: std::array::from_fn(|p| &self.gained[p][first..end]),
            by_pool: std::array::from_fn(|p| &self.kept[p][first..end]),
        }
    }
}

/// The concentration that a unit gives at the output times of a step, by way of each pool.
struct Rows<'a, const P: usize> {
    by_depot: [&'a [f64]; P],
    by_pool: [&'a [f64]; P],
}

/// `baseline + sum (depot * by_depot + pool * by_pool)` along the rows, eight at a time.
#[inline(always)]
fn combine<const P: usize>(contents: Contents<P>, rows: &Rows<'_, P>, baseline: f64, conc: &mut [f64]) {
    let Contents { depot, pools } = contents;
    let n = conc.len();
    let whole = n - n % 8;
    for first in (0..whole).step_by(8) {
        let mut sums = [baseline; 8];
        for p in 0..P {
            let (by_depot, by_pool) = (&rows.by_depot[p][first..first + 8], &rows.by_pool[p][first..first + 8]);
            for j in 0..8 {
                sums[j] += depot * by_depot[j] + pools[p] * by_pool[j];
            }
        }
        conc[first..first + 8].copy_from_slice(&sums);
    }
    for j in whole..n {
        let by_pool = |p: usize| depot * rows.by_depot[p][j] + pools[p] * rows.by_pool[p][j];
        conc[j] = (0..P).fold(baseline, |sum, p| sum + by_pool(p));
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
