//! Where the substance is, and the areas under the curve: a state led through its events, with what adds up on the way.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::Model;
use crate::network::{Action, Event, Network, State};
use crate::regimen::Regimen;
use crate::timeline::{last_time, prepare};

/// Where the substance of the doses is at a time: `entered = depot + body + eliminated`.
///
/// Amounts in µg. The endogenous input that keeps a baseline is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// The time, h.
    pub time: f64,
    /// What has entered so far: `f * amount` of every dose whose lag is over; of an infusion, the part already given.
    pub entered: f64,
    /// What waits to be absorbed.
    pub depot: f64,
    /// What is in the plasma and the peripheral compartments.
    pub body: f64,
    /// What has left the body: `cl * AUC`.
    pub eliminated: f64,
}

impl Balance {
    /// What has reached the plasma so far, µg.
    pub fn absorbed(&self) -> f64 {
        self.body + self.eliminated
    }
}

impl Model {
    /// Where the substance of the doses is at `times` (h, never decreasing).
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 0.5 }.model()?;
    /// let now = model.balance(Dose::of(180.0), &[24.0])?[0];
    /// assert_eq!(now.entered, 90.0);
    /// assert!((now.depot + now.body + now.eliminated - now.entered).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`profile`](Self::profile).
    pub fn balance<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Vec<Balance>> {
        let (network, events) = prepare(self, &regimen.into(), last_time(times)?)?;
        let mut walk = Walk { measure: Measure::Area, ..Walk::new(&network, &events) };
        Ok(times.iter().map(|&time| walk.balance_at(self, time)).collect())
    }

    /// The area under the concentration between two times, µg·h/L; an infinite end gives the whole area.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters};
    /// let model = Parameters { cl: 2.0, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let auc_inf = model.auc(Dose::of(180.0), 0.0..=f64::INFINITY)?;
    /// assert!((auc_inf - 180.0 / 2.0).abs() < 1e-12); // f * dose / cl
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A window that is not one, dosing without an end or a baseline under an infinite end, and as for
    /// [`profile`](Self::profile).
    #[doc(alias = "auc_inf")]
    pub fn auc<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, window: RangeInclusive<f64>) -> Result<f64> {
        Ok(self.moments(&regimen.into(), window)?.auc)
    }

    /// The area under time times concentration between two times, µg·h²/L, with time counted from 0; an infinite end
    /// gives the whole area.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters};
    /// let model = Parameters { cl: 2.0, v: 154.0, ka: 0.5, tlag: 0.0, f: 1.0 }.model()?;
    /// let (whole, dose) = (0.0..=f64::INFINITY, Dose::of(180.0));
    /// let mean_residence = model.aumc(dose, whole.clone())? / model.auc(dose, whole)?;
    /// assert!((mean_residence - (1.0 / 0.5 + model.mrt())).abs() < 1e-11); // 1/ka + v/cl
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`auc`](Self::auc).
    #[doc(alias = "aumc_inf")]
    pub fn aumc<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, window: RangeInclusive<f64>) -> Result<f64> {
        Ok(self.moments(&regimen.into(), window)?.aumc)
    }

    fn moments(&self, regimen: &Regimen, window: RangeInclusive<f64>) -> Result<Moments> {
        let (from, to) = window.into_inner();
        let proper = from.is_finite() && to >= from;
        if !proper {
            return Err(Error::value(format!(
                "the window from {from} h to {to} h is not one: its start must be finite and its end must not come before it"
            )));
        }
        let endless = to == f64::INFINITY && (self.baseline() > 0.0 || regimen.is_endless());
        if endless {
            return Err(Error::value(
                "the area has no end: dosing without an end or a baseline has an infinite area, so give the window a finite end",
            ));
        }
        let (network, events) = prepare(self, regimen, to)?;
        let mut walk = Walk::new(&network, &events);
        walk.advance_to(from);
        walk.measure = Measure::Moments;
        walk.advance_to(to);
        if to < f64::INFINITY {
            walk.moments.add_constant(self.baseline(), (from, to - from));
        }
        Ok(walk.moments)
    }
}

/// A state led through its events one time after another, with what it adds up to on the way.
struct Walk<'a> {
    network: &'a Network,
    events: &'a [Event],
    time: f64,
    state: State,
    entered: f64,
    measure: Measure,
    moments: Moments,
}

/// What a walk adds up on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Nothing,
    Area,
    Moments,
}

impl<'a> Walk<'a> {
    fn new(network: &'a Network, events: &'a [Event]) -> Self {
        let state = State::empty(network.states());
        let (measure, moments) = (Measure::Nothing, Moments::default());
        Self { network, events, time: f64::NEG_INFINITY, state, entered: 0.0, measure, moments }
    }

    /// On to `time`, with the events of that instant.
    fn advance_to(&mut self, time: f64) {
        while let Some((event, rest)) = self.events.split_first()
            && event.time <= time
        {
            self.drift_to(event.time);
            self.entered += if let Action::Add(..) = event.action { event.amount } else { 0.0 };
            self.state.apply(event);
            self.events = rest;
        }
        self.drift_to(time);
    }

    /// On to `time`, up to which nothing happens.
    fn drift_to(&mut self, time: f64) {
        let u = time - self.time;
        if u > 0.0 && self.state.amounts.iter().any(|amount| *amount != 0.0) {
            self.entered += self.network.input_rate(&self.state.amounts) * if u < f64::INFINITY { u } else { 0.0 };
            match self.measure {
                Measure::Nothing => {}
                Measure::Area => self.moments.auc += self.network.auc(&self.state.amounts, u),
                Measure::Moments => self.moments.add(self.network, &self.state.amounts, (self.time, u)),
            }
            self.state.amounts = self.network.advance(&self.state.amounts, u);
        }
        self.time = time;
    }

    fn balance_at(&mut self, model: &Model, time: f64) -> Balance {
        self.advance_to(time);
        let amounts = &self.state.amounts;
        Balance {
            time,
            entered: self.entered,
            depot: self.network.depot(amounts),
            body: self.network.body(amounts, model.disposition().cl()),
            eliminated: model.disposition().cl() * self.moments.auc,
        }
    }
}

/// The areas under the concentration and under time times concentration.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    auc: f64,
    aumc: f64,
}

impl Moments {
    /// Adds the `u` hours from `start` on, over which a state drifts.
    fn add(&mut self, network: &Network, amounts: &[f64], (start, u): (f64, f64)) {
        let auc = network.auc(amounts, u);
        self.auc += auc;
        self.aumc += start * auc + network.aumc(amounts, u);
    }

    /// Adds `u` hours of a constant concentration.
    fn add_constant(&mut self, conc: f64, (start, u): (f64, f64)) {
        self.auc += conc * u;
        self.aumc += conc * u * (start + 0.5 * u);
    }
}
