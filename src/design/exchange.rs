//! The best choice among candidates, by exchanging one sample at a time (Fedorov 1972; Cook and Nachtsheim 1980).

use super::choice::{Choice, Tally};
use super::spot::Spot;

/// Of which kind each sample of an arm is.
pub(super) type Kinds = Vec<Option<u32>>;

/// What is chosen: the candidates of each arm, of which kind its samples are, how far they must lie apart, whether all arms have the same.
pub(super) struct Slots<'a> {
    pub(super) spots: &'a [Vec<Spot>],
    pub(super) kinds: &'a [Kinds],
    pub(super) apart: &'a [f64],
    pub(super) common: bool,
}

/// How the samples of each start are spread: evenly over the candidates or denser among the early or the late ones, with the ends or without.
const STARTS: [(f64, bool); 6] = [(1.0, true), (2.0, false), (0.5, true), (4.0, false), (1.0, false), (8.0, true)];
/// How much better a choice must be to be another one: what is less is rounding, and the first one stays.
const BETTER: f64 = 1e-11;
/// The most sweeps over all samples.
const SWEEPS: usize = 100;

impl Slots<'_> {
    /// The best choice from several starts, in a fixed order; none where no start tells what is asked.
    pub(super) fn best(&self, tally: &mut (impl Tally + ?Sized)) -> Option<(f64, Choice)> {
        let mut best: Option<(f64, Choice)> = None;
        // What is best for all arms alike is one start of arms that may differ.
        let together = self.together().and_then(|alike| alike.best(tally)).map(|(_, choice)| choice);
        // With the ends among the samples and without, since the ends may tell nothing.
        let spread = STARTS.iter().filter_map(|(bend, ends)| self.spread(*bend, *ends));
        for start in together.into_iter().chain(spread) {
            let Some((value, choice)) = self.climb(tally, start) else { continue };
            if best.as_ref().is_none_or(|(most, _)| value > most * (1.0 + BETTER)) {
                best = Some((value, choice));
            }
        }
        best
    }

    /// These slots with the same samples in all arms; none where there is one arm, or where arms have other candidates.
    fn together(&self) -> Option<Self> {
        let is_alike = |arm: usize| self.spots[arm] == self.spots[0] && self.kinds[arm] == self.kinds[0];
        let is_free = !self.common && self.kinds.len() > 1 && (1..self.kinds.len()).all(is_alike);
        is_free.then_some(Slots { common: true, ..*self })
    }

    /// Whether the samples do not fit with their distance.
    pub(super) fn spread_is_impossible(&self) -> bool {
        self.spread(1.0, true).is_none()
    }

    /// Samples spread over the candidates of each arm.
    pub(super) fn spread_spots(&self) -> Vec<Vec<Spot>> {
        self.taken(&self.spread(1.0, true).unwrap_or_default())
    }

    /// The samples of a choice, in order.
    pub(super) fn taken(&self, choice: &Choice) -> Vec<Vec<Spot>> {
        let of_arm = |(spots, choice): (&Vec<Spot>, &Vec<usize>)| {
            let mut own: Vec<Spot> = choice.iter().map(|i| spots[*i]).collect();
            own.sort_by(Spot::order);
            own
        };
        self.spots.iter().zip(choice).map(of_arm).collect()
    }

    /// From a choice on to one that no single exchange makes better.
    pub(super) fn climb(&self, tally: &mut (impl Tally + ?Sized), mut choice: Choice) -> Option<(f64, Choice)> {
        // A choice that does not tell what is asked is worth nothing, and any other is better.
        let mut value = tally.begin(&choice).unwrap_or(0.0);
        for _ in 0..SWEEPS {
            let mut improved = false;
            for (arms, slot) in self.moves() {
                let arm = arms[0];
                let mut found: Option<(f64, usize)> = None;
                for candidate in 0..self.spots[arm].len() {
                    if candidate == choice[arm][slot] || !self.is_allowed(&choice, &arms, slot, candidate) {
                        continue;
                    }
                    let Some(next) = tally.trial(&arms, slot, candidate) else { continue };
                    if next > found.map_or(value * (1.0 + BETTER), |(most, _)| most * (1.0 + BETTER)) {
                        found = Some((next, candidate));
                    }
                }
                if let Some((_, candidate)) = found {
                    for arm in &arms {
                        choice[*arm][slot] = candidate;
                    }
                    value = tally.begin(&choice)?;
                    improved = true;
                }
            }
            if !improved {
                break;
            }
        }
        (value > 0.0).then_some((value, choice))
    }

    /// All choices of the samples of the first arm, each once, if there are not more than so many; what lies too near is left out.
    pub(super) fn all(&self, most: usize) -> Option<Vec<Vec<usize>>> {
        let (spots, kinds) = (&self.spots[0], &self.kinds[0]);
        let mut all: Vec<Vec<usize>> = vec![Vec::new()];
        for (slot, kind) in kinds.iter().enumerate() {
            let mut next = Vec::new();
            for begun in &all {
                // Samples of one kind are alike, so that they come in the order of time.
                let first = begun.last().filter(|_| slot > 0 && kinds[slot - 1] == *kind).copied().unwrap_or(0);
                let fits = |i: &usize| {
                    spots[*i].kind == *kind && begun.iter().all(|own| spots[*own].is_apart(&spots[*i], self.apart[0]))
                };
                next.extend((first..spots.len()).filter(fits).map(|i| [&begun[..], &[i]].concat()));
                if next.len() > most {
                    return None;
                }
            }
            all = next;
        }
        Some(all)
    }

    /// The arms that are sampled together: all of them, or each by itself.
    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        let all = 0..self.kinds.len();
        if self.common { vec![all.collect()] } else { all.map(|arm| vec![arm]).collect() }
    }

    /// Of samples that each stand alone, for each kind the candidate that is worth most to arms that are sampled together, of equals the first; how many
    /// samples of the kind they have, and what one is worth.
    pub(super) fn best_alone(&self, arms: &[usize], mut worth: impl FnMut(usize) -> f64) -> Vec<(usize, f64, f64)> {
        let (spots, kinds) = (&self.spots[arms[0]], &self.kinds[arms[0]]);
        let all: Vec<f64> = (0..spots.len()).map(&mut worth).collect();
        let of_kind = |kind: Option<u32>| {
            let own = (0..all.len()).filter(|i| spots[*i].kind == kind);
            let best = own.reduce(|best, i| if all[i] > all[best] { i } else { best })?;
            #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
            let count = kinds.iter().filter(|own| **own == kind).count() as f64;
            Some((best, count, all[best]))
        };
        each_of(kinds).into_iter().filter_map(of_kind).collect()
    }

    /// Each sample that can be exchanged, with the arms that it is of.
    fn moves(&self) -> Vec<(Vec<usize>, usize)> {
        let of_group = |arms: Vec<usize>| (0..self.kinds[arms[0]].len()).map(move |slot| (arms.clone(), slot));
        self.groups().into_iter().flat_map(of_group).collect()
    }

    fn is_allowed(&self, choice: &Choice, arms: &[usize], slot: usize, candidate: usize) -> bool {
        arms.iter().all(|arm| {
            let spot = self.spots[*arm][candidate];
            let far = |other: usize| spot.is_apart(&self.spots[*arm][other], self.apart[*arm]);
            let is_of_kind = spot.kind == self.kinds[*arm][slot];
            is_of_kind && choice[*arm].iter().enumerate().all(|(own, other)| own == slot || far(*other))
        })
    }

    /// Samples over the candidates of each arm, denser early or late, with the ends or without; none where they do not fit with their distance.
    pub(super) fn spread(&self, bend: f64, ends: bool) -> Option<Choice> {
        (0..self.kinds.len()).map(|arm| self.spread_of(arm, bend, ends)).collect()
    }

    /// Kind by kind: those of a later kind go where the earlier ones leave room, at the same times or apart.
    fn spread_of(&self, arm: usize, bend: f64, ends: bool) -> Option<Vec<usize>> {
        let (spots, kinds, apart) = (&self.spots[arm], &self.kinds[arm], self.apart[arm]);
        let mut chosen: Vec<Option<usize>> = vec![None; kinds.len()];
        for kind in each_of(kinds) {
            let places: Vec<usize> = (0..spots.len()).filter(|i| spots[*i].kind == kind).collect();
            let slots: Vec<usize> = (0..kinds.len()).filter(|slot| kinds[*slot] == kind).collect();
            let times: Vec<f64> = places.iter().map(|i| spots[*i].time).collect();
            let own = spread(&times, slots.len(), apart, (bend, ends))?;
            for (slot, at) in slots.into_iter().zip(own) {
                let is_free =
                    |i: &usize| chosen.iter().flatten().all(|other| spots[*other].is_apart(&spots[*i], apart));
                let far = |i: &usize| (spots[*i].time - times[at]).abs();
                let nearest = places.iter().filter(|i| is_free(i)).min_by(|a, b| far(a).total_cmp(&far(b)));
                chosen[slot] = Some(*nearest?);
            }
        }
        chosen.into_iter().collect()
    }
}

/// The kinds there are, each once, in order.
pub(super) fn each_of(kinds: &[Option<u32>]) -> Kinds {
    let mut each = kinds.to_vec();
    each.sort_unstable();
    each.dedup();
    each
}

/// So many times spread over a list of them; their places, none where they do not fit with their distance.
fn spread(times: &[f64], count: usize, apart: f64, (bend, ends): (f64, bool)) -> Option<Vec<usize>> {
    let mut chosen: Vec<usize> = Vec::new();
    for slot in 0..count {
        #[expect(clippy::cast_precision_loss, reason = "counts of samples")]
        let share =
            if ends && count > 1 { slot as f64 / (count - 1) as f64 } else { (slot as f64 + 0.5) / count as f64 };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place"
        )]
        let mut at = (share.powf(bend) * (times.len() - 1) as f64).round() as usize;
        if let Some(last) = chosen.last() {
            at = at.max(if apart > 0.0 { last + 1 } else { *last });
            while at < times.len() && times[at] - times[*last] < apart - 1e-9 {
                at += 1;
            }
        }
        chosen.push(at);
    }
    // What ran over the end is pushed back.
    let mut last = times.len();
    for at in chosen.iter_mut().rev() {
        let end = if apart > 0.0 { last.checked_sub(1)? } else { last.min(times.len() - 1) };
        *at = (*at).min(end);
        while last < times.len() && times[last] - times[*at] < apart - 1e-9 {
            *at = at.checked_sub(1)?;
        }
        last = *at;
    }
    Some(chosen)
}
