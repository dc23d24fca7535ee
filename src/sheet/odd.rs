//! Numbers that are not written as programs write them.

use super::cell::{self, NUMBER, Read};
use super::style::{self, Style};
use super::{clock, date};

const FAILED: &str = "a formula of a spreadsheet has failed: mend it there, or write `.`";
const DATED: &str = "a number must stand here and this looks like a date, into which a spreadsheet may have turned it: format the column as numbers and save it again";

/// A number with a decimal comma, commas between thousands or an exponent of Fortran; or the rule that the cell breaks. What
/// decimal marks the other numbers have is asked where it matters.
#[cold]
pub(super) fn number(cell: &[u8], shown: impl FnOnce() -> Style) -> Read<Option<f64>> {
    let trimmed = cell.trim_ascii();
    let Ok(text) = std::str::from_utf8(trimmed) else { return Err(NUMBER) };
    let finite = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let begins = || text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    let number = match style::shape(trimmed).filter(|_| text.contains(',')) {
        Some(shape) => finite(&shown().plain(text, shape)?),
        // Fortran has exponents with a D.
        None if begins() && text.matches(['d', 'D']).count() == 1 => finite(&text.replace(['d', 'D'], "e")),
        None => None,
    };
    number.map(Some).ok_or_else(|| why_no_number(trimmed))
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
        () => NUMBER,
    }
}
