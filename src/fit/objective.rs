//! -2 ln likelihood (or a sum of squares) of a theory at coordinates, with its exact gradient and Hessian.

use nalgebra::{DMatrix, DVector};

use super::residual::Residual;
use super::samples::{Dosing, Sampled};
use super::theory::Theory;
use crate::error::Result;
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
pub(super) fn objective(theory: &Theory, all: &[Sampled], x: &[f64], second: bool) -> Option<Jet> {
    let space = Space { unknowns: x.len(), second };
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

/// A jet as a value with gradient and Hessian.
pub(super) fn near(jet: &Jet, n: usize) -> Near {
    Near {
        value: jet[0],
        gradient: DVector::from_fn(n, |i, _| jet[1 + i]),
        hessian: DMatrix::from_fn(n, n, |i, j| jet[at_second(n, i, j)]),
    }
}
