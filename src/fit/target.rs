//! What a dosing is to reach.

use std::fmt;
use std::ops::{Bound, RangeBounds};

use crate::error::{Error, Result};
use crate::model::Model;
use crate::population::{Population, Window};
use crate::regimen::{Regimen, Repeating};
use crate::steady_state::SteadyState;

/// What is to be reached: at steady state, or at a date of a course that begins with the first dose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// The level just before the first dose of a cycle, µg/L.
    Trough,
    /// The highest level of a cycle, µg/L.
    Peak,
    /// The average of a cycle, µg/L.
    Average,
    /// The area of a cycle, µg·h/L.
    Area,
    /// The share of a cycle (0 to 1) in which the level is at or above this one, µg/L.
    TimeAbove(f64),
    /// The share of a cycle in which the level lies between these two, µg/L.
    TimeWithin(f64, f64),
    /// The level at a time (h) of the course, just before a dose that is due then, µg/L.
    TroughAt(f64),
    /// The highest level between two times (h) of the course, µg/L.
    PeakWithin(f64, f64),
    /// The area between two times (h) of the course, µg·h/L.
    AreaWithin(f64, f64),
}

impl Aim {
    /// Refuses levels and times that cannot be.
    fn check(self) -> Result<()> {
        let good = match self {
            Self::Trough | Self::Peak | Self::Average | Self::Area => true,
            Self::TimeAbove(level) => level > 0.0 && level.is_finite(),
            Self::TimeWithin(low, high) => 0.0 <= low && low < high && high.is_finite(),
            Self::TroughAt(time) => time > 0.0 && time.is_finite(),
            Self::PeakWithin(from, to) | Self::AreaWithin(from, to) => 0.0 <= from && from < to && to.is_finite(),
        };
        good.then_some(()).ok_or_else(|| {
            Error::value(format!(
                "the aim is {self:?}, but its levels and times must be finite, above zero and in order"
            ))
        })
    }

    /// Whether it is a share of time.
    pub(super) fn is_share(self) -> bool {
        matches!(self, Self::TimeAbove(_) | Self::TimeWithin(..))
    }

    /// Whether it is a matter of the steady state.
    pub(super) fn is_of_cycle(self) -> bool {
        !matches!(self, Self::TroughAt(_) | Self::PeakWithin(..) | Self::AreaWithin(..))
    }

    /// The window of the course that tells it, if it is no matter of the steady state.
    fn window(self, tau: f64) -> Result<Option<Window>> {
        match self {
            Self::TroughAt(time) => Window::new((time - tau).min(0.5 * time)..=time).map(Some),
            Self::PeakWithin(from, to) | Self::AreaWithin(from, to) => Window::new(from..=to).map(Some),
            _ => Ok(None),
        }
    }

    /// What the baseline alone has of it.
    pub(super) fn baseline(self, model: &Model, tau: f64) -> f64 {
        model.baseline()
            * match self {
                Self::Area => tau,
                Self::AreaWithin(from, to) => to - from,
                _ => 1.0,
            }
    }

    /// What a model has of it with a dosing.
    pub(super) fn of(self, model: &Model, dosing: &Repeating) -> Result<f64> {
        let Some(window) = self.window(dosing.tau())? else {
            return Ok(self.of_cycle(&model.steady_state(dosing.clone())?, model.baseline(), 1.0));
        };
        let course = Regimen::from(dosing.clone());
        let reached = Population::of(vec![model.clone()], 0)?.exposures(&course, &window)?[0];
        Ok(match self {
            Self::PeakWithin(..) => reached.cmax,
            Self::AreaWithin(..) => reached.auc,
            _ => reached.ctrough,
        })
    }

    /// What a steady state has of it, if all its doses were multiplied by a factor: what lies above the baseline is, too.
    pub(super) fn of_cycle(self, ss: &SteadyState, baseline: f64, factor: f64) -> f64 {
        let above = |level: f64| {
            if factor > 0.0 { ss.time_above(baseline + (level - baseline) / factor) / ss.tau() } else { 0.0 }
        };
        let level = |level: f64| baseline + factor * (level - baseline);
        match self {
            Self::Peak => level(ss.cmax()),
            Self::Average => level(ss.cavg()),
            Self::Area => level(ss.cavg()) * ss.tau(),
            Self::TimeAbove(low) => above(low),
            Self::TimeWithin(low, high) => above(low) - above(high),
            _ => level(ss.ctrough()),
        }
    }
}

/// An aim and the range in which it is to lie.
///
/// ```
/// use menaquinone::{fit::Target, units::*};
/// assert_eq!(Target::ctrough(2.0..=4.0)?.to_string(), "a trough of 2 to 4 µg/L");
/// assert_eq!(Target::cavg(5.0..)?.to_string(), "an average of 5 µg/L or more");
/// assert_eq!(Target::time_above(1.0, 0.5..)?.to_string(), "a level of 1 µg/L or more for 50 % of the time or more");
/// assert_eq!(Target::ctrough_at(14.0 * DAY, 2.0..)?.to_string(), "a level of 2 µg/L or more at 336 h");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    pub(super) aim: Aim,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Target {
    /// A target of any aim.
    ///
    /// # Errors
    /// Ends that are negative, no numbers, or not in order; a share of time above 1; levels or times that cannot be.
    pub fn new(aim: Aim, range: impl RangeBounds<f64>) -> Result<Self> {
        aim.check()?;
        let end = |bound: Bound<&f64>, open: f64| match bound {
            Bound::Included(end) | Bound::Excluded(end) => *end,
            Bound::Unbounded => open,
        };
        let (low, high) = (end(range.start_bound(), 0.0), end(range.end_bound(), f64::INFINITY));
        if aim.is_share() && (low > 1.0 || (high > 1.0 && high < f64::INFINITY)) {
            return Err(Error::value(format!(
                "the target range is {low} to {high}, but it is one of shares of time, which lie within 0 and 1 (0.5 is half of it)"
            )));
        }
        let good = low >= 0.0 && low < high && (low > 0.0 || high < f64::INFINITY);
        good.then_some(Self { aim, low, high }).ok_or_else(|| {
            Error::value(format!(
                "the target range is {low} to {high}, but it must go up from zero or above, with at least one end"
            ))
        })
    }

    /// A trough at steady state, µg/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn ctrough(range: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::Trough, range)
    }

    /// A peak at steady state, µg/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn cmax(range: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::Peak, range)
    }

    /// An average at steady state, µg/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn cavg(range: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::Average, range)
    }

    /// The area of a cycle at steady state, µg·h/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn auc_tau(range: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::Area, range)
    }

    /// The share of a cycle at steady state (0 to 1) in which the level is at or above one, µg/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn time_above(level: f64, share: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::TimeAbove(level), share)
    }

    /// The share of a cycle at steady state in which the level lies within a range, µg/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn time_within(levels: std::ops::RangeInclusive<f64>, share: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::TimeWithin(*levels.start(), *levels.end()), share)
    }

    /// The level at a time (h after the first dose), just before a dose that is due then, µg/L: a trough after so many days.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn ctrough_at(time: f64, range: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::TroughAt(time), range)
    }

    /// The highest level between two times (h after the first dose), µg/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn cmax_within(times: std::ops::RangeInclusive<f64>, range: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::PeakWithin(*times.start(), *times.end()), range)
    }

    /// The area between two times (h after the first dose), µg·h/L.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn auc_within(times: std::ops::RangeInclusive<f64>, range: impl RangeBounds<f64>) -> Result<Self> {
        Self::new(Aim::AreaWithin(*times.start(), *times.end()), range)
    }

    /// What a model has of the aim with a dosing.
    ///
    /// # Errors
    /// As for [`Model::steady_state`].
    pub fn of(&self, model: &Model, dosing: &Repeating) -> Result<f64> {
        self.aim.of(model, dosing)
    }

    /// Whether a value lies within.
    pub fn meets(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// The levels of a target that is one of levels, as its ends: those of a trough or peak, or those above or within which time is spent. None of areas.
    pub fn levels(&self) -> Option<(f64, f64)> {
        match self.aim {
            Aim::Area | Aim::AreaWithin(..) => None,
            Aim::TimeAbove(level) => Some((level, f64::INFINITY)),
            Aim::TimeWithin(low, high) => Some((low, high)),
            _ => Some((self.low, self.high)),
        }
    }

    /// The value that one body is to have: the middle of the range, or its one end.
    pub(super) fn middle(&self) -> f64 {
        if self.high < f64::INFINITY { 0.5 * (self.low + self.high) } else { self.low }
    }

    /// What is aimed at, with a value or a range in place of its number.
    pub(super) fn says(&self, amount: &str) -> String {
        match self.aim {
            Aim::Trough => format!("a trough of {amount}"),
            Aim::Peak => format!("a peak of {amount}"),
            Aim::Average => format!("an average of {amount}"),
            Aim::Area => format!("an area of {amount}"),
            Aim::TimeAbove(level) => format!("a level of {level} µg/L or more for {amount} of the time"),
            Aim::TimeWithin(low, high) => format!("a level of {low} to {high} µg/L for {amount} of the time"),
            Aim::TroughAt(time) => format!("a level of {amount} at {time} h"),
            Aim::PeakWithin(from, to) => format!("a peak of {amount} from {from} to {to} h"),
            Aim::AreaWithin(from, to) => format!("an area of {amount} from {from} to {to} h"),
        }
    }

    pub(super) fn unit(&self) -> &'static str {
        match self.aim {
            Aim::Area | Aim::AreaWithin(..) => "µg·h/L",
            aim if aim.is_share() => "%",
            _ => "µg/L",
        }
    }

    /// A value in the unit of the text.
    pub(super) fn shown(&self, value: f64) -> f64 {
        if self.aim.is_share() { 100.0 * value } else { value }
    }
}

impl Target {
    /// `2 to 4 µg/L`.
    pub(super) fn range(&self) -> String {
        let (low, high, unit) = (self.shown(self.low), self.shown(self.high), self.unit());
        match (self.low, self.high) {
            (_, f64::INFINITY) => format!("{low} {unit} or more"),
            (0.0, _) => format!("at most {high} {unit}"),
            _ => format!("{low} to {high} {unit}"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let says = self.says(&self.range());
        // `or more` stands last, where it is about the share.
        let moved = says.strip_suffix(" of the time").and_then(|says| says.strip_suffix(" or more"));
        match moved {
            Some(says) => write!(out, "{says} of the time or more"),
            None => out.write_str(&says),
        }
    }
}
