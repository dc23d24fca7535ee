//! When the next dose is due: the time at which a level has fallen so far.

use std::fmt;

use super::dosing::Dosing;
use super::posterior::Posterior;
use super::report::rounded;
use crate::error::{self, Error, Result};
use crate::model::Model;
use crate::number::Number;
use crate::numeric::root;
use crate::population::quantiles;
use crate::regimen::Regimen;

/// When the next dose is due, h after the time 0 of the course. It is a calculation for research, not advice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NextDose {
    /// The level that is kept, µg/L.
    pub level: f64,
    /// When the most likely body has fallen to it.
    pub time: f64,
    /// When 5 % of what this person may be have.
    pub early: f64,
    /// When 95 % have.
    pub late: f64,
}

impl fmt::Display for NextDose {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [time, early, late] = [self.time, self.early, self.late].map(|time| rounded(time, 3));
        write!(
            out,
            "the level falls to {} µg/L at {time} h (90 %: {early} to {late} h). A calculation for research, not advice",
            self.level
        )
    }
}

/// The times that are looked at from now to the end of a dose.
const LOOKS: u32 = 400;
/// The end of time for whoever waits for a level to fall, h: some thousand years.
const FAR: f64 = 1e7;

impl Model {
    /// When the level falls to `level` µg/L for good, if nothing is taken after `now` (h): the time of the next dose that keeps it. It is `now` where
    /// the level lies below already.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, Model, OneCompartment};
    /// let model = Model::new(Bolus, OneCompartment { cl: 1.0, v: 10.0 })?;
    /// let due = model.next_dose(&Dose::iv(100.0).at(0.0), 5.0, 1.0)?;
    /// assert!((due - 10.0 * std::f64::consts::LN_2).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A level that is not above zero, or not above the baseline; a course that cannot be.
    pub fn next_dose(&self, taken: &Regimen, level: f64, now: f64) -> Result<f64> {
        error::positive("the level to keep", level, "µg/L")?;
        error::non_negative("the time from which on nothing is taken", now, "h")?;
        if level <= self.baseline() {
            return Err(Error::value(format!(
                "the level never falls to {level} µg/L: the baseline is {} µg/L",
                self.baseline()
            )));
        }
        let taken: Regimen = taken.doses(now).into_iter().collect();
        let at = |time: f64| Ok::<f64, Error>(self.concentrations(&taken, &[time])?[0]);
        let mut length = self.slowness() * 10.0;
        while at(now + length)? >= level && length < FAR {
            length *= 2.0;
        }
        let times: Vec<f64> = (0..=LOOKS).map(|i| now + length * (f64::from(i) / f64::from(LOOKS)).powi(2)).collect();
        let conc = self.concentrations(&taken, &times)?;
        // Backwards from where too little is left to where there is still enough.
        let Some(last) = conc.iter().rposition(|conc| *conc >= level) else { return Ok(now) };
        let Some(end) = times.get(last + 1) else {
            return Err(Error::value(format!("the level does not fall to {level} µg/L within {FAR} h")));
        };
        Ok(root(|time| at(time).map_or(f64::NAN, |conc| conc - level), (times[last], *end)))
    }

    /// The longest of its times: into the plasma, and out of the body, h.
    fn slowness(&self) -> f64 {
        let mut slow = 1.0 / self.modes()[self.modes().len() - 1].k;
        for (number, value) in self.numbers() {
            slow = match number {
                Number::Tlag(_) | Number::Mtt(_) | Number::Duration(_) => slow + value,
                Number::Ka(_) => slow.max(1.0 / value),
                _ => slow,
            };
        }
        slow
    }
}

impl Posterior {
    /// When this person's level falls to `level` µg/L for good, if nothing is taken after `now` (h): at the mode, and over `n` draws of what the person may
    /// be.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, fit::{Sampled, Samples, Theory, fixed}, units::*};
    /// let (cl, v) = (fixed(1.27).varying(0.35), fixed(154.0).varying(0.35));
    /// let theory = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl, v })?
    ///     .with_error(ResidualError::Proportional { cv: 0.15 })?;
    /// let levels = Samples::new(&[13.0 * DAY, 13.0 * DAY + 5.0], &[1.1, 1.7])?;
    /// let person = theory.posterior(&Sampled::new("90 ug daily for 14 days".parse()?, levels))?;
    /// let due = person.next_dose(0.8, 13.5 * DAY, (500, 42))?;
    /// assert!(due.early < due.time && due.time < due.late && due.time > 14.0 * DAY);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Model::next_dose`] and [`people`](Self::people); samples of a steady state, which has no last dose.
    pub fn next_dose(&self, level: f64, now: f64, (n, seed): (u64, u64)) -> Result<NextDose> {
        let Dosing::Course(taken) = &self.sampled.dosing else {
            return Err(Error::value(
                "a dosing at steady state has no last dose: give what was taken as doses at their times (Sampled::new)",
            ));
        };
        let time = self.model().next_dose(taken, level, now)?;
        let draws = self.people(n, seed)?;
        let times: Vec<f64> =
            draws.models().iter().map(|model| model.next_dose(taken, level, now)).collect::<Result<_>>()?;
        let [early, late] = quantiles(&times, [0.05, 0.95])?;
        Ok(NextDose { level, time, early, late })
    }
}
