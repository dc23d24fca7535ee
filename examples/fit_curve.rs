//! A model fitted to measured curves: theophylline in twelve people, each alone, by least squares.
//!
//! Writes `charts/fit_curve.png` and prints estimates with standard errors and profile intervals:
//!
//! ```text
//! cargo run --release --example fit_curve
//! ```
//!
//! The samples are those of Boeckmann, Sheiner and Beal (1994), NONMEM Users Guide, part V, as R's data set `Theoph` has them.

use std::collections::BTreeMap;
use std::error::Error;

use menaquinone::{
    Dose, FirstOrder, OneCompartment, Result,
    chart::{Chart, Sheet},
    fit::{Fit, Interval, Sampled, Samples, Theory, free},
    sensitivity::Number,
};

const SAMPLES: &str = include_str!("data/theophylline.csv");

/// What is sought: name and unit.
const SOUGHT: [(Number, &str); 3] = [(Number::Ka(0), "1/h"), (Number::Cl, "L/h/kg"), (Number::V, "L/kg")];

/// Dose (mg/kg), times (h) and levels (mg/L) of a person. Doses in mg/kg and levels in mg/L give clearances in L/h/kg: any coherent units do.
#[derive(Default)]
struct Person {
    dose: f64,
    times: Vec<f64>,
    conc: Vec<f64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let file = "charts/fit_curve.png";
    let fits: Vec<(u32, Fit)> =
        people()?.into_iter().map(|(id, person)| Ok((id, fit(&person)?))).collect::<Result<_>>()?;
    println!("Theophylline by mouth, one compartment, each person alone; least squares with equal weights\n");
    println!("subject         estimate      se  95 % profile interval  unit    sigma, mg/L");
    let mut open = Vec::new();
    for (id, fit) in &fits {
        for (estimate, (number, unit)) in fit.estimates().into_iter().zip(SOUGHT) {
            let interval = fit.profile(number)?;
            let se = estimate.se.map_or("-".to_owned(), |se| format!("{se:.4}"));
            let sigma = fit.sigma().filter(|_| number == Number::Ka(0)).map_or(String::new(), |s| format!("{s:.3}"));
            let (name, value) = (estimate.name.to_string(), estimate.value);
            let row = format!("{id:>7}  {name:<4}  {value:>9.4}  {se:>6}  {:<21}  {unit:<6}  {sigma}", ends(&interval));
            println!("{}", row.trim_end());
            if !interval.reason.is_empty() {
                open.push(format!("Subject {id}: {}.", interval.reason));
            }
        }
    }
    println!();
    for sentence in &open {
        println!("{sentence}");
    }
    let unsettled = fits.iter().filter(|(_, fit)| !fit.settled()).count();
    println!("{} of {} searches came to a minimum.", fits.len() - unsettled, fits.len());
    sheet(&fits)?.save(file)?;
    println!("\nWrote {file}");
    Ok(())
}

fn people() -> Result<BTreeMap<u32, Person>, Box<dyn Error>> {
    let mut people: BTreeMap<u32, Person> = BTreeMap::new();
    for row in csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(SAMPLES.as_bytes()).records() {
        let row = row?;
        let person = people.entry(row[0].parse()?).or_default();
        person.dose = row[2].parse()?;
        person.times.push(row[3].parse()?);
        person.conc.push(row[4].parse()?);
    }
    Ok(people)
}

fn fit(person: &Person) -> Result<Fit> {
    let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(0.04), v: free(0.5) })?;
    theory.fit(&Sampled::new(Dose::of(person.dose).at(0.0), Samples::new(&person.times, &person.conc)?))
}

fn ends(interval: &Interval) -> String {
    let end = |end: Option<f64>| end.map_or("open".to_owned(), |end| format!("{end:.4}"));
    format!("{} to {}", end(interval.low), end(interval.high))
}

/// Everybody's samples and curve, from the shortest half-life to the longest.
fn sheet(fits: &[(u32, Fit)]) -> Result<Sheet> {
    let mut sorted: Vec<(f64, u32, &Fit)> =
        fits.iter().map(|(id, fit)| Ok((fit.model()?.half_life(), *id, fit))).collect::<Result<_>>()?;
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sheet = Sheet::new("Theophylline in twelve people: a curve fitted to each")
        .subtitle("Plasma concentration after one dose by mouth, measured (points) and fitted (line), from the shortest half-life on")
        .caption(
            "Data: Boeckmann, Sheiner and Beal (1994), NONMEM Users Guide, part V. One compartment and first-order absorption, least squares \
             with equal weights.",
        )
        .size(1200, 1240);
    for (i, line) in sorted.chunks(3).enumerate() {
        let chart = |(j, (half_life, id, fit)): (usize, &(f64, u32, &Fit))| {
            let chart = Chart::new(format!("Subject {id}: t½ {half_life:.1} h")).fitted(fit, 0)?;
            Ok(chart
                .x_label(if i == 3 { "Time after dose (h)" } else { "" })
                .y_label(if j == 0 { "mg/L" } else { "" })
                .x_range(0.0..=25.0))
        };
        let charts: Vec<Chart> = line.iter().enumerate().map(chart).collect::<Result<_>>()?;
        // The last row holds the names of the time axes too.
        sheet = sheet.row(charts).relative_height(if i == 3 { 1.1 } else { 1.0 });
    }
    Ok(sheet.shared_y())
}
