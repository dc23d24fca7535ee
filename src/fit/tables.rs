//! The subjects of an event table as curves.

use std::ops::Range;

use super::dosing::Dosing;
use super::samples::{Report, Sampled, Samples};
use super::tabled::Tabled;
use crate::error::{Error, Result};
use crate::records::{Convention, Measured, Record, Table};
use crate::regimen::{Dose, Regimen};

impl Sampled {
    /// Each subject of an event table with its doses and its levels, by its id: EVID 0 with a DV is a level, or below or above its limit as CENS
    /// and LIMIT say.
    ///
    /// Whatever [`Table::simulate_with`] does is done here, resets, steady states, infusions, doses into any compartment and covariates that
    /// change among it, by the rule of NONMEM; compartments are numbered as in [`Body`](crate::records::Body). A row of a covariate that the
    /// theory does not need may be empty.
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
    /// A subject without a level, a level that is negative, observations of several kinds (DVID).
    pub fn of_table(table: &Table) -> Result<Vec<(String, Self)>> {
        Self::of_table_by(table, Convention::default(), None)
    }

    /// Each subject under another convention between records, or with the observations of one kind (DVID) alone.
    ///
    /// # Errors
    /// As for [`of_table`](Self::of_table).
    pub fn of_table_by(
        table: &Table,
        convention: impl Into<Convention>,
        kind: Option<u32>,
    ) -> Result<Vec<(String, Self)>> {
        let convention = convention.into();
        if kind.is_none() {
            check_kinds(table)?;
        }
        table.subjects().map(|range| of_subject(table, range, (convention, kind))).collect()
    }

    /// Each subject with the observations of all kinds, each of its own: by the column DVID or, where there is none, by the compartment (CMT) that the
    /// observation names. A theory gives the kinds their errors ([`Theory::with_error_of`](super::Theory::with_error_of)).
    ///
    /// # Errors
    /// As for [`of_table`](Self::of_table); an observation without a DVID where others have one.
    pub fn of_table_with_kinds(table: &Table, convention: impl Into<Convention>) -> Result<Vec<(String, Self)>> {
        let (convention, dvid) = (convention.into(), |row: usize| table.measured().get(row)?.dvid);
        let by_dvid = (0..table.records().len()).any(|row| dvid(row).is_some());
        let kind = |row: &usize| match dvid(*row) {
            Some(kind) => Ok(kind),
            None if by_dvid => Err(Error::value(format!(
                "{}: the observation has no DVID, others have one: fill it in",
                table.place(*row)
            ))),
            None => Ok(table.records()[*row].cmt),
        };
        let subject = |range: Range<usize>| {
            let rows = range.clone().filter(|row| is_sample(table, *row, None));
            let kinds: Vec<u32> = rows.map(|row| kind(&row)).collect::<Result<_>>()?;
            let (id, mut sampled) = of_subject(table, range, (convention, None))?;
            sampled.samples = sampled.samples.of_kinds(&kinds)?;
            Ok((id, sampled))
        };
        table.subjects().map(subject).collect()
    }
}

/// Whether a record is a sample, and of the kind that is asked for.
fn is_sample(table: &Table, index: usize, kind: Option<u32>) -> bool {
    let record = &table.records()[index];
    let of_kind = kind.is_none() || table.measured().get(index).and_then(|measured| measured.dvid) == kind;
    record.evid == 0 && record.mdv != Some(1) && record.dv.is_some() && of_kind
}

fn check_kinds(table: &Table) -> Result<()> {
    let kind = |index: usize| table.measured().get(index).and_then(|measured| measured.dvid);
    let mut samples = (0..table.records().len()).filter(|index| is_sample(table, *index, None));
    let Some(first) = samples.next() else { return Ok(()) };
    match samples.find(|index| kind(*index) != kind(first)) {
        None => Ok(()),
        Some(other) => {
            let shown = |index: usize| kind(index).map_or("none".to_owned(), |kind| kind.to_string());
            Err(Error::value(format!(
                "{}: the observation has DVID {}, others have {}: a theory explains levels in the plasma; name their kind with Sampled::of_table_by, or read all kinds by of_table_with_kinds",
                table.place(other),
                shown(other),
                shown(first)
            )))
        }
    }
}

fn of_subject(
    table: &Table,
    range: Range<usize>,
    (convention, kind): (Convention, Option<u32>),
) -> Result<(String, Sampled)> {
    let id = table.records()[range.start].id.to_string();
    let looks: Vec<usize> = range.clone().filter(|index| is_sample(table, *index, kind)).collect();
    if looks.is_empty() {
        return Err(Error::value(format!(
            "subject `{id}` has no level: give one (EVID 0 with a DV), or leave them out by Table::without"
        )));
    }
    let times: Vec<f64> = looks.iter().map(|index| table.records()[*index].time).collect();
    let reports: Vec<Report> = looks.iter().map(|index| report(table, *index)).collect();
    for ((index, time), report) in looks.iter().zip(&times).zip(&reports) {
        Samples::of_records(&[*time], &[*report]).map_err(|error| error.of(table.place(*index)))?;
    }
    let samples = Samples::of_records(&times, &reports)?;
    let own = table.part(range.clone());
    let plain = regimen_of(own.records());
    if let (Some((regimen, true)), Some(covariates)) = (&plain, constants(&own)) {
        let regimen = regimen.clone();
        let sampled = Sampled::new(regimen, samples).with_covariates(covariates).called(&id);
        return Ok((id, sampled.standing(looks.iter().map(|index| table.place(*index)))));
    }
    let looks = looks.into_iter().map(|index| index - range.start).collect();
    let plain = plain.map(|(regimen, _)| regimen);
    let dosing = Dosing::Table(Box::new(Tabled { table: own, convention, looks, plain }));
    Ok((id.clone(), Sampled::of_dosing(dosing, samples).called(&id)))
}

/// The covariates of a subject, if none changes; those that are missing are left out.
fn constants(table: &Table) -> Option<Vec<(String, f64)>> {
    let first = &table.records()[0].covariates;
    let is_constant = table.records().iter().all(|record| record.covariates == *first);
    let named = table.covariates().iter().zip(first).filter_map(|(name, value)| Some((name.clone(), (*value)?)));
    is_constant.then(|| named.collect())
}

/// The doses as a regimen, if no record sees less than a regimen would: swallowed at once where the compartment is the first, into the plasma
/// where it is the second; and whether all are swallowed, so that it says the same in every body.
fn regimen_of(records: &[Record]) -> Option<(Regimen, bool)> {
    let (mut doses, mut all_swallowed) = (Vec::new(), true);
    for (i, record) in records.iter().enumerate() {
        if record.is_reset() || record.ss > 0 {
            return None;
        }
        if !record.is_dose() {
            continue;
        }
        let seen = records[..i].iter().any(|before| before.evid == 0 && before.time == record.time);
        if seen || record.amt <= 0.0 {
            return None;
        }
        let dose = match (record.cmt, record.rate) {
            (0 | 1, 0.0) => Dose::of(record.amt),
            (2, 0.0) => Dose::iv(record.amt),
            (2, rate) if rate > 0.0 => Dose::iv(record.amt).over(record.amt / rate),
            _ => return None,
        };
        all_swallowed &= record.cmt <= 1;
        doses.extend((0..=record.addl).map(|copy| (record.time + f64::from(copy) * record.ii, dose)));
    }
    Some((doses.into_iter().collect(), all_swallowed))
}

/// What a record says of a level.
fn report(table: &Table, index: usize) -> Report {
    let level = table.records()[index].dv.unwrap_or_default();
    match table.measured().get(index) {
        Some(Measured { cens: Some(1), limit: Some(limit), .. }) if *limit >= 0.0 && *limit < level => {
            Report::Between(*limit, level)
        }
        Some(Measured { cens: Some(1), .. }) => Report::Below(level),
        Some(Measured { cens: Some(-1), .. }) => Report::Above(level),
        _ => Report::Level(level),
    }
}
