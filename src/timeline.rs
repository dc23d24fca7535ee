//! Events and output times compiled into steps: each distinct distance in time once, shared by all who advance.
//!
//! A regular schedule repeats the same few distances (1, 2, ... 24 h after a dose), so that the exponentials of a whole
//! year are those of one day.

use multiversion::multiversion;

use crate::network::{Event, Network, check_fit};
use crate::regimen::Regimen;
use crate::{error::Result, model::Model, profile::check_times};

/// The steps of a simulation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timeline {
    /// How many output times come before the first event.
    pub(crate) before: usize,
    pub(crate) steps: Vec<Step>,
    /// The distances from the start of a step to its output times, one pattern after another.
    pub(crate) offsets: Vec<f64>,
    /// The distinct lengths of steps.
    pub(crate) gaps: Vec<f64>,
}

/// The events of an instant, the output times until the next, and the way there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// The events at its start end before this index.
    pub(crate) events: usize,
    /// Where its output times begin in the offsets, and how many they are.
    pub(crate) pattern: usize,
    pub(crate) outputs: usize,
    /// Which of the gaps leads to the next step.
    pub(crate) gap: usize,
}

impl Step {
    /// The gap after the last step, which leads nowhere.
    pub(crate) const NO_GAP: usize = usize::MAX;
}

/// The longest run of outputs in one step: longer ones are cut, so that their distances recur.
const BLOCK: usize = 64;
/// How far back a pattern or a gap is looked for before it counts as new.
const RECENT: usize = 4;

/// The steps between `events`, which are in order of time, with `times` assigned to them. An output time at the instant
/// of an event belongs to the step that the event starts: it sees the dose.
#[multiversion(targets("x86_64+avx2"))]
pub(crate) fn compile(events: &[Event], times: &[f64]) -> Timeline {
    let mut timeline = Timeline::default();
    let Some(first) = events.first() else {
        timeline.before = times.len();
        return timeline;
    };
    timeline.steps.reserve(events.len() + times.len() / BLOCK + 1);
    timeline.offsets.reserve(2 * BLOCK);
    timeline.before = times.partition_point(|t| *t < first.time);
    let mut rest = &times[timeline.before..];
    let mut end = 0;
    let mut recent = Recent::default();
    while end < events.len() && !rest.is_empty() {
        if let Some(step) = timeline.repeated(&events[end..], rest) {
            (end, rest) = (step.events, &rest[step.outputs..]);
            timeline.steps.push(step);
            continue;
        }
        let mut start = events[end].time;
        end += events[end..].iter().take_while(|event| event.time == start).count();
        let next = events.get(end).map_or(f64::INFINITY, |event| event.time);
        let mut inside = count_before(rest, next, recent.outputs);
        while inside > BLOCK {
            let cut = rest[BLOCK];
            timeline.push((start, cut), &rest[..BLOCK], end, &mut recent);
            rest = &rest[BLOCK..];
            (start, inside) = (cut, inside - BLOCK);
        }
        timeline.push((start, next), &rest[..inside], end, &mut recent);
        rest = &rest[inside..];
    }
    timeline
}

impl Timeline {
    /// The last step once more, if that is what the next event and output times ask for: regular dosing hardly asks for
    /// anything else.
    #[inline(always)]
    fn repeated(&self, events: &[Event], times: &[f64]) -> Option<Step> {
        let last = *self.steps.last()?;
        let [event, next, ..] = events else { return None };
        let (inside, later) = times.split_at_checked(last.outputs)?;
        let same = self.gaps.get(last.gap).is_some_and(|gap| next.time - event.time == *gap)
            && inside.last().is_none_or(|t| *t < next.time)
            && later.first().is_none_or(|t| *t >= next.time)
            && same_distances(inside, event.time, &self.offsets[last.pattern..][..last.outputs]);
        same.then_some(Step { events: last.events + 1, ..last })
    }

    #[inline(always)]
    fn push(&mut self, (start, end): (f64, f64), times: &[f64], events: usize, recent: &mut Recent) {
        let pattern = recent.pattern(&mut self.offsets, start, times);
        let gap = if end < f64::INFINITY { Recent::gap(&mut self.gaps, end - start) } else { Step::NO_GAP };
        recent.outputs = times.len();
        self.steps.push(Step { events, pattern, outputs: times.len(), gap });
    }
}

/// Whether `times` lie at `offsets` from `start`, to the last bit: without an early exit, eight at a time.
#[inline(always)]
fn same_distances(times: &[f64], start: f64, offsets: &[f64]) -> bool {
    let difference = |t: f64, offset: f64| (t - start).to_bits() ^ offset.to_bits();
    let (times, last_times) = times.as_chunks::<8>();
    let (offsets, last_offsets) = offsets.as_chunks::<8>();
    let mut different = [0; 8];
    for (times, offsets) in times.iter().zip(offsets) {
        for i in 0..8 {
            different[i] |= difference(times[i], offsets[i]);
        }
    }
    let mut any = different.iter().fold(0, |any, one| any | one);
    for (t, offset) in last_times.iter().zip(last_offsets) {
        any |= difference(*t, *offset);
    }
    any == 0
}

/// How many of `times` lie before `end`; `guess` is what the last step held.
#[inline(always)]
fn count_before(times: &[f64], end: f64, guess: usize) -> usize {
    let held = |i: usize| times.get(i).is_some_and(|t| *t < end);
    if (guess == 0 || held(guess - 1)) && !held(guess) {
        return guess.min(times.len());
    }
    if end == f64::INFINITY { times.len() } else { times.iter().take_while(|t| **t < end).count() }
}

/// What is looked at first for the next step: the last are the likeliest to come again.
#[derive(Default)]
struct Recent {
    outputs: usize,
    /// (start among the offsets, length) of the patterns.
    patterns: Vec<(usize, usize)>,
}

impl Recent {
    /// Where the distances from `start` to `times` stand among the offsets; they are added if they are new.
    #[inline(always)]
    fn pattern(&mut self, offsets: &mut Vec<f64>, start: f64, times: &[f64]) -> usize {
        for &(from, length) in self.patterns.iter().rev().take(RECENT) {
            if times.len() <= length && same_distances(times, start, &offsets[from..from + times.len()]) {
                return from;
            }
        }
        let from = offsets.len();
        offsets.extend(times.iter().map(|t| t - start));
        self.patterns.push((from, times.len()));
        from
    }

    /// Which of the gaps `gap` is; it is added if it is new.
    #[inline(always)]
    fn gap(gaps: &mut Vec<f64>, gap: f64) -> usize {
        let newest_first = gaps.iter().enumerate().rev().take(RECENT);
        if let Some((i, _)) = newest_first.into_iter().find(|(_, known)| **known == gap) {
            return i;
        }
        gaps.push(gap);
        gaps.len() - 1
    }
}

/// The compartments of `model` that `regimen` needs and all its events up to `until`, in order of time.
pub(crate) fn prepare(model: &Model, regimen: &Regimen, until: f64) -> Result<(Network, Vec<Event>)> {
    regimen.check(until)?;
    let mut rates = model.absorption().paths().iter().any(|path| path.process.duration() > 0.0);
    let mut kinds = 0;
    for (_, dose) in regimen.kinds_of_dose() {
        kinds += 1;
        if dose.duration > 0.0 {
            check_fit(model, dose)?;
            rates = true;
        }
    }
    let network = Network::new(model, rates);
    let mut events = Vec::with_capacity(kinds.max(128));
    regimen.each_dose(until, |time, dose| network.arrivals((time, dose), |arrival| arrival.push_events(&mut events)));
    sort(&mut events);
    Ok((network, events))
}

/// Puts events in order of time, ends before beginnings.
pub(crate) fn sort(events: &mut [Event]) {
    if !events.is_sorted_by(|a, b| a.time <= b.time) {
        events.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.action.cmp(&b.action)));
    }
}

/// Checks output times, which every simulation needs, and gives the last.
pub(crate) fn last_time(times: &[f64]) -> Result<f64> {
    check_times(times)?;
    Ok(times[times.len() - 1])
}
