//! How a search by SAEM goes about it, and the way it went.

use serde::{Deserialize, Serialize};

/// How [`Theory::fit_people_by_saem`](crate::fit::Theory::fit_people_by_saem) goes about it.
///
/// While the chains explore, each iteration forgets the one before, and no variance may fall by more than 5 % at once (simulated annealing);
/// then what the chains add up to is averaged. Draws are keyed by seed, id and iteration: threads and the order of the people change no bit of an
/// estimate.
///
/// ```
/// use menaquinone::fit::Saem;
/// let saem = Saem { chains: 5, ..Saem::of_seed(7) };
/// assert_eq!((saem.exploring, saem.averaging, saem.draws), (300, 200, 1_000));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saem {
    /// The seed of all draws.
    pub seed: u64,
    /// How many chains a person has.
    pub chains: u32,
    /// How many iterations explore.
    pub exploring: u32,
    /// How many iterations are averaged, at least 100. Up to three times 50 more follow while the average drifts.
    pub averaging: u32,
    /// How many draws of each person give the objective and the standard errors at the end.
    pub draws: u32,
}

impl Saem {
    /// Three chains, 300 iterations that explore and 200 that are averaged, 1,000 draws for the objective.
    pub fn of_seed(seed: u64) -> Self {
        Self { seed, chains: 3, exploring: 300, averaging: 200, draws: 1_000 }
    }
}

/// The way of a [`Saem`] fit, for a chart of how it converged.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// What is sought, named as in [`PeopleFit::estimates`](super::PeopleFit::estimates).
    pub names: Vec<String>,
    /// The estimates after each iteration.
    pub rows: Vec<Vec<f64>>,
    /// How many of the iterations explored; the rest is averaged.
    pub exploring: usize,
    /// How it went about it.
    pub settings: Saem,
    /// The largest drift of an average over the last 50 iterations, in Monte Carlo standard errors; above 3 it has not settled.
    pub drift: f64,
}
