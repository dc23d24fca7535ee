//! From data to parameters: a model with unknowns fitted to what was measured.

mod dose;
mod dosing;
mod fitted;
mod left;
mod objective;
mod parts;
mod people;
mod posterior;
mod profile;
mod rates;
mod report;
mod residual;
mod samples;
mod search;
mod several;
mod start;
mod summary;
mod sure;
mod tables;
mod theory;
mod unknown;

pub use dose::{Aim, DoseFound, Target};
pub use fitted::{Estimate, Fit};
pub use parts::{Name, Part};
pub use people::{Method, Objective, People, PeopleEstimate, PeopleFit, PersonAt};
pub use posterior::Posterior;
pub use profile::Interval;
pub use rates::{Rates, TwoRates};
pub use samples::{Report, Sampled, Samples};
pub use several::Spread;
pub use summary::{Figure, Summary};
pub use sure::Comparison;
pub use theory::{Theory, Weights};
pub use unknown::{Unknown, fixed, free};
