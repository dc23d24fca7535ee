//! What a formulation changes: the rate of absorption, its lag, and the fraction absorbed.

use std::fmt::{self, Display};

use serde::Serialize;

use super::row::Row;
use super::set::{ParameterSet, Peripheral, find, row_of, write_table};
use super::{VITAMERS, Vitamer};
use crate::error::{Error, Result};
use crate::model::{Model, Parameters};

/// A form in which a vitamer is taken, as changes to the sets of that vitamer.
///
/// The form for which the sets were made changes nothing. The rows say what each change rests on, and what time to the
/// peak was printed.
///
/// ```
/// use menaquinone::{Dose, grid, units::*, vitamer::MK7};
/// let set = MK7.set("literature_2cpt")?;
/// let tablet = MK7.formulation("tablet")?;
/// assert_eq!((tablet.ka, tablet.tlag, tablet.f), (1.0, 2.0, 1.0));
/// let profile = set.in_form(tablet)?.profile(Dose::of(100.0 * UG), &grid(0.0..=DAY, 0.1))?;
/// let (tmax, _) = profile.iter().fold((0.0, 0.0), |best, point| if point.1 > best.1 { point } else { best });
/// assert!((tmax - 6.0).abs() < 0.25); // printed: 6 h
/// println!("{tablet}"); // every row with its source
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Formulation {
    /// The name to ask for, such as `tablet`.
    pub name: &'static str,
    /// What it is, for titles.
    pub title: &'static str,
    /// The factor on the absorption rate constant.
    pub ka: f64,
    /// The hours that are added to the lag.
    pub tlag: f64,
    /// The factor on the fraction absorbed.
    pub f: f64,
    /// Those three and the printed time to the peak, with their sources.
    pub rows: &'static [Row],
}

impl Formulation {
    /// The row of this symbol: `ka_rel`, `tlag_more`, `f_rel` and, where one was printed, `tmax`.
    ///
    /// # Errors
    /// A symbol that the formulation has no row for; the sentence names those it has.
    pub fn row(&self, symbol: &str) -> Result<&'static Row> {
        row_of(self.rows, symbol, &format!("the formulation {}", self.name))
    }

    /// Formulations are written as their words and `..Formulation::of(ROWS)`. This runs in the compiler: one that lacks a
    /// row or has one that cannot be does not build.
    pub(super) const fn of(rows: &'static [Row]) -> Self {
        let (ka, tlag, f) = (find(rows, "ka_rel").value, find(rows, "tlag_more").value, find(rows, "f_rel").value);
        assert!(ka > 0.0 && ka < f64::INFINITY && f > 0.0 && f < f64::INFINITY, "a factor must be positive and finite");
        assert!(tlag >= 0.0 && tlag < f64::INFINITY, "a formulation only adds to the lag");
        Self { name: "", title: "", ka, tlag, f, rows }
    }
}

impl ParameterSet {
    /// The model of the typical person of this set who takes the vitamer in another form.
    ///
    /// The rate of absorption is multiplied, the lag prolonged. A fraction absorbed is multiplied too, and in an apparent
    /// set, which holds CL/F and V/F, these are divided.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*, vitamer::K1};
    /// let set = K1.set("literature_1cpt")?;
    /// let area = |form: &str| set.in_form(K1.formulation(form)?)?.auc(Dose::of(500.0 * UG), 0.0..=f64::INFINITY);
    /// assert!((area("food")? / area("tablet")? - 0.176).abs() < 1e-12); // spinach: Garber 1999
    /// assert!(set.in_form(menaquinone::vitamer::MK7.formulation("tablet")?).is_err());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A formulation of another vitamer.
    pub fn in_form(&self, formulation: &Formulation) -> Result<Model> {
        let own = VITAMERS.into_iter().find(|vitamer| vitamer.sets().contains(self));
        if let Some(own) = own.filter(|own| !own.formulations().contains(formulation)) {
            return Err(self.stranger(formulation, own));
        }
        let p = self.parameters;
        let (f, over) = if self.apparent { (p.f, formulation.f) } else { (p.f * formulation.f, 1.0) };
        let (ka, tlag) = (p.ka * formulation.ka, p.tlag + formulation.tlag);
        let peripheral = self.peripheral.map(|Peripheral { q, v2 }| Peripheral { q: q / over, v2: v2 / over });
        self.assemble(&Parameters { cl: p.cl / over, v: p.v / over, ka, tlag, f }, peripheral)
    }

    fn stranger(&self, formulation: &Formulation, own: &Vitamer) -> Error {
        let (form, set) = (formulation.name, self.name);
        Error::value(format!(
            "the formulation `{form}` belongs to another vitamer than the set {set} of {own}: ask {own} for its formulations"
        ))
    }
}

/// Every row in aligned columns, under the title.
impl Display for Formulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.name, self.title)?;
        write_table(f, self.rows)
    }
}

/// The kinds of rows that a formulation has.
pub(super) mod kind {
    use crate::vitamer::row::{Basis, Row};

    pub(crate) const KA_REL: Row = Row::kind("ka_rel", "ka ratio", "factor on the absorption rate constant", "");
    pub(crate) const TLAG_MORE: Row = Row::kind("tlag_more", "added lag", "hours added to the lag", "h");
    pub(crate) const F_REL: Row = Row::kind("f_rel", "F ratio", "factor on the fraction absorbed", "");
    pub(crate) const TMAX: Row = Row::kind("tmax", "tmax", "printed time to the peak", "h");

    const REFERENCE: &str = "the form for which the sets were made";
    const UNKNOWN: &str = "nothing was seen in print, so nothing is changed";

    pub(crate) const SAME_KA: Row = KA_REL.at(1.0).by(Basis::Convention, REFERENCE);
    pub(crate) const SAME_TLAG: Row = TLAG_MORE.at(0.0).by(Basis::Convention, REFERENCE);
    pub(crate) const SAME_F: Row = F_REL.at(1.0).by(Basis::Convention, REFERENCE);
    pub(crate) const UNKNOWN_KA: Row = KA_REL.at(1.0).by(Basis::Assumed, UNKNOWN);
    pub(crate) const UNKNOWN_TLAG: Row = TLAG_MORE.at(0.0).by(Basis::Assumed, UNKNOWN);
    pub(crate) const UNKNOWN_F: Row = F_REL.at(1.0).by(Basis::Assumed, UNKNOWN);
}
