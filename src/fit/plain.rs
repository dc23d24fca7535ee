//! What a level adds to the objective as a function of the fitted level alone, written out: where nothing of the error is free.

use super::samples::Report;
use super::theory::{Off, Theory, Weights};
use crate::assay::ResidualError;

/// The common errors, of which every number is known.
#[derive(Debug, Clone, Copy)]
pub(super) enum Plain {
    /// Least squares with weights that the measured level gives.
    Squares(Weights),
    /// A normal error whose variance is this polynomial of the fitted level, its coefficients those of rising powers.
    Normal([f64; 3]),
}

impl Plain {
    /// None where some number of the error is free, or the error is of another kind.
    pub(super) fn of(theory: &Theory) -> Option<Self> {
        if theory.above_zero || !theory.kinds.is_empty() {
            return None;
        }
        let error = match theory.off {
            Off::Squares(Weights::OverPrediction | Weights::OverSd) | Off::Own | Off::Variance(_) => return None,
            Off::Squares(weights) => return Some(Self::Squares(weights)),
            Off::Error(error) => error,
        };
        let (cv, sd) = match error {
            ResidualError::Proportional { cv } => (Some(cv), None),
            ResidualError::Additive { sd } => (None, Some(sd)),
            ResidualError::Combined { cv, sd } | ResidualError::CombinedSd { cv, sd } => (Some(cv), Some(sd)),
            ResidualError::LogNormal { .. } | ResidualError::Power { .. } => return None,
        };
        if [cv, sd].into_iter().flatten().any(|unknown| unknown.is_free()) {
            return None;
        }
        let [cv, sd] = [cv, sd].map(|unknown| unknown.map_or(0.0, |unknown| unknown.start()));
        let mixed = if matches!(error, ResidualError::CombinedSd { .. }) { 2.0 * cv * sd } else { 0.0 };
        Some(Self::Normal([sd * sd, mixed, cv * cv]))
    }

    /// The value with its first and second derivative by the fitted level; none for what is no level, or has no density.
    pub(super) fn at(self, report: Report, conc: f64) -> Option<[f64; 3]> {
        let Report::Level(level) = report else { return None };
        let off = conc - level;
        match self {
            Self::Squares(weights) => {
                let weight = match weights {
                    Weights::OverLevel => 1.0 / level,
                    Weights::OverSquare => 1.0 / (level * level),
                    Weights::Equal | Weights::OverPrediction | Weights::OverSd => 1.0,
                };
                Some([weight * off * off, 2.0 * weight * off, 2.0 * weight])
            }
            Self::Normal([c, b, a]) => {
                let (r, slope, bend) = (c + conc * (b + a * conc), b + 2.0 * a * conc, 2.0 * a);
                let (over, share) = (1.0 / r, off / r);
                // Of `off^2/R + ln R`.
                let rise = over - share * share;
                let value = off * share + r.ln();
                let first = 2.0 * share + rise * slope;
                let second = 2.0 * over * (1.0 - share * slope) * (1.0 - share * slope) + rise * bend
                    - over * over * slope * slope;
                (r > 0.0 && r < f64::INFINITY).then_some([value, first, second])
            }
        }
    }
}
