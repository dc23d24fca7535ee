//! How sure a fit is by resampling: other people drawn from these, or other numbers weighed by their likelihood. Each replicate is keyed by its
//! own number, so any slice of them can be made anywhere and joined.

use std::ops::Range;

use nalgebra::DVector;
use serde::{Deserialize, Serialize};

use super::data::People;
use super::evaluate::Asked;
use super::fitted::PeopleFit;
use super::outer::Search;
use super::saem::values;
use super::slices::{Slice, joined};
use crate::error::{Error, Result};
use crate::fit::samples::Sampled;
use crate::random::{Purpose, Stream};
use crate::workers::{Work, for_each_row};

/// Estimates of many replicates: a bootstrap, or draws by importance (SIR).
///
/// A slice of the replicates is made by itself and joined with the others, which is how a cluster makes them: the bits are the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resampled {
    /// The names of the estimates.
    pub names: Vec<String>,
    /// The estimates of the fit itself.
    pub estimates: Vec<f64>,
    /// The number of the first replicate.
    pub first: u64,
    /// What the replicates gave, in their order; `None` where one had no fit.
    pub rows: Vec<Option<Replicate>>,
}

/// What one replicate gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replicate {
    /// The estimates.
    pub values: Vec<f64>,
    /// The logarithm of its weight: 0 of a bootstrap.
    pub ln_weight: f64,
    /// Whether its search has settled.
    pub settled: bool,
}

/// The degrees of freedom of the distribution that numbers are drawn from.
const DEGREES: u32 = 5;
/// The purposes of streams, apart from those of a person.
const PEOPLE: Purpose = Purpose::Other(u32::MAX - 1);
const NUMBERS: Purpose = Purpose::Other(u32::MAX - 2);

impl PeopleFit {
    /// A bootstrap over people: each replicate is fitted, from these estimates on and by the same method, to as many people drawn from these
    /// with replacement. `replicates` may be any slice of all.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Resampled, Sampled, Samples, Theory, fixed, free}};
    /// let design = People::new((1..=10).map(|id| {
    ///     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[12.0], &[0.0]).unwrap()))
    /// }))?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: fixed(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let fit = theory.fit_people(&theory.simulate(&design, 5)?, Method::Focei)?;
    /// let whole = fit.bootstrap(0..10, 1)?;
    /// let parts = [fit.bootstrap(6..10, 1)?, fit.bootstrap(0..6, 1)?]; // anywhere, in any order
    /// assert_eq!(Resampled::join(parts)?, whole);
    /// let (low, high) = whole.interval("cl", 0.8)?;
    /// assert!(low < fit.estimates()[0].value && fit.estimates()[0].value < high);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// No replicates.
    pub fn bootstrap(&self, replicates: Range<u64>, seed: u64) -> Result<Resampled> {
        let theory = self.theory()?;
        let all: Vec<(&str, &Sampled)> = self.people.iter().collect();
        self.resampled(replicates, |number| {
            let mut draw = Stream { seed, subject: number, purpose: PEOPLE }.draw();
            let mut times = vec![0_usize; all.len()];
            for _ in 0..all.len() {
                times[place(draw.uniform(), all.len())] += 1;
            }
            let again = |((id, sampled), times): (&(&str, &Sampled), &usize)| {
                let (id, sampled) = ((*id).to_owned(), (*sampled).clone());
                (1..=*times).map(move |k| (if k == 1 { id.clone() } else { format!("{id} ({k})") }, sampled.clone()))
            };
            let people = People::new(all.iter().zip(&times).flat_map(again)).ok()?;
            let fit = match self.history() {
                Some(history) => theory.fit_people_by_saem(&people, history.settings).ok()?,
                None => theory.fit_people(&people, self.method()).ok()?,
            };
            let values = values(&fit.layout, &fit.found.x);
            Some(Replicate { values, ln_weight: 0.0, settled: fit.settled() })
        })
    }

    /// Numbers drawn about the estimates, a t distribution with 5 degrees of freedom of the coordinates, and weighed by the likelihood (SIR; Dosne and
    /// others 2016): intervals without another fit. `draws` may be any slice of all; weights are made to sum to 1 when the parts are asked.
    ///
    /// # Errors
    /// No draws, or a fit whose covariance the data do not tell.
    pub fn sir(&self, draws: Range<u64>, seed: u64) -> Result<Resampled> {
        let covariance = self.coordinate_covariance().and_then(nalgebra::Matrix::cholesky).ok_or_else(|| {
            Error::value("the covariance of these estimates is not told by the data, so that nothing can be drawn about them: fix a number, or use the bootstrap")
        })?;
        let root = covariance.l();
        let asked = Asked::new(&self.layout.theory, &self.people, self.method())?;
        let degrees = f64::from(DEGREES);
        self.resampled(draws, |number| {
            let mut search = Search::at(&asked, &self.found.x, self.objective.modes());
            search.held.clone_from(&self.held);
            let x = search.moving(&self.found.x);
            let mut draw = Stream { seed, subject: number, purpose: NUMBERS }.draw();
            let z = DVector::from_fn(x.len(), |_, _| draw.normal());
            let square: f64 = (0..DEGREES).map(|_| draw.normal().powi(2)).sum();
            let t = z * (degrees / square).sqrt();
            #[expect(clippy::cast_precision_loss, reason = "a few numbers")]
            let ln_density = -0.5 * (degrees + x.len() as f64) * (t.norm_squared() / degrees).ln_1p();
            let there = DVector::from_vec(x) + &root * t;
            let worse = search.value(there.as_slice())? - self.found.value;
            let values = values(&self.layout, &search.full(there.as_slice()));
            Some(Replicate { values, ln_weight: -0.5 * worse - ln_density, settled: true })
        })
    }

    fn resampled(&self, numbers: Range<u64>, one: impl Fn(u64) -> Option<Replicate> + Sync) -> Result<Resampled> {
        let first = numbers.start;
        let rows = replicates(numbers, |number| Ok(one(number)))?;
        let estimates = values(&self.layout, &self.found.x);
        Ok(Resampled { names: Self::names_of(&self.layout), estimates, first, rows })
    }
}

/// What each replicate gives, in their order; of several errors that of the first.
pub(super) fn replicates<T: Clone + Send>(
    numbers: Range<u64>,
    one: impl Fn(u64) -> Result<Option<T>> + Sync,
) -> Result<Vec<Option<T>>> {
    let first = numbers.start;
    let count = usize::try_from(numbers.end.saturating_sub(first)).unwrap_or(usize::MAX);
    if count == 0 || count > 10_000_000 {
        return Err(Error::value(format!(
            "replicates {first} to {} were asked for: ask for at least one and at most 10,000,000",
            numbers.end
        )));
    }
    let mut rows: Vec<Option<T>> = vec![None; count];
    let work = Work { width: 1, nanoseconds: 1e6 };
    for_each_row(
        &mut rows,
        work,
        || Ok(()),
        |(), at, rows| {
            for (k, row) in rows.iter_mut().enumerate() {
                *row = one(first + (at + k) as u64)?;
            }
            Ok(())
        },
    )?;
    Ok(rows)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of a person"
)]
fn place(uniform: f64, n: usize) -> usize {
    ((uniform * n as f64) as usize).min(n - 1)
}

impl Slice for Resampled {
    fn range(&self) -> (u64, u64) {
        (self.first, self.rows.len() as u64)
    }

    fn stranger(&self, other: &Self) -> Option<String> {
        (self.names != other.names || self.estimates != other.estimates).then(|| {
            format!("the slice that begins with replicate {} is of another fit: join slices of one fit", other.first)
        })
    }

    fn gap(due: u64, found: u64) -> String {
        format!("the slices do not meet: after replicate {} comes {found}, but {due} is due", due.saturating_sub(1))
    }

    fn extend(&mut self, next: Self) {
        self.rows.extend(next.rows);
    }
}

impl Resampled {
    /// Joins slices of one series, given in any order.
    ///
    /// # Errors
    /// No slice, slices of different fits, or slices between which replicates are missing or double.
    pub fn join(parts: impl IntoIterator<Item = Self>) -> Result<Self> {
        joined(parts)
    }

    /// How many replicates had a fit, and how many of those have not settled.
    pub fn fitted(&self) -> (usize, usize) {
        let fits = self.rows.iter().flatten();
        (fits.clone().count(), fits.filter(|row| !row.settled).count())
    }

    /// The effective number of replicates, `(sum w)^2 / sum w^2`: all of a bootstrap, and fewer of SIR the worse the draws fit the likelihood.
    pub fn effective(&self) -> f64 {
        let weights: Vec<f64> = self.weighted(0).into_iter().map(|(_, weight)| weight).collect();
        1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>()
    }

    /// The values of one number with weights that sum to 1, in the order of the replicates.
    fn weighted(&self, i: usize) -> Vec<(f64, f64)> {
        let rows: Vec<&Replicate> = self.rows.iter().flatten().filter(|row| row.ln_weight.is_finite()).collect();
        let most = rows.iter().map(|row| row.ln_weight).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = rows.iter().map(|row| (row.ln_weight - most).exp()).sum();
        rows.iter().map(|row| (row.values[i], (row.ln_weight - most).exp() / sum)).collect()
    }

    fn number(&self, name: &str) -> Result<usize> {
        self.names.iter().position(|own| own == name).filter(|_| self.fitted().0 > 1).ok_or_else(|| {
            Error::value(format!(
                "`{name}` is none of the estimates ({}), or fewer than two replicates had a fit",
                self.names.join(", ")
            ))
        })
    }

    /// The standard error of a number: the standard deviation over the replicates.
    ///
    /// # Errors
    /// A name that no estimate has, or fewer than two replicates with a fit.
    pub fn se(&self, name: &str) -> Result<f64> {
        let all = self.weighted(self.number(name)?);
        let mean: f64 = all.iter().map(|(value, weight)| value * weight).sum();
        let n = self.effective();
        Ok((all.iter().map(|(value, weight)| weight * (value - mean).powi(2)).sum::<f64>() * n / (n - 1.0)).sqrt())
    }

    /// By how much the mean over the replicates lies above the estimate.
    ///
    /// # Errors
    /// As for [`se`](Self::se).
    pub fn bias(&self, name: &str) -> Result<f64> {
        let i = self.number(name)?;
        Ok(self.weighted(i).iter().map(|(value, weight)| value * weight).sum::<f64>() - self.estimates[i])
    }

    /// The interval of a number between two percentiles of the replicates.
    ///
    /// # Errors
    /// As for [`se`](Self::se); a level outside (0, 1).
    pub fn interval(&self, name: &str, level: f64) -> Result<(f64, f64)> {
        if !(level > 0.0 && level < 1.0) {
            return Err(Error::value(format!(
                "the level of an interval is {level}, but it must lie between 0 and 1 (0.95 is 95 %)"
            )));
        }
        let mut all = self.weighted(self.number(name)?);
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok((percentile(&all, 0.5 - 0.5 * level), percentile(&all, 0.5 + 0.5 * level)))
    }
}

/// The value below which a share of the weight lies, straight between the middles of neighbours.
fn percentile(sorted: &[(f64, f64)], share: f64) -> f64 {
    let (mut below, mut before) = (0.0, None);
    for (value, weight) in sorted {
        let middle = below + 0.5 * weight;
        if middle >= share {
            return before.map_or(*value, |(at, own)| own + (share - at) / (middle - at) * (value - own));
        }
        before = Some((middle, *value));
        below += weight;
    }
    before.map_or(f64::NAN, |(_, own)| own)
}
