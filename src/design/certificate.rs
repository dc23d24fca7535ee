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
use super::weigh::{Part, summed, weigh};

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

/// What a bound is reached by: of each group of arms that have the same samples the candidates, and how often they are taken.
type Response = Vec<(Vec<usize>, Vec<usize>, f64)>;

/// A plane of slopes with what is best along it.
struct Plane {
    slopes: Vec<DMatrix<f64>>,
    certificate: Certificate,
    response: Response,
}

/// The most rounds in which a plane is sought: where samples stand alone, and where what is best along each is a search by itself.
const ROUNDS: [usize; 2] = [40, 5];
/// How near a bound is to what the mixture of designs reaches, from which on no bound can be much lower.
const NEAR: f64 = 1e-5;
/// What a round of weighing must bring.
const ENOUGH: f64 = 1e-7;
/// The most choices of a person's samples that are all looked at.
const ALL: usize = 5000;

/// The certificate of the choice that the ground was begun with.
///
/// The plane of slopes at any information bounds all designs, so that the design's own is only the first that is tried. From it the information moves
/// on: what each plane says is best joins a mixture, whose weights are then made best (Wynn 1970, Silvey and others 1978), and the lowest plane is kept.
/// Of the worst of several theories the blends are bounded, which are never below it.
pub(super) fn certificate(ground: &mut Ground<'_>, slots: &Slots<'_>, value: f64) -> Option<Certificate> {
    let (goal, mut here) = (ground.goal, ground.now());
    let own: Response = slots.groups().into_iter().map(|arms| (arms.clone(), ground.chosen(arms[0]), 1.0)).collect();
    let additive = ground.is_additive();
    let mut parts: Vec<Part> = Vec::new();
    let mut lowest: Option<Plane> = None;
    let mut last = own;
    for sharp in goal.stages() {
        for round in 0..ROUNDS[usize::from(!additive)] {
            let Some(slopes) = goal.slopes_by(&here, *sharp) else { break };
            let plane = plane(ground, slots, (value, slopes), if round == 0 { None } else { Some(&last) });
            let reached = goal.value_by(&here, *sharp)?;
            let (bound, response) = (plane.certificate.bound, plane.response.clone());
            if lowest.as_ref().is_none_or(|lowest| bound < lowest.certificate.bound) {
                lowest = Some(plane);
            }
            if bound <= reached * (1.0 + NEAR) {
                break;
            }
            if parts.is_empty() {
                parts = begun(ground, slots, &response);
            }
            join(ground, &mut parts, &response);
            weigh(goal, &mut parts, (*sharp, ENOUGH))?;
            (here, last) = (summed(goal, &parts), response);
        }
    }
    // What was sought from few starts is sought once more from all.
    let lowest = lowest?;
    if additive {
        Some(lowest.certificate)
    } else {
        Some(plane(ground, slots, (value, lowest.slopes), None).certificate)
    }
}

/// The choice that was begun, and a little of what is spread, as parts of a mixture in the groups of a response.
fn begun(ground: &mut Ground<'_>, slots: &Slots<'_>, response: &Response) -> Vec<Part> {
    const LITTLE: f64 = 0.05;
    let spread = slots.spread(1.0, false);
    let mut parts = Vec::new();
    for (group, (arms, numbers, _)) in response.iter().enumerate() {
        let alone = ground.is_additive();
        let kind = slots.spots[arms[0]][numbers[0]].kind;
        for (share, own) in
            [(1.0 - LITTLE, Some(ground.chosen(arms[0]))), (LITTLE, spread.as_ref().map(|all| all[arms[0]].clone()))]
        {
            let Some(own) = own else { continue };
            if !alone {
                parts.push(Part { group, told: ground.of_group(arms, &own), weight: share });
                continue;
            }
            for i in own.into_iter().filter(|i| slots.spots[arms[0]][*i].kind == kind) {
                parts.push(Part { group, told: ground.of_group(arms, &[i]), weight: share });
            }
        }
    }
    parts
}

/// Lets a tenth of each group be what is best along a plane.
fn join(ground: &mut Ground<'_>, parts: &mut Vec<Part>, response: &Response) {
    const SHARE: f64 = 0.1;
    // What has hardly any weight is no use.
    let whole = |parts: &[Part], group: usize| -> f64 {
        parts.iter().filter(|part| part.group == group).map(|part| part.weight).sum()
    };
    for (group, (arms, numbers, times)) in response.iter().enumerate() {
        let before = whole(parts, group);
        parts.retain(|part| part.group != group || part.weight > 1e-9 * before);
        let scale = (1.0 - SHARE) * times / whole(parts, group);
        parts.iter_mut().filter(|part| part.group == group).for_each(|part| part.weight *= scale);
        parts.push(Part { group, told: ground.of_group(arms, numbers), weight: SHARE * times });
    }
}

/// What is best along slopes; from the samples of a response on, where one is given.
fn plane(
    ground: &mut Ground<'_>,
    slots: &Slots<'_>,
    (value, slopes): (f64, Vec<DMatrix<f64>>),
    from: Option<&Response>,
) -> Plane {
    let known: f64 = ground
        .goal
        .views
        .iter()
        .zip(&slopes)
        .filter_map(|(view, slope)| view.prior.as_ref().map(|prior| prior.dot(slope)))
        .sum();
    let (mut bound, mut most, mut response, mut exhaustive) = (known, Vec::new(), Response::new(), true);
    for (group, arms) in slots.groups().into_iter().enumerate() {
        let own: Response = if ground.is_additive() {
            // Each sample by itself, and so without their distance, which can only be a hindrance.
            let one = |candidate: usize| arms.iter().map(|arm| ground.along(&slopes, *arm, &[candidate])).sum();
            let each = slots.best_alone(&arms, one).into_iter();
            each.map(|(best, count, _)| (arms.clone(), vec![best], count)).collect()
        } else {
            let from = from.map(|all| all[group].1.clone());
            let (best, all) = together(ground, slots, (&slopes, &arms), from);
            exhaustive &= all;
            vec![(arms.clone(), best, 1.0)]
        };
        let mut worth = |(arms, numbers, times): &(Vec<usize>, Vec<usize>, f64)| -> f64 {
            times * arms.iter().map(|arm| ground.along(&slopes, *arm, numbers)).sum::<f64>()
        };
        let given = own.iter().map(&mut worth).sum::<f64>();
        let times = own.iter().flat_map(|(_, numbers, _)| numbers).map(|i| slots.spots[arms[0]][*i].time).collect();
        bound += given;
        most.push((given, times));
        response.extend(own);
    }
    let certificate = Certificate { efficiency: (value / bound).min(1.0), bound, most, exhaustive };
    Plane { slopes, certificate, response }
}

/// Samples that hang together: the best of one person, and whether all choices were looked at. Where there are too many it is by exchange: from the
/// design's own samples and from others that are given, or else from spread ones.
fn together(
    ground: &mut Ground<'_>,
    slots: &Slots<'_>,
    (slopes, arms): (&[DMatrix<f64>], &[usize]),
    from: Option<Vec<usize>>,
) -> (Vec<usize>, bool) {
    let (own, one) = (ground.chosen(arms[0]), arms[0]..=arms[0]);
    let (spots, kinds, apart) = (&slots.spots[one.clone()], &slots.kinds[one.clone()], &slots.apart[one]);
    let single = Slots { spots, kinds, apart, common: false };
    let mut along = Along { ground, slopes, arms: arms.to_vec(), choice: Vec::new() };
    if let Some(all) = single.all(ALL) {
        let mut best = (f64::NEG_INFINITY, own);
        for numbers in all {
            let given = along.given(&numbers);
            if given > best.0 {
                best = (given, numbers);
            }
        }
        return (best.1, true);
    }
    let others = match from {
        Some(from) => single.climb(&mut along, vec![from]),
        None => single.best(&mut along),
    };
    let from_own = single.climb(&mut along, vec![own.clone()]);
    let best = [from_own, others].into_iter().flatten().reduce(|a, b| if b.0 > a.0 { b } else { a });
    (best.map_or(own, |(_, mut choice)| choice.swap_remove(0)), false)
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

    /// What people of some arms with these samples tell, by theory.
    fn of_group(&mut self, arms: &[usize], numbers: &[usize]) -> Vec<DMatrix<f64>> {
        let goal = self.goal;
        let of_view = |v: usize| {
            let n = goal.views[v].frame.len();
            let mut sum = DMatrix::zeros(n, n);
            for arm in arms {
                let told = self.told(v, *arm, numbers);
                sum.as_mut_slice().iter_mut().zip(told).for_each(|(sum, told)| *sum += told);
            }
            sum
        };
        (0..goal.views.len()).map(of_view).collect()
    }

    /// Whether each sample tells by itself.
    fn is_additive(&self) -> bool {
        self.goal.views.iter().all(|view| view.frame.is_additive())
    }
}
