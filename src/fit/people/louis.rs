//! Slopes and curvature of the likelihood itself from weighted draws of the deviations (Fisher's and Louis' identities): no derivative of an
//! integral is formed.

use nalgebra::{DMatrix, DVector};

use super::evaluate::Asked;
use super::inner::{Inner, Mode, Person};
use super::layout::{Layout, Place};
use super::marginal::draws;
use super::method::Method;
use super::term::{ERROR, OWN, jet_at};
use crate::fit::rows::Levels;
use crate::sensitivity::at_second;
use crate::workers::{Work, for_each_row};

/// What a person adds to the slopes of the objective by the coordinates of the search, and to its Hessian.
#[derive(Debug, Clone)]
pub(super) struct Bend {
    pub(super) gradient: DVector<f64>,
    pub(super) hessian: DMatrix<f64>,
}

/// What each person adds at a place with these modes, by `(draws, seed)`; none where one has no likelihood.
pub(super) fn bends(asked: &Asked<'_>, x: &[f64], modes: &[Vec<f64>], draws: (u32, u64)) -> Option<Vec<Bend>> {
    let place = asked.layout.place(x)?;
    let mut rows: Vec<Option<Bend>> = vec![None; asked.people.len()];
    let work = Work { width: 1, nanoseconds: 500_000.0 };
    let done = for_each_row(
        &mut rows,
        work,
        || Ok(()),
        |(), first, rows| {
            for (k, row) in rows.iter_mut().enumerate() {
                let person = &asked.people[first + k];
                let seat = person.seat(&asked.layout, &place);
                let own = Louis { shared: &asked.layout, layout: seat.layout, place: &seat.place, person, x };
                *row = own.bend(&modes[first + k], draws, (first + k) as u64);
            }
            Ok(())
        },
    );
    done.ok()?;
    rows.into_iter().collect()
}

struct Louis<'a> {
    /// What all people share.
    shared: &'a Layout,
    /// What the person sees.
    layout: &'a Layout,
    place: &'a Place,
    person: &'a Person<'a>,
    x: &'a [f64],
}

impl Louis<'_> {
    fn bend(&self, mode: &[f64], many: (u32, u64), number: u64) -> Option<Bend> {
        let inner = Inner::new(self.layout, self.place, self.person, Method::Laplace)?.closest();
        let mode: Mode = inner.mode_from(mode)?;
        let all = draws(&inner, &mode, many, number)?;
        let (n, p) = (self.layout.eta.len(), self.x.len());
        let (mut mean, mut square) = (DVector::zeros(n), DMatrix::zeros(n, n));
        let (mut gradient, mut outer) = (DVector::<f64>::zeros(p), DMatrix::zeros(p, p));
        let mut hessian = DMatrix::zeros(p, p);
        for (weight, eta) in all.iter().filter(|(weight, _)| *weight > 0.0) {
            let eta = DVector::from_column_slice(eta);
            let product = &eta * eta.transpose();
            let mut own = self.prior(self.x, &eta, &product)?;
            self.add_levels(eta.as_slice(), *weight, (&mut own, &mut hessian))?;
            mean += *weight * eta;
            square += *weight * product;
            outer += *weight * &own * own.transpose();
            gradient += *weight * own;
        }
        hessian += self.bend_of_prior(&mean, &square)?;
        // -2 ln bends as the mean of what it bends by less half the variance of its slopes.
        hessian -= 0.5 * (outer - &gradient * gradient.transpose());
        Some(Bend { gradient, hessian })
    }

    /// The slopes of -2 ln of the density of the numbers of a person, which are held, where the mean and the mean square of the deviations
    /// at the place are these.
    fn prior(&self, x: &[f64], mean: &DVector<f64>, square: &DMatrix<f64>) -> Option<DVector<f64>> {
        let (layout, n) = (self.layout, mean.len());
        let all = self.shared.place(x)?;
        let seat = self.person.seat(self.shared, &all);
        let place = &*seat.place;
        let moved = DVector::from_iterator(n, layout.eta.iter().map(|i| place.z[*i] - self.place.z[*i]));
        let cross = &moved * mean.transpose();
        let about = square - &cross - cross.transpose() + &moved * moved.transpose();
        let over = &place.omega.inverse;
        let pull = -2.0 * over * (mean - moved);
        let mut slopes = DVector::zeros(x.len());
        for (j, i) in layout.typical.iter().enumerate() {
            slopes[j] = layout.eta.iter().position(|k| k == i).map_or(0.0, |k| pull[k]);
        }
        let by = over - over * about * over;
        let by = match &self.person.own {
            None => by,
            Some(own) => own.shared_omega(&by),
        };
        for (k, slope) in layout.blocks.slopes(&all.omega, &by).into_iter().enumerate() {
            slopes[layout.omega_at() + k] = slope;
        }
        Some(slopes)
    }

    /// Its curvature, by differences of the fourth order of the slopes.
    fn bend_of_prior(&self, mean: &DVector<f64>, square: &DMatrix<f64>) -> Option<DMatrix<f64>> {
        const STEP: f64 = 1e-3;
        let p = self.x.len();
        let mut hessian = DMatrix::zeros(p, p);
        for i in 0..p {
            for (weight, step) in [(8.0, STEP), (-8.0, -STEP), (-1.0, 2.0 * STEP), (1.0, -2.0 * STEP)] {
                let mut x = self.x.to_vec();
                x[i] += step;
                let mut column = hessian.column_mut(i);
                column += weight / (12.0 * STEP) * self.prior(&x, mean, square)?;
            }
        }
        Some(0.5 * (&hessian + hessian.transpose()))
    }

    /// Adds what the levels add to the slopes, and with a weight to the curvature.
    fn add_levels(
        &self,
        eta: &[f64],
        weight: f64,
        (slopes, bend): (&mut DVector<f64>, &mut DMatrix<f64>),
    ) -> Option<()> {
        let (layout, m) = (self.layout, self.layout.person());
        let numbers: Vec<(usize, usize)> =
            layout.typical.iter().enumerate().filter(|(_, i)| !layout.eta.contains(i)).map(|(j, i)| (j, *i)).collect();
        if numbers.is_empty() && layout.errors() == 0 {
            return Some(());
        }
        let z = layout.moved(&self.place.z, eta);
        let levels = if numbers.is_empty() { Levels::default() } else { self.person.levels(&z, true)? };
        let plain = if numbers.is_empty() { self.person.plain(&z)? } else { Vec::new() };
        let space = self.place.residual.space().unknowns;
        let errors = (0..layout.errors()).map(|k| (layout.typical.len() + k, ERROR + k));
        let mut rows = levels.rows();
        for (j, reading) in self.person.readings().enumerate() {
            let level = rows.next();
            let value = jet_at(&self.place.residual, reading, level.map_or_else(|| plain[j], |row| row[0]))?;
            // (coordinate of the search, coordinate of the sample, slope of the one by the other)
            let of_number = numbers.iter().map(|(at, i)| (*at, OWN, level.map_or(0.0, |row| row[1 + i]), Some(*i)));
            let all: Vec<(usize, usize, f64, Option<usize>)> =
                of_number.chain(errors.clone().map(|(at, q)| (at, q, 1.0, None))).collect();
            for &(a, p, da, i) in &all {
                slopes[a] += value[1 + p] * da;
                for &(b, q, db, k) in &all {
                    let bent = match (i, k, level) {
                        (Some(i), Some(k), Some(row)) => row[at_second(m, i, k)],
                        _ => 0.0,
                    };
                    bend[(a, b)] += weight * (value[at_second(space, p, q)] * da * db + value[1 + OWN] * bent);
                }
            }
        }
        Some(())
    }
}
