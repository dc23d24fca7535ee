//! Exact pharmacokinetics of vitamin K2: the plasma levels of menaquinone-4 and menaquinone-7 under any dosing.
//!
//! ```
//! use menaquinone::{Dose, grid, units::*, vitamer::MK7};
//!
//! // One dose of 180 µg, hour by hour for four days.
//! let profile = MK7.model().profile(Dose::of(180.0 * UG), &grid(0.0..=4.0 * DAY, HOUR))?;
//! let cmax = profile.conc().iter().copied().fold(0.0, f64::max);
//! assert!((cmax - 1.12).abs() < 0.01); // µg/L
//!
//! // The same every day, long after the first: exact, without simulating the months before.
//! let ss = MK7.model().steady_state(Dose::of(180.0 * UG).every(DAY))?;
//! assert!((ss.cavg() - 180.0 / (1.27 * 24.0)).abs() < 1e-12); // dose / (cl tau)
//! assert!((ss.accumulation_ratio() - 6.0).abs() < 0.5);
//! # Ok::<(), menaquinone::Error>(())
//! ```
//!
//! # Concepts
//!
//! | concept | type | in one sentence |
//! |---|---|---|
//! | what is taken | [`Dose`], [`Meal`], [`Repeating`], [`Regimen`] | an amount by a route; what is eaten with it; repeated without end; any schedule, in code or as text |
//! | how it gets in | [`Absorption`] | [`Bolus`], [`FirstOrder`], [`ZeroOrder`] or [`Transit`]; [lagged](Absorb::lagged), [for a fraction](Absorb::with_f), [in parallel](Absorb::plus) |
//! | what a meal does | [`MealEffect`] | a factor on the fraction absorbed, by the fat in the meal that the dose names |
//! | how it leaves | [`Disposition`] | [`OneCompartment`], [`TwoCompartment`] or [`ThreeCompartment`]: a sum of decaying exponentials |
//! | the common case | [`Parameters`] | one compartment and first-order absorption in five numbers |
//! | the two together | [`Model`] | parameters that have been checked: a `Model` is the proof |
//! | not linear | [`Saturable`], [`System`] | saturable elimination, or equations of your own, by ODE |
//! | the result | [`Profile`] | times and concentrations |
//! | long after the first dose | [`SteadyState`] | one cycle, exactly, with its [`Exposure`] |
//! | where the substance is | [`Balance`] | what waits, what is in the body, what has left |
//! | other people's data | [`Table`], [`Record`], [`Body`] | NONMEM-convention event tables, read, [simulated](simulate) and written |
//! | a picture | `Chart`, `Sheet` | PNG and SVG, with the feature `chart` |
//! | facts | [`vitamer`] | parameter sets in tables of rows, each with its source |
//! | what went wrong | [`Error`] | a sentence: what was found, what is allowed, what to do |
//!
//! What is built from values can fail; what is asked of a built [`Model`] about its own numbers cannot. NaN, infinities and
//! impossible values stop at the door with an [`Error`].
//!
//! # Units
//!
//! | quantity | unit | |
//! |---|---|---|
//! | amount | µg | `180.0 * UG`, `15.0 * MG` |
//! | time | h | `24.0 * HOUR`, `4.0 * DAY` |
//! | volume | L | `154.0 * L` |
//! | concentration | µg/L | the same as ng/mL |
//! | clearance, rate, area | L/h, 1/h, µg·h/L | |
//!
//! The system is coherent, so no conversion factor stands in the mathematics. The constants are in [`units`]. Molar values
//! need a substance: [`Vitamer::nmol_from_ug`](vitamer::Vitamer::nmol_from_ug).
//!
//! # What it does not do
//!
//! - It is not medical advice.
//! - It does not estimate parameters from data or simulate populations.
//! - It does not settle what the literature leaves open. MK-4's half-life of 12 h is the popular figure, and data contradict
//!   it (1.2 to 2.6 h). One compartment describes the tail of MK-7 and not its peak. The absolute scale of MK-7 is uncertain by
//!   1.5 to 3.5 times. Each set says in [`contested`](vitamer::ParameterSet::contested) what to be careful about.
//!
//! # More
//!
//! In the repository: `README.md`, and under `docs/` the equations (`MODEL.md`), event tables (`RECORDS.md`), every number and its
//! source (`PARAMETERS.md`), what was compared with what (`VALIDATION.md`), how fast it is (`BENCHMARKS.md`), decisions
//! (`DESIGN.md`) and recipes (`EXTENDING.md`).

mod absorption;
mod balance;
#[cfg(feature = "chart")]
mod chart;
mod disposition;
mod error;
mod meal_effect;
mod model;
mod network;
mod numeric;
mod ode;
mod profile;
mod propagate;
mod records;
mod regimen;
mod steady_state;
mod timeline;
pub mod units;
pub mod vitamer;

pub use absorption::{Absorb, Absorption, Bolus, FirstOrder, Transit, ZeroOrder};
pub use balance::Balance;
#[cfg(feature = "chart")]
pub use chart::{Chart, Colour, Sheet, Trace};
pub use disposition::{Disposition, HalfLife, Mode, OneCompartment, ThreeCompartment, TwoCompartment};
pub use error::{Error, ErrorKind, Result};
pub use meal_effect::MealEffect;
pub use model::{Model, Parameters};
pub use ode::{Entry, Saturable, Solver, System, Tolerance, WithMeals};
pub use profile::{Profile, grid};
pub use records::{
    Between, Body, Covariates, Given, Inlet, Predicted, Record, Simulation, Table, TableReader, simulate,
    simulate_between, simulate_with,
};
pub use regimen::{Dose, Meal, Regimen, Repeating, Route, Weekday};
pub use steady_state::{Exposure, SteadyState};

/// The snippets of README.md and docs/ are tests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    mod readme {}
    #[doc = include_str!("../CONTRIBUTING.md")]
    mod contributing {}
    #[doc = include_str!("../docs/DESIGN.md")]
    mod design {}
    #[doc = include_str!("../docs/EXTENDING.md")]
    mod extending {}
    #[doc = include_str!("../docs/MODEL.md")]
    mod model {}
    #[doc = include_str!("../docs/RECORDS.md")]
    mod records {}
    #[doc = include_str!("../docs/VALIDATION.md")]
    mod validation {}
}
