//! One metric over many subjects.

use super::missing::{Missing, Outcome, number, ratio};
use super::registry::Metric;
use super::slope::count;
use crate::numeric::sort_ascending;

/// Statistics of the values of a metric over all subjects that have it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Summary {
    /// The metric.
    pub metric: &'static Metric,
    /// How many subjects have a value.
    pub n: usize,
    /// How many have none.
    pub missing: usize,
    /// The mean, in the unit of the metric.
    pub mean: Outcome,
    /// The standard deviation, with `n - 1`.
    pub sd: Outcome,
    /// The coefficient of variation, `100 sd / mean`, %.
    pub cv: Outcome,
    /// The geometric mean.
    pub geo_mean: Outcome,
    /// The geometric coefficient of variation, `100 sqrt(exp(s²) - 1)` with the standard deviation `s` of the logarithms, %.
    pub geo_cv: Outcome,
    /// The median; the mean of the two in the middle of an even number.
    pub median: Outcome,
    /// The lowest.
    pub min: Outcome,
    /// The highest.
    pub max: Outcome,
}

impl Summary {
    pub(super) const HEADER: [&str; 12] =
        ["symbol", "unit", "n", "missing", "mean", "sd", "cv_pct", "geo_mean", "geo_cv_pct", "median", "min", "max"];

    pub(super) fn of(metric: &'static Metric, outcomes: impl Iterator<Item = Outcome>) -> Self {
        let outcomes: Vec<Outcome> = outcomes.collect();
        let mut values: Vec<f64> = outcomes.iter().filter_map(|outcome| outcome.ok()).collect();
        sort_ascending(&mut values);
        let logs: Result<Vec<f64>, Missing> =
            values.iter().map(|value| if *value > 0.0 { Ok(value.ln()) } else { Err(Missing::NotPositive) }).collect();
        let (mean, sd) = (mean(&values), deviation(&values));
        Self {
            metric,
            n: values.len(),
            missing: outcomes.len() - values.len(),
            mean,
            sd,
            cv: sd.and_then(|sd| Ok(100.0 * ratio(sd, mean?.abs())?)),
            geo_mean: logs.as_deref().map_err(|missing| *missing).and_then(self::mean).map(f64::exp),
            geo_cv: logs
                .as_deref()
                .map_err(|missing| *missing)
                .and_then(deviation)
                .and_then(|s| number(100.0 * (s * s).exp_m1().sqrt())),
            median: median(&values),
            min: values.first().copied().ok_or(Missing::NoValues),
            max: values.last().copied().ok_or(Missing::NoValues),
        }
    }

    /// In the order of the header.
    pub(super) fn values(&self) -> [Outcome; 8] {
        [self.mean, self.sd, self.cv, self.geo_mean, self.geo_cv, self.median, self.min, self.max]
    }

    pub(super) fn cells(&self) -> Vec<String> {
        let head =
            [self.metric.symbol.to_owned(), self.metric.unit.to_owned(), self.n.to_string(), self.missing.to_string()];
        let values = self.values().map(|value| value.map_or(String::new(), |value| value.to_string()));
        head.into_iter().chain(values).collect()
    }
}

fn mean(values: &[f64]) -> Outcome {
    if values.is_empty() { Err(Missing::NoValues) } else { number(values.iter().sum::<f64>() / count(values.len())) }
}

fn deviation(values: &[f64]) -> Outcome {
    let mean = mean(values)?;
    if values.len() < 2 {
        return Err(Missing::OneValue);
    }
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    number((squares / count(values.len() - 1)).sqrt())
}

fn median(ascending: &[f64]) -> Outcome {
    let middle = ascending.len() / 2;
    match ascending.len() {
        0 => Err(Missing::NoValues),
        n if n % 2 == 1 => Ok(ascending[middle]),
        _ => Ok(0.5 * (ascending[middle - 1] + ascending[middle])),
    }
}
