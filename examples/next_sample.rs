//! Two levels of one person who takes 90 µg of MK-7 a day: which one further sample would tell most of that person's half-life, and of the trough.
//!
//! Writes `charts/next_sample.png` and prints what was found:
//!
//! ```text
//! cargo run --release --example next_sample
//! ```
//!
//! The person is the one of `individual_dose`. The spread between people is that of the rows of the set, which is mostly judgement, the error of the assay is
//! supposed, and the two levels are invented. A calculation for research, not advice.

use std::error::Error;

use menaquinone::{
    Dose, Model, Regimen, Result,
    assay::ResidualError,
    chart::{Chart, Colour, Sheet},
    design::{NextSample, When},
    fit::{Posterior, Sampled, Samples},
    units::*,
    vitamer::MK7,
};

/// When the levels were measured, h, and what they were, µg/L.
const LEVELS: [(f64, f64); 2] = [(13.0 * DAY, 1.1), (13.0 * DAY + 5.0 * HOUR, 1.7)];
/// Between which hours a further sample may be taken.
const FROM: f64 = 14.0 * DAY;
const UNTIL: f64 = 35.0 * DAY;
const SUPPOSED: &str =
    "people vary as the rows of the nominal set say, mostly by judgement; the assay is off by 15 % and 0.03 µg/L";

/// A question about the person: what it is called, and the logarithm of what is asked.
type Question = (&'static str, fn(&Model) -> f64);

const QUESTIONS: [Question; 2] = [("half-life", log_half_life), ("trough for ever", log_trough)];

fn main() -> Result<(), Box<dyn Error>> {
    let file = "charts/next_sample.png";
    println!("90 µg of MK-7 a day at 8 h; 1.1 µg/L before the 14th dose and 1.7 µg/L 5 h after it.");
    println!("Supposed: {SUPPOSED}.\n");
    let courses = [
        ("while it is taken on", person("90 ug daily for 36 days")?),
        ("if it is stopped after day 14", person("90 ug daily for 14 days")?),
    ];
    let model = courses[0].1.model();
    println!(
        "Most likely a half-life of {:.0} h and a trough of {:.2} µg/L.\n",
        model.half_life(),
        log_trough(model).exp()
    );
    println!(
        "what               known to  the next sample                  is best on       then known to  after one on day 15, 8 h"
    );
    for (what, question) in QUESTIONS {
        for (when, person) in &courses {
            let ranked = NextSample::of(person, question, &hours()?)?;
            let (best, soon) =
                (ranked[0], ranked.iter().find(|next| next.time == FROM).map_or(f64::NAN, |next| next.after));
            let (before, after) = (100.0 * best.before, 100.0 * best.after);
            let at = clock(best.time);
            println!("{what:<17}  {before:>6.1} %  {when:<31}  {at:<15}  {after:>11.1} %  {:>22.1} %", 100.0 * soon);
        }
    }
    println!(
        "\nA trough is told by troughs, and a half-life by a decline: while doses go on, no sample tells it much better."
    );
    sheet(&courses)?.save(file)?;
    println!("\nWrote {file}");
    Ok(())
}

/// The people of the nominal set and two levels of the 14th day; what is taken after them is known too.
fn person(taken: &str) -> Result<Posterior> {
    let theory = MK7.nominal().prior()?.with_error(ResidualError::Combined { cv: 0.15, sd: 0.03 })?;
    let (times, conc): (Vec<f64>, Vec<f64>) = LEVELS.into_iter().unzip();
    theory.posterior(&Sampled::new(taken.parse::<Regimen>()?, Samples::new(&times, &conc)?))
}

fn log_half_life(model: &Model) -> f64 {
    model.half_life().ln()
}

/// At steady state; a body that has none has no number here, and is refused.
fn log_trough(model: &Model) -> f64 {
    model.steady_state(Dose::of(90.0 * UG).every(DAY)).map_or(f64::NAN, |steady| steady.ctrough().ln())
}

/// Full hours while a clinic is open, the doses being taken at 8 in the morning.
fn hours() -> Result<Vec<f64>> {
    When::between(FROM..=UNTIL).every(1.0).first_dose_at(8.0).open(7.0, 19.0).candidates()
}

/// `day 21, 8 h`: the first dose is taken on day 1.
fn clock(time: f64) -> String {
    let hour = time + 8.0;
    format!("day {:.0}, {:.0} h", (hour / DAY).floor() + 1.0, hour % DAY)
}

fn sheet(courses: &[(&str, Posterior); 2]) -> Result<Sheet> {
    let stopped = &courses[1].1;
    let taken: Regimen = "90 ug daily for 14 days".parse()?;
    let forecast = Chart::new("If it is stopped after day 14").forecast(stopped, (&taken, UNTIL), (500, 42))?;
    let [half_life, trough] = QUESTIONS.map(|question| known(question, courses));
    Ok(Sheet::new("Menaquinone-7: which further sample would tell most of one person")
        .subtitle("90 µg a day; two levels of the 14th day, which are invented")
        .caption(format!(
            "The error of what is asked (standard error of its logarithm) after one more sample at that time. Supposed: {SUPPOSED}."
        ))
        .row([forecast])
        .row([half_life?, trough?])
        .size(1200, 1000))
}

/// How well something is known after a sample, along the time of the sample.
fn known((what, question): Question, courses: &[(&str, Posterior); 2]) -> Result<Chart> {
    let times = menaquinone::grid(FROM..=UNTIL, 1.0);
    let mut chart = Chart::new(format!("The {what}, after one more sample")).y_label("Known to (%)");
    let mut before = f64::NAN;
    for ((_, person), (label, colour)) in
        courses.iter().zip([("taken on", Colour::Blue), ("stopped", Colour::Vermilion)])
    {
        let mut all = NextSample::of(person, question, &times)?;
        before = 100.0 * all[0].before;
        all.sort_by(|a, b| a.time.total_cmp(&b.time));
        let line: Vec<(f64, f64)> = all.iter().map(|next| (next.time, 100.0 * next.after)).collect();
        chart = chart.curve(label, line).colour(colour);
    }
    Ok(chart.level("now", before).colour(Colour::Grey).x_range(FROM..=UNTIL))
}
