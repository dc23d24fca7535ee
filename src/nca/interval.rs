//! One dosing interval: its areas, its highest and lowest sample, and its end.

use super::curve::Curve;
use super::missing::{Missing, Outcome};

/// One dosing interval from the dose on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Interval {
    pub(super) tau: f64,
    pub(super) areas: Result<[f64; 2], Missing>,
    pub(super) extremes: Result<Extremes, Missing>,
    pub(super) ctrough: Outcome,
}

/// The highest and the lowest sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extremes {
    pub(super) cmax: f64,
    pub(super) cmin: f64,
    pub(super) tmin: f64,
}

impl Interval {
    /// From the dose to `tau` h later; no areas where there are none to the `last` measured sample.
    pub(super) fn of(curve: Curve<'_>, last: Result<[f64; 2], Missing>, tau: f64) -> Result<Self, Missing> {
        curve.points.span()?;
        let areas = last.and_then(|_| curve.areas_over((0.0, tau)));
        let within = curve.points.samples().take_while(|(time, _)| *time <= tau);
        Ok(Self { tau, areas, extremes: extremes(within), ctrough: curve.conc_at(tau) })
    }

    #[inline]
    pub(super) fn cmax(&self) -> Outcome {
        Ok(self.extremes?.cmax)
    }
}

fn extremes(mut within: impl Iterator<Item = (f64, f64)>) -> Result<Extremes, Missing> {
    let (tmin, cmin) = within.next().ok_or(Missing::NoneInInterval)?;
    let lower = |found: Extremes, (time, conc): (f64, f64)| {
        let (tmin, cmin) = if conc < found.cmin { (time, conc) } else { (found.tmin, found.cmin) };
        Extremes { cmax: found.cmax.max(conc), cmin, tmin }
    };
    Ok(within.fold(Extremes { cmax: cmin, cmin, tmin }, lower))
}
