//! Designs of people on several occasions and with several kinds of samples, against matrices that are written out.

use menaquinone::assay::ResidualError;
use menaquinone::design::{Approximation, Arm, Criterion, Design, Information, Search, When};
use menaquinone::fit::{Theory, fixed, free};
use menaquinone::sensitivity::Number;
use menaquinone::{Absorb, Bolus, Dose, FirstOrder, Model, OneCompartment, Phases, Regimen, Result};
use nalgebra::{DMatrix, DVector};

/// A derivative by differences of the eighth order.
fn slope<T>(f: impl Fn(f64) -> T) -> T
where
    T: std::ops::Add<Output = T> + std::ops::Sub<Output = T> + std::ops::Mul<f64, Output = T>,
{
    const H: f64 = 0.02;
    let pair = |k: f64, weight: f64| (f(k * H) - f(-k * H)) * (weight / H);
    pair(1.0, 4.0 / 5.0) + pair(2.0, -1.0 / 5.0) + pair(3.0, 4.0 / 105.0) + pair(4.0, -1.0 / 280.0)
}

/// Levels by the typical numbers and the deviations of a person.
type Levels = Box<dyn Fn(&[f64], &[f64]) -> DVector<f64>>;
/// Variances of samples by the numbers of the error and the levels.
type Noise = Box<dyn Fn(&[f64], &DVector<f64>) -> DVector<f64>>;
/// The covariance of deviations by the variances sought.
type Spread = Box<dyn Fn(&[f64]) -> DMatrix<f64>>;

/// A design written out: levels by the typical numbers and all deviations of a person, variances of samples by the numbers of the error and the levels, and
/// the covariance of the deviations by the variances sought.
struct Written {
    typical: Vec<f64>,
    error: Vec<f64>,
    variances: Vec<f64>,
    deviations: usize,
    levels: Levels,
    noise: Noise,
    omega: Spread,
}

impl Written {
    /// The mean and the variance of a person's samples at numbers moved by a step of each number's size.
    fn moments(&self, number: usize, step: f64) -> (DVector<f64>, DMatrix<f64>) {
        let (p, e) = (self.typical.len(), self.error.len());
        let moved = |all: &[f64], from: usize| -> Vec<f64> {
            let of = |(i, x): (usize, &f64)| if from + i == number { x * (1.0 + step) } else { *x };
            all.iter().enumerate().map(of).collect()
        };
        let (typical, error) = (moved(&self.typical, 0), moved(&self.error, p));
        let none = vec![0.0; self.deviations];
        let f = (self.levels)(&typical, &none);
        let by = |k: usize| {
            slope(|step| {
                let mut eta = none.clone();
                eta[k] = step;
                (self.levels)(&typical, &eta)
            })
        };
        let a = DMatrix::from_columns(&(0..self.deviations).map(by).collect::<Vec<_>>());
        let omega = (self.omega)(&moved(&self.variances, p + e));
        let v = &a * omega * a.transpose() + DMatrix::from_diagonal(&(self.noise)(&error, &f));
        (f, v)
    }

    fn values(&self) -> Vec<f64> {
        [self.typical.clone(), self.error.clone(), self.variances.clone()].concat()
    }

    fn information(&self, full: bool) -> DMatrix<f64> {
        let (values, p) = (self.values(), self.typical.len());
        let over = self.moments(usize::MAX, 0.0).1.try_inverse().expect("a variance");
        let by = |i: usize| slope(|step| Both(self.moments(i, step)));
        let slopes: Vec<_> = (0..values.len()).map(|i| (by(i) * values[i].recip()).0).collect();
        DMatrix::from_fn(values.len(), values.len(), |a, b| {
            let ((f, v), (g, w)) = (&slopes[a], &slopes[b]);
            let means = f.dot(&(&over * g));
            let spreads = 0.5 * (&over * v * &over * w).trace();
            match (full, a < p, b < p) {
                (true, ..) => means + spreads,
                (false, true, true) => means,
                (false, false, false) => spreads,
                _ => 0.0,
            }
        })
    }
}

struct Both((DVector<f64>, DMatrix<f64>));

impl std::ops::Add for Both {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self((self.0.0 + other.0.0, self.0.1 + other.0.1))
    }
}

impl std::ops::Sub for Both {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self((self.0.0 - other.0.0, self.0.1 - other.0.1))
    }
}

impl std::ops::Mul<f64> for Both {
    type Output = Self;
    fn mul(self, by: f64) -> Self {
        Self((self.0.0 * by, self.0.1 * by))
    }
}

fn assert_is(found: &Information, written: &DMatrix<f64>, people: f64) {
    let n = written.nrows();
    assert_eq!(found.matrix().nrows(), n, "{:?}", found.names());
    for i in 0..n {
        for j in 0..n {
            let scale = people * (written[(i, i)] * written[(j, j)]).sqrt();
            let off = (found.matrix()[(i, j)] - people * written[(i, j)]).abs();
            assert!(
                off < 1e-9 * scale,
                "{} and {}: {} and {}",
                found.names()[i],
                found.names()[j],
                found.matrix()[(i, j)],
                people * written[(i, j)]
            );
        }
    }
}

const STARTS: [f64; 2] = [48.0, 96.0];

fn doses() -> Regimen {
    Dose::of(100.0).at(0.0).and(Dose::of(100.0).at(48.0)).and(Dose::of(150.0).at(96.0))
}

/// Clearance varies between people and within, absorption within alone, volume between people alone, with clearance.
fn on_occasions() -> Result<Theory> {
    let body = OneCompartment { cl: free(1.1).varying(0.3).varying_within(0.2), v: free(11.0).varying(0.25) };
    Theory::new(FirstOrder { ka: free(0.8).varying_within(0.4) }, body)?
        .with(Number::Tlag(0), fixed(0.25))?
        .with_omega(&[[0.09, 0.03], [0.03, 0.06]])?
        .with_error(ResidualError::Combined { cv: free(0.12), sd: free(0.2) })
}

/// The deviations are those of clearance and volume, then of absorption and clearance on each occasion.
fn on_occasions_written(times: &'static [f64], starts: &'static [f64]) -> Written {
    let levels = move |typical: &[f64], eta: &[f64]| {
        let model = |occasion: usize| {
            let kappa = &eta[2 + 2 * occasion..];
            let process = FirstOrder { ka: typical[0] * kappa[0].exp() }.lagged(0.25);
            let cl = typical[1] * (eta[0] + kappa[1]).exp();
            Model::new(process, OneCompartment { cl, v: typical[2] * eta[1].exp() })
        };
        let phases = Phases::by_occasion(starts, model).expect("phases");
        DVector::from_vec(phases.concentrations(doses(), times).expect("levels"))
    };
    let occasions = 1 + starts.len();
    Written {
        typical: vec![0.8, 1.1, 11.0],
        error: vec![0.12, 0.2],
        variances: vec![0.09, 0.03, 0.06, 0.16_f64.ln_1p(), 0.04_f64.ln_1p()],
        deviations: 2 + 2 * occasions,
        levels: Box::new(levels),
        noise: Box::new(|error, f| f.map(|f| (error[0] * f).powi(2) + error[1] * error[1])),
        omega: Box::new(move |own| {
            let n = 2 + 2 * occasions;
            DMatrix::from_fn(n, n, |i, j| match (i, j) {
                (0, 0) => own[0],
                (0, 1) | (1, 0) => own[1],
                (1, 1) => own[2],
                _ if i == j => own[3 + i % 2],
                _ => 0.0,
            })
        }),
    }
}

/// The matrix of people on three occasions, reduced and full, against one by differences of means and variances that are written out.
#[test]
fn occasions_are_as_written_out() -> Result<()> {
    const TIMES: [f64; 8] = [1.0, 6.0, 20.0, 49.0, 54.0, 72.0, 97.5, 120.0];
    let arm = Arm::of(doses()).people(24.0).at(&TIMES).occasions_from(&STARTS);
    let written = on_occasions_written(&TIMES, &STARTS);
    for (form, full) in [(Approximation::Reduced, false), (Approximation::Full, true)] {
        let found = Design::of(&on_occasions()?, arm.clone())?.by(form)?.information()?;
        let names = ["ka", "cl", "v", "cv", "sd", "omega2(cl)", "cov(cl, v)", "omega2(v)"];
        assert_eq!(found.names(), [&names[..], &["omega2(ka@OCC)", "omega2(cl@OCC)"]].concat());
        for (own, expected) in found.values().iter().zip(written.values()) {
            assert!((own / expected - 1.0).abs() < 1e-14);
        }
        assert_is(&found, &written.information(full), 24.0);
        assert!(found.se()?.iter().all(|se| se.is_finite()), "{found}");
    }
    // About the modes of people who hardly differ it is that about none.
    let near = |form: Approximation| -> Result<Information> {
        let body = OneCompartment { cl: free(1.1).varying(1e-3).varying_within(1e-3), v: free(11.0) };
        let theory = Theory::new(FirstOrder { ka: free(0.8) }, body)?
            .with_error(ResidualError::Combined { cv: free(0.12), sd: free(0.2) })?;
        Design::of(&theory, arm.clone())?.by(form)?.information()
    };
    let (none, modes) = (near(Approximation::Reduced)?, near(Approximation::Modes { draws: 200, seed: 1 })?);
    for (a, b) in none.se()?.iter().zip(modes.se()?) {
        assert!((a / b - 1.0).abs() < 2e-3, "{none}\n{modes}");
    }
    Ok(())
}

/// One occasion does not tell the two variances of a number apart, whatever is sampled; their sum it tells as if nothing varied within.
#[test]
fn one_occasion_tells_the_sum_of_both_variances() -> Result<()> {
    let times = [1.0, 3.0, 8.0, 20.0];
    let theory = |between: f64, within: f64| {
        let cl = free(1.0).varying(between).varying_within(within);
        Theory::new(Bolus, OneCompartment { cl, v: free(10.0) })?
            .with_error(ResidualError::Proportional { cv: free(0.1) })
    };
    let cv = |variance: f64| variance.exp_m1().sqrt();
    let arm = Arm::of(Dose::iv(100.0)).people(30.0).at(&times);
    let both = Design::of(&theory(cv(0.06), cv(0.03))?, arm.clone())?.information()?;
    assert_eq!(both.untold().len(), 1, "{both}");
    let mut names = both.untold()[0].names.clone();
    names.sort();
    assert_eq!(names, ["omega2(cl)", "omega2(cl@OCC)"]);
    let sentence = both.se().unwrap_err().to_string();
    assert!(sentence.contains("only a second occasion of the same people"), "{sentence}");
    let sum = Design::of(&theory(cv(0.09), 0.0)?, arm.clone())?.information()?;
    let (i, j) = (both.place("omega2(cl)")?, sum.place("omega2(cl)")?);
    assert!((both.matrix()[(i, i)] / sum.matrix()[(j, j)] - 1.0).abs() < 1e-10);
    // An occasion that begins after the last sample tells nothing either.
    let late = Design::of(&theory(cv(0.06), cv(0.03))?, arm.occasions_from(&[100.0]))?.information()?;
    assert!((late.matrix() - both.matrix()).amax() < 1e-12 * both.matrix().amax());
    // One person's numbers know no occasions.
    let person = |within: f64| -> Result<Information> {
        let arm = Arm::of(Dose::iv(100.0)).at(&times);
        Design::of(&theory(0.3, within)?, arm)?.by(Approximation::Person)?.information()
    };
    assert_eq!(person(0.2)?.matrix(), person(0.0)?.matrix());
    Ok(())
}

/// What is known of one of the people after samples on two occasions: between them the rest of each occasion stands in the variance.
#[test]
fn a_posterior_knows_that_occasions_differ() -> Result<()> {
    let theory = |within: f64| {
        let cl = fixed(1.0).varying(0.3).varying_within(within);
        Theory::new(Bolus, OneCompartment { cl, v: fixed(10.0).varying(0.2) })?
            .with_error(ResidualError::Proportional { cv: 0.05 })
    };
    let shrinkage = |within: f64, starts: &[f64]| -> Result<f64> {
        let taken = Dose::iv(100.0).every(96.0).times(2);
        let arm = Arm::of(taken).at(&[1.0, 12.0, 97.0, 108.0]).occasions_from(starts);
        Ok(Design::of(&theory(within)?, arm)?.by(Approximation::Posterior)?.information()?.shrinkage()?[0])
    };
    let (none, one, two) = (shrinkage(0.0, &[])?, shrinkage(0.2, &[])?, shrinkage(0.2, &[96.0])?);
    assert!(none < two && two < one, "{none} {two} {one}");
    // Well measured, an occasion's own deviation is all that is left: omega2_within/n against omega2.
    let (omega, kappa) = (0.09_f64.ln_1p(), 0.04_f64.ln_1p());
    for (found, n) in [(one, 1.0), (two, 2.0)] {
        let expected = (kappa / n) / (omega + kappa / n);
        assert!((found / expected - 1.0).abs() < 0.15, "{found} and {expected}");
    }
    Ok(())
}

/// A search over occasions ends where no small move is better, and within its bound.
#[test]
fn times_on_occasions_are_searched() -> Result<()> {
    let arm = Arm::of(doses()).people(24.0).occasions_from(&STARTS);
    let design = Design::of(&on_occasions()?, arm)?;
    let when = When::between(0.5..=144.0).count(24).apart(0.5);
    let found = Search::of(&design, &Criterion::d(), when).samples(6).run()?;
    println!("{found}");
    let usual = design.at(&[[1.0, 8.0, 24.0, 49.0, 97.0, 120.0]])?;
    assert!(found.value() > Criterion::d().of(&usual)?);
    for i in 0..6 {
        for step in [-0.3, 0.3] {
            let mut times = found.times()[0].to_vec();
            times[i] += step;
            if times[i] >= 0.5 && times[i] <= 144.0 && times.windows(2).all(|two| two[1] - two[0] >= 0.5 - 1e-9) {
                let moved = Criterion::d().of(&design.at(&[times])?)?;
                assert!(moved <= found.value() * (1.0 + 1e-9), "{i} {step}");
            }
        }
    }
    assert!(found.efficiency() > 0.9, "{found}");
    Ok(())
}

/// The matrix of samples of two kinds, reduced and full, against one that is written out.
#[test]
fn kinds_are_as_written_out() -> Result<()> {
    let body = OneCompartment { cl: free(1.1).varying(0.3), v: free(11.0).varying(0.25) };
    let theory = Theory::new(FirstOrder { ka: free(0.8) }, body)?
        .with_error(ResidualError::Proportional { cv: free(0.05) })?
        .with_error_of(2, ResidualError::Combined { cv: free(0.15), sd: free(0.3) })?;
    let arm = Arm::of(Dose::of(100.0)).people(10.0).at(&[1.0, 6.0, 24.0]).at_of(2, &[0.5, 6.0, 12.0, 30.0]);
    let (times, second) = ([0.5, 1.0, 6.0, 6.0, 12.0, 24.0, 30.0], [true, false, false, true, true, false, true]);
    assert_eq!(arm.times(), times);
    assert_eq!(arm.kinds().iter().map(Option::is_some).collect::<Vec<_>>(), second);
    let written = Written {
        typical: vec![0.8, 1.1, 11.0],
        error: vec![0.05, 0.15, 0.3],
        variances: vec![0.09_f64.ln_1p(), 0.0625_f64.ln_1p()],
        deviations: 2,
        levels: Box::new(move |typical, eta| {
            let body = OneCompartment { cl: typical[1] * eta[0].exp(), v: typical[2] * eta[1].exp() };
            let model = Model::new(FirstOrder { ka: typical[0] }, body).expect("a model");
            DVector::from_vec(model.concentrations(Dose::of(100.0), &times).expect("levels"))
        }),
        noise: Box::new(move |error, f| {
            let of = |i: usize| {
                if second[i] { (error[1] * f[i]).powi(2) + error[2] * error[2] } else { (error[0] * f[i]).powi(2) }
            };
            DVector::from_fn(f.len(), |i, _| of(i))
        }),
        omega: Box::new(|own| DMatrix::from_diagonal(&DVector::from_column_slice(own))),
    };
    for (form, full) in [(Approximation::Reduced, false), (Approximation::Full, true)] {
        let found = Design::of(&theory, arm.clone())?.by(form)?.information()?;
        assert_eq!(found.names()[..6], ["ka", "cl", "v", "cv", "cv#2", "sd#2"]);
        assert_is(&found, &written.information(full), 10.0);
    }
    Ok(())
}

/// Two kinds at one time are one sample; what has no error is refused, and what is not sampled is not told.
#[test]
fn kinds_are_searched_and_told() -> Result<()> {
    let theory = Theory::new(FirstOrder { ka: free(1.0) }, OneCompartment { cl: free(1.0), v: free(10.0) })?
        .with_error(ResidualError::Proportional { cv: free(0.05) })?
        .with_error_of(2, ResidualError::Proportional { cv: free(0.15) })?;
    let design = Design::of(&theory, Arm::of(Dose::of(100.0)).people(8.0))?;
    let when = When::between(0.25..=48.0).apart(1.0);
    let found = Search::of(&design, &Criterion::d(), when).samples(2).samples_of_kind(2, 4).run()?;
    println!("{found}");
    let arm = &found.design().arms()[0];
    assert_eq!(arm.kinds().iter().filter(|kind| kind.is_none()).count(), 2);
    assert!(found.to_string().contains("of kind 2 at"), "{found}");
    for (i, one) in arm.times().iter().enumerate() {
        for (j, other) in arm.times().iter().enumerate().skip(i + 1) {
            let is_one = one == other && arm.kinds()[i] != arm.kinds()[j];
            assert!(is_one || other - one >= 1.0 - 1e-9, "{found}");
        }
    }
    assert!(found.efficiency() > 0.85, "{found}");
    let untold = design.at(&[[1.0, 4.0, 20.0, 40.0]])?.information()?.se().unwrap_err().to_string();
    assert!(untold.contains("cv#2") && untold.contains("a sample of kind 2 at"), "{untold}");
    let other = Design::of(&theory, Arm::of(Dose::of(100.0)).at(&[1.0]).at_of(3, &[2.0]))?;
    let refused = other.information().unwrap_err().to_string();
    assert!(refused.starts_with("samples of kind (DVID) 3 are asked for"), "{refused}");
    Ok(())
}
