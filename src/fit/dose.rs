//! The dose that reaches a target, and how likely it does.
//!
//! Above the baseline every level of a linear body is proportional to the doses, so each body reaches a target between two amounts, exactly, and
//! the amount that most bodies share is found by one pass over the ends of those ranges.

use std::fmt;
use std::ops::{Bound, RangeBounds};

use super::posterior::Posterior;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::population::Population;
use crate::regimen::Repeating;
use crate::steady_state::SteadyState;

/// What is to be reached at steady state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The level just before the first dose of a cycle, µg/L.
    Trough,
    /// The highest level of a cycle, µg/L.
    Peak,
    /// The average of a cycle, µg/L.
    Average,
    /// The area of a cycle, µg·h/L.
    Area,
}

/// An aim and the range in which it is to lie.
///
/// ```
/// use menaquinone::fit::Target;
/// assert_eq!(Target::ctrough(2.0..=4.0)?.to_string(), "a trough of 2 to 4 µg/L");
/// assert_eq!(Target::cavg(5.0..)?.to_string(), "an average of 5 µg/L or more");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    aim: Aim,
    low: f64,
    high: f64,
}

impl Target {
    /// A target of any aim.
    ///
    /// # Errors
    /// Ends that are negative, no numbers, or not in order.
    pub fn new(aim: Aim, range: impl RangeBounds<f64>) -> Result<Self> {
        let end = |bound: Bound<&f64>, open: f64| match bound {
            Bound::Included(end) | Bound::Excluded(end) => *end,
            Bound::Unbounded => open,
        };
        let (low, high) = (end(range.start_bound(), 0.0), end(range.end_bound(), f64::INFINITY));
        let good = low >= 0.0 && low < high && (low > 0.0 || high < f64::INFINITY);
        good.then_some(Self { aim, low, high }).ok_or_else(|| {
            Error::value(format!(
                "the target range is {low} to {high}, but it must go up from zero or above, with at least one end"
            ))
        })
    }

    /// A trough, µg/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn ctrough(range: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::Trough, range)
    }

    /// A peak, µg/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn cmax(range: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::Peak, range)
    }

    /// An average, µg/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn cavg(range: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::Average, range)
    }

    /// The area of a cycle, µg·h/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn auc_tau(range: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::Area, range)
    }

    /// What a steady state has of the aim.
    pub fn of(&self, ss: &SteadyState) -> f64 {
        match self.aim {
            Aim::Trough => ss.ctrough(),
            Aim::Peak => ss.cmax(),
            Aim::Average => ss.cavg(),
            Aim::Area => ss.auc_tau(),
        }
    }

    /// Whether a value lies within.
    pub fn meets(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// What the baseline alone has of the aim.
    fn baseline(&self, model: &Model, tau: f64) -> f64 {
        if self.aim == Aim::Area { model.baseline() * tau } else { model.baseline() }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, unit) = match self.aim {
            Aim::Trough => ("a trough", "µg/L"),
            Aim::Peak => ("a peak", "µg/L"),
            Aim::Average => ("an average", "µg/L"),
            Aim::Area => ("an area", "µg·h/L"),
        };
        match (self.low, self.high) {
            (low, f64::INFINITY) => write!(out, "{name} of {low} {unit} or more"),
            (0.0, high) => write!(out, "{name} of at most {high} {unit}"),
            (low, high) => write!(out, "{name} of {low} to {high} {unit}"),
        }
    }
}

/// A dosing found for a target. It is a calculation for research, not advice.
#[derive(Debug, Clone, PartialEq)]
pub struct DoseFound {
    /// The dosing.
    pub dosing: Repeating,
    /// The target.
    pub target: Target,
    /// What the body (of a person the mode, of people the first) reaches with it.
    pub reached: f64,
    /// The share of the people, or of what this person may be, who meet the target.
    pub probability: f64,
    /// By how much larger a first dose must be for the first trough to be that of the steady state; the ratio of the two troughs.
    pub loading: f64,
}

impl fmt::Display for DoseFound {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}: {:.3} of {}; {:.0} % of what is possible meet it. A calculation for research, not advice",
            self.dosing,
            self.reached,
            self.target,
            100.0 * self.probability
        )
    }
}

impl Model {
    /// The dosing of the same times and proportions as `dosing` that meets a target with this model: the middle of the range, or its one end.
    ///
    /// ```
    /// use menaquinone::{Dose, fit::Target, units::*, vitamer::MK7};
    /// let found = MK7.model().dosing_for(Dose::of(90.0 * UG).every(DAY), Target::ctrough(2.0..=4.0)?)?;
    /// assert!((MK7.model().steady_state(found.dosing)?.ctrough() - 3.0).abs() < 1e-12);
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
        let reach = Reach::of(self, &dosing, target)?;
        let aim = match (target.low, target.high) {
            (low, f64::INFINITY) => low,
            (low, high) => 0.5 * (low + high),
        };
        let factor = reach.factor_for(aim).ok_or_else(|| cannot(target))?;
        found(self, std::slice::from_ref(self), (&dosing, factor), target)
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
}

/// What a body has of an aim, as a line over the factor of the doses.
struct Reach {
    base: f64,
    unit: f64,
}

impl Reach {
    fn of(model: &Model, dosing: &Repeating, target: Target) -> Result<Self> {
        let ss = model.steady_state(dosing.clone())?;
        let base = target.baseline(model, ss.tau());
        Ok(Self { base, unit: target.of(&ss) - base })
    }

    fn factor_for(&self, value: f64) -> Option<f64> {
        let factor = (value - self.base) / self.unit;
        (factor > 0.0 && factor.is_finite()).then_some(factor)
    }

    /// The factors with which the target is met; none if it never is.
    fn range(&self, target: Target) -> Option<(f64, f64)> {
        let [low, high] = [target.low, target.high].map(|end| (end - self.base) / self.unit);
        (self.unit > 0.0 && high > 0.0).then_some((low.max(0.0), high))
    }
}

fn cannot(target: Target) -> Error {
    Error::value(format!(
        "no dose of these times reaches {target}: the baseline is above it, or the dose does not raise it"
    ))
}

/// The factor that most bodies share.
fn best(typical: &Model, models: &[Model], dosing: &Repeating, target: Target) -> Result<DoseFound> {
    let mut ends: Vec<(f64, i64)> = Vec::with_capacity(2 * models.len());
    let (mut lows, mut highs) = (Vec::new(), Vec::new());
    for model in models {
        if let Some((low, high)) = Reach::of(model, dosing, target)?.range(target) {
            ends.extend([(low, 1), (high, -1)]);
            lows.push(low);
            highs.push(high);
        }
    }
    if ends.is_empty() {
        return Err(cannot(target));
    }
    let factor = match (target.low, target.high) {
        (_, f64::INFINITY) => share(&mut lows, models.len(), 0.9).ok_or_else(|| cannot(target))?,
        (0.0, _) => {
            for high in &mut highs {
                *high = -*high;
            }
            -share(&mut highs, models.len(), 0.9).ok_or_else(|| cannot(target))?
        }
        _ => most_shared(&mut ends),
    };
    found(typical, models, (dosing, factor), target)
}

/// The least value that at least a share of `n` lie at or below.
fn share(values: &mut [f64], n: usize, share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of people"
    )]
    let at = (share * n as f64).ceil() as usize;
    values.get(at.max(1) - 1).copied()
}

/// The middle of the stretch that most ranges cover, the first of equals.
fn most_shared(ends: &mut [(f64, i64)]) -> f64 {
    // At the same factor beginnings come before ends.
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let (mut now, mut most, mut found) = (0, 0, 0.0);
    for (i, (at, change)) in ends.iter().enumerate() {
        now += change;
        if now > most {
            let next = ends.get(i + 1).map_or(*at, |(next, _)| *next);
            (most, found) = (now, 0.5 * (at + next));
        }
    }
    found
}

fn found(typical: &Model, models: &[Model], (dosing, factor): (&Repeating, f64), target: Target) -> Result<DoseFound> {
    let dosing = dosing.clone().scaled(factor);
    let mut count = 0_u32;
    for model in models {
        let reach = Reach::of(model, &dosing, target)?;
        // What lies on an end but for rounding lies within.
        let value = reach.base + reach.unit;
        count += u32::from(
            target.meets(value) || target.meets(value * (1.0 + 1e-12)) || target.meets(value * (1.0 - 1e-12)),
        );
    }
    let ss = typical.steady_state(dosing.clone())?;
    #[expect(clippy::cast_precision_loss, reason = "a count of people")]
    let probability = f64::from(count) / models.len() as f64;
    let loading = ss.accumulation_ratio_ctrough();
    Ok(DoseFound { reached: target.of(&ss), dosing, target, probability, loading })
}

fn rank(typical: &Model, models: &[Model], dosings: &[Repeating], target: Target) -> Result<Vec<DoseFound>> {
    if dosings.is_empty() {
        return Err(Error::value("there is no dosing to choose from: give at least one"));
    }
    let mut all: Vec<DoseFound> =
        dosings.iter().map(|dosing| found(typical, models, (dosing, 1.0), target)).collect::<Result<_>>()?;
    all.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    Ok(all)
}
