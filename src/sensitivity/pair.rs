//! The fast way for the common case: one depot that empties into one pool, doses at once, few samples.
//!
//! The state is carried from dose to dose with its derivatives by the two rates; each sample is taken from the beginning of its stretch, eight
//! at a time. Clearance, volume, fraction and lag follow by the chain rule. Nothing is allocated.

use std::ops::{Range, RangeInclusive};

use multiversion::multiversion;

use super::jet::at_second;
use super::lanes::Lanes;
use super::order::Order;
use super::pair_sight::{ALL, PairBody};
use super::pair_steps::{PairRates, State, Steps};
use crate::absorption::Process;
use crate::disposition::Disposition;
use crate::engine::PairCourse;
use crate::model::Model;
use crate::number::Number;
use crate::numeric::LANES;

/// So many samples at a time.
const BLOCK: usize = 8;

/// The numbers that the derivatives of this way are by: `ka`, `cl`, `v`, `f`, `tlag`.
pub(crate) const NUMBERS: usize = 5;

/// Where the numbers of a sample are written: how many there is room for, and the place of each; beyond the room is nowhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout<'a> {
    pub(super) width: usize,
    pub(super) places: &'a [usize; ALL],
}

/// Which of [`NUMBERS`] are wanted, in which column, of rows of so many: the others are written nowhere. A column that belongs to none of them
/// is left to the caller.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    count: usize,
    places: [usize; ALL],
}

impl Columns {
    pub(crate) fn new(columns: [Option<usize>; NUMBERS], count: usize) -> Self {
        let mut places = [usize::MAX; ALL];
        places[0] = 0;
        for (i, one) in columns.iter().enumerate() {
            let Some(one) = one else { continue };
            places[1 + i] = 1 + one;
            for (j, other) in columns[..=i].iter().enumerate() {
                places[at_second(NUMBERS, i, j)] = other.map_or(usize::MAX, |other| at_second(count, *one, other));
            }
        }
        Self { count, places }
    }

    /// All of them, in their order.
    #[cfg(test)]
    pub(super) fn all() -> Self {
        Self::new(std::array::from_fn(Some), NUMBERS)
    }

    /// How many columns of first derivatives there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }
}

/// What of a model decides this way, in plain numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PairNumbers {
    pub(super) ka: f64,
    pub(super) has_depot: bool,
    pub(super) cl: f64,
    pub(super) v: f64,
    pub(super) f: f64,
    tlag: f64,
    pub(super) habitual: f64,
    pub(super) endogenous: f64,
    heeds_meals: bool,
}

impl PairNumbers {
    /// Those of a model of one compartment with one path, of first order or at once.
    #[inline]
    pub(crate) fn of(model: &Model) -> Option<Self> {
        let Disposition::OneCompartment(body) = model.disposition() else { return None };
        Self::of_body(model, [body.cl, body.v])
    }

    /// Those of a model with one path, of this clearance and volume.
    #[inline]
    fn of_body(model: &Model, [cl, v]: [f64; 2]) -> Option<Self> {
        let [path] = model.absorption().paths() else { return None };
        let (ka, has_depot) = match path.process {
            Process::FirstOrder(process) => (process.ka, true),
            Process::Bolus => (1.0, false), // nothing is in a depot, and its rate is of no account
            _ => return None,
        };
        let (f, tlag) = (path.f, path.tlag);
        let (habitual, endogenous) = (model.habitual(), model.endogenous());
        Some(Self { ka, has_depot, cl, v, f, tlag, habitual, endogenous, heeds_meals: model.meal_effect().is_some() })
    }

    /// These with others in place of some; none where they are so far out that a model has to judge them.
    #[inline]
    pub(crate) fn with(mut self, numbers: impl IntoIterator<Item = (Number, f64)>) -> Option<Self> {
        const RATES: Range<f64> = 1e-50..1e50;
        const TIMES: RangeInclusive<f64> = 0.0..=1e50;
        for (number, value) in numbers {
            let (place, good) = match number {
                Number::Ka(0) if self.has_depot => (&mut self.ka, RATES.contains(&value)),
                Number::Cl => (&mut self.cl, RATES.contains(&value)),
                Number::V => (&mut self.v, RATES.contains(&value)),
                Number::F(0) => (&mut self.f, 0.0 < value && value <= 1.0),
                Number::Tlag(0) => (&mut self.tlag, TIMES.contains(&value)),
                Number::Baseline => (&mut self.habitual, TIMES.contains(&value)),
                _ => return None,
            };
            *place = value;
            if !good {
                return None;
            }
        }
        Some(self)
    }
}

/// How the doses of a course get into a body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    lag: f64,
    /// The part of each dose that arrives, and in which place of a state.
    f: f64,
    place: usize,
}

impl PairCourse {
    /// Whether this way serves a model: one compartment, one path of first order or at once, and no meal that it heeds.
    #[inline]
    pub(crate) fn serves(&self, model: &Model) -> bool {
        PairNumbers::of(model).is_some_and(|numbers| self.body(&numbers).is_some())
    }

    /// For each sample the concentration and, by order, its first and second derivatives with respect to the wanted ones of (`ka`, `cl`, `v`,
    /// `f`, `tlag`), the second as a lower triangle row by row. Those that a model has not are 0. False, and nothing written, if this way
    /// does not serve the model; `out` holds [`Order::width`] numbers a sample.
    #[inline]
    pub(crate) fn perform(&self, numbers: &PairNumbers, order: Order, columns: &Columns, out: &mut [f64]) -> bool {
        self.fill(numbers, order, Layout { width: order.width(columns.count), places: &columns.places }, out)
    }

    /// The same in places of the caller's choice.
    #[inline]
    pub(super) fn fill(&self, numbers: &PairNumbers, order: Order, layout: Layout<'_>, out: &mut [f64]) -> bool {
        let Some((body, way)) = self.body(numbers) else { return false };
        self.walk(body, way, order, layout, out);
        true
    }

    /// The same for an amount in a pool of a body of this clearance and volume in place of the model's, and without a baseline.
    pub(super) fn perform_body(
        &self,
        model: &Model,
        body: [f64; 2],
        (order, columns): (Order, &Columns),
        out: &mut [f64],
    ) -> bool {
        let Some((body, way)) = self.body_with(model, body) else { return false };
        let layout = Layout { width: order.width(columns.count), places: &columns.places };
        self.walk(PairBody { rest: [0.0; 3], ..body }, way, order, layout, out);
        true
    }

    fn walk(&self, body: PairBody, way: Way, order: Order, layout: Layout<'_>, out: &mut [f64]) {
        match order {
            Order::Value => Walk::<0>::new(self, body, way).fill(layout, out),
            Order::First => Walk::<1>::new(self, body, way).fill(layout, out),
            Order::Second => Walk::<2>::new(self, body, way).fill(layout, out),
        }
    }

    /// The body of a model with one path, of this clearance and volume.
    pub(super) fn body_with(&self, model: &Model, body: [f64; 2]) -> Option<(PairBody, Way)> {
        self.body(&PairNumbers::of_body(model, body)?)
    }

    fn body(&self, numbers: &PairNumbers) -> Option<(PairBody, Way)> {
        let &PairNumbers { ka, cl, v, .. } = numbers;
        let k = cl / v;
        let (ka, place) = if numbers.has_depot && self.is_oral() { (ka, 0) } else { (k, 3) };
        let per_cl = 1.0 / cl;
        let endogenous = numbers.endogenous * per_cl * per_cl;
        let baseline = numbers.habitual + numbers.endogenous / cl;
        let rest = [baseline, -endogenous, 2.0 * endogenous * per_cl];
        let f = self.is_oral().then_some(numbers.f);
        let lag = if self.is_oral() { numbers.tlag } else { 0.0 };
        let way = Way { lag, f: f.unwrap_or(1.0), place };
        let heeds_meals = self.has_meals() && numbers.heeds_meals;
        (!heeds_meals).then_some((PairBody { rates: PairRates { ka, k }, v, f, rest }, way))
    }
}

/// Where a call stands.
struct Walk<'a, const ORDER: usize> {
    course: &'a PairCourse,
    body: PairBody,
    way: Way,
    /// How many doses have arrived, and the state from the last of them on.
    seen: usize,
    state: State<1>,
    /// What the distances of a page do, and the last of them that was asked for: doses mostly come at the same distance.
    page: Option<(usize, Steps<LANES>)>,
    step: (usize, usize, Steps<1>),
}

/// The beginning of the stretch of each sample, and how long ago that was.
#[derive(Clone, Copy)]
struct Begun<const N: usize> {
    u: Lanes<N>,
    state: State<N>,
}

/// No page and no lane.
const NONE: usize = usize::MAX;

impl<'a, const ORDER: usize> Walk<'a, ORDER> {
    #[inline(always)]
    fn new(course: &'a PairCourse, body: PairBody, way: Way) -> Self {
        let step = (NONE, NONE, Steps::NOTHING);
        Self { course, body, way, seen: 0, state: [Lanes::ZERO; 9], page: None, step }
    }

    fn fill(&mut self, layout: Layout<'_>, out: &mut [f64]) {
        let (mut first, all) = (0, self.course.times().len());
        let own = [1, 1 + NUMBERS, ALL][ORDER];
        while first < all {
            let rest = out.get_mut(first * layout.width..).unwrap_or_default();
            if all - first > LANES {
                let begun = self.block::<BLOCK>(first);
                write(&sights_of_eight(ORDER, &self.body, &begun)[..own], layout, rest);
                first += BLOCK;
            } else {
                let begun = self.block::<LANES>(first);
                write(&sights_of_four(ORDER, &self.body, &begun)[..own], layout, rest);
                first += LANES;
            }
        }
    }

    /// The samples from `first` on, as many as there is room for.
    #[inline(always)]
    fn block<const N: usize>(&mut self, first: usize) -> Begun<N> {
        // The first sample mostly shares its stretch with the others.
        self.arrive_until(self.course.seen_by(first, self.way.lag, self.seen));
        let mut begun = Begun { u: Lanes::ZERO, state: self.state.map(|value| Lanes([value.0[0]; N])) };
        for (lane, time) in self.course.times()[first..].iter().enumerate().take(N) {
            let due = self.course.seen_by(first + lane, self.way.lag, self.seen);
            if self.seen < due {
                self.arrive_until(due);
                for (place, value) in begun.state.iter_mut().zip(&self.state) {
                    place.0[lane..].fill(value.0[0]);
                }
            }
            let since = self.seen.checked_sub(1).map(|last| self.course.doses()[last].time + self.way.lag);
            begun.u.0[lane] = since.map_or(0.0, |since| (time - since).max(0.0));
        }
        begun
    }

    #[inline(always)]
    fn arrive_until(&mut self, due: usize) {
        for number in self.seen..due {
            let dose = self.course.doses()[number];
            if number > 0 {
                if (self.step.0, self.step.1) != (dose.page, dose.lane) {
                    self.turn_to(dose.page, dose.lane);
                }
                self.state = self.step.2.after::<ORDER>(&self.state);
            }
            self.state[self.way.place].0[0] += self.way.f * dose.amount;
        }
        self.seen = due;
    }

    /// Finds what a distance does.
    fn turn_to(&mut self, page: usize, lane: usize) {
        let known = self.page.take_if(|(known, _)| *known == page);
        let find = || (page, steps_of_page(ORDER, self.body.rates, self.course.page(page)));
        let (_, steps) = self.page.insert(known.unwrap_or_else(find));
        self.step = (page, lane, steps.lane(lane));
    }
}

/// Writes the numbers of some samples, as many as there is room for, one sample after the other.
#[inline(always)]
fn write<const N: usize>(sights: &[Lanes<N>], Layout { width, places }: Layout<'_>, out: &mut [f64]) {
    for (lane, row) in out.chunks_exact_mut(width).enumerate().take(N) {
        for (value, place) in sights.iter().zip(places) {
            if let Some(room) = row.get_mut(*place) {
                *room = value.0[lane];
            }
        }
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn steps_of_page(order: usize, rates: PairRates, u: &[f64; LANES]) -> Steps<LANES> {
    match order {
        0 => Steps::new::<0>(rates, Lanes(*u)),
        1 => Steps::new::<1>(rates, Lanes(*u)),
        _ => Steps::new::<2>(rates, Lanes(*u)),
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn sights_of_eight(order: usize, body: &PairBody, begun: &Begun<BLOCK>) -> [Lanes<BLOCK>; ALL] {
    match order {
        0 => body.sight::<BLOCK, 0>(begun.u, &begun.state),
        1 => body.sight::<BLOCK, 1>(begun.u, &begun.state),
        _ => body.sight::<BLOCK, 2>(begun.u, &begun.state),
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn sights_of_four(order: usize, body: &PairBody, begun: &Begun<LANES>) -> [Lanes<LANES>; ALL] {
    match order {
        0 => body.sight::<LANES, 0>(begun.u, &begun.state),
        1 => body.sight::<LANES, 1>(begun.u, &begun.state),
        _ => body.sight::<LANES, 2>(begun.u, &begun.state),
    }
}
