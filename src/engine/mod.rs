//! The engine: what is taken and what is asked compiles to a script, and a walk performs a script over a body.
//!
//! Between two events a linear body moves by an exact formula. So a simulation is one walk from event to event, and everything
//! else is a reading of it. Eight words:
//!
//! - *source*: a compartment that waits to be absorbed, or a constant input;
//! - *pool*: an exponential of the disposition, into which all that reaches the plasma flows;
//! - *entry*: a way in, by its number;
//! - *output*: what a state shows, such as the concentration;
//! - *drift*: how a body moves while nothing happens;
//! - *look*: an instant at which somebody asks for the state;
//! - *script*: arrivals, looks and changes in order of time;
//! - *cycle*: a script that comes again and again.
//!
//! The rooms, each using only those above it:
//!
//! - `event`: what happens, and what comes first at the same instant;
//! - `entries`: B, what enters where, and the state;
//! - `pair`: one depot and one pool, in closed form;
//! - `exchange`: the peripheral compartments as states of their own;
//! - `network`: A, what a unit in one state becomes in another;
//! - `outputs`: C, what a state shows;
//! - `carry`: what is in each compartment, and what goes over when the numbers change;
//! - `script`: the arrivals of a regimen, and who can share them;
//! - `pair_course`: the arrivals of a depot and a pool, for any lag;
//! - `walk`: the one walk;
//! - `cycle`: the state that a cycle reproduces;
//! - `reach`: where a drifting body turns, and its areas;
//! - `lengths`, `steps`: the distinct distances of a window, and of a script;
//! - `fold`, `pools`, `scattered`: the kernels, faster ways to perform a script of one body;
//! - `recall`: the kernel of event tables, whose models may change;
//! - `perform`: which kernel does it.

mod carry;
mod cycle;
mod entries;
mod event;
mod exchange;
mod fold;
mod lengths;
mod network;
mod outputs;
mod pair;
mod pair_course;
mod perform;
mod pools;
mod reach;
mod recall;
mod scattered;
mod script;
mod steps;
mod walk;

pub(crate) use cycle::{Brought, Cycle};
pub(crate) use entries::{Entries, Gate, State};
pub(crate) use event::{Arrival, Arrivals, Entry, Event, How, Input, What, latest, push_input, sort, sort_events};
pub(crate) use lengths::{Between, Lengths};
pub(crate) use network::{Network, Parts};
pub(crate) use pair::Pair;
pub(crate) use pair_course::PairCourse;
pub(crate) use perform::{Asked, Performer};
pub(crate) use reach::{AnyMotion, Motion, PairMotion, PairStretch, Point};
pub(crate) use recall::{Recaller, View};
pub(crate) use script::{Bodies, Line, Timing, check, check_fit, merge};
pub(crate) use walk::{Drift, Seen, Stretch, walk};
