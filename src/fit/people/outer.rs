//! The search for the numbers of a population, and how sure they are.

use std::cell::RefCell;
use std::rc::Rc;

use nalgebra::{DMatrix, DVector};

use super::evaluate::{Asked, Before, Part, Wanted};
use super::layout::Place;
use super::method::Method;
use super::watch::Watch;
use crate::error::Error;
use crate::numeric::{Descent, Ends, descend, fourth};

/// A place, and what each person adds there.
type Found = (Place, Vec<Part>);

/// A search over the coordinates of a population, which remembers the modes of the people.
pub(super) struct Search<'s, 'a> {
    asked: &'s Asked<'a>,
    /// The modes where the value was lowest.
    modes: Vec<Before>,
    lowest: f64,
    /// Which coordinates are held where they are.
    pub(super) held: Vec<Option<f64>>,
    /// How far each coordinate goes until something has changed by a factor of e or so.
    strides: Vec<f64>,
    watch: Option<&'s Watch<'s>>,
    /// What was found with slopes last, and at which coordinates.
    last: Option<(Vec<f64>, Rc<Found>)>,
    /// Why the last place that had no value had none.
    refused: RefCell<Option<Error>>,
}

/// The search has come to where there is no likelihood.
pub(super) const LOST: &str = "the search has lost the likelihood: start from numbers that are nearer to the data";

/// The steps of differences: of the gradient, and of the value where there is no gradient.
const STEP: f64 = 1e-3;

impl<'s, 'a> Search<'s, 'a> {
    /// From coordinates and what the people add there.
    pub(super) fn new(asked: &'s Asked<'a>, x: &[f64], parts: &[Part]) -> Self {
        let mut search = Self { lowest: f64::INFINITY, ..Self::at(asked, x, Vec::new()) };
        search.keep(asked.sum(parts), parts, true);
        search
    }

    /// The same from modes that are known and stay the starts of all that follow.
    pub(super) fn at(asked: &'s Asked<'a>, x: &[f64], modes: Vec<Vec<f64>>) -> Self {
        let (strides, modes) = (asked.layout.strides(), modes.into_iter().map(Before::from).collect());
        let held = vec![None; x.len()];
        let refused = RefCell::default();
        Self { asked, modes, lowest: f64::NEG_INFINITY, held, strides, watch: None, last: None, refused }
    }

    /// The same with somebody who is told of each evaluation.
    pub(super) fn watched(self, watch: Option<&'s Watch<'s>>) -> Self {
        Self { watch, ..self }
    }

    /// Whether a mode lay on an edge where slopes were asked for last.
    pub(super) fn is_on_edge(&self) -> bool {
        self.last.as_ref().is_some_and(|(_, found)| found.1.iter().any(|part| part.on_edge))
    }

    /// Why the search has come to no end: who had no likelihood at the numbers that it tried last.
    pub(super) fn why_lost(&self) -> Error {
        let why = self.refused.take().map_or(String::new(), |why| format!("; at the numbers it tried last {why}"));
        Error::value(format!("{LOST}{why}"))
    }

    fn tell(&self, value: f64) -> Option<()> {
        self.watch.map_or(Some(()), |watch| watch.step(Some(value), None))
    }

    /// Seeks each mode anew from several starts; false where one lies lower than before.
    pub(super) fn see(&mut self, x: &[f64]) -> Option<bool> {
        let (_, parts) = self.parts(x, Wanted { slopes: false, several: true })?;
        let value = self.asked.sum(&parts);
        let same = value >= self.lowest - 1e-7 * (1.0 + value.abs());
        self.keep(value, &parts, true);
        self.last = None;
        Some(same)
    }

    fn keep(&mut self, value: f64, parts: &[Part], always: bool) {
        if always || value < self.lowest {
            self.lowest = value;
            self.modes = parts.iter().map(Part::before).collect();
        }
    }

    /// The steps of differences by the coordinates that are not held.
    fn steps(&self) -> Vec<f64> {
        self.moving(&self.strides).into_iter().map(|stride| STEP * stride).collect()
    }

    /// The steepest slope, each for a coordinate that goes one stride.
    pub(super) fn steepest(&self, gradient: &[f64]) -> f64 {
        let all = gradient.iter().zip(self.moving(&self.strides));
        all.fold(0.0, |most: f64, (slope, stride)| most.max((slope * stride).abs()))
    }

    pub(super) fn parts(&self, x: &[f64], wanted: Wanted) -> Option<(Place, Vec<Part>)> {
        let place = self.asked.layout.place(&self.full(x))?;
        let parts = self.asked.parts(&place, &self.modes, wanted);
        let parts = parts.map_err(|why| self.refused.replace(Some(why))).ok()?;
        Some((place, parts))
    }

    /// The same with slopes; what was found last is kept.
    pub(super) fn sloped(&mut self, x: &[f64]) -> Option<Rc<Found>> {
        let full = self.full(x);
        if let Some((_, found)) = self.last.as_ref().filter(|(at, _)| *at == full) {
            return Some(Rc::clone(found));
        }
        let found = Rc::new(self.parts(x, Wanted { slopes: true, several: false })?);
        self.last = Some((full, Rc::clone(&found)));
        Some(found)
    }

    /// What each person adds at the end.
    pub(super) fn ends(&mut self, x: &[f64]) -> Option<Vec<Part>> {
        if matches!(self.asked.method, Method::Quadrature { .. } | Method::Importance { .. }) {
            return Some(self.parts(x, Wanted { slopes: false, several: false })?.1);
        }
        Some(self.sloped(x)?.1.clone())
    }

    /// All coordinates, those that are held too.
    pub(super) fn full(&self, x: &[f64]) -> Vec<f64> {
        let mut rest = x.iter();
        self.held.iter().map(|held| held.unwrap_or_else(|| rest.next().copied().unwrap_or(0.0))).collect()
    }

    /// The coordinates that are not held.
    pub(super) fn moving<T: Clone>(&self, all: &[T]) -> Vec<T> {
        all.iter().zip(&self.held).filter(|(_, held)| held.is_none()).map(|(own, _)| own.clone()).collect()
    }

    pub(super) fn value(&mut self, x: &[f64]) -> Option<f64> {
        let (_, parts) = self.parts(x, Wanted { slopes: false, several: false })?;
        let value = self.asked.sum(&parts);
        self.tell(value)?;
        Some(value)
    }

    /// Value and slopes: exact where the method has them, else by central differences of the fourth order of the value.
    pub(super) fn slope(&mut self, x: &[f64]) -> Option<(f64, Vec<f64>)> {
        if matches!(self.asked.method, Method::Quadrature { .. } | Method::Importance { .. }) {
            let (_, parts) = self.parts(x, Wanted { slopes: false, several: false })?;
            let value = self.asked.sum(&parts);
            self.keep(value, &parts, false);
            let (mut gradient, steps) = (Vec::with_capacity(x.len()), self.steps());
            for (i, step) in steps.into_iter().enumerate() {
                gradient.push(fourth(step, |step| self.value(&shifted(x, i, step)))?);
            }
            return Some((value, gradient));
        }
        let found = self.sloped(x)?;
        let (place, parts) = &*found;
        let value = self.asked.sum(parts);
        self.tell(value)?;
        self.keep(value, parts, false);
        Some((value, self.moving(&self.asked.gradient(place, self.asked.in_order(parts)))))
    }

    /// Where a search begins, with value and slopes.
    pub(super) fn start(&mut self, x: &[f64]) -> Option<Descent> {
        let (value, gradient) = self.slope(x)?;
        Some(Descent { x: x.to_vec(), value, gradient, steps: 0, promised: f64::NAN })
    }

    /// A middling level of the data: the geometric mean of those above zero.
    pub(super) fn middle(&self) -> f64 {
        let levels = self.asked.people.iter().flat_map(|person| person.sampled.samples().levels());
        let (count, sum) = levels
            .filter(|(_, level)| *level > 0.0)
            .fold((0.0, 0.0), |(count, sum), (_, level)| (count + 1.0, sum + f64::ln(level)));
        if count > 0.0 { f64::exp(sum / count) } else { 1.0 }
    }

    /// The slopes of each person.
    pub(super) fn scores(&mut self, x: &[f64]) -> Option<Vec<DVector<f64>>> {
        if matches!(self.asked.method, Method::Quadrature { .. } | Method::Importance { .. }) {
            let mut all = vec![DVector::zeros(x.len()); self.asked.people.len()];
            let values = |search: &mut Self, x: &[f64]| -> Option<Vec<f64>> {
                let (_, parts) = search.parts(x, Wanted { slopes: false, several: false })?;
                Some(parts.iter().map(|part| part.ofv).collect())
            };
            for (i, own_step) in self.steps().into_iter().enumerate() {
                let mut at = Vec::new();
                for step in [own_step, -own_step, 2.0 * own_step, -2.0 * own_step] {
                    at.push(values(self, &shifted(x, i, step))?);
                }
                for (k, own) in all.iter_mut().enumerate() {
                    own[i] = (8.0 * (at[0][k] - at[1][k]) - (at[2][k] - at[3][k])) / (12.0 * own_step);
                }
            }
            return Some(all);
        }
        let found = self.sloped(x)?;
        let (place, parts) = &*found;
        let of = |part: &Part| {
            let own = self.asked.gradient(place, std::iter::once(part));
            DVector::from_vec(self.moving(&own))
        };
        Some(parts.iter().map(of).collect())
    }

    /// The Hessian by central differences of the exact slopes, the modes found anew at each.
    pub(super) fn hessian(&mut self, x: &[f64]) -> Option<DMatrix<f64>> {
        let n = x.len();
        let mut hessian = DMatrix::zeros(n, n);
        for (i, step) in self.steps().into_iter().enumerate() {
            let [(_, above), (_, below)] = [self.slope(&shifted(x, i, step))?, self.slope(&shifted(x, i, -step))?];
            hessian.set_column(i, &((DVector::from_vec(above) - DVector::from_vec(below)) / (2.0 * step)));
        }
        Some(0.5 * (&hessian + hessian.transpose()))
    }

    /// Descends to a minimum: by quasi-Newton steps, then by Newton's.
    pub(super) fn descend(&mut self, x: &[f64]) -> Option<Descent> {
        let scores = self.scores(x)?;
        // -2 ln L bends as half the sum of the squared slopes of the people, where the theory is right.
        let n = x.len();
        let mut guess = DMatrix::identity(n, n) * 1e-3;
        for own in self.asked.in_order(&scores) {
            guess += 0.5 * own * own.transpose();
        }
        let ends = Ends { slope: 1e-3, promised: 1e-5, steps: 300 };
        descend(|x| self.slope(x), x, &guess, ends)
    }
}

fn shifted(x: &[f64], i: usize, step: f64) -> Vec<f64> {
    let mut x = x.to_vec();
    x[i] += step;
    x
}
