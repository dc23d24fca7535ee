//! -2 ln likelihood (or a sum of squares) of a theory at coordinates, with its exact gradient and Hessian.

use std::cell::LazyCell;

use nalgebra::{DMatrix, DVector};

use super::kinds::Errors;
use super::name::Name;
use super::plain::Plain;
use super::prepared::{Inner, Prepared};
use super::rows::{Levels, bend};
use super::samples::Sampled;
use super::theory::Theory;
use crate::numeric::Near;
use crate::sensitivity::{Jet, Order, Space, add_scaled, at_second, compose};

/// What some curves add up to under a theory, made ready for many evaluations.
pub(super) struct Objective<'a> {
    theory: &'a Theory,
    curves: Vec<Prepared<'a>>,
    /// The short way of levels under a common error.
    plain: Option<Plain>,
}

/// What a sample adds depends on its level and on the free numbers of the error: so much for all samples, before any coordinate of the
/// model is thought of.
struct Local {
    space: Space,
    residual: Errors,
}

impl<'a> Objective<'a> {
    pub(super) fn new(theory: &'a Theory, all: &'a [Sampled]) -> Self {
        let curves = all.iter().map(|sampled| Prepared::new(theory, sampled)).collect();
        Self { theory, curves, plain: Plain::of(theory) }
    }

    pub(super) fn theory(&self) -> &Theory {
        self.theory
    }

    /// The curves.
    pub(super) fn curves(&self) -> &[Prepared<'a>] {
        &self.curves
    }

    /// What each coordinate is, those of the error last.
    pub(super) fn free(&self) -> &[(Name, super::Unknown)] {
        self.curves.first().map_or(&[], |curve| curve.plan().free())
    }

    /// The value with gradient and Hessian, without the constant `n ln 2 pi`; none where nothing has a density.
    pub(super) fn near(&self, x: &[f64]) -> Option<Near> {
        Some(near(&self.at(x, Order::Second)?, x.len()))
    }

    /// The value alone.
    pub(super) fn value(&self, x: &[f64]) -> Option<f64> {
        Some(self.at(x, Order::Value)?[0])
    }

    fn at(&self, x: &[f64], order: Order) -> Option<Jet> {
        let space = order.space(x.len());
        let (mut sum, mut room) = (space.zero(), Levels::default());
        // The short way needs none of it.
        let local = LazyCell::new(|| self.local(x, order));
        let errors = if self.plain.is_some() { 0 } else { local.errors() };
        for curve in &self.curves {
            curve.add_summaries(x, space, &mut sum).ok()?;
            let inner = curve.inner(x, order, &mut room).ok()?;
            // Over the numbers of the model where the levels are by those, and the coordinates come in once for all samples.
            let by = order.space(inner.count() + errors);
            let mut own = by.zero();
            for (row, reading) in room.rows().zip(curve.sampled().samples.readings()) {
                if let Some(part) = self.plain.and_then(|plain| plain.at(reading.report, row[0])) {
                    add_sample(&mut own, by, (row, inner.count()), &part);
                    continue;
                }
                let level = if space.unknowns == 0 { local.space.constant(row[0]) } else { local.space.level(row[0]) };
                let mut part = local.space.zero();
                if !local.residual.of(reading).add(reading, &level, &mut part) {
                    return None;
                }
                add_sample(&mut own, by, (row, inner.count()), &part);
            }
            add_scaled(&mut sum, 1.0, &over_coordinates(space, by, own, inner));
        }
        sum.iter().all(|value| value.is_finite()).then_some(sum)
    }

    /// The error at coordinates.
    fn local(&self, x: &[f64], order: Order) -> Local {
        let errors = || self.free().iter().zip(x).filter(|((name, _), _)| name.is_of_error());
        let space = order.space(1 + errors().count());
        let jet = |(e, ((name, unknown), x)): (usize, (&(Name, super::Unknown), &f64))| {
            let value = unknown.value(*x);
            let own = if order == Order::Value { space.constant(*x) } else { space.unknown(*x, 1 + e) };
            (*name, space.of(value, &own))
        };
        let jets: Vec<(Name, Jet)> = errors().enumerate().map(jet).collect();
        Local { space, residual: Errors::at(self.theory, space, &jets) }
    }
}

impl Local {
    /// How many numbers of the error are free.
    fn errors(&self) -> usize {
        self.space.unknowns.saturating_sub(1)
    }
}

impl Space {
    /// The level of a sample among the unknowns of that sample: the first of them.
    fn level(self, value: f64) -> Jet {
        self.unknown(value, 0)
    }
}

/// Adds what a sample adds: `part` is by its level and by the error, `row` has the level by the first `m` unknowns; the error is the rest.
fn add_sample(sum: &mut [f64], space: Space, (row, m): (&[f64], usize), part: &[f64]) {
    sum[0] += part[0];
    let n = space.unknowns;
    if n == 0 {
        return;
    }
    let slope = part[1];
    for i in 0..m {
        sum[1 + i] += slope * row[1 + i];
    }
    for e in 0..n - m {
        sum[1 + m + e] += part[2 + e];
    }
    if !space.second {
        return;
    }
    let locals = 1 + n - m;
    let bend = part[at_second(locals, 0, 0)];
    let mut at = 0;
    for i in 0..m {
        let scaled = bend * row[1 + i];
        for j in 0..=i {
            sum[1 + n + at] += scaled * row[1 + j] + slope * row[1 + m + at];
            at += 1;
        }
    }
    for e in 0..n - m {
        let mixed = part[at_second(locals, 1 + e, 0)];
        for i in 0..m {
            sum[at_second(n, m + e, i)] += mixed * row[1 + i];
        }
        for other in 0..=e {
            sum[at_second(n, m + e, m + other)] += part[at_second(locals, 1 + e, 1 + other)];
        }
    }
}

/// A sum over what the levels are by, and the numbers of the error, as one over the coordinates; those of the error come last in both.
fn over_coordinates(space: Space, by: Space, mut sum: Jet, inner: Inner) -> Jet {
    let errors = by.unknowns - inner.count();
    match inner {
        Inner::Coordinates(_) => sum,
        Inner::Straight(mut slopes) => {
            slopes.extend(std::iter::repeat_n([1.0, 0.0], errors));
            bend(&mut sum, &slopes);
            sum
        }
        Inner::Jets(jets) => {
            let unknowns: Vec<Jet> = (space.unknowns - errors..space.unknowns).map(|i| space.unknown(0.0, i)).collect();
            let all: Vec<&Jet> = jets.iter().chain(&unknowns).collect();
            compose(space, &sum, &all)
        }
    }
}

/// The value alone, of curves that are asked once.
pub(super) fn value(theory: &Theory, all: &[Sampled], x: &[f64]) -> Option<f64> {
    Objective::new(theory, all).value(x)
}

/// A jet as a value with gradient and Hessian.
pub(super) fn near(jet: &Jet, n: usize) -> Near {
    Near {
        value: jet[0],
        gradient: DVector::from_fn(n, |i, _| jet[1 + i]),
        hessian: DMatrix::from_fn(n, n, |i, j| jet[at_second(n, i, j)]),
    }
}

#[cfg(test)]
impl Objective<'_> {
    pub(super) fn forget_the_fast_way(&mut self) {
        self.curves.iter_mut().for_each(Prepared::forget_the_fast_way);
        self.plain = None;
    }
}
