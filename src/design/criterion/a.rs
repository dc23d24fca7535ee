//! A: the mean of the squared relative standard errors.

use nalgebra::DMatrix;

use super::d::count;
use super::root::Root;
use super::{Measure, Row, Score};
use crate::design::view::View;
use crate::error::Result;

pub(super) const ROW: Row = Row {
    symbol: "A",
    meaning: "the mean of the squared relative standard errors of all numbers",
    formula: "n / sum(C_ii / x_i^2)",
};

#[derive(Debug, Clone, Copy)]
pub(super) struct A;

/// One over the square of each number, 1 where it is 0.
#[derive(Debug)]
struct Shares(Vec<f64>);

impl Measure for A {
    fn row(&self) -> &'static Row {
        &ROW
    }

    fn on(&self, view: &View) -> Result<Box<dyn Score>> {
        let share = |value: &f64| if *value == 0.0 { 1.0 } else { 1.0 / (value * value) };
        Ok(Box::new(Shares(view.values.iter().map(share).collect())))
    }

    fn says(&self, value: f64) -> String {
        format!("the relative standard errors are {:.2} % in the mean (of their squares)", 100.0 / value.sqrt())
    }
}

impl Shares {
    fn sum(&self, covariance: &DMatrix<f64>) -> f64 {
        self.0.iter().enumerate().map(|(i, share)| share * covariance[(i, i)]).sum()
    }
}

impl Score for Shares {
    fn value(&self, information: &DMatrix<f64>) -> Option<f64> {
        // What is told by rounding alone is not told.
        Root::of(information)?;
        let covariance = information.clone().cholesky()?.inverse();
        Some(count(information) / self.sum(&covariance))
    }

    fn slope(&self, information: &DMatrix<f64>) -> Option<DMatrix<f64>> {
        let covariance = information.clone().cholesky()?.inverse();
        let sum = self.sum(&covariance);
        let weighed = DMatrix::from_fn(self.0.len(), self.0.len(), |i, j| self.0[i] * covariance[(i, j)]);
        Some(count(information) / (sum * sum) * &covariance * weighed)
    }
}
