//! `table`: what a model predicts at every record of an event table.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use menaquinone::{
    Model, Profile,
    chart::{Chart, Colour},
    grid,
    records::{Dialect, Reader, Record, Table as Records},
};

use crate::arguments::{Output, Picture};
use crate::files::{csv_of, file_name, note, say, with_header};
use crate::refusal::{Result, data, in_words};
use crate::subject::{Subject, Whom};

const HELP: &str = "\
The table is one of the NONMEM convention: TIME and AMT, and where they are ID RATE II ADDL SS EVID CMT MDV DV CENS LIMIT DVID;
any other column of numbers comes along. DUR is the duration of an infusion, and other names of other programs are noted. The result has
its columns and PRED, the concentration that the model predicts: in the unit of AMT by L, with clearances in L/h and times in h. The sets
of --set have amounts in ug.

Examples:
  menaquinone table events.csv --cl 2.8 --v 32 --ka 1.5
  menaquinone table theoph.csv --dose-column Dose --cl 0.04 --v 0.46 --ka 1.5    (mg/kg: cl and v by kg)
  menaquinone table THEO --columns 'ID AMT TIME DV WT' --cl 0.04 --v 0.46 --ka 1.5    (a file of NONMEM without a header)
  menaquinone table events.csv --set mk7/literature_2cpt --chart levels.png";

/// What a model predicts at every record of an event table.
#[derive(Args)]
#[command(after_help = HELP)]
pub struct Table {
    /// An event table: cells separated by commas, semicolons, tabs, vertical bars or blanks
    file: PathBuf,
    /// The names of the columns, where the file has no header: 'ID AMT TIME DV WT'
    #[arg(long, value_name = "NAMES")]
    columns: Option<String>,
    /// A column that has the dose of a person in every row: it is given once, at the person's first record
    #[arg(long, value_name = "NAME")]
    dose_column: Option<String>,
    /// Leaves a column out
    #[arg(long, value_name = "NAME")]
    ignore: Vec<String>,
    /// Takes a column along, whatever other programs mean by its name
    #[arg(long = "use", value_name = "NAME")]
    used: Vec<String>,
    /// The program whose columns these are, where they mean something else than in NONMEM
    #[arg(long, value_name = "PROGRAM")]
    dialect: Option<Program>,
    /// Adds the amounts in depot, plasma and peripheral compartments, and the dose that arrived last
    #[arg(long)]
    amounts: bool,
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    picture: Picture,
}

/// A program that writes tables of its own.
#[derive(Clone, Copy, ValueEnum)]
enum Program {
    Monolix,
    Pmetrics,
}

impl From<Program> for Dialect {
    fn from(program: Program) -> Self {
        match program {
            Program::Monolix => Self::Monolix,
            Program::Pmetrics => Self::Pmetrics,
        }
    }
}

pub fn run(arguments: &Table) -> Result<()> {
    let Table { file, whom, output, picture, amounts, .. } = arguments;
    output.format()?;
    let subject = whom.subject()?;
    let table = arguments.read()?;
    let found = table.simulate(&subject.model)?;
    note(table.notes());
    note(found.warnings());
    say("note", subject.title());
    subject.contested().iter().for_each(|contested| say("note", contested));
    picture.save(|| draw(file, &table, &subject, picture))?;
    if picture.chart.is_some() && output.out.is_none() && !output.json {
        return Ok(());
    }
    let left = if *amounts { &OWN[..] } else { &OWN[..1] };
    output.give(&(subject.comment() + &side_by_side(&table.to_csv(), &found.to_csv(&table), left)?))
}

/// The columns of a simulation that stand beside those of its table.
const OWN: [&str; 10] =
    ["PRED", "DEPOT", "CENTRAL", "PERIPHERAL1", "PERIPHERAL2", "DOSE", "COPY", "AMOUNT", "LAG", "ARRIVED"];

impl Table {
    fn read(&self) -> Result<Records> {
        let Some(column) = &self.dose_column else {
            return self.open(self.reader());
        };
        let table = self.open(self.reader().using(column))?;
        dosed_once(&table, column)
    }

    fn open(&self, reader: Reader) -> Result<Records> {
        let table = match &self.columns {
            Some(names) => reader.named(file_name(&self.file)).parse(with_header(&self.file, names)?),
            None => reader.open(&self.file),
        };
        table.map_err(|error| {
            let doubt = "read the column as a covariate with Reader::using";
            let advice = "if it is, give --dose-column with its name, or take it along with --use";
            let no_header = "every record needs its time, so add one";
            let columns =
                "every record needs its time, so add one, or name the columns of a file without a header by --columns";
            data(in_words(&error.to_string().replace(doubt, advice).replace(no_header, columns)))
        })
    }

    fn reader(&self) -> Reader {
        let reader = self.ignore.iter().fold(Reader::new(), Reader::ignoring);
        let reader = self.used.iter().fold(reader, Reader::using);
        self.dialect.map_or(reader.clone(), |program| reader.dialect(program.into()))
    }
}

/// The table with a dose before the first record of each subject, whose amount every row has.
fn dosed_once(table: &Records, column: &str) -> Result<Records> {
    let place = table.covariates().iter().position(|name| name.eq_ignore_ascii_case(column));
    let Some(place) = place else {
        return Err(data(format!(
            "there is no column {column} of numbers; others are {}",
            table.covariates().join(", ")
        )));
    };
    let mut records = Vec::with_capacity(table.records().len());
    let mut measured = Vec::new();
    for rows in table.subjects() {
        let own = &table.records()[rows.clone()];
        let amt = own[0].covariates[place].unwrap_or(0.0);
        if let Some(i) = own.iter().position(|record| record.covariates[place].unwrap_or(amt) != amt) {
            let found = own[i].covariates[place].unwrap_or(amt);
            return Err(data(format!(
                "{}: {column} is {found} after {amt}, but it must be the same in every row of a subject: name the doses with AMT",
                table.place(rows.start + i)
            )));
        }
        if let Some(i) = own.iter().position(Record::is_dose) {
            return Err(data(format!(
                "{}: this is a dose already: leave out --dose-column",
                table.place(rows.start + i)
            )));
        }
        let (id, time, covariates) = (own[0].id.clone(), own[0].time, own[0].covariates.clone());
        records.push(Record { id, time, amt, covariates, ..Record::DOSE });
        records.extend_from_slice(own);
        if let Some(own) = table.measured().get(rows) {
            measured.push(menaquinone::records::Measured::default());
            measured.extend_from_slice(own);
        }
    }
    note(table.notes().iter().filter(|note| !note.contains("nothing is dosed")));
    say("note", &format!("{column} is the dose of each subject and is given at its first record"));
    Ok(Records::with_covariates(table.covariates().to_vec(), records)?.with_measured(measured)?)
}

/// The rows of a table with columns of a second table that has as many rows; those win over others of their name.
fn side_by_side(left: &str, right: &str, names: &[&str]) -> Result<String> {
    let (mut left, mut right) = (csv::Reader::from_reader(left.as_bytes()), csv::Reader::from_reader(right.as_bytes()));
    let (own, more) = (left.headers().map_err(data)?.clone(), right.headers().map_err(data)?.clone());
    let (taken, kept): (Vec<usize>, Vec<usize>) =
        (0..own.len()).partition(|i| names.iter().any(|name| name.eq_ignore_ascii_case(&own[*i])));
    for i in taken {
        say("note", &format!("the column {} of the table gives way to what is predicted", &own[i]));
    }
    let added: Vec<usize> = (0..more.len()).filter(|i| names.contains(&&more[*i])).collect();
    let mut rows = Vec::new();
    for (row, beside) in left.records().zip(right.records()) {
        let (row, beside) = (row.map_err(data)?, beside.map_err(data)?);
        let cells = kept.iter().map(|i| &row[*i]).chain(added.iter().map(|i| &beside[*i]));
        rows.push(cells.map(String::from).collect());
    }
    csv_of(kept.iter().map(|i| &own[*i]).chain(added.iter().map(|i| &more[*i])), rows)
}

/// So many people are drawn; more could not be told from one another.
const MOST_DRAWN: usize = 12;

/// Each has a colour, for the curve and what was measured.
const COLOURS: [Colour; 5] = [Colour::Blue, Colour::Vermilion, Colour::Green, Colour::Purple, Colour::Grey];

/// Everybody's curve, and what was measured.
fn draw(file: &Path, table: &Records, subject: &Subject, picture: &Picture) -> Result<Chart> {
    let mut chart = Chart::new(format!("{}: predicted (lines) and measured (points)", file_name(file)))
        .subtitle(subject.title())
        .y_label("Concentration (dose unit of the table / L)");
    chart = subject.contested().into_iter().fold(chart, Chart::caption);
    let count = table.subjects().count();
    if count > MOST_DRAWN {
        say("note", &format!("the chart has the first {MOST_DRAWN} of {count} subjects"));
    }
    for (rows, colour) in table.subjects().take(MOST_DRAWN).zip(COLOURS.into_iter().cycle()) {
        let measured = table.measured().get(rows.clone()).unwrap_or_default();
        let own = &table.records()[rows];
        let records = dense(own);
        for (times, conc) in curves(&records, &subject.model)? {
            chart = chart.curve(own[0].id.clone(), &Profile::new(times, conc)?).colour(colour);
        }
        // Of several kinds of observations the first is the concentration.
        let is_first = |i: usize| measured.get(i).is_none_or(|measured| measured.dvid.is_none_or(|kind| kind <= 1));
        let shown = own.iter().enumerate().filter(|(i, record)| record.evid == 0 && is_first(*i));
        let points = shown.filter_map(|(_, record)| Some((record.time, record.dv?)));
        let points: Vec<(f64, f64)> = points.filter(|(_, dv)| *dv > 0.0 || !picture.log).collect();
        if !points.is_empty() {
            chart = chart.points("", points).colour(colour);
        }
    }
    Ok(if picture.log { chart.log_scale() } else { chart })
}

/// Stretches of time that goes forward, with their levels.
fn curves(records: &[Record], model: &Model) -> Result<Vec<(Vec<f64>, Vec<f64>)>> {
    let plain = records.iter().map(|record| Record { covariates: Vec::new(), ..record.clone() });
    let found = Records::new(plain)?.simulate(model)?;
    let mut rows = found.rows();
    let mut curves = Vec::new();
    for stretch in records.chunk_by(|a, b| a.time <= b.time) {
        let (own, rest) = rows.split_at(stretch.len());
        curves.push((stretch.iter().map(|record| record.time).collect(), own.iter().map(|row| row.conc).collect()));
        rows = rest;
    }
    Ok(curves)
}

/// How many times lie between two records in a chart, at least.
const BETWEEN: f64 = 40.0;
/// And over the whole of a subject, whose additional doses stand in no record of their own.
const OVER_ALL: f64 = 3000.0;

/// Observations are added between the records of a subject, which changes nothing else.
fn dense(records: &[Record]) -> Vec<Record> {
    let mut dense = Vec::new();
    let times = || records.iter().map(|record| record.time);
    let span = times().fold(f64::NEG_INFINITY, f64::max) - times().fold(f64::INFINITY, f64::min);
    for pair in records.windows(2) {
        dense.push(pair[0].clone());
        let (start, gap) = (pair[0].time, pair[1].time - pair[0].time);
        let observe = |time| Record { id: pair[0].id.clone(), time, ..Record::OBSERVATION };
        if gap > 0.0 {
            let pieces = BETWEEN.max((OVER_ALL * gap / span).ceil());
            let between = grid(1.0..=pieces - 1.0, 1.0);
            dense.extend(between.into_iter().map(|i| observe(start + gap * i / pieces)));
        }
    }
    dense.extend(records.last().cloned());
    dense
}
