//! Why a number cannot be had.

use crate::error::Error;

/// A number of an analysis, or the reason why there is none.
pub type Outcome = std::result::Result<f64, Missing>;

/// Why a metric has no value for these samples: a sentence for people, a variant for programs.
///
/// ```
/// use menaquinone::{nca::{Missing, Nca}};
/// let rising = Nca::observed(&[0.0, 1.0, 2.0, 3.0], &[0.0, 1.0, 2.0, 3.0]).analyse()?;
/// let missing = rising.half_life().unwrap_err();
/// assert_eq!(missing, Missing::TooFewPoints { found: 0, needed: 3 });
/// assert_eq!(missing.to_string(), "the terminal slope needs 3 quantified samples after the peak, and there are 0");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Missing {
    /// No sample was quantified.
    #[error("every sample is below the limit of quantification")]
    AllBelow,
    /// Too few samples for the terminal slope.
    #[error("the terminal slope needs {needed} quantified samples after the peak, and there are {found}")]
    TooFewPoints {
        /// How many there are.
        found: u32,
        /// How many it takes.
        needed: u32,
    },
    /// The line through the terminal samples does not fall.
    #[error("the concentration does not fall over the terminal samples, so it has no half-life")]
    NotFalling,
    /// The adjusted R² of a line through two points.
    #[error("a line through two points fits them whatever they are: an adjusted R² needs three")]
    TwoPoints,
    /// The dose is unknown.
    #[error("no dose was given: name it with `dose`")]
    NoDose,
    /// The dosing interval is unknown.
    #[error("no dosing interval was given: name it with `tau`")]
    NoTau,
    /// No threshold was given.
    #[error("no threshold was given: name it with `threshold`")]
    NoThreshold,
    /// No window was given.
    #[error("no window was given: name it with `window`")]
    NoWindow,
    /// The first dose, which an observed accumulation compares with, is unknown.
    #[error("no analysis of the first dose was given: name it with `after`")]
    NoFirstDose,
    /// A number that only an intravenous dose has.
    #[error("only an intravenous dose has it: after any other, what was absorbed and how fast is unknown")]
    NotIntravenous,
    /// A number that only a bolus has.
    #[error("only an intravenous bolus has it")]
    NotBolus,
    /// A number that an intravenous dose does not have.
    #[error("an intravenous dose has no lag of absorption")]
    NotOral,
    /// The first sample comes after the dose, and nothing may be put in its place.
    #[error("there is no sample at the time of the dose, and none may be put in: see `at_dose`")]
    NoStart,
    /// A time before the dose.
    #[error("the window begins before the dose")]
    BeforeDose,
    /// No sample lies in the dosing interval.
    #[error("there is no sample within the dosing interval")]
    NoneInInterval,
    /// No subject has a value, so there is nothing to summarise.
    #[error("no subject has a value")]
    NoValues,
    /// The spread of a single value.
    #[error("a spread needs the values of at least two subjects")]
    OneValue,
    /// A geometric mean of values that are not all positive.
    #[error("a geometric mean needs values that are all above zero")]
    NotPositive,
    /// Subjects sampled at some of the times of others, so that degrees of freedom are not known.
    #[error(
        "the degrees of freedom are not known: some subjects were sampled at only part of the times that they share with others"
    )]
    OverlappingGroups,
    /// A division by zero.
    #[error("it would be a division by zero")]
    ByZero,
    /// A result too large or too small for a number.
    #[error("it is beyond the range of numbers")]
    Beyond,
}

impl Missing {
    #[cold]
    pub(super) fn too_few(found: usize, needed: usize) -> Self {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self::TooFewPoints { found: small(found), needed: small(needed) }
    }
}

impl From<Missing> for Error {
    fn from(missing: Missing) -> Self {
        Self::value(format!("the value cannot be had: {missing}"))
    }
}

/// `a / b`, if that is a number.
#[inline]
pub(super) fn ratio(a: f64, b: f64) -> Outcome {
    if b == 0.0 {
        return Err(Missing::ByZero);
    }
    number(a / b)
}

/// `value`, if it is a number.
#[inline]
pub(super) fn number(value: f64) -> Outcome {
    if value.is_finite() { Ok(value) } else { Err(Missing::Beyond) }
}
