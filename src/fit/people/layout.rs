//! The coordinates of a population: those of its typical person, of the error and of the covariance, one after the other.

use super::omega::{Blocks, Omega};
use super::term::{ERROR, local};
use crate::error::{Error, Result};
use crate::fit::name::Name;
use crate::fit::residual::Residual;
use crate::fit::start::is_least_squares;
use crate::fit::theory::Theory;
use crate::fit::unknown::{Deviation, Unknown};

/// Where the numbers of a theory stand among the coordinates.
///
/// A person has a coordinate for each number that is free or varies, `z`. The typical person's are partly sought (`typical`) and partly known; a
/// deviation is added to the coordinate of its number (`eta`), so a slope by the one is a slope by the other.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) theory: Theory,
    pub(super) joint: Theory,
    /// The coordinates of the person that the theory starts from.
    start: Vec<f64>,
    /// The coordinate of a person that each number sought is.
    pub(super) typical: Vec<usize>,
    /// The coordinate of a person that each deviation moves.
    pub(super) eta: Vec<usize>,
    /// The numbers of the error that are sought.
    error: Vec<(Name, Unknown)>,
    pub(super) blocks: Blocks,
}

/// A place of the search.
pub(super) struct Place {
    /// The coordinates of the typical person.
    pub(super) z: Vec<f64>,
    /// The coordinates of the numbers of the error.
    pub(super) error: Vec<f64>,
    pub(super) residual: Residual,
    pub(super) omega: Omega,
}

impl Layout {
    pub(super) fn of(theory: &Theory) -> Result<Self> {
        let varying = theory.varying();
        if varying.is_empty() {
            return Err(Error::value(
                "nothing varies between people in this theory: write `cl: free(1.2).varying(0.3)`, or pool the people by Theory::fit_pooled",
            ));
        }
        if is_least_squares(theory) {
            return Err(Error::value(
                "a fit of people weighs the error of a sample against what varies between people: give the theory an error (Theory::with_error)",
            ));
        }
        if let Some((name, _)) = theory.varying_within().first() {
            return Err(Error::value(format!(
                "{name} varies from occasion to occasion, which fits of people do not serve yet: let it vary between people alone"
            )));
        }
        let depends = |name: &Name| theory.effects.iter().any(|effect| Some(effect.dependence.on) == name.basis());
        let bad = |(name, own): &&(Name, Unknown)| own.deviation() != Deviation::LogNormal && depends(name);
        if let Some((name, _)) = varying.iter().find(bad) {
            return Err(Error::value(format!(
                "{name} depends on a covariate and varies otherwise than log-normally, which fits of people do not serve: let it vary by `.varying(cv)`"
            )));
        }
        let joint = theory.joint();
        let names: Vec<Name> = joint.free().iter().map(|(name, _)| *name).collect();
        let place = |name: &Name| names.iter().position(|own| own == name);
        let (error, typical): (Vec<_>, Vec<_>) = theory.free().into_iter().partition(|(name, _)| place(name).is_none());
        let blocks = Blocks::of(&theory.omega());
        Ok(Self {
            theory: theory.clone(),
            start: joint.coordinates(),
            typical: typical.iter().filter_map(|(name, _)| place(name)).collect(),
            eta: varying.iter().filter_map(|(name, _)| place(name)).collect(),
            joint,
            error,
            blocks,
        })
    }

    /// How many coordinates a person has.
    pub(super) fn person(&self) -> usize {
        self.start.len()
    }

    /// How many numbers of the error are sought.
    pub(super) fn errors(&self) -> usize {
        self.error.len()
    }

    /// The names of what is sought: of the typical person, then of the error.
    pub(super) fn names(&self) -> Vec<(Name, Unknown)> {
        let all = self.joint.free();
        self.typical.iter().map(|i| all[*i]).chain(self.error.iter().copied()).collect()
    }

    /// The names of what varies.
    pub(super) fn varying(&self) -> Vec<Name> {
        let all = self.joint.free();
        self.eta.iter().map(|i| all[*i].0).collect()
    }

    /// The coordinates to start from.
    pub(super) fn start(&self) -> Result<Vec<f64>> {
        let omega = self.blocks.coordinates(&self.theory.omega()).ok_or_else(|| {
            Error::value(
                "the covariance of the deviations is not positive definite: no deviations can vary together like that",
            )
        })?;
        let typical = self.typical.iter().map(|i| self.start[*i]);
        let error = self.error.iter().map(|(_, unknown)| unknown.coordinate(unknown.start()));
        Ok(typical.chain(error).chain(omega).collect())
    }

    /// Where the coordinates of the covariance begin.
    pub(super) fn omega_at(&self) -> usize {
        self.typical.len() + self.error.len()
    }

    /// The place at coordinates; none where there is none.
    pub(super) fn place(&self, x: &[f64]) -> Option<Place> {
        let (typical, rest) = x.split_at(self.typical.len());
        let (error, omega) = rest.split_at(self.error.len());
        let mut z = self.start.clone();
        self.typical.iter().zip(typical).for_each(|(i, x)| z[*i] = *x);
        let omega = self.blocks.omega(self.eta.len(), omega)?;
        Some(Place { z, error: error.to_vec(), residual: self.residual(error), omega })
    }

    /// The error at coordinates of its numbers.
    pub(super) fn residual(&self, error: &[f64]) -> Residual {
        let space = local(self.error.len());
        let jet = |(k, (name, unknown)): (usize, &(Name, Unknown))| {
            (*name, space.of(unknown.value(error[k]), &space.unknown(error[k], ERROR + k)))
        };
        let jets: Vec<_> = self.error.iter().enumerate().map(jet).collect();
        Residual::at(&self.theory, space, &jets)
    }

    /// The coordinates of a person with deviations.
    pub(super) fn moved(&self, z: &[f64], eta: &[f64]) -> Vec<f64> {
        let mut moved = z.to_vec();
        self.eta.iter().zip(eta).for_each(|(i, eta)| moved[*i] += eta);
        moved
    }
}
