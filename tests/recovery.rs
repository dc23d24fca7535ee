//! Does a fit find the truth? Trials simulated and fitted, bands of people yet to come, and the curves of people between their records.
#![expect(clippy::cast_precision_loss, reason = "counts")]

use menaquinone::fit::{Estimation, Method, People, PeopleFit, Saem, Sampled, Samples, Theory, free};
use menaquinone::{Dose, FirstOrder, OneCompartment, assay::ResidualError};

/// People with four samples after one dose.
fn design(people: usize) -> People {
    let samples = Samples::new(&[1.0, 4.0, 12.0, 30.0], &[0.0; 4]).expect("samples");
    People::new((1..=people).map(|id| (id.to_string(), Sampled::new(Dose::of(100.0).at(0.0), samples.clone()))))
        .expect("people")
}

/// Clearance and volume vary by 30 and 20 %, and the assay errs by 10 %.
fn truth() -> Theory {
    let body = OneCompartment { cl: free(1.0).varying(0.3), v: free(10.0).varying(0.2) };
    Theory::new(FirstOrder { ka: free(1.0) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: free(0.1) }))
        .expect("a theory")
}

/// The table of docs/VALIDATION.md: `cargo test --release --test recovery -- --nocapture`.
#[test]
#[cfg_attr(debug_assertions, ignore = "minutes without optimisation")]
fn a_hundred_trials_find_the_truth() {
    let saem = Saem { draws: 300, ..Saem::of_seed(1) };
    let all: [(&str, Estimation); 3] =
        [("FOCEI", Method::Focei.into()), ("Laplace", Method::Laplace.into()), ("SAEM", saem.into())];
    for (name, by) in all {
        let found = truth().recovery(&design(48), by, 0..100, 2026).expect("trials");
        println!("{name}: {found}\n");
        assert_eq!(found.fitted().0, 100, "{name}");
        for number in ["ka", "cl", "v"] {
            let (_, sd) = found.mean_and_sd(number).expect("a spread");
            let bias = found.bias(number).expect("a bias");
            assert!(bias.abs() < 4.0 * sd / 10.0, "{name}, {number}: {bias}");
        }
        for number in &found.names {
            let (held, of) = found.coverage(number).expect("a coverage");
            assert!(of >= 95 && held >= 85, "{name}, {number}: {held} of {of}");
        }
    }
}

/// Bands along time: any slice of time and any number of threads has the same bits; wider where people differ and where the assay errs.
#[test]
fn bands_of_people_yet_to_come_hold_what_a_new_trial_shows() {
    let people = truth().simulate(&design(16), 3).expect("people");
    let fit = truth().fit_people(&people, Method::Focei).expect("a fit");
    let times = [1.0, 4.0, 12.0, 30.0];
    let at = |times: &[f64]| {
        let samples = Samples::new(times, &vec![0.0; times.len()]).expect("samples");
        let design = Sampled::new(Dose::of(100.0).at(0.0), samples);
        fit.predictive(&design, &[0.05, 0.5, 0.95], (2_000, 7)).expect("bands")
    };
    let bands = at(&times);
    assert_eq!(bands.draws, (2_000, 0));
    assert_eq!(at(&times[..2]).levels[0], bands.levels[0][..2]);
    // Of the levels of new people some nine in ten lie within; the bands also hold how unsure the fit is.
    let others = truth().simulate(&design(200), 11).expect("people");
    let inside = |(time, level): (f64, f64)| {
        let j = times.iter().position(|own| *own == time).expect("a time");
        (bands.measured[0][j]..=bands.measured[2][j]).contains(&level)
    };
    let all: Vec<bool> = others.iter().flat_map(|(_, own)| own.samples().levels()).map(inside).collect();
    let share = all.iter().filter(|inside| **inside).count() as f64 / all.len() as f64;
    assert!((0.85..0.98).contains(&share), "{share}");
    let width = |rows: &[Vec<f64>], j: usize| rows[2][j] - rows[0][j];
    assert!((0..4).all(|j| width(&bands.measured, j) > width(&bands.levels, j)));
}

/// The curve of a person of an event table between its records, with a covariate that changes: at the samples it is the person's prediction.
#[test]
fn curves_go_between_the_records_of_a_table() {
    use menaquinone::fit::Effect;
    use menaquinone::sensitivity::Number;
    let table = "ID,TIME,AMT,DV,WT\n1,0,100,.,60\n1,2,.,7.5,60\n1,24,100,.,70\n1,30,.,8.1,75\n1,40,.,5.0,75\n\
        2,0,100,.,80\n2,2,.,6.1,80\n2,24,100,.,80\n2,30,.,6.0,82\n2,40,.,2.9,82";
    let people = People::of_table(&table.parse().expect("a table")).expect("people");
    let theory = truth().by(Number::Cl, "WT", Effect::allometric(70.0)).expect("a theory");
    let fit: PeopleFit = theory
        .with(Number::Ka(0), 1.0)
        .and_then(|theory| theory.with(Number::V, 10.0))
        .and_then(|theory| theory.fit_people(&people, Method::Focei))
        .expect("a fit");
    let residuals = fit.residuals().expect("residuals");
    for id in ["1", "2"] {
        let times = [0.0, 2.0, 10.0, 24.0, 25.0, 30.0, 35.0, 40.0, 50.0];
        let [typical, own] = fit.curves(id, &times).expect("curves");
        for row in residuals.rows().iter().filter(|row| row.id == id) {
            let j = times.iter().position(|time| *time == row.time).expect("a sample");
            assert!((own[j] / row.ipred - 1.0).abs() < 1e-12 && (typical[j] / row.pred - 1.0).abs() < 1e-12, "{id}");
        }
        assert!(own[3] < own[4] && own[8] < own[7], "{own:?}");
    }
}
