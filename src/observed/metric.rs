//! What can be measured, and how a model predicts it.

use std::f64::consts::LN_2;
use std::fmt;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::model::Model;
use crate::profile::grid;
use crate::regimen::Regimen;
use crate::steady_state::Exposure;

/// A number that is read from a curve. Times are h after the first dose.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Measure {
    /// The highest level after one dose, µg/L.
    Cmax,
    /// The time of the highest level after one dose, h.
    Tmax,
    /// The area from 0 to a time, µg·h/L.
    Auc(f64),
    /// The area without an end, µg·h/L.
    AucInf,
    /// The area without an end against that of another dosing.
    AucRatio(&'static str),
    /// The average at steady state, µg/L.
    Cavg,
    /// `(cmax - cmin) / cavg` at steady state.
    Fluctuation,
    /// The level at a time, less what was there before the first dose, µg/L.
    Rise(f64),
    /// The level at the first time against that at the second, each less what was there before.
    LevelRatio(f64, f64),
    /// The level at a time against the highest.
    PeakFraction(f64),
    /// The half-life of the slowest phase, h.
    HalfLife,
    /// The half-life of the fastest phase where there are several, h.
    FastHalfLife,
}

impl Measure {
    /// The unit; empty for a ratio.
    ///
    /// ```
    /// use menaquinone::observed::Measure;
    /// assert_eq!(Measure::Auc(24.0).unit(), "µg·h/L");
    /// assert_eq!(Measure::Auc(24.0).to_string(), "AUC0-24");
    /// ```
    pub fn unit(self) -> &'static str {
        match self {
            Self::Cmax | Self::Cavg | Self::Rise(_) => "µg/L",
            Self::Tmax | Self::HalfLife | Self::FastHalfLife => "h",
            Self::Auc(_) | Self::AucInf => "µg·h/L",
            Self::AucRatio(_) | Self::Fluctuation | Self::LevelRatio(..) | Self::PeakFraction(_) => "",
        }
    }

    /// Whether it needs an absolute scale, which a set of a shape only does not have.
    pub(super) fn has_scale(self) -> bool {
        self.unit().starts_with('µ')
    }

    /// Whether it is asked of the body alone, so that no dose is needed.
    pub(super) fn is_of_the_body(self) -> bool {
        matches!(self, Self::HalfLife | Self::FastHalfLife)
    }

    /// What the body alone says.
    pub(super) fn of_body(self, model: &Model) -> Result<f64> {
        match (self, model.modes()) {
            (Self::FastHalfLife, [_]) => {
                Err(Error::value("one compartment has one phase, so there is no faster one to compare"))
            }
            (Self::FastHalfLife, modes) => Ok(LN_2 / modes[0].k),
            _ => Ok(model.half_life()),
        }
    }

    /// What a model says for a dosing.
    pub(super) fn of(self, model: &Model, dosing: &Regimen) -> Result<f64> {
        let steady = || Ok(model.steady_state(dosing.clone())?.exposure());
        match self {
            Self::Cmax => Ok(peak(model, dosing)?.1),
            Self::Tmax => Ok(peak(model, dosing)?.0),
            Self::Auc(until) => model.auc(dosing, 0.0..=until),
            Self::AucInf => model.auc(dosing, 0.0..=f64::INFINITY),
            Self::AucRatio(other) => {
                let other: Regimen = other.parse()?;
                Ok(model.auc(dosing, 0.0..=f64::INFINITY)? / model.auc(&other, 0.0..=f64::INFINITY)?)
            }
            Self::Cavg => steady().map(|exposure: Exposure| exposure.cavg),
            Self::Fluctuation => steady().map(|exposure| exposure.fluctuation()),
            Self::Rise(time) => level(model, dosing, time),
            Self::LevelRatio(time, other) => Ok(level(model, dosing, time)? / level(model, dosing, other)?),
            Self::PeakFraction(time) => Ok(level(model, dosing, time)? / peak(model, dosing)?.1),
            Self::HalfLife | Self::FastHalfLife => self.of_body(model),
        }
    }
}

fn level(model: &Model, dosing: &Regimen, time: f64) -> Result<f64> {
    Ok(model.profile(dosing, &[time])?.conc()[0])
}

/// The time and the height of the highest point in the first four days: every tenth of an hour, then every ten
/// thousandth around the highest.
fn peak(model: &Model, dosing: &Regimen) -> Result<(f64, f64)> {
    const COARSE: f64 = 0.1;
    let highest = |times: &[f64]| -> Result<(f64, f64)> {
        let profile = model.profile(dosing, times)?;
        Ok(profile.iter().fold((0.0, 0.0), |best, point| if point.1 > best.1 { point } else { best }))
    };
    let (near, _) = highest(&grid(0.0..=96.0, COARSE))?;
    highest(&grid((near - COARSE).max(0.0)..=near + COARSE, COARSE / 1000.0))
}

/// As tables print it: `AUC0-24`, `C24/C5`.
impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cmax => f.write_str("Cmax"),
            Self::Tmax => f.write_str("Tmax"),
            Self::Auc(until) => write!(f, "AUC0-{until}"),
            Self::AucInf => f.write_str("AUC0-inf"),
            Self::AucRatio(other) => write!(f, "AUC against {other}"),
            Self::Cavg => f.write_str("average at steady state"),
            Self::Fluctuation => f.write_str("fluctuation"),
            Self::Rise(time) => write!(f, "rise at {} days", time / crate::units::DAY),
            Self::LevelRatio(time, other) => write!(f, "C{time}/C{other}"),
            Self::PeakFraction(time) => write!(f, "C{time}/Cmax"),
            Self::HalfLife => f.write_str("slowest half-life"),
            Self::FastHalfLife => f.write_str("fastest half-life"),
        }
    }
}
