//! The slopes of a function of a model, by differences of the fourth order of the function alone.

use nalgebra::DVector;

use crate::error::{Error, Result};
use crate::numeric::fourth;

/// The slopes by so many numbers: `at` is the value of the function where one has gone a step, none where there is none, and `near` says where that is.
///
/// # Errors
/// A function that has no value, or depends on nothing of all that is told.
pub(super) fn slopes(
    n: usize,
    at: impl Fn(usize, f64) -> Option<f64>,
    near: impl Fn(usize) -> String,
) -> Result<DVector<f64>> {
    const STEP: f64 = 1e-3;
    let mut slopes = DVector::zeros(n);
    for i in 0..n {
        let value = |step: f64| at(i, step).filter(|value| value.is_finite());
        slopes[i] = fourth(STEP, value)
            .ok_or_else(|| Error::value(format!("the function of the model has no value near {}", near(i))))?;
    }
    if slopes.amax() == 0.0 {
        return Err(Error::value(
            "the function of the model does not depend on any number that is told: there is nothing to design for",
        ));
    }
    Ok(slopes)
}
