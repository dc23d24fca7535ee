//! The coordinates of a population: those of its typical person, of the error and of the covariance, one after the other.

use nalgebra::DMatrix;

use super::omega::{Blocks, Omega};
use super::term::{ERROR, local};
use crate::error::{Error, Result};
use crate::fit::kinds::Errors;
use crate::fit::name::Name;
use crate::fit::start::is_least_squares;
use crate::fit::theory::Theory;
use crate::fit::unknown::{Deviation, Unknown};

/// Where the numbers of a theory stand among the coordinates.
///
/// A person has a coordinate for each number that is free or varies, `z`. The typical person's are partly sought (`typical`) and partly known; a
/// deviation is added to the coordinate of its number (`eta`), so a slope by the one is a slope by the other. The covariance is that between people
/// and, apart from it, that from occasion to occasion, which stands there once.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) theory: Theory,
    pub(super) joint: Theory,
    /// The coordinates of the person that the theory starts from.
    pub(super) start: Vec<f64>,
    /// The coordinate of a person that each number sought is.
    pub(super) typical: Vec<usize>,
    /// The coordinate of a person that each deviation between people moves.
    pub(super) eta: Vec<usize>,
    /// What varies from occasion to occasion.
    pub(super) within: Vec<Name>,
    /// The numbers of the error that are sought.
    pub(super) error: Vec<(Name, Unknown)>,
    pub(super) blocks: Blocks,
}

/// A place of the search.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The coordinates of the typical person.
    pub(super) z: Vec<f64>,
    /// The coordinates of the numbers of the error.
    pub(super) error: Vec<f64>,
    pub(super) residual: Errors,
    pub(super) omega: Omega,
}

impl Layout {
    pub(super) fn of(theory: &Theory) -> Result<Self> {
        let (varying, within) = (theory.varying(), theory.varying_within());
        if varying.is_empty() && within.is_empty() {
            return Err(Error::value(
                "nothing varies between people in this theory: write `cl: free(1.2).varying(0.3)`, or pool the people by Theory::fit_pooled",
            ));
        }
        if is_least_squares(theory) {
            return Err(Error::value(
                "a fit of people weighs the error of a sample against what varies between people: give the theory an error (Theory::with_error)",
            ));
        }
        theory.check_medians()?;
        let joint = theory.joint();
        let names: Vec<Name> = joint.free().iter().map(|(name, _)| *name).collect();
        let place = |name: &Name| names.iter().position(|own| own == name);
        let apart = |name: &Name| name.basis().and_then(|basis| place(&Name::Deviation(basis)));
        let (error, typical): (Vec<_>, Vec<_>) = theory.free().into_iter().partition(|(name, _)| place(name).is_none());
        Ok(Self {
            theory: theory.clone(),
            start: joint.coordinates(),
            typical: typical.iter().filter_map(|(name, _)| place(name)).collect(),
            eta: varying.iter().filter_map(|(name, _)| apart(name).or_else(|| place(name))).collect(),
            within: within.into_iter().map(|(name, _)| name).collect(),
            joint,
            error,
            blocks: Blocks::of(&spread(theory)),
        })
    }

    /// How many deviations the covariance knows: those between people, and those of one occasion.
    pub(super) fn deviations(&self) -> usize {
        self.eta.len() + self.within.len()
    }

    /// The coordinate of a person about which the deviations of each kind that the covariance knows are spread. None of a number that varies from
    /// occasion to occasion about the person's own, or about what is sought on another scale or not at all.
    pub(super) fn centres(&self) -> Vec<Option<usize>> {
        let all = self.joint.free();
        let of = |name: &Name| {
            let at = all.iter().position(|(own, _)| own == name)?;
            let unknown = all[at].1;
            let depends = self.theory.effects.iter().any(|effect| Some(effect.dependence.on) == name.basis());
            let moves = unknown.deviates_as_it_is_sought() && (!depends || unknown.deviation() == Deviation::LogNormal);
            (moves && unknown.cv() == 0.0 && self.typical.contains(&at)).then_some(at)
        };
        self.eta.iter().map(|i| Some(*i)).chain(self.within.iter().map(of)).collect()
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
        let named = |name: Name| if let Name::Deviation(basis) = name { basis.into() } else { name };
        self.eta.iter().map(|i| named(all[*i].0)).collect()
    }

    /// What the deviations are called that the covariance knows: `cl`, and `cl@OCC` from occasion to occasion.
    pub(super) fn labels(&self) -> Vec<String> {
        let within = self.within.iter().map(|name| format!("{name}@{}", self.theory.occasions.as_str()));
        self.varying().iter().map(ToString::to_string).chain(within).collect()
    }

    /// What the elements of the covariance are called that are sought.
    pub(super) fn names_of_omega(&self) -> Vec<String> {
        let labels = self.labels();
        let of = |(i, j): (usize, usize)| {
            if i == j { format!("omega2({})", labels[i]) } else { format!("cov({}, {})", labels[j], labels[i]) }
        };
        self.blocks.places().into_iter().map(of).collect()
    }

    /// The coordinates to start from.
    pub(super) fn start(&self) -> Result<Vec<f64>> {
        let omega = self.blocks.coordinates(&spread(&self.theory)).ok_or_else(|| {
            Error::value(
                "the covariance of the deviations is not positive definite: no deviations can vary together like that",
            )
        })?;
        let typical = self.typical.iter().map(|i| self.start[*i]);
        let error = self.error.iter().map(|(_, unknown)| unknown.coordinate(unknown.start()));
        Ok(typical.chain(error).chain(omega).collect())
    }

    /// How far each coordinate goes until something has changed by a factor of e or so.
    pub(super) fn strides(&self) -> Vec<f64> {
        let numbers = self.names().into_iter().map(|(_, unknown)| unknown.stride());
        numbers.chain(self.blocks.places().into_iter().map(|_| 1.0)).collect()
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
        let omega = self.blocks.omega(self.deviations(), omega)?;
        Some(Place { z, error: error.to_vec(), residual: self.residual(error), omega })
    }

    /// The error at coordinates of its numbers.
    pub(super) fn residual(&self, error: &[f64]) -> Errors {
        let space = local(self.error.len());
        let jet = |(k, (name, unknown)): (usize, &(Name, Unknown))| {
            (*name, space.of(unknown.value(error[k]), &space.unknown(error[k], ERROR + k)))
        };
        let jets: Vec<_> = self.error.iter().enumerate().map(jet).collect();
        Errors::at(&self.theory, space, &jets)
    }

    /// The coordinates of a person with deviations.
    pub(super) fn moved(&self, z: &[f64], eta: &[f64]) -> Vec<f64> {
        let mut moved = Vec::new();
        self.move_into(z, eta, &mut moved);
        moved
    }

    /// The same in room that is used again.
    pub(super) fn move_into(&self, z: &[f64], eta: &[f64], room: &mut Vec<f64>) {
        room.clear();
        room.extend_from_slice(z);
        self.eta.iter().zip(eta).for_each(|(i, eta)| room[*i] += eta);
    }
}

/// The covariance between people, and beside it the variances from occasion to occasion.
fn spread(theory: &Theory) -> DMatrix<f64> {
    let (between, within) = (theory.omega(), theory.varying_within());
    let n = between.nrows();
    let mut spread = between.resize(n + within.len(), n + within.len(), 0.0);
    within.iter().enumerate().for_each(|(k, (_, own))| spread[(n + k, n + k)] = own.variances()[1]);
    spread
}
