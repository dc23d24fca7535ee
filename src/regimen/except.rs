//! Days of the week left out.

use super::course::Course;
use super::schedule::MOST_DOSES;
use super::{Dose, Regimen, Repeating, Weekday};
use crate::error::{Error, Result};
use crate::units::{DAY, WEEK};

impl Regimen {
    /// This dosing without the doses that fall on these days of the week, where time 0 is Monday, 0:00.
    ///
    /// What goes on without end becomes a cycle of whole weeks; of what ends, the doses are [skipped](Self::skip) and keep
    /// their numbers.
    ///
    /// ```
    /// use menaquinone::{Dose, Weekday::*, units::*};
    /// let daily = Dose::of(90.0 * UG).every(DAY);
    /// assert_eq!(daily.clone().except([Sun]).to_string(), "90 ug on Mon,Tue,Wed,Thu,Fri,Sat");
    /// assert_eq!(daily.clone().except([Sun]), "90 ug daily except Sunday".parse()?);
    /// assert_eq!(daily.times(14).except([Sat, Sun]).to_string(), "90 ug q24h x14 skip 6,7,13,14");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn except(mut self, days: impl IntoIterator<Item = Weekday>) -> Self {
        let days: Vec<_> = days.into_iter().collect();
        let outcome =
            self.validate().and_then(|()| self.courses.iter_mut().try_for_each(|course| course.except(&days)));
        self.remember(outcome)
    }
}

impl Repeating {
    /// This dosing without the doses that fall on these days of the week; see [`Regimen::except`].
    ///
    /// ```
    /// use menaquinone::{Dose, Weekday::*, units::*};
    /// let dosing = Dose::of(45.0 * UG).times_a_day(2).except([Sat, Sun]);
    /// assert_eq!(dosing.doses(WEEK).len(), 5 * 2 + 1); // and Monday again, at the end of the week
    /// ```
    #[must_use]
    pub fn except(self, days: impl IntoIterator<Item = Weekday>) -> Regimen {
        Regimen::from(self).except(days)
    }

    /// The cycle of whole weeks that is left of this one.
    pub(super) fn without(&self, days: &[Weekday]) -> Result<Self> {
        self.check()?;
        if days.is_empty() {
            return Ok(self.clone());
        }
        let weeks = weeks(self.tau).ok_or_else(|| no_weeks(self))?;
        let rounds = (weeks * WEEK / self.tau).round();
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        if rounds * self.doses.len() as f64 > MOST_OF_WEEKS {
            return Err(no_weeks(self));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a million")]
        let begins = (0..rounds as u32).map(|round| f64::from(round) * self.tau);
        let all = begins.flat_map(|begin| self.doses.iter().map(move |(offset, dose)| (begin + offset, *dose)));
        let kept: Vec<(f64, Dose)> = all.filter(|(time, _)| !days.contains(&day_of(self.start + time))).collect();
        if kept.is_empty() {
            return Err(Error::value(format!(
                "nothing is left of `{self}` without these days: leave fewer of them out"
            )));
        }
        Ok(Self::new(weeks * WEEK, kept).at(self.start))
    }
}

impl Course {
    fn except(&mut self, days: &[Weekday]) -> Result<()> {
        let Some(length) = self.len() else {
            if !self.skipped.is_empty() {
                return Err(Error::value(format!(
                    "days cannot be left out of `{self}`, which goes on without end and skips doses by their number: \
                     leave the days out first"
                )));
            }
            *self = Self::new(self.cycle.without(days)?, None);
            return Ok(());
        };
        if length > MOST_DOSES as u64 {
            return Err(Error::value(format!(
                "days can be left out of at most {MOST_DOSES} doses: end the course earlier"
            )));
        }
        let out: Vec<u64> = (0..length).filter(|index| days.contains(&day_of(self.time_of(*index)))).collect();
        self.skipped.extend(out);
        self.skipped.sort_unstable();
        self.skipped.dedup();
        Ok(())
    }
}

/// The day on which a time falls; one that rounding left just before midnight falls on the next.
fn day_of(time: f64) -> Weekday {
    const ROUNDING: f64 = 1e-9;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a remainder of 7")]
    let number = (time / DAY + ROUNDING).floor().rem_euclid(7.0) as usize;
    Weekday::ALL[number.min(6)]
}

/// How many doses a cycle of whole weeks may hold.
const MOST_OF_WEEKS: f64 = 1e6;

/// The fewest weeks that are a whole number of intervals.
fn weeks(tau: f64) -> Option<f64> {
    const MOST: u32 = 1_000;
    const SLACK: f64 = 1e-9;
    (1..=MOST).map(f64::from).find(|weeks| {
        let rounds = weeks * WEEK / tau;
        rounds.round() >= 1.0 && (rounds - rounds.round()).abs() <= SLACK * rounds
    })
}

fn no_weeks(cycle: &Repeating) -> Error {
    Error::value(format!(
        "no number of weeks up to 1000 is a whole number of cycles of {} h, so no days of the week can be left out for good: \
         choose an interval such as q24h, or end the course",
        cycle.tau
    ))
}
