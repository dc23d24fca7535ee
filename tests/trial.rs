//! What people take, what is measured of them, and what is known of them: adherence, residual error, tables.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and days far below 2^52"
)]

mod common;

use common::refused;
use menaquinone::{
    Dose, ErrorKind, Model, Parameters, Population, Regimen, Result,
    assay::{Assay, ResidualError},
    population::{Adherence, Allometry, CovariateTable, Missed, Runs, Sex, Stops},
    random::{LogNormal, Normal, Purpose, Stream, Uniform},
    units::*,
    vitamer::MK7,
};
use proptest::prelude::*;

fn people(n: u64) -> Population {
    let one = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model().expect("a model");
    Population::of(vec![one; usize::try_from(n).expect("a count")], 42).expect("people")
}

fn daily(days: u64) -> Regimen {
    Dose::of(90.0 * UG).every(DAY).times(days)
}

fn with(missed: Missed) -> Adherence {
    Adherence { missed, ..Adherence::default() }
}

/// For each person, whether each of the doses of so many days was taken.
fn diaries(people: &Population, days: u64, adherence: &Adherence) -> Vec<Vec<bool>> {
    let until = days as f64 * DAY;
    let regimens = people.regimens(daily(days), until, adherence).expect("diaries");
    let taken = |regimen: &Regimen| {
        let mut taken = vec![false; usize::try_from(days).expect("a count")];
        // Late or early by less than half a day, a dose is nearest to the day it was due on.
        regimen.doses(until + DAY).iter().for_each(|(time, _)| taken[(time / DAY).round() as usize] = true);
        taken
    };
    regimens.iter().map(taken).collect()
}

fn share_missed(diaries: &[Vec<bool>]) -> f64 {
    let all: usize = diaries.iter().map(Vec::len).sum();
    diaries.iter().flatten().filter(|taken| !**taken).count() as f64 / all as f64
}

// ----------------------------------------------------------------------------------------------------------- adherence

#[test]
fn who_keeps_to_it_takes_everything() {
    let people = people(3);
    let told = daily(30);
    for taken in people.regimens(&told, 30.0 * DAY, &Adherence::default()).expect("diaries") {
        assert_eq!(taken.doses(f64::INFINITY), told.doses(f64::INFINITY));
    }
    let nothing = people.regimens(&told, 30.0 * DAY, &with(Missed::Independent { p: 1.0 })).expect("diaries");
    assert!(nothing.iter().all(|taken| taken.doses(f64::INFINITY).is_empty()));
    let profile = people.models()[0].profile(&nothing[0], &[DAY]).expect("a profile");
    assert_eq!(profile.conc(), [0.0]);
}

/// 400,000 doses: four standard errors are 0.0025 for independent ones; runs make it wider by sqrt((1 + r) / (1 - r)) with the
/// serial correlation r = stay - p.
#[test]
fn the_share_of_missed_doses_is_as_told() {
    let people = people(2_000);
    let error = (0.2 * 0.8 / 400_000.0_f64).sqrt();
    let independent = diaries(&people, 200, &with(Missed::Independent { p: 0.2 }));
    assert!((share_missed(&independent) - 0.2).abs() < 4.0 * error);
    let chain = Missed::in_runs(Runs { share: 0.2, length: 4.0 }).expect("a chain");
    let Missed::Markov { p, stay } = chain else { panic!("not a chain") };
    let r = stay - p;
    let runs = diaries(&people, 200, &with(chain));
    assert!((share_missed(&runs) - 0.2).abs() < 4.0 * error * ((1.0 + r) / (1.0 - r)).sqrt());
    // From the first dose on: the chain begins in its long-run mixture.
    let first = runs.iter().filter(|diary| !diary[0]).count() as f64 / 2_000.0;
    assert!((first - 0.2).abs() < 4.0 * (0.16 / 2_000.0_f64).sqrt());
}

#[test]
fn runs_of_missed_doses_are_as_long_as_told() {
    let people = people(2_000);
    let mean_run = |missed| {
        let diaries = diaries(&people, 200, &with(missed));
        // Runs that end before the diary does, of all lengths alike: those that begin in the first half.
        let mut lengths = Vec::new();
        for diary in &diaries {
            for start in (1..100).filter(|day| !diary[*day] && diary[day - 1]) {
                lengths.push(diary[start..].iter().take_while(|taken| !**taken).count() as f64);
            }
        }
        lengths.iter().sum::<f64>() / lengths.len() as f64
    };
    assert!((mean_run(Missed::Independent { p: 0.2 }) - 1.25).abs() < 0.02);
    assert!((mean_run(Missed::in_runs(Runs { share: 0.2, length: 4.0 }).expect("a chain")) - 4.0).abs() < 0.12);
}

#[test]
fn people_stop_as_told() {
    let people = people(20_000);
    let adherence = Adherence { stops: Stops::Exponential { mean: 50.0 * DAY }, ..Adherence::default() };
    let diaries = diaries(&people, 100, &adherence);
    for day in [0_usize, 10, 50, 99] {
        let left = diaries.iter().filter(|diary| diary[day]).count() as f64 / 20_000.0;
        let expected = (-(day as f64) / 50.0).exp();
        assert!((left - expected).abs() < 4.0 * (0.25 / 20_000.0_f64).sqrt(), "day {day}: {left} against {expected}");
    }
    // Who has stopped does not begin again.
    assert!(diaries.iter().all(|diary| diary.windows(2).all(|pair| pair[0] >= pair[1])));
    let at = Adherence { stops: Stops::At(10.0 * DAY), ..Adherence::default() };
    let taken = people.slice(0..1).expect("one").regimens(daily(100), 100.0 * DAY, &at).expect("diaries");
    assert_eq!(taken[0].doses(f64::INFINITY).len(), 10);
}

#[test]
fn late_doses_neither_drift_nor_change_places() {
    let people = people(200);
    let late = Normal { mean: 1.0, sd: 2.0 }.distribution().expect("a distribution");
    let adherence = Adherence { late: Some(late), ..Adherence::default() };
    let mut delays = Vec::new();
    for taken in people.regimens(daily(200), 200.0 * DAY, &adherence).expect("diaries") {
        let doses = taken.doses(f64::INFINITY);
        assert!(doses.is_sorted_by(|a, b| a.0 < b.0));
        delays.extend(doses.iter().enumerate().map(|(day, (time, _))| time - day as f64 * DAY));
    }
    let n = delays.len() as f64;
    let mean = delays.iter().sum::<f64>() / n;
    assert!((mean - 1.0).abs() < 4.0 * 2.0 / n.sqrt(), "{mean}");
    let spread = (delays.iter().map(|delay| (delay - mean).powi(2)).sum::<f64>() / n).sqrt();
    assert!((spread / 2.0 - 1.0).abs() < 0.02);
    // A delay beyond reason ends half the way to the next dose.
    let never = Uniform { low: 1e4, high: 2e4 }.distribution().expect("a distribution");
    let adherence = Adherence { late: Some(never), ..Adherence::default() };
    let taken = people.slice(0..1).expect("one").regimens(daily(3), 3.0 * DAY, &adherence).expect("diaries");
    assert_eq!(taken[0].doses(f64::INFINITY).iter().map(|dose| dose.0).collect::<Vec<_>>(), [12.0, 36.0, 60.0]);
}

#[test]
fn diaries_of_a_slice_are_those_of_the_whole() {
    let whole = people(50);
    let adherence = Adherence {
        missed: Missed::Markov { p: 0.1, stay: 0.5 },
        late: Some(Normal { mean: 0.0, sd: 1.0 }.distribution().expect("a distribution")),
        stops: Stops::Exponential { mean: 50.0 * DAY },
    };
    let all = whole.regimens(daily(60), 60.0 * DAY, &adherence).expect("diaries");
    let part = whole.slice(20..30).expect("a slice").regimens(daily(60), 60.0 * DAY, &adherence).expect("diaries");
    assert_eq!(part, all[20..30]);
    let told = daily(60);
    let one_by_one = whole.each_regimen(&told, 60.0 * DAY, &adherence).expect("diaries");
    assert!(one_by_one.zip(&all).all(|((_, one), all)| one == *all));
    // Lateness does not depend on what is missed: common random numbers.
    let always = Adherence { missed: Missed::Never, ..adherence.clone() };
    let always = whole.regimens(daily(60), 60.0 * DAY, &always).expect("diaries");
    for (some, every) in all.iter().zip(&always) {
        let every = every.doses(f64::INFINITY);
        assert!(some.doses(f64::INFINITY).iter().all(|dose| every.contains(dose)));
    }
}

proptest! {
    #[test]
    fn nobody_takes_more_than_was_told(p in 0.0..=1.0_f64, stay in 0.0..0.99_f64, sd in 0.0..100.0_f64, seed: u64) {
        let model = MK7.model();
        let people = Population::of(vec![model; 3], seed).unwrap();
        let adherence = Adherence {
            missed: Missed::Markov { p, stay },
            late: Some(Normal { mean: 0.0, sd }.distribution().unwrap()),
            stops: Stops::Never,
        };
        let told: Regimen = "90 ug on Mon,Wed,Fri at 8h".parse().unwrap();
        for taken in people.regimens(&told, 8.0 * WEEK, &adherence).unwrap() {
            let doses = taken.doses(f64::INFINITY);
            prop_assert!(doses.len() <= 24);
            prop_assert!(doses.is_sorted_by(|a, b| a.0 <= b.0));
            prop_assert!(taken.check(WEEK).is_ok());
        }
    }
}

// ------------------------------------------------------------------------------------------------------ residual error

fn errors(assay: &Assay, conc: f64) -> Vec<f64> {
    let draw = |subject| Stream { seed: 1, subject, purpose: Purpose::Residual }.draw();
    (0..100_000).map(|subject| assay.measure(conc, &mut draw(subject)).conc).collect()
}

fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

/// Means within four standard errors, spreads within 2 %.
#[test]
fn residual_errors_have_their_spread() {
    let (cv, sd, conc) = (0.15_f64, 0.2, 2.0);
    let lognormal_mean = conc * (1.0 + cv * cv).sqrt();
    for (error, mean, spread) in [
        (ResidualError::Proportional { cv }, conc, 0.3),
        (ResidualError::Additive { sd }, conc, 0.2),
        (ResidualError::Combined { cv, sd }, conc, (0.09_f64 + 0.04).sqrt()),
        (ResidualError::LogNormal { cv }, lognormal_mean, lognormal_mean * cv),
    ] {
        let (found_mean, found_spread) = moments(&errors(&error.assay().expect("an assay"), conc));
        assert!((found_mean - mean).abs() < 4.0 * spread / 316.0, "{error:?}: {found_mean}");
        assert!((found_spread / spread - 1.0).abs() < 0.02, "{error:?}: {found_spread}");
    }
}

#[test]
fn what_is_below_the_limit_is_flagged_and_is_a_number() {
    let assay = ResidualError::Additive { sd: 0.1 }.assay().and_then(|assay| assay.with_loq(0.5)).expect("an assay");
    let mut draw = Stream::default().draw();
    let measured = assay.measure_all(&vec![0.5; 10_000], &mut draw).expect("measurements");
    let below = measured.iter().filter(|one| one.below_loq).count();
    assert!((4_800..5_200).contains(&below));
    for one in measured {
        assert!(if one.below_loq { one.conc == 0.5 } else { one.conc >= 0.5 });
    }
    // A limit changes no other measurement.
    let free = ResidualError::Additive { sd: 0.1 }.assay().expect("an assay");
    let with = assay.measure_all(&[0.9, 0.1, 0.9], &mut Stream::default().draw()).expect("measurements");
    let without = free.measure_all(&[0.9, 0.1, 0.9], &mut Stream::default().draw()).expect("measurements");
    assert_eq!((with[0], with[2]), (without[0], without[2]));
    assert!(with[1].below_loq && !without[1].below_loq);
}

// ---------------------------------------------------------------------------------------------------- covariates, tables

const PEOPLE: &str = "id, weight, age, sex, formulation\n1, 58.5, 61, f, tablet\n\n2, 71, 55, Male, oil_capsule\n";

fn table(text: &str) -> Result<CovariateTable> {
    CovariateTable::read(text.as_bytes(), "people.csv")
}

#[test]
fn a_table_is_read_column_by_column() {
    let table = table(PEOPLE).expect("a table");
    assert_eq!((table.len(), table.columns().len()), (2, 5));
    assert_eq!(table.numbers("weight").expect("weights"), [58.5, 71.0]);
    assert_eq!(table.sexes("sex").expect("sexes"), [Sex::Female, Sex::Male]);
    assert_eq!(table.words("formulation").expect("words"), ["tablet", "oil_capsule"]);
    let marked = CovariateTable::read("\u{feff}weight\r\n70\r\n".as_bytes(), "people.csv").expect("a table");
    assert_eq!(marked.numbers("weight").expect("weights"), [70.0]);
}

#[test]
fn covariates_stay_with_their_people() {
    let weight = Normal { mean: 70.0, sd: 10.0 }.distribution().expect("a distribution");
    let person = |draw: &mut menaquinone::random::Draw| -> Result<Model> {
        let size = Allometry { weight: draw.value(&weight), typical: 70.0 };
        draw.note("weight", size.weight);
        let female = draw.chance(0.5);
        draw.note("female", f64::from(female));
        MK7.nominal().parameters.scaled(&size)?.model()
    };
    let people = Population::sample(200, 42, person).expect("people");
    assert_eq!(people.covariates().collect::<Vec<_>>(), ["weight", "female"]);
    let weights = people.covariate("weight").expect("weights");
    for (model, weight) in people.models().iter().zip(weights) {
        let expected = 1.27 * (weight / 70.0).powf(0.75);
        assert!((model.disposition().cl() / expected - 1.0).abs() < 1e-14);
        assert!((model.disposition().v1() / (154.0 * weight / 70.0) - 1.0).abs() < 1e-14);
    }
    let part = people.slice(100..150).expect("a slice");
    assert_eq!(part.covariate("weight").expect("weights"), &weights[100..150]);
    let women = people.covariate("female").expect("sexes").iter().sum::<f64>();
    assert!((75.0..125.0).contains(&women));
}

#[test]
fn occasions_vary_about_the_person() {
    let people = MK7.nominal().population(2_000, 42).expect("people");
    let factor = LogNormal::of_cv(1.0, 0.2).expect("a distribution").distribution().expect("a distribution");
    let occasion = |number| {
        let changed = |draw: &mut menaquinone::random::Draw, usual: &Model| {
            let body = Parameters { cl: usual.disposition().cl() * draw.value(&factor), ..MK7.nominal().parameters };
            body.model()
        };
        people.on_occasion(number, changed).expect("people")
    };
    let (first, again, second) = (occasion(1), occasion(1), occasion(2));
    assert_eq!(first, again);
    let logs = |other: &Population| -> Vec<f64> {
        let pairs = other.models().iter().zip(people.models());
        pairs.map(|(a, b)| (a.disposition().cl() / b.disposition().cl()).ln()).collect()
    };
    let omega = (1.04_f64).ln().sqrt();
    let (a, b) = (logs(&first), logs(&second));
    assert!((moments(&a).1 / omega - 1.0).abs() < 0.06);
    let correlation = a.iter().zip(&b).map(|(a, b)| a * b).sum::<f64>() / (2_000.0 * omega * omega);
    assert!(correlation.abs() < 4.0 / 2_000_f64.sqrt());
}

// ----------------------------------------------------------------------------------------------------------- bad input

#[track_caller]
fn refused_as<T: std::fmt::Debug>(outcome: Result<T>, kind: ErrorKind, sentence: &str) {
    assert_eq!(refused(outcome, sentence), kind);
}

#[test]
fn tables_that_cannot_be() {
    let refused = |text: &str, column: &str, sentence: &str| {
        refused_as(table(text).and_then(|table| table.numbers(column)), ErrorKind::Text, sentence);
    };
    refused(
        PEOPLE,
        "height",
        "people.csv, line 1: there is no column `height`, only id, weight, age, sex, formulation",
    );
    let number = "but it must be a finite number";
    refused("id,weight\n1,70\n2,7O\n", "weight", &format!("people.csv, line 3, column weight: found `7O`, {number}"));
    for missing in ["", ".", "NaN", "NA"] {
        refused(
            &format!("id,weight\n1,{missing}\n"),
            "WEIGHT",
            &format!("people.csv, line 2, column weight: found nothing, {number}"),
        );
    }
    refused(
        "id,weight\n1,70\n2\n",
        "weight",
        "people.csv, line 3: found 1 cell, but the header names 2 columns: give each column its cell",
    );
    refused("weight\n", "weight", "people.csv has no people: write a line of names and then a line for each person");
    refused("", "weight", "people.csv, line 1: there is no header: the first line must name the columns");
    refused("weight,Weight\n1,2\n", "weight", "people.csv, line 1: there are two columns Weight: name each once");
    let bytes = CovariateTable::read(&b"form\n\xff\n"[..], "people.csv");
    refused_as(
        bytes.and_then(|table| table.words("form").map(|words| words.len())),
        ErrorKind::Text,
        "people.csv, line 2, column form: found bytes, but it must be text in UTF-8: save the file as UTF-8",
    );
    refused_as(
        table("sex\nx\n").and_then(|table| table.sexes("sex")),
        ErrorKind::Text,
        "people.csv, line 2, column sex: found `x`, but it must be a sex: write female or male",
    );
    let missing = CovariateTable::open("/no/such/people.csv").expect_err("no file");
    assert_eq!(missing.kind(), ErrorKind::File);
    assert!(missing.to_string().starts_with("cannot read /no/such/people.csv: "));
}

#[test]
fn adherence_that_cannot_be() {
    let refused = |outcome: Result<()>, sentence: &str| refused_as(outcome, ErrorKind::Value, sentence);
    for bad in [f64::NAN, -0.1, 1.5] {
        let range = format!("is {bad}, but it must lie between 0 and 1");
        refused(with(Missed::Independent { p: bad }).check(), &format!("the probability to miss a dose {range}"));
        refused(
            with(Missed::Markov { p: bad, stay: 0.5 }).check(),
            &format!("the probability to miss a dose after one taken {range}"),
        );
        refused(
            with(Missed::Markov { p: 0.5, stay: bad }).check(),
            &format!("the probability to miss a dose after one missed {range}"),
        );
    }
    refused(
        with(Missed::Markov { p: 0.1, stay: 1.0 }).check(),
        "the probability to miss a dose after one missed is 1, so that nobody takes any in the long run: say when people stop \
         instead",
    );
    let stops = |stops| Adherence { stops, ..Adherence::default() }.check();
    refused(stops(Stops::At(f64::NAN)), "the time at which people stop is NaN h, but it must be a finite number");
    refused(
        stops(Stops::Exponential { mean: 0.0 }),
        "the mean time until people stop is 0 h, but it must be a positive, finite number",
    );
    let runs = |share, length| Missed::in_runs(Runs { share, length }).map(drop);
    refused(runs(1.0, 2.0), "the share of missed doses is 1, but it must be at least 0 and below 1");
    refused(runs(0.2, 0.5), "runs of 0.5 missed doses cannot be: give a finite number of at least 1");
    refused(
        runs(0.8, 2.0),
        "a share of 0.8 missed doses cannot come in runs of 2: give runs of at least 4.000000000000001",
    );
    let people = people(1);
    let bad = people.regimens(Dose::of(-1.0), DAY, &Adherence::default()).map(drop);
    refused(bad, "the amount of a dose is -1 µg, but it must be a positive, finite number");
    let endless = people.regimens(Dose::of(1.0).every(DAY), f64::INFINITY, &Adherence::default()).map(drop);
    assert!(endless.expect_err("too many").to_string().contains("at most 10000000 can be simulated"));
    let bad = people.regimens(Dose::of(1.0).every(DAY), DAY, &with(Missed::Independent { p: 2.0 })).map(drop);
    refused(bad, "the probability to miss a dose is 2, but it must lie between 0 and 1");
}

#[test]
fn errors_and_sizes_that_cannot_be() {
    let refused = |outcome: Result<Assay>, sentence: &str| refused_as(outcome, ErrorKind::Value, sentence);
    refused(
        ResidualError::Proportional { cv: -0.1 }.assay(),
        "the CV of a residual error is -0.1, but it must be a finite number, zero or above",
    );
    refused(
        ResidualError::LogNormal { cv: 15.0 }.assay(),
        "the CV of a residual error is 15, but it must be a fraction of at most 10: for 15 % write 0.15",
    );
    let assay = ResidualError::Combined { cv: 0.1, sd: 0.1 }.assay().expect("an assay");
    refused(assay.with_loq(0.0), "the limit of quantification is 0 µg/L, but it must be a positive, finite number");
    refused_as(
        assay.measure_all(&[1.0, f64::NAN], &mut Stream::default().draw()),
        ErrorKind::Value,
        "a true concentration is NaN, but it must be a finite number of µg/L",
    );
    refused_as(
        Allometry { weight: -70.0, typical: 70.0 }.factors(),
        ErrorKind::Value,
        "a weight is -70 kg, but it must be a positive, finite number",
    );
    refused_as("x".parse::<Sex>(), ErrorKind::Text, "`x` is not a sex: write female or male");
}
