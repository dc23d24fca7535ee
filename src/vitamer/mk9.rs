//! Menaquinone-9.

use super::Vitamer;
use super::mk7::LITERATURE_2CPT as OF_MK7;
use super::row::kind::T_HALF;
use super::row::{Basis, Row};
use super::set::{ParameterSet, find};

/// Menaquinone-9, C56H80O2, 785.25 g/mol: the long vitamer of cheese, and the shape of its curve only.
///
/// No absolute level of MK-9 was seen in print. Its set has the two compartments of MK-7, because what is known of the
/// shape agrees, so its curves are right in their ratios at best:
///
/// ```
/// use menaquinone::{Dose, grid, units::*, vitamer::MK9};
/// let set = MK9.nominal();
/// assert!(set.shape_only);
/// assert_eq!(set.level_label(), "Relative level (no absolute scale)");
///
/// let profile = set.model().profile(Dose::of(1571.0 * UG), &grid(0.0..=DAY, 0.05 * HOUR))?;
/// let highest = profile.conc().iter().copied().fold(0.0, f64::max);
/// let ratio = profile.conc()[480] / highest;
/// assert!((ratio - 0.305).abs() < 0.001); // a quarter of the peak is printed
/// # Ok::<(), menaquinone::Error>(())
/// ```
pub static MK9: Vitamer = Vitamer {
    symbol: "MK-9",
    name: "menaquinone-9",
    aliases: &["K2 (MK-9)"],
    formula: "C56H80O2",
    molar_mass: 785.25,
    rows: FACTS,
    baselines: &[],
    meal_tables: &[],
    formulations: &[],
    sets: &[ParameterSet {
        name: "nominal",
        aliases: &["literature_2cpt", "best_2cpt"],
        title: "shape-only set, two compartments of MK-7, t½ 0.9 and 68.6 h",
        contested: "No level of MK-9 was seen in print: this is the shape of MK-7, borrowed because the level at 24 h \
                    is 0.25 of the peak in print and 0.31 here. Read ratios from it, never µg/L.",
        shape_only: true,
        ..ParameterSet::of(SHAPE)
    }],
};

const SHAPE: &[Row] = &[
    borrowed("t_half_alpha", "of MK-7"),
    borrowed("t_half_beta", "of MK-7; about 60 h for MK-9 from memory"),
    borrowed("cl", NO_SCALE),
    borrowed("v1", NO_SCALE),
    borrowed("q", NO_SCALE),
    borrowed("v2", NO_SCALE),
    borrowed("ka", "of MK-7; gives tmax 3.8 h, quoted about 4 h"),
    borrowed("tlag", "of MK-7; gives tmax 3.8 h, quoted about 4 h"),
    find(OF_MK7, "f"),
];

const NO_SCALE: &str = "of MK-7; only its ratio to the other volumes and flows has a meaning here";

/// A row of MK-7 without its range, which says nothing about MK-9.
const fn borrowed(symbol: &str, source: &'static str) -> Row {
    Row { low: None, high: None, cv: None, ..find(OF_MK7, symbol).by(Basis::Assumed, source) }
}

const FACTS: &[Row] = &[
    Row::kind("c24_over_cmax", "C24/Cmax", "level at 24 h against the peak", "").at(0.25).by(
        Basis::Secondary,
        "after 2 µmol (1571 µg): Schurgers & Vermeer 2002 (PMID 11960685) as quoted by Examine, whose 1298 µg uses the \
         mass of MK-7; still detectable at 48 h",
    ),
    Row::kind("tmax", "tmax", "time of the peak", "h")
        .at(4.0)
        .by(Basis::Secondary, "about 4 h: Schurgers & Vermeer 2002 (PMID 11960685) as quoted by Examine"),
    T_HALF.at(60.0).range(40.0, 80.0).cv(0.40).by(
        Basis::Memory,
        "Schurgers & Vermeer 2002 (PMID 11960685) from memory, not looked up; one exponential from 4 h with C24/Cmax \
         0.25 would give 10 h, so there must be a fast phase",
    ),
];
