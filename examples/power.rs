//! How many people tell a half-life of 72 from 96 h? Trials of MK-7 simulated with the one, fitted, and asked whether the other is excluded.
//!
//! Writes `charts/power.png` and prints the share of the trials that tell, for each number of people:
//!
//! ```text
//! cargo run --release --example power -- [trials]
//! ```

#![expect(clippy::cast_precision_loss, reason = "counts of people and of trials")]

use std::error::Error;

use menaquinone::{
    Dose, FirstOrder, HalfLife, Result,
    assay::ResidualError,
    chart::{Chart, Colour},
    fit::{Method, People, Recovery, Sampled, Samples, Theory, free},
    units::*,
    vitamer::MK7,
};

const TRIALS: u64 = 200;
const SEED: u64 = 2026;
const PEOPLE: [usize; 4] = [5, 8, 12, 18];
/// The two ends of the popular range, h: what is true, and what is to be excluded.
const ENDS: [(f64, f64); 2] = [(72.0, 96.0), (96.0, 72.0)];
/// When blood is drawn after the one capsule, h.
const TIMES: [f64; 6] = [6.0, 24.0, 72.0, 120.0, 168.0, 240.0];
const DOSE: f64 = 360.0 * UG;
/// How much people differ in half-life and volume.
const CV: f64 = 0.35;

fn main() -> Result<(), Box<dyn Error>> {
    let trials = match std::env::args().nth(1) {
        Some(text) => text.parse().map_err(|_| format!("`{text}` is no number of trials: write such as 200"))?,
        None => TRIALS,
    };
    let file = "charts/power.png";
    println!("{trials} trials of each size, {DOSE} µg of MK-7 once, {} levels of each person\n", TIMES.len());
    println!("people  true 72 h: tell 96 h   holds 72 h  true 96 h: tell 72 h   holds 96 h");
    let mut curves = [Vec::new(), Vec::new()];
    for people in PEOPLE {
        let mut cells = Vec::new();
        for ((truth, other), curve) in ENDS.into_iter().zip(&mut curves) {
            let found = theory(truth)?.recovery(&design(people)?, Method::Focei, 0..trials, SEED)?;
            let (tell, hold) = (tell(&found, other), found.coverage("t_half")?);
            let share = tell as f64 / found.fitted().0 as f64;
            curve.push((people as f64, 100.0 * share, wilson(share, found.fitted().0)));
            cells.push(format!("{:>18.1} %  {:>9.1} %", 100.0 * share, 100.0 * hold.0 as f64 / hold.1 as f64));
        }
        println!("{people:>6}  {}", cells.join("  "));
    }
    for ((truth, other), curve) in ENDS.into_iter().zip(&curves) {
        let enough = curve.iter().find(|(_, share, _)| *share >= 80.0);
        let said =
            enough.map_or("more people than these are needed".to_owned(), |(n, ..)| format!("{n} people suffice"));
        println!("To tell a half-life of {truth} from {other} h in four trials of five, {said}.");
    }
    println!(
        "Where an interval holds the truth less often than in 95 %, it is too narrow, and tells more than it should."
    );
    println!("\n{ASSUMED}");
    chart(&curves, trials).save(file)?;
    println!("\nWrote {file}");
    Ok(())
}

const ASSUMED: &str = "No such trial was held. Suppositions: one compartment, people vary by 35 % in half-life and volume, the assay errs by \
    15 %, nothing is known before. It tells where the 95 % interval (Wald) does not hold the other half-life.";

/// People whose typical half-life is this.
fn theory(t_half: f64) -> Result<Theory> {
    let set = MK7.nominal().parameters;
    let body = HalfLife { t_half: free(t_half).varying(CV), v: free(set.v).varying(CV) };
    let error = ResidualError::Proportional { cv: free(MK7.row("residual_cv")?.value) };
    Theory::new(FirstOrder { ka: set.ka }, body)?.with_error(error)
}

/// Who takes what, and when blood is drawn.
fn design(people: usize) -> Result<People> {
    let samples = Samples::new(&TIMES, &[0.0; TIMES.len()])?;
    People::new((1..=people).map(|id| (id.to_string(), Sampled::new(Dose::of(DOSE).at(0.0), samples.clone()))))
}

/// How many trials exclude a half-life.
fn tell(found: &Recovery, other: f64) -> usize {
    let place = found.names.iter().position(|name| name == "t_half").unwrap_or(0);
    let intervals = found.rows.iter().flatten().filter_map(|row| row.wald[place]);
    intervals.filter(|(low, high)| !(*low..=*high).contains(&other)).count()
}

/// Where a share lies of which so many trials tell, in percent (95 %, Wilson).
fn wilson(share: f64, n: usize) -> (f64, f64) {
    let (n, z) = (n as f64, 1.96_f64);
    let middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let reach = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    (100.0 * (middle - reach), 100.0 * (middle + reach))
}

/// A share for each number of people, with its interval.
type Curve = Vec<(f64, f64, (f64, f64))>;

fn chart(curves: &[Curve; 2], trials: u64) -> Chart {
    let mut chart = Chart::xy("How many people tell a half-life of 72 from 96 h?")
        .subtitle(format!(
            "One capsule of 360 µg MK-7, {} levels of each person; {trials} trials of each size",
            TIMES.len()
        ))
        .caption(ASSUMED)
        .x_label("People in the trial")
        .y_label("Trials that tell (%)")
        .level("80 %", 80.0)
        .colour(Colour::Grey)
        .x_range(0.0..=20.0)
        .y_range(0.0..=103.0);
    for (curve, ((truth, _), colour)) in curves.iter().zip(ENDS.into_iter().zip([Colour::Blue, Colour::Vermilion])) {
        let line: Vec<(f64, f64)> = curve.iter().map(|(n, share, _)| (*n, *share)).collect();
        let end = |of: fn(&(f64, f64)) -> f64| curve.iter().map(move |(n, _, ends)| (*n, of(ends))).collect::<Vec<_>>();
        chart = chart.whiskers(end(|ends| ends.0), end(|ends| ends.1)).colour(colour);
        chart = chart.points("", line.clone()).colour(colour);
        chart = chart.curve(format!("{truth} h is true"), line).colour(colour);
    }
    chart
}
