//! Models that have no exact formula: the user's own equations, solved piece by piece between events.
//!
//! The fold is that of the exact path, with a step of an ODE solver in place of the formula. A dose makes the equations
//! jump, so the solver stops at every dose, at the beginning and end of every infusion and at every output time, and is
//! never led across any of them.

mod clock;
#[cfg(test)]
mod conformance;
mod fold;
mod linear;
mod meals;
mod piece;
mod saturable;
mod system;
mod tolerance;

pub use meals::WithMeals;
pub use saturable::Saturable;
pub use system::{Entry, System};
pub use tolerance::{Solver, Tolerance};
