//! The list of all metrics: one method and one row each. Reports, tables and `docs/NCA.md` follow from it.

use super::analysis::Analysis;
use super::missing::Outcome;
use super::points::Way;
use crate::error::{Error, Result};
use crate::regimen::Dose;

/// One metric of a non-compartmental analysis.
///
/// ```
/// use menaquinone::{Dose, nca::{METRICS, Metric}};
/// let cl = Metric::named("cl_obs")?;
/// assert_eq!((cl.unit, cl.definition), ("L/h", "dose / auc_inf_obs"));
/// assert_eq!(cl.code(Some(Dose::of(1.0))), Some("CLFO"));
/// assert_eq!(cl.code(Some(Dose::iv(1.0))), Some("CLO"));
/// assert!(METRICS.len() > 60);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Metric {
    /// The name in this crate, which is that of the method of [`Analysis`] and of the column in tables.
    pub symbol: &'static str,
    /// The codes in the CDISC terminology (`PPTESTCD`, codelist C85839) after an oral dose, a bolus and an infusion; one for
    /// all, or none. An empty one means that there is no such metric after such a dose, or no code for it.
    pub codes: &'static [&'static str],
    /// The unit; empty for a pure number.
    pub unit: &'static str,
    /// What it is, in words.
    pub meaning: &'static str,
    /// How it is defined, where the meaning does not say it.
    pub definition: &'static str,
    read: fn(&Analysis) -> Outcome,
}

impl Metric {
    /// The metric of this name.
    ///
    /// # Errors
    /// No metric has it.
    pub fn named(symbol: &str) -> Result<&'static Self> {
        METRICS.iter().find(|metric| metric.symbol == symbol).ok_or_else(|| {
            Error::value(format!(
                "there is no metric `{symbol}`: METRICS lists them all, such as cmax, auc_last or half_life"
            ))
        })
    }

    /// The value of this metric in an analysis, or the [reason](super::Missing) why there is none.
    ///
    /// # Errors
    /// As for the method of this name.
    #[inline]
    pub fn value(&self, of: &Analysis) -> Outcome {
        (self.read)(of)
    }

    /// The CDISC code (`PPTESTCD`) of this metric after such a dose; without one, as after an oral dose.
    pub fn code(&self, dose: Option<Dose>) -> Option<&'static str> {
        let place = match Way::of(dose) {
            Way::Extravascular => 0,
            Way::Bolus => 1,
            Way::Infusion => 2,
        };
        let code = if self.codes.len() == 1 { self.codes.first() } else { self.codes.get(place) };
        code.copied().filter(|code| !code.is_empty())
    }

    /// The heading of its column: `auc_last (µg·h/L)`.
    pub fn heading(&self) -> String {
        if self.unit.is_empty() { self.symbol.to_owned() } else { format!("{} ({})", self.symbol, self.unit) }
    }
}

/// Makes of one row for each metric the list and the method that reads them all: the name of the method is the symbol.
macro_rules! metrics {
    ($count:literal: $($symbol:ident $codes:expr, $unit:literal, $meaning:literal, $definition:literal;)*) => {
        /// All metrics, in the order of reports.
        pub static METRICS: [Metric; $count] = [$(Metric {
            symbol: stringify!($symbol),
            codes: &$codes,
            unit: $unit,
            meaning: $meaning,
            definition: $definition,
            read: Analysis::$symbol,
        }),*];

        impl Analysis {
            /// What all [`METRICS`] are, in their order; faster than one by one.
            ///
            /// ```
            /// use menaquinone::{nca::{METRICS, Nca}};
            /// let nca = Nca::observed(&[0.0, 1.0, 2.0, 3.0, 4.0], &[0.0, 8.0, 4.0, 2.0, 1.0]).analyse()?;
            /// for (metric, value) in METRICS.iter().zip(nca.values()) {
            ///     assert_eq!(value, metric.value(&nca), "{}", metric.symbol);
            /// }
            /// # Ok::<(), menaquinone::Error>(())
            /// ```
            pub fn values(&self) -> [Outcome; $count] {
                [$(self.$symbol()),*]
            }
        }
    };
}

#[rustfmt::skip]
metrics! {
    65:
    cmax ["CMAX"], "µg/L", "highest measured concentration", "the first of equals";
    tmax ["TMAX"], "h", "time of cmax", "";
    tlag ["TLAG", "", ""], "h", "lag of absorption", "time of the last sample below the limit before the first measured one, else 0";
    c0 ["", "C0", ""], "µg/L", "concentration at the instant of a bolus", "the first two samples carried back if they fall, else the first positive one";
    clast ["CLST"], "µg/L", "last measured concentration", "";
    tlast ["TLST"], "h", "time of clast", "";
    clast_pred [], "µg/L", "concentration of the terminal line at tlast", "exp(intercept - lambda_z tlast)";
    lambda_z ["LAMZ"], "1/h", "terminal slope", "least squares of ln C over the terminal samples, negated";
    half_life ["LAMZHL"], "h", "terminal half-life", "ln 2 / lambda_z";
    r2 ["R2"], "", "squared correlation of the terminal line", "";
    r2_adj ["R2ADJ"], "", "the same adjusted", "1 - (1 - r2)(n - 1)/(n - 2)";
    corr_xy ["CORRXY"], "", "correlation of time and ln C", "-sqrt(r2)";
    lambda_z_points ["LAMZNPT"], "", "number of terminal samples", "";
    lambda_z_start ["LAMZLL"], "h", "time of the first terminal sample", "";
    lambda_z_end ["LAMZUL"], "h", "time of the last terminal sample", "";
    lambda_z_span ["LAMZSPN"], "", "half-lives that the terminal samples span", "(lambda_z_end - lambda_z_start) / half_life";
    auc_last ["AUCLST"], "µg·h/L", "area to the last measured concentration", "";
    auc_all ["AUCALL"], "µg·h/L", "area with the triangle after it", "auc_last + (t' - tlast)(clast + c')/2 with the next sample (t', c'), which is below the limit";
    auc_inf_obs ["AUCIFO"], "µg·h/L", "area to infinity", "auc_last + clast / lambda_z";
    auc_inf_pred ["AUCIFP"], "µg·h/L", "area to infinity from the terminal line", "auc_last + clast_pred / lambda_z";
    auc_extrap_obs ["AUCPEO"], "%", "part of auc_inf_obs after tlast", "100 (1 - auc_last / auc_inf_obs)";
    auc_extrap_pred ["AUCPEP"], "%", "part of auc_inf_pred after tlast", "100 (1 - auc_last / auc_inf_pred)";
    auc_back_extrap_obs ["", "AUCPBEO", ""], "%", "part of auc_inf_obs before the first sample of a bolus", "";
    auc_back_extrap_pred ["", "AUCPBEP", ""], "%", "part of auc_inf_pred before the first sample of a bolus", "";
    aumc_last ["AUMCLST"], "µg·h²/L", "area under t C to tlast", "";
    aumc_inf_obs ["AUMCIFO"], "µg·h²/L", "area under t C to infinity", "aumc_last + clast tlast / lambda_z + clast / lambda_z²";
    aumc_inf_pred ["AUMCIFP"], "µg·h²/L", "area under t C to infinity from the terminal line", "the same with clast_pred";
    aumc_extrap_obs ["AUMCPEO"], "%", "part of aumc_inf_obs after tlast", "";
    aumc_extrap_pred ["AUMCPEP"], "%", "part of aumc_inf_pred after tlast", "";
    mrt_last ["MRTEVLST", "MRTIBLST", "MRTICLST"], "h", "mean residence time to tlast", "aumc_last / auc_last - duration / 2";
    mrt_obs ["MRTEVIFO", "MRTIBIFO", "MRTICIFO"], "h", "mean residence time", "aumc_inf_obs / auc_inf_obs - duration / 2";
    mrt_pred ["MRTEVIFP", "MRTIBIFP", "MRTICIFP"], "h", "mean residence time from the terminal line", "aumc_inf_pred / auc_inf_pred - duration / 2";
    half_life_eff ["EFFHL"], "h", "effective half-life", "ln 2 mrt_obs";
    cl_obs ["CLFO", "CLO", "CLO"], "L/h", "clearance, oral: over the fraction absorbed", "dose / auc_inf_obs";
    cl_pred ["CLFP", "CLP", "CLP"], "L/h", "clearance from the terminal line", "dose / auc_inf_pred";
    vz_obs ["VZFO", "VZO", "VZO"], "L", "volume of the terminal phase, oral: over the fraction absorbed", "cl_obs / lambda_z";
    vz_pred ["VZFP", "VZP", "VZP"], "L", "volume of the terminal phase from the terminal line", "cl_pred / lambda_z";
    vss_obs ["", "VSSO", "VSSO"], "L", "volume at steady state", "mrt_obs cl_obs";
    vss_pred ["", "VSSP", "VSSP"], "L", "volume at steady state from the terminal line", "mrt_pred cl_pred";
    cmax_dn ["CMAXD"], "1/L", "cmax by dose", "cmax / dose";
    auc_last_dn ["AUCLSTD"], "h/L", "auc_last by dose", "auc_last / dose";
    auc_inf_obs_dn ["AUCIFOD"], "h/L", "auc_inf_obs by dose", "auc_inf_obs / dose";
    auc_inf_pred_dn ["AUCIFPD"], "h/L", "auc_inf_pred by dose", "auc_inf_pred / dose";
    auc_window ["AUCINT"], "µg·h/L", "area over a chosen window", "ends read between samples or beyond them";
    time_above [], "h", "time above a chosen threshold", "over tau, else to tlast";
    auc_tau ["AUCTAU"], "µg·h/L", "area over the dosing interval", "0 to tau after the dose";
    auc_tau_dn ["AUCTAUD"], "h/L", "auc_tau by dose", "auc_tau / dose";
    aumc_tau [], "µg·h²/L", "area under t C over the dosing interval", "";
    cavg ["CAVG"], "µg/L", "average concentration", "auc_tau / tau";
    cmin ["CMIN"], "µg/L", "lowest sample of the dosing interval", "";
    tmin ["TMIN"], "h", "time of cmin", "";
    ctrough ["CTROUGH"], "µg/L", "concentration at the end of the dosing interval", "observed, interpolated or carried on by lambda_z";
    fluctuation_pct ["FLUCP"], "%", "fluctuation", "100 (cmax - cmin) / cavg";
    fluctuation_tau_pct [], "%", "fluctuation above the trough", "100 (cmax - ctrough) / cavg";
    swing ["SWING"], "", "swing", "(cmax - cmin) / cmin";
    swing_tau [], "", "swing above the trough", "(cmax - ctrough) / ctrough";
    peak_trough_ratio ["PTROUGHR"], "", "peak over trough", "cmax / ctrough";
    cl_tau ["CLFTAU", "CLTAU", "CLTAU"], "L/h", "clearance at steady state", "dose / auc_tau";
    vz_tau ["VZFTAU", "VZTAU", "VZTAU"], "L", "volume of the terminal phase at steady state", "cl_tau / lambda_z";
    mrt_tau [], "h", "mean residence time at steady state", "(aumc_tau + tau (auc_inf_obs - auc_tau)) / auc_tau - duration / 2";
    accumulation_index ["AILAMZ"], "", "accumulation of a bolus into one compartment", "1 / (1 - exp(-lambda_z tau))";
    accumulation_ratio ["ARAUC"], "", "observed accumulation of the area", "auc_tau / auc_tau of the first dose";
    accumulation_ratio_cmax ["ARCMAX"], "", "observed accumulation of the peak", "cmax / cmax of the first dose";
    accumulation_ratio_ctrough ["ARCTROUG"], "", "observed accumulation of the trough", "ctrough / ctrough of the first dose";
    linearity_index ["SRAUC"], "", "steady state against the first dose", "auc_tau / auc_inf_obs of the first dose";
}
