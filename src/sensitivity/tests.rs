//! The fast way against the table in high precision and against the general one.
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of few things")]

use super::Sensitivities;
use super::jet::at_second;
use super::order::Order;
use super::pair::{Columns, NUMBERS, PairNumbers};
use crate::absorption::{Absorb, Absorption, Bolus, FirstOrder};
use crate::disposition::OneCompartment;
use crate::engine::PairCourse;
use crate::meal_effect::MealEffect;
use crate::model::Model;
use crate::number::Number;
use crate::random::{Draw, Stream};
use crate::regimen::{Dose, Meal, Regimen};

const ORDER: [Number; NUMBERS] = [Number::Ka(0), Number::Cl, Number::V, Number::F(0), Number::Tlag(0)];
const WIDTH: usize = Order::Second.width(NUMBERS);

fn numbers_of(model: &Model) -> PairNumbers {
    PairNumbers::of(model).expect("a body of one compartment")
}

/// The number after `name=` or after the word `name`.
fn field(text: &str, name: &str) -> Option<f64> {
    let mut words = text.split([' ', '=']);
    words.find(|word| *word == name)?;
    words.next()?.parse().ok()
}

/// The model of a row of the table, if it has one compartment, and one path that is served.
fn model_of(absorption: &str, body: &str) -> Option<Model> {
    let way: Absorption = match absorption.split(' ').next()? {
        _ if absorption.contains('+') => return None,
        "bolus" => Bolus.into(),
        "first_order" => FirstOrder { ka: field(absorption, "ka")? }.into(),
        _ => return None,
    };
    let way = way.lagged(field(absorption, "tlag").unwrap_or(0.0)).with_f(field(absorption, "f").unwrap_or(1.0));
    let body = body.strip_prefix("one ")?;
    let model = Model::new(way, OneCompartment { cl: field(body, "cl")?, v: field(body, "v")? }).ok()?;
    model.with_baseline(field(body, "baseline").unwrap_or(0.0)).ok()
}

/// The doses of a row, if they end.
fn regimen_of(text: &str) -> Option<Regimen> {
    let mut doses = Vec::new();
    for part in text.split(" ; ") {
        let (kind, rest) = part.split_once(' ')?;
        let amount: f64 = rest.split(' ').next()?.parse().ok()?;
        let dose = if kind == "iv" { Dose::iv(amount) } else { Dose::of(amount) };
        let dose = dose.over(field(rest, "over").unwrap_or(0.0));
        let (at, every) = (field(rest, "at")?, field(rest, "every").unwrap_or(0.0));
        let mut left = field(rest, "times").unwrap_or(1.0);
        let mut time = at;
        while left > 0.0 {
            doses.push((time, dose));
            (time, left) = (time + every, left - 1.0);
        }
    }
    Some(doses.into_iter().collect())
}

fn value(model: &Model, number: Number) -> f64 {
    model.number(number).ok().filter(|value| *value > 0.0).unwrap_or(1.0)
}

#[test]
fn the_fast_way_is_the_table() {
    let text = include_str!("../../tests/reference/sensitivity.csv");
    let (mut count, mut cases) = (0, std::collections::BTreeSet::new());
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [case, absorption, body, dosing, time, number, second, expected] = fields[..] else { panic!("{line}") };
        let (Some(model), Some(regimen)) = (model_of(absorption, body), regimen_of(dosing)) else { continue };
        let Some(course) = PairCourse::compile(&regimen, &[time.parse().expect("a time")]) else { continue };
        assert!(course.serves(&model), "{line}");
        let mut out = [0.0; WIDTH];
        assert!(course.perform(&numbers_of(&model), Order::Second, &Columns::all(), &mut out));
        let names: Vec<Number> = [number, second]
            .iter()
            .filter(|name| !name.is_empty())
            .map(|name| name.parse().expect("a number"))
            .collect();
        let Some(places) =
            names.iter().map(|name| ORDER.iter().position(|own| own == name)).collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        let found = match places[..] {
            [] => out[0],
            [one] => out[1 + one],
            _ => out[at_second(NUMBERS, places[0], places[1])],
        };
        let expected: f64 = expected.parse().expect("a value");
        let scale = out[0] / names.iter().map(|name| value(&model, *name)).product::<f64>();
        let allowed = 1e-12 * expected.abs() + 4e-15 * scale;
        assert!((found - expected).abs() <= allowed, "{line}: {found:e}");
        count += 1;
        cases.insert(case.to_owned());
    }
    assert!(count > 700 && cases.len() >= 17, "{count} rows, {cases:?}");
}

fn assert_as_general(model: &Model, regimen: &Regimen, times: &[f64]) {
    let course = PairCourse::compile(regimen, times).expect("doses at once");
    let mut out = vec![0.0; WIDTH * times.len()];
    assert!(course.perform(&numbers_of(model), Order::Second, &Columns::all(), &mut out));
    let all = model.sensitivities(regimen, times).expect("derivatives");
    let conc = all.conc();
    let general = |by: &[Number]| -> Vec<f64> {
        let found = match by {
            [] => Ok(conc.clone()),
            [one] => Sensitivities::first(&all, *one),
            _ => all.second(by[0], by[1]),
        };
        found.unwrap_or_else(|_| vec![0.0; times.len()]) // of a number that the model has not
    };
    let check = |at: usize, by: &[Number]| {
        for (sample, expected) in general(by).into_iter().enumerate() {
            let found = out[sample * WIDTH + at];
            let scale = conc[sample] / by.iter().map(|by| value(model, *by)).product::<f64>();
            let allowed = 1e-12 * expected.abs() + 1e-14 * scale.abs();
            let near = (found - expected).abs() <= allowed;
            assert!(near, "{by:?} at {}: {found:e}, {expected:e}; {model:?} {regimen}", times[sample]);
        }
    };
    check(0, &[]);
    for (i, one) in ORDER.into_iter().enumerate() {
        check(1 + i, &[one]);
        for (j, other) in ORDER.into_iter().enumerate().take(i + 1) {
            check(at_second(NUMBERS, i, j), &[one, other]);
        }
    }
}

/// The numbers of the lower orders have the same bits.
fn assert_orders_agree(model: &Model, regimen: &Regimen, times: &[f64]) {
    let course = PairCourse::compile(regimen, times).expect("doses at once");
    let [least, middle, all] = [Order::Value, Order::First, Order::Second].map(|order| {
        let mut out = vec![0.0; order.width(NUMBERS) * times.len()];
        assert!(course.perform(&numbers_of(model), order, &Columns::all(), &mut out));
        out
    });
    for i in 0..times.len() {
        assert_eq!(least[i], all[i * WIDTH]);
        assert_eq!(middle[i * 6..i * 6 + 6], all[i * WIDTH..i * WIDTH + 6]);
    }
}

/// A number between two others.
fn between(draw: &mut Draw, [low, high]: [f64; 2]) -> f64 {
    low + draw.uniform() * (high - low)
}

/// A number between two others, as likely below their geometric mean as above.
fn log_between(draw: &mut Draw, ends: [f64; 2]) -> f64 {
    between(draw, ends.map(f64::ln)).exp()
}

fn any_model(draw: &mut Draw) -> Model {
    let (cl, v) = (log_between(draw, [0.3, 30.0]), log_between(draw, [3.0, 300.0]));
    let ratio = match draw.uniform() {
        third if third < 1.0 / 3.0 => 1.0,
        third if third < 2.0 / 3.0 => between(draw, [0.999_999, 1.000_001]),
        _ => log_between(draw, [0.05, 1e4]),
    };
    let way: Absorption = if draw.chance(1.0 / 3.0) { Bolus.into() } else { FirstOrder { ka: ratio * cl / v }.into() };
    let lag = if draw.chance(1.0 / 3.0) { 0.0 } else { between(draw, [0.0, 3.0]) };
    let body = OneCompartment { cl, v };
    let model = Model::new(way.lagged(lag).with_f(between(draw, [0.1, 1.0])), body).expect("a model");
    let rate = between(draw, [0.0, 0.5]);
    model.with_baseline(0.1).and_then(|model| model.with_endogenous(rate)).expect("a model")
}

fn any_regimen(draw: &mut Draw) -> Regimen {
    if draw.chance(0.5) {
        let times = between(draw, [1.0, 20.0]) as u64;
        return Dose::of(100.0).every(between(draw, [4.0, 30.0])).times(times);
    }
    let (iv, count) = (draw.chance(0.5), between(draw, [1.0, 15.0]) as usize);
    let doses = (0..count).map(|_| {
        let (time, amount) = (between(draw, [0.0, 200.0]), between(draw, [1.0, 200.0]));
        (time, if iv { Dose::iv(amount) } else { Dose::of(amount) })
    });
    doses.collect()
}

#[test]
fn the_fast_way_is_the_general_one() {
    let mut draw = Stream::default().draw();
    for _ in 0..64 {
        let (model, regimen) = (any_model(&mut draw), any_regimen(&mut draw));
        let mut times: Vec<f64> =
            (0..between(&mut draw, [1.0, 14.0]) as usize).map(|_| 250.0 * draw.uniform()).collect();
        times.sort_by(f64::total_cmp);
        assert_as_general(&model, &regimen, &times);
        assert_orders_agree(&model, &regimen, &times);
    }
}

#[test]
fn an_arrival_at_the_instant_of_a_sample_is_there() {
    let numbers = OneCompartment { cl: 1.27, v: 154.0 };
    for lag in [0.0, 0.1, 0.2, 0.7] {
        let model = Model::new(Bolus.lagged(lag), numbers).expect("a model");
        // 3 * 0.1 is a little later than 0.3, and 0.1 + 0.2 too.
        let regimen: Regimen = Dose::of(100.0).every(0.1).times(11);
        let times = [0.1, 0.3, 0.7, 0.8, 1.0];
        assert_as_general(&model, &regimen, &times);
        let course = PairCourse::compile(&regimen, &times).expect("doses at once");
        let mut conc = [0.0; 5];
        assert!(course.perform(&numbers_of(&model), Order::Value, &Columns::all(), &mut conc));
        for (conc, right) in conc.iter().zip(model.concentrations(&regimen, &times).expect("levels")) {
            assert!((conc - right).abs() <= 1e-14 * right, "{conc} {right}");
        }
    }
}

#[test]
fn other_courses_are_not_served() {
    let times = [1.0, 2.0];
    let slow: Regimen = [(0.0, Dose::of(100.0).over(1.0))].into_iter().collect();
    let mixed: Regimen = [(0.0, Dose::of(100.0)), (1.0, Dose::iv(50.0))].into_iter().collect();
    assert!(PairCourse::compile(&slow, &times).is_none() && PairCourse::compile(&mixed, &times).is_none());
    let body = OneCompartment { cl: 1.27, v: 154.0 };
    let one = FirstOrder { ka: 1.0 };
    let plain = Model::new(one, body).expect("a model");
    let two = Model::new(one.with_f(0.5).plus(Bolus.with_f(0.5)), body).expect("a model");
    let effect = MealEffect::new("half", [(Meal::FASTED, 0.5)]).expect("an effect");
    let heeding = plain.clone().with_meal_effect(effect);
    let fasted: Regimen = Dose::of(100.0).fasted().into();
    let course = PairCourse::compile(&fasted, &times).expect("a dose at once");
    assert!(course.serves(&plain) && !course.serves(&heeding) && !course.serves(&two));
    assert!(!course.perform(&numbers_of(&heeding), Order::Value, &Columns::all(), &mut [0.0; 2]));
    let silent = PairCourse::compile(&Dose::of(100.0).into(), &times).expect("a dose at once");
    assert!(silent.serves(&heeding));
}
