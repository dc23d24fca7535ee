//! What other columns say of the numbers of a record: their units, and when a dose ends.

use super::column::{Broken, Column, Measure};
use super::measured::Measured;
use super::record::Record;
use super::scales;
use crate::sheet::{self, Day, Read, Row, Stamp, found, is_missing};
use crate::units::DAY;

/// When a dose ends, on the clock of its beginning.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    /// The hour, as TIME counts.
    Hours(f64),
    /// A day and a time of day, as far as they are there.
    Stamp(Stamp),
}

const END: &str = "it must be a date and a time of day such as 2026-11-22T08:30, or an hour as in TIME";
const EARLY: &str = "a dose cannot end before it begins";
const OTHER_CLOCK: &str =
    "its TIME is written in another way: write both as dates with a time of day, or both in hours";
const PERIOD: &str = "this may be the end of an infusion or of many doses: write how long an infusion takes in DUR, in hours, or doses that repeat in II and ADDL, and leave this column out with Reader::ignoring";
/// An infusion that is known only by its end takes no longer.
const LONGEST: f64 = DAY;

impl End {
    #[cold]
    pub(super) fn of(cell: &[u8], row: &Row<'_>) -> Read<Option<Self>> {
        if is_missing(cell) {
            return Ok(None);
        }
        if let Ok(hours) = row.value(cell) {
            return Ok(hours.map(Self::Hours));
        }
        let stamp = sheet::stamp(cell).map_err(|_| END)?;
        match stamp.day {
            Some(Day::Either(..) | Day::Counted(_)) => Err(END),
            _ => Ok(Some(Self::Stamp(stamp))),
        }
    }

    /// How long the dose of a record lasts, h, where it is surely an infusion; `date` is the beginning of its day, where one is
    /// known, and nothing where times are numbers.
    #[cold]
    pub(super) fn duration(
        self,
        begin: f64,
        (date, is_clocked): (Option<f64>, bool),
        is_sure: bool,
    ) -> Result<f64, Broken> {
        let broken = |found: String, rule| Err((Column::End, found, rule));
        let end = match (self, date) {
            (Self::Hours(hours), _) if !is_clocked => hours,
            (Self::Stamp(Stamp { day: None, clock: Some(clock), .. }), _) if is_clocked => date.unwrap_or(0.0) + clock,
            // Without its time of day the end is known to the day.
            (Self::Stamp(Stamp { day: Some(day), clock: None, .. }), Some(_)) => {
                let hours = day.hours();
                if (hours..hours + DAY).contains(&begin) { begin } else { hours.max(begin + 2.0 * LONGEST) }
            }
            (Self::Stamp(Stamp { day: Some(day), clock: Some(clock), offset }), Some(_)) => {
                day.hours() + clock - offset.unwrap_or(0.0)
            }
            _ => return broken(String::from("an end"), OTHER_CLOCK),
        };
        let hours = ((end - begin) * 3_600.0).round() / 3_600.0;
        let shown = || format!("an end {hours} h after the beginning");
        match () {
            () if hours < 0.0 => broken(shown(), EARLY),
            () if hours > 0.0 && !(is_sure && hours <= LONGEST) => broken(shown(), PERIOD),
            () => Ok(hours),
        }
    }
}

/// What a column of units says in a row.
#[derive(Debug)]
pub(super) struct Unit {
    measure: Measure,
    /// What one of it is, if it is known.
    size: Option<f64>,
    found: String,
}

impl Unit {
    #[cold]
    pub(super) fn of(measure: Measure, cell: &[u8]) -> Self {
        let text = sheet::text(cell).map(String::from_utf8_lossy);
        let size = text.as_deref().and_then(|text| scales::of(measure.column(), text));
        Self { measure, size, found: found(cell) }
    }
}

/// The numbers of a row that may have a unit in a column of its own.
pub(super) struct Numbers<'d> {
    pub(super) record: &'d mut Record,
    pub(super) measured: &'d mut Measured,
    pub(super) time: &'d mut Option<f64>,
    pub(super) dur: &'d mut Option<f64>,
    /// Whether times of day or dates were met, which have no unit.
    pub(super) is_clocked: bool,
}

impl Numbers<'_> {
    /// Brings the numbers to the units of records.
    #[cold]
    pub(super) fn scale(&mut self, units: Vec<Unit>) -> Result<(), Broken> {
        let rated = units.iter().any(|unit| unit.measure == Measure::Rate);
        units.into_iter().try_for_each(|unit| if self.has(unit.measure) { self.scale_one(unit, rated) } else { Ok(()) })
    }

    fn scale_one(&mut self, Unit { measure, size, found }: Unit, rated: bool) -> Result<(), Broken> {
        const RATED: &str = "AMT has a unit in a column of its own and RATE has none: write that of RATE in a column RATEU, such as mg/h";
        const CLOCK: &str = "a time of day has no unit: leave it out";
        let size = size.ok_or((Column::Unit(measure), found, unknown(measure)))?;
        match measure {
            Measure::Amt if size != 1.0 && self.record.rate > 0.0 && !rated => {
                return Err((Column::Rate, self.record.rate.to_string(), RATED));
            }
            Measure::Time if size != 1.0 && self.is_clocked => {
                return Err((Column::Unit(measure), String::from("a unit"), CLOCK));
            }
            Measure::Time => *self.time = self.time.map(|time| time * size),
            Measure::Dur => *self.dur = self.dur.map(|dur| dur * size),
            Measure::Dv => {
                self.measured.limit = self.measured.limit.map(|limit| limit * size);
                self.record.dv = self.record.dv.map(|dv| dv * size);
            }
            Measure::Amt | Measure::Rate | Measure::Ii => scales::scale(self.record, (measure.column(), size)),
        }
        Ok(())
    }

    /// Whether the record has a number of a kind, so that its unit matters.
    fn has(&self, measure: Measure) -> bool {
        match measure {
            Measure::Time => self.time.is_some(),
            Measure::Amt => self.record.amt != 0.0,
            Measure::Rate => self.record.rate > 0.0,
            Measure::Dur => self.dur.is_some_and(|dur| dur != 0.0),
            Measure::Ii => self.record.ii != 0.0,
            Measure::Dv => self.record.dv.is_some_and(|dv| dv != 0.0),
        }
    }
}

/// What is said of a unit that is not known.
fn unknown(measure: Measure) -> &'static str {
    match measure {
        Measure::Time | Measure::Dur | Measure::Ii => {
            "it must be a unit such as h, min or days: bring the numbers to one, or leave this column out with Reader::ignoring"
        }
        Measure::Amt => {
            "it must be a unit such as ug, mg or g: bring the amounts to one, or leave this column out with Reader::ignoring"
        }
        Measure::Rate => {
            "it must be a unit such as ug/h or mg/h: bring the rates to one, or leave this column out with Reader::ignoring"
        }
        Measure::Dv => {
            "it must be a unit such as ug/L, ng/mL or mg/L: bring the numbers to one, or leave this column out with Reader::ignoring"
        }
    }
}
