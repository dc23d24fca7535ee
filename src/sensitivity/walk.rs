//! The walk with derivatives: moments in order of time, each of which may move with the unknowns.

use super::jet::{Jet, Space, add_scaled, moves};
use super::moving::{Amounts, Moving};
use super::transfer::Place;
use crate::engine::latest;

/// When something happens, and how that moves.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) time: Jet,
    pub(super) act: Act,
}

/// What happens. The order is that at the same instant.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// A constant input into a place runs faster or slower by so much.
    Stop(Place, Jet),
    /// From now on the body of this number holds.
    Change(usize),
    Start(Place, Jet),
    /// An amount arrives.
    Give(Place, Jet),
}

impl Moment {
    fn rank(&self) -> u8 {
        match self.act {
            Act::Stop(..) => 0,
            Act::Change(_) => 1,
            Act::Start(..) => 2,
            Act::Give(..) => 3,
        }
    }
}

pub(super) fn sort(moments: &mut [Moment]) {
    moments.sort_by(|a, b| a.time[0].total_cmp(&b.time[0]).then(a.rank().cmp(&b.rank())));
}

/// Where a walk stands.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) body: usize,
    /// The instant of the last moment, and the state from then on.
    pub(super) since: Jet,
    pub(super) amounts: Amounts,
    /// From when on areas count.
    pub(super) from: f64,
}

impl Standing {
    pub(super) fn empty(body: &Moving, from: f64) -> Self {
        Self { body: 0, since: body.space.constant(from), amounts: body.empty(), from }
    }

    /// On to the next moment.
    pub(super) fn pass(&mut self, bodies: &mut [Moving], moment: &Moment) {
        let body = &mut bodies[self.body];
        let u = apart(body.space, &moment.time, &self.since);
        if u[0] > 0.0 || moves(&u) {
            self.amounts = body.advance(&self.amounts, &u);
        }
        self.since.clone_from(&moment.time);
        match &moment.act {
            Act::Stop(place, rate) | Act::Start(place, rate) | Act::Give(place, rate) => {
                let place = body.place(*place);
                add_scaled(&mut self.amounts[place], 1.0, rate);
            }
            Act::Change(next) => {
                let (old, new) = (&bodies[self.body], &bodies[*next]);
                new.take_over(old, &mut self.amounts, moment.time[0] - self.from);
                self.body = *next;
            }
        }
    }

    /// The state at a time after the last moment.
    pub(super) fn at(&self, bodies: &mut [Moving], time: f64) -> Amounts {
        let time = bodies[self.body].space.constant(time);
        let body = &mut bodies[self.body];
        body.look(&self.amounts, &apart(body.space, &time, &self.since))
    }

    /// The state at a time after the last moment that moves.
    pub(super) fn at_jet(&self, bodies: &mut [Moving], time: &Jet) -> Amounts {
        let body = &mut bodies[self.body];
        body.advance(&self.amounts, &apart(body.space, time, &self.since))
    }

    /// How fast the concentration changes at a time after the last moment.
    pub(super) fn slope_at(&self, bodies: &mut [Moving], time: f64) -> Jet {
        let body = &mut bodies[self.body];
        let time = body.space.constant(time);
        body.slope_after(&self.amounts, &apart(body.space, &time, &self.since))
    }

    /// On to a time after the last moment.
    pub(super) fn go_to(&mut self, bodies: &mut [Moving], time: f64) {
        let body = &mut bodies[self.body];
        let end = body.space.constant(time);
        self.amounts = body.advance(&self.amounts, &apart(body.space, &end, &self.since));
        self.since = end;
    }
}

fn apart(space: Space, end: &Jet, start: &Jet) -> Jet {
    let mut u = space.zero();
    add_scaled(&mut u, 1.0, end);
    add_scaled(&mut u, -1.0, start);
    u[0] = u[0].max(0.0);
    u
}

/// Performs moments in order of time, and looks at the state at each of the times, which are in order too. What arrives at the
/// instant of a look is there already.
pub(super) fn perform(
    bodies: &mut [Moving],
    moments: &[Moment],
    (standing, times): (&mut Standing, &[f64]),
    mut look: impl FnMut(usize, &Moving, &Amounts),
) {
    each_look(bodies, moments, (standing, times), |number, bodies, standing| {
        let amounts = standing.at(bodies, times[number]);
        look(number, &bodies[standing.body], &amounts);
    });
}

/// Performs moments in order of time, and stands still at each of the times, which are in order too.
pub(super) fn each_look(
    bodies: &mut [Moving],
    moments: &[Moment],
    (standing, times): (&mut Standing, &[f64]),
    mut look: impl FnMut(usize, &mut [Moving], &Standing),
) {
    let mut rest = moments;
    for (number, time) in times.iter().enumerate() {
        let arrives = |moment: &Moment| {
            let due = if matches!(moment.act, Act::Give(..)) { latest(*time) } else { *time };
            moment.time[0] <= due
        };
        while let Some((moment, after)) = rest.split_first().filter(|(moment, _)| arrives(moment)) {
            standing.pass(bodies, moment);
            rest = after;
        }
        look(number, bodies, standing);
    }
}

/// Performs all moments, and goes on to `end`.
pub(super) fn perform_to(bodies: &mut [Moving], moments: &[Moment], standing: &mut Standing, end: f64) {
    for moment in moments {
        standing.pass(bodies, moment);
    }
    standing.go_to(bodies, end);
}
