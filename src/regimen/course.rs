//! A cycle taken a number of times: the piece that schedules are made of.

use super::{Dose, Repeating};
use crate::error::{self, Error, Result, excerpt};
use crate::numeric::sort_by_time;

/// A cycle taken a number of times, some of its doses left out.
///
/// Doses that do not repeat (one, or a whole diary) are a cycle of infinite length that starts at 0 and is taken once,
/// so that its offsets are the very times that were given.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Course {
    pub(super) cycle: Repeating,
    /// The number of cycles; `None` is without end.
    pub(super) count: Option<u64>,
    /// The doses left out, counted from 0 within this course, ascending.
    pub(super) skipped: Vec<u64>,
    /// Whether some of the doses are given over a time: every simulation asks, and a diary is long.
    pub(super) takes_time: bool,
}

/// Doses of a course with their times, in order.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Batch<'a> {
    /// One dose again and again.
    Repeated(Run, Dose),
    Listed(&'a [(f64, Dose)]),
}

/// Times `tau` h apart: those of these numbers, counted from the start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    start: f64,
    tau: f64,
    first: u32,
    count: u32,
}

impl Run {
    /// The first time, the interval and how many there are.
    pub(crate) fn parts(self) -> (f64, f64, u32) {
        (self.time(self.first), self.tau, self.count)
    }

    /// The time of a number: a product, so that no error adds up.
    fn time(self, number: u32) -> f64 {
        self.start + f64::from(number) * self.tau
    }

    pub(crate) fn times(self) -> impl ExactSizeIterator<Item = f64> {
        (0..self.count).map(move |i| self.time(self.first + i))
    }
}

impl Batch<'_> {
    /// Calls `each` with every time and dose.
    pub(crate) fn each(self, mut each: impl FnMut(f64, Dose)) {
        match self {
            Self::Repeated(run, dose) => run.times().for_each(|time| each(time, dose)),
            Self::Listed(doses) => doses.iter().for_each(|(time, dose)| each(*time, *dose)),
        }
    }
}

impl Course {
    pub(super) fn new(cycle: Repeating, count: Option<u64>) -> Self {
        let takes_time = cycle.doses.iter().any(|(_, dose)| dose.duration > 0.0);
        Self { cycle, count, skipped: Vec::new(), takes_time }
    }

    /// Doses at their own times, each taken once.
    pub(super) fn diary(mut doses: Vec<(f64, Dose)>) -> Self {
        sort_by_time(&mut doses);
        // Adding zero turns -0 into 0, which the text form could not tell apart.
        for (time, _) in &mut doses {
            *time += 0.0;
        }
        Self::new(Repeating { start: 0.0, tau: f64::INFINITY, doses }, Some(1))
    }

    #[inline]
    pub(super) fn is_diary(&self) -> bool {
        self.cycle.tau == f64::INFINITY && self.count == Some(1)
    }

    pub(super) fn shift(&mut self, time: f64) {
        if self.is_diary() {
            self.cycle.doses.iter_mut().for_each(|(at, _)| *at += time);
        } else {
            self.cycle.start += time;
        }
    }

    /// When the next dose would have been due: after single doses or without an end there is no such time.
    pub(super) fn next_due(&self) -> Option<f64> {
        self.count.filter(|_| !self.is_diary()).map(|count| self.cycle_start(count))
    }

    /// Why there is no such time.
    pub(super) fn nothing_follows(&self) -> Error {
        let course = excerpt(&self.to_string());
        Error::value(match self.count {
            None => format!("nothing can follow `{course}`, which never ends: say how many times, for instance x60"),
            Some(_) => format!(
                "nothing can follow `{course}`, which has no interval: give it one (q24h x1), or give what follows a time (`and ... at 24h`)"
            ),
        })
    }

    /// The number of doses, taken or not; `None` is without end.
    pub(super) fn len(&self) -> Option<u64> {
        self.count.map(|count| count.saturating_mul(self.cycle.doses.len() as u64))
    }

    /// When dose number `index` (from 0) is due.
    pub(super) fn time_of(&self, index: u64) -> f64 {
        let doses = &self.cycle.doses;
        let length = doses.len() as u64;
        #[expect(clippy::cast_possible_truncation, reason = "a remainder of a length in memory")]
        let (cycle, dose) = (index / length, (index % length) as usize);
        self.cycle_start(cycle) + doses[dose].0
    }

    /// When the first dose is due.
    pub(super) fn first_time(&self) -> Option<f64> {
        self.cycle.doses.first().map(|_| self.time_of(0))
    }

    /// When the last dose is due, where there is one.
    pub(super) fn last_time(&self) -> Option<f64> {
        Some(self.time_of(self.len()?.checked_sub(1)?))
    }

    pub(super) fn check(&self) -> Result<()> {
        // A diary may be long, so it is first looked over without making sentences and without stopping.
        let good = |good: bool, (time, dose): &(f64, Dose)| good & (time.abs() <= f64::MAX) & dose.is_good();
        if self.is_diary() && !self.cycle.doses.iter().fold(true, good) {
            return self.cycle.doses.iter().try_for_each(|(time, dose)| {
                error::finite("the time of a dose", *time, "h")?;
                dose.check()
            });
        }
        if self.is_diary() {
            return Ok(());
        }
        if self.count == Some(0) {
            return Err(Error::value("a course taken 0 times has no doses: take it at least once, or leave it out"));
        }
        self.cycle.check()
    }

    /// About how many doses are due up to `until` h.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(super) fn estimate(&self, until: f64) -> f64 {
        let per_cycle = self.cycle.doses.len() as f64;
        if self.is_diary() { per_cycle } else { self.estimate_cycles(until) * per_cycle }
    }

    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn estimate_cycles(&self, until: f64) -> f64 {
        let cycles = ((until - self.cycle.start) / self.cycle.tau).floor() + 1.0;
        cycles.clamp(0.0, self.count.map_or(f64::INFINITY, |n| n as f64))
    }

    /// How many cycles begin up to and including `until` h; the estimate is made exact at its edge.
    ///
    /// A `u32` holds the limit of doses and becomes a float in one instruction.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count below the limit of doses")]
    fn cycles_until(&self, until: f64) -> u32 {
        if self.is_diary() {
            return 1;
        }
        let begins = |cycle: u32| self.cycle.start + f64::from(cycle) * self.cycle.tau <= until;
        let mut cycles = self.estimate_cycles(until) as u32;
        while cycles > 0 && !begins(cycles - 1) {
            cycles -= 1;
        }
        while self.count.is_none_or(|count| u64::from(cycles) < count) && begins(cycles) {
            cycles += 1;
        }
        cycles
    }

    /// Calls `each` with the doses taken up to and including `until` h, as many at a time as there is one word for.
    pub(super) fn each_batch(&self, until: f64, each: &mut impl FnMut(Batch)) {
        let doses = self.cycle.doses.as_slice();
        let cycles = self.cycles_until(until);
        match doses {
            [(_, dose)] if !self.is_diary() => self.each_run(cycles, *dose, each),
            _ if !self.skipped.is_empty() => self.each_left(cycles, until, each),
            _ if self.is_diary() => each(Batch::Listed(&doses[..doses.partition_point(|(time, _)| *time <= until)])),
            _ => self.each_left(cycles, until, each),
        }
    }

    /// The one dose of each cycle, in runs between those that are left out.
    fn each_run(&self, cycles: u32, dose: Dose, each: &mut impl FnMut(Batch)) {
        let Repeating { start, tau, .. } = self.cycle;
        let mut first = 0;
        let skipped = self.skipped.iter().filter_map(|number| u32::try_from(*number).ok());
        for skipped in skipped.filter(|number| *number < cycles).chain([cycles]) {
            if skipped > first || self.skipped.is_empty() {
                each(Batch::Repeated(Run { start, tau, first, count: skipped - first }, dose));
            }
            first = skipped + 1;
        }
    }

    /// The doses of each cycle one by one, without those left out.
    fn each_left(&self, cycles: u32, until: f64, each: &mut impl FnMut(Batch)) {
        let mut skipped = self.skipped.iter().copied().peekable();
        let mut index = 0;
        for start in (0..cycles).map(|cycle| self.cycle_start(cycle.into())) {
            for &(offset, dose) in &self.cycle.doses {
                if skipped.next_if_eq(&index).is_none() && start + offset <= until {
                    each(Batch::Listed(&[(start + offset, dose)]));
                }
                index += 1;
            }
        }
    }

    /// When cycle number `cycle` begins: a product, so that no error adds up over the cycles.
    #[expect(clippy::cast_precision_loss, reason = "a count of cycles")]
    fn cycle_start(&self, cycle: u64) -> f64 {
        if cycle == 0 { self.cycle.start } else { self.cycle.start + cycle as f64 * self.cycle.tau }
    }
}
