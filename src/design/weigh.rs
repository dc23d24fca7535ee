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
    let of_view = |v: usize| {
        parts.iter().fold(goal.views[v].beforehand(), |mut sum, part| {
            sum.iter_mut().zip(part.told[v].iter()).for_each(|(sum, own)| *sum += part.weight * own);
            sum
        })
    };
    (0..goal.views.len()).map(of_view).collect()
}

/// Finds the best weights, by multiplying each with a power of what its part gives (Silvey, Titterington and Torsney 1978), a smaller one where the value would
/// fall. None where nothing is told.
pub(super) fn weigh(goal: &Goal, parts: &mut Vec<Part>, sharp: f64) -> Option<()> {
    let mut matrices = summed(goal, parts);
    let mut value = goal.value_by(&matrices, sharp)?;
    let mut power = 0.5;
    for _ in 0..ROUNDS {
        let slopes = goal.slopes_by(&matrices, sharp)?;
        let gives = |part: &Part| slopes.iter().zip(&part.told).map(|(slope, told)| slope.dot(told)).sum::<f64>();
        let given: Vec<f64> = parts.iter().map(|part| gives(part).max(0.0)).collect();
        let sum_of = |group: usize, of: &dyn Fn(usize) -> f64| -> f64 {
            (0..parts.len()).filter(|i| parts[*i].group == group).map(of).sum()
        };
        let next = |power: f64| -> Option<Vec<Part>> {
            let grown = |i: usize| parts[i].weight * given[i].powf(power);
            let scaled = |i: usize| {
                let (before, after) = (sum_of(parts[i].group, &|k| parts[k].weight), sum_of(parts[i].group, &grown));
                (after > 0.0).then(|| Part { weight: grown(i) * before / after, ..parts[i].clone() })
            };
            (0..parts.len()).map(scaled).collect()
        };
        let mut better = None;
        while better.is_none() && power > 1e-6 {
            let there = next(power)?;
            let sums = summed(goal, &there);
            match goal.value_by(&sums, sharp).filter(|own| *own >= value) {
                Some(own) => better = Some((own, sums, there)),
                None => power *= 0.5,
            }
        }
        let Some((own, sums, there)) = better else { break };
        let is_end = own <= value * (1.0 + 1e-10);
        (value, matrices, *parts) = (own, sums, there);
        power = (1.2 * power).min(0.5);
        if is_end {
            break;
        }
    }
    Some(())
}
