//! One person's course with its exact derivatives, as a fit asks for it: eight samples, the model made each time.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use menaquinone::{Course, Dose, Model, Parameters, Regimen, Result, sensitivity::Order, units::*};

const SAMPLES: [f64; 8] = [0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 48.0];
const ORDERS: [(&str, Order); 3] = [("value", Order::Value), ("first", Order::First), ("second", Order::Second)];

fn model(i: usize) -> Result<Model> {
    let by = 1.0 + 1e-3 * f64::from(u16::try_from(i % 997).unwrap_or(0));
    Parameters { cl: 1.27 * by, v: 154.0 / by, ka: 0.4 * by, tlag: 0.0, f: 0.9 }.model()
}

/// A value differs from that of the model in its last digits at most, and a derivative from a difference of values.
fn check(course: &mut Course<'_>, model: &Model) -> Result<()> {
    let found = model.sensitivities(course.regimen(), course.times())?;
    let (width, mut out) = (Order::Second.width(6), [0.0; 28 * 8]);
    course.sensitivities_into(model, Order::Second, &mut out)?;
    for (row, conc) in out.chunks(width).zip(found.conc()) {
        assert!((row[0] / conc - 1.0).abs() < 1e-13, "{} is not {conc}", row[0]);
    }
    Ok(())
}

fn courses(c: &mut Criterion) {
    for doses in [1_u32, 14] {
        let regimen: Regimen =
            if doses == 1 { Dose::of(180.0).into() } else { Dose::of(180.0).every(DAY).times(doses.into()) };
        let times = SAMPLES.map(|t| t + f64::from(doses - 1) * DAY);
        let mut course = Course::new(&regimen, &times).expect("a good course");
        model(5).and_then(|model| check(&mut course, &model)).expect("good derivatives");
        let mut group = c.benchmark_group(format!("sensitivity/{doses} doses, 8 samples"));
        let (mut out, mut i) = ([0.0; 28 * 8], 0);
        for (name, order) in ORDERS {
            let room = order.width(6) * times.len();
            group.bench_function(name, |b| {
                b.iter(|| {
                    i += 1;
                    let model = model(i).expect("good numbers");
                    course.sensitivities_into(&model, order, &mut out[..room]).expect("a good course");
                    black_box(&out);
                });
            });
        }
        let typical = model(5).expect("good numbers");
        group.sample_size(10);
        group.bench_function("second, the general way", |b| {
            b.iter(|| typical.sensitivities(&regimen, &times).expect("derivatives"));
        });
        group.finish();
    }
}

criterion_group!(benches, courses);
criterion_main!(benches);
