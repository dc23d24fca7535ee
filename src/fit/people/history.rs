//! The way of a search, for a chart.

/// The way of a [`Saem`](super::Saem) fit, for a chart of how it converged.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// What is sought, named as in [`PeopleFit::estimates`](super::PeopleFit::estimates).
    pub names: Vec<String>,
    /// The estimates after each iteration.
    pub rows: Vec<Vec<f64>>,
    /// How many of the iterations explored; the rest is averaged.
    pub exploring: usize,
    /// The largest drift of an average over the last 50 iterations, in Monte Carlo standard errors; above 3 it has not settled.
    pub drift: f64,
}
