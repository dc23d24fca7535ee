//! One subject, 180 µg daily for 90 days, hourly for 100 days.
#![allow(missing_docs)]
use criterion::{Criterion, criterion_group, criterion_main};
use menaquinone::{Dose, Parameters, Regimen, grid, units::*};

fn exact(c: &mut Criterion) {
    let model =
        Parameters { cl: 154.0 * std::f64::consts::LN_2 / 80.0, v: 154.0, ka: 0.4, tlag: 0.0, f: 1.0 }.model().unwrap();
    let times = grid(0.0..=100.0 * DAY, HOUR);
    let regimen: Regimen = Dose::of(180.0).every(DAY).times(90);
    c.bench_function("exact/one subject/2401", |b| b.iter(|| model.profile(&regimen, &times).unwrap()));
    let mut t = 0.0f64;
    let mut seed = 1u64;
    let mut rnd = || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut diary = Regimen::default();
    let mut first = true;
    for _ in 0..10_000 {
        t += rnd() * 48.0;
        let d = Dose::of(50.0 + 100.0 * rnd()).at(t);
        if first {
            diary = d;
            first = false
        } else {
            diary = diary_and(diary, d)
        }
    }
    let mut times: Vec<f64> = (0..10_000).map(|_| rnd() * t).collect();
    times.sort_by(f64::total_cmp);
    c.bench_function("exact/diary/10000", |b| b.iter(|| model.profile(&diary, &times).unwrap()));
}
fn diary_and(a: Regimen, b: Regimen) -> Regimen {
    a.and(b)
}
criterion_group!(benches, exact);
criterion_main!(benches);
