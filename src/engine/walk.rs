//! The one walk: a script performed over a body that drifts from event to event.
//!
//! Between two events a body moves freely, over a *stretch*. A look into a stretch is taken from its beginning, not from the
//! look before, so that what a look sees does not depend on how many there are.

use std::convert::Infallible;

use super::entries::{Entries, State, arrive};
use super::event::{Event, How, What};
use super::network::Network;

/// A body that drifts: a [`Network`] by its formula, equations by a solver.
pub(crate) trait Drift {
    /// How drifting can fail.
    type Error;

    /// Where what arrives goes in.
    fn entries(&self) -> &Entries;

    /// Takes over a state of the body that held before.
    fn carry(&self, old: &Self, state: &mut State);

    /// Moves a state over a stretch, and shows it at each of the looks into it.
    fn stretch<E: From<Self::Error>>(
        &self,
        state: &mut State,
        stretch: Stretch<'_>,
        show: impl FnMut(usize, &State) -> Result<(), E>,
    ) -> Result<(), E>;
}

/// The time between two events.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a> {
    pub(crate) start: f64,
    pub(crate) end: f64,
    /// The lines of the script that look into it, in order.
    looks: &'a [Event],
}

impl Stretch<'_> {
    pub(crate) fn length(&self) -> f64 {
        self.end - self.start
    }

    /// The number and the time of each look.
    pub(crate) fn looks(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.looks.iter().filter_map(|event| match event.what {
            What::Look(number) => Some((number, event.time)),
            _ => None,
        })
    }
}

/// What a walk shows to whoever follows it.
pub(crate) enum Seen<'a, D> {
    /// A stretch begins, and the state at its beginning.
    Stretch(&'a D, &'a State, Stretch<'a>),
    /// The state at the look of this number.
    Look(&'a D, &'a State, usize),
    /// The amount that has just been given at once, after `f`.
    Given(f64),
    /// The state, for the follower to change as the script asks by this number.
    Hand(&'a D, &'a mut State, usize),
}

/// Performs a script from the time of its first line on, over one of `bodies` after another, the first of them first; there is
/// one for every number that the script changes to.
pub(crate) fn walk<D: Drift, E: From<D::Error>>(
    script: &[Event],
    bodies: &[D],
    state: &mut State,
    mut see: impl FnMut(Seen<'_, D>) -> Result<(), E>,
) -> Result<(), E> {
    let mut body = &bodies[0];
    let (mut rest, mut now) = (script, script.first().map_or(0.0, |event| event.time));
    while !rest.is_empty() {
        let looks = rest.iter().take_while(|event| matches!(event.what, What::Look(_))).count();
        let (looks, later) = rest.split_at(looks);
        // A reset may set the clock back, also from behind what has been looked at.
        let end = [looks.last(), later.first()].into_iter().flatten().fold(now, |end, event| end.max(event.time));
        if end > now || !looks.is_empty() {
            let stretch = Stretch { start: now, end, looks };
            see(Seen::Stretch(body, state, stretch))?;
            body.stretch(state, stretch, |number, state| see(Seen::Look(body, state, number)))?;
        }
        let Some((event, after)) = later.split_first() else { return Ok(()) };
        match event.what {
            What::Arrive { amount, entry, how } => {
                let gate = body.entries().gate(entry);
                arrive(&mut state.amounts, &mut state.inputs, (amount, gate, how));
                if how == How::Add {
                    see(Seen::Given(amount * gate.f))?;
                }
            }
            What::Empty => state.clear(),
            What::Change(next) => {
                let next = &bodies[next];
                next.carry(body, state);
                body = next;
            }
            What::Hand(number) => see(Seen::Hand(body, state, number))?,
            What::Pause | What::Look(_) => {}
        }
        (now, rest) = (event.time, after);
    }
    Ok(())
}

impl Drift for Network {
    type Error = Infallible;

    fn entries(&self) -> &Entries {
        &self.entries
    }

    fn carry(&self, old: &Self, state: &mut State) {
        self.take_over(old, state);
    }

    fn stretch<E: From<Infallible>>(
        &self,
        state: &mut State,
        stretch: Stretch<'_>,
        mut show: impl FnMut(usize, &State) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut begin = std::mem::take(&mut state.amounts);
        let mut now = (0.0, begin.clone());
        for (number, time) in stretch.looks() {
            let u = time - stretch.start;
            if u > now.0 {
                now = (u, self.advance(&begin, u));
            }
            state.amounts = now.1;
            show(number, state)?;
            now.1 = std::mem::take(&mut state.amounts);
        }
        // Where the end has been looked at, it need not be found again.
        if stretch.length() > now.0 {
            begin = self.advance(&begin, stretch.length());
        } else {
            begin = now.1;
        }
        state.amounts = begin;
        Ok(())
    }
}
