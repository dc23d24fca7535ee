//! The subjects of an event table as curves.

use std::ops::Range;

use super::samples::{Report, Sampled, Samples};
use crate::error::{Error, Result};
use crate::records::{Measured, Record, Table};
use crate::regimen::{Dose, Regimen};

impl Sampled {
    /// Each subject of an event table with its doses and its levels, by its id: EVID 0 with a DV is a level, or below or above its limit as CENS
    /// and LIMIT say.
    ///
    /// CMT 2 of a dose is the plasma; 1, or none, is where swallowed doses go. RATE gives a duration. Models whose numbers follow covariates
    /// that change within a subject are not served here.
    ///
    /// ```
    /// use menaquinone::{fit::{Report, Sampled}, records::Table};
    /// let table: Table = "ID,TIME,AMT,DV,CENS\n7,0,180,.,0\n7,4,.,2.1,0\n7,24,.,0.9,0\n7,72,.,0.03,1".parse()?;
    /// let curves = Sampled::of_table(&table)?;
    /// assert_eq!(curves[0].0, "7");
    /// assert_eq!(curves[0].1.samples().reports()[2], Report::Below(0.03));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Resets, steady-state doses, rates that a model is asked for, doses into a peripheral compartment, a subject without a level.
    pub fn of_table(table: &Table) -> Result<Vec<(String, Self)>> {
        table.subjects().map(|range| of_subject(table, range)).collect()
    }
}

fn of_subject(table: &Table, range: Range<usize>) -> Result<(String, Sampled)> {
    let (mut doses, mut times, mut reports) = (Vec::new(), Vec::new(), Vec::new());
    for index in range.clone() {
        let record = &table.records()[index];
        let place = |error: Error| error.of(table.place(index));
        if record.is_reset() || record.ss > 0 {
            let error = Error::value(
                "a reset or a dosing at steady state is no course of doses: fit what comes after it as a subject of its own",
            );
            return Err(place(error));
        }
        if record.is_dose() {
            push(&mut doses, record).map_err(place)?;
        } else if record.evid == 0
            && record.mdv != Some(1)
            && let Some(level) = record.dv
        {
            times.push(record.time);
            reports.push(report(level, table.measured().get(index)));
        }
    }
    let id = table.records()[range.start].id.clone();
    if times.is_empty() {
        return Err(Error::value(format!("subject `{id}` has no level: EVID 0 with a DV is one")));
    }
    let samples = Samples::of_reports(&times, &reports).map_err(|error| error.of(format_args!("subject `{id}`")))?;
    Ok((id, Sampled::new(doses.into_iter().collect::<Regimen>(), samples)))
}

/// Adds the doses of a record.
fn push(doses: &mut Vec<(f64, Dose)>, record: &Record) -> Result<()> {
    let dose = match record.cmt {
        0 | 1 => Dose::of(record.amt),
        2 => Dose::iv(record.amt),
        cmt => {
            return Err(Error::value(format!(
                "a dose into compartment {cmt} is neither swallowed (1) nor into the plasma (2): such doses cannot be fitted yet"
            )));
        }
    };
    let dose = match record.rate {
        0.0 => dose,
        rate if rate > 0.0 && record.amt > 0.0 => dose.over(record.amt / rate),
        rate => {
            return Err(Error::value(format!(
                "RATE {rate} asks the model for a rate or duration, or has no end: give a rate above zero"
            )));
        }
    };
    doses.extend((0..=record.addl).map(|copy| (record.time + f64::from(copy) * record.ii, dose)));
    Ok(())
}

/// What a record says of a level.
fn report(level: f64, measured: Option<&Measured>) -> Report {
    match measured.map(|measured| (measured.cens, measured.limit)) {
        Some((Some(1), Some(limit))) if limit >= 0.0 && limit < level => Report::Between(limit, level),
        Some((Some(1), _)) => Report::Below(level),
        Some((Some(-1), _)) => Report::Above(level),
        _ => Report::Level(level),
    }
}
