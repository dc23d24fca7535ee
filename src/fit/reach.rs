//! What a body has of an aim, as a function of the factor by which all doses are multiplied.
//!
//! Above the baseline every level of a linear body is proportional to the doses. So levels and areas are straight lines in the factor, and a share of
//! time is that of one fixed curve above a threshold that moves.

use super::target::{Aim, Target};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::numeric::{exp, root};
use crate::regimen::Repeating;
use crate::steady_state::SteadyState;

/// How far factors of a share are sought from the one that brings the average to the level, as a logarithm.
const FAR: f64 = 12.0;
/// How many factors are tried where the share within a range may rise and fall.
const TRIED: i32 = 96;

pub(super) struct Reach {
    aim: Aim,
    base: f64,
    kind: Kind,
}

enum Kind {
    /// What one factor adds to the baseline.
    Line(f64),
    Share(Box<SteadyState>),
}

impl Reach {
    pub(super) fn of(model: &Model, dosing: &Repeating, aim: Aim) -> Result<Self> {
        if aim.is_of_cycle() {
            return Self::of_cycle(&model.steady_state(dosing.clone())?, aim);
        }
        let base = aim.baseline(model, dosing.tau());
        Ok(Self { aim, base, kind: Kind::Line(aim.of(model, dosing)? - base) })
    }

    /// The same of a steady state that is known.
    pub(super) fn of_cycle(ss: &SteadyState, aim: Aim) -> Result<Self> {
        if !aim.is_of_cycle() {
            return Self::of(ss.model(), ss.dosing(), aim);
        }
        let base = aim.baseline(ss.model(), ss.tau());
        let kind = if aim.is_share() {
            Kind::Share(Box::new(ss.clone()))
        } else {
            Kind::Line(aim.of_cycle(ss, ss.model().baseline(), 1.0) - base)
        };
        Ok(Self { aim, base, kind })
    }

    /// What is reached with a factor.
    pub(super) fn at(&self, factor: f64) -> f64 {
        match &self.kind {
            Kind::Line(unit) => self.base + factor * unit,
            Kind::Share(ss) => self.aim.of_cycle(ss, self.base, factor),
        }
    }

    /// The factor of one body: that of the middle of the range, or of its one end.
    pub(super) fn factor_for(&self, target: Target) -> Option<f64> {
        match (&self.kind, self.aim) {
            (Kind::Line(unit), _) => {
                let factor = (target.middle() - self.base) / unit;
                (factor > 0.0 && factor.is_finite()).then_some(factor)
            }
            // The longest time within a range has an amount between the ends.
            (Kind::Share(_), Aim::TimeWithin(..)) => self.best_within().filter(|factor| target.meets(self.at(*factor))),
            (Kind::Share(_), _) => {
                let (low, high) = self.range(target)?;
                let end = if low > 0.0 { low } else { high };
                (end > 0.0 && end.is_finite()).then_some(end)
            }
        }
    }

    /// The factors with which the target is met; none if it never is.
    pub(super) fn range(&self, target: Target) -> Option<(f64, f64)> {
        match (&self.kind, self.aim) {
            (Kind::Line(unit), _) => {
                let [low, high] = [target.low, target.high].map(|end| (end - self.base) / unit);
                (*unit > 0.0 && high > 0.0).then_some((low.max(0.0), high))
            }
            (Kind::Share(_), Aim::TimeWithin(..)) => {
                let meets = |factor: f64| target.meets(self.at(factor));
                let best = self.best_within().filter(|factor| meets(*factor))?;
                Some((edge(best, -1.0, meets), edge(best, 1.0, meets)))
            }
            (Kind::Share(_), _) => self.range_above(target),
        }
    }

    /// The share above one level only grows with the doses.
    fn range_above(&self, target: Target) -> Option<(f64, f64)> {
        let middle = self.middle()?;
        let ends = (middle - FAR, middle + FAR);
        let at = |share: f64| root(|x| self.at(exp(x)) - share, ends);
        let (least, most) = (self.at(exp(ends.0)), self.at(exp(ends.1)));
        if most < target.low || least > target.high {
            return None;
        }
        let low = if target.low <= least { 0.0 } else { exp(at(target.low)) };
        let high = if target.high >= most { f64::INFINITY } else { exp(at(target.high)) };
        Some((low, high))
    }

    /// The logarithm of the factor that brings the average to the level that counts.
    fn middle(&self) -> Option<f64> {
        let Kind::Share(ss) = &self.kind else { return None };
        let level = match self.aim {
            Aim::TimeWithin(low, high) => 0.5 * (low + high),
            Aim::TimeAbove(level) => level,
            _ => return None,
        };
        let factor = (level - self.base) / (ss.cavg() - self.base);
        let known = factor > 0.0 && factor.is_finite();
        // A baseline above the level is above it whatever the dose.
        if known { Some(factor.ln()) } else { (ss.cavg() > self.base).then_some(0.0) }
    }

    /// The factor with the longest time within the range.
    fn best_within(&self) -> Option<f64> {
        let middle = self.middle()?;
        let factor = |i: i32| exp(middle + 0.25 * FAR * f64::from(i) / f64::from(TRIED));
        let mut best = (f64::NEG_INFINITY, 0);
        for i in -TRIED..=TRIED {
            let share = self.at(factor(i));
            if share > best.0 {
                best = (share, i);
            }
        }
        // Of factors that do as well, the middle one.
        let last = (best.1..=TRIED).take_while(|i| self.at(factor(*i)) >= best.0 - 1e-12).last()?;
        Some((factor(best.1) * factor(last)).sqrt())
    }

    /// Why a target is not reached.
    pub(super) fn cannot(&self, target: Target) -> Error {
        let why = match &self.kind {
            Kind::Share(_) => match self.best_within() {
                Some(factor) if matches!(self.aim, Aim::TimeWithin(..)) => {
                    let most = 100.0 * self.at(factor);
                    format!(
                        "the most that any amount reaches is {most:.0} % of the time; take smaller doses more often"
                    )
                }
                _ => "the baseline is above it, or the dose does not raise it".to_owned(),
            },
            Kind::Line(_) => "the baseline is above it, or the dose does not raise it".to_owned(),
        };
        Error::value(format!("no dose of these times reaches {target}: {why}"))
    }
}

/// Where a target is no longer met, from a factor with which it is; 0 or infinite where it always is.
fn edge(from: f64, direction: f64, meets: impl Fn(f64) -> bool) -> f64 {
    let (mut inside, mut step) = (from.ln(), 0.05 * direction);
    let mut outside = inside + step;
    while meets(exp(outside)) {
        if step.abs() > FAR {
            return if direction < 0.0 { 0.0 } else { f64::INFINITY };
        }
        (inside, step) = (outside, 2.0 * step);
        outside = inside + step;
    }
    for _ in 0..50 {
        let middle = 0.5 * (inside + outside);
        if meets(exp(middle)) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    exp(inside)
}
