//! Numbers that are not written as programs write them.

use std::borrow::Cow;

use super::cell::{self, NUMBER, Read};
use super::style::{self, Style};
use super::{clock, date, unit};

/// Words of Julia and Python for a number that is missing.
const NOTHING: [&str; 2] = ["missing", "None"];
const FAILED: &str = "a formula of a spreadsheet has failed: mend it there, or write `.`";
const UNITED: &str = "a number must stand here alone: write its unit behind the name of the column, such as AMT (mg)";
const NARROW: &str = "this is what a spreadsheet shows of a number or date in too narrow a column: widen the column there and save it again";
const DATED: &str = "a number must stand here and this looks like a date, into which a spreadsheet may have turned it: format the column as numbers and save it again";

/// A number with a decimal comma, commas between thousands or an exponent of Fortran; or the rule that the cell breaks. What
/// decimal marks the other numbers have is asked where it matters.
#[cold]
pub(super) fn number(cell: &[u8], shown: impl FnOnce() -> Style) -> Read<Option<f64>> {
    let Ok(text) = std::str::from_utf8(cell) else { return Err(NUMBER) };
    let text = plain(text.trim());
    let (text, trimmed) = (&*text, text.as_bytes());
    if cell::is_missing(trimmed) || NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Ok(None);
    }
    let spaced = finite_of(text).filter(|_| trimmed != cell.trim_ascii());
    if spaced.is_some() {
        return Ok(spaced);
    }
    let begins = || text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    let number = match style::shape(trimmed).filter(|_| text.contains(',')) {
        Some(shape) => finite_of(&shown().plain(text, shape)?),
        // Fortran has exponents with a D.
        None if begins() && text.matches(['d', 'D']).count() == 1 => finite_of(&text.replace(['d', 'D'], "e")),
        None => None,
    };
    number.map(Some).ok_or_else(|| why_no_number(trimmed))
}

fn finite_of(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// A number with the minus of programs for that of typesetting, and without the blanks that stand between its thousands.
fn plain(text: &str) -> Cow<'_, str> {
    const MINUS: char = '\u{2212}';
    let text: Cow<'_, str> =
        if text.starts_with(MINUS) { text.replacen(MINUS, "-", 1).into() } else { Cow::Borrowed(text) };
    let unsigned = text.trim_start_matches(['-', '+']);
    let (whole, _) = unsigned.split_at(unsigned.find(['.', ',']).unwrap_or(unsigned.len()));
    let mut groups = whole.split(char::is_whitespace);
    let is_digit = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let begins = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && is_digit(first));
    let are_thousands =
        whole.contains(char::is_whitespace) && begins && groups.all(|group| group.len() == 3 && is_digit(group));
    if are_thousands { text.replace(char::is_whitespace, "").into() } else { text }
}

/// Whether a cell is a number with a unit behind it.
fn has_unit(cell: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    let (number, unit) = text.split_at(text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len()));
    let is_number = number.trim().replace(',', ".").parse::<f64>().is_ok();
    is_number && (unit::of_amount(unit).is_some() || unit::of_conc(unit).is_some() || unit::of_rate(unit).is_some())
}

/// What has been done to a cell, whatever should stand there.
#[cold]
pub(super) fn harm(cell: &[u8]) -> Option<&'static str> {
    let text = cell.trim_ascii();
    match () {
        () if std::str::from_utf8(text).is_err() => Some(cell::UTF8),
        () if text.len() > 2 && text.iter().all(|byte| *byte == b'#') => Some(NARROW),
        () => None,
    }
}

/// Which rule a cell breaks that is no number.
fn why_no_number(cell: &[u8]) -> &'static str {
    let text = cell.trim_ascii();
    let is_dated = || date::day(text).is_ok_and(|day| day.is_some_and(|day| !day.is_counted()));
    let is_clock = || text.contains(&b':') && clock::time_of_day(text).is_ok();
    let has_letters = || text.iter().any(u8::is_ascii_alphabetic) && date::is_day_of_a_month(text);
    match () {
        () if cell::is_failed(cell) => FAILED,
        () if is_dated() || is_clock() || has_letters() => DATED,
        () if has_unit(text) => UNITED,
        () => NUMBER,
    }
}
