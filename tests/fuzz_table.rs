//! The table reader under fire: files of `tests/corpus/table`, cut, joined and spoilt a stated number of times. Whatever the
//! bytes, there is a table that writes and reads back to the same, or a sentence with its place; never a panic, never NaN.

mod spoil;

use menaquinone::{
    FirstOrder, Model, ThreeCompartment,
    records::{Body, Inlet, Reader, Simulation, Table},
};

/// How many texts are tried, unless more are asked for.
const CASES: u32 = 10_000;

/// What is put in, beside bytes of any kind.
const PIECES: &[&[u8]] = &[
    b",",
    b"\n",
    b"\r",
    b"\"",
    b"\"\"",
    b".",
    b"-",
    b"-1",
    b"-2",
    b"0",
    b"1",
    b"2",
    b"3",
    b"4",
    b"1e308",
    b"5e-324",
    b"nan",
    b"inf",
    b"8:30",
    b"2026-02-29",
    b"TIME",
    b"AMT",
    b"RATE",
    b"SS",
    b"ADDL",
    b"EVID",
    b"CENS",
    b"LIMIT",
    b"DVID",
    b"DOSE",
    b"DUR",
    b"SUBJID",
    b"NA",
    b"<0.5",
    b"0,5",
    b"1,000",
    b"02/03/2026",
    b"20260131",
    b"31-Jan-2026",
    b"depot",
    b"101",
    b"#N/A",
    b"#",
    b";",
    b" ",
    b"\t",
    b"\xff",
];

fn body() -> Body {
    let three = ThreeCompartment { cl: 1.0, v1: 10.0, q2: 2.0, v2: 20.0, q3: 3.0, v3: 30.0 };
    let model = Model::new(FirstOrder { ka: 1.0 }, three).expect("good parameters");
    let inlet = Inlet { tlag: 2.0, f: 0.5, rate: Some(7.0), duration: Some(3.0) };
    Body::from(model).with_inlet(1, inlet).and_then(|body| body.with_inlet(2, inlet)).expect("good inlets")
}

/// Copies that are due in the span of a table could take the test hours; what is tried is the way there.
fn is_small(table: &Table) -> bool {
    let times = || table.records().iter().map(|record| record.time);
    let span = times().fold(f64::MIN, f64::max) - times().fold(f64::MAX, f64::min);
    let due = |record: &menaquinone::records::Record| {
        if record.addl > 0 { (span / record.ii).min(f64::from(record.addl)) } else { 0.0 }
    };
    table.records().iter().map(due).sum::<f64>() < 1e4
}

fn assert_finite(found: &Simulation) {
    for row in found.rows() {
        let amounts = [row.conc, row.depot, row.central, row.peripheral[0], row.peripheral[1]];
        assert!(amounts.iter().all(|amount| amount.is_finite()), "{row:?}");
    }
}

#[test]
fn any_text_is_a_table_or_a_sentence() {
    let (body, mut spoiler) = (body(), spoil::Spoiler::new("table", PIECES));
    let (cases, mut tables, mut simulated) = (spoil::cases(CASES), 0, 0);
    for _ in 0..cases {
        let text = spoiler.text();
        let table = match Reader::new().named("f.csv").parse(&text) {
            Ok(table) => table,
            Err(error) => {
                let sentence = error.to_string();
                let placed = sentence.starts_with("f.csv, line ") || sentence.contains(" has no records");
                assert!(placed && !sentence.contains('\n'), "{sentence} in {:?}", String::from_utf8_lossy(&text));
                continue;
            }
        };
        tables += 1;
        let back: Table = table.to_csv().parse().unwrap_or_else(|error| panic!("{error} in {}", table.to_csv()));
        assert_eq!(back, table, "{}", String::from_utf8_lossy(&text));
        if let Some(found) = is_small(&table).then(|| table.simulate(&body)).and_then(menaquinone::Result::ok) {
            assert_eq!(found.rows().len(), table.records().len());
            assert_finite(&found);
            simulated += 1;
        }
    }
    println!("{cases} texts: {tables} tables, {simulated} simulated");
    assert!(tables > cases / 50 && simulated > cases / 50, "{tables} tables, {simulated} simulated");
}
