//! The samples of one subject, and the columns in which a table has them.

use super::{Nca, Rules};
use crate::error::{Error, Result};
use crate::regimen::{Dose, Route};

/// The samples of one subject.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Subject {
    /// The name.
    pub id: String,
    /// When samples were taken, h.
    pub times: Vec<f64>,
    /// The concentrations, µg/L; 0 for one below the limit of quantification.
    pub conc: Vec<f64>,
    /// The amount given, µg, if the table says so; 0 is a placebo, whose metrics are those that need no dose.
    pub amount: Option<f64>,
    /// How long the dose took, h, if the table says so by `RATE` or `DUR`: above 0 it was an intravenous infusion, and 0 says
    /// nothing of its route.
    pub duration: Option<f64>,
    /// What tells this profile from others of one person, as it stands behind the name; empty where that has one profile.
    pub profile: String,
}

impl Subject {
    /// The analysis of this subject under rules that many share; an amount of its own replaces that of the rules' dose.
    pub fn nca(&self, rules: &Rules) -> Nca<'_> {
        Nca::observed(&self.times, &self.conc).rules(Rules { dose: self.dose(rules), ..rules.clone() })
    }

    pub(super) fn dose(&self, rules: &Rules) -> Option<Dose> {
        let own = |amount| (amount != 0.0).then(|| Dose { amount, ..rules.dose.unwrap_or(Dose::of(amount)) });
        let dose = self.amount.map_or(rules.dose, own);
        let over = |dose: Dose| self.infused().map_or(dose, |duration| Dose::iv(dose.amount).over(duration));
        dose.map(over)
    }

    /// How long an infusion took.
    fn infused(&self) -> Option<f64> {
        self.duration.filter(|duration| *duration > 0.0)
    }

    /// Refuses rules whose dose is not the infusion of the table.
    pub(super) fn check(&self, rules: &Rules) -> Result<()> {
        let Some((dose, over)) = rules.dose.zip(self.infused()) else { return Ok(()) };
        let is_other = dose.route == Route::Oral || (dose.duration > 0.0 && (dose.duration / over - 1.0).abs() > 1e-6);
        if !is_other {
            return Ok(());
        }
        let (id, way) = (&self.id, if dose.route == Route::Oral { "another route" } else { "another duration" });
        Err(Error::value(format!(
            "subject {id}: the dose of the table is an intravenous infusion over {over} h, and the dose of the rules has {way}: leave out the column RATE or DUR, or say nothing of the route and duration"
        )))
    }
}

/// A column of a table: its name, in any case, and what one of its unit is in h, µg or µg/L.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column<'a> {
    /// The name in the first line.
    pub name: &'a str,
    /// The unit of its numbers, such as `MG / L`.
    pub unit: f64,
}

/// The columns of a table of samples; others are not read, but for `EVID` and `MDV`, which tell rows that are no samples.
///
/// Where a table has the names of CDISC (`AVAL` or `PCSTRESN`, `ARRLT` or `PCELTM`) and nothing is said, those are read: with the
/// units that stand beside them, with the dose if it has a unit, and with a profile for each analyte, specimen, period and
/// reference of a person; [`Subjects::notes`](super::Subjects::notes) says which columns were taken.
///
/// ```
/// use menaquinone::{nca::{Column, Columns}, units::*};
/// let columns = Columns {
///     id: "subject",
///     conc: Column { name: "conc_mg_per_L", unit: MG / L },
///     dose: Some(Column { name: "dose_mg", unit: MG }),
///     ..Columns::default()
/// };
/// assert_eq!(columns.time.name, "time");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Columns<'a> {
    /// The name of the column of names; `id` if nothing is said, or another usual name of it, such as `SUBJID`.
    pub id: &'a str,
    /// Times; `time` in h if nothing is said. A duration of ISO 8601 such as `PT1H30M` is one in any unit.
    pub time: Column<'a>,
    /// Concentrations; `conc` in µg/L if nothing is said, or `DV`. `BLQ`, `BQL`, `LLOQ`, `NQ`, `ND` or `<` and a limit is below the
    /// limit of quantification; an empty cell, `.`, `NA`, `NaN` or `NULL` is missing, and its row is left out.
    pub conc: Column<'a>,
    /// Amounts, the same in all rows of a subject that have one; none if nothing is said. Where `EVID` tells doses from samples,
    /// those of the doses.
    pub dose: Option<Column<'a>>,
    /// Further columns that tell one profile from another, such as analyte, specimen or period: each profile is a subject, whose
    /// name has them after its own.
    pub profile: &'a [&'a str],
    /// Columns and what must stand there: other rows are left out.
    pub only: &'a [(&'a str, &'a str)],
}

impl Default for Columns<'_> {
    fn default() -> Self {
        let (time, conc) = (Column { name: "time", unit: 1.0 }, Column { name: "conc", unit: 1.0 });
        Self { id: "id", time, conc, dose: None, profile: &[], only: &[] }
    }
}
