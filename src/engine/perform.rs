//! A regimen compiled once and performed for one model after another: which kernel does it, and when it is compiled again.

use std::ops::Range;

use super::event::{Arrival, Arrivals, Event, What, latest};
use super::fold::{Course, Tables};
use super::network::{Network, Parts};
use super::pools::Direct;
use super::scattered;
use super::script::{Bodies, Differs, Line, Timing, check};
use super::steps::Steps;
use super::walk::{Seen, walk};
use crate::error::Result;
use crate::model::Model;
use crate::profile::{check_times, last_of};
use crate::regimen::Regimen;

/// A compiled course, with the memory to perform it.
///
/// The concentrations have the same bits whoever was performed before, and however much memory there was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Performer {
    /// Whose doses arrive as they were compiled; nobody's before the first.
    timing: Option<Timing>,
    arrivals: Arrivals,
    /// How many arrivals each look has seen, where their order counts.
    seen: Vec<usize>,
    /// Whether some arrivals are constant inputs.
    inputs: bool,
    /// Whether the arrivals are many and hardly ever recur, so that one depot and one pool take them as they come.
    scattered: bool,
    /// The steps between the arrivals, if somebody has needed them yet.
    steps: Steps,
    compiled: bool,
    tables: Tables,
}

/// What is to be performed: a regimen, output times, and which of these are wanted.
#[derive(Clone)]
pub(crate) struct Asked<'a> {
    pub(crate) regimen: &'a Regimen,
    pub(crate) times: &'a [f64],
    pub(crate) wanted: Range<usize>,
    /// Doses and looks where their order counts, in place of the regimen; else none.
    pub(crate) lines: &'a [Line],
}

impl<'a> Asked<'a> {
    pub(crate) fn new(regimen: &'a Regimen, times: &'a [f64]) -> Self {
        Self { regimen, times, wanted: 0..times.len(), lines: &[] }
    }

    fn wanted(&self) -> &'a [f64] {
        &self.times[self.wanted.clone()]
    }
}

impl Performer {
    /// The wanted concentrations of `model`; compiled again only for a model whose doses arrive at other times.
    #[inline]
    pub(crate) fn perform(&mut self, asked: &Asked<'_>, model: &Model, conc: &mut [f64]) -> Result<()> {
        if !self.fits(model) {
            self.compile(asked, model)?;
        }
        let direct = Direct::of(model).filter(|_| !self.inputs);
        if let Some(pair) = direct.filter(|_| self.scattered).and_then(|direct| direct.pair()) {
            scattered::fill(pair, &self.arrivals, (model.baseline(), asked.wanted()), conc);
            return Ok(());
        }
        let parts = Parts { inputs: self.inputs, compartments: false };
        let (tables, course) = self.course(asked, model.baseline())?;
        match direct {
            Some(direct) => direct.perform(&mut tables.flows, course, conc),
            None => tables.perform(&Network::new(model, parts), course, conc),
        }
        Ok(())
    }

    /// Whether the doses of a model arrive as they were compiled, or can be shifted there together.
    #[inline]
    fn fits(&mut self, model: &Model) -> bool {
        let Some(timing) = self.timing.as_mut() else { return false };
        match timing.differs(model) {
            Differs::No => true,
            Differs::ByLag(lag) if self.compiled && self.steps.set_lag(lag) => {
                timing.set_lag(lag);
                true
            }
            Differs::ByLag(_) | Differs::More => false,
        }
    }

    /// What comes next is another regimen.
    pub(crate) fn forget(&mut self) {
        self.timing = None;
    }

    /// The arrivals for all whose doses arrive as those of `model`.
    fn compile(&mut self, asked: &Asked<'_>, model: &Model) -> Result<()> {
        self.timing = None;
        let until = latest(last_of(asked.times)?);
        check(model, asked.regimen, until)?;
        let mut timing = Timing::of(model);
        self.arrivals.clear();
        // Where all doses wait equally long they are kept as they were taken, and the wait is a matter of the steps.
        let lag = timing.common_lag(asked.regimen).filter(|lag| *lag > 0.0 && asked.lines.is_empty());
        if lag.is_some() {
            timing.set_lag(0.0);
        }
        self.inputs = if asked.lines.is_empty() {
            timing.arrivals(asked.regimen, until, &mut self.arrivals)
        } else {
            timing.arrivals_of(asked.lines, &mut self.arrivals, &mut self.seen)
        };
        self.scattered = asked.lines.is_empty() && !self.inputs && is_scattered(&self.arrivals, asked.times.len());
        self.compiled = false;
        if let Some(lag) = lag {
            timing.set_lag(lag);
        }
        if self.scattered {
            check_times(asked.times)?;
            self.arrivals.iter_mut().for_each(|arrival| arrival.time += lag.unwrap_or(0.0));
            settle(&mut self.arrivals, asked.times);
        } else if lag.is_some() {
            self.compile_steps(asked, lag)?;
        }
        self.timing = Some(timing);
        Ok(())
    }

    fn compile_steps(&mut self, asked: &Asked<'_>, lag: Option<f64>) -> Result<()> {
        if asked.lines.is_empty() {
            self.steps.compile(&self.arrivals, asked.times, lag)?;
        } else {
            self.steps.compile_seen(&self.arrivals, asked.times, &self.seen);
        }
        if asked.wanted != (0..asked.times.len()) {
            self.steps = self.steps.part(asked.wanted.clone());
        }
        self.compiled = true;
        Ok(())
    }

    /// The steps between the arrivals, found when they are first needed.
    #[inline]
    fn course(&mut self, asked: &Asked<'_>, baseline: f64) -> Result<(&mut Tables, Course<'_>)> {
        if !self.compiled {
            self.compile_steps(asked, None)?;
        }
        Ok((&mut self.tables, Course { steps: &self.steps, arrivals: &self.arrivals, baseline }))
    }
}

impl Bodies<'_> {
    /// The wanted concentrations of one body or of one after another.
    pub(crate) fn concentrations(&self, asked: &Asked<'_>, conc: &mut [f64]) -> Result<()> {
        if let Some(model) = self.only() {
            return Performer::default().perform(asked, model, conc);
        }
        let looks = asked.wanted().iter().zip(0..).map(|(time, look)| Event::new(*time, What::Look(look)));
        let (networks, script) = self.compile(asked.regimen, latest(last_of(asked.times)?), looks)?;
        let mut state = networks[0].empty();
        walk(&script, &networks, &mut state, |seen| {
            if let Seen::Look(network, state, look) = seen {
                conc[look] = network.level(&state.amounts);
            }
            Ok(())
        })
    }
}

/// Puts arrivals that are at the instant of an output time, but for the last digits, at that time; both are in order.
fn settle(arrivals: &mut [Arrival], times: &[f64]) {
    let mut next = 0;
    for arrival in arrivals {
        next += times[next..].iter().take_while(|time| latest(**time) < arrival.time).count();
        arrival.time = times.get(next).map_or(arrival.time, |time| arrival.time.min(*time));
    }
}

/// Whether there are so many arrivals for so few output times, at distances that do not recur, that looking for what recurs
/// costs more than it saves.
fn is_scattered(arrivals: &[Arrival], times: usize) -> bool {
    /// So few are cheap either way.
    const FEW: usize = 64;
    /// Steps of fewer output times than this are not worth the search.
    const OUTPUTS: usize = 8;
    arrivals.len() + times > FEW
        && arrivals.len() > times / OUTPUTS
        && !gaps_recur(&arrivals[..arrivals.len().min(FEW)])
}

/// Whether at least half of the gaps are one of the few before them.
fn gaps_recur(arrivals: &[Arrival]) -> bool {
    const RECENT: usize = 4;
    let gap = |i: usize| arrivals[i + 1].time - arrivals[i].time;
    let known =
        |i: &usize| (i.saturating_sub(RECENT)..*i).any(|before| (gap(before) - gap(*i)).abs() <= 1e-12 * gap(*i));
    let gaps = arrivals.len().saturating_sub(1);
    2 * (0..gaps).filter(known).count() >= gaps
}
