//! What many people cost whose bodies, samples or doses are not of the commonest kind, a person: more compartments, a lag of
//! their own, a transit chain, few samples, a regimen of their own.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use menaquinone::{
    Dose, FirstOrder, Model, OneCompartment, Parameters, Population, Regimen, Result, ThreeCompartment, Transit,
    TwoCompartment, grid, population::Dosing, units::*,
};

const PEOPLE: usize = 2_000;
const DOSES: u64 = 28;

fn numbers(i: usize) -> Parameters {
    let by = 1.0 + 1e-3 * f64::from(u16::try_from(i % 997).unwrap_or(0));
    Parameters { cl: 1.27 * by, v: 154.0 / by, ka: 0.4 * by, tlag: 0.0, f: 0.9 }
}

fn lag(i: usize) -> Result<Model> {
    let numbers = numbers(i);
    Parameters { tlag: 0.3 * numbers.ka + 1e-4 * f64::from(u16::try_from(i).unwrap_or(0)), ..numbers }.model()
}

fn two(i: usize) -> Result<Model> {
    let Parameters { cl, ka, .. } = numbers(i);
    Model::new(FirstOrder { ka }, TwoCompartment { cl, v1: 22.0, q: 13.0, v2: 90.0 })
}

fn three(i: usize) -> Result<Model> {
    let Parameters { cl, ka, .. } = numbers(i);
    Model::new(FirstOrder { ka }, ThreeCompartment { cl, v1: 22.0, q2: 13.0, v2: 90.0, q3: 1.0, v3: 60.0 })
}

fn transit(i: usize) -> Result<Model> {
    let Parameters { cl, ka, v, .. } = numbers(i);
    Model::new(Transit { steps: 3, mtt: 2.0 / ka, ka }, OneCompartment { cl, v })
}

/// Makes the model of a person by number.
type Make = fn(usize) -> Result<Model>;

fn people(make: Make) -> Population {
    let models = (0..PEOPLE).map(make).collect::<Result<_>>().expect("good numbers");
    Population::of(models, 1).expect("people")
}

/// The people one after another on one thread, in memory that is used again.
fn case<'a>(c: &mut Criterion, name: &str, people: &Population, dosing: impl Into<Dosing<'a>>, times: &[f64]) {
    let dosing: Dosing<'_> = dosing.into();
    let mut conc = vec![0.0; people.len() * times.len()];
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let mut group = c.benchmark_group("bodies");
    group.throughput(Throughput::Elements(people.len() as u64)).sample_size(20);
    group.bench_function(name, |b| {
        b.iter(|| one.install(|| people.simulate_into(dosing.clone(), times, &mut conc).expect("people")));
    });
    group.finish();
}

fn bodies(c: &mut Criterion) {
    let course: Regimen = Dose::of(180.0).every(DAY).times(DOSES);
    let hourly = grid(0.0..=28.0 * DAY, HOUR);
    let all: [(&str, Make); 5] = [
        ("673 points/one compartment", |i| numbers(i).model()),
        ("673 points/two compartments", two),
        ("673 points/three compartments", three),
        ("673 points/every person another lag", lag),
        ("673 points/transit chain of 3", transit),
    ];
    for (name, make) in all {
        case(c, name, &people(make), &course, &hourly);
    }
    let (samples, troughs) = ([1.0, 2.0, 4.0, 8.0, 24.0, 300.0, 650.0, 672.0], grid(DAY..=28.0 * DAY, DAY));
    for (name, make) in all.into_iter().take(2) {
        let name = name.trim_start_matches("673 points/");
        case(c, &format!("8 samples/{name}"), &people(make), &course, &samples);
        case(c, &format!("28 troughs/{name}"), &people(make), &course, &troughs);
    }
    let own = (0..PEOPLE as u64).map(|i| course.clone().skip([2 + i % 20]));
    let own: Vec<Regimen> = own.collect();
    case(c, "8 samples/one compartment, regimens of their own", &people(|i| numbers(i).model()), &own, &samples);
}

criterion_group!(benches, bodies);
criterion_main!(benches);
