//! A place in a text, and the small things that are read there: words, numbers, quantities.

use super::advice::advice;
use super::token::{Token, span, unreadable, wrong};
use super::vocabulary::{
    AMOUNT, CLAUSE, DAYS, DOSE, DURATION, Expected, INTERVAL, MEAL, PERIOD, TIME, TIMES, Units, size,
};
use super::words::{known_tokens, number};
use crate::error::{Error, Result};

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) next: usize,
    /// Parts of the day that stand without a clock, and where.
    pub(super) unclocked: Vec<(Vec<&'static str>, usize)>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, tokens: known_tokens(text), next: 0, unclocked: Vec::new() }
    }

    pub(super) fn time(&mut self, from: usize, expected: Expected, allowed: fn(f64) -> bool) -> Result<f64> {
        self.quantity(TIMES, allowed).ok_or_else(|| self.wrong(from, expected))
    }

    /// A number with a unit. The reader stays before the token that makes it impossible.
    pub(super) fn quantity(&mut self, units: Units, allowed: fn(f64) -> bool) -> Option<f64> {
        let number = self.number()?;
        let value = number * size(units, self.peek())?;
        (value.is_finite() && allowed(value)).then(|| {
            self.next += 1;
            value
        })
    }

    pub(super) fn number(&mut self) -> Option<f64> {
        let sign = if self.eat(&["-"]) { -1.0 } else { 1.0 };
        let number = number(self.digits()?)?;
        self.next += 1;
        Some(sign * number)
    }

    /// A whole number, `least` or above.
    pub(super) fn whole(&mut self, least: u64) -> Option<u64> {
        let whole = self.digits()?.parse().ok().filter(|whole| *whole >= least)?;
        self.next += 1;
        Some(whole)
    }

    /// The next token where it is a number: Rust would also parse `inf` and `NaN`.
    pub(super) fn digits(&self) -> Option<&'t str> {
        Some(self.peek()).filter(|text| text.bytes().any(|byte| byte.is_ascii_digit()))
    }

    /// Whether the token so many after the next is a number.
    pub(super) fn is_number_at(&self, ahead: usize) -> bool {
        self.peek_at(ahead).starts_with(|c: char| c.is_ascii_digit())
    }

    pub(super) fn peek(&self) -> &'t str {
        self.peek_at(0)
    }

    /// The token so many after the next.
    pub(super) fn peek_at(&self, ahead: usize) -> &'t str {
        self.tokens.get(self.next + ahead).map_or("", |token| token.text)
    }

    /// Whether one of these words is the token so many after the next.
    pub(super) fn is_at(&self, ahead: usize, words: &[&str]) -> bool {
        words.iter().any(|word| word.eq_ignore_ascii_case(self.peek_at(ahead)))
    }

    pub(super) fn eat(&mut self, words: &[&str]) -> bool {
        let found = self.is_at(0, words);
        self.next += usize::from(found);
        found
    }

    pub(super) fn is_done(&self) -> bool {
        self.next >= self.tokens.len()
    }

    pub(super) fn end(&self, expected: Expected) -> Result<()> {
        if self.is_done() { Ok(()) } else { Err(self.wrong(self.next, expected)) }
    }

    /// Points at the tokens from `from` up to the one where the reader stands.
    #[cold]
    pub(super) fn wrong(&self, from: usize, (what, how): Expected) -> Error {
        if self.tokens.is_empty() {
            return unreadable(
                self.text,
                "it is empty: write a dose such as `180 ug`, or a dosing such as `90 ug q24h x60`",
            );
        }
        let advised = [AMOUNT, CLAUSE, DAYS, DOSE, DURATION, INTERVAL, MEAL, PERIOD, TIME]
            .map(|(known, _)| known)
            .contains(&what);
        let advice = advised.then(|| advice(&self.tokens, from, what == DURATION.0)).flatten();
        match advice {
            Some((length, how)) => {
                let last = self.next.min(self.tokens.len() - 1).max(from + length - 1);
                wrong(self.text, span(&self.tokens, from, last), (what, &how))
            }
            None => wrong(self.text, span(&self.tokens, from, self.next), (what, how)),
        }
    }

    /// Points at the tokens from `from` up to the last one that was read.
    #[cold]
    pub(super) fn wrong_before(&self, from: usize, expected: Expected) -> Error {
        self.wrong_between(from, self.next, expected)
    }

    /// Points at the tokens from `from` up to the one before `to`, with what to write of these very doses.
    #[cold]
    pub(super) fn wrong_how(&self, (from, to): (usize, usize), what: &str, how: &str) -> Error {
        wrong(self.text, span(&self.tokens, from, to.max(from + 1) - 1), (what, how))
    }

    /// Points at the tokens from `from` up to the one before `to`.
    #[cold]
    pub(super) fn wrong_between(&self, from: usize, to: usize, expected: Expected) -> Error {
        wrong(self.text, span(&self.tokens, from, to.max(from + 1) - 1), expected)
    }
}
