//! Six samples of each person that tell a half-life of MK-7 of 72 h from one of 96 h: when, of how many people, and what the usual day of sampling is worth.
//!
//! Writes `charts/which_samples.png` and prints what was found:
//!
//! ```text
//! cargo run --release --example which_samples
//! ```
//!
//! What a trial would tell depends on what is supposed of people and of the assay, which is said with the numbers. It is a question about a trial, not about what
//! anybody should take.

use std::error::Error;

use menaquinone::{
    Dose, FirstOrder, HalfLife, Model, Result,
    assay::ResidualError,
    chart::{Chart, Colour, Sheet},
    design::{Arm, Criterion, Design, Found, Search, Wald, When},
    fit::{Theory, Unknown, fixed, free},
    sensitivity::Number,
    units::*,
};

/// The two half-lives that are to be told apart, h.
const ENDS: [f64; 2] = [72.0, 96.0];
/// One capsule, at 8 in the morning.
const DOSE: Dose = Dose::of(180.0 * UG);
const PEOPLE: f64 = 12.0;
const SAMPLES: usize = 6;
/// The last hours that are compared, from one day to two weeks.
const LAST: [f64; 5] = [24.0, 48.0, 96.0, 168.0, 336.0];
/// The last hour of the design that is drawn.
const WEEKLY: f64 = 168.0;
/// When levels are usually taken, h.
const USUAL: [f64; SAMPLES] = [1.0, 2.0, 4.0, 8.0, 12.0, 24.0];
const SUPPOSED: &str = "people differ by 35 % in half-life and volume and by 40 % in absorption (the rows of the nominal set, mostly judgement), and by 60 % \
                        in a habitual level of 0.3 µg/L; the assay is off by 15 % and 0.03 µg/L";

fn main() -> Result<(), Box<dyn Error>> {
    let file = "charts/which_samples.png";
    println!("180 µg of MK-7 once, at 8 h; {PEOPLE} people, six samples each. Supposed: {SUPPOSED}.\n");
    println!("The best times at even hours, from 8 to 20 o'clock, for the half-life on the mean of 72 and 96 h:\n");
    println!(
        "last hour  samples at, h                error, %  people if it is 72 h  if it is 96 h  at least of the best, %"
    );
    let mut all = Vec::new();
    for last in LAST {
        let found = search(last)?.run()?;
        let sure = format!("{:.1}", 100.0 * found.efficiency());
        println!("{last:>9}  {}  {sure:>23}", told(found.design())?);
        all.push((last, found));
    }
    let usual = design(ENDS[0])?;
    println!("  usually  {}", told(&usual)?);
    println!(
        "\nThe error is the expected standard error of the half-life. People: so many tell the other end with 80 %, two-sided 5 %. An hour that comes twice is two tubes."
    );
    println!("Beyond a week it is not the samples that are wanting but people: they differ by 35 %.\n");
    bound()?;
    let counts = search(WEEKLY)?.by_count(4..=8)?;
    println!("\nsamples  error, %  worth of each, % of the most");
    let most = counts.iter().map(Found::per_sample).fold(0.0, f64::max);
    for found in &counts {
        let (count, worth) = (found.times()[0].len(), 100.0 * found.per_sample() / most);
        println!("{count:>7}  {:>8.1}  {worth:>28.0}", error(found.design())?);
    }
    sheet(&all, &usual, &counts)?.save(file)?;
    println!("\nWrote {file}");
    Ok(())
}

/// People with a half-life, and what is not known of them.
fn theory(t_half: f64) -> Result<Theory> {
    let body = HalfLife { t_half: free(t_half).varying(0.35), v: free(154.0).varying(0.35) };
    Theory::new(FirstOrder { ka: free(1.0).varying(0.40) }, body)?
        .with(Number::Baseline, free(0.3).varying(0.60))?
        .with_error(assay(free(0.15)))
}

fn assay(cv: Unknown) -> ResidualError<Unknown> {
    ResidualError::Combined { cv, sd: fixed(0.03) }
}

/// The usual times.
fn design(t_half: f64) -> Result<Design> {
    Design::of(&theory(t_half)?, Arm::of(DOSE).people(PEOPLE).at(&USUAL))
}

fn search(last: f64) -> Result<Search> {
    let criterion = Criterion::c(log_half_life).on_average([theory(ENDS[0])?, theory(ENDS[1])?]);
    let when = When::between(0.0..=last).every(2.0).first_dose_at(8.0).open(8.0, 20.0);
    Ok(Search::of(&design(ENDS[0])?, &criterion, when).samples(SAMPLES))
}

fn log_half_life(model: &Model) -> f64 {
    model.half_life().ln()
}

/// The expected standard error of the half-life, %.
fn error(design: &Design) -> Result<f64> {
    Ok(100.0 * design.information()?.variance_of(log_half_life)?.sqrt())
}

/// How many people tell one end from the other, where it is the one.
fn people(design: &Design, [one, other]: [f64; 2]) -> Result<f64> {
    let here = Design::of(&theory(one)?, design.arms()[0].clone())?;
    here.people_to_tell(Model::half_life, one, other, Wald::default())
}

/// The times of a design and what they tell.
fn told(design: &Design) -> Result<String> {
    let times: Vec<String> = design.arms()[0].times().iter().map(f64::to_string).collect();
    let [low, high] = [people(design, ENDS)?, people(design, [ENDS[1], ENDS[0]])?];
    Ok(format!("{:<27}  {:>8.1}  {low:>20}  {high:>13}", times.join(", "), error(design)?))
}

/// The same of one body alone, without a habitual level: what no trial can be better than.
fn bound() -> Result<()> {
    let body = HalfLife { t_half: free(84.0), v: free(154.0) };
    let one = Theory::new(FirstOrder { ka: free(1.0) }, body)?.with_error(assay(fixed(0.15)))?;
    let one = Design::of(&one, Arm::of(DOSE))?;
    let mut rows = Vec::new();
    for last in [72.0, 96.0, 168.0, 336.0] {
        let found = Search::of(&one, &Criterion::c(log_half_life), When::between(0.0..=last)).samples(SAMPLES).run()?;
        rows.push(format!("{:.0} % to {last} h", error(found.design())?));
    }
    println!("One body alone, without a habitual level, known as well by six samples: {}.", rows.join(", "));
    Ok(())
}

fn sheet(all: &[(f64, Found)], usual: &Design, counts: &[Found]) -> Result<Sheet> {
    let best = |last: f64| all.iter().find(|(own, _)| *own == last).map(|(_, found)| found);
    let (Some(day), Some(week)) = (best(48.0), best(WEEKLY)) else { return Ok(Sheet::new("")) };
    let errors: Vec<(f64, f64)> =
        all.iter().map(|(last, found)| Ok((*last, error(found.design())?))).collect::<Result<_>>()?;
    let until = 1.1 * WEEKLY;
    let mut power = Chart::xy("People who tell 72 from 96 h, if it is 72 h");
    for (label, design, colour) in [
        ("to a week", week.design(), Colour::Blue),
        ("to two days", day.design(), Colour::Green),
        ("the usual day", usual, Colour::Vermilion),
    ] {
        power = power.power_of((label, design), Model::half_life, (ENDS[0], ENDS[1]), 60)?.colour(colour);
    }
    Ok(Sheet::new("Menaquinone-7: six samples that tell a half-life of 72 h from one of 96 h")
        .subtitle(
            "180 µg once to 12 people; the best times at even hours, from 8 to 20 o'clock, for the half-life on the mean of 72 and 96 h",
        )
        .caption(format!("Supposed: {SUPPOSED}. A question about a trial, not advice."))
        .row([Chart::new("The best six samples to a week").sampled_by(week.design(), 0, until)?])
        .row([
            Chart::new("Error of the half-life by the last hour").error_by_last_hour(&errors, None),
            power.level("80 %", 80.0).colour(Colour::Grey),
        ])
        .row([
            Chart::new("What a seventh sample would bring").brought_to(week.design(), week.criterion(), (0, until))?,
            Chart::xy("How many samples of each person, to a week").worth_by_count(counts)?,
        ])
        .size(1200, 1400))
}
