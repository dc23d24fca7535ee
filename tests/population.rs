//! People drawn from distributions: the same bits however they are drawn, and the distributions they should have.
#![expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]

mod common;

use common::{near_abs, near_rel, refused};
use std::f64::consts::PI;

use menaquinone::{
    Model, Parameters, Population, Result,
    population::{Replicates, quantiles},
    random::{Covariance, Distribution, Draw, Empirical, LogNormal, Normal, Purpose, Stream, Triangular, Uniform},
    vitamer::*,
};
use proptest::prelude::*;

const TYPICAL: Parameters = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.5, f: 1.0 };

fn omega() -> Covariance<4> {
    let correlations = [(0, 1, 0.5), (0, 2, 0.1), (1, 2, 0.2), (0, 3, -0.1)];
    Covariance::of_cvs([0.35, 0.35, 0.40, 0.30], &correlations).expect("a covariance")
}

fn person(draw: &mut Draw) -> Result<Model> {
    let [cl, v, ka, tlag] = draw.factors(&omega());
    let Parameters { cl: cl0, v: v0, ka: ka0, tlag: tlag0, f } = TYPICAL;
    Parameters { cl: cl0 * cl, v: v0 * v, ka: ka0 * ka, tlag: tlag0 * tlag, f }.model()
}

fn stream(subject: u64) -> Stream {
    Stream { seed: 42, subject, purpose: Purpose::Person }
}

// -------------------------------------------------------------------------------------------------------- reproducible

#[test]
fn a_slice_is_those_rows_of_the_whole() {
    let whole = Population::sample(1_000, 42, person).expect("people");
    for range in [0..1, 0..1_000, 17..18, 500..777, 999..1_000] {
        let part = Population::sample_range(range.clone(), 42, person).expect("people");
        assert_eq!(part, whole.slice(range.clone()).expect("a slice"));
        assert_eq!(part.ids(), range);
    }
    let far = 1_000_000_000_000;
    let two = Population::sample_range(far..far + 2, 42, person).expect("people");
    assert_eq!(two.models()[1], person(&mut stream(far + 1).draw()).expect("a person"));
    assert_ne!(two.models()[1], two.models()[0]);
}

#[test]
fn any_number_of_threads_draws_the_same() {
    let whole = Population::sample(1_000, 42, person).expect("people");
    for threads in [1, 2, 7] {
        let parts: Vec<Population> = std::thread::scope(|scope| {
            let ends: Vec<u64> = (0..=threads).map(|i| i * 1_000 / threads).collect();
            let draw = |pair: &[u64]| {
                let range = pair[0]..pair[1];
                scope.spawn(move || Population::sample_range(range, 42, person).expect("people"))
            };
            // The last part is begun first.
            let handles: Vec<_> = ends.windows(2).rev().map(draw).collect();
            handles.into_iter().rev().map(|handle| handle.join().expect("a thread")).collect()
        });
        let models: Vec<Model> = parts.iter().flat_map(|part| part.models().to_vec()).collect();
        assert_eq!(models, whole.models(), "{threads} threads");
    }
}

#[test]
fn any_order_draws_the_same() {
    let whole = Population::sample(100, 42, person).expect("people");
    for id in (0..100).rev() {
        let alone = person(&mut stream(id).draw()).expect("a person");
        assert_eq!(alone, whole.models()[usize::try_from(id).expect("an index")]);
    }
}

/// The bits of the first draws. They must never change: a run that somebody has printed must come out again.
#[test]
fn draws_keep_their_bits() {
    let streams = [
        stream(0),
        stream(1),
        Stream { seed: 43, ..stream(0) },
        Stream { purpose: Purpose::Occasion(1), ..stream(0) },
        Stream { purpose: Purpose::Occasion(2), ..stream(0) },
        Stream { purpose: Purpose::Adherence, ..stream(0) },
        Stream { purpose: Purpose::Residual, ..stream(0) },
        Stream { purpose: Purpose::Typical, ..stream(0) },
        Stream { purpose: Purpose::Other(1), ..stream(0) },
        Stream { seed: u64::MAX, subject: u64::MAX, purpose: Purpose::Person },
    ];
    let uniform: Vec<f64> = streams.iter().map(|stream| stream.draw().uniform()).collect();
    let mut draw = stream(7).draw();
    let values: Vec<f64> = distributions().iter().map(|law| draw.value(law)).collect();
    let (etas, factors) = (stream(7).draw().etas(&omega()), stream(7).draw().factors(&omega()));
    let mut draw = stream(7).draw();
    let many: Vec<f64> = (0..51).map(|_| draw.uniform()).collect();
    let places = [1, 7, 8, 9, 16, 50].map(|i| many[i]).to_vec();
    let found = [uniform, places, values, etas.to_vec(), factors.to_vec()];
    let bits = found.map(|values| values.iter().map(|value| format!("{:016x}", value.to_bits())).collect::<Vec<_>>());
    assert_eq!(bits, PINNED.map(|line| line.split(' ').map(String::from).collect::<Vec<_>>()));
}

/// The uniform numbers of ten streams, and six of one stream on both sides of the eighth, were computed by an implementation of
/// `ChaCha` in another language as well.
const PINNED: [&str; 5] = [
    "3fd768d47a7d7416 3fca4075c3e12fd4 3fd515b81e30fb9a 3fc14052997c4efc 3fcc91dc0d5c6d0c 3fda38f263500d0a \
     3fec06753b8591cf 3fe2df52908269e5 3fd5b9edbd25f78a 3fca515a9d2ad90c",
    "3fe2d4478fe1a8f1 3fbe3492918ffa68 3fe216993c9d1dc5 3fed9f6dd30a2b0f 3fd8160b149359de 3fdf3e2e8100d126",
    "3ffd33609ea03b8c 40520f04702bfee6 404cdd3c9a8bd369 4053f3cc82c3cd4b 4014000000000000",
    "3fd7349f5a5953d9 3fcfa05497c88744 3fb206b26ec440d9 bfbb465eebaf23e1",
    "3ff6fe1fbb63f672 3ff47c0904fe286d 3ff12ad0cbda5a6f 3fecc417276858fb",
];

#[test]
fn purposes_and_subjects_share_no_numbers() {
    let purposes = [
        Purpose::Person,
        Purpose::Occasion(0),
        Purpose::Occasion(1),
        Purpose::Adherence,
        Purpose::Residual,
        Purpose::Typical,
        Purpose::Other(0),
        Purpose::Other(1),
    ];
    let names = purposes
        .into_iter()
        .flat_map(|purpose| (0..50).flat_map(move |subject| (0..2).map(move |seed| Stream { seed, subject, purpose })));
    let mut first: Vec<u64> = names.map(|stream| stream.draw().uniform().to_bits()).collect();
    let all = first.len();
    first.sort_unstable();
    first.dedup();
    assert_eq!(first.len(), all);
}

// ------------------------------------------------------------------------------------------------------- distributions

fn distributions() -> [Distribution; 5] {
    [
        LogNormal::of_cv(1.27, 0.35).and_then(LogNormal::distribution),
        Normal { mean: 70.0, sd: 10.0 }.distribution(),
        Uniform { low: 50.0, high: 65.0 }.distribution(),
        Triangular { low: 72.0, mode: 78.0, high: 96.0 }.distribution(),
        Empirical(vec![3.0, 1.0, 4.0, 1.0, 5.0]).distribution(),
    ]
    .map(|law| law.expect("a distribution"))
}

/// The normal distribution function by its power series about 0, which needs no table: A&S 26.2.11.
fn phi(z: f64) -> f64 {
    let (mut term, mut sum, mut k) = (z, z, 1.0);
    while term.abs() > 1e-17 {
        k += 2.0;
        term *= z * z / k;
        sum += term;
    }
    0.5 + sum * (-0.5 * z * z).exp() / (2.0 * PI).sqrt()
}

/// The largest distance between the distribution of a sample and a distribution function.
fn kolmogorov_smirnov(mut sample: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    sample.sort_by(f64::total_cmp);
    let n = sample.len() as f64;
    let gap = |(i, x): (usize, &f64)| (cdf(*x) - i as f64 / n).abs().max((cdf(*x) - (i + 1) as f64 / n).abs());
    sample.iter().enumerate().map(gap).fold(0.0, f64::max)
}

const N: u64 = 100_000;

fn sample(law: &Distribution) -> Vec<f64> {
    (0..N).map(|subject| stream(subject).draw().value(law)).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn sd(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

/// With 100,000 draws a right sampler stays within 1.95 / sqrt(n) with probability 0.999 (Kolmogorov). Draws are across
/// subjects, so this tests that streams are independent as well.
#[test]
fn draws_follow_their_distribution_functions() {
    let [lognormal, normal, uniform, triangular, _] = distributions();
    let most = 1.95 / (N as f64).sqrt();
    let omega = (1.0 + 0.35_f64.powi(2)).ln().sqrt();
    let cases: [(&Distribution, &dyn Fn(f64) -> f64); 4] = [
        (&lognormal, &|x| phi((x / 1.27).ln() / omega)),
        (&normal, &|x| phi((x - 70.0) / 10.0)),
        (&uniform, &|x| (x - 50.0) / 15.0),
        (&triangular, &|x| {
            if x < 78.0 { (x - 72.0).powi(2) / (24.0 * 6.0) } else { 1.0 - (96.0 - x).powi(2) / (24.0 * 18.0) }
        }),
    ];
    for (law, cdf) in cases {
        let distance = kolmogorov_smirnov(sample(law), cdf);
        assert!(distance < most, "{law:?}: {distance}");
    }
}

/// Within four standard errors.
#[test]
fn draws_have_their_moments() {
    let [lognormal, normal, uniform, triangular, empirical] = distributions();
    let root = (N as f64).sqrt();
    let cv = 0.35_f64;
    let lognormal_mean = 1.27 * (1.0 + cv * cv).sqrt();
    let triangular_sd =
        ((72.0_f64.powi(2) + 78.0_f64.powi(2) + 96.0_f64.powi(2) - 72.0 * 78.0 - 72.0 * 96.0 - 78.0 * 96.0) / 18.0)
            .sqrt();
    let observed = [3.0, 1.0, 4.0, 1.0, 5.0];
    let observed_sd = sd(&observed) * (4.0_f64 / 5.0).sqrt();
    let cases = [
        (&lognormal, lognormal_mean, lognormal_mean * cv, 0.02),
        (&normal, 70.0, 10.0, 0.01),
        (&uniform, 57.5, 15.0 / 12.0_f64.sqrt(), 0.01),
        (&triangular, 82.0, triangular_sd, 0.01),
        (&empirical, mean(&observed), observed_sd, 0.01),
    ];
    for (law, expected, spread, slack) in cases {
        let drawn = sample(law);
        let off = (mean(&drawn) - expected).abs();
        assert!(off < 4.0 * spread / root, "{law:?}: the mean is off by {off}");
        assert!((sd(&drawn) / spread - 1.0).abs() < slack, "{law:?}: sd {}", sd(&drawn));
    }
    let ones = sample(&empirical).iter().filter(|x| **x == 1.0).count();
    assert!((ones as f64 / N as f64 - 0.4).abs() < 4.0 * (0.24_f64).sqrt() / root);
}

#[test]
fn etas_have_the_covariance_they_were_given() {
    let omega = omega();
    let etas: Vec<[f64; 4]> = (0..N).map(|subject| stream(subject).draw().etas(&omega)).collect();
    for i in 0..4 {
        let column: Vec<f64> = etas.iter().map(|eta| eta[i]).collect();
        let s = omega.matrix()[i][i].sqrt();
        assert!(mean(&column).abs() < 4.0 * s / (N as f64).sqrt());
        for j in 0..4 {
            let expected = omega.matrix()[i][j];
            let found = etas.iter().map(|eta| eta[i] * eta[j]).sum::<f64>() / N as f64;
            // The variance of a product of two correlated normal numbers.
            let error = ((omega.matrix()[i][i] * omega.matrix()[j][j] + expected * expected) / N as f64).sqrt();
            assert!((found - expected).abs() < 4.0 * error, "{i} {j}: {found} against {expected}");
        }
    }
}

/// The largest distance from the normal distribution, times sqrt(n), itself has a distribution, with mean sqrt(pi/2) ln 2 = 0.869 and
/// deviation 0.260 (Kolmogorov's). So four hundred of them say more than the limit of one, which one seed in 250 breaks by
/// chance; 42 is such a seed. Their own deviation is known within `sqrt((b - 1) / 4n)` of itself, with the kurtosis `b` of 3.88.
#[test]
fn etas_are_normal() {
    const FEW: u64 = 5_000;
    let omega = omega();
    let mut distances = Vec::new();
    for seed in 0..100 {
        let of = |subject| Stream { seed, subject, purpose: Purpose::Person }.draw().etas(&omega);
        let etas: Vec<[f64; 4]> = (0..FEW).map(of).collect();
        for i in 0..4 {
            let s = omega.matrix()[i][i].sqrt();
            let distance = kolmogorov_smirnov(etas.iter().map(|eta| eta[i]).collect(), |x| phi(x / s));
            distances.push(distance * (FEW as f64).sqrt());
        }
    }
    let n = distances.len() as f64;
    near_abs(mean(&distances), 0.8687, 4.0 * 0.2603 / n.sqrt());
    near_rel(sd(&distances), 0.2603, 4.0 * (2.88 / (4.0 * n)).sqrt());
    assert!(distances.iter().filter(|distance| **distance > 1.95).count() <= 2);
}

/// Numbers within one stream are independent too: the serial correlation of a long one.
#[test]
fn numbers_of_one_stream_are_independent() {
    let mut draw = stream(3).draw();
    let values: Vec<f64> = (0..N).map(|_| draw.normal()).collect();
    for lag in [1, 2, 3, 8, 32] {
        let product = values.iter().zip(&values[lag..]).map(|(a, b)| a * b).sum::<f64>() / N as f64;
        assert!(product.abs() < 4.0 / (N as f64).sqrt(), "lag {lag}: {product}");
    }
}

#[test]
fn what_does_not_vary_is_the_typical_value() {
    let none = LogNormal::of_cv(1.27, 0.0).expect("a distribution").distribution().expect("a distribution");
    let point = Triangular { low: 2.0, mode: 2.0, high: 2.0 }.distribution().expect("a distribution");
    let same = Uniform { low: 2.0, high: 2.0 }.distribution().expect("a distribution");
    let omega = Covariance::of_cvs([0.35, 0.0, 0.4], &[(0, 2, 0.3)]).expect("a covariance");
    for subject in 0..100 {
        let mut draw = stream(subject).draw();
        assert_eq!((draw.value(&none), draw.value(&point), draw.value(&same)), (1.27, 2.0, 2.0));
        let [cl, v, _] = draw.factors(&omega);
        assert!(v == 1.0 && cl != 1.0);
    }
}

/// A parameter without variance leaves the others as they would be without it.
#[test]
fn a_row_of_zeros_takes_no_part() {
    let three = Covariance::new(&[[0.1, 0.0, 0.05], [0.0, 0.0, 0.0], [0.05, 0.0, 0.2]]).expect("a covariance");
    let etas: Vec<[f64; 3]> = (0..N).map(|subject| stream(subject).draw().etas(&three)).collect();
    let product = etas.iter().map(|eta| eta[0] * eta[2]).sum::<f64>() / N as f64;
    assert!((product - 0.05).abs() < 4.0 * ((0.02 + 0.0025) / N as f64).sqrt());
    assert!(etas.iter().all(|eta| eta[1] == 0.0));
}

#[test]
fn quantiles_of_a_distribution_invert_its_function() {
    let [lognormal, normal, uniform, triangular, empirical] = distributions();
    for p in [1e-6, 0.01, 0.2, 0.5, 0.77, 0.999] {
        let at = |law: &Distribution| law.quantile(p).expect("a quantile");
        let omega = (1.0 + 0.35_f64.powi(2)).ln().sqrt();
        assert!((phi((at(&lognormal) / 1.27).ln() / omega) - p).abs() < 1e-14);
        assert!((phi((at(&normal) - 70.0) / 10.0) - p).abs() < 1e-14);
        assert!(((at(&uniform) - 50.0) / 15.0 - p).abs() < 1e-14);
        assert!((72.0..=96.0).contains(&at(&triangular)));
        assert!([1.0, 3.0, 4.0, 5.0].contains(&at(&empirical)));
    }
    assert_eq!(triangular.quantile(0.25).expect("a quantile"), 78.0);
    assert_eq!(normal.quantile(0.0).expect("a quantile"), f64::NEG_INFINITY);
    assert_eq!(lognormal.quantile(0.0).expect("a quantile"), 0.0);
    assert_eq!(lognormal.quantile(1.0).expect("a quantile"), f64::INFINITY);
    assert_eq!((uniform.quantile(0.0), uniform.quantile(1.0)), (Ok(50.0), Ok(65.0)));
    assert_eq!((triangular.quantile(0.0), triangular.quantile(1.0)), (Ok(72.0), Ok(96.0)));
    assert_eq!((empirical.quantile(0.0), empirical.quantile(1.0)), (Ok(1.0), Ok(5.0)));
}

proptest! {
    #[test]
    fn values_stay_where_they_belong(seed: u64, subject: u64, low in -1e6..1e6_f64, width in 0.0..1e6_f64, share in 0.0..=1.0_f64, cv in 0.0..10.0_f64) {
        let mut draw = Stream { seed, subject, purpose: Purpose::Person }.draw();
        let high = low + width;
        let mode = (low + share * width).min(high);
        let uniform = Uniform { low, high }.distribution().unwrap();
        let triangular = Triangular { low, mode, high }.distribution().unwrap();
        let lognormal = LogNormal::of_cv(1.0, cv).unwrap().distribution().unwrap();
        for _ in 0..20 {
            prop_assert!((low..=high).contains(&draw.value(&uniform)));
            prop_assert!((low..=high).contains(&draw.value(&triangular)));
            let value = draw.value(&lognormal);
            prop_assert!(value > 0.0 && value.is_finite());
        }
    }

    #[test]
    fn two_covariances_that_can_be_are_taken(a in 0.0..3.0_f64, b in 0.0..3.0_f64, rho in -0.999..0.999_f64) {
        prop_assert!(Covariance::of_cvs([a, b], &[(0, 1, rho)]).is_ok());
    }
}

// ------------------------------------------------------------------------------------------------------------ vitamers

#[test]
fn every_set_has_its_people() {
    for set in VITAMERS.into_iter().flat_map(Vitamer::sets) {
        let people = set.population(20_000, 42).expect("people");
        let cv = |symbol: &str| set.row(symbol).ok().and_then(|row| row.cv);
        let logs = |value: &dyn Fn(&Model) -> f64| people.models().iter().map(|m| value(m).ln()).collect::<Vec<_>>();
        let check = |symbol: &str, expected: Option<f64>, values: &[f64], slack: f64| {
            let expected = expected.map_or(0.0, |cv| (1.0 + cv * cv).ln().sqrt());
            // Where no spread is known all people are alike, but for rounding.
            assert!(
                (sd(values) - expected).abs() <= slack * expected + 1e-12,
                "{set}: {symbol} {} {expected}",
                sd(values)
            );
        };
        let clearances = logs(&|model| model.disposition().cl());
        check("cl", cv("cl"), &clearances, 0.02);
        assert!((mean(&clearances) - set.parameters.cl.ln()).abs() < 0.012, "{set}");
        if set.peripheral.is_none() {
            check("v", cv("v"), &logs(&|model| model.disposition().v1()), 0.02);
            check("t_half", cv("t_half"), &logs(&Model::half_life), 0.02);
        } else if set.row("v2").expect("a row").cv.is_some() {
            // Here the slow half-life stands in for the ratio of two numbers.
            check("t_half_beta", cv("t_half_beta"), &logs(&Model::half_life), 0.25);
        }
    }
}

#[test]
fn every_typical_person_stays_within_the_ranges() {
    for set in VITAMERS.into_iter().flat_map(Vitamer::sets) {
        let uncertainty = set.uncertainty();
        for subject in 0..500 {
            let mut draw = Stream { seed: 1, subject, purpose: Purpose::Typical }.draw();
            let typical = uncertainty.typical(&mut draw).typical().expect("a model");
            let within = |symbol: &str, value: f64| {
                let row = set.row(symbol).expect("a row");
                let (low, high) = (row.low.unwrap_or(row.value), row.high.unwrap_or(row.value));
                assert!(value >= low * 0.99 && value <= high * 1.01, "{set}: {symbol} {value}");
            };
            within("cl", typical.disposition().cl());
            if set.peripheral.is_none() {
                within("t_half", typical.half_life());
            }
        }
    }
}

#[test]
fn replicates_differ_by_what_is_uncertain_only() {
    let uncertainty = MK7.nominal().uncertainty();
    let size = Replicates { replicates: 4, people: 50 };
    let worlds: Vec<Population> =
        Population::replicates(size, 42, |draw| Ok(uncertainty.typical(draw)), Variability::person)
            .collect::<Result<_>>()
            .expect("people");
    let ratio = |i: usize| worlds[1].models()[i].disposition().cl() / worlds[0].models()[i].disposition().cl();
    assert!((ratio(0) - 1.0).abs() > 1e-3);
    for i in 0..50 {
        assert!((ratio(i) / ratio(0) - 1.0).abs() < 1e-14);
    }
    let none = Population::replicates(Replicates { replicates: 0, ..size }, 42, |_| Ok(()), |(), draw| person(draw));
    let errors: Vec<String> = none.map(|world| world.expect_err("no replicates").to_string()).collect();
    assert_eq!(errors, ["no replicates were asked for: ask for at least one typical person"]);
}

// ----------------------------------------------------------------------------------------------------------- bad input

#[test]
fn populations_that_cannot_be() {
    let nobody = "a population of no people was asked for: ask for at least one";
    refused(Population::sample(0, 42, person), nobody);
    refused(Population::sample_range(5..5, 42, person), nobody);
    refused(Population::of(Vec::new(), 42), nobody);
    refused(
        Population::sample(u64::MAX, 42, person),
        "a population of 18446744073709551615 people was asked for, but at most 10000000 are held at a time: draw them in \
         slices",
    );
    let third = |draw: &mut Draw| Parameters { cl: if draw.id() == 2 { -1.0 } else { 1.0 }, ..TYPICAL }.model();
    refused(Population::sample(10, 42, third), "person 2: cl is -1 L/h, but it must be a positive, finite number");
    let noted = |draw: &mut Draw| {
        if draw.id() < 3 {
            draw.note("weight", 70.0);
        }
        TYPICAL.model()
    };
    refused(
        Population::sample(10, 42, noted),
        "person 3: other covariates were noted than of the people before: note the same of everybody",
    );
    let twice = |draw: &mut Draw| {
        draw.note("weight", 70.0);
        draw.note("weight", 71.0);
        TYPICAL.model()
    };
    refused(
        Population::sample(2, 42, twice),
        "person 0: the covariate `weight` was noted twice: give each a name of its own",
    );
    let lost = |draw: &mut Draw| {
        let weight = if draw.id() == 1 { f64::NAN } else { 70.0 };
        draw.note("weight", weight);
        TYPICAL.model()
    };
    refused(Population::sample(2, 42, lost), "person 1: the covariate `weight` is NaN, but it must be a finite number");
    let people = Population::sample(3, 42, noted).expect("people");
    refused(people.covariate("age"), "nothing was noted of the people as `age`: ask for weight");
    let people = Population::sample(3, 42, person).expect("people");
    refused(people.covariate("age"), "nothing was noted of the people as `age`: there are no covariates");
}

#[test]
fn distributions_that_cannot_be() {
    let finite = "but it must be a finite number";
    for bad in [f64::NAN, f64::INFINITY, -0.1] {
        let refused = |outcome: Result<Distribution>, name: &str| {
            refused(outcome, &format!("{name} is {bad}, {finite}, zero or above"));
        };
        refused(LogNormal::of_cv(1.0, bad).and_then(LogNormal::distribution), "the CV of a log-normal");
        refused(LogNormal { median: 1.0, omega: bad }.distribution(), "the omega of a log-normal");
        refused(Normal { mean: 1.0, sd: bad }.distribution(), "the standard deviation of a normal");
    }
    for bad in [f64::NAN, f64::INFINITY] {
        let refused = |outcome: Result<Distribution>, name: &str| {
            refused(outcome, &format!("{name} is {bad}, {finite}"));
        };
        refused(Normal { mean: bad, sd: 1.0 }.distribution(), "the mean of a normal");
        refused(Uniform { low: bad, high: 1.0 }.distribution(), "the lower end of a uniform");
        refused(Triangular { low: 0.0, mode: 0.5, high: bad }.distribution(), "the upper end of a triangular");
        refused(Empirical(vec![1.0, bad]).distribution(), "value 2 of an empirical distribution");
    }
    refused(
        LogNormal { median: 0.0, omega: 0.3 }.distribution(),
        "the median of a log-normal is 0, but it must be a positive, finite number",
    );
    refused(
        LogNormal::of_cv(1.0, 35.0).and_then(LogNormal::distribution),
        "the CV of a log-normal is 35, but it must be a fraction of at most 10: for 35 % write 0.35",
    );
    refused(
        Triangular { low: 0.0, mode: f64::NAN, high: 1.0 }.distribution(),
        "the mode of a triangular is NaN, but it must lie between its ends 0 and 1",
    );
    refused(
        Uniform { low: -1e308, high: 1e308 }.distribution(),
        &format!("a uniform from {} to {} is wider than a number: bring its ends closer", -1e308, 1e308),
    );
    refused(Empirical(vec![]).distribution(), "an empirical distribution has no values: give at least one");
    let [law, ..] = distributions();
    refused(law.quantile(1.5), "a quantile was asked for at 1.5, but it must lie between 0 and 1");
    refused(quantiles(&[], [0.5]), "quantiles of no numbers were asked for: give at least one");
    refused(quantiles(&[1.0, f64::NAN], [0.5]), "number 2 is NaN, so there are no quantiles: leave it out");
    refused(
        quantiles(&[1.0, f64::INFINITY, f64::INFINITY], [0.75]),
        "number 2 is inf, so there are no quantiles: leave it out",
    );
}

#[test]
fn covariances_that_cannot_be() {
    let new = |rows: &[Vec<f64>]| Covariance::<2>::new(rows);
    refused(
        new(&[vec![1.0, 0.0]]),
        "the covariance matrix has 1 rows, but 2 parameters vary: give 2 rows of 2 numbers",
    );
    refused(
        new(&[vec![1.0, 0.0], vec![0.0]]),
        "row 2 of the covariance matrix has 1 numbers, but 2 parameters vary: give 2 rows of 2 numbers",
    );
    refused(
        new(&[vec![1.0, 0.1], vec![0.2, 1.0]]),
        "the covariance of parameters 1 and 2 is 0.1 above the diagonal and 0.2 below it, but a covariance matrix is symmetric",
    );
    refused(
        new(&[vec![-1.0, 0.0], vec![0.0, 1.0]]),
        "the variance of parameter 1 is -1, but it must be a finite number, zero or above",
    );
    refused(
        new(&[vec![1.0, f64::NAN], vec![0.0, 1.0]]),
        "the covariance of parameters 1 and 2 is NaN, but it must be a finite number",
    );
    refused(
        new(&[vec![0.0, 0.1], vec![0.1, 1.0]]),
        "the covariance of parameters 1 and 2 is 0.1, but one of them does not vary: give 0",
    );
    let not_definite = "the covariance matrix is none: its correlations cannot all be true at once (the lowest eigenvalue of \
                        their matrix is -8.00e-1), so bring them closer to 0";
    refused(
        Covariance::new(&[[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]]) as Result<Covariance<3>>,
        not_definite,
    );
    assert!(new(&[vec![1.0, 1.0], vec![1.0, 1.0]]).is_ok());
    let of = |correlations: &[(usize, usize, f64)]| Covariance::of_cvs([0.3, 0.3], correlations);
    refused(of(&[(1, 1, 1.0)]), "a correlation of parameter 1 with itself was given: it is always 1");
    refused(of(&[(0, 1, 1.5)]), "the correlation of parameters 0 and 1 is 1.5, but it must lie within -1 and 1");
    refused(of(&[(0, 1, 0.5), (1, 0, 0.5)]), "the correlation of parameters 1 and 0 is named twice: keep one");
    refused(
        Covariance::of_cvs([0.3, f64::NAN], &[]),
        "the CV of parameter 1 is NaN, but it must be a finite number, zero or above",
    );
}

#[test]
fn a_profile_and_bands_are_written_to_the_last_bit() {
    let people = MK7.nominal().population(30, 7).unwrap();
    let dosing = menaquinone::Dose::of(90.0).every(24.0).times(9);
    let times = menaquinone::grid(0.0..=72.0, 0.1);
    let profile = people.models()[0].profile(&dosing, &times).unwrap();
    let columns = |text: &str| -> Vec<Vec<f64>> {
        text.lines().skip(1).map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect()
    };
    let rows = columns(&profile.to_csv());
    assert_eq!(rows.len(), times.len());
    assert!(rows.iter().zip(profile.iter()).all(|(row, (time, conc))| row[0] == time && row[1] == conc));
    let bands = people.bands(&dosing, &times, &[0.05, 0.5, 0.95]).unwrap();
    let rows = columns(&bands.to_csv());
    for (i, (_, curve)) in bands.iter().enumerate() {
        assert!(rows.iter().zip(curve).all(|(row, conc)| row[i + 1] == *conc));
    }
    let tiny = menaquinone::Profile::new(vec![0.0, 1e300], vec![5e-324, f64::MAX]).unwrap();
    assert_eq!(columns(&tiny.to_csv()), [[0.0, 5e-324], [1e300, f64::MAX]]);
}

#[test]
fn a_profile_is_read_between_its_points_and_added() {
    let profile = menaquinone::Profile::new(vec![0.0, 1.0, 1.0, 3.0], vec![1.0, 2.0, 5.0, 1.0]).unwrap();
    let at = |time: f64| profile.at(time).unwrap();
    assert_eq!((at(0.0), at(0.5), at(1.0), at(2.0), at(3.0)), (1.0, 1.5, 5.0, 3.0, 1.0));
    for outside in [-0.1, 3.1, f64::NAN] {
        assert!(profile.at(outside).unwrap_err().to_string().contains("from 0 h to 3 h"));
    }
    assert_eq!(profile.plus(&profile).unwrap(), profile.scaled(2.0).unwrap());
    let other = menaquinone::Profile::new(vec![0.0, 1.0], vec![1.0, 2.0]).unwrap();
    assert!(profile.plus(&other).unwrap_err().to_string().contains("from time 3 on theirs differ"));
    assert!(profile.scaled(f64::NAN).is_err() && profile.scaled(f64::MAX).is_err());
    let share = MK7.nominal().population(9, 1).unwrap().share_above(menaquinone::Dose::of(90.0), 0.0, f64::NAN);
    assert!(share.unwrap_err().to_string().starts_with("the level is NaN"));
}
