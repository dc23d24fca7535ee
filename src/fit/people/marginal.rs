//! The integral over a person's deviations by nodes or draws about the mode.

use nalgebra::{DMatrix, DVector};

use super::hermite::hermite;
use super::inner::{Inner, Mode, Person, root};
use super::layout::Layout;
use crate::error::{Error, Result};
use crate::random::{Purpose, Stream};

/// The most nodes of all deviations together.
pub(super) const MOST_NODES: usize = 1_000_000;

/// The degrees of freedom of the distribution that importance sampling draws from.
const DEGREES: u32 = 5;

/// What importance sampling says of a person: -2 ln of the integral, its Monte Carlo standard error, and the effective number of draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sampled {
    pub(super) ofv: f64,
    pub(super) error: f64,
    pub(super) effective: f64,
}

/// The lower root of the inverse of half the exact Hessian, and the logarithm of its determinant.
fn spread(mode: &Mode) -> Option<(DMatrix<f64>, f64)> {
    let half = 0.5 * &mode.near.hessian;
    let (ln_det, cholesky) = root(&half)?;
    Some((cholesky.inverse().cholesky()?.l(), -0.5 * ln_det))
}

/// -2 ln of the integral by `nodes` of each deviation.
pub(super) fn quadrature(inner: &Inner<'_>, mode: &Mode, nodes: u32) -> Option<f64> {
    let (n, all) = (mode.eta.len(), hermite(usize::try_from(nodes).ok()?));
    let (root, ln_root) = spread(mode)?;
    let count = all.len().pow(u32::try_from(n).ok()?);
    let mut logs = Vec::with_capacity(count);
    for index in 0..count {
        let (mut rest, mut ln_weight) = (index, 0.0);
        let x = DVector::from_fn(n, |_, _| {
            let (x, ln) = all[rest % all.len()];
            rest /= all.len();
            ln_weight += ln;
            x
        });
        let eta = DVector::from_column_slice(&mode.eta) + std::f64::consts::SQRT_2 * &root * x;
        // Where nothing has a density the node adds nothing.
        let Some(value) = inner.value(eta.as_slice()) else { continue };
        logs.push(ln_weight - 0.5 * value);
    }
    #[expect(clippy::cast_precision_loss, reason = "a few deviations")]
    let constant = n as f64 * std::f64::consts::PI.ln();
    Some(inner.place.omega.ln_det + constant - 2.0 * (ln_root + ln_sum(&logs)))
}

/// -2 ln of the integral by draws, keyed by the seed and the number of the person.
pub(super) fn importance(inner: &Inner<'_>, mode: &Mode, draws: (u32, u64), person: u64) -> Option<Sampled> {
    importance_drawn(inner, mode, draws, person).map(|(found, _, _)| found)
}

/// The draws themselves, each with its weight: together they stand for what the person's deviations may be.
pub(super) fn draws(inner: &Inner<'_>, mode: &Mode, draws: (u32, u64), person: u64) -> Option<Vec<(f64, Vec<f64>)>> {
    let count = f64::from(draws.0);
    let (_, weights, etas) = importance_drawn(inner, mode, draws, person)?;
    Some(weights.into_iter().map(|weight| weight / count).zip(etas).collect())
}

/// What importance sampling says, the weights (1 on average) and the deviations.
#[expect(clippy::cast_precision_loss, reason = "counts of draws and deviations")]
fn importance_drawn(
    inner: &Inner<'_>,
    mode: &Mode,
    (draws, seed): (u32, u64),
    person: u64,
) -> Option<(Sampled, Vec<f64>, Vec<Vec<f64>>)> {
    let n = mode.eta.len();
    let (root, ln_root) = spread(mode)?;
    let degrees = f64::from(DEGREES);
    let mut stream = Stream { seed, subject: person, purpose: Purpose::Other(u32::MAX) }.draw();
    let (mut logs, mut etas) = (Vec::with_capacity(draws as usize), Vec::with_capacity(draws as usize));
    for _ in 0..draws {
        let z = DVector::from_fn(n, |_, _| stream.normal());
        let square: f64 = (0..DEGREES).map(|_| stream.normal().powi(2)).sum();
        let t = z * (degrees / square).sqrt();
        let eta = DVector::from_column_slice(&mode.eta) + &root * &t;
        // The density of t but for its constant, which is added below.
        let ln_density = -0.5 * (degrees + n as f64) * (t.norm_squared() / degrees).ln_1p();
        logs.push(inner.value(eta.as_slice()).map_or(f64::NEG_INFINITY, |value| -0.5 * value - ln_density));
        etas.push(eta.as_slice().to_vec());
    }
    let half = 0.5 * n as f64;
    let constant =
        ln_gamma(0.5 * degrees) - ln_gamma(0.5 * degrees + half) + half * (degrees * std::f64::consts::PI).ln();
    let mean = ln_sum(&logs) - f64::from(draws).ln();
    let ofv = inner.place.omega.ln_det + 2.0 * half * std::f64::consts::TAU.ln() - 2.0 * (ln_root + constant + mean);
    let weights: Vec<f64> = logs.iter().map(|ln| (ln - mean).exp()).collect();
    let count = f64::from(draws);
    let variance = weights.iter().map(|weight| (weight - 1.0).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    let sampled = Sampled { ofv, error: 2.0 * (variance / count).sqrt(), effective: count * count / squares };
    Some((sampled, weights, etas))
}

/// `ln sum e^x`, in the order given.
fn ln_sum(logs: &[f64]) -> f64 {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY { most } else { most + logs.iter().map(|ln| (ln - most).exp()).sum::<f64>().ln() }
}

/// `ln Gamma(x)` of a multiple of a half.
fn ln_gamma(x: f64) -> f64 {
    let (mut at, mut ln) = if x.fract() == 0.0 { (1.0, 0.0) } else { (0.5, 0.5 * std::f64::consts::PI.ln()) };
    while at < x {
        ln += f64::ln(at);
        at += 1.0;
    }
    ln
}

/// Refuses more nodes than can be.
pub(super) fn check_nodes(nodes: u32, person: &Person<'_>, layout: &Layout) -> Result<()> {
    let deviations = person.own.as_ref().map_or(layout, |own| own.layout()).eta.len();
    let all = u32::try_from(deviations).ok().and_then(|n| (nodes as usize).checked_pow(n));
    if nodes == 0 || nodes > 100 || all.is_none_or(|all| all > MOST_NODES) {
        let whose =
            if person.own.is_some() { format!(" of person `{}` on all occasions", person.id) } else { String::new() };
        return Err(Error::value(format!(
            "{nodes} nodes of each of {deviations} deviations{whose} cannot be: give 1 to 100, and at most {MOST_NODES} together; for more deviations take Laplace or importance sampling"
        )));
    }
    Ok(())
}
