//! Exact pharmacokinetics of vitamin K2.
#![warn(clippy::pedantic)]
#![allow(clippy::module_name_repetitions, clippy::must_use_candidate)]

mod error;
mod profile;
mod regimen;
pub mod units;

pub use error::{Error, ErrorKind, Result};
pub use profile::{Profile, grid};
pub use regimen::{Dose, Regimen, Repeating, Route, Weekday};
