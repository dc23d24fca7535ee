//! One person after a few levels: the prior of the people and the likelihood of the levels together.

use nalgebra::{DMatrix, DVector};
use smallvec::SmallVec;

use super::given::check_given;
use super::kinds::{Errors, check_kinds};
use super::name::Name;
use super::objective::Objective;
use super::samples::Sampled;
use super::start::is_least_squares;
use super::theory::Theory;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::numeric::{Least, Near, exp, least_unless};
use crate::population::Population;
use crate::random::{Purpose, Stream};
use crate::sensitivity::Order;
use crate::workers::{Work, for_each_row};

/// What is known of one person from the people (the prior) and from the person's own samples.
///
/// The deviations `eta` are those of the logarithm: a number of the person is its median times `e^eta`, unless the theory says that they are
/// those of the number or of its logit. Where something varies from occasion to occasion there is one more for each of the person's occasions.
/// The model of the person is that at the last record, where covariates change.
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
        Prior::new(self, sampled)?.person(sampled)
    }

    /// The posterior of each of several people, in their order; one who has none does not stop the others. With the feature `parallel` they are
    /// dealt to all cores, and the number of cores cannot change a bit.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, fit::{Sampled, Samples, Theory, fixed}};
    /// let (cl, v) = (fixed(1.27).varying(0.35), fixed(154.0).varying(0.35));
    /// let theory = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl, v })?
    ///     .with_error(ResidualError::Proportional { cv: 0.15 })?;
    /// let person = |level: f64| -> menaquinone::Result<Sampled> {
    ///     Ok(Sampled::new("90 ug daily for 14 days".parse()?, Samples::new(&[312.0], &[level])?))
    /// };
    /// let people = theory.posteriors(&[person(1.1)?, person(0.7)?]);
    /// let cl = |i: usize| people[i].as_ref().map(|person| person.eta()[0]).unwrap();
    /// assert!(cl(0) < cl(1)); // a lower level tells of a higher clearance
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn posteriors(&self, all: &[Sampled]) -> Vec<Result<Posterior>> {
        /// About how long one of a few levels takes, ns; by the general way it is far longer.
        const WORK: Work = Work { width: 1, nanoseconds: 1e5 };
        let mut found: Vec<Option<Result<Posterior>>> = vec![None; all.len()];
        let dealt = for_each_row(
            &mut found,
            WORK,
            || Ok(()),
            |(), first, rows| {
                for (row, sampled) in rows.iter_mut().zip(&all[first..]) {
                    *row = Some(self.posterior(sampled));
                }
                Ok(())
            },
        );
        let person = |person: Option<Result<Posterior>>| match (&dealt, person) {
            (Ok(()), Some(person)) => person,
            (Err(error), _) => Err(error.clone()),
            (Ok(()), None) => Err(Error::value("the person was not looked at")),
        };
        found.into_iter().map(person).collect()
    }
}

/// What is known of a person before any sample: the theory of that person, and how the people differ.
#[derive(Debug)]
struct Prior {
    theory: Theory,
    names: Vec<Name>,
    omega: DMatrix<f64>,
    inverse: DMatrix<f64>,
    median: Vec<f64>,
}

impl Prior {
    fn new(theory: &Theory, sampled: &Sampled) -> Result<Self> {
        if theory.varying().is_empty() && theory.varying_within().is_empty() {
            return Err(Error::value(
                "nothing varies between people in this theory, so that a person cannot differ: write `fixed(1.27).varying(0.35)`",
            ));
        }
        if is_least_squares(theory) {
            return Err(Error::value(
                "the posterior of a person weighs levels against people: give the theory an error (Theory::with_error)",
            ));
        }
        theory.check_known(sampled)?;
        check_kinds(&theory.with_kinds_of(sampled), std::iter::once((sampled.id.as_str(), &sampled.samples)))?;
        let (own, omega) = theory.personal(sampled)?;
        let inverse = omega.clone().cholesky().map(|root| root.inverse()).ok_or_else(|| {
            Error::value(
                "the covariance of the deviations is not positive definite: no deviations can vary together like that",
            )
        })?;
        let (names, median) = (own.free().into_iter().map(|(name, _)| name).collect(), own.coordinates());
        Ok(Self { theory: own, names, omega, inverse, median })
    }

    /// The coordinates of a person with some deviations.
    fn coordinates(&self, eta: &[f64]) -> SmallVec<[f64; 6]> {
        self.median.iter().zip(eta).map(|(median, eta)| median + eta).collect()
    }

    fn person(self, sampled: &Sampled) -> Result<Posterior> {
        check_given(&self.theory, std::slice::from_ref(sampled))?;
        let objective = Objective::new(&self.theory, std::slice::from_ref(sampled));
        let n = self.median.len();
        let evaluate = |eta: &[f64]| -> Option<Near> {
            let mut here = objective.near(&self.coordinates(eta))?;
            for i in 0..n {
                let pull: f64 = (0..n).map(|j| self.inverse[(i, j)] * eta[j]).sum();
                here.value += eta[i] * pull;
                here.gradient[i] += 2.0 * pull;
            }
            here.hessian.zip_apply(&self.inverse, |own, prior| *own += 2.0 * prior);
            Some(here)
        };
        let found = best_mode(evaluate, &self.omega)?;
        let x = self.coordinates(&found.x);
        let model = self.theory.model_of(sampled, &self.theory.values(&x))?;
        let expected = &self.inverse + expected_information(&self.theory, &objective, &x)?;
        let precision = 0.5 * &found.near.hessian;
        drop(objective);
        let Self { theory, names, omega, median, .. } = self;
        Ok(Posterior { theory, model, names, omega, found, precision, expected, sampled: sampled.clone(), median })
    }
}

/// The lowest mode from several starts: no deviation, and each deviation one standard deviation up and down. One that comes near a mode that is
/// known is not followed further.
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
        let end = least_unless(&evaluate, &start, |x, there| ends.iter().any(|end| end.is_ahead(x, there)));
        ends.extend(end);
    }
    ends.sort_by(|a, b| a.near.value.total_cmp(&b.near.value));
    ends.into_iter().next().ok_or_else(|| {
        Error::value("no deviation of this person has a likelihood: check the units of the levels, and that the error has a spread at every level")
    })
}

/// What the levels tell on average: `sum a a'/R + c c'/(2 R^2)` with the slopes of prediction and variance. Censored samples take no part.
fn expected_information(theory: &Theory, objective: &Objective<'_>, x: &[f64]) -> Result<DMatrix<f64>> {
    let n = x.len();
    let errors = Errors::at(theory, Order::First.space(n), &[]);
    let mut information = DMatrix::zeros(n, n);
    for curve in objective.curves() {
        for (conc, reading) in curve.predicted(x, Order::First)?.iter().zip(curve.sampled().samples.readings()) {
            let Some((a, variance)) = errors.of(reading).normal(reading, conc) else { continue };
            let r = variance[0];
            for i in 0..n {
                for j in 0..n {
                    information[(i, j)] += a[1 + i] * a[1 + j] / r + variance[1 + i] * variance[1 + j] / (2.0 * r * r);
                }
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
        let k = self.names.len();
        let objective = Objective::new(&self.theory, std::slice::from_ref(&self.sampled));
        let root =
            self.covariance()?.cholesky().ok_or_else(|| Error::value("the covariance of this person has no root"))?.l();
        let inverse = self.omega.clone().cholesky().map_or_else(|| DMatrix::zeros(k, k), |root| root.inverse());
        let mut found = Vec::new();
        for i in 0..n {
            let mut draw = Stream { seed, subject: i, purpose: Purpose::Typical }.draw();
            let z = DVector::from_fn(k, |_, _| draw.normal());
            let eta = DVector::from_column_slice(&self.found.x) + WIDER * &root * &z;
            let x: Vec<f64> = self.median.iter().zip(eta.iter()).map(|(median, eta)| median + eta).collect();
            let Some(value) = objective.value(&x) else { continue };
            let joint = value + eta.dot(&(&inverse * &eta)) - self.ofv();
            let weight = exp((-0.5 * (joint - z.norm_squared())).min(700.0));
            found.push((weight, self.theory.model_of(&self.sampled, &self.theory.values(&x))?));
        }
        if found.is_empty() {
            return Err(Error::value("no draw of this person has a likelihood"));
        }
        Ok(found)
    }
}
