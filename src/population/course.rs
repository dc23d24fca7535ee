//! The way of a person through the doses of a regimen and a window, stretch by stretch.

use super::window::{Window, WindowExposure};
use crate::engine::{
    AnyMotion, Arrivals, Bodies, Event, Lengths, Pair, PairMotion, PairStretch, Seen, Timing, What, check, walk,
};
use crate::error::Result;
use crate::model::{Model, Parameters};
use crate::regimen::Regimen;

/// Leads one person after another through the same doses.
pub(super) struct Walker<'a> {
    window: &'a Window,
    /// What the last person with one depot and one pool shares with most others.
    known: Option<Known>,
    stretches: Vec<PairStretch>,
}

/// The arrivals of all who have one timing, and the stretches between them.
struct Known {
    timing: Timing,
    arrivals: Arrivals,
    lengths: Lengths,
}

impl<'a> Walker<'a> {
    pub(super) fn new(window: &'a Window) -> Self {
        Self { window, known: None, stretches: Vec::new() }
    }

    /// The next person takes other doses.
    pub(super) fn forget(&mut self) {
        self.known = None;
    }

    /// What a person reaches.
    pub(super) fn walk(&mut self, bodies: &Bodies<'_>, regimen: &Regimen) -> Result<WindowExposure> {
        match bodies.only().and_then(|model| Some((model, model.flat()?))) {
            Some((model, numbers)) if !regimen.takes_time() => self.walk_pair(regimen, (model, numbers)),
            _ => self.walk_any(bodies, regimen),
        }
    }

    fn walk_pair(&mut self, regimen: &Regimen, (model, numbers): (&Model, Parameters)) -> Result<WindowExposure> {
        let Known { arrivals, lengths, .. } = match self.known.take().filter(|known| known.timing.fits(model)) {
            Some(known) => self.known.insert(known),
            None => self.known.insert(Known::new(model, regimen, self.window)?),
        };
        let (pair, baseline) = (Pair::of(model, &numbers), model.baseline());
        self.stretches.clear();
        self.stretches.extend(lengths.lengths.iter().map(|length| PairStretch::new(pair, *length)));
        let mut exposure = WindowExposure::unseen(self.window);
        let (mut amounts, mut done) = ([0.0; 2], 0);
        for between in &lengths.stretches {
            for arrival in &arrivals[done..between.arrivals] {
                match arrival.entry {
                    0 => amounts[1] += arrival.amount,
                    _ => amounts[0] += arrival.amount * numbers.f,
                }
            }
            done = between.arrivals;
            let motion = PairMotion { pair, stretch: &self.stretches[between.length], amounts };
            if between.inside {
                exposure.see(self.window, (between.start, baseline), &motion);
            }
            amounts = motion.later();
        }
        exposure.finish(self.window, baseline * (self.window.to() - self.window.from()));
        Ok(exposure)
    }

    fn walk_any(&self, bodies: &Bodies<'_>, regimen: &Regimen) -> Result<WindowExposure> {
        let window = self.window;
        let ends = [window.from(), window.to()].map(|time| Event::new(time, What::Pause));
        let (networks, script) = bodies.compile(regimen, window.to(), ends)?;
        let (mut state, mut exposure, mut area) = (networks[0].empty(), WindowExposure::unseen(window), 0.0);
        walk::<_, crate::error::Error>(&script, &networks, &mut state, |seen| {
            if let Seen::Stretch(network, state, stretch) = seen
                && stretch.start >= window.from()
            {
                let (baseline, length) = (bodies.at(stretch.start).baseline(), stretch.length());
                let motion = AnyMotion { network, amounts: &state.amounts, length };
                exposure.see(window, (stretch.start, baseline), &motion);
                area += baseline * length;
            }
            Ok(())
        })?;
        exposure.finish(window, area);
        Ok(exposure)
    }
}

impl Known {
    fn new(model: &Model, regimen: &Regimen, window: &Window) -> Result<Self> {
        check(model, regimen, window.to())?;
        let (timing, mut arrivals) = (Timing::of(model), Arrivals::new());
        timing.arrivals(regimen, window.to(), &mut arrivals);
        let lengths = Lengths::new(&arrivals, window.from()..=window.to());
        Ok(Self { timing, arrivals, lengths })
    }
}
