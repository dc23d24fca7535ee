//! Many people at once: against high precision, against each person alone, in any number of threads and slices, and what is
//! refused.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and places of few things"
)]

mod common;

use common::folder::Folder;
use common::{Row, near_abs, near_rel, table};
use std::fs;

use menaquinone::population::{ProfileFile, Profiles, Share, Window};
use menaquinone::random::Stream;
use menaquinone::*;

fn parameters(row: &Row) -> Parameters {
    Parameters { cl: row.number("cl"), v: row.number("v"), ka: row.number("ka"), tlag: 0.0, f: 1.0 }
}

fn course() -> Regimen {
    Dose::of(180.0).every(24.0).times(28)
}

/// People of the common kind; with `mixed`, also with lags, two compartments, chains, long absorption and baselines.
fn people(n: usize, mixed: bool) -> Population {
    let mut draw = Stream::default().draw();
    let mut about = |typical: f64| typical * (draw.uniform() + draw.uniform() - 1.0).exp();
    let model = |i: usize| {
        let p = Parameters { cl: about(1.27), v: about(154.0), ka: about(0.5), tlag: 0.0, f: 0.8 };
        let one = OneCompartment { cl: p.cl, v: p.v };
        let two = TwoCompartment { cl: p.cl, v1: 0.2 * p.v, q: 5.0, v2: p.v };
        match i % 7 {
            1 if mixed => Parameters { tlag: about(2.0), ..p }.model(),
            2 if mixed => Model::new(FirstOrder { ka: p.ka }, two),
            3 if mixed => Model::new(Transit { steps: 3, mtt: 4.0, ka: p.ka }, one),
            4 if mixed => p.model().and_then(|model| model.with_baseline(about(0.5))),
            5 if mixed => Model::new(ZeroOrder { duration: 5.0 }, two),
            6 if mixed => Parameters { tlag: 2.0, ..p }.model(),
            _ => p.model(),
        }
    };
    let models: Result<Vec<_>> = (0..n).map(model).collect();
    Population::of(models.expect("good models"), 7).expect("people")
}

fn sentence<T>(result: Result<T>) -> String {
    result.err().expect("an error").to_string()
}

// ----------------------------------------------------------------------------------------------------------- precision

#[test]
fn samples_agree_with_sixty_digits_to_2e_15() {
    let rows = table("population.csv");
    let persons: Vec<_> = rows.chunk_by(|a, b| a.number("person") == b.number("person")).collect();
    let models: Result<Vec<_>> = persons.iter().map(|rows| parameters(&rows[0]).model()).collect();
    let people = Population::of(models.expect("models"), 0).expect("people");
    let profiles = people.simulate(course(), &grid(0.0..=672.0, 1.0)).expect("profiles");
    let (mut worst, mut compared) = (0.0_f64, 0);
    for (i, rows) in persons.iter().enumerate() {
        for row in *rows {
            let found = profiles.row(i)[row.number("time") as usize];
            let right = row.number("conc");
            near_rel(found, right, 2e-15);
            worst = worst.max(if right == 0.0 { found } else { (found / right - 1.0).abs() });
            compared += 1;
        }
    }
    println!("largest relative deviation of {compared} samples: {worst:e}");
    assert_eq!((persons.len(), compared), (12, 1_164));
}

#[test]
fn what_is_reached_agrees_with_sixty_digits() {
    let rows = table("population_window.csv");
    let models: Result<Vec<_>> = rows.iter().map(|row| parameters(row).model()).collect();
    let people = Population::of(models.expect("models"), 0).expect("people");
    let window = Window::new(648.0..=672.0).and_then(|window| window.above(4.0)).expect("a window");
    let found = people.exposures(course(), &window).expect("exposures");
    let mut worst = [0.0_f64; 7];
    for (row, found) in rows.iter().zip(&found) {
        let found_above = found.time_above.expect("there is a threshold");
        let pairs = [
            (found.cmax, row.number("cmax")),
            (found.tmax, row.number("tmax")),
            (found.cmin, row.number("cmin")),
            (found.ctrough, row.number("ctrough")),
            (found.auc, row.number("auc")),
            (found.cavg, row.number("auc") / 24.0),
            (found_above, row.number("time_above")),
        ];
        // A crossing of the level where the curve is flat: the digits of the time are those of the concentration over its slope.
        let most = [2e-15, 2e-15, 2e-15, 2e-15, 2e-15, 2e-15, 1e-12];
        for (((found, right), worst), most) in pairs.into_iter().zip(&mut worst).zip(most) {
            near_rel(found, right, most);
            *worst = worst.max(if right == 0.0 { found } else { (found / right - 1.0).abs() });
        }
        assert_eq!(found.time_to.is_some(), row.number("time_above") > 0.0);
    }
    println!("largest relative deviations of cmax, tmax, cmin, ctrough, auc, cavg and time above: {worst:?}");
}

// ------------------------------------------------------------------------------------------------------------ same bits

/// Chunks, threads, shared steps and neighbours of other kinds change no bit of anybody.
#[test]
fn everybody_is_as_alone() {
    let regimens: [Regimen; 4] = [
        course(),
        "180 ug on Mon,Wed,Fri at 8h".parse().expect("a regimen"),
        (0..90).map(|i| (7.3 * f64::from(i), Dose::of(20.0 + f64::from(i % 3)))).collect(),
        Dose::iv(100.0).at(3.0).and(Dose::of(50.0).every(12.0).times(4)),
    ];
    for (mixed, times) in
        [(true, grid(0.0..=672.0, 1.0)), (false, grid(-5.0..=900.0, 2.5)), (true, vec![100.0, 100.0, 333.3])]
    {
        let people = people(300, mixed);
        for regimen in &regimens {
            let profiles = people.simulate(regimen, &times).expect("profiles");
            for (i, model) in people.models().iter().enumerate() {
                let alone = model.concentrations(regimen, &times).expect("a profile");
                assert!(profiles.row(i) == alone, "person {i} under {regimen}");
            }
            assert_eq!(profiles.profile(299).times(), times);
        }
    }
}

#[test]
fn drawn_out_doses_and_meals_are_as_alone_too() {
    let times = grid(0.0..=96.0, 1.0);
    let effect = MealEffect::what_if("half", [(Meal::FASTED, 0.5), (Meal::with_fat(20.0), 1.0)]).expect("an effect");
    let plain = people(8, false);
    let models = plain.models().iter().enumerate();
    let models = models
        .map(|(i, model)| if i % 2 == 0 { model.clone() } else { model.clone().with_meal_effect(effect.clone()) });
    let people = Population::of(models.collect(), 0).expect("people");
    let fasted = Dose::of(90.0).with(Meal::FASTED).every(24.0).times(3);
    let infused: Regimen = "2 mg iv over 3 h q24h x2".parse().expect("a regimen");
    for regimen in [fasted, infused] {
        let profiles = people.simulate(&regimen, &times).expect("profiles");
        for (i, model) in people.models().iter().enumerate() {
            assert_eq!(profiles.row(i), model.concentrations(&regimen, &times).expect("a profile"));
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let people = people(20_000, false);
    let times = grid(0.0..=672.0, 2.0);
    let window = Window::new(600.0..=672.0).expect("a window");
    let all = || {
        let profiles = people.simulate(course(), &times).expect("profiles");
        let bands = people.bands(course(), &times, &[0.05, 0.5, 0.95]).expect("bands");
        let tally = people.tally(course(), &times).expect("a tally");
        (profiles, bands, tally, people.exposures(course(), &window).expect("exposures"))
    };
    let with =
        |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads").install(all);
    let one = with(1);
    for threads in [2, 3, 7] {
        assert!(one == with(threads), "{threads} threads");
    }
}

#[test]
fn slices_are_rows_of_the_whole() {
    let people = people(1_000, true);
    let times = grid(0.0..=240.0, 3.0);
    let whole = people.simulate(course(), &times).expect("profiles");
    let part = people.slice(301..777).expect("a slice");
    let rows = part.simulate(course(), &times).expect("profiles");
    assert_eq!((rows.ids(), rows.len()), (301..777, 476));
    assert!(rows.conc() == &whole.conc()[301 * times.len()..777 * times.len()]);
}

// ------------------------------------------------------------------------------------------------------------- results

/// Quantiles by sorting every time, for people of several kinds; the block of times ends in the midst of a day.
#[test]
fn bands_are_the_quantiles_of_the_profiles() {
    let probabilities = [0.05, 0.5, 0.975];
    for (people, times) in
        [(people(777, true), grid(0.0..=300.0, 1.0)), (people(30_001, false), grid(0.0..=700.0, 1.0))]
    {
        let bands = people.bands(course(), &times, &probabilities).expect("bands");
        let profiles = people.simulate(course(), &times).expect("profiles");
        for at in (0..times.len()).step_by(times.len() / 40) {
            let mut column: Vec<f64> = (0..people.len()).map(|i| profiles.row(i)[at]).collect();
            column.sort_by(f64::total_cmp);
            for (p, curve) in bands.iter() {
                let h = (people.len() - 1) as f64 * p;
                let (low, high) = (column[h.floor() as usize], column[h.ceil() as usize]);
                assert_eq!(curve[at], low + h.fract() * (high - low), "{p} at {}", times[at]);
            }
        }
    }
}

#[test]
fn a_tally_is_within_its_error_and_joins() {
    let people = people(5_000, true);
    let times = grid(0.0..=336.0, 6.0);
    let probabilities = [0.0, 0.05, 0.5, 0.95, 1.0];
    let exact = people.bands(course(), &times, &probabilities).expect("bands");
    let tally = people.tally(course(), &times).expect("a tally");
    let found = tally.bands(&probabilities).expect("bands");
    for ((_, exact), (_, found)) in exact.iter().zip(found.iter()) {
        for (exact, found) in exact.iter().zip(found) {
            assert!((found - exact).abs() <= exact / 512.0 + 9.1e-13, "{found} is not {exact}");
        }
    }
    let slice = |range| people.slice(range).and_then(|people| people.tally(course(), &times)).expect("a tally");
    let mut joined = slice(3_000..5_000);
    joined.merge(&slice(0..3_000)).expect("the same times");
    assert_eq!(joined.bands(&probabilities), Ok(found));
    for (joined, whole) in joined.sketches().iter().zip(tally.sketches()).skip(1) {
        assert_eq!((joined.count(), joined.min(), joined.max()), (whole.count(), whole.min(), whole.max()));
        let (joined, whole) = ([joined.mean(), joined.sd()], [whole.mean(), whole.sd()]);
        for (joined, whole) in joined.into_iter().zip(whole) {
            assert!((joined.expect("people") / whole.expect("people") - 1.0).abs() < 1e-12);
        }
    }
}

/// Every kind of model: areas against the mass balance, extremes and times above against a fine grid, which sees less.
#[test]
fn what_is_reached_agrees_with_areas_and_a_fine_grid() {
    let people = people(28, true);
    let regimen = course();
    let (from, to, level) = (40.5, 130.25, 1.5);
    let window = Window::new(from..=to).and_then(|window| window.above(level)).expect("a window");
    let times = grid(from..=to, 0.01);
    for (model, found) in people.models().iter().zip(people.exposures(&regimen, &window).expect("exposures")) {
        let auc = model.auc(&regimen, from..=to).expect("an area");
        assert!((found.auc / auc - 1.0).abs() < 1e-12, "{} is not {auc}", found.auc);
        assert_eq!(found.cavg, found.auc / (to - from));
        let conc = model.concentrations(&regimen, &times).expect("concentrations");
        let seen = conc.iter().copied().fold(0.0, f64::max);
        assert!(found.cmax >= seen * (1.0 - 1e-14) && found.cmax < 1.0001 * seen, "{} is not {seen}", found.cmax);
        let peak = model.concentrations(&regimen, &[found.tmax]).expect("a concentration")[0];
        assert!((peak / found.cmax - 1.0).abs() < 1e-13, "{peak} is not {}", found.cmax);
        let seen = conc.iter().copied().fold(f64::INFINITY, f64::min);
        // The grid may miss the moment of the trough by a step, in which nothing falls faster than the fastest exponential.
        let least = seen * (-0.01 * model.modes()[0].k).exp();
        assert!(found.cmin <= seen * (1.0 + 1e-14) && found.cmin > least, "{} is not {seen}", found.cmin);
        assert!((found.ctrough / conc[conc.len() - 1] - 1.0).abs() < 1e-12);
        // Of each stretch above the level the grid sees a step more or less, and none of one shorter than a step.
        let above = 0.01 * conc.iter().filter(|conc| **conc >= level).count() as f64;
        let stretches = conc.chunk_by(|a, b| (*a >= level) == (*b >= level)).filter(|part| part[0] >= level).count();
        near_abs(found.time_above.expect("a time"), above, 0.01 * stretches.max(1) as f64 + 1e-9);
        let first = times.iter().zip(&conc).find(|(_, conc)| **conc >= level).map(|(time, _)| *time);
        match (found.time_to, first) {
            (Some(found), Some(first)) => assert!(found <= first && found > first - 0.0101, "{found} is not {first}"),
            (found, first) => assert_eq!(found, first),
        }
    }
}

/// The area of the moments after a dose keeps its digits: the sum `dose ka/v sum_n (-1)^n h^(n+2)/(n+2)! sum_i ka^i ke^(n-i)`.
#[test]
fn the_area_just_after_a_dose_is_its_power_series() {
    for (ka, h) in [(0.4, 1.0), (3.0, 0.1), (3.0, 1e-3), (30.0, 1e-6), (0.008, 1e-3)] {
        let p = Parameters { cl: 1.27, v: 154.0, ka, tlag: 0.0, f: 0.8 };
        let (mut powers, mut ke_to_n, mut factor, mut sum) = (0.0, 1.0, h, 0.0);
        for n in 0..30_u32 {
            // sum_i ka^i ke^(n-i), from that of n - 1; and h^(n+2)/(n+2)! with its sign.
            powers = powers * ka + ke_to_n;
            ke_to_n *= p.ke();
            factor *= h / f64::from(n + 2) * if n == 0 { 1.0 } else { -1.0 };
            sum += factor * powers;
        }
        let right = 0.8 * 90.0 * ka / p.v * sum;
        let people = Population::of(vec![p.model().expect("a model")], 1).expect("people");
        let window = Window::new(0.0..=h).expect("a window");
        let found = people.exposures(Dose::of(90.0), &window).expect("exposures")[0].auc;
        assert!((found / right - 1.0).abs() < 4e-15, "ka {ka}, {h} h: {found} is not {right}");
    }
}

#[test]
fn the_share_above_a_target_is_that_of_the_troughs() {
    let people = people(1_000, false);
    let window = Window::new(648.0..=672.0).expect("a window");
    let share: Share =
        people.exposures(course(), &window).expect("exposures").iter().map(|one| one.ctrough >= 4.0).collect();
    let troughs = people.simulate(course(), &[672.0]).expect("profiles");
    assert_eq!(share.count(), troughs.conc().iter().filter(|conc| **conc >= 4.0).count() as u64);
    let interval = share.interval(0.95).expect("an interval");
    assert!(interval.contains(&share.share().expect("people")) && interval.end() - interval.start() < 0.07);
}

// --------------------------------------------------------------------------------------------------------------- files

/// What was written: (number, time, concentration).
fn rows(profiles: &Profiles) -> Vec<(u64, u64, u64)> {
    let row = |i: usize, id: u64| {
        let pairs = profiles.times().iter().zip(profiles.row(i));
        pairs.map(move |(time, conc)| (id, time.to_bits(), conc.to_bits())).collect::<Vec<_>>()
    };
    profiles.ids().enumerate().flat_map(|(i, id)| row(i, id)).collect()
}

#[test]
fn csv_reads_back_to_the_bit() {
    let folder = Folder::new("csv");
    let profiles = people(50, true).slice(20..43).and_then(|some| some.simulate(course(), &grid(0.0..=99.0, 0.7)));
    let profiles = profiles.expect("profiles");
    profiles.save(folder.0.join("a.csv")).expect("a file");
    let mut reader = csv::Reader::from_path(folder.0.join("a.csv")).expect("a file");
    assert_eq!(reader.headers().expect("a header"), vec!["id", "time", "conc"]);
    let found = reader
        .deserialize()
        .map(|row| row.map(|(id, time, conc): (u64, f64, f64)| (id, time.to_bits(), conc.to_bits())));
    assert_eq!(found.collect::<std::result::Result<Vec<_>, _>>().expect("rows"), rows(&profiles));
    assert_eq!(folder.names(), ["a.csv"]);
}

#[test]
fn what_is_not_finished_is_not_there() {
    let folder = Folder::new("unfinished");
    let profiles = people(5, false).simulate(course(), &[0.0, 24.0]).expect("profiles");
    fs::write(folder.0.join("old.csv"), "as before").expect("a file");
    for name in ["old.csv", "new.csv"] {
        let mut file = ProfileFile::create(folder.0.join(name)).expect("a file");
        file.append(&profiles).expect("room");
        drop(file);
    }
    assert_eq!(folder.names(), ["old.csv"]);
    assert_eq!(fs::read_to_string(folder.0.join("old.csv")).expect("a file"), "as before");
    // A folder that goes away on the way.
    let inner = folder.0.join("inner");
    fs::create_dir(&inner).expect("a folder");
    let mut file = ProfileFile::create(inner.join("a.csv")).expect("a file");
    file.append(&profiles).expect("room");
    fs::remove_dir_all(&inner).expect("a folder");
    let why = sentence(file.finish());
    assert!(why.starts_with(&format!("cannot write {}/a.csv: ", inner.display())), "{why}");
}

// ------------------------------------------------------------------------------------------------------------ bad input

#[test]
fn what_cannot_be_has_a_sentence() {
    let some = people(3, false);
    let (daily, times) = (course(), [0.0, 24.0]);
    assert_eq!(
        sentence(Population::of(Vec::new(), 0)),
        "a population of no people was asked for: ask for at least one"
    );
    assert_eq!(
        sentence(some.simulate_into(&daily, &times, &mut [0.0; 7])),
        "3 people at 2 times have 6 concentrations, and there is room for 7: give as much room as that"
    );
    assert_eq!(
        sentence(some.exposures_into(&daily, &Window::new(0.0..=1.0).expect("a window"), &mut [])),
        "there are 3 people and room for 0 exposures: give as much room as people"
    );
    for p in [-0.1, 1.01, f64::NAN] {
        let expected = format!("the probability of a quantile is {p}, but it must be a number from 0 to 1");
        assert_eq!(sentence(some.bands(&daily, &times, &[0.5, p])), expected);
        assert_eq!(sentence(some.tally(&daily, &times).and_then(|tally| tally.bands(&[p]))), expected);
    }
    assert_eq!(
        sentence(some.bands(&daily, &times, &[])),
        "there are no probabilities: give at least one, such as 0.5 for the median"
    );
    assert_eq!(
        sentence(some.bands(&daily, &times, &[0.5, 0.9]).and_then(|bands| bands.curve(0.1))),
        "there is no band of probability 0.1: these were asked for: 0.5, 0.9"
    );
    assert_eq!(
        sentence(Window::new(5.0..=5.0)),
        "the window from 5 h to 5 h is not one: both ends must be finite, and the second later than the first"
    );
    assert_eq!(
        sentence(Window::new(0.0..=5.0).and_then(|window| window.above(f64::NAN))),
        "the threshold is NaN µg/L, but it must be a finite number"
    );
    assert_eq!(sentence(Share::default().interval(0.95)), "of nobody there is no share: look at one person at least");
    assert_eq!(
        sentence(Share::default().interval(95.0)),
        "the confidence is 95, but it must be a number between 0 and 1, such as 0.95"
    );
    let (mut one, other) = (some.tally(&daily, &times).expect("a tally"), some.tally(&daily, &[1.0]).expect("a tally"));
    assert_eq!(
        sentence(one.merge(&other)),
        "two tallies at different times cannot be joined: one has 2 times up to 24 h, the other 1 up to 1 h"
    );
    assert_eq!(
        sentence(some.simulate(&daily, &[2.0, 1.0])),
        "output time 2 is 1 h and comes after 2 h: output times must not decrease, so sort them"
    );
    assert_eq!(
        sentence(some.simulate(Dose::of(-1.0), &times)),
        sentence(some.models()[0].concentrations(Dose::of(-1.0), &times))
    );
}

#[test]
fn own_regimens_are_for_each_in_order() {
    let people = people(300, true);
    let times = grid(0.0..=200.0, 1.0);
    let own: Vec<Regimen> =
        (0..300_u32).map(|i| Dose::of(20.0 + f64::from(i)).every(12.0).skip([u64::from(1 + i % 9)])).collect();
    let window = Window::new(100.0..=200.0).expect("a window");
    let profiles = people.simulate(&own, &times).expect("profiles");
    let reached = people.exposures(&own, &window).expect("exposures");
    let median = people.bands(&own, &times, &[0.5]).expect("bands");
    assert_eq!(median.curve(0.5).expect("a curve").conc()[150], {
        let mut column: Vec<f64> = (0..300).map(|i| profiles.row(i)[150]).collect();
        column.sort_by(f64::total_cmp);
        column[149] + 0.5 * (column[150] - column[149])
    });
    for (i, (model, regimen)) in people.models().iter().zip(&own).enumerate() {
        assert_eq!(profiles.row(i), model.concentrations(regimen, &times).expect("a profile"));
        let auc = model.auc(regimen, 100.0..=200.0).expect("an area");
        assert!((reached[i].auc / auc - 1.0).abs() < 1e-12);
    }
    let expected = "there are 300 people and 299 regimens: give one for each, in their order, or one for all";
    assert_eq!(sentence(people.simulate(&own[1..], &times)), expected);
    assert_eq!(sentence(people.exposures(&own[1..], &window)), expected);
    assert_eq!(sentence(people.tally(&own[1..], &times)), expected);
}

#[test]
fn an_error_names_the_person() {
    let zero_order = Model::new(ZeroOrder { duration: 4.0 }, OneCompartment { cl: 1.0, v: 100.0 }).expect("a model");
    let mut models = people(3, false).models().to_vec();
    models[1] = zero_order;
    let people = Population::of(models, 0).expect("people");
    let slow: Regimen = Dose { duration: 2.0, ..Dose::of(90.0) }.into();
    let window = Window::new(0.0..=24.0).expect("a window");
    let expected = "person 1: an oral dose given over 2 h meets zero-order absorption, which takes 4 h itself: give the dose \
                    at once, or use another absorption";
    assert_eq!(sentence(people.simulate(&slow, &[1.0])), expected);
    assert_eq!(sentence(people.bands(&slow, &[1.0], &[0.5])), expected);
    assert_eq!(sentence(people.exposures(&slow, &window)), expected);
}

#[test]
fn a_file_that_cannot_be_written_has_a_sentence() {
    let folder = Folder::new("refused");
    let profiles = people(2, false).simulate(course(), &[0.0]).expect("profiles");
    let save = |name: &str| sentence(profiles.save(folder.0.join(name)));
    let at = folder.0.display();
    assert_eq!(
        save("a.xlsx"),
        format!(
            "the profiles cannot be saved as {at}/a.xlsx: the name ends in .xlsx, and profiles are a .csv or a .parquet, so end it in one of these"
        )
    );
    assert!(
        save("a")
            .ends_with("the name has no extension, and profiles are a .csv or a .parquet, so end it in one of these")
    );
    assert_eq!(
        save("none/none/a.csv"),
        format!(
            "cannot write {at}/none/none/a.csv: No such file or directory (os error 2): create the folder {at}/none/none first"
        )
    );
    assert!(save("a.parquet").ends_with(
        "a.parquet: this program was built without Parquet, so use the feature `parquet` of menaquinone, or a .csv"
    ));
    fs::create_dir(folder.0.join("b.csv")).expect("a folder");
    assert!(save("b.csv").ends_with("a folder has that name already, so choose another name"));
    assert_eq!(folder.names(), ["b.csv"]);
}
