//! What unknowns are called.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};
use crate::sensitivity::Number;

/// What an unknown is called: the name of its field.
///
/// In text an effect is `cl~WT`, with the category where there are several (`cl~SEX=2`), the deviation of an occasion is `cl@2`, that of a
/// person `eta(cl)`, and the error of samples of a kind `cv#2`.
///
/// ```
/// use menaquinone::fit::Name;
/// for text in ["ka", "2.ka", "t_half", "cv", "cl~WT", "v~SEX=2", "cl@3", "eta(cl)", "sd#2"] {
///     assert_eq!(text.parse::<Name>()?.to_string(), text);
/// }
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// A number of the model.
    Number(Number),
    /// The half-life of a body given by half-life and volume, h.
    HalfLife,
    /// The elimination rate constant of a body given by rates, 1/h.
    Ke,
    /// The rate from the plasma to the peripheral compartment, 1/h.
    K12,
    /// The rate back, 1/h.
    K21,
    /// The coefficient of variation of the residual error.
    Cv,
    /// The standard deviation of the residual error, µg/L.
    Sd,
    /// The coefficient of variation of the residual error of samples of a kind (DVID).
    CvOf(u32),
    /// The standard deviation of the residual error of samples of a kind (DVID), µg/L.
    SdOf(u32),
    /// The number of the effect that a covariate has on another.
    Effect(Dependence),
    /// The deviation of a number on an occasion.
    Occasion(Basis, u32),
    /// The deviation of a person, where it is sought beside the typical number.
    Deviation(Basis),
}

/// A number that people may vary in, and that may depend on covariates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A number of the model.
    Number(Number),
    /// The half-life of a body given by half-life and volume, h.
    HalfLife,
    /// The elimination rate constant of a body given by rates, 1/h.
    Ke,
    /// The rate from the plasma to the peripheral compartment, 1/h.
    K12,
    /// The rate back, 1/h.
    K21,
}

/// What depends on which covariate, and of a covariate of categories the category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dependence {
    /// What depends.
    pub on: Basis,
    /// The covariate.
    pub covariate: Label,
    /// The category.
    pub category: Option<i32>,
}

/// The name of a covariate, of at most 31 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Label {
    bytes: [u8; 31],
    length: u8,
}

impl Label {
    /// The usual column of occasions.
    pub(super) const OCC: Self = {
        let mut bytes = [0; 31];
        (bytes[0], bytes[1], bytes[2]) = (b'O', b'C', b'C');
        Self { bytes, length: 3 }
    };

    /// A name.
    ///
    /// # Errors
    /// One that is empty, longer than 31 bytes, or has `~`, `@`, `=` or a space in it.
    pub fn new(name: &str) -> Result<Self> {
        let good = !name.is_empty() && name.len() <= 31 && !name.contains(['~', '@', '=', ' ']);
        let Some(length) = u8::try_from(name.len()).ok().filter(|_| good) else {
            return Err(Error::value(format!(
                "the name of a covariate is `{name}`, but it must have 1 to 31 bytes, and none of `~`, `@`, `=` and spaces: rename the column"
            )));
        };
        let mut bytes = [0; 31];
        bytes[..name.len()].copy_from_slice(name.as_bytes());
        Ok(Self { bytes, length })
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), out)
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(out),
            Self::HalfLife => out.write_str("t_half"),
            Self::Ke => out.write_str("ke"),
            Self::K12 => out.write_str("k12"),
            Self::K21 => out.write_str("k21"),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cv => out.write_str("cv"),
            Self::Sd => out.write_str("sd"),
            Self::CvOf(kind) => write!(out, "cv#{kind}"),
            Self::SdOf(kind) => write!(out, "sd#{kind}"),
            Self::Effect(Dependence { on, covariate, category: None }) => write!(out, "{on}~{}", covariate.as_str()),
            Self::Effect(Dependence { on, covariate, category: Some(category) }) => {
                write!(out, "{on}~{}={category}", covariate.as_str())
            }
            Self::Occasion(on, occasion) => write!(out, "{on}@{occasion}"),
            Self::Deviation(on) => write!(out, "eta({on})"),
            _ => self.basis().map_or(Ok(()), |basis| basis.fmt(out)),
        }
    }
}

impl Name {
    /// Whether it is a number of the residual error.
    pub fn is_of_error(self) -> bool {
        matches!(self, Self::Cv | Self::Sd | Self::CvOf(_) | Self::SdOf(_))
    }

    /// The number that people may vary in, if it is one.
    pub fn basis(self) -> Option<Basis> {
        match self {
            Self::Number(number) => Some(Basis::Number(number)),
            Self::HalfLife => Some(Basis::HalfLife),
            Self::Ke => Some(Basis::Ke),
            Self::K12 => Some(Basis::K12),
            Self::K21 => Some(Basis::K21),
            Self::Cv
            | Self::Sd
            | Self::CvOf(_)
            | Self::SdOf(_)
            | Self::Effect(_)
            | Self::Occasion(..)
            | Self::Deviation(_) => None,
        }
    }
}

impl From<Number> for Name {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<Basis> for Name {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::Number(number) => Self::Number(number),
            Basis::HalfLife => Self::HalfLife,
            Basis::Ke => Self::Ke,
            Basis::K12 => Self::K12,
            Basis::K21 => Self::K21,
        }
    }
}

impl FromStr for Name {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let basis = |text: &str| -> Result<Basis> {
            text.parse::<Self>()?.basis().ok_or_else(|| Error::value(format!("`{text}` is not a number of a body")))
        };
        if let Some((on, covariate)) = text.split_once('~') {
            let (name, category) = match covariate.split_once('=') {
                Some((name, category)) => {
                    let bad = || Error::value(format!("the category `{category}` of `{text}` is not a whole number"));
                    (name, Some(category.parse().map_err(|_| bad())?))
                }
                None => (covariate, None),
            };
            return Ok(Self::Effect(Dependence { on: basis(on)?, covariate: Label::new(name)?, category }));
        }
        if let Some((on, occasion)) = text.split_once('@') {
            let bad = || Error::value(format!("the occasion `{occasion}` of `{text}` is not a whole number"));
            return Ok(Self::Occasion(basis(on)?, occasion.parse().map_err(|_| bad())?));
        }
        if let Some((which @ ("cv" | "sd"), kind)) = text.split_once('#') {
            let bad = || Error::value(format!("the kind `{kind}` of `{text}` is not a whole number"));
            let kind = kind.parse().map_err(|_| bad())?;
            return Ok(if which == "cv" { Self::CvOf(kind) } else { Self::SdOf(kind) });
        }
        if let Some(on) = text.strip_prefix("eta(").and_then(|rest| rest.strip_suffix(')')) {
            return Ok(Self::Deviation(basis(on)?));
        }
        Ok(match text {
            "t_half" => Self::HalfLife,
            "ke" => Self::Ke,
            "k12" => Self::K12,
            "k21" => Self::K21,
            "cv" => Self::Cv,
            "sd" => Self::Sd,
            _ => Self::Number(text.parse()?),
        })
    }
}
