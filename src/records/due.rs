//! What is still to happen: doses on their way, and ends of infusions.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::doses::Portion;

/// A dose and its additional doses, as one path takes them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series {
    pub(super) portion: Portion,
    /// When the dose of the record itself arrives.
    pub(super) first: f64,
    pub(super) ii: f64,
    /// Which is next: 0 is the dose of the record, below it are those that its steady state implies.
    pub(super) copy: i64,
    pub(super) last: i64,
    /// The number of the record, counted from 0, and its compartment.
    pub(super) record: usize,
    pub(super) cmt: u32,
}

impl Series {
    /// When the next arrives: a product, so that no error adds up.
    #[expect(clippy::cast_precision_loss, reason = "a count of doses")]
    pub(super) fn time(&self) -> f64 {
        if self.copy == 0 { self.first } else { self.first + self.copy as f64 * self.ii }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Due {
    /// An infusion at this rate into this source ends.
    Stop(u16, f64),
    Arrive(Series),
}

/// What is due, the earliest first; ends come before beginnings, and else the order is that in which it was added.
#[derive(Debug, Default)]
pub(super) struct Pending {
    queue: BinaryHeap<Reverse<Entry>>,
    added: u64,
}

#[derive(Debug)]
struct Entry {
    time: f64,
    added: u64,
    due: Due,
}

impl Pending {
    pub(super) fn clear(&mut self) {
        self.queue.clear();
    }

    pub(super) fn push(&mut self, time: f64, due: Due) {
        self.added += 1;
        self.queue.push(Reverse(Entry { time, added: self.added, due }));
    }

    pub(super) fn arrive(&mut self, series: Series) {
        if series.copy <= series.last {
            self.push(series.time(), Due::Arrive(series));
        }
    }

    /// The next that is due up to and including `time`.
    pub(super) fn next_until(&mut self, time: f64) -> Option<(f64, Due)> {
        let Reverse(first) = self.queue.peek()?;
        if first.time > time {
            return None;
        }
        self.queue.pop().map(|Reverse(entry)| (entry.time, entry.due))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        let arrives = |entry: &Self| matches!(entry.due, Due::Arrive(_));
        let by_kind = || arrives(self).cmp(&arrives(other));
        self.time.total_cmp(&other.time).then_with(by_kind).then_with(|| self.added.cmp(&other.added))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}
