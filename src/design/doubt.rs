//! What a reader should know of a design before it is used.

use super::arm::Arm;
use super::plan::Design;
use super::spot::{Spot, times_of};
use super::view::View;
use crate::error::Result;
use crate::fit::{Law, Theory, rounded, somebody};

/// A level is faint where it is below this share of the highest that is sampled.
const FAINT: f64 = 1e-3;
/// An error vanishes with the level where its standard deviation at a faint level is below this share of that at the highest.
const VANISHING: f64 = 1e-2;

impl Design {
    /// What may not be meant: samples at next to no level that count fully, because the error of the theory vanishes with the level; samples before the
    /// first dose, where there is no level yet; covariates and occasions of which the theory makes nothing; and what the model does with the meals of the
    /// doses ([`Model::notes`](crate::Model::notes)).
    ///
    /// ```
    /// use menaquinone::{Dose, FirstOrder, OneCompartment, assay::ResidualError, design::{Arm, Design}, fit::{Theory, free}};
    /// let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(1.0), v: free(10.0) })?;
    /// let arm = Arm::of(Dose::of(100.0)).at(&[1e-6, 1.0, 10.0]);
    /// let of = |error| Design::of(&theory.clone().with_error(error)?, arm.clone())?.notes();
    /// assert!(of(ResidualError::Additive { sd: 0.5 })?.is_empty());
    /// let notes = of(ResidualError::Proportional { cv: 0.1 })?;
    /// assert!(notes[0].starts_with("arm 1: at 1e-6 h the level is 0.00001 µg/L"), "{notes:?}");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A course that cannot be.
    pub fn notes(&self) -> Result<Vec<String>> {
        let mut notes: Vec<String> = Vec::new();
        for (i, arm) in self.arms.iter().enumerate() {
            let meals = self.theory().start().notes(arm.regimen());
            notes.extend(meals.into_iter().filter(|note| !notes.contains(note)).collect::<Vec<_>>());
            notes.extend(idle(self.theory(), arm, &arm.named(i)));
            notes.extend(early(arm, &arm.named(i)).filter(|_| self.theory().start().baseline() == 0.0));
            notes.extend(self.view.faint(arm, &arm.named(i))?);
        }
        Ok(notes)
    }
}

/// What is said of covariates, occasions and limits that change nothing.
fn idle(theory: &Theory, arm: &Arm, name: &str) -> Vec<String> {
    let known = theory.covariates();
    let of = |(covariate, _): &(String, f64)| {
        format!("{name}: no number of the theory depends on {covariate}, which is of no effect")
    };
    let covariates =
        arm.covariates().iter().filter(|(own, _)| !known.iter().any(|name| name.eq_ignore_ascii_case(own))).map(of);
    let is_idle = !arm.occasions().is_empty() && theory.varying_within().is_empty();
    let occasions = is_idle.then(|| {
        format!(
            "{name}: nothing in the theory varies from occasion to occasion, so that where they begin is of no effect"
        )
    });
    let is_asked = |kind: &u32| arm.kinds().contains(&Some(*kind));
    let limits = arm.limited_kinds().filter(|kind| !is_asked(kind));
    let limits = limits.map(|kind| format!("{name}: no sample is of kind {kind}, so that its limit is of no effect"));
    covariates.chain(occasions).chain(limits).collect()
}

/// What is said of samples before the first dose, if there are some.
fn early(arm: &Arm, name: &str) -> Option<String> {
    let first = arm.first_dose(arm.times().last().copied().unwrap_or(0.0))?;
    let time = arm.times().iter().find(|time| **time < first)?;
    Some(format!(
        "{name}: the sample at {} h lies before the first dose at {} h, where there is no level: it tells nothing of the body",
        rounded(*time, 3),
        rounded(first, 3)
    ))
}

impl View {
    /// What is said of samples at next to no level, if there are some that count fully or tell nothing.
    fn faint(&self, arm: &Arm, name: &str) -> Result<Option<String>> {
        let spots = arm.spots();
        let levels = self.levels(arm, &spots)?;
        let peak = levels.iter().copied().fold(0.0, f64::max);
        let is_faint = |(spot, level): (&Spot, &f64)| {
            let told = arm.limit_of(spot.kind).is_none_or(|limit| *level > limit);
            let law = self.outlook.laws(spot.kind);
            let is_given = arm.first_dose(spot.time).is_some();
            (told && is_given && *level < FAINT * peak && vanishes(law(*level).as_ref(), law(peak).as_ref()))
                .then_some((spot.time, *level))
        };
        let faint: Vec<(f64, f64)> = spots.iter().zip(&levels).filter_map(is_faint).collect();
        let Some((time, level)) = faint.first() else { return Ok(None) };
        let (time, level) = (rounded(*time, 3), rounded(*level, 3));
        let counts = match faint.iter().filter(|(_, level)| *level != 0.0).count() {
            0 => "so that the sample tells nothing",
            _ => "so that the sample counts as much as one at the peak, which no assay gives",
        };
        let more = match faint.len() - 1 {
            0 => String::new(),
            others => format!(" (as at {others} more)"),
        };
        Ok(Some(format!(
            "{name}: at {time} h the level is {level} µg/L, below a thousandth of the highest that is sampled{more}, and the error of the theory vanishes with the level, {counts}: give the error an additive part (sd), give a limit of quantification (Arm::below), or sample where there is more"
        )))
    }

    /// The levels at the samples, as the theory starts.
    fn levels(&self, arm: &Arm, spots: &[Spot]) -> Result<Vec<f64>> {
        if spots.is_empty() {
            return Ok(Vec::new());
        }
        let who = somebody(arm.regimen(), arm.covariates(), arm.occasions())?;
        let outlook = self.outlook.on(1 + arm.occasions().len());
        let curve = outlook.curve(&who, &outlook.moved(&[]), &times_of(spots), false)?;
        Ok(curve.levels.iter().map(|level| level[0]).collect())
    }
}

/// Whether the error at a faint level is next to nothing beside that at the peak; on the logarithm it is the share of any level.
fn vanishes(faint: Option<&Law>, peak: Option<&Law>) -> bool {
    let Some((faint, peak)) = faint.zip(peak) else { return true };
    peak.mean[2] != 0.0 || faint.variance[0].sqrt() < VANISHING * peak.variance[0].sqrt()
}
