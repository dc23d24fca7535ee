//! Where the columns of a table of samples stand.

use super::cdisc;
use super::infusion::Infusions;
use super::subject::Columns;
use crate::error::{Error, Result};
use crate::sheet::{Row, Sheet, Stamp, headed, is_missing, of_amount, of_an_id, of_conc, of_time, stamp, united};

/// A place with the unit of its numbers.
pub(super) type Measure = (usize, Unit);

/// What one of a unit is: a number, or what a column says in each row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    Is(f64),
    In(usize),
}

/// From when times count that are dates.
#[derive(Debug, Clone, Copy)]
pub(super) enum Since {
    /// The date in a column.
    Column(usize),
    /// The first row of each profile.
    First,
}

/// Where the columns stand, with their units.
pub(super) struct Places<'c> {
    pub(super) id: Option<usize>,
    pub(super) time: Measure,
    /// From when times count, where they are dates.
    pub(super) since: Option<Since>,
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
    /// Rates and durations of infusions.
    pub(super) infusions: Infusions,
    /// Days, where the times beside them are times of day.
    pub(super) date: Option<usize>,
}

impl<'c> Places<'c> {
    pub(super) fn find(sheet: &Sheet<'_>, columns: &Columns<'c>, notes: &mut Vec<String>) -> Result<Self> {
        let mut search = Search { sheet, columns, notes };
        let id = search.id()?;
        let (conc, text, is_cdisc) = search.conc()?;
        let ((time, since), date) = (search.time()?, search.date());
        let since = since.or(date.map(|_| Since::First));
        let (profile, dose) = (search.profile(is_cdisc)?, search.dose(is_cdisc)?);
        let only =
            columns.only.iter().map(|(name, wanted)| Ok((search.place(name)?, *wanted))).collect::<Result<_>>()?;
        let (evid, mdv, dvid) = (sheet.place("EVID"), sheet.place("MDV"), sheet.place("DVID"));
        let amt = sheet.place("AMT").filter(|_| evid.is_none());
        let amt = amt.map_or(Ok(None), |amt| Ok::<_, Error>(some_rows_have(sheet, amt)?.then_some(amt)))?;
        let all = Self {
            id,
            time,
            since,
            conc,
            text,
            dose,
            profile,
            only,
            evid,
            mdv,
            amt,
            dvid,
            infusions: Infusions::of(sheet),
            date,
        };
        sheet.check_twice(|name| all.uses(sheet, name)).map(|()| all)
    }

    /// Whether a column of that name is read.
    pub(super) fn uses(&self, sheet: &Sheet<'_>, name: &str) -> bool {
        let dose = self.dose.map(|dose| dose.0);
        let since = self.since.and_then(|since| if let Since::Column(place) = since { Some(place) } else { None });
        let one =
            [since, Some(self.time.0), Some(self.conc.0), self.text, self.id, dose, self.evid, self.mdv, self.amt];
        let more = self.infusions.places().into_iter().chain([self.date]);
        let mut all = one
            .into_iter()
            .chain(more)
            .flatten()
            .chain(self.profile.iter().copied())
            .chain(self.only.iter().map(|only| only.0));
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

/// Names of columns of concentrations, the usual one first.
const CONCS: [&str; 6] = ["conc", "DV", "concentration", "CP", "OBS", "Y"];

/// A search for the columns of a table.
struct Search<'s, 'c, 'n> {
    sheet: &'s Sheet<'s>,
    columns: &'n Columns<'c>,
    notes: &'n mut Vec<String>,
}

impl Search<'_, '_, '_> {
    fn place(&self, name: &str) -> Result<usize> {
        self.sheet.place(name).ok_or_else(|| no_column(self.sheet, name))
    }

    fn note(&mut self, place: usize, meaning: &str) {
        let (file, line, name) = (self.sheet.file(), self.sheet.line(), &self.sheet.names()[place]);
        self.notes.push(format!("{file}, line {line}: {name} is read as {meaning}"));
    }

    /// A column whose unit a row below the names may say; what was asked for must then be that, or nothing.
    fn measure(&self, place: usize, (asked, usual): (f64, f64), known: fn(&str) -> Option<f64>) -> Result<Measure> {
        let Some(unit) = self.sheet.unit(place) else { return Ok((place, Unit::Is(asked))) };
        match known(unit) {
            Some(said) if asked == usual || asked == said => Ok((place, Unit::Is(said))),
            None if asked != usual => Ok((place, Unit::Is(asked))),
            said => {
                let why = if said.is_some() { "another unit was asked for" } else { "this unit is not known here" };
                let name = &self.sheet.names()[place];
                let advice = "leave the row of units out, and name the column with its unit in Columns";
                Err(self.sheet.error_of_header(&format!("{name} is in `{unit}`, and {why}: {advice}")))
            }
        }
    }

    fn id(&mut self) -> Result<Option<usize>> {
        let (asked, usual) = (self.columns.id, Columns::default().id);
        match self.sheet.place(asked) {
            None if asked == usual => {
                let ids = (0..).zip(self.sheet.names()).filter_map(|(i, name)| Some((of_an_id(name)?, i)));
                let id = ids.min().map(|(_, i)| i);
                match id {
                    Some(id) => self.note(id, usual),
                    None => self.sheet.check_ids((usual, ", or leave it out of the table"), |_| false)?,
                }
                Ok(id)
            }
            None => Err(no_column(self.sheet, asked)),
            id => Ok(id),
        }
    }

    /// The concentrations, their texts, and whether they are those of CDISC.
    fn conc(&mut self) -> Result<(Measure, Option<usize>, bool)> {
        let (asked, usual) = (self.columns.conc, Columns::default().conc);
        let units = (asked.unit, usual.unit);
        if let Some(conc) = self.sheet.place(asked.name) {
            return Ok((self.measure(conc, units, of_conc)?, None, false));
        }
        if asked.name != usual.name {
            return Err(no_column(self.sheet, asked.name));
        }
        let other = CONCS.iter().find_map(|name| self.sheet.place(name));
        let (conc, text, is_cdisc) = match (other, with_unit(self.sheet, &CONCS, of_conc)) {
            (Some(conc), _) => (self.measure(conc, units, of_conc)?, None, false),
            (None, Some(conc)) => (conc, None, false),
            (None, None) => {
                let none = || unknown_unit(self.sheet, &CONCS, "conc", "ug/L, ng/mL or mg/L");
                let found = cdisc::conc(self.sheet)
                    .ok_or_else(|| none().unwrap_or_else(|| no_column(self.sheet, usual.name)))?;
                let ((conc, unit), text) = found;
                ((conc, unit.map_or(Unit::Is(asked.unit), Unit::In)), text, true)
            }
        };
        self.note(conc.0, &named(usual.name, conc.1, self.sheet));
        Ok((conc, text, is_cdisc))
    }

    /// The times, and from when they count where they are dates.
    fn time(&mut self) -> Result<(Measure, Option<Since>)> {
        let (asked, usual) = (self.columns.time, Columns::default().time);
        let units = (asked.unit, usual.unit);
        if let Some(time) = self.sheet.place(asked.name) {
            if has_dates(self.sheet, time) {
                self.note(time, "time in hours after the first row of each profile");
                return Ok(((time, Unit::Is(1.0)), Some(Since::First)));
            }
            return Ok((self.measure(time, units, of_time)?, None));
        }
        if asked != usual {
            return Err(no_column(self.sheet, asked.name));
        }
        if let Some((time, unit)) = with_unit(self.sheet, &["time"], of_time) {
            self.note(time, usual.name);
            return Ok(((time, unit), None));
        }
        let none = || unknown_unit(self.sheet, &["time"], "time", "h, min or days");
        match cdisc::time(self.sheet).ok_or_else(|| none().unwrap_or_else(|| no_column(self.sheet, usual.name)))? {
            cdisc::Time::Dated(time, since) => {
                let (meaning, since) = match since {
                    Some(since) => (format!("time in hours after {}", self.sheet.names()[since]), Since::Column(since)),
                    None => (
                        "time in hours after the first row of each profile, as there is no PCRFTDTC or RFXSTDTC".into(),
                        Since::First,
                    ),
                };
                self.note(time, &meaning);
                Ok(((time, Unit::Is(1.0)), Some(since)))
            }
            cdisc::Time::Counted(time, unit) => {
                let unit = unit.map_or(Unit::Is(usual.unit), Unit::In);
                let has_unit = matches!(unit, Unit::In(_));
                let meaning = named(if has_unit { usual.name } else { "time in hours" }, unit, self.sheet);
                let doubt = cdisc::doubt(self.sheet, time, has_unit)?.unwrap_or_default();
                self.note(time, &format!("{meaning}{doubt}"));
                Ok(((time, unit), None))
            }
        }
    }

    /// The column of days beside times of day.
    fn date(&mut self) -> Option<usize> {
        let time = self.sheet.place(self.columns.time.name)?;
        let date = self.sheet.place("DATE").filter(|_| has_clocks(self.sheet, time))?;
        self.note(date, "the day of each time of day, so that times are hours after the first row of each profile");
        Some(date)
    }

    fn profile(&mut self, is_cdisc: bool) -> Result<Vec<usize>> {
        if !is_cdisc || !self.columns.profile.is_empty() {
            return self.columns.profile.iter().map(|name| self.place(name)).collect();
        }
        let is_asked_for =
            |place: &usize| self.columns.only.iter().any(|(name, _)| self.sheet.place(name) == Some(*place));
        let mut profile = cdisc::profiles(self.sheet)?;
        profile.retain(|place| !is_asked_for(place));
        for place in &profile {
            self.note(*place, "what tells one profile from another");
        }
        Ok(profile)
    }

    fn dose(&mut self, is_cdisc: bool) -> Result<Option<Measure>> {
        if let Some(dose) = &self.columns.dose {
            return self.measure(self.place(dose.name)?, (dose.unit, 1.0), of_amount).map(Some);
        }
        let Some((place, unit)) = cdisc::dose(self.sheet).filter(|_| is_cdisc) else { return Ok(None) };
        let Some(unit) = unit else {
            self.notes.push(format!(
                "{}, line {}: {} has no unit in a column DOSEU and is not read: name it with Columns::dose",
                self.sheet.file(),
                self.sheet.line(),
                self.sheet.names()[place]
            ));
            return Ok(None);
        };
        self.note(place, &named("the dose", Unit::In(unit), self.sheet));
        Ok(Some((place, Unit::In(unit))))
    }
}

/// A column whose name has a unit in brackets or behind a mark, which is known.
fn with_unit(sheet: &Sheet<'_>, names: &[&str], known: fn(&str) -> Option<f64>) -> Option<Measure> {
    let unit = |(place, name): (usize, &String)| {
        let (name, unit) = united(name)?;
        let is_meant = names.iter().any(|known| known.eq_ignore_ascii_case(name));
        Some((place, Unit::Is(known(&unit)?))).filter(|_| is_meant)
    };
    sheet.names().iter().enumerate().find_map(unit)
}

/// Whether a name is `time` with a unit.
pub(super) fn is_time(name: &str) -> bool {
    united(name).is_some_and(|(name, unit)| name.eq_ignore_ascii_case("time") && of_time(&unit).is_some())
}

/// What a column is read as, and where its unit stands.
fn named(meaning: &str, unit: Unit, sheet: &Sheet<'_>) -> String {
    match unit {
        Unit::Is(_) => meaning.to_owned(),
        Unit::In(place) => format!("{meaning}, in the unit of {}", sheet.names()[place]),
    }
}

/// Whether the first time that is there is a date with its time of day.
fn has_dates(sheet: &Sheet<'_>, column: usize) -> bool {
    first_stamp(sheet, column).is_some_and(|stamp| stamp.day.is_some() && stamp.clock.is_some())
}

/// Whether the first time that is there is a time of day alone.
fn has_clocks(sheet: &Sheet<'_>, column: usize) -> bool {
    first_stamp(sheet, column).is_some_and(|stamp| stamp.day.is_none() && stamp.clock.is_some())
}

fn first_stamp(sheet: &Sheet<'_>, column: usize) -> Option<Stamp> {
    let mut rows = sheet.rows();
    while let Ok(Some(row)) = rows.read() {
        let cell = row.cell(column);
        if !is_missing(cell) {
            return stamp(cell).ok();
        }
    }
    None
}

/// Why a column that would be meant is not read: its unit is not known.
fn unknown_unit(sheet: &Sheet<'_>, names: &[&str], usual: &str, such: &str) -> Option<Error> {
    let meant = sheet.names().iter().find_map(|name| {
        let (bare, unit) = headed(name)?;
        names.iter().any(|known| known.eq_ignore_ascii_case(bare)).then_some((name, unit))
    });
    let lost = sheet.check_text(|place| meant.is_some_and(|(name, _)| &sheet.names()[place] == name));
    meant.map(|(name, unit)| {
        if let Err(lost) = lost {
            return lost;
        }
        let what = format!("{name} would be {usual}, and `{unit}` is no unit of it that is known here");
        sheet.error_of_header(&format!("{what}: bring its numbers to {such}"))
    })
}

fn no_column(sheet: &Sheet<'_>, name: &str) -> Error {
    // A name that is no text may be the one.
    if let Err(lost) = sheet.check_text(|_| true) {
        return lost;
    }
    sheet.error_of_header(&format!("there is no column `{name}`; it has {}", sheet.names().join(", ")))
}
