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
//! | parameters that change | [`Phases`] | one model after another; of many people [`Population::then_from`] and [`by_occasion`](Population::by_occasion) |
//! | not linear | [`Saturable`](ode::Saturable), [`System`](ode::System) | saturable elimination, or equations of your own, by ODE |
//! | the result | [`Profile`] | times and concentrations |
//! | one design, many models | [`Course`] | a regimen and times compiled once; of a subject of a table by [`Table::course`](records::Table::course) |
//! | long after the first dose | [`SteadyState`] | one cycle, exactly, with its [`Exposure`] |
//! | where the substance is | [`Balance`] | what waits, what is in the body, what has left |
//! | other people's data | [`Table`](records::Table), [`Record`](records::Record), [`Body`](records::Body) | NONMEM-convention event tables, read, [simulated](records::Table::simulate) and written |
//! | numbers from samples | [`Nca`](nca::Nca), [`Analysis`](nca::Analysis), [`METRICS`](nca::METRICS) | non-compartmental analysis of a curve or of data; [`Subjects`](nca::Subjects) and [`Table`](nca::Table) for many |
//! | from levels to numbers | [`Theory`](fit::Theory), [`Samples`](fit::Samples), [`Fit`](fit::Fit), [`Interval`](fit::Interval) | a model with unknowns, what was measured, the estimates, and how sure they are |
//! | from people to how they differ | [`People`](fit::People), [`PeopleFit`](fit::PeopleFit), [`Vpc`](fit::Vpc) | mixed effects by FOCEI, Laplace, quadrature or SAEM, and the checks of them |
//! | exact derivatives | [`sensitivity`] | of what a body shows, by every number of its model |
//! | many people | [`Population`], [`Draw`](random::Draw) | models drawn from a [`Distribution`](random::Distribution) or a [`Covariance`](random::Covariance), the same whatever the order |
//! | what they reach | [`Profiles`](population::Profiles), [`Bands`](population::Bands), [`Reached`](population::Reached), [`Share`](population::Share) | everybody's curves, by formula or by [ODE](Population::simulate_by_ode), percentiles over time, peaks and areas in a [`Window`](population::Window), a share with an interval |
//! | more people than fit | [`Tally`](population::Tally), [`Sketch`](population::Sketch), [`ProfileFile`](population::ProfileFile) | summaries that join, and files that are whole or not there |
//! | what they take | [`Adherence`](population::Adherence) | missed and late doses, and stopping early, as a regimen of their own |
//! | what is measured | [`ResidualError`](assay::ResidualError), [`Assay`](assay::Assay) | the error of a laboratory, with a limit of quantification |
//! | a picture | `Chart`, `Sheet` | PNG and SVG, with the feature `chart` |
//! | facts | [`vitamer`] | parameter sets in tables of rows, each with its source |
//! | what is eaten | [`food`], [`Diary`](diary::Diary) | foods by form with their ranges, plates, and a diary that becomes a regimen |
//! | what responds | [`marker`] | dp-ucMGP and osteocalcin, driven by any profile |
//! | what works against it | [`antagonist`] | the vitamin K cycle under a warfarin-like antagonist: a research illustration, not for clinical use |
//! | what was measured | [`observed`] | rows of printed numbers, and what every set predicts for them |
//! | how much that is | [`intake`] | bands of daily amounts, and what is known of a regimen |
//! | popular figures | [`what_if`] | presets by name, marked in every output and never a default |
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
//! # Files
//!
//! Everything that describes a model or a dosing is read and written by serde: [`Parameters`], [`Model`], [`Phases`], [`MealEffect`], [`Dose`],
//! [`Regimen`], [`Profile`], [`SteadyState`], [`marker::Turnover`], [`antagonist::Cycle`]; and so are summaries of many people:
//! [`Tally`](population::Tally), [`Sketch`](population::Sketch), [`Bands`](population::Bands), [`Share`](population::Share), [`Reached`](population::Reached). Rows of facts and what rests on them are
//! written only: sets, foods, bands, [`observed::Comparison`], [`DailyIntake`](diary::DailyIntake), [`marker::Response`], [`antagonist::Course`]. A
//! [`Diary`](diary::Diary) is read and written as its own text. In JSON an end that is infinite is `null`.
//!
//! # What it does not do
//!
//! - It is not medical advice.
//! - Theories of equations by ODE are not fitted, and SAEM knows no deviations from occasion to occasion.
//! - It knows no outcomes: bone density, calcification, fractures, bleeding. Two markers and an INR-like index, which is a
//!   research illustration and not for clinical use, are all it knows of effects.
//! - It does not settle what the literature leaves open. MK-4's half-life of 12 h is the popular figure, and data contradict
//!   it (1.2 to 2.6 h). One compartment describes the tail of MK-7 and not its peak. The absolute scale of MK-7 is uncertain by
//!   1.5 to 3.5 times. Each set says in [`contested`](vitamer::ParameterSet::contested) what to be careful about.
//!
//! # More
//!
//! In the repository: `README.md`, and under `docs/` the equations (`MODEL.md`), every number and its source
//! (`PARAMETERS.md`), every food (`FOODS.md`), the popular claims (`CLAIMS.md`), the words of a dosing (`REGIMENS.md`), event tables (`RECORDS.md`),
//! non-compartmental analysis (`NCA.md`), fitting (`FITTING.md`), designs of trials (`DESIGNING.md`), what was compared with what (`VALIDATION.md`), how fast it is (`BENCHMARKS.md`),
//! many machines (`SCALING.md`), decisions
//! (`DESIGN.md`) and recipes (`EXTENDING.md`).

mod absorption;
pub mod antagonist;
pub mod assay;
mod balance;
#[cfg(feature = "chart")]
pub mod chart;
mod course;
pub mod design;
pub mod diary;
mod disposition;
mod engine;
mod error;
pub mod file;
pub mod fit;
pub mod food;
pub mod intake;
pub mod marker;
mod meal_effect;
mod model;
pub mod nca;
mod notes;
mod number;
mod numeric;
pub mod observed;
pub mod ode;
mod phases;
pub mod population;
mod profile;
mod propagate;
pub mod random;
pub mod records;
mod regimen;
pub mod sensitivity;
mod sheet;
mod steady_state;
pub mod units;
pub mod vitamer;
pub mod what_if;
mod workers;

pub use absorption::{Absorb, Absorption, Bolus, FirstOrder, Transit, ZeroOrder};
pub use balance::Balance;
pub use course::Course;
pub use disposition::{Disposition, HalfLife, Mode, OneCompartment, ThreeCompartment, TwoCompartment};
pub use error::{Error, ErrorKind, Result};
pub use meal_effect::MealEffect;
pub use model::{Model, Parameters};
pub use phases::Phases;
pub use population::Population;
pub use profile::{Profile, grid};
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
    #[doc = include_str!("../docs/DESIGNING.md")]
    mod designing {}
    #[doc = include_str!("../docs/EXTENDING.md")]
    mod extending {}
    #[doc = include_str!("../docs/FITTING.md")]
    mod fitting {}
    #[doc = include_str!("../docs/MODEL.md")]
    mod model {}
    #[doc = include_str!("../docs/NCA.md")]
    mod nca {}
    #[doc = include_str!("../docs/SCALING.md")]
    mod scaling {}
    #[doc = include_str!("../docs/REGIMENS.md")]
    mod regimens {}
    #[doc = include_str!("../docs/RECORDS.md")]
    mod records {}
    #[doc = include_str!("../docs/VALIDATION.md")]
    mod validation {}
}
