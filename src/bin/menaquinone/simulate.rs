//! `simulate`: levels of a regimen over time.

use std::str::FromStr;

use clap::Args;
use menaquinone::{Error, Profile, Regimen, grid, units::DAY};

use crate::arguments::{Output, Picture, positive};
use crate::files::say;
use crate::refusal::{Result, data};
use crate::subject::{Subject, Whom};

/// What stands below the help of a command that takes a regimen.
pub const REGIMEN: &str = "\
A regimen is doses and when they are taken, joined by 'then' and 'and':
  180 ug q24h x60       90 ug on Mon,Wed,Fri at 8h       360 ug at 36h       10 mg iv over 2h
The meal stands behind the amount; it acts where a model knows what meals do, which those of MK-4 do:
  15 mg with 20 g fat q8h       15 mg fasted q24h       15 mg q8h (not stated: all of it counts)

A file of --model holds cl (L/h), v (L) and ka (1/h), and may hold tlag (h) and f:
  cl = 1.27
  v = 154
  ka = 1.0
or a whole model with its absorption, disposition and baseline. Nothing here is medical advice.";

/// A regimen and the text in which it was given.
#[derive(Clone)]
pub struct Typed {
    text: String,
    pub regimen: Regimen,
}

impl FromStr for Typed {
    type Err = Error;
    fn from_str(text: &str) -> std::result::Result<Self, Error> {
        Ok(Self { text: text.trim().to_owned(), regimen: text.parse()? })
    }
}

impl Typed {
    /// Says how other words than the short form are read.
    pub fn say(&self) {
        let read = self.regimen.to_string();
        if read != self.text {
            say("note", &format!("the regimen is read as `{read}`"));
        }
    }
}

/// Levels of a regimen over time.
#[derive(Args)]
#[command(after_help = REGIMEN)]
pub struct Simulate {
    /// What is taken, such as '180 ug q24h x60 then 45 ug q12h'
    regimen: Typed,
    #[command(flatten)]
    course: Course,
}

/// Whose levels over which time, and where they go: what every command that follows a regimen asks.
#[derive(Args)]
pub struct Course {
    #[command(flatten)]
    pub whom: Whom,
    #[command(flatten)]
    pub span: Span,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub picture: Picture,
}

/// How long, and how often a level is given.
#[derive(Args)]
pub struct Span {
    /// How many days to simulate [default: 28]
    #[arg(long, value_name = "DAYS", conflicts_with = "until", value_parser = positive, allow_negative_numbers = true)]
    days: Option<f64>,
    /// How many hours to simulate
    #[arg(long, value_name = "HOURS", value_parser = positive, allow_negative_numbers = true)]
    until: Option<f64>,
    /// Hours between the rows of the table
    #[arg(long, value_name = "HOURS", default_value = "1", value_parser = positive, allow_negative_numbers = true)]
    step: f64,
}

/// A guard against a slip of units.
const MOST_ROWS: f64 = 1e6;

impl Span {
    /// How many hours are asked for.
    pub fn end(&self) -> Option<f64> {
        self.days.map(|days| days * DAY).or(self.until)
    }

    /// The times of the rows up to the end.
    pub fn times(&self, end: f64) -> Result<Vec<f64>> {
        if end / self.step > MOST_ROWS {
            let step = self.step;
            return Err(data(format!("{end} h in steps of {step} h are over a million rows: take a longer --step")));
        }
        Ok(grid(0.0..=end, self.step))
    }

    /// The times of a curve, close enough to draw.
    pub fn fine(&self, end: f64) -> Vec<f64> {
        grid(0.0..=end, self.step.min(end / 5000.0))
    }
}

pub fn run(Simulate { regimen, course }: &Simulate) -> Result<()> {
    regimen.say();
    let title = regimen.regimen.to_string().replace("ug", "µg");
    course.levels(&regimen.regimen, course.span.end().unwrap_or(28.0 * DAY), &title)
}

impl Course {
    /// Gives out the levels of a regimen up to an end (h), as a table, as a chart with a title or both.
    pub fn levels(&self, regimen: &Regimen, end: f64, title: &str) -> Result<()> {
        let Self { whom, span, output, picture } = self;
        let subject = whom.subject()?;
        output.format()?;
        let regimen = &subject.dosing(regimen);
        subject.check_routes(regimen, end)?;
        let profile = subject.model.profile(regimen, &span.times(end)?)?;
        picture.save(|| {
            let curve = subject.model.profile(regimen, &span.fine(end))?;
            Ok(subject.chart(title, (regimen, &curve), picture))
        })?;
        subject.say_of(regimen, end)?;
        if picture.chart.is_some() && output.out.is_none() && !output.json {
            return Ok(());
        }
        output.give(&table(&profile, &subject))
    }
}

/// The table, after a line of comment where it is a what-if.
fn table(profile: &Profile, subject: &Subject) -> String {
    let table = profile.to_csv();
    if !subject.is_relative() {
        return subject.comment() + &table;
    }
    subject.comment() + &table.replacen("conc_ug_per_L", "relative_level", 1)
}
