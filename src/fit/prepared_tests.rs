//! The fast ways to levels against the general one.

use super::objective::Objective;
use super::prepared::Prepared;
use super::{Effect, Rates, Sampled, Samples, Theory, TwoRates, fixed, free};
use crate::absorption::{Absorb, Bolus, FirstOrder};
use crate::assay::ResidualError;
use crate::disposition::{HalfLife, OneCompartment, TwoCompartment};
use crate::model::Model;
use crate::records::Table;
use crate::regimen::Dose;
use crate::sensitivity::{Number, Order};

fn all_free() -> Theory {
    let model = Model::new(FirstOrder { ka: 0.9 }.lagged(0.2).with_f(0.6), OneCompartment { cl: 1.0, v: 12.0 })
        .and_then(|model| model.with_baseline(0.3))
        .expect("a model");
    let numbers = [
        (Number::Ka(0), free(0.9)),
        (Number::Tlag(0), free(0.2)),
        (Number::F(0), free(0.6).within(0.0..=1.0)),
        (Number::Cl, free(1.0)),
        (Number::V, free(12.0)),
        (Number::Baseline, free(0.3)),
    ];
    numbers
        .into_iter()
        .try_fold(Theory::of(model), |theory, (number, unknown)| theory.with(number, unknown))
        .expect("a theory")
}

fn two_free() -> Theory {
    let body = TwoCompartment { cl: 1.0, v1: 12.0, q: 2.0, v2: 20.0 };
    let model = Model::new(FirstOrder { ka: 0.9 }.lagged(0.2).with_f(0.6), body)
        .and_then(|model| model.with_baseline(0.3)?.with_endogenous(0.1))
        .expect("a model");
    let numbers = [
        (Number::Ka(0), 0.9),
        (Number::Tlag(0), 0.2),
        (Number::F(0), 0.6),
        (Number::Cl, 1.0),
        (Number::V1, 12.0),
        (Number::Q, 2.0),
        (Number::V2, 20.0),
        (Number::Baseline, 0.3),
    ];
    numbers
        .into_iter()
        .try_fold(Theory::of(model), |theory, (number, start)| theory.with(number, free(start)))
        .expect("a theory")
}

/// The fast way against the general one, both as levels and as the objective, whose slopes are also those of its differences.
#[test]
fn the_fast_way_is_the_general_one() {
    let ka = || FirstOrder { ka: free(0.9) };
    let error = ResidualError::Combined { cv: free(0.1), sd: free(0.2) };
    let known = ResidualError::CombinedSd { cv: fixed(0.1), sd: fixed(0.2) };
    let theories = [
        all_free(),
        all_free().with_error(error).expect("an error"),
        Theory::new(ka(), HalfLife { t_half: free(6.0), v: free(12.0) }).expect("a theory"),
        Theory::new(ka(), HalfLife { t_half: free(6.0), v: fixed(12.0) }).expect("a theory"),
        two_free(),
        two_free().with_error(error).expect("an error"),
        Theory::new(Bolus, TwoRates { ke: free(0.2), v1: free(9.0), k12: free(0.03), k21: free(0.4) })
            .expect("a theory"),
        Theory::new(ka(), Rates { ke: fixed(0.1), v: free(12.0) })
            .and_then(|theory| theory.with_error(known))
            .expect("a theory"),
    ];
    let samples = Samples::new(&[0.5, 1.0, 2.0, 30.0, 31.0, 50.0], &[2.0, 3.0, 3.5, 4.0, 4.5, 1.0]);
    let sampled = Sampled::new(Dose::of(100.0).every(12.0).times(4), samples.expect("samples"));
    for theory in theories {
        let mut objective = Objective::new(&theory, std::slice::from_ref(&sampled));
        let x = theory.coordinates();
        let fast = (objective.curves()[0].predicted(&x, Order::Second), objective.near(&x));
        let slope = |i: usize| {
            let at = |step: f64| {
                let mut x = x.clone();
                x[i] += step * 1e-3;
                objective.value(&x).expect("a value")
            };
            (at(-2.0) - 8.0 * at(-1.0) + 8.0 * at(1.0) - at(2.0)) / 12e-3
        };
        let slopes: Vec<f64> = (0..x.len()).map(slope).collect();
        assert!(objective.curves()[0].has_a_fast_way());
        objective.forget_the_fast_way();
        let general = (objective.curves()[0].predicted(&x, Order::Second), objective.near(&x));
        for (a, b) in fast.0.expect("levels").iter().flatten().zip(general.0.expect("levels").iter().flatten()) {
            assert!((a - b).abs() < 1e-11 * (1.0 + b.abs()), "{a} and {b}");
        }
        let (a, b) = (fast.1.expect("a value"), general.1.expect("a value"));
        assert!((a.value - b.value).abs() < 1e-10 * b.value.abs());
        assert!((&a.gradient - &b.gradient).amax() < 1e-10 * (1.0 + b.gradient.amax()));
        assert!((&a.hessian - &b.hessian).amax() < 1e-10 * b.hessian.amax());
        for (i, slope) in slopes.iter().enumerate() {
            assert!((a.gradient[i] - slope).abs() < 1e-7 * a.gradient.amax(), "{i}: {} and {slope}", a.gradient[i]);
        }
    }
}

/// Effects of covariates that stay the same, of every shape, on numbers and on what numbers follow from.
fn by_covariates() -> Vec<Theory> {
    let all = [
        ("WT", Effect::Power { at: 70.0, exponent: free(0.7) }),
        ("AGE", Effect::Exponential { at: 40.0, slope: free(-0.01) }),
        ("CRP", Effect::Linear { at: 1.0, slope: free(0.05) }),
        ("SEX", Effect::Categorical { at: 1, factors: vec![(2, free(0.8)), (3, free(1.2))] }),
        ("HT", Effect::allometric(170.0)),
    ];
    let declare = |theory: Theory, number: super::Name| {
        all.iter().cloned().try_fold(theory, |theory, (name, effect)| theory.by(number, name, effect))
    };
    let (cl, v) = (free(1.0).varying(0.3), free(12.0).varying(0.2));
    let body = TwoCompartment { cl, v1: v, q: free(2.0), v2: fixed(20.0) };
    let known = ResidualError::Combined { cv: fixed(0.1), sd: free(0.2) };
    let theories = [
        Theory::new(FirstOrder { ka: free(0.9) }, OneCompartment { cl, v })
            .and_then(|theory| declare(theory, Number::Cl.into()))
            .and_then(|theory| declare(theory, Number::Ka(0).into())),
        Theory::new(FirstOrder { ka: fixed(0.9) }, HalfLife { t_half: free(8.0).varying(0.3), v })
            .and_then(|theory| declare(theory, super::Name::HalfLife)),
        Theory::new(FirstOrder { ka: free(0.9) }, body)
            .and_then(|theory| declare(theory, Number::V2.into()))
            .and_then(|theory| theory.by(Number::Q, "WT", Effect::allometric(70.0))),
        // A number with two ends, and one that the theory takes as known.
        Theory::new(FirstOrder { ka: free(0.9).within(0.1..=5.0) }, OneCompartment { cl: free(1.0), v: fixed(12.0) })
            .and_then(|theory| theory.by(Number::Ka(0), "WT", Effect::allometric(70.0)))
            .and_then(|theory| theory.by(Number::V, "WT", Effect::Power { at: 70.0, exponent: fixed(1.0) })),
    ];
    theories.map(|theory| theory.and_then(|theory| theory.with_error(known)).expect("a theory")).to_vec()
}

/// A person whose covariates stay the same is one body: levels and derivatives to the second are those of the general way, to the digits of a
/// double.
#[test]
fn covariates_that_stay_the_same_need_no_general_way() {
    let samples = Samples::new(&[0.5, 1.0, 2.0, 30.0, 31.0, 50.0], &[2.0, 3.0, 3.5, 4.0, 4.5, 1.0]).expect("samples");
    let covariates = [("WT", 91.0), ("AGE", 63.0), ("CRP", 7.0), ("SEX", 3.0), ("HT", 184.0)];
    let sampled =
        Sampled::new(Dose::of(100.0).every(12.0).times(4), samples).with_covariates(covariates).called("a person");
    for theory in by_covariates().into_iter().flat_map(|theory| [theory.joint(), theory]) {
        let fast = Prepared::new(&theory, &sampled);
        let (mut plain, mut general) = (fast.clone(), fast.clone());
        plain.forget_the_fast_way();
        general.go_the_general_way(&theory);
        assert!(fast.has_a_fast_way() && fast.regimen().is_some());
        let x: Vec<f64> = theory.coordinates().iter().enumerate().map(|(i, x)| x + [0.1, -0.2, 0.05][i % 3]).collect();
        let numbers = |own: &Prepared<'_>| own.model(&x).expect("a model").numbers();
        for ((number, a), (_, b)) in numbers(&fast).into_iter().zip(numbers(&general)) {
            assert!((a - b).abs() <= 1e-14 * b.abs(), "{number}: {a} and {b}");
        }
        for order in [Order::Value, Order::First, Order::Second] {
            let of = |own: &Prepared<'_>| own.predicted(&x, order).expect("levels");
            let expected = of(&general);
            for found in [of(&fast), of(&plain)] {
                for (a, b) in found.iter().flatten().zip(expected.iter().flatten()) {
                    assert!((a - b).abs() < 1e-12 * (1.0 + b.abs()), "{a} and {b}");
                }
                assert_eq!(found[0].len(), expected[0].len());
            }
        }
    }
}

/// Two occasions, a weight that changes, additional doses, one into the plasma, and a reset after which the clock begins anew.
const CHANGING: &str = "ID,TIME,AMT,ADDL,II,CMT,EVID,DV,OCC,WT\n\
    1,0,100,2,12,1,1,.,1,70\n1,1,0,0,0,1,0,5.1,1,70\n1,12,0,0,0,1,0,1.2,1,74\n1,24.3,0,0,0,1,0,3.2,1,74\n1,26,80,0,0,2,1,.,2,74\n\
    1,26,0,0,0,1,0,9.0,2,74\n1,30,60,0,0,1,1,.,2,81\n1,31.5,0,0,0,1,0,8.0,2,81\n1,60,0,0,0,1,0,0.7,1,81\n\
    1,0,50,0,0,1,4,.,2,60\n1,2,0,0,0,1,0,2.9,2,60\n1,9,0,0,0,1,0,1.9,2,62";

#[test]
fn the_fast_way_of_numbers_that_change_is_the_general_one() {
    let table: Table = CHANGING.parse().expect("a table");
    let sampled = &Sampled::of_table(&table).expect("samples")[0].1;
    let depot = |baseline: f64| {
        let model = Model::new(FirstOrder { ka: 0.9 }.lagged(0.2).with_f(0.6), OneCompartment { cl: 1.0, v: 12.0 })
            .and_then(|model| model.with_baseline(baseline)?.with_endogenous(0.1 * baseline))
            .expect("a model");
        Theory::of(model)
            .with(Number::Ka(0), free(0.9).varying_within(0.4))
            .and_then(|theory| theory.with(Number::Cl, free(1.0).varying(0.3).varying_within(0.2)))
            .and_then(|theory| theory.with(Number::V, free(12.0).varying(0.2)))
            .and_then(|theory| theory.with(Number::F(0), free(0.6).varying_within(0.1)))
    };
    let by = || Effect::Power { at: 70.0, exponent: free(0.75) };
    let bolus = Theory::new(Bolus, OneCompartment { cl: free(1.0).varying(0.3), v: free(9.0).varying_within(0.2) });
    let theories = [
        depot(0.0),
        depot(0.0).and_then(|theory| theory.by(Number::Cl, "WT", by())),
        depot(0.4).and_then(|theory| theory.with(Number::Baseline, free(0.4).varying_within(0.3))),
        bolus.and_then(|theory| theory.by(Number::V, "WT", by())),
    ];
    for theory in theories {
        let joint = theory.expect("a theory").joint().on_occasions(&[1, 2]);
        let own = CHANGING.replace("80,0,0,2,1", "80,0,0,1,1");
        let bolus: Table = own.parse().expect("a table");
        let bolus = &Sampled::of_table(&bolus).expect("samples")[0].1;
        let has_depot = joint.start().numbers().iter().any(|(number, _)| *number == Number::Ka(0));
        let mut prepared = Prepared::new(&joint, if has_depot { sampled } else { bolus });
        let x: Vec<f64> =
            joint.coordinates().iter().zip(1_u8..).map(|(x, i)| x + 0.1 * (f64::from(i) * 1.7).sin()).collect();
        assert!(prepared.has_a_fast_way());
        let orders = [Order::Value, Order::First, Order::Second];
        let fast = orders.map(|order| prepared.predicted(&x, order).expect("levels"));
        prepared.forget_the_fast_way();
        for (fast, order) in fast.iter().zip(orders) {
            let general = prepared.predicted(&x, order).expect("levels");
            assert_eq!(fast.len(), general.len());
            for (a, b) in fast.iter().flatten().zip(general.iter().flatten()) {
                assert!((a - b).abs() < 1e-11 * (1.0 + b.abs()), "{order:?}: {a} and {b}");
            }
        }
    }
}
