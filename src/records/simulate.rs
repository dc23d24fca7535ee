//! An event table led through its bodies: every subject a script, planned once and walked, on all cores.

use std::ops::Range;

use super::body::Body;
use super::covariates::Covariates;
use super::plan::{Plan, Settled, Subject};
use super::predict::{Between, Convention, Given, Predicted, Simulation};
use super::table::Table;
use crate::engine::{Cycle, Event, How, Network, Parts, Seen, State, What, walk};
use crate::error::{Error, Result, Short};
use crate::workers::{Work, for_each_row};

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
/// A compartment that the model does not have, in a record of any kind; RATE -1 or -2 without a rate or duration of the model; more than
/// ten million doses of one subject; the sentence names the place.
pub fn simulate(table: &Table, body: impl Into<Body>) -> Result<Simulation> {
    run(table, Convention::default(), &Bodies::One(Box::new(body.into())))
}

/// What a table predicts with a model for each record, from its covariates: the parameters of a record hold on the interval
/// that ends at it, and for the dose that it gives.
///
/// The amounts in depot, plasma and peripheral compartments go over from one set of parameters to the next as they are.
/// `make` is asked again only where the subject or the covariates differ from those before. With the feature `parallel`
/// the subjects are done on all cores, and the number of cores changes no bit.
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
    make: impl Fn(&Covariates<'_>) -> Result<B> + Sync,
) -> Result<Simulation> {
    simulate_between(table, Between::Backward, make)
}

/// What [`simulate_with`] gives under another rule for the parameters between two records, or for doses that arrive late.
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
    convention: impl Into<Convention>,
    make: impl Fn(&Covariates<'_>) -> Result<B> + Sync,
) -> Result<Simulation> {
    run(table, convention.into(), &Bodies::Each(&|covariates: &Covariates<'_>| make(covariates).map(Into::into)))
}

/// Where the body of a record comes from.
enum Bodies<'a> {
    One(Box<Body>),
    Each(&'a (dyn Fn(&Covariates<'_>) -> Result<Body> + Sync)),
}

/// Subjects that are done in one go, and what they gave.
struct Task<'a> {
    subjects: &'a [Range<usize>],
    rows: &'a mut [Predicted],
    given: Vec<Given>,
    warnings: Vec<String>,
}

/// So many records are worth a task of their own.
const RECORDS_A_TASK: usize = 1_024;
/// About what a record costs, ns.
const A_RECORD: f64 = 150.0;

fn run(table: &Table, convention: Convention, bodies: &Bodies<'_>) -> Result<Simulation> {
    let subjects: Vec<Range<usize>> = table.subjects().collect();
    let mut rows = vec![Predicted::NOTHING; table.records().len()];
    let mut tasks = tasks(&subjects, &mut rows);
    #[expect(clippy::cast_precision_loss, reason = "a rough measure")]
    let work = Work { width: 1, nanoseconds: A_RECORD * table.records().len() as f64 / tasks.len().max(1) as f64 };
    for_each_row(
        &mut tasks,
        work,
        || Ok(Follower::new(table, convention, bodies)),
        |follower, _, task| {
            let Task { subjects, rows, given, warnings } = &mut task[0];
            let first = subjects[0].start;
            for subject in *subjects {
                let rows = &mut rows[subject.start - first..subject.end - first];
                follower.follow(subject.clone(), rows)?;
                given.extend_from_slice(&follower.plan.given);
                warnings.append(&mut follower.plan.warnings);
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

/// The subjects dealt into tasks of whole subjects, which depend on nothing but the table.
fn tasks<'a>(subjects: &'a [Range<usize>], rows: &'a mut [Predicted]) -> Vec<Task<'a>> {
    let (mut tasks, mut subjects, mut rows) = (Vec::new(), subjects, rows);
    while let Some(first) = subjects.first() {
        let enough = |subject: &Range<usize>| subject.end - first.start >= RECORDS_A_TASK;
        let count = subjects.iter().position(enough).map_or(subjects.len(), |last| last + 1);
        let (now, later) = subjects.split_at(count);
        let (own, rest) = rows.split_at_mut(now[count - 1].end - first.start);
        tasks.push(Task { subjects: now, rows: own, given: Vec::new(), warnings: Vec::new() });
        (subjects, rows) = (later, rest);
    }
    tasks
}

/// Follows one subject after another.
struct Follower<'a> {
    table: &'a Table,
    convention: Convention,
    source: &'a Bodies<'a>,
    plan: Plan,
    /// The bodies of the subject, in the order in which they hold.
    bodies: Vec<Body>,
    networks: Vec<Network>,
    /// The covariates that the last body was made of.
    values: Vec<Option<f64>>,
}

impl<'a> Follower<'a> {
    fn new(table: &'a Table, convention: Convention, source: &'a Bodies<'a>) -> Self {
        let bodies = if let Bodies::One(body) = source { vec![Body::clone(body)] } else { Vec::new() };
        let (plan, networks, values) = (Plan::default(), Vec::new(), Vec::new());
        Self { table, convention, source, plan, bodies, networks, values }
    }

    /// Fills the rows of a subject.
    fn follow(&mut self, subject: Range<usize>, rows: &mut [Predicted]) -> Result<()> {
        let mut index = subject.start;
        self.compile(&mut index, subject.end, rows).map_err(|why| self.at(index, &why))?;
        let inputs = self.plan.script.iter().any(is_input) || self.plan.settled.iter().any(Settled::runs);
        self.networks.clear();
        let parts = Parts { inputs, compartments: true };
        self.networks.extend(self.bodies.iter().map(|body| Network::new(body.model(), parts)));
        let (plan, mut state, mut row) = (&self.plan, self.networks[0].empty(), 0);
        let outcome = walk(&plan.script, &self.networks, &mut state, |seen| {
            match seen {
                Seen::Look(network, state, look) => {
                    row = look;
                    rows[look] = Predicted { acted: rows[look].acted, ..predicted(network, state)? };
                }
                Seen::Hand(network, state, number) => plan.settled[number].settle(network, state),
                Seen::Stretch(..) | Seen::Given(_) => {}
            }
            Ok(())
        });
        outcome.map_err(|why| self.at(subject.start + row, &why))
    }

    fn at(&self, index: usize, why: &Error) -> Error {
        Error::new(why.kind(), format!("{}: {why}", self.table.place(index)))
    }

    /// Compiles the script of a subject, and writes the dose that acted into its rows; `index` says how far it came.
    fn compile(&mut self, index: &mut usize, end: usize, rows: &mut [Predicted]) -> Result<()> {
        let records = self.table.records();
        if let Bodies::Each(_) = self.source {
            self.bodies.clear();
        }
        let first = *index;
        let body = self.body_of(first)?;
        self.plan.begin(records[first].time, body);
        while *index < end {
            let record = &records[*index];
            if record.time >= self.plan.time() && *index > first {
                self.interval(*index)?;
            }
            let body = self.body_of(*index)?;
            self.plan.change(body);
            self.bodies[body].check_cmt(record.cmt)?;
            let warnings = self.plan.warnings.len();
            if record.is_reset() {
                self.plan.reset(record.time);
            }
            if record.is_dose() {
                let subject = Subject { records, bodies: &self.bodies, rule: self.convention.doses };
                self.plan.dose(*index, subject)?;
            }
            if self.plan.warnings.len() > warnings {
                self.name_warnings(warnings, *index);
            }
            self.plan.look(*index - first);
            rows[*index - first].acted = self.plan.last;
            *index += 1;
        }
        Ok(())
    }

    /// The interval that ends at a record.
    fn interval(&mut self, index: usize) -> Result<()> {
        let (start, end) = (self.plan.time(), self.table.records()[index].time);
        match self.convention.between {
            Between::Backward => {
                let body = self.body_of(index)?;
                self.plan.change(body);
            }
            Between::Forward => {}
            Between::Linear(parts) => {
                let parts = parts.max(1);
                for part in 0..parts {
                    let middle = (f64::from(part) + 0.5) / f64::from(parts);
                    let body = self.body(&Covariates::on_the_way(self.table, index, middle))?;
                    self.plan.change(body);
                    self.advance_to(start + f64::from(part + 1) / f64::from(parts) * (end - start))?;
                }
            }
        }
        self.advance_to(end)
    }

    fn advance_to(&mut self, time: f64) -> Result<()> {
        let (records, rule) = (self.table.records(), self.convention.doses);
        self.plan.advance_to(time, Subject { records, bodies: &self.bodies, rule })
    }

    /// The number of the body of a record.
    #[inline]
    fn body_of(&mut self, index: usize) -> Result<usize> {
        if let Bodies::One(_) = self.source { Ok(0) } else { self.body(&Covariates::of(self.table, index)) }
    }

    /// The number of the body of some covariates.
    fn body(&mut self, covariates: &Covariates<'_>) -> Result<usize> {
        let Bodies::Each(make) = self.source else { return Ok(0) };
        let last = self.bodies.len().checked_sub(1);
        if let Some(last) = last.filter(|_| self.values == *covariates.values) {
            return Ok(last);
        }
        let body = make(covariates)?;
        self.values.clear();
        self.values.extend_from_slice(&covariates.values);
        match last {
            Some(last) if self.bodies[last] == body => Ok(last),
            Some(last) if !body.fits(&self.bodies[last]) => Err(Error::value(
                "the model has other compartments than the one before: only the numbers of a model may change between the records of a subject",
            )),
            _ => {
                self.bodies.push(body);
                Ok(self.bodies.len() - 1)
            }
        }
    }

    /// Says of the warnings from that number on where they come from; of several alike, one stays.
    fn name_warnings(&mut self, from: usize, index: usize) {
        let mut new = self.plan.warnings.split_off(from);
        new.dedup();
        let place = |warning: String| format!("{}: {warning}", self.table.place(index));
        self.plan.warnings.extend(new.into_iter().map(place));
    }
}

fn is_input(event: &Event) -> bool {
    matches!(event.what, What::Arrive { how: How::Start, .. })
}

impl Settled {
    fn runs(&self) -> bool {
        self.input.duration > 0.0
    }

    /// Adds what the dosing has left. The inputs that run are left out: they begin in the script.
    fn settle(&self, network: &Network, state: &mut State) {
        let cycle = Cycle::new(network, self.tau, &[(self.entry, self.input)]);
        let left = cycle.at(network, self.since);
        for (i, (amount, left)) in state.amounts.iter_mut().zip(left).enumerate() {
            *amount += if network.rate_of(i) == Some(0.0) { 0.0 } else { left };
        }
    }
}

/// What a state predicts; the dose that acted is told by the plan.
fn predicted(network: &Network, state: &State) -> Result<Predicted> {
    let [central, first, second] = network.inside(state);
    let (conc, depot) = (network.level(&state.amounts), network.depot(&state.amounts));
    let row = Predicted { conc, depot, central, peripheral: [first, second], acted: None };
    if conc.is_finite() && depot.is_finite() && first.is_finite() && second.is_finite() {
        return Ok(row);
    }
    Err(beyond(&row))
}

/// The sentence for what overflows.
#[cold]
fn beyond(row: &Predicted) -> Error {
    let Predicted { conc, depot, peripheral: [first, second], .. } = *row;
    let all = [
        ("the concentration", conc, "µg/L"),
        ("the amount that waits to be absorbed", depot, "µg"),
        ("the amount in the first peripheral compartment", first, "µg"),
        ("the amount in the second peripheral compartment", second, "µg"),
    ];
    let [what, number, unit] = all
        .into_iter()
        .find(|(_, number, _)| !number.is_finite())
        .map_or_else(Default::default, |(what, number, unit)| [what.into(), Short(number).to_string(), unit.into()]);
    Error::value(format!(
        "{what} comes to {number} {unit}, which is beyond all numbers: check the amounts and the times"
    ))
}
