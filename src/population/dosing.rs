//! What people take: all the same, or each their own.

use std::borrow::Cow;
use std::ops::Range;

use super::Population;
use crate::engine::{Asked, Performer};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::profile::{check_times, last_of};
use crate::regimen::{Dose, Regimen, Repeating};

/// What the people of a population take: one dosing for all, or a slice with a regimen for each, in their order.
///
/// It is made of whatever says that, and need not be named:
///
/// ```
/// use menaquinone::{Dose, Population, Regimen, units::*, vitamer::MK7};
/// let people = Population::of(vec![MK7.model(); 2], 1)?;
/// let daily: Regimen = Dose::of(90.0 * UG).every(DAY).times(7);
/// let same = people.simulate(&daily, &[2.0 * DAY])?;
/// let own = people.simulate(&[daily.clone(), daily.skip([2])], &[2.0 * DAY])?;
/// assert_eq!(own.row(0), same.row(0));
/// assert!(own.row(1) < same.row(1));
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Dosing<'a>(Taken<'a>);

#[derive(Debug, Clone)]
enum Taken<'a> {
    Same(Cow<'a, Regimen>),
    Own(&'a [Regimen]),
}

impl From<Dose> for Dosing<'_> {
    fn from(dose: Dose) -> Self {
        Regimen::from(dose).into()
    }
}

impl From<Repeating> for Dosing<'_> {
    fn from(dosing: Repeating) -> Self {
        Regimen::from(dosing).into()
    }
}

impl From<&Repeating> for Dosing<'_> {
    fn from(dosing: &Repeating) -> Self {
        dosing.clone().into()
    }
}

impl From<Regimen> for Dosing<'_> {
    fn from(regimen: Regimen) -> Self {
        Self(Taken::Same(Cow::Owned(regimen)))
    }
}

impl<'a> From<&'a Regimen> for Dosing<'a> {
    fn from(regimen: &'a Regimen) -> Self {
        Self(Taken::Same(Cow::Borrowed(regimen)))
    }
}

impl<'a> From<&'a [Regimen]> for Dosing<'a> {
    fn from(regimens: &'a [Regimen]) -> Self {
        Self(Taken::Own(regimens))
    }
}

impl<'a, const N: usize> From<&'a [Regimen; N]> for Dosing<'a> {
    fn from(regimens: &'a [Regimen; N]) -> Self {
        Self(Taken::Own(regimens))
    }
}

impl<'a> From<&'a Vec<Regimen>> for Dosing<'a> {
    fn from(regimens: &'a Vec<Regimen>) -> Self {
        Self(Taken::Own(regimens))
    }
}

impl Dosing<'_> {
    /// Refuses another number of regimens than of people.
    pub(super) fn check(&self, people: &Population) -> Result<()> {
        match self.0 {
            Taken::Own(regimens) if regimens.len() != people.len() => Err(Error::value(format!(
                "there are {} people and {} regimens: give one for each, in their order, or one for all",
                people.len(),
                regimens.len()
            ))),
            _ => Ok(()),
        }
    }

    /// What the person of this place takes.
    pub(super) fn of(&self, i: usize) -> &Regimen {
        match &self.0 {
            Taken::Same(regimen) => regimen,
            Taken::Own(regimens) => &regimens[i],
        }
    }

    /// Whether what one person takes is what the next takes.
    pub(super) fn is_one_for_all(&self) -> bool {
        matches!(self.0, Taken::Same(_))
    }
}

/// Simulates one person after another, at those of the times that are wanted.
pub(super) struct Simulator<'a> {
    people: &'a Population,
    dosing: &'a Dosing<'a>,
    times: &'a [f64],
    wanted: Range<usize>,
    performer: Performer,
}

impl<'a> Simulator<'a> {
    pub(super) fn new(
        people: &'a Population,
        dosing: &'a Dosing,
        (times, wanted): (&'a [f64], Range<usize>),
    ) -> Result<Self> {
        check_times(times)?;
        let until = last_of(times)?;
        let first = dosing.of(0).check(until);
        if dosing.is_one_for_all() { first } else { people.of_person(0, |_| first) }?;
        Ok(Self { people, dosing, times, wanted, performer: Performer::default() })
    }

    /// The concentrations of the person of this place.
    #[inline]
    pub(super) fn run(&mut self, i: usize, conc: &mut [f64]) -> Result<()> {
        let asked = Asked { wanted: self.wanted.clone(), ..Asked::new(self.dosing.of(i), self.times) };
        if !self.dosing.is_one_for_all() {
            self.performer.forget();
        }
        self.people.of_person(i, |model| {
            let changing = self.people.changes().then(|| self.people.bodies(i));
            match changing.filter(|bodies| bodies.only().is_none()) {
                Some(bodies) => bodies.concentrations(&asked, conc),
                None => self.performer.perform(&asked, model, conc),
            }
        })
    }
}

impl Population {
    /// What is found of the person of this place; an error names the person.
    #[inline]
    pub(super) fn of_person<T>(&self, i: usize, find: impl FnOnce(&Model) -> Result<T>) -> Result<T> {
        find(&self.models()[i]).map_err(|error| error.of(format_args!("person {}", self.ids().start + i as u64)))
    }
}
