//! A parameter set: rows that make a model together.

use std::fmt::{self, Display};

use serde::Serialize;

use super::meal_table::MealTable;
use super::row::{Basis, Row};
use crate::absorption::{Absorb, Absorption, FirstOrder};
use crate::disposition::{Disposition, OneCompartment, TwoCompartment};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Model, Parameters};

/// Rows that make a model together, with what is contested about them.
///
/// A set can only be had from a vitamer of this crate, so its model always exists.
///
/// ```
/// use menaquinone::vitamer::MK7;
/// let set = MK7.set("literature_2cpt")?;
/// assert_eq!(set.title, "literature set, two compartments, t½ 0.9 and 68.6 h");
/// assert_eq!(set.model().modes().len(), 2);
/// println!("{set}"); // every row with its source
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ParameterSet {
    /// The name to ask for, such as `literature_2cpt`.
    pub name: &'static str,
    /// Other names that [`Vitamer::set`](super::Vitamer::set) understands: those of the evidence table.
    pub aliases: &'static [&'static str],
    /// A title for charts.
    pub title: &'static str,
    /// One sentence on what is contested or uncertain, for the caption of a chart.
    pub contested: &'static str,
    /// Whether clearances and volumes are apparent (CL/F, V/F), known from swallowed doses only. An intravenous dose
    /// through an apparent set has no meaning.
    pub apparent: bool,
    /// Whether only the shape of its curves is known: levels are then relative, and no µg/L may be read from them.
    pub shape_only: bool,
    /// The numbers of the plasma compartment and the absorption. In a set with two compartments `v` is V1, and
    /// `parameters.model()` would forget the other one: use [`with`](Self::with) there.
    pub parameters: Parameters,
    /// The second compartment, where there is one.
    pub peripheral: Option<Peripheral>,
    /// What meals do, where that was measured: its models have this effect.
    pub meals: Option<&'static MealTable>,
    /// Every number of the set with its range, spread and source.
    pub rows: &'static [Row],
}

/// A compartment that exchanges with the plasma.
///
/// ```
/// use menaquinone::vitamer::{MK7, Peripheral};
/// assert_eq!(MK7.set("literature_2cpt")?.peripheral, Some(Peripheral { q: 13.0, v2: 90.0 }));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Peripheral {
    /// The flow to and fro, L/h.
    pub q: f64,
    /// The volume, L.
    pub v2: f64,
}

impl ParameterSet {
    /// The model of the typical person of this set.
    ///
    /// ```
    /// use menaquinone::vitamer::MK4;
    /// assert!((MK4.nominal().model().half_life() - 11.99).abs() < 0.01);
    /// ```
    ///
    /// # Panics
    /// Never: the compiler has checked the numbers of every set.
    pub fn model(&self) -> Model {
        self.with(self.parameters).expect("the compiler has checked the numbers of every set")
    }

    /// The model of another person: `parameters` with the peripheral compartment of this set, if it has one.
    ///
    /// ```
    /// use menaquinone::{Parameters, vitamer::MK7};
    /// let set = MK7.set("literature_2cpt")?;
    /// let slow = set.with(Parameters { cl: 0.6, ..set.parameters })?;
    /// assert!(slow.half_life() > 120.0);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Parameters::model`].
    pub fn with(&self, parameters: Parameters) -> Result<Model> {
        self.assemble(&parameters, self.peripheral)
    }

    /// The model of these numbers, with the effect of meals that this set has.
    pub(super) fn assemble(&self, parameters: &Parameters, peripheral: Option<Peripheral>) -> Result<Model> {
        let model = Model::new(absorption(parameters), disposition(parameters, peripheral))?;
        Ok(match self.meals {
            Some(table) => model.with_meal_effect(table.effect()),
            None => model,
        })
    }

    /// What the axis of a chart of this set says: a concentration, or a level without a scale.
    ///
    /// ```
    /// use menaquinone::vitamer::{MK7, MK9};
    /// assert_eq!(MK7.nominal().level_label(), "Concentration (µg/L)");
    /// assert_eq!(MK9.nominal().level_label(), "Relative level (no absolute scale)");
    /// ```
    pub fn level_label(&self) -> &'static str {
        if self.shape_only { "Relative level (no absolute scale)" } else { "Concentration (µg/L)" }
    }

    /// How a swallowed dose gets in: first order, with the lag and the fraction of the set.
    ///
    /// ```
    /// use menaquinone::{Absorb, FirstOrder, vitamer::MK7};
    /// let absorption = MK7.set("literature_2cpt")?.absorption();
    /// assert_eq!(absorption, FirstOrder { ka: 1.0 }.lagged(2.5));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn absorption(&self) -> Absorption {
        absorption(&self.parameters)
    }

    /// How it spreads and leaves, to be combined with another absorption.
    ///
    /// ```
    /// use menaquinone::{Absorb, FirstOrder, Model, vitamer::MK7};
    /// let body = MK7.set("literature_2cpt")?.disposition();
    /// let tablet = Model::new(FirstOrder { ka: 0.5 }.lagged(4.5), body)?;
    /// assert!((tablet.half_life() - 68.6).abs() < 0.1);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn disposition(&self) -> Disposition {
        disposition(&self.parameters, self.peripheral)
    }

    /// The half-lives of the disposition in h, the fastest first: one for each compartment.
    ///
    /// ```
    /// use menaquinone::vitamer::MK7;
    /// let half_lives = MK7.set("literature_2cpt")?.half_lives();
    /// assert!((half_lives[0] - 0.89).abs() < 0.005);
    /// assert!((half_lives[1] - 68.6).abs() < 0.05);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn half_lives(&self) -> Vec<f64> {
        self.model().modes().iter().map(|mode| std::f64::consts::LN_2 / mode.k).collect()
    }

    /// The row of this symbol, such as `cl`.
    ///
    /// # Errors
    /// A symbol that the set has no row for; the sentence names those it has.
    pub fn row(&self, symbol: &str) -> Result<&'static Row> {
        row_of(self.rows, symbol, &format!("the set {}", self.name))
    }

    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

fn absorption(p: &Parameters) -> Absorption {
    FirstOrder { ka: p.ka }.lagged(p.tlag).with_f(p.f)
}

fn disposition(p: &Parameters, peripheral: Option<Peripheral>) -> Disposition {
    match peripheral {
        None => OneCompartment { cl: p.cl, v: p.v }.into(),
        Some(Peripheral { q, v2 }) => TwoCompartment { cl: p.cl, v1: p.v, q, v2 }.into(),
    }
}

/// The row of a symbol, or a sentence that names the rows there are.
pub(crate) fn row_of(rows: &'static [Row], symbol: &str, whose: &str) -> Result<&'static Row> {
    rows.iter().find(|row| row.symbol == symbol).ok_or_else(|| {
        let known: Vec<_> = rows.iter().map(|row| row.symbol).collect();
        let known = if known.is_empty() { "it is empty".to_owned() } else { format!("ask for {}", known.join(", ")) };
        Error::new(ErrorKind::Text, format!("{whose} has no row `{symbol}`: {known}"))
    })
}

/// Every row in aligned columns, under the title and above what is contested.
impl Display for ParameterSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.name, self.title)?;
        write_table(f, self.rows)?;
        write!(f, "{}", self.contested)
    }
}

/// Left-aligned columns two spaces apart; the last, the source, as long as it is.
pub(crate) fn write_table(f: &mut fmt::Formatter<'_>, rows: &[Row]) -> fmt::Result {
    let lines: Vec<_> = [Row::HEADER.map(String::from)].into_iter().chain(rows.iter().map(Row::cells)).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    for line in &lines {
        for (cell, width) in line.iter().zip(widths) {
            write!(f, "{cell:<width$}  ")?;
        }
        writeln!(f, "{}", line[6])?;
    }
    Ok(())
}

/// Sets are written as their words and `..ParameterSet::of(ROWS)`, so that each number stands once, in its row. All
/// this runs in the compiler: a set that lacks a row or has one that cannot be does not build.
impl ParameterSet {
    pub(super) const fn of(rows: &'static [Row]) -> Self {
        let (name, aliases, title, contested) = ("", [].as_slice(), "", "");
        let apparent = matches!(find(rows, "f").basis, Basis::Convention);
        let (parameters, peripheral) = (parameters(rows), peripheral(rows));
        Self { name, aliases, title, contested, apparent, shape_only: false, parameters, peripheral, meals: None, rows }
    }
}

const fn parameters(rows: &[Row]) -> Parameters {
    let v = if has(rows, "q") { positive(rows, "v1") } else { positive(rows, "v") };
    let (tlag, f) = (find(rows, "tlag").value, positive(rows, "f"));
    let most = if let Some(high) = find(rows, "f").high { high } else { f };
    assert!(tlag >= 0.0 && tlag.is_finite() && most <= 1.0, "tlag must not be negative, and f not above 1");
    Parameters { cl: positive(rows, "cl"), v, ka: positive(rows, "ka"), tlag, f }
}

const fn peripheral(rows: &[Row]) -> Option<Peripheral> {
    if has(rows, "q") { Some(Peripheral { q: positive(rows, "q"), v2: positive(rows, "v2") }) } else { None }
}

const fn positive(rows: &[Row], symbol: &str) -> f64 {
    let Row { value, low, high, .. } = find(rows, symbol);
    assert!(value > 0.0 && value.is_finite(), "the value of a row must be positive and finite");
    if let (Some(low), Some(high)) = (low, high) {
        assert!(low > 0.0 && low <= value && value <= high && high.is_finite(), "a range must hold its value");
    }
    value
}

pub(crate) const fn find(rows: &[Row], symbol: &str) -> Row {
    assert!(has(rows, symbol), "a set lacks a row");
    rows[position(rows, symbol)]
}

const fn has(rows: &[Row], symbol: &str) -> bool {
    position(rows, symbol) < rows.len()
}

const fn position(rows: &[Row], symbol: &str) -> usize {
    let mut i = 0;
    while i < rows.len() && !same(rows[i].symbol.as_bytes(), symbol.as_bytes()) {
        i += 1;
    }
    i
}

/// `a == b`, which a constant function cannot say yet.
const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}
