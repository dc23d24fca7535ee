//! A trial that would settle the half-life of MK-4, 12 h as popular articles have it or 2 h, and its lag: which dose, after which meal, sampled when.
//!
//! Writes `charts/mk4_design.png` and prints what was found:
//!
//! ```text
//! cargo run --release --example mk4_design
//! ```
//!
//! The rates are those of the set `literature_1cpt`, the meals its printed ones. How people and the assay vary is supposed. It is a question about a trial, not
//! about what anybody should take.

use std::error::Error;

use menaquinone::{
    Model, Regimen, Result,
    assay::ResidualError,
    chart::{Chart, Colour, Sheet},
    design::{Arm, Criterion, Design, Found, Search, Wald, When, draws},
    fit::{Theory, fixed, free},
    sensitivity::Number,
    vitamer::MK4,
};

/// The half-life that data ask for and that of popular articles, h.
const ENDS: [f64; 2] = [2.1, 12.0];
const PEOPLE: f64 = 12.0;
const SAMPLES: usize = 6;
const DOSES: [&str; 3] = ["1.5 mg", "15 mg", "45 mg"];
const MEALS: [&str; 3] = ["fasted", "with 10 g fat", "with 35 g fat"];
/// The dose that is searched for and drawn.
const DRAWN: &str = "15 mg with 35 g fat once";
/// When levels are usually taken, h.
const USUAL: [f64; SAMPLES] = [1.0, 2.0, 3.0, 4.0, 6.0, 8.0];
/// The limit of quantification, µg/L.
const LIMIT: f64 = 1.0;
const UNTIL: f64 = 36.0;
const SUPPOSED: &str = "people differ by 35 % in clearance, 40 % in volume and lag and 60 % in absorption; the assay is off by 15 % and 0.3 µg/L and \
                        sees no less than 1 µg/L";

fn main() -> Result<(), Box<dyn Error>> {
    let file = "charts/mk4_design.png";
    println!("MK-4 once; {PEOPLE} people, {SAMPLES} samples each. Supposed: {SUPPOSED}.\n");
    let found = search()?;
    println!(
        "Best for clearance, volume and lag together after {DRAWN}, on the mean of both half-lives and of lags and rates of"
    );
    println!("absorption that are known to 40 and 60 %:");
    println!(
        "samples at {} h, at least {:.0} % of the best there can be\n",
        listed(found.design()),
        100.0 * found.efficiency()
    );
    println!("expected error, %      if the half-life is 2.1 h    if it is 12 h");
    println!("dose                      half-life         lag  half-life    lag");
    for dose in DOSES {
        for meal in MEALS {
            println!("{}", row(&format!("{dose} {meal}"), found.times()[0])?);
        }
    }
    println!("{}", row("15 mg with 35 g fat", &USUAL)?.replace("15 mg with 35 g fat", "the same, usual day"));
    println!("\n{}", people(found.times()[0])?);
    sheet(&found)?.save(file)?;
    println!("\nWrote {file}");
    Ok(())
}

/// The set with another half-life in the same volume, and what is not known.
fn theory(t_half: f64) -> Result<Theory> {
    let model = MK4.set("literature_1cpt")?.model();
    let [ka, tlag, v] = [Number::Ka(0), Number::Tlag(0), Number::V].map(|number| model.number(number));
    let (ka, tlag, v) = (ka?, tlag?, v?);
    let cl = v * std::f64::consts::LN_2 / t_half;
    Theory::of(model)
        .with(Number::Ka(0), free(ka).varying(0.60))?
        .with(Number::Tlag(0), free(tlag).varying(0.40))?
        .with(Number::Cl, free(cl).varying(0.35))?
        .with(Number::V, free(v).varying(0.40))?
        .with_error(ResidualError::Combined { cv: free(0.15), sd: fixed(0.3) })
}

fn design(t_half: f64, taken: &str, times: &[f64]) -> Result<Design> {
    let arm = Arm::of(taken.parse::<Regimen>()?).people(PEOPLE).below(LIMIT).at(times);
    Design::of(&theory(t_half)?, arm)
}

/// The best times on the mean of both half-lives, each with six lags and rates of absorption: of one lag alone the best would be a sample at its very minute.
fn search() -> Result<Found> {
    let believed = |t_half: f64| draws(&theory(t_half)?, &[("tlag", 0.40), ("ka", 0.60)], 6, 1);
    let all = [believed(ENDS[0])?, believed(ENDS[1])?].concat();
    let early = (1..=16).map(|i| 0.5 * f64::from(i));
    let times: Vec<f64> = early.chain([9.0, 10.0, 12.0, 14.0, 16.0, 20.0, 24.0, 30.0, UNTIL]).collect();
    let start = design(ENDS[0], DRAWN, &USUAL)?;
    Search::of(&start, &criterion().on_average(all), When::at(&times)).samples(SAMPLES).run()
}

fn criterion() -> Criterion {
    Criterion::ds(["cl", "v", "tlag"])
}

fn listed(design: &Design) -> String {
    design.arms()[0].times().iter().map(f64::to_string).collect::<Vec<_>>().join(", ")
}

fn log_half_life(model: &Model) -> f64 {
    model.half_life().ln()
}

/// The expected errors of the half-life and of the lag, %.
fn errors(design: &Design) -> Result<[f64; 2]> {
    let information = design.information()?;
    let lag = information.rse()?[information.place("tlag")?];
    Ok([100.0 * information.variance_of(log_half_life)?.sqrt(), 100.0 * lag])
}

/// What a dose after a meal would tell, for both half-lives.
fn row(taken: &str, times: &[f64]) -> Result<String> {
    let of = |t_half: f64| errors(&design(t_half, &format!("{taken} once"), times)?);
    let ([life, lag], [long, late]) = (of(ENDS[0])?, of(ENDS[1])?);
    Ok(format!("{taken:<20}  {life:>13.0}  {lag:>10.0}  {long:>9.0}  {late:>5.0}"))
}

fn people(times: &[f64]) -> Result<String> {
    let short = design(ENDS[0], DRAWN, times)?;
    let long = design(ENDS[1], DRAWN, times)?;
    let tell = short.people_to_tell(Model::half_life, ENDS[0], ENDS[1], Wald::default())?;
    let lag = |model: &Model| model.number(Number::Tlag(0)).unwrap_or(f64::NAN);
    let [life, late] = [short.people_for(Model::half_life, 0.25, 0.95)?, short.people_for(lag, 0.25, 0.95)?];
    let other = long.people_for(Model::half_life, 0.25, 0.95)?;
    Ok(format!(
        "People who tell 12 from 2.1 h (power 80 %, two-sided 5 %): {tell}. Who know the half-life to a quarter either way: {life} if it is 2.1 h, {other} if it is \
         12 h; the lag: {late}."
    ))
}

fn sheet(found: &Found) -> Result<Sheet> {
    let times = found.times()[0];
    let [short, long] = [design(ENDS[0], DRAWN, times)?, design(ENDS[1], DRAWN, times)?];
    let curve = |title: &str, design: &Design| Chart::new(title).sampled_by(design, 0, 24.0);
    let mut power = Chart::xy("People who tell 12 from 2.1 h");
    for (label, times, colour) in
        [("these times", times, Colour::Blue), ("the usual day", &USUAL[..], Colour::Vermilion)]
    {
        let design = design(ENDS[1], DRAWN, times)?;
        power = power.power_of((label, &design), Model::half_life, (ENDS[1], ENDS[0]), 12)?.colour(colour);
    }
    Ok(Sheet::new("Menaquinone-4: a trial that would settle its half-life and its lag")
        .subtitle("15 mg once after a meal with 35 g of fat; six samples, best for clearance, volume and lag on the mean of both half-lives")
        .caption(format!("Supposed: {SUPPOSED}. Rates of the set literature_1cpt, of which one mean curve is known. A question about a trial, not advice."))
        .row([curve("If the half-life is 2.1 h", &short)?, curve("If it is 12 h", &long)?])
        .row([
            Chart::new("What a seventh sample would bring, 2.1 h").brought_to(&short, &criterion(), (0, 24.0))?,
            power.level("80 %", 80.0).colour(Colour::Grey),
        ])
        .size(1200, 1000))
}
