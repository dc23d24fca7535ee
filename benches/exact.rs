//! How long do the concentrations of one subject take? Each case stands beside the sum over its doses, two library
//! exponentials each, which is how the closed form is commonly written.
#![allow(missing_docs)]

use std::f64::consts::LN_2;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use menaquinone::{Dose, Model, Parameters, Regimen, grid, random::Stream, units::*};

const PARAMETERS: Parameters = Parameters { cl: 154.0 * LN_2 / 80.0, v: 154.0, ka: 0.4, tlag: 0.0, f: 1.0 };

fn model() -> Model {
    PARAMETERS.model().expect("good parameters")
}

/// The rival: every dose at every time.
fn sum_over_doses(doses: &[(f64, Dose)], times: &[f64]) -> Vec<f64> {
    let Parameters { v, ka, .. } = PARAMETERS;
    let ke = PARAMETERS.ke();
    let response = |u: f64| if u < 0.0 { 0.0 } else { ka / (v * (ka - ke)) * ((-ke * u).exp() - (-ka * u).exp()) };
    times.iter().map(|t| doses.iter().map(|(at, dose)| dose.amount * response(t - at)).sum()).collect()
}

fn assert_same(found: &[f64], rival: &[f64]) {
    assert_eq!(found.len(), rival.len());
    for (found, rival) in found.iter().zip(rival) {
        // The rival's difference loses digits just after a first dose.
        assert!((found - rival).abs() <= 1e-11 * rival + 1e-14, "{found} is not {rival}");
    }
}

/// 180 µg a day for 90 days, every hour of 100 days.
fn ninety_days(c: &mut Criterion) {
    let (model, times) = (model(), grid(0.0..=100.0 * DAY, HOUR));
    let regimen: Regimen = Dose::of(180.0).every(DAY).times(90);
    let doses = regimen.doses(f64::INFINITY);
    let mut conc = vec![0.0; times.len()];
    let right = sum_over_doses(&doses, &times);
    assert_same(&model.concentrations(&regimen, &times).expect("a good regimen"), &right);

    let mut group = c.benchmark_group("exact/90 days/2401");
    group.bench_function("concentrations_into", |b| {
        b.iter(|| model.concentrations_into(&regimen, &times, &mut conc).expect("a good regimen"));
    });
    assert_same(&conc, &right);
    group.bench_function("concentrations", |b| {
        b.iter(|| model.concentrations(&regimen, &times).expect("a good regimen"));
    });
    group.bench_function("profile", |b| b.iter(|| model.profile(&regimen, &times).expect("a good regimen")));
    group.sample_size(10).bench_function("sum over doses", |b| b.iter(|| sum_over_doses(&doses, &times)));
    group.finish();
}

/// 10,000 doses at random times, and as many output times.
fn diary(c: &mut Criterion) {
    let (model, mut draw) = (model(), Stream::default().draw());
    let mut now = 0.0;
    let mut next_dose = || {
        now += 48.0 * draw.uniform();
        (now, Dose::of(50.0 + 100.0 * draw.uniform()))
    };
    let doses: Vec<(f64, Dose)> = (0..10_000).map(|_| next_dose()).collect();
    let mut times: Vec<f64> = (0..10_000).map(|_| now * draw.uniform()).collect();
    times.sort_by(f64::total_cmp);
    let regimen: Regimen = doses.iter().copied().collect();
    // The rival for a tenth of the times, spread over the diary: its cost is proportional to their number.
    let tenth: Vec<f64> = times.iter().step_by(10).copied().collect();
    assert_same(&model.concentrations(&regimen, &tenth).expect("a good diary"), &sum_over_doses(&doses, &tenth));

    let mut group = c.benchmark_group("exact/diary/10000");
    group
        .bench_function("concentrations", |b| b.iter(|| model.concentrations(&regimen, &times).expect("a good diary")));
    group.bench_function("with the regimen collected", |b| {
        b.iter_batched(
            || doses.clone(),
            |doses| model.concentrations(doses.into_iter().collect::<Regimen>(), &times).expect("a good diary"),
            BatchSize::LargeInput,
        );
    });
    group.sample_size(10);
    group.bench_function("sum over doses, a tenth of the times", |b| b.iter(|| sum_over_doses(&doses, &tenth)));
    group.finish();
}

criterion_group!(benches, ninety_days, diary);
criterion_main!(benches);
