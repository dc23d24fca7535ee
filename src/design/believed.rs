//! What is believed of a theory's numbers beforehand, as draws.

use crate::error::{self, Error, Result};
use crate::fit::Theory;
use crate::random::{Purpose, Stream};

/// `n` theories whose numbers are drawn log-normally about the start of one, each with a coefficient of variation that says how well it is known; those not
/// named stay. For [`Criterion::on_average`](super::Criterion::on_average). The same seed gives the same draws on every machine.
///
/// ```
/// use menaquinone::{Bolus, OneCompartment, assay::ResidualError, design::draws, fit::{Theory, free}};
/// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
///     .with_error(ResidualError::Additive { sd: 0.5 })?;
/// let believed = draws(&theory, &[("cl", 0.3)], 50, 1)?;
/// assert!(believed.iter().all(|theory| theory.free()[1].1.start() == 10.0));
/// assert_eq!(believed, draws(&theory, &[("cl", 0.3)], 50, 1)?);
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// # Errors
/// No draws, a name that is not free in the theory, a number that is not above zero, a CV that is not.
pub fn draws(theory: &Theory, spread: &[(&str, f64)], n: u32, seed: u64) -> Result<Vec<Theory>> {
    if !(1..=10_000).contains(&n) {
        return Err(Error::value(format!("{n} draws were asked for, but it must be 1 to 10000")));
    }
    let free = theory.free();
    let mut places = Vec::new();
    for (name, cv) in spread {
        error::positive(format!("the CV of what is believed of {name}"), *cv, "")?;
        let place = free.iter().position(|(own, _)| own.to_string() == *name).ok_or_else(|| {
            let names: Vec<String> = free.iter().map(|(own, _)| own.to_string()).collect();
            Error::value(format!("`{name}` is not free in the theory: what is free is {}", names.join(", ")))
        })?;
        error::positive(format!("the start of {name}, about which it is drawn"), free[place].1.start(), "")?;
        places.push((place, (cv * cv).ln_1p().sqrt()));
    }
    let theory_of = |subject: u32| {
        let mut draw = Stream { seed, subject: u64::from(subject), purpose: Purpose::Typical }.draw();
        let mut values: Vec<f64> = free.iter().map(|(_, unknown)| unknown.start()).collect();
        for (place, sd) in &places {
            values[*place] *= (sd * draw.normal()).exp();
        }
        theory.starting_at(&values)
    };
    (0..n).map(theory_of).collect()
}
