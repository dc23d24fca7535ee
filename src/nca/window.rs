//! Between and beyond the samples: concentrations and areas over any window, and the time above a threshold.

use std::ops::RangeInclusive;

use super::analysis::Analysis;
use super::area::Sample;
use super::missing::{Missing, Outcome};

/// Concentrations and areas at any time.
impl Analysis {
    /// The concentration at `time` h after the dose, µg/L: that of a sample, between two samples what the rule for areas puts
    /// there, and beyond the last measured one the terminal slope from it on.
    ///
    /// # Errors
    /// A time before the dose or the first sample, or beyond the last one where there is no terminal slope.
    pub fn conc_at(&self, time: f64) -> Outcome {
        self.curve().conc_at(time)
    }

    /// The area over a window, h after the dose, µg·h/L. Ends between samples and beyond the last measured one are
    /// those of [`conc_at`](Self::conc_at); the end may be infinite.
    ///
    /// ```
    /// use menaquinone::{nca::{AreaRule, Nca}};
    /// let nca = Nca::observed(&[0.0, 2.0, 4.0], &[0.0, 8.0, 4.0]).area(AreaRule::Linear).analyse()?;
    /// assert_eq!(nca.auc(1.0..=3.0)?, 6.0 + 7.0);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A window that begins before the dose or the first sample, or that needs a terminal slope where there is none.
    pub fn auc(&self, window: RangeInclusive<f64>) -> Outcome {
        self.curve().areas_over(window.into_inner()).map(|areas| areas[0])
    }

    /// The area under `t C` over a window, with `t` in h after the dose, µg·h²/L.
    ///
    /// # Errors
    /// As [`auc`](Self::auc).
    pub fn aumc(&self, window: RangeInclusive<f64>) -> Outcome {
        self.curve().areas_over(window.into_inner()).map(|areas| areas[1])
    }

    /// The area over the [`window`](crate::nca::Nca::window) of the rules, µg·h/L.
    ///
    /// # Errors
    /// No window, or as [`auc`](Self::auc).
    pub fn auc_window(&self) -> Outcome {
        let (start, end) = self.window.ok_or(Missing::NoWindow)?;
        self.auc(start..=end)
    }

    /// How long the concentration is above the [`threshold`](crate::nca::Nca::threshold), h: over the dosing interval if there is one,
    /// else to the last measured sample. The crossings lie where the rule for areas puts them.
    ///
    /// # Errors
    /// No threshold, no sample at the dose, or an interval that needs a terminal slope where there is none.
    pub fn time_above(&self) -> Outcome {
        let level = self.threshold.ok_or(Missing::NoThreshold)?;
        let last = self.span()?.last;
        let tlast = self.points.times[last];
        let end = self.interval.map_or(tlast, |interval| interval.tau);
        self.conc_at(0.0)?;
        let mut above = 0.0;
        for i in 0..last {
            let (from, to) = (self.points.sample(i), self.points.sample(i + 1));
            if from.0 < end {
                above += self.piece_above((from, to), end, level);
            }
        }
        if end > tlast {
            let clast = self.points.conc[last];
            let crossing = if clast > level { (clast / level).ln() / self.lambda_z()? } else { 0.0 };
            above += crossing.min(end - tlast);
        }
        // A sum of pieces may end a rounding beyond the whole.
        Ok(above.min(end))
    }

    /// How long one piece, cut at `end`, is above the level.
    fn piece_above(&self, (from, to): (Sample, Sample), end: f64, level: f64) -> f64 {
        let log = self.curve().is_log(from, to);
        let stop = to.0.min(end);
        if from.1 > level && to.1 > level {
            return stop - from.0;
        }
        if from.1 <= level && to.1 <= level {
            return 0.0;
        }
        let part = if log { (level / from.1).ln() / (to.1 / from.1).ln() } else { (level - from.1) / (to.1 - from.1) };
        let crossing = from.0 + part * (to.0 - from.0);
        if from.1 > level { crossing.min(stop) - from.0 } else { (stop - crossing).max(0.0) }
    }
}
