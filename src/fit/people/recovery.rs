//! Does a method find the truth? People simulated by a theory and fitted, many times. Each trial is keyed by its own number, so any slice of them can be
//! made anywhere and joined.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::bootstrap::replicates;
use super::data::People;
use super::fitted::PeopleFit;
use super::layout::Layout;
use super::saem::values;
use super::slices::{Slice, joined};
use super::watched::Estimation;
use crate::error::{Error, Result, Short};
use crate::fit::report::short;
use crate::fit::theory::Theory;
use crate::random::{Purpose, Stream};

/// The estimates of many trials that were simulated by one theory and fitted: how far off they are, and how often their intervals hold the truth.
///
/// A slice of the trials is made by itself and joined with the others, which is how a cluster makes them: the bits are the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// The names of what is sought.
    pub names: Vec<String>,
    /// What the trials were simulated by.
    pub truth: Vec<f64>,
    /// The number of the first trial.
    pub first: u64,
    /// What the trials gave, in their order; `None` where one had no fit.
    pub rows: Vec<Option<Recovered>>,
}

/// What one simulated trial gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recovered {
    /// The estimates.
    pub values: Vec<f64>,
    /// The 95 % intervals (Wald) of the estimates; `None` where the trial does not tell one.
    pub wald: Vec<Option<(f64, f64)>>,
    /// The objective.
    pub ofv: f64,
    /// Whether the search has settled.
    pub settled: bool,
}

/// The purpose of the stream that gives each trial its seed.
const TRIAL: Purpose = Purpose::Other(u32::MAX - 3);

impl Theory {
    /// Trials of people with the doses and sampling times of a design, simulated by this theory and fitted from its numbers on. `trials` may be any slice of all.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Recovery, Sampled, Samples, Theory, fixed, free}};
    /// let design = People::new((1..=10).map(|id| {
    ///     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[12.0], &[0.0]).unwrap()))
    /// }))?;
    /// let truth = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: fixed(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let whole = truth.recovery(&design, Method::Focei, 0..12, 1)?;
    /// let parts = [truth.recovery(&design, Method::Focei, 5..12, 1)?, truth.recovery(&design, Method::Focei, 0..5, 1)?];
    /// assert_eq!(Recovery::join(parts)?, whole);
    /// assert!(whole.bias("cl")?.abs() < 0.1);
    /// let (held, of) = whole.coverage("cl")?;
    /// assert!(of == 12 && held >= 9);
    /// println!("{whole}");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// No trials, or anything [`simulate`](Self::simulate) refuses; a trial that cannot be fitted is a row that is `None`.
    pub fn recovery(
        &self,
        design: &People,
        by: impl Into<Estimation>,
        trials: Range<u64>,
        seed: u64,
    ) -> Result<Recovery> {
        let (by, layout) = (by.into(), Layout::of(self)?);
        let first = trials.start;
        let rows = replicates(trials, |number| {
            let draws = Stream { seed, subject: number, purpose: TRIAL }.draw().uniform().to_bits();
            let people = self.simulate(design, draws)?;
            let fit = match by {
                Estimation::Method(method) => self.fit_people(&people, method),
                Estimation::Saem(saem) => self.fit_people_by_saem(&people, saem),
            };
            Ok(fit.ok().map(|fit| {
                let (values, wald) = fit.estimates().into_iter().map(|own| (own.value, own.wald)).unzip();
                Recovered { values, wald, ofv: fit.ofv(), settled: fit.settled() }
            }))
        })?;
        let truth = values(&layout, &layout.start()?);
        Ok(Recovery { names: PeopleFit::names_of(&layout), truth, first, rows })
    }
}

impl Slice for Recovery {
    fn range(&self) -> (u64, u64) {
        (self.first, self.rows.len() as u64)
    }

    fn stranger(&self, other: &Self) -> Option<String> {
        (self.names != other.names || self.truth != other.truth).then(|| {
            format!("the slice that begins with trial {} is of another theory: join slices of one", other.first)
        })
    }

    fn gap(due: u64, found: u64) -> String {
        format!("the slices do not meet: after trial {} comes {found}, but {due} is due", due.saturating_sub(1))
    }

    fn extend(&mut self, next: Self) {
        self.rows.extend(next.rows);
    }
}

impl Recovery {
    /// Joins slices of one series, given in any order.
    ///
    /// # Errors
    /// No slice, slices of different theories, or slices between which trials are missing or double.
    pub fn join(parts: impl IntoIterator<Item = Self>) -> Result<Self> {
        joined(parts)
    }

    /// How many trials had a fit, and how many of those have not settled.
    pub fn fitted(&self) -> (usize, usize) {
        let fits = self.rows.iter().flatten();
        (fits.clone().count(), fits.filter(|row| !row.settled).count())
    }

    fn number(&self, name: &str) -> Result<usize> {
        self.names.iter().position(|own| own == name).filter(|_| self.fitted().0 > 1).ok_or_else(|| {
            Error::value(format!(
                "`{name}` is none of the estimates ({}), or fewer than two trials had a fit",
                self.names.join(", ")
            ))
        })
    }

    /// The mean and the standard deviation of an estimate over the trials.
    ///
    /// # Errors
    /// A name that no estimate has, or fewer than two trials with a fit.
    #[expect(clippy::cast_precision_loss, reason = "a count of trials")]
    pub fn mean_and_sd(&self, name: &str) -> Result<(f64, f64)> {
        let i = self.number(name)?;
        let all = || self.rows.iter().flatten().map(|row| row.values[i]);
        let n = self.fitted().0 as f64;
        let mean = all().sum::<f64>() / n;
        Ok((mean, (all().map(|own| (own - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()))
    }

    /// By how much the mean over the trials lies above the truth.
    ///
    /// # Errors
    /// As for [`mean_and_sd`](Self::mean_and_sd).
    pub fn bias(&self, name: &str) -> Result<f64> {
        Ok(self.mean_and_sd(name)?.0 - self.truth[self.number(name)?])
    }

    /// In how many of the trials that tell an interval of a number (95 %, Wald) it holds the truth, and how many those are.
    ///
    /// # Errors
    /// As for [`mean_and_sd`](Self::mean_and_sd).
    pub fn coverage(&self, name: &str) -> Result<(usize, usize)> {
        let (i, truth) = (self.number(name)?, self.truth[self.number(name)?]);
        let told = || self.rows.iter().flatten().filter_map(|row| row.wald[i]);
        Ok((told().filter(|(low, high)| (*low..=*high).contains(&truth)).count(), told().count()))
    }

    /// The estimates as CSV, a row for each trial that had a fit: `trial`, `ofv`, `settled` (1 or 0), and a column for each number.
    pub fn to_csv(&self) -> String {
        let names = ["trial", "ofv", "settled"].map(String::from).into_iter().chain(self.names.iter().cloned());
        let rows = (self.first..).zip(&self.rows).filter_map(|(number, row)| Some((number, row.as_ref()?)));
        let row = |(number, row): (u64, &Recovered)| {
            let head = [number.to_string(), Short(row.ofv).to_string(), u8::from(row.settled).to_string()];
            head.into_iter().chain(row.values.iter().map(|value| Short(*value).to_string())).collect()
        };
        super::tables::csv(names.collect(), rows.map(row))
    }
}

impl fmt::Display for Recovery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (fits, unsettled) = self.fitted();
        let last = (self.first + self.rows.len() as u64).saturating_sub(1);
        write!(out, "trials {} to {last}, simulated and fitted: {fits} had a fit", self.first)?;
        if unsettled > 0 {
            write!(out, ", of which {unsettled} have not settled")?;
        }
        write!(out, "\n{:<14} {:>10} {:>10} {:>18} {:>8}  95 % holds it", "", "truth", "mean", "bias", "spread")?;
        for (name, truth) in self.names.iter().zip(&self.truth) {
            let (Ok((mean, sd)), Ok((held, of))) = (self.mean_and_sd(name), self.coverage(name)) else { continue };
            let percent = |value: f64| 100.0 * value / truth.abs();
            #[expect(clippy::cast_precision_loss, reason = "counts of trials")]
            let (error, share) = (sd / (fits as f64).sqrt(), 100.0 * held as f64 / of.max(1) as f64);
            let bias = format!("{:+.1} ± {:.1} %", percent(mean - truth), percent(error));
            let (truth, mean) = (short(*truth), short(mean));
            write!(out, "\n{name:<14} {truth:>10} {mean:>10} {bias:>18} {:>6.1} %  {share:.0} % of {of}", percent(sd))?;
        }
        Ok(())
    }
}
