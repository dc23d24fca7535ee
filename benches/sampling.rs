//! How long does it take to draw people? Four correlated parameters each, the checked model included.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use menaquinone::{
    Model, Parameters, Population, Result,
    random::{Covariance, Draw, Stream},
    vitamer::MK7,
};

const PEOPLE: u64 = 100_000;

fn sampling(c: &mut Criterion) {
    let typical = MK7.nominal().parameters;
    let correlations = [(0, 1, 0.5), (0, 2, 0.1), (1, 2, 0.2), (0, 3, -0.1)];
    let omega = Covariance::of_cvs([0.35, 0.35, 0.40, 0.30], &correlations).expect("a covariance");
    let person = |draw: &mut Draw| -> Result<Model> {
        let [cl, v, ka, tlag] = draw.factors(&omega);
        let Parameters { cl: cl0, v: v0, ka: ka0, .. } = typical;
        Parameters { cl: cl0 * cl, v: v0 * v, ka: ka0 * ka, tlag: 0.5 * tlag, f: 1.0 }.model()
    };
    let people = Population::sample(PEOPLE, 42, person).expect("people");
    assert_eq!(
        people.slice(5_000..5_010).expect("a slice"),
        Population::sample_range(5_000..5_010, 42, person).expect("people")
    );

    let mut group = c.benchmark_group("sampling/four correlated parameters");
    group.throughput(Throughput::Elements(PEOPLE)).sample_size(20);
    group.bench_function("population/100000", |b| {
        b.iter(|| Population::sample(PEOPLE, 42, person).expect("people"));
    });
    // Where the time goes: the numbers alone, without a model and without memory for it.
    group.bench_function("numbers only/100000", |b| {
        b.iter(|| {
            let numbers = |subject| {
                let [cl, v, ka, tlag] = Stream { seed: 42, subject, ..Stream::default() }.draw().factors(&omega);
                cl + v + ka + tlag
            };
            (0..PEOPLE).map(numbers).sum::<f64>()
        });
    });
    group.finish();
}

criterion_group!(benches, sampling);
criterion_main!(benches);
