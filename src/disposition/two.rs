//! Two compartments.

use serde::{Deserialize, Serialize};

use super::{Disposition, Mode};
use crate::error::{self, Result};

/// The plasma and one peripheral compartment.
///
/// ```
/// use menaquinone::{Bolus, Model, TwoCompartment};
/// let body = TwoCompartment { cl: 1.2, v1: 22.0, q: 13.0, v2: 90.0 };
/// let model = Model::new(Bolus, body)?;
/// let (alpha, beta) = (model.modes()[0], model.modes()[1]);
/// assert!((std::f64::consts::LN_2 / alpha.k - 0.89).abs() < 0.005);
/// assert!((std::f64::consts::LN_2 / beta.k - 68.6).abs() < 0.05);
/// assert!((alpha.coef + beta.coef - 1.0 / 22.0).abs() < 1e-16);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwoCompartment<T = f64> {
    /// The clearance from the plasma, L/h.
    pub cl: T,
    /// The volume of the plasma compartment, L.
    pub v1: T,
    /// The flow between the compartments, L/h.
    pub q: T,
    /// The volume of the peripheral compartment, L.
    pub v2: T,
}

impl TwoCompartment {
    /// Both exponentials without a cancelling difference: the larger of `alpha - k21` and `k21 - beta` is a sum, and
    /// their product is `k12 k21`.
    pub(super) fn modes(&self) -> [Mode; 2] {
        let (k10, k12, k21) = (self.cl / self.v1, self.q / self.v1, self.q / self.v2);
        let (root, [alpha_less_k21, k21_less_beta]) = self.distances();
        let alpha = 0.5 * (k10 + k12 + k21 + root);
        let beta = k10 * (k21 / alpha);
        let share = 1.0 / (self.v1 * root);
        [Mode { k: alpha, coef: alpha_less_k21 * share }, Mode { k: beta, coef: k21_less_beta * share }]
    }

    /// `alpha - beta`, and its parts `alpha - k21` and `k21 - beta`.
    fn distances(&self) -> (f64, [f64; 2]) {
        let (k10, k12, k21) = (self.cl / self.v1, self.q / self.v1, self.q / self.v2);
        let lead = k10 + k12 - k21;
        let root = lead.hypot(2.0 * k12.sqrt() * k21.sqrt());
        let larger = 0.5 * (lead.abs() + root);
        let smaller = k12 * (k21 / larger);
        (root, if lead > 0.0 { [larger, smaller] } else { [smaller, larger] })
    }

    /// How far each exponential lies below the rate at which the peripheral compartment empties.
    pub(super) fn below(&self) -> [[f64; 2]; 2] {
        let (_, [alpha_less_k21, k21_less_beta]) = self.distances();
        [[-alpha_less_k21, 0.0], [k21_less_beta, 0.0]]
    }

    pub(super) fn check(&self) -> Result<()> {
        error::positive("cl", self.cl, "L/h")?;
        error::positive("v1", self.v1, "L")?;
        error::positive("q", self.q, "L/h")?;
        error::positive("v2", self.v2, "L").map(drop)
    }
}

impl From<TwoCompartment> for Disposition {
    fn from(body: TwoCompartment) -> Self {
        Self::TwoCompartment(body)
    }
}
