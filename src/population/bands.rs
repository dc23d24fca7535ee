//! Percentile bands: exact quantiles of the concentrations of all people, time by time.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Population;
use super::dosing::{Dosing, Simulator};
use super::select::{Ranks, check_probabilities};
use super::simulate::{Profiles, cost};
use crate::error::{self, Error, Result, Short};
use crate::profile::{Profile, check_times};
use crate::workers::{CHUNK, Work, for_each_chunk};

/// Quantiles of the concentrations of many people over time: one curve a probability.
///
/// They are exact and of type 7, the default of R and numpy: with `n` people the quantile of probability `p` lies
/// at the rank `1 + (n - 1) p`, on the straight line between the two people around it (Hyndman and Fan, Am. Stat. 50 (1996)
/// 361, doi:10.2307/2684934).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Bands {
    times: Vec<f64>,
    probabilities: Vec<f64>,
    /// Curve after curve.
    conc: Vec<f64>,
}

/// Bands as they are read, before they are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    times: Vec<f64>,
    probabilities: Vec<f64>,
    conc: Vec<f64>,
}

impl TryFrom<Written> for Bands {
    type Error = Error;
    fn try_from(Written { times, probabilities, conc }: Written) -> Result<Self> {
        check_times(&times)?;
        check_probabilities(&probabilities)?;
        let (curves, found) = (probabilities.len(), conc.len());
        if Some(found) != times.len().checked_mul(curves) {
            let times = times.len();
            return Err(Error::value(format!(
                "{curves} bands at {times} times have {} concentrations, and not {found}",
                times * curves
            )));
        }
        conc.iter().try_for_each(|conc| error::finite("a concentration of bands", *conc, "µg/L").map(drop))?;
        Ok(Self { times, probabilities, conc })
    }
}

impl Bands {
    pub(super) fn new(times: &[f64], probabilities: &[f64], conc: Vec<f64>) -> Self {
        Self { times: times.to_vec(), probabilities: probabilities.to_vec(), conc }
    }

    /// Of all the quantiles of a time, time after time.
    fn of_rows(times: &[f64], probabilities: &[f64], rows: &[f64]) -> Self {
        let curve = |i: usize| rows.iter().skip(i).step_by(probabilities.len()).copied();
        Self::new(times, probabilities, (0..probabilities.len()).flat_map(curve).collect())
    }

    /// The times, h.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The probabilities, as they were asked for.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// The curves, each with its probability.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (f64, &[f64])> {
        self.probabilities.iter().copied().zip(self.conc.chunks_exact(self.times.len()))
    }

    /// The bands as CSV, a column for each probability, each number in the fewest digits that read back to the same bits.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*, vitamer::MK7};
    /// let people = MK7.nominal().population(50, 42)?;
    /// let bands = people.bands(&Dose::of(90.0 * UG).every(DAY), &[0.0, DAY], &[0.05, 0.5])?;
    /// let text = bands.to_csv();
    /// assert!(text.starts_with("time_h,p0.05_ug_per_L,p0.5_ug_per_L\n0,0,0\n24,"));
    /// let last: f64 = text.trim_end().rsplit(',').next().unwrap().parse().unwrap();
    /// assert_eq!(last, bands.curve(0.5)?.conc()[1]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn to_csv(&self) -> String {
        let names: Vec<String> = self.probabilities.iter().map(|p| format!(",p{p}_ug_per_L")).collect();
        let row = |(i, time): (usize, &f64)| {
            let cells: Vec<String> = self.iter().map(|(_, curve)| format!(",{}", Short(curve[i]))).collect();
            format!("{}{}\n", Short(*time), cells.concat())
        };
        let rows: Vec<String> = self.times.iter().enumerate().map(row).collect();
        format!("time_h{}\n{}", names.concat(), rows.concat())
    }

    /// The curve of a probability, as a profile.
    ///
    /// # Errors
    /// A probability that was not asked for.
    pub fn curve(&self, probability: f64) -> Result<Profile> {
        let curve = self.iter().find(|(known, _)| *known == probability);
        let (_, conc) = curve.ok_or_else(|| {
            let known = self.probabilities.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
            Error::value(format!("there is no band of probability {probability}: these were asked for: {known}"))
        })?;
        Ok(Profile::trusted(self.times.clone(), conc.to_vec()))
    }
}

/// The most numbers that are in memory at a time, unless the people alone are more: 128 MiB.
const ROOM: usize = 1 << 24;
/// The fewest times of a block, however many the people are.
const FEWEST: usize = 16;

impl Population {
    /// The quantiles of everybody's concentrations at `times` (h, never decreasing), for each of `probabilities`.
    ///
    /// The times are done a block at a time, so that the memory is that of some 16 million numbers, or of 16 times for
    /// each person, and not that of all people at all times. [`tally`](Self::tally) needs still less and has a stated error.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, Population, units::*};
    /// let person = |cl: f64| Parameters { cl, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model();
    /// let people = Population::of(vec![person(2.0)?, person(1.0)?, person(1.5)?], 1)?;
    /// let dosing = Dose::of(90.0 * UG).every(DAY).times(28);
    /// let bands = people.bands(&dosing, &[0.0, 27.0 * DAY], &[0.25, 0.5])?;
    /// let trough = |i: usize| people.models()[i].concentrations(&dosing, &[0.0, 27.0 * DAY]).map(|conc| conc[1]);
    /// assert_eq!(bands.curve(0.5)?.conc()[1], trough(2)?); // the one in the middle
    /// assert_eq!(bands.curve(0.25)?.conc()[1], 0.5 * (trough(0)? + trough(2)?));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A probability outside [0, 1], or none at all; and as for [`simulate`](Self::simulate).
    pub fn bands<'a>(&self, dosing: impl Into<Dosing<'a>>, times: &[f64], probabilities: &[f64]) -> Result<Bands> {
        check_probabilities(probabilities)?;
        let dosing = dosing.into();
        self.check_dosing(&dosing, times)?;
        let people = self.models().len();
        let block = (ROOM / people).clamp(FEWEST, times.len().max(FEWEST));
        let mut columns = vec![0.0; block.min(times.len()) * people];
        let mut rows = vec![0.0; times.len() * probabilities.len()]; // time after time
        let ranks = Ranks::new(people, probabilities);
        for first in (0..times.len()).step_by(block) {
            let wanted = first..times.len().min(first + block);
            let columns = &mut columns[..wanted.len() * people];
            let rows = &mut rows[first * probabilities.len()..][..wanted.len() * probabilities.len()];
            self.columns(0..people, &dosing, (times, wanted), columns)?;
            ranks.of_columns(columns, rows)?;
        }
        Ok(Bands::of_rows(times, probabilities, &rows))
    }

    /// Refuses times and dosing that cannot be, before there is an output that depends on their number.
    pub(super) fn check_dosing(&self, dosing: &Dosing, times: &[f64]) -> Result<()> {
        dosing.check(self)?;
        Simulator::new(self, dosing, (times, 0..times.len())).map(|_| ())
    }

    /// The concentrations of some people at the `wanted` of `times`: chunk after chunk of people, and in each, time after
    /// time. So a time is found again as one piece for each chunk.
    pub(super) fn columns(
        &self,
        people: Range<usize>,
        dosing: &Dosing,
        (times, wanted): (&[f64], Range<usize>),
        columns: &mut [f64],
    ) -> Result<()> {
        let width = wanted.len();
        let work = Work { width, nanoseconds: 2.0 * cost(width) };
        let tools = || Ok((Simulator::new(self, dosing, (times, wanted.clone()))?, vec![0.0; CHUNK * width]));
        for_each_chunk(columns, work, tools, |(simulator, rows), first, columns| {
            let rows = &mut rows[..columns.len()];
            for (i, row) in rows.chunks_exact_mut(width).enumerate() {
                simulator.run(people.start + first + i, row)?;
            }
            transpose(rows, width, columns);
            Ok(())
        })
    }
}

impl Profiles {
    /// The quantiles of these concentrations over time, for each of `probabilities`: as [`Population::bands`], for curves that
    /// are there already.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*, vitamer::MK7};
    /// let people = MK7.nominal().population(50, 42)?;
    /// let (daily, times) = (Dose::of(90.0 * UG).every(DAY), [DAY, WEEK]);
    /// assert_eq!(people.simulate(&daily, &times)?.bands(&[0.5])?, people.bands(&daily, &times, &[0.5])?);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A probability outside [0, 1], or none at all.
    pub fn bands(&self, probabilities: &[f64]) -> Result<Bands> {
        check_probabilities(probabilities)?;
        let (times, people) = (self.times(), self.len());
        let ranks = Ranks::new(people, probabilities);
        let mut rows = vec![0.0; probabilities.len() * times.len()];
        let mut columns = vec![0.0; FEWEST.min(times.len()) * people];
        for (first, rows) in (0..times.len()).step_by(FEWEST).zip(rows.chunks_mut(FEWEST * probabilities.len())) {
            let width = rows.len() / probabilities.len();
            let columns = &mut columns[..width * people];
            let chunks = self.conc().chunks(CHUNK * times.len()).zip(columns.chunks_mut(CHUNK * width));
            for (rows, columns) in chunks {
                let wanted = rows.chunks_exact(times.len()).flat_map(|row| &row[first..first + width]);
                transpose(&wanted.copied().collect::<Vec<_>>(), width, columns);
            }
            ranks.of_columns(columns, rows)?;
        }
        Ok(Bands::of_rows(times, probabilities, &rows))
    }
}

/// Rows of `width` numbers written column after column.
fn transpose(rows: &[f64], width: usize, columns: &mut [f64]) {
    const TILE: usize = 8;
    let height = rows.len() / width;
    for first in (0..width).step_by(TILE) {
        for (i, row) in rows.chunks_exact(width).enumerate() {
            for (j, value) in row.iter().enumerate().skip(first).take(TILE) {
                columns[j * height + i] = *value;
            }
        }
    }
}
