//! The lines of an event table with derivatives: what arrives, resets, changes of the body, and dosings that have gone on for ever.

use super::Sight;
use super::doses::Brought;
use super::jet::{Jet, add_scaled};
use super::moving::{Amounts, Moving};
use super::settled::begin_cycle;
use super::transfer::Place;
use super::walk::{Act, Moment, Standing};

/// A way into a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A path of absorption.
    Path(usize),
    /// A compartment of the disposition, 0 the plasma.
    Inside(usize),
}

/// A line, and how its time moves.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) time: Jet,
    pub(crate) deed: Deed,
}

/// What a line does.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    /// An amount arrives at once.
    Give(Way, Jet),
    /// A constant input of this rate begins, and ends.
    Start(Way, Jet),
    Stop(Way, Jet),
    /// From now on the body of this number holds.
    Change(usize),
    /// The body is empty, and no input runs.
    Empty,
    /// What a dosing that has gone on for ever has left is added. The inputs that run are left out: they begin in lines of their own.
    Settle(ForEver),
    /// Somebody looks, by this number.
    Look(usize),
}

/// A dose given every `tau` h for ever, some hours after its last arrival.
#[derive(Debug, Clone)]
pub(crate) struct ForEver {
    pub(crate) way: Way,
    pub(crate) amount: Jet,
    pub(crate) duration: Option<Jet>,
    pub(crate) tau: f64,
    pub(crate) since: Jet,
}

/// Performs lines in their order; the first body holds first. Areas count from the first line or the last reset.
pub(crate) fn follow(bodies: &mut [Moving], lines: &[Line], mut look: impl FnMut(usize, Sight)) {
    let Some(first) = lines.first() else { return };
    let mut standing = Standing::empty(&bodies[0], first.time[0]);
    for Line { time, deed } in lines {
        let body = &bodies[standing.body];
        let act = match deed {
            Deed::Give(way, amount) => Act::Give(body.head(*way), amount.clone()),
            Deed::Start(way, rate) => Act::Start(input(*way), rate.clone()),
            Deed::Stop(way, rate) => {
                let mut less = body.space.zero();
                add_scaled(&mut less, -1.0, rate);
                Act::Stop(input(*way), less)
            }
            Deed::Change(next) => Act::Change(*next),
            Deed::Empty => {
                let body = standing.body;
                standing = Standing::empty(&bodies[body], time[0]);
                standing.body = body;
                continue;
            }
            Deed::Settle(dosing) => {
                standing.go_to(bodies, time[0]);
                let body = std::slice::from_mut(&mut bodies[standing.body]);
                let left = left(body, dosing);
                for ((amount, left), place) in standing.amounts.iter_mut().zip(&left).zip(&body[0].places) {
                    if matches!(place, Place::Chain(..) | Place::Inside(_)) {
                        add_scaled(amount, 1.0, left);
                    }
                }
                continue;
            }
            Deed::Look(number) => {
                let amounts = standing.at(bodies, time[0]);
                look(*number, Sight::of(&bodies[standing.body], &amounts, time[0] - standing.from));
                continue;
            }
        };
        standing.pass(bodies, &Moment { time: time.clone(), act });
    }
}

fn input(way: Way) -> Place {
    match way {
        Way::Path(path) => Place::Input(path),
        Way::Inside(j) => Place::Infusion(j),
    }
}

/// What a dosing has left of itself; `body` is one.
fn left(body: &mut [Moving], dosing: &ForEver) -> Amounts {
    let (space, tau) = (body[0].space, dosing.tau);
    let (place, input) = (body[0].head(dosing.way), input(dosing.way));
    let (time, amount, duration) = (space.constant(0.0), dosing.amount.clone(), dosing.duration.clone());
    let (mut start, moments) = begin_cycle(body, vec![Brought { place, input, time, amount, duration }], tau);
    for moment in moments.iter().filter(|moment| moment.time[0] <= dosing.since[0]) {
        start.pass(body, moment);
    }
    start.at_jet(body, &dosing.since)
}

impl Moving {
    /// Where what comes by a way is at first.
    fn head(&self, way: Way) -> Place {
        match way {
            Way::Path(path) => self.transfers.head_of(path),
            Way::Inside(j) => Place::Inside(j),
        }
    }
}
