//! Days of the calendar in the ways they are written, where there is one reading.

use jiff::civil::Date;

use super::piece::{Piece, Problem};
use crate::error::excerpt;
use crate::sheet;

/// In which order the dates of a diary have day and month, where some of them show it.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// The line and text of a date that shows that the day stands first, and of one that the month does.
    shown: [Option<(u64, String)>; 2],
    /// The first that shows neither.
    open: Option<(u64, String)>,
}

impl Order {
    /// Looks at the date that a line or a cell may begin with, alone or after the day of the week.
    pub(super) fn see(&mut self, line: u64, text: Piece) {
        let (first, rest) = text.first_word();
        for word in [first, rest.first_word().0].map(|word| plain(word.text)) {
            let place = match sheet::day(word.as_bytes()) {
                Ok(Some(sheet::Day::Ordered(_, day_first))) => &mut self.shown[usize::from(!day_first)],
                Ok(Some(sheet::Day::Either(..))) => &mut self.open,
                _ => continue,
            };
            place.get_or_insert_with(|| (line, excerpt(word)));
            return;
        }
    }

    /// Whether the day stands first, where only one order is shown.
    fn day_first(&self) -> Option<bool> {
        match &self.shown {
            [Some(_), None] => Some(true),
            [None, Some(_)] => Some(false),
            _ => None,
        }
    }

    /// What is said of the dates that another one has given their order.
    pub(super) fn note(&self) -> Option<String> {
        let (line, found) = self.open.as_ref()?;
        let (which, (shown_on, shown)) = match &self.shown {
            [Some(shown), None] => ("day", shown),
            [None, Some(shown)] => ("month", shown),
            _ => return None,
        };
        Some(format!("line {line}: the {which} stands first in `{found}`, as `{shown}` on line {shown_on} shows"))
    }
}

/// The date that a line begins with and what follows it, where it begins with one.
pub(super) fn leading<'t>(line: Piece<'t>, order: &Order) -> Result<Option<(Date, Piece<'t>)>, Problem> {
    let (word, rest) = line.first_word();
    if let Some((day, time)) = with_time(word) {
        let clock = Piece { text: &line.text[time.start - line.start..], start: time.start };
        return Ok(in_one_word(day, order)?.map(|date| (date, clock)));
    }
    if let Some(date) = in_one_word(word, order)? {
        return Ok(Some((date, rest)));
    }
    let (second, rest) = rest.first_word();
    let (third, rest) = rest.first_word();
    let Some(text) = of_parts([word.text, second.text, third.text].map(plain), &[4]) else { return Ok(None) };
    let whole = line.cut(third.start + third.text.len() - line.start).0;
    known(whole.trim(), &text, order).map(|date| Some((date, rest)))
}

/// `2026-03-02T08:00` in its two parts.
fn with_time(word: Piece<'_>) -> Option<(Piece<'_>, Piece<'_>)> {
    let at = word
        .text
        .find('T')
        .filter(|at| *at >= 8 && word.text[..*at].bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))?;
    let (day, time) = word.cut(at);
    Some((day, time.cut(1).1))
}

/// Without what parts it from its neighbours.
fn plain(word: &str) -> &str {
    word.trim_end_matches([',', ':', '.'])
}

/// `2026-03-02`, `2026/3/2`, `20260302`, `2-Mar-2026`, `23/03/2026`; a word of three numbers that is none of them is refused.
fn in_one_word(word: Piece, order: &Order) -> Result<Option<Date>, Problem> {
    let text = plain(word.text);
    let is_number = |part: &str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return known(word, text, order).map(Some);
    }
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    match parts[..] {
        [a, b] if is_number(a) && is_number(b) && text.contains('/') => {
            Err(word.wrong("is a date without a year: write year, month and day, such as 2026-03-02"))
        }
        [a, b, c] if [a, b, c].iter().all(|part| is_number(part)) || of_parts([a, b, c], &[2, 4]).is_some() => {
            known(word, text, order).map(Some)
        }
        _ => Ok(None),
    }
}

/// Day, month and year, as a sheet reads them, of three words of which one names the month and the last is a year of so many digits.
fn of_parts([a, b, c]: [&str; 3], digits: &[usize]) -> Option<String> {
    let is_day = |day: &str| (1..=2).contains(&day.len()) && day.bytes().all(|byte| byte.is_ascii_digit());
    let is_year = digits.contains(&c.len()) && c.bytes().all(|byte| byte.is_ascii_digit());
    let (day, month) = match (sheet::month(a), sheet::month(b)) {
        (None, Some(_)) => (a, b),
        (Some(_), None) => (b, a),
        _ => return None,
    };
    let day = ["st", "nd", "rd", "th"].iter().find_map(|ordinal| day.strip_suffix(ordinal)).unwrap_or(day);
    (is_day(day) && is_year).then(|| format!("{day} {month} {c}"))
}

/// The day that a text names, which stands in a line as `whole`.
fn known(whole: Piece, text: &str, order: &Order) -> Result<Date, Problem> {
    const WRITE: &str = "write year, month and day, such as 2026-03-02";
    match sheet::day(text.as_bytes()) {
        Ok(Some(sheet::Day::Either(_, [day_first, month_first]))) => match order.day_first() {
            Some(true) => Ok(day_first),
            Some(false) => Ok(month_first),
            None => Err(whole
                .wrong(&format!("is not a day: it may be {month_first} or {day_first}: write the one that is meant"))),
        },
        Ok(Some(day)) => Ok(day.date()),
        Err(sheet::CALENDAR) => Err(whole.wrong(&format!("is not a day of the calendar: {WRITE}"))),
        Ok(None) | Err(_) => {
            Err(whole.wrong("is not a day of the calendar: write the year in four digits, such as 2026-03-02"))
        }
    }
}
