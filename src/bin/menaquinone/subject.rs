//! The body that is simulated, and what to call it.

use std::path::{Path, PathBuf};

use clap::Args;
use menaquinone::what_if::{self, WhatIf};
use menaquinone::{
    Absorb, Absorption, Bolus, Disposition, FirstOrder, Model, OneCompartment, Parameters, Profile, Regimen, Route,
    ThreeCompartment, TwoCompartment, chart::Chart, intake, vitamer::*,
};

use crate::arguments::{Picture, number};
use crate::files::{note, say};
use crate::reading::{Read, from_file, from_json, from_toml};
use crate::refusal::{Result, data, in_words, usage};

/// Whose levels: a set of a vitamer by name, a file, or parameters.
#[derive(Args)]
pub struct Whom {
    /// A vitamer, or one of its parameter sets: mk7, `mk7/literature_2cpt`; `menaquinone sets` lists them
    #[arg(long, value_name = "NAME", alias = "vitamer", value_parser = known)]
    pub set: Option<Known>,
    /// The form in which it is taken, such as tablet
    #[arg(long, value_name = "NAME", requires = "set", conflicts_with = "what_if")]
    formulation: Option<String>,
    /// The people whose habitual level the doses come on top of, such as tokyo
    #[arg(long, value_name = "NAME", requires = "set")]
    baseline: Option<String>,
    /// Tries out a figure of popular articles and marks everything with it
    #[arg(long, value_name = "NAME", requires = "set")]
    what_if: Option<String>,
    /// Parameters or a whole model from a .toml or .json file
    #[arg(long, value_name = "FILE", alias = "parameters", conflicts_with = "set")]
    model: Option<PathBuf>,
    #[command(flatten)]
    numbers: Numbers,
}

/// Parameters by themselves, in L, h and their quotients.
#[derive(Args)]
struct Numbers {
    /// Clearance, L/h
    #[arg(long, requires = "v", conflicts_with_all = ["set", "model"], allow_negative_numbers = true, value_parser = number)]
    cl: Option<f64>,
    /// Volume of the plasma compartment, L
    #[arg(long, requires = "cl", allow_negative_numbers = true, value_parser = number)]
    v: Option<f64>,
    /// Rate of first-order absorption, 1/h; a bolus where there is none
    #[arg(long, requires = "cl", allow_negative_numbers = true, value_parser = number)]
    ka: Option<f64>,
    /// Lag of absorption, h
    #[arg(long, requires = "cl", allow_negative_numbers = true, value_parser = number)]
    tlag: Option<f64>,
    /// Fraction absorbed
    #[arg(long, requires = "cl", allow_negative_numbers = true, value_parser = number)]
    f: Option<f64>,
    /// Clearance between plasma and a second compartment, L/h
    #[arg(long, requires_all = ["cl", "v2"], allow_negative_numbers = true, value_parser = number)]
    q: Option<f64>,
    /// Volume of the second compartment, L
    #[arg(long, requires = "q", allow_negative_numbers = true, value_parser = number)]
    v2: Option<f64>,
    /// Clearance between plasma and a third compartment, L/h
    #[arg(long, requires_all = ["q", "v3"], allow_negative_numbers = true, value_parser = number)]
    q3: Option<f64>,
    /// Volume of the third compartment, L
    #[arg(long, requires = "q3", allow_negative_numbers = true, value_parser = number)]
    v3: Option<f64>,
}

/// A set by name.
#[derive(Clone, Copy)]
pub struct Known {
    pub vitamer: Vitamer,
    pub set: &'static ParameterSet,
}

fn known(text: &str) -> menaquinone::Result<Known> {
    let (vitamer, set) = text.split_once(['/', ':']).unwrap_or((text, "nominal"));
    let vitamer: Vitamer = vitamer.parse()?;
    Ok(Known { vitamer, set: vitamer.set(set)? })
}

/// The body that is simulated, and what to call it.
pub struct Subject {
    name: String,
    title: String,
    known: Option<Known>,
    what_if: Option<&'static WhatIf>,
    pub model: Model,
}

impl Whom {
    /// Whether a set is taken as it is: no form, habitual level or figure in its place, which change a body and say nothing of people.
    pub fn is_as_printed(&self) -> bool {
        self.formulation.is_none() && self.baseline.is_none() && self.what_if.is_none()
    }

    pub fn subject(&self) -> Result<Subject> {
        let own = |title: String, model| Subject { name: "level".into(), title, known: None, what_if: None, model };
        match (&self.set, &self.model) {
            (Some(known), _) => self.known(*known),
            (None, Some(path)) => Ok(own(format!("parameters of {}", path.display()), model_from(path)?)),
            (None, None) => match self.numbers.model()? {
                Some(model) => Ok(own(self.numbers.title(), model)),
                None => Err(usage("there is nobody to simulate: give --set, such as mk7, --model or --cl and --v")),
            },
        }
    }

    /// A vitamer by one of its sets, as it is, in another form or as a preset would have it, above a habitual level.
    fn known(&self, known: Known) -> Result<Subject> {
        let Known { vitamer, set } = known;
        let what_if = self.what_if.as_deref().map(what_if::named).transpose().map_err(usage)?;
        let form = self.formulation.as_deref().map(|name| vitamer.formulation(name)).transpose().map_err(usage)?;
        let people = self.baseline.as_deref().map(|name| vitamer.baseline(name)).transpose().map_err(usage)?;
        let title = format!("{vitamer}, {}", set.title);
        let (mut title, mut model) = match (what_if, form) {
            (Some(preset), _) => (format!("{} · in place of {title}", preset.title), preset.model(set)?),
            (None, Some(form)) => (format!("{title} · {}", form.title), set.in_form(form)?),
            (None, None) => (title, set.model()),
        };
        if let Some(row) = people {
            title = format!("{title} · {}, {} µg/L", row.meaning, row.value);
            model = model.with_baseline(row.value)?;
        }
        Ok(Subject { name: vitamer.to_string(), title, known: Some(known), what_if, model })
    }
}

impl Numbers {
    fn model(&self) -> Result<Option<Model>> {
        let Some((cl, v1)) = self.cl.zip(self.v) else { return Ok(None) };
        let body: Disposition = match (self.q.zip(self.v2), self.q3.zip(self.v3)) {
            (Some((q2, v2)), Some((q3, v3))) => ThreeCompartment { cl, v1, q2, v2, q3, v3 }.into(),
            (Some((q, v2)), None) => TwoCompartment { cl, v1, q, v2 }.into(),
            _ => OneCompartment { cl, v: v1 }.into(),
        };
        let way: Absorption = self.ka.map_or_else(|| Bolus.into(), |ka| FirstOrder { ka }.into());
        let way = self.tlag.into_iter().fold(way, Absorb::lagged);
        let way = self.f.into_iter().fold(way, Absorb::with_f);
        Ok(Some(Model::new(way, body)?))
    }

    fn title(&self) -> String {
        let all = [
            ("cl", self.cl, " L/h"),
            ("v", self.v, " L"),
            ("ka", self.ka, " 1/h"),
            ("tlag", self.tlag, " h"),
            ("f", self.f, ""),
            ("q", self.q, " L/h"),
            ("v2", self.v2, " L"),
            ("q3", self.q3, " L/h"),
            ("v3", self.v3, " L"),
        ];
        let given = all.iter().filter_map(|(name, value, unit)| Some(format!("{name} {}{unit}", (*value)?)));
        given.collect::<Vec<_>>().join(", ")
    }
}

impl Subject {
    /// The regimen as it is, or as a preset would have it.
    pub fn dosing(&self, regimen: &Regimen) -> Regimen {
        self.what_if.map_or_else(|| regimen.clone(), |preset| preset.dosing(regimen.clone()))
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    /// The line that stands above a table of a what-if.
    pub fn comment(&self) -> String {
        self.what_if.map_or(String::new(), |preset| format!("# {}\n", preset.label()))
    }

    /// Whether its levels are ratios and no concentrations.
    pub fn is_relative(&self) -> bool {
        self.known.is_some_and(|known| known.set.shape_only)
    }

    /// The unit of its levels.
    pub fn unit(&self) -> &'static str {
        if self.is_relative() { "relative" } else { "µg/L" }
    }

    /// What is contested about a known set, or known about what takes its place.
    pub fn contested(&self) -> Option<String> {
        let of_set = || self.known.map(|known| known.set.contested.to_owned());
        self.what_if.map(WhatIf::label).or_else(of_set)
    }

    /// Says on stderr whose levels they are, what is doubtful about them, and first of all what is known of the amounts.
    pub fn say_of(&self, regimen: &Regimen, end: f64) -> Result<()> {
        say("note", &self.title);
        self.contested().iter().for_each(|contested| say("note", contested));
        note(&self.meals(regimen, end));
        let Some(known) = &self.known else { return Ok(()) };
        let findings = intake::check(&known.vitamer, regimen)?;
        findings.iter().take(1).for_each(|finding| say("note", &finding.to_string()));
        if findings.len() > 1 {
            say("note", "`menaquinone check` says what else is known of such amounts; nothing here is medical advice");
        }
        Ok(())
    }

    /// Says on stderr what the meals in a regimen do that was taken or is sought.
    pub fn say_meals(&self, regimen: &Regimen) {
        const LONG: f64 = 8_760.0; // a year
        note(&self.meals(regimen, LONG));
    }

    /// What the meals in a regimen do, if it names any.
    fn meals(&self, regimen: &Regimen, end: f64) -> Vec<String> {
        let has_meals = regimen.doses(end).iter().any(|(_, dose)| dose.meal.is_some());
        if has_meals { self.model.notes(regimen) } else { Vec::new() }
    }

    /// Refuses intravenous doses where only apparent values are known.
    pub fn check_routes(&self, regimen: &Regimen, end: f64) -> Result<()> {
        let intravenous = || regimen.doses(end).iter().any(|(_, dose)| dose.route == Route::Intravenous);
        match self.known {
            Some(Known { set, .. }) if set.apparent && intravenous() => Err(data(format!(
                "the set {} of {} rests on swallowed doses only, so an intravenous dose has no meaning in it: give \
                 parameters of your own",
                set.name, self.name
            ))),
            _ => Ok(()),
        }
    }

    /// A chart of a regimen and the curve that it makes.
    pub fn chart(&self, title: &str, (regimen, profile): (&Regimen, &Profile), picture: &Picture) -> Chart {
        let end = profile.times().last().copied().unwrap_or_default();
        let caption: Vec<String> = self.contested().into_iter().chain(self.meals(regimen, end)).collect();
        let chart = Chart::new(title).subtitle(&self.title).caption(in_words(&caption.join(" ")));
        let chart = chart.curve(&self.name, profile).doses(regimen);
        let chart = if picture.log { chart.log_scale() } else { chart };
        match self.known {
            Some(known) => chart.y_label(known.set.level_label()),
            None => chart,
        }
    }
}

impl Picture {
    /// Saves a chart where one is asked for.
    pub fn save(&self, draw: impl FnOnce() -> Result<Chart>) -> Result<()> {
        let Some(path) = &self.chart else { return Ok(()) };
        draw()?.save(path)?;
        say("note", &format!("wrote {}", path.display()));
        Ok(())
    }
}

/// A model from a file, or a sentence with the file's name and the place.
fn model_from(path: &Path) -> Result<Model> {
    from_file(path, "a model", (&toml_model, &json_model))
}

/// A whole model has an absorption and a disposition; anything else should be the five parameters.
fn toml_model(text: &str) -> Read<Model> {
    let table: toml::Table = from_toml(text)?;
    if WHOLE.iter().any(|key| table.contains_key(*key)) {
        return from_toml(text);
    }
    from_toml::<Parameters>(text)?.model().map_err(|error| error.to_string())
}

fn json_model(text: &str) -> Read<Model> {
    let value: serde_json::Value = from_json(text)?;
    if WHOLE.iter().any(|key| value.get(key).is_some()) {
        return from_json(text);
    }
    from_json::<Parameters>(text)?.model().map_err(|error| error.to_string())
}

const WHOLE: [&str; 2] = ["absorption", "disposition"];
