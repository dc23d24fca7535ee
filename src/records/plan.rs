//! A subject of an event table as a script: what its records do, one after another, and when the row of each is looked at.

use smallvec::SmallVec;

use super::body::Body;
use super::doses::Portion;
use super::due::{Agenda, Due, Series, Source};
use super::predict::{DoseRule, Given};
use super::record::Record;
use crate::engine::{Arrival, Entry, Event, How, Input, What, push_input};
use crate::error::{Error, Result, Short};

/// The most doses of a subject, and infusions at a time, as guards against a slip.
pub(super) const MOST_DOSES: usize = 10_000_000;
const MOST_AT_ONCE: f64 = 1e5;

/// The script of a subject, in memory that is used again.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) script: Vec<Event>,
    /// The dosings that have gone on for ever, by the number that the script hands over at.
    pub(super) settled: Vec<Settled>,
    /// Every dose that arrives, and that which arrived last.
    pub(super) given: Vec<Given>,
    pub(super) last: Option<Given>,
    pub(super) warnings: Vec<String>,
    /// Of each arrival of the script whose dose it is, in their order, if somebody asks how it moves.
    pub(super) sources: Option<Vec<Source>>,
    agenda: Agenda,
    time: f64,
    body: usize,
    /// Whether some input runs, and the least entry at which something arrives.
    runs: bool,
    least: Entry,
}

/// A dose that has been given every `tau` h for ever, `since` h after its last arrival.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled {
    pub(super) entry: Entry,
    pub(super) input: Input,
    pub(super) tau: f64,
    pub(super) since: f64,
    pub(super) source: Source,
}

/// Whose records are planned: those of the table, and the bodies that hold one after another.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) records: &'a [Record],
    pub(super) bodies: &'a [Body],
    pub(super) rule: DoseRule,
}

impl Plan {
    /// Begins a subject at a time, with the body of this number.
    pub(super) fn begin(&mut self, time: f64, body: usize) {
        self.script.clear();
        self.settled.clear();
        self.given.clear();
        self.warnings.clear();
        self.agenda.clear();
        if let Some(sources) = &mut self.sources {
            sources.clear();
        }
        (self.last, self.time, self.body) = (None, time, body);
        (self.runs, self.least) = (false, Entry::MAX);
        // The walk begins with body 0.
        self.script.push(Event::new(time, What::Pause));
        if body != 0 {
            self.script.push(Event::new(time, What::Change(body)));
        }
    }

    /// Whether some input runs.
    pub(super) fn runs(&self) -> bool {
        self.runs
    }

    /// The script and the least entry at which something arrives, if all arrives at once and no dosing has gone on for ever.
    pub(super) fn at_once(&self) -> Option<(&[Event], Entry)> {
        (self.settled.is_empty() && !self.runs).then_some((&self.script, self.least))
    }

    pub(super) fn time(&self) -> f64 {
        self.time
    }

    /// The number of the body that holds.
    pub(super) fn body(&self) -> usize {
        self.body
    }

    /// From now on the body of this number holds.
    pub(super) fn change(&mut self, body: usize) {
        if body != self.body {
            self.body = body;
            self.script.push(Event::new(self.time, What::Change(body)));
        }
    }

    /// On to `time`, with all that is due until then.
    pub(super) fn advance_to(&mut self, time: f64, subject: Subject<'_>) -> Result<()> {
        while let Some((due, what)) = self.agenda.next_until(time) {
            match what {
                Due::Stop(entry, amount, source) => self.arrive(due, (entry, amount, How::Stop), source),
                Due::Arrive(series) => self.take(due, series, subject)?,
            }
        }
        self.time = time;
        Ok(())
    }

    #[inline]
    fn arrive(&mut self, time: f64, (entry, amount, how): (Entry, f64, How), source: Source) {
        if let Some(sources) = &mut self.sources {
            sources.push(source);
        }
        (self.runs, self.least) = (self.runs | (how != How::Add), self.least.min(entry));
        self.script.push(Event::new(time, What::Arrive { amount, entry, how }));
    }

    /// A copy of a series arrives, with the numbers of the body that holds now, or of that in which it was recorded.
    fn take(&mut self, time: f64, mut series: Series, subject: Subject<'_>) -> Result<()> {
        if self.given.len() >= MOST_DOSES {
            return Err(Error::value(format!(
                "more than {MOST_DOSES} doses of this subject are due, which is the most of one subject: check II and ADDL"
            )));
        }
        if subject.rule == DoseRule::AtArrival && series.body != self.body {
            let now = subject.bodies[self.body].portions(&subject.records[series.record])?;
            // The lag is that of the record: it has been waited for.
            series.portion = Portion { tlag: series.portion.tlag, ..now[series.path] };
            series.body = self.body;
        }
        let (Portion { entry, amount, duration, .. }, source) = (series.portion, series.source(true));
        if duration == 0.0 {
            self.arrive(time, (entry, amount, How::Add), source);
        } else {
            let mut arrivals = SmallVec::<[Arrival; 2]>::new();
            push_input(&mut arrivals, entry, Input { time, amount, duration });
            for arrival in arrivals {
                match arrival.how {
                    How::Stop => self.agenda.note(arrival.time, Due::Stop(entry, arrival.amount, source)),
                    how => self.arrive(arrival.time, (entry, arrival.amount, how), source),
                }
            }
        }
        let given = given(&series, series.copy);
        self.given.push(given);
        self.last = Some(given);
        series.copy += 1;
        self.note(series);
        Ok(())
    }

    /// Notes the next copy of a series, if there is one.
    #[inline]
    fn note(&mut self, series: Series) {
        if series.copy <= series.last {
            self.agenda.note(series.time_of(series.copy), Due::Arrive(series));
        }
    }

    /// Empties the body and forgets what is due; the clock may go back.
    pub(super) fn reset(&mut self, time: f64) {
        self.script.push(Event::new(time, What::Empty));
        self.agenda.clear();
        (self.last, self.time) = (None, time);
    }

    /// Takes the dose of a record at its time.
    pub(super) fn dose(&mut self, index: usize, subject: Subject<'_>) -> Result<()> {
        let record = &subject.records[index];
        let portions = subject.bodies[self.body].portions(record)?;
        if record.ss == 1 {
            self.reset(record.time);
        }
        for (path, portion) in portions.into_iter().enumerate() {
            let (first, cmt) = (record.time + portion.tlag, record.cmt.max(1));
            let (ii, last, body) = (record.ii, i64::from(record.addl), self.body);
            let mut series = Series { record: index, cmt, path, portion, taken: body, body, first, ii, copy: 0, last };
            if record.is_constant() {
                self.constant(&series, subject.rule);
                continue;
            }
            if record.ss > 0 {
                self.steady(&mut series)?;
            }
            if first == record.time && self.agenda.is_free_until(first) {
                self.take(first, series, subject)?;
            } else {
                self.note(series);
            }
        }
        self.advance_to(record.time, subject)
    }

    /// Adds the steady state of a dosing, with its infusions that still run and its doses that are still on their way.
    fn steady(&mut self, series: &mut Series) -> Result<()> {
        let (Portion { entry, amount, duration, tlag }, ii) = (series.portion, series.ii);
        // How many intervals ago the dose was taken that arrived last: before the record for a dose without a lag, up to
        // and including it for a lagged one.
        let arrived = (tlag / ii).ceil().max(1.0);
        if !(arrived < MOST_AT_ONCE && duration / ii < MOST_AT_ONCE) {
            return Err(Error::value(format!(
                "the dosing every {} h lasts {} h with a lag of {} h, so that more than {MOST_AT_ONCE} overlap: check II",
                Short(ii),
                Short(duration),
                Short(tlag)
            )));
        }
        let input = Input { time: 0.0, amount, duration: if series.portion.runs() { duration } else { 0.0 } };
        self.settle(Settled { entry, input, tau: ii, since: arrived * ii - tlag, source: series.source(true) });
        #[expect(clippy::cast_possible_truncation, reason = "checked above")]
        let arrived = arrived as i64;
        self.last = Some(given(series, -arrived));
        let now = self.time;
        let ends = (arrived..).map(|ago| series.time_of(-ago) + duration).take_while(|end| *end > now);
        let rate = series.portion.rate();
        for end in ends.take_while(|_| series.portion.runs()).collect::<Vec<_>>() {
            self.arrive(now, (entry, rate, How::Start), series.source(false));
            self.agenda.note(end, Due::Stop(entry, rate, series.source(true)));
        }
        series.copy = 1 - arrived;
        if tlag >= ii {
            self.warnings.push(format!(
                "the lag of {tlag} h is not shorter than the interval of {ii} h: the periodic solution is given, in which earlier doses are still on their way"
            ));
        }
        Ok(())
    }

    /// Adds the steady state of an infusion that has run for ever. It ends with the record: a lag does not apply to it, unless
    /// the numbers are those of the record as it stands.
    fn constant(&mut self, series: &Series, rule: DoseRule) {
        // Infusions that each end where the next begins.
        const TAU: f64 = 24.0;
        let Portion { entry, amount: rate, tlag, .. } = series.portion;
        let input = Input { time: 0.0, amount: rate * TAU, duration: TAU };
        self.settle(Settled { entry, input, tau: TAU, since: TAU, source: series.source(false) });
        if tlag > 0.0 && rule == DoseRule::AtRecord {
            self.arrive(self.time, (entry, rate, How::Start), series.source(false));
            self.agenda.note(self.time + tlag, Due::Stop(entry, rate, series.source(true)));
        }
    }

    fn settle(&mut self, settled: Settled) {
        self.script.push(Event::new(self.time, What::Hand(self.settled.len())));
        self.runs |= settled.input.duration > 0.0;
        self.settled.push(settled);
    }

    /// The row of this number is looked at now.
    pub(super) fn look(&mut self, row: usize) {
        self.script.push(Event::new(self.time, What::Look(row)));
    }
}

fn given(series: &Series, copy: i64) -> Given {
    let Portion { tlag, amount, duration, .. } = series.portion;
    Given { record: series.record, copy, cmt: series.cmt, time: series.time_of(copy), tlag, amount, duration }
}
