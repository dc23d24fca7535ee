//! What a sample adds to the joint density of a person, with derivatives by the prediction and by the numbers of the error.

use crate::fit::residual::Residual;
use crate::fit::samples::Report;
use crate::sensitivity::{Jet, Space, at_second};

/// The coordinates of a sample: the level predicted for the person, that predicted without deviations, and the numbers of the error.
pub(super) const OWN: usize = 0;
pub(super) const TYPICAL: usize = 1;
pub(super) const ERROR: usize = 2;

/// What a sample adds.
#[derive(Debug, Clone)]
pub(super) struct Term {
    /// -2 ln of its density, to the second order.
    pub(super) value: Jet,
    /// What it tells on average of the predicted level: `m'^2/R + R'^2/(2 R^2)` of the mean `m` and the variance `R` of what is compared, to the
    /// first order. Zero for a sample outside a limit.
    pub(super) told: Vec<f64>,
}

/// The space of a sample's coordinates with so many numbers of the error.
pub(super) fn local(error: usize) -> Space {
    Space { unknowns: ERROR + error, second: true }
}

/// The term of a report where the person is predicted `own` and the typical one `typical`; `interacts` says by which the variance goes.
pub(super) fn term(
    residual: &Residual,
    report: Report,
    (own, typical): (f64, f64),
    (interacts, told): (bool, bool),
) -> Option<Term> {
    let space = residual.space();
    let conc = space.unknown(own, OWN);
    let base = if interacts { conc.clone() } else { space.unknown(typical, TYPICAL) };
    let mut value = space.zero();
    if !residual.add_apart(report, (&conc, &base), &mut value) {
        return None;
    }
    let told = if told { expected(residual, report, (&conc, &base)) } else { Vec::new() };
    Some(Term { value, told })
}

fn expected(residual: &Residual, report: Report, pair: (&Jet, &Jet)) -> Vec<f64> {
    let space = residual.space();
    let n = space.unknowns;
    let mut told = vec![0.0; 1 + n];
    let Some((mean, variance)) = residual.normal_apart(report, pair) else { return told };
    let (m, r, rf) = (mean[1 + OWN], variance[0], variance[1 + OWN]);
    told[0] = m * m / r + rf * rf / (2.0 * r * r);
    for i in 0..n {
        let second = at_second(n, OWN, i);
        let (dm, dr, drf) = (mean[second], variance[1 + i], variance[second]);
        told[1 + i] =
            2.0 * m * dm / r - m * m * dr / (r * r) + rf * drf / (r * r) - rf * rf * dr / (r * r * r);
    }
    told
}
