//! Units, as tables name them.

use std::borrow::Cow;

use super::page::plain;
use crate::units::{DAY, GRAM, HOUR, MG, MINUTE, UG, WEEK};

/// What one of a unit of concentration is in µg/L.
pub(crate) fn of_conc(unit: &str) -> Option<f64> {
    let (amount, volume) = unit.split_once('/')?;
    let volume = match volume.trim() {
        "L" | "l" => 1.0,
        "dL" | "dl" => 10.0,
        "mL" | "ml" | "ML" => 1_000.0,
        "uL" | "ul" => 1e6,
        _ => return None,
    };
    // Two whole numbers, so that their ratio is exact: a picogram is a part of a million.
    let (many, parts) = match amount.trim() {
        "pg" | "PG" => (1.0, 1e6),
        "ng" | "NG" => (1.0, 1e3),
        other => (of_amount(other)?, 1.0),
    };
    Some(many * volume / parts)
}

/// What one of a unit of amount is in µg.
pub(crate) fn of_amount(unit: &str) -> Option<f64> {
    match unit.trim() {
        "ng" | "NG" => Some(1e-3 * UG),
        "ug" | "UG" | "mcg" | "MCG" | "\u{b5}g" | "\u{3bc}g" => Some(UG),
        "mg" | "MG" => Some(MG),
        "g" | "G" => Some(GRAM),
        _ => None,
    }
}

/// What one of a unit of time is in h.
pub(crate) fn of_time(unit: &str) -> Option<f64> {
    match plain(unit.trim()).as_str() {
        "H" | "HR" | "HRS" | "HOUR" | "HOURS" => Some(HOUR),
        "MIN" | "MINS" | "MINUTE" | "MINUTES" => Some(MINUTE),
        "D" | "DAY" | "DAYS" => Some(DAY),
        "WEEK" | "WEEKS" => Some(WEEK),
        _ => None,
    }
}

/// What one of a unit of a rate is in µg/h.
pub(crate) fn of_rate(unit: &str) -> Option<f64> {
    let (amount, time) = unit.split_once('/')?;
    Some(of_amount(amount)? / of_time(time)?)
}

/// A name before its unit in brackets, and the unit: `Time (h)`, `CONC [ng/mL]`.
pub(crate) fn headed(name: &str) -> Option<(&str, &str)> {
    let inside = |open: char, close: char| name.trim().strip_suffix(close)?.split_once(open);
    let (name, unit) = inside('(', ')').or_else(|| inside('[', ']')).or_else(|| inside('{', '}'))?;
    Some((name.trim(), unit.trim())).filter(|(name, unit)| !name.is_empty() && !unit.is_empty())
}

/// A name before its unit, and the unit, in brackets or behind a mark.
pub(crate) fn united(name: &str) -> Option<(&str, Cow<'_, str>)> {
    let in_brackets = headed(name).map(|(bare, unit)| (bare, Cow::Borrowed(unit)));
    in_brackets.or_else(|| trailed(name).map(|(bare, unit)| (bare, Cow::Owned(unit))))
}

/// A name before a known unit that no brackets show, and the unit: `TIME_h`, `Conc ng/mL`, `CONC..ng.mL.` as R makes of brackets.
fn trailed(name: &str) -> Option<(&str, String)> {
    let is_mark = |c: char| c.is_whitespace() || "_.,:;/-()[]".contains(c);
    let words: Vec<&str> = name.split(is_mark).filter(|word| !word.is_empty()).collect();
    let before = |word: &str| {
        let end = word.as_ptr() as usize - name.as_ptr() as usize;
        Some(name[..end].trim_end_matches(is_mark)).filter(|before| !before.is_empty())
    };
    let is_ratio = |unit: &str| of_conc(unit).is_some() || of_rate(unit).is_some();
    match words[..] {
        [.., first, per, second] if per.eq_ignore_ascii_case("per") && is_ratio(&format!("{first}/{second}")) => {
            Some((before(first)?, format!("{first}/{second}")))
        }
        [.., first, second] if is_ratio(&format!("{first}/{second}")) => {
            Some((before(first)?, format!("{first}/{second}")))
        }
        [.., unit] if of_time(unit).or(of_amount(unit)).is_some() => Some((before(unit)?, unit.to_owned())),
        _ => None,
    }
}

/// A unit without the brackets around it.
pub(super) fn bare(cell: &str) -> &str {
    cell.trim().trim_matches(['(', ')', '[', ']', '{', '}']).trim()
}

/// Whether these are units, or nothing, and one of them is of a time, an amount or a concentration: the row that some programs
/// write below their names.
pub(super) fn are_units(cells: &[String]) -> bool {
    let is_sure = |unit: &str| of_time(unit).or(of_amount(unit)).or(of_conc(unit)).or(of_rate(unit)).is_some();
    let mut shown = cells.iter().map(String::as_str).filter(|cell| !cell.is_empty());
    cells.iter().any(|cell| is_sure(cell)) && shown.all(|cell| is_sure(cell) || is_other(cell))
}

/// Whether it is a unit of something else, or the word for none.
fn is_other(cell: &str) -> bool {
    const OTHERS: [&str; 26] = [
        "kg", "lb", "lbs", "cm", "m", "in", "l", "ml", "dl", "y", "yr", "yrs", "year", "years", "mo", "month",
        "months", "s", "sec", "iu", "u", "mol", "nmol", "pmol", "%", "none",
    ];
    let is_ratio = cell.contains('/') && cell.len() <= 20 && !cell.bytes().any(|byte| byte.is_ascii_digit());
    is_ratio || OTHERS.iter().any(|other| other.eq_ignore_ascii_case(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_the_crate() {
        for (unit, right) in [
            ("ng/mL", Some(1.0)),
            ("ug/L", Some(1.0)),
            ("ug/mL", Some(1_000.0)),
            ("mg/L", Some(1_000.0)),
            ("pg/mL", Some(1e-3)),
            ("ng/dL", Some(0.01)),
            ("nmol/L", None),
            ("ng", None),
            ("", None),
        ] {
            assert_eq!(of_conc(unit), right, "{unit}");
        }
        assert_eq!(headed("Time (h)"), Some(("Time", "h")));
        assert_eq!(headed("CONC[ng/mL]"), Some(("CONC", "ng/mL")));
        assert_eq!([headed("TIME"), headed("(h)"), headed("F()")], [None; 3]);
        for (name, bare, unit) in [
            ("TIME_h", "TIME", "h"),
            ("Dose, mg", "Dose", "mg"),
            ("Conc ng/mL", "Conc", "ng/mL"),
            ("CONC_ng_mL", "CONC", "ng/mL"),
            ("conc_ug_per_L", "conc", "ug/L"),
            ("Time..h.", "Time", "h"),
            ("CONC..ng.mL.", "CONC", "ng/mL"),
            ("RATE_mg_h", "RATE", "mg/h"),
        ] {
            assert_eq!(trailed(name), Some((bare, unit.to_owned())), "{name}");
        }
        assert_eq!(
            [trailed("TIME"), trailed("h"), trailed("DOSE_NOTE"), trailed("TIME_"), trailed("C_1")],
            [None, None, None, None, None]
        );
        assert_eq!([of_amount("mg"), of_amount("mg/kg")], [Some(1_000.0), None]);
        let row = |cells: &[&str]| are_units(&cells.iter().map(|cell| bare(cell).to_owned()).collect::<Vec<_>>());
        assert!(row(&["", "(h)", "[ng/mL]", "kg", ""]) && row(&["hr", "mg/kg"]) && row(&["", "min", ""]));
        assert!(
            !row(&["", "", ""])
                && !row(&["kg", "years"])
                && !row(&["1", "h"])
                && !row(&["h", "cp"])
                && !row(&["1/2", "h"])
        );
        assert_eq!([of_time("HOURS"), of_time("min"), of_time("s")], [Some(1.0), Some(MINUTE), None]);
    }
}
