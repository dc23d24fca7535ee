//! Units, as tables name them.

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

/// A name before its unit in brackets, and the unit: `Time (h)`, `CONC [ng/mL]`.
pub(crate) fn headed(name: &str) -> Option<(&str, &str)> {
    let inside = |open: char, close: char| name.trim().strip_suffix(close)?.split_once(open);
    let (name, unit) = inside('(', ')').or_else(|| inside('[', ']'))?;
    Some((name.trim(), unit.trim())).filter(|(name, unit)| !name.is_empty() && !unit.is_empty())
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
        assert_eq!([of_amount("mg"), of_amount("mg/kg")], [Some(1_000.0), None]);
        assert_eq!([of_time("HOURS"), of_time("min"), of_time("s")], [Some(1.0), Some(MINUTE), None]);
    }
}
