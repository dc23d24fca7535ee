//! How people differ from the typical one of a set, and how far the typical one is uncertain: from the rows of the set.

use std::f64::consts::LN_2;

use super::row::Row;
use super::set::{ParameterSet, Peripheral};
use crate::error::Result;
use crate::model::{Model, Parameters};
use crate::population::Population;
use crate::random::{Covariance, Distribution, Draw, Triangular};

/// The people of a set: log-normal about a typical person, with the CVs of its rows.
///
/// The rows of a set state the CVs of the clearance, the volume and the half-life. As `t_half = ln 2 v / cl`, the three fix the
/// correlation of clearance and volume: `(omega_cl^2 + omega_v^2 - omega_t^2) / (2 omega_cl omega_v)`, 0.5 for the nominal set of
/// MK-7. In a set of two compartments the peripheral volume and the slow half-life stand for them, which is an approximation. All
/// else is uncorrelated, and what has no CV does not vary. A fraction absorbed stays at most 1.
///
/// Most of these CVs are judgement, not measurement: see the sources of the rows.
///
/// ```
/// use menaquinone::{Population, vitamer::MK7};
/// let variability = MK7.nominal().variability();
/// let people = Population::sample(100, 42, |draw| variability.person(draw))?;
/// assert_eq!(people, MK7.nominal().population(100, 42)?);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Variability {
    set: &'static ParameterSet,
    typical: Parameters,
    peripheral: Option<Peripheral>,
    /// Of cl, v, ka, tlag, f, q and v2.
    omega: Covariance<7>,
}

/// The typical person of a set, as uncertain as the ranges of its rows: the outer loop about [`Variability`].
///
/// ```
/// use menaquinone::{Population, population::Replicates, vitamer::MK7};
/// let uncertainty = MK7.nominal().uncertainty();
/// let replicates = Replicates { replicates: 3, people: 100 };
/// let worlds = Population::replicates(replicates, 42, |draw| Ok(uncertainty.typical(draw)), |world, draw| world.person(draw));
/// for people in worlds {
///     assert_eq!(people?.len(), 100);
/// }
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Uncertainty {
    about: Variability,
    /// Of cl, v, ka, tlag, f, q, v2 and the half-life, where the rows give a range.
    ranges: [Option<Distribution>; 8],
}

/// The rows of a set in the order of the covariance, with the names they have in sets of one and of two compartments.
const SYMBOLS: [&str; 7] = ["cl", "v", "ka", "tlag", "f", "q", "v2"];

impl ParameterSet {
    /// How people differ from the typical person of this set.
    ///
    /// # Panics
    /// Never: a test asks it of every set.
    pub fn variability(&'static self) -> Variability {
        let cvs = SYMBOLS.map(|symbol| self.known(symbol).and_then(|row| row.cv).unwrap_or(0.0));
        let volume = if self.peripheral.is_some() { 6 } else { 1 };
        let t_half = self.half_life_row().and_then(|row| row.cv);
        let correlation = t_half.and_then(|t_half| correlation([cvs[0], cvs[volume], t_half]));
        let correlations = correlation.map(|correlation| (0, volume, correlation));
        let omega = Covariance::of_cvs(cvs, correlations.as_slice()).expect("a test asks it of every set");
        Variability { set: self, typical: self.parameters, peripheral: self.peripheral, omega }
    }

    /// How far the typical person of this set is uncertain.
    ///
    /// Each row with a range is triangular over it, most likely at its value: the shape is a convention. In a set of one
    /// compartment the volume follows from clearance and half-life, so that the half-life stays within its own range. The rows
    /// are drawn independently. Rows without a range are taken as certain, which they are not.
    ///
    /// # Panics
    /// Never: a test asks it of every set.
    pub fn uncertainty(&'static self) -> Uncertainty {
        let mut ranges = SYMBOLS.map(|symbol| self.known(symbol).and_then(range)).into_iter();
        let mut ranges: [_; 8] = std::array::from_fn(|_| ranges.next().flatten());
        if self.peripheral.is_none() {
            ranges[7] = self.half_life_row().and_then(range);
        }
        Uncertainty { about: self.variability(), ranges }
    }

    /// `n` people of this set: a short form of [`Population::sample`] with [`variability`](Self::variability).
    ///
    /// ```
    /// use menaquinone::vitamer::MK4;
    /// let people = MK4.nominal().population(500, 42)?;
    /// let slow = people.models().iter().filter(|model| model.half_life() > 12.0).count();
    /// assert!((200..300).contains(&slow));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// No people, or more than ten million.
    pub fn population(&'static self, n: u64, seed: u64) -> Result<Population> {
        let variability = self.variability();
        Population::sample(n, seed, |draw| variability.person(draw))
    }

    fn known(&self, symbol: &str) -> Option<&'static Row> {
        let symbol = if symbol == "v" && self.peripheral.is_some() { "v1" } else { symbol };
        self.rows.iter().find(|row| row.symbol == symbol)
    }

    pub(super) fn half_life_row(&self) -> Option<&'static Row> {
        let symbol = if self.peripheral.is_some() { "t_half_beta" } else { "t_half" };
        self.known(symbol)
    }
}

/// The correlation of the logarithms of clearance and volume that gives the half-life its CV too; the CVs are of clearance,
/// volume and half-life.
pub(super) fn correlation(cvs: [f64; 3]) -> Option<f64> {
    let [cl, v, t_half] = cvs.map(|cv| (cv * cv).ln_1p());
    (cl > 0.0 && v > 0.0).then(|| ((cl + v - t_half) / (2.0 * (cl * v).sqrt())).clamp(-0.95, 0.95))
}

fn range(row: &Row) -> Option<Distribution> {
    let (low, high) = (row.low?, row.high?);
    Some(Triangular { low, mode: row.value, high }.distribution().expect("a test asks it of every row"))
}

impl Variability {
    /// One person.
    ///
    /// # Errors
    /// None that the rows of the sets can cause.
    pub fn person(&self, draw: &mut Draw) -> Result<Model> {
        let [cl, v, ka, tlag, f, q, v2] = draw.factors(&self.omega);
        let p = self.typical;
        let f = (p.f * f).min(1.0);
        let parameters = Parameters { cl: p.cl * cl, v: p.v * v, ka: p.ka * ka, tlag: p.tlag * tlag, f };
        let peripheral = self.peripheral.map(|other| Peripheral { q: other.q * q, v2: other.v2 * v2 });
        self.set.assemble(&parameters, peripheral)
    }

    /// The typical person.
    ///
    /// ```
    /// use menaquinone::vitamer::MK7;
    /// assert_eq!(MK7.nominal().variability().typical()?, MK7.model());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// None that the rows of the sets can cause.
    pub fn typical(&self) -> Result<Model> {
        self.set.assemble(&self.typical, self.peripheral)
    }

    /// The covariance of the logarithms of cl, v (or v1), ka, tlag, f, q and v2.
    pub fn omega(&self) -> &Covariance<7> {
        &self.omega
    }
}

impl Uncertainty {
    /// The people about one typical person who may be the true one.
    pub fn typical(&self, draw: &mut Draw) -> Variability {
        // One number for every row, given or not, so that a range that is added changes no other draw.
        let drawn: [Option<f64>; 8] = std::array::from_fn(|i| {
            let uniform = draw.uniform();
            self.ranges[i].as_ref().map(|range| range.at(uniform))
        });
        let about = self.about;
        let [cl, v, ka, tlag, f, q, v2, t_half] = drawn;
        let p = about.typical;
        let cl = cl.unwrap_or(p.cl);
        let t_half = t_half.unwrap_or_else(|| p.half_life());
        let v = if about.peripheral.is_some() { v.unwrap_or(p.v) } else { cl * t_half / LN_2 };
        let (ka, tlag, f) = (ka.unwrap_or(p.ka), tlag.unwrap_or(p.tlag), f.unwrap_or(p.f));
        let peripheral =
            about.peripheral.map(|other| Peripheral { q: q.unwrap_or(other.q), v2: v2.unwrap_or(other.v2) });
        Variability { typical: Parameters { cl, v, ka, tlag, f }, peripheral, ..about }
    }
}
