//! The vitamers and their parameter sets: tables of rows, each with its source.
//!
//! Each vitamer has a *nominal* set, the popular figures, and *literature* sets beside it, which follow what was
//! printed. They differ a great deal, and every set says in one sentence what is contested about it. None of them is a
//! recommendation, and none is medical advice.
//!
//! ```
//! use menaquinone::{grid, units::*, vitamer::*, *};
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

mod k1;
mod mk4;
mod mk7;
mod mk9;
mod range;
mod row;
mod set;

pub use k1::K1;
pub use mk4::MK4;
pub use mk7::MK7;
pub use mk9::MK9;
pub use row::{Basis, Row};
pub use set::{ParameterSet, Peripheral};

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;

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
    /// The facts beside the sets: habitual levels, food, assays.
    pub rows: &'static [Row],
    sets: &'static [ParameterSet],
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
        self.sets.iter().find(|set| set.is_called(name)).ok_or_else(|| {
            let known = listed(self.sets.iter().map(|set| set.name.to_string()));
            let sentence = format!("{self} has no parameter set `{name}`: ask for {known}");
            Error::new(ErrorKind::Text, sentence)
        })
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

    /// The fact of this symbol beside the sets, such as `baseline`.
    ///
    /// ```
    /// use menaquinone::vitamer::K1;
    /// assert_eq!(K1.row("baseline")?.value, 0.42); // µg/L
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
