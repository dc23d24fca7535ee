//! Doses and people as things to choose too.

use super::arm::Arm;
use super::criterion::{Criterion, Goal};
use super::engine::Certificate;
use super::found::Found;
use super::plan::Design;
use super::search::Search;
use super::view::View;
use super::weigh::{Part, weigh};
use crate::error::Result;
use crate::regimen::Regimen;

impl Search {
    /// This search with the doses of an arm, counted from 0, chosen from several.
    ///
    /// ```
    /// use menaquinone::{Dose, FirstOrder, OneCompartment, assay::ResidualError, design::{Arm, Criterion, Design, Search, When}, fit::{Theory, free}};
    /// let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Combined { cv: 0.1, sd: 0.5 })?;
    /// let design = Design::of(&theory, Arm::of(Dose::of(50.0)))?;
    /// let found = Search::of(&design, &Criterion::d(), When::between(0.0..=48.0).every(2.0)).samples(3)
    ///     .doses_of(0, [Dose::of(50.0).at(0.0), Dose::of(200.0).at(0.0)])
    ///     .run()?;
    /// assert_eq!(found.design().arms()[0].regimen(), &Dose::of(200.0).at(0.0)); // more of it stands out of the error
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn doses_of(mut self, arm: usize, regimens: impl IntoIterator<Item = Regimen>) -> Self {
        if let Some(own) = self.doses.get_mut(arm) {
            own.extend(regimens);
        }
        self
    }

    /// This search with people moved between the arms, as many in all as the design has. Where that is a whole number each arm gets one: the shares that
    /// are best are rounded by the largest remainders, and then one person at a time is moved while that is better. An arm that is left without people
    /// is left out.
    #[must_use]
    pub fn moving_people(mut self) -> Self {
        self.moving = true;
        self
    }

    /// The design under each choice of doses.
    pub(super) fn dosed(&self) -> Vec<Design> {
        let mut all = vec![self.design.clone()];
        for (arm, regimens) in self.doses.iter().enumerate().filter(|(_, regimens)| !regimens.is_empty()) {
            let with = |design: &Design, regimen: &Regimen| {
                let mut own = design.clone();
                own.arms[arm] = own.arms[arm].clone().given(regimen.clone());
                own
            };
            all = all.iter().flat_map(|design| regimens.iter().map(move |regimen| with(design, regimen))).collect();
        }
        all
    }

    /// Times and people by turns, until neither is better.
    pub(super) fn with_people_moved(&self, design: &Design) -> Result<Found> {
        const TURNS: usize = 6;
        let mut found = self.times_of(design)?;
        for _ in 0..TURNS {
            let goal = Goal::new(&self.criterion, found.design())?;
            let shares = shares(&goal, found.design())?;
            let mut next = found.design().clone();
            // Nobody is quite left out before the end, so that an arm can come back.
            next.arms.iter_mut().zip(&shares).for_each(|(arm, share)| *arm = arm.clone().people(share.max(1e-6)));
            let again = self.times_of(&next)?;
            if again.value() <= found.value() * (1.0 + 1e-9) {
                break;
            }
            found = again;
        }
        let is_whole = design.people().fract() == 0.0;
        let last = if is_whole { whole_people(found.design(), &self.criterion)? } else { found.design().clone() };
        let value = self.criterion.of(&last)?;
        let certificate = if self.common {
            // What arms give that have the same times says nothing of each; times of their own bound them too.
            let apart = self.apart().with_people_moved(design)?;
            let bound = apart.certificate().bound;
            Certificate { efficiency: (value / bound).min(1.0), ..apart.certificate().clone() }
        } else {
            found.bound_of_any(design.people(), value)
        };
        Ok(Found::new(last, self.criterion.clone(), value, certificate))
    }
}

impl Found {
    /// The certificate of a value that so many people reach, whatever arms they are in: the best of one person of any arm bounds what all of them give.
    pub(super) fn bound_of_any(&self, people: f64, value: f64) -> Certificate {
        let certificate = self.certificate().clone();
        let arms = self.design().arms.iter().zip(&certificate.most);
        let most = arms.map(|(arm, (given, _))| given / arm.count()).fold(0.0, f64::max);
        self.bounded(most * people, value)
    }

    /// The certificate of a value that a design of the same arms with other numbers of people reaches, where all arms have the same times: nobody counts for
    /// more than the arm that has grown most.
    pub(super) fn bound_of_grown(&self, grown: &Design, value: f64) -> Certificate {
        let arms = self.design().arms.iter().zip(&grown.arms);
        let most = arms.map(|(arm, own)| own.count() / arm.count()).fold(0.0, f64::max);
        self.bounded(most * self.given(), value)
    }

    fn given(&self) -> f64 {
        self.certificate().most.iter().map(|(given, _)| given).sum()
    }

    /// The certificate of a value where people give at most so much along the slopes.
    fn bounded(&self, most: f64, value: f64) -> Certificate {
        let certificate = self.certificate().clone();
        let bound = certificate.bound - self.given() + most;
        Certificate { efficiency: (value / bound).min(1.0), bound, ..certificate }
    }
}

/// The people of each arm that are best, as many in all.
fn shares(goal: &Goal, design: &Design) -> Result<Vec<f64>> {
    let mut parts = Vec::new();
    for arm in &design.arms {
        let one = [arm.clone().people(1.0)];
        let of_view =
            |view: &View| Ok(view.clone().without_prior().matrix_of(&one, &[view.rows(arm, &arm.spots(), false)?]));
        let told = goal.views.iter().map(of_view).collect::<Result<_>>()?;
        parts.push(Part { group: 0, told, weight: arm.count() });
    }
    for sharp in goal.stages() {
        weigh(goal, &mut parts, (*sharp, 1e-11)).ok_or_else(|| design.not_told())?;
    }
    Ok(parts.into_iter().map(|part| part.weight).collect())
}

/// Whole numbers of people of a design whose shares are these, where they are a whole number in all: first by the largest remainders, of equals the first; then
/// one person at a time goes from one arm to another while that is better.
fn whole_people(design: &Design, criterion: &Criterion) -> Result<Design> {
    let all = design.people().round();
    let shares: Vec<f64> = design.arms.iter().map(Arm::count).collect();
    let worth = |people: &[f64]| criterion.of(&design.of_counts(people)).unwrap_or(0.0);
    let mut people = whole(&shares, all);
    let mut value = worth(&people);
    for _ in 0..STEPS {
        let pairs = (0..people.len()).flat_map(|from| (0..people.len()).map(move |to| (from, to)));
        let moved = pairs.filter(|(from, to)| from != to && people[*from] >= 1.0).map(|(from, to)| {
            let mut next = people.clone();
            (next[from], next[to]) = (next[from] - 1.0, next[to] + 1.0);
            (worth(&next), next)
        });
        let best = moved.reduce(|a, b| if b.0 > a.0 { b } else { a });
        let Some((better, next)) = best.filter(|(next, _)| *next > value * (1.0 + 1e-11)) else { break };
        (value, people) = (better, next);
    }
    if value > 0.0 { Ok(design.of_counts(&people)) } else { Err(design.not_told()) }
}

/// The most people who are moved one by one.
const STEPS: usize = 100;

/// Whole numbers of people next to shares: by the largest remainders, of equals the first.
fn whole(shares: &[f64], all: f64) -> Vec<f64> {
    let mut people: Vec<f64> = shares.iter().map(|share| share.floor()).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|a, b| shares[*b].fract().total_cmp(&shares[*a].fract()).then(a.cmp(b)));
    let mut left = all - people.iter().sum::<f64>();
    for arm in order {
        if left >= 0.5 {
            people[arm] += 1.0;
            left -= 1.0;
        }
    }
    people
}
