//! `dose`: the dose that reaches a target, of a model, of people or of one person after a few levels.

use std::path::PathBuf;

use clap::Args;
use menaquinone::chart::Chart;
use menaquinone::fit::{DoseFound, Posterior, Target, Theory, fixed, whole_pieces};
use menaquinone::{Population, Regimen, Repeating, sensitivity::Number, units::DAY};

use crate::arguments::{Output, Picture, positive};
use crate::files::{Format, csv_of, note, say};
use crate::refusal::{Result, data, usage};
use crate::samples::{Error, Where};
use crate::subject::{Subject, Whom};

const HELP: &str = "\
A target is what is to lie in a range (ug/L, ug.h/L or a share of the time), at steady state or h after the first dose:
  'trough 2..4'   'peak ..8'   'average 5..'   'area 100..150'   'above 1 0.5..' (half of the time above 1 ug/L)
  'within 2..4 0.8..'   'at 336 2..4' (just before the dose at 336 h)

Without --levels the target is met by the model, or by the people of a set. With them it is met by what one person may be: the people of a set
(or --vary) and the person's own levels, off by --cv or --sd, after what was --taken. It says how probable that is.

Examples:
  menaquinone dose 'trough 2..4' --set mk7 --products 45,90,180
  menaquinone dose 'trough 2..4' --set mk7 --levels levels.csv --taken '90 ug daily for 14 days' --cv 0.15 --products 45,90,180
  menaquinone dose 'average 5..' --cl 1.27 --v 154 --ka 1 --dosing '100 ug q12h'

It leaves with 0 when a dose was found, 1 when a file, a number or the target is refused, and 2 when the command line cannot be read.
It is a calculation for research: nothing here is medical advice.";

/// The dose that reaches a target.
#[derive(Args)]
#[command(after_help = HELP)]
pub struct Dose {
    /// What is to be reached, such as 'trough 2..4'
    #[arg(value_parser = target)]
    target: Target,
    #[command(flatten)]
    whom: Whom,
    /// A table of one person's levels
    #[arg(long, value_name = "FILE")]
    levels: Option<PathBuf>,
    #[command(flatten)]
    places: Where,
    #[command(flatten)]
    error: Error,
    /// How much people vary in the numbers of a model of your own, such as cl=0.35,v=0.35
    #[arg(long, value_name = "NAME=CV", value_delimiter = ',', value_parser = varying, conflicts_with = "set")]
    vary: Vec<(String, f64)>,
    /// The times and proportions of the doses whose amount is sought
    #[arg(long, value_name = "REGIMEN", default_value = "100 ug q24h")]
    dosing: Regimen,
    /// The sizes of capsules or tablets in ug, such as 45,90,180: whole ones are ranked
    #[arg(long, value_name = "SIZES", value_delimiter = ',', value_parser = positive)]
    products: Vec<f64>,
    /// How many pieces at a time, at most
    #[arg(long, value_name = "COUNT", default_value = "4", requires = "products")]
    pieces: u32,
    /// The intervals between them, h
    #[arg(long, value_name = "HOURS", value_delimiter = ',', value_parser = positive, default_value = "24", requires = "products")]
    every: Vec<f64>,
    /// How many bodies are drawn
    #[arg(long, value_name = "COUNT", default_value = "2000")]
    draws: u64,
    /// What they are drawn from
    #[arg(long, value_name = "NUMBER", default_value = "42")]
    seed: u64,
    /// Prints a row for each dosing, in place of sentences
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    picture: Picture,
}

fn varying(text: &str) -> Result<(String, f64), &'static str> {
    let (name, cv) = text.split_once('=').ok_or("write a number and its CV, such as cl=0.35")?;
    Ok((name.trim().to_owned(), positive(cv.trim())?))
}

/// A target as the command line has it.
fn target(text: &str) -> Result<Target, String> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let wanted = words
        .pop()
        .and_then(range)
        .ok_or("write what is to lie in which range, such as 'trough 2..4' or 'average 5..'")?;
    let wanted = (std::ops::Bound::Included(wanted.0), std::ops::Bound::Included(wanted.1));
    let number = |text: &str| text.parse::<f64>().map_err(|_| format!("`{text}` is no number"));
    let target = match words.as_slice() {
        ["trough"] => Target::ctrough(wanted),
        ["peak"] => Target::cmax(wanted),
        ["average"] => Target::cavg(wanted),
        ["area"] => Target::auc_tau(wanted),
        ["above", level] => Target::time_above(number(level)?, wanted),
        ["within", levels] => {
            let (low, high) = range(levels).ok_or_else(|| format!("`{levels}` is no range: write such as 2..4"))?;
            Target::time_within(low..=high, wanted)
        }
        ["at", time] => Target::ctrough_at(number(time)?, wanted),
        _ => return Err("begin a target with trough, peak, average, area, above, within or at".to_owned()),
    };
    target.map_err(|why| why.to_string())
}

fn range(text: &str) -> Option<(f64, f64)> {
    let (low, high) = text.split_once("..")?;
    let end = |text: &str, open: f64| if text.is_empty() { Some(open) } else { text.parse().ok() };
    Some((end(low, 0.0)?, end(high, f64::INFINITY)?))
}

/// Who is to meet the target.
enum Who {
    Body(Box<Subject>),
    People(Population),
    Person(Box<Posterior>),
}

pub fn run(arguments: &Dose) -> Result<()> {
    let format = arguments.output.format()?;
    let subject = arguments.whom.subject()?;
    let (title, contested) = (subject.title().to_owned(), subject.contested());
    let dosing = Repeating::try_from(&arguments.dosing)?;
    if subject.is_relative() {
        return Err(data(
            "the levels of this set are relative, so that no dose reaches a level in ug/L: name another set",
        ));
    }
    if !arguments.whom.is_as_printed() {
        return Err(usage(
            "how people differ is known of a set as it is: leave out --formulation, --baseline and --what-if, or give a model of your own",
        ));
    }
    subject.check_routes(&arguments.dosing, DAY)?;
    [Some(&arguments.dosing), arguments.places.taken.as_ref()]
        .into_iter()
        .flatten()
        .for_each(|taken| subject.say_meals(taken));
    let who = arguments.who(subject)?;
    say("note", &title);
    note(&contested);
    if let Who::Person(person) = &who {
        for ((name, eta), left) in person.names().iter().zip(person.eta()).zip(person.shrinkage()?) {
            say(
                "note",
                &format!(
                    "{name} is {:.2} times the median; {:.0} % of the spread between people is left",
                    eta.exp(),
                    100.0 * left
                ),
            );
        }
    }
    let mut found = arguments.ranked(&who)?;
    let ranked = found.len();
    let any = arguments.any(&who, dosing);
    match (any, found.is_empty()) {
        (Ok(any), _) => found.push(any),
        (Err(why), true) => return Err(why),
        (Err(why), false) => say("note", &why.sentence),
    }
    arguments.draw(&who, &found[0], (&title, contested.as_deref().unwrap_or_default()))?;
    if arguments.csv || arguments.output.out.is_some() || format == Format::Json {
        return arguments.output.give(&rows(&found)?);
    }
    let line = |(i, found): (usize, &DoseFound)| {
        if ranked > 0 && i == ranked { format!("of any amount: {found}\n") } else { format!("{found}\n") }
    };
    arguments.output.give_text(&found.iter().enumerate().map(line).collect::<String>())
}

impl Dose {
    fn who(&self, subject: Subject) -> Result<Who> {
        let Some(file) = &self.levels else {
            return match &self.whom.set {
                Some(known) => Ok(Who::People(known.set.population(self.draws, self.seed)?)),
                None if self.vary.is_empty() => Ok(Who::Body(Box::new(subject))),
                None => Err(usage("--vary says what one person may be: give --levels too")),
            };
        };
        if self.error.residual(true).is_none() {
            return Err(usage("levels are weighed by how far off they are: give --cv, such as 0.15, or --sd"));
        }
        let theory = match &self.whom.set {
            Some(known) => known.set.prior()?,
            None => self.prior(&subject)?,
        };
        let theory = self.error.of(theory, true)?;
        let mut all = self.places.read(file)?;
        if all.len() != 1 {
            return Err(data(format!(
                "the levels are those of {} subjects, but a dose is found for one person: keep the rows of one",
                all.len()
            )));
        }
        Ok(Who::Person(Box::new(theory.posterior(&all.remove(0).1)?)))
    }

    /// The people of a model of one's own.
    fn prior(&self, subject: &Subject) -> Result<Theory> {
        if self.vary.is_empty() {
            return Err(usage(
                "how people vary is not known of a model of your own: give --vary, such as cl=0.35,v=0.35",
            ));
        }
        let mut theory = Theory::of(subject.model.clone());
        for (name, cv) in &self.vary {
            let number: Number = name.parse().map_err(|why: menaquinone::Error| usage(why))?;
            let value = subject.model.number(number)?;
            theory = theory.with(number, fixed(value).varying(*cv))?;
        }
        Ok(theory)
    }

    /// The dosing of any amount.
    fn any(&self, who: &Who, dosing: Repeating) -> Result<DoseFound> {
        Ok(match who {
            Who::Body(subject) => subject.model.dosing_for(dosing, self.target)?,
            Who::People(people) => people.dosing_for(dosing, self.target)?,
            Who::Person(person) => person.dosing_for(dosing, self.target, (self.draws, self.seed))?,
        })
    }

    /// Whole pieces, the best first.
    fn ranked(&self, who: &Who) -> Result<Vec<DoseFound>> {
        if self.products.is_empty() {
            return Ok(Vec::new());
        }
        let pieces = whole_pieces(&self.products, self.pieces, &self.every)?;
        Ok(match who {
            Who::Body(subject) => Population::of(vec![subject.model.clone()], self.seed)?.rank(&pieces, self.target)?,
            Who::People(people) => people.rank(&pieces, self.target)?,
            Who::Person(person) => person.rank(&pieces, self.target, (self.draws, self.seed))?,
        })
    }

    /// Of one person the forecast with the best dosing, else the share who meet the target over amounts.
    fn draw(&self, who: &Who, best: &DoseFound, (whose, contested): (&str, &str)) -> Result<()> {
        self.picture.save(|| {
            let blank = |title: String| Chart::new(title).subtitle(whose).caption(contested);
            let chart = match who {
                Who::Person(person) => self.forecast(person, best, blank)?,
                Who::People(people) => {
                    let amount = best.dosing.doses().first().map_or(100.0, |(_, dose)| dose.amount);
                    let amounts: Vec<f64> = (1..=60).map(|i| amount * f64::from(i) / 20.0).collect();
                    let rows = people.attainment(best.dosing.clone(), self.target, &amounts)?;
                    let every =
                        dosing_of(best).split_once(" q").map_or(String::new(), |(_, rest)| format!(", q{rest}"));
                    let chart = Chart::xy(format!("Doses for {}{every}", self.target));
                    chart.subtitle(whose).caption(contested).attainment(&rows)?
                }
                Who::Body(subject) => {
                    let course = Regimen::from(best.dosing.clone());
                    let until = 28.0 * DAY;
                    let curve = subject.model.profile(&course, &menaquinone::grid(0.0..=until, 1.0))?;
                    let chart = blank(format!("{}, for {}", dosing_of(best), self.target)).caption(NOTICE);
                    chart.curve("", &curve).doses(&course).target(&self.target, until)
                }
            };
            Ok(if self.picture.log { chart.log_scale() } else { chart })
        })
    }

    fn forecast(&self, person: &Posterior, best: &DoseFound, blank: impl Fn(String) -> Chart) -> Result<Chart> {
        let Some(taken) = &self.places.taken else {
            return Err(usage("a forecast follows what was taken: give --taken"));
        };
        let now = person.sampled().samples().times().last().copied().unwrap_or(0.0);
        let last = taken.doses(now).last().map_or(0.0, |(time, _)| *time);
        let course: Regimen = taken.doses(now).into_iter().collect();
        let until = last + 29.0 * DAY;
        let coming = best.dosing.clone().at(last + best.dosing.tau());
        let title = format!("{}, then {}", taken.to_string().replace("ug", "µg"), dosing_of(best));
        let chart = blank(title).target(&self.target, until).forecast(
            person,
            (&course.and(coming), until),
            (self.draws.min(1_000), self.seed),
        )?;
        Ok(chart)
    }
}

/// What stands beneath a chart of a dose.
const NOTICE: &str = "A calculation for research, not advice.";

/// A dosing with the digits that matter.
fn dosing_of(found: &DoseFound) -> String {
    let said = found.to_string();
    said.split_once(": ").map_or(said.clone(), |(dosing, _)| dosing.to_owned()).replace("ug", "µg")
}

/// A row for each dosing.
fn rows(found: &[DoseFound]) -> Result<String> {
    let names = ["dosing", "reached", "probability", "probability_low", "probability_high", "bodies", "loading"];
    let row = |found: &DoseFound| {
        let (low, high) = found.share.interval(0.95)?.into_inner();
        let numbers = [found.reached, found.probability, low, high].map(|number| number.to_string());
        let mut row = vec![found.dosing.to_string()];
        row.extend(numbers);
        row.extend([found.share.of().to_string(), found.loading.to_string()]);
        Ok(row)
    };
    csv_of(names, found.iter().map(row).collect::<Result<Vec<_>>>()?)
}
