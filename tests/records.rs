//! Event tables: what each of the conventions means, case by case, against numbers that are not the crate's own, and
//! against the same table solved by differential equations.

use std::collections::BTreeMap;
use std::path::Path;

use menaquinone::{
    Absorb, Between, Body, Bolus, Dose, Error, FirstOrder, Inlet, Model, OneCompartment, Parameters, Record, Regimen,
    Result, Simulation, Table, TableReader, ThreeCompartment, TwoCompartment, ZeroOrder, grid, simulate,
    simulate_between, simulate_with, units::*,
};
use serde_json::Value;

// ------------------------------------------------------------------------------------------------- the worked cases

/// A record of `edge_cases.json` with the numbers it should give, and the way into compartment 2 that goes with it.
struct Worked {
    record: Record,
    inlet: Inlet,
    depot: f64,
    central: f64,
    /// CP, which the file has per mL of a volume in L.
    conc: f64,
}

fn worked(case: &Value) -> Vec<Worked> {
    let records = case["records"].as_array().expect("a list of records");
    records
        .iter()
        .map(|row| {
            let number = |name: &str| row[name].as_f64().unwrap_or_else(|| panic!("{name} of {row}"));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small codes")]
            let code = |name: &str| number(name) as u32;
            let small = |name: &str| u8::try_from(code(name)).expect("a small code");
            let [time, amt, rate, ii] = ["time", "amt", "rate", "ii"].map(number);
            let (evid, ss, addl, cmt) = (small("evid"), small("ss"), code("addl"), code("cmt"));
            let record = Record { time, amt, rate, ii, evid, ss, addl, cmt, ..Record::OBSERVATION };
            let inlet = Inlet {
                tlag: number("lag_cmt2"),
                f: number("f_cmt2"),
                rate: row["rate2"].as_f64(),
                duration: row["dur2"].as_f64(),
            };
            Worked { record, inlet, depot: number("A1"), central: number("A2"), conc: number("CP") }
        })
        .collect()
}

/// CL=1.1, V=20, KA=1.5, depot 1, central 2; lag and F act on 2 only and come from the record.
#[test]
fn all_worked_cases() -> Result<()> {
    const ALLOWED: f64 = 1e-13;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/edge_cases/edge_cases.json");
    let cases: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON");
    let cases = cases["cases"].as_array().expect("a list of cases");
    let model = Parameters { cl: 1.1, v: 20.0, ka: 1.5, tlag: 0.0, f: 1.0 }.model()?;
    let (mut compared, mut worst) = (0, 0.0_f64);
    for case in cases {
        let (name, rows) = (case["case"].as_str().expect("a name"), worked(case));
        let numbered = rows.iter().zip(0..);
        let records = numbered.map(|(row, i)| Record { covariates: vec![Some(f64::from(i))], ..row.record.clone() });
        let table = Table::with_covariates(["ROW"], records)?;
        let found = simulate_with(&table, |now| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the number of a row")]
            let row = now.get("ROW")? as usize;
            Body::from(&model).with_inlet(2, rows[row].inlet)
        })?;
        for ((row, found), i) in rows.iter().zip(found.rows()).zip(1..) {
            let pairs = [(found.depot, row.depot), (found.central, row.central), (found.conc, row.conc / 1000.0)];
            for (got, expected) in pairs {
                let deviation = if expected == 0.0 { got.abs() } else { (got / expected - 1.0).abs() };
                assert!(deviation <= ALLOWED, "{name}, row {i}: {got:e}, not {expected:e} (off by {deviation:.1e})");
                (compared, worst) = (compared + 1, worst.max(deviation));
            }
        }
    }
    println!("worst of {compared} values {worst:.1e} (allowed {ALLOWED:.1e})");
    assert_eq!((cases.len(), compared), (22, 3 * 155));
    Ok(())
}
