//! `diary`: the intake of each day, or the levels that follow from it.

use std::path::PathBuf;

use clap::Args;
use menaquinone::{diary::Diary as Week, units::DAY};

use crate::files::{Format, file_name, note, say};
use crate::refusal::{Result, data, usage};
use crate::simulate::Course;

/// The intake of each day, or the levels that follow from it.
#[derive(Args)]
pub struct Diary {
    /// A diary: a .csv or .tsv table with date, time, food and amount, or lines such as 'Mon 08:00 natto 50 g'
    file: PathBuf,
    /// The foods as people read them, with ranges and what nobody has measured, in place of CSV
    #[arg(long, conflicts_with_all = ["out", "json", "set", "model", "cl", "chart"])]
    text: bool,
    #[command(flatten)]
    course: Course,
}

pub fn run(arguments: &Diary) -> Result<()> {
    let Diary { file, text, course } = arguments;
    let Course { whom, span, output, picture } = course;
    let format = output.format()?;
    let diary = Week::open(file)?;
    note(diary.notes());
    if diary.plates().is_empty() {
        let file = file.display();
        return Err(data(format!("{file} holds nothing that was taken: write a line such as `Mon 08:00 natto 50 g`")));
    }
    let Some(known) = &whom.set else {
        if picture.chart.is_some() {
            return Err(usage("a chart is one of levels: give --set, such as mk7"));
        }
        let intake = diary.intake();
        let is_text = *text && format == Format::Csv;
        return if is_text { output.give_text(&intake.to_string()) } else { output.give(&intake.to_csv()) };
    };
    let regimen = diary.regimen(&known.vitamer);
    say("note", &format!("doses of {}: {regimen}", known.vitamer));
    let last = diary.plates().last().map_or(0.0, |(time, _)| *time);
    let end = span.end().unwrap_or(DAY * (last / DAY).floor() + DAY);
    course.levels(&regimen, end, &format!("{}: levels of {}", file_name(file), known.vitamer))
}
