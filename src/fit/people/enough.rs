//! What data cannot tell of a theory of people, refused before a search.

use super::data::People;
use super::evaluate::Asked;
use super::inner::Person;
use super::layout::Layout;
use crate::error::{Error, Result};
use crate::fit::dosing::Dosing;
use crate::fit::effect::Entry;
use crate::fit::name::Name;
use crate::fit::samples::Sampled;
use crate::number::Number;

/// Refuses data that cannot tell the unknowns.
pub(super) fn check(asked: &Asked<'_>, people: &People, unknowns: usize) -> Result<()> {
    let (n, samples) = (people.len(), people.count());
    if n < 2 {
        return Err(Error::value(
            "one person does not tell how people vary: give at least two, or fit the one by Theory::fit",
        ));
    }
    if samples < unknowns {
        return Err(Error::value(format!(
            "{samples} samples of {n} people cannot tell {unknowns} unknowns: fix a number, let less vary, or sample more"
        )));
    }
    let levels: usize = asked.people.iter().map(|person| person.sampled.samples().levels().count()).sum();
    if levels == 0 {
        return Err(Error::value(format!(
            "none of the {samples} samples is a level: all lie below or above a limit, and such data set no scale"
        )));
    }
    check_doses(asked)?;
    check_occasions(asked)?;
    asked.layout.theory.effects.iter().filter(|effect| effect.unknown.is_free()).try_for_each(|effect| {
        let values =
            asked.people.iter().flat_map(|person| person.sampled.values_of(effect.dependence.covariate.as_str()));
        check_covariate(&asked.layout, effect, &values.collect::<Vec<_>>())
    })
}

/// Refuses somebody who takes nothing before the last sample, where no level is habitual.
fn check_doses(asked: &Asked<'_>) -> Result<()> {
    let theory = &asked.layout.theory;
    let is_habitual = theory.start().baseline() > 0.0
        || theory.unknowns.iter().any(|(name, _)| *name == Name::Number(Number::Baseline));
    let without = |person: &&Person<'_>| !is_habitual && !is_dosed(person.sampled);
    match asked.people.iter().find(without) {
        None => Ok(()),
        Some(person) => Err(Error::value(format!(
            "{}: nothing was taken before the last sample, so that no level is explained: give the doses, a habitual level (baseline), or leave the person out",
            person.sampled.whose_sample(0)
        ))),
    }
}

fn is_dosed(sampled: &Sampled) -> bool {
    let last = sampled.samples.times().iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match &sampled.dosing {
        Dosing::Settled(_) => true,
        Dosing::Course(regimen) => !regimen.doses(last).is_empty(),
        Dosing::Table(table) => table.table.records().iter().any(|record| record.is_dose() && record.time <= last),
    }
}

/// Refuses what varies between people and within them where nobody has a second occasion.
fn check_occasions(asked: &Asked<'_>) -> Result<()> {
    let is_twice = |name: &&Name| asked.layout.varying().contains(name);
    let Some(name) = asked.layout.within.iter().find(is_twice) else { return Ok(()) };
    let of = |person: &Person<'_>| person.own.as_ref().map_or(0, |own| own.blocks().count());
    if asked.people.iter().map(of).max().unwrap_or(0) > 1 {
        return Ok(());
    }
    Err(Error::value(format!(
        "{name} varies between people and from occasion to occasion, but nobody has a second occasion (column {}), so that the two cannot be told apart: leave one of them out",
        asked.layout.theory.occasions.as_str()
    )))
}

/// Refuses an effect that is sought of a covariate that is alike in everybody.
fn check_covariate(layout: &Layout, effect: &Entry, values: &[f64]) -> Result<()> {
    let (name, covariate) = (effect.name(), effect.dependence.covariate);
    let covariate = covariate.as_str();
    if let Some(category) = effect.dependence.category {
        if values.iter().any(|value| *value == f64::from(category)) {
            return Ok(());
        }
        return Err(Error::value(format!(
            "nobody has {covariate} {category}, so that {name} cannot be told: leave it out, or fix it"
        )));
    }
    let first = values.first().copied().unwrap_or(effect.at);
    let is_sought = layout.names().iter().any(|(own, _)| own.basis() == Some(effect.dependence.on));
    if values.iter().any(|value| *value != first) || first != effect.at && !is_sought {
        return Ok(());
    }
    Err(Error::value(format!(
        "{covariate} is {first} in everybody, so that {name} cannot be told: leave the effect out, or fix it"
    )))
}
