//! Samples of many people dealt to bins of time.

use crate::error::{Error, Result};

/// How the samples of a [`Vpc`](super::Vpc) are dealt to bins, in each stratum by its own samples.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Bins {
    /// One bin for each time if there are at most 20 of them; else ten of about as many samples.
    #[default]
    Automatic,
    /// Bins of about as many samples each, at most so many; samples of one time stay together.
    Number(usize),
    /// One bin for each nominal time (h): a sample goes to the nearest, of two as near to the earlier.
    Times(Vec<f64>),
    /// Bins between breaks (h) that increase: each has its lower break and not its upper, but for the last, which has both.
    Breaks(Vec<f64>),
}

/// So many distinct times have a bin each.
const DISTINCT: usize = 20;

impl Bins {
    /// The number of the bin of each time; bins stand in order of time, and some may be empty.
    pub(super) fn deal(&self, times: &[f64]) -> Result<Vec<usize>> {
        let mut sorted = times.to_vec();
        sorted.sort_by(f64::total_cmp);
        let mut distinct = sorted.clone();
        distinct.dedup();
        match self {
            Self::Automatic if distinct.len() <= DISTINCT => {
                Ok(times.iter().map(|time| last(&distinct, *time)).collect())
            }
            Self::Automatic => Self::Number(10).deal(times),
            Self::Number(0) => Err(Error::value("0 bins cannot be: ask for at least one")),
            Self::Number(number) => {
                let number = (*number).min(sorted.len());
                let mut edges: Vec<f64> = (0..number).map(|i| sorted[i * sorted.len() / number]).collect();
                edges.dedup();
                Ok(times.iter().map(|time| last(&edges, *time)).collect())
            }
            Self::Times(nominal) => {
                check(nominal, 1, "nominal times")?;
                let middles: Vec<f64> = nominal.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
                Ok(times.iter().map(|time| middles.partition_point(|middle| middle < time)).collect())
            }
            Self::Breaks(breaks) => {
                check(breaks, 2, "breaks")?;
                times.iter().map(|time| within(breaks, *time)).collect()
            }
        }
    }
}

/// The number of the last edge that is not beyond a time.
fn last(edges: &[f64], time: f64) -> usize {
    edges.partition_point(|edge| *edge <= time).saturating_sub(1)
}

fn within(breaks: &[f64], time: f64) -> Result<usize> {
    let (first, end) = (breaks[0], breaks[breaks.len() - 1]);
    if !(first..=end).contains(&time) {
        return Err(Error::value(format!(
            "a sample at {time} h lies outside the breaks {first} to {end} h: let the breaks reach from the first sample to the last"
        )));
    }
    Ok(last(breaks, time).min(breaks.len() - 2))
}

fn check(edges: &[f64], least: usize, what: &str) -> Result<()> {
    let increase = edges.windows(2).all(|pair| pair[0] < pair[1]) && edges.iter().all(|edge| edge.is_finite());
    if edges.len() >= least && increase {
        return Ok(());
    }
    Err(Error::value(format!(
        "the {what} of bins are {edges:?}, but there must be at least {least}, finite and increasing"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_one_time_stay_together() {
        let times = [0.0, 1.0, 1.0, 1.0, 2.0, 9.0];
        assert_eq!(Bins::Automatic.deal(&times), Ok(vec![0, 1, 1, 1, 2, 3]));
        assert_eq!(Bins::Number(3).deal(&times), Ok(vec![0, 1, 1, 1, 2, 2]));
        assert_eq!(Bins::Number(2).deal(&times), Ok(vec![0, 1, 1, 1, 1, 1]));
        assert_eq!(Bins::Times(vec![0.0, 2.0, 8.0]).deal(&times), Ok(vec![0, 0, 0, 0, 1, 2]));
        assert_eq!(Bins::Breaks(vec![0.0, 1.0, 9.0]).deal(&times), Ok(vec![0, 1, 1, 1, 1, 1]));
    }

    #[test]
    fn breaks_must_hold_every_sample() {
        let error = Bins::Breaks(vec![0.5, 3.0]).deal(&[1.0, 4.0]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a sample at 4 h lies outside the breaks 0.5 to 3 h: let the breaks reach from the first sample to the last"
        );
        assert!(Bins::Breaks(vec![1.0, 1.0]).deal(&[1.0]).is_err());
        assert!(Bins::Number(0).deal(&[1.0]).is_err());
    }
}
