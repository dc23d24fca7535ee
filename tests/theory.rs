//! Theories of people: covariates, occasions, deviations of several laws, tables as they stand, and files.

mod common;

use common::refused;
use menaquinone::assay::ResidualError;
use menaquinone::fit::{Effect, Name, Posterior, Sampled, Samples, Theory, TwoRates, fixed, free};
use menaquinone::records::{Covariates, Table};
use menaquinone::sensitivity::Number;
use menaquinone::{Bolus, Dose, FirstOrder, OneCompartment, Regimen, TwoCompartment};

fn table(text: &str) -> Table {
    text.parse().expect("a table")
}

fn only(table: &Table) -> Sampled {
    Sampled::of_table(table).expect("samples").remove(0).1
}

fn near(found: f64, expected: f64, share: f64) {
    assert!((found / expected - 1.0).abs() <= share, "{found} and {expected}");
}

fn oral() -> Theory {
    Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(2.0), v: free(20.0) })
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.2) }))
        .expect("a theory")
}

const LEVELS: [(f64, f64); 8] =
    [(0.5, 2.1), (1.0, 3.4), (2.0, 4.3), (4.0, 3.9), (8.0, 2.7), (12.0, 1.7), (24.0, 0.5), (30.0, 0.24)];

/// The levels of one dose as a table; more columns and rows may follow.
fn rows(more: &str, tail: &str) -> String {
    let rows: Vec<String> = LEVELS.iter().map(|(time, level)| format!("1,{time},0,0,{level}{more}")).collect();
    format!("1,0,100,1,.{more}\n{}{tail}", rows.join("\n"))
}

#[test]
fn a_table_as_it_stands_is_fitted_as_its_course() {
    let plain = only(&table(&format!("ID,TIME,AMT,EVID,DV\n{}", rows("", ""))));
    let (times, conc): (Vec<f64>, Vec<f64>) = LEVELS.into_iter().unzip();
    let course = Sampled::new(Dose::of(100.0).at(0.0), Samples::new(&times, &conc).expect("samples"));
    // A reset before the first dose, and a record of no kind, so that it is no regimen.
    let text = format!("ID,TIME,AMT,EVID,DV\n1,-5,30,1,.\n1,-1,0,3,.\n{}", rows("", "\n1,40,0,2,."));
    let walked = only(&table(&text));
    let fits = [&plain, &course, &walked].map(|sampled| oral().fit(sampled).expect("a fit"));
    for fit in &fits {
        assert!(fit.settled());
        near(fit.ofv(), fits[0].ofv(), 1e-10);
        for (found, expected) in fit.values().iter().zip(fits[0].values()) {
            near(*found, expected, 1e-7);
        }
    }
    let [se, of_course] = [&fits[2], &fits[1]].map(|fit| fit.estimates()[1].se.expect("an error"));
    near(se, of_course, 1e-6);
}

/// Steady states, rates and infusions too: the levels of a known body are met by a fit that starts elsewhere.
#[test]
fn what_a_body_makes_of_a_table_is_found_again() {
    let text = "ID,TIME,AMT,RATE,II,SS,ADDL,EVID,CMT,DV,WT\n\
        1,0,100,0,12,1,1,1,1,0,60\n1,3,0,0,0,0,0,0,1,0,60\n1,14,0,0,0,0,0,0,1,0,66\n1,20,50,10,0,0,0,1,2,0,66\n\
        1,23,0,0,0,0,0,0,1,0,66\n1,30,0,0,0,0,0,0,1,0,72\n1,40,0,0,0,0,0,3,1,0,72\n1,40,80,0,8,2,0,1,2,0,72\n\
        1,44,0,0,0,0,0,0,1,0,72\n1,60,0,0,0,0,0,0,1,0,80";
    let bare = table(text);
    let truth = |now: &Covariates<'_>| {
        let wt = now.get("WT")? / 70.0;
        menaquinone::Model::new(FirstOrder { ka: 0.8 }, OneCompartment { cl: 3.0 * wt.powf(0.9), v: 25.0 * wt })
    };
    let found = bare.simulate_with(menaquinone::records::Between::Backward, truth).expect("levels");
    let mut records = bare.records().to_vec();
    for (record, row) in records.iter_mut().zip(found.rows()) {
        record.dv = (record.evid == 0).then_some(row.conc);
    }
    let full = Table::with_covariates(["WT"], records).expect("a table");
    let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(2.0), v: free(30.0) })
        .and_then(|theory| theory.by(Number::Cl, "WT", Effect::Power { at: 70.0, exponent: free(0.5) }))
        .and_then(|theory| theory.by(Number::V, "wt", Effect::Power { at: 70.0, exponent: fixed(1.0) }))
        .expect("a theory");
    let fit = theory.fit(&only(&full)).expect("a fit");
    assert!(fit.settled());
    for (found, expected) in fit.values().iter().zip([0.8, 3.0, 25.0, 0.9]) {
        near(*found, expected, 1e-6);
    }
}

/// The joint density of levels and deviations, from the table's own simulation.
fn joint(
    table: &Table,
    error: f64,
    deviations: &[(f64, f64)],
    make: impl Fn(&Covariates<'_>) -> (f64, f64) + Sync,
) -> f64 {
    let make = |now: &Covariates<'_>| {
        let (cl, v) = make(now);
        menaquinone::Model::new(Bolus, OneCompartment { cl, v })
    };
    let rows = table.simulate_with(menaquinone::records::Between::Backward, make).expect("levels");
    let samples = table.records().iter().zip(rows.rows()).filter(|(record, _)| record.evid == 0);
    let of = |(record, row): (&menaquinone::records::Record, &menaquinone::records::Predicted)| {
        let r = (error * row.conc).powi(2);
        (record.dv.expect("a level") - row.conc).powi(2) / r + r.ln()
    };
    samples.map(of).sum::<f64>() + deviations.iter().map(|(eta, variance)| eta * eta / variance).sum::<f64>()
}

/// Whether deviations are a minimum of a function, with the value that is named.
fn assert_mode(person: &Posterior, joint: impl Fn(&[f64]) -> f64) {
    assert!(person.settled());
    let eta = person.eta().to_vec();
    near(joint(&eta), person.ofv(), 1e-10);
    for i in 0..eta.len() {
        let at = |step: f64| {
            let mut moved = eta.clone();
            moved[i] += step;
            joint(&moved)
        };
        let slope = (at(-2e-3) - 8.0 * at(-1e-3) + 8.0 * at(1e-3) - at(2e-3)) / 12e-3;
        assert!(slope.abs() < 1e-6, "{:?}: {slope}", person.names()[i]);
    }
    // Half the Hessian is the inverse of the covariance.
    let covariance = person.covariance().expect("a covariance");
    let n = eta.len();
    let bend = |i: usize, j: usize| {
        let at = |a: f64, b: f64| {
            let mut moved = eta.clone();
            moved[i] += a * 1e-3;
            moved[j] += b * 1e-3;
            joint(&moved)
        };
        (at(1.0, 1.0) - at(1.0, -1.0) - at(-1.0, 1.0) + at(-1.0, -1.0)) / 4e-6
    };
    for i in 0..n {
        for j in 0..n {
            let unit: f64 = (0..n).map(|k| 0.5 * bend(i, k) * covariance[(k, j)]).sum();
            assert!((unit - if i == j { 1.0 } else { 0.0 }).abs() < 1e-3, "{i} {j}: {unit}");
        }
    }
}

#[test]
fn occasions_deviate_by_themselves() {
    let text = "ID,TIME,AMT,EVID,DV,OCC\n\
        7,0,100,1,.,1\n7,2,0,0,7.5,1\n7,10,0,0,3.1,1\n7,24,100,1,.,2\n7,26,0,0,9.5,2\n7,34,0,0,6.0,2";
    let table = table(text);
    let body = OneCompartment { cl: fixed(1.0).varying(0.3).varying_within(0.2), v: fixed(12.0).varying(0.2) };
    let theory = Theory::new(Bolus, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.1 }))
        .expect("a theory");
    let person = theory.posterior(&only(&table)).expect("a posterior");
    let names: Vec<String> = person.names().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["cl", "v", "cl@1", "cl@2"]);
    let [between, volume, within] = [0.3, 0.2, 0.2].map(|cv: f64| (cv * cv).ln_1p());
    assert_mode(&person, |eta| {
        let deviations = [(eta[0], between), (eta[1], volume), (eta[2], within), (eta[3], within)];
        joint(&table, 0.1, &deviations, |now| {
            let occasion = if now.get("OCC").expect("an occasion") == 1.0 { 2 } else { 3 };
            ((eta[0] + eta[occasion]).exp(), 12.0 * eta[1].exp())
        })
    });
    assert!(person.eta()[2] > person.eta()[3]);
    refused(
        theory.posterior(&only(&self::table("ID,TIME,AMT,EVID,DV\n7,0,100,1,.\n7,2,0,0,7.5"))).map(|_| ()),
        "person `7` has no covariate OCC (the table, line 3), which the theory needs: give it with Sampled::with_covariates or in a column of the table",
    );
}

#[test]
fn deviations_may_be_normal_or_on_the_logit() {
    let table = table("TIME,AMT,EVID,DV,WT\n0,100,1,.,60\n2,0,0,7.5,60\n10,0,0,3.1,66\n20,0,0,0.8,80");
    let body = OneCompartment {
        cl: fixed(1.0).varying_normally(0.25),
        v: fixed(12.0).within(5.0..=30.0).varying_by_logit(0.4),
    };
    let theory = Theory::new(Bolus, body)
        .and_then(|theory| theory.by(Number::Cl, "WT", Effect::Linear { at: 70.0, slope: fixed(0.01) }))
        .and_then(|theory| theory.by(Number::V, "WT", Effect::Exponential { at: 70.0, slope: fixed(0.008) }))
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.1 }))
        .expect("a theory");
    let person = theory.posterior(&only(&table)).expect("a posterior");
    assert_mode(&person, |eta| {
        joint(&table, 0.1, &[(eta[0], 0.0625), (eta[1], 0.16)], |now| {
            let wt = now.get("WT").expect("a weight") - 70.0;
            let typical = 12.0 * (0.008 * wt).exp();
            let odds = (typical - 5.0) / (30.0 - typical) * eta[1].exp();
            (1.0 + 0.01 * wt + eta[0], 5.0 + 25.0 * odds / (1.0 + odds))
        })
    });
}

/// The cases of other programs, with covariates in the table and declared effects.
#[test]
fn map_cases_with_covariates_agree_with_other_programs() {
    let power = |at: f64, exponent: f64| Effect::Power { at, exponent: fixed(exponent) };
    let body =
        TwoRates { ke: fixed(0.21).varying(0.3), v1: fixed(19.8).varying(0.1), k12: fixed(0.041), k21: fixed(0.12) };
    let tobramycin = Theory::new(Bolus, body)
        .and_then(|theory| theory.by(Name::Ke, "CLCR", power(67.8, 0.89)))
        .and_then(|theory| theory.by(Name::Ke, "WT", power(66.4, -1.09)))
        .and_then(|theory| theory.by(Number::V1, "WT", power(66.4, 0.80)))
        .and_then(|theory| theory.with_omega(&[[0.08075, 0.0], [0.0, 0.01203]]))
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.198 }))
        .expect("a theory");
    // The weight of the last record is another, so that the covariates change; it holds after the last level only.
    let text = "ID,TIME,AMT,RATE,EVID,DV,CLCR,WT\nA,0,500,1000,1,.,80,65\nA,1,0,0,0,25.0,80,65\nA,14,0,0,0,5.5,80,65";
    for text in [text.to_owned(), format!("{text}\nA,20,0,0,2,.,80,66")] {
        let person = tobramycin.posterior(&only(&table(&text))).expect("a posterior");
        for (found, expected) in person.eta().iter().zip([-0.682_731_533, -0.066_476_457]) {
            assert!((found - expected).abs() < 1e-7, "{found} {expected}");
        }
        let spread = person.covariance().expect("a covariance")[(0, 0)].sqrt();
        near(spread, 0.107_012_730, 1e-6);
    }
    let body = TwoCompartment {
        cl: fixed(4.5).varying(0.3),
        v1: fixed(58.4).varying(0.3),
        q: fixed(6.5),
        v2: fixed(38.4).varying(0.3),
    };
    let vancomycin = Theory::new(Bolus, body)
        .and_then(|theory| theory.by(Number::Cl, "CLCR", power(120.0, 0.8)))
        .and_then(|theory| theory.by(Number::V1, "WT", power(70.0, 1.0)))
        .and_then(|theory| theory.with_omega(&[[0.147, 0.0, 0.0], [0.0, 0.510, 0.0], [0.0, 0.0, 0.282]]))
        .and_then(|theory| theory.with_error(ResidualError::CombinedSd { cv: 0.227, sd: 3.4 }))
        .expect("a theory");
    let text = "ID,TIME,AMT,RATE,EVID,DV,CLCR,WT\nA,0,1900,1900,1,.,34,62\nA,12,0,0,0,14.8,34,62\n\
        A,22.2,1750,1750,1,.,34,62\nA,37.5,0,0,0,22.5,34,62\nB,0,2000,1000,1,.,65,70\nB,13,0,0,0,12,65,70\n\
        B,24.2,1400,700,1,.,65,70\nB,48,0,0,0,10.5,65,70";
    let expected = [[0.047_648_249, 0.144_726_604, 0.078_993_148], [0.107_960_387, 0.046_529_441, 0.068_657_367]];
    for ((_, sampled), expected) in Sampled::of_table(&table(text)).expect("people").iter().zip(expected) {
        let person = vancomycin.posterior(sampled).expect("a posterior");
        for (found, expected) in person.eta().iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        }
    }
}

#[test]
fn what_a_table_lacks_is_said_with_person_and_row() {
    let theory = oral().by(Number::Cl, "WT", Effect::allometric(70.0)).expect("a theory");
    let text = format!("ID,TIME,AMT,EVID,DV,WT\n{}", rows(",70", "\n1,31,0,0,0.2,.\n1,32,0,0,0.2,71"));
    refused(
        theory.fit(&only(&table(&text))).map(|_| ()),
        "person `1`, the table, line 11: the covariate WT is missing, and the theory needs it: fill it in",
    );
    let text = format!("ID,TIME,AMT,EVID,DV,WT\n{}", rows(",0", ""));
    refused(
        theory.fit(&only(&table(&text))).map(|_| ()),
        "person `1`: the covariate WT is 0, but the effect on cl is a power of it, which needs a number above zero",
    );
    let asks =
        table("ID,TIME,AMT,RATE,EVID,DV\n1,0,100,-2,1,.\n1,2,0,0,0,3.1\n1,4,0,0,0,2.1\n1,6,0,0,0,1.2\n1,8,0,0,0,0.5");
    refused(
        oral().fit(&only(&asks)).map(|_| ()),
        "person `1`: the table, line 2: RATE -2 asks the model for a duration, and compartment 1 has none: give its Inlet one",
    );
    let sexes = Effect::Categorical { at: 1, factors: vec![(2, free(0.8))] };
    let theory = oral().by(Number::Cl, "SEX", sexes).expect("a theory");
    let text = format!("ID,TIME,AMT,EVID,DV,SEX\n{}", rows(",3", ""));
    refused(
        theory.fit(&only(&table(&text))).map(|_| ()),
        "person `1` has SEX 3, for which the effect on cl has no factor: give one",
    );
    let kinds = table("TIME,AMT,EVID,DV,DVID\n0,100,1,.,.\n1,0,0,2.0,1\n1,0,0,80,2");
    let error = Sampled::of_table(&kinds).unwrap_err().to_string();
    assert!(error.contains("line 4: the observation has DVID 2, others have 1"), "{error}");
    let ours = Sampled::of_table_by(&kinds, menaquinone::records::Between::Backward, Some(1)).expect("levels");
    assert_eq!(ours[0].1.samples().len(), 1);
    let varying = OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(9.0) };
    let theory = Theory::new(Bolus, varying).expect("a theory");
    refused(
        theory.clone().together(Number::Cl, Number::V, 0.5).map(|_| ()),
        "v does not vary between people, so that nothing varies with it; what varies: cl",
    );
    refused(
        theory.by(Number::Q, "WT", Effect::allometric(70.0)).map(|_| ()),
        "the model has no number `q`: its numbers are tlag, f, cl, v and baseline",
    );
}

#[test]
fn theories_travel_as_files() {
    let body = TwoCompartment {
        cl: free(3.0).varying(0.3).varying_within(0.1),
        v1: free(30.0).varying_normally(4.0),
        q: fixed(2.0),
        v2: free(50.0).within(10.0..=90.0).varying_by_logit(0.3),
    };
    let theory = Theory::new(FirstOrder { ka: free(1.5).varying(0.6) }, body)
        .and_then(|theory| theory.with(Number::Tlag(0), free(0.5).within(0.0..=2.0)))
        .and_then(|theory| theory.by(Number::Cl, "WT", Effect::Power { at: 70.0, exponent: free(0.75) }))
        .and_then(|theory| theory.by(Number::V1, "AGE", Effect::Linear { at: 40.0, slope: free(-0.01) }))
        .and_then(|theory| theory.by(Number::V1, "SEX", Effect::Categorical { at: 1, factors: vec![(2, fixed(0.8))] }))
        .and_then(|theory| theory.together(Number::Cl, Number::V1, 0.4))
        .and_then(|theory| theory.with_occasions("VISIT"))
        .and_then(|theory| theory.with_error(ResidualError::CombinedSd { cv: free(0.1), sd: fixed(0.05) }))
        .expect("a theory");
    let text = toml::to_string(&theory).expect("a file");
    let again: Theory = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(toml::to_string(&again).expect("a file"), text);
    let json: Theory = serde_json::from_str(&serde_json::to_string(&theory).expect("a file")).expect("a theory");
    assert_eq!(json, again);
    let cut = theory.clone().with_levels_above_zero();
    let text = toml::to_string(&cut).expect("a file");
    assert!(text.contains("levels_above_zero = true\n"), "{text}");
    assert_eq!(toml::to_string(&toml::from_str::<Theory>(&text).expect("a theory")).expect("a file"), text);
    let sorted = |theory: &Theory| {
        let mut all: Vec<String> = theory.free().iter().map(|(name, unknown)| format!("{name} {unknown:?}")).collect();
        all.sort();
        all
    };
    assert_eq!(sorted(&again), sorted(&theory));
    assert!((again.correlation(Number::Cl.into(), Number::V1.into()) - 0.4).abs() < 1e-12);
    let refused = |text: &str, sentence: &str| {
        let error = toml::from_str::<Theory>(text).unwrap_err().to_string();
        assert!(error.contains(sentence), "{error}");
    };
    refused("[numbers]\ncl = 1.0", "the numbers make no body");
    refused("[numbers]\ncl = 1.0\nv = 2.0\nkb = 1.0", "`kb` is no number of this theory");
    refused("[numbers]\ncl = { varying = 0.3 }\nv = 2.0", "cl must say either `free`, with where to start, or `fixed`");
    refused("[numbers]\ncl = \"one\"\nv = 2.0", "expected a number, or one that is sought");
    refused("[numbers]\ncl = 1.0\nv = 2.0\n[effects]\n\"cl~WT\" = { at = 70.0 }", "cl~WT must have one shape");
}

/// A regimen in code and its table say the same of a person.
#[test]
fn a_person_of_a_regimen_is_that_of_the_table() {
    let body = OneCompartment { cl: fixed(1.27).varying(0.35), v: fixed(154.0).varying(0.35) };
    let theory = Theory::new(FirstOrder { ka: 1.0 }, body)
        .and_then(|theory| theory.by(Number::Cl, "WT", Effect::allometric(70.0)))
        .and_then(|theory| theory.together(Number::Cl, Number::V, 0.5))
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory");
    let regimen: Regimen = "90 ug daily for 14 days".parse().expect("a regimen");
    let course = Sampled::new(regimen, Samples::new(&[312.0, 317.0], &[1.1, 1.7]).expect("levels"));
    let table = table(
        "TIME,AMT,II,ADDL,EVID,DV,WT\n0,90,24,13,1,.,60\n312,0,0,0,0,1.1,60\n317,0,0,0,0,1.7,60\n400,0,0,0,2,.,61",
    );
    let persons = [course.with_covariates([("WT", 60.0)]), only(&table)]
        .map(|sampled| theory.posterior(&sampled).expect("a posterior"));
    near(persons[0].ofv(), persons[1].ofv(), 1e-10);
    for (one, other) in persons[0].eta().iter().zip(persons[1].eta()) {
        near(*one, *other, 1e-7);
    }
    assert_eq!(persons[1].people(50, 1).expect("people").len(), 50);
}

/// Doses into the plasma beside swallowed ones, and a covariate that changes and that nobody needs: the short way says what the table says.
#[test]
fn the_short_way_of_a_table_is_the_long_one() {
    let body = OneCompartment { cl: fixed(2.0).varying(0.3), v: fixed(20.0).varying(0.3) };
    let theory = Theory::new(FirstOrder { ka: 1.0 }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory");
    let rows = "0,100,0,1,1,.,1\n3,0,0,0,1,3.1,2\n8,50,25,1,2,.,3\n12,0,0,0,2,4.0,4\n24,50,0,1,2,.,5\n26,0,0,0,1,4.4,6";
    let short = only(&table(&format!("TIME,AMT,RATE,EVID,CMT,DV,DAY\n{rows}")));
    let long = only(&table(&format!("TIME,AMT,RATE,EVID,CMT,DV,DAY\n-9,0,0,3,1,.,0\n{rows}")));
    let [short, long] = [short, long].map(|sampled| theory.posterior(&sampled).expect("a posterior"));
    near(short.ofv(), long.ofv(), 1e-11);
    for (one, other) in short.eta().iter().zip(long.eta()) {
        near(*one, *other, 1e-8);
    }
}
