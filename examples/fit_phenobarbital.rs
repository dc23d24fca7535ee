//! Sparse data: phenobarbital in 59 infants, two or three levels each, and what their weight explains.
//!
//! Writes charts of the fit to `charts/` and prints the estimates without and with the weight:
//!
//! ```text
//! cargo run --release --example fit_phenobarbital
//! ```
//!
//! The data are those of Grasela and Donn, Dev Pharmacol Ther 8 (1985) 374, as R's package nlme has them.

use std::error::Error;
use std::fmt::Write;

use menaquinone::{
    Bolus, OneCompartment, Result,
    assay::ResidualError,
    chart::{Chart, Sheet},
    fit::{Effect, Method, People, PeopleFit, Theory, free},
    sensitivity::Number,
};

const ROWS: &str = include_str!("data/phenobarbital.csv");

/// What `nlme` 3.1 finds without the weight, by maximum likelihood.
const NLME: f64 = 1_010.831_453_99;
/// The weight to which the typical numbers belong, kg.
const WEIGHT: f64 = 1.5;

fn main() -> Result<(), Box<dyn Error>> {
    let people = people()?.measured_in("mg/L");
    println!("Phenobarbital in {} infants, {} levels; one compartment\n", people.len(), people.count());
    let alike = theory()?.fit_people(&people, Method::Focei)?;
    println!("Without the weight\n{alike}\n-2LL of nlme: {NLME:.4}\n");
    let weighed = with_weight(alike.theory()?)?.fit_people(&people, Method::Focei)?;
    println!("With the weight, about {WEIGHT} kg\n{weighed}\n");
    let test = alike.against(&weighed)?;
    println!(
        "The weight lowers the objective by {:.1} with {} numbers more: p {:.1e}.",
        test.statistic, test.more, test.p
    );
    for (name, what) in [("cl", "clearance"), ("v", "volume")] {
        let cv = |fit: &PeopleFit| 100.0 * spread(fit, name).exp_m1().sqrt();
        println!("Of the {what} {:.0} % varied between infants, and {:.0} % do at a weight.", cv(&alike), cv(&weighed));
    }
    let charts = draw(&weighed)?;
    println!("\nWrote {}", charts.join(", "));
    Ok(())
}

fn theory() -> Result<Theory> {
    let body = OneCompartment { cl: free(0.006).varying(0.4), v: free(1.4).varying(0.4) };
    Theory::new(Bolus, body)?.with_error(ResidualError::Additive { sd: free(3.0) })
}

/// Clearance and volume by a power of the weight.
fn with_weight(theory: Theory) -> Result<Theory> {
    let power = Effect::Power { at: WEIGHT, exponent: free(1.0) };
    theory.by(Number::Cl, "WT", power.clone())?.by(Number::V, "WT", power)
}

fn spread(fit: &PeopleFit, name: &str) -> f64 {
    let name = format!("omega2({name})");
    fit.estimates().iter().find(|own| own.name == name).map_or(f64::NAN, |own| own.value)
}

/// The rows of R as an event table: doses go into the plasma.
fn people() -> Result<People, Box<dyn Error>> {
    let mut table = "ID,TIME,AMT,DV,WT\n".to_owned();
    for row in csv::Reader::from_reader(ROWS.as_bytes()).records() {
        let row = row?;
        let cell = |i: usize| if &row[i] == "NA" { "." } else { &row[i] };
        writeln!(table, "{},{},{},{},{}", &row[0], cell(4), cell(5), cell(6), cell(1))?;
    }
    Ok(People::of_table(&table.parse()?)?)
}

fn draw(fit: &PeopleFit) -> Result<Vec<String>> {
    let title = |what: &str| format!("Phenobarbital in 59 infants: {what}");
    let check = fit.vpc(500, 42)?.prediction_corrected().bands()?;
    let sheets = [
        ("goodness", Sheet::goodness(title("goodness of fit"), &fit.residuals()?)?),
        ("vpc", Sheet::vpc(title("visual predictive check"), &check)?),
        ("individuals", Sheet::individuals(title("the first twenty"), fit, 0..20)?),
    ];
    let mut files = Vec::new();
    for (name, sheet) in sheets {
        let file = format!("charts/fit_phenobarbital_{name}.png");
        sheet.save(&file)?;
        files.push(file);
    }
    let file = "charts/fit_phenobarbital_weight.png".to_owned();
    Chart::effects("Phenobarbital: what the weight does", fit)?.save(&file)?;
    files.push(file);
    Ok(files)
}
