//! How samples are read: what has to be said, and what may be chosen.

use serde::{Deserialize, Serialize};

use crate::error::{self, Error, Result};
use crate::regimen::Dose;

/// What is below this counts as nothing, so that a quotient of two concentrations is always a number.
pub(super) const NOTHING: f64 = 1e-290;
/// More than this, in h or µg/L, is a mistake, and products of such numbers leave the range of numbers.
pub(super) const LARGEST: f64 = 1e15;

/// Everything that is said about samples beside the samples themselves.
///
/// Plain data: the methods of [`Nca`](crate::nca::Nca) set one field each, and `Rules { tau: Some(DAY), ..Rules::default() }`
/// sets what many subjects share. Written down, a rule that is the default may be left out; rules are checked where they are used.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// What was given; its route and duration decide on which metrics there are. Without it, the route is taken as oral.
    pub dose: Option<Dose>,
    /// When it was given, on the clock of the samples, h. Earlier samples are not used, unless [`AtDose::Carried`] takes the last
    /// of them; all results count from it.
    pub dosed_at: f64,
    /// The dosing interval, h, for the metrics of steady state.
    pub tau: Option<f64>,
    /// What lies between two samples.
    pub area: AreaRule,
    /// What samples below the limit of quantification count as. It must be said where one lies between measured ones.
    pub below: Option<BelowLimit>,
    /// What stands in for a sample at the time of the dose, where there is none.
    pub at_dose: AtDose,
    /// Which samples the terminal slope is taken from.
    pub terminal: Terminal,
    /// The concentration of [`Analysis::time_above`](crate::nca::Analysis::time_above), µg/L.
    pub threshold: Option<f64>,
    /// The window of [`Analysis::auc_window`](crate::nca::Analysis::auc_window): start and end in h after the dose.
    pub window: Option<(f64, f64)>,
}

/// What is taken to lie between two samples, which decides on areas and on concentrations read between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum AreaRule {
    /// A straight line, everywhere.
    Linear,
    /// A straight line up, an exponential down: what absorption and elimination look like.
    #[default]
    LinearUpLogDown,
    /// An exponential, up and down; a straight line to and from zero.
    Log,
    /// Straight lines up to the peak and [`Log`](Self::Log) after it: "linear/log trapezoidal" of Phoenix. After a bolus the peak is
    /// `c0` where nothing measured is higher.
    LinearThenLog,
}

impl AreaRule {
    /// The rule on either side of the peak.
    pub(super) fn sides(self) -> [Piecewise; 2] {
        match self {
            Self::Linear => [Piecewise::Linear; 2],
            Self::LinearUpLogDown => [Piecewise::LogDown; 2],
            Self::Log => [Piecewise::Log; 2],
            Self::LinearThenLog => [Piecewise::Linear, Piecewise::Log],
        }
    }
}

/// What lies between two samples, whatever stands before and after them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Piecewise {
    Linear,
    LogDown,
    Log,
}

impl Piecewise {
    /// Whether an exponential lies between two concentrations.
    #[inline(always)]
    pub(super) fn is_log(self, from: f64, to: f64) -> bool {
        let falling = (to > 0.0) & (to < from);
        match self {
            Self::Linear => false,
            Self::LogDown => falling,
            Self::Log => falling | ((from > 0.0) & (to > from)),
        }
    }
}

/// What one sample below the limit of quantification counts as, in areas.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum BelowAs {
    /// The sample counts as zero.
    Zero,
    /// The sample counts as if it had not been taken.
    Dropped,
    /// The sample counts as this concentration, µg/L; half the limit is common.
    Value(f64),
}

/// What samples below the limit of quantification count as, by where they stand.
///
/// This is about areas. None of them is ever a peak, a last concentration or a point of the terminal slope.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum BelowLimit {
    /// By place among the measured samples: before the first, between two, after the last.
    ByPlace {
        /// Before the first measured sample.
        first: BelowAs,
        /// Between measured samples.
        middle: BelowAs,
        /// After the last measured sample.
        last: BelowAs,
    },
    /// By the peak: before it, and after it.
    ByTmax {
        /// Before the highest sample.
        before: BelowAs,
        /// After the highest sample.
        after: BelowAs,
    },
}

impl BelowLimit {
    /// Zero wherever they stand: `WinNonlin` and `NonCompart`.
    pub const ZERO: Self = Self::ByPlace { first: BelowAs::Zero, middle: BelowAs::Zero, last: BelowAs::Zero };
    /// Zero before the first measured sample and after the last, dropped between them: the default of `PKNCA`.
    pub const DROP_MIDDLE: Self = Self::ByPlace { first: BelowAs::Zero, middle: BelowAs::Dropped, last: BelowAs::Zero };

    fn all(self) -> [BelowAs; 3] {
        match self {
            Self::ByPlace { first, middle, last } => [first, middle, last],
            Self::ByTmax { before, after } => [before, after, after],
        }
    }
}

/// What stands in for a sample at the time of the dose where there is none.
///
/// After a bolus it is always `c0`, the first two samples carried back, unless it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum AtDose {
    /// Zero: right for a first dose.
    #[default]
    Zero,
    /// The lowest concentration within the dosing interval: for a steady state.
    Lowest,
    /// The last sample before the dose, as if it had been taken at the dose; it then counts as a sample. Where there is none, nothing,
    /// as with [`Refused`](Self::Refused).
    Carried,
    /// Nothing, so that there are no areas from the dose on: the default of `PKNCA`.
    Refused,
}

/// Which samples the terminal slope is taken from; only quantified ones count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Terminal {
    /// The last samples, as many as give the best adjusted R²; of those within 1e-4 of it, the most. They come after the
    /// peak, after a bolus also the peak itself, and not before the end of an infusion.
    BestFit {
        /// The least number of samples, 3 if nothing is said.
        least: usize,
    },
    /// So many of the last samples.
    Last(usize),
    /// The samples from one time to another, h after the dose.
    Between {
        /// The first time.
        start: f64,
        /// The last time.
        end: f64,
    },
    /// The samples at these times, h after the dose.
    At(Vec<f64>),
}

impl Default for Terminal {
    fn default() -> Self {
        Self::BestFit { least: 3 }
    }
}

impl Rules {
    /// Refuses what cannot be.
    pub(super) fn check(&self) -> Result<()> {
        self.dose.map_or(Ok(()), |dose| dose.check())?;
        check_dosed_at(self.dosed_at)?;
        self.tau.map_or(Ok(0.0), |tau| error::positive("the dosing interval tau", tau, "h"))?;
        self.threshold.map_or(Ok(0.0), |level| error::positive("the threshold", level, "µg/L"))?;
        for below in self.below.iter().flat_map(|below| below.all()) {
            if let BelowAs::Value(value) = below {
                check_stand_in(value)?;
            }
        }
        self.check_window()?;
        self.check_terminal()
    }

    /// The times after the dose that the rules name.
    pub(super) fn named_times(&self) -> impl Iterator<Item = f64> + '_ {
        let (chosen, ends) = match &self.terminal {
            Terminal::At(times) => (&times[..], None),
            Terminal::Between { start, end } => (&[][..], Some([*start, *end])),
            _ => (&[][..], None),
        };
        let window = self.window.map(|(start, end)| [start, end]);
        self.tau.into_iter().chain(chosen.iter().copied()).chain([window, ends].into_iter().flatten().flatten())
    }

    fn check_window(&self) -> Result<()> {
        match self.window {
            Some((start, end)) if !(start.is_finite() && end.is_finite() && start <= end) => {
                Err(Error::value(format!(
                    "the window from {start} h to {end} h is not one: both must be finite and its end must not come before its start"
                )))
            }
            _ => Ok(()),
        }
    }

    fn check_terminal(&self) -> Result<()> {
        match &self.terminal {
            Terminal::BestFit { least } | Terminal::Last(least) if *least < 2 => Err(Error::value(format!(
                "a terminal slope of {least} samples is not possible: take at least 2, and 3 for an adjusted R²"
            ))),
            Terminal::Between { start, end } if !(start.is_finite() && end.is_finite() && start < end) => {
                Err(Error::value(format!(
                    "the terminal samples cannot lie between {start} h and {end} h: both must be finite and the first must be earlier"
                )))
            }
            Terminal::At(times) if times.len() < 2 || !times.windows(2).all(|pair| pair[0] < pair[1]) => {
                Err(Error::value(
                    "the times of the terminal samples must be at least two and ascend: name each once, the earliest first",
                ))
            }
            _ => Ok(()),
        }
    }
}

fn check_dosed_at(time: f64) -> Result<()> {
    if time.abs() <= LARGEST {
        return Ok(());
    }
    Err(Error::value(format!("the time of the dose is {time} h, but it must be a finite number of at most 1e15")))
}

fn check_stand_in(value: f64) -> Result<()> {
    if (NOTHING..=LARGEST).contains(&value) {
        return Ok(());
    }
    Err(Error::value(format!(
        "the concentration that stands for one below the limit is {value} µg/L, but it must be a number from 1e-290 to 1e15"
    )))
}
