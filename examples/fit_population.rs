//! A population fitted: theophylline in twelve people, by FOCEI and by Laplace, beside what R's `nlme` finds.
//!
//! Writes `fit_population.csv` and prints the reports:
//!
//! ```text
//! cargo run --release --example fit_population
//! ```
//!
//! The samples are those of Boeckmann, Sheiner and Beal (1994), NONMEM Users Guide, part V, as R's data set `Theoph` has them.

use std::error::Error;
use std::fs;

use menaquinone::{
    Dose, FirstOrder, OneCompartment, Result,
    assay::ResidualError,
    fit::{Method, People, PeopleFit, Sampled, Samples, Theory, free},
};

const SAMPLES: &str = include_str!("../tests/data/fit/theophylline.csv");

/// What `nlme` 3.1 prints for doses per kg, with a common `ke` and without spread in the volume: `ln ka` and `ln ke`.
const NLME: [f64; 2] = [0.465_634_896, -2.454_678_638];

fn main() -> Result<(), Box<dyn Error>> {
    let file = "fit_population.csv";
    let people = people()?;
    println!("Theophylline by mouth in {} people, {} levels; one compartment\n", people.len(), people.count());
    let fits: Vec<PeopleFit> = [Method::Focei, Method::Laplace]
        .map(|method| theory()?.fit_people(&people, method))
        .into_iter()
        .collect::<Result<_>>()?;
    for fit in &fits {
        println!("{fit}\n");
    }
    let of = |fit: &PeopleFit, name: &str| fit.estimates().iter().find(|own| own.name == name).map(|own| own.value);
    let (ka, ke) = (of(&fits[0], "ka"), of(&fits[0], "cl").zip(of(&fits[0], "v")).map(|(cl, v)| cl / v));
    if let (Some(ka), Some(ke)) = (ka, ke) {
        let [own_ka, own_ke] = NLME.map(f64::exp);
        println!("typical ka {ka:.3} 1/h (nlme {own_ka:.3}), typical ke {ke:.4} 1/h (nlme {own_ke:.4}).");
        println!("nlme holds ke the same in all; here clearance and volume vary each by itself.");
    }
    fs::write(file, table(&fits[0])?)?;
    println!("\nWrote {file}");
    Ok(())
}

/// Everybody varies in all three numbers, each by itself.
fn theory() -> Result<Theory> {
    let body = OneCompartment { cl: free(2.7).varying(0.3), v: free(32.0).varying(0.15) };
    Theory::new(FirstOrder { ka: free(1.5).varying(0.6) }, body)?.with_error(ResidualError::Additive { sd: free(0.7) })
}

/// Doses are in mg and levels in mg/L, so clearances come in L/h.
fn people() -> Result<People, Box<dyn Error>> {
    let mut people: Vec<(String, f64, Vec<f64>, Vec<f64>)> = Vec::new();
    for row in csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(SAMPLES.as_bytes()).records() {
        let row = row?;
        let cell = |i: usize| row[i].parse::<f64>();
        if people.last().is_none_or(|last| last.0 != row[0]) {
            people.push((row[0].to_owned(), cell(1)? * cell(2)?, Vec::new(), Vec::new()));
        }
        if let Some(last) = people.last_mut() {
            last.2.push(cell(3)?);
            last.3.push(cell(4)?);
        }
    }
    let person = |(id, dose, times, conc): (String, f64, Vec<f64>, Vec<f64>)| {
        Ok((id, Sampled::new(Dose::of(dose).at(0.0), Samples::new(&times, &conc)?)))
    };
    Ok(People::new(people.into_iter().map(person).collect::<Result<Vec<_>>>()?)?)
}

/// The deviations of each person, and what each adds to the objective.
fn table(fit: &PeopleFit) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = fit.objective().names().iter().map(|name| format!("eta_{name}"));
    writer.write_record(["subject".to_owned(), "ofv".to_owned()].into_iter().chain(names))?;
    for person in fit.objective().people() {
        let etas = person.eta.iter().map(|eta| format!("{eta:.6}"));
        writer.write_record([person.id.clone(), format!("{:.6}", person.ofv)].into_iter().chain(etas))?;
    }
    Ok(writer.into_inner()?)
}
