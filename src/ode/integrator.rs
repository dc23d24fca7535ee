//! From event to event, past the looks between them.

use super::piece::{Limits, Looks, Piece};
use super::system::System;
use super::tolerance::Tolerance;
use crate::error::Error;

/// Carries a state through time by equations, and shows it wherever it is looked at.
pub(super) struct Integrator<'a, S, const N: usize> {
    system: &'a S,
    limits: Limits,
    /// The constant inputs into each state, per h, for the stretches to come.
    pub(super) rates: [f64; N],
}

impl<'a, S: System<N>, const N: usize> Integrator<'a, S, N> {
    pub(super) fn new(system: &'a S, tolerance: Tolerance) -> Self {
        Self { system, limits: Limits::new(tolerance), rates: [0.0; N] }
    }

    /// Carries a state from `start` to `end`, between which nothing happens, and calls `see` with the index of each of the
    /// `looks` (times from `start` to `end`, in order) and the state there. The steps do not depend on the looks.
    pub(super) fn stretch<E: From<Error>>(
        &mut self,
        state: &mut [f64; N],
        (start, end): (f64, f64),
        looks: &[f64],
        mut see: impl FnMut(usize, &[f64; N]) -> Result<(), E>,
    ) -> Result<(), E> {
        // What is looked at at the end is seen there, and not read from a curve.
        let between = looks.partition_point(|look| *look < end);
        let mut on_the_way = Looks::new(&looks[..between], &mut see);
        on_the_way.pass(start, |_| Ok(*state))?;
        let mut time = start;
        while time < end {
            let piece = Piece { system: self.system, rates: &self.rates, start: time };
            (time, *state) = piece.solve_past(&mut on_the_way, (*state, end), &mut self.limits)?;
        }
        // Those too that lie so close to the end that the clock of the solver cannot tell.
        (on_the_way.seen..looks.len()).try_for_each(|look| see(look, state))
    }
}
