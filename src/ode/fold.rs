//! A system of equations as a body that drifts: the walk of the exact path with a solver in place of the formula.

use std::cell::RefCell;

use super::integrator::Integrator;
use super::system::{Entry, System};
use super::tolerance::Tolerance;
use crate::engine::{
    self, Arrivals, Drift, Entries, Event, Gate, Input, Seen, State, Stretch, What, latest, merge, push_input, sort,
    sort_events, walk,
};
use crate::error::{Error, ErrorKind, Result};
use crate::meal_effect::MealEffect;
use crate::profile::{Profile, check_times, last_of};
use crate::regimen::{Dose, Regimen, Route};

/// Equations and a dosing, to be solved with a tolerance that has been checked.
pub(super) struct Simulation<'a, S, const N: usize> {
    pub(super) system: &'a S,
    pub(super) regimen: &'a Regimen,
    pub(super) tolerance: Tolerance,
}

impl<S: System<N>, const N: usize> Simulation<'_, S, N> {
    /// The concentrations at `times`.
    pub(super) fn profile(&self, times: &[f64]) -> Result<Profile> {
        let mut noise = Noise::none(self.tolerance);
        let conc = self.run(times, |time, y| {
            let conc = self.system.concentration(&noise.taken_out(y));
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
        check_times(times)?;
        let until = last_of(times)?;
        check_size::<N>()?;
        self.system.check()?;
        check_longest_step(self.system.longest_step())?;
        let dosing = Dosing::of(self.system);
        let (first_dose, arrivals) = dosing.arrivals(self.regimen, latest(until))?;
        let start = first_dose.min(times[0]);
        check_span(start, until)?;
        let script = merge(&arrivals, self.lines(start, times));
        let body = Equations::new(self.system, dosing.entries, self.tolerance);
        let (mut state, mut results) = (body.initial(), Vec::with_capacity(times.len()));
        walk(&script, std::slice::from_ref(&body), &mut state, |seen| {
            if let Seen::Look(_, state, look) = seen {
                let y = numbers(&state.amounts);
                check_state(&y, times[look])?;
                results.push(each(times[look], &y)?);
            }
            Ok(())
        })
        .map(|()| results)
    }

    /// From the start on: the looks, and the stops that the equations ask for on the way.
    fn lines(&self, start: f64, times: &[f64]) -> Vec<Event> {
        let on_the_way = |stop: &&f64| **stop > start && times.last().is_some_and(|last| **stop < *last);
        let stops = self.system.stops().iter().filter(on_the_way).map(|stop| Event::new(*stop, What::Pause));
        let looks = times.iter().zip(0..).map(|(time, look)| Event::new(*time, What::Look(look)));
        let mut lines: Vec<Event> = std::iter::once(Event::new(start, What::Pause)).chain(stops).chain(looks).collect();
        sort_events(&mut lines);
        lines
    }
}

/// What the solver's error leaves of a state when the substance has gone: it swings around zero and is no level.
struct Noise<const N: usize> {
    tolerance: Tolerance,
    /// The largest that each state has been.
    largest: [f64; N],
    /// Which states have been below zero since they were last beyond the tolerance.
    gone: [bool; N],
}

impl<const N: usize> Noise<N> {
    fn none(tolerance: Tolerance) -> Self {
        Self { tolerance, largest: [0.0; N], gone: [false; N] }
    }

    /// A state with nothing in place of each number that is noise.
    fn taken_out(&mut self, y: &[f64; N]) -> [f64; N] {
        let Tolerance { rtol, atol, .. } = self.tolerance;
        std::array::from_fn(|i| {
            self.largest[i] = self.largest[i].max(y[i].abs());
            let within = y[i].abs() <= atol + rtol * self.largest[i];
            self.gone[i] = within && (self.gone[i] || y[i] < 0.0);
            if self.gone[i] { 0.0 } else { y[i] }
        })
    }
}

/// The most states of a system: an entry names one in 16 bits, and the input beside it.
const MOST_STATES: usize = 32_767;

fn check_size<const N: usize>() -> Result<()> {
    if N == 0 {
        return Err(Error::value("a system of 0 states has nothing to solve: give it at least one state"));
    }
    if N > MOST_STATES {
        return Err(Error::value(format!("a system of {N} states is too large: give it at most {MOST_STATES}")));
    }
    Ok(())
}

fn check_longest_step(longest: f64) -> Result<()> {
    if longest > 0.0 {
        return Ok(());
    }
    Err(Error::value(format!(
        "the longest step is {longest} h, but it must be above zero: give infinity where the solver may choose"
    )))
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

/// The entries of a system for swallowed doses and then for those into a vein, as numbered entries of a script.
struct Dosing<'a, S, const N: usize> {
    system: &'a S,
    oral: Vec<Entry>,
    iv: Vec<Entry>,
    entries: Entries,
}

impl<'a, S: System<N>, const N: usize> Dosing<'a, S, N> {
    fn of(system: &'a S) -> Self {
        let (oral, iv) = (system.entries(Route::Oral), system.entries(Route::Intravenous));
        // The states of the body are those of the system, and then the inputs into them.
        let gate = |entry: &Entry| {
            let [state, states] = [entry.state, N].map(|n| u16::try_from(n).unwrap_or(u16::MAX));
            Gate { f: entry.f, into: (state, state.saturating_add(1)), input: state.saturating_add(states) }
        };
        let entries = Entries(oral.iter().chain(&iv).map(gate).collect());
        Self { system, oral, iv, entries }
    }

    /// The time of the first dose, and what arrives up to `until`, in order of time.
    fn arrivals(&self, regimen: &Regimen, until: f64) -> Result<(f64, Arrivals)> {
        regimen.check(until)?;
        regimen.kinds_of_dose().try_for_each(|(_, dose)| check_entries::<N>(self.ways(dose.route).1, dose))?;
        let (mut first, mut arrivals) = (f64::INFINITY, Arrivals::new());
        regimen.each_batch(until, |batch| {
            batch.each(|time, dose| {
                first = first.min(time);
                self.push(&mut arrivals, (time, dose));
            });
        });
        sort(&mut arrivals);
        Ok((first, arrivals))
    }

    fn push(&self, arrivals: &mut Arrivals, (time, dose): (f64, Dose)) {
        let amount = MealEffect::amount(self.system.meal_effect(), &dose);
        let (first, ways) = self.ways(dose.route);
        for (entry, way) in (first..).zip(ways) {
            let duration = dose.duration.max(way.duration);
            push_input(arrivals, entry, Input { time: time + way.tlag, amount, duration });
        }
    }

    /// The entries of a route, and the number of the first.
    fn ways(&self, route: Route) -> (engine::Entry, &[Entry]) {
        match route {
            Route::Oral => (0, &self.oral),
            Route::Intravenous => (u16::try_from(self.oral.len()).unwrap_or(u16::MAX), &self.iv),
        }
    }
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

/// A system that drifts: its state is that of the equations, and then the constant input into each of them.
pub(super) struct Equations<'a, S, const N: usize> {
    system: &'a S,
    entries: Entries,
    /// The solver, with what it learns from stretch to stretch.
    integrator: RefCell<Integrator<'a, S, N>>,
}

impl<'a, S: System<N>, const N: usize> Equations<'a, S, N> {
    pub(super) fn new(system: &'a S, entries: Entries, tolerance: Tolerance) -> Self {
        Self { system, entries, integrator: RefCell::new(Integrator::new(system, tolerance)) }
    }

    pub(super) fn initial(&self) -> State {
        let mut state = State::empty(2 * N);
        state.amounts[..N].copy_from_slice(&self.system.initial());
        state
    }
}

/// The first numbers of a state.
fn numbers<const N: usize>(amounts: &[f64]) -> [f64; N] {
    std::array::from_fn(|i| amounts[i])
}

impl<S: System<N>, const N: usize> Drift for Equations<'_, S, N> {
    type Error = Error;

    fn entries(&self) -> &Entries {
        &self.entries
    }

    /// The states are those of the compartments, so nothing is to be done.
    fn carry(&self, _old: &Self, _state: &mut State) {}

    fn stretch<E: From<Error>>(
        &self,
        state: &mut State,
        stretch: Stretch<'_>,
        mut show: impl FnMut(usize, &State) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let mut y = numbers(&state.amounts);
        let (looks, times): (Vec<_>, Vec<_>) = stretch.looks().unzip();
        let mut integrator = self.integrator.borrow_mut();
        integrator.rates = numbers(&state.amounts[N..]);
        integrator.stretch(&mut y, (stretch.start, stretch.end), &times, |look, y| {
            state.amounts[..N].copy_from_slice(y);
            show(looks[look], state)
        })?;
        state.amounts[..N].copy_from_slice(&y);
        Ok(())
    }
}

fn check_state<const N: usize>(y: &[f64; N], time: f64) -> Result<()> {
    let Some(i) = y.iter().position(|y| !y.is_finite()) else {
        return Ok(());
    };
    let message = format!("state {i} (counted from 0) is {} at {time} h: check the initial state and the doses", y[i]);
    Err(Error::new(ErrorKind::NotFinite, message).at_time(time))
}

fn bad_concentration(conc: f64, time: f64) -> Error {
    let message = format!("the concentration is {conc} at {time} h, though all states are finite: check its formula");
    Error::new(ErrorKind::NotFinite, message).at_time(time)
}
