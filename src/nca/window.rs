//! Between and beyond the samples: concentrations and areas over any window, and the time above a threshold.

use std::ops::RangeInclusive;

use super::analysis::Analysis;
use super::area::{self, Sample};
use super::missing::{Missing, Outcome, number};

/// Concentrations and areas at any time.
impl Analysis {
    /// The concentration at `time` h after the dose, µg/L: that of a sample, between two samples what the rule for areas puts
    /// there, and beyond the last measured one the terminal slope from it on.
    ///
    /// # Errors
    /// A time before the dose or the first sample, or beyond the last one where there is no terminal slope.
    pub fn conc_at(&self, time: f64) -> Outcome {
        let (times, last) = (&self.points.times, self.span()?.last);
        if time.is_nan() {
            return Err(Missing::Beyond);
        }
        if time < times[0] {
            return Err(if time < 0.0 { Missing::BeforeDose } else { Missing::NoStart });
        }
        if time > times[last] {
            return number(self.points.conc[last] * (-self.lambda_z()? * (time - times[last])).exp());
        }
        let next = times.partition_point(|sample| *sample < time);
        if times[next] == time {
            return Ok(self.points.conc[next]);
        }
        let (from, to) = (self.sample(next - 1), self.sample(next));
        Ok(between(self.area.is_log(from.1, to.1), (from, to), time))
    }

    /// The area over a window, h after the dose, µg·h/L. Ends between samples and beyond the last measured one are
    /// those of [`conc_at`](Self::conc_at); the end may be infinite.
    ///
    /// ```
    /// use menaquinone::{AreaRule, Nca};
    /// let nca = Nca::observed(&[0.0, 2.0, 4.0], &[0.0, 8.0, 4.0]).area(AreaRule::Linear).analyse()?;
    /// assert_eq!(nca.auc(1.0..=3.0)?, 6.0 + 7.0);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A window that begins before the dose or the first sample, or that needs a terminal slope where there is none.
    pub fn auc(&self, window: RangeInclusive<f64>) -> Outcome {
        self.areas_over(window.into_inner()).map(|areas| areas[0])
    }

    /// The area under `t C` over a window, with `t` in h after the dose, µg·h²/L.
    ///
    /// # Errors
    /// As [`auc`](Self::auc).
    pub fn aumc(&self, window: RangeInclusive<f64>) -> Outcome {
        self.areas_over(window.into_inner()).map(|areas| areas[1])
    }

    /// The area over the [`window`](crate::Nca::window) of the rules, µg·h/L.
    ///
    /// # Errors
    /// No window, or as [`auc`](Self::auc).
    pub fn auc_window(&self) -> Outcome {
        let (start, end) = self.window.ok_or(Missing::NoWindow)?;
        self.auc(start..=end)
    }

    pub(super) fn areas_over(&self, (start, end): (f64, f64)) -> Result<[f64; 2], Missing> {
        if start > end || start.is_nan() || end.is_nan() {
            return Err(Missing::Beyond);
        }
        let last = self.span()?.last;
        let tlast = self.points.times[last];
        let first = (start, self.conc_at(start)?);
        let mut sum = [0.0; 2];
        if start < tlast {
            sum = self.areas_within(first, end.min(tlast));
        }
        if end > tlast {
            let tail = self.areas_beyond((start.max(tlast), end))?;
            sum = [sum[0] + tail[0], sum[1] + tail[1]];
        }
        number(sum[0]).and(number(sum[1]))?;
        Ok(sum)
    }

    /// From a point up to a time that is not beyond the last measured sample.
    fn areas_within(&self, (start, value): Sample, end: f64) -> [f64; 2] {
        let (times, conc) = (&self.points.times[..], &self.points.conc[..]);
        let next = times.partition_point(|time| *time <= start);
        let stop = times.partition_point(|time| *time <= end);
        if next > 0 && times[next - 1] == start && stop > next {
            // Whole pieces first, all at once.
            let whole = area::areas(self.area, &times[next - 1..stop], &conc[next - 1..stop]);
            return if times[stop - 1] == end {
                whole
            } else {
                sum(whole, self.part((times[stop - 1], conc[stop - 1]), end, stop))
            };
        }
        if stop <= next {
            return self.part((start, value), end, next);
        }
        let head = self.part((start, value), times[next], next);
        if times[next] == end { head } else { sum(head, self.areas_within(self.sample(next), end)) }
    }

    /// A part of the piece that ends in the sample `next`, from a point on it to a time on it.
    fn part(&self, from: Sample, end: f64, next: usize) -> [f64; 2] {
        let (left, right) = (self.sample(next - 1), self.sample(next));
        let log = self.area.is_log(left.1, right.1);
        let value = if end == right.0 { right.1 } else { between(log, (left, right), end) };
        area::piece(log, from, (end, value))
    }

    /// Beyond the last measured sample.
    fn areas_beyond(&self, (start, end): (f64, f64)) -> Result<[f64; 2], Missing> {
        let (k, value) = (self.lambda_z()?, self.conc_at(start)?);
        if end.is_infinite() {
            return Ok([value / k, value / k * (start + 1.0 / k)]);
        }
        let after = self.conc_at(end)?;
        if after >= f64::MIN_POSITIVE {
            return Ok(area::piece(true, (start, value), (end, after)));
        }
        // What is left there is nothing, and too small a number for the exponential.
        self.areas_beyond((start, f64::INFINITY))
    }

    /// How long the concentration is above the [`threshold`](crate::Nca::threshold), h: over the dosing interval if there is one,
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
            let (from, to) = (self.sample(i), self.sample(i + 1));
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
        let log = self.area.is_log(from.1, to.1);
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

fn sum(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    [a[0] + b[0], a[1] + b[1]]
}

/// The concentration at a time between two samples, on a line or on an exponential.
fn between(log: bool, ((t1, c1), (t2, c2)): (Sample, Sample), time: f64) -> f64 {
    let part = (time - t1) / (t2 - t1);
    if log { c1 * (part * (c2 / c1).ln()).exp() } else { c1 + part * (c2 - c1) }
}
