//! The samples of a file and what was taken, and how far off the samples are: what `fit` and `dose` ask alike.

use std::path::Path;

use clap::Args;
use menaquinone::assay::ResidualError;
use menaquinone::fit::{People, Sampled, Samples, Theory, Unknown, fixed, free};
use menaquinone::nca::{Column, Columns, Subjects};
use menaquinone::records::{Reader, Table as Records};
use menaquinone::{Dose, Regimen};

use crate::arguments::positive;
use crate::files::{file_name, note, say};
use crate::refusal::{Result, data, in_words, usage};
use crate::units;

/// What stands where in a table of samples, and what was taken.
#[derive(Args)]
pub struct Where {
    /// What everybody took, such as '180 ug once' or '90 ug daily for 14 days'; without it, the doses of an event table (AMT)
    #[arg(long, value_name = "REGIMEN")]
    pub taken: Option<Regimen>,
    /// A column of amounts: one dose for each subject, swallowed at 0 h
    #[arg(long, value_name = "NAME", conflicts_with = "taken")]
    dose_column: Option<String>,
    /// The unit of the amounts in it: ug, mg, mg/kg [default: ug]
    #[arg(long, value_name = "UNIT", default_value = "ug", value_parser = units::amount, requires = "dose_column", hide_default_value = true)]
    dose_unit: f64,
    /// The column of subjects [default: id, or another usual name of it]
    #[arg(long, value_name = "NAME")]
    id: Option<String>,
    /// The column of times [default: time]
    #[arg(long, value_name = "NAME")]
    time: Option<String>,
    /// The unit of the times: h, min, days [default: h]
    #[arg(long, value_name = "UNIT", value_parser = units::time)]
    time_unit: Option<f64>,
    /// The column of concentrations [default: conc, or DV]
    #[arg(long, value_name = "NAME")]
    conc: Option<String>,
    /// The unit of the concentrations [default: ug/L]
    #[arg(long, value_name = "UNIT", value_parser = units::concentration)]
    conc_unit: Option<f64>,
    /// The limit of quantification, in the unit of the concentrations: what lies below it says no more than that
    #[arg(long, value_name = "CONC", value_parser = positive, allow_negative_numbers = true)]
    limit: Option<f64>,
}

impl Where {
    /// The curves of a file, each with the name of its subject.
    pub fn read(&self, file: &Path) -> Result<Vec<(String, Sampled)>> {
        if self.taken.is_none() && self.dose_column.is_none() {
            return self.of_events(file);
        }
        let dose = self.dose_column.as_deref().map(|name| Column { name, unit: self.dose_unit });
        let columns = Columns {
            id: self.id.as_deref().unwrap_or("id"),
            time: Column { name: self.time.as_deref().unwrap_or("time"), unit: self.time_unit.unwrap_or(1.0) },
            conc: Column { name: self.conc.as_deref().unwrap_or("conc"), unit: self.conc_unit() },
            dose,
            ..Columns::default()
        };
        let subjects = Subjects::open(file, &columns).map_err(|error| data(in_words(&error.to_string())))?;
        note(subjects.notes());
        self.say_zeros(&subjects);
        let sampled = |subject: &menaquinone::nca::Subject| {
            let of = |why: menaquinone::Error| data(format!("subject {}: {why}", subject.id));
            let taken = match (&self.taken, subject.amount) {
                (Some(taken), _) => taken.clone(),
                (None, Some(amount)) => Dose::of(amount).at(0.0),
                (None, None) => return Err(data(format!("subject {}: there is no amount in the column", subject.id))),
            };
            let samples = Samples::replicates(&subject.times, &subject.conc).map_err(of)?;
            let samples = match self.limit {
                Some(limit) => samples.below(limit * self.conc_unit()).map_err(of)?,
                None => samples,
            };
            Ok((subject.id.clone(), Sampled::new(taken, samples)))
        };
        subjects.iter().map(sampled).collect()
    }

    fn conc_unit(&self) -> f64 {
        self.conc_unit.unwrap_or(1.0)
    }

    /// Refuses names and units of columns where a table has its own.
    fn refuse_columns(&self) -> Result<()> {
        let given = [
            ("--id", self.id.is_some()),
            ("--time", self.time.is_some()),
            ("--time-unit", self.time_unit.is_some()),
            ("--conc", self.conc.is_some()),
            ("--conc-unit", self.conc_unit.is_some()),
        ];
        match given.into_iter().find(|(_, is_given)| *is_given) {
            None => Ok(()),
            Some((name, _)) => Err(usage(format!(
                "without --taken or --dose-column this is an event table, whose columns are found by their names (ID, TIME, AMT, DV) and have their units behind them, as in TIME (days): leave out {name}"
            ))),
        }
    }

    /// Says that samples of zero, which those below an unknown limit are, count as measured.
    fn say_zeros(&self, subjects: &Subjects) {
        let zeros = subjects.iter().flat_map(|subject| &subject.conc).filter(|conc| **conc == 0.0).count();
        if zeros > 0 && self.limit.is_none() {
            let are = if zeros == 1 { "sample is" } else { "samples are" };
            say(
                "note",
                &format!(
                    "{zeros} {are} 0 or below a limit and fitted as 0: give --limit, so that they say no more than that"
                ),
            );
        }
    }

    /// The people of a file but some, with the kinds of their samples where a theory knows any.
    pub fn people(&self, file: &Path, theory: &Theory, (without, unit): (&[&str], Option<&str>)) -> Result<People> {
        let left = || without.iter().copied();
        let of_table = |table: Records| {
            let table = if without.is_empty() { table } else { table.without(left())? };
            let of = if theory.kinds().next().is_some() { People::of_table_with_kinds } else { People::of_table };
            of(&table).map(|people| people.having_left_out(left()))
        };
        let people = if self.taken.is_none() && self.dose_column.is_none() {
            let table = self.events(file)?;
            if let Some(unit) = unit.filter(|_| table.units_said().contains(&true)) {
                return Err(usage(format!(
                    "the table says its units itself, so that it is in ug and ug/L here, and --unit {unit} would be another: leave out --unit"
                )));
            }
            of_table(table)
        } else {
            People::new(self.read(file)?).and_then(|people| people.without(left()))
        };
        people.map_err(|why| {
            let sentence = in_words(&why.to_string());
            let is_named = sentence.starts_with(&file_name(file));
            data(if is_named { sentence } else { format!("{}: {sentence}", file.display()) })
        })
    }

    /// The subjects of an event table.
    fn of_events(&self, file: &Path) -> Result<Vec<(String, Sampled)>> {
        Ok(Sampled::of_table(&self.events(file)?)?)
    }

    fn events(&self, file: &Path) -> Result<Records> {
        self.refuse_columns()?;
        let table = Reader::new().open(file).map_err(|error| data(in_words(&error.to_string())))?;
        if !table.records().iter().any(menaquinone::records::Record::is_dose) {
            return Err(usage(
                "the table has no doses (AMT): say what was taken by --taken, such as '180 ug once', or --dose-column",
            ));
        }
        if self.limit.is_some() {
            return Err(usage("an event table says by CENS and LIMIT what lies below a limit: leave out --limit"));
        }
        note(table.notes());
        Ok(table)
    }
}

/// How far off a sample may be.
#[derive(Args)]
pub struct Error {
    /// The error of a sample as a share of the level (0.15 is 15 %)
    #[arg(long, value_name = "SHARE", value_parser = positive, allow_negative_numbers = true)]
    cv: Option<f64>,
    /// The error of a sample near zero, ug/L; with --cv both, added as variances
    #[arg(long, value_name = "CONC", value_parser = positive, allow_negative_numbers = true)]
    sd: Option<f64>,
    /// Takes the share of --cv as that of a log-normal error
    #[arg(long, requires = "cv", conflicts_with = "sd")]
    log_normal: bool,
}

impl Error {
    /// The error with its numbers known or to be found; none where nothing is said.
    pub fn residual(&self, is_known: bool) -> Option<ResidualError<Unknown>> {
        let number = |value: f64| if is_known { fixed(value) } else { free(value) };
        match (self.cv.map(number), self.sd.map(number)) {
            (Some(cv), _) if self.log_normal => Some(ResidualError::LogNormal { cv }),
            (Some(cv), Some(sd)) => Some(ResidualError::Combined { cv, sd }),
            (Some(cv), None) => Some(ResidualError::Proportional { cv }),
            (None, Some(sd)) => Some(ResidualError::Additive { sd }),
            (None, None) => None,
        }
    }

    /// A theory with this error, if one is said.
    pub fn of(&self, theory: Theory, is_known: bool) -> Result<Theory> {
        match self.residual(is_known) {
            Some(error) => Ok(theory.with_error(error)?),
            None => Ok(theory),
        }
    }
}
