//! The inverse of what data tell, whatever the units.

use nalgebra::{DMatrix, SymmetricEigen};

/// The inverse of a symmetric matrix scaled to a diagonal of ones, so that units decide nothing; none where some direction has no information.
pub(crate) fn scaled_inverse(information: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    let n = information.nrows();
    let scales: Vec<f64> = (0..n).map(|i| information[(i, i)].sqrt()).collect();
    if scales.iter().any(|scale| !(scale.is_finite() && *scale > 0.0)) {
        return None;
    }
    let scaled = DMatrix::from_fn(n, n, |i, j| information[(i, j)] / (scales[i] * scales[j]));
    let inverse = scaled.clone().cholesky()?.inverse();
    // The norm of the inverse is at least one over the least eigenvalue, the greatest is at most `n`: eigenvalues are asked for only where
    // that does not decide.
    #[expect(clippy::cast_precision_loss, reason = "a count of numbers")]
    let most = n as f64;
    if inverse.norm() * most > 1e12 {
        let eigen = SymmetricEigen::new(scaled);
        if eigen.eigenvalues.min() <= 1e-13 * eigen.eigenvalues.max() {
            return None;
        }
    }
    Some(DMatrix::from_fn(n, n, |i, j| inverse[(i, j)] / (scales[i] * scales[j])))
}
