//! A fit of people that somebody watches: how far it has come, and whether it is to go on.

use std::ops::ControlFlow;

use super::data::People;
use super::fitted::PeopleFit;
use super::history::Saem;
use super::method::Method;
use super::watch::{Progress, Watch};
use crate::error::Result;
use crate::fit::theory::Theory;

/// By what the numbers of a population are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimation {
    /// The least of an objective, as [`Theory::fit_people`] seeks it.
    Method(Method),
    /// The chains of [`Theory::fit_people_by_saem`].
    Saem(Saem),
}

impl From<Method> for Estimation {
    fn from(method: Method) -> Self {
        Self::Method(method)
    }
}

impl From<Saem> for Estimation {
    fn from(saem: Saem) -> Self {
        Self::Saem(saem)
    }
}

impl Theory {
    /// Fits this theory to people by a method or by SAEM, and tells a function of your own how far it has come at each evaluation of the objective or
    /// each iteration: for a line of progress, and to stop a long run. The estimates are those of [`fit_people`](Self::fit_people) and
    /// [`fit_people_by_saem`](Self::fit_people_by_saem), to the bit.
    ///
    /// ```
    /// use std::{cell::Cell, ops::ControlFlow};
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Sampled, Samples, Theory, fixed, free}};
    /// let design = People::new((1..=8).map(|id| {
    ///     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[2.0, 12.0], &[0.0; 2]).unwrap()))
    /// }))?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: fixed(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let people = theory.simulate(&design, 5)?;
    /// let steps = Cell::new(0);
    /// let fit = theory.fit_people_watched(&people, Method::Focei, &|progress| {
    ///     steps.set(progress.done);
    ///     ControlFlow::Continue(())
    /// })?;
    /// assert!(steps.get() > 2 && fit.ofv() == theory.fit_people(&people, Method::Focei)?.ofv());
    /// let stopped = theory.fit_people_watched(&people, Method::Focei, &|_| ControlFlow::Break(())).unwrap_err();
    /// assert!(stopped.to_string().starts_with("the fit was stopped after 1 steps"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for those two; a fit that was stopped.
    pub fn fit_people_watched(
        &self,
        people: &People,
        by: impl Into<Estimation>,
        watcher: &dyn Fn(Progress) -> ControlFlow<()>,
    ) -> Result<PeopleFit> {
        let watch = Watch::new(watcher);
        match by.into() {
            Estimation::Method(method) => self.by_method(people, method, Some(&watch)),
            Estimation::Saem(saem) => self.by_saem(people, saem, Some(&watch)),
        }
    }
}
