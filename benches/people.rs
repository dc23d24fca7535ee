//! Diagnostics of many people: what simulated trials of the same designs say.
//!
//! `cargo bench --bench people -- --chart` measures what a fit costs against people and threads instead, by the least of several fits, prints it and
//! draws it.

use std::hint::black_box;
use std::time::Instant;

use criterion::Criterion;
use menaquinone::assay::ResidualError;
use menaquinone::chart::{Chart, Sheet};
use menaquinone::fit::{Method, People, Sampled, Samples, Theory, fixed, free};
use menaquinone::random::{Purpose, Stream};
use menaquinone::{Dose, FirstOrder, OneCompartment, Result};

const TIMES: [f64; 8] = [0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 36.0];

/// A theory with three deviations, and 120 people of it with eight samples after a swallowed dose.
fn trial() -> (Theory, People) {
    let body = OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0).varying(0.2) };
    let theory = Theory::new(FirstOrder { ka: fixed(1.2).varying(0.5) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory");
    let one = |subject: u64| {
        let mut draw = Stream { seed: 1, subject, purpose: Purpose::Person }.draw();
        let [ka, cl, v] = [(1.2, 0.5), (1.0, 0.3), (10.0, 0.2)].map(|(median, sd)| median * (sd * draw.normal()).exp());
        let model = menaquinone::Model::new(FirstOrder { ka }, OneCompartment { cl, v }).expect("a model");
        let regimen = Dose::of(100.0).at(0.0);
        let levels = model.concentrations(&regimen, &TIMES).expect("levels");
        let conc: Vec<f64> = levels.iter().map(|level| level * (1.0 + 0.15 * draw.normal()).max(0.1)).collect();
        (subject.to_string(), Sampled::new(regimen, Samples::new(&TIMES, &conc).expect("samples")))
    };
    (theory, People::new((0..120).map(one)).expect("people"))
}

/// On one thread: what a machine with more cores does is this divided by them.
fn diagnostics(c: &mut Criterion) {
    let (theory, people) = trial();
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    c.bench_function("people/visual predictive check, 500 trials of 120 people with 8 samples", |b| {
        one.install(|| {
            b.iter(|| {
                let bands = theory.vpc(black_box(&people), 500, 42).and_then(|vpc| vpc.bands()).expect("bands");
                assert_eq!(bands.strata()[0].bins.len(), 8);
                bands
            });
        });
    });
    c.bench_function("people/the trials alone", |b| {
        one.install(|| b.iter(|| theory.vpc(black_box(&people), 500, 42).expect("a check")));
    });
    c.bench_function("people/prediction distribution errors, 1,000 draws of 120 people with 8 samples", |b| {
        one.install(|| b.iter(|| theory.npde(black_box(&people), 1000, 42).expect("errors")));
    });
    c.bench_function("people/residuals of 120 people with 8 samples", |b| {
        one.install(|| b.iter(|| theory.residuals(black_box(&people), Method::Focei).expect("residuals")));
    });
}

/// A theory whose numbers are all sought, with three deviations, and people of it with eight samples after a swallowed dose.
fn to_be_fitted(people: u32) -> Result<(Theory, People)> {
    let body = OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0).varying(0.2) };
    let theory = Theory::new(FirstOrder { ka: free(1.2).varying(0.5) }, body)?
        .with_error(ResidualError::Proportional { cv: free(0.15) })?;
    let samples = Samples::new(&TIMES, &[0.0; 8])?;
    let design = (1..=people).map(|id| (id.to_string(), Sampled::new(Dose::of(100.0).at(0.0), samples.clone())));
    let people = theory.simulate(&People::new(design)?, 1)?;
    Ok((theory, people))
}

/// The least time of a fit by FOCEI with its covariance, s, on one thread and on two: in turns, so that a noisy minute does not hit one alone.
fn costs(people: u32) -> Result<[f64; 2]> {
    let (theory, people) = to_be_fitted(people)?;
    let pools = [1, 2].map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("threads"));
    let (begun, mut least, mut rounds) = (Instant::now(), [f64::INFINITY; 2], 0);
    while rounds < 2 || (rounds < 40 && begun.elapsed().as_secs_f64() < 4.0) {
        for (pool, least) in pools.iter().zip(&mut least) {
            let now = Instant::now();
            let fit = pool.install(|| theory.fit_people(&people, Method::Focei))?;
            *least = least.min(now.elapsed().as_secs_f64());
            assert!(fit.settled() && fit.coordinate_covariance().is_some());
        }
        rounds += 1;
    }
    Ok(least)
}

/// Cost against people and threads.
fn chart() -> Result<()> {
    let (mut one, mut two) = (Vec::new(), Vec::new());
    println!("| people | one thread, ms | two threads, ms | a person on one thread, ms |\n|---|---|---|---|");
    for people in [100, 300, 1_000, 3_000, 10_000] {
        let [alone, both] = costs(people)?.map(|seconds| 1e3 * seconds);
        println!("| {people} | {alone:.1} | {both:.1} | {:.3} |", alone / f64::from(people));
        one.push((f64::from(people), alone));
        two.push((f64::from(people), both));
    }
    let each = |costs: &[(f64, f64)]| -> Vec<(f64, f64)> { costs.iter().map(|(n, ms)| (*n, ms / n)).collect() };
    let panel = |title: &str| Chart::xy(title).x_label("People").log_x_scale();
    let (a_person, a_person_on_two) = (each(&one), each(&two));
    Sheet::new("What it costs to fit many people")
        .subtitle(
            "FOCEI with its covariance; eight samples a person, three deviations, seven numbers; least of several fits",
        )
        .size(1200, 560)
        .density(1.5)
        .row([
            panel("The fit").y_label("Time (ms)").log_scale().curve("one thread", one).dashed("2 threads", two),
            panel("The same over the people")
                .y_label("Time a person (ms)")
                .curve("one thread", a_person)
                .dashed("2 threads", a_person_on_two),
        ])
        .save("docs/images/people_cost.png")
}

fn main() {
    if std::env::args().any(|argument| argument == "--chart") {
        return chart().expect("a chart");
    }
    let seconds = std::time::Duration::from_secs(2);
    let mut criterion = Criterion::default().sample_size(10).measurement_time(seconds).configure_from_args();
    diagnostics(&mut criterion);
    criterion.final_summary();
}
