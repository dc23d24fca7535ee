//! The steady states of a block of parameter sets: one oral dose a cycle, in closed form.
//!
//! With `m` the smaller and `M` the larger of `ka` and `ke`, `E(x) = (1 - e^{-x})/x` and `D = f dose`:
//!
//! - `cavg = D / (cl tau)`, and the trough at the arrival is `cavg e^{-m tau} E((M-m) tau) / (E(ka tau) E(ke tau))`;
//! - the peak comes `ln(E(m tau) / E(M tau)) / (M-m)` after the arrival; for near-equal rates, where that logarithm
//!   loses its digits, [`near_peak`] has another form;
//! - there `ke pool = ka depot`, so that one exponential gives its height.
//!
//! Gabrielsson and Weiner, Pharmacokinetic and Pharmacodynamic Data Analysis (5th ed., 2016), chapter 2.

use super::rise::{Fade, NEAR, Rise, in_range, near_peak};
use crate::numeric::{exp_and_expm1_of_each, exp_of_each, ln_of_each};

/// So many sets at a time: enough that the processor works on several vectors of a column at once, and few enough that
/// all columns stay near.
pub(super) const BLOCK: usize = 16;
pub(super) type Block = [f64; BLOCK];

/// A block of parameter sets, number by number.
pub(super) struct Sets<'a> {
    pub(super) cl: &'a Block,
    pub(super) v: &'a Block,
    pub(super) ka: &'a Block,
    pub(super) f: &'a Block,
    /// The lag within the cycle in which the dose arrives, if there is one at all.
    pub(super) lag: Option<Block>,
}

/// A block of results, number by number.
pub(super) struct Found {
    pub(super) cmax: Block,
    pub(super) tmax: Block,
    pub(super) cmin: Block,
    pub(super) ctrough: Block,
    pub(super) cavg: Block,
    /// Whether every set and every result is good.
    pub(super) good: bool,
}

/// One over the volume and over the clearance, and the rate of elimination.
struct Body {
    per_v: Block,
    per_cl: Block,
    ke: Block,
}

/// What of [`Rise`] the peak comes from.
struct Peak {
    ratio: Block,
    per_apart: Block,
    product: Block,
}

/// The lags within the cycle in which the dose arrives, if there is one at all.
#[inline(always)]
pub(super) fn within(tau: f64, tlag: &Block) -> Option<Block> {
    let lagged = tlag.iter().any(|lag| *lag != 0.0);
    lagged.then(|| tlag.map(|lag| if lag < tau { lag } else { lag.rem_euclid(tau) }))
}

impl Sets<'_> {
    /// What [`Parameters::model`](crate::Parameters::model) accepts, that `v` is positive included: where `cl` is, it follows from
    /// their product. A lag that is infinite or not a number has no place in the cycle.
    #[inline(always)]
    fn are_good(&self, products: &Block, cmax: &Block) -> bool {
        let mut bad = 0;
        for i in 0..BLOCK {
            let (cl, ka, f) = (self.cl[i], self.ka[i], self.f[i]);
            let good = (cl > 0.0) & (ka > 0.0) & (f > 0.0) & (f <= 1.0) & in_range(cl * self.v[i]);
            bad |= u64::from(!(good & in_range(products[i]) & in_range(cmax[i])));
        }
        bad == 0 && self.lag.iter().flatten().all(|lag| *lag >= 0.0)
    }

    /// The steady states to a dose of `amount` every `tau`.
    #[inline(always)]
    pub(super) fn found(&self, (amount, tau): (f64, f64)) -> Found {
        let body = self.body();
        let (mut found, peak) = self.levels(&body, (amount, tau));
        found.tmax = self.times(&peak, tau);
        let mut exponent = found.tmax;
        for i in 0..BLOCK {
            exponent[i] *= -self.ka[i].min(body.ke[i]);
        }
        let left = exp_of_each(&exponent);
        for i in 0..BLOCK {
            found.cmax[i] *= left[i];
        }
        found.good = self.are_good(&peak.product, &found.cmax);
        if let Some(lag) = &self.lag {
            self.wait(&mut found.ctrough, lag, (amount, tau));
            for i in 0..BLOCK {
                found.tmax[i] += lag[i];
            }
        }
        for i in 0..BLOCK {
            found.tmax[i] = if found.tmax[i] < tau { found.tmax[i] } else { found.tmax[i] - tau };
        }
        found
    }

    #[inline(always)]
    fn body(&self) -> Body {
        let mut body = Body { per_v: [0.0; BLOCK], per_cl: [0.0; BLOCK], ke: [0.0; BLOCK] };
        for i in 0..BLOCK {
            let per_body = 1.0 / (self.cl[i] * self.v[i]);
            (body.per_v[i], body.per_cl[i]) = (self.cl[i] * per_body, self.v[i] * per_body);
            body.ke[i] = self.cl[i] * body.per_v[i];
        }
        body
    }

    /// The concentrations, of which `cmax` still has to fade until the peak, and where that comes.
    #[inline(always)]
    fn levels(&self, body: &Body, (amount, tau): (f64, f64)) -> (Found, Peak) {
        let (nothing, ke) = ([0.0; BLOCK], &body.ke);
        let (mut minus_x, mut minus_y) = (nothing, nothing);
        for i in 0..BLOCK {
            (minus_x[i], minus_y[i]) = (-(self.ka[i].min(ke[i]) * tau), -((self.ka[i] - ke[i]).abs() * tau));
        }
        let [decay, slow_gain] = exp_and_expm1_of_each(&minus_x);
        let [_, gain] = exp_and_expm1_of_each(&minus_y);
        let mut peak = Peak { ratio: nothing, per_apart: nothing, product: nothing };
        let (mut cmin, mut cmax, mut cavg) = (nothing, nothing, nothing);
        for i in 0..BLOCK {
            let (ka, dose) = (self.ka[i], self.f[i] * amount);
            let (decay, slow_gain, gain) = (decay[i], slow_gain[i], gain[i]);
            let rise = Rise::after(Fade { x: -minus_x[i], y: -minus_y[i], decay, slow_gain, gain }, tau);
            let depot = dose * rise.per_slow_loss;
            cmin[i] = depot * body.per_v[i] * (ka * rise.flow * rise.per_fast_loss);
            cmax[i] = depot * if ka < ke[i] { ka * body.per_cl[i] } else { body.per_v[i] };
            cavg[i] = dose * body.per_cl[i] * (1.0 / tau);
            (peak.ratio[i], peak.per_apart[i], peak.product[i]) = (rise.ratio, rise.per_apart, rise.product);
        }
        (Found { cmax, tmax: nothing, cmin, ctrough: cmin, cavg, good: false }, peak)
    }

    /// When the peaks come after the arrival.
    #[inline(always)]
    fn times(&self, peak: &Peak, tau: f64) -> Block {
        let mut times = ln_of_each(&peak.ratio);
        for i in 0..BLOCK {
            times[i] *= peak.per_apart[i];
        }
        if peak.ratio.iter().any(|ratio| *ratio < NEAR) {
            self.mend_times(&peak.ratio, tau, &mut times);
        }
        times
    }

    /// The times of peaks whose ratio is too near to 1 for its logarithm to keep its digits.
    #[cold]
    fn mend_times(&self, ratios: &Block, tau: f64, times: &mut Block) {
        for i in (0..BLOCK).filter(|i| ratios[*i] < NEAR) {
            times[i] = near_peak([self.ka[i], self.cl[i] / self.v[i]], tau);
        }
    }

    /// From the trough when a dose arrives to that when the next is taken. With a lag, that is while this one still acts,
    /// `u = tau - lag` after it arrived.
    #[inline(always)]
    fn wait(&self, trough: &mut Block, lag: &Block, (amount, tau): (f64, f64)) {
        let nothing = [0.0; BLOCK];
        let (mut ke, mut apart, mut slow, mut cycle) = (nothing, nothing, nothing, nothing);
        for i in 0..BLOCK {
            ke[i] = self.cl[i] / self.v[i];
        }
        for i in 0..BLOCK {
            let (ka, u) = (self.ka[i], tau - lag[i]);
            apart[i] = -((ka - ke[i]).abs() * u);
            slow[i] = -(ka.min(ke[i]) * u);
            cycle[i] = -(ka * tau);
        }
        let [ratio, gain] = exp_and_expm1_of_each(&apart);
        let decay = exp_of_each(&slow);
        let [_, lost] = exp_and_expm1_of_each(&cycle);
        for i in 0..BLOCK {
            let (ka, u, dose) = (self.ka[i], tau - lag[i], self.f[i] * amount);
            let by_ke = if ke[i] > ka { decay[i] * ratio[i] } else { decay[i] };
            let mean = if apart[i] == 0.0 { 1.0 } else { gain[i] / apart[i] };
            let conc = trough[i] * by_ke - dose / lost[i] / self.v[i] * (ka * (u * decay[i] * mean));
            trough[i] = if lag[i] > 0.0 { conc } else { trough[i] };
        }
    }
}
