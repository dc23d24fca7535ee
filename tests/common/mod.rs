//! What several test files share: two ways to be near, one way to be refused, one reader of reference tables, and folders.
#![allow(dead_code, reason = "each file of tests is a program of its own and uses a part")]

pub mod brute;
pub mod folder;
pub mod people;

use std::collections::BTreeMap;
use std::fmt::{Debug, Display, Formatter};
use std::path::Path;

use menaquinone::{Error, ErrorKind, Result};

/// Asserts that `found` is within `most` of `expected`, in their unit. NaN is near nothing.
#[track_caller]
pub fn near_abs(found: f64, expected: f64, most: f64) {
    assert!((found - expected).abs() <= most, "{found} is not {expected} within {most}");
}

/// Asserts that `found` is within the share `most` of `expected`. NaN is near nothing, and near 0 is only 0.
#[track_caller]
pub fn near_rel(found: f64, expected: f64, most: f64) {
    assert!((found - expected).abs() <= most * expected.abs(), "{found} is not {expected} within a share of {most}");
}

/// Asserts that the outcome is refused with this sentence, word for word, and says as which kind.
#[track_caller]
pub fn refused<T: Debug>(outcome: Result<T>, sentence: &str) -> ErrorKind {
    let error: Error = outcome.expect_err(sentence);
    assert_eq!(error.to_string(), sentence);
    error.kind()
}

/// One row of a reference table.
pub struct Row {
    /// File and line.
    place: String,
    cells: BTreeMap<String, String>,
}

impl Row {
    /// The text in a column.
    pub fn text(&self, name: &str) -> &str {
        self.cells.get(name).unwrap_or_else(|| panic!("{self}: no column {name}"))
    }

    /// A number, or nothing where the cell is empty. Some cells are written `np.float64(1.5)`.
    pub fn optional(&self, name: &str) -> Option<f64> {
        let text = self.text(name);
        let bare = text.strip_prefix("np.float64(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
        let parsed = || bare.parse().unwrap_or_else(|_| panic!("{self}: {name} is {text}, not a number"));
        (!bare.is_empty()).then(parsed)
    }

    /// The number in a column that has one in every row.
    pub fn number(&self, name: &str) -> f64 {
        self.optional(name).unwrap_or_else(|| panic!("{self}: {name} is empty"))
    }
}

impl Display for Row {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.place)
    }
}

/// The rows of a file in `tests/reference`, whose first line without a `#` names the columns.
pub fn table(file: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference").join(file);
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let names = reader.headers().expect("a header").clone();
    let row = |record: csv::StringRecord| Row {
        place: format!("{file}:{}", record.position().map_or(0, csv::Position::line)),
        cells: names.iter().map(String::from).zip(record.iter().map(String::from)).collect(),
    };
    reader.into_records().map(|record| row(record.expect("a row as long as the header"))).collect()
}
