//! Diagnostics of population fits: residuals against NONMEM's table, what simulated people say, visual predictive checks.
#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::people::{number, rows, theophylline_in_mg, wang};
use menaquinone::assay::ResidualError;
use menaquinone::chart::{Chart, Sheet};
use menaquinone::fit::{Bins, Method, People, PeopleFit, Report, Sampled, Samples, Theory, VpcBands, fixed, free};
use menaquinone::random::{Purpose, Stream};
use menaquinone::{Bolus, Dose, FirstOrder, OneCompartment, Regimen};

fn wang_theory(error: ResidualError) -> Theory {
    let body = OneCompartment { cl: fixed(0.5).varying(0.2), v: fixed(1.0) };
    Theory::new(Bolus, body)
        .and_then(|theory| theory.with_omega(&[[0.04]]))
        .and_then(|theory| theory.with_error(error))
        .expect("a theory")
}

fn proportional() -> ResidualError {
    ResidualError::Proportional { cv: 0.1_f64.sqrt() }
}

/// Half a unit of the fifth digit, in which NONMEM prints.
fn half_a_digit(value: f64) -> f64 {
    if value == 0.0 { 1e-9 } else { 0.5001 * 10_f64.powf(value.abs().log10().floor() - 4.0) }
}

/// Every column of NONMEM's table that is not drawn, at the five digits that it prints.
#[test]
fn residuals_are_those_of_nonmem() {
    let people = wang();
    let theory = wang_theory(proportional());
    let found = theory.residuals(&people, Method::Focei).expect("residuals");
    let expected = rows("wang2007_nonmem_residuals.csv");
    assert_eq!(found.rows().len(), expected.len());
    let mut worst: BTreeMap<&str, f64> = BTreeMap::new();
    for (row, expected) in found.rows().iter().zip(&expected) {
        let Report::Level(dv) = row.report else { panic!("a level") };
        let own = [
            ("DV", Some(dv)),
            ("TIME", Some(row.time)),
            ("PRED", Some(row.pred)),
            ("NPRED", Some(row.pred)),
            ("PREDI", Some(row.pred)),
            ("RES", row.res),
            ("NRES", row.res),
            ("RESI", row.res),
            ("NWRES", row.wres),
            ("WRES", row.wresi),
            ("WRESI", row.wresi),
            ("IPRE", Some(row.ipred)),
            ("IRES", row.ires),
            ("IWRES", row.iwres),
            ("CPRED", Some(row.cpred)),
            ("CPREDI", Some(row.cpred)),
            ("CRES", row.cres),
            ("CRESI", row.cres),
            ("CWRES", row.cwres),
            ("CWRESI", row.cwresi),
        ];
        assert_eq!(row.id, expected["ID"]);
        for (name, own) in own {
            let (own, printed) = (own.expect("a number"), number(expected, name));
            let off = (own - printed).abs() / half_a_digit(printed);
            let most = worst.entry(name).or_default();
            *most = most.max(off);
        }
    }
    println!("in halves of the last digit: {worst:?}");
    for (name, worst) in worst {
        assert!(worst <= 1.0, "{name}: {worst} halves of the last digit");
    }
    for ((id, eta), expected) in found.etas().zip(expected.iter().step_by(2)) {
        assert_eq!(id, expected["ID"]);
        let printed = number(expected, "ETA1");
        assert!((eta[0] - printed).abs() < half_a_digit(printed), "{id}: {} and {printed}", eta[0]);
    }
}

/// Two samples that go together: the symmetric root, by hand for a covariance of two by two, and not that of Cholesky.
#[test]
fn the_residuals_of_a_person_are_decorrelated_by_the_symmetric_root() {
    let samples = Samples::new(&[1.0, 2.0], &[5.0, 4.5]).expect("samples");
    let people = People::new([("a", Sampled::new(Dose::iv(10.0).at(0.0), samples))]).expect("people");
    let found = wang_theory(ResidualError::Additive { sd: 0.2 }).residuals(&people, Method::Foce).expect("residuals");
    let [f, g] = [10.0 * (-0.5_f64).exp(), 10.0 * (-1.0_f64).exp()];
    let [a, b] = [-0.5 * f, -g]; // slopes by the deviation of cl
    let (c, off) = ([[0.04 * a * a + 0.04, 0.04 * a * b], [0.04 * a * b, 0.04 * b * b + 0.04]], [5.0 - f, 4.5 - g]);
    // The root of a matrix of two by two: (C + s I)/t with s = sqrt(det), t = sqrt(trace + 2 s).
    let s = (c[0][0] * c[1][1] - c[0][1] * c[1][0]).sqrt();
    let t = (c[0][0] + c[1][1] + 2.0 * s).sqrt();
    let root = [[(c[0][0] + s) / t, c[0][1] / t], [c[1][0] / t, (c[1][1] + s) / t]];
    let det = root[0][0] * root[1][1] - root[0][1] * root[1][0];
    let expected =
        [(root[1][1] * off[0] - root[0][1] * off[1]) / det, (root[0][0] * off[1] - root[1][0] * off[0]) / det];
    for (row, expected) in found.rows().iter().zip(expected) {
        assert!((row.wres.expect("a residual") - expected).abs() < 1e-10, "{:?} and {expected}", row.wres);
    }
}

/// With a log-normal error residuals are those of logarithms, and predictions stay levels.
#[test]
fn log_normal_errors_compare_logarithms() {
    let people = wang();
    let cv = 0.3_f64;
    let found = wang_theory(ResidualError::LogNormal { cv }).residuals(&people, Method::Focei).expect("residuals");
    let sd = (cv * cv).ln_1p().sqrt();
    for row in found.rows() {
        let Report::Level(dv) = row.report else { panic!("a level") };
        assert!((row.res.expect("a residual") - (dv / row.pred).ln()).abs() < 1e-12);
        assert!((row.iwres.expect("a residual") - (dv / row.ipred).ln() / sd).abs() < 1e-12);
        assert!((row.cres.expect("a residual") - (dv / row.cpred).ln()).abs() < 1e-12);
        // ln f = ln 10 - 0.5 e^eta t, whose slope by eta is -0.5 e^eta t.
        let eta = found.etas().find(|(id, _)| *id == row.id).expect("a person").1[0];
        let a = -0.5 * eta.exp() * row.time;
        let expected = row.cres.expect("a residual") / (0.04 * a * a + sd * sd).sqrt();
        assert!((row.cwres.expect("a residual") - expected).abs() < 1e-9);
        assert_eq!(row.cwres, row.cwresi);
    }
}

/// A sample below the limit has a place in the table and no residual, and takes no part in the others' covariance.
#[test]
fn a_sample_outside_a_limit_has_no_residual() {
    let samples =
        |last: f64| Samples::new(&[0.0, 1.0, 8.0], &[10.2, 6.3, last]).expect("samples").below(0.5).expect("a limit");
    let people = |last| People::new([("x, y", Sampled::new(Dose::iv(10.0).at(0.0), samples(last)))]).expect("people");
    let theory = wang_theory(proportional());
    let found = theory.residuals(&people(0.1), Method::Focei).expect("residuals");
    assert_eq!(found.method(), Method::Laplace); // what is used where samples are censored
    let row = &found.rows()[2];
    assert_eq!(row.report, Report::Below(0.5));
    assert!(
        row.pred > 0.0
            && row.ipred > 0.0
            && [row.res, row.wres, row.iwres, row.cwres, row.cwresi].iter().all(Option::is_none)
    );
    // About no deviation the others are weighed as if it were not there.
    let two = Samples::new(&[0.0, 1.0], &[10.2, 6.3]).expect("samples");
    let two = People::new([("x", Sampled::new(Dose::iv(10.0).at(0.0), two))]).expect("people");
    let without = theory.residuals(&two, Method::Laplace).expect("residuals");
    assert_eq!(found.rows()[1].wres, without.rows()[1].wres);
    let text = found.to_csv();
    let last = text.lines().last().expect("a line");
    assert!(last.starts_with("\"x, y\",8,0.5,1,0.18315638888734"), "{last}");
}

// ------------------------------------------------------------------------------------------------------------- by draws

/// NONMEM draws 300 people for these columns; what it integrates exactly (the error of a sample whose level does not vary) agrees at its digits.
#[test]
fn what_is_drawn_agrees_with_nonmem_within_its_draws() {
    let people = wang();
    let theory = wang_theory(proportional());
    let npde = theory.npde(&people, 4000, 1).expect("errors");
    let both = theory.residuals(&people, Method::Focei).and_then(|own| own.with_npde(&npde)).expect("a table");
    let draws = 300.0_f64;
    for (row, expected) in both.rows().iter().zip(rows("wang2007_nonmem_residuals.csv")) {
        let drawn = row.drawn.expect("draws");
        let printed = |name: &str| number(&expected, name);
        let close = |name: &str, own: f64, most: f64| {
            assert!(
                (own - printed(name)).abs() <= most,
                "{} at {}: {name} {own} and {}",
                row.id,
                row.time,
                printed(name)
            );
        };
        let of_share = |z: f64| {
            let p = 0.5 * (1.0 + (z / 2.0_f64.sqrt()).tanh()); // near enough for an error
            (p * (1.0 - p) / draws).sqrt() / ((-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt())
        };
        if row.time == 0.0 {
            close("EPRED", drawn.epred, 1e-9);
            for (name, own) in [("EWRES", drawn.ewres), ("ECWRES", drawn.ecwres), ("NPD", Some(drawn.npd))] {
                close(name, own.expect("a residual"), half_a_digit(printed(name)).max(2e-6));
            }
        } else {
            let sd = 0.61 / draws.sqrt(); // of the mean of the levels
            close("EPRED", drawn.epred, 4.5 * sd);
            close("ERES", drawn.eres.expect("a residual"), 4.5 * sd);
            for (name, own) in [("EWRES", drawn.ewres), ("ECWRES", drawn.ecwres), ("NPD", Some(drawn.npd))] {
                close(name, own.expect("a residual"), 4.5 * sd / 2.0 + 0.02);
            }
        }
        close("NPDE", drawn.npde, 4.5 * of_share(printed("NPDE")) * 1.2);
    }
    let text = both.to_csv();
    let head = text.lines().next().expect("a header");
    assert!(head.ends_with("CWRES,CWRESI,EPRED,ERES,EWRES,ECWRES,NPDE,NPD,ETA1"), "{head}");
    assert!(text.lines().all(|line| line.split(',').count() == head.split(',').count()));
}

/// A trial of the theory itself, by streams of the test's own: people with two doses, each sampled four times.
fn trial(people: u64, limit: Option<f64>) -> People {
    let times = [1.0, 5.0, 13.0, 23.0];
    let one = |subject: u64| {
        let draw = |purpose| Stream { seed: 11, subject, purpose }.draw();
        let (mut own, mut error) = (draw(Purpose::Person), draw(Purpose::Residual));
        let (cl, v) = (1.0 * (0.3 * own.normal()).exp(), 10.0 * (0.2 * own.normal()).exp());
        let dose = if subject.is_multiple_of(2) { 100.0 } else { 300.0 };
        let regimen: Regimen = Dose::iv(dose).every(12.0).times(2);
        let model = menaquinone::Model::new(Bolus, OneCompartment { cl, v }).expect("a model");
        let levels = model.concentrations(&regimen, &times).expect("levels");
        let conc: Vec<f64> = levels.iter().map(|level| level * (1.0 + 0.15 * error.normal())).collect();
        let samples = Samples::new(&times, &conc).expect("samples");
        let samples = if let Some(limit) = limit { samples.below(limit).expect("a limit") } else { samples };
        (format!("p{subject}"), Sampled::new(regimen, samples))
    };
    People::new((0..people).map(one)).expect("people")
}

fn trial_theory() -> Theory {
    let body = OneCompartment { cl: fixed(1.0).varying(0.3), v: fixed(10.0).varying(0.2) };
    Theory::new(Bolus, body)
        .and_then(|theory| theory.with_omega(&[[0.09, 0.0], [0.0, 0.04]]))
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory")
}

/// Numbers that should be standard normal and independent: mean, variance and both tails within 3.5 standard errors.
fn assert_standard_normal(what: &str, all: &[f64]) {
    let n = all.len() as f64;
    let mean = all.iter().sum::<f64>() / n;
    let variance = all.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / (n - 1.0);
    assert!(mean.abs() < 3.5 / n.sqrt(), "{what}: the mean is {mean}");
    assert!((variance - 1.0).abs() < 3.5 * (2.0 / n).sqrt(), "{what}: the variance is {variance}");
    for (z, p) in [(-1.644_853_627, 0.05), (0.0, 0.5), (1.644_853_627, 0.95)] {
        let share = all.iter().filter(|own| **own < z).count() as f64 / n;
        assert!((share - p).abs() < 3.5 * (p * (1.0 - p) / n).sqrt(), "{what}: {share} below {z}");
    }
}

#[test]
fn the_errors_of_data_from_the_theory_itself_are_standard_normal() {
    let npde = trial_theory().npde(&trial(150, None), 300, 3).expect("errors");
    let all: Vec<f64> = npde.rows().iter().map(|row| row.npde).collect();
    assert_standard_normal("npde", &all);
    let npd: Vec<f64> = npde.rows().iter().step_by(4).map(|row| row.npd).collect(); // one of each person: independent
    assert_standard_normal("npd", &npd);
    let (mean, variance) = npde.mean_and_variance();
    assert!(mean.abs() < 0.15 && (variance - 1.0).abs() < 0.25);
    // Neighbours of a person are no longer correlated; before decorrelation they are.
    let together = |of: fn(&menaquinone::fit::NpdeRow) -> f64| {
        let pairs = npde.rows().windows(2).filter(|pair| pair[0].id == pair[1].id);
        pairs.map(|pair| of(&pair[0]) * of(&pair[1])).sum::<f64>() / 450.0
    };
    assert!(together(|row| row.npde).abs() < 3.5 / 450.0_f64.sqrt(), "{}", together(|row| row.npde));
    assert!(together(|row| row.npd) > 0.3);
}

/// A third of the last samples below the limit, and the errors are still what they should be.
#[test]
fn the_errors_stay_standard_normal_with_samples_below_the_limit() {
    let people = trial(150, Some(4.0));
    let below = people
        .iter()
        .flat_map(|(_, own)| own.samples().reports())
        .filter(|own| matches!(own, Report::Below(_)))
        .count();
    assert!((40..200).contains(&below), "{below}");
    let npde = trial_theory().npde(&people, 300, 3).expect("errors");
    assert_standard_normal("npde", &npde.rows().iter().map(|row| row.npde).collect::<Vec<_>>());
    assert_standard_normal("npd", &npde.rows().iter().skip(3).step_by(4).map(|row| row.npd).collect::<Vec<_>>());
}

/// One person alone, a slice, another order, other threads: the same bits.
#[test]
fn draws_are_of_the_person_and_of_nothing_else() {
    let all = trial(30, None);
    let theory = trial_theory();
    let whole = theory.npde(&all, 200, 9).expect("errors");
    let mut some: Vec<(String, Sampled)> = all
        .iter()
        .filter(|(id, _)| ["p3", "p17", "p4"].contains(id))
        .map(|(id, own)| (id.to_owned(), own.clone()))
        .collect();
    some.reverse();
    let some = People::new(some).expect("people");
    for row in theory.npde(&some, 200, 9).expect("errors").rows() {
        assert!(whole.rows().contains(row), "{row:?}");
    }
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let one = alone.install(|| theory.npde(&all, 200, 9).expect("errors"));
    assert_eq!(one.rows(), whole.rows());
    let vpc = || theory.vpc(&all, 100, 9).and_then(|vpc| vpc.bands()).expect("bands");
    assert_eq!(alone.install(vpc), vpc());
    assert_ne!(theory.npde(&all, 200, 10).expect("errors").rows(), whole.rows());
}

#[test]
fn what_cannot_be_drawn_is_refused_in_a_sentence() {
    let theory = trial_theory();
    let message = theory.npde(&trial(3, None), 10, 1).unwrap_err().to_string();
    assert_eq!(message, "10 draws of a person cannot be: ask for 100 to 1000000");
    let message = theory.vpc(&trial(3, None), 10, 1).unwrap_err().to_string();
    assert_eq!(message, "10 simulated trials cannot be: ask for 20 to 1000000");
    let samples = Samples::of_reports(&[1.0, 2.0], &[Report::Level(9.0), Report::Above(8.0)]).expect("samples");
    let people = People::new([("x", Sampled::new(Dose::iv(100.0).at(0.0), samples))]).expect("people");
    assert_eq!(
        theory.npde(&people, 100, 1).unwrap_err().to_string(),
        "person `x`, the sample at 2 h: it lies above a limit or between two, and prediction distribution errors have no place for it, only for samples below a limit"
    );
    let other = theory.residuals(&trial(3, None), Method::Focei).expect("residuals");
    let npde = theory.npde(&trial(4, None), 100, 1).expect("errors");
    assert!(other.with_npde(&npde).unwrap_err().to_string().contains("take both of the same people"));
}

// ------------------------------------------------------------------------------------------------------- visual checks

/// How many of the percentiles that were measured lie within their interval, and of how many.
fn within(bands: &VpcBands) -> (usize, usize) {
    let bins = bands.strata().iter().flat_map(|stratum| &stratum.bins);
    let all = bins.flat_map(|bin| bin.percentiles.iter().chain(&bin.below));
    let known = all.filter_map(|own| Some((own.observed?, [own.simulated[0]?, own.simulated[1]?, own.simulated[2]?])));
    known.fold((0, 0), |(inside, all), (observed, [low, _, high])| {
        (inside + usize::from(low <= observed && observed <= high), all + 1)
    })
}

/// Percentiles and fractions of a check by hand, and those of the trial itself within its bands.
#[test]
fn a_check_of_the_theory_itself_holds_what_was_measured() {
    let people = trial(80, Some(4.0));
    let vpc = trial_theory().vpc(&people, 200, 5).expect("a check");
    let bands = vpc.bands().expect("bands");
    let [stratum] = bands.strata() else { panic!("one stratum") };
    assert_eq!(stratum.bins.iter().map(|bin| bin.middle).collect::<Vec<_>>(), [1.0, 5.0, 13.0, 23.0]);
    for (j, bin) in stratum.bins.iter().enumerate() {
        let mut levels: Vec<f64> = Vec::new();
        for (_, own) in people.iter() {
            levels.push(if let Report::Level(level) = own.samples().reports()[j] { level } else { f64::NEG_INFINITY });
        }
        levels.sort_by(f64::total_cmp);
        let below = levels.iter().filter(|level| level.is_infinite()).count() as f64 / 80.0;
        assert_eq!(bin.below.expect("a limit").observed, Some(below));
        for (p, own) in [0.05, 0.5, 0.95].iter().zip(&bin.percentiles) {
            let rank: f64 = 79.0 * p;
            let (low, high) = (levels[rank as usize], levels[rank as usize + 1]);
            let expected = low + (high - low) * rank.fract();
            match own.observed {
                Some(observed) => assert!((observed - expected).abs() < 1e-12),
                None => assert!(low.is_infinite()),
            }
        }
    }
    let last = &stratum.bins[3];
    assert!(last.percentiles[0].observed.is_none() && last.percentiles[0].simulated == [None; 3]); // 5 % lies below the limit
    assert!(last.below.and_then(|own| own.observed).expect("a fraction") > 0.05);
    let (inside, all) = within(&bands);
    assert!(all > 12 && inside + 2 >= all, "{inside} of {all}");
    // Twice the clearance is not what was measured.
    let body = OneCompartment { cl: fixed(1.6).varying(0.3), v: fixed(10.0).varying(0.2) };
    let wrong = Theory::new(Bolus, body)
        .and_then(|own| own.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory");
    let (inside, all) = within(&wrong.vpc(&people, 200, 5).and_then(|vpc| vpc.bands()).expect("bands"));
    assert!(2 * inside < all, "{inside} of {all}");
}

/// Doses of one and of three: corrected, they lie on one another, and strata apart say the same.
#[test]
fn a_prediction_corrected_check_joins_doses() {
    let people = trial(80, None);
    let vpc = trial_theory().vpc(&people, 200, 5).expect("a check");
    let spread = |bands: &VpcBands| {
        let [low, _, high] = bands.strata()[0].bins[0].percentiles[..] else { panic!("three") };
        high.observed.expect("a percentile") / low.observed.expect("a percentile")
    };
    let (plain, corrected) = (vpc.bands().expect("bands"), vpc.clone().prediction_corrected().bands().expect("bands"));
    assert!(spread(&plain) > 1.5 * spread(&corrected), "{} {}", spread(&plain), spread(&corrected));
    let (inside, all) = within(&corrected);
    assert!(inside + 2 >= all, "{inside} of {all}");
    // By hand: a sample of dose 100 in a bin whose predictions are those of 100 and of 300, as many of each.
    let pred = |dose: f64| dose / 10.0 * (-0.1_f64).exp();
    let (id, own) = people.iter().next().expect("a person");
    assert_eq!(id, "p0");
    let (_, level) = own.samples().levels().next().expect("a level");
    let expected = level * (0.5 * (pred(100.0) + pred(300.0))) / pred(100.0);
    let points = &corrected.strata()[0].points;
    assert!(points.iter().any(|(time, y)| *time == 1.0 && (y - expected).abs() < 1e-9 * expected));
    // By dose: two strata of forty, of which each has its own bins.
    let group = |id: &str| if id[1..].parse::<u32>().is_ok_and(|number| number % 2 == 0) { "100" } else { "300" };
    let apart = vpc.clone().by(group).bands().expect("bands");
    assert_eq!(
        apart.strata().iter().map(|own| (own.name.as_str(), own.bins[0].count)).collect::<Vec<_>>(),
        [("100", 40), ("300", 40)]
    );
    let (inside, all) = within(&apart);
    assert!(inside + 3 >= all, "{inside} of {all}");
    // Since the last dose: 1, 5, 1 and 11 h.
    let since = vpc.since_dose().binned(Bins::Times(vec![1.0, 5.0, 11.0])).bands().expect("bands");
    assert_eq!(since.strata()[0].bins.iter().map(|bin| bin.count).collect::<Vec<_>>(), [160, 80, 80]);
    assert_eq!(since.to_csv().lines().count(), 4);
}

// --------------------------------------------------------------------------------------------------------------- charts

/// The twelve people of theophylline by the first-order method, which is done soonest.
fn theophylline() -> PeopleFit {
    let people = theophylline_in_mg();
    let body = OneCompartment { cl: free(2.7).varying(0.3), v: free(32.0).varying(0.15) };
    Theory::new(FirstOrder { ka: free(1.5).varying(0.6) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Additive { sd: free(0.7) }))
        .and_then(|theory| theory.fit_people(&people, Method::Fo))
        .expect("a fit")
}

/// Writes a sheet where it can be looked at, and gives its document.
fn drawn(name: &str, sheet: &Sheet) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diagnostics");
    std::fs::create_dir_all(&folder).expect("a folder");
    sheet.save(folder.join(format!("{name}.png"))).expect("a picture");
    let svg = sheet.to_svg().expect("a document");
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
    svg
}

#[test]
fn checks_of_people_are_drawn() {
    let (theory, people) = (trial_theory(), trial(120, Some(4.0)));
    let vpc = theory.vpc(&people, 100, 5).expect("a check");
    let svg = drawn("vpc", &Sheet::vpc("Two doses, 12 h apart", &vpc.bands().expect("bands")).expect("a sheet"));
    assert!(
        svg.contains("Below the limit")
            && svg.contains("100 simulated trials")
            && svg.contains("Proportional error, at given numbers.")
    );
    let group = |id: &str| if id.ends_with(['0', '2', '4', '6', '8']) { "100 µg" } else { "300 µg" };
    let apart = vpc.clone().by(group).bands().expect("bands");
    let svg = drawn("vpc_strata", &Sheet::vpc("Apart by dose", &apart).expect("a sheet"));
    assert!(svg.contains("100 µg") && svg.contains("300 µg"));
    let corrected = vpc.prediction_corrected().bands().expect("bands");
    let svg = drawn("pcvpc", &Sheet::vpc("Corrected", &corrected).expect("a sheet"));
    assert!(svg.contains("Prediction-corrected"));
    let npde = theory.npde(&people, 200, 5).expect("errors");
    let svg = drawn("npde", &Sheet::npde("Two doses, 12 h apart", &npde).expect("a sheet"));
    assert!(svg.contains("decorrelated by Cholesky"));
    let residuals = theory.residuals(&people, Method::Laplace).expect("residuals");
    let svg = drawn("goodness_many", &Sheet::goodness("Two doses, 12 h apart", &residuals).expect("a sheet"));
    assert!(svg.contains("samples outside a limit are not shown"));
}

#[test]
fn a_fit_of_people_is_drawn() {
    let fit = theophylline();
    let how = format!("FO, additive error, settled at OFV {:.3}", fit.ofv());
    let residuals = fit.residuals().expect("residuals");
    let sheets = [
        ("goodness", Sheet::goodness("Theophylline, 12 people", &residuals)),
        ("individuals", Sheet::individuals("Theophylline, 12 people", &fit, 0..12)),
        ("etas", Sheet::etas("Theophylline, deviations", &fit)),
        ("vpc_fit", fit.vpc(50, 1).and_then(|vpc| vpc.bands()).and_then(|bands| Sheet::vpc("Theophylline", &bands))),
    ];
    for (name, sheet) in sheets {
        assert!(drawn(name, &sheet.expect(name)).contains(&how), "{name}");
    }
    let forest = Chart::estimates("Theophylline, estimates", &fit).expect("a chart");
    forest.save(Path::new(env!("CARGO_TARGET_TMPDIR")).join("diagnostics/estimates.png")).expect("a picture");
    assert!(forest.to_svg().expect("a document").contains("omega2(ka) ="));
    let effects =
        [("weight 50 kg", [0.70, 0.78, 0.86]), ("weight 90 kg", [1.12, 1.2, 1.3]), ("woman", [0.92, 1.01, 1.11])];
    let forest = Chart::forest("Clearance", effects, 1.0).x_label("Clearance over that of a man of 70 kg");
    forest.save(Path::new(env!("CARGO_TARGET_TMPDIR")).join("diagnostics/forest.png")).expect("a picture");
    let course = |start: f64, end: f64| -> Vec<f64> {
        (0..300)
            .map(|i| end + (start - end) * (-f64::from(i) / 30.0).exp() * (1.0 + 0.3 * (f64::from(i) * 1.7).sin()))
            .collect()
    };
    let numbers = ["ka", "cl", "v", "sd", "omega2(ka)", "omega2(cl)"];
    let numbers: Vec<(String, Vec<f64>)> =
        numbers.iter().zip(1..).map(|(name, i)| ((*name).to_owned(), course(2.0, f64::from(i)))).collect();
    drawn("convergence", &Sheet::convergence("A search", &numbers, &[("averaging", 200.0)]).expect("a sheet"));
    assert!(Sheet::individuals("", &fit, 5..5).is_err() && Sheet::convergence("", &[], &[]).is_err());
}
