//! Models that have no exact formula: the user's own equations, solved from event to event.
//!
//! The fold is that of the exact path, with an ODE solver in place of the formula. A dose makes the equations jump, so the
//! solver stops at every dose and at the beginning and end of every infusion, and is never led across any of them. What
//! is looked at in between is read from a curve through the step in which it lies.

mod clock;
#[cfg(test)]
mod conformance;
mod curve;
mod differences;
mod fold;
mod integrator;
mod linear;
mod meals;
mod piece;
mod saturable;
mod scheme;
mod system;
mod tolerance;
mod trouble;

pub use differences::{Differences, differences};
pub use meals::WithMeals;
pub use saturable::Saturable;
pub use system::{Entry, System};
pub use tolerance::{Solver, Tolerance};
