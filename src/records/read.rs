//! Event tables from CSV.

use std::path::Path;
use std::str::FromStr;

use super::build::Builder;
use super::check;
use super::column::{Column, Columns, reserved};
use super::rows::{self, Row, Rows};
use super::table::Table;
use crate::error::{Error, ErrorKind, Result};

/// Reads event tables from CSV: any order of columns, any case of their names, `.` or nothing for what is missing.
///
/// `TIME` must be there. `ID AMT RATE II ADDL SS EVID CMT MDV DV CENS LIMIT DVID` are read where they are, `DATE` (such as
/// 2026-11-22) and times of day (`8:30`) become hours since the first record of the subject, and every other column is a covariate.
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

impl TableReader {
    /// A reader that takes every column.
    pub fn new() -> Self {
        Self::default()
    }

    /// A reader that calls the table so in sentences; otherwise [`read`](Self::read) takes the name of the file.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// A reader that leaves a column out, such as one of text.
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
        let mut rows = Rows::new(self.name.clone().unwrap_or_else(|| String::from("the table")), &text);
        let columns = match rows.read()? {
            Some(header) => self.columns(&header)?,
            None => return Err(rows.error("there is no header: the first line must name the columns")),
        };
        let mut builder = Builder::new(&columns);
        while let Some(row) = rows.read()? {
            builder.add(&row)?;
        }
        builder.finish(rows.into_file())
    }

    fn columns(&self, header: &Row<'_>) -> Result<Columns> {
        let mut columns = Columns::default();
        for cell in header.cells() {
            let name = name(cell, columns.kinds().len() + 1).map_err(|why| header.error(&why))?;
            let kind = self.kind(name).map_err(|why| header.error(&why))?;
            if kind != Column::Ignored && columns.has(name) {
                return Err(header.error(&format!("there are two columns {name}: name each once")));
            }
            columns.push(name, kind);
        }
        check::names(columns.covariates()).map_err(|why| header.error(&why.to_string()))?;
        if columns.place(Column::Time).is_some() {
            return Ok(columns);
        }
        Err(header.error("there is no column TIME: every record needs its time, so add one"))
    }

    fn kind(&self, name: &str) -> std::result::Result<Column, String> {
        if self.ignored.iter().any(|ignored| ignored.trim().eq_ignore_ascii_case(name)) {
            return Ok(Column::Ignored);
        }
        if ["DAT1", "DAT2", "DAT3"].iter().any(|other| other.eq_ignore_ascii_case(name)) {
            return Err(format!("{name} has dates in an order of its own: call the column DATE and write 2026-11-22"));
        }
        Ok(reserved(name).map_or(Column::Covariate, |(_, kind)| kind))
    }
}

/// The name in the header of a column, which is counted from 1.
fn name(cell: &[u8], column: usize) -> std::result::Result<&str, String> {
    match std::str::from_utf8(cell).map(str::trim) {
        Err(_) => Err(String::from("the name of a column is not text: save the file as UTF-8")),
        Ok("") => Err(format!("column {column} has no name: give it one, or leave out what parts it off")),
        Ok(name) => Ok(name),
    }
}

/// The text of a table: see [`TableReader`].
impl FromStr for Table {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        TableReader::new().parse(text)
    }
}
