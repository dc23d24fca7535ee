//! Event tables in the NONMEM convention: read, checked, simulated and written.
//!
//! `record` and `table` are the nouns; `check` holds the rules, `read`, `rows`, `cell` and `clock` the way in, `write` the way out.
//! `body` says what the numbers of a compartment are, and `doses` what a dose brings there. `plan` makes a subject a script, with
//! what is `due` on the way, and `simulate` walks it; `predict` and `covariates` are what goes out and in. `convert` leads to and
//! from a regimen, and `course` to a compiled one.

mod body;
mod cell;
mod check;
mod clock;
mod convert;
mod course;
mod covariates;
mod doses;
mod due;
mod plan;
mod predict;
mod read;
mod record;
mod rows;
mod simulate;
mod table;
mod write;

pub use body::{Body, Inlet};
pub use covariates::Covariates;
pub use predict::{Between, Convention, DoseRule, Given, Predicted, Simulation};
pub use read::TableReader;
pub use record::Record;
pub use simulate::{simulate, simulate_between, simulate_with};
pub use table::Table;
