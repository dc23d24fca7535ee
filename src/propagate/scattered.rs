//! One depot and one pool under events and output times that hardly ever recur: a diary.
//!
//! Nothing is looked up here: every gap and every offset has its own exponentials, and what counts is that the
//! processor never guesses wrong and never waits. So it goes in passes over rows of numbers, each of which does one
//! thing: the exponentials of all gaps, the state from event to event, the latest event before each output time, the
//! exponentials of all offsets, the concentrations. All this is done for a stretch at a time, so that the rows stay near.

use multiversion::multiversion;

use crate::network::{Action, Event, Pair};
use crate::numeric;

/// The most events or output times of a stretch.
const STRETCH: usize = 256;

/// The concentrations above `baseline` at `times`; there is at least one event.
pub(super) fn fill(pair: Pair, events: &[Event], (baseline, times): (f64, &[f64]), conc: &mut [f64]) {
    let before = times.partition_point(|time| *time < events[0].time);
    let (nothing, mut conc) = conc.split_at_mut(before);
    nothing.fill(baseline);
    let mut times = &times[before..];
    let (mut walk, mut samples) = (Walk::new(pair, events), Samples::new(pair, times.len()));
    let mut rest = events;
    while !rest.is_empty() && !times.is_empty() {
        let (events, later) = rest.split_at(STRETCH.min(rest.len()));
        let states = walk.past(events);
        let outputs = later.first().map_or(times.len(), |next| times.partition_point(|time| *time < next.time));
        let (now, after) = conc.split_at_mut(outputs);
        for (times, conc) in times[..outputs].chunks(STRETCH).zip(now.chunks_mut(STRETCH)) {
            samples.take((events, states), (baseline, times), conc);
        }
        (rest, times, conc) = (later, &times[outputs..], after);
    }
}

/// What is in the body from the time of an event on.
#[derive(Debug, Clone, Copy)]
struct State {
    time: f64,
    depot: f64,
    pool: f64,
}

/// The way from event to event.
struct Walk {
    pair: Pair,
    last: State,
    states: Vec<State>,
    gaps: Vec<f64>,
    /// What a gap makes of a unit: gained by the pool from the depot, kept in the pool, waiting in the depot.
    transfer: [Vec<f64>; 3],
}

impl Walk {
    fn new(pair: Pair, events: &[Event]) -> Self {
        let room = STRETCH.min(events.len());
        let row = || vec![0.0; room];
        let last = State { time: events[0].time, depot: 0.0, pool: 0.0 };
        Self { pair, last, states: vec![last; room], gaps: row(), transfer: [row(), row(), row()] }
    }

    /// The state after each of `events`, which follow those before; there is at least one.
    fn past(&mut self, events: &[Event]) -> &[State] {
        let gaps = &mut self.gaps[..events.len()];
        let mut time = self.last.time;
        for (gap, event) in gaps.iter_mut().zip(events) {
            *gap = event.time - time;
            time = event.time;
        }
        let rows = self.transfer.each_mut().map(|row| &mut row[..events.len()]);
        numeric::pair_rows([self.pair.ka, self.pair.ke], gaps, rows);
        let states = &mut self.states[..events.len()];
        advance(self.last, events, self.transfer.each_ref().map(|row| &row[..events.len()]), states);
        self.last = states[events.len() - 1];
        states
    }
}

/// The state after each of `events`, from what the gaps before them make of a unit.
///
/// Two events at a time: the state after the second is that before the first by coefficients of its own, so that there
/// is half as much to wait for.
#[multiversion(targets("x86_64+avx2"))]
fn advance(last: State, events: &[Event], transfer: [&[f64]; 3], states: &mut [State]) {
    let ((events, odd_event), (states, odd_state)) = (events.as_chunks::<2>(), states.as_chunks_mut::<2>());
    let ([gained, kept, waiting], odd) =
        (transfer.map(|row| &row.as_chunks::<2>().0[..events.len()]), 2 * events.len());
    let State { mut depot, mut pool, .. } = last;
    for (i, (events, states)) in events.iter().zip(states).enumerate() {
        let ([g1, g2], [k1, k2], [w1, w2]) = (gained[i], kept[i], waiting[i]);
        let first = State { time: events[0].time, depot, pool }.after(&events[0], [g1, k1, w1]);
        let [swallowed, injected] = entered(&events[0]);
        let alone = State { time: 0.0, depot: swallowed, pool: injected }.after(&events[1], [g2, k2, w2]);
        pool = (k2 * k1) * pool + ((k2 * g1 + g2 * w1) * depot + alone.pool);
        depot = (w2 * w1) * depot + alone.depot;
        *states = [first, State { depot, pool, ..alone }];
    }
    if let ([event], [state]) = (odd_event, odd_state) {
        *state = State { time: event.time, depot, pool }.after(event, transfer.map(|row| row[odd]));
    }
}

impl State {
    /// The state after the next event, from what the gap before it makes of a unit.
    #[inline(always)]
    fn after(self, event: &Event, [gained, kept, waiting]: [f64; 3]) -> Self {
        let [swallowed, injected] = entered(event);
        let pool = kept * self.pool + (gained * self.depot + injected);
        Self { time: event.time, depot: waiting * self.depot + swallowed, pool }
    }
}

/// What an event adds to depot and pool.
#[inline(always)]
fn entered(event: &Event) -> [f64; 2] {
    match event.action {
        Action::Add(0, _) => [event.amount, 0.0],
        _ => [0.0, event.amount],
    }
}

/// The concentrations between events.
struct Samples {
    pair: Pair,
    happened: Vec<usize>,
    /// The time since the latest event and the state that it left, a row each.
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

    /// The concentrations at `times`, of which none comes before the first of the events that left the states.
    fn take(&mut self, (events, states): (&[Event], &[State]), (baseline, times): (f64, &[f64]), conc: &mut [f64]) {
        let room = times.len();
        let [offset, depot, pool] = [&mut self.offset, &mut self.depot, &mut self.pool].map(|row| &mut row[..room]);
        let happened = &mut self.happened[..room];
        count(events, times, happened);
        gather(states, (times, happened), [offset, depot, pool]);
        let [by_depot, by_pool] = self.response.each_mut().map(|row| &mut row[..room]);
        numeric::pool_rows(self.pair.coef, [self.pair.ka, self.pair.ke], offset, [by_depot, by_pool]);
        combine([(depot, by_depot), (pool, by_pool)], baseline, conc);
    }
}

/// The time since the latest event before each of `times` and the amounts that it left.
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

/// How many of `events` have happened at each of `times`; both ascend.
///
/// Eight times are compared with four events at once. Events that have happened before all eight need not be looked at
/// for the next eight.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn count(events: &[Event], times: &[f64], happened: &mut [usize]) {
    let fours = events.as_chunks::<4>();
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

/// The same for eight times, which the first `passed` fours of events come before; gives how many fours do for all later
/// times.
#[inline(always)]
fn count_eight(
    (fours, last): (&[[Event; 4]], &[Event]),
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
fn add_happened(events: &[Event], times: &[f64; 8], counts: &mut [usize; 8]) {
    for event in events {
        for i in 0..8 {
            counts[i] += usize::from(event.time <= times[i]);
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
