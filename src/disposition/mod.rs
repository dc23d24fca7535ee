//! How the substance spreads and leaves: one, two or three compartments, each a sum of decaying exponentials.

mod one;
mod three;
mod two;

pub use one::{HalfLife, OneCompartment};
pub use three::ThreeCompartment;
pub use two::TwoCompartment;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::error::Result;

/// The compartments the plasma exchanges with, and the clearance.
///
/// To add one, write its file and name it here.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Disposition {
    /// The body is one well-stirred volume.
    OneCompartment(OneCompartment),
    /// The plasma and one peripheral compartment.
    TwoCompartment(TwoCompartment),
    /// The plasma and two peripheral compartments.
    ThreeCompartment(ThreeCompartment),
}

/// One exponential of a disposition: a unit dose into the plasma adds `coef e^{-k t}` to the concentration.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mode {
    /// The rate constant, 1/h.
    pub k: f64,
    /// The share of the concentration per unit of dose, 1/L; over all modes they add up to `1 / v1`.
    pub coef: f64,
}

/// The exponentials of a disposition, which are few and need no allocation.
pub(crate) type Modes = SmallVec<[Mode; 3]>;

impl Disposition {
    /// The exponentials, the fastest first; [`Model::modes`](crate::Model::modes) gives them to the user.
    pub(crate) fn modes(&self) -> Modes {
        match self {
            Self::OneCompartment(body) => SmallVec::from_slice(&body.modes()),
            Self::TwoCompartment(body) => SmallVec::from_slice(&body.modes()),
            Self::ThreeCompartment(body) => SmallVec::from_slice(&body.modes()),
        }
    }

    /// For each exponential, how far its rate lies below those at which the peripheral compartments empty, formed without
    /// a difference that cancels: what the exponentials have to do with the compartments. Zero stands for an exponential
    /// in which the plasma has no part.
    pub(crate) fn below(&self) -> SmallVec<[[f64; 2]; 3]> {
        match self {
            Self::OneCompartment(_) => SmallVec::from_slice(&[[0.0; 2]]),
            Self::TwoCompartment(body) => SmallVec::from_slice(&body.below()),
            Self::ThreeCompartment(body) => SmallVec::from_slice(&body.below()),
        }
    }

    /// The clearance, L/h.
    pub fn cl(&self) -> f64 {
        match self {
            Self::OneCompartment(body) => body.cl,
            Self::TwoCompartment(body) => body.cl,
            Self::ThreeCompartment(body) => body.cl,
        }
    }

    /// The volume of the plasma compartment, L.
    pub fn v1(&self) -> f64 {
        match self {
            Self::OneCompartment(body) => body.v,
            Self::TwoCompartment(body) => body.v1,
            Self::ThreeCompartment(body) => body.v1,
        }
    }

    /// The peripheral compartments as (flow to and fro in L/h, volume in L).
    pub fn peripherals(&self) -> Vec<(f64, f64)> {
        match self {
            Self::OneCompartment(_) => Vec::new(),
            Self::TwoCompartment(body) => vec![(body.q, body.v2)],
            Self::ThreeCompartment(body) => vec![(body.q2, body.v2), (body.q3, body.v3)],
        }
    }

    /// The volume of all compartments together, which is the volume at steady state, L.
    pub fn vss(&self) -> f64 {
        self.v1() + self.peripherals().iter().map(|(_, v)| v).sum::<f64>()
    }

    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Self::OneCompartment(body) => body.check(),
            Self::TwoCompartment(body) => body.check(),
            Self::ThreeCompartment(body) => body.check(),
        }
    }
}
