//! The slopes of what a person adds to the objective, the response of the mode included.

use nalgebra::{DMatrix, DVector};

use super::ahead::Ahead;
use super::corner::Corner;
use super::inner::{Inner, Mode, Sight, root};
use super::layout::Place;
use super::slopes::Slopes;
use super::term::Term;
use crate::fit::rows::Levels;
use crate::numeric::fourth;

/// The slopes of `ln |H|` without those through the covariance.
struct OfCurvature {
    /// By the coordinates of the typical person; without interaction the variance moves with them.
    z: Vec<f64>,
    /// By the deviations.
    eta: DVector<f64>,
    error: Vec<f64>,
}

/// The slopes of `l + ln |Omega| + ln |H|` at a mode.
///
/// The mode moves with the place as `d eta = -l_ee^-1 d l_e`, and only `ln |H|` feels that, since `l` is least there.
///
/// `inverse` is that of the curvature. Gives besides how the mode moves.
pub(super) fn slopes(inner: &Inner<'_>, mode: &Mode, inverse: &DMatrix<f64>) -> Option<(Slopes, Option<Ahead>)> {
    let (sight, layout) = (&mode.sight, inner.layout);
    let is_exact = inner.method.is_exact() && mode.corner.is_none();
    let by = if is_exact { by_differences(inner, mode)? } else { expected(inner, sight, inverse) };
    let (mut z, mut error) = (by.z, by.error);
    let (response, ahead) = if let Some(corner) = &mode.corner {
        let (response, edge) = corner.response(&layout.eta, &by.eta, by_share(inner, (sight, corner), inverse))?;
        z.iter_mut().zip(&corner.normal).for_each(|(slope, normal)| *slope -= edge * normal);
        (response, None)
    } else {
        let bend = root(&mode.near.hessian)?.1.inverse();
        (&bend * &by.eta, Some(Ahead::new(inner, mode, bend)))
    };
    let mut bases = inner.typical.rows();
    for (level, term) in sight.levels.rows().zip(&sight.terms) {
        // How far the level goes with the response.
        let along: f64 = layout.eta.iter().zip(response.iter()).map(|(i, y)| y * level[1 + i]).sum();
        let typical = bases.next();
        for ((i, slope), bent) in z.iter_mut().enumerate().zip(inner.bent(level, response.as_slice())) {
            *slope += term.own[0] * (level[1 + i] - bent) - term.own[1] * level[1 + i] * along;
            if let Some(typical) = typical {
                *slope += typical[1 + i] * (term.typical[0] - term.typical[1] * along);
            }
        }
        for (i, slope) in error.iter_mut().enumerate() {
            *slope += term.error[i] - term.own_error[i] * along;
        }
    }
    let over = &inner.place.omega.inverse;
    let pull = over * DVector::from_column_slice(&mode.eta);
    let swing = over * response;
    let cross = &swing * pull.transpose();
    let omega = over - &pull * pull.transpose() - over * inverse * over + &cross + cross.transpose();
    Some((Slopes { z, error, omega }, ahead))
}

/// The slope of the expected `ln |H|` by the share that the slopes of one side of an edge have.
fn by_share(inner: &Inner<'_>, (sight, corner): (&Sight, &Corner), inverse: &DMatrix<f64>) -> f64 {
    let eta = &inner.layout.eta;
    let of = |((level, term), jump): ((&[f64], &Term), &Vec<f64>)| {
        let along = |(a, i): (usize, &usize)| -> f64 {
            let own: f64 = eta.iter().enumerate().map(|(b, j)| inverse[(a, b)] * level[1 + j]).sum();
            own * jump[*i]
        };
        2.0 * term.told.value * eta.iter().enumerate().map(along).sum::<f64>()
    };
    sight.levels.rows().zip(&sight.terms).zip(&corner.jumps).map(of).sum()
}

/// Of the expected curvature `Omega^-1 + sum told a a'`.
fn expected(inner: &Inner<'_>, sight: &Sight, inverse: &DMatrix<f64>) -> OfCurvature {
    let (layout, m) = (inner.layout, inner.layout.person());
    let n = layout.eta.len();
    let mut all = vec![0.0; m];
    let mut typical = vec![0.0; m];
    let mut error = vec![0.0; layout.errors()];
    let mut along = vec![0.0; n];
    let mut bases = inner.typical.rows();
    for (level, term) in sight.levels.rows().zip(&sight.terms) {
        let told = &term.told;
        for (a, along) in along.iter_mut().enumerate() {
            *along = (0..n).map(|b| inverse[(a, b)] * level[1 + layout.eta[b]]).sum();
        }
        let square: f64 = along.iter().zip(&layout.eta).map(|(w, i)| w * level[1 + i]).sum();
        for ((i, slope), bent) in all.iter_mut().enumerate().zip(inner.bent(level, &along)) {
            *slope += told.by_own * level[1 + i] * square + 2.0 * told.value * bent;
        }
        if let Some(base) = bases.next() {
            typical.iter_mut().enumerate().for_each(|(i, slope)| *slope += told.by_typical * base[1 + i] * square);
        }
        error.iter_mut().enumerate().for_each(|(i, slope)| *slope += told.by_error[i] * square);
    }
    let eta = DVector::from_iterator(n, layout.eta.iter().map(|i| all[*i]));
    let z = all.iter().zip(&typical).map(|(own, typical)| own + typical).collect();
    OfCurvature { z, eta, error }
}

/// The step of the differences of `ln |H|`, where a coordinate is a logarithm; their error goes by its fourth power.
const STEP: f64 = 1e-3;

/// Of the exact curvature, by central differences of the fourth order of the exact `ln |H|`: third derivatives of the levels are not formed.
fn by_differences(inner: &Inner<'_>, mode: &Mode) -> Option<OfCurvature> {
    let layout = inner.layout;
    let own = layout.moved(&inner.place.z, &mode.eta);
    let over = &inner.place.omega.inverse;
    let ln_det = |inner: &Inner<'_>, levels: &Levels| Some(root(&(0.5 * inner.sum(levels)?.hessian + over))?.0);
    // Where only the person moves.
    let at = |z: &[f64]| ln_det(inner, &inner.person.levels(z, true)?);
    // A step that moves no level by more than a small share; of a number sought as it is, nor by far less.
    let free = layout.joint.free();
    let step = |i: usize| {
        let share = |row: &[f64]| (row[1 + i] / row[0]).abs();
        let most = mode.sight.levels.rows().map(share).filter(|own| own.is_finite()).fold(0.0, f64::max);
        let least = if most > 0.0 && free[i].1.is_as_it_is() { 1e-9 } else { 1.0 };
        STEP / most.clamp(least, 10.0)
    };
    let shifted = |z: &[f64], i: usize, step: f64| {
        let mut z = z.to_vec();
        z[i] += step;
        z
    };
    let by_person = |i: usize| fourth(step(i), |step| at(&shifted(&own, i, step)));
    let with_typical = |i: usize| {
        fourth(step(i), |step| {
            let typical = inner.person.levels(&shifted(&inner.place.z, i, step), true)?;
            let moved = Inner::with(layout, inner.place, inner.person, (inner.method, typical));
            ln_det(&moved, &inner.person.levels(&shifted(&own, i, step), true)?)
        })
    };
    let all: Vec<f64> = (0..layout.person()).map(by_person).collect::<Option<_>>()?;
    let eta = DVector::from_iterator(layout.eta.len(), layout.eta.iter().map(|i| all[*i]));
    let z =
        if inner.method.interacts() { all } else { (0..layout.person()).map(with_typical).collect::<Option<_>>()? };
    // The levels stay where the numbers of the error move.
    let by_error = |i: usize| {
        fourth(STEP, |step| {
            let residual = layout.residual(&shifted(&inner.place.error, i, step));
            let place = Place { z: Vec::new(), error: Vec::new(), residual, omega: inner.place.omega.clone() };
            let moved = Inner::with(layout, &place, inner.person, (inner.method, inner.typical.clone()));
            ln_det(&moved, &mode.sight.levels)
        })
    };
    let error = (0..layout.errors()).map(by_error).collect::<Option<_>>()?;
    Some(OfCurvature { z, eta, error })
}
