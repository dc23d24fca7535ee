//! Fits of people by SAEM: against the integral itself, and the same bits whatever the threads and the order.

mod common;

use common::people::theophylline_in_mg;
use menaquinone::assay::ResidualError;
use menaquinone::fit::{Method, People, PeopleFit, Saem, Sampled, Samples, Theory, fixed, free};
use menaquinone::{Bolus, Dose, FirstOrder, OneCompartment};

/// Whether the test is built for speed.
const FAST: bool = !cfg!(debug_assertions);

fn theophylline_theory() -> Theory {
    let body = OneCompartment { cl: free(2.0).varying(0.5), v: free(40.0).varying(0.3) };
    Theory::new(FirstOrder { ka: free(1.0).varying(0.6) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Additive { sd: free(1.0) }))
        .expect("a theory")
}

/// People with a dose of 100 into a vein, sampled at these times.
fn design(people: u32, times: &[f64]) -> People {
    let zeros = vec![0.0; times.len()];
    let samples = Samples::new(times, &zeros).expect("samples");
    let one = |id: u32| (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), samples.clone()));
    People::new((1..=people).map(one)).expect("people")
}

/// One random effect, a volume that does not vary, and an error of two numbers: nothing of the last three has a formula.
fn plain_theory(cl: f64) -> Theory {
    Theory::new(Bolus, OneCompartment { cl: free(cl).varying(0.4), v: free(9.0) })
        .and_then(|theory| theory.with_error(ResidualError::Combined { cv: free(0.1), sd: free(0.1) }))
        .expect("a theory")
}

fn far(a: &PeopleFit, b: &PeopleFit) -> f64 {
    let off = |(own, other): (&menaquinone::fit::PeopleEstimate, &menaquinone::fit::PeopleEstimate)| {
        (own.value - other.value).abs() / other.se.expect("an error")
    };
    a.estimates().iter().zip(&b.estimates()).map(off).fold(0.0, f64::max)
}

/// Twelve people, three effects: the exact likelihood at the end is the largest within a few hundredths.
#[test]
#[cfg_attr(debug_assertions, ignore = "half a minute without optimisation")]
fn theophylline_ends_at_the_largest_likelihood() {
    let people = theophylline_in_mg();
    let saem = Saem { draws: 2_000, ..Saem::of_seed(1) };
    let start = std::time::Instant::now();
    let fit = theophylline_theory().fit_people_by_saem(&people, saem).expect("a fit");
    println!("{fit}\n{:?}", start.elapsed());
    assert!(fit.settled(), "{fit}");
    // The integral by nodes at these estimates, and where a search by nodes ends.
    let exact =
        fit.theory().and_then(|own| own.objective(&people, Method::Quadrature { nodes: 7 })).expect("an objective");
    println!("by nodes {}", exact.ofv());
    let best = fit.theory().and_then(|own| own.fit_people(&people, Method::Quadrature { nodes: 7 })).expect("a fit");
    println!("{best}");
    assert!(exact.ofv() - best.ofv() < 0.1, "{} {}", exact.ofv(), best.ofv());
    assert!(far(&fit, &best) < 0.2);
    let error = fit.objective().monte_carlo_error().expect("an error");
    assert!((fit.ofv() - exact.ofv()).abs() < 4.0 * error, "{} {} {error}", fit.ofv(), exact.ofv());
}

/// Two effects that vary together.
#[test]
fn a_block_of_the_covariance_is_found() {
    let body = OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0).varying(0.25) };
    let theory = Theory::new(Bolus, body)
        .and_then(|theory| theory.with_omega(&[[0.09, 0.04], [0.04, 0.06]]))
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
        .expect("a theory");
    let people = theory.simulate(&design(if FAST { 100 } else { 12 }, &[1.0, 6.0, 18.0]), 11).expect("people");
    let saem =
        if FAST { Saem::of_seed(2) } else { Saem { draws: 300, exploring: 100, averaging: 100, ..Saem::of_seed(2) } };
    let fit = theory.fit_people_by_saem(&people, saem).expect("a fit");
    let other = theory.fit_people(&people, Method::Laplace).expect("a fit");
    println!("{fit}\n{other}");
    assert!(fit.settled(), "{fit}");
    assert!(far(&fit, &other) < if FAST { 0.2 } else { 0.5 }, "{fit}\n{other}");
    // Importance sampling finds the integral that nodes find.
    let exact =
        fit.theory().and_then(|own| own.objective(&people, Method::Quadrature { nodes: 9 })).expect("an objective");
    let error = fit.objective().monte_carlo_error().expect("an error");
    assert!((fit.ofv() - exact.ofv()).abs() < 4.0 * error, "{} {} {error}", fit.ofv(), exact.ofv());
}

/// What has no formula is found by steps, and agrees with nodes.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "a few people do not tell the second number of the error; many take long without optimisation"
)]
fn numbers_without_a_formula_agree_with_nodes() {
    let people =
        plain_theory(1.0).simulate(&design(if FAST { 30 } else { 12 }, &[0.5, 2.0, 6.0, 12.0]), 3).expect("people");
    let saem =
        if FAST { Saem::of_seed(5) } else { Saem { draws: 300, exploring: 100, averaging: 100, ..Saem::of_seed(5) } };
    let fit = plain_theory(1.5).fit_people_by_saem(&people, saem).expect("a fit");
    let exact = plain_theory(1.5).fit_people(&people, Method::Quadrature { nodes: 9 }).expect("a fit");
    println!("{fit}\n{exact}");
    assert!(fit.settled() && exact.settled());
    assert!(far(&fit, &exact) < if FAST { 0.2 } else { 0.5 }, "{fit}\n{exact}");
    let error = fit.objective().monte_carlo_error().expect("an error");
    assert!((fit.ofv() - exact.ofv()).abs() < 4.0 * error + 0.2, "{} {} {error}", fit.ofv(), exact.ofv());
    for (own, other) in fit.estimates().iter().zip(&exact.estimates()) {
        let (a, b) = (own.se.expect("an error"), other.se.expect("an error"));
        assert!((a / b - 1.0).abs() < if FAST { 0.2 } else { 0.5 }, "{}: {a} and {b}", own.name);
    }
}

/// Over eight sets of people, SAEM ends where nodes end: no number is off on average, and none is off by much more than its averaging leaves open.
#[test]
fn estimates_are_those_of_nodes_on_average() {
    // Levels fall to where the additive part is most of the error, so that all numbers are told.
    let off = |set: u32| -> Vec<f64> {
        let times = [0.5, 2.0, 6.0, 12.0, 24.0, 36.0];
        let people = plain_theory(1.0).simulate_above(&design(30, &times), set.into(), 0.01).expect("people");
        let saem = Saem { averaging: 400, draws: 100, ..Saem::of_seed(set.into()) };
        let fit = plain_theory(1.3).fit_people_by_saem(&people, saem).expect("a fit");
        let exact = plain_theory(1.3).fit_people(&people, Method::Quadrature { nodes: 9 }).expect("a fit");
        assert!(exact.settled(), "{set}: {exact}");
        let over = |(own, exact): (&menaquinone::fit::PeopleEstimate, &menaquinone::fit::PeopleEstimate)| {
            (own.value - exact.value) / exact.se.expect("an error")
        };
        fit.estimates().iter().zip(&exact.estimates()).map(over).collect()
    };
    let sets: Vec<Vec<f64>> = (1..=8).map(off).collect();
    for number in 0..sets[0].len() {
        let all: Vec<f64> = sets.iter().map(|set| set[number]).collect();
        let mean = all.iter().sum::<f64>() / 8.0;
        let rms = (all.iter().map(|own| own * own).sum::<f64>() / 8.0).sqrt();
        println!("number {number}: mean {mean:.3}, root mean square {rms:.3}: {all:.3?}");
        assert!(mean.abs() < 0.05 && rms < 0.1, "number {number}: {mean} {rms} {all:?}");
    }
}

/// The same bits on one thread and on four, and in another order of the people.
#[test]
fn threads_and_order_change_no_bit() {
    let theory = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: fixed(10.0) })
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
        .expect("a theory");
    let people = theory.simulate(&design(200, &[4.0]), 3).expect("people");
    let brief = Saem { exploring: 4, averaging: 100, chains: 5, draws: 20, ..Saem::of_seed(9) };
    let on = |threads: usize, people: &People| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| theory.fit_people_by_saem(people, brief)).expect("a fit")
    };
    let one = on(1, &people);
    let history = |fit: &PeopleFit| fit.history().expect("a history").clone();
    let four = on(4, &people);
    assert_eq!(history(&one), history(&four));
    assert_eq!(one.estimates(), four.estimates());
    assert_eq!(one.ofv().to_bits(), four.ofv().to_bits());
    let mut turned: Vec<(String, Sampled)> = people.iter().map(|(id, own)| (id.to_owned(), own.clone())).collect();
    turned.reverse();
    let turned = on(1, &People::new(turned).expect("people"));
    assert_eq!(history(&one), history(&turned));
    assert_eq!(one.estimates(), turned.estimates());
    assert_eq!(one.objective().person("7").expect("a person"), turned.objective().person("7").expect("a person"));
    assert!((one.ofv() - turned.ofv()).abs() < 1e-9);
}

/// Too few iterations from a start that is far off: it says so.
#[test]
fn what_has_not_settled_says_so() {
    let theory = |cl: f64| {
        Theory::new(Bolus, OneCompartment { cl: free(cl).varying(0.05), v: free(10.0) })
            .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.2) }))
            .expect("a theory")
    };
    let people = theory(1.0).simulate(&design(10, &[1.0, 12.0]), 3).expect("people");
    let saem = Saem { exploring: 0, averaging: 100, chains: 1, draws: 100, ..Saem::of_seed(1) };
    let fit = theory(8.0).fit_people_by_saem(&people, saem).expect("a fit");
    println!("{fit}");
    assert!(!fit.settled());
    assert!(fit.to_string().starts_with("SAEM has not settled after"), "{fit}");
}

/// People with three occasions, a swallowed dose on each.
fn occasions(people: u32, hours: &[f64]) -> People {
    let mut lines = vec!["ID,TIME,AMT,EVID,DV,OCC".to_owned()];
    for id in 1..=people {
        for occasion in 1..=3 {
            let at = 48.0 * f64::from(occasion - 1);
            lines.push(format!("{id},{at},100,1,.,{occasion}"));
            lines.extend(hours.iter().map(|hour| format!("{id},{},0,0,0,{occasion}", at + hour)));
        }
    }
    People::of_table(&lines.join("\n").parse().expect("a table")).expect("people")
}

/// Clearance varies between people and within, absorption within alone, volume between people alone.
fn within_theory() -> Theory {
    let body = OneCompartment { cl: free(1.0).varying(0.3).varying_within(0.2), v: free(10.0).varying(0.2) };
    Theory::new(FirstOrder { ka: free(0.8).varying_within(0.4) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
        .expect("a theory")
}

/// What varies from occasion to occasion is found: near the truth, and where Laplace finds it.
#[test]
#[cfg_attr(debug_assertions, ignore = "a minute without optimisation")]
fn occasions_are_told_from_people() {
    let truth = [0.8, 1.0, 10.0, 0.1, 0.09_f64.ln_1p(), 0.04_f64.ln_1p(), 0.16_f64.ln_1p(), 0.04_f64.ln_1p()];
    let people = within_theory().simulate(&occasions(30, &[0.5, 2.0, 8.0, 20.0]), 5).expect("people");
    let start = within_theory().starting_at(&[0.5, 1.5, 8.0, 0.2]).expect("a theory");
    let begun = std::time::Instant::now();
    let fit = start.fit_people_by_saem(&people, Saem::of_seed(3)).expect("a fit");
    println!("{fit}\n{:?}", begun.elapsed());
    assert!(fit.settled(), "{fit}");
    let names: Vec<String> = fit.estimates().into_iter().map(|own| own.name).collect();
    let expected =
        ["ka", "cl", "v", "cv", "omega2(cl)", "omega2(v)", "omega2(ka@OCC)", "omega2(cl@OCC)"].map(str::to_owned);
    assert_eq!(names, expected);
    for (own, truth) in fit.estimates().iter().zip(truth) {
        let off = (own.value / truth).ln() / own.rse.expect("an error");
        assert!(off.abs() < 3.0, "{}: {} {truth} {off}", own.name, own.value);
    }
    let begun = std::time::Instant::now();
    let other = fit.theory().and_then(|own| own.fit_people(&people, Method::Laplace)).expect("a fit");
    println!("{other}\n{:?}", begun.elapsed());
    assert!(other.settled() && far(&fit, &other) < 0.4, "{fit}\n{other}");
    for (own, other) in fit.estimates().iter().zip(&other.estimates()) {
        let (a, b) = (own.se.expect("an error"), other.se.expect("an error"));
        assert!((a / b - 1.0).abs() < 0.2, "{}: {a} and {b}", own.name);
    }
    // The objective is that of other draws within what the draws tell.
    let again = fit
        .theory()
        .and_then(|own| own.objective(&people, Method::Importance { draws: 3_000, seed: 8 }))
        .expect("an objective");
    // Laplace's estimates, which are off by what it neglects, are no likelier by the same draws.
    let there = other
        .theory()
        .and_then(|own| own.objective(&people, Method::Importance { draws: 3_000, seed: 8 }))
        .expect("an objective");
    println!("{} {}", again.ofv(), there.ofv());
    assert!(again.ofv() < there.ofv() + 0.1, "{} {}", again.ofv(), there.ofv());
    let [a, b] = [fit.objective(), &again].map(|own| own.monte_carlo_error().expect("an error"));
    assert!((fit.ofv() - again.ofv()).abs() < 4.0 * a.hypot(b), "{} {a}, {} {b}", fit.ofv(), again.ofv());
}

/// Where the levels are a line in the deviations, the likelihood has a closed form and its largest value is known to FOCEI.
#[test]
fn occasions_of_a_line_are_found_as_by_a_closed_form() {
    let mut lines = vec!["ID,TIME,AMT,EVID,DV,OCC".to_owned()];
    for id in 1..=12 {
        lines.push(format!("{id},0,1e-9,1,.,1"));
        lines.extend((0..6).map(|k| format!("{id},{},0,0,0,{}", k + 1, k / 2 + 1)));
    }
    let design = People::of_table(&lines.join("\n").parse().expect("a table")).expect("people");
    let theory = |within| {
        let template = menaquinone::Model::new(Bolus, OneCompartment { cl: 1e4, v: 10.0 }).expect("a model");
        Theory::of(template)
            .with(menaquinone::sensitivity::Number::Baseline, free(5.0).varying_normally(0.8).varying_within(within))
            .and_then(|theory| theory.with_error(ResidualError::Additive { sd: free(0.3) }))
            .expect("a theory")
    };
    let people = theory(0.5).simulate(&design, 4).expect("people");
    let saem = Saem { exploring: 100, averaging: 200, draws: 200, ..Saem::of_seed(6) };
    let fit = theory(0.9).fit_people_by_saem(&people, saem).expect("a fit");
    let exact = theory(0.9).fit_people(&people, Method::Focei).expect("a fit");
    println!("{fit}\n{exact}");
    assert!(fit.settled() && far(&fit, &exact) < 0.2, "{fit}\n{exact}");
    let at_fit = fit.theory().and_then(|own| own.objective(&people, Method::Focei)).expect("an objective").ofv();
    let error = fit.objective().monte_carlo_error().expect("an error");
    assert!((fit.ofv() - at_fit).abs() < 4.0 * error + 1e-9, "{} {at_fit} {error}", fit.ofv());
}

/// The bits with occasions: on one, two and four threads, and in another order of the people.
#[test]
fn threads_and_order_change_no_bit_of_occasions() {
    let people = within_theory().simulate(&occasions(8, &[2.0, 9.0]), 3).expect("people");
    let brief = Saem { exploring: 3, averaging: 100, chains: 2, draws: 10, ..Saem::of_seed(9) };
    let on = |threads: usize, people: &People| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| within_theory().fit_people_by_saem(people, brief)).expect("a fit")
    };
    let one = on(1, &people);
    let mut turned: Vec<(String, Sampled)> = people.iter().map(|(id, own)| (id.to_owned(), own.clone())).collect();
    turned.reverse();
    for other in [on(2, &people), on(4, &people), on(1, &People::new(turned).expect("people"))] {
        assert_eq!(one.history(), other.history());
        assert_eq!(one.estimates(), other.estimates());
        assert_eq!(one.objective().person("7").expect("a person"), other.objective().person("7").expect("a person"));
    }
}

/// Two kinds of observation, by an assay and by a rougher one: the error of each is found.
#[test]
#[cfg_attr(debug_assertions, ignore = "half a minute without optimisation")]
fn errors_of_two_kinds_are_found() {
    let mut lines = vec!["ID,TIME,AMT,DV,DVID".to_owned()];
    for id in 1..=40 {
        lines.push(format!("{id},0,100,.,."));
        for (hour, kind) in [(1, 1), (1, 2), (4, 1), (8, 1), (8, 2), (20, 1), (20, 2)] {
            lines.push(format!("{id},{hour},.,1,{kind}"));
        }
    }
    let design = People::of_table_with_kinds(&lines.join("\n").parse().expect("a table")).expect("people");
    let theory = |cv: f64, rough: f64| {
        let body = OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0).varying(0.2) };
        Theory::new(Bolus, body)
            .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(cv) }))
            .and_then(|theory| theory.with_error_of(2, ResidualError::Proportional { cv: free(rough) }))
            .expect("a theory")
    };
    let people = theory(0.08, 0.25).simulate(&design, 3).expect("people");
    let fit = theory(0.2, 0.4).fit_people_by_saem(&people, Saem::of_seed(2)).expect("a fit");
    let other = theory(0.2, 0.4).fit_people(&people, Method::Laplace).expect("a fit");
    println!("{fit}\n{other}");
    assert!(fit.settled() && far(&fit, &other) < 0.2, "{fit}\n{other}");
    let estimates = fit.estimates();
    for (name, truth) in [("cv", 0.08), ("cv#2", 0.25)] {
        let own = estimates.iter().find(|own| own.name == name).expect("an estimate");
        assert!((own.value / truth).ln().abs() < 3.0 * own.rse.expect("an error"), "{name}: {}", own.value);
    }
}

/// 120 people with 8 samples each, 500 iterations, three chains: how long that takes on one thread.
#[test]
#[cfg_attr(debug_assertions, ignore = "a measurement")]
fn a_hundred_and_twenty_people_are_timed() {
    let body = OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0).varying(0.2) };
    let theory = Theory::new(FirstOrder { ka: free(1.0).varying(0.4) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
        .expect("a theory");
    let times = [0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 18.0, 24.0];
    let samples = Samples::new(&times, &[0.0; 8]).expect("samples");
    let one = |id: u32| (id.to_string(), Sampled::new(Dose::of(100.0).at(0.0), samples.clone()));
    let people = theory.simulate(&People::new((1..=120).map(one)).expect("people"), 3).expect("people");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    for draws in [2, 1_000] {
        let start = std::time::Instant::now();
        let fit =
            pool.install(|| theory.fit_people_by_saem(&people, Saem { draws, ..Saem::of_seed(1) })).expect("a fit");
        println!("{draws} draws: {:?}, {} iterations", start.elapsed(), fit.history().expect("a history").rows.len());
        if draws > 2 {
            println!("{fit}");
            assert!(fit.settled(), "{fit}");
        }
    }
}

/// Settings that cannot be are refused in a sentence.
#[test]
fn settings_that_cannot_be_are_refused() {
    let people = plain_theory(1.0).simulate(&design(3, &[0.5, 4.0]), 3).expect("people");
    let refused = |saem: Saem| plain_theory(1.0).fit_people_by_saem(&people, saem).expect_err("an error").to_string();
    assert!(refused(Saem { chains: 0, ..Saem::of_seed(1) }).contains("0 chains a person cannot be"));
    assert!(refused(Saem { averaging: 99, ..Saem::of_seed(1) }).contains("at least 100 must be averaged"));
    assert!(refused(Saem { draws: 1, ..Saem::of_seed(1) }).contains("at least 2 draws"));
}
