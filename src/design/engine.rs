//! What a search asks of a criterion, and how far from the best an answer can be.

use super::arm::Arm;
use super::choice::Tally;
use super::exchange::Slots;
use super::spot::Spot;
use crate::error::Result;

/// How near a design is to the best there can be.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// The least that the value of the design is of the best value, 1 where nothing can be better.
    pub efficiency: f64,
    /// The value that no design reaches of these people, doses, numbers of samples and candidates.
    pub bound: f64,
    /// What a person of each arm adds at most along the slopes, and the times at which that is, h.
    pub most: Vec<(f64, Vec<f64>)>,
    /// Whether the most was found by looking at all candidates. Where samples of a person hang together it is by exchange from several starts, and
    /// the bound is as good as that search.
    pub exhaustive: bool,
}

/// A tally that can say how far its choice is from the best there can be.
pub(super) trait Certified: Tally {
    /// Refuses candidates of which no choice can tell what is asked.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The certificate of the choice that was begun, of this value.
    fn certificate(&mut self, slots: &Slots<'_>, value: f64) -> Option<Certificate>;
}

/// What a search asks of a criterion.
pub(super) trait Engine {
    /// Candidates made ready.
    fn tally(&self, arms: &[Arm], spots: &[Vec<Spot>]) -> Result<Box<dyn Certified + '_>>;

    /// The value of a design with these samples, and its slope by the time of each; none where it does not tell what is asked. Where the worst of several
    /// counts it is blended with the others this sharply.
    fn in_time(&self, arms: &[Arm], spots: &[Vec<Spot>], sharp: f64) -> Option<(f64, Vec<Vec<f64>>)>;

    /// How sharply the worst is blended, from stage to stage of a search.
    fn stages(&self) -> &'static [f64] {
        &[f64::INFINITY]
    }
}
