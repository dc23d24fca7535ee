//! Reading the text form from left to right, just as the methods chain.

use std::str::FromStr;

use super::clauses::{Head, Said};
use super::open::{Beside, Open, Part, followed};
use super::reader::Reader;
use super::token::unreadable;
use super::vocabulary::{CLAUSE, CLOSING, DOSE, MEAL, NUMBERS, SHALLOW, SKIPPED_DAYS};
use super::{Dose, Meal, Regimen, Repeating, Route};
use crate::error::{Error, ErrorKind, Result};

/// A limit for the recursion, which a text of nothing but parentheses would exhaust.
const DEEPEST: usize = 20;

/// Reads `180 ug q24h x60 then 45 ug q12h`, from left to right just as the methods chain:
///
/// ```text
/// regimen  = course { "then" course | "and" course | "skip" numbers }
/// course   = ( dose | "(" regimen ")" ) { interval | "x" n | "for" time | "except" days | "at" times }  |  "nothing"
/// dose     = amount { "iv" | "oral" | "over" time | "fasted" | "with" amount "fat" | "with food" }
/// interval = "q" time | "every" time | n "x daily" | "daily" | "weekly" | "monthly" | "on" days | "once"
/// numbers  = n or n-n, separated by commas              days = Mon,Wed,Fri or Mon-Fri
/// amount   = number ( ug | µg | mcg | mg | g )          time = number ( min | h | d | w | month )
/// ```
///
/// - `a then b` starts `b`, with the hours after its `at`, when the next dose of all before it would have been due, and a time of
///   day (`at 8:00`) is one of that day; `a and b` starts `b` at its own time, or at 0. `on` counts its week from that start.
/// - Beside or after doses that say how often, a dose says it too, or `once`: `90 ug daily for 4w then 45 ug once`.
/// - `skip` counts from 1 in order of time over all that stands before it.
/// - Single doses in parentheses are a cycle where an interval follows, and otherwise a diary. Parentheses also keep a
///   `skip` to one course: `90 ug q24h x7 then (45 ug q24h x7 skip 2)`.
/// - What is said of a course may stand in any order, each thing once, with commas between.
/// - `n x daily` and the like (`BID`, `three times a day`) is an even interval; a month is 30 days; days of the week count from
///   Monday, which is time 0, and so does the clock: `at 8:00` is `at 8h`, and [day 1](Regimen#days-and-hours) begins at `0h`.
/// - `360 ug then 180 ug daily`: a dose without an interval takes that of what follows.
/// - Words are read in any case (`180UG Daily`), units also in full (`8 weeks`), and spaces are free. Labels and prescriptions
///   have many more, which `docs/REGIMENS.md` in the repository lists. What they leave open is refused with what to write.
///
/// ```
/// use menaquinone::{Dose, Regimen, Repeating, units::*};
/// let written: Regimen = "1.5 mg q1d for 8 weeks then (90 ug at 8h and 45 ug at 20h) q24h".parse()?;
/// let day = Repeating::new(DAY, [(8.0, Dose::of(90.0 * UG)), (20.0, Dose::of(45.0 * UG))]);
/// assert_eq!(written, Dose::of(1.5 * MG).every(DAY).lasting(8.0 * WEEK).then(day));
/// let label: Regimen = "Take 1 capsule (180 mcg) b.i.d. with food x 30 days, then 0,09 mg daily except Sunday".parse()?;
/// assert_eq!(label.to_string(), "180 ug with food q12h x60 then 90 ug on Mon,Tue,Wed,Thu,Fri,Sat");
/// assert_eq!(
///     "180 ug q24x".parse::<Regimen>().unwrap_err().to_string(),
///     "cannot read `180 ug q24x`: `q24x` (column 8) is not an interval: \
///      write a number and a unit (min, h, d or w) such as q24h, q12h or q1d"
/// );
/// # Ok::<(), menaquinone::Error>(())
/// ```
impl FromStr for Regimen {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let mut reader = Reader::new(text);
        let of_text = |problem: Error| match problem.kind() {
            ErrorKind::Text => problem,
            _ => unreadable(text, &problem.to_string()),
        };
        let regimen = reader.regimen(0).map_err(of_text)?;
        reader.end(CLAUSE)?;
        regimen.validate().map_err(of_text)?;
        Ok(regimen)
    }
}

/// Reads what [`Regimen`] reads, where it has an interval and no end.
///
/// ```
/// use menaquinone::{Dose, Repeating, units::*};
/// assert_eq!("90 ug q24h".parse::<Repeating>()?, Dose::of(90.0 * UG).every(DAY));
/// # Ok::<(), menaquinone::Error>(())
/// ```
impl FromStr for Repeating {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        text.parse::<Regimen>()?.try_into()
    }
}

/// Reads `180 ug`, `10 mg iv over 2h` or `15 mg with 20 g fat`.
///
/// ```
/// use menaquinone::{Dose, units::*};
/// assert_eq!("10 mg iv over 2h".parse::<Dose>()?, Dose::iv(10.0 * MG).over(2.0 * HOUR));
/// # Ok::<(), menaquinone::Error>(())
/// ```
impl FromStr for Dose {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let mut reader = Reader::new(text);
        let mut dose = Self::of(reader.amount()?);
        let mut said = Said::default();
        while reader.dose_clause(&mut dose, &mut said)? {}
        reader.end(DOSE)?;
        Ok(dose)
    }
}

/// Reads `20 g fat`, `with 20 g fat` or `fasted`.
///
/// ```
/// use menaquinone::{Meal, units::*};
/// assert_eq!("8.8 g fat".parse::<Meal>()?, Meal::with_fat(8.8 * GRAM));
/// assert_eq!("fasted".parse::<Meal>()?, Meal::FASTED);
/// # Ok::<(), menaquinone::Error>(())
/// ```
impl FromStr for Meal {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let mut reader = Reader::new(text);
        let meal = if reader.eat(&["fasted"]) {
            Self::FASTED
        } else {
            reader.eat(&["with"]);
            reader.eaten(reader.next)?
        };
        reader.end(MEAL)?;
        Ok(meal)
    }
}

impl Reader<'_> {
    fn regimen(&mut self, depth: usize) -> Result<Regimen> {
        self.courses(depth).map(|(regimen, _)| regimen)
    }

    /// Courses, and what they leave open.
    fn courses(&mut self, depth: usize) -> Result<(Regimen, Open)> {
        let first = self.course(depth)?;
        let (mut beside, mut is_worded) = (Beside::default(), first.is_worded);
        self.check_beside(&mut beside, &first)?;
        let (mut regimen, mut open, mut courses) = (first.regimen.clone(), first.open(), 1);
        loop {
            let from = self.next;
            let then = self.eat(&["then"]);
            if then || self.eat(&["and"]) {
                self.eat(&[","]);
                let next = self.course(depth)?;
                courses += 1;
                self.check_parts(courses)?;
                if then {
                    self.check_after(&regimen, &next, is_worded)?;
                    beside.follow(&next);
                }
                self.check_beside(&mut beside, &next)?;
                is_worded |= next.is_worded;
                regimen = if then { after(regimen, next) } else { regimen.and(next.regimen) };
                open = beside.left();
            } else if self.eat(&["skip"]) {
                regimen = self.numbers(regimen, from)?;
                open = Open::Nothing;
                beside.close();
            } else {
                return Ok((regimen, open));
            }
        }
    }

    fn course(&mut self, depth: usize) -> Result<Part> {
        let (from, mut said) = (self.next, Said::default());
        if self.leads_with_often() && self.often_clause(&mut said)? {
            self.eat(&[":", ","]);
        }
        let way = self.way_before_amount();
        let (mut head, inner) = self.head(depth)?;
        if let (Some(route), Head::Dose(dose)) = (way, &mut head) {
            (dose.route, said.route) = (route, true);
        }
        self.clauses(&mut head, &mut said)?;
        let to = self.next;
        let mut part = Part::new((from, to), Regimen::default(), &said, inner);
        part.regimen = self.built(head, said)?;
        Ok(part)
    }

    /// `oral 180 ug`, `iv 10 mg`.
    fn way_before_amount(&mut self) -> Option<Route> {
        if !self.is_number_at(1) || !self.is_at(0, &["iv", "oral"]) {
            return None;
        }
        let route = if self.is_at(0, &["iv"]) { Route::Intravenous } else { Route::Oral };
        self.next += 1;
        Some(route)
    }

    /// What an interval may repeat: one dose, or a group; and what it leaves open.
    fn head(&mut self, depth: usize) -> Result<(Head, Open)> {
        let from = self.next;
        if self.eat(&["nothing"]) {
            return Ok((Head::Group(Regimen::default()), Open::Nothing));
        }
        if !self.eat(&["("]) {
            return self.amount().map(|amount| (Head::Dose(Dose::of(amount)), Open::Bare));
        }
        if depth == DEEPEST {
            return Err(self.wrong(from, SHALLOW));
        }
        let (group, open) = self.courses(depth + 1)?;
        if !self.eat(&[")"]) {
            return Err(self.wrong(self.next, if self.is_done() { CLOSING } else { CLAUSE }));
        }
        let group = match group.single_doses().filter(|_| group.courses.len() > 1) {
            Some(doses) => Regimen::from_iter(doses),
            None => group,
        };
        Ok((Head::Group(group), open))
    }

    fn numbers(&mut self, regimen: Regimen, from: usize) -> Result<Regimen> {
        if self.is_weekday(0) {
            return Err(self.wrong(from, SKIPPED_DAYS));
        }
        let mut ranges = Vec::new();
        loop {
            let first = self.whole(0).ok_or_else(|| self.wrong(from, NUMBERS))?;
            let last = if self.eat(&["-"]) { self.whole(first) } else { Some(first) };
            ranges.push(first..=last.ok_or_else(|| self.wrong(from, NUMBERS))?);
            if !self.eat(&[","]) {
                return Ok(regimen.skip(ranges.into_iter().flatten()));
            }
        }
    }
}

/// What follows a dosing; `360 ug then 180 ug daily`: a dose without an interval takes that of what follows it.
fn after(first: Regimen, next: Part) -> Regimen {
    let (has_clock, next) = (next.has_clock, next.regimen);
    let lone = match first.single_doses().as_deref() {
        Some(&[(0.0, dose)]) => Some(dose),
        _ => None,
    };
    let tau =
        next.courses.first().map(|course| &course.cycle).filter(|cycle| cycle.start == 0.0 && cycle.doses.len() == 1);
    match (lone, tau.map(Repeating::tau).filter(|tau| tau.is_finite())) {
        (Some(dose), Some(tau)) => dose.every(tau).times(1).then(next),
        _ => followed(first, next, has_clock),
    }
}
