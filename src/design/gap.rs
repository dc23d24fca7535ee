//! The candidates of a design beside the best rival of what is chosen among them.

use super::arm::Arm;
use super::choice::{Choice, Tally};
use super::engine::{Certificate, Certified, Engine};
use super::exchange::{Slots, each_of};
use super::spot::Spot;
use super::tell::{Course, Rival, Taken, once};
use crate::error::{Error, Result};

/// What each group of arms gives at most, and the times at which that is.
type Most = Vec<(f64, Vec<f64>)>;

/// For arms the candidate that is best, and how often it is taken.
type Response = Vec<(usize, usize, f64)>;

/// Candidates with the best rival of the choice that was begun.
pub(super) struct Gap<'a> {
    rival: &'a Rival,
    courses: Vec<Course>,
    choice: Choice,
    value: f64,
    x: Vec<f64>,
    /// The squares of each candidate at that rival.
    squares: Vec<Vec<f64>>,
    /// The best of the trials of this choice.
    top: f64,
}

impl Tally for Gap<'_> {
    fn begin(&mut self, choice: &Choice) -> Option<f64> {
        let found = self.rival.best(&self.courses, &once(choice), None)?;
        (self.value, self.x) = (found.near.value, found.x);
        self.choice.clone_from(choice);
        self.squares = self.squares(&self.x, &self.all())?;
        self.top = 0.0;
        Some(self.value)
    }

    fn trial(&mut self, arms: &[usize], slot: usize, candidate: usize) -> Option<f64> {
        let gained: f64 =
            arms.iter().map(|arm| self.squares[*arm][candidate] - self.squares[*arm][self.choice[*arm][slot]]).sum();
        // At the same rival it can only be less, and what is not the best so far need not be known.
        if self.value + gained <= self.value.max(self.top) {
            return Some(self.value + gained);
        }
        let mut choice = self.choice.clone();
        for arm in arms {
            choice[*arm][slot] = candidate;
        }
        let value = self.rival.best(&self.courses, &once(&choice), Some(&self.x))?.near.value;
        self.top = self.top.max(value);
        Some(value)
    }
}

impl<'a> Gap<'a> {
    pub(super) fn new(rival: &'a Rival, courses: Vec<Course>) -> Self {
        Self { rival, courses, choice: Choice::new(), value: 0.0, x: Vec::new(), squares: Vec::new(), top: 0.0 }
    }

    /// What a rival leaves at some candidates of each arm.
    fn squares(&self, x: &[f64], numbers: &Choice) -> Option<Vec<Vec<f64>>> {
        let z = self.rival.coordinates(x);
        self.courses.iter().zip(numbers).map(|(course, own)| course.squares(self.rival, &z, own)).collect()
    }

    /// All candidates.
    fn all(&self) -> Choice {
        self.courses.iter().map(|course| (0..course.draws[0].points.len()).collect()).collect()
    }

    /// What is best along a rival: the bound, with what each group of arms gives at most, and the candidates.
    fn along(slots: &Slots<'_>, squares: &[Vec<f64>]) -> (f64, Most, Response) {
        let (mut most, mut response) = (Vec::new(), Vec::new());
        for arms in slots.groups() {
            let each = slots.best_alone(&arms, |i| arms.iter().map(|arm| squares[*arm][i]).sum());
            let times = each.iter().map(|(best, ..)| slots.spots[arms[0]][*best].time).collect();
            most.push((each.iter().map(|(_, count, worth)| count * worth).sum::<f64>(), times));
            for (best, count, _) in each {
                response.extend(arms.iter().map(|arm| (*arm, best, count)));
            }
        }
        (most.iter().map(|(given, _)| given).sum(), most, response)
    }
}

impl Certified for Gap<'_> {
    fn check(&self) -> Result<()> {
        /// What rounding and a search leave, of the squares of the levels.
        const NOTHING: f64 = 1e-9;
        let all: Taken =
            self.courses.iter().map(|own| (0..own.draws[0].points.len()).map(|i| (i, 1.0)).collect()).collect();
        let points = self.courses.iter().flat_map(|course| &course.draws).flat_map(|draw| &draw.points);
        let whole: f64 = points.map(|own| own.people * own.seen.mean * own.seen.mean / own.seen.variance).sum();
        match self.rival.best(&self.courses, &all, None) {
            Some(found) if found.near.value <= NOTHING * whole => Err(Error::value(
                "the rival can show all that this theory shows, so that no sample tells them apart: exchange the two, if the rival is the wider one",
            )),
            _ => Ok(()),
        }
    }

    /// The best rival of any mixture of samples bounds all designs. What is best along the first, that of the design, joins the mixture, whose shares are then
    /// made best, and so on (Atkinson and Fedorov 1975).
    fn certificate(&mut self, slots: &Slots<'_>, value: f64) -> Option<Certificate> {
        // Each look at a window is a look at many curves.
        const ROUNDS: [usize; 2] = [40, 15];
        const NEAR: f64 = 1e-5;
        let (mut taken, mut x, mut reached) = (once(&self.choice), self.x.clone(), value);
        let mut lowest: Option<Certificate> = None;
        for _ in 0..ROUNDS[usize::from(self.courses.iter().any(|course| course.draws.len() > 1))] {
            let (bound, most, response) = Self::along(slots, &self.squares(&x, &self.all())?);
            if lowest.as_ref().is_none_or(|lowest| bound < lowest.bound) {
                lowest = Some(Certificate { efficiency: (value / bound).min(1.0), bound, most, exhaustive: true });
            }
            if bound <= reached * (1.0 + NEAR) {
                break;
            }
            for (arm, best, count) in response {
                join((&mut taken[arm], &slots.spots[arm]), best, count);
            }
            let Some(found) = self.weigh(slots, &mut taken, &x) else { break };
            (x, reached) = found;
        }
        lowest
    }
}

impl Gap<'_> {
    /// Makes the shares of samples better, each by a root of what it gives, and finds the best rival of that mixture with what it leaves.
    fn weigh(&self, slots: &Slots<'_>, taken: &mut Taken, x: &[f64]) -> Option<(Vec<f64>, f64)> {
        const TURNS: usize = 25;
        let mut found = self.rival.best(&self.courses, taken, Some(x))?;
        for _ in 0..TURNS {
            let numbers: Choice = taken.iter().map(|own| own.iter().map(|(i, _)| *i).collect()).collect();
            let squares = self.squares(&found.x, &numbers)?;
            let mut next = taken.clone();
            for arms in slots.groups() {
                // Arms of a group have the same samples.
                let place = |i: usize| numbers[arms[0]].iter().position(|own| *own == i);
                let of = |i: usize, arm: &usize| place(i).map_or(0.0, |at| squares[*arm][at]);
                let given = |i: usize| arms.iter().map(|arm| of(i, arm)).sum::<f64>().sqrt();
                for arm in &arms {
                    grow((&mut next[*arm], &slots.spots[*arm]), &given);
                }
            }
            let there = self.rival.best(&self.courses, &next, Some(&found.x))?;
            let is_end = there.near.value <= found.near.value * (1.0 + 1e-7);
            if there.near.value > found.near.value {
                *taken = next;
                found = there;
            }
            if is_end {
                break;
            }
        }
        Some((found.x, found.near.value))
    }
}

/// Lets a tenth of the samples of a kind be one candidate.
fn join((taken, spots): (&mut Vec<(usize, f64)>, &[Spot]), best: usize, count: f64) {
    const SHARE: f64 = 0.1;
    let is_of_kind = |i: usize| spots[i].kind == spots[best].kind;
    taken.iter_mut().filter(|(i, _)| is_of_kind(*i)).for_each(|(_, often)| *often *= 1.0 - SHARE);
    match taken.iter_mut().find(|(i, _)| *i == best) {
        Some((_, often)) => *often += SHARE * count,
        None => taken.push((best, SHARE * count)),
    }
    taken.retain(|(_, often)| *often > 1e-9);
}

/// Multiplies each share with a factor, so that as many samples of each kind stay.
fn grow((taken, spots): (&mut Vec<(usize, f64)>, &[Spot]), factor: &dyn Fn(usize) -> f64) {
    for kind in each_of(&spots.iter().map(|spot| spot.kind).collect::<Vec<_>>()) {
        let own = |(i, _): &&(usize, f64)| spots[*i].kind == kind;
        let before: f64 = taken.iter().filter(own).map(|(_, often)| often).sum();
        let after: f64 = taken.iter().filter(own).map(|(i, often)| often * factor(*i)).sum();
        if after > 0.0 {
            let all = taken.iter_mut().filter(|(i, _)| spots[*i].kind == kind);
            all.for_each(|(i, often)| *often *= factor(*i) * before / after);
        }
    }
}

impl Engine for Rival {
    fn tally(&self, arms: &[Arm], spots: &[Vec<Spot>]) -> Result<Box<dyn Certified + '_>> {
        let courses = arms.iter().zip(spots).map(|(arm, spots)| self.course(arm, spots, false));
        Ok(Box::new(Gap::new(self, courses.collect::<Result<_>>()?)))
    }

    fn in_time(&self, arms: &[Arm], spots: &[Vec<Spot>], _: f64) -> Option<(f64, Vec<Vec<f64>>)> {
        self.changes(arms, spots)
    }
}
