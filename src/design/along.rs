//! What one more sample would bring, along time.

use super::arm::Arm;
use super::criterion::Criterion;
use super::plan::Design;
use super::spot::{Spot, spots};
use crate::error::{Error, Result};

impl Design {
    /// By what share the value of a criterion would grow if everybody of an arm gave one more sample, at each of some times (h, never decreasing):
    /// what a chart draws beneath the curve. The sample is of the first kind. Of a design without samples yet it is what the others tell, and a prior.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, design::{Arm, Criterion, Design}, fit::{Theory, free}};
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Additive { sd: 0.5 })?;
    /// let design = Design::of(&theory, Arm::of(Dose::iv(100.0)).at(&[0.0, 10.0]))?;
    /// let brought = design.along(&Criterion::d(), 0, &[0.0, 5.0, 10.0, 40.0])?;
    /// // By D both own times bring the same, a determinant times 1 + 1, and nothing else more.
    /// assert!((brought[0] - (2.0_f64.sqrt() - 1.0)).abs() < 1e-12 && (brought[2] - brought[0]).abs() < 1e-12);
    /// assert!(brought[1] < brought[0] && brought[3] < brought[1]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A design that does not tell what is asked; an arm that it does not have.
    pub fn along(&self, criterion: &Criterion, arm: usize, times: &[f64]) -> Result<Vec<f64>> {
        let engine = criterion.engine(self)?;
        if arm >= self.arms.len() {
            return Err(Error::value(format!(
                "there is no arm {arm}: the design has {}, counted from 0",
                self.arms.len()
            )));
        }
        let mut all: Vec<Vec<Spot>> = self.arms.iter().map(Arm::spots).collect();
        all[arm].extend(spots(times));
        let mut order: Vec<usize> = (0..all[arm].len()).collect();
        order.sort_by(|a, b| all[arm][*a].order(&all[arm][*b]));
        let sorted: Vec<Spot> = order.iter().map(|i| all[arm][*i]).collect();
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(at, i)| place[*i] = at);
        all[arm] = sorted;
        let mut tally = engine.tally(&self.arms, &all)?;
        let own = self.arms[arm].times().len();
        if times.is_empty() {
            return Ok(Vec::new());
        }
        let mut choice: Vec<Vec<usize>> = all.iter().map(|own| (0..own.len()).collect()).collect();
        choice[arm] = place[..own].to_vec();
        let value = tally.begin(&choice).ok_or_else(|| self.not_told())?;
        // One slot more, which is tried with each of the times.
        let slot = choice[arm].len();
        choice[arm].push(place[own]);
        let mut with = |at: usize| {
            choice[arm][slot] = at;
            tally.begin(&choice).map_or(0.0, |with| with / value - 1.0)
        };
        Ok(place[own..].iter().map(|at| with(*at)).collect())
    }
}
