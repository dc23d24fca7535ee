//! Exact pharmacokinetics of vitamin K2.
#![warn(clippy::pedantic)]
#![allow(clippy::module_name_repetitions, clippy::must_use_candidate)]

mod absorption;
#[cfg(feature = "chart")]
mod chart;
mod disposition;
mod error;
mod model;
mod network;
mod numeric;
mod ode;
mod profile;
mod propagate;
mod regimen;
mod steady_state;
mod timeline;
pub mod units;
pub mod vitamer;

pub use absorption::{Absorb, Absorption, Bolus, FirstOrder, Transit, ZeroOrder};
#[cfg(feature = "chart")]
pub use chart::{Chart, Colour, Sheet, Trace};
pub use disposition::{Disposition, HalfLife, Mode, OneCompartment, ThreeCompartment, TwoCompartment};
pub use error::{Error, ErrorKind, Result};
pub use model::{Model, Parameters};
pub use ode::{Entry, Saturable, Solver, System, Tolerance};
pub use profile::{Profile, grid};
pub use propagate::Balance;
pub use regimen::{Dose, Regimen, Repeating, Route, Weekday};
pub use steady_state::{Exposure, SteadyState};
