//! The levels that an arm is expected to show: of the typical person, and between which nine in ten lie.

use super::parts::root;
use super::plan::Design;
use crate::error::{Error, Result};
use crate::fit::{Outlook, somebody};
use crate::numeric::normal_quantile;
use crate::population::quantiles;
use crate::random::{Purpose, Stream};

/// How many people are drawn for a band, and from which seed.
const DRAWS: (u64, u64) = (300, 1);

/// Levels at some times.
pub(crate) struct Seen {
    pub(crate) typical: Vec<f64>,
    pub(crate) low: Vec<f64>,
    pub(crate) high: Vec<f64>,
    /// Whether the ends are those of people, and not those of the error alone.
    pub(crate) of_people: bool,
}

impl Design {
    /// The levels of an arm at times that never decrease: of the typical person, and the ends between which nine in ten people lie; where nothing varies
    /// between them, nine in ten samples.
    ///
    /// # Errors
    /// An arm that the design does not have; a course that cannot be.
    pub(crate) fn seen(&self, arm: usize, times: &[f64]) -> Result<Seen> {
        let arm = self.arms().get(arm).ok_or_else(|| {
            let count = self.arms().len();
            Error::value(format!("there is no arm {arm}: the design has {count}, counted from 0"))
        })?;
        let outlook = Outlook::of(self.theory())?.on(1 + arm.occasions().len());
        let who = somebody(arm.regimen(), arm.covariates(), arm.occasions())?;
        let levels = |eta: &[f64]| -> Result<Vec<f64>> {
            let curve = outlook.curve(&who, &outlook.moved(eta), times, false)?;
            Ok(curve.levels.iter().map(|level| level[0]).collect())
        };
        let typical = levels(&[])?;
        if outlook.varying.is_empty() && outlook.within.is_empty() {
            let law = outlook.laws(None);
            let ends = |level: &f64| law(*level).map_or((*level, *level), |law| within(law.mean, law.variance[0]));
            let (low, high) = typical.iter().map(ends).unzip();
            return Ok(Seen { typical, low, high, of_people: false });
        }
        let root = root(&outlook)?;
        let person = |subject: u64| {
            let mut draw = Stream { seed: DRAWS.1, subject, purpose: Purpose::Person }.draw();
            levels(&outlook.drawn(&root, || draw.normal()))
        };
        let people: Vec<Vec<f64>> = (0..DRAWS.0).map(person).collect::<Result<_>>()?;
        let at = |i: usize| quantiles(&people.iter().map(|own| own[i]).collect::<Vec<_>>(), [0.05, 0.95]);
        let ends: Vec<[f64; 2]> = (0..times.len()).map(at).collect::<Result<_>>()?;
        let (low, high) = ends.into_iter().map(|[low, high]| (low, high)).unzip();
        Ok(Seen { typical, low, high, of_people: true })
    }
}

/// The ends of nine in ten samples whose mean, on a scale, is this with these slopes: the logarithm bends, a level does not.
fn within(mean: [f64; 4], variance: f64) -> (f64, f64) {
    let reach = normal_quantile(0.95) * variance.sqrt();
    if mean[2] == 0.0 {
        return ((mean[0] - reach).max(0.0), mean[0] + reach);
    }
    ((mean[0] - reach).exp(), (mean[0] + reach).exp())
}
