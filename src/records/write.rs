//! Event tables and what was simulated of them as CSV.

use std::fmt::{Display, Write};

use super::record::Record;
use super::simulate::{Predicted, Simulation};
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
        const NAMES: [&str; 10] = ["TIME", "AMT", "RATE", "II", "ADDL", "SS", "EVID", "CMT", "MDV", "DV"];
        let named = self.records().iter().any(|record| !record.id.is_empty());
        let mut rows = Rows::new();
        rows.header(named.then_some("ID").into_iter().chain(NAMES).chain(self.covariates().iter().map(String::as_str)));
        for record in self.records() {
            if named {
                rows.text(&record.id);
            }
            rows.record(record);
            rows.end();
        }
        rows.finish()
    }
}

impl Simulation {
    /// The simulated rows of `table` as CSV: `ID TIME EVID`, then the concentration `PRED` (µg/L), the amounts `DEPOT`,
    /// `CENTRAL`, `PERIPHERAL1` and `PERIPHERAL2` (µg), and of the dose that arrived last its record (counted from 1) as
    /// `DOSE`, its `COPY`, its `AMOUNT` after F, its `LAG` (h) and its `ARRIVED` time.
    ///
    /// Rows beyond those of the shorter of the two are left out.
    ///
    /// ```
    /// use menaquinone::{Parameters, Table, simulate};
    /// let table: Table = "TIME,AMT\n0,90\n2,0".parse()?;
    /// let model = Parameters { cl: 2.0, v: 20.0, ka: 1.0, tlag: 0.5, f: 0.5 }.model()?;
    /// let text = simulate(&table, &model)?.to_csv(&table);
    /// assert!(text.ends_with(",1,0,45,0.5,0.5\n"));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn to_csv(&self, table: &Table) -> String {
        const NAMES: [&str; 13] = [
            "ID",
            "TIME",
            "EVID",
            "PRED",
            "DEPOT",
            "CENTRAL",
            "PERIPHERAL1",
            "PERIPHERAL2",
            "DOSE",
            "COPY",
            "AMOUNT",
            "LAG",
            "ARRIVED",
        ];
        let mut rows = Rows::new();
        rows.header(NAMES);
        for (record, row) in table.records().iter().zip(self.rows()) {
            rows.text(&record.id);
            rows.predicted(record, row);
            rows.end();
        }
        rows.finish()
    }
}

/// Rows of CSV in the making, which are put in quotes where the format needs them.
struct Rows {
    writer: csv::Writer<Vec<u8>>,
    /// Where a number becomes text.
    cell: String,
}

/// The only sink is memory.
const GROWS: &str = "a Vec takes everything";

impl Rows {
    fn new() -> Self {
        let writer = csv::WriterBuilder::new().comment(Some(b'#')).from_writer(Vec::new());
        Self { writer, cell: String::new() }
    }

    fn header<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        names.into_iter().for_each(|name| self.text(name));
        self.end();
    }

    fn text(&mut self, text: &str) {
        self.writer.write_field(text).expect(GROWS);
    }

    fn number(&mut self, number: impl Display) {
        self.cell.clear();
        write!(self.cell, "{number}").expect("a String takes everything");
        self.writer.write_field(&self.cell).expect(GROWS);
    }

    fn maybe(&mut self, number: Option<impl Display>) {
        match number {
            Some(number) => self.number(number),
            None => self.text("."),
        }
    }

    fn record(&mut self, record: &Record) {
        let Record { id: _, time, amt, rate, ii, addl, ss, evid, cmt, mdv, dv, covariates } = record;
        [time, amt, rate, ii].into_iter().for_each(|number| self.number(number));
        self.number(addl);
        [ss, evid].into_iter().for_each(|code| self.number(code));
        self.number(cmt);
        self.maybe(*mdv);
        self.maybe(*dv);
        covariates.iter().for_each(|value| self.maybe(*value));
    }

    fn predicted(&mut self, record: &Record, row: &Predicted) {
        let Predicted { conc, depot, central, peripheral: [first, second], acted } = *row;
        self.number(record.time);
        self.number(record.evid);
        [conc, depot, central, first, second].into_iter().for_each(|number| self.number(number));
        self.maybe(acted.map(|dose| dose.record + 1));
        self.maybe(acted.map(|dose| dose.copy));
        [acted.map(|dose| dose.amount), acted.map(|dose| dose.tlag), acted.map(|dose| dose.time)]
            .into_iter()
            .for_each(|number| self.maybe(number));
    }

    fn end(&mut self) {
        self.writer.write_record(None::<&[u8]>).expect(GROWS);
    }

    fn finish(self) -> String {
        let bytes = self.writer.into_inner().expect(GROWS);
        String::from_utf8(bytes).expect("cells of text make text")
    }
}
