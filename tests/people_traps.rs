//! Fits of people: traps that other programs have fallen into.

mod common;

use common::people::theophylline_in_mg;
use menaquinone::assay::ResidualError;
use menaquinone::fit::{Method, People, Sampled, Samples, Theory, fixed, free};
use menaquinone::sensitivity::Number;
use menaquinone::{Bolus, Dose, FirstOrder, OneCompartment, Regimen, TwoCompartment};

/// People with a dose of 100 into a vein, sampled at these times.
fn design(people: u32, times: &[f64]) -> People {
    let samples = Samples::new(times, &vec![0.0; times.len()]).expect("samples");
    let one = |id: u32| (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), samples.clone()));
    People::new((1..=people).map(one)).expect("people")
}

/// One number sought that varies; the standard deviation of its logarithm is `omega`.
fn one(cl: f64, omega: f64, cv: f64) -> Theory {
    let spread = (omega * omega).exp_m1().sqrt();
    Theory::new(Bolus, OneCompartment { cl: free(cl).varying(spread), v: fixed(10.0) })
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv }))
        .expect("a theory")
}

/// The covariance is the inverse of *half* the Hessian of the objective, the modes found anew at each step.
#[test]
fn the_covariance_is_that_of_half_the_hessian() {
    let people = one(1.0, 0.3, 0.1).simulate(&design(8, &[3.0, 12.0]), 4).expect("people");
    let fit = one(1.0, 0.3, 0.1).fit_people(&people, Method::Focei).expect("a fit");
    assert!(fit.settled());
    let (cl, omega) = (fit.estimates()[0].value, fit.estimates()[1].value.sqrt());
    let at = |a: f64, b: f64| {
        let theory = one(cl * (0.01 * a).exp(), omega * (0.01 * b).exp(), 0.1);
        theory.objective(&people, Method::Focei).expect("an objective").ofv()
    };
    // Second differences of the objective itself, of fresh evaluations.
    let aa = (at(1.0, 0.0) - 2.0 * at(0.0, 0.0) + at(-1.0, 0.0)) / 1e-4;
    let bb = (at(0.0, 1.0) - 2.0 * at(0.0, 0.0) + at(0.0, -1.0)) / 1e-4;
    let ab = (at(1.0, 1.0) - at(1.0, -1.0) - at(-1.0, 1.0) + at(-1.0, -1.0)) / 4e-4;
    let half = 0.25 * (aa * bb - ab * ab);
    let (se_cl, se_omega) = ((0.5 * bb / half).sqrt(), (0.5 * aa / half).sqrt());
    let estimates = fit.estimates();
    assert!((estimates[0].rse.expect("an error") / se_cl - 1.0).abs() < 1e-3);
    assert!((estimates[1].rse.expect("an error") / (2.0 * se_omega) - 1.0).abs() < 1e-3);
    let covariance = fit.coordinate_covariance().expect("a covariance");
    assert!((covariance[(0, 0)].sqrt() / se_cl - 1.0).abs() < 1e-3);
    assert!(fit.score_covariance().is_some() && fit.sandwich().is_some());
    assert_eq!(fit.eigenvalues().expect("eigenvalues").len(), 2);
    let shrinkage = fit.epsilon_shrinkage().expect("a shrinkage");
    assert!(shrinkage > 0.0 && shrinkage < 0.8, "{shrinkage}");
}

/// Covariances that are zero by structure are no coordinates, and cost neither the Hessian nor the errors.
#[test]
fn structural_zeros_are_left_out() {
    let body = OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0).varying(0.3) };
    let theory = |omega: &[[f64; 2]]| {
        Theory::new(Bolus, body)
            .and_then(|theory| theory.with_omega(omega))
            .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.1 }))
            .expect("a theory")
    };
    let (apart, block) = (theory(&[[0.09, 0.0], [0.0, 0.09]]), theory(&[[0.09, 0.03], [0.03, 0.09]]));
    let people = block.simulate(&design(10, &[1.0, 12.0]), 4).expect("people");
    let fit = apart.fit_people(&people, Method::Focei).expect("a fit");
    let names: Vec<String> = fit.estimates().into_iter().map(|own| own.name).collect();
    assert_eq!(names, ["cl", "v", "omega2(cl)", "omega2(v)"]);
    assert!(fit.settled() && fit.estimates().iter().all(|own| own.se.is_some()));
    assert_eq!(fit.omega()[(0, 1)], 0.0);
    let wide = block.fit_people(&people, Method::Focei).expect("a fit");
    assert_eq!(wide.estimates()[3].name, "cov(cl, v)");
    assert_eq!(fit.against(&wide).expect("a test").more, 1);
    let error = wide.against(&fit).expect_err("an error").to_string();
    assert!(error.contains("name the theory with more unknowns second"), "{error}");
}

/// One level on the way up or down: from no deviation on, the nearest mode is the worse one by far.
#[test]
fn the_better_of_two_modes_is_found() {
    let (sd, omega, level) = (0.3, 1.0, 3.0);
    let spread = f64::exp_m1(omega * omega).sqrt();
    let theory =
        Theory::new(FirstOrder { ka: fixed(1.5).varying(spread) }, OneCompartment { cl: fixed(1.0), v: fixed(10.0) })
            .and_then(|theory| theory.with_error(ResidualError::Additive { sd }))
            .expect("a theory");
    let sampled = Sampled::new(Dose::of(100.0).at(0.0), Samples::new(&[4.0], &[level]).expect("samples"));
    let people = People::new([("1", sampled)]).expect("people");
    // -2 ln of the joint density, from the formula of Bateman.
    let joint = |eta: f64| {
        let (ka, k) = (1.5 * eta.exp(), 0.1_f64);
        let conc = 10.0 * ka / (ka - k) * ((-4.0 * k).exp() - (-4.0 * ka).exp());
        ((level - conc) / sd).powi(2) + (eta / omega).powi(2)
    };
    let downhill = |mut eta: f64| {
        while let Some(next) = [eta - 1e-3, eta + 1e-3].into_iter().find(|next| joint(*next) < joint(eta)) {
            eta = next;
        }
        eta
    };
    let (near, far) = (downhill(0.0), downhill(-1.5));
    assert!(near > 0.0 && far < -2.0 && joint(near) - joint(far) > 100.0, "{near} {far}");
    let found = theory.objective(&people, Method::Laplace).expect("an objective");
    assert!((found.people()[0].eta[0] - far).abs() < 2e-3, "{:?} {far}", found.people()[0].eta);
}

/// Without interaction the residual variance is that of the typical person while the mode is sought, too.
#[test]
fn without_interaction_the_mode_knows_the_typical_variance_alone() {
    let (levels, times) = ([8.4, 4.0], [3.0, 12.0]);
    let sampled = Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&times, &levels).expect("samples"));
    let people = People::new([("1", sampled)]).expect("people");
    let found = one(1.0, 0.3, 0.2).objective(&people, Method::Foce).expect("an objective");
    let conc = |eta: f64, t: f64| 10.0 * (-0.1 * eta.exp() * t).exp();
    let joint = |eta: f64| {
        let each = |(t, level): (&f64, &f64)| ((level - conc(eta, *t)) / (0.2 * conc(0.0, *t))).powi(2);
        times.iter().zip(&levels).map(each).sum::<f64>() + (eta / 0.3).powi(2)
    };
    let eta = found.people()[0].eta[0];
    assert!(joint(eta) < joint(eta + 1e-5) && joint(eta) < joint(eta - 1e-5));
    let other = one(1.0, 0.3, 0.2).objective(&people, Method::Focei).expect("an objective").people()[0].eta[0];
    assert!((eta - other).abs() > 1e-3);
}

/// One node is Laplace's approximation, and many nodes come to a limit.
#[test]
fn nodes_go_from_laplace_to_a_limit() {
    let people = one(1.0, 0.3, 0.2).simulate(&design(4, &[3.0, 20.0]), 4).expect("people");
    let by = |method| one(1.0, 0.3, 0.2).objective(&people, method).expect("an objective").ofv();
    assert!((by(Method::Quadrature { nodes: 1 }) - by(Method::Laplace)).abs() < 1e-10);
    // The integral itself, by the trapezoidal rule.
    let omega2 = 0.09;
    let exact: f64 = people
        .iter()
        .map(|(_, sampled)| {
            let joint = |eta: f64| {
                let each = |(t, level): (f64, f64)| {
                    let conc = 10.0 * (-0.1 * eta.exp() * t).exp();
                    ((level - conc) / (0.2 * conc)).powi(2) + 2.0 * (0.2 * conc).ln()
                };
                sampled.samples().levels().map(each).sum::<f64>() + eta * eta / omega2
            };
            let sum: f64 = (-6_000..=6_000).map(|i| (-0.5 * joint(f64::from(i) * 5e-4)).exp() * 5e-4).sum();
            -2.0 * (sum / (std::f64::consts::TAU * omega2).sqrt()).ln()
        })
        .sum();
    let far = |nodes: u32| (by(Method::Quadrature { nodes }) - exact).abs();
    // A level far below what is expected makes the density wide, so that the limit is slow to come.
    assert!(far(3) < far(1) && far(15) < 5e-3 && far(61) < 1e-5, "{} {} {} {}", far(1), far(3), far(15), far(61));
}

/// The number of threads and the order of the people change no bit of a fit.
#[test]
fn threads_and_order_change_no_bit() {
    // Enough people for several threads, where the test is built for speed.
    let count = if cfg!(debug_assertions) { 19 } else { 120 };
    let people = one(1.0, 0.3, 0.1).simulate(&design(count, &[3.0, 12.0]), 4).expect("people");
    let mut turned: Vec<(String, Sampled)> = people.iter().map(|(id, own)| (id.to_owned(), own.clone())).collect();
    turned.reverse();
    turned.swap(3, 17);
    let turned = People::new(turned).expect("people");
    let body = OneCompartment { cl: free(1.4).varying(0.5), v: free(12.0).varying(0.1) };
    let theory = Theory::new(Bolus, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.2) }))
        .expect("a theory");
    let on = |threads: usize, people: &People, method: Method| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| theory.fit_people(people, method).expect("a fit"))
    };
    for method in [Method::Focei, Method::Laplace] {
        let first = on(1, &people, method);
        for (threads, people) in [(2, &people), (4, &people), (1, &turned), (4, &turned)] {
            let fit = on(threads, people, method);
            assert_eq!(fit.to_string(), first.to_string());
            let bits = |fit: &menaquinone::fit::PeopleFit| -> Vec<u64> {
                let all = fit.estimates().into_iter().flat_map(|own| [own.value, own.se.unwrap_or(0.0)]);
                let more = fit
                    .shrinkage()
                    .into_iter()
                    .chain(fit.sandwich().into_iter().flat_map(|own| own.as_slice().to_vec()));
                all.chain(more).chain([fit.ofv()]).map(f64::to_bits).collect()
            };
            assert_eq!(bits(&fit), bits(&first), "{method} on {threads} threads");
            for id in people.ids() {
                assert_eq!(
                    fit.objective().person(id).expect("a person"),
                    first.objective().person(id).expect("a person")
                );
            }
        }
    }
}

/// A part of the error that goes to zero is held there and said; its profile has one end, and the rest has errors.
#[test]
fn a_part_of_the_error_that_goes_to_zero_is_said() {
    // Low levels are even nearer than in proportion.
    let truth = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: fixed(10.0) })
        .and_then(|theory| theory.with_error(ResidualError::Power { cv: fixed(0.04), exponent: 1.4 }))
        .expect("a theory");
    let people = truth.simulate(&design(12, &[1.0, 3.0, 12.0, 24.0]), 11).expect("people");
    let fit = |error: ResidualError<menaquinone::fit::Unknown>| {
        let fit = Theory::new(Bolus, OneCompartment { cl: free(1.2).varying(0.3), v: free(9.0) })
            .and_then(|theory| theory.with_error(error))
            .and_then(|theory| theory.fit_people(&people, Method::Focei))
            .expect("a fit");
        println!("{fit}");
        assert!(fit.settled(), "{fit}");
        fit
    };
    let alone = fit(ResidualError::Proportional { cv: free(0.2) });
    for error in [
        ResidualError::Combined { cv: free(0.2), sd: free(0.3) },
        ResidualError::CombinedSd { cv: free(0.2), sd: free(0.3) },
    ] {
        let both = fit(error);
        assert_eq!(both.vanished(), ["sd"]);
        assert!((both.ofv() - alone.ofv()).abs() < 1e-5, "{} and {}", both.ofv(), alone.ofv());
        let text = both.to_string();
        assert!(text.contains("sd has gone to zero: these samples tell no such part of their error"), "{text}");
        let estimates = both.estimates();
        assert!(estimates[3].name == "sd" && estimates[3].se.is_none() && estimates[3].value < 1e-6);
        for (own, other) in [0, 1, 2, 4].map(|i| &estimates[i]).into_iter().zip(alone.estimates()) {
            assert!((own.value / other.value - 1.0).abs() < 1e-4 && own.se.is_some(), "{}", own.name);
        }
        let profile = both.profile("sd").expect("a profile");
        assert!(profile.low.is_none() && profile.high.is_some_and(|high| high < 0.5), "{profile}");
    }
}

/// People who do not vary: the variance goes to zero, which is said, and its profile is one-sided.
#[test]
fn a_variance_that_goes_to_zero_is_said() {
    let levels: Vec<f64> = [3.0_f64, 12.0].iter().map(|t| 10.0 * (-0.1 * t).exp()).collect();
    let person = |id: u32| {
        let wobble = if id.is_multiple_of(2) { [1.06, 0.95] } else { [0.94, 1.05] };
        let conc: Vec<f64> = levels.iter().zip(wobble).map(|(level, by)| level * by).collect();
        (id.to_string(), Sampled::new(Dose::iv(100.0).at(0.0), Samples::new(&[3.0, 12.0], &conc).expect("samples")))
    };
    let people = People::new((1..=8).map(person)).expect("people");
    let fit = one(1.2, 0.3, 0.1).fit_people(&people, Method::Focei).expect("a fit");
    assert!(fit.settled(), "{fit}");
    assert_eq!(fit.vanished(), ["omega2(cl)"]);
    assert!(fit.estimates()[1].se.is_none() && fit.estimates()[0].se.is_some());
    assert!(
        fit.to_string().contains("omega2(cl) has gone to zero: these people do not tell that they vary in it"),
        "{fit}"
    );
    let profile = fit.profile("omega2(cl)").expect("a profile");
    assert_eq!(profile.low, None);
    let high = profile.high.expect("an upper end");
    assert!(high > 1e-4 && high < 0.2, "{high}");
    assert_eq!(profile.reason, "omega2(cl) has no lower end: the estimate itself has gone to zero");
    // Another number's profile holds it at zero.
    let cl = fit.profile("cl").expect("a profile");
    assert!(cl.low.is_some() && cl.high.is_some());
}

/// Starts that are twice off, up and down, lead where the true numbers lead: to no end that is above, and to no variance that was lost on the way.
#[test]
fn starts_that_are_far_off_lead_to_the_same_end() {
    let theory = |by: f64| {
        let body = TwoCompartment {
            cl: free(4.0 / by).varying(0.3),
            v1: free(70.0 * by).varying(if by > 2.0 { 0.5 } else { 0.3 }),
            q: free(4.0 * by),
            v2: free(50.0 * by).varying(if by > 2.0 { 0.5 } else { 0.3 }),
        };
        Theory::new(Bolus, body)
            .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.2 * by) }))
            .expect("a theory")
    };
    let times = [0.5, 2.0, 6.0, 24.0, 49.0, 52.0, 72.0, 120.0];
    let samples = Samples::new(&times, &[0.0; 8]).expect("samples");
    let doses: Regimen = Dose::iv(60_000.0).every(24.0).times(3);
    let one = |id: u32| (id.to_string(), Sampled::new(doses.clone(), samples.clone()));
    let design = People::new((1..=40).map(one)).expect("people");
    let people = theory(1.0).simulate(&design, 2).expect("people");
    let ofv = |by: f64| {
        let fit = theory(by).fit_people(&people, Method::Focei).expect("a fit");
        assert!(fit.settled(), "starts by {by}");
        fit.ofv()
    };
    let own = ofv(1.0);
    for by in [0.5, 2.2] {
        assert!((ofv(by) - own).abs() < 1e-4, "starts by {by}: {} is not {own}", ofv(by));
    }
}

/// A lag that starts beyond the first level has no likelihood there; that of all samples pooled has.
#[test]
fn a_start_without_a_likelihood_gives_way_to_the_samples_pooled() {
    let theory = |tlag: f64| {
        let body = OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0).varying(0.2) };
        Theory::new(FirstOrder { ka: free(1.0) }, body)
            .and_then(|theory| theory.with(Number::Tlag(0), free(tlag)))
            .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
            .expect("a theory")
    };
    let samples = Samples::new(&[0.5, 1.0, 3.0, 8.0, 24.0], &[0.0; 5]).expect("samples");
    let one = |id: u32| (id.to_string(), Sampled::new(Dose::of(100.0).at(0.0), samples.clone()));
    let people = theory(0.3).simulate(&People::new((1..=20).map(one)).expect("people"), 1).expect("people");
    let [near, far] = [0.3, 0.8].map(|tlag| theory(tlag).fit_people(&people, Method::Focei).expect("a fit").ofv());
    assert!((near - far).abs() < 1e-4, "{near} and {far}");
}

/// An error a thousand times too small, as when levels are in another unit than was thought, leads to the same end and not to absurd numbers.
#[test]
fn an_error_that_starts_far_too_small_leads_to_the_same_end() {
    let theory = |sd: f64| {
        let body = OneCompartment { cl: free(2.7).varying(0.3), v: free(32.0).varying(0.1) };
        Theory::new(FirstOrder { ka: free(1.5).varying(0.6) }, body)
            .and_then(|theory| theory.with_error(ResidualError::Combined { cv: free(0.1), sd: free(sd) }))
            .expect("a theory")
    };
    let people = theophylline_in_mg();
    let fits = [0.5, 5e-4].map(|sd| theory(sd).fit_people(&people, Method::Focei).expect("a fit"));
    assert!(fits.iter().all(menaquinone::fit::PeopleFit::settled));
    let [near, far] = fits.map(|fit| fit.ofv());
    assert!((near - far).abs() < 1e-6, "{near} and {far}");
}
