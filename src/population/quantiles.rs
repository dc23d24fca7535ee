//! Quantiles of what was found in many people.

use crate::error::{Error, Result};
use crate::numeric::quantile;

/// Quantiles of numbers in any order, such as the troughs of all people: type 7 of Hyndman & Fan, Am Stat 1996;50:361, the default
/// of R and numpy.
///
/// ```
/// use menaquinone::population::quantiles;
/// assert_eq!(quantiles(&[3.0, 1.0, 2.0, 5.0], [0.5, 1.0])?, [2.5, 5.0]);
/// assert_eq!(
///     quantiles(&[3.0, 1.0], [1.5]).unwrap_err().to_string(),
///     "a quantile was asked for at 1.5, but it must lie between 0 and 1"
/// );
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// # Errors
/// No numbers, one that is not finite, a quantile outside [0, 1].
pub fn quantiles<const N: usize>(values: &[f64], at: [f64; N]) -> Result<[f64; N]> {
    if values.is_empty() {
        return Err(Error::value("quantiles of no numbers were asked for: give at least one"));
    }
    // Between two infinite numbers there is no line, and the quantile would be NaN.
    if let Some((i, value)) = values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        return Err(Error::value(format!("number {} is {value}, so there are no quantiles: leave it out", i + 1)));
    }
    if let Some(p) = at.into_iter().find(|p| !(0.0..=1.0).contains(p)) {
        return Err(Error::value(format!("a quantile was asked for at {p}, but it must lie between 0 and 1")));
    }
    let mut values = values.to_vec();
    Ok(at.map(|p| quantile(&mut values, p)))
}
