//! Event tables from CSV.

use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use super::build::Builder;
use super::check;
use super::column::{Column, Columns, reserved};
use super::dialect::Dialect;
use super::names::{doubtful, foreign, is_day, is_like_time, other};
use super::scales;
use super::table::Table;
use super::write::{OWN, OWN_WITH_DURATION};
use crate::error::{Error, Result};
use crate::sheet::{self, Sheet, headed, plain, united};

/// Reads event tables from CSV: any order of columns, any case of their names, `.`, `NA` or nothing for what is missing.
///
/// `TIME` must be there, or a `DATE` with the time in it. `ID AMT RATE II ADDL SS EVID CMT MDV DV CENS LIMIT DVID` are read where they
/// are, dates and times of day (`8:30`) become hours since the first record of the subject, and every other column of numbers is a
/// covariate. Where `EVID` is missing, a row with an amount or a rate is a dose and any other an observation. Lines that begin with
/// `#` are left out, and so are rows with a mark in a column `C`. The cells are separated by commas, semicolons, tabs or blanks, as the
/// header shows. In the repository, `docs/RECORDS.md` describes every column, and the names of other programs.
///
/// What was left out, or understood in another way than it is written, is in [`Table::notes`].
///
/// ```
/// use menaquinone::records::Reader;
/// let text = "time;Amt;dose_note;wt\n8:30;180,5;capsule;70\n20:30;.;.;70";
/// let table = Reader::new().parse(text)?;
/// assert_eq!(table.records()[0].amt, 180.5);
/// assert_eq!(table.records()[1].time, 12.0); // h since the first record
/// assert_eq!(table.covariates(), ["wt"]);
/// assert_eq!(table.notes()[0], "the table: dose_note is a column of text and is left out");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Reader {
    name: Option<String>,
    ignored: Vec<String>,
    used: Vec<String>,
    dialect: Dialect,
}

impl Reader {
    /// A reader that takes every column.
    pub fn new() -> Self {
        Self::default()
    }

    /// A reader that calls the table so in sentences; otherwise [`open`](Self::open) takes the name of the file.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// A reader that leaves a column out.
    #[must_use]
    pub fn ignoring(mut self, column: impl Into<String>) -> Self {
        self.ignored.push(column.into());
        self
    }

    /// A reader that takes a column as a covariate for your model, whatever other programs mean by its name.
    ///
    /// ```
    /// use menaquinone::records::Reader;
    /// let text = "TIME,AMT,F1\n0,180,0.5\n4,0,0.5";
    /// assert!(Reader::new().parse(text).unwrap_err().to_string().contains("F1 says which part of a dose gets in"));
    /// assert_eq!(Reader::new().using("F1").parse(text)?.covariates(), ["F1"]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn using(mut self, column: impl Into<String>) -> Self {
        self.used.push(column.into());
        self
    }

    /// A reader of the tables of another program: what its columns mean is a note of the table, and what cannot be said here is
    /// refused. [`Dialect`] has an example.
    #[must_use]
    pub fn dialect(self, dialect: Dialect) -> Self {
        Self { dialect, ..self }
    }

    /// The table of a file.
    ///
    /// # Errors
    /// A file that cannot be read, and as for [`parse`](Self::parse).
    pub fn open(self, path: impl AsRef<Path>) -> Result<Table> {
        let (file, bytes) = sheet::open(path)?;
        let name = self.name.clone().unwrap_or(file);
        self.named(name).parse(bytes)
    }

    /// The table that a reader has.
    ///
    /// # Errors
    /// A reader that fails, and as for [`parse`](Self::parse).
    pub fn read(&self, reader: impl Read) -> Result<Table> {
        self.parse(sheet::read(reader, self.name())?)
    }

    /// The table of a text.
    ///
    /// # Errors
    /// A header without `TIME` or with a name twice, a row of another width, a quote without its end, a cell that is not
    /// what its column holds, a date that may be read in two ways, or a record that breaks a rule: the sentence names file, line,
    /// column, what was found and the rule.
    pub fn parse(&self, text: impl AsRef<[u8]>) -> Result<Table> {
        let is_time = |name: &String| {
            let known = |bare: &str| {
                let kind = reserved(bare).map(|(_, kind)| kind).or_else(|| self.other(bare).map(|(_, kind, _)| kind));
                matches!(kind, Some(Column::Time | Column::Date))
            };
            known(name) || united(name).is_some_and(|(bare, _)| known(bare))
        };
        let sheet = Sheet::of(self.name(), text.as_ref(), |names| names.iter().any(is_time))?;
        let mut notes = sheet.notes().to_vec();
        let columns = self.columns(&sheet, &mut notes)?;
        let (mut builder, mut rows) =
            (Builder::new(&columns, if is_own(sheet.names()) { Dialect::Nonmem } else { self.dialect }), sheet.rows());
        while let Some(row) = rows.read()? {
            builder.add(row)?;
        }
        builder.finish(&sheet, notes)
    }

    fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("the table")
    }

    fn columns(&self, sheet: &Sheet<'_>, notes: &mut Vec<String>) -> Result<Columns> {
        sheet.check_twice(|name| !is_in(&self.ignored, name))?;
        let names = sheet.names();
        let is_own = is_own(names);
        sheet.check_text(|i| !is_in(&self.ignored, &names[i]))?;
        let mut kinds: Vec<Option<Column>> = names
            .iter()
            .enumerate()
            .map(|(i, name)| self.kind((i, name), names, is_own))
            .collect::<std::result::Result<_, _>>()
            .map_err(|why| sheet.error_of_header(&why))?;
        let mut columns = Columns::default();
        let own = |name: &str| reserved(name).map(|(usual, kind)| (kind, usual));
        if !is_own {
            with_units(sheet, own, (&mut kinds, &mut columns), notes);
        }
        let mut others: Vec<_> = (0..names.len())
            .filter(|i| kinds[*i].is_none() && !is_own)
            .filter_map(|i| Some((self.other(&names[i])?, i)))
            .collect();
        others.sort_by_key(|((order, ..), _)| *order);
        for ((_, kind, meaning), i) in others {
            let has = |kind| kinds.contains(&Some(kind));
            let is_taken = kind != Column::Ignored && has(kind);
            // What is said already is not said again.
            let is_said = match kind {
                Column::Out => has(Column::Dv),
                Column::Route => has(Column::Cmt),
                Column::End => has(Column::Dur) || has(Column::Rate),
                Column::Unit(measure) => {
                    !has(measure.column()) || columns.units.iter().any(|unit| unit.0 == measure.column())
                }
                _ => false,
            };
            if is_taken || is_said {
                continue;
            }
            kinds[i] = Some(kind);
            notes.push(format!("{}, line {}: {} is read as {meaning}", sheet.file(), sheet.line(), names[i]));
            if kind == Column::Amt {
                columns.amounts = Some(names[i].clone());
            }
        }
        if !is_own {
            let other = |name: &str| self.other(name).map(|(_, kind, meaning)| (kind, meaning));
            with_units(sheet, other, (&mut kinds, &mut columns), notes);
            self.check_units(sheet, &kinds)?;
            units_below(sheet, &kinds, &mut columns)?;
            if !kinds.contains(&Some(Column::Id)) {
                let is_asked = |name: &str| is_in(&self.used, name) || is_in(&self.ignored, name);
                let leave = ", read it as a covariate with Reader::using, or leave it out with Reader::ignoring";
                sheet.check_ids(("ID", leave), is_asked)?;
            }
            take_days(sheet, &mut kinds, notes);
            self.note_doubtful(sheet, &kinds, notes);
        }
        for (name, kind) in names.iter().zip(kinds) {
            columns.push(name, kind.unwrap_or(Column::Covariate));
        }
        check::names(columns.covariates()).map_err(|why| sheet.error_of_header(&why.to_string()))?;
        if columns.place(Column::Time).or(columns.place(Column::Date)).is_some() {
            return Ok(columns);
        }
        let like = names.iter().find(|name| is_like_time(name));
        let hint = like.map_or_else(String::new, |name| format!("; if it is `{name}`, call it TIME and write hours"));
        Err(sheet.error_of_header(&format!("there is no column TIME: every record needs its time, so add one{hint}")))
    }

    /// The column of a kind that a name of another program stands for, how early it is asked, and how it is read. What the dialect
    /// of the table says comes first.
    fn other(&self, name: &str) -> Option<((bool, usize), Column, &'static str)> {
        let own = self.dialect.column(&plain(name)).map(|(place, kind, meaning)| ((false, place), kind, meaning));
        own.or_else(|| other(name).map(|(place, kind, meaning)| ((true, place), kind, meaning)))
    }

    /// Refuses a known name with a unit in brackets that is not known, where nothing else is of its kind: it would be a covariate.
    fn check_units(&self, sheet: &Sheet<'_>, kinds: &[Option<Column>]) -> Result<()> {
        let silent = |(name, kind): (&String, &Option<Column>)| {
            let (bare, unit) = headed(name).filter(|_| kind.is_none())?;
            let known = reserved(bare).map(|(usual, kind)| (kind, usual));
            let (kind, usual) = known.or_else(|| self.other(bare).map(|(_, kind, meaning)| (kind, meaning)))?;
            (!kinds.contains(&Some(kind))).then(|| unknown(name, (kind, usual), unit))
        };
        sheet.names().iter().zip(kinds).find_map(silent).map_or(Ok(()), |why| Err(sheet.error_of_header(&why)))
    }

    /// Notes covariates whose names say something of doses and observations elsewhere.
    fn note_doubtful(&self, sheet: &Sheet<'_>, kinds: &[Option<Column>], notes: &mut Vec<String>) {
        for (name, _) in
            sheet.names().iter().zip(kinds).filter(|(name, kind)| kind.is_none() && !is_in(&self.used, name))
        {
            if let Some(what) = doubtful(name) {
                let (file, line) = (sheet.file(), sheet.line());
                notes.push(format!("{file}, line {line}: {name} is read as a covariate; elsewhere it means {what}"));
            }
        }
    }

    /// What a column holds, if its name says so here.
    fn kind(
        &self,
        (i, name): (usize, &str),
        names: &[String],
        is_own: bool,
    ) -> std::result::Result<Option<Column>, String> {
        if is_in(&self.ignored, name) || name.is_empty() {
            return Ok(Some(Column::Ignored));
        }
        if !is_own && ["DAT1", "DAT2", "DAT3"].iter().any(|other| other.eq_ignore_ascii_case(name)) {
            return Err(format!("{name} has dates in an order of its own: call the column DATE and write 2026-11-22"));
        }
        if is_in(&self.used, name) {
            return Ok(Some(Column::Covariate));
        }
        if let Some(why) = foreign(name, names).filter(|_| !is_own) {
            return Err(why);
        }
        let is_own_duration =
            name == "DUR" && names[..i].last().is_some_and(|name| name == "RATE") && has_own_duration(names);
        Ok(if is_own_duration { Some(Column::Dur) } else { reserved(name).map(|(_, kind)| kind) })
    }
}

/// Takes the day of a study for a date, where the times beside it are times of day.
fn take_days(sheet: &Sheet<'_>, kinds: &mut [Option<Column>], notes: &mut Vec<String>) {
    let place = |kind| kinds.iter().position(|known| *known == Some(kind));
    let (None, Some(time)) = (place(Column::Date), place(Column::Time)) else { return };
    let day = sheet.names().iter().zip(&*kinds).position(|(name, kind)| kind.is_none() && is_day(name));
    let Some(day) = day.filter(|_| has_times_of_day(sheet, time)) else { return };
    kinds[day] = Some(Column::Date);
    let name = &sheet.names()[day];
    notes.push(format!(
        "{}, line {}: {name} is read as DATE, since there are times of day beside it",
        sheet.file(),
        sheet.line()
    ));
}

/// Whether the first time that is there is a time of day without a date.
fn has_times_of_day(sheet: &Sheet<'_>, column: usize) -> bool {
    let mut rows = sheet.rows();
    while let Ok(Some(row)) = rows.read() {
        let cell = row.cell(column);
        if !sheet::is_missing(cell) {
            return sheet::stamp(cell).is_ok_and(|stamp| stamp.day.is_none());
        }
    }
    false
}

/// Takes the columns whose names have a unit, where no other column is of their kind.
fn with_units<'m>(
    sheet: &Sheet<'_>,
    known: impl Fn(&str) -> Option<(Column, &'m str)>,
    (kinds, columns): (&mut [Option<Column>], &mut Columns),
    notes: &mut Vec<String>,
) {
    for (i, name) in sheet.names().iter().enumerate() {
        let Some((bare, unit)) = united(name).filter(|_| kinds[i].is_none()) else { continue };
        let Some((kind, meaning)) = known(bare).filter(|(kind, _)| !kinds.contains(&Some(*kind))) else { continue };
        let Some(number) = scales::of(kind, &unit) else { continue };
        kinds[i] = Some(kind);
        columns.units.push((kind, number));
        notes.push(format!("{}, line {}: {name} is read as {meaning}, in {unit}", sheet.file(), sheet.line()));
    }
}

/// Takes what a row of units says of the columns that have units.
fn units_below(sheet: &Sheet<'_>, kinds: &[Option<Column>], columns: &mut Columns) -> Result<()> {
    for (i, kind) in kinds.iter().enumerate() {
        let Some((kind, unit)) = kind.zip(sheet.unit(i)).filter(|(kind, _)| scales::such(*kind).is_some()) else {
            continue;
        };
        if columns.units.iter().any(|(known, _)| *known == kind) {
            continue;
        }
        let name = &sheet.names()[i];
        let usual = reserved(name).map_or(&**name, |(usual, _)| usual);
        let number = scales::of(kind, unit);
        let number = number.ok_or_else(|| sheet.error_of_header(&unknown(name, (kind, usual), unit)))?;
        columns.units.push((kind, number));
    }
    Ok(())
}

/// Why a column in a unit that is not known is not read.
fn unknown(name: &str, (kind, usual): (Column, &str), unit: &str) -> String {
    if kind == Column::Comment {
        return format!(
            "{name} is no mark that leaves a row out, as C is: call a column of concentrations DV, or leave it out with Reader::ignoring"
        );
    }
    let per_kg = if unit.ends_with("/kg") { ", which needs the weight of each person" } else { "" };
    let advice = match scales::such(kind) {
        Some(such) => format!("bring its numbers to {such}{per_kg}"),
        None => format!("call it {usual}"),
    };
    format!(
        "{name} would be {usual}, and `{unit}` is no unit of it that is known here: {advice}, read it as a covariate with Reader::using, or leave it out with Reader::ignoring"
    )
}

/// Whether the columns are those that [`Table::to_csv`] writes: any other is a covariate, whatever its name.
fn is_own(names: &[String]) -> bool {
    names.windows(OWN.len()).any(|names| names.iter().eq(OWN)) || has_own_duration(names)
}

fn has_own_duration(names: &[String]) -> bool {
    names.windows(OWN_WITH_DURATION.len()).any(|names| names.iter().eq(OWN_WITH_DURATION))
}

fn is_in(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known.trim().eq_ignore_ascii_case(name))
}

/// The text of a table: see [`Reader`].
impl FromStr for Table {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Reader::new().parse(text)
    }
}
