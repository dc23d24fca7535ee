//! One pool that is made at a rate which the level lowers.

use serde::{Deserialize, Serialize};

use super::kidney::{Egfr, clearance};
use super::response::Response;
use crate::error::{self, Error, Result};
use crate::numeric::{exprel2, one_minus_exp};
use crate::profile::Profile;

/// A marker in turnover, whose production vitamin K inhibits.
///
/// ```text
/// dM/dt = kin (1 - imax c / (ic50 + c)) - kout elimination M,      kin = kout baseline / (1 - imax c0 / (ic50 + c0))
/// ```
///
/// (Indirect response model I of Dayneka, Garg, Jusko: J Pharmacokinet Biopharm 21 (1993) 457, doi:10.1007/BF01061691.)
/// `baseline` is the value at the habitual level `c0`. Plain data, checked where it is used;
/// a [`Marker`](super::Marker) holds the numbers that are known.
///
/// ```
/// use menaquinone::{Profile, marker::Turnover};
/// let marker = Turnover { baseline: 400.0, c0: 0.3, ic50: 12.0, imax: 1.0, kout: 0.004, elimination: 1.0 };
/// let level = Profile::new(vec![0.0, 2000.0, 4000.0], vec![6.0, 6.0, 6.0])?;
/// let response = marker.response(&level)?;
/// assert_eq!(response.values()[0], 400.0); // it begins at its baseline
/// assert!((response.values()[2] / marker.steady(6.0)? - 1.0).abs() < 1e-7);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turnover {
    /// The value at the habitual level, in the unit of the marker.
    pub baseline: f64,
    /// The habitual level, µg/L.
    pub c0: f64,
    /// The level that takes away half of what can be taken away, µg/L.
    pub ic50: f64,
    /// The part of the production that no level takes away is 1 - `imax`; 0 is a marker that does not respond.
    pub imax: f64,
    /// The rate constant of elimination, 1/h.
    pub kout: f64,
    /// How many times faster it leaves than when `baseline` was seen; 1 if it is left out of a file.
    #[serde(default = "unchanged")]
    pub elimination: f64,
}

fn unchanged() -> f64 {
    1.0
}

impl Turnover {
    /// The marker over the times of a profile, from its baseline on.
    ///
    /// Between two samples the production is taken as a straight line, for which the equation has an exact solution: with
    /// `x = kout elimination h` over a gap of `h`, production `s0` and `s1` at its ends in the unit of the marker, and
    /// `E1(x) = (1 - e^{-x}) / x`, `E2(x) = (1 - E1(x)) / x`,
    ///
    /// ```text
    /// M <- M + x E1(x) (s0 - M) + x E2(x) (s1 - s0)
    /// ```
    ///
    /// So a constant level has no error but rounding, and the error of any other falls with the square of the gaps. It is
    /// about `h^2/12` of the curvature of the production; sample a profile as finely as you would draw it.
    ///
    /// # Errors
    /// A parameter that cannot be, or a profile with a negative level.
    pub fn response(&self, profile: &Profile) -> Result<Response> {
        self.check()?;
        check_levels(profile)?;
        let rate = self.kout * self.elimination;
        let relative = relax(profile, rate, (1.0, &|level| self.share(level)));
        let values = relative.into_iter().map(|m| self.baseline * m).collect();
        Ok(Response::new(profile.times().to_vec(), values, self.baseline))
    }

    /// Where the marker goes if the level (µg/L) stays as it is: exact.
    ///
    /// # Errors
    /// A parameter that cannot be, or a negative level.
    pub fn steady(&self, level: f64) -> Result<f64> {
        self.check()?;
        error::non_negative("the level", level, "µg/L")?;
        Ok(self.baseline * self.share(level))
    }

    /// The typical person of another kidney function, in equilibrium: less clearance means slower turnover and a higher
    /// baseline, both by the factor of [`KIDNEY`](super::KIDNEY) from an eGFR of 90 mL/min.
    ///
    /// ```
    /// use menaquinone::marker::DP_UCMGP;
    /// let healthy = DP_UCMGP.parameters;
    /// assert!((healthy.at_egfr(30.0)?.baseline / healthy.baseline - 2.47).abs() < 0.005);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// An eGFR outside 0 to 200 mL/min/1.73 m².
    pub fn at_egfr(self, egfr: f64) -> Result<Self> {
        let clearance = clearance(egfr)?;
        Ok(Self { baseline: self.baseline / clearance, kout: self.kout * clearance, ..self })
    }

    /// This person after the kidney function has changed at once, as by a transplant: the baseline stays what was seen
    /// before.
    ///
    /// # Errors
    /// An eGFR outside 0 to 200 mL/min/1.73 m².
    pub fn egfr_changes(self, egfr: Egfr) -> Result<Self> {
        let factor = clearance(egfr.to)? / clearance(egfr.from)?;
        Ok(Self { elimination: self.elimination * factor, ..self })
    }

    /// The value that a level leads to, as a share of the baseline.
    fn share(&self, level: f64) -> f64 {
        self.production(level) / self.production(self.c0) / self.elimination
    }

    /// `1 - imax c / (ic50 + c)` as a sum of positive terms.
    fn production(&self, level: f64) -> f64 {
        let left = 1.0 / (1.0 + level / self.ic50);
        left + (1.0 - self.imax) * (1.0 - left)
    }

    fn check(&self) -> Result<()> {
        error::positive("baseline", self.baseline, "")?;
        error::non_negative("c0", self.c0, "µg/L")?;
        error::positive("ic50", self.ic50, "µg/L")?;
        error::positive("kout", self.kout, "1/h")?;
        error::positive("elimination", self.elimination, "")?;
        let imax = self.imax;
        if !(0.0..=1.0).contains(&imax) {
            return Err(Error::value(format!("imax is {imax}, but it must be a fraction from 0 to 1")));
        }
        let highest = self.baseline * self.share(0.0);
        let possible = highest.is_finite() && self.kout * self.elimination < f64::MAX;
        if possible { Ok(()) } else { Err(too_extreme()) }
    }
}

#[cold]
pub(super) fn too_extreme() -> Error {
    Error::value("the parameters of the marker are too extreme for a number: check their units (µg/L and 1/h)")
}

/// Refuses a profile that holds less than nothing.
pub(super) fn check_levels(profile: &Profile) -> Result<()> {
    match profile.iter().find(|(_, level)| *level < 0.0) {
        None => Ok(()),
        Some((time, level)) => Err(Error::value(format!(
            "the level at {time} h is {level} µg/L, but a marker needs levels of zero or above: a marker takes whole \
             levels, not differences from a baseline"
        ))),
    }
}

/// The solution of `dm/dt = rate (target(c) - m)` at the times of a profile, from `start` on, with the target a straight
/// line between samples.
pub(super) fn relax(profile: &Profile, rate: f64, (start, target): (f64, &dyn Fn(f64) -> f64)) -> Vec<f64> {
    let mut samples = profile.iter().map(|(time, level)| (time, target(level)));
    let Some((mut time, mut before)) = samples.next() else { return Vec::new() };
    let mut value = start;
    let mut values = vec![start];
    for (next, after) in samples {
        let x = (rate * (next - time)).min(f64::MAX);
        // In differences, so that a value that has arrived stays to the last bit.
        value += one_minus_exp(x) * (before - value) + x * exprel2(-x) * (after - before);
        values.push(value);
        (time, before) = (next, after);
    }
    values
}
