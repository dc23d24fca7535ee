//! Samples as a curve: what lies between them and beyond them.

use super::AreaRule;
use super::area::{self, Sample};
use super::missing::{Missing, Outcome, number};
use super::points::Points;
use super::rules::Piecewise;

/// Samples, the rule for what lies between them, and the terminal slope beyond the last measured one.
#[derive(Clone, Copy)]
pub(super) struct Curve<'a> {
    pub(super) points: &'a Points,
    pub(super) area: AreaRule,
    pub(super) lambda_z: Outcome,
}

impl Curve<'_> {
    /// The concentration at a time, h after the dose: what [`Analysis::conc_at`](super::Analysis::conc_at) says.
    pub(super) fn conc_at(&self, time: f64) -> Outcome {
        let (times, last) = (&self.points.times, self.points.span()?.last);
        if time.is_nan() {
            return Err(Missing::Beyond);
        }
        if time < times[0] {
            return Err(if time < 0.0 { Missing::BeforeDose } else { Missing::NoStart });
        }
        if time > times[last] {
            return number(self.points.conc[last] * (-self.lambda_z? * (time - times[last])).exp());
        }
        let next = times.partition_point(|sample| *sample < time);
        if times[next] == time {
            return Ok(self.points.conc[next]);
        }
        let (from, to) = (self.points.sample(next - 1), self.points.sample(next));
        Ok(between(self.is_log(from, to), (from, to), time))
    }

    /// Whether an exponential lies between two neighbouring samples.
    pub(super) fn is_log(&self, from: Sample, to: Sample) -> bool {
        let [before, after] = self.area.sides();
        let rule = if from.0 < self.points.top() { before } else { after };
        rule.is_log(from.1, to.1)
    }

    /// The areas under `C` and `t C` of whole pieces, from one sample to another.
    pub(super) fn areas_between(&self, first: usize, last: usize) -> [f64; 2] {
        let areas = |rule: Piecewise, first: usize, last: usize| {
            area::areas(rule, &self.points.times[first..=last], &self.points.conc[first..=last])
        };
        let [before, after] = self.area.sides();
        if before == after {
            return areas(before, first, last);
        }
        let top = self.points.times.partition_point(|time| *time < self.points.top()).clamp(first, last);
        sum(areas(before, first, top), areas(after, top, last))
    }

    /// The areas under `C` and `t C` over a window, h after the dose.
    pub(super) fn areas_over(&self, (start, end): (f64, f64)) -> Result<[f64; 2], Missing> {
        if start > end || start.is_nan() || end.is_nan() {
            return Err(Missing::Beyond);
        }
        let last = self.points.span()?.last;
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
            let whole = self.areas_between(next - 1, stop - 1);
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
        if times[next] == end { head } else { sum(head, self.areas_within(self.points.sample(next), end)) }
    }

    /// A part of the piece that ends in the sample `next`, from a point on it to a time on it.
    fn part(&self, from: Sample, end: f64, next: usize) -> [f64; 2] {
        let (left, right) = (self.points.sample(next - 1), self.points.sample(next));
        let log = self.is_log(left, right);
        let value = if end == right.0 { right.1 } else { between(log, (left, right), end) };
        area::piece(log, from, (end, value))
    }

    /// Beyond the last measured sample.
    fn areas_beyond(&self, (start, end): (f64, f64)) -> Result<[f64; 2], Missing> {
        let (k, value) = (self.lambda_z?, self.conc_at(start)?);
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
}

fn sum(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    [a[0] + b[0], a[1] + b[1]]
}

/// The concentration at a time between two samples, on a line or on an exponential.
fn between(log: bool, ((t1, c1), (t2, c2)): (Sample, Sample), time: f64) -> f64 {
    let part = (time - t1) / (t2 - t1);
    if log { c1 * (part * (c2 / c1).ln()).exp() } else { c1 + part * (c2 - c1) }
}
