//! The rules of an event table.

use super::read::is_reserved;
use super::record::Record;
use super::table::{Origin, Table};
use crate::error::{Error, Result};

/// What a column holds and the rule that it breaks.
type Broken = (&'static str, String, &'static str);

/// Refuses names of covariates that cannot be.
pub(super) fn names<'n>(names: impl IntoIterator<Item = &'n String>) -> Result<()> {
    let mut known: Vec<&str> = Vec::new();
    for (i, name) in names.into_iter().enumerate() {
        if name.trim().is_empty() {
            return Err(Error::value(format!("the name of covariate {} is empty: give it one", i + 1)));
        }
        if name.trim() != name || name.contains(char::is_control) {
            return Err(Error::value(format!(
                "a covariate cannot be called {name:?}: a name has no blanks at its ends and no tab, line break or other control character"
            )));
        }
        if is_reserved(name) {
            return Err(Error::value(format!(
                "a covariate cannot be called {name}, which is a column of every record"
            )));
        }
        if known.iter().any(|before| before.eq_ignore_ascii_case(name)) {
            return Err(Error::value(format!("there are two covariates called {name}: name each once")));
        }
        known.push(name);
    }
    Ok(())
}

/// Refuses records that cannot be.
pub(super) fn records(records: &[Record], covariates: usize, origin: &Origin) -> Result<()> {
    if records.is_empty() {
        return Err(Error::value("the table has no records: give it at least one row below the names of its columns"));
    }
    if records.len() > Table::MOST_RECORDS {
        let (found, most) = (records.len(), Table::MOST_RECORDS);
        return Err(Error::value(format!("the table has {found} records, and at most {most} are held: split it")));
    }
    let named = records.iter().any(|record| !record.id.is_empty());
    for (i, record) in records.iter().enumerate() {
        let broken = id(record, named).or_else(|| numbers(record)).or_else(|| codes(record)).or_else(|| dose(record));
        if let Some((column, found, rule)) = broken {
            return Err(origin.refuse(i, (column, found), rule));
        }
        if record.covariates.len() != covariates {
            return Err(Error::value(format!(
                "{}: {} covariates stand in a table that names {covariates}: give as many of one as of the other",
                origin.place(i),
                record.covariates.len()
            )));
        }
        if let Some(value) = record.covariates.iter().flatten().find(|value| !value.is_finite()) {
            return Err(Error::value(format!("{}: a covariate is {value}, but it must be finite", origin.place(i))));
        }
        if let Some(before) = i.checked_sub(1).map(|before| &records[before]) {
            order(before, record, |found, rule| origin.refuse(i, ("TIME", found), rule))?;
        }
    }
    Ok(())
}

/// Time runs on within a subject, but for resets.
fn order(before: &Record, record: &Record, refuse: impl Fn(String, &str) -> Error) -> Result<()> {
    if record.time >= before.time || record.is_reset() || record.id != before.id {
        return Ok(());
    }
    let found = format!("{} after {}", record.time, before.time);
    Err(refuse(
        found,
        "the time of a subject must not decrease, except in a reset (EVID 3 or 4): sort the rows, and give times of day a DATE",
    ))
}

/// An `id` must read back from a file as it was written.
fn id(record: &Record, named: bool) -> Option<Broken> {
    let id = &record.id;
    if id.is_empty() && named {
        return Some(("ID", String::from("nothing"), "some records say whose they are, so every record must"));
    }
    let plain = id.trim() == id && id != "." && !id.contains(['\n', '\r']);
    let rule = "it must have no blanks at its ends, no line break, and be more than `.`";
    (!plain).then(|| ("ID", format!("{id:?}"), rule))
}

fn numbers(record: &Record) -> Option<Broken> {
    let Record { time, amt, rate, ii, dv, .. } = *record;
    if !time.is_finite() {
        return Some(("TIME", time.to_string(), "it must be a finite number of hours"));
    }
    let dose = [("AMT", amt), ("II", ii)].into_iter().find(|(_, value)| !(value.is_finite() && *value >= 0.0));
    if let Some((column, value)) = dose {
        return Some((column, value.to_string(), "it must be a finite number, zero or above"));
    }
    if !(rate.is_finite() && (rate >= 0.0 || rate == -1.0 || rate == -2.0)) {
        let rule =
            "it must be a finite number, zero or above, or -1 (a rate of the model) or -2 (a duration of the model)";
        return Some(("RATE", rate.to_string(), rule));
    }
    let dv = dv.filter(|dv| !dv.is_finite())?;
    Some(("DV", dv.to_string(), "it must be a finite number; write `.` where there is none"))
}

fn codes(record: &Record) -> Option<Broken> {
    let Record { ss, evid, mdv, .. } = *record;
    if evid > 4 {
        let rule = "it must be 0 (observation), 1 (dose), 2 (other), 3 (reset) or 4 (reset and dose)";
        return Some(("EVID", evid.to_string(), rule));
    }
    if ss > 2 {
        let rule = "it must be 0, 1 (begin at steady state) or 2 (add a steady state to what is there)";
        return Some(("SS", ss.to_string(), rule));
    }
    let mdv = mdv.filter(|mdv| *mdv > 1)?;
    Some(("MDV", mdv.to_string(), "it must be 0 or 1"))
}

/// What a dose asks for must go together.
fn dose(record: &Record) -> Option<Broken> {
    let Record { amt, rate, ii, addl, ss, .. } = *record;
    if !record.is_dose() {
        return of_dose(record);
    }
    if record.is_constant() {
        let rule = "a constant infusion (AMT 0, RATE above 0, SS 1 or 2) has no interval: II must be 0";
        return (ii > 0.0).then(|| ("II", ii.to_string(), rule)).or_else(|| {
            let rule = "a constant infusion (AMT 0, RATE above 0, SS 1 or 2) has no additional doses: ADDL must be 0";
            (addl > 0).then(|| ("ADDL", addl.to_string(), rule))
        });
    }
    if amt == 0.0 && rate != 0.0 {
        let rule = "an infusion without an amount exists only at steady state: give AMT, or SS 1 with II 0";
        return Some(("AMT", format!("0 with RATE {rate}"), rule));
    }
    if ss > 0 && ii == 0.0 {
        return Some(("SS", format!("{ss} with II 0"), "a steady state needs the interval of its doses: give II"));
    }
    let rule = "additional doses need their interval: give II";
    (addl > 0 && ii == 0.0).then(|| ("ADDL", format!("{addl} with II 0"), rule))
}

/// What only a dose has.
fn of_dose(record: &Record) -> Option<Broken> {
    let Record { amt, rate, ii, addl, ss, evid, .. } = *record;
    if amt > 0.0 {
        let rule = "an amount belongs to a dose: EVID must be 1 or 4, or AMT 0";
        return Some(("AMT", format!("{amt} with EVID {evid}"), rule));
    }
    let numbers = [("RATE", rate), ("II", ii), ("ADDL", f64::from(addl)), ("SS", f64::from(ss))];
    let (column, found) = numbers.into_iter().find(|(_, number)| *number != 0.0)?;
    Some((column, format!("{found} with EVID {evid}"), "it belongs to a dose: EVID must be 1 or 4, or this 0"))
}
