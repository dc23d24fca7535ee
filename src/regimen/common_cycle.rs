//! The one cycle that all endless courses of a regimen share: what a steady state belongs to.

use super::course::Course;
use super::{Dose, Regimen, Repeating};
use crate::error::{Error, ErrorKind, Result, excerpt};
use crate::numeric::sort_by_time;

/// How many of the longest interval a common cycle may take.
const MOST_CYCLES: u32 = 1_000;
/// How many doses a common cycle may hold.
const MOST_DOSES: f64 = 1e6;
/// How near to a whole number a ratio of intervals must be: an interval in minutes is not exact in hours.
const SLACK: f64 = 1e-9;

/// The cycle that the dosing settles into: courses that end and doses that were missed do not matter in the long run.
///
/// Endless courses side by side have a common cycle where their intervals are in a ratio of small whole numbers, such
/// as q8h with q24h (a day) or q24h with weekdays (a week).
///
/// ```
/// use menaquinone::{Dose, ErrorKind, Regimen, Repeating, units::*};
/// let loaded: Regimen = "360 ug q24h x7 then 90 ug q24h".parse()?;
/// assert_eq!(Repeating::try_from(&loaded)?, Dose::of(90.0 * UG).every(DAY).at(WEEK));
///
/// let mixed = Dose::of(15.0 * MG).every(8.0 * HOUR).and(Dose::of(180.0 * UG).every(DAY));
/// assert_eq!(Repeating::try_from(mixed)?.doses().len(), 4);
///
/// let error = "180 ug q24h x60".parse::<Repeating>().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::NotRepeating);
/// assert_eq!(error.to_string(), "`180 ug q24h x60` ends after 60 doses, \
///     and a steady state needs dosing without an end: leave out `x60`");
/// # Ok::<(), menaquinone::Error>(())
/// ```
/// Lets a dosing that is wanted again be lent where one is taken.
impl From<&Repeating> for Repeating {
    fn from(repeating: &Repeating) -> Self {
        repeating.clone()
    }
}

impl TryFrom<&Regimen> for Repeating {
    type Error = Error;
    fn try_from(regimen: &Regimen) -> Result<Self> {
        regimen.validate()?;
        let endless = regimen.courses.iter().filter(|course| course.count.is_none());
        let cycles: Vec<&Repeating> = endless.map(|course| &course.cycle).collect();
        match cycles.as_slice() {
            [] => Err(ends(regimen.courses.last())),
            [one] => Ok((*one).clone()),
            several => combined(several),
        }
    }
}

/// As for a reference to it.
impl TryFrom<Regimen> for Repeating {
    type Error = Error;
    fn try_from(regimen: Regimen) -> Result<Self> {
        Self::try_from(&regimen)
    }
}

fn ends(last: Option<&Course>) -> Error {
    let sentence = match last {
        None => "a regimen without doses has no steady state: give a dose and an interval, such as `90 ug q24h`".into(),
        Some(course) => {
            let (ending, advice) = course.ending();
            let course = excerpt(&course.to_string());
            format!("`{course}` {ending}, and a steady state needs dosing without an end: {advice}")
        }
    };
    Error::new(ErrorKind::NotRepeating, sentence)
}

impl Course {
    /// How a course ends, and what to do so that it does not.
    fn ending(&self) -> (String, String) {
        if self.is_diary() {
            return ("does not repeat".into(), "give an interval, such as q24h".into());
        }
        let (doses, count) = (self.len().unwrap_or(0), self.count.unwrap_or(0));
        (format!("ends after {doses} dose{}", if doses == 1 { "" } else { "s" }), format!("leave out `x{count}`"))
    }
}

fn combined(cycles: &[&Repeating]) -> Result<Repeating> {
    let tau = common_tau(cycles).ok_or_else(|| no_common_cycle(cycles))?;
    let start = cycles.iter().fold(f64::INFINITY, |start, cycle| start.min(cycle.start));
    let mut doses: Vec<_> = cycles.iter().flat_map(|cycle| unrolled(cycle, start, tau)).collect();
    sort_by_time(&mut doses);
    Ok(Repeating { start, tau, doses })
}

/// The least multiple of the longest interval that is a multiple of all others.
fn common_tau(cycles: &[&Repeating]) -> Option<f64> {
    let longest = cycles.iter().fold(0.0, |longest: f64, cycle| longest.max(cycle.tau));
    let fits = |tau: f64| cycles.iter().all(|cycle| is_whole(tau / cycle.tau));
    let tau = (1..=MOST_CYCLES).map(|n| f64::from(n) * longest).find(|tau| fits(*tau))?;
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let doses: f64 = cycles.iter().map(|cycle| tau / cycle.tau * cycle.doses.len() as f64).sum();
    (doses <= MOST_DOSES).then_some(tau)
}

fn is_whole(ratio: f64) -> bool {
    (ratio - ratio.round()).abs() <= SLACK * ratio
}

/// The doses of a cycle over one `tau`, as h after `start`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a million")]
fn unrolled(cycle: &Repeating, start: f64, tau: f64) -> impl Iterator<Item = (f64, Dose)> {
    let rounds = (tau / cycle.tau).round() as u32;
    let shift = cycle.start - start;
    (0..rounds).flat_map(move |round| {
        let begin = shift + f64::from(round) * cycle.tau;
        cycle.doses.iter().map(move |&(offset, dose)| (wrapped(begin + offset, tau), dose))
    })
}

/// The time within one cycle; one that rounding left just short of the end is the beginning.
fn wrapped(time: f64, tau: f64) -> f64 {
    const ROUNDING: f64 = 1e-13;
    let within = time % tau;
    if tau - within <= ROUNDING * time.max(tau) { 0.0 } else { within }
}

fn no_common_cycle(cycles: &[&Repeating]) -> Error {
    let names: Vec<String> = cycles.iter().map(|cycle| format!("`{}`", excerpt(&cycle.to_string()))).collect();
    Error::new(
        ErrorKind::NotRepeating,
        format!(
            "{} have no common cycle within {MOST_CYCLES} of the longest interval, and a steady state needs one: \
             choose intervals in a ratio of small whole numbers, such as q8h and q24h",
            excerpt(&names.join(" and "))
        ),
    )
}
