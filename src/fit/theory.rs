//! A model with unknowns.

use nalgebra::DMatrix;
use smallvec::smallvec;

use super::parts::{Name, Part};
use super::plan::{DERIVED, Derived, volume};
use super::unknown::{Unknown, fixed};
use crate::absorption::Absorption;
use crate::assay::ResidualError;
use crate::disposition::Disposition;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::number::Number;
use crate::sensitivity::{Jet, Space};

/// How a sum of squares is weighted.
#[derive(Debug, Clone, Copy, PartialEq)]
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
#[derive(Debug, Clone)]
pub struct Theory {
    /// The model at the start.
    template: Model,
    unknowns: Vec<(Name, Unknown)>,
    pub(super) off: Off,
    /// The covariance of the deviations of what varies, if it is not diagonal.
    omega: Option<DMatrix<f64>>,
    /// Whether no level can lie below zero, so that errors are those of a normal distribution cut off there.
    pub(super) above_zero: bool,
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
        Self { template, unknowns, off: Off::Squares(Weights::Equal), omega: None, above_zero: false }.checked()
    }

    /// A theory of a model all of whose numbers are known, to be told which are not by [`with`](Self::with): for any model, also one with parallel
    /// paths.
    pub fn of(model: Model) -> Self {
        Self {
            template: model,
            unknowns: Vec::new(),
            off: Off::Squares(Weights::Equal),
            omega: None,
            above_zero: false,
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
        self.template = self.template.with_number(number, unknown.start())?;
        let name = Name::Number(number);
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

    fn checked(self) -> Result<Self> {
        for (name, unknown) in self.all() {
            unknown.check(&name.to_string())?;
        }
        Ok(self)
    }

    /// All its numbers, those of the error last.
    fn all(&self) -> Vec<(Name, Unknown)> {
        let mut all = self.unknowns.clone();
        if let Off::Error(error) = self.off {
            match error {
                ResidualError::Proportional { cv }
                | ResidualError::LogNormal { cv }
                | ResidualError::Power { cv, .. } => {
                    all.push((Name::Cv, cv));
                }
                ResidualError::Additive { sd } => all.push((Name::Sd, sd)),
                ResidualError::Combined { cv, sd } | ResidualError::CombinedSd { cv, sd } => {
                    all.extend([(Name::Cv, cv), (Name::Sd, sd)]);
                }
            }
        }
        all
    }

    /// What is to be found: names and unknowns, those of the error last.
    pub fn free(&self) -> Vec<(Name, Unknown)> {
        self.all().into_iter().filter(|(_, unknown)| unknown.is_free()).collect()
    }

    /// What varies between people: names and unknowns.
    pub fn varying(&self) -> Vec<(Name, Unknown)> {
        self.unknowns.iter().copied().filter(|(_, unknown)| unknown.cv() > 0.0).collect()
    }

    /// This theory with the covariance (omega) of the logarithms of what varies, row by row in the order of [`varying`](Self::varying), in place of
    /// the variances `ln(1 + cv^2)` of its CVs.
    ///
    /// ```
    /// use menaquinone::{FirstOrder, OneCompartment, fit::{Theory, fixed}};
    /// let (cl, v) = (fixed(1.27).varying(0.35), fixed(154.0).varying(0.35));
    /// let theory = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl, v })?.with_omega(&[[0.12, 0.06], [0.06, 0.12]])?;
    /// assert_eq!(theory.varying().len(), 2);
    /// let error = theory.with_omega(&[[0.1, 0.2], [0.2, 0.1]]).unwrap_err();
    /// assert_eq!(error.to_string(), "the covariance of cl, v is not positive definite: no deviations can vary together like that");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// Another number of rows or columns than numbers that vary, a matrix that is not symmetric or not positive definite.
    pub fn with_omega<R: AsRef<[f64]>>(mut self, rows: &[R]) -> Result<Self> {
        let names: Vec<String> = self.varying().iter().map(|(name, _)| name.to_string()).collect();
        let n = names.len();
        if rows.len() != n || rows.iter().any(|row| row.as_ref().len() != n) {
            return Err(Error::value(format!(
                "the covariance has {} rows, but {n} numbers vary ({}): give {n} rows of {n} numbers",
                rows.len(),
                names.join(", ")
            )));
        }
        let omega = DMatrix::from_fn(n, n, |i, j| rows[i].as_ref()[j]);
        if omega != omega.transpose() {
            return Err(Error::value(format!("the covariance of {} is not symmetric", names.join(", "))));
        }
        if omega.clone().cholesky().is_none() {
            return Err(Error::value(format!(
                "the covariance of {} is not positive definite: no deviations can vary together like that",
                names.join(", ")
            )));
        }
        self.omega = Some(omega);
        Ok(self)
    }

    /// The covariance of the logarithms of what varies.
    pub(super) fn omega(&self) -> DMatrix<f64> {
        let cvs: Vec<f64> = self.varying().iter().map(|(_, unknown)| unknown.cv()).collect();
        let diagonal =
            || DMatrix::from_fn(cvs.len(), cvs.len(), |i, j| if i == j { (cvs[i] * cvs[i]).ln_1p() } else { 0.0 });
        self.omega.clone().unwrap_or_else(diagonal)
    }

    /// The theory of one person: what varies is to be found from its median on, and all else is known.
    pub(super) fn personal(&self) -> Self {
        let mut own = self.clone();
        for (_, unknown) in &mut own.unknowns {
            *unknown = if unknown.cv() > 0.0 { super::free(unknown.start()) } else { fixed(unknown.start()) };
        }
        if let Off::Error(error) = own.off {
            let known = |unknown: Unknown| fixed(unknown.start());
            own.off = Off::Error(match error {
                ResidualError::Proportional { cv } => ResidualError::Proportional { cv: known(cv) },
                ResidualError::LogNormal { cv } => ResidualError::LogNormal { cv: known(cv) },
                ResidualError::Additive { sd } => ResidualError::Additive { sd: known(sd) },
                ResidualError::Combined { cv, sd } => ResidualError::Combined { cv: known(cv), sd: known(sd) },
                ResidualError::CombinedSd { cv, sd } => ResidualError::CombinedSd { cv: known(cv), sd: known(sd) },
                ResidualError::Power { cv, exponent } => ResidualError::Power { cv: known(cv), exponent },
            });
        }
        own
    }

    /// The theory of the numbers that one person has: all that is free or varies is to be found, on the scale on which it varies, and the
    /// error is known.
    pub(super) fn joint(&self) -> Self {
        let mut joint = self.personal();
        for ((_, own), (_, unknown)) in joint.unknowns.iter_mut().zip(&self.unknowns) {
            *own = if unknown.is_free() { *unknown } else { *own };
        }
        joint
    }

    /// This theory that starts from values of some of its numbers, and from a covariance of what varies.
    pub(super) fn estimated(&self, names: &[(Name, Unknown)], values: &[f64], omega: &DMatrix<f64>) -> Result<Self> {
        let mut other = self.clone();
        let now = |name: Name| names.iter().position(|(own, _)| *own == name).map(|place| values[place]);
        for (name, unknown) in &mut other.unknowns {
            *unknown = now(*name).map_or(*unknown, |value| unknown.from(value));
        }
        let error = |name: Name, unknown: Unknown| now(name).map_or(unknown, |value| unknown.from(value));
        if let Off::Error(own) = other.off {
            let (cv, sd) = (|unknown| error(Name::Cv, unknown), |unknown| error(Name::Sd, unknown));
            other.off = Off::Error(match own {
                ResidualError::Proportional { cv: share } => ResidualError::Proportional { cv: cv(share) },
                ResidualError::LogNormal { cv: share } => ResidualError::LogNormal { cv: cv(share) },
                ResidualError::Additive { sd: spread } => ResidualError::Additive { sd: sd(spread) },
                ResidualError::Combined { cv: share, sd: spread } => {
                    ResidualError::Combined { cv: cv(share), sd: sd(spread) }
                }
                ResidualError::CombinedSd { cv: share, sd: spread } => {
                    ResidualError::CombinedSd { cv: cv(share), sd: sd(spread) }
                }
                ResidualError::Power { cv: share, exponent } => ResidualError::Power { cv: cv(share), exponent },
            });
        }
        let all: Vec<(Name, Jet)> =
            other.unknowns.iter().map(|(name, unknown)| (*name, smallvec![unknown.start()])).collect();
        let numbers = other.numbers(PLAIN, &all).into_iter().map(|(number, jet)| (number, jet[0]));
        other.template = other.template.with_numbers(numbers)?;
        other.omega = Some(omega.clone());
        Ok(other)
    }

    /// The model at the values to start from.
    pub fn start(&self) -> &Model {
        &self.template
    }

    /// The model at values of what is to be found, in the order of [`free`](Self::free).
    ///
    /// # Errors
    /// Another number of values, or values that no model can have.
    pub fn model(&self, values: &[f64]) -> Result<Model> {
        let free = self.free();
        if values.len() != free.len() {
            return Err(Error::value(format!(
                "{} values were given for the {} unknowns of the theory",
                values.len(),
                free.len()
            )));
        }
        let known = |(name, unknown): &(Name, Unknown)| {
            let at = free.iter().position(|(own, _)| own == name);
            (*name, smallvec![at.map_or(unknown.start(), |at| values[at])])
        };
        let all: Vec<(Name, Jet)> = self.unknowns.iter().map(known).collect();
        self.template.with_numbers(self.numbers(PLAIN, &all).into_iter().map(|(number, jet)| (number, jet[0])))
    }

    /// The numbers of the model that the unknowns set, with derivatives: those named, and those that rates and half-lives give.
    fn numbers(&self, space: Space, all: &[(Name, Jet)]) -> Vec<(Number, Jet)> {
        let own = |name: Name| all.iter().find(|(own, _)| *own == name).map(|(_, jet)| jet.clone());
        let named = |(name, jet): &(Name, Jet)| {
            if let Name::Number(number) = name { Some((*number, jet.clone())) } else { None }
        };
        let mut numbers: Vec<(Number, Jet)> = all.iter().filter_map(named).collect();
        let volume = volume(|name| own(name).is_some());
        let v = volume.and_then(own).unwrap_or_else(|| space.constant(self.template.disposition().v1()));
        for Derived { number, factor, powers } in DERIVED {
            let jets: Option<Vec<Jet>> = powers.iter().map(|(name, _)| own(*name)).collect();
            let mut product = v.clone();
            for (jet, (_, power)) in jets.iter().flatten().zip(powers.iter()) {
                product = space.product(&product, &if *power < 0 { space.inverse(jet) } else { jet.clone() });
            }
            if jets.is_some() {
                product.iter_mut().for_each(|value| *value *= factor);
                numbers.push((*number, product));
            }
        }
        numbers
    }

    /// All of the model that is not as a matter of course what it is at the start.
    pub(super) fn unknowns(&self) -> &[(Name, Unknown)] {
        &self.unknowns
    }

    /// The coordinates of the start.
    pub(super) fn coordinates(&self) -> Vec<f64> {
        self.free().iter().map(|(_, unknown)| unknown.coordinate(unknown.start())).collect()
    }

    /// The values at coordinates.
    pub(super) fn values(&self, x: &[f64]) -> Vec<f64> {
        self.free().iter().zip(x).map(|((_, unknown), x)| unknown.value(*x)[0]).collect()
    }
}

/// No derivatives.
const PLAIN: Space = Space { unknowns: 0, second: false };

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
