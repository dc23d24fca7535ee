//! A window of time, and what one person reaches in it.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::engine::{Motion, Point};
use crate::error::{self, Error, Result};
use crate::numeric;

/// A window of time and, if one is asked for, a threshold.
///
/// It begins just after the doses of its first instant and ends just before those of its last.
///
/// ```
/// use menaquinone::{population::Window, units::*};
/// let last_day = Window::new(27.0 * DAY..=28.0 * DAY)?.above(2.0 * UG / L)?;
/// assert_eq!((last_day.from(), last_day.to(), last_day.threshold()), (648.0, 672.0, Some(2.0)));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    from: f64,
    to: f64,
    threshold: Option<f64>,
}

impl Window {
    /// The hours from the start of `range` to its end.
    ///
    /// # Errors
    /// An end that is not finite, or a range without length.
    pub fn new(range: RangeInclusive<f64>) -> Result<Self> {
        let (from, to) = range.into_inner();
        if from.is_finite() && to.is_finite() && to > from {
            return Ok(Self { from, to, threshold: None });
        }
        Err(Error::value(format!(
            "the window from {from} h to {to} h is not one: both ends must be finite, and the second later than the first"
        )))
    }

    /// This window with a threshold of the concentration, µg/L.
    ///
    /// # Errors
    /// A threshold that is not finite.
    pub fn above(self, threshold: f64) -> Result<Self> {
        error::finite("the threshold", threshold, "µg/L")?;
        Ok(Self { threshold: Some(threshold), ..self })
    }

    /// The beginning of the window, h.
    pub fn from(&self) -> f64 {
        self.from
    }

    /// The end of the window, h.
    pub fn to(&self) -> f64 {
        self.to
    }

    /// The threshold, µg/L.
    pub fn threshold(&self) -> Option<f64> {
        self.threshold
    }
}

/// What one person reaches in a [`Window`], of a baseline and all doses.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reached {
    /// The highest concentration, µg/L.
    pub cmax: f64,
    /// When it is first reached, h.
    pub tmax: f64,
    /// The lowest concentration, µg/L.
    pub cmin: f64,
    /// The concentration at the end of the window, just before a dose there, µg/L.
    pub ctrough: f64,
    /// The average concentration, µg/L.
    pub cavg: f64,
    /// The area under the concentration, µg·h/L.
    pub auc: f64,
    /// How long the concentration is at or above the threshold, h; `None` without a threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_above: Option<f64>,
    /// When it is there first, h; `None` if it never is, or without a threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_to: Option<f64>,
}

impl Reached {
    /// The exposure of a window in which nothing has been seen yet.
    pub(super) fn unseen(window: &Window) -> Self {
        let time_above = window.threshold.map(|_| 0.0);
        Self { cmax: f64::NEG_INFINITY, cmin: f64::INFINITY, time_above, ..Self::default() }
    }

    /// Sees a stretch of the window from `start` on, above `baseline`.
    #[inline]
    pub(super) fn see(&mut self, window: &Window, (start, baseline): (f64, f64), motion: &impl Motion) {
        let (first, last) = motion.ends();
        self.auc += motion.auc();
        let mut before = Point { u: 0.0, conc: first };
        self.touch(start, baseline + first);
        let turns = motion.turns();
        for point in turns.into_iter().chain([Point { u: motion.length(), conc: last }]) {
            self.touch(start + point.u, baseline + point.conc);
            if let Some(threshold) = window.threshold {
                self.time((start, threshold - baseline), [before, point], motion);
            }
            before = point;
        }
        self.ctrough = baseline + last;
    }

    /// All has been seen; `baseline` is what the baseline adds to the area.
    pub(super) fn finish(&mut self, window: &Window, baseline: f64) {
        self.auc += baseline;
        self.cavg = self.auc / (window.to - window.from);
    }

    #[inline]
    fn touch(&mut self, time: f64, conc: f64) {
        if conc > self.cmax {
            (self.cmax, self.tmax) = (conc, time);
        }
        self.cmin = self.cmin.min(conc);
    }

    /// The time at or above `level` between two points, from one to the other of which the concentration rises or falls.
    fn time(&mut self, (start, level): (f64, f64), [a, b]: [Point; 2], motion: &impl Motion) {
        let crossing = || numeric::root(|u| motion.at(u) - level, (a.u, b.u));
        let (from, to) = match (a.conc >= level, b.conc >= level) {
            (true, true) => (a.u, b.u),
            (false, true) => (crossing(), b.u),
            (true, false) => (a.u, crossing()),
            (false, false) => return,
        };
        self.time_to = self.time_to.or(Some(start + from));
        self.time_above = self.time_above.map(|time| time + (to - from));
    }
}
