//! A sample as a design sees it: what it tells of its mean and variance, and how these go by the numbers and the deviations.

use smallvec::SmallVec;

use super::limit::told;
use crate::fit::Law;
use crate::sensitivity::at_second;

/// The numbers of a row: what is told of the mean, of both and of the variance; the slopes of the mean by the numbers; those of the variance by
/// the numbers and by those of the error; the slopes of the mean by the deviations; those of each of these by the numbers.
pub(super) type Numbers = SmallVec<[f64; 24]>;

/// Where the slopes of the mean begin.
pub(super) const MEAN: usize = 3;

/// A sample.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) numbers: Numbers,
    /// How they change in time; empty where nobody asked.
    pub(super) in_time: Numbers,
}

/// What the numbers of rows are by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    /// For each number the coordinate of a person that it moves, and its slope by that.
    pub(super) by: Vec<(usize, f64)>,
    /// How many numbers of the error are sought.
    pub(super) errors: usize,
    /// The coordinate that each deviation moves.
    pub(super) eta: Vec<usize>,
    /// Whether the slopes by the deviations are wanted with their own slopes.
    pub(super) bends: bool,
}

/// A level by the coordinates of a person, and its slope in time if that is asked for.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) level: &'a [f64],
    pub(super) slope: Option<&'a [f64]>,
    pub(super) coordinates: usize,
}

impl Shape {
    pub(super) fn variance(&self) -> usize {
        MEAN + self.by.len()
    }

    pub(super) fn deviations(&self) -> usize {
        self.variance() + self.by.len() + self.errors
    }

    pub(super) fn bend(&self) -> usize {
        self.deviations() + self.eta.len()
    }

    /// The row of a sample whose level is seen, under a law, with a limit on the scale of comparison.
    pub(super) fn row(&self, seen: Seen<'_>, law: &Law, limit: Option<f64>) -> Row {
        let off = seen.slope.map_or(0.0, |slope| slope[0]);
        let by = [law.mean[1] * off, law.variance[1] * off];
        let (value, changing) = told([law.mean[0], law.variance[0]], limit, by);
        let mut row = Row { numbers: Numbers::from_slice(&value), in_time: Numbers::new() };
        self.fill(&mut row.numbers, seen, law, None);
        if seen.slope.is_some() {
            row.in_time = Numbers::from_slice(&changing);
            self.fill(&mut row.in_time, seen, law, seen.slope);
        }
        row
    }

    /// The slopes, or with those of the level in time how they change.
    fn fill(&self, out: &mut Numbers, seen: Seen<'_>, law: &Law, slope: Option<&[f64]>) {
        let (f, m, r) = (seen.level, law.mean, law.variance);
        let first = |i: usize| match slope {
            None => m[1] * f[1 + i],
            Some(g) => m[2] * g[0] * f[1 + i] + m[1] * g[1 + i],
        };
        let spread = |i: usize| match slope {
            None => r[1] * f[1 + i],
            Some(g) => r[2] * g[0] * f[1 + i] + r[1] * g[1 + i],
        };
        let second = |i: usize, j: usize| {
            let (at, (a, b)) = (at_second(seen.coordinates, i, j), (f[1 + i], f[1 + j]));
            match slope {
                None => m[2] * a * b + m[1] * f[at],
                Some(g) => {
                    let crossed = g[1 + i] * b + a * g[1 + j];
                    m[3] * g[0] * a * b + m[2] * (crossed + g[0] * f[at]) + m[1] * g[at]
                }
            }
        };
        out.extend(self.by.iter().map(|(i, scale)| first(*i) / scale));
        out.extend(self.by.iter().map(|(i, scale)| spread(*i) / scale));
        out.extend(law.by_error.iter().take(self.errors).map(|[own, mixed]| slope.map_or(*own, |g| mixed * g[0])));
        out.extend(self.eta.iter().map(|k| first(*k)));
        if self.bends {
            for (i, scale) in &self.by {
                out.extend(self.eta.iter().map(|k| second(*k, *i) / scale));
            }
        }
    }
}
