//! A group of people who are given and sampled alike.

use super::spot::{Limits, Spot, spots, times_of};
use crate::error::{self, Error, Result, Short};
use crate::profile::check_times;
use crate::regimen::{Dose, Regimen, Repeating};

/// The most people that are thought of.
pub(super) const MOST_PEOPLE: f64 = 1e9;

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
    kinds: Vec<Option<u32>>,
    occasions: Vec<f64>,
    covariates: Vec<(String, f64)>,
    limits: Limits,
    window: f64,
}

impl Arm {
    /// One person with these doses, who is not sampled yet.
    pub fn of(regimen: impl Into<Regimen>) -> Self {
        Self {
            name: String::new(),
            regimen: regimen.into(),
            people: 1.0,
            times: Vec::new(),
            kinds: Vec::new(),
            occasions: Vec::new(),
            covariates: Vec::new(),
            limits: Limits::default(),
            window: 0.0,
        }
    }

    /// This arm with so many people; information is in proportion to them, so that a share is allowed.
    #[must_use]
    pub fn people(self, people: f64) -> Self {
        Self { people, ..self }
    }

    /// This arm, sampled at these times (h), which may come twice.
    #[must_use]
    pub fn at(self, times: &[f64]) -> Self {
        self.given_by(spots(times))
    }

    /// This arm, sampled besides at these times (h) for another kind of observation (the DVID of event tables), which has an error of its own
    /// ([`Theory::with_error_of`](crate::fit::Theory::with_error_of)). Two kinds at one time are one sample that is measured twice.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, design::{Arm, Design}, fit::{Theory, free}};
    /// // An assay in the laboratory, and a cruder one at the bedside, which costs nothing and is done more often.
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Additive { sd: 0.1 })?
    ///     .with_error_of(2, ResidualError::Additive { sd: 0.5 })?;
    /// let arm = Arm::of(Dose::iv(100.0)).at(&[0.0, 10.0]);
    /// let both = arm.clone().at_of(2, &[0.0, 5.0, 10.0, 20.0]);
    /// assert_eq!((both.times().len(), both.kinds()[1]), (6, Some(2)));
    /// let se = |arm: Arm| Design::of(&theory, arm)?.information()?.se();
    /// assert!(se(both)?[0] < se(arm)?[0]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn at_of(self, kind: u32, times: &[f64]) -> Self {
        let mut all = self.spots();
        all.extend(times.iter().map(|time| Spot { time: *time, kind: Some(kind) }));
        self.given_by(all)
    }

    /// This arm with these samples alone.
    pub(super) fn given_by(self, mut spots: Vec<Spot>) -> Self {
        spots.sort_by(Spot::order);
        Self { times: times_of(&spots), kinds: spots.iter().map(|spot| spot.kind).collect(), ..self }
    }

    /// The samples.
    pub(super) fn spots(&self) -> Vec<Spot> {
        self.times.iter().zip(&self.kinds).map(|(time, kind)| Spot { time: *time, kind: *kind }).collect()
    }

    /// This arm, whose people begin a new occasion at each of these hours: what varies from occasion to occasion
    /// ([`Unknown::varying_within`](crate::fit::Unknown::varying_within)) is drawn anew there, and holds until the next. The first occasion lasts from the
    /// beginning, so that two periods of a week are `occasions_from(&[168.0])`. A dose and a sample at the very hour are of the new occasion.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, design::{Arm, Design}, fit::{Theory, free}, units::*};
    /// let body = OneCompartment { cl: free(1.0).varying(0.3).varying_within(0.2), v: free(10.0) };
    /// let theory = Theory::new(Bolus, body)?.with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let once = Arm::of(Dose::iv(100.0)).people(20.0).at(&[1.0, 12.0]);
    /// let twice = Arm::of(Dose::iv(100.0).every(WEEK).times(2)).people(20.0).at(&[1.0, 12.0, 169.0, 180.0]).occasions_from(&[WEEK]);
    /// // One occasion does not tell what varies from occasion to occasion from what varies between people.
    /// let refused = Design::of(&theory, once)?.information()?.se().unwrap_err().to_string();
    /// assert!(refused.contains("omega2(cl)") && refused.contains("omega2(cl@OCC)") && refused.contains("a second occasion"), "{refused}");
    /// assert!(Design::of(&theory, twice)?.information()?.se().is_ok());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn occasions_from(self, starts: &[f64]) -> Self {
        Self { occasions: starts.to_vec(), ..self }
    }

    /// This arm of people with these covariates, which stay the same.
    #[must_use]
    pub fn with_covariates<N: Into<String>>(mut self, covariates: impl IntoIterator<Item = (N, f64)>) -> Self {
        self.covariates.extend(covariates.into_iter().map(|(name, value)| (name.into(), value)));
        self
    }

    /// This arm with a limit of quantification (µg/L): of a level below it no more is known than that.
    #[must_use]
    pub fn below(mut self, limit: f64) -> Self {
        self.limits.all = Some(limit);
        self
    }

    /// This arm with a limit of quantification of one kind of observation, in place of that of all: see [`at_of`](Self::at_of).
    ///
    /// ```
    /// use menaquinone::{Dose, design::Arm};
    /// let arm = Arm::of(Dose::of(100.0)).below(0.03).below_of(2, 0.5);
    /// assert_eq!((arm.limit_of(None), arm.limit_of(Some(2)), arm.limit_of(Some(3))), (Some(0.03), Some(0.5), Some(0.03)));
    /// ```
    #[must_use]
    pub fn below_of(mut self, kind: u32, limit: f64) -> Self {
        self.limits.own.retain(|(own, _)| *own != kind);
        self.limits.own.push((kind, limit));
        self
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

    /// Of each sample the kind of observation (DVID); none of the kind that has the theory's first error.
    pub fn kinds(&self) -> &[Option<u32>] {
        &self.kinds
    }

    /// The hours at which new occasions begin, after the first.
    pub fn occasions(&self) -> &[f64] {
        &self.occasions
    }

    /// The covariates.
    pub fn covariates(&self) -> &[(String, f64)] {
        &self.covariates
    }

    /// The kinds of observation that have a limit of their own.
    pub(super) fn limited_kinds(&self) -> impl Iterator<Item = u32> + '_ {
        self.limits.own.iter().map(|(kind, _)| *kind)
    }

    /// The limit of quantification of a kind of observation (none is the first), µg/L.
    pub fn limit_of(&self, kind: Option<u32>) -> Option<f64> {
        self.limits.of(kind)
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How far from its time a sample may be taken, h.
    pub fn window(&self) -> f64 {
        self.window
    }

    pub(super) fn check(&self) -> Result<()> {
        error::non_negative("the window about sampling times", self.window, "h")?;
        error::positive("the number of people of an arm", self.people, "")?;
        if self.people > MOST_PEOPLE {
            return Err(Error::value(format!(
                "the number of people of an arm is {}, but it is at most {}",
                Short(self.people),
                Short(MOST_PEOPLE)
            )));
        }
        let limits = self.limits.all.into_iter().chain(self.limits.own.iter().map(|(_, limit)| *limit));
        limits
            .map(|limit| error::positive("the limit of quantification", limit, "µg/L"))
            .try_for_each(|found| found.map(|_| ()))?;
        self.occasions
            .iter()
            .try_for_each(|start| error::finite("the start of an occasion", *start, "h").map(|_| ()))?;
        if !self.occasions.is_sorted_by(|before, next| before < next) {
            let all: Vec<String> = self.occasions.iter().map(f64::to_string).collect();
            return Err(Error::value(format!(
                "occasions begin at {} h: give the starts in order of time, each once",
                all.join(", ")
            )));
        }
        let names = || self.covariates.iter().map(|(name, _)| name);
        if let Some(name) = names().enumerate().find_map(|(i, name)| names().skip(i + 1).find(|other| *other == name)) {
            return Err(Error::value(format!("the covariate {name} is given twice: keep one of the two")));
        }
        if self.times.is_empty() {
            return Ok(());
        }
        check_times(&self.times)?;
        self.check_windows()
    }

    /// Refuses a sample that may be taken before the first dose or after it, as it happens.
    fn check_windows(&self) -> Result<()> {
        let last = self.times.last().map_or(0.0, |last| last + self.window);
        let Some(first) = self.first_dose(last).filter(|_| self.window > 0.0) else { return Ok(()) };
        let is_split = |time: &&f64| **time - self.window < first && **time + self.window > first;
        let Some(time) = self.times.iter().find(is_split) else { return Ok(()) };
        Err(Error::value(format!(
            "the sample at {} h is kept within {} h, so that it may be taken before the first dose at {} h: plan it at {} h or later, or keep it within less",
            Short(*time),
            Short(self.window),
            Short(first),
            Short(first + self.window)
        )))
    }

    /// When the first dose is given, if that is not after a time.
    pub(super) fn first_dose(&self, until: f64) -> Option<f64> {
        self.regimen.doses(until).first().map(|(time, _)| *time).filter(|first| *first <= until)
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
