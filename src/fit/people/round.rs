//! One round of a search among theories, in slices: what a cluster does of a [`Stepwise`] search, and how the slices become a decision.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::data::People;
use super::method::Method;
use super::slices::{Slice, joined};
use super::stepwise::{Direction, State, Stepwise, Trial, better, rows};
use crate::error::{Error, Result};

/// The trials of one round of a [`Stepwise`] search, or a slice of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Whether something is tried in addition, or missed.
    pub direction: Direction,
    /// What the theory has already.
    pub chosen: Vec<String>,
    /// The objective with that.
    pub ofv: f64,
    /// The level at which a trial is worth it.
    pub level: f64,
    /// How many trials the whole round has.
    pub of: usize,
    /// The number of the first trial here, from 0 on.
    pub first: usize,
    /// The trials.
    pub trials: Vec<Trial>,
}

impl Stepwise<'_> {
    /// A slice of one round: the trials of these numbers, from 0 on, of the additions that are not chosen (forward) or of those that are
    /// (backward), in the order given. A range that ends beyond the last is cut there. Joined, the slices say what is to be done ([`Round::next`]), and a search by
    /// rounds ends where [`run`](Self::run) does.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, sensitivity::Number};
    /// use menaquinone::fit::{Direction, Method, People, Round, Sampled, Samples, Stepwise, Theory, fixed, free};
    /// let design = People::new((1..=10).map(|id| {
    ///     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[2.0, 12.0], &[0.0; 2]).unwrap()))
    /// }))?;
    /// let theory = |v| Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: fixed(v) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 });
    /// let people = theory(10.0)?.simulate(&design, 5)?;
    /// let search = Stepwise::of(theory(15.0)?)
    ///     .with("volume", |theory| theory.with(Number::V, free(15.0)))
    ///     .with("baseline", |theory| theory.with(Number::Baseline, free(0.01)));
    /// let part = |slice| search.round(&people, Method::Focei, (Direction::Forward, &[]), slice);
    /// let round = Round::join([part(1..2)?, part(0..1)?])?; // anywhere, in any order
    /// assert_eq!(round, part(0..2)?);
    /// assert_eq!(round.next()?, Some("volume"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`run`](Self::run); a name among the chosen that no addition has, a slice without a trial.
    pub fn round(
        &self,
        people: &People,
        method: Method,
        (direction, chosen): (Direction, &[&str]),
        slice: Range<usize>,
    ) -> Result<Round> {
        let chosen: Vec<usize> = chosen.iter().map(|name| self.place(name)).collect::<Result<_>>()?;
        let mut state = State::begin(self, people, method)?;
        state.choose(chosen)?;
        let others = state.others(direction);
        let (of, end) = (others.len(), slice.end.min(others.len()));
        if slice.start >= end {
            return Err(Error::value(format!(
                "trials {} to {} were asked for, but the round has {of}, numbered from 0 on",
                slice.start, slice.end
            )));
        }
        let trials = others[slice.start..end].iter().map(|(i, chosen)| state.tried((1, direction), *i, chosen).0);
        Ok(Round {
            direction,
            chosen: state.names(),
            ofv: state.ofv(),
            level: self.level(direction),
            of,
            first: slice.start,
            trials: trials.collect(),
        })
    }
}

impl Slice for Round {
    fn range(&self) -> (u64, u64) {
        (self.first as u64, self.trials.len() as u64)
    }

    fn stranger(&self, other: &Self) -> Option<String> {
        let of = |round: &Self| (round.direction, round.chosen.clone(), round.ofv.to_bits(), round.of);
        (of(self) != of(other)).then(|| {
            format!("the slice that begins with trial {} is of another round: join slices of one", other.first)
        })
    }

    fn gap(due: u64, found: u64) -> String {
        format!("the slices do not meet: trial {due} is due, and {found} comes")
    }

    fn extend(&mut self, next: Self) {
        self.trials.extend(next.trials);
    }
}

impl Round {
    /// Joins slices of one round, given in any order.
    ///
    /// # Errors
    /// No slice, slices of different rounds, or slices between which trials are missing or double.
    pub fn join(parts: impl IntoIterator<Item = Self>) -> Result<Self> {
        joined(parts)
    }

    /// What the round says is to be done: the addition that is to be added, or to be taken away; none where the search in this direction is at its end.
    ///
    /// # Errors
    /// Trials that are missing.
    pub fn next(&self) -> Result<Option<&str>> {
        if self.first > 0 || self.trials.len() < self.of {
            return Err(Error::value(format!(
                "of {} trials of this round those from {} to {} are here: join the rest first",
                self.of,
                self.first,
                self.first + self.trials.len()
            )));
        }
        let fits = self.trials.iter().filter(|trial| trial.ofv.is_some());
        let best = fits.reduce(|best, own| if better(self.direction, own, best) { own } else { best });
        let is_done = |p: f64| match self.direction {
            Direction::Forward => p < self.level,
            Direction::Backward => p >= self.level,
        };
        Ok(best.filter(|best| is_done(best.p)).map(|best| best.name.as_str()))
    }
}

impl fmt::Display for Round {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chosen = if self.chosen.is_empty() { "nothing".to_owned() } else { self.chosen.join(", ") };
        writeln!(out, "with {chosen}: OFV {:.4}", self.ofv)?;
        rows(out, &self.trials)?;
        let done = if self.direction == Direction::Forward { "to be added" } else { "to be taken away" };
        match self.next() {
            Ok(Some(name)) => write!(out, "{done}: {name}"),
            Ok(None) => write!(out, "{done}: nothing"),
            Err(_) => write!(out, "{} of {} trials", self.trials.len(), self.of),
        }
    }
}
