//! An event table in the NONMEM convention: read, simulated with a clearance that changes, written and drawn.
//!
//! Writes `event_table.csv`, `event_table_rows.csv` and `event_table.png`:
//!
//! ```text
//! cargo run --release --example event_table                # the table below
//! cargo run --release --example event_table -- study.csv   # your own; a covariate CLF scales the clearance
//! ```

use std::error::Error;
use std::process::ExitCode;

use menaquinone::{Chart, Covariates, Model, Parameters, Profile, Table, TableReader, simulate_with, vitamer::MK7};

/// Two people with MK-7. A takes capsules for a week and then twice as much, misses a day, and clears at half the rate from the
/// eighth day on; B begins at steady state, is reset, and begins anew.
const STUDY: &str = "\
# CLF is a factor on the clearance, what-if
ID,TIME,AMT,II,ADDL,SS,EVID,CMT,CLF
A,0,180,24,6,0,1,1,1
A,4,.,.,.,.,0,.,1
A,100,.,.,.,.,0,.,1
A,168,360,24,2,0,1,1,1
A,172,.,.,.,.,0,.,0.5
A,264,360,24,1,0,1,1,0.5
A,300,.,.,.,.,0,.,0.5
A,400,.,.,.,.,0,.,0.5
B,0,90,24,3,1,1,1,1
B,4,.,.,.,.,0,.,1
B,90,.,.,.,.,0,.,1
B,120,45,12,5,0,4,1,1
B,150,.,.,.,.,0,.,1
B,240,.,.,.,.,0,.,1
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let table = match std::env::args().nth(1) {
        Some(path) => TableReader::new().read(path)?,
        None => TableReader::new().named("the built-in study").parse(STUDY)?,
    };
    let found = simulate_with(&table, model)?;
    std::fs::write("event_table.csv", table.to_csv())?;
    std::fs::write("event_table_rows.csv", found.to_csv(&table))?;

    println!("{:>4} {:>7} {:>5} {:>10} {:>10}  last dose", "id", "time", "evid", "conc", "depot");
    for (record, row) in table.records().iter().zip(found.rows()) {
        let dose = row.acted.map_or_else(String::new, |dose| format!("{} ug at {} h", dose.amount, dose.time));
        println!(
            "{:>4} {:>7} {:>5} {:>10.4} {:>10.4}  {dose}",
            record.id, record.time, record.evid, row.conc, row.depot
        );
    }
    found.warnings().iter().for_each(|warning| println!("note: {warning}"));
    draw(&table)?.save("event_table.png")?;
    println!("Wrote event_table.csv, event_table_rows.csv and event_table.png");
    Ok(())
}

/// The nominal set with the clearance of the moment.
fn model(now: &Covariates) -> menaquinone::Result<Model> {
    let factor = if now.has("CLF") { now.get("CLF")? } else { 1.0 };
    let nominal = MK7.nominal().parameters;
    Parameters { cl: nominal.cl * factor, ..nominal }.model()
}

/// The same people hour by hour: observations are added between the records, which changes nothing else.
fn draw(table: &Table) -> menaquinone::Result<Chart> {
    let mut chart = Chart::new("MK-7 from an event table")
        .subtitle("Nominal set; the clearance of A halves after seven days (what-if)")
        .caption(MK7.nominal().contested);
    for subject in table.subjects() {
        let records = &table.records()[subject];
        let mut dense = Vec::new();
        for pair in records.windows(2) {
            dense.push(pair[0].clone());
            let mut time = pair[0].time + 0.5;
            while time < pair[1].time {
                // The parameters of an interval are those of the record that ends it.
                let observation =
                    menaquinone::Record { id: pair[1].id.clone(), time, ..menaquinone::Record::OBSERVATION };
                dense.push(menaquinone::Record { covariates: pair[1].covariates.clone(), ..observation });
                time += 0.5;
            }
        }
        dense.extend(records.last().cloned());
        let dense = Table::with_covariates(table.covariates().to_vec(), dense)?;
        let found = simulate_with(&dense, model)?;
        let times = dense.records().iter().map(|record| record.time).collect();
        let curve = Profile::new(times, found.rows().iter().map(|row| row.conc).collect())?;
        chart = chart.curve(records[0].id.clone(), &curve);
    }
    Ok(chart)
}
