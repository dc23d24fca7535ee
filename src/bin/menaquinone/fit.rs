//! `fit`: a model fitted to measured curves.

use std::fmt::Write;
use std::ops::Range;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use menaquinone::chart::{Chart, Sheet};
use menaquinone::fit::{Fit as Fitted, Interval, Name, Resample, Sampled, Theory, Weights, free};
use menaquinone::{Model, sensitivity::Number};

use crate::arguments::{Output, Picture};
use crate::files::{Format, csv_of, file_name, print, say};
use crate::parts::replicates;
use crate::population::{Beside, Population};
use crate::refusal::{Refusal, Result, data, in_words, usage};
use crate::samples::{Error, Where};
use crate::subject::{Subject, Whom};

const HELP: &str = "\
The model is what the search starts from: --set, --model or --cl, --v and further numbers. Clearances, volumes and rates are sought, and a
lag or a habitual level where the model has one. Without --cv or --sd it is least squares; with them the likelihood of samples that are so
far off, and --estimate-error seeks those too. The report has estimates, standard errors, intervals and criteria: docs/FITTING.md.

Each subject of a table is fitted alone, or with --pooled all as one body. With --theory everybody is fitted at once, what people have in common and
how they differ: a file says what is sought and what varies, and --out is a folder of a report, tables and charts. Ctrl-C ends a run that takes
long, and nothing is written then (it leaves with 130). Nobody is left out of it but by --without.

Examples:
  menaquinone fit samples.csv --taken '180 ug once' --cl 1.2 --v 150 --ka 1 --cv 0.15 --profile t_half
  menaquinone fit Theoph.csv --id Subject --dose-column Dose --dose-unit mg/kg --conc-unit mg/L --cl 0.04 --v 0.5 --ka 1 --csv
  menaquinone fit events.csv --set mk7/literature_2cpt --pooled --chart fit.png
  menaquinone fit events.csv --theory theory.toml --method focei --unit mg/L --out results
  menaquinone fit events.csv --theory theory.toml --without 7,12

It leaves with 0 when something was fitted, 1 when a file, a number or every curve is refused, and 2 when the command line cannot be read.";

/// A model fitted to measured curves.
#[derive(Args)]
#[command(after_help = HELP)]
pub struct Fit {
    /// A table of samples with a time and a concentration in each row, or an event table with doses
    file: PathBuf,
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    places: Where,
    #[command(flatten)]
    population: Population,
    /// Seeks these numbers and no others, such as cl,v,ka
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    free: Vec<String>,
    /// Holds these numbers, of those that would be sought
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "free")]
    fix: Vec<String>,
    #[command(flatten)]
    error: Error,
    /// Seeks the numbers of the error too, from those of --cv and --sd on
    #[arg(long)]
    estimate_error: bool,
    /// How squares are weighted, where no error is given
    #[arg(long, value_enum, default_value = "equal", conflicts_with_all = ["cv", "sd"])]
    weights: Weighting,
    /// Fits all curves at once as those of one body
    #[arg(long)]
    pooled: bool,
    /// Adds the profile interval of these: `t_half`, or a number that is sought
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    profile: Vec<String>,
    /// Adds intervals by so many replicates: of the residuals, or of a population of its people; 50..100 are those numbers of them
    #[arg(long, value_name = "COUNT", value_parser = replicates)]
    bootstrap: Option<Range<u64>>,
    /// What replicates and simulated people are drawn from
    #[arg(long, value_name = "NUMBER", default_value = "42")]
    seed: u64,
    /// Prints a row for each subject and number, in place of the report
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    picture: Picture,
}

#[derive(Clone, Copy, ValueEnum)]
enum Weighting {
    Equal,
    OverLevel,
    OverSquare,
    OverPrediction,
}

/// A subject that was fitted.
struct Curve {
    id: String,
    fit: Fitted,
    /// The profiles that were asked for, by name.
    profiles: Vec<(String, Interval)>,
}

pub fn run(arguments: &Fit) -> Result<()> {
    let Fit { file, whom, places, output, picture, .. } = arguments;
    if arguments.population.theory.is_some() {
        return arguments.population();
    }
    arguments.population.refuse_alone()?;
    let format = output.format()?;
    let subject = whom.subject().map_err(|why| in_place_of("simulate", "start from", why))?;
    let theory = arguments.theory(&subject)?;
    let curves = places.read(file)?;
    say("note", &format!("the search starts from {}", subject.title()));
    places.taken.iter().for_each(|taken| subject.say_meals(taken));
    let fitted = arguments.fitted(&theory, curves)?;
    if picture.chart.is_some() {
        arguments.draw(&fitted)?;
    }
    if arguments.csv || output.out.is_some() || format == Format::Json {
        return output.give(&rows(&fitted)?);
    }
    let reports: Vec<String> = fitted.iter().map(|curve| arguments.report(curve)).collect::<Result<_>>()?;
    output.give_text(&reports.join("\n"))
}

/// A sentence about somebody in the words of this command.
fn in_place_of(own: &str, here: &str, mut why: Refusal) -> Refusal {
    why.sentence = why.sentence.replace(&format!("nobody to {own}"), &format!("no model to {here}"));
    why
}

impl Fit {
    /// Everybody at once: the report, or the folder of results that was asked for.
    fn population(&self) -> Result<()> {
        let theory = self.population.theory(&self.file)?;
        let (without, unit) = (self.population.without(), self.population.unit.as_deref());
        let people = self.places.people(&self.file, &theory, (&without, unit))?;
        let folder = self.output.out.as_deref();
        let bootstrap = self.bootstrap.clone();
        let beside = Beside { seed: self.seed, profiles: &self.profile, bootstrap, folder };
        if self.population.is_apart() {
            return self.population.apart(&self.file, (theory, &people), &beside);
        }
        let results = self.population.fitted(&self.file, (&theory, people), &beside)?;
        match folder {
            Some(_) => Ok(()),
            None if self.output.json => print(&(serde_json::to_string_pretty(&results.fit).map_err(data)? + "\n")),
            None if self.csv => print(&results.fit.estimates_to_csv()),
            None => print(&results.report()),
        }
    }

    fn theory(&self, subject: &Subject) -> Result<Theory> {
        let numbers = subject.model.numbers();
        let known = |name: &String| numbers.iter().find(|(number, _)| number.to_string() == name.trim());
        if let Some(name) = self.free.iter().chain(&self.fix).find(|name| known(name).is_none()) {
            let names: Vec<String> = numbers.iter().map(|(number, _)| number.to_string()).collect();
            return Err(usage(format!("the model has no number `{name}`: its numbers are {}", names.join(", "))));
        }
        let is_named = |names: &[String], number: Number| names.iter().any(|name| name.trim() == number.to_string());
        let mut theory = Theory::of(subject.model.clone());
        for (number, value) in &numbers {
            let usual = match number {
                Number::F(_) => false,
                Number::Tlag(_) | Number::Baseline => *value > 0.0,
                _ => true,
            };
            let sought = if self.free.is_empty() {
                usual && !is_named(&self.fix, *number)
            } else {
                is_named(&self.free, *number)
            };
            if sought {
                theory = theory.with(*number, free(*value))?;
            }
        }
        let theory = theory.with_weights(match self.weights {
            Weighting::Equal => Weights::Equal,
            Weighting::OverLevel => Weights::OverLevel,
            Weighting::OverSquare => Weights::OverSquare,
            Weighting::OverPrediction => Weights::OverPrediction,
        });
        if self.estimate_error && self.error.residual(false).is_none() {
            return Err(usage("there is no error to estimate: give --cv or --sd to start from"));
        }
        self.error.of(theory, !self.estimate_error)
    }

    /// Each curve, or all together; who cannot be fitted is named, and the rest goes on.
    fn fitted(&self, theory: &Theory, curves: Vec<(String, Sampled)>) -> Result<Vec<Curve>> {
        let groups: Vec<(String, Vec<Sampled>)> = if self.pooled {
            vec![("all".to_owned(), curves.into_iter().map(|(_, sampled)| sampled).collect())]
        } else {
            curves.into_iter().map(|(id, sampled)| (id, vec![sampled])).collect()
        };
        let (mut fitted, mut last): (Vec<Curve>, Option<String>) = (Vec::new(), None);
        for (id, sampled) in groups {
            match theory.fit_pooled(&sampled) {
                Ok(fit) => {
                    let profiles = self.profiles(&fit)?;
                    if !fit.settled() {
                        say("note", &format!("subject {id}: the search came to no minimum"));
                    }
                    fitted.push(Curve { id, fit, profiles });
                }
                Err(why) => {
                    let why = format!("subject {id}: {}", in_words(&why.to_string()));
                    if let Some(before) = &last {
                        say("note", before);
                    }
                    last = Some(why);
                }
            }
        }
        match (fitted.is_empty(), last) {
            (true, Some(why)) => return Err(data(why)),
            (false, Some(why)) => say("note", &why),
            _ => {}
        }
        Ok(fitted)
    }

    fn profiles(&self, fit: &Fitted) -> Result<Vec<(String, Interval)>> {
        let profile = |name: &String| {
            let name = name.trim();
            if name == "t_half" {
                return Ok((name.to_owned(), fit.profile_of(Model::half_life)?));
            }
            let number = fit.theory().free().into_iter().find(|(own, _)| own.to_string() == name);
            let Some((number, _)) = number else {
                let names: Vec<String> = fit.theory().free().iter().map(|(own, _)| own.to_string()).collect();
                return Err(usage(format!(
                    "there is no profile of `{name}`: ask for t_half or what is sought, {}",
                    names.join(", ")
                )));
            };
            Ok((name.to_owned(), fit.profile(number)?))
        };
        self.profile.iter().map(profile).collect()
    }

    fn report(&self, Curve { id, fit, profiles }: &Curve) -> Result<String> {
        let mut text = format!("subject {id}, {} samples\n{fit}\n", fit.count());
        writeln!(text, "half-life {:.4} h", fit.model()?.half_life()).map_err(data)?;
        if let Some((squares, freedom, p)) = fit.chi_square()? {
            writeln!(text, "chi-square {squares:.2} on {freedom} degrees of freedom, p {p:.4}").map_err(data)?;
        }
        for (name, interval) in profiles {
            writeln!(text, "profile of {name}: {interval}").map_err(data)?;
            if !interval.reason.is_empty() {
                writeln!(text, "{}", interval.reason).map_err(data)?;
            }
        }
        if let Some(which) = self.bootstrap.clone() {
            writeln!(text, "{}", fit.bootstrap(Resample::Residuals, which, self.seed)?).map_err(data)?;
        }
        Ok(text)
    }

    /// The curve with its band, and the profiles beside it; of several subjects everybody's curve.
    fn draw(&self, fitted: &[Curve]) -> Result<()> {
        let Some(path) = &self.picture.chart else { return Ok(()) };
        if fitted.len() > MOST_DRAWN {
            say("note", &format!("the chart has the first {MOST_DRAWN} of {} subjects", fitted.len()));
        }
        let mut charts = Vec::new();
        for Curve { id, fit, profiles } in fitted.iter().take(MOST_DRAWN) {
            charts.push(self.chart(format!("Subject {id}"), fit)?);
            for (name, interval) in profiles.iter().filter(|_| fitted.len() == 1) {
                charts.push(Chart::xy(format!("Profile of {name}")).x_label(name.clone()).profile_likelihood(interval));
            }
        }
        let width = if charts.len() > 4 { 3 } else { 2 };
        let mut sheet = Sheet::new(format!("{}: what was fitted", file_name(&self.file)))
            .subtitle("Measured (points), fitted (line) and the 95 % band of the curve by the delta method")
            .caption(format!(
                "{} Nothing here is medical advice.",
                if self.pooled { "All subjects as one body." } else { "Each subject alone." }
            ));
        let lines = charts.len().div_ceil(width);
        while !charts.is_empty() {
            sheet = sheet.row(charts.drain(..width.min(charts.len())).collect::<Vec<_>>());
        }
        let height = 180 + 400 * u32::try_from(lines).unwrap_or(1);
        sheet.size(1200, height).save(path)?;
        say("note", &format!("wrote {}", path.display()));
        Ok(())
    }

    fn chart(&self, title: String, fit: &Fitted) -> Result<Chart> {
        let chart = Chart::new(title);
        // Of many curves in one fit the first: they share the body.
        let chart =
            if fit.covariance().is_some() { chart.fitted_with_band(fit, 0, 0.95)? } else { chart.fitted(fit, 0)? };
        Ok(if self.picture.log { chart.log_scale() } else { chart })
    }
}

/// So many people are drawn; more could not be told from one another.
const MOST_DRAWN: usize = 12;

/// A row for each subject and number.
fn rows(fitted: &[Curve]) -> Result<String> {
    let names = [
        "id",
        "name",
        "estimate",
        "se",
        "rse",
        "wald_low",
        "wald_high",
        "profile_low",
        "profile_high",
        "minus2ll",
        "aic",
        "settled",
    ];
    let cell = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    let mut all = Vec::new();
    for Curve { id, fit, profiles } in fitted {
        let life = fit.model()?.half_life();
        let life_se = fit.estimate_of(Model::half_life).ok().map(|(_, se)| se);
        let mut numbers: Vec<_> = fit
            .estimates()
            .into_iter()
            .map(|found| (found.name.to_string(), found.value, found.se, found.wald))
            .collect();
        if !fit.theory().free().iter().any(|(name, _)| *name == Name::HalfLife) {
            numbers.push(("t_half".to_owned(), life, life_se, None));
        }
        for (name, value, se, wald) in numbers {
            let profile = profiles.iter().find(|(own, _)| *own == name).map(|(_, interval)| interval);
            let mut row = vec![id.clone(), name, value.to_string(), cell(se), cell(se.map(|se| se / value.abs()))];
            row.extend([cell(wald.map(|ends| ends.0)), cell(wald.map(|ends| ends.1))]);
            row.extend([cell(profile.and_then(|found| found.low)), cell(profile.and_then(|found| found.high))]);
            row.extend([fit.minus2ll().to_string(), fit.aic().to_string(), fit.settled().to_string()]);
            all.push(row);
        }
    }
    csv_of(names, all)
}
