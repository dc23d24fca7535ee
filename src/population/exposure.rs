//! What each person reaches in a window of time: peaks, troughs, areas and the time above a threshold.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::Population;
use super::course::Walker;
use super::dosing::Dosing;
use super::motion::Motion;
use crate::error::{self, Error, Result};
use crate::numeric;
use crate::workers::{Work, for_each_chunk};

/// A window of time and, if one is asked for, a threshold.
///
/// It begins just after the doses of its first instant and ends just before those of its last.
///
/// ```
/// use menaquinone::{Window, units::*};
/// let last_day = Window::new(27.0 * DAY..=28.0 * DAY)?.above(2.0 * UG / L)?;
/// assert_eq!((last_day.from(), last_day.to(), last_day.threshold()), (648.0, 672.0, Some(2.0)));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    from: f64,
    to: f64,
    threshold: Option<f64>,
}

impl Window {
    /// The hours from the start of `range` to its end.
    ///
    /// # Errors
    /// An end that is not finite, or a range without length.
    pub fn new(range: RangeInclusive<f64>) -> Result<Self> {
        let (from, to) = range.into_inner();
        if from.is_finite() && to.is_finite() && to > from {
            return Ok(Self { from, to, threshold: None });
        }
        Err(Error::value(format!(
            "the window from {from} h to {to} h is not one: both ends must be finite, and the second later than the first"
        )))
    }

    /// The same with a threshold of the concentration, µg/L.
    ///
    /// # Errors
    /// A threshold that is not finite.
    pub fn above(self, threshold: f64) -> Result<Self> {
        error::finite("the threshold", threshold, "µg/L")?;
        Ok(Self { threshold: Some(threshold), ..self })
    }

    /// Its beginning, h.
    pub fn from(&self) -> f64 {
        self.from
    }

    /// Its end, h.
    pub fn to(&self) -> f64 {
        self.to
    }

    /// The threshold, µg/L.
    pub fn threshold(&self) -> Option<f64> {
        self.threshold
    }
}

/// What one person reaches in a [`Window`], of a baseline and all doses.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowExposure {
    /// The highest concentration, µg/L.
    pub cmax: f64,
    /// When it is first reached, h.
    pub tmax: f64,
    /// The lowest concentration, µg/L.
    pub cmin: f64,
    /// The concentration at the end of the window, just before a dose there, µg/L.
    pub ctrough: f64,
    /// The average concentration, µg/L.
    pub cavg: f64,
    /// The area under the concentration, µg·h/L.
    pub auc: f64,
    /// How long the concentration is at or above the threshold, h; `None` without a threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_above: Option<f64>,
    /// When it is there first, h; `None` if it never is, or without a threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_to: Option<f64>,
}

impl WindowExposure {
    /// That of a window in which nothing has been seen yet.
    pub(super) fn unseen(window: &Window) -> Self {
        let time_above = window.threshold.map(|_| 0.0);
        Self { cmax: f64::NEG_INFINITY, cmin: f64::INFINITY, time_above, ..Self::default() }
    }

    /// Sees a stretch of the window from `start` on, above `baseline`.
    #[inline]
    pub(super) fn see(&mut self, window: &Window, (start, baseline): (f64, f64), motion: &impl Motion) {
        let (first, last) = motion.ends();
        self.auc += motion.auc();
        let mut before = (0.0, first);
        self.touch(start, baseline + first);
        let turns = motion.turns();
        for point in turns.into_iter().chain([(motion.length(), last)]) {
            self.touch(start + point.0, baseline + point.1);
            if let Some(threshold) = window.threshold {
                self.time(threshold - baseline, start, (before, point), motion);
            }
            before = point;
        }
        self.ctrough = baseline + last;
    }

    /// All has been seen.
    pub(super) fn finish(&mut self, window: &Window, baseline: f64) {
        let length = window.to - window.from;
        self.auc += baseline * length;
        self.cavg = self.auc / length;
    }

    #[inline]
    fn touch(&mut self, time: f64, conc: f64) {
        if conc > self.cmax {
            (self.cmax, self.tmax) = (conc, time);
        }
        self.cmin = self.cmin.min(conc);
    }

    /// The time at or above `level` between two points, from one to the other of which the concentration rises or falls.
    fn time(&mut self, level: f64, start: f64, ((a, at_a), (b, at_b)): ((f64, f64), (f64, f64)), motion: &impl Motion) {
        let crossing = || numeric::root(|u| motion.at(u) - level, (a, b));
        let (from, to) = match (at_a >= level, at_b >= level) {
            (true, true) => (a, b),
            (false, true) => (crossing(), b),
            (true, false) => (a, crossing()),
            (false, false) => return,
        };
        self.time_to = self.time_to.or(Some(start + from));
        self.time_above = self.time_above.map(|time| time + (to - from));
    }
}

/// About what a person costs, ns: the way in, and each dose.
const A_PERSON: f64 = 200.0;
const A_DOSE: f64 = 60.0;

impl Population {
    /// What everybody reaches in a window of a dosing, by formula between two doses and without sampling: no peak is missed
    /// between output times.
    ///
    /// For one compartment and first-order absorption all but the time above a threshold is in closed form. A crossing of
    /// the threshold, and the peaks of other models, are roots, to the last digits.
    ///
    /// ```
    /// use menaquinone::{Dose, Population, Window, units::*, vitamer::MK7};
    /// let people = Population::of(vec![MK7.model()], 1)?;
    /// let dosing = Dose::of(90.0 * UG).every(DAY);
    /// let late = people.exposures(&dosing, &Window::new(200.0 * DAY..=201.0 * DAY)?)?[0];
    /// let steady = MK7.model().steady_state(dosing)?;
    /// assert!((late.cmax / steady.cmax() - 1.0).abs() < 1e-12);
    /// assert!((late.auc / steady.auc_tau() - 1.0).abs() < 1e-12);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`simulate`](Self::simulate).
    pub fn exposures<'a>(&self, dosing: impl Into<Dosing<'a>>, window: &Window) -> Result<Vec<WindowExposure>> {
        let mut exposures = vec![WindowExposure::default(); self.models().len()];
        self.exposures_into(dosing, window, &mut exposures)?;
        Ok(exposures)
    }

    /// The same into memory of the caller's.
    ///
    /// # Errors
    /// As for [`exposures`](Self::exposures), and room for another number of people; the room is then unchanged.
    pub fn exposures_into<'a>(
        &self,
        dosing: impl Into<Dosing<'a>>,
        window: &Window,
        exposures: &mut [WindowExposure],
    ) -> Result<()> {
        if exposures.len() != self.models().len() {
            return Err(Error::value(format!(
                "there are {} people and room for {} exposures: give as much room as people",
                self.models().len(),
                exposures.len()
            )));
        }
        let dosing = dosing.into();
        dosing.check(self)?;
        let walker = || Walker::new(dosing.of(0), window);
        let doses = if dosing.is_one_for_all() { walker() } else { self.of_person(0, |_| walker()) }?.doses();
        let work = Work { width: 1, nanoseconds: A_PERSON + A_DOSE * doses };
        for_each_chunk(exposures, work, walker, |walker, first, exposures| {
            for (i, exposure) in exposures.iter_mut().enumerate() {
                *exposure = self.of_person(first + i, |model| {
                    if !dosing.is_one_for_all() {
                        *walker = Walker::new(dosing.of(first + i), window)?;
                    }
                    walker.walk(model)
                })?;
            }
            Ok(())
        })
    }
}
