//! What was taken: a course, a cycle that has gone on for long, or whatever an event table says.

use super::tabled::Tabled;
use crate::error::{Error, Result};
use crate::regimen::{Regimen, Repeating};

/// What was taken.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Dosing {
    /// Doses from the first on.
    Course(Regimen),
    /// A dosing that has gone on for ever; times count from the start of a cycle.
    Settled(Repeating),
    /// The records of a subject.
    Table(Box<Tabled>),
}

impl Dosing {
    /// The sentence for figures of a curve that the records of a table do not define.
    pub(super) fn refuse_table<T>() -> Result<T> {
        Err(Error::value(
            "a subject of an event table has resets, steady states or covariates that change, for which a peak or an area of its course is not defined here: give the dosing as a regimen",
        ))
    }
}

impl Dosing {
    /// The doses as a course, where they are one.
    pub(super) fn regimen(&self) -> Option<&Regimen> {
        match self {
            Self::Course(regimen) => Some(regimen),
            Self::Table(table) => table.plain.as_ref(),
            Self::Settled(_) => None,
        }
    }
}
