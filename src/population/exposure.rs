//! What everybody reaches in a window of a dosing.

use super::Population;
use super::course::Walker;
use super::dosing::Dosing;
use super::share::Share;
use super::window::{Reached, Window};
use crate::error::{self, Error, Result};
use crate::workers::{Work, for_each_chunk};

/// About what a person costs, ns: the way in, and each dose.
const A_PERSON: f64 = 200.0;
const A_DOSE: f64 = 60.0;

impl Population {
    /// What everybody reaches in a window of a dosing, by formula between two doses and without sampling: no peak is missed
    /// between output times.
    ///
    /// For one compartment and first-order absorption all but the time above a threshold is in closed form. A crossing of
    /// the threshold, and the peaks of other models, are roots, to the last digits.
    ///
    /// ```
    /// use menaquinone::{Dose, Population, population::Window, units::*, vitamer::MK7};
    /// let people = Population::of(vec![MK7.model()], 1)?;
    /// let dosing = Dose::of(90.0 * UG).every(DAY);
    /// let late = people.exposures(&dosing, &Window::new(200.0 * DAY..=201.0 * DAY)?)?[0];
    /// let steady = MK7.model().steady_state(dosing)?;
    /// assert!((late.cmax / steady.cmax() - 1.0).abs() < 1e-12);
    /// assert!((late.auc / steady.auc_tau() - 1.0).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`simulate`](Self::simulate).
    pub fn exposures<'a>(&self, dosing: impl Into<Dosing<'a>>, window: &Window) -> Result<Vec<Reached>> {
        let mut exposures = vec![Reached::default(); self.models().len()];
        self.exposures_into(dosing, window, &mut exposures)?;
        Ok(exposures)
    }

    /// The share of people whose concentration at `time` h is above `level` µg/L.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*, vitamer::MK7};
    /// let people = MK7.nominal().population(200, 42)?;
    /// let share = people.share_above(&Dose::of(90.0 * UG).every(DAY), 60.0 * DAY, 2.0)?;
    /// assert_eq!(share.of(), 200);
    /// assert_eq!(people.share_above(&Dose::of(90.0 * UG).every(DAY), 60.0 * DAY, 0.0)?.count(), 200);
    /// # assert!(share.count() > 20 && share.count() < 190);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A level that is not finite, and as for [`simulate`](Self::simulate).
    pub fn share_above<'a>(&self, dosing: impl Into<Dosing<'a>>, time: f64, level: f64) -> Result<Share> {
        error::finite("the level", level, "µg/L")?;
        let profiles = self.simulate(dosing, &[time])?;
        Ok(profiles.conc().iter().map(|conc| *conc > level).collect())
    }

    /// The exposures of [`exposures`](Self::exposures), written into `exposures`.
    ///
    /// # Errors
    /// As for [`exposures`](Self::exposures), and room for another number of people; the room is then unchanged.
    pub fn exposures_into<'a>(
        &self,
        dosing: impl Into<Dosing<'a>>,
        window: &Window,
        exposures: &mut [Reached],
    ) -> Result<()> {
        if exposures.len() != self.models().len() {
            return Err(Error::value(format!(
                "there are {} people and room for {} exposures: give as much room as people",
                self.models().len(),
                exposures.len()
            )));
        }
        let dosing = dosing.into();
        dosing.check(self)?;
        let doses = if dosing.is_one_for_all() {
            Self::doses(&dosing, window)
        } else {
            self.of_person(0, |_| Self::doses(&dosing, window))
        }?;
        let work = Work { width: 1, nanoseconds: A_PERSON + A_DOSE * doses };
        for_each_chunk(
            exposures,
            work,
            || Ok(Walker::new(window)),
            |walker, first, exposures| {
                for (i, exposure) in exposures.iter_mut().enumerate() {
                    *exposure = self.of_person(first + i, |_| {
                        if !dosing.is_one_for_all() {
                            walker.forget();
                        }
                        walker.walk(&self.bodies(first + i), dosing.of(first + i))
                    })?;
                }
                Ok(())
            },
        )
    }

    /// How many doses the first person takes until the end of a window.
    #[expect(clippy::cast_precision_loss, reason = "a rough measure")]
    fn doses(dosing: &Dosing, window: &Window) -> Result<f64> {
        let regimen = dosing.of(0);
        regimen.check(window.to())?;
        Ok(regimen.doses(window.to()).len() as f64)
    }
}
