//! Properties of random models under random regimens.

use menaquinone::{
    Absorb, Dose, FirstOrder, Meal, MealEffect, Model, Parameters, Regimen, Result, TwoCompartment, grid, units::GRAM,
};
use proptest::prelude::*;

/// Near the end of the numbers, where they lose their digits one by one.
const NOTHING: f64 = 1e-290;

fn parameters() -> impl Strategy<Value = Parameters> {
    // Log-uniform over what biology and bad luck bring, rates close together included.
    let log = |low: f64, high: f64| (low.ln()..high.ln()).prop_map(f64::exp);
    let near = prop_oneof![3 => log(1e-3, 1e2), 1 => (-1e-6..1e-6_f64).prop_map(f64::abs)];
    (log(1e-3, 1e3), log(1.0, 1e3), near, 0.0..30.0, 0.05..=1.0).prop_map(|(cl, v, ka, tlag, f)| {
        let ka = if ka < 1e-3 { cl / v * (1.0 + ka) } else { ka };
        Parameters { cl, v, ka, tlag, f }
    })
}

fn two_compartments() -> impl Strategy<Value = Model> {
    let log = |low: f64, high: f64| (low.ln()..high.ln()).prop_map(f64::exp);
    (log(1e-2, 1e2), log(1.0, 1e2), log(1e-2, 1e2), log(1.0, 1e3), log(1e-2, 1e1)).prop_map(|(cl, v1, q, v2, ka)| {
        let disposition = TwoCompartment { cl, v1, q, v2 };
        Model::new(FirstOrder { ka }.lagged(0.5), disposition).expect("positive parameters")
    })
}

/// (time, amount) pairs, some at whole hours and some at the same instant.
fn doses() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let time = prop_oneof![(0u32..200).prop_map(f64::from), 0.0..200.0];
    prop::collection::vec((time, 1.0..1000.0), 1..12)
}

fn times() -> impl Strategy<Value = Vec<f64>> {
    let time = prop_oneof![(-10i32..400).prop_map(f64::from), -10.0..400.0];
    prop::collection::vec(time, 1..200).prop_map(|mut times| {
        times.sort_by(f64::total_cmp);
        times
    })
}

fn diary(doses: &[(f64, f64)]) -> Regimen {
    doses.iter().map(|(time, amount)| (*time, Dose::of(*amount))).collect()
}

/// Tables of any factors at ascending amounts of fat.
fn meal_effect() -> impl Strategy<Value = MealEffect> {
    prop::collection::btree_map(0_u32..60, 0.01..3.0_f64, 1..6).prop_map(|points| {
        let points = points.into_iter().map(|(fat, factor)| (Meal::with_fat(f64::from(fat) * GRAM), factor));
        MealEffect::what_if("any", points).expect("fat that ascends")
    })
}

/// As many meals as there are doses: not stated, fasted, or with some fat.
fn meals() -> impl Strategy<Value = Vec<Option<Meal>>> {
    let fat = prop_oneof![Just(0.0), 0.0..70.0_f64];
    prop::collection::vec(prop::option::of(fat.prop_map(|fat| Meal::with_fat(fat * GRAM))), 12)
}

/// The sum over the doses with the standard library's exponentials: slow, and another way to the same curve.
fn naive(p: Parameters, doses: &[(f64, f64)], time: f64) -> f64 {
    let ke = p.cl / p.v;
    let after = |(taken, amount): &(f64, f64)| {
        // Not less `taken + p.tlag`, which the clock would round.
        let u = (time - taken) - p.tlag;
        let (slow, apart) = (ke.min(p.ka), (p.ka - ke).abs());
        let mean = if apart * u == 0.0 { u } else { -(-apart * u).exp_m1() / apart };
        if u < 0.0 { 0.0 } else { p.f * amount / p.v * p.ka * (-slow * u).exp() * mean }
    };
    doses.iter().map(after).sum()
}

/// By how much the level differs within two roundings of the clock: what it is worth to form an instant in another order.
fn by_the_clock(p: Parameters, doses: &[(f64, f64)], time: f64) -> f64 {
    let rounding = 2.0 * f64::EPSILON * time.abs();
    let [early, now, late] = [time - rounding, time, time + rounding].map(|time| naive(p, doses, time));
    (early - now).abs() + (late - now).abs()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_compartment_is_the_sum_over_the_doses(p in parameters(), doses in doses(), times in times()) {
        let profile = p.model()?.profile(diary(&doses), &times)?;
        let peak = profile.conc().iter().fold(0.0, |peak: f64, c| peak.max(*c));
        for (time, conc) in profile.iter() {
            let expected = naive(p, &doses, time);
            let clock = by_the_clock(p, &doses, time);
            prop_assert!((conc - expected).abs() <= 1e-12 * expected + clock + 1e-15 * peak + NOTHING, "at {time}: {conc} and {expected}");
        }
    }

    #[test]
    fn other_output_times_change_nothing(model in two_compartments(), doses in doses(), times in times()) {
        let all = model.profile(diary(&doses), &times)?;
        for (time, conc) in all.iter().step_by(7) {
            let alone = model.profile(diary(&doses), &[time])?.conc()[0];
            prop_assert!((conc - alone).abs() <= 1e-12 * alone + NOTHING, "at {time}: {conc} and {alone}");
        }
    }

    #[test]
    fn a_profile_and_its_balance_agree(p in parameters(), doses in doses(), times in times()) {
        let model = p.model()?;
        let profile = model.profile(diary(&doses), &times)?;
        let balance = model.balance(diary(&doses), &times)?;
        for (conc, now) in profile.conc().iter().zip(balance) {
            // A profile takes the lag from the time since the dose, a balance adds it to the time of the dose.
            let clock = p.v * by_the_clock(p, &doses, now.time);
            prop_assert!((conc * p.v - now.body).abs() <= 1e-12 * now.body + clock + NOTHING, "at {}: {conc} and {now:?}", now.time);
            prop_assert!((now.depot + now.body + now.eliminated - now.entered).abs() <= 1e-12 * now.entered);
        }
    }

    /// To the last bit, so that whatever holds for doses holds for doses with meals.
    #[test]
    fn a_dose_with_a_meal_is_a_smaller_or_larger_dose(
        (p, two) in (parameters(), two_compartments()), effect in meal_effect(),
        (doses, meals) in (doses(), meals()), times in times()
    ) {
        let with_meals: Vec<(f64, Dose)> =
            doses.iter().zip(&meals).map(|((time, amount), meal)| (*time, Dose { meal: *meal, ..Dose::of(*amount) })).collect();
        let scaled: Vec<(f64, f64)> = doses.iter().zip(&meals).map(|((time, amount), meal)| {
            (*time, meal.map_or(*amount, |meal| amount * effect.factor(meal)))
        }).collect();
        for model in [p.model()?, two] {
            let fed = model.clone().with_meal_effect(effect.clone());
            let regimen: Regimen = with_meals.iter().copied().collect();
            prop_assert_eq!(fed.profile(&regimen, &times)?, model.profile(diary(&scaled), &times)?);
            prop_assert_eq!(fed.balance(&regimen, &times)?, model.balance(diary(&scaled), &times)?);
            prop_assert_eq!(model.profile(&regimen, &times)?, model.profile(diary(&doses), &times)?); // knows no meals
        }
    }

    #[test]
    fn a_factor_lies_between_those_of_its_neighbours(effect in meal_effect(), fat in 0.0..70.0_f64) {
        let fat = fat * GRAM;
        let factor = effect.factor(Meal::with_fat(fat));
        let (below, above): (Vec<_>, Vec<_>) = effect.points().partition(|(meal, _)| meal.fat <= Some(fat));
        let ends = [below.last().or(above.first()), above.first().or(below.last())].map(|end| end.map_or(1.0, |end| end.1));
        prop_assert!(factor >= ends[0].min(ends[1]) - 1e-15 && factor <= ends[0].max(ends[1]) + 1e-15);
    }

    #[test]
    fn steady_state_does_not_depend_on_where_the_cycle_starts(model in two_compartments(), shift in 0.0..24.0_f64) {
        let cycle = |first: f64| Dose::of(90.0).every(24.0).at(first).and(Dose::of(45.0).every(24.0).at(first + 9.0));
        let [here, there] = [0.0, shift].map(|first| model.steady_state(cycle(first)).expect("a sound cycle"));
        for (a, b) in [(here.cmax(), there.cmax()), (here.cmin(), there.cmin()), (here.cavg(), there.cavg())] {
            prop_assert!((a - b).abs() <= 1e-11 * b + NOTHING, "{a} and {b}");
        }
    }

    #[test]
    fn more_drug_is_never_less_level(p in parameters(), doses in doses(), more in (0.0..200.0, 1.0..500.0)) {
        let model = p.model()?;
        let mut both = doses.clone();
        both.push(more);
        let times = grid(0.0..=300.0, 7.0);
        let (less, more) = (model.profile(diary(&doses), &times)?, model.profile(diary(&both), &times)?);
        for (less, more) in less.conc().iter().zip(more.conc()) {
            prop_assert!(*more >= less * (1.0 - 1e-12) - NOTHING, "{more} and {less}");
        }
    }
}

#[test]
fn the_random_models_are_sound() -> Result<()> {
    // The one a shrinking failure would end at.
    Parameters { cl: 1e-3, v: 1.0, ka: 1e-3, tlag: 0.0, f: 0.05 }.model().map(drop)
}
