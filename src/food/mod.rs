//! Foods and what they hold, by form of the vitamin: a table of rows, each with its source.
//!
//! Contents are in µg in 100 g, as tables of food print them. A serving, a plate and a day are in µg like everything
//! else. Nothing here is a recommendation.
//!
//! ```
//! use menaquinone::{food::{self, Plate}, units::*, vitamer::*};
//! let natto = food::find("natto")?.serving(50.0 * GRAM)?;
//! assert_eq!(natto.amount(&MK7)?.to_string(), "470 µg (388-875)");
//!
//! let plate = Plate::from(natto).and(food::find("egg yolk")?.serving(17.0 * GRAM)?);
//! assert_eq!(plate.amount(&MK4)?.to_string(), "5.27 µg (range not known)");
//! assert!((plate.fat()? / GRAM - 10.0).abs() < 0.1);
//! # Ok::<(), menaquinone::Error>(())
//! ```
//!
//! Ranges go along: where one is printed, every [`Amount`] has its ends, and where none is, it says so. What a table
//! calls `total` stays apart from the vitamers in it.
//!
//! To add a food, write it into the list of its group, `src/food/table/`. A test insists that `docs/FOODS.md` prints it
//! and shows what to paste.

mod amount;
mod content;
mod form;
mod intake;
mod kind;
mod plain;
mod plate;
mod serving;
mod shelf;
mod table;

pub(crate) use amount::rounded;
pub use amount::{Amount, Estimate};
pub use content::{Content, Source, Spread};
pub use form::Form;
pub use intake::Intake;
pub use kind::{Food, Group};
pub(crate) use plain::is_plain;
pub use plate::{Item, Plate, Product};
pub use serving::Serving;
pub(crate) use serving::{KILOGRAM, OUNCE};
pub use shelf::Shelf;

use crate::error::Result;

/// Every food of the table, group by group.
///
/// ```
/// use menaquinone::food;
/// assert!(food::foods().count() > 70);
/// let rich = food::foods().filter(|food| food.content(food::Form::MK7).is_ok_and(|row| row.typical() > 0.0));
/// assert_eq!(rich.map(|food| food.name).collect::<Vec<_>>(), ["natto"]);
/// ```
pub fn foods() -> impl Iterator<Item = &'static Food> {
    table::TABLE.iter().copied().flatten()
}

/// The food of the table with this name, in any case and with its words in any order.
///
/// To ask many times, or for foods of your own, make a [`Shelf`].
///
/// ```
/// use menaquinone::food;
/// assert_eq!(food::find("Gouda cheese")?.name, "cheese, gouda");
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// # Errors
/// As for [`Shelf::find`].
pub fn find(name: &str) -> Result<Food> {
    Shelf::default().find(name).copied()
}
