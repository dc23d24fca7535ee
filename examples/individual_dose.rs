//! Two levels of one person who takes 90 µg of MK-7 a day: what the person is likely to be, which capsules keep 2 to 4 µg/L, and when the next is due.
//!
//! Writes `charts/individual_dose.png` and prints what was found:
//!
//! ```text
//! cargo run --release --example individual_dose
//! ```
//!
//! The spread between people is that of the rows of the set, which is mostly judgement, and the two levels are invented. A calculation for research, not
//! advice.

use std::error::Error;

use menaquinone::assay::ResidualError;
use menaquinone::chart::{Chart, Sheet};
use menaquinone::fit::{DoseFound, Posterior, Sampled, Samples, Target, whole_pieces};
use menaquinone::{Dose, Model, Regimen, Result, units::*, vitamer::MK7};

/// How many draws, and the seed.
const DRAWS: (u64, u64) = (500, 42);
/// When the levels were measured, h, and what they were, µg/L.
const LEVELS: [(f64, f64); 2] = [(13.0 * DAY, 1.1), (13.0 * DAY + 5.0 * HOUR, 1.7)];

fn main() -> Result<(), Box<dyn Error>> {
    let file = "charts/individual_dose.png";
    let taken: Regimen = "90 ug daily for 14 days".parse()?;
    let person = person(&taken)?;
    println!("What this person is likely to be, from the people and two levels:");
    for ((name, eta), left) in person.names().iter().zip(person.eta()).zip(person.shrinkage()?) {
        let times = eta.exp();
        println!("  {name:<3} {times:.2} times the median; {:.0} % of the spread between people is left", 100.0 * left);
    }
    println!("  half-life {:.0} h; of the people {:.0} h", person.model().half_life(), MK7.model().half_life());

    let target = Target::ctrough(2.0..=4.0)?;
    println!("\nWhole capsules of 45, 90 or 180 µg, at most three, once a day, for {target}:");
    let ranked = person.rank(&whole_pieces(&[45.0, 90.0, 180.0], 3, &[DAY])?, target, DRAWS)?;
    for found in &ranked {
        println!("  {found}");
    }
    let any = person.dosing_for(Dose::of(90.0 * UG).every(DAY), target, DRAWS)?;
    println!("Of any amount: {any}");
    let best = &ranked[0];
    println!("A first dose of {:.0} µg would have the trough of the steady state at once.", best.loading_dose().amount);
    let evenings = Target::time_above(2.0, 0.9..)?;
    println!("For {evenings}: {}", person.dosing_for(Dose::of(90.0 * UG).every(DAY), evenings, DRAWS)?);
    println!("If nothing more is taken, {}.", person.next_dose(1.0, 14.0 * DAY, DRAWS)?);
    sheet(&person, &taken, best)?.save(file)?;
    println!("\nWrote {file}");
    Ok(())
}

/// The people of the nominal set, an assay that is off by 15 %, and two levels of the last day of two weeks.
fn person(taken: &Regimen) -> Result<Posterior> {
    let theory = MK7.nominal().prior()?.with_error(ResidualError::Proportional { cv: 0.15 })?;
    let (times, conc): (Vec<f64>, Vec<f64>) = LEVELS.into_iter().unzip();
    theory.posterior(&Sampled::new(taken.clone(), Samples::new(&times, &conc)?))
}

fn sheet(person: &Posterior, taken: &Regimen, best: &DoseFound) -> Result<Sheet> {
    let course = taken.clone().and(best.dosing.clone().at(14.0 * DAY));
    let until = 42.0 * DAY;
    let amounts: Vec<f64> = (1..=80).map(|i| 6.0 * f64::from(i)).collect();
    let rows = person.attainment(Dose::of(90.0 * UG).every(DAY), (best.target, &amounts), DRAWS)?;
    Ok(Sheet::new("Menaquinone-7: two levels of one person, and the dose for a trough of 2 to 4 µg/L")
        .subtitle(
            "The capsules that most probably keep the trough, after two weeks of 90 µg a day. The levels are invented",
        )
        .row([Chart::new(format!("90 µg a day for 14 days, then {}", best.dosing.to_string().replace("ug", "µg")))
            .target(&best.target, until)
            .forecast(person, (&course, until), DRAWS)?])
        .row([
            Chart::xy("Half-life: people, and this person after two levels")
                .x_label("Half-life (h)")
                .prior_and_posterior(person, Model::half_life, DRAWS)?,
            Chart::xy("Who keeps a trough of 2 to 4 µg/L, by the amount once a day").attainment(&rows)?,
        ])
        .caption(format!("{MK7}, {}. {}", MK7.nominal().title, MK7.nominal().contested))
        .size(1200, 1090))
}
