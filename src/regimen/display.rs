//! Writing the text form, so that reading it gives back the same bits.

use std::fmt::{self, Display, Formatter};

use super::course::Course;
use super::{Dose, Meal, Regimen, Repeating, Route, Weekday};
use crate::units::{DAY, GRAM, MG, UG, WEEK};

/// A number in its shortest exact form, with an exponent only where the digits would be a row of zeros.
struct Number(f64);

impl Display for Number {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let Self(x) = *self;
        if x != 0.0 && !(1e-5..1e16).contains(&x.abs()) { write!(f, "{x:e}") } else { write!(f, "{x}") }
    }
}

impl Display for Dose {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let Self { amount, route, duration, meal } = *self;
        write_amount(f, amount, &[("mg", MG)])?;
        if route == Route::Intravenous {
            f.write_str(" iv")?;
        }
        if duration != 0.0 {
            write!(f, " over {}h", Number(duration))?;
        }
        match meal {
            None => Ok(()),
            Some(meal) if meal.fat == Some(0.0) => write!(f, " {meal}"),
            Some(meal) => write!(f, " with {meal}"),
        }
    }
}

impl Display for Meal {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self.fat {
            None => f.write_str("food"),
            Some(0.0) => f.write_str("fasted"),
            Some(fat) => {
                write_amount(f, fat, &[("g", GRAM), ("mg", MG)])?;
                f.write_str(" fat")
            }
        }
    }
}

/// An amount in the first of these units that it reaches, where reading that gives the same bits, and otherwise in µg.
#[expect(clippy::float_cmp, reason = "another unit only where it is exact")]
fn write_amount(f: &mut Formatter, amount: f64, units: &[(&str, f64)]) -> fmt::Result {
    let exact = |(_, size): &&(&str, f64)| amount >= *size && amount / size * size == amount;
    let (unit, size) = units.iter().find(exact).unwrap_or(&("ug", UG));
    write!(f, "{} {unit}", Number(amount / size))
}

impl Display for Weekday {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Display for Repeating {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        write!(f, "{}", Written { cycle: self, start: self.start, count: None })
    }
}

impl Display for Course {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        self.write(f, false)
    }
}

/// The canonical form: `then` where a course starts just when those before it end, `and` otherwise.
impl Display for Regimen {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let Some((first, rest)) = self.courses.split_first() else {
            return f.write_str("nothing");
        };
        let repeats = self.courses.iter().any(|course| !course.is_diary());
        write!(f, "{first}{}", if repeats { first.once() } else { "" })?;
        let mut due = first.next_due();
        for course in rest {
            let follows = due.is_some() && course.single_start().map(f64::to_bits) == due.map(f64::to_bits);
            f.write_str(if follows { " then " } else { " and " })?;
            course.write_grouped(f, follows)?;
            f.write_str(match () {
                () if !repeats => "",
                () if follows => course.once_at(due),
                () => course.once(),
            })?;
            due = due.zip(course.next_due()).map(|(a, b)| a.max(b));
        }
        Ok(())
    }
}

impl Course {
    /// When the course starts, where it does so in one place: not a diary of several doses.
    fn single_start(&self) -> Option<f64> {
        match self.cycle.doses.as_slice() {
            [(time, _)] if self.is_diary() => Some(*time),
            _ => Some(self.cycle.start).filter(|_| !self.is_diary()),
        }
    }

    /// The word for one dose at time 0, which beside a course that repeats would not say how often.
    fn once(&self) -> &'static str {
        self.once_at(Some(0.0))
    }

    /// The word for one dose at a time that is not written.
    fn once_at(&self, unwritten: Option<f64>) -> &'static str {
        let is_one = self.is_diary() && self.skipped.is_empty();
        if is_one && matches!(self.cycle.doses[..], [(time, _)] if Some(time) == unwritten) { " once" } else { "" }
    }

    /// `skip` speaks of all that stands before it, so that a later course with missed doses needs parentheses.
    fn write_grouped(&self, f: &mut Formatter, follows: bool) -> fmt::Result {
        if self.skipped.is_empty() {
            return self.write(f, follows);
        }
        f.write_str("(")?;
        self.write(f, follows)?;
        f.write_str(")")
    }

    /// The course with its start, which is left out where `then` says it.
    fn write(&self, f: &mut Formatter, follows: bool) -> fmt::Result {
        let start = if follows { 0.0 } else { self.single_start().unwrap_or(0.0) };
        match self.cycle.doses.as_slice() {
            [(_, dose)] if self.is_diary() => write!(f, "{dose}{}", At(start))?,
            doses if self.is_diary() => write_list(f, doses)?,
            _ => write!(f, "{}", Written { cycle: &self.cycle, start, count: self.count })?,
        }
        write_skipped(f, &self.skipped)
    }
}

/// A start, if there is one to speak of.
struct At(f64);

impl Display for At {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        if self.0 == 0.0 { Ok(()) } else { write!(f, " at {}h", Number(self.0)) }
    }
}

/// A cycle with the start that the text has to say.
struct Written<'a> {
    cycle: &'a Repeating,
    start: f64,
    count: Option<u64>,
}

impl Display for Written<'_> {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let mut start = self.start;
        if let Some((days, clock)) = self.weekdays() {
            write!(f, "{} on {}", self.cycle.doses[0].1, days.join(","))?;
            start = clock;
        } else {
            write_doses(f, &self.cycle.doses)?;
            write!(f, " q{}h", Number(self.cycle.tau))?;
        }
        if let Some(count) = self.count {
            write!(f, " x{count}")?;
        }
        write!(f, "{}", At(start))
    }
}

impl Written<'_> {
    /// The days of a week of equal doses, and the time after the first of them is named.
    #[expect(clippy::float_cmp, reason = "another form only where reading it gives the same bits")]
    fn weekdays(&self) -> Option<(Vec<&'static str>, f64)> {
        let (&(_, dose), doses) = (self.cycle.doses.first()?, &self.cycle.doses);
        // One dose a week from time 0 on was hardly meant as a Monday.
        let plain = doses.len() == 1 && self.start == 0.0;
        if self.cycle.tau != WEEK || plain || doses.iter().any(|(_, other)| *other != dose) {
            return None;
        }
        let first = (self.start / DAY).floor().rem_euclid(7.0);
        let clock = self.start - first * DAY;
        if first * DAY + clock != self.start {
            return None;
        }
        let days = doses.iter().map(|(offset, _)| day_name(first + offset / DAY)).collect::<Option<Vec<_>>>()?;
        let distinct = days.windows(2).all(|pair| pair[0] != pair[1]);
        distinct.then_some((days, clock))
    }
}

#[expect(clippy::float_cmp, reason = "a whole number of days or none")]
fn day_name(number: f64) -> Option<&'static str> {
    Weekday::ALL.into_iter().find(|day| f64::from(day.number()) == number).map(Weekday::name)
}

fn write_doses(f: &mut Formatter, doses: &[(f64, Dose)]) -> fmt::Result {
    match doses {
        [(_, dose)] => write!(f, "{dose}"),
        _ => write_list(f, doses),
    }
}

fn write_list(f: &mut Formatter, doses: &[(f64, Dose)]) -> fmt::Result {
    f.write_str("(")?;
    for (i, (time, dose)) in doses.iter().enumerate() {
        let and = if i == 0 { "" } else { " and " };
        write!(f, "{and}{dose} at {}h", Number(*time))?;
    }
    f.write_str(")")
}

/// ` skip 5,6,10-14`: numbers from 1, three or more in a row as a range.
fn write_skipped(f: &mut Formatter, skipped: &[u64]) -> fmt::Result {
    let runs = skipped.chunk_by(|a, b| a + 1 == *b);
    for (i, run) in runs.enumerate() {
        f.write_str(if i == 0 { " skip " } else { "," })?;
        match run {
            [one] => write!(f, "{}", one + 1)?,
            [one, two] => write!(f, "{},{}", one + 1, two + 1)?,
            _ => write!(f, "{}-{}", run[0] + 1, run[run.len() - 1] + 1)?,
        }
    }
    Ok(())
}
