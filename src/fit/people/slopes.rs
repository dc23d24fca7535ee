//! The slopes of what a person adds.

use nalgebra::DMatrix;

/// Slopes by the coordinates of the typical person, the numbers of the error and the covariance (`dF = tr(omega dOmega)`).
#[derive(Debug, Clone)]
pub(super) struct Slopes {
    pub(super) z: Vec<f64>,
    pub(super) error: Vec<f64>,
    pub(super) omega: DMatrix<f64>,
}
