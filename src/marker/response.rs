//! A marker over time.

use serde::Serialize;

/// The values of a marker at the times of the profile that drove it.
///
/// ```
/// use menaquinone::{Profile, marker::DP_UCMGP};
/// let level = Profile::new(vec![0.0, 500.0, 1000.0], vec![0.28, 5.0, 8.0])?;
/// let response = DP_UCMGP.response(&level)?;
/// assert_eq!((response.label(), response.unit(), response.baseline()), ("dp-ucMGP", "pmol/L", 376.0));
/// assert_eq!(response.changes().next(), Some((0.0, 0.0))); // h, % of the baseline
/// assert_eq!(response.lowest(), (1000.0, response.last()));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Response {
    label: String,
    unit: String,
    baseline: f64,
    times: Vec<f64>,
    values: Vec<f64>,
}

impl Response {
    /// Values at times, of which there is at least one.
    pub(crate) fn new(times: Vec<f64>, values: Vec<f64>, baseline: f64) -> Self {
        debug_assert!(!times.is_empty() && times.len() == values.len());
        Self { label: String::new(), unit: String::new(), baseline, times, values }
    }

    /// This response under a name and with a unit, for charts and tables.
    #[must_use]
    pub fn labelled(self, label: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { label: label.into(), unit: unit.into(), ..self }
    }

    /// What the values are called; empty where nobody has said.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The unit of the values; empty for a pure number or where nobody has said.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// The value at the habitual level.
    pub fn baseline(&self) -> f64 {
        self.baseline
    }

    /// The times, h.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The values, in the unit of the marker.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The pairs (time in h, value).
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (f64, f64)> + '_ {
        self.times.iter().copied().zip(self.values.iter().copied())
    }

    /// The pairs (time in h, change from the baseline in %).
    pub fn changes(&self) -> impl ExactSizeIterator<Item = (f64, f64)> + '_ {
        self.iter().map(|(time, value)| (time, self.percent(value)))
    }

    /// The change from the baseline at the last time, %.
    pub fn change(&self) -> f64 {
        self.percent(self.last())
    }

    /// The value at the last time.
    pub fn last(&self) -> f64 {
        self.values.last().copied().unwrap_or(self.baseline)
    }

    /// The time (h) of the lowest value, the first of several, and the value.
    pub fn lowest(&self) -> (f64, f64) {
        let first = (self.times.first().copied().unwrap_or(0.0), f64::INFINITY);
        self.iter().fold(first, |lowest, point| if point.1 < lowest.1 { point } else { lowest })
    }

    fn percent(&self, value: f64) -> f64 {
        100.0 * (value - self.baseline) / self.baseline
    }

    /// Value by value, from two responses at the same times.
    pub(super) fn combined(&self, other: &Self, read: impl Fn(f64, f64) -> f64) -> Self {
        let values = self.values.iter().zip(&other.values).map(|(a, b)| read(*a, *b)).collect();
        Self::new(self.times.clone(), values, read(self.baseline, other.baseline))
    }
}
