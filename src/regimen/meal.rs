//! What is eaten with a dose.

use crate::error::{self, Result};
use crate::units::GRAM;

/// What is eaten with a dose: its fat, which is what carries vitamin K into the lymph, or only that something is eaten.
///
/// A meal is plain data; what it does to the absorption is the business of the model that takes the dose, see
/// [`MealEffect`](crate::MealEffect). Fat is an amount like any other, so it is held in µg and written in g. As text:
/// `20 g fat`, `fasted`, `food`.
///
/// ```
/// use menaquinone::{Dose, Meal, units::*};
/// let breakfast = Meal::with_fat(20.0 * GRAM);
/// assert_eq!(breakfast.fat, Some(20.0 * GRAM));
/// assert_eq!(breakfast, "20 g fat".parse()?);
/// assert_eq!(Dose::of(15.0 * MG).with(breakfast).to_string(), "15 mg with 20 g fat");
/// assert_eq!(Dose::of(15.0 * MG).with(Meal::FASTED).to_string(), "15 mg fasted");
/// assert_eq!(Dose::of(15.0 * MG).with(Meal::fed()).to_string(), "15 mg with food"); // the fat not stated
/// assert_eq!(Dose::of(15.0 * MG).meal, None); // nothing stated, which is not the same as fasted
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meal {
    /// The amount of fat, µg: `20.0 * GRAM`; `None` is food whose fat is not stated.
    pub fat: Option<f64>,
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
        Self { fat: Some(fat) }
    }

    /// Food whose fat is not stated: "with a meal" on a label.
    ///
    /// A model takes it as the meal of the study that its numbers come from, and [`Model::notes`](crate::Model::notes) says so.
    ///
    /// ```
    /// use menaquinone::{Meal, vitamer::MK4};
    /// assert_eq!(Meal::fed(), "with food".parse()?);
    /// assert_eq!(MK4.model().meal_effect().unwrap().factor(Meal::fed()), 1.0);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub const fn fed() -> Self {
        Self { fat: None }
    }

    /// Whether [`check`](Self::check) has nothing to say.
    #[inline]
    pub(crate) fn is_good(self) -> bool {
        self.fat.is_none_or(|fat| (0.0..f64::INFINITY).contains(&fat))
    }

    /// Refuses an amount of fat that cannot be.
    pub(crate) fn check(&self) -> Result<()> {
        let check = |fat: f64| error::non_negative("the fat in a meal", fat / GRAM, "g").map(drop);
        self.fat.map_or(Ok(()), check)
    }
}
