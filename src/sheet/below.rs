//! The row of units that some programs write below the names of the columns.

use super::cell::is_missing;
use super::page::Sheet;
use super::unit::{are_units, bare};
use crate::error::{Result, excerpt};

impl<'t> Sheet<'t> {
    /// The sheet of a text, whose header is the first line that `is_header` takes; if it takes none, the first. A row of units
    /// below it is none of its rows.
    pub(crate) fn of(file: &str, bytes: &'t [u8], is_header: impl Fn(&[String]) -> bool) -> Result<Self> {
        let mut sheet = Self::below_header(file, bytes, is_header)?;
        if let Some((units, line, rest)) = units(&sheet) {
            let said = sheet.names().iter().zip(&units).filter(|(_, unit)| !unit.is_empty());
            let said: Vec<String> = said.map(|(name, unit)| format!("{} in {unit}", excerpt(name))).collect();
            let said = said.join(", ");
            let note = format!("{}, line {line}: this is a row of units and no data: {said}", sheet.file());
            sheet.take_units(units, note, rest);
        }
        Ok(sheet)
    }
}

/// The units of the first row, if it holds nothing else, its line and what is left below it.
fn units(sheet: &Sheet<'_>) -> Option<(Vec<String>, u64, (usize, u64))> {
    let mut rows = sheet.rows();
    // What is wrong with the row is said where it is read as one.
    let row = rows.read().ok()??;
    let unit = |cell: &[u8]| {
        let text = String::from_utf8_lossy(cell);
        if is_missing(cell) { String::new() } else { bare(&text).to_owned() }
    };
    let (units, line): (Vec<String>, _) = (row.cells().map(unit).collect(), row.line());
    are_units(&units).then(|| (units, line, rows.left()))
}
