//! The covariance of the deviations, and its coordinates: logarithms on the diagonal of the Cholesky factor of each block.

use nalgebra::DMatrix;

use crate::numeric::exp;

/// Which deviations vary together: blocks, between which the covariance is zero and stays so.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Blocks(Vec<Vec<usize>>);

/// The covariance at a place of a search.
#[derive(Debug, Clone)]
pub(super) struct Omega {
    pub(super) matrix: DMatrix<f64>,
    pub(super) inverse: DMatrix<f64>,
    pub(super) ln_det: f64,
    /// The lower root.
    pub(super) root: DMatrix<f64>,
}

impl Blocks {
    /// The blocks of a matrix: what a covariance that is not zero joins.
    pub(super) fn of(omega: &DMatrix<f64>) -> Self {
        let n = omega.nrows();
        let mut block: Vec<usize> = (0..n).collect();
        for i in 0..n {
            for j in 0..i {
                if omega[(i, j)] != 0.0 {
                    let (from, to) = (block[i].max(block[j]), block[i].min(block[j]));
                    block.iter_mut().filter(|own| **own == from).for_each(|own| *own = to);
                }
            }
        }
        let members = |head: usize| (0..n).filter(|i| block[*i] == head).collect::<Vec<_>>();
        Self((0..n).map(members).filter(|members| !members.is_empty()).collect())
    }

    /// The places of the lower triangle that are coordinates, in their order.
    pub(super) fn places(&self) -> Vec<(usize, usize)> {
        let of_block = |block: &Vec<usize>| {
            (0..block.len()).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|(i, j)| (block[i], block[j])).collect()
        };
        self.0.iter().flat_map(|block| -> Vec<(usize, usize)> { of_block(block) }).collect()
    }

    /// The coordinates of a matrix that has these blocks; none where it is not positive definite.
    pub(super) fn coordinates(&self, omega: &DMatrix<f64>) -> Option<Vec<f64>> {
        let root = omega.clone().cholesky()?.l();
        Some(self.places().iter().map(|&(i, j)| if i == j { root[(i, i)].ln() } else { root[(i, j)] }).collect())
    }

    /// The matrix at coordinates.
    pub(super) fn omega(&self, n: usize, x: &[f64]) -> Option<Omega> {
        let mut root = DMatrix::zeros(n, n);
        for (&(i, j), x) in self.places().iter().zip(x) {
            root[(i, j)] = if i == j { exp(*x) } else { *x };
        }
        let ln_det = 2.0 * root.diagonal().iter().map(|own: &f64| own.ln()).sum::<f64>();
        let over = root.clone().try_inverse()?;
        let inverse = over.transpose() * &over;
        let all_finite = ln_det.is_finite() && inverse.iter().all(|own: &f64| own.is_finite());
        all_finite.then(|| Omega { matrix: &root * root.transpose(), inverse, ln_det, root })
    }

    /// The slopes by the coordinates of a function whose slope by the matrix is `by_matrix` (symmetric: `dF = tr(by_matrix dOmega)`).
    pub(super) fn slopes(&self, omega: &Omega, by_matrix: &DMatrix<f64>) -> Vec<f64> {
        let by_root = 2.0 * by_matrix * &omega.root;
        let of = |&(i, j): &(usize, usize)| by_root[(i, j)] * if i == j { omega.root[(i, i)] } else { 1.0 };
        self.places().iter().map(of).collect()
    }
}
