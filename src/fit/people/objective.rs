//! The objective of a population at given numbers, person by person.

use nalgebra::DMatrix;

use super::data::People;
use super::evaluate::{Asked, Part, Wanted};
use super::method::Method;
use crate::error::{Error, Result};
use crate::fit::name::Name;
use crate::fit::theory::Theory;

/// -2 ln likelihood of people at the numbers that a theory starts from, with what each person adds.
///
/// ```
/// use menaquinone::{FirstOrder, OneCompartment, assay::ResidualError, fit::{Method, People, Theory, fixed}};
/// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n1,9,.,4.0\n2,0,100,.\n2,2,.,6.1\n2,9,.,2.9".parse()?;
/// let (cl, v) = (fixed(1.0).varying(0.3), fixed(10.0).varying(0.2));
/// let theory = Theory::new(FirstOrder { ka: 1.5 }, OneCompartment { cl, v })?
///     .with_error(ResidualError::Proportional { cv: 0.1 })?;
/// let found = theory.objective(&People::of_table(&table)?, Method::Focei)?;
/// let sum: f64 = found.people().iter().map(|person| person.ofv).sum();
/// assert_eq!(found.ofv(), sum);
/// assert!(found.person("2")?.eta[0] > found.person("1")?.eta[0]); // the second clears faster
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Objective {
    method: Method,
    names: Vec<Name>,
    levels: usize,
    people: Vec<PersonAt>,
}

/// What a person adds to an [`Objective`].
#[derive(Debug, Clone, PartialEq)]
pub struct PersonAt {
    /// The id.
    pub id: String,
    /// What the person adds to the objective.
    pub ofv: f64,
    /// The deviations at the mode, on the scale on which each number varies (the logarithm of a number above zero), in the order of
    /// [`Objective::names`].
    pub eta: Vec<f64>,
    /// The deviations on each of the person's occasions at the mode, by their names (`cl@2`).
    pub kappa: Vec<(Name, f64)>,
    /// The covariance of all these deviations: the inverse of the curvature that the method uses.
    pub covariance: DMatrix<f64>,
    /// Whether the search for the mode came to a minimum.
    pub settled: bool,
    /// Whether the mode lies on an edge: where a lag or a duration meets one of the person's samples, so that its level bends.
    pub on_edge: bool,
    /// The Monte Carlo standard error of `ofv` and the effective number of draws, of importance sampling.
    pub sampled: Option<(f64, f64)>,
}

impl PersonAt {
    /// All deviations: between people, then of each occasion.
    pub(super) fn all(&self) -> Vec<f64> {
        self.eta.iter().copied().chain(self.kappa.iter().map(|(_, own)| *own)).collect()
    }
}

impl Theory {
    /// The objective of people at the numbers that this theory starts from, by a method; each mode is sought from several starts.
    ///
    /// # Errors
    /// A theory in which nothing varies or no error is given, people with summaries, a person who has no likelihood there.
    pub fn objective(&self, people: &People, method: Method) -> Result<Objective> {
        let asked = Asked::new(self, people, method)?;
        let place = asked.layout.place(&asked.layout.start()?).ok_or_else(no_place)?;
        let parts = asked.parts(&place, &[], Wanted { slopes: false, several: true })?;
        Ok(Objective::of(&asked, parts))
    }
}

pub(super) fn no_place() -> Error {
    Error::value("the covariance of the deviations has no inverse there: no deviations can vary together like that")
}

impl Objective {
    pub(super) fn of(asked: &Asked<'_>, parts: Vec<Part>) -> Self {
        let n = asked.layout.eta.len();
        let person = |(part, person): (Part, &super::inner::Person<'_>)| PersonAt {
            id: person.id.to_owned(),
            ofv: part.ofv,
            eta: part.eta[..n].to_vec(),
            kappa: person.own.iter().flat_map(|own| own.names()).zip(part.eta[n..].iter().copied()).collect(),
            covariance: part.covariance,
            settled: part.settled,
            on_edge: part.on_edge,
            sampled: part.sampled,
        };
        let levels = asked.people.iter().map(|person| person.sampled.samples.levels().count()).sum();
        Self {
            method: asked.method,
            names: asked.layout.varying(),
            levels,
            people: parts.into_iter().zip(&asked.people).map(person).collect(),
        }
    }

    /// How many samples are levels.
    pub(super) fn levels(&self) -> usize {
        self.levels
    }

    /// The modes of the people.
    pub(super) fn modes(&self) -> Vec<Vec<f64>> {
        self.people.iter().map(PersonAt::all).collect()
    }

    /// Puts the people back: the first here was number `order[0]`.
    pub(super) fn reorder(&mut self, order: &[usize]) {
        let mut all: Vec<(usize, PersonAt)> = order.iter().copied().zip(std::mem::take(&mut self.people)).collect();
        all.sort_by_key(|(i, _)| *i);
        self.people = all.into_iter().map(|(_, person)| person).collect();
    }

    /// The method that was used: another than was asked for where samples are censored.
    pub fn method(&self) -> Method {
        self.method
    }

    /// What varies between people, in the order of the deviations.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The objective as NONMEM prints it: -2 ln likelihood without the constant `n ln 2 pi` of the levels.
    pub fn ofv(&self) -> f64 {
        self.by_id().into_iter().map(|person| person.ofv).sum()
    }

    /// The people by their ids, in whose order all sums go.
    pub(super) fn by_id(&self) -> Vec<&PersonAt> {
        let mut all: Vec<&PersonAt> = self.people.iter().collect();
        all.sort_by_key(|person| &person.id);
        all
    }

    /// -2 ln likelihood with the constant, as `nlme` and Monolix print it.
    #[expect(clippy::cast_precision_loss, reason = "a count of levels")]
    pub fn minus2ll(&self) -> f64 {
        self.ofv() + self.levels as f64 * std::f64::consts::TAU.ln()
    }

    /// The Monte Carlo standard error of the objective by importance sampling.
    pub fn monte_carlo_error(&self) -> Option<f64> {
        let squares: Option<f64> =
            self.people.iter().map(|person| person.sampled.map(|(error, _)| error * error)).sum();
        squares.map(f64::sqrt)
    }

    /// What each person adds, in the order of the data.
    pub fn people(&self) -> &[PersonAt] {
        &self.people
    }

    /// What one person adds.
    ///
    /// # Errors
    /// An id that nobody has.
    pub fn person(&self, id: &str) -> Result<&PersonAt> {
        self.people
            .iter()
            .find(|person| person.id == id)
            .ok_or_else(|| Error::value(format!("nobody has the id `{id}`: there are {} people", self.people.len())))
    }
}
