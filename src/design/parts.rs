//! Which numbers an approximation tells, and how rows become their information.

use nalgebra::DMatrix;

use super::approximation::Approximation;
use super::frame::{Frame, Places};
use super::row::Shape;
use crate::error::{Error, Result};
use crate::fit::Outlook;

/// The names of the numbers, their values, and the frame.
type Parts = (Vec<String>, Vec<f64>, Frame);

/// The numbers that an approximation tells, with their values, and how rows become their information.
pub(super) fn parts(outlook: &Outlook, approximation: Approximation) -> Parts {
    match approximation {
        Approximation::Posterior => of_one(outlook),
        Approximation::Person => of_people_or_person(outlook, false, false),
        Approximation::Full => of_people_or_person(outlook, true, true),
        Approximation::Reduced | Approximation::Modes { .. } => of_people_or_person(outlook, true, false),
    }
}

/// Of the deviations of one person: those of the occasions are not known, and stand in the variance.
fn of_one(outlook: &Outlook) -> Parts {
    let by = outlook.varying.iter().map(|(_, at)| (*at, 1.0)).collect();
    let occasions = !outlook.kappa.is_empty();
    let shape = Shape { by, errors: 0, eta: outlook.kappa.clone(), bends: occasions };
    let names = outlook.varying.iter().map(|(name, _)| format!("eta({name})")).collect();
    let omega = covariance(&DMatrix::zeros(0, 0), outlook);
    let frame = Frame { shape, omega, pairs: Vec::new(), full: occasions };
    (names, vec![0.0; outlook.varying.len()], frame)
}

fn of_people_or_person(outlook: &Outlook, of_people: bool, full: bool) -> Parts {
    let by = outlook.typical.iter().map(|own| (own.coordinate, own.slope)).collect();
    let (mut names, mut values): (Vec<String>, Vec<f64>) =
        outlook.sought().into_iter().map(|(name, value)| (name.to_string(), value)).unzip();
    let errors = outlook.error.len();
    if !of_people {
        let shape = Shape { by, errors, eta: Vec::new(), bends: false };
        return (names, values, Frame { shape, omega: Vec::new(), pairs: Vec::new(), full: true });
    }
    let q = outlook.varying.len();
    let mut pairs = Vec::new();
    for i in 0..q {
        for j in (0..=i).filter(|j| outlook.omega[(i, *j)] != 0.0) {
            let (one, other) = (outlook.varying[i].0, outlook.varying[j].0);
            names.push(if i == j { format!("omega2({one})") } else { format!("cov({other}, {one})") });
            values.push(outlook.omega[(i, j)]);
            pairs.push(Places::from_slice(&[(i, j)]));
        }
    }
    let (within, all) = (outlook.within.len(), q + outlook.kappa.len());
    for (k, (name, variance)) in outlook.within.iter().enumerate() {
        names.push(format!("omega2({})", outlook.within_name(*name)));
        values.push(*variance);
        pairs.push((q + k..all).step_by(within).map(|at| (at, at)).collect());
    }
    let eta = outlook.varying.iter().map(|(_, at)| *at).chain(outlook.kappa.iter().copied()).collect();
    let shape = Shape { by, errors, eta, bends: full };
    (names, values, Frame { shape, omega: covariance(&outlook.omega, outlook), pairs, full })
}

/// The covariance of deviations, row by row: this between people, and beside it the variances of each occasion.
fn covariance(between: &DMatrix<f64>, outlook: &Outlook) -> Vec<f64> {
    let (q, all) = (between.nrows(), between.nrows() + outlook.kappa.len());
    let of = |(i, j): (usize, usize)| match i.checked_sub(q) {
        None if j < q => between[(i, j)],
        Some(k) if i == j => outlook.within[k % outlook.within.len()].1,
        _ => 0.0,
    };
    (0..all * all).map(|k| of((k / all, k % all))).collect()
}

/// The precision of the deviations between people.
pub(super) fn precision(outlook: &Outlook) -> Result<DMatrix<f64>> {
    outlook.omega.clone().cholesky().map(|root| root.inverse()).ok_or_else(no_covariance)
}

/// The root of their covariance.
pub(super) fn root(outlook: &Outlook) -> Result<DMatrix<f64>> {
    if outlook.varying.is_empty() {
        return Ok(DMatrix::zeros(0, 0));
    }
    outlook.omega.clone().cholesky().map(|root| root.l()).ok_or_else(no_covariance)
}

fn no_covariance() -> Error {
    Error::value("the covariance of the deviations is not positive definite: no deviations can vary together like that")
}
