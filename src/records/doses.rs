//! What a dose record brings to each entry of a body.

use smallvec::{SmallVec, smallvec};

use super::body::{Body, Compartment, Inlet};
use super::record::Record;
use crate::absorption::Path;
use crate::engine::{Entry, Network, check_fit};
use crate::error::{Error, Result, Short};
use crate::regimen::Dose;

/// The part of a dose that takes one path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Portion {
    /// The bare entry: F is in the amount already.
    pub(super) entry: Entry,
    pub(super) tlag: f64,
    /// The amount after F (µg); of a constant infusion its rate (µg/h), in which F has no part.
    pub(super) amount: f64,
    pub(super) duration: f64,
}

impl Portion {
    /// The rate of an infusion, µg/h.
    pub(super) fn rate(self) -> f64 {
        self.amount / self.duration
    }

    /// Whether it takes time; one so short that its rate overflows is given at once.
    pub(super) fn runs(self) -> bool {
        self.duration > 0.0 && self.rate().is_finite()
    }
}

pub(super) type Portions = SmallVec<[Portion; 1]>;

/// A path into a compartment, and the fraction that takes it.
#[derive(Clone, Copy)]
struct Way {
    entry: Entry,
    tlag: f64,
    duration: f64,
    f: f64,
}

impl Body {
    /// The portions of a dose record that has been checked.
    ///
    /// F scales the amount. A given rate keeps, so that F shortens the infusion; a duration keeps too, be it of the record or of the
    /// model, so that F lowers the rate. Paths side by side share a rate in proportion to their fractions.
    pub(super) fn portions(&self, record: &Record) -> Result<Portions> {
        let inlet = self.inlet(record.cmt);
        if record.rate == 0.0
            && let Some(way) = self.only_way(record.cmt)
        {
            let amount = way.f * (record.amt * inlet.f);
            return checked(record, [Portion { amount, duration: way.duration, ..way.portion(inlet) }].into_iter());
        }
        let ways = self.ways(record.cmt)?;
        let rate = rate(record, inlet)?;
        if record.is_constant() {
            check_constant(&ways)?;
            let (rate, whole) = (rate.unwrap_or(0.0), ways.iter().map(|way| way.f).sum::<f64>());
            let part = |way: &Way| Portion { amount: rate * (way.f / whole), duration: 0.0, ..way.portion(inlet) };
            return checked(record, ways.iter().map(part));
        }
        let f = ways.iter().map(|way| way.f).sum::<f64>() * inlet.f;
        let duration = duration(record, (f, rate), inlet)?;
        if let Some(over) = duration.filter(|over| *over > 0.0 && ways.iter().any(|way| way.duration > 0.0)) {
            check_fit(self.model(), &Dose::of(record.amt).over(over))?;
        }
        let part = |way: &Way| Portion {
            amount: way.f * (record.amt * inlet.f),
            duration: duration.unwrap_or(way.duration),
            ..way.portion(inlet)
        };
        checked(record, ways.iter().map(part))
    }

    /// The path into a compartment, if it is one.
    #[inline]
    fn only_way(&self, cmt: u32) -> Option<Way> {
        match (self.compartment(cmt)?, self.model().absorption().paths()) {
            (Compartment::Absorption, [path]) => Some(self.way((1, path))),
            (Compartment::Plasma, _) => Some(Way::at_once(Network::bare(self.model(), 0))),
            (Compartment::Peripheral(j), _) => Some(Way::at_once(Network::peripheral(self.model(), j))),
            (Compartment::Absorption, _) => None,
        }
    }

    /// The paths into a compartment.
    fn ways(&self, cmt: u32) -> Result<SmallVec<[Way; 1]>> {
        if let Some(way) = self.only_way(cmt) {
            return Ok(smallvec![way]);
        }
        match self.compartment(cmt) {
            Some(_) => Ok((1..).zip(self.model().absorption().paths()).map(|path| self.way(path)).collect()),
            None => Err(Error::value(self.unknown(cmt))),
        }
    }

    /// A path of absorption, by its entry.
    fn way(&self, (entry, path): (Entry, &Path)) -> Way {
        let entry = Network::bare(self.model(), entry);
        Way { entry, tlag: path.tlag, duration: path.process.duration(), f: path.f }
    }
}

impl Way {
    fn at_once(entry: Entry) -> Self {
        Self { entry, tlag: 0.0, duration: 0.0, f: 1.0 }
    }

    fn portion(&self, inlet: Inlet) -> Portion {
        Portion { entry: self.entry, tlag: self.tlag + inlet.tlag, amount: 0.0, duration: 0.0 }
    }
}

/// The portions, all of whose numbers are finite.
fn checked(record: &Record, all: impl Iterator<Item = Portion>) -> Result<Portions> {
    let mut portions = Portions::new();
    for portion in all {
        let Portion { tlag, amount, duration, .. } = portion;
        if !(amount.is_finite() && duration.is_finite() && tlag.is_finite()) {
            return Err(beyond(record, portion));
        }
        portions.push(portion);
    }
    Ok(portions)
}

#[cold]
fn beyond(record: &Record, Portion { tlag, amount, duration, .. }: Portion) -> Error {
    Error::value(format!(
        "the dose of {} at RATE {} overflows after F and lag: its amount is {} µg, its duration {} h and its lag {} h; check AMT, RATE and F",
        Short(record.amt),
        Short(record.rate),
        Short(amount),
        Short(duration),
        Short(tlag)
    ))
}

/// Refuses a constant infusion into an absorption that has a duration of its own.
fn check_constant(ways: &[Way]) -> Result<()> {
    match ways.iter().find(|way| way.duration > 0.0) {
        None => Ok(()),
        Some(way) => Err(Error::value(format!(
            "a constant infusion (AMT 0) meets zero-order absorption, which takes {} h itself: give it into the plasma, or use another absorption",
            Short(way.duration)
        ))),
    }
}

/// The rate of an infusion whose rate is given, by the record or by the model.
fn rate(record: &Record, inlet: Inlet) -> Result<Option<f64>> {
    let cmt = record.cmt.max(1);
    match (record.rate, inlet.rate) {
        (-1.0, None) => Err(Error::value(format!(
            "RATE -1 asks the model for a rate, and compartment {cmt} has none: give its Inlet one"
        ))),
        (-1.0, rate) => Ok(rate),
        (-2.0, _) if record.is_constant() => Err(Error::value(
            "RATE -2 asks for a duration, which a constant infusion (AMT 0) does not have: give RATE a rate or -1",
        )),
        (rate, _) => Ok((rate > 0.0).then_some(rate)),
    }
}

/// The duration of an infusion; none where the dose is given at once.
fn duration(record: &Record, (f, rate): (f64, Option<f64>), inlet: Inlet) -> Result<Option<f64>> {
    if let Some(rate) = rate {
        return Ok(Some(f * record.amt / rate));
    }
    let cmt = record.cmt.max(1);
    match inlet.duration {
        _ if record.dur > 0.0 => Ok(Some(record.dur)),
        None if record.rate == -2.0 => Err(Error::value(format!(
            "RATE -2 asks the model for a duration, and compartment {cmt} has none: give its Inlet one"
        ))),
        duration => Ok(duration.filter(|_| record.rate == -2.0)),
    }
}
