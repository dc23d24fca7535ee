//! A population fitted: the estimates, how sure they are, and what each person adds.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};

use super::begin::{begin, elsewhere, twins, wider};
use super::data::People;
use super::enough::check;
use super::evaluate::{Asked, Part};
use super::history::History;
use super::layout::Layout;
use super::method::Method;
use super::objective::Objective;
use super::outer::{LOST, Search};
use super::seek::seek;
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::fit::name::Name;
use crate::fit::theory::Theory;
use crate::numeric::{Descent, scaled_inverse};

/// A number of a population with its standard error.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeopleEstimate {
    /// What it is called: the name of its field, `omega2(cl)` for the variance of a deviation, `cov(cl, v)` for a covariance.
    pub name: String,
    /// The estimate.
    pub value: f64,
    /// The standard error; `None` where the data do not tell it, or where the estimate is at an end.
    pub se: Option<f64>,
    /// The standard error over the estimate.
    pub rse: Option<f64>,
    /// The 95 % interval of Wald on the scale of the search (the logarithm of a number above zero).
    pub wald: Option<(f64, f64)>,
}

/// A theory fitted to people.
///
/// ```
/// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Sampled, Samples, Theory, free}};
/// // Eight people, whose clearances are spread about 1 L/h.
/// let person = |(id, cl): (usize, f64)| {
///     let times = [1.0, 4.0, 12.0];
///     let wobble = if id % 2 == 0 { 1.04 } else { 0.95 };
///     let conc = times.map(|t: f64| 10.0 * (-cl / 10.0 * t).exp() * wobble);
///     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&times, &conc).unwrap()))
/// };
/// let clearances = [0.6, 0.75, 0.85, 0.95, 1.05, 1.15, 1.3, 1.6];
/// let people = People::new(clearances.into_iter().enumerate().map(person))?;
/// let theory = Theory::new(Bolus, OneCompartment { cl: free(2.0).varying(0.5), v: free(12.0) })?
///     .with_error(ResidualError::Proportional { cv: free(0.1) })?;
/// let fit = theory.fit_people(&people, Method::Focei)?;
/// assert!(fit.settled());
/// let cl = &fit.estimates()[0];
/// assert!((cl.value / 1.0 - 1.0).abs() < 0.05);
/// let omega2 = &fit.estimates()[3];
/// assert_eq!(omega2.name, "omega2(cl)");
/// assert!((omega2.value.sqrt() / 0.29 - 1.0).abs() < 0.1);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct PeopleFit {
    pub(super) layout: Layout,
    pub(super) people: People,
    pub(super) found: Descent,
    pub(super) start: Descent,
    pub(super) objective: Objective,
    /// The Hessian of the objective by the coordinates that are not at an end.
    pub(super) hessian: Option<DMatrix<f64>>,
    pub(super) scores: Vec<DVector<f64>>,
    /// Which coordinates were held: variances and parts of the error that go to zero.
    pub(super) held: Vec<Option<f64>>,
    pub(super) settled: bool,
    /// The way of the search by SAEM.
    pub(super) history: Option<History>,
}

impl Theory {
    /// Fits this theory to people by a method: the numbers that are free, those of the error, and the covariance of what varies.
    ///
    /// ```
    /// # use menaquinone::{Bolus, OneCompartment, fit::{Method, People, Theory, free}};
    /// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5".parse()?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) })?;
    /// let error = theory.fit_people(&People::of_table(&table)?, Method::Focei).unwrap_err();
    /// assert!(error.to_string().contains("give the theory an error"), "{error}");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`objective`](Self::objective); fewer people or samples than unknowns; a start from which no person's likelihood can be taken.
    pub fn fit_people(&self, people: &People, method: Method) -> Result<PeopleFit> {
        self.by_method(people, method, None)
    }

    pub(super) fn by_method(&self, people: &People, method: Method, watch: Option<&Watch<'_>>) -> Result<PeopleFit> {
        let asked = Asked::new(self, people, method)?;
        check(&asked, people, asked.layout.start()?.len())?;
        let unless_stopped = || watch.map_or(Ok(()), Watch::check);
        let (mut search, start) = started(&asked, watch)?;
        unless_stopped()?;
        let start = start.ok_or_else(|| search.why_lost())?;
        let mut found = seek(&mut search, &start.x, &asked.layout);
        unless_stopped()?;
        let from = |(x, parts): (Vec<f64>, Vec<Part>)| {
            let mut search = Search::new(&asked, &x, &parts).watched(watch);
            let found = seek(&mut search, &x, &asked.layout);
            unless_stopped().map(|()| (found, search))
        };
        // A search that has lost its way begins once more elsewhere.
        if let Some(begin) = found.is_none().then(|| elsewhere(&asked)).flatten() {
            (found, search) = from(begin)?;
        }
        let mut found = found.ok_or_else(|| search.why_lost())?;
        // The other end, where the roles of absorption and elimination are exchanged, may be the better one.
        for begin in twins(&asked, &search.full(&found.descent.x)) {
            let (end, other) = from(begin)?;
            if let Some(end) = end.filter(|end| end.descent.value < found.descent.value) {
                (found, search) = (end, other);
            }
        }
        let lost = || Error::value(LOST);
        let parts = search.ends(&found.descent.x).ok_or_else(lost)?;
        let full = search.full(&found.descent.x);
        let scores = search.scores(&found.descent.x).ok_or_else(lost)?;
        let (held, objective) = (search.held.clone(), Objective::of(&asked, parts));
        let descent = Descent { x: full, ..found.descent };
        Ok(PeopleFit {
            settled: found.settled,
            hessian: found.hessian,
            layout: asked.layout,
            people: people.clone(),
            found: descent,
            start,
            objective,
            scores,
            held,
            history: None,
        })
    }
}

impl PeopleFit {
    /// The theory at the estimates: the start of a further fit, of a [`Posterior`](crate::fit::Posterior), of a simulation.
    ///
    /// # Errors
    /// None for a fit that has been made.
    pub fn theory(&self) -> Result<Theory> {
        let values: Vec<f64> =
            self.layout.names().iter().zip(&self.found.x).map(|((_, unknown), x)| unknown.value(*x)[0]).collect();
        let within: Vec<f64> = self.omega_within().into_iter().map(|(_, variance)| variance).collect();
        Ok(self.layout.theory.starting_at(&values)?.differing_by(self.omega()).differing_within_by(&within))
    }

    /// Whether the search came to a minimum: no slope is left, and a Newton step promises nothing.
    pub fn settled(&self) -> bool {
        self.settled
    }

    /// What each person adds at the estimates, and their modes.
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// The method that was used.
    pub fn method(&self) -> Method {
        self.objective.method()
    }

    /// The people that it was fitted to.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// The objective as NONMEM prints it, without the constant `n ln 2 pi`.
    pub fn ofv(&self) -> f64 {
        self.objective.ofv()
    }

    /// -2 ln likelihood with the constant.
    pub fn minus2ll(&self) -> f64 {
        self.objective.minus2ll()
    }

    /// How many numbers were sought.
    pub fn unknowns(&self) -> usize {
        self.found.x.len()
    }

    /// The Akaike criterion, `-2 ln L + 2 p`.
    #[expect(clippy::cast_precision_loss, reason = "a count of numbers")]
    pub fn aic(&self) -> f64 {
        self.minus2ll() + 2.0 * self.unknowns() as f64
    }

    /// The Bayesian criterion by the number of samples, `-2 ln L + p ln n`, as NONMEM's users form it.
    #[expect(clippy::cast_precision_loss, reason = "counts of numbers and samples")]
    pub fn bic(&self) -> f64 {
        self.minus2ll() + self.unknowns() as f64 * (self.people.count() as f64).ln()
    }

    /// The Bayesian criterion in which what belongs to how people vary counts by people, and the rest by samples (Delattre, Lavielle and
    /// Poursat 2014).
    #[expect(clippy::cast_precision_loss, reason = "counts of numbers, people and samples")]
    pub fn bic_mixed(&self) -> f64 {
        let varying: Vec<Name> = self.layout.varying().into_iter().chain(self.layout.within.iter().copied()).collect();
        let random = self.layout.blocks.places().len()
            + self.layout.names().iter().filter(|(name, _)| varying.contains(name)).count();
        let rest = self.unknowns() - random;
        self.minus2ll()
            + random as f64 * (self.people.len() as f64).ln()
            + rest as f64 * (self.people.count() as f64).ln()
    }

    /// The steepest slope at the end, and what a Newton step still promises.
    pub fn slope_and_promise(&self) -> (f64, f64) {
        let strides = self.layout.strides().into_iter().zip(&self.held).filter(|(_, held)| held.is_none());
        let slopes = self.found.gradient.iter().zip(strides).map(|(slope, (stride, _))| (slope * stride).abs());
        (slopes.fold(0.0, f64::max), self.found.promised)
    }

    /// The covariance of the deviations, in the order of [`Objective::names`].
    pub fn omega(&self) -> DMatrix<f64> {
        let n = self.layout.eta.len();
        self.spread().view((0, 0), (n, n)).into_owned()
    }

    /// The variances from occasion to occasion, by the numbers that vary so.
    pub fn omega_within(&self) -> Vec<(Name, f64)> {
        let (n, spread) = (self.layout.eta.len(), self.spread());
        self.layout.within.iter().enumerate().map(|(k, name)| (*name, spread[(n + k, n + k)])).collect()
    }

    /// The covariance between people, and beside it that from occasion to occasion.
    fn spread(&self) -> DMatrix<f64> {
        let (n, at) = (self.layout.deviations(), self.layout.omega_at());
        self.layout.blocks.omega(n, &self.found.x[at..]).map_or_else(|| DMatrix::zeros(n, n), |omega| omega.matrix)
    }

    /// The covariance of the coordinates that are not at an end: the inverse of half the Hessian of the objective; none where some direction
    /// is not told.
    pub fn coordinate_covariance(&self) -> Option<DMatrix<f64>> {
        scaled_inverse(&(0.5 * self.hessian.as_ref()?))
    }

    /// The covariance of the coordinates by the sandwich `R^-1 S R^-1` with the slopes of the people in `S`, right also where the theory is not.
    pub fn sandwich(&self) -> Option<DMatrix<f64>> {
        let own = self.coordinate_covariance()?;
        let mut s = DMatrix::zeros(own.nrows(), own.nrows());
        self.people.order().into_iter().for_each(|i| s += 0.25 * &self.scores[i] * self.scores[i].transpose());
        Some(&own * s * &own)
    }

    /// The condition number of the correlations of the coordinates: the largest over the smallest eigenvalue.
    pub fn condition(&self) -> Option<f64> {
        let all = self.eigenvalues()?;
        Some(all.last()? / all.first()?)
    }

    /// How much the modes of the people shrink to none: `1 - sd(eta) / omega` of each deviation.
    #[expect(clippy::cast_precision_loss, reason = "a count of people")]
    pub fn shrinkage(&self) -> Vec<f64> {
        let (omega, n, people) = (self.omega(), self.people.len() as f64, self.objective.by_id());
        let of = |i: usize| {
            let etas = people.iter().map(|person| person.eta[i]);
            let mean = etas.clone().sum::<f64>() / n;
            let variance = etas.map(|eta| (eta - mean).powi(2)).sum::<f64>() / (n - 1.0);
            1.0 - (variance / omega[(i, i)]).sqrt()
        };
        (0..self.layout.eta.len()).map(of).collect()
    }

    /// How much the modes shrink to none from occasion to occasion, over the occasions of all people: `1 - sd(kappa) / omega`, by the numbers that
    /// vary so.
    #[expect(clippy::cast_precision_loss, reason = "a count of occasions")]
    pub fn shrinkage_within(&self) -> Vec<(Name, f64)> {
        let of = |(name, variance): (Name, f64)| {
            let is_own = |own: &Name| matches!(own, Name::Occasion(basis, _) if Some(*basis) == name.basis());
            let people = self.objective.by_id().into_iter();
            let all: Vec<f64> = people
                .flat_map(|person| &person.kappa)
                .filter(|(own, _)| is_own(own))
                .map(|(_, kappa)| *kappa)
                .collect();
            let n = all.len() as f64;
            let mean = all.iter().sum::<f64>() / n;
            let found = all.iter().map(|own| (own - mean).powi(2)).sum::<f64>() / (n - 1.0);
            (name, 1.0 - (found / variance).sqrt())
        };
        self.omega_within().into_iter().map(of).collect()
    }

    /// The estimates: numbers of the typical person, of the error, variances and covariances.
    pub fn estimates(&self) -> Vec<PeopleEstimate> {
        let covariance = self.coordinate_covariance();
        let z = Normal::standard().inverse_cdf(0.975);
        let mut next = 0;
        // The place of each coordinate among those that are not held.
        let free: Vec<Option<usize>> = self
            .held
            .iter()
            .map(|held| {
                next += usize::from(held.is_none());
                held.is_none().then(|| next - 1)
            })
            .collect();
        let root = |slopes: &[(usize, f64)]| {
            let covariance = covariance.as_ref()?;
            let mut sum = 0.0;
            for (i, a) in slopes {
                for (j, b) in slopes {
                    sum += a * b * covariance[(free[*i]?, free[*j]?)];
                }
            }
            Some(sum.max(0.0).sqrt())
        };
        let mut all = Vec::new();
        for (i, (name, unknown)) in self.layout.names().iter().enumerate() {
            let x = self.found.x[i];
            let [value, slope, _] = unknown.value(x);
            let along = root(&[(i, 1.0)]);
            let se = along.map(|root| root * slope.abs());
            let wald = along.map(|root| (unknown.value(x - z * root)[0], unknown.value(x + z * root)[0]));
            all.push(PeopleEstimate { name: name.to_string(), value, se, rse: se.map(|se| se / value.abs()), wald });
        }
        let omega = self.spread();
        for ((i, j), name) in self.layout.blocks.places().into_iter().zip(self.layout.names_of_omega()) {
            let value = omega[(i, j)];
            let se = root(&self.slopes_of_omega(i, j));
            // A variance on its logarithm; a covariance as it is.
            let wald = se.map(|se| {
                if i == j {
                    let factor = (z * se / value).exp();
                    (value / factor, value * factor)
                } else {
                    (value - z * se, value + z * se)
                }
            });
            all.push(PeopleEstimate { name, value, se, rse: se.map(|se| se / value.abs()), wald });
        }
        all
    }

    /// The slopes of an element of the covariance by the coordinates.
    fn slopes_of_omega(&self, i: usize, j: usize) -> Vec<(usize, f64)> {
        let n = self.layout.deviations();
        let at = self.layout.omega_at();
        let Some(omega) = self.layout.blocks.omega(n, &self.found.x[at..]) else { return Vec::new() };
        let mut by = DMatrix::zeros(n, n);
        by[(i, j)] += 0.5;
        by[(j, i)] += 0.5;
        let slopes = self.layout.blocks.slopes(&omega, &by).into_iter().enumerate();
        slopes.filter(|(_, slope)| *slope != 0.0).map(|(k, slope)| (at + k, slope)).collect()
    }
}

/// A search at its start, with what is found there: it starts anew where the error is far too small, or where there are no slopes.
fn started<'s, 'a>(asked: &'s Asked<'a>, watch: Option<&'s Watch<'s>>) -> Result<(Search<'s, 'a>, Option<Descent>)> {
    let from = |(x, parts): (Vec<f64>, Vec<Part>)| {
        let mut search = Search::new(asked, &x, &parts).watched(watch);
        let start = search.start(&x);
        (search, start)
    };
    let (search, start) = from(begin(asked)?);
    // A search that was stopped is not lost.
    watch.map_or(Ok(()), Watch::check)?;
    let next = start.as_ref().map_or_else(|| elsewhere(asked), |start| wider(asked, start));
    Ok(match next {
        Some(begin) => from(begin),
        None => (search, start),
    })
}
