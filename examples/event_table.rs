//! An event table in the NONMEM convention: read, simulated with a clearance that changes, written and drawn.
//!
//! Writes `event_table.csv`, `event_table_rows.csv` and `event_table.png`:
//!
//! ```text
//! cargo run --release --example event_table                # the table below
//! cargo run --release --example event_table -- study.csv   # your own; a covariate CLF scales the clearance
//! ```

use std::error::Error;

use menaquinone::{
    Model, Parameters, Profile,
    chart::Chart,
    records::{Between, Covariates, Reader, Record, Table},
    vitamer::MK7,
};

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

const SUBTITLE: &str =
    "Nominal set; A clears at half the rate from day 7 on (what-if), B begins at steady state and is reset on day 5";

fn main() -> Result<(), Box<dyn Error>> {
    let (table, subtitle) = match std::env::args().nth(1) {
        Some(path) => (Reader::new().open(&path)?, format!("Nominal set; doses from {path}")),
        None => (Reader::new().named("the built-in study").parse(STUDY)?, SUBTITLE.to_owned()),
    };
    table.notes().iter().for_each(|note| eprintln!("note: {note}"));
    let found = table.simulate_with(Between::Backward, model)?;
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
    draw(&table, &subtitle)?.save("event_table.png")?;
    println!("Wrote event_table.csv, event_table_rows.csv and event_table.png");
    Ok(())
}

/// The nominal set with the clearance of the moment.
fn model(now: &Covariates) -> menaquinone::Result<Model> {
    let factor = if now.has("CLF") { now.get("CLF")? } else { 1.0 };
    let nominal = MK7.nominal().parameters;
    Parameters { cl: nominal.cl * factor, ..nominal }.model()
}

/// The same people every half hour; where the clock goes back, a new curve begins.
fn draw(table: &Table, subtitle: &str) -> menaquinone::Result<Chart> {
    let mut chart = Chart::new("MK-7 from an event table").subtitle(subtitle).caption(MK7.nominal().contested);
    for subject in table.subjects() {
        let records = dense(&table.records()[subject]);
        let found = Table::with_covariates(table.covariates().to_vec(), records.clone())?
            .simulate_with(Between::Backward, model)?;
        let mut rows = found.rows();
        for stretch in records.chunk_by(|a, b| a.time <= b.time) {
            let (these, rest) = rows.split_at(stretch.len());
            rows = rest;
            let times = stretch.iter().map(|record| record.time).collect();
            let curve = Profile::new(times, these.iter().map(|row| row.conc).collect())?;
            chart = chart.curve(stretch[0].id.clone(), &curve);
        }
    }
    Ok(chart)
}

/// Observations are added between the records of a subject, which changes nothing else, and one before each reset.
fn dense(records: &[Record]) -> Vec<Record> {
    let mut dense = Vec::new();
    for pair in records.windows(2) {
        dense.push(pair[0].clone());
        // The parameters of an interval are those of the record that ends it.
        let Record { id, covariates, time: end, .. } = &pair[1];
        let observe = |time| Record { id: id.clone(), covariates: covariates.clone(), time, ..Record::OBSERVATION };
        let times = (1..).map(|i| pair[0].time + 0.5 * f64::from(i)).take_while(|time| time < end);
        dense.extend(times.map(observe));
        if pair[1].is_reset() && pair[0].time <= *end {
            dense.push(observe(*end));
        }
    }
    dense.extend(records.last().cloned());
    dense
}
