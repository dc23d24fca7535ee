//! How a solved curve depends on the numbers of its equations: by differences.

use crate::error::{Error, Result};
use crate::profile::Profile;

/// The concentrations of equations at their numbers, with first derivatives by each.
#[derive(Debug, Clone, PartialEq)]
pub struct Differences {
    /// The concentrations at the numbers, µg/L.
    pub conc: Vec<f64>,
    /// For each number its derivative at each time, µg/L over the unit of the number.
    pub first: Vec<Vec<f64>>,
}

/// The concentrations that `profile` gives at some numbers, and their derivatives by central differences of the fourth order with steps of 1/500 of
/// each number (or 1/500 where it is 0).
///
/// Unlike [`Model::sensitivities`](crate::Model::sensitivities) they are not exact: they have the error of the solver over the step, some 500 times
/// the tolerance, and about 1e-10 of their own. Ask for a tolerance of 1e-10 or less. A lag or a duration that moves an event across an output
/// time makes a corner, which differences blur.
///
/// ```
/// use menaquinone::{Dose, ode::{System, Tolerance, differences}};
/// struct Own {
///     cl: f64,
///     v: f64,
/// }
/// impl System<1> for Own {
///     fn derivative(&self, _t: f64, &[plasma]: &[f64; 1]) -> [f64; 1] {
///         [-self.cl / self.v * plasma]
///     }
///     fn concentration(&self, [plasma]: &[f64; 1]) -> f64 {
///         plasma / self.v
///     }
/// }
/// let tolerance = Tolerance { rtol: 1e-11, atol: 1e-11, ..Tolerance::default() };
/// let found = differences(&[2.0, 20.0], |&[cl, v]| Own { cl, v }.profile(Dose::of(100.0), &[5.0], tolerance))?;
/// // By the clearance the level falls by t/v of itself.
/// assert!((found.first[0][0] / (-5.0 / 20.0 * found.conc[0]) - 1.0).abs() < 1e-7);
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// # Errors
/// What `profile` refuses, also at numbers near by; a number that is not finite.
pub fn differences<const N: usize>(
    numbers: &[f64; N],
    profile: impl Fn(&[f64; N]) -> Result<Profile>,
) -> Result<Differences> {
    const SHARE: f64 = 2e-3;
    if let Some(bad) = numbers.iter().find(|number| !number.is_finite()) {
        return Err(Error::value(format!("a number of the equations is {bad}, but it must be finite")));
    }
    let conc = profile(numbers)?.conc().to_vec();
    let mut first = Vec::with_capacity(N);
    for i in 0..N {
        let h = SHARE * if numbers[i] == 0.0 { 1.0 } else { numbers[i].abs() };
        let at = |step: f64| {
            let mut moved = *numbers;
            moved[i] += step * h;
            Ok::<_, Error>(profile(&moved)?.conc().to_vec())
        };
        let [a, b, c, d] = [at(-2.0)?, at(-1.0)?, at(1.0)?, at(2.0)?];
        let slope = |t: usize| (a[t] - 8.0 * b[t] + 8.0 * c[t] - d[t]) / (12.0 * h);
        first.push((0..conc.len()).map(slope).collect());
    }
    Ok(Differences { conc, first })
}
