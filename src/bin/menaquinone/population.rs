//! `fit --theory`: everybody of a table fitted at once, what they have in common and how they differ.

use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Args;
use menaquinone::fit::{Direction, Estimation, Method, People, PeopleFit, Saem, Theory};
use menaquinone::{Error, Model};

use crate::files::{print, say};
use crate::parts::{Part, replicates};
use crate::progress::{Run, failed};
use crate::reading::{from_file, from_json, from_toml, place_in, text_of};
use crate::refusal::{Refusal, Result, data, in_words, usage};
use crate::results::Results;
use crate::search::search_among;

/// A population: a theory in which something varies between people.
#[derive(Args)]
pub struct Population {
    /// Fits everybody of an event table at once: a theory with what varies between people, in a .toml or .json file (docs/FITTING.md)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["set", "model", "cl", "pooled", "free", "fix", "cv", "sd", "log_normal", "estimate_error", "weights", "chart", "log"])]
    pub theory: Option<PathBuf>,
    /// How the likelihood is taken: fo, foce, focei, laplace, laplace-at-zero, quadrature:NODES, importance:DRAWS, or saem
    #[arg(long, value_name = "METHOD", default_value = "focei", value_parser = by, requires = "theory")]
    method: By,
    /// What the levels of an event table are in, for the axes, such as mg/L; doses are in the same unit of amount [default: ug/L]
    #[arg(long, value_name = "UNIT", requires = "theory")]
    pub unit: Option<String>,
    /// Leaves these people out of the fit, by their ids; the report names them
    #[arg(long, value_name = "IDS", value_delimiter = ',', requires = "theory")]
    without: Vec<String>,
    /// Iterations of SAEM that explore [default: 300]
    #[arg(long, value_name = "COUNT", requires = "theory")]
    exploring: Option<u32>,
    /// Iterations of SAEM that are averaged [default: 200]
    #[arg(long, value_name = "COUNT", requires = "theory")]
    averaging: Option<u32>,
    /// Chains of SAEM a person [default: 3]
    #[arg(long, value_name = "COUNT", requires = "theory")]
    chains: Option<u32>,
    /// Simulated trials of the visual predictive check
    #[arg(long, value_name = "COUNT", default_value = "500", requires = "theory", value_parser = clap::value_parser!(u32).range(20..))]
    pub trials: u32,
    /// Corrects that check to the typical prediction, for doses that differ
    #[arg(long, requires_all = ["theory", "out"])]
    pub corrected: bool,
    /// Simulates so many trials by the theory, with the doses and times of the table, and fits each: bias and coverage; 50..100 are those numbers of them
    #[arg(long, value_name = "COUNT", value_parser = replicates, requires = "theory", conflicts_with_all = ["bootstrap", "out"])]
    recover: Option<Range<u64>>,
    /// Tries the [effects] of a file, forward and backward, and keeps what is worth it
    #[arg(long, value_name = "FILE", requires = "theory", conflicts_with_all = ["bootstrap", "recover", "out"])]
    search: Option<PathBuf>,
    /// Of a search one round alone: with these effects in the theory already, such as 'cl~WT', or none
    #[arg(long, value_name = "NAMES", value_delimiter = ',', num_args = 0.., requires = "search")]
    chosen: Option<Vec<String>>,
    /// The round is one of taking away
    #[arg(long, requires = "chosen")]
    backward: bool,
    /// Which trials of the round, such as 0..4
    #[arg(long, value_name = "RANGE", value_parser = replicates, requires = "chosen")]
    slice: Option<Range<u64>>,
    /// Writes the replicates, trials or the round alone to a .json file, for `menaquinone join`
    #[arg(long, value_name = "FILE", requires = "theory", conflicts_with = "out")]
    part: Option<PathBuf>,
}

/// A method, as the command line names it.
#[derive(Clone, Copy)]
enum By {
    Method(Method),
    Saem,
}

fn by(text: &str) -> Result<By, String> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|count| *count > 0);
    let method = match text.to_lowercase().split_once(':').unwrap_or((&text.to_lowercase(), "")) {
        ("saem", "") => return Ok(By::Saem),
        ("fo", "") => Method::Fo,
        ("foce", "") => Method::Foce,
        ("focei", "") => Method::Focei,
        ("laplace", "") => Method::Laplace,
        ("laplace-at-zero", "") => Method::LaplaceAtZero,
        ("quadrature", nodes) => {
            let nodes =
                number(nodes).ok_or("write quadrature with its nodes for each deviation, such as quadrature:5")?;
            Method::Quadrature { nodes }
        }
        ("importance", draws) => {
            let draws =
                number(draws).ok_or("write importance with its draws of each person, such as importance:1000")?;
            Method::Importance { draws, seed: 0 }
        }
        _ => {
            return Err(
                "write fo, foce, focei, laplace, laplace-at-zero, quadrature:5, importance:1000 or saem".to_owned()
            );
        }
    };
    Ok(By::Method(method))
}

/// What is asked of the fit beside itself.
pub struct Beside<'a> {
    /// What all draws go by.
    pub seed: u64,
    pub profiles: &'a [String],
    pub bootstrap: Option<Range<u64>>,
    pub folder: Option<&'a Path>,
}

impl Population {
    /// The fit of a theory to people, with all that is asked beside it.
    pub fn fitted(&self, file: &Path, (theory, people): (&Theory, People), beside: &Beside<'_>) -> Result<Results> {
        check_folder(beside.folder)?;
        let people = match &self.unit {
            Some(unit) => people.measured_in(with_micro(unit)),
            None => people,
        };
        let by = self.estimation(beside.seed);
        let run = Run::begin()?;
        let fit = theory.fit_people_watched(&people, by, &|progress| run.step(progress));
        let fit = fit.map_err(|why| failed(in_files(&why, (self.file(file), file), self.unit.as_deref())))?;
        if !fit.settled() {
            say("note", "the search has not settled: the report says how it ended");
        }
        let mut results = Results::of(fit, by);
        for name in beside.profiles {
            run.now(&format!("the profile of {name}"))?;
            results.profiles.push((name.trim().to_owned(), profile(&results.fit, name.trim())?));
        }
        if let Some(which) = beside.bootstrap.clone() {
            run.now("the bootstrap")?;
            results.bootstrap = Some(results.fit.bootstrap(which, beside.seed)?);
        }
        if let Some(folder) = beside.folder {
            run.now("the diagnostics")?;
            results.diagnose(self, beside.seed)?;
            run.now("the charts")?;
            results.draw(&crate::files::file_name(file));
            run.now("the files are written")?;
            results.write(folder)?;
        }
        Ok(results)
    }

    /// Refuses what is asked of a population where there is none: beside a model the command line itself lets it pass.
    pub fn refuse_alone(&self) -> Result<()> {
        let asked = [
            ("--without", !self.without.is_empty()),
            ("--unit", self.unit.is_some()),
            ("--corrected", self.corrected),
            ("--recover", self.recover.is_some()),
            ("--search", self.search.is_some()),
            ("--part", self.part.is_some()),
        ];
        match asked.into_iter().find(|(_, is_asked)| *is_asked) {
            Some((name, _)) => Err(usage(format!("{name} is of a population: give a theory of one by --theory"))),
            None => Ok(()),
        }
    }

    /// The file of the theory; without one a table of samples stands for it.
    fn file<'a>(&'a self, table: &'a Path) -> &'a Path {
        self.theory.as_deref().unwrap_or(table)
    }

    /// The theory.
    pub fn theory(&self, table: &Path) -> Result<Theory> {
        let of_saem = [("--exploring", self.exploring), ("--averaging", self.averaging), ("--chains", self.chains)];
        if let (By::Method(_), Some((name, _))) = (self.method, of_saem.iter().find(|(_, count)| count.is_some())) {
            return Err(usage(format!("{name} is of SAEM: ask for --method saem, or leave it out")));
        }
        from_file(self.file(table), "a theory", (&from_toml, &from_json))
    }

    /// Who is to be left out.
    pub fn without(&self) -> Vec<&str> {
        self.without.iter().map(|id| id.trim()).collect()
    }

    /// Whether replicates, trials or a search are asked for, and not a fit with its report.
    pub fn is_apart(&self) -> bool {
        self.part.is_some() || self.recover.is_some() || self.search.is_some()
    }

    /// Replicates, trials or a search: as a text, or as a part of a series that other processes make the rest of.
    pub fn apart(&self, file: &Path, (theory, people): (Theory, &People), beside: &Beside<'_>) -> Result<()> {
        let by = self.estimation(beside.seed);
        let wrong = |why: Error| failed(in_files(&why, (self.file(file), file), self.unit.as_deref()));
        let run = Run::begin()?;
        run.now("the fits")?;
        let part = if let Some(which) = self.recover.clone() {
            Part::Recovery(theory.recovery(people, by, which, beside.seed).map_err(wrong)?)
        } else if let Some(effects) = &self.search {
            let Estimation::Method(method) = by else {
                return Err(usage("a search compares objectives, and that of SAEM is drawn: name another --method"));
            };
            let search = search_among(theory, effects)?;
            let Some(chosen) = &self.chosen else {
                let found = search.run(people, method).map_err(wrong)?;
                return print(&format!("{found}\n"));
            };
            let names: Vec<&str> = chosen.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
            let direction = if self.backward { Direction::Backward } else { Direction::Forward };
            let slice = self.slice.clone().map_or(0..usize::MAX, |which| {
                let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
                place(which.start)..place(which.end)
            });
            Part::Round(search.round(people, method, (direction, &names), slice).map_err(wrong)?)
        } else {
            let Some(which) = beside.bootstrap.clone() else {
                return Err(usage("--part is of replicates: give --bootstrap, --recover or --search too"));
            };
            let fit = theory.fit_people_watched(people, by, &|progress| run.step(progress)).map_err(wrong)?;
            run.now("the replicates")?;
            Part::Bootstrap(fit.bootstrap(which, beside.seed)?)
        };
        drop(run);
        match &self.part {
            Some(path) => part.write(path),
            None => print(&part.text()),
        }
    }

    fn estimation(&self, seed: u64) -> Estimation {
        match self.method {
            By::Method(Method::Importance { draws, .. }) => Method::Importance { draws, seed }.into(),
            By::Method(method) => method.into(),
            By::Saem => {
                let usual = Saem::of_seed(seed);
                Saem {
                    exploring: self.exploring.unwrap_or(usual.exploring),
                    averaging: self.averaging.unwrap_or(usual.averaging),
                    chains: self.chains.unwrap_or(usual.chains),
                    ..usual
                }
                .into()
            }
        }
    }
}

/// A unit with the sign for a millionth, which few keyboards have.
fn with_micro(unit: &str) -> String {
    let rest = unit.strip_prefix('u').filter(|rest| rest.starts_with('g') || rest.starts_with("mol"));
    rest.map_or(unit.to_owned(), |rest| format!("µ{rest}"))
}

/// What the library calls by the names of its own, as a file of a theory says it.
const WORDS: [(&str, &str); 6] = [
    (
        "give the theory an error (Theory::with_error)",
        "give the theory an [error], such as proportional = { cv = { free = 0.1 } }",
    ),
    (
        "write `cl: free(1.2).varying(0.3)`, or pool the people by Theory::fit_pooled",
        "write such as cl = { free = 1.2, varying = 0.3 }, or pool the people by --pooled without --theory",
    ),
    (
        "give each kind an error of its own (Theory::with_error_of)",
        "give each kind an error of its own, such as [errors.2]",
    ),
    ("give it with Sampled::with_covariates or in a column of the table", "give it in a column of the table"),
    ("fit the one by Theory::fit", "fit the one without --theory"),
    (
        "give a limit of quantification (Theory::simulate_above) or an error in proportion",
        "give the theory an [error] in proportion",
    ),
];

/// A sentence of the library with the file that it is about: the theory, at the place that it names, or the table; levels are in the unit of the people.
fn in_files(why: &Error, (theory, table): (&Path, &Path), unit: Option<&str>) -> Refusal {
    let sentence = WORDS.iter().fold(why.to_string(), |text, (own, here)| text.replace(own, here));
    let sentence = unit.map_or(sentence.clone(), |unit| sentence.replace("µg/L", &with_micro(unit)));
    let text = text_of(theory).unwrap_or_default();
    let at = place_in(&text, &sentence).map_or(String::new(), |place| format!(" {place}"));
    data(format!("{}{at} and {}: {}", theory.display(), table.display(), in_words(&sentence)))
}

/// Refuses a place that cannot become a folder of results, before hours of work and not after.
fn check_folder(folder: Option<&Path>) -> Result<()> {
    let Some(folder) = folder else { return Ok(()) };
    if folder.is_file() {
        return Err(data(format!(
            "{} is a file, but the results of a population are a folder: choose another name",
            folder.display()
        )));
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    match parent.filter(|parent| !parent.is_dir()) {
        Some(parent) => {
            Err(data(format!("cannot write to {}: create the folder {} first", folder.display(), parent.display())))
        }
        None => Ok(()),
    }
}

fn profile(fit: &PeopleFit, name: &str) -> Result<menaquinone::fit::Interval> {
    if name == "t_half" {
        return Ok(fit.profile_of(Model::half_life)?);
    }
    fit.profile(name).map_err(|why| usage(format!("{why}; or ask for t_half")))
}
