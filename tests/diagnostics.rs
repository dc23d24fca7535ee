//! Diagnostics of population fits: residuals against NONMEM's table, what simulated people say, visual predictive checks.

use std::collections::BTreeMap;
use std::path::Path;

use menaquinone::assay::ResidualError;
use menaquinone::fit::{Method, People, Report, Sampled, Samples, Theory, fixed};
use menaquinone::{Bolus, Dose, OneCompartment};

/// The rows of a file of numbers, by the names of the columns.
fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/fit").join(file);
    let all = std::fs::read_to_string(path).expect("a file").replace('"', "");
    let mut lines = all.lines().filter(|line| !line.starts_with('#'));
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let row = |line: &str| names.iter().zip(line.split(',')).map(|(a, b)| ((*a).to_owned(), b.to_owned())).collect();
    lines.map(row).collect()
}

fn number(row: &BTreeMap<String, String>, name: &str) -> f64 {
    row[name].trim().parse().unwrap_or_else(|_| panic!("{name} is `{}`", row[name]))
}

/// Ten people with a dose of 10 into a volume of 1, and a level at 0 and at 1.
fn wang() -> People {
    let mut people: BTreeMap<u32, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for row in rows("wang2007.csv") {
        let person = people.entry(row["ID"].parse().expect("an id")).or_default();
        person.0.push(number(&row, "Time"));
        person.1.push(number(&row, "Y"));
    }
    let one = |(id, (times, conc)): (u32, (Vec<f64>, Vec<f64>))| {
        (id.to_string(), Sampled::new(Dose::iv(10.0).at(0.0), Samples::new(&times, &conc).expect("samples")))
    };
    People::new(people.into_iter().map(one)).expect("people")
}

fn wang_theory(error: ResidualError) -> Theory {
    let body = OneCompartment { cl: fixed(0.5).varying(0.2), v: fixed(1.0) };
    Theory::new(Bolus, body)
        .and_then(|theory| theory.with_omega(&[[0.04]]))
        .and_then(|theory| theory.with_error(error))
        .expect("a theory")
}

fn proportional() -> ResidualError {
    ResidualError::Proportional { cv: 0.1_f64.sqrt() }
}

/// Half a unit of the fifth digit, in which NONMEM prints.
fn half_a_digit(value: f64) -> f64 {
    if value == 0.0 { 1e-9 } else { 0.5001 * 10_f64.powf(value.abs().log10().floor() - 4.0) }
}

/// Every column of NONMEM's table that is not drawn, at the five digits that it prints.
#[test]
fn residuals_are_those_of_nonmem() {
    let people = wang();
    let theory = wang_theory(proportional());
    let found = theory.residuals(&people, Method::Focei).expect("residuals");
    let expected = rows("wang2007_nonmem_residuals.csv");
    assert_eq!(found.rows().len(), expected.len());
    let mut worst: BTreeMap<&str, f64> = BTreeMap::new();
    for (row, expected) in found.rows().iter().zip(&expected) {
        let Report::Level(dv) = row.report else { panic!("a level") };
        let own = [
            ("DV", Some(dv)),
            ("TIME", Some(row.time)),
            ("PRED", Some(row.pred)),
            ("NPRED", Some(row.pred)),
            ("PREDI", Some(row.pred)),
            ("RES", row.res),
            ("NRES", row.res),
            ("RESI", row.res),
            ("NWRES", row.wres),
            ("WRES", row.wresi),
            ("WRESI", row.wresi),
            ("IPRE", Some(row.ipred)),
            ("IRES", row.ires),
            ("IWRES", row.iwres),
            ("CPRED", Some(row.cpred)),
            ("CPREDI", Some(row.cpred)),
            ("CRES", row.cres),
            ("CRESI", row.cres),
            ("CWRES", row.cwres),
            ("CWRESI", row.cwresi),
        ];
        assert_eq!(row.id, expected["ID"]);
        for (name, own) in own {
            let (own, printed) = (own.expect("a number"), number(expected, name));
            let off = (own - printed).abs() / half_a_digit(printed);
            let most = worst.entry(name).or_default();
            *most = most.max(off);
        }
    }
    println!("in halves of the last digit: {worst:?}");
    for (name, worst) in worst {
        assert!(worst <= 1.0, "{name}: {worst} halves of the last digit");
    }
    for ((id, eta), expected) in found.etas().zip(expected.iter().step_by(2)) {
        assert_eq!(id, expected["ID"]);
        let printed = number(expected, "ETA1");
        assert!((eta[0] - printed).abs() < half_a_digit(printed), "{id}: {} and {printed}", eta[0]);
    }
}

/// Two samples that go together: the symmetric root, by hand for a covariance of two by two, and not that of Cholesky.
#[test]
fn the_residuals_of_a_person_are_decorrelated_by_the_symmetric_root() {
    let samples = Samples::new(&[1.0, 2.0], &[5.0, 4.5]).expect("samples");
    let people = People::new([("a", Sampled::new(Dose::iv(10.0).at(0.0), samples))]).expect("people");
    let found = wang_theory(ResidualError::Additive { sd: 0.2 }).residuals(&people, Method::Foce).expect("residuals");
    let [f, g] = [10.0 * (-0.5_f64).exp(), 10.0 * (-1.0_f64).exp()];
    let [a, b] = [-0.5 * f, -g]; // slopes by the deviation of cl
    let (c, off) = ([[0.04 * a * a + 0.04, 0.04 * a * b], [0.04 * a * b, 0.04 * b * b + 0.04]], [5.0 - f, 4.5 - g]);
    // The root of a matrix of two by two: (C + s I)/t with s = sqrt(det), t = sqrt(trace + 2 s).
    let s = (c[0][0] * c[1][1] - c[0][1] * c[1][0]).sqrt();
    let t = (c[0][0] + c[1][1] + 2.0 * s).sqrt();
    let root = [[(c[0][0] + s) / t, c[0][1] / t], [c[1][0] / t, (c[1][1] + s) / t]];
    let det = root[0][0] * root[1][1] - root[0][1] * root[1][0];
    let expected =
        [(root[1][1] * off[0] - root[0][1] * off[1]) / det, (root[0][0] * off[1] - root[1][0] * off[0]) / det];
    for (row, expected) in found.rows().iter().zip(expected) {
        assert!((row.wres.expect("a residual") - expected).abs() < 1e-10, "{:?} and {expected}", row.wres);
    }
}

/// With a log-normal error residuals are those of logarithms, and predictions stay levels.
#[test]
fn log_normal_errors_compare_logarithms() {
    let people = wang();
    let cv = 0.3_f64;
    let found = wang_theory(ResidualError::LogNormal { cv }).residuals(&people, Method::Focei).expect("residuals");
    let sd = (cv * cv).ln_1p().sqrt();
    for row in found.rows() {
        let Report::Level(dv) = row.report else { panic!("a level") };
        assert!((row.res.expect("a residual") - (dv / row.pred).ln()).abs() < 1e-12);
        assert!((row.iwres.expect("a residual") - (dv / row.ipred).ln() / sd).abs() < 1e-12);
        assert!((row.cres.expect("a residual") - (dv / row.cpred).ln()).abs() < 1e-12);
        // ln f = ln 10 - 0.5 e^eta t, whose slope by eta is -0.5 e^eta t.
        let eta = found.etas().find(|(id, _)| *id == row.id).expect("a person").1[0];
        let a = -0.5 * eta.exp() * row.time;
        let expected = row.cres.expect("a residual") / (0.04 * a * a + sd * sd).sqrt();
        assert!((row.cwres.expect("a residual") - expected).abs() < 1e-9);
        assert_eq!(row.cwres, row.cwresi);
    }
}

/// A sample below the limit has a place in the table and no residual, and takes no part in the others' covariance.
#[test]
fn a_sample_outside_a_limit_has_no_residual() {
    let samples =
        |last: f64| Samples::new(&[0.0, 1.0, 8.0], &[10.2, 6.3, last]).expect("samples").below(0.5).expect("a limit");
    let people = |last| People::new([("x, y", Sampled::new(Dose::iv(10.0).at(0.0), samples(last)))]).expect("people");
    let theory = wang_theory(proportional());
    let found = theory.residuals(&people(0.1), Method::Focei).expect("residuals");
    assert_eq!(found.method(), Method::Laplace); // what is used where samples are censored
    let row = &found.rows()[2];
    assert_eq!(row.report, Report::Below(0.5));
    assert!(
        row.pred > 0.0
            && row.ipred > 0.0
            && [row.res, row.wres, row.iwres, row.cwres, row.cwresi].iter().all(Option::is_none)
    );
    // About no deviation the others are weighed as if it were not there.
    let two = Samples::new(&[0.0, 1.0], &[10.2, 6.3]).expect("samples");
    let two = People::new([("x", Sampled::new(Dose::iv(10.0).at(0.0), two))]).expect("people");
    let without = theory.residuals(&two, Method::Laplace).expect("residuals");
    assert_eq!(found.rows()[1].wres, without.rows()[1].wres);
    let text = found.to_csv();
    let last = text.lines().last().expect("a line");
    assert!(last.starts_with("\"x, y\",8,0.5,1,0.18315638888734"), "{last}");
}
