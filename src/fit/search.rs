//! The search for the best values, from several starts.

use super::fitted::Fit;
use super::given::check_given;
use super::kinds::check_kinds;
use super::objective::Objective;
use super::samples::Sampled;
use super::start::{has_edges, is_least_squares, is_rugged, starts};
use super::theory::{Off, Theory, Weights};
use super::twins::{kin, twins};
use crate::error::{Error, Result};
use crate::numeric::{Least, least, least_unless};

impl Theory {
    /// Fits this theory to a curve: maximum likelihood, or least squares where no error is given.
    ///
    /// # Errors
    /// Fewer samples than unknowns, levels that are all below the limit, a limit in least squares, and what no start could explain.
    pub fn fit(&self, sampled: &Sampled) -> Result<Fit> {
        self.fit_pooled(std::slice::from_ref(sampled))
    }

    /// Fits this theory to several curves at once as if they were of one body: naive pooling.
    ///
    /// # Errors
    /// As for [`fit`](Self::fit).
    pub fn fit_pooled(&self, all: &[Sampled]) -> Result<Fit> {
        let free = self.free();
        check(self, all, free.len())?;
        all.iter().try_for_each(|sampled| self.check_known(sampled))?;
        let n = free.len();
        let objective = Objective::new(self, all);
        let mut ends = ends(self, &objective);
        let lowest = ends.iter().map(|end| end.near.value).fold(f64::INFINITY, f64::min);
        let is_lowest = |end: &Least| end.near.value <= lowest + 1e-8 * (1.0 + lowest.abs());
        // Of ends that are as low (an exchange of absorption and elimination changes no level) the one nearest to where the theory starts.
        let own = self.coordinates();
        let far = |end: &Least| end.x.iter().zip(&own).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
        ends.sort_by(|a, b| match (is_lowest(a), is_lowest(b)) {
            (true, true) => b.settled.cmp(&a.settled).then(far(a).total_cmp(&far(b))),
            _ => a.near.value.total_cmp(&b.near.value),
        });
        let mut ends = ends.into_iter();
        let found = ends.next().ok_or_else(|| {
            Error::value(
                "the theory has no likelihood at any start: check the units of the start values, and that the error has a spread at every level",
            )
        })?;
        let apart = |value: f64| (value - found.near.value).abs() > 1e-6 * (1.0 + found.near.value.abs());
        let elsewhere = |x: &[f64]| x.iter().zip(&found.x).any(|(a, b)| (a - b).abs() > 1e-3);
        let ends: Vec<Least> = ends.filter(|end| end.settled && elsewhere(&end.x)).collect();
        let twin = ends.iter().find(|end| !apart(end.near.value)).map(|end| self.values(&end.x));
        let others: Vec<f64> = ends.iter().map(|end| end.near.value).filter(|value| apart(*value)).collect();
        let mut fit =
            Fit { theory: self.clone(), data: all.to_vec(), found, others, twin, covariance: None, scale: 1.0 };
        if is_least_squares(self) {
            let left = fit.count() - n;
            #[expect(clippy::cast_precision_loss, reason = "a count of samples")]
            let left = left.max(1) as f64;
            fit.scale = fit.found.near.value / left;
        }
        fit.covariance = fit.find_covariance();
        // In a direction that the data do not tell, every end is as good as its neighbour: that is no twin.
        let twin_is_far = |twin: &Vec<f64>| {
            let told = fit.standard_errors().unwrap_or_default();
            told.iter().zip(fit.values()).zip(twin).any(|((se, own), other)| (own - other).abs() > 5.0 * se)
        };
        if !fit.twin.as_ref().is_some_and(twin_is_far) {
            fit.twin = None;
        }
        Ok(fit)
    }
}

/// The ends to which the best of the starts lead, each with its twins. Where a second start comes to an end that is known there is no more to
/// look for; where several ends may be, a third.
fn ends(theory: &Theory, objective: &Objective<'_>) -> Vec<Least> {
    let (most_followed, most_known) = if is_rugged(objective) { (6, 2) } else { (4, 1) };
    let mut ranked: Vec<(f64, Vec<f64>)> =
        starts(theory, objective).into_iter().filter_map(|x| Some((objective.value(&x)?, x))).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    ranked.dedup_by(|a, b| a.0 == b.0);
    let follow = |start: &[f64], ends: &[Least]| {
        least_unless(|x| objective.near(x), start, |x, there| ends.iter().any(|end| end.is_ahead(x, there)))
    };
    let (mut ends, mut known): (Vec<Least>, u32) = (Vec::new(), 0);
    for (_, start) in ranked.iter().take(most_followed) {
        let Some(end) = follow(start, &ends) else {
            known += u32::from(!ends.is_empty());
            if known == most_known {
                break;
            }
            continue;
        };
        let end = past_edges(objective, end);
        let (twins, kin) =
            if end.settled { (twins(objective, &end.x), kin(objective, &end.x)) } else { Default::default() };
        ends.push(end);
        for start in kin {
            ends.extend(follow(&start, &ends));
        }
        ends.extend(twins.iter().filter_map(|twin| least(|x| objective.near(x), twin)));
    }
    ends
}

/// An end at the edge of a lag or a duration: the other coordinates are sought while it is held there, and then all again, as long as that gains.
fn past_edges(objective: &Objective<'_>, mut end: Least) -> Least {
    const MOST_ROUNDS: usize = 8;
    let free: Vec<usize> =
        (0..end.x.len()).filter(|i| !objective.free().get(*i).is_some_and(|(name, _)| has_edges(*name))).collect();
    for _ in 0..MOST_ROUNDS {
        if end.settled || free.len() == end.x.len() {
            break;
        }
        let along = |part: &[f64]| {
            let mut x = end.x.clone();
            free.iter().zip(part).for_each(|(i, value)| x[*i] = *value);
            x
        };
        let part: Vec<f64> = free.iter().map(|i| end.x[*i]).collect();
        let held = least(|part| Some(objective.near(&along(part))?.of(&free)), &part);
        let Some(next) = held.and_then(|held| least(|x| objective.near(x), &along(&held.x))) else { break };
        if next.near.value > end.near.value - 1e-9 * (1.0 + end.near.value.abs()) {
            break;
        }
        end = next;
    }
    end
}

/// Refuses data that cannot tell the unknowns.
fn check(theory: &Theory, all: &[Sampled], unknowns: usize) -> Result<()> {
    let summaries: usize = all.iter().map(|sampled| sampled.summaries.len()).sum();
    let samples: usize = summaries + all.iter().map(|sampled| sampled.samples.len()).sum::<usize>();
    let levels: usize = summaries + all.iter().map(|sampled| sampled.samples.levels().count()).sum::<usize>();
    let names = || theory.free().iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>().join(", ");
    if unknowns == 0 {
        return Err(Error::value("the theory has nothing to find: make a number free, as in `cl: free(1.2)`"));
    }
    if levels == 0 {
        return Err(Error::value(format!(
            "none of the {samples} samples is a level: all lie below or above a limit, and such data set no scale"
        )));
    }
    if is_least_squares(theory) {
        if summaries > 0 {
            return Err(Error::value(
                "summaries have standard deviations of their own: give the theory an error (Theory::with_error), so that samples have them too",
            ));
        }
        if levels < samples {
            return Err(Error::value(
                "least squares has no place for samples below a limit: give the theory an error (Theory::with_error), which has",
            ));
        }
        if levels <= unknowns {
            return Err(Error::value(format!(
                "{levels} samples cannot tell {unknowns} unknowns and how far off they are ({}): fix a number, give the error of the samples (Theory::with_error), or sample more",
                names()
            )));
        }
    } else if samples < unknowns {
        return Err(Error::value(format!(
            "{samples} samples cannot tell {unknowns} unknowns ({}): fix a number or sample more",
            names()
        )));
    }
    check_given(theory, all)?;
    check_one_kind(theory, all)?;
    let zero = all.iter().flat_map(|sampled| sampled.samples.levels()).find(|(_, level)| *level == 0.0);
    let divides = matches!(theory.off, Off::Squares(Weights::OverLevel | Weights::OverSquare));
    match zero {
        Some((time, _)) if divides => Err(Error::value(format!(
            "the level at {time} h is 0, and a weight over the level has no value there: use other weights, or say what limit it is below"
        ))),
        _ => Ok(()),
    }
}

/// Refuses samples of several kinds, whose errors curves do not tell apart.
fn check_one_kind(theory: &Theory, all: &[Sampled]) -> Result<()> {
    if theory.kinds.is_empty() {
        return check_kinds(theory, all.iter().map(|sampled| (sampled.id.as_str(), &sampled.samples)));
    }
    Err(Error::value(
        "a fit of curves knows one error of all samples: take one kind by Sampled::of_table_by, or fit people (Theory::fit_people)",
    ))
}
