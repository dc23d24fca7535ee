//! The samples that might be taken, made ready: what any choice among them would tell.

use nalgebra::DMatrix;

use super::arm::Arm;
use super::certificate::{Certificate, certificate};
use super::criterion::Goal;
use super::exchange::Slots;
use super::frame::Room;
use super::row::Row;
use super::view::{Rows, View};
use crate::error::Result;

/// For each arm the numbers of the candidates that are taken.
pub(super) type Choice = Vec<Vec<usize>>;

/// What a choice is worth, and what it would be worth with another sample.
pub(super) trait Tally {
    /// The value of a choice, which further calls are about.
    fn begin(&mut self, choice: &Choice) -> Option<f64>;

    /// Its value if in these arms the sample of a slot were that of a candidate.
    fn trial(&mut self, arms: &[usize], slot: usize, candidate: usize) -> Option<f64>;
}

/// A tally that can say how far its choice is from the best there can be.
pub(super) trait Certified: Tally {
    /// The certificate of the choice that was begun, of this value.
    fn certificate(&mut self, slots: &Slots<'_>, value: f64) -> Option<Certificate>;
}

/// What a search asks of a criterion.
pub(super) trait Engine {
    /// Candidates made ready.
    fn tally(&self, arms: &[Arm], times: &[Vec<f64>]) -> Result<Box<dyn Certified + '_>>;

    /// The value of a design with these times, and its slope by each of them; none where it does not tell what is asked.
    fn in_time(&self, arms: &[Arm], times: &[Vec<f64>]) -> Option<(f64, Vec<Vec<f64>>)>;

    /// Whether the value has slopes everywhere.
    fn is_smooth(&self) -> bool;
}

impl Engine for Goal {
    fn tally(&self, arms: &[Arm], times: &[Vec<f64>]) -> Result<Box<dyn Certified + '_>> {
        Ok(Box::new(Ground::new(self, arms, times)?))
    }

    fn in_time(&self, arms: &[Arm], times: &[Vec<f64>]) -> Option<(f64, Vec<Vec<f64>>)> {
        let of_view = |view: &View| -> Option<Vec<Rows>> {
            arms.iter().zip(times).map(|(arm, times)| view.rows(arm, times, true).ok()).collect()
        };
        let rows: Vec<Vec<Rows>> = self.views.iter().map(of_view).collect::<Option<_>>()?;
        let matrices: Vec<DMatrix<f64>> =
            self.views.iter().zip(&rows).map(|(view, rows)| view.matrix_of(arms, rows)).collect();
        let (value, weights) = (self.value(&matrices)?, self.slopes(&matrices)?);
        let mut slopes: Vec<Vec<f64>> = times.iter().map(|own| vec![0.0; own.len()]).collect();
        for ((view, rows), weight) in self.views.iter().zip(&rows).zip(&weights) {
            for (arm, rows) in rows.iter().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "a count of draws")]
                let share = arms[arm].count() / rows.of.len() as f64;
                for own in &rows.of {
                    let own: Vec<&Row> = own.iter().collect();
                    let found = view.frame.slopes(&own, weight);
                    slopes[arm].iter_mut().zip(found).for_each(|(sum, slope)| *sum += share * slope);
                }
            }
        }
        Some((value, slopes))
    }

    fn is_smooth(&self) -> bool {
        !self.is_worst()
    }
}

impl Certified for Ground<'_> {
    fn certificate(&mut self, slots: &Slots<'_>, value: f64) -> Option<Certificate> {
        certificate(self, slots, value)
    }
}

/// The candidates of each arm as each theory sees them.
pub(super) struct Ground<'a> {
    pub(super) goal: &'a Goal,
    pub(super) people: Vec<f64>,
    /// By theory and arm.
    pub(super) rows: Vec<Vec<Rows>>,
    choice: Choice,
    /// What each arm tells, by theory and arm.
    told: Vec<Vec<Vec<f64>>>,
    room: Room,
}

impl<'a> Ground<'a> {
    pub(super) fn new(goal: &'a Goal, arms: &[Arm], times: &[Vec<f64>]) -> Result<Self> {
        let of_view = |view: &View| {
            arms.iter().zip(times).map(|(arm, times)| view.rows(arm, times, false)).collect::<Result<Vec<_>>>()
        };
        let rows = goal.views.iter().map(of_view).collect::<Result<Vec<_>>>()?;
        let people = arms.iter().map(Arm::count).collect();
        Ok(Self { goal, people, rows, choice: Choice::new(), told: Vec::new(), room: Room::default() })
    }

    pub(super) fn told(&mut self, view: usize, arm: usize, numbers: &[usize]) -> Vec<f64> {
        let n = self.goal.views[view].frame.len();
        let mut sum = vec![0.0; n * n];
        self.rows[view][arm].add(&self.goal.views[view], numbers, self.people[arm], &mut self.room, &mut sum);
        sum
    }

    /// The information of each theory, where some arms tell something else.
    fn matrices(&self, instead: &[(usize, Vec<Vec<f64>>)]) -> Vec<DMatrix<f64>> {
        let of_view = |v: usize| {
            let view = &self.goal.views[v];
            let n = view.frame.len();
            let mut sum = view.prior.clone().unwrap_or_else(|| DMatrix::zeros(n, n));
            for arm in 0..self.people.len() {
                let own = instead.iter().find(|(other, _)| *other == arm).map(|(_, told)| &told[v]);
                let own = own.unwrap_or(&self.told[v][arm]);
                sum.as_mut_slice().iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
            }
            sum
        };
        (0..self.goal.views.len()).map(of_view).collect()
    }

    /// The candidates of an arm in the choice that was begun.
    pub(super) fn chosen(&self, arm: usize) -> Vec<usize> {
        self.choice[arm].clone()
    }

    /// The information of each theory under the choice that was begun.
    pub(super) fn now(&self) -> Vec<DMatrix<f64>> {
        self.matrices(&[])
    }
}

impl Tally for Ground<'_> {
    fn begin(&mut self, choice: &Choice) -> Option<f64> {
        self.choice.clone_from(choice);
        self.told = (0..self.goal.views.len())
            .map(|view| (0..choice.len()).map(|arm| self.told(view, arm, &choice[arm])).collect())
            .collect();
        self.goal.value(&self.matrices(&[]))
    }

    fn trial(&mut self, arms: &[usize], slot: usize, candidate: usize) -> Option<f64> {
        let mut instead = Vec::with_capacity(arms.len());
        for arm in arms {
            let mut numbers = self.choice[*arm].clone();
            numbers[slot] = candidate;
            instead.push((*arm, (0..self.goal.views.len()).map(|view| self.told(view, *arm, &numbers)).collect()));
        }
        self.goal.value(&self.matrices(&instead))
    }
}
