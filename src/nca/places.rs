//! Where the columns of a table of samples stand.

use super::cdisc;
use super::subject::Columns;
use crate::error::{Error, Result, excerpt};
use crate::sheet::{Row, Sheet, headed, of_an_id, of_conc, of_time};

/// A place with the unit of its numbers.
pub(super) type Measure = (usize, Unit);

/// What one of a unit is: a number, or what a column says in each row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    Is(f64),
    In(usize),
}

/// Where the columns stand, with their units.
pub(super) struct Places<'c> {
    pub(super) id: Option<usize>,
    pub(super) time: Measure,
    pub(super) conc: Measure,
    /// Where a concentration stands as text that is missing as a number.
    pub(super) text: Option<usize>,
    pub(super) dose: Option<Measure>,
    pub(super) profile: Vec<usize>,
    pub(super) only: Vec<(usize, &'c str)>,
    pub(super) evid: Option<usize>,
    pub(super) mdv: Option<usize>,
    /// Amounts that tell doses from samples, where no EVID does.
    pub(super) amt: Option<usize>,
    /// Kinds of observations, of which a dose is none.
    pub(super) dvid: Option<usize>,
}

impl<'c> Places<'c> {
    pub(super) fn find(sheet: &Sheet<'_>, columns: &Columns<'c>, notes: &mut Vec<String>) -> Result<Self> {
        let usual = Columns::default();
        let place = |name: &str| sheet.place(name).ok_or_else(|| no_column(sheet, name));
        let note = |place: usize, meaning: &str| {
            format!("{}, line {}: {} is read as {meaning}", sheet.file(), sheet.line(), sheet.names()[place])
        };
        let id = match sheet.place(columns.id) {
            None if columns.id == usual.id => {
                let ids = (0..).zip(sheet.names()).filter_map(|(i, name)| Some((of_an_id(name)?, i)));
                let id = ids.min().map(|(_, i)| i);
                notes.extend(id.map(|i| note(i, usual.id)));
                id
            }
            None => return Err(no_column(sheet, columns.id)),
            id => id,
        };
        let unit_of = |of: Option<usize>, unit: f64| of.map_or(Unit::Is(unit), Unit::In);
        let mut is_cdisc = false;
        let (conc, text) = match sheet.place(columns.conc.name) {
            Some(conc) => ((conc, Unit::Is(columns.conc.unit)), None),
            None if columns.conc.name == usual.conc.name => {
                let other = sheet.place("DV").or_else(|| sheet.place("concentration"));
                let other = other.map(|conc| ((conc, Unit::Is(columns.conc.unit)), None));
                let united = || with_unit(sheet, &["conc", "DV", "concentration"], of_conc).map(|conc| (conc, None));
                let of_cdisc = || {
                    let ((conc, unit), text) = cdisc::conc(sheet)?;
                    is_cdisc = true;
                    Some(((conc, unit_of(unit, columns.conc.unit)), text))
                };
                let (conc, text) =
                    other.or_else(united).or_else(of_cdisc).ok_or_else(|| no_column(sheet, usual.conc.name))?;
                notes.push(note(conc.0, &named(usual.conc.name, conc.1, sheet)));
                (conc, text)
            }
            None => return Err(no_column(sheet, columns.conc.name)),
        };
        let time = match sheet.place(columns.time.name) {
            None if columns.time == usual.time => {
                let of_cdisc = || cdisc::time(sheet).map(|(time, unit)| (time, unit_of(unit, usual.time.unit)));
                let time = with_unit(sheet, &["time"], of_time).or_else(of_cdisc);
                let (time, unit) = time.ok_or_else(|| no_column(sheet, usual.time.name))?;
                let is_said = matches!(unit, Unit::In(_)) || headed(&sheet.names()[time]).is_some();
                let hours = if is_said { usual.time.name } else { "time in hours" };
                notes.push(note(time, &named(hours, unit, sheet)));
                (time, unit)
            }
            _ => (place(columns.time.name)?, Unit::Is(columns.time.unit)),
        };
        let mut dose =
            columns.dose.as_ref().map(|dose| Ok::<_, Error>((place(dose.name)?, Unit::Is(dose.unit)))).transpose()?;
        let mut profile: Vec<usize> = columns.profile.iter().map(|name| place(name)).collect::<Result<_>>()?;
        if is_cdisc && columns.profile.is_empty() {
            profile = cdisc::profiles(sheet)?;
            profile.retain(|place| !columns.only.iter().any(|(name, _)| sheet.place(name) == Some(*place)));
            notes.extend(profile.iter().map(|place| note(*place, "what tells one profile from another")));
        }
        if let Some((place, unit)) = cdisc::dose(sheet).filter(|_| is_cdisc && dose.is_none()) {
            let name = &sheet.names()[place];
            dose = unit.map(|unit| (place, Unit::In(unit)));
            notes.push(match unit {
                Some(unit) => note(place, &named("the dose", Unit::In(unit), sheet)),
                None => format!(
                    "{}, line {}: {name} has no unit in a column DOSEU and is not read: name it with Columns::dose",
                    sheet.file(),
                    sheet.line()
                ),
            });
        }
        let only = columns.only.iter().map(|(name, wanted)| Ok((place(name)?, *wanted))).collect::<Result<_>>()?;
        let (evid, mdv, dvid) = (sheet.place("EVID"), sheet.place("MDV"), sheet.place("DVID"));
        let amt = sheet.place("AMT").filter(|_| evid.is_none());
        let amt = amt.map_or(Ok(None), |amt| Ok::<_, Error>(some_rows_have(sheet, amt)?.then_some(amt)))?;
        let all = Self { id, time, conc, text, dose, profile, only, evid, mdv, amt, dvid };
        sheet.check_twice(|name| all.uses(sheet, name)).map(|()| all)
    }

    /// Whether a column of that name is read.
    fn uses(&self, sheet: &Sheet<'_>, name: &str) -> bool {
        let dose = self.dose.map(|dose| dose.0);
        let one = [Some(self.time.0), Some(self.conc.0), self.text, self.id, dose, self.evid, self.mdv, self.amt];
        let mut all =
            one.into_iter().flatten().chain(self.profile.iter().copied()).chain(self.only.iter().map(|only| only.0));
        all.any(|place| sheet.names()[place].eq_ignore_ascii_case(name))
    }

    /// Whether a row is a dose, so far as it says so.
    pub(super) fn is_dose(&self, row: Row<'_>, evid: Option<f64>) -> bool {
        match evid {
            // Beyond 100 they are the codes of RxODE.
            Some(evid) => evid == 1.0 || evid == 4.0 || (evid > 100.0 && [1.0, 10.0, 20.0].contains(&(evid % 100.0))),
            None => self.amt.is_some_and(|amt| gives(row, amt)),
        }
    }

    /// Whether a row is one of those that are asked for. Whatever kind of observation that is, its doses are.
    pub(super) fn are_asked_for(&self, row: Row<'_>, is_dose: bool) -> Result<bool> {
        for (place, wanted) in &self.only {
            let is_kind = is_dose && self.dvid == Some(*place);
            if !is_kind && row.text(*place)?.unwrap_or_default() != *wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A sentence about the columns that nobody reads, if there are any.
    pub(super) fn unread(&self, sheet: &Sheet<'_>) -> Option<String> {
        let is_unit = |name: &str| {
            let of = |measure: Option<Measure>| matches!(measure, Some((_, Unit::In(place))) if sheet.names()[place] == name);
            of(Some(self.time)) || of(Some(self.conc)) || of(self.dose)
        };
        let is_unread = |name: &&String| !name.is_empty() && !self.uses(sheet, name) && !is_unit(name);
        let names: Vec<String> = sheet.names().iter().filter(is_unread).map(|name| excerpt(name)).collect();
        (!names.is_empty()).then(|| format!("{}: not read: {}", sheet.file(), names.join(", ")))
    }
}

/// Whether the amount in a row is that of a dose.
fn gives(row: Row<'_>, amt: usize) -> bool {
    row.value(row.cell(amt)).is_ok_and(|amount| amount.is_some_and(|amount| amount > 0.0))
}

/// Whether amounts stand in some rows and not in others, and so tell doses from samples.
fn some_rows_have(sheet: &Sheet<'_>, amt: usize) -> Result<bool> {
    let (mut rows, mut with, mut without) = (sheet.rows(), false, false);
    while let Some(row) = rows.read()? {
        let is_there = gives(row, amt);
        (with, without) = (with | is_there, without | !is_there);
        if with && without {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A column that has a name and a unit in brackets, which is known.
fn with_unit(sheet: &Sheet<'_>, names: &[&str], known: fn(&str) -> Option<f64>) -> Option<Measure> {
    let unit = |(place, name): (usize, &String)| {
        let (name, unit) = headed(name)?;
        let is_meant = names.iter().any(|known| known.eq_ignore_ascii_case(name));
        Some((place, Unit::Is(known(unit)?))).filter(|_| is_meant)
    };
    sheet.names().iter().enumerate().find_map(unit)
}

/// Whether a name is `time` with a unit in brackets.
pub(super) fn is_time(name: &str) -> bool {
    headed(name).is_some_and(|(name, unit)| name.eq_ignore_ascii_case("time") && of_time(unit).is_some())
}

/// What a column is read as, and where its unit stands.
fn named(meaning: &str, unit: Unit, sheet: &Sheet<'_>) -> String {
    match unit {
        Unit::Is(_) => meaning.to_owned(),
        Unit::In(place) => format!("{meaning}, in the unit of {}", sheet.names()[place]),
    }
}

fn no_column(sheet: &Sheet<'_>, name: &str) -> Error {
    sheet.error_of_header(&format!("there is no column `{name}`; it has {}", sheet.names().join(", ")))
}
