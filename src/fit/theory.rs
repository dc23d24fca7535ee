//! A model with unknowns.

use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

use super::effect::Entry;
use super::name::{Label, Name};
use super::parts::Part;
use super::unknown::{Unknown, fixed};
use crate::absorption::Absorption;
use crate::assay::ResidualError;
use crate::disposition::Disposition;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::number::Number;
use crate::records::Inlet;

/// How a sum of squares is weighted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Weights {
    /// All alike.
    Equal,
    /// By one over the measured level.
    OverLevel,
    /// By one over its square.
    OverSquare,
    /// By one over the square of the standard deviation that each sample has of its own ([`Samples::with_sd`](super::Samples::with_sd)).
    OverSd,
    /// By one over the square of the predicted level. It is the sum of squares of `(measured - predicted) / predicted` that is made least.
    OverPrediction,
}

/// How far off a sample may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Off {
    /// Not known: least squares, whose scale the data give.
    Squares(Weights),
    Error(ResidualError<Unknown>),
    /// The variance as a function of the predicted level.
    Variance(Variance),
    /// The standard deviation that each sample has of its own.
    Own,
}

/// A variance as a function of the predicted level, of a caller's own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variance(pub(super) fn(f64) -> f64);

impl PartialEq for Variance {
    /// Functions are never known to be equal.
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

impl Variance {
    /// The variance at a level with its first two derivatives: differences of the fourth order of this function alone.
    pub(super) fn at(self, level: f64) -> [f64; 3] {
        let step = 1e-3 * level.abs().max(1e-6);
        let [far, near, own, next, last] = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|k| (self.0)(level + k * step));
        let first = (8.0 * (next - near) - (last - far)) / (12.0 * step);
        let second = (16.0 * (next + near) - (last + far) - 30.0 * own) / (12.0 * step * step);
        [own, first, second]
    }
}

/// A model some of whose numbers are not known, and what is known of the error of its samples.
///
/// ```
/// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, fit::{Theory, fixed, free}};
/// let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(1.2), v: free(150.0) })?
///     .with_error(ResidualError::Proportional { cv: free(0.15) })?;
/// let names: Vec<String> = theory.free().iter().map(|(name, _)| name.to_string()).collect();
/// assert_eq!(names, ["ka", "cl", "v", "cv"]);
///
/// let error = Theory::new(FirstOrder { ka: fixed(1.0) }, OneCompartment { cl: free(-1.2), v: free(150.0) }).unwrap_err();
/// assert_eq!(error.to_string(), "cl is -1.2 L/h, but it must be a positive, finite number");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Theory {
    /// The model at the start.
    pub(super) template: Model,
    pub(super) unknowns: Vec<(Name, Unknown)>,
    /// How they depend on covariates.
    pub(super) effects: Vec<Entry>,
    pub(super) off: Off,
    /// The covariance of the deviations of what varies, if it is not diagonal.
    pub(super) omega: Option<DMatrix<f64>>,
    /// Whether no level can lie below zero, so that errors are those of a normal distribution cut off there.
    pub(super) above_zero: bool,
    /// The column that says which occasion a record belongs to.
    pub(super) occasions: Label,
    /// How doses of tables enter compartments, beside what the model says.
    pub(super) inlets: Vec<(u32, Inlet)>,
    /// The errors of samples of a kind.
    pub(super) kinds: Vec<(u32, ResidualError<Unknown>)>,
    /// The path that takes what the others leave of a dose.
    pub(super) rest: Option<u8>,
}

impl Theory {
    /// A theory of an absorption and a disposition whose fields are [`free`](super::free), [`fixed`] or plain numbers; least squares with equal
    /// weights until it is told of an error.
    ///
    /// # Errors
    /// A start that is outside its limits, or that no model can have.
    pub fn new(absorption: impl Into<Part<Absorption>>, disposition: impl Into<Part<Disposition>>) -> Result<Self> {
        let (absorption, disposition) = (absorption.into(), disposition.into());
        let template = Model::new(absorption.plain, disposition.plain)?;
        let unknowns = absorption.unknowns.into_iter().chain(disposition.unknowns).collect();
        Self { unknowns, ..Self::of(template) }.checked()
    }

    /// A theory of a model all of whose numbers are known, to be told which are not by [`with`](Self::with): for any model, also one with parallel
    /// paths.
    pub fn of(model: Model) -> Self {
        Self {
            template: model,
            unknowns: Vec::new(),
            effects: Vec::new(),
            off: Off::Squares(Weights::Equal),
            omega: None,
            above_zero: false,
            occasions: Label::OCC,
            inlets: Vec::new(),
            kinds: Vec::new(),
            rest: None,
        }
    }

    /// This theory with a number of the model as an unknown.
    ///
    /// ```
    /// use menaquinone::{fit::{Theory, free}, sensitivity::Number, vitamer::MK7};
    /// let theory = Theory::of(MK7.model()).with(Number::Cl, free(1.2))?.with(Number::Baseline, free(0.3))?;
    /// assert_eq!(theory.free().len(), 2);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A number that the model does not have, or a start that it cannot have.
    pub fn with(mut self, number: Number, unknown: impl Into<Unknown>) -> Result<Self> {
        let unknown = unknown.into();
        if self.rest.is_some_and(|path| number == Number::F(path)) {
            return Err(Error::value(format!(
                "{number} is the rest of a dose in this theory (Theory::with_rest_by): name another fraction"
            )));
        }
        let (name, changed) = (Name::Number(number), (number, unknown.start()));
        let rest = self.rest(Some(changed))?;
        self.template = self.template.with_numbers(std::iter::once(changed).chain(rest))?;
        self.unknowns.retain(|(own, _)| *own != name);
        self.unknowns.push((name, unknown));
        self.checked()
    }

    /// This theory with an error of its samples, whose numbers may be unknown too.
    ///
    /// # Errors
    /// An error that cannot be.
    pub fn with_error(mut self, error: impl Into<ResidualError<Unknown>>) -> Result<Self> {
        let error = error.into();
        let plain = match error {
            ResidualError::Proportional { cv } => ResidualError::Proportional { cv: cv.start() },
            ResidualError::LogNormal { cv } => ResidualError::LogNormal { cv: cv.start() },
            ResidualError::Additive { sd } => ResidualError::Additive { sd: sd.start() },
            ResidualError::Combined { cv, sd } => ResidualError::Combined { cv: cv.start(), sd: sd.start() },
            ResidualError::CombinedSd { cv, sd } => ResidualError::CombinedSd { cv: cv.start(), sd: sd.start() },
            ResidualError::Power { cv, exponent } => ResidualError::Power { cv: cv.start(), exponent },
        };
        plain.assay()?;
        self.off = Off::Error(error);
        self.checked()
    }

    /// This theory with a residual variance of your own: a function of the predicted level, µg²/L². It knows no numbers to be found. Derivatives by
    /// the level are differences of the fourth order of this function alone.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, fit::{Sampled, Samples, Theory, free}};
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_variance(|level| 0.01 + 0.02 * level.powf(1.5));
    /// let samples = Samples::new(&[1.0, 2.0, 4.0, 8.0], &[9.1, 8.0, 6.8, 4.4])?;
    /// assert!(theory.fit(&Sampled::new(Dose::iv(100.0).at(0.0), samples))?.settled());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn with_variance(self, variance: fn(f64) -> f64) -> Self {
        Self { off: Off::Variance(Variance(variance)), ..self }
    }

    /// This theory by least squares with other weights.
    #[must_use]
    pub fn with_weights(self, weights: Weights) -> Self {
        Self { off: Off::Squares(weights), ..self }
    }

    pub(super) fn checked(self) -> Result<Self> {
        for (name, unknown) in self.all() {
            unknown.check(&name.to_string())?;
        }
        Ok(self)
    }

    /// All its numbers, those of the error last.
    fn all(&self) -> Vec<(Name, Unknown)> {
        let mut all = self.unknowns.clone();
        all.extend(self.effects.iter().map(|effect| (effect.name(), effect.unknown)));
        if let Off::Error(error) = self.off {
            all.extend(numbers_of(error, Name::Cv, Name::Sd));
        }
        for (kind, error) in &self.kinds {
            all.extend(numbers_of(*error, Name::CvOf(*kind), Name::SdOf(*kind)));
        }
        all
    }

    /// What is to be found: names and unknowns, those of the error last.
    pub fn free(&self) -> Vec<(Name, Unknown)> {
        self.all().into_iter().filter(|(_, unknown)| unknown.is_free()).collect()
    }

    /// The model at the values to start from.
    pub fn start(&self) -> &Model {
        &self.template
    }
}

/// The numbers of an error by their names.
fn numbers_of(error: ResidualError<Unknown>, its_cv: Name, its_sd: Name) -> Vec<(Name, Unknown)> {
    match error {
        ResidualError::Proportional { cv } | ResidualError::LogNormal { cv } | ResidualError::Power { cv, .. } => {
            vec![(its_cv, cv)]
        }
        ResidualError::Additive { sd } => vec![(its_sd, sd)],
        ResidualError::Combined { cv, sd } | ResidualError::CombinedSd { cv, sd } => vec![(its_cv, cv), (its_sd, sd)],
    }
}

impl From<ResidualError> for ResidualError<Unknown> {
    fn from(error: ResidualError) -> Self {
        match error {
            ResidualError::Proportional { cv } => Self::Proportional { cv: fixed(cv) },
            ResidualError::LogNormal { cv } => Self::LogNormal { cv: fixed(cv) },
            ResidualError::Additive { sd } => Self::Additive { sd: fixed(sd) },
            ResidualError::Combined { cv, sd } => Self::Combined { cv: fixed(cv), sd: fixed(sd) },
            ResidualError::CombinedSd { cv, sd } => Self::CombinedSd { cv: fixed(cv), sd: fixed(sd) },
            ResidualError::Power { cv, exponent } => Self::Power { cv: fixed(cv), exponent },
        }
    }
}
