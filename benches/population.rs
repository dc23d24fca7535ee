//! Many people at once, beside a plain `fill` of the same memory and the sum over doses: two library exponentials for each
//! dose and time, on a tenth of the people.
//!
//! `cargo bench --bench population -- --chart` measures cost against people, points and threads instead, by the least of
//! several calls, prints it and draws it.
#![allow(missing_docs)]
#![expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use menaquinone::chart::*;
use menaquinone::ode::*;
use menaquinone::population::*;
use menaquinone::random::*;
use menaquinone::*;
use rayon::prelude::*;

const DOSES: u64 = 28;
const POINTS: usize = 673;

fn parameters(n: usize) -> Vec<Parameters> {
    let mut draw = Stream::default().draw();
    let mut about = |typical: f64| typical * (draw.uniform() + draw.uniform() - 1.0).exp();
    (0..n).map(|_| Parameters { cl: about(1.27), v: about(154.0), ka: about(0.4), tlag: 0.0, f: 1.0 }).collect()
}

fn people(n: usize) -> Population {
    let models: Result<Vec<Model>> = parameters(n).into_iter().map(Parameters::model).collect();
    Population::of(models.expect("good parameters"), 1).expect("people")
}

fn course() -> Regimen {
    Dose::of(180.0).every(24.0).times(DOSES)
}

/// The rival: every dose at every time.
fn naive(sets: &[Parameters], times: &[f64], conc: &mut [f64]) {
    conc.par_chunks_mut(times.len()).zip(sets).for_each(|(row, set)| {
        let (ka, ke) = (set.ka, set.ke());
        for (conc, t) in row.iter_mut().zip(times) {
            *conc = (0..DOSES)
                .map(|i| t - 24.0 * i as f64)
                .filter(|u| *u >= 0.0)
                .map(|u| 180.0 * ka / (set.v * (ka - ke)) * ((-ke * u).exp() - (-ka * u).exp()))
                .sum();
        }
    });
}

fn course_of(c: &mut Criterion, n: usize) {
    let (people, sets, course) = (people(n), parameters(n / 10), course());
    let times = grid(0.0..=672.0, 1.0);
    let mut memory = vec![0.0; n * POINTS];
    let mut rival = vec![0.0; n / 10 * POINTS];
    let mut group = c.benchmark_group(format!("population/{n}"));
    group.sample_size(10).throughput(Throughput::Elements((n * POINTS) as u64));
    group.bench_function("fill", |b| {
        b.iter(|| memory.par_chunks_mut(128 * POINTS).for_each(|part| part.fill(black_box(1.0))));
    });
    group.bench_function("simulate_into", |b| {
        b.iter(|| people.simulate_into(&course, &times, &mut memory).expect("concentrations"));
    });
    let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95];
    group.bench_function("five bands", |b| b.iter(|| people.bands(&course, &times, &probabilities).expect("bands")));
    group.bench_function("tally", |b| b.iter(|| people.tally(&course, &times).expect("a tally")));
    group.throughput(Throughput::Elements((n / 10 * POINTS) as u64));
    group.bench_function("sum over doses, a tenth", |b| b.iter(|| naive(&sets, &times, &mut rival)));
    for (found, right) in memory.iter().zip(&rival) {
        assert!((found - right).abs() <= 1e-11 * right + 1e-13, "{found} is not {right}");
    }
    let window = Window::new(0.0..=672.0).expect("a window");
    let mut exposures = vec![Reached::default(); n];
    let sets = parameters(n);
    group.throughput(Throughput::Elements(n as u64 * DOSES));
    group.bench_function("exposures_into, a person and dose", |b| {
        b.iter(|| people.exposures_into(&course, &window, &mut exposures).expect("exposures"));
    });
    for (one, set) in exposures.iter().zip(&sets) {
        assert!(one.auc < 180.0 * DOSES as f64 / set.cl && one.cmax > one.ctrough);
    }
    let mut all = vec![Exposure { tau: 0.0, cmax: 0.0, tmax: 0.0, cmin: 0.0, ctrough: 0.0, cavg: 0.0 }; n];
    let daily = Dose::of(180.0).every(24.0);
    group.throughput(Throughput::Elements(n as u64));
    group.bench_function("steady state", |b| {
        b.iter(|| {
            let parts = sets.par_chunks(1_024).zip(all.par_chunks_mut(1_024));
            parts.for_each(|(sets, all)| daily.exposures_into(sets, all).expect("exposures"));
        });
    });
    assert!(all.iter().all(|one| one.cmax > one.cmin));
    group.finish();
}

/// Michaelis-Menten: a trough a day.
struct Saturating {
    people: Population,
    bodies: Vec<Saturable>,
    times: Vec<f64>,
}

const TOLERANCE: Tolerance = Tolerance { rtol: 1e-8, atol: 1e-10, max_steps: 1_000_000, solver: Solver::Dop853 };

impl Saturating {
    fn new(n: usize) -> Self {
        let body =
            |p: Parameters| Saturable { vmax: 8.0 * p.cl, km: 2.0, v: p.v, ka: p.ka, tlag: 0.0, f: 1.0, cl: 0.2 };
        let bodies = parameters(n).into_iter().map(body).collect();
        Self { people: people(n), bodies, times: grid(0.0..=648.0, 24.0) }
    }

    fn ours(&self) -> Profiles {
        let body = |person: Person<'_>| Ok(self.bodies[usize::try_from(person.id).expect("an index")]);
        self.people.simulate_by_ode(course(), &self.times, TOLERANCE, body).expect("profiles")
    }

    /// `ode_solvers` alone, which is restarted at every dose.
    fn bare(&self) -> Vec<f64> {
        let mut rows = vec![0.0; self.bodies.len() * self.times.len()];
        rows.par_chunks_mut(self.times.len()).zip(&self.bodies).for_each(|(row, body)| bare(body, row));
        rows
    }
}

fn bare(body: &Saturable, conc: &mut [f64]) {
    use ode_solvers::{Dop853, OutputType, SVector};
    type State = SVector<f64, 2>;
    struct Bare(Saturable);
    impl ode_solvers::System<f64, State> for Bare {
        fn system(&self, _: f64, y: &State, dy: &mut State) {
            let Saturable { vmax, km, v, ka, cl, .. } = self.0;
            let c = y[1] / v;
            dy[0] = -ka * y[0];
            dy[1] = ka * y[0] - (vmax / (km + c) + cl) * c;
        }
    }
    let mut y = State::zeros();
    for (day, conc) in conc.iter_mut().enumerate() {
        if day > 0 {
            let mut solver = Dop853::new(Bare(*body), 0.0, 24.0, 24.0, y, TOLERANCE.rtol, TOLERANCE.atol);
            solver.set_output(OutputType::Sparse);
            solver.integrate().expect("a mild system");
            y = *solver.y_out().last().expect("the last point");
        }
        *conc = y[1] / body.v;
        y[0] += 180.0;
    }
}

fn with_threads(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn saturable(c: &mut Criterion) {
    const N: usize = 1_000;
    let work = Saturating::new(N);
    for (found, bare) in work.ours().conc().iter().zip(work.bare()) {
        assert!((found - bare).abs() <= 1e-4 * bare, "{found} is not {bare}");
    }
    let mut group = c.benchmark_group("population/saturable/1000");
    group.sample_size(10).throughput(Throughput::Elements(N as u64));
    for threads in [1, cores()] {
        let pool = with_threads(threads);
        group
            .bench_function(format!("simulate_by_ode, {threads} threads"), |b| b.iter(|| pool.install(|| work.ours())));
        group.bench_function(format!("bare ode_solvers, {threads} threads"), |b| {
            b.iter(|| pool.install(|| work.bare()));
        });
    }
    group.finish();
}

/// The least time of a few calls, s.
fn least(mut case: impl FnMut()) -> f64 {
    let (start, mut least) = (Instant::now(), f64::INFINITY);
    let mut calls = 0;
    while calls < 3 || (calls < 400 && start.elapsed() < Duration::from_millis(600)) {
        let now = Instant::now();
        case();
        least = least.min(now.elapsed().as_secs_f64());
        calls += 1;
    }
    least
}

/// (what varies, least ms).
type Costs = Vec<(f64, f64)>;

/// The least of three rounds, some time apart, so that a noisy minute does not hit one case alone.
fn rounds(case: impl Fn() -> [Costs; 2]) -> [Costs; 2] {
    let mut found = case();
    for _ in 0..2 {
        for (found, again) in found.iter_mut().zip(case()) {
            found.iter_mut().zip(again).for_each(|(found, again)| found.1 = found.1.min(again.1));
        }
    }
    found
}

/// Of simulating so many people at so many points.
fn costs(cases: &[(usize, usize)], threads: usize) -> Costs {
    let cost = |&(n, points): &(usize, usize)| {
        let (people, course) = (people(n), course());
        let times = grid(0.0..=672.0, 672.0 / (points - 1) as f64);
        let mut memory = vec![0.0; n * points];
        let call = || people.simulate_into(&course, &times, &mut memory).expect("room");
        let varies = if points == POINTS { n } else { points };
        (varies as f64, 1e3 * with_threads(threads).install(|| least(call)))
    };
    cases.iter().map(cost).collect()
}

fn print(title: &str, columns: &[(&str, &Costs)]) {
    let names: Vec<_> = columns.iter().map(|(name, _)| format!(" {name} |")).collect();
    println!("\n| {title} |{}", names.concat());
    println!("|{}", "---|".repeat(columns.len() + 1));
    for (row, (x, _)) in columns[0].1.iter().enumerate() {
        let cell = |costs: &Costs| costs.get(row).map_or(String::new(), |(_, ms)| format!("{ms:.3}"));
        let cells: Vec<_> = columns.iter().map(|(_, costs)| format!(" {} |", cell(costs))).collect();
        println!("| {x:.0} |{}", cells.concat());
    }
}

/// Cost against people, points and threads.
fn chart() -> Result<()> {
    let all = cores();
    let by_people = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000].map(|n| (n, POINTS));
    let by_points = [29, 57, 113, 225, 449, 897, 1_793, 3_585, 7_169].map(|points| (10_000, points));
    let naive_cost = |&(n, _): &(usize, usize)| {
        let (sets, times, mut memory) = (parameters(n), grid(0.0..=672.0, 1.0), vec![0.0; n * POINTS]);
        (n as f64, 1e3 * with_threads(1).install(|| least(|| naive(&sets, &times, &mut memory))))
    };
    let ode = |threads: usize| -> Costs {
        let solved = |n: usize| {
            let work = Saturating::new(n);
            (n as f64, 1e3 * with_threads(threads).install(|| least(|| drop(black_box(work.ours())))))
        };
        [10, 100, 1_000, 10_000].map(solved).to_vec()
    };
    let summed: Costs = by_people[..6].iter().map(naive_cost).collect();
    let [one, both] = rounds(|| [1, all].map(|threads| costs(&by_people, threads)));
    let [points_one, points_both] = rounds(|| [1, all].map(|threads| costs(&by_points, threads)));
    let [ode_one, ode_both] = rounds(|| [1, all].map(ode));
    let threads = format!("{all} threads");
    print("people, 673 points", &[("one thread", &one), (&threads, &both), ("sum over doses, one thread", &summed)]);
    print("people, by ODE, 28 troughs", &[("one thread", &ode_one), (&threads, &ode_both)]);
    print("points, 10,000 people", &[("one thread", &points_one), (&threads, &points_both)]);
    let panel = |title: &str, x: &str, one: Costs, both: Costs| {
        let chart = Chart::xy(title).x_label(x).y_label("Time (ms)").log_x_scale().log_scale();
        chart.curve("one thread", one).dashed(threads.clone(), both)
    };
    Sheet::new("What it costs to simulate many people")
        .subtitle(format!("28 daily doses; memory that is used again; {all} virtual cores; least of several runs"))
        .size(1500, 560)
        .density(1.5)
        .row([
            panel("673 points, every sample written", "People", one, both).curve("sum over doses", summed),
            panel("10,000 people", "Points", points_one, points_both),
            panel("Saturable elimination by ODE, 28 troughs", "People", ode_one, ode_both),
        ])
        .save("docs/images/population_cost.png")
}

fn main() {
    if std::env::args().any(|argument| argument == "--chart") {
        return chart().expect("a chart");
    }
    let mut criterion = Criterion::default().configure_from_args();
    // `cargo test` runs benches once, to see that they work, and few people show that as well.
    let sizes: &[usize] =
        if std::env::args().any(|argument| argument == "--test") { &[100] } else { &[10_000, 100_000] };
    for n in sizes {
        course_of(&mut criterion, *n);
    }
    saturable(&mut criterion);
    criterion.final_summary();
}
