//! What is seen of a person whose mode lies on an edge.

use nalgebra::{DMatrix, DVector};

use crate::fit::rows::Levels;

/// What is seen on an edge.
#[derive(Debug, Clone)]
pub(super) struct Corner {
    /// The levels, with slopes between those of both sides.
    pub(super) levels: Levels,
    /// By how much the first derivatives of each level jump, by the coordinates of the person.
    pub(super) jumps: Vec<Vec<f64>>,
    /// The jump of the level that bends: it is at right angles to the edge.
    pub(super) normal: Vec<f64>,
    /// The jump of the slopes of `l` by the deviations, and the Hessian of `l` between both sides.
    pub(super) across: DVector<f64>,
    pub(super) bend: DMatrix<f64>,
}

impl Corner {
    /// How `ln |H|` feels what moves the mode: by what each slope of `l` has to be taken, and by what the normal of the edge. `eta` is its slope by
    /// the deviations, and `share` that by the share of one side.
    pub(super) fn response(&self, at: &[usize], eta: &DVector<f64>, share: f64) -> Option<(DVector<f64>, f64)> {
        let n = eta.len();
        let normal = DVector::from_fn(n, |i, _| self.normal[at[i]]);
        let found = bordered(&self.bend, &normal, &self.across).lu().solve(&eta.clone().push(share))?;
        Some((found.rows(0, n).into_owned(), found[n]))
    }
}

/// A matrix with one more column, one more row, and zero where they meet.
pub(super) fn bordered(matrix: &DMatrix<f64>, column: &DVector<f64>, row: &DVector<f64>) -> DMatrix<f64> {
    let n = column.len();
    DMatrix::from_fn(n + 1, n + 1, |i, j| match (i < n, j < n) {
        (true, true) => matrix[(i, j)],
        (true, false) => column[i],
        (false, true) => row[j],
        (false, false) => 0.0,
    })
}
