//! Diagnostics of many people: what simulated trials of the same designs say.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use menaquinone::assay::ResidualError;
use menaquinone::fit::{Method, People, Sampled, Samples, Theory, fixed};
use menaquinone::random::{Purpose, Stream};
use menaquinone::{Dose, FirstOrder, OneCompartment};

const TIMES: [f64; 8] = [0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 36.0];

/// A theory with three deviations, and 120 people of it with eight samples after a swallowed dose.
fn trial() -> (Theory, People) {
    let body = OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0).varying(0.2) };
    let theory = Theory::new(FirstOrder { ka: fixed(1.2).varying(0.5) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory");
    let one = |subject: u64| {
        let mut draw = Stream { seed: 1, subject, purpose: Purpose::Person }.draw();
        let [ka, cl, v] = [(1.2, 0.5), (1.0, 0.3), (10.0, 0.2)].map(|(median, sd)| median * (sd * draw.normal()).exp());
        let model = menaquinone::Model::new(FirstOrder { ka }, OneCompartment { cl, v }).expect("a model");
        let regimen = Dose::of(100.0).at(0.0);
        let levels = model.concentrations(&regimen, &TIMES).expect("levels");
        let conc: Vec<f64> = levels.iter().map(|level| level * (1.0 + 0.15 * draw.normal()).max(0.1)).collect();
        (subject.to_string(), Sampled::new(regimen, Samples::new(&TIMES, &conc).expect("samples")))
    };
    (theory, People::new((0..120).map(one)).expect("people"))
}

/// On one thread: what a machine with more cores does is this divided by them.
fn diagnostics(c: &mut Criterion) {
    let (theory, people) = trial();
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    c.bench_function("people/visual predictive check, 500 trials of 120 people with 8 samples", |b| {
        one.install(|| {
            b.iter(|| {
                let bands = theory.vpc(black_box(&people), 500, 42).and_then(|vpc| vpc.bands()).expect("bands");
                assert_eq!(bands.strata()[0].bins.len(), 8);
                bands
            });
        });
    });
    c.bench_function("people/the trials alone", |b| {
        one.install(|| b.iter(|| theory.vpc(black_box(&people), 500, 42).expect("a check")));
    });
    c.bench_function("people/prediction distribution errors, 1,000 draws of 120 people with 8 samples", |b| {
        one.install(|| b.iter(|| theory.npde(black_box(&people), 1000, 42).expect("errors")));
    });
    c.bench_function("people/residuals of 120 people with 8 samples", |b| {
        one.install(|| b.iter(|| theory.residuals(black_box(&people), Method::Focei).expect("residuals")));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(std::time::Duration::from_secs(2));
    targets = diagnostics
}
criterion_main!(benches);
