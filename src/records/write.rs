//! Event tables and what was simulated of them as CSV.

use std::fmt::{Display, Write};

use super::codes::compartment_name;
use super::measured::Measured;
use super::predict::{Given, Predicted, Simulation};
use super::record::Record;
use super::table::Table;

/// The columns that are always written, in their order.
pub(super) const OWN: [&str; 10] = ["TIME", "AMT", "RATE", "II", "ADDL", "SS", "EVID", "CMT", "MDV", "DV"];
/// Those columns where an infusion has a duration, in a place that no covariate takes.
pub(super) const OWN_WITH_DURATION: [&str; 11] =
    ["TIME", "AMT", "RATE", "DUR", "II", "ADDL", "SS", "EVID", "CMT", "MDV", "DV"];

impl Table {
    /// The table as CSV, which reads back to the same table, to the last bit. Missing values are `.`. `ID` is there if the
    /// records say whose they are, and `DUR`, `CENS`, `LIMIT` and `DVID` if some record has them.
    ///
    /// ```
    /// use menaquinone::records::Table;
    /// let table: Table = "TIME,AMT,WT\n0,180,70\n2.5,0,.".parse()?;
    /// let text = table.to_csv();
    /// assert_eq!(text.lines().next(), Some("TIME,AMT,RATE,II,ADDL,SS,EVID,CMT,MDV,DV,WT"));
    /// assert_eq!(text.lines().nth(2), Some("2.5,0,0,0,0,0,0,0,.,.,."));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn to_csv(&self) -> String {
        let named = self.records().iter().any(|record| !record.id.is_empty());
        let is_there = |kind: &Kind| self.measured().iter().any(|measured| (kind.1)(measured).is_some());
        let kinds: Vec<Kind> = MEASURED.into_iter().filter(is_there).collect();
        let lasting = self.records().iter().any(|record| record.dur > 0.0);
        let own: &[&str] = if lasting { &OWN_WITH_DURATION } else { &OWN };
        let names =
            named.then_some("ID").into_iter().chain(own.iter().copied()).chain(kinds.iter().map(|(name, _)| *name));
        let mut rows = Rows::new();
        rows.header(names.chain(self.covariates().iter().map(String::as_str)));
        for (i, record) in self.records().iter().enumerate() {
            if named {
                rows.text(&record.id);
            }
            rows.record(record, (lasting, self.is_by_name()));
            rows.maybes(kinds.iter().map(|(_, value)| value(&self.measured()[i])));
            rows.maybes(record.covariates.iter().copied());
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
    /// use menaquinone::{Parameters, records::Table};
    /// let table: Table = "TIME,AMT\n0,90\n2,0".parse()?;
    /// let model = Parameters { cl: 2.0, v: 20.0, ka: 1.0, tlag: 0.5, f: 0.5 }.model()?;
    /// let text = table.simulate(&model)?.to_csv(&table);
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

/// A column that is there if some record has it: its name, and what a record has.
type Kind = (&'static str, fn(&Measured) -> Option<f64>);

const MEASURED: [Kind; 3] = [
    ("CENS", |measured| measured.cens.map(f64::from)),
    ("LIMIT", |measured| measured.limit),
    ("DVID", |measured| measured.dvid.map(f64::from)),
];

/// Rows of CSV being built, which are put in quotes where the format needs them.
struct Rows {
    writer: csv::Writer<Vec<u8>>,
    /// Where a number becomes text.
    cell: String,
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// The only sink is memory.
const GROWS: &str = "a Vec takes everything";

impl Rows {
    fn new() -> Self {
        let writer = csv::WriterBuilder::new().comment(Some(b'#')).from_writer(Vec::new());
        Self { writer, cell: String::new() }
    }

    fn header<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            self.text(name);
        }
        self.end();
    }

    fn text(&mut self, text: &str) {
        self.writer.write_field(text).expect(GROWS);
    }

    fn number(&mut self, number: f64) {
        // Most cells are one digit, which needs no formatting.
        let digit = DIGITS.iter().zip(0..).find(|(_, digit)| f64::from(*digit) == number);
        match digit.filter(|_| number.is_sign_positive()) {
            Some((digit, _)) => self.text(digit),
            None => self.shown(number),
        }
    }

    fn numbers(&mut self, numbers: &[f64]) {
        for number in numbers {
            self.number(*number);
        }
    }

    fn shown(&mut self, number: impl Display) {
        self.cell.clear();
        write!(self.cell, "{number}").expect("a String takes everything");
        self.writer.write_field(&self.cell).expect(GROWS);
    }

    fn maybe(&mut self, number: Option<f64>) {
        match number {
            Some(number) => self.number(number),
            None => self.text("."),
        }
    }

    fn maybes(&mut self, numbers: impl IntoIterator<Item = Option<f64>>) {
        numbers.into_iter().for_each(|number| self.maybe(number));
    }

    /// What a record says, with its duration where some record is `lasting`, and the name of its compartment where that has one.
    fn record(&mut self, record: &Record, (lasting, by_name): (bool, bool)) {
        let Record { id: _, time, amt, rate, dur, ii, addl, ss, evid, cmt, mdv, dv, covariates: _ } = record;
        self.numbers(&[*time, *amt, *rate]);
        self.maybes(lasting.then_some(Some(*dur)));
        self.numbers(&[*ii, (*addl).into(), (*ss).into(), (*evid).into()]);
        match compartment_name(*cmt).filter(|_| by_name) {
            Some(name) => self.text(name),
            None => self.number((*cmt).into()),
        }
        self.maybes([mdv.map(f64::from), *dv]);
    }

    fn predicted(&mut self, record: &Record, row: &Predicted) {
        let Predicted { conc, depot, central, peripheral: [first, second], acted } = *row;
        self.numbers(&[record.time, record.evid.into(), conc, depot, central, first, second]);
        let Some(Given { record, copy, amount, tlag, time, .. }) = acted else {
            return (0..5).for_each(|_| self.maybe(None));
        };
        self.shown(record + 1);
        self.shown(copy);
        self.numbers(&[amount, tlag, time]);
    }

    fn end(&mut self) {
        self.writer.write_record(None::<&[u8]>).expect(GROWS);
    }

    fn finish(self) -> String {
        let bytes = self.writer.into_inner().expect(GROWS);
        String::from_utf8(bytes).expect("cells of text make text")
    }
}
