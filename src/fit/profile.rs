//! How far a number can go before the data object: the profile of the likelihood, with ends that may be open.

use nalgebra::{DMatrix, DVector};

use crate::numeric::{Near, least};

/// An interval, either end of which may be open.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// The estimate.
    pub estimate: f64,
    /// The lower end; `None` where the data set none.
    pub low: Option<f64>,
    /// The upper end; `None` where the data set none.
    pub high: Option<f64>,
    /// The level, such as 0.95.
    pub level: f64,
    /// Why an end is open, in a sentence; empty where none is.
    pub reason: String,
    /// The points that were found on the way: (value, how much worse the objective is at best there), in order of the value.
    pub curve: Vec<(f64, f64)>,
    /// How much worse it may be within the interval.
    pub allowed: f64,
    /// The interval of Wald at the same level and by the same quantile: where a parabola of the same curvature would end. None where the data
    /// do not tell the quantity.
    pub wald: Option<(f64, f64)>,
}

impl Interval {
    /// Whether a value lies within.
    pub fn contains(&self, value: f64) -> bool {
        self.low.is_none_or(|low| low <= value) && self.high.is_none_or(|high| value <= high)
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = |end: Option<f64>| end.map_or("open".to_owned(), |end| format!("{end:.4}"));
        write!(out, "{:.4} ({:.0} %: {} to {})", self.estimate, 100.0 * self.level, end(self.low), end(self.high))
    }
}

/// The most steps that may miss before an end counts as open.
const MOST_FAILURES: u32 = 16;

/// A function of coordinates whose profile is sought; `None` where it has no value.
pub(super) type Quantity<'a> = &'a dyn Fn(&[f64]) -> Option<f64>;

/// How a profile is followed.
pub(super) struct Course<'a> {
    pub(super) objective: &'a dyn Fn(&[f64]) -> Option<Near>,
    pub(super) quantity: Quantity<'a>,
    /// How much worse the objective may be.
    pub(super) allowed: f64,
    /// The first step to try, on the scale of the quantity.
    pub(super) step: f64,
    /// How far to go, on the same scale.
    pub(super) reach: f64,
}

/// A point of a profile: the quantity, the coordinates, how much worse the objective is.
struct Stand {
    t: f64,
    x: Vec<f64>,
    worse: f64,
}

impl Course<'_> {
    /// From the best point on in one direction: the end, if there is one, and the points on the way.
    pub(super) fn end(&self, best: (&[f64], f64), direction: f64) -> (Option<f64>, Vec<(f64, f64)>) {
        let (x, value) = best;
        let Some(start) = (self.quantity)(x) else { return (None, Vec::new()) };
        let mut seen = Vec::new();
        let mut inside = Stand { t: start, x: x.to_vec(), worse: 0.0 };
        let mut step = self.step * direction;
        let mut failures = 0;
        let outside = loop {
            if (inside.t - start).abs() >= self.reach || failures > MOST_FAILURES {
                return (None, seen);
            }
            let t = inside.t + step;
            match self.best_at(t, &inside.x, value) {
                // A step may miss the valley of the others: an end is one that is come to gradually.
                Some(stand) if self.jumps(&inside, &stand) => {
                    step *= 0.5;
                    failures += 1;
                }
                Some(stand) => {
                    seen.push((stand.t, stand.worse));
                    if stand.worse > self.allowed {
                        break stand;
                    }
                    // Where little has happened, further.
                    let gained = stand.worse.max(0.0).sqrt() - inside.worse.max(0.0).sqrt();
                    step *= if gained < 0.3 * self.allowed.sqrt() { 1.6 } else { 1.0 };
                    inside = stand;
                }
                None => {
                    step *= 0.5;
                    failures += 1;
                }
            }
        };
        (Some(self.between((inside, outside), value, &mut seen)), seen)
    }

    /// How much worse the objective is at best where the quantity is `t`, come to by steps.
    pub(super) fn worse_at(&self, (x, value): (&[f64], f64), t: f64) -> Option<f64> {
        let mut stand = Stand { t: (self.quantity)(x)?, x: x.to_vec(), worse: 0.0 };
        let (mut failures, mut step) = (0, 2.0 * self.step);
        while stand.t != t {
            let next = if (t - stand.t).abs() <= step { t } else { stand.t + step * (t - stand.t).signum() };
            match self.best_at(next, &stand.x, value) {
                Some(there) => stand = there,
                None if failures < MOST_FAILURES => {
                    step *= 0.5;
                    failures += 1;
                }
                None => return None,
            }
        }
        Some(stand.worse)
    }

    /// Whether the objective has become worse all at once.
    fn jumps(&self, inside: &Stand, outside: &Stand) -> bool {
        let [a, b] = [inside, outside].map(|stand| stand.worse.max(0.0).sqrt());
        outside.worse > self.allowed && b - a > 0.7 * self.allowed.sqrt()
    }

    /// The end between a point within and one without: the root of the square root, which is nearly straight.
    fn between(&self, (mut inside, mut outside): (Stand, Stand), value: f64, seen: &mut Vec<(f64, f64)>) -> f64 {
        let height = |stand: &Stand| stand.worse.max(0.0).sqrt() - self.allowed.sqrt();
        for round in 0..60 {
            let (a, b) = (height(&inside), height(&outside));
            let share = if round % 3 == 2 { 0.5 } else { (a / (a - b)).clamp(0.02, 0.98) };
            let t = inside.t + share * (outside.t - inside.t);
            if (outside.t - inside.t).abs() <= 1e-12 * (1.0 + t.abs()) {
                break;
            }
            let near = if share < 0.5 { &inside.x } else { &outside.x };
            let Some(stand) = self.best_at(t, near, value).or_else(|| self.best_at(t, &inside.x, value)) else { break };
            seen.push((stand.t, stand.worse));
            if (stand.worse - self.allowed).abs() <= 1e-11 * self.allowed {
                return stand.t;
            }
            if stand.worse > self.allowed {
                outside = stand;
            } else {
                inside = stand;
            }
        }
        let (a, b) = (height(&inside), height(&outside));
        inside.t + a / (a - b) * (outside.t - inside.t)
    }

    /// The least objective where the quantity is `t`, sought from `near`: one coordinate follows from the others.
    fn best_at(&self, t: f64, near: &[f64], value: f64) -> Option<Stand> {
        let slopes = self.slopes(near)?;
        let (follows, _) = slopes.iter().enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
        let others: Vec<usize> = (0..near.len()).filter(|i| *i != follows).collect();
        let last = std::cell::Cell::new(near[follows]);
        let whole = |z: &[f64]| {
            let mut x = near.to_vec();
            others.iter().zip(z).for_each(|(i, z)| x[*i] = *z);
            x[follows] = last.get();
            self.follow(&mut x, follows, t)?;
            last.set(x[follows]);
            Some(x)
        };
        let z: Vec<f64> = others.iter().map(|i| near[*i]).collect();
        if others.is_empty() {
            let x = whole(&z)?;
            let worse = (self.objective)(&x)?.value - value;
            return Some(Stand { t, x, worse });
        }
        let found = least(|z| self.reduced(&whole(z)?, follows, &others), &z)?;
        // The least of the others may lie at no end (a rate that goes to zero): what counts is that the value comes to nothing less.
        if !found.settled && found.promised > 1e-9 * self.allowed {
            return None;
        }
        let x = whole(&found.x)?;
        Some(Stand { t, x, worse: found.near.value - value })
    }

    /// Moves one coordinate until the quantity is `t`.
    fn follow(&self, x: &mut [f64], i: usize, t: f64) -> Option<()> {
        for _ in 0..50 {
            let off = (self.quantity)(x)? - t;
            if off.abs() <= 1e-13 * (1.0 + t.abs()) {
                return Some(());
            }
            let slope = self.slope(x, i)?;
            let step = (off / slope).clamp(-2.0, 2.0);
            if !step.is_finite() {
                return None;
            }
            x[i] -= step;
            if step.abs() <= 1e-15 * (1.0 + x[i].abs()) {
                return Some(());
            }
        }
        None
    }

    /// The objective as a function of the other coordinates, with the derivatives that the one that follows gives it.
    fn reduced(&self, x: &[f64], follows: usize, others: &[usize]) -> Option<Near> {
        let full = (self.objective)(x)?;
        let (g, gg) = (self.slopes(x)?, self.curvatures(x)?);
        let (n, over) = (others.len(), 1.0 / g[follows]);
        let d: Vec<f64> = others.iter().map(|i| -g[*i] * over).collect();
        let down = full.gradient[follows];
        let gradient = DVector::from_fn(n, |a, _| full.gradient[others[a]] + down * d[a]);
        let h = &full.hessian;
        let hessian = DMatrix::from_fn(n, n, |a, b| {
            let (i, j) = (others[a], others[b]);
            let bend = -over
                * (gg[(i, j)]
                    + gg[(i, follows)] * d[b]
                    + gg[(j, follows)] * d[a]
                    + gg[(follows, follows)] * d[a] * d[b]);
            h[(i, j)]
                + h[(i, follows)] * d[b]
                + h[(j, follows)] * d[a]
                + h[(follows, follows)] * d[a] * d[b]
                + down * bend
        });
        Some(Near { value: full.value, gradient, hessian })
    }

    /// The slope of the quantity by differences of the fourth order: of the quantity alone, never of the course.
    fn slope(&self, x: &[f64], i: usize) -> Option<f64> {
        const H: f64 = 1e-3;
        let at = |step: f64| {
            let mut x = x.to_vec();
            x[i] += step * H;
            (self.quantity)(&x)
        };
        let [a, b, c, d] = [at(-2.0)?, at(-1.0)?, at(1.0)?, at(2.0)?];
        Some((a - 8.0 * b + 8.0 * c - d) / (12.0 * H))
    }

    pub(super) fn slopes(&self, x: &[f64]) -> Option<Vec<f64>> {
        (0..x.len()).map(|i| self.slope(x, i)).collect()
    }

    fn curvatures(&self, x: &[f64]) -> Option<DMatrix<f64>> {
        const H: f64 = 1e-3;
        let n = x.len();
        let mut all = DMatrix::zeros(n, n);
        for i in 0..n {
            let [up, down] = [H, -H].map(|step| {
                let mut x = x.to_vec();
                x[i] += step;
                self.slopes(&x)
            });
            let (up, down) = (up?, down?);
            for j in 0..n {
                all[(i, j)] = (up[j] - down[j]) / (2.0 * H);
            }
        }
        Some(0.5 * (&all + all.transpose()))
    }
}
