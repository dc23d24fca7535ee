//! Who is told of each step of a search, and may stop it.

use std::cell::Cell;
use std::ops::ControlFlow;

use crate::error::{Error, Result};

/// How far a fit of people has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// How many evaluations of the objective, or iterations of SAEM, are done.
    pub done: u32,
    /// How many there will be at least; of a search for a least nobody knows.
    pub of: Option<u32>,
    /// The objective; SAEM does not know it on its way.
    pub ofv: Option<f64>,
}

/// Who is told of each step, and says whether another follows.
pub(super) type Watcher<'a> = &'a dyn Fn(Progress) -> ControlFlow<()>;

/// Who watches a search, and whether it was stopped.
pub(super) struct Watch<'a> {
    watcher: Watcher<'a>,
    done: Cell<u32>,
    stopped: Cell<bool>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(watcher: Watcher<'a>) -> Self {
        Self { watcher, done: Cell::new(0), stopped: Cell::new(false) }
    }

    /// Tells of a further step; none where the search is to end.
    pub(super) fn step(&self, ofv: Option<f64>, of: Option<u32>) -> Option<()> {
        let done = self.done.get() + 1;
        self.done.set(done);
        if self.stopped.get() || (self.watcher)(Progress { done, of, ofv }).is_break() {
            self.stopped.set(true);
            return None;
        }
        Some(())
    }

    /// The error of a search that was stopped.
    pub(super) fn check(&self) -> Result<()> {
        if self.stopped.get() {
            return Err(Error::value(format!(
                "the fit was stopped after {} steps, before it had come to an end: nothing is known of the estimates",
                self.done.get()
            )));
        }
        Ok(())
    }
}
