//! When: what is taken under a regimen, and when it arrives. A script knows no rate.

use std::ops::Range;

use smallvec::SmallVec;

use super::event::{Arrival, Arrivals, Entry, Event, How, Input, What, latest, push_input, sort, sort_events};
use super::network::{Network, Parts};
use crate::absorption::Path;
use crate::error::{Error, Result};
use crate::meal_effect::MealEffect;
use crate::model::Model;
use crate::regimen::{Batch, Dose, Regimen, Route};

/// How much later than it was taken a dose arrives at an entry, and how long it takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Delay {
    pub(crate) tlag: f64,
    pub(crate) duration: f64,
}

/// How the timing of two bodies differs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Differs {
    No,
    /// In the lag of the one path alone, which is that.
    ByLag(f64),
    More,
}

impl Delay {
    #[inline]
    fn of(path: &Path) -> Self {
        Self { tlag: path.tlag, duration: path.process.duration() }
    }
}

/// What of a body decides when doses arrive, and how large they are before `f`: all who agree in it share a script.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timing {
    /// Of the plasma, then of each path of absorption.
    delays: SmallVec<[Delay; 2]>,
    meals: Option<MealEffect>,
}

impl Timing {
    pub(crate) fn of(model: &Model) -> Self {
        let mut delays = SmallVec::new();
        delays.push(Delay { tlag: 0.0, duration: 0.0 });
        delays.extend(model.absorption().paths().iter().map(Delay::of));
        Self { delays, meals: model.meal_effect().cloned() }
    }

    /// How the timing of a model differs from this one.
    pub(crate) fn differs(&self, model: &Model) -> Differs {
        let paths = model.absorption().paths();
        let same = |(delay, path): (&Delay, &Path)| *delay == Delay::of(path);
        if self.delays.len() != paths.len() + 1 || self.meals.as_ref() != model.meal_effect() {
            return Differs::More;
        }
        match (&self.delays[1..], paths) {
            (delays, paths) if delays.iter().zip(paths).all(same) => Differs::No,
            ([delay], [path]) if delay.duration == path.process.duration() => Differs::ByLag(path.tlag),
            _ => Differs::More,
        }
    }

    /// Whether a model has this timing.
    pub(crate) fn fits(&self, model: &Model) -> bool {
        self.differs(model) == Differs::No
    }

    /// The lag of every dose of a regimen, if all go the one way of absorption and none of them takes time.
    pub(crate) fn common_lag(&self, regimen: &Regimen) -> Option<f64> {
        let [_, oral] = self.delays[..] else { return None };
        let swallowed = |(_, dose): &(f64, Dose)| dose.route == Route::Oral;
        let alike = oral.duration == 0.0 && !regimen.takes_time() && regimen.kinds_of_dose().all(swallowed);
        alike.then_some(oral.tlag)
    }

    /// Puts another lag in place of that of the last path.
    pub(crate) fn set_lag(&mut self, lag: f64) {
        let last = self.delays.len() - 1;
        self.delays[last].tlag = lag;
    }

    /// The entries that a dose by a route goes through, with their delays.
    pub(crate) fn ways(&self, route: Route) -> impl Iterator<Item = (Entry, Delay)> + '_ {
        let range = if route == Route::Oral { 1..self.delays.len() } else { 0..1 };
        (0..).zip(&self.delays).skip(range.start).take(range.len()).map(|(entry, delay)| (entry, *delay))
    }

    /// What of a dose its meal lets through.
    #[inline(always)]
    pub(crate) fn amount(&self, dose: &Dose) -> f64 {
        MealEffect::amount(self.meals.as_ref(), dose)
    }

    /// Calls `each` with what a dose taken at `time` brings to each entry.
    #[inline(always)]
    pub(crate) fn inputs(&self, (time, dose): (f64, Dose), mut each: impl FnMut(Entry, Input)) {
        let amount = self.amount(&dose);
        for (entry, delay) in self.ways(dose.route) {
            let duration = if dose.duration > 0.0 { dose.duration } else { delay.duration };
            each(entry, Input { time: time + delay.tlag, amount, duration });
        }
    }

    /// Whether some entry takes time, so that a body needs inputs even where every dose is taken at once.
    pub(crate) fn takes_time(&self) -> bool {
        self.delays.iter().any(|delay| delay.duration > 0.0)
    }

    /// Adds the arrivals of a regimen up to and including `until`, in order of time; true if some of them are inputs.
    pub(crate) fn arrivals(&self, regimen: &Regimen, until: f64, arrivals: &mut Arrivals) -> bool {
        let takes_time = self.takes_time() || regimen.takes_time();
        regimen.each_batch(until, |batch| match &self.delays[..] {
            // Where each dose arrives at once by one path, which is the rule, nothing is asked twice.
            [iv, oral] if !takes_time => self.push_at_once(batch, [*iv, *oral], arrivals),
            _ => batch.each(|time, dose| self.inputs((time, dose), |entry, input| push_input(arrivals, entry, input))),
        });
        sort(arrivals);
        takes_time
    }

    fn push_at_once(&self, batch: Batch, [iv, oral]: [Delay; 2], arrivals: &mut Arrivals) {
        let arrival = |time: f64, dose: &Dose| {
            let (entry, delay) = if dose.route == Route::Oral { (1, oral) } else { (0, iv) };
            Arrival { time: time + delay.tlag, amount: self.amount(dose), entry, how: How::Add }
        };
        match batch {
            Batch::Repeated(run, dose) => arrivals.extend(run.times().map(|time| arrival(time, &dose))),
            Batch::Listed(doses) => arrivals.extend(doses.iter().map(|(time, dose)| arrival(*time, dose))),
        }
    }
}

/// Refuses a regimen that cannot be taken up to `until`, or that this body cannot take.
pub(crate) fn check(model: &Model, regimen: &Regimen, until: f64) -> Result<()> {
    regimen.check(until)?;
    if !regimen.takes_time() {
        return Ok(());
    }
    let drawn_out = regimen.kinds_of_dose().filter(|(_, dose)| dose.duration > 0.0);
    drawn_out.map(|(_, dose)| dose).try_for_each(|dose| check_fit(model, dose))
}

/// Refuses the one pair that has no meaning here: a drawn-out oral dose into an absorption with a duration of its own.
pub(crate) fn check_fit(model: &Model, dose: &Dose) -> Result<()> {
    let drawn_out = dose.route == Route::Oral && dose.duration > 0.0;
    let own = model.absorption().paths().iter().map(|path| path.process.duration()).find(|own| *own > 0.0);
    match own {
        Some(own) if drawn_out => Err(Error::value(format!(
            "an oral dose given over {} h meets zero-order absorption, which takes {own} h itself: give the dose at once, or use another absorption",
            dose.duration
        ))),
        _ => Ok(()),
    }
}

/// The script of `others`, up to the last of them, with a line for each of the arrivals, both in order of time; at the same instant
/// what arrives comes first, but for a change of the body, which comes before what begins or is given.
pub(crate) fn merge(arrivals: &[Arrival], others: impl IntoIterator<Item = Event>) -> Vec<Event> {
    let mut script = Vec::with_capacity(arrivals.len() + 8);
    let mut rest = arrivals;
    for other in others {
        let is_change = matches!(other.what, What::Change(_));
        let before = |arrival: &Arrival| {
            let (is_at_once, is_end) = (arrival.how == How::Add, arrival.how == How::Stop);
            if is_change {
                return arrival.time < other.time || arrival.time == other.time && is_end;
            }
            arrival.time <= if is_at_once { latest(other.time) } else { other.time }
        };
        let now = rest.iter().take_while(|arrival| before(arrival)).count();
        script.extend(rest[..now].iter().map(|arrival| Event::from(*arrival)));
        script.push(other);
        rest = &rest[now..];
    }
    script
}

/// One body, or one after another: each from a time on, the first from ever.
#[derive(Debug, Clone)]
pub(crate) struct Bodies<'a>(SmallVec<[(f64, &'a Model); 1]>);

impl<'a> From<&'a Model> for Bodies<'a> {
    fn from(model: &'a Model) -> Self {
        Self(SmallVec::from_slice(&[(f64::NEG_INFINITY, model)]))
    }
}

impl<'a> Bodies<'a> {
    /// A model that equals the one before is no change.
    pub(crate) fn one_after_another(models: impl IntoIterator<Item = (f64, &'a Model)>) -> Self {
        let mut bodies: SmallVec<[(f64, &'a Model); 1]> = models.into_iter().collect();
        bodies.dedup_by(|(_, later), (_, before)| later == before);
        Self(bodies)
    }

    /// The body, if there is but one.
    pub(crate) fn only(&self) -> Option<&'a Model> {
        if let [(_, model)] = self.0[..] { Some(model) } else { None }
    }

    /// The body that holds at a time.
    pub(crate) fn at(&self, time: f64) -> &'a Model {
        self.0[self.0.partition_point(|(from, _)| *from <= time).max(1) - 1].1
    }

    /// From when to when each holds.
    fn spans(&self) -> impl Iterator<Item = (Range<f64>, &'a Model)> + '_ {
        let ends = self.0.iter().skip(1).map(|(from, _)| *from).chain([f64::INFINITY]);
        self.0.iter().zip(ends).map(|((from, model), end)| (*from..end, *model))
    }

    /// The bodies, and the script of a regimen up to and including `until` with the lines of `others`, in order of time.
    ///
    /// A dose arrives when the body that holds when it is taken says, and as the body that holds when it arrives says; an
    /// input that runs goes on as it began.
    pub(crate) fn compile(
        &self,
        regimen: &Regimen,
        until: f64,
        others: impl IntoIterator<Item = Event>,
    ) -> Result<(Vec<Network>, Vec<Event>)> {
        self.0.iter().try_for_each(|(_, model)| check(model, regimen, until))?;
        let changes = self.0.len() > 1;
        let (mut arrivals, mut inputs) = (Arrivals::new(), false);
        for (span, model) in self.spans() {
            let timing = Timing::of(model);
            if !changes {
                inputs = timing.arrivals(regimen, until, &mut arrivals);
                continue;
            }
            inputs |= timing.takes_time() || regimen.takes_time();
            regimen.each_batch(until, |batch| {
                batch.each(|time, dose| {
                    if span.contains(&time) {
                        timing
                            .inputs((time, dose), |entry, input| self.push_later(&mut arrivals, &dose, (entry, input)));
                    }
                });
            });
        }
        sort(&mut arrivals);
        let parts = Parts { inputs, compartments: changes };
        let networks = self.0.iter().map(|(_, model)| Network::new(model, parts)).collect();
        let changes = (1..).zip(&self.0[1..]).map(|(body, (from, _))| Event::new(*from, What::Change(body)));
        let mut lines: Vec<Event> = changes.take_while(|event| event.time <= until).chain(others).collect();
        // At the same instant the body changes first.
        sort_events(&mut lines);
        Ok((networks, merge(&arrivals, lines)))
    }

    /// Adds what a dose brings to an entry when it arrives, in the fraction and over the duration of the body that holds then. An
    /// input takes the bare entry: the body may change again before it ends.
    fn push_later(&self, arrivals: &mut Arrivals, dose: &Dose, (entry, input): (Entry, Input)) {
        let now = self.at(input.time);
        let path = usize::from(entry).checked_sub(1).map(|path| &now.absorption().paths()[path]);
        let (f, own) = path.map_or((1.0, 0.0), |path| (path.f, path.process.duration()));
        let duration = if dose.duration > 0.0 { dose.duration } else { own };
        if duration == 0.0 {
            return push_input(arrivals, entry, Input { duration, ..input });
        }
        push_input(arrivals, Network::bare(now, entry), Input { amount: input.amount * f, duration, ..input });
    }
}

/// The time of a line that a time is meant to be; else the time.
fn instant_of(lines: &[Line], time: f64) -> f64 {
    let of = |line: &Line| match line {
        Line::Dose(time, _) | Line::Look(time) => *time,
    };
    let next = lines.partition_point(|line| latest(of(line)) < time);
    lines.get(next).map_or(time, |line| time.min(of(line)))
}

/// A line of a course whose order counts: a dose taken, or a look, which sees the doses before it and not those after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Line {
    Dose(f64, Dose),
    Look(f64),
}

impl Line {
    /// The time of a look.
    pub(crate) fn look(&self) -> Option<f64> {
        if let Self::Look(time) = self { Some(*time) } else { None }
    }
}

impl Timing {
    /// Adds the arrivals of lines in order of time, and how many of them come before each look; true if some are inputs.
    ///
    /// What arrives later than it was taken comes before a look of that instant.
    pub(crate) fn arrivals_of(&self, lines: &[Line], arrivals: &mut Arrivals, seen: &mut Vec<usize>) -> bool {
        // Each with the number of the line after which it is there.
        let mut all: Vec<(Arrival, usize)> = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let Line::Dose(time, dose) = *line else { continue };
            self.inputs((time, dose), |entry, input| {
                let mut new = Arrivals::new();
                push_input(&mut new, entry, Input { time: instant_of(lines, input.time), ..input });
                let at_once = |arrival: &Arrival| arrival.time <= time;
                all.extend(new.into_iter().map(|arrival| (arrival, if at_once(&arrival) { number } else { 0 })));
            });
        }
        all.sort_by(|(a, line), (b, other)| a.time.total_cmp(&b.time).then(line.cmp(other)));
        seen.clear();
        for (number, line) in lines.iter().enumerate() {
            if let Line::Look(time) = line {
                let before = |(arrival, line): &(Arrival, usize)| (arrival.time, *line) < (*time, number);
                seen.push(all.partition_point(before));
            }
        }
        arrivals.extend(all.iter().map(|(arrival, _)| *arrival));
        all.iter().any(|(arrival, _)| arrival.how != How::Add)
    }
}
