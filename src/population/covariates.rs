//! What is known of people beside their kinetics: drawn, or read from a table.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use crate::error::{self, Error, ErrorKind, Result};
use crate::model::Parameters;
use crate::numeric::{exp, ln};

/// Female or male; written as a word, and noted as 1 and 0.
///
/// ```
/// use menaquinone::Sex;
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
/// use menaquinone::{Allometry, vitamer::MK7};
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

/// A table of people as a CSV file gives it: a line of names, then a line for each person.
///
/// A column is checked as a whole when it is asked for, so that each is read as what it is.
///
/// ```
/// use menaquinone::{Allometry, CovariateTable, Population, vitamer::MK7};
/// let text = "id,weight,age,sex,formulation\n1,58.5,61,f,tablet\n2,71,55,m,oil_capsule\n";
/// let table = CovariateTable::read(text.as_bytes(), "people.csv")?;
/// let (weights, forms) = (table.numbers("weight")?, table.words("formulation")?);
/// let people = Population::sample(table.len() as u64, 42, |draw| {
///     let i = draw.id() as usize;
///     let set = MK7.nominal();
///     let form = set.in_form(MK7.formulation(forms[i])?)?; // its absorption
///     let body = set.parameters.scaled(&Allometry { weight: weights[i], typical: 70.0 })?.model()?;
///     menaquinone::Model::new(form.absorption().clone(), *body.disposition())
/// })?;
/// assert!(people.models()[0].disposition().cl() < people.models()[1].disposition().cl());
///
/// let error = CovariateTable::read("id,weight\n1,heavy\n".as_bytes(), "people.csv")?.numbers("weight").unwrap_err();
/// assert_eq!(error.to_string(), "people.csv, line 2, column 2 (weight): `heavy` is not a finite number");
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CovariateTable {
    name: String,
    header: Vec<String>,
    /// The line in the file and the cells of each person.
    rows: Vec<(u64, Vec<String>)>,
}

impl CovariateTable {
    /// Reads a CSV file.
    ///
    /// # Errors
    /// A file that cannot be read, or that is not a table of people; the sentence names the file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let name = path.as_ref().display().to_string();
        let file =
            File::open(&path).map_err(|why| Error::new(ErrorKind::File, format!("cannot read {name}: {why}")))?;
        Self::read(file, name)
    }

    /// Reads CSV text from anywhere, under a name for the sentences of errors.
    ///
    /// # Errors
    /// Text that is not a table: a line with more or fewer cells than there are names, no people, a name that comes twice.
    pub fn read(text: impl Read, name: impl Into<String>) -> Result<Self> {
        let name = name.into();
        let bad = |why: String| Error::new(ErrorKind::Text, why);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
        let header = reader.headers().map_err(|why| unreadable(&name, &why))?;
        let header: Vec<String> = header.iter().map(|cell| cell.trim_start_matches('\u{feff}').to_owned()).collect();
        if let Some((i, twice)) = header.iter().enumerate().find(|(i, cell)| header[..*i].contains(cell)) {
            return Err(bad(format!("{name}, line 1, column {}: the name `{twice}` comes twice: keep one", i + 1)));
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|why| unreadable(&name, &why))?;
            let line = record.position().map_or(0, csv::Position::line);
            rows.push((line, record.iter().map(String::from).collect()));
        }
        if rows.is_empty() {
            return Err(bad(format!("{name} has no people: write a line of names and then a line for each person")));
        }
        Ok(Self { name, header, rows })
    }

    /// How many people there are: never 0.
    #[expect(clippy::len_without_is_empty, reason = "a table is never empty")]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.header
    }

    /// The column of this name as words.
    ///
    /// # Errors
    /// A name that no column has, an empty cell.
    pub fn words(&self, column: &str) -> Result<Vec<&str>> {
        self.each(column, |cell| if cell.is_empty() { Err("the cell is empty".into()) } else { Ok(cell) })
    }

    /// The column of this name as finite numbers.
    ///
    /// # Errors
    /// A name that no column has, a cell that is not a finite number.
    pub fn numbers(&self, column: &str) -> Result<Vec<f64>> {
        self.each(column, |cell| match cell.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ if cell.is_empty() => Err("the cell is empty, where a number must stand".into()),
            _ => Err(format!("`{cell}` is not a finite number")),
        })
    }

    /// The column of this name as sexes.
    ///
    /// # Errors
    /// A name that no column has, a cell that is not a sex.
    pub fn sexes(&self, column: &str) -> Result<Vec<Sex>> {
        self.each(column, |cell| cell.parse::<Sex>().map_err(|error| error.to_string()))
    }

    /// Every cell of a column, read; what cannot be read is named by file, line and column.
    fn each<'a, T>(&'a self, column: &str, read: impl Fn(&'a str) -> std::result::Result<T, String>) -> Result<Vec<T>> {
        let index = self.header.iter().position(|name| name == column).ok_or_else(|| {
            let (name, known) = (&self.name, self.header.join(", "));
            Error::new(ErrorKind::Text, format!("{name}, line 1: there is no column `{column}`, only {known}"))
        })?;
        let cell = |(line, cells): &'a (u64, Vec<String>)| {
            read(&cells[index]).map_err(|why| {
                let sentence = format!("{}, line {line}, column {} ({column}): {why}", self.name, index + 1);
                Error::new(ErrorKind::Text, sentence)
            })
        };
        self.rows.iter().map(cell).collect()
    }
}

fn unreadable(name: &str, why: &csv::Error) -> Error {
    let line = why.position().map_or(1, csv::Position::line);
    match why.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => Error::new(
            ErrorKind::Text,
            format!("{name}, line {line}: there are {len} cells, but the first line has {expected_len} names"),
        ),
        csv::ErrorKind::Utf8 { err, .. } => Error::new(
            ErrorKind::Text,
            format!("{name}, line {line}, column {}: the cell is not text in UTF-8", err.field() + 1),
        ),
        _ => Error::new(ErrorKind::File, format!("cannot read {name}: {why}")),
    }
}
