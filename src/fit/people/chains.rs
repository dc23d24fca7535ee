//! The deviations of a person as Markov chains: kernels whose draws are keyed by seed, person and iteration.

use nalgebra::DMatrix;
use smallvec::SmallVec;

use super::data::key;
use super::inner::{Inner, Person};
use super::layout::{Layout, Place};
use super::method::Method;
use super::seat::Own;
use super::term::slim;
use crate::fit::rows::Levels;
use crate::fit::samples::Report;
use crate::numeric::exp;
use crate::random::{Draw, Purpose, Stream};

/// What all chains see of a place of the search.
pub(super) struct Scene<'a> {
    pub(super) layout: &'a Layout,
    pub(super) place: &'a Place,
}

impl<'a> Scene<'a> {
    pub(super) fn new(layout: &'a Layout, place: &'a Place) -> Self {
        Self { layout, place }
    }

    /// -2 ln of the density of a person's samples where the levels are these.
    fn density(&self, person: &Person<'_>, levels: &[f64]) -> Option<f64> {
        let errors = &self.place.residual;
        // Of variances of normal errors one logarithm is taken, that of their product.
        let (mut sum, mut product) = (0.0, 1.0);
        for (reading, level) in person.readings().zip(levels) {
            match (reading.report, errors.of(reading).spread(reading.sd, *level)) {
                (Report::Level(measured), Some([variance, ..])) if MODERATE.contains(&variance) => {
                    let off = measured - level;
                    sum += off * off / variance;
                    product *= variance;
                    if !MODERATE.contains(&product) {
                        sum += product.ln();
                        product = 1.0;
                    }
                }
                _ => sum += slim(errors, reading, (*level, 0.0), true)?[0],
            }
        }
        sum += product.ln();
        sum.is_finite().then_some(sum)
    }

    /// The square of deviations by the covariance.
    fn pull(&self, eta: &[f64]) -> f64 {
        let (inverse, n) = (&self.place.omega.inverse, eta.len());
        (0..n).map(|i| (0..n).map(|j| eta[i] * inverse[(i, j)] * eta[j]).sum::<f64>()).sum()
    }
}

/// One chain: deviations, the levels there, and -2 ln of their density.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) eta: Vec<f64>,
    pub(super) levels: Vec<f64>,
    data: f64,
}

/// Where a person's deviations lie, as far as the mode tells: what the third kernel proposes from.
#[derive(Debug, Clone)]
struct About {
    mode: Vec<f64>,
    root: DMatrix<f64>,
    inverse: DMatrix<f64>,
}

/// A person with its chains.
pub(super) struct Walker<'a> {
    pub(super) person: &'a Person<'a>,
    key: u64,
    /// Which deviation of the shared covariance each deviation is.
    pub(super) kinds: Vec<usize>,
    pub(super) chains: Vec<Chain>,
    about: Option<About>,
    /// How many steps along the directions of each kind of deviation were taken.
    pub(super) taken: Vec<u32>,
    /// Room for the coordinates and the levels of a proposal.
    room: (Vec<f64>, Levels),
}

/// What an iteration of all chains is told.
pub(super) struct Iteration<'a> {
    pub(super) seed: u64,
    pub(super) number: u32,
    /// How far the walk goes along the directions of each kind of deviation, in standard deviations.
    pub(super) strides: &'a [f64],
    /// Whether levels must be found anew, since a number has moved that does not vary.
    pub(super) anew: bool,
    /// Whether the mode is sought anew.
    pub(super) modes: bool,
}

/// Numbers whose products are numbers.
const MODERATE: std::ops::Range<f64> = 1e-100..1e100;

/// The degrees of freedom of the third kernel's proposals: few, so that they reach farther than the density.
const DEGREES: f64 = 4.0;

impl<'a> Walker<'a> {
    pub(super) fn new(layout: &Layout, person: &'a Person<'a>) -> Self {
        let kinds = person.own.as_ref().map_or_else(|| (0..layout.eta.len()).collect(), |own| own.kinds());
        Self {
            key: key(person.id),
            person,
            kinds,
            chains: Vec::new(),
            about: None,
            taken: vec![0; layout.deviations()],
            room: (Vec::new(), Levels::default()),
        }
    }

    /// The chains at their start: the mode, from several starts. False where the person has no density there.
    pub(super) fn begin(&mut self, scene: &Scene<'_>, chains: u32) -> bool {
        let n = scene.layout.eta.len();
        let mode = Inner::new(scene.layout, scene.place, self.person, Method::Laplace)
            .and_then(|inner| inner.closest().mode(&vec![0.0; n]));
        let eta = mode.map_or_else(|| vec![0.0; n], |mode| mode.eta);
        let Some(data) = self.see(scene, &eta) else { return false };
        let levels = self.room.1.plain().to_vec();
        self.chains = vec![Chain { eta, levels, data }; chains as usize];
        true
    }

    /// -2 ln of the density of the samples at deviations; the levels there stay in the room.
    fn see(&mut self, scene: &Scene<'_>, eta: &[f64]) -> Option<f64> {
        let (z, levels) = &mut self.room;
        scene.layout.move_into(&scene.place.z, eta, z);
        self.person.plain_into(z, levels)?;
        scene.density(self.person, levels.plain())
    }

    /// Moves the deviations of all chains by what the centre of each kind has moved the other way.
    pub(super) fn shift(&mut self, by: &[f64]) {
        for chain in &mut self.chains {
            chain.eta.iter_mut().zip(&self.kinds).for_each(|(eta, kind)| *eta -= by[*kind]);
        }
    }

    /// One iteration of the kernels: the three, and two more where something varies from occasion to occasion.
    pub(super) fn walk(&mut self, scene: &Scene<'_>, iteration: &Iteration<'_>) {
        let mut chains = std::mem::take(&mut self.chains);
        for chain in &mut chains {
            // The place has moved since the chain was here.
            let seen = if iteration.anew {
                let seen = self.see(scene, &chain.eta);
                seen.inspect(|_| chain.levels.copy_from_slice(self.room.1.plain()))
            } else {
                scene.density(self.person, &chain.levels)
            };
            // Where nothing has a density any more, whatever has one is better.
            chain.data = seen.unwrap_or_else(|| {
                chain.levels.fill(f64::NAN);
                f64::INFINITY
            });
        }
        if iteration.modes {
            self.about = self.look_about(scene, &chains);
        }
        self.taken.iter_mut().for_each(|taken| *taken = 0);
        let purpose = Purpose::Other(iteration.number);
        let mut draw = Stream { seed: iteration.seed, subject: self.key, purpose }.draw();
        for chain in &mut chains {
            self.by_prior(scene, chain, &mut draw);
            self.by_mode(scene, chain, &mut draw);
            self.by_steps(scene, chain, iteration.strides, &mut draw);
            if let Some(own) = &self.person.own {
                self.by_occasions(scene, chain, own, &mut draw);
                exchange(scene, chain, own, &mut draw);
            }
        }
        self.chains = chains;
    }

    /// The mode, and the spread about it by half the exact Hessian.
    fn look_about(&self, scene: &Scene<'_>, chains: &[Chain]) -> Option<About> {
        let inner = Inner::new(scene.layout, scene.place, self.person, Method::Laplace)?.closest();
        let start = self.about.as_ref().map_or(&chains[0].eta, |about| &about.mode);
        let mode = inner.mode_from(start)?;
        let half = 0.5 * &mode.near.hessian;
        let root = half.cholesky()?.inverse().cholesky()?.l();
        let inverse = root.clone().try_inverse()?;
        Some(About { mode: mode.eta, root, inverse })
    }

    /// Goes to proposed deviations with the probability that `other`, -2 ln of the rest of the ratio, and the densities give.
    fn decide(&mut self, scene: &Scene<'_>, chain: &mut Chain, eta: &[f64], other: f64, draw: &mut Draw) -> bool {
        let uniform = draw.uniform();
        let Some(data) = self.see(scene, eta) else { return false };
        let better = chain.data == f64::INFINITY || uniform < exp(0.5 * (chain.data - data - other));
        if better {
            chain.eta.copy_from_slice(eta);
            chain.levels.copy_from_slice(self.room.1.plain());
            chain.data = data;
        }
        better
    }

    /// The first kernel: draws of what varies between people.
    fn by_prior(&mut self, scene: &Scene<'_>, chain: &mut Chain, draw: &mut Draw) {
        let z = draw_of(chain.eta.len(), draw);
        let eta = product(&scene.place.omega.root, &z);
        self.decide(scene, chain, &eta, 0.0, draw);
    }

    /// The fourth kernel: draws of what varies from occasion to occasion, of one occasion after the other.
    fn by_occasions(&mut self, scene: &Scene<'_>, chain: &mut Chain, own: &Own, draw: &mut Draw) {
        for block in own.blocks() {
            let mut eta: Short = chain.eta.as_slice().into();
            for k in block {
                eta[k] = scene.place.omega.root[(k, k)] * draw.normal();
            }
            // The density that it is drawn from is that of the deviations.
            self.decide(scene, chain, &eta, 0.0, draw);
        }
    }

    /// The third kernel: draws of a t distribution about the mode.
    fn by_mode(&mut self, scene: &Scene<'_>, chain: &mut Chain, draw: &mut Draw) {
        let Some(about) = &self.about else { return };
        let mut t = draw_of(chain.eta.len(), draw);
        let square = -2.0 * (draw.uniform().ln() + draw.uniform().ln());
        t.iter_mut().for_each(|t| *t *= (DEGREES / square).sqrt());
        let mut eta = product(&about.root, &t);
        eta.iter_mut().zip(&about.mode).for_each(|(eta, mode)| *eta += mode);
        let off: Short = chain.eta.iter().zip(&about.mode).map(|(eta, mode)| eta - mode).collect();
        let own = product(&about.inverse, &off);
        // -2 ln of the density that it is drawn from is ln(t), up to a constant.
        let other = scene.pull(&eta) - scene.pull(&chain.eta) - ln_of_t(&t) + ln_of_t(&own);
        self.decide(scene, chain, &eta, other, draw);
    }

    /// The second kernel: a step along each direction in turn, those of the spread about the mode.
    fn by_steps(&mut self, scene: &Scene<'_>, chain: &mut Chain, strides: &[f64], draw: &mut Draw) {
        for k in 0..chain.eta.len() {
            let kind = self.kinds[k];
            let root = self.about.as_ref().map_or(&scene.place.omega.root, |about| &about.root);
            let far = strides[kind] * draw.normal();
            let eta: Short = chain.eta.iter().zip(root.column(k).iter()).map(|(eta, way)| eta + far * way).collect();
            let other = scene.pull(&eta) - scene.pull(&chain.eta);
            self.taken[kind] += u32::from(self.decide(scene, chain, &eta, other, draw));
        }
    }
}

/// Moves what a number deviates between people and from occasion to occasion against each other: the numbers of all occasions stay, and so do the
/// levels, so that the rest is drawn from a normal distribution as it is.
#[expect(clippy::cast_precision_loss, reason = "a few occasions")]
fn exchange(scene: &Scene<'_>, chain: &mut Chain, own: &Own, draw: &mut Draw) {
    let inverse = &scene.place.omega.inverse;
    for (i, each) in own.twice() {
        let count = each.len() as f64;
        let over = each.first().map_or(0.0, |k| inverse[(*k, *k)]);
        let sum: f64 = each.iter().map(|k| chain.eta[i] + chain.eta[*k]).sum();
        let others: f64 = (0..own.between()).filter(|j| *j != i).map(|j| inverse[(i, j)] * chain.eta[j]).sum();
        let sharp = inverse[(i, i)] + count * over;
        let by = (over * sum - others) / sharp + draw.normal() / sharp.sqrt() - chain.eta[i];
        chain.eta[i] += by;
        for k in each {
            chain.eta[k] -= by;
        }
    }
}

/// A number for each deviation.
type Short = SmallVec<[f64; 8]>;

fn draw_of(n: usize, draw: &mut Draw) -> Short {
    (0..n).map(|_| draw.normal()).collect()
}

/// A lower triangle times a column.
fn product(root: &DMatrix<f64>, z: &[f64]) -> Short {
    (0..z.len()).map(|i| (0..=i).map(|j| root[(i, j)] * z[j]).sum()).collect()
}

/// -2 ln of a density of t, up to a constant.
#[expect(clippy::cast_precision_loss, reason = "a few deviations")]
fn ln_of_t(t: &[f64]) -> f64 {
    let square: f64 = t.iter().map(|t| t * t).sum();
    (DEGREES + t.len() as f64) * (square / DEGREES).ln_1p()
}
