//! -2 ln likelihood (or a sum of squares) of a theory at coordinates, with its exact gradient and Hessian.

use nalgebra::{DMatrix, DVector};

use super::residual::Residual;
use super::samples::{Dosing, Sampled};
use super::theory::Theory;
use crate::error::Result;
use crate::model::Model;
use crate::numeric::Near;
use crate::sensitivity::{Jet, Space, at_second, settled_sights, sights};

/// The predicted concentrations at the samples, with derivatives by the coordinates.
pub(super) fn predicted(theory: &Theory, space: Space, x: &[f64], sampled: &Sampled) -> Result<Vec<Jet>> {
    let (model, body) = theory.body(space, x)?;
    let times = sampled.samples.times();
    let seen = match &sampled.dosing {
        Dosing::Course(regimen) => sights(&model.into(), &mut [body], regimen, times)?,
        Dosing::Settled(dosing) => settled_sights(&model, body, dosing, times)?,
    };
    Ok(seen.into_iter().map(|sight| sight.conc).collect())
}

/// What some curves add up to, without the constant `n ln 2 pi`; none where nothing has a density.
pub(super) fn objective(theory: &Theory, all: &[Sampled], x: &[f64]) -> Option<Jet> {
    let space = Space { unknowns: x.len(), second: true };
    let residual = Residual::at(theory, space, &theory.jets(space, x));
    let mut sum = space.zero();
    for sampled in all {
        let conc = predicted(theory, space, x, sampled).ok()?;
        for (conc, report) in conc.iter().zip(sampled.samples.reports()) {
            if !residual.add(*report, conc, &mut sum) {
                return None;
            }
        }
    }
    sum.iter().all(|value| value.is_finite()).then_some(sum)
}

/// The value alone, by the fast path.
pub(super) fn value(theory: &Theory, all: &[Sampled], x: &[f64]) -> Option<f64> {
    const PLAIN: Space = Space { unknowns: 0, second: false };
    let values = theory.values(x);
    let named = theory.free().into_iter().zip(&values).map(|((name, _), value)| (name, PLAIN.constant(*value)));
    let residual = Residual::at(theory, PLAIN, &named.collect::<Vec<_>>());
    let model = theory.model(&values).ok()?;
    let mut sum = PLAIN.zero();
    for sampled in all {
        for (conc, report) in levels(&model, sampled).ok()?.iter().zip(sampled.samples.reports()) {
            if !residual.add(*report, &PLAIN.constant(*conc), &mut sum) {
                return None;
            }
        }
    }
    sum[0].is_finite().then_some(sum[0])
}

/// The levels of a model at the samples.
pub(super) fn levels(model: &Model, sampled: &Sampled) -> Result<Vec<f64>> {
    let times = sampled.samples.times();
    match &sampled.dosing {
        Dosing::Course(regimen) => model.concentrations(regimen, times),
        Dosing::Settled(dosing) => Ok(model.steady_state(dosing.clone())?.profile(times)?.conc().to_vec()),
    }
}

/// A jet as a value with gradient and Hessian.
pub(super) fn near(jet: &Jet, n: usize) -> Near {
    Near {
        value: jet[0],
        gradient: DVector::from_fn(n, |i, _| jet[1 + i]),
        hessian: DMatrix::from_fn(n, n, |i, j| jet[at_second(n, i, j)]),
    }
}
