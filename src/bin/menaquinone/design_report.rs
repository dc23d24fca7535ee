//! What `design` says for people to read.

use std::fmt::Write;

use menaquinone::Model;
use menaquinone::design::{Arm, Found, Wald};

use crate::design::{Choice, Design, log_half_life};
use crate::refusal::{Result, data};

/// What was found, for people to read.
pub fn report(asked: &Design, choice: &Choice) -> Result<String> {
    let mut text = String::new();
    writeln!(text, "{}", choice.plan.approximation()).map_err(data)?;
    for arm in choice.plan.arms() {
        let (of, taken) = (crowd(arm.count()), arm.regimen());
        writeln!(text, "{}: {of}, {taken}, samples {}", arm.name(), sampled(arm)).map_err(data)?;
    }
    if choice.plan.arms().len() < asked.taken.len() {
        let why = if asked.budget.is_some() { "the money tells" } else { "their people tell" };
        writeln!(text, "the other arms are left out: {why} more in these").map_err(data)?;
    }
    let value = match choice.found.get(choice.best) {
        Some(found) => sure(found),
        None => choice.criterion.says(choice.criterion.of(&choice.plan)?),
    };
    writeln!(text, "{value}").map_err(data)?;
    let information = choice.plan.information()?;
    writeln!(text, "\n{information}").map_err(data)?;
    text.push_str("levels in µg/L, times in h, rates in 1/h, volumes in L and clearances in L/h\n");
    if let Ok(variance) = information.variance_of(log_half_life) {
        let t_half = choice.plan.theory().start().half_life();
        writeln!(text, "half-life {t_half:.1} h, expected error {}", percent(variance.sqrt())).map_err(data)?;
    }
    if let Some(budget) = &asked.budget {
        writeln!(text, "it costs {} of {}", budget.cost(&choice.plan), budget.total).map_err(data)?;
    }
    if choice.found.len() > 1 {
        text.push_str(&worth(choice));
    }
    if !asked.against.is_empty() {
        let other = choice.plan.at(&[&asked.against])?;
        let times = listed(&asked.against);
        match choice.criterion.of(&other) {
            Ok(value) => {
                let share = value / choice.criterion.of(&choice.plan)?;
                writeln!(text, "samples at {times} h tell {} as much", percent(share)).map_err(data)?;
            }
            Err(why) => writeln!(text, "samples at {times} h do not tell it: {why}").map_err(data)?,
        }
    }
    if let Some((one, other)) = asked.tell {
        let people =
            choice.plan.people_to_tell(Model::half_life, one, other, Wald { power: asked.power, ..Wald::default() })?;
        let percent = 100.0 * asked.power;
        writeln!(
            text,
            "half-lives of {one} and {other} h are told apart with a power of {percent} % by {}, by the error expected at {:.1} h",
            crowd(people),
            choice.plan.theory().start().half_life()
        )
        .map_err(data)?;
    }
    Ok(text)
}

/// Times to a hundredth of an hour; a shorter time that is not zero keeps its first digits.
fn listed(times: &[f64]) -> String {
    let shown = |time: &f64| {
        let hundredths = (100.0 * time).round() / 100.0;
        if hundredths == 0.0 && *time != 0.0 { format!("{time:.2e}") } else { hundredths.to_string() }
    };
    times.iter().map(shown).collect::<Vec<_>>().join(", ")
}

/// The times of an arm, kind by kind.
fn sampled(arm: &Arm) -> String {
    let mut kinds = arm.kinds().to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    let of = |kind: &Option<u32>| {
        let own = arm.times().iter().zip(arm.kinds()).filter(|(_, own)| *own == kind);
        let what = kind.map_or(String::new(), |kind| format!("of kind {kind} "));
        format!("{what}at {} h", listed(&own.map(|(time, _)| *time).collect::<Vec<_>>()))
    };
    kinds.iter().map(of).collect::<Vec<_>>().join(", ")
}

pub fn crowd(people: f64) -> String {
    if people == 1.0 { "one person".to_owned() } else { format!("{people} people") }
}

/// A share in percent, with a power of ten where it is very large.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent < 1e6 { format!("{percent:.1} %") } else { format!("{percent:.1e} %") }
}

/// How near to the best it is, as `Found` says it in its last two lines.
fn sure(found: &Found) -> String {
    let text = found.to_string();
    let lines: Vec<&str> = text.lines().rev().take(2).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

/// What a sample is worth for each number of them.
fn worth(choice: &Choice) -> String {
    let most = choice.found[choice.best].per_sample();
    let line = |found: &Found| {
        let samples = found.times().iter().map(|own| own.len()).max().unwrap_or(0);
        let share = 100.0 * found.per_sample() / most;
        format!("{samples:>7}  {share:>13.1} %  {:>16.1} %\n", 100.0 * found.efficiency())
    };
    let lines: String = choice.found.iter().map(line).collect();
    format!("samples  worth of each  of the best there can be of their number\n{lines}")
}
