//! The terminal slope: which samples, and the line through their logarithms.

use multiversion::multiversion;

use super::missing::{Missing, Outcome};
use super::points::Row;
use crate::numeric::ln;

/// How close to the best adjusted R² a window with more samples must come to be preferred.
const AS_GOOD: f64 = 1e-4;

/// The line through the logarithms of the terminal samples.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct TerminalFit {
    /// The negative slope, 1/h.
    pub lambda_z: f64,
    /// The logarithm of the line's concentration (µg/L) at the time of the dose.
    pub intercept: f64,
    /// The squared correlation of time and logarithm.
    pub r2: f64,
    /// How many samples.
    pub points: usize,
    /// The time of the first of them, h after the dose.
    pub start: f64,
    /// The time of the last of them, h after the dose.
    pub end: f64,
}

impl TerminalFit {
    /// The concentration that the line has at `time` (h after the dose), µg/L.
    pub fn conc_at(&self, time: f64) -> f64 {
        (self.intercept - self.lambda_z * time).exp()
    }

    /// `1 - (1 - r2)(n - 1)/(n - 2)`.
    ///
    /// # Errors
    /// A line through two points.
    pub fn r2_adj(&self) -> Outcome {
        if self.points > 2 { Ok(adjusted(self.r2, count(self.points))) } else { Err(Missing::TwoPoints) }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number of samples in memory is exact")]
pub(super) fn count(n: usize) -> f64 {
    n as f64
}

#[inline(always)]
fn adjusted(r2: f64, n: f64) -> f64 {
    1.0 - (1.0 - r2) * (n - 1.0) / (n - 2.0)
}

/// The logarithms of positive concentrations.
#[multiversion(targets("x86_64+avx2"))]
fn logs(conc: &[f64], out: &mut [f64]) {
    let out = &mut out[..conc.len()];
    for i in 0..conc.len() {
        out[i] = ln(conc[i]);
    }
}

/// The fit that the best-fit rule chooses among samples that all end the windows: at least `least` of them.
pub(super) fn best_fit(times: &[f64], conc: &[f64], least: usize) -> Result<TerminalFit, Missing> {
    let n = times.len();
    if n < least {
        return Err(Missing::TooFewPoints { found: n, needed: least });
    }
    let mut logs_of = Row::from_elem(0.0, n);
    logs(conc, &mut logs_of);
    let start = longest_of_the_best(times, &logs_of, least).ok_or(Missing::NotFalling)?;
    line(&times[start..], &logs_of[start..])
}

/// The line through chosen samples.
pub(super) fn chosen_fit(times: &[f64], conc: &[f64]) -> Result<TerminalFit, Missing> {
    if times.len() < 2 {
        return Err(Missing::TooFewPoints { found: times.len(), needed: 2 });
    }
    let mut logs_of = Row::from_elem(0.0, times.len());
    logs(conc, &mut logs_of);
    line(times, &logs_of)
}

/// Where the window begins that has the most samples among those whose adjusted R² is within 1e-4 of the best of all
/// windows; a score such as `R² + 1e-4 n` is another rule.
fn longest_of_the_best(times: &[f64], logs: &[f64], least: usize) -> Option<usize> {
    let n = times.len();
    let mut scores = Row::from_elem(f64::NEG_INFINITY, n);
    let best = score_windows([times, logs], least, &mut scores);
    if best > f64::NEG_INFINITY {
        return scores.iter().position(|score| *score > best - AS_GOOD);
    }
    // Two samples always fit, so that no adjusted R² can choose them; they are what is left.
    (least == 2 && logs[n - 1] < logs[n - 2]).then_some(n - 2)
}

/// The adjusted R² of the windows from each sample to the last, where they fall; the best of them.
///
/// Sums run from the last sample back, which is their origin: since one sample lies on it, no sum of squares is
/// more than the number of samples plus one times what is left of it about the mean.
fn score_windows([times, logs]: [&[f64]; 2], least: usize, scores: &mut [f64]) -> f64 {
    let last = times.len() - 1;
    let (t0, y0) = (times[last], logs[last]);
    let [mut n, mut x, mut y, mut xx, mut xy, mut yy] = [0.0; 6];
    let mut best = f64::NEG_INFINITY;
    let shortest = times.len() - least.max(3).min(times.len());
    for i in (0..=last).rev() {
        let (dx, dy) = (times[i] - t0, logs[i] - y0);
        n += 1.0;
        (x, y, xx, xy, yy) = (x + dx, y + dy, xx + dx * dx, xy + dx * dy, yy + dy * dy);
        if i > shortest || n < 3.0 {
            continue;
        }
        // All times n, so that one division is enough.
        let (sxx, sxy, syy) = (n * xx - x * x, n * xy - x * y, n * yy - y * y);
        if sxy < 0.0 && syy > 0.0 {
            let score = adjusted((sxy * sxy / (sxx * syy)).min(1.0), n);
            scores[i] = score;
            best = if score > best { score } else { best };
        }
    }
    best
}

/// Least squares about the means.
fn line(times: &[f64], logs: &[f64]) -> Result<TerminalFit, Missing> {
    let n = count(times.len());
    let (t_mean, y_mean) = (times.iter().sum::<f64>() / n, logs.iter().sum::<f64>() / n);
    let [mut xx, mut xy, mut yy] = [0.0; 3];
    for i in 0..times.len() {
        let (dx, dy) = (times[i] - t_mean, logs[i] - y_mean);
        (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
    }
    let lambda_z = -xy / xx;
    let falls = lambda_z > 0.0 && lambda_z.is_finite();
    if !falls {
        return Err(Missing::NotFalling);
    }
    let (intercept, r2) = (y_mean + lambda_z * t_mean, (xy * xy / (xx * yy)).min(1.0));
    Ok(TerminalFit { lambda_z, intercept, r2, points: times.len(), start: times[0], end: times[times.len() - 1] })
}
