//! How often a dose is taken: an interval, so many times a day, or days of the week.

use super::Weekday;
use super::advice::open_days;
use super::reader::Reader;
use super::vocabulary::{CLAUSE, COUNT, DAYS, INTERVAL, MONTH, OPEN_DAYS, PERIOD, TIMES, size};
use crate::error::Result;
use crate::units::{DAY, HOUR, WEEK};

/// How often, as one clause says it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Often {
    Once,
    Every(f64),
    /// On these days, every so many hours of them.
    On(Vec<Weekday>, f64),
}

/// The words that may follow a list of days and its comma.
const AFTER_DAYS: [&str; 12] =
    ["at", "for", "x", "with", "fasted", "oral", "iv", "except", "then", "and", "morning", "evening"];

const EVERY: [&str; 2] = ["every", "each"];

impl Reader<'_> {
    /// Whether a course begins with how often, before its dose: `once daily 180 ug`.
    pub(super) fn leads_with_often(&self) -> bool {
        const PERIODS: [&str; 5] = ["daily", "weekly", "monthly", "every", "q"];
        let counted = self.digits().is_some() && self.is_at(1, &["x"]) && self.is_at(2, &PERIODS);
        let is_each_day = self.is_at(0, &EVERY) && self.is_weekday(1);
        let named = self.is_at(0, &["daily", "weekly", "monthly", "once", "every", "q", "on"]);
        counted || is_each_day || named || self.is_weekday(0)
    }

    /// How often, where the next words say it.
    pub(super) fn often(&mut self) -> Result<Option<Often>> {
        let from = self.next;
        if self.is_at(0, &["on"]) && self.is_at(1, &["day", "days"]) {
            return Err(self.wrong(from, CLAUSE));
        }
        if self.eat(&["on"])
            || self.is_weekday(0)
            || self.is_at(0, &["from"]) && self.is_weekday(1)
            || self.is_at(0, &EVERY) && self.is_weekday(1)
        {
            self.eat(&["every", "each", "from"]);
            return Ok(Some(Often::On(self.days(from)?, DAY)));
        }
        if self.digits().is_some() {
            return self.so_many_times(from);
        }
        let once = self.eat(&["once"]);
        if once && self.is_at(0, &EVERY) && self.is_weekday(1) {
            return self.often();
        }
        match self.period()? {
            Some(tau) => self.on_its_days(tau).map(Some),
            None => Ok(once.then_some(Often::Once)),
        }
    }

    /// `3 x daily`, `8 hourly`.
    fn so_many_times(&mut self, from: usize) -> Result<Option<Often>> {
        let sign = usize::from(self.is_at(1, &["-"]));
        if self.is_at(1 + sign, &["hourly"]) {
            let hours = self.number().filter(|hours| *hours > 0.0).ok_or_else(|| self.wrong(from, INTERVAL))?;
            self.next += 1 + sign;
            return Ok(Some(Often::Every(hours * HOUR)));
        }
        if !self.is_at(1, &["x"]) {
            return Ok(None);
        }
        let count = self.whole(1).and_then(|count| u32::try_from(count).ok()).ok_or_else(|| self.wrong(from, COUNT))?;
        self.next += 1;
        let at = if self.is_done() { from } else { self.next };
        let period = self.period()?.ok_or_else(|| self.wrong(at, PERIOD))?;
        match period {
            DAY => self.on_its_days(DAY / f64::from(count)).map(Some),
            _ if count == 1 => self.on_its_days(period).map(Some),
            WEEK => self.on_so_many_days(from, count).map(Some),
            _ => Err(self.wrong_before(from, OPEN_DAYS)),
        }
    }

    /// `3 x weekly on Mon, Wed, Fri`, `3 x weekly (Mon, Wed, Fri)`.
    fn on_so_many_days(&mut self, from: usize, count: u32) -> Result<Often> {
        let inside = self.is_at(0, &["("]) && (self.is_weekday(1) || self.is_at(1, &["on"]));
        let open = self.next;
        self.next += usize::from(inside);
        self.eat(&["on"]);
        if !self.is_weekday(0) {
            self.next = open;
            let (what, how) = OPEN_DAYS;
            return Err(self.wrong_how((from, open), what, open_days(count).unwrap_or(how)));
        }
        let days = self.days(from)?;
        let is_closed = !inside || self.eat(&[")"]);
        if is_closed && days.len() == count as usize {
            Ok(Often::On(days, DAY))
        } else {
            Err(self.wrong_before(from, OPEN_DAYS))
        }
    }

    /// The days that are named with an interval that fits into a day, or with a week.
    fn on_its_days(&mut self, tau: f64) -> Result<Often> {
        let from = self.next;
        let named = self.is_weekday(0) || self.is_at(0, &["on", "from"]) && self.is_weekday(1);
        if !named || tau > DAY && tau != WEEK {
            return Ok(Often::Every(tau));
        }
        self.eat(&["on", "from"]);
        Ok(Often::On(self.days(from)?, tau.min(DAY)))
    }

    fn period(&mut self) -> Result<Option<f64>> {
        const NAMED: [(&str, f64); 4] = [("daily", DAY), ("weekly", WEEK), ("monthly", MONTH), ("hourly", HOUR)];
        let from = self.next;
        if let Some((_, period)) = NAMED.into_iter().find(|(name, _)| self.is_at(0, &[name])) {
            self.next += 1;
            return Ok(Some(period));
        }
        if let Some(period) = self.per_time() {
            return Ok(Some(period));
        }
        if !self.eat(&["q", "every"]) {
            return Ok(None);
        }
        // `q.8h` is written for `q8h`, and is not meant as 0.8 h.
        if self.peek().starts_with('.') {
            return Err(self.wrong(from, INTERVAL));
        }
        self.time(from, INTERVAL, |tau| tau > 0.0).map(Some)
    }

    /// `/12 h`, `per 2 days`, `/mo`; an hour or a minute alone would be a rate.
    fn per_time(&mut self) -> Option<f64> {
        if !self.is_at(0, &["/", "per"]) {
            return None;
        }
        let from = self.next;
        self.next += 1;
        let period = if self.is_number_at(0) {
            self.quantity(TIMES, |tau| tau > 0.0)
        } else {
            let period = size(TIMES, self.peek()).filter(|period| *period >= DAY);
            self.next += usize::from(period.is_some());
            period
        };
        if period.is_none() {
            self.next = from;
        }
        period
    }

    pub(super) fn is_weekday(&self, ahead: usize) -> bool {
        Weekday::from_name(self.peek_at(ahead)).is_some()
    }

    /// Days and ranges of days: `Mon,Wed`, `Mon/Wed`, `Mon and Wed`, `Mon-Fri`.
    pub(super) fn days(&mut self, from: usize) -> Result<Vec<Weekday>> {
        let mut days = Vec::new();
        loop {
            let first = self.day(from)?;
            let last = if self.eat(&["-"]) { self.day(from)? } else { first };
            days.extend(first.up_to(last));
            if self.is_weekday(0) {
                continue;
            }
            let more = self.is_at(0, &["and", "/"]) && self.is_weekday(1)
                || self.is_at(0, &[","]) && !self.is_at(1, &AFTER_DAYS) && !self.is_number_at(1);
            let doubled = self.is_at(0, &[","]) && self.is_at(1, &["and"]) && self.is_weekday(2);
            if !more && !doubled {
                return Ok(days);
            }
            self.next += 1 + usize::from(doubled);
        }
    }

    fn day(&mut self, from: usize) -> Result<Weekday> {
        // A text that ends here has no word to point at but `on`.
        let at = if self.is_done() { from } else { self.next };
        let day = Weekday::from_name(self.peek()).ok_or_else(|| self.wrong(at, DAYS))?;
        self.next += 1;
        Ok(day)
    }
}
