//! Two levels of one person who takes 90 µg of MK-7 a day: what the person is likely to be, and which capsule keeps 2 to 4 µg/L.
//!
//! The spread between people is the assumed one of the crate's set, and the two levels are invented. A calculation for research, not advice.

use std::error::Error;
use std::fmt::Write;
use std::fs;

use menaquinone::assay::ResidualError;
use menaquinone::fit::{Sampled, Samples, Target, Theory, fixed};
use menaquinone::sensitivity::Number;
use menaquinone::{Dose, FirstOrder, OneCompartment, Repeating, units::*, vitamer::MK7};

fn main() -> Result<(), Box<dyn Error>> {
    // The people: medians of the nominal set, an assumed spread of 35 % in clearance and volume, an assay that is off by 15 %.
    let typical = MK7.model();
    let [cl, v, ka] = [Number::Cl, Number::V, Number::Ka(0)].map(|number| typical.number(number));
    let (cl, v) = (fixed(cl?).varying(0.35), fixed(v?).varying(0.35));
    let theory = Theory::new(FirstOrder { ka: fixed(ka?) }, OneCompartment { cl, v })?
        .with_error(ResidualError::Proportional { cv: 0.15 })?;

    // The person: two weeks of 90 µg a day, and two levels of the last day.
    let samples = Samples::new(&[13.0 * DAY, 13.0 * DAY + 5.0 * HOUR], &[1.1, 1.7])?;
    let person = theory.posterior(&Sampled::new("90 ug daily for 14 days".parse()?, samples))?;
    println!("what this person is likely to be, from the people and two levels:");
    for ((name, eta), left) in person.names().iter().zip(person.eta()).zip(person.shrinkage()?) {
        println!(
            "  {name:<3} {:.2} times the median; {:.0} % of the spread between people is left",
            eta.exp(),
            100.0 * left
        );
    }
    println!("  half-life {:.0} h; of the people {:.0} h", person.model().half_life(), typical.half_life());

    // The dose: of whole capsules, and of any amount.
    let target = Target::ctrough(2.0..=4.0)?;
    let draws = (2_000, 42);
    let capsules: Vec<Repeating> =
        [45.0, 90.0, 135.0, 180.0, 270.0, 360.0].map(|amount| Dose::of(amount * UG).every(DAY)).into();
    println!("\nfor {target} at steady state:");
    let ranked = person.rank(&capsules, target, draws)?;
    let mut lines = String::from("dosing,trough,probability\n");
    for found in &ranked {
        println!(
            "  {:<14} trough {:.2} µg/L, met with a probability of {:.0} %",
            found.dosing.to_string(),
            found.reached,
            100.0 * found.probability
        );
        writeln!(lines, "{},{},{}", found.dosing, found.reached, found.probability)?;
    }
    let best = person.dosing_for(capsules[0].clone(), target, draws)?;
    println!("of any amount: {best}");
    println!(
        "a first dose {:.1} times as large would have the trough of the steady state on the first day",
        best.loading
    );
    fs::write("individual_dose.csv", lines)?;
    Ok(())
}
