//! What a model makes of an event table: one row for each record.

use std::borrow::Cow;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::body::Body;
use super::frame::Frame;
use super::table::Table;
use super::walk::{Log, Walk};
use crate::error::{Error, Result};

/// What a model predicts at a record.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predicted {
    /// The concentration in the plasma, µg/L.
    pub conc: f64,
    /// The amount that waits to be absorbed, µg.
    pub depot: f64,
    /// The amount in the plasma, µg; that of the baseline is counted.
    pub central: f64,
    /// The amounts in the peripheral compartments, µg; zero where there is none.
    pub peripheral: [f64; 2],
    /// The dose that arrived last since the last reset, if any; of an infusion, its beginning. An infusion that has run for
    /// ever has none.
    pub acted: Option<Given>,
}

/// A dose as it arrived by one path.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The index of its record in the table, counted from 0.
    pub record: usize,
    /// 0 is the dose of the record itself, 1 its first additional dose; below 0 are the doses before the record that its
    /// steady state implies.
    pub copy: i64,
    /// The number of the compartment.
    pub cmt: u32,
    /// When it arrived, h.
    pub time: f64,
    /// The lag in it, h.
    pub tlag: f64,
    /// The amount after F, µg.
    pub amount: f64,
    /// How long the giving takes, h; 0 is at once.
    pub duration: f64,
}

/// A simulated table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    rows: Vec<Predicted>,
    given: Vec<Given>,
    warnings: Vec<String>,
}

impl Simulation {
    /// What is predicted at each record, in the order of the table: after what the record itself does.
    pub fn rows(&self) -> &[Predicted] {
        &self.rows
    }

    /// Every dose that arrived, in the order of arrival within a subject. Doses after the last record of a subject never do.
    pub fn given(&self) -> &[Given] {
        &self.given
    }

    /// What was done and may not be meant, each with its place.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// Whose parameters hold between two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Between {
    /// Those of the record at the end of the interval, as in NONMEM: the next observation is carried backward.
    #[default]
    #[doc(alias = "NOCB")]
    Backward,
    /// Those of the record at its beginning: the last observation is carried forward.
    #[doc(alias = "LOCF")]
    Forward,
    /// Covariates on the straight line between the two. The interval is cut into this many equal parts, each with the
    /// covariates of its middle, so that the error falls with the square of their number; 0 counts as 1.
    Linear(u16),
}

/// The covariates of a record, or of a part of the interval before it.
#[derive(Debug, Clone)]
pub struct Covariates<'a> {
    table: &'a Table,
    index: usize,
    values: Cow<'a, [Option<f64>]>,
}

impl<'a> Covariates<'a> {
    /// The value of a covariate, by its name in any case.
    ///
    /// # Errors
    /// A name that the table does not have, or a value that is missing at this record.
    pub fn get(&self, name: &str) -> Result<f64> {
        let names = self.table.covariates();
        let Some(column) = names.iter().position(|known| known.eq_ignore_ascii_case(name)) else {
            let known = if names.is_empty() { String::from("none") } else { names.join(", ") };
            return Err(Error::value(format!("the table has no covariate {name}; it has {known}")));
        };
        self.values.get(column).copied().flatten().ok_or_else(|| {
            Error::value(format!("the covariate {name} is missing: fill it in, in this record and in its neighbours"))
        })
    }

    /// Whether the table has a covariate of that name.
    pub fn has(&self, name: &str) -> bool {
        self.table.covariates().iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whose record it is.
    pub fn id(&self) -> &'a str {
        &self.table.records()[self.index].id
    }

    fn of(table: &'a Table, index: usize) -> Self {
        Self { table, index, values: Cow::Borrowed(&table.records()[index].covariates) }
    }

    /// Those `part` of the way from the record before to this one.
    fn on_the_way(table: &'a Table, index: usize, part: f64) -> Self {
        let (from, to) = (&table.records()[index - 1].covariates, &table.records()[index].covariates);
        let between = |(from, to): (&Option<f64>, &Option<f64>)| {
            let (from, to) = ((*from)?, (*to)?);
            Some(from + part * (to - from))
        };
        Self { table, index, values: Cow::Owned(from.iter().zip(to).map(between).collect()) }
    }
}

/// What one model predicts at every record of a table; exact, at a cost linear in records and doses.
///
/// ```
/// use menaquinone::{Table, simulate, vitamer::MK7};
/// let table: Table = "ID,TIME,AMT,II,ADDL,CMT\n1,0,180,24,6,1\n1,4,.,.,.,.\n1,168,.,.,.,.\n2,0,90,24,6,1\n2,168,.,.,.,.".parse()?;
/// let found = simulate(&table, MK7.model())?;
/// let conc: Vec<f64> = found.rows().iter().map(|row| row.conc).collect();
/// assert!((conc[2] / conc[4] - 2.0).abs() < 1e-14);
/// assert_eq!(found.rows()[2].acted.map(|dose| (dose.record, dose.copy, dose.amount)), Some((0, 6, 180.0)));
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// # Errors
/// A compartment that the model does not have, in a record of any kind; RATE -1 or -2 without a rate or duration of the model; the sentence names
/// the place.
pub fn simulate(table: &Table, body: impl Into<Body>) -> Result<Simulation> {
    let frame = Rc::new(Frame::new(body.into(), has_rates(table)));
    run(table, Between::Backward, &mut |_| Ok(Rc::clone(&frame)))
}

/// The same with a model for each record, from its covariates: the parameters of a record hold on the interval that ends
/// at it, and for the dose that it gives.
///
/// The amounts in depot, plasma and peripheral compartments go over from one set of parameters to the next as they are.
/// `make` is asked again only where the subject or the covariates differ from those before.
///
/// ```
/// use menaquinone::{Parameters, Table, simulate_with};
/// let table: Table = "TIME,AMT,CRCL\n0,100,90\n12,0,90\n24,0,30".parse()?;
/// let typical = Parameters { cl: 2.0, v: 20.0, ka: 1.0, tlag: 0.0, f: 1.0 };
/// let found = simulate_with(&table, |person| Parameters { cl: 2.0 * person.get("crcl")? / 90.0, ..typical }.model())?;
/// let halved = (found.rows()[1].conc / found.rows()[2].conc).ln() / 12.0; // 1/h
/// assert!((halved - 0.1 / 3.0).abs() < 1e-5);
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// # Errors
/// As for [`simulate`], whatever `make` refuses, and models that do not have the same compartments.
pub fn simulate_with<B: Into<Body>>(
    table: &Table,
    make: impl FnMut(&Covariates<'_>) -> Result<B>,
) -> Result<Simulation> {
    simulate_between(table, Between::Backward, make)
}

/// The same with another rule for the parameters between two records.
///
/// ```
/// use menaquinone::{Between, Parameters, Table, simulate_between};
/// let table: Table = "TIME,AMT,CL\n0,100,4\n24,0,2".parse()?;
/// let typical = Parameters { cl: 2.0, v: 20.0, ka: 1.0, tlag: 0.0, f: 1.0 };
/// let last = |between| -> menaquinone::Result<f64> {
///     let found = simulate_between(&table, between, |now| Parameters { cl: now.get("CL")?, ..typical }.model())?;
///     Ok(found.rows()[1].conc)
/// };
/// let (backward, forward) = (last(Between::Backward)?, last(Between::Forward)?);
/// let linear = last(Between::Linear(16))?;
/// assert!(forward < linear && linear < backward);
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// # Errors
/// As for [`simulate_with`].
pub fn simulate_between<B: Into<Body>>(
    table: &Table,
    between: Between,
    mut make: impl FnMut(&Covariates<'_>) -> Result<B>,
) -> Result<Simulation> {
    let rates = has_rates(table);
    let mut last: Option<(String, Vec<Option<f64>>, Rc<Frame>)> = None;
    run(table, between, &mut |covariates| {
        if let Some((id, values, frame)) = &last
            && *values == *covariates.values
            && id == covariates.id()
        {
            return Ok(Rc::clone(frame));
        }
        let body: Body = make(covariates)?.into();
        let known = last.as_ref().map(|(.., frame)| frame).filter(|frame| frame.body == body);
        let frame = known.map_or_else(|| Rc::new(Frame::new(body, rates)), Rc::clone);
        last = Some((covariates.id().to_owned(), covariates.values.to_vec(), Rc::clone(&frame)));
        Ok(frame)
    })
}

/// Where the parameters of a record come from.
type Frames<'f> = &'f mut dyn FnMut(&Covariates<'_>) -> Result<Rc<Frame>>;

/// Whether some dose is given at a rate.
fn has_rates(table: &Table) -> bool {
    table.records().iter().any(|record| record.rate != 0.0)
}

fn run(table: &Table, between: Between, frames: Frames<'_>) -> Result<Simulation> {
    let mut log = Log::default();
    log.rows.reserve(table.records().len());
    for subject in table.subjects() {
        let first = subject.start;
        let mut index = first;
        let outcome = follow(table, (&mut index, subject.end), (between, frames), &mut log);
        outcome.map_err(|why| Error::new(why.kind(), format!("{}: {why}", table.place(index))))?;
    }
    Ok(Simulation { rows: log.rows, given: log.given, warnings: log.warnings })
}

/// Leads a subject through its records; `index` says how far it came.
fn follow(
    table: &Table,
    (index, end): (&mut usize, usize),
    (between, frames): (Between, Frames<'_>),
    log: &mut Log,
) -> Result<()> {
    let records = table.records();
    let mut walk = Walk::new(frames(&Covariates::of(table, *index))?, records[*index].time, log);
    let first = *index;
    while *index < end {
        let record = &records[*index];
        if record.time >= walk.time() && *index > first {
            let steps = Steps { table, index: *index, between };
            steps.follow(&mut walk, frames)?;
        }
        walk.change(&frames(&Covariates::of(table, *index))?)?;
        walk.check_cmt(record.cmt)?;
        let warnings = walk.warnings();
        if record.is_reset() {
            walk.reset(record.time);
        }
        if record.is_dose() {
            walk.dose((*index, record))?;
        }
        walk.name_warnings(warnings, || table.place(*index));
        walk.predict()?;
        *index += 1;
    }
    Ok(())
}

/// The interval that ends at a record.
struct Steps<'a> {
    table: &'a Table,
    index: usize,
    between: Between,
}

impl Steps<'_> {
    fn follow(&self, walk: &mut Walk<'_>, frames: Frames<'_>) -> Result<()> {
        let (start, end) = (walk.time(), self.table.records()[self.index].time);
        match self.between {
            Between::Backward => walk.change(&frames(&Covariates::of(self.table, self.index))?)?,
            Between::Forward => {}
            Between::Linear(parts) => {
                let parts = parts.max(1);
                for part in 0..parts {
                    let middle = (f64::from(part) + 0.5) / f64::from(parts);
                    walk.change(&frames(&Covariates::on_the_way(self.table, self.index, middle))?)?;
                    walk.advance_to(start + f64::from(part + 1) / f64::from(parts) * (end - start))?;
                }
            }
        }
        walk.advance_to(end)
    }
}
