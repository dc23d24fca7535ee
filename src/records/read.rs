//! Event tables from CSV.

use std::path::Path;
use std::str::FromStr;

use csv::ByteRecord;

use super::cell::{self, Bad};
use super::check;
use super::clock;
use super::record::Record;
use super::rows::{self, Rows};
use super::table::{Origin, Table};
use crate::error::{Error, ErrorKind, Result};

/// What becomes of a cell.
type Read<T> = std::result::Result<T, Bad>;

/// Reads event tables from CSV: any order of columns, any case of their names, `.` or nothing for what is missing.
///
/// `TIME` must be there. `ID AMT RATE II ADDL SS EVID CMT MDV DV` are read where they are, `DATE` (such as 2026-11-22)
/// and times of day (`8:30`) become hours since the first record of the subject, and every other column is a covariate.
/// Where `EVID` is missing, a row with an amount or a rate is a dose and any other an observation. Lines that begin with `#` are
/// left out, and so are rows with a mark in a column `C`. The cells are parted by commas, semicolons or tabs, whichever the
/// header has most of, or by blanks where it has none of them. In the repository, `docs/RECORDS.md` describes every column.
///
/// ```
/// use menaquinone::TableReader;
/// let text = "time;Amt;dose_note;wt\n8:30;180;capsule;70\n20:30;.;.;70";
/// let table = TableReader::new().ignoring("DOSE_NOTE").parse(text)?;
/// assert_eq!(table.records()[1].time, 12.0); // h since the first record
/// assert_eq!(table.covariates(), ["wt"]);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct TableReader {
    name: Option<String>,
    ignored: Vec<String>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Time,
    Date,
    Amt,
    Rate,
    Ii,
    Addl,
    Ss,
    Evid,
    Cmt,
    Mdv,
    Dv,
    /// A mark here leaves the row out.
    Comment,
    Ignored,
    Covariate,
}

const RESERVED: [(&str, Column); 13] = [
    ("ID", Column::Id),
    ("TIME", Column::Time),
    ("DATE", Column::Date),
    ("AMT", Column::Amt),
    ("RATE", Column::Rate),
    ("II", Column::Ii),
    ("ADDL", Column::Addl),
    ("SS", Column::Ss),
    ("EVID", Column::Evid),
    ("CMT", Column::Cmt),
    ("MDV", Column::Mdv),
    ("DV", Column::Dv),
    ("C", Column::Comment),
];

fn reserved(name: &str) -> Option<(&'static str, Column)> {
    RESERVED.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name))
}

/// Whether a column of that name cannot be a covariate.
pub(super) fn is_reserved(name: &str) -> bool {
    reserved(name.trim()).is_some()
}

/// A column by its name in sentences.
type Named = (String, Column);

impl TableReader {
    /// A reader that takes every column.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with this name for the table in sentences; [`read`](Self::read) takes that of the file.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// The same, which leaves a column out, such as one of text.
    #[must_use]
    pub fn ignoring(mut self, column: impl Into<String>) -> Self {
        self.ignored.push(column.into());
        self
    }

    /// The table of a file.
    ///
    /// # Errors
    /// A file that cannot be read, and as for [`parse`](Self::parse).
    pub fn read(self, path: impl AsRef<Path>) -> Result<Table> {
        let path = path.as_ref();
        let text = std::fs::read(path).map_err(|why| {
            Error::new(ErrorKind::File, format!("cannot read {}: {why}: check its name and folder", path.display()))
        })?;
        let name = self.name.clone().unwrap_or_else(|| path.display().to_string());
        self.named(name).parse(text)
    }

    /// The table of a text.
    ///
    /// # Errors
    /// A header without `TIME` or with a name twice, a row of another width, a quote without its end, a cell that is not
    /// what its column holds, or a record that breaks a rule: the sentence names file, line, column, what was found and
    /// the rule.
    pub fn parse(&self, text: impl AsRef<[u8]>) -> Result<Table> {
        let text = text.as_ref();
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        let text = rows::parted(text);
        let mut rows = Rows::new(self.name.clone().unwrap_or_else(|| String::from("the table")), &text)?;
        let mut row = ByteRecord::new();
        if !rows.read(&mut row)? {
            return Err(rows.error(ErrorKind::Text, "there is no header: the first line must name the columns"));
        }
        let columns = self.columns(&row, &rows)?;
        let mut builder = Builder::new(&columns, rows.count());
        while rows.read(&mut row)? {
            builder.add(&row, &rows)?;
        }
        let (records, lines) = builder.finish();
        let covariates = columns.into_iter().filter(|(_, column)| *column == Column::Covariate);
        let origin = Origin { file: Some((rows.into_file(), lines)) };
        Table::checked(covariates.map(|(name, _)| name).collect(), records, origin)
    }

    fn columns(&self, header: &ByteRecord, rows: &Rows) -> Result<Vec<Named>> {
        let mut columns: Vec<Named> = Vec::with_capacity(header.len());
        for name in header {
            let Ok(name) = std::str::from_utf8(name).map(str::trim) else {
                return Err(rows.error(ErrorKind::Text, "the name of a column is not text: save the file as UTF-8"));
            };
            if name.is_empty() {
                let why =
                    format!("column {} has no name: give it one, or leave out what parts it off", columns.len() + 1);
                return Err(rows.error(ErrorKind::Text, &why));
            }
            let column = if self.ignored.iter().any(|ignored| ignored.trim().eq_ignore_ascii_case(name)) {
                (name.to_owned(), Column::Ignored)
            } else if ["DAT1", "DAT2", "DAT3"].iter().any(|other| other.eq_ignore_ascii_case(name)) {
                let why = format!("{name} has dates in an order of its own: call the column DATE and write 2026-11-22");
                return Err(rows.error(ErrorKind::Text, &why));
            } else if let Some((known, column)) = reserved(name) {
                (known.to_owned(), column)
            } else {
                (name.to_owned(), Column::Covariate)
            };
            let twice = |before: &Named| before.0.eq_ignore_ascii_case(name) && before.1 != Column::Ignored;
            if column.1 != Column::Ignored && columns.iter().any(twice) {
                return Err(rows.error(ErrorKind::Text, &format!("there are two columns {name}: name each once")));
            }
            columns.push(column);
        }
        let names = columns.iter().filter(|(_, column)| *column == Column::Covariate).map(|(name, _)| name);
        check::names(names).map_err(|why| rows.error(ErrorKind::Text, &why.to_string()))?;
        if columns.iter().any(|(_, column)| *column == Column::Time) {
            return Ok(columns);
        }
        Err(rows.error(ErrorKind::Text, "there is no column TIME: every record needs its time, so add one"))
    }
}

/// The text of a table: see [`TableReader`].
impl FromStr for Table {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        TableReader::new().parse(text)
    }
}

/// Records in the making.
struct Builder<'a> {
    columns: &'a [Named],
    covariates: usize,
    records: Vec<Record>,
    lines: Vec<u64>,
    /// Whether a date or a time of day was met: times then count from the first record of a subject.
    calendar: bool,
}

/// What is known of a row before it is a record.
#[derive(Default)]
struct Draft {
    time: Option<f64>,
    clock: bool,
    date: Option<f64>,
    evid: Option<u32>,
}

impl<'a> Builder<'a> {
    fn new(columns: &'a [Named], rows: usize) -> Self {
        let covariates = columns.iter().filter(|(_, column)| *column == Column::Covariate).count();
        let calendar = columns.iter().any(|(_, column)| *column == Column::Date);
        Self { columns, covariates, records: Vec::with_capacity(rows), lines: Vec::with_capacity(rows), calendar }
    }

    fn add(&mut self, row: &ByteRecord, rows: &Rows) -> Result<()> {
        if row.len() != self.columns.len() {
            let (found, named) = (row.len(), self.columns.len());
            let why = format!("found {found} cells, but the header names {named} columns: give each column its cell");
            return Err(rows.error(ErrorKind::Text, &why));
        }
        let comment = self.columns.iter().position(|(_, column)| *column == Column::Comment);
        if comment.is_some_and(|place| cell::text(&row[place]).is_some()) {
            return Ok(());
        }
        let refuse = |name: &str, (found, rule): Bad| {
            let place = format!("{}, column {name}", rows.place());
            Error::new(ErrorKind::Text, format!("{place}: found {found}, but {rule}"))
        };
        let mut draft = Draft::default();
        let mut record = Record { covariates: Vec::with_capacity(self.covariates), ..Record::OBSERVATION };
        for ((name, column), cell) in self.columns.iter().zip(row) {
            draft.take((*column, cell), &mut record).map_err(|bad| refuse(name, bad))?;
        }
        if self.calendar && self.columns.iter().any(|(_, column)| *column == Column::Date) {
            let none = || refuse("DATE", (String::from("nothing"), "every record of a table with dates needs its own"));
            record.time = draft.date.ok_or_else(none)?;
        }
        let none = || refuse("TIME", (String::from("nothing"), "every record needs its time"));
        record.time += draft.time.ok_or_else(none)?;
        self.calendar |= draft.clock;
        let gives = record.amt != 0.0 || record.rate != 0.0;
        record.evid = draft.evid.map_or(u8::from(gives), |evid| u8::try_from(evid).unwrap_or(u8::MAX));
        self.records.push(record);
        self.lines.push(rows.line());
        Ok(())
    }

    fn finish(mut self) -> (Vec<Record>, Vec<u64>) {
        if self.calendar {
            for subject in self.records.chunk_by_mut(|a, b| a.id == b.id) {
                let first = subject.first().map_or(0.0, |record| record.time);
                for record in subject {
                    record.time -= first;
                }
            }
        }
        (self.records, self.lines)
    }
}

const WHOLE: (u32, &str) = (u32::MAX, "it must be a whole number, zero or above");
const CODE: (u32, &str) = (u8::MAX as u32, "it must be a whole number, zero or above");

const COVARIATE: &str = "a covariate must be a finite number; write `.` or nothing where there is none, and leave out a column of text with TableReader::ignoring";

impl Draft {
    /// Puts a cell where it belongs.
    #[inline]
    fn take(&mut self, (column, cell): (Column, &[u8]), record: &mut Record) -> Read<()> {
        let number = |default: f64| Read::Ok(cell::number(cell)?.unwrap_or(default));
        let code = || Read::Ok(cell::count(cell, CODE)?.and_then(|code| u8::try_from(code).ok()));
        match column {
            Column::Id => record.id = id(cell)?,
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
            Column::Evid => self.evid = cell::count(cell, CODE)?,
            Column::Cmt => record.cmt = cell::count(cell, WHOLE)?.unwrap_or(0),
            Column::Mdv => record.mdv = code()?,
            Column::Dv => record.dv = cell::number(cell)?,
            Column::Comment | Column::Ignored => {}
            Column::Covariate => record.covariates.push(cell::number(cell).map_err(|(found, _)| (found, COVARIATE))?),
        }
        Ok(())
    }
}

fn id(cell: &[u8]) -> Read<String> {
    let Some(text) = cell::text(cell) else {
        return Err((String::from("nothing"), "every record must say whose it is"));
    };
    let text = std::str::from_utf8(text).map_err(|_| (cell::shown(text), "it must be text in UTF-8"))?;
    Ok(text.to_owned())
}
