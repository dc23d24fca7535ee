//! A record being built.

use smol_str::SmolStr;

use super::beside::{End, Numbers, Unit};
use super::calendar::{Calendar, When};
use super::check::CENS;
use super::codes::{CODED, Coded, named};
use super::column::{Broken, Column};
use super::dialect::{Dialect, Said};
use super::measured::Measured;
use super::record::Record;
use super::texts::Texts;
use crate::sheet::{self, Read, Row};

/// What is known of a row before it is a record.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that was seen or not")]
pub(super) struct Draft<'a, 'r> {
    row: &'a Row<'r>,
    record: &'a mut Record,
    /// The records before.
    before: &'a [Record],
    calendar: &'a mut Calendar,
    texts: &'a mut Texts,
    measured: Measured,
    when: When,
    dur: Option<f64>,
    evid: Option<u8>,
    cmt: Option<u32>,
    dialect: Dialect,
    /// What a code of `RxODE` in EVID says.
    coded: Option<Coded>,
    /// Whether it begins or ends a rate in that code.
    is_rate: bool,
    /// Whether its subject is another than that of the record before.
    pub(super) is_new: bool,
    /// Whether DV is a limit, below which the value lies.
    is_below: bool,
    /// When its dose ends, and whether a column says that it goes into a vein.
    end: Option<End>,
    is_into_vein: bool,
    /// What columns of units say.
    units: Vec<Unit>,
}

const WHOLE: (u32, &str) = (u32::MAX, "it must be a whole number, zero or above");
const CODE: (u32, &str) = (u8::MAX as u32, WHOLE.1);
const DVID: (u32, &str) = (
    u32::MAX,
    "it must be the number of a kind of observation, such as 1 or 2, or in every row a name such as cp; leave out the column with Reader::ignoring",
);
const INPUT: &str = "it must be 1, since an event table has no column for inputs: write the compartment in CMT, and leave this column out with Reader::ignoring";
const ADM: &str = "it must be 1, since an event table has no column for inputs: read a table of Monolix with Reader::dialect(Dialect::Monolix), or write the compartment in CMT and leave this column out with Reader::ignoring";
const MDV: &str =
    "it must be 0 or 1: read a table of Monolix, in which 2 is a code, with Reader::dialect(Dialect::Monolix)";
const ABOVE: &str = "a value above a limit is written as that limit in DV with CENS -1";
const ROUTE: &str = "other rows have another route, and an event table says by CMT where a dose goes: give it one, and leave this column out with Reader::ignoring";
const DUR: &str = "it must be a finite number of hours, zero or above";

impl<'a, 'r> Draft<'a, 'r> {
    pub(super) fn new(
        row: &'a Row<'r>,
        record: &'a mut Record,
        before: &'a [Record],
        (calendar, texts): (&'a mut Calendar, &'a mut Texts),
        dialect: Dialect,
    ) -> Self {
        let (measured, when) = (Measured::default(), When::default());
        Self {
            row,
            record,
            before,
            calendar,
            texts,
            measured,
            when,
            dur: None,
            evid: None,
            cmt: None,
            dialect,
            coded: None,
            is_rate: false,
            is_new: false,
            is_below: false,
            end: None,
            is_into_vein: false,
            units: Vec::new(),
        }
    }

    /// Puts a cell where it belongs, or says which rule it breaks.
    #[inline]
    pub(super) fn take(&mut self, column: Column, cell: &[u8]) -> Read<()> {
        let is_put = match column {
            Column::Id => self.continues(cell),
            _ => column.is_often() && sheet::number(cell).is_ok_and(|number| self.put(column, number)),
        };
        if is_put { Ok(()) } else { self.take_any(column, cell) }
    }

    /// Whether a record is of the subject before, whose name it then takes; most are, and the name is known to be text.
    #[inline]
    fn continues(&mut self, cell: &[u8]) -> bool {
        let Some(before) = self.before.last().filter(|before| before.id.as_bytes() == cell) else { return false };
        self.record.id = before.id.clone();
        !cell.is_empty()
    }

    /// Puts a number where it belongs in a column that most tables have, if nothing more is to be looked at.
    #[inline]
    fn put(&mut self, column: Column, number: Option<f64>) -> bool {
        let record = &mut *self.record;
        match column {
            Column::Time => self.when.time = number,
            Column::Amt => record.amt = number.unwrap_or(0.0),
            Column::Evid => match number {
                Some(1.0) => self.evid = Some(1),
                Some(0.0) => self.evid = Some(0),
                _ => return false,
            },
            Column::Cmt => match sheet::count(number, WHOLE) {
                Ok(cmt) => self.cmt = cmt,
                Err(_) => return false,
            },
            Column::Dv => record.dv = number,
            Column::Covariate => record.covariates.push(number),
            _ => return false,
        }
        true
    }

    /// Whether a cell says something of its own in the dialect of the table.
    #[cold]
    fn is_of_dialect(&mut self, column: Column, cell: &[u8]) -> bool {
        let Ok(Some(number)) = sheet::number(cell) else { return false };
        if self.dialect == Dialect::Pmetrics && column == Column::Addl && number == -1.0 {
            self.record.ss = 1;
            return true;
        }
        let Some((number, (found, meaning))) = self.dialect.number(column, number) else { return false };
        self.texts.see_once(found, (self.row.line(), found.as_bytes()), meaning);
        if column == Column::Mdv {
            self.record.mdv = number.map(|_| 1);
        }
        true
    }

    /// The same for a cell of any column.
    fn take_any(&mut self, column: Column, cell: &[u8]) -> Read<()> {
        if self.dialect != Dialect::Nonmem && self.is_of_dialect(column, cell) {
            return Ok(());
        }
        let row = self.row;
        let number = |default: f64| Read::Ok(row.value(cell)?.unwrap_or(default));
        let count = |limits| sheet::count(row.value(cell)?, limits);
        let code = || Read::Ok(count(CODE)?.and_then(|code| u8::try_from(code).ok()));
        let record = &mut *self.record;
        match column {
            Column::Id => {
                record.id = id(cell)?;
                self.is_new = self.before.last().is_none_or(|before| before.id != record.id);
            }
            Column::Time => match sheet::number(cell) {
                Ok(time) => self.when.time = time,
                Err(_) => match row.value(cell).ok().or_else(|| sheet::duration(cell).map(Some)) {
                    Some(time) => self.when.time = time,
                    None => self.calendar.time(&mut self.when, cell, (self.before.len(), row.line()))?,
                },
            },
            Column::Date => self.calendar.date(&mut self.when, cell, (self.before.len(), row.line()))?,
            Column::Amt => record.amt = number(0.0)?,
            Column::Rate => record.rate = number(0.0)?,
            Column::Dur => self.dur = row.value(cell).map_err(|_| DUR)?,
            Column::Ii => record.ii = number(0.0).or_else(|rule| interval(cell).ok_or(rule))?,
            Column::Addl => record.addl = count(WHOLE)?.unwrap_or(0),
            Column::Ss => record.ss = code()?.unwrap_or(0),
            Column::Evid => match count(WHOLE).map_err(|rule| if rule == sheet::NUMBER { CODED } else { rule })? {
                Some(code @ 100..) => {
                    let (coded, meaning) = Coded::of(code)?;
                    (self.evid, self.coded) = (Some(1), Some(coded));
                    self.texts.see_once(meaning, (row.line(), cell), meaning);
                }
                code => self.evid = code.and_then(|code| u8::try_from(code).ok()),
            },
            Column::Cmt => match count(WHOLE) {
                Ok(cmt) => self.cmt = cmt,
                Err(rule) => {
                    let (cmt, key, meaning) = named(cell, rule)?;
                    self.texts.see_once(key, (row.line(), cell), meaning);
                    self.texts.by_name |= cmt.is_some();
                    self.cmt = cmt;
                }
            },
            Column::Mdv if sheet::number(cell) == Ok(Some(2.0)) => return Err(MDV),
            Column::Mdv => record.mdv = code()?,
            Column::Dv | Column::Out => match row.value(cell) {
                Ok(dv) => record.dv = dv.filter(|dv| column == Column::Dv || *dv != -99.0),
                Err(rule) => self.below(cell, rule)?,
            },
            Column::Cens => self.measured.cens = cens(row.value(cell).map_err(|_| CENS)?)?,
            Column::Limit => self.measured.limit = row.value(cell)?,
            Column::Dvid => {
                self.measured.dvid = match count(DVID) {
                    Ok(kind) => {
                        self.texts.numbered |= kind.is_some_and(|kind| kind > 0);
                        kind
                    }
                    Err(_) => Some(self.kind(cell)?),
                }
            }
            Column::Input | Column::Adm => {
                let rule = if column == Column::Adm { ADM } else { INPUT };
                return if count(WHOLE)?.is_none_or(|input| input <= 1) { Ok(()) } else { Err(rule) };
            }
            Column::Route => {
                self.is_into_vein = is_vein(cell);
                return if self.texts.is_one_route(cell) { Ok(()) } else { Err(ROUTE) };
            }
            Column::End => self.end = End::of(cell, row)?,
            Column::Unit(measure) => self.units.push(Unit::of(measure, cell)),
            Column::Comment | Column::Ignored => {}
            Column::Covariate => match row.value(cell) {
                Ok(value) => record.covariates.push(value),
                Err(rule) => {
                    self.texts.see(record.covariates.len(), (row.line(), cell), rule);
                    record.covariates.push(None);
                }
            },
        }
        Ok(())
    }

    /// The number of a kind of observation that has a name: 1 for the first that comes, and so on.
    #[cold]
    fn kind(&mut self, cell: &[u8]) -> Read<u32> {
        let is_name = cell.trim_ascii().first().is_some_and(u8::is_ascii_alphabetic);
        let name = std::str::from_utf8(cell.trim_ascii()).ok().filter(|_| is_name).ok_or(DVID.1)?;
        self.texts.kind(name, self.row.line()).ok_or(DVID.1)
    }

    /// A value below the limit of its assay, where the cell says so.
    #[cold]
    fn below(&mut self, cell: &[u8], rule: &'static str) -> Read<()> {
        let is_above = cell.trim_ascii().starts_with(b">");
        let below = sheet::below(cell).ok_or(if is_above { ABOVE } else { rule })?;
        match below.limit {
            Some(limit) => (self.record.dv, self.is_below) = (self.row.value(limit)?, true),
            None => self.texts.see_below((self.row.line(), cell)),
        }
        Ok(())
    }

    /// Gives the record its time and kind, and hands out what is known of its measurement and whether it begins or ends a rate;
    /// or says which rule is broken.
    #[inline]
    pub(super) fn finish(mut self) -> std::result::Result<(Measured, bool), Broken> {
        if !self.units.is_empty() {
            let (record, measured, time, dur) =
                (&mut *self.record, &mut self.measured, &mut self.when.time, &mut self.dur);
            let is_clocked = self.calendar.met;
            Numbers { record, measured, time, dur, is_clocked }.scale(std::mem::take(&mut self.units))?;
        }
        self.record.time = self.calendar.hours(self.when, self.before.len())?;
        if let Some(end) = self.end.filter(|_| self.record.amt > 0.0) {
            self.last_until(end)?;
        }
        if self.dialect != Dialect::Nonmem {
            self.translate()?;
        }
        if let Some(dur) = self.dur {
            self.give_over(dur)?;
        }
        let gives = self.record.amt != 0.0 || self.record.rate != 0.0;
        if gives && self.evid.is_none() && self.record.dv.is_some_and(|dv| dv != 0.0) && self.record.mdv != Some(1) {
            self.see_both();
        }
        self.record.evid = self.evid.unwrap_or(u8::from(gives));
        self.record.cmt = self.cmt.unwrap_or(0);
        if let Some(coded) = self.coded {
            self.is_rate = coded.decode(self.record)?;
        }
        if self.is_below {
            self.measured.cens.get_or_insert(1);
        }
        Ok((self.measured, self.is_rate))
    }

    /// A dose in whose row an observation stands.
    #[cold]
    fn see_both(&mut self) {
        const NONE: &str = "no observation, since its row is a dose: give the observation a row of its own";
        let found = format!("DV {} beside AMT {}", self.record.dv.unwrap_or_default(), self.record.amt);
        self.texts.see_once("DV", (self.row.line(), found.as_bytes()), NONE);
    }

    /// Gives the record what its dialect means by it.
    #[cold]
    fn translate(&mut self) -> std::result::Result<(), Broken> {
        let mut said = Said { record: self.record, dur: &mut self.dur, evid: self.evid, before: self.before };
        if let Some((found, meaning)) = self.dialect.translate(&mut said)? {
            self.texts.see_once(found, (self.row.line(), found.as_bytes()), meaning);
        }
        Ok(())
    }

    /// Makes an infusion of a dose that ends later than it begins.
    #[cold]
    fn last_until(&mut self, end: End) -> std::result::Result<(), Broken> {
        let is_sure = self.is_into_vein || self.cmt.is_some_and(|cmt| cmt > 1);
        let hours = end.duration(self.record.time, (self.when.date, self.calendar.met), is_sure)?;
        if hours > 0.0 {
            self.dur = Some(hours);
            let found = format!("its end {hours} h after the beginning");
            self.texts.see_once("END", (self.row.line(), found.as_bytes()), "that of an infusion");
        }
        Ok(())
    }

    /// The rate of a dose that takes a time; a rate beside it must say the same.
    fn give_over(&mut self, dur: f64) -> std::result::Result<(), Broken> {
        let Record { amt, rate, .. } = *self.record;
        if dur < 0.0 {
            return Err((Column::Dur, dur.to_string(), DUR));
        }
        let over = amt / dur;
        let is_open = rate == 0.0 || rate == -2.0;
        if !(is_open || dur == 0.0 || (rate / over - 1.0).abs() < 1e-6) {
            let rule = "RATE and AMT give another duration: leave one of the two columns out";
            return Err((Column::Dur, format!("{dur} with RATE {rate} and AMT {amt}"), rule));
        }
        if is_open && amt > 0.0 && dur > 0.0 {
            (self.record.rate, self.record.dur) = (-2.0, dur);
        }
        Ok(())
    }
}

fn id(cell: &[u8]) -> Read<SmolStr> {
    let text = sheet::text(cell)
        .ok_or("every record must say whose it is: if the cell was merged with others in a spreadsheet, fill it in on every row")?;
    Ok(std::str::from_utf8(text).map_err(|_| sheet::UTF8)?.into())
}

/// Whether a route leads into a vein.
fn is_vein(cell: &[u8]) -> bool {
    let text = String::from_utf8_lossy(cell).trim().to_ascii_uppercase();
    text.starts_with("INTRAVENOUS") || ["IV", "I.V.", "IV INFUSION", "INFUSION"].contains(&&*text)
}

/// An interval such as `24:00` or `PT24H`.
#[cold]
fn interval(cell: &[u8]) -> Option<f64> {
    sheet::duration(cell).or_else(|| sheet::time_of_day(cell).ok().filter(|_| cell.contains(&b':')))
}

fn cens(code: Option<f64>) -> Read<Option<i8>> {
    code.map(|code| [0, 1, -1].into_iter().find(|known| f64::from(*known) == code).ok_or(CENS)).transpose()
}
