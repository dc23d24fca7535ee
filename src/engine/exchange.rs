//! The peripheral compartments as states of their own: what is put there, and what of it is where later.
//!
//! What reaches the plasma flows into pools, and a pool holds its share of what has gone on to the peripheral compartments. What is
//! *given* into one, or stands there when the numbers change, is no sum of pools with positive shares: it is kept as the amount in
//! that compartment, and what of it has come back to the plasma is added to all pools, as a dose into the plasma would be. With
//! `kj1` the rate from compartment `j` to the plasma, `k1j` that from the plasma to it, and `a > b > c` the rates of the
//! exponentials, a unit in peripheral compartment `j` leaves after `u` hours
//!
//! ```text
//! in the plasma       kj1 (flow(a, b) + (ki1 - c) flow(a, b, c))     two compartments: kj1 flow(a, b)
//! in the other one    kj1 k1i flow(a, b, c)
//! in itself           sum_p w_p e^{-p u},  1/w_p = 1 + (kj1 - p)^2/(k1j kj1) + k1i ki1/(k1j kj1) ((kj1 - p)/(ki1 - p))^2
//! ```
//!
//! These are the inverses of `kj1 (s + ki1)/((s + a)(s + b)(s + c))` and its neighbours, and of the squared eigenvector. Every
//! term is positive, whether compartments are large, nearly empty or twins (`k21 = k31`), so nothing cancels, no
//! case is apart, and no level is below zero.

use smallvec::{SmallVec, smallvec};

use crate::absorption::Rates;
use crate::disposition::Modes;
use crate::model::Model;
use crate::numeric::{flow, one_minus_exp};

/// The most peripheral compartments of a body.
pub(super) const MOST: usize = 2;

/// The peripheral compartments of a body.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    modes: Modes,
    pub(super) v1: f64,
    /// The rate of elimination from the plasma, 1/h.
    k10: f64,
    peripherals: SmallVec<[Peripheral; MOST]>,
    /// How far each exponential lies below the rate of each peripheral compartment; see
    /// [`Disposition::below`](crate::Disposition).
    below: SmallVec<[[f64; MOST]; 3]>,
}

/// The rates out of the plasma into a peripheral compartment, and back, 1/h.
#[derive(Debug, Clone, Copy)]
struct Peripheral {
    out: f64,
    back: f64,
}

impl Exchange {
    pub(super) fn new(model: &Model) -> Self {
        let body = model.disposition();
        let (v1, all) = (body.v1(), body.peripherals());
        let peripherals = all.iter().map(|(q, v)| Peripheral { out: q / v1, back: q / v }).collect();
        Self { modes: model.modes().into(), v1, k10: body.cl() / v1, peripherals, below: body.below() }
    }

    /// How many peripheral compartments there are.
    pub(super) fn count(&self) -> usize {
        self.peripherals.len()
    }

    /// The rate at which peripheral compartment `j` empties into the plasma, 1/h.
    pub(super) fn back(&self, j: usize) -> f64 {
        self.peripherals[j].back
    }

    /// What an amount in peripheral compartment `j`, which came there through rates, becomes in the plasma.
    pub(super) fn to_plasma(&self, j: usize, (scale, rates): (f64, &mut Rates), each: &mut impl FnMut(f64, &[f64])) {
        let scale = scale * self.back(j);
        rates.extend(self.modes.iter().take(2).map(|mode| mode.k));
        each(scale, rates);
        if let (Some(below), Some(slowest)) = (self.below.get(2), self.modes.get(2)) {
            rates.push(slowest.k);
            each(scale * below[1 - j], rates);
        }
    }

    /// What an amount in peripheral compartment `j`, which came there through rates, becomes in compartment `i`.
    pub(super) fn between(
        &self,
        j: usize,
        i: usize,
        (scale, rates): (f64, &mut Rates),
        each: &mut impl FnMut(f64, &[f64]),
    ) {
        if i != j {
            rates.extend(self.modes.iter().map(|mode| mode.k));
            return each(scale * self.back(j) * self.peripherals[i].out, rates);
        }
        for (p, mode) in self.modes.iter().enumerate() {
            rates.push(mode.k);
            each(scale * self.stays(j, p), rates);
            rates.pop();
        }
    }

    /// What is in the peripheral compartments before a cycle of `tau` h, if a cycle begun with none of it ends with `b`:
    /// `x = A x + b`.
    ///
    /// Of two compartments the determinant of `1 - A` is formed from what each loses to the other and to the rest, all
    /// positive (Grassmann, Taksar and Heyman, Oper. Res. 33 (1985) 1107).
    pub(super) fn fixed_point(&self, tau: f64, b: &[f64]) -> SmallVec<[f64; MOST]> {
        match *b {
            [b] => {
                let lost = self.modes.iter().zip(0..).map(|(mode, p)| self.stays(0, p) * one_minus_exp(mode.k * tau));
                smallvec![b / lost.sum::<f64>()]
            }
            [b0, b1] => {
                let [to_1, to_0] = [0, 1].map(|j| {
                    let mut arrived = 0.0;
                    self.between(j, 1 - j, (1.0, &mut Rates::new()), &mut |scale, rates| {
                        arrived += scale * flow(rates, tau);
                    });
                    arrived
                });
                let [lost_0, lost_1] = [0, 1].map(|j| self.lost(j, tau));
                let determinant = to_1 * lost_1 + lost_0 * to_0 + lost_0 * lost_1;
                smallvec![
                    ((to_0 + lost_1) * b0 + to_0 * b1) / determinant,
                    ((to_1 + lost_0) * b1 + to_1 * b0) / determinant
                ]
            }
            _ => SmallVec::new(),
        }
    }

    /// What of a unit in peripheral compartment `j` has reached the plasma after `u` h and not come back to a peripheral compartment, and
    /// what of it is eliminated.
    fn lost(&self, j: usize, u: f64) -> f64 {
        let mut lost = 0.0;
        self.to_plasma(j, (1.0, &mut Rates::new()), &mut |scale, rates| {
            let mut eliminated = Rates::from_slice(rates);
            eliminated.push(0.0);
            lost += scale * (flow(rates, u) + self.k10 * flow(&eliminated, u));
        });
        lost
    }

    /// The share of a unit in peripheral compartment `j` that decays there with exponential `p`.
    fn stays(&self, j: usize, p: usize) -> f64 {
        let (own, below) = (self.peripherals[j], self.below[p]);
        let apart = (below[j] / own.out) * (below[j] / own.back);
        let Some(other) = self.peripherals.get(1 - j) else { return 1.0 / (1.0 + apart) };
        // Of twins, one exponential never reaches the plasma: what one of them holds too much, the other lacks.
        let ratio = if below == [0.0; 2] { own.out / other.out } else { below[j] / below[1 - j] };
        1.0 / (1.0 + apart + (other.out / own.out) * (other.back / own.back) * ratio * ratio)
    }

    /// The part of a unit of pool `p` that is in peripheral compartment `j`, if the plasma has a part in it.
    pub(super) fn part(&self, p: usize, j: usize) -> f64 {
        let below = self.below[p][j];
        if below == 0.0 { 0.0 } else { self.v1 * self.modes[p].coef * (self.peripherals[j].out / below) }
    }
}
