//! Concentrations over time: the one type that crosses from simulation to analysis.

use std::ops::{Range, RangeInclusive};

use multiversion::multiversion;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Plasma concentrations (µg/L) at times (h) that never decrease.
///
/// ```
/// use menaquinone::Profile;
/// let profile = Profile::new(vec![0.0, 1.0, 2.0], vec![0.0, 1.5, 1.2])?;
/// assert_eq!(profile.iter().nth(1), Some((1.0, 1.5)));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Columns", into = "Columns")]
pub struct Profile {
    times: Vec<f64>,
    conc: Vec<f64>,
}

/// A profile as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    times: Vec<f64>,
    conc: Vec<f64>,
}

impl Profile {
    /// A profile from times (h) and concentrations (µg/L).
    ///
    /// # Errors
    /// Two columns of different length, no times, times that decrease, or a number that is not finite.
    pub fn new(times: Vec<f64>, conc: Vec<f64>) -> Result<Self> {
        if times.len() != conc.len() {
            let (times, conc) = (times.len(), conc.len());
            return Err(Error::value(format!(
                "{times} times and {conc} concentrations do not make a profile: give as many of one as of the other"
            )));
        }
        check_times(&times)?;
        if let Some(i) = conc.iter().position(|c| !c.is_finite()) {
            return Err(Error::value(format!(
                "the concentration at {} h is {}, but it must be a finite number",
                times[i], conc[i]
            )));
        }
        Ok(Self { times, conc })
    }

    /// A profile from columns that are known to be good.
    pub(crate) fn trusted(times: Vec<f64>, conc: Vec<f64>) -> Self {
        debug_assert_eq!(times.len(), conc.len());
        Self { times, conc }
    }

    /// The times, in h.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The concentrations, in µg/L.
    pub fn conc(&self) -> &[f64] {
        &self.conc
    }

    /// The pairs (time in h, concentration in µg/L).
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (f64, f64)> + '_ {
        self.times.iter().copied().zip(self.conc.iter().copied())
    }
}

impl TryFrom<Columns> for Profile {
    type Error = Error;
    fn try_from(columns: Columns) -> Result<Self> {
        Self::new(columns.times, columns.conc)
    }
}

impl From<Profile> for Columns {
    fn from(profile: Profile) -> Self {
        Self { times: profile.times, conc: profile.conc }
    }
}

/// Times from the start of `range` to its end, `step` h apart: `start + i * step`, never added up.
///
/// The end is included when a whole number of steps leads there (to within a millionth of a step). A step
/// that is not positive, a range that ends before it starts, or more than a billion steps give no times,
/// which every simulation refuses with a sentence.
///
/// ```
/// use menaquinone::{grid, units::*};
/// assert_eq!(grid(0.0..=DAY, 12.0 * HOUR), [0.0, 12.0, 24.0]);
/// ```
pub fn grid(range: RangeInclusive<f64>, step: f64) -> Vec<f64> {
    const SLACK: f64 = 1e-6;
    const MOST: f64 = 1e9;
    let (start, end) = range.into_inner();
    let steps = ((end - start) / step + SLACK).floor();
    if !(step > 0.0 && (0.0..=MOST).contains(&steps)) {
        return Vec::new();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
    let steps = steps as usize;
    #[expect(clippy::cast_precision_loss, reason = "an index of an array in memory is exact")]
    let time = |i: usize| start + i as f64 * step;
    (0..=steps).map(time).collect()
}

/// Refuses output times that are missing, not finite or decreasing.
pub(crate) fn check_times(times: &[f64]) -> Result<()> {
    // One pass without an early exit, which the compiler can vectorise; the culprit is sought only if there is one.
    let ascending = ascend(times);
    last_of(times).and_then(|_| if ascending { Ok(()) } else { Err(bad_times(times)) })
}

/// The last of times that begin and end with a finite number.
pub(crate) fn last_of(times: &[f64]) -> Result<f64> {
    match (times.first(), times.last()) {
        (Some(first), Some(last)) if first.is_finite() && last.is_finite() => Ok(*last),
        _ => Err(bad_times(times)),
    }
}

/// Refuses times that decrease among those in `range`; the sentence counts from the first of all.
pub(crate) fn check_order(times: &[f64], range: Range<usize>) -> Result<()> {
    if ascend(&times[range]) { Ok(()) } else { Err(bad_times(times)) }
}

/// Whether no time comes after the next; false where one is not a number.
#[multiversion(targets("x86_64+avx2"))]
fn ascend(times: &[f64]) -> bool {
    let later = times.get(1..).unwrap_or_default();
    let mut bad = 0;
    for (t, later) in times.iter().zip(later) {
        let good = t <= later;
        bad |= u64::from(!good);
    }
    bad == 0
}

#[cold]
fn bad_times(times: &[f64]) -> Error {
    if times.is_empty() {
        return Error::value(
            "there are no output times: give at least one (a grid has none when its step is not positive, its end lies before its start, or it would have over a billion)",
        );
    }
    if let Some(i) = times.iter().position(|t| !t.is_finite()) {
        return Error::value(format!("output time {} is {}, but it must be a finite number of hours", i + 1, times[i]));
    }
    let i = times.windows(2).position(|pair| pair[0] > pair[1]).unwrap_or(0);
    Error::value(format!(
        "output time {} is {} h and comes after {} h: output times must not decrease, so sort them",
        i + 2,
        times[i + 1],
        times[i]
    ))
}
