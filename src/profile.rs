//! Concentrations over time: the one type that crosses from simulation to analysis.

use std::ops::{Range, RangeInclusive};

use multiversion::multiversion;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, Short};

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

    /// The concentration at a time (h) on the straight line between the points around it; where two points stand at one time, the
    /// later one holds. It is a reading of the points and not of a model, which is exact: [`Model::concentrations`](crate::Model).
    ///
    /// ```
    /// use menaquinone::Profile;
    /// let profile = Profile::new(vec![0.0, 2.0, 4.0], vec![0.0, 3.0, 1.0])?;
    /// assert_eq!((profile.at(1.0)?, profile.at(2.0)?, profile.at(3.5)?), (1.5, 3.0, 1.5));
    /// assert_eq!(
    ///     profile.at(5.0).unwrap_err().to_string(),
    ///     "the profile goes from 0 h to 4 h and says nothing of 5 h: ask for a time within it"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A time before the first point or after the last.
    pub fn at(&self, time: f64) -> Result<f64> {
        let after = self.times.partition_point(|known| *known <= time);
        let (first, last) = (self.times[0], self.times[self.times.len() - 1]);
        if !(time >= first && time <= last) {
            return Err(Error::value(format!(
                "the profile goes from {first} h to {last} h and says nothing of {time} h: ask for a time within it"
            )));
        }
        let (x0, y0) = (self.times[after - 1], self.conc[after - 1]);
        match (self.times.get(after), self.conc.get(after)) {
            (Some(x1), Some(y1)) => Ok(y0 + (y1 - y0) * ((time - x0) / (x1 - x0))),
            _ => Ok(y0),
        }
    }

    /// The sum of two profiles over the same times, such as of two products of one vitamer.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*, vitamer::MK7};
    /// let times = [4.0, 8.0, 24.0];
    /// let of = |dose: Dose| MK7.model().profile(dose, &times);
    /// let sum = of(Dose::of(90.0 * UG))?.plus(&of(Dose::of(180.0 * UG))?)?;
    /// assert!((sum.conc()[1] - of(Dose::of(270.0 * UG))?.conc()[1]).abs() < 1e-15);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Times that differ, or a sum that is not finite.
    pub fn plus(&self, other: &Self) -> Result<Self> {
        if self.times != other.times {
            let place = self.times.iter().zip(&other.times).position(|(a, b)| a != b);
            let place = place.unwrap_or(self.times.len().min(other.times.len()));
            return Err(Error::value(format!(
                "two profiles add up over the same times only, and from time {} on theirs differ: simulate both over one grid",
                place + 1
            )));
        }
        let conc = self.conc.iter().zip(&other.conc).map(|(a, b)| a + b).collect();
        Self::new(self.times.clone(), conc)
    }

    /// This profile with every concentration multiplied, such as by a conversion into another unit.
    ///
    /// ```
    /// use menaquinone::Profile;
    /// let profile = Profile::new(vec![0.0, 2.0], vec![0.0, 3.0])?;
    /// assert_eq!(profile.scaled(2.0)?.conc(), [0.0, 6.0]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A factor that makes a number that is not finite.
    pub fn scaled(&self, factor: f64) -> Result<Self> {
        Self::new(self.times.clone(), self.conc.iter().map(|conc| conc * factor).collect())
    }

    /// The profile as CSV, each number in the fewest digits that read back to the same bits.
    ///
    /// ```
    /// use menaquinone::Profile;
    /// let profile = Profile::new(vec![0.0, 0.1 + 0.2], vec![0.0, 1.5])?;
    /// assert_eq!(profile.to_csv(), "time_h,conc_ug_per_L\n0,0\n0.30000000000000004,1.5\n");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn to_csv(&self) -> String {
        let rows: Vec<String> = self.iter().map(|(time, conc)| format!("{},{}\n", Short(time), Short(conc))).collect();
        format!("time_h,conc_ug_per_L\n{}", rows.concat())
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
