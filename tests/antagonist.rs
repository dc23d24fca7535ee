//! The vitamin K cycle under an antagonist: a research illustration, not for clinical use. Its equations against closed forms
//! and another solver setting, its rows against docs/PARAMETERS.md, and what it shows against what was printed.

mod common;

use common::near_abs;
use std::fmt::Write;

use menaquinone::antagonist::*;
use menaquinone::vitamer::{Basis, MK4, MK7, Row};
use menaquinone::{Dose, Profile, Regimen, Result, grid, units::*};

const PARAMETERS: &str = include_str!("../docs/PARAMETERS.md");
const VALIDATION: &str = include_str!("../docs/VALIDATION.md");

fn constant(level: f64, times: &[f64]) -> Profile {
    Profile::new(times.to_vec(), vec![level; times.len()]).unwrap()
}

/// From a stable index, with a constant level of the antagonist and this MK-7.
fn on_a_stable(index: f64, cycle: &Cycle, vitamin: &Profile) -> Course {
    let level = cycle.level_for(index).unwrap();
    let antagonist = constant(level, vitamin.times());
    cycle.course(&cycle.steady(level).unwrap(), Levels { antagonist: &antagonist, vitamin }).unwrap()
}

fn mk7(regimen: &str, weeks: f64) -> Profile {
    MK7.model().profile(regimen.parse::<Regimen>().unwrap(), &grid(0.0..=weeks * WEEK, HOUR)).unwrap()
}

fn at(course: &Course, time: f64) -> f64 {
    let index = course.index();
    let i = index.times().iter().position(|t| *t == time).unwrap();
    index.values()[i]
}

// ---------------------------------------------------------------- laws

#[test]
fn without_an_antagonist_no_dose_changes_anything() -> Result<()> {
    let times = grid(0.0..=8.0 * WEEK, HOUR);
    let none = constant(0.0, &times);
    let mk4 = MK4.model().profile(Dose::of(15.0 * MG).every(8.0 * HOUR).times(168), &times)?; // 45 mg a day
    let mk7 = MK7.model().profile(Dose::of(MG).every(DAY).times(56), &times)?;
    for vitamin in [&none, &mk4, &mk7] {
        for k1 in [0.0, 200.0, 10_000.0] {
            let course = CYCLE.with_k1(k1)?.course(&State::HABITUAL, Levels { antagonist: &none, vitamin })?;
            for index in course.index().values() {
                near_abs(*index, 1.0, 1e-6);
            }
        }
        // On the habitual K1 it stays to the last bit.
        let course = CYCLE.course(&State::HABITUAL, Levels { antagonist: &none, vitamin })?;
        assert!(course.index().values().iter().all(|index| *index == 1.0));
        assert!(course.states().iter().all(|state| Factor::ALL.iter().all(|factor| state.factor(*factor) == 1.0)));
    }
    Ok(())
}

#[test]
fn a_constant_antagonist_leads_where_the_closed_form_says() -> Result<()> {
    for (index, cycle) in [(1.5, CYCLE), (2.0, CYCLE), (3.5, CYCLE), (2.5, CYCLE.with_k1(150.0)?)] {
        let level = cycle.level_for(index)?;
        let steady = cycle.steady(level)?;
        near_abs(cycle.index(&steady), index, 1e-12);
        let times = grid(0.0..=40.0 * WEEK, DAY);
        let levels = Levels { antagonist: &constant(level, &times), vitamin: &constant(0.0, &times) };
        let end = cycle.course(&State::HABITUAL, levels)?.end();
        near_abs(cycle.index(&end), index, 1e-7);
        for factor in Factor::ALL {
            near_abs(end.factor(factor), steady.factor(factor), 1e-7);
        }
        // Where it is steady, it stays.
        for value in cycle.course(&steady, levels)?.index().values() {
            near_abs(*value, index, 1e-9);
        }
    }
    Ok(())
}

/// When nothing is made any more, every factor falls with its own half-life: 69, 5.8, 24, 38.5, 14 and 42 h.
#[test]
fn factors_fall_with_their_half_lives_when_nothing_is_made() -> Result<()> {
    let cycle = Cycle { b: 1e3, ..CYCLE }; // the hydroquinone is gone in seconds
    let times = grid(0.0..=72.0, 1.0);
    let levels = Levels { antagonist: &constant(1e12, &times), vitamin: &constant(0.0, &times) };
    let course = cycle.course(&State::HABITUAL, levels)?;
    for (factor, kd) in Factor::ALL.into_iter().zip(CYCLE.kd) {
        for (time, value) in course.factor(factor).iter() {
            near_abs(value, (-kd * time).exp(), 5e-4);
        }
    }
    let half_lives = CYCLE.kd.map(|kd| std::f64::consts::LN_2 / kd);
    for (found, printed) in half_lives.into_iter().zip([69.0, 5.8, 24.0, 38.5, 14.0, 42.0]) {
        near_abs(found, printed, 0.5);
    }
    Ok(())
}

/// The samples of the levels are what limits a course: half the gap, a quarter of the error.
#[test]
fn a_course_converges_with_the_square_of_the_step() {
    let model = MK7.set("literature_1cpt").unwrap().model();
    let end = |step: f64| {
        let regimen = Dose::of(45.0 * UG).every(DAY).times(14);
        let vitamin = model.profile(regimen, &grid(0.0..=2.0 * WEEK, step)).unwrap();
        on_a_stable(2.0, &CYCLE, &vitamin).index().last()
    };
    let exact = end(0.0625);
    let errors = [1.0, 0.5, 0.25].map(|step| (end(step) - exact).abs());
    assert!(errors[0] < 1e-3, "{errors:?}");
    assert!(errors[0] / errors[1] > 3.5 && errors[1] / errors[2] > 3.5, "{errors:?}");
}

/// Going on from the end of a course is the same as one long course.
#[test]
fn courses_can_be_put_together() -> Result<()> {
    let level = CYCLE.level_for(2.0)?;
    let part = |from: f64, to: f64, start: &State| {
        let times = grid(from..=to, HOUR);
        let vitamin = MK7.model().profile(Dose::of(45.0).every(DAY).times(28), &times).unwrap();
        CYCLE.course(start, Levels { antagonist: &constant(level, &times), vitamin: &vitamin }).unwrap()
    };
    let start = CYCLE.steady(level)?;
    let whole = part(0.0, 2.0 * WEEK, &start).index().last();
    let halves = part(WEEK, 2.0 * WEEK, &part(0.0, WEEK, &start).end()).index().last();
    near_abs(halves, whole, 1e-9);
    Ok(())
}

// ---------------------------------------------------------------- what was printed

/// Theuwissen 2013: 10, 20 and 45 µg a day, two weeks each, on a stable index of 2.0.
fn theuwissen() -> Course {
    on_a_stable(2.0, &CYCLE, &mk7("10 ug q24h x14 then 20 ug q24h x14 then 45 ug q24h x14", 6.0))
}

/// The index after K1 has been taken for some days on a stable index.
fn with_k1(index: f64, extra: f64, days: f64) -> f64 {
    let cycle = CYCLE.with_k1(extra).unwrap();
    let level = CYCLE.level_for(index).unwrap();
    let times = grid(0.0..=days * DAY, HOUR);
    let levels = Levels { antagonist: &constant(level, &times), vitamin: &constant(0.0, &times) };
    cycle.course(&CYCLE.steady(level).unwrap(), levels).unwrap().index().last()
}

#[test]
fn the_document_prints_what_the_illustration_gives() {
    let course = theuwissen();
    let [ten, twenty, forty] = [2.0, 4.0, 6.0].map(|weeks| at(&course, weeks * WEEK));
    let lines = [
        format!("| Theuwissen 2013 | MK-7 45 µg, third step, 2 weeks | 2.00 | 1.20 (-40 %) | {forty:.2} | fit |"),
        format!(
            "| Theuwissen 2013 | MK-7 10 µg, first step, 2 weeks | 2.00 | relevant in 40 % of people or more | {ten:.2} | check |"
        ),
        format!(
            "| Theuwissen 2013 | MK-7 20 µg, second step, 2 weeks | 2.00 | relevant in 60 % of people or more | {twenty:.2} | check |"
        ),
        format!(
            "| Khan 2004 | K1 +100 µg, 4 days | 2.50 (assumed) | 2.30 (-0.2) | {:.2} | check |",
            with_k1(2.5, 100.0, 4.0)
        ),
        format!(
            "| J Pharm Care (Tehran) | K1 +100 µg from vegetables, 1 week | 2.43 | 2.08 | {:.2} | check |",
            with_k1(2.43, 100.0, 7.0)
        ),
        format!(
            "| Schurgers 2004 | K1 +150 µg, 1 week | 2.00 (assumed) | first significant fall | {:.2} | check |",
            with_k1(2.0, 150.0, 7.0)
        ),
    ];
    let table = lines.join("\n");
    assert!(VALIDATION.contains(&table), "docs/VALIDATION.md lacks this table:\n{table}");
}

#[test]
fn forty_five_micrograms_lower_the_index_by_forty_per_cent() {
    let course = theuwissen();
    near_abs(at(&course, 6.0 * WEEK) / 2.0 - 1.0, -0.40, 0.002);
    let falls = [2.0, 4.0].map(|weeks| 1.0 - at(&course, weeks * WEEK) / 2.0);
    assert!(falls[0] > 0.10 && falls[1] > 0.20 && falls[0] < falls[1], "10 and 20 µg are seen: {falls:?}");
}

/// What the document says beside the table.
#[test]
fn the_sentences_of_the_document_hold() {
    let course = theuwissen();
    let uncarboxylated = course.factor(Factor::II);
    let fall = 100.0 * ((1.0 - uncarboxylated.last()) / (1.0 - uncarboxylated.values()[0]) - 1.0);
    let dose = |cycle: Cycle| cycle.level_for(2.0).unwrap() * WARFARIN.cl * DAY / MG;
    let (wajima, hartmann) = (dose(CYCLE), dose(Cycle { ic50: 135.0, ..CYCLE }));
    let sentences = [
        format!("as `1 - F_II` falls by {:.0} %", -fall),
        format!("is {wajima:.1} mg a day with Wajima's IC50 and {hartmann:.1} with Hartmann's"),
    ];
    for sentence in sentences {
        assert!(VALIDATION.contains(&sentence), "docs/VALIDATION.md does not say `{sentence}`");
    }
    // The guess: another saturation, another scale of MK-7, the same -40 %.
    assert!(VALIDATION.contains("`mk7_per_dose` becomes 0.068 or 0.047 d/µg"));
    for (saturation, mk7_per_dose) in [(1.0, 0.068), (10.0, 0.047)] {
        let cycle = Cycle { saturation, mk7: mk7_per_dose * 1.27 * 24.0, ..CYCLE };
        let vitamin = mk7("10 ug q24h x14 then 20 ug q24h x14 then 45 ug q24h x14", 6.0);
        near_abs(on_a_stable(2.0, &cycle, &vitamin).index().last(), 1.2, 0.005);
    }
}

#[test]
fn k1_acts_within_a_week_and_less_by_mass() -> Result<()> {
    near_abs(with_k1(2.5, 100.0, 4.0), 2.3, 0.15); // Khan 2004
    near_abs(with_k1(2.43, 100.0, 7.0), 2.08, 0.05); // Tehran
    assert!(with_k1(2.0, 150.0, 7.0) < 1.7);
    // 3 to 15 by mass, from 10-45 µg of MK-7 against the threshold of 150 µg of K1.
    let row = |symbol: &str| ROWS.iter().find(|row| row.symbol == symbol).unwrap().value;
    let potency = row("mk7_per_dose") * row("k1_habit");
    assert!((3.0..=15.0).contains(&potency), "{potency}");
    near_abs(row("mk7"), row("mk7_per_dose") * 1.27 * 24.0, 5e-4);
    let steady = MK7.model().steady_state(Dose::of(UG).every(DAY))?;
    near_abs(CYCLE.anchored(steady.cavg())?.mk7, CYCLE.mk7, 5e-4);
    Ok(())
}

#[test]
fn the_steepness_of_the_index_follows_from_printed_medians() {
    let fall = [132.0_f64 / 25.0, 125.0 / 47.0, 108.0 / 15.0].map(f64::ln).iter().sum::<f64>() / 3.0;
    near_abs(CYCLE.power, (2.16_f64 / 1.02).ln() / fall, 5e-4);
}

/// Both taken daily for good, the MK-7 from the fifth week on, with the antagonist or some hours later: the index in the
/// twelfth week.
fn taken(set: &str, hours: f64) -> Vec<f64> {
    let model = MK7.set(set).unwrap().model();
    let per_dose = model.steady_state(Dose::of(UG).every(DAY)).unwrap().cavg();
    let daily = CYCLE.level_for(2.0).unwrap() * WARFARIN.cl * DAY;
    let times = grid(0.0..=12.0 * WEEK, 0.5 * HOUR);
    let antagonist = WARFARIN.model().unwrap().profile(Dose::of(daily).every(DAY).times(84), &times).unwrap();
    let vitamin = model.profile(Dose::of(45.0).every(DAY).times(56).at(4.0 * WEEK + hours), &times).unwrap();
    let levels = Levels { antagonist: &antagonist, vitamin: &vitamin };
    let course = CYCLE.anchored(per_dose).unwrap().course(&State::HABITUAL, levels).unwrap();
    course.index().iter().filter(|(time, _)| *time > 11.0 * WEEK).map(|(_, index)| index).collect()
}

/// "Take the two four hours apart" is popular advice. They meet in the liver, not in the gut.
#[test]
fn four_hours_apart_change_next_to_nothing() {
    for set in ["nominal", "literature_2cpt"] {
        let (together, apart) = (taken(set, 0.0), taken(set, 4.0 * HOUR));
        let differences: Vec<f64> = together.iter().zip(&apart).map(|(a, b)| a - b).collect();
        let largest = differences.iter().map(|d| d.abs()).fold(0.0, f64::max);
        let mean = (differences.iter().sum::<f64>() / 336.0).abs();
        let sentence = format!("`{set}`: at most {largest:.4} at any hour, {mean:.4} on average");
        assert!(VALIDATION.contains(&sentence), "docs/VALIDATION.md does not say `{sentence}`");
        assert!(largest < 0.02 && mean < 0.005);
        assert!(together.iter().chain(&apart).all(|index| *index < 1.3), "both lose the effect of the antagonist");
    }
}

// ---------------------------------------------------------------- what it says of itself

#[test]
fn every_output_carries_the_notice() {
    let course = on_a_stable(2.0, &CYCLE, &mk7("45 ug q24h x7", 1.0));
    let responses = [course.index(), course.hydroquinone()].into_iter().chain(Factor::ALL.map(|f| course.factor(f)));
    for response in responses {
        assert!(response.label().contains(NOTICE), "{}", response.label());
    }
    assert!(course.to_string().contains(NOTICE));
    assert!(serde_json::to_string(&course).unwrap().contains(NOTICE));
    assert!(CYCLE.level_for(0.9).unwrap_err().to_string().contains(NOTICE));
    for file in ["mod", "cycle", "course", "facts"] {
        let path = format!("{}/../src/antagonist/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(file == "facts" || text.contains("NOTICE"), "{file}");
        for item in text.split("\n\n").filter(|part| part.contains("pub static") || part.contains("pub struct C")) {
            assert!(item.contains(NOTICE) || item.contains("ROWS"), "{file} documents without the notice:\n{item}");
        }
    }
    assert!(PARAMETERS.contains(NOTICE) && VALIDATION.contains(NOTICE));
}

#[test]
fn bad_input_gets_a_sentence() {
    let times = [0.0, 24.0];
    let (some, other) = (constant(1.0, &times), constant(1.0, &[0.0, 25.0]));
    let says = |cycle: Cycle, antagonist: &Profile, vitamin: &Profile| {
        cycle.course(&State::HABITUAL, Levels { antagonist, vitamin }).unwrap_err().to_string()
    };
    assert_eq!(
        says(CYCLE, &some, &other),
        "the antagonist has 2 times and the vitamin 2, or other ones: simulate both at the same times"
    );
    let twice = constant(1.0, &[3.0, 3.0]);
    assert_eq!(says(CYCLE, &twice, &twice), "the time 3 h stands twice: the times must rise");
    let below = Profile::new(times.to_vec(), vec![1.0, -1.0]).unwrap();
    assert_eq!(says(CYCLE, &some, &below), "the level of the vitamin at 24 h is -1 µg/L, but it must be zero or above");
    assert_eq!(
        says(Cycle { imax: 1.5, ..CYCLE }, &some, &some),
        "imax is 1.5, but it must be a fraction above 0 and at most 1"
    );
    assert_eq!(
        says(Cycle { kd: [f64::NAN; 6], ..CYCLE }, &some, &some),
        "kd of II is NaN 1/h, but it must be a positive, finite number"
    );
    let weak = Cycle { imax: 0.2, ..CYCLE };
    for (cycle, index) in [(CYCLE, 1.0), (CYCLE, f64::NAN), (CYCLE, f64::INFINITY), (weak, 4.0)] {
        assert_eq!(
            cycle.level_for(index).unwrap_err().to_string(),
            format!(
                "no level of the antagonist holds the index at {index}: ask for a number above 1 that its imax of {} can \
                 reach (research illustration, not for clinical use)",
                cycle.imax
            )
        );
    }
    assert_eq!(
        CYCLE.with_k1(-1.0).unwrap_err().to_string(),
        "the extra K1 is -1 µg a day, but it must be a finite number, zero or above"
    );
    assert!(CYCLE.steady(f64::NAN).is_err() && CYCLE.anchored(0.0).is_err());
    // One sample is a course of one state.
    let one = constant(5.0, &[7.0]);
    assert_eq!(
        CYCLE.course(&State::HABITUAL, Levels { antagonist: &one, vitamin: &one }).unwrap().end(),
        State::HABITUAL
    );
}

#[test]
fn the_document_prints_every_row() {
    let mut text = format!("### Antagonist: {NOTICE}\n\n");
    text += "| symbol | in print | meaning | value | unit | range | CV | basis | source |\n";
    text += "|---|---|---|---|---|---|---|---|---|\n";
    for row in ROWS {
        let Row { symbol, label, meaning, value, unit, basis, source, .. } = row;
        assert!(value.is_finite() && !source.is_empty() && !source.contains('|'), "{row:?}");
        let (range, cv) = (row.range_text(), row.cv_text());
        let unit = if unit.is_empty() { "-" } else { unit };
        writeln!(text, "| `{symbol}` | {label} | {meaning} | {value} | {unit} | {range} | {cv} | {basis} | {source} |")
            .unwrap();
    }
    assert!(PARAMETERS.contains(&text), "docs/PARAMETERS.md lacks this:\n\n{text}");
    assert!(ROWS.iter().any(|row| row.symbol == "saturation" && row.basis == Basis::Assumed));
}
