//! What goes out: whole files, stdout, and lines on stderr; and what comes in without a header.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::arguments::Output;
use crate::refusal::{Result, data, usage};

/// The kinds of file that a result can become.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
}

impl Output {
    /// What is asked for; to be asked before hours of work and not after.
    pub fn format(&self) -> Result<Format> {
        let Some(path) = &self.out else { return Ok(if self.json { Format::Json } else { Format::Csv }) };
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("csv") => Ok(Format::Csv),
            Some("json") => Ok(Format::Json),
            _ => {
                Err(usage(format!("the result cannot be written to {}: end its name in .csv or .json", path.display())))
            }
        }
    }

    /// Gives out a table, which is CSV, as it was asked for.
    pub fn give(&self, csv: &str) -> Result<()> {
        let text = match self.format()? {
            Format::Csv => csv.to_owned(),
            Format::Json => json(csv)?,
        };
        self.give_text(&text)
    }

    /// Gives out a text as it is.
    pub fn give_text(&self, text: &str) -> Result<()> {
        let Some(path) = &self.out else { return print(text) };
        menaquinone::file::write(path, text)?;
        say("note", &format!("wrote {}", path.display()));
        Ok(())
    }
}

/// Cells of the columns that name somebody or something stay text.
const NAMES: [&str; 2] = ["id", "day"];

/// The rows of a table as a list of objects, a row each. What is a number in JSON becomes one; `.` and nothing become null.
fn json(csv: &str) -> Result<String> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(csv.as_bytes());
    let names = reader.headers().map_err(data)?.clone();
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(data)?;
        let pairs = names.iter().zip(&row).map(|(name, cell)| format!("{}: {}", quoted(name), value(name, cell)));
        rows.push(format!("  {{{}}}", pairs.collect::<Vec<_>>().join(", ")));
    }
    Ok(format!("[\n{}\n]\n", rows.join(",\n")))
}

fn value(name: &str, cell: &str) -> String {
    let is_name = NAMES.iter().any(|known| known.eq_ignore_ascii_case(name));
    match cell {
        "" | "." => "null".to_owned(),
        number if !is_name && serde_json::from_str::<serde_json::Number>(number).is_ok() => number.to_owned(),
        text => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A table with these names and rows.
pub fn csv_of(
    names: impl IntoIterator<Item = impl AsRef<str>>,
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(names.into_iter().map(|name| name.as_ref().to_owned())).map_err(data)?;
    for row in rows {
        writer.write_record(row).map_err(data)?;
    }
    let bytes = writer.into_inner().map_err(data)?;
    String::from_utf8(bytes).map_err(data)
}

/// What a file is called.
pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A table without a header, below the names that are given for its columns.
pub fn with_header(path: &Path, names: &str) -> Result<Vec<u8>> {
    let rows = fs::read(path).map_err(|why| data(format!("cannot read {}: {why}", path.display())))?;
    let first = rows.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let mark = [',', ';', '\t'].into_iter().find(|mark| first.contains(&(*mark as u8))).unwrap_or(' ');
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    let names: Vec<&str> = names.split(is_between).filter(|name| !name.is_empty()).collect();
    let mut text = names.join(&mark.to_string()).into_bytes();
    text.push(b'\n');
    text.extend(rows);
    say("note", &format!("{}: the names of --columns count as line 1", path.display()));
    Ok(text)
}

/// Prints, and ends in peace where a reader such as `head` has had enough.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => Err(data(format!("cannot write to stdout: {why}"))),
        _ => Ok(()),
    }
}

/// A line on stderr; where nobody reads it, it is not missed.
pub fn say(kind: &str, sentence: &str) {
    let _ = writeln!(io::stderr(), "{kind}: {sentence}");
}

/// A line on stderr for each note.
pub fn note<'a>(notes: impl IntoIterator<Item = &'a String>) {
    notes.into_iter().for_each(|note| say("note", &crate::refusal::in_words(note)));
}
