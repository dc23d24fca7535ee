//! The command line of the crate: a command for each thing that is done most, with the result on stdout or in a file.
//!
//! It leaves with 0 when all is done, 1 when a file or a number is refused, and 2 when the command line cannot be read. What a
//! reader should know beside the result stands on stderr, a line each.

mod arguments;
mod check;
mod design;
mod design_drawn;
mod design_report;
mod design_rows;
mod design_words;
mod diary;
mod dose;
mod files;
mod fit;
mod nca;
mod parts;
mod population;
mod progress;
mod reading;
mod refusal;
mod results;
mod samples;
mod search;
mod sets;
mod simulate;
mod steady_state;
mod subject;
mod table;
mod units;

use std::process::ExitCode;

use arguments::Command;
use refusal::Result;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            files::say("error", &refusal.sentence);
            ExitCode::from(refusal.code)
        }
    }
}

fn run() -> Result<()> {
    match arguments::parse()? {
        None => Ok(()),
        Some(Command::Simulate(arguments)) => simulate::run(&arguments),
        Some(Command::SteadyState(arguments)) => steady_state::run(&arguments),
        Some(Command::Table(arguments)) => table::run(&arguments),
        Some(Command::Nca(arguments)) => nca::run(&arguments),
        Some(Command::Diary(arguments)) => diary::run(&arguments),
        Some(Command::Sets(arguments)) => sets::run(&arguments),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Fit(arguments)) => fit::run(&arguments),
        Some(Command::Join(arguments)) => parts::run(&arguments),
        Some(Command::Dose(arguments)) => dose::run(&arguments),
        Some(Command::Design(arguments)) => design::run(&arguments),
    }
}
