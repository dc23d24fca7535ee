//! Where the concentration of a drifting state turns.

use crate::network::Network;
use crate::numeric;

impl Network {
    /// The instants of the `length` hours in which `state` drifts at which the concentration may be highest or lowest: its
    /// ends, and where it turns.
    ///
    /// The slope is looked at on a grid that is fine at first, where absorption is fast, and a change of its sign
    /// narrowed down.
    pub(crate) fn extremes(&self, state: &[f64], length: f64) -> Vec<f64> {
        const POINTS: u32 = 48;
        let slope = |u: f64| self.slope(&self.advance(state, u));
        let mut extremes = vec![0.0];
        let (mut before, mut slope_before) = (0.0, slope(0.0));
        for i in 1..=POINTS {
            let u = length * (f64::from(i) / f64::from(POINTS)).powi(4);
            let slope_now = slope(u);
            if slope_before * slope_now < 0.0 {
                extremes.push(numeric::root(slope, (before, u)));
            }
            (before, slope_before) = (u, slope_now);
        }
        extremes.push(length);
        extremes
    }
}
