//! Where a search of people begins: at the theory's own numbers, or, where people are far from them, at the best of those of all samples pooled, of
//! their twin (absorption and elimination exchanged), and of each person alone (two stages).

use super::evaluate::{Asked, Part, Wanted};
use super::layout::Layout;
use super::objective::no_place;
use crate::error::Result;
use crate::fit::fitted::Fit;
use crate::fit::name::Name;
use crate::fit::samples::Sampled;
use crate::fit::theory::Theory;
use crate::fit::twins::of_slow_absorption;
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
    let starts = pooled(asked, &own, 0).into_iter().chain(two_stages(asked, &own));
    match (found, best(asked, starts)) {
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
    best(asked, pooled(asked, &start.x, asked.layout.errors())).filter(|(_, parts)| asked.sum(parts) < start.value)
}

/// Where else a search may begin that has lost its way.
pub(super) fn elsewhere(asked: &Asked<'_>) -> Option<(Vec<f64>, Vec<Part>)> {
    let own = asked.layout.start().ok()?;
    best(asked, pooled(asked, &own, asked.layout.errors()).into_iter().chain(two_stages(asked, &own)))
}

/// The best of some starts, with what the people add there; of equals the first.
fn best(asked: &Asked<'_>, starts: impl IntoIterator<Item = Vec<f64>>) -> Option<(Vec<f64>, Vec<Part>)> {
    let found = starts.into_iter().filter_map(|x| at(asked, &x).ok().map(|parts| (x, parts)));
    found.min_by(|(_, one), (_, other)| asked.sum(one).total_cmp(&asked.sum(other)))
}

/// The twins of an end at which absorption is slower than elimination, from which the better end may be found.
pub(super) fn twins(asked: &Asked<'_>, x: &[f64]) -> Vec<(Vec<f64>, Vec<Part>)> {
    let (layout, known) = (&asked.layout, asked.layout.typical.len());
    let values: Vec<f64> = layout.names().iter().zip(x).map(|((_, unknown), x)| unknown.value(*x)[0]).collect();
    let Ok(theory) = layout.theory.starting_at(&values) else { return Vec::new() };
    let of = |values: Vec<f64>| {
        let there = moved(&theory, &values, &x[known..])?;
        let parts = at(asked, &there).ok()?;
        Some((there, parts))
    };
    let all = asked.people.iter().map(|person| person.sampled);
    of_slow_absorption(&theory, all).into_iter().filter_map(of).collect()
}

/// The coordinates of a theory that starts from other values, but for the last, which stay.
fn moved(theory: &Theory, values: &[f64], last: &[f64]) -> Option<Vec<f64>> {
    let mut x = Layout::of(&theory.starting_at(values).ok()?).ok()?.start().ok()?;
    let known = x.len() - last.len();
    x[known..].copy_from_slice(last);
    Some(x)
}

/// What was measured of everybody, in the order of all sums.
fn everybody(asked: &Asked<'_>) -> Vec<Sampled> {
    asked.in_order(&asked.people).map(|person| person.sampled.clone()).collect()
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

/// The typical person of all samples as if they were of one, and that person's twin, with the first numbers of their error; the others and the
/// covariance stay those of `own`.
fn pooled(asked: &Asked<'_>, own: &[f64], errors: usize) -> Vec<Vec<f64>> {
    let theory = &asked.layout.theory;
    let Ok(fit) = theory.fit_pooled(&everybody(asked)) else { return Vec::new() };
    let last = &own[asked.layout.typical.len() + errors..];
    let ends = [Some(fit.values()), fit.twin.clone()].into_iter().flatten();
    ends.filter_map(|values| moved(theory, &values, last)).collect()
}

/// The typical person between those who are each fitted alone: the geometric means, where the numbers are above zero. Error and covariance stay those of
/// the theory.
fn two_stages(asked: &Asked<'_>, own: &[f64]) -> Option<Vec<f64>> {
    let theory = &asked.layout.theory;
    let fits: Vec<Fit> = theory.fit_each(&everybody(asked)).into_iter().filter_map(Result::ok).collect();
    let mut values = fits.first()?.values();
    let names: Vec<Name> = theory.free().into_iter().map(|(name, _)| name).collect();
    for spread in Fit::two_stage(&fits).ok()? {
        values[names.iter().position(|name| *name == spread.name)?] = spread.geometric_mean;
    }
    moved(theory, &values, &own[asked.layout.typical.len()..])
}
