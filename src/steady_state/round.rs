//! A cycle of a model: what it reaches, and what is left of it.

use crate::engine::{AnyMotion, Brought, Cycle, Motion, Network, Parts, Timing, check_fit};
use crate::error::Result;
use crate::model::Model;
use crate::numeric;
use crate::regimen::Repeating;
use crate::steady_state::Exposure;

/// A body and the cycle that it goes through.
#[derive(Debug, Clone)]
pub(super) struct Round {
    network: Network,
    cycle: Cycle,
    brought: Vec<Brought>,
    baseline: f64,
    cl: f64,
}

impl Round {
    /// The cycle that reproduces its own start.
    pub(super) fn settled(model: &Model, dosing: &Repeating) -> Result<Self> {
        dosing.doses().iter().try_for_each(|(_, dose)| check_fit(model, dose))?;
        let timing = Timing::of(model);
        let inputs = timing.takes_time() || dosing.doses().iter().any(|(_, dose)| dose.duration > 0.0);
        let network = Network::new(model, Parts { inputs, compartments: false });
        let mut brought = Vec::new();
        for dose in dosing.doses() {
            timing.inputs(*dose, |entry, input| brought.push((entry, input)));
        }
        let cycle = Cycle::new(&network, dosing.tau(), &brought);
        Ok(Self { network, cycle, brought, baseline: model.baseline(), cl: model.disposition().cl() })
    }

    /// The first cycle of all, without the baseline.
    pub(super) fn first(&self) -> Self {
        let cycle = Cycle::first(&self.network, self.cycle.tau, &self.brought);
        Self { cycle, baseline: 0.0, ..self.clone() }
    }

    /// The area under the cycle, without the baseline.
    pub(super) fn auc(&self) -> f64 {
        self.motions().map(|(_, motion)| motion.auc()).sum()
    }

    /// The concentration at the end of the cycle, before the doses of the next.
    pub(super) fn ctrough(&self) -> f64 {
        self.baseline + self.network.concentration(&self.cycle.end.amounts)
    }

    /// The concentration `time` h after the start of the cycle, before its end.
    pub(super) fn concentration_at(&self, time: f64) -> f64 {
        self.baseline + self.network.concentration(&self.cycle.at(&self.network, time))
    }

    /// When each stretch of the cycle begins, and how the body moves in it.
    fn motions(&self) -> impl Iterator<Item = (f64, AnyMotion<'_>)> {
        let network = &self.network;
        self.cycle
            .spans()
            .map(move |(start, state, length)| (start, AnyMotion { network, amounts: &state.amounts, length }))
    }

    /// The extremes and the average over the cycle.
    pub(super) fn exposure(&self) -> Exposure {
        let (tau, ctrough) = (self.cycle.tau, self.ctrough());
        let amount: f64 =
            self.brought.iter().map(|(entry, input)| input.amount * self.network.entries.gate(*entry).f).sum();
        let cavg = self.baseline + amount / (self.cl * tau);
        let mut exposure = Exposure { tau, cmax: f64::NEG_INFINITY, tmax: 0.0, cmin: f64::INFINITY, ctrough, cavg };
        for (start, motion) in self.motions() {
            let (first, last) = motion.ends();
            let turns = motion.turns().into_iter().map(|point| (point.u, point.conc));
            for (u, conc) in [(0.0, first)].into_iter().chain(turns).chain([(motion.length(), last)]) {
                let conc = self.baseline + conc;
                if conc > exposure.cmax {
                    (exposure.cmax, exposure.tmax) = (conc, start + u);
                }
                exposure.cmin = exposure.cmin.min(conc);
            }
        }
        exposure
    }

    /// How long of the cycle the concentration is at or above a level, h.
    pub(super) fn time_above(&self, level: f64) -> f64 {
        let level = level - self.baseline;
        let stretch = |motion: &AnyMotion<'_>, (a, from): (f64, f64), (b, to): (f64, f64)| {
            let crossing = || numeric::root(|u| motion.at(u) - level, (a, b));
            match (from >= level, to >= level) {
                (true, true) => b - a,
                (false, true) => b - crossing(),
                (true, false) => crossing() - a,
                (false, false) => 0.0,
            }
        };
        let mut sum = 0.0;
        for (_, motion) in self.motions() {
            let (first, last) = motion.ends();
            let mut before = (0.0, first);
            let turns = motion.turns().into_iter().map(|point| (point.u, point.conc));
            for point in turns.chain([(motion.length(), last)]) {
                sum += stretch(&motion, before, point);
                before = point;
            }
        }
        sum
    }

    /// How long after the dosing stops the concentration above the baseline falls to `target` and stays below.
    pub(super) fn time_to_fall_to(&self, target: f64) -> f64 {
        const POINTS: u32 = 400;
        let (network, pending) = (&self.network, self.cycle.pending(&self.brought));
        let last_event = pending.last().map_or(0.0, |event| event.time);
        let left = |time: f64| network.concentration(&self.cycle.left_after(network, &pending, time));
        let slowest = (0..network.states()).filter_map(|i| network.rate_of(i)).filter(|rate| *rate > 0.0);
        let slowest = slowest.fold(f64::INFINITY, f64::min);
        let mut end = last_event + 10.0 / slowest;
        while left(end) >= target {
            end += 10.0 / slowest;
        }
        // Backwards from where too little is left to where there is still enough.
        let at = |i: u32| end * (f64::from(i) / f64::from(POINTS)).powi(2);
        let above = (0..POINTS).rev().find(|i| left(at(*i)) >= target);
        above.map_or(0.0, |i| numeric::root(|time| left(time) - target, (at(i), at(i + 1))))
    }
}
