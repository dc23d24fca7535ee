//! What was measured, and the dosing that led to it.

use super::dosing::Dosing;
use super::summary::Summary;
use crate::error::{Error, Result};
use crate::profile::check_times;
use crate::regimen::{Regimen, Repeating};

/// What a laboratory says of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Report {
    /// A level, µg/L.
    Level(f64),
    /// Less than a limit of quantification, µg/L.
    Below(f64),
    /// More than a limit, µg/L.
    Above(f64),
    /// Between two limits, µg/L.
    Between(f64, f64),
}

/// Levels at times: what was measured of one course.
///
/// ```
/// use menaquinone::fit::{Report, Samples};
/// let samples = Samples::new(&[1.0, 4.0, 24.0, 72.0], &[0.2, 2.1, 0.9, 0.01])?.below(0.03)?;
/// assert_eq!(samples.reports()[3], Report::Below(0.03));
/// assert_eq!(
///     Samples::new(&[1.0, 1.0], &[0.2, 0.3]).unwrap_err().to_string(),
///     "the samples at 1 h are 0.2 and 0.3 µg/L: two levels at one time are allowed only with `Samples::replicates`"
/// );
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    times: Vec<f64>,
    reports: Vec<Report>,
    /// The standard deviation of each, where it is known; else none.
    pub(super) sds: Vec<f64>,
    /// The kind of each, where they are told apart; else none.
    pub(super) kinds: Vec<u32>,
}

/// A report, and its own standard deviation where that is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) report: Report,
    pub(super) sd: Option<f64>,
    pub(super) kind: Option<u32>,
}

impl Samples {
    /// Levels (µg/L) at times (h) that increase.
    ///
    /// # Errors
    /// No sample, lists of two lengths, times that decrease or come twice, a level that is negative or no number.
    pub fn new(times: &[f64], conc: &[f64]) -> Result<Self> {
        let samples = Self::replicates(times, conc)?;
        if let Some(i) = (1..times.len()).find(|i| times[*i] == times[i - 1]) {
            return Err(Error::value(format!(
                "the samples at {} h are {} and {} µg/L: two levels at one time are allowed only with `Samples::replicates`",
                times[i],
                conc[i - 1],
                conc[i]
            )));
        }
        Ok(samples)
    }

    /// Levels at times that never decrease, of which several may be of one time.
    ///
    /// # Errors
    /// As for [`new`](Self::new), but that times may come twice.
    pub fn replicates(times: &[f64], conc: &[f64]) -> Result<Self> {
        if times.is_empty() || times.len() != conc.len() {
            return Err(Error::value(format!(
                "there are {} times and {} levels: give as many, and at least one",
                times.len(),
                conc.len()
            )));
        }
        check_times(times)?;
        if let Some(i) = conc.iter().position(|conc| !(conc.is_finite() && *conc >= 0.0)) {
            return Err(Error::value(format!(
                "the level at {} h is {} µg/L, but it must be a finite number, zero or above",
                times[i], conc[i]
            )));
        }
        let reports = conc.iter().map(|conc| Report::Level(*conc)).collect();
        Ok(Self { times: times.to_vec(), reports, sds: Vec::new(), kinds: Vec::new() })
    }

    /// The samples of reports of any kind, in order of time.
    ///
    /// # Errors
    /// No sample, lists of two lengths, times that decrease, a limit that is not above zero, limits that are not in order.
    pub fn of_reports(times: &[f64], reports: &[Report]) -> Result<Self> {
        let levels: Vec<f64> =
            reports.iter().map(|report| if let Report::Level(conc) = report { *conc } else { 0.0 }).collect();
        let mut samples = Self::replicates(times, &levels)?;
        for (time, report) in times.iter().zip(reports) {
            let good = match *report {
                Report::Level(_) => true,
                Report::Below(limit) | Report::Above(limit) => limit > 0.0 && limit.is_finite(),
                Report::Between(low, high) => 0.0 <= low && low < high && high.is_finite(),
            };
            if !good {
                return Err(Error::value(format!(
                    "the report at {time} h is {report:?}, but limits must be finite, above zero and in order"
                )));
            }
        }
        samples.reports = reports.to_vec();
        Ok(samples)
    }

    /// The samples of reports in the order of records, whose times may go back where the clock was reset.
    pub(super) fn of_records(times: &[f64], reports: &[Report]) -> Result<Self> {
        let mut whole = Self { times: times.to_vec(), reports: Vec::new(), sds: Vec::new(), kinds: Vec::new() };
        for (time, report) in times.iter().zip(reports) {
            whole.reports.extend(Self::of_reports(&[*time], &[*report])?.reports);
        }
        Ok(whole)
    }

    /// These samples with a limit of quantification (µg/L): a level below it says no more than that it is below.
    ///
    /// # Errors
    /// A limit that is not positive and finite.
    pub fn below(mut self, limit: f64) -> Result<Self> {
        crate::error::positive("the limit of quantification", limit, "µg/L")?;
        for report in &mut self.reports {
            if matches!(report, Report::Level(conc) if *conc < limit) {
                *report = Report::Below(limit);
            }
        }
        Ok(self)
    }

    /// The times, h.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// What was reported at each time.
    pub fn reports(&self) -> &[Report] {
        &self.reports
    }

    /// What was reported at each time, each with its own standard deviation.
    pub(super) fn readings(&self) -> impl Iterator<Item = Reading> + '_ {
        let of = |(i, report): (usize, &Report)| Reading {
            report: *report,
            sd: self.sds.get(i).copied(),
            kind: self.kinds.get(i).copied(),
        };
        self.reports.iter().enumerate().map(of)
    }

    /// The same times with other reports.
    pub(super) fn reporting(&self, reports: Vec<Report>) -> Self {
        Self { reports, ..self.clone() }
    }

    /// The samples at these places, which never decrease.
    pub(super) fn at_places(&self, places: &[usize]) -> Self {
        let sds = if self.sds.is_empty() { Vec::new() } else { places.iter().map(|i| self.sds[*i]).collect() };
        let kinds = if self.kinds.is_empty() { Vec::new() } else { places.iter().map(|i| self.kinds[*i]).collect() };
        Self {
            times: places.iter().map(|i| self.times[*i]).collect(),
            reports: places.iter().map(|i| self.reports[*i]).collect(),
            sds,
            kinds,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there is none, which cannot be.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The levels that are numbers, with their times.
    pub fn levels(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.times.iter().zip(&self.reports).filter_map(|(time, report)| match report {
            Report::Level(conc) => Some((*time, *conc)),
            _ => None,
        })
    }
}

/// Samples, and the dosing that led to them.
///
/// ```
/// use menaquinone::{fit::{Sampled, Samples}, units::*};
/// let sampled = Sampled::new("180 ug once".parse()?, Samples::new(&[4.0, 24.0], &[2.1, 0.9])?);
/// assert_eq!(sampled.samples().len(), 2);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    pub(super) dosing: Dosing,
    pub(super) samples: Samples,
    pub(super) summaries: Vec<Summary>,
    /// Whose they are, and covariates that do not change.
    pub(super) id: String,
    pub(super) covariates: Vec<(String, f64)>,
    /// Where the samples stand in a table.
    pub(super) places: Places,
}

/// Where samples stand, for sentences alone: samples from two places are as equal as their numbers are.
#[derive(Debug, Clone, Default)]
pub(super) struct Places(Vec<Box<str>>);

impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Sampled {
    /// Samples of a course that begins with the first dose of a regimen.
    pub fn new(regimen: Regimen, samples: Samples) -> Self {
        Self::of_dosing(Dosing::Course(regimen), samples)
    }

    /// Samples within a cycle of a dosing that has gone on for long: at steady state. Times count from the start of the cycle.
    pub fn at_steady_state(dosing: Repeating, samples: Samples) -> Self {
        Self::of_dosing(Dosing::Settled(dosing), samples)
    }

    /// What a paper prints of a course: summaries in place of samples.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, fit::{Figure, Sampled, Summary, Theory, free}};
    /// let printed = [(Figure::Cmax, 6.5, 0.4), (Figure::Tmax, 2.1, 0.2), (Figure::AucInf, 95.0, 6.0)];
    /// let summaries = printed.map(|(figure, mean, sd)| Summary::new(figure, mean, sd).unwrap());
    /// let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(1.0), v: free(10.0) })?;
    /// let fit = theory.with_error(menaquinone::assay::ResidualError::Proportional { cv: 0.1 })?
    ///     .fit(&Sampled::summarised("100 ug once".parse()?, summaries))?;
    /// assert!((fit.values()[1] - 100.0 / 95.0).abs() < 1e-6); // cl = dose / area
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn summarised(regimen: Regimen, summaries: impl IntoIterator<Item = Summary>) -> Self {
        let samples = Samples { times: Vec::new(), reports: Vec::new(), sds: Vec::new(), kinds: Vec::new() };
        Self::new(regimen, samples).with_summaries(summaries)
    }

    pub(super) fn of_dosing(dosing: Dosing, samples: Samples) -> Self {
        let (id, covariates, places) = (String::new(), Vec::new(), Places::default());
        Self { dosing, samples, summaries: Vec::new(), id, covariates, places }
    }

    /// These samples, of somebody of this name.
    pub(super) fn called(self, id: &str) -> Self {
        Self { id: id.to_owned(), ..self }
    }

    /// These samples, which stand at these places of a table.
    pub(super) fn standing(self, places: impl Iterator<Item = String>) -> Self {
        Self { places: Places(places.map(String::into_boxed_str).collect()), ..self }
    }

    /// These samples, of somebody with these covariates, which stay the same.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, fit::{Effect, Sampled, Samples, Theory, fixed}, sensitivity::Number};
    /// let body = OneCompartment { cl: fixed(1.27).varying(0.35), v: fixed(154.0) };
    /// let theory = Theory::new(FirstOrder { ka: 1.0 }, body)?.by(Number::Cl, "WT", Effect::allometric(70.0))?
    ///     .with_error(ResidualError::Proportional { cv: 0.15 })?;
    /// let sampled = Sampled::new("90 ug once".parse()?, Samples::new(&[24.0], &[0.4])?);
    /// assert!(theory.posterior(&sampled).is_err()); // of what weight?
    /// let person = theory.posterior(&sampled.with_covariates([("WT", 60.0)]))?;
    /// assert!(person.settled());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn with_covariates<N: Into<String>>(mut self, covariates: impl IntoIterator<Item = (N, f64)>) -> Self {
        self.covariates.extend(covariates.into_iter().map(|(name, value)| (name.into(), value)));
        self
    }

    /// The same dosing with other samples.
    pub(super) fn at(&self, samples: Samples) -> Result<Self> {
        let mut other = Self { samples, summaries: Vec::new(), places: Places::default(), ..self.clone() };
        if let Dosing::Table(table) = &self.dosing {
            other.dosing = Dosing::Table(Box::new(table.at(other.samples.times())?));
        }
        Ok(other)
    }

    /// Whose samples they are, for sentences.
    pub(super) fn whose(&self) -> String {
        if self.id.is_empty() { "the person".to_owned() } else { format!("person `{}`", self.id) }
    }

    /// Whose sample one is, and where it stands, for sentences.
    pub(super) fn whose_sample(&self, i: usize) -> String {
        match (&self.dosing, self.places.0.get(i)) {
            (Dosing::Table(table), _) => table.whose_row(table.looks[i]),
            (_, Some(place)) => format!("{}, {place}", self.whose()),
            _ => format!("{}, the sample at {} h", self.whose(), self.samples.times()[i]),
        }
    }

    /// A covariate, at the last record where it changes.
    pub(super) fn known(&self, name: &str) -> Result<f64> {
        if let Dosing::Table(table) = &self.dosing {
            return table.last(name);
        }
        let found = self.covariates.iter().rev().find(|(own, _)| own.eq_ignore_ascii_case(name));
        let value = found.map(|(_, value)| *value).filter(|value| value.is_finite());
        let place = self.places.0.first().map_or(String::new(), |place| format!(" ({place})"));
        value.ok_or_else(|| {
            Error::value(format!(
                "{} has no covariate {name}{place}, which the theory needs: give it with Sampled::with_covariates or in a column of the table",
                self.whose()
            ))
        })
    }

    /// All values of a covariate.
    pub(super) fn values_of(&self, name: &str) -> Vec<f64> {
        match &self.dosing {
            Dosing::Table(table) => table.values_of(name),
            _ => self.known(name).into_iter().collect(),
        }
    }

    /// These samples with summaries of the same course beside them.
    #[must_use]
    pub fn with_summaries(mut self, summaries: impl IntoIterator<Item = Summary>) -> Self {
        self.summaries.extend(summaries);
        self
    }

    /// The summaries.
    pub fn summaries(&self) -> &[Summary] {
        &self.summaries
    }

    /// The samples.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }
}
