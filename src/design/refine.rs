//! From the best of the candidates to the best of all times: all samples move at once along the exact slopes of the criterion.

use nalgebra::DMatrix;

use super::arm::Arm;
use super::engine::Engine;
use super::when::When;
use crate::numeric::{Ends, descend};

/// Samples that move together: their places among all, each with its distance from the first, and between which ends.
#[derive(Debug, Clone)]
struct Mover {
    slots: Vec<(usize, usize)>,
    at: f64,
    ends: (f64, f64),
    held: bool,
}

/// A search in time.
struct Course<'a> {
    engine: &'a dyn Engine,
    arms: &'a [Arm],
    apart: Vec<f64>,
    counts: Vec<usize>,
}

/// How near an end a sample is at it, of the length of its room.
const AT_END: f64 = 1e-9;

/// The times from which no small move is better, if they are better than those of the start.
pub(super) fn refine(
    engine: &dyn Engine,
    arms: &[Arm],
    (when, common): (&[When], bool),
    (value, start): (f64, &[Vec<f64>]),
) -> Option<Vec<Vec<f64>>> {
    let mut movers = movers(when, common, start)?;
    let course = Course {
        engine,
        arms,
        apart: when.iter().map(When::distance).collect(),
        counts: start.iter().map(Vec::len).collect(),
    };
    for _ in 0..2 + movers.len() {
        let Some((_, slopes)) = course.at(&movers) else { break };
        // Who pushes against an end stays there; who is drawn away from it may go.
        let mut changed = false;
        for (mover, slope) in movers.iter_mut().zip(&slopes) {
            let length = mover.ends.1 - mover.ends.0;
            let low = mover.at - mover.ends.0 <= AT_END * length && *slope <= 0.0;
            let high = mover.ends.1 - mover.at <= AT_END * length && *slope >= 0.0;
            let held = low || high || length <= 0.0;
            changed |= held != mover.held;
            mover.held = held;
        }
        let moved = course.descend(&mut movers);
        if !moved && !changed {
            break;
        }
    }
    let (end, _) = course.at(&movers)?;
    (end >= value.ln()).then(|| course.times(&movers))
}

/// One mover for each sample; of common times one for each time. None where times are chosen from a list.
fn movers(when: &[When], common: bool, start: &[Vec<f64>]) -> Option<Vec<Mover>> {
    let of = |arm: usize, slot: usize, slots: Vec<(usize, usize)>| {
        let at = start[arm][slot];
        Some(Mover { slots, at, ends: when[arm].room(at)?, held: false })
    };
    if common {
        let slots = |slot: usize| (0..start.len()).map(|arm| (arm, slot)).collect();
        return (0..start[0].len()).map(|slot| of(0, slot, slots(slot))).collect();
    }
    let of_arm = |arm: usize| (0..start[arm].len()).map(move |slot| (arm, slot));
    (0..start.len()).flat_map(of_arm).map(|(arm, slot)| of(arm, slot, vec![(arm, slot)])).collect()
}

impl Course<'_> {
    fn times(&self, movers: &[Mover]) -> Vec<Vec<f64>> {
        let mut times: Vec<Vec<f64>> = self.counts.iter().map(|count| vec![0.0; *count]).collect();
        for mover in movers {
            mover.slots.iter().for_each(|(arm, slot)| times[*arm][*slot] = mover.at);
        }
        for own in &mut times {
            own.sort_by(f64::total_cmp);
        }
        times
    }

    /// The logarithm of the value, and its slope by each mover.
    fn at(&self, movers: &[Mover]) -> Option<(f64, Vec<f64>)> {
        let times = self.times(movers);
        let is_apart = |(times, apart): (&Vec<f64>, &f64)| times.windows(2).all(|two| two[1] - two[0] >= apart - 1e-9);
        if !times.iter().zip(&self.apart).all(is_apart) {
            return None;
        }
        let (value, slopes) = self.engine.in_time(self.arms, &times)?;
        let place = |arm: usize, at: f64| times[arm].iter().position(|own| *own == at);
        let slope = |mover: &Mover| {
            let of = |(arm, _): &(usize, usize)| place(*arm, mover.at).map_or(0.0, |at| slopes[*arm][at]);
            mover.slots.iter().map(of).sum::<f64>() / value
        };
        Some((value.ln(), movers.iter().map(slope).collect()))
    }

    /// Moves those that are not held to where the value is greatest; false if they stay.
    fn descend(&self, movers: &mut [Mover]) -> bool {
        let free: Vec<usize> = (0..movers.len()).filter(|i| !movers[*i].held).collect();
        if free.is_empty() {
            return false;
        }
        let unit = |mover: &Mover| 0.05 * (mover.ends.1 - mover.ends.0);
        let units: Vec<f64> = free.iter().map(|i| unit(&movers[*i])).collect();
        let start: Vec<f64> = free.iter().zip(&units).map(|(i, unit)| movers[*i].at / unit).collect();
        let base = movers.to_vec();
        let place = |x: &[f64]| {
            let mut movers = base.clone();
            for ((i, x), unit) in free.iter().zip(x).zip(&units) {
                movers[*i].at = x * unit;
            }
            movers
        };
        let f = |x: &[f64]| {
            let movers = place(x);
            if movers.iter().any(|mover| mover.at < mover.ends.0 || mover.at > mover.ends.1) {
                return None;
            }
            let (value, slopes) = self.at(&movers)?;
            Some((-value, free.iter().zip(&units).map(|(i, unit)| -slopes[*i] * unit).collect::<Vec<f64>>()))
        };
        let Some(hessian) = curvature(&f, &start) else { return false };
        let ends = Ends { slope: 1e-10, promised: 1e-18, steps: 200 };
        let Some(found) = descend(f, &start, &hessian, ends) else { return false };
        let moved = found.x.iter().zip(&start).any(|(a, b)| (a - b).abs() > 1e-9);
        movers.clone_from_slice(&place(&found.x));
        moved
    }
}

/// The Hessian by differences of the exact slopes; 1 in a direction in which that is not upward.
fn curvature(f: &impl Fn(&[f64]) -> Option<(f64, Vec<f64>)>, x: &[f64]) -> Option<DMatrix<f64>> {
    const STEP: f64 = 1e-4;
    let (n, here) = (x.len(), f(x)?.1);
    let mut hessian = DMatrix::zeros(n, n);
    for i in 0..n {
        let at = |step: f64| {
            let mut x = x.to_vec();
            x[i] += step;
            Some(f(&x)?.1)
        };
        let (slopes, step) = at(STEP).map(|slopes| (slopes, STEP)).or_else(|| Some((at(-STEP)?, -STEP)))?;
        (0..n).for_each(|j| hessian[(j, i)] = (slopes[j] - here[j]) / step);
    }
    let hessian = 0.5 * (&hessian + hessian.transpose());
    let sound = hessian.clone().cholesky().is_some();
    let diagonal = |i: usize| if hessian[(i, i)] > 1e-6 { hessian[(i, i)] } else { 1.0 };
    Some(if sound { hessian } else { DMatrix::from_fn(n, n, |i, j| if i == j { diagonal(i) } else { 0.0 }) })
}
