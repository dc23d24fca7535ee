//! D: the volume of the confidence region.

use nalgebra::DMatrix;

use super::root::Root;
use super::{Measure, Row, Score};
use crate::design::view::View;
use crate::error::Result;

pub(super) const ROW: Row =
    Row { symbol: "D", meaning: "the volume of the confidence region of all numbers", formula: "det(M)^(1/n)" };

#[derive(Debug, Clone, Copy)]
pub(super) struct D;

impl Measure for D {
    fn row(&self) -> &'static Row {
        &ROW
    }

    fn on(&self, _: &View) -> Result<Box<dyn Score>> {
        Ok(Box::new(Self))
    }

    fn says(&self, value: f64) -> String {
        format!("det(M)^(1/n) = {value:.6}")
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of numbers")]
pub(super) fn count(information: &DMatrix<f64>) -> f64 {
    information.nrows() as f64
}

impl Score for D {
    fn value(&self, information: &DMatrix<f64>) -> Option<f64> {
        Some((Root::of(information)?.ln_det() / count(information)).exp())
    }

    fn slope(&self, information: &DMatrix<f64>) -> Option<DMatrix<f64>> {
        let share = self.value(information)? / count(information);
        Some(share * information.clone().cholesky()?.inverse())
    }
}
