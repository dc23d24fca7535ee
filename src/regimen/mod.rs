//! What is taken: a dose, a dose repeated without end, and any schedule made of them.
//!
//! `dose`, `repeating` and `schedule` are the three nouns, and `meal` is what a dose may name. A schedule is a list of courses (`course`), each a cycle and
//! a count. `text` reads and `display` writes the one text form that all three share, and serde goes through it.
//! `words` puts what labels and prescriptions say into the words of that form by the table of `synonyms`, `advice` knows what cannot be read,
//! and `open` what has two readings.

mod advice;
mod clauses;
mod clock;
mod common_cycle;
mod course;
mod display;
mod dose;
mod dose_text;
mod except;
mod frequency;
mod meal;
mod open;
mod reader;
mod repeating;
mod schedule;
mod serialize;
mod skip;
mod synonyms;
mod text;
mod token;
mod vocabulary;
mod weekday;
mod words;

pub(crate) use course::Batch;
pub use dose::{Dose, Route};
pub use meal::Meal;
pub use repeating::Repeating;
pub use schedule::Regimen;
pub use weekday::Weekday;
