//! Records being built.

use super::calendar::{Calendar, SERIALS};
use super::column::{Column, Columns};
use super::dialect::Dialect;
use super::draft::Draft;
use super::measured::Measured;
use super::notes::Notes;
use super::origin::{Lines, Origin};
use super::rates;
use super::record::Record;
use super::scales;
use super::table::Table;
use super::texts::Texts;
use crate::error::Result;
use crate::sheet::{self, Row, Sheet};

const MARK: &str = "a mark in C leaves its row out and is a letter: call a column of concentrations DV, or leave this one out with Reader::ignoring";

const STEADY: &str = "it must be a whole number, zero or above: read a table of Pmetrics, in which -1 is a steady state, with Reader::dialect(Dialect::Pmetrics), or write SS 1";

/// A table being built.
pub(super) struct Builder<'a> {
    columns: &'a Columns,
    dialect: Dialect,
    /// What is asked of the columns in every row: where notes stand, and how many covariates there are.
    comment: Option<usize>,
    covariates: usize,
    /// The rows with such a mark: how many, and the line of the first.
    left_out: (u64, u64),
    records: Vec<Record>,
    /// One for each record, where there is something of it.
    measured: Vec<Measured>,
    lines: Lines,
    calendar: Calendar,
    texts: Texts,
    seen: Notes,
    /// The records that begin or end a rate in the code of `RxODE`.
    rates: Vec<usize>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(columns: &'a Columns, dialect: Dialect) -> Self {
        let has = |kind| columns.place(kind).is_some();
        let covariates = columns.covariates().count();
        Self {
            columns,
            dialect,
            comment: columns.place(Column::Comment),
            covariates,
            left_out: (0, 0),
            records: Vec::new(),
            measured: Vec::new(),
            lines: Lines::default(),
            calendar: Calendar::new(has(Column::Date), has(Column::Time)),
            texts: Texts::new(covariates),
            seen: Notes::default(),
            rates: Vec::new(),
        }
    }

    /// Takes the record of a row.
    pub(super) fn add(&mut self, row: Row<'_>) -> Result<()> {
        let mark = self.comment.map(|place| row.cell(place)).filter(|cell| !sheet::is_missing(cell));
        match mark {
            None => self.push(row),
            Some(mark) if sheet::number(mark).is_ok() => Err(row.refuse("C", mark, MARK)),
            Some(_) => {
                self.left_out = (self.left_out.0 + 1, if self.left_out.0 == 0 { row.line() } else { self.left_out.1 });
                Ok(())
            }
        }
    }

    fn push(&mut self, row: Row<'_>) -> Result<()> {
        let known = self.records.len();
        // The record is filled in where it stays: moving it there would take as long as reading two cells.
        self.records.push(Record::OBSERVATION);
        let (before, new) = self.records.split_at_mut(known);
        new[0].covariates = Vec::with_capacity(self.covariates);
        let settled = (&mut self.calendar, &mut self.texts);
        let mut draft = Draft::new(&row, &mut new[0], before, settled, self.dialect);
        for (i, (column, cell)) in self.columns.kinds().iter().zip(row.cells()).enumerate() {
            draft.take(*column, cell).map_err(|rule| {
                row.refuse(self.columns.name(i), cell, of_pmetrics((*column, cell), self.columns).unwrap_or(rule))
            })?;
        }
        let is_new = draft.is_new;
        let (measured, is_rate) = draft.finish().map_err(|(column, found, rule)| {
            // What stands for nothing is shown as it is.
            let place = self.columns.place(column).filter(|_| found == "nothing");
            let found = place.map_or(found, |place| sheet::found(row.cell(place)));
            row.refuse_found(self.columns.name_of(column).unwrap_or("TIME"), &found, rule)
        })?;
        if is_rate {
            self.rates.push(known);
        }
        self.seen.see(&self.records[known], known, is_new);
        if measured != Measured::default() || !self.measured.is_empty() {
            self.measured.resize(known, Measured::default());
            self.measured.push(measured);
        }
        self.lines.push(row.line());
        Ok(())
    }

    /// The table, if its records obey the rules.
    pub(super) fn finish(mut self, sheet: &Sheet<'_>, mut notes: Vec<String>) -> Result<Table> {
        self.scale(sheet)?;
        self.calendar.settle(&mut self.records, sheet, &mut notes)?;
        let covariates: Vec<String> = self.columns.covariates().cloned().collect();
        let covariates = self.texts.leave_out(covariates, &mut self.records, sheet, &mut notes)?;
        let origin = Origin { file: Some((sheet.file().to_owned(), std::mem::take(&mut self.lines))) };
        notes.extend(self.calendar.doubt(&origin)?);
        self.check_times(&origin)?;
        rates::close(&self.rates, &mut self.records, &origin)?;
        match self.dialect {
            Dialect::Monolix => self.begin_occasions(&origin, &covariates, &mut notes)?,
            Dialect::Pmetrics => self.check_inputs(&origin)?,
            Dialect::Nonmem => {}
        }
        self.check_amounts(&origin)?;
        self.texts.check_kinds(|line, why| sheet.error_at((line, "DVID"), why))?;
        if self.columns.place(Column::Id).is_none() {
            self.check_one_subject(&origin)?;
            notes.push(format!("{}: there is no column ID, so all records are of one subject", sheet.file()));
        }
        let (count, line) = self.left_out;
        if count > 0 {
            let more = if count > 1 { format!(", as are {} more", count - 1) } else { String::new() };
            notes.push(format!("{}, line {line}: this row has a mark in C and is left out{more}", sheet.file()));
        }
        let said = [Column::Amt, Column::Dv].map(|kind| self.columns.says_unit(kind));
        notes.extend(self.half_said(said, sheet));
        notes.extend(self.texts.seen(sheet.file()));
        notes.extend(self.texts.kinds(sheet.file()));
        notes.extend(self.texts.below(sheet.file()));
        notes.extend(self.lost(sheet, &covariates, &origin));
        notes.extend(self.seen.sentences(&self.records, sheet.file(), |i| origin.place(i)));
        let table = Table::checked(covariates, self.records, origin)?;
        Ok(table.with_measured(self.measured)?.with_notes(notes).numbered(self.texts.by_name).with_units_said(said))
    }

    /// Brings the numbers of columns that name another unit to that of records.
    fn scale(&mut self, sheet: &Sheet<'_>) -> Result<()> {
        let rated = self.columns.place(Column::Rate).is_some();
        for unit in &self.columns.units {
            let is_alone = unit.0 == Column::Amt && unit.1 != 1.0 && rated;
            if is_alone && self.columns.units.iter().all(|(kind, _)| *kind != Column::Rate) {
                return Err(sheet.error_of_header(
                    "AMT has a unit and RATE has none: write that of RATE, too, such as RATE (mg/h)",
                ));
            }
            if unit.0 == Column::Time && unit.1 != 1.0 && self.calendar.met {
                return Err(sheet.error_of_header("TIME has a unit and times of day: leave the unit out of its name"));
            }
            self.records.iter_mut().for_each(|record| scales::scale(record, *unit));
            if matches!(unit.0, Column::Dv | Column::Out | Column::Limit) {
                let of_limit = |measured: &mut Measured| measured.limit = measured.limit.map(|limit| limit * unit.1);
                self.measured.iter_mut().filter(|_| unit.0 == Column::Limit).for_each(of_limit);
            }
        }
        Ok(())
    }

    /// What is said where one of amounts and concentrations has a unit and the other none.
    fn half_said(&self, said: [bool; 2], sheet: &Sheet<'_>) -> Option<String> {
        let is_dosed = self.records.iter().any(|record| record.amt > 0.0);
        let is_measured = self.records.iter().any(|record| record.dv.is_some());
        let (named, bare) = match said {
            [true, false] => ("amounts have a unit", "concentrations have none and are taken in ug/L"),
            [false, true] => ("concentrations have a unit", "amounts have none and are taken in ug"),
            _ => return None,
        };
        (is_dosed && is_measured).then(|| format!("{}: {named}, {bare}", sheet.file()))
    }

    /// Without EVID a column of another name may hold amounts of every row, and not of doses only.
    fn check_amounts(&self, origin: &Origin) -> Result<()> {
        let Some(name) = self.columns.amounts.as_ref().filter(|_| self.columns.place(Column::Evid).is_none()) else {
            return Ok(());
        };
        let is_both = |record: &Record| record.amt > 0.0 && record.dv.is_some();
        let everywhere = self.records.len() > 1 && self.records.iter().all(|record| record.amt > 0.0);
        let rule = "this may be the dose of the person and not a dose at this time: name the doses with AMT or EVID, or read the column as a covariate with Reader::using";
        let doubtful = self.records.iter().position(is_both).or(everywhere.then_some(1));
        let refuse = |i: usize| origin.refuse(i, (name, self.records[i].amt.to_string()), rule);
        doubtful.map_or(Ok(()), |i| Err(refuse(i)))
    }

    /// Refuses hours that can only be a date of a spreadsheet, or the seconds of a clock.
    fn check_times(&self, origin: &Origin) -> Result<()> {
        const SECONDS: f64 = 1e8;
        let times = || self.records.iter().map(|record| record.time);
        let Some(first) = times().next().filter(|first| *first >= SERIALS.start && !self.calendar.met) else {
            return Ok(());
        };
        let rule = match () {
            () if times().all(|time| time >= SECONDS) => {
                "it may be the seconds of a clock, since it is thousands of years in hours: write the hours since the first dose"
            }
            () if times().all(|time| SERIALS.contains(&time)) && times().any(|time| time.fract() != 0.0) => {
                "it may be a date of a spreadsheet, since it is years in hours: call the column DATE, or write the hours since the first dose"
            }
            () => return Ok(()),
        };
        Err(origin.refuse(0, ("TIME", first.to_string()), rule))
    }

    /// What is said of numbers by which other programs mean that there is none.
    fn lost(&self, sheet: &Sheet<'_>, covariates: &[String], origin: &Origin) -> Vec<String> {
        if !sheet.has_text(b"-99") {
            return Vec::new();
        }
        let dv = |record: &Record| record.dv;
        let of = |i: usize| move |record: &Record| record.covariates[i];
        let said = |name: &str, value: &dyn Fn(&Record) -> Option<f64>| {
            let is_lost = |record: &&(usize, f64)| [-99.0, -999.0, -9999.0].contains(&record.1);
            let values: Vec<(usize, f64)> =
                self.records.iter().enumerate().filter_map(|(i, record)| Some((i, value(record)?))).collect();
            let (first, value) = *values.iter().find(is_lost)?;
            let others = values.iter().filter(is_lost).count() - 1;
            let more = if others > 0 { format!("; there are {others} more such records") } else { String::new() };
            let place = origin.place(first);
            Some(format!("{place}: {name} {value} is read as a number: write `.` or nothing where there is none{more}"))
        };
        let named = covariates.iter().enumerate().filter_map(|(i, name)| said(name, &of(i)));
        said("DV", &dv).into_iter().chain(named).collect()
    }

    /// Without ID a time that goes back may be of somebody else.
    fn check_one_subject(&self, origin: &Origin) -> Result<()> {
        let goes_back = |pair: &[Record]| pair[1].time < pair[0].time && !pair[1].is_reset();
        let Some(i) = self.records.windows(2).position(goes_back) else { return Ok(()) };
        let found = format!("{} after {}", self.records[i + 1].time, self.records[i].time);
        let rule = "without a column ID all records are of one subject, whose time must not decrease: name the subjects with ID, or sort the rows";
        Err(origin.refuse(i + 1, ("TIME", found), rule))
    }

    /// Where the time of a subject of Monolix goes back in another occasion, nothing is left of the one before.
    fn begin_occasions(&mut self, origin: &Origin, covariates: &[String], notes: &mut Vec<String>) -> Result<()> {
        let is_occasion = |name: &String| ["OCC", "OCCASION"].iter().any(|known| known.eq_ignore_ascii_case(name));
        let Some(occasion) = covariates.iter().position(is_occasion) else { return Ok(()) };
        let mut first = None;
        for i in 1..self.records.len() {
            let (before, record) = (&self.records[i - 1], &self.records[i]);
            let is_other = before.id == record.id && before.covariates[occasion] != record.covariates[occasion];
            if !is_other || record.time >= before.time || record.is_reset() {
                continue;
            }
            if record.evid != 1 {
                let rule = "an occasion whose time begins anew must begin with a dose: write a record with EVID 3 before this one";
                return Err(origin.refuse(i, ("TIME", format!("{} after {}", record.time, before.time)), rule));
            }
            self.records[i].evid = 4;
            first.get_or_insert(i);
        }
        notes.extend(first.map(|i| {
            format!(
                "{}: an occasion begins whose time goes back, so that its first dose is read as EVID 4",
                origin.place(i)
            )
        }));
        Ok(())
    }

    /// An input of Pmetrics is two places: where a dose at once goes, and where an infusion does.
    fn check_inputs(&self, origin: &Origin) -> Result<()> {
        let is = |gives: fn(&Record) -> bool| self.records.iter().position(|record| record.is_dose() && gives(record));
        let both =
            is(|record| record.rate == 0.0 && record.amt > 0.0).zip(is(|record| record.rate > 0.0 || record.dur > 0.0));
        let Some((at_once, infused)) = both.filter(|_| self.columns.place(Column::Cmt).is_none()) else {
            return Ok(());
        };
        let rule = "other doses are given at once, and in Pmetrics the model says where each of the two goes: say it in a column CMT, such as 1 where swallowed doses go and 2 for the plasma";
        Err(origin.refuse(infused.max(at_once), ("DUR", String::from("an infusion and a dose at once")), rule))
    }
}

/// The rule of a cell that Pmetrics reads, in a table with columns of that program.
#[cold]
fn of_pmetrics((column, cell): (Column, &[u8]), columns: &Columns) -> Option<&'static str> {
    let has = |kind| columns.place(kind).is_some();
    let is_steady = column == Column::Addl && sheet::number(cell) == Ok(Some(-1.0));
    (is_steady && (has(Column::Out) || has(Column::Input))).then_some(STEADY)
}
