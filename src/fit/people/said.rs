//! How people were fitted, in a line for captions, and the curves of one of them.

use super::evaluate::Asked;
use super::fitted::PeopleFit;
use super::inner::Person;
use super::method::Method;
use crate::assay::ResidualError;
use crate::error::{Error, Result};
use crate::fit::samples::Samples;
use crate::fit::theory::{Off, Theory};

impl PeopleFit {
    /// How it was fitted, in a line: the method, the error, and whether the search settled.
    ///
    /// ```
    /// # use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Sampled, Samples, Theory, free}};
    /// # let person = |(id, cl): (usize, f64)| {
    /// #     let conc = [1.0, 4.0, 12.0].map(|t: f64| 10.0 * (-cl / 10.0 * t).exp() + if t == 4.0 { 0.3 } else { -0.2 });
    /// #     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[1.0, 4.0, 12.0], &conc).unwrap()))
    /// # };
    /// # let people = People::new([0.6, 0.9, 1.1, 1.6].into_iter().enumerate().map(person))?;
    /// # let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.4), v: free(10.0) })?
    /// #     .with_error(ResidualError::Additive { sd: free(0.3) })?;
    /// let fit = theory.fit_people(&people, Method::Focei)?;
    /// assert!(fit.how().starts_with("FOCEI, additive error, settled at OFV "), "{}", fit.how());
    /// let [typical, own] = fit.curves("0", &[0.0, 24.0])?;
    /// assert!(typical[0] == own[0] && typical[1] < own[1]); // this person clears slowly
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn how(&self) -> String {
        let ended = if self.settled() { "settled" } else { "NOT settled: the search ended" };
        format!("{}, {}, {ended} at OFV {:.3}", self.method(), error_of(&self.layout.theory), self.ofv())
    }

    /// The levels at some times (h) of the typical person with the doses of a person, and of the person at the mode.
    ///
    /// # Errors
    /// An id that nobody has, times that decrease.
    pub fn curves(&self, id: &str, times: &[f64]) -> Result<[Vec<f64>; 2]> {
        let eta = self.objective.person(id)?.all();
        let sampled = self.people.person(id).ok_or_else(|| Error::value(format!("nobody has the id `{id}`")))?;
        let samples = Samples::replicates(times, &vec![0.0; times.len()])?;
        let sampled = sampled.at(samples)?;
        let asked = Asked::new(&self.layout.theory, &self.people, self.method())?;
        let place = asked.layout.place(&self.found.x).ok_or_else(super::objective::no_place)?;
        let person = Person::new(&asked.layout, id, &sampled)?;
        let seat = person.seat(&asked.layout, &place);
        let levels = |z: &[f64]| {
            person.plain(z).ok_or_else(|| Error::value(format!("person `{id}` has no levels at these times")))
        };
        Ok([levels(&seat.place.z)?, levels(&seat.layout.moved(&seat.place.z, &eta))?])
    }
}

/// How it was made at the numbers that a theory starts from.
pub(super) fn of_theory(theory: &Theory, method: Option<Method>) -> String {
    let method = method.map_or(String::new(), |method| format!("{method}, "));
    format!("{method}{}, at given numbers", error_of(theory))
}

fn error_of(theory: &Theory) -> &'static str {
    if !theory.kinds.is_empty() {
        return "errors by kind";
    }
    match theory.off {
        Off::Squares(_) => "least squares",
        Off::Own => "errors of the samples' own",
        Off::Variance(_) => "a variance of one's own",
        Off::Error(error) => match error {
            ResidualError::Proportional { .. } => "proportional error",
            ResidualError::Additive { .. } => "additive error",
            ResidualError::Combined { .. } => "combined error (variances)",
            ResidualError::CombinedSd { .. } => "combined error (standard deviations)",
            ResidualError::LogNormal { .. } => "log-normal error",
            ResidualError::Power { .. } => "power error",
        },
    }
}
