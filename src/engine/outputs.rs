//! C: what a state shows: the concentration, the amounts, the areas and the slope.

use super::network::{Network, Target, gain};
use crate::absorption::Rates;
use crate::numeric;

impl Network {
    /// The concentration of a state, without the baseline, µg/L.
    pub(crate) fn concentration(&self, amounts: &[f64]) -> f64 {
        self.modes.iter().zip(&amounts[self.first_pool()..]).map(|(mode, pool)| mode.coef * pool).sum()
    }

    /// The concentration of a state on top of the baseline, µg/L.
    pub(crate) fn level(&self, amounts: &[f64]) -> f64 {
        not_below_zero(self.rest.conc + self.concentration(amounts))
    }

    /// The area under the concentration over the `u` hours in which a state drifts, µg·h/L: the flow into one more
    /// compartment, which never empties.
    pub(crate) fn auc(&self, amounts: &[f64], u: f64) -> f64 {
        let mut sum = 0.0;
        self.areas(amounts, |scale, rates| sum += scale * numeric::flow(rates, u));
        sum
    }

    /// The area under the concentration times the time since the drift began, µg·h²/L: a factor of time doubles each rate
    /// in turn, by the product rule of the convolution.
    pub(crate) fn aumc(&self, amounts: &[f64], u: f64) -> f64 {
        let mut sum = 0.0;
        self.areas(amounts, |scale, rates| {
            let mut rates = Rates::from_slice(rates);
            for i in 0..rates.len() - 1 {
                rates.push(rates[i]);
                sum += scale * numeric::flow(&rates, u);
                rates.pop();
            }
        });
        sum
    }

    /// Calls `each` with the scale and the rates of each term of the area under the concentration of a state, all of them
    /// positive; the last rate is 0.
    fn areas(&self, amounts: &[f64], mut each: impl FnMut(f64, &[f64])) {
        for (from, amount) in amounts.iter().enumerate().filter(|(_, amount)| **amount != 0.0) {
            self.response(from, |scale, rates| {
                let mut rates = Rates::from_slice(rates);
                rates.push(0.0);
                each(amount * scale, &rates);
            });
        }
    }

    /// The rate at which the concentration of a state changes, µg/L/h.
    pub(crate) fn slope(&self, amounts: &[f64]) -> f64 {
        let (before, pools) = amounts.split_at(self.first_pool());
        let last_steps = self.sources.iter().zip(before).filter(|(source, _)| source.reaches_plasma());
        let mut input: f64 = last_steps.map(|(source, amount)| gain(&source.rates) * amount).sum();
        if let Some(exchange) = &self.exchange {
            input += (0..exchange.count()).map(|j| exchange.back(j) * before[self.sources.len() + j]).sum::<f64>();
        }
        self.modes.iter().zip(pools).map(|(mode, pool)| mode.coef * (input - mode.k * pool)).sum()
    }

    /// The amount in the plasma and the peripheral compartments, µg: what is there will be cleared, so
    /// `cl * integral of the concentration to come`.
    pub(crate) fn body(&self, amounts: &[f64], cl: f64) -> f64 {
        let (before, pools) = amounts.split_at(self.first_pool());
        let inside: f64 = self.modes.iter().zip(pools).map(|(mode, pool)| cl * mode.coef / mode.k * pool).sum();
        inside + before[self.sources.len()..].iter().sum::<f64>()
    }

    /// The amount that waits to be absorbed, µg.
    pub(crate) fn depot(&self, amounts: &[f64]) -> f64 {
        let waiting = self.sources.iter().zip(amounts).filter(|(source, _)| source.rates[0] > 0.0);
        waiting.map(|(_, amount)| amount).sum::<f64>() + 0.0 // the sum of nothing is -0
    }

    /// The rate of all constant inputs, µg/h.
    pub(crate) fn input_rate(&self, amounts: &[f64]) -> f64 {
        self.sources.iter().zip(amounts).filter(|(source, _)| source.rates[0] == 0.0).map(|(_, rate)| rate).sum()
    }
}

impl super::network::Source {
    /// Whether what leaves it is in the plasma.
    fn reaches_plasma(&self) -> bool {
        self.rates.len() == 1 && self.target == Target::Plasma
    }
}

/// What rounding leaves below zero is nothing; what is not a number stays that, so that it is found.
pub(super) fn not_below_zero(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}
