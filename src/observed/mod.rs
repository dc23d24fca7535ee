//! What was measured in people, as rows, and what every parameter set predicts for it.
//!
//! Each [`Observation`] says which sets were made from it: agreement with those proves nothing. No misfit is hidden;
//! `docs/VALIDATION.md` prints every comparison, and a test recomputes each.
//!
//! ```
//! use menaquinone::{observed::{self, Role}, vitamer::MK4};
//! let cmax = observed::named("mk4_syrup_cmax")?;
//! assert_eq!((cmax.study, cmax.dosing, cmax.value), ("Morishita 1981", "30 mg", 325.0));
//!
//! let made_from_it = cmax.compare(MK4.set("literature_1cpt")?)?;
//! assert_eq!(made_from_it.role, Role::Calibrated);
//!
//! let popular = cmax.compare(MK4.nominal())?;
//! assert_eq!(popular.role, Role::Independent);
//! assert_eq!(popular.verdict(), "4.7 times too low");
//! # Ok::<(), menaquinone::Error>(())
//! ```
//!
//! Levels are what a dose adds: where the level before it was printed, it has been taken off. To add an observation,
//! write its row; a test insists that the document prints it.

mod compare;
mod k1;
mod metric;
mod mk4;
mod mk7;
mod mk9;

use std::fmt;

use serde::Serialize;

use crate::error::{self, Error, Result};
use crate::regimen::Regimen;
use crate::vitamer::{Basis, Vitamer};

pub use compare::{Comparison, Role};
pub use metric::Measure;

/// One number that was measured, with how it was measured and where it is printed.
///
/// ```
/// use menaquinone::observed;
/// let average = observed::named("mk4_tid_cavg")?;
/// assert_eq!((average.value, average.sd, average.n), (87.3, Some(23.4), Some(12)));
/// assert_eq!(average.regimen()?.to_string(), "15 mg q8h");
/// assert_eq!(average.metric.unit(), "µg/L");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Observation {
    /// The name to ask for, such as `mk4_syrup_cmax`.
    pub name: &'static str,
    /// Author and year.
    pub study: &'static str,
    /// What was given.
    pub vitamer: &'static Vitamer,
    /// How it was given, as the text of a [`Regimen`], with its meal where the fat was printed; empty where no amount
    /// was seen and none is needed.
    pub dosing: &'static str,
    /// The formulation, the meal, and what had to be assumed.
    pub conditions: &'static str,
    /// What was measured.
    pub metric: Measure,
    /// What was found, in the [unit](Measure::unit) of the metric.
    pub value: f64,
    /// The printed ±, where there is one; some papers do not say whether it is a standard deviation.
    pub sd: Option<f64>,
    /// The number of people, where it was seen.
    pub n: Option<u32>,
    /// The least that counts as agreement.
    pub low: f64,
    /// The most that counts as agreement.
    pub high: f64,
    /// How these two were chosen.
    pub band: &'static str,
    /// Whether the value is a limit that was not passed, such as that of detection.
    pub at_most: bool,
    /// What the value rests on.
    pub basis: Basis,
    /// Where it comes from and, for derived values, the arithmetic.
    pub source: &'static str,
    /// The sets that were made from this number.
    pub calibrated: &'static [&'static str],
    /// The sets that were made with this number in view, or from another feature of the same curve.
    pub partly: &'static [&'static str],
}

impl Observation {
    /// How it was given.
    ///
    /// # Errors
    /// An observation without an amount, as of a half-life.
    pub fn regimen(&self) -> Result<Regimen> {
        if self.dosing.is_empty() {
            return Err(Error::value(format!(
                "the dose of {} was not seen in print, so nothing can be simulated",
                self.name
            )));
        }
        self.dosing.parse()
    }

    /// What was found, with its ± or as a limit: `87.3 ± 23.4`, `at most 0.04`.
    pub fn value_text(&self) -> String {
        match self.sd {
            _ if self.at_most => format!("at most {}", self.value),
            Some(sd) => format!("{} ± {sd}", self.value),
            None => self.value.to_string(),
        }
    }
}

/// Every observation, vitamer by vitamer.
///
/// ```
/// use menaquinone::observed;
/// assert!(observed::all().all(|row| !row.source.is_empty() && row.low < row.high));
/// ```
pub fn all() -> impl Iterator<Item = &'static Observation> {
    [mk4::ROWS, mk7::ROWS, mk9::ROWS, k1::ROWS].into_iter().flatten()
}

/// The observation of this name.
///
/// ```
/// use menaquinone::observed;
/// let error = observed::named("mk4_syrup").unwrap_err();
/// assert!(error.to_string().starts_with("there is no observation `mk4_syrup`: ask for mk4_syrup_cmax, "));
/// ```
///
/// # Errors
/// A name that no row has; the sentence says which there are.
pub fn named(name: &str) -> Result<&'static Observation> {
    all().find(|row| row.name == name).ok_or_else(|| error::no_such("observation", name, all().map(|row| row.name)))
}

/// The consumer adds the method.
impl Vitamer {
    /// What was measured after this vitamer.
    ///
    /// ```
    /// use menaquinone::vitamer::K1;
    /// assert!(K1.observations().any(|row| row.study == "Garber 1999"));
    /// ```
    pub fn observations(&self) -> impl Iterator<Item = &'static Observation> + use<> {
        let symbol = self.symbol;
        all().filter(move |row| row.vitamer.symbol == symbol)
    }
}

/// In one line: `Morishita 1981, MK-4 30 mg (syrup, meal not printed): Cmax 325 µg/L`.
impl fmt::Display for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { study, vitamer, dosing, conditions, metric, .. } = self;
        let dosing = if dosing.is_empty() { String::new() } else { format!(" {}", dosing.replace("ug", "µg")) };
        let unit = if metric.unit().is_empty() { String::new() } else { format!(" {}", metric.unit()) };
        write!(f, "{study}, {vitamer}{dosing} ({conditions}): {metric} {}{unit}", self.value_text())
    }
}

/// Rows are written as `STUDY.saw(name, metric, value)` and what is special about them.
impl Observation {
    const fn study(study: &'static str, vitamer: &'static Vitamer) -> Self {
        let (name, dosing, conditions, metric, value, source) = ("", "", "", Measure::Cmax, f64::NAN, "");
        let (sd, n, low, high, band, at_most, basis) = (None, None, 0.0, 0.0, "", false, Basis::Printed);
        let (calibrated, partly): (&[&str], &[&str]) = (&[], &[]);
        Self {
            name,
            study,
            vitamer,
            dosing,
            conditions,
            metric,
            value,
            sd,
            n,
            low,
            high,
            band,
            at_most,
            basis,
            source,
            calibrated,
            partly,
        }
    }

    const fn given(self, dosing: &'static str, conditions: &'static str) -> Self {
        Self { dosing, conditions, ..self }
    }

    const fn people(self, n: u32) -> Self {
        Self { n: Some(n), ..self }
    }

    const fn by(self, basis: Basis, source: &'static str) -> Self {
        Self { basis, source, ..self }
    }

    /// Without a ± a prediction has to come within a quarter of the value.
    const fn saw(self, name: &'static str, metric: Measure, value: f64) -> Self {
        let (low, high, band) = (0.75 * value, 1.25 * value, "± 25 %, assumed");
        Self { name, metric, value, low, high, band, ..self }
    }

    const fn give_or_take(self, sd: f64) -> Self {
        Self { sd: Some(sd), low: self.value - sd, high: self.value + sd, band: "the printed ±", ..self }
    }

    const fn within(self, low: f64, high: f64, band: &'static str) -> Self {
        Self { low, high, band, ..self }
    }

    const fn not_above(self, band: &'static str) -> Self {
        Self { low: 0.0, high: self.value, at_most: true, band, ..self }
    }

    const fn made(self, calibrated: &'static [&'static str], partly: &'static [&'static str]) -> Self {
        Self { calibrated, partly, ..self }
    }
}
