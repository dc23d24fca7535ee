//! A regimen in words, from text to levels, a table, a chart and a steady state.
//!
//! Writes `levels.csv` and `levels.png`. The command line of the crate does the same for any model (see README.md); this is what it
//! calls:
//!
//! ```text
//! cargo run --release --example simulate
//! cargo run --release --example simulate -- "90 ug on Mon,Wed,Fri at 8h"
//! ```

use std::error::Error;

use menaquinone::{Profile, Regimen, Result, SteadyState, chart::Chart, grid, intake, units::*, vitamer::MK7};

fn main() -> Result<(), Box<dyn Error>> {
    // A regimen is read from text, and writes itself so that it reads back to the same.
    let words = std::env::args().nth(1);
    let regimen: Regimen = words.as_deref().unwrap_or("180 ug q24h x60 then 45 ug q12h").parse()?;

    // A set is numbers with their sources; its model is a body that has been checked.
    let set = MK7.nominal();
    let model = set.model();
    println!("{regimen}\n{MK7}, {}: {}\n", set.title, set.contested);

    // Exact at any time: the times only say where to look.
    let profile = model.profile(&regimen, &grid(0.0..=90.0 * DAY, HOUR))?;
    for day in [30.0, 60.0, 90.0] {
        println!("day {day}   {:.3} µg/L", model.profile(&regimen, &[day * DAY])?.conc()[0]);
    }
    std::fs::write("levels.csv", profile.to_csv())?;
    draw(&regimen, &profile).save("levels.png")?; // or .svg
    println!("Wrote levels.csv and levels.png\n");

    // Dosing that repeats without end has a steady state; any other says why it has none.
    match model.steady_state(regimen.clone()) {
        Ok(steady) => report(&steady)?,
        Err(why) => println!("No steady state: {why}"),
    }

    println!("\nWhat is known of such amounts; not medical advice:");
    for finding in intake::check(&MK7, &regimen)? {
        println!("- {finding}");
    }
    Ok(())
}

/// A chart is a chain that ends in a file.
fn draw(regimen: &Regimen, profile: &Profile) -> Chart {
    let (time, peak) = profile.iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("a profile has points");
    Chart::new(regimen.to_string().replace("ug", "µg"))
        .subtitle(format!("{MK7}, {}, above the habitual level", MK7.nominal().title))
        .caption(MK7.nominal().contested)
        .curve("MK-7", profile)
        .note(format!("highest: {peak:.2} µg/L"), (time, peak))
        .doses(regimen)
}

fn report(steady: &SteadyState) -> Result<()> {
    println!("Steady state of {}", steady.dosing());
    println!("peak {:.3}, trough {:.3}, average {:.3} µg/L", steady.cmax(), steady.ctrough(), steady.cavg());
    println!("accumulates {:.2} times", steady.accumulation_ratio());
    println!("90 % after {:.1} days", steady.time_to(0.9)? / DAY);
    Ok(())
}
