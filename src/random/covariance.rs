//! How the deviations of several parameters hang together.

use nalgebra::{DMatrix, SMatrix};

use super::law::omega_of;
use crate::error::{self, Error, Result};
use crate::numeric::LN_SQRT_TAU;

/// The covariance of `N` deviations that has been checked: symmetric, and no combination of deviations has a variance below zero.
///
/// A parameter may have no variance, and deviations may follow from others (a correlation of 1); then it has no inverse.
///
/// For log-normal parameters the deviations are those of the logarithm, `eta = ln(value / median)`, so that a variance is
/// `omega^2 = ln(1 + cv^2)`.
///
/// ```
/// use menaquinone::random::Covariance;
/// // CL and V vary by 35 %, ka by 40 %; the logarithms of CL and V are correlated by 0.5.
/// let omega = Covariance::of_cvs([0.35, 0.35, 0.40], &[(0, 1, 0.5)])?;
/// assert!((omega.matrix()[0][0] - 0.1156).abs() < 1e-4);
/// assert!((omega.matrix()[0][1] - 0.0578).abs() < 1e-4);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Covariance<const N: usize> {
    matrix: [[f64; N]; N],
    /// The matrix of which it is the square: the lower triangle of Cholesky, unless it is singular.
    root: [[f64; N]; N],
    /// Whether some deviations follow from others.
    is_singular: bool,
}

impl<const N: usize> Covariance<N> {
    /// From a matrix of `N` rows of `N` numbers.
    ///
    /// A parameter that does not vary has a row and a column of zeros.
    ///
    /// ```
    /// use menaquinone::random::Covariance;
    /// let error = Covariance::<2>::new(&[[0.1, 0.2], [0.2, 0.1]]).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the covariance of parameters 1 and 2 gives a correlation of 2, but it must lie within -1 and 1"
    /// );
    /// let error = Covariance::<3>::new(&[[0.1, 0.0], [0.0, 0.1]]).unwrap_err();
    /// assert_eq!(error.to_string(), "the covariance matrix has 2 rows, but 3 parameters vary: give 3 rows of 3 numbers");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Another number of rows or columns, a number that is not finite, a negative variance, a matrix that is not symmetric, or
    /// correlations that cannot be true together.
    pub fn new<R: AsRef<[f64]>>(rows: &[R]) -> Result<Self> {
        let size = || format!("{N} parameters vary: give {N} rows of {N} numbers");
        if rows.len() != N {
            return Err(Error::value(format!("the covariance matrix has {} rows, but {}", rows.len(), size())));
        }
        let mut matrix = [[0.0; N]; N];
        for (i, row) in rows.iter().enumerate() {
            let row = row.as_ref();
            matrix[i] = row.try_into().map_err(|_| {
                let (row, columns) = (i + 1, row.len());
                Error::value(format!("row {row} of the covariance matrix has {columns} numbers, but {}", size()))
            })?;
        }
        check(&matrix)?;
        let (root, is_singular) = root(&matrix)?;
        Ok(Self { matrix, root, is_singular })
    }

    /// From the coefficients of variation of `N` log-normal parameters (0.35 is 35 %) and the correlations of their logarithms,
    /// as (parameter, parameter, correlation) with parameters counted from 0. What is not named is uncorrelated.
    ///
    /// ```
    /// use menaquinone::random::Covariance;
    /// let error = Covariance::of_cvs([0.3, 0.3], &[(0, 2, 0.5)]).unwrap_err();
    /// assert_eq!(error.to_string(), "a correlation names parameter 2, but there are 2, counted from 0");
    /// ```
    ///
    /// # Errors
    /// A CV that is negative, not finite or above 10; a correlation outside [-1, 1], of a parameter with itself, with one that
    /// does not exist, or named twice; correlations that cannot be true together.
    pub fn of_cvs(cvs: [f64; N], correlations: &[(usize, usize, f64)]) -> Result<Self> {
        let mut omegas = [0.0; N];
        for (i, cv) in cvs.into_iter().enumerate() {
            omegas[i] = omega_of(&format!("the CV of parameter {i}"), cv)?;
        }
        let mut matrix = [[0.0; N]; N];
        for i in 0..N {
            matrix[i][i] = omegas[i] * omegas[i];
        }
        for (position, &(i, j, correlation)) in correlations.iter().enumerate() {
            check_pair(N, i, j, correlation)?;
            let same = |other: &(usize, usize, f64)| (other.0, other.1) == (i, j) || (other.1, other.0) == (i, j);
            if correlations[..position].iter().any(same) {
                return Err(Error::value(format!(
                    "the correlation of parameters {i} and {j} is named twice: keep one"
                )));
            }
            matrix[i][j] = correlation * omegas[i] * omegas[j];
            matrix[j][i] = matrix[i][j];
        }
        Self::new(&matrix)
    }

    /// The matrix, row by row.
    pub fn matrix(&self) -> &[[f64; N]; N] {
        &self.matrix
    }

    /// The logarithm of the determinant, over the parameters that vary.
    ///
    /// ```
    /// use menaquinone::random::Covariance;
    /// let omega = Covariance::<2>::new(&[[4.0, 2.0], [2.0, 2.0]])?;
    /// assert!((omega.ln_det()? - 4.0_f64.ln()).abs() < 1e-15);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A singular matrix: some deviations follow from others.
    pub fn ln_det(&self) -> Result<f64> {
        self.check_regular()?;
        let varying = (0..N).map(|i| self.root[i][i]).filter(|root| *root > 0.0);
        Ok(2.0 * varying.map(f64::ln).sum::<f64>())
    }

    /// The inverse times deviations: `x` of `covariance · x = deviations`, so that `x · deviations` is their squared distance from
    /// 0. A parameter that does not vary takes no part, and its `x` is 0.
    ///
    /// ```
    /// use menaquinone::random::Covariance;
    /// let omega = Covariance::<2>::new(&[[4.0, 2.0], [2.0, 2.0]])?;
    /// assert_eq!(omega.solve([2.0, 0.0])?, [1.0, -1.0]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A singular matrix: some deviations follow from others. A deviation other than 0 of a parameter that does not vary.
    pub fn solve(&self, deviations: [f64; N]) -> Result<[f64; N]> {
        self.check_regular()?;
        let (root, mut x) = (&self.root, deviations);
        for i in 0..N {
            if root[i][i] == 0.0 {
                if x[i] != 0.0 {
                    return Err(Error::value(format!(
                        "the deviation of parameter {} is {}, but this parameter does not vary: give 0",
                        i + 1,
                        x[i]
                    )));
                }
                continue;
            }
            let known: f64 = (0..i).map(|j| root[i][j] * x[j]).sum();
            x[i] = (x[i] - known) / root[i][i];
        }
        for i in (0..N).rev().filter(|i| root[*i][*i] > 0.0) {
            let known: f64 = (i + 1..N).map(|j| root[j][i] * x[j]).sum();
            x[i] = (x[i] - known) / root[i][i];
        }
        Ok(x)
    }

    /// The logarithm of the density of deviations under the normal distribution, over the parameters that vary.
    ///
    /// ```
    /// use menaquinone::random::Covariance;
    /// let omega = Covariance::<1>::new(&[[0.25]])?;
    /// assert!((omega.ln_density([0.5])?.exp() - 0.483_941_449_038_286_7).abs() < 1e-15);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`solve`](Self::solve). The slope in the deviations is `-solve(deviations)`.
    pub fn ln_density(&self, deviations: [f64; N]) -> Result<f64> {
        let x = self.solve(deviations)?;
        let distance: f64 = x.iter().zip(&deviations).map(|(x, deviation)| x * deviation).sum();
        #[expect(clippy::cast_precision_loss, reason = "a number of parameters")]
        let varying = (0..N).filter(|i| self.root[*i][*i] > 0.0).count() as f64;
        Ok(-0.5 * (distance + self.ln_det()?) - varying * LN_SQRT_TAU)
    }

    fn check_regular(&self) -> Result<()> {
        if !self.is_singular {
            return Ok(());
        }
        Err(Error::value(
            "the covariance matrix is singular: some deviations follow from others, so that it has no inverse; leave those parameters out",
        ))
    }

    /// Independent standard normal numbers made correlated.
    #[inline]
    pub(super) fn times(&self, normal: &[f64; N]) -> [f64; N] {
        let mut etas = [0.0; N];
        for i in 0..N {
            for j in 0..N {
                // The zeros above the diagonal as well: a loop of known length is a few vector instructions.
                etas[i] += self.root[i][j] * normal[j];
            }
        }
        etas
    }
}

fn check_pair(n: usize, i: usize, j: usize, correlation: f64) -> Result<()> {
    if let Some(stranger) = [i, j].into_iter().find(|parameter| *parameter >= n) {
        return Err(Error::value(format!(
            "a correlation names parameter {stranger}, but there are {n}, counted from 0"
        )));
    }
    if i == j {
        return Err(Error::value(format!("a correlation of parameter {i} with itself was given: it is always 1")));
    }
    if !(-1.0..=1.0).contains(&correlation) {
        return Err(Error::value(format!(
            "the correlation of parameters {i} and {j} is {correlation}, but it must lie within -1 and 1"
        )));
    }
    Ok(())
}

fn check<const N: usize>(matrix: &[[f64; N]; N]) -> Result<()> {
    for i in 0..N {
        error::non_negative(format_args!("the variance of parameter {}", i + 1), matrix[i][i], "")?;
        for j in 0..i {
            let pair = format_args!("the covariance of parameters {} and {}", j + 1, i + 1).to_string();
            error::finite(&pair, matrix[i][j], "")?;
            error::finite(&pair, matrix[j][i], "")?;
            // Two roundings of one number are the same covariance; anything more is a mistake.
            let slack = 1e-12 * matrix[i][j].abs();
            if (matrix[i][j] - matrix[j][i]).abs() > slack {
                let (above, below) = (matrix[j][i], matrix[i][j]);
                return Err(Error::value(format!(
                    "{pair} is {above} above the diagonal and {below} below it, but a covariance matrix is symmetric"
                )));
            }
            let most = (matrix[i][i] * matrix[j][j]).sqrt();
            if matrix[i][j].abs() > most * (1.0 + 1e-12) {
                return Err(if most == 0.0 {
                    Error::value(format!("{pair} is {}, but one of them does not vary: give 0", matrix[i][j]))
                } else {
                    let correlation = matrix[i][j] / most;
                    Error::value(format!(
                        "{pair} gives a correlation of {correlation}, but it must lie within -1 and 1"
                    ))
                });
            }
        }
    }
    Ok(())
}

/// A square root of the matrix. It is the lower triangle of Cholesky where there is one; a parameter without variance takes no
/// part, and a 1 stands in for it while the others are factored.
fn root<const N: usize>(matrix: &[[f64; N]; N]) -> Result<([[f64; N]; N], bool)> {
    let entry = |i: usize, j: usize| if i == j && matrix[i][i] == 0.0 { 1.0 } else { matrix[i.max(j)][i.min(j)] };
    let varies = |i: usize| matrix[i][i] > 0.0;
    let Some(factor) = SMatrix::<f64, N, N>::from_fn(entry).cholesky() else {
        return Ok((root_of_singular(matrix)?, true));
    };
    let lower = factor.l();
    let row = |i: usize| std::array::from_fn(|j| if varies(i) && j <= i { lower[(i, j)] } else { 0.0 });
    Ok((std::array::from_fn(row), false))
}

/// A square root of a matrix in which some deviations follow from others, from the eigenvectors of its correlations. Eigenvalues
/// that are below zero by rounding are zero.
fn root_of_singular<const N: usize>(matrix: &[[f64; N]; N]) -> Result<[[f64; N]; N]> {
    const ROUNDING: f64 = 1e-14;
    let sd = |i: usize| matrix[i][i].sqrt();
    let correlation = |i: usize, j: usize| match sd(i) * sd(j) {
        0.0 => 0.0,
        product => matrix[i.max(j)][i.min(j)] / product,
    };
    let parts = DMatrix::from_fn(N, N, correlation).symmetric_eigen();
    let lowest = parts.eigenvalues.min();
    #[expect(clippy::cast_precision_loss, reason = "a number of parameters")]
    if lowest < -ROUNDING * N as f64 {
        return Err(Error::value(format!(
            "the covariance matrix is none: its correlations cannot all be true at once (the lowest eigenvalue of their matrix is {lowest:.2e}), so bring them closer to 0"
        )));
    }
    let root = |i: usize, j: usize| sd(i) * parts.eigenvectors[(i, j)] * parts.eigenvalues[j].max(0.0).sqrt();
    Ok(std::array::from_fn(|i| std::array::from_fn(|j| root(i, j))))
}
