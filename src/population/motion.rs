//! How the concentration of a person moves while nothing happens, and what it reaches on the way.

use smallvec::{SmallVec, smallvec};

use crate::network::{Network, Pair};
use crate::numeric::{exp, exp_and_exprel, exprel, flow, ln_1p};

/// A stretch of time in which nothing happens.
pub(super) trait Motion {
    /// The concentrations at its beginning and its end, without the baseline.
    fn ends(&self) -> (f64, f64);

    /// The concentration after `u` h.
    fn at(&self, u: f64) -> f64;

    /// The (times, concentrations) at which it turns.
    fn turns(&self) -> Turns;

    /// The area under it.
    fn auc(&self) -> f64;

    /// How long it is, h.
    fn length(&self) -> f64;
}

pub(super) type Turns = SmallVec<[(f64, f64); 2]>;

/// What a gap does to a unit in the depot or in the pool of a person, and the areas that it leaves there, per unit of
/// concentration.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gap {
    pub(super) length: f64,
    kept: f64,
    gained: f64,
    waiting: f64,
    area_of_pool: f64,
    area_of_depot: f64,
}

impl Gap {
    /// That of `length` h.
    pub(super) fn new(Pair { ka, ke, .. }: Pair, length: f64) -> Self {
        let (smaller, apart) = (ka.min(ke), (ka - ke).abs());
        let (slow, (ratio, mean)) = (exp(-smaller * length), exp_and_exprel(-apart * length));
        let fast = slow * ratio;
        let [waiting, kept] = if ka < ke { [slow, fast] } else { [fast, slow] };
        let gained = ka * length * slow * mean;
        let area_of_pool = length * exprel(-ke * length);
        Self { length, kept, gained, waiting, area_of_pool, area_of_depot: area_of_depot([ka, ke], length) }
    }
}

/// `∫_0^h ka flow2(ka, ke, u) du`: the area that a unit in the depot leaves in the pool.
///
/// Late, and where the rates are not alike, it is a difference that keeps its digits; else the flow through a third rate,
/// 0, has it in positive terms.
fn area_of_depot([ka, ke]: [f64; 2], h: f64) -> f64 {
    let (smaller, larger) = (ka.min(ke), ka.max(ke));
    if larger > 1.5 * smaller && larger * h > 2.0 {
        // E(x) = (1 - e^{-x})/x
        ka / (larger - smaller) * (exprel(-smaller * h) - exprel(-larger * h)) * h
    } else {
        ka * flow(&[ka, ke, 0.0], h)
    }
}

/// One depot and one pool over a gap.
#[derive(Debug, Clone, Copy)]
pub(super) struct PairMotion {
    pub(super) pair: Pair,
    pub(super) gap: Gap,
    pub(super) depot: f64,
    pub(super) pool: f64,
}

impl PairMotion {
    /// What is left in the depot and in the pool at the end.
    pub(super) fn later(&self) -> (f64, f64) {
        let Gap { kept, gained, waiting, .. } = self.gap;
        (waiting * self.depot, kept * self.pool + gained * self.depot)
    }
}

impl Motion for PairMotion {
    fn ends(&self) -> (f64, f64) {
        let coef = self.pair.coef;
        (coef * self.pool, coef * self.later().1)
    }

    fn at(&self, u: f64) -> f64 {
        let Pair { ka, ke, coef } = self.pair;
        let slow = exp(-ka.min(ke) * u);
        let (ratio, mean) = exp_and_exprel(-(ka - ke).abs() * u);
        let kept = if ka < ke { slow * ratio } else { slow };
        coef * (kept * self.pool + ka * u * slow * mean * self.depot)
    }

    /// The pool turns once, from rising to falling, where `ke pool = ka depot`:
    /// `u = ln(1 + (ka - ke) s)/(ka - ke)` with `s = (ka depot - ke pool)/(ke (ka depot + (ka - ke) pool))`, which holds for
    /// `ka = ke` too. There, one exponential gives its height. (Gabrielsson and Weiner, Pharmacokinetic and Pharmacodynamic
    /// Data Analysis, 5th ed., 2016, chapter 2, for an empty pool.)
    fn turns(&self) -> Turns {
        let Pair { ka, ke, coef } = self.pair;
        let rise = ka * self.depot - ke * self.pool;
        if rise <= 0.0 {
            return Turns::new();
        }
        let s = rise / (ke * (ka * self.depot + (ka - ke) * self.pool));
        let x = (ka - ke) * s;
        let u = if x == 0.0 { s } else { ln_1p(x) / (ka - ke) };
        if u < self.gap.length { smallvec![(u, coef * (ka / ke) * self.depot * exp(-ka * u))] } else { Turns::new() }
    }

    fn auc(&self) -> f64 {
        self.pair.coef * (self.gap.area_of_pool * self.pool + self.gap.area_of_depot * self.depot)
    }

    fn length(&self) -> f64 {
        self.gap.length
    }
}

/// Any linear body over some time.
pub(super) struct AnyMotion<'a> {
    pub(super) network: &'a Network,
    pub(super) amounts: &'a [f64],
    pub(super) length: f64,
}

impl Motion for AnyMotion<'_> {
    fn ends(&self) -> (f64, f64) {
        (self.network.concentration(self.amounts), self.at(self.length))
    }

    fn at(&self, u: f64) -> f64 {
        self.network.concentration(&self.network.advance(self.amounts, u))
    }

    fn turns(&self) -> Turns {
        let inside = |u: &f64| *u > 0.0 && *u < self.length;
        let extremes = self.network.extremes(self.amounts, self.length);
        extremes.into_iter().filter(inside).map(|u| (u, self.at(u))).collect()
    }

    fn auc(&self) -> f64 {
        self.network.auc(self.amounts, self.length)
    }

    fn length(&self) -> f64 {
        self.length
    }
}
