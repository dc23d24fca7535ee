//! Where a search of people begins: at the theory's own numbers, or at those of all samples pooled where people are far from the former.

use super::evaluate::{Asked, Part, Wanted};
use super::layout::Layout;
use super::objective::no_place;
use crate::error::Result;
use crate::fit::samples::Sampled;
use crate::numeric::Descent;

/// Squares of residuals that are so many times what the error says are far from it.
const FAR: f64 = 25.0;

/// The coordinates to begin from, and what the people add there.
///
/// The start is evaluated first, so that a person without a likelihood is named.
pub(super) fn begin(asked: &Asked<'_>) -> Result<(Vec<f64>, Vec<Part>)> {
    let own = asked.layout.start()?;
    let found = at(asked, &own);
    if found.as_ref().is_ok_and(|parts| !are_far(asked, parts)) {
        return found.map(|parts| (own, parts));
    }
    let pooled = pooled(asked, &own, 0).and_then(|x| at(asked, &x).ok().map(|parts| (x, parts)));
    match (found, pooled) {
        (Ok(own_parts), Some((_, parts))) if asked.sum(&own_parts) <= asked.sum(&parts) => Ok((own, own_parts)),
        (_, Some(begin)) => Ok(begin),
        (found, None) => found.map(|parts| (own, parts)),
    }
}

/// All samples pooled with the error that they have then, where residuals at the start are on average far larger than its error says.
///
/// The slopes by the logarithms of the numbers of the error add up to twice the sum of `1 - r²/R` over the samples.
pub(super) fn wider(asked: &Asked<'_>, start: &Descent) -> Option<(Vec<f64>, Vec<Part>)> {
    let typical = asked.layout.typical.len();
    let slope: f64 = start.gradient[typical..typical + asked.layout.errors()].iter().sum();
    let samples: usize = asked.people.iter().map(|person| person.reports().len()).sum();
    #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
    if slope > -2.0 * FAR * samples as f64 {
        return None;
    }
    let x = pooled(asked, &start.x, asked.layout.errors())?;
    let parts = at(asked, &x).ok()?;
    (asked.sum(&parts) < start.value).then_some((x, parts))
}

fn at(asked: &Asked<'_>, x: &[f64]) -> Result<Vec<Part>> {
    let place = asked.layout.place(x).ok_or_else(no_place)?;
    asked.parts(&place, &[], Wanted { slopes: false, several: true })
}

/// Whether the people lie on average further than a standard deviation from the typical person.
fn are_far(asked: &Asked<'_>, parts: &[Part]) -> bool {
    let variances = asked.layout.theory.omega();
    let is_far = |k: usize| {
        let sum: f64 = asked.in_order(parts).map(|part| part.eta.get(k).copied().unwrap_or(0.0)).sum();
        #[expect(clippy::cast_precision_loss, reason = "a count of people")]
        let mean = sum / parts.len() as f64;
        mean * mean > variances[(k, k)]
    };
    (0..asked.layout.eta.len()).any(is_far)
}

/// The typical person of all samples as if they were of one, with the first numbers of their error; the others and the covariance stay those of `own`.
fn pooled(asked: &Asked<'_>, own: &[f64], errors: usize) -> Option<Vec<f64>> {
    let theory = &asked.layout.theory;
    let all: Vec<Sampled> = asked.in_order(&asked.people).map(|person| person.sampled.clone()).collect();
    let fit = theory.fit_pooled(&all).ok()?;
    let mut x = Layout::of(&theory.starting_at(&fit.values()).ok()?).ok()?.start().ok()?;
    let known = asked.layout.typical.len() + errors;
    x[known..].copy_from_slice(&own[known..]);
    Some(x)
}
