//! Band in band: how people differ, and how little is known of the typical one, for the build-up of MK-7.
//!
//! Writes `charts/uncertainty.png` and prints the quantiles of the trough with their uncertainty:
//!
//! ```text
//! cargo run --release --example uncertainty
//! ```

use std::error::Error;

use menaquinone::{
    Dose, Population, Profile, Result,
    chart::{Chart, Colour, Sheet},
    grid,
    population::{Replicates, quantiles},
    units::*,
    vitamer::*,
};

const SIZE: Replicates = Replicates { replicates: 200, people: 500 };
const SEED: u64 = 42;
const DAYS: u32 = 42;
/// The quantiles between people.
const PEOPLE: [f64; 3] = [0.05, 0.5, 0.95];
/// The quantiles between replicates.
const WORLDS: [f64; 3] = [0.05, 0.5, 0.95];

fn main() -> Result<(), Box<dyn Error>> {
    let file = "charts/uncertainty.png";
    let bands = bands()?;
    sheet(&bands)?.save(file)?;
    println!("MK-7, 180 ug a day: the trough in µg/L between people, and how uncertain that is");
    println!("{} typical persons from the ranges of the rows, {} people about each\n", SIZE.replicates, SIZE.people);
    println!("after      5 % of people        median person       95 % of people");
    for day in [1, 7, 14, 28, 42] {
        let cells: Vec<String> = bands
            .iter()
            .map(|edge| {
                let [low, middle, high] = edge[day];
                format!("{middle:>5.2} ({low:.2} to {high:.2})")
            })
            .collect();
        println!("{day:>2} days  {}", cells.join("  "));
    }
    let set = MK7.nominal();
    println!("\nIn brackets 90 % of the replicates. MK-7, {}. {}", set.title, set.contested);
    println!("\n{CAUTION}");
    println!("\nWrote {file}");
    Ok(())
}

const CAUTION: &str = "The ranges of the rows are judgements of what the evidence allows, taken as triangular and independent; the \
    spread between people is mostly judgement too. The doubt about the absolute scale (1.5-3.5 times) is not in these bands.";

/// For each quantile between people and each day, the quantiles between replicates.
fn bands() -> Result<[Vec<[f64; 3]>; 3]> {
    let uncertainty = MK7.nominal().uncertainty();
    let (dosing, times) = (Dose::of(180.0 * UG).every(DAY), times());
    let mut edges: [Vec<Vec<f64>>; 3] = std::array::from_fn(|_| vec![Vec::new(); times.len()]);
    let worlds = Population::replicates(SIZE, SEED, |draw| Ok(uncertainty.typical(draw)), Variability::person);
    for people in worlds {
        let mut days = vec![Vec::new(); times.len()];
        for person in people?.iter() {
            let troughs = person.model.concentrations(&dosing, &times)?;
            days.iter_mut().zip(troughs).for_each(|(day, trough)| day.push(trough));
        }
        for (i, day) in days.iter().enumerate() {
            let found = quantiles(day, PEOPLE)?;
            edges.iter_mut().zip(found).for_each(|(edge, value)| edge[i].push(value));
        }
    }
    let between =
        |days: &Vec<Vec<f64>>| days.iter().map(|worlds| quantiles(worlds, WORLDS)).collect::<Result<Vec<_>>>();
    Ok([between(&edges[0])?, between(&edges[1])?, between(&edges[2])?])
}

/// Once a day, at the instant of the next dose: the trough.
fn times() -> Vec<f64> {
    grid(0.0..=f64::from(DAYS) * DAY, DAY)
}

fn sheet(bands: &[Vec<[f64; 3]>; 3]) -> Result<Sheet> {
    let set = MK7.nominal();
    Ok(Sheet::new("Menaquinone-7, 180 µg a day: how people differ, and how uncertain that is")
        .subtitle(format!(
            "Trough above the habitual level · {}, {} replicates of {} people · shaded: 90 % of the replicates",
            set.title, SIZE.replicates, SIZE.people
        ))
        .caption(format!("{} {CAUTION}", set.contested))
        .row([build_up(bands)?])
        .relative_height(1.5))
}

fn build_up(bands: &[Vec<[f64; 3]>; 3]) -> Result<Chart> {
    let trace = |edge: usize, world: usize| {
        Profile::new(times(), bands[edge].iter().map(|quantiles| quantiles[world]).collect())
    };
    let mut chart = Chart::new("").y_label("Trough (µg/L)");
    for (edge, label, colour) in [
        (2, "95 % of people", Colour::Vermilion),
        (1, "median person", Colour::Blue),
        (0, "5 % of people", Colour::Green),
    ] {
        chart = chart.band("", &trace(edge, 0)?, &trace(edge, 2)?).curve(label, &trace(edge, 1)?).colour(colour);
    }
    Ok(chart)
}
