//! Sparse samples: one mean profile of many subjects, each of whom gave only some of the samples.

use super::missing::{Missing, Outcome, number};
use super::read::Subjects;
use super::subject::Subject;
use crate::error::{Error, Result};

/// The mean profile of subjects who were sampled at the same nominal times, each at some of them, and its area with a standard
/// error.
///
/// Bailer (1988, *J Pharmacokinet Biopharm* 16:303) gave the standard error for one sample a subject; where subjects gave several, the
/// covariances between times come in (Nedelman and Jia 1998, doi:10.1080/10543409808835241, with the estimator of Holder 2001,
/// *J Biopharm Stat* 11:75). With one sample a subject the two agree.
///
/// ```
/// use menaquinone::{nca::{Columns, Subjects}};
/// // Three animals a time, one sample each.
/// let rows = "a,0,0\nb,0,0\nc,0,0\nd,1,6\ne,1,8\nf,1,10\ng,3,2\nh,3,4\ni,3,3\n";
/// let samples = Subjects::read(format!("id,time,conc\n{rows}").as_bytes(), &Columns::default())?;
/// let pooled = samples.pooled()?;
/// assert_eq!(pooled.means, [0.0, 8.0, 3.0]);
/// assert_eq!(pooled.auc_last()?, 4.0 + 11.0);
/// // Weights 1.5 and 1 times variances 4/3 and 1/3.
/// assert!((pooled.auc_last_se()?.powi(2) - (2.25 * 4.0 / 3.0 + 1.0 / 3.0)).abs() < 1e-12);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Pooled {
    /// The nominal times, h, in order.
    pub times: Vec<f64>,
    /// The mean concentration at each, µg/L; one below the limit of quantification counts as 0.
    pub means: Vec<f64>,
    /// The standard deviation at each, µg/L, with `n - 1`; none where there is a single sample.
    pub sds: Vec<Option<f64>>,
    /// How many subjects were sampled at each.
    pub counts: Vec<usize>,
    area: Outcome,
    error: std::result::Result<StandardError, Missing>,
}

/// The variance of an area, and the degrees of freedom that it has.
#[derive(Debug, Clone, Copy, PartialEq)]
struct StandardError {
    variance: f64,
    df: Outcome,
}

/// Who was sampled at one time, by the number of the subject, in order, and what was found.
type Samples = Vec<(usize, f64)>;

impl Subjects {
    /// The mean profile over all subjects, for sparse samples.
    ///
    /// # Errors
    /// No subjects, or a subject with two samples at one time.
    pub fn pooled(&self) -> Result<Pooled> {
        let mut rows: Vec<(f64, usize, f64)> = Vec::new();
        for (subject, Subject { times, conc, .. }) in self.iter().enumerate() {
            rows.extend(times.iter().zip(conc).map(|(time, conc)| (*time, subject, *conc)));
        }
        rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        if rows.is_empty() {
            return Err(Error::value("there are no samples to pool: give at least one subject with a sample"));
        }
        if let Some(pair) = rows.windows(2).find(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1)) {
            let (id, time) = (self.iter().nth(pair[0].1).map_or("", |subject| &subject.id), pair[0].0);
            return Err(Error::value(format!("subject {id} has two samples at {time} h: keep one of them")));
        }
        let (mut times, mut samples) = (Vec::new(), Vec::<Samples>::new());
        for (time, subject, conc) in rows {
            if times.last() != Some(&time) {
                times.push(time);
                samples.push(Samples::new());
            }
            samples.last_mut().into_iter().for_each(|row| row.push((subject, conc)));
        }
        Ok(Pooled::of(times, &samples))
    }
}

impl Pooled {
    fn of(times: Vec<f64>, samples: &[Samples]) -> Self {
        let taken: Vec<Taken<'_>> = samples.iter().map(Taken::of).collect();
        let means: Vec<f64> = taken.iter().map(|taken| taken.mean).collect();
        let last = means.iter().rposition(|mean| *mean > 0.0).ok_or(Missing::AllBelow);
        let weights = last.map(|last| weights(&times[..=last]));
        let area = weights
            .as_ref()
            .map_err(|missing| *missing)
            .and_then(|weights| number(weights.iter().zip(&means).map(|(weight, mean)| weight * mean).sum()));
        let error = weights.and_then(|weights| StandardError::of(&weights, &taken));
        let sds = taken.iter().map(|taken| taken.variance.map(f64::sqrt)).collect();
        let counts = samples.iter().map(Vec::len).collect();
        Self { times, means, sds, counts, area, error }
    }

    /// The area under the mean profile by straight lines, from the first time to the last with a mean above 0, µg·h/L.
    ///
    /// # Errors
    /// No mean above 0.
    pub fn auc_last(&self) -> Outcome {
        self.area
    }

    /// The standard error of [`auc_last`](Self::auc_last), µg·h/L.
    ///
    /// # Errors
    /// No mean above 0, or a time with a single subject, which has no variance.
    pub fn auc_last_se(&self) -> Outcome {
        self.error.map(|error| error.variance.sqrt())
    }

    /// The degrees of freedom of [`auc_last_se`](Self::auc_last_se) by Satterthwaite's approximation (Nedelman, Gibiansky and Lau
    /// 1995, *Pharm Res* 12:124): for one sample a subject, or groups of subjects who were all sampled at the same times.
    ///
    /// # Errors
    /// As for the standard error, no variance at all, or groups that overlap, for which the approximation is not known.
    pub fn auc_last_df(&self) -> Outcome {
        self.error.and_then(|error| error.df)
    }
}

impl StandardError {
    fn of(weights: &[f64], taken: &[Taken<'_>]) -> std::result::Result<Self, Missing> {
        let taken = &taken[..weights.len()];
        if taken.iter().any(|taken| taken.variance.is_none()) {
            return Err(Missing::OneValue);
        }
        let mut total = 0.0;
        for (i, one) in taken.iter().enumerate() {
            for (j, other) in taken.iter().enumerate().take(i + 1) {
                let part = weights[i] * weights[j] * covariance(one, other);
                total += if i == j { part } else { 2.0 * part };
            }
        }
        Ok(Self { variance: number(total.max(0.0))?, df: degrees_of_freedom(weights, taken) })
    }
}

/// The samples of one time, with their mean and variance.
struct Taken<'a> {
    row: &'a Samples,
    mean: f64,
    variance: Option<f64>,
}

impl<'a> Taken<'a> {
    fn of(row: &'a Samples) -> Self {
        let mean = mean(row);
        Self { row, mean, variance: variance(row, mean) }
    }
}

/// Satterthwaite's degrees of freedom over groups of subjects who share their times: a group's part of the area is a mean of
/// the parts of its subjects.
fn degrees_of_freedom(weights: &[f64], taken: &[Taken<'_>]) -> Outcome {
    let who = |row: &Samples| row.iter().map(|(subject, _)| *subject).collect::<Vec<_>>();
    let mut groups: Vec<(Vec<usize>, Samples)> = Vec::new();
    for (weight, Taken { row, .. }) in weights.iter().zip(taken) {
        let subjects = who(row);
        let part = row.iter().map(|(subject, conc)| (*subject, weight * conc));
        if let Some((_, parts)) = groups.iter_mut().find(|(group, _)| *group == subjects) {
            parts.iter_mut().zip(part).for_each(|(sum, part)| sum.1 += part.1);
        } else if groups.iter().any(|(group, _)| group.iter().any(|one| subjects.contains(one))) {
            return Err(Missing::OverlappingGroups);
        } else {
            groups.push((subjects, part.collect()));
        }
    }
    let (mut sum, mut squares) = (0.0, 0.0);
    for (_, parts) in &groups {
        let part = variance(parts, mean(parts)).ok_or(Missing::OneValue)? / count(parts);
        sum += part;
        squares += part * part / (count(parts) - 1.0);
    }
    if squares > 0.0 { number(sum * sum / squares) } else { Err(Missing::ByZero) }
}

/// What each concentration counts for in an area of straight lines.
fn weights(times: &[f64]) -> Vec<f64> {
    let at = |i: usize| times[i.min(times.len() - 1)];
    (0..times.len()).map(|i| 0.5 * (at(i + 1) - at(i.saturating_sub(1)))).collect()
}

/// The covariance of the means at two times, from the subjects sampled at both (Holder 2001, equation A3).
fn covariance(one: &Taken<'_>, other: &Taken<'_>) -> f64 {
    let (mut sum, mut both) = (0.0, 0.0);
    for (subject, conc) in one.row {
        if let Ok(place) = other.row.binary_search_by_key(subject, |(subject, _)| *subject) {
            sum += (conc - one.mean) * (other.row[place].1 - other.mean);
            both += 1.0;
        }
    }
    if both == 0.0 {
        return 0.0;
    }
    let (n, m) = (count(one.row), count(other.row));
    // A correlation is at most 1 (Nedelman and Jia 1998, equations 8 and 9).
    let most = (one.variance.unwrap_or(0.0) * other.variance.unwrap_or(0.0)).sqrt();
    let found = sum / ((both - 1.0) + (1.0 - both / n) * (1.0 - both / m));
    found.clamp(-most, most) * both / (n * m)
}

fn mean(row: &Samples) -> f64 {
    row.iter().map(|(_, conc)| conc).sum::<f64>() / count(row)
}

fn variance(row: &Samples, mean: f64) -> Option<f64> {
    let sum = row.iter().map(|(_, conc)| (conc - mean) * (conc - mean)).sum::<f64>();
    (row.len() > 1).then(|| sum / (count(row) - 1.0))
}

#[expect(clippy::cast_precision_loss, reason = "a number of subjects")]
fn count(row: &Samples) -> f64 {
    row.len() as f64
}
