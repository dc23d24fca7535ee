//! Any schedule: courses of repeated doses, one after another or side by side.

use std::borrow::Cow;

use super::course::{Batch, Course};
use super::{Dose, Repeating};
use crate::error::{Error, Result};
use crate::numeric::sort_by_time;

/// Doses over time: any number of courses, one after another ([`then`](Self::then)) or side by side
/// ([`and`](Self::and)), with doses left out ([`skip`](Self::skip)).
///
/// The operations chain without `?`: the first thing that cannot be is remembered, and [`check`](Self::check), which
/// every simulation asks first, reports it. A course is held as its cycle and a count, so that a year of daily doses
/// is as small as one dose. The text form is described at [`FromStr`](#impl-FromStr-for-Regimen).
///
/// # Days and hours
///
/// Time 0 is the first instant: 0:00 of day 1, a Monday where days of the week are named. So day 1 is 0 h to 24 h and day 8
/// begins at 168 h; whoever counts from day 0 calls day 1 what begins at 24 h here. `x7` gives the doses of days 1 to 7.
///
/// ```
/// use menaquinone::{Dose, Regimen, units::*};
/// let regimen = Dose::of(360.0 * UG).every(DAY).times(7).then(Dose::of(90.0 * UG).every(DAY).times(49));
/// assert_eq!(regimen, "360 ug q24h x7 then 90 ug q24h x49".parse()?);
/// assert_eq!(regimen.doses(f64::INFINITY).len(), 56);
///
/// // A diary, in any order.
/// let diary: Regimen = [(20.5, Dose::of(45.0 * UG)), (8.0, Dose::of(90.0 * UG))].into_iter().collect();
/// assert_eq!(diary.to_string(), "(90 ug at 8h and 45 ug at 20.5h)");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Regimen {
    pub(super) courses: Vec<Course>,
    /// The first thing that an operation could not do.
    problem: Option<String>,
}

/// The most doses a simulation will hold (480 MB), a guard against a slip of units.
pub(super) const MOST_DOSES: usize = 10_000_000;

impl Regimen {
    pub(super) fn course(cycle: Repeating, count: Option<u64>) -> Self {
        Self { courses: vec![Course::new(cycle, count)], problem: None }.looked_over()
    }

    /// A dose taken once: its cycle never comes round again.
    pub(super) fn once(time: f64, dose: Dose) -> Self {
        Self { courses: vec![Course::diary(vec![(time, dose)])], problem: None }.looked_over()
    }

    /// Every dose is looked at when it comes in, so that no simulation has to.
    fn looked_over(self) -> Self {
        let outcome = self.courses.iter().try_for_each(Course::check);
        self.remember(outcome)
    }

    /// Keeps the first problem for [`check`](Self::check).
    pub(super) fn remember(mut self, outcome: Result<()>) -> Self {
        if let (None, Err(problem)) = (&self.problem, outcome) {
            self.problem = Some(problem.to_string());
        }
        self
    }

    /// This regimen and another dosing after it, whose time 0 is when the next dose of this one would have been due.
    ///
    /// Of several courses side by side, the one that is due last counts. A dose without an interval and dosing without
    /// an end have no such time: a problem that [`check`](Self::check) reports.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// let regimen = Dose::of(180.0 * UG).every(DAY).times(60).then(Dose::of(45.0 * UG).every(12.0 * HOUR));
    /// assert_eq!(regimen.to_string(), "180 ug q24h x60 then 45 ug q12h");
    /// assert_eq!(regimen.doses(60.0 * DAY).last(), Some(&(60.0 * DAY, Dose::of(45.0))));
    /// ```
    #[must_use]
    pub fn then(self, next: impl Into<Self>) -> Self {
        match self.next_due() {
            Ok(due) => self.and(next.into().at(due)),
            Err(problem) => self.remember(Err(problem)),
        }
    }

    /// This dosing and another side by side, both on the same clock.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// let regimen = Dose::of(90.0 * UG).every(DAY).times(30).and(Dose::of(15.0 * MG).at(36.0 * HOUR));
    /// assert_eq!(regimen.to_string(), "90 ug q24h x30 and 15 mg at 36h");
    /// ```
    #[must_use]
    pub fn and(mut self, other: impl Into<Self>) -> Self {
        let other = other.into();
        self.courses.extend(other.courses);
        self.problem = self.problem.or(other.problem);
        self
    }

    /// The whole regimen `time` h later.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// let regimen = Dose::of(90.0 * UG).every(DAY).times(30).at(8.0 * HOUR);
    /// assert_eq!(regimen.to_string(), "90 ug q24h x30 at 8h");
    /// ```
    #[must_use]
    pub fn at(mut self, time: f64) -> Self {
        self.courses.iter_mut().for_each(|course| course.shift(time));
        self.looked_over()
    }

    /// Whether some of the doses go on without end.
    ///
    /// ```
    /// use menaquinone::{Dose, Regimen, units::*};
    /// assert!(Regimen::from(Dose::of(90.0 * UG).every(DAY)).is_endless());
    /// assert!(!Dose::of(90.0 * UG).every(DAY).times(30).is_endless());
    /// ```
    pub fn is_endless(&self) -> bool {
        self.courses.iter().any(|course| course.count.is_none())
    }

    /// Every dose up to and including `until` h as (time, dose), in order of time; doses at the same instant keep
    /// the order in which they were written.
    ///
    /// A regimen that [`check`](Self::check) refuses has none.
    ///
    /// ```
    /// use menaquinone::{Dose, Regimen, units::*};
    /// let regimen = Regimen::from(Dose::of(90.0 * UG).every(DAY));
    /// let times: Vec<f64> = regimen.doses(2.0 * DAY).iter().map(|(time, _)| *time).collect();
    /// assert_eq!(times, [0.0, 24.0, 48.0]);
    /// ```
    pub fn doses(&self, until: f64) -> Vec<(f64, Dose)> {
        let mut doses = Vec::new();
        if self.check(until).is_err() {
            return doses;
        }
        self.each_batch(until, |batch| batch.each(|time, dose| doses.push((time, dose))));
        if !self.is_plain() && !doses.is_sorted_by(|a, b| a.0 <= b.0) {
            sort_by_time(&mut doses);
        }
        doses
    }

    /// Calls `each` with all doses up to and including `until` h, course after course; for a regimen that has been
    /// checked.
    pub(crate) fn each_batch(&self, until: f64, mut each: impl FnMut(Batch)) {
        for course in &self.courses {
            course.each_batch(until, &mut each);
        }
    }

    /// The doses of every cycle, each once however often it comes round.
    pub(crate) fn kinds_of_dose(&self) -> impl Iterator<Item = &(f64, Dose)> {
        self.courses.iter().flat_map(|course| &course.cycle.doses)
    }

    /// Whether some of the doses are given over a time.
    pub(crate) fn takes_time(&self) -> bool {
        self.courses.iter().any(|course| course.takes_time)
    }

    /// Refuses doses, intervals and times that cannot be, and more than ten million doses up to `until` h.
    ///
    /// Every simulation asks this first, so a program needs it only to complain early.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// let endless = Dose::of(45.0 * UG).every(12.0 * HOUR);
    /// let regimen = endless.and(Dose::of(90.0 * UG).every(DAY)).then(Dose::of(180.0 * UG));
    /// assert_eq!(
    ///     regimen.check(WEEK).unwrap_err().to_string(),
    ///     "nothing can follow `45 ug q12h`, which never ends: say how many times, for instance x60"
    /// );
    /// ```
    ///
    /// # Errors
    /// A sentence that says what was found, what is allowed and what to do.
    pub fn check(&self, until: f64) -> Result<()> {
        self.validate()?;
        if until.is_nan() {
            return Err(Error::value("doses were asked for until NaN h, but the end must be a number of hours"));
        }
        let total: f64 = self.courses.iter().map(|course| course.estimate(until)).sum();
        #[expect(clippy::cast_precision_loss, reason = "ten million is exact")]
        if total > MOST_DOSES as f64 {
            return Err(Error::value(format!(
                "the regimen holds about {total:.0} doses up to {until} h, and at most {MOST_DOSES} can be simulated: check the interval and the times"
            )));
        }
        Ok(())
    }

    /// Refuses what no end of a simulation could mend.
    pub(super) fn validate(&self) -> Result<()> {
        self.problem.as_ref().map_or(Ok(()), |problem| Err(Error::value(problem)))
    }

    /// The cycles that go on without end.
    pub(crate) fn endless_cycles(&self) -> impl Iterator<Item = &Repeating> {
        self.courses.iter().filter(|course| course.count.is_none()).map(|course| &course.cycle)
    }

    /// When the next dose would have been due, had the dosing gone on; time 0 where there is none.
    pub(crate) fn next_due(&self) -> Result<f64> {
        let mut latest = None;
        for course in &self.courses {
            let due = course.next_due().ok_or_else(|| course.nothing_follows())?;
            latest = Some(latest.map_or(due, |latest: f64| latest.max(due)));
        }
        Ok(latest.unwrap_or(0.0))
    }

    /// One course of one dose per cycle needs no sorting.
    fn is_plain(&self) -> bool {
        matches!(self.courses.as_slice(), [course] if course.cycle.doses.len() == 1)
    }

    /// The times and doses, where every one of them stands alone and none is missed.
    pub(super) fn single_doses(&self) -> Option<Vec<(f64, Dose)>> {
        let alone = |course: &Course| course.is_diary() && course.skipped.is_empty();
        (self.problem.is_none() && self.courses.iter().all(alone))
            .then(|| self.courses.iter().flat_map(|course| course.cycle.doses.iter().copied()).collect())
    }
}

/// A diary: doses at their own times (h), in any order.
impl FromIterator<(f64, Dose)> for Regimen {
    fn from_iter<I: IntoIterator<Item = (f64, Dose)>>(doses: I) -> Self {
        let doses: Vec<_> = doses.into_iter().collect();
        if doses.is_empty() {
            return Self::default();
        }
        Self { courses: vec![Course::diary(doses)], problem: None }.looked_over()
    }
}

/// The dose once, at time 0.
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

impl From<&Repeating> for Cow<'_, Regimen> {
    fn from(repeating: &Repeating) -> Self {
        Cow::Owned(repeating.clone().into())
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
