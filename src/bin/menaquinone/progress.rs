//! Long runs: a line on stderr while they last, where somebody sees it, and an end in peace when they are stopped.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use menaquinone::fit::Progress;

use crate::files::say;
use crate::refusal::{Refusal, Result, data};

/// Whether the run was asked to stop. A signal reaches a process, so there is one for all of it.
static STOPPED: AtomicBool = AtomicBool::new(false);
/// Whether a search asks at each step if it is to stop; nothing else does, and ends at once.
static WATCHED: AtomicBool = AtomicBool::new(false);

/// The code of a process that was stopped by Ctrl-C, as shells know it.
pub const CODE: u8 = 130;

/// A run that takes long.
pub struct Run {
    bar: ProgressBar,
}

impl Run {
    /// Begins a run, which Ctrl-C stops: a search at its next step, all else at once.
    pub fn begin() -> Result<Self> {
        ctrlc::set_handler(|| {
            if STOPPED.swap(true, Ordering::SeqCst) || !WATCHED.load(Ordering::SeqCst) {
                say("error", "stopped before the end; nothing was written");
                std::process::exit(i32::from(CODE));
            }
        })
        .map_err(|why| data(format!("cannot listen to Ctrl-C: {why}")))?;
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})").map_err(data)?;
        bar.set_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        Ok(Self { bar })
    }

    /// Says what is being done, or ends where the run was stopped.
    pub fn now(&self, what: &str) -> Result<()> {
        self.bar.set_message(what.to_owned());
        WATCHED.store(false, Ordering::SeqCst);
        if STOPPED.load(Ordering::SeqCst) { Err(stopped(what)) } else { Ok(()) }
    }

    /// Shows how far a fit has come, and whether it is to go on.
    pub fn step(&self, progress: Progress) -> ControlFlow<()> {
        WATCHED.store(true, Ordering::SeqCst);
        let Progress { done, of, ofv } = progress;
        let of = of.map_or(String::new(), |of| format!(" of {of}"));
        let ofv = ofv.map_or(String::new(), |ofv| format!(", OFV {ofv:.4}"));
        self.bar.set_message(format!("step {done}{of}{ofv}"));
        if STOPPED.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// The refusal of a step that has failed, with the code of a run that was stopped where it was.
pub fn failed(why: Refusal) -> Refusal {
    if STOPPED.load(Ordering::SeqCst) { Refusal { code: CODE, ..why } } else { why }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn stopped(what: &str) -> Refusal {
    Refusal { sentence: format!("stopped before {what}; nothing was written"), code: CODE }
}
