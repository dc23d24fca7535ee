//! What is in each compartment, and what goes over when the numbers of a body change.

use super::entries::State;
use super::exchange::MOST;
use super::network::Network;
use super::outputs::not_below_zero;

impl Network {
    /// The amounts in the plasma and the peripheral compartments, without those of the baseline, µg.
    ///
    /// In the peripheral compartments the parts of the pools add up to nothing when all pools are alike, just after a dose
    /// into the plasma; so what counts is how far a pool is from the slowest.
    fn compartments(&self, amounts: &[f64]) -> [f64; 1 + MOST] {
        let (first, pools) = (self.sources.len(), &amounts[self.first_pool()..]);
        let Some(exchange) = &self.exchange else { return [pools[0], 0.0, 0.0] };
        let slowest = pools[pools.len() - 1];
        let mut inside = [0.0; 1 + MOST];
        inside[0] = pools.iter().zip(&self.modes).map(|(pool, mode)| exchange.v1 * mode.coef * pool).sum();
        for j in 0..exchange.count() {
            let parts = pools.iter().zip(0..).map(|(pool, p)| exchange.part(p, j) * (pool - slowest));
            inside[1 + j] = amounts[first + j] + parts.sum::<f64>();
        }
        inside
    }

    /// The amounts in the plasma and the peripheral compartments, those of the baseline among them, µg, of a body made
    /// with compartments.
    pub(crate) fn inside(&self, state: &State) -> [f64; 1 + MOST] {
        let inside = self.compartments(&state.amounts);
        std::array::from_fn(|i| not_below_zero(self.rest.amounts[i] + inside[i]))
    }

    /// Takes over a state of a body that has the same compartments: what waits and what runs stays as it is, and so does the
    /// amount in every compartment. What stood in the pools of the old body stands in the compartments of this one.
    pub(crate) fn take_over(&self, old: &Self, state: &mut State) {
        let inside = old.compartments(&state.amounts);
        let over: [f64; 1 + MOST] = std::array::from_fn(|i| inside[i] + (old.rest.amounts[i] - self.rest.amounts[i]));
        let (first, pools) = (self.sources.len(), self.first_pool());
        state.amounts[pools..].fill(over[0]);
        state.amounts[first..pools].copy_from_slice(&over[1..=pools - first]);
    }
}
