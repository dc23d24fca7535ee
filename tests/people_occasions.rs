//! Fits of people who vary from occasion to occasion, against calculations that write each deviation out.

mod common;

use common::brute::{Joint, focei, laplace};
use common::refused;
use menaquinone::assay::ResidualError;
use menaquinone::fit::{Effect, Method, People, Sampled, Samples, Theory, fixed, free};
use menaquinone::records::{Between, Table};
use menaquinone::sensitivity::Number;
use menaquinone::{Absorb, Bolus, Dose, FirstOrder, Model, OneCompartment};

fn people(text: &str) -> People {
    People::of_table(&text.parse::<Table>().expect("a table")).expect("people")
}

/// Three people with two, three and one occasions of a swallowed dose each.
const TEXT: &str = "ID,TIME,AMT,EVID,DV,OCC\n\
    1,0,100,1,.,1\n1,1,0,0,5.1,1\n1,6,0,0,4.9,1\n1,20,0,0,1.2,1\n1,24,100,1,.,2\n1,26,0,0,7.9,2\n1,36,0,0,4.1,2\n\
    2,0,100,1,.,1\n2,2,0,0,5.9,1\n2,12,0,0,3.7,1\n2,48,100,1,.,2\n2,50,0,0,7.4,2\n2,60,0,0,3.0,2\n\
    2,96,100,1,.,3\n2,97,0,0,4.4,3\n2,105,0,0,4.6,3\n3,0,100,1,.,1\n3,3,0,0,8.8,1\n3,9,0,0,6.6,1\n3,30,0,0,1.1,1";

/// Clearance varies between people and within, absorption within alone, volume between people alone.
fn theory() -> Theory {
    let body = OneCompartment { cl: free(1.1).varying(0.3).varying_within(0.2), v: free(11.0).varying(0.25) };
    Theory::new(FirstOrder { ka: free(0.8).varying_within(0.4) }, body)
        .and_then(|theory| theory.with(Number::Tlag(0), fixed(0.25)))
        .and_then(|theory| theory.with_omega(&[[0.09, 0.03], [0.03, 0.06]]))
        .and_then(|theory| theory.with_error(ResidualError::Combined { cv: free(0.12), sd: free(0.2) }))
        .expect("a theory")
}

/// The same person by person: deviations of clearance and volume, then of absorption and clearance on each occasion.
fn joint(text: &str, id: &str) -> (usize, Joint) {
    let rows: Vec<&str> = text.lines().skip(1).filter(|line| line.starts_with(&format!("{id},"))).collect();
    let own = format!("{}\n{}", text.lines().next().expect("a header"), rows.join("\n"));
    let table: Table = own.parse().expect("a table");
    let y: Vec<f64> = table.records().iter().filter(|record| record.evid == 0).filter_map(|record| record.dv).collect();
    let occasions = table.records().iter().filter_map(|record| record.covariates[0]).fold(0.0, f64::max);
    let predict = move |eta: &[f64]| {
        let found = table.simulate_with(Between::Backward, |now| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few occasions")]
            let at = 2 * now.get("OCC")? as usize;
            let cl = 1.1 * (eta[0] + eta[at + 1]).exp();
            let process = FirstOrder { ka: 0.8 * eta[at].exp() }.lagged(0.25);
            Model::new(process, OneCompartment { cl, v: 11.0 * eta[1].exp() })
        });
        let found = found.expect("levels");
        table
            .records()
            .iter()
            .zip(found.rows())
            .filter(|(record, _)| record.evid == 0)
            .map(|(_, row)| row.conc)
            .collect()
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few occasions")]
    let n = 2 + 2 * occasions as usize;
    let within = [0.4_f64.powi(2).ln_1p(), 0.2_f64.powi(2).ln_1p()];
    let omega = nalgebra::DMatrix::from_fn(n, n, |i, j| match (i, j) {
        (0, 0) => 0.09,
        (1, 1) => 0.06,
        (0, 1) | (1, 0) => 0.03,
        _ if i == j => within[i % 2],
        _ => 0.0,
    });
    (n, Joint { y, omega, predict: Box::new(predict), variance: Box::new(|_, f| [0.0144 * f * f + 0.04, 0.0288 * f]) })
}

#[test]
fn objectives_agree_with_deviations_written_out() {
    let people = people(TEXT);
    let found =
        [Method::Focei, Method::Laplace].map(|method| theory().objective(&people, method).expect("an objective"));
    for id in ["1", "2", "3"] {
        let (n, joint) = joint(TEXT, id);
        for (found, expected) in found.iter().zip([focei(&joint), laplace(&joint)]) {
            let person = found.person(id).expect("a person");
            println!("{id} {}: {} and {expected}", found.method(), person.ofv);
            assert!((person.ofv - expected).abs() < 2e-6, "{id} {}: {} and {expected}", found.method(), person.ofv);
            assert_eq!((person.eta.len(), person.kappa.len()), (2, n - 2));
            assert_eq!(person.covariance.nrows(), n);
        }
    }
    let person = found[0].person("2").expect("a person");
    let names: Vec<String> = person.kappa.iter().map(|(name, _)| name.to_string()).collect();
    assert_eq!(names, ["ka@1", "cl@1", "ka@2", "cl@2", "ka@3", "cl@3"]);
}

/// Where the levels are a line in the deviations, every method is exact.
#[test]
fn a_line_in_the_deviations_has_a_closed_form() {
    let text = "ID,TIME,AMT,EVID,DV,OCC\n1,0,1e-9,1,.,1\n1,1,0,0,5.1,1\n1,2,0,0,5.9,1\n1,3,0,0,4.2,2\n1,4,0,0,4.4,2\n1,5,0,0,6.0,7\n\
        2,0,1e-9,1,.,1\n2,1,0,0,6.6,1\n2,2,0,0,7.3,1\n2,3,0,0,6.1,2\n2,4,0,0,5.4,2\n2,5,0,0,6.0,2";
    let people = people(text);
    let (mean, between, within, sd) = (5.0, 0.8_f64, 0.5_f64, 0.3_f64);
    // Where nothing stays for long, a level is the baseline of its own hour.
    let theory = Theory::of(Model::new(Bolus, OneCompartment { cl: 1e4, v: 10.0 }).expect("a model"))
        .with(Number::Baseline, fixed(mean).varying_normally(between).varying_within(within))
        .and_then(|theory| theory.with_error(ResidualError::Additive { sd }))
        .expect("a theory");
    let expected = |y: &[f64], occasions: &[u32]| {
        let n = y.len();
        let c = nalgebra::DMatrix::from_fn(n, n, |i, j| {
            let same = if occasions[i] == occasions[j] { within * within } else { 0.0 };
            between * between + same + if i == j { sd * sd } else { 0.0 }
        });
        let r = nalgebra::DVector::from_fn(n, |i, _| y[i] - mean);
        let root = c.cholesky().expect("a covariance");
        2.0 * root.l().diagonal().map(f64::ln).sum() + r.dot(&root.solve(&r))
    };
    let exact =
        expected(&[5.1, 5.9, 4.2, 4.4, 6.0], &[1, 1, 2, 2, 7]) + expected(&[6.6, 7.3, 6.1, 5.4, 6.0], &[1, 1, 2, 2, 2]);
    let methods = [
        Method::Fo,
        Method::Foce,
        Method::Focei,
        Method::LaplaceAtZero,
        Method::Laplace,
        Method::Quadrature { nodes: 5 },
    ];
    for method in methods {
        let found = theory.objective(&people, method).expect("an objective").ofv();
        assert!((found - exact).abs() < 1e-6, "{method}: {found} and {exact}");
    }
    let sampled = theory.objective(&people, Method::Importance { draws: 4_000, seed: 1 }).expect("an objective");
    let error = sampled.monte_carlo_error().expect("an error");
    assert!((sampled.ofv() - exact).abs() < 4.0 * error && error < 0.1, "{} {exact} {error}", sampled.ofv());
}

/// A trial that is simulated and fitted: names, shrinkage, covariance, and the theory at the estimates.
#[test]
fn occasions_are_told_from_people() {
    let mut lines = vec!["ID,TIME,AMT,EVID,DV,OCC".to_owned()];
    for id in 1..=16 {
        for occasion in 1..=3 {
            let at = 48 * (occasion - 1);
            lines.push(format!("{id},{at},100,1,.,{occasion}"));
            for hour in [1, 4, 12] {
                lines.push(format!("{id},{},0,0,0,{occasion}", at + hour));
            }
        }
    }
    let truth = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3).varying_within(0.2), v: free(10.0) })
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.05) }))
        .expect("a theory");
    let people = truth.simulate(&people(&lines.join("\n")), 3).expect("people");
    let fit = truth.fit_people(&people, Method::Focei).expect("a fit");
    println!("{fit}");
    assert!(fit.settled(), "{fit}");
    let estimates = fit.estimates();
    let names: Vec<&str> = estimates.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(names, ["cl", "v", "cv", "omega2(cl)", "omega2(cl@OCC)"]);
    for (own, truth) in estimates.iter().zip([1.0, 10.0, 0.05, 0.09_f64.ln_1p(), 0.04_f64.ln_1p()]) {
        let off = (own.value / truth).ln() / own.rse.expect("an error");
        assert!(off.abs() < 3.0, "{}: {} {truth} {off}", own.name, own.value);
    }
    let (name, shrinkage) = fit.shrinkage_within()[0];
    assert!(name.to_string() == "cl" && shrinkage > 0.0 && shrinkage < 0.4, "{shrinkage}");
    assert!(fit.to_string().contains("shrinkage of cl from occasion to occasion: "), "{fit}");
    let again = fit.theory().expect("a theory").objective(&people, Method::Focei).expect("an objective");
    assert!((again.ofv() - fit.ofv()).abs() < 1e-7, "{} {}", again.ofv(), fit.ofv());
    assert!(
        (fit.omega_within()[0].1 / fit.theory().expect("a theory").varying_within()[0].1.variances()[1] - 1.0).abs()
            < 1e-12
    );
    // Without occasions the same people fit far worse, and a person is asked of each.
    let plain = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0) })
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.05) }))
        .expect("a theory");
    let test = plain.fit_people(&people, Method::Focei).expect("a fit").against(&fit).expect("a test");
    assert!(test.more == 1 && test.p < 1e-10);
    // Written down, what is of occasions is in it.
    let csv = fit.people_to_csv();
    assert!(csv.starts_with("ID,OFV,SETTLED,ETA1,SE1,cl@1,cl@2,cl@3\n1,"), "{csv}");
    let second: Vec<&str> = csv.lines().nth(2).expect("a person").split(',').collect();
    let kappa = &fit.objective().people()[1].kappa;
    assert!(kappa.len() == 3 && (second[6].parse::<f64>().expect("a number") - kappa[1].1).abs() < 1e-12);
    let json = serde_json::to_value(&fit).expect("a fit");
    let number = |place: &str| json.pointer(place).and_then(serde_json::Value::as_f64).expect("a number");
    assert!((number("/omega_within/cl") / fit.omega_within()[0].1 - 1.0).abs() < 1e-12);
    assert!((number("/persons/1/kappa/cl@2") - kappa[1].1).abs() < 1e-12);
    let residuals = fit.residuals().expect("residuals");
    assert_eq!(residuals.names().iter().map(ToString::to_string).collect::<Vec<_>>(), ["cl", "cl@1", "cl@2", "cl@3"]);
    assert!(residuals.to_csv().starts_with(
        "ID,TIME,DV,CENS,PRED,RES,WRES,WRESI,IPRED,IRES,IWRES,CPRED,CRES,CWRES,CWRESI,ETA1,ETA2,ETA3,ETA4\n"
    ));
    assert!(fit.epsilon_shrinkage().expect("a shrinkage") < 0.4);
    let (mean, variance) = fit.npde(300, 1).expect("errors").mean_and_variance();
    assert!(mean.abs() < 0.3 && (0.6..1.4).contains(&variance), "{mean} {variance}");
    assert_eq!(fit.vpc(50, 1).and_then(|vpc| vpc.bands()).expect("bands").strata().len(), 1);
    let profile = fit.profile("omega2(cl@OCC)").expect("a profile");
    assert!(profile.low.expect("an end") < 0.04 && profile.high.expect("an end") > 0.04, "{profile}");
}

/// A deviation from occasion to occasion that nobody shows goes to zero, and it is said.
#[test]
fn occasions_that_do_not_differ_are_said() {
    let mut lines = vec!["ID,TIME,AMT,EVID,DV,OCC".to_owned()];
    for (id, cl) in [(1, 0.7_f64), (2, 0.9), (3, 1.0), (4, 1.2), (5, 1.4)] {
        for occasion in 1..=2 {
            let at = 72 * (occasion - 1);
            lines.push(format!("{id},{at},0,3,.,{occasion}\n{id},{at},100,1,.,{occasion}"));
            for (hour, wobble) in [(2, 1.05), (8, 0.93), (16, 1.04)] {
                let wobble = if occasion == 1 { wobble } else { 2.0 - wobble };
                let level = 10.0 * (-cl / 10.0 * f64::from(hour)).exp() * wobble;
                lines.push(format!("{id},{},0,0,{level},{occasion}", at + hour));
            }
        }
    }
    let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3).varying_within(0.2), v: free(10.0) })
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
        .expect("a theory");
    let fit = theory.fit_people(&people(&lines.join("\n")), Method::Focei).expect("a fit");
    assert!(fit.settled(), "{fit}");
    assert_eq!(fit.vanished(), ["omega2(cl@OCC)"]);
    assert!(fit.to_string().contains("omega2(cl@OCC) has gone to zero"), "{fit}");
}

#[test]
fn what_cannot_be_is_said_with_person_and_row() {
    let objective = |text: &str, method| theory().objective(&people(text), method).map(|_| ());
    let line = |which: &str, to: &str| TEXT.replace(which, to);
    refused(
        objective(&line("2,50,0,0,7.4,2", "2,50,0,0,7.4,1.5"), Method::Focei),
        "person `2`, the table, line 13: the occasion is 1.5, but occasions are numbered by whole numbers from 0 on",
    );
    refused(
        objective(&line("2,50,0,0,7.4,2", "2,50,0,0,7.4,."), Method::Focei),
        "person `2`, the table, line 13: the covariate OCC is missing, and the theory needs it: fill it in",
    );
    let plain = "ID,TIME,AMT,EVID,DV\n1,0,100,1,.\n1,1,0,0,5.1";
    refused(
        objective(plain, Method::Focei),
        "person `1` has no covariate OCC (the table, line 3), which the theory needs: give it with Sampled::with_covariates or in a column of the table",
    );
    refused(
        objective(TEXT, Method::Quadrature { nodes: 9 }),
        "9 nodes of each of 8 deviations of person `2` on all occasions cannot be: give 1 to 100, and at most 1000000 together; for more deviations take Laplace or importance sampling",
    );
}

/// Deviations that are normal or on the logit, of numbers that depend on a covariate, and of one sought between two ends.
#[test]
fn effects_stand_under_deviations_of_every_law() {
    let times = [1.0, 4.0, 10.0, 24.0];
    let levels = [[5.0, 7.1, 4.0, 0.9], [6.1, 8.3, 5.9, 2.4], [3.9, 5.2, 3.8, 1.2], [5.5, 6.0, 2.9, 0.5]];
    let weights = [60.0, 90.0, 110.0, 72.0];
    let person = |(id, wt): (usize, f64)| {
        let samples = Samples::new(&times, &levels[id]).expect("samples");
        (id.to_string(), Sampled::new(Dose::of(100.0).at(0.0), samples).with_covariates([("WT", wt)]))
    };
    let people = People::new(weights.into_iter().enumerate().map(person)).expect("people");
    let body =
        OneCompartment { cl: free(1.0).varying_normally(0.25), v: free(9.0).within(4.0..=30.0).varying_by_logit(0.4) };
    let theory = Theory::new(FirstOrder { ka: free(0.8).within(0.1..=5.0).varying(0.4) }, body)
        .and_then(|theory| theory.by(Number::Cl, "WT", Effect::Power { at: 70.0, exponent: free(0.6) }))
        .and_then(|theory| theory.by(Number::V, "WT", Effect::Linear { at: 70.0, slope: free(0.01) }))
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.15) }))
        .expect("a theory");
    let found = theory.objective(&people, Method::Focei).expect("an objective");
    for (id, wt) in weights.into_iter().enumerate() {
        let predict = move |eta: &[f64]| {
            let typical = 9.0 * (1.0 + 0.01 * (wt - 70.0));
            let odds = (typical - 4.0) / (30.0 - typical) * eta[2].exp();
            let v = 4.0 + 26.0 * odds / (1.0 + odds);
            let (ka, k) = (0.8 * eta[0].exp(), ((wt / 70.0_f64).powf(0.6) + eta[1]) / v);
            times.map(|t| 100.0 / v * ka / (ka - k) * ((-k * t).exp() - (-ka * t).exp())).to_vec()
        };
        let omega = nalgebra::DMatrix::from_diagonal(&nalgebra::dvector![0.4_f64.powi(2).ln_1p(), 0.0625, 0.16]);
        let variance = |_, f: f64| [0.0225 * f * f, 0.045 * f];
        let joint = Joint { y: levels[id].to_vec(), omega, predict: Box::new(predict), variance: Box::new(variance) };
        let (own, expected) = (found.people()[id].ofv, focei(&joint));
        assert!((own - expected).abs() < 2e-6, "{id}: {own} and {expected}");
    }
    let names: Vec<String> = found.names().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["ka", "cl", "v"]);
    let fit = theory.fit_people(&people, Method::Focei).expect("a fit");
    let names: Vec<String> = fit.estimates().into_iter().map(|own| own.name).collect();
    assert_eq!(names, ["ka", "cl", "v", "cl~WT", "v~WT", "cv", "omega2(ka)", "omega2(cl)", "omega2(v)"]);
    assert!(fit.ofv() < found.ofv());
}
