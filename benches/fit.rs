//! One curve fitted, how sure it is, and the mode of one person.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use menaquinone::assay::ResidualError;
use menaquinone::fit::{Sampled, Samples, Target, Theory, fixed, free};
use menaquinone::random::{Purpose, Stream};
use menaquinone::sensitivity::Number;
use menaquinone::{Dose, FirstOrder, Model, OneCompartment, Regimen};

const TIMES: [f64; 10] = [0.25, 0.57, 1.12, 2.02, 3.82, 5.1, 7.03, 9.05, 12.12, 24.37];

/// A curve of ten samples with three unknowns.
fn curve() -> (Theory, Sampled) {
    let conc = [2.84, 6.57, 10.5, 9.66, 8.58, 8.36, 7.47, 6.89, 5.94, 3.28];
    let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(3.0), v: free(30.0) })
        .and_then(|theory| theory.with_error(ResidualError::Additive { sd: 0.7 }))
        .expect("a theory");
    let samples = Samples::new(&TIMES, &conc).expect("samples");
    (theory, Sampled::new(Dose::of(320.0).at(0.0), samples))
}

fn fits(c: &mut Criterion) {
    let (theory, sampled) = curve();
    c.bench_function("fit/one curve, 10 samples, 3 unknowns", |b| {
        b.iter(|| theory.fit(black_box(&sampled)).expect("a fit"));
    });
    let fit = theory.fit(&sampled).expect("a fit");
    c.bench_function("fit/profile of one number", |b| {
        b.iter(|| fit.profile(black_box(Number::Cl)).expect("an interval"));
    });
    c.bench_function("fit/profile of the half-life", |b| {
        b.iter(|| fit.profile_of(black_box(Model::half_life)).expect("an interval"));
    });
}

fn people(c: &mut Criterion) {
    let body = OneCompartment { cl: fixed(1.27).varying(0.35), v: fixed(154.0).varying(0.35) };
    let theory = Theory::new(FirstOrder { ka: 1.0 }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory");
    let samples = Samples::new(&[312.0, 317.0], &[1.1, 1.7]).expect("samples");
    let sampled = Sampled::new("90 ug daily for 14 days".parse().expect("a regimen"), samples);
    let daily = || Dose::of(90.0).every(24.0);
    let target = Target::ctrough(2.0..=4.0).expect("a target");
    c.bench_function("fit/mode of one person and the dose", |b| {
        b.iter(|| {
            let person = theory.posterior(black_box(&sampled)).expect("a posterior");
            person.model().dosing_for(daily(), target).expect("a dose")
        });
    });
}

/// Ten thousand people with three levels each, on all cores that there are.
fn many(c: &mut Criterion) {
    let body = OneCompartment { cl: fixed(1.27).varying(0.35), v: fixed(154.0).varying(0.35) };
    let theory = Theory::new(FirstOrder { ka: fixed(1.0).varying(0.3) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory");
    let regimen: Regimen = "90 ug daily for 14 days".parse().expect("a regimen");
    let times = [313.0, 317.0, 336.0];
    let person = |subject: u64| {
        let mut draw = Stream { seed: 5, subject, purpose: Purpose::Residual }.draw();
        let mut normal = |spread: f64| (spread * draw.normal()).exp();
        let model = Model::new(
            FirstOrder { ka: normal(0.3) },
            OneCompartment { cl: 1.27 * normal(0.34), v: 154.0 * normal(0.34) },
        );
        let conc = model.and_then(|model| model.concentrations(&regimen, &times)).expect("levels");
        let conc = conc.into_iter().map(|conc| conc * normal(0.15)).collect::<Vec<_>>();
        Sampled::new(regimen.clone(), Samples::new(&times, &conc).expect("samples"))
    };
    let people: Vec<Sampled> = (0..10_000).map(person).collect();
    let mut group = c.benchmark_group("fit");
    group.sample_size(10);
    group.bench_function("modes of 10,000 people", |b| b.iter(|| theory.posteriors(black_box(&people))));
    group.finish();
}

criterion_group!(benches, fits, people, many);
criterion_main!(benches);
