//! Many people whose models are written as equations.

use super::dosing::Dosing;
use super::simulate::Profiles;
use super::{Person, Population};
use crate::error::Result;
use crate::ode::{System, Tolerance};
use crate::profile::{check_times, last_of};
use crate::workers::{Work, for_each_row};

/// About what an output time costs, ns: from half a thousand hour by hour to several thousand day by day.
const A_TIME: f64 = 4_000.0;

impl Population {
    /// The concentrations that a dosing, the same for all or each their own, gives everybody at `times` (h, never decreasing)
    /// by ODE: `system` makes a person's equations, such as [`Saturable`](crate::ode::Saturable), of what is known of the person.
    ///
    /// What the model cannot hold comes from the person's random numbers or from covariates; [`Person::id`] is the number in
    /// the whole. The people are solved one by one on all cores, and the number of cores changes no bit. It takes about as long
    /// as `ode_solvers` alone on the same equations, some hundred times longer than [`simulate`](Self::simulate).
    ///
    /// ```
    /// use menaquinone::{Dose, Population, grid, ode::{Saturable, Tolerance}, random::{LogNormal, Purpose}, units::*, vitamer::MK7};
    /// let people = MK7.nominal().population(20, 42)?;
    /// // Nobody has measured a saturation of MK-7: a supposition.
    /// let km = LogNormal::of_cv(2.0, 0.3)?.distribution()?;
    /// let (daily, times) = (Dose::of(360.0 * UG).every(DAY), grid(0.0..=2.0 * WEEK, DAY));
    /// let profiles = people.simulate_by_ode(&daily, &times, Tolerance::default(), |person| {
    ///     let (body, km) = (person.model.disposition(), person.draw(Purpose::Other(1)).value(&km));
    ///     Ok(Saturable { vmax: body.cl() * km, km, v: body.v1(), ka: 1.0, tlag: 0.0, f: 1.0, cl: 0.0 })
    /// })?;
    /// assert_eq!(profiles.len(), 20);
    /// let (saturable, linear) = (profiles.bands(&[0.5])?, people.bands(&daily, &times, &[0.5])?);
    /// assert!(saturable.curve(0.5)?.conc()[14] > 1.5 * linear.curve(0.5)?.conc()[14]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`System::profile`], by the number of the person; another number of regimens than of people.
    pub fn simulate_by_ode<'a, S: System<N>, const N: usize>(
        &self,
        dosing: impl Into<Dosing<'a>>,
        times: &[f64],
        tolerance: Tolerance,
        system: impl Fn(Person<'_>) -> Result<S> + Sync,
    ) -> Result<Profiles> {
        let dosing = dosing.into();
        dosing.check(self)?;
        check_times(times)?;
        tolerance.check()?;
        if dosing.is_one_for_all() {
            dosing.of(0).check(last_of(times)?)?;
        }
        let mut conc = vec![0.0; self.len() * times.len()];
        #[expect(clippy::cast_precision_loss, reason = "a rough measure")]
        let work = Work { width: times.len(), nanoseconds: A_TIME * times.len() as f64 };
        let nothing = || Ok(());
        for_each_row(&mut conc, work, nothing, |(), i, row| {
            let profile = self.of_person(i, |_| system(self.person(i))?.profile(dosing.of(i), times, tolerance))?;
            row.copy_from_slice(profile.conc());
            Ok(())
        })?;
        Ok(Profiles { ids: self.ids(), times: times.to_vec(), conc })
    }
}
