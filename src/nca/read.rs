//! Samples of many subjects from a CSV table.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::{Analysis, Nca, NcaRules, NcaTable};
use crate::error::{Error, ErrorKind, Result};
use crate::regimen::Dose;
use crate::workers::{self, Work};

/// The samples of one subject.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Subject {
    /// The name.
    pub id: String,
    /// When samples were taken, h.
    pub times: Vec<f64>,
    /// The concentrations, µg/L; 0 for one below the limit of quantification.
    pub conc: Vec<f64>,
    /// The amount given, µg, if the table says so.
    pub amount: Option<f64>,
}

impl Subject {
    /// The analysis of this subject under rules that many share; an amount of its own replaces that of the rules' dose.
    pub fn nca(&self, rules: &NcaRules) -> Nca<'_> {
        Nca::observed(&self.times, &self.conc).rules(NcaRules { dose: self.dose(rules), ..rules.clone() })
    }

    fn dose(&self, rules: &NcaRules) -> Option<Dose> {
        self.amount.map_or(rules.dose, |amount| Some(Dose { amount, ..rules.dose.unwrap_or(Dose::of(amount)) }))
    }
}

/// The samples of many subjects, in the order in which they first appear.
///
/// ```
/// use menaquinone::{Columns, NcaRules, Subjects};
/// let table = "ID,TIME,CONC\na,0,BLQ\na,1,8.0\na,2,4.0\na,4,1.0\na,6,0.25\nb,1,6.0\nb,2,.\nb,4,2.0\n";
/// let subjects = Subjects::from_csv(table.as_bytes(), &Columns::default())?;
/// assert_eq!(subjects.iter().map(|s| s.times.len()).collect::<Vec<_>>(), [5, 2]);
/// let table = subjects.analyse(&NcaRules::default())?;
/// assert!((table.analysis("a")?.half_life()? - 1.0).abs() < 1e-12);
///
/// let error = Subjects::from_csv("id,time,conc\na,0,1\na,x,1\n".as_bytes(), &Columns::default()).unwrap_err();
/// assert_eq!(error.to_string(), "line 3, column 2 (time): `x` is not a time: write a number");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Subjects {
    list: Vec<Subject>,
}

/// A column of a table: its name, in any case, and what one of its unit is in h, µg or µg/L.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column<'a> {
    /// The name in the first line.
    pub name: &'a str,
    /// The unit of its numbers, such as `MG / L`.
    pub unit: f64,
}

/// The columns of a table of samples; others are not read.
///
/// ```
/// use menaquinone::{Column, Columns, units::*};
/// let columns = Columns {
///     id: "subject",
///     conc: Column { name: "conc_mg_per_L", unit: MG / L },
///     dose: Some(Column { name: "dose_mg", unit: MG }),
///     ..Columns::default()
/// };
/// assert_eq!(columns.time.name, "time");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Columns<'a> {
    /// The name of the column of names.
    pub id: &'a str,
    /// Times; `time` in h if nothing is said.
    pub time: Column<'a>,
    /// Concentrations; `conc` in µg/L if nothing is said. `BLQ`, `BLOQ`, `ND` or `<` and a limit is below the limit of
    /// quantification; an empty cell, `.` or `NA` is missing, and its row is left out.
    pub conc: Column<'a>,
    /// Amounts, the same in all rows of a subject; none if nothing is said.
    pub dose: Option<Column<'a>>,
}

impl Default for Columns<'_> {
    fn default() -> Self {
        let (time, conc) = (Column { name: "time", unit: 1.0 }, Column { name: "conc", unit: 1.0 });
        Self { id: "id", time, conc, dose: None }
    }
}

impl FromIterator<Subject> for Subjects {
    fn from_iter<I: IntoIterator<Item = Subject>>(subjects: I) -> Self {
        Self { list: subjects.into_iter().collect() }
    }
}

impl Subjects {
    /// The subjects of a CSV table; lines that begin with `#` are comments.
    ///
    /// # Errors
    /// With line and column: a column that is missing, a row of another width, a quote that is not closed, what is not a
    /// number, a negative concentration, times of a subject that do not ascend, amounts that differ within a subject.
    pub fn from_csv(mut reader: impl Read, columns: &Columns) -> Result<Self> {
        let mut text = String::new();
        let read = reader.read_to_string(&mut text);
        read.map_err(|why| Error::new(ErrorKind::File, format!("cannot read the table: {why}")))?;
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        check_quotes(&text)?;
        // A row is a line, since quotes end on theirs; the reader leaves out comments and empty lines.
        let rows = (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let mut lines = rows.map(|(number, _)| number).skip(1);
        let mut reader = ReaderBuilder::new().flexible(true).comment(Some(b'#')).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|why| unreadable(&why))?.clone();
        let places = Places::find(&header, columns)?;
        let mut gathered = Gathered::default();
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).map_err(|why| unreadable(&why))? {
            let row = Row { line: lines.next().unwrap_or_default(), cells: &record };
            gathered.add(&row, &places)?;
        }
        if gathered.list.is_empty() {
            return Err(text_error("the table has no samples below its first line"));
        }
        Ok(Self { list: gathered.list })
    }

    /// The subjects of a CSV file.
    ///
    /// # Errors
    /// A file that cannot be read, or as [`from_csv`](Self::from_csv), with the name of the file.
    pub fn read(path: impl AsRef<Path>, columns: &Columns) -> Result<Self> {
        let path = path.as_ref();
        let file = std::fs::File::open(path);
        let file = file.map_err(|why| Error::new(ErrorKind::File, format!("cannot read {}: {why}", path.display())))?;
        Self::from_csv(file, columns).map_err(|error| Error::new(error.kind(), format!("{}: {error}", path.display())))
    }

    /// The subjects.
    pub fn iter(&self) -> std::slice::Iter<'_, Subject> {
        self.list.iter()
    }

    /// Every subject analysed under the same rules, as [`Subject::nca`] does one; with the feature `parallel` on all cores, to
    /// the same bits.
    ///
    /// # Errors
    /// As [`Nca::analyse`], with the name of the subject: of several that of the first.
    pub fn analyse(&self, rules: &NcaRules) -> Result<NcaTable> {
        const SIZE: Work = Work { width: 1, nanoseconds: 1e3 };
        let mut rows: Vec<_> = self.iter().map(|subject| (subject.id.clone(), Analysis::none())).collect();
        let own_rules = || Ok(rules.clone());
        workers::for_each_chunk(&mut rows, SIZE, own_rules, |own, first, rows| {
            for (subject, (id, analysis)) in self.list[first..].iter().zip(rows) {
                own.dose = subject.dose(rules);
                let analysed = analysis.take([&subject.times, &subject.conc], own);
                analysed.map_err(|error| error.of(format_args!("subject {id}")))?;
            }
            Ok(())
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Whether a sample below the limit of quantification lies between measured ones, so that a [`BelowLimit`](crate::BelowLimit) must be chosen.
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

/// Where the columns stand, with their units.
struct Places {
    width: usize,
    id: usize,
    time: (usize, f64),
    conc: (usize, f64),
    dose: Option<(usize, f64)>,
}

impl Places {
    fn find(header: &StringRecord, columns: &Columns) -> Result<Self> {
        let place = |name: &str| {
            let found =
                header.iter().position(|cell| cell.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name));
            found.ok_or_else(|| {
                let there = header.iter().collect::<Vec<_>>().join(", ");
                text_error(format!("the table has no column `{name}`; it has {there}"))
            })
        };
        let with_unit = |column: &Column| place(column.name).map(|at| (at, column.unit));
        let dose = columns.dose.as_ref().map(with_unit).transpose()?;
        let (time, conc) = (with_unit(&columns.time)?, with_unit(&columns.conc)?);
        Ok(Self { width: header.len(), id: place(columns.id)?, time, conc, dose })
    }
}

/// A line of the table.
struct Row<'a> {
    line: usize,
    cells: &'a StringRecord,
}

impl Row<'_> {
    fn cell(&self, at: usize) -> &str {
        self.cells.get(at).unwrap_or_default().trim()
    }

    fn error(&self, (at, what): (usize, &str), say: &str) -> Error {
        text_error(format!("line {}, column {} ({what}): {say}", self.line, at + 1))
    }

    /// A finite number in the coherent unit.
    fn number(&self, (at, unit): (usize, f64), what: &str) -> Result<f64> {
        let cell = self.cell(at);
        let value = cell.parse::<f64>().ok().map(|value| value * unit).filter(|value| value.is_finite());
        value.ok_or_else(|| self.error((at, what), &format!("`{cell}` is not a {what}: write a number")))
    }

    /// A concentration, 0 below the limit; nothing where it is missing.
    fn conc(&self, (at, unit): (usize, f64)) -> Result<Option<f64>> {
        let cell = self.cell(at);
        let limit = cell.strip_prefix('<').map(str::trim);
        if is_missing(cell) {
            return Ok(None);
        }
        if ["blq", "bloq", "nd"].iter().any(|word| cell.eq_ignore_ascii_case(word)) {
            return Ok(Some(0.0));
        }
        if limit.is_some_and(|limit| limit.parse::<f64>().is_ok_and(|limit| limit > 0.0)) {
            return Ok(Some(0.0));
        }
        let say = || {
            format!(
                "`{cell}` is not a concentration: write a number from 0 on, BLQ or `<0.5` for one below the limit, or `.` for none"
            )
        };
        let value =
            cell.parse::<f64>().ok().map(|value| value * unit).filter(|value| (0.0..f64::INFINITY).contains(value));
        value.map(Some).ok_or_else(|| self.error((at, "concentration"), &say()))
    }
}

fn is_missing(cell: &str) -> bool {
    cell.is_empty() || cell == "." || cell.eq_ignore_ascii_case("na")
}

/// Subjects as they come together.
#[derive(Default)]
struct Gathered {
    list: Vec<Subject>,
    places: HashMap<String, usize>,
}

impl Gathered {
    fn add(&mut self, row: &Row, places: &Places) -> Result<()> {
        let (width, line) = (row.cells.len(), row.line);
        if width != places.width {
            return Err(text_error(format!("line {line} has {width} cells, but the first line has {}", places.width)));
        }
        let subject = self.subject(row.cell(places.id));
        if let Some(place) = places.dose.filter(|place| !is_missing(row.cell(place.0))) {
            let amount = row.number(place, "dose")?;
            match subject.amount {
                Some(other) if other != amount => {
                    return Err(
                        row.error((place.0, "dose"), "the dose differs from that of an earlier row of the subject")
                    );
                }
                _ => subject.amount = Some(amount),
            }
        }
        let time = row.number(places.time, "time")?;
        if let Some(conc) = row.conc(places.conc)? {
            if let Some(before) = subject.times.last().filter(|before| **before >= time) {
                let say = format!("{time} h does not come after {before} h: the times of a subject must ascend");
                return Err(row.error((places.time.0, "time"), &say));
            }
            subject.times.push(time);
            subject.conc.push(conc);
        }
        Ok(())
    }

    fn subject(&mut self, id: &str) -> &mut Subject {
        let known = self.places.get(id).copied();
        let place = known.unwrap_or_else(|| {
            self.places.insert(id.to_owned(), self.list.len());
            self.list.push(Subject { id: id.to_owned(), ..Subject::default() });
            self.list.len() - 1
        });
        &mut self.list[place]
    }
}

/// A quote that is not closed on its line would swallow the rest of the table.
fn check_quotes(text: &str) -> Result<()> {
    for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        if line.matches('"').count() % 2 == 1 {
            let column = line.split(',').take_while(|cell| !cell.contains('"')).count() + 1;
            return Err(text_error(format!("line {}, column {column}: a quote is opened and not closed", i + 1)));
        }
    }
    Ok(())
}

fn unreadable(why: &csv::Error) -> Error {
    let line = why.position().map_or(String::new(), |position| format!("line {}: ", position.line()));
    text_error(format!("{line}the table cannot be read as CSV: {why}"))
}

fn text_error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Text, message)
}
