//! What is eaten with a dose.

use crate::error::{self, Result};
use crate::units::GRAM;

/// What is eaten with a dose: so far the fat in it, which is what carries vitamin K into the lymph.
///
/// A meal is plain data; what it does to the absorption is the business of the model that takes the dose, see
/// [`MealEffect`](crate::MealEffect). Fat is an amount like any other, so it is held in µg and written in g. As text:
/// `20 g fat`, `fasted`.
///
/// ```
/// use menaquinone::{Dose, Meal, units::*};
/// let breakfast = Meal::with_fat(20.0 * GRAM);
/// assert_eq!(breakfast.fat / GRAM, 20.0);
/// assert_eq!(breakfast, "20 g fat".parse()?);
/// assert_eq!(Dose::of(15.0 * MG).with(breakfast).to_string(), "15 mg with 20 g fat");
/// assert_eq!(Dose::of(15.0 * MG).with(Meal::FASTED).to_string(), "15 mg fasted");
/// assert_eq!(Dose::of(15.0 * MG).meal, None); // not stated, which is not the same as fasted
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meal {
    /// The amount of fat, µg: `20.0 * GRAM`.
    pub fat: f64,
}

impl Meal {
    /// Nothing was eaten.
    pub const FASTED: Self = Self::with_fat(0.0);

    /// A meal with `fat` µg of fat; 0 is [`FASTED`](Self::FASTED).
    ///
    /// ```
    /// use menaquinone::{Meal, units::*};
    /// assert_eq!(Meal::with_fat(8.8 * GRAM).to_string(), "8.8 g fat");
    /// ```
    pub const fn with_fat(fat: f64) -> Self {
        Self { fat }
    }

    /// Whether [`check`](Self::check) has nothing to say.
    #[inline]
    pub(crate) fn is_good(self) -> bool {
        (0.0..f64::INFINITY).contains(&self.fat)
    }

    /// Refuses an amount of fat that cannot be.
    pub(crate) fn check(&self) -> Result<()> {
        error::non_negative("the fat in a meal", self.fat / GRAM, "g").map(drop)
    }
}
