//! Visual predictive checks: what was measured beside what simulated people of the same designs would have.

use std::fmt::Display;

use super::bins::Bins;
use super::data::People;
use super::fitted::PeopleFit;
use super::inner::Person;
use super::simulated::{Draws, Simulator, check_reports, limits};
use crate::error::{Error, Result};
use crate::fit::dosing::Dosing;
use crate::fit::samples::Report;
use crate::fit::theory::Theory;
use crate::workers::{Work, for_each_row};

/// What was measured of people beside `n` simulated trials of the same people, designs and limits; how it is shown is said by chaining.
///
/// In each bin of time the percentiles of what was measured stand beside those of each simulated trial, of which the middle and the interval within
/// which 95 % lie are given ([`VpcBands`](super::VpcBands)). A sample below a limit, measured or simulated, is lower than all others and no number: a percentile that falls
/// among such is none, and the fraction below is given of both (Bergstrand and Karlsson 2009). The limit of a level is the lowest of its person, or else
/// of all people.
///
/// Draws are keyed by the seed and the id of the person: the same whatever the order, the slice and the number of threads.
///
/// ```
/// use menaquinone::{Bolus, OneCompartment, assay::ResidualError, fit::{Bins, People, Theory, fixed}};
/// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n1,9,.,4.0\n2,0,200,.\n2,2.1,.,15\n2,9,.,10".parse()?;
/// let theory = Theory::new(Bolus, OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0) })?
///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
/// let vpc = theory.vpc(&People::of_table(&table)?, 200, 42)?;
/// // The dose of the second is twice that of the first: corrected to the middle prediction of each bin they compare.
/// let bands = vpc.prediction_corrected().binned(Bins::Times(vec![2.0, 9.0])).bands()?;
/// let last = &bands.strata()[0].bins[1];
/// assert_eq!(last.count, 2);
/// let middle = &last.percentiles[1];
/// let [low, _, high] = middle.simulated;
/// assert!(low < middle.observed && middle.observed < high);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Vpc {
    pub(super) how: String,
    pub(super) unit: String,
    pub(super) trials: usize,
    pub(super) seed: u64,
    pub(super) samples: Vec<Seen>,
    /// What is simulated of each person: the samples of one trial after those of another.
    pub(super) simulated: Vec<Vec<f64>>,
    pub(super) is_corrected: bool,
    pub(super) is_since_dose: bool,
    pub(super) bins: Bins,
    pub(super) probabilities: Vec<f64>,
    /// The name of the stratum of each person.
    pub(super) groups: Vec<String>,
    ids: Vec<String>,
}

/// A sample as it was measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) person: usize,
    /// Which of the person's samples it is, and how many there are.
    pub(super) place: (usize, usize),
    pub(super) time: f64,
    pub(super) since_dose: f64,
    pub(super) report: Report,
    pub(super) pred: f64,
    pub(super) limit: Option<f64>,
}

impl Theory {
    /// A visual predictive check of people at the numbers that this theory starts from, by so many simulated trials.
    ///
    /// # Errors
    /// A theory in which nothing varies or no error is given, fewer than 20 trials, samples above a limit or between two.
    pub fn vpc(&self, people: &People, trials: u32, seed: u64) -> Result<Vpc> {
        Vpc::of(&Simulator::of_theory(self, people)?, trials, seed)
    }
}

impl PeopleFit {
    /// A visual predictive check at the estimates, by so many simulated trials.
    ///
    /// # Errors
    /// As for [`Theory::vpc`].
    pub fn vpc(&self, trials: u32, seed: u64) -> Result<Vpc> {
        Vpc::of(&Simulator::of_fit(self)?, trials, seed)
    }
}

impl Vpc {
    fn of(simulator: &Simulator<'_>, trials: u32, seed: u64) -> Result<Self> {
        let people = &simulator.asked.people;
        check_reports(people, "visual predictive checks")?;
        let draws = Draws::new(trials, seed, (20, "simulated trials"))?;
        let mut simulated = vec![Vec::new(); people.len()];
        let work = Work { width: 1, nanoseconds: 500.0 * f64::from(trials) };
        for_each_row(
            &mut simulated,
            work,
            || Ok(()),
            |(), first, rows| {
                for (i, row) in rows.iter_mut().enumerate() {
                    let person = &people[first + i];
                    *row = Vec::with_capacity(draws.n * person.reports().len());
                    simulator.draw(person, draws, |_, _, measured| row.extend_from_slice(measured))?;
                }
                Ok(())
            },
        )?;
        let mut samples = Vec::new();
        for (i, (person, limits)) in people.iter().zip(limits(people)).enumerate() {
            let pred = simulator.typical(person)?;
            let times = person.sampled.samples.times();
            let since = since_dose(person);
            let seen = |j: usize| Seen {
                person: i,
                place: (j, times.len()),
                time: times[j],
                since_dose: since[j],
                report: person.reports()[j],
                pred: pred[j],
                limit: limits[j],
            };
            samples.extend((0..times.len()).map(seen));
        }
        Ok(Self {
            how: simulator.how.clone(),
            unit: simulator.unit.clone(),
            trials: draws.n,
            seed,
            samples,
            simulated,
            is_corrected: false,
            is_since_dose: false,
            bins: Bins::Automatic,
            probabilities: vec![0.05, 0.5, 0.95],
            groups: vec![String::new(); people.len()],
            ids: people.iter().map(|person| person.id.to_owned()).collect(),
        })
    }

    /// This check with every sample, measured and simulated, times the middle of the predictions without deviations in its bin over its own prediction
    /// (Bergstrand, Hooker, Wallin and Karlsson 2011): people of different doses compare. A sample whose prediction is 0 stays as it is.
    #[must_use]
    pub fn prediction_corrected(self) -> Self {
        Self { is_corrected: true, ..self }
    }

    /// This check in other bins.
    #[must_use]
    pub fn binned(self, bins: Bins) -> Self {
        Self { bins, ..self }
    }

    /// This check over the time since the last dose: occasions lie on one another.
    #[must_use]
    pub fn since_dose(self) -> Self {
        Self { is_since_dose: true, ..self }
    }

    /// This check with people apart by a name that each id is given.
    ///
    /// ```
    /// # use menaquinone::{Bolus, OneCompartment, assay::ResidualError, fit::{People, Theory, fixed}};
    /// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n2,0,200,.\n2,2,.,15".parse()?;
    /// let theory = Theory::new(Bolus, OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0) })?
    ///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
    /// let vpc = theory.vpc(&People::of_table(&table)?, 50, 42)?.by(|id| if id == "1" { "100 µg" } else { "200 µg" });
    /// let names: Vec<String> = vpc.bands()?.strata().iter().map(|stratum| stratum.name.clone()).collect();
    /// assert_eq!(names, ["100 µg", "200 µg"]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn by<N: Display>(self, group: impl Fn(&str) -> N) -> Self {
        let groups = self.ids.iter().map(|id| group(id).to_string()).collect();
        Self { groups, ..self }
    }

    /// This check with other percentiles than 5, 50 and 95 %.
    ///
    /// # Errors
    /// No probability, or one that is not within 0 and 1.
    pub fn percentiles(self, probabilities: &[f64]) -> Result<Self> {
        if probabilities.is_empty() || probabilities.iter().any(|p| !(0.0..=1.0).contains(p)) {
            return Err(Error::value(format!(
                "the percentiles of a check are {probabilities:?}, but there must be some, within 0 and 1"
            )));
        }
        Ok(Self { probabilities: probabilities.to_vec(), ..self })
    }

    /// Where a sample stands on the axis of time.
    pub(super) fn x(&self, seen: &Seen) -> f64 {
        if self.is_since_dose { seen.since_dose } else { seen.time }
    }
}

/// How long before each sample the last dose was; of samples before the first dose, the time itself.
fn since_dose(person: &Person<'_>) -> Vec<f64> {
    let times = person.sampled.samples.times();
    if let Dosing::Table(table) = &person.sampled.dosing {
        return table.since_dose();
    }
    let mut doses = Vec::new();
    if let (Dosing::Course(regimen), Some(last)) = (&person.sampled.dosing, times.last()) {
        regimen.each_batch(*last, |batch| batch.each(|time, _| doses.push(time)));
    }
    doses.sort_by(f64::total_cmp);
    let of = |time: &f64| {
        let given = doses.partition_point(|dose| dose <= time);
        if given == 0 { *time } else { time - doses[given - 1] }
    };
    times.iter().map(of).collect()
}
