//! The columns of CDISC: concentrations as SDTM (`PC`) and `ADaM` (`ADPC`, `ADNCA`) have them.

use std::collections::HashMap;

use crate::error::Result;
use crate::sheet::Sheet;

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
