//! What is taken: a dose, a dose repeated without end, and any schedule made of them.

mod dose;
mod repeating;
mod schedule;

pub use dose::{Dose, Route};
pub use repeating::Repeating;
pub use schedule::Regimen;
