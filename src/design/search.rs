//! The search for the best sampling times.

use super::arm::Arm;
use super::choice::Choice;
use super::criterion::Criterion;
use super::engine::{Certified, Engine};
use super::exchange::{Kinds, Slots, each_of};
use super::found::Found;
use super::plan::Design;
use super::refine::refine;
use super::spot::Spot;
use super::when::When;
use crate::error::{Error, Result};
use crate::regimen::Regimen;

/// A search for the sampling times of a design that are best by a criterion.
///
/// First samples are exchanged among candidates, from several starts, until no single exchange is better; then all move at once along the exact
/// slopes of the criterion in time. Nothing is random, and of equals the first in order stays.
///
/// ```
/// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, design::{Arm, Criterion, Design, Search, When}, fit::{Theory, free}};
/// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
///     .with_error(ResidualError::Additive { sd: 0.5 })?;
/// let design = Design::of(&theory, Arm::of(Dose::iv(100.0)).people(12.0))?;
/// let found = Search::of(&design, &Criterion::d(), When::between(0.0..=48.0)).samples(2).run()?;
/// // Of an exponential decay with an additive error: one sample at once, one after one time constant, v/cl.
/// assert!((found.times()[0][0] - 0.0).abs() < 1e-8 && (found.times()[0][1] - 10.0).abs() < 1e-6);
/// assert!(found.efficiency() > 0.9999); // and no other two samples can be better
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Search {
    pub(super) design: Design,
    pub(super) criterion: Criterion,
    when: Vec<When>,
    /// Of which kind the samples of each arm are.
    kinds: Vec<Kinds>,
    pub(super) common: bool,
    refined: bool,
    /// Doses to choose from, by arm.
    pub(super) doses: Vec<Vec<Regimen>>,
    /// Whether people are moved between arms.
    pub(super) moving: bool,
}

impl Search {
    /// A search for as many samples of each arm, and of each kind, as it has times, and of one for an arm that has none.
    pub fn of(design: &Design, criterion: &Criterion, when: When) -> Self {
        let arms = design.arms();
        Self {
            when: vec![when; arms.len()],
            kinds: arms.iter().map(kinds_of).collect(),
            design: design.clone(),
            criterion: criterion.clone(),
            common: false,
            refined: true,
            doses: vec![Vec::new(); arms.len()],
            moving: false,
        }
    }

    /// This search for so many samples of a person in every arm, of the first kind; as many of others as there are.
    #[must_use]
    pub fn samples(mut self, count: usize) -> Self {
        self.kinds.iter_mut().for_each(|own| set_count(own, None, count));
        self
    }

    /// This search for so many samples of a person in one arm, counted from 0, of the first kind.
    #[must_use]
    pub fn samples_of(mut self, arm: usize, count: usize) -> Self {
        if let Some(own) = self.kinds.get_mut(arm) {
            set_count(own, None, count);
        }
        self
    }

    /// This search for so many samples of a person in every arm of another kind (DVID), which has an error of its own: see [`Arm::at_of`].
    ///
    /// ```
    /// use menaquinone::{Bolus, Dose, OneCompartment, assay::ResidualError, design::{Arm, Criterion, Design, Search, When}, fit::{Theory, free}};
    /// let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })?
    ///     .with_error(ResidualError::Additive { sd: 0.1 })?
    ///     .with_error_of(2, ResidualError::Additive { sd: 0.5 })?;
    /// let design = Design::of(&theory, Arm::of(Dose::iv(100.0)))?;
    /// let search = Search::of(&design, &Criterion::d(), When::between(0.0..=48.0)).samples(1).samples_of_kind(2, 2);
    /// let found = search.run()?;
    /// // Where one precise sample is taken both crude ones are taken elsewhere.
    /// let arm = &found.design().arms()[0];
    /// assert_eq!(arm.kinds().iter().filter(|kind| **kind == Some(2)).count(), 2);
    /// assert_eq!(arm.times().len(), 3);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn samples_of_kind(mut self, kind: u32, count: usize) -> Self {
        self.kinds.iter_mut().for_each(|own| set_count(own, Some(kind), count));
        self
    }

    /// This search with another window for one arm, counted from 0: half of the people early, half late.
    #[must_use]
    pub fn when_of(mut self, arm: usize, when: When) -> Self {
        if let Some(own) = self.when.get_mut(arm) {
            *own = when;
        }
        self
    }

    /// This search for the same times in all arms.
    #[must_use]
    pub fn common(self) -> Self {
        Self { common: true, ..self }
    }

    /// This search for times of each arm's own.
    pub(super) fn apart(&self) -> Self {
        Self { common: false, ..self.clone() }
    }

    /// This search among the candidates alone.
    #[must_use]
    pub fn on_grid(self) -> Self {
        Self { refined: false, ..self }
    }

    /// Searches.
    ///
    /// # Errors
    /// No samples, a window that lies before the first dose or has no time, samples that do not fit with their distance, a design that no times
    /// make tell what is asked.
    pub fn run(&self) -> Result<Found> {
        let mut best: Option<Found> = None;
        let (mut refused, mut bound) = (None, 0.0_f64);
        for design in self.dosed() {
            let found = if self.moving { self.with_people_moved(&design) } else { self.times_of(&design) };
            match found {
                Ok(found) => {
                    bound = bound.max(found.certificate().bound);
                    let is_better = best.as_ref().is_none_or(|best| found.value() > best.value() * (1.0 + 1e-11));
                    best = if is_better { Some(found) } else { best };
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        let nothing = || refused.unwrap_or_else(|| Error::value("no doses were given to choose from: give some"));
        Ok(best.ok_or_else(nothing)?.bounded_by(bound))
    }

    /// The best times of a design, whose people and doses stay.
    pub(super) fn times_of(&self, design: &Design) -> Result<Found> {
        let engine = self.criterion.engine(design)?;
        let when = self.when_for(design);
        let spots = self.candidates(design, &when)?;
        let apart: Vec<f64> = self.when.iter().map(When::distance).collect();
        let slots = Slots { spots: &spots, kinds: &self.kinds, apart: &apart, common: self.common };
        let mut tally = engine.tally(design.arms(), &spots)?;
        tally.check()?;
        let (value, choice) = slots.best(&mut *tally).ok_or_else(|| self.nothing_tells(design, &slots))?;
        let chosen = slots.taken(&choice);
        if self.refined
            && let Some(moved) = refine(&*engine, design.arms(), (&when, self.common), &chosen)
            && let Some(found) = self.with((&*engine, design), (&spots, value), &moved)?
        {
            return Ok(found);
        }
        let value = tally.begin(&choice).ok_or_else(|| design.not_told())?;
        self.found(design, (&mut *tally, &slots), value, chosen)
    }

    /// The result for times that are not among the candidates, which join them; none where it is less than a value.
    fn with(
        &self,
        (engine, design): (&dyn Engine, &Design),
        (all, least): (&[Vec<Spot>], f64),
        moved: &[Vec<Spot>],
    ) -> Result<Option<Found>> {
        let mut spots = all.to_vec();
        let count = spots.len();
        for (arm, own) in spots.iter_mut().enumerate() {
            // Of common times every arm has the same candidates.
            let joining: Vec<usize> = if self.common { (0..count).collect() } else { vec![arm] };
            for other in joining {
                own.extend(&moved[other]);
            }
            own.sort_by(Spot::order);
            own.dedup();
        }
        let place = |arm: usize, spot: &Spot| spots[arm].iter().position(|own| own == spot).unwrap_or_default();
        let choice: Choice =
            moved.iter().enumerate().map(|(arm, own)| own.iter().map(|spot| place(arm, spot)).collect()).collect();
        // The samples of a choice are in the order of time, and so are the kinds of its slots.
        let kinds: Vec<Kinds> = moved.iter().map(|own| own.iter().map(|spot| spot.kind).collect()).collect();
        let apart: Vec<f64> = self.when.iter().map(When::distance).collect();
        let slots = Slots { spots: &spots, kinds: &kinds, apart: &apart, common: self.common };
        let mut tally = engine.tally(design.arms(), &spots)?;
        let Some(value) = tally.begin(&choice).filter(|value| *value >= least) else { return Ok(None) };
        self.found(design, (&mut *tally, &slots), value, moved.to_vec()).map(Some)
    }

    fn found(
        &self,
        design: &Design,
        (tally, slots): (&mut dyn Certified, &Slots<'_>),
        value: f64,
        samples: Vec<Vec<Spot>>,
    ) -> Result<Found> {
        let certificate = tally.certificate(slots, value).ok_or_else(|| design.not_told())?;
        Ok(Found::new(design.sampled(samples)?, self.criterion.clone(), value, certificate))
    }

    /// The best design for each number of samples, which [`Found::per_sample`] compares.
    ///
    /// # Errors
    /// As for [`run`](Self::run); numbers too small to tell what is asked are left out, unless none is left.
    pub fn by_count(&self, counts: impl IntoIterator<Item = usize>) -> Result<Vec<Found>> {
        let mut last = Error::value("no number of samples was asked for: give some, such as 3..=8");
        let mut all = Vec::new();
        for count in counts {
            match self.clone().samples(count).run() {
                Ok(found) => all.push(found),
                Err(error) => last = error,
            }
        }
        if all.is_empty() { Err(last) } else { Ok(all) }
    }

    /// When each arm may be sampled. Where there is no habitual level, none is planned before the first dose; where samples are kept within some hours,
    /// none so early that it may come before it.
    fn when_for(&self, design: &Design) -> Vec<When> {
        let is_level = design.theory().start().baseline() > 0.0;
        let first = |(arm, when): (&Arm, &When)| arm.first_dose(when.range().1);
        let all = || design.arms().iter().zip(&self.when);
        let soonest = all().filter_map(first).fold(f64::INFINITY, f64::min);
        let of_arm = |(arm, when): (&Arm, &When)| match first((arm, when)) {
            Some(first) if arm.window() > 0.0 => when.not_before(first + arm.window()),
            Some(_) if self.common && !is_level => when.not_before(soonest),
            Some(first) if !is_level => when.not_before(first),
            _ => when.clone(),
        };
        all().map(of_arm).collect()
    }

    fn candidates(&self, design: &Design, when: &[When]) -> Result<Vec<Vec<Spot>>> {
        if self.kinds.iter().any(Vec::is_empty) {
            return Err(Error::value("an arm is to have no samples: ask for at least one, or leave the arm out"));
        }
        if self.common && (self.kinds.iter().any(|own| *own != self.kinds[0])) {
            return Err(Error::value("arms with the same times have the same number of samples: give one number"));
        }
        let of_arm = |((arm, when), kinds): ((&Arm, &When), &Kinds)| {
            let (from, until) = when.range();
            let times = when.candidates_after(&doses_until(design, until))?;
            if arm.first_dose(until).is_none() {
                return Err(Error::value(format!(
                    "the window from {from} to {until} h lies before the first dose, where there is no course to sample: move it"
                )));
            }
            let kinds = each_of(kinds);
            Ok(times
                .into_iter()
                .flat_map(|time| kinds.iter().map(move |kind| Spot { time, kind: *kind }).collect::<Vec<_>>())
                .collect())
        };
        let all: Vec<Vec<Spot>> = design.arms().iter().zip(when).zip(&self.kinds).map(of_arm).collect::<Result<_>>()?;
        if self.common && all.iter().any(|own| *own != all[0]) {
            return Err(Error::value("arms with the same times need the same window: give one"));
        }
        Ok(all)
    }

    /// Why no choice tells what is asked.
    fn nothing_tells(&self, design: &Design, slots: &Slots<'_>) -> Error {
        if slots.spread_is_impossible() {
            return Error::value(
                "so many samples do not fit into the window with the least distance between them: ask for fewer, or a wider window",
            );
        }
        let (all, numbers) = (self.kinds.iter().map(Vec::len).sum::<usize>(), design.view.frame.len());
        let names = design.view.names.join(", ");
        // What all candidates together do not tell, no choice among them does.
        let whole: Vec<Vec<Spot>> = slots.spots.iter().map(|own| thinned(own)).collect();
        let untold = design.sampled(whole).and_then(|design| design.information()).map_or(Vec::new(), |found| {
            found.untold().iter().map(|untold| untold.sentence.clone()).collect::<Vec<_>>()
        });
        if !untold.is_empty() {
            return Error::value(format!(
                "no samples that are allowed tell what is asked of {numbers} numbers ({names}): {}",
                untold.join("; and ")
            ));
        }
        let sentence = design.sampled(slots.spread_spots()).map_or_else(|error| error, |design| design.not_told());
        Error::value(format!(
            "{all} {} not tell what is asked of {numbers} numbers ({names}): {sentence}",
            if all == 1 { "sample of a person does" } else { "samples of a person do" }
        ))
    }
}

/// Lets so many samples be of a kind.
fn set_count(kinds: &mut Kinds, kind: Option<u32>, count: usize) {
    kinds.retain(|own| *own != kind);
    kinds.extend(std::iter::repeat_n(kind, count));
    kinds.sort_unstable();
}

/// Of which kind the samples of an arm are; one of the first kind where it has none.
fn kinds_of(arm: &Arm) -> Kinds {
    let mut kinds = if arm.kinds().is_empty() { vec![None] } else { arm.kinds().to_vec() };
    kinds.sort_unstable();
    kinds
}

/// Some of many candidates, over all of them.
fn doses_until(design: &Design, until: f64) -> Vec<f64> {
    let all = design.arms().iter().flat_map(|arm| arm.regimen().doses(until));
    let mut doses: Vec<f64> = all.map(|(time, _)| time).collect();
    doses.sort_by(f64::total_cmp);
    doses.dedup();
    doses
}

fn thinned(spots: &[Spot]) -> Vec<Spot> {
    const MOST: usize = 60;
    spots.iter().step_by(spots.len().div_ceil(MOST).max(1)).copied().collect()
}
