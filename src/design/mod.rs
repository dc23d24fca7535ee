//! What samples will tell, and which samples, of how many people, tell most: optimal design.
//!
//! [`Design`] is a theory with [`Arm`]s: doses, people, sampling times. [`Design::information`] is what they are expected to tell.

mod approximation;
mod arm;
mod follow;
mod frame;
mod information;
mod limit;
mod plan;
mod row;
mod untold;
mod view;

pub use approximation::Approximation;
pub use arm::Arm;
pub use information::Information;
pub use plan::Design;
pub use untold::Untold;
