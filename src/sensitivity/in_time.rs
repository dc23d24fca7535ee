//! Levels and how fast they change, both with derivatives by the numbers of a model: what a search for sampling times follows.

use super::doses;
use super::jet::Jet;
use super::moving::Moving;
use super::walk::{Standing, each_look};
use crate::engine::{check, latest};
use crate::error::Result;
use crate::phases::Phases;
use crate::profile::{check_times, last_of};
use crate::regimen::Regimen;

/// The concentration of a regimen at each time, and its slope in time (µg/L an hour), each with its derivatives: the slope by a factor `s` in
/// every transfer, so that nothing is differenced; `bodies` belong to `phases`. Where a dose arrives at the very time it is the slope after it.
pub(crate) fn levels_in_time(
    phases: &Phases,
    bodies: &mut [Moving],
    regimen: &Regimen,
    times: &[f64],
) -> Result<Vec<(Jet, Jet)>> {
    check_times(times)?;
    let until = latest(last_of(times)?);
    phases.iter().try_for_each(|(_, model)| check(model, regimen, until))?;
    let moments = doses::moments(phases, bodies, regimen, until);
    let first =
        moments.first().map_or(f64::INFINITY, |moment| moment.time[0]).min(times.first().copied().unwrap_or(0.0));
    let mut standing = Standing::empty(&bodies[0], first);
    let mut found = Vec::with_capacity(times.len());
    each_look(bodies, &moments, (&mut standing, times), |number, bodies, standing| {
        let amounts = standing.at(bodies, times[number]);
        found.push((bodies[standing.body].conc(&amounts), standing.slope_at(bodies, times[number])));
    });
    Ok(found)
}
