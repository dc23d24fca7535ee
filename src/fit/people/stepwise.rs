//! A search among theories: what is added forward while it is worth it, and taken away backward where it is not.

use std::fmt;

use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Something was tried in addition.
    Forward,
    /// Something was tried to be missed.
    Backward,
}

/// One trial of a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
        let mut state = State::begin(self, people, method)?;
        let mut round = 0;
        while state.chosen.len() < self.additions.len() {
            round += 1;
            if !state.round((round, Direction::Forward)) {
                break;
            }
        }
        while !state.chosen.is_empty() {
            round += 1;
            if !state.round((round, Direction::Backward)) {
                break;
            }
        }
        let chosen = state.names();
        Ok(StepwiseFound { trials: state.trials, chosen, fit: state.fit, base: state.base })
    }

    /// The place of an addition.
    pub(super) fn place(&self, name: &str) -> Result<usize> {
        self.additions.iter().position(|(own, _)| own == name).ok_or_else(|| {
            let names: Vec<&str> = self.additions.iter().map(|(own, _)| own.as_str()).collect();
            Error::value(format!("`{name}` is none of the additions: {}", names.join(", ")))
        })
    }

    pub(super) fn level(&self, direction: Direction) -> f64 {
        if direction == Direction::Forward { self.forward } else { self.backward }
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
pub(super) struct State<'s, 'a> {
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

impl<'s, 'a> State<'s, 'a> {
    /// The base fitted, with nothing added.
    pub(super) fn begin(search: &'s Stepwise<'a>, people: &'s People, method: Method) -> Result<Self> {
        search.check()?;
        let fit = search.base.fit_people(people, method)?;
        let (start, base) = (fit.theory()?, fit.ofv());
        Ok(Self { search, people, method, start, base, chosen: Vec::new(), fit, trials: Vec::new() })
    }

    /// Goes to where these were chosen.
    pub(super) fn choose(&mut self, mut chosen: Vec<usize>) -> Result<()> {
        chosen.sort_unstable();
        if !chosen.is_empty() {
            self.fit = self.fit_of(&chosen)?;
        }
        self.chosen = chosen;
        Ok(())
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.chosen.iter().map(|i| self.search.additions[*i].0.clone()).collect()
    }

    pub(super) fn ofv(&self) -> f64 {
        self.fit.ofv()
    }

    fn fit_of(&self, chosen: &[usize]) -> Result<PeopleFit> {
        let theory = chosen.iter().try_fold(self.start.clone(), |theory, i| (self.search.additions[*i].1)(theory))?;
        theory.fit_people(self.people, self.method)
    }

    /// What can be tried: an addition, and what would be chosen with it, or without it.
    pub(super) fn others(&self, direction: Direction) -> Vec<(usize, Vec<usize>)> {
        let with = |i: usize| {
            let mut chosen = self.chosen.clone();
            chosen.push(i);
            chosen.sort_unstable();
            (i, chosen)
        };
        let without = |i: &usize| (*i, self.chosen.iter().copied().filter(|own| own != i).collect());
        match direction {
            Direction::Forward => {
                (0..self.search.additions.len()).filter(|i| !self.chosen.contains(i)).map(with).collect()
            }
            Direction::Backward => self.chosen.iter().map(without).collect(),
        }
    }

    /// A trial and its fit.
    pub(super) fn tried(&self, at: (u32, Direction), i: usize, chosen: &[usize]) -> (Trial, Option<PeopleFit>) {
        let found = self.fit_of(chosen);
        (self.trial(at, i, found.as_ref()), found.ok())
    }

    /// Tries all that can be tried; true where the best was done.
    fn round(&mut self, (round, direction): (u32, Direction)) -> bool {
        let mut best: Option<(usize, Vec<usize>, PeopleFit)> = None;
        for (i, chosen) in self.others(direction) {
            let (trial, found) = self.tried((round, direction), i, &chosen);
            if let Some(fit) = found
                && best.as_ref().is_none_or(|(place, ..)| better(direction, &trial, &self.trials[*place]))
            {
                best = Some((self.trials.len(), chosen, fit));
            }
            self.trials.push(trial);
        }
        let Some((place, chosen, fit)) = best else { return false };
        let (p, level) = (self.trials[place].p, self.search.level(direction));
        let is_done = if direction == Direction::Forward { p < level } else { p >= level };
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

/// Whether a trial is to be preferred to another.
pub(super) fn better(direction: Direction, one: &Trial, other: &Trial) -> bool {
    match direction {
        Direction::Forward => one.p < other.p,
        Direction::Backward => one.p > other.p,
    }
}

/// Trials as the rows of a table.
pub(super) fn rows(out: &mut fmt::Formatter<'_>, trials: &[Trial]) -> fmt::Result {
    writeln!(out, "{:>5}  {:<8} {:<20} {:>12} {:>10} {:>3} {:>10}", "round", "", "", "OFV", "change", "df", "p")?;
    for Trial { round, direction, name, ofv, change, more, p, done, note } in trials {
        let sign = if *direction == Direction::Forward { "add" } else { "without" };
        let mark = if *done { " *" } else { "" };
        let (comma, ofv) =
            (if note.is_empty() { "" } else { "  " }, ofv.map_or("-".to_owned(), |ofv| format!("{ofv:.4}")));
        writeln!(
            out,
            "{round:>5}  {sign:<8} {name:<20} {ofv:>12} {change:>10.4} {more:>3} {p:>10.3e}{mark}{comma}{note}"
        )?;
    }
    Ok(())
}

impl fmt::Display for StepwiseFound {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "base: OFV {:.4}", self.base)?;
        rows(out, &self.trials)?;
        let chosen = if self.chosen.is_empty() { "nothing".to_owned() } else { self.chosen.join(", ") };
        write!(out, "kept: {chosen}; OFV {:.4}", self.fit.ofv())
    }
}
