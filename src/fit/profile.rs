//! How far a number can go before the data object: the profile of the likelihood, with ends that may be open.

use nalgebra::{DMatrix, DVector};

use super::quantity::Quantity;
use super::report::short;
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
        let end = |end: Option<f64>| end.map_or("open".to_owned(), short);
        let (estimate, level) = (short(self.estimate), 100.0 * self.level);
        write!(out, "{estimate} ({level:.0} %: {} to {})", end(self.low), end(self.high))
    }
}

/// The most steps that may miss before an end counts as open.
const MOST_FAILURES: u32 = 16;

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

/// A point of a profile: the quantity, the coordinates, how much worse the objective is, and how that grows with the quantity.
struct Stand {
    t: f64,
    x: Vec<f64>,
    worse: f64,
    slope: f64,
}

impl Stand {
    /// Where the square root of `worse` would be that of `allowed`: it is nearly straight.
    fn end(&self, allowed: f64) -> f64 {
        let root = self.worse.max(0.0).sqrt();
        self.t + (allowed.sqrt() - root) * 2.0 * root / self.slope
    }
}

impl Course<'_> {
    /// From the best point on in one direction: the end, if there is one that can be come to, and the points on the way.
    pub(super) fn end(&self, best: (&[f64], f64), direction: f64) -> (Option<f64>, Vec<(f64, f64)>) {
        let (x, value) = best;
        let Some(start) = self.quantity.at(x) else { return (None, Vec::new()) };
        let mut seen = Vec::new();
        let mut inside = Stand { t: start, x: x.to_vec(), worse: 0.0, slope: 0.0 };
        let mut step = self.step * direction;
        let mut failures = 0;
        let outside = loop {
            if (inside.t - start).abs() >= self.reach || failures > MOST_FAILURES {
                return (None, seen);
            }
            let t = inside.t + step;
            // A step may miss the valley of the others: an end is one that is come to gradually.
            let found = self.best_at(t, &inside.x, value).filter(|stand| !self.jumps(&inside, stand));
            let Some(stand) = found else {
                step *= 0.5;
                failures += 1;
                continue;
            };
            seen.push((stand.t, stand.worse));
            if stand.worse > self.allowed {
                break stand;
            }
            // Where little has happened, further.
            let gained = stand.worse.max(0.0).sqrt() - inside.worse.max(0.0).sqrt();
            step *= if gained < 0.3 * self.allowed.sqrt() { 1.6 } else { 1.0 };
            inside = stand;
        };
        (self.between((inside, outside), value, &mut seen), seen)
    }

    /// How much worse the objective is at best where the quantity is `t`, come to by steps.
    pub(super) fn worse_at(&self, (x, value): (&[f64], f64), t: f64) -> Option<f64> {
        let mut stand = Stand { t: self.quantity.at(x)?, x: x.to_vec(), worse: 0.0, slope: 0.0 };
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

    /// The end between a point within and one without: Newton's steps on the square root, kept between the two. None where the search for the
    /// others fails however near to the point within it begins: nothing is guessed there.
    fn between(
        &self,
        (mut inside, mut outside): (Stand, Stand),
        value: f64,
        seen: &mut Vec<(f64, f64)>,
    ) -> Option<f64> {
        const MOST_ROUNDS: u32 = 100;
        // The nearest that is not within, and whether a search has settled there.
        let (mut edge, mut is_known, mut guess) = (outside.t, true, outside.end(self.allowed));
        for round in 0..MOST_ROUNDS {
            let (low, high) = (inside.t.min(edge), inside.t.max(edge));
            if high - low <= 1e-12 * (1.0 + low.abs()) {
                return is_known.then_some(0.5 * (low + high));
            }
            let is_between = low < guess && guess < high;
            let t = if is_between && is_known && round % 6 != 5 { guess } else { 0.5 * (low + high) };
            // From within, whence the valley of the others has been followed; from without where that fails, or where it leads lower.
            let from_outside = || self.best_at(t, &outside.x, value);
            let Some(mut stand) = self.best_at(t, &inside.x, value).or_else(from_outside) else {
                (edge, is_known) = (t, false);
                continue;
            };
            let is_end = |stand: &Stand| (stand.worse - self.allowed).abs() <= 1e-11 * self.allowed;
            if is_end(&stand) {
                let lower = from_outside().filter(|other| other.worse < stand.worse - 1e-9 * self.allowed);
                stand = lower.unwrap_or(stand);
            }
            seen.push((stand.t, stand.worse));
            if is_end(&stand) {
                return Some(stand.t);
            }
            guess = stand.end(self.allowed);
            if stand.worse > self.allowed {
                (edge, is_known) = (t, true);
                outside = stand;
            } else {
                inside = stand;
            }
        }
        None
    }

    /// The least objective where the quantity is `t`, sought from `near`: one coordinate follows from the others.
    fn best_at(&self, t: f64, near: &[f64], value: f64) -> Option<Stand> {
        let slopes = self.quantity.slopes(near)?;
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
        let z = if others.is_empty() { z } else { self.settle(|z| self.reduced(&whole(z)?, follows, &others), &z)? };
        let x = whole(&z)?;
        let here = (self.objective)(&x)?;
        let slope = here.gradient[follows] / self.quantity.slope(&x, follows)?;
        Some(Stand { t, x, worse: here.value - value, slope })
    }

    /// The end of a search. The least of the others may lie at no end (a rate that goes to zero): what counts then is that going on from there
    /// gains nothing, which is tried and not believed.
    fn settle(&self, f: impl Fn(&[f64]) -> Option<Near>, z: &[f64]) -> Option<Vec<f64>> {
        const MOST_TRIES: u32 = 3;
        let mut found = least(&f, z)?;
        for _ in 0..MOST_TRIES {
            if found.settled {
                return Some(found.x);
            }
            let again = least(&f, &found.x)?;
            let gained = found.near.value - again.near.value;
            let nothing = 1e-9 * self.allowed.min(1.0 + again.near.value.abs());
            if gained <= nothing && again.promised <= nothing {
                return Some(again.x);
            }
            found = again;
        }
        None
    }

    /// Moves one coordinate until the quantity is `t`.
    fn follow(&self, x: &mut [f64], i: usize, t: f64) -> Option<()> {
        if let Quantity::Coordinate(_) = self.quantity {
            x[i] = t;
            return Some(());
        }
        for _ in 0..50 {
            let off = self.quantity.at(x)? - t;
            if off.abs() <= 1e-13 * (1.0 + t.abs()) {
                return Some(());
            }
            let slope = self.quantity.slope(x, i)?;
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
        let (g, gg) = self.quantity.shape(x)?;
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
}
