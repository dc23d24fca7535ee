//! How a swallowed dose gets into the plasma.
//!
//! An [`Absorption`] is one path or several in parallel. A path has a process (one of the structs of this module), a
//! lag before it starts and the fraction of the dose that takes it.

mod bolus;
mod first_order;
mod transit;
mod zero_order;

pub use bolus::Bolus;
pub use first_order::FirstOrder;
pub use transit::Transit;
pub use zero_order::ZeroOrder;

use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use crate::error::{self, Error, Result};

/// The ways into the plasma, side by side.
///
/// ```
/// use menaquinone::{Absorb, FirstOrder, ZeroOrder, units::*};
/// let both = FirstOrder { ka: 0.35 / HOUR }
///     .with_f(0.6)
///     .plus(ZeroOrder { duration: 4.0 * HOUR }.lagged(2.0 * HOUR).with_f(0.3));
/// assert_eq!(both.f(), 0.6 + 0.3);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Absorption {
    /// One is the rule, and needs no allocation.
    paths: SmallVec<[Path; 1]>,
}

/// One way into the plasma.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Path {
    pub(crate) process: Process,
    /// The time between the dose and the start of the process, h.
    #[serde(default)]
    pub(crate) tlag: f64,
    /// The fraction of the dose that takes this path.
    #[serde(default = "whole")]
    pub(crate) f: f64,
}

fn whole() -> f64 {
    1.0
}

/// The rates of a row of compartments; short rows, which are the rule, need no allocation.
pub(crate) type Rates = SmallVec<[f64; 4]>;

/// The processes there are: to add one, write its file and name it here.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) enum Process {
    Bolus,
    FirstOrder(FirstOrder),
    ZeroOrder(ZeroOrder),
    Transit(Transit),
}

impl Process {
    /// The rates (1/h) of the row of compartments between the dose and the plasma.
    pub(crate) fn chain(&self) -> Rates {
        match self {
            Self::Bolus | Self::ZeroOrder(_) => Rates::new(),
            Self::FirstOrder(process) => smallvec![process.ka],
            Self::Transit(process) => process.rates(),
        }
    }

    /// The product of those rates, and the largest of them.
    pub(crate) fn product_and_most(&self) -> [f64; 2] {
        match self {
            Self::Bolus | Self::ZeroOrder(_) => [1.0, 0.0],
            Self::FirstOrder(process) => [process.ka, process.ka],
            Self::Transit(process) => {
                let rates = process.rates();
                [rates.iter().product(), rates.into_iter().fold(0.0, f64::max)]
            }
        }
    }

    /// How many compartments there are between the dose and the plasma.
    pub(crate) fn compartments(&self) -> usize {
        match self {
            Self::Bolus | Self::ZeroOrder(_) => 0,
            Self::FirstOrder(_) => 1,
            Self::Transit(process) => process.steps as usize + 2,
        }
    }

    /// The time (h) over which a dose enters the first of them; 0 is at once.
    pub(crate) fn duration(&self) -> f64 {
        match self {
            Self::Bolus | Self::FirstOrder(_) | Self::Transit(_) => 0.0,
            Self::ZeroOrder(process) => process.duration,
        }
    }

    fn check(&self) -> Result<()> {
        match self {
            Self::Bolus => Ok(()),
            Self::FirstOrder(process) => process.check(),
            Self::ZeroOrder(process) => process.check(),
            Self::Transit(process) => process.check(),
        }
    }
}

/// What every absorption can do: be lagged, be partial, and run beside another.
pub trait Absorb: Into<Absorption> {
    /// This absorption, started `tlag` h after the dose.
    #[must_use]
    fn lagged(self, tlag: f64) -> Absorption {
        self.into().map(|path| path.tlag += tlag)
    }

    /// This absorption for a fraction `f` of the dose.
    #[must_use]
    fn with_f(self, f: f64) -> Absorption {
        self.into().map(|path| path.f *= f)
    }

    /// This and `other` side by side.
    #[must_use]
    fn plus(self, other: impl Into<Absorption>) -> Absorption {
        let mut paths = self.into().paths;
        paths.extend(other.into().paths);
        Absorption { paths }
    }
}

/// The most paths side by side, so that a model has fewer compartments than 16 bits can count.
const MOST_PATHS: usize = 100;

impl<A: Into<Absorption>> Absorb for A {}

impl<P: Into<Process>> From<P> for Absorption {
    fn from(process: P) -> Self {
        Self { paths: smallvec![Path { process: process.into(), tlag: 0.0, f: 1.0 }] }
    }
}

impl Absorption {
    /// The fraction of a dose that reaches the plasma, the sum over the paths.
    pub fn f(&self) -> f64 {
        self.paths.iter().map(|path| path.f).sum()
    }

    pub(crate) fn paths(&self) -> &[Path] {
        &self.paths
    }

    pub(crate) fn paths_mut(&mut self) -> &mut [Path] {
        &mut self.paths
    }

    /// In place, so that a path is not moved once for each change.
    fn map(mut self, change: impl FnMut(&mut Path)) -> Self {
        self.paths.iter_mut().for_each(change);
        self
    }

    /// Refuses rates, times and fractions that cannot be.
    pub(crate) fn check(&self) -> Result<()> {
        if self.paths.len() > MOST_PATHS {
            return Err(Error::value(format!(
                "an absorption of {} parallel paths is not possible: give at most {MOST_PATHS}",
                self.paths.len()
            )));
        }
        for path in &self.paths {
            path.process.check()?;
            error::non_negative("tlag", path.tlag, "h")?;
            error::fraction("f", path.f)?;
        }
        // A hair above 1 is the rounding of a sum such as 0.7 + 0.2 + 0.1.
        if self.paths.is_empty() || self.f() > 1.0 + 1e-12 {
            return Err(Error::value(format!(
                "the fractions f of the {} absorption paths add up to {}, but they must add up to more than 0 and at most 1",
                self.paths.len(),
                self.f()
            )));
        }
        Ok(())
    }
}
