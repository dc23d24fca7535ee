//! c: the variance of a function of the model.

use std::fmt;
use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use super::root::Root;
use super::{Measure, Row, Score};
use crate::design::view::View;
use crate::error::Result;
use crate::model::Model;

pub(super) const ROW: Row = Row {
    symbol: "c",
    meaning: "the variance of a function of the model, such as the logarithm of a half-life",
    formula: "1 / (g' C g)",
};

#[derive(Clone)]
pub(super) struct C {
    pub(super) of: Arc<dyn Fn(&Model) -> f64 + Send + Sync>,
}

impl fmt::Debug for C {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("C(a function)")
    }
}

/// The slopes of the function by the numbers.
#[derive(Debug)]
pub(super) struct Along(pub(super) DVector<f64>);

impl Measure for C {
    fn row(&self) -> &'static Row {
        &ROW
    }

    fn on(&self, view: &View) -> Result<Box<dyn Score>> {
        Ok(Box::new(Along(view.slopes_of(&*self.of)?)))
    }

    fn says(&self, value: f64) -> String {
        format!("the standard error of the function is {:.6}", value.sqrt().recip())
    }
}

impl Score for Along {
    fn value(&self, information: &DMatrix<f64>) -> Option<f64> {
        Some(1.0 / Root::of(information)?.square(self.0.as_slice()))
    }

    fn slope(&self, information: &DMatrix<f64>) -> Option<DMatrix<f64>> {
        let along = information.clone().cholesky()?.solve(&self.0);
        let value = 1.0 / self.0.dot(&along);
        Some(value * value * &along * along.transpose())
    }
}
