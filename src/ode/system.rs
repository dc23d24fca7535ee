//! The user's own equations.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::fold::Simulation;
use super::meals::WithMeals;
use super::tolerance::Tolerance;
use crate::error::{self, Error, Result};
use crate::meal_effect::MealEffect;
use crate::notes::of_meals;
use crate::profile::Profile;
use crate::regimen::{Regimen, Route};

/// A model written as ordinary differential equations of `N` states.
///
/// Two methods are required: how the states change, and what concentration they mean. States are usually amounts in µg,
/// but may be anything that the equations say: a marker in its own unit, an effect, an area.
///
/// The solver stops at every dose and at the beginning and end of every infusion, so that none is stepped over. Output
/// times are no stops: what is asked for between the steps is read from a curve, as exact as they are. A jump that the
/// equations themselves make in time (a meal, a change of clearance) is not known to the solver: name its times in
/// [`stops`](Self::stops), write what is short as a dose with its own [`Entry`], or give a [`longest_step`](Self::longest_step).
///
/// ```
/// use menaquinone::{Dose, grid, ode::{System, Tolerance}, units::*};
///
/// /// Absorption that tires: the more is in the depot, the smaller the share that gets through.
/// struct Tiring {
///     most: f64, // µg/h
///     half: f64, // µg
///     ke: f64,   // 1/h
///     v: f64,    // L
/// }
///
/// impl System<2> for Tiring {
///     fn derivative(&self, _t: f64, &[depot, central]: &[f64; 2]) -> [f64; 2] {
///         let uptake = self.most * depot / (self.half + depot);
///         [-uptake, uptake - self.ke * central]
///     }
///     fn concentration(&self, [_, central]: &[f64; 2]) -> f64 {
///         central / self.v
///     }
/// }
///
/// let system = Tiring { most: 20.0, half: 50.0, ke: 0.01, v: 154.0 };
/// let (regimen, times) = (Dose::of(180.0 * UG).every(DAY).times(7), grid(0.0..=WEEK, HOUR));
/// let profile = system.profile(&regimen, &times, Tolerance::default())?;
/// assert_eq!(profile.conc()[0], 0.0);
/// assert!(profile.conc()[168] > 3.0);
///
/// let states = system.states(&regimen, &times, Tolerance::default())?;
/// assert_eq!(states[0], [180.0, 0.0]); // at the instant of a dose, after it
/// # Ok::<(), menaquinone::Error>(())
/// ```
pub trait System<const N: usize> {
    /// The rate of change of each state, per h, at time `t` (h) and state `y`, without the doses.
    ///
    /// Where the equations cannot be evaluated, return NaN: if no smaller step avoids the place, the simulation ends
    /// with [`ErrorKind::NotFinite`](crate::ErrorKind::NotFinite) and the time.
    fn derivative(&self, t: f64, y: &[f64; N]) -> [f64; N];

    /// The plasma concentration of a state, µg/L.
    fn concentration(&self, y: &[f64; N]) -> f64;

    /// The state at the beginning of a simulation, which is its first dose or its first output time, whichever is
    /// earlier; all zero unless you say otherwise.
    fn initial(&self) -> [f64; N] {
        [0.0; N]
    }

    /// Where and how a dose by this route enters; several entries are paths side by side, each with its fraction.
    ///
    /// Unless you say otherwise, a swallowed dose enters state 0 at once and whole, and doses by any other route are
    /// refused: no place for them can be guessed.
    fn entries(&self, route: Route) -> Vec<Entry> {
        match route {
            Route::Oral => vec![Entry::default()],
            Route::Intravenous => Vec::new(),
        }
    }

    /// What the meal of a swallowed dose does to the amount that enters; nothing unless you say otherwise.
    ///
    /// Doses arrive here already scaled by it, so your equations need not know of meals.
    fn meal_effect(&self) -> Option<&MealEffect> {
        None
    }

    /// The longest step that the solver may take, h: as long as it likes unless you say otherwise.
    ///
    /// Say it where a long step could miss something: a short pulse in time, or a process much faster than the rest that has
    /// died away. In a long washout the steps grow until such a process (rate constant `k`, 1/h) is no longer damped, and
    /// the solver notices too late: at `rtol` 1e-10 errors of a hundred tolerances were seen, at 1e-8 of ten, at 1e-6 of one.
    /// A longest step of `5.0 / k` prevents them, of which DOPRI5 takes 0.6. [`Saturable`](crate::ode::Saturable) says it for itself.
    fn longest_step(&self) -> f64 {
        f64::INFINITY
    }

    /// Times (h, in any order) at which the equations themselves jump or have a corner, such as the samples of a level that drives
    /// them: the solver stops there, and no step leads across. None unless you say otherwise.
    ///
    /// ```
    /// use menaquinone::{Regimen, ode::{System, Tolerance}};
    /// struct Tap;
    /// impl System<1> for Tap {
    ///     fn derivative(&self, t: f64, _: &[f64; 1]) -> [f64; 1] {
    ///         [if (50.0..50.5).contains(&t) { 2.0 } else { 0.0 }]
    ///     }
    ///     fn concentration(&self, y: &[f64; 1]) -> f64 {
    ///         y[0]
    ///     }
    ///     fn stops(&self) -> &[f64] {
    ///         &[50.0, 50.5]
    ///     }
    /// }
    /// let conc = Tap.profile(Regimen::default(), &[0.0, 100.0], Tolerance::default())?;
    /// assert!((conc.conc()[1] - 1.0).abs() < 1e-3);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    fn stops(&self) -> &[f64] {
        &[]
    }

    /// These equations with an effect of meals: the way to give one to a [`Saturable`](crate::ode::Saturable) or to a system
    /// of your own that has none.
    fn with_meal_effect(self, effect: MealEffect) -> WithMeals<Self>
    where
        Self: Sized,
    {
        WithMeals { system: self, effect }
    }

    /// Refuses parameters that cannot be; every simulation asks this first. [`Error::value`] makes the error.
    ///
    /// # Errors
    /// Whatever the implementation refuses; nothing unless you say otherwise.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The concentrations (µg/L) that a dosing gives at `times` (h, never decreasing).
    ///
    /// At the instant of a dose the value after it is given. When a substance has gone, the solver's error swings
    /// around zero: from the first time on that a state is below zero, it counts as 0 for the concentration for as long as it is within
    /// `atol + rtol` times the largest it has been. The steps do not depend on the times but for the first and the
    /// last: more times in between change no bit of the values at the others.
    ///
    /// # Errors
    /// Parameters, times, doses, entries, a longest step or a tolerance that cannot be
    /// ([`ErrorKind::Value`](crate::ErrorKind::Value)); or a solution that ends before the last time, with that time in
    /// [`Error::time`]: a state, derivative or concentration that is not finite
    /// ([`ErrorKind::NotFinite`](crate::ErrorKind::NotFinite)), a singularity
    /// ([`ErrorKind::StepSizeUnderflow`](crate::ErrorKind::StepSizeUnderflow)), stiff equations
    /// ([`ErrorKind::Stiff`](crate::ErrorKind::Stiff)) or more steps than allowed
    /// ([`ErrorKind::TooManySteps`](crate::ErrorKind::TooManySteps)).
    fn profile<'a>(&self, regimen: impl Into<Cow<'a, Regimen>>, times: &[f64], tolerance: Tolerance) -> Result<Profile>
    where
        Self: Sized,
    {
        Simulation { system: self, regimen: &regimen.into(), tolerance: tolerance.check()? }.profile(times)
    }

    /// What this body does with the meals of a dosing, in sentences to be printed beside a result; none where there is nothing to say.
    ///
    /// ```
    /// use menaquinone::{Dose, ode::{Saturable, System}, units::*};
    /// let body = Saturable { vmax: 15.0, km: 2.0, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0, cl: 0.0 };
    /// let notes = body.notes(Dose::of(180.0 * UG).fasted().every(DAY));
    /// assert!(notes[0].contains("`fasted` changes nothing: give it one (System::with_meal_effect)"));
    /// ```
    fn notes<'a>(&self, dosing: impl Into<Cow<'a, Regimen>>) -> Vec<String>
    where
        Self: Sized,
    {
        of_meals(self.meal_effect(), &dosing.into(), "System::with_meal_effect")
    }

    /// The states themselves at `times` (h, never decreasing), one array a time.
    ///
    /// # Errors
    /// As for [`profile`](Self::profile).
    fn states<'a>(
        &self,
        regimen: impl Into<Cow<'a, Regimen>>,
        times: &[f64],
        tolerance: Tolerance,
    ) -> Result<Vec<[f64; N]>>
    where
        Self: Sized,
    {
        Simulation { system: self, regimen: &regimen.into(), tolerance: tolerance.check()? }.states(times)
    }
}

/// Where and how a dose enters a [`System`]: unless you say otherwise, state 0, at once, without a lag, whole.
///
/// ```
/// use menaquinone::ode::Entry;
/// let depot = Entry { tlag: 0.5, f: 0.8, ..Entry::default() };
/// assert_eq!((depot.state, depot.duration), (0, 0.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entry {
    /// The index of the state that receives the dose, counted from 0.
    pub state: usize,
    /// The time between the dose and its entry, h.
    pub tlag: f64,
    /// The fraction of the dose that enters here, above 0 and at most 1.
    pub f: f64,
    /// The time over which a dose given at once enters at a constant rate, h; 0 is at once.
    pub duration: f64,
}

impl Default for Entry {
    fn default() -> Self {
        Self { state: 0, tlag: 0.0, f: 1.0, duration: 0.0 }
    }
}

impl Entry {
    /// Refuses a state that is not among `states`, and a lag, fraction or duration that cannot be.
    pub(super) fn check(&self, states: usize) -> Result<()> {
        if self.state >= states {
            return Err(Error::value(format!(
                "a dose enters state {}, but the system has {states} states, counted from 0: give an index below {states}",
                self.state
            )));
        }
        error::non_negative("tlag of an entry", self.tlag, "h")?;
        error::non_negative("the duration of an entry", self.duration, "h")?;
        error::fraction("f of an entry", self.f).map(drop)
    }
}
