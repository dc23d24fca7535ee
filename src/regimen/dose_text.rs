//! A dose in a text: its amount, the way it takes, and its meal.

use super::clauses::Said;
use super::reader::Reader;
use super::vocabulary::{AMOUNT, AMOUNTS, DURATION, EACH, FAT, MEAL, SWALLOWED};
use super::{Dose, Meal, Route};
use crate::error::Result;

impl Reader<'_> {
    /// `180 ug`, `2 x 90 ug`, `1 capsule (180 ug)`, `2 capsules of 90 ug`, `180 ug capsule`.
    pub(super) fn amount(&mut self) -> Result<f64> {
        let from = self.next;
        // Of `two 90 ug capsules` the amount is that of one.
        let of_each = self.digits().is_some() && self.is_number_at(1) && self.is_at(3, &["capsule"]);
        let counted = of_each || self.digits().is_some() && self.is_at(1, &["x", "capsule"]);
        if counted {
            return self.counted_amount(from);
        }
        let amount = self.quantity(AMOUNTS, |amount| amount > 0.0).ok_or_else(|| self.wrong(from, AMOUNT))?;
        self.eat(&["capsule"]);
        self.stated_count(from)?;
        Ok(amount)
    }

    /// The amount after a count, which is of one only where that is said.
    fn counted_amount(&mut self, from: usize) -> Result<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a handful of capsules")]
        let count = self.whole(1).map(|count| count as f64).ok_or_else(|| self.wrong(from, AMOUNT))?;
        let mut each = self.eat(&["x"]) || self.is_number_at(0);
        self.eat(&["capsule"]);
        each |= self.eat(&["of", "each"]);
        let inside = self.eat(&["("]);
        let one = self.quantity(AMOUNTS, |amount| amount > 0.0).ok_or_else(|| self.wrong(from, AMOUNT))?;
        each |= self.eat(&["each"]);
        if self.is_at(0, &["/", "per"]) && self.is_at(1, &["capsule"]) {
            (each, self.next) = (true, self.next + 2);
        }
        let total = self.eat(&["total"]);
        if inside && !self.eat(&[")"]) {
            return Err(self.wrong(self.next, super::vocabulary::CLOSING));
        }
        self.eat(&["capsule"]);
        match (each, total) {
            _ if count == 1.0 => Ok(one),
            (true, false) if (one * count).is_finite() => Ok(one * count),
            (false, true) => Ok(one),
            _ => Err(self.wrong_before(from, EACH)),
        }
    }

    /// `180 ug (1 capsule)`.
    fn stated_count(&mut self, from: usize) -> Result<()> {
        if !self.is_at(0, &["("]) || !self.is_at(2, &["capsule"]) {
            return Ok(());
        }
        let one = self.is_at(1, &["1"]);
        self.next += 3;
        if one && self.eat(&[")"]) { Ok(()) } else { Err(self.wrong(from, EACH)) }
    }

    /// What is said of the dose itself, each thing once.
    pub(super) fn dose_clause(&mut self, dose: &mut Dose, said: &mut Said) -> Result<bool> {
        let from = self.next;
        if !said.route && (self.is_at(0, &["iv", "oral"])) {
            said.route = true;
            dose.route = if self.eat(&["iv"]) { Route::Intravenous } else { Route::Oral };
            self.next = from + 1;
        } else if said.often.is_none() && !said.over && self.eat(&["over"]) {
            said.over = true;
            dose.duration = self.time(from, DURATION, |duration| duration >= 0.0)?;
            return Ok(true);
        } else if dose.meal.is_none() && self.is_at(0, &["fasted", "with"]) {
            let fasted = self.eat(&["fasted"]) || !self.eat(&["with"]);
            said.meals = self.is_at(0, &["meals"]).then_some(from);
            if dose.route == Route::Intravenous {
                return Err(self.wrong_before(from, SWALLOWED));
            }
            dose.meal = Some(if fasted { Meal::FASTED } else { self.eaten(from)? });
        } else {
            return Ok(false);
        }
        if dose.route == Route::Intravenous && dose.meal.is_some() {
            return Err(self.wrong_before(from, SWALLOWED));
        }
        Ok(true)
    }

    /// `20 g fat`, `food`.
    pub(super) fn eaten(&mut self, from: usize) -> Result<Meal> {
        if self.eat(&["food", "meals"]) {
            return Ok(Meal::fed());
        }
        let fat = self.quantity(AMOUNTS, |fat| fat >= 0.0).ok_or_else(|| self.wrong(from, MEAL))?;
        if !self.eat(&["fat"]) {
            return Err(self.wrong(self.next, FAT));
        }
        self.eat(&["meal", "breakfast", "lunch", "dinner"]);
        Ok(Meal::with_fat(fat))
    }
}
