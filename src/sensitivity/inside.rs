//! The disposition: what a unit in one compartment is in another, as a concentration, with its derivatives.
//!
//! With `L` the conductances and `V` the volumes, `V c' = -L c`, so that the concentration in compartment `j` after a unit in `i` is
//! `H_ij = ((L + s V)^-1)_ij`, and its derivative with respect to a clearance, flow or volume is `-H w w' H` (times `s` for a volume),
//! with `w` the plasma, a compartment, or the difference of two. Each `w' H w'` is a sum of products of `s`, `s + k21` and `s + k31`
//! over the exponentials, all of one sign.

use smallvec::SmallVec;

use super::terms::{MODES, RateTable, Sum, Term, add, flows, product};
use crate::disposition::Disposition;

/// What stands on either side of `H`: a compartment, or the plasma less a compartment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    At(usize),
    Less(usize),
}

/// What a transfer depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    /// The rate of the transit chain of a path, and that of its depot.
    Ktr(usize),
    Ka(usize),
    Cl,
    /// The volume of compartment `j`, 0 the plasma.
    V(usize),
    /// The flow between the plasma and compartment `j`.
    Q(usize),
    /// The time that passes.
    Time,
}

/// The disposition in the terms of the formulas.
#[derive(Debug, Clone)]
pub(super) struct Inside {
    pub(super) cl: f64,
    /// Volumes: plasma, then peripheral.
    pub(super) v: SmallVec<[f64; 3]>,
    /// Flows to and from the peripheral compartments; the first place is not used.
    q: SmallVec<[f64; 3]>,
    /// Every `w' H w'` as flows, by the numbers of its two sides.
    forms: Vec<Sum>,
}

impl Inside {
    pub(super) fn new(body: &Disposition, table: &RateTable) -> Self {
        let peripherals = body.peripherals();
        let mut inside = Self {
            cl: body.cl(),
            v: std::iter::once(body.v1()).chain(peripherals.iter().map(|(_, v)| *v)).collect(),
            q: std::iter::once(0.0).chain(peripherals.iter().map(|(q, _)| *q)).collect(),
            forms: Vec::new(),
        };
        inside.form_all(table);
        inside
    }

    /// A derivative of `w' H w'` with respect to none, one or two of clearance, flows and volumes.
    pub(super) fn derivative(&self, (left, right): (Side, Side), by: &[Quantity]) -> Sum {
        let side = |by: Quantity| match by {
            Quantity::V(j) => (Side::At(j), 1),
            Quantity::Q(j) => (Side::Less(j), 0),
            _ => (Side::At(0), 0),
        };
        match *by {
            [] => self.form(left, right).clone(),
            [one] => {
                let (w, zeros) = side(one);
                let both = product(self.form(left, w), self.form(w, right));
                both.into_iter().map(|term| term.scaled(-1.0).by(2, zeros)).collect()
            }
            [one, other] => {
                let ((w, zeros), (x, more)) = (side(one), side(other));
                let through = |w, x| product(&product(self.form(left, w), self.form(w, x)), self.form(x, right));
                let mut sum = through(w, x);
                through(x, w).into_iter().for_each(|term| add(&mut sum, term));
                sum.into_iter().map(|term| term.by(2, zeros + more)).collect()
            }
            _ => Sum::new(),
        }
    }

    /// Finds every `w' H w'`, each as flows over the fastest, the two fastest or all exponentials.
    fn form_all(&mut self, table: &RateTable) {
        let all = self.v.len();
        let sides: SmallVec<[Side; 5]> = (0..all).map(Side::At).chain((1..all).map(Side::Less)).collect();
        for left in &sides {
            for right in &sides {
                let found = flows(table, &self.fraction(*left, *right));
                self.forms.push(found.into_iter().map(|(below, coef)| Term { coef, below, ..Term::ONE }).collect());
            }
        }
    }

    /// `w' H w'` as flows.
    fn form(&self, left: Side, right: Side) -> &Sum {
        let all = self.v.len();
        let number = |side: Side| match side {
            Side::At(j) => j,
            Side::Less(j) => all - 1 + j,
        };
        &self.forms[number(left) * (2 * all - 1) + number(right)]
    }

    /// `w' H w'`: over all exponentials, a sum of terms of one sign.
    fn fraction(&self, left: Side, right: Side) -> Sum {
        let all = self.v.len();
        let mut over = Term::ONE;
        (0..all).for_each(|mode| over = over.over(MODES + mode, 1));
        // `s + z` of every peripheral compartment but the named ones.
        let but = |named: &[usize]| {
            let mut term = over;
            (1..all).filter(|j| !named.contains(j)).for_each(|j| term = term.by(j - 1, 1));
            term
        };
        let mut sum = Sum::new();
        let (v, q, v1) = (&self.v, &self.q, self.v[0]);
        // The conductance from compartment `j` past the plasma to the outside and the others: `s`, clearance, other flows.
        let past_plasma = |sum: &mut Sum, j: usize, sign: f64| {
            add(sum, but(&[j]).by(2, 1).scaled(sign / v[j]));
            add(sum, but(&[j]).scaled(sign * (self.cl / (v1 * v[j]))));
            for other in (1..all).filter(|other| *other != j) {
                add(sum, but(&[j, other]).by(2, 1).scaled(sign * (q[other] / (v1 * v[j]))));
            }
        };
        match (left, right) {
            (Side::At(0), Side::At(0)) => add(&mut sum, but(&[]).scaled(1.0 / v1)),
            (Side::At(0), Side::At(j)) | (Side::At(j), Side::At(0)) => {
                add(&mut sum, but(&[j]).scaled(q[j] / (v1 * v[j])));
            }
            (Side::At(i), Side::At(j)) if i == j => {
                past_plasma(&mut sum, j, 1.0);
                add(&mut sum, but(&[j]).scaled(q[j] / (v1 * v[j])));
            }
            (Side::At(i), Side::At(j)) => add(&mut sum, but(&[i, j]).scaled((q[i] / v[i]) * (q[j] / v[j]) / v1)),
            (Side::At(0), Side::Less(j)) | (Side::Less(j), Side::At(0)) => {
                add(&mut sum, but(&[j]).by(2, 1).scaled(1.0 / v1));
            }
            (Side::At(i), Side::Less(j)) | (Side::Less(j), Side::At(i)) if i == j => past_plasma(&mut sum, j, -1.0),
            (Side::At(i), Side::Less(j)) | (Side::Less(j), Side::At(i)) => {
                add(&mut sum, but(&[i, j]).by(2, 1).scaled(q[i] / (v1 * v[i])));
            }
            (Side::Less(i), Side::Less(j)) if i == j => {
                past_plasma(&mut sum, j, 1.0);
                add(&mut sum, but(&[j]).by(2, 1).scaled(1.0 / v1));
            }
            (Side::Less(i), Side::Less(j)) => add(&mut sum, but(&[i, j]).by(2, 2).scaled(1.0 / v1)),
        }
        sum
    }
}
