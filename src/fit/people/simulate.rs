//! People drawn from a theory: the same doses and times as given, with levels that the theory might have shown.

use super::data::{People, key};
use super::inner::Person;
use super::layout::{Layout, Place};
use super::objective::no_place;
use super::simulated::Spread;
use crate::error::{Error, Result};
use crate::fit::report::rounded;
use crate::fit::samples::{Reading, Report, Sampled};
use crate::fit::theory::Theory;
use crate::random::{Purpose, Stream};

impl Theory {
    /// People as this theory at its start might have shown them: the doses and times of `design`, whose levels count for nothing. Deviations and
    /// errors are keyed by the seed and the id, so a person stays the same whoever else is there.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Sampled, Samples, Theory, free}};
    /// let times = [1.0, 4.0, 12.0];
    /// let design = People::new((1..=30).map(|id| {
    ///     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&times, &[0.0; 3]).unwrap()))
    /// }))?;
    /// let truth = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: free(0.1) })?;
    /// let people = truth.simulate(&design, 7)?;
    /// assert_eq!(people, truth.simulate(&design, 7)?);
    /// let fit = truth.fit_people(&people, Method::Focei)?;
    /// assert!((fit.estimates()[0].value - 1.0).abs() < 0.2);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`objective`](Self::objective); a level below zero, which an additive error can draw: see
    /// [`simulate_above`](Self::simulate_above).
    pub fn simulate(&self, design: &People, seed: u64) -> Result<People> {
        self.drawn(design, seed, None)
    }

    /// People as this theory might have shown them, with a limit of quantification, µg/L: what is measured below it is reported as below it.
    ///
    /// # Errors
    /// As for [`simulate`](Self::simulate); a limit that is not a finite number above zero.
    pub fn simulate_above(&self, design: &People, seed: u64, limit: f64) -> Result<People> {
        self.drawn(design, seed, Some(crate::error::positive("the limit of quantification", limit, "µg/L")?))
    }

    fn drawn(&self, design: &People, seed: u64, limit: Option<f64>) -> Result<People> {
        let layout = Layout::of(self)?;
        let place = layout.place(&layout.start()?).ok_or_else(no_place)?;
        let person = |(id, sampled): (&str, &Sampled)| -> Result<(String, Sampled)> {
            let reports = reports(&layout, &place, (id, sampled), (seed, limit))?;
            let mut drawn = sampled.clone();
            drawn.summaries.clear();
            drawn.samples = sampled.samples.reporting(reports);
            Ok((id.to_owned(), drawn))
        };
        let all = People::new(design.iter().map(person).collect::<Result<Vec<_>>>()?)?;
        Ok(all.measured_in(design.unit()))
    }
}

fn reports(
    layout: &Layout,
    place: &Place,
    (id, sampled): (&str, &Sampled),
    (seed, limit): (u64, Option<f64>),
) -> Result<Vec<Report>> {
    let subject = key(id);
    let mut draw = Stream { seed, subject, purpose: Purpose::Person }.draw();
    let person = Person::new(layout, id, sampled)?;
    let seat = person.seat(layout, place);
    let (layout, place) = (seat.layout, &*seat.place);
    let z = nalgebra::DVector::from_fn(layout.eta.len(), |_, _| draw.normal());
    let eta = &place.omega.root * z;
    let levels = person.plain(&layout.moved(&place.z, eta.as_slice())).ok_or_else(|| {
        Error::value(format!("person `{id}` has no course with the deviations {:?}: let less vary", eta.as_slice()))
    })?;
    let mut noise = Stream { seed, subject, purpose: Purpose::Residual }.draw();
    let spread = Spread::of(layout, place);
    let report = |((level, time), reading): ((f64, &f64), Reading)| {
        let measured = spread.measured(level, reading, noise.normal());
        match limit {
            Some(limit) if measured < limit => Ok(Report::Below(limit)),
            _ if measured < 0.0 => Err(Error::value(format!(
                "person `{id}` at {time} h: the error has drawn a level of {}, but levels are zero or above: give a limit of quantification (Theory::simulate_above) or an error in proportion",
                rounded(measured, 3)
            ))),
            _ => Ok(Report::Level(measured)),
        }
    };
    levels.into_iter().zip(sampled.samples.times()).zip(sampled.samples.readings()).map(report).collect()
}
