//! Which doses are marked on the time axis, and how large.

use super::scale::Scale;
use crate::numeric::sort_ascending;
use crate::regimen::Regimen;

/// The closest that two marks may stand, logical pixels.
const CLOSEST: f64 = 6.0;
/// Half the width of a mark with room to spare, logical pixels.
const HALF_WIDTH: f64 = 4.0;

/// The times marked, one dose in `stride`, and half the width of a mark in logical pixels.
pub(super) struct Doses {
    pub(super) times: Vec<f64>,
    pub(super) stride: usize,
    pub(super) half_width: f64,
}

impl Doses {
    /// The doses within the time axis of a panel `width` logical pixels wide.
    pub(super) fn of(regimen: &Regimen, x: Scale, width: f64) -> Self {
        let mut times: Vec<f64> = regimen.doses(x.high).into_iter().map(|(time, _)| time).collect();
        times.retain(|time| x.contains(*time));
        times.dedup();
        // The plot's own width depends on the label of these marks, so it is taken as most charts have it.
        let gap = smallest_usual_gap(&times) / (x.high - x.low) * 0.8 * width;
        let stride = (CLOSEST / gap).ceil().clamp(1.0, 1e6) as usize;
        let half_width = (0.42 * gap * stride as f64).clamp(2.0, HALF_WIDTH);
        Self { times: times.into_iter().step_by(stride).collect(), stride, half_width }
    }
}

/// The lower quartile of the gaps, so that a single early repeat does not thin out a whole year.
fn smallest_usual_gap(times: &[f64]) -> f64 {
    let mut gaps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    sort_ascending(&mut gaps);
    gaps.get(gaps.len() / 4).copied().unwrap_or(f64::INFINITY)
}
