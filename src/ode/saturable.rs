//! Elimination that saturates.

use serde::{Deserialize, Serialize};

use super::system::{Entry, System};
use crate::error::{self, Result};
use crate::regimen::Route;

/// One compartment with first-order absorption and Michaelis-Menten elimination, beside which a linear clearance may run.
///
/// States `[depot, central]` in µg, with `c = central / v`:
///
/// ```text
/// d depot/dt   = -ka depot
/// d central/dt =  ka depot - vmax c / (km + c) - cl c
/// ```
///
/// (Wagner, J Pharmacokinet Biopharm 1 (1973) 103, doi:10.1007/BF01059625.) Far below `km` it is linear with the clearance
/// `vmax / km + cl`; dosing faster than `vmax` with `cl` of 0 has no steady state. Plain data, checked where it is used.
///
/// ```
/// use menaquinone::{Dose, ode::{Saturable, System, Tolerance}, units::*};
/// let typical = Saturable { vmax: 15.0, km: 2.0, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0, cl: 0.0 };
/// let level = |dose: f64| -> menaquinone::Result<f64> {
///     let profile = typical.profile(Dose::of(dose).every(DAY).times(30), &[30.0 * DAY], Tolerance::default())?;
///     Ok(profile.conc()[0])
/// };
/// assert!(level(180.0)? > 3.0 * level(90.0)?); // twice the dose, far more than twice the level
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saturable {
    /// The largest rate of the saturable elimination, µg/h.
    pub vmax: f64,
    /// The concentration at which it runs at half that rate, µg/L.
    pub km: f64,
    /// The volume, L.
    pub v: f64,
    /// The absorption rate constant, 1/h.
    pub ka: f64,
    /// The time between the dose and the start of absorption, h; 0 if it is left out of a file.
    #[serde(default)]
    pub tlag: f64,
    /// The fraction of the dose that is absorbed; 1 if it is left out of a file.
    #[serde(default = "whole")]
    pub f: f64,
    /// The linear clearance beside the saturable one, L/h; 0 if it is left out of a file.
    #[serde(default)]
    pub cl: f64,
}

fn whole() -> f64 {
    1.0
}

impl Saturable {
    const DEPOT: usize = 0;
    const CENTRAL: usize = 1;

    /// The clearance at a concentration (µg/L), `vmax / (km + c) + cl`, L/h.
    ///
    /// ```
    /// use menaquinone::ode::Saturable;
    /// let body = Saturable { vmax: 15.0, km: 2.0, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0, cl: 0.5 };
    /// assert_eq!(body.clearance(0.0), 8.0);
    /// assert_eq!(body.clearance(3.0), 3.5);
    /// ```
    pub fn clearance(&self, conc: f64) -> f64 {
        self.vmax / (self.km + conc) + self.cl
    }
}

impl System<2> for Saturable {
    fn derivative(&self, _t: f64, &[depot, central]: &[f64; 2]) -> [f64; 2] {
        let (absorption, conc) = (self.ka * depot, central / self.v);
        [-absorption, absorption - self.clearance(conc) * conc]
    }

    fn concentration(&self, [_, central]: &[f64; 2]) -> f64 {
        central / self.v
    }

    fn entries(&self, route: Route) -> Vec<Entry> {
        match route {
            Route::Oral => vec![Entry { state: Self::DEPOT, tlag: self.tlag, f: self.f, duration: 0.0 }],
            Route::Intravenous => vec![Entry { state: Self::CENTRAL, ..Entry::default() }],
        }
    }

    /// Five time constants of what is fastest: absorption, or elimination far below `km`.
    fn longest_step(&self) -> f64 {
        5.0 / self.ka.max(self.clearance(0.0) / self.v)
    }

    /// # Errors
    /// `vmax`, `km`, `v` or `ka` that is not positive, a negative `tlag` or `cl`, `f` outside (0, 1], or any that is not
    /// finite.
    fn check(&self) -> Result<()> {
        error::positive("vmax", self.vmax, "µg/h")?;
        error::positive("km", self.km, "µg/L")?;
        error::positive("v", self.v, "L")?;
        error::positive("ka", self.ka, "1/h")?;
        error::non_negative("tlag", self.tlag, "h")?;
        error::non_negative("cl", self.cl, "L/h")?;
        error::fraction("f", self.f).map(drop)
    }
}
