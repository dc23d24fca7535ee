//! Many people at once.

mod bands;
mod course;
mod exposure;
mod motion;
mod quantile;
mod share;
mod simulate;
mod sketch;
//mod table;
mod workers;

pub use bands::Bands;
pub use exposure::{Window, WindowExposure};
pub use share::Share;
pub use simulate::Profiles;
pub use sketch::{Sketch, Tally};

use crate::error::Result;
use crate::model::Model;

/// People.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    models: Vec<Model>,
}

impl Population {
    /// Of models.
    pub fn of(models: Vec<Model>, _seed: u64) -> Result<Self> {
        Ok(Self { models })
    }

    /// The models.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The numbers.
    pub fn ids(&self) -> std::ops::Range<u64> {
        0..self.len()
    }

    /// How many.
    pub fn len(&self) -> u64 {
        self.models.len() as u64
    }
}
