//! The first-order objective: the levels as a line in the deviations about none.

use nalgebra::{DMatrix, DVector};

use super::inner::{Inner, root};
use super::slopes::Slopes;
use super::term::{ERROR, TYPICAL};
use crate::fit::samples::{Reading, Report};
use crate::sensitivity::{Jet, Space, at_second};

/// What a person adds, with its slopes, and the deviations that the line explains best.
pub(super) struct Line {
    pub(super) ofv: f64,
    pub(super) slopes: Slopes,
    pub(super) eta: Vec<f64>,
    pub(super) curvature: DMatrix<f64>,
}

/// A sample as a line: its mean and its variance by the coordinates of the person, and the variance by those of the error.
struct Straight {
    off: f64,
    mean: Jet,
    variance: f64,
    /// What the scale of comparison adds.
    scale: f64,
    by_person: Vec<f64>,
    by_error: Vec<f64>,
}

/// `ln |C| + r' C^-1 r` with `C = A Omega A' + R`, written as the least of `sum (r - a eta)^2/R + eta' Omega^-1 eta` and determinants, whose slopes
/// are those with `eta` held.
pub(super) fn line(inner: &Inner<'_>) -> Option<Line> {
    let (layout, over) = (inner.layout, &inner.place.omega.inverse);
    let (n, m) = (layout.eta.len(), layout.person());
    let all = straight(inner)?;
    let slope = |own: &Straight, i: usize| own.mean[1 + layout.eta[i]];
    let (mut curvature, mut pull) = (over.clone(), DVector::zeros(n));
    for own in &all {
        for i in 0..n {
            pull[i] += slope(own, i) * own.off / own.variance;
            for j in 0..n {
                curvature[(i, j)] += slope(own, i) * slope(own, j) / own.variance;
            }
        }
    }
    let (ln_det, cholesky) = root(&curvature)?;
    let (eta, inverse) = (cholesky.solve(&pull), cholesky.inverse());
    let swing = over * &eta;
    let mut ofv = inner.place.omega.ln_det + ln_det + eta.dot(&swing);
    let (mut z, mut error) = (vec![0.0; m], vec![0.0; layout.errors()]);
    for own in &all {
        let left = own.off - (0..n).map(|i| slope(own, i) * eta[i]).sum::<f64>();
        let r = own.variance;
        let wide = |i: usize| (0..n).map(|j| inverse[(i, j)] * slope(own, j)).sum::<f64>();
        let along: Vec<f64> = (0..n).map(wide).collect();
        let square: f64 = (0..n).map(|i| along[i] * slope(own, i)).sum();
        ofv += left * left / r + r.ln() + own.scale;
        // By the variance: of the square, the logarithm and the curvature.
        let by_variance = (1.0 - left * left / r - square / r) / r;
        for (k, z) in z.iter_mut().enumerate() {
            let bent = |i: usize| own.mean[at_second(m, layout.eta[i], k)];
            let line = own.mean[1 + k] + (0..n).map(|i| bent(i) * eta[i]).sum::<f64>();
            let wider: f64 = (0..n).map(|i| along[i] * bent(i)).sum();
            *z += by_variance * own.by_person[k] - 2.0 * left / r * line + 2.0 * wider / r;
        }
        error.iter_mut().zip(&own.by_error).for_each(|(sum, slope)| *sum += by_variance * slope);
    }
    let omega = over - &swing * swing.transpose() - over * inverse * over;
    ofv.is_finite().then(|| Line { ofv, slopes: Slopes { z, error, omega }, eta: eta.as_slice().to_vec(), curvature })
}

fn straight(inner: &Inner<'_>) -> Option<Vec<Straight>> {
    let (layout, errors) = (inner.layout, &inner.place.residual);
    let (local, m) = (errors.space(), layout.person());
    let person = Space { unknowns: m, second: true };
    let of = |(level, reading): (&[f64], Reading)| {
        let residual = errors.of(reading);
        // The mean goes by the first coordinate, the variance by the second; both are the level here.
        let (own, base) = (local.unknown(level[0], 0), local.unknown(level[0], TYPICAL));
        let (mean, variance) = residual.normal_apart(reading, (&own, &base))?;
        let Report::Level(measured) = reading.report else { return None };
        let curve = [mean[0], mean[1], mean[at_second(local.unknowns, 0, 0)]];
        let (measured, scale) = residual.compared(measured)?;
        let by_level = variance[1] + variance[1 + TYPICAL];
        (variance[0] > 0.0).then(|| Straight {
            off: measured - mean[0],
            mean: person.of(curve, level),
            variance: variance[0],
            scale,
            by_person: (0..m).map(|k| by_level * level[1 + k]).collect(),
            by_error: (0..layout.errors()).map(|k| variance[1 + ERROR + k]).collect(),
        })
    };
    inner.typical.rows().zip(inner.person.readings()).map(of).collect()
}
