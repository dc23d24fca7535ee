//! The uncertainty of the typical person as a loop about the variability between people.

use super::Population;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::random::{Draw, Purpose, Stream};

/// How many typical people are tried, and how many people about each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replicates {
    /// The typical people, each a state of the world that may be true.
    pub replicates: u32,
    /// The people about each of them.
    pub people: u64,
}

impl Population {
    /// A population about each of several typical people, one population at a time.
    ///
    /// `typical` draws what is uncertain, `person` draws a person given that. Person 7 has the same deviations in every
    /// replicate, so that two replicates differ by what is uncertain and not by chance; their quantiles make a band about each
    /// edge of the band between people.
    ///
    /// ```
    /// use menaquinone::{Parameters, Population, population::Replicates, random::{LogNormal, Triangular}};
    /// let t_half = Triangular { low: 72.0, mode: 84.0, high: 96.0 }.distribution()?;
    /// let factor = LogNormal::of_cv(1.0, 0.35)?.distribution()?;
    /// let typical = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let worlds = Population::replicates(
    ///     Replicates { replicates: 5, people: 20 },
    ///     42,
    ///     |draw| Ok(typical.with_half_life(draw.value(&t_half))),
    ///     |world, draw| Parameters { cl: world.cl * draw.value(&factor), ..*world }.model(),
    /// );
    /// let first: Vec<f64> = worlds.map(|people| Ok(people?.models()[0].half_life())).collect::<Result<_, menaquinone::Error>>()?;
    /// assert_eq!(first.len(), 5);
    /// assert!(first.iter().all(|t_half| (t_half / first[0] - 1.0).abs() < 96.0 / 72.0 - 1.0));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Each population may fail as for [`sample`](Self::sample), with the number of the replicate. No replicates are one error.
    pub fn replicates<T>(
        replicates: Replicates,
        seed: u64,
        mut typical: impl FnMut(&mut Draw) -> Result<T>,
        mut person: impl FnMut(&T, &mut Draw) -> Result<Model>,
    ) -> impl Iterator<Item = Result<Self>> {
        let none = (replicates.replicates == 0)
            .then(|| Err(Error::value("no replicates were asked for: ask for at least one typical person")));
        let worlds = (0..replicates.replicates).map(move |number| {
            let mut draw = Stream { seed, subject: number.into(), purpose: Purpose::Typical }.draw();
            let people =
                typical(&mut draw).and_then(|world| Self::sample(replicates.people, seed, |draw| person(&world, draw)));
            people.map_err(|error| error.of(format_args!("replicate {number}")))
        });
        none.into_iter().chain(worlds)
    }
}
