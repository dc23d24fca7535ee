//! Dates and times of day of a table, as hours since the first record of each subject.

use jiff::civil::Date;

use super::column::{Broken, Column};
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
const SERIALS: std::ops::Range<f64> = 20_000.0..100_000.0;
const BEYOND: &str = "beside a date of the calendar it is a time of day, up to 24:00";

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
            shown,
            open,
            first_open: None,
        }
    }

    /// A TIME that is no number, of a record on a line.
    #[cold]
    pub(super) fn time(&mut self, when: &mut When, cell: &[u8], (record, line): (usize, u64)) -> Read<()> {
        let stamp = stamp(cell)?;
        self.met = true;
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
    pub(super) fn hours(&self, when: When, records_before: usize) -> std::result::Result<f64, Broken> {
        match when {
            When { date: None, time: Some(time), .. } if !self.met => Ok(time),
            _ => self.hours_of_day(when, records_before),
        }
    }

    /// The same where dates or times of day were met, or the time is missing.
    fn hours_of_day(&self, when: When, records_before: usize) -> std::result::Result<f64, Broken> {
        const DATELESS: &str = "every record of a table with dates needs its own";
        let nothing = |column, rule| (column, String::from("nothing"), rule);
        let date = match when.date {
            None if self.has_date => return Err(nothing(Column::Date, DATELESS)),
            date => date.unwrap_or(0.0),
        };
        let time = when.time.ok_or_else(|| nothing(Column::Time, "every record needs its time"))?;
        let is_partly = if when.stamped { self.stamped != records_before + 1 } else { self.stamped > 0 };
        match () {
            () if is_partly => Err((Column::Time, time.to_string(), PARTLY)),
            () if self.has_date && self.dated && time > 24.0 => Err((Column::Time, time.to_string(), BEYOND)),
            () => Ok(date + time),
        }
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
            _ => return Err(open((*line, column, found, dates), sheet)),
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

fn open((line, column, found, [day_first, month_first]): (u64, &str, &str, &[Date; 2]), sheet: &Sheet<'_>) -> Error {
    sheet.error_at(
        (line, column),
        &format!("found {found}, but it may be {day_first} or {month_first}, and no other date of the table shows which: write year, month and day"),
    )
}
