//! T: how well a rival theory is told apart (Atkinson and Fedorov 1975).
//!
//! The value is the least sum of squares that the rival's numbers leave, a least of functions that are each in proportion to the samples: so it is concave,
//! and the squares at the best rival bound it as slopes do.

use std::cell::RefCell;

use nalgebra::{DMatrix, DVector};

use super::arm::Arm;
use super::choice::{Choice, Tally};
use super::engine::{Certificate, Certified, Engine};
use super::exchange::Slots;
use super::spot::{Spot, times_of};
use crate::error::{Error, Result};
use crate::fit::{Outlook, Somebody, Theory, somebody};
use crate::numeric::{Least, Near, least};
use crate::sensitivity::at_second;

/// The theory of the design and its rival.
pub(super) struct Rival {
    own: Outlook,
    other: Outlook,
    /// Where the last best rival was, from which the next is sought.
    last: RefCell<Option<Vec<f64>>>,
}

/// A sample: what the design's theory says, with its slope in time, of what variance, with its slope.
#[derive(Debug, Clone, Copy)]
struct Point {
    mean: f64,
    variance: f64,
    slopes: [f64; 2],
    is_log: bool,
    people: f64,
}

/// An arm's candidates.
struct Course {
    who: Somebody,
    times: Vec<f64>,
    points: Vec<Point>,
}

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

    fn course(&self, arm: &Arm, spots: &[Spot], in_time: bool) -> Result<Course> {
        if arm.window() > 0.0 || arm.limit().is_some() {
            return Err(Error::value(
                "a rival is told apart by exact times and levels: leave out the window and the limit of the arm",
            ));
        }
        let who = somebody(arm.regimen(), arm.covariates(), arm.occasions())?;
        let times = times_of(spots);
        let curve = self.own.curve(&who, &self.own.moved(&[]), &times, in_time)?;
        let mut laws: Vec<(Option<u32>, _)> = Vec::new();
        for spot in spots {
            if laws.iter().all(|(kind, _)| *kind != spot.kind) {
                laws.push((spot.kind, self.own.laws(spot.kind)));
            }
        }
        let law =
            |i: usize, level: f64| laws.iter().find(|(kind, _)| *kind == spots[i].kind).and_then(|(_, law)| law(level));
        let point = |(i, level): (usize, &crate::sensitivity::Jet)| {
            let slope = curve.slopes.get(i).map_or(0.0, |slope| slope[0]);
            match law(i, level[0]) {
                Some(law) => Point {
                    mean: law.mean[0],
                    variance: law.variance[0],
                    slopes: [law.mean[1] * slope, law.variance[1] * slope],
                    is_log: law.mean[2] != 0.0,
                    people: arm.count(),
                },
                // Where no level has a density a sample tells nothing.
                None => Point { mean: 0.0, variance: 1.0, slopes: [0.0; 2], is_log: false, people: 0.0 },
            }
        };
        let points = curve.levels.iter().enumerate().map(point).collect();
        Ok(Course { who, times, points })
    }

    /// The rival's coordinates where those sought are `x`.
    fn coordinates(&self, x: &[f64]) -> Vec<f64> {
        let mut z = self.other.moved(&[]);
        self.other.typical.iter().zip(x).for_each(|(own, x)| z[own.coordinate] = *x);
        z
    }

    fn start(&self) -> Vec<f64> {
        let z = self.other.moved(&[]);
        self.other.typical.iter().map(|own| z[own.coordinate]).collect()
    }

    /// The squares that the rival leaves at some samples of each arm, with their slopes by what is sought.
    fn near(&self, courses: &[Course], choice: &Choice, x: &[f64]) -> Option<Near> {
        let (n, all, z) = (x.len(), self.other.coordinates(), self.coordinates(x));
        let mut near = Near { value: 0.0, gradient: DVector::zeros(n), hessian: DMatrix::zeros(n, n) };
        for (course, numbers) in courses.iter().zip(choice) {
            let mut numbers = numbers.clone();
            numbers.sort_unstable();
            let times: Vec<f64> = numbers.iter().map(|i| course.times[*i]).collect();
            let curve = self.other.curve(&course.who, &z, &times, false).ok()?;
            for (i, level) in numbers.iter().zip(&curve.levels) {
                let point = &course.points[*i];
                if point.people == 0.0 {
                    continue;
                }
                let (mean, first, second) = compared(point, level[0])?;
                let (weight, off) = (point.people / point.variance, point.mean - mean);
                near.value += weight * off * off;
                let slope = |k: usize| level[1 + self.other.typical[k].coordinate];
                for a in 0..n {
                    near.gradient[a] -= 2.0 * weight * off * first * slope(a);
                    for b in 0..n {
                        let (i, j) = (self.other.typical[a].coordinate, self.other.typical[b].coordinate);
                        let bend = first * level[at_second(all, i, j)] + second * slope(a) * slope(b);
                        near.hessian[(a, b)] += 2.0 * weight * (first * first * slope(a) * slope(b) - off * bend);
                    }
                }
            }
        }
        near.value.is_finite().then_some(near)
    }

    /// The best rival: from where the last one was, and where none is known from its start and about it.
    fn best(&self, courses: &[Course], choice: &Choice, warm: Option<&[f64]>) -> Option<Least> {
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
        let ends = starts.iter().filter_map(|start| least(|x| self.near(courses, choice, x), start));
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

/// Candidates with the best rival of the choice that was begun.
struct Gap<'a> {
    rival: &'a Rival,
    courses: Vec<Course>,
    choice: Choice,
    value: f64,
    x: Vec<f64>,
    /// The squares of each candidate at that rival.
    squares: Vec<Vec<f64>>,
}

impl Tally for Gap<'_> {
    fn begin(&mut self, choice: &Choice) -> Option<f64> {
        let found = self.rival.best(&self.courses, choice, None)?;
        (self.value, self.x) = (found.near.value, found.x);
        self.choice.clone_from(choice);
        let z = self.rival.coordinates(&self.x);
        self.squares = self.courses.iter().map(|course| course.squares(self.rival, &z)).collect::<Option<_>>()?;
        Some(self.value)
    }

    fn trial(&mut self, arms: &[usize], slot: usize, candidate: usize) -> Option<f64> {
        let gained: f64 =
            arms.iter().map(|arm| self.squares[*arm][candidate] - self.squares[*arm][self.choice[*arm][slot]]).sum();
        // At the same rival it can only be less.
        if gained <= 0.0 {
            return Some(self.value + gained);
        }
        let mut choice = self.choice.clone();
        for arm in arms {
            choice[*arm][slot] = candidate;
        }
        Some(self.rival.best(&self.courses, &choice, Some(&self.x))?.near.value)
    }
}

impl Course {
    /// The squares of each candidate at a rival.
    fn squares(&self, rival: &Rival, z: &[f64]) -> Option<Vec<f64>> {
        let curve = rival.other.curve(&self.who, z, &self.times, false).ok()?;
        let square = |(point, level): (&Point, &crate::sensitivity::Jet)| {
            compared(point, level[0])
                .map_or(0.0, |(mean, ..)| point.people * (point.mean - mean).powi(2) / point.variance)
        };
        Some(self.points.iter().zip(&curve.levels).map(square).collect())
    }
}

impl Certified for Gap<'_> {
    fn check(&self) -> Result<()> {
        /// What rounding and a search leave, of the squares of the levels.
        const NOTHING: f64 = 1e-9;
        let all: Choice = self.courses.iter().map(|course| (0..course.points.len()).collect()).collect();
        let points = self.courses.iter().flat_map(|course| &course.points);
        let whole: f64 = points.map(|point| point.people * point.mean * point.mean / point.variance).sum();
        match self.rival.best(&self.courses, &all, None) {
            Some(found) if found.near.value <= NOTHING * whole => Err(Error::value(
                "the rival can show all that this theory shows, so that no sample tells them apart: exchange the two, if the rival is the wider one",
            )),
            _ => Ok(()),
        }
    }

    fn certificate(&mut self, slots: &Slots<'_>, value: f64) -> Option<Certificate> {
        let (mut bound, mut most) = (0.0, Vec::new());
        for arms in slots.groups() {
            let each = slots.best_alone(&arms, |i| arms.iter().map(|arm| self.squares[*arm][i]).sum());
            let given = each.iter().map(|(_, count, worth)| count * worth).sum();
            bound += given;
            most.push((given, each.iter().map(|(best, ..)| slots.spots[arms[0]][*best].time).collect()));
        }
        Some(Certificate { efficiency: (value / bound).min(1.0), bound, most, exhaustive: true })
    }
}

impl Engine for Rival {
    fn tally(&self, arms: &[Arm], spots: &[Vec<Spot>]) -> Result<Box<dyn Certified + '_>> {
        let courses = arms.iter().zip(spots).map(|(arm, spots)| self.course(arm, spots, false));
        let (courses, choice): (Vec<Course>, _) = (courses.collect::<Result<_>>()?, Choice::new());
        Ok(Box::new(Gap { rival: self, courses, choice, value: 0.0, x: Vec::new(), squares: Vec::new() }))
    }

    fn in_time(&self, arms: &[Arm], spots: &[Vec<Spot>], _: f64) -> Option<(f64, Vec<Vec<f64>>)> {
        let courses = arms.iter().zip(spots).map(|(arm, spots)| self.course(arm, spots, true).ok());
        let courses: Vec<Course> = courses.collect::<Option<_>>()?;
        let all: Choice = spots.iter().map(|own| (0..own.len()).collect()).collect();
        let warm = self.last.borrow().clone();
        let found = self.best(&courses, &all, warm.as_deref())?;
        let z = self.coordinates(&found.x);
        let of_course = |course: &Course| {
            let curve = self.other.curve(&course.who, &z, &course.times, true).ok()?;
            let slope = |((point, level), slope): ((&Point, &crate::sensitivity::Jet), &crate::sensitivity::Jet)| {
                let Some((mean, first, _)) = compared(point, level[0]) else { return 0.0 };
                let off = point.mean - mean;
                let apart = point.slopes[0] - first * slope[0];
                point.people * (2.0 * off * apart - off * off * point.slopes[1] / point.variance) / point.variance
            };
            Some(course.points.iter().zip(&curve.levels).zip(&curve.slopes).map(slope).collect())
        };
        Some((found.near.value, courses.iter().map(of_course).collect::<Option<_>>()?))
    }
}
