//! The ledger of claims is whole, its verdicts are known words, and every what-if preset is in it.

use std::collections::BTreeSet;

use menaquinone::antagonist::{CYCLE, Course};
use menaquinone::food::{self, Form};
use menaquinone::marker::{OTHER_VITAMERS, Turnover};
use menaquinone::vitamer::MK7;
use menaquinone::what_if::{self, Change, PRESETS, Verdict};
use menaquinone::{Dose, ErrorKind, Parameters, diary::Diary, grid, intake, units::*};

const LEDGER: &str = include_str!("../docs/CLAIMS.md");

/// The cells of every row with a number: number, what is said, what is known, verdict, in the crate.
fn rows() -> Vec<[String; 5]> {
    let cells = |line: &str| {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
        <[String; 5]>::try_from(cells).unwrap_or_else(|cells| panic!("not five cells: {cells:?}"))
    };
    let numbered =
        |line: &&str| line.strip_prefix("| ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    LEDGER.lines().filter(numbered).map(cells).collect()
}

#[test]
fn the_ledger_has_every_claim_in_order() {
    let numbers: Vec<_> = rows().iter().map(|row| row[0].parse::<usize>().unwrap()).collect();
    assert_eq!(numbers, (1..=51).collect::<Vec<_>>());
}

#[test]
fn every_claim_says_whose_it_is_what_is_known_and_what_the_crate_does() {
    for [number, says, known, _, here] in rows() {
        assert!(["A: ", "B: ", "A, B: "].iter().any(|whose| says.starts_with(whose)), "{number}: {says}");
        assert!(known.chars().count() > 10 && here.chars().count() >= 4, "{number}");
    }
}

#[test]
fn every_verdict_is_a_known_word_and_the_score_is_their_count() {
    let words = Verdict::ALL.map(|verdict| verdict.to_string());
    let mut counts = [0; 5];
    for [number, _, _, verdict, _] in rows() {
        let at = words.iter().position(|word| *word == verdict);
        counts[at.unwrap_or_else(|| panic!("{number}: `{verdict}` is no verdict"))] += 1;
    }
    assert_eq!(counts, [14, 8, 14, 12, 3]);
    assert!(LEDGER.contains("Of 51 claims 14 are right, 8 partly, 14 wrong, 12 unsupported and 3 out of scope"));
}

#[test]
fn every_grade_is_explained() {
    for (at, _) in LEDGER.match_indices('[') {
        let inside = LEDGER[at + 1..].split(']').next().unwrap();
        let short = inside.len() <= 4 && inside.chars().all(|c| c.is_ascii_uppercase() || ", ".contains(c));
        if short {
            for grade in inside.split(", ") {
                assert!(LEDGER.contains(&format!("[{grade}] ")), "{grade}");
                assert!(["P", "T", "C", "S", "D", "M"].contains(&grade), "{grade}");
            }
        }
    }
}

#[test]
fn every_preset_is_in_the_row_of_its_claim() {
    let rows = rows();
    for preset in PRESETS {
        let row = &rows[usize::from(preset.claim) - 1];
        assert!(row[4].contains(&format!("`{}`", preset.name)), "claim {} does not name {}", preset.claim, preset.name);
    }
    let unknown = LEDGER.split("what-if `").skip(1).map(|rest| rest.split('`').next().unwrap());
    unknown
        .for_each(|name| assert!(what_if::named(name).is_ok(), "the ledger names a what-if {name} that is not there"));
}

/// Names in backticks are those of foods, bands and presets, or of code that is used below.
#[test]
fn what_the_ledger_names_is_there() {
    const CODE: [&str; 24] = [
        "MK4.nominal()",
        "MK7.baseline(\"nw_europe\")",
        "MK7.formulation(\"tablet\")",
        "Model::with_endogenous",
        "Turnover::at_egfr",
        "egfr_changes",
        "DailyIntake::without",
        "Diary",
        "natto 50 g",
        "food",
        "food::find(\"natto\")",
        "antagonist",
        "antagonist::CYCLE",
        "antagonist::Course::index",
        "intake::check",
        "compare_vitamers",
        "natto_week",
        "simulate",
        "warfarin",
        "marker::OSTEOCALCIN",
        "marker::DP_UCMGP",
        "DP_CMGP",
        "T_UCMGP",
        "marker::OTHER_VITAMERS",
    ];
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for [number, .., here] in rows() {
        for name in here.split('`').skip(1).step_by(2) {
            let code = CODE.iter().find(|code| **code == name);
            let known = what_if::named(name).is_ok() || intake::band(name).is_ok() || food::find(name).is_ok();
            assert!(known || code.is_some(), "claim {number} names `{name}`, which is not there");
            used.extend(code.copied());
        }
    }
    assert_eq!(used.len(), CODE.len(), "a name of the list is in no row");
    // What the rows say of the names.
    let miso: Diary = "Mon 08:00 miso 20 g".parse().unwrap();
    assert_eq!(miso.intake().without(&MK7), ["miso"]);
    let _ = (Turnover::at_egfr, Turnover::egfr_changes, Course::index, CYCLE);
    let natto: Diary = "Mon 08:00 natto 50 g".parse().unwrap();
    assert_eq!(natto.regimen(&MK7).to_string(), "469.5 ug with 5.5 g fat at 8h");
    let per_100_g = |name: &str, form: Form| food::find(name).unwrap().content(form).unwrap().typical();
    assert_eq!(per_100_g("goose liver pate", Form::MK4), 369.0);
    assert_eq!(per_100_g("chicken liver", Form::MK4), 7.1);
    assert_eq!(per_100_g("egg yolk", Form::MK4), 31.0);
    assert_eq!(per_100_g("butter, whipped, with salt", Form::MK4), 20.9);
    for name in ["jarlsberg", "emmental", "hard cheese (Netherlands)", "sauerkraut", "miso"] {
        assert!(food::find(name).unwrap().content(Form::MK7).is_err(), "{name}");
    }
    assert!(OTHER_VITAMERS.iter().any(|row| row.symbol == "k1_ucoc"));
}

#[test]
fn presets_are_marked_and_told_in_full() {
    let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
    for (i, preset) in PRESETS.iter().enumerate() {
        assert!(!names[..i].contains(&preset.name));
        assert!(preset.title.starts_with("what-if: ") && preset.title.chars().count() <= 70, "{}", preset.name);
        assert!(preset.label().starts_with(preset.title) && preset.label().contains(preset.known), "{}", preset.name);
        assert!(!preset.label().contains('\n'), "{}", preset.name);
        for text in [preset.says, preset.known] {
            let begins = text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
            assert!(begins && text.ends_with('.') && text.contains(' '), "{}: `{text}` is no sentence", preset.name);
        }
        // A call, or words that end without a stop, as a chart shows them.
        assert!(preset.how.len() > 10 && !preset.how.ends_with('.'), "{}: {}", preset.name, preset.how);
        for vitamer in preset.vitamers {
            for set in vitamer.sets() {
                match (preset.change, preset.model(set)) {
                    (Change::Nothing, answer) => {
                        let why = answer.unwrap_err().to_string();
                        assert!(
                            why.contains("changes nothing that a model of the plasma could show: it is about"),
                            "{why}"
                        );
                    }
                    (Change::Absolute(_), answer) => assert_eq!(answer.is_err(), set.peripheral.is_some()),
                    (_, answer) => assert!(answer.is_ok(), "{answer:?}"),
                }
            }
        }
    }
    let error = what_if::named("fractures").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Text);
    assert!(error.to_string().starts_with("there is no what-if `fractures`: ask for mk4_half_life_12h, "));
}

/// 90 % of an apparent set is the same curve from true values.
#[test]
fn a_known_fraction_absorbed_changes_no_oral_curve() {
    let times = grid(0.0..=WEEK, HOUR);
    let curve = |model: menaquinone::Model| model.profile(Dose::of(180.0 * UG).every(DAY), &times).unwrap();
    let natto = what_if::named("natto_f_90").unwrap();
    let (with, without) = (curve(natto.model(MK7.nominal()).unwrap()), curve(MK7.model()));
    for (with, without) in with.conc().iter().zip(without.conc()) {
        assert!((with - without).abs() <= 1e-14 * without, "{with} {without}");
    }
}

/// 4 % at 68 h between doses, and nothing of the area.
#[test]
fn four_hours_change_next_to_nothing() {
    let apart = what_if::named("four_hours_apart").unwrap();
    let model = MK7.set("literature_1cpt").unwrap().model();
    let daily = Dose::of(90.0 * UG).every(DAY);
    let (usual, later) = (daily.clone().times(60), apart.dosing(daily.times(60)));
    let most = grid(59.0 * DAY + 12.0..=60.0 * DAY, 0.25).into_iter().map(|time| {
        let level = |dosing| model.profile(dosing, &[time]).unwrap().conc()[0];
        (level(&later) / level(&usual) - 1.0).abs()
    });
    let most = most.fold(0.0, f64::max);
    assert!(most < 0.0425 && most > 0.03, "{most}");
    let area = |dosing| model.auc(dosing, 0.0..=f64::INFINITY).unwrap();
    assert!((area(&later) / area(&usual) - 1.0).abs() < 1e-13);
}

/// A half-life of 116 h, by the ratio that popular readers have in mind.
#[test]
fn the_accumulation_preset_has_the_ratio_and_the_level_of_the_yogurt() {
    let preset = what_if::named("accumulation_7_8").unwrap();
    let model = preset.model(MK7.nominal()).unwrap();
    let steady = model.steady_state(Dose::of(56.0 * UG).every(DAY)).unwrap();
    assert!((steady.accumulation_index() - 7.5).abs() < 0.02, "{}", steady.accumulation_index());
    assert!((model.half_life() - 116.0).abs() < 0.05);
    assert!((steady.ctrough() - 1.66).abs() < 0.04, "{}", steady.ctrough());
    assert!(matches!(preset.change, Change::Body(Parameters { ka: 1.0, .. })));
}
