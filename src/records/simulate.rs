//! An event table led through its bodies, on all cores: what the user calls, and who does which subjects.

use std::ops::Range;

use super::body::Body;
use super::covariates::Covariates;
use super::follow::{Bodies, Follower};
use super::predict::{Convention, Given, Predicted, Simulation};
use super::record::Record;
use super::table::Table;
use crate::error::Result;
use crate::workers::{Work, filled, for_each_row};

/// What models predict at the records.
impl Table {
    /// What one model predicts at every record; exact, at a cost linear in records and doses.
    ///
    /// ```
    /// use menaquinone::{records::Table, vitamer::MK7};
    /// let table: Table = "ID,TIME,AMT,II,ADDL,CMT\n1,0,180,24,6,1\n1,4,.,.,.,.\n1,168,.,.,.,.\n2,0,90,24,6,1\n2,168,.,.,.,.".parse()?;
    /// let found = table.simulate(MK7.model())?;
    /// let conc: Vec<f64> = found.rows().iter().map(|row| row.conc).collect();
    /// assert!((conc[2] / conc[4] - 2.0).abs() < 1e-14);
    /// assert_eq!(found.rows()[2].acted.map(|dose| (dose.record, dose.copy, dose.amount)), Some((0, 6, 180.0)));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A compartment that the model does not have, in a record of any kind; RATE -1 or -2 without a rate or duration of the model; more
    /// than ten million doses of one subject; the sentence names the place.
    pub fn simulate(&self, body: impl Into<Body>) -> Result<Simulation> {
        run(self, Convention::default(), &Bodies::One(Box::new(body.into().numbered(self.is_by_name()))))
    }

    /// What the table predicts with a model for each record, from its covariates. With [`Between::Backward`](crate::records::Between::Backward), the rule of NONMEM, the
    /// parameters of a record hold on the interval that ends at it, and for the dose that it gives; a [`Convention`] says besides
    /// whose numbers a dose has that arrives late.
    ///
    /// The amounts in depot, plasma and peripheral compartments go over from one set of parameters to the next as they are.
    /// `make` is asked again only where the subject or the covariates differ from those before. With the feature `parallel`
    /// the subjects are done on all cores, and the number of cores changes no bit.
    ///
    /// ```
    /// use menaquinone::{Parameters, records::{Between, Table}};
    /// let table: Table = "TIME,AMT,CL\n0,100,4\n24,0,2".parse()?;
    /// let typical = Parameters { cl: 2.0, v: 20.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let last = |between| -> menaquinone::Result<f64> {
    ///     let found = table.simulate_with(between, |now| Parameters { cl: now.get("CL")?, ..typical }.model())?;
    ///     Ok(found.rows()[1].conc)
    /// };
    /// let (backward, forward) = (last(Between::Backward)?, last(Between::Forward)?);
    /// let linear = last(Between::Linear(16))?;
    /// assert!(forward < linear && linear < backward);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`simulate`](Self::simulate), whatever `make` refuses, and models that do not have the same compartments.
    pub fn simulate_with<B: Into<Body>>(
        &self,
        convention: impl Into<Convention>,
        make: impl Fn(&Covariates<'_>) -> Result<B> + Sync,
    ) -> Result<Simulation> {
        let push = |covariates: &Covariates<'_>, bodies: &mut Vec<Body>| {
            bodies.push(make(covariates)?.into().numbered(self.is_by_name()));
            Ok(())
        };
        run(self, convention.into(), &Bodies::Each(&push))
    }
}

/// Whole subjects that are done in one go, and what they gave.
struct Task<'a> {
    records: Range<usize>,
    rows: &'a mut [Predicted],
    given: Vec<Given>,
    warnings: Vec<String>,
}

/// So many records are worth a task of their own.
const RECORDS_A_TASK: usize = 1_024;
/// About what a record costs, ns.
const A_RECORD: f64 = 150.0;

fn run(table: &Table, convention: Convention, bodies: &Bodies<'_>) -> Result<Simulation> {
    let mut rows = filled(Predicted::NOTHING, table.records().len());
    let mut tasks = tasks(table.records(), &mut rows);
    #[expect(clippy::cast_precision_loss, reason = "a rough measure")]
    let work = Work { width: 1, nanoseconds: A_RECORD * table.records().len() as f64 / tasks.len().max(1) as f64 };
    for_each_row(
        &mut tasks,
        work,
        || Ok(Follower::new(table, convention, bodies)),
        |follower, _, task| {
            let Task { records, rows, given, warnings } = &mut task[0];
            let (mut rows, mut start) = (&mut rows[..], records.start);
            for subject in table.records()[records.clone()].chunk_by(|a, b| a.id == b.id) {
                let (own, rest) = rows.split_at_mut(subject.len());
                follower.follow(start..start + subject.len(), own)?;
                given.extend_from_slice(follower.given());
                warnings.append(follower.warnings());
                (rows, start) = (rest, start + subject.len());
            }
            Ok(())
        },
    )?;
    let mut given = Vec::with_capacity(tasks.iter().map(|task| task.given.len()).sum());
    for task in &tasks {
        given.extend_from_slice(&task.given);
    }
    let warnings = tasks.into_iter().flat_map(|task| task.warnings).collect();
    Ok(Simulation { rows, given, warnings })
}

/// The records dealt into tasks of whole subjects, which depend on nothing but the table.
fn tasks<'a>(records: &[Record], rows: &'a mut [Predicted]) -> Vec<Task<'a>> {
    let (mut tasks, mut rows, mut start) = (Vec::new(), rows, 0);
    while start < records.len() {
        let enough = start + RECORDS_A_TASK.min(records.len() - start);
        let same = records[enough - 1..].windows(2).take_while(|pair| pair[0].id == pair[1].id).count();
        let end = enough + same;
        let (own, rest) = rows.split_at_mut(end - start);
        tasks.push(Task { records: start..end, rows: own, given: Vec::new(), warnings: Vec::new() });
        (rows, start) = (rest, end);
    }
    tasks
}
