//! One axis: its scale and its ticks.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged};

use super::scale::Scale;
use super::ticks::Tick;

/// A scale with its ticks, in the shape plotters asks for.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    pub(super) scale: Scale,
    pub(super) ticks: Vec<Tick>,
    pub(super) label: String,
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        let (start, end) = (f64::from(start), f64::from(end));
        (start + self.scale.unit(*value) * (end - start)).round() as i32
    }

    /// The labelled ticks: our own choice, whatever number plotters hints at.
    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        self.ticks.iter().filter(|tick| !tick.label.is_empty()).map(|tick| tick.value).collect()
    }

    fn range(&self) -> Range<f64> {
        self.scale.low..self.scale.high
    }
}
