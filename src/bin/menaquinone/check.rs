//! `check`: what is known of the amounts of a regimen.

use clap::Args;
use menaquinone::intake;

use crate::arguments::Output;
use crate::files::{Format, csv_of};
use crate::refusal::Result;
use crate::simulate::Typed;
use crate::subject::Whom;

/// What is known of the amounts of a regimen.
#[derive(Args)]
pub struct Check {
    /// What is taken, such as '45 mg q24h'
    regimen: Typed,
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    output: Output,
}

pub fn run(arguments: &Check) -> Result<()> {
    let Check { regimen, whom, output } = arguments;
    let format = output.format()?;
    let Some(known) = &whom.set else {
        return Err(crate::refusal::usage("amounts are known of vitamers: give --set, such as mk7"));
    };
    regimen.say();
    let findings = intake::check(&known.vitamer, &regimen.regimen)?;
    if output.out.is_some() || format == Format::Json {
        let rows = findings.iter().map(|finding| vec![finding.text.clone(), finding.source.to_owned()]);
        return output.give(&csv_of(["finding", "source"], rows)?);
    }
    let heading = ["What is known of such amounts; not medical advice:\n".to_owned()];
    let lines = heading.into_iter().chain(findings.iter().map(|finding| format!("- {finding}\n")));
    output.give_text(&lines.collect::<String>())
}
