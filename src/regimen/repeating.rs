//! Dosing that repeats without end.

use super::{Dose, Regimen};
use crate::error::{self, Error, Result};
use crate::numeric::sort_by_time;

/// A cycle of doses repeated without end: one a day, or a week of unequal days.
///
/// As text: `90 ug q24h`, `90 ug on Mon,Wed,Fri at 8h`, `(90 ug at 0h and 45 ug at 12h) q24h`.
///
/// ```
/// use menaquinone::{Dose, Repeating, units::*};
/// let daily = Dose::of(90.0 * UG).every(DAY);
/// assert_eq!(daily.tau(), 24.0);
/// assert_eq!(daily.doses(), [(0.0, Dose::of(90.0))]);
/// assert_eq!(daily, "90 ug daily".parse()?);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Repeating {
    /// When the first cycle begins, h.
    pub(super) start: f64,
    /// The length of the cycle, h.
    pub(super) tau: f64,
    /// (h after the cycle's start, dose), in order of time; the first at 0.
    pub(super) doses: Vec<(f64, Dose)>,
}

impl Repeating {
    /// A cycle of `tau` h with doses at times (h) in any order; they must all fit into one `tau`.
    ///
    /// ```
    /// use menaquinone::{Dose, Repeating, units::*};
    /// let day = Repeating::new(DAY, [(8.0, Dose::of(90.0 * UG)), (20.0, Dose::of(45.0 * UG))]);
    /// assert_eq!(day.start(), 8.0);
    /// assert_eq!(day.doses(), [(0.0, Dose::of(90.0)), (12.0, Dose::of(45.0))]);
    /// ```
    pub fn new(tau: f64, doses: impl IntoIterator<Item = (f64, Dose)>) -> Self {
        let mut doses: Vec<_> = doses.into_iter().collect();
        sort_by_time(&mut doses);
        let first = doses.first().map_or(0.0, |(time, _)| *time);
        for (time, _) in &mut doses {
            *time -= first;
        }
        // Adding zero turns -0 into 0, which the text form could not tell apart.
        Self { start: first + 0.0, tau, doses }
    }

    /// When the first dose is taken, h.
    ///
    /// ```
    /// # use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::of(90.0 * UG).every(DAY).at(8.0 * HOUR).start(), 8.0);
    /// ```
    pub fn start(&self) -> f64 {
        self.start
    }

    /// The length of the cycle, h.
    ///
    /// ```
    /// # use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::of(90.0 * UG).every(DAY).tau(), 24.0);
    /// ```
    pub fn tau(&self) -> f64 {
        self.tau
    }

    /// The doses of a cycle as (h after the cycle's start, dose), in order of time.
    ///
    /// ```
    /// # use menaquinone::{Dose, Weekday::*, units::*};
    /// let dosing = Dose::of(90.0 * UG).on([Wed, Fri]);
    /// assert_eq!(dosing.doses(), [(0.0, Dose::of(90.0)), (48.0, Dose::of(90.0))]);
    /// ```
    pub fn doses(&self) -> &[(f64, Dose)] {
        &self.doses
    }

    /// This cycle begun `time` h later.
    ///
    /// ```
    /// # use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::of(90.0 * UG).every(DAY).at(8.0 * HOUR).to_string(), "90 ug q24h at 8h");
    /// ```
    #[must_use]
    pub fn at(mut self, time: f64) -> Self {
        self.start += time;
        self
    }

    /// This cycle with every amount multiplied by `factor`.
    ///
    /// ```
    /// # use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::of(90.0 * UG).every(DAY).scaled(0.5), Dose::of(45.0 * UG).every(DAY));
    /// ```
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        self.doses.iter_mut().for_each(|(_, dose)| dose.amount *= factor);
        self
    }

    /// The first `cycles` cycles only; of a week of several doses, so many weeks.
    ///
    /// ```
    /// # use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::of(180.0 * UG).every(DAY).times(60).to_string(), "180 ug q24h x60");
    /// ```
    pub fn times(self, cycles: u64) -> Regimen {
        let tau = error::positive("the dosing interval tau", self.tau, "h");
        Regimen::course(self, Some(cycles)).remember(tau.map(|_| ()))
    }

    /// The cycles that fill `duration` h, which must be a whole number of them.
    ///
    /// ```
    /// # use menaquinone::{Dose, units::*};
    /// let q8h = Dose::of(15.0 * MG).every(8.0 * HOUR);
    /// assert_eq!(q8h.clone().lasting(1.0 * WEEK), q8h.clone().times(21));
    /// assert!(q8h.lasting(20.0 * HOUR).check(DAY).unwrap_err().to_string().contains("whole number"));
    /// ```
    pub fn lasting(self, duration: f64) -> Regimen {
        match self.cycles_in(duration) {
            Ok(cycles) => self.times(cycles),
            Err(problem) => Regimen::from(self).remember(Err(problem)),
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a count")]
    fn cycles_in(&self, duration: f64) -> Result<u64> {
        // Loose enough for intervals in minutes, which are not exact in hours; tight enough to count to millions.
        const SLACK: f64 = 1e-9;
        const MOST: f64 = 1e15;
        let cycles = (duration / self.tau).round();
        if (1.0..MOST).contains(&cycles) && (duration / self.tau - cycles).abs() <= SLACK * cycles {
            return Ok(cycles as u64);
        }
        Err(Error::value(format!(
            "a duration of {duration} h is not a whole number of cycles of {} h: give a multiple of the cycle",
            self.tau
        )))
    }

    /// This dosing and another side by side.
    ///
    /// ```
    /// # use menaquinone::{Dose, units::*};
    /// let both = Dose::of(90.0 * UG).every(DAY).and(Dose::of(15.0 * MG).at(36.0 * HOUR));
    /// assert_eq!(both.to_string(), "90 ug q24h and 15 mg at 36h");
    /// ```
    #[must_use]
    pub fn and(self, other: impl Into<Regimen>) -> Regimen {
        Regimen::from(self).and(other)
    }

    /// This dosing without these doses, counted from 1 in order of time.
    ///
    /// ```
    /// # use menaquinone::{Dose, units::*};
    /// let forgetful = Dose::of(90.0 * UG).every(DAY).skip([2]);
    /// assert_eq!(forgetful.doses(2.0 * DAY), [(0.0, Dose::of(90.0)), (48.0, Dose::of(90.0))]);
    /// ```
    #[must_use]
    pub fn skip(self, numbers: impl IntoIterator<Item = u64>) -> Regimen {
        Regimen::from(self).skip(numbers)
    }

    /// Refuses a cycle that is not positive, times and doses that cannot be, and doses that do not fit the cycle.
    pub(crate) fn check(&self) -> Result<()> {
        error::positive("the dosing interval tau", self.tau, "h")?;
        error::finite("the start of a dosing", self.start, "h")?;
        self.check_resolution()?;
        self.check_offsets()?;
        self.doses.iter().try_for_each(|(_, dose)| dose.check())
    }

    /// An interval lost in the rounding of its start would never get past the end of a simulation.
    fn check_resolution(&self) -> Result<()> {
        let (start, tau) = (self.start, self.tau);
        if start + tau > start {
            return Ok(());
        }
        Err(Error::value(format!(
            "a dosing interval of {tau} h vanishes beside a start at {start} h: start nearer to time 0"
        )))
    }

    fn check_offsets(&self) -> Result<()> {
        let Some((last, _)) = self.doses.last() else {
            return Err(Error::value("a cycle without a dose repeats nothing: name at least one dose or one weekday"));
        };
        if *last < self.tau {
            return Ok(());
        }
        Err(Error::value(format!(
            "the doses of a cycle lie {last} h apart, but they must fit into its length of {} h: move them closer or lengthen the cycle",
            self.tau
        )))
    }
}
