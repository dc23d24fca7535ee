//! A population fitted: theophylline in twelve people, by FOCEI and by Laplace, beside what R's `nlme` finds.
//!
//! Writes charts of the fit to `charts/` and `fit_population.csv`, and prints the estimates:
//!
//! ```text
//! cargo run --release --example fit_population
//! ```
//!
//! The samples are those of Boeckmann, Sheiner and Beal (1994), NONMEM Users Guide, part V, as R's data set `Theoph` has them.

use std::error::Error;

use menaquinone::{
    Dose, FirstOrder, OneCompartment, Result,
    assay::ResidualError,
    chart::Sheet,
    file,
    fit::{Method, People, PeopleFit, Rates, Sampled, Samples, Theory, free},
};

const SAMPLES: &str = include_str!("data/theophylline.csv");

/// What `nlme` 3.1 prints of its own model: doses per kg, a common `ke`, and volumes that vary as clearances do. Numbers and standard errors.
const NLME: [(&str, f64, f64); 3] = [
    ("ln ka", 0.465_634_896, 0.196_324_006),
    ("ln ke", -2.454_678_638, 0.051_889_655),
    ("ln cl", -3.227_212_105, 0.059_323_016),
];
const NLME_SPREAD: [(&str, f64); 4] =
    [("var ln ka", 0.414_347_919), ("var ln cl", 0.027_864_002), ("sigma", 0.709_241_879), ("-2LL", 354.044_672_259)];
const METHODS: [Method; 2] = [Method::Focei, Method::Laplace];

fn main() -> Result<(), Box<dyn Error>> {
    let per_kg = people(|_, dose| dose)?.measured_in("mg/L");
    let [focei, laplace] = METHODS.map(|method| as_nlme_has_it()?.fit_people(&per_kg, method));
    let (focei, laplace) = (focei?, laplace?);
    println!("Theophylline by mouth in {} people, {} levels; one compartment\n", per_kg.len(), per_kg.count());
    println!(
        "{:<34}{:>17}{:>17}{:>17}",
        "The model of nlme, doses in mg/kg", "nlme (se)", "FOCEI (se)", "Laplace (se)"
    );
    for (i, (name, value, se)) in NLME.iter().enumerate() {
        let own = |fit: &PeopleFit| with_error(logarithm(fit, i));
        println!("{name:<34}{:>17}{:>17}{:>17}", with_error((*value, *se)), own(&focei), own(&laplace));
    }
    for (i, (name, value)) in NLME_SPREAD.iter().enumerate() {
        println!("{name:<34}{value:>17.4}{:>17.4}{:>17.4}", spread(&focei, i), spread(&laplace, i));
    }
    let lower = NLME_SPREAD[3].1 - focei.minus2ll();
    println!("nlme stops while its modes still move a little: FOCEI ends {lower:.2} lower.\n");

    // Everything varies by itself, and doses are in mg: clearances come in L/h.
    let people = people(|weight, dose| weight * dose)?.measured_in("mg/L");
    let fit = everything()?.fit_people(&people, Method::Focei)?;
    println!("Everything varies, doses in mg\n{fit}\n");
    file::write("fit_population.csv", fit.people_to_csv())?;
    draw(&fit)?;
    let charts = CHARTS.map(|name| format!("charts/fit_population_{name}.png"));
    println!("Wrote fit_population.csv, {}", charts.join(", "));
    Ok(())
}

/// One `ke` for all; absorption and clearance vary, and the volume as the clearance.
fn as_nlme_has_it() -> Result<Theory> {
    let body = Rates { ke: free(0.08), v: free(0.5).varying(0.2) };
    Theory::new(FirstOrder { ka: free(1.5).varying(0.6) }, body)?.with_error(ResidualError::Additive { sd: free(0.7) })
}

/// Everybody varies in all three numbers, each by itself.
fn everything() -> Result<Theory> {
    let body = OneCompartment { cl: free(2.7).varying(0.3), v: free(32.0).varying(0.15) };
    Theory::new(FirstOrder { ka: free(1.5).varying(0.6) }, body)?.with_error(ResidualError::Additive { sd: free(0.7) })
}

/// The logarithm of ka, ke or cl = ke v, and its standard error.
fn logarithm(fit: &PeopleFit, i: usize) -> (f64, f64) {
    let all = fit.estimates();
    if i < 2 {
        return (all[i].value.ln(), all[i].rse.unwrap_or(f64::NAN));
    }
    // The sum of two logarithms, which hang together.
    let together = fit.coordinate_covariance().map_or(f64::NAN, |c| c[(1, 1)] + c[(2, 2)] + 2.0 * c[(1, 2)]);
    ((all[1].value * all[2].value).ln(), together.sqrt())
}

fn spread(fit: &PeopleFit, i: usize) -> f64 {
    let of = |name: &str| fit.estimates().iter().find(|own| own.name == name).map_or(f64::NAN, |own| own.value);
    match i {
        0 => of("omega2(ka)"),
        1 => of("omega2(v)"),
        2 => of("sd"),
        _ => fit.minus2ll(),
    }
}

fn with_error((value, se): (f64, f64)) -> String {
    format!("{value:.4} ({se:.3})")
}

/// The people, whose dose is made of weight (kg) and dose (mg/kg). Levels are in mg/L.
fn people(dose: impl Fn(f64, f64) -> f64) -> Result<People, Box<dyn Error>> {
    let mut people: Vec<(String, f64, Vec<f64>, Vec<f64>)> = Vec::new();
    for row in csv::Reader::from_reader(SAMPLES.as_bytes()).records() {
        let row = row?;
        let cell = |i: usize| row[i].parse::<f64>();
        if people.last().is_none_or(|last| last.0 != row[0]) {
            people.push((row[0].to_owned(), dose(cell(1)?, cell(2)?), Vec::new(), Vec::new()));
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

const CHARTS: [&str; 4] = ["goodness", "vpc", "individuals", "etas"];

fn draw(fit: &PeopleFit) -> Result<()> {
    let title = |what: &str| format!("Theophylline in twelve people: {what}");
    let sheets = [
        Sheet::goodness(title("goodness of fit"), &fit.residuals()?)?,
        Sheet::vpc(title("visual predictive check"), &fit.vpc(500, 42)?.bands()?)?,
        Sheet::individuals(title("each person"), fit, 0..fit.people().len())?,
        Sheet::etas(title("how they deviate"), fit)?,
    ];
    sheets.iter().zip(CHARTS).try_for_each(|(sheet, name)| sheet.save(format!("charts/fit_population_{name}.png")))
}
