//! The reader of samples under fire: files of `tests/corpus/nca`, cut, repeated and spoilt a stated number of times. Whatever the
//! bytes, there are subjects whose every metric is a number or a reason, or a sentence; never a panic, never NaN.

use std::path::Path;

use menaquinone::{BelowLimit, Column, Columns, Dose, METRICS, NcaRules, Subjects};

/// How many texts are tried.
const CASES: u32 = 20_000;

/// What is put in, beside bytes of any kind.
const PIECES: [&[u8]; 24] = [
    b",", b"\n", b"\r", b"\"", b"\"\"", b".", b"-", b"-1", b"0", b"1", b"2.5", b"1e308", b"5e-324", b"1e-291", b"nan",
    b"inf", b"BLQ", b"<0.5", b"NA", b"id", b"time", b"#", b"\t", b"\xff",
];

/// Whole numbers below a bound, the same in every run: Knuth's linear congruential generator (MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound.max(1)
    }
}

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/nca");
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.expect("a readable folder").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a readable file")).collect()
}

/// A text with one to three things done to it.
fn spoilt(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut text = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(3) {
        let at = random.below(text.len() + 1);
        let end = (at + random.below(12)).min(text.len());
        match random.below(16) {
            0 => text.truncate(at),
            1..=5 => drop(text.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied())),
            6..=8 => drop(text.drain(at..end)),
            9..=11 => {
                let copy = text[at..end].to_vec();
                text.splice(end..end, copy);
            }
            12 => text[at..end].fill(u8::try_from(random.below(256)).expect("a byte")),
            _ => text[at..(at + 1).min(end)].fill(b"0123456789"[random.below(10)]),
        }
    }
    text
}

#[test]
fn whatever_the_bytes_there_are_numbers_or_sentences() {
    let (corpus, mut random) = (corpus(), Random(1));
    let (mut read, mut analysed, mut values) = (0, 0, 0);
    for _ in 0..CASES {
        let text = spoilt(&corpus, &mut random);
        let dose = (random.below(2) == 0).then_some(Column { name: "dose", unit: 1.0 });
        let columns = Columns { dose, ..Columns::default() };
        let subjects = match Subjects::from_csv(&text[..], &columns) {
            Ok(subjects) => subjects,
            Err(error) => {
                assert!(error.to_string().len() > 10);
                continue;
            }
        };
        read += 1;
        let dose = [None, Some(Dose::of(10.0)), Some(Dose::iv(10.0)), Some(Dose::iv(10.0).over(1.5))][random.below(4)];
        let below = [None, Some(BelowLimit::ZERO), Some(BelowLimit::DROP_MIDDLE)][random.below(3)];
        let rules = NcaRules {
            dose,
            below,
            tau: Some(12.0),
            threshold: Some(1.0),
            window: Some((0.5, 30.0)),
            ..NcaRules::default()
        };
        let Ok(table) = subjects.analyse(&rules) else { continue };
        analysed += 1;
        for (id, analysis) in &table {
            for metric in &METRICS {
                let value = metric.value(analysis);
                assert!(value.is_err() || value.is_ok_and(f64::is_finite), "{} of {id}: {value:?}", metric.symbol);
                values += usize::from(value.is_ok());
            }
        }
    }
    println!("{CASES} texts: {read} read, {analysed} analysed, {values} values");
    // Otherwise nothing but refusals was tried.
    assert!(read > 2_000 && analysed > 1_000 && values > 50_000, "{read} {analysed} {values}");
}
