//! What a trial costs, and the best design for the money.

use super::found::Found;
use super::plan::Design;
use super::search::Search;
use crate::error::{self, Error, Result};
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

    /// The best design for the money: for each number of samples of a person the best times, then as many whole people as can be paid, in the shares of the
    /// arms. The times are found without regard to the visits, which are then counted.
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
            let people = (self.total / one + 1e-9).floor();
            if people < 1.0 {
                continue;
            }
            let paid = found.with_people(people)?;
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

impl Found {
    /// The same times with another number of people.
    fn with_people(&self, people: f64) -> Result<Self> {
        let design = self.design().with_people(people)?;
        let value = self.criterion().of(&design)?;
        let mut certificate = self.certificate().clone();
        certificate.bound = value / certificate.efficiency;
        Ok(Self::new(design, self.criterion().clone(), value, certificate))
    }
}
