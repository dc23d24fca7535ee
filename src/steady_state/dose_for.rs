//! The dose that reaches a wanted level, in one call of the model.

use crate::error::{Error, Result};
use crate::model::Model;
use crate::regimen::{Dose, Repeating};

impl Model {
    /// The swallowed dose that, taken every `tau` h for ever, has a trough of `target` µg/L: the level just before the next one.
    ///
    /// Exact, since concentrations are proportional to the doses. For other dosings see [`dosing_for_trough`](Self::dosing_for_trough).
    ///
    /// ```
    /// use menaquinone::{units::*, vitamer::MK7};
    /// let dose = MK7.model().dose_for_trough(4.0, DAY)?;
    /// assert!((MK7.model().steady_state(dose.every(DAY))?.ctrough() - 4.0).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// An interval that is not positive, a target that is not above the baseline, or a trough that no dose can raise.
    pub fn dose_for_trough(&self, target: f64, tau: f64) -> Result<Dose> {
        self.dosing_for_trough(Dose::of(1.0).every(tau), target).map(|dosing| first(&dosing))
    }

    /// The swallowed dose that, taken every `tau` h for ever, has an average of `target` µg/L.
    ///
    /// ```
    /// use menaquinone::{units::*, vitamer::MK7};
    /// let dose = MK7.model().dose_for_average(5.0, DAY)?;
    /// assert!((dose.amount - 5.0 * 1.27 * 24.0).abs() < 1e-9); // target cl tau
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// An interval that is not positive, or a target that is not above the baseline.
    pub fn dose_for_average(&self, target: f64, tau: f64) -> Result<Dose> {
        self.dosing_for_average(Dose::of(1.0).every(tau), target).map(|dosing| first(&dosing))
    }

    /// The dosing, of the same times and proportions, whose trough at steady state is `target` µg/L.
    ///
    /// ```
    /// use menaquinone::{Dose, Weekday::*, units::*, vitamer::MK7};
    /// let week = MK7.model().dosing_for_trough(Dose::of(90.0 * UG).on([Mon, Wed, Fri]), 2.0)?;
    /// assert!((MK7.model().steady_state(week)?.ctrough() - 2.0).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`steady_state`](Self::steady_state), a target that is not above the baseline, or a trough that no dose can raise.
    pub fn dosing_for_trough<R>(&self, dosing: R, target: f64) -> Result<Repeating>
    where
        R: TryInto<Repeating>,
        Error: From<R::Error>,
    {
        self.steady_state(dosing)?.dosing_for_ctrough(target)
    }

    /// The dosing, of the same times and proportions, whose average at steady state is `target` µg/L.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*, vitamer::MK4};
    /// let thrice = MK4.model().dosing_for_average(Dose::of(15.0 * MG).fed().times_a_day(3), 50.0)?;
    /// assert!((MK4.model().steady_state(thrice)?.cavg() - 50.0).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`steady_state`](Self::steady_state), or a target that is not above the baseline.
    pub fn dosing_for_average<R>(&self, dosing: R, target: f64) -> Result<Repeating>
    where
        R: TryInto<Repeating>,
        Error: From<R::Error>,
    {
        self.steady_state(dosing)?.dosing_for_cavg(target)
    }
}

/// The one dose of a cycle of one.
fn first(dosing: &Repeating) -> Dose {
    dosing.doses()[0].1
}
