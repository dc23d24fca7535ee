//! The intake bands are whole and sourced, and what a check says begins with vitamin K antagonists.

use std::fmt::Write;

use menaquinone::intake::{self, BANDS, Band, Finding, Kind};
use menaquinone::vitamer::{Basis, K1, MK4, MK7, VITAMERS, Vitamer};
use menaquinone::{Dose, ErrorKind, Regimen, Weekday::*, units::*};

const DOCUMENT: &str = include_str!("../docs/PARAMETERS.md");

fn check(vitamer: &Vitamer, regimen: impl Into<Regimen>) -> Vec<Finding> {
    intake::check(vitamer, regimen.into()).unwrap_or_else(|error| panic!("{error}"))
}

fn kinds(findings: &[Finding]) -> Vec<Kind> {
    findings.iter().map(|finding| finding.kind).collect()
}

fn daily(amount: f64) -> Regimen {
    Dose::of(amount).every(DAY).into()
}

// ---------------------------------------------------------------- the bands

/// The bands, as the document prints them.
fn printed() -> String {
    let mut text =
        "| name | µg a day | of | kind | what is known | basis | source |\n|---|---|---|---|---|---|---|\n".to_owned();
    for band in BANDS {
        let Band { name, substance, kind, known, basis, source, .. } = band;
        writeln!(text, "| `{name}` | {} | {substance} | {kind} | {known} | {basis} | {source} |", band.range_text())
            .unwrap();
    }
    text
}

#[test]
fn the_document_prints_every_band() {
    assert!(DOCUMENT.contains(&printed()), "docs/PARAMETERS.md lacks this; put it where it belongs:\n\n{}", printed());
}

/// `cargo test --test intake -- --ignored --nocapture print` prints what the document must hold.
#[test]
#[ignore = "it prints, and checks nothing"]
fn print_the_bands() {
    println!("{}", printed());
}

#[test]
fn every_band_is_a_range_with_words_and_a_source() {
    for (i, band) in BANDS.iter().enumerate() {
        assert!(band.low > 0.0 && band.low <= band.high, "{}", band.name);
        assert!(band.known.ends_with('.') && !band.known.contains('|') && !band.source.contains('|'), "{}", band.name);
        assert!(band.source.chars().count() > 10, "{}", band.name);
        assert!(BANDS[..i].iter().all(|other| other.name != band.name), "{} stands twice", band.name);
        assert_eq!(intake::band(band.name), Ok(band));
        assert!(band.applies_to.iter().all(|symbol| VITAMERS.iter().any(|vitamer| vitamer.symbol == *symbol)));
        let popular = band.basis == Basis::Popular;
        assert_eq!(popular, band.source.contains("no primary source seen"), "{}", band.name);
        assert!(band.kind != Kind::Popular || popular, "{}", band.name);
    }
    let error = intake::band("upper_limit").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Text);
    assert!(
        error.to_string().starts_with("there is no intake band `upper_limit`: ask for popular_20_30, popular_50_100")
    );
}

#[test]
fn the_bands_are_those_of_the_claims() {
    let range = |name: &str| intake::band(name).unwrap().range();
    assert_eq!(range("popular_20_30"), 20.0..=30.0);
    assert_eq!(range("popular_50_100"), 50.0..=100.0);
    assert_eq!(range("popular_90_180"), 90.0..=180.0);
    assert_eq!(range("efsa_k1"), 70.0..=70.0);
    assert_eq!(range("licensed_mk4"), 45.0 * MG..=45.0 * MG);
    assert_eq!(range("caution_450"), 450.0..=f64::INFINITY);
    assert_eq!(range("evm_k1"), 1.0 * MG..=f64::INFINITY);
    for (name, mean, sd) in [("habitual_k1_nl", 211.7, 100.3), ("habitual_k2_nl", 29.1, 12.8)] {
        let band = intake::band(name).unwrap();
        assert!((band.low - (mean - sd)).abs() < 0.05 && (band.high - (mean + sd)).abs() < 0.05, "{name}");
    }
    // Shares of about 230 µg.
    for (name, share) in [("habitual_k1_japan", 0.677), ("habitual_mk4_japan", 0.073), ("habitual_mk7_japan", 0.249)] {
        assert!((intake::band(name).unwrap().low - 230.0 * share).abs() < 0.5, "{name}");
    }
}

// ---------------------------------------------------------------- the amount

#[test]
fn the_mean_daily_amount_is_over_the_cycle_or_the_span() {
    let mean = |text: &str| text.parse::<Regimen>().unwrap().mean_daily_amount().unwrap();
    for (text, expected) in [
        ("180 ug", 180.0),
        ("180 ug q24h", 180.0),
        ("15 mg q8h", 45_000.0),
        ("15 mg q8h x3", 45_000.0),
        ("15 mg q8h x1", 15_000.0),
        ("90 ug on Mon,Wed,Fri", 270.0 / 7.0),
        ("90 ug on Mon,Wed,Fri x2", 540.0 / 14.0),
        ("360 ug q24h x7 then 90 ug q24h", 90.0),
        ("360 ug q24h x7 then 90 ug q24h x7", 225.0),
        ("90 ug q24h and 45 ug q12h", 180.0),
        ("90 ug q24h x30 skip 16-30", 45.0),
        ("180 ug q24h at 8h", 180.0),
        ("90 ug at 8h and 90 ug at 80h", 45.0),
        ("15 mg with 20 g fat q8h", 45_000.0), // what is swallowed, whatever the meal lets in
        ("15 mg fasted on Mon and 15 mg with 11 g fat on Tue", 30_000.0 / 7.0),
    ] {
        assert!((mean(text) / expected - 1.0).abs() < 1e-14, "{text}: {}", mean(text));
    }
}

#[test]
fn a_regimen_that_cannot_be_has_no_amount() {
    let refused = |regimen: Regimen| intake::check(&MK7, &regimen).unwrap_err().to_string();
    assert_eq!(
        refused(Dose::of(-1.0).into()),
        "the amount of a dose is -1 µg, but it must be a positive, finite number"
    );
    assert_eq!(refused(Regimen::default()), "the regimen has no doses, so there is no daily amount: add one");
    assert!(refused(Dose::of(90.0).every(0.0).into()).contains("tau"));
}

// ---------------------------------------------------------------- the check

#[test]
fn antagonists_always_come_first() {
    for vitamer in VITAMERS {
        for amount in [0.001, 5.0, 10.0, 90.0, 720.0, 45.0 * MG] {
            let findings = check(vitamer, daily(amount));
            assert_eq!(kinds(&findings[..2]), [Kind::Antagonist, Kind::Amount], "{vitamer} {amount}");
            assert!(findings[0].text.contains("warfarin") && !findings[0].source.is_empty());
            assert_eq!(findings.iter().filter(|finding| finding.kind == Kind::Antagonist).count(), 1);
        }
    }
    let mk7 = check(&MK7, daily(5.0));
    assert!(mk7[0].text.contains("no amount is known to be without effect"));
    assert!(mk7[0].text.contains("10 µg a day") && mk7[0].text.contains("at least 40 %"));
    assert_eq!(mk7[0].source, "Theuwissen 2013 doi:10.1111/jth.12203, abstract");
}

#[test]
fn every_band_that_holds_is_told_with_its_source() {
    for vitamer in VITAMERS {
        for amount in [25.0, 70.0, 95.0, 180.0, 500.0, 2000.0, 45.0 * MG] {
            let findings = check(vitamer, daily(amount));
            for band in BANDS {
                let told =
                    findings.iter().any(|finding| finding.text.ends_with(band.known) && finding.source == band.source);
                assert_eq!(told, band.holds(vitamer, amount), "{vitamer} {amount} {}", band.name);
            }
        }
    }
}

#[test]
fn cautions_come_before_trials_and_popular_figures() {
    assert_eq!(kinds(&check(&MK7, daily(720.0))), [Kind::Antagonist, Kind::Amount, Kind::Caution, Kind::Trial]);
    assert_eq!(
        kinds(&check(&MK7, daily(90.0))),
        [Kind::Antagonist, Kind::Amount, Kind::Trial, Kind::Popular, Kind::Popular]
    );
    assert_eq!(kinds(&check(&MK4, Dose::of(15.0 * MG).every(8.0))), [Kind::Antagonist, Kind::Amount, Kind::Authority]);
    assert_eq!(kinds(&check(&K1, daily(70.0))), [Kind::Antagonist, Kind::Amount, Kind::Authority, Kind::Habitual]);
    let above = check(&MK7, daily(1500.0));
    assert_eq!(kinds(&above), [Kind::Antagonist, Kind::Amount, Kind::Caution, Kind::Caution, Kind::Trial]);
    assert!(above[4].text.contains("above every daily trial dose of MK-7 listed here, the highest of which is 720 µg"));
}

#[test]
fn the_amount_is_told_in_a_sentence() {
    let amount = |vitamer, regimen: Regimen| check(vitamer, regimen)[1].to_string();
    assert_eq!(amount(&MK7, daily(180.0)), "The regimen amounts to 180 µg of MK-7 a day, on average over its cycle.");
    assert_eq!(
        amount(&MK7, Dose::of(90.0).on([Mon, Wed, Fri]).into()),
        "The regimen amounts to 38.6 µg of MK-7 a day, on average over its cycle."
    );
    assert_eq!(
        amount(&MK4, Dose::of(15.0 * MG).every(8.0).times(18)),
        "The regimen amounts to 45 mg of MK-4 a day, on average over its span."
    );
    let vein = check(&K1, Dose::iv(10.0 * MG));
    assert_eq!(vein[2].text, "Some of it goes into a vein; every figure below is about what is swallowed.");
}

/// It tells what is known, and never what to do.
#[test]
fn no_finding_gives_advice() {
    for vitamer in VITAMERS {
        for amount in [25.0, 95.0, 180.0, 720.0, 2000.0, 45.0 * MG] {
            for finding in check(vitamer, daily(amount)) {
                for word in ["should", "must ", "recommend", "take care", "avoid", "ask your", "safe dose"] {
                    assert!(!finding.text.to_lowercase().contains(word), "{word}: {finding}");
                }
                assert!(finding.text.ends_with('.'), "{finding}");
            }
        }
    }
}
