//! From a value to its place on an axis, linear or logarithmic.

/// The values at both ends of an axis and the way between them; `low < high`, and above zero where it is a
/// logarithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) log: bool,
}

impl Scale {
    pub(super) const fn linear(low: f64, high: f64) -> Self {
        Self { low, high, log: false }
    }

    pub(super) const fn log(low: f64, high: f64) -> Self {
        Self { low, high, log: true }
    }

    /// Where a value lies: 0 at the low end, 1 at the high end, beyond for values beyond.
    pub(super) fn unit(&self, value: f64) -> f64 {
        if self.log {
            let (low, high) = (self.low.ln(), self.high.ln());
            return (value.max(f64::MIN_POSITIVE).ln() - low) / (high - low);
        }
        // Halves, because the distance from -1e308 to 1e308 is not a number.
        (0.5 * value - 0.5 * self.low) / (0.5 * self.high - 0.5 * self.low)
    }

    /// The value that lies at `unit`.
    pub(super) fn value(&self, unit: f64) -> f64 {
        if self.log {
            let (low, high) = (self.low.ln(), self.high.ln());
            return (low + unit * (high - low)).exp();
        }
        (1.0 - unit) * self.low + unit * self.high
    }

    pub(super) fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_and_value_are_each_others_inverse_even_at_the_ends_of_the_numbers() {
        let scales = [Scale::linear(-2.0, 8.0), Scale::log(1e-3, 1e4), Scale::linear(-1e308, 1e308)];
        for scale in scales {
            for unit in [0.0, 0.25, 0.5, 1.0] {
                assert!((scale.unit(scale.value(unit)) - unit).abs() < 1e-12, "{scale:?} at {unit}");
            }
        }
    }
}
