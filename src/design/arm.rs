//! A group of people who are given and sampled alike.

use crate::error::{self, Error, Result};
use crate::profile::check_times;
use crate::regimen::{Dose, Regimen, Repeating};

/// A group of people who take the same doses and are sampled at the same times.
///
/// ```
/// use menaquinone::{Dose, design::Arm, units::*};
/// let late = Arm::of(Dose::of(180.0 * UG)).people(6.0).at(&[24.0, 72.0, 168.0]).below(0.03).called("late");
/// assert_eq!((late.count(), late.times().len()), (6.0, 3));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    name: String,
    regimen: Regimen,
    people: f64,
    times: Vec<f64>,
    covariates: Vec<(String, f64)>,
    limit: Option<f64>,
    window: f64,
}

impl Arm {
    /// One person with these doses, who is not sampled yet.
    pub fn of(regimen: impl Into<Regimen>) -> Self {
        let (name, times, covariates) = (String::new(), Vec::new(), Vec::new());
        Self { name, regimen: regimen.into(), people: 1.0, times, covariates, limit: None, window: 0.0 }
    }

    /// This arm with so many people; information is in proportion to them, so that a share is allowed.
    #[must_use]
    pub fn people(self, people: f64) -> Self {
        Self { people, ..self }
    }

    /// This arm, sampled at these times (h), which may come twice.
    #[must_use]
    pub fn at(self, times: &[f64]) -> Self {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        Self { times, ..self }
    }

    /// This arm of people with these covariates, which stay the same.
    #[must_use]
    pub fn with_covariates<N: Into<String>>(mut self, covariates: impl IntoIterator<Item = (N, f64)>) -> Self {
        self.covariates.extend(covariates.into_iter().map(|(name, value)| (name.into(), value)));
        self
    }

    /// This arm with a limit of quantification (µg/L): of a level below it no more is known than that.
    #[must_use]
    pub fn below(self, limit: f64) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// This arm, whose samples are taken within so many hours before or after their time, anywhere in that window alike: what they tell is the mean over it.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, design::{Arm, Criterion, Design}, fit::{Theory, free}};
    /// let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Additive { sd: 0.5 })?;
    /// let arm = Arm::of(menaquinone::Dose::of(100.0)).at(&[0.5, 3.0, 15.0]);
    /// let value = |arm: Arm| Criterion::d().of(&Design::of(&theory, arm)?);
    /// assert!(value(arm.clone().kept_within(0.25))? < value(arm)?);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn kept_within(self, hours: f64) -> Self {
        Self { window: hours, ..self }
    }

    /// This arm under a name, for reports.
    #[must_use]
    pub fn called(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// This arm with other doses.
    #[must_use]
    pub fn given(self, regimen: impl Into<Regimen>) -> Self {
        Self { regimen: regimen.into(), ..self }
    }

    /// The name; empty where it has none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The doses.
    pub fn regimen(&self) -> &Regimen {
        &self.regimen
    }

    /// How many people.
    pub fn count(&self) -> f64 {
        self.people
    }

    /// When they are sampled, h, in order.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The covariates.
    pub fn covariates(&self) -> &[(String, f64)] {
        &self.covariates
    }

    /// The limit of quantification, µg/L.
    pub fn limit(&self) -> Option<f64> {
        self.limit
    }

    /// How far from its time a sample may be taken, h.
    pub fn window(&self) -> f64 {
        self.window
    }

    pub(super) fn check(&self) -> Result<()> {
        error::non_negative("the window about sampling times", self.window, "h")?;
        error::positive("the number of people of an arm", self.people, "")?;
        self.limit.map_or(Ok(0.0), |limit| error::positive("the limit of quantification", limit, "µg/L"))?;
        if self.times.is_empty() { Ok(()) } else { check_times(&self.times) }
    }

    /// Refuses an arm without samples.
    pub(super) fn check_sampled(&self) -> Result<()> {
        if self.times.is_empty() {
            let whose = if self.name.is_empty() { "an arm".to_owned() } else { format!("the arm `{}`", self.name) };
            return Err(Error::value(format!(
                "{whose} has no sampling times, so that it tells nothing: give them (Arm::at), or have them found (Search)"
            )));
        }
        Ok(())
    }
}

impl From<Regimen> for Arm {
    fn from(regimen: Regimen) -> Self {
        Self::of(regimen)
    }
}

impl From<Dose> for Arm {
    fn from(dose: Dose) -> Self {
        Self::of(dose)
    }
}

impl From<Repeating> for Arm {
    fn from(dosing: Repeating) -> Self {
        Self::of(dosing)
    }
}
