//! What an event table can say of people, against calculations written out: lags, two ways in, limits, and kinds of observation.

mod common;

use common::brute::{Joint, focei, laplace_of, ln_ndtr};
use common::refused;
use menaquinone::assay::ResidualError;
use menaquinone::fit::{Method, Objective, People, Sampled, Theory, fixed, free};
use menaquinone::records::{Between, Table};
use menaquinone::sensitivity::Number;
use menaquinone::{Absorb, Bolus, FirstOrder, Model, OneCompartment, ZeroOrder};
use nalgebra::{DMatrix, DVector, dvector};

fn table(text: &str) -> Table {
    text.parse().expect("a table")
}

/// The rows of one person as a table.
fn only(text: &str, id: &str) -> Table {
    let rows: Vec<&str> = text.lines().skip(1).filter(|line| line.starts_with(&format!("{id},"))).collect();
    table(&format!("{}\n{}", text.lines().next().expect("a header"), rows.join("\n")))
}

/// The levels at the observations of a table with one model.
fn seen(table: &Table, model: &Model) -> Vec<f64> {
    let found = table.simulate_with(Between::Backward, |_| Ok(model.clone())).expect("levels");
    let rows = table.records().iter().zip(found.rows());
    rows.filter(|(record, _)| record.evid == 0).map(|(_, row)| row.conc).collect()
}

fn measured(table: &Table) -> Vec<f64> {
    table.records().iter().filter(|record| record.evid == 0).filter_map(|record| record.dv).collect()
}

fn omega(cvs: &[f64]) -> DMatrix<f64> {
    DMatrix::from_diagonal(&DVector::from_iterator(cvs.len(), cvs.iter().map(|cv| (cv * cv).ln_1p())))
}

/// A person adds to an objective what a calculation written out says.
fn assert_adds(found: &Objective, id: &str, expected: f64) {
    let own = found.person(id).expect("a person").ofv;
    assert!((own - expected).abs() < 1e-6, "{id}: {own} and {expected}");
}

const LAGGED: &str = "ID,TIME,AMT,EVID,ADDL,II,DV\n\
    1,0,100,1,2,12,.\n1,1,0,0,0,0,3.1\n1,3,0,0,0,0,7.0\n1,11,0,0,0,0,3.6\n1,25,0,0,0,0,9.1\n1,34,0,0,0,0,5.2\n\
    2,0,100,1,2,12,.\n2,1.5,0,0,0,0,2.9\n2,4,0,0,0,0,6.4\n2,13,0,0,0,0,6.3\n2,30,0,0,0,0,9.4\n2,40,0,0,0,0,4.4";

#[test]
fn a_lag_varies_between_people() {
    let body = OneCompartment { cl: fixed(1.1).varying(0.3), v: fixed(11.0) };
    let theory = Theory::new(FirstOrder { ka: 0.8 }, body)
        .and_then(|theory| theory.with(Number::Tlag(0), fixed(0.4).varying(0.5)))
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory");
    let people = People::of_table(&table(LAGGED)).expect("people");
    let found = theory.objective(&people, Method::Focei).expect("an objective");
    for id in ["1", "2"] {
        let own = only(LAGGED, id);
        let y = measured(&own);
        let predict = move |eta: &[f64]| {
            let process = FirstOrder { ka: 0.8 }.lagged(0.4 * eta[1].exp());
            seen(&own, &Model::new(process, OneCompartment { cl: 1.1 * eta[0].exp(), v: 11.0 }).expect("a model"))
        };
        let variance = |_, f: f64| [0.0225 * f * f, 0.045 * f];
        let joint = Joint { y, omega: omega(&[0.3, 0.5]), predict: Box::new(predict), variance: Box::new(variance) };
        assert_adds(&found, id, focei(&joint));
    }
}

/// A share of a dose from a depot, the rest over five hours.
fn two_ways(f: f64, cl: f64) -> Model {
    let paths = FirstOrder { ka: 1.4 }.with_f(f).plus(ZeroOrder { duration: 5.0 }.with_f(1.0 - f));
    Model::new(paths, OneCompartment { cl, v: 11.0 }).expect("a model")
}

/// A share of the dose, which varies by its logit, from a depot at once; the rest over some hours. One record a dose.
#[test]
fn a_dose_is_shared_between_two_ways_in() {
    let theory = Theory::of(two_ways(0.6, 1.1))
        .with_rest_by(1)
        .and_then(|theory| theory.with(Number::Ka(0), free(1.4)))
        .and_then(|theory| theory.with(Number::Cl, free(1.1).varying(0.3)))
        .and_then(|theory| theory.with(Number::F(0), free(0.6).within(0.0..=1.0).varying_by_logit(0.8)))
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.15) }))
        .expect("a theory");
    let people = People::of_table(&table(LAGGED)).expect("people");
    let found = theory.objective(&people, Method::Focei).expect("an objective");
    for id in ["1", "2"] {
        let own = only(LAGGED, id);
        let y = measured(&own);
        let predict = move |eta: &[f64]| {
            let odds = 1.5 * eta[1].exp();
            seen(&own, &two_ways(odds / (1.0 + odds), 1.1 * eta[0].exp()))
        };
        let omega = DMatrix::from_diagonal(&dvector![0.09_f64.ln_1p(), 0.64]);
        let variance = |_, f: f64| [0.0225 * f * f, 0.045 * f];
        let joint = Joint { y, omega, predict: Box::new(predict), variance: Box::new(variance) };
        assert_adds(&found, id, focei(&joint));
    }
    let fit = theory.fit_people(&people, Method::Focei).expect("a fit");
    let start = fit.theory().expect("a theory").start().clone();
    let sum = start.number(Number::F(0)).expect("a share") + start.number(Number::F(1)).expect("a share");
    assert!((sum - 1.0).abs() < 1e-12 && fit.ofv() < found.ofv());
    refused(
        theory.clone().with(Number::F(1), free(0.4)).map(|_| ()),
        "2.f is the rest of a dose in this theory (Theory::with_rest_by): name another fraction",
    );
    refused(
        Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl: 1.0, v: 10.0 })
            .and_then(|theory| theory.with_rest_by(1))
            .map(|_| ()),
        "path 1 cannot take the rest of a dose: the absorption has 1, counted from 0, and there must be another beside it",
    );
}

/// CENS and LIMIT: below a limit (M3), and between two; FOCEI says that Laplace was used.
#[test]
fn limits_of_a_table_are_probabilities() {
    let text = "ID,TIME,AMT,EVID,DV,CENS,LIMIT\n1,0,100,1,.,0,.\n1,2,0,0,8.1,0,.\n1,12,0,0,2.6,0,.\n1,30,0,0,1.0,1,.\n\
        2,0,100,1,.,0,.\n2,2,0,0,7.4,0,.\n2,12,0,0,3.9,0,.\n2,30,0,0,1.0,1,0.5";
    let theory = Theory::new(Bolus, OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0).varying(0.2) })
        .and_then(|theory| theory.with_error(ResidualError::Combined { cv: 0.15, sd: 0.1 }))
        .expect("a theory");
    let people = People::of_table(&table(text)).expect("people");
    let found = theory.objective(&people, Method::Focei).expect("an objective");
    assert_eq!(found.method(), Method::Laplace);
    for (id, levels, low) in [("1", [8.1, 2.6], None), ("2", [7.4, 3.9], Some(0.5))] {
        let omega = omega(&[0.3, 0.2]);
        let over = omega.clone().try_inverse().expect("an inverse");
        let joint = |eta: &[f64]| {
            let conc = |t: f64| {
                let v = 10.0 * eta[1].exp();
                100.0 / v * (-eta[0].exp() / v * t).exp()
            };
            let variance = |f: f64| 0.0225 * f * f + 0.01;
            let level = |(t, y): (f64, f64)| (y - conc(t)).powi(2) / variance(conc(t)) + variance(conc(t)).ln();
            let z = |limit: f64| (limit - conc(30.0)) / variance(conc(30.0)).sqrt();
            let below = low.map_or(ln_ndtr(z(1.0)), |low| (ln_ndtr(z(1.0)).exp() - ln_ndtr(z(low)).exp()).ln());
            let eta = DVector::from_column_slice(eta);
            level((2.0, levels[0])) + level((12.0, levels[1])) - 2.0 * below + eta.dot(&(&over * &eta))
        };
        assert_adds(&found, id, laplace_of(&joint, &omega));
    }
    let sought = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) })
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory");
    let fit = sought.fit_people(&people, Method::Focei).expect("a fit");
    assert!(fit.method() == Method::Laplace && fit.to_string().contains("Laplace of 2 people"), "{fit}");
}

const KINDS: &str = "ID,TIME,AMT,EVID,DV,DVID\n1,0,100,1,.,.\n1,1,0,0,5.1,1\n1,1,0,0,4.4,2\n1,6,0,0,5.5,1\n1,20,0,0,1.2,2\n\
    2,0,100,1,.,.\n2,2,0,0,7.0,1\n2,9,0,0,3.9,2\n2,9,0,0,4.8,1\n2,20,0,0,1.9,1\n\
    3,0,100,1,.,.\n3,2,0,0,6.1,2\n3,6,0,0,6.6,1\n3,14,0,0,3.2,1\n3,20,0,0,2.4,2";

fn two_kinds() -> Theory {
    let body = OneCompartment { cl: free(1.1).varying(0.3), v: free(11.0).varying(0.2) };
    Theory::new(FirstOrder { ka: free(0.8) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
        .and_then(|theory| theory.with_error_of(2, ResidualError::Combined { cv: fixed(0.05), sd: free(0.5) }))
        .expect("a theory")
}

#[test]
fn each_kind_has_its_error() {
    let people = People::of_table_with_kinds(&table(KINDS)).expect("people");
    let found = two_kinds().objective(&people, Method::Focei).expect("an objective");
    for id in ["1", "2", "3"] {
        let own = only(KINDS, id);
        let y = measured(&own);
        let rows = own.records().iter().zip(own.measured()).filter(|(record, _)| record.evid == 0);
        let kinds: Vec<Option<u32>> = rows.map(|(_, measured)| measured.dvid).collect();
        let predict = move |eta: &[f64]| {
            let body = OneCompartment { cl: 1.1 * eta[0].exp(), v: 11.0 * eta[1].exp() };
            seen(&own, &Model::new(FirstOrder { ka: 0.8 }, body).expect("a model"))
        };
        let variance = move |j: usize, f: f64| {
            let [cv2, sd2] = if kinds[j] == Some(2) { [0.0025, 0.25] } else { [0.01, 0.0] };
            [cv2 * f * f + sd2, 2.0 * cv2 * f]
        };
        let joint = Joint { y, omega: omega(&[0.3, 0.2]), predict: Box::new(predict), variance: Box::new(variance) };
        assert_adds(&found, id, focei(&joint));
    }
    let fit = two_kinds().fit_people(&people, Method::Focei).expect("a fit");
    println!("{fit}");
    let names: Vec<String> = fit.estimates().into_iter().map(|own| own.name).collect();
    assert_eq!(names, ["ka", "cl", "v", "cv", "sd#2", "omega2(cl)", "omega2(v)"]);
    assert!(fit.how().contains("errors by kind"), "{}", fit.how());
    let again = fit.theory().expect("a theory").objective(&people, Method::Focei).expect("an objective");
    assert!((again.ofv() - fit.ofv()).abs() < 1e-7);
    // A file has them too, and a posterior weighs each sample by its own.
    let text = toml::to_string(&two_kinds()).expect("a file");
    assert_eq!(toml::from_str::<Theory>(&text).expect("a theory"), two_kinds(), "{text}");
    let person = two_kinds().posterior(people.person("2").expect("a person")).expect("a posterior");
    let expected = found.person("2").expect("a person");
    assert!((person.focei() - expected.ofv).abs() < 1e-7, "{} {}", person.focei(), expected.ofv);
    assert_eq!(fit.residuals().expect("residuals").rows().len(), 12);
    let drawn = two_kinds().simulate(&people, 1).expect("people");
    assert_eq!(drawn.person("1").expect("a person").samples().kinds(), Some(&[1, 2, 1, 2][..]));
}

/// Where a table has no DVID the compartment that an observation names is its kind.
#[test]
fn kinds_may_be_compartments() {
    let text = "ID,TIME,AMT,EVID,CMT,DV\n1,0,100,1,1,.\n1,1,0,0,2,5.1\n1,1,0,0,3,4.4\n1,6,0,0,2,5.5";
    let people = People::of_table_with_kinds(&table(text)).expect("people");
    assert_eq!(people.person("1").expect("a person").samples().kinds(), Some(&[2, 3, 2][..]));
}

#[test]
fn kinds_that_cannot_be_are_said() {
    let people = |text: &str| People::of_table_with_kinds(&table(text));
    let objective = |theory: &Theory, text: &str| theory.objective(&people(text)?, Method::Focei).map(|_| ());
    let one = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) })
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
        .expect("a theory");
    refused(
        objective(&one, KINDS),
        "the sample of person `1` at 1 h is of kind (DVID) 2, others are of kind 1: give each kind an error of its own (Theory::with_error_of)",
    );
    refused(
        objective(&two_kinds(), &KINDS.replace("1.2,2", "1.2,3")),
        "the sample of person `1` at 20 h is of kind (DVID) 3, others are of kind 1: give each kind an error of its own (Theory::with_error_of)",
    );
    refused(
        objective(&two_kinds(), "ID,TIME,AMT,EVID,DV,DVID\n1,0,100,1,.,.\n1,1,0,0,5.1,1"),
        "the theory has an error of samples of kind (DVID) 2, but there is none of that kind: leave it out, or read the table by People::of_table_with_kinds",
    );
    refused(
        people(&KINDS.replace("5.5,1", "5.5,.")).map(|_| ()),
        "the table, line 5: the observation has no DVID, others have one: fill it in",
    );
    refused(
        one.clone().with_error_of(2, ResidualError::LogNormal { cv: 0.1 }).map(|_| ()),
        "the error of kind 2 and that of other samples are not both log-normal: levels and logarithms of levels do not compare; take a proportional error in place of the log-normal one",
    );
    refused(
        two_kinds().with_error_of(2, ResidualError::Additive { sd: 1.0 }).map(|_| ()),
        "samples of kind 2 have an error already: keep one of the two",
    );
    let bare = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) }).expect("a theory");
    refused(
        bare.with_error_of(2, ResidualError::Additive { sd: 1.0 }).map(|_| ()),
        "samples of kind 2 have an error, but those of other kinds none: give theirs first (Theory::with_error)",
    );
    let sampled: Vec<Sampled> = people(KINDS).expect("people").iter().map(|(_, own)| own.clone()).collect();
    refused(
        two_kinds().fit_pooled(&sampled).map(|_| ()),
        "a fit of curves knows one error of all samples: take one kind by Sampled::of_table_by, or fit people (Theory::fit_people)",
    );
}
