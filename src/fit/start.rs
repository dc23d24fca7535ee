//! Where a search starts: at what the theory says, at what the curve itself tells, and around both.

use super::name::Name;
use super::objective::Objective;
use super::rows::Levels;
use super::samples::Report;
use super::theory::{Off, Theory};
use crate::nca::Nca;
use crate::number::Number;
use crate::sensitivity::Order;

/// The displacements of further starts, of each coordinate up or down by about half a power of ten: a design in which no two coordinates
/// always go together (columns of a Hadamard matrix).
const PATTERN: [[f64; 7]; 8] = [
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    [-1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0],
    [1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0],
    [-1.0, -1.0, 1.0, 1.0, -1.0, -1.0, 1.0],
    [1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0],
    [-1.0, 1.0, -1.0, -1.0, 1.0, -1.0, 1.0],
    [1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0],
    [-1.0, -1.0, 1.0, -1.0, 1.0, 1.0, -1.0],
];

/// The starts, each with the clearances and volumes that meet the height of the curves, in an order that depends on nothing but theory and
/// data. Where many numbers are sought the displacements go the other way too.
pub(super) fn starts(theory: &Theory, objective: &Objective<'_>) -> Vec<Vec<f64>> {
    let own = theory.coordinates();
    let mut centres = vec![own.clone()];
    centres.extend(by_nca(theory, objective));
    let mut starts = centres.clone();
    starts.extend(centres.iter().map(|centre| at_height(objective, centre)));
    let last = centres.last().unwrap_or(&own);
    let directions: &[f64] = if is_rugged(objective) { &[1.2, -1.2] } else { &[1.2] };
    for (direction, pattern) in directions.iter().flat_map(|direction| PATTERN.map(|pattern| (direction, pattern))) {
        let moved =
            last.iter().enumerate().map(|(i, x)| x + direction * pattern[i % 7] * if i < 7 { 1.0 } else { 0.5 });
        starts.push(at_height(objective, &moved.collect::<Vec<f64>>()));
    }
    starts.extend(between_samples(objective, last));
    starts
}

/// Whether there may be several ends: where more is sought than one exponential with its absorption has, or something that has an edge at each
/// sample.
pub(super) fn is_rugged(objective: &Objective<'_>) -> bool {
    let of_model = objective.free().iter().filter(|(name, _)| !name.is_of_error()).count();
    of_model > 3 || objective.free().iter().any(|(name, _)| has_edges(*name))
}

/// Whether the likelihood has an edge wherever what this number says meets a sample.
pub(super) fn has_edges(name: Name) -> bool {
    matches!(name, Name::Number(Number::Tlag(_) | Number::Duration(_)))
}

/// Starts with a lag or a duration between each two of the early samples of the first curve: what lies beyond an edge no slope tells.
fn between_samples(objective: &Objective<'_>, centre: &[f64]) -> Vec<Vec<f64>> {
    const MOST: usize = 8;
    let first = || {
        let sampled = objective.curves().first()?.sampled();
        let times = sampled.samples.times();
        let (dose, _) = *sampled.dosing.regimen()?.doses(*times.first()?).last()?;
        Some((dose, times))
    };
    let edged: Vec<usize> =
        objective.free().iter().enumerate().filter(|(_, (name, _))| has_edges(*name)).map(|(place, _)| place).collect();
    let Some((dose, times)) = first().filter(|_| !edged.is_empty()) else { return Vec::new() };
    let mut after: Vec<f64> = times.iter().map(|time| time - dose).filter(|after| *after > 0.0).take(MOST).collect();
    after.dedup();
    let mut starts = Vec::new();
    for place in edged {
        for (low, high) in std::iter::once(&0.0).chain(&after).zip(&after) {
            let mut start = centre.to_vec();
            start[place] = objective.free()[place].1.coordinate(0.5 * (low + high));
            if start[place].is_finite() {
                starts.push(at_height(objective, &start));
            }
        }
    }
    starts
}

/// The same shape at the height of the measured levels: clearances and volumes are divided by what a least-squares line through the
/// origin says (they are linear in one over the level).
fn at_height(objective: &Objective<'_>, x: &[f64]) -> Vec<f64> {
    let (mut above, mut below, mut room) = (0.0, 0.0, Levels::default());
    for curve in objective.curves() {
        if curve.inner(x, Order::Value, &mut room).is_err() {
            continue;
        }
        for (report, conc) in curve.sampled().samples.reports().iter().zip(room.rows()) {
            // Weighted by one over the square of what is measured, so that late levels count too.
            if let Report::Level(level) = *report
                && level > 0.0
                && conc[0] > 0.0
            {
                above += (level / conc[0]).ln();
                below += 1.0;
            }
        }
    }
    let factor: f64 = if below > 0.0 { (above / below).exp() } else { 1.0 };
    let scaled = objective.free().iter().zip(x).map(|((name, unknown), x)| {
        let scales = matches!(
            name,
            Name::Number(
                Number::Cl | Number::V | Number::V1 | Number::Q | Number::V2 | Number::Q2 | Number::V3 | Number::Q3
            )
        );
        let other = if scales { unknown.coordinate(unknown.value(*x)[0] / factor) } else { *x };
        if other.is_finite() { other } else { *x }
    });
    scaled.collect()
}

/// What the first curve tells by itself, for one dose and one compartment: `cl` from dose and area, `v` and `t_half` from the terminal
/// slope, and the same exchanged (absorption may be the slower).
fn by_nca(theory: &Theory, objective: &Objective<'_>) -> Vec<Vec<f64>> {
    let found = || -> Option<[f64; 3]> {
        let sampled = objective.curves().first()?.sampled();
        let regimen = sampled.dosing.regimen()?;
        let (times, conc): (Vec<f64>, Vec<f64>) = sampled.samples.levels().unzip();
        let (_, dose) = regimen.kinds_of_dose().next()?;
        let analysis = Nca::observed(&times, &conc).dose(*dose).analyse().ok()?;
        let (cl, slope) = (analysis.cl_obs().ok()?, analysis.terminal().ok()?.lambda_z);
        let tmax = analysis.tmax().unwrap_or(f64::NAN);
        (cl > 0.0 && slope > 0.0).then_some([cl, slope, tmax])
    };
    let Some([cl, slope, tmax]) = found() else { return Vec::new() };
    let place = |rate: f64, ka: f64| {
        let of = |name: Name| match name {
            Name::Number(Number::Cl) => Some(cl),
            Name::Number(Number::V) => Some(cl / rate),
            Name::Number(Number::Ka(_)) => Some(ka),
            Name::Number(Number::Mtt(_)) => Some(0.5 * tmax),
            Name::HalfLife => Some(std::f64::consts::LN_2 / rate),
            _ => None,
        };
        let own = theory.coordinates();
        let all = objective.free().iter().zip(own).map(|((name, unknown), own)| {
            of(*name).map(|value| unknown.coordinate(value)).filter(|x| x.is_finite()).unwrap_or(own)
        });
        all.collect::<Vec<f64>>()
    };
    vec![place(4.0 * slope, slope), place(slope, 5.0 * slope)]
}

/// Whether anything is known of how far off the samples are.
pub(super) fn is_least_squares(theory: &Theory) -> bool {
    matches!(theory.off, Off::Squares(_))
}
