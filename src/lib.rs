//! Exact pharmacokinetics of vitamin K2.
#![warn(clippy::pedantic)]
#![allow(clippy::module_name_repetitions, clippy::must_use_candidate)]

#[cfg(feature = "chart")]
mod chart;
mod error;
mod profile;
mod regimen;
pub mod units;

#[cfg(feature = "chart")]
pub use chart::{Chart, Colour, Sheet, Trace};
pub use error::{Error, ErrorKind, Result};
pub use profile::{Profile, grid};
pub use regimen::{Dose, Regimen, Repeating, Route};
