//! Where a mode goes when the place moves: to the first order, so that the next search for it starts a short step away.

use nalgebra::{DMatrix, DVector};

use super::inner::{Inner, Mode};
use super::layout::Place;

/// A mode, and how it moves: `d eta = -l_ee^-1 d l_e`.
#[derive(Debug, Clone)]
pub(super) struct Ahead {
    z: Vec<f64>,
    error: Vec<f64>,
    /// The inverse of the covariance.
    over: DMatrix<f64>,
    eta: DVector<f64>,
    /// `-l_ee^-1`, and with it the slopes by the coordinates of the typical person and by the numbers of the error.
    response: DMatrix<f64>,
    by_z: DMatrix<f64>,
    by_error: DMatrix<f64>,
}

/// The farthest that the first order is trusted.
const FAR: f64 = 0.3;

impl Ahead {
    /// Of a mode, given the inverse of the Hessian of `l` there.
    pub(super) fn new(inner: &Inner<'_>, mode: &Mode, inverse: DMatrix<f64>) -> Self {
        let layout = inner.layout;
        let (n, m) = (layout.eta.len(), layout.person());
        let (mut by_z, mut by_error) = (DMatrix::zeros(n, m), DMatrix::zeros(n, layout.errors()));
        let mut bases = inner.typical.rows();
        for (level, term) in mode.sight.levels.rows().zip(&mode.sight.terms) {
            let base = bases.next();
            for (a, own) in layout.eta.iter().enumerate() {
                let slope = level[1 + own];
                let twice = term.own[1] * slope;
                for i in 0..m {
                    by_z[(a, i)] += twice * level[1 + i] + term.own[0] * level[inner.crossed[i * n + a]];
                    if let Some(base) = base {
                        by_z[(a, i)] += term.typical[1] * slope * base[1 + i];
                    }
                }
                for (by, error) in by_error.row_mut(a).iter_mut().zip(&term.own_error) {
                    *by += slope * error;
                }
            }
        }
        let response = -inverse;
        let Place { z, error, omega, .. } = inner.place;
        Self {
            z: z.clone(),
            error: error.clone(),
            over: omega.inverse.clone(),
            eta: DVector::from_column_slice(&mode.eta),
            by_z: &response * by_z,
            by_error: &response * by_error,
            response,
        }
    }

    /// The mode at another place, as far as the first order tells; none where that is too far.
    pub(super) fn at(&self, place: &Place) -> Option<Vec<f64>> {
        let moved = |to: &[f64], from: &[f64]| {
            DVector::from_iterator(to.len(), to.iter().zip(from).map(|(to, from)| to - from))
        };
        let pull = (&place.omega.inverse - &self.over) * &self.eta * 2.0;
        let step = &self.by_z * moved(&place.z, &self.z)
            + &self.by_error * moved(&place.error, &self.error)
            + &self.response * pull;
        // A comparison that is false of what is no number.
        (step.amax() <= FAR).then(|| (&self.eta + step).as_slice().to_vec())
    }
}
