//! What people take of what they were told to take.

use super::{Person, Population};
use crate::error::{self, Error, Result};
use crate::random::{Distribution, Draw, Purpose};
use crate::regimen::{Dose, Regimen};

/// Which doses are missed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Missed {
    /// None.
    #[default]
    Never,
    /// Each with this probability, whatever happened before.
    Independent {
        /// The probability, which is also the share of missed doses in the long run.
        p: f64,
    },
    /// Doses missed in runs: a chain of two states (taken, missed), which begins in its long-run mixture.
    ///
    /// The share of missed doses in the long run is `p / (p + 1 - stay)`, and a run of missed doses lasts `1 / (1 - stay)` doses on
    /// average. (Girard et al, Stat Med 1998;17:2313, use such chains for dosing records.)
    Markov {
        /// The probability to miss a dose after one that was taken.
        p: f64,
        /// The probability to miss a dose after one that was missed.
        stay: f64,
    },
}

impl Missed {
    /// The chain with this share of missed doses in the long run and runs of this many missed doses on average.
    ///
    /// ```
    /// use menaquinone::{population::{Missed, Runs}};
    /// let Missed::Markov { p, stay } = Missed::in_runs(Runs { share: 0.2, length: 3.0 })? else { unreachable!() };
    /// assert!((p - 1.0 / 12.0).abs() < 1e-15 && (stay - 2.0 / 3.0).abs() < 1e-15);
    /// assert!((p / (p + 1.0 - stay) - 0.2).abs() < 1e-15);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A share outside [0, 1), runs shorter than one dose, or runs too short for so large a share.
    pub fn in_runs(runs: Runs) -> Result<Self> {
        let Runs { share, length } = runs;
        if !(0.0..1.0).contains(&share) {
            return Err(Error::value(format!(
                "the share of missed doses is {share}, but it must be at least 0 and below 1"
            )));
        }
        if !(length >= 1.0 && length.is_finite()) {
            return Err(Error::value(format!(
                "runs of {length} missed doses cannot be: give a finite number of at least 1"
            )));
        }
        let p = share / ((1.0 - share) * length);
        if p > 1.0 {
            let least = share / (1.0 - share);
            return Err(Error::value(format!(
                "a share of {share} missed doses cannot come in runs of {length}: give runs of at least {least}"
            )));
        }
        Ok(Self::Markov { p, stay: 1.0 - 1.0 / length })
    }

    /// The share of doses that are missed in the long run.
    ///
    /// ```
    /// use menaquinone::population::Missed;
    /// assert!((Missed::Markov { p: 0.1, stay: 0.6 }.share() - 0.2).abs() < 1e-15);
    /// ```
    pub fn share(&self) -> f64 {
        match *self {
            Self::Never | Self::Markov { p: 0.0, .. } => 0.0,
            Self::Independent { p } => p,
            Self::Markov { p, stay } => p / (p + 1.0 - stay),
        }
    }

    /// The probability to miss the next dose; nothing is before the first.
    fn next(&self, missed_before: Option<bool>) -> f64 {
        match (*self, missed_before) {
            (Self::Markov { stay, .. }, Some(true)) => stay,
            (Self::Markov { p, .. }, Some(false)) => p,
            _ => self.share(),
        }
    }
}

/// Missed doses by what one sees of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Runs {
    /// The share of doses missed in the long run.
    pub share: f64,
    /// How many are missed in a row, on average; 1 or more.
    pub length: f64,
}

/// When somebody stops for good.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Stops {
    /// Never.
    #[default]
    Never,
    /// Everybody at the same time, h: a dose due then is not taken.
    At(f64),
    /// At a time of their own, exponential with this mean, h, counted from the first dose due: each day as many as the day before
    /// stop of those who are left.
    Exponential {
        /// The mean time, h.
        mean: f64,
    },
}

/// How people keep to a dosing: what is missed, how late the rest is, when they stop.
///
/// ```
/// use menaquinone::{Dose, Population, population::{Adherence, Missed, Stops}, random::Normal, units::*, vitamer::MK7};
/// let people = MK7.nominal().population(100, 42)?;
/// let told = Dose::of(180.0 * UG).every(DAY).times(60);
/// let adherence = Adherence {
///     missed: Missed::Independent { p: 0.2 },
///     late: Some(Normal { mean: 0.0, sd: 1.5 * HOUR }.distribution()?),
///     stops: Stops::Exponential { mean: 300.0 * DAY },
/// };
/// let taken = people.regimens(&told, 60.0 * DAY, &adherence)?;
/// assert_eq!(taken, people.regimens(&told, 60.0 * DAY, &adherence)?);
/// let profile = people.models()[0].profile(&taken[0], &[60.0 * DAY])?;
/// assert!(profile.conc()[0] > 0.0);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Adherence {
    /// Which doses are missed.
    pub missed: Missed,
    /// How late a dose is taken, h; less than 0 is early. The clock is steady: each dose is late against the time it was due, so
    /// that lateness does not add up. A dose is moved by at most half the way to its neighbours (the first of all, and the last,
    /// by half the way to its only one), so that doses never change places; a single dose moves freely.
    pub late: Option<Distribution>,
    /// When somebody stops for good.
    pub stops: Stops,
}

impl Adherence {
    /// Refuses probabilities and times that cannot be.
    ///
    /// ```
    /// use menaquinone::{population::{Adherence, Missed}};
    /// let adherence = Adherence { missed: Missed::Independent { p: 20.0 }, ..Adherence::default() };
    /// assert_eq!(
    ///     adherence.check().unwrap_err().to_string(),
    ///     "the probability to miss a dose is 20, but it must lie between 0 and 1"
    /// );
    /// ```
    ///
    /// # Errors
    /// A probability outside [0, 1], a chain that never takes a dose again, a time to stop that is not a number or a mean that is
    /// not positive.
    pub fn check(&self) -> Result<()> {
        match self.missed {
            Missed::Never => {}
            Missed::Independent { p } => probability("the probability to miss a dose", p)?,
            Missed::Markov { p, stay } => {
                probability("the probability to miss a dose after one taken", p)?;
                probability("the probability to miss a dose after one missed", stay)?;
                if p > 0.0 && stay == 1.0 {
                    return Err(Error::value(
                        "the probability to miss a dose after one missed is 1, so that nobody takes any in the long run: say when \
                         people stop instead",
                    ));
                }
            }
        }
        match self.stops {
            Stops::Never => Ok(()),
            Stops::At(time) => error::finite("the time at which people stop", time, "h").map(drop),
            Stops::Exponential { mean } => error::positive("the mean time until people stop", mean, "h").map(drop),
        }
    }

    /// The doses (time in h, dose) that one person takes of those that are `due`, in order of time.
    ///
    /// Each dose due uses up two random numbers and stopping one, whatever the outcome: so two ways of missing doses leave the
    /// same people late by as much.
    fn taken(&self, due: &[(f64, Dose)], draw: &mut Draw) -> Regimen {
        let stop = self.stop(due, draw);
        let mut missed_before = None;
        let mut taken = Vec::with_capacity(due.len());
        for i in 0..due.len() {
            let (missed, late) = (draw.chance(self.missed.next(missed_before)), draw.uniform());
            missed_before = Some(missed);
            let (time, dose) = due[i];
            if time >= stop {
                break;
            }
            if !missed {
                taken.push((time + self.delay(due, i, late), dose));
            }
        }
        taken.into_iter().collect()
    }

    fn stop(&self, due: &[(f64, Dose)], draw: &mut Draw) -> f64 {
        let uniform = draw.uniform();
        let first = due.first().map_or(0.0, |(time, _)| *time);
        match self.stops {
            Stops::Never => f64::INFINITY,
            Stops::At(time) => time,
            Stops::Exponential { mean } => first - mean * crate::numeric::ln(uniform),
        }
    }

    /// How late dose `i` is, no more than half the way to its neighbours.
    fn delay(&self, due: &[(f64, Dose)], i: usize, uniform: f64) -> f64 {
        let Some(late) = &self.late else { return 0.0 };
        let gap = |a: usize| due.get(a..a + 2).map(|pair| 0.5 * (pair[1].0 - pair[0].0));
        let (before, after) = (i.checked_sub(1).and_then(gap), gap(i));
        let earliest = before.or(after).unwrap_or(f64::INFINITY);
        let latest = after.or(before).unwrap_or(f64::INFINITY);
        late.at(uniform).clamp(-earliest, latest)
    }
}

fn probability(name: &str, p: f64) -> Result<()> {
    if (0.0..=1.0).contains(&p) {
        return Ok(());
    }
    Err(Error::value(format!("{name} is {p}, but it must lie between 0 and 1")))
}

impl Population {
    /// What each person takes up to `until` h of a dosing that all were told, in the order of the people.
    ///
    /// # Errors
    /// What [`Adherence::check`] and [`Regimen::check`] refuse.
    pub fn regimens<'a>(
        &self,
        told: impl Into<std::borrow::Cow<'a, Regimen>>,
        until: f64,
        adherence: &Adherence,
    ) -> Result<Vec<Regimen>> {
        let told = Told::new(told, until)?;
        adherence.check()?;
        Ok(self.iter().map(|person| told.taken_by(person, adherence)).collect())
    }

    /// The regimens of [`regimens`](Self::regimens) one after another, for people whose diaries together would fill the memory.
    ///
    /// ```
    /// use menaquinone::{Dose, population::{Adherence, Missed}, units::*, vitamer::MK7};
    /// let people = MK7.nominal().population(100, 42)?;
    /// let adherence = Adherence { missed: Missed::Independent { p: 0.2 }, ..Adherence::default() };
    /// let daily = Dose::of(180.0 * UG).every(DAY);
    /// let troughs: Vec<f64> = people
    ///     .each_regimen(&daily, 20.0 * DAY, &adherence)?
    ///     .map(|(person, taken)| Ok(person.model.concentrations(taken, &[20.0 * DAY])?[0]))
    ///     .collect::<Result<_, menaquinone::Error>>()?;
    /// assert_eq!(troughs.len(), 100);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`regimens`](Self::regimens).
    pub fn each_regimen<'a>(
        &self,
        told: impl Into<std::borrow::Cow<'a, Regimen>>,
        until: f64,
        adherence: &Adherence,
    ) -> Result<impl Iterator<Item = (Person<'_>, Regimen)>> {
        let told = Told::new(told, until)?;
        adherence.check()?;
        let adherence = adherence.clone();
        Ok(self.iter().map(move |person| (person, told.taken_by(person, &adherence))))
    }
}

/// The doses that are due.
struct Told(Vec<(f64, Dose)>);

impl Told {
    fn new<'a>(told: impl Into<std::borrow::Cow<'a, Regimen>>, until: f64) -> Result<Self> {
        let told = told.into();
        told.check(until)?;
        Ok(Self(told.doses(until)))
    }

    fn taken_by(&self, person: Person, adherence: &Adherence) -> Regimen {
        adherence.taken(&self.0, &mut person.draw(Purpose::Adherence))
    }
}
