//! The text form of a regimen under fire: texts of `tests/corpus/regimen`, cut, joined and spoilt a stated number of times. Whatever
//! the text, there is a regimen that is written and read back to the same bits, and whose doses and levels are finite, or a
//! sentence that quotes it; never a panic, never NaN.

mod spoil;

use menaquinone::{Dose, Regimen, vitamer::MK7};

/// How many texts are tried, unless more are asked for.
const CASES: u32 = 30_000;

/// What is put in, beside bytes of any kind.
const PIECES: &[&[u8]] = &[
    b" ",
    b"(",
    b")",
    b",",
    b"-",
    b".",
    b"0",
    b"-1",
    b"1e308",
    b"5e-324",
    b"18446744073709551615",
    b"nan",
    b"inf",
    b" 90 ug",
    b" 10 mg iv",
    b" over 2h",
    b" with 20 g fat",
    b" fasted",
    b" q24h",
    b" q30min",
    b" weekly",
    b" on Mon,Thu",
    b" x9",
    b" for 3d",
    b" at 8h",
    b" then ",
    b" and ",
    b" skip 2",
    b" skip 3-5",
    b" once",
    b" twice daily",
    b" b.i.d.",
    b" weekdays",
    b" except Sun",
    b" with food",
    b" morning and evening",
    b" at 8:00 and 20:00",
    b"2 x ",
    b"1 capsule (90 ug)",
    b"0,5",
    b"\n",
    b"\xc2\xb5g",
    b"\xff",
];

/// Up to this time (h) the doses are counted out.
const UNTIL: f64 = 300.0;

fn bits(doses: &[(f64, Dose)]) -> Vec<(u64, u64, u64)> {
    let bits = |(time, dose): &(f64, Dose)| (time.to_bits(), dose.amount.to_bits(), dose.duration.to_bits());
    doses.iter().map(bits).collect()
}

/// Whether the doses could be counted out.
fn is_dosed(regimen: &Regimen, back: &Regimen, text: &str) -> bool {
    if regimen.check(UNTIL).is_err() {
        return false;
    }
    let doses = regimen.doses(UNTIL);
    for (time, dose) in &doses {
        let fine = time.is_finite() && dose.amount > 0.0 && dose.amount.is_finite() && dose.duration.is_finite();
        assert!(fine, "{dose} at {time} h in {text:?}");
    }
    assert!(doses.is_sorted_by(|a, b| a.0 <= b.0), "{text:?}");
    assert_eq!(bits(&back.doses(UNTIL)), bits(&doses), "{text:?}");
    true
}

#[test]
fn any_text_is_a_regimen_or_a_sentence() {
    let (model, mut spoiler) = (MK7.model(), spoil::Spoiler::new("regimen", PIECES));
    let (cases, mut regimens, mut dosed, mut simulated) = (spoil::cases(CASES), 0, 0, 0);
    for _ in 0..cases {
        let text = String::from_utf8_lossy(&spoiler.text()).into_owned();
        let regimen: Regimen = match text.parse() {
            Ok(regimen) => regimen,
            Err(error) => {
                let sentence = error.to_string();
                let plain = sentence.starts_with("cannot read `") && !sentence.contains(char::is_control);
                assert!(plain && sentence.len() < 800, "{sentence} in {text:?}");
                continue;
            }
        };
        regimens += 1;
        let written = regimen.to_string();
        let back: Regimen = written.parse().unwrap_or_else(|error| panic!("{error} in {text:?}"));
        assert_eq!(back, regimen, "{written} in {text:?}");
        assert_eq!(back.to_string(), written, "{text:?}");
        dosed += u32::from(is_dosed(&regimen, &back, &text));
        // The sum of larger doses may overflow.
        let summable = regimen.doses(UNTIL).iter().all(|(_, dose)| dose.amount < 1e290);
        if let (true, Ok(profile)) = (summable, model.profile(&regimen, &[0.0, 24.0, UNTIL])) {
            assert!(profile.conc().iter().all(|conc| conc.is_finite()), "{:?} in {text:?}", profile.conc());
            simulated += 1;
        }
    }
    println!("{cases} texts: {regimens} regimens, {dosed} with their doses, {simulated} simulated");
    // Otherwise nothing but refusals was tried.
    let least = cases / 20;
    assert!(regimens > least && dosed > least && simulated > least, "{regimens} {dosed} {simulated}");
}
