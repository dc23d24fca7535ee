//! A theory as it is written down: a file that people read and write by hand.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::effect::{Effect, SHAPES};
use super::name::{Dependence, Name};
use super::named::{model_of, prefixed};
use super::theory::{Off, Theory, Weights};
use super::unknown::{Deviation, Unknown, fixed, free};
use crate::absorption::Process;
use crate::assay::ResidualError;
use crate::error::{Error, Result};
use crate::number::Number;

/// As a file that people read and write by hand: `{ free = 1.5, varying = 0.3 }` is `free(1.5).varying(0.3)`. The order of what is to be found is
/// that of the model's numbers, whatever that in the file is.
///
/// ```toml
/// [numbers]
/// ka = { free = 1.5, varying = 0.6 }
/// cl = { free = 3.0, varying = 0.3 }
/// v = { free = 30.0, varying = 0.1 }
/// tlag = 0.5
/// [effects]
/// "cl~WT" = { at = 70.0, power = 0.75 }
/// [error]
/// proportional = { cv = { free = 0.15 } }
/// ```
impl Serialize for Theory {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        Written::try_from(self.clone()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Theory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Written::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}

/// A theory in a file. Numbers, effects and pairs are under their names; what is not known is `{ free = 1.5, varying = 0.3 }`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    numbers: BTreeMap<String, Cell>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    effects: BTreeMap<String, WrittenEffect>,
    /// The variances and covariances of deviations, `"cl v" = 0.06`, in place of those that the CVs give.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    covariance: BTreeMap<String, f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    occasions: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<ResidualError<Cell>>,
    /// The errors of samples of a kind (DVID), by the kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    errors: BTreeMap<String, ResidualError<Cell>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weights: Option<Weights>,
    /// Whether no level can lie below zero (M4).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    levels_above_zero: bool,
}

/// A number: known, or with what is not.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number, or one that is sought such as { free = 1.5, varying = 0.3 }")]
pub(super) enum Cell {
    Known(f64),
    Unknown(Sought),
}

/// What is said of an unknown; the words are those of the methods.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Sought {
    #[serde(skip_serializing_if = "Option::is_none")]
    free: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<[f64; 2]>,
    /// The one end of a number that has no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    above: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    varying: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    varying_normally: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    varying_by_logit: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    varying_within: Option<f64>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenEffect {
    at: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    power: Option<Cell>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exponential: Option<Cell>,
    #[serde(skip_serializing_if = "Option::is_none")]
    linear: Option<Cell>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    factors: BTreeMap<String, Cell>,
}

impl From<Unknown> for Cell {
    fn from(unknown: Unknown) -> Self {
        let (start, varies) = (unknown.start(), unknown.cv() > 0.0 || unknown.cv_within() > 0.0);
        let is_free = unknown.is_free();
        if !is_free && !varies && unknown == fixed(start) {
            return Self::Known(start);
        }
        let plain = if is_free { free(start) } else { fixed(start) };
        let (low, high) = unknown.ends();
        let differ = unknown.ends() != plain.ends();
        let some = |law: Deviation| Some(unknown.cv()).filter(|cv| *cv > 0.0 && unknown.deviation() == law);
        Self::Unknown(Sought {
            free: Some(start).filter(|_| is_free),
            fixed: Some(start).filter(|_| !is_free),
            within: Some([low, high]).filter(|_| differ && high.is_finite()),
            above: Some(low).filter(|_| differ && low.is_finite() && !high.is_finite()),
            varying: some(Deviation::LogNormal),
            varying_normally: some(Deviation::Normal),
            varying_by_logit: some(Deviation::Logit),
            varying_within: Some(unknown.cv_within()).filter(|cv| *cv > 0.0),
        })
    }
}

impl Cell {
    fn unknown(self, name: &str) -> Result<Unknown> {
        let sought = match self {
            Self::Known(value) => return Ok(fixed(value)),
            Self::Unknown(sought) => sought,
        };
        let mut unknown = match (sought.free, sought.fixed) {
            (Some(start), None) => free(start),
            (None, Some(value)) => fixed(value),
            _ => {
                return Err(Error::value(format!(
                    "{name} must say either `free`, with where to start, or `fixed`, with the value"
                )));
            }
        };
        if let Some([low, high]) = sought.within {
            unknown = unknown.within(low..=high);
        }
        if let Some(low) = sought.above {
            unknown = unknown.within(low..=f64::INFINITY);
        }
        let laws = [sought.varying, sought.varying_normally, sought.varying_by_logit];
        unknown = match laws {
            [None, None, None] => unknown,
            [Some(cv), None, None] => unknown.varying(cv),
            [None, Some(sd), None] => unknown.varying_normally(sd),
            [None, None, Some(sd)] => unknown.varying_by_logit(sd),
            _ => {
                return Err(Error::value(format!(
                    "{name} varies in two ways: keep one of varying, varying_normally and varying_by_logit"
                )));
            }
        };
        Ok(sought.varying_within.map_or(unknown, |spread| unknown.varying_within(spread)))
    }
}

impl TryFrom<Theory> for Written {
    type Error = Error;

    fn try_from(theory: Theory) -> Result<Self> {
        let model = &theory.template;
        if model.meal_effect().is_some()
            || model.endogenous() != 0.0
            || !theory.inlets.is_empty()
            || theory.rest.is_some()
        {
            return Err(Error::value(
                "a theory with the effect of meals, an endogenous input, inlets or a path that takes the rest cannot be written down: keep it in code",
            ));
        }
        let mut numbers = BTreeMap::new();
        let by_rates = theory.unknowns.iter().any(|(name, _)| matches!(name, Name::Ke | Name::HalfLife));
        for (number, value) in model.numbers() {
            let follows = by_rates && matches!(number, Number::Cl | Number::Q | Number::V2);
            let usual = matches!(number, Number::Tlag(_) | Number::Baseline) && value == 0.0
                || matches!(number, Number::F(_)) && value == 1.0;
            if !follows && !usual {
                numbers.insert(number.to_string(), Cell::Known(value));
            }
        }
        for (path, of) in model.absorption().paths().iter().enumerate() {
            if let Process::Transit(process) = of.process {
                numbers.insert(prefixed(path, "steps"), Cell::Known(f64::from(process.steps)));
            }
        }
        for (name, unknown) in &theory.unknowns {
            numbers.insert(name.to_string(), (*unknown).into());
        }
        let mut effects: BTreeMap<String, WrittenEffect> = BTreeMap::new();
        for effect in &theory.effects {
            let Dependence { on, covariate, category } = effect.dependence;
            let own = effects.entry(format!("{on}~{}", covariate.as_str())).or_default();
            let cell = Some(effect.unknown.into());
            own.at = if category.is_some() { effect.reference } else { effect.at };
            match (effect.shape.name, category) {
                (_, Some(category)) => {
                    own.factors.insert(category.to_string(), effect.unknown.into());
                }
                ("power", _) => own.power = cell,
                ("exponential", _) => own.exponential = cell,
                _ => own.linear = cell,
            }
        }
        let (varying, mut covariance) = (theory.varying(), BTreeMap::new());
        if let Some(omega) = &theory.omega {
            for (i, (one, _)) in varying.iter().enumerate() {
                for (j, (other, _)) in varying.iter().enumerate().take(i + 1) {
                    if omega[(i, j)] != 0.0 {
                        covariance.insert(format!("{other} {one}"), omega[(i, j)]);
                    }
                }
            }
        }
        let (error, weights) = match theory.off {
            Off::Squares(weights) => (None, Some(weights).filter(|weights| *weights != Weights::Equal)),
            Off::Error(error) => (Some(error.try_map(|unknown| Ok(Cell::from(unknown)))?), None),
            Off::Variance(_) | Off::Own => {
                return Err(Error::value(
                    "a theory whose samples have a variance of the caller's own, or each its own, is not written to files: give it an error (Theory::with_error)",
                ));
            }
        };
        let of = |(kind, error): &(u32, ResidualError<Unknown>)| {
            Ok((kind.to_string(), error.try_map(|unknown| Ok(Cell::from(unknown)))?))
        };
        let errors = theory.kinds.iter().map(of).collect::<Result<_>>()?;
        let occasions = (!theory.varying_within().is_empty()).then(|| theory.occasions.as_str().to_owned());
        let levels_above_zero = theory.above_zero;
        Ok(Self { numbers, effects, covariance, occasions, error, errors, weights, levels_above_zero })
    }
}

impl TryFrom<Written> for Theory {
    type Error = Error;

    fn try_from(written: Written) -> Result<Self> {
        let mut all: BTreeMap<String, Unknown> = BTreeMap::new();
        for (name, cell) in &written.numbers {
            all.insert(name.clone(), cell.unknown(name)?);
        }
        let model = model_of(&all)?;
        let mut theory = Self::of(model.clone());
        // In the order of the model, whatever that of the file was.
        let order = [Name::HalfLife, Name::Ke, Name::K12, Name::K21].into_iter();
        let paths = model.numbers().into_iter().map(|(number, _)| Name::Number(number));
        for name in paths.chain(order) {
            if let Some(unknown) = all.get(&name.to_string()) {
                theory.unknowns.push((name, *unknown));
            }
        }
        for (name, effect) in written.effects {
            theory = effect.declared(theory, &name)?;
        }
        if let Some(occasions) = written.occasions {
            theory = theory.with_occasions(&occasions)?;
        }
        theory = match (written.error, written.weights) {
            (None, weights) => theory.with_weights(weights.unwrap_or(Weights::Equal)),
            (Some(error), None) => theory.with_error(error.try_map(|cell| cell.unknown("the error"))?)?,
            (Some(_), Some(_)) => {
                return Err(Error::value("weights are of least squares, which knows no error: keep one of the two"));
            }
        };
        for (kind, error) in written.errors {
            let bad = || Error::value(format!("the kind `{kind}` of an error is not a whole number (a DVID)"));
            let error = error.try_map(|cell| cell.unknown("the error"))?;
            theory = theory.with_error_of(kind.parse().map_err(|_| bad())?, error)?;
        }
        let theory = theory.checked()?;
        let theory = if written.levels_above_zero { theory.with_levels_above_zero() } else { theory };
        if written.covariance.is_empty() { Ok(theory) } else { theory.with_covariance(&written.covariance) }
    }
}

impl Theory {
    fn with_covariance(self, pairs: &BTreeMap<String, f64>) -> Result<Self> {
        let (names, mut omega) = (self.varying(), self.omega());
        for i in 0..names.len() {
            for j in (0..names.len()).filter(|j| *j != i) {
                omega[(i, j)] = 0.0;
            }
        }
        for (pair, value) in pairs {
            let place = |text: &str| names.iter().position(|(name, _)| name.to_string() == text);
            let found = pair.split_once(' ').and_then(|(one, other)| Some((place(one)?, place(other)?)));
            let (i, j) = found.ok_or_else(|| {
                let known: Vec<String> = names.iter().map(|(name, _)| name.to_string()).collect();
                Error::value(format!(
                    "`{pair}` names no pair of numbers that vary between people, such as `cl v`; what varies: {}",
                    known.join(", ")
                ))
            })?;
            (omega[(i, j)], omega[(j, i)]) = (*value, *value);
        }
        let rows: Vec<Vec<f64>> = omega.row_iter().map(|row| row.iter().copied().collect()).collect();
        self.with_omega(&rows)
    }
}

impl WrittenEffect {
    fn declared(self, theory: Theory, name: &str) -> Result<Theory> {
        let Name::Effect(Dependence { on, covariate, category: None }) = name.parse()? else {
            return Err(Error::value(format!("`{name}` names no effect: write it as `cl~WT`")));
        };
        let cell = |cell: Cell| cell.unknown(name);
        let at = self.at;
        let effect = match (self.power, self.exponential, self.linear, self.factors.is_empty()) {
            (Some(exponent), None, None, true) => Effect::Power { at, exponent: cell(exponent)? },
            (None, Some(slope), None, true) => Effect::Exponential { at, slope: cell(slope)? },
            (None, None, Some(slope), true) => Effect::Linear { at, slope: cell(slope)? },
            (None, None, None, false) => {
                let whole = |text: &str| {
                    text.parse::<i32>()
                        .map_err(|_| Error::value(format!("the category `{text}` of {name} is not a whole number")))
                };
                let factors = self.factors.iter().map(|(of, factor)| Ok((whole(of)?, cell(*factor)?)));
                Effect::Categorical { at: whole(&at.to_string())?, factors: factors.collect::<Result<_>>()? }
            }
            _ => {
                let shapes = SHAPES.map(|shape| shape.name).join(", ");
                return Err(Error::value(format!(
                    "{name} must have one shape ({shapes}s), as in `{{ at = 70.0, power = 0.75 }}`"
                )));
            }
        };
        theory.by(Name::from(on), covariate.as_str(), effect)
    }
}
