//! The way of a person through the doses of a regimen and a window, gap by gap.

use smallvec::SmallVec;

use super::exposure::{Window, WindowExposure};
use super::motion::{AnyMotion, Gap, PairMotion};
use crate::error::Result;
use crate::model::{Model, Parameters};
use crate::network::{Action, Event, Pair, State};
use crate::propagate::Who;
use crate::regimen::Regimen;
use crate::timeline::prepare;

/// Leads one person after another through the same doses.
pub(super) struct Walker<'a> {
    regimen: &'a Regimen,
    window: &'a Window,
    shareable: bool,
    /// The stretches of the last person with one depot and one pool, which most others share.
    known: Option<(Who, Vec<Event>, Stretches)>,
    gaps: Vec<Gap>,
}

/// The time from one instant to the next.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    start: f64,
    /// The events at its start end before this index.
    events: usize,
    /// Which of the lengths it has.
    length: usize,
    inside: bool,
}

/// Where something happens, or the window begins or ends.
#[derive(Debug, Clone, Default)]
struct Stretches {
    stretches: Vec<Stretch>,
    lengths: SmallVec<[f64; 8]>,
}

impl Stretches {
    /// Those from the first event or the beginning of the window, whichever is earlier, to its end.
    fn new(events: &[Event], window: &Window) -> Self {
        let mut found = Self::default();
        let (from, to) = (window.from(), window.to());
        let mut done = 0;
        let mut start = events.first().map_or(from, |event| event.time.min(from));
        while start < to {
            done += events[done..].iter().take_while(|event| event.time <= start).count();
            let next = events.get(done).map_or(to, |event| event.time).min(to);
            let end = if start < from { next.min(from) } else { next };
            let length = found.length(end - start);
            found.stretches.push(Stretch { start, events: done, length, inside: start >= from });
            start = end;
        }
        found
    }

    /// Which of the lengths this is; the last are the likeliest to come again.
    fn length(&mut self, length: f64) -> usize {
        const RECENT: usize = 4;
        let mut newest_first = self.lengths.iter().enumerate().rev().take(RECENT);
        if let Some((i, _)) = newest_first.find(|(_, known)| **known == length) {
            return i;
        }
        self.lengths.push(length);
        self.lengths.len() - 1
    }
}

impl<'a> Walker<'a> {
    pub(super) fn new(regimen: &'a Regimen, window: &'a Window) -> Result<Self> {
        regimen.check(window.to())?;
        let shareable = !regimen.takes_time();
        Ok(Self { regimen, window, shareable, known: None, gaps: Vec::new() })
    }

    /// How many doses there are on the way.
    #[expect(clippy::cast_precision_loss, reason = "a rough measure")]
    pub(super) fn doses(&self) -> f64 {
        self.regimen.doses(self.window.to()).len() as f64
    }

    /// What a person reaches.
    pub(super) fn walk(&mut self, model: &Model) -> Result<WindowExposure> {
        match model.flat().filter(|_| self.shareable) {
            Some(parameters) => self.walk_pair(model, parameters),
            None => self.walk_any(model),
        }
    }

    fn walk_pair(&mut self, model: &Model, parameters: Parameters) -> Result<WindowExposure> {
        if !self.known.as_ref().is_some_and(|(who, ..)| who.fits(model, parameters)) {
            let (who, events) = Who::events(model, parameters, (self.regimen, self.window.to()))?;
            let stretches = Stretches::new(&events, self.window);
            self.known = Some((who, events, stretches));
        }
        let Some((_, events, known)) = &self.known else { return Ok(WindowExposure::default()) };
        let mode = model.modes()[0];
        let pair = Pair { ka: parameters.ka, ke: mode.k, coef: mode.coef };
        self.gaps.clear();
        self.gaps.extend(known.lengths.iter().map(|length| Gap::new(pair, *length)));
        let mut exposure = WindowExposure::unseen(self.window);
        let (mut depot, mut pool, mut done) = (0.0, 0.0, 0);
        for stretch in &known.stretches {
            for event in &events[done..stretch.events] {
                match event.action {
                    Action::Add(0, _) => depot += event.amount * parameters.f,
                    _ => pool += event.amount,
                }
            }
            done = stretch.events;
            let motion = PairMotion { pair, gap: self.gaps[stretch.length], depot, pool };
            if stretch.inside {
                exposure.see(self.window, (stretch.start, model.baseline()), &motion);
            }
            (depot, pool) = motion.later();
        }
        exposure.finish(self.window, model.baseline());
        Ok(exposure)
    }

    fn walk_any(&self, model: &Model) -> Result<WindowExposure> {
        let (network, events) = prepare(model, self.regimen, self.window.to())?;
        let known = Stretches::new(&events, self.window);
        let mut exposure = WindowExposure::unseen(self.window);
        let (mut state, mut done) = (State::empty(network.states()), 0);
        for stretch in &known.stretches {
            events[done..stretch.events].iter().for_each(|event| state.apply(event));
            done = stretch.events;
            let length = known.lengths[stretch.length];
            if stretch.inside {
                let motion = AnyMotion { network: &network, amounts: &state.amounts, length };
                exposure.see(self.window, (stretch.start, model.baseline()), &motion);
            }
            state.amounts = network.advance(&state.amounts, length);
        }
        exposure.finish(self.window, model.baseline());
        Ok(exposure)
    }
}
