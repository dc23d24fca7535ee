//! How long does a non-compartmental analysis take? All metrics of 10,000 profiles of 25 samples, beside a plain one that
//! allocates, takes library logarithms and fits every window of the terminal slope anew.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use menaquinone::{
    Dose,
    nca::{Analysis, AreaRule, METRICS, Nca},
    random::Stream,
};

const PROFILES: usize = 10_000;
const TIMES: [f64; 25] = [
    0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 20.0, 24.0, 30.0, 36.0,
    48.0, 60.0, 72.0, 96.0,
];

/// One-compartment curves of random people, measured with an error of a few per cent.
fn profiles() -> Vec<[f64; 25]> {
    let mut draw = Stream::default().draw();
    let mut one = || {
        let (ka, k, scale) = (0.5 + 2.0 * draw.uniform(), 0.03 + 0.05 * draw.uniform(), 50.0 + 100.0 * draw.uniform());
        let noise: [f64; 25] = std::array::from_fn(|_| 1.0 + 0.1 * (draw.uniform() - 0.5));
        std::array::from_fn(|i| scale * ka / (ka - k) * ((-k * TIMES[i]).exp() - (-ka * TIMES[i]).exp()) * noise[i])
    };
    (0..PROFILES).map(|_| one()).collect()
}

fn analyse(conc: &[f64; 25], rule: AreaRule) -> Analysis {
    Nca::observed(&TIMES, conc).dose(Dose::of(1_000.0)).area(rule).analyse().expect("good samples")
}

fn all_metrics(conc: &[f64; 25], rule: AreaRule) -> f64 {
    black_box(analyse(conc, rule).values()).iter().map(|value| value.unwrap_or(0.0)).sum()
}

fn one_by_one(conc: &[f64; 25]) -> f64 {
    let analysis = analyse(conc, AreaRule::LinearUpLogDown);
    METRICS.iter().map(|metric| black_box(metric.value(&analysis)).unwrap_or(0.0)).sum()
}

/// The plain way: `[auc_inf_obs, aumc_inf_obs, lambda_z]`.
fn plain(conc: &[f64; 25]) -> [f64; 3] {
    let peak = (0..25).fold(0, |best, i| if conc[i] > conc[best] { i } else { best });
    let (mut auc, mut aumc) = (0.0, 0.0);
    for i in 0..24 {
        let ((t1, c1), (t2, c2)) = ((TIMES[i], conc[i]), (TIMES[i + 1], conc[i + 1]));
        if c2 < c1 && c2 > 0.0 {
            let k = (c1 / c2).ln() / (t2 - t1);
            auc += (c1 - c2) / k;
            aumc += (t1 * c1 - t2 * c2) / k + (c1 - c2) / (k * k);
        } else {
            auc += 0.5 * (t2 - t1) * (c1 + c2);
            aumc += 0.5 * (t2 - t1) * (t1 * c1 + t2 * c2);
        }
    }
    let fits: Vec<(f64, f64)> = (peak + 1..=22).filter_map(|from| plain_fit(&TIMES[from..], &conc[from..])).collect();
    let best = fits.iter().map(|fit| fit.0).fold(f64::NEG_INFINITY, f64::max);
    let lambda_z = fits.iter().find(|fit| fit.0 > best - 1e-4).expect("a fit").1;
    let last = conc[24] / lambda_z;
    [auc + last, aumc + last * (TIMES[24] + 1.0 / lambda_z), lambda_z]
}

/// Adjusted R² and slope of one window.
fn plain_fit(times: &[f64], conc: &[f64]) -> Option<(f64, f64)> {
    let logs: Vec<f64> = conc.iter().map(|conc| conc.ln()).collect();
    #[expect(clippy::cast_precision_loss, reason = "25 at most")]
    let n = times.len() as f64;
    let (t_mean, y_mean) = (times.iter().sum::<f64>() / n, logs.iter().sum::<f64>() / n);
    let xx: f64 = times.iter().map(|t| (t - t_mean).powi(2)).sum();
    let xy: f64 = times.iter().zip(&logs).map(|(t, y)| (t - t_mean) * (y - y_mean)).sum();
    let yy: f64 = logs.iter().map(|y| (y - y_mean).powi(2)).sum();
    let r2 = xy * xy / (xx * yy);
    (xy < 0.0).then(|| (1.0 - (1.0 - r2) * (n - 1.0) / (n - 2.0), -xy / xx))
}

fn nca(c: &mut Criterion) {
    let profiles = profiles();
    for conc in &profiles {
        let found = analyse(conc, AreaRule::LinearUpLogDown);
        let found = [found.auc_inf_obs(), found.aumc_inf_obs(), found.lambda_z()].map(|value| value.expect("a value"));
        // The plain moments divide a difference by k² and lose up to ten digits where two concentrations are nearly equal.
        for ((found, plain), allowed) in found.iter().zip(plain(conc)).zip([1e-9, 1e-4, 1e-11]) {
            assert!((found / plain - 1.0).abs() < allowed, "{found} is not {plain}");
        }
    }
    let mut group = c.benchmark_group("nca/25 samples/10000");
    group.throughput(Throughput::Elements(PROFILES as u64)).sample_size(30);
    let each = |rule| profiles.iter().map(|conc| all_metrics(conc, rule)).sum::<f64>();
    group.bench_function("all metrics", |b| b.iter(|| each(AreaRule::LinearUpLogDown)));
    group.bench_function("all metrics, linear", |b| b.iter(|| each(AreaRule::Linear)));
    group.bench_function("all metrics, one by one", |b| b.iter(|| profiles.iter().map(one_by_one).sum::<f64>()));
    group.bench_function("analyse", |b| {
        b.iter(|| profiles.iter().for_each(|conc| drop(black_box(analyse(conc, AreaRule::LinearUpLogDown)))));
    });
    group
        .bench_function("three metrics, plain", |b| b.iter(|| profiles.iter().map(|conc| plain(conc)[0]).sum::<f64>()));
    group.finish();
}

criterion_group!(benches, nca);
criterion_main!(benches);
