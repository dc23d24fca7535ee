//! The steady state that a record asks for: the fixed point of its cycle, looked at some time after an arrival.

use super::doses::Portion;
use super::frame::Frame;
use crate::network::{Action, Event, State};

/// A dose that has been given every `tau` h for ever.
#[derive(Debug, Clone, Copy)]
pub(super) struct Forever {
    pub(super) portion: Portion,
    pub(super) tau: f64,
}

impl Forever {
    /// A constant infusion: the portion holds its rate, and each infusion ends where the next begins.
    pub(super) fn constant(portion: Portion) -> Self {
        const TAU: f64 = 24.0;
        Self { portion: Portion { amount: portion.amount * TAU, duration: TAU, ..portion }, tau: TAU }
    }

    /// How many intervals ago the dose was taken that arrived last: before the record for a dose without a lag, up to
    /// and including it for a lagged one.
    pub(super) fn last_arrived(&self) -> f64 {
        (self.portion.tlag / self.tau).ceil().max(1.0)
    }
}

impl Frame {
    /// The amounts `u` hours, at most `tau`, after an arrival. Inputs that run are left out.
    pub(super) fn steady(&self, forever: Forever, u: f64) -> State {
        let empty = self.empty();
        let from_nothing = self.since_arrival(empty, forever, forever.tau);
        let before = self.fixed_point(forever.tau, &from_nothing);
        self.since_arrival(before, forever, u)
    }

    /// A state before an arrival, `u` hours after it.
    fn since_arrival(&self, mut state: State, Forever { portion, tau }: Forever, u: f64) -> State {
        let (rate_into, into) = portion.place;
        if !portion.runs() {
            let event = Event { time: 0.0, amount: portion.amount, action: Action::Add(into.0, into.1) };
            self.apply(&mut state, &event);
            self.advance(&mut state, u);
            return state;
        }
        // An infusion longer than the cycle is one that never pauses, and a part of another.
        let whole = (portion.duration / tau).floor();
        let (rest, rate) = (portion.duration - whole * tau, portion.rate());
        let running = usize::from(rate_into);
        if rest > 0.0 {
            state.amounts[running] = (whole + 1.0) * rate;
            self.advance(&mut state, u.min(rest));
        }
        if u > rest {
            state.amounts[running] = whole * rate;
            self.advance(&mut state, u - rest);
        }
        state.amounts[running] = 0.0;
        state
    }
}
