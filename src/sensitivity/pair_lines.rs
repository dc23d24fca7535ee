//! The fast way for event tables whose numbers change: one depot that empties into one pool, amounts at once, and bodies that hold one after another.
//!
//! The state goes from line to line with its derivatives by whatever the numbers of all bodies go by. What some hours do has the derivatives by both
//! rates of the body that holds, and the chain rule leads on.

use smallvec::SmallVec;

use super::jet::{Jet, Space, add_scaled};
use super::lanes::Lanes;
use super::pair::PairNumbers;
use super::pair_steps::{PairRates, Steps};
use crate::number::Number;
use crate::numeric::exp;

/// What happens at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum PairDeed {
    /// An amount arrives at once, in the depot or in the plasma; of what is swallowed only the fraction that this body lets in.
    Give { amount: f64, is_swallowed: bool, body: usize },
    /// From now on the body of this number holds.
    Change(usize),
    /// The body is empty.
    Empty,
    /// Somebody looks.
    Look,
}

/// A line of a script: its time and what happens then.
pub(crate) type PairLine = (f64, PairDeed);

/// A body with derivatives.
#[derive(Debug, Clone)]
pub(crate) struct PairJets {
    /// None where there is no depot.
    ka: Option<Jet>,
    k: Jet,
    /// One over the volume.
    over: Jet,
    f: Jet,
    /// The unknowns by which any of these moves: few of those of all bodies.
    by: SmallVec<[usize; 8]>,
    /// The concentration and the amount at rest, if there is one.
    rest: Option<[Jet; 2]>,
}

impl PairJets {
    /// Of numbers, of which those that move have jets.
    pub(crate) fn new(space: Space, numbers: &PairNumbers, jet: impl Fn(Number) -> Option<Jet>) -> Self {
        let of = |number: Number, value: f64| jet(number).unwrap_or_else(|| space.constant(value));
        let (cl, v) = (of(Number::Cl, numbers.cl), of(Number::V, numbers.v));
        let over = space.inverse(&v);
        let mut conc = of(Number::Baseline, numbers.habitual);
        add_scaled(&mut conc, numbers.endogenous, &space.inverse(&cl));
        let rest = conc.iter().any(|value| *value != 0.0).then(|| {
            let amount = space.product(&conc, &v);
            [conc, amount]
        });
        let ka = numbers.has_depot.then(|| of(Number::Ka(0), numbers.ka));
        let k = space.product(&cl, &over);
        let moves = |i: &usize| [Some(&k), Some(&over), ka.as_ref()].iter().flatten().any(|jet| jet[1 + i] != 0.0);
        let by = (0..space.unknowns).filter(moves).collect();
        Self { ka, k, over, f: of(Number::F(0), numbers.f), rest, by }
    }

    /// What some hours do.
    fn steps(&self, order: usize, u: f64) -> Steps<1> {
        let k = self.k[0];
        // Where there is no depot nothing comes of its rate.
        let (rates, u) = (PairRates { ka: self.ka.as_ref().map_or(k, |ka| ka[0]), k }, Lanes([u]));
        match order {
            0 => Steps::new::<0>(rates, u),
            1 => Steps::new::<1>(rates, u),
            _ => Steps::new::<2>(rates, u),
        }
    }
}

/// What is in the depot and, above what is there at rest, in the pool; with room for a step on from there.
struct State {
    space: Space,
    depot: Vec<f64>,
    pool: Vec<f64>,
    is_depot_empty: bool,
    is_pool_empty: bool,
    /// What a unit keeps or gains, and a sum.
    by: Vec<f64>,
    sum: Vec<f64>,
}

impl State {
    fn empty(space: Space) -> Self {
        let zero = || vec![0.0; space.len()];
        let (is_depot_empty, is_pool_empty) = (true, true);
        Self { space, depot: zero(), pool: zero(), is_depot_empty, is_pool_empty, by: zero(), sum: zero() }
    }

    fn order(&self) -> usize {
        usize::from(self.space.unknowns > 0) + usize::from(self.space.unknowns > 0 && self.space.second)
    }

    fn clear(&mut self) {
        self.depot.fill(0.0);
        self.pool.fill(0.0);
        (self.is_depot_empty, self.is_pool_empty) = (true, true);
    }

    fn give(&mut self, body: &PairJets, f: &PairJets, (amount, is_swallowed): (f64, bool)) {
        let to_depot = is_swallowed && body.ka.is_some();
        let place = if to_depot { &mut self.depot } else { &mut self.pool };
        if is_swallowed {
            add_scaled(place, amount, &f.f);
        } else {
            place[0] += amount;
        }
        if to_depot {
            self.is_depot_empty = false;
        } else {
            self.is_pool_empty = false;
        }
    }

    /// What is in the pool after some hours stands in the sum.
    fn pool_after(&mut self, body: &PairJets, steps: &Steps<1>) {
        let (space, u) = (self.space, steps.u.0[0]);
        self.sum.fill(0.0);
        if !self.is_pool_empty {
            let kept = steps.kept.0[0];
            set(space, &mut self.by, [kept, -u * kept, u * u * kept], &body.k);
            add_product(space, &mut self.sum, (&self.by, &body.by), &self.pool);
        }
        if let Some(ka) = body.ka.as_ref().filter(|_| !self.is_depot_empty) {
            set_by_two(space, &mut self.by, &steps.gained.map(|own| own.0[0]), [ka, &body.k]);
            add_product(space, &mut self.sum, (&self.by, &body.by), &self.depot);
        }
    }

    fn go_on(&mut self, body: &PairJets, u: f64) {
        if u <= 0.0 || self.is_depot_empty && self.is_pool_empty {
            return;
        }
        let steps = body.steps(self.order(), u);
        self.pool_after(body, &steps);
        std::mem::swap(&mut self.pool, &mut self.sum);
        if let Some(ka) = body.ka.as_ref().filter(|_| !self.is_depot_empty) {
            let waiting = steps.waiting.0[0];
            set(self.space, &mut self.by, [waiting, -u * waiting, u * u * waiting], ka);
            self.sum.fill(0.0);
            add_product(self.space, &mut self.sum, (&self.by, &body.by), &self.depot);
            std::mem::swap(&mut self.depot, &mut self.sum);
            self.is_pool_empty = false;
        }
    }

    /// The amounts stay; what is above rest is counted from another rest.
    fn change(&mut self, old: &PairJets, new: &PairJets) {
        for (sign, body) in [(1.0, old), (-1.0, new)] {
            if let Some([_, amount]) = &body.rest {
                add_scaled(&mut self.pool, sign, amount);
                self.is_pool_empty = false;
            }
        }
    }

    fn look(&mut self, body: &PairJets, u: f64, row: &mut [f64]) {
        let steps = body.steps(self.order(), u.max(0.0));
        self.pool_after(body, &steps);
        add_product(self.space, row, (&body.over, &body.by), &self.sum);
        if let Some([conc, _]) = &body.rest {
            add_scaled(row, 1.0, conc);
        }
    }
}

/// The concentration at each look of a script with its derivatives, into rows of zeros; the first body holds first.
pub(crate) fn perform_lines(space: Space, script: &[PairLine], bodies: &[PairJets], rows: &mut [f64]) {
    let (mut state, mut holds) = (State::empty(space), 0);
    let mut since = script.first().map_or(0.0, |line| line.0);
    let mut rows = rows.chunks_exact_mut(space.len());
    for &(time, deed) in script {
        if deed == PairDeed::Look {
            // From the beginning of the stretch, so that what a look sees does not depend on how many there are.
            if let Some(row) = rows.next() {
                state.look(&bodies[holds], time - since, row);
            }
            continue;
        }
        state.go_on(&bodies[holds], time - since);
        since = time;
        match deed {
            PairDeed::Give { amount, is_swallowed, body } => {
                state.give(&bodies[holds], &bodies[body], (amount, is_swallowed));
            }
            PairDeed::Change(next) => {
                state.change(&bodies[holds], &bodies[next]);
                holds = next;
            }
            PairDeed::Empty => state.clear(),
            PairDeed::Look => {}
        }
    }
}

/// `sum += a b`, where `a` moves by some of the unknowns alone.
fn add_product(space: Space, sum: &mut [f64], (a, by): (&[f64], &[usize]), b: &[f64]) {
    let n = space.unknowns;
    add_scaled(sum, a[0], b);
    for i in by {
        sum[1 + i] += a[1 + i] * b[0];
    }
    if !space.second {
        return;
    }
    let slopes = &b[1..=n];
    let rest = &mut sum[1 + n..];
    for &i in by {
        let (start, slope) = (i * (i + 1) / 2, a[1 + i]);
        rest[start..=start + i].iter_mut().zip(slopes).for_each(|(own, other)| *own += slope * other);
        // By an unknown after this one, and by this one a second time.
        for j in i..n {
            rest[j * (j + 1) / 2 + i] += slope * slopes[j];
        }
        for &j in by.iter().take_while(|j| **j <= i) {
            rest[start + j] += a[1 + n + start + j] * b[0];
        }
    }
}

/// The levels alone.
pub(crate) fn perform_plain(script: &[PairLine], bodies: &[PairNumbers], rows: &mut [f64]) {
    let (mut body, mut since) = (&bodies[0], script.first().map_or(0.0, |line| line.0));
    let (mut depot, mut pool) = (0.0, 0.0);
    let mut rows = rows.iter_mut();
    let rest = |body: &PairNumbers| body.habitual + body.endogenous / body.cl;
    let after = |body: &PairNumbers, u: f64, depot: f64, pool: f64| {
        if u <= 0.0 {
            return [depot, pool];
        }
        let k = body.cl / body.v;
        if depot == 0.0 {
            return [0.0, pool * exp(-k * u)];
        }
        let steps = Steps::new::<0>(PairRates { ka: body.ka, k }, Lanes([u]));
        [steps.waiting.0[0] * depot, steps.kept.0[0] * pool + steps.gained[0].0[0] * depot]
    };
    for &(time, deed) in script {
        let [waits, stands] = after(body, time - since, depot, pool);
        if deed == PairDeed::Look {
            if let Some(row) = rows.next() {
                *row = stands / body.v + rest(body);
            }
            continue;
        }
        (depot, pool, since) = (waits, stands, time);
        match deed {
            PairDeed::Give { amount, is_swallowed, body: of } => {
                let place = if is_swallowed && body.has_depot { &mut depot } else { &mut pool };
                *place += if is_swallowed { amount * bodies[of].f } else { amount };
            }
            PairDeed::Change(next) => {
                let before = body;
                body = &bodies[next];
                pool += rest(before) * before.v - rest(body) * body.v;
            }
            PairDeed::Empty => (depot, pool) = (0.0, 0.0),
            PairDeed::Look => {}
        }
    }
}

/// A function of one jet, by its value and its first two derivatives.
fn set(space: Space, out: &mut [f64], [value, first, second]: [f64; 3], x: &[f64]) {
    out[0] = value;
    let (slopes, rest) = x[1..].split_at(space.unknowns);
    let (own_slopes, own_rest) = out[1..].split_at_mut(space.unknowns);
    own_slopes.iter_mut().zip(slopes).for_each(|(own, slope)| *own = first * slope);
    own_rest.iter_mut().zip(rest).for_each(|(own, rest)| *own = first * rest);
    add_outer(own_rest, second, [slopes, slopes]);
}

/// A function of two jets, by its value, its first derivatives, and its second ones by the first, both and the second.
fn set_by_two(space: Space, out: &mut [f64], [value, a, b, aa, ab, bb]: &[f64; 6], [x, y]: [&[f64]; 2]) {
    let n = space.unknowns;
    out[0] = *value;
    for ((own, x), y) in out[1..].iter_mut().zip(&x[1..]).zip(&y[1..]) {
        *own = a * x + b * y;
    }
    let (x, y) = (&x[1..=n], &y[1..=n]);
    let rest = &mut out[1 + n..];
    add_outer(rest, *aa, [x, x]);
    add_outer(rest, *ab, [x, y]);
    add_outer(rest, *ab, [y, x]);
    add_outer(rest, *bb, [y, y]);
}

/// `triangle += scale * x y'`: of numbers that go by few of the unknowns.
fn add_outer(triangle: &mut [f64], scale: f64, [x, y]: [&[f64]; 2]) {
    if triangle.is_empty() || scale == 0.0 {
        return;
    }
    for (i, x) in x.iter().enumerate().filter(|(_, x)| **x != 0.0) {
        let (start, scaled) = (i * (i + 1) / 2, scale * x);
        triangle[start..=start + i].iter_mut().zip(y).for_each(|(own, y)| *own += scaled * y);
    }
}
