//! Samples as they come together, row by row.

use std::collections::HashMap;

use super::places::{Measure, Places, Since, Unit};
use super::subject::{Columns, Subject};
use crate::error::{Error, ErrorKind, Result};
use crate::sheet::{self, Day, Row, Sheet, duration};

const TIME: &str = "a time must be a finite number of hours; a sample before the dose is at 0 or below, such as -0.25";
const CLOCK: &str = "it reads as a time of the clock, and a time of samples is a number of hours: write 1.5 for 1:30";
const DATE: &str = "it must be a date with a time of day, such as 2026-11-22T08:30";
const OPEN: &str = "day and month may be read in two orders: write 2026-11-22T08:30";
const ZONED: &str =
    "one of the two dates names its zone (`Z` or `+02:00`) and the other does not: write it in both or in none";
const DOSE: &str = "a dose must be a finite number, zero or above";
const CONC: &str =
    "a concentration must be a number, zero or above; write BLQ or `<0.5` for one below the limit, and `.` for none";
const ID: &str =
    "every row must say whose it is: if the cell was merged with others in a spreadsheet, fill it in on every row";

/// The hours of a date and its time of day from a far one, and whether it names its zone.
#[derive(Clone, Copy)]
struct Moment {
    hours: f64,
    is_zoned: bool,
}

/// Subjects as they come together.
pub(super) struct Gathered<'s, 'c> {
    sheet: &'s Sheet<'s>,
    places: Places<'c>,
    notes: Vec<String>,
    list: Vec<Subject>,
    /// Where each subject stands in the list, how many doses it has, and when its first row was, where times are dates.
    known: HashMap<String, usize>,
    doses: Vec<u32>,
    firsts: Vec<Option<Moment>>,
    /// The rows that are no samples: how many, and the line of the first.
    others: (u64, u64),
    /// Words for a sample that was not taken or not measured: how many, the line of the first and what it says.
    absent: (u64, u64, String),
    /// The first infusion: its line, the column that says so and its duration.
    infused: Option<(u64, usize, f64)>,
    /// The name of the subject at hand.
    name: String,
}

impl<'s, 'c> Gathered<'s, 'c> {
    pub(super) fn new(sheet: &'s Sheet<'s>, columns: &Columns<'c>) -> Result<Self> {
        let mut notes = sheet.notes().to_vec();
        let places = Places::find(sheet, columns, &mut notes)?;
        if places.id.is_none() {
            notes.push(format!(
                "{}: there is no column id, so all rows are of one subject, which is called 1",
                sheet.file()
            ));
        }
        notes.extend(places.unread(sheet));
        notes.extend(places.marks(sheet)?);
        let (list, known, doses, firsts) = (Vec::new(), HashMap::new(), Vec::new(), Vec::new());
        Ok(Self {
            sheet,
            places,
            notes,
            list,
            known,
            doses,
            firsts,
            others: (0, 0),
            absent: (0, 0, String::new()),
            infused: None,
            name: String::new(),
        })
    }

    /// Takes the sample of a row, or its dose.
    pub(super) fn add(&mut self, row: Row<'_>) -> Result<()> {
        let code = |place: Option<usize>| place.map_or(Ok(None), |place| row.number(place));
        let evid = code(self.places.evid)?;
        let is_dose = self.places.is_dose(row, evid);
        if !self.places.are_asked_for(row, is_dose)? {
            return Ok(());
        }
        let subject = self.subject(row)?;
        if matches!(self.places.since, Some(Since::First)) && self.firsts[subject].is_none() {
            self.firsts[subject] = self.moment(row, self.places.time.0)?;
        }
        if evid.is_none() || is_dose {
            self.dose(row, subject, is_dose)?;
            if is_dose || self.places.dose.is_some() {
                self.infusion(row, subject, is_dose)?;
            }
        }
        // Beside an amount a 0 says that nothing was measured.
        let is_empty = evid.is_none() && is_dose && self.conc(row, self.places.conc)?.is_none_or(|conc| conc == 0.0);
        if is_empty || evid.is_some_and(|evid| evid != 0.0) || code(self.places.mdv)? == Some(1.0) {
            self.others = (self.others.0 + 1, if self.others.0 == 0 { row.line() } else { self.others.1 });
            return Ok(());
        }
        self.sample(row, subject)
    }

    fn sample(&mut self, row: Row<'_>, subject: usize) -> Result<()> {
        let (time_place, conc_place) = (self.places.time, self.places.conc);
        let counted = self.places.since.is_none().then(|| self.time(row, time_place)).transpose()?;
        let Some(conc) = self.conc(row, conc_place)? else {
            self.see_absent(row);
            return Ok(());
        };
        // A sample that was not taken may have no date.
        let time = counted.map_or_else(|| self.since(row, subject), Ok)?;
        let subject = &mut self.list[subject];
        if let Some(before) = subject.times.last().filter(|before| **before >= time) {
            let rule = if self.places.dvid.is_some() {
                "the times of a subject must ascend: take one kind of observation by its DVID with Columns::only"
            } else {
                "the times of a subject must ascend: sort the rows; if they are several profiles or hold doses, tell them apart with Columns::profile, Columns::only or a column EVID"
            };
            let found = format!("{time} h after {before} h");
            return Err(row.refuse_found(&self.sheet.names()[time_place.0], &found, rule));
        }
        subject.times.push(time);
        subject.conc.push(conc);
        Ok(())
    }

    /// A word for a sample that is not there, which is noted.
    fn see_absent(&mut self, row: Row<'_>) {
        let cell = row.cell(self.places.conc.0);
        if !is_absent(cell) {
            return;
        }
        let (count, line, word) = &mut self.absent;
        if *count == 0 {
            (*line, *word) = (row.line(), sheet::found(cell));
        }
        *count += 1;
    }

    /// The subject of a row: its place in the list.
    fn subject(&mut self, row: Row<'_>) -> Result<usize> {
        self.name.clear();
        match self.places.id {
            None => self.name.push('1'),
            Some(place) => {
                let id = row.text(place)?.ok_or_else(|| row.refuse(&self.sheet.names()[place], row.cell(place), ID))?;
                self.name.push_str(id);
            }
        }
        let own = self.name.len();
        for place in &self.places.profile {
            self.name.push_str(", ");
            self.name.push_str(row.text(*place)?.unwrap_or("."));
        }
        if let Some(last) = self.list.last().filter(|last| last.id == self.name) {
            debug_assert_eq!(self.known.get(&last.id), Some(&(self.list.len() - 1)));
            return Ok(self.list.len() - 1);
        }
        let new = self.list.len();
        let place = *self.known.entry(self.name.clone()).or_insert(new);
        if place == new {
            let profile = if self.places.profile.is_empty() { "" } else { &self.name[own..] };
            let profile = profile.strip_prefix(", ").unwrap_or_default().to_owned();
            self.list.push(Subject { id: self.name.clone(), profile, ..Subject::default() });
            self.doses.push(0);
            self.firsts.push(None);
        }
        Ok(place)
    }

    /// The amount in a row, which is the same in all rows of a subject. Where rows of doses are told from samples, or the column is
    /// one of amounts in event tables, 0 in other rows says nothing.
    fn dose(&mut self, row: Row<'_>, subject: usize, is_dose: bool) -> Result<()> {
        self.doses[subject] += u32::from(is_dose);
        let Some((place, unit)) = self.places.dose else { return Ok(()) };
        let name = &self.sheet.names()[place];
        let refuse = |rule| row.refuse(name, row.cell(place), rule);
        let number = row.value(row.cell(place)).map_err(|rule| refuse(better(rule, DOSE)))?;
        let Some(number) = number else { return Ok(()) };
        let amount = number * self.unit(row, unit, (sheet::of_amount, "ug, mg or g"))?;
        if !(0.0..f64::INFINITY).contains(&amount) {
            return Err(refuse(DOSE));
        }
        let known = &mut self.list[subject].amount;
        let says_nothing = |amount: f64| amount == 0.0 && name.eq_ignore_ascii_case("AMT");
        match *known {
            Some(other) if other != amount && !says_nothing(other) && !says_nothing(amount) => Err(refuse(
                "an earlier row of the subject has another dose: tell the profiles apart with Columns::profile",
            )),
            Some(_) if says_nothing(amount) => Ok(()),
            _ => {
                *known = Some(amount);
                Ok(())
            }
        }
    }

    /// Takes the duration of the dose in a row; 0 where it is given at once.
    fn infusion(&mut self, row: Row<'_>, subject: usize, is_dose: bool) -> Result<()> {
        const OTHER: &str =
            "an earlier dose of the subject has another duration: tell the profiles apart with Columns::profile";
        let amount = || -> Result<Option<(f64, f64)>> {
            let amt = self.sheet.place("AMT").map(|place| (place, Unit::Is(1.0)));
            let Some((place, unit)) = self.places.dose.or(amt) else { return Ok(None) };
            let Some(amount) = row.number(place)?.filter(|amount| *amount > 0.0) else { return Ok(None) };
            Ok(Some((amount, self.unit(row, unit, (sheet::of_amount, "ug, mg or g"))?)))
        };
        // Beside a sample nothing may stand.
        let found = self.places.infusions.duration((self.sheet, row), amount)?;
        let Some((place, duration)) = found.filter(|(_, over)| is_dose || *over > 0.0) else { return Ok(()) };
        let known = &mut self.list[subject].duration;
        if known.is_some_and(|known| (known - duration).abs() > 1e-9 * duration.max(known)) {
            return Err(row.refuse(&self.sheet.names()[place], row.cell(place), OTHER));
        }
        *known = Some(duration);
        if duration > 0.0 {
            self.infused.get_or_insert((row.line(), place, duration));
        }
        Ok(())
    }

    /// A time in h.
    fn time(&self, row: Row<'_>, (place, unit): Measure) -> Result<f64> {
        let cell = row.cell(place);
        let refuse = |rule| row.refuse(&self.sheet.names()[place], cell, rule);
        let time = match row.value(cell) {
            Ok(Some(time)) => Some(time * self.unit(row, unit, (sheet::of_time, "h, min or days"))?),
            Ok(None) => None,
            Err(_) if sheet::time_of_day(cell).is_ok() => return Err(refuse(CLOCK)),
            Err(rule) => Some(duration(cell).ok_or_else(|| refuse(better(rule, TIME)))?),
        };
        time.filter(|time| time.is_finite()).ok_or_else(|| refuse(TIME))
    }

    /// The hours from the date that a time counts from to its own.
    fn since(&self, row: Row<'_>, subject: usize) -> Result<f64> {
        let at = self.places.time.0;
        let refuse = |place: usize, rule| row.refuse(&self.sheet.names()[place], row.cell(place), rule);
        let own = self.moment(row, at)?.ok_or_else(|| refuse(at, DATE))?;
        let first = match self.places.since {
            Some(Since::Column(place)) => self.moment(row, place)?.ok_or_else(|| refuse(place, DATE))?,
            _ => self.firsts[subject].unwrap_or(own),
        };
        if first.is_zoned != own.is_zoned {
            return Err(refuse(at, ZONED));
        }
        // To the nearest second, so that a half hour is one whatever the year.
        Ok(((own.hours - first.hours) * 3_600.0).round() / 3_600.0)
    }

    /// The date and time of day in a cell, or nothing.
    fn moment(&self, row: Row<'_>, place: usize) -> Result<Option<Moment>> {
        let cell = row.cell(place);
        if sheet::is_missing(cell) {
            return Ok(None);
        }
        let refuse = |rule| row.refuse(&self.sheet.names()[place], cell, rule);
        let mut stamp = sheet::stamp(cell).map_err(|_| refuse(DATE))?;
        if let Some(date) = self.places.date.filter(|_| place == self.places.time.0) {
            let day = sheet::day(row.cell(date));
            stamp.day = day.map_err(|rule| row.refuse(&self.sheet.names()[date], row.cell(date), rule))?;
        }
        let (day, clock) = stamp.day.zip(stamp.clock).ok_or_else(|| refuse(DATE))?;
        match day {
            Day::Counted(_) => Err(refuse(DATE)),
            Day::Either(..) => Err(refuse(OPEN)),
            Day::Known(hours) | Day::Ordered(hours, _) => {
                let hours = hours + clock - stamp.offset.unwrap_or(0.0);
                Ok(Some(Moment { hours, is_zoned: stamp.offset.is_some() }))
            }
        }
    }

    /// A concentration, 0 below the limit; nothing where it is missing.
    fn conc(&self, row: Row<'_>, (place, unit): Measure) -> Result<Option<f64>> {
        let cell = row.cell(place);
        let refuse = |rule| row.refuse(&self.sheet.names()[place], cell, rule);
        let conc = match row.value(cell) {
            Ok(Some(conc)) => Some(conc * self.unit(row, unit, (sheet::of_conc, "ng/mL, ug/L, ug/mL, mg/L or pg/mL"))?),
            // The number is missing, and the text may say that it was too low.
            Ok(None) => self.places.text.and_then(|text| sheet::below(row.cell(text))).map(|_| 0.0),
            Err(_) if is_absent(cell) => None,
            Err(rule) => {
                let below = sheet::below(cell).ok_or_else(|| refuse(better(rule, CONC)))?;
                let limit = below.limit.map_or(Ok(Some(1.0)), |limit| row.value(without_unit(limit)));
                limit.ok().flatten().filter(|limit| *limit > 0.0).ok_or_else(|| refuse(CONC))?;
                Some(0.0)
            }
        };
        let is_possible = conc.is_none_or(|conc| (0.0..f64::INFINITY).contains(&conc));
        if is_possible { Ok(conc) } else { Err(refuse(CONC)) }
    }

    /// What one of a unit is, which a column may say in each row.
    fn unit(&self, row: Row<'_>, unit: Unit, (known, such): (fn(&str) -> Option<f64>, &str)) -> Result<f64> {
        let place = match unit {
            Unit::Is(unit) => return Ok(unit),
            Unit::In(place) => place,
        };
        let found = row.text(place)?;
        found.and_then(known).ok_or_else(|| {
            let rule = format!(
                "it must be a unit such as {such}: scale the numbers, or name the column with its unit in Columns"
            );
            row.refuse(&self.sheet.names()[place], row.cell(place), &rule)
        })
    }

    /// The subjects and what is to be said of them.
    pub(super) fn finish(mut self) -> Result<(Vec<Subject>, Vec<String>)> {
        let file = self.sheet.file();
        let (count, line) = self.others;
        let more = if count > 1 { format!(", as are {} more", count - 1) } else { String::new() };
        if count > 0 {
            let by = if self.places.amt.is_some() { "AMT" } else { "EVID or MDV" };
            self.notes.push(format!("{file}, line {line}: this row is no sample ({by}) and is left out{more}"));
        }
        if let Some((line, place, duration)) = self.infused {
            let unknown = self.list.iter().any(|subject| subject.amount.is_none());
            let doubt = if unknown { "; it counts where the amount is known, too" } else { "" };
            let name = &self.sheet.names()[place];
            self.notes.push(format!(
                "{file}, line {line}: {name} makes this dose an intravenous infusion over {duration} h{doubt}"
            ));
        }
        let (count, line, word) = &self.absent;
        if *count > 0 {
            let more = if *count > 1 { format!(", as are {} more such words", count - 1) } else { String::new() };
            self.notes.push(format!("{file}, line {line}: {word} is read as no sample{more}"));
        }
        if let Some((subject, doses)) = self.list.iter().zip(&self.doses).find(|(_, doses)| **doses > 1) {
            let id = &subject.id;
            self.notes.push(format!(
                "{file}: the subject {id} has {doses} doses, and its samples are taken for those of one profile"
            ));
        }
        if self.list.is_empty() {
            let why =
                if self.places.only.is_empty() { "below its header" } else { "that are what Columns::only asks for" };
            return Err(Error::new(ErrorKind::Text, format!("{file} has no samples {why}")));
        }
        Ok((self.list, self.notes))
    }
}

/// Whether a cell says that there is no sample or no result.
fn is_absent(cell: &[u8]) -> bool {
    const WORDS: [&str; 12] = [
        "NS",
        "NR",
        "NRS",
        "QNS",
        "missing",
        "lost",
        "sample lost",
        "lost sample",
        "no sample",
        "not sampled",
        "no result",
        "not reported",
    ];
    WORDS.iter().any(|word| cell.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
}

/// A limit without the unit of concentrations behind it.
fn without_unit(limit: &[u8]) -> &[u8] {
    let end =
        limit.iter().position(|byte| !(byte.is_ascii_digit() || matches!(byte, b'.' | b','))).unwrap_or(limit.len());
    let (number, unit) = limit.split_at(end);
    let unit = std::str::from_utf8(unit).unwrap_or_default();
    if sheet::of_conc(unit.trim().trim_matches(['(', ')', '[', ']'])).is_some() { number } else { limit }
}

/// The rule of a cell that says more than that it is no number, or else what must stand there.
fn better(rule: &'static str, usual: &'static str) -> &'static str {
    if rule == sheet::NUMBER { usual } else { rule }
}
