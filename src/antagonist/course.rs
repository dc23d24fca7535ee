//! What comes out, with its warning.

use std::fmt;

use serde::Serialize;

use super::cycle::{Cycle, State};
use super::{Factor, NOTICE};
use crate::marker::Response;

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

impl Course {
    pub(super) fn new(cycle: Cycle, times: Vec<f64>, states: Vec<State>) -> Self {
        Self { notice: NOTICE, cycle, times, states }
    }

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
