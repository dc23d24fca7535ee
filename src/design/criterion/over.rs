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
        let mut values = self.scores.iter().zip(matrices).map(|(score, matrix)| score.value(matrix));
        if self.scores.len() == 1 {
            return values.next()?.filter(|value| value.is_finite());
        }
        let values: Vec<f64> = values.collect::<Option<_>>()?;
        #[expect(clippy::cast_precision_loss, reason = "a count of theories")]
        let n = values.len() as f64;
        let value = if self.worst {
            values.iter().copied().fold(f64::INFINITY, f64::min)
        } else {
            (values.iter().map(|value| value.ln()).sum::<f64>() / n).exp()
        };
        Some(value).filter(|value| value.is_finite())
    }

    /// The slope of the value by the information of each theory; of the worst, that of the theory that is worst.
    pub(in crate::design) fn slopes(&self, matrices: &[DMatrix<f64>]) -> Option<Vec<DMatrix<f64>>> {
        let values: Vec<f64> =
            self.scores.iter().zip(matrices).map(|(score, matrix)| score.value(matrix)).collect::<Option<_>>()?;
        let slopes = self.scores.iter().zip(matrices).map(|(score, matrix)| score.slope(matrix));
        let mut slopes: Vec<DMatrix<f64>> = slopes.collect::<Option<_>>()?;
        let whole = self.value(matrices)?;
        #[expect(clippy::cast_precision_loss, reason = "a count of theories")]
        let n = values.len() as f64;
        let worst = (0..values.len()).min_by(|a, b| values[*a].total_cmp(&values[*b]))?;
        for (i, slope) in slopes.iter_mut().enumerate() {
            *slope *= match self.worst {
                true if i == worst => 1.0,
                true => 0.0,
                false => whole / (n * values[i]),
            };
        }
        Some(slopes)
    }

    /// The value and slope of each theory by itself, where the worst counts.
    pub(in crate::design) fn each(&self, matrices: &[DMatrix<f64>]) -> Option<Vec<(f64, DMatrix<f64>)>> {
        let all = self.scores.iter().zip(matrices);
        all.map(|(score, matrix)| Some((score.value(matrix)?, score.slope(matrix)?))).collect()
    }

    pub(in crate::design) fn is_worst(&self) -> bool {
        self.worst && self.views.len() > 1
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
