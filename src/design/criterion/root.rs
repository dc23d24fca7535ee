//! The root of a small matrix, without a heap.

use nalgebra::DMatrix;
use smallvec::SmallVec;

/// The lower root of a symmetric matrix, row by row.
pub(super) struct Root {
    n: usize,
    rows: SmallVec<[f64; 64]>,
}

/// What is left of the information on a number, after that on others, that is rounding: so much over the least share that was left of a number before,
/// since rounding in what is taken away grows as that share falls. A search would find such rounding and take it for information.
const NOTHING: f64 = 1e-12;

impl Root {
    /// None where the matrix is not positive definite, or where a number is not told apart from others but for rounding.
    pub(super) fn of(matrix: &DMatrix<f64>) -> Option<Self> {
        let n = matrix.nrows();
        let mut rows: SmallVec<[f64; 64]> = SmallVec::from_slice(matrix.as_slice());
        let mut least = 1.0_f64;
        for i in 0..n {
            let own = rows[i * n + i];
            for j in 0..=i {
                let sum: f64 = (0..j).map(|k| rows[i * n + k] * rows[j * n + k]).sum();
                let rest = rows[i * n + j] - sum;
                if i > j {
                    rows[i * n + j] = rest / rows[j * n + j];
                } else if rest * least > NOTHING * own && rest.is_finite() {
                    least = least.min(rest / own);
                    rows[i * n + i] = rest.sqrt();
                } else {
                    return None;
                }
            }
        }
        Some(Self { n, rows })
    }

    /// The logarithm of the determinant of the matrix.
    pub(super) fn ln_det(&self) -> f64 {
        2.0 * (0..self.n).map(|i| self.rows[i * self.n + i].ln()).sum::<f64>()
    }

    /// `x' M^-1 x`.
    pub(super) fn square(&self, x: &[f64]) -> f64 {
        let n = self.n;
        let mut half: SmallVec<[f64; 16]> = SmallVec::from_slice(x);
        for i in 0..n {
            let sum: f64 = (0..i).map(|k| self.rows[i * n + k] * half[k]).sum();
            half[i] = (half[i] - sum) / self.rows[i * n + i];
        }
        half.iter().map(|own| own * own).sum()
    }
}
