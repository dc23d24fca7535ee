//! What applies to a regimen, in plain sentences.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use super::{BANDS, Band, Kind};
use crate::error::Result;
use crate::regimen::{Regimen, Route};
use crate::vitamer::Vitamer;

/// One thing that is known about a regimen: plain sentences and their source.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it rests on.
    pub kind: Kind,
    /// The sentences.
    pub text: String,
    /// Where they come from; empty for arithmetic.
    pub source: &'static str,
}

impl Finding {
    fn new(kind: Kind, text: impl Into<String>, source: &'static str) -> Self {
        Self { kind, text: text.into(), source }
    }
}

/// The sentences, and the source in brackets.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        if self.source.is_empty() { Ok(()) } else { write!(f, " [{}]", self.source) }
    }
}

/// What is known about taking so much of a vitamer: first what it does to vitamin K antagonists, then the
/// [mean daily amount](Regimen::mean_daily_amount), then every [band](BANDS) that holds it, cautions first.
///
/// It looks at the mean and not at the highest day, and at this one source alone: the diet comes on top. It recommends
/// nothing.
///
/// # Errors
/// A regimen that cannot be, or one without doses.
pub fn check<'a>(vitamer: &Vitamer, regimen: impl Into<Cow<'a, Regimen>>) -> Result<Vec<Finding>> {
    let regimen = regimen.into();
    let amount = regimen.mean_daily_amount()?;
    let mut findings = vec![antagonist(vitamer), arithmetic(vitamer, &regimen, amount)];
    if regimen.kinds_of_dose().any(|(_, dose)| dose.route == Route::Intravenous) {
        let text = "Some of it goes into a vein; every figure below is about what is swallowed.";
        findings.push(Finding::new(Kind::Amount, text, ""));
    }
    let mut holding: Vec<_> = BANDS.iter().filter(|band| band.holds(vitamer, amount)).collect();
    holding.sort_by_key(|band| rank(band.kind));
    findings.extend(holding.iter().map(|band| about(band)));
    findings.extend(above_all_trials(vitamer, amount));
    Ok(findings)
}

/// The order in which bands are told.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Antagonist | Kind::Amount | Kind::Caution => 0,
        Kind::Authority => 1,
        Kind::Trial => 2,
        Kind::Popular => 3,
        Kind::Habitual => 4,
    }
}

fn antagonist(vitamer: &Vitamer) -> Finding {
    const EVERY: &str =
        "Vitamin K works against vitamin K antagonists such as warfarin, phenprocoumon and acenocoumarol";
    let (known, source) = match vitamer.symbol {
        "MK-7" => (
            "with MK-7 no amount is known to be without effect: of people on an antagonist, 10 µg a day disturbed it \
             to a clinically relevant degree in at least 40 %, 20 µg in at least 60 %, and 45 µg lowered the INR by \
             about 40 %",
            "Theuwissen 2013 doi:10.1111/jth.12203, abstract",
        ),
        "K1" => (
            "K1 lowered the INR of people on an antagonist from 150 µg a day, and clotting factor II responded from \
             100 µg a day",
            "Schurgers 2004 doi:10.1182/blood-2004-04-1525, abstract",
        ),
        "MK-4" => (
            "MK-4 in mg doses is given to reverse warfarin, and no smaller amount was shown to be safe beside it",
            "Zhou 2016 doi:10.1186/s40780-016-0053-8, 20-70 mg into a vein, as coded in nlmixr2lib",
        ),
        _ => (
            "no study of this vitamer beside them was seen, and MK-7 disturbs them from 10 µg a day",
            "Theuwissen 2013 doi:10.1111/jth.12203, abstract",
        ),
    };
    Finding::new(Kind::Antagonist, format!("{EVERY}; {known}."), source)
}

fn arithmetic(vitamer: &Vitamer, regimen: &Regimen, amount: f64) -> Finding {
    let over = if regimen.is_endless() { "its cycle" } else { "its span" };
    let text = format!("The regimen amounts to {} of {vitamer} a day, on average over {over}.", quantity(amount));
    Finding::new(Kind::Amount, text, "")
}

/// From here on amounts are told in mg.
const MILLIGRAMS: f64 = 10_000.0;

/// `180 µg`, `77.1 µg`, `45 mg`.
fn quantity(ug: f64) -> String {
    let (number, unit) = if ug < MILLIGRAMS { (ug, "µg") } else { (ug / 1000.0, "mg") };
    let rounded = (10.0 * number).round() / 10.0;
    format!("{rounded} {unit}")
}

fn about(band: &Band) -> Finding {
    let Band { substance, kind, known, source, .. } = band;
    let range = if band.low < MILLIGRAMS { format!("{} µg", band.range_text()) } else { quantity(band.low) };
    let lead = match kind {
        Kind::Popular => format!("Popular articles name {range} of {substance} a day."),
        Kind::Caution => format!("A caution is voiced for amounts {range} of {substance} a day."),
        Kind::Trial => format!("A trial dose: {range} of {substance} a day."),
        Kind::Authority => format!("An authority names {range} of {substance} a day."),
        _ => format!("People eat {range} of {substance} a day."),
    };
    Finding::new(*kind, format!("{lead} {known}"), source)
}

fn above_all_trials(vitamer: &Vitamer, amount: f64) -> Option<Finding> {
    let trials = BANDS.iter().filter(|band| band.kind == Kind::Trial && band.applies_to.contains(&vitamer.symbol));
    let most = trials.max_by(|a, b| a.high.total_cmp(&b.high))?;
    let above = amount > 1.1 * most.high;
    let text = || {
        format!(
            "This is above every daily trial dose of {vitamer} listed here, the highest of which is {} µg.",
            most.high
        )
    };
    above.then(|| Finding::new(Kind::Trial, text(), most.source))
}
