//! Units in the header of an event table.

use super::column::Column;
use super::record::Record;
use crate::sheet::{of_amount, of_conc, of_rate, of_time};

/// What one of the unit of a column is in the units of records, if it is known.
pub(super) fn of(kind: Column, unit: &str) -> Option<f64> {
    // What stands behind a comma is a remark: `AMT (ug, oral)`.
    let unit = unit.split([',', ';']).next().unwrap_or(unit).trim();
    match kind {
        Column::Time | Column::Ii | Column::Dur => of_time(unit),
        Column::Amt => of_amount(unit),
        Column::Dv | Column::Out | Column::Limit => of_conc(unit),
        Column::Rate => of_rate(unit),
        _ => None,
    }
}

/// Such units as a column may have; none where it has no unit.
pub(super) fn such(kind: Column) -> Option<&'static str> {
    match kind {
        Column::Time | Column::Ii | Column::Dur => Some("h, min or days"),
        Column::Amt => Some("ug, mg or g"),
        Column::Dv | Column::Out | Column::Limit => Some("ug/L, ng/mL or mg/L"),
        Column::Rate => Some("ug/h or mg/h"),
        _ => None,
    }
}

/// Brings the numbers of a record to the units of records.
pub(super) fn scale(record: &mut Record, (kind, unit): (Column, f64)) {
    match kind {
        Column::Time => record.time *= unit,
        Column::Ii => record.ii *= unit,
        Column::Amt => record.amt *= unit,
        Column::Dur => record.dur *= unit,
        Column::Rate if record.rate > 0.0 => record.rate *= unit,
        Column::Dv | Column::Out => record.dv = record.dv.map(|dv| dv * unit),
        _ => {}
    }
}
