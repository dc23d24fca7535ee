//! Laws that hold for every absorption and every disposition: one line enrols a new one.

use menaquinone::{
    Absorb, Absorption, Bolus, Disposition, Dose, FirstOrder, Meal, MealEffect, Model, OneCompartment, Regimen, Result,
    ThreeCompartment, Transit, TwoCompartment, ZeroOrder, grid, units::*,
};

/// Every absorption there is, and the ways to change and to combine them.
fn absorptions() -> Vec<(&'static str, Absorption)> {
    vec![
        ("bolus", Bolus.into()),
        ("first order", FirstOrder { ka: 0.7 }.into()),
        ("first order as fast as elimination", FirstOrder { ka: 0.05 }.into()),
        ("flip-flop", FirstOrder { ka: 0.002 }.into()),
        ("zero order", ZeroOrder { duration: 5.0 }.into()),
        ("zero order over more than a day", ZeroOrder { duration: 30.0 }.into()),
        ("transit", Transit { steps: 3, mtt: 2.0, ka: 1.1 }.into()),
        ("long transit", Transit { steps: 12, mtt: 6.0, ka: 0.4 }.into()),
        ("lagged", FirstOrder { ka: 0.7 }.lagged(2.5)),
        ("lagged by more than a day", FirstOrder { ka: 0.7 }.lagged(31.0)),
        ("partial", FirstOrder { ka: 0.7 }.with_f(0.3)),
        ("parallel", FirstOrder { ka: 0.35 }.with_f(0.6).plus(ZeroOrder { duration: 4.0 }.lagged(2.0).with_f(0.3))),
    ]
}

/// Every disposition there is.
fn dispositions() -> Vec<(&'static str, Disposition)> {
    vec![
        ("one compartment", OneCompartment { cl: 1.0, v: 20.0 }.into()),
        ("two compartments", TwoCompartment { cl: 1.2, v1: 22.0, q: 13.0, v2: 90.0 }.into()),
        ("three compartments", ThreeCompartment { cl: 1.2, v1: 22.0, q2: 13.0, v2: 90.0, q3: 0.7, v3: 300.0 }.into()),
    ]
}

fn models() -> Vec<(String, Model)> {
    let pairs = absorptions().into_iter().flat_map(|a| dispositions().into_iter().map(move |d| (a.clone(), d)));
    pairs
        .map(|((absorption, a), (disposition, d))| {
            let model = Model::new(a, d).expect("the battery's models are sound");
            (format!("{absorption}, {disposition}"), model.with_meal_effect(effect()))
        })
        .collect()
}

/// What meals do to every model: doses that state none do not see it.
fn effect() -> MealEffect {
    let points = [(Meal::FASTED, 0.07), (BREAKFAST, 0.47), (Meal::with_fat(35.0 * GRAM), 1.3)];
    MealEffect::what_if("the battery's", points).expect("a sound table")
}

const BREAKFAST: Meal = Meal::with_fat(20.0 * GRAM);

/// A week of unequal days, some with a meal or fasted, an infusion, and a dose given slowly where the absorption allows it.
fn regimen(model: &Model) -> Regimen {
    let doses = Dose::of(90.0).every(DAY).times(5).and(Dose::of(45.0).at(60.5)).and(Dose::iv(30.0).over(7.0).at(20.0));
    let doses = doses.and(Dose::of(80.0).with(BREAKFAST).at(30.0)).and(Dose::of(80.0).with(Meal::FASTED).at(70.0));
    let slow = doses.clone().and(Dose::of(20.0).over(3.0).with(Meal::with_fat(30.0 * GRAM)).at(40.0));
    match model.profile(&slow, &[0.0]) {
        Ok(_) => slow,
        Err(error) => {
            let why = "an oral dose given over 3 h meets zero-order absorption, which takes ";
            assert!(error.to_string().starts_with(why), "{error}");
            doses
        }
    }
}

fn conc(model: &Model, regimen: &Regimen, times: &[f64]) -> Result<Vec<f64>> {
    Ok(model.profile(regimen, times)?.conc().to_vec())
}

/// Asserts that two curves agree to `tolerance` of the higher one's peak, at every point.
fn assert_alike(name: &str, [a, b]: [&[f64]; 2], tolerance: f64) {
    let peak = a.iter().chain(b).fold(0.0, |peak: f64, c| peak.max(c.abs()));
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        assert!((a - b).abs() <= tolerance * peak, "{name}, point {i}: {a} and {b}");
    }
}

#[test]
fn nothing_before_the_dose() -> Result<()> {
    for (name, model) in models() {
        let early = conc(&model, &Dose::of(90.0).at(5.0), &[-10.0, 0.0, 4.999_999])?;
        assert_eq!(early, [0.0; 3], "{name}");
    }
    Ok(())
}

#[test]
fn amounts_stay_between_nothing_and_what_was_given() -> Result<()> {
    for (name, model) in models() {
        for now in model.balance(regimen(&model), &grid(-5.0..=200.0, 2.5))? {
            let slack = 1e-12 * now.entered;
            assert!(now.body >= 0.0 && now.depot >= 0.0 && now.eliminated >= 0.0, "{name}: {now:?}");
            assert!(now.body <= now.absorbed() + slack && now.absorbed() <= now.entered + slack, "{name}: {now:?}");
        }
    }
    Ok(())
}

#[test]
fn mass_is_kept() -> Result<()> {
    for (name, model) in models() {
        for now in model.balance(regimen(&model), &grid(-5.0..=200.0, 2.5))? {
            let sum = now.depot + now.body + now.eliminated;
            assert!((sum - now.entered).abs() <= 1e-12 * now.entered, "{name}: {now:?}");
        }
    }
    Ok(())
}

#[test]
fn all_is_eliminated_in_the_end() -> Result<()> {
    for (name, model) in models() {
        let whole = 0.0..=f64::INFINITY;
        let expected = model.absorption().f() * 90.0 / model.disposition().cl();
        let auc = model.auc(Dose::of(90.0), whole.clone())?;
        assert!((auc / expected - 1.0).abs() < 1e-12, "{name}: {auc} and {expected}");
        let later = model.aumc(Dose::of(90.0).at(10.0), whole.clone())? - 10.0 * auc;
        let aumc = model.aumc(Dose::of(90.0), whole)?;
        assert!((later / aumc - 1.0).abs() < 1e-12, "{name}: {later} and {aumc}");
    }
    Ok(())
}

#[test]
fn areas_add_up_and_match_the_curve() -> Result<()> {
    for (name, model) in models() {
        let regimen = regimen(&model);
        let [first, second, both] =
            [0.0..=33.0, 33.0..=150.0, 0.0..=150.0].map(|window| model.auc(&regimen, window).expect("a sound window"));
        assert!(((first + second) / both - 1.0).abs() < 1e-13, "{name}: {first} + {second} is not {both}");
        let body = model.balance(&regimen, &[150.0])?[0];
        assert!((both * model.disposition().cl() / body.eliminated - 1.0).abs() < 1e-12, "{name}");
    }
    Ok(())
}

#[test]
fn doses_add_up() -> Result<()> {
    let times = grid(0.0..=200.0, 1.25);
    for (name, model) in models() {
        let (a, b) = (Dose::of(90.0).every(DAY).times(4), Dose::iv(40.0).over(5.0).at(30.0));
        let sum: Vec<f64> =
            conc(&model, &a, &times)?.iter().zip(conc(&model, &b, &times)?).map(|(a, b)| a + b).collect();
        assert_alike(&name, [&conc(&model, &a.and(b), &times)?, &sum], 1e-13);
    }
    Ok(())
}

#[test]
fn concentrations_are_proportional_to_the_dose() -> Result<()> {
    let times = grid(0.0..=200.0, 1.25);
    for (name, model) in models() {
        let once = conc(&model, &Dose::of(90.0).every(DAY).times(4), &times)?;
        let eightfold = conc(&model, &Dose::of(720.0).every(DAY).times(4), &times)?;
        let scaled: Vec<f64> = once.iter().map(|c| 8.0 * c).collect();
        assert_alike(&name, [&eightfold, &scaled], 0.0); // a power of two, so to the last bit
    }
    Ok(())
}

#[test]
fn the_clock_does_not_matter() -> Result<()> {
    const SHIFT: f64 = 1_024.0;
    let times = grid(0.0..=200.0, 1.25);
    let later: Vec<f64> = times.iter().map(|t| t + SHIFT).collect();
    for (name, model) in models() {
        let regimen = regimen(&model);
        let now = conc(&model, &regimen, &times)?;
        assert_alike(&name, [&conc(&model, &regimen.at(SHIFT), &later)?, &now], 1e-12);
    }
    Ok(())
}

#[test]
fn absorption_as_fast_as_elimination_is_no_edge() -> Result<()> {
    let times = grid(0.0..=300.0, 3.75);
    for (_, disposition) in dispositions() {
        for mode in Model::new(Bolus, disposition)?.modes() {
            let at = |ka: f64| conc(&Model::new(FirstOrder { ka }, disposition)?, &Dose::of(90.0).into(), &times);
            for exponent in 1..=16 {
                let near = at(mode.k * (1.0 + 10.0_f64.powi(-exponent)))?;
                assert_alike("near-equal rates", [&near, &at(mode.k)?], 2.0 * 10.0_f64.powi(-exponent) + 1e-14);
            }
        }
    }
    Ok(())
}

#[test]
fn steady_state_is_the_limit_of_many_doses() -> Result<()> {
    for (name, model) in models() {
        let cycle =
            "(90 ug with 20 g fat at 0h and 45 ug fasted at 10h and 30 ug at 11h and 20 ug iv over 30h at 12h) q24h";
        let ss = model.steady_state(cycle.parse::<Regimen>()?)?;
        let slowest = std::f64::consts::LN_2 / model.half_life().max(350.0); // the flip-flop's ka is slower than any body
        let cycles = (30.0 / (slowest * DAY)).ceil();
        let times = grid(0.0..=22.0, 2.0);
        let late: Vec<f64> = times.iter().map(|t| t + cycles * DAY).collect();
        let many = conc(&model, &cycle.parse::<Regimen>()?, &late)?;
        assert_alike(&name, [ss.profile(&times)?.conc(), &many], 1e-11);
        let auc = model.auc(&cycle.parse::<Regimen>()?, cycles * DAY..=(cycles + 1.0) * DAY)?;
        assert!((auc / ss.auc_tau() - 1.0).abs() < 1e-11, "{name}: {auc} and {}", ss.auc_tau());
    }
    Ok(())
}

#[test]
fn steady_state_metrics_bound_the_cycle() -> Result<()> {
    for (name, model) in models() {
        let ss = model.steady_state(Dose::of(90.0).every(DAY))?;
        let day = ss.profile(&grid(0.0..=23.95, 0.05))?;
        let (low, high) = day.conc().iter().fold((f64::INFINITY, 0.0), |(l, h): (f64, f64), c| (l.min(*c), h.max(*c)));
        let slack = 1e-12 * ss.cmax();
        assert!(ss.cmax() >= high - slack && ss.cmax() <= high * 1.1, "{name}: cmax {} and {high}", ss.cmax());
        assert!(ss.cmin() <= low + slack && ss.cmin() >= low * 0.98, "{name}: cmin {} and {low}", ss.cmin());
        assert!((ss.profile(&[ss.tmax()])?.conc()[0] - ss.cmax()).abs() <= slack, "{name}: tmax");
        assert!(ss.cmin() <= ss.ctrough() + slack && ss.ctrough() <= ss.cmax() + slack, "{name}: ctrough");
    }
    Ok(())
}

#[test]
fn the_dose_for_a_target_reaches_it() -> Result<()> {
    for (name, model) in models() {
        let model = model.with_baseline(0.3)?;
        let ss = model.steady_state(Dose::of(90.0).every(DAY))?;
        let cavg = model.steady_state(ss.dosing_for_cavg(5.0)?)?.cavg();
        let ctrough = model.steady_state(ss.dosing_for_ctrough(5.0)?)?.ctrough();
        assert!((cavg - 5.0).abs() < 1e-12 && (ctrough - 5.0).abs() < 1e-12, "{name}: {cavg} and {ctrough}");
    }
    Ok(())
}

#[test]
fn the_trough_reaches_a_fraction_when_it_is_said_to() -> Result<()> {
    for (name, model) in models() {
        let ss = model.steady_state(Dose::of(90.0).every(DAY))?;
        let cycles = (ss.time_to(0.9)? / DAY).ceil();
        let trough = |cycles: f64| {
            let doses = Dose::of(90.0).every(DAY);
            conc(&model, &doses.into(), &[cycles * DAY * (1.0 - 1e-14)]).map(|conc| conc[0] / ss.ctrough())
        };
        assert!(trough(cycles)? >= 0.9 - 1e-9, "{name}: {} after {cycles}", trough(cycles)?);
        assert!(trough(cycles - 1.0)? < 0.9, "{name}: {} before {cycles}", trough(cycles - 1.0)?);
    }
    Ok(())
}

#[test]
fn a_baseline_is_added() -> Result<()> {
    let times = grid(-5.0..=100.0, 0.75);
    for (name, model) in models() {
        let regimen = regimen(&model);
        let plain: Vec<f64> = conc(&model, &regimen, &times)?.iter().map(|c| c + 0.5).collect();
        let with = model.with_baseline(0.5)?;
        assert_alike(&name, [&conc(&with, &regimen, &times)?, &plain], 1e-15);
    }
    Ok(())
}

#[test]
fn the_area_of_a_fed_dose_is_the_factor_times_the_area() -> Result<()> {
    for (name, model) in models() {
        let area = |dose: Dose| model.auc(dose, 0.0..=f64::INFINITY);
        let unstated = area(Dose::of(90.0))?;
        for (fat, factor) in [(0.0, 0.07), (10.0, 0.27), (20.0, 0.47), (27.5, 0.885), (35.0, 1.3), (1e3, 1.3)] {
            let fed = area(Dose::of(90.0).with(Meal::with_fat(fat * GRAM)))?;
            assert!((fed / (factor * unstated) - 1.0).abs() < 1e-13, "{name}, {fat} g");
        }
    }
    Ok(())
}

#[test]
fn doses_with_and_without_a_meal_add_up() -> Result<()> {
    let times = grid(0.0..=200.0, 1.75);
    let fed = || Dose::of(90.0).with(BREAKFAST).every(DAY).times(5);
    let fasted = || Dose::of(70.0).with(Meal::FASTED).every(36.0).times(4).at(3.0);
    for (name, model) in models() {
        let both = conc(&model, &fed().and(fasted()), &times)?;
        let (a, b) = (conc(&model, &fed(), &times)?, conc(&model, &fasted(), &times)?);
        let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
        assert_alike(&name, [&both, &sum], 1e-14);
    }
    Ok(())
}

#[test]
fn a_steady_state_of_fed_doses_is_the_factor_times_that_of_the_others() -> Result<()> {
    for (name, model) in models() {
        let plain = model.steady_state(Dose::of(90.0).every(DAY))?;
        let fed = model.steady_state(Dose::of(90.0).with(BREAKFAST).every(DAY))?;
        for (fed, plain) in [(fed.cmax(), plain.cmax()), (fed.ctrough(), plain.ctrough()), (fed.cavg(), plain.cavg())] {
            assert!((fed / (0.47 * plain) - 1.0).abs() < 1e-13, "{name}: {fed} and {plain}");
        }
        assert!((fed.tmax() - plain.tmax()).abs() < 1e-12, "{name}: {} and {}", fed.tmax(), plain.tmax());
    }
    Ok(())
}

#[test]
fn a_week_of_mixed_meals_is_the_limit_of_many_weeks() -> Result<()> {
    let week =
        "15 mg fasted on Mon,Thu and 15 mg with 20 g fat on Tue,Wed,Sun and 15 mg on Fri and 5 mg with 50 g fat on Sat";
    let week: Regimen = week.parse()?;
    for (name, model) in models() {
        let ss = model.steady_state(&week)?;
        let slowest = std::f64::consts::LN_2 / model.half_life().max(350.0); // the flip-flop's ka is slower than any body
        let weeks = (30.0 / (slowest * WEEK)).ceil();
        let times = grid(0.0..=164.0, 4.0);
        let late: Vec<f64> = times.iter().map(|t| t + weeks * WEEK).collect();
        assert_alike(&name, [ss.profile(&times)?.conc(), &conc(&model, &week, &late)?], 1e-11);
    }
    Ok(())
}
