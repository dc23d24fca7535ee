//! A person among all: the layout and the place of the person's own, with the deviations of each of the person's occasions.

use std::borrow::Cow;

use nalgebra::DMatrix;

use super::layout::{Layout, Place};
use super::omega::Omega;
use super::slopes::Slopes;
use crate::error::Result;
use crate::fit::name::Name;
use crate::fit::samples::Sampled;

/// What is a person's own where something varies from occasion to occasion.
#[derive(Debug, Clone)]
pub(super) struct Own {
    layout: Layout,
    /// The coordinate here of each coordinate of a person that all share.
    shared: Vec<usize>,
    /// How many deviations are between people, and how many on each occasion.
    counts: (usize, usize),
    occasions: Vec<u32>,
}

/// The layout and the place that a person sees.
pub(super) struct Seat<'p> {
    pub(super) layout: &'p Layout,
    pub(super) place: Cow<'p, Place>,
}

impl Own {
    /// None where nothing varies from occasion to occasion.
    ///
    /// # Errors
    /// An occasion that is none.
    pub(super) fn of(layout: &Layout, sampled: &Sampled) -> Result<Option<Self>> {
        if layout.within.is_empty() {
            return Ok(None);
        }
        let occasions = layout.theory.occasions_of(sampled)?;
        let joint = layout.joint.clone().on_occasions(&occasions);
        let names: Vec<Name> = joint.free().iter().map(|(name, _)| *name).collect();
        let place = |name: &Name| names.iter().position(|own| own == name);
        let shared: Vec<usize> = layout.joint.free().iter().filter_map(|(name, _)| place(name)).collect();
        let on = |occasion: &u32| -> Vec<usize> {
            let bases = layout.within.iter().filter_map(|name| name.basis());
            bases.filter_map(|basis| place(&Name::Occasion(basis, *occasion))).collect()
        };
        let own = Layout {
            start: joint.coordinates(),
            typical: layout.typical.iter().map(|i| shared[*i]).collect(),
            eta: layout.eta.iter().map(|i| shared[*i]).chain(occasions.iter().flat_map(on)).collect(),
            joint,
            ..layout.clone()
        };
        let counts = (layout.eta.len(), layout.within.len());
        Ok(Some(Self { layout: own, shared, counts, occasions }))
    }

    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The deviations of the occasions by their names, in their order.
    pub(super) fn names(&self) -> Vec<Name> {
        let of = |occasion: &u32| -> Vec<Name> {
            let bases = self.layout.within.iter().filter_map(|name| name.basis());
            bases.map(|basis| Name::Occasion(basis, *occasion)).collect()
        };
        self.occasions.iter().flat_map(of).collect()
    }

    /// The place as this person sees it: each occasion varies as every other.
    pub(super) fn place(&self, place: &Place) -> Place {
        let mut z = self.layout.start.clone();
        self.shared.iter().zip(&place.z).for_each(|(i, x)| z[*i] = *x);
        let all = self.all();
        let repeated = |matrix: &DMatrix<f64>| {
            DMatrix::from_fn(all.len(), all.len(), |i, j| {
                let ((own, one), (other, two)) = (all[i], all[j]);
                if one == two { matrix[(own, other)] } else { 0.0 }
            })
        };
        let Omega { matrix, inverse, root, .. } = &place.omega;
        let ln_det = all.iter().map(|(i, _)| 2.0 * root[(*i, *i)].ln()).sum();
        let omega = Omega { matrix: repeated(matrix), inverse: repeated(inverse), root: repeated(root), ln_det };
        Place { z, error: place.error.clone(), residual: place.residual.clone(), omega }
    }

    /// Which deviation of the shared covariance each deviation here is, and of which occasion; those between people are of none.
    fn all(&self) -> Vec<(usize, Option<u32>)> {
        let (between, within) = self.counts;
        let of = |occasion: &u32| (0..within).map(|k| (between + k, Some(*occasion))).collect::<Vec<_>>();
        (0..between).map(|i| (i, None)).chain(self.occasions.iter().flat_map(of)).collect()
    }

    /// How many deviations are between people.
    pub(super) fn between(&self) -> usize {
        self.counts.0
    }

    /// The deviations of each occasion.
    pub(super) fn blocks(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let (between, within) = self.counts;
        (0..self.occasions.len()).map(move |occasion| between + occasion * within..between + (occasion + 1) * within)
    }

    /// The numbers that vary both ways: the deviation between people, and those of the occasions.
    pub(super) fn twice(&self) -> Vec<(usize, Vec<usize>)> {
        let between = self.layout.theory.varying();
        let of = |(k, name): (usize, &Name)| {
            let i = between.iter().position(|(own, _)| own == name)?;
            Some((i, self.blocks().map(|block| block.start + k).collect()))
        };
        self.layout.within.iter().enumerate().filter_map(of).collect()
    }

    /// Which deviation of the shared covariance each deviation here is.
    pub(super) fn kinds(&self) -> Vec<usize> {
        self.all().into_iter().map(|(kind, _)| kind).collect()
    }

    /// The slopes by what all share: those of the occasions together.
    pub(super) fn shared(&self, own: &Slopes) -> Slopes {
        let z = self.shared.iter().map(|i| own.z[*i]).collect();
        Slopes { z, error: own.error.clone(), omega: self.shared_omega(&own.omega) }
    }

    /// The same of those by the covariance alone.
    pub(super) fn shared_omega(&self, own: &DMatrix<f64>) -> DMatrix<f64> {
        let (all, n) = (self.all(), self.counts.0 + self.counts.1);
        let mut omega = DMatrix::zeros(n, n);
        for (i, (to, one)) in all.iter().enumerate() {
            for (j, (other, _)) in all.iter().enumerate().filter(|(_, (_, two))| one == two) {
                omega[(*to, *other)] += own[(i, j)];
            }
        }
        omega
    }
}
