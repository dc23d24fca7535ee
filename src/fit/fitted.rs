//! A theory fitted: the estimates, and how sure they are.

use nalgebra::{DMatrix, SymmetricEigen};
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::name::Name;
use super::prepared::Prepared;
use super::quantity::Quantity;
use super::residual::weight;
use super::rows::Levels;
use super::samples::{Reading, Sampled, Samples};
use super::start::is_least_squares;
use super::theory::{Off, Theory};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::numeric::{Least, scaled_inverse};
use crate::sensitivity::Order;

/// An estimate with its standard error.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// What it is called.
    pub name: Name,
    /// The estimate.
    pub value: f64,
    /// The standard error; `None` where the data do not tell it.
    pub se: Option<f64>,
    /// The standard error over the estimate.
    pub rse: Option<f64>,
    /// The 95 % interval of Wald: on the scale of the search (the logarithm of a number above zero), by the quantile of Student's t.
    pub wald: Option<(f64, f64)>,
}

/// A theory fitted to curves.
///
/// ```
/// use menaquinone::{FirstOrder, OneCompartment, fit::{Sampled, Samples, Theory, free}};
/// let samples = Samples::new(&[0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0], &[3.1, 5.2, 6.9, 6.4, 4.4, 3.1, 1.0])?;
/// let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(1.0), v: free(10.0) })?;
/// let fit = theory.fit(&Sampled::new("100 ug once".parse()?, samples))?;
/// assert!(fit.settled());
/// let cl = &fit.estimates()[1];
/// assert_eq!(cl.name.to_string(), "cl");
/// assert!(cl.value > 0.9 && cl.value < 1.2);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Fit {
    pub(super) theory: Theory,
    pub(super) data: Vec<Sampled>,
    pub(super) found: Least,
    /// Other ends of the search with another value, the next best first.
    pub(super) others: Vec<f64>,
    /// The values at an end elsewhere that is as low.
    pub(super) twin: Option<Vec<f64>>,
    pub(super) covariance: Option<DMatrix<f64>>,
    /// The variance that the residuals give, in least squares; 1 for a likelihood.
    pub(super) scale: f64,
}

impl Fit {
    /// The theory.
    pub fn theory(&self) -> &Theory {
        &self.theory
    }

    /// Whether the search came to a minimum: nothing more is promised, and every direction leads upward.
    pub fn settled(&self) -> bool {
        self.found.settled
    }

    /// The values of what was to be found, in the order of [`Theory::free`].
    pub fn values(&self) -> Vec<f64> {
        self.theory.values(&self.found.x)
    }

    /// The fitted model.
    ///
    /// # Errors
    /// None for a fit that has been made.
    pub fn model(&self) -> Result<Model> {
        self.theory.model(&self.values())
    }

    /// How many samples there were.
    pub fn count(&self) -> usize {
        self.data.iter().map(|sampled| sampled.samples.len() + sampled.summaries.len()).sum()
    }

    /// The objective: -2 ln likelihood without the constant `n ln 2 pi` as NONMEM prints it, or in least squares the weighted sum of squares.
    pub fn ofv(&self) -> f64 {
        self.found.near.value
    }

    /// -2 ln likelihood with the constant. In least squares that of a normal error whose variance is the sum of squares over the number of
    /// samples, as R's `logLik` has it.
    #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
    pub fn minus2ll(&self) -> f64 {
        let levels: usize =
            self.data.iter().map(|sampled| sampled.summaries.len() + sampled.samples.levels().count()).sum();
        let n = levels as f64;
        let constant = n * std::f64::consts::TAU.ln();
        if !is_least_squares(&self.theory) {
            return self.ofv() + constant;
        }
        let weights: f64 = self.weights().iter().map(|weight| weight.ln()).sum();
        n * (self.ofv() / n).ln() + n + constant - weights
    }

    /// The Akaike criterion, `-2 ln L + 2 p`; in least squares the variance counts as a number.
    #[expect(clippy::cast_precision_loss, reason = "a count of numbers")]
    pub fn aic(&self) -> f64 {
        self.minus2ll() + 2.0 * self.numbers() as f64
    }

    /// The Akaike criterion for few samples, `aic + 2 p (p + 1) / (n - p - 1)`; infinite where there are too few.
    #[expect(clippy::cast_precision_loss, reason = "a count of numbers")]
    pub fn aicc(&self) -> f64 {
        let (n, p) = (self.count() as f64, self.numbers() as f64);
        if n - p - 1.0 > 0.0 { self.aic() + 2.0 * p * (p + 1.0) / (n - p - 1.0) } else { f64::INFINITY }
    }

    /// The Bayesian criterion, `-2 ln L + p ln n`.
    #[expect(clippy::cast_precision_loss, reason = "a count of numbers")]
    pub fn bic(&self) -> f64 {
        self.minus2ll() + self.numbers() as f64 * (self.count() as f64).ln()
    }

    fn numbers(&self) -> usize {
        self.found.x.len() + usize::from(is_least_squares(&self.theory))
    }

    /// The standard deviation of the residuals in least squares, `sqrt(sum of squares / (n - p))`, on the scale of the weights; none where
    /// the theory has an error.
    pub fn sigma(&self) -> Option<f64> {
        is_least_squares(&self.theory).then(|| self.scale.sqrt())
    }

    /// The fitted levels at the samples of each curve, µg/L.
    ///
    /// # Errors
    /// None for a fit that has been made.
    pub fn predicted(&self) -> Result<Vec<Vec<f64>>> {
        let values = self.values();
        self.data.iter().map(|sampled| super::levels::levels((&self.theory, &values), sampled)).collect()
    }

    /// One of the curves that it was fitted to; 0 is the first.
    ///
    /// # Errors
    /// A curve that there is not.
    pub fn sampled(&self, curve: usize) -> Result<&Sampled> {
        self.data.get(curve).ok_or_else(|| {
            Error::value(format!("the fit has no curve {curve}: it was made of {} (0 is the first)", self.data.len()))
        })
    }

    /// The fitted levels of one of the curves at any times, µg/L.
    ///
    /// # Errors
    /// A curve that there is not, times that decrease.
    pub fn levels(&self, curve: usize, times: &[f64]) -> Result<Vec<f64>> {
        let samples = Samples::new(times, &vec![0.0; times.len()])?;
        let sampled = self.sampled(curve)?.at(samples)?;
        super::levels::levels((&self.theory, &self.values()), &sampled)
    }

    /// The weight of each level in least squares.
    pub(super) fn weights(&self) -> Vec<f64> {
        let Off::Squares(weights) = self.theory.off else { return vec![1.0; self.count()] };
        let predicted = self.predicted().unwrap_or_default().into_iter().flatten();
        let readings = self.data.iter().flat_map(|sampled| sampled.samples.readings());
        let weight = |(reading, predicted): (Reading, f64)| weight(weights, reading, predicted);
        readings.zip(predicted).map(weight).collect()
    }

    /// The covariance of the coordinates: in least squares `s^2 (J' W J)^-1`, else twice the inverse of the exact Hessian of -2 ln L.
    pub(super) fn find_covariance(&self) -> Option<DMatrix<f64>> {
        scaled_inverse(&self.information()?)
    }

    /// What the data tell of the coordinates, the inverse of whose covariance it is.
    pub(super) fn information(&self) -> Option<DMatrix<f64>> {
        let n = self.found.x.len();
        let information = if is_least_squares(&self.theory) {
            let (mut information, mut room) = (DMatrix::zeros(n, n), Levels::default());
            let mut weights = self.weights().into_iter();
            for sampled in &self.data {
                Prepared::new(&self.theory, sampled).levels(&self.found.x, Order::First, &mut room).ok()?;
                for conc in room.rows() {
                    let weight = weights.next()?;
                    for i in 0..n {
                        for j in 0..n {
                            information[(i, j)] += weight * conc[1 + i] * conc[1 + j];
                        }
                    }
                }
            }
            information / self.scale
        } else {
            0.5 * &self.found.near.hessian
        };
        Some(information)
    }

    /// The covariance of the estimates, by the delta method from that of the coordinates; none where some direction is not told.
    pub fn covariance(&self) -> Option<DMatrix<f64>> {
        let slopes = self.slopes();
        let covariance = self.covariance.as_ref()?;
        Some(DMatrix::from_fn(slopes.len(), slopes.len(), |i, j| covariance[(i, j)] * slopes[i] * slopes[j]))
    }

    /// The correlations of the coordinates of the estimates.
    pub fn correlation(&self) -> Option<DMatrix<f64>> {
        let c = self.covariance.as_ref()?;
        Some(DMatrix::from_fn(c.nrows(), c.nrows(), |i, j| c[(i, j)] / (c[(i, i)] * c[(j, j)]).sqrt()))
    }

    /// The condition number of the correlations: the largest over the smallest eigenvalue. Above 1,000 some combination is badly told.
    pub fn condition(&self) -> Option<f64> {
        let eigen = SymmetricEigen::new(self.correlation()?);
        Some(eigen.eigenvalues.max() / eigen.eigenvalues.min())
    }

    fn slopes(&self) -> Vec<f64> {
        self.theory.free().iter().zip(&self.found.x).map(|((_, unknown), x)| unknown.value(*x)[1]).collect()
    }

    /// The standard errors of the estimates.
    pub(super) fn standard_errors(&self) -> Option<Vec<f64>> {
        let covariance = self.covariance.as_ref()?;
        Some(self.slopes().iter().enumerate().map(|(i, slope)| covariance[(i, i)].sqrt() * slope.abs()).collect())
    }

    /// The degrees of freedom of the residuals.
    #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
    pub fn degrees_of_freedom(&self) -> f64 {
        (self.count() as f64 - self.found.x.len() as f64).max(1.0)
    }

    /// A quantile of Student's t for the residuals.
    pub(super) fn student(&self, p: f64) -> f64 {
        StudentsT::new(0.0, 1.0, self.degrees_of_freedom()).map_or(f64::NAN, |t| t.inverse_cdf(p))
    }

    /// The estimates, in the order of [`Theory::free`].
    pub fn estimates(&self) -> Vec<Estimate> {
        let t = self.student(0.975);
        let (values, slopes) = (self.values(), self.slopes());
        let estimate = |(i, (name, unknown)): (usize, &(Name, super::Unknown))| {
            let root = self.covariance.as_ref().map(|covariance| covariance[(i, i)].sqrt());
            let se = root.map(|root| root * slopes[i].abs());
            let x = self.found.x[i];
            let wald = root.map(|root| (unknown.value(x - t * root)[0], unknown.value(x + t * root)[0]));
            Estimate { name: *name, value: values[i], se, rse: se.map(|se| se / values[i].abs()), wald }
        };
        self.theory.free().iter().enumerate().map(estimate).collect()
    }

    /// A function of the model with its standard error by the delta method.
    ///
    /// # Errors
    /// A function that is no number at the estimates, or data that do not tell it.
    pub fn estimate_of(&self, function: impl Fn(&Model) -> f64) -> Result<(f64, f64)> {
        let quantity = |x: &[f64]| {
            let value = function(&self.theory.model(&self.theory.values(x)).ok()?);
            value.is_finite().then_some(value)
        };
        let x = &self.found.x;
        let value = quantity(x).ok_or_else(|| Error::value("the function has no value at the estimates"))?;
        let untold = || Error::value("the data do not tell this function: some direction of the estimates has no end");
        let slopes = Quantity::Function(&quantity).slopes(x).ok_or_else(untold)?;
        let covariance = self.covariance.as_ref().ok_or_else(untold)?;
        Ok((value, spread(&slopes, covariance)))
    }
}

/// The standard deviation of a function with these slopes.
pub(super) fn spread(slopes: &[f64], covariance: &DMatrix<f64>) -> f64 {
    let slopes = nalgebra::DVector::from_column_slice(slopes);
    slopes.dot(&(covariance * &slopes)).max(0.0).sqrt()
}
