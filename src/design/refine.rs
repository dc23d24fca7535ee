//! From the best of the candidates to the best of all times: all samples move at once along the exact slopes of the criterion.

use nalgebra::DMatrix;

use super::arm::Arm;
use super::block::{Block, Mover, blocks};
use super::engine::Engine;
use super::spot::Spot;
use super::when::When;
use crate::numeric::{Ends, descend};

/// A search in time.
struct Course<'a> {
    engine: &'a dyn Engine,
    arms: &'a [Arm],
    start: &'a [Vec<Spot>],
    /// How sharply the worst of several theories is blended with the others.
    sharp: f64,
}

/// The most rounds in which samples meet one another or an end, or come apart.
const ROUNDS: usize = 40;

/// The samples from which no small move is better.
pub(super) fn refine(
    engine: &dyn Engine,
    arms: &[Arm],
    (when, common): (&[When], bool),
    start: &[Vec<Spot>],
) -> Option<Vec<Vec<Spot>>> {
    let mut movers = movers(when, common, start)?;
    let mut course = Course { engine, arms, start, sharp: f64::INFINITY };
    for sharp in engine.stages() {
        course.sharp = *sharp;
        let mut last = f64::NEG_INFINITY;
        for _ in 0..ROUNDS {
            let Some((_, slopes)) = course.at(&movers) else { break };
            let blocks = blocks(&movers, &slopes);
            course.descend(&mut movers, &blocks);
            let met = course.meet(&mut movers);
            let here = course.at(&movers).map_or(f64::NEG_INFINITY, |(value, _)| value);
            if !met && here <= last + 1e-14 * (1.0 + last.abs()) {
                break;
            }
            last = here;
        }
    }
    Some(course.spots(&movers))
}

/// One mover for each sample, of common times one for each time, in order of time arm by arm. Where samples lie apart, those of two kinds at one
/// time stay one. None where times are chosen from a list.
fn movers(when: &[When], common: bool, start: &[Vec<Spot>]) -> Option<Vec<Mover>> {
    let mut movers: Vec<Mover> = Vec::new();
    let arms = if common { 1 } else { start.len() };
    for arm in 0..arms {
        let apart = Some(when[arm].distance()).filter(|apart| *apart > 0.0);
        let first = movers.len();
        for (slot, spot) in start[arm].iter().enumerate() {
            let slots = if common { (0..start.len()).map(|arm| (arm, slot)).collect() } else { vec![(arm, slot)] };
            let together = apart.is_some() && movers.len() > first;
            if let Some(last) = movers.last_mut().filter(|last| together && last.at == spot.time) {
                last.slots.extend(slots);
            } else {
                let behind = apart.filter(|_| movers.len() > first);
                movers.push(Mover { slots, at: spot.time, ends: when[arm].room(spot.time)?, behind });
            }
        }
    }
    Some(movers)
}

impl Course<'_> {
    fn spots(&self, movers: &[Mover]) -> Vec<Vec<Spot>> {
        let mut spots = self.start.to_vec();
        for mover in movers {
            mover.slots.iter().for_each(|(arm, slot)| spots[*arm][*slot].time = mover.at);
        }
        for own in &mut spots {
            own.sort_by(Spot::order);
        }
        spots
    }

    /// The logarithm of the value, and its slope by each mover.
    fn at(&self, movers: &[Mover]) -> Option<(f64, Vec<f64>)> {
        let is_apart = |two: &[Mover]| two[1].behind.is_none_or(|apart| two[1].at - two[0].at >= apart - 1e-9);
        if !movers.windows(2).all(is_apart) {
            return None;
        }
        let spots = self.spots(movers);
        let (value, slopes) = self.engine.in_time(self.arms, &spots, self.sharp)?;
        let place = |arm: usize, spot: Spot| spots[arm].iter().position(|own| *own == spot);
        let slope = |mover: &Mover| {
            let of = |(arm, slot): &(usize, usize)| {
                let spot = Spot { time: mover.at, ..self.start[*arm][*slot] };
                place(*arm, spot).map_or(0.0, |at| slopes[*arm][at])
            };
            mover.slots.iter().map(of).sum::<f64>() / value
        };
        Some((value.ln(), movers.iter().map(slope).collect()))
    }

    /// Moves the blocks that are not held to where the value is greatest.
    fn descend(&self, movers: &mut [Mover], blocks: &[Block]) {
        let free: Vec<&Block> = blocks.iter().filter(|block| !block.held).collect();
        let units: Vec<f64> = free.iter().map(|block| 0.05 * (block.ends.1 - block.ends.0)).collect();
        if free.is_empty() || units.iter().any(|unit| *unit <= 0.0) {
            return;
        }
        let start: Vec<f64> = vec![0.0; free.len()];
        let base = movers.to_vec();
        let place = |x: &[f64]| {
            let mut movers = base.clone();
            for ((block, x), unit) in free.iter().zip(x).zip(&units) {
                block.movers.clone().for_each(|i| movers[i].at += x * unit);
            }
            movers
        };
        let f = |x: &[f64]| {
            let movers = place(x);
            if movers.iter().any(|mover| mover.at < mover.ends.0 - 1e-9 || mover.at > mover.ends.1 + 1e-9) {
                return None;
            }
            let (value, slopes) = self.at(&movers)?;
            let slope = |(block, unit): (&&Block, &f64)| -slopes[block.movers.clone()].iter().sum::<f64>() * unit;
            Some((-value, free.iter().zip(&units).map(slope).collect::<Vec<f64>>()))
        };
        let Some(hessian) = curvature(&f, &start) else { return };
        let ends = Ends { slope: 1e-10, promised: 1e-18, steps: 200 };
        if let Some(found) = descend(f, &start, &hessian, ends) {
            let mut moved = place(&found.x);
            for mover in &mut moved {
                mover.at = mover.at.clamp(mover.ends.0, mover.ends.1);
            }
            if self.at(&moved).is_some() {
                movers.clone_from_slice(&moved);
            }
        }
    }

    /// Brings samples that push against one another to their least distance, and those that push against an end to it, where that is no worse: a line
    /// search comes near to either, and no further. Whether any was moved.
    fn meet(&self, movers: &mut [Mover]) -> bool {
        let mut met = false;
        for i in 0..movers.len() {
            let Some((value, slopes)) = self.at(movers) else { break };
            let length = movers[i].ends.1 - movers[i].ends.0;
            let (to_low, to_high) = (movers[i].at - movers[i].ends.0, movers[i].ends.1 - movers[i].at);
            let mut steps: Vec<Vec<(usize, f64)>> = Vec::new();
            if slopes[i] < 0.0 && to_low > 0.0 && to_low < NEAR * length {
                steps.push(vec![(i, -to_low)]);
            }
            if slopes[i] > 0.0 && to_high > 0.0 && to_high < NEAR * length {
                steps.push(vec![(i, to_high)]);
            }
            if let Some(apart) = movers[i].behind {
                let gap = movers[i].at - movers[i - 1].at - apart;
                if gap > 1e-9 && gap < NEAR * length && slopes[i - 1] > slopes[i] {
                    steps.extend([vec![(i - 1, gap)], vec![(i, -gap)], vec![(i - 1, 0.5 * gap), (i, -0.5 * gap)]]);
                }
            }
            for step in steps {
                let mut next = movers.to_vec();
                for (i, by) in &step {
                    next[*i].at += by;
                }
                let is_within = next.iter().all(|own| own.at >= own.ends.0 && own.at <= own.ends.1);
                if is_within && self.at(&next).is_some_and(|(there, _)| there >= value) {
                    movers.clone_from_slice(&next);
                    met = true;
                    break;
                }
            }
        }
        met
    }
}

/// How near an end or another sample one must be to be brought there, of the length of its room.
const NEAR: f64 = 0.05;

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
