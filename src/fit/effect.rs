//! How a number depends on covariates: a row for each shape.

use super::name::{Dependence, Name};
use super::unknown::{Unknown, fixed};
use crate::error::{Error, Result};
use crate::sensitivity::{Jet, Space};

/// The effect of a covariate on a number: the factor by which the number differs from that of somebody at the reference.
///
/// ```
/// use menaquinone::{FirstOrder, OneCompartment, fit::{Effect, Theory, free}, sensitivity::Number};
/// let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(3.0).varying(0.3), v: free(30.0) })?
///     .by(Number::Cl, "WT", Effect::allometric(70.0))?
///     .by(Number::V, "WT", Effect::Power { at: 70.0, exponent: free(1.0) })?
///     .by(Number::Cl, "SEX", Effect::Categorical { at: 1, factors: vec![(2, free(0.8))] })?;
/// let names: Vec<String> = theory.free().iter().map(|(name, _)| name.to_string()).collect();
/// assert_eq!(names, ["ka", "cl", "v", "v~WT", "cl~SEX=2"]);
/// let heavy = theory.model_at(&[1.0, 3.0, 30.0, 1.0, 0.8], &[("WT", 140.0), ("SEX", 1.0)])?;
/// assert_eq!(heavy.number(Number::V)?, 60.0);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// `(covariate / at)^exponent`.
    Power {
        /// The reference.
        at: f64,
        /// The exponent.
        exponent: Unknown,
    },
    /// `e^(slope (covariate - at))`.
    Exponential {
        /// The reference.
        at: f64,
        /// The slope, for each unit of the covariate.
        slope: Unknown,
    },
    /// `1 + slope (covariate - at)`.
    Linear {
        /// The reference.
        at: f64,
        /// The slope, for each unit of the covariate.
        slope: Unknown,
    },
    /// A factor for each category but one.
    Categorical {
        /// The category whose factor is 1.
        at: i32,
        /// The others with their factors.
        factors: Vec<(i32, Unknown)>,
    },
}

impl Effect {
    /// A clearance by weight: a power of 0.75 of the weight over `at`. Of volumes the exponent is 1: `Power { at, exponent: fixed(1.0) }`.
    pub fn allometric(at: f64) -> Self {
        Self::Power { at, exponent: fixed(0.75) }
    }
}

/// A shape with one number `b`: the factor and its first two derivatives by `b`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// What it is called in files.
    pub(super) name: &'static str,
    of: fn(b: f64, covariate: f64, at: f64) -> [f64; 3],
    /// Whether covariate and reference must be above zero, and whether its number is a factor.
    pub(super) positive: bool,
    pub(super) is_factor: bool,
}

/// The shapes that there are.
pub(super) const SHAPES: [Shape; 4] = [
    Shape { name: "power", of: |b, x, at| exponential(b, (x / at).ln()), positive: true, is_factor: false },
    Shape { name: "exponential", of: |b, x, at| exponential(b, x - at), positive: false, is_factor: false },
    Shape { name: "linear", of: |b, x, at| [1.0 + b * (x - at), x - at, 0.0], positive: false, is_factor: false },
    Shape {
        name: "factor",
        of: |b, x, at| if x == at { [b, 1.0, 0.0] } else { [1.0, 0.0, 0.0] },
        positive: false,
        is_factor: true,
    },
];

impl Shape {
    /// The factor of a covariate where the number is `b`, with its first two derivatives by `b`.
    pub(super) fn factor(&self, b: f64, covariate: f64, at: f64) -> [f64; 3] {
        (self.of)(b, covariate, at)
    }
}

fn exponential(b: f64, z: f64) -> [f64; 3] {
    let e = (b * z).exp();
    [e, z * e, z * z * e]
}

/// An effect of a theory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) dependence: Dependence,
    pub(super) shape: Shape,
    /// The reference; of a category that itself.
    pub(super) at: f64,
    /// The reference of a category.
    pub(super) reference: f64,
    pub(super) unknown: Unknown,
}

/// By what they say, whatever else is kept with them.
impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        let of = |own: &Self| (own.dependence, own.shape.name, own.at, own.unknown);
        of(self) == of(other)
    }
}

impl Entry {
    pub(super) fn name(&self) -> Name {
        Name::Effect(self.dependence)
    }

    /// The factor of a value of the covariate, where `number` is the number of the shape.
    pub(super) fn factor(&self, space: Space, covariate: f64, number: &Jet) -> Result<Jet> {
        let name = self.dependence.covariate;
        if self.shape.positive && covariate <= 0.0 {
            return Err(Error::value(format!(
                "the covariate {} is {covariate}, but the effect on {} is a power of it, which needs a number above zero",
                name.as_str(),
                self.dependence.on
            )));
        }
        Ok(space.of(self.shape.factor(number[0], covariate, self.at), number))
    }
}
