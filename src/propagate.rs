//! The exact simulation of a linear model.

use std::borrow::Cow;

use crate::engine::{Asked, Bodies, Performer};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::phases::Phases;
use crate::profile::{Profile, check_times};
use crate::regimen::Regimen;

impl Model {
    /// The concentrations that a dosing gives at `times` (h, never decreasing): exact, at a cost linear in doses and
    /// times.
    ///
    /// At the instant of a dose the value after it is given.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, grid, units::*};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let profile = model.profile(Dose::of(180.0 * UG).every(DAY).times(90), &grid(0.0..=100.0 * DAY, HOUR))?;
    /// assert_eq!(profile.times().len(), 2_401);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Times that are missing, not finite or decreasing; a dose, an interval or a time of the regimen that cannot be.
    pub fn profile<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Profile> {
        let conc = self.concentrations(regimen, times)?;
        Ok(Profile::trusted(times.to_vec(), conc))
    }

    /// The concentrations of [`profile`](Self::profile) alone, without a copy of the times.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let (dosing, times) = (Dose::of(180.0).every(24.0), [0.0, 3.0, 24.0, 27.0]);
    /// assert_eq!(model.concentrations(&dosing, &times)?, model.profile(&dosing, &times)?.conc());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`profile`](Self::profile).
    pub fn concentrations<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Vec<f64>> {
        let mut conc = vec![0.0; times.len()];
        self.concentrations_into(regimen, times, &mut conc)?;
        Ok(conc)
    }

    /// The concentrations of [`profile`](Self::profile), written into `conc`, memory that thousands of subjects can share.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let mut conc = [0.0; 3];
    /// model.concentrations_into(Dose::of(180.0), &[0.0, 3.0, 24.0], &mut conc)?;
    /// assert!(conc[0] == 0.0 && conc[1] > conc[2] && conc[2] > 0.9);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`profile`](Self::profile), and an output that is not as long as the times; the output is then unchanged.
    pub fn concentrations_into<'a>(
        &self,
        regimen: impl Into<Cow<'a, Regimen>>,
        times: &[f64],
        conc: &mut [f64],
    ) -> Result<()> {
        check_room(times, conc)?;
        Performer::default().perform(&Asked::new(&regimen.into(), times), self, conc)
    }
}

impl Phases {
    /// The concentrations that a dosing gives at `times` (h, never decreasing), while the body changes: exact, as
    /// [`Model::profile`].
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, grid, units::*};
    /// let usual = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let phases = usual.model()?.then_from(WEEK, Parameters { cl: 2.54, ..usual }.model()?)?;
    /// let profile = phases.profile(Dose::of(180.0 * UG).at(0.0), &grid(0.0..=2.0 * WEEK, WEEK))?;
    /// let ke = (profile.conc()[1] / profile.conc()[2]).ln() / WEEK;
    /// assert!((ke - 2.54 / 154.0).abs() < 1e-12); // as the new clearance has it
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Model::profile`].
    pub fn profile<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Profile> {
        let conc = self.concentrations(regimen, times)?;
        Ok(Profile::trusted(times.to_vec(), conc))
    }

    /// The concentrations of [`profile`](Self::profile) alone, without a copy of the times.
    ///
    /// # Errors
    /// As for [`profile`](Self::profile).
    pub fn concentrations<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Vec<f64>> {
        let mut conc = vec![0.0; times.len()];
        self.concentrations_into(regimen, times, &mut conc)?;
        Ok(conc)
    }

    /// The concentrations of [`profile`](Self::profile), written into `conc`.
    ///
    /// # Errors
    /// As for [`profile`](Self::profile), and an output that is not as long as the times; the output is then unchanged.
    pub fn concentrations_into<'a>(
        &self,
        regimen: impl Into<Cow<'a, Regimen>>,
        times: &[f64],
        conc: &mut [f64],
    ) -> Result<()> {
        check_room(times, conc)?;
        check_times(times)?;
        bodies(self).concentrations(&Asked::new(&regimen.into(), times), conc)
    }
}

/// The models of phases, as the engine takes them.
pub(crate) fn bodies(phases: &Phases) -> Bodies<'_> {
    Bodies::one_after_another(phases.iter())
}

/// Refuses room for another number of concentrations than there are output times.
pub(crate) fn check_room(times: &[f64], conc: &[f64]) -> Result<()> {
    if times.len() == conc.len() {
        return Ok(());
    }
    Err(Error::value(format!(
        "there are {} output times and room for {} concentrations: give as much room as times",
        times.len(),
        conc.len()
    )))
}
