//! A subject of an event table with derivatives: the lines of its script, each of which moves with the numbers of its dose.

use std::ops::Range;

use super::body::{Body, Compartment};
use super::covariates::Covariates;
use super::due::Source;
use super::follow::{Bodies, Follower, Traced};
use super::plan::{Plan, Settled};
use super::predict::Convention;
use super::record::Record;
use super::table::Table;
use crate::engine::{Event, How, What};
use crate::error::Result;
use crate::sensitivity::{
    Deed, ForEver, Jet, Line, Moving, Order, PairDeed, PairLine, Sensitivities, Sight, Way, add_scaled, follow,
};

/// What models predict at the records, with derivatives.
impl Table {
    /// What one model predicts at every record of each subject, with its exact first and second derivatives with respect to every number of
    /// the model. There is one [`Sensitivities`] for each of the [`subjects`](Self::subjects), whose times are those of its records.
    ///
    /// Areas count from the first record or the last reset; what a dosing at steady state had left before is not in them. At the instant of a
    /// record the derivative is that of the curve after what the record sees.
    ///
    /// ```
    /// use menaquinone::{Parameters, records::Table, sensitivity::Number};
    /// let table: Table = "TIME,AMT,II,SS,EVID\n0,90,24,1,1\n6,0,0,0,0".parse()?;
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.5, f: 1.0 }.model()?;
    /// let found = &table.sensitivities(&model)?[0];
    /// assert_eq!(found.times(), [0.0, 6.0]);
    /// // By the fraction absorbed the level is a straight line through zero.
    /// assert!((found.first(Number::F(0))?[1] / found.conc()[1] - 1.0).abs() < 1e-14);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`simulate`](Self::simulate).
    pub fn sensitivities(&self, body: impl Into<Body>) -> Result<Vec<Sensitivities>> {
        let body = body.into();
        self.sensitivities_with(Convention::default(), |_| Ok(body.clone()))
    }

    /// What the table predicts with a model for each record, from its covariates, and derivatives, as [`simulate_with`](Self::simulate_with) has it. A derivative is by how much
    /// the level rises for each unit by which a number rises in all records alike. The values of [`Sensitivities::numbers`], over which
    /// [`Sensitivities::elasticity`] counts, are those of the first record.
    ///
    /// ```
    /// use menaquinone::{Parameters, records::{Between, Table}, sensitivity::Number};
    /// let table: Table = "TIME,AMT,CL\n0,100,4\n24,0,2\n48,0,1".parse()?;
    /// let typical = Parameters { cl: 2.0, v: 20.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let make = |more: f64| move |now: &menaquinone::records::Covariates<'_>| Parameters { cl: now.get("CL")? + more, ..typical }.model();
    /// let slope = table.sensitivities_with(Between::Backward, make(0.0))?[0].first(Number::Cl)?[2];
    /// let [low, high] = [-1e-4, 1e-4].map(|more| table.simulate_with(Between::Backward, make(more)).unwrap().rows()[2].conc);
    /// assert!(((high - low) / 2e-4 / slope - 1.0).abs() < 1e-6);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`simulate_with`](Self::simulate_with).
    pub fn sensitivities_with<B: Into<Body>>(
        &self,
        convention: impl Into<Convention>,
        make: impl Fn(&Covariates<'_>) -> Result<B> + Sync,
    ) -> Result<Vec<Sensitivities>> {
        let (convention, used) = (convention.into(), (0..self.covariates().len()).collect::<Vec<_>>());
        let body = |covariates: &Covariates<'_>| make(covariates).map(Into::into);
        let of_subject = |rows: Range<usize>| {
            let first = body(&Covariates::of(self, rows.start))?;
            let numbers = first.model().numbers();
            let times = self.records()[rows.clone()].iter().map(|record| record.time).collect();
            let subject = Subject { table: self, rows, convention };
            let moving =
                |_: &Covariates<'_>, body: &Body| Ok(body.model().moving(&body.model().numbers(), Order::Second));
            Ok(Sensitivities::of(times, numbers, subject.sights(&used, (&body, moving), |_| true)?))
        };
        self.subjects().map(of_subject).collect()
    }
}

/// The rows of one subject.
#[derive(Clone)]
pub(crate) struct Subject<'a> {
    pub(crate) table: &'a Table,
    pub(crate) rows: Range<usize>,
    pub(crate) convention: Convention,
}

impl Subject<'_> {
    /// What is seen at the wanted records, counted from the first of the subject, with derivatives. `body` makes the body of a record of
    /// its covariates, of which the columns `used` count, and `moving` says how it moves.
    pub(crate) fn sights(
        &self,
        used: &[usize],
        (body, moving): (
            impl Fn(&Covariates<'_>) -> Result<Body> + Sync,
            impl Fn(&Covariates<'_>, &Body) -> Result<Moving>,
        ),
        wanted: impl Fn(usize) -> bool,
    ) -> Result<Vec<Sight>> {
        self.scripted(used, body, |(plan, bodies, made_of)| {
            let made = bodies.iter().zip(made_of);
            let mut moving: Vec<Moving> = made
                .map(|(body, values)| moving(&Covariates::of_values(self.table, self.rows.start, values), body))
                .collect::<Result<_>>()?;
            let lines = Slopes { records: self.table.records(), bodies, moving: &moving }.lines(plan, wanted);
            let mut sights = Vec::with_capacity(self.rows.len());
            follow(&mut moving, &lines, |_, sight| sights.push(sight));
            Ok(sights)
        })
    }

    /// What is made of the script of this subject, its bodies, and the values of the covariates that each is made of.
    fn scripted<T>(
        &self,
        used: &[usize],
        body: impl Fn(&Covariates<'_>) -> Result<Body> + Sync,
        make: impl FnOnce(Traced<'_>) -> Result<T>,
    ) -> Result<T> {
        let push = |covariates: &Covariates<'_>, bodies: &mut Vec<Body>| {
            bodies.push(body(covariates)?.numbered(self.table.is_by_name()));
            Ok(())
        };
        let source = Bodies::Each(&push);
        let mut follower = Follower::new(self.table, self.convention, &source).traced(used.to_vec());
        make(follower.script(self.rows.clone())?)
    }
}

/// The lines of a subject, and the covariates that each of its bodies is made of.
pub(crate) type PairScript = (Vec<PairLine>, Vec<Vec<Option<f64>>>);

impl Subject<'_> {
    /// The lines of a subject whose doses arrive at once in a depot or in the plasma, at times that do not move; none of any other.
    pub(crate) fn pair_lines(
        &self,
        used: &[usize],
        body: impl Fn(&Covariates<'_>) -> Result<Body> + Sync,
        wanted: impl Fn(usize) -> bool,
    ) -> Result<Option<PairScript>> {
        self.scripted(used, body, |(plan, bodies, made_of)| {
            Ok(self.pair_lines_of(plan, bodies, wanted).map(|lines| (lines, made_of.to_vec())))
        })
    }

    fn pair_lines_of(&self, plan: &Plan, bodies: &[Body], wanted: impl Fn(usize) -> bool) -> Option<Vec<PairLine>> {
        plan.at_once()?;
        let mut sources = plan.sources.iter().flatten();
        let mut line = |event: &Event| {
            let deed = match event.what {
                What::Arrive { .. } => {
                    let source = sources.next()?;
                    let record = &self.table.records()[source.record];
                    let is_swallowed = match bodies[source.body].compartment(record.cmt) {
                        Some(Compartment::Peripheral(_)) => return None,
                        Some(Compartment::Plasma) => false,
                        Some(Compartment::Absorption) | None => true,
                    };
                    PairDeed::Give { amount: record.amt, is_swallowed, body: source.body }
                }
                What::Empty | What::Pause => PairDeed::Empty,
                What::Change(body) => PairDeed::Change(body),
                What::Hand(_) => return None,
                What::Look(_) => PairDeed::Look,
            };
            Some((event.time, deed))
        };
        let is_seen = |event: &&Event| !matches!(event.what, What::Look(row) if !wanted(row));
        plan.script.iter().filter(is_seen).map(&mut line).collect()
    }
}

/// What the lines of a script move with.
struct Slopes<'a> {
    records: &'a [Record],
    bodies: &'a [Body],
    moving: &'a [Moving],
}

/// The part of a dose that takes one path, as [`Body::portions`] has it, with derivatives.
struct Part {
    way: Way,
    tlag: Jet,
    /// The amount; of a constant infusion its rate.
    amount: Jet,
    duration: Option<Jet>,
}

impl Slopes<'_> {
    fn lines(&self, plan: &Plan, wanted: impl Fn(usize) -> bool) -> Vec<Line> {
        let (space, mut lines) = (self.moving[0].space, Vec::with_capacity(plan.script.len()));
        let mut sources = plan.sources.iter().flatten();
        for event in &plan.script {
            let mut time = space.constant(event.time);
            let deed = match event.what {
                What::Arrive { amount, how, .. } => {
                    let Some(source) = sources.next() else { break };
                    self.arrival(*source, (amount, how), &mut time)
                }
                // The first line says when areas begin to count.
                What::Empty | What::Pause => Deed::Empty,
                What::Change(body) => Deed::Change(body),
                What::Hand(number) => self.settled(&plan.settled[number]),
                What::Look(row) if wanted(row) => Deed::Look(row),
                What::Look(_) => continue,
            };
            lines.push(Line { time, deed });
        }
        lines
    }

    /// What arrives as the script says, and how that and its time move.
    fn arrival(&self, source: Source, (amount, how): (f64, How), time: &mut Jet) -> Deed {
        let Part { way, amount: mut value, duration, .. } = self.part(source, source.body);
        if source.moves {
            add_scaled(&mut time[1..], 1.0, &self.part(source, source.taken).tlag[1..]);
        }
        if let Some(duration) = duration.filter(|_| how != How::Add) {
            let space = self.moving[source.body].space;
            value = space.product(&value, &space.inverse(&duration));
            if how == How::Stop {
                add_scaled(&mut time[1..], 1.0, &duration[1..]);
            }
        }
        value[0] = amount;
        match how {
            How::Add => Deed::Give(way, value),
            How::Start => Deed::Start(way, value),
            How::Stop => Deed::Stop(way, value),
        }
    }

    fn settled(&self, settled: &Settled) -> Deed {
        let (source, tau) = (settled.source, settled.tau);
        let Part { way, tlag, mut amount, duration } = self.part(source, source.body);
        let space = self.moving[source.body].space;
        let mut since = space.constant(settled.since);
        if source.moves {
            add_scaled(&mut since[1..], -1.0, &tlag[1..]);
        }
        let is_constant = self.records[source.record].is_constant();
        let duration = if is_constant {
            amount.iter_mut().for_each(|rate| *rate *= tau);
            Some(space.constant(tau))
        } else {
            duration.filter(|_| settled.input.duration > 0.0)
        };
        Deed::Settle(ForEver { way, amount, duration, tau, since })
    }

    fn part(&self, source: Source, body: usize) -> Part {
        let (record, moving, body) = (&self.records[source.record], &self.moving[body], &self.bodies[body]);
        let (space, inlet) = (moving.space, body.inlet(record.cmt));
        let inside = |j: usize| (Way::Inside(j), space.constant(1.0), space.constant(1.0), space.zero(), None);
        let (way, f, whole, mut tlag, own) = match body.compartment(record.cmt) {
            Some(Compartment::Plasma) => inside(0),
            Some(Compartment::Peripheral(j)) => inside(1 + j),
            Some(Compartment::Absorption) | None => {
                let path = &moving.paths[source.path];
                let mut whole = space.zero();
                moving.paths.iter().for_each(|path| add_scaled(&mut whole, 1.0, &path.f));
                (Way::Path(source.path), path.f.clone(), whole, path.tlag.clone(), path.duration.clone())
            }
        };
        tlag[0] += inlet.tlag;
        let rate = if record.rate == -1.0 { inlet.rate } else { Some(record.rate).filter(|rate| *rate > 0.0) };
        let scaled = |jet: &Jet, scale: f64| {
            let mut scaled = space.zero();
            add_scaled(&mut scaled, scale, jet);
            scaled
        };
        if record.is_constant() {
            let share = space.product(&f, &space.inverse(&whole));
            return Part { way, tlag, amount: scaled(&share, rate.unwrap_or(0.0)), duration: None };
        }
        let amount = scaled(&f, record.amt * inlet.f);
        let duration = Some(record.dur).filter(|dur| *dur > 0.0).or(inlet.duration);
        let asked = duration.filter(|_| record.rate == -2.0).map(|duration| space.constant(duration));
        let given = rate.map(|rate| scaled(&whole, record.amt * inlet.f / rate));
        Part { way, tlag, amount, duration: given.or(asked).or(own) }
    }
}
