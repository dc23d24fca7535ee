//! A search among theories: what is added forward while it is worth it, and taken away backward where it is not.

use std::fmt;

use super::compare::chance;
use super::data::People;
use super::fitted::PeopleFit;
use super::method::Method;
use crate::error::{Error, Result};
use crate::fit::theory::Theory;

/// How a theory is changed by an addition.
type Change<'a> = Box<dyn Fn(Theory) -> Result<Theory> + 'a>;

/// A base theory and additions that it may need, such as effects of covariates: forward each round takes the one that betters the fit most, if it is
/// significant; then backward each round takes away the one that is missed least, unless it is.
///
/// ```
/// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, sensitivity::Number};
/// use menaquinone::fit::{Method, People, Sampled, Samples, Stepwise, Theory, fixed, free};
/// let design = People::new((1..=10).map(|id| {
///     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[2.0, 12.0], &[0.0; 2]).unwrap()))
/// }))?;
/// let theory = |v| Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: fixed(v) })?
///     .with_error(ResidualError::Proportional { cv: 0.1 });
/// let people = theory(10.0)?.simulate(&design, 5)?;
/// let found = Stepwise::of(theory(15.0)?)
///     .with("volume", |theory| theory.with(Number::V, free(15.0)))
///     .with("baseline", |theory| theory.with(Number::Baseline, free(0.01)))
///     .run(&people, Method::Focei)?;
/// assert_eq!(found.chosen, ["volume"]);
/// println!("{found}"); // every trial of every round
/// # Ok::<(), menaquinone::Error>(())
/// ```
pub struct Stepwise<'a> {
    base: Theory,
    additions: Vec<(String, Change<'a>)>,
    forward: f64,
    backward: f64,
}

/// Which way a round went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Something was tried in addition.
    Forward,
    /// Something was tried to be missed.
    Backward,
}

/// One trial of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The number of the round, from 1 on.
    pub round: u32,
    /// Whether it was added or taken away.
    pub direction: Direction,
    /// What was added or taken away.
    pub name: String,
    /// The objective; `None` where there was no fit, with the reason in `note`.
    pub ofv: Option<f64>,
    /// By how much the objective has changed.
    pub change: f64,
    /// How many numbers more the wider of the two theories has.
    pub more: usize,
    /// The probability of such a change by chance.
    pub p: f64,
    /// Whether it was done.
    pub done: bool,
    /// What went wrong: no fit, or one that has not settled. Empty where nothing did.
    pub note: String,
}

/// What a [`Stepwise`] search has found.
#[derive(Debug, Clone)]
pub struct StepwiseFound {
    /// Every trial.
    pub trials: Vec<Trial>,
    /// What stays in the theory, in the order given.
    pub chosen: Vec<String>,
    /// The fit of the theory that is left.
    pub fit: PeopleFit,
    /// The objective of the base.
    pub base: f64,
}

impl<'a> Stepwise<'a> {
    /// A search from a base theory; forward at 5 %, backward at 1 %.
    pub fn of(base: Theory) -> Self {
        Self { base, additions: Vec::new(), forward: 0.05, backward: 0.01 }
    }

    /// This search with an addition to be tried. It is made upon a theory that may have others already.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, change: impl Fn(Theory) -> Result<Theory> + 'a) -> Self {
        self.additions.push((name.into(), Box::new(change)));
        self
    }

    /// This search at other levels.
    #[must_use]
    pub fn at(self, forward: f64, backward: f64) -> Self {
        Self { forward, backward, ..self }
    }

    /// Searches.
    ///
    /// # Errors
    /// No addition, a name that comes twice, a level outside (0, 1), or a base that cannot be fitted. An addition that cannot be fitted is a row
    /// with a note, and the rest goes on.
    pub fn run(&self, people: &People, method: Method) -> Result<StepwiseFound> {
        self.check()?;
        let fit = self.base.fit_people(people, method)?;
        let mut state = State {
            search: self,
            people,
            method,
            start: fit.theory()?,
            base: fit.ofv(),
            chosen: Vec::new(),
            fit,
            trials: Vec::new(),
        };
        let mut round = 0;
        while state.chosen.len() < self.additions.len() {
            round += 1;
            if !state.forward(round) {
                break;
            }
        }
        while !state.chosen.is_empty() {
            round += 1;
            if !state.backward(round) {
                break;
            }
        }
        let chosen = state.chosen.iter().map(|i| self.additions[*i].0.clone()).collect();
        Ok(StepwiseFound { trials: state.trials, chosen, fit: state.fit, base: state.base })
    }

    fn check(&self) -> Result<()> {
        if self.additions.is_empty() {
            return Err(Error::value("there is nothing to search among: name at least one addition by Stepwise::with"));
        }
        for (i, (name, _)) in self.additions.iter().enumerate() {
            if self.additions[..i].iter().any(|(other, _)| other == name) {
                return Err(Error::value(format!("the addition `{name}` comes twice: give each a name of its own")));
            }
        }
        for (which, level) in [("forward", self.forward), ("backward", self.backward)] {
            if !(level > 0.0 && level < 1.0) {
                return Err(Error::value(format!(
                    "the {which} level is {level}, but it must lie between 0 and 1 (0.05 is 5 %)"
                )));
            }
        }
        Ok(())
    }
}

/// A search on its way.
struct State<'s, 'a> {
    search: &'s Stepwise<'a>,
    people: &'s People,
    method: Method,
    /// The base at its estimates.
    start: Theory,
    base: f64,
    chosen: Vec<usize>,
    fit: PeopleFit,
    trials: Vec<Trial>,
}

impl State<'_, '_> {
    fn fit_of(&self, chosen: &[usize]) -> Result<PeopleFit> {
        let theory = chosen.iter().try_fold(self.start.clone(), |theory, i| (self.search.additions[*i].1)(theory))?;
        theory.fit_people(self.people, self.method)
    }

    /// Tries to add each of the rest; true where one was added.
    fn forward(&mut self, round: u32) -> bool {
        let rest: Vec<usize> = (0..self.search.additions.len()).filter(|i| !self.chosen.contains(i)).collect();
        let others = rest.iter().map(|i| {
            let mut chosen = self.chosen.clone();
            chosen.push(*i);
            chosen.sort_unstable();
            (*i, chosen)
        });
        let others: Vec<(usize, Vec<usize>)> = others.collect();
        self.round((round, Direction::Forward), others)
    }

    /// Tries to do without each of the chosen; true where one was taken away.
    fn backward(&mut self, round: u32) -> bool {
        let without = |i: &usize| (*i, self.chosen.iter().copied().filter(|own| own != i).collect());
        let others: Vec<(usize, Vec<usize>)> = self.chosen.iter().map(without).collect();
        self.round((round, Direction::Backward), others)
    }

    fn round(&mut self, (round, direction): (u32, Direction), others: Vec<(usize, Vec<usize>)>) -> bool {
        let first = self.trials.len();
        let mut best: Option<(usize, Vec<usize>, PeopleFit)> = None;
        for (i, chosen) in others {
            let found = self.fit_of(&chosen);
            let trial = self.trial((round, direction), i, found.as_ref());
            let is_better = |place: usize| match direction {
                Direction::Forward => trial.p < self.trials[place].p,
                Direction::Backward => trial.p > self.trials[place].p,
            };
            if let Ok(fit) = found
                && best.as_ref().is_none_or(|(place, ..)| is_better(*place))
            {
                best = Some((self.trials.len(), chosen, fit));
            }
            self.trials.push(trial);
        }
        debug_assert!(self.trials.len() >= first);
        let Some((place, chosen, fit)) = best else { return false };
        let p = self.trials[place].p;
        let is_done = match direction {
            Direction::Forward => p < self.search.forward,
            Direction::Backward => p >= self.search.backward,
        };
        if is_done {
            self.trials[place].done = true;
            (self.chosen, self.fit) = (chosen, fit);
        }
        is_done
    }

    fn trial(
        &self,
        (round, direction): (u32, Direction),
        i: usize,
        found: std::result::Result<&PeopleFit, &Error>,
    ) -> Trial {
        let name = self.search.additions[i].0.clone();
        let none =
            Trial { round, direction, name, ofv: None, change: 0.0, more: 0, p: 1.0, done: false, note: String::new() };
        match found {
            Err(error) => Trial { note: error.to_string(), ..none },
            Ok(fit) => {
                let (own, other) = (self.fit.unknowns(), fit.unknowns());
                let (change, more) = (fit.ofv() - self.fit.ofv(), own.abs_diff(other));
                let note = if fit.settled() { String::new() } else { "has not settled".to_owned() };
                // An addition that adds no number is judged by nothing.
                let p = if more == 0 { 1.0 } else { chance(change.abs(), more) };
                let worse = if direction == Direction::Forward { change > 0.0 } else { change < 0.0 };
                Trial { ofv: Some(fit.ofv()), change, more, p: if worse { 1.0 } else { p }, note, ..none }
            }
        }
    }
}

impl fmt::Display for StepwiseFound {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "base: OFV {:.4}", self.base)?;
        writeln!(out, "{:>5}  {:<8} {:<20} {:>12} {:>10} {:>3} {:>10}", "round", "", "", "OFV", "change", "df", "p")?;
        for Trial { round, direction, name, ofv, change, more, p, done, note } in &self.trials {
            let sign = if *direction == Direction::Forward { "add" } else { "without" };
            let mark = if *done { " *" } else { "" };
            let (comma, ofv) =
                (if note.is_empty() { "" } else { "  " }, ofv.map_or("-".to_owned(), |ofv| format!("{ofv:.4}")));
            writeln!(
                out,
                "{round:>5}  {sign:<8} {name:<20} {ofv:>12} {change:>10.4} {more:>3} {p:>10.3e}{mark}{comma}{note}"
            )?;
        }
        let chosen = if self.chosen.is_empty() { "nothing".to_owned() } else { self.chosen.join(", ") };
        write!(out, "kept: {chosen}; OFV {:.4}", self.fit.ofv())
    }
}
