//! One person at a place of the search: the joint density of levels and deviations, and its mode.

use nalgebra::{DMatrix, DVector};

use super::layout::{Layout, Place};
use super::method::Method;
use super::term::{Term, term};
use crate::fit::prepared::{Levels, Prepared};
use crate::fit::samples::{Reading, Sampled};
use crate::numeric::{Near, least};
use crate::sensitivity::{Jet, Order, at_second};

/// A person made ready for many evaluations.
pub(super) struct Person<'a> {
    pub(super) id: &'a str,
    pub(super) sampled: &'a Sampled,
    prepared: Prepared<'a>,
}

impl<'a> Person<'a> {
    pub(super) fn new(layout: &Layout, id: &'a str, sampled: &'a Sampled) -> Self {
        Self { id, sampled, prepared: Prepared::new(&layout.joint, sampled) }
    }

    pub(super) fn readings(&self) -> impl Iterator<Item = Reading> {
        self.sampled.samples.readings()
    }

    /// The levels of a person with coordinates `z`, with derivatives by them.
    pub(super) fn levels(&self, z: &[f64], second: bool) -> Option<Vec<Jet>> {
        let order = if second { Order::Second } else { Order::First };
        let levels = self.prepared.predicted(z, order).ok()?;
        levels.iter().flatten().all(|value| value.is_finite()).then_some(levels)
    }

    /// The levels alone.
    pub(super) fn plain(&self, z: &[f64]) -> Option<Vec<f64>> {
        let mut room = Levels::default();
        self.prepared.levels(z, Order::Value, &mut room).ok()?;
        let levels: Vec<f64> = room.rows().map(|row| row[0]).collect();
        levels.iter().all(|value| value.is_finite()).then_some(levels)
    }
}

/// A person at a place.
pub(super) struct Inner<'a> {
    pub(super) layout: &'a Layout,
    pub(super) place: &'a Place,
    pub(super) person: &'a Person<'a>,
    pub(super) method: Method,
    /// The levels without deviations, by which the variance goes where it does not interact.
    pub(super) typical: Vec<Jet>,
}

/// The mode of a person's deviations.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mode {
    pub(super) eta: Vec<f64>,
    pub(super) near: Near,
    pub(super) settled: bool,
}

/// What is seen at deviations: levels and terms.
pub(super) struct Sight {
    pub(super) levels: Vec<Jet>,
    pub(super) terms: Vec<Term>,
}

impl<'a> Inner<'a> {
    pub(super) fn new(layout: &'a Layout, place: &'a Place, person: &'a Person<'a>, method: Method) -> Option<Self> {
        let typical = if method.interacts() { Vec::new() } else { person.levels(&place.z, true)? };
        Some(Self { layout, place, person, method, typical })
    }

    /// What is seen at coordinates of the person.
    pub(super) fn sight(&self, z: &[f64]) -> Option<Sight> {
        let levels = self.person.levels(z, true)?;
        let base = |j: usize| self.typical.get(j).map_or(0.0, |jet| jet[0]);
        let interacts = self.method.interacts();
        let terms: Option<Vec<Term>> = self
            .person
            .readings()
            .zip(&levels)
            .enumerate()
            .map(|(j, (reading, level))| term(&self.place.residual, reading, (level[0], base(j)), interacts))
            .collect();
        Some(Sight { levels, terms: terms? })
    }

    /// `l(eta)`, -2 ln of the joint density without constants, with gradient and Hessian by the deviations.
    pub(super) fn near(&self, eta: &[f64]) -> Option<Near> {
        let z = self.layout.moved(&self.place.z, eta);
        let sight = self.sight(&z)?;
        let (mut near, n) = (self.of_levels(&sight), eta.len());
        let inverse = &self.place.omega.inverse;
        let pull = inverse * DVector::from_column_slice(eta);
        near.value += (0..n).map(|i| eta[i] * pull[i]).sum::<f64>();
        near.gradient += 2.0 * pull;
        near.hessian += 2.0 * inverse;
        near.value.is_finite().then_some(near)
    }

    /// `l(eta)` alone.
    pub(super) fn value(&self, eta: &[f64]) -> Option<f64> {
        let levels = self.person.plain(&self.layout.moved(&self.place.z, eta))?;
        let base = |j: usize| self.typical.get(j).map_or(0.0, |jet| jet[0]);
        let pull = &self.place.omega.inverse * DVector::from_column_slice(eta);
        let mut sum: f64 = eta.iter().zip(pull.iter()).map(|(eta, pull)| eta * pull).sum();
        for (j, (reading, level)) in self.person.readings().zip(&levels).enumerate() {
            sum += term(&self.place.residual, reading, (*level, base(j)), self.method.interacts())?.value;
        }
        sum.is_finite().then_some(sum)
    }

    /// What the levels add to it.
    pub(super) fn of_levels(&self, sight: &Sight) -> Near {
        let (eta, m) = (&self.layout.eta, self.layout.person());
        let n = eta.len();
        let mut near = Near { value: 0.0, gradient: DVector::zeros(n), hessian: DMatrix::zeros(n, n) };
        for (level, term) in sight.levels.iter().zip(&sight.terms) {
            let [first, second] = term.own;
            near.value += term.value;
            for i in 0..n {
                let a = level[1 + eta[i]];
                near.gradient[i] += first * a;
                for j in 0..=i {
                    near.hessian[(i, j)] += second * a * level[1 + eta[j]] + first * level[at_second(m, eta[i], eta[j])];
                }
            }
        }
        near.hessian.fill_upper_triangle_with_lower_triangle();
        near
    }

    /// The mode from where it was last.
    pub(super) fn mode_from(&self, eta: &[f64]) -> Option<Mode> {
        let found = least(|eta| self.near(eta), eta)?;
        Some(Mode { eta: found.x, near: found.near, settled: found.settled })
    }

    /// The lowest mode from several starts: no deviation, the mode of before, and each deviation one standard deviation up and down.
    pub(super) fn mode(&self, before: &[f64]) -> Option<Mode> {
        let n = self.layout.eta.len();
        let mut starts = vec![vec![0.0; n], before.to_vec()];
        for i in 0..n {
            for direction in [1.0, -1.0] {
                let mut start = vec![0.0; n];
                start[i] = direction * self.place.omega.matrix[(i, i)].sqrt();
                starts.push(start);
            }
        }
        let ends = starts.iter().filter_map(|start| self.mode_from(start));
        // Of ends that agree within rounding the first one stays, so that it does not change from call to call.
        ends.reduce(|best, end| {
            let lower = end.near.value < best.near.value - 1e-9 * (1.0 + best.near.value.abs());
            if lower || (end.settled && !best.settled && end.near.value <= best.near.value) { end } else { best }
        })
    }

    /// The curvature `H` at a mode: half the exact Hessian, or its expectation.
    pub(super) fn curvature(&self, sight: &Sight, mode: &Mode) -> DMatrix<f64> {
        if self.method.is_exact() {
            return 0.5 * &mode.near.hessian;
        }
        let eta = &self.layout.eta;
        let n = eta.len();
        let mut curvature = self.place.omega.inverse.clone();
        for (level, term) in sight.levels.iter().zip(&sight.terms) {
            for i in 0..n {
                for j in 0..n {
                    curvature[(i, j)] += term.told.value * level[1 + eta[i]] * level[1 + eta[j]];
                }
            }
        }
        curvature
    }
}

/// `ln |A|` of a matrix, and its root; none where it is not positive definite.
pub(super) fn root(matrix: &DMatrix<f64>) -> Option<(f64, nalgebra::Cholesky<f64, nalgebra::Dyn>)> {
    let root = matrix.clone().cholesky()?;
    let ln_det = 2.0 * root.l_dirty().diagonal().iter().map(|own: &f64| own.ln()).sum::<f64>();
    ln_det.is_finite().then_some((ln_det, root))
}
