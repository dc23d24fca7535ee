//! The ODE path: against the exact path, against NONMEM, against closed forms, and what each failure says.
#![allow(
    clippy::cast_sign_loss,
    clippy::items_after_statements,
    clippy::needless_pass_by_value,
    reason = "a test says what it needs where it needs it"
)]

mod common;

use common::{near_rel, table};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use menaquinone::{
    Absorb, Absorption, Bolus, Disposition, Dose, Error, ErrorKind, FirstOrder, Meal, MealEffect, Model,
    OneCompartment, Parameters, Regimen, Result, Route, ThreeCompartment, Transit, TwoCompartment, ZeroOrder, grid,
    ode::{Entry, Saturable, Solver, System, Tolerance},
    units::*,
};
use proptest::prelude::*;

/// The largest difference between two curves, relative to the highest point of the first.
fn difference(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let top = a.iter().copied().fold(0.0, f64::max);
    a.iter().zip(b).map(|(a, b)| (a - b).abs() / top).fold(0.0, f64::max)
}

fn strict() -> Tolerance {
    Tolerance { rtol: 1e-10, atol: 1e-12, ..Tolerance::default() }
}

/// How far the ODE path is from the exact one.
fn off(model: &Model, regimen: &Regimen, (times, tolerance): (&[f64], Tolerance)) -> f64 {
    let exact = model.profile(regimen, times).unwrap();
    let by_ode = model.profile_by_ode(regimen, times, tolerance).unwrap();
    assert_eq!(exact.times(), by_ode.times());
    difference(exact.conc(), by_ode.conc())
}

// ---------------------------------------------------------------- against the exact path

fn absorptions() -> Vec<Absorption> {
    vec![
        Bolus.into(),
        FirstOrder { ka: 0.4 }.into(),
        FirstOrder { ka: 1.2 }.lagged(1.3).with_f(0.6),
        ZeroOrder { duration: 5.0 }.with_f(0.9),
        Transit { steps: 3, mtt: 4.0, ka: 0.8 }.into(),
        FirstOrder { ka: 0.35 }.with_f(0.6).plus(ZeroOrder { duration: 4.0 }.lagged(2.0).with_f(0.3)),
        FirstOrder { ka: 0.9 }.with_f(0.5).plus(Transit { steps: 6, mtt: 7.0, ka: 0.5 }.lagged(0.5).with_f(0.5)),
    ]
}

fn dispositions() -> Vec<Disposition> {
    vec![
        OneCompartment { cl: 1.27, v: 154.0 }.into(),
        TwoCompartment { cl: 1.2, v1: 22.0, q: 13.0, v2: 90.0 }.into(),
        ThreeCompartment { cl: 5.0, v1: 50.0, q2: 3.0, v2: 80.0, q3: 1.0, v3: 120.0 }.into(),
    ]
}

#[test]
fn every_absorption_into_every_disposition_agrees_with_the_exact_path() {
    let regimen = Dose::of(180.0).every(DAY).times(5).and(Dose::iv(60.0).at(30.0)).skip([3]);
    let regimen = regimen.and("90 ug fasted at 50h and 90 ug with 12 g fat at 61h".parse::<Regimen>().unwrap());
    let infused = regimen.clone().and(Dose::iv(500.0).over(3.5).at(40.25)).and(Dose::iv(200.0).over(9.0).at(41.0));
    let times = grid(-3.0..=8.0 * DAY, 2.5);
    for (absorption, disposition) in absorptions().iter().flat_map(|a| dispositions().map_pair(a)) {
        let model = Model::new(absorption, disposition).unwrap();
        let fed = model.clone().with_meal_effect(meals()).with_endogenous(0.4).unwrap();
        for model in [model.clone(), model.with_baseline(0.7).unwrap(), fed] {
            for regimen in [&regimen, &infused] {
                let far = off(&model, regimen, (&times, strict()));
                assert!(far < 1e-9, "{far:e} {model:?}");
            }
        }
    }
}

fn meals() -> MealEffect {
    MealEffect::what_if("a test's", [(Meal::FASTED, 0.07), (Meal::with_fat(20.0 * GRAM), 1.0)]).unwrap()
}

trait MapPair {
    fn map_pair(self, absorption: &Absorption) -> Vec<(Absorption, Disposition)>;
}

impl MapPair for Vec<Disposition> {
    fn map_pair(self, absorption: &Absorption) -> Vec<(Absorption, Disposition)> {
        self.into_iter().map(|disposition| (absorption.clone(), disposition)).collect()
    }
}

#[test]
fn a_year_of_daily_doses_is_within_1e_8_of_the_closed_form_at_every_time() {
    let model = Parameters { cl: 1.27, v: 154.0, ka: 0.4, tlag: 0.0, f: 1.0 }.model().unwrap();
    let regimen = Dose::of(180.0).every(DAY).times(365);
    let times = grid(HOUR..=370.0 * DAY, 5.0);
    for solver in [Solver::Dop853, Solver::Dopri5] {
        let tolerance = Tolerance { solver, ..strict() };
        let (exact, by_ode) =
            (model.profile(&regimen, &times).unwrap(), model.profile_by_ode(&regimen, &times, tolerance).unwrap());
        let far = exact.conc().iter().zip(by_ode.conc()).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max);
        assert!(far < 1e-8, "{solver:?} {far:e}");
    }
}

#[test]
fn stopping_only_where_doses_are_changes_nothing() {
    let model = Parameters { cl: 1.27, v: 154.0, ka: 0.4, tlag: 0.7, f: 1.0 }.model().unwrap();
    let regimen = Dose::of(180.0).every(DAY).times(90);
    let far = off(&model, &regimen, (&[100.0 * DAY], strict()));
    assert!(far < 1e-9, "{far:e}");
}

#[test]
fn an_infusion_between_two_distant_outputs_is_not_missed() {
    let model = Model::new(Bolus, OneCompartment { cl: 1.0, v: 20.0 }).unwrap();
    for solver in [Solver::Dop853, Solver::Dopri5] {
        let tolerance = Tolerance { solver, ..strict() };
        let by_ode = model.profile_by_ode(Dose::iv(100.0).over(0.5).at(100.0), &[0.0, 240.0], tolerance).unwrap();
        // rate/cl (1 - e^{-k d}) e^{-k (t - d)}
        let k = 1.0_f64 / 20.0;
        let expected = 200.0 * (1.0 - (-k * 0.5).exp()) * (-k * 139.5).exp();
        assert!((by_ode.conc()[1] / expected - 1.0).abs() < 1e-9);
        assert_eq!(by_ode.conc()[0], 0.0);
    }
}

#[test]
fn the_rate_is_exactly_zero_after_the_last_of_overlapping_infusions() {
    struct Sum;
    impl System<1> for Sum {
        fn derivative(&self, _t: f64, _y: &[f64; 1]) -> [f64; 1] {
            [0.0]
        }
        fn concentration(&self, [sum]: &[f64; 1]) -> f64 {
            *sum
        }
    }
    let regimen = Dose::of(0.1).over(3.0).every(1.0).times(7);
    let conc = Sum.profile(&regimen, &[9.0, 1e6], Tolerance::default()).unwrap();
    assert_eq!(conc.conc()[0], conc.conc()[1]);
    assert!((conc.conc()[1] - 0.7).abs() < 1e-13);
}

#[test]
fn a_baseline_stays_where_it_is() {
    for disposition in dispositions() {
        let model = Model::new(FirstOrder { ka: 1.0 }, disposition).unwrap().with_baseline(0.7).unwrap();
        let by_ode = model.profile_by_ode(Regimen::default(), &grid(0.0..=1000.0, 100.0), strict()).unwrap();
        assert!(by_ode.conc().iter().all(|c| (c / 0.7 - 1.0).abs() < 1e-9), "{:?}", by_ode.conc());
    }
}

#[test]
fn a_long_transit_chain_agrees_and_too_many_compartments_are_refused() {
    let long = Transit { steps: 30, mtt: 5.0, ka: 1.0 };
    let model = Model::new(long, OneCompartment { cl: 1.27, v: 154.0 }).unwrap();
    let far = off(&model, &Dose::of(180.0).at(0.0), (&grid(0.0..=48.0, 4.0), strict()));
    assert!(far < 1e-9, "{far:e}");
    let longest = Transit { steps: 50, mtt: 5.0, ka: 1.0 }.with_f(0.5);
    let model = Model::new(longest.clone().plus(longest), OneCompartment { cl: 1.27, v: 154.0 }).unwrap();
    let error = model.profile_by_ode(Dose::of(1.0), &[1.0], strict()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the model has 105 compartments, and the ODE path holds at most 64: use Model::profile, which has no limit"
    );
}

fn any_model() -> impl Strategy<Value = Model> {
    let (absorptions, dispositions) = (absorptions(), dispositions());
    let pick = (0..absorptions.len(), 0..dispositions.len(), prop_oneof![Just(0.0), 0.1..2.0]);
    pick.prop_map(move |(a, d, baseline)| {
        Model::new(absorptions[a].clone(), dispositions[d]).unwrap().with_baseline(baseline).unwrap()
    })
}

fn any_diary() -> impl Strategy<Value = Regimen> {
    let dose = prop_oneof![
        (1.0..500.0).prop_map(Dose::of),
        (1.0..500.0).prop_map(Dose::iv),
        (1.0..500.0, 0.01..20.0).prop_map(|(amount, duration)| Dose::iv(amount).over(duration)),
    ];
    prop::collection::vec((-20.0..200.0, dose), 0..12).prop_map(|doses| doses.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_regimen_agrees_with_the_exact_path(
        model in any_model(),
        regimen in any_diary(),
        mut times in prop::collection::vec(-30.0..300.0, 1..40),
    ) {
        times.sort_by(f64::total_cmp);
        let exact = model.profile(&regimen, &times).unwrap();
        let by_ode = model.profile_by_ode(&regimen, &times, strict()).unwrap();
        // The error of a step is relative to the amounts at the time, which may have been far larger than what is seen.
        let level = 500.0 * 12.0 / model.disposition().v1();
        for (a, b) in exact.conc().iter().zip(by_ode.conc()) {
            prop_assert!((a - b).abs() < 1e-9 * (level + a), "{a} {b}");
        }
    }
}

// ---------------------------------------------------------------- saturable elimination

fn saturable() -> Saturable {
    Saturable { vmax: 15.0, km: 300.0, v: 1.0, ka: 1.0, tlag: 0.0, f: 1.0, cl: 0.0 }
}

/// NONMEM solved it to 9 digits a step (TOL=9), so 9 digits are what can agree.
#[test]
fn michaelis_menten_at_steady_state_is_as_in_nonmem() {
    let rows: Vec<(f64, f64)> =
        table("michaelis_menten_ss.csv").iter().map(|row| (row.number("time"), row.number("amount_nonmem"))).collect();
    // The slowest rate near the steady state is vmax km / (km + 390)^2 = 0.0095/h: e^-45 is left of the run-in.
    let run_in = 400;
    let start = f64::from(run_in - 1) * 12.0;
    let times: Vec<f64> = rows.iter().map(|(t, _)| start + t).collect();
    let regimen = Dose::of(100.0).every(12.0).times(run_in as u64);
    let conc = saturable().profile(&regimen, &times, strict()).unwrap();
    assert_eq!(rows.len(), 5);
    for ((_, nonmem), conc) in rows.iter().zip(conc.conc()) {
        assert!((conc / nonmem - 1.0).abs() < 1e-9, "{conc} {nonmem}");
    }
}

/// `km ln(c0/c) + c0 - c = vmax/v t` after a bolus: the integrated Michaelis-Menten equation.
#[test]
fn a_bolus_falls_by_the_integrated_michaelis_menten_equation() {
    let body = Saturable { vmax: 15.0, km: 2.0, v: 20.0, ..saturable() };
    let times = grid(0.0..=60.0, 2.0);
    let profile = body.profile(Dose::iv(400.0), &times, strict()).unwrap();
    for (t, c) in profile.iter() {
        let passed = (2.0 * (20.0 / c).ln() + 20.0 - c) / (15.0 / 20.0);
        assert!((passed - t).abs() < 1e-8, "{t} {passed}");
    }
}

#[test]
fn far_below_km_it_is_linear() {
    let body = Saturable { vmax: 1.0e9, km: 1.0e9, v: 154.0, ka: 0.4, tlag: 1.5, f: 0.7, cl: 0.27 };
    let linear = Parameters { cl: 1.27, v: 154.0, ka: 0.4, tlag: 1.5, f: 0.7 }.model().unwrap();
    let (regimen, times) = (Dose::of(180.0).every(DAY).times(10), grid(0.0..=12.0 * DAY, 3.0));
    let (saturable, linear) =
        (body.profile(&regimen, &times, strict()).unwrap(), linear.profile(&regimen, &times).unwrap());
    let far = difference(linear.conc(), saturable.conc());
    assert!(far < 1e-8, "{far:e}"); // c / km is at most 4e-9
}

#[test]
fn any_system_takes_an_effect_of_meals() {
    let (fed, times) = (saturable().with_meal_effect(meals()), grid(0.0..=3.0 * DAY, 1.5));
    let profile = |system: &dyn Fn(&Regimen) -> Result<Vec<f64>>, text: &str| system(&text.parse().unwrap()).unwrap();
    let with = |regimen: &Regimen| fed.profile(regimen, &times, strict()).map(|profile| profile.conc().to_vec());
    let without = |regimen: &Regimen| saturable().profile(regimen, &times, strict()).map(|it| it.conc().to_vec());
    let meals = "100 ug fasted and 100 ug with 10 g fat at 24h and 100 ug at 48h and 30 ug iv at 50h";
    let scaled = "7 ug and 53.5 ug at 24h and 100 ug at 48h and 30 ug iv at 50h";
    assert!(difference(&profile(&with, meals), &profile(&without, scaled)) < 1e-12);
    let plain = "100 ug and 100 ug at 24h and 100 ug at 48h and 30 ug iv at 50h";
    assert_eq!(profile(&without, meals), profile(&without, plain)); // it knows no meals
    assert_eq!(fed.entries(Route::Intravenous), saturable().entries(Route::Intravenous));
    let broken = Saturable { km: 0.0, ..saturable() }.with_meal_effect(fed.effect.clone());
    assert!(broken.profile(Dose::of(1.0), &times, strict()).unwrap_err().to_string().starts_with("km is 0 µg/L"));
}

#[test]
fn saturable_is_checked_where_it_is_used() {
    let refused = |body: Saturable| body.profile(Dose::of(1.0), &[1.0], Tolerance::default()).unwrap_err().to_string();
    assert_eq!(
        refused(Saturable { vmax: -1.0, ..saturable() }),
        "vmax is -1 µg/h, but it must be a positive, finite number"
    );
    assert_eq!(refused(Saturable { km: 0.0, ..saturable() }), "km is 0 µg/L, but it must be a positive, finite number");
    assert_eq!(
        refused(Saturable { v: f64::NAN, ..saturable() }),
        "v is NaN L, but it must be a positive, finite number"
    );
    assert_eq!(refused(Saturable { ka: 0.0, ..saturable() }), "ka is 0 1/h, but it must be a positive, finite number");
    assert_eq!(
        refused(Saturable { tlag: -1.0, ..saturable() }),
        "tlag is -1 h, but it must be a finite number, zero or above"
    );
    assert_eq!(
        refused(Saturable { cl: -0.1, ..saturable() }),
        "cl is -0.1 L/h, but it must be a finite number, zero or above"
    );
    assert_eq!(
        refused(Saturable { f: 1.5, ..saturable() }),
        "f is 1.5, but it must be a fraction above 0 and at most 1"
    );
}

#[test]
fn saturable_is_read_with_its_defaults_and_nothing_unknown() {
    let read: Saturable = serde_json::from_str(r#"{"vmax": 15, "km": 300, "v": 1, "ka": 1}"#).unwrap();
    assert_eq!(read, saturable());
    assert!(serde_json::from_str::<Saturable>(r#"{"vmax": 15, "km": 300, "v": 1, "ka": 1, "vm": 2}"#).is_err());
    let tolerance: Tolerance = serde_json::from_str(r#"{"rtol": 1e-6, "solver": "dopri5"}"#).unwrap();
    assert_eq!(tolerance, Tolerance { rtol: 1e-6, solver: Solver::Dopri5, ..Tolerance::default() });
}

// ---------------------------------------------------------------- the user's own equations

/// One state of which the equations are a function of time and state.
struct One<F: Fn(f64, f64) -> f64> {
    slope: F,
    initial: f64,
}

impl<F: Fn(f64, f64) -> f64> System<1> for One<F> {
    fn derivative(&self, t: f64, y: &[f64; 1]) -> [f64; 1] {
        [(self.slope)(t, y[0])]
    }
    fn concentration(&self, y: &[f64; 1]) -> f64 {
        y[0]
    }
    fn initial(&self) -> [f64; 1] {
        [self.initial]
    }
}

fn one<F: Fn(f64, f64) -> f64>(initial: f64, slope: F) -> One<F> {
    One { slope, initial }
}

fn values(system: &impl System<1>, times: &[f64]) -> Result<Vec<f64>> {
    Ok(system.profile(Regimen::default(), times, Tolerance::default())?.conc().to_vec())
}

#[test]
fn the_equations_see_the_absolute_time() {
    let conc = values(&one(0.0, |t, _| t.cos()), &[-7.0, -1.0, 0.0, 4.0]).unwrap();
    for (conc, t) in conc.iter().zip([-7.0_f64, -1.0, 0.0, 4.0]) {
        assert!((conc - (t.sin() - (-7.0_f64).sin())).abs() < 1e-8);
    }
}

/// The order of the method holds for equations with time in them: few steps, and as exact as without.
#[test]
fn equations_with_time_in_them_cost_no_more_than_others() {
    // dy/dt = -(y - cos t) - sin t: the solution is cos t.
    let led = one(1.0, |t: f64, y| -(y - t.cos()) - t.sin());
    for solver in [Solver::Dop853, Solver::Dopri5] {
        let max_steps = if solver == Solver::Dop853 { 60 } else { 700 };
        let tolerance = Tolerance { max_steps, solver, ..Tolerance::default() };
        let conc = led.profile(Regimen::default(), &[0.0, 7.0, 20.0], tolerance).unwrap();
        assert!((conc.conc()[2] - 20.0_f64.cos()).abs() < 1e-8, "{solver:?} {:?}", conc.conc());
    }
}

#[test]
fn a_simulation_begins_at_the_first_dose_or_the_first_time() {
    let system = one(1.0, |_, _| 1.0);
    let conc = |regimen: Regimen, time: f64| system.profile(&regimen, &[time], Tolerance::default()).unwrap().conc()[0];
    assert!((conc(Dose::of(10.0).at(-5.0), 0.0) - 16.0).abs() < 1e-12);
    assert_eq!(conc(Dose::of(10.0).at(5.0), 0.0), 1.0);
    assert_eq!(conc(Dose::of(10.0).at(0.0), 0.0), 11.0); // the dose acts before the observation
}

#[test]
fn doses_go_where_the_entries_say() {
    struct Three;
    impl System<3> for Three {
        fn derivative(&self, _t: f64, _y: &[f64; 3]) -> [f64; 3] {
            [0.0; 3]
        }
        fn concentration(&self, y: &[f64; 3]) -> f64 {
            y[2]
        }
        fn entries(&self, route: Route) -> Vec<Entry> {
            match route {
                Route::Oral => vec![
                    Entry { state: 1, tlag: 2.0, f: 0.5, ..Entry::default() },
                    Entry { state: 2, duration: 4.0, f: 0.25, ..Entry::default() },
                ],
                Route::Intravenous => vec![Entry { state: 2, ..Entry::default() }],
            }
        }
    }
    let regimen = Dose::of(100.0).at(0.0).and(Dose::iv(8.0).at(10.0));
    let states = Three.states(&regimen, &[0.0, 1.0, 2.0, 4.0, 10.0], Tolerance::default()).unwrap();
    let expected = [[0.0, 0.0, 0.0], [0.0, 0.0, 6.25], [0.0, 50.0, 12.5], [0.0, 50.0, 25.0], [0.0, 50.0, 33.0]];
    for (state, expected) in states.iter().flatten().zip(expected.iter().flatten()) {
        assert!((state - expected).abs() < 1e-12, "{states:?}");
    }
}

#[test]
fn an_infusion_shorter_than_the_clock_can_tell_is_a_bolus() {
    let flat = one(0.0, |_, _| 0.0);
    let conc = flat.profile(Dose::of(7.0).over(1e-14).at(1000.0), &[1000.0], Tolerance::default()).unwrap();
    assert_eq!(conc.conc(), [7.0]);
}

/// How often the equations are evaluated for 180 µg daily for ten days, seen at `times`.
fn evaluations(times: &[f64]) -> u32 {
    struct Counted(Saturable, Cell<u32>);
    impl System<2> for Counted {
        fn derivative(&self, t: f64, y: &[f64; 2]) -> [f64; 2] {
            self.1.set(self.1.get() + 1);
            self.0.derivative(t, y)
        }
        fn concentration(&self, y: &[f64; 2]) -> f64 {
            self.0.concentration(y)
        }
    }
    let body = Saturable { vmax: 15.0, km: 2.0, v: 154.0, ka: 0.4, tlag: 0.0, f: 1.0, cl: 0.5 };
    let counted = Counted(body, Cell::new(0));
    counted.profile(Dose::of(180.0).every(DAY).times(10), times, Tolerance::default()).unwrap();
    counted.1.get()
}

/// An hour is one step of 13 evaluations for most of the day: the step is carried from stop to stop, and grows again
/// after it has been cut short by a dose.
#[test]
fn stops_close_together_cost_little_more_than_one_step_each() {
    let (hourly, daily) = (evaluations(&grid(0.0..=10.0 * DAY, HOUR)), evaluations(&grid(0.0..=10.0 * DAY, DAY)));
    assert!(hourly < 240 * 13 * 5 / 4, "{hourly}");
    assert!(daily < 10 * 20 * 13, "{daily}");
}

/// mrgsolve 1174: after the substance is gone, noise of the solver below zero, which an analysis refuses.
#[test]
fn what_is_left_when_all_is_gone_is_not_below_zero() {
    let bodies = [
        Saturable { vmax: 150.0, km: 2.0, v: 20.0, ka: 5.0, tlag: 0.0, f: 1.0, cl: 30.0 },
        Saturable { vmax: 15.0, km: 0.1, v: 20.0, ka: 0.7, tlag: 1.0, f: 0.5, cl: 0.0 },
        Saturable { vmax: 900.0, km: 40.0, v: 3.0, ka: 9.0, tlag: 0.0, f: 1.0, cl: 1.0 },
    ];
    let times = grid(0.0..=7.0 * DAY, 0.5);
    for (body, tolerance) in bodies.iter().flat_map(|body| tolerances().map(move |tolerance| (body, tolerance))) {
        let profile = body.profile(Dose::of(1000.0), &times, tolerance).unwrap();
        assert!(profile.conc().iter().all(|conc| *conc >= 0.0), "{body:?} {tolerance:?}");
    }
    // ln 2 · v / (vmax / km + cl); the last levels are no larger than the tolerance and carry its error.
    for (tolerance, most) in [(Tolerance::default(), 0.005), (strict(), 0.01)] {
        let profile = bodies[0].profile(Dose::of(1000.0), &times, tolerance).unwrap();
        let half_life = profile.nca().analyse().unwrap().half_life().unwrap();
        let far = half_life / (std::f64::consts::LN_2 * 20.0 / 105.0) - 1.0;
        assert!(far.abs() < most, "{half_life} {tolerance:?}");
    }
    // What is below zero for another reason stays so.
    let below = one(-1.0, |_, y| -0.1 * y);
    assert_eq!(values(&below, &[0.0, 1.0]).unwrap()[0], -1.0);
}

// ---------------------------------------------------------------- outputs between the steps

/// Every kind of event within two days, and then a washout.
fn busy() -> Regimen {
    let doses = Dose::of(180.0).every(12.0).times(4).and(Dose::iv(60.0).at(15.5));
    doses.and(Dose::iv(300.0).over(3.5).at(20.25)).and(Dose::iv(200.0).over(9.0).at(21.0))
}

/// Tolerances from loose to strict, for both methods.
fn tolerances() -> impl Iterator<Item = Tolerance> {
    [1e-4, 1e-6, 1e-8, 1e-10].into_iter().flat_map(|rtol| {
        let tolerance = Tolerance { rtol, atol: rtol * 1e-2, ..Tolerance::default() };
        [tolerance, Tolerance { solver: Solver::Dopri5, ..tolerance }]
    })
}

#[test]
fn outputs_between_steps_are_within_the_tolerance_of_the_exact_path() {
    let times = grid(-3.0..=8.0 * DAY, 0.7);
    for (absorption, disposition) in absorptions().iter().flat_map(|a| dispositions().map_pair(a)) {
        let model = Model::new(absorption, disposition).unwrap().with_baseline(0.3).unwrap();
        for tolerance in tolerances() {
            let far = off(&model, &busy(), (&times, tolerance)) / tolerance.rtol;
            assert!(far < 2.0, "{far} tolerances, {tolerance:?} {model:?}");
        }
    }
}

/// Elimination and absorption that saturate, a drug that raises a marker, and a rhythm: nothing here is linear.
struct Winding;

impl System<3> for Winding {
    fn derivative(&self, t: f64, &[depot, central, marker]: &[f64; 3]) -> [f64; 3] {
        let (uptake, conc) = (40.0 * depot / (60.0 + depot), central / 20.0);
        let production = 2.0 + (t * std::f64::consts::TAU / DAY).sin() + 4.0 * conc / (1.5 + conc);
        [-uptake, uptake - 12.0 * conc / (2.0 + conc), production - 0.3 * marker]
    }
    fn concentration(&self, y: &[f64; 3]) -> f64 {
        y[1] / 20.0
    }
    fn entries(&self, route: Route) -> Vec<Entry> {
        let entry = Entry { tlag: 0.4, f: 0.8, ..Entry::default() };
        if route == Route::Oral { vec![entry] } else { vec![Entry { state: 1, ..Entry::default() }] }
    }
}

/// What the states are at `time` when it is the end, so that the solver stops there.
fn stopped<const N: usize>(system: &impl System<N>, (first, time): (f64, f64), tolerance: Tolerance) -> [f64; N] {
    system.states(busy(), &[first, time], tolerance).unwrap()[1]
}

#[test]
fn outputs_between_steps_agree_with_a_stop_at_each() {
    fn agree<const N: usize>(system: &impl System<N>) {
        let times = grid(-2.0..=100.0, 1.7);
        for tolerance in tolerances() {
            let seen = system.states(busy(), &times, tolerance).unwrap();
            let top = |i: usize| seen.iter().map(|y| y[i]).fold(0.0, f64::max);
            for (time, seen) in times.iter().zip(&seen) {
                let stopped = stopped(system, (times[0], *time), tolerance);
                for (i, (a, b)) in seen.iter().zip(stopped).enumerate() {
                    let far = (a - b).abs() / (tolerance.rtol * top(i));
                    assert!(far < 2.0, "{far} tolerances, state {i} at {time} h, {tolerance:?}");
                }
            }
        }
    }
    agree(&Winding);
    agree(&Saturable { vmax: 15.0, km: 2.0, v: 20.0, ka: 0.7, tlag: 1.3, f: 0.6, cl: 0.2 });
}

/// The steps are those of the events: looking more often moves no bit of what was seen.
#[test]
fn more_outputs_change_no_bit_of_the_others() {
    for tolerance in tolerances() {
        let (few, many) = (grid(-2.0..=100.0, 6.0), grid(-2.0..=100.0, 0.125));
        let sparse = Winding.states(busy(), &few, tolerance).unwrap();
        let dense = Winding.states(busy(), &many, tolerance).unwrap();
        assert_eq!(sparse, dense.iter().step_by(48).copied().collect::<Vec<_>>(), "{tolerance:?}");
    }
}

#[test]
fn an_output_at_an_event_sees_what_it_did() {
    let system = one(0.0, |_, y| -0.1 * y);
    let regimen = Dose::of(8.0).at(2.0).and(Dose::of(6.0).over(3.0).at(4.0)).and(Dose::of(4.0).at(4.0));
    let (before, after) = (4.0_f64.next_down(), 7.0_f64.next_up());
    let times = [0.0, 1.0, 2.0, 2.0, 3.0, before, 4.0, 5.5, 7.0, after, 9.0];
    let conc = system.profile(&regimen, &times, Tolerance::default()).unwrap().conc().to_vec();
    let left = |t: f64| (-0.1 * t).exp();
    let infused = |t: f64| 20.0 * (1.0 - left(t)); // 2 an hour over 0.1 an hour
    let expected = [
        0.0,
        0.0,
        8.0,
        8.0,
        8.0 * left(1.0),
        8.0 * left(2.0),
        8.0 * left(2.0) + 4.0,
        (8.0 * left(2.0) + 4.0) * left(1.5) + infused(1.5),
        (8.0 * left(2.0) + 4.0) * left(3.0) + infused(3.0),
        (8.0 * left(2.0) + 4.0) * left(3.0) + infused(3.0),
        ((8.0 * left(2.0) + 4.0) * left(3.0) + infused(3.0)) * left(2.0),
    ];
    for ((time, conc), expected) in times.iter().zip(&conc).zip(expected) {
        assert!((conc - expected).abs() <= 1e-8 * expected, "{time} {conc} {expected}");
    }
    assert_eq!((conc[2], conc[3]), (8.0, 8.0));
}

/// Counts how often it is asked.
struct Asked<'a>(Saturable, &'a Cell<u32>);

impl System<2> for Asked<'_> {
    fn derivative(&self, t: f64, y: &[f64; 2]) -> [f64; 2] {
        self.1.set(self.1.get() + 1);
        self.0.derivative(t, y)
    }
    fn concentration(&self, y: &[f64; 2]) -> f64 {
        self.0.concentration(y)
    }
    fn longest_step(&self) -> f64 {
        self.0.longest_step()
    }
}

/// How often the equations are asked for 180 µg daily for ten days, seen at `times`.
fn asked(times: &[f64], tolerance: Tolerance) -> u32 {
    let count = Cell::new(0);
    let body = Saturable { vmax: 15.0, km: 2.0, v: 154.0, ka: 0.4, tlag: 0.0, f: 1.0, cl: 0.5 };
    Asked(body, &count).profile(Dose::of(180.0).every(DAY).times(10), times, tolerance).unwrap();
    count.get()
}

/// Five evaluations of DOP853 and two of DOPRI5 make the curve of a step that somebody looks into, however often.
#[test]
fn outputs_cost_a_few_evaluations_a_step_and_no_steps() {
    let end = 10.0 * DAY;
    for tolerance in tolerances() {
        let (step, curve) = if tolerance.solver == Solver::Dop853 { (12, 5) } else { (6, 2) };
        let none = asked(&[0.0, end], tolerance);
        for every in [HOUR, 0.01] {
            let seen = asked(&grid(0.0..=end, every), tolerance);
            assert!(none < seen && seen <= none + none / step * curve, "{none} {seen} {every} {tolerance:?}");
        }
    }
}

#[test]
fn a_looser_tolerance_is_cheaper_with_hourly_outputs_too() {
    let hourly = grid(0.0..=10.0 * DAY, HOUR);
    let cost: Vec<u32> = tolerances().map(|tolerance| asked(&hourly, tolerance)).collect();
    for (loose, strict) in cost.iter().zip(&cost[2..]) {
        assert!(f64::from(*loose) < 0.75 * f64::from(*strict), "{cost:?}");
    }
}

/// Where a curve cannot be had the solver steps to the output, and the step that it was in stays as it is.
#[test]
fn a_number_that_only_a_curve_meets_is_no_failure() {
    /// Says NaN once, at a time that it was not asked for when it learnt.
    struct Shy {
        known: RefCell<BTreeSet<u64>>,
        learning: Cell<bool>,
        due: Cell<bool>,
    }
    impl System<1> for Shy {
        fn derivative(&self, t: f64, [y]: &[f64; 1]) -> [f64; 1] {
            let known = !self.known.borrow_mut().insert(t.to_bits());
            let shy = !known && !self.learning.get() && self.due.replace(false);
            [if shy { f64::NAN } else { -0.1 * y }]
        }
        fn concentration(&self, [y]: &[f64; 1]) -> f64 {
            *y
        }
        fn initial(&self) -> [f64; 1] {
            [1.0]
        }
    }
    for solver in [Solver::Dop853, Solver::Dopri5] {
        let shy = Shy { known: RefCell::default(), learning: Cell::new(true), due: Cell::new(true) };
        let tolerance = Tolerance { solver, ..Tolerance::default() };
        let alone = shy.states(Regimen::default(), &[0.0, 24.0], tolerance).unwrap();
        shy.learning.set(false);
        let seen = shy.states(Regimen::default(), &[0.0, 13.7, 24.0], tolerance).unwrap();
        assert!(!shy.due.get(), "it was asked");
        assert!((seen[1][0] - (-1.37_f64).exp()).abs() < 1e-9, "{solver:?} {seen:?}");
        assert_eq!(seen[2], alone[1]);
    }
}

/// What is wrong first in time is what is said, though the solver may have gone on.
#[test]
fn an_output_that_is_wrong_is_named_before_a_later_failure() {
    let wrong_at_2 = one(1.0, |t, y| if t < 5.0 { -0.1 * y } else { f64::NAN });
    struct Until<S>(S);
    impl<S: System<1>> System<1> for Until<S> {
        fn derivative(&self, t: f64, y: &[f64; 1]) -> [f64; 1] {
            self.0.derivative(t, y)
        }
        fn concentration(&self, [y]: &[f64; 1]) -> f64 {
            if *y > 0.85 { *y } else { f64::NAN }
        }
        fn initial(&self) -> [f64; 1] {
            self.0.initial()
        }
    }
    let error = values(&Until(wrong_at_2), &[0.0, 1.0, 2.0, 24.0]).unwrap_err();
    let sentence = "the concentration is NaN at 2 h, though all states are finite: check its formula";
    fails(error, ErrorKind::NotFinite, 2.0, sentence);
}

#[test]
fn a_longest_step_is_kept_and_has_to_be_one() {
    struct Pulse(f64);
    impl System<1> for Pulse {
        fn derivative(&self, t: f64, _y: &[f64; 1]) -> [f64; 1] {
            [if (50.0..50.5).contains(&t) { 2.0 } else { 0.0 }]
        }
        fn concentration(&self, [y]: &[f64; 1]) -> f64 {
            *y
        }
        fn longest_step(&self) -> f64 {
            self.0
        }
    }
    let end = |longest| values(&Pulse(longest), &[0.0, 100.0]).map(|conc| conc[1]);
    assert_eq!(end(f64::INFINITY).unwrap(), 0.0); // stepped over
    assert!((end(0.4).unwrap() - 1.0).abs() < 1e-6);
    for longest in [0.0, -1.0, f64::NAN] {
        let sentence = format!(
            "the longest step is {longest} h, but it must be above zero: give infinity where the solver may choose"
        );
        let error = end(longest).unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Value, sentence));
    }
    let fed = saturable().with_meal_effect(meals());
    assert_eq!(fed.longest_step(), saturable().longest_step());
    assert_eq!(saturable().longest_step(), 5.0);
}

// ---------------------------------------------------------------- failures

#[track_caller]
fn fails(error: Error, kind: ErrorKind, time: f64, sentence: &str) {
    assert_eq!(error.kind(), kind, "{error}");
    let at = error.time().unwrap();
    assert!((at - time).abs() <= 1e-6 * time.abs().max(1.0), "{at} {time}");
    assert_eq!(error.to_string(), sentence);
}

#[test]
fn a_derivative_that_is_nan_or_infinite_is_named_with_its_time() {
    let nan_from_5 = one(1.0, |t, y| if t < 5.0 { -0.1 * y } else { f64::NAN });
    let sentence = "the derivative of state 0 (counted from 0) is NaN at 5 h, and no smaller step avoids it: check the equations there";
    fails(values(&nan_from_5, &[0.0, 24.0]).unwrap_err(), ErrorKind::NotFinite, 5.0, sentence);
    fails(values(&nan_from_5, &[0.0, 5.0, 24.0]).unwrap_err(), ErrorKind::NotFinite, 5.0, sentence);
    let never = one(1.0, |_, _| f64::NAN);
    let sentence = "the derivative of state 0 (counted from 0) is NaN at 0 h, and no smaller step avoids it: check the equations there";
    fails(values(&never, &[0.0, 24.0]).unwrap_err(), ErrorKind::NotFinite, 0.0, sentence);
    let infinite = one(0.0, |_, _| f64::INFINITY);
    let sentence = "the derivative of state 0 (counted from 0) is inf at 3 h, and no smaller step avoids it: check the equations there";
    fails(values(&infinite, &[3.0, 4.0]).unwrap_err(), ErrorKind::NotFinite, 3.0, sentence);
}

#[test]
fn a_trial_step_into_forbidden_land_is_no_failure() {
    // A tank that runs empty by Torricelli's law, whose root has no meaning below zero.
    let tank = one(4.0, |_, y: f64| -y.sqrt());
    let conc = values(&tank, &[0.0, 3.9]).unwrap();
    assert!((conc[1] - 0.05_f64.powi(2)).abs() < 1e-8, "{conc:?}");
}

#[test]
fn a_state_that_explodes_is_reported() {
    let error = values(&one(1.0, |_, y| y), &[0.0, 1000.0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFinite, "{error}");
    // e^t overflows at ln MAX = 709.78 h. The sums within a step are several times the state, less than eight, and overflow sooner.
    let time = error.time().unwrap();
    assert!((f64::MAX / 8.0).ln() < time && time < f64::MAX.ln(), "{error}");
    assert!(error.to_string().contains("state 0 (counted from 0) is"), "{error}");
    let error = values(&one(1.0, |_, y| y * y), &[0.0, 2.0]).unwrap_err(); // 1 / (1 - t)
    assert!(matches!(error.kind(), ErrorKind::StepSizeUnderflow | ErrorKind::NotFinite), "{error}");
    assert!((error.time().unwrap() - 1.0).abs() < 1e-6, "{error}");
}

#[test]
fn a_singularity_ends_in_bounded_time() {
    let pole = one(0.0, |t, _| 1.0 / ((t - 5.0) * (t - 5.0)));
    let sentence = "the ODE solver needs steps too small for the clock at 5 h: the equations have a singularity there or change abruptly; remove it, or write an abrupt change as a dose";
    fails(values(&pole, &[0.0, 24.0]).unwrap_err(), ErrorKind::StepSizeUnderflow, 5.0, sentence);
    let error = values(&pole, &[0.0, 5.0, 24.0]).unwrap_err();
    assert!((error.time().unwrap() - 5.0).abs() < 1e-6, "{error}");
}

#[test]
fn a_stiff_pair_is_recognised() {
    struct Stiff(f64);
    impl System<2> for Stiff {
        fn derivative(&self, _t: f64, &[a, b]: &[f64; 2]) -> [f64; 2] {
            let (bind, release, leave) = (self.0 * a, 0.5 * self.0 * b, 0.1 * a);
            [release - bind - leave, bind - release]
        }
        fn concentration(&self, [a, _]: &[f64; 2]) -> f64 {
            *a
        }
    }
    for solver in [Solver::Dop853, Solver::Dopri5] {
        let tolerance = Tolerance { solver, ..Tolerance::default() };
        for k in [1e4, 1e6] {
            let error = Stiff(k).profile(Dose::of(1.0), &[0.0, 24.0], tolerance).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Stiff, "{solver:?} {k} {error}");
            assert!(error.to_string().starts_with("the equations look stiff at "), "{error}");
            assert!((0.0..0.5).contains(&error.time().unwrap()));
        }
    }
    // By its two rates, of which the fast one is long gone; the solver keeps its tolerance.
    let (trace, determinant) = (150.1_f64, 5.0);
    let fast = f64::midpoint(trace, (trace * trace - 4.0 * determinant).sqrt());
    let slow = determinant / fast;
    let mild = Stiff(100.0).profile(Dose::of(1.0), &[24.0], Tolerance::default()).unwrap();
    near_rel(mild.conc()[0], (fast - 100.1) / (fast - slow) * (-slow * 24.0).exp(), Tolerance::default().rtol);
}

#[test]
fn the_steps_of_the_whole_simulation_are_capped() {
    let tolerance = Tolerance { max_steps: 50, ..Tolerance::default() };
    let wave = one(0.0, |t, _| (10.0 * t).cos());
    let error = wave.profile(Regimen::default(), &grid(0.0..=24.0, 0.25), tolerance).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooManySteps);
    assert!((1.0..12.0).contains(&error.time().unwrap()), "{error}");
    let error = wave.profile(Regimen::default(), &[0.0, 1000.0], tolerance).unwrap_err();
    let sentence = error.to_string();
    assert!(sentence.starts_with("the ODE solver had used its 50 steps by "), "{sentence}");
    assert!(sentence.ends_with(
        " h: raise max_steps, loosen rtol and atol, or replace a process that is very fast by its equilibrium"
    ));
}

#[test]
fn more_steps_than_one_call_of_the_solver_holds_are_no_problem() {
    let wave = one(0.0, |t, _| (1000.0 * t).cos());
    for (solver, tol, end) in [(Solver::Dop853, 1e-9, 15.0), (Solver::Dopri5, 1e-8, 15.0)] {
        let tolerance = Tolerance { rtol: tol, atol: tol, solver, ..Tolerance::default() };
        let conc = wave.profile(Regimen::default(), &[0.0, end], tolerance).unwrap();
        let far = (conc.conc()[1] - (1000.0 * end).sin() / 1000.0).abs();
        assert!(far < 1e-4, "{solver:?} {far:e}");
        let few = Tolerance { max_steps: 10_001, ..tolerance };
        let error = wave.profile(Regimen::default(), &[0.0, end], few).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooManySteps, "one call would have been enough: {error}");
    }
}

#[test]
fn tolerances_that_cannot_be_met_are_refused() {
    let flat = one(0.0, |_, _| 0.0);
    let refused = |tolerance| {
        let error = flat.profile(Dose::of(1.0), &[1.0], tolerance).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Value);
        error.to_string()
    };
    let rest = Tolerance::default();
    for rtol in [0.0, -1e-8, 1e-16, f64::NAN, f64::INFINITY, 1.0] {
        let sentence = format!(
            "the relative tolerance rtol is {rtol}, but it must lie between 1e-14, where rounding takes over, and 0.1: 1e-8 suits most curves"
        );
        assert_eq!(refused(Tolerance { rtol, ..rest }), sentence);
    }
    for atol in [0.0, -1e-8, 1e-300, f64::NAN, f64::INFINITY] {
        let sentence = format!(
            "the absolute tolerance atol is {atol}, but it must be a finite number, at least 1e-100: a millionth of the smallest amount that matters will do"
        );
        assert_eq!(refused(Tolerance { atol, ..rest }), sentence);
    }
    let sentence = "max_steps is 0, but a simulation needs at least one step: 1000000 is the default";
    assert_eq!(refused(Tolerance { max_steps: 0, ..rest }), sentence);
    let extreme = Tolerance { rtol: 1e-14, atol: 1e-100, ..rest };
    assert!(one(0.0, |_, y| 1.0 - y).profile(Dose::of(1.0), &[5.0], extreme).is_ok());
}

#[test]
fn entries_that_cannot_be_are_refused() {
    struct Into(Entry);
    impl System<2> for Into {
        fn derivative(&self, _t: f64, _y: &[f64; 2]) -> [f64; 2] {
            [0.0; 2]
        }
        fn concentration(&self, y: &[f64; 2]) -> f64 {
            y[1]
        }
        fn entries(&self, route: Route) -> Vec<Entry> {
            if route == Route::Oral { vec![self.0] } else { Vec::new() }
        }
    }
    let refused = |entry: Entry, dose: Dose| {
        let error = Into(entry).profile(dose, &[1.0], Tolerance::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Value);
        error.to_string()
    };
    let (whole, dose) = (Entry::default(), Dose::of(90.0));
    assert_eq!(
        refused(Entry { state: 2, ..whole }, dose),
        "a dose enters state 2, but the system has 2 states, counted from 0: give an index below 2"
    );
    assert_eq!(
        refused(Entry { tlag: -1.0, ..whole }, dose),
        "tlag of an entry is -1 h, but it must be a finite number, zero or above"
    );
    assert_eq!(
        refused(Entry { f: 1.5, ..whole }, dose),
        "f of an entry is 1.5, but it must be a fraction above 0 and at most 1"
    );
    assert_eq!(
        refused(Entry { duration: f64::NAN, ..whole }, dose),
        "the duration of an entry is NaN h, but it must be a finite number, zero or above"
    );
    assert_eq!(
        refused(Entry { duration: 4.0, ..whole }, dose.over(2.0)),
        "the dose `90 ug over 2h` is drawn out and meets an entry that takes 4 h itself: give the dose at once, or let the entry have no duration"
    );
    assert_eq!(
        refused(whole, Dose::iv(90.0)),
        "the system has no entry for the dose `90 ug iv`: say in System::entries which state receives doses by this route"
    );
}

#[test]
fn states_and_concentrations_that_are_not_finite_are_named() {
    let sentence = "state 0 (counted from 0) is NaN at 2 h: check the initial state and the doses";
    fails(values(&one(f64::NAN, |_, _| 0.0), &[2.0]).unwrap_err(), ErrorKind::NotFinite, 2.0, sentence);
    struct Ratio;
    impl System<1> for Ratio {
        fn derivative(&self, _t: f64, _y: &[f64; 1]) -> [f64; 1] {
            [0.0]
        }
        fn concentration(&self, y: &[f64; 1]) -> f64 {
            y[0] / 0.0
        }
    }
    let error = Ratio.profile(Dose::of(1.0), &[4.0], Tolerance::default()).unwrap_err();
    let sentence = "the concentration is inf at 4 h, though all states are finite: check its formula";
    fails(error, ErrorKind::NotFinite, 4.0, sentence);
}

#[test]
fn a_system_of_no_states_and_times_that_are_none_are_refused() {
    struct Nothing;
    impl System<0> for Nothing {
        fn derivative(&self, _t: f64, _y: &[f64; 0]) -> [f64; 0] {
            []
        }
        fn concentration(&self, _y: &[f64; 0]) -> f64 {
            0.0
        }
    }
    let error = Nothing.profile(Regimen::default(), &[0.0, 1.0], Tolerance::default()).unwrap_err();
    assert_eq!(error.to_string(), "a system of 0 states has nothing to solve: give it at least one state");
    let error = values(&one(0.0, |_, _| 0.0), &[-1e308, 1e308]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the simulation runs from -1e308 h to 1e308 h, which is too long to be a number: check the times"
    );
    assert!(values(&one(0.0, |_, _| 0.0), &[]).unwrap_err().to_string().starts_with("there are no output times"));
}

/// A short infusion late in time: the clock stretches or cuts its duration, but not its amount.
#[test]
fn an_infusion_brings_its_whole_amount_whatever_the_clock_makes_of_its_duration() {
    let model = Model::new(Bolus, OneCompartment { cl: 1.0, v: 20.0 }).unwrap();
    for (time, duration) in [(1000.0, 1e-6), (1000.0, 1e-11), (1000.0, 1e-14), (8760.1, 3e-9)] {
        let regimen = Dose::iv(100.0).over(duration).at(time);
        let given = model.balance(&regimen, &[time + 1.0]).unwrap()[0].entered;
        assert!((given / 100.0 - 1.0).abs() < 1e-14, "{given} µg of 100 over {duration} h at {time} h");
        let later = model.profile(regimen.and(Dose::of(1.0).at(3.0)), &[time + 1.0]).unwrap().conc()[0];
        assert!((later / (5.0 * (-0.05_f64).exp()) - 1.0).abs() < 1e-6, "{later}");
    }
}
