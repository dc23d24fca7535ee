//! How long do the steady states of many people take? In bulk from rows and from columns, and one by one for comparison.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use menaquinone::{Dose, Exposure, Parameters, population::ParameterColumns, random::Stream, units::*};

const SETS: usize = 100_000;

fn steady_state(c: &mut Criterion) {
    let mut draw = Stream::default().draw();
    let mut set = || Parameters {
        cl: 0.5 + 2.0 * draw.uniform(),
        v: 100.0 + 100.0 * draw.uniform(),
        ka: 0.2 + draw.uniform(),
        tlag: 0.0,
        f: 1.0,
    };
    let sets: Vec<Parameters> = (0..SETS).map(|_| set()).collect();
    let lagged: Vec<Parameters> = sets.iter().map(|set| Parameters { tlag: 2.0, ..*set }).collect();
    let daily = Dose::of(90.0 * UG).every(DAY);
    let one = |set: &Parameters| -> Exposure {
        let model = set.model().expect("good parameters");
        model.steady_state(daily.clone()).expect("a steady state").exposure()
    };
    let mut exposures = daily.exposures(&sets).expect("good parameters");
    for (set, found) in sets.iter().zip(&exposures).step_by(1_000) {
        let alone = one(set);
        assert!((found.cmax / alone.cmax - 1.0).abs() < 1e-13 && (found.ctrough / alone.ctrough - 1.0).abs() < 1e-13);
    }
    let column = |of: fn(&Parameters) -> f64| -> Vec<f64> { sets.iter().map(of).collect() };
    let [cl, v, ka] = [column(|set| set.cl), column(|set| set.v), column(|set| set.ka)];
    let lags = vec![2.0; SETS];
    let columns = ParameterColumns { cl: &cl, v: &v, ka: &ka, tlag: None, f: None };
    let lagged_columns = ParameterColumns { tlag: Some(&lags), ..columns };
    let mut in_columns = daily.exposure_columns(columns).expect("good parameters");
    assert!(in_columns.rows().eq(exposures.iter().copied()));

    let mut group = c.benchmark_group("steady state/oral");
    group.throughput(Throughput::Elements(SETS as u64));
    group.bench_function("into/100000", |b| {
        b.iter(|| daily.exposures_into(&sets, &mut exposures).expect("good parameters"));
    });
    group.bench_function("columns into/100000", |b| {
        b.iter(|| daily.exposure_columns_into(columns, &mut in_columns).expect("good parameters"));
    });
    group.bench_function("into, lagged/100000", |b| {
        b.iter(|| daily.exposures_into(&lagged, &mut exposures).expect("good parameters"));
    });
    group.bench_function("columns into, lagged/100000", |b| {
        b.iter(|| daily.exposure_columns_into(lagged_columns, &mut in_columns).expect("good parameters"));
    });
    group.bench_function("fresh/100000", |b| b.iter(|| daily.exposures(&sets).expect("good parameters")));
    group.throughput(Throughput::Elements(100)).sample_size(10);
    group.bench_function("one by one/100", |b| b.iter(|| sets[..100].iter().map(one).collect::<Vec<_>>()));
    group.finish();
}

criterion_group!(benches, steady_state);
criterion_main!(benches);
