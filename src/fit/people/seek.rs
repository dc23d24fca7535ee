//! The way to the numbers of a population: quasi-Newton steps, modes from several starts, and Newton's steps at the end.

use nalgebra::{DMatrix, DVector};

use super::layout::Layout;
use super::outer::Search;
use super::vanish::{hold, release};
use crate::numeric::Descent;

/// Slopes less steep than this, in halves of logarithms, end a search.
pub(super) const SLOPE: f64 = 1e-5;
/// So many times as steep where modes lie on edges, whose place is known to some 1e-9.
const ON_EDGE: f64 = 50.0;
/// And a Newton step that promises less than this.
pub(super) const PROMISED: f64 = 1e-6;

/// Where a search ended.
pub(super) struct Found {
    pub(super) descent: Descent,
    pub(super) hessian: Option<DMatrix<f64>>,
    pub(super) settled: bool,
}

/// The way to an end; where a variance went to zero, a second one on which it starts anew from what is found by then. The objective may be low at
/// zero and lower apart from it, so that a variance that was overshot on a long way would never come back.
pub(super) fn seek(search: &mut Search<'_, '_>, x: &[f64], layout: &Layout) -> Option<Found> {
    let found = seek_once(search, x, layout)?;
    let first = search.held.clone();
    let mut full = search.full(&found.descent.x);
    if !release(search, layout, &mut full) {
        return Some(found);
    }
    let begin = search.moving(&full);
    match seek_once(search, &begin, layout) {
        Some(next) if next.descent.value < found.descent.value - PROMISED => Some(next),
        _ => {
            search.held = first;
            search.see(&found.descent.x)?;
            Some(found)
        }
    }
}

/// Quasi-Newton steps, modes from several starts, and Newton's steps at the end; what goes to zero is held there.
fn seek_once(search: &mut Search<'_, '_>, x: &[f64], layout: &Layout) -> Option<Found> {
    let mut x = x.to_vec();
    let mut steps = 0;
    for _ in 0..12 {
        let mut descent = search.descend(&x)?;
        steps += descent.steps;
        x.clone_from(&descent.x);
        if hold(search, layout, &mut x) {
            continue;
        }
        let (settled, hessian) = polish(search, &mut descent)?;
        steps += 1;
        let same = search.see(&descent.x)?;
        x.clone_from(&descent.x);
        if !same {
            continue;
        }
        descent.steps = steps;
        return Some(Found { descent, hessian, settled });
    }
    let (value, gradient) = search.slope(&x)?;
    let descent = Descent { x, value, gradient, steps, promised: f64::NAN };
    Some(Found { descent, hessian: None, settled: false })
}

/// Newton's steps with a Hessian by differences of the slopes, until neither slope nor promise is left.
fn polish(search: &mut Search<'_, '_>, descent: &mut Descent) -> Option<(bool, Option<DMatrix<f64>>)> {
    let mut hessian = search.hessian(&descent.x)?;
    for round in 0..8 {
        let Some(root) = hessian.clone().cholesky() else { return Some((false, Some(hessian))) };
        let gradient = DVector::from_column_slice(&descent.gradient);
        let step = -root.solve(&gradient);
        descent.promised = -0.5 * step.dot(&gradient);
        if search.steepest(gradient.as_slice()) < 0.01 * least_slope(search) && descent.promised < PROMISED {
            return Some((true, Some(hessian)));
        }
        let there: Vec<f64> = descent.x.iter().zip(step.iter()).map(|(x, step)| x + step).collect();
        let Some((value, slopes)) = search.slope(&there) else { break };
        if value > descent.value + 1e-9 * (1.0 + value.abs()) {
            break;
        }
        let far = step.amax() > 0.02;
        let before = search.steepest(gradient.as_slice());
        (descent.x, descent.value, descent.gradient) = (there, value, slopes);
        let after = search.steepest(&descent.gradient);
        if far || (after > 0.5 * before && round < 7) {
            hessian = search.hessian(&descent.x)?;
        }
    }
    let steepest = search.steepest(&descent.gradient);
    let settled = steepest < least_slope(search) && descent.promised < PROMISED && hessian.clone().cholesky().is_some();
    Some((settled, Some(hessian)))
}

/// Slopes less steep than this are none: where modes lie on edges they are known less well.
fn least_slope(search: &Search<'_, '_>) -> f64 {
    if search.is_on_edge() { ON_EDGE * SLOPE } else { SLOPE }
}
