//! When samples may be taken: a window, a grid in it, the hours at which a clinic is open, and how far samples lie apart.

use std::ops::RangeInclusive;

use crate::error::{self, Error, Result, Short};
use crate::units::DAY;

/// When samples may be taken, in hours since the time 0 of the regimen.
///
/// ```
/// use menaquinone::design::When;
/// // Every hour of four days, the first dose at 8 in the morning, at a clinic that is open from 7 to 19 h.
/// let when = When::between(0.0..=96.0).every(1.0).first_dose_at(8.0).open(7.0, 19.0).apart(2.0);
/// let times = when.candidates()?;
/// assert!(times.contains(&11.0) && !times.contains(&12.0) && times.contains(&23.0)); // 19 h, 20 h, and 7 h of the next day
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    range: (f64, f64),
    grid: Grid,
    open: Option<(f64, f64)>,
    clock: f64,
    apart: f64,
    /// Before this no sample can be planned.
    least: f64,
}

#[derive(Debug, Clone, PartialEq)]
enum Grid {
    Count(u32),
    Every(f64),
    These(Vec<f64>),
}

/// How many candidates there are soon after a dose, and how much nearer to it each is.
const NEAR: i32 = 20;
const NEARER: f64 = 0.7;
/// After so many doses, from the first to the last.
const DOSES: usize = 6;

/// The most candidates of an arm.
const MOST: f64 = 100_000.0;

impl When {
    /// Any time of a window (h); the search begins with 200 of them, and with more soon after doses.
    pub fn between(range: RangeInclusive<f64>) -> Self {
        let range = (*range.start(), *range.end());
        Self { range, grid: Grid::Count(200), open: None, clock: 0.0, apart: 0.0, least: f64::NEG_INFINITY }
    }

    /// These times alone, h.
    pub fn at(times: &[f64]) -> Self {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        times.dedup();
        let range = (times.first().copied().unwrap_or(0.0), times.last().copied().unwrap_or(0.0));
        Self { range, grid: Grid::These(times), open: None, clock: 0.0, apart: 0.0, least: f64::NEG_INFINITY }
    }

    /// This window, of which so many times are tried first, both ends among them, and more soon after doses.
    #[must_use]
    pub fn count(self, times: u32) -> Self {
        Self { grid: Grid::Count(times), ..self }
    }

    /// This window at times so many hours apart alone, as a clinic has them: full hours, quarters.
    #[must_use]
    pub fn every(self, hours: f64) -> Self {
        Self { grid: Grid::Every(hours), ..self }
    }

    /// This window while a clinic is open: hours of the day, past midnight where the first is the later. Nights are blocked by `open(7.0, 22.0)`.
    #[must_use]
    pub fn open(self, from: f64, until: f64) -> Self {
        Self { open: Some((from, until)), ..self }
    }

    /// This window, where the time 0 is at an hour of the day.
    #[must_use]
    pub fn first_dose_at(self, clock: f64) -> Self {
        Self { clock, ..self }
    }

    /// This window, with samples of a person at least so many hours apart.
    #[must_use]
    pub fn apart(self, hours: f64) -> Self {
        Self { apart: hours, ..self }
    }

    /// This window, with no sample planned before a time.
    pub(super) fn not_before(&self, least: f64) -> Self {
        Self { least, ..self.clone() }
    }

    /// The times among which a search chooses first, in order.
    ///
    /// # Errors
    /// Ends that are no numbers or not in order, a step that is not above zero, no time at all while the clinic is open.
    pub fn candidates(&self) -> Result<Vec<f64>> {
        let (from, until) = self.range;
        if !(from.is_finite() && until.is_finite() && from <= until) {
            return Err(Error::value(format!(
                "samples may be taken between {from} and {until} h, but a window needs two finite ends in order"
            )));
        }
        error::non_negative("the least distance between samples", self.apart, "h")?;
        let (opens, closes) = self.open.unwrap_or((0.0, DAY));
        let hours =
            [("at time 0 it", self.clock), ("the clinic opens when it", opens), ("the clinic closes when it", closes)];
        if let Some((when, hour)) = hours.into_iter().find(|(_, hour)| !(0.0..=DAY).contains(hour)) {
            return Err(Error::value(format!(
                "{when} is {} o'clock, but an hour of the day lies between 0 and 24; a clinic that is open past midnight has `open(22.0, 6.0)`",
                Short(hour)
            )));
        }
        let times: Vec<f64> = match &self.grid {
            Grid::These(times) => times.clone(),
            Grid::Count(count) => {
                let from = from.max(self.least.min(until));
                let last = f64::from((*count).max(2) - 1);
                (0..(*count).max(2)).map(|i| from + (until - from) * f64::from(i) / last).collect()
            }
            Grid::Every(step) => {
                error::positive("the step between sampling times", *step, "h")?;
                steps(from, until, *step)?
            }
        };
        let mut open: Vec<f64> = times.into_iter().filter(|time| self.is_open(*time)).collect();
        if open.is_empty() {
            return Err(Error::value(format!(
                "no sample can be taken between {from} and {until} h while the clinic is open: widen the window or the hours"
            )));
        }
        open.retain(|time| *time >= self.least);
        if open.is_empty() {
            return Err(Error::value(format!(
                "no sample can be planned from {from} to {until} h: it is, or kept within its hours may be, taken before the first dose unless it is planned at {} h or later",
                Short(self.least)
            )));
        }
        Ok(open)
    }

    /// The times among which a search chooses first where doses are given at these hours. Where any time may be taken there are more soon after doses,
    /// each nearer to its dose by the same factor: a curve bends there, and a long window has few even times there.
    pub(super) fn candidates_after(&self, doses: &[f64]) -> Result<Vec<f64>> {
        let mut times = self.candidates()?;
        if let Grid::Count(count) = self.grid {
            let (from, until) = self.range;
            let step = (until - from) / f64::from(count.max(2) - 1);
            let near = |dose: &f64| (0..NEAR).map(|i| dose + step * NEARER.powi(i)).collect::<Vec<_>>();
            let is_free = |time: &f64| *time >= from.max(self.least) && *time <= until && self.is_open(*time);
            let most = doses.len().min(DOSES);
            let some = (0..most).map(|i| &doses[i * (doses.len() - 1) / (most - 1).max(1)]);
            times.extend(some.flat_map(near).filter(is_free));
            times.sort_by(f64::total_cmp);
            times.dedup();
        }
        Ok(times)
    }

    /// Whether the clinic is open at a time.
    fn is_open(&self, time: f64) -> bool {
        let Some((from, until)) = self.open else { return true };
        let hour = (self.clock + time).rem_euclid(DAY);
        // What rounding of the clock has done to a full hour does not close the door.
        let (is_after, is_before) = (hour >= from - 1e-9, hour <= until + 1e-9);
        // The hour 24 of a day is the hour 0 of the next.
        let is_midnight = until == DAY && hour <= 1e-9;
        if from <= until { is_after && is_before || is_midnight } else { is_after || is_before }
    }

    /// Between which ends a sample may move continuously from a time on; none where times are chosen from a list.
    pub(super) fn room(&self, time: f64) -> Option<(f64, f64)> {
        if !matches!(self.grid, Grid::Count(_)) {
            return None;
        }
        let range = (self.range.0.max(self.least), self.range.1);
        let Some((from, until)) = self.open else { return Some(range) };
        let hour = (self.clock + time).rem_euclid(DAY);
        let length = if from <= until { until - from } else { until + DAY - from };
        let since = (hour - from).rem_euclid(DAY);
        let since = if since > length + 1e-6 { 0.0 } else { since };
        Some(((time - since).max(range.0), (time - since + length).min(range.1)))
    }

    pub(super) fn distance(&self) -> f64 {
        self.apart
    }

    pub(super) fn range(&self) -> (f64, f64) {
        self.range
    }
}

fn steps(from: f64, until: f64, step: f64) -> Result<Vec<f64>> {
    let count = ((until - from) / step + 1e-9).floor();
    if count > MOST {
        return Err(Error::value(format!(
            "every {step} h from {from} to {until} h makes {count} sampling times, more than {MOST}: take a longer step"
        )));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    let count = count as u32;
    Ok((0..=count).map(|i| from + f64::from(i) * step).collect())
}
