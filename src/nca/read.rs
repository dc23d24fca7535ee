//! Samples of many subjects from a table.

use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use super::cdisc;
use super::gather::Gathered;
use super::places;
use super::subject::{Columns, Subject};
use super::{Analysis, Rules, Table};
use crate::error::{Error, Result};
use crate::sheet::{self, Sheet};
use crate::workers::{self, Work};

/// The samples of many subjects, in the order in which they first appear.
///
/// ```
/// use menaquinone::{nca::{Columns, Rules, Subjects}};
/// let table = "ID,TIME,CONC\na,0,BLQ\na,1,8.0\na,2,4.0\na,4,1.0\na,6,0.25\nb,1,6.0\nb,2,.\nb,4,2.0\n";
/// let subjects = Subjects::read(table.as_bytes(), &Columns::default())?;
/// assert_eq!(subjects.iter().map(|s| s.times.len()).collect::<Vec<_>>(), [5, 2]);
/// let table = subjects.analyse(&Rules::default())?;
/// assert!((table.analysis("a")?.half_life()? - 1.0).abs() < 1e-12);
///
/// let error = "id,time,conc\na,0,1\na,x,1\n".parse::<Subjects>().unwrap_err();
/// assert_eq!(error.to_string(), "the table, line 3, column time: found `x`, but a time must be a finite number of hours; a sample before the dose is at 0 or below, such as -0.25");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Subjects {
    list: Vec<Subject>,
    notes: Vec<String>,
}

/// Equal if the subjects are, whatever was noted of their tables.
impl PartialEq for Subjects {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl FromIterator<Subject> for Subjects {
    fn from_iter<I: IntoIterator<Item = Subject>>(subjects: I) -> Self {
        Self { list: subjects.into_iter().collect(), notes: Vec::new() }
    }
}

impl Subjects {
    /// The subjects of a table; lines that begin with `#` are left out. Its cells are separated by commas, semicolons, tabs or
    /// blanks, and where it is not by commas a number may have a decimal comma.
    ///
    /// A person with several profiles is several subjects:
    ///
    /// ```
    /// use menaquinone::{nca::{Columns, Subjects}};
    /// let table = "id;period;time;conc\na;1;0;4,5\na;1;2;1\na;2;0;5\na;2;2;1,5\n";
    /// let subjects = Subjects::read(table.as_bytes(), &Columns { profile: &["period"], ..Columns::default() })?;
    /// assert_eq!(subjects.iter().map(|subject| subject.id.as_str()).collect::<Vec<_>>(), ["a, 1", "a, 2"]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// With line and column: a column that is missing or there twice, a row of another width, a quote that is not closed, what is
    /// not a number, a negative concentration, times of a subject that do not ascend, amounts that differ within a subject.
    pub fn read(reader: impl Read, columns: &Columns) -> Result<Self> {
        const NAME: &str = "the table";
        Self::of(NAME, &sheet::read(reader, NAME)?, columns)
    }

    /// The subjects of a file.
    ///
    /// # Errors
    /// A file that cannot be read, or as [`read`](Self::read), with the name of the file.
    pub fn open(path: impl AsRef<Path>, columns: &Columns) -> Result<Self> {
        let (name, bytes) = sheet::open(path)?;
        Self::of(&name, &bytes, columns)
    }

    fn of(name: &str, bytes: &[u8], columns: &Columns) -> Result<Self> {
        let sheet = Sheet::of(name, bytes, |names| {
            let has = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name.trim()));
            let is_time = has(columns.time.name)
                || (columns.time == Columns::default().time
                    && names.iter().any(|name| cdisc::is_time(name) || places::is_time(name)));
            is_time && (has(columns.conc.name) || columns.conc.name == Columns::default().conc.name)
        })?;
        let mut gathered = Gathered::new(&sheet, columns)?;
        let mut rows = sheet.rows();
        while let Some(row) = rows.read()? {
            gathered.add(row)?;
        }
        let (list, notes) = gathered.finish()?;
        Ok(Self { list, notes })
    }

    /// What was left out of the table or understood in another way than it is written: a sentence for each, for people to read.
    ///
    /// ```
    /// use menaquinone::nca::Subjects;
    /// let subjects: Subjects = "SUBJID,TIME,DV,EVID\na,0,.,1\na,0,0,0\na,1,8,0\n".parse()?;
    /// assert_eq!(
    ///     subjects.notes(),
    ///     [
    ///         "the table, line 1: SUBJID is read as id",
    ///         "the table, line 1: DV is read as conc",
    ///         "the table, line 2: this row is no sample (EVID or MDV) and is left out"
    ///     ]
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The subjects.
    pub fn iter(&self) -> std::slice::Iter<'_, Subject> {
        self.list.iter()
    }

    /// Every subject analysed under the same rules, as [`Subject::nca`] does one; with the feature `parallel` on all cores, to
    /// the same bits.
    ///
    /// # Errors
    /// As [`Nca::analyse`](crate::nca::Nca::analyse), with the name of the subject: of several that of the first.
    pub fn analyse(&self, rules: &Rules) -> Result<Table> {
        const SIZE: Work = Work { width: 1, nanoseconds: 1e3 };
        let mut rows: Vec<_> = self.iter().map(|subject| (subject.id.clone(), Analysis::none())).collect();
        let own_rules = || Ok(rules.clone());
        workers::for_each_chunk(&mut rows, SIZE, own_rules, |own, first, rows| {
            for (subject, (id, analysis)) in self.list[first..].iter().zip(rows) {
                subject.check(rules)?;
                own.dose = subject.dose(rules);
                let analysed = analysis.take([&subject.times, &subject.conc], own);
                analysed.map_err(|error| error.of(format_args!("subject {id}")))?;
            }
            Ok(())
        })?;
        let profiles = self.iter().map(|subject| subject.profile.clone());
        Ok(rows.into_iter().collect::<Table>().with_profiles(profiles.collect()))
    }

    /// Whether a sample below the limit of quantification lies between measured ones, so that a [`BelowLimit`](crate::nca::BelowLimit) must be chosen.
    pub fn have_gaps(&self) -> bool {
        let gap = |subject: &Subject| {
            let below = |conc: &f64| *conc == 0.0;
            let (conc, first) = (&subject.conc, subject.conc.iter().position(|conc| !below(conc)));
            let last = conc.iter().rposition(|conc| !below(conc));
            first.zip(last).is_some_and(|(first, last)| conc[first..=last].iter().any(below))
        };
        self.iter().any(gap)
    }
}

impl<'a> IntoIterator for &'a Subjects {
    type Item = &'a Subject;
    type IntoIter = std::slice::Iter<'a, Subject>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The samples of a text with the usual names of its columns: see [`Columns`].
impl FromStr for Subjects {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::read(text.as_bytes(), &Columns::default())
    }
}
