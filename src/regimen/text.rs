//! Reading the text form from left to right, just as the methods chain.

use std::str::FromStr;

use super::token::{Token, span, tokens, unreadable, wrong};
use super::vocabulary::{
    AMOUNT, AMOUNTS, CLAUSE, CLOSING, COUNT, DAYS, DOSE, DURATION, Expected, FAT, INTERVAL, MEAL, NUMBERS, REPEATABLE,
    SHALLOW, SWALLOWED, TIME, TIMES, Units,
};
use super::{Dose, Meal, Regimen, Repeating, Route, Weekday};
use crate::error::{Error, Result};
use crate::units::{DAY, WEEK};

/// A limit for the recursion, which a text of nothing but parentheses would exhaust.
const DEEPEST: usize = 20;

/// Reads `180 ug q24h x60 then 45 ug q12h`, from left to right just as the methods chain:
///
/// ```text
/// regimen  = course { "then" course | "and" course | "skip" numbers }
/// course   = ( dose | "(" regimen ")" ) [ interval [ "x" n | "for" time ] ] [ "at" time ]  |  "nothing"
/// dose     = amount [ "iv" | "oral" ] [ "over" time ] [ "fasted" | "with" amount "fat" ]
/// interval = "q" time | "every" time | "daily" | "weekly" | "on" Mon,Wed,Fri | "once"
/// numbers  = n or n-n, separated by commas
/// amount   = number ( ug | µg | mcg | mg | g )          time = number ( min | h | d | w )
/// ```
///
/// - `a then b` starts `b`, with the time after its `at`, when the next dose of all before it would have been due;
///   `a and b` starts `b` at its own time, or at 0. `on` counts its week from that start.
/// - `skip` counts from 1 in order of time over all that stands before it.
/// - Single doses in parentheses are a cycle where an interval follows, and otherwise a diary. Parentheses also keep a
///   `skip` to one course: `90 ug q24h x7 then (45 ug q24h x7 skip 2)`.
/// - Words are read in any case (`180UG Daily`), units also in full (`8 weeks`), and spaces are free.
///
/// ```
/// use menaquinone::{Dose, Regimen, Repeating, units::*};
/// let written: Regimen = "1.5 mg q1d for 8 weeks then (90 ug at 8h and 45 ug at 20h) q24h".parse()?;
/// let day = Repeating::new(DAY, [(8.0, Dose::of(90.0 * UG)), (20.0, Dose::of(45.0 * UG))]);
/// assert_eq!(written, Dose::of(1.5 * MG).every(DAY).lasting(8.0 * WEEK).then(day));
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
        let regimen = reader.regimen(0)?;
        reader.end(CLAUSE)?;
        regimen.validate().map_err(|problem| unreadable(text, &problem.to_string()))?;
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
        let dose = reader.dose()?;
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
            reader.fat(reader.next)?
        };
        reader.end(MEAL)?;
        Ok(meal)
    }
}

struct Reader<'t> {
    text: &'t str,
    tokens: Vec<Token<'t>>,
    next: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, tokens: tokens(text), next: 0 }
    }

    fn regimen(&mut self, depth: usize) -> Result<Regimen> {
        let mut regimen = self.course(depth)?;
        loop {
            let from = self.next;
            if self.eat(&["then"]) {
                regimen = regimen.then(self.course(depth)?);
            } else if self.eat(&["and"]) {
                regimen = regimen.and(self.course(depth)?);
            } else if self.eat(&["skip"]) {
                regimen = self.numbers(regimen, from)?;
            } else {
                return Ok(regimen);
            }
        }
    }

    fn course(&mut self, depth: usize) -> Result<Regimen> {
        let mut course = self.head(depth)?;
        if let Some(cycle) = self.interval(&course)? {
            course = self.counted(cycle)?;
        }
        let from = self.next;
        if self.eat(&["at"]) {
            course = course.at(self.time(from, TIME, |_| true)?);
        }
        Ok(course)
    }

    /// What an interval may repeat: one dose, or a group.
    fn head(&mut self, depth: usize) -> Result<Regimen> {
        let from = self.next;
        if self.eat(&["nothing"]) {
            return Ok(Regimen::default());
        }
        if !self.eat(&["("]) {
            return self.dose().map(Regimen::from);
        }
        if depth == DEEPEST {
            return Err(self.wrong(from, SHALLOW));
        }
        let group = self.regimen(depth + 1)?;
        if !self.eat(&[")"]) {
            return Err(self.wrong(self.next, if self.next < self.tokens.len() { CLAUSE } else { CLOSING }));
        }
        Ok(if group.courses.len() > 1 { group.single_doses().map_or(group, Regimen::from_iter) } else { group })
    }

    fn dose(&mut self) -> Result<Dose> {
        let from = self.next;
        let amount = self.quantity(AMOUNTS, |amount| amount > 0.0).ok_or_else(|| self.wrong(from, AMOUNT))?;
        let mut dose = Dose::of(amount);
        if self.eat(&["iv"]) {
            dose.route = Route::Intravenous;
        } else {
            self.eat(&["oral"]);
        }
        let from = self.next;
        if self.eat(&["over"]) {
            dose.duration = self.time(from, DURATION, |duration| duration >= 0.0)?;
        }
        self.meal(dose)
    }

    /// The dose with the meal that is named next, if one is.
    fn meal(&mut self, dose: Dose) -> Result<Dose> {
        let from = self.next;
        let (fasted, fed) = (self.eat(&["fasted"]), self.eat(&["with"]));
        if (fasted || fed) && dose.route == Route::Intravenous {
            return Err(self.wrong_before(from, SWALLOWED));
        }
        match (fasted, fed) {
            (true, _) => Ok(dose.with(Meal::FASTED)),
            (_, true) => self.fat(from).map(|meal| dose.with(meal)),
            _ => Ok(dose),
        }
    }

    fn fat(&mut self, from: usize) -> Result<Meal> {
        let fat = self.quantity(AMOUNTS, |fat| fat >= 0.0).ok_or_else(|| self.wrong(from, MEAL))?;
        if self.eat(&["fat"]) { Ok(Meal::with_fat(fat)) } else { Err(self.wrong(self.next, FAT)) }
    }

    /// The cycle that an interval makes of what stands before it.
    fn interval(&mut self, head: &Regimen) -> Result<Option<Repeating>> {
        let from = self.next;
        if self.eat(&["once"]) {
            return Ok(None);
        }
        if self.eat(&["on"]) {
            let days = self.days(from)?;
            return match head.single_doses().as_deref() {
                Some(&[(0.0, dose)]) => Ok(Some(dose.on(days))),
                _ => Err(self.wrong_before(from, REPEATABLE)),
            };
        }
        let Some(tau) = self.tau()? else {
            return Ok(None);
        };
        let doses = head.single_doses().ok_or_else(|| self.wrong_before(from, REPEATABLE))?;
        Ok(Some(Repeating::new(tau, doses)))
    }

    fn tau(&mut self) -> Result<Option<f64>> {
        let from = self.next;
        if self.eat(&["daily"]) {
            return Ok(Some(DAY));
        }
        if self.eat(&["weekly"]) {
            return Ok(Some(WEEK));
        }
        if self.eat(&["q", "every"]) {
            return self.time(from, INTERVAL, |tau| tau > 0.0).map(Some);
        }
        Ok(None)
    }

    fn counted(&mut self, cycle: Repeating) -> Result<Regimen> {
        let from = self.next;
        if self.eat(&["for"]) {
            return Ok(cycle.lasting(self.time(from, DURATION, |duration| duration > 0.0)?));
        }
        if self.eat(&["x"]) {
            return self.whole(1).map(|count| cycle.times(count)).ok_or_else(|| self.wrong(from, COUNT));
        }
        Ok(cycle.into())
    }

    fn numbers(&mut self, regimen: Regimen, from: usize) -> Result<Regimen> {
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

    fn days(&mut self, from: usize) -> Result<Vec<Weekday>> {
        let mut days = Vec::new();
        loop {
            // A text that ends here has no word to point at but `on`.
            let at = if self.next < self.tokens.len() { self.next } else { from };
            days.push(Weekday::from_name(self.peek()).ok_or_else(|| self.wrong(at, DAYS))?);
            self.next += 1;
            if !self.eat(&[","]) {
                return Ok(days);
            }
        }
    }

    fn time(&mut self, from: usize, expected: Expected, allowed: fn(f64) -> bool) -> Result<f64> {
        self.quantity(TIMES, allowed).ok_or_else(|| self.wrong(from, expected))
    }

    /// A number with a unit. The reader stays before the token that makes it impossible.
    fn quantity(&mut self, units: Units, allowed: fn(f64) -> bool) -> Option<f64> {
        let number = self.number()?;
        let unit = self.peek().to_lowercase();
        let (_, factor) = units.iter().find(|(names, _)| names.contains(&unit.as_str()))?;
        let value = number * factor;
        (value.is_finite() && allowed(value)).then(|| {
            self.next += 1;
            value
        })
    }

    fn number(&mut self) -> Option<f64> {
        let sign = if self.eat(&["-"]) { -1.0 } else { 1.0 };
        let number: f64 = self.digits()?.parse().ok()?;
        self.next += 1;
        Some(sign * number)
    }

    /// A whole number, `least` or above.
    fn whole(&mut self, least: u64) -> Option<u64> {
        let whole = self.digits()?.parse().ok().filter(|whole| *whole >= least)?;
        self.next += 1;
        Some(whole)
    }

    /// The next token where it is a number: Rust would also parse `inf` and `NaN`.
    fn digits(&self) -> Option<&'t str> {
        Some(self.peek()).filter(|text| text.bytes().any(|byte| byte.is_ascii_digit()))
    }

    fn peek(&self) -> &'t str {
        self.tokens.get(self.next).map_or("", |token| token.text)
    }

    fn eat(&mut self, words: &[&str]) -> bool {
        let found = words.iter().any(|word| word.eq_ignore_ascii_case(self.peek()));
        self.next += usize::from(found);
        found
    }

    fn end(&self, expected: Expected) -> Result<()> {
        if self.next < self.tokens.len() { Err(self.wrong(self.next, expected)) } else { Ok(()) }
    }

    /// Points at the tokens from `from` up to the one where the reader stands.
    #[cold]
    fn wrong(&self, from: usize, expected: Expected) -> Error {
        if self.tokens.is_empty() {
            return unreadable(
                self.text,
                "it is empty: write a dose such as `180 ug`, or a dosing such as `90 ug q24h x60`",
            );
        }
        wrong(self.text, span(&self.tokens, from, self.next), expected)
    }

    /// Points at the tokens from `from` up to the last one that was read.
    #[cold]
    fn wrong_before(&self, from: usize, expected: Expected) -> Error {
        wrong(self.text, span(&self.tokens, from, self.next.max(from + 1) - 1), expected)
    }
}
