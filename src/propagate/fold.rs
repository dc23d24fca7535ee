//! The fold over the steps of a timeline: the one hot loop.

use multiversion::multiversion;
use smallvec::SmallVec;

use crate::network::{Action, Event, Network, Pair, State};
use crate::numeric;
use crate::timeline::{Step, Timeline};

/// The exponentials of a simulation, each once.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    states: usize,
    /// The concentration that a unit in a state gives at each offset, state after state.
    response: Vec<f64>,
    offsets: usize,
    /// Which state feeds which: the last fed first, and itself first among its feeders, so that the state can be
    /// advanced in place.
    links: SmallVec<[Link; 4]>,
    /// What a unit becomes over each gap, link after link.
    transfer: SmallVec<[f64; 12]>,
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
    pub(super) fn pair(pair: Pair, timeline: &Timeline) -> Self {
        let mut tables = Self::default();
        tables.set_pair(pair, timeline);
        tables
    }

    /// The same in the memory of the tables before.
    pub(super) fn set_pair(&mut self, Pair { ka, ke, coef }: Pair, timeline: &Timeline) {
        (self.states, self.offsets, self.gaps) = (2, timeline.offsets.len(), timeline.gaps.len());
        self.response.resize(2 * self.offsets, 0.0);
        let (by_depot, by_pool) = self.response.split_at_mut(self.offsets);
        numeric::pool_rows(coef, [ka, ke], &timeline.offsets, [by_depot, by_pool]);
        self.transfer.resize(3 * self.gaps, 0.0);
        let (pool_to_pool, from_depot) = self.transfer.split_at_mut(self.gaps);
        let (depot_to_pool, depot_to_depot) = from_depot.split_at_mut(self.gaps);
        numeric::pair_rows([ka, ke], &timeline.gaps, [depot_to_pool, pool_to_pool, depot_to_depot]);
    }

    pub(super) fn new(network: &Network, timeline: &Timeline) -> Self {
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
        let mut transfer = SmallVec::new();
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
pub(super) fn fold(tables: &Tables, (steps, events): (&[Step], &[Event]), baseline: f64, conc: &mut [f64]) {
    let mut state = State::empty(tables.states);
    let (mut rest, mut done) = (conc, 0);
    for (step, events_end) in each(steps) {
        for event in &events[done..events_end] {
            state.apply(event);
        }
        done = events_end;
        let (now, after) = rest.split_at_mut(step.outputs);
        tables.samples(&state.amounts, step.pattern, baseline, now);
        rest = after;
        if step.gap != Step::NO_GAP {
            tables.advance(&mut state.amounts, step.gap);
        }
    }
}

/// Every step as often as it comes, with the end of its events.
fn each(steps: &[Step]) -> impl Iterator<Item = (&Step, usize)> {
    steps.iter().flat_map(|step| (0..=step.repeats).map(move |repeat| (step, step.events + repeat)))
}

/// The same for one depot and one pool without constant inputs, the common case: the state stays in two registers. Of
/// what goes into the depot, the fraction `f` does.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn fold_pair(
    tables: &Tables,
    (steps, events): (&[Step], &[Event]),
    (baseline, f): (f64, f64),
    conc: &mut [f64],
) {
    let [pool_to_pool, depot_to_pool, depot_to_depot] = [0, 1, 2].map(|link| &tables.transfer[link * tables.gaps..]);
    let (depot_response, pool_response) = tables.response.split_at(tables.offsets);
    let (mut depot, mut pool) = (0.0, 0.0);
    let (mut rest, mut done) = (conc, 0);
    for step in steps {
        let rows = [depot_response, pool_response].map(|row| &row[step.pattern..][..step.outputs]);
        let [kept, gained, waiting] = match step.gap {
            Step::NO_GAP => [0.0; 3],
            gap => [pool_to_pool[gap], depot_to_pool[gap], depot_to_depot[gap]],
        };
        for end in step.events..=step.events + step.repeats {
            for event in &events[done..end] {
                match event.action {
                    Action::Add(0, _) => depot += event.amount * f,
                    _ => pool += event.amount,
                }
            }
            done = end;
            let (now, after) = rest.split_at_mut(step.outputs);
            combine([depot, pool], rows, baseline, now);
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
