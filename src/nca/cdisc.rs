//! The columns of CDISC: concentrations as SDTM (`PC`) and `ADaM` (`ADPC`, `ADNCA`) have them.

use std::collections::{BTreeSet, HashMap};

use crate::error::Result;
use crate::sheet::{Sheet, of_time};

/// Times, those from the dose of the profile first, and where their unit stands.
const TIMES: [(&str, &[&str]); 13] = [
    ("ARRLT", &["RRLTU", "ARRLTU"]),
    ("NRRLT", &["RRLTU", "NRRLTU"]),
    ("PCELTM", &[]),
    ("AFRLT", &["FRLTU", "AFRLTU"]),
    ("NFRLT", &["FRLTU", "NFRLTU"]),
    (DATES, &[]),
    ("ATPTN", &["ATPTU"]),
    ("PCTPTNUM", &[]),
    ("TAD", &[]),
    ("TAFD", &[]),
    ("NTIME", &[]),
    ("NOMTIME", &[]),
    ("NTAD", &[]),
];
/// Dates with times of day, and of what they are counted from.
const DATES: &str = "PCDTC";
const SINCE: [&str; 3] = ["PCRFTDTC", "EXSTDTC", "RFXSTDTC"];
/// Times that may be numbers of samples, and what is written beside them.
const NUMBERS: [(&str, &str); 2] = [("ATPTN", "ATPT"), ("PCTPTNUM", "PCTPT")];
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
pub(super) enum Time {
    /// Numbers, and where their unit stands.
    Counted(usize, Option<usize>),
    /// Dates with times of day, and the column of those that they count from.
    Dated(usize, Option<usize>),
}

pub(super) fn time(sheet: &Sheet<'_>) -> Option<Time> {
    let (name, units) = TIMES.iter().find(|(name, _)| sheet.place(name).is_some())?;
    let place = sheet.place(name)?;
    Some(if *name == DATES {
        Time::Dated(place, first(sheet, &SINCE))
    } else {
        Time::Counted(place, first(sheet, units))
    })
}

/// What is to be said of times that may be the numbers of samples. Numbers that are plainly so are refused: those that the text beside
/// them contradicts, and 1, 2, 3, 4 and so on without a gap.
pub(super) fn doubt(sheet: &Sheet<'_>, place: usize, has_unit: bool) -> Result<Option<&'static str>> {
    let name = &sheet.names()[place];
    let Some((_, text)) = NUMBERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else { return Ok(None) };
    if has_unit {
        return Ok(None);
    }
    let (text, mut seen, mut is_said, mut is_whole) = (sheet.place(text), BTreeSet::new(), false, true);
    let mut rows = sheet.rows();
    while let Some(row) = rows.read()? {
        // What is no number is refused where it is read.
        let Ok(Some(number)) = row.value(row.cell(place)) else { continue };
        is_whole &= number == number.trunc() && number >= 0.0;
        seen.insert(number.to_bits());
        let hours = text.map(|text| row.text(text)).transpose()?.flatten().and_then(hours);
        if hours.is_some_and(|hours| hours != number) {
            let found = row.text(text.unwrap_or(place))?.unwrap_or_default();
            return Err(row.refuse_found(name, &format!("{number} beside `{found}`"), ORDER));
        }
        is_said |= hours.is_some();
    }
    // The bits of numbers above zero are in the order of the numbers.
    let mut counted = seen.iter().map(|bits| f64::from_bits(*bits)).zip(1_u32..);
    let is_order = is_whole && seen.len() >= 4 && counted.all(|(number, n)| number == f64::from(n));
    match (is_said || !is_whole, is_order) {
        (true, _) => Ok(None),
        (false, false) => {
            Ok(Some("; if its numbers are those of samples and not hours, name another column with Columns::time"))
        }
        (false, true) => {
            let why = format!("{name} counts 1, 2, 3 and so on: {ORDER}");
            Err(sheet.error_of_header(&why))
        }
    }
}

const ORDER: &str = "it reads as the number of a sample and not as hours: add a column such as PCELTM or ARRLT, or name the times with Columns::time";

/// The hours that a text names: `1.5 H POST-DOSE`, `2 HOURS`, `30 min`.
fn hours(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let word = text[end..].trim_start().split(|c: char| !c.is_ascii_alphabetic()).next()?;
    Some(text[..end].parse::<f64>().ok()? * of_time(word)?)
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
