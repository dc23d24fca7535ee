//! Which numbers the data do not tell, and what would tell them.

use nalgebra::{DMatrix, SymmetricEigen};

use super::dosing::Dosing;
use super::fitted::Fit;
use super::levels::levels;
use super::name::Name;
use super::objective::value;
use super::report::{rounded, short};
use super::residual::weight;
use super::samples::{Reading, Report, Sampled, Samples};
use super::theory::Off;
use crate::error::Error;

/// A direction whose standard deviation is above this, on a logarithm, is not told: the interval would span more than a thousand times.
const MOST_SPREAD: f64 = 2.0;
/// How far such a direction is followed, on a logarithm, and by which steps.
const FAR: f64 = 14.0;
const STEP: f64 = 0.5;
/// How many times are looked at for a sample that would tell.
const LOOKS: u32 = 240;
/// By how many standard deviations a sample must differ to tell two values apart.
const TELLS: f64 = 2.0;

/// A number, or a combination of some, that the data do not tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Untold {
    /// The numbers in it, the one that is told least first.
    pub names: Vec<Name>,
    /// What fits as well, and what would tell.
    pub sentence: String,
}

impl Fit {
    /// The numbers that these data do not tell, alone or together, each with what would: fix one of them, or a sample at a time at which what fits now
    /// would differ. Also where there is no covariance.
    ///
    /// ```
    /// use menaquinone::{Dose, FirstOrder, OneCompartment, assay::ResidualError, fit::{Sampled, Samples, Theory, free}};
    /// let theory = Theory::new(FirstOrder { ka: free(2.0) }, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let samples = Samples::new(&[4.0, 8.0, 12.0, 24.0], &[6.9, 4.3, 3.2, 0.9])?;
    /// let fit = theory.fit(&Sampled::new(Dose::of(100.0).at(0.0), samples))?;
    /// let untold = fit.untold();
    /// assert_eq!(untold[0].names[0].to_string(), "ka");
    /// assert!(untold[0].sentence.contains("fix it, or sample before 4 h"), "{}", untold[0].sentence);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn untold(&self) -> Vec<Untold> {
        let Some(information) = self.information() else { return Vec::new() };
        if information.iter().any(|value| !value.is_finite()) {
            return Vec::new();
        }
        let sizes = self.sizes();
        let scaled = DMatrix::from_fn(sizes.len(), sizes.len(), |i, j| information[(i, j)] * sizes[i] * sizes[j]);
        let eigen = SymmetricEigen::new(scaled);
        let mut directions: Vec<(f64, Vec<f64>)> = eigen
            .eigenvalues
            .iter()
            .zip(eigen.eigenvectors.column_iter())
            .map(|(value, way)| (*value, way.iter().copied().collect()))
            .collect();
        directions.sort_by(|a, b| a.0.total_cmp(&b.0));
        let least = 1.0 / (MOST_SPREAD * MOST_SPREAD);
        directions.retain(|(value, _)| *value < least);
        directions.iter().map(|(_, way)| self.sentence(way, &sizes)).collect()
    }

    /// The unit of each coordinate: 1 on a logarithm, else the size of the number.
    fn sizes(&self) -> Vec<f64> {
        let size = |((_, unknown), x): (&(Name, super::Unknown), &f64)| {
            let [value, slope, bend] = unknown.value(*x);
            if slope == 1.0 && bend == 0.0 { value.abs().max(1e-3) } else { 1.0 }
        };
        self.theory.free().iter().zip(&self.found.x).map(size).collect()
    }

    fn sentence(&self, way: &[f64], sizes: &[f64]) -> Untold {
        let largest = way.iter().fold(0.0_f64, |largest, part| largest.max(part.abs()));
        let free = self.theory.free();
        let mut parts: Vec<(Name, f64)> = free
            .iter()
            .zip(way)
            .map(|((name, _), part)| (*name, part.abs()))
            .filter(|(_, part)| *part > 0.3 * largest)
            .collect();
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        let names: Vec<Name> = parts.into_iter().map(|(name, _)| name).collect();
        let [low, high] = [-1.0, 1.0].map(|direction| self.farthest(way, sizes, direction));
        let what = self.spans(&names, &low, &high);
        let fix = if names.len() == 1 { "fix it" } else { "fix one of them" };
        let sentence = match self.telling(&low, &high) {
            Some((time, curve)) => format!("{what}: {fix}, or {}", self.advice(time, curve)),
            None => format!("{what}: {fix}; no sample of such a curve would tell"),
        };
        Untold { names, sentence }
    }

    /// `ka is not told: 2.1 to 1.3e6 fit as well`.
    fn spans(&self, names: &[Name], low: &[f64], high: &[f64]) -> String {
        let (low, high) = (self.theory.values(low), self.theory.values(high));
        let free = self.theory.free();
        let span = |name: &Name| {
            let place = free.iter().position(|(own, _)| own == name).unwrap_or(0);
            let (a, b) = (low[place], high[place]);
            format!("{name} {} to {}", short(a.min(b)), short(a.max(b)))
        };
        let spans: Vec<String> = names.iter().map(span).collect();
        let all: Vec<String> = names.iter().map(ToString::to_string).collect();
        match all.as_slice() {
            [one] => format!("these data do not tell {one} ({} fit)", spans.join("")),
            _ => format!("these data tell {} only together ({} fit)", all.join(" and "), spans.join(", ")),
        }
    }

    /// The coordinates as far along a direction as the data allow.
    fn farthest(&self, way: &[f64], sizes: &[f64], direction: f64) -> Vec<f64> {
        let at = |far: f64| -> Vec<f64> {
            self.found
                .x
                .iter()
                .zip(way.iter().zip(sizes))
                .map(|(x, (part, size))| x + direction * far * part * size)
                .collect()
        };
        let allowed = self.allowed(0.95).unwrap_or(f64::INFINITY);
        let fits = |x: &[f64]| {
            value(&self.theory, &self.data, x).is_some_and(|value| value - self.found.near.value <= allowed)
        };
        let (mut found, mut far) = (self.found.x.clone(), STEP);
        while far <= FAR && fits(&at(far)) {
            (found, far) = (at(far), far + STEP);
        }
        found
    }

    /// The time and the curve at which two values differ most, over what a sample is off; none where no sample tells them apart.
    fn telling(&self, low: &[f64], high: &[f64]) -> Option<(f64, usize)> {
        let [low, high] = [low, high].map(|x| self.theory.values(x));
        let mut best = (TELLS, None);
        for (curve, sampled) in self.data.iter().enumerate() {
            let times = candidates(sampled);
            let samples = Samples::replicates(&times, &vec![0.0; times.len()]).ok()?;
            // Between the records of a table nothing can be asked.
            let Ok(asked) = sampled.at(samples) else { continue };
            let level = |values: &[f64]| levels((&self.theory, values), &asked).ok();
            let (a, b) = (level(&low)?, level(&high)?);
            for ((time, a), b) in times.iter().zip(a).zip(b) {
                let apart = self.apart(a, b);
                if apart > best.0 {
                    best = (apart, Some((*time, curve)));
                }
            }
        }
        best.1
    }

    /// How many standard deviations lie between two levels.
    fn apart(&self, a: f64, b: f64) -> f64 {
        let (a, b) = (a.max(1e-12), b.max(1e-12));
        let typical = self.data.iter().find_map(|sampled| sampled.samples.sds()).map(|sds| sds[sds.len() / 2]);
        let reading = Reading { report: Report::Level(b), sd: typical, kind: None };
        let weight = if let Off::Squares(weights) = self.theory.off { weight(weights, reading, b) } else { 1.0 };
        let apart = self.residual(a, b, (weight, reading)).abs();
        if apart.is_finite() { apart } else { 0.0 }
    }

    /// When to sample.
    fn advice(&self, time: f64, curve: usize) -> String {
        let of = if self.data.len() > 1 { format!(" of curve {}", curve + 1) } else { String::new() };
        let times = self.data[curve].samples.times();
        let about = rounded(time, 2);
        match (times.first(), times.last()) {
            (Some(first), _) if time < *first => format!("sample before {first} h (best about {about} h){of}"),
            (_, Some(last)) if time > *last => format!("sample after {last} h (best about {about} h){of}"),
            _ => format!("sample about {about} h{of}"),
        }
    }

    /// Why there is no distribution of the estimates, with the numbers that are not told.
    pub(super) fn not_told(&self, what: &str) -> Error {
        let untold: Vec<String> = self.untold().into_iter().map(|untold| untold.sentence).collect();
        let why = if untold.is_empty() { "the search came to no minimum".to_owned() } else { untold.join("; ") };
        Error::value(format!("there is no distribution of the estimates for {what}: {why}"))
    }
}

/// Times at which a sample could be taken: from the first dose to four times as long as was sampled, or within a cycle.
fn candidates(sampled: &Sampled) -> Vec<f64> {
    let last = match &sampled.dosing {
        Dosing::Course(_) | Dosing::Table(_) => 4.0 * sampled.samples.times().last().copied().unwrap_or(24.0),
        Dosing::Settled(dosing) => dosing.tau(),
    };
    let first = sampled.samples.times().first().copied().unwrap_or(0.0);
    // Dense where absorption shows: before the first sample, and early.
    let mut times: Vec<f64> = (1..=LOOKS).map(|i| last * (f64::from(i) / f64::from(LOOKS)).powi(3)).collect();
    times.extend((1..20).map(|i| first * f64::from(i) / 20.0).filter(|time| *time > 0.0));
    times.sort_by(f64::total_cmp);
    times
}
