//! The chart of `design`: the curve of each arm with its times, what a further sample would bring, and what samples and people are worth.

use menaquinone::Model;
use menaquinone::chart::{Chart, Sheet};
use menaquinone::design::{Arm, Wald};

use crate::design::{Choice, Design};
use crate::design_report::crowd;
use crate::refusal::Result;

/// So many arms are drawn; more would be too small to read.
const MOST_ARMS: usize = 3;
/// The picture ends so many times beyond the last sample.
const BEYOND: f64 = 1.1;

pub fn sheet(arguments: &Design, choice: &Choice, name: &str) -> Result<Sheet> {
    let arms = choice.plan.arms();
    let last = arms.iter().flat_map(Arm::times).fold(0.0, |last: f64, time| last.max(*time));
    let until = BEYOND * if last > 0.0 { last } else { 24.0 };
    let drawn = arms.len().min(MOST_ARMS);
    let (mut curves, mut brought) = (Vec::new(), Vec::new());
    for (i, arm) in arms.iter().enumerate().take(drawn) {
        let chart = Chart::new(title(arm, drawn));
        let chart = if arguments.picture.log { chart.log_scale() } else { chart };
        curves.push(chart.sampled_by(&choice.plan, i, until)?);
        brought.push(Chart::new("One more sample").brought_to(&choice.plan, &choice.criterion, (i, until))?);
    }
    let mut worth = Vec::new();
    if choice.found.len() > 1 {
        worth.push(Chart::xy("How many samples").worth_by_count(&choice.found)?);
    }
    if let Some((one, other)) = arguments.tell {
        let sure = Wald { power: arguments.power, ..Wald::default() };
        let needed = choice.plan.people_to_tell(Model::half_life, one, other, sure)?;
        let chart = Chart::xy(format!("People to tell half-lives of {one} and {other} h"));
        let chart = chart.power_of(("", &choice.plan), Model::half_life, (one, other), most(needed))?;
        worth.push(chart.level(format!("{:.0} %", 100.0 * arguments.power), 100.0 * arguments.power));
    }
    let sheet = Sheet::new(format!("A design for {name}"))
        .subtitle(subtitle(choice))
        .caption("What is expected holds as far as the numbers of the theory do. Nothing here is medical advice.")
        .row(curves)
        .row(brought);
    let rows = if worth.is_empty() { 2 } else { 3 };
    Ok((if worth.is_empty() { sheet } else { sheet.row(worth) }).size(1200, 170 + 380 * rows))
}

fn title(arm: &Arm, arms: usize) -> String {
    let taken = arm.regimen().to_string().replace("ug", "µg");
    if arms > 1 { format!("{}: {taken}", arm.name().replacen('a', "A", 1)) } else { taken }
}

fn subtitle(choice: &Choice) -> String {
    let of = capital(&crowd(choice.plan.people()));
    let how = choice.plan.approximation().to_string();
    let how = how.strip_prefix("people, ").unwrap_or(&how);
    match choice.found.get(choice.best) {
        Some(found) => format!(
            "{of}; {how}; at least {:.1} % of the best there can be by the criterion {}",
            100.0 * found.efficiency(),
            choice.criterion
        ),
        None => format!("{of}; {how}; times as given"),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// How far an axis of people reaches.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of people that is at most a million here"
)]
fn most(needed: f64) -> u32 {
    (2.0 * needed.clamp(5.0, 500_000.0)) as u32
}
