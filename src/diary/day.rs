//! The three ways to name a day, and the time of day.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::date::{self, Order};
use super::piece::{Piece, Problem};
use crate::regimen::Weekday;
use crate::sheet;

/// A day as a diary names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Day {
    /// A day of the calendar.
    Date(Date),
    /// A day of one week.
    Weekday(Weekday),
    /// A day counted from 1.
    Number(u32),
}

/// What to write for a day.
pub(super) const DAYS: &str = "write a date such as 2026-03-02, a weekday such as Mon, or `day 1`";

impl Day {
    /// The day that a line begins with and what follows it, where it begins with one.
    pub(super) fn leading<'t>(line: Piece<'t>, order: &Order) -> Result<Option<(Self, Piece<'t>)>, Problem> {
        let (word, rest) = line.first_word();
        if word.text.eq_ignore_ascii_case("day") {
            let (number, rest) = rest.first_word();
            return Ok(Some((Self::numbered(number, word)?, rest)));
        }
        let Ok(weekday) = word.text.trim_end_matches([',', ':']).parse::<Weekday>() else {
            return Ok(date::leading(line, order)?.map(|(date, rest)| (Self::Date(date), rest)));
        };
        let Some((date, after)) = date::leading(rest, order)? else {
            return Ok(Some((Self::Weekday(weekday), rest)));
        };
        if date.weekday().to_monday_zero_offset() == weekday as i8 {
            return Ok(Some((Self::Date(date), after)));
        }
        Err(word.wrong(&format!("is not the day of the week of {date}: write one of them")))
    }

    fn numbered(number: Piece, whole: Piece) -> Result<Self, Problem> {
        let at = if number.is_empty() { whole } else { number };
        let count = number.text.trim_end_matches([',', ':']).parse().ok().filter(|count| *count >= 1);
        count.map(Self::Number).ok_or_else(|| at.wrong("is not the number of a day: write 1 or above, such as `day 3`"))
    }

    /// A cell of a table: `2026-03-02`, `Mon`, `day 3` or `3`; the midnight that spreadsheets write after a date says nothing.
    pub(super) fn cell(cell: Piece, order: &Order) -> Result<Self, Problem> {
        // Eight digits are a date, and nobody counts so many days.
        let digits = !cell.is_empty() && cell.text.bytes().all(|byte| byte.is_ascii_digit());
        if digits && cell.text.len() != 8 {
            return Self::numbered(cell, cell);
        }
        let date =
            ["00:00:00", "0:00:00", "00:00", "0:00"].iter().find_map(|midnight| cell.text.strip_suffix(midnight));
        let date = Piece { text: date.map_or(cell.text, |date| date.trim_end_matches([' ', 'T'])), ..cell };
        match Self::leading(date, order)? {
            Some((day, rest)) if rest.is_empty() => Ok(day),
            _ => Err(cell.wrong(&format!("is not a day: {DAYS}"))),
        }
    }

    /// The kind in words, for a diary that mixes them.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Date(_) => "a date",
            Self::Weekday(_) => "a weekday",
            Self::Number(_) => "the number of a day",
        }
    }

    /// The day that is day 0 of a diary whose earliest is this one: itself, or the Monday, or day 1.
    pub(super) fn origin(self) -> Self {
        match self {
            Self::Date(date) => Self::Date(date),
            Self::Weekday(_) => Self::Weekday(Weekday::Mon),
            Self::Number(_) => Self::Number(1),
        }
    }

    /// Days since an origin of the same kind.
    pub(super) fn since(self, origin: Self) -> u32 {
        let days = match (self, origin) {
            (Self::Date(date), Self::Date(origin)) => origin.until(date).map_or(0, |span: Span| span.get_days()).into(),
            (Self::Weekday(day), _) => day as i64,
            (Self::Number(number), _) => i64::from(number) - 1,
            (Self::Date(_), _) => 0,
        };
        u32::try_from(days).unwrap_or(0)
    }

    /// The name of the day so many days after this one.
    pub(super) fn name(self, days: u32) -> String {
        match self {
            Self::Date(date) => date.saturating_add(i64::from(days).days()).to_string(),
            Self::Weekday(_) => {
                const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
                NAMES[days as usize % 7].to_owned()
            }
            Self::Number(_) => format!("day {}", u64::from(days) + 1),
        }
    }
}

/// The time of day in h, to the minute; with AM or PM, or seconds that are zero, as spreadsheets write it.
pub(super) fn clock(word: Piece) -> Result<f64, Problem> {
    // `8 am` needs no minutes.
    let is_half = !word.text.contains(':') && word.text.ends_with(['m', 'M', '.']);
    if let Some(time) = sheet::time_of_day(word.text.as_bytes()).ok().filter(|time| is_half && *time < 24.0) {
        return Ok(time);
    }
    let mut parts = word.text.split(':');
    let hours = parts.next().is_some_and(|hours| (1..=2).contains(&hours.len()));
    let minutes = parts.next().and_then(|minutes| minutes.get(..2)).unwrap_or_default();
    let is_right = hours && minutes.len() == 2 && minutes.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = parts.next().is_none_or(|seconds| !seconds.contains(|c: char| matches!(c, '1'..='9')));
    let time = sheet::time_of_day(word.text.as_bytes()).ok().filter(|time| is_right && is_whole && *time < 24.0);
    time.ok_or_else(|| word.wrong("is not a time of day: write hours and minutes from 00:00 to 23:59, such as 08:00"))
}
