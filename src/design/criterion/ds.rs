//! Ds: the volume of the confidence region of some numbers.

use nalgebra::DMatrix;

use super::d::{D, count};
use super::{Measure, Row, Score};
use crate::design::view::View;
use crate::error::{Error, Result};

pub(super) const ROW: Row = Row {
    symbol: "Ds",
    meaning: "the volume of the confidence region of some numbers, whatever the others are",
    formula: "det((C_ss)^-1)^(1/s)",
};

#[derive(Debug, Clone)]
pub(super) struct Ds {
    pub(super) names: Vec<String>,
}

/// The places of the others.
#[derive(Debug)]
struct Some_ {
    others: Vec<usize>,
    all: usize,
}

impl Measure for Ds {
    fn row(&self) -> &'static Row {
        &ROW
    }

    fn on(&self, view: &View) -> Result<Box<dyn Score>> {
        for name in &self.names {
            if !view.names.contains(name) {
                return Err(Error::value(format!(
                    "there is no number `{name}` in this design: its numbers are {}",
                    view.names.join(", ")
                )));
            }
        }
        if self.names.is_empty() {
            return Err(Error::value("the criterion Ds needs the names of the numbers that count: give at least one"));
        }
        let others: Vec<usize> = (0..view.names.len()).filter(|i| !self.names.contains(&view.names[*i])).collect();
        Ok(if others.is_empty() { Box::new(D) } else { Box::new(Some_ { others, all: view.names.len() }) })
    }

    fn says(&self, value: f64) -> String {
        format!("of {}: {value:.6}", self.names.join(", "))
    }
}

impl Some_ {
    fn others(&self, information: &DMatrix<f64>) -> DMatrix<f64> {
        let n = self.others.len();
        DMatrix::from_fn(n, n, |i, j| information[(self.others[i], self.others[j])])
    }
}

impl Score for Some_ {
    fn value(&self, information: &DMatrix<f64>) -> Option<f64> {
        let others = self.others(information);
        let whole = D.value(information)?.ln() * count(information);
        let rest = D.value(&others)?.ln() * count(&others);
        Some(((whole - rest) / (count(information) - count(&others))).exp())
    }

    fn slope(&self, information: &DMatrix<f64>) -> Option<DMatrix<f64>> {
        let others = self.others(information);
        let share = self.value(information)? / (count(information) - count(&others));
        let mut slope = information.clone().cholesky()?.inverse();
        let rest = others.cholesky()?.inverse();
        for (a, i) in self.others.iter().enumerate() {
            for (b, j) in self.others.iter().enumerate() {
                slope[(*i, *j)] -= rest[(a, b)];
            }
        }
        debug_assert_eq!(slope.nrows(), self.all);
        Some(share * slope)
    }
}
