//! Records in the making.

use super::cell::{self, Read};
use super::check::CENS;
use super::clock;
use super::column::{Column, Columns};
use super::measured::Measured;
use super::origin::{Lines, Origin};
use super::record::Record;
use super::rows::Row;
use super::table::Table;
use crate::error::Result;

/// A table in the making.
pub(super) struct Builder<'a> {
    columns: &'a Columns,
    /// What is asked of the columns in every row: where notes stand, how many covariates there are, whether there are dates.
    comment: Option<usize>,
    covariates: usize,
    dated: bool,
    records: Vec<Record>,
    /// One for each record, where there is a column of it.
    measured: Option<Vec<Measured>>,
    lines: Lines,
    /// Whether a date or a time of day was met: times then count from the first record of a subject.
    calendar: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(columns: &'a Columns) -> Self {
        Self {
            columns,
            comment: columns.place(Column::Comment),
            covariates: columns.covariates().count(),
            dated: columns.place(Column::Date).is_some(),
            records: Vec::new(),
            measured: MEASURED.iter().any(|kind| columns.place(*kind).is_some()).then(Vec::new),
            lines: Lines::default(),
            calendar: columns.place(Column::Date).is_some(),
        }
    }

    /// Takes the record of a row.
    pub(super) fn add(&mut self, row: &Row<'_>) -> Result<()> {
        let (found, named) = (row.len(), self.columns.kinds().len());
        if found != named {
            let why = format!("found {found} cells, but the header names {named} columns: give each column its cell");
            return Err(row.error(&why));
        }
        if self.is_left_out(row) { Ok(()) } else { self.push(row) }
    }

    fn push(&mut self, row: &Row<'_>) -> Result<()> {
        let known = self.records.len();
        // The record is filled in where it stays: moving it there would take as long as reading two cells.
        self.records.push(Record { covariates: Vec::with_capacity(self.covariates), ..Record::OBSERVATION });
        let (before, new) = self.records.split_at_mut(known);
        let mut draft = Draft::new(&mut new[0], before.last());
        for (i, (column, cell)) in self.columns.kinds().iter().zip(row.cells()).enumerate() {
            draft.take(*column, cell).map_err(|rule| row.refuse(self.columns.name(i), cell, rule))?;
        }
        self.calendar |= draft.clock;
        let measured = draft.finish(self.dated).map_err(|(column, rule)| row.refuse(column, b"", rule))?;
        if let Some(all) = &mut self.measured {
            all.push(measured);
        }
        self.lines.push(row.line());
        Ok(())
    }

    fn is_left_out(&self, row: &Row<'_>) -> bool {
        let mark = self.comment.and_then(|place| row.cells().nth(place));
        mark.is_some_and(|cell| cell::text(cell).is_some())
    }

    /// The table, if its records obey the rules.
    pub(super) fn finish(mut self, file: String) -> Result<Table> {
        if self.calendar {
            for subject in self.records.chunk_by_mut(|a, b| a.id == b.id) {
                let first = subject.first().map_or(0.0, |record| record.time);
                for record in subject {
                    record.time -= first;
                }
            }
        }
        let covariates = self.columns.covariates().cloned().collect();
        let table = Table::checked(covariates, self.records, Origin { file: Some((file, self.lines)) })?;
        table.with_measured(self.measured.unwrap_or_default())
    }
}

/// What is known of a row before it is a record.
struct Draft<'a> {
    /// The record before.
    before: Option<&'a Record>,
    record: &'a mut Record,
    measured: Measured,
    time: Option<f64>,
    clock: bool,
    date: Option<f64>,
    evid: Option<u8>,
}

const MEASURED: [Column; 3] = [Column::Cens, Column::Limit, Column::Dvid];

const WHOLE: (u32, &str) = (u32::MAX, "it must be a whole number, zero or above");
const CODE: (u32, &str) = (u8::MAX as u32, WHOLE.1);

const DVID: (u32, &str) = (
    u32::MAX,
    "it must be the number of a kind of observation, such as 1 or 2; leave out a column of text with TableReader::ignoring",
);

const COVARIATE: &str = "a covariate must be a finite number; write `.` or nothing where there is none, and leave out a column of text with TableReader::ignoring";

impl<'a> Draft<'a> {
    fn new(record: &'a mut Record, before: Option<&'a Record>) -> Self {
        let measured = Measured::default();
        Self { before, record, measured, time: None, clock: false, date: None, evid: None }
    }

    /// Puts a cell where it belongs, or says which rule it breaks.
    #[inline]
    fn take(&mut self, column: Column, cell: &[u8]) -> Read<()> {
        let number = |default: f64| Read::Ok(cell::number(cell)?.unwrap_or(default));
        let code = || Read::Ok(cell::count(cell, CODE)?.and_then(|code| u8::try_from(code).ok()));
        let record = &mut *self.record;
        match column {
            Column::Id => record.id = self.before.map_or_else(|| id(cell), |before| id_after(&before.id, cell))?,
            Column::Time if cell.contains(&b':') => {
                (self.time, self.clock) = (Some(clock::time_of_day(cell)?), true);
            }
            Column::Time => self.time = cell::number(cell)?,
            Column::Date => self.date = clock::date(cell)?,
            Column::Amt => record.amt = number(0.0)?,
            Column::Rate => record.rate = number(0.0)?,
            Column::Ii => record.ii = number(0.0)?,
            Column::Addl => record.addl = cell::count(cell, WHOLE)?.unwrap_or(0),
            Column::Ss => record.ss = code()?.unwrap_or(0),
            Column::Evid => self.evid = code()?,
            Column::Cmt => record.cmt = cell::count(cell, WHOLE)?.unwrap_or(0),
            Column::Mdv => record.mdv = code()?,
            Column::Dv => record.dv = cell::number(cell)?,
            Column::Cens => self.measured.cens = cens(cell)?,
            Column::Limit => self.measured.limit = cell::number(cell)?,
            Column::Dvid => self.measured.dvid = cell::count(cell, DVID).map_err(|_| DVID.1)?,
            Column::Comment | Column::Ignored => {}
            Column::Covariate => record.covariates.push(cell::number(cell).map_err(|_| COVARIATE)?),
        }
        Ok(())
    }

    /// Gives the record its time and kind, and hands out what is known of its measurement; or says which column has nothing
    /// and the rule.
    fn finish(self, dated: bool) -> std::result::Result<Measured, (&'static str, &'static str)> {
        let date = match self.date {
            None if dated => return Err(("DATE", "every record of a table with dates needs its own")),
            date => date.unwrap_or(0.0),
        };
        let gives = self.record.amt != 0.0 || self.record.rate != 0.0;
        self.record.time = date + self.time.ok_or(("TIME", "every record needs its time"))?;
        self.record.evid = self.evid.unwrap_or(u8::from(gives));
        Ok(self.measured)
    }
}

fn id(cell: &[u8]) -> Read<String> {
    let text = cell::text(cell).ok_or("every record must say whose it is")?;
    Ok(std::str::from_utf8(text).map_err(|_| "it must be text in UTF-8")?.to_owned())
}

/// Most records are of the subject before, whose `id` is known to be text.
fn id_after(before: &str, cell: &[u8]) -> Read<String> {
    if before.as_bytes() == cell && !before.is_empty() { Ok(before.to_owned()) } else { id(cell) }
}

fn cens(cell: &[u8]) -> Read<Option<i8>> {
    let code = cell::number(cell).map_err(|_| CENS)?;
    let known = |code: f64| [0, 1, -1].into_iter().find(|known| f64::from(*known) == code).ok_or(CENS);
    code.map(known).transpose()
}
