//! Derivatives of event tables, against differences of what the tables simulate and against a table in high precision.

mod common;

use common::table as rows_of;
use menaquinone::records::{Body, Convention, Covariates, DoseRule, Inlet, Record, Table};
use menaquinone::sensitivity::{Number, Sensitivities};
use menaquinone::{
    Absorb, Absorption, Bolus, Disposition, FirstOrder, Model, OneCompartment, ThreeCompartment, Transit,
    TwoCompartment, ZeroOrder,
};

/// A fixed row of numbers between 0 and 1.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).expect("31 bits")) / f64::from(1_u32 << 31)
    }

    fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }

    /// One of some.
    fn below(&mut self, count: u32) -> u32 {
        let all = f64::from(count);
        format!("{:.0}", (self.next() * all).floor().min(all - 1.0)).parse().expect("a count")
    }
}

fn model(numbers: &mut Numbers) -> Model {
    let absorption: Absorption = match numbers.below(6) {
        0 => Bolus.into(),
        1 => Bolus.lagged(0.4).with_f(0.8),
        2 => FirstOrder { ka: numbers.within(0.2, 2.0) }.lagged(numbers.within(0.1, 14.0)).with_f(0.8),
        3 => ZeroOrder { duration: numbers.within(1.0, 9.0) }.lagged(0.3).with_f(0.9),
        4 => Transit { steps: 2, mtt: 1.5, ka: 0.8 }.with_f(0.7),
        _ => FirstOrder { ka: 0.9 }.with_f(0.6).plus(FirstOrder { ka: 0.3 }.lagged(1.1).with_f(0.3)),
    };
    let cl = numbers.within(0.5, 5.0);
    let disposition: Disposition = match numbers.below(3) {
        0 => OneCompartment { cl, v: 15.0 }.into(),
        1 => TwoCompartment { cl, v1: 12.0, q: 3.0, v2: 30.0 }.into(),
        _ => ThreeCompartment { cl, v1: 12.0, q2: 3.0, v2: 30.0, q3: 0.7, v3: 50.0 }.into(),
    };
    Model::new(absorption, disposition).and_then(|model| model.with_baseline(0.2)).expect("a sound model")
}

/// The records of a subject of every kind, at times that are no round numbers; the covariate is a weight.
fn table(numbers: &mut Numbers, compartments: u32) -> Table {
    let (mut records, mut time) = (Vec::new(), 0.0);
    for _ in 0..9 {
        time += numbers.within(0.3, 11.0);
        let mut record = Record {
            time,
            covariates: vec![Some([52.0, 70.0, 91.0][numbers.below(3) as usize])],
            ..Record::OBSERVATION
        };
        if numbers.below(2) == 0 {
            record.evid = 1;
            record.amt = numbers.within(20.0, 200.0);
            record.cmt = 1 + numbers.below(compartments);
            record.rate = match numbers.below(5) {
                0 => record.amt / numbers.within(0.5, 7.0),
                1 => -1.0,
                2 => -2.0,
                _ => 0.0,
            };
            match numbers.below(5) {
                0 => (record.addl, record.ii) = (1 + numbers.below(3), numbers.within(4.0, 13.0)),
                1 => (record.ss, record.ii) = (1, numbers.within(5.0, 13.0)),
                2 => (record.ss, record.ii, record.addl) = (2, numbers.within(5.0, 13.0), 2),
                3 if record.rate > 0.0 => (record.ss, record.amt, record.ii) = (1, 0.0, 0.0),
                _ => {}
            }
            if numbers.below(8) == 0 && record.ss == 0 {
                record.evid = 4;
            }
        } else if numbers.below(9) == 0 {
            record.evid = 3;
            record.time = 0.1;
            time = 0.1;
        }
        records.push(record);
    }
    let last = Record { time: time + 6.3, covariates: vec![Some(70.0)], ..Record::OBSERVATION };
    records.push(last);
    Table::with_covariates(["WT"], records).expect("a sound table")
}

/// A body of a weight, one of whose numbers is higher by so much.
fn body(model: &Model, covariates: &Covariates<'_>, moved: (Number, f64)) -> menaquinone::Result<Body> {
    let wt = covariates.get("WT")?;
    let scaled = model.numbers().into_iter().map(|(number, value)| {
        let value = match number {
            Number::Cl => value * (wt / 70.0).powf(0.75),
            Number::V | Number::V1 => value * wt / 70.0,
            _ => value,
        };
        (number, if number == moved.0 { value + moved.1 } else { value })
    });
    let inlet = |tlag| Inlet { tlag, f: 0.9, rate: Some(31.0), duration: Some(2.3) };
    let mut body = Body::from(model.with_numbers(scaled)?);
    for cmt in 1..=compartments(body.model()) {
        body = body.with_inlet(cmt, inlet(if cmt == 2 { 0.37 } else { 0.0 }))?;
    }
    Ok(body)
}

/// The fourth-order difference of curves at two steps to either side.
fn difference([a, b, c, d]: [&[f64]; 4], h: f64) -> Vec<f64> {
    (0..a.len()).map(|i| (a[i] - 8.0 * b[i] + 8.0 * c[i] - d[i]) / (12.0 * h)).collect()
}

fn most(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, value| value.abs().max(most))
}

fn assert_alike(what: &str, (found, expected): (&[f64], &[f64]), least: f64) {
    let allowed = 1e-8 * most(expected).max(least);
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= allowed, "{what} at record {}: {found:e} and {expected:e}", i + 1);
    }
}

#[test]
fn derivatives_are_differences_of_what_the_table_simulates() {
    let mut numbers = Numbers(20_261_127);
    let mut done = 0;
    for case in 0..8 {
        let model = model(&mut numbers);
        let rule = if case % 3 == 0 { DoseRule::AtRecord } else { DoseRule::AtArrival };
        let convention = Convention { doses: rule, ..Convention::default() };
        let compartments = compartments(&model);
        let table = table(&mut numbers, compartments);
        let at = |moved: (Number, f64)| {
            let make = |covariates: &Covariates<'_>| body(&model, covariates, moved);
            table.sensitivities_with(convention, make).map(|mut all| all.remove(0))
        };
        let plain = (Number::Cl, 0.0);
        let rows = match table.simulate_with(convention, |covariates| body(&model, covariates, plain)) {
            Ok(found) => found,
            // A dose over a time meets zero-order absorption, or a compartment that there is not.
            Err(error) => {
                assert!(at(plain).is_err(), "{error}");
                continue;
            }
        };
        let found = at(plain).expect("derivatives");
        let what = format!("case {case}, {model:?}\n{}", table.to_csv());
        let conc: Vec<f64> = rows.rows().iter().map(|row| row.conc).collect();
        for (own, other) in found.conc().iter().zip(&conc) {
            assert!((own - other).abs() <= 1e-12 * other.abs().max(1e-3 * most(&conc)), "{what}: {own} {other}");
        }
        let moves = |(number, value): &(Number, f64)| *value > 0.0 && model.with_number(*number, 1.01 * value).is_ok();
        for (number, value) in model.numbers().into_iter().filter(moves) {
            let is_time = matches!(number, Number::Tlag(_) | Number::Duration(_));
            let h = if is_time { 5e-4 * value.min(1.0) } else { 1e-3 * value };
            let near = [-2.0, -1.0, 1.0, 2.0].map(|step| at((number, step * h)).expect("derivatives"));
            let first = found.first(number).expect("a number");
            let curves = near.each_ref().map(Sensitivities::conc);
            let slope = difference(curves.each_ref().map(Vec::as_slice), h);
            assert_alike(&format!("{what} by {number}"), (&first, &slope), 1e-3 * most(&conc) / value);
            for (other, of_other) in model.numbers() {
                let by = near.each_ref().map(|near| near.first(other).expect("a number"));
                let bend = difference(by.each_ref().map(Vec::as_slice), h);
                let second = found.second(number, other).expect("numbers");
                let least = 1e-2 * most(&conc) / (value * of_other.max(0.1));
                assert_alike(&format!("{what} by {number} and {other}"), (&second, &bend), least);
            }
        }
        done += 1;
    }
    println!("{done} tables");
    assert!(done > 5, "{done} tables");
}

/// How many compartments have a number.
fn compartments(model: &Model) -> u32 {
    let is_there = |cmt: &u32| Body::from(model).with_inlet(*cmt, Inlet::default()).is_ok();
    (1..=4).take_while(is_there).map(|_| 1).sum()
}

/// `name=value` after the word at the head; a number that is not there is `missing`.
fn field(text: &str, name: &str, missing: f64) -> f64 {
    let value = text.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    value.map_or(missing, |value| value.parse().expect("a number"))
}

fn absorption_of(text: &str) -> Absorption {
    let path = |text: &str| -> Absorption {
        let get = |name: &str| field(text, name, f64::NAN);
        let process: Absorption = match text.split_whitespace().next() {
            Some("bolus") => Bolus.into(),
            Some("first_order") => FirstOrder { ka: get("ka") }.into(),
            Some("zero_order") => ZeroOrder { duration: get("duration") }.into(),
            _ => Transit { steps: 3, mtt: get("mtt"), ka: get("ka") }.into(),
        };
        process.lagged(field(text, "tlag", 0.0)).with_f(field(text, "f", 1.0))
    };
    text.split(" + ").map(path).reduce(Absorb::plus).expect("a path")
}

fn model_of(text: &str) -> Model {
    let (absorption, body) = text.split_once(" / ").expect("two parts");
    let get = |name: &str| field(body, name, f64::NAN);
    let disposition: Disposition = match body.split_whitespace().next() {
        Some("one") => OneCompartment { cl: get("cl"), v: get("v") }.into(),
        Some("two") => TwoCompartment { cl: get("cl"), v1: get("v1"), q: get("q"), v2: get("v2") }.into(),
        _ => {
            let (cl, v1, q2, v2, q3, v3) = (get("cl"), get("v1"), get("q2"), get("v2"), get("q3"), get("v3"));
            ThreeCompartment { cl, v1, q2, v2, q3, v3 }.into()
        }
    };
    Model::new(absorption_of(absorption), disposition)
        .and_then(|model| model.with_baseline(field(body, "baseline", 0.0)))
        .expect("a model")
}

fn numbers_of(text: &str) -> Vec<f64> {
    text.split_whitespace().map(|cell| cell.parse().expect("a number")).collect()
}

/// A small whole number that a table writes.
fn whole(value: f64) -> u32 {
    format!("{value:.0}").parse().expect("a whole number")
}

fn record_of(text: &str) -> Record {
    let [time, amt, rate, ii, addl, ss, evid, cmt, body] = numbers_of(text)[..] else { panic!("{text}") };
    let [ss, evid] = [ss, evid].map(|cell| u8::try_from(whole(cell)).expect("a code"));
    let (addl, cmt, covariates) = (whole(addl), whole(cmt), vec![Some(body)]);
    Record { time, amt, rate, ii, addl, ss, evid, cmt, covariates, ..Record::OBSERVATION }
}

fn body_of(text: &str, inlets: &str) -> Body {
    let mut body = Body::from(model_of(text));
    for inlet in inlets.split(" ; ").filter(|inlet| !inlet.is_empty()) {
        let [cmt, tlag, f, rate, duration] = numbers_of(inlet)[..] else { panic!("{inlet}") };
        let positive = |value: f64| Some(value).filter(|value| *value > 0.0);
        let inlet = Inlet { tlag, f, rate: positive(rate), duration: positive(duration) };
        // Those of a compartment that the body has not belong to another.
        body = body.clone().with_inlet(whole(cmt), inlet).unwrap_or(body);
    }
    body
}

#[test]
fn derivatives_are_those_of_the_high_precision_table() {
    let mut last: Option<(String, Model, Sensitivities)> = None;
    let mut cases = std::collections::BTreeSet::new();
    for row in rows_of("sensitivity_tables.csv") {
        let case = row.text("case").to_owned();
        if last.as_ref().is_none_or(|(of, ..)| *of != case) {
            let bodies: Vec<Body> =
                row.text("bodies").split(" | ").map(|text| body_of(text, row.text("inlets"))).collect();
            let records: Vec<Record> = row.text("table").split(" ; ").map(record_of).collect();
            let table = Table::with_covariates(["BODY"], records).expect("a table");
            let make = |now: &Covariates<'_>| Ok(bodies[whole(now.get("BODY")?) as usize].clone());
            let found = table.sensitivities_with(Convention::default(), make).expect("derivatives").remove(0);
            last = Some((case.clone(), bodies[0].model().clone(), found));
        }
        let Some((_, model, found)) = &last else { continue };
        let number = |text: &str| -> Number { text.strip_prefix("1.").unwrap_or(text).parse().expect("a number") };
        let names: Vec<Number> =
            [row.text("number"), row.text("second")].into_iter().filter(|name| !name.is_empty()).map(number).collect();
        let value = match names[..] {
            [] => found.conc(),
            [one] => found.first(one).expect("a number"),
            _ => found.second(names[0], names[1]).expect("numbers"),
        };
        let at = whole(row.number("record")) as usize;
        let over = |number: &Number| model.number(*number).ok().filter(|value| *value > 0.0).unwrap_or(1.0);
        let scale = found.conc()[at] / names.iter().map(over).product::<f64>();
        let expected = row.number("value");
        let allowed = 1e-12 * expected.abs() + 1e-14 * scale.abs();
        assert!((value[at] - expected).abs() <= allowed, "{row} {case} {names:?}: {:e} and {expected:e}", value[at]);
        cases.insert(case);
    }
    assert!(cases.len() > 30, "{cases:?}");
}

/// The area of a course whose baseline changes is that under its curve.
#[test]
fn areas_count_the_baseline_of_each_body() {
    let model = Model::new(FirstOrder { ka: 0.9 }, OneCompartment { cl: 1.3, v: 15.0 }).expect("a model");
    let [before, after] = [0.2, 0.5].map(|conc| model.clone().with_baseline(conc).expect("a baseline"));
    let phases = before.then_from(10.0, after).expect("two models");
    let once = menaquinone::Dose::of(100.0).at(0.0);
    let found = phases.sensitivities(&once, &[0.0, 24.0]).expect("derivatives");
    let area = found[0].value_of(menaquinone::sensitivity::Output::Auc).expect("an area")[1];
    // Simpson's rule on each side of the change.
    let part = |from: f64, to: f64| {
        let n = 2_000;
        let h = (to - from) / f64::from(n);
        let times: Vec<f64> = (0..=n).map(|i| from + h * f64::from(i)).collect();
        let conc = phases.profile(&once, &times).expect("levels");
        let weight = |i: usize| {
            if i == 0 || i + 1 == times.len() {
                1.0
            } else if i % 2 == 1 {
                4.0
            } else {
                2.0
            }
        };
        conc.conc().iter().enumerate().map(|(i, conc)| weight(i) * conc).sum::<f64>() * h / 3.0
    };
    let expected = part(0.0, 10.0) + part(10.0, 24.0);
    assert!((area / expected - 1.0).abs() < 1e-9, "{area} and {expected}");
}
