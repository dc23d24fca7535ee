//! The numbers of a steady state as plain data.

use serde::{Deserialize, Serialize};

/// The extremes and the average of a cycle at steady state.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    /// The length of the cycle, h.
    pub tau: f64,
    /// The highest concentration, µg/L.
    pub cmax: f64,
    /// When it is reached, h after the start of the cycle.
    pub tmax: f64,
    /// The lowest concentration, µg/L.
    pub cmin: f64,
    /// The concentration just before the first dose of the cycle, µg/L.
    pub ctrough: f64,
    /// The average concentration, µg/L.
    pub cavg: f64,
}

impl Exposure {
    /// This exposure on top of a baseline.
    pub(super) fn above(self, baseline: f64) -> Self {
        let Self { cmax, cmin, ctrough, cavg, .. } = self;
        Self {
            cmax: cmax + baseline,
            cmin: cmin + baseline,
            ctrough: ctrough + baseline,
            cavg: cavg + baseline,
            ..self
        }
    }

    /// The area under the concentration over one cycle, `cavg tau`, µg·h/L.
    pub fn auc_tau(&self) -> f64 {
        self.cavg * self.tau
    }

    /// `(cmax - cmin) / cavg`.
    pub fn fluctuation(&self) -> f64 {
        (self.cmax - self.cmin) / self.cavg
    }

    /// `(cmax - cmin) / cmin`; infinite where `cmin` is 0.
    pub fn swing(&self) -> f64 {
        (self.cmax - self.cmin) / self.cmin
    }

    /// `cmax / ctrough`; infinite where `ctrough` is 0.
    pub fn peak_trough_ratio(&self) -> f64 {
        self.cmax / self.ctrough
    }
}
