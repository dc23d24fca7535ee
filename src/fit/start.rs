//! Where a search starts: at what the theory says, at what the curve itself tells, and around both.

use super::dosing::Dosing;
use super::objective::levels;
use super::parts::Name;
use super::samples::Sampled;
use super::theory::{Off, Theory};
use crate::nca::Nca;
use crate::number::Number;

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
/// data.
pub(super) fn starts(theory: &Theory, all: &[Sampled]) -> Vec<Vec<f64>> {
    let own = theory.coordinates();
    let mut centres = vec![own.clone()];
    centres.extend(by_nca(theory, all));
    let mut starts = centres.clone();
    starts.extend(centres.iter().map(|centre| at_height(theory, all, centre)));
    let last = centres.last().unwrap_or(&own).clone();
    for pattern in PATTERN {
        let moved: Vec<f64> =
            last.iter().enumerate().map(|(i, x)| x + 1.2 * pattern[i % 7] * if i < 7 { 1.0 } else { 0.5 }).collect();
        starts.push(at_height(theory, all, &moved));
    }
    starts
}

/// The same shape at the height of the measured levels: clearances and volumes are divided by what a least-squares line through the
/// origin says (they are linear in one over the level).
fn at_height(theory: &Theory, all: &[Sampled], x: &[f64]) -> Vec<f64> {
    let Ok(model) = theory.model(&theory.values(x)) else { return x.to_vec() };
    let (mut above, mut below) = (0.0, 0.0);
    for sampled in all {
        let Ok(conc) = levels(&model, sampled) else { continue };
        for ((_, level), conc) in sampled.samples.levels().zip(&conc) {
            // Weighted by one over the square of what is measured, so that late levels count too.
            if level > 0.0 && *conc > 0.0 {
                above += (level / conc).ln();
                below += 1.0;
            }
        }
    }
    let factor = if below > 0.0 { (above / below).exp() } else { 1.0 };
    let values = theory.values(x);
    let scaled = theory.free().into_iter().zip(values).zip(x).map(|(((name, unknown), value), x)| {
        let scales = matches!(
            name,
            Name::Number(
                Number::Cl | Number::V | Number::V1 | Number::Q | Number::V2 | Number::Q2 | Number::V3 | Number::Q3
            )
        );
        let other = unknown.coordinate(value / factor);
        if scales && other.is_finite() { other } else { *x }
    });
    scaled.collect()
}

/// What the first curve tells by itself, for one dose and one compartment: `cl` from dose and area, `v` and `t_half` from the terminal
/// slope, and the same exchanged (absorption may be the slower).
fn by_nca(theory: &Theory, all: &[Sampled]) -> Vec<Vec<f64>> {
    let found = || -> Option<[f64; 2]> {
        let sampled = all.first()?;
        let Dosing::Course(regimen) = &sampled.dosing else { return None };
        let (times, conc): (Vec<f64>, Vec<f64>) = sampled.samples.levels().unzip();
        let (_, dose) = regimen.kinds_of_dose().next()?;
        let analysis = Nca::observed(&times, &conc).dose(*dose).analyse().ok()?;
        let (cl, slope) = (analysis.cl_obs().ok()?, analysis.terminal().ok()?.lambda_z);
        (cl > 0.0 && slope > 0.0).then_some([cl, slope])
    };
    let Some([cl, slope]) = found() else { return Vec::new() };
    let place = |rate: f64, ka: f64| {
        let of = |name: Name| match name {
            Name::Number(Number::Cl) => Some(cl),
            Name::Number(Number::V) => Some(cl / rate),
            Name::Number(Number::Ka(_)) => Some(ka),
            Name::HalfLife => Some(std::f64::consts::LN_2 / rate),
            _ => None,
        };
        let own = theory.coordinates();
        let all = theory.free().into_iter().zip(own).map(|((name, unknown), own)| {
            of(name).map(|value| unknown.coordinate(value)).filter(|x| x.is_finite()).unwrap_or(own)
        });
        all.collect::<Vec<f64>>()
    };
    vec![place(4.0 * slope, slope), place(slope, 5.0 * slope)]
}

/// Whether anything is known of how far off the samples are.
pub(super) fn is_least_squares(theory: &Theory) -> bool {
    matches!(theory.off, Off::Squares(_))
}
