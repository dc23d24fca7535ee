//! Replicates in slices, for a cluster: what one task writes, and `join`, which makes one table of what all have written.

use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Args;
use menaquinone::file;
use menaquinone::fit::{Recovery, Resampled, Round};
use serde::{Deserialize, Serialize};

use crate::files::{print, say};
use crate::reading::{from_json, text_of};
use crate::refusal::{Result, data, usage};

/// A slice of replicates, or all of them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Bootstrap(Resampled),
    Recovery(Recovery),
    Round(Round),
}

impl Part {
    /// Writes it to a file, whole.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string(self).map_err(data)?;
        file::write(path, text + "\n")?;
        say("note", &format!("wrote {}", path.display()));
        Ok(())
    }

    /// The part as people read it.
    pub fn text(&self) -> String {
        match self {
            Self::Bootstrap(all) => format!("{all}\n"),
            Self::Recovery(all) => format!("{all}\n"),
            Self::Round(all) => format!("{all}\n"),
        }
    }
}

/// How many replicates, or which of them.
pub fn replicates(text: &str) -> Result<Range<u64>, String> {
    let why = || "write how many, such as 200, or which of them, such as 50..100".to_owned();
    let number = |text: &str| text.parse::<u64>().map_err(|_| why());
    let range = match text.split_once("..") {
        Some((first, end)) => number(first)?..number(end)?,
        None => 0..number(text)?,
    };
    if range.is_empty() { Err(why()) } else { Ok(range) }
}

/// Joins what the tasks of a cluster have written.
#[derive(Args)]
#[command(after_help = HELP)]
pub struct Join {
    /// The files of `fit --part`, in any order
    #[arg(required = true)]
    parts: Vec<PathBuf>,
    /// Writes the whole to a .json file too, which can be joined again
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

const HELP: &str = "\
Parts are slices of one series: a bootstrap, trials that were simulated and fitted, or a round of a search for covariates. Joined they are what one
process would have made of the whole, to the bit; what is missing or double is refused.

Example:
  menaquinone fit events.csv --theory theory.toml --bootstrap 0..50 --part parts/000.json
  menaquinone fit events.csv --theory theory.toml --bootstrap 50..100 --part parts/050.json
  menaquinone join parts/*.json";

pub fn run(arguments: &Join) -> Result<()> {
    let whole = joined(&arguments.parts)?;
    if let Some(path) = &arguments.out {
        whole.write(path)?;
    }
    print(&whole.text())
}

fn joined(files: &[PathBuf]) -> Result<Part> {
    let (mut bootstraps, mut recoveries, mut rounds) = (Vec::new(), Vec::new(), Vec::new());
    for path in files {
        let part = from_json::<Part>(&text_of(path)?);
        match part.map_err(|why| data(format!("{} is no part of a series: {why}", path.display())))? {
            Part::Bootstrap(part) => bootstraps.push(part),
            Part::Recovery(part) => recoveries.push(part),
            Part::Round(part) => rounds.push(part),
        }
    }
    match (bootstraps.is_empty(), recoveries.is_empty(), rounds.is_empty()) {
        (false, true, true) => Ok(Part::Bootstrap(Resampled::join(bootstraps)?)),
        (true, false, true) => Ok(Part::Recovery(Recovery::join(recoveries)?)),
        (true, true, false) => Ok(Part::Round(Round::join(rounds)?)),
        _ => Err(usage("these parts are of different kinds: join those of one series")),
    }
}
