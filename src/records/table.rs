//! Records that have been checked.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::check;
use super::measured::Measured;
use super::origin::Origin;
use super::record::Record;
use crate::error::{Error, Result};

/// An event table: records of one or many subjects that obey the rules of the NONMEM convention, and the names of their
/// covariates. A `Table` is the proof that they were checked.
///
/// ```
/// use menaquinone::{Parameters, records::Table};
/// let table: Table = "ID,TIME,AMT,EVID\n1,0,180,1\n1,4,.,0\n1,24,.,0".parse()?;
/// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
/// let found = table.simulate(&model)?;
/// assert_eq!(found.rows().len(), 3);
/// assert!(found.rows()[1].conc > found.rows()[2].conc);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Unchecked", into = "Unchecked")]
pub struct Table {
    covariates: Vec<String>,
    records: Vec<Record>,
    /// One for each record, or nothing where none says anything.
    measured: Vec<Measured>,
    origin: Origin,
    notes: Vec<String>,
    /// Whether the numbers of compartments come of names.
    by_name: bool,
    /// Whether the file said the unit of its amounts, and that of its concentrations.
    units_said: [bool; 2],
}

/// A table as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    covariates: Vec<String>,
    records: Vec<Record>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    measured: Vec<Measured>,
    /// Whether CMT stands for `depot`, `central` and so on, whatever numbers the model has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    by_name: bool,
}

impl Table {
    /// The most records a table will hold, a guard against a slip.
    pub(super) const MOST_RECORDS: usize = 50_000_000;

    /// A table of records without covariates.
    ///
    /// # Errors
    /// No records, or a record that breaks a rule; the sentence says which, counted from 1.
    pub fn new(records: impl IntoIterator<Item = Record>) -> Result<Self> {
        Self::with_covariates(Vec::<String>::new(), records)
    }

    /// A table of records whose covariates have these names.
    ///
    /// ```
    /// use menaquinone::{records::{Record, Table}};
    /// let weighed = Record { covariates: vec![Some(71.0)], ..Record::OBSERVATION };
    /// assert_eq!(Table::with_covariates(["WT"], [weighed])?.covariates(), ["WT"]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`new`](Self::new); a name that is empty, taken or given twice.
    pub fn with_covariates(
        names: impl IntoIterator<Item = impl Into<String>>,
        records: impl IntoIterator<Item = Record>,
    ) -> Result<Self> {
        let names = names.into_iter().map(Into::into).collect();
        Self::checked(names, records.into_iter().collect(), Origin::default())
    }

    pub(super) fn checked(covariates: Vec<String>, records: Vec<Record>, origin: Origin) -> Result<Self> {
        check::names(&covariates)?;
        check::records(&records, covariates.len(), &origin)?;
        Ok(Self {
            covariates,
            records,
            measured: Vec::new(),
            origin,
            notes: Vec::new(),
            by_name: false,
            units_said: [false; 2],
        })
    }

    /// The table with what is known of its measurements, one for each record in their order; an empty list takes away what
    /// was known.
    ///
    /// ```
    /// use menaquinone::{records::{Measured, Record, Table}};
    /// let late = Record { time: 96.0, dv: Some(0.05), ..Record::OBSERVATION };
    /// let below = Measured { cens: Some(1), ..Measured::default() }; // below 0.05
    /// let table = Table::new([late])?.with_measured([below])?;
    /// assert_eq!(table.to_csv(), "TIME,AMT,RATE,II,ADDL,SS,EVID,CMT,MDV,DV,CENS\n96,0,0,0,0,0,0,0,.,0.05,1\n");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// More or fewer than there are records; an unknown code; a limit that is not finite; a censored observation without `dv`,
    /// or with its limit on the wrong side of `dv`.
    pub fn with_measured(self, measured: impl IntoIterator<Item = Measured>) -> Result<Self> {
        let mut measured: Vec<Measured> = measured.into_iter().collect();
        if !measured.is_empty() {
            check::measured(&measured, &self.records, &self.origin)?;
        }
        // So that tables are equal which say the same.
        if measured.iter().all(|measured| *measured == Measured::default()) {
            measured = Vec::new();
        }
        Ok(Self { measured, ..self })
    }

    /// The records, in their order.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// What is known of the measurements: one for each record, in their order, or nothing at all where no record has a `CENS`,
    /// `LIMIT` or `DVID`.
    pub fn measured(&self) -> &[Measured] {
        &self.measured
    }

    /// What its reader left out, understood in another way than it is written, or found strange: a sentence for each, for
    /// people to read. A table that was made in code has none.
    ///
    /// ```
    /// use menaquinone::records::Table;
    /// let table: Table = "SUBJID,TIME,AMT\n1,0,180\n2,0,180\n1,24,0".parse()?;
    /// assert_eq!(
    ///     table.notes(),
    ///     [
    ///         "the table, line 1: SUBJID is read as ID",
    ///         "the table, line 4: the ID 1 comes again after another and is taken as one more subject: sort the rows by ID if it is not"
    ///     ]
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether the file said in which unit its amounts are, and in which its concentrations: they are in µg and µg/L here, whatever it was. Where it said
    /// nothing they are as they stand.
    ///
    /// ```
    /// use menaquinone::records::Table;
    /// let table: Table = "TIME,AMT (mg),DV\n0,0.1,.\n4,.,2.1".parse()?;
    /// assert_eq!((table.units_said(), table.records()[0].amt), ([true, false], 100.0));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn units_said(&self) -> [bool; 2] {
        self.units_said
    }

    pub(super) fn with_units_said(self, units_said: [bool; 2]) -> Self {
        Self { units_said, ..self }
    }

    /// The table with numbers of compartments that come of names, or not.
    pub(super) fn numbered(self, by_name: bool) -> Self {
        Self { by_name, ..self }
    }

    pub(super) fn is_by_name(&self) -> bool {
        self.by_name
    }

    pub(super) fn with_notes(self, notes: Vec<String>) -> Self {
        Self { notes, ..self }
    }

    /// The names of the covariates.
    pub fn covariates(&self) -> &[String] {
        &self.covariates
    }

    /// Where a record comes from: file and line, or its number counted from 1; `index` counts from 0.
    ///
    /// ```
    /// use menaquinone::{records::{Table, Reader}};
    /// let table = Reader::new().named("study.csv").parse("# made by hand\nTIME,AMT\n0,90\n24,0")?;
    /// assert_eq!(table.place(1), "study.csv, line 4");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn place(&self, index: usize) -> String {
        self.origin.place(index)
    }

    /// The records of some rows, which are good ones.
    pub(crate) fn part(&self, rows: impl Iterator<Item = usize> + Clone) -> Self {
        let measured = rows.clone().filter_map(|row| self.measured.get(row).copied()).collect();
        let records = rows.clone().map(|row| self.records[row].clone()).collect();
        Self {
            covariates: self.covariates.clone(),
            records,
            measured,
            origin: self.origin.part(rows),
            notes: Vec::new(),
            by_name: self.by_name,
            units_said: self.units_said,
        }
    }

    /// The table without some subjects, by their ids: such as were never sampled.
    ///
    /// ```
    /// use menaquinone::records::Table;
    /// let table: Table = "ID,TIME,AMT\nA,0,90\nA,24,0\nB,0,90".parse()?;
    /// assert_eq!(table.without(["A"])?.to_csv(), "ID,TIME,AMT,RATE,II,ADDL,SS,EVID,CMT,MDV,DV\nB,0,90,0,0,0,0,1,0,.,.\n");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// An id that nobody has, and to leave out everybody.
    pub fn without<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let ids: Vec<&str> = ids.into_iter().collect();
        if let Some(id) = ids.iter().find(|id| self.records.iter().all(|record| record.id != **id)) {
            let count = self.subjects().count();
            return Err(Error::value(format!(
                "subject `{id}` cannot be left out: nobody of {count} subjects has that id"
            )));
        }
        let kept = (0..self.records.len()).filter(|row| !ids.contains(&self.records[*row].id.as_str()));
        let part = self.part(kept);
        if part.records.is_empty() {
            return Err(Error::value("everybody was left out: keep at least one subject"));
        }
        Ok(Self { notes: self.notes.clone(), ..part })
    }

    /// The rows of each subject, as ranges of the records: a subject ends where the next `id` begins. An `id` that comes
    /// again after another is another subject, as in NONMEM.
    ///
    /// ```
    /// use menaquinone::records::Table;
    /// let table: Table = "ID,TIME,AMT\nA,0,90\nA,24,0\nB,0,90".parse()?;
    /// assert_eq!(table.subjects().collect::<Vec<_>>(), [0..2, 2..3]);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn subjects(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut start = 0;
        self.records.chunk_by(|a, b| a.id == b.id).map(move |rows| {
            let subject = start..start + rows.len();
            start = subject.end;
            subject
        })
    }
}

/// Two tables are equal if their records, covariates and measurements are, wherever they come from.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.covariates == other.covariates
            && self.records == other.records
            && self.measured == other.measured
            && self.by_name == other.by_name
    }
}

impl TryFrom<Unchecked> for Table {
    type Error = Error;
    fn try_from(plain: Unchecked) -> Result<Self> {
        let table = Self::with_covariates(plain.covariates, plain.records)?.numbered(plain.by_name);
        table.with_measured(plain.measured)
    }
}

impl From<Table> for Unchecked {
    fn from(table: Table) -> Self {
        let Table { covariates, records, measured, by_name, .. } = table;
        Self { covariates, records, measured, by_name }
    }
}
