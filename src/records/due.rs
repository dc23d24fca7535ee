//! What is still to come of the doses of a subject: additional doses, doses on their way, and ends of infusions.

use std::cmp::Ordering;

use super::doses::Portion;
use crate::engine::{Entry, latest};

/// Whose dose a line of a script is: what it moves with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source {
    /// The record, and which of its portions.
    pub(super) record: usize,
    pub(super) path: usize,
    /// The body of the lag, and that of fraction and duration.
    pub(super) taken: usize,
    pub(super) body: usize,
    /// Whether its time is that of the dose: what runs already begins when it is recorded.
    pub(super) moves: bool,
}

/// A dose and its additional doses, as one path takes them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series {
    /// The number of the record, counted from 0, its compartment, and which of its portions this is.
    pub(super) record: usize,
    pub(super) cmt: u32,
    pub(super) path: usize,
    pub(super) portion: Portion,
    /// The body that held at the record, and that which the portion is of.
    pub(super) taken: usize,
    pub(super) body: usize,
    /// When the dose of the record itself arrives, and its lag.
    pub(super) first: f64,
    pub(super) ii: f64,
    /// Which is next: 0 is the dose of the record, below it are those that its steady state implies.
    pub(super) copy: i64,
    pub(super) last: i64,
}

impl Series {
    /// When a copy arrives: a product, so that no error adds up.
    #[expect(clippy::cast_precision_loss, reason = "a count of doses")]
    pub(super) fn time_of(&self, copy: i64) -> f64 {
        if copy == 0 { self.first } else { self.first + copy as f64 * self.ii }
    }

    /// Whose dose it is.
    pub(super) fn source(&self, moves: bool) -> Source {
        let Self { record, path, taken, body, .. } = *self;
        Source { record, path, taken, body, moves }
    }
}

/// What happens next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Due {
    /// An infusion at this rate through this entry ends, that of a dose.
    Stop(Entry, f64, Source),
    /// The next copy of a series arrives.
    Arrive(Series),
}

/// Something due, and how many things had been noted before it.
#[derive(Debug, Clone, Copy)]
struct Noted {
    time: f64,
    number: u64,
    due: Due,
}

/// What is due: ends come before beginnings, and else the order is that in which it was noted. There are seldom more than one
/// or two, so they stand in a row, the next at its end.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    row: Vec<Noted>,
    noted: u64,
}

impl Agenda {
    pub(super) fn clear(&mut self) {
        self.row.clear();
    }

    pub(super) fn note(&mut self, time: f64, due: Due) {
        self.noted += 1;
        let noted = Noted { time, number: self.noted, due };
        let place = self.row.partition_point(|other| other.order(&noted).is_gt());
        self.row.insert(place, noted);
    }

    /// Whether nothing is due up to and including `time`.
    pub(super) fn is_free_until(&self, time: f64) -> bool {
        self.row.last().is_none_or(|next| !next.is_due(time))
    }

    /// The next that is due up to and including `time`. A dose that is due later by no more than the clock rounds is due then.
    pub(super) fn next_until(&mut self, time: f64) -> Option<(f64, Due)> {
        let next = self.row.last().filter(|next| next.is_due(time))?;
        let found = (next.time.min(time), next.due);
        self.row.pop();
        Some(found)
    }
}

impl Noted {
    fn is_due(&self, time: f64) -> bool {
        self.time <= if matches!(self.due, Due::Arrive(_)) { latest(time) } else { time }
    }

    fn order(&self, other: &Self) -> Ordering {
        let arrives = |noted: &Self| matches!(noted.due, Due::Arrive(_));
        let by_kind = || arrives(self).cmp(&arrives(other));
        self.time.total_cmp(&other.time).then_with(by_kind).then_with(|| self.number.cmp(&other.number))
    }
}
