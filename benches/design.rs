//! What samples tell, and the search for them.

use std::hint::black_box;

use criterion::{Criterion as Bench, criterion_group, criterion_main};
use menaquinone::assay::ResidualError;
use menaquinone::design::{Arm, Criterion, Design, Search, When};
use menaquinone::fit::{Theory, free};
use menaquinone::{Dose, FirstOrder, OneCompartment, TwoCompartment};

fn warfarin() -> Design {
    let body = OneCompartment { cl: free(0.15).varying(0.27), v: free(8.0).varying(0.14) };
    let theory = Theory::new(FirstOrder { ka: free(1.0).varying(0.9) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
        .expect("a theory");
    let arm = Arm::of(Dose::of(70.0)).people(32.0).at(&[0.5, 1.0, 2.0, 6.0, 24.0, 36.0, 72.0, 120.0]);
    Design::of(&theory, arm).expect("a design")
}

fn information(bench: &mut Bench) {
    let design = warfarin();
    bench.bench_function("matrix of people, 8 samples", |b| {
        b.iter(|| black_box(&design).information().expect("information").matrix()[(0, 0)]);
    });
}

fn six_of_two_hundred(bench: &mut Bench) {
    let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(1.27), v: free(154.0) })
        .and_then(|theory| theory.with_error(ResidualError::Combined { cv: 0.15, sd: 0.03 }))
        .expect("a theory");
    let design = Design::of(&theory, Arm::of(Dose::of(180.0))).expect("a design");
    let half_life = Criterion::c(|model| model.half_life().ln());
    let search = Search::of(&design, &half_life, When::between(0.0..=168.0).count(200)).samples(6);
    let on_grid = search.clone().on_grid();
    bench.bench_function("best six of 200 times, one contrast", |b| {
        b.iter(|| black_box(&on_grid).run().expect("a design").value());
    });
    bench.bench_function("best six times of a week, one contrast", |b| {
        b.iter(|| black_box(&search).run().expect("a design").value());
    });
}

fn two_arms(bench: &mut Bench) {
    let body = TwoCompartment {
        cl: free(1.27).varying(0.3),
        v1: free(60.0).varying(0.3),
        q: free(3.0).varying(0.3),
        v2: free(90.0).varying(0.3),
    };
    let theory = Theory::new(FirstOrder { ka: free(1.0).varying(0.4) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.15) }))
        .expect("a theory");
    let arm = || Arm::of(Dose::of(180.0)).people(12.0);
    let design = Design::of(&theory, arm()).and_then(|design| design.and(arm())).expect("a design");
    let search = Search::of(&design, &Criterion::d(), When::between(0.5..=36.0).every(0.5))
        .when_of(1, When::between(24.0..=168.0).every(2.0))
        .samples(6);
    bench.bench_function("two arms, early and late, five deviations", |b| {
        b.iter(|| black_box(&search).run().expect("a design").value());
    });
}

criterion_group! {
    name = benches;
    config = Bench::default().sample_size(10);
    targets = information, six_of_two_hundred, two_arms
}
criterion_main!(benches);
