//! Event tables and what was simulated of them as CSV.

use std::fmt::Write;

use super::record::Record;
use super::simulate::Simulation;
use super::table::Table;

impl Table {
    /// The table as CSV, which reads back to the same table, to the last bit. Missing values are `.`, and `ID` is there if
    /// the records say whose they are.
    ///
    /// ```
    /// use menaquinone::Table;
    /// let table: Table = "TIME,AMT,WT\n0,180,70\n2.5,0,.".parse()?;
    /// let text = table.to_csv();
    /// assert_eq!(text.lines().next(), Some("TIME,AMT,RATE,II,ADDL,SS,EVID,CMT,MDV,DV,WT"));
    /// assert_eq!(text.lines().nth(2), Some("2.5,0,0,0,0,0,0,0,.,.,."));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn to_csv(&self) -> String {
        let named = self.records().iter().any(|record| !record.id.is_empty());
        let mut text = String::from(if named { "ID," } else { "" });
        text.push_str("TIME,AMT,RATE,II,ADDL,SS,EVID,CMT,MDV,DV");
        for name in self.covariates() {
            text.push(',');
            text.push_str(name);
        }
        text.push('\n');
        for record in self.records() {
            if named {
                push_text(&mut text, &record.id);
                text.push(',');
            }
            push_record(&mut text, record);
            record.covariates.iter().for_each(|value| push_cell(&mut text, *value));
            text.push('\n');
        }
        text
    }
}

fn push_record(text: &mut String, record: &Record) {
    let Record { time, amt, rate, ii, addl, ss, evid, cmt, mdv, dv, .. } = record;
    // Writing to a string cannot fail.
    let _ = write!(text, "{time},{amt},{rate},{ii},{addl},{ss},{evid},{cmt}");
    push_cell(text, *mdv);
    push_cell(text, *dv);
}

fn push_cell(text: &mut String, value: Option<impl std::fmt::Display>) {
    let _ = match value {
        Some(value) => write!(text, ",{value}"),
        None => write!(text, ",."),
    };
}

/// A text in quotes where it needs them.
fn push_text(text: &mut String, value: &str) {
    if value.contains([',', ';', '\t', '"', '#']) {
        let _ = write!(text, "\"{}\"", value.replace('"', "\"\""));
    } else {
        text.push_str(value);
    }
}

impl Simulation {
    /// The simulated rows of `table` as CSV: `ID TIME EVID`, then the concentration `PRED` (µg/L), the amounts `DEPOT`,
    /// `CENTRAL`, `PERIPHERAL1` and `PERIPHERAL2` (µg), and of the dose that arrived last its record (counted from 1) as
    /// `DOSE`, its `COPY`, its `AMOUNT` after F and its `ARRIVED` time.
    ///
    /// Rows beyond those of the shorter of the two are left out.
    ///
    /// ```
    /// use menaquinone::{Parameters, Table, simulate};
    /// let table: Table = "TIME,AMT\n0,90\n2,0".parse()?;
    /// let model = Parameters { cl: 2.0, v: 20.0, ka: 1.0, tlag: 0.5, f: 0.5 }.model()?;
    /// let text = simulate(&table, &model)?.to_csv(&table);
    /// assert!(text.ends_with(",1,0,45,0.5\n"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn to_csv(&self, table: &Table) -> String {
        let mut text =
            String::from("ID,TIME,EVID,PRED,DEPOT,CENTRAL,PERIPHERAL1,PERIPHERAL2,DOSE,COPY,AMOUNT,ARRIVED\n");
        for (record, row) in table.records().iter().zip(self.rows()) {
            push_text(&mut text, &record.id);
            let [first, second] = row.peripheral;
            let _ = write!(
                text,
                ",{},{},{},{},{},{first},{second}",
                record.time, record.evid, row.conc, row.depot, row.central
            );
            let _ = match row.acted {
                Some(dose) => writeln!(text, ",{},{},{},{}", dose.record + 1, dose.copy, dose.amount, dose.time),
                None => writeln!(text, ",.,.,.,."),
            };
        }
        text
    }
}
