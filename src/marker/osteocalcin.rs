//! Osteocalcin: one protein in two forms.

use serde::{Deserialize, Serialize};

use super::response::Response;
use super::turnover::{check_levels, relax, too_extreme};
use crate::error::{self, Result};
use crate::profile::Profile;

/// Osteocalcin made at a constant rate, of which vitamin K decides how much is carboxylated.
///
/// ```text
/// phi / (1 - phi) = (uc / c) (1 + c0 / ic50) / (1 + C / ic50)        uncarboxylated to carboxylated, as it is made
/// d ucOC/dt = R phi       - kout ucOC
/// d cOC/dt  = R (1 - phi) - kout cOC,                                R = kout (uc + c)
/// ```
///
/// A protein is carboxylated at a rate that grows with the level, or leaves the cell as it is: so the *ratio* of the forms
/// falls as `1 / (1 + C / ic50)`, which is what the trials print and what the ED50 is fitted to. For a small
/// uncarboxylated fraction this is `phi = phi0 (1 + c0 / ic50) / (1 + C / ic50)`; a fraction so made could exceed 1 where
/// the habitual level is high, and this one cannot. Plain data, checked where it is used.
///
/// ```
/// use menaquinone::{Profile, marker::OSTEOCALCIN};
/// let level = Profile::new(vec![0.0, 1000.0], vec![5.6, 5.6])?;
/// let response = OSTEOCALCIN.parameters.response(&level)?;
/// let (uc, c) = (response.uc().values()[1], response.c().values()[1]);
/// assert!((uc + c - (3.9 + 14.9)).abs() < 1e-12); // nothing is lost
/// assert!((response.ratio().change() + 57.8).abs() < 0.1); // %
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Osteocalcin {
    /// The uncarboxylated form at the habitual level, µg/L.
    pub uc: f64,
    /// The carboxylated form at the habitual level, µg/L.
    pub c: f64,
    /// The habitual level, µg/L.
    pub c0: f64,
    /// The level at which the ratio is half of what it were without any vitamin, µg/L.
    pub ic50: f64,
    /// The rate constant of elimination of both forms, 1/h.
    pub kout: f64,
}

/// Both forms over time, and what is read from them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OsteocalcinResponse {
    uc: Response,
    c: Response,
}

impl Osteocalcin {
    /// Both forms over the times of a profile, from their baseline on; by the method of
    /// [`Turnover::response`](super::Turnover::response).
    ///
    /// # Errors
    /// A parameter that cannot be, or a profile with a negative level.
    pub fn response(&self, profile: &Profile) -> Result<OsteocalcinResponse> {
        self.check()?;
        check_levels(profile)?;
        let total = self.uc + self.c;
        let form = |baseline: f64, target: &dyn Fn(f64) -> f64| {
            let share = relax(profile, self.kout, (baseline / total, target));
            Response::new(profile.times().to_vec(), share.into_iter().map(|m| total * m).collect(), baseline)
        };
        let uc = form(self.uc, &|level| self.odds(level) / (1.0 + self.odds(level)));
        let c = form(self.c, &|level| 1.0 / (1.0 + self.odds(level)));
        Ok(OsteocalcinResponse { uc: uc.labelled("ucOC", "µg/L"), c: c.labelled("cOC", "µg/L") })
    }

    /// Where the ratio of the forms goes if the level (µg/L) stays as it is: exact.
    ///
    /// # Errors
    /// A parameter that cannot be, or a negative level.
    pub fn steady_ratio(&self, level: f64) -> Result<f64> {
        self.check()?;
        error::non_negative("the level", level, "µg/L")?;
        Ok(self.odds(level))
    }

    /// Uncarboxylated to carboxylated, as it is made at a level.
    fn odds(&self, level: f64) -> f64 {
        (self.uc / self.c) * ((1.0 + self.c0 / self.ic50) / (1.0 + level / self.ic50))
    }

    fn check(&self) -> Result<()> {
        error::positive("uc", self.uc, "µg/L")?;
        error::positive("c", self.c, "µg/L")?;
        error::non_negative("c0", self.c0, "µg/L")?;
        error::positive("ic50", self.ic50, "µg/L")?;
        error::positive("kout", self.kout, "1/h")?;
        let possible = self.odds(0.0).is_finite() && (self.uc + self.c).is_finite() && self.kout < f64::MAX;
        if possible { Ok(()) } else { Err(too_extreme()) }
    }
}

impl OsteocalcinResponse {
    /// The uncarboxylated form, µg/L.
    pub fn uc(&self) -> &Response {
        &self.uc
    }

    /// The carboxylated form, µg/L.
    pub fn c(&self) -> &Response {
        &self.c
    }

    /// The ratio ucOC/cOC, as most trials print it.
    pub fn ratio(&self) -> Response {
        self.uc.combined(&self.c, |uc, c| uc / c).labelled("ucOC/cOC", "")
    }

    /// The uncarboxylated fraction, `ucOC / (ucOC + cOC)`.
    pub fn fraction(&self) -> Response {
        self.uc.combined(&self.c, |uc, c| uc / (uc + c)).labelled("ucOC fraction", "")
    }
}
