//! Densities: each integrates to its quantiles, its slope is that of its logarithm, and printed tables agree.

use menaquinone::{
    assay::{Assay, Measurement, ResidualError},
    random::{Covariance, Distribution, Empirical, LogNormal, LogUniform, Normal, Triangular, Uniform},
};

/// Every law with a density, with numbers of several sizes.
fn laws() -> Vec<Distribution> {
    let checked = [
        LogNormal { median: 1.27, omega: 0.35 }.distribution(),
        LogNormal { median: 2e4, omega: 1.5 }.distribution(),
        LogNormal { median: 1e-3, omega: 0.02 }.distribution(),
        Normal { mean: 70.0, sd: 10.0 }.distribution(),
        Normal { mean: -1e-6, sd: 1e-5 }.distribution(),
        Uniform { low: -2.0, high: 6.0 }.distribution(),
        LogUniform { low: 0.01, high: 40.0 }.distribution(),
        Triangular { low: 72.0, mode: 78.0, high: 96.0 }.distribution(),
        Triangular { low: 0.0, mode: 0.0, high: 3.0 }.distribution(),
        Triangular { low: -1.0, mode: 2.0, high: 2.0 }.distribution(),
    ];
    checked.into_iter().map(Result::unwrap).collect()
}

/// The integral of a smooth function by the rule of Gauss and Legendre of five points on so many pieces.
fn integral(f: impl Fn(f64) -> f64, (a, b): (f64, f64)) -> f64 {
    const NODES: [(f64, f64); 5] = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (-0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (0.906_179_845_938_664, 0.236_926_885_056_189_08),
        (-0.906_179_845_938_664, 0.236_926_885_056_189_08),
    ];
    let half = (b - a) / 400.0;
    let piece = |i: u32| {
        let middle = a + half * f64::from(2 * i + 1);
        NODES.iter().map(|(x, weight)| weight * f(middle + half * x)).sum::<f64>() * half
    };
    (0..200).map(piece).sum()
}

#[test]
fn a_density_integrates_to_the_difference_of_probabilities() {
    let places = [0.001, 0.02, 0.1, 0.25, 0.333, 0.5, 0.7, 0.9, 0.99, 0.999];
    for law in laws() {
        for pair in places.windows(2) {
            let ends = (law.quantile(pair[0]).unwrap(), law.quantile(pair[1]).unwrap());
            let found = integral(|x| law.ln_density(x).unwrap().exp(), ends);
            // A piece in which the mode lies has a corner.
            assert!((found / (pair[1] - pair[0]) - 1.0).abs() < 2e-6, "{law:?} {pair:?} {found}");
        }
    }
}

#[test]
fn a_slope_is_that_of_the_logarithm_of_the_density() {
    for law in laws() {
        for p in [0.01, 0.2, 0.6, 0.95] {
            let x = law.quantile(p).unwrap();
            let step = 1e-4 * (law.quantile(0.51).unwrap() - law.quantile(0.49).unwrap());
            let difference = (law.ln_density(x + step).unwrap() - law.ln_density(x - step).unwrap()) / (2.0 * step);
            let slope = law.ln_density_slope(x).unwrap();
            let scale = 1.0 / (law.quantile(0.9).unwrap() - law.quantile(0.1).unwrap());
            assert!((difference - slope).abs() < 1e-4 * slope.abs() + 1e-5 * scale, "{law:?} {p} {difference} {slope}");
        }
    }
}

/// Abramowitz and Stegun, table 26.1: the ordinate of the normal curve.
#[test]
fn the_normal_density_is_that_of_the_table() {
    let normal = Normal { mean: 0.0, sd: 1.0 }.distribution().unwrap();
    for (x, ordinate) in [
        (0.0, 0.398_942_280_401_433),
        (0.5, 0.352_065_326_764_300),
        (1.0, 0.241_970_724_519_143),
        (2.0, 0.053_990_966_513_188),
        (3.0, 0.004_431_848_411_938),
    ] {
        let found = normal.ln_density(x).unwrap().exp();
        assert!((found - ordinate).abs() < 1e-15, "{x} {found}");
    }
}

#[test]
fn where_no_value_lies_there_is_no_density() {
    for (law, outside) in [
        (LogNormal { median: 1.0, omega: 0.5 }.distribution().unwrap(), [0.0, -1.0]),
        (Uniform { low: 1.0, high: 2.0 }.distribution().unwrap(), [0.5, 2.5]),
        (LogUniform { low: 1.0, high: 2.0 }.distribution().unwrap(), [-3.0, 2.5]),
        (Triangular { low: 0.0, mode: 1.0, high: 2.0 }.distribution().unwrap(), [-0.1, 2.1]),
    ] {
        for x in outside {
            assert_eq!((law.ln_density(x).unwrap(), law.ln_density_slope(x).unwrap()), (f64::NEG_INFINITY, 0.0));
        }
        assert!(law.ln_density(f64::NAN).is_err());
    }
    for law in [
        Distribution::point(3.0),
        Empirical(vec![1.0, 2.0]).distribution(),
        LogNormal { median: 1.0, omega: 0.0 }.distribution(),
        Uniform { low: 1.0, high: 1.0 }.distribution(),
    ] {
        let sentence = "single values have no density: give the distribution a spread, or ask for its quantiles";
        assert_eq!(law.unwrap().ln_density(1.0).unwrap_err().to_string(), sentence);
    }
}

// ------------------------------------------------------------------------------------------------------------- an assay

fn assays() -> Vec<Assay> {
    let errors = [
        ResidualError::Proportional { cv: 0.2 },
        ResidualError::Additive { sd: 0.3 },
        ResidualError::Combined { cv: 0.15, sd: 0.1 },
        ResidualError::LogNormal { cv: 0.4 },
    ];
    errors.into_iter().map(|error| error.assay().unwrap().with_loq(1.1).unwrap()).collect()
}

#[test]
fn reports_above_the_limit_and_below_it_are_all_there_is() {
    for assay in assays() {
        for conc in [0.8, 1.0, 1.3, 2.0] {
            let quantified = |x: f64| assay.ln_density(Measurement { conc: x, below_loq: false }, conc).unwrap().exp();
            let below = assay.ln_density(Measurement { conc: 1.1, below_loq: true }, conc).unwrap().exp();
            let above = integral(quantified, (1.1, 20.0)) + integral(quantified, (20.0, 400.0));
            assert!((above + below - 1.0).abs() < 1e-9, "{assay:?} {conc} {above} {below}");
        }
    }
}

#[test]
fn the_slope_of_a_report_is_that_in_the_true_concentration() {
    let reports = [(1.3, false), (0.7, false), (2.5, false), (1.1, true)];
    for assay in assays() {
        for ((conc, below_loq), truth) in
            reports.iter().flat_map(|report| [0.6, 1.2, 3.0].map(|truth| (*report, truth)))
        {
            let report = Measurement { conc, below_loq };
            let at = |truth: f64| assay.ln_density(report, truth).unwrap();
            let difference = (at(truth + 1e-5) - at(truth - 1e-5)) / 2e-5;
            let slope = assay.ln_density_slope(report, truth).unwrap();
            assert!(
                (difference / slope - 1.0).abs() < 1e-7 || (difference - slope).abs() < 1e-8,
                "{assay:?} {report:?} {truth}"
            );
        }
    }
}

/// `ln Phi(-40)` in 60 digits: far below the limit nothing underflows.
#[test]
fn a_report_far_below_what_is_expected_has_a_likelihood() {
    let assay = ResidualError::Additive { sd: 0.1 }.assay().unwrap().with_loq(1.0).unwrap();
    let found = assay.ln_density(Measurement { conc: 1.0, below_loq: true }, 5.0).unwrap();
    assert!((found / -804.608_442_013_753_8 - 1.0).abs() < 1e-14, "{found}");
    let error = ResidualError::Proportional { cv: 0.1 }.assay().unwrap();
    let error = error.ln_density(Measurement { conc: 1.0, below_loq: false }, 0.0).unwrap_err();
    assert!(error.to_string().starts_with("at a true concentration of 0 µg/L the residual error has no spread"));
}

// -------------------------------------------------------------------------------------------------------- covariances

#[test]
fn a_solution_gives_the_deviations_back() {
    let omega = Covariance::of_cvs([0.35, 0.3, 0.8, 0.2], &[(0, 1, 0.6), (1, 2, -0.4), (2, 3, 0.1)]).unwrap();
    let deviations = [0.3, -0.2, 0.9, 0.05];
    let x = omega.solve(deviations).unwrap();
    for (row, deviation) in omega.matrix().iter().zip(deviations) {
        let sum: f64 = row.iter().zip(x).map(|(a, x)| a * x).sum();
        assert!((sum - deviation).abs() < 1e-15, "{x:?}");
    }
    // A determinant by its definition.
    let two = Covariance::<2>::new(&[[0.09, 0.03], [0.03, 0.04]]).unwrap();
    assert!((two.ln_det().unwrap() - (0.09_f64 * 0.04 - 0.03 * 0.03).ln()).abs() < 1e-14);
    let still = Covariance::<2>::new(&[[0.0, 0.0], [0.0, 0.25]]).unwrap();
    assert_eq!((still.ln_det().unwrap(), still.solve([0.0, 0.5]).unwrap()), (0.25_f64.ln(), [0.0, 2.0]));
    let sentence = "the deviation of parameter 1 is 0.1, but this parameter does not vary: give 0";
    assert_eq!(still.solve([0.1, 0.5]).unwrap_err().to_string(), sentence);
}

#[test]
fn deviations_that_follow_from_others_are_a_covariance() {
    // A correlation of 1; the third the sum of the first two; all one; rounding on either side.
    let thirds = 1.0 / 3.0;
    let singular: [[[f64; 3]; 3]; 5] = [
        [[0.09, 0.06, 0.0], [0.06, 0.04, 0.0], [0.0, 0.0, 1.0]],
        [[1.0, 0.5, 1.5], [0.5, 1.0, 1.5], [1.5, 1.5, 3.0]],
        [[thirds; 3]; 3],
        [[0.01, 0.03, 0.07], [0.03, 0.09, 0.21], [0.07, 0.21, 0.49]],
        [[4.0, -2.0, 0.0], [-2.0, 1.0, 0.0], [0.0, 0.0, 0.0]],
    ];
    for matrix in singular {
        let omega = Covariance::<3>::new(&matrix).unwrap();
        let mut sums = [[0.0; 3]; 3];
        let mut draw = menaquinone::random::Stream { seed: 3, ..Default::default() }.draw();
        for _ in 0..4000 {
            let etas = draw.etas(&omega);
            for (i, j) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
                sums[i][j] += etas[i] * etas[j] / 4000.0;
            }
        }
        for (i, j) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
            let scale = (matrix[i][i] * matrix[j][j]).sqrt();
            assert!((sums[i][j] - matrix[i][j]).abs() <= 0.08 * scale, "{matrix:?} {sums:?}");
        }
    }
    let error = Covariance::<2>::new(&[[0.09, 0.06], [0.06, 0.04]]).map(|omega| omega.ln_det());
    if let Ok(Err(error)) = error {
        assert!(error.to_string().starts_with("the covariance matrix is singular"), "{error}");
    }
}

#[test]
fn correlations_that_cannot_all_be_true_are_refused_for_that_reason() {
    let error = Covariance::of_cvs([0.3; 3], &[(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9)]).unwrap_err();
    let sentence = "the covariance matrix is none: its correlations cannot all be true at once (the lowest eigenvalue of their matrix is";
    assert!(error.to_string().starts_with(sentence), "{error}");
}
