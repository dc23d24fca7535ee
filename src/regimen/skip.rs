//! Doses left out: which dose of which course is the fifth of a whole schedule.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::course::Course;
use super::schedule::{MOST_DOSES, Regimen};
use crate::error::{Error, Result};

impl Regimen {
    /// This dosing without these doses, counted from 1 in order of time over the whole regimen.
    ///
    /// A missed dose keeps its number. Doses at the same instant count in the order in which they were written.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*};
    /// let regimen = Dose::of(90.0 * UG).every(DAY).times(30).skip([5, 6]).skip(10..=14);
    /// assert_eq!(regimen.to_string(), "90 ug q24h x30 skip 5,6,10-14");
    /// assert_eq!(regimen.doses(f64::INFINITY).len(), 23);
    /// ```
    #[must_use]
    pub fn skip(mut self, numbers: impl IntoIterator<Item = u64>) -> Self {
        let outcome = self.validate().and_then(|()| leave_out(&mut self.courses, numbers.into_iter()));
        self.remember(outcome)
    }
}

/// Leaves out the doses of these numbers, counted from 1 in order of time over all courses, missed ones included.
fn leave_out(courses: &mut [Course], numbers: impl Iterator<Item = u64>) -> Result<()> {
    let numbers = sorted(numbers)?;
    let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) else {
        return Ok(());
    };
    check_range(courses, first, last)?;
    match courses {
        [course] => course.skipped.extend(numbers.iter().map(|number| number - 1)),
        _ => mark_merged(courses, &numbers)?,
    }
    for course in courses {
        course.skipped.sort_unstable();
        course.skipped.dedup();
    }
    Ok(())
}

/// The numbers in order, unless there are too many: a range says so at once, and others when they are collected.
fn sorted(numbers: impl Iterator<Item = u64>) -> Result<Vec<u64>> {
    let too_many =
        || Error::value(format!("at most {MOST_DOSES} doses can be skipped: end the course earlier instead"));
    if numbers.size_hint().0 > MOST_DOSES {
        return Err(too_many());
    }
    let mut numbers: Vec<u64> = numbers.take(MOST_DOSES + 1).collect();
    if numbers.len() > MOST_DOSES {
        return Err(too_many());
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

fn check_range(courses: &[Course], first: u64, last: u64) -> Result<()> {
    if first == 0 {
        return Err(Error::value("there is no dose 0 to skip: doses are counted from 1"));
    }
    let total = courses.iter().try_fold(0_u64, |sum, course| Some(sum.saturating_add(course.len()?)));
    match total {
        Some(total) if last > total => Err(Error::value(format!(
            "there is no dose {last} to skip: the regimen has {total} dose{}",
            if total == 1 { "" } else { "s" }
        ))),
        _ => Ok(()),
    }
}

/// Walks the doses of all courses in order of time up to the last number wanted.
fn mark_merged(courses: &mut [Course], numbers: &[u64]) -> Result<()> {
    let last = numbers.last().copied().unwrap_or(0);
    if last > MOST_DOSES as u64 {
        return Err(Error::value(format!(
            "dose {last} is too far to be found among several courses: skip it in its course before joining them"
        )));
    }
    let mut wanted = numbers.iter().copied().peekable();
    let mut queue: BinaryHeap<_> = (0..courses.len()).map(|course| Due::new(courses, course, 0)).collect();
    for number in 1..=last {
        let Some(Reverse(due)) = queue.pop() else { break };
        if wanted.next_if_eq(&number).is_some() {
            courses[due.course].skipped.push(due.index);
        }
        if courses[due.course].len().is_none_or(|length| due.index + 1 < length) {
            queue.push(Due::new(courses, due.course, due.index + 1));
        }
    }
    Ok(())
}

/// The next dose of a course; the earliest comes first, and at a tie the course that was written first.
#[derive(PartialEq)]
struct Due {
    time: f64,
    course: usize,
    index: u64,
}

impl Due {
    fn new(courses: &[Course], course: usize, index: u64) -> Reverse<Self> {
        Reverse(Self { time: courses[course].time_of(index), course, index })
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> Ordering {
        self.time.total_cmp(&other.time).then(self.course.cmp(&other.course)).then(self.index.cmp(&other.index))
    }
}
