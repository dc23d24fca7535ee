//! One person at a place of the search: the joint density of levels and deviations, and its mode.

use std::borrow::Cow;

use nalgebra::{DMatrix, DVector};
use smallvec::SmallVec;

use super::corner::Corner;
use super::layout::{Layout, Place};
use super::method::Method;
use super::seat::{Own, Seat};
use super::term::{Term, slim, term};
use crate::error::Result;
use crate::fit::prepared::Prepared;
use crate::fit::rows::Levels;
use crate::fit::samples::{Reading, Report, Sampled};
use crate::model::Model;
use crate::numeric::{Close, Least, Near, least_until};
use crate::regimen::Regimen;
use crate::sensitivity::{Order, at_second};

/// A person made ready for many evaluations.
pub(super) struct Person<'a> {
    pub(super) id: &'a str,
    pub(super) sampled: &'a Sampled,
    prepared: Prepared<'a>,
    pub(super) own: Option<Box<Own>>,
}

impl<'a> Person<'a> {
    /// # Errors
    /// An occasion that is none.
    pub(super) fn new(layout: &Layout, id: &'a str, sampled: &'a Sampled) -> Result<Self> {
        let own = Own::of(layout, sampled)?.map(Box::new);
        let joint = own.as_ref().map_or(&layout.joint, |own| &own.layout().joint);
        Ok(Self { id, sampled, prepared: Prepared::new(joint, sampled), own })
    }

    /// The layout and the place as this person sees them.
    pub(super) fn seat<'p>(&'p self, layout: &'p Layout, place: &'p Place) -> Seat<'p> {
        match &self.own {
            None => Seat { layout, place: Cow::Borrowed(place) },
            Some(own) => Seat { layout: own.layout(), place: Cow::Owned(own.place(place)) },
        }
    }

    pub(super) fn readings(&self) -> impl Iterator<Item = Reading> {
        self.sampled.samples.readings()
    }

    pub(super) fn reports(&self) -> &[Report] {
        self.sampled.samples.reports()
    }

    /// The levels of a person with coordinates `z`, with derivatives by them.
    pub(super) fn levels(&self, z: &[f64], second: bool) -> Option<Levels> {
        let order = if second { Order::Second } else { Order::First };
        let mut levels = Levels::default();
        self.levels_into(z, order, &mut levels)?;
        Some(levels)
    }

    /// The same into room that is used again.
    fn levels_into(&self, z: &[f64], order: Order, room: &mut Levels) -> Option<()> {
        self.prepared.levels(z, order, room).ok()?;
        room.are_finite().then_some(())
    }

    /// The model of a person with coordinates `z`.
    ///
    /// # Errors
    /// Coordinates that no model has.
    pub(super) fn model(&self, z: &[f64]) -> Result<Model> {
        self.prepared.model(z)
    }

    /// The doses as a regimen, where one body takes them from the first to the last.
    pub(super) fn regimen(&self) -> Option<&'a Regimen> {
        self.prepared.regimen()
    }

    /// The levels alone.
    pub(super) fn plain(&self, z: &[f64]) -> Option<Vec<f64>> {
        let mut room = Levels::default();
        self.plain_into(z, &mut room)?;
        Some(room.plain().to_vec())
    }

    /// The levels alone, into room that is used again.
    pub(super) fn plain_into(&self, z: &[f64], room: &mut Levels) -> Option<()> {
        self.prepared.levels(z, Order::Value, room).ok()?;
        room.plain().iter().all(|value| value.is_finite()).then_some(())
    }
}

/// A person at a place.
pub(super) struct Inner<'a> {
    pub(super) layout: &'a Layout,
    pub(super) place: &'a Place,
    pub(super) person: &'a Person<'a>,
    pub(super) method: Method,
    /// The levels without deviations, by which the variance goes where it does not interact.
    pub(super) typical: Levels,
    /// Where the second derivatives by two deviations stand in a row of levels.
    seconds: SmallVec<[usize; 21]>,
    /// And those by a coordinate and each deviation, coordinate by coordinate.
    pub(super) crossed: SmallVec<[usize; 25]>,
    /// How close a search for a mode goes.
    pub(super) close: Close,
}

/// Room for what is seen at deviations, used again from step to step.
#[derive(Default)]
pub(super) struct Room {
    z: Vec<f64>,
    /// Where the levels are.
    eta: Vec<f64>,
    pub(super) levels: Levels,
}

/// How long a way to a known mode may be, and what share of it a full Newton step may leave, for a search to be about to end there.
const AHEAD: (f64, f64) = (1.5, 0.4);

/// So close to a mode that the last step, which is taken, leaves 1e-11 of a deviation.
const CLOSE: Close = Close { promised: 1e-10, step: 3e-6 };

/// The mode of a person's deviations.
pub(super) struct Mode {
    pub(super) eta: Vec<f64>,
    pub(super) near: Near,
    pub(super) settled: bool,
    /// What is seen there.
    pub(super) sight: Sight,
    /// The edge on which it lies, if it lies on one.
    pub(super) corner: Option<Corner>,
}

/// Where a search for a mode has ended.
struct End {
    least: Least,
    corner: Option<Corner>,
}

/// What is seen at deviations: levels and terms.
pub(super) struct Sight {
    pub(super) levels: Levels,
    pub(super) terms: Vec<Term>,
}

impl<'a> Inner<'a> {
    pub(super) fn new(layout: &'a Layout, place: &'a Place, person: &'a Person<'a>, method: Method) -> Option<Self> {
        let typical = if method.interacts() { Levels::default() } else { person.levels(&place.z, true)? };
        Some(Self::with(layout, place, person, (method, typical)))
    }

    /// The same where the levels without deviations are known.
    pub(super) fn with(
        layout: &'a Layout,
        place: &'a Place,
        person: &'a Person<'a>,
        (method, typical): (Method, Levels),
    ) -> Self {
        let (eta, m) = (&layout.eta, layout.person());
        let seconds = (0..eta.len()).flat_map(|i| (0..=i).map(move |j| at_second(m, eta[i], eta[j]))).collect();
        let crossed = (0..m).flat_map(|i| eta.iter().map(move |own| at_second(m, *own, i))).collect();
        Self { layout, place, person, method, typical, seconds, crossed, close: CLOSE }
    }

    /// The same, whose modes are found to the last digits: so draws about them do not change with how a search goes.
    pub(super) fn closest(self) -> Self {
        Self { close: Close::ROUNDING, ..self }
    }

    /// How a level bends by each coordinate and a direction of the deviations.
    pub(super) fn bent<'b>(&'b self, level: &'b [f64], along: &'b [f64]) -> impl Iterator<Item = f64> + 'b {
        let rows = self.crossed.chunks_exact(along.len().max(1));
        rows.map(move |row| row.iter().zip(along).map(|(at, along)| along * level[*at]).sum())
    }

    fn sight_of(&self, levels: Levels) -> Option<Sight> {
        let (residual, interacts) = (&self.place.residual, self.method.interacts());
        let pairs = levels.rows().map(|row| row[0]).zip(self.bases());
        let terms = self.person.readings().zip(pairs).map(|(reading, pair)| term(residual, reading, pair, interacts));
        let terms: Option<Vec<Term>> = terms.collect();
        Some(Sight { terms: terms?, levels })
    }

    /// The level by which the variance of each sample goes, where it does not go by the person's own.
    fn bases(&self) -> impl Iterator<Item = f64> {
        self.typical.rows().map(|row| row[0]).chain(std::iter::repeat(0.0))
    }

    /// `l(eta)`, -2 ln of the joint density without constants, with gradient and Hessian by the deviations; the levels stay in the room.
    pub(super) fn near(&self, eta: &[f64], room: &mut Room) -> Option<Near> {
        self.layout.move_into(&self.place.z, eta, &mut room.z);
        room.eta.clear();
        self.person.levels_into(&room.z, Order::Second, &mut room.levels)?;
        room.eta.extend_from_slice(eta);
        let mut near = self.sum(&room.levels)?;
        let inverse = &self.place.omega.inverse;
        for i in 0..eta.len() {
            let pull: f64 = eta.iter().enumerate().map(|(j, eta)| inverse[(i, j)] * eta).sum();
            near.value += eta[i] * pull;
            near.gradient[i] += 2.0 * pull;
        }
        near.hessian.zip_apply(inverse, |own, prior| *own += 2.0 * prior);
        near.value.is_finite().then_some(near)
    }

    /// What levels add to `l`.
    pub(super) fn sum(&self, levels: &Levels) -> Option<Near> {
        let (residual, interacts) = (&self.place.residual, self.method.interacts());
        let mut sum = Sum::new(&self.layout.eta, &self.seconds);
        for ((reading, row), base) in self.person.readings().zip(levels.rows()).zip(self.bases()) {
            sum.add(row, slim(residual, reading, (row[0], base), interacts)?);
        }
        Some(sum.near())
    }

    /// `l(eta)` alone.
    pub(super) fn value(&self, eta: &[f64]) -> Option<f64> {
        let levels = self.person.plain(&self.layout.moved(&self.place.z, eta))?;
        let (residual, interacts) = (&self.place.residual, self.method.interacts());
        let pull = &self.place.omega.inverse * DVector::from_column_slice(eta);
        let mut sum: f64 = eta.iter().zip(pull.iter()).map(|(eta, pull)| eta * pull).sum();
        for ((reading, level), base) in self.person.readings().zip(&levels).zip(self.bases()) {
            sum += slim(residual, reading, (*level, base), interacts)?[0];
        }
        sum.is_finite().then_some(sum)
    }

    /// The mode from where it was last.
    pub(super) fn mode_from(&self, eta: &[f64]) -> Option<Mode> {
        let mut room = Room::default();
        let end = self.end_from(eta, &[], &mut room)?;
        self.seen(end, room)
    }

    /// Where a search from a start ends; none where it comes near an end that is known, or has no density at its start.
    fn end_from(&self, eta: &[f64], ends: &[End], room: &mut Room) -> Option<End> {
        let known = |x: &[f64], there: &[f64]| ends.iter().any(|end| end.least.is_ahead_within((x, there), AHEAD));
        let least = least_until(|eta| self.near(eta, room), eta, known, self.close)?;
        if !least.settled
            && self.layout.has_edges()
            && let Some((least, corner)) = self.past_edges(least.clone(), room)
        {
            return Some(End { least, corner });
        }
        Some(End { least, corner: None })
    }

    fn seen(&self, End { least, corner }: End, room: Room) -> Option<Mode> {
        let levels = match &corner {
            Some(corner) => corner.levels.clone(),
            // Nearly always the mode is where it was looked last.
            None if room.eta == least.x => room.levels,
            None => self.person.levels(&self.layout.moved(&self.place.z, &least.x), true)?,
        };
        let sight = self.sight_of(levels)?;
        let mut mode = Mode { eta: least.x, near: least.near, settled: least.settled, sight, corner };
        if mode.corner.is_some() {
            // No Hessian is one on an edge: what follows goes by the expected curvature.
            mode.near.hessian = 2.0 * self.expected(&mode);
        }
        Some(mode)
    }

    /// The lowest mode from several starts: the mode of before, no deviation, and each deviation one standard deviation up and down. A search that
    /// comes near a mode that is known is not followed further.
    pub(super) fn mode(&self, before: &[f64]) -> Option<Mode> {
        let n = self.layout.eta.len();
        let mut starts = vec![before.to_vec()];
        if before.iter().any(|eta| *eta != 0.0) {
            starts.push(vec![0.0; n]);
        }
        for i in 0..n {
            for direction in [1.0, -1.0] {
                let mut start = vec![0.0; n];
                start[i] = direction * self.place.omega.matrix[(i, i)].sqrt();
                starts.push(start);
            }
        }
        let (mut ends, mut room): (Vec<End>, _) = (Vec::new(), Room::default());
        for start in starts {
            let end = self.end_from(&start, &ends, &mut room);
            ends.extend(end);
        }
        // Of ends that agree within rounding the first one stays, so that it does not change from call to call.
        let found = ends.into_iter().reduce(|best, end| {
            let (own, other) = (&end.least, &best.least);
            let lower = own.near.value < other.near.value - 1e-9 * (1.0 + other.near.value.abs());
            if lower || (own.settled && !other.settled && own.near.value <= other.near.value) { end } else { best }
        })?;
        self.seen(found, room)
    }

    /// The curvature `H` at a mode: half the exact Hessian, or its expectation.
    pub(super) fn curvature(&self, mode: &Mode) -> DMatrix<f64> {
        if self.method.is_exact() { 0.5 * &mode.near.hessian } else { self.expected(mode) }
    }

    /// The expected curvature at a mode.
    fn expected(&self, mode: &Mode) -> DMatrix<f64> {
        let eta = &self.layout.eta;
        let n = eta.len();
        let mut curvature = self.place.omega.inverse.clone();
        for (level, term) in mode.sight.levels.rows().zip(&mode.sight.terms) {
            for i in 0..n {
                for j in 0..n {
                    curvature[(i, j)] += term.told.value * level[1 + eta[i]] * level[1 + eta[j]];
                }
            }
        }
        curvature
    }
}

/// A sum over samples with its gradient by the deviations and the lower triangle of its Hessian.
struct Sum<'a> {
    eta: &'a [usize],
    seconds: &'a [usize],
    value: f64,
    gradient: SmallVec<[f64; 6]>,
    triangle: SmallVec<[f64; 21]>,
}

impl<'a> Sum<'a> {
    fn new(eta: &'a [usize], seconds: &'a [usize]) -> Self {
        let triangle = SmallVec::from_elem(0.0, seconds.len());
        Self { eta, seconds, value: 0.0, gradient: SmallVec::from_elem(0.0, eta.len()), triangle }
    }

    /// Adds a sample: its value and its first two derivatives by the level, and the level with its derivatives.
    fn add(&mut self, level: &[f64], [value, first, second]: [f64; 3]) {
        self.value += value;
        let (mut sums, mut places) = (&mut self.triangle[..], self.seconds);
        for (i, (own, sum)) in self.eta.iter().zip(&mut self.gradient).enumerate() {
            let a = level[1 + own];
            *sum += first * a;
            let (row, rest) = sums.split_at_mut(i + 1);
            let (at, others) = places.split_at(i + 1);
            for ((other, sum), place) in self.eta.iter().zip(row).zip(at) {
                *sum += second * a * level[1 + other] + first * level[*place];
            }
            (sums, places) = (rest, others);
        }
    }

    fn near(self) -> Near {
        let n = self.eta.len();
        let mut hessian = DMatrix::zeros(n, n);
        let all = (0..n).flat_map(|i| (0..=i).map(move |j| (i, j)));
        for ((i, j), value) in all.zip(&self.triangle) {
            (hessian[(i, j)], hessian[(j, i)]) = (*value, *value);
        }
        Near { value: self.value, gradient: DVector::from_column_slice(&self.gradient), hessian }
    }
}

/// `ln |A|` of a matrix, and its root; none where it is not positive definite.
pub(super) fn root(matrix: &DMatrix<f64>) -> Option<(f64, nalgebra::Cholesky<f64, nalgebra::Dyn>)> {
    let root = matrix.clone().cholesky()?;
    let ln_det = 2.0 * root.l_dirty().diagonal().iter().map(|own: &f64| own.ln()).sum::<f64>();
    ln_det.is_finite().then_some((ln_det, root))
}
