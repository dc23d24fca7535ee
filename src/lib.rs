//! Exact pharmacokinetics of vitamin K2.
#![warn(clippy::pedantic)]
#![allow(clippy::module_name_repetitions, clippy::must_use_candidate)]

mod absorption;
mod disposition;
mod error;
mod model;
mod network;
mod numeric;
mod ode;
mod profile;
mod propagate;
mod regimen;
mod timeline;
pub mod units;

pub use absorption::{Absorb, Absorption, Bolus, FirstOrder, Transit, ZeroOrder};
pub use disposition::{Disposition, HalfLife, Mode, OneCompartment, ThreeCompartment, TwoCompartment};
pub use error::{Error, ErrorKind, Result};
pub use model::{Model, Parameters};
pub use ode::{Entry, Saturable, Solver, System, Tolerance};
pub use profile::{Profile, grid};
pub use propagate::Balance;
pub use regimen::{Dose, Regimen, Repeating, Route, Weekday};
