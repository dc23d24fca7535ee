//! Several curves, each by itself: the two stages; and what a fit says of curves to come.

use nalgebra::{DMatrix, DVector};

use super::fitted::Fit;
use super::name::Name;
use super::samples::Sampled;
use super::theory::Theory;
use crate::error::{Error, Result};
use crate::population::Population;
use crate::random::{Purpose, Stream};

/// One unknown over several people, of each of whom it was estimated alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// What it is called.
    pub name: Name,
    /// The geometric mean of the estimates.
    pub geometric_mean: f64,
    /// The standard deviation of their logarithms. It holds the error of each estimate too, and so says too much of the people.
    pub omega: f64,
    /// How many there are.
    pub count: usize,
}

impl Theory {
    /// Fits this theory to each curve alone, the first of two stages; one that cannot be fitted does not stop the others.
    pub fn fit_each(&self, all: &[Sampled]) -> Vec<Result<Fit>> {
        all.iter().map(|sampled| self.fit(sampled)).collect()
    }
}

impl Fit {
    /// The second stage: how the estimates of several people spread, of each unknown that is above zero.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, fit::{Fit, Sampled, Samples, Theory, free}};
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?;
    /// let people = [1.0, 2.0].map(|cl| {
    ///     let conc: Vec<f64> = [1.0, 2.0, 4.0, 8.0].map(|t: f64| 10.0 * (-cl / 10.0 * t).exp()).into();
    ///     Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[1.0, 2.0, 4.0, 8.0], &conc).unwrap())
    /// });
    /// let fits: Vec<Fit> = theory.fit_each(&people).into_iter().collect::<menaquinone::Result<_>>()?;
    /// let cl = &Fit::two_stage(&fits)?[0];
    /// assert!((cl.geometric_mean - 2.0_f64.sqrt()).abs() < 1e-6 && cl.count == 2);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fewer than two fits, or fits of different theories.
    pub fn two_stage(fits: &[Self]) -> Result<Vec<Spread>> {
        let names = |fit: &Self| fit.theory.free().into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let [first, _, ..] = fits else {
            return Err(Error::value(format!("{} fits have no spread: give at least two", fits.len())));
        };
        let own = names(first);
        if fits.iter().any(|fit| names(fit) != own) {
            return Err(Error::value("the fits are of different theories: a spread is that of the same unknowns"));
        }
        let mut all = Vec::new();
        for (i, name) in own.into_iter().enumerate() {
            let values: Vec<f64> = fits.iter().map(|fit| fit.values()[i]).collect();
            if values.iter().any(|value| *value <= 0.0) {
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "a count of people")]
            let n = values.len() as f64;
            let mean = values.iter().map(|value| value.ln()).sum::<f64>() / n;
            let squares: f64 = values.iter().map(|value| (value.ln() - mean).powi(2)).sum();
            let (geometric_mean, omega) = (mean.exp(), (squares / (n - 1.0)).sqrt());
            all.push(Spread { name, geometric_mean, omega, count: values.len() });
        }
        Ok(all)
    }

    /// `n` bodies that the data allow: drawn from the normal distribution of the coordinates of the estimates. Their bands are those of the curve, by
    /// simulation. The same seed gives the same bodies.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, fit::{Sampled, Samples, Theory, free}};
    /// let samples = Samples::new(&[1.0, 2.0, 4.0, 8.0, 12.0], &[9.1, 8.0, 6.8, 4.4, 3.2])?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?;
    /// let fit = theory.fit(&Sampled::new(Dose::iv(100.0).at(0.0), samples))?;
    /// let once = Dose::iv(100.0).at(0.0);
    /// let bands = fit.bodies(500, 42)?.bands(&once, &[6.0, 24.0], &[0.05, 0.95])?;
    /// let [low, high] = [bands.curve(0.05)?.conc()[0], bands.curve(0.95)?.conc()[0]];
    /// let level = fit.model()?.concentrations(&once, &[6.0])?[0];
    /// assert!(low < level && level < high);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Data that do not tell all unknowns; no bodies.
    pub fn bodies(&self, n: u64, seed: u64) -> Result<Population> {
        let untold = || self.not_told("bodies to draw");
        let root: DMatrix<f64> = self.covariance.clone().and_then(DMatrix::cholesky).ok_or_else(untold)?.l();
        let best = DVector::from_column_slice(&self.found.x);
        let body = |subject: u64| {
            let mut draw = Stream { seed, subject, purpose: Purpose::Typical }.draw();
            let z = DVector::from_fn(best.len(), |_, _| draw.normal());
            let x = &best + &root * z;
            self.theory.model(&self.theory.values(x.as_slice()))
        };
        Population::of((0..n).map(body).collect::<Result<Vec<_>>>()?, seed)
    }
}
