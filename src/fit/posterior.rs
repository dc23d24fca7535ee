//! One person after a few levels: the prior of the people and the likelihood of the levels together.

use nalgebra::{DMatrix, DVector};

use super::known::check_known;
use super::objective::{Prepared, near, objective, value};
use super::parts::Name;
use super::residual::Residual;
use super::samples::Sampled;
use super::start::is_least_squares;
use super::theory::Theory;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::numeric::{Least, Near, exp, least};
use crate::population::Population;
use crate::random::{Purpose, Stream};
use crate::sensitivity::Space;

/// What is known of one person from the people (the prior) and from the person's own samples.
///
/// The deviations `eta` are those of the logarithm: a number of the person is its median times `e^eta`.
///
/// ```
/// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, fit::{Sampled, Samples, Theory, fixed}};
/// let (cl, v) = (fixed(1.27).varying(0.35), fixed(154.0).varying(0.35));
/// let theory = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl, v })?
///     .with_error(ResidualError::Proportional { cv: 0.15 })?;
/// let levels = Samples::new(&[13.0 * 24.0, 13.0 * 24.0 + 5.0], &[1.1, 1.7])?;
/// let person = theory.posterior(&Sampled::new("90 ug daily for 14 days".parse()?, levels))?;
/// assert!(person.settled());
/// let cl = person.model().number("cl".parse()?)?;
/// assert!(cl > 1.27); // the levels are lower than those of the typical person
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Posterior {
    pub(super) theory: Theory,
    model: Model,
    names: Vec<Name>,
    pub(super) omega: DMatrix<f64>,
    found: Least,
    /// Half the Hessian at the mode, exact, and as its expectation.
    precision: DMatrix<f64>,
    expected: DMatrix<f64>,
    pub(super) sampled: Sampled,
    pub(super) median: Vec<f64>,
}

impl Theory {
    /// The posterior of a person with these samples: what varies in this theory is found, each with a log-normal prior about its start;
    /// everything else, the error too, is taken as known.
    ///
    /// # Errors
    /// A theory in which nothing varies or no error is given, levels that no deviation explains.
    pub fn posterior(&self, sampled: &Sampled) -> Result<Posterior> {
        let varying = self.varying();
        if varying.is_empty() {
            return Err(Error::value(
                "nothing varies between people in this theory, so that a person cannot differ: write `fixed(1.27).varying(0.35)`",
            ));
        }
        if is_least_squares(self) {
            return Err(Error::value(
                "the posterior of a person weighs levels against people: give the theory an error (Theory::with_error)",
            ));
        }
        if let Some((name, unknown)) = varying.iter().find(|(_, unknown)| unknown.start() <= 0.0) {
            return Err(Error::value(format!(
                "{name} varies log-normally about {}, but a median must be above zero",
                unknown.start()
            )));
        }
        check_known(self, std::slice::from_ref(sampled))?;
        let (own, omega) = (self.personal(), self.omega());
        let inverse = omega.clone().cholesky().map(|root| root.inverse()).ok_or_else(|| {
            Error::value(
                "the covariance of the deviations is not positive definite: no deviations can vary together like that",
            )
        })?;
        let (n, median) = (varying.len(), own.coordinates());
        let prepared = [Prepared::new(sampled)];
        let evaluate = |eta: &[f64]| -> Option<Near> {
            let x: Vec<f64> = median.iter().zip(eta).map(|(median, eta)| median + eta).collect();
            let mut here = near(&objective(&own, &prepared, &x)?, n);
            let deviations = DVector::from_column_slice(eta);
            let pull = &inverse * &deviations;
            here.value += deviations.dot(&pull);
            here.gradient += 2.0 * pull;
            here.hessian += 2.0 * &inverse;
            Some(here)
        };
        let found = best_mode(evaluate, &omega)?;
        let x: Vec<f64> = median.iter().zip(&found.x).map(|(median, eta)| median + eta).collect();
        let model = own.model(&own.values(&x))?;
        let expected = &inverse + expected_information(&own, sampled, &x)?;
        let precision = 0.5 * &found.near.hessian;
        let names = varying.iter().map(|(name, _)| *name).collect();
        let sampled = sampled.clone();
        Ok(Posterior { theory: own, model, names, omega, found, precision, expected, sampled, median })
    }
}

/// The lowest mode from several starts: no deviation, and each deviation one standard deviation up and down.
fn best_mode(evaluate: impl Fn(&[f64]) -> Option<Near>, omega: &DMatrix<f64>) -> Result<Least> {
    let n = omega.nrows();
    let mut starts = vec![vec![0.0; n]];
    for i in 0..n {
        for direction in [1.0, -1.0] {
            let mut start = vec![0.0; n];
            start[i] = direction * omega[(i, i)].sqrt();
            starts.push(start);
        }
    }
    let mut ends: Vec<Least> = Vec::new();
    for start in starts {
        // Most starts lead to the same mode: one that lies no lower than it is not followed.
        let Some(here) = evaluate(&start) else { continue };
        if ends.first().is_some_and(|best| here.value > best.near.value + 50.0) {
            continue;
        }
        ends.extend(least(&evaluate, &start));
    }
    ends.sort_by(|a, b| a.near.value.total_cmp(&b.near.value));
    ends.into_iter().next().ok_or_else(|| {
        Error::value("no deviation of this person has a likelihood: check the units of the levels, and that the error has a spread at every level")
    })
}

/// What the levels tell on average: `sum a a'/R + c c'/(2 R^2)` with the slopes of prediction and variance. Censored samples take no part.
fn expected_information(theory: &Theory, sampled: &Sampled, x: &[f64]) -> Result<DMatrix<f64>> {
    let n = x.len();
    let space = Space { unknowns: n, second: false };
    let residual = Residual::at(theory, space, &theory.jets(space, x));
    let mut information = DMatrix::zeros(n, n);
    for (conc, reading) in Prepared::new(sampled).predicted(theory, space, x)?.iter().zip(sampled.samples.readings()) {
        let Some((a, variance)) = residual.normal(reading, conc) else { continue };
        let r = variance[0];
        for i in 0..n {
            for j in 0..n {
                information[(i, j)] += a[1 + i] * a[1 + j] / r + variance[1 + i] * variance[1 + j] / (2.0 * r * r);
            }
        }
    }
    Ok(information)
}

impl Posterior {
    /// Whether the search for the mode came to a minimum.
    pub fn settled(&self) -> bool {
        self.found.settled
    }

    /// The model of the person at the mode.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What varies, in the order of [`eta`](Self::eta).
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The deviations at the mode.
    pub fn eta(&self) -> &[f64] {
        &self.found.x
    }

    /// -2 ln of the joint density at the mode without constants: `sum ((y - f)^2/R + ln R) + eta' omega^-1 eta`.
    pub fn ofv(&self) -> f64 {
        self.found.near.value
    }

    /// What the person adds to the objective of FOCEI, as NONMEM prints it: `ofv + ln |omega| + ln |omega^-1 + expected information|`.
    pub fn focei(&self) -> f64 {
        let ln_det = |matrix: &DMatrix<f64>| {
            matrix.clone().cholesky().map_or(f64::NAN, |root| 2.0 * root.l().diagonal().map(f64::ln).sum())
        };
        self.ofv() + ln_det(&self.omega) + ln_det(&self.expected)
    }

    /// The covariance of the deviations: the inverse of half the exact Hessian at the mode.
    ///
    /// # Errors
    /// A mode that is not a minimum.
    pub fn covariance(&self) -> Result<DMatrix<f64>> {
        let root = self.precision.clone().cholesky();
        root.map(|root| root.inverse())
            .ok_or_else(|| Error::value("the mode of this person is no minimum: its deviations have no covariance"))
    }

    /// The covariance by the expected information, which FOCEI uses and NONMEM prints (ETC).
    ///
    /// # Errors
    /// None for a posterior that has been made.
    pub fn expected_covariance(&self) -> Result<DMatrix<f64>> {
        let root = self.expected.clone().cholesky();
        root.map(|root| root.inverse())
            .ok_or_else(|| Error::value("the information of this person is not positive definite"))
    }

    /// How little the samples tell of each deviation: its posterior over its prior variance, 1 where they tell nothing.
    ///
    /// # Errors
    /// A mode that is not a minimum.
    pub fn shrinkage(&self) -> Result<Vec<f64>> {
        let covariance = self.covariance()?;
        Ok((0..self.names.len()).map(|i| covariance[(i, i)] / self.omega[(i, i)]).collect())
    }

    /// `n` people that this person may be: drawn about the mode with a wider spread, and drawn again by their weight under the posterior. The
    /// same seed gives the same people on every machine.
    ///
    /// # Errors
    /// No draws, a mode that is not a minimum, weights that rest on a few draws.
    pub fn people(&self, n: u64, seed: u64) -> Result<Population> {
        #[expect(clippy::cast_precision_loss, reason = "a count of draws")]
        let whole = n as f64;
        let candidates = self.weighted(4 * n, seed)?;
        let total: f64 = candidates.iter().map(|(weight, _)| weight).sum();
        let squares: f64 = candidates.iter().map(|(weight, _)| weight * weight).sum();
        let effective = total * total / squares;
        if n == 0 || effective < 50.0_f64.min(whole) {
            return Err(Error::value(format!(
                "the {n} draws rest on {effective:.0} of weight: the posterior of this person is far from normal; ask for more draws"
            )));
        }
        // Systematic resampling: one uniform number for all.
        let start = Stream { seed, subject: u64::MAX, purpose: Purpose::Typical }.draw().uniform();
        let (mut models, mut sum, mut at) = (Vec::new(), 0.0, 0);
        let mut mark = start;
        for _ in 0..n {
            let share = mark / whole * total;
            while at + 1 < candidates.len() && sum + candidates[at].0 < share {
                sum += candidates[at].0;
                at += 1;
            }
            models.push(candidates[at].1.clone());
            mark += 1.0;
        }
        Population::of(models, seed)
    }

    /// Draws about the mode with their weights.
    fn weighted(&self, n: u64, seed: u64) -> Result<Vec<(f64, Model)>> {
        // A little wider than the normal at the mode, so that tails are met.
        const WIDER: f64 = 1.3;
        let (k, all) = (self.names.len(), std::slice::from_ref(&self.sampled));
        let root =
            self.covariance()?.cholesky().ok_or_else(|| Error::value("the covariance of this person has no root"))?.l();
        let inverse = self.omega.clone().cholesky().map_or_else(|| DMatrix::zeros(k, k), |root| root.inverse());
        let mut found = Vec::new();
        for i in 0..n {
            let mut draw = Stream { seed, subject: i, purpose: Purpose::Typical }.draw();
            let z = DVector::from_fn(k, |_, _| draw.normal());
            let eta = DVector::from_column_slice(&self.found.x) + WIDER * &root * &z;
            let x: Vec<f64> = self.median.iter().zip(eta.iter()).map(|(median, eta)| median + eta).collect();
            let Some(value) = value(&self.theory, all, &x) else { continue };
            let joint = value + eta.dot(&(&inverse * &eta)) - self.ofv();
            let weight = exp((-0.5 * (joint - z.norm_squared())).min(700.0));
            found.push((weight, self.theory.model(&self.theory.values(&x))?));
        }
        if found.is_empty() {
            return Err(Error::value("no draw of this person has a likelihood"));
        }
        Ok(found)
    }
}
