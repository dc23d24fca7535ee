//! One depot and one pool under arrivals and output times that hardly ever recur: a diary.
//!
//! Nothing is looked up here: every gap and every offset has its own exponentials, and what counts is that the
//! processor never guesses wrong and never waits. So it goes in passes over rows of numbers, each of which does one
//! thing: the exponentials of all gaps, the state from arrival to arrival, the latest arrival before each output time, the
//! exponentials of all offsets, the concentrations. All this is done for a stretch at a time, so that the rows stay near.

use multiversion::multiversion;

use super::event::Arrival;
use super::pair::Pair;
use crate::numeric;

/// The most arrivals or output times of a stretch.
const STRETCH: usize = 256;

/// The concentrations above `baseline` at `times`; of what is swallowed, the fraction `f` gets in. There is at least one
/// arrival, and none of them takes time.
pub(super) fn fill((pair, f): (Pair, f64), arrivals: &[Arrival], (baseline, times): (f64, &[f64]), conc: &mut [f64]) {
    let before = times.partition_point(|time| *time < arrivals[0].time);
    let (nothing, mut conc) = conc.split_at_mut(before);
    nothing.fill(baseline);
    let mut times = &times[before..];
    let (mut passage, mut samples) = (Passage::new((pair, f), arrivals), Samples::new(pair, times.len()));
    let mut rest = arrivals;
    while !rest.is_empty() && !times.is_empty() {
        let (arrivals, later) = rest.split_at(STRETCH.min(rest.len()));
        let states = passage.past(arrivals);
        let outputs = later.first().map_or(times.len(), |next| times.partition_point(|time| *time < next.time));
        let (now, after) = conc.split_at_mut(outputs);
        for (times, conc) in times[..outputs].chunks(STRETCH).zip(now.chunks_mut(STRETCH)) {
            samples.take((arrivals, states), (baseline, times), conc);
        }
        (rest, times, conc) = (later, &times[outputs..], after);
    }
}

/// What is in the body from the time of an arrival on.
#[derive(Debug, Clone, Copy)]
struct State {
    time: f64,
    depot: f64,
    pool: f64,
}

/// The way from arrival to arrival.
struct Passage {
    pair: Pair,
    f: f64,
    last: State,
    states: Vec<State>,
    gaps: Vec<f64>,
    /// What a gap makes of a unit: gained by the pool from the depot, kept in the pool, waiting in the depot.
    transfer: [Vec<f64>; 3],
}

impl Passage {
    fn new((pair, f): (Pair, f64), arrivals: &[Arrival]) -> Self {
        let room = STRETCH.min(arrivals.len());
        let row = || vec![0.0; room];
        let last = State { time: arrivals[0].time, depot: 0.0, pool: 0.0 };
        Self { pair, f, last, states: vec![last; room], gaps: row(), transfer: [row(), row(), row()] }
    }

    /// The state after each of `arrivals`, which follow those before; there is at least one.
    fn past(&mut self, arrivals: &[Arrival]) -> &[State] {
        let gaps = &mut self.gaps[..arrivals.len()];
        let mut time = self.last.time;
        for (gap, arrival) in gaps.iter_mut().zip(arrivals) {
            *gap = arrival.time - time;
            time = arrival.time;
        }
        let rows = self.transfer.each_mut().map(|row| &mut row[..arrivals.len()]);
        numeric::pair_rows([self.pair.ka, self.pair.ke], gaps, rows);
        let states = &mut self.states[..arrivals.len()];
        advance(self.last, (arrivals, self.f), self.transfer.each_ref().map(|row| &row[..arrivals.len()]), states);
        self.last = states[arrivals.len() - 1];
        states
    }
}

/// The state after each of `arrivals`, from what the gaps before them make of a unit.
///
/// Two arrivals at a time: the state after the second is that before the first by coefficients of its own, so that there
/// is half as much to wait for.
#[multiversion(targets("x86_64+avx2"))]
fn advance(last: State, (arrivals, f): (&[Arrival], f64), transfer: [&[f64]; 3], states: &mut [State]) {
    let ((arrivals, odd_arrival), (states, odd_state)) = (arrivals.as_chunks::<2>(), states.as_chunks_mut::<2>());
    let ([gained, kept, waiting], odd) =
        (transfer.map(|row| &row.as_chunks::<2>().0[..arrivals.len()]), 2 * arrivals.len());
    let State { mut depot, mut pool, .. } = last;
    for (i, (arrivals, states)) in arrivals.iter().zip(states).enumerate() {
        let ([g1, g2], [k1, k2], [w1, w2]) = (gained[i], kept[i], waiting[i]);
        let first = State { time: arrivals[0].time, depot, pool }.after((&arrivals[0], f), [g1, k1, w1]);
        let [swallowed, injected] = entered((&arrivals[0], f));
        let alone = State { time: 0.0, depot: swallowed, pool: injected }.after((&arrivals[1], f), [g2, k2, w2]);
        // The product of both gaps as one 2 x 2 matrix, and what the two arrivals alone leave.
        pool = (k2 * k1) * pool + ((k2 * g1 + g2 * w1) * depot + alone.pool);
        depot = (w2 * w1) * depot + alone.depot;
        *states = [first, State { depot, pool, ..alone }];
    }
    if let ([arrival], [state]) = (odd_arrival, odd_state) {
        *state = State { time: arrival.time, depot, pool }.after((arrival, f), transfer.map(|row| row[odd]));
    }
}

impl State {
    /// The state after the next arrival, from what the gap before it makes of a unit.
    #[inline(always)]
    fn after(self, (arrival, f): (&Arrival, f64), [gained, kept, waiting]: [f64; 3]) -> Self {
        let [swallowed, injected] = entered((arrival, f));
        let pool = kept * self.pool + (gained * self.depot + injected);
        Self { time: arrival.time, depot: waiting * self.depot + swallowed, pool }
    }
}

/// What an arrival adds to depot and pool.
#[inline(always)]
fn entered((arrival, f): (&Arrival, f64)) -> [f64; 2] {
    match arrival.entry {
        0 => [0.0, arrival.amount],
        _ => [arrival.amount * f, 0.0],
    }
}

/// The concentrations between arrivals.
struct Samples {
    pair: Pair,
    happened: Vec<usize>,
    /// The time since the latest arrival and the state that it left, a row each.
    offset: Vec<f64>,
    depot: Vec<f64>,
    pool: Vec<f64>,
    /// The concentration that a unit in depot or pool gives after the offset.
    response: [Vec<f64>; 2],
}

impl Samples {
    fn new(pair: Pair, times: usize) -> Self {
        let room = STRETCH.min(times);
        let row = || vec![0.0; room];
        Self { pair, happened: vec![0; room], offset: row(), depot: row(), pool: row(), response: [row(), row()] }
    }

    /// The concentrations at `times`, of which none comes before the first of the arrivals that left the states.
    fn take(&mut self, (arrivals, states): (&[Arrival], &[State]), (baseline, times): (f64, &[f64]), conc: &mut [f64]) {
        let room = times.len();
        let [offset, depot, pool] = [&mut self.offset, &mut self.depot, &mut self.pool].map(|row| &mut row[..room]);
        let happened = &mut self.happened[..room];
        count(arrivals, times, happened);
        gather(states, (times, happened), [offset, depot, pool]);
        let [by_depot, by_pool] = self.response.each_mut().map(|row| &mut row[..room]);
        numeric::pool_rows(self.pair.coef, [self.pair.ka, self.pair.ke], offset, [by_depot, by_pool]);
        combine([(depot, by_depot), (pool, by_pool)], baseline, conc);
    }
}

/// The time since the latest arrival before each of `times` and the amounts that it left.
#[multiversion(targets("x86_64+avx2"))]
fn gather(states: &[State], (times, happened): (&[f64], &[usize]), [offset, depot, pool]: [&mut [f64]; 3]) {
    let n = times.len();
    let (happened, offset, depot, pool) = (&happened[..n], &mut offset[..n], &mut depot[..n], &mut pool[..n]);
    for j in 0..n {
        let latest = states[happened[j] - 1];
        (offset[j], depot[j], pool[j]) = (times[j] - latest.time, latest.depot, latest.pool);
    }
}

/// An amount and what a unit of it gives, row by row.
type Share<'a> = (&'a [f64], &'a [f64]);

/// `baseline` and the two shares.
#[multiversion(targets("x86_64+avx2"))]
fn combine([(depot, by_depot), (pool, by_pool)]: [Share; 2], baseline: f64, conc: &mut [f64]) {
    let n = conc.len();
    let (depot, by_depot, pool, by_pool) = (&depot[..n], &by_depot[..n], &pool[..n], &by_pool[..n]);
    for i in 0..n {
        conc[i] = baseline + (depot[i] * by_depot[i] + pool[i] * by_pool[i]);
    }
}

/// How many of `arrivals` have happened at each of `times`; both ascend.
///
/// Eight times are compared with four arrivals at once. Events that have happened before all eight need not be looked at
/// for the next eight.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn count(arrivals: &[Arrival], times: &[f64], happened: &mut [usize]) {
    let fours = arrivals.as_chunks::<4>();
    let (eights, last_times) = times.as_chunks::<8>();
    let (counts, last_counts) = happened.as_chunks_mut::<8>();
    let mut passed = 0;
    for (times, counts) in eights.iter().zip(counts) {
        passed = count_eight(fours, passed, times, counts);
    }
    if let Some(latest) = last_times.last() {
        let (mut times, mut counts) = ([*latest; 8], [0; 8]);
        times[..last_times.len()].copy_from_slice(last_times);
        count_eight(fours, passed, &times, &mut counts);
        last_counts.copy_from_slice(&counts[..last_counts.len()]);
    }
}

/// How many arrivals have happened at each of eight times, which the first `passed` fours come before; gives how many fours
/// do for all later times.
#[inline(always)]
fn count_eight(
    (fours, last): (&[[Arrival; 4]], &[Arrival]),
    mut passed: usize,
    times: &[f64; 8],
    happened: &mut [usize; 8],
) -> usize {
    let mut counts = [4 * passed; 8];
    while let Some(four) = fours.get(passed) {
        add_happened(four, times, &mut counts);
        if four[3].time > times[7] {
            break;
        }
        passed += 1;
    }
    if passed == fours.len() {
        add_happened(last, times, &mut counts);
    }
    *happened = counts;
    passed
}

#[inline(always)]
fn add_happened(arrivals: &[Arrival], times: &[f64; 8], counts: &mut [usize; 8]) {
    for arrival in arrivals {
        for i in 0..8 {
            counts[i] += usize::from(arrival.time <= times[i]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Parameters;
    use crate::regimen::{Dose, Regimen};

    /// A diary longer than a stretch, with doses at the same instant, two routes, a baseline and times before the first
    /// dose and at doses: one time at a time, which is the path of the diary, against many between doses, which is not.
    #[test]
    fn a_diary_agrees_with_regular_steps() {
        let hours = |i: u32| 10.0 + f64::from(i / 2) * 7.3 + f64::from(i % 7);
        let dose = |i: u32| if i.is_multiple_of(3) { Dose::iv(20.0) } else { Dose::of(40.0 + f64::from(i % 5)) };
        let diary: Regimen = (0..1_100).map(|i| (hours(i), dose(i))).collect();
        let times: Vec<f64> = (0..18_000).map(|i| 0.25 * f64::from(i)).collect();
        for (cl, ka) in [(1.27, 1.0), (154.0, 0.3), (154.0, 1.0)] {
            let model =
                Parameters { cl, v: 154.0, ka, tlag: 0.0, f: 0.9 }.model().and_then(|model| model.with_baseline(0.5));
            let model = model.expect("a good model");
            let regular = model.concentrations(&diary, &times).expect("a good diary");
            let few: Vec<f64> = times.iter().step_by(5).copied().collect();
            let scattered = model.concentrations(&diary, &few).expect("a good diary");
            for (found, right) in scattered.iter().zip(regular.iter().step_by(5)) {
                assert!((found / right - 1.0).abs() < 1e-13, "{found} is not {right}");
            }
        }
    }
}
