//! Prediction distribution errors: where each sample lies among those of simulated people.

use nalgebra::{DMatrix, DVector};

use super::data::People;
use super::fitted::PeopleFit;
use super::inner::Person;
use super::residuals::{Drawn, Residuals, whitened};
use super::simulated::{Draws, Simulator, check_reports, limits};
use crate::error::{Error, Result};
use crate::fit::samples::Report;
use crate::fit::theory::Theory;
use crate::numeric::{ln_ndtr, normal_quantile};
use crate::random::Purpose;
use crate::workers::{Work, for_each_row};

/// Where the samples of people lie among those of `K` simulated people of the same designs.
///
/// | | |
/// |---|---|
/// | `EPRED`, `ERES` | the mean level over the deviations, and the level reported less it |
/// | `EWRES` | that over the symmetric root of the covariance of levels plus the mean residual variance |
/// | `NPD` | the normal quantile of the probability of a lower sample: the mean over the deviations of the exact one of the error |
/// | `NPDE` | the samples of a person and of its `K` simulated likenesses, less the mean of those and over the Cholesky root of their covariance in the order of time; the normal quantile of the share of simulated ones that lie below (Brendel et al. 2006; Comets, Brendel and Mentré 2008) |
///
/// Equal values count half; a share is held between `1/(2K)` and `1 - 1/(2K)`, so no `NPDE` or `NPD` lies further out than `K` draws can tell. Under a theory
/// that is right they are standard normal, and the `NPDE` of a person independent.
///
/// A sample below a limit has an `NPD` drawn evenly up to its probability of being below, and for `NPDE` it and all simulated samples below that limit are
/// replaced by simulated ones below, at random (Nguyen, Comets and Mentré 2012). The limit of a level is the lowest of its person, or else of all people.
///
/// Draws are keyed by the seed and the id of the person: the same whatever the order, the slice and the number of threads.
///
/// ```
/// use menaquinone::{Bolus, OneCompartment, assay::ResidualError, fit::{People, Theory, fixed}};
/// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n1,9,.,4.0\n2,0,100,.\n2,2,.,6.1\n2,9,.,1.3".parse()?;
/// let theory = Theory::new(Bolus, OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0) })?
///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
/// let npde = theory.npde(&People::of_table(&table)?, 1000, 42)?;
/// let last = &npde.rows()[3];
/// assert!((last.epred - 4.1).abs() < 0.1);
/// assert!(last.npd < -2.0); // hardly any person has so low a level
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Npde {
    how: String,
    unit: String,
    pub(super) draws: u32,
    pub(super) seed: u64,
    pub(super) rows: Vec<NpdeRow>,
    /// The covariance of the levels of each person over the deviations.
    levels: Vec<DMatrix<f64>>,
}

/// Where a sample lies among simulated ones.
#[derive(Debug, Clone, PartialEq)]
pub struct NpdeRow {
    /// The id of the person.
    pub id: String,
    /// The time of the sample, h.
    pub time: f64,
    /// What was reported.
    pub report: Report,
    /// The mean level over the deviations, µg/L; with a log-normal error the exponential of the mean logarithm.
    pub epred: f64,
    /// The level reported less that mean; with a log-normal error of logarithms.
    pub eres: Option<f64>,
    /// That residual over its standard deviation.
    pub ewres: Option<f64>,
    /// The normalised prediction distribution error.
    pub npde: f64,
    /// The normalised prediction discrepancy, which is not decorrelated.
    pub npd: f64,
}

impl Theory {
    /// The prediction distribution errors of people at the numbers that this theory starts from, by draws of each person.
    ///
    /// # Errors
    /// A theory in which nothing varies or no error is given, fewer than 100 draws, samples above a limit or between two, a person whose simulated
    /// samples have no spread.
    pub fn npde(&self, people: &People, draws: u32, seed: u64) -> Result<Npde> {
        Npde::of(&Simulator::of_theory(self, people)?, draws, seed)
    }
}

impl PeopleFit {
    /// The prediction distribution errors at the estimates, by draws of each person.
    ///
    /// # Errors
    /// As for [`Theory::npde`].
    pub fn npde(&self, draws: u32, seed: u64) -> Result<Npde> {
        Npde::of(&Simulator::of_fit(self)?, draws, seed)
    }
}

impl Npde {
    fn of(simulator: &Simulator<'_>, draws: u32, seed: u64) -> Result<Self> {
        let people = &simulator.asked.people;
        check_reports(people, "prediction distribution errors")?;
        let wanted = Draws::new(draws, seed, (100, "draws of a person"))?;
        let limits = limits(people);
        let mut found: Vec<Option<(Vec<NpdeRow>, DMatrix<f64>)>> = vec![None; people.len()];
        let work = Work { width: 1, nanoseconds: 1000.0 * f64::from(draws) };
        for_each_row(
            &mut found,
            work,
            || Ok(()),
            |(), first, found| {
                for (i, found) in found.iter_mut().enumerate() {
                    let person = &people[first + i];
                    let all = Likenesses::of(simulator, person, wanted)?;
                    *found = Some((all.rows(person, &limits[first + i], wanted)?, all.covariance));
                }
                Ok(())
            },
        )?;
        let (rows, levels): (Vec<_>, Vec<_>) = found.into_iter().flatten().unzip();
        Ok(Self { how: simulator.how.clone(), unit: simulator.unit.clone(), draws, seed, rows: rows.concat(), levels })
    }

    /// The rows, one a sample, in the order of the data.
    pub fn rows(&self) -> &[NpdeRow] {
        &self.rows
    }

    /// How the numbers came about, in a line: the error, and by which method a fit settled.
    pub fn how(&self) -> &str {
        &self.how
    }

    /// The unit of the levels.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// How many times each person was drawn, and the seed.
    pub fn draws(&self) -> (u32, u64) {
        (self.draws, self.seed)
    }

    /// The mean and the variance of the `NPDE`: 0 and 1 under a theory that is right.
    #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
    pub fn mean_and_variance(&self) -> (f64, f64) {
        let n = self.rows.len() as f64;
        let mean = self.rows.iter().map(|row| row.npde).sum::<f64>() / n;
        (mean, self.rows.iter().map(|row| (row.npde - mean).powi(2)).sum::<f64>() / (n - 1.0))
    }
}

impl Residuals {
    /// These residuals with what was drawn beside them, and `ECWRES`: `ERES` over the symmetric root of the covariance of levels by draws plus the
    /// residual variance at the mode.
    ///
    /// ```
    /// use menaquinone::{Bolus, OneCompartment, assay::ResidualError, fit::{Method, People, Theory, fixed}};
    /// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n1,9,.,4.0".parse()?;
    /// let people = People::of_table(&table)?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let both = theory.residuals(&people, Method::Focei)?.with_npde(&theory.npde(&people, 200, 1)?)?;
    /// assert!(both.to_csv().lines().next().unwrap().contains("EPRED,ERES,EWRES,ECWRES,NPDE,NPD"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Draws of other people.
    pub fn with_npde(mut self, npde: &Npde) -> Result<Self> {
        let alike = self.rows.len() == npde.rows.len()
            && self.rows.iter().zip(&npde.rows).all(|(own, row)| own.id == row.id && own.time == row.time);
        if !alike {
            return Err(Error::value(
                "the prediction distribution errors are those of other samples: take both of the same people",
            ));
        }
        let mut first = 0;
        for levels in &npde.levels {
            let (own, drawn) = (&mut self.rows[first..][..levels.nrows()], &npde.rows[first..][..levels.nrows()]);
            first += levels.nrows();
            let variances: Vec<f64> = own.iter().map(|row| row.variance).collect();
            let ecwres = weighed(levels, &variances, &drawn.iter().map(|row| row.eres).collect::<Vec<_>>());
            for ((own, row), ecwres) in own.iter_mut().zip(drawn).zip(ecwres) {
                let NpdeRow { epred, eres, ewres, npde, npd, .. } = *row;
                own.drawn = Some(Drawn { epred, eres, ewres, ecwres, npde, npd });
            }
        }
        Ok(self)
    }
}

/// The residuals that there are over the symmetric root of their covariance.
fn weighed(levels: &DMatrix<f64>, variances: &[f64], off: &[Option<f64>]) -> Vec<Option<f64>> {
    let there: Vec<usize> = (0..off.len()).filter(|j| off[*j].is_some()).collect();
    let mut c = DMatrix::from_fn(there.len(), there.len(), |i, k| levels[(there[i], there[k])]);
    there.iter().enumerate().for_each(|(i, j)| c[(i, i)] += variances[*j]);
    let found = whitened(c, &DVector::from_iterator(there.len(), off.iter().copied().flatten()));
    let mut all = vec![None; off.len()];
    if let Some(found) = found {
        there.iter().zip(found.iter()).for_each(|(j, value)| all[*j] = Some(*value));
    }
    all
}

/// The simulated likenesses of a person.
struct Likenesses {
    /// What is compared: of levels, and of what would be measured; draw after draw.
    means: Vec<f64>,
    measured: Vec<f64>,
    /// The residual variances, draw after draw.
    variances: Vec<f64>,
    mean: Vec<f64>,
    covariance: DMatrix<f64>,
    is_log: bool,
}

impl Likenesses {
    #[expect(clippy::cast_precision_loss, reason = "a count of draws")]
    fn of(simulator: &Simulator<'_>, person: &Person<'_>, draws: Draws) -> Result<Self> {
        let (m, spread) = (person.reports().len(), &simulator.spread);
        let room = || Vec::with_capacity(m * draws.n);
        let (mut means, mut measured, mut variances) = (room(), room(), room());
        simulator.draw(person, draws, |_, levels, values| {
            means.extend(levels.iter().map(|level| spread.compared(*level)));
            let readings = levels.iter().zip(person.readings());
            variances.extend(readings.map(|(level, reading)| spread.variance(*level, reading)));
            measured.extend(values.iter().map(|value| spread.compared(*value)));
        })?;
        let n = draws.n as f64;
        let mean: Vec<f64> = (0..m).map(|j| means.iter().skip(j).step_by(m).sum::<f64>() / n).collect();
        let covariance = covariance(&means, &mean, n - 1.0);
        Ok(Self { means, measured, variances, mean, covariance, is_log: spread.is_log })
    }

    #[expect(clippy::cast_precision_loss, reason = "a count of draws")]
    fn rows(&self, person: &Person<'_>, limits: &[Option<f64>], draws: Draws) -> Result<Vec<NpdeRow>> {
        let (m, n) = (self.mean.len(), draws.n as f64);
        let compared = |value: f64| if self.is_log { value.ln() } else { value };
        let mut chance = draws.stream(person.id, Purpose::Other(u32::MAX - 1)).draw();
        let parts: Vec<f64> = (0..m).map(|_| chance.uniform()).collect();
        let eres: Vec<Option<f64>> = person
            .reports()
            .iter()
            .zip(&self.mean)
            .map(|(report, mean)| match report {
                Report::Level(level) => Some(compared(*level) - mean),
                _ => None,
            })
            .collect();
        let average = |j: usize| self.variances.iter().skip(j).step_by(m).sum::<f64>() / n;
        let ewres = weighed(&self.covariance, &(0..m).map(average).collect::<Vec<_>>(), &eres);
        let within = |share: f64| normal_quantile(share.clamp(0.5 / n, 1.0 - 0.5 / n));
        let npd = |j: usize| match person.reports()[j] {
            Report::Level(level) => within(self.below(j, compared(level))),
            Report::Below(limit) | Report::Above(limit) | Report::Between(_, limit) => {
                within(parts[j] * self.below(j, compared(limit)))
            }
        };
        let npde =
            self.npde(person, &limits.iter().map(|limit| limit.map(compared)).collect::<Vec<_>>(), (&parts, draws));
        let npde = npde.ok_or_else(|| {
            Error::value(format!(
                "the simulated samples of person `{}` have no spread of their own at every time: draw more, or leave out a sample that cannot vary",
                person.id
            ))
        })?;
        let row = |j: usize| NpdeRow {
            id: person.id.to_owned(),
            time: person.sampled.samples.times()[j],
            report: person.reports()[j],
            epred: if self.is_log { self.mean[j].exp() } else { self.mean[j] },
            eres: eres[j],
            ewres: ewres[j],
            npde: within(npde[j]),
            npd: npd(j),
        };
        Ok((0..m).map(row).collect())
    }

    /// The probability of a sample below a value, over the deviations.
    #[expect(clippy::cast_precision_loss, reason = "a count of draws")]
    fn below(&self, j: usize, value: f64) -> f64 {
        let m = self.mean.len();
        let all = self.means.iter().zip(&self.variances).skip(j).step_by(m);
        let n = all.len() as f64;
        let of = |(mean, variance): (&f64, &f64)| {
            let apart = value - mean;
            if apart == 0.0 { 0.5 } else { ln_ndtr(apart / variance.sqrt()).exp() }
        };
        all.map(of).sum::<f64>() / n
    }

    /// The share of simulated samples below each one, all decorrelated.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of draws, and a part of them"
    )]
    fn npde(&self, person: &Person<'_>, limits: &[Option<f64>], (parts, draws): (&[f64], Draws)) -> Option<Vec<f64>> {
        let (m, n) = (self.mean.len(), draws.n as f64);
        let mut simulated = self.measured.clone();
        let mut own: Vec<f64> = Vec::with_capacity(m);
        let mut chance = draws.stream(person.id, Purpose::Other(u32::MAX - 2)).draw();
        for (j, report) in person.reports().iter().enumerate() {
            let level = if let Report::Level(level) = report {
                Some(if self.is_log { level.ln() } else { *level })
            } else {
                None
            };
            let Some(limit) = limits[j] else {
                own.extend(level);
                continue;
            };
            let mut below: Vec<f64> =
                simulated.iter().skip(j).step_by(m).copied().filter(|value| *value < limit).collect();
            below.sort_by(f64::total_cmp);
            let pick = |part: f64| below.get((part * below.len() as f64) as usize).copied();
            simulated.iter_mut().skip(j).step_by(m).filter(|value| **value < limit).for_each(|value| {
                *value = pick(chance.uniform()).unwrap_or(*value);
            });
            let lowest = simulated.iter().skip(j).step_by(m).copied().fold(limit, f64::min);
            own.push(level.unwrap_or_else(|| pick(parts[j]).unwrap_or(lowest)));
        }
        let mean: Vec<f64> = (0..m).map(|j| simulated.iter().skip(j).step_by(m).sum::<f64>() / n).collect();
        let root = covariance(&simulated, &mean, n - 1.0).cholesky()?;
        let apart = |row: &[f64]| {
            let off = DVector::from_fn(m, |j, _| row[j] - mean[j]);
            root.l_dirty().solve_lower_triangular(&off)
        };
        let own = apart(&own)?;
        let mut lower = vec![0.0; m];
        for row in simulated.chunks_exact(m) {
            let other = apart(row)?;
            for j in 0..m {
                lower[j] += if other[j] < own[j] {
                    1.0
                } else if other[j] > own[j] {
                    0.0
                } else {
                    0.5
                };
            }
        }
        Some(lower.into_iter().map(|count| count / n).collect())
    }
}

/// The covariance of rows about a mean, over a number of degrees.
fn covariance(rows: &[f64], mean: &[f64], degrees: f64) -> DMatrix<f64> {
    let m = mean.len();
    let mut sum = DMatrix::zeros(m, m);
    for row in rows.chunks_exact(m) {
        for i in 0..m {
            let off = row[i] - mean[i];
            for k in 0..=i {
                sum[(i, k)] += off * (row[k] - mean[k]);
            }
        }
    }
    sum.fill_upper_triangle_with_lower_triangle();
    sum / degrees
}
