//! The levels at samples: alone, and with derivatives by the general way.

use super::dosing::Dosing;
use super::samples::Sampled;
use super::theory::Theory;
use crate::error::Result;
use crate::model::Model;
use crate::sensitivity::{Jet, Moving, Number, Space, settled_sights, sights};

/// The levels at the samples by a theory at values of its unknowns.
pub(super) fn levels((theory, values): (&Theory, &[f64]), sampled: &Sampled) -> Result<Vec<f64>> {
    match &sampled.dosing {
        _ if sampled.samples.times().is_empty() => Ok(Vec::new()),
        Dosing::Table(table) if table.regimen_for(theory).is_none() => table.levels(theory, values),
        _ => levels_of(&theory.model_of(sampled, values)?, sampled),
    }
}

/// The levels of a model at the samples of a course or of a cycle.
pub(super) fn levels_of(model: &Model, sampled: &Sampled) -> Result<Vec<f64>> {
    let times = sampled.samples.times();
    match (&sampled.dosing, sampled.dosing.regimen()) {
        _ if times.is_empty() => Ok(Vec::new()),
        (_, Some(regimen)) => model.concentrations(regimen, times),
        (Dosing::Settled(dosing), None) => Ok(model.steady_state(dosing.clone())?.profile(times)?.conc().to_vec()),
        (Dosing::Course(_) | Dosing::Table(_), None) => Ok(Vec::new()), // those are seen record by record
    }
}

/// The levels of a model whose numbers move.
pub(super) fn seen(
    model: &Model,
    sampled: &Sampled,
    space: Space,
    jet: impl Fn(Number) -> Option<Jet>,
) -> Result<Vec<Jet>> {
    let (times, body) = (sampled.samples.times(), Moving::new(model, space, jet).for_levels());
    let sights = match (&sampled.dosing, sampled.dosing.regimen()) {
        (_, Some(regimen)) => sights(&model.clone().into(), &mut [body], regimen, times)?,
        (Dosing::Settled(dosing), None) => settled_sights(model, body, dosing, times)?,
        (Dosing::Course(_) | Dosing::Table(_), None) => Vec::new(), // those are seen record by record
    };
    Ok(sights.into_iter().map(|sight| sight.conc).collect())
}
