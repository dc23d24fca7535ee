//! Exact derivatives against a table in high precision, and against differences of the curve itself.

mod common;

use common::table;
use menaquinone::sensitivity::{Number, Order, Output, Sensitivities};
use menaquinone::{
    Absorb, Absorption, Bolus, Course, Disposition, Dose, FirstOrder, Model, OneCompartment, Regimen, ThreeCompartment,
    Transit, TwoCompartment, ZeroOrder,
};
use num_dual::{DualNum, HyperDual64};

/// Every absorption with every disposition.
fn models() -> Vec<Model> {
    let absorptions: [Absorption; 5] = [
        Bolus.with_f(0.9),
        FirstOrder { ka: 0.9 }.lagged(0.3).with_f(0.8),
        ZeroOrder { duration: 3.5 }.lagged(0.3).with_f(0.9),
        Transit { steps: 2, mtt: 1.5, ka: 0.8 }.with_f(0.7),
        FirstOrder { ka: 0.9 }.with_f(0.6).plus(ZeroOrder { duration: 4.2 }.lagged(1.1).with_f(0.3)),
    ];
    let dispositions: [Disposition; 4] = [
        OneCompartment { cl: 1.3, v: 15.0 }.into(),
        TwoCompartment { cl: 1.2, v1: 12.0, q: 3.0, v2: 30.0 }.into(),
        ThreeCompartment { cl: 1.2, v1: 12.0, q2: 3.0, v2: 30.0, q3: 0.7, v3: 50.0 }.into(),
        ThreeCompartment { cl: 1.2, v1: 12.0, q2: 3.0, v2: 30.0, q3: 0.7, v3: 7.0 }.into(),
    ];
    let mut models = Vec::new();
    for absorption in &absorptions {
        for disposition in &dispositions {
            let model = Model::new(absorption.clone(), *disposition).expect("a sound model");
            models.push(model.with_baseline(0.2).expect("a sound baseline"));
        }
    }
    models
}

fn regimens(model: &Model) -> Vec<Regimen> {
    let swallowed = Dose::of(100.0).every(8.0).times(3);
    let mixed: Regimen =
        [(0.0, Dose::of(100.0)), (5.0, Dose::iv(40.0)), (9.0, Dose::iv(50.0).over(2.5))].into_iter().collect();
    let slow: Regimen = [(0.0, Dose::of(100.0).over(1.7))].into_iter().collect();
    let has_own = model.numbers().iter().any(|(number, _)| matches!(number, Number::Duration(_)));
    let mut all = vec![swallowed, mixed];
    if !has_own {
        all.push(slow);
    }
    all
}

const TIMES: [f64; 3] = [0.7, 10.4, 60.0];

/// The fourth-order central difference of what `f` gives, from its values at two steps to either side.
fn difference([a, b, c, d]: [Vec<f64>; 4], h: f64) -> Vec<f64> {
    (0..a.len()).map(|i| (a[i] - 8.0 * b[i] + 8.0 * c[i] - d[i]) / (12.0 * h)).collect()
}

/// Whether two curves differ by no more than `share` of the highest value, or of `least`.
fn assert_alike(what: &str, (found, expected): (&[f64], &[f64]), share: f64, least: f64) {
    let scale = expected.iter().fold(least, |most, x| most.max(x.abs()));
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= share * scale, "{what} at {}: {a} and {b}", TIMES[i]);
    }
}

#[test]
fn values_are_those_of_the_model_and_derivatives_those_of_its_curve() {
    for (i, model) in models().into_iter().enumerate() {
        // Each model with one of the regimens: the table below has the rest.
        let regimens = regimens(&model);
        for regimen in [&regimens[i % regimens.len()]] {
            let found = model.sensitivities(regimen, &TIMES).expect("derivatives");
            let conc = model.concentrations(regimen, &TIMES).expect("levels");
            for (own, other) in found.conc().iter().zip(&conc) {
                assert!((own / other - 1.0).abs() < 1e-13, "{model:?} {regimen}: {own} and {other}");
            }
            for (number, value) in found.numbers().iter().copied().filter(|(_, value)| *value > 0.0) {
                let h = 2e-3 * value;
                let near = [-2.0, -1.0, 1.0, 2.0].map(|step| {
                    let model = model.with_number(number, value + step * h).expect("a value near by");
                    model.sensitivities(regimen, &TIMES).expect("derivatives")
                });
                let slope = difference(near.each_ref().map(menaquinone::sensitivity::Sensitivities::conc), h);
                let what = format!("{model:?} {regimen} by {number}");
                let first = found.first(number).expect("a number");
                assert_alike(&what, (&slope, &first), 1e-7, 1e-9);
                for (other, of_other) in found.numbers() {
                    let by_other = near.each_ref().map(|near| near.first(*other).expect("a number"));
                    let second = found.second(number, *other).expect("numbers");
                    let least = 1e-3 * conc[0] / (value * of_other.max(0.1));
                    assert_alike(&format!("{what} and {other}"), (&difference(by_other, h), &second), 1e-6, least);
                }
            }
        }
    }
}

/// `name=value` pairs after the word at the head.
fn fields(text: &str) -> (&str, Vec<(&str, f64)>) {
    let mut words = text.split_whitespace();
    let head = words.next().unwrap_or_default();
    let pairs = words.map(|word| {
        let (name, value) = word.split_once('=').unwrap_or_else(|| panic!("{word} of {text}"));
        (name, value.parse().unwrap_or_else(|_| panic!("{word} of {text}")))
    });
    (head, pairs.collect())
}

fn field(fields: &[(&str, f64)], name: &str) -> f64 {
    fields.iter().find(|(own, _)| *own == name).map_or_else(|| panic!("no {name} in {fields:?}"), |(_, value)| *value)
}

/// A count that a table writes as a number.
fn count(value: f64) -> u32 {
    format!("{value:.0}").parse().expect("a count")
}

fn absorption(text: &str) -> Absorption {
    let path = |text: &str| -> Absorption {
        let (head, of) = fields(text);
        let get = |name: &str| field(&of, name);
        let process: Absorption = match head {
            "bolus" => Bolus.into(),
            "first_order" => FirstOrder { ka: get("ka") }.into(),
            "zero_order" => ZeroOrder { duration: get("duration") }.into(),
            "transit" => Transit { steps: count(get("n")), mtt: get("mtt"), ka: get("ka") }.into(),
            other => panic!("{other} is no absorption"),
        };
        let or = |name: &str, other: f64| of.iter().find(|(own, _)| *own == name).map_or(other, |(_, value)| *value);
        process.lagged(or("tlag", 0.0)).with_f(or("f", 1.0))
    };
    text.split(" + ").map(path).reduce(menaquinone::Absorb::plus).expect("a path")
}

fn model_of(absorption_text: &str, text: &str) -> Model {
    let (head, of) = fields(text);
    let get = |name: &str| field(&of, name);
    let disposition: Disposition = match head {
        "one" => OneCompartment { cl: get("cl"), v: get("v") }.into(),
        "two" => TwoCompartment { cl: get("cl"), v1: get("v1"), q: get("q"), v2: get("v2") }.into(),
        _ => {
            let (cl, v1, q2, v2, q3, v3) = (get("cl"), get("v1"), get("q2"), get("v2"), get("q3"), get("v3"));
            ThreeCompartment { cl, v1, q2, v2, q3, v3 }.into()
        }
    };
    let baseline = of.iter().find(|(name, _)| *name == "baseline").map_or(0.0, |(_, value)| *value);
    Model::new(absorption(absorption_text), disposition)
        .and_then(|model| model.with_baseline(baseline))
        .expect("a model")
}

/// What is dosed, and whether for ever.
fn dosing(text: &str) -> (Vec<(f64, Dose)>, Option<f64>) {
    let (mut doses, mut tau) = (Vec::new(), None);
    for part in text.split(" ; ") {
        let words: Vec<&str> = part.split_whitespace().collect();
        let after = |word: &str| {
            let at = words.iter().position(|own| *own == word)?;
            words[at + 1].parse::<f64>().ok()
        };
        let amount: f64 = words[1].parse().expect("an amount");
        let dose = if words[0] == "iv" { Dose::iv(amount) } else { Dose::of(amount) };
        let dose = after("over").map_or(dose, |duration| dose.over(duration));
        let at = after("at").unwrap_or(0.0);
        if words.contains(&"ss") {
            tau = after("every");
        }
        let times = count(after("times").unwrap_or(1.0));
        doses.extend((0..times).map(|i| (at + f64::from(i) * after("every").unwrap_or(0.0), dose)));
    }
    (doses, tau)
}

fn found(model: &Model, text: &str, time: f64) -> Sensitivities {
    let (doses, tau) = dosing(text);
    match tau {
        Some(tau) => model.steady_state_sensitivities(doses[0].1.every(tau), &[time]),
        None => model.sensitivities(doses.into_iter().collect::<Regimen>(), &[time]),
    }
    .expect("derivatives")
}

fn number_of(model: &Model, text: &str) -> Number {
    let number: Number = text.strip_prefix("1.").unwrap_or(text).parse().expect("a number");
    model.number(number).expect("a number of the model");
    number
}

/// Whether a derivative is right: to 1e-12 of itself, or to 4e-15 of what the value over the numbers is. Where a derivative is small because its
/// parts cancel (a level that an infusion keeps does not depend on the volume), no more is meant.
fn assert_derivative(what: &str, found: f64, expected: f64, scale: f64) {
    let allowed = 1e-12 * expected.abs() + 4e-15 * scale;
    assert!((found - expected).abs() <= allowed, "{what}: {found:e} and {expected:e}");
}

/// What a value is over some numbers of a model; a number that is 0 counts as 1.
fn scale(model: &Model, value: f64, numbers: &[Number]) -> f64 {
    let of =
        |number: &Number| Some(model.number(*number).expect("a number")).filter(|value| *value > 0.0).unwrap_or(1.0);
    value.abs() / numbers.iter().map(of).product::<f64>()
}

#[test]
fn derivatives_are_those_of_the_high_precision_table() {
    let mut last: Option<(String, f64, Model, Sensitivities)> = None;
    let mut count = 0;
    for row in table("sensitivity.csv") {
        let (case, time) = (row.text("case").to_owned(), row.number("time"));
        if last.as_ref().is_none_or(|(of, at, ..)| (of, *at) != (&case, time)) {
            let model = model_of(row.text("absorption"), row.text("disposition"));
            let sensitivities = found(&model, row.text("dosing"), time);
            last = Some((case.clone(), time, model, sensitivities));
        }
        let Some((_, _, model, sensitivities)) = &last else { continue };
        let names = [row.text("number"), row.text("second")];
        let numbers: Vec<Number> =
            names.iter().filter(|name| !name.is_empty()).map(|name| number_of(model, name)).collect();
        let conc = sensitivities.conc()[0];
        let value = match numbers[..] {
            [] => conc,
            [one] => sensitivities.first(one).expect("a number")[0],
            _ => sensitivities.second(numbers[0], numbers[1]).expect("numbers")[0],
        };
        let what = format!("{row} {case}: {} {} at {time}", names[0], names[1]);
        assert_derivative(&what, value, row.number("value"), scale(model, conc, &numbers));
        count += 1;
    }
    assert!(count > 5_000, "{count} rows");
}

#[test]
fn derivatives_across_a_change_are_those_of_the_table() {
    let mut last: Option<(String, f64, Vec<Model>, Vec<Sensitivities>)> = None;
    for row in table("sensitivity_change.csv") {
        let (case, time) = (row.text("case").to_owned(), row.number("time"));
        if last.as_ref().is_none_or(|(of, at, ..)| (of, *at) != (&case, time)) {
            let before = model_of(row.text("absorption"), row.text("disposition"));
            // The text of the second disposition, and `ka=` of the second depot.
            let (body, ka): (Vec<&str>, Vec<&str>) =
                row.text("after").split_whitespace().partition(|word| !word.starts_with("ka="));
            let absorption = ka.first().map_or("bolus".to_owned(), |ka| format!("first_order {ka}"));
            let after = model_of(&absorption, &body.join(" "));
            let phases = before.clone().then_from(row.number("change"), after.clone()).expect("two models");
            let regimen: Regimen = dosing(row.text("dosing")).0.into_iter().collect();
            let found = phases.sensitivities(&regimen, &[time]).expect("derivatives");
            last = Some((case.clone(), time, vec![before, after], found));
        }
        let Some((_, _, models, found)) = &last else { continue };
        let names: Vec<(usize, &str)> = [row.text("number"), row.text("second")]
            .into_iter()
            .filter_map(|name| Some((usize::from(name.starts_with("b.")), name.split_once('.')?.1)))
            .collect();
        let conc = found[0].conc()[0];
        let (value, of) = match names[..] {
            [] => (conc, 0),
            [(of, one)] => (found[of].first(one.parse().expect("a number")).expect("a number")[0], of),
            [(of, one), (same, other)] if of == same => {
                let [one, other] = [one, other].map(|name| name.parse().expect("a number"));
                (found[of].second(one, other).expect("numbers")[0], of)
            }
            _ => continue, // of the numbers of two models
        };
        let numbers: Vec<Number> = names.iter().map(|(_, name)| name.parse().expect("a number")).collect();
        assert_derivative(
            &format!("{row} {case} {names:?} at {time}"),
            value,
            row.number("value"),
            scale(&models[of], conc, &numbers),
        );
    }
}

#[test]
fn derivatives_of_areas_are_those_of_the_table() {
    for row in table("sensitivity_auc.csv") {
        let model = model_of(row.text("absorption"), row.text("disposition"));
        let (_, tau) = dosing(row.text("dosing"));
        let (time, share) = match (row.text("time"), tau) {
            ("auc_tau", Some(tau)) => (tau, 1.0),
            ("cavg", Some(tau)) => (tau, 1.0 / tau),
            _ => (row.number("time"), 1.0),
        };
        let found = found(&model, row.text("dosing"), time);
        let whole = found.value_of(Output::Auc).expect("an area")[0] * share;
        let name = row.text("number");
        let (value, numbers) = if name.is_empty() {
            (whole, vec![])
        } else {
            let number = number_of(&model, name);
            (found.first_of(Output::Auc, number).expect("a number")[0] * share, vec![number])
        };
        assert_derivative(
            &format!("{row} {name} at {time}"),
            value,
            row.number("value"),
            scale(&model, whole, &numbers),
        );
    }
}

/// The rows that a course writes are the derivatives of its model, whichever way they come.
fn assert_into(course: &mut Course<'_>, model: &Model, found: &Sensitivities) {
    let numbers: Vec<Number> = found.numbers().iter().map(|(number, _)| *number).collect();
    for order in [Order::Value, Order::First, Order::Second] {
        let width = order.width(numbers.len());
        let mut out = vec![f64::NAN; width * TIMES.len()];
        course.sensitivities_into(model, order, &mut out).expect("derivatives");
        for (time, row) in out.chunks(width).enumerate() {
            let conc = found.conc()[time];
            let mut row = row.iter();
            let mut check = |expected: f64, by: &[Number]| {
                if let Some(value) = row.next() {
                    let allowed = 1e-12 * expected.abs() + 4e-15 * scale(model, conc, by);
                    assert!((value - expected).abs() <= allowed, "{by:?}: {value:e} and {expected:e}, {model:?}");
                }
            };
            check(conc, &[]);
            for one in &numbers {
                check(found.first(*one).expect("a number")[time], &[*one]);
            }
            for (i, one) in numbers.iter().enumerate() {
                for other in &numbers[..=i] {
                    check(found.second(*one, *other).expect("numbers")[time], &[*one, *other]);
                }
            }
            assert!(row.next().is_none());
        }
    }
}

#[test]
fn a_course_writes_the_derivatives_of_every_model() {
    for (i, model) in models().into_iter().enumerate() {
        let regimens = regimens(&model);
        let regimen = &regimens[(i + 1) % regimens.len()];
        let mut course = Course::new(regimen, &TIMES).expect("a course");
        assert_into(&mut course, &model, &model.sensitivities(regimen, &TIMES).expect("derivatives"));
    }
    // One course for a model after another, with doses of one way.
    for dose in [Dose::of(100.0), Dose::iv(100.0)] {
        let regimen: Regimen = dose.every(8.0).times(3);
        let mut course = Course::new(&regimen, &TIMES).expect("a course");
        for model in models() {
            let model = model.with_endogenous(0.3).expect("an input");
            let Ok(found) = model.sensitivities(&regimen, &TIMES) else { continue };
            assert_into(&mut course, &model, &found);
        }
    }
}

#[test]
fn room_that_does_not_fit_is_refused() {
    let model = &models()[4];
    let mut course = Course::new(Dose::of(100.0), &TIMES).expect("a course");
    let error = course.sensitivities_into(model, Order::First, &mut [0.0; 20]).expect_err("too little room");
    assert_eq!(
        error.to_string(),
        "3 output times with 7 numbers each need room for 21 numbers, and there is room for 20: give as much"
    );
}

#[test]
fn the_fast_way_allocates_nothing() {
    let model = &models()[4];
    let mut course = Course::new(Dose::of(100.0).every(8.0).times(5), &TIMES).expect("a course");
    let mut out = [0.0; 28 * 3];
    course.sensitivities_into(model, Order::Second, &mut out).expect("derivatives");
    let again = model.with_number(Number::Tlag(0), 0.9).expect("another lag");
    let info = allocation_counter::measure(|| {
        course.sensitivities_into(&again, Order::Second, &mut out).expect("derivatives");
    });
    assert_eq!(info.count_total, 0);
}

#[test]
fn a_subject_of_a_table_is_looked_at_in_the_order_of_its_records() {
    let text = "ID,TIME,AMT,II,ADDL,EVID\n1,0,90,24,2,1\n1,4,.,.,.,0\n1,72,.,.,.,0\n1,72,180,.,.,1\n1,75,.,.,.,0";
    let table: menaquinone::records::Table = text.parse().expect("a table");
    for lag in [0.0, 1.5] {
        let model =
            Model::new(FirstOrder { ka: 0.9 }.lagged(lag), OneCompartment { cl: 1.3, v: 15.0 }).expect("a model");
        let mut course = table.course(0, &model).expect("a subject");
        let mut out = [0.0; 7 * 3];
        course.sensitivities_into(&model, Order::First, &mut out).expect("derivatives");
        let conc = course.concentrations(&model).expect("levels");
        for (row, conc) in out.chunks(7).zip(conc) {
            assert!((row[0] / conc - 1.0).abs() < 1e-13, "{} and {conc}", row[0]);
        }
    }
    let two = TwoCompartment { cl: 1.2, v1: 12.0, q: 3.0, v2: 30.0 };
    let model = Model::new(FirstOrder { ka: 0.9 }, two).expect("a model");
    let mut course = table.course(0, &model).expect("a subject");
    let error = course.sensitivities_into(&model, Order::First, &mut [0.0; 9 * 3]).expect_err("a look before a dose");
    assert!(error.to_string().starts_with("the observation at 72 h comes before a dose of its instant"), "{error}");
}

/// A level after doses by mouth, as the textbook has it; `p` is `ka`, `cl`, `v`, `f`, `tlag`.
fn textbook_oral(p: &[HyperDual64], doses: &[(f64, f64)], t: f64) -> HyperDual64 {
    let (ka, cl, v, f, tlag) = (p[0], p[1], p[2], p[3], p[4]);
    let k = cl / v;
    let given = doses.iter().filter(|(at, _)| at + tlag.re < t);
    let one = |(at, amount): &(f64, f64)| {
        let since = -tlag + (t - at);
        f * ka / (v * (ka - k)) * *amount * ((-k * since).exp() - (-ka * since).exp())
    };
    given.map(one).fold(HyperDual64::from_re(0.0), |sum, own| sum + own)
}

/// A level after injections into two compartments; `p` is `cl`, `v1`, `q`, `v2`.
fn textbook_two(p: &[HyperDual64], doses: &[(f64, f64)], t: f64) -> HyperDual64 {
    let (k10, k12, k21) = (p[0] / p[1], p[2] / p[1], p[2] / p[3]);
    let sum = k10 + k12 + k21;
    let root = (sum * sum - k10 * k21 * 4.0).sqrt();
    let (fast, slow) = ((sum + root) * 0.5, (sum - root) * 0.5);
    let given = doses.iter().filter(|(at, _)| *at < t);
    let one = |(at, amount): &(f64, f64)| {
        let (a, b) = ((-fast * (t - at)).exp(), (-slow * (t - at)).exp());
        ((fast - k21) * a + (k21 - slow) * b) / (root * p[1]) * *amount
    };
    given.map(one).fold(HyperDual64::from_re(0.0), |sum, own| sum + own)
}

/// The textbook differentiated by the hyper-dual numbers of another crate says what the engine says.
fn assert_as_dual_numbers(
    model: &Model,
    regimen: &Regimen,
    numbers: &[Number],
    textbook: impl Fn(&[HyperDual64], f64) -> HyperDual64,
) {
    let times = [0.9, 5.5, 13.0, 30.0];
    let all = model.sensitivities(regimen, &times).expect("derivatives");
    let values: Vec<f64> = numbers.iter().map(|number| model.number(*number).expect("a number")).collect();
    let seed = |i: usize, j: usize| -> Vec<HyperDual64> {
        let unit = |k: usize, own: usize| if k == own { 1.0 } else { 0.0 };
        values.iter().enumerate().map(|(k, value)| HyperDual64::new(*value, unit(k, i), unit(k, j), 0.0)).collect()
    };
    for (i, one) in numbers.iter().enumerate() {
        for (j, other) in numbers.iter().enumerate().take(i + 1) {
            let second = all.second(*one, *other).expect("second derivatives");
            let first = all.first(*one).expect("first derivatives");
            for (t, time) in times.iter().enumerate() {
                let dual = textbook(&seed(i, j), *time);
                // The textbook takes differences of near numbers: some digits are its own loss.
                let near = |a: f64, b: f64| (a - b).abs() <= 1e-11 * (b.abs() + dual.re.abs());
                assert!(near(all.conc()[t], dual.re), "{time} h: {} and {}", all.conc()[t], dual.re);
                assert!(near(first[t], dual.eps1), "{one} at {time} h: {} and {}", first[t], dual.eps1);
                assert!(
                    near(second[t], dual.eps1eps2),
                    "{one}, {other} at {time} h: {} and {}",
                    second[t],
                    dual.eps1eps2
                );
            }
        }
    }
}

#[test]
fn derivatives_are_those_of_dual_numbers() {
    let doses = [(0.0, 100.0), (8.0, 60.0), (20.0, 100.0)];
    let oral = FirstOrder { ka: 0.9 }.lagged(0.3).with_f(0.8);
    let model = Model::new(oral, OneCompartment { cl: 1.3, v: 15.0 }).expect("a model");
    let swallowed: Regimen = doses.iter().map(|(at, amount)| (*at, Dose::of(*amount))).collect();
    let numbers = [Number::Ka(0), Number::Cl, Number::V, Number::F(0), Number::Tlag(0)];
    assert_as_dual_numbers(&model, &swallowed, &numbers, |p, t| textbook_oral(p, &doses, t));
    let model = Model::new(Bolus, TwoCompartment { cl: 1.2, v1: 12.0, q: 3.0, v2: 30.0 }).expect("a model");
    let injected: Regimen = doses.iter().map(|(at, amount)| (*at, Dose::iv(*amount))).collect();
    let numbers = [Number::Cl, Number::V1, Number::Q, Number::V2];
    assert_as_dual_numbers(&model, &injected, &numbers, |p, t| textbook_two(p, &doses, t));
}
