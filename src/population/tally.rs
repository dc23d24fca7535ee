//! The concentrations of many people, summed up time by time.

use serde::{Deserialize, Serialize};

use super::Population;
use super::bands::Bands;
use super::dosing::Dosing;
use super::select::check_probabilities;
use super::sketch::Sketch;
use crate::error::{Error, Result};
use crate::profile::check_times;
use crate::workers::{CHUNK, Work, for_each_row};

/// The concentrations of many people over time, summed up: a [`Sketch`] for each time.
///
/// Its memory depends on the times and on how far the concentrations range, not on the number of people. So slices of a
/// population too large for memory can be drawn, summed up, joined and forgotten one by one.
///
/// ```
/// use menaquinone::{Dose, Population, vitamer::MK7};
/// let (dosing, times) = (Dose::of(90.0).every(24.0), [24.0, 48.0]);
/// let mut tally = Population::of(vec![MK7.model()], 1)?.tally(&dosing, &times)?;
/// let other = MK7.set("half_life_96h")?.model();
/// tally.merge(&Population::of(vec![other], 1)?.tally(&dosing, &times)?)?;
/// assert_eq!(tally.count(), 2);
/// let median = tally.bands(&[0.5])?.curve(0.5)?;
/// assert!((median.conc()[0] / tally.sketches()[0].mean()? - 1.0).abs() < 0.002);
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// It is read and written by serde: each process of a cluster writes its own, and one joins them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Tally {
    times: Vec<f64>,
    sketches: Vec<Sketch>,
}

/// A tally as it is read, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    times: Vec<f64>,
    sketches: Vec<Sketch>,
}

impl TryFrom<Written> for Tally {
    type Error = Error;
    fn try_from(Written { times, sketches }: Written) -> Result<Self> {
        check_times(&times)?;
        if times.len() != sketches.len() {
            let (times, sketches) = (times.len(), sketches.len());
            return Err(Error::value(format!("a tally of {times} times has as many sketches, and not {sketches}")));
        }
        let people = sketches[0].count();
        if let Some(i) = sketches.iter().position(|sketch| sketch.count() != people) {
            let (time, other) = (times[i], sketches[i].count());
            return Err(Error::value(format!(
                "a tally has seen as many people at every time, but here {people} at {} h and {other} at {time} h",
                times[0]
            )));
        }
        Ok(Self { times, sketches })
    }
}

impl Tally {
    /// How many people were seen.
    pub fn count(&self) -> u64 {
        self.sketches[0].count()
    }

    /// The times, h.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The summary at each time.
    pub fn sketches(&self) -> &[Sketch] {
        &self.sketches
    }

    /// Joins what was seen of other people at the same times.
    ///
    /// # Errors
    /// Other times.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        if self.times != other.times {
            return Err(Error::value(format!(
                "two tallies at different times cannot be joined: one has {} times up to {} h, the other {} up to {} h",
                self.times.len(),
                self.times[self.times.len() - 1],
                other.times.len(),
                other.times[other.times.len() - 1]
            )));
        }
        self.sketches.iter_mut().zip(&other.sketches).for_each(|(sketch, other)| sketch.merge(other));
        Ok(())
    }

    /// The quantiles over time, each within 0.2 % of the exact one.
    ///
    /// # Errors
    /// A probability outside [0, 1], or none at all.
    pub fn bands(&self, probabilities: &[f64]) -> Result<Bands> {
        check_probabilities(probabilities)?;
        let mut conc = Vec::with_capacity(probabilities.len() * self.times.len());
        for p in probabilities {
            for sketch in &self.sketches {
                conc.push(sketch.quantile(*p)?);
            }
        }
        Ok(Bands::new(&self.times, probabilities, conc))
    }
}

/// About how many concentrations are in memory at a time: 32 MiB of them.
const ROOM: usize = 1 << 22;

impl Population {
    /// The concentrations that a dosing gives everybody at `times` (h, never decreasing), summed up.
    ///
    /// # Errors
    /// As for [`simulate`](Self::simulate).
    pub fn tally<'a>(&self, dosing: impl Into<Dosing<'a>>, times: &[f64]) -> Result<Tally> {
        let dosing = dosing.into();
        self.check_dosing(&dosing, times)?;
        let mut tally = Tally { times: times.to_vec(), sketches: vec![Sketch::default(); times.len()] };
        let people = self.models().len();
        let batch = (ROOM / times.len() / CHUNK).max(2) * CHUNK;
        let mut columns = vec![0.0; batch.min(people) * times.len()];
        for first in (0..people).step_by(batch) {
            let some = first..people.min(first + batch);
            let columns = &mut columns[..some.len() * times.len()];
            self.columns(some.clone(), &dosing, (times, 0..times.len()), columns)?;
            #[expect(clippy::cast_precision_loss, reason = "a rough measure")]
            let work = Work { width: 1, nanoseconds: 2.0 * some.len() as f64 };
            for_each_row(
                &mut tally.sketches,
                work,
                || Ok(()),
                |(), time, sketch| {
                    for chunk in columns.chunks(CHUNK * times.len()) {
                        let people = chunk.len() / times.len();
                        sketch[0].add_all(&chunk[time * people..][..people]);
                    }
                    Ok(())
                },
            )?;
        }
        Ok(tally)
    }
}
