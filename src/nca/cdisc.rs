//! The columns of CDISC: concentrations as SDTM (`PC`) and ADaM (`ADPC`, `ADNCA`) have them.

use std::collections::HashMap;

use crate::error::Result;
use crate::sheet::{Sheet, plain};
use crate::units::{DAY, GRAM, HOUR, MG, MINUTE, UG, WEEK};

/// Times, those from the dose of the profile first, and where their unit stands.
const TIMES: [(&str, &[&str]); 8] = [
    ("ARRLT", &["RRLTU", "ARRLTU"]),
    ("NRRLT", &["RRLTU", "NRRLTU"]),
    ("PCELTM", &[]),
    ("AFRLT", &["FRLTU", "AFRLTU"]),
    ("NFRLT", &["FRLTU", "NFRLTU"]),
    ("ATPTN", &["ATPTU"]),
    ("PCTPTNUM", &[]),
    ("TAD", &[]),
];
/// Concentrations as numbers, as text and their unit.
const CONCS: [(&str, &str, &str); 3] =
    [("AVAL", "AVALC", "AVALU"), ("PCSTRESN", "PCSTRESC", "PCSTRESU"), ("PCORRES", "PCORRES", "PCORRESU")];
const DOSES: [&str; 4] = ["DOSEA", "DOSEP", "EXDOSE", "PCDOSE"];
const DOSE_UNITS: [&str; 2] = ["DOSEU", "EXDOSU"];
/// What tells one profile of a person from another: of each kind the first that is there.
const PROFILES: [&[&str]; 4] = [
    &["PARAMCD", "PARAM", "PCTESTCD", "PCTEST"],
    &["PCSPEC", "ASPEC", "SPEC"],
    &["APERIOD", "APERIODC", "PERIOD"],
    &["ATPTREF", "PCTPTREF"],
];

/// A column and that of its units, where there is one.
pub(super) type Measured = (usize, Option<usize>);

/// Whether a name is that of a time of CDISC.
pub(super) fn is_time(name: &str) -> bool {
    TIMES.iter().any(|(known, _)| known.eq_ignore_ascii_case(name.trim()))
}

/// The column of the times.
pub(super) fn time(sheet: &Sheet<'_>) -> Option<Measured> {
    let place = |(name, units): &(&str, &[&str])| Some((sheet.place(name)?, first(sheet, units)));
    TIMES.iter().find_map(place)
}

/// The columns of the concentrations: as numbers, as text and their unit.
pub(super) fn conc(sheet: &Sheet<'_>) -> Option<(Measured, Option<usize>)> {
    CONCS.iter().find_map(|(number, text, unit)| {
        let text = sheet.place(text);
        let number = sheet.place(number).or(text)?;
        Some(((number, sheet.place(unit)), text.filter(|text| *text != number)))
    })
}

/// The column of the doses.
pub(super) fn dose(sheet: &Sheet<'_>) -> Option<Measured> {
    first(sheet, &DOSES).map(|place| (place, first(sheet, &DOSE_UNITS)))
}

fn first(sheet: &Sheet<'_>, names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| sheet.place(name))
}

/// The columns that tell the profiles of a table apart: those that hold more than one thing.
pub(super) fn profiles(sheet: &Sheet<'_>) -> Result<Vec<usize>> {
    let places: Vec<usize> = PROFILES.iter().filter_map(|names| first(sheet, names)).collect();
    let (mut seen, mut differ) = (HashMap::new(), vec![false; places.len()]);
    let mut rows = sheet.rows();
    while let Some(row) = rows.read()? {
        for (place, differ) in places.iter().zip(&mut differ) {
            let cell = row.cell(*place).trim_ascii();
            *differ |= seen.entry(*place).or_insert_with(|| cell.to_vec()) != cell;
        }
    }
    Ok(places.into_iter().zip(differ).filter(|(_, differ)| *differ).map(|(place, _)| place).collect())
}

/// What one of a unit of concentration is in µg/L.
pub(super) fn of_conc(unit: &str) -> Option<f64> {
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
pub(super) fn of_amount(unit: &str) -> Option<f64> {
    match unit.trim() {
        "ng" | "NG" => Some(1e-3 * UG),
        "ug" | "UG" | "mcg" | "MCG" | "\u{b5}g" | "\u{3bc}g" => Some(UG),
        "mg" | "MG" => Some(MG),
        "g" | "G" => Some(GRAM),
        _ => None,
    }
}

/// What one of a unit of time is in h.
pub(super) fn of_time(unit: &str) -> Option<f64> {
    match plain(unit.trim()).as_str() {
        "H" | "HR" | "HRS" | "HOUR" | "HOURS" => Some(HOUR),
        "MIN" | "MINS" | "MINUTE" | "MINUTES" => Some(MINUTE),
        "D" | "DAY" | "DAYS" => Some(DAY),
        "WEEK" | "WEEKS" => Some(WEEK),
        _ => None,
    }
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
        assert_eq!([of_amount("mg"), of_amount("mg/kg")], [Some(1_000.0), None]);
        assert_eq!([of_time("HOURS"), of_time("min"), of_time("s")], [Some(1.0), Some(MINUTE), None]);
    }
}
