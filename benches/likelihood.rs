//! One person's course evaluated again and again with other numbers, as a fit does: the model is made each time. Beside it
//! stands a loop written by hand for the case, with the library's exponential.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use menaquinone::{Course, Dose, FirstOrder, Model, Parameters, Regimen, Result, TwoCompartment, units::*};

const SAMPLES: [f64; 10] = [0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 24.0, 48.0, 72.0];

fn numbers(i: usize) -> Parameters {
    let by = 1.0 + 1e-3 * f64::from(u16::try_from(i % 997).unwrap_or(0));
    Parameters { cl: 1.27 * by, v: 154.0 / by, ka: 0.4 * by, tlag: 0.0, f: 0.9 }
}

fn one_compartment(i: usize) -> Result<Model> {
    numbers(i).model()
}

fn two_compartments(i: usize) -> Result<Model> {
    let Parameters { cl, ka, .. } = numbers(i);
    Model::new(FirstOrder { ka }, TwoCompartment { cl, v1: 22.0, q: 13.0, v2: 90.0 })
}

/// A state of depot and pool carried from dose to dose, two exponentials a sample.
fn by_hand(Parameters { cl, v, ka, f, .. }: Parameters, doses: u32, times: &[f64], conc: &mut [f64]) {
    let ke = cl / v;
    let bateman = |u: f64| (ka / (ka - ke)) * ((-ke * u).exp() - (-ka * u).exp());
    let (kept, waiting, gained) = ((-ke * DAY).exp(), (-ka * DAY).exp(), bateman(DAY));
    let (mut depot, mut pool) = (180.0 * f, 0.0);
    for _ in 1..doses {
        (depot, pool) = (waiting * depot + 180.0 * f, kept * pool + gained * depot);
    }
    let last = f64::from(doses - 1) * DAY;
    for (conc, t) in conc.iter_mut().zip(times) {
        let u = t - last;
        *conc = ((-ke * u).exp() * pool + bateman(u) * depot) / v;
    }
}

fn evaluations(c: &mut Criterion) {
    for doses in [1_u32, 10] {
        let regimen: Regimen =
            if doses == 1 { Dose::of(180.0).into() } else { Dose::of(180.0).every(DAY).times(doses.into()) };
        let times = SAMPLES.map(|t| t + f64::from(doses - 1) * DAY);
        let (mut conc, mut i) = ([0.0; 10], 0);
        let mut right = [0.0; 10];
        by_hand(numbers(5), doses, &times, &mut right);
        let found = one_compartment(5).and_then(|model| model.concentrations(&regimen, &times)).expect("a good course");
        for (found, right) in found.iter().zip(&right) {
            assert!((found / right - 1.0).abs() < 1e-12, "{found} is not {right}");
        }
        let mut group = c.benchmark_group(format!("likelihood/{doses} doses, 10 samples"));
        for (name, model) in [("one", one_compartment as fn(usize) -> Result<Model>), ("two", two_compartments)] {
            group.bench_function(format!("{name}/into"), |b| {
                b.iter(|| {
                    i += 1;
                    let model = model(i).expect("good numbers");
                    model.concentrations_into(&regimen, &times, &mut conc).expect("a good course");
                    black_box(&conc);
                });
            });
            let mut course = Course::new(&regimen, &times).expect("a good course");
            group.bench_function(format!("{name}/compiled"), |b| {
                b.iter(|| {
                    i += 1;
                    let model = model(i).expect("good numbers");
                    course.concentrations_into(&model, &mut conc).expect("a good course");
                    black_box(&conc);
                });
            });
        }
        group.bench_function("one/by hand", |b| {
            b.iter(|| {
                i += 1;
                by_hand(numbers(i), doses, &times, &mut conc);
                black_box(&conc);
            });
        });
        group.finish();
    }
}

criterion_group!(benches, evaluations);
criterion_main!(benches);
