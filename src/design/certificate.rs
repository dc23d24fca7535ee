//! How far a design can be from the best: the bound of Kiefer and Wolfowitz.
//!
//! A criterion that is concave and grows in proportion to the information lies below its plane of slopes at the design. So no other design of the
//! same people is worth more than the sum, over the people, of the most that any samples give along these slopes (Kiefer and Wolfowitz 1960;
//! Pukelsheim 1993, chapter 7). It holds for designs of shares of people, and so for those of whole ones.

use nalgebra::DMatrix;

use super::choice::{Choice, Tally};
use super::engine::Certificate;
use super::exchange::Slots;
use super::ground::Ground;

/// What the samples of a person give along the slopes of the criterion.
struct Along<'a, 'b> {
    ground: &'a mut Ground<'b>,
    slopes: &'a [DMatrix<f64>],
    arms: Vec<usize>,
    choice: Vec<usize>,
}

impl Along<'_, '_> {
    fn given(&mut self, numbers: &[usize]) -> f64 {
        let (arms, slopes) = (self.arms.clone(), self.slopes);
        arms.iter().map(|arm| self.ground.along(slopes, *arm, numbers)).sum()
    }
}

impl Tally for Along<'_, '_> {
    fn begin(&mut self, choice: &Choice) -> Option<f64> {
        self.choice.clone_from(&choice[0]);
        let numbers = self.choice.clone();
        Some(self.given(&numbers))
    }

    fn trial(&mut self, _: &[usize], slot: usize, candidate: usize) -> Option<f64> {
        let mut numbers = self.choice.clone();
        numbers[slot] = candidate;
        Some(self.given(&numbers))
    }
}

/// What a bound is reached by: of each group of arms that have the same samples the candidates, and how often each.
type Response = Vec<(Vec<usize>, Vec<usize>, f64)>;

/// The certificate of the choice that the ground was begun with.
///
/// The plane of slopes at any information bounds all designs, so that the design's own is only the first that is tried: from it the information moves
/// towards what each plane says is best (Wynn 1970), and the lowest plane is kept.
pub(super) fn certificate(ground: &mut Ground<'_>, slots: &Slots<'_>, value: f64) -> Option<Certificate> {
    let mut here = ground.now();
    if ground.goal.is_worst() {
        let each = ground.goal.each(&here)?;
        return worst(ground, slots, value, &each);
    }
    let (mut best, mut response) = {
        let slopes = ground.goal.slopes(&here)?;
        bounded(ground, slots, value, &slopes)
    };
    let additive = best.exhaustive;
    if let Some(spread) = slots.spread(1.0, false) {
        let all: Response = spread.into_iter().enumerate().map(|(arm, own)| (vec![arm], own, 1.0)).collect();
        here = mixed(&here, &ground.information(&all), 0.02);
    }
    for _ in 0..if additive { 60 } else { 3 } {
        let there = ground.information(&response);
        let shares = [0.5, 0.3, 0.2, 0.1, 0.05, 0.025, 0.01, 0.004];
        let worth = |share: &f64| ground.goal.value(&mixed(&here, &there, *share)).unwrap_or(0.0);
        let share = shares.into_iter().reduce(|a, b| if worth(&b) > worth(&a) { b } else { a })?;
        here = mixed(&here, &there, share);
        let Some(slopes) = ground.goal.slopes(&here) else { break };
        let (found, next) = bounded(ground, slots, value, &slopes);
        response = next;
        if found.bound < best.bound {
            best = found;
        }
        if best.efficiency > 1.0 - 1e-9 {
            break;
        }
    }
    Some(best)
}

fn mixed(here: &[DMatrix<f64>], there: &[DMatrix<f64>], share: f64) -> Vec<DMatrix<f64>> {
    here.iter().zip(there).map(|(a, b)| (1.0 - share) * a + share * b).collect()
}

/// Of the worst of several theories any mixture of their slopes bounds the value; the best mixture is sought by shifting weight to where the
/// bound is highest.
fn worst(ground: &mut Ground<'_>, slots: &Slots<'_>, value: f64, each: &[(f64, DMatrix<f64>)]) -> Option<Certificate> {
    const ROUNDS: u32 = 60;
    let lowest = each.iter().map(|(value, _)| *value).fold(f64::INFINITY, f64::min);
    // Those that are worst within a few percent share the weight.
    let mut weights: Vec<f64> = each.iter().map(|(own, _)| (-40.0 * (own / lowest - 1.0)).exp()).collect();
    let mut best: Option<Certificate> = None;
    for round in 0..ROUNDS {
        let sum: f64 = weights.iter().sum();
        let slopes: Vec<DMatrix<f64>> = weights.iter().zip(each).map(|(w, (_, slope))| w / sum * slope).collect();
        let (found, response) = bounded(ground, slots, value, &slopes);
        // The best answer to these weights says which theory it serves too well.
        let there = ground.information(&response);
        let served: Vec<f64> = each.iter().zip(&there).map(|((_, slope), there)| slope.dot(there)).collect();
        if best.as_ref().is_none_or(|best| found.efficiency > best.efficiency) {
            best = Some(found);
        }
        let mean = served.iter().zip(&weights).map(|(s, w)| s * w / sum).sum::<f64>();
        let pace = 4.0 / (1.0 + f64::from(round));
        for (weight, served) in weights.iter_mut().zip(&served) {
            *weight *= (-pace * (served / mean - 1.0)).clamp(-3.0, 3.0).exp();
        }
    }
    best
}

fn bounded(ground: &mut Ground<'_>, slots: &Slots<'_>, value: f64, slopes: &[DMatrix<f64>]) -> (Certificate, Response) {
    let known: f64 = ground
        .goal
        .views
        .iter()
        .zip(slopes)
        .filter_map(|(view, slope)| view.prior.as_ref().map(|prior| prior.dot(slope)))
        .sum();
    let additive = ground.goal.views.iter().all(|view| view.frame.is_additive());
    let (mut bound, mut most, mut response) = (known, Vec::new(), Response::new());
    for arms in slots.groups() {
        let own: Response = if additive {
            // Each sample by itself, and so without their distance, which can only be a hindrance.
            let one = |candidate: usize| arms.iter().map(|arm| ground.along(slopes, *arm, &[candidate])).sum();
            let each = slots.best_alone(&arms, one).into_iter();
            each.map(|(best, count, _)| (arms.clone(), vec![best], count)).collect()
        } else {
            vec![(arms.clone(), together(ground, slots, slopes, &arms), 1.0)]
        };
        let mut worth = |(arms, numbers, times): &(Vec<usize>, Vec<usize>, f64)| -> f64 {
            times * arms.iter().map(|arm| ground.along(slopes, *arm, numbers)).sum::<f64>()
        };
        let given = own.iter().map(&mut worth).sum::<f64>();
        let times = own.iter().flat_map(|(_, numbers, _)| numbers).map(|i| slots.spots[arms[0]][*i].time).collect();
        bound += given;
        most.push((given, times));
        response.extend(own);
    }
    (Certificate { efficiency: (value / bound).min(1.0), bound, most, exhaustive: additive }, response)
}

/// Samples that hang together: the best of one person by exchange, from the design's own and from spread ones.
fn together(ground: &mut Ground<'_>, slots: &Slots<'_>, slopes: &[DMatrix<f64>], arms: &[usize]) -> Vec<usize> {
    let (own, one) = (ground.chosen(arms[0]), arms[0]..=arms[0]);
    let (spots, kinds, apart) = (&slots.spots[one.clone()], &slots.kinds[one.clone()], &slots.apart[one]);
    let single = Slots { spots, kinds, apart, common: false };
    let mut along = Along { ground, slopes, arms: arms.to_vec(), choice: Vec::new() };
    let from_own = single.climb(&mut along, vec![own.clone()]);
    let spread = single.best(&mut along);
    let best = [from_own, spread].into_iter().flatten().reduce(|a, b| if b.0 > a.0 { b } else { a });
    best.map_or(own, |(_, mut choice)| choice.swap_remove(0))
}

impl Ground<'_> {
    /// `sum tr(slope M)` over the theories, of the people of an arm with these samples.
    fn along(&mut self, slopes: &[DMatrix<f64>], arm: usize, numbers: &[usize]) -> f64 {
        slopes
            .iter()
            .enumerate()
            .filter(|(_, slope)| slope.iter().any(|value| *value != 0.0))
            .map(|(view, slope)| {
                let told = self.told(view, arm, numbers);
                slope.iter().zip(told).map(|(slope, told)| slope * told).sum::<f64>()
            })
            .sum()
    }

    /// The information of each theory under a response, with what is known beforehand.
    fn information(&mut self, response: &Response) -> Vec<DMatrix<f64>> {
        let goal = self.goal;
        let of_view = |v: usize| {
            let mut sum = goal.views[v].beforehand();
            for (arms, numbers, times) in response {
                for arm in arms {
                    let told = self.told(v, *arm, numbers);
                    sum.as_mut_slice().iter_mut().zip(told).for_each(|(sum, told)| *sum += times * told);
                }
            }
            sum
        };
        (0..goal.views.len()).map(of_view).collect()
    }
}
