//! A sample that may be taken: when, and of which kind.

use std::cmp::Ordering;

/// A time (h) and a kind of observation (DVID); none is the kind that has the theory's first error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    pub(super) time: f64,
    pub(super) kind: Option<u32>,
}

impl Spot {
    /// The order of time, and of kinds at one time.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.time.total_cmp(&other.time).then(self.kind.cmp(&other.kind))
    }

    /// Whether one person can give both where samples lie so many hours apart: two kinds at one time are one sample that is measured twice.
    pub(super) fn is_apart(&self, other: &Self, hours: f64) -> bool {
        (self.time - other.time).abs() >= hours - 1e-9 || self.kind != other.kind && self.time == other.time
    }
}

/// Times of the first kind.
pub(super) fn spots(times: &[f64]) -> Vec<Spot> {
    times.iter().map(|time| Spot { time: *time, kind: None }).collect()
}

/// The times of some spots.
pub(super) fn times_of(spots: &[Spot]) -> Vec<f64> {
    spots.iter().map(|spot| spot.time).collect()
}
