//! What a trial costs, and the best design for the money.

use super::arm::MOST_PEOPLE;
use super::found::Found;
use super::plan::Design;
use super::search::Search;
use crate::error::{self, Error, Result, Short};
use crate::units::DAY;

/// What there is to spend, and what a person, a sample and a visit cost, in any one unit.
///
/// ```
/// use menaquinone::{Dose, FirstOrder, OneCompartment, assay::ResidualError, design::{Arm, Budget, Criterion, Design, Search, When}, fit::{Theory, free}};
/// let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) })?
///     .with_error(ResidualError::Proportional { cv: free(0.1) })?;
/// let design = Design::of(&theory, Arm::of(Dose::of(100.0)))?;
/// let search = Search::of(&design, &Criterion::d(), When::between(0.5..=48.0).count(20)).on_grid();
/// let budget = Budget { total: 10_000.0, person: 300.0, sample: 50.0, visit: 100.0 };
/// let found = budget.best(&search, 2..=6)?;
/// assert!(budget.cost(found.design()) <= budget.total);
/// let poor = Budget { total: 200.0, ..budget };
/// assert!(poor.best(&search, 2..=6).unwrap_err().to_string().starts_with("a budget of 200 allows nobody"));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// All there is.
    pub total: f64,
    /// For each person.
    pub person: f64,
    /// For each sample.
    pub sample: f64,
    /// For each visit: a day of 24 h since the time 0 on which a person is sampled.
    pub visit: f64,
}

impl Budget {
    /// What a design costs.
    pub fn cost(&self, design: &Design) -> f64 {
        design.arms().iter().map(|arm| arm.count() * self.of_person(arm.times())).sum()
    }

    fn of_person(&self, times: &[f64]) -> f64 {
        let mut days: Vec<f64> = times.iter().map(|time| (time / DAY).floor()).collect();
        days.sort_by(f64::total_cmp);
        days.dedup();
        #[expect(clippy::cast_precision_loss, reason = "counts of samples and days")]
        let (samples, visits) = (times.len() as f64, days.len() as f64);
        self.person + samples * self.sample + visits * self.visit
    }

    /// The best design for the money: for each number of samples of a person the best times, then as many whole people as can be paid. The arms get
    /// their shares rounded down, and what is left buys one person after the other for the arm in which that brings most for its cost. The times are
    /// found without regard to the visits, which are then counted; the certificate is that of designs of as many people.
    ///
    /// # Errors
    /// Costs that are no numbers, a budget that allows nobody, what [`Search::run`] refuses for every number of samples.
    pub fn best(&self, search: &Search, counts: impl IntoIterator<Item = usize>) -> Result<Found> {
        error::positive("the budget", self.total, "")?;
        for (what, cost) in [("a person", self.person), ("a sample", self.sample), ("a visit", self.visit)] {
            error::non_negative(format!("the cost of {what}"), cost, "")?;
        }
        let (mut best, mut least): (Option<Found>, f64) = (None, f64::INFINITY);
        for found in search.by_count(counts)? {
            let design = found.design();
            let one = self.cost(design) / design.people();
            least = least.min(one);
            if one <= 0.0 {
                return Err(Error::value(
                    "people, samples and visits cost nothing, so that a budget sets no limit: give costs",
                ));
            }
            if design.people() * self.total > MOST_PEOPLE * self.cost(design) {
                return Err(Error::value(format!(
                    "a budget of {} pays for more than {} people at {} each: give the costs in the unit of the budget",
                    Short(self.total),
                    Short(MOST_PEOPLE),
                    Short(one)
                )));
            }
            let Some(paid) = self.paid(&found) else { continue };
            if best.as_ref().is_none_or(|best| paid.value() > best.value() * (1.0 + 1e-11)) {
                best = Some(paid);
            }
        }
        best.ok_or_else(|| {
            Error::value(format!(
                "a budget of {} allows nobody: one person costs at least {least} with these samples and visits",
                self.total
            ))
        })
    }
}

impl Budget {
    /// The same times with as many whole people in each arm as can be paid; none where nobody can.
    ///
    /// Each arm has its share rounded down; what is left of the money buys one person after the other, each for the arm in which the person brings most for
    /// what one costs there.
    fn paid(&self, found: &Found) -> Option<Found> {
        let (design, criterion) = (found.design(), found.criterion());
        let affordable = design.people() * self.total / self.cost(design) + 1e-9;
        let mut people: Vec<f64> =
            design.arms.iter().map(|arm| (arm.count() * affordable / design.people()).floor()).collect();
        let worth = |people: &[f64]| criterion.of(&design.of_counts(people)).unwrap_or(0.0);
        let costs: Vec<f64> = design.arms.iter().map(|arm| self.of_person(arm.times())).collect();
        let mut left = self.total * (1.0 + 1e-12) - people.iter().zip(&costs).map(|(n, cost)| n * cost).sum::<f64>();
        let mut value = worth(&people);
        // At most one person an arm is missing from each share, and what these cost less may buy some more.
        for _ in 0..MORE * people.len() {
            let one_more = |arm: usize| {
                let mut next = people.clone();
                next[arm] += 1.0;
                (worth(&next), next, arm)
            };
            let brings = |(there, _, arm): &(f64, Vec<f64>, usize)| (there - value) / costs[*arm];
            let all = (0..people.len()).filter(|arm| costs[*arm] <= left).map(one_more);
            let best = all.reduce(|a, b| if brings(&b) > brings(&a) { b } else { a });
            let Some((there, next, arm)) = best else { break };
            left -= costs[arm];
            (value, people) = (there, next);
        }
        let last = design.of_counts(&people);
        if value <= 0.0 || last.arms.is_empty() {
            return None;
        }
        let are_alike = found.certificate().most.len() < design.arms.len();
        let certificate = if are_alike && last.arms.len() == design.arms.len() {
            found.bound_of_grown(&last, value)
        } else {
            found.bound_of_any(last.people(), value)
        };
        Some(Found::new(last, criterion.clone(), value, certificate))
    }
}

/// How many people more are bought one by one for each arm.
const MORE: usize = 10;
