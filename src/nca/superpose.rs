//! Many doses from the samples of one, without a model: superposition.

use std::borrow::Cow;

use super::analysis::Analysis;
use super::missing::{Missing, Outcome};
use crate::error::{self, Error, Result};
use crate::profile::{Profile, check_times};
use crate::regimen::{Dose, Regimen};

/// What one measured dose says about many. It holds where kinetics are linear and do not change with time.
impl Analysis {
    /// The concentrations that a regimen would lead to at `times` (h), each dose being the measured one in proportion to its
    /// amount.
    ///
    /// Between samples and beyond them a dose gives what [`conc_at`](Self::conc_at) says.
    ///
    /// ```
    /// use menaquinone::{Dose, grid, units::*, vitamer::MK7};
    /// let (dose, model) = (Dose::of(90.0 * UG), MK7.model());
    /// let once = model.profile(dose, &grid(0.0..=30.0 * DAY, 0.1 * HOUR))?.nca().dose(dose).analyse()?;
    /// let course = Dose::of(180.0 * UG).every(DAY).times(7);
    /// let times = grid(0.0..=14.0 * DAY, 12.0 * HOUR);
    /// let (found, exact) = (once.superposed(&course, &times)?, model.profile(&course, &times)?);
    /// for (found, exact) in found.conc().iter().zip(exact.conc()).skip(1) {
    ///     assert!((found / exact - 1.0).abs() < 1e-4);
    /// }
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// An analysis without a dose, a regimen with doses of another route or duration or that cannot be, times that decrease, or a
    /// concentration that the samples do not give.
    pub fn superposed<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Profile> {
        check_times(times)?;
        let regimen = regimen.into();
        let until = times[times.len() - 1];
        regimen.check(until)?;
        let measured = self.dose.ok_or(Missing::NoDose)?;
        let doses = regimen.doses(until);
        doses.iter().try_for_each(|(_, dose)| alike(&measured, dose))?;
        let sum = |time: f64| -> Outcome {
            let past = doses.iter().take_while(|(given, _)| *given <= time);
            past.map(|(given, dose)| Ok(self.conc_at(time - given)? * (dose.amount / measured.amount))).sum()
        };
        let conc = times.iter().map(|time| sum(*time).map_err(Error::from)).collect::<Result<_>>()?;
        Profile::new(times.to_vec(), conc)
    }

    /// The concentrations of the measured dose repeated every `tau` h without end, at `times` (h, never decreasing) after any one of
    /// them; beyond `tau` they repeat.
    ///
    /// Doses so long ago that only the terminal slope is left of them are summed as a geometric series, so that nothing is
    /// cut off.
    ///
    /// ```
    /// use menaquinone::{Dose, grid, units::*, vitamer::MK7};
    /// let (dose, model) = (Dose::of(90.0 * UG), MK7.model());
    /// let once = model.profile(dose, &grid(0.0..=30.0 * DAY, 0.1 * HOUR))?.nca().dose(dose).analyse()?;
    /// let day = once.superposed_for_ever(DAY, &[0.0, 6.0, 12.0])?;
    /// let exact = model.steady_state(dose.every(DAY))?.profile(&[0.0, 6.0, 12.0])?;
    /// for (found, exact) in day.conc().iter().zip(exact.conc()) {
    ///     assert!((found / exact - 1.0).abs() < 1e-4);
    /// }
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// An interval that is not positive, over a million intervals to the last sample, times that decrease, or no terminal slope.
    pub fn superposed_for_ever(&self, tau: f64, times: &[f64]) -> Result<Profile> {
        const MOST: f64 = 1e6;
        check_times(times)?;
        error::positive("the dosing interval tau", tau, "h")?;
        let (k, tlast) = (self.lambda_z()?, self.tlast()?);
        if tlast / tau > MOST {
            return Err(Error::value(format!(
                "an interval of {tau} h goes into the {tlast} h of samples over a million times: take a longer one"
            )));
        }
        let sum = |time: f64| -> Outcome {
            let (mut after, mut conc) = (time.rem_euclid(tau), 0.0);
            while after <= tlast {
                conc += self.conc_at(after)?;
                after += tau;
            }
            Ok(conc + self.conc_at(after)? / -(-k * tau).exp_m1())
        };
        let conc = times.iter().map(|time| sum(*time).map_err(Error::from)).collect::<Result<_>>()?;
        Profile::new(times.to_vec(), conc)
    }
}

fn alike(measured: &Dose, dose: &Dose) -> Result<()> {
    if (measured.route, measured.duration) == (dose.route, dose.duration) {
        return Ok(());
    }
    Err(Error::value(format!(
        "the samples are those of `{measured}` and say nothing about `{dose}`: the route and the duration must be the same"
    )))
}
