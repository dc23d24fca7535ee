//! The levels at samples, without derivatives.

use super::dosing::Dosing;
use super::samples::Sampled;
use super::theory::Theory;
use crate::error::Result;
use crate::model::Model;

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
