//! The least value of a smooth function of a few numbers, by its exact gradient and Hessian within a radius of trust.

use nalgebra::{DMatrix, DVector, SymmetricEigen};
use smallvec::SmallVec;

/// A function near a point: value, gradient, Hessian.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Near {
    pub(crate) value: f64,
    pub(crate) gradient: DVector<f64>,
    pub(crate) hessian: DMatrix<f64>,
}

impl Near {
    /// The same along some of the coordinates alone.
    pub(crate) fn of(&self, coordinates: &[usize]) -> Self {
        let n = coordinates.len();
        Self {
            value: self.value,
            gradient: DVector::from_fn(n, |i, _| self.gradient[coordinates[i]]),
            hessian: DMatrix::from_fn(n, n, |i, j| self.hessian[(coordinates[i], coordinates[j])]),
        }
    }
}

/// How a search ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Least {
    pub(crate) x: Vec<f64>,
    pub(crate) near: Near,
    pub(crate) steps: u32,
    /// Whether a full Newton step promises nothing more, and the curvature is upward in every direction.
    pub(crate) settled: bool,
    /// By how much a full Newton step would lower the value (or, where not all curvatures are upward, one of length 1).
    pub(crate) promised: f64,
}

impl Least {
    /// Whether a search at `x`, from which a full Newton step leads to `there`, is about to come to this end: to within a quarter of the way.
    pub(crate) fn is_ahead(&self, x: &[f64], there: &[f64]) -> bool {
        self.is_ahead_within((x, there), (1.0, 0.25))
    }

    /// The same for a way no longer than `longest`, of which a `share` may be left.
    pub(crate) fn is_ahead_within(&self, (x, there): (&[f64], &[f64]), (longest, share): (f64, f64)) -> bool {
        let far = |x: &[f64]| x.iter().zip(&self.x).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let way = far(x);
        self.settled && way <= longest && far(there) <= share * way + 1e-9
    }
}

/// The most steps of a search.
const MOST_STEPS: u32 = 200;
/// The most steps in a row that gain nothing.
const MOST_IDLE: u32 = 12;
/// When a search ends: what may still be promised, of the size of the value, and the length of the step that promises it. That step is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Close {
    pub(crate) promised: f64,
    pub(crate) step: f64,
}

impl Close {
    /// So close that nothing is left but rounding.
    pub(crate) const ROUNDING: Self = Self { promised: 1e-12, step: 1e-7 };
}

/// Seeks the least value of `f` from `x` on; `f` is `None` where it has no value. Nothing is found where it has none at the start.
pub(crate) fn least(f: impl FnMut(&[f64]) -> Option<Near>, x: &[f64]) -> Option<Least> {
    least_unless(f, x, |_, _| false)
}

/// The same, given up as soon as `known` says so of where the search is and of where a full Newton step leads: at an end that is known.
pub(crate) fn least_unless(
    f: impl FnMut(&[f64]) -> Option<Near>,
    x: &[f64],
    known: impl Fn(&[f64], &[f64]) -> bool,
) -> Option<Least> {
    least_until(f, x, known, Close::ROUNDING)
}

/// The same, ended as close as is asked.
pub(crate) fn least_until(
    mut f: impl FnMut(&[f64]) -> Option<Near>,
    x: &[f64],
    known: impl Fn(&[f64], &[f64]) -> bool,
    close: Close,
) -> Option<Least> {
    let (mut x, mut near) = (DVector::from_column_slice(x), f(x)?);
    let (mut radius, mut steps, mut idle) = (1.0, 0, 0);
    loop {
        let newton = newton(&near);
        if let Some((step, promised)) = &newton {
            let there = &x + step;
            if known(x.as_slice(), there.as_slice()) {
                return None;
            }
            if *promised <= close.promised * (1.0 + near.value.abs()) && step.amax() <= close.step {
                // The step is so short that it is taken unseen, if the value there is not above by more than rounding.
                let most = near.value + 1e-13 * (1.0 + near.value.abs());
                if let Some(next) = f(there.as_slice()).filter(|next| next.value <= most) {
                    (x, near) = (there, next);
                }
                return Some(Least { x: x.as_slice().to_vec(), near, steps, settled: true, promised: *promised });
            }
        }
        if steps == MOST_STEPS || idle == MOST_IDLE || radius < 1e-14 {
            let upward = newton.is_some();
            let promised = newton.map_or_else(|| Shape::of(&near).within(1.0).1, |(_, promised)| promised);
            // Where rounding hides any further decrease, the promise says how little is left.
            let settled = upward && promised <= 1e-9 * (1.0 + near.value.abs());
            return Some(Least { x: x.as_slice().to_vec(), near, steps, settled, promised });
        }
        steps += 1;
        // The directions of the curvatures are asked for only where the full step is not to be trusted.
        let (step, promised) =
            newton.filter(|(step, _)| step.norm() <= radius).unwrap_or_else(|| Shape::of(&near).within(radius));
        let there = &x + &step;
        let next = f(there.as_slice()).filter(|next| next.value.is_finite());
        let gained = next.as_ref().map_or(f64::NEG_INFINITY, |next| near.value - next.value);
        idle = if gained <= 1e-15 * (1.0 + near.value.abs()) { idle + 1 } else { 0 };
        let ratio = gained / promised;
        // A promise below the rounding of the value cannot be judged by the value.
        let is_rounding = promised < 1e-13 * (1.0 + near.value.abs());
        if ratio < 0.25 && !is_rounding {
            radius = 0.25 * step.norm();
        } else if ratio > 0.75 && step.norm() > 0.9 * radius {
            radius = (2.0 * radius).min(8.0);
        }
        match next {
            Some(next) if gained > 0.0 || is_rounding && gained > -1e-12 * (1.0 + near.value.abs()) => {
                (x, near) = (there, next);
            }
            _ if is_rounding => radius *= 0.25,
            _ => {}
        }
    }
}

/// The full Newton step and what it promises, if every curvature is upward: by the Cholesky root of the Hessian.
fn newton(near: &Near) -> Option<(DVector<f64>, f64)> {
    let n = near.gradient.len();
    let mut root: SmallVec<[f64; 36]> = SmallVec::from_slice(near.hessian.as_slice());
    let most = (0..n).map(|i| root[i * n + i].abs()).fold(0.0, f64::max);
    let mut step = -&near.gradient;
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| root[i * n + k] * root[j * n + k]).sum();
            let rest = root[i * n + j] - sum;
            if i > j {
                root[i * n + j] = rest / root[j * n + j];
            } else if rest > 1e-14 * most {
                root[i * n + i] = rest.sqrt();
            } else {
                return None;
            }
        }
        let sum: f64 = (0..i).map(|k| root[i * n + k] * step[k]).sum();
        step[i] = (step[i] - sum) / root[i * n + i];
    }
    let promised = 0.5 * step.norm_squared();
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| root[k * n + i] * step[k]).sum();
        step[i] = (step[i] - sum) / root[i * n + i];
    }
    promised.is_finite().then_some((step, promised))
}

/// The gradient in the directions of the curvatures.
struct Shape {
    curvatures: DVector<f64>,
    directions: DMatrix<f64>,
    slopes: DVector<f64>,
}

impl Shape {
    fn of(near: &Near) -> Self {
        let eigen = SymmetricEigen::new(near.hessian.clone());
        let slopes = eigen.eigenvectors.tr_mul(&near.gradient);
        Self { curvatures: eigen.eigenvalues, directions: eigen.eigenvectors, slopes }
    }

    /// The step no longer than `radius` that promises most, and its promise (Moré and Sorensen, SIAM J Sci Stat Comput 4 (1983) 553).
    fn within(&self, radius: f64) -> (DVector<f64>, f64) {
        let least = self.curvatures.min();
        let length = |shift: f64| {
            self.slopes.iter().zip(&self.curvatures).map(|(g, c)| (g / (c + shift)).powi(2)).sum::<f64>().sqrt()
        };
        let floor = (-least).max(0.0);
        let tiny = 1e-12 * (1.0 + self.curvatures.amax());
        let mut shift = if least > 0.0 && length(0.0) <= radius { 0.0 } else { f64::NAN };
        if shift.is_nan() {
            // The length falls with the shift: bisection between where it is too long and where it is too short.
            let (mut low, mut high) = (floor + tiny, floor + tiny + self.slopes.norm() / radius);
            for _ in 0..100 {
                let middle = 0.5 * (low + high);
                if length(middle) > radius {
                    low = middle;
                } else {
                    high = middle;
                }
                if high - low <= 1e-6 * high {
                    break;
                }
            }
            shift = high;
        }
        let mut along = DVector::from_fn(self.slopes.len(), |i, _| -self.slopes[i] / (self.curvatures[i] + shift));
        // Where the slope has no part along a downward curvature, the step goes down there to the radius.
        if least < 0.0 && along.norm() < 0.8 * radius {
            let (lowest, _) = self.curvatures.argmin();
            let more = (radius * radius - along.norm_squared()).sqrt();
            along[lowest] += if self.slopes[lowest] > 0.0 { -more } else { more };
        }
        let promised: f64 =
            (0..along.len()).map(|i| -along[i] * (self.slopes[i] + 0.5 * self.curvatures[i] * along[i])).sum();
        (&self.directions * along, promised)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley.
    #[expect(clippy::unnecessary_wraps, reason = "as `least` asks")]
    fn valley(x: &[f64]) -> Option<Near> {
        let [a, b] = [x[0], x[1]];
        let (off, rest) = (b - a * a, 1.0 - a);
        Some(Near {
            value: 100.0 * off * off + rest * rest,
            gradient: DVector::from_vec(vec![-400.0 * a * off - 2.0 * rest, 200.0 * off]),
            hessian: DMatrix::from_row_slice(2, 2, &[1200.0 * a * a - 400.0 * b + 2.0, -400.0 * a, -400.0 * a, 200.0]),
        })
    }

    #[test]
    fn the_end_of_a_curved_valley_is_found() {
        for start in [[-1.2, 1.0], [3.0, -4.0], [0.0, 0.0]] {
            let found = least(valley, &start).expect("a value at the start");
            assert!(found.settled, "{found:?}");
            assert!((found.x[0] - 1.0).abs() < 1e-9 && (found.x[1] - 1.0).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn a_saddle_is_no_end() {
        // x^4 - x^2 + y^2 from its saddle at 0, where the gradient is zero.
        let f = |x: &[f64]| {
            let [a, b] = [x[0], x[1]];
            Some(Near {
                value: a.powi(4) - a * a + b * b,
                gradient: DVector::from_vec(vec![4.0 * a.powi(3) - 2.0 * a, 2.0 * b]),
                hessian: DMatrix::from_row_slice(2, 2, &[12.0 * a * a - 2.0, 0.0, 0.0, 2.0]),
            })
        };
        let found = least(f, &[0.0, 0.0]).expect("a value at the start");
        assert!(found.settled && (found.x[0].abs() - 0.5_f64.sqrt()).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn a_slope_without_end_does_not_settle() {
        let f = |x: &[f64]| {
            let e = (-x[0]).exp();
            Some(Near { value: e, gradient: DVector::from_vec(vec![-e]), hessian: DMatrix::from_row_slice(1, 1, &[e]) })
        };
        let found = least(f, &[0.0]).expect("a value at the start");
        assert!(found.x[0] > 20.0, "{found:?}"); // on and on, until nothing is promised any more
    }
}
