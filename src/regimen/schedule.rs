//! Any schedule: courses of repeated doses, one after another or side by side.

use std::borrow::Cow;

use super::{Dose, Repeating};
use crate::error::{self, Error, Result};

/// Doses over time: any number of courses, one after another ([`then`](Self::then)) or side by side
/// ([`and`](Self::and)), with doses left out ([`skip`](Self::skip)).
///
/// A course is held as its cycle and a count, so that a year of daily doses is as small as one dose.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Regimen {
    pub(super) courses: Vec<Course>,
}

/// A cycle taken a number of times, some of its doses left out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Course {
    pub(super) cycle: Repeating,
    /// The number of cycles; `None` is without end.
    pub(super) count: Option<u64>,
    /// The doses left out, counted from 0 within this course, ascending.
    pub(super) skipped: Vec<u64>,
}

/// The most doses a simulation will hold, a guard against a slip of units.
const MOST_DOSES: f64 = 1e8;

impl Regimen {
    pub(super) fn course(cycle: Repeating, count: Option<u64>) -> Self {
        Self { courses: vec![Course { cycle, count, skipped: Vec::new() }] }
    }

    /// A dose taken once: its cycle never comes round again.
    pub(super) fn once(time: f64, dose: Dose) -> Self {
        Self::course(Repeating { start: time, tau: f64::INFINITY, doses: vec![(0.0, dose)] }, Some(1))
    }

    /// Every dose up to and including `until` h as (time, dose), in order of time; doses at the same instant keep
    /// the order in which they were written.
    ///
    /// ```
    /// use menaquinone::{Dose, Regimen, units::*};
    /// let regimen = Regimen::from(Dose::of(90.0 * UG).every(DAY));
    /// let times: Vec<f64> = regimen.doses(2.0 * DAY).iter().map(|(time, _)| *time).collect();
    /// assert_eq!(times, [0.0, 24.0, 48.0]);
    /// ```
    pub fn doses(&self, until: f64) -> Vec<(f64, Dose)> {
        let mut doses = Vec::new();
        self.each_dose(until, |time, dose| doses.push((time, dose)));
        if !doses.is_sorted_by(|a, b| a.0 <= b.0) {
            doses.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        doses
    }

    /// Calls `each` with the time and dose of every dose up to and including `until` h, course after course.
    #[inline]
    pub(crate) fn each_dose(&self, until: f64, mut each: impl FnMut(f64, Dose)) {
        for course in &self.courses {
            course.each_dose(until, &mut each);
        }
    }

    /// The doses of every cycle, each once however often it comes round.
    pub(crate) fn kinds_of_dose(&self) -> impl Iterator<Item = &(f64, Dose)> {
        self.courses.iter().flat_map(|course| &course.cycle.doses)
    }

    /// Whether some course never ends.
    pub fn is_endless(&self) -> bool {
        self.courses.iter().any(|course| course.count.is_none())
    }

    /// Refuses doses, intervals and times that cannot be, and more doses before `until` than a memory holds.
    pub(crate) fn check(&self, until: f64) -> Result<()> {
        let mut total = 0.0;
        for course in &self.courses {
            course.check()?;
            total += course.count_until(until);
        }
        if total > MOST_DOSES {
            return Err(Error::value(format!(
                "the regimen holds about {total:.0} doses up to {until} h, and at most {MOST_DOSES:.0} can be simulated: check the interval and the times"
            )));
        }
        Ok(())
    }
}

impl Course {
    fn check(&self) -> Result<()> {
        if self.count == Some(1) && self.cycle.tau == f64::INFINITY {
            error::finite("the time of a dose", self.cycle.start, "h")?;
            return self.cycle.doses.iter().try_for_each(|(_, dose)| dose.check());
        }
        self.cycle.check()
    }

    /// About how many doses are taken up to `until` h.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn count_until(&self, until: f64) -> f64 {
        let cycles = ((until - self.cycle.start) / self.cycle.tau).floor() + 1.0;
        let most = self.count.map_or(f64::INFINITY, |n| n as f64);
        cycles.clamp(0.0, most) * self.cycle.doses.len() as f64
    }

    #[inline]
    fn each_dose(&self, until: f64, each: &mut impl FnMut(f64, Dose)) {
        let mut skipped = self.skipped.iter().copied().peekable();
        let mut index = 0;
        for cycle in 0..self.count.unwrap_or(u64::MAX) {
            let start = self.cycle_start(cycle);
            if start > until {
                return;
            }
            for &(offset, dose) in &self.cycle.doses {
                if skipped.next_if_eq(&index).is_none() && start + offset <= until {
                    each(start + offset, dose);
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

impl From<Dose> for Regimen {
    fn from(dose: Dose) -> Self {
        Self::once(0.0, dose)
    }
}

impl From<Repeating> for Regimen {
    fn from(repeating: Repeating) -> Self {
        Self::course(repeating, None)
    }
}

impl From<Dose> for Cow<'_, Regimen> {
    fn from(dose: Dose) -> Self {
        Cow::Owned(dose.into())
    }
}

impl From<Repeating> for Cow<'_, Regimen> {
    fn from(repeating: Repeating) -> Self {
        Cow::Owned(repeating.into())
    }
}

impl From<Regimen> for Cow<'_, Regimen> {
    fn from(regimen: Regimen) -> Self {
        Cow::Owned(regimen)
    }
}

impl<'a> From<&'a Regimen> for Cow<'a, Regimen> {
    fn from(regimen: &'a Regimen) -> Self {
        Cow::Borrowed(regimen)
    }
}

impl Regimen {
    /// tmp
    #[must_use]
    pub fn and(mut self, other: impl Into<Self>) -> Self {
        self.courses.extend(other.into().courses);
        self
    }
}
