//! Many people: models drawn from distributions, the same whatever the order, the slice and the machine.

mod adherence;
mod bands;
mod course;
mod covariates;
mod dosing;
mod equations;
mod exposure;
mod occasions;
#[cfg(feature = "parquet")]
mod parquet;
mod quantiles;
mod replicates;
mod select;
mod share;
mod simulate;
mod sketch;
mod table;
mod tally;
mod window;

pub use adherence::{Adherence, Missed, Runs, Stops};
pub use bands::Bands;
pub use covariates::{Allometry, CovariateTable, Sex};
pub use dosing::Dosing;
pub use quantiles::quantiles;
pub use replicates::Replicates;
pub use share::Share;
pub use simulate::Profiles;
pub use sketch::Sketch;
pub use table::ProfileFile;
pub use tally::Tally;
pub use window::{Reached, Window};

pub use crate::steady_state::{ExposureColumns, ParameterColumns};

use std::borrow::Cow;
use std::ops::Range;

use self::occasions::Occasion;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::phases::notes_of;
use crate::random::{Draw, Purpose, Stream};
use crate::regimen::Regimen;

/// People, each with a number in the whole and a model, drawn from streams of their own.
///
/// A person follows from the seed and the number alone: a slice of the people equals the same rows of the whole, to the last
/// bit, so that parts made on different machines fit together.
///
/// ```
/// use menaquinone::{Parameters, Population, random::LogNormal};
/// let typical = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
/// let (cl, v) = (LogNormal::of_cv(1.27, 0.35)?.distribution()?, LogNormal::of_cv(154.0, 0.35)?.distribution()?);
/// let person = |draw: &mut menaquinone::random::Draw| Parameters { cl: draw.value(&cl), v: draw.value(&v), ..typical }.model();
///
/// let people = Population::sample(1_000, 42, person)?;
/// assert_eq!(people.len(), 1_000);
/// assert_eq!(Population::sample_range(600..700, 42, person)?, people.slice(600..700)?);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    seed: u64,
    /// The number of the first person.
    first: u64,
    models: Vec<Model>,
    /// The models of later times, in order.
    occasions: Vec<Occasion>,
    covariates: Vec<Covariate>,
}

/// One number for each person.
#[derive(Debug, Clone, PartialEq)]
struct Covariate {
    name: &'static str,
    values: Vec<f64>,
}

/// One of the people.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// The number in the whole, from 0.
    pub id: u64,
    /// The body, before any change.
    pub model: &'a Model,
    people: &'a Population,
}

impl Person<'_> {
    /// The random numbers of this person for a purpose.
    ///
    /// ```
    /// use menaquinone::{Parameters, Population, random::{Purpose, Stream}};
    /// let one = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let people = Population::of(vec![one; 3], 42)?;
    /// let last = people.iter().last().expect("three people");
    /// let stream = Stream { seed: 42, subject: 2, purpose: Purpose::Residual };
    /// assert_eq!(last.draw(Purpose::Residual).normal(), stream.draw().normal());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn draw(&self, purpose: Purpose) -> Draw {
        Stream { seed: self.people.seed, subject: self.id, purpose }.draw()
    }
}

/// The most people at a time (about 3 GB): more are drawn in slices.
const MOST_PEOPLE: u64 = 10_000_000;

impl Population {
    /// `n` people, numbered from 0, each made by `person` from a stream of random numbers of their own.
    ///
    /// # Errors
    /// No people or more than ten million; the first person who could not be made, or of whom a covariate was noted that is
    /// not finite, not noted of the people before, or noted twice, by number.
    pub fn sample(n: u64, seed: u64, person: impl FnMut(&mut Draw) -> Result<Model>) -> Result<Self> {
        Self::sample_range(0..n, seed, person)
    }

    /// The people of these numbers: exactly these rows of the whole.
    ///
    /// # Errors
    /// As for [`sample`](Self::sample).
    pub fn sample_range(
        range: Range<u64>,
        seed: u64,
        mut person: impl FnMut(&mut Draw) -> Result<Model>,
    ) -> Result<Self> {
        let n = count(&range)?;
        let (mut models, mut covariates) = (Vec::with_capacity(n), Vec::new());
        let mut draw = Stream { seed, subject: range.start, purpose: Purpose::Person }.draw();
        for id in range.clone() {
            draw.move_to(id);
            match person(&mut draw) {
                Ok(model) => models.push(model),
                Err(error) => return Err(error.of(format_args!("person {id}"))),
            }
            note(&mut covariates, &draw, models.len() - 1).map_err(|error| error.of(format_args!("person {id}")))?;
        }
        Ok(Self { seed, first: range.start, models, occasions: Vec::new(), covariates })
    }

    /// People whose models you have, numbered from 0; the seed is for what is drawn of them later.
    ///
    /// # Errors
    /// No people.
    pub fn of(models: Vec<Model>, seed: u64) -> Result<Self> {
        count(&(0..models.len() as u64))?;
        Ok(Self { seed, first: 0, models, occasions: Vec::new(), covariates: Vec::new() })
    }

    /// The people of these numbers, who must be among these.
    ///
    /// ```
    /// use menaquinone::{Parameters, Population};
    /// let one = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let people = Population::of(vec![one; 10], 42)?;
    /// assert_eq!(people.slice(4..6)?.ids(), 4..6);
    /// assert_eq!(
    ///     people.slice(4..12).unwrap_err().to_string(),
    ///     "people 4 to 11 were asked for, but these are 0 to 9"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A range that is empty or goes beyond these people.
    pub fn slice(&self, range: Range<u64>) -> Result<Self> {
        count(&range)?;
        let ids = self.ids();
        if range.start < ids.start || range.end > ids.end {
            let (from, to) = (range.start, range.end - 1);
            return Err(Error::value(format!(
                "people {from} to {to} were asked for, but these are {} to {}",
                ids.start,
                ids.end - 1
            )));
        }
        #[expect(clippy::cast_possible_truncation, reason = "an index of an array in memory")]
        let rows = (range.start - self.first) as usize..(range.end - self.first) as usize;
        let part = |column: &Covariate| Covariate { name: column.name, values: column.values[rows.clone()].to_vec() };
        let covariates = self.covariates.iter().map(part).collect();
        let of = |occasion: &Occasion| occasion.part(rows.clone());
        let occasions = self.occasions.iter().map(of).collect();
        let models = self.models[rows.clone()].to_vec();
        Ok(Self { seed: self.seed, first: range.start, models, occasions, covariates })
    }

    /// These people on another occasion, such as another visit: `person` makes a model of the usual one with random numbers of
    /// this person and occasion.
    ///
    /// The numbers of the occasion are those of [`Purpose::Occasion`]; what is noted of the people stays.
    ///
    /// ```
    /// use menaquinone::{Absorb, FirstOrder, Model, Population, random::LogNormal, vitamer::MK7};
    /// let people = MK7.nominal().population(20, 42)?;
    /// // The rate of absorption varies by 30 % from one occasion to the next.
    /// let ka = LogNormal::of_cv(1.0, 0.3)?.distribution()?;
    /// let second = people.on_occasion(2, |draw, usual| {
    ///     Model::new(FirstOrder { ka: draw.value(&ka) }, *usual.disposition())
    /// })?;
    /// assert_eq!(second.ids(), people.ids());
    /// assert_eq!(second.models()[3].half_life(), people.models()[3].half_life());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// The first person whose model could not be made, by number.
    pub fn on_occasion(&self, number: u32, mut person: impl FnMut(&mut Draw, &Model) -> Result<Model>) -> Result<Self> {
        let mut draw = Stream { seed: self.seed, subject: self.first, purpose: Purpose::Occasion(number) }.draw();
        let models = self.iter().map(|one| {
            draw.move_to(one.id);
            person(&mut draw, one.model).map_err(|error| error.of(format_args!("person {}", one.id)))
        });
        let models = models.collect::<Result<_>>()?;
        Ok(Self { models, occasions: Vec::new(), ..self.clone() })
    }

    /// The models, in the order of the numbers; where they change, those before the first change.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The numbers of the people in the whole.
    pub fn ids(&self) -> Range<u64> {
        self.first..self.first + self.models.len() as u64
    }

    /// How many people there are: never 0.
    #[expect(clippy::len_without_is_empty, reason = "a population is never empty")]
    pub fn len(&self) -> usize {
        self.models.len()
    }

    /// The number that all random numbers of these people follow from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What the models of the people do with the meals of a dosing, each thing once: see [`Model::notes`].
    ///
    /// ```
    /// use menaquinone::{Dose, units::*, vitamer::MK7};
    /// let (people, fasted) = (MK7.nominal().population(10, 42)?, Dose::of(180.0 * UG).fasted().every(DAY));
    /// assert_eq!(people.notes(&fasted), MK7.model().notes(&fasted));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn notes<'a>(&self, dosing: impl Into<Cow<'a, Regimen>>) -> Vec<String> {
        notes_of(self.models.iter(), &dosing.into())
    }

    /// The people, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Person<'_>> + '_ {
        (0..self.models.len()).map(|i| self.person(i))
    }

    /// The person of this place.
    fn person(&self, i: usize) -> Person<'_> {
        Person { id: self.first + i as u64, model: &self.models[i], people: self }
    }

    /// The covariate of this name that was [noted](Draw::note) of each person, in order.
    ///
    /// # Errors
    /// A name under which nothing was noted; the sentence says which there are.
    pub fn covariate(&self, name: &str) -> Result<&[f64]> {
        match self.covariates.iter().find(|column| column.name == name) {
            Some(column) => Ok(&column.values),
            None => Err(Error::value(format!("nothing was noted of the people as `{name}`: {}", self.noted()))),
        }
    }

    /// The names of the covariates that were noted.
    pub fn covariates(&self) -> impl ExactSizeIterator<Item = &'static str> + '_ {
        self.covariates.iter().map(|column| column.name)
    }

    fn noted(&self) -> String {
        let names: Vec<_> = self.covariates().collect();
        if names.is_empty() { "there are no covariates".into() } else { format!("ask for {}", names.join(", ")) }
    }
}

/// How many people these numbers are, if that is possible.
fn count(range: &Range<u64>) -> Result<usize> {
    if range.start >= range.end {
        return Err(Error::value("a population of no people was asked for: ask for at least one"));
    }
    let n = range.end - range.start;
    if n > MOST_PEOPLE {
        return Err(Error::value(format!(
            "a population of {n} people was asked for, but at most {MOST_PEOPLE} are held at a time: draw them in slices"
        )));
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most ten million")]
    Ok(n as usize)
}

/// Adds what was noted of a person to the columns; the first person says which there are.
fn note(columns: &mut Vec<Covariate>, draw: &Draw, before: usize) -> Result<()> {
    if let Some((name, value)) = draw.notes().iter().find(|(_, value)| !value.is_finite()) {
        return Err(Error::value(format!("the covariate `{name}` is {value}, but it must be a finite number")));
    }
    if before == 0 {
        let twice = |(i, (name, _)): &(usize, &(&str, f64))| draw.notes()[..*i].iter().any(|(other, _)| other == name);
        if let Some((_, (name, _))) = draw.notes().iter().enumerate().find(twice) {
            return Err(Error::value(format!("the covariate `{name}` was noted twice: give each a name of its own")));
        }
        columns.extend(draw.notes().iter().map(|(name, _)| Covariate { name, values: Vec::new() }));
    }
    let names = columns.iter().map(|column| column.name);
    if !names.eq(draw.notes().iter().map(|(name, _)| *name)) {
        return Err(Error::value("other covariates were noted than of the people before: note the same of everybody"));
    }
    for (column, (_, value)) in columns.iter_mut().zip(draw.notes()) {
        column.values.push(*value);
    }
    Ok(())
}
