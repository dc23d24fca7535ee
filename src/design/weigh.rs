//! How often each of some parts is best taken, where those of a group are taken as often as is given in all.

use nalgebra::DMatrix;

use super::criterion::Goal;

/// What may be taken, of a group: what it tells, by theory, and how often it is taken.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) group: usize,
    pub(super) told: Vec<DMatrix<f64>>,
    pub(super) weight: f64,
}

/// The most rounds.
const ROUNDS: usize = 400;

/// The information of each theory, with what is known beforehand.
pub(super) fn summed(goal: &Goal, parts: &[Part]) -> Vec<DMatrix<f64>> {
    with(goal, parts, &parts.iter().map(|part| part.weight).collect::<Vec<_>>())
}

fn with(goal: &Goal, parts: &[Part], weights: &[f64]) -> Vec<DMatrix<f64>> {
    let of_view = |v: usize| {
        parts.iter().zip(weights).fold(goal.views[v].beforehand(), |mut sum, (part, weight)| {
            sum.iter_mut().zip(part.told[v].iter()).for_each(|(sum, own)| *sum += weight * own);
            sum
        })
    };
    (0..goal.views.len()).map(of_view).collect()
}

/// Finds the best weights, until a round brings less than a share: each is multiplied with a power of what its part gives (Silvey, Titterington and
/// Torsney 1978), a smaller one where the value would fall. None where nothing is told.
pub(super) fn weigh(goal: &Goal, parts: &mut [Part], (sharp, enough): (f64, f64)) -> Option<()> {
    let mut weights: Vec<f64> = parts.iter().map(|part| part.weight).collect();
    let mut matrices = with(goal, parts, &weights);
    let mut value = goal.value_by(&matrices, sharp)?;
    let mut power = 0.5;
    for _ in 0..ROUNDS {
        let slopes = goal.slopes_by(&matrices, sharp)?;
        let gives = |part: &Part| slopes.iter().zip(&part.told).map(|(slope, told)| slope.dot(told)).sum::<f64>();
        let given: Vec<f64> = parts.iter().map(|part| gives(part).max(0.0)).collect();
        let mut better = None;
        while better.is_none() && power > 1e-6 {
            let next = grown(parts, &weights, &given.iter().map(|own| own.powf(power)).collect::<Vec<_>>())?;
            let sums = with(goal, parts, &next);
            match goal.value_by(&sums, sharp).filter(|own| *own >= value) {
                Some(own) => better = Some((own, sums, next)),
                None => power *= 0.5,
            }
        }
        let Some((own, sums, next)) = better else { break };
        let is_end = own <= value * (1.0 + enough);
        (value, matrices, weights) = (own, sums, next);
        power = (1.2 * power).min(0.5);
        if is_end {
            break;
        }
    }
    parts.iter_mut().zip(weights).for_each(|(part, weight)| part.weight = weight);
    Some(())
}

/// Weights times factors, as many in each group as before; none where nothing of a group is left.
fn grown(parts: &[Part], weights: &[f64], factors: &[f64]) -> Option<Vec<f64>> {
    let mut next: Vec<f64> = weights.iter().zip(factors).map(|(weight, factor)| weight * factor).collect();
    let groups = parts.iter().map(|part| part.group).max().map_or(0, |last| last + 1);
    for group in 0..groups {
        let sum = |of: &[f64]| parts.iter().zip(of).filter(|(part, _)| part.group == group).map(|(_, own)| own).sum();
        let (before, after): (f64, f64) = (sum(weights), sum(&next));
        if after.is_nan() || after <= 0.0 && before > 0.0 {
            return None;
        }
        let own = parts.iter().zip(&mut next).filter(|(part, _)| part.group == group && before > 0.0);
        own.for_each(|(_, weight)| *weight *= before / after);
    }
    Some(next)
}
