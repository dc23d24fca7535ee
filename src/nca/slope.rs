//! The terminal slope: which samples, and the line through their logarithms.

use multiversion::multiversion;
use serde::{Deserialize, Serialize};

use super::missing::{Missing, Outcome};
use super::points::Row;
use crate::numeric::ln;

/// How close to the best adjusted R² a window with more samples must be, to be preferred.
const AS_GOOD: f64 = 1e-4;

/// The line through the logarithms of the terminal samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// So many samples are worked side by side, each in a lane of its own.
const LANES: usize = 8;
/// So many windows are scored in one go.
const GO: usize = 4 * LANES;

/// The logarithms of positive concentrations; the row is filled up with those of 1 to a whole number of lanes.
#[inline(always)]
fn logs(conc: &[f64]) -> Row {
    let mut logs = Row::from_slice(conc);
    logs.resize(conc.len().next_multiple_of(LANES), 1.0);
    for log in &mut logs {
        *log = ln(*log);
    }
    logs
}

/// The fit that the best-fit rule chooses among samples that all end the windows: at least `least` of them.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
pub(super) fn best_fit(times: &[f64], conc: &[f64], least: usize) -> Result<TerminalFit, Missing> {
    let n = times.len();
    if n < least {
        return Err(Missing::too_few(n, least));
    }
    let logs = &logs(conc)[..n];
    let longest = longest_of_the_best(times, logs, least).ok_or(Missing::NotFalling)?;
    line(&times[n - longest..], &logs[n - longest..])
}

/// The line through chosen samples.
pub(super) fn chosen_fit(times: &[f64], conc: &[f64]) -> Result<TerminalFit, Missing> {
    if times.len() < 2 {
        return Err(Missing::too_few(times.len(), 2));
    }
    line(times, &logs(conc)[..times.len()])
}

/// How many samples the window has that has the most among those whose adjusted R² is within 1e-4 of the best of all
/// windows; a score such as `R² + 1e-4 n` is another rule.
#[inline(always)]
fn longest_of_the_best(times: &[f64], logs: &[f64], least: usize) -> Option<usize> {
    let n = times.len();
    let mut misfits = Row::from_elem(f64::INFINITY, n.next_multiple_of(LANES));
    let best = score_windows([times, logs], least, &mut misfits);
    if best < f64::INFINITY {
        return misfits.iter().rposition(|misfit| *misfit < best + AS_GOOD).map(|i| i + 1);
    }
    // Two samples always fit, so that no adjusted R² can choose them; they are what is left.
    (least == 2 && logs[n - 1] < logs[n - 2]).then_some(2)
}

/// The sums over the last samples: how many, and of times, logarithms, squares and products.
struct Sums {
    n: [f64; GO],
    x: [f64; GO],
    y: [f64; GO],
    xx: [f64; GO],
    xy: [f64; GO],
    yy: [f64; GO],
}

/// What the adjusted R² of the windows of the last 1, 2, ... samples lacks of 1, where they fall; the least of it.
///
/// Sums run from the last sample back, which is their origin: since one sample lies on it, no sum of squares is
/// more than the number of samples plus one times what is left of it about the mean.
#[inline(always)]
fn score_windows([times, logs]: [&[f64]; 2], least: usize, misfits: &mut [f64]) -> f64 {
    let last = times.len() - 1;
    let (t0, y0) = (times[last], logs[last]);
    let [mut n, mut x, mut y, mut xx, mut xy, mut yy] = [0.0; 6];
    let mut best = f64::INFINITY.to_bits();
    let shortest = count(least.max(3));
    for (go, misfits) in misfits.chunks_mut(GO).enumerate() {
        let zero = [0.0; GO];
        let mut sums = Sums { n: zero, x: zero, y: zero, xx: zero, xy: zero, yy: zero };
        let end = times.len() - go * GO;
        let windows = end.min(GO);
        let (times, logs) = (&times[end - windows..end], &logs[end - windows..end]);
        for i in 0..windows {
            let (dx, dy) = (times[windows - 1 - i] - t0, logs[windows - 1 - i] - y0);
            n += 1.0;
            (x, y, xx, xy, yy) = (x + dx, y + dy, xx + dx * dx, xy + dx * dy, yy + dy * dy);
            (sums.n[i], sums.x[i], sums.y[i], sums.xx[i], sums.xy[i], sums.yy[i]) = (n, x, y, xx, xy, yy);
        }
        let found = score(&sums, shortest);
        for misfit in &found {
            // Numbers that are not negative stand in the order of their bits.
            best = best.min(misfit.to_bits());
        }
        misfits.copy_from_slice(&found[..misfits.len()]);
    }
    f64::from_bits(best)
}

/// `1 - adjusted R²` of each window, which is `(1 - R²)(n - 1)/(n - 2)`.
#[inline(always)]
fn score(Sums { n, x, y, xx, xy, yy }: &Sums, shortest: f64) -> [f64; GO] {
    let mut misfits = [f64::INFINITY; GO];
    for i in 0..GO {
        // All times n, so that one division is enough.
        let sxx = n[i] * xx[i] - x[i] * x[i];
        let sxy = n[i] * xy[i] - x[i] * y[i];
        let syy = n[i] * yy[i] - y[i] * y[i];
        let all = sxx * syy;
        let unexplained = all - sxy * sxy;
        let unexplained = if unexplained > 0.0 { unexplained } else { 0.0 };
        let misfit = unexplained * (n[i] - 1.0) / (all * (n[i] - 2.0));
        let fits = (sxy < 0.0) & (all > 0.0) & (n[i] >= shortest);
        misfits[i] = if fits { misfit } else { f64::INFINITY };
    }
    misfits
}

/// Least squares about the means.
#[inline(always)]
fn line(times: &[f64], logs: &[f64]) -> Result<TerminalFit, Missing> {
    let n = count(times.len());
    let [t_sum, y_sum] = sums([times, logs], |time, log| [time, log]);
    let (t_mean, y_mean) = (t_sum / n, y_sum / n);
    let [xx, xy, yy] = sums([times, logs], |time, log| {
        let (dx, dy) = (time - t_mean, log - y_mean);
        [dx * dx, dx * dy, dy * dy]
    });
    let lambda_z = -xy / xx;
    let falls = lambda_z > 0.0 && lambda_z.is_finite();
    if !falls {
        return Err(Missing::NotFalling);
    }
    let (intercept, r2) = (y_mean + lambda_z * t_mean, (xy * xy / (xx * yy)).min(1.0));
    Ok(TerminalFit { lambda_z, intercept, r2, points: times.len(), start: times[0], end: times[times.len() - 1] })
}

/// Sums over pairs, in lanes that are added up in the end.
#[inline(always)]
fn sums<const N: usize>([a, b]: [&[f64]; 2], terms: impl Fn(f64, f64) -> [f64; N]) -> [f64; N] {
    let mut lanes = [[0.0; LANES]; N];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        for i in 0..LANES {
            let terms = terms(a[i], b[i]);
            for j in 0..N {
                lanes[j][i] += terms[j];
            }
        }
    }
    for (i, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
        let terms = terms(*a, *b);
        for j in 0..N {
            lanes[j][i] += terms[j];
        }
    }
    lanes.map(|lanes| lanes.iter().sum())
}
