//! `sets`: what there is to ask for by name.

use clap::Args;
use menaquinone::vitamer::{ParameterSet, VITAMERS, Vitamer};
use menaquinone::what_if::PRESETS;

use crate::arguments::Output;
use crate::files::{Format, csv_of};
use crate::refusal::Result;

/// What there is to ask for by name.
#[derive(Args)]
pub struct Sets {
    #[command(flatten)]
    output: Output,
}

pub fn run(arguments: &Sets) -> Result<()> {
    let output = &arguments.output;
    let format = output.format()?;
    if output.out.is_none() && format == Format::Csv { output.give_text(&list()) } else { output.give(&table()?) }
}

/// As people read it.
fn list() -> String {
    let with_sets = |vitamer: &&Vitamer| {
        let sets: String = vitamer.sets().iter().map(|set| describe(vitamer, set)).collect();
        let forms = vitamer.formulations().iter().map(|form| form.name.to_owned()).collect::<Vec<_>>();
        let levels = vitamer.baselines().iter().map(|row| format!("{} ({} µg/L)", row.symbol, row.value));
        let levels: Vec<_> = levels.collect();
        let (forms, levels) = (names("--formulation", &forms), names("--baseline", &levels));
        format!("{vitamer} ({})\n{sets}{forms}{levels}", vitamer.name)
    };
    let presets =
        PRESETS.iter().map(|preset| format!("  {:<20} {}\n    {}\n", preset.name, preset.title, preset.known));
    let heading = ["Figures of popular articles for --what-if\n".to_owned()];
    VITAMERS.iter().map(with_sets).chain(heading).chain(presets).collect()
}

/// A line of names for an option, if there are any.
fn names(option: &str, names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("  {option}: {}\n", names.join(", ")) }
}

/// The name to ask for a set by.
fn asked(vitamer: &Vitamer, set: &ParameterSet) -> String {
    format!("{}/{}", vitamer.symbol.replace('-', "").to_lowercase(), set.name)
}

fn half_lives(set: &ParameterSet) -> String {
    set.half_lives().iter().map(|time| format!("{time:.1} h")).collect::<Vec<_>>().join(" and ")
}

fn describe(vitamer: &Vitamer, set: &ParameterSet) -> String {
    format!("  {:<20} t½ {}\n    {}\n", asked(vitamer, set), half_lives(set), set.contested)
}

/// A row for each name.
fn table() -> Result<String> {
    let mut rows = Vec::new();
    let mut push = |option: &str, of: &str, name: &str, title: &str, known: &str| {
        rows.push([option, of, name, title, known].map(String::from).to_vec());
    };
    for vitamer in VITAMERS {
        for set in vitamer.sets() {
            push("--set", vitamer.symbol, &asked(vitamer, set), set.title, set.contested);
        }
        for form in vitamer.formulations() {
            push("--formulation", vitamer.symbol, form.name, form.title, "");
        }
        for row in vitamer.baselines() {
            push("--baseline", vitamer.symbol, row.symbol, row.meaning, &format!("{} µg/L", row.value));
        }
    }
    for preset in PRESETS {
        push("--what-if", "", preset.name, preset.title, preset.known);
    }
    csv_of(["option", "vitamer", "name", "title", "known"], rows)
}
