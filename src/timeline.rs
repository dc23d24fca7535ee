//! Events and output times compiled into steps: each distinct distance in time once, shared by all who advance.
//!
//! A regular schedule repeats the same few distances (1, 2, ... 24 h after a dose), so that the exponentials of a whole
//! year are those of one day.

use std::ops::Range;

use multiversion::multiversion;
use smallvec::SmallVec;

use crate::network::{Event, Network, check_fit};
use crate::regimen::Regimen;
use crate::{
    error::Result,
    model::Model,
    profile::{check_order, check_times, last_of},
};

/// The steps of a simulation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timeline {
    /// How many output times come before the first event.
    pub(crate) before: usize,
    pub(crate) steps: Vec<Step>,
    /// The distances from the start of a step to its output times, one pattern after another.
    pub(crate) offsets: Vec<f64>,
    /// The distinct lengths of steps.
    pub(crate) gaps: SmallVec<[f64; 8]>,
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
    /// How often the same comes again, each time with one event.
    pub(crate) repeats: usize,
}

impl Step {
    /// The gap after the last step, which leads nowhere.
    pub(crate) const NO_GAP: usize = usize::MAX;
}

/// The longest run of outputs in one step: longer ones are cut, so that their distances recur.
const BLOCK: usize = 64;
/// A shorter step is no measure for the next.
const SHORT: usize = 16;
/// How far back a pattern or a gap is looked for before it counts as new.
const RECENT: usize = 4;

/// The steps between `events`, which are in order of time, with `times` assigned to them. An output time at the instant
/// of an event belongs to the step that the event starts: it sees the dose.
///
/// Times that decrease are refused. Where a pattern comes again its times are as well ordered as the first time, so
/// only the others are looked over.
#[multiversion(targets("x86_64+avx2"))]
pub(crate) fn compile(events: &[Event], times: &[f64]) -> Result<Timeline> {
    let mut timeline = Timeline::default();
    let Some(first) = events.first() else {
        timeline.before = times.len();
        return check_times(times).map(|()| timeline);
    };
    timeline.steps.reserve(times.len() / BLOCK + 8);
    timeline.offsets.reserve(2 * BLOCK);
    timeline.before = times.partition_point(|t| *t < first.time);
    let mut rest = &times[timeline.before..];
    let (mut end, mut in_order) = (0, 0);
    let mut recent = Recent::default();
    while end < events.len() && !rest.is_empty() {
        let repeats = timeline.repeats(&events[end..], rest);
        if let Some(last) = timeline.steps.last_mut().filter(|_| repeats > 0) {
            let before = times.len() - rest.len();
            (end, rest) = (end + repeats, &rest[repeats * last.outputs..]);
            last.repeats += repeats;
            if last.outputs > 0 {
                check_order(times, in_order..before + 1)?;
                in_order = times.len() - rest.len() - 1;
            }
            continue;
        }
        let mut start = events[end].time;
        end += events[end..].iter().take_while(|event| event.time == start).count();
        let next = events.get(end).map_or(f64::INFINITY, |event| event.time);
        let mut inside = count_before(rest, next, recent.outputs);
        let block = recent.block();
        while inside > block {
            let cut = rest[block];
            timeline.push((start, cut), &rest[..block], end, &mut recent);
            rest = &rest[block..];
            (start, inside) = (cut, inside - block);
        }
        timeline.push((start, next), &rest[..inside], end, &mut recent);
        rest = &rest[inside..];
    }
    check_order(times, in_order..times.len())?;
    Ok(timeline)
}

impl Timeline {
    /// How often the last step is what the next events and output times ask for: regular dosing hardly asks for
    /// anything else.
    #[inline(always)]
    fn repeats(&self, events: &[Event], times: &[f64]) -> usize {
        let Some(last) = self.steps.last() else { return 0 };
        let Some(&gap) = self.gaps.get(last.gap) else { return 0 };
        let (outputs, offsets) = (last.outputs, &self.offsets[last.pattern..][..last.outputs]);
        // Only where no two offsets are rounded to the same can the order of the times be told from theirs.
        if !offsets.is_sorted_by(|a, b| a < b) || offsets.last().is_some_and(|offset| *offset >= gap) {
            return 0;
        }
        let (mut repeats, mut rest) = (0, times);
        for pair in events.windows(2) {
            let (start, next) = (pair[0].time, pair[1].time);
            let Some((inside, later)) = rest.split_at_checked(outputs) else { break };
            let between = next - start == gap && later.first().is_none_or(|t| *t >= next);
            if !(between && same_distances(inside, start, offsets)) {
                break;
            }
            (repeats, rest) = (repeats + 1, later);
        }
        repeats
    }

    /// The same steps with the output times of `range` alone, which keep their bits.
    pub(crate) fn part(&self, range: Range<usize>) -> Self {
        let before = self.before.min(range.end).saturating_sub(range.start);
        let mut part = Self { before, steps: Vec::new(), offsets: self.offsets.clone(), gaps: self.gaps.clone() };
        let mut first = self.before;
        for step in &self.steps {
            for repeat in 0..=step.repeats {
                if first >= range.end {
                    return part;
                }
                let end = first + step.outputs;
                let inside = first.max(range.start).min(end)..end.min(range.end).max(first);
                let outputs = inside.len();
                let pattern = if outputs == 0 { 0 } else { step.pattern + (inside.start - first) };
                part.add(Step { events: step.events + repeat, pattern, outputs, repeats: 0, ..*step });
                first = end;
            }
        }
        part
    }

    /// Adds a step, as one more repeat of the last where it is one.
    fn add(&mut self, step: Step) {
        let same = |last: &Step| {
            let next = last.events + last.repeats + 1;
            (last.pattern, last.outputs, last.gap, next) == (step.pattern, step.outputs, step.gap, step.events)
        };
        match self.steps.last_mut().filter(|last| same(last)) {
            Some(last) => last.repeats += 1,
            None => self.steps.push(step),
        }
    }

    #[inline(always)]
    fn push(&mut self, (start, end): (f64, f64), times: &[f64], events: usize, recent: &mut Recent) {
        let pattern = recent.pattern(&mut self.offsets, start, times);
        let gap = if end < f64::INFINITY { Recent::gap(&mut self.gaps, end - start) } else { Step::NO_GAP };
        recent.outputs = times.len();
        self.steps.push(Step { events, pattern, outputs: times.len(), gap, repeats: 0 });
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
    patterns: SmallVec<[(usize, usize); 8]>,
}

impl Recent {
    /// How long to cut a run of outputs: as the step before, so that the hours after a course are those of its days.
    fn block(&self) -> usize {
        if (SHORT..=BLOCK).contains(&self.outputs) { self.outputs } else { BLOCK }
    }

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
    fn gap(gaps: &mut SmallVec<[f64; 8]>, gap: f64) -> usize {
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
    if regimen.takes_time() {
        let drawn_out = regimen.kinds_of_dose().filter(|(_, dose)| dose.duration > 0.0);
        drawn_out.map(|(_, dose)| dose).try_for_each(|dose| check_fit(model, dose))?;
        rates = true;
    }
    let network = Network::new(model, rates);
    let mut events = Vec::with_capacity(128);
    regimen.each_batch(until, |batch| network.push_events(batch, &mut events));
    sort(&mut events);
    Ok((network, events))
}

/// Puts events in order of time, ends before beginnings.
pub(crate) fn sort(events: &mut [Event]) {
    // One pass without an early exit: they are in order but for few models.
    let in_order = events.windows(2).fold(true, |yes, pair| yes & (pair[0].time <= pair[1].time));
    if !in_order {
        events.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.action.cmp(&b.action)));
    }
}

/// Checks output times, which every simulation needs, and gives the last.
pub(crate) fn last_time(times: &[f64]) -> Result<f64> {
    check_times(times)?;
    last_of(times)
}
