//! A fit of people that somebody watches: how far it has come, and whether it is to go on.

use std::cell::Cell;
use std::ops::ControlFlow;

use super::data::People;
use super::fitted::PeopleFit;
use super::history::Saem;
use super::method::Method;
use crate::error::{Error, Result};
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

/// How far a fit of people has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// How many evaluations of the objective, or iterations of SAEM, are done.
    pub done: u32,
    /// How many there will be at least; of a search for a least nobody knows.
    pub of: Option<u32>,
    /// The objective; SAEM does not know it on its way.
    pub ofv: Option<f64>,
}

/// Who is told of each step, and says whether another follows.
pub(super) type Watcher<'a> = &'a dyn Fn(Progress) -> ControlFlow<()>;

/// Who watches a search, and whether it was stopped.
pub(super) struct Watch<'a> {
    watcher: Watcher<'a>,
    done: Cell<u32>,
    stopped: Cell<bool>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(watcher: Watcher<'a>) -> Self {
        Self { watcher, done: Cell::new(0), stopped: Cell::new(false) }
    }

    /// Tells of a further step; none where the search is to end.
    pub(super) fn step(&self, ofv: Option<f64>, of: Option<u32>) -> Option<()> {
        let done = self.done.get() + 1;
        self.done.set(done);
        if self.stopped.get() || (self.watcher)(Progress { done, of, ofv }).is_break() {
            self.stopped.set(true);
            return None;
        }
        Some(())
    }

    /// The error of a search that was stopped.
    pub(super) fn check(&self) -> Result<()> {
        if self.stopped.get() {
            return Err(Error::value(format!(
                "the fit was stopped after {} steps, before it had come to an end: nothing is known of the estimates",
                self.done.get()
            )));
        }
        Ok(())
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
