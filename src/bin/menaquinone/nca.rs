//! `nca`: non-compartmental analysis of the samples in a table.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use menaquinone::{
    Dose,
    chart::Chart,
    nca::{AreaRule, AtDose, BelowAs, BelowLimit, Column, Columns, Rules, Subjects, Table, Terminal},
};

use crate::arguments::{Output, Picture, positive};
use crate::files::{file_name, note, say, with_header};
use crate::refusal::{Result, data, in_words};
use crate::units;

const HELP: &str = "\
The table has a row for each sample; rows that EVID or MDV tells to be none are left out. The result has a row for each subject and a
column for each metric, in ug, L and h: docs/NCA.md defines them.

Examples:
  menaquinone nca samples.csv --dose '320 mg' --conc-unit mg/L
  menaquinone nca samples.csv --dose-column AMT --dose-unit mg --conc-unit mg/L --summary
  menaquinone nca warfarin.csv --only dvid=cp --dose '100 mg' --conc-unit mg/L --cdisc --out pp.csv";

/// Non-compartmental analysis of the samples in a table.
#[derive(Args)]
#[command(after_help = HELP)]
pub struct Nca {
    /// A table of samples: cells separated by commas, semicolons, tabs, vertical bars or blanks
    file: PathBuf,
    #[command(flatten)]
    columns: Names,
    #[command(flatten)]
    rules: Said,
    /// Prints statistics over the subjects in place of a row for each
    #[arg(long, group = "shape")]
    summary: bool,
    /// Prints a row for each subject and metric, with the reason where there is no value
    #[arg(long, group = "shape")]
    long: bool,
    /// Prints the rows of a CDISC PP domain: PPTESTCD, PPTEST, PPORRES, PPORRESU
    #[arg(long, group = "shape")]
    cdisc: bool,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    picture: Picture,
}

/// What stands where, and in which unit.
#[derive(Args)]
struct Names {
    /// The names of the columns, where the file has no header: 'ID AMT TIME DV WT'
    #[arg(long, value_name = "NAMES")]
    columns: Option<String>,
    /// The column of subjects [default: id, or another usual name of it]
    #[arg(long, value_name = "NAME", default_value = "id", hide_default_value = true)]
    id: String,
    /// The column of times
    #[arg(long, value_name = "NAME", default_value = "time")]
    time: String,
    /// The unit of the times: h, min, days
    #[arg(long, value_name = "UNIT", default_value = "h", value_parser = units::time, hide_default_value = true)]
    time_unit: f64,
    /// The column of concentrations [default: conc, or DV]
    #[arg(long, value_name = "NAME", default_value = "conc", hide_default_value = true)]
    conc: String,
    /// The unit of the concentrations [default: ug/L]
    #[arg(long, value_name = "UNIT", default_value = "ug/L", value_parser = units::concentration, hide_default_value = true)]
    conc_unit: f64,
    /// A column of amounts: that of a subject, or of its row with the dose
    #[arg(long, value_name = "NAME", conflicts_with = "dose")]
    dose_column: Option<String>,
    /// The unit of the amounts in it: ug, mg, mg/kg [default: ug]
    #[arg(long, value_name = "UNIT", default_value = "ug", value_parser = units::amount, requires = "dose_column", hide_default_value = true)]
    dose_unit: f64,
    /// A further column that tells one profile of a subject from another
    #[arg(long, value_name = "NAME")]
    profile: Vec<String>,
    /// Takes only the rows that have this in a column, such as dvid=cp
    #[arg(long, value_name = "NAME=TEXT", value_parser = pair)]
    only: Vec<(String, String)>,
}

/// What is said about the samples.
#[derive(Args)]
struct Said {
    /// What was given to everybody: '320 mg', '10 mg iv', '10 mg iv over 2h'
    #[arg(long, value_name = "TEXT")]
    dose: Option<Dose>,
    /// When it was given, h, on the clock of the samples
    #[arg(long, value_name = "HOURS", default_value = "0", allow_negative_numbers = true)]
    dosed_at: f64,
    /// How it was given, where a column has the amounts
    #[arg(long, value_enum, requires = "dose_column")]
    route: Option<Way>,
    /// The dosing interval, h: adds the metrics of steady state
    #[arg(long, value_name = "HOURS", value_parser = positive, allow_negative_numbers = true)]
    tau: Option<f64>,
    /// What lies between two samples
    #[arg(long, value_enum, default_value = "up-down")]
    area: Area,
    /// What a sample below the limit counts as: zero, drop, drop-middle or a concentration in the unit of the table
    #[arg(long, value_name = "WHAT", value_parser = below)]
    below: Option<Below>,
    /// What stands for a sample at the time of the dose, where there is none
    #[arg(long, value_enum, default_value = "zero")]
    at_dose: Start,
    /// Takes so many of the last samples for the terminal slope [default: as many as fit best]
    #[arg(long, value_name = "COUNT")]
    terminal: Option<usize>,
    /// The concentration of `time_above`, in the unit of the table
    #[arg(long, value_name = "CONC", value_parser = positive, allow_negative_numbers = true)]
    threshold: Option<f64>,
    /// The window of `auc_window`, h after the dose, such as 0..24
    #[arg(long, value_name = "FROM..TO", value_parser = window)]
    window: Option<(f64, f64)>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Way {
    Oral,
    Bolus,
}

#[derive(Clone, Copy, ValueEnum)]
enum Area {
    Linear,
    UpDown,
    Log,
    LinearLog,
}

#[derive(Clone, Copy, ValueEnum)]
enum Start {
    Zero,
    Lowest,
    Carried,
    Refused,
}

#[derive(Clone, Copy)]
enum Below {
    Rule(BelowLimit),
    Value(f64),
}

fn pair(text: &str) -> Result<(String, String), &'static str> {
    let (name, wanted) = text.split_once('=').ok_or("write a column and what must stand there, such as dvid=cp")?;
    Ok((name.trim().to_owned(), wanted.trim().to_owned()))
}

fn below(text: &str) -> Result<Below, &'static str> {
    const DROP: BelowAs = BelowAs::Dropped;
    match text {
        "zero" => Ok(Below::Rule(BelowLimit::ZERO)),
        "drop" => Ok(Below::Rule(BelowLimit::ByPlace { first: DROP, middle: DROP, last: DROP })),
        "drop-middle" => Ok(Below::Rule(BelowLimit::DROP_MIDDLE)),
        value => positive(value).map(Below::Value).map_err(|_| "write zero, drop, drop-middle or a concentration"),
    }
}

fn window(text: &str) -> Result<(f64, f64), &'static str> {
    let ends = text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    ends.ok_or("write two times with two dots between them, such as 0..24")
}

pub fn run(arguments: &Nca) -> Result<()> {
    let Nca { file, columns, rules, output, picture, .. } = arguments;
    output.format()?;
    let profile: Vec<&str> = columns.profile.iter().map(String::as_str).collect();
    let only: Vec<(&str, &str)> = columns.only.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let places = columns.columns(&profile, &only);
    let subjects = match &columns.columns {
        Some(names) => Subjects::read(&*with_header(file, names)?, &places),
        None => Subjects::open(file, &places),
    };
    let subjects = subjects.map_err(|error| {
        let advice = "name it with --id, --time or --conc, or all columns of a file without a header with --columns";
        let error = in_words(&error.to_string());
        data(if error.contains("there is no column") { format!("{error}: {advice}") } else { error })
    })?;
    // What was read from memory has no name of its own.
    let named = |sentence: &String| sentence.replacen("the table", &file.display().to_string(), 1);
    note(&subjects.notes().iter().map(named).collect::<Vec<_>>());
    let table = subjects.analyse(&rules.rules(columns.conc_unit))?;
    for (id, analysis) in &table {
        analysis.doubts().iter().for_each(|doubt| say("note", &format!("subject {id}: {doubt}")));
    }
    if subjects.iter().all(|subject| subject.amount.is_none()) && rules.dose.is_none() {
        say("note", "no dose is known, so there are no clearances and volumes: give --dose or --dose-column");
    }
    picture.save(|| Ok(draw(&file_name(file), &table, picture)))?;
    output.give(&in_words(&arguments.shape(&table)))
}

impl Nca {
    fn shape(&self, table: &Table) -> String {
        match (self.summary, self.long, self.cdisc) {
            (true, ..) => table.summaries(),
            (_, true, _) => table.long(),
            (_, _, true) => table.cdisc(),
            _ => table.wide(),
        }
    }
}

impl Names {
    fn columns<'a>(&'a self, profile: &'a [&'a str], only: &'a [(&'a str, &'a str)]) -> Columns<'a> {
        Columns {
            id: &self.id,
            time: Column { name: &self.time, unit: self.time_unit },
            conc: Column { name: &self.conc, unit: self.conc_unit },
            dose: self.dose_column.as_deref().map(|name| Column { name, unit: self.dose_unit }),
            profile,
            only,
        }
    }
}

impl Said {
    fn rules(&self, unit: f64) -> Rules {
        // The amount is that of each subject.
        let of_route = self.route.map(|route| match route {
            Way::Oral => Dose::of(1.0),
            Way::Bolus => Dose::iv(1.0),
        });
        Rules {
            dose: self.dose.or(of_route),
            dosed_at: self.dosed_at,
            tau: self.tau,
            area: match self.area {
                Area::Linear => AreaRule::Linear,
                Area::UpDown => AreaRule::LinearUpLogDown,
                Area::Log => AreaRule::Log,
                Area::LinearLog => AreaRule::LinearThenLog,
            },
            below: self.below.map(|below| match below {
                Below::Rule(rule) => rule,
                Below::Value(value) => {
                    let value = BelowAs::Value(value * unit);
                    BelowLimit::ByPlace { first: value, middle: value, last: value }
                }
            }),
            at_dose: match self.at_dose {
                Start::Zero => AtDose::Zero,
                Start::Lowest => AtDose::Lowest,
                Start::Carried => AtDose::Carried,
                Start::Refused => AtDose::Refused,
            },
            terminal: self.terminal.map_or_else(Terminal::default, Terminal::Last),
            threshold: self.threshold.map(|threshold| threshold * unit),
            window: self.window,
        }
    }
}

/// So many people are drawn; more could not be told from one another.
const MOST_DRAWN: usize = 12;

/// Everybody's samples.
fn draw(name: &str, table: &Table, picture: &Picture) -> Chart {
    let count = table.iter().count();
    if count > MOST_DRAWN {
        say("note", &format!("the chart has the first {MOST_DRAWN} of {count} subjects"));
    }
    let mut chart = Chart::new(format!("{name}: measured levels of each subject")).x_label("Time after dose (h)");
    for (id, analysis) in table.iter().take(MOST_DRAWN) {
        let samples: Vec<(f64, f64)> = analysis.samples().filter(|(_, conc)| *conc > 0.0 || !picture.log).collect();
        chart = chart.curve(id.clone(), samples);
    }
    if picture.log { chart.log_scale() } else { chart }
}
