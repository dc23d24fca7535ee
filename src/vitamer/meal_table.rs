//! What meals do to the absorption of a vitamer: a table whose points are rows.

use serde::Serialize;

use super::row::Row;
use crate::meal_effect::MealEffect;
use crate::regimen::Meal;

/// The fraction absorbed after meals of different fat, relative to the meal that the table takes as 1: each point a row
/// with its source.
///
/// ```
/// use menaquinone::{Meal, vitamer::{MK4, MK7}};
/// let table = MK4.meal_table("printed")?;
/// assert_eq!(table.effect().factor(Meal::FASTED), 0.07);
/// assert_eq!(MK4.model().meal_effect(), Some(&table.effect())); // every set of MK-4 has it
/// assert_eq!(MK7.model().meal_effect(), None); // nothing was measured
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MealTable {
    /// The name to ask for, such as `printed`.
    pub name: &'static str,
    /// A title for charts; what nobody has measured begins with `what-if:`.
    pub title: &'static str,
    /// One sentence on what is contested or uncertain, for the caption of a chart.
    pub contested: &'static str,
    /// The meals and the rows of their factors, in ascending order of fat.
    pub points: &'static [(Meal, Row)],
}

impl MealTable {
    /// The effect, for [`Model::with_meal_effect`](crate::Model::with_meal_effect).
    ///
    /// ```
    /// use menaquinone::vitamer::MK7;
    /// let supposed = MK7.meal_table("fat_adds_40_percent")?.effect();
    /// assert!(supposed.is_what_if());
    /// let model = MK7.model().with_meal_effect(supposed);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Panics
    /// Never: the compiler has checked the points of every table.
    pub fn effect(&self) -> MealEffect {
        let points = self.points.iter().map(|(meal, row)| (*meal, row.value));
        let effect = MealEffect::new(self.title, points).expect("the compiler has checked the points of every table");
        effect.with_caution(self.contested)
    }

    /// Tables are written as their words and `..MealTable::of(POINTS)`. This runs in the compiler: points that cannot be
    /// do not build.
    pub(super) const fn of(points: &'static [(Meal, Row)]) -> Self {
        assert!(!points.is_empty(), "a table needs a point");
        let mut i = 0;
        while i < points.len() {
            let (meal, row) = &points[i];
            let fat = fat_of(*meal);
            assert!(fat >= 0.0 && fat < f64::INFINITY, "fat must be finite and not negative");
            assert!(row.value > 0.0 && row.value < f64::INFINITY, "a factor must be positive and finite");
            assert!(i == 0 || fat_of(points[i - 1].0) < fat, "fat must ascend");
            i += 1;
        }
        Self { name: "", title: "", contested: "", points }
    }
}

/// The fat of a meal in a table, which must state it.
const fn fat_of(meal: Meal) -> f64 {
    match meal.fat {
        Some(fat) => fat,
        None => panic!("a meal of a table states its fat"),
    }
}
