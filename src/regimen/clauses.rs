//! A course: a dose or a group, and what is said of it, each thing once and in any order.

use super::clock::is_of_clock;
use super::frequency::Often;
use super::reader::Reader;
use super::vocabulary::{
    COUNT, DURATION, EXCEPTED, HOW_OFTEN, ONCE_A_DAY, PARTS, PAUSE, RATE_OR_INTERVAL, REPEATABLE, TIMES, TIMES_OF_DAY,
    size,
};
use super::{Dose, Regimen, Repeating, Route, Weekday};
use crate::error::Result;
use crate::units::DAY;

/// What stands before the clauses of a course.
pub(super) enum Head {
    Dose(Dose),
    Group(Regimen),
}

/// How long a course goes on.
#[derive(Clone, Copy)]
enum Count {
    Cycles(u64),
    Hours(f64),
    Endless,
}

/// What the clauses of a course say; the numbers are where in the text.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that was said or not")]
pub(super) struct Said {
    pub(super) often: Option<(Often, usize, usize)>,
    count: Option<(Count, usize)>,
    except: Option<(Vec<Weekday>, usize)>,
    pub(super) times: Option<(Vec<f64>, usize)>,
    /// Whether they are written as a clock shows them.
    pub(super) has_clock: bool,
    /// Whether how often is said in words, not as `q24h` or `on Mon`.
    pub(super) is_worded: bool,
    /// `once daily`, and where.
    once_a_day: Option<(usize, usize)>,
    /// `/2h`, and where.
    per_hours: Option<(usize, usize)>,
    parts: Option<(Vec<&'static str>, usize)>,
    pub(super) route: bool,
    pub(super) over: bool,
    /// `meals`, which asks how often.
    pub(super) meals: Option<usize>,
}

impl Said {
    /// Whether a time, a number of times or how often is said.
    pub(super) fn says_when(&self) -> bool {
        self.often.is_some() || self.count.is_some() || self.times.is_some() || self.parts.is_some()
    }

    /// Whether several times or parts of a day are named.
    fn is_several_times(&self) -> bool {
        let times = self.times.as_ref().is_some_and(|(times, _)| times.len() > 1);
        times || self.parts.as_ref().is_some_and(|(parts, _)| parts.len() > 1)
    }
}

const PARTS_OF_DAY: [&str; 4] = ["morning", "evening", "night", "bedtime"];

impl Reader<'_> {
    /// Everything that is said of a head, with commas between.
    pub(super) fn clauses(&mut self, head: &mut Head, said: &mut Said) -> Result<()> {
        loop {
            let before = self.next;
            self.eat(&[",", ";"]);
            if self.clause(head, said)? || self.clause_in_parentheses(head, said)? {
                continue;
            }
            if !self.is_at(0, &["then", "and", "skip"]) {
                self.next = before;
            }
            return Ok(());
        }
    }

    /// `(with food)`.
    fn clause_in_parentheses(&mut self, head: &mut Head, said: &mut Said) -> Result<bool> {
        let before = self.next;
        if self.eat(&["("]) && self.clause(head, said)? && self.eat(&[")"]) {
            return Ok(true);
        }
        self.next = before;
        Ok(false)
    }

    fn clause(&mut self, head: &mut Head, said: &mut Said) -> Result<bool> {
        if let Head::Dose(dose) = head
            && self.dose_clause(dose, said)?
        {
            return Ok(true);
        }
        Ok(self.often_clause(said)? || self.count_clause(said)? || self.time_clause(said)?)
    }

    pub(super) fn often_clause(&mut self, said: &mut Said) -> Result<bool> {
        let from = self.next;
        if said.count.is_some() && self.is_at(0, &["on", "off"]) && !self.is_weekday(1) {
            return Err(self.wrong_between(from, from + 1, PAUSE));
        }
        let Some(often) = self.often()? else { return Ok(false) };
        let said_here = &self.tokens[from..self.next];
        let is = |at: usize, word: &str| said_here.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(word));
        said.is_worded |= often != Often::Once && !is(0, "q") && !is(0, "on");
        if (is(0, "/") || is(0, "per")) && matches!(often, Often::Every(tau) if tau < DAY) {
            said.per_hours = Some((from, self.next));
        }
        if often != Often::Once && (is(0, "once") || is(0, "1") && is(1, "x")) {
            said.once_a_day = Some((from, self.next));
        }
        match &said.often {
            None => said.often = Some((often, from, self.next)),
            Some((known, ..)) if *known == often => {}
            Some(_) => {
                self.next = from;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// `x60`, `for 8w`, `x 30 days`, `except Sun`: of what has an interval.
    fn count_clause(&mut self, said: &mut Said) -> Result<bool> {
        let from = self.next;
        if said.often.is_none() {
            return Ok(self.once_clause(said));
        }
        if said.count.is_none() && self.eat(&["endless"]) {
            said.count = Some((Count::Endless, from));
            return Ok(true);
        }
        if said.except.is_none() && self.eat(&["except"]) {
            said.except = Some((self.days(from)?, from));
            return Ok(true);
        }
        if said.count.is_some() || !self.is_at(0, &["for", "x"]) {
            return Ok(false);
        }
        let doses = self.is_at(2, &["capsule"]);
        let whole = self.eat(&["x"]);
        if !doses && (!whole || size(TIMES, self.peek_at(1)).is_some()) {
            self.next = from + 1;
            let hours = self.time(from, DURATION, |duration| duration > 0.0)?;
            said.count = Some((Count::Hours(hours), from));
            return Ok(true);
        }
        self.next = from + 1;
        let count = self.whole(1).ok_or_else(|| self.wrong(from, COUNT))?;
        self.eat(&["capsule"]);
        said.count = Some((Count::Cycles(count), from));
        Ok(true)
    }

    /// `x1` of what has no interval.
    fn once_clause(&mut self, said: &mut Said) -> bool {
        const PERIODS: [&str; 8] = ["daily", "weekly", "monthly", "hourly", "every", "q", "/", "per"];
        let is_once = self.is_at(0, &["x"]) && self.is_at(1, &["1"]);
        if !is_once || self.is_at(2, &PERIODS) || size(TIMES, self.peek_at(2)).is_some() {
            return false;
        }
        said.often = Some((Often::Once, self.next, self.next + 2));
        self.next += 2;
        self.eat(&["capsule"]);
        true
    }

    /// `at 8h`, `at 8:00 and 20:00`, `morning and evening`.
    fn time_clause(&mut self, said: &mut Said) -> Result<bool> {
        let from = self.next;
        if said.times.is_none() && self.eat(&["at"]) {
            said.times = Some((self.times(from)?, from));
            said.has_clock |= self.tokens[from..self.next].iter().any(|token| is_of_clock(token.text));
            return Ok(true);
        }
        let part = |reader: &Self, ahead| PARTS_OF_DAY.into_iter().find(|part| reader.is_at(ahead, &[part]));
        let Some(first) = part(self, 0).filter(|_| said.parts.is_none()) else { return Ok(false) };
        let mut parts = vec![first];
        self.next += 1;
        while self.is_at(0, &["and", ","])
            && let Some(more) = part(self, 1)
        {
            parts.push(more);
            self.next += 2;
        }
        said.parts = Some((parts, from));
        Ok(true)
    }

    /// The course that a head and what is said of it make.
    pub(super) fn built(&mut self, head: Head, mut said: Said) -> Result<Regimen> {
        if let Some((from, to)) = said.once_a_day.filter(|_| said.is_several_times()) {
            return Err(self.wrong_between(from, to, ONCE_A_DAY));
        }
        if let (Some((from, to)), Head::Dose(Dose { route: Route::Intravenous, .. })) = (said.per_hours, &head) {
            return Err(self.wrong_between(from, to, RATE_OR_INTERVAL));
        }
        self.settle_parts(&mut said)?;
        if let (Some(from), None | Some((Often::Once, ..))) = (said.meals, &said.often) {
            return Err(self.wrong_between(from, from + 2, HOW_OFTEN));
        }
        let (times, at) = said.times.take().unwrap_or_default();
        let doses = self.doses_at(&head, &times, at)?;
        let start = if let [one] = times[..] { one } else { 0.0 };
        let Some((often, from, to)) = said.often.take().filter(|(often, ..)| *often != Often::Once) else {
            return Ok(match (doses, head) {
                (Some(doses), _) => Regimen::from_iter(doses),
                (None, Head::Dose(dose)) => dose.at(start),
                (None, Head::Group(group)) if start == 0.0 => group,
                (None, Head::Group(group)) => group.at(start),
            });
        };
        let place = (from, to, at);
        let course = match often {
            Often::On(days, tau) => self.on_days(&head, (&days, tau), doses, place)?,
            Often::Every(tau) => self.cycle(head, tau, doses, place)?,
            Often::Once => return Ok(Regimen::default()), // filtered out above
        };
        Ok(self.counted(course, &said)?.at(start))
    }

    /// Several times of one dose, as doses of their own.
    fn doses_at(&self, head: &Head, times: &[f64], at: usize) -> Result<Option<Vec<(f64, Dose)>>> {
        match (times, head) {
            ([] | [_], _) => Ok(None),
            (_, Head::Dose(dose)) => Ok(Some(times.iter().map(|time| (*time, *dose)).collect())),
            (_, Head::Group(_)) => Err(self.wrong_between(at, at + 1, TIMES_OF_DAY)),
        }
    }

    fn cycle(&self, head: Head, tau: f64, doses: Option<Vec<(f64, Dose)>>, (from, to, at): Place) -> Result<Repeating> {
        if let Some(doses) = doses {
            #[expect(clippy::cast_precision_loss, reason = "a handful of times")]
            let fits = tau == DAY || tau == DAY / doses.len() as f64;
            return if fits {
                Ok(Repeating::new(DAY, doses))
            } else {
                Err(self.wrong_between(at, at + 1, TIMES_OF_DAY))
            };
        }
        match head {
            Head::Dose(dose) => Ok(dose.every(tau)),
            Head::Group(group) => {
                let doses = group.single_doses().ok_or_else(|| self.wrong_between(from, to, REPEATABLE))?;
                Ok(Repeating::new(tau, doses))
            }
        }
    }

    /// The doses of these days of every week.
    fn on_days(
        &self,
        head: &Head,
        (days, tau): (&[Weekday], f64),
        doses: Option<Vec<(f64, Dose)>>,
        place: Place,
    ) -> Result<Repeating> {
        let (from, to, _) = place;
        let single = match head {
            Head::Dose(dose) => Some(*dose),
            Head::Group(group) => match group.single_doses().as_deref() {
                Some(&[(0.0, dose)]) => Some(dose),
                _ => None,
            },
        };
        let dose = single.ok_or_else(|| self.wrong_between(from, to, REPEATABLE))?;
        if tau == DAY && doses.is_none() {
            return Ok(dose.on(days.iter().copied()));
        }
        let day = self.cycle(Head::Dose(dose), tau, doses, place)?;
        day.without(&Weekday::others(days))
    }

    fn counted(&self, course: Repeating, said: &Said) -> Result<Regimen> {
        let (days, from) = said.except.clone().unwrap_or_default();
        if days.is_empty() {
            return Ok(match said.count {
                None | Some((Count::Endless, _)) => course.into(),
                Some((Count::Cycles(count), _)) => course.times(count),
                Some((Count::Hours(hours), _)) => course.lasting(hours),
            });
        }
        match said.count {
            None | Some((Count::Endless, _)) => Ok(course.without(&days)?.into()),
            Some((Count::Cycles(_), _)) => Err(self.wrong_between(from, from + 1, EXCEPTED)),
            Some((Count::Hours(hours), _)) => {
                let whole = course.without(&days)?.lasting(hours);
                Ok(if whole.validate().is_ok() { whole } else { course.lasting(hours).except(days) })
            }
        }
    }

    /// Parts of the day as the interval that they are, where no clock is needed to tell them apart.
    fn settle_parts(&mut self, said: &mut Said) -> Result<()> {
        let Some((parts, from)) = said.parts.take() else { return Ok(()) };
        let late = |part: &str| part != "morning";
        if let (Some((times, _)), [part]) = (&said.times, parts.as_slice()) {
            let fits = times.len() == 1 && (times[0] >= DAY / 2.0) == late(part) && said.often.is_some();
            return if fits { Ok(()) } else { Err(self.wrong_between(from, from + 1, PARTS)) };
        }
        let tau = match parts.as_slice() {
            [_] => DAY,
            [one, other] if late(one) != late(other) && said.times.is_none() => DAY / 2.0,
            _ => return Err(self.wrong_between(from, from + 1, PARTS)),
        };
        match &said.often {
            Some((Often::Every(known), ..)) if *known == tau || *known == DAY => {}
            Some((Often::On(..), ..)) if tau == DAY => {}
            None => {}
            Some(_) => return Err(self.wrong_between(from, from + 1, PARTS)),
        }
        self.unclocked.push((parts, from));
        match said.often.take() {
            Some((Often::On(days, tau), from, to)) => said.often = Some((Often::On(days, tau), from, to)),
            other => {
                let (from, to) = other.map_or((from, from + 1), |(_, from, to)| (from, to));
                said.often = Some((Often::Every(tau), from, to));
            }
        }
        Ok(())
    }

    /// Refuses courses of different parts of the day: without a clock nobody can tell how far apart they are.
    pub(super) fn check_parts(&self, courses: usize) -> Result<()> {
        let Some((parts, from)) = self.unclocked.first() else { return Ok(()) };
        let same = self.unclocked.len() == courses && self.unclocked.iter().all(|(other, _)| other == parts);
        if same { Ok(()) } else { Err(self.wrong_between(*from, from + 1, PARTS)) }
    }
}

/// Where how often begins and ends, and where the times begin.
type Place = (usize, usize, usize);
