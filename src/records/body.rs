//! A model as an event table sees it: numbered compartments, each with a way in of its own.

use super::codes::compartment_name;
use crate::absorption::{Path, Process};
use crate::error::{self, Error, Result};
use crate::model::Model;

/// How doses enter a compartment: what NONMEM calls ALAG, F, R and D.
///
/// What the model's absorption says of lag and fraction holds beside it: lags add up, fractions multiply.
///
/// ```
/// use menaquinone::records::Inlet;
/// let half = Inlet { f: 0.5, ..Inlet::default() };
/// assert_eq!((half.tlag, half.rate), (0.0, None));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inlet {
    /// The time between a dose and its arrival, h.
    pub tlag: f64,
    /// The fraction of a dose that arrives; zero is none, and more than one is allowed, as in NONMEM.
    pub f: f64,
    /// The rate of doses with RATE -1, µg/h.
    pub rate: Option<f64>,
    /// The duration of doses with RATE -2, h.
    pub duration: Option<f64>,
}

impl Default for Inlet {
    fn default() -> Self {
        Self { tlag: 0.0, f: 1.0, rate: None, duration: None }
    }
}

impl Inlet {
    fn check(self, cmt: u32) -> Result<()> {
        error::non_negative(format_args!("tlag of compartment {cmt}"), self.tlag, "h")?;
        error::non_negative(format_args!("f of compartment {cmt}"), self.f, "")?;
        if let Some(rate) = self.rate {
            error::positive(format_args!("the rate of compartment {cmt}"), rate, "µg/h")?;
        }
        if let Some(duration) = self.duration {
            error::non_negative(format_args!("the duration of compartment {cmt}"), duration, "h")?;
        }
        Ok(())
    }
}

/// A [`Model`] with an [`Inlet`] for each of its compartments, numbered as in NONMEM.
///
/// 1 is where swallowed doses go, 2 is the plasma, 3 and 4 are the peripheral compartments. With a plain
/// [`Bolus`](crate::Bolus) there is no absorption compartment, so 1 is the plasma, and 2 and 3 are the peripheral ones.
/// A model alone is a body too.
///
/// ```
/// use menaquinone::{Parameters, records::{Body, Inlet, Table}};
/// let model = Parameters { cl: 1.1, v: 20.0, ka: 1.5, tlag: 0.0, f: 1.0 }.model()?;
/// let lagged = Body::from(model).with_inlet(2, Inlet { tlag: 5.0, ..Inlet::default() })?;
/// let table: Table = "TIME,AMT,CMT\n0,100,2\n4,0,2\n5,0,2".parse()?;
/// let found = table.simulate(lagged)?;
/// assert_eq!((found.rows()[1].central, found.rows()[2].central), (0.0, 100.0));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    model: Model,
    /// Few bodies have any.
    inlets: Vec<(u32, Inlet)>,
    /// Whether the numbers of records come of names, which count where swallowed doses go whether it is there or not.
    by_name: bool,
}

/// What a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compartment {
    /// Where swallowed doses go: through the model's absorption.
    Absorption,
    Plasma,
    Peripheral(usize),
}

impl Body {
    /// This body with `inlet` as the way into compartment `cmt`.
    ///
    /// # Errors
    /// A number that the model does not have; a lag, fraction, rate or duration that cannot be.
    pub fn with_inlet(mut self, cmt: u32, inlet: Inlet) -> Result<Self> {
        if self.compartment(cmt).is_none() || cmt == 0 {
            return Err(Error::value(format!("compartment {cmt} {}", self.numbering())));
        }
        inlet.check(cmt)?;
        self.inlets.retain(|(known, _)| *known != cmt);
        self.inlets.push((cmt, inlet));
        Ok(self)
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// This body for the records of a table, whose numbers of compartments may come of names.
    pub(super) fn numbered(self, by_name: bool) -> Self {
        Self { by_name, ..self }
    }

    /// The number that a body has for that of a record: without a depot the plasma is 1, and `central` stands for it as 2.
    #[inline]
    fn own(&self, cmt: u32) -> u32 {
        if self.by_name && cmt > 1 && !self.has_depot() { cmt - 1 } else { cmt }
    }

    pub(super) fn inlet(&self, cmt: u32) -> Inlet {
        let cmt = self.own(cmt).max(1);
        let known = self.inlets.iter().find(|(known, _)| *known == cmt);
        known.map_or_else(Inlet::default, |(_, inlet)| *inlet)
    }

    /// Whether a swallowed dose is anything else than one put into the plasma.
    fn has_depot(&self) -> bool {
        let plain = |path: &Path| path.process == Process::Bolus && path.tlag == 0.0 && path.f == 1.0;
        !matches!(self.model.absorption().paths(), [path] if plain(path))
    }

    /// The number of the plasma.
    pub(crate) fn plasma(&self) -> u32 {
        if self.has_depot() { 2 } else { 1 }
    }

    fn peripherals(&self) -> u32 {
        match self.model.modes().len() {
            0 | 1 => 0,
            2 => 1,
            _ => 2,
        }
    }

    /// What `cmt` stands for; 0 is 1.
    pub(super) fn compartment(&self, cmt: u32) -> Option<Compartment> {
        let (cmt, plasma) = (self.own(cmt), self.plasma());
        match cmt {
            0 | 1 => Some(Compartment::Absorption),
            _ if cmt == plasma => Some(Compartment::Plasma),
            _ if cmt - plasma <= self.peripherals() => Some(Compartment::Peripheral((cmt - plasma - 1) as usize)),
            _ => None,
        }
    }

    /// Refuses a number that stands for no compartment.
    #[inline]
    pub(super) fn check_cmt(&self, cmt: u32) -> Result<()> {
        if cmt <= 1 {
            return Ok(()); // every body has a first compartment
        }
        match self.compartment(cmt) {
            Some(_) => Ok(()),
            None => Err(Error::value(self.unknown(cmt))),
        }
    }

    /// Whether amounts can go over from this body to another: the same compartments under the same numbers.
    pub(super) fn fits(&self, other: &Self) -> bool {
        self.has_depot() == other.has_depot() && self.model.has_the_compartments_of(&other.model)
    }

    /// Why a number of a record, or the name behind it, stands for no compartment.
    pub(super) fn unknown(&self, cmt: u32) -> String {
        match compartment_name(cmt).filter(|_| self.by_name) {
            Some(name) => format!("CMT `{name}` {}", self.numbering()),
            None => format!("CMT {cmt} {}", self.numbering()),
        }
    }

    /// Why a number is not one.
    fn numbering(&self) -> String {
        let (plasma, last) = (self.plasma(), self.plasma() + self.peripherals());
        let names = match (self.has_depot(), last - plasma) {
            (true, 0) => "1 where swallowed doses go, 2 the plasma",
            (true, 1) => "1 where swallowed doses go, 2 the plasma, 3 peripheral",
            (true, _) => "1 where swallowed doses go, 2 the plasma, 3 and 4 peripheral",
            (false, 0) => "1 the plasma",
            (false, 1) => "1 the plasma, 2 peripheral",
            (false, _) => "1 the plasma, 2 and 3 peripheral",
        };
        format!("is not in the model, whose compartments are {names}")
    }
}

impl From<Model> for Body {
    fn from(model: Model) -> Self {
        Self { model, inlets: Vec::new(), by_name: false }
    }
}

impl From<&Model> for Body {
    fn from(model: &Model) -> Self {
        model.clone().into()
    }
}

impl From<&Body> for Body {
    fn from(body: &Body) -> Self {
        body.clone()
    }
}
