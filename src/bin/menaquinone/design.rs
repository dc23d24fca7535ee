//! `design`: when to sample, of how many people, and what that is expected to tell.

use std::path::{Path, PathBuf};

use clap::Args;
use menaquinone::Model;
use menaquinone::design::{Approximation, Arm, Budget, Criterion, Design as Plan, Found, Search, When};
use menaquinone::fit::Theory;

use crate::arguments::{Output, Picture, positive};
use crate::design_drawn::sheet;
use crate::design_report::report;
use crate::design_rows::rows;
use crate::design_words::{
    Named, OfKind, Taken, budget, counts, counts_of, form, hour, limit_of, named, range, taken, times_of,
};
use crate::files::{Format, file_name, say};
use crate::reading::{from_file, from_json, from_toml};
use crate::refusal::{Refusal, Result, data, in_words, usage};

const HELP: &str = "\
The theory is a file as `fit` takes it: numbers that are known or sought, how people vary, the error of the samples. What is expected holds as far as
these numbers do. docs/DESIGNING.md says what a design is worth.

--best is what the times are to be best at:
  d         all numbers together: the volume of their confidence region
  a         the mean of their squared relative errors
  t_half    the half-life
  cl,ka     these numbers, by their names in the report, whatever the others are
--form is how the information of a person is formed: reduced, full, modes:DRAWS (of people) or person (of one person's numbers).

Examples:
  menaquinone design theory.toml --taken '180 ug once' --samples 6 --within 0..336 --people 12 --best t_half
  menaquinone design theory.toml --taken '180 ug once' --samples 3..8 --within 0..168 --every 1 --open 7..19 --first-dose-at 8 --chart design.png
  menaquinone design theory.toml --taken '180 ug once' --times 1,2,4,8,12,24 --people 12 --tell 72..96
  menaquinone design theory.toml --taken '90 ug once or 360 ug once' --taken '90 ug daily' --people 12,12 --move-people --samples 4 --within 0..336
  menaquinone design theory.toml --taken '180 ug weekly for 2 weeks' --occasions-from 168 --samples 8 --within 0..336

It leaves with 0 when a design was found, 1 when a file, a number or the design is refused, and 2 when the command line cannot be read.
It is a calculation for research: nothing here is medical advice.";

/// When to sample, and what that is expected to tell.
#[derive(Args)]
#[command(after_help = HELP)]
pub struct Design {
    /// A theory in a .toml or .json file: what is known, what is sought, how people vary and how far off samples are
    theory: PathBuf,
    /// A theory of another kind, from which this one is to be told apart, in place of --best
    #[arg(long, value_name = "FILE", conflicts_with_all = ["best", "also", "tell"])]
    pub rival: Option<PathBuf>,
    /// Further theories of the same numbers: the design is to be best where it is worst
    #[arg(long, value_name = "FILE", value_delimiter = ',')]
    also: Vec<PathBuf>,
    /// What an arm takes, such as '180 ug once'; once for each arm. Of '90 ug once or 180 ug once' the better is taken
    #[arg(long, value_name = "REGIMEN", required = true, value_parser = taken)]
    pub taken: Vec<Taken>,
    /// How many people there are, in each arm [default: 1]
    #[arg(long, value_name = "COUNTS", value_delimiter = ',', value_parser = positive, allow_negative_numbers = true)]
    people: Vec<f64>,
    /// Moves people between the arms to where they tell most, as many in all
    #[arg(long, requires = "within", conflicts_with = "budget")]
    move_people: bool,
    /// When new occasions begin, h, such as 168,336: what varies within a person is drawn anew there
    #[arg(long, value_name = "HOURS", value_delimiter = ',', value_parser = hour, allow_hyphen_values = true)]
    occasions_from: Vec<f64>,
    /// Covariates of the people, such as WT=70 or WT=70,AGE=40; once for all arms, or once for each
    #[arg(long, value_name = "NAME=VALUE", value_parser = named)]
    covariates: Vec<Named>,
    /// How many samples each person gives, such as 6; or a range such as 3..8, of which the number is taken at which a sample tells most
    #[arg(long, value_name = "COUNT", value_parser = counts, required_unless_present = "times", allow_hyphen_values = true)]
    samples: Option<(usize, usize)>,
    /// How many samples each person gives of another kind (DVID), such as 2=4; the theory has an error of that kind
    #[arg(long, value_name = "KIND=COUNT", value_parser = counts_of, requires = "samples")]
    samples_of: Vec<OfKind<usize>>,
    /// When samples may be taken, h, such as 0..168; once for all arms, or once for each: half of the people early, half late
    #[arg(long, value_name = "HOURS", value_parser = range, required_unless_present = "times", allow_hyphen_values = true)]
    within: Vec<(f64, f64)>,
    /// What there is to spend and what a person, a sample and a day of visits cost, such as 20000,300,50,100: the people and the number of samples follow
    #[arg(long, value_name = "TOTAL,PERSON,SAMPLE,VISIT", value_parser = budget, requires = "samples", allow_hyphen_values = true)]
    pub budget: Option<Budget>,
    /// Judges these times, h, in place of a search
    #[arg(long, value_name = "TIMES", value_delimiter = ',', value_parser = hour, conflicts_with_all = ["samples", "within", "also"], allow_hyphen_values = true)]
    times: Vec<f64>,
    /// Judges these times of another kind (DVID) besides, such as 2=1,4,8
    #[arg(long, value_name = "KIND=TIMES", value_parser = times_of, requires = "times")]
    times_of: Vec<OfKind<Vec<f64>>>,
    /// Takes samples at times so many hours apart alone, such as 1 for full hours
    #[arg(long, value_name = "HOURS", value_parser = positive, requires = "within", allow_negative_numbers = true)]
    every: Option<f64>,
    /// The hours of the day at which samples are taken, such as 7..19
    #[arg(long, value_name = "HOURS", value_parser = range, requires = "within", allow_hyphen_values = true)]
    open: Option<(f64, f64)>,
    /// The hour of the day at time 0
    #[arg(long, value_name = "HOUR", default_value = "8", value_parser = hour, requires = "within", allow_negative_numbers = true)]
    first_dose_at: f64,
    /// The least distance between two samples of a person, h
    #[arg(long, value_name = "HOURS", default_value = "0", value_parser = hour, requires = "within", allow_negative_numbers = true)]
    apart: f64,
    /// Samples all arms at the same times
    #[arg(long, requires = "within")]
    common: bool,
    /// The limit of quantification, ug/L: of a level below it no more is known than that
    #[arg(long, value_name = "CONC", value_parser = positive, allow_negative_numbers = true)]
    limit: Option<f64>,
    /// The limit of another kind (DVID), such as 2=0.5
    #[arg(long, value_name = "KIND=CONC", value_parser = limit_of)]
    limit_of: Vec<OfKind<f64>>,
    /// How far from its time a sample may be taken, h: what it tells is the mean over that window
    #[arg(long, value_name = "HOURS", value_parser = positive, allow_negative_numbers = true)]
    kept_within: Option<f64>,
    /// What the times are to be best at: d, a, `t_half`, or names of numbers
    #[arg(long, value_name = "CRITERION", default_value = "d")]
    best: String,
    /// How the information of a person is formed [default: reduced where something varies between people, else person]
    #[arg(long, value_name = "FORM", value_parser = form)]
    form: Option<Approximation>,
    /// Says what these times would tell in place of those that were found
    #[arg(long, value_name = "TIMES", value_delimiter = ',', value_parser = hour, requires = "within", allow_hyphen_values = true)]
    pub against: Vec<f64>,
    /// How many people tell these two half-lives apart, such as 72..96
    #[arg(long, value_name = "HOURS", value_parser = range)]
    pub tell: Option<(f64, f64)>,
    /// With which probability they are to be told apart
    #[arg(long, value_name = "SHARE", default_value = "0.8", requires = "tell")]
    pub power: f64,
    /// Prints a row for each sample and number, in place of the report
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub picture: Picture,
}

/// The designs of each number of samples, and which of them is taken.
pub struct Choice {
    pub plan: Plan,
    pub criterion: Criterion,
    /// None where times were given to be judged.
    pub found: Vec<Found>,
    pub best: usize,
}

pub fn run(arguments: &Design) -> Result<()> {
    let format = arguments.output.format()?;
    let choice = arguments.choice().map_err(|why| Refusal { sentence: words_here(&why.sentence), code: why.code })?;
    say("note", &format!("what is expected holds as far as the numbers of {} do", file_name(&arguments.theory)));
    for note in choice.plan.notes().map_err(data)? {
        say("note", &words_here(&note));
    }
    arguments.draw(&choice)?;
    if arguments.csv || arguments.output.out.is_some() || format == Format::Json {
        return arguments.output.give(&rows(&choice)?);
    }
    arguments.output.give_text(&report(arguments, &choice)?)
}

/// What the library calls by the names of its own, as this command has it.
const WORDS: [(&str, &str); 11] = [
    (
        "so that samples have nothing to tell: write `cl: free(1.2)`",
        "so that samples have nothing to tell: write such as cl = { free = 1.2 }",
    ),
    ("give it with Sampled::with_covariates or in a column of the table", "give it by --covariates"),
    (
        "a clinic that is open past midnight has `open(22.0, 6.0)`",
        "a clinic that is open past midnight has --open 22..6",
    ),
    ("give the theory one (--cv or --sd)", "give the theory an [error], such as proportional = { cv = 0.15 }"),
    (
        "write `cl: free(1.2).varying(0.3)`, or ask for Approximation::Person",
        "write such as cl = { free = 1.2, varying = 0.3 }, or --form person",
    ),
    ("give them (Arm::at), or have them found (Search)", "give --times, or --samples and --within"),
    ("leave the arm out", "leave out its --taken"),
    ("(Arm::occasions_from)", "(--occasions-from)"),
    ("(Arm::below)", "(--limit)"),
    (
        "give it one (Model::with_meal_effect), or leave the meal out",
        "the file of a theory cannot give it one, so leave the meal out",
    ),
    ("give it one (Theory::with_error_of), or leave them out", "give it one in [errors], or leave them out"),
];

fn words_here(sentence: &str) -> String {
    in_words(&WORDS.iter().fold(sentence.to_owned(), |text, (own, here)| text.replace(own, here)))
}

fn theory(path: &Path) -> Result<Theory> {
    from_file(path, "a theory", (&from_toml, &from_json))
}

impl Design {
    fn choice(&self) -> Result<Choice> {
        let plan = self.plan()?;
        let criterion = self.criterion(&plan)?;
        if let Some((low, high)) = self.samples {
            let search = self.search(&plan, &criterion)?;
            if let Some(budget) = &self.budget {
                if self.taken.len() == 1 && !self.people.is_empty() {
                    return Err(usage(
                        "--budget finds how many people there are: leave out --people, which with several arms says their shares",
                    ));
                }
                let found = budget.best(&search, low..=high)?;
                return Ok(Choice { plan: found.design().clone(), criterion, found: vec![found], best: 0 });
            }
            let found = if low == high { vec![search.samples(low).run()?] } else { search.by_count(low..=high)? };
            let most = found.iter().map(Found::per_sample).fold(0.0, f64::max);
            // Of numbers that are worth the same but for rounding the least is taken.
            let best = found.iter().position(|own| own.per_sample() >= most * (1.0 - 1e-9)).unwrap_or(0);
            return Ok(Choice { plan: found[best].design().clone(), criterion, found, best });
        }
        if self.rival.is_none() {
            plan.information()?.se()?;
        }
        Ok(Choice { plan, criterion, found: Vec::new(), best: 0 })
    }

    /// The arms without samples.
    fn plan(&self) -> Result<Plan> {
        let theory = theory(&self.theory)?;
        let mut arms = (0..self.taken.len()).map(|i| self.arm(i)).collect::<Result<Vec<_>>>()?.into_iter();
        let Some(first) = arms.next() else { return Err(usage("nobody takes anything: give --taken")) };
        let plan = arms.try_fold(Plan::of(&theory, first)?, Plan::and)?;
        Ok(match self.form {
            Some(form) => plan.by(form)?,
            None => plan,
        })
    }

    fn arm(&self, i: usize) -> Result<Arm> {
        let (arms, counts) = (self.taken.len(), self.people.len());
        if counts > 1 && counts != arms {
            return Err(usage(format!(
                "there are {counts} numbers of people and {arms} arms: give one for each, or one for all"
            )));
        }
        let people = self.people.get(i).or(self.people.first()).copied().unwrap_or(1.0);
        let Some(regimen) = self.taken[i].0.first() else { return Err(usage("nobody takes anything: give --taken")) };
        if self.taken[i].0.len() > 1 && !self.times.is_empty() {
            return Err(usage(
                "--times judges one regimen of each arm: leave out the others, or have times found by --samples and --within",
            ));
        }
        self.check_each("--covariates", self.covariates.len())?;
        let all = self.covariates.get(i).or(self.covariates.first());
        let arm = Arm::of(regimen.clone())
            .people(people)
            .called(&format!("arm {}", i + 1))
            .with_covariates(all.map_or(Vec::new(), |own| own.0.clone()));
        let arm = arm.occasions_from(&self.occasions_from).at(&self.times);
        let arm = self.times_of.iter().fold(arm, |arm, own| arm.at_of(own.kind, &own.what));
        let arm = self.kept_within.map_or(arm.clone(), |hours| arm.kept_within(hours));
        let arm = self.limit.map_or(arm.clone(), |limit| arm.below(limit));
        Ok(self.limit_of.iter().fold(arm, |arm, own| arm.below_of(own.kind, own.what)))
    }

    fn criterion(&self, plan: &Plan) -> Result<Criterion> {
        if let Some(rival) = &self.rival {
            return Ok(Criterion::tell_from(&theory(rival)?));
        }
        let criterion = match self.best.trim() {
            "d" | "D" => Criterion::d(),
            "a" | "A" => Criterion::a(),
            "t_half" => Criterion::c(log_half_life),
            names => Criterion::ds(names.split(',').map(|name| name.trim().to_owned())),
        };
        if self.also.is_empty() {
            return Ok(criterion);
        }
        let also = self.also.iter().map(|path| theory(path)).collect::<Result<Vec<_>>>()?;
        Ok(criterion.at_worst([plan.theory().clone()].into_iter().chain(also)))
    }

    /// Refuses what is given neither once for all arms nor once for each.
    fn check_each(&self, option: &str, given: usize) -> Result<()> {
        let arms = self.taken.len();
        if given <= 1 || given == arms {
            return Ok(());
        }
        Err(usage(format!("{option} is given {given} times for {arms} arms: give it once for each, or once for all")))
    }

    fn when(&self, (from, until): (f64, f64)) -> When {
        let when = When::between(from..=until).apart(self.apart).first_dose_at(self.first_dose_at);
        let when = self.every.map_or(when.clone(), |hours| when.every(hours));
        self.open.map_or(when.clone(), |(from, until)| when.open(from, until))
    }

    fn search(&self, plan: &Plan, criterion: &Criterion) -> Result<Search> {
        let Some(first) = self.within.first() else {
            return Err(usage("give the hours within which samples may be taken, such as --within 0..168"));
        };
        self.check_each("--within", self.within.len())?;
        let search = Search::of(plan, criterion, self.when(*first));
        let each = self.within.iter().enumerate().skip(1);
        let search = each.fold(search, |search, (arm, own)| search.when_of(arm, self.when(*own)));
        let search = self.samples_of.iter().fold(search, |search, own| search.samples_of_kind(own.kind, own.what));
        let several = self.taken.iter().enumerate().filter(|(_, taken)| taken.0.len() > 1);
        let search = several.fold(search, |search, (arm, taken)| search.doses_of(arm, taken.0.iter().cloned()));
        let search = if self.move_people { search.moving_people() } else { search };
        Ok(if self.common { search.common() } else { search })
    }

    fn draw(&self, choice: &Choice) -> Result<()> {
        let Some(path) = &self.picture.chart else { return Ok(()) };
        sheet(self, choice, &file_name(&self.theory))?.save(path)?;
        say("note", &format!("wrote {}", path.display()));
        Ok(())
    }
}

pub fn log_half_life(model: &Model) -> f64 {
    model.half_life().ln()
}
