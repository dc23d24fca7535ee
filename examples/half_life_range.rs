//! What a half-life of 72 to 96 h means for MK-7, and what a second compartment changes.
//!
//! Writes `charts/half_life_range.png` and prints a steady state of every parameter set:
//!
//! ```text
//! cargo run --release --example half_life_range
//! ```

use std::error::Error;

use menaquinone::{
    Dose, Profile, Repeating, Result, SteadyState,
    chart::{Chart, Colour, Sheet},
    grid,
    units::*,
    vitamer::*,
};

fn main() -> Result<(), Box<dyn Error>> {
    let file = "charts/half_life_range.png";
    sheet()?.save(file)?;
    println!("MK-7, {} at steady state\n", dosing());
    println!("                  half-life   Cmax  Ctrough   Cavg  fluctuation  accumulation  90 % after");
    println!("set                       h   µg/L     µg/L   µg/L            %         ratio        days");
    for set in MK7.sets() {
        println!("{}", row(set)?);
    }
    println!();
    for set in MK7.sets() {
        println!("{}: {}", set.name, set.contested);
    }
    println!("\nWrote {file}");
    Ok(())
}

fn dosing() -> Repeating {
    Dose::of(180.0 * UG).every(DAY)
}

fn steady_state(set: &str) -> Result<SteadyState> {
    MK7.set(set)?.model().steady_state(dosing())
}

fn row(set: &ParameterSet) -> Result<String> {
    let steady = set.model().steady_state(dosing())?;
    Ok(format!(
        "{:<16}  {:>9.1}  {:>5.2}  {:>7.2}  {:>5.2}  {:>11.0}  {:>12.2}  {:>10.1}",
        set.name,
        steady.model().half_life(),
        steady.cmax(),
        steady.ctrough(),
        steady.cavg(),
        100.0 * steady.fluctuation(),
        steady.accumulation_ratio(),
        steady.time_to(0.9)? / DAY
    ))
}

fn sheet() -> Result<Sheet> {
    let set = MK7.nominal();
    Ok(Sheet::new("Menaquinone-7, 180 µg once a day: half-life of 72 to 96 h, and a second compartment")
        .subtitle(format!("Plasma concentration above the habitual level · {}, with its ends 72 and 96 h", set.title))
        .caption(format!("{} Two compartments: {}", set.contested, MK7.set("literature_2cpt")?.contested))
        .row([build_up()?])
        .relative_height(1.2)
        .row([one_day()?, wash_out()?]))
}

/// The half-lives of the popular range lead to one level, since each set has the volume that gives the level seen.
fn build_up() -> Result<Chart> {
    let times = grid(0.0..=35.0 * DAY, 0.1 * HOUR);
    let profile = |set: &str| MK7.set(set)?.model().profile(dosing(), &times);
    let ends = [profile("half_life_72h")?, profile("half_life_96h")?];
    let mut chart = Chart::new("").band("72–96 h", &merged(&ends, f64::min)?, &merged(&ends, f64::max)?);
    chart = chart.curve("t½ 84 h", &profile("nominal")?).doses(dosing());
    for (set, label) in [("half_life_72h", "72 h"), ("half_life_96h", "96 h")] {
        let reached = steady_state(set)?.time_to(0.9)?;
        chart = chart.moment(format!("{label}: 90 % after {:.1} days", reached / DAY), reached);
    }
    Ok(chart)
}

/// Point by point, the lower or the higher of two profiles.
fn merged([a, b]: &[Profile; 2], pick: fn(f64, f64) -> f64) -> Result<Profile> {
    let conc = a.conc().iter().zip(b.conc()).map(|(a, b)| pick(*a, *b)).collect();
    Profile::new(a.times().to_vec(), conc)
}

/// A day of the nominal set beside one of two compartments.
fn one_day() -> Result<Chart> {
    let (one, two) = (steady_state("nominal")?, steady_state("literature_2cpt")?);
    let times = grid(0.0..=DAY, 0.02 * HOUR);
    Ok(Chart::new("One day at steady state")
        .subtitle("One compartment (nominal set) and two (literature set), t½ 84 and 68.6 h")
        .x_label("Time after dose (h)")
        .curve("one", &one.profile(&times)?)
        .curve("two", &two.profile(&times)?)
        .colour(Colour::Vermilion)
        .note(format!("Cmax {:.1} µg/L", two.cmax()), (two.tmax(), two.cmax())))
}

/// After four weeks the doses stop.
fn wash_out() -> Result<Chart> {
    let (last, until) = (28.0 * DAY, 42.0 * DAY);
    let times = grid(last - 4.0 * DAY..=until, 0.1 * HOUR);
    let regimen = dosing().times(28);
    let profile = |set: &str| MK7.set(set)?.model().profile(&regimen, &times);
    Ok(Chart::new("After the last of 28 doses")
        .subtitle("The same on a logarithmic axis, where the slope shows the half-life")
        .curve("one", &profile("nominal")?)
        .curve("two", &profile("literature_2cpt")?)
        .colour(Colour::Vermilion)
        .doses(&regimen)
        .x_range(last - 4.0 * DAY..=until)
        .log_scale())
}
