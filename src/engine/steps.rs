//! Arrivals and output times compiled into steps: each distinct distance in time once, shared by all who advance.
//!
//! A regular schedule repeats the same few distances (1, 2, ... 24 h after a dose), so that the exponentials of a whole
//! year are those of one day. Distances that differ by no more than the clock rounds are one distance: doses with a lag of
//! 0.37 h arrive 24 h apart, but for the last digits.

use std::ops::Range;

use multiversion::multiversion;
use smallvec::SmallVec;

use super::event::{Arrival, earliest, rounding};
use super::lengths::{RECENT, recent};
use crate::error::Result;
use crate::numeric::LANES;
use crate::profile::{check_order, check_times};

/// The steps of a course; those of a few doses need no allocation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Steps {
    /// How many output times come before the first arrival.
    pub(crate) before: usize,
    pub(crate) all: SmallVec<[Step; 8]>,
    /// The distances from the start of a step to its output times, one pattern after another; then the distinct lengths of
    /// steps, the gaps; then as many zeros as make a whole number of vectors.
    pub(crate) distances: SmallVec<[f64; 32]>,
    /// How many of the distances are offsets, and how many gaps follow.
    pub(crate) offsets: usize,
    pub(crate) gaps: usize,
    /// The lag of all arrivals, where they have one in common.
    lag: Option<CommonLag>,
}

/// A lag that all arrivals of a course have in common: the steps are the same for every lag with which no arrival passes
/// an output time.
#[derive(Debug, Clone)]
struct CommonLag {
    /// The distances of the output times from when the doses were taken.
    taken: SmallVec<[f64; 32]>,
    /// The lags lie between these.
    range: [f64; 2],
}

/// The arrivals of an instant, the output times until the next, and the way there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// The arrivals at its start end before this index.
    pub(crate) arrivals: usize,
    /// Where its output times begin in the offsets, and how many they are.
    pub(crate) pattern: usize,
    pub(crate) outputs: usize,
    /// Which of the gaps leads to the next step.
    pub(crate) gap: usize,
    /// How often the same comes again, each time with one arrival.
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

impl Steps {
    /// Becomes the steps between `arrivals`, which are in order of time, with `times` assigned to them. An output time at the
    /// instant of an arrival, as the clock rounds it, belongs to the step that the arrival starts: it sees the dose.
    ///
    /// With a `lag`, the arrivals hold the times at which doses were taken, and each comes that much later. Times that decrease
    /// are refused.
    pub(crate) fn compile(&mut self, arrivals: &[Arrival], times: &[f64], lag: Option<f64>) -> Result<()> {
        self.lag = None;
        let mut compiler = Compiler::new(self);
        (compiler.lag, compiler.shared) = (lag.unwrap_or(0.0), lag.is_some());
        compile(&mut compiler, arrivals, times)?;
        let range = compiler.range;
        compiler.finish();
        if let Some(lag) = lag {
            let taken = SmallVec::from_slice(&self.distances[..self.offsets]);
            self.lag = Some(CommonLag { taken, range });
            self.shift_by(lag);
        }
        Ok(())
    }

    /// Goes over to another lag of all arrivals; false if other steps are needed for it.
    pub(crate) fn set_lag(&mut self, lag: f64) -> bool {
        let Some(CommonLag { range: [above, most], .. }) = self.lag else { return false };
        let fits = above < lag && lag < most;
        if fits {
            self.shift_by(lag);
        }
        fits
    }

    /// Counts the offsets from the arrivals in place of the times at which doses were taken; one at the very arrival is none.
    fn shift_by(&mut self, lag: f64) {
        let Some(CommonLag { taken, .. }) = &self.lag else { return };
        for (offset, taken) in self.distances.iter_mut().zip(taken) {
            *offset = (taken - lag).max(0.0);
        }
    }

    /// Becomes the steps between `arrivals` where it is known how many of them each of `times` has seen.
    pub(crate) fn compile_seen(&mut self, arrivals: &[Arrival], times: &[f64], seen: &[usize]) {
        self.lag = None;
        let mut compiler = Compiler::new(self);
        let looks = |arrivals: usize| seen.partition_point(|seen| *seen <= arrivals);
        let mut done = looks(0);
        compiler.steps.before = done;
        for (end, arrival) in (1..).zip(arrivals) {
            let (next, all) = (arrivals.get(end), looks(end));
            // Arrivals of one instant are one step, unless somebody looks between them.
            if next.is_some_and(|next| next.time == arrival.time) && all == done {
                continue;
            }
            let piece = Piece {
                start: arrival.time,
                end: next.map_or(f64::INFINITY, |next| next.time),
                times: &times[done..all],
            };
            compiler.push_cut(piece, end);
            done = all;
        }
        compiler.finish();
    }

    /// These steps with the output times of `range` alone, which keep their bits.
    pub(crate) fn part(&self, range: Range<usize>) -> Self {
        let before = self.before.min(range.end).saturating_sub(range.start);
        let mut part = Self { before, all: SmallVec::new(), ..self.clone() };
        let mut first = self.before;
        for (step, arrivals) in self.each() {
            if first >= range.end {
                return part;
            }
            let end = first + step.outputs;
            let inside = first.max(range.start).min(end)..end.min(range.end).max(first);
            let outputs = inside.len();
            let pattern = if outputs == 0 { 0 } else { step.pattern + (inside.start - first) };
            part.add(Step { arrivals, pattern, outputs, repeats: 0, ..*step });
            first = end;
        }
        part
    }

    /// Every step as often as it comes, with the end of its arrivals.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&Step, usize)> {
        self.all.iter().flat_map(|step| (0..=step.repeats).map(move |repeat| (step, step.arrivals + repeat)))
    }

    /// Adds a step, as one more repeat of the last where it is one.
    fn add(&mut self, step: Step) {
        let same = |last: &Step| {
            let next = last.arrivals + last.repeats + 1;
            (last.pattern, last.outputs, last.gap, next) == (step.pattern, step.outputs, step.gap, step.arrivals)
        };
        match self.all.last_mut().filter(|last| same(last)) {
            Some(last) => last.repeats += 1,
            None => self.all.push(step),
        }
    }
}

/// Steps that grow, with what is looked at first for the next: the last are the likeliest to come again.
struct Compiler<'a> {
    steps: &'a mut Steps,
    gaps: SmallVec<[f64; 8]>,
    /// (start among the distances, length) of the patterns.
    patterns: SmallVec<[(usize, usize); 8]>,
    /// How many outputs the last step has.
    outputs: usize,
    /// How much later each arrival comes than its time says, whether steps are to be shared by other lags, and by which.
    lag: f64,
    shared: bool,
    range: [f64; 2],
}

/// The output times from one arrival or cut to the next.
#[derive(Clone, Copy)]
struct Piece<'a> {
    start: f64,
    end: f64,
    times: &'a [f64],
}

#[multiversion(targets("x86_64+avx2"))]
fn compile(compiler: &mut Compiler<'_>, arrivals: &[Arrival], times: &[f64]) -> Result<()> {
    let Some(first) = arrivals.first() else {
        compiler.steps.before = times.len();
        return check_times(times);
    };
    let lag = compiler.lag;
    compiler.steps.before = times.partition_point(|t| *t < earliest(first.time + lag));
    let (before, mut rest) = times.split_at(compiler.steps.before);
    compiler.narrow((f64::NEG_INFINITY, first.time), before);
    // Where a pattern comes again its times are as well ordered as the first time, so only the others are looked over,
    // and as late as possible: in long runs.
    let (mut end, mut in_order) = (0, 0);
    while end < arrivals.len() && !rest.is_empty() {
        let repeats = compiler.repeats(&arrivals[end..], rest);
        if let Some(last) = compiler.steps.all.last_mut().filter(|_| repeats > 0) {
            let before = times.len() - rest.len();
            (end, rest) = (end + repeats, &rest[repeats * last.outputs..]);
            last.repeats += repeats;
            if last.outputs > 0 {
                check_order(times, in_order..before + 1)?;
                in_order = times.len() - rest.len() - 1;
            }
            continue;
        }
        let start = arrivals[end].time;
        end += arrivals[end..].iter().take_while(|arrival| arrival.time == start).count();
        let next = arrivals.get(end).map_or(f64::INFINITY, |arrival| arrival.time);
        let (now, later) = rest.split_at(count_before(rest, (next, lag), compiler.outputs));
        compiler.narrow((start, next), now);
        compiler.push_cut(Piece { start, end: next, times: now }, end);
        rest = later;
    }
    check_order(times, in_order..times.len())
}

impl<'a> Compiler<'a> {
    fn new(steps: &'a mut Steps) -> Self {
        steps.all.clear();
        steps.distances.clear();
        let (gaps, patterns, range) = (SmallVec::new(), SmallVec::new(), [f64::NEG_INFINITY, f64::INFINITY]);
        Self { steps, gaps, patterns, outputs: 0, lag: 0.0, shared: false, range }
    }

    /// Puts the gaps behind the offsets.
    fn finish(self) {
        let Self { steps, gaps, .. } = self;
        (steps.offsets, steps.gaps) = (steps.distances.len(), gaps.len());
        steps.distances.extend_from_slice(&gaps);
        while !steps.distances.len().is_multiple_of(LANES) {
            steps.distances.push(0.0);
        }
    }

    /// How often the last step is what the next arrivals and output times ask for: regular dosing hardly asks for
    /// anything else.
    #[inline(always)]
    fn repeats(&mut self, arrivals: &[Arrival], times: &[f64]) -> usize {
        let Some(last) = self.steps.all.last() else { return 0 };
        let Some(&gap) = self.gaps.get(last.gap) else { return 0 };
        let ([mut above, mut most], lag) = (self.range, self.lag);
        let (outputs, offsets) = (last.outputs, &self.steps.distances[last.pattern..][..last.outputs]);
        // Only where offsets lie further apart than the clock rounds can the order of the times be told from theirs.
        let least = arrivals.last().map_or(0.0, |arrival| 4.0 * rounding(arrival.time, 0.0));
        if !offsets.is_sorted_by(|a, b| a + least < *b) || offsets.last().is_some_and(|offset| *offset - lag >= gap) {
            return 0;
        }
        let (mut repeats, mut rest) = (0, times);
        if outputs == 0 {
            // Nobody looks until the next time, which is all that can end such a run of doses.
            let look = times.first().map_or(f64::INFINITY, |t| *t);
            let alike = |[start, next]: [f64; 2]| {
                (next - start - gap).abs() <= rounding(start, next) && look >= earliest(next + lag)
            };
            return arrivals.windows(2).take_while(|pair| alike([pair[0].time, pair[1].time])).count();
        }
        for pair in arrivals.windows(2) {
            let (start, next) = (pair[0].time, pair[1].time);
            let slack = rounding(start, next);
            let Some((inside, later)) = rest.split_at_checked(outputs) else { break };
            let apart = (next - start - gap).abs() <= slack;
            let end = earliest(next + lag);
            let between = inside.last().is_none_or(|t| *t < end) && later.first().is_none_or(|t| *t >= end);
            if !(apart && between && same_distances((start, inside), offsets, slack)) {
                break;
            }
            if let (Some(first), Some(last)) = (inside.first(), inside.last()) {
                (above, most) = (above.max(last - next + slack), most.min(first - start - slack));
            }
            (repeats, rest) = (repeats + 1, later);
        }
        self.range = [above, most];
        repeats
    }

    /// Lets through only the lags with which `times` lie after an arrival and before the next.
    #[inline(always)]
    fn narrow(&mut self, (start, next): (f64, f64), times: &[f64]) {
        if let (Some(first), Some(last)) = (times.first(), times.last()) {
            // As far from the ends as the clock rounds a time that is lagged.
            let (slack, [above, most]) = (rounding(*first, *last), self.range);
            self.range = [above.max(last - next + slack), most.min(first - start - slack)];
        }
    }

    /// Adds the steps of a piece, cut where it is long; one that other lags share is not, since a cut is no arrival.
    #[inline(always)]
    fn push_cut(&mut self, mut piece: Piece<'_>, arrivals: usize) {
        let block = if self.shared { usize::MAX } else { self.block() };
        while let Some(cut) = piece.times.get(block) {
            let (now, later) = piece.times.split_at(block);
            self.push(Piece { end: *cut, times: now, ..piece }, arrivals);
            piece = Piece { start: *cut, times: later, ..piece };
        }
        self.push(piece, arrivals);
    }

    /// How long to cut a run of outputs: as the step before, so that the hours after a course are those of its days.
    fn block(&self) -> usize {
        if (SHORT..=BLOCK).contains(&self.outputs) { self.outputs } else { BLOCK }
    }

    #[inline(always)]
    fn push(&mut self, piece: Piece<'_>, arrivals: usize) {
        let (pattern, gap) = (self.pattern(piece), self.gap(piece));
        self.outputs = piece.times.len();
        self.steps.all.push(Step { arrivals, pattern, outputs: self.outputs, gap, repeats: 0 });
    }

    /// Where the distances from the start of a piece to its times stand; they are added if they are new.
    #[inline(always)]
    fn pattern(&mut self, Piece { start, times, .. }: Piece<'_>) -> usize {
        let Some(last) = times.last() else { return 0 };
        let slack = rounding(start, *last);
        for &(from, length) in self.patterns.iter().rev().take(RECENT) {
            if times.len() <= length
                && same_distances((start, times), &self.steps.distances[from..][..times.len()], slack)
            {
                return from;
            }
        }
        let from = self.steps.distances.len();
        self.steps.distances.extend_from_slice(times);
        self.steps.distances[from..].iter_mut().for_each(|t| *t = (*t - start).max(0.0));
        self.patterns.push((from, times.len()));
        from
    }

    /// Which of the gaps leads to the end of a piece; it is added if it is new.
    #[inline(always)]
    fn gap(&mut self, Piece { start, end, .. }: Piece<'_>) -> usize {
        if end == f64::INFINITY {
            return Step::NO_GAP;
        }
        recent(&mut self.gaps, end - start, rounding(start, end))
    }
}

/// Whether `times` lie at `offsets` from `start`, but for rounding: without an early exit, eight at a time.
#[inline(always)]
fn same_distances((start, times): (f64, &[f64]), offsets: &[f64], slack: f64) -> bool {
    // What is not a number is off too.
    let off = |t: f64, offset: f64| 1 - u64::from((t - start - offset).abs() <= slack);
    let (times, last_times) = times.as_chunks::<8>();
    let (offsets, last_offsets) = offsets.as_chunks::<8>();
    let mut different = [0; 8];
    for (times, offsets) in times.iter().zip(offsets) {
        for i in 0..8 {
            different[i] |= off(times[i], offsets[i]);
        }
    }
    let mut any = different.iter().fold(0, |any, one| any | one);
    for (t, offset) in last_times.iter().zip(last_offsets) {
        any |= off(*t, *offset);
    }
    any == 0
}

/// How many of `times` lie before `lag` after `end`; `guess` is what the last step held.
#[inline(always)]
fn count_before(times: &[f64], (end, lag): (f64, f64), guess: usize) -> usize {
    if end == f64::INFINITY {
        return times.len();
    }
    let end = earliest(end + lag);
    let held = |i: usize| times.get(i).is_some_and(|t| *t < end);
    if (guess == 0 || held(guess - 1)) && !held(guess) {
        return guess.min(times.len());
    }
    times.iter().take_while(|t| **t < end).count()
}
