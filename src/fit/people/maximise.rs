//! The M-step of SAEM: what the chains add up to, its stochastic average, and the numbers that are likeliest given it.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::chains::{Scene, Walker};
use super::layout::{Layout, Place};
use super::term::{ERROR, OWN, jet_at};
use crate::assay::ResidualError;
use crate::fit::rows::Levels;
use crate::fit::samples::Report;
use crate::fit::theory::Off;
use crate::sensitivity::at_second;

/// What chains add up to.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    /// The numbers that vary, or their deviations where they have no centre of their own, and their products: by the deviations that the
    /// covariance knows, those of all occasions together.
    mean: DVector<f64>,
    square: DMatrix<f64>,
    /// The squares of the residuals on the scale of an error with one number.
    residual: f64,
    /// Slopes and curvatures of -2 ln of the density of the levels by what is sought step by step.
    gradient: DVector<f64>,
    hessian: DMatrix<f64>,
}

impl Sums {
    fn zero(deviations: usize, sought: usize) -> Self {
        Self {
            mean: DVector::zeros(deviations),
            square: DMatrix::zeros(deviations, deviations),
            residual: 0.0,
            gradient: DVector::zeros(sought),
            hessian: DMatrix::zeros(sought, sought),
        }
    }

    /// `self += share * (other - self)`.
    fn towards(&mut self, other: &Self, share: f64) {
        self.mean += share * (&other.mean - &self.mean);
        self.square += share * (&other.square - &self.square);
        self.residual += share * (other.residual - self.residual);
        self.gradient += share * (&other.gradient - &self.gradient);
        self.hessian += share * (&other.hessian - &self.hessian);
    }

    fn add(&mut self, other: &Self) {
        self.mean += &other.mean;
        self.square += &other.square;
        self.residual += other.residual;
        self.gradient += &other.gradient;
        self.hessian += &other.hessian;
    }
}

/// What is sought by Newton's steps, since no formula gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sought {
    /// A number of the typical person about which nothing is spread, by its place among those sought.
    Number(usize),
    /// A number of the error.
    Error(usize),
}

/// The M-step of a theory.
pub(super) struct Maximiser<'a> {
    layout: &'a Layout,
    /// The coordinate of a person about which each kind of deviation is spread.
    centres: Vec<Option<usize>>,
    /// The pairs of a coordinate of the search and a kind of deviation that is spread about it.
    pairs: Vec<(usize, usize)>,
    /// What Newton's steps seek, with its coordinate of the search.
    sought: Vec<(usize, Sought)>,
    /// How a residual is measured where the error has one number and every sample is a level.
    one: Option<ResidualError>,
    levels: f64,
    /// How many deviations of each kind all people have together.
    counts: DVector<f64>,
    average: Option<Sums>,
}

/// The share of a variance that is kept from iteration to iteration while the chains explore.
const KEPT: f64 = 0.95;
/// The longest step of a number that is sought.
const LONGEST: f64 = 0.3;

impl<'a> Maximiser<'a> {
    #[expect(clippy::cast_precision_loss, reason = "counts of levels and people")]
    pub(super) fn new(layout: &'a Layout, people: &[Walker<'_>]) -> Self {
        let centres = layout.centres();
        let number = |j: &usize| centres.iter().position(|own| *own == Some(layout.typical[*j]));
        let all = || 0..layout.typical.len();
        let pairs = all().filter_map(|j| Some((j, number(&j)?))).collect();
        let mut sought: Vec<(usize, Sought)> =
            all().filter(|j| number(j).is_none()).map(|j| (j, Sought::Number(j))).collect();
        let reports = || people.iter().flat_map(|walker| walker.person.reports());
        let one = one_number(layout, reports().all(|report| matches!(report, Report::Level(_))));
        if one.is_none() {
            sought.extend((0..layout.errors()).map(|k| (layout.typical.len() + k, Sought::Error(k))));
        }
        let mut counts = DVector::zeros(layout.deviations());
        people.iter().flat_map(|walker| &walker.kinds).for_each(|kind| counts[*kind] += 1.0);
        Self { layout, pairs, sought, one, levels: reports().count() as f64, counts, centres, average: None }
    }

    /// How many deviations of each kind all people have together.
    pub(super) fn counts(&self) -> &[f64] {
        self.counts.as_slice()
    }

    /// The coordinates at a place about which each kind of deviation is spread.
    fn centre(&self, place: &Place) -> DVector<f64> {
        DVector::from_iterator(self.centres.len(), self.centres.iter().map(|at| at.map_or(0.0, |at| place.z[at])))
    }

    /// By how much each kind of deviation falls where the numbers of a person stay and the place moves.
    pub(super) fn moved(&self, from: &Place, to: &Place) -> DVector<f64> {
        self.centre(to) - self.centre(from)
    }

    /// Whether a number is sought that moves the levels of chains that stand still.
    pub(super) fn moves_levels(&self) -> bool {
        self.sought.iter().any(|(_, sought)| matches!(sought, Sought::Number(_)))
    }

    /// What the chains of a person add up to, over their number; none where one has no density. The scene is the person's own, the place that
    /// of all.
    pub(super) fn sums(&self, scene: &Scene<'_>, place: &Place, walker: &Walker<'_>) -> Option<Sums> {
        let (between, centre) = (self.layout.eta.len(), self.centre(place));
        let mut sums = Sums::zero(centre.len(), self.sought.len());
        for chain in &walker.chains {
            let own = |(kind, eta): (&usize, &f64)| (*kind, centre[*kind] + eta);
            for (k, (kind, z)) in walker.kinds.iter().zip(&chain.eta).map(own).enumerate() {
                sums.mean[kind] += z;
                if k >= between {
                    sums.square[(kind, kind)] += z * z;
                    continue;
                }
                for (other, own) in walker.kinds.iter().zip(&chain.eta).map(own).take(between) {
                    sums.square[(kind, other)] += z * own;
                }
            }
            if let Some(error) = self.one {
                let of = |(report, level): (&Report, &f64)| square(error, *report, *level);
                sums.residual += walker.person.reports().iter().zip(&chain.levels).map(of).sum::<f64>();
            }
            if !self.sought.is_empty() {
                self.add_slopes(scene, walker, (&chain.eta, &chain.levels), &mut sums)?;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a few chains")]
        let share = 1.0 / walker.chains.len() as f64;
        let mut scaled = Sums::zero(centre.len(), self.sought.len());
        scaled.towards(&sums, share);
        scaled.residual.is_finite().then_some(scaled)
    }

    fn add_slopes(
        &self,
        scene: &Scene<'_>,
        walker: &Walker<'_>,
        (eta, plain): (&[f64], &[f64]),
        sums: &mut Sums,
    ) -> Option<()> {
        let (layout, m) = (scene.layout, scene.layout.person());
        let levels = if self.moves_levels() {
            walker.person.levels(&layout.moved(&scene.place.z, eta), true)?
        } else {
            Levels::default()
        };
        let space = scene.place.residual.space().unknowns;
        let mut rows = levels.rows();
        for (j, reading) in walker.person.readings().enumerate() {
            let level = rows.next();
            let value = jet_at(&scene.place.residual, reading, level.map_or(plain[j], |row| row[0]))?;
            // The slope of a coordinate of the sample by what is sought: of the level, or of a number of the error.
            let by = |sought: Sought| match sought {
                Sought::Number(j) => (OWN, level.map_or(0.0, |row| row[1 + layout.typical[j]])),
                Sought::Error(k) => (ERROR + k, 1.0),
            };
            for (a, (_, own)) in self.sought.iter().enumerate() {
                let (p, da) = by(*own);
                sums.gradient[a] += value[1 + p] * da;
                for (b, (_, other)) in self.sought.iter().enumerate() {
                    let (q, db) = by(*other);
                    let bent = match (own, other, level) {
                        (Sought::Number(j), Sought::Number(k), Some(row)) => {
                            row[at_second(m, layout.typical[*j], layout.typical[*k])]
                        }
                        _ => 0.0,
                    };
                    sums.hessian[(a, b)] += value[at_second(space, p, q)] * da * db + value[1 + OWN] * bent;
                }
            }
        }
        Some(())
    }

    /// One M-step: the coordinates `x` that are likeliest given the average of all sums, of which the new ones have a share. Gives what the
    /// new sums alone would have said, for each coordinate; none where the covariance has none.
    pub(super) fn step(
        &mut self,
        place: &Place,
        sums: &[Sums],
        (share, hot): (f64, bool),
        x: &mut [f64],
    ) -> Option<Vec<f64>> {
        let mut now = Sums::zero(self.counts.len(), self.sought.len());
        for own in sums {
            now.add(own);
        }
        let average = match self.average.take() {
            Some(mut average) => {
                average.towards(&now, share);
                average
            }
            None => now.clone(),
        };
        let mut alone = x.to_vec();
        self.set_varying(place, &now, false, &mut alone);
        self.set_varying(place, &average, hot, x);
        self.set_error(place, now.residual, false, &mut alone);
        self.set_error(place, average.residual, hot, x);
        let average = self.set_sought(average, &now, hot, (x, &mut alone));
        self.average = Some(average);
        alone.iter().all(|x| x.is_finite()).then_some(alone)
    }

    /// Numbers that vary, and their covariance.
    fn set_varying(&self, place: &Place, sums: &Sums, hot: bool, x: &mut [f64]) {
        let (layout, n) = (self.layout, self.counts.len());
        let mean = sums.mean.component_div(&self.counts);
        let now = self.centre(place);
        let off = &mean - &now;
        // Where a number of a block is known, the others follow from how far the mean is off there.
        let inverse = &place.omega.inverse;
        let is_sought = |k: usize| self.pairs.iter().any(|(_, own)| *own == k);
        let free: Vec<usize> = (0..n).filter(|k| is_sought(*k)).collect();
        let own = DMatrix::from_fn(free.len(), free.len(), |a, b| inverse[(free[a], free[b])]);
        let rest = DVector::from_fn(free.len(), |a, _| {
            (0..n).filter(|k| !is_sought(*k)).map(|k| inverse[(free[a], k)] * off[k]).sum::<f64>()
        });
        let more = own.cholesky().map_or_else(|| DVector::zeros(free.len()), |root| root.solve(&rest));
        let mut centre = now;
        for (a, k) in free.iter().enumerate() {
            centre[*k] = mean[*k] + more[a];
        }
        self.pairs.iter().for_each(|(j, k)| x[*j] = centre[*k]);
        let cross = &centre * mean.transpose();
        let square = DMatrix::from_fn(n, n, |i, j| sums.square[(i, j)] / self.counts[i]);
        let whole = square - &cross - cross.transpose() + &centre * centre.transpose();
        let mut omega = DMatrix::zeros(n, n);
        for (i, j) in layout.blocks.places() {
            (omega[(i, j)], omega[(j, i)]) = (whole[(i, j)], whole[(i, j)]);
        }
        if hot {
            let lift = |k: usize| (KEPT * place.omega.matrix[(k, k)] / omega[(k, k)]).max(1.0).sqrt();
            let lifts: Vec<f64> = (0..n).map(lift).collect();
            omega = DMatrix::from_fn(n, n, |i, j| omega[(i, j)] * lifts[i] * lifts[j]);
        }
        // Of too few chains the covariance may be none: it stays.
        if let Some(coordinates) = layout.blocks.coordinates(&omega).filter(|all| all.iter().all(|x| x.is_finite())) {
            x[layout.omega_at()..].copy_from_slice(&coordinates);
        }
    }

    /// The one number of the error.
    fn set_error(&self, place: &Place, squares: f64, hot: bool, x: &mut [f64]) {
        let Some(error) = self.one else { return };
        let at = self.layout.typical.len();
        let number = |square: f64| match error {
            ResidualError::LogNormal { .. } => square.exp_m1().sqrt(),
            _ => square.sqrt(),
        };
        let mut coordinate = number(squares / self.levels).max(1e-12).ln();
        if hot {
            coordinate = coordinate.max(place.error[0] + 0.5 * KEPT.ln());
        }
        x[at] = coordinate;
    }

    /// A Newton step of the rest, whose average slope moves with it.
    fn set_sought(&self, mut average: Sums, now: &Sums, hot: bool, (x, alone): (&mut [f64], &mut [f64])) -> Sums {
        if self.sought.is_empty() {
            return average;
        }
        let mut step = newton(&average.hessian, &average.gradient);
        let own = newton(&average.hessian, &now.gradient);
        for (a, (at, sought)) in self.sought.iter().enumerate() {
            alone[*at] = x[*at] + own[a];
            let low = if hot && matches!(sought, Sought::Error(_)) { 0.5 * KEPT.ln() } else { -LONGEST };
            step[a] = step[a].clamp(low, LONGEST);
            x[*at] += step[a];
        }
        average.gradient += &average.hessian * step;
        average
    }
}

/// A step against the slope, downhill in every direction.
fn newton(hessian: &DMatrix<f64>, gradient: &DVector<f64>) -> DVector<f64> {
    let eigen = SymmetricEigen::new(0.5 * (hessian + hessian.transpose()));
    let least = 1e-8 * eigen.eigenvalues.amax();
    let along = eigen.eigenvectors.transpose() * gradient;
    let over = |k: usize| {
        let bend = eigen.eigenvalues[k].abs().max(least);
        if bend > 0.0 { along[k] / bend } else { 0.0 }
    };
    -(&eigen.eigenvectors * DVector::from_fn(along.len(), |k, _| over(k)))
}

/// An error whose one number is sought above zero, so that a sum of squares tells it.
fn one_number(layout: &Layout, only_levels: bool) -> Option<ResidualError> {
    let Off::Error(error) = layout.theory.off else { return None };
    if !layout.theory.kinds.is_empty() {
        return None;
    }
    let names = layout.names();
    let [(_, unknown)] = &names[layout.typical.len()..] else { return None };
    if !only_levels || unknown.ends() != (0.0, f64::INFINITY) {
        return None;
    }
    match error {
        ResidualError::Proportional { .. } => Some(ResidualError::Proportional { cv: 1.0 }),
        ResidualError::LogNormal { .. } => Some(ResidualError::LogNormal { cv: 1.0 }),
        ResidualError::Additive { .. } => Some(ResidualError::Additive { sd: 1.0 }),
        ResidualError::Power { exponent, .. } => Some(ResidualError::Power { cv: 1.0, exponent }),
        ResidualError::Combined { .. } | ResidualError::CombinedSd { .. } => None,
    }
}

/// The square of a residual on the scale on which the error is one number.
fn square(error: ResidualError, report: Report, level: f64) -> f64 {
    let Report::Level(measured) = report else { return 0.0 };
    let off = measured - level;
    let scaled = match error {
        ResidualError::Proportional { .. } => off / level,
        ResidualError::LogNormal { .. } => (measured / level).ln(),
        ResidualError::Power { exponent, .. } => off / level.powf(exponent),
        _ => off,
    };
    scaled * scaled
}
