//! The fast way of two compartments: each exponential of the body is a pool of its own behind the same depot.
//!
//! A unit in the plasma is `c1 e^(-l1 t) + c2 e^(-l2 t)` there, so that a level is the sum of two pools of the kernel of one compartment, with
//! its derivatives by `ka`, each rate, `f` and `tlag`; and it is linear in `c1` and `c2`. What those four are to clearance, volumes and flow
//! is formed once for all samples. Where the exponentials lie close together that loses digits, and this way does not serve.

use super::jet::{Jet, Space, add_scaled, at_second};
use super::order::Order;
use super::pair::{Columns, NUMBERS};
use crate::disposition::{Disposition, TwoCompartment};
use crate::engine::PairCourse;
use crate::model::Model;

/// The unknowns that the rows of [`PairCourse::perform_two`] are by: `ka`, `f`, `tlag`, both rates, both shares, and the baseline.
pub(crate) const OF_TWO: usize = 8;

/// Where the rates, the shares and the baseline stand among them.
const RATES: usize = 3;
const SHARES: usize = 5;
const BASELINE: usize = 7;

/// The exponentials of two compartments with their derivatives: two rates, the faster first, and the shares of a unit as concentrations.
pub(crate) fn exponentials(space: Space, [cl, v1, q, v2]: [&Jet; 4]) -> Option<[Jet; 4]> {
    /// How far apart the rates must lie, of the faster: a second derivative loses three times as many digits as this has zeros.
    const APART: f64 = 0.05;
    let (per_v1, per_v2) = (space.inverse(v1), space.inverse(v2));
    let (k10, k12, k21) = (space.product(cl, &per_v1), space.product(q, &per_v1), space.product(q, &per_v2));
    let crossed = space.product(&k12, &k21);
    let mut excess = k10.clone();
    add_scaled(&mut excess, 1.0, &k12);
    add_scaled(&mut excess, -1.0, &k21);
    let mut square = space.product(&excess, &excess);
    add_scaled(&mut square, 4.0, &crossed);
    let r = square[0].sqrt();
    let root = space.of([r, 0.5 / r, -0.25 / (r * square[0])], &square);
    // What the zero at `k21` lies from both rates: the larger as a sum, the other by their product, `k12 k21`.
    let sign = if excess[0] < 0.0 { -1.0 } else { 1.0 };
    let mut larger = space.zero();
    add_scaled(&mut larger, 0.5, &root);
    add_scaled(&mut larger, 0.5 * sign, &excess);
    let smaller = space.product(&crossed, &space.inverse(&larger));
    let (above, below) = if excess[0] < 0.0 { (smaller, larger) } else { (larger, smaller) };
    let mut fast = k21.clone();
    add_scaled(&mut fast, 1.0, &above);
    let slow = space.product(&space.product(&k10, &k21), &space.inverse(&fast));
    let over = space.product(&per_v1, &space.inverse(&root));
    let apart = r > APART * fast[0] && fast[0].is_finite();
    apart.then(|| [fast, slow, space.product(&above, &over), space.product(&below, &over)])
}

impl PairCourse {
    /// Whether the fast way of two compartments serves a model of these parts: of the exponentials that is left to [`exponentials`].
    pub(crate) fn serves_two(&self, model: &Model) -> bool {
        let as_one = |body: TwoCompartment| self.body_with(model, [body.cl, body.v1]).is_some();
        matches!(*model.disposition(), Disposition::TwoCompartment(body) if as_one(body))
    }

    /// For each sample the concentration and, by order, its first and second derivatives with respect to the [unknowns](OF_TWO) of this way, given the
    /// rates and shares of both exponentials. False, and nothing written, if it does not serve; `out` holds [`Order::width`] numbers a sample.
    pub(crate) fn perform_two(
        &self,
        model: &Model,
        [fast, slow, first, other]: [f64; 4],
        order: Order,
        out: &mut [f64],
    ) -> bool {
        // `ka`, the rate as a clearance of a volume of 1, `f` and `tlag`.
        const OWN: [Option<usize>; NUMBERS] = [Some(0), Some(3), None, Some(1), Some(2)];
        const COUNT: usize = 4;
        let (width, own) = (order.width(OF_TWO), order.width(COUNT));
        let columns = Columns::new(OWN, COUNT);
        let mut pool = vec![0.0; own * self.times().len()];
        out.fill(0.0);
        for (mode, (rate, share)) in [(fast, first), (slow, other)].into_iter().enumerate() {
            if !self.perform_body(model, [rate, 1.0], (order, &columns), &mut pool) {
                return false;
            }
            for (row, pool) in out.chunks_exact_mut(width).zip(pool.chunks_exact(own)) {
                add_pool(row, pool, mode, share, order);
            }
        }
        for row in out.chunks_exact_mut(width) {
            row[0] += model.baseline();
            if order > Order::Value {
                row[1 + BASELINE] = 1.0;
            }
        }
        true
    }
}

/// Adds a share of a pool, whose derivatives are by `ka`, `f`, `tlag` and its rate.
fn add_pool(row: &mut [f64], pool: &[f64], mode: usize, share: f64, order: Order) {
    let places = [0, 1, 2, RATES + mode];
    row[0] += share * pool[0];
    if order == Order::Value {
        return;
    }
    row[1 + SHARES + mode] += pool[0];
    for (i, place) in places.into_iter().enumerate() {
        row[1 + place] += share * pool[1 + i];
    }
    if order == Order::First {
        return;
    }
    for (i, one) in places.into_iter().enumerate() {
        row[at_second(OF_TWO, SHARES + mode, one)] += pool[1 + i];
        for (j, other) in places[..=i].iter().enumerate() {
            row[at_second(OF_TWO, one, *other)] += share * pool[at_second(places.len(), i, j)];
        }
    }
}
