//! What a reader should know of a table.

use super::column::{Column, Columns};
use super::record::Record;

/// A sentence for each thing that is allowed and seldom meant; `place` says where a record stands.
pub(super) fn of(records: &[Record], columns: &Columns, file: &str, place: impl Fn(usize) -> String) -> Vec<String> {
    let mut notes = Vec::new();
    if columns.place(Column::Id).is_none() {
        notes.push(format!("{file}: there is no column ID, so all records are of one subject"));
    }
    notes.extend(again(records, &place));
    let empty = |record: &Record| record.is_dose() && record.amt == 0.0 && !record.is_constant();
    let mut doses = (0..records.len()).filter(|i| empty(&records[*i]));
    if let Some(first) = doses.next() {
        let others = more(doses.count());
        notes.push(format!("{}: this dose has no amount and gives nothing: write its AMT{others}", place(first)));
    }
    if !records.iter().any(|record| record.is_dose() && !empty(record)) {
        notes.push(format!("{file}: nothing is dosed: a dose is a record with an AMT above 0"));
    }
    notes
}

/// Subjects whose name comes again after another.
fn again(records: &[Record], place: impl Fn(usize) -> String) -> Option<String> {
    let mut seen = std::collections::HashSet::new();
    let starts = (0..records.len()).filter(|i| *i == 0 || records[i - 1].id != records[*i].id);
    let mut repeated = starts.filter(|i| !seen.insert(records[*i].id.as_str()));
    let first = repeated.next()?;
    let others = more(repeated.count());
    Some(format!(
        "{}: the ID {} comes again after another and is taken as one more subject: sort the rows by ID if it is not{others}",
        place(first),
        records[first].id
    ))
}

fn more(count: usize) -> String {
    if count == 0 { String::new() } else { format!("; there are {count} more such records") }
}
