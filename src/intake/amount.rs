//! The mean daily amount of a regimen.

use crate::error::{Error, Result};
use crate::regimen::{Regimen, Repeating};
use crate::units::DAY;

/// The consumer adds the method.
impl Regimen {
    /// The mean amount a day, µg, whatever the route.
    ///
    /// Of dosing without an end: the amount a day of its cycles in the long run; courses that end do not count. Of
    /// dosing that ends: the sum of all doses over the days from the first dose until the next would have been due, and
    /// at least one day. A diary has no next dose: its days run from the first dose to the day of the last, both counted.
    ///
    /// ```
    /// use menaquinone::{Dose, Regimen, Weekday::*, units::*};
    /// let mean = |regimen: Regimen| regimen.mean_daily_amount();
    /// assert_eq!(mean(Dose::of(15.0 * MG).every(8.0 * HOUR).into())?, 45.0 * MG);
    /// assert_eq!(mean(Dose::of(70.0 * UG).on([Mon, Wed]).into())?, 20.0 * UG);
    /// assert_eq!(mean(Dose::of(360.0 * UG).every(DAY).times(7).then(Dose::of(90.0 * UG).every(DAY)))?, 90.0 * UG);
    /// assert_eq!(mean(Dose::of(360.0 * UG).every(DAY).times(7).then(Dose::of(90.0 * UG).every(DAY).times(7)))?, 225.0 * UG);
    /// assert_eq!(mean(Dose::of(180.0 * UG).into())?, 180.0 * UG); // once: one day
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A regimen that [`check`](Self::check) refuses, or one without doses.
    pub fn mean_daily_amount(&self) -> Result<f64> {
        self.check(0.0)?;
        if self.is_endless() {
            let amount = |cycle: &Repeating| cycle.doses().iter().map(|(_, dose)| dose.amount).sum::<f64>();
            return Ok(self.endless_cycles().map(|cycle| amount(cycle) * DAY / cycle.tau()).sum());
        }
        let doses = self.doses(f64::INFINITY);
        let (Some((first, _)), Some((last, _))) = (doses.first(), doses.last()) else {
            return Err(Error::value("the regimen has no doses, so there is no daily amount: add one"));
        };
        let total: f64 = doses.iter().map(|(_, dose)| dose.amount).sum();
        let by_days = DAY * (((last - first) / DAY).floor() + 1.0);
        let span = self.next_due().map_or(by_days, |due| (due - first).max(DAY));
        Ok(total * DAY / span)
    }
}
