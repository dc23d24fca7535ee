//! What samples are expected to tell: the matrix of Fisher's information, and what follows from it.

use std::sync::Arc;

use nalgebra::{DMatrix, SymmetricEigen};

use super::approximation::Approximation;
use super::untold::Untold;
use super::view::View;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::numeric::scaled_inverse;

/// The expected information on the numbers of a theory: of each the reciprocal of a variance, in the units of the numbers.
///
/// The numbers are those of the theory themselves and not logarithms: the typical numbers, those of the error as the theory has them (`cv`, `sd`),
/// and the variances and covariances of the deviations, named as in a fit of people. [`with_error_variances`](Self::with_error_variances) has the
/// squares of the error's in their place.
///
/// ```
/// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, design::{Arm, Design}, fit::{Theory, free}};
/// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
///     .with_error(ResidualError::Additive { sd: 0.5 })?;
/// let information = Design::of(&theory, Arm::of(Dose::iv(100.0)).at(&[0.0, 10.0]))?.information()?;
/// // 100/v at once: its slope by v is -1, and 10 h later -(1 - 1) e^-1 = 0 with -t/v 10 e^-1 by cl.
/// assert!((information.se()?[1] - 0.5).abs() < 1e-12);
/// assert!((information.se()?[0] - 0.5 * 0.1 * 1.0_f64.exp()).abs() < 1e-12);
/// assert!(information.correlation("cl", "v")?.abs() < 1e-12);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Information {
    pub(super) names: Vec<String>,
    pub(super) values: Vec<f64>,
    matrix: DMatrix<f64>,
    view: Arc<View>,
    untold: Vec<Untold>,
    /// Whether the numbers of the error are variances.
    squared: bool,
}

impl Information {
    pub(super) fn of(view: Arc<View>, untold: Vec<Untold>, matrix: DMatrix<f64>) -> Self {
        Self { names: view.names.clone(), values: view.values.clone(), matrix, view, untold, squared: false }
    }

    /// What the numbers are called: the names of their fields, `omega2(cl)` and `cov(cl, v)`, or `eta(cl)` of one person of the people.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The values at which the information is taken.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The matrix, in the order of the names.
    pub fn matrix(&self) -> &DMatrix<f64> {
        &self.matrix
    }

    /// The determinant.
    pub fn determinant(&self) -> f64 {
        self.matrix.determinant()
    }

    /// The determinant to the power of one over the number of numbers: in proportion to the people.
    pub fn d_criterion(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a count of numbers")]
        let n = self.names.len() as f64;
        self.determinant().powf(1.0 / n)
    }

    /// This information with the numbers of the error as variances (`cv2`, `sd2`), as programs that ask for sigma have them.
    ///
    /// ```
    /// # use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, design::{Arm, Design}, fit::{Theory, free}};
    /// # let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
    /// #     .with_error(ResidualError::Additive { sd: free(0.5) })?;
    /// let own = Design::of(&theory, Arm::of(Dose::iv(100.0)).at(&[0.0, 1.0, 10.0, 20.0]))?.information()?;
    /// let squared = own.clone().with_error_variances();
    /// assert_eq!(squared.names()[2], "sd2");
    /// assert!((squared.rse()?[2] / own.rse()?[2] - 2.0).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn with_error_variances(mut self) -> Self {
        let first = self.view.frame.shape.by.len();
        if self.squared {
            return self;
        }
        for i in first..first + self.view.frame.shape.errors {
            let slope = 2.0 * self.values[i];
            for j in 0..self.names.len() {
                self.matrix[(i, j)] /= slope;
                self.matrix[(j, i)] /= slope;
            }
            self.values[i] *= self.values[i];
            self.names[i].push('2');
        }
        Self { squared: true, ..self }
    }

    /// The covariance of the numbers that is expected: the inverse.
    ///
    /// # Errors
    /// A direction that these samples do not tell, by the names in it, with what sample would tell it.
    pub fn covariance(&self) -> Result<DMatrix<f64>> {
        scaled_inverse(&self.matrix).ok_or_else(|| match self.untold.first() {
            Some(untold) => Error::value(untold.sentence.clone()),
            None => Error::value("the information is not positive definite: some numbers are not told"),
        })
    }

    /// The standard errors that are expected.
    ///
    /// # Errors
    /// As for [`covariance`](Self::covariance).
    pub fn se(&self) -> Result<Vec<f64>> {
        Ok(self.covariance()?.diagonal().iter().map(|variance| variance.sqrt()).collect())
    }

    /// The relative standard errors (0.1 is 10 %): of a number that is 0, infinite.
    ///
    /// # Errors
    /// As for [`covariance`](Self::covariance).
    pub fn rse(&self) -> Result<Vec<f64>> {
        Ok(self.se()?.iter().zip(&self.values).map(|(se, value)| se / value.abs()).collect())
    }

    /// The place of a number by its name.
    ///
    /// # Errors
    /// A name that none has.
    pub fn place(&self, name: &str) -> Result<usize> {
        self.names.iter().position(|own| own == name).ok_or_else(|| {
            Error::value(format!("there is no number `{name}` in this information: {}", self.names.join(", ")))
        })
    }

    /// The correlation of two estimates that is expected.
    ///
    /// # Errors
    /// As for [`covariance`](Self::covariance); a name that none has.
    pub fn correlation(&self, one: &str, other: &str) -> Result<f64> {
        let (i, j, covariance) = (self.place(one)?, self.place(other)?, self.covariance()?);
        Ok(covariance[(i, j)] / (covariance[(i, i)] * covariance[(j, j)]).sqrt())
    }

    /// The variance that is expected of a function of the model, such as a half-life or its logarithm: `g' C g` with the slopes `g` of the function,
    /// which are differences of it alone.
    ///
    /// ```
    /// # use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, design::{Arm, Design}, fit::{Theory, free}};
    /// # let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
    /// #     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let information = Design::of(&theory, Arm::of(Dose::iv(100.0)).at(&[0.0, 20.0]))?.information()?;
    /// // The logarithm of the rate is that of a slope over 20 h, whose variance is 2 cv^2 / 20^2, over the rate.
    /// let variance = information.variance_of(|model| model.half_life().ln())?;
    /// assert!((variance / (2.0 * 0.01 / 400.0 / 0.01) - 1.0).abs() < 0.03); // beside what the error itself tells
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`covariance`](Self::covariance); a function that has no value, or depends on no number.
    pub fn variance_of(&self, of: impl Fn(&Model) -> f64) -> Result<f64> {
        let slopes = self.view.slopes_of(&of)?;
        Ok(slopes.dot(&(self.covariance()? * &slopes)))
    }

    /// How little the samples tell of each deviation of a person of the people: the variance that is left over that between people, 1 where they
    /// tell nothing. For [`Approximation::Posterior`].
    ///
    /// # Errors
    /// Information of another kind.
    pub fn shrinkage(&self) -> Result<Vec<f64>> {
        if self.view.approximation != Approximation::Posterior {
            return Err(Error::value(
                "shrinkage is of the deviations of one person: ask for Design::by(Approximation::Posterior)",
            ));
        }
        let covariance = self.covariance()?;
        let omega = &self.view.outlook.omega;
        Ok((0..self.names.len()).map(|i| covariance[(i, i)] / omega[(i, i)]).collect())
    }

    /// The directions that are not told, alone or together; none where the matrix has an inverse.
    pub fn untold(&self) -> &[Untold] {
        &self.untold
    }

    /// The condition number of the matrix for relative changes of the numbers: the largest over the smallest eigenvalue.
    pub fn condition(&self) -> f64 {
        let size = |i: usize| if self.values[i] == 0.0 { 1.0 } else { self.values[i].abs() };
        let n = self.names.len();
        let scaled = DMatrix::from_fn(n, n, |i, j| self.matrix[(i, j)] * size(i) * size(j));
        let eigen = SymmetricEigen::new(scaled).eigenvalues;
        eigen.max() / eigen.min().max(0.0)
    }
}
