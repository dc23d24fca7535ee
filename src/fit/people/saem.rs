//! The likeliest numbers of a population by stochastic approximation (SAEM; Delyon, Lavielle and Moulines 1999; Kuhn and Lavielle 2005).

use super::begin::begin;
use super::chains::{Iteration, Scene, Walker};
use super::data::People;
use super::drift::{DRIFT, LAST, drift};
use super::enough::check;
use super::evaluate::{Asked, Wanted};
use super::fitted::PeopleFit;
use super::history::{History, Saem};
use super::layout::{Layout, Place};
use super::louis::bends;
use super::maximise::{Maximiser, Sums};
use super::method::Method;
use super::objective::{Objective, no_place};
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::fit::theory::Theory;
use crate::numeric::Descent;
use crate::workers::{Work, for_each_row};

/// The most further rounds of 50 iterations while an average drifts.
const MORE: u32 = 3;
/// By how much a Newton step from the end may still promise to lower the objective: a tenth is a third of a standard error.
const PROMISED: f64 = 0.1;
/// The logarithm of the standard deviation of a deviation below which none is told from it.
const SMALL: f64 = -4.0;

impl Theory {
    /// Fits this theory to people by SAEM, whatever the number of deviations: the likeliest numbers by chains of each person's deviations, then the
    /// objective by importance sampling, and standard errors by Louis' identity from the same draws.
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, fit::{Method, People, Saem, Sampled, Samples, Theory, free}};
    /// let design = People::new((1..=12).map(|id| {
    ///     (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[1.0, 12.0], &[0.0; 2]).unwrap()))
    /// }))?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: free(0.1) })?;
    /// let people = theory.simulate(&design, 7)?;
    /// let brief = Saem { exploring: 60, averaging: 100, chains: 1, draws: 100, ..Saem::of_seed(1) };
    /// let fit = theory.fit_people_by_saem(&people, brief)?;
    /// let exact = theory.fit_people(&people, Method::Focei)?;
    /// assert!((fit.estimates()[0].value / exact.estimates()[0].value - 1.0).abs() < 0.1);
    /// assert!(fit.history().is_some_and(|history| history.rows.len() >= 160));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`fit_people`](Self::fit_people); no chain, fewer than 100 iterations to be averaged or 2 draws.
    pub fn fit_people_by_saem(&self, people: &People, saem: Saem) -> Result<PeopleFit> {
        self.by_saem(people, saem, None)
    }

    pub(super) fn by_saem(&self, people: &People, saem: Saem, watch: Option<&Watch<'_>>) -> Result<PeopleFit> {
        check_settings(saem)?;
        // Sums go by the order of the ids, whatever the order of the people.
        let mut order: Vec<usize> = (0..people.len()).collect();
        let ids: Vec<&str> = people.ids().collect();
        order.sort_by_key(|i| ids[*i]);
        let all: Vec<_> = people.iter().collect();
        let sorted = People::new(order.iter().map(|i| (all[*i].0, all[*i].1.clone())))?;
        let asked = Asked::new(self, &sorted, Method::Importance { draws: saem.draws, seed: saem.seed })?;
        check(&asked, &sorted, asked.layout.start()?.len())?;
        let walk = Walk::new(&asked, saem)?;
        let found = walk.run(watch)?;
        finish(&asked, found, saem, (people, &order))
    }
}

fn check_settings(saem: Saem) -> Result<()> {
    if saem.chains == 0 || saem.chains > 1_000 {
        return Err(Error::value(format!(
            "{} chains a person cannot be: give 1 to 1,000; three are usual",
            saem.chains
        )));
    }
    if saem.averaging < 100 || u64::from(saem.averaging) + u64::from(saem.exploring) > 1_000_000 {
        return Err(Error::value(format!(
            "{} iterations explore and {} are averaged, but at least 100 must be averaged, so that a drift is seen, and at most 1,000,000 in all can be",
            saem.exploring, saem.averaging
        )));
    }
    Ok(())
}

/// The chains of all people on their way.
struct Walk<'w> {
    layout: &'w Layout,
    walkers: Vec<Walker<'w>>,
    saem: Saem,
    x: Vec<f64>,
    place: Place,
    strides: Vec<f64>,
    rows: Vec<Vec<f64>>,
}

/// Where a walk has ended.
struct Found {
    x: Vec<f64>,
    rows: Vec<Vec<f64>>,
    drift: f64,
}

impl<'w> Walk<'w> {
    fn new(asked: &'w Asked<'_>, saem: Saem) -> Result<Self> {
        let layout = &asked.layout;
        let (x, _) = begin(asked)?;
        let place = layout.place(&x).ok_or_else(no_place)?;
        let mut walkers: Vec<Walker<'w>> = asked.people.iter().map(|person| Walker::new(layout, person)).collect();
        let first = |walker: &mut Walker<'w>| {
            let seat = walker.person.seat(layout, &place);
            walker.begin(&Scene::new(seat.layout, &seat.place), saem.chains)
        };
        let good: Vec<bool> = walkers.iter_mut().map(first).collect();
        if let Some(i) = good.iter().position(|good| !good) {
            // The sentence of the objective, which names the person.
            asked.parts(&place, &[], Wanted { slopes: false, several: true })?;
            return Err(lost(walkers[i].person.id));
        }
        let strides = vec![2.0; layout.deviations()];
        Ok(Self { layout, walkers, saem, x, place, strides, rows: Vec::new() })
    }

    fn run(mut self, watch: Option<&Watch<'_>>) -> Result<Found> {
        let mut maximiser = Maximiser::new(self.layout, &self.walkers);
        let (mut alone, mut number) = (Vec::new(), 0);
        let (mut last, mut more) = (self.saem.exploring + self.saem.averaging, 0);
        loop {
            while number < last {
                let row = self.iterate(&mut maximiser, number)?;
                number += 1;
                if let Some(watch) = watch {
                    watch.step(None, Some(last)).map_or_else(|| watch.check(), Ok)?;
                }
                if number > self.saem.exploring {
                    alone.push(row);
                }
            }
            let drift = drift(&alone).unwrap_or(0.0);
            if drift <= DRIFT || more == MORE {
                return Ok(Found { x: self.x, rows: self.rows, drift });
            }
            more += 1;
            last += u32::try_from(LAST).unwrap_or(50);
        }
    }

    /// One iteration: the chains walk, and the numbers follow.
    fn iterate(&mut self, maximiser: &mut Maximiser<'_>, number: u32) -> Result<Vec<f64>> {
        let hot = number < self.saem.exploring;
        let iteration = Iteration {
            seed: self.saem.seed,
            number,
            strides: &self.strides,
            anew: maximiser.moves_levels(),
            modes: is_time_for_modes(number, self.saem.exploring),
        };
        let (layout, place) = (self.layout, &self.place);
        let mut rows: Vec<(&mut Walker<'_>, Option<Sums>)> = self.walkers.iter_mut().map(|own| (own, None)).collect();
        let work = Work { width: 1, nanoseconds: 5_000.0 * f64::from(self.saem.chains) };
        let shared: &Maximiser<'_> = maximiser;
        for_each_row(
            &mut rows,
            work,
            || Ok(()),
            |(), _, rows| {
                for (walker, sums) in rows.iter_mut() {
                    let seat = walker.person.seat(layout, place);
                    let scene = Scene::new(seat.layout, &seat.place);
                    walker.walk(&scene, &iteration);
                    *sums = shared.sums(&scene, place, walker);
                }
                Ok(())
            },
        )?;
        let sums: Vec<Option<Sums>> = rows.into_iter().map(|(_, sums)| sums).collect();
        if let Some(i) = sums.iter().position(Option::is_none) {
            return Err(lost(self.walkers[i].person.id));
        }
        let sums: Vec<Sums> = sums.into_iter().flatten().collect();
        if hot {
            self.fit_strides(maximiser.counts());
        }
        let share = if hot { 1.0 } else { 1.0 / f64::from(number - self.saem.exploring + 1) };
        let mut x = self.x.clone();
        let alone = maximiser.step(&self.place, &sums, (share, hot), &mut x).ok_or_else(no_place)?;
        let place = self.layout.place(&x).ok_or_else(no_place)?;
        // A person's numbers stay where they are when the typical person moves.
        let by = maximiser.moved(&self.place, &place);
        self.walkers.iter_mut().for_each(|walker| walker.shift(by.as_slice()));
        (self.x, self.place) = (x, place);
        self.rows.push(values(self.layout, &self.x));
        Ok(alone)
    }

    /// Steps that are taken too often become longer, and those too seldom shorter.
    fn fit_strides(&mut self, counts: &[f64]) {
        let chains = f64::from(self.saem.chains);
        for (k, stride) in self.strides.iter_mut().enumerate() {
            let taken: u32 = self.walkers.iter().map(|walker| walker.taken[k]).sum();
            *stride *= 1.0 + 0.4 * (f64::from(taken) / (counts[k] * chains) - 0.44);
        }
    }
}

impl PeopleFit {
    /// The way of the search by [`Saem`]; none of other fits.
    pub fn history(&self) -> Option<&History> {
        self.history.as_ref()
    }

    /// What is sought, as the estimates name it.
    pub(super) fn names_of(layout: &Layout) -> Vec<String> {
        layout.names().into_iter().map(|(name, _)| name.to_string()).chain(layout.names_of_omega()).collect()
    }
}

/// Whether the modes, about which the third kernel proposes, are sought anew: often at first, and where averaging begins.
fn is_time_for_modes(number: u32, exploring: u32) -> bool {
    number.is_power_of_two() || number == 0 || number == exploring
}

fn lost(id: &str) -> Error {
    Error::value(format!(
        "the chains of person `{id}` have lost the likelihood: start from numbers that are nearer to the data, or give the error a spread at every level (an additive part has)"
    ))
}

/// The numbers at coordinates, in the order of the estimates.
pub(super) fn values(layout: &Layout, x: &[f64]) -> Vec<f64> {
    let mut all: Vec<f64> = layout.names().iter().zip(x).map(|((_, unknown), x)| unknown.value(*x)[0]).collect();
    if let Some(omega) = layout.blocks.omega(layout.deviations(), &x[layout.omega_at()..]) {
        all.extend(layout.blocks.places().into_iter().map(|(i, j)| omega.matrix[(i, j)]));
    }
    all
}

/// The objective, slopes and curvature at the end.
fn finish(asked: &Asked<'_>, found: Found, saem: Saem, (people, order): (&People, &[usize])) -> Result<PeopleFit> {
    let place = asked.layout.place(&found.x).ok_or_else(no_place)?;
    let parts = asked.parts(&place, &[], Wanted { slopes: false, several: true })?;
    let modes: Vec<Vec<f64>> = parts.iter().map(|part| part.eta.clone()).collect();
    let bends = bends(asked, &found.x, &modes, (saem.draws, saem.seed));
    let p = found.x.len();
    let (mut gradient, mut hessian) = (nalgebra::DVector::zeros(p), nalgebra::DMatrix::zeros(p, p));
    for own in bends.iter().flatten() {
        gradient += &own.gradient;
        hessian += &own.hessian;
    }
    let root = hessian.clone().cholesky().filter(|_| bends.is_some());
    let promised = root.as_ref().map_or(f64::INFINITY, |root| 0.5 * gradient.dot(&root.solve(&gradient)));
    let at = asked.layout.omega_at();
    let places = asked.layout.blocks.places();
    let vanishes = places.iter().zip(&found.x[at..]).any(|((i, j), x)| i == j && *x < SMALL);
    let mut objective = Objective::of(asked, parts);
    objective.reorder(order);
    let mut scores = vec![nalgebra::DVector::zeros(p); people.len()];
    for (own, i) in bends.iter().flatten().zip(order) {
        scores[*i].clone_from(&own.gradient);
    }
    let names = PeopleFit::names_of(&asked.layout);
    let x = asked.layout.start()?;
    let start = Descent { x, value: objective.ofv(), gradient: vec![0.0; p], steps: 0, promised: 0.0 };
    let steps = u32::try_from(found.rows.len()).unwrap_or(u32::MAX);
    Ok(PeopleFit {
        found: Descent { x: found.x, value: objective.ofv(), gradient: gradient.as_slice().to_vec(), steps, promised },
        settled: found.drift <= DRIFT && promised <= PROMISED && !vanishes,
        hessian: root.map(|_| hessian),
        layout: asked.layout.clone(),
        people: people.clone(),
        start,
        objective,
        scores,
        held: vec![None; p],
        history: Some(History {
            names,
            rows: found.rows,
            exploring: saem.exploring as usize,
            settings: saem,
            drift: found.drift,
        }),
    })
}
