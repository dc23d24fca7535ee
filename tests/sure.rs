//! How sure a fit is: replicates of the data, bands, samples with errors of their own, and numbers that the data do not tell.
#![expect(clippy::cast_precision_loss, reason = "counts")]

use menaquinone::assay::ResidualError;
use menaquinone::fit::{Figure, Fit, Resample, Sampled, Samples, Summary, Theory, Weights, free};
use menaquinone::population::quantiles;
use menaquinone::sensitivity::Number;
use menaquinone::{Absorb, Bolus, Dose, FirstOrder, Model, OneCompartment};

const TIMES: [f64; 10] = [0.25, 0.57, 1.12, 2.02, 3.82, 5.1, 7.03, 9.05, 12.12, 24.37];
const CONC: [f64; 10] = [2.84, 6.57, 10.5, 9.66, 8.58, 8.36, 7.47, 6.89, 5.94, 3.28];

fn theory() -> Theory {
    Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(3.0), v: free(30.0) }).expect("a theory")
}

fn sampled(samples: Samples) -> Sampled {
    Sampled::new(Dose::of(320.0).at(0.0), samples)
}

fn samples() -> Samples {
    Samples::new(&TIMES, &CONC).expect("samples")
}

fn curve() -> Sampled {
    sampled(samples())
}

fn refused<T>(outcome: menaquinone::Result<T>, sentence: &str) {
    assert_eq!(outcome.err().expect("an error").to_string(), sentence);
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads").install(work)
}

#[test]
fn replicates_have_the_same_bits_on_any_threads_and_in_any_slice() {
    let fit = theory().fit(&curve()).expect("a fit");
    for how in [Resample::Residuals, Resample::Cases, Resample::Error] {
        let draw = |range: std::ops::Range<u64>| fit.bootstrap(how, range, 42).expect("replicates");
        let whole = on_threads(1, || draw(0..60));
        assert_eq!(on_threads(3, || draw(0..60)), whole, "{how:?}");
        let (first, second) = (draw(0..25), draw(25..60));
        let joined: Vec<Vec<f64>> = first.estimates().iter().chain(second.estimates()).cloned().collect();
        assert_eq!(joined, whole.estimates());
        let failed: Vec<u64> = first.failed().iter().chain(second.failed()).copied().collect();
        assert_eq!((failed.as_slice(), whole.estimates().len() + failed.len()), (whole.failed(), 60));
        assert_ne!(fit.bootstrap(how, 0..60, 43).expect("replicates").estimates(), whole.estimates());
    }
}

/// Where a fit is nearly linear, percentiles of replicates have the ends of the profile, but for chance.
#[test]
fn percentiles_of_replicates_lie_near_the_profile() {
    let known = theory().with_error(ResidualError::Additive { sd: 0.7 }).and_then(|theory| theory.fit(&curve()));
    let fit = known.expect("a fit");
    let bootstrap = fit.bootstrap(Resample::Error, 0..2_000, 7).expect("replicates");
    assert!(bootstrap.failed().is_empty());
    for number in [Number::Ka(0), Number::Cl, Number::V] {
        let (low, high) = bootstrap.interval(number, 0.95).expect("an interval");
        let profile = fit.profile(number).expect("a profile");
        let (from, to) = (profile.low.expect("an end"), profile.high.expect("an end"));
        let width = (to / from).ln();
        assert!(
            (low / from).ln().abs() < 0.12 * width && (high / to).ln().abs() < 0.12 * width,
            "{number}: {low} {from} {high} {to}"
        );
    }
    // The standard deviation of the replicates is the standard error: that of 2,000 is known to 1.6 %.
    let clearances: Vec<f64> = bootstrap.estimates().iter().map(|row| row[1].ln()).collect();
    let n = clearances.len() as f64;
    let mean = clearances.iter().sum::<f64>() / n;
    let sd = (clearances.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let rse = fit.estimates()[1].rse.expect("a standard error");
    assert!((sd / rse - 1.0).abs() < 0.08, "{sd} {rse}");
    let (low, high) = bootstrap.interval_of(Model::half_life, 0.95).expect("an interval");
    let life = fit.profile_of(Model::half_life).expect("a profile");
    assert!(
        (low / life.low.expect("an end") - 1.0).abs() < 0.05 && (high / life.high.expect("an end") - 1.0).abs() < 0.05
    );
    let text = bootstrap.to_string();
    assert!(text.starts_with("2000 of 2000 replicates settled\n") && text.contains("cl"), "{text}");
}

#[test]
fn replicates_that_do_not_settle_are_counted_and_said() {
    // Of four samples a draw may have but two different ones: no three numbers follow from those.
    let few = Samples::new(&[0.5, 2.0, 8.0, 24.0], &[5.0, 9.7, 7.0, 3.3]).expect("samples");
    let fit = theory().fit(&sampled(few)).expect("a fit");
    let cases = fit.bootstrap(Resample::Cases, 0..200, 1).expect("replicates");
    assert!(!cases.failed().is_empty() && cases.failed().len() + cases.estimates().len() == 200);
    assert!(cases.to_string().starts_with(&format!("{} of 200 replicates settled", cases.estimates().len())));
    refused(
        fit.bootstrap(Resample::Residuals, 0..5, 1).expect("replicates").interval(Number::Cl, 0.95),
        "5 of 5 replicates settled, and fewer than 20 have no percentiles: draw more, or see what the data do not tell (Fit::untold)",
    );
    let whole = fit.bootstrap(Resample::Residuals, 0..30, 1).expect("replicates");
    refused(whole.interval(Number::Tlag(0), 0.95), "tlag was not estimated: what was is ka, cl, v");
    refused(
        whole.interval(Number::Cl, 95.0),
        "the level of an interval is 95, but it must lie between 0 and 1 (0.95 is 95 %)",
    );
    refused(fit.bootstrap(Resample::Cases, 3..3, 1), "there are no replicates to fit: give a range such as 0..1000");
    let theory = theory().with_error(ResidualError::Additive { sd: 0.7 }).expect("an error");
    let below = samples().below(4.0).expect("samples");
    refused(
        theory.fit(&sampled(below)).expect("a fit").bootstrap(Resample::Residuals, 0..30, 1),
        "a sample outside a limit, or one that cannot lie below zero, has no residual like the others: draw cases (Resample::Cases)",
    );
    let printed = [(Figure::Cmax, 9.8, 0.5), (Figure::Tmax, 1.6, 0.3), (Figure::AucInf, 160.0, 12.0)]
        .map(|(figure, mean, sd)| Summary::new(figure, mean, sd).expect("a summary"));
    let summarised = theory.fit(&Sampled::summarised(Dose::of(320.0).at(0.0), printed)).expect("a fit");
    refused(
        summarised.bootstrap(Resample::Residuals, 0..30, 1),
        "summaries have no residuals to draw from: draw from their error (Resample::Error)",
    );
    refused(
        summarised.bootstrap(Resample::Cases, 0..30, 1),
        "one curve of summaries has no cases to draw from: draw from their error (Resample::Error)",
    );
    let (low, high) = summarised
        .bootstrap(Resample::Error, 0..500, 1)
        .and_then(|bootstrap| bootstrap.interval(Number::Cl, 0.95))
        .expect("an interval");
    assert!((low - 320.0 / 184.0).abs() < 0.06 && (high - 320.0 / 137.0).abs() < 0.08, "{low} {high}");
}

/// The delta method beside simulation, and at a sample of a straight line beside the formula of textbooks.
#[test]
fn bands_by_formula_and_by_simulation_agree() {
    let fit = theory()
        .with_error(ResidualError::Additive { sd: 0.7 })
        .and_then(|theory| theory.fit(&curve()))
        .expect("a fit");
    let times = [0.5, 1.5, 6.0, 18.0, 30.0];
    let rows = fit.bands(0, &times, 0.9).expect("bands");
    let bodies = fit.bodies(4_000, 11).expect("bodies");
    let dose = Dose::of(320.0).at(0.0);
    let t = 1.894_578_6_f64; // of Student with 7 degrees of freedom at 0.95, in place of the normal 1.644854
    for (row, time) in rows.iter().zip(times) {
        let levels: Vec<f64> = bodies
            .models()
            .iter()
            .map(|model| model.concentrations(&dose, &[time]).expect("a level")[0].ln())
            .collect();
        let [low, high] = quantiles(&levels, [0.05, 0.95]).expect("quantiles");
        let simulated = (high - low) / (2.0 * 1.644_853_6);
        assert!((simulated / (row.se / row.level) - 1.0).abs() < 0.08, "{time}: {simulated} {}", row.se / row.level);
        assert!(((row.curve.1 / row.level).ln() / (t * row.se / row.level) - 1.0).abs() < 1e-6);
        let (from, to) = row.sample.expect("a known error");
        let expected = t * row.se.hypot(0.7);
        assert!(
            (to - row.level - expected).abs() < 1e-6 * expected
                && (from - (row.level - expected).max(0.0)).abs() < 1e-6
        );
    }
    refused(fit.bands(0, &times, 90.0), "the level of a band is 90, but it must lie between 0 and 1 (0.95 is 95 %)");
    refused(fit.bands(1, &times, 0.9), "the fit has no curve 1: it was made of 1 (0 is the first)");
}

/// A single unknown in which the curve is linear: the weighted mean by its formula.
#[test]
fn samples_with_errors_of_their_own_are_weighted_by_them() {
    let sds = [0.4, 0.3, 0.5, 0.2];
    let (times, conc) = ([1.0, 3.0, 6.0, 12.0], [9.0, 7.6, 5.3, 3.2]);
    let own = Samples::new(&times, &conc).and_then(|samples| samples.with_sd(&sds)).expect("samples");
    let sampled = Sampled::new(Dose::iv(100.0).at(0.0), own);
    // Of 200 swallowed the level is 20 f e^(-0.1 t): the fraction absorbed scales it.
    let body = Model::new(Bolus.with_f(0.6), OneCompartment { cl: 1.0, v: 10.0 }).expect("a model");
    let swallowed = Sampled::new(Dose::of(200.0).at(0.0), sampled.samples().clone());
    let theory = Theory::of(body).with(Number::F(0), free(0.6)).expect("a theory");
    let shape = times.map(|t: f64| 20.0 * (-0.1 * t).exp());
    let (mut above, mut below) = (0.0, 0.0);
    for i in 0..4 {
        above += shape[i] * conc[i] / (sds[i] * sds[i]);
        below += shape[i] * shape[i] / (sds[i] * sds[i]);
    }
    let expected = above / below;
    let known = theory.clone().with_own_sd().fit(&swallowed).expect("a fit");
    let weighted = theory.clone().with_weights(Weights::OverSd).fit(&swallowed).expect("a fit");
    for fit in [&known, &weighted] {
        assert!((fit.values()[0] / expected - 1.0).abs() < 1e-9, "{fit}");
    }
    // Known errors give the standard error by themselves; weights leave their scale to the residuals.
    assert!((known.estimates()[0].se.expect("an se") * below.sqrt() - 1.0).abs() < 1e-6);
    let squares: f64 = (0..4).map(|i| ((conc[i] - expected * shape[i]) / sds[i]).powi(2)).sum();
    let (found, freedom, p) = known.chi_square().expect("a test").expect("a known error");
    assert!((found - squares).abs() < 1e-8 && freedom == 3.0 && p > 0.05, "{found} {squares} {p}");
    assert!((weighted.ofv() - squares).abs() < 1e-9);
    assert!((weighted.estimates()[0].se.expect("an se") / (squares / 3.0 / below).sqrt() - 1.0).abs() < 1e-6);
    // A share of the measured level is the same as the list of those shares.
    let share = Samples::new(&times, &conc).and_then(|samples| samples.with_cv(0.05)).expect("samples");
    assert_eq!(share.sds().expect("shares"), conc.map(|conc| 0.05 * conc));
    let plain = Sampled::new(Dose::of(200.0).at(0.0), Samples::new(&times, &conc).expect("samples"));
    let sentence = "the theory takes the standard deviation of each sample as known, but the samples have none: give them (Samples::with_sd or with_cv)";
    refused(theory.clone().with_own_sd().fit(&plain), sentence);
    refused(theory.clone().with_weights(Weights::OverSd).fit(&plain), sentence);
    refused(
        Samples::new(&times, &conc).and_then(|samples| samples.with_sd(&[0.1])),
        "there are 4 samples and 1 standard deviations: give one for each",
    );
    refused(
        Samples::new(&times, &conc).and_then(|samples| samples.with_sd(&[0.1, 0.0, 0.1, 0.1])),
        "the standard deviation of the sample at 3 h is 0 µg/L, but it must be a positive, finite number",
    );
    refused(
        theory.with_levels_above_zero().fit(&plain),
        "least squares knows no end at zero: give the theory an error (Theory::with_error), which can be cut off there",
    );
}

/// Far from zero the end there changes nothing, and near it the fit is the one that the closed form says.
#[test]
fn levels_that_cannot_lie_below_zero() {
    let known = theory().with_error(ResidualError::Proportional { cv: 0.1 }).expect("an error");
    let (plain, cut) =
        (known.fit(&curve()).expect("a fit"), known.clone().with_levels_above_zero().fit(&curve()).expect("a fit"));
    assert!((plain.ofv() - cut.ofv()).abs() < 1e-9);
    assert!(cut.chi_square().expect("a test").is_none());
}

fn told(fit: &Fit) -> Vec<String> {
    fit.untold().into_iter().map(|untold| untold.sentence).collect()
}

#[test]
fn what_the_data_do_not_tell_is_named_with_what_would() {
    // Well told: nothing to say.
    assert!(told(&theory().fit(&curve()).expect("a fit")).is_empty());
    // Absorption before the first sample.
    let late = Samples::new(&[4.0, 8.0, 12.0, 24.0], &[6.9, 4.3, 3.2, 0.9]).expect("samples");
    let known = || theory().with_error(ResidualError::Proportional { cv: 0.1 }).expect("an error");
    let fit = known().fit(&Sampled::new(Dose::of(100.0).at(0.0), late)).expect("a fit");
    let sentences = told(&fit);
    assert_eq!(sentences.len(), 1, "{sentences:?}");
    assert!(
        sentences[0].starts_with("these data do not tell ka (")
            && sentences[0].contains("fix it, or sample before 4 h"),
        "{sentences:?}"
    );
    assert!(fit.to_string().contains(&sentences[0]));
    // A fraction absorbed scales as clearance and volume do: no sample of a swallowed dose tells them apart.
    let model = Model::new(FirstOrder { ka: 1.0 }.with_f(0.8), OneCompartment { cl: 3.0, v: 30.0 }).expect("a model");
    let mut theory = Theory::of(model);
    for (number, start) in [(Number::F(0), 0.8), (Number::Ka(0), 1.0), (Number::Cl, 3.0), (Number::V, 30.0)] {
        theory = theory.with(number, free(start)).expect("a theory");
    }
    let fit = theory.fit(&curve()).expect("a fit");
    assert!(fit.covariance().is_none());
    let sentences = told(&fit);
    assert!(
        sentences[0].starts_with("these data tell")
            && sentences[0].contains("only together")
            && sentences[0].ends_with("fix one of them; no sample of such a curve would tell"),
        "{sentences:?}"
    );
    for name in ["f", "cl", "v"] {
        assert!(fit.untold()[0].names.iter().any(|own| own.to_string() == name), "{sentences:?}");
    }
    let error = fit.bodies(10, 1).unwrap_err().to_string();
    assert!(
        error.starts_with("there is no distribution of the estimates for bodies to draw: these data tell"),
        "{error}"
    );
    // Samples that end early do not tell the slow loss.
    let early = Samples::new(&[0.1, 0.2, 0.3, 0.4, 0.5], &[9.99, 9.985, 9.98, 9.975, 9.97]).expect("samples");
    let bolus = Theory::new(Bolus, OneCompartment { cl: free(1.0), v: free(10.0) })
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.1 }))
        .expect("a theory");
    let fit = bolus.fit(&Sampled::new(Dose::iv(100.0).at(0.0), early)).expect("a fit");
    let sentences = told(&fit);
    assert!(sentences[0].contains("do not tell cl") && sentences[0].contains("sample after 0.5 h"), "{sentences:?}");
}
