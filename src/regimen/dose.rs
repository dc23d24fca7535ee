//! One dose: an amount by a route.

use serde::{Deserialize, Serialize};

use super::{Meal, Regimen, Repeating, Weekday};
use crate::error::{self, Error, Result};
use crate::units::{DAY, WEEK};

/// How a dose enters the body.
///
/// ```
/// use menaquinone::{Dose, Route, units::*};
/// assert_eq!(Dose::of(90.0 * UG).route, Route::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Route {
    /// Swallowed: it passes through the model's absorption, with its lag and bioavailability.
    #[default]
    Oral,
    /// Into the plasma: no absorption, no lag, bioavailability 1.
    #[serde(rename = "iv")]
    Intravenous,
}

/// An amount (µg) taken at once, or evenly over a duration (h), with a meal or without a word about it.
///
/// A dose is plain data; it is checked where it is used. As text: `180 ug`, `10 mg iv over 2h`, `15 mg with 20 g fat`.
///
/// ```
/// use menaquinone::{Dose, Route, units::*};
/// let capsule = Dose::of(180.0 * UG);
/// assert_eq!((capsule.amount, capsule.route), (180.0, Route::Oral));
/// let drip = Dose::iv(10.0 * MG).over(2.0 * HOUR);
/// assert_eq!((drip.amount, drip.duration), (10_000.0, 2.0));
/// assert_eq!(drip, "10 mg iv over 2h".parse()?);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dose {
    /// The amount, µg.
    pub amount: f64,
    /// The way into the body.
    pub route: Route,
    /// How long the giving takes, h; 0 is at once.
    pub duration: f64,
    /// What is eaten with it; `None` is not stated.
    pub meal: Option<Meal>,
}

impl Dose {
    /// A swallowed dose of `amount` µg.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::of(1.5 * MG).to_string(), "1.5 mg");
    /// ```
    pub const fn of(amount: f64) -> Self {
        Self { amount, route: Route::Oral, duration: 0.0, meal: None }
    }

    /// An intravenous bolus of `amount` µg; with [`over`](Self::over), an infusion.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::iv(10.0 * MG).to_string(), "10 mg iv");
    /// ```
    pub const fn iv(amount: f64) -> Self {
        Self { amount, route: Route::Intravenous, duration: 0.0, meal: None }
    }

    /// This dose given at a constant rate over `duration` h.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::iv(10.0 * MG).over(2.0 * HOUR).to_string(), "10 mg iv over 2h");
    /// ```
    #[must_use]
    pub const fn over(self, duration: f64) -> Self {
        Self { duration, ..self }
    }

    /// This dose with a meal, or without one: [`Meal::FASTED`].
    ///
    /// What the meal does is the model's business. In a model without a [`MealEffect`](crate::MealEffect), such as that of MK-7, it
    /// does nothing. The sets of MK-4 count a stated meal against 34.9 g of fat, for which a dose without a meal is taken: stating
    /// 20 g makes 41 of 87 µg/L at 15 mg three times a day, where what was measured after 20 g asks for 61 at least.
    /// [`Model::notes`](crate::Model::notes) says all this.
    ///
    /// ```
    /// use menaquinone::{Dose, Meal, units::*};
    /// let fed = Dose::of(15.0 * MG).with(Meal::with_fat(20.0 * GRAM));
    /// assert_eq!(fed.every(8.0 * HOUR).to_string(), "15 mg with 20 g fat q8h");
    /// ```
    #[must_use]
    pub const fn with(self, meal: Meal) -> Self {
        Self { meal: Some(meal), ..self }
    }

    /// This dose on an empty stomach.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::of(15.0 * MG).fasted().to_string(), "15 mg fasted");
    /// ```
    #[must_use]
    pub const fn fasted(self) -> Self {
        self.with(Meal::FASTED)
    }

    /// This dose with food whose fat is not stated; see [`Meal::fed`].
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::of(15.0 * MG).fed().times_a_day(3).to_string(), "15 mg with food q8h");
    /// ```
    #[must_use]
    pub const fn fed(self) -> Self {
        self.with(Meal::fed())
    }

    /// This dose once, at `time` h.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::of(180.0 * UG).at(36.0 * HOUR).to_string(), "180 ug at 36h");
    /// ```
    pub fn at(self, time: f64) -> Regimen {
        Regimen::once(time, self)
    }

    /// This dose every `tau` h without end, the first at time 0.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::of(15.0 * MG).every(8.0 * HOUR).to_string(), "15 mg q8h");
    /// ```
    pub fn every(self, tau: f64) -> Repeating {
        Repeating::new(tau, [(0.0, self)])
    }

    /// This dose `n` times a day without end, evenly spread, the first at time 0.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// assert_eq!(Dose::of(15.0 * MG).times_a_day(3), Dose::of(15.0 * MG).every(8.0 * HOUR));
    /// assert_eq!(Dose::of(15.0 * MG).times_a_day(3), "15 mg three times daily".parse()?);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn times_a_day(self, n: u32) -> Repeating {
        self.every(DAY / f64::from(n))
    }

    /// This dose on these days of every week without end, at 0:00; [`Repeating::at`] sets the clock.
    ///
    /// The week begins at time 0, and after [`Regimen::then`] where the course begins. The order of the days does not
    /// matter, and a day named twice counts once.
    ///
    /// ```
    /// use menaquinone::{Dose, Weekday::*, units::*};
    /// let dosing = Dose::of(90.0 * UG).on([Fri, Mon, Wed, Mon]).at(8.0 * HOUR);
    /// assert_eq!((dosing.start(), dosing.tau()), (8.0, WEEK));
    /// assert_eq!(dosing.to_string(), "90 ug on Mon,Wed,Fri at 8h");
    /// ```
    pub fn on(self, days: impl IntoIterator<Item = Weekday>) -> Repeating {
        let mut named = [false; 7];
        days.into_iter().for_each(|day| named[usize::from(day.number())] = true);
        let days = Weekday::ALL.into_iter().filter(|day| named[usize::from(day.number())]);
        Repeating::new(WEEK, days.map(|day| (f64::from(day.number()) * DAY, self)))
    }

    /// Whether [`check`](Self::check) has nothing to say.
    #[inline]
    pub(crate) fn is_good(&self) -> bool {
        let amount_good = (self.amount > 0.0) & (self.amount <= f64::MAX);
        let duration_good = (self.duration >= 0.0) & (self.duration <= f64::MAX);
        amount_good & duration_good & self.meal.is_none_or(|meal| self.takes(meal))
    }

    /// A meal that can be, with a dose that is swallowed.
    fn takes(&self, meal: Meal) -> bool {
        self.route == Route::Oral && meal.is_good()
    }

    /// Refuses an amount that is not positive, a duration below zero, a meal that cannot be or that meets no gut.
    #[inline]
    pub(crate) fn check(&self) -> Result<()> {
        error::positive("the amount of a dose", self.amount, "µg")?;
        error::non_negative("the duration of a dose", self.duration, "h")?;
        self.meal.map_or(Ok(()), |meal| self.check_meal(meal))
    }

    #[cold]
    fn check_meal(&self, meal: Meal) -> Result<()> {
        meal.check()?;
        if self.takes(meal) {
            return Ok(());
        }
        Err(Error::value(format!(
            "the dose `{self}` goes into a vein and names a meal, which acts on what is swallowed: leave the meal out"
        )))
    }
}
