//! Where the substance is, and the areas under the curve: a state led through its events, with what adds up on the way.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::engine::{Bodies, Event, Network, Seen, What, walk};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::phases::Phases;
use crate::profile::{check_times, last_of};
use crate::propagate::bodies;
use crate::regimen::Regimen;

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
        balance(&self.into(), &regimen.into(), times)
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
        Ok(moments(&self.into(), &regimen.into(), window)?.auc)
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
        Ok(moments(&self.into(), &regimen.into(), window)?.aumc)
    }
}

impl Phases {
    /// Where the substance of the doses is at `times` (h, never decreasing), while the body changes.
    ///
    /// What of it a running baseline gains or loses at a change of volume or clearance is not counted.
    ///
    /// # Errors
    /// As for [`Model::balance`].
    pub fn balance<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64]) -> Result<Vec<Balance>> {
        balance(&bodies(self), &regimen.into(), times)
    }

    /// The area under the concentration between two times, µg·h/L, while the body changes; an infinite end gives the whole
    /// area.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, units::*};
    /// let usual = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let phases = usual.model()?.then_from(WEEK, Parameters { cl: 0.6, ..usual }.model()?)?;
    /// let daily = Dose::of(90.0 * UG).every(DAY);
    /// assert!(phases.auc(&daily, WEEK..=5.0 * WEEK)? > 1.5 * usual.model()?.auc(&daily, WEEK..=5.0 * WEEK)?);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Model::auc`].
    pub fn auc<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, window: RangeInclusive<f64>) -> Result<f64> {
        Ok(moments(&bodies(self), &regimen.into(), window)?.auc)
    }

    /// The area under time times concentration between two times, µg·h²/L, while the body changes.
    ///
    /// # Errors
    /// As for [`Model::auc`].
    pub fn aumc<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, window: RangeInclusive<f64>) -> Result<f64> {
        Ok(moments(&bodies(self), &regimen.into(), window)?.aumc)
    }
}

/// Where the substance is at `times`.
fn balance(bodies: &Bodies<'_>, regimen: &Regimen, times: &[f64]) -> Result<Vec<Balance>> {
    check_times(times)?;
    let marks = times.iter().map(|time| Event::new(*time, What::Hand(0)));
    let (networks, script) = bodies.compile(regimen, last_of(times)?, marks)?;
    let (mut state, mut times, mut balances) = (networks[0].empty(), times.iter(), Vec::with_capacity(times.len()));
    let (mut entered, mut eliminated) = (0.0, 0.0);
    walk(&script, &networks, &mut state, |seen| {
        match seen {
            Seen::Given(amount) => entered += amount,
            Seen::Stretch(network, state, stretch) => {
                let u = stretch.length();
                entered += network.input_rate(&state.amounts) * u;
                eliminated += bodies.at(stretch.start).disposition().cl() * network.auc(&state.amounts, u);
            }
            Seen::Hand(network, state, _) => {
                let time = times.next().copied().unwrap_or_default();
                let cl = bodies.at(time).disposition().cl();
                let (depot, body) = (network.depot(&state.amounts), network.body(&state.amounts, cl));
                balances.push(Balance { time, entered, depot, body, eliminated });
            }
            Seen::Look(..) => {}
        }
        Ok(())
    })
    .map(|()| balances)
}

/// The areas over a window.
fn moments(bodies: &Bodies<'_>, regimen: &Regimen, window: RangeInclusive<f64>) -> Result<Moments> {
    let (from, to) = window.into_inner();
    let proper = from.is_finite() && to >= from;
    if !proper {
        return Err(Error::value(format!(
            "the window from {from} h to {to} h is not one: its start must be finite and its end must not come before it"
        )));
    }
    let endless = to == f64::INFINITY && (bodies.at(to).baseline() > 0.0 || regimen.is_endless());
    if endless {
        return Err(Error::value(
            "the area has no end: dosing without an end or a baseline has an infinite area, so give the window a finite end",
        ));
    }
    let ends = [from, to].map(|time| Event::new(time, What::Pause));
    let (networks, script) = bodies.compile(regimen, to, ends)?;
    let (mut state, mut moments) = (networks[0].empty(), Moments::default());
    walk(&script, &networks, &mut state, |seen| {
        if let Seen::Stretch(network, state, stretch) = seen
            && stretch.start >= from
        {
            let drift = Drift { start: stretch.start, u: stretch.length() };
            moments.add(network, &state.amounts, drift);
            // A baseline that ends at a change has an area too, and none lasts for ever here.
            let baseline = bodies.at(stretch.start).baseline();
            if baseline > 0.0 {
                moments.add_constant(baseline, drift);
            }
        }
        Ok(())
    })
    .map(|()| moments)
}

/// The areas under the concentration and under time times concentration.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    auc: f64,
    aumc: f64,
}

/// The `u` hours from `start` on.
#[derive(Clone, Copy)]
struct Drift {
    start: f64,
    u: f64,
}

impl Moments {
    /// Adds the hours over which a state drifts.
    fn add(&mut self, network: &Network, amounts: &[f64], Drift { start, u }: Drift) {
        let auc = network.auc(amounts, u);
        self.auc += auc;
        self.aumc += start * auc + network.aumc(amounts, u);
    }

    /// Adds the hours of a constant concentration.
    fn add_constant(&mut self, conc: f64, Drift { start, u }: Drift) {
        self.auc += conc * u;
        self.aumc += conc * u * (start + 0.5 * u);
    }
}
