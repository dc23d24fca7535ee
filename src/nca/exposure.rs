//! Metrics of exposure: peaks, areas, the terminal slope.

use std::f64::consts::LN_2;

use super::analysis::Analysis;
use super::missing::{Missing, Outcome, number, ratio};
use super::points::Way;
use super::slope::count;

/// Peaks and single samples.
impl Analysis {
    /// The highest measured concentration, µg/L.
    ///
    /// # Errors
    /// Every sample is below the limit of quantification; so for all metrics.
    #[inline]
    pub fn cmax(&self) -> Outcome {
        self.span().map(|span| span.cmax)
    }

    /// When it was measured, h; the first time of equals.
    ///
    /// # Errors
    /// As [`cmax`](Self::cmax).
    #[inline]
    pub fn tmax(&self) -> Outcome {
        self.span().map(|span| span.tmax)
    }

    /// The time of the last sample below the limit before the first measured one, h; 0 if there is none.
    ///
    /// # Errors
    /// An intravenous dose.
    #[inline]
    pub fn tlag(&self) -> Outcome {
        if self.way != Way::Extravascular {
            return Err(Missing::NotOral);
        }
        self.span().map(|_| self.points.tlag)
    }

    /// The concentration at the instant of a bolus, µg/L: the first two samples carried back along their exponential if they
    /// fall, else the first positive one.
    ///
    /// # Errors
    /// Any other dose.
    #[inline]
    pub fn c0(&self) -> Outcome {
        if self.way != Way::Bolus {
            return Err(Missing::NotBolus);
        }
        self.points.c0.ok_or(Missing::AllBelow)
    }

    /// The last measured concentration, µg/L.
    ///
    /// # Errors
    /// As [`cmax`](Self::cmax).
    #[inline]
    pub fn clast(&self) -> Outcome {
        self.span().map(|span| span.clast)
    }

    /// When it was measured, h.
    ///
    /// # Errors
    /// As [`cmax`](Self::cmax).
    #[inline]
    pub fn tlast(&self) -> Outcome {
        self.span().map(|span| span.tlast)
    }

    /// What the terminal line says for that time, µg/L.
    ///
    /// # Errors
    /// No terminal slope.
    #[inline]
    pub fn clast_pred(&self) -> Outcome {
        self.terminal().and_then(|_| number(self.clast_pred))
    }
}

/// The terminal slope.
impl Analysis {
    /// The negative slope of the logarithms of the terminal samples, 1/h.
    ///
    /// # Errors
    /// No terminal slope; so for all that follow from it.
    #[inline]
    pub fn lambda_z(&self) -> Outcome {
        self.terminal().map(|fit| fit.lambda_z)
    }

    /// `ln 2 / lambda_z`, h. Where absorption is slower than elimination it is that of absorption.
    ///
    /// # Errors
    /// No terminal slope.
    #[inline]
    pub fn half_life(&self) -> Outcome {
        ratio(LN_2, self.lambda_z()?)
    }

    /// The squared correlation of time and the logarithm of concentration.
    ///
    /// # Errors
    /// No terminal slope.
    #[inline]
    pub fn r2(&self) -> Outcome {
        self.terminal().map(|fit| fit.r2)
    }

    /// `1 - (1 - r2)(n - 1)/(n - 2)`.
    ///
    /// # Errors
    /// No terminal slope, or one through two points.
    #[inline]
    pub fn r2_adj(&self) -> Outcome {
        self.terminal()?.r2_adj()
    }

    /// The correlation of time and the logarithm of concentration, which is negative.
    ///
    /// # Errors
    /// No terminal slope.
    #[inline]
    pub fn corr_xy(&self) -> Outcome {
        self.terminal().map(|fit| -fit.r2.sqrt())
    }

    /// How many samples the slope is taken from.
    ///
    /// # Errors
    /// No terminal slope.
    #[inline]
    pub fn lambda_z_points(&self) -> Outcome {
        self.terminal().map(|fit| count(fit.points))
    }

    /// The time of the first of them, h.
    ///
    /// # Errors
    /// No terminal slope.
    #[inline]
    pub fn lambda_z_start(&self) -> Outcome {
        self.terminal().map(|fit| fit.start)
    }

    /// The time of the last of them, h.
    ///
    /// # Errors
    /// No terminal slope.
    #[inline]
    pub fn lambda_z_end(&self) -> Outcome {
        self.terminal().map(|fit| fit.end)
    }

    /// How many half-lives they span.
    ///
    /// # Errors
    /// No terminal slope.
    #[inline]
    pub fn lambda_z_span(&self) -> Outcome {
        self.terminal().map(|fit| (fit.end - fit.start) * fit.lambda_z / LN_2)
    }
}

/// Areas.
impl Analysis {
    /// The area from the dose to the last measured concentration, µg·h/L.
    ///
    /// # Errors
    /// No sample at the dose where none may be put in.
    #[inline]
    pub fn auc_last(&self) -> Outcome {
        self.last.map(|areas| areas[0])
    }

    /// That and the triangle down to the first sample after it, µg·h/L.
    ///
    /// # Errors
    /// As [`auc_last`](Self::auc_last).
    #[inline]
    pub fn auc_all(&self) -> Outcome {
        let (area, last) = (self.auc_last()?, self.span()?.last);
        if last + 1 == self.points.times.len() {
            return Ok(area);
        }
        let ((t1, c1), (t2, c2)) = (self.points.sample(last), self.points.sample(last + 1));
        Ok(area + 0.5 * (t2 - t1) * (c1 + c2))
    }

    /// The area to infinity, `auc_last + clast / lambda_z`, µg·h/L.
    ///
    /// # Errors
    /// No area or no terminal slope.
    #[inline]
    pub fn auc_inf_obs(&self) -> Outcome {
        number(self.whole?.auc[0])
    }

    /// The area to infinity from the concentration on the terminal line: `auc_last + clast_pred / lambda_z`, µg·h/L.
    ///
    /// # Errors
    /// No area or no terminal slope.
    #[inline]
    pub fn auc_inf_pred(&self) -> Outcome {
        number(self.whole?.auc[1])
    }

    /// How much of `auc_inf_obs` lies beyond the last measured concentration, %.
    ///
    /// # Errors
    /// No area or no terminal slope.
    #[inline]
    pub fn auc_extrap_obs(&self) -> Outcome {
        beyond(self.auc_last()?, self.auc_inf_obs()?)
    }

    /// How much of `auc_inf_pred` lies beyond the last measured concentration, %.
    ///
    /// # Errors
    /// No area or no terminal slope.
    #[inline]
    pub fn auc_extrap_pred(&self) -> Outcome {
        beyond(self.auc_last()?, self.auc_inf_pred()?)
    }

    /// How much of `auc_inf_obs` lies before the first sample after a bolus, %.
    ///
    /// # Errors
    /// No bolus, no area or no terminal slope.
    #[inline]
    pub fn auc_back_extrap_obs(&self) -> Outcome {
        Ok(100.0 * ratio(self.before_the_first()?, self.auc_inf_obs()?)?)
    }

    /// How much of `auc_inf_pred` lies before the first sample after a bolus, %.
    ///
    /// # Errors
    /// No bolus, no area or no terminal slope.
    #[inline]
    pub fn auc_back_extrap_pred(&self) -> Outcome {
        Ok(100.0 * ratio(self.before_the_first()?, self.auc_inf_pred()?)?)
    }

    #[inline]
    fn before_the_first(&self) -> Outcome {
        self.c0()?;
        if self.points.put_in == 0 { Ok(0.0) } else { self.auc(0.0..=self.points.times[1]) }
    }

    /// The area under `t C` from the dose to the last measured concentration, µg·h²/L.
    ///
    /// # Errors
    /// As [`auc_last`](Self::auc_last).
    #[inline]
    pub fn aumc_last(&self) -> Outcome {
        self.last.map(|areas| areas[1])
    }

    /// The area under `t C` to infinity, `aumc_last + clast tlast / lambda_z + clast / lambda_z²`, µg·h²/L.
    ///
    /// # Errors
    /// No area or no terminal slope.
    #[inline]
    pub fn aumc_inf_obs(&self) -> Outcome {
        number(self.whole?.aumc[0])
    }

    /// The first moment to infinity from the concentration on the terminal line, µg·h²/L.
    ///
    /// # Errors
    /// No area or no terminal slope.
    #[inline]
    pub fn aumc_inf_pred(&self) -> Outcome {
        number(self.whole?.aumc[1])
    }

    /// How much of `aumc_inf_obs` lies beyond the last measured concentration, %.
    ///
    /// # Errors
    /// No area or no terminal slope.
    #[inline]
    pub fn aumc_extrap_obs(&self) -> Outcome {
        beyond(self.aumc_last()?, self.aumc_inf_obs()?)
    }

    /// How much of `aumc_inf_pred` lies beyond the last measured concentration, %.
    ///
    /// # Errors
    /// No area or no terminal slope.
    #[inline]
    pub fn aumc_extrap_pred(&self) -> Outcome {
        beyond(self.aumc_last()?, self.aumc_inf_pred()?)
    }
}

fn beyond(part: f64, whole: f64) -> Outcome {
    Ok(100.0 * ratio(whole - part, whole)?)
}
