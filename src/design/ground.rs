//! The samples that might be taken, made ready: what any choice among them would tell.

use nalgebra::DMatrix;

use super::arm::Arm;
use super::choice::{Choice, Tally};
use super::criterion::Goal;
use super::frame::Room;
use super::spot::Spot;
use super::view::{Rows, View};
use crate::error::Result;

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
    pub(super) fn new(goal: &'a Goal, arms: &[Arm], spots: &[Vec<Spot>]) -> Result<Self> {
        let of_view = |view: &View| {
            arms.iter().zip(spots).map(|(arm, spots)| view.rows(arm, spots, false)).collect::<Result<Vec<_>>>()
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
            let mut sum = self.goal.views[v].beforehand();
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
