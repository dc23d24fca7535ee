//! The variance of a level with a normal error, in plain numbers.

use smallvec::SmallVec;

use super::residual::{Residual, power};
use super::theory::Off;
use crate::assay::ResidualError;

/// The variance of a level with a normal error, by the level and by the numbers of the error.
#[derive(Debug, Clone)]
pub(super) struct Scatter {
    pub(super) value: f64,
    pub(super) first: f64,
    pub(super) second: f64,
    pub(super) by_error: SmallVec<[f64; 2]>,
    pub(super) first_by_error: SmallVec<[f64; 2]>,
}

impl Residual {
    /// The variance at a level with its first two derivatives, where the error is normal on the level itself.
    #[inline]
    pub(super) fn spread(&self, own: Option<f64>, level: f64) -> Option<[f64; 3]> {
        let (cv, sd) = (self.cv[0], self.sd[0]);
        let error = match self.kind {
            _ if self.above_zero => return None,
            Off::Own => return own.map(|sd| [sd * sd, 0.0, 0.0]),
            Off::Squares(_) | Off::Error(ResidualError::LogNormal { .. }) => return None,
            Off::Variance(variance) => return Some(variance.at(level)),
            Off::Error(error) => error,
        };
        Some(match error {
            ResidualError::CombinedSd { .. } => {
                let root = cv * level + sd;
                [root * root, 2.0 * cv * root, 2.0 * cv * cv]
            }
            ResidualError::Power { exponent, .. } => power(level, exponent).map(|own| cv * cv * own),
            _ => {
                let share = cv * level;
                [share * share + sd * sd, 2.0 * cv * share, 2.0 * cv * cv]
            }
        })
    }

    /// The same with the slopes by the numbers of the error, which are the last unknowns of the space.
    pub(super) fn scatter(&self, own: Option<f64>, level: f64) -> Option<Scatter> {
        let spread = self.spread(own, level)?;
        let (cv, sd) = (self.cv[0], self.sd[0]);
        // The slopes of the variance and of its slope by cv and by sd.
        let (by, first_by) = match self.kind {
            Off::Error(ResidualError::CombinedSd { .. }) => {
                let root = cv * level + sd;
                ([2.0 * level * root, 2.0 * root], [2.0 * (root + cv * level), 2.0 * cv])
            }
            Off::Error(ResidualError::Power { exponent, .. }) => {
                let of = power(level, exponent);
                ([2.0 * cv * of[0], 0.0], [2.0 * cv * of[1], 0.0])
            }
            Off::Error(_) => ([2.0 * cv * level * level, 2.0 * sd], [4.0 * cv * level, 0.0]),
            _ => ([0.0; 2], [0.0; 2]),
        };
        Some(self.scattered(spread, by, first_by))
    }

    /// With the slopes by cv and sd as those by the unknowns that these are of.
    fn scattered(&self, [value, first, second]: [f64; 3], by: [f64; 2], first_by: [f64; 2]) -> Scatter {
        // The first unknowns of the space are the levels.
        let by_unknown = |by: [f64; 2]| {
            let mut all = SmallVec::from_elem(0.0, self.space.unknowns.saturating_sub(2));
            all.iter_mut().zip(2..).for_each(|(own, i)| *own = by[0] * self.cv[1 + i] + by[1] * self.sd[1 + i]);
            all
        };
        Scatter { value, first, second, by_error: by_unknown(by), first_by_error: by_unknown(first_by) }
    }
}
