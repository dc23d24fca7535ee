//! A trial that nobody has held: MK-7 in four arms, as the data file it would give, as its summary, and fitted, so that what is found stands beside
//! what is true.
//!
//! Writes `virtual_trial.csv`, `charts/virtual_trial.png` and `charts/virtual_trial_fit.png`, and prints the summary of the file and the fit:
//!
//! ```text
//! cargo run --release --example virtual_trial
//! ```

use std::error::Error;
use std::fs;

use menaquinone::{
    Dose, Population, Regimen, Result,
    assay::{Assay, ResidualError},
    chart::{Chart, Colour, Sheet},
    fit::{Method, People, PeopleEstimate, PeopleFit, Sampled, Samples, Theory, free},
    population::{Adherence, Missed, quantiles},
    random::{LogNormal, Purpose, Uniform},
    sensitivity::Number,
    units::*,
    vitamer::*,
};

/// µg a day.
const ARMS: [f64; 4] = [45.0, 90.0, 180.0, 360.0];
const PER_ARM: u64 = 50;
const SEED: u64 = 2026;
/// Weeks after the first dose. Blood is drawn when the dose of the day is due, before it.
const VISITS: [f64; 6] = [0.0, 1.0, 2.0, 4.0, 8.0, 12.0];
/// The limit of quantification of MK-7 by HPLC with fluorescence, µg/L: Klapkova 2018, PMC6816853.
const LOQ: f64 = 0.03;

fn main() -> Result<(), Box<dyn Error>> {
    let (table, chart) = ("virtual_trial.csv", "charts/virtual_trial.png");
    let samples = samples()?;
    write(table, &samples).map_err(|why| format!("cannot write {table}: {why}"))?;
    sheet(&samples)?.save(chart)?;
    println!("MK-7 in {} arms of {PER_ARM} virtual people, trough in µg/L: median (5 % to 95 %)\n", ARMS.len());
    println!("arm, ug/day  week   n  below LOQ  conc");
    for arm in ARMS {
        for week in VISITS {
            let found: Vec<&Sample> = samples.iter().filter(|s| s.arm == arm && s.week == week).collect();
            let [low, median, high] = spread(&samples, arm, week)?;
            let below = found.iter().filter(|sample| sample.below_loq).count();
            let conc = format!("{median:.2} ({low:.2} to {high:.2})");
            println!("{arm:>11}  {week:>4}  {:>2}  {below:>9}  {conc}", found.len());
        }
    }
    let set = MK7.nominal();
    println!("\nMK-7, {}. {}\n\n{ASSUMED}", set.title, set.contested);
    let found = found(&samples)?;
    print_found(&found)?;
    let fitted = "charts/virtual_trial_fit.png";
    beside_truth(&found)?.save(fitted)?;
    println!("\nWrote {table}, {chart}, {fitted}");
    Ok(())
}

const ASSUMED: &str = "No such trial was held. Suppositions: people vary by the CVs of the set (mostly judgement) about a habitual \
    level of 0.3 µg/L (CV 60 %); one dose in twenty is missed and the others are up to two hours late; the assay errs by 15 %.";

/// One line of the file.
struct Sample {
    id: u64,
    arm: f64,
    week: f64,
    /// The concentration as the laboratory reports it, µg/L.
    conc: f64,
    below_loq: bool,
    /// What it was in truth, µg/L: for the chart, and not in the file.
    truth: f64,
    /// What the person took in truth.
    taken: Regimen,
}

fn samples() -> Result<Vec<Sample>> {
    let people = people()?;
    let assay = assay()?;
    let times = VISITS.map(|week| week * WEEK);
    // Never early, so that blood drawn when a dose is due is drawn before it.
    let late = Uniform { low: 0.0, high: 2.0 * HOUR }.distribution()?;
    let adherence = Adherence { missed: Missed::Independent { p: 0.05 }, late: Some(late), ..Adherence::default() };
    let mut samples = Vec::new();
    for (number, arm) in (0..).zip(ARMS) {
        // An arm is a slice, so that a trial of more arms has the same people in these.
        let people = people.slice(number * PER_ARM..(number + 1) * PER_ARM)?;
        let dosing = Dose::of(arm).every(DAY).times(84);
        for (person, taken) in people.each_regimen(&dosing, 12.0 * WEEK, &adherence)? {
            let truth = person.model.concentrations(&taken, &times)?;
            let measured = assay.measure_all(&truth, &mut person.draw(Purpose::Residual))?;
            samples.extend(VISITS.into_iter().zip(truth).zip(measured).map(|((week, truth), one)| Sample {
                id: person.id,
                arm,
                week,
                conc: one.conc,
                below_loq: one.below_loq,
                truth,
                taken: taken.clone(),
            }));
        }
    }
    Ok(samples)
}

/// The people of all arms, each with a habitual level.
fn people() -> Result<Population> {
    let habitual = MK7.baseline("nw_europe")?;
    let habitual = LogNormal::of_cv(habitual.value, habitual.cv.unwrap_or(0.6))?.distribution()?;
    let variability = MK7.nominal().variability();
    Population::sample(PER_ARM * ARMS.len() as u64, SEED, |draw| {
        variability.person(draw)?.with_baseline(draw.value(&habitual))
    })
}

fn assay() -> Result<Assay> {
    ResidualError::LogNormal { cv: MK7.row("residual_cv")?.value }.assay()?.with_loq(LOQ)
}

/// Under another name first, so that a file of this name is whole.
fn write(path: &str, samples: &[Sample]) -> Result<(), Box<dyn Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["id", "dose_ug_per_day", "time_h", "conc_ug_per_l", "below_loq"])?;
    for sample in samples {
        let Sample { id, arm, week, conc, below_loq, .. } = sample;
        let time = week * WEEK;
        let below = u8::from(*below_loq);
        writer.write_record([
            id.to_string(),
            arm.to_string(),
            time.to_string(),
            format!("{conc:.4}"),
            below.to_string(),
        ])?;
    }
    let draft = format!("{path}.draft");
    fs::write(&draft, writer.into_inner()?)?;
    Ok(fs::rename(&draft, path)?)
}

fn spread(samples: &[Sample], arm: f64, week: f64) -> Result<[f64; 3]> {
    let visit = samples.iter().filter(|sample| sample.arm == arm && sample.week == week);
    quantiles(&visit.map(|sample| sample.conc).collect::<Vec<_>>(), [0.05, 0.5, 0.95])
}

fn sheet(samples: &[Sample]) -> Result<Sheet> {
    let set = MK7.nominal();
    Ok(Sheet::new("A virtual trial of menaquinone-7: 45, 90, 180 and 360 µg a day")
        .subtitle(format!("{PER_ARM} virtual people in each arm, troughs with the error of the assay · {}", set.title))
        .caption(format!("{} {ASSUMED}", set.contested))
        .row([by_week(samples)?])
        .relative_height(1.2)
        .row([by_dose(samples), measured_and_true(samples)]))
}

/// Medians with the middle 90 %, the arms side by side at each visit.
fn by_week(samples: &[Sample]) -> Result<Chart> {
    const COLOURS: [Colour; 4] = [Colour::Grey, Colour::Green, Colour::Blue, Colour::Vermilion];
    let mut chart = Chart::xy("Median and middle 90 % at each visit")
        .x_label("Weeks after the first dose")
        .y_label("Concentration (µg/L)")
        .x_range(-0.3..=12.15)
        .log_scale();
    for ((arm, colour), shift) in ARMS.into_iter().zip(COLOURS).zip([-0.15, -0.05, 0.05, 0.15]) {
        let found: Result<Vec<_>> =
            VISITS.iter().map(|week| Ok((week + shift, spread(samples, arm, *week)?))).collect();
        let line = |i: usize, found: &[(f64, [f64; 3])]| found.iter().map(|(x, q)| (*x, q[i])).collect::<Vec<_>>();
        let found = found?;
        chart = chart
            .whiskers(line(0, &found), line(2, &found))
            .points("", line(1, &found))
            .colour(colour)
            .curve(format!("{arm} µg"), line(1, &found))
            .colour(colour);
    }
    Ok(chart)
}

/// Every person at the last visit.
fn by_dose(samples: &[Sample]) -> Chart {
    let last = samples.iter().filter(|sample| sample.week == 12.0);
    // Spread about the dose by the number of the person, so that no point hides another.
    let side = |id: u64| f64::from(u32::try_from(id % PER_ARM).unwrap_or(0)) / 50.0 - 0.5;
    let dots: Vec<_> = last.map(|sample| (sample.arm + 24.0 * side(sample.id), sample.conc)).collect();
    Chart::xy("Every person at week 12")
        .x_label("Dose (µg/day)")
        .y_label("Concentration (µg/L)")
        .points("", dots)
        .colour(Colour::Blue)
        .x_range(0.0..=400.0)
}

fn measured_and_true(samples: &[Sample]) -> Chart {
    let quantified = samples.iter().filter(|sample| sample.week == 12.0 && !sample.below_loq);
    let dots: Vec<_> = quantified.map(|sample| (sample.truth, sample.conc)).collect();
    let most = dots.iter().map(|(truth, _)| *truth).fold(0.0, f64::max);
    Chart::xy("What the laboratory reports at week 12")
        .x_label("True concentration (µg/L)")
        .y_label("Reported (µg/L)")
        .points("", dots)
        .colour(Colour::Blue)
        .curve("equal", [(0.0, 0.0), (most, most)])
        .colour(Colour::Vermilion)
}

/// The fit to what was prescribed, which is what a trial knows, and from there that to what was taken, which it does not.
fn found(samples: &[Sample]) -> Result<[PeopleFit; 2]> {
    let prescribed = measured(samples, &|sample| Dose::of(sample.arm).every(DAY).times(84))?;
    let prescribed = sought()?.fit_people(&prescribed, Method::Focei)?;
    let taken = measured(samples, &|sample| sample.taken.clone())?;
    let taken = prescribed.theory()?.fit_people(&taken, Method::Focei)?;
    Ok([prescribed, taken])
}

/// Everybody's levels; those below the limit say no more than that.
fn measured(samples: &[Sample], dosing: &dyn Fn(&Sample) -> Regimen) -> Result<People> {
    let person = |own: &[Sample]| {
        let times: Vec<f64> = own.iter().map(|sample| sample.week * WEEK).collect();
        let conc: Vec<f64> = own.iter().map(|sample| if sample.below_loq { 0.0 } else { sample.conc }).collect();
        Ok((own[0].id.to_string(), Sampled::new(dosing(&own[0]), Samples::new(&times, &conc)?.below(LOQ)?)))
    };
    People::new(samples.chunk_by(|a, b| a.id == b.id).map(person).collect::<Result<Vec<_>>>()?)
}

/// What is sought, from a start that is off. Troughs do not tell how fast it is absorbed, so that this is held.
fn sought() -> Result<Theory> {
    Theory::of(MK7.model())
        .with(Number::Cl, free(2.0).varying(0.5))?
        .with(Number::V, free(100.0).varying(0.5))?
        .with(Number::Baseline, free(0.5).varying(0.5))?
        .together(Number::Cl, Number::V, 0.1)?
        .with_error(ResidualError::LogNormal { cv: free(0.3) })
}

/// An estimate beside its truth.
struct Beside {
    name: String,
    truth: f64,
    found: PeopleEstimate,
}

impl Beside {
    fn holds(&self) -> bool {
        self.found.wald.is_some_and(|(low, high)| (low..=high).contains(&self.truth))
    }
}

/// The estimates of a fit beside what the trial was simulated by.
fn beside(fit: &PeopleFit) -> Result<Vec<Beside>> {
    let people = MK7.nominal().prior()?; // the same people as those of the set
    let (habitual, omega) = (MK7.baseline("nw_europe")?, people.omega());
    let names: Vec<String> = people.varying().iter().map(|(name, _)| name.to_string()).collect();
    let place = |name: &str| names.iter().position(|own| own == name).unwrap_or(0);
    let (cl, v) = (place("cl"), place("v"));
    let true_value = |name: &str| -> Result<f64> {
        Ok(match name {
            "cl" => people.start().number(Number::Cl)?,
            "v" => people.start().number(Number::V)?,
            "baseline" => habitual.value,
            "cv" => MK7.row("residual_cv")?.value,
            "omega2(cl)" => omega[(cl, cl)],
            "omega2(v)" => omega[(v, v)],
            "cov(cl, v)" => omega[(cl, v)],
            _ => habitual.cv.unwrap_or(0.6).powi(2).ln_1p(),
        })
    };
    let one = |found: PeopleEstimate| Ok(Beside { truth: true_value(&found.name)?, name: found.name.clone(), found });
    fit.estimates().into_iter().map(one).collect()
}

fn print_found([prescribed, taken]: &[PeopleFit; 2]) -> Result<()> {
    println!("\nThe trial fitted (FOCEI), from a start that is off");
    println!("{:<18}{:>8}  {:<32}by what was taken", "", "truth", "by what was prescribed");
    for (one, other) in beside(prescribed)?.iter().zip(&beside(taken)?) {
        println!("{:<18}{:>8.4}  {:<32}{}", one.name, one.truth, interval(one), interval(other));
    }
    let held = |fit| -> Result<String> {
        let all = beside(fit)?;
        Ok(format!("{} of {}", all.iter().filter(|own| own.holds()).count(), all.len()))
    };
    println!(
        "Intervals (95 %) that hold the truth: {} by what was prescribed, {} by what was taken.",
        held(prescribed)?,
        held(taken)?
    );
    println!("One dose in twenty was missed: where nobody knows, it is taken for a clearance that is higher.");
    Ok(())
}

fn interval(own: &Beside) -> String {
    let mark = if own.holds() { "" } else { " *" };
    let (low, high) = own.found.wald.unwrap_or((f64::NAN, f64::NAN));
    format!("{:.4} ({low:.4} to {high:.4}){mark}", own.found.value)
}

/// The intervals over the truth.
fn beside_truth([prescribed, taken]: &[PeopleFit; 2]) -> Result<Sheet> {
    let chart = |title: &str, fit: &PeopleFit| -> Result<Chart> {
        let rows = beside(fit)?.into_iter().filter_map(|own| {
            let (low, high) = own.found.wald?;
            let truth = own.truth;
            Some((own.name, [low / truth, own.found.value / truth, high / truth]))
        });
        let chart = Chart::forest(title, rows, 1.0).log_x_scale().x_range(0.3..=1.6);
        Ok(chart.x_label("Estimate and 95 % interval over the truth"))
    };
    Ok(Sheet::new("The virtual trial fitted, beside what it was simulated by")
        .subtitle("200 people, six troughs each; the dotted line is the truth")
        .caption(format!(
            "Prescribed: what a trial knows; in truth one dose in twenty was missed. {}.",
            prescribed.how()
        ))
        .row([chart("By what was prescribed", prescribed)?, chart("By what was taken", taken)?])
        .size(1200, 620))
}
