//! From data to parameters: a model with unknowns fitted to what was measured.

mod fitted;
mod objective;
mod profile;
mod report;
mod residual;
mod samples;
mod search;
mod start;
mod sure;
mod theory;
mod unknown;

pub use fitted::{Estimate, Fit};
pub use profile::Interval;
pub use samples::{Report, Sampled, Samples};
pub use theory::{Name, Part, Theory, Weights};
pub use unknown::{Unknown, fixed, free};
