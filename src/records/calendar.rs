//! Dates and times of day of a table, as hours since the first record of each subject.

use jiff::civil::Date;

use super::column::{Broken, Column};
use super::record::Record;
use crate::error::{Error, Result};
use crate::sheet::{Day, Read, Sheet, day, found, stamp};

const MIXED: &str = "other rows have dates of the calendar and this one the number of a day, or the other way round: write all in one way";
const PARTLY: &str = "a date and time of day must stand in the TIME of every record, or of none";
const TWICE: &str = "a column DATE has the days already: leave the date out here, or leave out that column";
const TIMED: &str = "it has a time of day, which the column TIME says too: leave one of them out";
const NO_CLOCK: &str =
    "its time of day is missing: write 2026-11-22 8:30, or call the column DATE and give a column TIME";
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
        when.date = Some(day.hours());
        self.see("TIME", cell, day, (record, line))
    }

    /// A DATE of a record on a line.
    pub(super) fn date(&mut self, when: &mut When, cell: &[u8], place: (usize, u64)) -> Read<()> {
        let found = match day(cell) {
            Ok(found) => found,
            Err(rule) => {
                let stamp = stamp(cell).map_err(|_| rule)?;
                match stamp.clock {
                    Some(clock) if !self.has_time => when.time = Some(clock),
                    Some(clock) if clock != 0.0 => return Err(TIMED),
                    _ => {}
                }
                stamp.day
            }
        };
        let Some(day) = found else { return Ok(()) };
        when.date = Some(day.hours());
        self.see("DATE", cell, day, place)
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

fn open((line, column, found, [day_first, month_first]): (u64, &str, &str, &[Date; 2]), sheet: &Sheet<'_>) -> Error {
    sheet.error_at(
        (line, column),
        &format!("found {found}, but it may be {day_first} or {month_first}, and no other date of the table shows which: write year, month and day"),
    )
}
