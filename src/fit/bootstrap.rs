//! How sure a fit is without formulas: the same fit to many data sets that could as well have been measured.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use super::fitted::Fit;
use super::name::Name;
use super::objective::Objective;
use super::report::short;
use super::residual::weight;
use super::samples::{Reading, Report, Sampled};
use super::theory::{Off, Weights};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::numeric::least;
use crate::population::quantiles;
use crate::random::{Draw, Purpose, Stream};
use crate::workers::{Work, for_each_row};

/// How another data set is made of the one that was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resample {
    /// Fitted levels with residuals drawn from all that were found, centred and widened by `sqrt(n / (n - p))`: times stay as they are.
    Residuals,
    /// Whole curves drawn with replacement; of a single curve its samples.
    Cases,
    /// Fitted levels with errors drawn from the fitted error: the parametric bootstrap.
    Error,
}

/// The estimates of many such data sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    names: Vec<Name>,
    estimates: Vec<f64>,
    replicates: Range<u64>,
    /// A row for each replicate that settled.
    found: Vec<Vec<f64>>,
    failed: Vec<u64>,
    models: Vec<Model>,
}

/// About what a replicate costs, ns.
const A_REPLICATE: f64 = 1e5;
/// The number under which its random numbers are drawn.
const TAG: u32 = 0x626f_6f74;
/// So many replicates must settle before there is an interval.
const FEWEST: usize = 20;

impl Fit {
    /// Fits replicates of these data, each from the estimates on: the numbers of the replicates and the seed say which. A replicate is the same alone, in a
    /// slice and in the whole, on any number of threads. One that does not come to a minimum is left out and counted.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, fit::{Resample, Sampled, Samples, Theory, free}, sensitivity::Number};
    /// let samples = Samples::new(&[1.0, 2.0, 4.0, 8.0, 12.0], &[9.1, 8.0, 6.8, 4.4, 3.2])?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?;
    /// let fit = theory.fit(&Sampled::new(Dose::iv(100.0).at(0.0), samples))?;
    /// let bootstrap = fit.bootstrap(Resample::Residuals, 0..500, 42)?;
    /// let (low, high) = bootstrap.interval(Number::Cl, 0.95)?;
    /// assert!(low < fit.values()[0] && fit.values()[0] < high);
    /// let (low, high) = bootstrap.interval_of(|model| model.half_life(), 0.95)?;
    /// assert!(low > 5.0 && high < 9.0);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// No replicates; residuals of samples outside a limit, of summaries or of levels that cannot lie below zero; cases of a single curve of summaries.
    pub fn bootstrap(&self, how: Resample, replicates: Range<u64>, seed: u64) -> Result<Bootstrap> {
        self.check_bootstrap(how, &replicates)?;
        let p = self.found.x.len();
        let maker = Maker::of(self, how)?;
        let count = usize::try_from(replicates.end - replicates.start)
            .map_err(|_| Error::value("there are more replicates than memory: draw them in slices"))?;
        let mut rows = vec![f64::NAN; count * p];
        let work = Work { width: p, nanoseconds: A_REPLICATE };
        for_each_row(
            &mut rows,
            work,
            || Ok(()),
            |(), i, row| {
                let subject = replicates.start + i as u64;
                let mut draw = Stream { seed, subject, purpose: Purpose::Other(TAG) }.draw();
                if let Some(values) = maker.data(&mut draw).and_then(|data| self.refit(&data)) {
                    row.copy_from_slice(&values);
                }
                Ok(())
            },
        )?;
        let (mut found, mut failed, mut models) = (Vec::new(), Vec::new(), Vec::new());
        for (row, replicate) in rows.chunks_exact(p).zip(replicates.clone()) {
            match self.theory.model(row) {
                Ok(model) if row.iter().all(|value| value.is_finite()) => {
                    found.push(row.to_vec());
                    models.push(model);
                }
                _ => failed.push(replicate),
            }
        }
        let names = self.theory.free().into_iter().map(|(name, _)| name).collect();
        Ok(Bootstrap { names, estimates: self.values(), replicates, found, failed, models })
    }

    fn check_bootstrap(&self, how: Resample, replicates: &Range<u64>) -> Result<()> {
        if replicates.is_empty() {
            return Err(Error::value("there are no replicates to fit: give a range such as 0..1000"));
        }
        let reports = || self.data.iter().flat_map(|sampled| sampled.samples.reports());
        let is_level = |report: &Report| matches!(report, Report::Level(_));
        match how {
            Resample::Residuals if self.data.iter().any(|sampled| !sampled.summaries.is_empty()) => {
                Err(Error::value("summaries have no residuals to draw from: draw from their error (Resample::Error)"))
            }
            Resample::Residuals if self.theory.above_zero || !reports().all(is_level) => Err(Error::value(
                "a sample outside a limit, or one that cannot lie below zero, has no residual like the others: draw cases (Resample::Cases)",
            )),
            Resample::Error if self.theory.above_zero || !reports().all(is_level) => Err(Error::value(
                "how a sample outside a limit would be reported again is not known: draw cases (Resample::Cases)",
            )),
            Resample::Cases if self.data.len() == 1 && self.data[0].samples.is_empty() => Err(Error::value(
                "one curve of summaries has no cases to draw from: draw from their error (Resample::Error)",
            )),
            _ => Ok(()),
        }
    }

    /// The estimates from other data, by the search from these on; none where it comes to no minimum.
    fn refit(&self, data: &[Sampled]) -> Option<Vec<f64>> {
        let levels = || data.iter().flat_map(|sampled| sampled.samples.levels());
        let summaries: usize = data.iter().map(|sampled| sampled.summaries.len()).sum();
        let distinct: BTreeSet<u64> = levels().map(|(time, _)| time.to_bits()).collect();
        if data.len() == 1 && distinct.len() + summaries < self.found.x.len() {
            return None;
        }
        let divides = matches!(self.theory.off, Off::Squares(Weights::OverLevel | Weights::OverSquare));
        if divides && levels().any(|(_, level)| level <= 0.0) {
            return None;
        }
        let objective = Objective::new(&self.theory, data);
        let found = least(|x| objective.near(x), &self.found.x)?;
        found.settled.then(|| self.theory.values(&found.x))
    }
}

/// What makes the data of a replicate.
struct Maker<'a> {
    fit: &'a Fit,
    how: Resample,
    predicted: Vec<Vec<f64>>,
    /// The fitted value of each summary.
    met: Vec<Vec<f64>>,
    /// All residuals, centred and widened.
    residuals: Vec<f64>,
}

impl<'a> Maker<'a> {
    fn of(fit: &'a Fit, how: Resample) -> Result<Self> {
        let (predicted, model) = (fit.predicted()?, fit.model()?);
        let met = |sampled: &Sampled| {
            sampled.summaries.iter().map(|summary| summary.figure().of(&model, &sampled.dosing)).collect()
        };
        let met = fit.data.iter().map(met).collect::<Result<Vec<Vec<f64>>>>()?;
        let mut residuals = Vec::new();
        if how == Resample::Residuals {
            residuals = fit.residuals()?.into_iter().flatten().map(|(_, residual)| residual).collect();
            #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
            let n = residuals.len() as f64;
            let mean = residuals.iter().sum::<f64>() / n;
            let wider = (n / fit.degrees_of_freedom()).sqrt();
            for residual in &mut residuals {
                *residual = (*residual - mean) * wider;
            }
        }
        Ok(Self { fit, how, predicted, met, residuals })
    }

    fn data(&self, draw: &mut Draw) -> Option<Vec<Sampled>> {
        if self.how == Resample::Cases {
            return Some(self.cases(draw));
        }
        let mut data = self.fit.data.clone();
        for ((sampled, predicted), met) in data.iter_mut().zip(&self.predicted).zip(&self.met) {
            let mut reports = Vec::with_capacity(predicted.len());
            for (reading, predicted) in sampled.samples.readings().zip(predicted) {
                reports.push(Report::Level(self.level(reading, *predicted, draw)?));
            }
            sampled.samples = sampled.samples.reporting(reports);
            for (summary, met) in sampled.summaries.iter_mut().zip(met) {
                *summary = summary.met(met + summary.sd() * draw.normal());
            }
        }
        Some(data)
    }

    /// A level that could as well have been measured.
    fn level(&self, reading: Reading, predicted: f64, draw: &mut Draw) -> Option<f64> {
        let error =
            if self.how == Resample::Error { draw.normal() } else { self.residuals[place(draw, self.residuals.len())] };
        self.fit.sample(reading, predicted, error)
    }

    fn cases(&self, draw: &mut Draw) -> Vec<Sampled> {
        let data = &self.fit.data;
        if let [one] = data.as_slice() {
            let n = one.samples.len();
            let mut places: Vec<usize> = (0..n).map(|_| place(draw, n)).collect();
            places.sort_unstable();
            return vec![Sampled { samples: one.samples.at_places(&places), ..one.clone() }];
        }
        (0..data.len()).map(|_| data[place(draw, data.len())].clone()).collect()
    }
}

/// One of `n` places.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list"
)]
fn place(draw: &mut Draw, n: usize) -> usize {
    ((draw.uniform() * n as f64) as usize).min(n - 1)
}

impl Fit {
    /// The level that lies so many standard deviations from what is predicted.
    pub(super) fn sample(&self, reading: Reading, predicted: f64, error: f64) -> Option<f64> {
        let log = matches!(self.theory.off, Off::Error(crate::assay::ResidualError::LogNormal { .. }));
        let weight = match self.theory.off {
            Off::Squares(weights) => weight(weights, reading, predicted),
            _ => 1.0,
        };
        let further = if log { predicted * std::f64::consts::E } else { predicted + 1.0 };
        let spread = 1.0 / self.residual(further, predicted, (weight, reading));
        let level = if log { predicted * (error * spread).exp() } else { predicted + error * spread };
        level.is_finite().then_some(level)
    }
}

impl Bootstrap {
    /// What was estimated.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The estimates of each replicate that settled, in the order of the replicates; those of each in the order of [`names`](Self::names).
    pub fn estimates(&self) -> &[Vec<f64>] {
        &self.found
    }

    /// The fitted model of each replicate that settled.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The replicates whose fit came to no minimum, by number.
    pub fn failed(&self) -> &[u64] {
        &self.failed
    }

    /// The interval of one of the unknowns by percentiles: at a level of 0.95 from the 2.5 % to the 97.5 % quantile (type 7).
    ///
    /// # Errors
    /// A name that was not estimated, a level outside (0, 1), fewer than 20 replicates that settled.
    pub fn interval(&self, name: impl Into<Name>, level: f64) -> Result<(f64, f64)> {
        let name = name.into();
        let place = self.names.iter().position(|own| *own == name).ok_or_else(|| {
            let names: Vec<String> = self.names.iter().map(ToString::to_string).collect();
            Error::value(format!("{name} was not estimated: what was is {}", names.join(", ")))
        })?;
        self.percentiles(&self.found.iter().map(|row| row[place]).collect::<Vec<_>>(), level)
    }

    /// The interval of a function of the model by percentiles.
    ///
    /// # Errors
    /// As for [`interval`](Self::interval); a function that is no finite number for one of them.
    pub fn interval_of(&self, function: impl Fn(&Model) -> f64, level: f64) -> Result<(f64, f64)> {
        self.percentiles(&self.models.iter().map(function).collect::<Vec<_>>(), level)
    }

    fn percentiles(&self, values: &[f64], level: f64) -> Result<(f64, f64)> {
        if !(level > 0.0 && level < 1.0) {
            return Err(Error::value(format!(
                "the level of an interval is {level}, but it must lie between 0 and 1 (0.95 is 95 %)"
            )));
        }
        if values.len() < FEWEST {
            return Err(Error::value(format!(
                "{} of {} replicates settled, and fewer than {FEWEST} have no percentiles: draw more, or see what the data do not tell (Fit::untold)",
                values.len(),
                values.len() + self.failed.len()
            )));
        }
        let [low, high] = quantiles(values, [0.5 - 0.5 * level, 0.5 + 0.5 * level])?;
        Ok((low, high))
    }
}

impl fmt::Display for Bootstrap {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.found.len() + self.failed.len();
        writeln!(out, "{} of {all} replicates settled", self.found.len())?;
        write!(out, "{:<8} {:>12}  95 % (percentiles)", "", "estimate")?;
        for (name, value) in self.names.iter().zip(&self.estimates) {
            let ends = match self.interval(*name, 0.95) {
                Ok((low, high)) => format!("{} to {}", short(low), short(high)),
                Err(error) => error.to_string(),
            };
            write!(out, "\n{:<8} {:>12}  {ends}", name.to_string(), short(*value))?;
        }
        Ok(())
    }
}
