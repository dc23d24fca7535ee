//! A mass of a food, and what is in it.

use super::{Amount, Content, Food, Form};
use crate::error::{self, Error, ErrorKind, Result};
use crate::random::Distribution;
use crate::units::GRAM;

/// A mass of a food.
///
/// What it holds is known within a range or without one, so every amount is an [`Amount`].
///
/// ```
/// use menaquinone::{food, units::*, vitamer::MK7};
/// let pack = food::find("natto")?.serving(50.0 * GRAM)?;
/// assert_eq!(pack.amount(&MK7)?.to_string(), "470 µg (388-875)");
/// assert_eq!(pack.fat()? / GRAM, 5.5);
/// assert_eq!(pack.to_string(), "natto 50 g");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Serving {
    food: Food,
    mass: f64,
}

impl Food {
    /// A serving of `mass` µg: `50.0 * GRAM`.
    ///
    /// ```
    /// use menaquinone::{food, units::*};
    /// let error = food::find("natto")?.serving(-50.0 * GRAM).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the mass of a serving of `natto` is -50 g, but it must be a finite number, zero or above"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A mass that is negative or not finite, or whatever [`check`](Food::check) refuses.
    pub fn serving(&self, mass: f64) -> Result<Serving> {
        self.check()?;
        if !mass.is_finite() || mass < 0.0 {
            error::non_negative(format!("the mass of a serving of `{}`", self.name), mass / GRAM, "g")?;
        }
        Ok(Serving { food: *self, mass })
    }
}

impl Serving {
    /// What is served.
    pub fn food(&self) -> &Food {
        &self.food
    }

    /// How much of it, µg.
    pub fn mass(&self) -> f64 {
        self.mass
    }

    /// How much of a form it holds.
    ///
    /// # Errors
    /// A form that the food has no row of, which is not the same as none in it.
    pub fn amount(&self, form: impl Into<Form>) -> Result<Amount> {
        self.food.content(form).map(|content| self.amount_of(content))
    }

    /// Every form that the table has for this food, with its amount.
    ///
    /// ```
    /// use menaquinone::{food, units::*};
    /// let yolk = food::find("egg yolk")?.serving(17.0 * GRAM)?;
    /// let forms: Vec<_> = yolk.amounts().map(|(form, amount)| format!("{form} {amount}")).collect();
    /// assert_eq!(forms, ["MK-4 5.27 µg (range not known)", "K1 0.12 µg (range not known)"]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn amounts(&self) -> impl Iterator<Item = (Form, Amount)> + '_ {
        self.food.used().map(|content| (content.form, self.amount_of(content)))
    }

    /// How the amount of a form may differ from one such serving to the next.
    ///
    /// # Errors
    /// A form that the food has no row of.
    pub fn distribution(&self, form: impl Into<Form>) -> Result<Distribution> {
        self.food.content(form)?.distribution().scaled(self.hundreds())
    }

    /// The fat in it, µg.
    ///
    /// ```
    /// use menaquinone::{food, units::*};
    /// assert_eq!(
    ///     food::find("jarlsberg")?.serving(57.0 * GRAM)?.fat().unwrap_err().to_string(),
    ///     "the fat of `jarlsberg` is not known here: give the food one, such as \
    ///      `Food::fat(20.0)`, or state the meal of the dose yourself"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A food whose fat is not known.
    pub fn fat(&self) -> Result<f64> {
        let fat = self.food.fat.ok_or_else(|| unknown_fat(self.food.name))?;
        Ok(fat * GRAM * self.hundreds())
    }

    fn amount_of(&self, content: &Content) -> Amount {
        Amount::new(content.typical(), content.low.zip(content.high)) * self.hundreds()
    }

    /// The unit of the table.
    fn hundreds(&self) -> f64 {
        self.mass / (100.0 * GRAM)
    }
}

fn unknown_fat(name: &str) -> Error {
    Error::new(
        ErrorKind::Value,
        format!(
            "the fat of `{name}` is not known here: give the food one, such as `Food::fat(20.0)`, or state the meal of \
             the dose yourself"
        ),
    )
}

/// `natto 50 g`; a mass that no number of grams gives to the last bit is written in kilograms or ounces.
impl std::fmt::Display for Serving {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ", self.food.name)?;
        write_exactly(f, self.mass, &[("g", GRAM), ("kg", KILOGRAM), ("oz", OUNCE)])
    }
}

pub(crate) const KILOGRAM: f64 = 1000.0 * GRAM;
/// The international avoirdupois ounce.
pub(crate) const OUNCE: f64 = 28.349_523_125 * GRAM;

/// An amount in the first of these units in which it reads back to the same bits, and in the first of all if there is none.
#[expect(clippy::float_cmp, reason = "another unit only where it is exact")]
pub(super) fn write_exactly(f: &mut std::fmt::Formatter<'_>, amount: f64, units: &[(&str, f64)]) -> std::fmt::Result {
    type Near = fn(f64) -> f64;
    let exact = |near: Near| {
        let count = |size: f64| Some(near(amount / size)).filter(|number| number * size == amount);
        units.iter().find_map(|(unit, size)| Some((count(*size)?, *unit)))
    };
    // Rounding on the way there and back may need the neighbour, which is longer to write.
    let found = exact(|number| number).or_else(|| exact(f64::next_down)).or_else(|| exact(f64::next_up));
    let (number, unit) = found.unwrap_or_else(|| (amount / units[0].1, units[0].0));
    write!(f, "{number} {unit}")
}
