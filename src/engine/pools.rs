//! The kernel of the common models: one depot and the pools that it empties into. A hot loop.

use multiversion::multiversion;

use super::event::Arrival;
use super::fold::Course;
use super::pair::Pair;
use super::steps::{Step, Steps};
use crate::absorption::{FirstOrder, Process};
use crate::disposition::Mode;
use crate::model::Model;
use crate::numeric::{PairRows, PairTable, pair_table};

/// The common models: one depot, whose swallowed doses get in by the fraction `f`, and the pools that it empties into. They
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

impl Direct {
    /// The concentrations of a depot and its pools, with a memory that is used again.
    #[inline]
    pub(super) fn perform(&self, memory: &mut Vec<f64>, course: Course<'_>, conc: &mut [f64]) {
        let (before, conc) = conc.split_at_mut(course.steps.before);
        before.fill(course.baseline);
        match self.modes {
            Pools::One(modes) => self.perform_pools((memory, modes), course, conc),
            Pools::Two(modes) => self.perform_pools((memory, modes), course, conc),
            Pools::Three(modes) => self.perform_pools((memory, modes), course, conc),
        }
    }

    fn perform_pools<const P: usize>(
        &self,
        (memory, modes): (&mut Vec<f64>, [Mode; P]),
        course: Course<'_>,
        conc: &mut [f64],
    ) {
        /// So many distances need no memory but the stack.
        const FEW: usize = 16;
        let (Self { ka, f, .. }, n) = (*self, course.steps.distances.len());
        if n == 0 {
            return; // nobody looks after the first arrival
        }
        let mut few = [0.0; (2 * 3 + 1) * FEW];
        let room = if n <= FEW { &mut few[..] } else { long_enough(memory, (2 * P + 1) * n) };
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
}

/// The first `n` numbers of a memory that grows as needed.
fn long_enough(memory: &mut Vec<f64>, n: usize) -> &mut [f64] {
    if memory.len() < n {
        memory.resize(n, 0.0);
    }
    &mut memory[..n]
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

/// One depot and its pools without inputs, the common models: the state stays in registers.
#[multiversion(targets("x86_64+avx2"))]
fn fold_pools<const P: usize>(flows: &Flows<'_, P>, course: Course<'_>, f: f64, conc: &mut [f64]) {
    let (steps, arrivals) = (course.steps, course.arrivals);
    let mut contents = Contents { depot: 0.0, pools: [0.0; P] };
    let (mut rest, mut done) = (conc, 0);
    for step in &steps.all {
        let gap = flows.gap(steps, step.gap);
        let (first, repeats) = (&arrivals[done..step.arrivals], &arrivals[step.arrivals..][..step.repeats]);
        done = step.arrivals + step.repeats;
        for arrival in first {
            contents.take(arrival, f);
        }
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
