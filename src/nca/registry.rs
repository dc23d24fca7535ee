//! The list of all metrics: one method and one row each. Reports, tables and `docs/NCA.md` follow from it.

use super::Dose;
use super::analysis::Analysis;
use super::missing::Outcome;
use super::points::Way;
use crate::error::{Error, Result};

/// One metric of a non-compartmental analysis.
///
/// ```
/// use menaquinone::{Dose, METRICS, Metric};
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

    /// Its value in an analysis, or the [reason](super::Missing) why there is none.
    ///
    /// # Errors
    /// Those of the method of this name.
    #[inline]
    pub fn value(&self, of: &Analysis) -> Outcome {
        (self.read)(of)
    }

    /// Its CDISC code (`PPTESTCD`) after such a dose; without one, as after an oral dose.
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

    const fn is(self, meaning: &'static str, definition: &'static str) -> Self {
        Self { meaning, definition, ..self }
    }
}

const fn row(
    symbol: &'static str,
    codes: &'static [&'static str],
    unit: &'static str,
    read: fn(&Analysis) -> Outcome,
) -> Metric {
    Metric { symbol, codes, unit, meaning: "", definition: "", read }
}

/// All metrics, in the order of reports.
#[rustfmt::skip]
pub static METRICS: [Metric; 65] = [
    row("cmax", &["CMAX"], "µg/L", Analysis::cmax).is("highest measured concentration", "the first of equals"),
    row("tmax", &["TMAX"], "h", Analysis::tmax).is("time of cmax", ""),
    row("tlag", &["TLAG", "", ""], "h", Analysis::tlag).is("lag of absorption", "time of the last sample below the limit before the first measured one, else 0"),
    row("c0", &["", "C0", ""], "µg/L", Analysis::c0).is("concentration at the instant of a bolus", "the first two samples carried back if they fall, else the first positive one"),
    row("clast", &["CLST"], "µg/L", Analysis::clast).is("last measured concentration", ""),
    row("tlast", &["TLST"], "h", Analysis::tlast).is("time of clast", ""),
    row("clast_pred", &[], "µg/L", Analysis::clast_pred).is("concentration of the terminal line at tlast", "exp(intercept - lambda_z tlast)"),
    row("lambda_z", &["LAMZ"], "1/h", Analysis::lambda_z).is("terminal slope", "least squares of ln C over the terminal samples, negated"),
    row("half_life", &["LAMZHL"], "h", Analysis::half_life).is("terminal half-life", "ln 2 / lambda_z"),
    row("r2", &["R2"], "", Analysis::r2).is("squared correlation of the terminal line", ""),
    row("r2_adj", &["R2ADJ"], "", Analysis::r2_adj).is("the same adjusted", "1 - (1 - r2)(n - 1)/(n - 2)"),
    row("corr_xy", &["CORRXY"], "", Analysis::corr_xy).is("correlation of time and ln C", "-sqrt(r2)"),
    row("lambda_z_points", &["LAMZNPT"], "", Analysis::lambda_z_points).is("number of terminal samples", ""),
    row("lambda_z_start", &["LAMZLL"], "h", Analysis::lambda_z_start).is("time of the first terminal sample", ""),
    row("lambda_z_end", &["LAMZUL"], "h", Analysis::lambda_z_end).is("time of the last terminal sample", ""),
    row("lambda_z_span", &["LAMZSPN"], "", Analysis::lambda_z_span).is("half-lives that the terminal samples span", "(lambda_z_end - lambda_z_start) / half_life"),
    row("auc_last", &["AUCLST"], "µg·h/L", Analysis::auc_last).is("area to the last measured concentration", ""),
    row("auc_all", &["AUCALL"], "µg·h/L", Analysis::auc_all).is("area with the triangle after it", "auc_last + (t' - tlast)(clast + c')/2 with the next sample (t', c'), which is below the limit"),
    row("auc_inf_obs", &["AUCIFO"], "µg·h/L", Analysis::auc_inf_obs).is("area to infinity", "auc_last + clast / lambda_z"),
    row("auc_inf_pred", &["AUCIFP"], "µg·h/L", Analysis::auc_inf_pred).is("area to infinity from the terminal line", "auc_last + clast_pred / lambda_z"),
    row("auc_extrap_obs", &["AUCPEO"], "%", Analysis::auc_extrap_obs).is("part of auc_inf_obs after tlast", "100 (1 - auc_last / auc_inf_obs)"),
    row("auc_extrap_pred", &["AUCPEP"], "%", Analysis::auc_extrap_pred).is("part of auc_inf_pred after tlast", "100 (1 - auc_last / auc_inf_pred)"),
    row("auc_back_extrap_obs", &["", "AUCPBEO", ""], "%", Analysis::auc_back_extrap_obs).is("part of auc_inf_obs before the first sample of a bolus", ""),
    row("auc_back_extrap_pred", &["", "AUCPBEP", ""], "%", Analysis::auc_back_extrap_pred).is("part of auc_inf_pred before the first sample of a bolus", ""),
    row("aumc_last", &["AUMCLST"], "µg·h²/L", Analysis::aumc_last).is("area under t C to tlast", ""),
    row("aumc_inf_obs", &["AUMCIFO"], "µg·h²/L", Analysis::aumc_inf_obs).is("area under t C to infinity", "aumc_last + clast tlast / lambda_z + clast / lambda_z²"),
    row("aumc_inf_pred", &["AUMCIFP"], "µg·h²/L", Analysis::aumc_inf_pred).is("area under t C to infinity from the terminal line", "the same with clast_pred"),
    row("aumc_extrap_obs", &["AUMCPEO"], "%", Analysis::aumc_extrap_obs).is("part of aumc_inf_obs after tlast", ""),
    row("aumc_extrap_pred", &["AUMCPEP"], "%", Analysis::aumc_extrap_pred).is("part of aumc_inf_pred after tlast", ""),
    row("mrt_last", &["MRTEVLST", "MRTIBLST", "MRTICLST"], "h", Analysis::mrt_last).is("mean residence time to tlast", "aumc_last / auc_last - duration / 2"),
    row("mrt_obs", &["MRTEVIFO", "MRTIBIFO", "MRTICIFO"], "h", Analysis::mrt_obs).is("mean residence time", "aumc_inf_obs / auc_inf_obs - duration / 2"),
    row("mrt_pred", &["MRTEVIFP", "MRTIBIFP", "MRTICIFP"], "h", Analysis::mrt_pred).is("mean residence time from the terminal line", "aumc_inf_pred / auc_inf_pred - duration / 2"),
    row("half_life_eff", &["EFFHL"], "h", Analysis::half_life_eff).is("effective half-life", "ln 2 mrt_obs"),
    row("cl_obs", &["CLFO", "CLO", "CLO"], "L/h", Analysis::cl_obs).is("clearance, oral: over the fraction absorbed", "dose / auc_inf_obs"),
    row("cl_pred", &["CLFP", "CLP", "CLP"], "L/h", Analysis::cl_pred).is("clearance from the terminal line", "dose / auc_inf_pred"),
    row("vz_obs", &["VZFO", "VZO", "VZO"], "L", Analysis::vz_obs).is("volume of the terminal phase, oral: over the fraction absorbed", "cl_obs / lambda_z"),
    row("vz_pred", &["VZFP", "VZP", "VZP"], "L", Analysis::vz_pred).is("volume of the terminal phase from the terminal line", "cl_pred / lambda_z"),
    row("vss_obs", &["", "VSSO", "VSSO"], "L", Analysis::vss_obs).is("volume at steady state", "mrt_obs cl_obs"),
    row("vss_pred", &["", "VSSP", "VSSP"], "L", Analysis::vss_pred).is("volume at steady state from the terminal line", "mrt_pred cl_pred"),
    row("cmax_dn", &["CMAXD"], "1/L", Analysis::cmax_dn).is("cmax by dose", "cmax / dose"),
    row("auc_last_dn", &["AUCLSTD"], "h/L", Analysis::auc_last_dn).is("auc_last by dose", "auc_last / dose"),
    row("auc_inf_obs_dn", &["AUCIFOD"], "h/L", Analysis::auc_inf_obs_dn).is("auc_inf_obs by dose", "auc_inf_obs / dose"),
    row("auc_inf_pred_dn", &["AUCIFPD"], "h/L", Analysis::auc_inf_pred_dn).is("auc_inf_pred by dose", "auc_inf_pred / dose"),
    row("auc_window", &["AUCINT"], "µg·h/L", Analysis::auc_window).is("area over a chosen window", "ends read between samples or beyond them"),
    row("time_above", &[], "h", Analysis::time_above).is("time above a chosen threshold", "over tau, else to tlast"),
    row("auc_tau", &["AUCTAU"], "µg·h/L", Analysis::auc_tau).is("area over the dosing interval", "0 to tau after the dose"),
    row("auc_tau_dn", &["AUCTAUD"], "h/L", Analysis::auc_tau_dn).is("auc_tau by dose", "auc_tau / dose"),
    row("aumc_tau", &[], "µg·h²/L", Analysis::aumc_tau).is("area under t C over the dosing interval", ""),
    row("cavg", &["CAVG"], "µg/L", Analysis::cavg).is("average concentration", "auc_tau / tau"),
    row("cmin", &["CMIN"], "µg/L", Analysis::cmin).is("lowest sample of the dosing interval", ""),
    row("tmin", &["TMIN"], "h", Analysis::tmin).is("time of cmin", ""),
    row("ctrough", &["CTROUGH"], "µg/L", Analysis::ctrough).is("concentration at the end of the dosing interval", "observed, interpolated or carried on by lambda_z"),
    row("fluctuation_pct", &["FLUCP"], "%", Analysis::fluctuation_pct).is("fluctuation", "100 (cmax - cmin) / cavg"),
    row("fluctuation_tau_pct", &[], "%", Analysis::fluctuation_tau_pct).is("fluctuation above the trough", "100 (cmax - ctrough) / cavg"),
    row("swing", &["SWING"], "", Analysis::swing).is("swing", "(cmax - cmin) / cmin"),
    row("swing_tau", &[], "", Analysis::swing_tau).is("swing above the trough", "(cmax - ctrough) / ctrough"),
    row("peak_trough_ratio", &["PTROUGHR"], "", Analysis::peak_trough_ratio).is("peak over trough", "cmax / ctrough"),
    row("cl_tau", &["CLFTAU", "CLTAU", "CLTAU"], "L/h", Analysis::cl_tau).is("clearance at steady state", "dose / auc_tau"),
    row("vz_tau", &["VZFTAU", "VZTAU", "VZTAU"], "L", Analysis::vz_tau).is("volume of the terminal phase at steady state", "cl_tau / lambda_z"),
    row("mrt_tau", &[], "h", Analysis::mrt_tau).is("mean residence time at steady state", "(aumc_tau + tau (auc_inf_obs - auc_tau)) / auc_tau - duration / 2"),
    row("accumulation_index", &["AILAMZ"], "", Analysis::accumulation_index).is("accumulation of a bolus into one compartment", "1 / (1 - exp(-lambda_z tau))"),
    row("accumulation_ratio", &["ARAUC"], "", Analysis::accumulation_ratio).is("observed accumulation of the area", "auc_tau / auc_tau of the first dose"),
    row("accumulation_ratio_cmax", &["ARCMAX"], "", Analysis::accumulation_ratio_cmax).is("observed accumulation of the peak", "cmax / cmax of the first dose"),
    row("accumulation_ratio_ctrough", &["ARCTROUG"], "", Analysis::accumulation_ratio_ctrough).is("observed accumulation of the trough", "ctrough / ctrough of the first dose"),
    row("linearity_index", &["SRAUC"], "", Analysis::linearity_index).is("steady state against the first dose", "auc_tau / auc_inf_obs of the first dose"),
];
