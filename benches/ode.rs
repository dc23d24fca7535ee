//! One subject, 180 µg daily for 90 days, seen hourly for 100 days, by differential equations: this crate against bare
//! `ode_solvers` as a careful user would write it. Every run is checked against the exact curve.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use menaquinone::{Dose, Model, Parameters, Regimen, Saturable, System, Tolerance, grid, units::*};
use ode_solvers::{Dop853, OutputType, SVector};

const KA: f64 = 0.4;
const KE: f64 = std::f64::consts::LN_2 / 80.0;
const V: f64 = 154.0;
const DOSE: f64 = 180.0;
const DOSES: usize = 90;
const DAYS: usize = 100;

type State = SVector<f64, 2>;

#[derive(Clone, Copy)]
struct Bare;

impl ode_solvers::System<f64, State> for Bare {
    fn system(&self, _x: f64, y: &State, dy: &mut State) {
        dy[0] = -KA * y[0];
        dy[1] = KA * y[0] - KE * y[1];
    }
}

/// The last state of a sparse run over `span` hours; a first step of 0 lets the solver choose.
fn bare_piece(y: State, span: f64, step: f64) -> State {
    let (rtol, atol) = (1e-8, 1e-10);
    let mut solver = if step > 0.0 {
        #[rustfmt::skip]
        let solver = Dop853::from_param(
            Bare, 0.0, span, span, y, rtol, atol, 0.9, 0.0, 0.333, 6.0, span, step, 100_000, 1000, OutputType::Sparse,
        );
        solver
    } else {
        let mut solver = Dop853::new(Bare, 0.0, span, span, y, rtol, atol);
        solver.set_output(OutputType::Sparse);
        solver
    };
    solver.integrate().expect("a mild system");
    *solver.y_out().last().expect("at least the first point")
}

/// Hourly concentrations, stopping every hour.
fn bare_hourly(step: f64) -> Vec<f64> {
    let mut conc = Vec::with_capacity(24 * DAYS + 1);
    let mut y = State::zeros();
    for hour in 0..=24 * DAYS {
        if hour > 0 {
            y = bare_piece(y, 1.0, step);
        }
        if hour % 24 == 0 && hour / 24 < DOSES {
            y[0] += DOSE;
        }
        conc.push(y[1] / V);
    }
    conc
}

/// Concentrations once a day only, stopping at the doses: what the outputs between them cost.
fn bare_daily() -> Vec<f64> {
    let mut conc = Vec::with_capacity(DAYS + 1);
    let mut y = State::zeros();
    for day in 0..=DAYS {
        if day > 0 {
            y = bare_piece(y, 24.0, 0.0);
        }
        if day < DOSES {
            y[0] += DOSE;
        }
        conc.push(y[1] / V);
    }
    conc
}

fn check(conc: &[f64], exact: &[f64]) {
    assert_eq!(conc.len(), exact.len());
    let far = conc.iter().zip(exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(far < 1e-6, "{far:e}");
}

fn ode(c: &mut Criterion) {
    let model: Model = Parameters { cl: KE * V, v: V, ka: KA, tlag: 0.0, f: 1.0 }.model().unwrap();
    let saturable = Saturable { vmax: 15.0, km: 2.0, v: V, ka: KA, tlag: 0.0, f: 1.0, cl: 0.5 };
    let regimen: Regimen = Dose::of(DOSE).every(DAY).times(DOSES as u64);
    let (hourly, daily) = (grid(0.0..=100.0 * DAY, HOUR), grid(0.0..=100.0 * DAY, DAY));
    let exact = model.profile(&regimen, &hourly).unwrap();
    let exact_daily = model.profile(&regimen, &daily).unwrap();
    let tolerance = Tolerance::default();

    let mut group = c.benchmark_group("ode/one subject");
    group.bench_function("exact/hourly 2401", |b| {
        b.iter(|| check(&model.concentrations(black_box(&regimen), &hourly).unwrap(), exact.conc()));
    });
    group.bench_function("menaquinone/hourly 2401", |b| {
        b.iter(|| check(model.profile_by_ode(black_box(&regimen), &hourly, tolerance).unwrap().conc(), exact.conc()));
    });
    group.bench_function("bare/hourly 2401", |b| b.iter(|| check(&bare_hourly(black_box(0.0)), exact.conc())));
    group.bench_function("bare, told its first step/hourly 2401", |b| {
        b.iter(|| check(&bare_hourly(black_box(1.0)), exact.conc()));
    });
    group.bench_function("menaquinone/daily 101", |b| {
        b.iter(|| {
            check(model.profile_by_ode(black_box(&regimen), &daily, tolerance).unwrap().conc(), exact_daily.conc());
        });
    });
    group.bench_function("bare/daily 101", |b| b.iter(|| check(&bare_daily(), exact_daily.conc())));
    group.bench_function("menaquinone saturable/hourly 2401", |b| {
        b.iter(|| {
            let profile = saturable.profile(black_box(&regimen), &hourly, tolerance).unwrap();
            assert!((profile.conc()[2376] - 1.5).abs() < 1.5);
        });
    });
    group.finish();
}

criterion_group!(benches, ode);
criterion_main!(benches);
