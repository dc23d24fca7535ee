//! Doses given at once by one way, and looks: what a depot and a pool go through, compiled once for any lag.

use super::event::{latest, rounding};
use super::script::Line;
use crate::numeric::LANES;
use crate::regimen::{Dose, Regimen, Route};

/// Doses in order of time with the distances between them, and the times of the looks. Rates and lags are left to whoever performs it.
#[derive(Debug, Clone)]
pub(crate) struct PairCourse {
    times: Vec<f64>,
    doses: Vec<Taken>,
    /// How many doses each look has seen where the order of lines decides; else none.
    seen: Vec<usize>,
    /// The distinct distances between doses, in the order in which they are first needed.
    pages: Vec<[f64; LANES]>,
    is_oral: bool,
    has_meals: bool,
}

/// A dose: when it is taken, and which of the distances leads to it from the one before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) time: f64,
    pub(crate) amount: f64,
    pub(crate) page: usize,
    pub(crate) lane: usize,
}

impl PairCourse {
    /// The course of a regimen that has been checked; none where a dose takes time, doses go by more than one way, or the times lie so far
    /// apart that their powers are no numbers.
    pub(crate) fn compile(regimen: &Regimen, times: &[f64]) -> Option<Self> {
        if regimen.takes_time() {
            return None;
        }
        let (until, mut doses) = (latest(*times.last()?), Vec::new());
        regimen.each_batch(until, |batch| batch.each(|time, dose| doses.push((time, dose))));
        Self::of(doses, times.to_vec(), Vec::new())
    }

    /// The course of lines whose order counts, in order of time.
    pub(crate) fn of_lines(lines: &[Line]) -> Option<Self> {
        let (mut doses, mut times, mut seen) = (Vec::new(), Vec::new(), Vec::new());
        let mut last = f64::NEG_INFINITY;
        for line in lines {
            let (Line::Dose(time, _) | Line::Look(time)) = *line;
            if time < last {
                return None;
            }
            last = time;
            if let Line::Dose(_, dose) = *line {
                doses.push((time, dose));
            } else {
                times.push(time);
                seen.push(doses.len());
            }
        }
        Self::of(doses, times, seen)
    }

    fn of(mut doses: Vec<(f64, Dose)>, times: Vec<f64>, seen: Vec<usize>) -> Option<Self> {
        /// So that a cube of hours times a cube of rates is a number.
        const FAR: f64 = 1e50;
        doses.sort_by(|a, b| a.0.total_cmp(&b.0));
        let is_oral = doses.iter().all(|(_, dose)| dose.route == Route::Oral);
        let one_way = is_oral || doses.iter().all(|(_, dose)| dose.route != Route::Oral);
        let near = |time: &f64| time.abs() < FAR;
        let all_near = times.iter().all(near) && doses.iter().all(|(time, _)| near(time));
        if !one_way || !all_near || doses.iter().any(|(_, dose)| dose.duration > 0.0) {
            return None;
        }
        let has_meals = doses.iter().any(|(_, dose)| dose.meal.is_some());
        let mut course =
            Self { times, doses: Vec::with_capacity(doses.len()), seen, pages: Vec::new(), is_oral, has_meals };
        let mut used = LANES;
        for (time, dose) in doses {
            course.push(time, dose.amount, &mut used);
        }
        Some(course)
    }

    /// Adds a dose; its distance is one of the last page, or stands there from now on.
    fn push(&mut self, time: f64, amount: f64, used: &mut usize) {
        let Some(before) = self.doses.last().map(|dose| dose.time) else {
            return self.doses.push(Taken { time, amount, page: 0, lane: 0 });
        };
        let (gap, off) = (time - before, rounding(before, time));
        let known = self.pages.last().and_then(|page| page[..*used].iter().position(|own| (own - gap).abs() <= off));
        let lane = known.unwrap_or_else(|| {
            if *used == LANES {
                self.pages.push([gap; LANES]);
                *used = 0;
            }
            let page = self.pages.len() - 1;
            self.pages[page][*used] = gap;
            *used += 1;
            *used - 1
        });
        self.doses.push(Taken { time, amount, page: self.pages.len() - 1, lane });
    }

    /// The times of the looks.
    pub(crate) fn times(&self) -> &[f64] {
        &self.times
    }

    pub(crate) fn doses(&self) -> &[Taken] {
        &self.doses
    }

    pub(crate) fn page(&self, number: usize) -> &[f64; LANES] {
        &self.pages[number]
    }

    /// Whether the doses are swallowed; else they go into a vein.
    pub(crate) fn is_oral(&self) -> bool {
        self.is_oral
    }

    /// Whether some dose states its meal.
    pub(crate) fn has_meals(&self) -> bool {
        self.has_meals
    }

    /// How many doses a look has seen that arrive some hours after they were taken, given how many the look before has. What arrives at its
    /// instant is there already, unless the lines say otherwise.
    #[inline(always)]
    pub(crate) fn seen_by(&self, look: usize, lag: f64, before: usize) -> usize {
        if let Some(seen) = self.seen.get(look).filter(|_| lag == 0.0) {
            return *seen;
        }
        let (due, mut seen) = (latest(self.times[look]), before);
        while self.doses.get(seen).is_some_and(|dose| dose.time + lag <= due) {
            seen += 1;
        }
        seen
    }
}
