//! The numbers of a model that rates and half-lives set.

use super::name::Name;
use crate::number::Number;

/// A number that rates or a half-life give: a factor, times powers of them, times the volume of the plasma.
pub(super) struct Derived {
    pub(super) number: Number,
    pub(super) factor: f64,
    pub(super) powers: &'static [(Name, i8)],
}

pub(super) const DERIVED: &[Derived] = &[
    Derived { number: Number::Cl, factor: std::f64::consts::LN_2, powers: &[(Name::HalfLife, -1)] },
    Derived { number: Number::Cl, factor: 1.0, powers: &[(Name::Ke, 1)] },
    Derived { number: Number::V2, factor: 1.0, powers: &[(Name::K12, 1), (Name::K21, -1)] },
    Derived { number: Number::Q, factor: 1.0, powers: &[(Name::K12, 1)] },
];

/// What the volume of the plasma is called among some names.
pub(super) fn volume(is_there: impl Fn(Name) -> bool) -> Option<Name> {
    [Number::V, Number::V1].into_iter().map(Name::Number).find(|name| is_there(*name))
}
