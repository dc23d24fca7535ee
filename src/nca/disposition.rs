//! Metrics that need the dose: clearance, volumes, residence times.

use std::f64::consts::LN_2;

use super::analysis::Analysis;
use super::missing::{Missing, Outcome, number, ratio};
use super::points::Way;

/// Residence times.
impl Analysis {
    /// `aumc_last / auc_last`, less half the duration of an infusion, h.
    ///
    /// # Errors
    /// No area.
    #[inline]
    pub fn mrt_last(&self) -> Outcome {
        self.residence(self.aumc_last()?, self.auc_last()?)
    }

    /// `aumc_inf_obs / auc_inf_obs`, less half the duration of an infusion, h. After an oral dose the time of absorption is
    /// in it.
    ///
    /// # Errors
    /// No area or no terminal slope.
    #[inline]
    pub fn mrt_obs(&self) -> Outcome {
        self.residence(self.aumc_inf_obs()?, self.auc_inf_obs()?)
    }

    /// `aumc_inf_pred / auc_inf_pred`, less half the duration of an infusion, h.
    ///
    /// # Errors
    /// No area or no terminal slope.
    #[inline]
    pub fn mrt_pred(&self) -> Outcome {
        self.residence(self.aumc_inf_pred()?, self.auc_inf_pred()?)
    }

    #[inline]
    pub(super) fn residence(&self, aumc: f64, auc: f64) -> Outcome {
        let infused = if self.way == Way::Infusion { self.dose.map_or(0.0, |dose| dose.duration) } else { 0.0 };
        Ok(ratio(aumc, auc)? - 0.5 * infused)
    }

    /// The effective half-life, `ln 2 mrt_obs`, h.
    ///
    /// # Errors
    /// No area or no terminal slope.
    #[inline]
    pub fn half_life_eff(&self) -> Outcome {
        Ok(LN_2 * self.mrt_obs()?)
    }
}

/// Clearance and volumes.
impl Analysis {
    /// The amount given, µg.
    #[inline]
    pub(super) fn amount(&self) -> Outcome {
        self.dose.map(|dose| dose.amount).ok_or(Missing::NoDose)
    }

    /// Clearance, `dose / auc_inf_obs`, L/h; after an oral dose that over the fraction absorbed.
    ///
    /// # Errors
    /// No dose, no area or no terminal slope.
    #[inline]
    pub fn cl_obs(&self) -> Outcome {
        ratio(self.amount()?, self.auc_inf_obs()?)
    }

    /// Clearance from the other area, `dose / auc_inf_pred`, L/h.
    ///
    /// # Errors
    /// No dose, no area or no terminal slope.
    #[inline]
    pub fn cl_pred(&self) -> Outcome {
        ratio(self.amount()?, self.auc_inf_pred()?)
    }

    /// The volume of the terminal phase, `cl_obs / lambda_z`, L; after an oral dose that over the fraction absorbed.
    ///
    /// # Errors
    /// No dose, no area or no terminal slope.
    #[inline]
    pub fn vz_obs(&self) -> Outcome {
        ratio(self.cl_obs()?, self.lambda_z()?)
    }

    /// The volume of the terminal phase from the predicted area, `cl_pred / lambda_z`, L.
    ///
    /// # Errors
    /// No dose, no area or no terminal slope.
    #[inline]
    pub fn vz_pred(&self) -> Outcome {
        ratio(self.cl_pred()?, self.lambda_z()?)
    }

    /// The volume at steady state, `mrt_obs cl_obs`, L.
    ///
    /// # Errors
    /// An oral dose; no dose, no area or no terminal slope.
    #[inline]
    pub fn vss_obs(&self) -> Outcome {
        self.intravenous()?;
        number(self.mrt_obs()? * self.cl_obs()?)
    }

    /// The volume at steady state from the predicted areas, `mrt_pred cl_pred`, L.
    ///
    /// # Errors
    /// An oral dose; no dose, no area or no terminal slope.
    #[inline]
    pub fn vss_pred(&self) -> Outcome {
        self.intravenous()?;
        number(self.mrt_pred()? * self.cl_pred()?)
    }

    #[inline]
    fn intravenous(&self) -> Outcome {
        if self.way == Way::Extravascular { Err(Missing::NotIntravenous) } else { Ok(0.0) }
    }
}

/// Divided by the dose.
impl Analysis {
    /// `cmax / dose`, 1/L.
    ///
    /// # Errors
    /// No dose.
    #[inline]
    pub fn cmax_dn(&self) -> Outcome {
        ratio(self.cmax()?, self.amount()?)
    }

    /// `auc_last / dose`, h/L.
    ///
    /// # Errors
    /// No dose or no area.
    #[inline]
    pub fn auc_last_dn(&self) -> Outcome {
        ratio(self.auc_last()?, self.amount()?)
    }

    /// `auc_inf_obs / dose`, h/L.
    ///
    /// # Errors
    /// No dose, no area or no terminal slope.
    #[inline]
    pub fn auc_inf_obs_dn(&self) -> Outcome {
        ratio(self.auc_inf_obs()?, self.amount()?)
    }

    /// `auc_inf_pred / dose`, h/L.
    ///
    /// # Errors
    /// No dose, no area or no terminal slope.
    #[inline]
    pub fn auc_inf_pred_dn(&self) -> Outcome {
        ratio(self.auc_inf_pred()?, self.amount()?)
    }

    /// `auc_tau / dose`, h/L.
    ///
    /// # Errors
    /// No dose, no dosing interval or no area over it.
    #[inline]
    pub fn auc_tau_dn(&self) -> Outcome {
        ratio(self.auc_tau()?, self.amount()?)
    }
}
