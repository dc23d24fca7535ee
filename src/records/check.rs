//! The rules of an event table.

use super::column::reserved;
use super::measured::Measured;
use super::origin::Origin;
use super::record::Record;
use super::table::Table;
use crate::error::{Error, Result};
use crate::sheet::is_missing;

/// A column, what it holds and the rule that it breaks, if it breaks one.
type Checked = std::result::Result<(), (&'static str, String, &'static str)>;

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
        if reserved(name).is_some() {
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
        let named = origin.file.as_ref().filter(|(file, _)| file != "the table");
        let table = named.map_or("the table", |(file, _)| file);
        return Err(Error::value(format!(
            "{table} has no records: give it at least one row below the names of its columns"
        )));
    }
    if records.len() > Table::MOST_RECORDS {
        let (found, most) = (records.len(), Table::MOST_RECORDS);
        return Err(Error::value(format!("the table has {found} records, and at most {most} are held: split it")));
    }
    let named = records.iter().any(|record| !record.id.is_empty());
    let mut before = None;
    for (i, record) in records.iter().enumerate() {
        let refuse = |(column, found, rule)| origin.refuse(i, (column, found), rule);
        alone(record, before, named).map_err(refuse)?;
        self::covariates(record, covariates).map_err(|why| Error::value(format!("{}: {why}", origin.place(i))))?;
        before.map_or(Ok(()), |before| order(before, record)).map_err(refuse)?;
        before = Some(record);
    }
    Ok(())
}

/// A rule for a column that holds, or that is broken by what is found there.
#[inline]
fn must(holds: bool, (column, rule): (&'static str, &'static str), found: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err((column, found(), rule)) }
}

/// What a record says, whatever stands around it.
fn alone(record: &Record, before: Option<&Record>, named: bool) -> Checked {
    // The records of a subject have one name, which is looked at once.
    if before.is_none_or(|before| before.id != record.id) {
        id(&record.id, named)?;
    }
    numbers(record)?;
    codes(record)?;
    dose(record)
}

/// As many covariates as the table names, all of them numbers.
fn covariates(record: &Record, named: usize) -> std::result::Result<(), String> {
    let stand = record.covariates.len();
    if stand != named {
        return Err(format!(
            "{stand} covariates stand in a table that names {named}: give as many of one as of the other"
        ));
    }
    match record.covariates.iter().flatten().find(|value| !value.is_finite()) {
        Some(value) => Err(format!("a covariate is {value}, but it must be finite")),
        None => Ok(()),
    }
}

/// Time runs on within a subject, but for resets.
fn order(before: &Record, record: &Record) -> Checked {
    const RULE: &str = "the time of a subject must not decrease, except in a reset (EVID 3 or 4): sort the rows, and give times of day a DATE";
    let runs_on = record.time >= before.time || record.is_reset() || record.id != before.id;
    must(runs_on, ("TIME", RULE), || format!("{} after {}", record.time, before.time))
}

/// An `id` must read back from a file as it was written.
fn id(id: &str, named: bool) -> Checked {
    let rule = "some records say whose they are, so every record must";
    must(!(named && id.is_empty()), ("ID", rule), || String::from("nothing"))?;
    let is_word = id.is_empty() || !is_missing(id.as_bytes());
    let plain = id.trim() == id && is_word && !id.contains(['\n', '\r']);
    let rule = "it must have no blanks at its ends, no line break, and be more than `.` or `NA`";
    must(plain, ("ID", rule), || format!("{id:?}"))
}

fn numbers(record: &Record) -> Checked {
    const AMOUNT: &str = "it must be a finite number, zero or above";
    const RATE: &str =
        "it must be a finite number, zero or above, or -1 (a rate of the model) or -2 (a duration of the model)";
    const DUR: &str = "a duration is a finite number of hours, zero or above, and stands beside RATE -2";
    let Record { time, amt, rate, dur, ii, dv, .. } = *record;
    let is_amount = |value: f64| (0.0..=f64::MAX).contains(&value);
    must(time.is_finite(), ("TIME", "it must be a finite number of hours"), || time.to_string())?;
    must(is_amount(amt), ("AMT", AMOUNT), || amt.to_string())?;
    must(is_amount(ii), ("II", AMOUNT), || ii.to_string())?;
    must(is_amount(rate) || rate == -1.0 || rate == -2.0, ("RATE", RATE), || rate.to_string())?;
    must(dur == 0.0 || is_amount(dur) && rate == -2.0, ("DUR", DUR), || format!("{dur} with RATE {rate}"))?;
    let dv = dv.unwrap_or_default();
    must(dv.is_finite(), ("DV", "it must be a finite number; write `.` where there is none"), || dv.to_string())
}

fn codes(record: &Record) -> Checked {
    const EVID: &str = "it must be 0 (observation), 1 (dose), 2 (other), 3 (reset) or 4 (reset and dose)";
    const SS: &str = "it must be 0, 1 (begin at steady state) or 2 (add a steady state to what is there)";
    let Record { ss, evid, mdv, .. } = *record;
    must(evid <= 4, ("EVID", EVID), || evid.to_string())?;
    must(ss <= 2, ("SS", SS), || ss.to_string())?;
    let mdv = mdv.unwrap_or_default();
    must(mdv <= 1, ("MDV", "it must be 0 or 1"), || mdv.to_string())
}

/// What a dose asks for must go together.
fn dose(record: &Record) -> Checked {
    let Record { amt, rate, ii, addl, ss, .. } = *record;
    if !record.is_dose() {
        return no_dose(record);
    }
    if record.is_constant() {
        let rule = "a constant infusion (AMT 0, RATE above 0, SS 1 or 2) has no interval: II must be 0";
        must(ii == 0.0, ("II", rule), || ii.to_string())?;
        let rule = "a constant infusion (AMT 0, RATE above 0, SS 1 or 2) has no additional doses: ADDL must be 0";
        return must(addl == 0, ("ADDL", rule), || addl.to_string());
    }
    let rule = "an infusion without an amount exists only at steady state: give AMT, or SS 1 with II 0";
    must(amt > 0.0 || rate == 0.0, ("AMT", rule), || format!("0 with RATE {rate}"))?;
    let rule = "a steady state needs the interval of its doses: give II";
    must(ss == 0 || ii > 0.0, ("SS", rule), || format!("{ss} with II 0"))?;
    let rule = "additional doses need their interval: give II";
    must(addl == 0 || ii > 0.0, ("ADDL", rule), || format!("{addl} with II 0"))
}

/// What only a dose has.
fn no_dose(record: &Record) -> Checked {
    const OTHER: &str = "it belongs to a dose: EVID must be 1 or 4, or this 0";
    let Record { amt, rate, ii, addl, ss, evid, .. } = *record;
    let rule = "an amount belongs to a dose: EVID must be 1 or 4, or AMT 0";
    must(amt == 0.0, ("AMT", rule), || format!("{amt} with EVID {evid}"))?;
    must(rate == 0.0, ("RATE", OTHER), || format!("{rate} with EVID {evid}"))?;
    must(ii == 0.0, ("II", OTHER), || format!("{ii} with EVID {evid}"))?;
    must(addl == 0, ("ADDL", OTHER), || format!("{addl} with EVID {evid}"))?;
    must(ss == 0, ("SS", OTHER), || format!("{ss} with EVID {evid}"))
}

/// The codes of censoring.
pub(super) const CENS: &str = "it must be 0 (measured), 1 (the value lies below DV) or -1 (it lies above DV)";

/// Refuses what cannot be known of the measurements of these records.
pub(super) fn measured(measured: &[Measured], records: &[Record], origin: &Origin) -> Result<()> {
    if measured.len() != records.len() {
        let (found, wanted) = (measured.len(), records.len());
        return Err(Error::value(format!("{found} measurements stand beside {wanted} records: give one for each")));
    }
    for (i, (measured, record)) in measured.iter().zip(records).enumerate() {
        measurement(measured, record).map_err(|(column, found, rule)| origin.refuse(i, (column, found), rule))?;
    }
    Ok(())
}

/// The codes are looked at in every record, what they mean in observations only.
fn measurement(measured: &Measured, record: &Record) -> Checked {
    let (cens, limit) = (measured.cens.unwrap_or_default(), measured.limit);
    must((-1..=1).contains(&cens), ("CENS", CENS), || cens.to_string())?;
    let number = limit.unwrap_or_default();
    let rule = "it must be a finite number; write `.` where there is none";
    must(number.is_finite(), ("LIMIT", rule), || number.to_string())?;
    if cens == 0 || record.evid != 0 || record.mdv == Some(1) {
        return Ok(());
    }
    let rule = "the value of a censored observation lies beyond its DV: give DV, or MDV 1";
    must(record.dv.is_some(), ("CENS", rule), || format!("{cens} without DV"))?;
    record.dv.zip(limit).map_or(Ok(()), |(dv, limit)| interval(cens, dv, limit))
}

/// What a censored value lies between.
fn interval(cens: i8, dv: f64, limit: f64) -> Checked {
    let (holds, rule) = if cens == 1 {
        (limit < dv, "with CENS 1 the value lies between LIMIT and DV: LIMIT must be below DV")
    } else {
        (limit > dv, "with CENS -1 the value lies between DV and LIMIT: LIMIT must be above DV")
    };
    must(holds, ("LIMIT", rule), || format!("{limit} with DV {dv}"))
}
