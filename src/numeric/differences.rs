//! Differences of what has no written derivative.

/// The slope at 0 of a function of a step, by central differences of the fourth order; none where it has no value at one of the four points.
pub(crate) fn fourth(step: f64, mut f: impl FnMut(f64) -> Option<f64>) -> Option<f64> {
    Some((8.0 * (f(step)? - f(-step)?) - (f(2.0 * step)? - f(-2.0 * step)?)) / (12.0 * step))
}
