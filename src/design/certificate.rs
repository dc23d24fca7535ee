//! How far a design can be from the best: the bound of Kiefer and Wolfowitz.
//!
//! A criterion that is concave and grows in proportion to the information lies below its plane of slopes at the design. So no other design of the
//! same people is worth more than the sum, over the people, of the most that any samples give along these slopes (Kiefer and Wolfowitz 1960;
//! Pukelsheim 1993, chapter 7). It holds for designs of shares of people, and so for those of whole ones.

use nalgebra::DMatrix;

use super::exchange::Slots;
use super::ground::{Choice, Ground, Tally};

/// How near a design is to the best there can be.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// The least that the value of the design is of the best value, 1 where nothing can be better.
    pub efficiency: f64,
    /// The value that no design reaches of these people, doses, numbers of samples and candidates.
    pub bound: f64,
    /// What a person of each arm adds at most along the slopes, and the times at which that is, h.
    pub most: Vec<(f64, Vec<f64>)>,
    /// Whether the most was found by looking at all candidates. Where samples of a person hang together it is by exchange from several starts, and
    /// the bound is as good as that search.
    pub exhaustive: bool,
}

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

/// The certificate of the choice that the ground was begun with.
pub(super) fn certificate(ground: &mut Ground<'_>, slots: &Slots<'_>, value: f64) -> Option<Certificate> {
    let matrices = ground.now();
    let weighed = if ground.goal.is_worst() {
        let each = ground.goal.each(&matrices)?;
        return worst(ground, slots, value, &each);
    } else {
        ground.goal.slopes(&matrices)?
    };
    Some(bounded(ground, slots, value, &weighed))
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
        let found = bounded(ground, slots, value, &slopes);
        // The best answer to these weights says which theory it serves too well.
        let served = ground.served(&found, slots, each);
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

fn bounded(ground: &mut Ground<'_>, slots: &Slots<'_>, value: f64, slopes: &[DMatrix<f64>]) -> Certificate {
    let known: f64 = ground
        .goal
        .views
        .iter()
        .zip(slopes)
        .filter_map(|(view, slope)| view.prior.as_ref().map(|prior| prior.dot(slope)))
        .sum();
    let additive = ground.goal.views.iter().all(|view| view.frame.is_additive());
    let groups: Vec<Vec<usize>> = if slots.common {
        vec![(0..slots.counts.len()).collect()]
    } else {
        (0..slots.counts.len()).map(|arm| vec![arm]).collect()
    };
    let (mut bound, mut most) = (known, Vec::new());
    for arms in groups {
        let (given, numbers) = if additive {
            // Each sample by itself, and so without their distance, which can only be a hindrance.
            let one = |candidate: usize| arms.iter().map(|arm| ground.along(slopes, *arm, &[candidate])).sum::<f64>();
            let all: Vec<f64> = (0..slots.times[arms[0]].len()).map(one).collect();
            let best = (0..all.len()).fold(0, |best, i| if all[i] > all[best] { i } else { best });
            #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
            let count = slots.counts[arms[0]] as f64;
            (count * all[best], vec![best])
        } else {
            together(ground, slots, slopes, &arms)
        };
        bound += given;
        most.push((given, numbers.iter().map(|i| slots.times[arms[0]][*i]).collect()));
    }
    Certificate { efficiency: (value / bound).min(1.0), bound, most, exhaustive: additive }
}

/// Samples that hang together: the best of one person by exchange, from the design's own and from spread ones.
fn together(ground: &mut Ground<'_>, slots: &Slots<'_>, slopes: &[DMatrix<f64>], arms: &[usize]) -> (f64, Vec<usize>) {
    let own = ground.chosen(arms[0]);
    let (times, counts, apart) = ([slots.times[arms[0]].clone()], [slots.counts[arms[0]]], [slots.apart[arms[0]]]);
    let single = Slots { times: &times, counts: &counts, apart: &apart, common: false };
    let mut along = Along { ground, slopes, arms: arms.to_vec(), choice: Vec::new() };
    let from_own = single.climb(&mut along, vec![own.clone()]);
    let spread = single.best(&mut along);
    let best = [from_own, spread].into_iter().flatten().reduce(|a, b| if b.0 > a.0 { b } else { a });
    best.map_or((f64::INFINITY, own), |(value, mut choice)| (value, choice.swap_remove(0)))
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

    /// What each theory has of the design that a bound is of.
    fn served(&mut self, found: &Certificate, slots: &Slots<'_>, each: &[(f64, DMatrix<f64>)]) -> Vec<f64> {
        (0..each.len())
            .map(|view| {
                let mut slopes = vec![DMatrix::zeros(0, 0); each.len()];
                slopes[view] = each[view].1.clone();
                let mut sum = 0.0;
                for (group, (_, times)) in found.most.iter().enumerate() {
                    let arms: Vec<usize> = if slots.common { (0..slots.counts.len()).collect() } else { vec![group] };
                    for arm in arms {
                        let place = |time: &f64| slots.times[arm].iter().position(|own| own == time).unwrap_or(0);
                        let numbers: Vec<usize> = times.iter().map(place).collect();
                        #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
                        let repeated = slots.counts[arm] as f64 / numbers.len() as f64;
                        sum += repeated * self.along(&slopes, arm, &numbers);
                    }
                }
                sum
            })
            .collect()
    }
}
