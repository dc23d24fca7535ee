//! What a drifting body reaches: where its concentration turns, how high it is, and its area.

use smallvec::{SmallVec, smallvec};

use super::network::Network;
use super::pair::{Pair, PairStep};
use crate::numeric;

/// A body over a stretch of time in which nothing happens.
pub(crate) trait Motion {
    /// The concentrations at its beginning and its end, without the baseline.
    fn ends(&self) -> (f64, f64);

    /// The concentration after `u` h.
    fn at(&self, u: f64) -> f64;

    /// Where it turns.
    fn turns(&self) -> Turns;

    /// The area under it.
    fn auc(&self) -> f64;

    /// How long it is, h.
    fn length(&self) -> f64;
}

/// A concentration some hours after the beginning of a stretch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub(crate) u: f64,
    pub(crate) conc: f64,
}

pub(crate) type Turns = SmallVec<[Point; 2]>;

/// What a stretch does to a unit in the depot or in the pool of a pair, and the areas that it leaves there.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PairStretch {
    length: f64,
    step: PairStep,
    /// By a unit in the depot and in the pool, per unit of concentration.
    areas: [f64; 2],
}

impl PairStretch {
    pub(crate) fn new(pair: Pair, length: f64) -> Self {
        Self { length, step: pair.step(length), areas: pair.areas(length) }
    }

    /// What is left of a depot and a pool at the end.
    #[inline(always)]
    pub(crate) fn later(&self, depot: f64, pool: f64) -> (f64, f64) {
        let PairStep { kept, gained, waiting } = self.step;
        (waiting * depot, kept * pool + gained * depot)
    }
}

/// One depot and one pool over a stretch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PairMotion<'a> {
    pub(crate) pair: Pair,
    pub(crate) stretch: &'a PairStretch,
    /// The depot and the pool at its beginning.
    pub(crate) amounts: [f64; 2],
}

impl Motion for PairMotion<'_> {
    fn ends(&self) -> (f64, f64) {
        let (coef, [depot, pool]) = (self.pair.coef, self.amounts);
        (coef * pool, coef * self.stretch.later(depot, pool).1)
    }

    fn at(&self, u: f64) -> f64 {
        self.pair.coef * self.pair.step(u).apply(self.amounts)[1]
    }

    fn turns(&self) -> Turns {
        match self.pair.turn(self.amounts) {
            Some((u, conc)) if u < self.stretch.length => smallvec![Point { u, conc }],
            _ => Turns::new(),
        }
    }

    fn auc(&self) -> f64 {
        let ([by_depot, by_pool], [depot, pool]) = (self.stretch.areas, self.amounts);
        self.pair.coef * (by_pool * pool + by_depot * depot)
    }

    fn length(&self) -> f64 {
        self.stretch.length
    }
}

/// Any linear body over some time.
pub(crate) struct AnyMotion<'a> {
    pub(crate) network: &'a Network,
    pub(crate) amounts: &'a [f64],
    pub(crate) length: f64,
}

impl Motion for AnyMotion<'_> {
    fn ends(&self) -> (f64, f64) {
        (self.network.concentration(self.amounts), self.at(self.length))
    }

    fn at(&self, u: f64) -> f64 {
        self.network.concentration(&self.network.advance(self.amounts, u))
    }

    /// The slope is looked at on a grid that is fine at first, where absorption is fast, and a change of its sign
    /// narrowed down.
    fn turns(&self) -> Turns {
        const POINTS: u32 = 48;
        let slope = |u: f64| self.network.slope(&self.network.advance(self.amounts, u));
        let mut turns = Turns::new();
        let (mut before, mut slope_before) = (0.0, self.network.slope(self.amounts));
        for i in 1..=POINTS {
            let now = self.length * (f64::from(i) / f64::from(POINTS)).powi(4);
            let slope_now = slope(now);
            if slope_before * slope_now < 0.0 {
                let u = numeric::root(slope, (before, now));
                turns.push(Point { u, conc: self.at(u) });
            }
            (before, slope_before) = (now, slope_now);
        }
        turns
    }

    fn auc(&self) -> f64 {
        self.network.auc(self.amounts, self.length)
    }

    fn length(&self) -> f64 {
        self.length
    }
}
