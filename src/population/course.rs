//! The way of a person through the doses of a regimen and a window, stretch by stretch.

use super::window::{Reached, Window};
use crate::engine::{
    AnyMotion, Arrival, Arrivals, Between, Bodies, Event, Lengths, Pair, PairMotion, PairStretch, Seen, Timing, What,
    check, walk,
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
    pub(super) fn walk(&mut self, bodies: &Bodies<'_>, regimen: &Regimen) -> Result<Reached> {
        match bodies.only().and_then(|model| Some((model, model.flat()?))) {
            Some((model, numbers)) if !regimen.takes_time() => self.walk_pair(regimen, (model, numbers)),
            _ => self.walk_any(bodies, regimen),
        }
    }

    fn walk_pair(&mut self, regimen: &Regimen, (model, numbers): (&Model, Parameters)) -> Result<Reached> {
        if self.known.as_ref().is_some_and(|known| !known.timing.fits(model)) {
            self.known = None;
        }
        let Known { arrivals, lengths, .. } = match &mut self.known {
            Some(known) => known,
            none => none.insert(Known::new(model, regimen, self.window)?),
        };
        let (pair, baseline) = (Pair::of(model, &numbers), model.baseline());
        self.stretches.clear();
        self.stretches.extend(lengths.lengths.iter().map(|length| PairStretch::new(pair, *length)));
        let mut exposure = Reached::unseen(self.window);
        let mut body = Contents { f: numbers.f, depot: 0.0, pool: 0.0, done: 0 };
        let (before, inside) = lengths.stretches.split_at(lengths.stretches.partition_point(|between| !between.inside));
        body.cross(arrivals, before, &self.stretches);
        for between in inside {
            body.take(arrivals, between.arrivals);
            let stretch = &self.stretches[between.length];
            let motion = PairMotion { pair, stretch, amounts: [body.depot, body.pool] };
            exposure.see(self.window, (between.start, baseline), &motion);
            body.drift(stretch);
        }
        exposure.finish(self.window, baseline * (self.window.to() - self.window.from()));
        Ok(exposure)
    }

    fn walk_any(&self, bodies: &Bodies<'_>, regimen: &Regimen) -> Result<Reached> {
        let window = self.window;
        let ends = [window.from(), window.to()].map(|time| Event::new(time, What::Pause));
        let (networks, script) = bodies.compile(regimen, window.to(), ends)?;
        let (mut state, mut exposure, mut area) = (networks[0].empty(), Reached::unseen(window), 0.0);
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

/// What is in the depot and in the pool of a person.
struct Contents {
    /// The fraction absorbed.
    f: f64,
    depot: f64,
    pool: f64,
    /// How many arrivals are there already.
    done: usize,
}

impl Contents {
    /// Takes the arrivals up to `end`.
    #[inline(always)]
    fn take(&mut self, arrivals: &[Arrival], end: usize) {
        for arrival in &arrivals[self.done..end] {
            match arrival.entry {
                0 => self.pool += arrival.amount,
                _ => self.depot += arrival.amount * self.f,
            }
        }
        self.done = end;
    }

    /// Goes the way to the window: apart, so that depot and pool stay in registers.
    #[inline(never)]
    fn cross(&mut self, arrivals: &[Arrival], before: &[Between], stretches: &[PairStretch]) {
        for between in before {
            self.take(arrivals, between.arrivals);
            self.drift(&stretches[between.length]);
        }
    }

    #[inline(always)]
    fn drift(&mut self, stretch: &PairStretch) {
        (self.depot, self.pool) = stretch.later(self.depot, self.pool);
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
