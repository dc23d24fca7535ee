//! What a reader should know of a table.

use std::collections::HashSet;

use smol_str::SmolStr;

use super::record::Record;

/// What is allowed and seldom meant, as the records come: nothing goes through them again.
#[derive(Debug, Default)]
pub(super) struct Notes {
    ids: HashSet<SmolStr>,
    /// Subjects whose name comes again after another.
    again: Several,
    /// Doses without an amount.
    empty: Several,
    dosed: bool,
}

/// How many records there are of a kind, and the first of them.
#[derive(Debug, Default)]
struct Several {
    count: usize,
    first: usize,
}

impl Several {
    #[cold]
    fn push(&mut self, record: usize) {
        self.first = if self.count == 0 { record } else { self.first };
        self.count += 1;
    }

    /// What is said of the others.
    fn more(&self) -> String {
        let others = self.count - 1;
        if others == 0 { String::new() } else { format!("; there are {others} more such records") }
    }
}

impl Notes {
    /// The next record, with its number, and whether its name is another than that of the record before.
    #[inline]
    pub(super) fn see(&mut self, record: &Record, number: usize, is_new: bool) {
        if record.is_dose() {
            let gives = record.amt > 0.0 || record.is_constant();
            self.dosed |= gives;
            if !gives {
                self.empty.push(number);
            }
        }
        if is_new && !self.ids.insert(record.id.clone()) {
            self.again.push(number);
        }
    }

    /// A sentence for each thing that was seen; `place` says where a record stands.
    pub(super) fn sentences(&self, records: &[Record], file: &str, place: impl Fn(usize) -> String) -> Vec<String> {
        let mut notes = Vec::new();
        if self.again.count > 0 {
            let (first, more) = (self.again.first, self.again.more());
            notes.push(format!(
                "{}: the ID {} comes again after another and is taken as one more subject: sort the rows by ID if it is not{more}",
                place(first),
                records[first].id
            ));
        }
        if self.empty.count > 0 {
            let (first, more) = (self.empty.first, self.empty.more());
            notes.push(format!("{}: this dose has no amount and gives nothing: write its AMT{more}", place(first)));
        }
        if !self.dosed {
            notes.push(format!("{file}: nothing is dosed: a dose is a record with an AMT above 0"));
        }
        notes
    }
}
