//! The three ways to name a day, and the time of day.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::piece::{Piece, Problem};
use crate::regimen::Weekday;

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
    pub(super) fn leading(line: Piece<'_>) -> Result<Option<(Self, Piece<'_>)>, Problem> {
        let (word, rest) = line.first_word();
        if !word.text.eq_ignore_ascii_case("day") {
            return Ok(Self::read(word)?.map(|day| (day, rest)));
        }
        let (number, rest) = rest.first_word();
        Ok(Some((Self::numbered(number, word)?, rest)))
    }

    /// A date or a weekday, where the word looks like one.
    fn read(word: Piece) -> Result<Option<Self>, Problem> {
        let text = word.text.trim_end_matches([',', ':']);
        if let Ok(weekday) = text.parse() {
            return Ok(Some(Self::Weekday(weekday)));
        }
        let is_date = text.matches('-').count() == 2 && text.chars().all(|c| c == '-' || c.is_ascii_digit());
        if !is_date {
            return Ok(None);
        }
        let date = text
            .parse()
            .map_err(|_| word.wrong("is not a day of the calendar: write year, month and day, such as 2026-03-02"))?;
        Ok(Some(Self::Date(date)))
    }

    fn numbered(number: Piece, whole: Piece) -> Result<Self, Problem> {
        let at = if number.is_empty() { whole } else { number };
        let count = number.text.trim_end_matches([',', ':']).parse().ok().filter(|count| *count >= 1);
        count.map(Self::Number).ok_or_else(|| at.wrong("is not the number of a day: write 1 or above, such as `day 3`"))
    }

    /// A cell of a table: `2026-03-02`, `Mon`, `day 3` or `3`.
    pub(super) fn cell(cell: Piece) -> Result<Self, Problem> {
        if !cell.is_empty() && cell.text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::numbered(cell, cell);
        }
        match Self::leading(cell)? {
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

/// The time of day in h.
pub(super) fn clock(word: Piece) -> Result<f64, Problem> {
    let read = |text: &str, most: u32| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| digits && *number <= most)
    };
    let parts = word.text.split_once(':').filter(|(_, minutes)| minutes.len() == 2);
    let time = parts.and_then(|(hours, minutes)| Some((read(hours, 23)?, read(minutes, 59)?)));
    let (hours, minutes) = time.ok_or_else(|| {
        word.wrong("is not a time of day: write hours and minutes from 00:00 to 23:59, such as 08:00")
    })?;
    Ok(f64::from(60 * hours + minutes) / 60.0)
}
