//! What a fit leaves over: the residuals.

use super::fitted::Fit;
use super::name::Name;
use super::samples::{Reading, Report};
use super::theory::Off;
use super::unknown::Unknown;
use crate::assay::ResidualError;
use crate::error::{Error, Result};

impl Fit {
    /// The residuals of each curve, as (time, residual over its standard deviation): measured less fitted, over what the error of the theory says
    /// at the fitted level, or in least squares over [`sigma`](Self::sigma) on the scale of the weights. Of a log-normal error the logarithms
    /// are compared. Samples outside a limit have none.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, fit::{Sampled, Samples, Theory, free}};
    /// let samples = Samples::new(&[1.0, 2.0, 4.0, 8.0, 12.0], &[9.1, 8.0, 6.8, 4.4, 3.2])?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?;
    /// let fit = theory.fit(&Sampled::new(Dose::iv(100.0).at(0.0), samples))?;
    /// let squares: f64 = fit.residuals()?[0].iter().map(|(_, residual)| residual * residual).sum();
    /// assert!((squares - fit.degrees_of_freedom()).abs() < 1e-9);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A fit none of whose samples is a level with a spread.
    pub fn residuals(&self) -> Result<Vec<Vec<(f64, f64)>>> {
        let mut weights = self.weights().into_iter();
        let mut all = Vec::new();
        for (sampled, predicted) in self.data.iter().zip(self.predicted()?) {
            let samples = &sampled.samples;
            let mut curve = Vec::new();
            for ((time, reading), predicted) in samples.times().iter().zip(samples.readings()).zip(predicted) {
                let Report::Level(level) = reading.report else { continue };
                let weight = weights.next().unwrap_or(1.0);
                let residual = self.residual(level, predicted, (weight, reading));
                if residual.is_finite() {
                    curve.push((*time, residual));
                }
            }
            all.push(curve);
        }
        if all.iter().all(Vec::is_empty) {
            return Err(Error::value("no sample of this fit has a residual: give levels whose error has a spread"));
        }
        Ok(all)
    }

    /// How far a level lies from what is predicted, over its standard deviation.
    pub(super) fn residual(&self, level: f64, predicted: f64, (weight, reading): (f64, Reading)) -> f64 {
        let error = match self.theory.off {
            Off::Squares(_) => return (level - predicted) * (weight / self.scale).sqrt(),
            Off::Variance(variance) => return (level - predicted) / variance.at(predicted)[0].sqrt(),
            Off::Own => return (level - predicted) / reading.sd.unwrap_or(f64::NAN),
            Off::Error(error) => error,
        };
        let values = self.values();
        let now = |name: Name, unknown: Unknown| {
            let place = self.theory.free().iter().position(|(own, _)| *own == name);
            place.map_or(unknown.start(), |place| values[place])
        };
        let (cv, sd) = (|unknown| now(Name::Cv, unknown), |unknown| now(Name::Sd, unknown));
        let spread = match error {
            ResidualError::Proportional { cv: share } => cv(share) * predicted,
            ResidualError::LogNormal { cv: share } => {
                let share = cv(share);
                return (level / predicted).ln() / (1.0 + share * share).ln().sqrt();
            }
            ResidualError::Additive { sd: spread } => sd(spread),
            ResidualError::Combined { cv: share, sd: spread } => (cv(share) * predicted).hypot(sd(spread)),
            ResidualError::CombinedSd { cv: share, sd: spread } => cv(share) * predicted + sd(spread),
            ResidualError::Power { cv: share, exponent } => cv(share) * predicted.powf(exponent),
        };
        (level - predicted) / spread
    }
}
