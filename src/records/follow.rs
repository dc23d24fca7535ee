//! One subject after another: its records planned as a script, which is performed by a kernel or walked.

use std::ops::Range;

use super::body::Body;
use super::covariates::Covariates;
use super::plan::{Plan, Settled, Subject};
use super::predict::{Between, Convention, Given, Predicted};
use super::table::Table;
use crate::engine::{Cycle, Network, Parts, Recaller, Seen, State, View, walk};
use crate::error::{Error, Result, Short};

/// The script of a subject, its bodies, and the covariates that each was made of.
pub(super) type Traced<'a> = (&'a Plan, &'a [Body], &'a [Vec<Option<f64>>]);

type Push<'a> = dyn Fn(&Covariates<'_>, &mut Vec<Body>) -> Result<()> + Sync + 'a;

/// Where the body of a record comes from.
pub(super) enum Bodies<'a> {
    One(Box<Body>),
    /// Made of covariates and put behind those before.
    Each(&'a Push<'a>),
}

/// Follows one subject after another.
pub(super) struct Follower<'a> {
    table: &'a Table,
    convention: Convention,
    source: &'a Bodies<'a>,
    plan: Plan,
    /// The bodies of the subject, in the order in which they hold.
    bodies: Vec<Body>,
    /// What performs the script, if that can be a kernel; it keeps what it has found.
    recaller: Option<Recaller>,
    networks: Vec<Network>,
    /// Whether the networks have inputs, if they are made.
    made: Option<bool>,
    /// The covariates that the last body was made of.
    values: Vec<Option<f64>>,
    trace: Option<Trace>,
}

/// What each body was made of, for those who ask how it moves: bodies of other covariates stay apart, even if they are equal.
struct Trace {
    /// The columns that count.
    used: Vec<usize>,
    made_of: Vec<Vec<Option<f64>>>,
}

impl<'a> Follower<'a> {
    pub(super) fn new(table: &'a Table, convention: Convention, source: &'a Bodies<'a>) -> Self {
        let bodies = if let Bodies::One(body) = source { vec![Body::clone(body)] } else { Vec::new() };
        let recaller = Recaller::of(None, bodies.iter().map(Body::model));
        let (plan, networks, values) = (Plan::default(), Vec::new(), Vec::new());
        Self { table, convention, source, plan, bodies, recaller, networks, made: None, values, trace: None }
    }

    /// This follower, which keeps what bodies are made of, where these columns of covariates count, and whose dose each line is.
    pub(super) fn traced(mut self, used: Vec<usize>) -> Self {
        self.trace = Some(Trace { used, made_of: Vec::new() });
        self.plan.sources = Some(Vec::new());
        self
    }

    /// The script of a subject, its bodies, and the covariates that each was made of.
    pub(super) fn script(&mut self, subject: Range<usize>) -> Result<Traced<'_>> {
        let mut index = subject.start;
        let mut rows = vec![Predicted::NOTHING; subject.len()];
        self.compile(&mut index, subject.end, &mut rows).map_err(|why| self.at(index, &why))?;
        Ok((&self.plan, &self.bodies, self.trace.as_ref().map_or(&[], |trace| &trace.made_of)))
    }

    /// The doses that arrived.
    pub(super) fn given(&self) -> &[Given] {
        &self.plan.given
    }

    pub(super) fn warnings(&mut self) -> &mut Vec<String> {
        &mut self.plan.warnings
    }

    /// Fills the rows of a subject.
    pub(super) fn follow(&mut self, subject: Range<usize>, rows: &mut [Predicted]) -> Result<()> {
        let mut index = subject.start;
        self.compile(&mut index, subject.end, rows).map_err(|why| self.at(index, &why))?;
        if let Bodies::Each(_) = self.source {
            self.made = None;
            self.recaller = Recaller::of(self.recaller.take(), self.bodies.iter().map(Body::model));
        }
        let mut row = 0;
        let outcome = self.perform(|number, view| {
            row = number;
            rows[number].show(view)
        });
        outcome.map_err(|why| self.at(subject.start + row, &why))
    }

    /// Performs the script, and shows every look.
    fn perform(&mut self, mut look: impl FnMut(usize, View) -> Result<()>) -> Result<()> {
        if let (Some(recaller), Some(script)) = (&mut self.recaller, self.plan.at_once())
            && recaller.perform(script, &mut look)?
        {
            return Ok(());
        }
        let (plan, inputs) = (&self.plan, self.plan.runs());
        if self.made != Some(inputs) {
            let parts = Parts { inputs, compartments: true };
            self.networks.clear();
            self.networks.extend(self.bodies.iter().map(|body| Network::new(body.model(), parts)));
            self.made = Some(inputs);
        }
        walk(&plan.script, &self.networks, &mut self.networks[0].empty(), |seen| {
            match seen {
                Seen::Look(network, state, number) => look(number, network.view(state))?,
                Seen::Hand(network, state, number) => plan.settled[number].settle(network, state),
                Seen::Stretch(..) | Seen::Given(_) => {}
            }
            Ok(())
        })
    }

    fn at(&self, index: usize, why: &Error) -> Error {
        Error::new(why.kind(), format!("{}: {why}", self.table.place(index)))
    }

    /// Compiles the script of a subject, and writes the dose that acted into its rows; `index` says how far it came.
    fn compile(&mut self, index: &mut usize, end: usize, rows: &mut [Predicted]) -> Result<()> {
        let records = self.table.records();
        if let Bodies::Each(_) = self.source {
            self.bodies.clear();
            self.trace.iter_mut().for_each(|trace| trace.made_of.clear());
        }
        let first = *index;
        let body = self.body_of(first)?;
        self.plan.begin(records[first].time, body);
        while *index < end {
            let record = &records[*index];
            if record.time >= self.plan.time() && *index > first {
                self.interval(*index)?;
            } else {
                self.change_to(*index)?;
            }
            let body = self.plan.body();
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

    /// The interval that ends at a record, whose body holds then.
    fn interval(&mut self, index: usize) -> Result<()> {
        let (start, end) = (self.plan.time(), self.table.records()[index].time);
        match self.convention.between {
            Between::Backward => {
                self.change_to(index)?;
                return self.advance_to(end);
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
        self.advance_to(end)?;
        self.change_to(index)
    }

    /// From now on the body of this record holds.
    fn change_to(&mut self, index: usize) -> Result<()> {
        let body = self.body_of(index)?;
        self.plan.change(body);
        Ok(())
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
        if let Some(trace) = &mut self.trace {
            let same = |own: &Vec<Option<f64>>| trace.used.iter().all(|at| own[*at] == covariates.values[*at]);
            if let Some(known) = trace.made_of.iter().position(same) {
                return Ok(known);
            }
            trace.made_of.push(covariates.values.to_vec());
            make(covariates, &mut self.bodies)?;
            let last = self.bodies.len() - 1;
            return self.check_fit(last, 0).map(|()| last);
        }
        let last = self.bodies.len().checked_sub(1);
        if let Some(last) = last.filter(|_| self.values == *covariates.values) {
            return Ok(last);
        }
        make(covariates, &mut self.bodies)?;
        self.values.clear();
        self.values.extend_from_slice(&covariates.values);
        let Some(last) = last else { return Ok(0) };
        if self.bodies[last] == self.bodies[last + 1] {
            self.bodies.pop();
            return Ok(last);
        }
        self.check_fit(last + 1, last).map(|()| last + 1)
    }

    /// Refuses a body with other compartments than one before.
    fn check_fit(&self, body: usize, before: usize) -> Result<()> {
        if self.bodies[body].fits(&self.bodies[before]) {
            return Ok(());
        }
        Err(Error::value(
            "the model has other compartments than the one before: only the numbers of a model may change between the records of a subject",
        ))
    }

    /// Says of the warnings from that number on where they come from; of several alike, one stays.
    fn name_warnings(&mut self, from: usize, index: usize) {
        let mut new = self.plan.warnings.split_off(from);
        new.dedup();
        let place = |warning: String| format!("{}: {warning}", self.table.place(index));
        self.plan.warnings.extend(new.into_iter().map(place));
    }
}

impl Settled {
    /// Adds what the dosing has left. The inputs that run are left out: they begin in the script.
    fn settle(&self, network: &Network, state: &mut State) {
        let cycle = Cycle::new(network, self.tau, &[(self.entry, self.input)]);
        let left = cycle.at(network, self.since);
        for (i, (amount, left)) in state.amounts.iter_mut().zip(left).enumerate() {
            *amount += if network.rate_of(i) == Some(0.0) { 0.0 } else { left };
        }
    }
}

impl Predicted {
    /// Notes what is seen, which has to be numbers; the dose that acted is told by the plan.
    fn show(&mut self, View { conc, depot, inside: [central, first, second] }: View) -> Result<()> {
        (self.conc, self.depot, self.central, self.peripheral) = (conc, depot, central, [first, second]);
        if conc.is_finite() & depot.is_finite() & first.is_finite() & second.is_finite() {
            return Ok(());
        }
        Err(beyond(self))
    }
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
    Error::value(format!("{what} overflows to {number} {unit}: check the amounts and the times"))
}
