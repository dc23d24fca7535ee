//! What each person adds to the objective at a place, and the sum of it all.

use std::sync::Arc;

use nalgebra::DMatrix;

use super::ahead::Ahead;
use super::data::{People, key};
use super::first_order::line;
use super::gradient::slopes;
use super::inner::{Inner, Person, root};
use super::layout::{Layout, Place};
use super::marginal::{check_nodes, importance, quadrature};
use super::method::Method;
use super::slopes::Slopes;
use super::zero::{check_zeros, without_likelihood};
use crate::error::{Error, Result};
use crate::fit::given::check_given;
use crate::fit::kinds::check_kinds;
use crate::fit::samples::Report;
use crate::fit::theory::Theory;
use crate::workers::{Work, for_each_row};

/// A theory and the people it is asked of, made ready.
pub(super) struct Asked<'a> {
    pub(super) layout: Layout,
    pub(super) people: Vec<Person<'a>>,
    /// The people by their ids: the order of all sums.
    pub(super) order: Vec<usize>,
    /// The method that is used: another than was asked for where samples are censored.
    pub(super) method: Method,
}

/// What is wanted of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) slopes: bool,
    /// Whether each mode is sought from several starts, not only from where it was.
    pub(super) several: bool,
}

/// Where a mode was last, and how it moves from there, where that is known.
#[derive(Debug, Clone)]
pub(super) struct Before {
    pub(super) eta: Vec<f64>,
    ahead: Option<Arc<Ahead>>,
}

impl Before {
    /// The start of a search at a place.
    fn at(&self, place: &Place) -> Vec<f64> {
        self.ahead.as_ref().and_then(|ahead| ahead.at(place)).unwrap_or_else(|| self.eta.clone())
    }
}

impl From<Vec<f64>> for Before {
    fn from(eta: Vec<f64>) -> Self {
        Self { eta, ahead: None }
    }
}

/// What a person adds.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) ofv: f64,
    pub(super) slopes: Option<Slopes>,
    pub(super) eta: Vec<f64>,
    ahead: Option<Arc<Ahead>>,
    pub(super) settled: bool,
    /// Whether the mode lies on an edge.
    pub(super) on_edge: bool,
    /// The covariance of the deviations, the inverse of the curvature.
    pub(super) covariance: DMatrix<f64>,
    /// The Monte Carlo standard error, and the effective number of draws.
    pub(super) sampled: Option<(f64, f64)>,
}

impl Part {
    /// The start of further searches for the mode.
    pub(super) fn before(&self) -> Before {
        Before { eta: self.eta.clone(), ahead: self.ahead.clone() }
    }
}

impl<'a> Asked<'a> {
    pub(super) fn new(theory: &Theory, people: &'a People, method: Method) -> Result<Self> {
        let layout = Layout::of(theory)?;
        if matches!(method, Method::Importance { draws: 0 | 1, .. }) {
            return Err(Error::value("importance sampling needs at least 2 draws of a person; give some 1,000"));
        }
        people.iter().try_for_each(|(_, sampled)| {
            check_given(theory, std::slice::from_ref(sampled))?;
            theory.check_known(sampled)
        })?;
        check_kinds(theory, people.iter().map(|(id, sampled)| (id, &sampled.samples)))?;
        people.iter().try_for_each(|(_, sampled)| check_zeros(theory, sampled))?;
        let all: Vec<Person<'a>> =
            people.iter().map(|(id, sampled)| Person::new(&layout, id, sampled)).collect::<Result<_>>()?;
        if let Method::Quadrature { nodes } = method {
            all.iter().try_for_each(|person| check_nodes(nodes, person, &layout))?;
        }
        if let Some(person) = all.iter().find(|person| !person.sampled.summaries.is_empty()) {
            return Err(Error::value(format!(
                "person `{}` has summaries (Cmax, AUC ..), but a fit of people is of samples: give levels at times",
                person.id
            )));
        }
        let censored =
            all.iter().flat_map(super::inner::Person::readings).any(|own| !matches!(own.report, Report::Level(_)));
        Ok(Self {
            layout,
            people: all,
            order: people.order(),
            method: if censored { method.for_censored() } else { method },
        })
    }

    /// What each person adds at a place, in their order; the first person who has no density there is named.
    pub(super) fn parts(&self, place: &Place, before: &[Before], wanted: Wanted) -> Result<Vec<Part>> {
        let mut rows: Vec<Option<Part>> = vec![None; self.people.len()];
        // Who goes record by record takes far longer.
        let is_slow = self.people.iter().any(|person| person.regimen().is_none());
        let work = Work { width: 1, nanoseconds: if is_slow { 1e6 } else { 50_000.0 } };
        for_each_row(
            &mut rows,
            work,
            || Ok(()),
            |(), first, rows| {
                for (k, row) in rows.iter_mut().enumerate() {
                    *row = self.part(place, first + k, before, wanted);
                }
                Ok(())
            },
        )?;
        let named = |(i, part): (usize, Option<Part>)| {
            part.ok_or_else(|| {
                let person = &self.people[i];
                if let Some(why) = without_likelihood(person, (&self.layout, place, self.method)) {
                    return Error::value(why);
                }
                Error::value(format!(
                    "person `{}` has no likelihood at these numbers: check the units of doses and levels, and that the error has a spread at every level (an additive part has)",
                    person.id
                ))
            })
        };
        rows.into_iter().enumerate().map(named).collect()
    }

    fn part(&self, place: &Place, i: usize, before: &[Before], wanted: Wanted) -> Option<Part> {
        let person = &self.people[i];
        let seat = person.seat(&self.layout, place);
        let (layout, place) = (seat.layout, &*seat.place);
        let inner = Inner::new(layout, place, person, self.method)?;
        let shared = |slopes: Slopes| match &person.own {
            None => slopes,
            Some(own) => own.shared(&slopes),
        };
        if self.method == Method::Fo {
            let line = line(&inner)?;
            let covariance = root(&line.curvature)?.1.inverse();
            let (ofv, eta) = (line.ofv, line.eta);
            return Some(Part {
                ofv,
                slopes: Some(shared(line.slopes)),
                eta,
                ahead: None,
                settled: true,
                on_edge: false,
                covariance,
                sampled: None,
            });
        }
        let start = before.get(i).map_or_else(|| vec![0.0; layout.eta.len()], |before| before.at(place));
        let mode = if wanted.several { inner.mode(&start)? } else { inner.mode_from(&start)? };
        let (ln_det, cholesky) = root(&inner.curvature(&mode))?;
        let (mut ofv, mut sampled) = (mode.near.value + place.omega.ln_det + ln_det, None);
        match self.method {
            Method::Quadrature { nodes } => ofv = quadrature(&inner, &mode, nodes)?,
            Method::Importance { draws, seed } => {
                let found = importance(&inner, &mode, (draws, seed), key(person.id))?;
                (ofv, sampled) = (found.ofv, Some((found.error, found.effective)));
            }
            _ => {}
        }
        let covariance = cholesky.inverse();
        let (slopes, ahead) = if wanted.slopes {
            let (own, ahead) = slopes(&inner, &mode, &covariance)?;
            (Some(shared(own)), ahead.map(Arc::new))
        } else {
            (None, None)
        };
        ofv.is_finite().then_some(Part {
            ofv,
            slopes,
            eta: mode.eta,
            ahead,
            settled: mode.settled,
            on_edge: mode.corner.is_some(),
            covariance,
            sampled,
        })
    }

    /// The parts of all people in the order of all sums.
    pub(super) fn in_order<'p, T>(&'p self, all: &'p [T]) -> impl Iterator<Item = &'p T> {
        self.order.iter().map(|i| &all[*i])
    }

    /// What all people add.
    pub(super) fn sum(&self, parts: &[Part]) -> f64 {
        self.in_order(parts).map(|part| part.ofv).sum()
    }

    /// The slopes of the sum of some parts by the coordinates of the search.
    pub(super) fn gradient<'p>(&self, place: &Place, parts: impl Iterator<Item = &'p Part>) -> Vec<f64> {
        let layout = &self.layout;
        let n = layout.deviations();
        let (mut z, mut error) = (vec![0.0; layout.person()], vec![0.0; layout.errors()]);
        let mut omega = DMatrix::zeros(n, n);
        for slopes in parts.filter_map(|part| part.slopes.as_ref()) {
            z.iter_mut().zip(&slopes.z).for_each(|(sum, slope)| *sum += slope);
            error.iter_mut().zip(&slopes.error).for_each(|(sum, slope)| *sum += slope);
            omega += &slopes.omega;
        }
        let typical = layout.typical.iter().map(|i| z[*i]);
        typical.chain(error).chain(layout.blocks.slopes(&place.omega, &omega)).collect()
    }
}
