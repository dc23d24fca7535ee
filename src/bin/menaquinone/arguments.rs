//! The words of the command line, and what is wrong with them in one line.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use menaquinone::Regimen;

use crate::refusal::{Result, usage};
use crate::{check, design, diary, dose, files, fit, nca, parts, sets, simulate, steady_state, table};

const EXAMPLES: &str = "\
Examples:
  menaquinone simulate '180 ug q24h x60 then 45 ug q12h' --set mk7 --days 90 --out levels.csv --chart levels.png
  menaquinone steady-state '15 mg with 20 g fat q8h' --set mk4/literature_1cpt
  menaquinone table events.csv --cl 2.8 --v 32 --ka 1.5 --chart levels.png
  menaquinone nca samples.csv --dose '320 mg' --conc-unit mg/L --summary
  menaquinone fit samples.csv --taken '180 ug once' --cl 1.2 --v 150 --ka 1 --profile t_half
  menaquinone fit events.csv --theory theory.toml --method focei --out results
  menaquinone dose 'trough 2..4' --set mk7 --products 45,90,180
  menaquinone design theory.toml --taken '180 ug once' --samples 6 --within 0..168 --best t_half
  menaquinone diary week.txt
  menaquinone sets
  menaquinone check '45 mg q24h' --set mk4

It leaves with 0 when all is done, 1 when a file or a number is refused, and 2 when the command line cannot be read.
The result is on stdout, or in the file of --out; notes are on stderr.

Nothing here is medical advice.";

/// Exact pharmacokinetics of vitamin K2, event tables, non-compartmental analysis and fits.
#[derive(Parser)]
#[command(name = "menaquinone", bin_name = "menaquinone", version, after_help = EXAMPLES)]
struct Menaquinone {
    #[command(subcommand)]
    command: Command,
}

/// What is to be done.
#[derive(Subcommand)]
pub enum Command {
    /// Levels of a regimen over time
    Simulate(simulate::Simulate),
    /// Peak, trough, average and build-up of a regimen that repeats without end
    SteadyState(steady_state::SteadyState),
    /// What a model predicts at every record of an event table (NONMEM convention)
    Table(table::Table),
    /// Non-compartmental analysis of the samples in a table
    Nca(nca::Nca),
    /// A model fitted to measured curves, with intervals and profiles
    Fit(Box<fit::Fit>),
    /// What the tasks of a cluster have written, as one table
    Join(parts::Join),
    /// The dose that reaches a target, and how probably it does
    Dose(Box<dose::Dose>),
    /// When to sample, of how many people, and what that is expected to tell
    Design(Box<design::Design>),
    /// The intake of each day of a diary, or the levels that follow from it
    Diary(diary::Diary),
    /// The vitamers with their parameter sets, forms and habitual levels, and the what-ifs
    Sets(sets::Sets),
    /// What is known of the amounts of a regimen
    Check(check::Check),
}

/// Where the result goes.
#[derive(Args)]
pub struct Output {
    /// Writes the result to a .csv or .json file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Prints JSON in place of CSV
    #[arg(long, conflicts_with = "out")]
    pub json: bool,
}

/// A picture of the result.
#[derive(Args)]
pub struct Picture {
    /// Draws a chart to a .png or .svg file
    #[arg(long, value_name = "FILE")]
    pub chart: Option<PathBuf>,
    /// Gives the chart a logarithmic axis
    #[arg(long, requires = "chart")]
    pub log: bool,
}

/// The command, or nothing where help was asked for and given.
pub fn parse() -> Result<Option<Command>> {
    if std::env::args_os().len() <= 1 {
        return files::print(&Menaquinone::command().render_help().to_string()).map(|()| None);
    }
    let error = match Menaquinone::try_parse() {
        Ok(all) => return Ok(Some(all.command)),
        Err(error) => error,
    };
    let text = error.to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => files::print(&text).map(|()| None),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => files::print(&text).map(|()| None),
        _ => Err(usage(negative_dose(std::env::args()).unwrap_or_else(|| one_line(&text)))),
    }
}

/// What is wrong with a dosing that begins with a sign, which clap takes for an option: no option begins with a digit.
fn negative_dose(mut arguments: impl Iterator<Item = String>) -> Option<String> {
    let is_dosing = |text: &String| {
        let number = text.strip_prefix('-').unwrap_or_default();
        number.starts_with(|c: char| c.is_ascii_digit() || c == '.') && number.contains(char::is_alphabetic)
    };
    let why = arguments.find(is_dosing)?.parse::<Regimen>().err()?;
    Some(why.to_string())
}

/// What clap says without its usage and hints, but for the command that is like what was written.
fn one_line(text: &str) -> String {
    let first = text.split("\n\n").next().unwrap_or_default();
    let line = first.split_whitespace().collect::<Vec<_>>().join(" ");
    let tip = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("tip: "))
        .filter(|tip| tip.contains("similar subcommand"));
    let tip = tip.map_or_else(String::new, |tip| format!("; {tip}"));
    format!("{}{tip}", line.strip_prefix("error: ").unwrap_or(&line))
}

/// A number; what it may be is said where a body is made of it.
pub fn number(text: &str) -> Result<f64, &'static str> {
    text.parse().map_err(|_| "write a number")
}

/// A number above zero.
pub fn positive(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|number: &f64| *number > 0.0 && number.is_finite()).ok_or("write a number above zero")
}
