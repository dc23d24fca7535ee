//! The flows along a row of compartments.
//!
//! Compartment `i` empties at rate `r_i` into the next. `T_ij = flow([r_i .. r_j], u)` is what a unit in compartment `i`
//! amounts to in compartment `j` after `u` hours, if every rate of transfer were 1. Where the rates descend along the row,
//! each number comes by that of three ways on which it loses no digit:
//!
//! - *near*: where `(r_i - r_j) u` is small, by a series whose terms are all positive;
//! - *below*: where some `T_hj` with `h < i` is near, by `T_ij = T_{i-1,j-1} + (r_{i-1} - r_j) T_{i-1,j}`, all positive;
//! - *apart*: elsewhere, by the same relation read the other way, `T_ij = (T_{i+1,j} - T_{i,j-1}) / (r_i - r_j)`.
//!
//! `T_ij` is `u^(j-i)` times the divided difference of `exp` at `-r_i u .. -r_j u`; series and recursion are those of McCurdy,
//! Ng and Parlett, Math. Comp. 43 (1984) 501, doi:10.1090/S0025-5718-1984-0758198-0.

use multiversion::multiversion;
use smallvec::SmallVec;

use super::block::{BLOCK, add_block, block_of};
use super::flow::{decay, flows};
use super::order::sort_descending;
use super::terms::Terms;

/// So many rates need no allocation: 51 of a transit chain, its depot, a constant input, a pool, an area and its moment.
const ROOM: usize = 56;
pub(super) type Rates = SmallVec<[f64; ROOM]>;

/// A number for each of `N` times.
pub(super) type Lanes<const N: usize> = [f64; N];

/// Memory for the flows into a compartment of a row.
pub(super) type Column<const N: usize> = SmallVec<[Lanes<N>; ROOM]>;

/// `flow(rates, u)` for any number of rates.
pub(super) fn end_of_row(rates: &[f64], u: f64) -> f64 {
    let [flow] = end_of_descent(&descending(rates), &Times::new([u]));
    flow
}

/// `out[j] += scale * flow(rates, u[j])` for any number of rates.
pub(super) fn add_end_of_row(scale: f64, rates: &[f64], u: &[f64], out: &mut [f64]) {
    let rates = descending(rates);
    for (u, out) in u.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
        let mut flow = end_of_block(&rates, &Times::new(block_of(u)));
        for flow in &mut flow {
            *flow *= scale;
        }
        add_block(&flow, out);
    }
}

/// [`end_of_descent`] of a block of times: one function for all who need it, because it is a long one.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn end_of_block(rates: &[f64], times: &Times<BLOCK>) -> Lanes<BLOCK> {
    end_of_descent(rates, times)
}

/// From the fastest to the slowest: the order makes no difference to what arrives at the end.
pub(super) fn descending(rates: &[f64]) -> Rates {
    let mut rates = Rates::from_slice(rates);
    sort_descending(&mut rates);
    rates
}

/// The flow from the first of `rates`, which descend, to the last.
#[inline(always)]
fn end_of_descent<const N: usize>(rates: &[f64], times: &Times<N>) -> Lanes<N> {
    let steps = rates.len() - 1;
    let all_near = (rates[0] - rates[steps]) * times.last <= edge(steps);
    if all_near {
        return series(rates, &times.u);
    }
    let (mut flows, mut reach) = (Column::new(), Rates::new());
    flows.resize(rates.len(), [0.0; N]);
    reach.resize(rates.len(), 0.0);
    let mut row = Row { flows: &mut flows, reach: &mut reach };
    // What is left in the first compartment matters only to a second at the same rate.
    for to in usize::from(rates.first() != rates.get(1))..rates.len() {
        row.join(&rates[..=to], times);
    }
    row.flows[0]
}

/// Some times, the first of them and the last.
#[derive(Clone, Copy)]
pub(super) struct Times<const N: usize> {
    u: Lanes<N>,
    first: f64,
    last: f64,
}

impl<const N: usize> Times<N> {
    #[inline(always)]
    pub(super) fn new(u: Lanes<N>) -> Self {
        let (mut first, mut last) = (u[0], u[0]);
        for u in u {
            first = if u < first { u } else { first };
            last = if u > last { u } else { last };
        }
        Self { u, first, last }
    }

    /// Whether any lies after `above` and not after `reach`.
    #[inline(always)]
    fn any_within(&self, above: f64, reach: f64) -> bool {
        let mut within = 0;
        for u in &self.u {
            within |= u64::from((*u > above) & (*u <= reach));
        }
        within != 0
    }
}

/// A row of compartments that grows at its end.
pub(super) struct Row<'a, const N: usize> {
    /// `T_ij` for the last compartment `j`.
    pub(super) flows: &'a mut [Lanes<N>],
    /// The time up to which each of them is near or below.
    pub(super) reach: &'a mut [f64],
}

impl Row<'_, BLOCK> {
    /// The last of `rates` joins the row, whatever their order. Each step stands here once: in this row of inlined functions
    /// a second place would double the machine code.
    #[inline(always)]
    pub(super) fn join_any(&mut self, rates: &[f64], times: &Times<BLOCK>) {
        let descends = rates.is_sorted_by(|a, b| a >= b);
        if descends && self.joins_early(rates, times) {
            return;
        }
        self.join_two(rates, &times.u);
        match rates.len() > 2 {
            true if descends => self.join_apart(rates, times),
            true => self.join_out_of_order(rates, times),
            false => {}
        }
    }

    /// The flows of three rates and more, where the last of them is out of order.
    #[inline(always)]
    fn join_out_of_order(&mut self, rates: &[f64], times: &Times<BLOCK>) {
        let (last, mut old) = (rates.len() - 1, self.flows[0]);
        for i in 0..last - 1 {
            let before = std::mem::replace(&mut old, self.flows[i]);
            self.flows[i] = if i > 0 && rates[i - 1] >= rates[last] {
                below(&before, &self.flows[i - 1], rates[i - 1] - rates[last])
            } else {
                // A copy: were the times themselves handed on, the compiler would take care that no flow lies over them.
                end_of_block(&descending(&rates[i..]), &{ *times })
            };
        }
    }
}

impl<const N: usize> Row<'_, N> {
    /// The last of `rates`, which descend, joins the row.
    #[inline(always)]
    fn join(&mut self, rates: &[f64], times: &Times<N>) {
        if self.joins_early(rates, times) {
            return;
        }
        self.join_two(rates, &times.u);
        if rates.len() > 2 {
            self.join_apart(rates, times);
        }
    }

    /// What comes before the flows of one rate and of two, where the rates descend; whether that is all.
    #[inline(always)]
    fn joins_early(&mut self, rates: &[f64], times: &Times<N>) -> bool {
        let last = rates.len() - 1;
        if last > 0 && rates[0] == rates[last] {
            self.join_alike(last, &times.u);
            return true;
        }
        if last > 1 {
            self.set_reach(rates);
            self.join_near(rates, times);
        }
        false
    }

    /// All rates are equal: the flow depends on the number of steps alone.
    #[inline(always)]
    fn join_alike(&mut self, last: usize, u: &Lanes<N>) {
        for i in (0..last).rev() {
            self.flows[i + 1] = self.flows[i];
        }
        one_on(&mut self.flows[0], u, last);
    }

    /// The flows of one rate and of two.
    #[inline(always)]
    fn join_two(&mut self, rates: &[f64], u: &Lanes<N>) {
        let last = rates.len() - 1;
        match *rates {
            [.., a, b] if a == b => {
                self.flows[last] = self.flows[last - 1];
                one_on(&mut self.flows[last - 1], u, 1);
            }
            [.., a, b] => {
                let two = flows([a, b], u);
                (self.flows[last - 1], self.flows[last]) = (two.flow, two.decay[1]);
            }
            _ => self.flows[0] = decay(rates[0], u),
        }
    }

    #[inline(always)]
    fn set_reach(&mut self, rates: &[f64]) {
        let (last, mut reached) = (rates.len() - 1, -1.0);
        for i in 0..last - 1 {
            let own = edge(last - i) / (rates[i] - rates[last]);
            reached = if own > reached { own } else { reached };
            self.reach[i] = reached;
        }
    }

    /// The flows of three rates and more at the times at which they are near or below. Elsewhere they stay what they were.
    #[inline(always)]
    fn join_near(&mut self, rates: &[f64], times: &Times<N>) {
        let last = rates.len() - 1;
        if times.first > self.reach[last - 2] {
            return;
        }
        let (mut reached, mut old) = (-1.0, self.flows[0]);
        for i in 0..last - 1 {
            let before = std::mem::replace(&mut old, self.flows[i]);
            if self.reach[i] > reached && times.any_within(reached, self.reach[i]) {
                let near = near(&rates[i..], &times.u, &old);
                choose(&mut self.flows[i], &near, &times.u, self.reach[i]);
            }
            if times.first <= reached {
                let below = below(&before, &self.flows[i - 1], rates[i - 1] - rates[last]);
                choose(&mut self.flows[i], &below, &times.u, reached);
            }
            reached = self.reach[i];
        }
    }

    /// The same flows at the times at which they are apart.
    #[inline(always)]
    fn join_apart(&mut self, rates: &[f64], times: &Times<N>) {
        let last = rates.len() - 1;
        for i in (0..last - 1).rev().filter(|i| times.last > self.reach[*i]) {
            let (flows, next) = self.flows.split_at_mut(i + 1);
            let (flow, per_spread) = (&mut flows[i], 1.0 / (rates[i] - rates[last]));
            let near = *flow;
            apart(flow, &next[0], per_spread);
            if times.first <= self.reach[i] {
                choose(flow, &near, &times.u, self.reach[i]);
            }
        }
    }
}

/// The series serves up to this `(r_i - r_j) u`. The recursion loses the most where the rates are evenly spaced: with this
/// edge, less than one digit over all its steps, however many.
#[inline(always)]
fn edge(steps: usize) -> f64 {
    let steps = number(steps);
    steps * (0.5 * steps).sqrt()
}

#[inline(always)]
#[expect(clippy::cast_precision_loss, reason = "a count of compartments")]
fn number(steps: usize) -> f64 {
    steps as f64
}

/// Takes the numbers of the times up to `reach` from another.
#[inline(always)]
fn choose<const N: usize>(flow: &mut Lanes<N>, other: &Lanes<N>, u: &Lanes<N>, reach: f64) {
    for l in 0..N {
        flow[l] = if u[l] <= reach { other[l] } else { flow[l] };
    }
}

/// From `T_{i,j-1}` to `T_ij = (T_{i+1,j} - T_{i,j-1}) / (r_i - r_j)`.
#[inline(always)]
fn apart<const N: usize>(flow: &mut Lanes<N>, next: &Lanes<N>, per_spread: f64) {
    for l in 0..N {
        flow[l] = (next[l] - flow[l]) * per_spread;
    }
}

/// `T_ij = T_{i-1,j-1} + (r_{i-1} - r_j) T_{i-1,j}`.
#[inline(always)]
fn below<const N: usize>(before: &Lanes<N>, above: &Lanes<N>, spread: f64) -> Lanes<N> {
    let mut flow = *before;
    for l in 0..N {
        flow[l] += spread * above[l];
    }
    flow
}

/// From the flow over one step less to that over `steps`, times what both share, where all rates are equal.
#[inline(always)]
fn one_on<const N: usize>(flow: &mut Lanes<N>, u: &Lanes<N>, steps: usize) {
    let per_step = 1.0 / number(steps);
    for l in 0..N {
        flow[l] *= u[l] * per_step;
    }
}

/// The flow from the first to the last, given that from the first to the last but one.
#[inline(always)]
fn near<const N: usize>(rates: &[f64], u: &Lanes<N>, before: &Lanes<N>) -> Lanes<N> {
    let steps = rates.len() - 1;
    if rates[0] != rates[steps] {
        return series(rates, u);
    }
    let mut flow = *before;
    one_on(&mut flow, u, steps);
    flow
}

/// The flow from the first to the last by its series: `u^n e^{-r_0 u} / n!` times the sum of [`Terms`].
#[inline(always)]
fn series<const N: usize>(rates: &[f64], u: &Lanes<N>) -> Lanes<N> {
    let steps = rates.len() - 1;
    let (edge, spread) = (edge(steps), rates[0] - rates[steps]);
    let (mut distances, mut symmetric) = (Rates::new(), Rates::new());
    for rate in rates[..steps].iter().filter(|rate| **rate < rates[0]) {
        distances.push((rates[0] - rate) / spread);
        symmetric.push(1.0);
    }
    let (order, factor, all) = (number(steps), 1.0, 1.0);
    let terms = Terms { distances: &distances, symmetric: &mut symmetric, edge, order, factor, all };
    let mut time = *u;
    for time in &mut time {
        *time = (*time * (spread / edge)).min(1.0);
    }
    let mut flow = terms.sum(&time);
    let decay = decay(rates[0], u);
    for l in 0..N {
        flow[l] *= decay[l];
    }
    for step in 1..=steps {
        one_on(&mut flow, u, step);
    }
    flow
}
