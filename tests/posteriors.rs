//! Many people at once: each as if alone, whoever else is there and on however many threads.

use menaquinone::assay::ResidualError;
use menaquinone::fit::{Posterior, Sampled, Samples, Theory, fixed};
use menaquinone::random::{Purpose, Stream};
use menaquinone::{Dose, FirstOrder, OneCompartment, Regimen};

fn theory() -> Theory {
    let body = OneCompartment { cl: fixed(1.27).varying(0.35), v: fixed(154.0).varying(0.35) };
    Theory::new(FirstOrder { ka: 1.0 }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory")
}

/// People of that theory with three levels each, of the second week of 90 µg a day.
fn people(n: u32) -> Vec<Sampled> {
    let times = [313.0, 317.0, 336.0];
    let regimen: Regimen = Dose::of(90.0).every(24.0).times(14);
    let person = |subject: u32| {
        let mut draw = Stream { seed: 5, subject: u64::from(subject), purpose: Purpose::Residual }.draw();
        let mut normal = |spread: f64| (spread * draw.normal()).exp();
        let (cl, v) = (1.27 * normal(0.34), 154.0 * normal(0.34));
        let model = menaquinone::Model::new(FirstOrder { ka: 1.0 }, OneCompartment { cl, v }).expect("a model");
        let conc = model.concentrations(&regimen, &times).expect("levels");
        let conc: Vec<f64> = conc.into_iter().map(|conc| conc * normal(0.15)).collect();
        Sampled::new(regimen.clone(), Samples::new(&times, &conc).expect("samples"))
    };
    (0..n).map(person).collect()
}

/// All that is told of a person, to the bit.
fn told(person: &menaquinone::Result<Posterior>) -> Vec<u64> {
    let person = person.as_ref().expect("a posterior");
    let covariance = person.covariance().expect("variances");
    person.eta().iter().chain(covariance.iter()).chain([&person.ofv(), &person.focei()]).map(|x| x.to_bits()).collect()
}

#[test]
fn the_number_of_threads_and_who_else_is_there_change_no_bit() {
    let (theory, people) = (theory(), people(300));
    let all = |threads: usize| -> Vec<Vec<u64>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| theory.posteriors(&people)).iter().map(told).collect()
    };
    let one = all(1);
    for threads in [2, 3, 7] {
        assert!(all(threads) == one, "{threads} threads");
    }
    let part: Vec<Vec<u64>> = theory.posteriors(&people[120..170]).iter().map(told).collect();
    assert_eq!(part, one[120..170]);
    for i in [0, 57, 299] {
        assert_eq!(told(&theory.posterior(&people[i])), one[i]);
    }
}

#[test]
fn one_who_has_no_posterior_does_not_stop_the_others() {
    let mut people = people(3);
    // Levels before the first dose, which no deviation explains under a proportional error.
    people[1] = Sampled::new(Dose::of(90.0).at(400.0), Samples::new(&[10.0], &[1.0]).expect("samples"));
    let found = theory().posteriors(&people);
    assert!(found[0].is_ok() && found[2].is_ok());
    let error = found[1].as_ref().expect_err("an error").to_string();
    assert!(error.starts_with("no deviation of this person has a likelihood"), "{error}");

    let none = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl: 1.27, v: 154.0 }).expect("a theory");
    let refused = none.posteriors(&people);
    assert!(refused.len() == 3 && refused.iter().all(Result::is_err));
    assert!(theory().posteriors(&[]).is_empty());
}
