//! What is given of each sample beforehand: how far off it may be, and that it cannot lie below zero.

use super::samples::{Report, Sampled, Samples};
use super::theory::{Off, Theory, Weights};
use crate::error::{self, Error, Result};

impl Samples {
    /// These samples, each with its own standard deviation (µg/L), as a laboratory or a table of means gives it. A theory uses them
    /// [`with_own_sd`](Theory::with_own_sd) or by [`Weights::OverSd`].
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, fit::{Sampled, Samples, Theory, free}};
    /// let samples = Samples::new(&[1.0, 4.0, 8.0, 12.0], &[9.1, 6.8, 4.4, 3.2])?.with_sd(&[0.5, 0.3, 0.2, 0.2])?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?.with_own_sd();
    /// let fit = theory.fit(&Sampled::new(Dose::iv(100.0).at(0.0), samples))?;
    /// let (squares, freedom, p) = fit.chi_square()?.unwrap(); // against what the laboratory says of itself
    /// assert!(squares < 1.1 && freedom == 2.0 && p > 0.5);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Another number of them than of samples; one that is not above zero.
    pub fn with_sd(mut self, sds: &[f64]) -> Result<Self> {
        if sds.len() != self.len() {
            return Err(Error::value(format!(
                "there are {} samples and {} standard deviations: give one for each",
                self.len(),
                sds.len()
            )));
        }
        for (time, sd) in self.times().iter().zip(sds) {
            error::positive(format!("the standard deviation of the sample at {time} h"), *sd, "µg/L")?;
        }
        self.sds = sds.to_vec();
        Ok(self)
    }

    /// These samples, each with a standard deviation that is a share of the *measured* level; of a sample outside a limit it is that share of the limit.
    ///
    /// The error of a theory is a share of the fitted level, which is another assumption: of the measured one, low readings count for more.
    ///
    /// # Errors
    /// A share that is not above zero; a level of 0, whose share is nothing.
    pub fn with_cv(self, cv: f64) -> Result<Self> {
        error::positive("the CV of the samples", cv, "")?;
        let sd = |report: &Report| match *report {
            Report::Level(level) | Report::Below(level) | Report::Above(level) => cv * level,
            Report::Between(low, high) => cv * 0.5 * (low + high),
        };
        let sds: Vec<f64> = self.reports().iter().map(sd).collect();
        self.with_sd(&sds)
    }

    /// The standard deviation of each sample; none where it is not known.
    pub fn sds(&self) -> Option<&[f64]> {
        (!self.sds.is_empty()).then_some(&self.sds)
    }
}

impl Theory {
    /// This theory by likelihood, with the standard deviation that each sample has of its own ([`Samples::with_sd`], [`Samples::with_cv`]) as known.
    #[must_use]
    pub fn with_own_sd(mut self) -> Self {
        self.off = Off::Own;
        self
    }

    /// This theory for levels that cannot lie below zero: the error of each is a normal one cut off at zero (M4 of Beal 2001). Where a level lies far
    /// from zero for its error nothing changes. A log-normal error lies above zero as it is.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Sampled, Samples, Theory, free}};
    /// let samples = Samples::new(&[1.0, 4.0, 8.0, 24.0], &[9.1, 6.8, 4.4, 0.4])?;
    /// let sampled = Sampled::new(Dose::iv(100.0).at(0.0), samples);
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Additive { sd: 0.5 })?;
    /// let (plain, cut) = (theory.fit(&sampled)?, theory.clone().with_levels_above_zero().fit(&sampled)?);
    /// // What is measured near zero lies above the middle of what it may be, so that the fitted level comes out lower.
    /// assert!(cut.levels(0, &[24.0])? < plain.levels(0, &[24.0])?);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn with_levels_above_zero(mut self) -> Self {
        self.above_zero = true;
        self
    }
}

/// Refuses what a theory takes as known and the data do not say.
pub(super) fn check_given(theory: &Theory, all: &[Sampled]) -> Result<()> {
    if theory.above_zero && matches!(theory.off, Off::Squares(_)) {
        return Err(Error::value(
            "least squares knows no end at zero: give the theory an error (Theory::with_error), which can be cut off there",
        ));
    }
    let asked = matches!(theory.off, Off::Own | Off::Squares(Weights::OverSd));
    if asked && all.iter().any(|sampled| sampled.samples.sds.len() < sampled.samples.len()) {
        return Err(Error::value(
            "the theory takes the standard deviation of each sample as known, but the samples have none: give them (Samples::with_sd or with_cv)",
        ));
    }
    Ok(())
}
