//! The best choice among candidates, by exchanging one sample at a time (Fedorov 1972; Cook and Nachtsheim 1980).

use super::choice::{Choice, Tally};

/// What is chosen: the candidates of each arm, how many samples of each, how far they must lie apart, whether all arms have the same.
pub(super) struct Slots<'a> {
    pub(super) times: &'a [Vec<f64>],
    pub(super) counts: &'a [usize],
    pub(super) apart: &'a [f64],
    pub(super) common: bool,
}

/// How much better a choice must be to be another one: what is less is rounding, and the first one stays.
const BETTER: f64 = 1e-11;
/// The most sweeps over all samples.
const SWEEPS: usize = 100;

impl Slots<'_> {
    /// The best choice from several starts, in a fixed order; none where no start tells what is asked.
    pub(super) fn best(&self, tally: &mut (impl Tally + ?Sized)) -> Option<(f64, Choice)> {
        let mut best: Option<(f64, Choice)> = None;
        // With the ends among the samples and without, since the ends may tell nothing.
        for (bend, ends) in [(1.0, true), (2.0, false), (0.5, true), (4.0, false)] {
            let Some(start) = self.spread(bend, ends) else { continue };
            let Some((value, choice)) = self.climb(tally, start) else { continue };
            if best.as_ref().is_none_or(|(most, _)| value > most * (1.0 + BETTER)) {
                best = Some((value, choice));
            }
        }
        best
    }

    /// Whether the samples do not fit with their distance.
    pub(super) fn spread_is_impossible(&self) -> bool {
        self.spread(1.0, true).is_none()
    }

    /// Times spread over the candidates of each arm.
    pub(super) fn spread_times(&self) -> Vec<Vec<f64>> {
        let choice = self.spread(1.0, true).unwrap_or_default();
        choice.iter().zip(self.times).map(|(own, times)| own.iter().map(|i| times[*i]).collect()).collect()
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
                for candidate in 0..self.times[arm].len() {
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

    /// The arms that are sampled together: all of them, or each by itself.
    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        let all = 0..self.counts.len();
        if self.common { vec![all.collect()] } else { all.map(|arm| vec![arm]).collect() }
    }

    /// Of samples that each stand alone, the candidate that is worth most to arms that are sampled together, of equals the first; how many samples they
    /// have, and what it is worth.
    pub(super) fn best_alone(&self, arms: &[usize], worth: impl FnMut(usize) -> f64) -> (usize, f64, f64) {
        let all: Vec<f64> = (0..self.times[arms[0]].len()).map(worth).collect();
        let best = (0..all.len()).fold(0, |best, i| if all[i] > all[best] { i } else { best });
        #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
        let count = self.counts[arms[0]] as f64;
        (best, count, all[best])
    }

    /// Each sample that can be exchanged, with the arms that it is of.
    fn moves(&self) -> Vec<(Vec<usize>, usize)> {
        let of_group = |arms: Vec<usize>| (0..self.counts[arms[0]]).map(move |slot| (arms.clone(), slot));
        self.groups().into_iter().flat_map(of_group).collect()
    }

    fn is_allowed(&self, choice: &Choice, arms: &[usize], slot: usize, candidate: usize) -> bool {
        arms.iter().all(|arm| {
            let time = self.times[*arm][candidate];
            let far = |other: usize| (self.times[*arm][other] - time).abs() >= self.apart[*arm] - 1e-9;
            choice[*arm].iter().enumerate().all(|(own, other)| own == slot || far(*other))
        })
    }

    /// Samples over the candidates of each arm, denser early or late, with the ends or without; none where they do not fit with their distance.
    pub(super) fn spread(&self, bend: f64, ends: bool) -> Option<Choice> {
        let of_arm = |arm: usize| {
            let (times, count, apart) = (&self.times[arm], self.counts[arm], self.apart[arm]);
            let mut chosen: Vec<usize> = Vec::new();
            for slot in 0..count {
                #[expect(clippy::cast_precision_loss, reason = "counts of samples")]
                let share = if ends && count > 1 {
                    slot as f64 / (count - 1) as f64
                } else {
                    (slot as f64 + 0.5) / count as f64
                };
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
        };
        (0..self.counts.len()).map(of_arm).collect()
    }
}
