//! The table of `design`: a row for each sample, number and figure.

use menaquinone::design::{Criterion, Design as Plan};

use crate::design::{Choice, log_half_life};
use crate::files::csv_of;
use crate::refusal::Result;

/// A row for each sample, number and figure of each design.
pub fn rows(choice: &Choice) -> Result<String> {
    let mut all = Vec::new();
    if choice.found.is_empty() {
        rows_of(&choice.plan, &choice.criterion, None, &mut all)?;
    }
    for found in &choice.found {
        rows_of(found.design(), &choice.criterion, Some(found.efficiency()), &mut all)?;
    }
    csv_of(["samples", "what", "arm", "name", "value", "se", "rse"], all)
}

fn rows_of(plan: &Plan, criterion: &Criterion, efficiency: Option<f64>, all: &mut Vec<Vec<String>>) -> Result<()> {
    let samples = plan.arms().iter().map(|arm| arm.times().len()).max().unwrap_or(0).to_string();
    let mut push = |what: &str, arm: String, name: &str, cells: [Option<f64>; 3]| {
        let cells = cells.map(|cell| cell.map_or(String::new(), |value| value.to_string()));
        all.push([vec![samples.clone(), what.to_owned(), arm, name.to_owned()], cells.to_vec()].concat());
    };
    for (i, arm) in plan.arms().iter().enumerate() {
        for (time, kind) in arm.times().iter().zip(arm.kinds()) {
            let kind = kind.map_or(String::new(), |kind| kind.to_string());
            push("time", (i + 1).to_string(), &kind, [Some(*time), None, None]);
        }
    }
    let information = plan.information()?;
    let (se, rse) = (information.se()?, information.rse()?);
    for (i, (name, value)) in information.names().iter().zip(information.values()).enumerate() {
        push("number", String::new(), name, [Some(*value), Some(se[i]), Some(rse[i]).filter(|rse| rse.is_finite())]);
    }
    if let Ok(variance) = information.variance_of(log_half_life) {
        let (t_half, rse) = (plan.theory().start().half_life(), variance.sqrt());
        push("number", String::new(), "t_half", [Some(t_half), Some(t_half * rse), Some(rse)]);
    }
    push("criterion", String::new(), &criterion.to_string(), [Some(criterion.of(plan)?), None, None]);
    if efficiency.is_some() {
        push("efficiency", String::new(), "at least", [efficiency, None, None]);
    }
    Ok(())
}
