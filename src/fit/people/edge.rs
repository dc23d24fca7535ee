//! Modes on an edge. Where a lag or a duration meets a sample the level of that sample bends, and the joint density may be largest right there: it falls
//! to both sides, and no slope is zero.
//!
//! Of a curve whose edge is a little rounded the mode lies within the rounding, where the slope is some mean of those of both sides: that one with which
//! the density neither rises nor falls across. In the limit of no rounding this mean stays, so that a person's objective of first order goes on
//! without a jump when the mode comes to the edge, follows it and leaves it.

use nalgebra::{DMatrix, DVector};

use super::corner::{Corner, bordered};
use super::inner::{Inner, Room};
use super::layout::Layout;
use crate::fit::name::Name;
use crate::fit::rows::Levels;
use crate::fit::start::has_edges;
use crate::numeric::{Least, Near, least_until};
use crate::sensitivity::at_second;

/// How far from an edge each of its sides is looked at.
const BESIDE: f64 = 1e-9;
/// The farthest that an edge is looked for.
const FAR: f64 = 0.3;
/// A jump of the slopes below this share of them is none.
const JUMP: f64 = 1e-6;
/// The longest step along an edge that is not taken any more.
const CLOSE: f64 = 1e-8;
/// The most steps along an edge, and the most edges that are left again.
const STEPS: u32 = 30;
const EDGES: u32 = 8;

/// What is seen beside an edge.
#[derive(Clone)]
struct Side {
    eta: DVector<f64>,
    near: Near,
    levels: Levels,
}

/// Where a search along an edge has come to.
enum Along {
    Ended(Box<(Least, Corner)>),
    /// The density is larger on one side.
    Beside(Vec<f64>),
}

impl Layout {
    /// Whether levels bend where a deviation brings a lag or a duration to a sample.
    pub(super) fn has_edges(&self) -> bool {
        let free = self.joint.free();
        let number = |name: Name| match name {
            Name::Deviation(basis) | Name::Occasion(basis, _) => basis.into(),
            own => own,
        };
        self.eta.iter().any(|i| has_edges(number(free[*i].0)))
    }
}

impl Inner<'_> {
    /// The end of a search that came to an edge and found no end there; none where there is no edge.
    pub(super) fn past_edges(&self, mut end: Least, room: &mut Room) -> Option<(Least, Option<Corner>)> {
        for _ in 0..EDGES {
            match self.along_edge(&end, room)? {
                Along::Ended(found) => return Some((found.0, Some(found.1))),
                Along::Beside(eta) => {
                    let next = least_until(|eta| self.near(eta, room), &eta, |_, _| false, self.close)?;
                    if next.settled {
                        return Some((next, None));
                    }
                    if next.near.value >= end.near.value - 1e-12 * (1.0 + end.near.value.abs()) {
                        return None;
                    }
                    end = next;
                }
            }
        }
        None
    }

    fn side(&self, eta: DVector<f64>, room: &mut Room) -> Option<Side> {
        let near = self.near(eta.as_slice(), room)?;
        Some(Side { eta, near, levels: room.levels.clone() })
    }

    fn along_edge(&self, end: &Least, room: &mut Room) -> Option<Along> {
        let first = self.side(DVector::from_column_slice(&end.x), room)?;
        let (below, above) = self.both_sides(first, room)?;
        let (mut below, mut above) = self.close_in(below, above, room)?;
        for _ in 0..STEPS {
            let across = &above.near.gradient - &below.near.gradient;
            let jump = across.norm();
            if jump < JUMP * (1.0 + below.near.gradient.norm()) {
                return None;
            }
            let normal = &across / jump;
            let (down, up) = (normal.dot(&below.near.gradient), normal.dot(&above.near.gradient));
            if down > 0.0 || up < 0.0 {
                let side = if down > 0.0 { below } else { above };
                return Some(Along::Beside(side.eta.as_slice().to_vec()));
            }
            let share = -down / (up - down);
            let gradient = (1.0 - share) * &below.near.gradient + share * &above.near.gradient;
            let bend = (1.0 - share) * &below.near.hessian + share * &above.near.hessian;
            let step = tangential(&gradient, &bend, &normal);
            let promised = -0.5 * step.dot(&gradient);
            let (_, value) = crossing(&below, &above);
            let is_end = promised <= self.close.promised * (1.0 + value.abs()) && step.amax() <= CLOSE;
            let moved = if is_end { None } else { self.moved(&below, &above, (&step, &normal), room) };
            match moved {
                Some((next_below, next_above)) => (below, above) = (next_below, next_above),
                None if {
                    if promised > 1e-13 {
                        eprintln!("ended {is_end} {promised:e} step {:e}", step.amax());
                    }
                    false
                } =>
                {
                    return None;
                }
                None if is_end || promised <= 1e-7 * (1.0 + value.abs()) => {
                    return self.ended((&below, &above), (share, value, promised), across);
                }
                None => return None,
            }
        }
        None
    }

    /// A point on the other side of the edge to which a search has come: down the slope, until it goes up.
    fn both_sides(&self, first: Side, room: &mut Room) -> Option<(Side, Side)> {
        let down = -first.near.gradient.normalize();
        if !down.iter().all(|own| own.is_finite()) {
            return None;
        }
        let mut far = 10.0 * BESIDE;
        while far < 0.02 {
            let other = self.side(&first.eta + far * &down, room)?;
            if other.near.gradient.dot(&down) > 0.0 {
                return Some((first, other));
            }
            far *= 10.0;
        }
        None
    }

    /// Two points that are as near to an edge as sides are looked at, given one on each side.
    fn close_in(&self, mut below: Side, mut above: Side, room: &mut Room) -> Option<(Side, Side)> {
        let way = &above.eta - &below.eta;
        let (mut length, along) = (way.norm(), way.normalize());
        let bends = self.bends_most((&below, &above), (length, &along))?;
        for _ in 0..40 {
            if length <= 4.0 * BESIDE {
                return Some((below, above));
            }
            let ([a, a1, a2], [b, b1, b2]) = (self.course(&below, bends, &along), self.course(&above, bends, &along));
            // Where the parabolas of both sides meet.
            let mut at = (b - b1 * length - a) / (a1 - b1);
            for _ in 0..3 {
                let (left, right) = (at, length - at);
                let off = a + (a1 + 0.5 * a2 * left) * left - b + (b1 - 0.5 * b2 * right) * right;
                at -= off / (a1 + a2 * left - b1 + b2 * right);
            }
            let beside = (0.1 * length * length).clamp(BESIDE, 0.25 * length);
            if !(beside < at && at < length - beside) {
                at = 0.5 * length;
            }
            let mut from = 0.0;
            for place in [at - beside, at + beside] {
                let there = self.side(&below.eta + (place - from) * &along, room)?;
                let slope = self.course(&there, bends, &along)[1];
                let is_below = (slope - a1 - a2 * place).abs() < (slope - b1 + b2 * (length - place)).abs();
                if !is_below {
                    (above, length) = (there, place);
                    break;
                }
                (below, from) = (there, place);
            }
            length -= from;
        }
        None
    }

    /// A level with its first two derivatives along a direction.
    fn course(&self, side: &Side, sample: usize, along: &DVector<f64>) -> [f64; 3] {
        let (eta, m) = (&self.layout.eta, self.layout.person());
        let Some(level) = side.levels.rows().nth(sample) else { return [f64::NAN; 3] };
        let first = eta.iter().zip(along.iter()).map(|(i, by)| by * level[1 + i]).sum();
        let row = |(i, by): (&usize, &f64)| -> f64 {
            eta.iter().zip(along.iter()).map(|(j, other)| by * other * level[at_second(m, *i, *j)]).sum()
        };
        [level[0], first, eta.iter().zip(along.iter()).map(row).sum()]
    }

    /// The sample whose level bends between two points.
    fn bends_most(&self, (below, above): (&Side, &Side), (length, along): (f64, &DVector<f64>)) -> Option<usize> {
        let bent = |sample: usize| {
            let ([_, a1, a2], [_, b1, _]) = (self.course(below, sample, along), self.course(above, sample, along));
            (b1 - a1 - a2 * length).abs()
        };
        (0..below.levels.rows().len()).max_by(|i, j| bent(*i).total_cmp(&bent(*j)))
    }

    /// Both sides of the edge after a step along it, or a part of the step; none where no part goes down.
    fn moved(
        &self,
        below: &Side,
        above: &Side,
        (step, normal): (&DVector<f64>, &DVector<f64>),
        room: &mut Room,
    ) -> Option<(Side, Side)> {
        let (_, value) = crossing(below, above);
        let bends = self.bends_most((below, above), (0.0, normal))?;
        let [low, high] = [below, above].map(|side| self.course(side, bends, normal)[1]);
        let mut share = 1.0;
        for _ in 0..10 {
            let there = &below.eta + share * step;
            let mut far = (share * step.norm_squared()).clamp(1e-6, 0.01);
            while far < FAR {
                let [next_below, next_above] = [-far, far].map(|far| self.side(&there + far * normal, room));
                let (Some(next_below), Some(next_above)) = (next_below, next_above) else { break };
                let is_high = |side: &Side| {
                    let slope = self.course(side, bends, normal)[1];
                    (slope - high).abs() < (slope - low).abs()
                };
                if !is_high(&next_below) && is_high(&next_above) {
                    let found = self.close_in(next_below, next_above, room)?;
                    if crossing(&found.0, &found.1).1 <= value + 1e-10 * (1.0 + value.abs()) {
                        return Some(found);
                    }
                    break;
                }
                far *= 4.0;
            }
            share *= 0.4;
        }
        None
    }

    fn ended(
        &self,
        (below, above): (&Side, &Side),
        (share, value, promised): (f64, f64, f64),
        across: DVector<f64>,
    ) -> Option<Along> {
        let m = self.layout.person();
        let jump = |(low, high): (&[f64], &[f64])| (1..=m).map(|i| high[i] - low[i]).collect::<Vec<f64>>();
        let jumps: Vec<Vec<f64>> = below.levels.rows().zip(above.levels.rows()).map(jump).collect();
        let size = |row: &Vec<f64>| self.layout.eta.iter().map(|i| row[*i] * row[*i]).sum::<f64>();
        let normal = jumps.iter().max_by(|a, b| size(a).total_cmp(&size(b)))?.clone();
        let levels = below.levels.between(&above.levels, share);
        // By the slopes that both sides have together, and not the mean of what each says.
        let bend = self.sum(&levels)?.hessian + 2.0 * &self.place.omega.inverse;
        let eta = &below.eta + crossing(below, above).0 * (&above.eta - &below.eta);
        let near = Near { value, gradient: DVector::zeros(eta.len()), hessian: bend.clone() };
        let least = Least { x: eta.as_slice().to_vec(), near, steps: 0, settled: true, promised };
        Some(Along::Ended(Box::new((least, Corner { levels, jumps, normal, across, bend }))))
    }
}

/// Where the edge lies between two points beside it, as a share of the way, and `l` there: both sides are as good as straight.
fn crossing(below: &Side, above: &Side) -> (f64, f64) {
    let way = &above.eta - &below.eta;
    let [down, up] = [below, above].map(|side| side.near.gradient.dot(&way));
    let share = ((above.near.value - below.near.value - up) / (down - up)).clamp(0.0, 1.0);
    (share, below.near.value + share * down)
}

/// Newton's step along an edge: the least of the parabola at right angles to its normal.
fn tangential(gradient: &DVector<f64>, bend: &DMatrix<f64>, normal: &DVector<f64>) -> DVector<f64> {
    const LONGEST: f64 = 0.5;
    let n = gradient.len();
    let along = |own: &DVector<f64>| own - normal.dot(own) * normal;
    let newton = bordered(bend, normal, normal).lu().solve(&(-gradient.clone()).push(0.0));
    let newton = newton.map(|found| along(&found.rows(0, n).into_owned()));
    let step = newton.filter(|step| step.dot(gradient) <= 0.0 && step.iter().all(|own| own.is_finite()));
    let step = step.unwrap_or_else(|| -0.1 * along(gradient));
    let length = step.norm();
    if length > LONGEST { step * (LONGEST / length) } else { step }
}
