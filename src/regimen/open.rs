//! Doses that leave open how often they are taken, beside or after a course that says it: refused with both readings.

use super::clauses::Said;
use super::course::Course;
use super::reader::Reader;
use super::vocabulary::{AFTER, BESIDE, BESIDE_TIMES};
use super::{Dose, Regimen, Repeating};
use crate::error::Result;
use crate::units::DAY;

/// What a course leaves open.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Open {
    Nothing,
    /// Neither when nor how often.
    Bare,
    /// How often, at times of day; a time in hours is one of day only beside words such as `daily`.
    Clock,
    Hours,
}

/// A course as it was read.
#[derive(Clone)]
pub(super) struct Part {
    /// The tokens that it stands in.
    from: usize,
    to: usize,
    pub(super) regimen: Regimen,
    open: Open,
    /// Whether how often is said in words, and not in the short form, which says just what it says.
    pub(super) is_worded: bool,
    /// Whether its time is one of day, and not a number of hours.
    pub(super) has_clock: bool,
}

impl Part {
    /// The course in these tokens, of which this was said; `inner` is what its head leaves open, a dose or doses in parentheses.
    pub(super) fn new(place: (usize, usize), regimen: Regimen, said: &Said, inner: Open) -> Self {
        let times = said.times.as_ref().filter(|_| said.often.is_none()).map(|(times, _)| times.as_slice());
        let open = match times {
            Some(_) if said.has_clock => Open::Clock,
            Some(times) if times.iter().all(|time| (0.0..DAY).contains(time)) => Open::Hours,
            None if !said.says_when() => inner,
            _ => Open::Nothing,
        };
        let ((from, to), has_clock) = (place, said.has_clock || inner == Open::Clock);
        Self { from, to, regimen, open, is_worded: said.is_worded, has_clock }
    }

    /// What it leaves open.
    pub(super) fn open(&self) -> Open {
        self.open
    }

    fn is_bare(&self) -> bool {
        self.open == Open::Bare
    }

    /// The first of its courses that repeats.
    fn repeating(&self) -> Option<&Course> {
        self.regimen.courses.iter().find(|course| !course.is_diary())
    }
}

/// What courses side by side have left open and what they have said, each the first of its kind.
#[derive(Default)]
pub(super) struct Beside {
    bare: Option<Part>,
    clock: Option<Part>,
    hours: Option<Part>,
    repeating: Option<Part>,
    worded: Option<Part>,
}

impl Beside {
    fn add(&mut self, part: &Part) {
        let place = match part.open {
            Open::Bare => Some(&mut self.bare),
            Open::Clock => Some(&mut self.clock),
            Open::Hours => Some(&mut self.hours),
            Open::Nothing => None,
        };
        place.map(|first| first.get_or_insert_with(|| part.clone()));
        if part.repeating().is_some() {
            self.repeating.get_or_insert_with(|| part.clone());
        }
        if part.repeating().is_some() && part.is_worded {
            self.worded.get_or_insert_with(|| part.clone());
        }
    }

    /// What all of them leave open, once none of it was refused.
    pub(super) fn left(&self) -> Open {
        let (bare, clock, hours) = (&self.bare, &self.clock, &self.hours);
        match () {
            () if self.repeating.is_some() => Open::Nothing,
            () if bare.is_some() => Open::Bare,
            () if clock.is_some() => Open::Clock,
            () if hours.is_some() => Open::Hours,
            () => Open::Nothing,
        }
    }

    /// After a `skip` nothing before it is open.
    pub(super) fn close(&mut self) {
        (self.bare, self.clock, self.hours) = (None, None, None);
    }

    /// Nor is it after `then`; a bare dose that may stand there follows single ones, which say nothing of it.
    pub(super) fn follow(&mut self, part: &Part) {
        self.close();
        if part.is_bare() {
            *self = Self::default();
        }
    }
}

impl Reader<'_> {
    /// Refuses a dose that leaves open how often beside a course that says it: either may be meant for both.
    pub(super) fn check_beside(&self, beside: &mut Beside, part: &Part) -> Result<()> {
        beside.add(part);
        if let (Some(bare), Some(_)) = (&beside.bare, &beside.repeating) {
            return Err(self.wrong_between(bare.from, bare.to, BESIDE));
        }
        let by_clock = beside.clock.as_ref().zip(beside.repeating.as_ref());
        let Some((open, known)) = by_clock.or(beside.hours.as_ref().zip(beside.worded.as_ref())) else {
            return Ok(());
        };
        let once = open.regimen.clone();
        let as_often = known.repeating().zip(once.single_doses()).map(|(course, doses)| as_often(course, &doses));
        let pair = |open_part: Regimen| {
            let (first, second) = if open.from < known.from {
                (open_part, known.regimen.clone())
            } else {
                (known.regimen.clone(), open_part)
            };
            first.and(second).to_string()
        };
        let both = as_often.filter(|both| both.validate().is_ok()).map_or_else(|| "q24h".to_owned(), pair);
        Err(self.wrong_how((open.from, open.to), BESIDE_TIMES, &format!("write `{both}`, or `{}`", pair(once))))
    }

    /// Refuses a dose that leaves open how often after a course that says it: it may go on or be the last.
    pub(super) fn check_after(&self, before: &Regimen, part: &Part, is_worded: bool) -> Result<()> {
        let last = before.courses.iter().rev().find(|course| !course.is_diary() && course.count != Some(1));
        let is_open = match part.open {
            Open::Nothing => false,
            Open::Bare | Open::Clock => true,
            Open::Hours => is_worded,
        };
        let (Some(course), Some(doses), true, Ok(_)) = (last, part.regimen.single_doses(), is_open, before.next_due())
        else {
            return Ok(());
        };
        let on = |next: Regimen| followed(before.clone(), next, part.has_clock).to_string();
        let (once, more) = match doses[..] {
            [(_, dose)] if part.is_bare() => (format!("then {dose} once"), format!("then {}", going_on(course, dose))),
            _ => (on(part.regimen.clone()), on(endless(as_often(course, &doses)))),
        };
        Err(self.wrong_how((part.from, part.to), AFTER, &format!("write `{more}`, or `{once}`")))
    }
}

/// A dosing and what follows it. A time of day there is one of the day on which the next dose would have been due.
pub(super) fn followed(first: Regimen, next: Regimen, has_clock: bool) -> Regimen {
    const ROUNDING: f64 = 1e-9;
    let Some(due) = first.next_due().ok().filter(|_| has_clock) else { return first.then(next) };
    let day = (due / DAY + ROUNDING).floor() * DAY;
    let start = next.courses.first().and_then(Course::first_time).unwrap_or(0.0);
    let last = first.courses.iter().filter_map(Course::last_time).fold(f64::NEG_INFINITY, f64::max);
    let day = if day + start <= last { day + DAY } else { day };
    first.and(next.at(day))
}

/// Another dose in the cycle of a course, from its own start and without an end.
fn going_on(course: &Course, dose: Dose) -> Repeating {
    Repeating::new(course.cycle.tau, course.cycle.doses.iter().map(|(offset, _)| (*offset, dose)))
}

/// Doses at times of day, on the days of a course and as long as it.
fn as_often(course: &Course, doses: &[(f64, Dose)]) -> Regimen {
    let Repeating { start, tau, doses: known } = &course.cycle;
    let mut days: Vec<f64> = known.iter().map(|(offset, _)| ((start + offset) / DAY).floor() * DAY).collect();
    days.dedup();
    days.truncate(if *tau > DAY { days.len() } else { 1 });
    let all = days.iter().flat_map(|day| doses.iter().map(move |(time, dose)| (day + time, *dose)));
    Regimen::course(Repeating::new(*tau, all), course.count)
}

/// A dosing that has no end.
fn endless(mut regimen: Regimen) -> Regimen {
    regimen.courses.iter_mut().for_each(|course| course.count = None);
    regimen
}
