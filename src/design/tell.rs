//! T: how well a rival theory is told apart (Atkinson and Fedorov 1975).
//!
//! The value is the least sum of squares that the rival's numbers leave, a least of functions that are each in proportion to the samples: so it is concave,
//! and the squares at the best rival bound it as slopes do.

use std::cell::RefCell;

use nalgebra::{DMatrix, DVector};

use super::arm::Arm;
use super::choice::Choice;
use super::distance::Seen;
use super::exchange::each_of;
use super::spot::{Spot, drawn, late, times_of};
use crate::error::{Error, Result};
use crate::fit::{Curve, Outlook, Somebody, Theory, somebody};
use crate::numeric::{Least, Near, least};
use crate::sensitivity::{Jet, at_second};

/// The theory of the design and its rival.
pub(super) struct Rival {
    own: Outlook,
    other: Outlook,
    /// Where the last best rival was, from which the next is sought.
    last: RefCell<Option<Vec<f64>>>,
}

/// A sample: what the design's theory says, with its slope in time, on which scale, and of how many people.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) seen: Seen,
    slopes: [f64; 2],
    is_log: bool,
    pub(super) people: f64,
}

/// An arm's candidates, in each of the draws over a window (one, where times are exact).
pub(super) struct Course {
    who: Somebody,
    pub(super) draws: Vec<Draw>,
}

/// The candidates in a draw: when each is taken, and what it is.
pub(super) struct Draw {
    times: Vec<f64>,
    pub(super) points: Vec<Point>,
}

/// For each arm the candidates that are taken, and how often.
pub(super) type Taken = Vec<Vec<(usize, f64)>>;

impl Rival {
    pub(super) fn new(own: &Theory, rival: &Theory) -> Result<Self> {
        let own = Outlook::of(own)?;
        // The error is that of the design's theory; the rival's counts for nothing, so that it needs none.
        let rival = Outlook::of(&rival.clone().with_variance(|_| 1.0))?;
        if rival.typical.is_empty() {
            return Err(Error::value("the rival theory has no free numbers: write `cl: free(1.0)`"));
        }
        Ok(Self { own, other: rival, last: RefCell::new(None) })
    }

    pub(super) fn course(&self, arm: &Arm, spots: &[Spot], in_time: bool) -> Result<Course> {
        let who = somebody(arm.regimen(), arm.covariates(), arm.occasions())?;
        let draws =
            (0..drawn(arm.window())).map(|draw| self.draw((arm, &who), &late(spots, arm.window(), draw), in_time));
        Ok(Course { draws: draws.collect::<Result<_>>()?, who })
    }

    fn draw(&self, (arm, who): (&Arm, &Somebody), spots: &[Spot], in_time: bool) -> Result<Draw> {
        let times = times_of(spots);
        let all: Vec<usize> = (0..times.len()).collect();
        let (levels, slopes) =
            in_order(&times, &all, |times| self.own.curve(who, &self.own.moved(&[]), times, in_time))?;
        let kinds = each_of(&spots.iter().map(|spot| spot.kind).collect::<Vec<_>>());
        let laws: Vec<_> = kinds.iter().map(|kind| self.own.laws(*kind)).collect();
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let people = arm.count() / drawn(arm.window()) as f64;
        let point = |i: usize| {
            let slope = slopes.get(i).map_or(0.0, |slope| slope[0]);
            let law = kinds.iter().position(|kind| *kind == spots[i].kind).and_then(|at| laws[at](levels[i][0]));
            let Some(law) = law else {
                // Where no level has a density a sample tells nothing.
                let seen = Seen { mean: 0.0, variance: 1.0, limit: None };
                return Point { seen, slopes: [0.0; 2], is_log: false, people: 0.0 };
            };
            let is_log = law.mean[2] != 0.0;
            let limit = arm.limit_of(spots[i].kind).map(|limit| if is_log { limit.ln() } else { limit });
            let seen = Seen { mean: law.mean[0], variance: law.variance[0], limit };
            Point { seen, slopes: [law.mean[1] * slope, law.variance[1] * slope], is_log, people }
        };
        Ok(Draw { points: all.iter().map(|i| point(*i)).collect(), times })
    }

    /// The rival's coordinates where those sought are `x`.
    pub(super) fn coordinates(&self, x: &[f64]) -> Vec<f64> {
        let mut z = self.other.moved(&[]);
        self.other.typical.iter().zip(x).for_each(|(own, x)| z[own.coordinate] = *x);
        z
    }

    fn start(&self) -> Vec<f64> {
        let z = self.other.moved(&[]);
        self.other.typical.iter().map(|own| z[own.coordinate]).collect()
    }

    /// What the rival leaves at some samples of each arm, with its slopes by what is sought.
    fn near(&self, courses: &[Course], taken: &Taken, x: &[f64]) -> Option<Near> {
        let (n, all, z) = (x.len(), self.other.coordinates(), self.coordinates(x));
        let mut near = Near { value: 0.0, gradient: DVector::zeros(n), hessian: DMatrix::zeros(n, n) };
        for (course, taken) in courses.iter().zip(taken) {
            let numbers: Vec<usize> = taken.iter().map(|(i, _)| *i).collect();
            for draw in &course.draws {
                let (levels, _) =
                    in_order(&draw.times, &numbers, |times| self.other.curve(&course.who, &z, times, false)).ok()?;
                for ((i, often), level) in taken.iter().zip(&levels) {
                    let point = &draw.points[*i];
                    if point.people == 0.0 {
                        continue;
                    }
                    let (mean, first, second) = compared(point, level[0])?;
                    let (weight, apart) = (often * point.people, point.seen.from(mean));
                    near.value += weight * apart.value;
                    let [by, bend] = apart.by_rival;
                    let slope = |k: usize| level[1 + self.other.typical[k].coordinate];
                    for a in 0..n {
                        near.gradient[a] += weight * by * first * slope(a);
                        for b in 0..n {
                            let (i, j) = (self.other.typical[a].coordinate, self.other.typical[b].coordinate);
                            let curved = first * level[at_second(all, i, j)] + second * slope(a) * slope(b);
                            near.hessian[(a, b)] += weight * (bend * first * first * slope(a) * slope(b) + by * curved);
                        }
                    }
                }
            }
        }
        near.value.is_finite().then_some(near)
    }

    /// The best rival: from where the last one was, and where none is known from its start and about it.
    pub(super) fn best(&self, courses: &[Course], taken: &Taken, warm: Option<&[f64]>) -> Option<Least> {
        let mut starts: Vec<Vec<f64>> = warm.map(<[f64]>::to_vec).into_iter().collect();
        if warm.is_none() {
            let start = self.start();
            starts.push(start.clone());
            starts.extend(self.last.borrow().clone());
            for i in 0..start.len() {
                for direction in [1.0, -1.0] {
                    let mut moved = start.clone();
                    moved[i] += direction;
                    starts.push(moved);
                }
            }
        }
        let ends = starts.iter().filter_map(|start| least(|x| self.near(courses, taken, x), start));
        let found =
            ends.reduce(|a, b| if b.near.value < a.near.value - 1e-10 * (1.0 + a.near.value) { b } else { a })?;
        if warm.is_none() {
            *self.last.borrow_mut() = Some(found.x.clone());
        }
        Some(found)
    }
}

/// The rival's level on the scale of comparison, with its first two derivatives by the level.
fn compared(point: &Point, level: f64) -> Option<(f64, f64, f64)> {
    if !point.is_log {
        return Some((level, 1.0, 0.0));
    }
    (level > 0.0).then(|| (level.ln(), 1.0 / level, -1.0 / (level * level)))
}

/// Levels at some of the times, in the order in which these are asked for, with their slopes in time where a curve has them.
fn in_order(
    times: &[f64],
    numbers: &[usize],
    curve: impl FnOnce(&[f64]) -> Result<Curve>,
) -> Result<(Vec<Jet>, Vec<Jet>)> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| times[numbers[*a]].total_cmp(&times[numbers[*b]]));
    let found = curve(&order.iter().map(|i| times[numbers[*i]]).collect::<Vec<_>>())?;
    let back = |sorted: Vec<Jet>| {
        let mut own = sorted.clone();
        order.iter().zip(sorted).for_each(|(place, jet)| own[*place] = jet);
        own
    };
    Ok((back(found.levels), if found.slopes.is_empty() { Vec::new() } else { back(found.slopes) }))
}

impl Course {
    /// What a rival leaves at some candidates.
    pub(super) fn squares(&self, rival: &Rival, z: &[f64], numbers: &[usize]) -> Option<Vec<f64>> {
        let mut sum = vec![0.0; numbers.len()];
        for draw in &self.draws {
            let (levels, _) =
                in_order(&draw.times, numbers, |times| rival.other.curve(&self.who, z, times, false)).ok()?;
            for ((sum, i), level) in sum.iter_mut().zip(numbers).zip(&levels) {
                let point = &draw.points[*i];
                *sum += compared(point, level[0]).map_or(0.0, |(mean, ..)| point.people * point.seen.from(mean).value);
            }
        }
        Some(sum)
    }
}

/// Each sample of a choice once.
pub(super) fn once(choice: &Choice) -> Taken {
    choice.iter().map(|own| own.iter().map(|i| (*i, 1.0)).collect()).collect()
}

impl Rival {
    /// What the best rival leaves at a design's samples, and the slope of that by the time of each.
    pub(super) fn changes(&self, arms: &[Arm], spots: &[Vec<Spot>]) -> Option<(f64, Vec<Vec<f64>>)> {
        let courses = arms.iter().zip(spots).map(|(arm, spots)| self.course(arm, spots, true).ok());
        let courses: Vec<Course> = courses.collect::<Option<_>>()?;
        let all: Choice = spots.iter().map(|own| (0..own.len()).collect()).collect();
        let warm = self.last.borrow().clone();
        let found = self.best(&courses, &once(&all), warm.as_deref())?;
        let z = self.coordinates(&found.x);
        let of_course = |(course, numbers): (&Course, &Vec<usize>)| {
            let mut sum = vec![0.0; numbers.len()];
            for draw in &course.draws {
                let curve = |times: &[f64]| self.other.curve(&course.who, &z, times, true);
                let (levels, slopes) = in_order(&draw.times, numbers, curve).ok()?;
                for (i, point) in draw.points.iter().enumerate() {
                    let Some((mean, first, _)) = compared(point, levels[i][0]) else { continue };
                    let apart = point.seen.from(mean);
                    let own = apart.by_own[0] * point.slopes[0] + apart.by_own[1] * point.slopes[1];
                    sum[i] += point.people * (own + apart.by_rival[0] * first * slopes[i][0]);
                }
            }
            Some(sum)
        };
        Some((found.near.value, courses.iter().zip(&all).map(of_course).collect::<Option<_>>()?))
    }
}
