//! A body named by its rate constants.

use crate::disposition::{Disposition, OneCompartment, TwoCompartment};

/// A one-compartment body by its elimination rate constant: `cl = ke v`.
///
/// ```
/// use menaquinone::{FirstOrder, fit::{Rates, Theory, free}};
/// let theory = Theory::new(FirstOrder { ka: free(1.0) }, Rates { ke: free(0.01), v: free(150.0) })?;
/// assert_eq!(theory.free()[1].0.to_string(), "ke");
/// assert!((theory.start().half_life() - 69.31).abs() < 0.01);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates<T = f64> {
    /// The elimination rate constant, 1/h.
    pub ke: T,
    /// The volume, L.
    pub v: T,
}

/// A two-compartment body by its rate constants: `cl = ke v1`, `q = k12 v1`, `v2 = q / k21`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoRates<T = f64> {
    /// The elimination rate constant from the plasma, 1/h.
    pub ke: T,
    /// The volume of the plasma, L.
    pub v1: T,
    /// The rate from the plasma to the peripheral compartment, 1/h.
    pub k12: T,
    /// The rate back, 1/h.
    pub k21: T,
}

impl From<Rates> for Disposition {
    fn from(Rates { ke, v }: Rates) -> Self {
        OneCompartment { cl: ke * v, v }.into()
    }
}

impl From<TwoRates> for Disposition {
    fn from(TwoRates { ke, v1, k12, k21 }: TwoRates) -> Self {
        TwoCompartment { cl: ke * v1, v1, q: k12 * v1, v2: k12 * v1 / k21 }.into()
    }
}
