//! Which further sample tells most of one person.

use nalgebra::DMatrix;

use super::approximation::Approximation;
use super::frame::Room;
use super::slopes::slopes;
use super::spot::{Limits, spots};
use super::view::View;
use crate::error::{Error, Result};
use crate::fit::Posterior;
use crate::model::Model;

/// A further sample of a person, and what it would leave unknown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NextSample {
    /// When, h on the clock of the person's doses.
    pub time: f64,
    /// The standard deviation of the function before it ..
    pub before: f64,
    /// .. and after it.
    pub after: f64,
}

impl NextSample {
    /// What further samples of a person, at each of some times by itself, would leave unknown of a function of the model: the best first, of equals the
    /// earlier. The time of the dosing may lie in the future, as long as the person's regimen goes on there.
    ///
    /// The person is taken at the mode: there the precision of the deviations is that of the posterior, and a sample at `t` adds `a a'/R + c c'/(2 R^2)`.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, design::NextSample, fit::{Sampled, Samples, Theory, fixed}};
    /// let (cl, v) = (fixed(1.27).varying(0.35), fixed(154.0).varying(0.35));
    /// let theory = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl, v })?
    ///     .with_error(ResidualError::Proportional { cv: 0.15 })?;
    /// let levels = Samples::new(&[4.0], &[0.5])?;
    /// let person = theory.posterior(&Sampled::new("90 ug once".parse()?, levels))?;
    /// // One early level tells the volume: the half-life needs a late one.
    /// let best = NextSample::of(&person, |model| model.half_life().ln(), &[6.0, 24.0, 96.0, 168.0])?;
    /// assert!(best[0].time > 90.0 && best[0].after < best[0].before);
    /// assert!(best.windows(2).all(|two| two[0].after <= two[1].after));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Times that decrease, a mode that is no minimum, a function without a value, a person whose numbers vary from occasion to occasion.
    pub fn of(person: &Posterior, of: impl Fn(&Model) -> f64, times: &[f64]) -> Result<Vec<Self>> {
        if let Some((name, _)) = person.theory_of_person().varying_within().first() {
            return Err(Error::value(format!(
                "{name} varies from occasion to occasion, and a further sample of this person may be of an occasion that nobody has seen: let it vary between people alone"
            )));
        }
        let known = person.covariance()?;
        let at = |i: usize, step: f64| {
            let by: Vec<f64> = (0..person.eta().len()).map(|k| if k == i { step } else { 0.0 }).collect();
            Some(of(&person.model_moved(&by)?))
        };
        let slopes = slopes(person.eta().len(), at, |_| "this person".to_owned())?;
        let before = slopes.dot(&(&known * &slopes)).sqrt();
        let precision = known.cholesky().map(|root| root.inverse()).ok_or_else(not_known)?;
        let view =
            View::new(person.theory_of_person(), Approximation::Posterior)?.about(person.eta(), precision.clone());
        let rows = view.rows_of(&person.sampled().into(), (&Limits::default(), 0.0), &spots(times), false)?;
        let (n, mut room) = (view.frame.len(), Room::default());
        let mut found = Vec::new();
        for (i, time) in times.iter().enumerate() {
            let mut sum = vec![0.0; n * n];
            rows.add(&view, &[i], 1.0, &mut room, &mut sum);
            let whole = &precision + DMatrix::from_vec(n, n, sum);
            let along = whole.cholesky().ok_or_else(not_known)?.solve(&slopes);
            found.push(Self { time: *time, before, after: slopes.dot(&along).sqrt() });
        }
        found.sort_by(|a, b| a.after.total_cmp(&b.after).then(a.time.total_cmp(&b.time)));
        Ok(found)
    }
}

fn not_known() -> Error {
    Error::value("the posterior of this person is no minimum, so that no further sample can be weighed")
}
