//! `steady-state`: what a regimen without end comes to.

use clap::Args;
use menaquinone::{SteadyState as Steady, units::DAY};

use crate::files::{csv_of, say};
use crate::refusal::Result;
use crate::simulate::{Course, REGIMEN, Typed};
use crate::subject::Subject;

/// What a regimen that repeats without end comes to.
#[derive(Args)]
#[command(after_help = REGIMEN)]
pub struct SteadyState {
    /// What is taken, without an end, such as '180 ug q24h'
    regimen: Typed,
    #[command(flatten)]
    course: Course,
}

pub fn run(arguments: &SteadyState) -> Result<()> {
    let SteadyState { regimen, course: Course { whom, span, output, picture } } = arguments;
    output.format()?;
    let subject = whom.subject()?;
    regimen.say();
    let regimen = &subject.dosing(&regimen.regimen);
    let end = span.end().unwrap_or(28.0 * DAY);
    subject.check_routes(regimen, end)?;
    let steady = subject.model.steady_state(regimen.clone())?;
    picture.save(|| {
        let curve = subject.model.profile(regimen, &span.fine(end))?;
        let label = format!("average at steady state {:.2} {}", steady.cavg(), subject.unit());
        Ok(subject
            .chart(&regimen.to_string().replace("ug", "µg"), (regimen, &curve), picture)
            .level(label, steady.cavg()))
    })?;
    subject.say_of(regimen, end)?;
    output.give(&(subject.comment() + &metrics(&steady, &subject)?))
}

/// A row for each number.
fn metrics(steady: &Steady, subject: &Subject) -> Result<String> {
    let (unit, area) = (subject.unit(), if subject.is_relative() { "relative·h" } else { "µg·h/L" });
    let days = |fraction| match steady.time_to(fraction) {
        Ok(time) => (time / DAY).to_string(),
        Err(why) => {
            say("note", &why.to_string());
            String::new()
        }
    };
    let rows = [
        ("cmax", steady.cmax().to_string(), unit),
        ("tmax", steady.tmax().to_string(), "h"),
        ("cmin", steady.cmin().to_string(), unit),
        ("ctrough", steady.ctrough().to_string(), unit),
        ("cavg", steady.cavg().to_string(), unit),
        ("auc_tau", steady.auc_tau().to_string(), area),
        ("tau", steady.tau().to_string(), "h"),
        ("fluctuation", (100.0 * steady.fluctuation()).to_string(), "%"),
        ("accumulation_ratio", steady.accumulation_ratio().to_string(), ""),
        ("half_life", steady.model().half_life().to_string(), "h"),
        ("time_to_90_pct", days(0.9), "days"),
        ("time_to_95_pct", days(0.95), "days"),
    ];
    let rows = rows.map(|(name, value, unit)| vec![name.to_owned(), value, unit.to_owned()]);
    csv_of(["metric", "value", "unit"], rows)
}
