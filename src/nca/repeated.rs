//! Metrics of repeated dosing: over a dosing interval, and beside the first dose.

use super::analysis::Analysis;
use super::interval::Interval;
use super::missing::{Missing, Outcome, number, ratio};

/// Over the dosing interval, from the dose to [`tau`](crate::nca::Nca::tau) later. Its end is read between samples or beyond them and is never
/// that of a sample nearby.
impl Analysis {
    #[inline]
    fn interval(&self) -> Result<&Interval, Missing> {
        self.interval.as_ref().map_err(|missing| *missing)
    }

    /// The area over the dosing interval, µg·h/L.
    ///
    /// # Errors
    /// No dosing interval, no area, or an end that needs a terminal slope where there is none.
    #[inline]
    pub fn auc_tau(&self) -> Outcome {
        self.interval()?.areas.map(|areas| areas[0])
    }

    /// The area under `t C` over the dosing interval, µg·h²/L.
    ///
    /// # Errors
    /// As [`auc_tau`](Self::auc_tau).
    #[inline]
    pub fn aumc_tau(&self) -> Outcome {
        self.interval()?.areas.map(|areas| areas[1])
    }

    /// The average concentration, `auc_tau / tau`, µg/L.
    ///
    /// # Errors
    /// As [`auc_tau`](Self::auc_tau).
    #[inline]
    pub fn cavg(&self) -> Outcome {
        ratio(self.auc_tau()?, self.interval()?.tau)
    }

    /// The lowest sample of the dosing interval, µg/L; 0 if one is below the limit of quantification.
    ///
    /// # Errors
    /// No dosing interval, or no sample in it.
    #[inline]
    pub fn cmin(&self) -> Outcome {
        Ok(self.interval()?.extremes?.cmin)
    }

    /// When it was measured, h; the first time of equals.
    ///
    /// # Errors
    /// As [`cmin`](Self::cmin).
    #[inline]
    pub fn tmin(&self) -> Outcome {
        Ok(self.interval()?.extremes?.tmin)
    }

    /// The concentration at the end of the dosing interval, µg/L: observed, between two samples, or carried on.
    ///
    /// # Errors
    /// No dosing interval, or an end that needs a terminal slope where there is none.
    #[doc(alias = "ctau")]
    #[inline]
    pub fn ctrough(&self) -> Outcome {
        self.interval()?.ctrough
    }

    /// `100 (cmax - cmin) / cavg`, with the extremes of the dosing interval, %.
    ///
    /// # Errors
    /// As [`cavg`](Self::cavg).
    #[doc(alias = "ptf")]
    #[inline]
    pub fn fluctuation_pct(&self) -> Outcome {
        self.fluctuation_above(self.cmin()?)
    }

    /// `100 (cmax - ctrough) / cavg`, with the peak of the dosing interval, %.
    ///
    /// # Errors
    /// As [`cavg`](Self::cavg) and [`ctrough`](Self::ctrough).
    #[inline]
    pub fn fluctuation_tau_pct(&self) -> Outcome {
        self.fluctuation_above(self.ctrough()?)
    }

    #[inline]
    fn fluctuation_above(&self, low: f64) -> Outcome {
        number(100.0 * ratio(self.interval()?.cmax()? - low, self.cavg()?)?)
    }

    /// `(cmax - cmin) / cmin`, with the extremes of the dosing interval.
    ///
    /// # Errors
    /// As [`cmin`](Self::cmin), or a `cmin` of 0.
    #[inline]
    pub fn swing(&self) -> Outcome {
        self.swing_above(self.cmin()?)
    }

    /// `(cmax - ctrough) / ctrough`, with the peak of the dosing interval.
    ///
    /// # Errors
    /// As [`ctrough`](Self::ctrough), or a `ctrough` of 0.
    #[inline]
    pub fn swing_tau(&self) -> Outcome {
        self.swing_above(self.ctrough()?)
    }

    #[inline]
    fn swing_above(&self, low: f64) -> Outcome {
        ratio(self.interval()?.cmax()? - low, low)
    }

    /// `cmax / ctrough`, with the peak of the dosing interval.
    ///
    /// # Errors
    /// As [`ctrough`](Self::ctrough), or a `ctrough` of 0.
    #[inline]
    pub fn peak_trough_ratio(&self) -> Outcome {
        ratio(self.interval()?.cmax()?, self.ctrough()?)
    }

    /// Clearance at steady state, `dose / auc_tau`, L/h; after an oral dose that over the fraction absorbed.
    ///
    /// # Errors
    /// No dose, or as [`auc_tau`](Self::auc_tau).
    #[inline]
    pub fn cl_tau(&self) -> Outcome {
        ratio(self.amount()?, self.auc_tau()?)
    }

    /// The volume of the terminal phase at steady state, `cl_tau / lambda_z`, L.
    ///
    /// # Errors
    /// No dose or no terminal slope, or as [`auc_tau`](Self::auc_tau).
    #[inline]
    pub fn vz_tau(&self) -> Outcome {
        ratio(self.cl_tau()?, self.lambda_z()?)
    }

    /// The mean residence time at steady state, `(aumc_tau + tau (auc_inf_obs - auc_tau)) / auc_tau`, less half the
    /// duration of an infusion, h.
    ///
    /// # Errors
    /// No terminal slope, or as [`auc_tau`](Self::auc_tau).
    #[inline]
    pub fn mrt_tau(&self) -> Outcome {
        let (auc, tau) = (self.auc_tau()?, self.interval()?.tau);
        self.residence(self.aumc_tau()? + tau * (self.auc_inf_obs()? - auc), auc)
    }

    /// `1 / (1 - e^{-lambda_z tau})`: how much a bolus into one compartment would accumulate.
    ///
    /// # Errors
    /// No dosing interval or no terminal slope.
    #[inline]
    pub fn accumulation_index(&self) -> Outcome {
        let tau = self.interval()?.tau;
        ratio(1.0, -(-self.lambda_z()? * tau).exp_m1())
    }
}

/// Beside the first dose: see [`Analysis::after`].
impl Analysis {
    #[inline]
    fn first(&self) -> Result<&(Interval, Outcome), Missing> {
        self.first.as_deref().ok_or(Missing::NoFirstDose)
    }

    /// `auc_tau` over that of the first dose.
    ///
    /// # Errors
    /// No first dose, or one of the areas cannot be had.
    #[doc(alias = "rac")]
    #[inline]
    pub fn accumulation_ratio(&self) -> Outcome {
        let (first, _) = self.first()?;
        ratio(self.auc_tau()?, first.areas?[0])
    }

    /// The peak of the dosing interval over that of the first.
    ///
    /// # Errors
    /// No first dose or no dosing interval.
    #[inline]
    pub fn accumulation_ratio_cmax(&self) -> Outcome {
        let (first, _) = self.first()?;
        ratio(self.interval()?.cmax()?, first.cmax()?)
    }

    /// `ctrough` over that of the first dose.
    ///
    /// # Errors
    /// No first dose, or one of the concentrations cannot be had.
    #[inline]
    pub fn accumulation_ratio_ctrough(&self) -> Outcome {
        let (first, _) = self.first()?;
        ratio(self.ctrough()?, first.ctrough?)
    }

    /// `auc_tau` over `auc_inf_obs` of the first dose: 1 where kinetics are linear and do not change with time.
    ///
    /// # Errors
    /// No first dose, or one of the areas cannot be had.
    #[inline]
    pub fn linearity_index(&self) -> Outcome {
        let (_, whole) = self.first()?;
        ratio(self.auc_tau()?, (*whole)?)
    }
}
