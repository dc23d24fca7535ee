//! Plain data written down and read again: every bit comes back, and what is not known is refused by name.

use std::fmt::Debug;

use menaquinone::antagonist::{CYCLE, Levels, NOTICE, State};
use menaquinone::marker::{Anchor, DP_UCMGP, ED50_DP_UCMGP, Egfr, OSTEOCALCIN, Turnover};
use menaquinone::{
    Absorb, Absorption, Balance, Bolus, Disposition, Dose, Exposure, FirstOrder, HalfLife, Meal, MealEffect, Model,
    OneCompartment, Parameters, Profile, Regimen, Repeating, SteadyState, ThreeCompartment, Transit, TwoCompartment,
    ZeroOrder,
    diary::Diary,
    food, grid, intake,
    nca::{AreaRule, AtDose, BelowAs, BelowLimit, METRICS, Metric, Nca, Rules, Terminal},
    observed,
    population::{Bands, Share, Sketch, Tally, Window},
    units::*,
    vitamer::MK4,
    what_if,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// TOML wants a table at the top.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Table<T> {
    value: T,
}

fn assert_round_trips<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    let json = serde_json::to_string(&value).expect("plain data");
    assert_eq!(serde_json::from_str::<T>(&json).expect(&json), value, "{json}");
    let table = Table { value };
    let toml = toml::to_string(&table).expect("plain data");
    assert_eq!(toml::from_str::<Table<T>>(&toml).expect(&toml), table, "{toml}");
}

/// Numbers whose last bit is easily lost.
const TYPICAL: Parameters = Parameters { cl: 1.27 / 3.0, v: 154.0 / 7.0, ka: 0.1 + 0.2, tlag: 1.0 / 3.0, f: 2.0 / 3.0 };

fn absorption() -> Absorption {
    FirstOrder { ka: 0.1 + 0.2 }
        .with_f(0.6)
        .plus(ZeroOrder { duration: 4.0 / 3.0 }.lagged(2.0 / 3.0).with_f(0.3))
        .plus(Transit { steps: 3, mtt: 1.0 / 3.0, ka: 1.0 }.with_f(0.05))
        .plus(Bolus.with_f(0.01))
}

#[test]
fn markers_and_the_vitamin_k_cycle() -> Result<(), menaquinone::Error> {
    assert_round_trips(Turnover { kout: 0.1 + 0.2, ..DP_UCMGP.anchored(1.0 / 30.0)? });
    assert_round_trips(OSTEOCALCIN.anchored(1.0 / 30.0)?);
    assert_round_trips(Anchor { ed50: 413.0 / 3.0, per_dose: 1.0 / 30.0 });
    assert_round_trips(Egfr { from: 10.0 / 3.0, to: 49.0 / 3.0 });
    assert_round_trips(ED50_DP_UCMGP);
    assert_round_trips(CYCLE.with_k1(100.0)?);
    assert_round_trips(CYCLE.steady(1000.0)?);
    let left_out = r#"{"baseline": 400.0, "c0": 0.3, "ic50": 12.0, "imax": 1.0, "kout": 0.004}"#;
    let read: Turnover = serde_json::from_str(left_out).expect("plain data");
    assert_eq!(read.elimination, 1.0);
    Ok(())
}

#[test]
fn parameters_and_models() -> Result<(), menaquinone::Error> {
    assert_round_trips(TYPICAL);
    assert_round_trips(HalfLife { t_half: 84.0 / 11.0, v: 154.0 });
    assert_round_trips(OneCompartment { cl: 1.0 / 3.0, v: 20.0 });
    assert_round_trips(TwoCompartment { cl: 1.0 / 3.0, v1: 20.0, q: 0.1, v2: 0.7 });
    assert_round_trips(ThreeCompartment { cl: 1.0 / 3.0, v1: 20.0, q2: 0.1, v2: 0.7, q3: 0.3, v3: 9.1 });
    assert_round_trips(Disposition::from(TwoCompartment { cl: 1.0 / 3.0, v1: 20.0, q: 0.1, v2: 0.7 }));
    assert_round_trips(absorption());
    assert_round_trips(TYPICAL.model()?.with_baseline(0.1 + 0.2)?);
    assert_round_trips(Model::new(absorption(), TwoCompartment { cl: 1.0 / 3.0, v1: 20.0, q: 0.1, v2: 0.7 })?);
    let effect = MealEffect::what_if("a third", [(Meal::FASTED, 1.0 / 3.0), (Meal::with_fat(8.8 * GRAM), 1.0)])?;
    assert_round_trips(effect.clone());
    assert_round_trips(TYPICAL.model()?.with_endogenous(0.1)?.with_baseline(0.2)?.with_meal_effect(effect));
    Ok(())
}

#[test]
fn a_meal_effect_is_written_as_meals_and_factors() {
    let effect = MK4.meal_table("printed").expect("a table").effect();
    let json = serde_json::to_value(&effect).expect("plain data");
    assert_eq!(json["points"][1], serde_json::json!(["8.8 g fat", 0.36]));
    let read = |points: &str| format!(r#"{{"title": "mine", "points": {points}}}"#);
    refused_with::<MealEffect>(&read(r#"[["8.8 fat", 1.0]]"#), "`8.8 fat` (column 1) is not a meal");
    refused_with::<MealEffect>(&read(r#"[["fasted", 0.0]]"#), "the factor after fasted is 0, but it must be");
    refused_with::<MealEffect>(&read(r#"[["5 g fat", 1.0], ["fasted", 1.0]]"#), "the fat must ascend");
    refused_with::<MealEffect>(r#"{"title": "mine", "points": [], "unit": "g"}"#, "unknown field `unit`");
    let model = r#"{"absorption": [{"process": "Bolus"}], "disposition": {"OneCompartment": {"cl": 1.0, "v": 20.0}}"#;
    refused_with::<Model>(&format!(r#"{model}, "endogenous": -1.0}}"#), "the endogenous input is -1 µg/h");
    refused_with::<Model>(&format!(r#"{model}, "meals": 1.0}}"#), "unknown field `meals`");
    let old: Model = serde_json::from_str(&format!(r#"{model}, "baseline": 0.3}}"#)).expect("what 0.1 wrote");
    assert_eq!((old.baseline(), old.endogenous(), old.meal_effect()), (0.3, 0.0, None));
}

#[test]
fn dosing() -> Result<(), menaquinone::Error> {
    assert_round_trips(Dose::iv(1.0 / 3.0).over(0.1));
    assert_round_trips(Dose::of(90.0 / 7.0).every(8.1));
    assert_round_trips("360 ug q24h x7 then 90 ug on Mon,Wed,Fri x8 skip 3".parse::<Regimen>()?);
    assert_eq!(serde_json::to_string(&Dose::of(90.0).every(DAY)).ok().as_deref(), Some("\"90 ug q24h\""));
    Ok(())
}

#[test]
fn results() -> Result<(), menaquinone::Error> {
    let model = TYPICAL.model()?;
    let profile: Profile = model.profile(Dose::of(90.0).every(DAY), &grid(0.0..=100.0, 1.1))?;
    assert_round_trips(profile);
    let balance: Balance = model.balance(Dose::of(90.0), &[7.3])?[0];
    assert_round_trips(balance);
    let ss: SteadyState = model.steady_state(Dose::of(90.0).every(DAY))?;
    assert_round_trips::<Exposure>(ss.exposure());
    let json = serde_json::to_string(&ss).expect("plain data");
    let again: SteadyState = serde_json::from_str(&json).expect(&json);
    assert_eq!(again.exposure(), ss.exposure(), "the same bits from the same cause");
    assert_round_trips(ss);
    Ok(())
}

#[test]
fn rules_of_an_analysis() -> Result<(), menaquinone::Error> {
    let below = BelowLimit::ByPlace { first: BelowAs::Zero, middle: BelowAs::Dropped, last: BelowAs::Value(1.0 / 3.0) };
    assert_round_trips(Rules::default());
    assert_round_trips(Rules {
        dose: Some(Dose::iv(90.0 / 7.0).over(0.1)),
        dosed_at: 1.0 / 3.0,
        tau: Some(0.1 + 0.2),
        area: AreaRule::Log,
        below: Some(below),
        at_dose: AtDose::Lowest,
        terminal: Terminal::At(vec![1.0 / 3.0, 7.3]),
        threshold: Some(1.1),
        window: Some((0.1, 24.0 / 7.0)),
    });
    assert_round_trips(BelowLimit::ByTmax { before: BelowAs::Zero, after: BelowAs::Dropped });
    for rule in [Terminal::default(), Terminal::Last(4), Terminal::Between { start: 0.1, end: 2.0 / 3.0 }] {
        assert_round_trips(rule);
    }
    let left_out: Rules = toml::from_str("dose = '90 ug'\narea = 'Linear'").expect("the others are the default");
    assert_eq!(left_out, Rules { dose: Some(Dose::of(90.0)), area: AreaRule::Linear, ..Rules::default() });
    refused_with::<Rules>(r#"{"taw": 24.0}"#, "unknown field `taw`");
    refused_with::<Rules>(r#"{"dose": "90"}"#, "90");
    refused_with::<AreaRule>(r#""Cubic""#, "unknown variant `Cubic`");
    refused_with::<Terminal>(r#"{"BestFit": {"most": 3}}"#, "unknown field `most`");

    let samples = ([0.0, 1.0, 2.0, 4.0, 8.0], [0.0, 8.0, 4.1, 1.0, 0.3]);
    let nca = Nca::observed(&samples.0, &samples.1).dose(Dose::of(100.0)).analyse()?;
    assert_round_trips(*nca.terminal()?);
    let table = menaquinone::nca::Table::from_iter([("a".to_owned(), nca.clone())]);
    let written = serde_json::to_value(&table).expect("plain data");
    assert_eq!(written[0]["id"], "a");
    assert_eq!(written[0]["metrics"]["auc_inf_obs"], nca.auc_inf_obs()?);
    assert_eq!(written[0]["metrics"]["cavg"], "no dosing interval was given: name it with `tau`");
    assert_eq!(written[0]["metrics"].as_object().map(serde_json::Map::len), Some(METRICS.len()));
    let summary = serde_json::to_value(table.summary(Metric::named("cmax")?)).expect("plain data");
    assert_eq!((&summary["symbol"], &summary["n"], &summary["mean"]), (&"cmax".into(), &1.into(), &8.0.into()));
    assert_eq!(summary["sd"], "a spread needs the values of at least two subjects");
    Ok(())
}

/// Summaries of many people travel between processes: joined after the way they are what they would have been at home.
#[test]
fn summaries_of_many_people() -> Result<(), menaquinone::Error> {
    let (people, times) = (MK4.nominal().population(300, 42)?, grid(0.0..=48.0, 0.7));
    let dosing = Dose::of(1500.0).every(8.0);
    let halves = [people.slice(0..170)?.tally(&dosing, &times)?, people.slice(170..300)?.tally(&dosing, &times)?];
    let travelled = halves.clone().map(|tally| serde_json::to_string(&tally).expect("plain data"));
    let [mut home, second] = halves;
    home.merge(&second)?;
    let [mut away, second] = travelled.map(|json| serde_json::from_str::<Tally>(&json).expect("what was written"));
    away.merge(&second)?;
    assert_eq!(away, home);
    assert_round_trips(home.bands(&[0.05, 0.5, 0.95])?);
    assert_round_trips(home.sketches()[7].clone());
    assert_round_trips(home);
    assert_round_trips(Sketch::default());
    let mut zeros = Sketch::default();
    for value in [0.0, 1e-20, 0.0] {
        zeros.add(value)?;
    }
    assert_round_trips(zeros);
    let window = Window::new(0.0..=48.0)?.above(100.0)?;
    let exposures = people.exposures(&dosing, &window)?;
    assert_round_trips::<Share>(exposures.iter().map(|one| one.time_to.is_some()).collect());
    assert_round_trips(exposures[0]);
    assert_round_trips(people.exposures(&dosing, &Window::new(0.0..=48.0)?)?[0]);
    Ok(())
}

#[test]
fn summaries_that_cannot_be() {
    let sketch = |least: f64, most: f64, bins: &str| {
        format!(
            r#"{{"mean": 1.5, "squares": 0.5, "least": {least:?}, "most": {most:?}, "tiny": 0, "first": 261888, "bins": {bins}}}"#
        )
    };
    let good: Sketch = serde_json::from_str(&sketch(1.0, 1.0, "[2]")).expect("1.0 is in the bin 1023 * 256");
    assert_eq!((good.count(), good.max()), (2, Ok(1.0)));
    let changed = "the bins of a sketch do not hold the numbers from";
    refused_with::<Sketch>(&sketch(1.0, 2.0, "[2]"), changed);
    refused_with::<Sketch>(&sketch(0.5, 1.0, "[2]"), changed);
    refused_with::<Sketch>(&sketch(-1.0, 1.0, "[2]"), "the least number of a sketch is -1, but it must be");
    refused_with::<Sketch>(&sketch(1.0, 1.0, "[0]"), "a sketch has a least and a most number if it has seen any");
    let most = u64::MAX;
    refused_with::<Sketch>(&sketch(1.0, 1.0, &format!("[{most}, 1]")), "counts more numbers than there can be");
    let one = sketch(1.0, 1.0, "[1]");
    let two = sketch(1.0, 1.0, "[2]");
    refused_with::<Tally>(
        &format!(r#"{{"times": [0.0, 6.0], "sketches": [{one}]}}"#),
        "a tally of 2 times has as many sketches, and not 1",
    );
    refused_with::<Tally>(
        &format!(r#"{{"times": [0.0, 6.0], "sketches": [{one}, {two}]}}"#),
        "a tally has seen as many people at every time, but here 1 at 0 h and 2 at 6 h",
    );
    refused_with::<Tally>(r#"{"times": [], "sketches": []}"#, "there are no output times");
    refused_with::<Share>(r#"{"count": 3, "of": 2}"#, "3 of 2 people is no share");
    let bands = |conc: &str| format!(r#"{{"times": [0.0, 6.0], "probabilities": [0.5], "conc": {conc}}}"#);
    refused_with::<Bands>(&bands("[1.0]"), "1 bands at 2 times have 2 concentrations, and not 1");
    refused_with::<Bands>(&bands("[1.0, 2.0]").replace("0.5", "1.5"), "the probability of a quantile is 1.5");
}

/// What can only be written: rows, and results that rest on them.
#[test]
fn rows_and_their_results_are_written() -> Result<(), menaquinone::Error> {
    fn written(value: impl Serialize) -> serde_json::Value {
        serde_json::to_value(value).expect("plain data")
    }
    let diary: Diary = "Mon 08:00 natto 50 g\nTue 08:00 MK-7 capsule 90 ug".parse()?;
    let days = written(diary.intake());
    assert_eq!(days["days"]["Mon"]["MK-7"]["typical"], 469.5);
    assert_eq!(days["days"]["Tue"]["MK-7"], written(food::Amount::exactly(90.0)));
    assert_eq!(days["without"]["MK-4"], serde_json::json!([]));

    let profile = Profile::new(vec![0.0, 24.0], vec![5.0, 5.0])?;
    assert_eq!(written(DP_UCMGP.response(&profile)?)["label"], "dp-ucMGP");
    assert_eq!(written(OSTEOCALCIN.response(&profile)?)["uc"]["unit"], "µg/L");
    let course = CYCLE.course(&State::HABITUAL, Levels { antagonist: &profile, vitamin: &profile })?;
    assert_eq!(written(&course)["notice"], NOTICE);
    assert_eq!(written(course.index())["label"], format!("INR-like index ({NOTICE})"));

    let comparison = observed::named("mk4_tid_cavg")?.compare(MK4.nominal())?;
    assert_eq!(written(comparison)["ratio"], comparison.ratio());
    assert_eq!(written(food::find("natto")?)["name"], "natto");
    assert_eq!(written(MK4.nominal())["rows"][0]["symbol"], "t_half");
    assert_eq!(written(MK4.formulation("syrup")?)["name"], "syrup");
    assert_eq!(written(MK4.meal_table("printed")?)["name"], "printed");
    assert_eq!(written(intake::band("efsa_k1")?)["low"], 70.0);
    assert_eq!(written(&intake::check(&MK4, Dose::of(90.0))?)[0]["kind"], "antagonist");
    assert_eq!(written(what_if::named("natto_f_90")?)["claim"], 5);
    Ok(())
}

#[test]
fn a_lag_and_a_fraction_may_be_left_out() {
    let read: Parameters = toml::from_str("cl = 1.27\nv = 154.0\nka = 1.0").expect("three numbers are enough");
    assert_eq!(read, Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 });
}

/// Asserts that the text is refused in JSON with a sentence that holds those words.
fn refused_with<T: DeserializeOwned + Debug>(json: &str, words: &str) {
    let error = serde_json::from_str::<T>(json).expect_err(json).to_string();
    assert!(error.contains(words), "{error}");
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    refused_with::<Parameters>(r#"{"cl": 1.0, "v": 2.0, "ka": 1.0, "lag": 1.0}"#, "unknown field `lag`");
    refused_with::<Parameters>(r#"{"cl": 1.0, "v": 2.0}"#, "missing field `ka`");
    refused_with::<Parameters>(r#"{"cl": "fast", "v": 2.0, "ka": 1.0}"#, "expected f64");
    refused_with::<TwoCompartment>(r#"{"cl": 1.0, "v1": 2.0, "v2": 1.0}"#, "missing field `q`");
    refused_with::<Absorption>(r#"[{"process": {"SecondOrder": {"ka": 1.0}}}]"#, "unknown variant `SecondOrder`");
    refused_with::<Profile>(r#"{"times": [0.0], "conc": [1.0], "unit": "ug/L"}"#, "unknown field `unit`");
    refused_with::<Exposure>(r#"{"tau": 24.0}"#, "missing field `cmax`");
}

#[test]
fn what_cannot_be_is_refused_with_its_sentence() {
    let body = r#""disposition": {"OneCompartment": {"cl": -1.0, "v": 20.0}}"#;
    let model = format!(r#"{{"absorption": [{{"process": "Bolus"}}], {body}}}"#);
    refused_with::<Model>(&model, "cl is -1 L/h, but it must be a positive, finite number");
    refused_with::<Profile>(r#"{"times": [1.0, 0.0], "conc": [1.0, 1.0]}"#, "output times must not decrease");
    refused_with::<Regimen>(r#""90 ug q24""#, "q24");
    refused_with::<Repeating>(r#""90 ug q24h x7""#, "ends after 7 doses");
    let nan = toml::from_str::<Table<Profile>>("[value]\ntimes = [nan]\nconc = [1.0]").expect_err("NaN is no time");
    assert!(nan.to_string().contains("output time 1 is NaN"), "{nan}");
}
