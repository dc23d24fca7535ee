//! A subject of an event table as it stands: whatever a table can say, with covariates of each record.

use super::theory::Theory;
use crate::error::{Error, Result};
use crate::records::{Body, Convention, Covariates, PairScript, Subject, Table};
use crate::regimen::Regimen;
use crate::sensitivity::{Jet, Moving, Space};

/// The records of one subject, some of which are samples.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tabled {
    pub(super) table: Table,
    pub(super) convention: Convention,
    /// The records that are samples, in their order.
    pub(super) looks: Vec<usize>,
    /// The doses as a regimen, if one says the same in a body whose plasma is the second compartment.
    pub(super) plain: Option<Regimen>,
}

impl Tabled {
    /// Whose records they are, for sentences.
    fn whose(&self) -> String {
        let id = &self.table.records()[0].id;
        if id.is_empty() { "the person".to_owned() } else { format!("person `{id}`") }
    }

    /// Whose row it is, for sentences.
    pub(super) fn whose_row(&self, row: usize) -> String {
        format!("{}, {}", self.whose(), self.table.place(row))
    }

    /// Refuses a covariate that the table has not, or not in every record.
    pub(super) fn check(&self, name: &str) -> Result<()> {
        let column = self.column(name)?;
        let missing = self.table.records().iter().position(|record| record.covariates[column].is_none());
        missing.map_or(Ok(()), |row| {
            Err(Error::value(format!(
                "{}: the covariate {name} is missing, and the theory needs it: fill it in",
                self.whose_row(row)
            )))
        })
    }

    pub(super) fn column(&self, name: &str) -> Result<usize> {
        let names = self.table.covariates();
        names.iter().position(|known| known.eq_ignore_ascii_case(name)).ok_or_else(|| {
            let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            Error::value(format!("the table has no covariate {name}, which the theory needs; it has {known}"))
        })
    }

    /// The doses as a regimen, where a theory makes of the subject one body that takes it the same way.
    pub(super) fn regimen_for(&self, theory: &Theory) -> Option<&Regimen> {
        let is_constant = |name: &str| {
            let column = self.column(name).ok()?;
            let mut values = self.table.records().iter().map(|record| record.covariates[column]);
            let first = values.next()?;
            values.all(|value| value == first).then_some(())
        };
        let regimen =
            self.plain.as_ref().filter(|_| theory.inlets.is_empty() && Body::from(theory.start()).plasma() == 2)?;
        theory.needs().into_iter().all(|name| is_constant(name).is_some()).then_some(regimen)
    }

    /// How long before each sample the last dose was, additional ones among them; of samples before the first dose, the time itself.
    pub(super) fn since_dose(&self) -> Vec<f64> {
        let (records, mut since) = (self.table.records(), Vec::with_capacity(self.looks.len()));
        for look in &self.looks {
            let (time, mut last) = (records[*look].time, f64::NEG_INFINITY);
            for record in &records[..*look] {
                if record.is_reset() {
                    last = f64::NEG_INFINITY;
                }
                if record.is_dose() && record.time <= time {
                    let given = if record.ii > 0.0 { ((time - record.time) / record.ii).floor() } else { 0.0 };
                    last = last.max(record.time + given.min(f64::from(record.addl)) * record.ii);
                }
            }
            since.push(if last.is_finite() { time - last } else { time });
        }
        since
    }

    /// A covariate at the last record.
    pub(super) fn last(&self, name: &str) -> Result<f64> {
        let column = self.column(name)?;
        let value = self.table.records().last().and_then(|record| record.covariates[column]);
        value.ok_or_else(|| Error::value(format!("the covariate {name} is missing in the last record")))
    }

    /// The values of a covariate, in the order of the records.
    pub(super) fn values_of(&self, name: &str) -> Vec<f64> {
        self.rows_of(name).into_iter().map(|(_, value)| value).collect()
    }

    /// The values of a covariate with the rows where they stand.
    pub(super) fn rows_of(&self, name: &str) -> Vec<(usize, f64)> {
        let Ok(column) = self.column(name) else { return Vec::new() };
        let all = self.table.records().iter().enumerate();
        all.filter_map(|(row, record)| Some((row, record.covariates[column]?))).collect()
    }

    /// The levels at the samples with derivatives by the coordinates.
    pub(super) fn predicted(&self, theory: &Theory, space: Space, x: &[f64]) -> Result<Vec<Jet>> {
        let used: Vec<usize> = theory.needs().into_iter().map(|name| self.column(name)).collect::<Result<_>>()?;
        let values = theory.values(x);
        let body = |now: &Covariates<'_>| theory.body(theory.model_known(&values, Some(&|name| now.get(name)))?);
        let moving = |now: &Covariates<'_>, body: &Body| {
            let numbers = theory.numbers_at(space, x, Some(&|name| now.get(name)))?;
            let jet = |number| numbers.iter().find(|(own, _)| *own == number).map(|(_, jet)| jet.clone());
            Ok(Moving::new(body.model(), space, jet).for_levels())
        };
        let subject = Subject { table: &self.table, rows: 0..self.table.records().len(), convention: self.convention };
        let sights = subject.sights(&used, (body, moving), |row| self.looks.binary_search(&row).is_ok())?;
        Ok(sights.into_iter().map(|sight| sight.conc).collect())
    }

    /// The lines of the subject and the covariates of its bodies, where its doses arrive at once at times that do not move.
    pub(super) fn pair_lines(&self, theory: &Theory) -> Option<PairScript> {
        let used: Vec<usize> = theory.needs().into_iter().map(|name| self.column(name).ok()).collect::<Option<_>>()?;
        let values = theory.values(&theory.coordinates());
        let body = |now: &Covariates<'_>| theory.body(theory.model_known(&values, Some(&|name| now.get(name)))?);
        let subject = Subject { table: &self.table, rows: 0..self.table.records().len(), convention: self.convention };
        subject.pair_lines(&used, body, |row| self.looks.binary_search(&row).is_ok()).ok().flatten()
    }

    /// The levels at the samples.
    pub(super) fn levels(&self, theory: &Theory, values: &[f64]) -> Result<Vec<f64>> {
        let make = |now: &Covariates<'_>| theory.body(theory.model_known(values, Some(&|name| now.get(name)))?);
        let found = self.table.simulate_with(self.convention, make)?;
        Ok(self.looks.iter().map(|row| found.rows()[*row].conc).collect())
    }
}
