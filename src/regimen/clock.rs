//! Times of a dosing: hours after its start, or the clock of a day.

use super::reader::Reader;
use super::vocabulary::{CLOCK, TIME, TIMES, size};
use crate::error::Result;

const HALVES: [&str; 4] = ["am", "pm", "a.m.", "p.m."];

/// Whether a word stands in times of day only.
pub(super) fn is_of_clock(word: &str) -> bool {
    word == ":" || HALVES.iter().any(|half| half.eq_ignore_ascii_case(word))
}

impl Reader<'_> {
    /// What follows `at`, which stands at `from`: `8h`, `8:00`, `8 am`, or several of them in order.
    pub(super) fn times(&mut self, from: usize) -> Result<Vec<f64>> {
        let mut times = vec![self.time_of_day(from)?];
        while self.is_at(0, &[",", "and", "/"]) && self.is_time(1) {
            let at = self.next;
            self.next += 1;
            times.push(self.time_of_day(at)?);
        }
        Ok(times)
    }

    /// Whether the tokens from there on are a time.
    fn is_time(&self, ahead: usize) -> bool {
        let number = self.peek_at(ahead).starts_with(|c: char| c.is_ascii_digit());
        number && (self.is_at(ahead + 1, &[":"]) || self.is_at(ahead + 1, &HALVES) || self.is_hours(ahead + 1))
    }

    fn is_hours(&self, ahead: usize) -> bool {
        size(TIMES, self.peek_at(ahead)).is_some()
    }

    fn time_of_day(&mut self, from: usize) -> Result<f64> {
        if self.is_at(1, &[":"]) || self.is_at(1, &HALVES) {
            return self.clock().ok_or_else(|| self.wrong_before(from, CLOCK));
        }
        self.time(from, TIME, |_| true)
    }

    /// `8:00`, `8:00 pm`, `8 pm`; where it is none, the reader stands after it.
    fn clock(&mut self) -> Option<f64> {
        let hours = self.short_number();
        let minutes =
            if self.eat(&[":"]) { self.short_number().filter(|(_, digits)| *digits == 2) } else { Some((0, 2)) };
        let afternoon = self.is_at(0, &["pm", "p.m."]);
        let half = self.eat(&HALVES);
        let ((hours, _), (minutes, _)) = (hours?, minutes?);
        let hours = match half {
            true if !(1..=12).contains(&hours) => return None,
            true => hours % 12 + if afternoon { 12 } else { 0 },
            false => hours,
        };
        (hours < 24 && minutes < 60).then(|| f64::from(60 * hours + minutes) / 60.0)
    }

    /// A number of one or two digits, and how many they are.
    fn short_number(&mut self) -> Option<(u32, usize)> {
        let text = self.peek();
        self.next += usize::from(!self.is_done());
        let short = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        Some((text.parse().ok().filter(|_| short)?, text.len()))
    }
}
