//! The vitamers and their parameter sets: tables of rows, each with its source.
//!
//! Each vitamer has a *nominal* set, the popular figures, and *literature* sets beside it, which follow what was
//! printed. They differ a great deal, and every set says in one sentence what is contested about it. None of them is a
//! recommendation, and none is medical advice.
//!
//! ```
//! use menaquinone::{grid, *, units::*, vitamer::*};
//! let profile = MK7.model().profile(Dose::of(180.0 * UG), &grid(0.0..=4.0 * DAY, 0.25 * HOUR))?;
//! assert!((profile.conc()[384] / profile.conc()[48] - 0.5).abs() < 0.01); // 84 h later, half is left
//!
//! let slow = Parameters { cl: 0.6, ..MK7.nominal().parameters }.model()?;
//! assert!(slow.half_life() > 170.0 * HOUR);
//!
//! let names: Vec<_> = MK7.sets().iter().map(|set| set.name).collect();
//! assert_eq!(names, ["nominal", "half_life_72h", "half_life_96h", "literature_1cpt", "literature_2cpt"]);
//! # Ok::<(), Error>(())
//! ```
//!
//! All sets except `literature_2cpt` of K1 are *apparent*: they hold CL/F and V/F, because only swallowed doses were
//! measured. An intravenous dose through an apparent set has no meaning. The set of MK-9 is *shape only*: no absolute
//! level was seen in print.
//!
//! To add a vitamer, write its file and name it in [`VITAMERS`]; to add a set or a fact, write its rows. A test insists
//! that `docs/PARAMETERS.md` prints them and shows what to paste.

mod formulation;
mod k1;
mod meal_table;
mod mk4;
mod mk7;
mod mk9;
mod prior;
mod range;
mod row;
mod set;
mod supposition;
mod variability;

pub use formulation::Formulation;
pub use k1::K1;
pub use meal_table::MealTable;
pub use mk4::MK4;
pub use mk7::MK7;
pub use mk9::MK9;
pub use row::{Basis, Row};
pub use set::{ParameterSet, Peripheral};
pub(crate) use set::{find, row_of, write_table};
pub use supposition::{SUPPOSITIONS, supposition};
pub use variability::{Uncertainty, Variability};

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::profile::Profile;

/// Every vitamer there is.
///
/// ```
/// use menaquinone::vitamer::VITAMERS;
/// assert_eq!(VITAMERS.map(|vitamer| vitamer.symbol), ["MK-4", "MK-7", "MK-9", "K1"]);
/// ```
pub static VITAMERS: [&Vitamer; 4] = [&MK4, &MK7, &MK9, &K1];

/// One form of vitamin K and what is known of its kinetics.
///
/// ```
/// use menaquinone::vitamer::{MK7, Vitamer};
/// let read: Vitamer = "menaquinone-7".parse()?;
/// assert_eq!(read, MK7);
/// assert_eq!(MK7.to_string(), "MK-7");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Vitamer {
    /// The short name, such as `MK-7`.
    pub symbol: &'static str,
    /// The full name, such as `menaquinone-7`.
    pub name: &'static str,
    /// Other names that are read.
    pub aliases: &'static [&'static str],
    /// The chemical formula, such as `C46H64O2`.
    pub formula: &'static str,
    /// The molar mass, g/mol.
    pub molar_mass: f64,
    /// The facts beside the sets.
    pub rows: &'static [Row],
    sets: &'static [ParameterSet],
    baselines: &'static [Row],
    meal_tables: &'static [MealTable],
    formulations: &'static [Formulation],
}

impl Vitamer {
    /// The popular set.
    ///
    /// ```
    /// use menaquinone::vitamer::MK4;
    /// let p = MK4.nominal().parameters;
    /// assert_eq!((p.cl, p.v, p.ka), (21.5, 372.0, 1.2));
    /// assert!(MK4.nominal().contested.contains("contradict"));
    /// ```
    pub fn nominal(&self) -> &'static ParameterSet {
        &self.sets[0]
    }

    /// Every set, the nominal one first.
    pub fn sets(&self) -> &'static [ParameterSet] {
        self.sets
    }

    /// The set of this name, or of its name in the evidence table, such as `best_2cpt`.
    ///
    /// ```
    /// use menaquinone::vitamer::MK7;
    /// assert_eq!(MK7.set("best_2cpt")?.name, "literature_2cpt");
    /// assert_eq!(
    ///     MK7.set("3cpt").unwrap_err().to_string(),
    ///     "MK-7 has no parameter set `3cpt`: ask for nominal, half_life_72h, half_life_96h, literature_1cpt or \
    ///      literature_2cpt"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A name that no set has; the sentence says which there are.
    pub fn set(&self, name: &str) -> Result<&'static ParameterSet> {
        self.sets
            .iter()
            .find(|set| set.is_called(name))
            .ok_or_else(|| self.lacks("parameter set", name, self.sets.iter().map(|set| set.name)))
    }

    /// The model of the nominal set.
    ///
    /// ```
    /// use menaquinone::{Dose, units::*, vitamer::MK7};
    /// let conc = MK7.model().profile(Dose::of(180.0 * UG), &[4.7 * HOUR])?.conc()[0];
    /// assert!((conc - 1.12).abs() < 0.01); // µg/L
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn model(&self) -> Model {
        self.nominal().model()
    }

    /// The habitual levels (µg/L) of populations that take no supplement.
    ///
    /// ```
    /// use menaquinone::vitamer::MK7;
    /// let highest = MK7.baselines().iter().max_by(|a, b| a.value.total_cmp(&b.value)).map(|row| row.symbol);
    /// assert_eq!(highest, Some("japan_cardiac"));
    /// ```
    pub fn baselines(&self) -> &'static [Row] {
        self.baselines
    }

    /// The habitual level of this population, such as `tokyo`: a value for
    /// [`Model::with_baseline`](crate::Model::with_baseline).
    ///
    /// ```
    /// use menaquinone::vitamer::MK7;
    /// let (west, tokyo) = (MK7.baseline("nw_europe")?, MK7.baseline("tokyo")?);
    /// assert_eq!((west.value, tokyo.value), (0.3, 5.26)); // µg/L
    /// assert_eq!(MK7.model().with_baseline(tokyo.value)?.baseline(), 5.26);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A population that there is no row for; the sentence names those there are.
    pub fn baseline(&self, population: &str) -> Result<&'static Row> {
        set::row_of(self.baselines, population, &format!("the list of habitual levels of {self}"))
    }

    /// What meals do to the absorption: measured tables, or what-ifs where nothing was measured.
    pub fn meal_tables(&self) -> &'static [MealTable] {
        self.meal_tables
    }

    /// The meal table of this name.
    ///
    /// ```
    /// use menaquinone::vitamer::MK7;
    /// let table = MK7.meal_table("fat_adds_40_percent")?;
    /// assert!(table.title.starts_with("what-if:"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A name that no table has; the sentence says which there are.
    pub fn meal_table(&self, name: &str) -> Result<&'static MealTable> {
        let known = || self.meal_tables.iter().map(|table| table.name);
        self.meal_tables.iter().find(|table| table.name == name).ok_or_else(|| self.lacks("meal table", name, known()))
    }

    /// The forms in which it is taken, that for which the sets were made first.
    pub fn formulations(&self) -> &'static [Formulation] {
        self.formulations
    }

    /// The formulation of this name, for [`ParameterSet::in_form`].
    ///
    /// ```
    /// use menaquinone::vitamer::{MK4, MK7};
    /// assert_eq!(MK7.formulation("tablet")?.tlag, 2.0);
    /// assert_eq!(
    ///     MK4.formulation("tablet").unwrap_err().to_string(),
    ///     "MK-4 has no formulation `tablet`: ask for syrup or oil_capsule"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A form of which nothing was seen in print; the sentence says which there are.
    pub fn formulation(&self, name: &str) -> Result<&'static Formulation> {
        let known = || self.formulations.iter().map(|form| form.name);
        self.formulations.iter().find(|form| form.name == name).ok_or_else(|| self.lacks("formulation", name, known()))
    }

    /// The sentence for a name that is not in one of the lists.
    fn lacks(&self, what: &str, name: &str, known: impl Iterator<Item = &'static str>) -> Error {
        let known: Vec<_> = known.map(String::from).collect();
        let advice = match known.len() {
            0 => "there is none".to_owned(),
            _ => format!("ask for {}", listed(known.into_iter())),
        };
        Error::new(ErrorKind::Text, format!("{self} has no {what} `{name}`: {advice}"))
    }

    /// The fact of this symbol beside the sets, such as `residual_cv`.
    ///
    /// ```
    /// use menaquinone::vitamer::K1;
    /// assert_eq!(K1.row("f_abs")?.value, 0.13);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A symbol that there is no row for; the sentence names those there are.
    pub fn row(&self, symbol: &str) -> Result<&'static Row> {
        set::row_of(self.rows, symbol, self.symbol)
    }

    /// An amount in nmol from one in µg, or a concentration in nmol/L from one in µg/L.
    ///
    /// ```
    /// use menaquinone::vitamer::{MK4, MK7};
    /// // Sato 2012 gave 420 µg of each and prints 945 and 647 nmol.
    /// assert_eq!(MK4.nmol_from_ug(420.0).round(), 945.0);
    /// assert_eq!(MK7.nmol_from_ug(420.0).round(), 647.0);
    /// ```
    pub fn nmol_from_ug(&self, ug: f64) -> f64 {
        ug * (1000.0 / self.molar_mass)
    }

    /// A profile of this vitamer with its concentrations in nmol/L. A `Chart` is turned into that unit by `Chart::in_nmol`, which
    /// names its axis too.
    ///
    /// ```
    /// use menaquinone::{Profile, vitamer::MK7};
    /// let profile = Profile::new(vec![0.0, 4.0], vec![0.0, 1.2])?;
    /// assert_eq!(MK7.profile_in_nmol(&profile)?.conc()[1], MK7.nmol_from_ug(1.2));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A concentration too large to be one in nmol/L.
    pub fn profile_in_nmol(&self, profile: &Profile) -> Result<Profile> {
        profile.scaled(self.nmol_from_ug(1.0))
    }

    /// An amount in µg from one in nmol, or a concentration in µg/L from one in nmol/L.
    ///
    /// ```
    /// use menaquinone::vitamer::K1;
    /// assert!((K1.ug_from_nmol(0.94) - 0.42).abs() < 0.005); // the habitual level
    /// ```
    pub fn ug_from_nmol(&self, nmol: f64) -> f64 {
        nmol * (self.molar_mass / 1000.0)
    }

    fn is_called(&self, name: &str) -> bool {
        let name = letters(name);
        [self.symbol, self.name].iter().chain(self.aliases).any(|known| letters(known) == name)
    }
}

/// Lower-case letters and digits alone, without a leading "vitamin".
fn letters(name: &str) -> String {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    plain.strip_prefix("vitamin").map(String::from).unwrap_or(plain)
}

/// `a, b or c`.
fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<_> = names.collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// The symbol.
impl fmt::Display for Vitamer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.symbol)
    }
}

/// Reads the symbol, the full name or another name, in any case, with or without hyphens and spaces.
impl FromStr for Vitamer {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        VITAMERS.into_iter().copied().find(|vitamer| vitamer.is_called(text)).ok_or_else(|| {
            let known = listed(VITAMERS.iter().map(|vitamer| format!("{vitamer} ({})", vitamer.name)));
            let text = crate::error::excerpt(text);
            Error::new(ErrorKind::Text, format!("`{text}` is not a vitamer with kinetics here: write {known}"))
        })
    }
}

/// Written as the symbol.
impl Serialize for Vitamer {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.symbol)
    }
}

/// Read as any of the names.
impl<'de> Deserialize<'de> for Vitamer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
