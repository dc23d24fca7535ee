//! Differential equations: this crate against bare `ode_solvers` as a careful user would write it, all in one run.
//!
//! One subject, 180 µg daily for 90 days, seen hourly for 100 days, every run checked against the exact curve; and 1,000
//! people with Michaelis-Menten elimination, 180 µg daily for 28 days, seen hourly. Each at two tolerances, for the looser
//! has to be the cheaper.
#![allow(missing_docs, clippy::cast_precision_loss)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use menaquinone::{
    Dose, Model, Parameters, Regimen, grid,
    ode::{Saturable, System, Tolerance},
    units::*,
};
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

/// Michaelis-Menten elimination, as `Saturable` has it.
#[derive(Clone, Copy)]
struct BareSaturable(Saturable);

impl ode_solvers::System<f64, State> for BareSaturable {
    fn system(&self, _x: f64, y: &State, dy: &mut State) {
        let Saturable { vmax, km, v, ka, cl, .. } = self.0;
        let (absorption, conc) = (ka * y[0], y[1] / v);
        dy[0] = -absorption;
        dy[1] = absorption - (vmax / (km + conc) + cl) * conc;
    }
}

/// Hourly concentrations by the dense output of `ode_solvers`, which begins anew at each dose.
fn bare_dense<S>(system: S, v: f64, (doses, days): (usize, usize), rtol: f64) -> Vec<f64>
where
    S: ode_solvers::System<f64, State> + Copy,
{
    let mut conc = Vec::with_capacity(24 * days + 1);
    let (mut y, mut day) = (State::zeros(), 0);
    while day < days {
        y[0] += if day < doses { DOSE } else { 0.0 };
        let next = if day + 1 < doses { day + 1 } else { days };
        let hours = 24 * (next - day);
        let mut solver = Dop853::new(system, 0.0, hours as f64, 1.0, y, rtol, rtol / 100.0);
        solver.integrate().expect("a mild system");
        conc.extend(solver.y_out()[..hours].iter().map(|y| y[1] / v));
        y = *solver.y_out().last().expect("at least the first point");
        day = next;
    }
    conc.push(y[1] / v);
    conc
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
    check_within(conc, exact, 1e-6);
}

fn check_within(conc: &[f64], exact: &[f64], most: f64) {
    assert_eq!(conc.len(), exact.len());
    let far = conc.iter().zip(exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(far < most, "{far:e}");
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
    for rtol in TOLERANCES {
        let tolerance = Tolerance { rtol, atol: rtol / 100.0, ..Tolerance::default() };
        group.bench_function(format!("menaquinone/hourly 2401, rtol {rtol:e}"), |b| {
            b.iter(|| {
                let profile = model.profile_by_ode(black_box(&regimen), &hourly, tolerance).unwrap();
                check_within(profile.conc(), exact.conc(), rtol);
            });
        });
        group.bench_function(format!("bare, dense/hourly 2401, rtol {rtol:e}"), |b| {
            // Where its points end the dense output extrapolates, so that it is held to less.
            b.iter(|| check_within(&bare_dense(Bare, V, (DOSES, DAYS), black_box(rtol)), exact.conc(), 100.0 * rtol));
        });
    }
    group.finish();
}

const TOLERANCES: [f64; 2] = [1e-8, 1e-6];

/// 1,000 people whose parameters fill their ranges evenly, each in another order.
fn people() -> Vec<Saturable> {
    let place = |i: usize, stride: usize| (i * stride % 1000) as f64 / 1000.0;
    let person = |i| Saturable {
        vmax: 10.0 + 20.0 * place(i, 1),
        km: 1.0 + 3.0 * place(i, 371),
        v: 120.0 + 70.0 * place(i, 617),
        ka: 0.2 + 0.8 * place(i, 173),
        tlag: 0.0,
        f: 1.0,
        cl: 0.5,
    };
    (0..1000).map(person).collect()
}

fn many(c: &mut Criterion) {
    const DAYS: usize = 28;
    let (people, hourly) = (people(), grid(0.0..=28.0 * DAY, HOUR));
    let regimen: Regimen = Dose::of(DOSE).every(DAY).times(DAYS as u64);
    let ours = |person: &Saturable, tolerance| person.profile(&regimen, &hourly, tolerance).unwrap();
    let mut group = c.benchmark_group("ode/1000 Michaelis-Menten people, hourly 673");
    group.sample_size(10);
    for rtol in TOLERANCES {
        let tolerance = Tolerance { rtol, atol: rtol / 100.0, ..Tolerance::default() };
        let bare = |person: &Saturable| bare_dense(BareSaturable(*person), person.v, (DAYS, DAYS), rtol);
        for person in people.iter().step_by(100) {
            check_within(&bare(person), ours(person, tolerance).conc(), 1e3 * rtol);
        }
        group.bench_function(format!("menaquinone, rtol {rtol:e}"), |b| {
            b.iter(|| black_box(&people).iter().map(|person| ours(person, tolerance).conc()[600]).sum::<f64>());
        });
        group.bench_function(format!("bare, dense, rtol {rtol:e}"), |b| {
            b.iter(|| black_box(&people).iter().map(|person| bare(person)[600]).sum::<f64>());
        });
    }
    group.finish();
}

criterion_group!(benches, ode, many);
criterion_main!(benches);
