//! Dosing that repeats without end.

use super::{Dose, Regimen};
use crate::error::{self, Error, Result};

/// A cycle of doses repeated without end: one a day, or a week of unequal days.
///
/// ```
/// use menaquinone::{Dose, units::*};
/// let daily = Dose::of(90.0 * UG).every(DAY);
/// assert_eq!(daily.tau(), 24.0);
/// assert_eq!(daily.doses(), [(0.0, Dose::of(90.0))]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Repeating {
    /// When the first cycle begins, h.
    pub(super) start: f64,
    /// The length of the cycle, h.
    pub(super) tau: f64,
    /// (h after the cycle's start, dose), in order of time; the first at 0.
    pub(super) doses: Vec<(f64, Dose)>,
}

impl Repeating {
    pub(super) fn new(tau: f64, dose: Dose) -> Self {
        Self { start: 0.0, tau, doses: vec![(0.0, dose)] }
    }

    /// When the first dose is taken, h.
    pub fn start(&self) -> f64 {
        self.start
    }

    /// The length of the cycle, h.
    pub fn tau(&self) -> f64 {
        self.tau
    }

    /// The doses of a cycle as (h after the cycle's start, dose), in order of time.
    pub fn doses(&self) -> &[(f64, Dose)] {
        &self.doses
    }

    /// The same cycle begun `time` h later.
    #[must_use]
    pub fn at(mut self, time: f64) -> Self {
        self.start += time;
        self
    }

    /// The first `cycles` cycles only.
    pub fn times(self, cycles: u64) -> Regimen {
        Regimen::course(self, Some(cycles))
    }

    /// Refuses a cycle that is not positive and doses that cannot be.
    pub(crate) fn check(&self) -> Result<()> {
        error::positive("the dosing interval tau", self.tau, "h")?;
        error::finite("the start of a dosing", self.start, "h")?;
        self.doses.iter().try_for_each(|(_, dose)| dose.check())
    }
}

impl TryFrom<Regimen> for Repeating {
    type Error = Error;
    fn try_from(_regimen: Regimen) -> Result<Self> {
        todo!()
    }
}
