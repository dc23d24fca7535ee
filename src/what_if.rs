//! Figures of popular articles as presets: what they would imply, for whoever wants to see it, and never a default.
//!
//! A preset has a [title](WhatIf::title) that begins with `what-if:` and belongs on everything made with it: the
//! terminal, the table, the chart. `docs/CLAIMS.md` holds every claim that the presets come from, and those that the
//! crate refuses to model.
//!
//! ```
//! use menaquinone::{Dose, what_if, units::*, vitamer::MK4};
//! let popular = what_if::named("mk4_half_life_12h")?;
//! assert_eq!(popular.title, "what-if: MK-4 with a half-life of 12 h");
//! assert_eq!(popular.verdict.to_string(), "wrong");
//! let model = popular.model(MK4.set("literature_1cpt")?)?;
//! assert!((model.half_life() - 12.0).abs() < 0.01);
//! # Ok::<(), menaquinone::Error>(())
//! ```

use std::fmt;

use serde::Serialize;

use crate::error::{self, Error, Result};
use crate::model::{Model, Parameters};
use crate::regimen::Regimen;
use crate::units::HOUR;
use crate::vitamer::{K1, MK4, MK7, ParameterSet, Vitamer};

/// What the evidence says of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The claim agrees with what is known.
    Right,
    /// Part of the claim agrees with what is known.
    Partly,
    /// What is known contradicts the claim.
    Wrong,
    /// No source for the number was found.
    Unsupported,
    /// The claim is about something else, or holds no number.
    OutOfScope,
}

impl Verdict {
    /// Every verdict that `docs/CLAIMS.md` may give.
    pub const ALL: [Self; 5] = [Self::Right, Self::Partly, Self::Wrong, Self::Unsupported, Self::OutOfScope];
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Right => "right",
            Self::Partly => "partly",
            Self::Wrong => "wrong",
            Self::Unsupported => "unsupported",
            Self::OutOfScope => "out of scope",
        })
    }
}

/// What a preset changes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Change {
    /// A set of the same vitamer, by its name, takes the place of the one given.
    Set(&'static str),
    /// Parameters take the place of those given.
    Body(Parameters),
    /// The fraction absorbed is taken as known, and the apparent values of the set are multiplied by it.
    Absolute(f64),
    /// A meal table that nobody has measured acts on the doses that state a meal.
    Meals(&'static str),
    /// What the gut makes is multiplied; it is nothing unless a rate was asked for.
    Endogenous(f64),
    /// The doses are taken so many h later.
    Later(f64),
    /// Nothing that a model of the plasma could show.
    Nothing,
}

/// A figure of popular articles that can be tried out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WhatIf {
    /// The name to ask for, such as `mk4_half_life_12h`.
    pub name: &'static str,
    /// A title for charts, tables and terminals; it begins with `what-if:`.
    pub title: &'static str,
    /// The number of the claim in `docs/CLAIMS.md`.
    pub claim: u8,
    /// The vitamers that it is about.
    pub vitamers: &'static [&'static Vitamer],
    /// What the articles say.
    pub says: &'static str,
    /// What is known.
    pub known: &'static str,
    /// What the evidence says of it.
    pub verdict: Verdict,
    /// How it is applied, in words.
    pub how: &'static str,
    /// What it changes.
    pub change: Change,
}

impl WhatIf {
    /// The model that the figure implies for a set.
    ///
    /// ```
    /// use menaquinone::{what_if, vitamer::{MK4, MK7}};
    /// let natto = what_if::named("natto_f_90")?;
    /// assert_eq!(natto.model(MK7.nominal())?.absorption(), &menaquinone::Absorb::with_f(MK7.nominal().absorption(), 0.9));
    /// assert_eq!(
    ///     natto.model(MK4.nominal()).unwrap_err().to_string(),
    ///     "what-if natto_f_90 is about MK-7, and the set nominal (nominal set, t½ 12 h) is not one of its sets"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A set of a vitamer that the claim is not about, or a claim that no model of the plasma can show.
    pub fn model(&self, set: &ParameterSet) -> Result<Model> {
        let Some(vitamer) = self.vitamers.iter().find(|vitamer| vitamer.sets().contains(set)) else {
            return Err(Error::value(format!(
                "what-if {} is about {}, and the set {} ({}) is not one of its sets",
                self.name,
                self.vitamers.iter().map(|vitamer| vitamer.symbol).collect::<Vec<_>>().join(" and "),
                set.name,
                set.title
            )));
        };
        match self.change {
            Change::Set(name) => Ok(vitamer.set(name)?.model()),
            Change::Body(parameters) => parameters.model(),
            Change::Absolute(f) => absolute(set, f),
            Change::Meals(table) => Ok(set.model().with_meal_effect(vitamer.meal_table(table)?.effect())),
            Change::Endogenous(factor) => {
                let model = set.model();
                let rate = factor * model.endogenous();
                model.with_endogenous(rate)
            }
            Change::Later(_) => Ok(set.model()),
            Change::Nothing => Err(Error::value(format!(
                "what-if {} changes nothing that a model of the plasma could show: {}",
                self.name, self.how
            ))),
        }
    }

    /// The dosing that the figure implies: the same, except where it is about the hour of a dose.
    ///
    /// ```
    /// use menaquinone::{Dose, what_if, units::*};
    /// let apart = what_if::named("four_hours_apart")?;
    /// assert_eq!(apart.dosing(Dose::of(90.0 * UG).every(DAY)).to_string(), "90 ug q24h at 4h");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn dosing(&self, dosing: impl Into<Regimen>) -> Regimen {
        match self.change {
            Change::Later(delay) => dosing.into().at(delay),
            _ => dosing.into(),
        }
    }

    /// What must stand on everything made with it, in one line: title, what is known, verdict.
    pub fn label(&self) -> String {
        format!("{} ({}). {}", self.title, self.verdict, self.known)
    }
}

/// The curve of a set from true values: `CL = f CL/F` and so on.
fn absolute(set: &ParameterSet, f: f64) -> Result<Model> {
    if set.peripheral.is_some() || !set.apparent {
        return Err(Error::value(format!(
            "a known fraction absorbed is only applied to apparent sets of one compartment, and {} is another",
            set.name
        )));
    }
    let p = set.parameters;
    Parameters { cl: f * p.cl, v: f * p.v, f, ..p }.model()
}

/// The preset of this name.
///
/// # Errors
/// A name that no preset has; the sentence says which there are.
pub fn named(name: &str) -> Result<&'static WhatIf> {
    let known = || PRESETS.iter().map(|preset| preset.name);
    PRESETS.iter().find(|preset| preset.name == name).ok_or_else(|| error::no_such("what-if", name, known()))
}

/// Every preset.
///
/// ```
/// use menaquinone::what_if::PRESETS;
/// assert!(PRESETS.iter().all(|preset| preset.title.starts_with("what-if: ")));
/// ```
pub static PRESETS: &[WhatIf] = &[
    WhatIf {
        name: "mk4_half_life_12h",
        title: "what-if: MK-4 with a half-life of 12 h",
        claim: 2,
        vitamers: &[&MK4],
        says: "The half-life of MK-4 is about 12 h.",
        known: "Peak and area of the 30 mg syrup ask for 1.2-2.6 h (Morishita 1981), and no source for 12 h was seen.",
        verdict: Verdict::Wrong,
        how: "MK4.set(\"nominal\")",
        change: Change::Set("nominal"),
    },
    WhatIf {
        name: "mk7_half_life_72h",
        title: "what-if: MK-7 with a half-life of 72 h",
        claim: 3,
        vitamers: &[&MK7],
        says: "MK-7 stays in the body for 72 to 96 h, read here as its half-life.",
        known: "The tail after natto halves in 44-91 h; the peak is half gone within 3 h (Homma 2006, from memory).",
        verdict: Verdict::Partly,
        how: "MK7.set(\"half_life_72h\")",
        change: Change::Set("half_life_72h"),
    },
    WhatIf {
        name: "mk7_half_life_96h",
        title: "what-if: MK-7 with a half-life of 96 h",
        claim: 3,
        vitamers: &[&MK7],
        says: "MK-7 stays in the body for 72 to 96 h, read here as its half-life.",
        known: "The tail after natto halves in 44-91 h; the peak is half gone within 3 h (Homma 2006, from memory).",
        verdict: Verdict::Partly,
        how: "MK7.set(\"half_life_96h\")",
        change: Change::Set("half_life_96h"),
    },
    WhatIf {
        name: "accumulation_7_8",
        title: "what-if: MK-7 accumulates 7.5-fold on daily doses",
        claim: 1,
        vitamers: &[&MK7],
        says: "MK-7 builds up seven to eight times, read here as accumulation on daily doses.",
        known: "The abstract of Schurgers 2007 prints 7- to 8-fold; others read it as the level against equimolar K1. 68-96 h \
                give 4.6-6.3.",
        verdict: Verdict::Unsupported,
        how: "Parameters with a half-life of 116 h, so that 1 / (1 - 2^(-24/t½)) is 7.5, and the volume that gives the \
              level of Knapen 2015",
        change: Change::Body(Parameters { cl: 1.307, v: 218.8, ka: 1.0, tlag: 0.0, f: 1.0 }),
    },
    WhatIf {
        name: "natto_f_90",
        title: "what-if: 90 % of the MK-7 in natto is absorbed",
        claim: 5,
        vitamers: &[&MK7],
        says: "The bioavailability of MK-7 from natto is 90 %.",
        known: "No absolute bioavailability of MK-7 was found. The sets hold CL/F and V/F, so it changes no oral curve.",
        verdict: Verdict::Unsupported,
        how: "f = 0.9 with 0.9 CL/F and 0.9 V/F: the same curve from true values",
        change: Change::Absolute(0.9),
    },
    WhatIf {
        name: "fat_plus_40",
        title: "what-if: fat raises absorption by 40 % (popular 30-50 %)",
        claim: 6,
        vitamers: &[&MK7, &K1],
        says: "Fat raises the absorption by 30 to 50 %.",
        known: "No fasted or fed number was found for MK-7; for MK-4 it is 2.8-fold from 8.8 to 34.9 g fat (Uematsu 1996).",
        verdict: Verdict::Wrong,
        how: "the meal table fat_adds_40_percent, which acts on doses that state a meal, such as `180 ug fasted`",
        change: Change::Meals("fat_adds_40_percent"),
    },
    WhatIf {
        name: "natto_100_200",
        title: "what-if: natto holds 100 to 200 µg of MK-7 in 100 g",
        claim: 10,
        vitamers: &[&MK7],
        says: "Natto holds 100 to 200 µg of MK-7 in 100 g.",
        known: "939 µg in 100 g (Kamao 2007), so 50 g hold about 470 µg.",
        verdict: Verdict::Wrong,
        how: "it is about the food: give the amount yourself, such as Dose::of(75.0 * UG) for 50 g",
        change: Change::Nothing,
    },
    WhatIf {
        name: "cheese_30_50",
        title: "what-if: hard cheese holds 30 to 50 µg of K2 in 100 g",
        claim: 12,
        vitamers: &[&MK7],
        says: "Hard cheese holds 30 to 50 µg of K2 in 100 g.",
        known: "European cheeses 0.3-131 µg, American ones more; MK-8 and MK-9 above all, hardly any MK-7.",
        verdict: Verdict::Right,
        how: "it is about the food, and about vitamers without kinetics here: the order of magnitude is right for Europe, \
              the range too narrow",
        change: Change::Nothing,
    },
    WhatIf {
        name: "four_hours_apart",
        title: "what-if: vitamin K four hours apart from the antagonist",
        claim: 31,
        vitamers: &[&MK4, &MK7, &K1],
        says: "Taking vitamin K four hours apart from the antagonist avoids the interaction.",
        known: "The two meet in the liver and not in the gut; at 68 h, four hours change the level by at most 4 % and the area \
                not at all.",
        verdict: Verdict::Wrong,
        how: "every dose four hours later: Regimen::at",
        change: Change::Later(4.0 * HOUR),
    },
    WhatIf {
        name: "gut_minus_30_from_50",
        title: "what-if: the gut makes 30 % less from the age of 50",
        claim: 36,
        vitamers: &[&MK4, &MK7, &K1],
        says: "What the gut makes falls by 30 % from the age of 50.",
        known: "Nothing was found, and no absorbed amount from the gut was ever measured: without a rate it changes nothing.",
        verdict: Verdict::Unsupported,
        how: "Model::with_endogenous(rate * vitamer::supposition(\"gut_from_age_50\")?.value) for a rate of your own",
        change: Change::Endogenous(0.7),
    },
];
