//! The state that a cycle reproduces.

use crate::network::{Amounts, Network};
use crate::numeric;

impl Network {
    /// The state `x` before a cycle of `tau` h that is also the state after it, `x = A x + b`, where a cycle begun with
    /// nothing but its constant inputs ends with `b`. `A` is triangular in the order of flow.
    pub(crate) fn fixed_point(&self, tau: f64, b: &[f64]) -> Amounts {
        let mut x = Amounts::from_slice(b);
        for to in 0..x.len() {
            let Some(rate) = self.rate_of(to).filter(|rate| *rate > 0.0) else {
                continue; // a constant input, which the cycle leaves as it is
            };
            for from in (0..to).filter(|from| self.rate_of(*from).is_some_and(|rate| rate > 0.0)) {
                if let Some((scale, rates)) = self.transfer(from, to) {
                    x[to] += scale * numeric::flow(&rates, tau) * x[from];
                }
            }
            x[to] /= numeric::one_minus_exp(rate * tau);
        }
        x
    }
}
