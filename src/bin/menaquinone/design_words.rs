//! What the options of `design` are written as.

use menaquinone::Regimen;
use menaquinone::design::{Approximation, Budget};

/// What an arm takes: one regimen, or several to choose from.
#[derive(Debug, Clone)]
pub struct Taken(pub Vec<Regimen>);

/// Samples of a kind: how many, or when.
#[derive(Debug, Clone)]
pub struct OfKind<T> {
    pub kind: u32,
    pub what: T,
}

pub fn taken(text: &str) -> Result<Taken, String> {
    let all = text.split(" or ").map(|own| own.trim().parse::<Regimen>().map_err(|error| error.to_string()));
    Ok(Taken(all.collect::<Result<_, _>>()?))
}

pub fn counts_of(text: &str) -> Result<OfKind<usize>, &'static str> {
    of_kind(text, |count| count.parse().ok())
        .filter(|own| (1..=MOST).contains(&own.what))
        .ok_or("write a kind (DVID) and its number of samples, such as 2=4")
}

pub fn limit_of(text: &str) -> Result<OfKind<f64>, &'static str> {
    of_kind(text, finite)
        .filter(|own| own.what > 0.0)
        .ok_or("write a kind (DVID) and its limit of quantification, such as 2=0.5")
}

pub fn times_of(text: &str) -> Result<OfKind<Vec<f64>>, &'static str> {
    of_kind(text, |times| times.split(',').map(finite).collect())
        .ok_or("write a kind (DVID) and its times, such as 2=1,4,8")
}

/// A kind, and what is said of it behind an equals sign.
fn of_kind<T>(text: &str, what: impl Fn(&str) -> Option<T>) -> Option<OfKind<T>> {
    let (kind, said) = text.split_once('=')?;
    Some(OfKind { kind: kind.trim().parse().ok()?, what: what(said.trim())? })
}

/// The covariates of an arm.
#[derive(Debug, Clone)]
pub struct Named(pub Vec<(String, f64)>);

pub fn named(text: &str) -> Result<Named, &'static str> {
    let one = |own: &str| {
        let (name, value) = own.split_once('=')?;
        Some((name.trim().to_owned(), finite(value)?))
    };
    let all: Option<Vec<(String, f64)>> = text.split(',').map(one).collect();
    all.map(Named).ok_or("write covariates and their values, such as WT=70 or WT=70,AGE=40")
}

pub fn hour(text: &str) -> Result<f64, &'static str> {
    finite(text).ok_or("write a number of hours")
}

fn finite(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|value: &f64| value.is_finite())
}

pub fn range(text: &str) -> Result<(f64, f64), &'static str> {
    let ends = text.split_once("..").and_then(|(low, high)| Some((finite(low)?, finite(high)?)));
    ends.ok_or("write two numbers with two dots between them, such as 0..168")
}

pub fn counts(text: &str) -> Result<(usize, usize), &'static str> {
    let ends = match text.split_once("..") {
        Some((low, high)) => low.parse().ok().zip(high.parse().ok()),
        None => text.parse().ok().map(|count| (count, count)),
    };
    ends.filter(|(low, high)| (1..=MOST).contains(low) && low <= high && *high <= MOST)
        .ok_or("write a number of samples from 1 to 100, such as 6, or a range such as 3..8")
}

pub fn budget(text: &str) -> Result<Budget, &'static str> {
    let numbers: Option<Vec<f64>> = text.split(',').map(finite).collect();
    match numbers.as_deref() {
        Some(&[total, person, sample, visit]) => Ok(Budget { total, person, sample, visit }),
        _ => Err(
            "write four numbers, such as 20000,300,50,100: the total, and what a person, a sample and a day of visits cost",
        ),
    }
}

/// The most samples of a person.
const MOST: usize = 100;

pub fn form(text: &str) -> Result<Approximation, &'static str> {
    let word = text.to_lowercase();
    match word.split_once(':').unwrap_or((&word, "")) {
        ("person", "") => Ok(Approximation::Person),
        ("reduced", "") => Ok(Approximation::Reduced),
        ("full", "") => Ok(Approximation::Full),
        ("modes", draws) => {
            let draws = draws.parse().map_err(|_| "write modes with its number of drawn people, such as modes:200")?;
            Ok(Approximation::Modes { draws, seed: 1 })
        }
        _ => Err("write reduced, full, person or modes:200"),
    }
}
