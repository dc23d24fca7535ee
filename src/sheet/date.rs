//! Dates, as hours.

use jiff::ToSpan;
use jiff::civil::Date;

use super::cell::{Read, text};
use crate::units::DAY;

pub(super) const DATE: &str = "it must be a date such as 2026-11-22 or the whole number of a day";
/// From which hours are counted.
const FIRST: Date = Date::constant(2000, 1, 1);
const YEAR: &str = "its year must have four digits: write 2026-11-22";
const DIGITS: &str = "it has too many digits for the number of a day and is no date such as 20261122: write 2026-11-22";
/// The rule of a date that the calendar does not have.
pub(crate) const CALENDAR: &str = "there is no such day in the calendar: write a date such as 2026-11-22";

/// The beginning of a day, in hours from a far one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Day {
    /// The number of a day, as the one who counted it knows.
    Counted(f64),
    /// A day of the calendar.
    Known(f64),
    /// What is known only by the order of day and month, which this date shows: whether the day stands first.
    Ordered(f64, bool),
    /// A date that may be read in two orders: with the day first and with the month first.
    Either([f64; 2], [Date; 2]),
}

impl Day {
    pub(crate) fn is_counted(self) -> bool {
        matches!(self, Self::Counted(_))
    }

    /// The day of the calendar, with the day first where that is open; the number of a day counts from the first one.
    pub(crate) fn date(self) -> Date {
        #[expect(clippy::cast_possible_truncation, reason = "whole days")]
        FIRST.saturating_add(((self.hours() / DAY) as i64).days())
    }

    /// The hours, with the day first where that is open.
    pub(crate) fn hours(self) -> f64 {
        match self {
            Self::Counted(hours) | Self::Known(hours) | Self::Ordered(hours, _) | Self::Either([hours, _], _) => hours,
        }
    }
}

/// The day that a cell names, or nothing.
pub(crate) fn day(cell: &[u8]) -> Read<Option<Day>> {
    let Some(text) = text(cell) else { return Ok(None) };
    named(std::str::from_utf8(text).map_err(|_| DATE)?).map(Some)
}

/// The day that a text names.
pub(super) fn named(text: &str) -> Read<Day> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<i32>() {
        Ok(number) if digits && text.len() == 8 => eight(number),
        Ok(_) if digits && text.len() > 5 => Err(DIGITS),
        Ok(number) => Ok(Day::Counted(f64::from(number) * DAY)),
        Err(_) if digits => Err(DIGITS),
        Err(_) => counted(text).map_or_else(|| of_parts(&parts(text)), Ok),
    }
}

/// The number of a day behind the word: `Day 1`, `D1`.
fn counted(text: &str) -> Option<Day> {
    let word = text.get(..3).filter(|word| word.eq_ignore_ascii_case("day")).map_or(1, |_| 3);
    let (word, number) = text.split_at_checked(word)?;
    let is_day = word.len() == 3 || word.eq_ignore_ascii_case("d");
    let number = number.trim_start();
    let is_short = is_day && number.trim_start_matches('-').len() <= 5;
    let number: i32 = number.parse().ok().filter(|_| is_short)?;
    Some(Day::Counted(f64::from(number) * DAY))
}

/// Eight digits are year, month and day; or they end with the year.
fn eight(number: i32) -> Read<Day> {
    const YEARS: std::ops::Range<i32> = 1900..2200;
    let (first, last) = (number / 10_000, number % 10_000);
    if YEARS.contains(&first) {
        return Ok(Day::Known(hours(date(first, last / 100, last % 100).ok_or(CALENDAR)?)));
    }
    if YEARS.contains(&last) { either(first / 100, first % 100, last) } else { Err(DIGITS) }
}

/// Day and month in an order that is not known.
fn either(first: i32, second: i32, year: i32) -> Read<Day> {
    match (date(year, second, first), date(year, first, second)) {
        (None, None) => Err(CALENDAR),
        (Some(day), None) => Ok(Day::Ordered(hours(day), true)),
        (None, Some(day)) => Ok(Day::Ordered(hours(day), false)),
        (Some(one), Some(other)) if one == other => Ok(Day::Known(hours(one))),
        (Some(one), Some(other)) => Ok(Day::Either([hours(one), hours(other)], [one, other])),
    }
}

/// Digits or letters that stand together.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for word in
        text.split(|c: char| matches!(c, '-' | '/' | '.' | ',') || c.is_whitespace()).filter(|word| !word.is_empty())
    {
        let (mut rest, is_digit) = (word, |c: char| c.is_ascii_digit());
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c| is_digit(c) != is_digit(first)).unwrap_or(rest.len());
            parts.push(&rest[..end]);
            rest = &rest[end..];
        }
    }
    parts
}

fn of_parts(parts: &[&str]) -> Read<Day> {
    let &[first, second, third] = parts else { return Err(DATE) };
    let number = |part: &str| part.parse::<i32>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
    let is_year = |part: &str| part.len() == 4;
    let known = |year, month, day| date(year, month, day).map(|day| Day::Known(hours(day))).ok_or(CALENDAR);
    match [number(first), number(second), number(third)] {
        [Some(year), Some(month), Some(day)] if is_year(first) => known(year, month, day),
        [Some(a), Some(b), Some(year)] if is_year(third) && first.len() < 3 && second.len() < 3 => either(a, b, year),
        [Some(_), Some(_), Some(_)] => Err(YEAR),
        [Some(year), None, Some(day)] if is_year(first) => known(year, month(second).ok_or(DATE)?, day),
        [Some(day), None, Some(year)] if first.len() < 3 => {
            let month = month(second).ok_or(DATE)?;
            known(whole_year(third, year)?, month, day)
        }
        [None, Some(day), Some(year)] if second.len() < 3 => {
            let month = month(first).ok_or(DATE)?;
            known(whole_year(third, year)?, month, day)
        }
        _ => Err(DATE),
    }
}

/// After the name of a month a year of two digits is none of a day; spreadsheets write it so, and take 30 to 99 for the last
/// century.
fn whole_year(part: &str, year: i32) -> Read<i32> {
    match part.len() {
        4 => Ok(year),
        2 if year < 30 => Ok(2000 + year),
        2 => Ok(1900 + year),
        _ => Err(YEAR),
    }
}

/// The number of a month by its English name or the first three letters of it.
pub(crate) fn month(name: &str) -> Option<i32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let is_meant =
        |month: &&str| month.starts_with(&name) && name.len() >= 3 || name == "sept" && **month == *"september";
    (1..).zip(&MONTHS).find(|(_, month)| is_meant(month)).map(|(number, _)| number)
}

/// Whether a text is a day and a month without a year, which spreadsheets make of `3-4`: `3-Apr`.
pub(super) fn is_day_of_a_month(text: &[u8]) -> bool {
    let parts = std::str::from_utf8(text).map(parts).unwrap_or_default();
    matches!(parts[..], [one, other] if (one.parse::<u32>().is_ok() && month(other).is_some()) || (month(one).is_some() && other.parse::<u32>().is_ok()))
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Every date lies within a few million hours of another.
fn hours(date: Date) -> f64 {
    let days = FIRST.until(date).map_or(0, |span| span.get_days());
    f64::from(days) * DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_kind() {
        let first = hours(Date::constant(2026, 1, 31));
        for text in [
            "2026-01-31",
            "2026-1-31",
            "20260131",
            "2026/01/31",
            "2026.01.31",
            "31-Jan-2026",
            "31 January 2026",
            "Jan 31, 2026",
            "31JAN2026",
            "2026-Jan-31",
            "31-Jan-26",
            "31. Jan. 2026",
        ] {
            assert_eq!(named(text), Ok(Day::Known(first)), "{text}");
        }
        for text in ["31/01/2026", "31.1.2026", "31012026", "31-01-2026"] {
            assert_eq!(named(text), Ok(Day::Ordered(first, true)), "{text}");
        }
        for text in ["01/31/2026", "1-31-2026", "01312026"] {
            assert_eq!(named(text), Ok(Day::Ordered(first, false)), "{text}");
        }
        assert!(matches!(named("02/03/2026"), Ok(Day::Either(..))));
        assert!(matches!(named("02032026"), Ok(Day::Either(..))));
        assert!(matches!(named("03.03.2026"), Ok(Day::Known(_))));
        assert_eq!(named("-7"), Ok(Day::Counted(-168.0)));
        assert_eq!(named("46053"), Ok(Day::Counted(46053.0 * 24.0)));
        for (text, rule) in [
            ("2024-02-30", CALENDAR),
            ("20261301", CALENDAR),
            ("32/13/2026", CALENDAR),
            ("31/01/26", YEAR),
            ("26-1-1", YEAR),
            ("260131", DIGITS),
            ("2026031", DIGITS),
            ("123456789012", DIGITS),
            ("1.5", DATE),
            ("31 Foo 2026", DATE),
            ("soon", DATE),
        ] {
            assert_eq!(named(text), Err(rule), "{text}");
        }
    }

    #[test]
    fn a_day_of_a_month_is_what_spreadsheets_make_of_numbers() {
        assert!(["3-Apr", "Apr-03", "1. Dec"].iter().all(|text| is_day_of_a_month(text.as_bytes())));
        assert!(["3-4", "April", "heavy", "5 mg", ""].iter().all(|text| !is_day_of_a_month(text.as_bytes())));
    }
}
