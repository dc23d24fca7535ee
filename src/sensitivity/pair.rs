//! The fast way for the common case: one depot that empties into one pool, doses at once, few samples.
//!
//! The state is carried from dose to dose with its derivatives by the two rates; each sample is taken from the beginning of its stretch, eight
//! at a time. Clearance, volume, fraction and lag follow by the chain rule. Nothing is allocated.

use multiversion::multiversion;

use super::lanes::Lanes;
use super::order::Order;
use super::pair_sight::{ALL, PairBody};
use super::pair_steps::{PairRates, State, Steps};
use crate::absorption::Process;
use crate::disposition::Disposition;
use crate::engine::PairCourse;
use crate::model::Model;
use crate::numeric::LANES;

/// So many samples at a time.
const BLOCK: usize = 8;

/// The numbers that the derivatives of [`PairCourse::perform`] are by: `ka`, `cl`, `v`, `f`, `tlag`.
pub(crate) const NUMBERS: usize = 5;

/// How the doses of a course get into a body.
#[derive(Debug, Clone, Copy)]
struct Way {
    lag: f64,
    /// The part of each dose that arrives, and in which place of a state.
    f: f64,
    place: usize,
}

impl PairCourse {
    /// Whether this way serves a model: one compartment, one path of first order or at once, and no meal that it heeds.
    #[inline]
    pub(crate) fn serves(&self, model: &Model) -> bool {
        self.body(model).is_some()
    }

    /// For each sample the concentration and, by order, its first and second derivatives with respect to (`ka`, `cl`, `v`, `f`, `tlag`), the
    /// second as a lower triangle row by row: 1, 6 or 21 numbers a sample. Those that a model has not are 0. False, and nothing written,
    /// if this way does not serve the model; `out` holds as many numbers as there are.
    #[inline]
    pub(crate) fn perform(&self, model: &Model, order: Order, out: &mut [f64]) -> bool {
        let width = order.width(NUMBERS);
        self.each(model, order, |sample, sight| {
            if let Some(row) = out.get_mut(sample * width..(sample + 1) * width) {
                row.copy_from_slice(&sight[..width]);
            }
        })
    }

    /// The same handed to `put`, sample after sample.
    #[inline]
    pub(super) fn each(&self, model: &Model, order: Order, mut put: impl FnMut(usize, &[f64; ALL])) -> bool {
        let Some((body, way)) = self.body(model) else { return false };
        let mut walk = Walk { course: self, body, way, order, seen: 0, state: [Lanes::ZERO; 9], page: None };
        let (mut first, all) = (0, self.times().len());
        while first < all {
            let size = (all - first).min(BLOCK);
            let mut sights = [[0.0; ALL]; BLOCK];
            if size > LANES {
                walk.block::<BLOCK>(first, &mut sights, sights_of_eight);
            } else {
                walk.block::<LANES>(first, &mut sights, sights_of_four);
            }
            sights[..size].iter().enumerate().for_each(|(lane, sight)| put(first + lane, sight));
            first += size;
        }
        true
    }

    fn body(&self, model: &Model) -> Option<(PairBody, Way)> {
        let (Disposition::OneCompartment(body), [path]) = (model.disposition(), model.absorption().paths()) else {
            return None;
        };
        let heeds_meals = self.has_meals() && model.meal_effect().is_some();
        let k = body.cl / body.v;
        // Without a depot nothing is in it, and its rate is of no account.
        let (ka, place) = match path.process {
            Process::FirstOrder(process) if self.is_oral() => (process.ka, 0),
            Process::FirstOrder(_) | Process::Bolus => (k, 3),
            _ => return None,
        };
        let per_cl = 1.0 / body.cl;
        let endogenous = model.endogenous() * per_cl * per_cl;
        let rest = [model.baseline(), -endogenous, 2.0 * endogenous * per_cl];
        let f = self.is_oral().then_some(path.f);
        let lag = if self.is_oral() { path.tlag } else { 0.0 };
        let way = Way { lag, f: f.unwrap_or(1.0), place };
        (!heeds_meals).then_some((PairBody { rates: PairRates { ka, k }, v: body.v, f, rest }, way))
    }
}

/// Where a call stands.
struct Walk<'a> {
    course: &'a PairCourse,
    body: PairBody,
    way: Way,
    order: Order,
    /// How many doses have arrived, and the state from the last of them on.
    seen: usize,
    state: State<1>,
    /// What the distances of a page do.
    page: Option<(usize, Steps<LANES>)>,
}

/// The beginning of the stretch of each sample, and how long ago that was.
#[derive(Clone, Copy)]
struct Begun<const N: usize> {
    u: Lanes<N>,
    state: State<N>,
}

/// The concentrations and their derivatives for some samples.
type Sights<const N: usize> = fn(Order, &PairBody, &Begun<N>, &mut [Lanes<N>; ALL]);

impl Walk<'_> {
    /// The samples from `first` on, as many as there is room for.
    #[inline(always)]
    fn block<const N: usize>(&mut self, first: usize, sights: &mut [[f64; ALL]; BLOCK], of: Sights<N>) {
        let mut begun = Begun { u: Lanes::ZERO, state: [Lanes::ZERO; 9] };
        let times = &self.course.times()[first..];
        for (lane, time) in times.iter().enumerate().take(N) {
            let due = self.course.seen_by(first + lane, self.way.lag, self.seen);
            while self.seen < due {
                self.arrive();
            }
            for (place, value) in begun.state.iter_mut().zip(&self.state) {
                place.0[lane] = value.0[0];
            }
            let since = self.seen.checked_sub(1).map(|last| self.course.doses()[last].time + self.way.lag);
            begun.u.0[lane] = since.map_or(0.0, |since| (time - since).max(0.0));
        }
        let mut found = [Lanes::ZERO; ALL];
        of(self.order, &self.body, &begun, &mut found);
        for (lane, sight) in sights.iter_mut().enumerate().take(N) {
            for (value, row) in sight.iter_mut().zip(&found[..self.order.width(NUMBERS)]) {
                *value = row.0[lane];
            }
        }
    }

    /// The next dose arrives.
    #[inline(always)]
    fn arrive(&mut self) {
        let dose = self.course.doses()[self.seen];
        if self.seen > 0 {
            let steps = self.page_of(dose.page).lane(dose.lane);
            self.state = match self.order {
                Order::Value => steps.after::<0>(&self.state),
                Order::First => steps.after::<1>(&self.state),
                Order::Second => steps.after::<2>(&self.state),
            };
        }
        self.state[self.way.place].0[0] += self.way.f * dose.amount;
        self.seen += 1;
    }

    #[inline(always)]
    fn page_of(&mut self, number: usize) -> &Steps<LANES> {
        let known = self.page.take_if(|(known, _)| *known == number);
        let (course, order, rates) = (self.course, self.order, self.body.rates);
        let page = known.unwrap_or_else(|| (number, steps_of_page(order, rates, course.page(number))));
        &self.page.insert(page).1
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn steps_of_page(order: Order, rates: PairRates, u: &[f64; LANES]) -> Steps<LANES> {
    match order {
        Order::Value => Steps::new::<0>(rates, Lanes(*u)),
        Order::First => Steps::new::<1>(rates, Lanes(*u)),
        Order::Second => Steps::new::<2>(rates, Lanes(*u)),
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn sights_of_eight(order: Order, body: &PairBody, begun: &Begun<BLOCK>, out: &mut [Lanes<BLOCK>; ALL]) {
    match order {
        Order::Value => body.sight::<BLOCK, 0>(begun.u, &begun.state, out),
        Order::First => body.sight::<BLOCK, 1>(begun.u, &begun.state, out),
        Order::Second => body.sight::<BLOCK, 2>(begun.u, &begun.state, out),
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn sights_of_four(order: Order, body: &PairBody, begun: &Begun<LANES>, out: &mut [Lanes<LANES>; ALL]) {
    match order {
        Order::Value => body.sight::<LANES, 0>(begun.u, &begun.state, out),
        Order::First => body.sight::<LANES, 1>(begun.u, &begun.state, out),
        Order::Second => body.sight::<LANES, 2>(begun.u, &begun.state, out),
    }
}
