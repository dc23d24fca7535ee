//! A cycle that has gone on for ever, with derivatives: where it begins, and what happens within it.

use super::doses::Brought;
use super::jet::add_scaled;
use super::moving::Moving;
use super::steady::fixed_point;
use super::transfer::Place;
use super::walk::{Act, Moment, Standing, perform_to, sort};

/// Where a cycle of `tau` h begins in which all this is brought, and its moments in order of time; `bodies` is one.
pub(super) fn begin_cycle(bodies: &mut [Moving], all: Vec<Brought>, tau: f64) -> (Standing, Vec<Moment>) {
    let mut moments = Vec::new();
    let mut standing = Standing::empty(&bodies[0], 0.0);
    for brought in all {
        wrap(brought, &bodies[0], tau, (&mut standing, &mut moments));
    }
    sort(&mut moments);
    let inputs = standing.amounts.clone();
    perform_to(bodies, &moments, &mut standing, tau);
    let mut start = Standing::empty(&bodies[0], 0.0);
    start.amounts = fixed_point(&mut bodies[0], tau, &standing.amounts);
    for (place, input) in inputs.into_iter().enumerate() {
        if matches!(bodies[0].places[place], Place::Input(_) | Place::Infusion(_)) {
            start.amounts[place] = input;
        }
    }
    (start, moments)
}

/// Adds what a dose of every cycle, past and to come, brings within this one: wrapped round its end, and an input longer than the cycle as
/// one that never pauses beside what is left of it.
fn wrap(brought: Brought, body: &Moving, tau: f64, (standing, moments): (&mut Standing, &mut Vec<Moment>)) {
    let space = body.space;
    let Brought { place, input, mut time, amount, duration } = brought;
    time[0] = time[0].rem_euclid(tau);
    let Some(mut duration) = duration else {
        return Brought { place, input, time, amount, duration: None }.moments(space, moments);
    };
    let rate = space.product(&amount, &space.inverse(&duration));
    let whole = (duration[0] / tau).floor();
    if whole > 0.0 {
        add_scaled(&mut standing.amounts[body.place(input)], whole, &rate);
        duration[0] -= whole * tau;
    }
    let mut end = time.clone();
    add_scaled(&mut end, 1.0, &duration);
    let mut less = space.zero();
    add_scaled(&mut less, -1.0, &rate);
    if end[0] >= tau {
        end[0] -= tau;
        add_scaled(&mut standing.amounts[body.place(input)], 1.0, &rate);
    }
    moments.push(Moment { time, act: Act::Start(input, rate) });
    moments.push(Moment { time: end, act: Act::Stop(input, less) });
}
