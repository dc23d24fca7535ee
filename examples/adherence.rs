//! One dose in five missed: what it does to MK-7 and to MK-4, one by one or in runs.
//!
//! Writes `charts/adherence.png` and prints how much of their own usual trough people keep:
//!
//! ```text
//! cargo run --release --example adherence
//! ```

use std::error::Error;

use menaquinone::{
    Dose, Population, Profile, Regimen, Result,
    chart::{Chart, Colour, Sheet},
    grid,
    population::{Adherence, Missed, Runs, quantiles},
    random::Uniform,
    units::*,
    vitamer::*,
};

const PEOPLE: u64 = 1_000;
const SEED: u64 = 42;
const DAYS: u32 = 42;
/// The share of doses that are missed.
const SHARE: f64 = 0.2;
/// How many are missed in a row, on average, by those who miss them in runs.
const RUN: f64 = 3.0;

fn main() -> Result<(), Box<dyn Error>> {
    let file = "charts/adherence.png";
    let pairs = [Pair::new(&MK7, Colour::Blue)?, Pair::new(&MK4, Colour::Vermilion)?];
    sheet(&pairs)?.save(file)?;
    println!("180 ug a day, one dose in five missed, {PEOPLE} virtual people, days 29 to {DAYS}");
    println!("Trough as a share of one's own if nothing were missed, %\n");
    println!("vitamer  missed         5 % of people-days  median  below half, %");
    for pair in &pairs {
        for (word, missed) in [("one by one", ONE_BY_ONE), ("runs of three", in_runs()?)] {
            let late: Vec<f64> = pair.shares(missed)?.into_iter().skip(29).flatten().collect();
            let [low, median] = quantiles(&late, [0.05, 0.5])?;
            let half = 100.0 * share(&late, |kept| kept < 50.0);
            println!("{:<7}  {word:<13}  {low:>18.0}  {median:>6.0}  {half:>13.1}", pair.vitamer);
        }
    }
    for pair in &pairs {
        let set = pair.vitamer.nominal();
        println!("\n{}, {}. {}", pair.vitamer, set.title, set.contested);
    }
    println!("\n{CAUTION}");
    println!("\nWrote {file}");
    Ok(())
}

const CAUTION: &str = "The spread between people (CV of the nominal sets) is mostly judgement, and how people miss doses is a \
    supposition. MK-4 was not detected in plasma after 420 µg (Sato 2012, doi:10.1186/1475-2891-11-93): its levels here are \
    carried down from mg doses.";

const ONE_BY_ONE: Missed = Missed::Independent { p: SHARE };

fn in_runs() -> Result<Missed> {
    Missed::in_runs(Runs { share: SHARE, length: RUN })
}

/// A vitamer and its people.
struct Pair {
    vitamer: &'static Vitamer,
    colour: Colour,
    people: Population,
}

impl Pair {
    fn new(vitamer: &'static Vitamer, colour: Colour) -> Result<Self> {
        Ok(Self { vitamer, colour, people: vitamer.nominal().population(PEOPLE, SEED)? })
    }

    /// For each day, the trough of each person in % of what it would be if nothing were missed.
    fn shares(&self, missed: Missed) -> Result<Vec<Vec<f64>>> {
        let troughs = grid(0.0..=until(), DAY);
        let mut days = vec![Vec::new(); troughs.len()];
        for (person, taken) in self.people.each_regimen(&told(), until(), &adherence(missed)?)? {
            let usual = person.model.concentrations(told(), &troughs)?;
            let found = person.model.concentrations(taken, &troughs)?;
            // At time 0 there is no trough yet.
            for day in 1..troughs.len() {
                days[day].push(100.0 * found[day] / usual[day]);
            }
        }
        Ok(days)
    }
}

/// Missed as said, and the others up to two hours late.
fn adherence(missed: Missed) -> Result<Adherence> {
    let late = Uniform { low: 0.0, high: 2.0 * HOUR }.distribution()?;
    Ok(Adherence { missed, late: Some(late), ..Adherence::default() })
}

fn told() -> Regimen {
    Dose::of(180.0 * UG).every(DAY).times(DAYS.into())
}

fn until() -> f64 {
    f64::from(DAYS) * DAY
}

fn share(values: &[f64], is: impl Fn(f64) -> bool) -> f64 {
    let n = values.iter().filter(|value| is(**value)).count();
    f64::from(u32::try_from(n).unwrap_or(u32::MAX)) / f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX))
}

fn sheet(pairs: &[Pair]) -> Result<Sheet> {
    let (mut one, mut many) = (Vec::new(), Vec::new());
    for pair in pairs {
        one.push(one_diary(pair)?);
        many.push(everybody(pair)?);
    }
    let sets: Vec<String> =
        pairs.iter().map(|pair| format!("{} {}", pair.vitamer, pair.vitamer.nominal().title)).collect();
    let contested: Vec<String> =
        pairs.iter().map(|pair| format!("{}: {}", pair.vitamer, pair.vitamer.nominal().contested)).collect();
    Ok(Sheet::new("180 µg a day, one dose in five missed: MK-7 and MK-4")
        .subtitle(format!(
            "1,000 virtual people each, doses up to two hours late, above the habitual level · {}",
            sets.join(" · ")
        ))
        .caption(format!("{} {CAUTION}", contested.join(" ")))
        .row(one)
        .row(many))
}

/// One typical person with the diary of the first who misses three of the last 14 doses and about a fifth of all.
fn one_diary(pair: &Pair) -> Result<Chart> {
    let times = grid(28.0 * DAY..=until(), 0.1 * HOUR);
    let diaries = pair.people.regimens(told(), until(), &adherence(in_runs()?)?)?;
    let count =
        |diary: &Regimen, from: f64| diary.doses(2.0 * until()).iter().filter(|(time, _)| *time >= from).count();
    let usual = |diary: &&Regimen| count(diary, 0.0) == 34 && count(diary, 28.0 * DAY) == 11;
    let taken = diaries.iter().find(usual).unwrap_or(&diaries[0]);
    let model = pair.vitamer.model();
    Ok(Chart::new(format!("{}: one diary with runs of missed doses, typical person", pair.vitamer))
        .dashed("all taken", &model.profile(told(), &times)?)
        .colour(Colour::Grey)
        .curve("as taken", &model.profile(taken, &times)?)
        .colour(pair.colour)
        .doses(taken)
        .x_range(28.0 * DAY..=until()))
}

/// The middle 90 % of people, for doses missed one by one and in runs.
fn everybody(pair: &Pair) -> Result<Chart> {
    let days = pair.shares(ONE_BY_ONE)?;
    let runs = pair.shares(in_runs()?)?;
    let line = |days: &[Vec<f64>], p: f64| -> Result<Profile> {
        let conc: Result<Vec<f64>> = days[1..].iter().map(|people| Ok(quantiles(people, [p])?[0])).collect();
        Profile::new((1..=DAYS).map(|day| f64::from(day) * DAY).collect(), conc?)
    };
    Ok(Chart::new(format!("{}: trough against one's own if nothing were missed", pair.vitamer))
        .y_label("Trough (% of one's own)")
        .band("90 % of people, missed one by one", &line(&days, 0.05)?, &line(&days, 0.95)?)
        .curve("median", &line(&days, 0.5)?)
        .colour(pair.colour)
        .dashed("5 %, missed in runs", &line(&runs, 0.05)?)
        .colour(Colour::Grey)
        .y_range(0.0..=120.0))
}
