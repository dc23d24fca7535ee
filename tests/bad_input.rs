//! What cannot be is refused with one sentence that says what was found and what is allowed: never a panic, never NaN.

mod common;

use common::refused;
use menaquinone::{
    Absorb, Bolus, Dose, Error, ErrorKind, FirstOrder, HalfLife, Meal, MealEffect, Model, OneCompartment, Parameters,
    Profile, Regimen, Repeating, ThreeCompartment, Transit, TwoCompartment, ZeroOrder, grid, units::*,
};

const TYPICAL: Parameters = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };

fn model() -> Model {
    TYPICAL.model().expect("the typical parameters are sound")
}

/// Asserts that the outcome is refused as a value, with that sentence.
#[track_caller]
fn value_refused<T: std::fmt::Debug>(outcome: Result<T, Error>, sentence: &str) {
    assert_eq!(refused(outcome, sentence), ErrorKind::Value);
}

#[test]
fn parameters() {
    let positive = "but it must be a positive, finite number";
    for bad in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
        value_refused(Parameters { cl: bad, ..TYPICAL }.model(), &format!("cl is {bad} L/h, {positive}"));
        value_refused(Parameters { v: bad, ..TYPICAL }.model(), &format!("v is {bad} L, {positive}"));
        value_refused(Parameters { ka: bad, ..TYPICAL }.model(), &format!("ka is {bad} 1/h, {positive}"));
    }
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        let sentence = format!("tlag is {bad} h, but it must be a finite number, zero or above");
        value_refused(Parameters { tlag: bad, ..TYPICAL }.model(), &sentence);
    }
    for bad in [f64::NAN, f64::INFINITY, 0.0, -0.5, 1.5] {
        let sentence = format!("f is {bad}, but it must be a fraction above 0 and at most 1");
        value_refused(Parameters { f: bad, ..TYPICAL }.model(), &sentence);
    }
}

#[test]
fn dispositions() {
    let positive = "but it must be a positive, finite number";
    let two = TwoCompartment { cl: 1.2, v1: 22.0, q: 13.0, v2: 90.0 };
    let three = ThreeCompartment { cl: 1.2, v1: 22.0, q2: 13.0, v2: 90.0, q3: 0.7, v3: 300.0 };
    for bad in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
        let half_life = Model::new(Bolus, HalfLife { t_half: bad, v: 154.0 });
        assert!(half_life.is_err(), "a half-life of {bad}");
        let refused =
            |outcome, symbol: &str, unit| value_refused(outcome, &format!("{symbol} is {bad} {unit}, {positive}"));
        refused(Model::new(Bolus, OneCompartment { cl: 1.0, v: bad }), "v", "L");
        refused(Model::new(Bolus, TwoCompartment { cl: bad, ..two }), "cl", "L/h");
        refused(Model::new(Bolus, TwoCompartment { v1: bad, ..two }), "v1", "L");
        refused(Model::new(Bolus, TwoCompartment { q: bad, ..two }), "q", "L/h");
        refused(Model::new(Bolus, TwoCompartment { v2: bad, ..two }), "v2", "L");
        refused(Model::new(Bolus, ThreeCompartment { cl: bad, ..three }), "cl", "L/h");
        refused(Model::new(Bolus, ThreeCompartment { v1: bad, ..three }), "v1", "L");
        refused(Model::new(Bolus, ThreeCompartment { q2: bad, ..three }), "q2", "L/h");
        refused(Model::new(Bolus, ThreeCompartment { v2: bad, ..three }), "v2", "L");
        refused(Model::new(Bolus, ThreeCompartment { q3: bad, ..three }), "q3", "L/h");
        refused(Model::new(Bolus, ThreeCompartment { v3: bad, ..three }), "v3", "L");
    }
}

#[test]
fn absorptions() {
    let body = OneCompartment { cl: 1.27, v: 154.0 };
    value_refused(
        Model::new(ZeroOrder { duration: 0.0 }, body),
        "the duration of zero-order absorption is 0 h, but it must be a positive, finite number",
    );
    value_refused(
        Model::new(Transit { steps: 0, mtt: 1.0, ka: 1.0 }, body),
        "a transit chain of 0 steps is not possible: give 1 to 50, or first-order absorption for none",
    );
    value_refused(
        Model::new(Transit { steps: 3, mtt: -1.0, ka: 1.0 }, body),
        "mtt is -1 h, but it must be a positive, finite number",
    );
    let both = FirstOrder { ka: 1.0 }.with_f(0.7).plus(ZeroOrder { duration: 2.0 }.with_f(0.6));
    value_refused(
        Model::new(both, body),
        "the fractions f of the 2 absorption paths add up to 1.2999999999999998, but they must add up to more than 0 and at most 1",
    );
    let slow = Dose::of(90.0).over(3.0);
    value_refused(
        Model::new(ZeroOrder { duration: 2.0 }, body).and_then(|model| model.profile(slow, &[1.0])),
        "an oral dose given over 3 h meets zero-order absorption, which takes 2 h itself: give the dose at once, or use another absorption",
    );
}

#[test]
fn too_many_paths_side_by_side() {
    let path = || FirstOrder { ka: 1.0 }.with_f(0.005);
    let many = |n: usize| (1..n).fold(path(), |paths, _| paths.plus(path()));
    let body = OneCompartment { cl: 1.27, v: 154.0 };
    assert!(Model::new(many(100), body).is_ok());
    value_refused(Model::new(many(101), body), "an absorption of 101 parallel paths is not possible: give at most 100");
}

#[test]
fn baselines() {
    let sentence = "the baseline concentration is -1 µg/L, but it must be a finite number, zero or above";
    value_refused(model().with_baseline(-1.0), sentence);
    let sentence = "the endogenous input is NaN µg/h, but it must be a finite number, zero or above";
    value_refused(model().with_endogenous(f64::NAN), sentence);
}

#[test]
fn doses_and_intervals() {
    let times = [1.0];
    for bad in [f64::NAN, f64::INFINITY, 0.0, -90.0] {
        let sentence = format!("the amount of a dose is {bad} µg, but it must be a positive, finite number");
        value_refused(model().profile(Dose::of(bad), &times), &sentence);
        value_refused(model().steady_state(Dose::of(bad).every(DAY)), &sentence);
    }
    value_refused(
        model().profile(Dose::of(90.0).over(-1.0), &times),
        "the duration of a dose is -1 h, but it must be a finite number, zero or above",
    );
    value_refused(
        model().profile(Dose::of(90.0).at(f64::NAN), &times),
        "the time of a dose is NaN h, but it must be a finite number",
    );
    for bad in [f64::NAN, 0.0, -24.0] {
        let sentence = format!("the dosing interval tau is {bad} h, but it must be a positive, finite number");
        value_refused(model().profile(Dose::of(90.0).every(bad), &times), &sentence);
        value_refused(model().steady_state(Dose::of(90.0).every(bad)), &sentence);
    }
    let slip = model().profile(Dose::of(90.0).every(1e-9), &[1e6]).expect_err("far too many doses");
    assert!(slip.to_string().contains("at most 10000000 can be simulated"), "{slip}");
}

#[test]
fn output_times() {
    let dose = Dose::of(90.0);
    value_refused(
        model().profile(dose, &[]),
        "there are no output times: give at least one (a grid has none when its step is not positive, its end lies before its start, or it would have over a billion)",
    );
    assert!(grid(0.0..=10.0, 0.0).is_empty() && grid(10.0..=0.0, 1.0).is_empty() && grid(0.0..=1e300, 1.0).is_empty());
    assert!(grid(0.0..=f64::NAN, 1.0).is_empty() && grid(0.0..=1.0, f64::NAN).is_empty());
    value_refused(
        model().profile(dose, &[0.0, f64::NAN, 1.0]),
        "output time 2 is NaN, but it must be a finite number of hours",
    );
    value_refused(
        model().profile(dose, &[0.0, 3.0, 2.0]),
        "output time 3 is 2 h and comes after 3 h: output times must not decrease, so sort them",
    );
    value_refused(
        model().balance(dose, &[f64::INFINITY]),
        "output time 1 is inf, but it must be a finite number of hours",
    );
    value_refused(
        Profile::new(vec![0.0, 1.0], vec![0.0]),
        "2 times and 1 concentrations do not make a profile: give as many of one as of the other",
    );
    value_refused(
        Profile::new(vec![0.0, 1.0], vec![0.0, f64::NAN]),
        "the concentration at 1 h is NaN, but it must be a finite number",
    );
}

#[test]
fn windows() {
    value_refused(
        model().auc(Dose::of(90.0), 5.0..=1.0),
        "the window from 5 h to 1 h is not one: its start must be finite and its end must not come before it",
    );
    let endless = "the area has no end: dosing without an end or a baseline has an infinite area, so give the window a finite end";
    value_refused(model().auc(Dose::of(90.0).every(DAY), 0.0..=f64::INFINITY), endless);
    let with_baseline = model().with_baseline(0.3).expect("a sound baseline");
    value_refused(with_baseline.aumc(Dose::of(90.0), 0.0..=f64::INFINITY), endless);
}

#[test]
fn steady_states() {
    let ends: Regimen = Dose::of(90.0).every(DAY).times(60);
    let error = model().steady_state(ends).expect_err("it ends");
    assert_eq!(error.kind(), ErrorKind::NotRepeating);
    assert_eq!(
        error.to_string(),
        "`90 ug q24h x60` ends after 60 doses, and a steady state needs dosing without an end: leave out `x60`"
    );
    let ss = model().steady_state(Dose::of(90.0).every(DAY)).expect("a sound steady state");
    for bad in [f64::NAN, 0.0, 1.0, 1.5] {
        let sentence = format!(
            "the fraction of steady state is {bad}, but it must lie between 0 and 1 (the steady state itself is never reached)"
        );
        value_refused(ss.time_to(bad), &sentence);
    }
    value_refused(ss.dosing_for_cavg(f64::NAN), "the target concentration is NaN µg/L, but it must be a finite number");
    value_refused(
        ss.dosing_for_ctrough(0.0),
        "the target concentration is 0 µg/L, but doses can only reach what lies above the baseline of 0 µg/L",
    );
    let gone = Parameters { cl: 1e6, ..TYPICAL }.model().expect("sound").steady_state(Dose::iv(90.0).every(1e6));
    let gone = gone.expect("a steady state that fades to nothing between doses");
    assert_eq!(gone.ctrough(), 0.0);
    assert!(gone.swing().is_infinite() && !gone.accumulation_ratio_ctrough().is_nan());
    value_refused(
        gone.time_to(0.9),
        "the trough is zero, so there is no time at which a fraction of it is reached: look at cmax or cavg",
    );
    assert!(gone.dosing_for_ctrough(1.0).is_err(), "no dose can raise that trough");
}

/// Numbers at the edge of what a double holds give a number or a sentence.
#[test]
fn extremes() -> Result<(), Error> {
    let extremes = [1e-300, 1e-12, 1.0, 1e12, 1e300];
    let times = [0.0, 1e-300, 1e-9, 1.0, 1e9, 1e300];
    for cl in extremes {
        for v in extremes {
            for ka in extremes {
                let Ok(model) = (Parameters { cl, v, ka, tlag: 0.0, f: 1.0 }).model() else { continue };
                for conc in model.profile(Dose::of(90.0), &times)?.conc() {
                    assert!(!conc.is_nan() && *conc >= 0.0, "cl {cl}, v {v}, ka {ka}: {conc}");
                }
                match model.steady_state(Dose::of(90.0).every(DAY)) {
                    Ok(ss) => assert!(ss.cmax().is_finite() && ss.cmin() >= 0.0, "cl {cl}, v {v}, ka {ka}: {ss:?}"),
                    Err(error) => assert_eq!(error.kind(), ErrorKind::Value),
                }
            }
        }
    }
    Ok(())
}

#[test]
fn a_repeating_read_from_text_must_not_end() {
    let error = "90 ug q24h x7".parse::<Repeating>().expect_err("it ends");
    assert_eq!(error.kind(), ErrorKind::NotRepeating);
}

/// Where doses and times repeat, their order is told from the pattern: two times that change places are found wherever
/// they stand, and the output is left as it was.
#[test]
fn times_out_of_order_are_found_anywhere_in_a_regular_schedule() {
    let model = model();
    let regimen = Dose::of(180.0).every(DAY).times(7);
    let times = grid(0.0..=10.0 * DAY, HOUR);
    let mut conc = vec![-1.0; times.len()];
    for i in 1..times.len() {
        let mut swapped = times.clone();
        swapped.swap(i - 1, i);
        let error = model.concentrations_into(&regimen, &swapped, &mut conc).unwrap_err().to_string();
        let found = format!("output time {} is {} h and comes after {i} h", i + 1, i - 1);
        assert!(error.starts_with(&found), "{error}");
        let mut holed = times.clone();
        holed[i] = f64::NAN;
        let error = model.concentrations_into(&regimen, &holed, &mut conc).unwrap_err().to_string();
        assert!(error.starts_with(&format!("output time {} is NaN", i + 1)), "{error}");
    }
    assert!(conc.iter().all(|conc| *conc == -1.0));
}

#[test]
fn meal_effects() {
    let fed = |grams: f64, factor: f64| (Meal::with_fat(grams * GRAM), factor);
    value_refused(
        MealEffect::new("mine", []),
        "the meal effect `mine` has no points: give at least one meal and its factor",
    );
    let untitled = "a meal effect has no title: say what it is, such as its source";
    value_refused(MealEffect::new(" ", [fed(0.0, 1.0)]), untitled);
    value_refused(MealEffect::what_if("", [fed(0.0, 1.0)]), untitled);
    for bad in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
        let sentence = format!("the factor after 20 g fat is {bad}, but it must be a positive, finite number");
        value_refused(MealEffect::new("mine", [fed(0.0, 1.0), fed(20.0, bad)]), &sentence);
    }
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        let sentence = format!("the fat in a meal is {bad} g, but it must be a finite number, zero or above");
        value_refused(MealEffect::new("mine", [fed(bad, 1.0)]), &sentence);
    }
    for [first, second] in [[20.0, 8.8], [20.0, 20.0]] {
        let sentence = format!(
            "the points of the meal effect `mine` have {second} g of fat after {first} g, but the fat must ascend: \
             sort them and name each meal once"
        );
        value_refused(MealEffect::new("mine", [fed(first, 1.0), fed(second, 1.0)]), &sentence);
    }
}
