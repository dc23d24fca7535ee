//! What samples will tell, and which samples, of how many people, tell most: optimal design.
//!
//! [`Design`] is a theory with [`Arm`]s: doses, people, sampling times. [`Design::information`] is what they are expected to tell.

mod allot;
mod along;
mod approximation;
mod arm;
mod believed;
mod block;
mod budget;
mod certificate;
mod choice;
mod criterion;
mod distance;
mod doubt;
mod engine;
mod exchange;
mod follow;
mod found;
mod frame;
mod gap;
mod ground;
mod information;
mod limit;
mod measured;
mod next;
mod parts;
mod plan;
mod power;
mod refine;
mod report;
mod row;
mod search;
#[cfg(feature = "chart")]
mod seen;
mod slopes;
mod spot;
mod tell;
#[cfg(test)]
mod tests;
mod untold;
mod view;
mod weigh;
mod when;

pub use approximation::Approximation;
pub use arm::Arm;
pub use believed::draws;
pub use budget::Budget;
pub use criterion::{Criterion, ROWS, Row};
pub use engine::Certificate;
pub use found::Found;
pub use information::Information;
pub use next::NextSample;
pub use plan::Design;
pub use power::Wald;
pub use search::Search;
pub use untold::Untold;
pub use when::When;
