//! The people that one person comes from, before any sample.

use nalgebra::DVector;

use super::posterior::Posterior;
use crate::error::{Error, Result};
use crate::population::Population;
use crate::random::{Purpose, Stream};

impl Posterior {
    /// `n` people of the prior: those that this person could be before the samples. They stand beside [`people`](Self::people), which are after them.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, fit::{Sampled, Samples, Theory, fixed}};
    /// let (cl, v) = (fixed(1.27).varying(0.35), fixed(154.0).varying(0.35));
    /// let theory = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl, v })?
    ///     .with_error(ResidualError::Proportional { cv: 0.15 })?;
    /// let levels = Samples::new(&[312.0, 317.0], &[1.1, 1.7])?;
    /// let person = theory.posterior(&Sampled::new("90 ug daily for 14 days".parse()?, levels))?;
    /// let spread = |people: &menaquinone::Population| {
    ///     let logs: Vec<f64> = people.models().iter().map(|model| model.disposition().cl().ln()).collect();
    ///     let mean = logs.iter().sum::<f64>() / 500.0;
    ///     (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 500.0).sqrt()
    /// };
    /// assert!((spread(&person.prior(500, 42)?) / 0.34 - 1.0).abs() < 0.1);
    /// assert!(spread(&person.people(500, 42)?) < 0.2);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// No people.
    pub fn prior(&self, n: u64, seed: u64) -> Result<Population> {
        let root = self.omega.clone().cholesky().ok_or_else(|| {
            Error::value(
                "the covariance of the deviations is not positive definite: no deviations can vary together like that",
            )
        })?;
        let root = root.l();
        let person = |subject: u64| {
            let mut draw = Stream { seed, subject, purpose: Purpose::Person }.draw();
            let eta = &root * DVector::from_fn(self.median.len(), |_, _| draw.normal());
            let x: Vec<f64> = self.median.iter().zip(eta.iter()).map(|(median, eta)| median + eta).collect();
            self.theory.model(&self.theory.values(&x))
        };
        Population::of((0..n).map(person).collect::<Result<Vec<_>>>()?, seed)
    }

    /// The samples and the dosing that led to them.
    pub fn sampled(&self) -> &super::Sampled {
        &self.sampled
    }
}
