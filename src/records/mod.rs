//! Event tables in the NONMEM convention: read, checked, simulated and written.
//!
//! `record`, `measured` and `table` are the nouns, `origin` says where records come from and `check` holds the rules. `read` is the way in:
//! `rows` and `cell` are what a text falls into, `column` what stands where, `clock` reads times of day, and `build` makes
//! records of it all. `write` is the way out.
//! `body` says what the numbers of a compartment are, `frame` moves the amounts on between two records, `doses` and `due`
//! make arrivals of a record, `steady` finds where they lead in the long run, `walk` and `simulate` go through the table.
//! `convert` leads to and from a regimen.

mod body;
mod build;
mod cell;
mod check;
mod clock;
mod column;
mod convert;
mod doses;
mod due;
mod frame;
mod measured;
mod origin;
mod read;
mod record;
mod rows;
mod simulate;
mod steady;
mod table;
mod walk;
mod write;

pub use body::{Body, Inlet};
pub use measured::Measured;
pub use read::TableReader;
pub use record::Record;
pub use simulate::{Between, Covariates, Given, Predicted, Simulation, simulate, simulate_between, simulate_with};
pub use table::Table;
