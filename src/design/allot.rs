//! Doses and people as things to choose too.

use nalgebra::DMatrix;

use super::arm::Arm;
use super::criterion::Goal;
use super::engine::Certificate;
use super::found::Found;
use super::plan::Design;
use super::search::Search;
use crate::error::{Error, Result};
use crate::regimen::Regimen;

impl Search {
    /// This search with the doses of an arm, counted from 0, chosen from several.
    ///
    /// ```
    /// use menaquinone::{Dose, FirstOrder, OneCompartment, assay::ResidualError, design::{Arm, Criterion, Design, Search, When}, fit::{Theory, free}};
    /// let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Combined { cv: 0.1, sd: 0.5 })?;
    /// let design = Design::of(&theory, Arm::of(Dose::of(50.0)))?;
    /// let found = Search::of(&design, &Criterion::d(), When::between(0.0..=48.0).every(2.0)).samples(3)
    ///     .doses_of(0, [Dose::of(50.0).at(0.0), Dose::of(200.0).at(0.0)])
    ///     .run()?;
    /// assert_eq!(found.design().arms()[0].regimen(), &Dose::of(200.0).at(0.0)); // more of it stands out of the error
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn doses_of(mut self, arm: usize, regimens: impl IntoIterator<Item = Regimen>) -> Self {
        if let Some(own) = self.doses.get_mut(arm) {
            own.extend(regimens);
        }
        self
    }

    /// This search with people moved between the arms, as many in all as the design has, in whole numbers where it has a whole number. An arm that is left
    /// without people is left out.
    #[must_use]
    pub fn moving_people(mut self) -> Self {
        self.moving = true;
        self
    }

    /// The design under each choice of doses.
    pub(super) fn dosed(&self) -> Vec<Design> {
        let mut all = vec![self.design.clone()];
        for (arm, regimens) in self.doses.iter().enumerate().filter(|(_, regimens)| !regimens.is_empty()) {
            let with = |design: &Design, regimen: &Regimen| {
                let mut own = design.clone();
                own.arms[arm] = own.arms[arm].clone().given(regimen.clone());
                own
            };
            all = all.iter().flat_map(|design| regimens.iter().map(move |regimen| with(design, regimen))).collect();
        }
        all
    }

    /// Times and people by turns, until neither is better.
    pub(super) fn with_people_moved(&self, design: &Design) -> Result<Found> {
        const TURNS: usize = 6;
        let mut found = self.times_of(design)?;
        for _ in 0..TURNS {
            let goal = Goal::new(&self.criterion, found.design())?;
            let shares = shares(&goal, found.design())?;
            let mut next = found.design().clone();
            // Nobody is quite left out before the end, so that an arm can come back.
            next.arms.iter_mut().zip(&shares).for_each(|(arm, share)| *arm = arm.clone().people(share.max(1e-6)));
            let again = self.times_of(&next)?;
            if again.value() <= found.value() * (1.0 + 1e-9) {
                break;
            }
            found = again;
        }
        let people = whole(&found.design().arms.iter().map(Arm::count).collect::<Vec<_>>(), design.people());
        let mut last = found.design().clone();
        last.arms =
            last.arms.iter().zip(&people).filter(|(_, n)| **n > 0.0).map(|(arm, n)| arm.clone().people(*n)).collect();
        let value = self.criterion.of(&last)?;
        // The best of one person of any arm bounds what all of them give.
        let certificate = found.certificate().clone();
        let arms = found.design().arms.iter().zip(&certificate.most);
        let most = arms.map(|(arm, (given, _))| given / arm.count()).fold(0.0, f64::max);
        let known = certificate.bound - certificate.most.iter().map(|(given, _)| given).sum::<f64>();
        let bound = known + most * design.people();
        let efficiency = (value / bound).min(1.0);
        let certificate = Certificate { efficiency, bound, ..certificate };
        Ok(Found::new(last, self.criterion.clone(), value, certificate))
    }
}

/// The people of each arm that are best, as many in all, by multiplying each with a power of what a person of it gives (Silvey, Titterington and
/// Torsney 1978).
fn shares(goal: &Goal, design: &Design) -> Result<Vec<f64>> {
    const ROUNDS: usize = 2000;
    let (arms, all) = (&design.arms, design.people());
    let one = |arm: &Arm| vec![arm.clone().people(1.0)];
    let mut told: Vec<Vec<DMatrix<f64>>> = Vec::new();
    for view in &goal.views {
        let bare = view.clone().without_prior();
        let of_arm = |arm: &Arm| Ok(bare.matrix_of(&one(arm), &[view.rows(arm, &arm.spots(), false)?]));
        told.push(arms.iter().map(of_arm).collect::<Result<_>>()?);
    }
    let mut people: Vec<f64> = arms.iter().map(Arm::count).collect();
    for _ in 0..ROUNDS {
        let matrix = |v: usize| {
            told[v].iter().zip(&people).fold(goal.views[v].beforehand(), |sum, (own, people)| sum + *people * own)
        };
        let matrices: Vec<DMatrix<f64>> = (0..told.len()).map(matrix).collect();
        let slopes = goal.slopes(&matrices).ok_or_else(|| design.not_told())?;
        let given = |arm: usize| slopes.iter().zip(&told).map(|(slope, told)| slope.dot(&told[arm])).sum::<f64>();
        let next: Vec<f64> =
            people.iter().enumerate().map(|(arm, people)| people * given(arm).max(0.0).sqrt()).collect();
        let sum: f64 = next.iter().sum();
        if sum.is_nan() || sum <= 0.0 {
            return Err(Error::value("people cannot be moved between arms that tell nothing"));
        }
        let next: Vec<f64> = next.iter().map(|own| own * all / sum).collect();
        let moved = next.iter().zip(&people).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        people = next;
        if moved < 1e-10 * all {
            break;
        }
    }
    Ok(people)
}

/// Whole numbers of people next to shares, where they are a whole number in all: by the largest remainders, of equals the first.
fn whole(shares: &[f64], all: f64) -> Vec<f64> {
    if all.fract() != 0.0 {
        return shares.to_vec();
    }
    let mut people: Vec<f64> = shares.iter().map(|share| share.floor()).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|a, b| shares[*b].fract().total_cmp(&shares[*a].fract()).then(a.cmp(b)));
    let mut left = all - people.iter().sum::<f64>();
    for arm in order {
        if left >= 0.5 {
            people[arm] += 1.0;
            left -= 1.0;
        }
    }
    people
}
