//! Samples of several kinds, each with an error of its own.

use std::borrow::Cow;

use super::name::Name;
use super::residual::Residual;
use super::samples::{Reading, Sampled, Samples};
use super::theory::{Off, Theory};
use super::unknown::Unknown;
use crate::assay::ResidualError;
use crate::error::{Error, Result};
use crate::sensitivity::{Jet, Space};

/// The errors of samples of all kinds at coordinates.
#[derive(Debug, Clone)]
pub(super) struct Errors {
    all: Residual,
    kinds: Vec<(u32, Residual)>,
}

impl Errors {
    pub(super) fn at(theory: &Theory, space: Space, jets: &[(Name, Jet)]) -> Self {
        let of = |(kind, error): &(u32, ResidualError<Unknown>)| {
            let names = (jets, Name::CvOf(*kind), Name::SdOf(*kind));
            (*kind, Residual::named((Off::Error(*error), theory.above_zero), space, names))
        };
        Self { all: Residual::at(theory, space, jets), kinds: theory.kinds.iter().map(of).collect() }
    }

    /// The error of a sample: that of its kind, if it has one.
    pub(super) fn of(&self, reading: Reading) -> &Residual {
        self.of_kind(reading.kind)
    }

    /// The error of samples of a kind.
    pub(super) fn of_kind(&self, kind: Option<u32>) -> &Residual {
        let own = self.kinds.iter().find(|(own, _)| Some(*own) == kind);
        own.map_or(&self.all, |(_, residual)| residual)
    }

    /// The space of its numbers.
    pub(super) fn space(&self) -> Space {
        self.all.space
    }
}

impl Samples {
    /// These samples, each of a kind (the DVID of event tables): two assays of one substance, say, each with an error of its own
    /// ([`Theory::with_error_of`]).
    ///
    /// # Errors
    /// Another number of kinds than of samples.
    pub fn of_kinds(mut self, kinds: &[u32]) -> Result<Self> {
        if kinds.len() != self.len() {
            return Err(Error::value(format!(
                "there are {} samples and {} kinds: give one for each",
                self.len(),
                kinds.len()
            )));
        }
        self.kinds = kinds.to_vec();
        Ok(self)
    }

    /// The kind of each sample; none where they are not told apart.
    pub fn kinds(&self) -> Option<&[u32]> {
        (!self.kinds.is_empty()).then_some(&self.kinds)
    }
}

impl Theory {
    /// This theory, in which samples of one kind (DVID) have an error of their own; that of all others is [`with_error`](Self::with_error)'s, which
    /// comes first. All kinds are of the same levels in the plasma, as by two assays. It is for people and for posteriors.
    ///
    /// ```
    /// use menaquinone::{Bolus, OneCompartment, assay::ResidualError, fit::{Method, People, Theory, free}};
    /// // An assay (1) and a bedside test (2) of the same levels.
    /// let table = "ID,TIME,AMT,DV,DVID\n1,0,100,.,.\n1,1,.,9.1,1\n1,2,.,8.9,2\n1,12,.,3.2,1\n1,12,.,2.5,2\n\
    ///     2,0,100,.,.\n2,1,.,8.7,1\n2,4,.,5.9,2\n2,12,.,2.1,1\n3,0,100,.,.\n3,2,.,8.6,1\n3,6,.,6.9,2\n3,12,.,4.0,1";
    /// let people = People::of_table_with_kinds(&table.parse()?)?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: free(0.05) })?
    ///     .with_error_of(2, ResidualError::Additive { sd: free(0.8) })?;
    /// let names: Vec<String> = theory.free().iter().map(|(name, _)| name.to_string()).collect();
    /// assert_eq!(names, ["cl", "v", "cv", "sd#2"]);
    /// let found = theory.objective(&people, Method::Focei)?;
    /// assert_eq!(found.people().len(), 3);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// An error that cannot be, a theory without an error of all other samples, a kind that has one already, a log-normal error beside one that is
    /// not.
    pub fn with_error_of(mut self, kind: u32, error: impl Into<ResidualError<Unknown>>) -> Result<Self> {
        let error = error.into();
        error.try_map(|unknown| Ok(unknown.start()))?.assay()?;
        let Off::Error(others) = self.off else {
            return Err(Error::value(format!(
                "samples of kind {kind} have an error, but those of other kinds none: give theirs first (Theory::with_error)"
            )));
        };
        if self.kinds.iter().any(|(own, _)| *own == kind) {
            return Err(Error::value(format!("samples of kind {kind} have an error already: keep one of the two")));
        }
        let is_log = |error: ResidualError<Unknown>| matches!(error, ResidualError::LogNormal { .. });
        if is_log(others) != is_log(error) {
            return Err(Error::value(format!(
                "the error of kind {kind} and that of other samples are not both log-normal: levels and logarithms of levels do not compare; take a proportional error in place of the log-normal one"
            )));
        }
        self.kinds.push((kind, error));
        self.checked()
    }

    /// The kinds of samples (DVID) that have an error of their own.
    pub fn kinds(&self) -> impl Iterator<Item = u32> + '_ {
        self.kinds.iter().map(|(kind, _)| *kind)
    }

    /// This theory with the errors of the kinds alone that one person's samples are of.
    pub(super) fn with_kinds_of(&self, sampled: &Sampled) -> Cow<'_, Self> {
        let is_seen = |kind: u32| sampled.samples.kinds.contains(&kind);
        if self.kinds.iter().all(|(kind, _)| is_seen(*kind)) {
            return Cow::Borrowed(self);
        }
        let mut own = self.clone();
        own.kinds.retain(|(kind, _)| is_seen(*kind));
        Cow::Owned(own)
    }
}

/// Refuses samples of kinds that a theory does not tell apart; `whose` is for sentences.
pub(super) fn check_kinds<'a>(theory: &Theory, all: impl Iterator<Item = (&'a str, &'a Samples)>) -> Result<()> {
    let is_listed = |kind: &u32| theory.kinds.iter().any(|(own, _)| own == kind);
    let (mut others, mut seen): (Option<Option<u32>>, Vec<u32>) = (None, Vec::new());
    let said = |kind: Option<u32>| kind.map_or("none".to_owned(), |kind| kind.to_string());
    for (id, samples) in all {
        for (reading, time) in samples.readings().zip(samples.times()) {
            let kind = reading.kind;
            if let Some(kind) = kind.filter(is_listed) {
                seen.push(kind);
            } else if others.is_some_and(|other| other != kind) {
                return Err(Error::value(format!(
                    "the sample of person `{id}` at {time} h is of kind (DVID) {}, others are of kind {}: give each kind an error of its own (Theory::with_error_of)",
                    said(kind),
                    said(others.flatten())
                )));
            } else {
                others = Some(kind);
            }
        }
    }
    match theory.kinds.iter().find(|(kind, _)| !seen.contains(kind)) {
        Some((kind, _)) => Err(Error::value(format!(
            "the theory has an error of samples of kind (DVID) {kind}, but there is none of that kind: leave it out, or read the table by People::of_table_with_kinds"
        ))),
        None => Ok(()),
    }
}
