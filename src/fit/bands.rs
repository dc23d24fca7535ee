//! How sure a fitted curve is: bands by the delta method.

use super::fitted::{Fit, spread};
use super::prepared::Prepared;
use super::samples::{Reading, Report, Samples};
use crate::error::{Error, Result};
use crate::sensitivity::Order;

/// A fitted level with its bands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Predicted {
    /// The time, h.
    pub time: f64,
    /// The fitted level, µg/L.
    pub level: f64,
    /// The standard error of the level by the delta method, with exact derivatives.
    pub se: f64,
    /// Where the true level lies: on the logarithm, so that no end is below zero.
    pub curve: (f64, f64),
    /// Where one further sample would lie: the curve and the error of the sample; none where that error is not known.
    pub sample: Option<(f64, f64)>,
}

impl Fit {
    /// The fitted levels of one of the curves (0 is the first) at any times with their bands: by the delta method, beside those by simulation from
    /// [`bodies`](Self::bodies).
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, fit::{Sampled, Samples, Theory, free}};
    /// let samples = Samples::new(&[1.0, 2.0, 4.0, 8.0, 12.0], &[9.1, 8.0, 6.8, 4.4, 3.2])?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?;
    /// let fit = theory.fit(&Sampled::new(Dose::iv(100.0).at(0.0), samples))?;
    /// let rows = fit.bands(0, &[6.0, 48.0], 0.95)?;
    /// let (low, high) = rows[0].curve;
    /// assert!(low < rows[0].level && rows[0].level < high);
    /// let (from, to) = rows[0].sample.unwrap();
    /// assert!(from < low && high < to);
    /// assert!(rows[1].se / rows[1].level > 2.0 * rows[0].se / rows[0].level); // beyond the samples it is less sure
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A curve that there is not, times that decrease, a level outside (0, 1), data that do not tell all unknowns.
    pub fn bands(&self, curve: usize, times: &[f64], level: f64) -> Result<Vec<Predicted>> {
        if !(level > 0.0 && level < 1.0) {
            return Err(Error::value(format!(
                "the level of a band is {level}, but it must lie between 0 and 1 (0.95 is 95 %)"
            )));
        }
        let samples = Samples::replicates(times, &vec![0.0; times.len()])?;
        let sampled = self.sampled(curve)?.at(samples)?;
        let covariance = self.covariance.as_ref().ok_or_else(|| self.not_told("a band"))?;
        let quantile = self.student(0.5 + 0.5 * level);
        let row = |(time, jet): (&f64, &crate::sensitivity::Jet)| {
            let (level, se) = (jet[0], spread(&jet[1..=self.found.x.len()], covariance));
            let within = |sd: f64| {
                let factor = (quantile * sd / level).exp();
                if level > 0.0 && sd > 0.0 { (level / factor, level * factor) } else { (level, level) }
            };
            Predicted { time: *time, level, se, curve: within(se), sample: self.sample_band((level, se), quantile) }
        };
        let jets = Prepared::new(&self.theory, &sampled).predicted(&self.found.x, Order::First)?;
        Ok(times.iter().zip(&jets).map(row).collect())
    }

    /// Where one further sample would lie.
    fn sample_band(&self, (level, se): (f64, f64), quantile: f64) -> Option<(f64, f64)> {
        let reading = Reading { report: Report::Level(level), sd: None, kind: None };
        let far = |error: f64| self.sample(reading, level, error);
        // Symmetric on its own scale: half the distance, or of a log-normal error of the logarithms, is the standard deviation.
        let (up, down) = (far(1.0)?, far(-1.0)?);
        let is_log = level > 0.0 && (up * down / (level * level) - 1.0).abs() < 1e-9;
        if is_log {
            let factor = (quantile * (up / level).ln().hypot(se / level)).exp();
            return Some((level / factor, level * factor));
        }
        let reach = quantile * (up - level).hypot(se);
        Some(((level - reach).max(0.0), level + reach))
    }
}
