//! The concentrations of many people.

use std::ops::Range;

use super::Population;
use super::dosing::{Dosing, Simulator};
use crate::error::{Error, Result};
use crate::profile::Profile;
use crate::workers::{Work, for_each_chunk};

/// The concentrations of many people at common times: one row a person.
///
/// ```
/// use menaquinone::{Dose, Population, vitamer::MK7};
/// let people = Population::of(vec![MK7.model(); 3], 1)?;
/// let profiles = people.simulate(Dose::of(90.0), &[0.0, 5.0, 24.0])?;
/// assert_eq!(profiles.len(), 3);
/// assert_eq!(profiles.profile(2), MK7.model().profile(Dose::of(90.0), &[0.0, 5.0, 24.0])?);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Profiles {
    pub(super) ids: Range<u64>,
    pub(super) times: Vec<f64>,
    pub(super) conc: Vec<f64>,
}

impl Profiles {
    /// The times, h.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The numbers of the people in the whole, one a row.
    pub fn ids(&self) -> Range<u64> {
        self.ids.clone()
    }

    /// How many people.
    #[expect(clippy::len_without_is_empty, reason = "a population is never empty")]
    pub fn len(&self) -> usize {
        self.conc.len() / self.times.len()
    }

    /// The concentrations of all, µg/L, one person after another.
    pub fn conc(&self) -> &[f64] {
        &self.conc
    }

    /// The concentrations of a person, counted from 0 as they stand here, µg/L.
    ///
    /// # Panics
    /// If there are fewer people.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.conc[i * self.times.len()..][..self.times.len()]
    }

    /// The profile of a person, counted from 0 as they stand here.
    ///
    /// # Panics
    /// If there are fewer people.
    pub fn profile(&self, i: usize) -> Profile {
        Profile::trusted(self.times.clone(), self.row(i).to_vec())
    }
}

/// About what a person costs, ns: the tables, and each sample.
const A_PERSON: f64 = 400.0;
const A_SAMPLE: f64 = 0.6;

/// How long a person takes whose samples are so many.
#[expect(clippy::cast_precision_loss, reason = "a rough measure")]
pub(super) fn cost(samples: usize) -> f64 {
    A_PERSON + A_SAMPLE * samples as f64
}

impl Population {
    /// The concentrations that a dosing, the same for all or each their own, gives everybody at `times` (h, never decreasing).
    ///
    /// # Errors
    /// As for [`Model::profile`](crate::Model::profile); another number of regimens than of people.
    pub fn simulate<'a>(&self, dosing: impl Into<Dosing<'a>>, times: &[f64]) -> Result<Profiles> {
        let mut conc = vec![0.0; self.models().len() * times.len()];
        self.simulate_into(dosing, times, &mut conc)?;
        Ok(Profiles { ids: self.ids(), times: times.to_vec(), conc })
    }

    /// The concentrations of [`simulate`](Self::simulate), written into `conc`: person after person, `times.len()` numbers each.
    /// Memory that is used again is several times faster than fresh memory.
    ///
    /// # Errors
    /// As for [`simulate`](Self::simulate), and room for another number of concentrations; the room is then unchanged.
    pub fn simulate_into<'a>(&self, dosing: impl Into<Dosing<'a>>, times: &[f64], conc: &mut [f64]) -> Result<()> {
        let width = times.len();
        if conc.len() != self.models().len() * width {
            return Err(Error::value(format!(
                "{} people at {width} times have {} concentrations, and there is room for {}: give as much room as that",
                self.models().len(),
                self.models().len() * width,
                conc.len()
            )));
        }
        let dosing = dosing.into();
        dosing.check(self)?;
        let simulator = || Simulator::new(self, &dosing, (times, 0..width));
        simulator()?;
        let work = Work { width, nanoseconds: cost(width) };
        for_each_chunk(conc, work, simulator, |simulator, first, rows| {
            let mut rows = rows.chunks_exact_mut(width).enumerate();
            rows.try_for_each(|(i, row)| simulator.run(first + i, row))
        })
    }
}
