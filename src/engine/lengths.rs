//! The distinct lengths of what lies between arrivals, inside a window and before it.

use std::ops::RangeInclusive;

use smallvec::SmallVec;

use super::event::{Arrival, rounding};

/// How far back a pattern or a gap is looked for before it counts as new.
pub(super) const RECENT: usize = 4;

/// The stretches between arrivals and the ends of a window, each distinct length once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lengths {
    pub(crate) stretches: Vec<Between>,
    pub(crate) lengths: SmallVec<[f64; 8]>,
}

/// The time from one instant to the next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Between {
    pub(crate) start: f64,
    /// The arrivals at its start end before this index.
    pub(crate) arrivals: usize,
    /// Which of the lengths it has.
    pub(crate) length: usize,
    pub(crate) inside: bool,
}

impl Lengths {
    /// Those from the first arrival or the beginning of the window, whichever is earlier, to its end.
    pub(crate) fn new(arrivals: &[Arrival], window: RangeInclusive<f64>) -> Self {
        let mut found = Self::default();
        let (from, to) = window.into_inner();
        let mut done = 0;
        let mut start = arrivals.first().map_or(from, |arrival| arrival.time.min(from));
        while start < to {
            done += arrivals[done..].iter().take_while(|arrival| arrival.time <= start).count();
            let next = arrivals.get(done).map_or(to, |arrival| arrival.time).min(to);
            let end = if start < from { next.min(from) } else { next };
            let length = recent(&mut found.lengths, end - start, rounding(start, end));
            found.stretches.push(Between { start, arrivals: done, length, inside: start >= from });
            start = end;
        }
        found
    }
}

/// Which of the known distances this is; the last are the likeliest to come again. It is added if it is new.
#[inline(always)]
pub(super) fn recent(known: &mut SmallVec<[f64; 8]>, distance: f64, slack: f64) -> usize {
    let mut newest_first = known.iter().enumerate().rev().take(RECENT);
    if let Some((i, _)) = newest_first.find(|(_, known)| (**known - distance).abs() <= slack) {
        return i;
    }
    known.push(distance);
    known.len() - 1
}
