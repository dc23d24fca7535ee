//! The posterior of one person, against NONMEM and other programs.

use std::collections::BTreeMap;
use std::path::Path;

use menaquinone::assay::ResidualError;
use menaquinone::fit::{Posterior, Report, Sampled, Samples, Target, Theory, TwoRates, fixed};
use menaquinone::{Bolus, Dose, FirstOrder, OneCompartment, Regimen, TwoCompartment};

fn text(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/fit").join(file);
    std::fs::read_to_string(path).expect("a file")
}

fn number(text: &str) -> f64 {
    text.trim().parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// Doses, times and levels.
type Taken = (Vec<(f64, Dose)>, Vec<f64>, Vec<f64>);

/// The doses and the levels of each person of `map_oral.csv`.
fn map_oral() -> BTreeMap<u32, Taken> {
    let mut people: BTreeMap<u32, Taken> = BTreeMap::new();
    for line in text("map_oral.csv").lines().filter(|line| !line.starts_with('#')).skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let person = people.entry(cells[0].parse().expect("an id")).or_default();
        let time = number(cells[1]);
        if cells[2] == "1" {
            let copies = cells[6].parse::<u32>().expect("a count") + 1;
            let dose = |i: u32| (time + f64::from(i) * number(cells[5]), Dose::of(number(cells[3])));
            person.0.extend((0..copies).map(dose));
        } else {
            person.1.push(time);
            person.2.push(number(cells[8]));
        }
    }
    people
}

/// Modes to 1e-6, objectives and conditional variances to the digits that NONMEM prints.
#[test]
fn modes_of_eight_people_agree_with_nonmem() {
    let body = OneCompartment { cl: fixed(4.0).varying(0.5), v: fixed(70.0).varying(0.5) };
    let theory = Theory::new(FirstOrder { ka: fixed(1.0).varying(0.5) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.05_f64.sqrt() }))
        .and_then(|theory| theory.with_omega(&[[0.2, 0.0, 0.0], [0.0, 0.2, 0.0], [0.0, 0.0, 0.2]]))
        .expect("a theory");
    let people = map_oral();
    let mut count = 0;
    for line in text("map_oral_nonmem.phi").lines().skip(2) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let (doses, times, conc) = &people[&cells[1].parse().expect("an id")];
        let sampled = Sampled::new(doses.iter().copied().collect(), Samples::new(times, conc).expect("samples"));
        let person = theory.posterior(&sampled).expect("a posterior");
        assert!(person.settled());
        // Of the program in the order cl, v, ka; here the absorption stands first.
        let order = [1, 2, 0];
        let variances = person.expected_covariance().expect("variances");
        let mut cell = 5;
        for (i, own) in order.into_iter().enumerate() {
            let eta = number(cells[2 + i]);
            assert!((person.eta()[own] - eta).abs() < 1e-6, "{}: {} and {eta}", cells[1], person.eta()[own]);
            for other in order.into_iter().take(i + 1) {
                let expected = number(cells[cell]);
                let found = variances[(own, other)];
                assert!(
                    (found - expected).abs() < 2e-6 * (1.0 + expected.abs()),
                    "{} {found} and {expected}",
                    cells[1]
                );
                cell += 1;
            }
        }
        let objective = number(cells[cell]);
        assert!((person.focei() - objective).abs() < 1e-6, "{}: {} and {objective}", cells[1], person.focei());
        count += 1;
    }
    assert_eq!(count, 8);
}

/// The rows of `map_cases.csv`: case and parameter, with the deviation and the value of other programs and of an independent one.
fn case(name: &str, parameter: &str) -> (Option<f64>, Option<f64>, f64, Option<f64>) {
    let all = text("map_cases.csv");
    let line = all.lines().find(|line| line.starts_with(&format!("{name},{parameter},"))).expect("a row");
    let cells: Vec<&str> = line.split(',').collect();
    let n = cells.len();
    let optional = |text: &str| (!text.is_empty()).then(|| number(text));
    (optional(cells[2]), optional(cells[3]), number(cells[n - 2]), optional(cells[n - 1]))
}

fn assert_case(name: &str, person: &Posterior, parameters: &[&str]) {
    let variances = person.covariance().expect("variances");
    for (i, parameter) in parameters.iter().enumerate() {
        let (eta, _, own, se) = case(name, parameter);
        let found = person.eta()[i];
        assert!((found - own).abs() < 1e-6, "{name} {parameter}: {found} and {own}");
        if let Some(eta) = eta {
            assert!((found - eta).abs() < 2e-4, "{name} {parameter}: {found} and {eta}");
        }
        if let Some(se) = se {
            assert!(
                (variances[(i, i)].sqrt() / se - 1.0).abs() < 1e-5,
                "{name} {parameter}: {} and {se}",
                variances[(i, i)].sqrt()
            );
        }
    }
}

fn levels(times: &[f64], conc: &[f64]) -> Samples {
    Samples::new(times, conc).expect("samples")
}

#[test]
fn tobramycin_and_vancomycin_agree_with_other_programs() {
    let ke = 0.21 * (80.0_f64 / 67.8).powf(0.89) * (65.0_f64 / 66.4).powf(-1.09);
    let v1 = 19.8 * (65.0_f64 / 66.4).powf(0.80);
    let body = TwoRates { ke: fixed(ke).varying(0.3), v1: fixed(v1).varying(0.1), k12: fixed(0.041), k21: fixed(0.12) };
    let tobramycin = Theory::new(Bolus, body)
        .and_then(|theory| theory.with_omega(&[[0.08075, 0.0], [0.0, 0.01203]]))
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.198 }))
        .expect("a theory");
    let regimen: Regimen = [(0.0, Dose::iv(500.0).over(0.5))].into_iter().collect();
    let person = tobramycin.posterior(&Sampled::new(regimen, levels(&[1.0, 14.0], &[25.0, 5.5]))).expect("a posterior");
    assert_case("tobramycin", &person, &["ke", "v"]);
    let value = |name: &str| person.model().number(name.parse().expect("a name")).expect("a number");
    assert!((value("cl") / value("v1") - 0.1258).abs() < 1e-3 && (value("v1") - 18.21).abs() < 1e-2);

    let vancomycin = |(clcr, wt): (f64, f64), doses: [(f64, Dose); 2], samples: Samples| {
        let body = TwoCompartment {
            cl: fixed(4.5 * (clcr / 120.0).powf(0.8)).varying(0.3),
            v1: fixed(58.4 * wt / 70.0).varying(0.3),
            q: fixed(6.5),
            v2: fixed(38.4).varying(0.3),
        };
        let theory = Theory::new(Bolus, body)
            .and_then(|theory| theory.with_omega(&[[0.147, 0.0, 0.0], [0.0, 0.510, 0.0], [0.0, 0.0, 0.282]]))
            .and_then(|theory| theory.with_error(ResidualError::CombinedSd { cv: 0.227, sd: 3.4 }))
            .expect("a theory");
        theory.posterior(&Sampled::new(doses.into_iter().collect(), samples)).expect("a posterior")
    };
    let a = vancomycin(
        (34.0, 62.0),
        [(0.0, Dose::iv(1900.0).over(1.0)), (22.2, Dose::iv(1750.0).over(1.0))],
        levels(&[12.0, 37.5], &[14.8, 22.5]),
    );
    assert_case("vancomycin_a", &a, &["cl", "v1", "v2"]);
    let b = vancomycin(
        (65.0, 70.0),
        [(0.0, Dose::iv(2000.0).over(2.0)), (24.2, Dose::iv(1400.0).over(2.0))],
        levels(&[13.0, 48.0], &[12.0, 10.5]),
    );
    assert_case("vancomycin_b", &b, &["cl", "v1", "v2"]);
}

/// A level below the limit is a probability: mapbayr's case, with the last sample below 1, and with it taken as 1.
#[test]
fn a_censored_level_is_a_probability() {
    let body =
        TwoCompartment { cl: fixed(0.2).varying(0.2), v1: fixed(2.0).varying(0.1), q: fixed(0.1), v2: fixed(0.5) };
    let theory = Theory::new(Bolus, body)
        .and_then(|theory| theory.with_omega(&[[0.05, 0.0], [0.0, 0.02]]))
        .and_then(|theory| theory.with_error(ResidualError::Combined { cv: 0.1_f64.sqrt(), sd: 0.5_f64.sqrt() }))
        .expect("a theory");
    let regimen: Regimen = [(0.0, Dose::iv(100.0).over(100.0 / 1200.0))].into_iter().collect();
    let times = [1.0, 6.0, 24.0, 48.0];
    let censored = [Report::Level(75.0), Report::Level(25.0), Report::Level(7.0), Report::Below(1.0)];
    let samples = Samples::of_reports(&times, &censored).expect("samples");
    let person = theory.posterior(&Sampled::new(regimen.clone(), samples)).expect("a posterior");
    assert_case("m3_bolus", &person, &["cl (last sample censored)", "v (last sample censored)"]);
    let person =
        theory.posterior(&Sampled::new(regimen, levels(&times, &[75.0, 25.0, 7.0, 1.0]))).expect("a posterior");
    assert_case("m3_bolus", &person, &["cl (last sample 1.0)", "v (last sample 1.0)"]);
}

fn mk7_theory() -> Theory {
    let body = OneCompartment { cl: fixed(1.27).varying(0.35), v: fixed(154.0).varying(0.35) };
    Theory::new(FirstOrder { ka: 1.0 }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory")
}

/// Two levels of the second week of 90 µg a day.
fn two_levels() -> Sampled {
    let day = 24.0;
    Sampled::new(
        "90 ug daily for 14 days".parse().expect("a regimen"),
        levels(&[13.0 * day, 13.0 * day + 5.0], &[1.1, 1.7]),
    )
}

/// The draws have the mean and the spread of the posterior, which is found apart by a sum over a grid.
#[test]
fn draws_are_of_the_posterior() {
    let (theory, sampled) = (mk7_theory(), two_levels());
    let person = theory.posterior(&sampled).expect("a posterior");
    let omega2 = (1.0_f64 + 0.35 * 0.35).ln();
    let (mut total, mut mean, mut square) = (0.0, 0.0, 0.0);
    for i in -60..=60 {
        for j in -60..=60 {
            let [a, b] = [i, j].map(|k| f64::from(k) * 0.03);
            let model = theory.start().with_numbers([
                ("cl".parse().expect("a name"), 1.27 * f64::exp(a)),
                ("v".parse().expect("a name"), 154.0 * f64::exp(b)),
            ]);
            let model = model.expect("a model");
            let regimen: Regimen = "90 ug daily for 14 days".parse().expect("a regimen");
            let conc = model.concentrations(&regimen, sampled.samples().times()).expect("levels");
            let off = |(f, y): (&f64, f64)| ((y - f) / (0.15 * f)).powi(2) + 2.0 * (0.15 * f).ln();
            let joint: f64 = conc.iter().zip([1.1, 1.7]).map(off).sum::<f64>() + (a * a + b * b) / omega2;
            let weight = (-0.5 * joint).exp();
            (total, mean, square) = (total + weight, mean + weight * a, square + weight * a * a);
        }
    }
    let (mean, sd) = (mean / total, (square / total - (mean / total).powi(2)).sqrt());
    let people = person.people(4_000, 7).expect("people");
    let etas: Vec<f64> = people
        .models()
        .iter()
        .map(|model| (model.number("cl".parse().expect("a name")).expect("a number") / 1.27).ln())
        .collect();
    let n = 4_000.0;
    let found = etas.iter().sum::<f64>() / n;
    let spread = (etas.iter().map(|eta| (eta - found).powi(2)).sum::<f64>() / n).sqrt();
    // Four standard errors of 4,000 draws that stand for some 2,500 independent ones.
    assert!((found - mean).abs() < 0.08 * sd, "{found} and {mean} of spread {sd}");
    assert!((spread / sd - 1.0).abs() < 0.06, "{spread} and {sd}");
    assert_eq!(person.people(4_000, 7).expect("people"), people); // the same seed, the same people
    assert_ne!(person.people(4_000, 8).expect("people"), people);
    let shrinkage = person.shrinkage().expect("variances");
    assert!(shrinkage.iter().all(|share| *share > 0.0 && *share < 1.0), "{shrinkage:?}");
}

#[test]
fn a_dose_meets_its_target_with_the_probability_that_it_says() {
    let person = mk7_theory().posterior(&two_levels()).expect("a posterior");
    let (daily, draws) = (Dose::of(90.0).every(24.0), (1_000, 3));
    let target = Target::ctrough(2.0..=4.0).expect("a target");
    let found = person.dosing_for(daily.clone(), target, draws).expect("a dose");
    let people = person.people(1_000, 3).expect("people");
    let share = |dosing: &menaquinone::Repeating| {
        let meets =
            |model: &&menaquinone::Model| target.meets(model.steady_state(dosing.clone()).expect("a cycle").ctrough());
        people.models().iter().filter(meets).map(|_| 1.0).sum::<f64>() / 1_000.0
    };
    assert!((share(&found.dosing) - found.probability).abs() < 1e-12);
    // No other amount does better.
    for factor in [0.5, 0.7, 0.8, 0.9, 0.95, 1.05, 1.1, 1.2, 1.5, 2.0] {
        assert!(share(&found.dosing.clone().scaled(factor)) <= found.probability, "{factor}");
    }
    let ss = person.model().steady_state(found.dosing.clone()).expect("a cycle");
    assert!((found.reached - ss.ctrough()).abs() < 1e-12 && found.loading > 1.0);
    // Of whole capsules the one that most meet, and at a floor nine in ten.
    let capsules: Vec<menaquinone::Repeating> =
        [45.0, 90.0, 180.0, 360.0].map(|amount| Dose::of(amount).every(24.0)).into();
    let ranked = person.rank(&capsules, target, draws).expect("a choice");
    assert_eq!(ranked.len(), 4);
    assert!(ranked.windows(2).all(|pair| pair[0].probability >= pair[1].probability));
    let floor = person.dosing_for(daily.clone(), Target::cavg(3.0..).expect("a target"), draws).expect("a dose");
    assert!(floor.probability >= 0.9 && floor.probability < 0.905);
    let ceiling = person.dosing_for(daily, Target::cmax(..5.0).expect("a target"), draws).expect("a dose");
    assert!(ceiling.probability >= 0.9 && ceiling.probability < 0.905);
}

#[test]
fn what_cannot_be_is_said_in_a_sentence() {
    let refused = |error: menaquinone::Error, sentence: &str| assert_eq!(error.to_string(), sentence);
    let model = menaquinone::vitamer::MK7.model().with_baseline(3.0).expect("a model");
    let daily = || Dose::of(90.0).every(24.0);
    refused(
        model.dosing_for(daily(), Target::ctrough(1.0..=2.0).expect("a target")).unwrap_err(),
        "no dose of these times reaches a trough of 1 to 2 µg/L: the baseline is above it, or the dose does not raise it",
    );
    refused(
        Target::ctrough(4.0..=2.0).unwrap_err(),
        "the target range is 4 to 2, but it must go up from zero or above, with at least one end",
    );
    let theory = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl: 1.27, v: 154.0 }).expect("a theory");
    refused(
        theory.posterior(&two_levels()).unwrap_err(),
        "nothing varies between people in this theory, so that a person cannot differ: write `fixed(1.27).varying(0.35)`",
    );
    let varying = OneCompartment { cl: fixed(1.27).varying(0.35), v: fixed(154.0) };
    refused(
        Theory::new(FirstOrder { ka: 1.0 }, varying).and_then(|theory| theory.posterior(&two_levels())).unwrap_err(),
        "the posterior of a person weighs levels against people: give the theory an error (Theory::with_error)",
    );
    refused(
        mk7_theory().with_omega(&[[0.1, 0.0], [0.0, 0.0]]).unwrap_err(),
        "the covariance of cl, v is not positive definite: no deviations can vary together like that",
    );
}
