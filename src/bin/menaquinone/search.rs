//! Which effects of covariates are worth it: a file of effects, each tried by itself.

use std::path::Path;

use menaquinone::fit::{Stepwise, Theory};

use crate::reading::{Read, from_file, from_json, from_toml};
use crate::refusal::Result;

/// The effects of a file, as a theory has them under `[effects]`.
type Effects = Vec<(String, toml::Value)>;

/// A search from a theory among the effects of a file.
pub fn search_among<'a>(theory: Theory, file: &Path) -> Result<Stepwise<'a>> {
    let effects: Effects = from_file(file, "a list of effects", (&of_toml, &of_json))?;
    let all = effects.into_iter().fold(Stepwise::of(theory), |search, (name, effect)| {
        let key = name.clone();
        search.with(name, move |theory| with_effect(theory, &key, &effect))
    });
    Ok(all)
}

fn of_toml(text: &str) -> Read<Effects> {
    of_table(from_toml::<toml::Table>(text)?)
}

fn of_json(text: &str) -> Read<Effects> {
    of_table(from_json::<toml::Table>(text)?)
}

fn of_table(mut table: toml::Table) -> Read<Effects> {
    match table.remove("effects") {
        Some(toml::Value::Table(effects)) if !effects.is_empty() => Ok(effects.into_iter().collect()),
        _ => Err("there are no [effects], such as \"cl~WT\" = { at = 70.0, power = { free = 0.75 } }".to_owned()),
    }
}

/// A theory with one effect more, as its file would have it.
fn with_effect(theory: Theory, name: &str, effect: &toml::Value) -> menaquinone::Result<Theory> {
    let wrong = |why: &dyn std::fmt::Display| menaquinone::Error::value(format!("the effect {name}: {why}"));
    let mut table = toml::Table::try_from(theory).map_err(|why| wrong(&why))?;
    let effects = table.entry("effects").or_insert_with(|| toml::Value::Table(toml::Table::new()));
    if let toml::Value::Table(effects) = effects {
        effects.insert(name.to_owned(), effect.clone());
    }
    table.try_into().map_err(|why: toml::de::Error| wrong(&why.message()))
}
