//! Doses for targets: whether they are met, how likely, and what is said where none can be.
#![expect(clippy::cast_precision_loss, reason = "counts")]

use menaquinone::assay::ResidualError;
use menaquinone::fit::{Aim, Posterior, Sampled, Samples, Target, Theory, fixed, whole_pieces};
use menaquinone::population::{Population, Window};
use menaquinone::{Bolus, Dose, FirstOrder, Model, OneCompartment, Regimen, Repeating, units::*, vitamer::MK7};

fn model() -> Model {
    MK7.model()
}

fn daily() -> Repeating {
    Dose::of(90.0 * UG).every(DAY)
}

fn person() -> Posterior {
    let (cl, v) = (fixed(1.27).varying(0.35), fixed(154.0).varying(0.35));
    let theory = Theory::new(FirstOrder { ka: 1.0 }, OneCompartment { cl, v })
        .and_then(|theory| theory.with_error(ResidualError::Proportional { cv: 0.15 }))
        .expect("a theory");
    let levels = Samples::new(&[312.0, 317.0], &[1.1, 1.7]).expect("samples");
    theory.posterior(&Sampled::new("90 ug daily for 14 days".parse().expect("a regimen"), levels)).expect("a posterior")
}

fn refused<T>(outcome: menaquinone::Result<T>, sentence: &str) {
    assert_eq!(outcome.err().expect("an error").to_string(), sentence);
}

fn reached(model: &Model, dosing: &Repeating, window: &Window) -> menaquinone::population::Reached {
    let course = Regimen::from(dosing.clone());
    Population::of(vec![model.clone()], 0).and_then(|one| one.exposures(&course, window)).expect("a course")[0]
}

/// Each aim is met by the amount that is found, as another way of looking says.
#[test]
fn one_body_meets_each_target_exactly() {
    for model in [model(), model().with_baseline(0.3).expect("a model")] {
        let find =
            |target: menaquinone::Result<Target>| model.dosing_for(daily(), target.expect("a target")).expect("a dose");
        let cycle = |dosing: &Repeating| model.steady_state(dosing.clone()).expect("a cycle");
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-10, "{a} {b}");
        close(cycle(&find(Target::ctrough(2.0..=4.0)).dosing).ctrough(), 3.0);
        close(cycle(&find(Target::cmax(..=8.0)).dosing).cmax(), 4.0);
        close(cycle(&find(Target::cavg(5.0..)).dosing).cavg(), 5.0);
        close(cycle(&find(Target::auc_tau(100.0..=140.0)).dosing).auc_tau(), 120.0);
        let found = find(Target::ctrough_at(10.0 * DAY, 2.5..));
        close(model.concentrations(&found.dosing, &[10.0 * DAY]).expect("a level")[0], 2.5);
        close(found.reached, 2.5);
        let found = find(Target::cmax_within(6.0 * DAY..=7.0 * DAY, 4.0..));
        close(reached(&model, &found.dosing, &Window::new(6.0 * DAY..=7.0 * DAY).expect("a window")).cmax, 4.0);
        let found = find(Target::auc_within(0.0..=WEEK, 300.0..));
        close(reached(&model, &found.dosing, &Window::new(0.0..=WEEK).expect("a window")).auc, 300.0);
        let found = find(Target::time_above(2.0, 0.4..));
        close(cycle(&found.dosing).time_above(2.0), 0.4 * DAY);
        close(found.reached, 0.4);
        let found = find(Target::time_within(2.0..=3.0, 0.5..));
        let ss = cycle(&found.dosing);
        close(found.reached, (ss.time_above(2.0) - ss.time_above(3.0)) / DAY);
        assert!(found.reached >= 0.5);
    }
}

#[test]
fn a_trough_at_a_date_is_that_before_the_dose_then() {
    let bolus = Model::new(Bolus, OneCompartment { cl: 1.0, v: 10.0 }).expect("a model");
    let dosing = Dose::iv(100.0).every(12.0);
    let target = Target::ctrough_at(24.0, 3.0..).expect("a target");
    let expected = 10.0 * ((-2.4_f64).exp() + (-1.2_f64).exp());
    assert!((target.of(&bolus, &dosing).expect("a level") - expected).abs() < 1e-12);
    let found = bolus.dosing_for(dosing, target).expect("a dose");
    assert!((found.dosing.doses()[0].1.amount - 300.0 / expected).abs() < 1e-9);
}

/// The share of a cycle above a level: by a fine grid of the curve, of two compartments and two doses a day too.
#[test]
fn time_above_a_level_is_that_of_the_curve() {
    let k1 = menaquinone::vitamer::K1.set("literature_1cpt").expect("a set").model();
    for (model, dosing) in [
        (model(), "90 ug q24h"),
        (
            menaquinone::vitamer::MK7.set("literature_2cpt").expect("a set").model(),
            "(90 ug at 0h and 45 ug at 6h) q24h",
        ),
        (k1, "500 ug q8h"),
    ] {
        let dosing = Repeating::try_from(dosing.parse::<Regimen>().expect("a regimen")).expect("a cycle");
        let ss = model.steady_state(dosing).expect("a cycle");
        let n = 240_000;
        let times: Vec<f64> = (0..n).map(|i| ss.tau() * (f64::from(i) + 0.5) / f64::from(n)).collect();
        let conc = ss.profile(&times).expect("a curve");
        for share in [0.1, 0.5, 0.9] {
            let level = ss.cmin() + share * (ss.cmax() - ss.cmin());
            let counted = conc.conc().iter().filter(|conc| **conc >= level).count() as f64 / f64::from(n);
            assert!((ss.time_above(level) / ss.tau() - counted).abs() < 3.0 / f64::from(n), "{share}");
        }
    }
}

/// The probability that is said is that of a count, the interval that of Wilson, and no other amount does better.
#[test]
fn probabilities_are_those_of_a_count() {
    let people = MK7.nominal().population(50, 42).expect("people");
    for target in [
        Target::ctrough(2.0..=4.0),
        Target::cavg(3.0..),
        Target::cmax(..=6.0),
        Target::ctrough_at(WEEK, 1.0..=2.0),
        Target::time_above(3.0, 0.5..),
        Target::time_within(2.0..=6.0, 0.9..),
    ] {
        let target = target.expect("a target");
        let found = people.dosing_for(daily(), target).expect("a dose");
        let share = |dosing: &Repeating| {
            let meets = |model: &&Model| target.meets(target.of(model, dosing).expect("a value"));
            people.models().iter().filter(meets).count()
        };
        assert!(share(&found.dosing).abs_diff(usize::try_from(found.share.count()).expect("a count")) <= 1, "{target}");
        assert_eq!(found.probability, found.share.share().expect("a share"));
        let is_range = target.to_string().contains(" to ");
        for factor in [0.8, 1.1, 1.5] {
            let other = share(&found.dosing.clone().scaled(factor));
            assert!(!is_range || other <= share(&found.dosing) + 1, "{target} {factor}");
        }
    }
    let rows = people
        .attainment(daily(), Target::ctrough(2.0..=4.0).expect("a target"), &[45.0, 90.0, 135.0, 180.0, 360.0])
        .expect("rows");
    let ranked =
        people.rank(&rows.iter().map(|row| row.dosing.clone()).collect::<Vec<_>>(), rows[0].target).expect("a choice");
    let most = rows.iter().map(|row| row.share.count()).max().expect("rows");
    assert_eq!(ranked[0].share.count(), most);
    let (low, high) = rows[2].share.interval(0.95).expect("an interval").into_inner();
    assert!(low < rows[2].probability && rows[2].probability < high);
}

#[test]
fn a_dose_reads_in_few_digits() {
    let found = model().dosing_for(daily(), Target::ctrough(2.0..=4.0).expect("a target")).expect("a dose");
    let text = found.to_string();
    assert!(text.starts_with("100.3 ug q24h: a trough of 3 µg/L, wanted 2 to 4 µg/L. A calculation"), "{text}");
    let found =
        person().dosing_for(daily(), Target::time_above(2.0, 0.5..).expect("a target"), (400, 42)).expect("a dose");
    let text = found.to_string();
    assert!(
        text.contains(" of 400 bodies. A calculation for research, not advice") && text.contains("% of the time"),
        "{text}"
    );
    assert!(text.split(' ').next().expect("an amount").len() <= 5, "{text}");
}

#[test]
fn whole_pieces_are_all_that_can_be_made_of_them() {
    let all = whole_pieces(&[45.0, 90.0, 180.0], 3, &[DAY, 2.0 * DAY]).expect("pieces");
    let mut amounts: Vec<f64> = all.iter().map(|dosing| dosing.doses()[0].1.amount).collect();
    assert_eq!(amounts.len(), 2 * 7); // 45 90 180 | 360 | 135 270 540, each daily and every other day
    amounts.sort_by(f64::total_cmp);
    amounts.dedup();
    assert_eq!(amounts, [45.0, 90.0, 135.0, 180.0, 270.0, 360.0, 540.0]);
    let ranked = person().rank(&all, Target::ctrough(2.0..=4.0).expect("a target"), (400, 42)).expect("a choice");
    assert_eq!(ranked.len(), all.len());
    refused(
        whole_pieces(&[], 2, &[DAY]),
        "there is nothing to choose from: give a size, an interval and at least one piece",
    );
    refused(whole_pieces(&[0.0], 2, &[DAY]), "the size of a piece is 0 µg, but it must be a positive, finite number");
}

#[test]
fn the_next_dose_is_due_when_the_level_has_fallen() {
    let course: Regimen = "90 ug q24h x20".parse().expect("a regimen");
    let (model, now) = (model(), 19.0 * DAY);
    let due = model.next_dose(&course, 1.5, now).expect("a time");
    let conc = model.concentrations(&course, &[due, due + 1.0]).expect("levels");
    assert!((conc[0] - 1.5).abs() < 1e-12 && conc[1] < 1.5);
    // Doses after now are not taken.
    let later = model.next_dose(&"90 ug q24h x40".parse().expect("a regimen"), 1.5, now).expect("a time");
    assert_eq!(later, due);
    // A level that lies below already, and one that is never come to.
    assert_eq!(model.next_dose(&course, 50.0, now).expect("a time"), now);
    let above = model.clone().with_baseline(2.0).expect("a model");
    refused(above.next_dose(&course, 1.5, now), "the level never falls to 1.5 µg/L: the baseline is 2 µg/L");
    let next = person().next_dose(0.8, 13.5 * DAY, (400, 42)).expect("a time");
    assert!(next.early <= next.time && next.time <= next.late);
    assert!(
        next.to_string().starts_with("the level falls to 0.8 µg/L at ")
            && next.to_string().ends_with("research, not advice")
    );
}

#[test]
fn what_no_dose_reaches_is_said_in_a_sentence() {
    let low = model().with_baseline(3.0).expect("a model");
    refused(
        low.dosing_for(daily(), Target::ctrough_at(WEEK, 1.0..=2.0).expect("a target")),
        "no dose of these times reaches a level of 1 to 2 µg/L at 168 h: the baseline is above it, or the dose does not raise it",
    );
    let fast = Model::new(Bolus, OneCompartment { cl: 10.0, v: 10.0 }).expect("a model");
    refused(
        fast.dosing_for(Dose::iv(10.0).every(DAY), Target::time_within(1.0..=2.0, 0.5..).expect("a target")),
        "no dose of these times reaches a level of 1 to 2 µg/L for 50 % of the time or more: the most that any amount reaches is 3 % of the time; take smaller doses more often",
    );
    refused(
        Target::time_above(1.0, 50.0..),
        "the target range is 50 to inf, but it is one of shares of time, which lie within 0 and 1 (0.5 is half of it)",
    );
    refused(
        Target::new(Aim::TroughAt(-1.0), 1.0..),
        "the aim is TroughAt(-1.0), but its levels and times must be finite, above zero and in order",
    );
    refused(
        MK7.nominal().population(20, 1).and_then(|people| people.attainment(daily(), Target::cavg(1.0..)?, &[])),
        "there is no amount to ask about: give at least one",
    );
}
