//! One depot that empties into one pool, which empties in turn: the common case, with every number in closed form
//! (Bateman, Proc. Camb. Phil. Soc. 15 (1910) 423; Gabrielsson and Weiner, Pharmacokinetic and Pharmacodynamic Data Analysis,
//! 5th ed., 2016, chapter 2).

use crate::disposition::Mode;
use crate::model::{Model, Parameters};
use crate::numeric::{exp, exp_and_exprel, exprel, flow, ln_1p};

/// The rates of a depot and a pool (1/h), and the concentration of a unit in the pool (1/L).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) ka: f64,
    pub(crate) ke: f64,
    pub(crate) coef: f64,
}

/// What some hours make of a unit in the depot or in the pool.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PairStep {
    /// What of the pool is kept, what it gains from the depot, and what waits in the depot.
    pub(crate) kept: f64,
    pub(crate) gained: f64,
    pub(crate) waiting: f64,
}

impl PairStep {
    /// The `[depot, pool]` at the end.
    #[inline(always)]
    pub(crate) fn apply(&self, [depot, pool]: [f64; 2]) -> [f64; 2] {
        [self.waiting * depot, self.kept * pool + self.gained * depot]
    }
}

impl Pair {
    pub(crate) fn new(ka: f64, Mode { k, coef }: Mode) -> Self {
        Self { ka, ke: k, coef }
    }

    /// The pair of a model with these five numbers.
    #[inline]
    pub(crate) fn of(model: &Model, parameters: &Parameters) -> Self {
        Self::new(parameters.ka, model.modes()[0])
    }

    /// What `u` hours do.
    #[inline(always)]
    pub(crate) fn step(self, u: f64) -> PairStep {
        let Self { ka, ke, .. } = self;
        let slow = exp(-ka.min(ke) * u);
        // The mean of e^{-s} over the distance of the rates: no difference, so equal rates are no case of their own.
        let (ratio, mean) = exp_and_exprel(-(ka - ke).abs() * u);
        let fast = slow * ratio;
        let [waiting, kept] = if ka < ke { [slow, fast] } else { [fast, slow] };
        PairStep { kept, gained: ka * (u * slow * mean), waiting }
    }

    /// When and how high the concentration of `[depot, pool]` turns, from rising to falling, if it does.
    ///
    /// That is where `ke pool = ka depot`: at `u = ln(1 + (ka - ke) s)/(ka - ke)` with
    /// `s = (ka depot - ke pool)/(ke (ka depot + (ka - ke) pool))`, which holds for `ka = ke` too. There, one exponential gives
    /// the height.
    pub(crate) fn turn(self, [depot, pool]: [f64; 2]) -> Option<(f64, f64)> {
        let Self { ka, ke, coef } = self;
        let rise = ka * depot - ke * pool;
        if rise <= 0.0 {
            return None;
        }
        let s = rise / (ke * (ka * depot + (ka - ke) * pool));
        let x = (ka - ke) * s;
        let u = if x == 0.0 { s } else { ln_1p(x) / (ka - ke) };
        Some((u, coef * (ka / ke) * depot * exp(-ka * u)))
    }

    /// The areas that a unit in the depot and one in the pool leave in the pool over `u` hours.
    pub(crate) fn areas(self, u: f64) -> [f64; 2] {
        [self.area_of_depot(u), u * exprel(-self.ke * u)]
    }

    /// `∫_0^h ka flow2(ka, ke, u) du`.
    ///
    /// Late, and where the rates are not alike, it is a difference that keeps its digits; else the flow through a third
    /// rate, 0, has it in positive terms.
    fn area_of_depot(self, h: f64) -> f64 {
        let Self { ka, ke, .. } = self;
        let (smaller, larger) = (ka.min(ke), ka.max(ke));
        if larger > 1.5 * smaller && larger * h > 2.0 {
            // E(x) = (1 - e^{-x})/x
            ka / (larger - smaller) * (exprel(-smaller * h) - exprel(-larger * h)) * h
        } else {
            ka * flow(&[ka, ke, 0.0], h)
        }
    }
}
