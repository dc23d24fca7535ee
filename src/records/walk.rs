//! A subject led through its records.

use std::rc::Rc;

use super::doses::Portion;
use super::due::{Due, Pending, Series};
use super::frame::Frame;
use super::record::Record;
use super::simulate::{Given, Predicted};
use super::steady::Forever;
use crate::error::{Error, Result};
use crate::network::{Action, Event, State, push_input};

/// What a table adds up to on the way.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) rows: Vec<Predicted>,
    pub(super) given: Vec<Given>,
    pub(super) warnings: Vec<String>,
}

/// The most doses of a simulation, and infusions at a time, as guards against a slip.
const MOST_DOSES: usize = 10_000_000;
const MOST_AT_ONCE: f64 = 1e5;

/// A subject at a time.
pub(super) struct Walk<'a> {
    frame: Rc<Frame>,
    state: State,
    time: f64,
    pending: Pending,
    /// The dose that arrived last.
    acted: Option<Given>,
    log: &'a mut Log,
    events: Vec<Event>,
}

impl<'a> Walk<'a> {
    /// A subject without doses.
    pub(super) fn new(frame: Rc<Frame>, time: f64, log: &'a mut Log) -> Self {
        let (state, pending, events) = (frame.empty(), Pending::default(), Vec::new());
        Self { frame, state, time, pending, acted: None, log, events }
    }

    pub(super) fn time(&self) -> f64 {
        self.time
    }

    /// Refuses a number that stands for no compartment.
    pub(super) fn check_cmt(&self, cmt: u32) -> Result<()> {
        let body = &self.frame.body;
        match body.compartment(cmt) {
            Some(_) => Ok(()),
            None => Err(Error::value(format!("CMT {cmt} {}", body.numbering()))),
        }
    }

    /// Goes over to other parameters: the amounts stay.
    pub(super) fn change(&mut self, frame: &Rc<Frame>) -> Result<()> {
        if Rc::ptr_eq(&self.frame, frame) {
            return Ok(());
        }
        if !frame.fits(&self.frame) {
            return Err(Error::value(
                "the model has other compartments than the one before: only the numbers of a model may change between the records of a subject",
            ));
        }
        frame.carry(&mut self.state, &self.frame);
        self.frame = Rc::clone(frame);
        Ok(())
    }

    /// On to `time`, with all that is due until then.
    pub(super) fn advance_to(&mut self, time: f64) -> Result<()> {
        while let Some((due, what)) = self.pending.next_until(time) {
            self.drift_to(due);
            match what {
                Due::Stop(source, rate) => {
                    self.state.apply(&Event { time: due, amount: rate, action: Action::Stop(source) });
                }
                Due::Arrive(series) => self.arrive(series)?,
            }
        }
        self.drift_to(time);
        Ok(())
    }

    fn drift_to(&mut self, time: f64) {
        let u = time - self.time;
        if u > 0.0 {
            self.frame.advance(&mut self.state, u);
            self.time = time;
        }
    }

    fn arrive(&mut self, series: Series) -> Result<()> {
        if self.log.given.len() >= MOST_DOSES {
            return Err(Error::value(format!("more than {MOST_DOSES} doses are due: check II and ADDL")));
        }
        let (time, Portion { place, amount, duration, .. }) = (series.time(), series.portion);
        self.events.clear();
        push_input(&mut self.events, (time, amount, duration), place);
        for event in &self.events {
            match event.action {
                Action::Stop(source) => self.pending.push(event.time, Due::Stop(source, event.amount)),
                _ => self.frame.apply(&mut self.state, event),
            }
        }
        let given = given(&series, series.copy);
        self.log.given.push(given);
        self.acted = Some(given);
        self.pending.arrive(Series { copy: series.copy + 1, ..series });
        Ok(())
    }

    /// Empties the body and forgets what is due; the clock may go back.
    pub(super) fn reset(&mut self, time: f64) {
        self.state = self.frame.empty();
        self.pending.clear();
        self.acted = None;
        self.time = time;
    }

    /// Takes the dose of a record at its time.
    pub(super) fn dose(&mut self, (index, record): (usize, &Record)) -> Result<()> {
        let portions = self.frame.portions(record)?;
        if record.ss == 1 {
            self.reset(record.time);
        }
        for portion in portions {
            let (first, cmt) = (record.time + portion.tlag, record.cmt.max(1));
            let (ii, last) = (record.ii, i64::from(record.addl));
            let mut series = Series { portion, first, ii, copy: 0, last, record: index, cmt };
            if record.is_constant() {
                self.constant(portion);
                continue;
            }
            if record.ss > 0 {
                self.steady(&mut series)?;
            }
            self.pending.arrive(series);
        }
        self.advance_to(record.time)
    }

    /// Adds the steady state of a dosing, with its infusions that still run and its doses that are still on their way.
    fn steady(&mut self, series: &mut Series) -> Result<()> {
        let forever = Forever { portion: series.portion, tau: series.ii };
        let Portion { place: (source, _), duration, tlag, .. } = series.portion;
        let arrived = forever.last_arrived();
        if !(arrived < MOST_AT_ONCE && duration / series.ii < MOST_AT_ONCE) {
            return Err(Error::value(format!(
                "the dosing every {} h lasts {duration} h with a lag of {tlag} h, so that too many overlap: check II",
                series.ii
            )));
        }
        let since = arrived * series.ii - tlag;
        self.add(&self.frame.steady(forever, since));
        #[expect(clippy::cast_possible_truncation, reason = "checked above")]
        let arrived = arrived as i64;
        let past = |copy: i64| Series { copy, ..*series };
        self.acted = Some(given(&past(-arrived), -arrived));
        let now = self.time;
        let ends = (arrived..).map(|ago| past(-ago).time() + duration).take_while(|end| *end > now);
        let rate = series.portion.rate();
        for end in ends.take_while(|_| series.portion.runs()).collect::<Vec<_>>() {
            self.state.start(source, rate);
            self.pending.push(end, Due::Stop(source, rate));
        }
        series.copy = 1 - arrived;
        if tlag >= series.ii {
            self.log.warnings.push(format!(
                "the lag of {tlag} h is not shorter than the interval of {} h: the periodic solution is given, in which earlier doses are still on their way",
                series.ii
            ));
        }
        Ok(())
    }

    /// Adds the steady state of an infusion that has run for ever and ends with the record, or a lag after it.
    fn constant(&mut self, portion: Portion) {
        let forever = Forever::constant(portion);
        self.add(&self.frame.steady(forever, forever.tau));
        if portion.tlag > 0.0 {
            let (source, _) = portion.place;
            self.state.start(source, portion.amount);
            self.pending.push(self.time + portion.tlag, Due::Stop(source, portion.amount));
        }
    }

    fn add(&mut self, more: &State) {
        self.state.amounts.iter_mut().zip(&more.amounts).for_each(|(amount, more)| *amount += more);
    }

    /// How many warnings there are.
    pub(super) fn warnings(&self) -> usize {
        self.log.warnings.len()
    }

    /// Says of the warnings from that number on where they come from; of several alike, one stays.
    pub(super) fn name_warnings(&mut self, from: usize, place: impl Fn() -> String) {
        let mut new = self.log.warnings.split_off(from);
        new.dedup();
        self.log.warnings.extend(new.into_iter().map(|warning| format!("{}: {warning}", place())));
    }

    /// What is predicted now.
    pub(super) fn predict(&mut self) -> Result<()> {
        let [central, first, second] = self.frame.amounts(&self.state);
        let (conc, depot) = (self.frame.concentration(&self.state), self.frame.depot(&self.state));
        if !(conc.is_finite() && depot.is_finite() && first.is_finite() && second.is_finite()) {
            return Err(Error::value(format!(
                "the concentration comes to {conc} µg/L, which is beyond all numbers: check the amounts and the times"
            )));
        }
        self.log.rows.push(Predicted { conc, depot, central, peripheral: [first, second], acted: self.acted });
        Ok(())
    }
}

fn given(series: &Series, copy: i64) -> Given {
    let series = Series { copy, ..*series };
    let Portion { tlag, amount, duration, .. } = series.portion;
    Given { record: series.record, copy, cmt: series.cmt, time: series.time(), tlag, amount, duration }
}
