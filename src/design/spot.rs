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

/// Limits of quantification (µg/L): one for all kinds, and those of kinds that have their own.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Limits {
    pub(super) all: Option<f64>,
    pub(super) own: Vec<(u32, f64)>,
}

impl Limits {
    /// That of a kind.
    pub(super) fn of(&self, kind: Option<u32>) -> Option<f64> {
        self.own.iter().find(|(own, _)| Some(*own) == kind).map(|(_, limit)| *limit).or(self.all)
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

/// Into how many parts a window about a planned time is cut: a prime, so that the parts of two samples are met in all orders.
const KEPT: usize = 11;

/// The part of a window, from -1 to 1, in which a sample is taken in a draw: each sample meets every part once.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn kept(draw: usize, sample: usize) -> f64 {
    let part = (draw * (1 + sample % (KEPT - 1)) + sample) % KEPT;
    (2 * part + 1) as f64 / KEPT as f64 - 1.0
}

/// How many draws the mean over a window is taken of.
pub(super) fn drawn(window: f64) -> usize {
    if window == 0.0 { 1 } else { KEPT }
}

/// Samples as they are taken in a draw, within some hours of their times: of two kinds at one time together.
pub(super) fn late(spots: &[Spot], window: f64, draw: usize) -> Vec<Spot> {
    if window == 0.0 {
        return spots.to_vec();
    }
    let mut number = 0;
    let of = |(i, spot): (usize, &Spot)| {
        let before = i.checked_sub(1).map(|before| spots[before]);
        let is_same = before.is_some_and(|before| before.time == spot.time && before.kind != spot.kind);
        number += usize::from(i > 0 && !is_same);
        Spot { time: spot.time + window * kept(draw, number), ..*spot }
    };
    spots.iter().enumerate().map(of).collect()
}
