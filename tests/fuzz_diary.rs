//! Diaries under fire, as text and as a table: files of `tests/corpus/diary`, cut, joined and spoilt a stated number of times. Whatever
//! the text, there is a diary that is written and read back to the same, and whose doses are numbers, or a sentence with its
//! place; never a panic, never NaN.

mod spoil;

use menaquinone::{
    diary::Diary,
    food::{Estimate, Shelf},
    vitamer::{K1, MK4, MK7},
};

/// How many texts of either form are tried, unless more are asked for.
const CASES: u32 = 4_000;

/// What is put in, beside bytes of any kind.
const PIECES: &[&[u8]] = &[
    b" ",
    b",",
    b";",
    b"\t",
    b"\n",
    b"\r",
    b"\"",
    b"\"\"",
    b"#",
    b"-",
    b":",
    b".",
    b"0",
    b"-1",
    b"1e308",
    b"5e-324",
    b"nan",
    b"inf",
    b"Tue",
    b"day 2",
    b"2026-02-29",
    b"02/03/2026",
    b"20260302",
    b"8:00 PM",
    b"0,5",
    b"24:00",
    b" 12:30 ",
    b"natto",
    b", egg yolk 17 g",
    b", cheese, gouda 40 g",
    b", fat 20 g",
    b", fasted",
    b", MK-7 90 ug",
    b"vitamin K1",
    b" 5 kg",
    b" 3 oz",
    b"\xc2\xb5g",
    b"\xff",
];

/// Reads spoilt texts of a folder, and says how many there were and how many of them were diaries.
fn fire(folder: &str, read: fn(&Shelf, &str) -> menaquinone::Result<Diary>) -> (u32, u32) {
    let (shelf, mut spoiler) = (Shelf::default(), spoil::Spoiler::new(folder, PIECES));
    let (cases, mut diaries) = (spoil::cases(CASES), 0);
    for _ in 0..cases {
        let text = String::from_utf8_lossy(&spoiler.text()).into_owned();
        let diary = match read(&shelf, &text) {
            Ok(diary) => diary,
            Err(error) => {
                let sentence = error.to_string();
                let placed = sentence.starts_with("cannot read the diary: line ");
                assert!(placed && !sentence.contains(char::is_control), "{sentence} in {text:?}");
                continue;
            }
        };
        diaries += 1;
        let written = diary.to_string();
        let back = shelf.diary(&written).unwrap_or_else(|error| panic!("{error} in {text:?}"));
        assert!(back == diary, "{written}{back} in {text:?}"); // short, since a food prints its sources
        for (vitamer, estimate) in [(MK4, Estimate::Low), (MK7, Estimate::Typical), (K1, Estimate::High)] {
            for (time, dose) in diary.regimen_at(&vitamer, estimate).doses(f64::INFINITY) {
                let fine = time.is_finite() && dose.amount > 0.0 && dose.amount.is_finite();
                assert!(
                    fine && dose.meal.is_none_or(|meal| meal.fat.is_some_and(f64::is_finite)),
                    "{dose} at {time} h in {text:?}"
                );
            }
        }
        assert!(!diary.intake().to_csv().contains("NaN"), "{text:?}");
    }
    println!("{cases} texts: {diaries} diaries");
    (cases, diaries)
}

#[test]
fn any_text_is_a_diary_or_a_sentence() {
    let (cases, diaries) = fire("diary/text", Shelf::diary);
    // Otherwise nothing but refusals was tried.
    assert!(diaries > cases / 20, "{diaries} of {cases}");
}

#[test]
fn any_table_is_a_diary_or_a_sentence() {
    let (cases, diaries) = fire("diary/table", |shelf: &Shelf, text: &str| shelf.read_diary(text.as_bytes()));
    assert!(diaries > cases / 20, "{diaries} of {cases}");
}
