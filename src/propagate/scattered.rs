//! One depot and one pool under events and output times that hardly ever recur: a diary.
//!
//! Nothing is looked up here; every gap and every offset has its own exponentials, and what counts is that the
//! processor never guesses wrong. So the output times are assigned to events by a merge without branches, and the
//! exponentials of a block of events are taken together, before the state runs through them.

use multiversion::multiversion;

use crate::network::{Action, Event, Pair};
use crate::numeric::{self, BLOCK, Block, Flows};

/// The amounts in depot and pool.
type State = [f64; 2];

/// The concentrations above `baseline` at `times`.
pub(super) fn fill(pair: Pair, events: &[Event], (baseline, times): (f64, &[f64]), conc: &mut [f64]) {
    // Before the first event stands a state of nothing.
    let mut starts = Vec::with_capacity(events.len() + 1);
    starts.push(events[0].time.min(times[0]));
    starts.extend(events.iter().map(|event| event.time));
    let mut latest = vec![0; times.len()];
    merge(&starts[1..], times, &mut latest);
    let states = run(pair, events, &starts);
    sample(pair, (&starts, &states), (&latest, times), conc);
    if baseline > 0.0 {
        conc.iter_mut().for_each(|conc| *conc += baseline);
    }
}

/// The states after each event, from nothing on.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn run(Pair { ka, ke, .. }: Pair, events: &[Event], starts: &[f64]) -> Vec<State> {
    let mut states = Vec::with_capacity(events.len() + 1);
    let mut state = [0.0; 2];
    states.push(state);
    for (block, starts) in events.chunks(BLOCK).zip(starts.chunks(BLOCK)) {
        let mut gaps = [0.0; BLOCK];
        for ((gap, event), start) in gaps.iter_mut().zip(block).zip(starts) {
            *gap = event.time - start;
        }
        let Flows { decay: [by_ka, by_ke], flow } = numeric::flows([ka, ke], &gaps);
        for (i, event) in block.iter().enumerate() {
            let [depot, pool] = state;
            state = [by_ka[i] * depot, by_ke[i] * pool + ka * flow[i] * depot];
            state[usize::from(!matches!(event.action, Action::Add(0, _)))] += event.amount;
            states.push(state);
        }
    }
    states
}

/// The concentrations at `times`, the state at each being that after event number `latest`.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn sample(pair: Pair, (starts, states): (&[f64], &[State]), (latest, times): (&[usize], &[f64]), conc: &mut [f64]) {
    for ((times, latest), conc) in times.chunks(BLOCK).zip(latest.chunks(BLOCK)).zip(conc.chunks_mut(BLOCK)) {
        let mut offsets: Block = [0.0; BLOCK];
        for ((offset, time), latest) in offsets.iter_mut().zip(times).zip(latest) {
            *offset = time - starts[*latest];
        }
        let Flows { decay: [_, by_ke], flow } = numeric::flows([pair.ka, pair.ke], &offsets);
        for (i, (conc, latest)) in conc.iter_mut().zip(latest).enumerate() {
            let [depot, pool] = states[*latest];
            *conc = pair.coef * (pair.ka * flow[i] * depot + by_ke[i] * pool);
        }
    }
}

/// How many of `events` have happened at each of `times`; both ascend.
///
/// A step of the merge waits for the one before, so several parts of it are run side by side.
fn merge(events: &[f64], times: &[f64], happened: &mut [usize]) {
    const PARTS: usize = 4;
    let total = events.len() + times.len();
    let ends = [1, 2, 3, 4].map(|part| crossing(events, times, total * part / PARTS));
    let mut happened = happened;
    let mut from = (0, 0);
    let mut parts = ends.map(|(event, time)| {
        let (mine, others) = std::mem::take(&mut happened).split_at_mut(time - from.1);
        happened = others;
        let part = Part { events: &events[from.0..event], times: &times[from.1..time], happened: mine, before: from.0, event: 0, time: 0 };
        from = (event, time);
        part
    });
    for _ in 0..=total / PARTS {
        parts.iter_mut().for_each(Part::step);
    }
}

/// How many events and times the merge has taken after `steps` of them.
fn crossing(events: &[f64], times: &[f64], steps: usize) -> (usize, usize) {
    let (mut least, mut most) = (steps.saturating_sub(times.len()), steps.min(events.len()));
    while least < most {
        let event = (least + most) / 2;
        if events[event] <= times[steps - event - 1] {
            least = event + 1;
        } else {
            most = event;
        }
    }
    (least, steps - least)
}

/// A part of the merge.
struct Part<'a> {
    events: &'a [f64],
    times: &'a [f64],
    happened: &'a mut [usize],
    /// How many events lie before this part.
    before: usize,
    event: usize,
    time: usize,
}

impl Part<'_> {
    /// Takes the next event or else the next time; nothing once all are taken.
    #[inline(always)]
    fn step(&mut self) {
        let event = self.events.get(self.event).copied().unwrap_or(f64::INFINITY);
        let Some(time) = self.times.get(self.time) else { return };
        self.happened[self.time] = self.before + self.event;
        let happens = event <= *time;
        self.event += usize::from(happens);
        self.time += usize::from(!happens);
    }
}
