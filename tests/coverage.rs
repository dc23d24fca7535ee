//! Intervals of simulated curves hold the truth as often as they say.

use menaquinone::assay::ResidualError;
use menaquinone::fit::{Sampled, Samples, Theory, free};
use menaquinone::random::{Purpose, Stream};
use menaquinone::sensitivity::Number;
use menaquinone::{Dose, FirstOrder, Model, OneCompartment, Regimen};

/// Quantiles of chi-square with 1 degree of freedom.
const CHI_SQUARE_90: f64 = 2.705_543_454_095_404;
const CHI_SQUARE_95: f64 = 3.841_458_820_694_124;

const CURVES: u32 = 500;
const TIMES: [f64; 9] = [0.5, 1.0, 2.0, 4.0, 6.0, 9.0, 12.0, 18.0, 24.0];

/// Of 500 curves with a known error of 20 %, the 90 and 95 % intervals of the clearance and of the half-life by profile hold the truth as often as they
/// say, within three standard errors of a count; those of Wald are printed beside them.
#[test]
fn profile_intervals_hold_the_truth_as_often_as_they_say() {
    let truth = Model::new(FirstOrder { ka: 0.9 }, OneCompartment { cl: 1.5, v: 18.0 }).expect("a model");
    let regimen: Regimen = Dose::of(100.0).at(0.0);
    let conc = truth.concentrations(&regimen, &TIMES).expect("levels");
    let error = ResidualError::Proportional { cv: 0.2 };
    let assay = error.assay().expect("an error");
    let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(1.2), v: free(15.0) })
        .and_then(|theory| theory.with_error(error))
        .expect("a theory");
    let (mut held, mut wald, mut settled) = ([0_u32; 4], 0_u32, 0_u32);
    for curve in 0..CURVES {
        let mut draw = Stream { seed: 11, subject: u64::from(curve), purpose: Purpose::Residual }.draw();
        let measured: Vec<f64> = conc.iter().map(|conc| assay.measure(*conc, &mut draw).conc.max(0.0)).collect();
        let fit = theory
            .fit(&Sampled::new(regimen.clone(), Samples::new(&TIMES, &measured).expect("samples")))
            .unwrap_or_else(|error| panic!("curve {curve}: {error}"));
        settled += u32::from(fit.settled());
        let worse = [fit.worse_at(Number::Cl, 1.5), fit.worse_of_at(Model::half_life, truth.half_life())];
        let worse = worse.map(|worse| worse.unwrap_or_else(|error| panic!("curve {curve}: {error}")));
        for (i, allowed) in [CHI_SQUARE_90, CHI_SQUARE_95].into_iter().enumerate() {
            held[i] += u32::from(worse[0] <= allowed);
            held[2 + i] += u32::from(worse[1] <= allowed);
        }
        // The interval holds what is no worse than it allows.
        if curve < 20 {
            let interval = fit.profile_at(Number::Cl, 0.95).expect("an interval");
            assert!((interval.allowed - CHI_SQUARE_95).abs() < 1e-12);
            assert_eq!(interval.contains(1.5), worse[0] <= CHI_SQUARE_95);
        }
        let cl = fit.estimates().into_iter().find(|estimate| estimate.name == Number::Cl.into()).expect("cl");
        wald += u32::from(cl.wald.is_some_and(|(low, high)| low <= 1.5 && 1.5 <= high));
    }
    println!(
        "of {CURVES}: 90 % and 95 % profile of cl, then of the half-life: {held:?}; 95 % Wald of cl: {wald}; settled: {settled}"
    );
    for (count, level) in held.into_iter().zip([0.90, 0.95, 0.90, 0.95]) {
        let (n, share) = (f64::from(CURVES), f64::from(count) / f64::from(CURVES));
        let error = (level * (1.0 - level) / n).sqrt();
        assert!((share - level).abs() < 3.0 * error, "{share} of {level}");
    }
}
