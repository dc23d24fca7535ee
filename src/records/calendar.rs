//! Dates and times of day of a table, as hours since the first record of each subject.

use jiff::civil::Date;

use super::column::{Broken, Column};
use super::origin::Origin;
use super::record::Record;
use crate::error::{Error, Result};
use crate::sheet::{Day, Read, Sheet, day, found, number, stamp};
use crate::units::{DAY, HOUR};

const MIXED: &str = "other rows have dates of the calendar and this one the number of a day, or the other way round: write all in one way";
const PARTLY: &str = "a date and time of day must stand in the TIME of every record, or of none";
const TWICE: &str = "a column DATE has the days already: leave the date out here, or leave out that column";
const TIMED: &str = "it has a time of day, which the column TIME says too: leave one of them out";
const NO_CLOCK: &str =
    "its time of day is missing: write 2026-11-22 8:30, or call the column DATE and give a column TIME";
const ZONED: &str = "some dates name their zone (`Z` or `+02:00`) and others do not: write it everywhere or nowhere";
/// From which day on a number with a fraction is a date of a spreadsheet: 1954.
pub(super) const SERIALS: std::ops::Range<f64> = 20_000.0..100_000.0;
const BEYOND: &str = "beside a date of the calendar it is a time of day, up to 24:00: write half past eight as 8:30";

/// When a record is, as far as its cells have been read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct When {
    /// The beginning of the day, and the hours after it.
    pub(super) date: Option<f64>,
    pub(super) time: Option<f64>,
    /// Whether the date stands in TIME.
    stamped: bool,
}

/// What the dates and times of a table have shown so far.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that was seen or not")]
pub(super) struct Calendar {
    has_date: bool,
    has_time: bool,
    /// Whether a date or a time of day was met: times then count from the first record of a subject.
    pub(super) met: bool,
    counted: bool,
    dated: bool,
    /// Whether the dates with a time of day have named their zone.
    zoned: Option<bool>,
    /// How many records have their date in TIME.
    stamped: usize,
    /// Whether a time of day was met, and a date as spreadsheets count it.
    clocked: bool,
    serial: bool,
    /// Of times that are numbers beside a date: the first record whose time is no whole number, and whether some are 1 or above.
    fraction: Option<(usize, f64)>,
    above_one: bool,
    /// The first record whose time may be hours and minutes with a point between, and whether some cannot be.
    pointed: Option<(usize, f64)>,
    decimal: bool,
    /// The line and text of a date that shows that the day stands first, and of one that the month does.
    shown: [Option<(u64, String)>; 2],
    /// Records whose date is open, and the hours by which it is later with the month first.
    open: Vec<(usize, f64)>,
    /// The first of them: its line, column and text, and the two dates.
    first_open: Option<(u64, &'static str, String, [Date; 2])>,
}

impl Calendar {
    pub(super) fn new(has_date: bool, has_time: bool) -> Self {
        let (shown, open) = (Default::default(), Vec::new());
        Self {
            has_date,
            has_time,
            met: has_date,
            counted: false,
            dated: false,
            zoned: None,
            stamped: 0,
            clocked: false,
            serial: false,
            fraction: None,
            above_one: false,
            pointed: None,
            decimal: false,
            shown,
            open,
            first_open: None,
        }
    }

    /// A TIME that is no number, of a record on a line.
    #[cold]
    pub(super) fn time(&mut self, when: &mut When, cell: &[u8], (record, line): (usize, u64)) -> Read<()> {
        let stamp = stamp(cell)?;
        (self.met, self.clocked) = (true, true);
        when.time = Some(stamp.clock.ok_or(NO_CLOCK)?);
        let Some(day) = stamp.day else {
            let is_beyond = self.has_date && stamp.clock.is_some_and(|clock| clock >= 25.0);
            return if is_beyond { Err(BEYOND) } else { Ok(()) };
        };
        if self.has_date {
            return Err(TWICE);
        }
        (when.stamped, self.stamped) = (true, self.stamped + 1);
        self.zone(stamp.offset)?;
        when.date = Some(day.hours() - stamp.offset.unwrap_or(0.0));
        self.see("TIME", cell, day, (record, line))
    }

    /// A DATE of a record on a line.
    pub(super) fn date(&mut self, when: &mut When, cell: &[u8], place: (usize, u64)) -> Read<()> {
        let mut earlier = 0.0;
        let found = match day(cell) {
            Ok(found) => found,
            Err(rule) => {
                if let Some((day, clock)) = serial(cell).filter(|_| !self.has_time) {
                    (when.date, when.time) = (Some(day), Some(clock));
                    return self.see("DATE", cell, Day::Counted(day), place);
                }
                let stamp = stamp(cell).map_err(|_| rule)?;
                if stamp.clock.is_some() && !self.has_time {
                    self.zone(stamp.offset)?;
                    earlier = stamp.offset.unwrap_or(0.0);
                }
                match stamp.clock {
                    Some(clock) if !self.has_time => when.time = Some(clock),
                    Some(clock) if clock != 0.0 => return Err(TIMED),
                    _ => {}
                }
                stamp.day
            }
        };
        let Some(day) = found else { return Ok(()) };
        when.date = Some(day.hours() - earlier);
        self.see("DATE", cell, day, place)
    }

    /// All dates name their zone, or none does.
    fn zone(&mut self, offset: Option<f64>) -> Read<()> {
        let known = *self.zoned.get_or_insert(offset.is_some());
        if known == offset.is_some() { Ok(()) } else { Err(ZONED) }
    }

    /// What a day shows of the others.
    fn see(&mut self, column: &'static str, cell: &[u8], day: Day, (record, line): (usize, u64)) -> Read<()> {
        (self.counted, self.dated) = (self.counted | day.is_counted(), self.dated | !day.is_counted());
        self.serial |= day.is_counted() && SERIALS.contains(&(day.hours() / DAY));
        if self.counted && self.dated {
            return Err(MIXED);
        }
        match day {
            Day::Ordered(_, day_first) => {
                self.shown[usize::from(!day_first)].get_or_insert_with(|| (line, found(cell)));
            }
            Day::Either([day_first, month_first], dates) => {
                self.open.push((record, month_first - day_first));
                self.first_open.get_or_insert_with(|| (line, column, found(cell), dates));
            }
            Day::Counted(_) | Day::Known(_) => {}
        }
        Ok(())
    }

    /// The hours of a record that has been read; or the column, what was found there and the rule that it breaks.
    #[inline]
    pub(super) fn hours(&mut self, when: When, records_before: usize) -> std::result::Result<f64, Broken> {
        match when {
            When { date: None, time: Some(time), .. } if !self.met => Ok(time),
            _ => self.hours_of_day(when, records_before),
        }
    }

    /// The same where dates or times of day were met, or the time is missing.
    fn hours_of_day(&mut self, when: When, records_before: usize) -> std::result::Result<f64, Broken> {
        const DATELESS: &str = "every record of a table with dates needs its own";
        let nothing = |column, rule| (column, String::from("nothing"), rule);
        let date = match when.date {
            None if self.has_date => return Err(nothing(Column::Date, DATELESS)),
            date => date.unwrap_or(0.0),
        };
        let time = when.time.ok_or_else(|| nothing(Column::Time, "every record needs its time"))?;
        if self.has_date && self.has_time && !self.clocked {
            self.see_hours(time, records_before);
        }
        let is_partly = if when.stamped { self.stamped != records_before + 1 } else { self.stamped > 0 };
        match () {
            () if is_partly => Err((Column::Time, time.to_string(), PARTLY)),
            () if self.has_date && self.dated && time > 24.0 => Err((Column::Time, time.to_string(), BEYOND)),
            () => Ok(date + time),
        }
    }

    /// What a time beside a date shows that is a number.
    fn see_hours(&mut self, time: f64, record: usize) {
        self.above_one |= time >= 1.0;
        if time.fract() == 0.0 {
            return;
        }
        self.fraction.get_or_insert((record, time));
        // `8.30` may be a clock, `8.75` cannot, and `8.5` hardly is.
        let minutes = (100.0 * time.fract()).round();
        let is_pointed = (100.0 * time - (100.0 * time).round()).abs() < 1e-6 && minutes < 60.0;
        self.decimal |= !is_pointed;
        if is_pointed && minutes != 50.0 && minutes != 25.0 {
            self.pointed.get_or_insert((record, time));
        }
    }

    /// Refuses times beside dates that may be parts of a day, and gives what is said of those that may be a clock.
    pub(super) fn doubt(&self, origin: &Origin) -> Result<Option<String>> {
        let is_known = self.dated || self.serial;
        if self.clocked || !is_known {
            return Ok(None);
        }
        if let Some((record, time)) = self.fraction.filter(|_| !self.above_one) {
            let rule = "all times beside these dates lie below 1, and may be hours or the parts of a day that spreadsheets count: write a time of day such as 8:30";
            return Err(origin.refuse(record, ("TIME", time.to_string()), rule));
        }
        let Some((record, time)) = self.pointed.filter(|_| !self.decimal) else { return Ok(None) };
        let place = origin.place(record);
        Ok(Some(format!(
            "{place}: TIME {time} is read as hours with their decimals: write a time of day with a colon, such as 8:30"
        )))
    }

    /// Gives open dates their order, and counts the hours from the first record of each subject.
    pub(super) fn settle(&self, records: &mut [Record], sheet: &Sheet<'_>, notes: &mut Vec<String>) -> Result<()> {
        self.order(records, sheet, notes)?;
        if self.met {
            for subject in records.chunk_by_mut(|a, b| a.id == b.id) {
                let first = subject.first().map_or(0.0, |record| record.time);
                for record in subject {
                    record.time -= first;
                }
            }
        }
        Ok(())
    }

    fn order(&self, records: &mut [Record], sheet: &Sheet<'_>, notes: &mut Vec<String>) -> Result<()> {
        let Some((line, column, found, dates)) = &self.first_open else { return Ok(()) };
        let (which, (shown_on, shown)) = match &self.shown {
            [Some(shown), None] => ("day", shown),
            [None, Some(shown)] => ("month", shown),
            [Some(day), Some(month)] => return Err(torn((*line, column, found), (day, month), sheet)),
            [None, None] => return Err(open((*line, column, found, dates), sheet)),
        };
        if which == "month" {
            self.open.iter().for_each(|(record, later)| records[*record].time += later);
        }
        let file = sheet.file();
        notes.push(format!(
            "{file}, line {line}: the {which} stands first in {found}, as {shown} on line {shown_on} shows"
        ));
        Ok(())
    }
}

/// The day and the time of day of a date as spreadsheets count it, to the second, which is more than its digits hold.
fn serial(cell: &[u8]) -> Option<(f64, f64)> {
    let days = number(cell).ok().flatten().filter(|days| SERIALS.contains(days))?;
    Some((days.floor() * DAY, (days.fract() * 86_400.0).round() / 3_600.0 * HOUR))
}

/// Two dates that show opposite orders show nothing of a third.
fn torn(
    (line, column, found): (u64, &str, &str),
    ((day_on, day), (month_on, month)): (&(u64, String), &(u64, String)),
    sheet: &Sheet<'_>,
) -> Error {
    sheet.error_at(
        (line, column),
        &format!("found {found}, but it may be read in two ways, and other dates contradict one another: the day stands first in {day} on line {day_on} and the month in {month} on line {month_on}: write year, month and day"),
    )
}

fn open((line, column, found, [day_first, month_first]): (u64, &str, &str, &[Date; 2]), sheet: &Sheet<'_>) -> Error {
    sheet.error_at(
        (line, column),
        &format!("found {found}, but it may be {day_first} or {month_first}, and no other date of the table shows which: write year, month and day"),
    )
}
