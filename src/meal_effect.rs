//! What a meal does to the absorption of a dose.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::error::{self, Error, Result};
use crate::regimen::{Dose, Meal, Route};
use crate::units::GRAM;

/// How much more or less of a swallowed dose is absorbed after a meal: a factor on the model's `f` for each amount of fat.
///
/// Between its points the factor is linear in the fat, and beyond its ends it is held. The factors are relative to the meal of
/// which the factor is 1. That meal is taken for the one of the study that the model's own `f` (or its apparent `cl`) comes from,
/// so a dose that states no meal, or food without its fat, is taken as it is. Where that study printed no meal, the height of
/// what follows a stated meal is as doubtful as that: [`caution`](Self::caution) says so for MK-4.
/// The title says what the table is, a measurement or a what-if, so that it can be printed beside what follows from it.
///
/// ```
/// use menaquinone::{Dose, Meal, MealEffect, Parameters, units::*};
/// let effect = MealEffect::new(
///     "my table",
///     [(Meal::FASTED, 0.1), (Meal::with_fat(10.0 * GRAM), 0.4), (Meal::with_fat(35.0 * GRAM), 1.0)],
/// )?;
/// assert_eq!(effect.factor(Meal::with_fat(5.0 * GRAM)), 0.25);
/// assert_eq!(effect.factor(Meal::with_fat(80.0 * GRAM)), 1.0);
///
/// let model = Parameters::oral(menaquinone::HalfLife { t_half: 2.1, v: 62.0 }, 1.6).model()?.with_meal_effect(effect);
/// let area = |dose: Dose| model.auc(dose, 0.0..=f64::INFINITY);
/// let (fasted, unstated) = (area(Dose::of(15.0 * MG).with(Meal::FASTED))?, area(Dose::of(15.0 * MG))?);
/// assert!((fasted / unstated - 0.1).abs() < 1e-15);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Table", into = "Table")]
pub struct MealEffect {
    title: Cow<'static, str>,
    /// What to be careful about.
    caution: Cow<'static, str>,
    /// (fat in µg, factor), in ascending order of fat.
    points: SmallVec<[(f64, f64); 4]>,
}

/// An effect as it is written down: `points = [["fasted", 0.07], ["8.8 g fat", 0.36]]`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    caution: String,
    points: Vec<(Meal, f64)>,
}

impl MealEffect {
    /// What the title of an effect begins with that nobody has measured.
    const WHAT_IF: &str = "what-if: ";

    /// A table of meals and factors under a title that says where it comes from.
    ///
    /// # Errors
    /// No points, fat that does not ascend or cannot be, a factor that is not positive and finite, an empty title.
    pub fn new(title: impl Into<Cow<'static, str>>, points: impl IntoIterator<Item = (Meal, f64)>) -> Result<Self> {
        let title = title.into();
        let fat = |(meal, factor): (Meal, f64)| Some((meal.fat?, factor));
        let points = points.into_iter().map(fat).collect::<Option<_>>().ok_or_else(|| {
            Error::value("a point of a meal effect is food without its fat: state it, such as `20 g fat`")
        })?;
        let effect = Self { title, caution: Cow::Borrowed(""), points };
        effect.check().map(|()| effect)
    }

    /// An effect under a title that begins with `what-if:`, for factors that are a supposition.
    ///
    /// ```
    /// use menaquinone::{Meal, MealEffect, units::*};
    /// let guess = MealEffect::what_if("half without fat", [(Meal::FASTED, 0.5), (Meal::with_fat(20.0 * GRAM), 1.0)])?;
    /// assert_eq!(guess.title(), "what-if: half without fat");
    /// assert!(guess.is_what_if());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn what_if(supposition: &str, points: impl IntoIterator<Item = (Meal, f64)>) -> Result<Self> {
        Self::new(format!("{}{supposition}", Self::WHAT_IF), points)
    }

    /// What the table is, for captions.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// This effect with a sentence about what to be careful of, for [`Model::notes`](crate::Model::notes).
    #[must_use]
    pub fn with_caution(self, caution: impl Into<Cow<'static, str>>) -> Self {
        Self { caution: caution.into(), ..self }
    }

    /// What to be careful about, as a sentence, or nothing.
    ///
    /// ```
    /// use menaquinone::vitamer::MK4;
    /// let effect = MK4.model().meal_effect().unwrap().clone();
    /// assert!(effect.caution().contains("relative to 34.9 g of fat"));
    /// ```
    pub fn caution(&self) -> &str {
        &self.caution
    }

    /// Whether the title says that it is a supposition.
    pub fn is_what_if(&self) -> bool {
        self.title.starts_with(Self::WHAT_IF)
    }

    /// The points, in ascending order of fat.
    pub fn points(&self) -> impl ExactSizeIterator<Item = (Meal, f64)> + '_ {
        self.points.iter().map(|(fat, factor)| (Meal::with_fat(*fat), *factor))
    }

    /// The factor after a meal; after [food whose fat is not stated](Meal::fed), 1.
    ///
    /// ```
    /// use menaquinone::{Meal, units::*, vitamer::MK4};
    /// let effect = MK4.meal_table("printed")?.effect();
    /// assert_eq!(effect.factor(Meal::with_fat(20.0 * GRAM)), 0.47);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn factor(&self, meal: Meal) -> f64 {
        let Some(eaten) = meal.fat else { return 1.0 };
        let after = self.points.partition_point(|(fat, _)| *fat <= eaten);
        match (after.checked_sub(1).map(|before| self.points[before]), self.points.get(after)) {
            (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * ((eaten - x0) / (x1 - x0)),
            (Some((_, end)), None) | (None, Some(&(_, end))) => end,
            (None, None) => 1.0,
        }
    }

    /// The amount of a dose that counts in a body with or without an effect of meals: of a dose into a vein, and of one
    /// that states no meal, all of it.
    #[inline(always)]
    pub(crate) fn amount(effect: Option<&Self>, dose: &Dose) -> f64 {
        match (dose.meal, effect) {
            (Some(meal), Some(effect)) if dose.route == Route::Oral => dose.amount * effect.factor(meal),
            _ => dose.amount,
        }
    }

    fn check(&self) -> Result<()> {
        if self.title.trim().is_empty() || self.title.trim() == Self::WHAT_IF.trim() {
            return Err(Error::value("a meal effect has no title: say what it is, such as its source"));
        }
        if self.points.is_empty() {
            return Err(Error::value(format!(
                "the meal effect `{}` has no points: give at least one meal and its factor",
                self.title
            )));
        }
        for (fat, factor) in &self.points {
            Meal::with_fat(*fat).check()?;
            error::positive(format_args!("the factor after {}", Meal::with_fat(*fat)), *factor, "")?;
        }
        match self.points.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
            None => Ok(()),
            Some(pair) => Err(Error::value(format!(
                "the points of the meal effect `{}` have {} g of fat after {} g, but the fat must ascend: sort them and name each meal once",
                self.title,
                pair[1].0 / GRAM,
                pair[0].0 / GRAM
            ))),
        }
    }
}

impl TryFrom<Table> for MealEffect {
    type Error = Error;
    fn try_from(table: Table) -> Result<Self> {
        Ok(Self::new(table.title, table.points)?.with_caution(table.caution))
    }
}

impl From<MealEffect> for Table {
    fn from(effect: MealEffect) -> Self {
        let points = effect.points().collect();
        Self { title: effect.title.into_owned(), caution: effect.caution.into_owned(), points }
    }
}
