//! Non-compartmental analysis: the numbers of the field, from samples alone.
//!
//! `docs/NCA.md` has the definitions and their sources.

mod analysis;
mod area;
mod cdisc;
mod curve;
mod disposition;
mod exposure;
mod gather;
mod infusion;
mod interval;
mod missing;
mod places;
mod points;
mod pooled;
mod read;
mod registry;
mod repeated;
mod rules;
mod serialize;
mod slope;
mod subject;
mod summary;
mod superpose;
mod table;
mod terms;
mod unread;
mod window;

use std::borrow::Cow;
use std::ops::RangeInclusive;

pub use analysis::Analysis;
pub use missing::{Missing, Outcome};
pub use pooled::Pooled;
pub use read::Subjects;
pub use registry::{METRICS, Metric};
pub use rules::{AreaRule, AtDose, BelowAs, BelowLimit, Rules, Terminal};
pub use slope::TerminalFit;
pub use subject::{Column, Columns, Subject};
pub use summary::Summary;
pub use table::Table;

use crate::error::Result;
use crate::profile::Profile;
use crate::regimen::Dose;

/// Samples, and how they are to be read: the start of a non-compartmental analysis.
///
/// Times in h and concentrations in µg/L; any coherent pair of units will do if the dose is in the same. Everything else has a
/// default and is set by chaining.
///
/// ```
/// use menaquinone::{Dose, nca::Nca, units::*};
/// // Theophylline, subject 2 of Boeckmann, Sheiner and Beal (1994); 320 mg by mouth.
/// let times = [0.0, 0.27, 0.52, 1.0, 1.92, 3.5, 5.02, 7.03, 9.0, 12.0, 24.3];
/// let mg_per_l = [0.0, 1.72, 7.91, 8.31, 8.33, 6.85, 6.08, 5.4, 4.55, 3.01, 0.9];
/// let conc = mg_per_l.map(|c| c * MG / L);
/// let nca = Nca::observed(&times, &conc).dose(Dose::of(320.0 * MG)).analyse()?;
/// assert_eq!((nca.cmax()?, nca.tmax()?), (8_330.0, 1.92));
/// assert!((nca.half_life()? - 6.659_341_563).abs() < 1e-8); // as Phoenix WinNonlin prints it
/// assert!((nca.cl_obs()? - 3.286_165_405).abs() < 1e-8); // CL/F, L/h
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "nothing is computed until `analyse`"]
pub struct Nca<'a> {
    times: Cow<'a, [f64]>,
    conc: Cow<'a, [f64]>,
    rules: Rules,
}

impl Profile {
    /// The non-compartmental analysis of this curve, taken as samples. What is 0 in it is 0, and not below a limit.
    ///
    /// ```
    /// use menaquinone::{Dose, grid, units::*, vitamer::MK7};
    /// let dose = Dose::of(180.0 * UG);
    /// let profile = MK7.model().profile(dose, &grid(0.0..=30.0 * DAY, 0.25 * HOUR))?;
    /// let nca = profile.nca().dose(dose).analyse()?;
    /// assert!((nca.half_life()? / MK7.model().half_life() - 1.0).abs() < 1e-4);
    /// assert!((nca.cl_obs()? / MK7.nominal().parameters.cl - 1.0).abs() < 1e-4);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn nca(&self) -> Nca<'_> {
        Nca::observed(self.times(), self.conc()).below(BelowLimit::ZERO)
    }
}

impl<'a> Nca<'a> {
    /// Observed samples: ascending times (h) and concentrations (µg/L), 0 for one below the limit of quantification.
    ///
    /// Nothing is checked before [`analyse`](Self::analyse).
    pub fn observed(times: &'a [f64], conc: &'a [f64]) -> Self {
        Self { times: Cow::Borrowed(times), conc: Cow::Borrowed(conc), rules: Rules::default() }
    }

    /// Observed samples of which some are below the limit of quantification: `None`.
    ///
    /// ```
    /// use menaquinone::{nca::{BelowLimit, Nca}};
    /// let times = [0.0, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0];
    /// let conc = [None, Some(5.0), Some(8.0), Some(4.0), None, Some(1.0), None];
    /// let nca = Nca::with_blq(&times, &conc).below(BelowLimit::DROP_MIDDLE).analyse()?;
    /// assert_eq!((nca.tlast()?, nca.clast()?), (12.0, 1.0));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn with_blq(times: &'a [f64], conc: &[Option<f64>]) -> Self {
        // A zero that is said to be measured is below any limit too.
        let conc = conc.iter().map(|conc| conc.unwrap_or(0.0)).collect();
        Self { times: Cow::Borrowed(times), conc: Cow::Owned(conc), rules: Rules::default() }
    }

    /// These samples under other rules, all of them at once.
    pub fn rules(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// What was given. Oral, bolus and infusion have metrics of their own.
    pub fn dose(mut self, dose: Dose) -> Self {
        self.rules.dose = Some(dose);
        self
    }

    /// When it was given, on the clock of the samples, h; 0 if nothing is said.
    pub fn dosed_at(mut self, time: f64) -> Self {
        self.rules.dosed_at = time;
        self
    }

    /// The dosing interval, h: adds the metrics of steady state.
    pub fn tau(mut self, tau: f64) -> Self {
        self.rules.tau = Some(tau);
        self
    }

    /// What lies between two samples.
    pub fn area(mut self, rule: AreaRule) -> Self {
        self.rules.area = rule;
        self
    }

    /// What samples below the limit of quantification count as.
    pub fn below(mut self, rule: BelowLimit) -> Self {
        self.rules.below = Some(rule);
        self
    }

    /// What stands in for a sample at the time of the dose, where there is none.
    pub fn at_dose(mut self, rule: AtDose) -> Self {
        self.rules.at_dose = rule;
        self
    }

    /// Which samples the terminal slope is taken from.
    pub fn terminal(mut self, rule: Terminal) -> Self {
        self.rules.terminal = rule;
        self
    }

    /// The concentration (µg/L) of [`Analysis::time_above`].
    pub fn threshold(mut self, conc: f64) -> Self {
        self.rules.threshold = Some(conc);
        self
    }

    /// The window (h after the dose) of [`Analysis::auc_window`].
    pub fn window(mut self, window: RangeInclusive<f64>) -> Self {
        self.rules.window = Some(window.into_inner());
        self
    }

    /// Computes everything that every metric needs.
    ///
    /// # Errors
    /// No samples, times that do not ascend, a concentration that is negative or not a number, samples that all come
    /// before the dose, one below the limit between measured ones about which nothing was said, or rules that cannot be. A metric
    /// that cannot be had is no error here: it says [why](Missing) when it is asked for.
    pub fn analyse(&self) -> Result<Analysis> {
        let mut analysis = Analysis::none();
        analysis.take([&self.times, &self.conc], &self.rules)?;
        Ok(analysis)
    }
}
