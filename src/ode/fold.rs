//! The fold over events with an ODE step between them.

use super::piece::{Limits, Piece};
use super::system::{Entry, System};
use super::tolerance::Tolerance;
use crate::error::{Error, ErrorKind, Result};
use crate::meal_effect::MealEffect;
use crate::network::{Action, Event, push_input};
use crate::profile::Profile;
use crate::regimen::{Dose, Regimen, Route};
use crate::timeline::{last_time, sort};

/// Equations and a dosing, to be solved with a tolerance that has been checked.
pub(super) struct Simulation<'a, S, const N: usize> {
    pub(super) system: &'a S,
    pub(super) regimen: &'a Regimen,
    pub(super) tolerance: Tolerance,
}

impl<S: System<N>, const N: usize> Simulation<'_, S, N> {
    /// The concentrations at `times`.
    pub(super) fn profile(&self, times: &[f64]) -> Result<Profile> {
        let conc = self.run(times, |time, y| {
            let conc = self.system.concentration(y);
            if conc.is_finite() { Ok(conc) } else { Err(bad_concentration(conc, time)) }
        })?;
        Ok(Profile::trusted(times.to_vec(), conc))
    }

    /// The states at `times`.
    pub(super) fn states(&self, times: &[f64]) -> Result<Vec<[f64; N]>> {
        self.run(times, |_, y| Ok(*y))
    }

    /// What `each` makes of the state at each of `times`.
    fn run<T>(&self, times: &[f64], mut each: impl FnMut(f64, &[f64; N]) -> Result<T>) -> Result<Vec<T>> {
        let until = last_time(times)?;
        self.check()?;
        let (first_dose, events) = self.events(until)?;
        let start = first_dose.min(times[0]);
        check_span(start, until)?;
        let mut walk = Walk::new(self, start);
        let mut events = events.iter().peekable();
        let mut results = Vec::with_capacity(times.len());
        for &time in times {
            while let Some(event) = events.next_if(|event| event.time <= time) {
                walk.advance_to(event.time)?;
                walk.apply(event);
            }
            walk.advance_to(time)?;
            walk.check_state()?;
            results.push(each(time, &walk.state)?);
        }
        Ok(results)
    }

    fn check(&self) -> Result<()> {
        if N == 0 {
            return Err(Error::value("a system of 0 states has nothing to solve: give it at least one state"));
        }
        if N > MOST_STATES {
            return Err(Error::value(format!("a system of {N} states is too large: give it at most {MOST_STATES}")));
        }
        self.system.check()
    }

    /// The time of the first dose, and all events up to `until` in order of time.
    fn events(&self, until: f64) -> Result<(f64, Vec<Event>)> {
        self.regimen.check(until)?;
        let (oral, iv) = (self.system.entries(Route::Oral), self.system.entries(Route::Intravenous));
        let entries = |dose: &Dose| if dose.route == Route::Oral { &oral } else { &iv };
        self.regimen.kinds_of_dose().try_for_each(|(_, dose)| check_entries::<N>(entries(dose), dose))?;
        let (mut first, mut events) = (f64::INFINITY, Vec::new());
        self.regimen.each_batch(until, |batch| {
            batch.each(|time, dose| {
                first = first.min(time);
                let dose = Dose { amount: MealEffect::amount(self.system.meal_effect(), &dose), ..dose };
                for entry in entries(&dose) {
                    push_events(entry, (time, dose), &mut events);
                }
            });
        });
        sort(&mut events);
        Ok((first, events))
    }
}

/// Refuses a simulation so long that its length cannot be told.
fn check_span(start: f64, until: f64) -> Result<()> {
    if (until - start).is_finite() {
        return Ok(());
    }
    Err(Error::value(format!(
        "the simulation runs from {start:e} h to {until:e} h, which is too long to be a number: check the times"
    )))
}

/// Refuses a dose that has nowhere to go, or an entry that cannot be.
fn check_entries<const N: usize>(entries: &[Entry], dose: &Dose) -> Result<()> {
    if entries.is_empty() {
        return Err(Error::value(format!(
            "the system has no entry for the dose `{dose}`: say in System::entries which state receives doses by this route"
        )));
    }
    entries.iter().try_for_each(|entry| entry.check(N))?;
    match entries.iter().find(|entry| entry.duration > 0.0) {
        Some(entry) if dose.duration > 0.0 => Err(Error::value(format!(
            "the dose `{dose}` is drawn out and meets an entry that takes {} h itself: give the dose at once, or let the entry have no duration",
            entry.duration
        ))),
        _ => Ok(()),
    }
}

/// The most states of a system: an event names one in 16 bits.
const MOST_STATES: usize = 65_535;

/// Adds the events of a dose taken at a time as one entry takes it.
fn push_events(entry: &Entry, (time, dose): (f64, Dose), events: &mut Vec<Event>) {
    let state = u16::try_from(entry.state).unwrap_or(u16::MAX); // at most MOST_STATES
    let input = (time + entry.tlag, dose.amount * entry.f, dose.duration.max(entry.duration));
    push_input(events, input, (state, (state, state + 1)));
}

/// A state on its way from event to event.
struct Walk<'a, S, const N: usize> {
    system: &'a S,
    limits: Limits,
    time: f64,
    state: [f64; N],
    /// The constant inputs into each state, per h, and how many there are: the rate is exactly zero after the last.
    rates: [f64; N],
    running: [u32; N],
}

impl<'a, S: System<N>, const N: usize> Walk<'a, S, N> {
    fn new(simulation: &Simulation<'a, S, N>, time: f64) -> Self {
        let Simulation { system, tolerance, .. } = *simulation;
        let limits = Limits::new(tolerance);
        Self { system, limits, time, state: system.initial(), rates: [0.0; N], running: [0; N] }
    }

    /// On to `end`, up to which nothing happens.
    fn advance_to(&mut self, end: f64) -> Result<()> {
        while self.time < end {
            let piece = Piece { system: self.system, rates: &self.rates, start: self.time };
            (self.time, self.state) = piece.solve((self.state, end), &mut self.limits)?;
        }
        Ok(())
    }

    fn apply(&mut self, event: &Event) {
        match event.action {
            Action::Add(state, _) => self.state[state as usize] += event.amount,
            Action::Start(state) => {
                self.running[state as usize] += 1;
                self.rates[state as usize] += event.amount;
            }
            Action::Stop(state) => {
                let (rate, running) = (&mut self.rates[state as usize], &mut self.running[state as usize]);
                *running -= 1;
                *rate = if *running == 0 { 0.0 } else { *rate - event.amount };
            }
        }
    }

    fn check_state(&self) -> Result<()> {
        let Some(i) = self.state.iter().position(|y| !y.is_finite()) else {
            return Ok(());
        };
        let (value, time) = (self.state[i], self.time);
        let message =
            format!("state {i} (counted from 0) is {value} at {time} h: check the initial state and the doses");
        Err(Error::new(ErrorKind::NotFinite, message).at_time(time))
    }
}

fn bad_concentration(conc: f64, time: f64) -> Error {
    let message = format!("the concentration is {conc} at {time} h, though all states are finite: check its formula");
    Error::new(ErrorKind::NotFinite, message).at_time(time)
}
