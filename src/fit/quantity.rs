//! A quantity whose profile is sought, with its slopes.

use nalgebra::DMatrix;

/// One of the coordinates, or a function of them.
#[derive(Clone, Copy)]
pub(super) enum Quantity<'a> {
    Coordinate(usize),
    /// `None` where it has no value. Its derivatives are differences of the function alone, never of the course.
    Function(&'a dyn Fn(&[f64]) -> Option<f64>),
}

/// The step of differences.
const H: f64 = 1e-3;

impl Quantity<'_> {
    pub(super) fn at(&self, x: &[f64]) -> Option<f64> {
        match self {
            Self::Coordinate(i) => Some(x[*i]),
            Self::Function(f) => f(x),
        }
    }

    /// The slope along one coordinate, by differences of the fourth order.
    pub(super) fn slope(&self, x: &[f64], i: usize) -> Option<f64> {
        match self {
            Self::Coordinate(own) => Some(if *own == i { 1.0 } else { 0.0 }),
            Self::Function(f) => Some(slope(&around(f, x, i)?)),
        }
    }

    pub(super) fn slopes(&self, x: &[f64]) -> Option<Vec<f64>> {
        (0..x.len()).map(|i| self.slope(x, i)).collect()
    }

    /// The slopes, and the curvatures by differences of the second order or higher from much the same points.
    pub(super) fn shape(&self, x: &[f64]) -> Option<(Vec<f64>, DMatrix<f64>)> {
        let n = x.len();
        let Self::Function(f) = self else { return Some((self.slopes(x)?, DMatrix::zeros(n, n))) };
        let here = f(x)?;
        let points: Vec<[f64; 4]> = (0..n).map(|i| around(f, x, i)).collect::<Option<_>>()?;
        let mut curvatures = DMatrix::zeros(n, n);
        for (i, [a, b, c, d]) in points.iter().enumerate() {
            curvatures[(i, i)] = (16.0 * (b + c) - (a + d) - 30.0 * here) / (12.0 * H * H);
            for j in 0..i {
                let both = |step: f64| {
                    let mut x = x.to_vec();
                    (x[i], x[j]) = (x[i] + step, x[j] + step);
                    f(&x)
                };
                let alone = b + c + points[j][1] + points[j][2];
                let mixed = (both(H)? + both(-H)? - alone + 2.0 * here) / (2.0 * H * H);
                (curvatures[(i, j)], curvatures[(j, i)]) = (mixed, mixed);
            }
        }
        Some((points.iter().map(slope).collect(), curvatures))
    }
}

/// The values two and one step below, and one and two above.
fn around(f: impl Fn(&[f64]) -> Option<f64>, x: &[f64], i: usize) -> Option<[f64; 4]> {
    let at = |step: f64| {
        let mut x = x.to_vec();
        x[i] += step * H;
        f(&x)
    };
    Some([at(-2.0)?, at(-1.0)?, at(1.0)?, at(2.0)?])
}

fn slope([a, b, c, d]: &[f64; 4]) -> f64 {
    (a - 8.0 * b + 8.0 * c - d) / (12.0 * H)
}
