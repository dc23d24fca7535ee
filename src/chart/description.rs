//! A chart as data: what was said of it and not yet drawn.

use super::layer::Layer;
use super::page::Page;

/// A picture of concentrations over time, or of any pairs, ready for a paper.
///
/// Everything is added by chaining; nothing is checked until the chart is drawn. A label stands beside what it
/// names, in its colour, so there is no legend. Times are in h as everywhere; the axis turns to days beyond
/// three of them.
///
/// ```
/// use menaquinone::{Dose, Profile, Regimen, chart::Chart, units::*};
/// let profile = Profile::new(vec![0.0, 4.0, 24.0, 48.0, 96.0], vec![0.0, 2.1, 1.6, 1.2, 0.8])?;
/// let png = Chart::new("Menaquinone-7, 180 µg once")
///     .subtitle("Plasma concentration, invented numbers")
///     .curve("MK-7", &profile)
///     .doses(Dose::of(180.0 * UG))
///     .level("Fasting level, 0.5 µg/L", 0.5)
///     .moment("One half-life", 84.0 * HOUR)
///     .to_png()?;
/// assert!(png.starts_with(b"\x89PNG"));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a chart is only a description until it is saved"]
pub struct Chart {
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) caption: String,
    pub(super) layers: Vec<Layer>,
    /// What a y of the caller is multiplied with, for another unit.
    pub(super) unit: f64,
    pub(super) time: Time,
    pub(super) x: Request,
    /// Whether the x axis is logarithmic, and whether the y axis is.
    pub(super) log_x: bool,
    pub(super) log: bool,
    pub(super) y: Request,
    pub(super) page: Page,
}

/// What the caller wants of an axis.
#[derive(Debug, Clone, Default)]
pub(super) struct Request {
    pub(super) label: Option<String>,
    pub(super) range: Option<(f64, f64)>,
    /// Texts in place of numbers.
    pub(super) names: Vec<(f64, String)>,
    /// Whether it counts: there are no halves of people or samples.
    pub(super) whole: bool,
}

/// What the x axis measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// Time, in hours or days, whichever reads better.
    HoursOrDays,
    /// Time in hours under a label of the caller's.
    Hours,
    /// Anything else.
    No,
}

impl Chart {
    /// What the picture shows, for whoever cannot see it.
    pub(super) fn description(&self) -> String {
        let labels = self.layers.iter().map(|layer| layer.label.as_str()).filter(|label| !label.is_empty());
        let parts = [self.subtitle.clone(), labels.collect::<Vec<_>>().join("; "), self.caption.clone()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
    }
}
