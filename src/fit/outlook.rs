//! A theory as a design asks it: its numbers at the start, and what samples would show of somebody, with derivatives.

use nalgebra::{DMatrix, DVector};
use smallvec::SmallVec;

use super::kinds::Errors;
use super::name::Name;
use super::posterior::Posterior;
use super::prepared::Prepared;
use super::residual::Residual;
use super::rows::Levels;
use super::samples::{Sampled, Samples};
use super::start::is_least_squares;
use super::theory::{Off, Theory};
use super::unknown::Unknown;
use crate::assay::ResidualError;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::phases::Phases;
use crate::regimen::Regimen;
use crate::sensitivity::{Jet, Moving, Number, Order, Space, levels_in_time, sights};

/// The numbers of a theory at its start, and where they stand among the coordinates of a person.
#[derive(Debug, Clone)]
pub(crate) struct Outlook {
    theory: Theory,
    joint: Theory,
    /// The coordinates of the typical person.
    start: Vec<f64>,
    /// What is sought of the typical person.
    pub(crate) typical: Vec<Typical>,
    /// What varies, and the coordinate that its deviation moves.
    pub(crate) varying: Vec<(Name, usize)>,
    /// The numbers of the error that are sought, with their values.
    pub(crate) error: Vec<(Name, f64)>,
    /// The covariance of the deviations.
    pub(crate) omega: DMatrix<f64>,
    /// What varies from occasion to occasion, with its variance.
    pub(crate) within: Vec<(Name, f64)>,
    /// The coordinates that the deviations of each occasion move, one occasion after the other; none where no occasions are told.
    pub(crate) kappa: Vec<usize>,
}

/// Somebody with the hours at which new occasions begin.
pub(crate) struct Somebody {
    sampled: Sampled,
    starts: Vec<f64>,
}

/// A number of the typical person: its value, the coordinate that moves it, and the slope of the value by the coordinate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Typical {
    pub(crate) name: Name,
    pub(crate) value: f64,
    pub(crate) coordinate: usize,
    pub(crate) slope: f64,
}

/// The levels at some times by the coordinates of a person, to the second order, and their slopes in time.
pub(crate) struct Curve {
    pub(crate) levels: Vec<Jet>,
    /// None where they were not asked for.
    pub(crate) slopes: Vec<Jet>,
}

/// The mean and the variance of what a sample is compared on, at a level.
#[derive(Debug, Clone)]
pub(crate) struct Law {
    /// The mean with its first three derivatives by the level.
    pub(crate) mean: [f64; 4],
    /// The variance with its first two derivatives by the level.
    pub(crate) variance: [f64; 3],
    /// The slope of the variance by each number of the error that is sought, and that of this slope by the level.
    pub(crate) by_error: SmallVec<[[f64; 2]; 2]>,
}

impl Outlook {
    /// # Errors
    /// A theory without an error, or with something that expected information does not serve.
    pub(crate) fn of(theory: &Theory) -> Result<Self> {
        check(theory)?;
        Ok(Self::with(theory, &[]))
    }

    /// The same of people on so many occasions, where something varies from one to the next.
    pub(crate) fn on(&self, occasions: usize) -> Self {
        if self.within.is_empty() {
            return self.clone();
        }
        Self::with(&self.theory, &(1_u32..).take(occasions).collect::<Vec<_>>())
    }

    fn with(theory: &Theory, occasions: &[u32]) -> Self {
        let joint = theory.joint().on_occasions(occasions);
        let all = joint.free();
        let start = joint.coordinates();
        let place = |name: Name| all.iter().position(|(own, _)| *own == name);
        let (mut typical, mut error) = (Vec::new(), Vec::new());
        for (name, unknown) in theory.free() {
            let value = unknown.start();
            let Some(coordinate) = place(name) else {
                error.push((name, value));
                continue;
            };
            typical.push(Typical { name, value, coordinate, slope: all[coordinate].1.value(start[coordinate])[1] });
        }
        // A deviation stands by itself where it is not added to the coordinate of its number.
        let apart = |name: Name| name.basis().and_then(|basis| place(Name::Deviation(basis)));
        let moved_by = |(name, _): (Name, Unknown)| Some((name, apart(name).or_else(|| place(name))?));
        let varying = theory.varying().into_iter().filter_map(moved_by).collect();
        let within: Vec<(Name, f64)> =
            theory.varying_within().into_iter().map(|(name, own)| (name, own.variances()[1])).collect();
        let on = |occasion: &u32| -> Vec<usize> {
            let bases = within.iter().filter_map(|(name, _)| name.basis());
            bases.filter_map(|basis| place(Name::Occasion(basis, *occasion))).collect()
        };
        let kappa = occasions.iter().flat_map(on).collect();
        Self { omega: theory.omega(), theory: theory.clone(), joint, start, typical, varying, error, within, kappa }
    }

    pub(crate) fn theory(&self) -> &Theory {
        &self.theory
    }

    /// The names of what is sought of the person and the error, in the order of [`Theory::free`], with their values.
    pub(crate) fn sought(&self) -> Vec<(Name, f64)> {
        self.typical.iter().map(|own| (own.name, own.value)).chain(self.error.iter().copied()).collect()
    }

    /// What the deviations of a number from occasion to occasion are called.
    pub(crate) fn within_name(&self, name: Name) -> String {
        format!("{name}@{}", self.theory.occasions.as_str())
    }

    /// The coordinates of a person with some deviations, those of the occasions after those between people.
    pub(crate) fn moved(&self, eta: &[f64]) -> Vec<f64> {
        let mut moved = self.start.clone();
        let places = self.varying.iter().map(|(_, at)| at).chain(&self.kappa);
        places.zip(eta).for_each(|(at, eta)| moved[*at] += eta);
        moved
    }

    /// How many coordinates a person has.
    pub(crate) fn coordinates(&self) -> usize {
        self.start.len()
    }

    /// The deviations of a person who is made of normal numbers, `root` being that of the covariance between people.
    pub(crate) fn drawn(&self, root: &DMatrix<f64>, mut normal: impl FnMut() -> f64) -> Vec<f64> {
        let z = DVector::from_fn(self.varying.len(), |_, _| normal());
        let sds = self.within.iter().map(|(_, variance)| variance.sqrt()).cycle();
        let kappa: Vec<f64> = sds.take(self.kappa.len()).map(|sd| sd * normal()).collect();
        (root * z).iter().copied().chain(kappa).collect()
    }

    /// The levels of somebody at times that never decrease, with derivatives by the coordinates.
    ///
    /// # Errors
    /// Coordinates that no model has, a course that cannot be, a covariate that is not known.
    pub(crate) fn curve(&self, who: &Somebody, z: &[f64], times: &[f64], in_time: bool) -> Result<Curve> {
        if in_time || !self.kappa.is_empty() {
            return self.curve_in_phases(who, z, times, in_time);
        }
        let samples = Samples::replicates(times, &vec![0.0; times.len()])?;
        let sampled = who.sampled.at(samples)?;
        let mut room = Levels::default();
        Prepared::new(&self.joint, &sampled).levels(z, Order::Second, &mut room)?;
        Ok(Curve { levels: room.rows().map(Jet::from_slice).collect(), slopes: Vec::new() })
    }

    /// By one body an occasion.
    fn curve_in_phases(&self, who: &Somebody, z: &[f64], times: &[f64], in_time: bool) -> Result<Curve> {
        let Some(regimen) = who.sampled.dosing.regimen() else {
            return Err(Error::value("slopes in time are those of a regimen: give the doses as one"));
        };
        let (space, values) = (Order::Second.space(z.len()), self.joint.values(z));
        let starts: &[f64] = if self.kappa.is_empty() { &[] } else { &who.starts };
        let (mut models, mut bodies) = (Vec::new(), Vec::new());
        for occasion in (1_u32..).take(1 + starts.len()) {
            let known = |name: &str| {
                let is_occasion = !self.kappa.is_empty() && name == self.joint.occasions.as_str();
                if is_occasion { Ok(f64::from(occasion)) } else { who.sampled.known(name) }
            };
            let numbers = self.joint.numbers_at(space, z, Some(&known))?;
            let model = self.joint.model_known(&values, Some(&known))?;
            let jet = |number: Number| numbers.iter().find(|(own, _)| *own == number).map(|(_, jet)| jet.clone());
            bodies.push(Moving::new(&model, space, jet).for_levels());
            models.push(model);
        }
        let phases = Phases::each_occasion(starts, &models)?;
        if !in_time {
            let levels = sights(&phases, &mut bodies, regimen, times)?.into_iter().map(|sight| sight.conc).collect();
            return Ok(Curve { levels, slopes: Vec::new() });
        }
        let (levels, slopes) = levels_in_time(&phases, &mut bodies, regimen, times)?.into_iter().unzip();
        Ok(Curve { levels, slopes })
    }

    /// The law of a sample of a kind whose level is predicted as this; none where it has no density there.
    pub(crate) fn laws(&self, kind: Option<u32>) -> impl Fn(f64) -> Option<Law> + use<> {
        let space = Space { unknowns: 2 + self.error.len(), second: true };
        let jets: Vec<_> =
            self.error.iter().enumerate().map(|(k, (name, value))| (*name, space.unknown(*value, 2 + k))).collect();
        let residual = Errors::at(&self.theory, space, &jets).of_kind(kind).clone();
        move |level| law(&residual, level)
    }

    /// The kinds of samples that have an error of their own.
    pub(crate) fn kinds(&self) -> Vec<u32> {
        self.theory.kinds.iter().map(|(kind, _)| *kind).collect()
    }
}

/// Somebody with a regimen and covariates that stay the same, who has no samples yet, and the hours at which new occasions begin.
pub(crate) fn somebody(regimen: &Regimen, covariates: &[(String, f64)], starts: &[f64]) -> Result<Somebody> {
    let none = Samples::replicates(&[0.0], &[0.0])?;
    let sampled = Sampled::new(regimen.clone(), none).with_covariates(covariates.iter().cloned());
    Ok(Somebody { sampled, starts: starts.to_vec() })
}

impl From<&Sampled> for Somebody {
    fn from(sampled: &Sampled) -> Self {
        Self { sampled: sampled.clone(), starts: Vec::new() }
    }
}

impl Theory {
    /// The model at values of what is free, of somebody whose covariates are at their references, for functions of the model.
    pub(crate) fn model_for(&self, values: &[f64]) -> Option<Model> {
        self.model(values).ok()
    }
}

impl Posterior {
    /// The theory of this person: what varies, about its median.
    pub(crate) fn theory_of_person(&self) -> &Theory {
        &self.theory
    }

    /// The model of the person with the deviations moved from the mode.
    pub(crate) fn model_moved(&self, by: &[f64]) -> Option<Model> {
        let moved = self.median.iter().zip(self.eta()).zip(by);
        let x: Vec<f64> = moved.map(|((median, eta), by)| median + eta + by).collect();
        self.theory.model_of(&self.sampled, &self.theory.values(&x)).ok()
    }
}

fn law(residual: &Residual, level: f64) -> Option<Law> {
    let flat = |mean: [f64; 4], scatter: super::scatter::Scatter| Law {
        mean,
        variance: [scatter.value, scatter.first, scatter.second],
        by_error: scatter.by_error.iter().zip(&scatter.first_by_error).map(|(own, mixed)| [*own, *mixed]).collect(),
    };
    let law = match residual.kind {
        Off::Error(ResidualError::LogNormal { .. }) => {
            let (cv, over) = (residual.cv[0], 1.0 / level);
            let w = 1.0 + cv * cv;
            let by_error = (2..residual.space.unknowns).map(|i| [2.0 * cv / w * residual.cv[1 + i], 0.0]).collect();
            let mean = [level.ln(), over, -over * over, 2.0 * over * over * over];
            Law { mean, variance: [w.ln(), 0.0, 0.0], by_error }
        }
        _ => flat([level, 1.0, 0.0, 0.0], residual.scatter(None, level)?),
    };
    let good = law.mean[0].is_finite() && law.variance[0] > 0.0 && law.variance[0].is_finite();
    good.then_some(law)
}

fn check(theory: &Theory) -> Result<()> {
    if is_least_squares(theory) || matches!(theory.off, Off::Own) {
        return Err(Error::value(
            "what samples would tell depends on their error: give the theory one (Theory::with_error)",
        ));
    }
    if theory.above_zero {
        return Err(Error::value(
            "expected information is that of a normal error that is not cut off at zero: use the theory without `with_levels_above_zero`",
        ));
    }
    Ok(())
}
