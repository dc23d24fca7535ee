//! The distinct lengths of what lies between arrivals, inside a window and before it.

use std::ops::RangeInclusive;

use smallvec::SmallVec;

use super::event::Arrival;
use super::steps::{recent, rounding};

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
