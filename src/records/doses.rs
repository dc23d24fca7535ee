//! What a dose record brings, by each path into its compartment.

use smallvec::SmallVec;

use super::body::{Compartment, Inlet};
use super::frame::Frame;
use super::record::Record;
use crate::error::{Error, Result};
use crate::network::check_fit;
use crate::regimen::Dose;

/// Where an amount goes in: the constant input, and the states that one given at once adds to.
pub(super) type Place = (u16, (u16, u16));

/// The part of a dose that takes one path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Portion {
    pub(super) place: Place,
    pub(super) tlag: f64,
    /// The amount after F, µg; of a constant infusion the rate, µg/h.
    pub(super) amount: f64,
    pub(super) duration: f64,
}

impl Portion {
    /// The rate of an infusion, µg/h.
    pub(super) fn rate(self) -> f64 {
        self.amount / self.duration
    }

    /// Whether it takes time; one so short that its rate is beyond all numbers is given at once.
    pub(super) fn runs(self) -> bool {
        self.duration > 0.0 && self.rate().is_finite()
    }
}

pub(super) type Portions = SmallVec<[Portion; 2]>;

impl Frame {
    /// The portions of a dose record that has been checked.
    ///
    /// F scales the amount. A given rate keeps, so that F shortens the infusion; a given duration keeps too, so that F
    /// lowers the rate. Paths side by side share a rate in proportion to their fractions.
    pub(super) fn portions(&self, record: &Record) -> Result<Portions> {
        let inlet = self.body.inlet(record.cmt);
        let mut portions = self.paths(record.cmt)?;
        let f: f64 = portions.iter().map(|path| path.amount).sum::<f64>() * inlet.f;
        let rate = rate(record, inlet)?;
        let duration = if record.is_constant() { Some(0.0) } else { duration(record, (f, rate), inlet)? };
        let over = if record.is_constant() { Some(f64::INFINITY) } else { duration };
        if let Some(over) = over.filter(|over| *over > 0.0) {
            self.check_duration((record, over), &portions)?;
        }
        for portion in &mut portions {
            portion.tlag += inlet.tlag;
            portion.amount *= match rate {
                Some(rate) if record.is_constant() => {
                    if f > 0.0 {
                        rate * inlet.f / f
                    } else {
                        0.0
                    }
                }
                _ => record.amt * inlet.f,
            };
            portion.duration = duration.unwrap_or(portion.duration);
            let finite = portion.amount.is_finite() && portion.duration.is_finite() && portion.tlag.is_finite();
            if !finite {
                return Err(Error::value(format!(
                    "the dose of {} over {} h with F {f} is beyond all numbers: check AMT, RATE and F",
                    record.amt, portion.duration
                )));
            }
        }
        Ok(portions)
    }

    /// The paths into a compartment, each with its fraction as the amount.
    fn paths(&self, cmt: u32) -> Result<Portions> {
        let dose = match self.body.compartment(cmt) {
            Some(Compartment::Absorption) => Dose::of(1.0),
            Some(Compartment::Plasma) => Dose::iv(1.0),
            Some(Compartment::Peripheral(j)) => {
                let state = self.peripheral(j);
                let place = (state, (state, state + 1));
                return Ok(SmallVec::from_slice(&[Portion { place, tlag: 0.0, amount: 1.0, duration: 0.0 }]));
            }
            None => return Err(Error::value(format!("CMT {cmt} {}", self.body.numbering()))),
        };
        let mut portions = Portions::new();
        self.network.arrivals((0.0, dose), |arrival| {
            let (place, tlag, amount) = (arrival.place(), arrival.time, arrival.amount);
            portions.push(Portion { place, tlag, amount, duration: arrival.duration });
        });
        Ok(portions)
    }

    /// Refuses an infusion into an absorption that has a duration of its own.
    fn check_duration(&self, (record, over): (&Record, f64), portions: &Portions) -> Result<()> {
        if portions.iter().all(|path| path.duration == 0.0) {
            return Ok(());
        }
        check_fit(self.body.model(), &Dose::of(record.amt).over(over))
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
        None if record.rate == -2.0 => Err(Error::value(format!(
            "RATE -2 asks the model for a duration, and compartment {cmt} has none: give its Inlet one"
        ))),
        duration => Ok(duration.filter(|_| record.rate == -2.0)),
    }
}
