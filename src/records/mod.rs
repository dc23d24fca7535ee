//! Event tables in the NONMEM convention: read, checked, simulated and written.
//!
//! `record`, `measured` and `table` are the nouns, `origin` says where records come from and `check` holds the rules. `read` is the way in:
//! `column` says what stands where, `names` what other programs call it, `dialect` what it means in other programs and `scales` in which unit; `calendar` makes hours of dates
//! and times of day, `build` makes records of it all by a `draft` of each, with `codes` of EVID and CMT and what stands `beside` its numbers, `rates` closes infusions of two records, and `notes` says
//! what a reader should know of them. `write` is the way out.
//! `body` says what the numbers of a compartment are, and `doses` what a dose brings there. `plan` makes a subject a script, with
//! what is `due` on the way, and `simulate` walks it; `predict` and `covariates` are what goes out and in; `slopes` is the
//! same with derivatives. `convert` leads to and
//! from a regimen, and `course` to a compiled one.

mod beside;
mod body;
mod build;
mod calendar;
mod check;
mod codes;
mod column;
mod convert;
mod course;
mod covariates;
mod dialect;
mod doses;
mod draft;
mod due;
mod follow;
mod measured;
mod names;
mod notes;
mod origin;
mod plan;
mod predict;
mod rates;
mod read;
mod record;
mod scales;
mod simulate;
mod slopes;
mod table;
mod texts;
mod write;

pub use body::{Body, Inlet};
pub use covariates::Covariates;
pub use dialect::Dialect;
pub use measured::Measured;
pub use predict::{Between, Convention, DoseRule, Given, Predicted, Simulation};
pub use read::Reader;
pub use record::Record;
pub use table::Table;

pub(crate) use slopes::{PairScript, Subject};
