//! The numbers of a model by name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::absorption::{Path, Process};
use crate::disposition::Disposition;
use crate::error::{Error, Result};
use crate::model::Model;

/// A number of a model, by the name of its field. Those of an absorption have the number of their path, counted from 0.
///
/// In text it is the name of the field, with the number of the path before it (counted from 1) from the second path on.
///
/// ```
/// use menaquinone::{Parameters, sensitivity::Number};
/// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.5, f: 1.0 }.model()?;
/// let names: Vec<String> = model.numbers().iter().map(|(number, _)| number.to_string()).collect();
/// assert_eq!(names, ["ka", "tlag", "f", "cl", "v", "baseline"]);
/// assert_eq!(model.number(Number::Cl)?, 1.27);
/// let slower = model.with_number("cl".parse()?, 0.9)?;
/// assert_eq!(slower.number(Number::Cl)?, 0.9);
/// assert_eq!(
///     model.number(Number::Q).unwrap_err().to_string(),
///     "the model has no number `q`: its numbers are ka, tlag, f, cl, v and baseline"
/// );
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Number {
    /// The mean transit time of a path, h.
    Mtt(u8),
    /// The absorption rate constant of a path, 1/h.
    Ka(u8),
    /// The time over which a path of zero order absorbs, h.
    Duration(u8),
    /// The lag of a path, h.
    Tlag(u8),
    /// The fraction of a dose that takes a path.
    F(u8),
    /// The clearance, L/h.
    Cl,
    /// The volume of one compartment, L.
    V,
    /// The volume of the plasma, L.
    V1,
    /// The flow between two compartments, L/h.
    Q,
    /// The flow between the plasma and the first of two peripheral compartments, L/h.
    Q2,
    /// The volume of the (first) peripheral compartment, L.
    V2,
    /// The flow between the plasma and the second peripheral compartment, L/h.
    Q3,
    /// The volume of the second peripheral compartment, L.
    V3,
    /// The concentration that the habitual diet keeps, µg/L.
    Baseline,
}

impl Number {
    /// The name of the field, and the path if it has one.
    fn parts(self) -> (&'static str, u8) {
        match self {
            Self::Mtt(path) => ("mtt", path),
            Self::Ka(path) => ("ka", path),
            Self::Duration(path) => ("duration", path),
            Self::Tlag(path) => ("tlag", path),
            Self::F(path) => ("f", path),
            Self::Cl => ("cl", 0),
            Self::V => ("v", 0),
            Self::V1 => ("v1", 0),
            Self::Q => ("q", 0),
            Self::Q2 => ("q2", 0),
            Self::V2 => ("v2", 0),
            Self::Q3 => ("q3", 0),
            Self::V3 => ("v3", 0),
            Self::Baseline => ("baseline", 0),
        }
    }

    /// All that there are, for a path.
    fn all(path: u8) -> [Self; 14] {
        [
            Self::Mtt(path),
            Self::Ka(path),
            Self::Duration(path),
            Self::Tlag(path),
            Self::F(path),
            Self::Cl,
            Self::V,
            Self::V1,
            Self::Q,
            Self::Q2,
            Self::V2,
            Self::Q3,
            Self::V3,
            Self::Baseline,
        ]
    }

    /// Whether it is above zero in every model, so that its logarithm is the natural scale.
    pub fn is_positive(self) -> bool {
        !matches!(self, Self::Tlag(_) | Self::Baseline)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (name, 0) => out.write_str(name),
            (name, path) => write!(out, "{}.{name}", path + 1),
        }
    }
}

impl FromStr for Number {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (path, name) = match text.split_once('.') {
            Some((path, name)) => (path.parse::<u8>().ok().and_then(|path| path.checked_sub(1)), name),
            None => (Some(0), text),
        };
        let of_path = path.map(Self::all);
        let found = of_path.and_then(|all| all.into_iter().find(|number| number.parts() == (name, path.unwrap_or(0))));
        found.ok_or_else(|| {
            let names = Self::all(0).map(|number| number.to_string());
            Error::value(format!(
                "`{text}` is no number of a model: the names are {}, with `2.` before one of the second path",
                names.join(", ")
            ))
        })
    }
}

impl TryFrom<String> for Number {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Number> for String {
    fn from(number: Number) -> Self {
        number.to_string()
    }
}

impl Model {
    /// The numbers of this model with their values, those of the absorption first.
    ///
    /// An endogenous input and the effect of meals are not among them.
    pub fn numbers(&self) -> Vec<(Number, f64)> {
        let mut numbers = Vec::with_capacity(8);
        for (path, of) in (0..=u8::MAX).zip(self.absorption().paths()) {
            match of.process {
                Process::Bolus => {}
                Process::FirstOrder(process) => numbers.push((Number::Ka(path), process.ka)),
                Process::ZeroOrder(process) => numbers.push((Number::Duration(path), process.duration)),
                Process::Transit(process) => {
                    numbers.extend([(Number::Mtt(path), process.mtt), (Number::Ka(path), process.ka)]);
                }
            }
            numbers.extend([(Number::Tlag(path), of.tlag), (Number::F(path), of.f)]);
        }
        match *self.disposition() {
            Disposition::OneCompartment(body) => numbers.extend([(Number::Cl, body.cl), (Number::V, body.v)]),
            Disposition::TwoCompartment(body) => numbers.extend([
                (Number::Cl, body.cl),
                (Number::V1, body.v1),
                (Number::Q, body.q),
                (Number::V2, body.v2),
            ]),
            Disposition::ThreeCompartment(body) => numbers.extend([
                (Number::Cl, body.cl),
                (Number::V1, body.v1),
                (Number::Q2, body.q2),
                (Number::V2, body.v2),
                (Number::Q3, body.q3),
                (Number::V3, body.v3),
            ]),
        }
        numbers.push((Number::Baseline, self.habitual()));
        numbers
    }

    /// The value of one of its numbers.
    ///
    /// # Errors
    /// A number that the model does not have.
    pub fn number(&self, number: Number) -> Result<f64> {
        let numbers = self.numbers();
        numbers.iter().find(|(own, _)| *own == number).map(|(_, value)| *value).ok_or_else(|| {
            // The baseline comes last.
            let names: Vec<String> = numbers[..numbers.len() - 1].iter().map(|(own, _)| own.to_string()).collect();
            Error::value(format!(
                "the model has no number `{number}`: its numbers are {} and baseline",
                names.join(", ")
            ))
        })
    }

    /// This model with another value of one of its numbers.
    ///
    /// # Errors
    /// A number that the model does not have, or a value outside its range.
    pub fn with_number(&self, number: Number, value: f64) -> Result<Self> {
        self.with_numbers([(number, value)])
    }

    /// This model with other values of some of its numbers.
    ///
    /// # Errors
    /// A number that the model does not have, or a value outside its range.
    pub fn with_numbers(&self, numbers: impl IntoIterator<Item = (Number, f64)>) -> Result<Self> {
        let (mut absorption, mut disposition) = (self.absorption().clone(), *self.disposition());
        let mut habitual = self.habitual();
        for (number, value) in numbers {
            let known = match number {
                Number::Baseline => Some(&mut habitual),
                Number::Mtt(path)
                | Number::Ka(path)
                | Number::Duration(path)
                | Number::Tlag(path)
                | Number::F(path) => {
                    absorption.paths_mut().get_mut(usize::from(path)).and_then(|path| place_in_path(path, number))
                }
                _ => place_in_body(&mut disposition, number),
            };
            match known {
                Some(place) => *place = value,
                None => return self.number(number).map(|_| self.clone()),
            }
        }
        self.with_parts(absorption, disposition, habitual)
    }
}

fn place_in_path(path: &mut Path, number: Number) -> Option<&mut f64> {
    match (number, &mut path.process) {
        (Number::Tlag(_), _) => Some(&mut path.tlag),
        (Number::F(_), _) => Some(&mut path.f),
        (Number::Ka(_), Process::FirstOrder(process)) => Some(&mut process.ka),
        (Number::Ka(_), Process::Transit(process)) => Some(&mut process.ka),
        (Number::Mtt(_), Process::Transit(process)) => Some(&mut process.mtt),
        (Number::Duration(_), Process::ZeroOrder(process)) => Some(&mut process.duration),
        _ => None,
    }
}

fn place_in_body(body: &mut Disposition, number: Number) -> Option<&mut f64> {
    match (number, body) {
        (Number::Cl, Disposition::OneCompartment(body)) => Some(&mut body.cl),
        (Number::V, Disposition::OneCompartment(body)) => Some(&mut body.v),
        (Number::Cl, Disposition::TwoCompartment(body)) => Some(&mut body.cl),
        (Number::V1, Disposition::TwoCompartment(body)) => Some(&mut body.v1),
        (Number::Q, Disposition::TwoCompartment(body)) => Some(&mut body.q),
        (Number::V2, Disposition::TwoCompartment(body)) => Some(&mut body.v2),
        (Number::Cl, Disposition::ThreeCompartment(body)) => Some(&mut body.cl),
        (Number::V1, Disposition::ThreeCompartment(body)) => Some(&mut body.v1),
        (Number::Q2, Disposition::ThreeCompartment(body)) => Some(&mut body.q2),
        (Number::V2, Disposition::ThreeCompartment(body)) => Some(&mut body.v2),
        (Number::Q3, Disposition::ThreeCompartment(body)) => Some(&mut body.q3),
        (Number::V3, Disposition::ThreeCompartment(body)) => Some(&mut body.v3),
        _ => None,
    }
}
