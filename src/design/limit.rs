//! What a sample tells of its mean and its variance, where it may lie below a limit.

use crate::numeric::{LN_SQRT_TAU, exp, ln_ndtr, ln_ndtr_slope};

/// The expected information of a normal sample on its mean, on both and on its variance: `1/R`, `0`, `1/(2 R^2)` where it is always seen.
pub(super) type Told = [f64; 3];

/// What a sample of mean `m` and variance `r` tells, and how that changes where both move by `by`.
///
/// Below a limit `L`, with `z = (L - m)/sqrt r`, the sample gives `Phi(z)` and above it its density, so that the information is that of the normal
/// distribution above `z`, plus that of the probability below:
/// `mm = (1 - Phi + z phi + phi^2/Phi)/r`, `mr = ((z^2 + 1) phi + z phi^2/Phi)/(2 r^1.5)`, `rr = (2 (1 - Phi) + (z^3 + z) phi + z^2 phi^2/Phi)/(4 r^2)`.
pub(super) fn told([m, r]: [f64; 2], limit: Option<f64>, by: [f64; 2]) -> (Told, Told) {
    let root = r.sqrt();
    let powers = [1.0 / r, 1.0 / (r * root), 1.0 / (r * r)];
    let ([a, b, c], [da, db, dc]) = match limit {
        None => ([1.0, 0.0, 0.5], [0.0; 3]),
        Some(limit) => shares((limit - m) / root),
    };
    let z = limit.map_or(0.0, |limit| (limit - m) / root);
    let dz = -by[0] / root - 0.5 * z * by[1] / r;
    let value = [a * powers[0], b * powers[1], c * powers[2]];
    let shrink = by[1] / r;
    let slope = [
        da * dz * powers[0] - value[0] * shrink,
        db * dz * powers[1] - 1.5 * value[1] * shrink,
        dc * dz * powers[2] - 2.0 * value[2] * shrink,
    ];
    (value, slope)
}

/// The three without the powers of the variance, and their derivatives by `z`.
fn shares(z: f64) -> ([f64; 3], [f64; 3]) {
    if z < -38.0 {
        return ([1.0, 0.0, 0.5], [0.0; 3]);
    }
    if z > 38.0 {
        return ([0.0; 3], [0.0; 3]);
    }
    let (density, hazard) = (exp(-0.5 * z * z - LN_SQRT_TAU), ln_ndtr_slope(z));
    let above = exp(ln_ndtr(-z));
    let (once, twice) = (density * hazard, density * hazard * hazard);
    let bend = -2.0 * z * once - twice; // the derivative of phi^2/Phi
    let square = z * z;
    let value = [
        above + z * density + once,
        0.5 * ((square + 1.0) * density + z * once),
        0.25 * (2.0 * above + (square + 1.0) * z * density + square * once),
    ];
    let slope = [
        -square * density + bend,
        0.5 * ((1.0 - square) * z * density + once + z * bend),
        0.25 * ((-1.0 + 2.0 * square - square * square) * density + 2.0 * z * once + square * bend),
    ];
    (value, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The information as an integral of the squared score over the density above the limit, plus the part below, by a fine rule of Simpson.
    #[test]
    fn the_formulas_are_the_integrals() {
        for z in [-6.0, -2.5, -0.7, 0.0, 0.4, 1.9, 4.0] {
            let phi = |u: f64| exp(-0.5 * u * u - LN_SQRT_TAU);
            let n = 40_000;
            let h = (12.0 - z) / f64::from(n);
            let mut sums = [0.0; 3];
            for i in 0..=n {
                let u = z + f64::from(i) * h;
                let weight = if i == 0 || i == n { 1.0 } else { 2.0 + 2.0 * f64::from(i % 2) } * h / 3.0 * phi(u);
                let (by_mean, by_variance) = (u, 0.5 * (u * u - 1.0));
                for (sum, score) in
                    sums.iter_mut().zip([by_mean * by_mean, by_mean * by_variance, by_variance * by_variance])
                {
                    *sum += weight * score;
                }
            }
            let below = exp(ln_ndtr(z));
            let (by_mean, by_variance) = (-phi(z) / below, -0.5 * z * phi(z) / below);
            let expected = [
                sums[0] + below * by_mean * by_mean,
                sums[1] + below * by_mean * by_variance,
                sums[2] + below * by_variance * by_variance,
            ];
            let (found, _) = told([0.0, 1.0], Some(z), [0.0; 2]);
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-12, "{z}: {found} and {expected}");
            }
        }
    }

    #[test]
    fn slopes_are_those_of_differences() {
        for (m, r, limit) in [(1.3, 0.4, 1.0), (0.2, 0.09, 0.5), (3.0, 0.2, 0.4)] {
            let by = [0.7, -0.05];
            let (_, slope) = told([m, r], Some(limit), by);
            for k in 0..3 {
                let at = |s: f64| told([m + s * by[0], r + s * by[1]], Some(limit), [0.0; 2]).0[k];
                let h = 1e-3;
                let difference = (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
                assert!(
                    (slope[k] - difference).abs() < 1e-8 * (1.0 + difference.abs()),
                    "{k}: {} {difference}",
                    slope[k]
                );
            }
        }
    }
}
