//! A criterion at one theory, on the mean over several, or at the worst of them.

use std::fmt;

use nalgebra::DMatrix;

use super::{Criterion, Kind, Score};
use crate::design::plan::Design;
use crate::design::view::View;
use crate::error::{Error, Result};
use crate::fit::Theory;

/// At which theories a criterion is taken.
#[derive(Debug, Clone)]
pub(in crate::design) enum Over {
    /// At the theory of the design.
    Start,
    Mean(Vec<Theory>),
    Worst(Vec<Theory>),
}

impl fmt::Display for Over {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => Ok(()),
            Self::Mean(all) => write!(out, " on the mean of {} theories", all.len()),
            Self::Worst(all) => write!(out, " at the worst of {} theories", all.len()),
        }
    }
}

/// A criterion of a design: its theories, each with its score.
pub(in crate::design) struct Goal {
    pub(in crate::design) views: Vec<View>,
    scores: Vec<Box<dyn Score>>,
    worst: bool,
}

impl Goal {
    /// # Errors
    /// No theory; theories of other numbers; what the measure refuses.
    pub(in crate::design) fn new(criterion: &Criterion, design: &Design) -> Result<Self> {
        let own = &design.view;
        let (views, worst) = match &criterion.over {
            Over::Start => (vec![View::clone(own)], false),
            Over::Mean(all) => (other_views(own, all)?, false),
            Over::Worst(all) => (other_views(own, all)?, true),
        };
        let Kind::Of(measure) = &criterion.kind else {
            return Err(Error::value(
                "telling a rival apart is no function of the information: ask for another criterion here",
            ));
        };
        let scores = views.iter().map(|view| measure.on(view)).collect::<Result<_>>()?;
        Ok(Self { views, scores, worst })
    }

    /// The value at the information of each theory.
    pub(in crate::design) fn value(&self, matrices: &[DMatrix<f64>]) -> Option<f64> {
        self.value_by(matrices, f64::INFINITY)
    }

    /// The value where the worst theory is blended with the others: the mean of the power `-sharp`, which is never below the worst, and nears it as
    /// `sharp` grows. It is concave and grows with the people as the worst does, and it has slopes everywhere.
    pub(in crate::design) fn value_by(&self, matrices: &[DMatrix<f64>], sharp: f64) -> Option<f64> {
        let values = self.scores.iter().zip(matrices).map(|(score, matrix)| score.value(matrix));
        if self.scores.len() == 1 {
            return { values }.next()?.filter(|value| value.is_finite());
        }
        let logs: Vec<f64> = values.map(|value| value.map(f64::ln)).collect::<Option<_>>()?;
        Some(self.blend(&logs, sharp).0.exp()).filter(|value| value.is_finite())
    }

    /// The logarithm of the value from those of the theories, and its slope by each of them.
    fn blend(&self, logs: &[f64], sharp: f64) -> (f64, Vec<f64>) {
        #[expect(clippy::cast_precision_loss, reason = "a count of theories")]
        let n = logs.len() as f64;
        if !self.worst {
            return (logs.iter().sum::<f64>() / n, vec![1.0 / n; logs.len()]);
        }
        let least = logs.iter().copied().fold(f64::INFINITY, f64::min);
        if sharp.is_infinite() {
            let first = logs.iter().position(|own| *own == least);
            return (least, (0..logs.len()).map(|i| f64::from(u8::from(Some(i) == first))).collect());
        }
        let weights: Vec<f64> = logs.iter().map(|own| (-sharp * (own - least)).exp()).collect();
        let sum: f64 = weights.iter().sum();
        (least - (sum / n).ln() / sharp, weights.into_iter().map(|own| own / sum).collect())
    }

    /// The slope of that value by the information of each theory; of the worst alone, that of the theory that is worst.
    pub(in crate::design) fn slopes_by(&self, matrices: &[DMatrix<f64>], sharp: f64) -> Option<Vec<DMatrix<f64>>> {
        let all = self.scores.iter().zip(matrices);
        let logs: Vec<f64> = all.clone().map(|(score, own)| score.value(own).map(f64::ln)).collect::<Option<_>>()?;
        let (whole, shares) = self.blend(&logs, sharp);
        let weighed = all.zip(logs.iter().zip(&shares));
        weighed.map(|((score, own), (log, share))| Some(score.slope(own)? * ((whole - log).exp() * share))).collect()
    }

    /// How sharply the worst is blended, from stage to stage of a search; one stage where nothing is blended.
    pub(in crate::design) fn stages(&self) -> &'static [f64] {
        if self.worst && self.views.len() > 1 { &[30.0, 300.0, 3e3, 3e4] } else { &[f64::INFINITY] }
    }
}

fn other_views(own: &View, all: &[Theory]) -> Result<Vec<View>> {
    if all.is_empty() {
        return Err(Error::value("a criterion over theories needs some: give at least one"));
    }
    let view = |theory: &Theory| {
        let mut view = View::new(theory, own.approximation)?;
        if view.names != own.names {
            return Err(Error::value(format!(
                "a theory of the criterion tells {}, and the design {}: both must have the same free numbers",
                view.names.join(", "),
                own.names.join(", ")
            )));
        }
        view.prior = view.prior.or_else(|| own.prior.clone());
        Ok(view)
    };
    all.iter().map(view).collect()
}
