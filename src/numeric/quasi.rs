//! The least value of a smooth function by its gradient alone: BFGS within a longest step.

use nalgebra::{DMatrix, DVector};

/// A place of a search, with what is known there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Descent {
    pub(crate) x: Vec<f64>,
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) steps: u32,
    /// By how much the next step promises to lower the value.
    pub(crate) promised: f64,
}

/// When a search ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ends {
    /// No slope is steeper than this ..
    pub(crate) slope: f64,
    /// .. and no more than this is promised.
    pub(crate) promised: f64,
    pub(crate) steps: u32,
}

/// The longest step, of each coordinate.
const LONGEST: f64 = 1.0;
/// The share of the promised decrease that a step must bring.
const ENOUGH: f64 = 1e-4;

/// Seeks the least value of `f` (value and gradient, none where there is no value) from `x` on, with a first guess of its Hessian.
pub(crate) fn descend(
    mut f: impl FnMut(&[f64]) -> Option<(f64, Vec<f64>)>,
    x: &[f64],
    hessian: &DMatrix<f64>,
    ends: Ends,
) -> Option<Descent> {
    let (mut value, gradient) = f(x)?;
    let (mut x, mut gradient) = (DVector::from_column_slice(x), DVector::from_vec(gradient));
    let first = hessian.clone().cholesky().map_or_else(|| diagonal(hessian), |root| root.inverse());
    let (mut inverse, mut steps, mut fresh) = (first.clone(), 0, true);
    loop {
        let mut step = -(&inverse * &gradient);
        let promised = -0.5 * step.dot(&gradient);
        let is_end = gradient.amax() < ends.slope && promised < ends.promised;
        if is_end || steps == ends.steps {
            return Some(done(&x, value, &gradient, steps, promised));
        }
        let longest = step.amax() / LONGEST;
        if longest > 1.0 {
            step /= longest;
        }
        steps += 1;
        match along(&mut f, (&x, value, &gradient), &step) {
            Some((share, next_value, next_gradient)) => {
                let (moved, change) = (share * &step, &next_gradient - &gradient);
                x += &moved;
                (value, gradient) = (next_value, next_gradient);
                if update(&mut inverse, &moved, &change) {
                    fresh = false;
                }
            }
            // Where no step along it goes down, what was learnt of the curvature is forgotten once.
            None if !fresh => (inverse, fresh) = (first.clone(), true),
            None => return Some(done(&x, value, &gradient, steps, promised)),
        }
    }
}

fn done(x: &DVector<f64>, value: f64, gradient: &DVector<f64>, steps: u32, promised: f64) -> Descent {
    Descent { x: x.as_slice().to_vec(), value, gradient: gradient.as_slice().to_vec(), steps, promised }
}

fn diagonal(hessian: &DMatrix<f64>) -> DMatrix<f64> {
    let n = hessian.nrows();
    let over = |i: usize| if hessian[(i, i)] > 0.0 { 1.0 / hessian[(i, i)] } else { 1.0 };
    DMatrix::from_fn(n, n, |i, j| if i == j { over(i) } else { 0.0 })
}

/// A share of a step that lowers the value enough, with value and gradient there.
fn along(
    f: &mut impl FnMut(&[f64]) -> Option<(f64, Vec<f64>)>,
    (x, value, gradient): (&DVector<f64>, f64, &DVector<f64>),
    step: &DVector<f64>,
) -> Option<(f64, f64, DVector<f64>)> {
    let slope = step.dot(gradient);
    if slope >= 0.0 {
        return None;
    }
    let mut share = 1.0;
    for _ in 0..30 {
        let there = x + share * step;
        if let Some((next, next_gradient)) = f(there.as_slice()) {
            let rounding = 1e-13 * (1.0 + value.abs());
            if next <= value + ENOUGH * share * slope + rounding {
                return Some((share, next, DVector::from_vec(next_gradient)));
            }
            // The least of the parabola through what is known.
            let parabola = -0.5 * slope * share / ((next - value) / share - slope);
            share = if parabola.is_finite() { parabola.clamp(0.1 * share, 0.5 * share) } else { 0.1 * share };
        } else {
            share *= 0.2;
        }
    }
    None
}

/// The update of the inverse Hessian; false where the curvature along the step is not upward.
fn update(inverse: &mut DMatrix<f64>, step: &DVector<f64>, change: &DVector<f64>) -> bool {
    let curvature = step.dot(change);
    if curvature <= 1e-12 * step.norm() * change.norm() {
        return false;
    }
    let moved = &*inverse * change;
    let scale = (1.0 + change.dot(&moved) / curvature) / curvature;
    *inverse += scale * step * step.transpose() - (&moved * step.transpose() + step * moved.transpose()) / curvature;
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_curved_valley_is_found() {
        let valley = |x: &[f64]| {
            let (off, rest) = (x[1] - x[0] * x[0], 1.0 - x[0]);
            let value = 100.0 * off * off + rest * rest;
            (x[0] < 2.5).then(|| (value, vec![-400.0 * x[0] * off - 2.0 * rest, 200.0 * off]))
        };
        let ends = Ends { slope: 1e-9, promised: 1e-18, steps: 200 };
        let found = descend(valley, &[-1.2, 1.0], &DMatrix::identity(2, 2), ends).expect("a value at the start");
        assert!((found.x[0] - 1.0).abs() < 1e-8 && (found.x[1] - 1.0).abs() < 1e-8, "{found:?}");
        assert!(found.steps < 80, "{found:?}");
    }
}
