//! What is known of people beside their kinetics: drawn, or read from a table.

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use crate::error::{self, Error, ErrorKind, Result};
use crate::model::Parameters;
use crate::numeric::{exp, ln};
use crate::random::Draw;
use crate::sheet::{self, Row, Sheet};

/// Female or male; written as a word, and noted as 1 and 0.
///
/// ```
/// use menaquinone::population::Sex;
/// assert_eq!("F".parse::<Sex>()?, Sex::Female);
/// assert_eq!(Sex::Male.to_string(), "male");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl fmt::Display for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Female => "female",
            Self::Male => "male",
        })
    }
}

/// Reads `female`, `f`, `woman`, `male`, `m`, `man`, in any case.
impl FromStr for Sex {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "female" | "f" | "woman" => Ok(Self::Female),
            "male" | "m" | "man" => Ok(Self::Male),
            _ => Err(Error::new(ErrorKind::Text, format!("`{text}` is not a sex: write female or male"))),
        }
    }
}

/// The size of a body against the typical one: clearances grow with weight to the power 0.75, volumes with weight.
///
/// The exponents are the convention of pharmacometrics, from the scaling of metabolic rate (West, Brown & Enquist, Science
/// 1997;276:122) and the review of Anderson & Holford, Annu Rev Pharmacol Toxicol 2008;48:303; both are cited from memory. For
/// vitamin K nobody has measured them, and nothing here uses them unless it is asked to.
///
/// ```
/// use menaquinone::{population::Allometry, vitamer::MK7};
/// let p = MK7.nominal().parameters.scaled(&Allometry { weight: 140.0, typical: 70.0 })?;
/// assert!((p.cl / 1.27 - 2_f64.powf(0.75)).abs() < 1e-14);
/// assert_eq!(p.v, 2.0 * 154.0);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Allometry {
    /// The weight of the person, kg.
    pub weight: f64,
    /// The weight of the person that the parameters are of, kg; by convention 70.
    pub typical: f64,
}

impl Allometry {
    /// The exponent of clearances and flows.
    pub const CL_EXPONENT: f64 = 0.75;
    /// The exponent of volumes.
    pub const V_EXPONENT: f64 = 1.0;

    /// The factors on clearances and on volumes.
    ///
    /// # Errors
    /// A weight that is not positive and finite.
    pub fn factors(&self) -> Result<[f64; 2]> {
        let weight = error::positive("a weight", self.weight, "kg")?;
        let size = weight / error::positive("the typical weight", self.typical, "kg")?;
        // Our own logarithm, so that the bits are the same on every machine.
        Ok([exp(Self::CL_EXPONENT * ln(size)), size])
    }
}

impl Parameters {
    /// The parameters of a body of another size: `cl (w / w0)^0.75` and `v (w / w0)`; see [`Allometry`].
    ///
    /// # Errors
    /// A weight that is not positive and finite.
    pub fn scaled(self, size: &Allometry) -> Result<Self> {
        let [cl, v] = size.factors()?;
        Ok(Self { cl: self.cl * cl, v: self.v * v, ..self })
    }
}

/// A table of people as a file gives it: a line of names, then a line for each person. Cells are separated by commas, semicolons,
/// tabs or blanks; where it is not by commas, a number may have a decimal comma. Lines that begin with `#` are left out.
///
/// A column is checked as a whole when it is asked for by its name in any case, so that each is read as what it is.
///
/// ```
/// use menaquinone::{Population, population::{Allometry, CovariateTable}, vitamer::MK7};
/// let text = "id,weight,age,sex,formulation\n1,58.5,61,f,tablet\n2,71,55,m,oil_capsule\n";
/// let table = CovariateTable::read(text.as_bytes(), "people.csv")?;
/// let (weights, forms) = (table.numbers("weight")?, table.words("formulation")?);
/// let people = Population::sample(table.len() as u64, 42, |draw| {
///     let i = table.row(draw.id())?;
///     let set = MK7.nominal();
///     let form = set.in_form(MK7.formulation(forms[i])?)?; // its absorption
///     let body = set.parameters.scaled(&Allometry { weight: weights[i], typical: 70.0 })?.model()?;
///     menaquinone::Model::new(form.absorption().clone(), *body.disposition())
/// })?;
/// assert!(people.models()[0].disposition().cl() < people.models()[1].disposition().cl());
///
/// let error = CovariateTable::read("id,weight\n1,heavy\n".as_bytes(), "people.csv")?.numbers("weight").unwrap_err();
/// assert_eq!(error.to_string(), "people.csv, line 2, column weight: found `heavy`, but it must be a finite number");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CovariateTable {
    name: String,
    header_line: u64,
    header: Vec<String>,
    /// The line in the file and the cells of each person.
    rows: Vec<(u64, Vec<Cell>)>,
    notes: Vec<String>,
}

/// What stands in a cell: as text and as a number, or the rules that it breaks. Nothing is missing.
#[derive(Debug, Clone, PartialEq)]
struct Cell {
    text: sheet::Read<Option<String>>,
    number: sheet::Read<Option<f64>>,
}

impl Cell {
    fn of(row: Row<'_>, column: usize) -> Self {
        let cell = row.cell(column);
        let text = sheet::text(cell).map(std::str::from_utf8).transpose();
        Self { text: text.map(|text| text.map(String::from)).map_err(|_| sheet::UTF8), number: row.value(cell) }
    }

    /// As a sentence shows it.
    fn found(&self) -> String {
        match &self.text {
            Ok(text) => sheet::found(text.as_deref().unwrap_or_default().as_bytes()),
            Err(_) => String::from("bytes"),
        }
    }

    fn text(&self, rule: &'static str) -> sheet::Read<&str> {
        self.text.as_ref().map_err(|rule| *rule)?.as_deref().ok_or(rule)
    }
}

impl CovariateTable {
    /// Reads a file.
    ///
    /// # Errors
    /// A file that cannot be read, or that is not a table of people; the sentence names the file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let (name, bytes) = sheet::open(path)?;
        Self::of(&name, &bytes)
    }

    /// Reads a text from anywhere, under a name for the sentences of errors.
    ///
    /// # Errors
    /// Text that is not a table: a line with more or fewer cells than there are names, no people, a name that comes twice.
    pub fn read(text: impl Read, name: impl Into<String>) -> Result<Self> {
        let name = name.into();
        Self::of(&name, &sheet::read(text, &name)?)
    }

    fn of(name: &str, bytes: &[u8]) -> Result<Self> {
        let is_word = |name: &String| sheet::number(name.as_bytes()).is_err();
        let sheet = Sheet::of(name, bytes, |names| names.iter().all(|name| name.is_empty() || is_word(name)))?;
        sheet.check_twice(|_| true)?;
        let named: Vec<bool> = sheet.names().iter().map(|name| !name.is_empty()).collect();
        let (mut rows, mut reader) = (Vec::new(), sheet.rows());
        while let Some(row) = reader.read()? {
            let cells = (0..named.len()).filter(|column| named[*column]);
            let cells = cells.map(|column| Cell::of(row, column));
            rows.push((row.line(), cells.collect()));
        }
        if rows.is_empty() {
            let why = format!("{name} has no people: write a line of names and then a line for each person");
            return Err(Error::new(ErrorKind::Text, why));
        }
        let header = sheet.names().iter().filter(|name| !name.is_empty()).cloned().collect();
        Ok(Self { name: name.to_owned(), header_line: sheet.line(), header, rows, notes: sheet.notes().to_vec() })
    }

    /// How many people there are: never 0.
    #[expect(clippy::len_without_is_empty, reason = "a table is never empty")]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row of the person of this number, for a population with a person for each row: the number itself.
    ///
    /// ```
    /// use menaquinone::population::CovariateTable;
    /// let table = CovariateTable::read("id,weight\n1,58.5\n2,71\n".as_bytes(), "people.csv")?;
    /// assert_eq!(table.row(1)?, 1);
    /// assert_eq!(
    ///     table.row(2).unwrap_err().to_string(),
    ///     "people.csv has 2 people, so there is no person 2, counted from 0: sample as many, or take rows again (resampled)"
    /// );
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// A number for which there is no row.
    pub fn row(&self, id: u64) -> Result<usize> {
        usize::try_from(id).ok().filter(|row| *row < self.len()).ok_or_else(|| {
            Error::value(format!(
                "{} has {} people, so there is no person {id}, counted from 0: sample as many, or take rows again (resampled)",
                self.name,
                self.len()
            ))
        })
    }

    /// A row drawn at random, each as likely and as often as it comes: a person like one of the table, for a population of any
    /// size. All covariates are those of one row, so that they stay together.
    ///
    /// ```
    /// use menaquinone::{Population, population::{Allometry, CovariateTable}, vitamer::MK7};
    /// let table = CovariateTable::read("id,weight\n1,58.5\n2,71\n".as_bytes(), "people.csv")?;
    /// let weights = table.numbers("weight")?;
    /// let people = Population::sample(1000, 42, |draw| {
    ///     let weight = weights[table.resampled(draw)];
    ///     MK7.nominal().parameters.scaled(&Allometry { weight, typical: 70.0 })?.model()
    /// })?;
    /// let heavy = people.models().iter().filter(|model| model.disposition().cl() > 1.27).count();
    /// assert!((450..550).contains(&heavy));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a row")]
    pub fn resampled(&self, draw: &mut Draw) -> usize {
        ((draw.uniform() * self.len() as f64) as usize).min(self.len() - 1)
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.header
    }

    /// What was left out of the file: a sentence for each, for people to read.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The column of this name as words.
    ///
    /// # Errors
    /// A name that no column has, a cell that is empty or missing.
    pub fn words(&self, column: &str) -> Result<Vec<&str>> {
        self.each(column, |cell| cell.text("a word must stand here"))
    }

    /// The column of this name as finite numbers.
    ///
    /// # Errors
    /// A name that no column has, a cell that is missing or not a finite number.
    pub fn numbers(&self, column: &str) -> Result<Vec<f64>> {
        const NUMBER: &str = "it must be a finite number";
        self.each(column, |cell| match cell.number {
            Ok(number) => number.ok_or(NUMBER),
            Err(sheet::NUMBER) => Err(NUMBER),
            Err(rule) => Err(rule),
        })
    }

    /// The column of this name as sexes.
    ///
    /// # Errors
    /// A name that no column has, a cell that is not a sex.
    pub fn sexes(&self, column: &str) -> Result<Vec<Sex>> {
        const SEX: &str = "it must be a sex: write female or male";
        self.each(column, |cell| cell.text(SEX)?.parse().map_err(|_| SEX))
    }

    /// Every cell of a column, read; what cannot be read is named by file, line and column.
    fn each<'a, T>(&'a self, column: &str, read: impl Fn(&'a Cell) -> sheet::Read<T>) -> Result<Vec<T>> {
        let name = &self.name;
        let index =
            self.header.iter().position(|known| known.eq_ignore_ascii_case(column.trim())).ok_or_else(|| {
                let known = self.header.join(", ");
                let why = format!("{name}, line {}: there is no column `{column}`, only {known}", self.header_line);
                Error::new(ErrorKind::Text, why)
            })?;
        let cell = |(line, cells): &'a (u64, Vec<Cell>)| {
            read(&cells[index]).map_err(|rule| {
                let found = cells[index].found();
                let column = &self.header[index];
                let sentence = format!("{name}, line {line}, column {column}: found {found}, but {rule}");
                Error::new(ErrorKind::Text, sentence)
            })
        };
        self.rows.iter().map(cell).collect()
    }
}

/// The people of a text: see [`read`](CovariateTable::read).
impl FromStr for CovariateTable {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::of("the table", text.as_bytes())
    }
}
