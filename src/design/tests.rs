//! Slopes in time against differences.

use nalgebra::DMatrix;

use super::criterion::Goal;
use super::frame::Room;
use super::spot::spots;
use super::view::View;
use super::{Approximation, Arm, Criterion, Design};
use crate::absorption::FirstOrder;
use crate::assay::ResidualError;
use crate::disposition::{OneCompartment, TwoCompartment};
use crate::fit::{Theory, free};
use crate::regimen::Dose;
use crate::units::DAY;

fn one() -> Theory {
    let body = OneCompartment { cl: free(1.2).varying(0.3), v: free(30.0).varying(0.2) };
    Theory::new(FirstOrder { ka: free(0.8).varying(0.4) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Combined { cv: free(0.12), sd: free(0.05) }))
        .and_then(|theory| theory.with_omega(&[[0.2, 0.0, 0.0], [0.0, 0.1, 0.04], [0.0, 0.04, 0.06]]))
        .expect("a theory")
}

fn two() -> Theory {
    let (cl, v1) = (free(1.2).varying(0.3), free(10.0).varying_normally(2.0));
    let body = TwoCompartment { cl, v1, q: free(2.0), v2: free(25.0).varying(0.3) };
    Theory::new(FirstOrder { ka: free(0.8) }, body)
        .and_then(|theory| theory.with_error(ResidualError::LogNormal { cv: free(0.2) }))
        .expect("a theory")
}

/// What varies between people and from day to day, and from day to day alone; two kinds of samples.
fn days() -> Theory {
    let body = OneCompartment { cl: free(1.2).varying(0.3).varying_within(0.2), v: free(30.0).varying(0.2) };
    Theory::new(FirstOrder { ka: free(0.8).varying_within(0.4) }, body)
        .and_then(|theory| theory.with_error(ResidualError::Combined { cv: free(0.12), sd: free(0.05) }))
        .and_then(|theory| theory.with_error_of(2, ResidualError::Proportional { cv: free(0.3) }))
        .expect("a theory")
}

/// `tr(weight M)` of a person, and its slopes.
fn weighed(view: &View, arm: &Arm, times: &[f64], weight: &DMatrix<f64>) -> (f64, Vec<f64>) {
    let mut spots = spots(times);
    if view.outlook.kinds() == [2] {
        spots[1].kind = Some(2);
        spots[4].kind = Some(2);
    }
    let rows = view.rows(arm, &spots, true).expect("rows");
    let n = view.frame.len();
    let mut sum = vec![0.0; n * n];
    let all: Vec<usize> = (0..times.len()).collect();
    rows.add(view, &all, 1.0, &mut Room::default(), &mut sum);
    let value = weight.iter().zip(&sum).map(|(weight, own)| weight * own).sum();
    let mut slopes = vec![0.0; times.len()];
    #[expect(clippy::cast_precision_loss, reason = "a count of draws")]
    let share = 1.0 / rows.of.len() as f64;
    for own in &rows.of {
        let own: Vec<_> = own.iter().collect();
        let found = rows.frame(view).slopes(&own, weight);
        slopes.iter_mut().zip(found).for_each(|(sum, slope)| *sum += share * slope);
    }
    (value, slopes)
}

#[test]
fn slopes_in_time_are_those_of_differences() {
    let times = [0.7, 3.0, 11.0, 26.5, 31.0, 55.0];
    let forms = [
        Approximation::Person,
        Approximation::Reduced,
        Approximation::Full,
        Approximation::Modes { draws: 3, seed: 5 },
        Approximation::Posterior,
    ];
    for theory in [one(), two(), days()] {
        for form in forms {
            let arm = Arm::of(Dose::of(100.0).every(DAY)).occasions_from(&[DAY, 2.0 * DAY]);
            for arm in [arm.clone(), arm.below(0.9)] {
                let view = View::new(&theory, form).expect("a view");
                let n = view.frame.len();
                // Any symmetric weight, in the scale of the numbers.
                let size = |i: usize| if view.values[i] == 0.0 { 1.0 } else { view.values[i].abs() };
                #[expect(clippy::cast_precision_loss, reason = "small counts")]
                let wave = |i: usize, j: usize| ((i * j + i + j) as f64).cos();
                let weight =
                    DMatrix::from_fn(n, n, |i, j| (wave(i, j) + if i == j { 2.0 } else { 0.0 }) * size(i) * size(j));
                let (value, slopes) = weighed(&view, &arm, &times, &weight);
                for i in 0..times.len() {
                    let at = |step: f64| {
                        let mut times = times;
                        times[i] += step;
                        weighed(&view, &arm, &times, &weight).0
                    };
                    let h = 2e-3 * times[i].min(2.0);
                    let coarse = |h: f64| (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
                    // Once more extrapolated, to the sixth order.
                    let difference = (16.0 * coarse(0.5 * h) - coarse(h)) / 15.0;
                    let off = (slopes[i] - difference).abs();
                    assert!(
                        off < 1e-9 * (difference.abs() + value.abs() / 10.0),
                        "{form:?} {i} {:?}: {} and {difference}, of {value}",
                        arm.limit_of(None),
                        slopes[i]
                    );
                }
            }
        }
    }
}

/// The slope of each criterion by the information against differences along a direction.
#[test]
fn criteria_have_the_slopes_of_differences() {
    let arm = Arm::of(Dose::of(100.0)).people(10.0).at(&[0.5, 1.0, 3.0, 9.0, 24.0, 48.0]);
    let design = Design::of(&one(), arm).and_then(|design| design.by(Approximation::Person)).expect("a design");
    let (far, near) =
        (one().starting_at(&[0.8, 0.9, 30.0, 0.12, 0.05]), one().starting_at(&[0.8, 1.6, 25.0, 0.1, 0.1]));
    let others = [one(), far.expect("a theory"), near.expect("a theory")];
    let criteria = [
        Criterion::d(),
        Criterion::ds(["cl", "v"]),
        Criterion::a(),
        Criterion::c(|model| model.half_life().ln()),
        Criterion::d().on_average(others.clone()),
        Criterion::c(crate::model::Model::half_life).at_worst(others),
    ];
    for criterion in criteria {
        let goal = Goal::new(&criterion, &design).expect("a goal");
        let matrices: Vec<DMatrix<f64>> = goal
            .views
            .iter()
            .map(|view| Design { view: view.clone().into(), arms: design.arms.clone() }.matrix().expect("a matrix"))
            .collect();
        for sharp in [f64::INFINITY, 7.0, 100.0] {
            let slopes = goal.slopes_by(&matrices, sharp).expect("slopes");
            let along: Vec<DMatrix<f64>> = matrices.iter().map(|own| own.component_mul(own).map(f64::sqrt)).collect();
            let value = |step: f64| {
                let moved: Vec<DMatrix<f64>> = matrices.iter().zip(&along).map(|(m, a)| m + step * a).collect();
                goal.value_by(&moved, sharp)
            };
            let difference = crate::numeric::fourth(1e-4, value).expect("a value");
            let slope: f64 = slopes.iter().zip(&along).map(|(slope, along)| slope.dot(along)).sum();
            assert!((slope - difference).abs() < 1e-8 * difference.abs(), "{criterion}: {slope} and {difference}");
            // It grows in proportion to the information.
            let whole: f64 = slopes.iter().zip(&matrices).map(|(slope, own)| slope.dot(own)).sum();
            assert!((whole / goal.value_by(&matrices, sharp).expect("a value") - 1.0).abs() < 1e-10, "{criterion}");
        }
    }
}

/// The slopes in time of how far a rival lies off, below a limit and within windows too, against differences.
#[test]
fn a_rival_has_the_slopes_of_differences() {
    let rival =
        Theory::new(FirstOrder { ka: free(0.8) }, OneCompartment { cl: free(1.2), v: free(25.0) }).expect("a rival");
    for theory in [two(), two().with_error(ResidualError::Combined { cv: free(0.1), sd: free(0.2) }).expect("a theory")]
    {
        for arm in
            [Arm::of(Dose::of(100.0)), Arm::of(Dose::of(100.0)).below(0.4), Arm::of(Dose::of(100.0)).kept_within(0.25)]
        {
            let design = Design::of(&theory, arm.clone()).expect("a design");
            let engine = Criterion::tell_from(&rival).engine(&design).expect("an engine");
            let times = [0.3, 1.2, 4.0, 11.0, 26.5, 55.0];
            let at = |times: [f64; 6]| engine.in_time(&design.arms, &[spots(&times)], f64::INFINITY).expect("a value");
            let (value, slopes) = at(times);
            let of =
                |times: &[f64]| Criterion::tell_from(&rival).of(&design.at(&[times]).expect("times")).expect("a value");
            assert!((of(&times) / value - 1.0).abs() < 1e-9);
            for i in 0..times.len() {
                let moved = |step: f64| {
                    let mut times = times;
                    times[i] += step;
                    Some(at(times).0)
                };
                let difference = crate::numeric::fourth(5e-4, moved).expect("a value");
                let off = (slopes[0][i] - difference).abs();
                assert!(
                    off < 1e-7 * (value + difference.abs()),
                    "{i} {arm:?}: {} {difference} of {value}",
                    slopes[0][i]
                );
            }
        }
    }
}
