//! A command line: any regimen of any vitamer, or of parameters from a file, to a CSV table, a chart and a steady state.
//!
//! ```text
//! cargo run --release --example simulate -- --regimen "180 ug q24h x60 then 45 ug q12h" --vitamer mk7 \
//!     --days 90 --csv levels.csv --chart levels.png
//! cargo run --release --example simulate -- --help
//! ```
//!
//! It leaves with 0 when all is done, 2 when the command line asks for what cannot be, and 1 when a file cannot be read,
//! understood or written; then one sentence on stderr says why.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, error::ErrorKind};
use menaquinone::what_if::{self, PRESETS, WhatIf};
use menaquinone::{
    Model, Parameters, Profile, Regimen, Route, SteadyState, chart::Chart, grid, intake, units::*, vitamer::*,
};
use serde::de::DeserializeOwned;

const EXAMPLES: &str = "\
Examples:
  simulate --vitamer mk7 --regimen '180 ug q24h x60 then 45 ug q12h' --days 90 --csv levels.csv --chart levels.png
  simulate --vitamer mk7 --set literature_2cpt --regimen '90 ug on Mon,Wed,Fri at 8h' --steady-state
  simulate --vitamer mk4 --regimen '15 mg with 20 g fat q8h' --what-if mk4_half_life_12h --steady-state
  simulate --vitamer mk7 --regimen '180 ug q24h' --formulation tablet --baseline tokyo --chart levels.png
  simulate --parameters mine.toml --regimen '15 mg q8h' --days 3 --step 0.25 > levels.csv
  simulate --list

A regimen is doses and when they are taken, joined by 'then' and 'and':
  180 ug q24h x60       90 ug on Mon,Wed,Fri at 8h       360 ug at 36h       10 mg iv over 2h
The meal stands behind the amount; it acts where a model knows what meals do, which those of MK-4 do:
  15 mg with 20 g fat q8h       15 mg fasted q24h       15 mg q8h (not stated: all of it counts)

A file of parameters holds cl (L/h), v (L) and ka (1/h), and may hold tlag (h) and f:
  cl = 1.27
  v = 154
  ka = 1.0
or a whole model with its absorption, disposition and baseline.

Nothing here is medical advice.";

/// Plasma levels of vitamin K2 under any dosing.
#[derive(Parser)]
#[command(name = "simulate", after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "the switches of a command line")]
struct Arguments {
    /// What is taken, such as '180 ug q24h x60 then 45 ug q12h'
    #[arg(long, value_name = "TEXT", required = true)]
    regimen: Option<Regimen>,
    /// The vitamer: mk4, mk7, mk9 or k1
    #[arg(long, value_name = "NAME", conflicts_with = "parameters")]
    vitamer: Option<Vitamer>,
    /// Its parameter set; --list shows them
    #[arg(long, value_name = "NAME", requires = "vitamer", default_value = "nominal", hide_default_value = true)]
    set: String,
    /// The form in which it is taken, such as tablet; --list shows them
    #[arg(long, value_name = "NAME", requires = "vitamer", conflicts_with = "what_if")]
    formulation: Option<String>,
    /// The people whose habitual level the doses come on top of, such as tokyo; --list shows them
    #[arg(long, value_name = "NAME", requires = "vitamer")]
    baseline: Option<String>,
    /// Tries out a figure of popular articles and marks everything with it; --list shows them
    #[arg(long, value_name = "NAME", requires = "vitamer")]
    what_if: Option<String>,
    /// Parameters or a whole model from a .toml or .json file
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,
    /// How many days to simulate [default: 28]
    #[arg(long, value_name = "DAYS", conflicts_with = "until", value_parser = positive, allow_negative_numbers = true)]
    days: Option<f64>,
    /// How many hours to simulate
    #[arg(long, value_name = "HOURS", value_parser = positive, allow_negative_numbers = true)]
    until: Option<f64>,
    /// Hours between the rows of the table
    #[arg(long, value_name = "HOURS", default_value = "1", value_parser = positive, allow_negative_numbers = true)]
    step: f64,
    /// Writes the table to a file; on stdout if neither this nor --chart nor --steady-state is given
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Draws a chart to a .png or .svg file
    #[arg(long, value_name = "FILE")]
    chart: Option<PathBuf>,
    /// Gives the chart a logarithmic axis
    #[arg(long, requires = "chart")]
    log: bool,
    /// Prints the steady state of a regimen that repeats without end
    #[arg(long)]
    steady_state: bool,
    /// Prints what is known of such amounts; always done beside --csv, --chart and --steady-state
    #[arg(long, requires = "vitamer")]
    check: bool,
    /// Lists the vitamers with their sets, formulations and baselines, and the what-if presets
    #[arg(long, exclusive = true)]
    list: bool,
}

/// A length of time.
fn positive(text: &str) -> std::result::Result<f64, &'static str> {
    text.parse().ok().filter(|number: &f64| *number > 0.0 && number.is_finite()).ok_or("write a number above zero")
}

/// Why nothing was done: a sentence, and whether the command line or a file is at fault.
struct Refusal {
    sentence: Box<dyn std::error::Error>,
    code: u8,
}

type Result<T> = std::result::Result<T, Refusal>;

/// What the command line asks for cannot be.
fn usage(why: impl Into<Box<dyn std::error::Error>>) -> Refusal {
    Refusal { sentence: why.into(), code: 2 }
}

/// A file cannot be read, understood or written.
fn data(why: impl Into<Box<dyn std::error::Error>>) -> Refusal {
    Refusal { sentence: why.into(), code: 1 }
}

fn main() -> ExitCode {
    let done = if std::env::args_os().len() > 1 { parse().and_then(run) } else { help() };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Refusal { sentence, code }) => {
            eprintln!("error: {sentence}");
            ExitCode::from(code)
        }
    }
}

fn help() -> Result<()> {
    print(&Arguments::command().render_help().to_string())
}

/// The command line, nothing where it asked for help, or what is wrong with it in one line.
fn parse() -> Result<Option<Arguments>> {
    let error = match Arguments::try_parse() {
        Ok(arguments) => return Ok(Some(arguments)),
        Err(error) => error,
    };
    let text = error.to_string();
    if error.kind() == ErrorKind::DisplayHelp {
        return print(&text).map(|()| None);
    }
    let first = text.split("\n\n").next().unwrap_or_default();
    let line = first.split_whitespace().collect::<Vec<_>>().join(" ");
    Err(usage(line.strip_prefix("error: ").unwrap_or(&line)))
}

fn run(arguments: Option<Arguments>) -> Result<()> {
    let Some(arguments) = arguments else { return Ok(()) };
    let Some(regimen) = &arguments.regimen else { return print(&list()) };
    let end = arguments.days.map(|days| days * DAY).or(arguments.until).unwrap_or(28.0 * DAY);
    if end / arguments.step > MOST_ROWS {
        let step = arguments.step;
        return Err(usage(format!("{end} h in steps of {step} h are over a million rows: take a longer --step")));
    }
    let subject = Subject::of(&arguments)?;
    let regimen = &subject.dosing(regimen);
    subject.check_routes(regimen, end)?;
    let times = grid(0.0..=end, arguments.step);
    let profile = subject.model.profile(regimen, &times).map_err(usage)?;
    let steady = arguments.steady_state.then(|| subject.model.steady_state(regimen.clone())).transpose();
    let steady = steady.map_err(usage)?;
    let table = table(&profile, &subject)?;
    let mut report: Vec<String> = subject.what_if.iter().map(|preset| format!("{}\n", preset.label())).collect();
    let silent = report.len();
    let meals = subject.meals(regimen, end);
    report.extend(steady.iter().map(|steady| metrics(steady, &subject)));
    if let Some(path) = &arguments.chart {
        let fine = grid(0.0..=end, arguments.step.min(end / 5000.0));
        let curve = subject.model.profile(regimen, &fine).map_err(usage)?;
        let caption = [subject.contested(), meals.clone().unwrap_or_default()].join(" ");
        let chart = subject.chart(regimen, &curve, steady.as_ref()).caption(caption.trim());
        let chart = if arguments.log { chart.log_scale() } else { chart };
        chart.save(path).map_err(data)?;
        report.push(format!("Wrote {}\n", path.display()));
    }
    if let Some(path) = &arguments.csv {
        write_whole(path, &table)?;
        report.push(format!("Wrote {}\n", path.display()));
    }
    if arguments.check || report.len() > silent {
        report.extend(meals.map(|sentence| format!("{sentence}\n")));
        report.extend(subject.known_of(regimen)?);
    }
    print(&if report.len() == silent { table } else { report.concat() })
}

/// A guard against a slip of units.
const MOST_ROWS: f64 = 1e6;

/// The body that is simulated, and what to call it.
struct Subject {
    name: String,
    title: String,
    vitamer: Option<Vitamer>,
    set: Option<&'static ParameterSet>,
    what_if: Option<&'static WhatIf>,
    model: Model,
}

impl Subject {
    fn of(arguments: &Arguments) -> Result<Self> {
        match (&arguments.parameters, &arguments.vitamer) {
            (Some(path), _) => Ok(Self {
                name: "level".into(),
                title: format!("parameters of {}", path.display()),
                vitamer: None,
                set: None,
                what_if: None,
                model: model_from(path)?,
            }),
            (None, Some(vitamer)) => Self::known(*vitamer, arguments),
            (None, None) => Err(usage("there is nobody to simulate: give --vitamer, such as mk7, or --parameters")),
        }
    }

    /// A vitamer by one of its sets, as it is, in another form or as a preset would have it, above a habitual level.
    fn known(vitamer: Vitamer, arguments: &Arguments) -> Result<Self> {
        let set = vitamer.set(&arguments.set).map_err(usage)?;
        let what_if = arguments.what_if.as_deref().map(what_if::named).transpose().map_err(usage)?;
        let form = arguments.formulation.as_deref().map(|name| vitamer.formulation(name)).transpose().map_err(usage)?;
        let people = arguments.baseline.as_deref().map(|name| vitamer.baseline(name)).transpose().map_err(usage)?;
        let title = format!("{vitamer}, {}", set.title);
        let (title, model) = match (what_if, form) {
            (Some(preset), _) => (format!("{} · in place of {title}", preset.title), preset.model(set)),
            (None, Some(form)) => (format!("{title} · {}", form.title), set.in_form(form)),
            (None, None) => (title, Ok(set.model())),
        };
        let (title, model) = match people {
            Some(row) => {
                let level = row.value;
                (format!("{title} · {}, {level} µg/L", row.meaning), model.and_then(|model| model.with_baseline(level)))
            }
            None => (title, model),
        };
        let model = model.map_err(usage)?;
        Ok(Self { name: vitamer.to_string(), title, vitamer: Some(vitamer), set: Some(set), what_if, model })
    }

    /// The regimen as it is, or as a preset would have it.
    fn dosing(&self, regimen: &Regimen) -> Regimen {
        self.what_if.map_or_else(|| regimen.clone(), |preset| preset.dosing(regimen.clone()))
    }

    /// What is known of such amounts, one finding a line.
    fn known_of(&self, regimen: &Regimen) -> Result<Vec<String>> {
        let Some(vitamer) = &self.vitamer else { return Ok(Vec::new()) };
        let findings = intake::check(vitamer, regimen).map_err(usage)?;
        let heading = ["What is known of such amounts; not medical advice:\n".to_owned()];
        Ok(heading.into_iter().chain(findings.iter().map(|finding| format!("- {finding}\n"))).collect())
    }

    /// Whether its levels are ratios and no concentrations.
    fn is_relative(&self) -> bool {
        self.set.is_some_and(|set| set.shape_only)
    }

    /// The unit of its levels.
    fn unit(&self) -> &'static str {
        if self.is_relative() { "relative" } else { "µg/L" }
    }

    /// What is contested about a known set, or known about what takes its place.
    fn contested(&self) -> String {
        let of_set = || self.set.map_or(String::new(), |set| set.contested.to_owned());
        self.what_if.map_or_else(of_set, WhatIf::label)
    }

    /// What the meals in a regimen do, in a sentence, if it names any.
    fn meals(&self, regimen: &Regimen, end: f64) -> Option<String> {
        regimen.doses(end).iter().find_map(|(_, dose)| dose.meal)?;
        Some(self.model.notes(regimen).join(" "))
    }

    /// Refuses intravenous doses where only apparent values are known.
    fn check_routes(&self, regimen: &Regimen, end: f64) -> Result<()> {
        let intravenous = || regimen.doses(end).iter().any(|(_, dose)| dose.route == Route::Intravenous);
        match self.set {
            Some(set) if set.apparent && intravenous() => Err(usage(format!(
                "the set {} of {} rests on swallowed doses only, so an intravenous dose has no meaning in it: give \
                 --parameters of your own",
                set.name, self.name
            ))),
            _ => Ok(()),
        }
    }

    fn chart(&self, regimen: &Regimen, profile: &Profile, steady: Option<&SteadyState>) -> Chart {
        let title = regimen.to_string().replace("ug", "µg");
        let chart = Chart::new(title).subtitle(&self.title);
        let chart = chart.curve(&self.name, profile).doses(regimen);
        let chart = self.set.map_or(chart.clone(), |set| chart.y_label(set.level_label()));
        match steady {
            Some(steady) => {
                chart.level(format!("average at steady state {:.2} {}", steady.cavg(), self.unit()), steady.cavg())
            }
            None => chart,
        }
    }
}

/// A model from a file, or a sentence with the file's name and the place.
fn model_from(path: &Path) -> Result<Model> {
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|why| match why.kind() {
        io::ErrorKind::NotFound => data(format!("cannot read {name}: there is no such file")),
        _ => data(format!("cannot read {name}: {why}")),
    })?;
    let model = match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => toml_model(&text),
        Some("json") => json_model(&text),
        _ => Err("parameters are read from a .toml or a .json file, so end its name in one of these".into()),
    };
    model.map_err(|why| data(format!("{name}: {why}")))
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

type Read<T> = std::result::Result<T, String>;

fn from_toml<T: DeserializeOwned>(text: &str) -> Read<T> {
    toml::from_str(text).map_err(|error| match error.span() {
        Some(span) if span.len() < text.trim_end().len() => {
            let before = &text[..span.start];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            format!("{} at line {line} column {column}", error.message())
        }
        _ => error.message().to_owned(), // it is about the whole file
    })
}

fn from_json<T: DeserializeOwned>(text: &str) -> Read<T> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// The table, after a line of comment where it is a what-if.
fn table(profile: &Profile, subject: &Subject) -> Result<String> {
    let comment = subject.what_if.map_or(String::new(), |preset| format!("# {}\n", preset.label()));
    let mut writer = csv::Writer::from_writer(comment.into_bytes());
    let level = if subject.is_relative() { "relative_level" } else { "conc_ug_per_L" };
    writer.write_record(["time_h", level]).map_err(data)?;
    for row in profile.iter() {
        writer.serialize(row).map_err(data)?;
    }
    let bytes = writer.into_inner().map_err(data)?;
    String::from_utf8(bytes).map_err(data)
}

fn metrics(steady: &SteadyState, subject: &Subject) -> String {
    let days =
        |fraction| steady.time_to(fraction).map_or_else(|why| why.to_string(), |time| format!("{:.1}", time / DAY));
    let (unit, area) = (subject.unit(), if subject.is_relative() { "relative·h" } else { "µg·h/L" });
    let rows = [
        (&*format!("cmax ({unit})"), format!("{:.3}", steady.cmax())),
        ("tmax (h)", format!("{:.2}", steady.tmax())),
        (&*format!("cmin ({unit})"), format!("{:.3}", steady.cmin())),
        (&*format!("ctrough ({unit})"), format!("{:.3}", steady.ctrough())),
        (&*format!("cavg ({unit})"), format!("{:.3}", steady.cavg())),
        (&*format!("auc_tau ({area})"), format!("{:.2}", steady.auc_tau())),
        ("tau (h)", steady.tau().to_string()),
        ("fluctuation (%)", format!("{:.1}", 100.0 * steady.fluctuation())),
        ("accumulation ratio", format!("{:.2}", steady.accumulation_ratio())),
        ("half-life (h)", format!("{:.1}", steady.model().half_life())),
        ("90 % after (days)", days(0.9)),
        ("95 % after (days)", days(0.95)),
    ];
    let rows = rows.iter().map(|(name, value)| format!("{name:<18}  {value:>9}\n"));
    let heading = format!("Steady state of {}: {}\n", steady.dosing(), subject.title);
    let of_set = subject.set.filter(|_| subject.what_if.is_none()); // a preset says its own at the top
    let contested = of_set.map(|set| format!("{}\n", set.contested)).unwrap_or_default();
    heading + &rows.collect::<String>() + &contested
}

fn list() -> String {
    let with_sets = |vitamer: &&Vitamer| {
        let sets: String = vitamer.sets().iter().map(describe).collect();
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

fn describe(set: &ParameterSet) -> String {
    let half_lives: Vec<String> = set.half_lives().iter().map(|time| format!("{time:.1} h")).collect();
    format!("  {:<16} t½ {}\n    {}\n", set.name, half_lives.join(" and "), set.contested)
}

/// Writes a file by way of another beside it, so that nobody sees half of it.
fn write_whole(path: &Path, text: &str) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    fs::write(&draft, text).and_then(|()| fs::rename(&draft, path)).map_err(|why| {
        let _ = fs::remove_file(&draft); // it may not exist; what matters is that it does not stay
        data(format!("cannot write {}: {why}: choose another name or folder", path.display()))
    })
}

/// Prints, and ends in peace where a reader such as `head` has had enough.
fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => Err(data(format!("cannot write to stdout: {why}"))),
        _ => Ok(()),
    }
}
