//! What was taken: a course, or a cycle that has gone on for long.

use crate::regimen::{Regimen, Repeating};

/// What was taken.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Dosing {
    /// Doses from the first on.
    Course(Regimen),
    /// A dosing that has gone on for ever; times count from the start of a cycle.
    Settled(Repeating),
}
