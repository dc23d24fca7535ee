//! A theory as a design asks it: its numbers at the start, and what samples would show of somebody, with derivatives.

use nalgebra::DMatrix;
use smallvec::SmallVec;

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
use crate::regimen::Regimen;
use crate::sensitivity::{Jet, Moving, Number, Order, Space, levels_in_time};

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
        let joint = theory.joint();
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
        Ok(Self { omega: theory.omega(), theory: theory.clone(), joint, start, typical, varying, error })
    }

    pub(crate) fn theory(&self) -> &Theory {
        &self.theory
    }

    /// The names of what is sought of the person and the error, in the order of [`Theory::free`], with their values.
    pub(crate) fn sought(&self) -> Vec<(Name, f64)> {
        self.typical.iter().map(|own| (own.name, own.value)).chain(self.error.iter().copied()).collect()
    }

    /// The coordinates of a person with some deviations.
    pub(crate) fn moved(&self, eta: &[f64]) -> Vec<f64> {
        let mut moved = self.start.clone();
        self.varying.iter().zip(eta).for_each(|((_, at), eta)| moved[*at] += eta);
        moved
    }

    /// How many coordinates a person has.
    pub(crate) fn coordinates(&self) -> usize {
        self.start.len()
    }

    /// The levels of somebody at times that never decrease, with derivatives by the coordinates.
    ///
    /// # Errors
    /// Coordinates that no model has, a course that cannot be, a covariate that is not known.
    pub(crate) fn curve(&self, who: &Sampled, z: &[f64], times: &[f64], in_time: bool) -> Result<Curve> {
        let samples = Samples::replicates(times, &vec![0.0; times.len()])?;
        let sampled = who.at(samples)?;
        if in_time {
            return self.curve_in_time(&sampled, z, times);
        }
        let mut room = Levels::default();
        Prepared::new(&self.joint, &sampled).levels(z, Order::Second, &mut room)?;
        Ok(Curve { levels: room.rows().map(Jet::from_slice).collect(), slopes: Vec::new() })
    }

    fn curve_in_time(&self, sampled: &Sampled, z: &[f64], times: &[f64]) -> Result<Curve> {
        let Some(regimen) = sampled.dosing.regimen() else {
            return Err(Error::value("slopes in time are those of a regimen: give the doses as one"));
        };
        let space = Order::Second.space(z.len());
        let numbers = self.joint.numbers_at(space, z, Some(&|name| sampled.known(name)))?;
        let model = self.joint.model_of(sampled, &self.joint.values(z))?;
        let jet = |number: Number| numbers.iter().find(|(own, _)| *own == number).map(|(_, jet)| jet.clone());
        let body = Moving::new(&model, space, jet).for_levels();
        let (levels, slopes) = levels_in_time(&model, body, regimen, times)?.into_iter().unzip();
        Ok(Curve { levels, slopes })
    }

    /// The law of a sample whose level is predicted as this; none where it has no density there.
    pub(crate) fn laws(&self) -> impl Fn(f64) -> Option<Law> {
        let space = Space { unknowns: 2 + self.error.len(), second: true };
        let jets: Vec<_> =
            self.error.iter().enumerate().map(|(k, (name, value))| (*name, space.unknown(*value, 2 + k))).collect();
        let residual = Residual::at(&self.theory, space, &jets);
        move |level| law(&residual, level)
    }
}

/// Somebody with a regimen and covariates that stay the same, who has no samples yet.
pub(crate) fn somebody(regimen: &Regimen, covariates: &[(String, f64)]) -> Result<Sampled> {
    let none = Samples::replicates(&[0.0], &[0.0])?;
    Ok(Sampled::new(regimen.clone(), none).with_covariates(covariates.iter().cloned()))
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
    if let Some((name, _)) = theory.varying_within().first() {
        return Err(Error::value(format!(
            "{name} varies from occasion to occasion, which designs do not serve yet: let it vary between people alone"
        )));
    }
    if !theory.kinds.is_empty() {
        return Err(Error::value(
            "a design is of one kind of observation: leave out the errors of the others (Theory::with_error_of)",
        ));
    }
    Ok(())
}
