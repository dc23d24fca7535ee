//! The reader of samples under fire: files of `tests/corpus/nca`, cut, repeated and spoilt a stated number of times. Whatever the
//! bytes, there are subjects whose every metric is a number or a reason, or a sentence; never a panic, never NaN.

mod spoil;

use menaquinone::{
    Dose,
    nca::{BelowLimit, Column, Columns, METRICS, Rules, Subjects},
};

/// How many texts are tried, unless more are asked for.
const CASES: u32 = 8_000;

/// What is put in, beside bytes of any kind.
const PIECES: &[&[u8]] = &[
    b",", b"\n", b"\r", b"\"", b"\"\"", b".", b"-", b"-1", b"0", b"1", b"2.5", b"1e308", b"5e-324", b"1e-291", b"nan",
    b"inf", b"BLQ", b"<0.5", b"NA", b"BQL", b"0,5", b"PT1H", b"EVID", b";", b" ", b"id", b"time", b"#", b"\t", b"\xff",
];

#[test]
fn whatever_the_bytes_there_are_numbers_or_sentences() {
    let mut spoiler = spoil::Spoiler::new("nca", PIECES);
    let (cases, mut read, mut analysed, mut values) = (spoil::cases(CASES), 0, 0, 0);
    for _ in 0..cases {
        let text = spoiler.text();
        let dose = (spoiler.below(2) == 0).then_some(Column { name: "dose", unit: 1.0 });
        let columns = Columns { dose, ..Columns::default() };
        let subjects = match Subjects::read(&text[..], &columns) {
            Ok(subjects) => subjects,
            Err(error) => {
                assert!(error.to_string().len() > 10);
                continue;
            }
        };
        read += 1;
        let dose = [None, Some(Dose::of(10.0)), Some(Dose::iv(10.0)), Some(Dose::iv(10.0).over(1.5))][spoiler.below(4)];
        let below = [None, Some(BelowLimit::ZERO), Some(BelowLimit::DROP_MIDDLE)][spoiler.below(3)];
        let rules =
            Rules { dose, below, tau: Some(12.0), threshold: Some(1.0), window: Some((0.5, 30.0)), ..Rules::default() };
        let Ok(table) = subjects.analyse(&rules) else { continue };
        analysed += 1;
        for (id, analysis) in &table {
            for metric in &METRICS {
                let value = metric.value(analysis);
                assert!(value.is_err() || value.is_ok_and(f64::is_finite), "{} of {id}: {value:?}", metric.symbol);
                values += u32::from(value.is_ok());
            }
        }
    }
    println!("{cases} texts: {read} read, {analysed} analysed, {values} values");
    // Otherwise nothing but refusals was tried.
    assert!(read > cases / 10 && analysed > cases / 20 && values > 2 * cases, "{read} {analysed} {values}");
}
