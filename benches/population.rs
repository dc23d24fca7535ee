//! Many people at once, beside a plain `fill` of the same memory and the sum over doses: two library exponentials for each
//! dose and time, on a tenth of the people. All figures of a size come from one run, in turns.
//!
//! `cargo bench --bench population -- --chart` measures cost against people, points and threads instead and draws it.
#![allow(missing_docs)]
#![expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]

use std::hint::black_box;
use std::time::{Duration, Instant};

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

/// The least and the median time of a few calls of each, in turns, so that a noisy minute hits all alike.
fn in_turns<const N: usize>(rounds: usize, mut cases: [&mut dyn FnMut(); N]) -> [[f64; 2]; N] {
    let mut times = [const { Vec::new() }; N];
    for case in &mut cases {
        case();
    }
    for _ in 0..rounds {
        for (case, times) in cases.iter_mut().zip(&mut times) {
            let start = Instant::now();
            case();
            times.push(start.elapsed().as_secs_f64());
        }
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        [times[0], times[times.len() / 2]]
    })
}

fn say(name: &str, [least, median]: [f64; 2], (per, unit): (f64, &str), note: &str) {
    let [a, b] = [least, median].map(|seconds| 1e9 * seconds / per);
    println!("{name:<44} {:>9.2} {:>9.2} ms   {a:>8.2} {b:>8.2} ns {unit:<16} {note}", 1e3 * least, 1e3 * median);
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

fn samples(n: usize) {
    let (people, sets, course) = (people(n), parameters(n / 10), course());
    let times = grid(0.0..=672.0, 1.0);
    let mut memory = vec![0.0; n * POINTS];
    let mut rival = vec![0.0; n / 10 * POINTS];
    let cell = std::cell::RefCell::new(&mut memory);
    let [fill, simulated, summed] = in_turns(
        if n > 50_000 { 7 } else { 15 },
        [
            &mut || cell.borrow_mut().par_chunks_mut(128 * POINTS).for_each(|part| part.fill(black_box(1.0))),
            &mut || people.simulate_into(&course, &times, &mut cell.borrow_mut()).expect("concentrations"),
            &mut || naive(&sets, &times, &mut rival),
        ],
    );
    people.simulate_into(&course, &times, &mut memory).expect("concentrations");
    for (found, right) in memory.iter().zip(&rival) {
        assert!((found - right).abs() <= 1e-11 * right + 1e-13, "{found} is not {right}");
    }
    let per = ((n * POINTS) as f64, "a sample");
    println!("\n{n} people x {DOSES} doses x {POINTS} points      least    median          least   median");
    say("fill of the same memory", fill, per, "");
    let ratio = |i: usize| simulated[i] / fill[i];
    say("simulate_into", simulated, per, &format!("{:.2} / {:.2} times the fill", ratio(0), ratio(1)));
    let ratio = |i: usize| 10.0 * summed[i] / simulated[i];
    say(
        "sum over doses, a tenth",
        summed,
        (per.0 / 10.0, per.1),
        &format!("{:.0} / {:.0} times ours", ratio(0), ratio(1)),
    );

    let window = Window::new(0.0..=672.0).expect("a window");
    let mut exposures = vec![WindowExposure::default(); n];
    let mut all = vec![Exposure { tau: 0.0, cmax: 0.0, tmax: 0.0, cmin: 0.0, ctrough: 0.0, cavg: 0.0 }; n];
    let (sets, daily) = (parameters(n), Dose::of(180.0).every(24.0));
    let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95];
    let [simulated, reduced, steady, bands, tally] = in_turns(
        5,
        [
            &mut || people.simulate_into(&course, &times, &mut memory).expect("concentrations"),
            &mut || people.exposures_into(&course, &window, &mut exposures).expect("exposures"),
            &mut || {
                let parts = sets.par_chunks(1_024).zip(all.par_chunks_mut(1_024));
                parts.for_each(|(sets, all)| daily.exposures_into(sets, all).expect("exposures"));
            },
            &mut || drop(black_box(people.bands(&course, &times, &probabilities).expect("bands"))),
            &mut || drop(black_box(people.tally(&course, &times).expect("a tally"))),
        ],
    );
    for (one, set) in exposures.iter().zip(&sets) {
        assert!(one.auc < 180.0 * DOSES as f64 / set.cl && one.cmax > one.ctrough);
    }
    say("simulate_into again", simulated, per, "");
    say("reduce only: exposures_into", reduced, ((n as u64 * DOSES) as f64, "a person and dose"), "on all cores");
    say("steady state: Repeating::exposures_into", steady, (n as f64, "a person"), "on all cores");
    let ratio = |i: usize| bands[i] / simulated[i];
    say("bands, five", bands, per, &format!("{:.1} / {:.1} times the simulation", ratio(0), ratio(1)));
    say("tally", tally, per, "");
}

/// Michaelis-Menten by ODE against bare `ode_solvers` on the same work, on one core and on all.
fn saturable() {
    use ode_solvers::{Dop853, OutputType, SVector};
    type State = SVector<f64, 2>;
    #[derive(Clone, Copy)]
    struct Bare(Saturable);
    impl ode_solvers::System<f64, State> for Bare {
        fn system(&self, _: f64, y: &State, dy: &mut State) {
            let Saturable { vmax, km, v, ka, cl, .. } = self.0;
            let c = y[1] / v;
            dy[0] = -ka * y[0];
            dy[1] = ka * y[0] - (vmax / (km + c) + cl) * c;
        }
    }
    let bare = |body: &Saturable, conc: &mut [f64]| {
        let mut y = State::zeros();
        for (day, conc) in conc.iter_mut().enumerate() {
            if day > 0 {
                let mut solver = Dop853::new(Bare(*body), 0.0, 24.0, 24.0, y, 1e-8, 1e-10);
                solver.set_output(OutputType::Sparse);
                solver.integrate().expect("a mild system");
                y = *solver.y_out().last().expect("the last point");
            }
            *conc = y[1] / body.v;
            y[0] += 180.0;
        }
    };
    let n = 1_000;
    let bodies: Vec<Saturable> = parameters(n)
        .iter()
        .map(|p| Saturable { vmax: 8.0 * p.cl, km: 2.0, v: p.v, ka: p.ka, tlag: 0.0, f: 1.0, cl: 0.2 })
        .collect();
    let (course, times) = (course(), grid(0.0..=648.0, 24.0));
    let tolerance = Tolerance { rtol: 1e-8, atol: 1e-10, ..Tolerance::default() };
    let ours = |body: &Saturable| body.profile(&course, &times, tolerance).expect("a profile");
    let mut rows = vec![0.0; n * times.len()];
    bodies[..50].iter().zip(rows.chunks_mut(times.len())).for_each(|(body, conc)| {
        bare(body, conc);
        for ((found, bare), dose) in ours(body).conc().iter().zip(conc).zip(0..) {
            assert!(dose == 0 || (found / *bare - 1.0).abs() < 1e-4, "{found} is not {bare}");
        }
    });
    let cell = std::cell::RefCell::new(&mut rows);
    let [alone, both, rival, rivals] = in_turns(
        5,
        [
            &mut || bodies.iter().for_each(|body| drop(black_box(ours(body)))),
            &mut || bodies.par_iter().for_each(|body| drop(black_box(ours(body)))),
            &mut || {
                bodies.iter().zip(cell.borrow_mut().chunks_mut(times.len())).for_each(|(body, conc)| bare(body, conc));
            },
            &mut || {
                bodies
                    .par_iter()
                    .zip(cell.borrow_mut().par_chunks_mut(times.len()))
                    .for_each(|(body, conc)| bare(body, conc));
            },
        ],
    );
    println!("\n{n} people, saturable elimination, {DOSES} doses, a trough a day, rtol 1e-8");
    let per = (n as f64, "a person");
    say(
        "Saturable::profile, one core",
        alone,
        per,
        &format!("{:.2} / {:.2} of bare", alone[0] / rival[0], alone[1] / rival[1]),
    );
    say("bare ode_solvers DOP853, one core", rival, per, "");
    say(
        "Saturable::profile, all cores",
        both,
        per,
        &format!("{:.2} / {:.2} of bare", both[0] / rivals[0], both[1] / rivals[1]),
    );
    say("bare, all cores", rivals, per, "");
}

/// The least time of a few calls.
fn least(mut case: impl FnMut()) -> f64 {
    let (start, mut least) = (Instant::now(), f64::INFINITY);
    let mut calls = 0;
    while calls < 3 || (calls < 200 && start.elapsed() < Duration::from_millis(1_500)) {
        let now = Instant::now();
        case();
        least = least.min(now.elapsed().as_secs_f64());
        calls += 1;
    }
    least
}

/// Cost against people, points and threads.
fn chart() -> Result<()> {
    let course = course();
    let with = |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cost = |n: usize, points: usize, threads: usize| {
        let (people, times) = (people(n), grid(0.0..=672.0, 672.0 / (points - 1) as f64));
        let mut memory = vec![0.0; n * points];
        with(threads).install(|| least(|| people.simulate_into(&course, &times, &mut memory).expect("room")))
    };
    let naive_cost = |n: usize| {
        let (sets, times) = (parameters(n), grid(0.0..=672.0, 1.0));
        let mut memory = vec![0.0; n * POINTS];
        with(1).install(|| least(|| naive(&sets, &times, &mut memory)))
    };
    let sizes = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000];
    let by_people =
        |threads: usize| sizes.map(|n| ((n as f64).log10(), (1e3 * cost(n, POINTS, threads)).log10())).to_vec();
    let rival = sizes[..5].iter().map(|n| ((*n as f64).log10(), (1e3 * naive_cost(*n)).log10())).collect::<Vec<_>>();
    let per_points = [29, 57, 85, 169, 337, 673, 1_345, 2_689, 5_377];
    let by_points =
        |threads: usize| per_points.map(|p| ((p as f64).log10(), (1e3 * cost(10_000, p, threads)).log10())).to_vec();
    let labelled = |chart: Chart| chart.y_label("Time, log10 of ms");
    let (one, all) = (by_people(1), by_people(cores));
    for ((n, one), (_, all)) in one.iter().zip(&all) {
        println!(
            "{:>7.0} people: {:.3} ms on one thread, {:.3} ms on {cores}",
            10_f64.powf(*n),
            10_f64.powf(*one),
            10_f64.powf(*all)
        );
    }
    let all_name = format!("{cores} threads");
    Sheet::new("Cost of simulating many people")
        .subtitle(format!("28 daily doses, every sample written into memory that is used again; {cores} virtual cores, least of several runs"))
        .row([
            labelled(Chart::xy("Against people, 673 points").x_label("People, log10"))
                .curve("sum over doses, one thread", rival)
                .curve("one thread", one)
                .curve(all_name.clone(), all),
            labelled(Chart::xy("Against points, 10,000 people").x_label("Points, log10"))
                .curve("one thread", by_points(1))
                .curve(all_name, by_points(cores)),
        ])
        .save("docs/images/population_cost.png")
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "--chart") {
        return chart().expect("a chart");
    }
    // `cargo test` runs benches too, to see that they work.
    if arguments.iter().any(|argument| argument == "--bench") {
        samples(10_000);
        samples(100_000);
        saturable();
    }
}
