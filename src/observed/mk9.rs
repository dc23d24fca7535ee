//! What was measured after menaquinone-9.

use super::{Measure, Observation};
use crate::vitamer::{Basis, MK9};

pub(super) static ROWS: &[Observation] = &[
    ORAL.saw("mk9_c24", Measure::PeakFraction(24.0), 0.25).made(&["nominal"], &[]),
    ORAL.saw("mk9_tmax", Measure::Tmax, 4.0).made(&[], &["nominal"]),
];

/// The shape of MK-7 was borrowed because of these.
const ORAL: Observation = Observation::study("Schurgers 2002", &MK9).given("1571 ug", "2 µmol").by(
    Basis::Secondary,
    "Schurgers & Vermeer 2002 (PMID 11960685) as quoted by Examine, whose 1298 µg uses the mass of MK-7",
);
