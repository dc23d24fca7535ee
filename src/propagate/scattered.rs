//! One depot and one pool under events and output times that hardly ever recur: a diary.
//!
//! Nothing is looked up here: every gap and every offset has its own exponentials, and what counts is that the
//! processor never guesses wrong. So the output times are assigned to events by a merge without branches, and the
//! exponentials of a block of events are taken together, before the state runs through them. All this is done for a
//! stretch of events at a time, so that the memory on the way stays small and near.

use multiversion::multiversion;

use crate::network::{Action, Event, Pair};
use crate::numeric::{self, BLOCK, Flows};

/// The most events of a stretch.
const STRETCH: usize = 512;

/// The concentrations above `baseline` at `times`; there is at least one event.
pub(super) fn fill(pair: Pair, events: &[Event], (baseline, times): (f64, &[f64]), conc: &mut [f64]) {
    let before = times.partition_point(|time| *time < events[0].time);
    let (nothing, mut conc) = conc.split_at_mut(before);
    nothing.fill(baseline);
    let mut times = &times[before..];
    let mut stretch = Stretch { pair, baseline, last: State { time: events[0].time, depot: 0.0, pool: 0.0 } };
    let room = STRETCH.min(events.len());
    let (mut gaps, mut states, mut latest) = (vec![0.0; room], vec![stretch.last; room], Vec::new());
    let mut rest = events;
    while !rest.is_empty() && !times.is_empty() {
        let (events, later) = rest.split_at(room.min(rest.len()));
        let outputs = later.first().map_or(times.len(), |next| times.partition_point(|time| *time < next.time));
        let (now, after) = conc.split_at_mut(outputs);
        stretch.run(events, &mut gaps, &mut states);
        merge(events, &times[..outputs], &mut latest);
        stretch.sample(&states, (&latest, &times[..outputs]), now);
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

/// What a stretch has in common with the others, and where the one before ended.
struct Stretch {
    pair: Pair,
    baseline: f64,
    last: State,
}

impl Stretch {
    /// The state after each event. All gaps are written before the first is read: a vector cannot be loaded soon after
    /// its parts have been stored one by one.
    fn run(&mut self, events: &[Event], gaps: &mut [f64], states: &mut [State]) {
        let mut time = self.last.time;
        for (gap, event) in gaps.iter_mut().zip(events) {
            *gap = event.time - time;
            time = event.time;
        }
        run(self.pair, (self.last, events), gaps, states);
        self.last = states[events.len() - 1];
    }

    /// The concentrations at times, each out of the state number `latest`; their places hold the offsets first.
    fn sample(&self, states: &[State], (latest, times): (&[usize], &[f64]), conc: &mut [f64]) {
        for ((offset, time), latest) in conc.iter_mut().zip(times).zip(latest) {
            *offset = time - states[*latest].time;
        }
        sample(self.pair, (self.baseline, states), latest, conc);
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn run(pair: Pair, (last, events): (State, &[Event]), gaps: &[f64], states: &mut [State]) {
    let State { mut depot, mut pool, .. } = last;
    for ((events, gaps), states) in events.chunks(BLOCK).zip(gaps.chunks(BLOCK)).zip(states.chunks_mut(BLOCK)) {
        let Flows { decay: [by_ka, by_ke], flow } = numeric::flows([pair.ka, pair.ke], &numeric::block_of(gaps));
        for (i, (event, state)) in events.iter().zip(states).enumerate() {
            let [swallowed, injected] = match event.action {
                Action::Add(0, _) => [event.amount, 0.0],
                _ => [0.0, event.amount],
            };
            pool = by_ke[i] * pool + (pair.ka * flow[i] * depot + injected);
            depot = by_ka[i] * depot + swallowed;
            *state = State { time: event.time, depot, pool };
        }
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn sample(pair: Pair, (baseline, states): (f64, &[State]), latest: &[usize], conc: &mut [f64]) {
    for (latest, conc) in latest.chunks(BLOCK).zip(conc.chunks_mut(BLOCK)) {
        let Flows { decay: [_, by_ke], flow } = numeric::flows([pair.ka, pair.ke], &numeric::block_of(conc));
        for (i, (conc, latest)) in conc.iter_mut().zip(latest).enumerate() {
            let State { depot, pool, .. } = states[*latest];
            *conc = baseline + pair.coef * (pair.ka * flow[i] * depot + by_ke[i] * pool);
        }
    }
}

/// Which of `events` is the latest at each of `times`; both ascend, and the first event does not come after the first
/// time.
///
/// A step of the merge waits for the one before, so several parts of it are run side by side.
fn merge(events: &[Event], times: &[f64], latest: &mut Vec<usize>) {
    const PARTS: usize = 4;
    latest.clear();
    latest.resize(times.len(), 0);
    let total = events.len() + times.len();
    let mut unassigned = latest.as_mut_slice();
    let mut from = (0, 0);
    let mut parts = [1, 2, 3, PARTS].map(|part| {
        let to = crossing(events, times, total * part / PARTS);
        let (latest, others) = std::mem::take(&mut unassigned).split_at_mut(to.1 - from.1);
        unassigned = others;
        let part = Part { events, times: &times[from.1..to.1], latest, event: from.0, time: 0 };
        from = to;
        part
    });
    for _ in 0..=total / PARTS {
        parts.iter_mut().for_each(Part::step);
    }
}

/// How many events and times the merge has taken after `steps` of them.
fn crossing(events: &[Event], times: &[f64], steps: usize) -> (usize, usize) {
    let (mut least, mut most) = (steps.saturating_sub(times.len()), steps.min(events.len()));
    while least < most {
        let event = usize::midpoint(least, most);
        if events[event].time <= times[steps - event - 1] {
            least = event + 1;
        } else {
            most = event;
        }
    }
    (least, steps - least)
}

/// A part of the merge: some of the times, and the event that is next for them.
struct Part<'a> {
    events: &'a [Event],
    times: &'a [f64],
    latest: &'a mut [usize],
    event: usize,
    time: usize,
}

impl Part<'_> {
    /// Takes the next event or else the next time; nothing once all times are taken.
    #[inline(always)]
    fn step(&mut self) {
        let event = self.events.get(self.event).map_or(f64::INFINITY, |event| event.time);
        if let (Some(time), Some(latest)) = (self.times.get(self.time), self.latest.get_mut(self.time)) {
            *latest = self.event.wrapping_sub(1);
            let happens = event <= *time;
            self.event += usize::from(happens);
            self.time += usize::from(!happens);
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
