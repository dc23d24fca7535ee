//! How fast is an event table? 10,000 subjects with 28 doses and 10 observations each: read, simulated and written; the
//! doses as 28 rows, and as one row with additional doses. Beside the reading of a table whose clearance differs from row to
//! row stands what the `csv` crate takes with every cell to `f64`, and nothing kept.
#![allow(missing_docs)]

use std::fmt::Write;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use menaquinone::{
    Dose, Parameters,
    records::{Record, Table},
};

const SUBJECTS: u32 = 10_000;
const DOSES: u32 = 28;
const OBSERVATIONS: u32 = 10;

/// The hours of the observations lie between doses.
fn observed(i: u32) -> f64 {
    f64::from(i) * 66.0 + 4.25
}

/// Doses row by row, with a clearance that grows by a tenth of a per cent a day.
fn text_with_clearances() -> String {
    let mut text = String::from("ID,TIME,AMT,EVID,CMT,DV,CL\n");
    let mut rows: Vec<(f64, &str)> = (0..DOSES).map(|i| (f64::from(i) * 24.0, "180,1,1,.")).collect();
    rows.extend((0..OBSERVATIONS).map(|i| (observed(i), ".,0,2,1.234")));
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    for subject in 1..=SUBJECTS {
        let cl = 0.7 + f64::from(subject % 97) / 97.0;
        for (time, row) in &rows {
            let _ = writeln!(text, "{subject},{time},{row},{:.4}", cl * (1.0 + time / 24_000.0));
        }
    }
    text
}

/// The sum of all cells that are numbers.
fn sum_by_csv(text: &str) -> f64 {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let (mut row, mut sum) = (csv::ByteRecord::new(), 0.0);
    while reader.read_byte_record(&mut row).expect("good rows") {
        let numbers = row.iter().filter_map(|cell| std::str::from_utf8(cell).ok()?.parse::<f64>().ok());
        sum += numbers.sum::<f64>();
    }
    sum
}

fn parse(c: &mut Criterion) {
    let text = text_with_clearances();
    let table: Table = text.parse().expect("a good table");
    let of = |record: &Record| {
        let whole = record.id.parse::<f64>().expect("a number") + f64::from(record.evid) + f64::from(record.cmt);
        record.time + record.amt + whole + record.dv.unwrap_or(0.0) + record.covariates[0].expect("a clearance")
    };
    assert!((table.records().iter().map(of).sum::<f64>() / sum_by_csv(&text) - 1.0).abs() < 1e-12);

    let mut group = c.benchmark_group("records/a clearance in each row");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("parse", |b| b.iter_with_large_drop(|| text.parse::<Table>().expect("a good table")));
    group.bench_function("parse and forget", |b| b.iter(|| text.parse::<Table>().expect("a good table")));
    group.bench_function("csv, every cell to f64", |b| b.iter(|| sum_by_csv(&text)));
    group.finish();
}

/// Subjects with their doses row by row, or in one row.
fn text(one_row: bool) -> String {
    let mut text = String::from("ID,TIME,AMT,II,ADDL,EVID,CMT,DV,WT\n");
    let last = f64::from(DOSES) * 24.0;
    for subject in 1..=SUBJECTS {
        let weight = 50 + subject % 50;
        let mut row = |time: f64, dose: &str| {
            let _ = writeln!(text, "{subject},{time},{dose},{weight}"); // writing to a string cannot fail
        };
        if one_row {
            row(0.0, "180,24,27,1,1,.");
        }
        let (mut dose, mut observation) = (0, 0);
        while dose < DOSES || observation < OBSERVATIONS {
            let next = if dose < DOSES { f64::from(dose) * 24.0 } else { last };
            if observation < OBSERVATIONS && observed(observation) < next {
                row(observed(observation), ".,.,.,0,2,1.234");
                observation += 1;
            } else if dose < DOSES {
                if !one_row {
                    row(next, "180,.,.,1,1,.");
                }
                dose += 1;
            } else {
                row(observed(observation), ".,.,.,0,2,1.234");
                observation += 1;
            }
        }
    }
    text
}

fn records(c: &mut Criterion) {
    let typical = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 1.0, f: 0.8 };
    let model = typical.model().expect("good parameters");
    for (name, one_row) in [("a row a dose", false), ("additional doses", true)] {
        let text = text(one_row);
        let table: Table = text.parse().expect("a good table");
        let rows = table.records().len();
        assert_eq!(rows, (SUBJECTS * (OBSERVATIONS + if one_row { 1 } else { DOSES })) as usize);
        let found = table.simulate(&model).expect("a simulation");
        let times: Vec<f64> = (0..OBSERVATIONS).map(observed).collect();
        let right = model.profile(Dose::of(180.0).every(24.0).times(u64::from(DOSES)), &times).expect("a profile");
        let observations = table.records().iter().zip(found.rows()).filter(|(record, _)| record.evid == 0);
        for ((_, row), right) in observations.zip(right.conc().iter().cycle()) {
            assert!((row.conc / right - 1.0).abs() < 1e-13);
        }
        assert_eq!(table.to_csv().parse::<Table>().expect("the same table"), table);

        let mut group = c.benchmark_group(format!("records/{name}"));
        group.sample_size(10);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("parse, by bytes", |b| b.iter(|| text.parse::<Table>().expect("a good table")));
        group.throughput(Throughput::Elements(rows as u64));
        group.bench_function("parse", |b| b.iter(|| text.parse::<Table>().expect("a good table")));
        group.bench_function("simulate", |b| b.iter(|| table.simulate(&model).expect("a simulation")));
        group.bench_function("simulate, a model for each weight", |b| {
            b.iter(|| {
                table
                    .simulate_with(menaquinone::records::Between::Backward, |now| {
                        Parameters { cl: 1.27 * now.get("WT")? / 70.0, ..typical }.model()
                    })
                    .expect("a simulation")
            });
        });
        group.bench_function("parse and simulate", |b| {
            b.iter(|| text.parse::<Table>().expect("a good table").simulate(&model).expect("a simulation"));
        });
        group.bench_function("write", |b| b.iter(|| table.to_csv()));
        group.finish();
    }
}

criterion_group!(benches, parse, records);
criterion_main!(benches);
