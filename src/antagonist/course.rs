//! The cycle over time: what drives it, its equations as they are solved, and what comes out, with its warning.

use std::fmt;

use serde::Serialize;

use super::cycle::{Cycle, State};
use super::{Factor, NOTICE};
use crate::error::{Error, Result};
use crate::marker::Response;
use crate::ode::{Solver, System, Tolerance};
use crate::profile::Profile;
use crate::regimen::Regimen;

/// How closely the equations are solved; levels are straight lines between samples.
const TOLERANCE: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-12, max_steps: 10_000_000, solver: Solver::Dop853 };

/// What drives the cycle: two profiles at the same times.
#[derive(Debug, Clone, Copy)]
pub struct Levels<'a> {
    /// The antagonist, µg/L.
    pub antagonist: &'a Profile,
    /// MK-7 above its habitual level, µg/L: of a model without a baseline.
    pub vitamin: &'a Profile,
}

/// The cycle and the factors over time: a research illustration, not for clinical use.
///
/// ```
/// use menaquinone::antagonist::{CYCLE, Factor, Levels, NOTICE, State};
/// use menaquinone::{Profile, units::*};
/// let times = vec![0.0, 2.0 * DAY, 20.0 * DAY];
/// let antagonist = Profile::new(times.clone(), vec![1000.0; 3])?;
/// let none = Profile::new(times, vec![0.0; 3])?;
/// let course = CYCLE.course(&State::HABITUAL, Levels { antagonist: &antagonist, vitamin: &none })?;
/// let [ii, vii] = [Factor::II, Factor::VII].map(|factor| course.factor(factor).values()[1]);
/// assert!(vii < ii); // the shorter half-life falls first
/// assert_eq!(course.index().label(), format!("INR-like index ({NOTICE})"));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Course {
    notice: &'static str,
    cycle: Cycle,
    times: Vec<f64>,
    states: Vec<State>,
}

impl Cycle {
    /// The course from a state, at the times of the two profiles.
    ///
    /// Levels are straight lines between samples, and the equations are solved by ODE at `rtol` 1e-9.
    ///
    /// # Errors
    /// A parameter that cannot be; profiles at different times, at times that repeat, or with a negative level; or what the
    /// solver refuses.
    pub fn course(&self, start: &State, levels: Levels<'_>) -> Result<Course> {
        levels.check()?;
        let driven = Driven { cycle: self, start: *start, levels };
        let times = levels.antagonist.times();
        let states = driven.states(Regimen::default(), times, TOLERANCE)?;
        let states = states.into_iter().map(State).collect();
        Ok(Course { notice: NOTICE, cycle: *self, times: times.to_vec(), states })
    }
}

impl Course {
    /// The INR-like index, 1 without an antagonist; see [`Cycle::index`].
    pub fn index(&self) -> Response {
        self.read("INR-like index", |state| self.cycle.index(state))
    }

    /// A factor, as a share of its habitual value.
    pub fn factor(&self, factor: Factor) -> Response {
        self.read(&format!("factor {factor}"), |state| state.factor(factor))
    }

    /// The hydroquinone, as a share of its habitual value.
    pub fn hydroquinone(&self) -> Response {
        self.read("vitamin K hydroquinone", State::hydroquinone)
    }

    /// The times, h.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The states, one a time.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// The last state, from which another course can go on.
    pub fn end(&self) -> State {
        self.states.last().copied().unwrap_or(State::HABITUAL)
    }

    /// One number of every state, under a name that carries the notice. The baseline is the value without an antagonist.
    fn read(&self, name: &str, read: impl Fn(&State) -> f64) -> Response {
        let values = self.states.iter().map(&read).collect();
        Response::new(self.times.clone(), values, read(&State::HABITUAL)).labelled(format!("{name} ({NOTICE})"), "")
    }
}

/// The index at the beginning and at the end, and the notice.
impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index = self.index();
        let (begin, end) = (self.times.first(), self.times.last());
        let first = index.values().first().copied().unwrap_or(1.0);
        write!(
            f,
            "INR-like index {first:.2} at {} h and {:.2} at {} h: {}",
            begin.copied().unwrap_or(0.0),
            index.last(),
            end.copied().unwrap_or(0.0),
            self.notice
        )
    }
}

impl Levels<'_> {
    fn check(&self) -> Result<()> {
        let (times, others) = (self.antagonist.times(), self.vitamin.times());
        if times != others {
            return Err(Error::value(format!(
                "the antagonist has {} times and the vitamin {}, or other ones: simulate both at the same times",
                times.len(),
                others.len()
            )));
        }
        if let Some([time, ..]) = times.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(Error::value(format!("the time {time} h stands twice: the times must rise")));
        }
        let named = [("antagonist", self.antagonist), ("vitamin", self.vitamin)];
        for (name, profile) in named {
            if let Some((time, level)) = profile.iter().find(|(_, level)| *level < 0.0) {
                return Err(Error::value(format!(
                    "the level of the {name} at {time} h is {level} µg/L, but it must be zero or above"
                )));
            }
        }
        Ok(())
    }

    /// Both levels at a time within the profiles.
    fn at(&self, time: f64) -> [f64; 2] {
        let times = self.antagonist.times();
        let after = times.partition_point(|t| *t <= time).clamp(1, (times.len() - 1).max(1));
        [self.antagonist, self.vitamin].map(|profile| {
            let conc = profile.conc();
            let Some(end) = conc.get(after) else { return conc[0] };
            let share = (time - times[after - 1]) / (times[after] - times[after - 1]);
            conc[after - 1] + share * (end - conc[after - 1])
        })
    }
}

/// A cycle on its way.
struct Driven<'a> {
    cycle: &'a Cycle,
    start: State,
    levels: Levels<'a>,
}

impl System<11> for Driven<'_> {
    fn derivative(&self, t: f64, y: &[f64; 11]) -> [f64; 11] {
        let Cycle { kel, k12, k21, a, b, diet, mk7, kd, .. } = *self.cycle;
        let [antagonist, vitamin] = self.levels.at(t);
        let free = 1.0 - self.cycle.inhibition(antagonist);
        let [k, kp, o, h1, h2, ..] = *y;
        let made = self.cycle.synthesis(h1 + h2);
        let factor = |i: usize| kd[i] * (made - y[State::FACTORS + i]);
        [
            kel * (diet - k) - k12 * (k - kp) + a * free * (o - k),
            k21 * (k - kp),
            b * (h1 - free * o),
            b * (free * k - h1),
            b * (free * mk7 * vitamin - h2),
            factor(0),
            factor(1),
            factor(2),
            factor(3),
            factor(4),
            factor(5),
        ]
    }

    fn concentration(&self, y: &[f64; 11]) -> f64 {
        State(*y).hydroquinone()
    }

    fn initial(&self) -> [f64; 11] {
        self.start.0
    }

    fn check(&self) -> Result<()> {
        self.cycle.check()
    }

    /// Between two samples the levels are straight, and at a sample they have a corner.
    fn stops(&self) -> &[f64] {
        self.levels.antagonist.times()
    }
}
