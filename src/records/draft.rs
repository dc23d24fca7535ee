//! A record being built.

use smol_str::SmolStr;

use super::calendar::{Calendar, When};
use super::check::CENS;
use super::column::{Broken, Column};
use super::dialect::{Dialect, Said};
use super::measured::Measured;
use super::record::Record;
use super::texts::Texts;
use crate::sheet::{self, Read, Row};

/// What is known of a row before it is a record.
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
}

/// A dose in the code of `RxODE`.
#[derive(Clone, Copy)]
struct Coded {
    cmt: u32,
    ss: u8,
    /// 0 a dose at once, 1 and 2 a rate, 8 a duration and 9 a rate of the model, 6 and 7 the ends of these.
    kind: u32,
}

const WHOLE: (u32, &str) = (u32::MAX, "it must be a whole number, zero or above");
const CODE: (u32, &str) = (u8::MAX as u32, WHOLE.1);
const CMT: &str = "it must be the number of a compartment: 1 is where swallowed doses go, 2 the plasma, and docs/RECORDS.md has the others";
const CODED: &str = "it must be 0 (observation), 1 (dose), 2 (other), 3 (reset) or 4 (reset and dose), or a dose in the code of RxODE such as 101";
const DVID: (u32, &str) = (
    u32::MAX,
    "it must be the number of a kind of observation, such as 1 or 2, or in every row a name such as cp; leave out the column with Reader::ignoring",
);
const INPUT: &str = "it must be 1, since an event table has no column for inputs: write the compartment in CMT, and leave this column out with Reader::ignoring";
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
                Some(code @ 100..) => self.coded(code, cell)?,
                code => self.evid = code.and_then(|code| u8::try_from(code).ok()),
            },
            Column::Cmt => match count(WHOLE) {
                Ok(cmt) => self.cmt = cmt,
                Err(rule) => self.cmt = Some(self.named(cell, rule)?),
            },
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
            Column::Input => {
                let input = count(WHOLE)?;
                return if input.is_none_or(|input| input <= 1) { Ok(()) } else { Err(INPUT) };
            }
            Column::Route => return if self.texts.is_one_route(cell) { Ok(()) } else { Err(ROUTE) },
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

    /// An EVID of `RxODE`: the compartment in hundreds, before it what kind of dose, and 1 for a dose, 10 and 20 for the two kinds
    /// of steady state.
    #[cold]
    fn coded(&mut self, code: u32, cell: &[u8]) -> Read<()> {
        const AT_ONCE: &str = "a dose into the compartment of its hundreds, as in RxODE";
        const RATE: &str = "a rate of AMT into the compartment of its hundreds, which ends where AMT is as much below zero, as in RxODE";
        const OF_MODEL: &str = "a dose whose rate or duration is that of the model, as in RxODE";
        let (cmt, kind) = (100 * (code / 100_000) + code / 100 % 100, code / 10_000 % 10);
        let ss = match code % 100 {
            1 => 0,
            10 => 1,
            20 => 2,
            _ => return Err(CODED),
        };
        let meaning = match kind {
            0 => AT_ONCE,
            1 | 2 => RATE,
            6..=9 => OF_MODEL,
            _ => return Err(CODED),
        };
        (self.evid, self.coded) = (Some(1), Some(Coded { cmt, ss, kind }));
        self.texts.see_once(meaning, (self.row.line(), cell), meaning);
        Ok(())
    }

    /// Makes the record what its code says.
    #[cold]
    fn decode(&mut self, Coded { cmt, ss, kind }: Coded) -> std::result::Result<(), Broken> {
        let record = &mut *self.record;
        (record.cmt, record.ss) = (cmt, ss.max(record.ss));
        match kind {
            1 | 2 if record.amt == 0.0 || record.rate != 0.0 => {
                let rule = "AMT is the rate of an infusion in this code of RxODE: it must not be 0, and RATE must be";
                return Err((Column::Evid, format!("AMT {} with RATE {}", record.amt, record.rate), rule));
            }
            1 | 2 => (self.is_rate, record.evid) = (true, if record.amt > 0.0 { 1 } else { 2 }),
            6 | 7 => (record.evid, record.amt, record.rate) = (2, 0.0, 0.0),
            8 => record.rate = -2.0,
            9 => record.rate = -1.0,
            _ => {}
        }
        Ok(())
    }

    /// A compartment by its usual name, or the rule that the cell breaks.
    #[cold]
    fn named(&mut self, cell: &[u8], rule: &'static str) -> Read<u32> {
        const NAMES: [&[&str]; 4] = [
            &["depot", "absorption", "gut", "abs"],
            &["central", "centr", "cent", "plasma"],
            &["peripheral", "periph", "peripheral1", "periph1", "per1"],
            &["peripheral2", "periph2", "per2"],
        ];
        let is_known =
            |names: &[&str]| names.iter().any(|name| cell.trim_ascii().eq_ignore_ascii_case(name.as_bytes()));
        let known = (1..).zip(NAMES).find(|(_, names)| is_known(names));
        let (number, _) = known.ok_or(if rule == sheet::NUMBER { CMT } else { rule })?;
        let meaning = [
            "1",
            "2, as where the absorption is before the plasma",
            "3, as where the absorption is before the plasma",
            "4",
        ];
        let key = ["depot", "central", "peripheral", "peripheral2"][number as usize - 1];
        self.texts.see_once(key, (self.row.line(), cell), meaning[number as usize - 1]);
        Ok(number)
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
        let below = sheet::below(cell).ok_or(rule)?;
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
        self.record.time = self.calendar.hours(self.when, self.before.len())?;
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
            self.decode(coded)?;
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

/// An interval such as `24:00` or `PT24H`.
#[cold]
fn interval(cell: &[u8]) -> Option<f64> {
    sheet::duration(cell).or_else(|| sheet::time_of_day(cell).ok().filter(|_| cell.contains(&b':')))
}

fn cens(code: Option<f64>) -> Read<Option<i8>> {
    code.map(|code| [0, 1, -1].into_iter().find(|known| f64::from(*known) == code).ok_or(CENS)).transpose()
}
