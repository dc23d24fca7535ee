//! The dose that reaches a target, and how likely it does.
//!
//! Each body reaches a target between two amounts, exactly, and the amount that most bodies share is found by one pass over the ends of those ranges.

use std::fmt;

use super::posterior::Posterior;
use super::reach::Reach;
use super::report::rounded;
use super::target::Target;
use crate::error::{self, Error, Result};
use crate::model::Model;
use crate::population::{Population, Share};
use crate::regimen::{Dose, Repeating};
use crate::steady_state::SteadyState;

/// A dosing found for a target. It is a calculation for research, not advice.
#[derive(Debug, Clone, PartialEq)]
pub struct DoseFound {
    /// The dosing.
    pub dosing: Repeating,
    /// The target.
    pub target: Target,
    /// What the body (of a person the mode, of people the first) reaches with it; of a share of time, from 0 to 1.
    pub reached: f64,
    /// The share of the people, or of what this person may be, who meet the target.
    pub probability: f64,
    /// The share of those who meet the target as a count, whose [`interval`](Share::interval) is how sure it is.
    pub share: Share,
    /// By how much larger a first dose must be for the first trough to be that of the steady state; the ratio of the two troughs.
    pub loading: f64,
}

impl DoseFound {
    /// The first dose with which the first trough is already that of the steady state: the first of the cycle, [`loading`](Self::loading) times as
    /// large.
    ///
    /// ```
    /// use menaquinone::{Dose, fit::Target, units::*, vitamer::MK7};
    /// let model = MK7.model();
    /// let found = model.dosing_for(Dose::of(90.0 * UG).every(DAY), Target::ctrough(3.0..)?)?;
    /// let course = found.loading_dose().at(0.0).and(found.dosing.clone().at(DAY));
    /// assert!((model.concentrations(&course, &[DAY])?[0] - 3.0).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn loading_dose(&self) -> Dose {
        let first = self.dosing.doses().first().map_or(Dose::of(0.0), |(_, dose)| *dose);
        Dose { amount: first.amount * self.loading, ..first }
    }
}

impl fmt::Display for DoseFound {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (target, unit) = (&self.target, self.target.unit());
        let reached = target.says(&format!("{} {unit}", rounded(target.shown(self.reached), 3)));
        write!(out, "{}: {reached}, wanted {}", tidy(&self.dosing), target.range())?;
        if self.share.of() > 1 {
            let (low, high) = self.share.interval(0.95).map_err(|_| fmt::Error)?.into_inner();
            let [share, low, high] = [self.probability, low, high].map(|share| 100.0 * share);
            write!(out, "; met by {share:.0} % ({low:.0} to {high:.0} %) of {} bodies", self.share.of())?;
        }
        write!(out, ". A calculation for research, not advice")
    }
}

/// A dosing with amounts of four digits: for reading, and close enough to what can be measured out.
fn tidy(dosing: &Repeating) -> Repeating {
    let digits = |dose: &Dose| Dose { amount: rounded(dose.amount, 4).parse().unwrap_or(dose.amount), ..*dose };
    let doses = dosing.doses().iter().map(|(time, dose)| (*time, digits(dose)));
    Repeating::new(dosing.tau(), doses.collect::<Vec<_>>()).at(dosing.start())
}

impl Model {
    /// The dosing of the same times and proportions as `dosing` that meets a target with this model: the middle of the range, or its one end.
    ///
    /// ```
    /// use menaquinone::{Dose, fit::Target, units::*, vitamer::MK7};
    /// let (model, daily) = (MK7.model(), Dose::of(90.0 * UG).every(DAY));
    /// let found = model.dosing_for(daily.clone(), Target::ctrough(2.0..=4.0)?)?;
    /// assert!((model.steady_state(found.dosing)?.ctrough() - 3.0).abs() < 1e-12);
    ///
    /// // After a week, and so that the level lies above 2 µg/L for half of the time.
    /// let soon = model.dosing_for(daily.clone(), Target::ctrough_at(WEEK, 3.0..)?)?;
    /// assert!((model.concentrations(&soon.dosing, &[WEEK])?[0] - 3.0).abs() < 1e-12);
    /// let half = model.dosing_for(daily, Target::time_above(2.0, 0.5..)?)?;
    /// assert!((model.steady_state(half.dosing)?.time_above(2.0) - 12.0).abs() < 1e-9);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`steady_state`](Self::steady_state); a baseline that is above the target already; a dose that does not raise the aim.
    pub fn dosing_for<R>(&self, dosing: R, target: Target) -> Result<DoseFound>
    where
        R: TryInto<Repeating>,
        Error: From<R::Error>,
    {
        let dosing = dosing.try_into()?;
        let ss = cycle(self, dosing)?;
        let reach = Reach::of_cycle(&ss, target.aim)?;
        let factor = reach.factor_for(target).ok_or_else(|| reach.cannot(target))?;
        found((&ss, &reach), std::slice::from_ref(&reach), factor, target)
    }
}

impl Population {
    /// The dosing of the same times and proportions as `dosing` with which most of these people meet a target. Of a target with one end, the
    /// smallest with which 90 % do (or the largest, where the end is an upper one).
    ///
    /// ```
    /// use menaquinone::{Dose, fit::Target, units::*, vitamer::MK7};
    /// let people = MK7.nominal().population(500, 42)?;
    /// let found = people.dosing_for(Dose::of(90.0 * UG).every(DAY), Target::cavg(4.0..)?)?;
    /// assert!(found.probability >= 0.9);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Model::dosing_for`], of the first person.
    pub fn dosing_for<R>(&self, dosing: R, target: Target) -> Result<DoseFound>
    where
        R: TryInto<Repeating>,
        Error: From<R::Error>,
    {
        best(&self.models()[0], self.models(), &dosing.try_into()?, target)
    }

    /// Which of some dosings (capsules of several sizes, other intervals) most of these people meet a target with: all of them, the best first,
    /// with the probability of each; of equals the first named.
    ///
    /// # Errors
    /// As for [`Model::steady_state`]; no dosing.
    pub fn rank(&self, dosings: &[Repeating], target: Target) -> Result<Vec<DoseFound>> {
        rank(&self.models()[0], self.models(), dosings, target)
    }

    /// How many of these people meet a target with each of some amounts of the first dose of a cycle, in the order of the amounts: the probability of
    /// target attainment over doses.
    ///
    /// ```
    /// use menaquinone::{Dose, fit::Target, units::*, vitamer::MK7};
    /// let people = MK7.nominal().population(500, 42)?;
    /// let rows = people.attainment(Dose::of(90.0 * UG).every(DAY), Target::ctrough(2.0..)?, &[45.0, 90.0, 180.0, 360.0])?;
    /// assert!(rows.windows(2).all(|pair| pair[0].probability <= pair[1].probability)); // more reach a floor with more
    /// assert!(rows[0].probability < 0.2 && rows[3].probability > 0.9);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Model::steady_state`]; no amounts, or one that is not above zero.
    pub fn attainment<R>(&self, dosing: R, target: Target, amounts: &[f64]) -> Result<Vec<DoseFound>>
    where
        R: TryInto<Repeating>,
        Error: From<R::Error>,
    {
        attainment(&self.models()[0], self.models(), (&dosing.try_into()?, amounts), target)
    }
}

impl Posterior {
    /// The dosing of the same times and proportions as `dosing` that most probably meets a target, over `n` draws of what this person may be.
    ///
    /// # Errors
    /// As for [`Model::dosing_for`] and [`people`](Self::people).
    pub fn dosing_for<R>(&self, dosing: R, target: Target, (n, seed): (u64, u64)) -> Result<DoseFound>
    where
        R: TryInto<Repeating>,
        Error: From<R::Error>,
    {
        best(self.model(), self.people(n, seed)?.models(), &dosing.try_into()?, target)
    }

    /// Which of some dosings most probably meets a target, the best first.
    ///
    /// # Errors
    /// As for [`dosing_for`](Self::dosing_for).
    pub fn rank(&self, dosings: &[Repeating], target: Target, (n, seed): (u64, u64)) -> Result<Vec<DoseFound>> {
        rank(self.model(), self.people(n, seed)?.models(), dosings, target)
    }

    /// How probably this person meets a target with each of some amounts of the first dose of a cycle, in the order of the amounts.
    ///
    /// # Errors
    /// As for [`dosing_for`](Self::dosing_for); no amounts, or one that is not above zero.
    pub fn attainment<R>(
        &self,
        dosing: R,
        (target, amounts): (Target, &[f64]),
        (n, seed): (u64, u64),
    ) -> Result<Vec<DoseFound>>
    where
        R: TryInto<Repeating>,
        Error: From<R::Error>,
    {
        attainment(self.model(), self.people(n, seed)?.models(), (&dosing.try_into()?, amounts), target)
    }
}

/// The dosings that can be made of whole capsules or tablets: one, two and up to `most` pieces of each size (µg), at each interval (h). Of an amount that
/// several sizes give, the one of fewest pieces; few pieces and small amounts stand first, so that of equals [`rank`](Population::rank) takes those.
///
/// ```
/// use menaquinone::{fit::whole_pieces, units::*};
/// let all = whole_pieces(&[45.0, 90.0, 180.0], 2, &[DAY])?;
/// let amounts: Vec<f64> = all.iter().map(|dosing| dosing.doses()[0].1.amount).collect();
/// assert_eq!(amounts, [45.0, 90.0, 180.0, 360.0]);
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// # Errors
/// No size, no interval, no piece, or one that is not above zero.
pub fn whole_pieces(sizes: &[f64], most: u32, intervals: &[f64]) -> Result<Vec<Repeating>> {
    if sizes.is_empty() || intervals.is_empty() || most == 0 {
        return Err(Error::value("there is nothing to choose from: give a size, an interval and at least one piece"));
    }
    sizes.iter().try_for_each(|size| error::positive("the size of a piece", *size, "µg").map(|_| ()))?;
    intervals.iter().try_for_each(|tau| error::positive("the interval of a dosing", *tau, "h").map(|_| ()))?;
    let mut all: Vec<(u32, f64, f64)> = Vec::new();
    for pieces in 1..=most {
        for size in sizes {
            let amount = f64::from(pieces) * size;
            for tau in intervals {
                if !all.iter().any(|(_, other, own)| *other == amount && own == tau) {
                    all.push((pieces, amount, *tau));
                }
            }
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    Ok(all.into_iter().map(|(_, amount, tau)| Dose::of(amount).every(tau)).collect())
}

fn reaches(models: &[Model], dosing: &Repeating, target: Target) -> Result<Vec<Reach>> {
    models.iter().map(|model| Reach::of(model, dosing, target.aim)).collect()
}

/// The factor that most bodies share.
fn best(typical: &Model, models: &[Model], dosing: &Repeating, target: Target) -> Result<DoseFound> {
    let reaches = reaches(models, dosing, target)?;
    let ranges: Vec<(f64, f64)> = reaches.iter().filter_map(|reach| reach.range(target)).collect();
    let cannot = || reaches[0].cannot(target);
    if ranges.is_empty() {
        return Err(cannot());
    }
    let factor = match (target.low, target.high) {
        (_, high) if high == f64::INFINITY && ranges.iter().all(|range| range.1 == f64::INFINITY) => {
            share(ranges.iter().map(|range| range.0), models.len()).ok_or_else(cannot)?
        }
        (0.0, _) => -share(ranges.iter().map(|range| -range.1), models.len()).ok_or_else(cannot)?,
        _ => most_shared(&ranges),
    };
    if !(factor > 0.0 && factor.is_finite()) {
        return Err(Error::value(format!("{target} is met whatever the dose: there is none to find")));
    }
    let ss = typical.steady_state(dosing.clone())?;
    found((&ss, &Reach::of_cycle(&ss, target.aim)?), &reaches, factor, target)
}

/// The share of bodies that a target with one end is to be met by.
const MOST: f64 = 0.9;

/// The least value that at least nine in ten of `n` lie at or below.
fn share(values: impl Iterator<Item = f64>, n: usize) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of people"
    )]
    let at = (MOST * n as f64).ceil() as usize;
    values.get(at.max(1) - 1).copied()
}

/// The middle of the stretch that most ranges cover, the first of equals.
fn most_shared(ranges: &[(f64, f64)]) -> f64 {
    // At the same factor beginnings come before ends.
    let mut ends: Vec<(f64, i64)> = ranges.iter().flat_map(|(low, high)| [(*low, 1), (*high, -1)]).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let (mut now, mut most, mut found) = (0, 0, 0.0);
    for (i, (at, change)) in ends.iter().enumerate() {
        now += change;
        if now > most {
            let next = ends.get(i + 1).map_or(*at, |(next, _)| *next);
            (most, found) = (now, if next.is_finite() { 0.5 * (at + next) } else { *at });
        }
    }
    found
}

/// The cycle of a dosing that has been read.
fn cycle(model: &Model, dosing: Repeating) -> Result<SteadyState> {
    model.steady_state(dosing)
}

/// What a factor gives; `ss` is the cycle of the typical body with factor 1.
fn found((ss, typical): (&SteadyState, &Reach), reaches: &[Reach], factor: f64, target: Target) -> Result<DoseFound> {
    // What lies on an end but for rounding lies within.
    let meets = |reach: &Reach| {
        let value = reach.at(factor);
        [value, value * (1.0 + 1e-12), value * (1.0 - 1e-12)].into_iter().any(|value| target.meets(value))
    };
    let share: Share = reaches.iter().map(meets).collect();
    let dosing = ss.dosing().clone().scaled(factor);
    dosing.check()?;
    let (reached, loading) = (typical.at(factor), ss.accumulation_ratio_ctrough());
    Ok(DoseFound { reached, dosing, target, probability: share.share().unwrap_or(0.0), share, loading })
}

fn rank(typical: &Model, models: &[Model], dosings: &[Repeating], target: Target) -> Result<Vec<DoseFound>> {
    if dosings.is_empty() {
        return Err(Error::value("there is no dosing to choose from: give at least one"));
    }
    let one = |dosing: &Repeating| {
        let ss = typical.steady_state(dosing.clone())?;
        found((&ss, &Reach::of_cycle(&ss, target.aim)?), &reaches(models, dosing, target)?, 1.0, target)
    };
    let mut all: Vec<DoseFound> = dosings.iter().map(one).collect::<Result<_>>()?;
    all.sort_by_key(|found| std::cmp::Reverse(found.share.count()));
    Ok(all)
}

fn attainment(
    typical: &Model,
    models: &[Model],
    (dosing, amounts): (&Repeating, &[f64]),
    target: Target,
) -> Result<Vec<DoseFound>> {
    if amounts.is_empty() {
        return Err(Error::value("there is no amount to ask about: give at least one"));
    }
    let first = dosing.doses().first().map_or(0.0, |(_, dose)| dose.amount);
    error::positive("the amount of the first dose", first, "µg")?;
    let (reaches, ss) = (reaches(models, dosing, target)?, typical.steady_state(dosing.clone())?);
    let own = Reach::of_cycle(&ss, target.aim)?;
    let one = |amount: &f64| {
        let amount = error::positive("the amount to ask about", *amount, "µg")?;
        found((&ss, &own), &reaches, amount / first, target)
    };
    amounts.iter().map(one).collect()
}
