//! The derivatives of a compiled course, written into the room of whoever asks.

use super::jet::at_second;
use super::order::Order;
use super::pair::{Layout, NUMBERS, PairNumbers};
use super::pair_sight::ALL;
use super::sights;
use crate::absorption::Process;
use crate::course::Course;
use crate::engine::PairCourse;
use crate::error::{Error, Result};
use crate::model::Model;

/// Where each number of a sight of [`PairCourse`] stands among the [numbers](Model::numbers) of a model, or nowhere.
type Places = [usize; ALL];

/// How many numbers the models have that have a depot, and those that have none: the last is the baseline.
const WITH_DEPOT: usize = 6;
const WITHOUT: usize = 5;

/// `ka`, `cl`, `v`, `f` and `tlag` among ka, tlag, f, cl, v, baseline.
const PLACES_WITH_DEPOT: Places = places(WITH_DEPOT, [0, 3, 4, 2, 1]);
const PLACES_WITHOUT: Places = places(WITHOUT, [usize::MAX, 2, 3, 1, 0]);

const fn places(numbers: usize, of: [usize; NUMBERS]) -> Places {
    let mut places = [0; ALL];
    let mut i = 0;
    while i < NUMBERS {
        places[1 + i] = if of[i] == usize::MAX { usize::MAX } else { 1 + of[i] };
        let mut j = 0;
        while j <= i {
            let none = of[i] == usize::MAX || of[j] == usize::MAX;
            places[at_second(NUMBERS, i, j)] = if none { usize::MAX } else { at_second(numbers, of[i], of[j]) };
            j += 1;
        }
        i += 1;
    }
    places
}

impl Course<'_> {
    /// The concentrations of `model` at the output times (µg/L) with their exact derivatives with respect to its [numbers](Model::numbers), written
    /// into `out`: for each time in turn the concentration, then by order its first derivatives, in the order of the numbers, and its second
    /// ones, the lower triangle row by row. These are [`Order::width`] numbers a time.
    ///
    /// For one compartment with a depot or without, where all doses are given at once and by one way, it takes about a microsecond
    /// for eight times, and allocates nothing after the first call. Every other course goes the way of [`Model::sensitivities`], which is
    /// some hundred times slower.
    ///
    /// ```
    /// use menaquinone::{Course, Dose, Parameters, sensitivity::{Number, Order}, units::*};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.5, f: 1.0 }.model()?;
    /// let mut course = Course::new(Dose::of(90.0 * UG).every(DAY).times(3), &[2.0, 50.0])?;
    /// let (numbers, mut out) = (model.numbers(), [0.0; 14]);
    /// course.sensitivities_into(&model, Order::First, &mut out)?;
    ///
    /// let all = model.sensitivities(course.regimen(), course.times())?;
    /// for (row, time) in out.chunks(Order::First.width(numbers.len())).zip(0..) {
    ///     assert!((row[0] / all.conc()[time] - 1.0).abs() < 1e-14);
    ///     for (slope, (number, _)) in row[1..].iter().zip(&numbers) {
    ///         assert!((slope - all.first(*number)?[time]).abs() < 1e-13 * slope.abs());
    ///     }
    /// }
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Room for another number of values; what [`Model::sensitivities`] refuses; of a subject of an event table, where a model of another kind
    /// meets a look that comes before a dose of its instant.
    pub fn sensitivities_into(&mut self, model: &Model, order: Order, out: &mut [f64]) -> Result<()> {
        let served = self.pair().is_some_and(|pair| pair_into(pair, model, order, out));
        if served { Ok(()) } else { self.any_into(model, order, out) }
    }

    /// The way for every course, and for room that does not fit.
    #[cold]
    fn any_into(&mut self, model: &Model, order: Order, out: &mut [f64]) -> Result<()> {
        let numbers = model.numbers();
        let width = order.width(numbers.len());
        check_room(self.times().len(), width, out.len())?;
        if order == Order::Value {
            return self.concentrations_into(model, out);
        }
        if let Some(look) = self.look_before_dose() {
            return Err(Error::value(format!(
                "the observation at {look} h comes before a dose of its instant, which derivatives of this model cannot heed: put it a little earlier, or use one compartment with first-order absorption"
            )));
        }
        let mut bodies = [model.moving(&numbers, order)];
        let sights = sights(&model.clone().into(), &mut bodies, self.regimen(), self.times())?;
        for (row, sight) in out.chunks_exact_mut(width).zip(&sights) {
            row.copy_from_slice(&sight.conc);
        }
        Ok(())
    }
}

fn check_room(times: usize, width: usize, room: usize) -> Result<()> {
    if times * width == room {
        return Ok(());
    }
    Err(Error::value(format!(
        "{times} output times with {width} numbers each need room for {} numbers, and there is room for {room}: give as much",
        times * width
    )))
}

/// The fast way; false if it does not serve, or the room does not fit.
fn pair_into(pair: &PairCourse, model: &Model, order: Order, out: &mut [f64]) -> bool {
    let has_depot = matches!(model.absorption().paths(), [path] if matches!(path.process, Process::FirstOrder(_)));
    let (numbers, places) = if has_depot { (WITH_DEPOT, &PLACES_WITH_DEPOT) } else { (WITHOUT, &PLACES_WITHOUT) };
    let (width, count) = (order.width(numbers), pair.times().len());
    let own = PairNumbers::of(model).filter(|_| out.len() == width * count);
    if !own.is_some_and(|own| pair.fill(&own, order, Layout { width, places }, out)) {
        return false;
    }
    // By the baseline, of which the kernel knows nothing: 1, and no second derivative.
    for row in out.chunks_exact_mut(width).filter(|_| order > Order::Value) {
        row[numbers] = 1.0;
        let second = at_second(numbers, numbers - 1, 0);
        row.get_mut(second..second + numbers).unwrap_or_default().fill(0.0);
    }
    true
}
