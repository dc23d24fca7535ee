//! Levels of zero, and predictions of zero, where the error is a share of the level: of such a sample there is no likelihood, or one without an end.

use super::inner::Person;
use super::layout::{Layout, Place};
use super::method::Method;
use super::term::slim;
use crate::assay::ResidualError;
use crate::error::{Error, Result};
use crate::fit::name::Name;
use crate::fit::samples::{Reading, Report, Sampled};
use crate::fit::theory::{Off, Theory};
use crate::fit::unknown::Unknown;
use crate::number::Number;

/// What to do instead.
const INSTEAD: &str =
    "give the error an additive part (sd), say the limit that the level lies below, or leave the sample out";

/// Refuses a level of zero whose likelihood has no value, or grows without end.
pub(super) fn check_zeros(theory: &Theory, sampled: &Sampled) -> Result<()> {
    let lag = theory.unknowns.iter().find(|(name, unknown)| {
        let moves = unknown.is_free() || unknown.cv() > 0.0 || unknown.cv_within() > 0.0;
        moves && matches!(name, Name::Number(Number::Tlag(_)))
    });
    for (i, reading) in sampled.samples.readings().enumerate() {
        if !matches!(reading.report, Report::Level(0.0)) {
            continue;
        }
        let why = match (error_of(theory, reading), lag) {
            (Some(ResidualError::LogNormal { .. }), _) => {
                "the level is 0, which has no logarithm, and the error is log-normal".to_owned()
            }
            (Some(error), Some((name, _))) if is_share(error) => format!(
                "the level is 0 and the error is a share of the level, so that the likelihood grows without end as {name} comes to that sample"
            ),
            _ => continue,
        };
        return Err(Error::value(format!("{}: {why}: {INSTEAD}", sampled.whose_sample(i))));
    }
    Ok(())
}

/// Why a person has no likelihood without deviations: the first sample that has none.
pub(super) fn without_likelihood(
    person: &Person<'_>,
    (layout, at, method): (&Layout, &Place, Method),
) -> Option<String> {
    let seat = person.seat(layout, at);
    let levels = person.plain(&seat.place.z)?;
    let (i, (reading, level)) = person.readings().zip(&levels).enumerate().find(|(_, (reading, level))| {
        slim(&seat.place.residual, *reading, (**level, **level), method.interacts()).is_none()
    })?;
    let Report::Level(measured) = reading.report else { return None };
    (*level == 0.0).then(|| {
        format!(
            "{}: the level is {measured}, but the prediction is 0, and an error that is a share of it has no spread there: {INSTEAD}",
            person.sampled.whose_sample(i)
        )
    })
}

/// The error that a sample has.
fn error_of(theory: &Theory, reading: Reading) -> Option<ResidualError<Unknown>> {
    let own = theory.kinds.iter().find(|(kind, _)| Some(*kind) == reading.kind).map(|(_, error)| *error);
    own.or(if let Off::Error(error) = theory.off { Some(error) } else { None })
}

/// Whether an error goes to zero with the level.
fn is_share(error: ResidualError<Unknown>) -> bool {
    let is_none = |sd: Unknown| !sd.is_free() && sd.start() == 0.0;
    match error {
        ResidualError::Proportional { .. } => true,
        ResidualError::Power { exponent, .. } => exponent > 0.0,
        ResidualError::Combined { sd, .. } | ResidualError::CombinedSd { sd, .. } => is_none(sd),
        _ => false,
    }
}
