//! Files that people have written by hand, TOML or JSON, and where in them something is wrong.

use std::fs;
use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::refusal::{Result, data};

/// What was read, or a sentence that names the place.
pub type Read<T> = std::result::Result<T, String>;

/// How a text becomes something.
type Reader<'a, T> = &'a dyn Fn(&str) -> Read<T>;

/// The text of a file, or a sentence with its name.
pub fn text_of(path: &Path) -> Result<String> {
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|why| match why.kind() {
        io::ErrorKind::NotFound => data(format!("cannot read {name}: there is no such file")),
        io::ErrorKind::InvalidData => data(format!("cannot read {name}: it is no text in UTF-8: save it as UTF-8")),
        _ => data(format!("cannot read {name}: {why}")),
    })?;
    // Editors write a mark of the order of bytes before the text.
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

/// Something from a `.toml` or a `.json` file, or a sentence with the name of the file and the place.
pub fn from_file<T>(path: &Path, what: &str, (toml, json): (Reader<'_, T>, Reader<'_, T>)) -> Result<T> {
    let text = text_of(path)?;
    let read = match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => toml(&text),
        Some("json") => json(&text),
        _ => Err(format!("{what} is read from a .toml or a .json file, so end its name in one of these")),
    };
    read.map_err(|why| data(format!("{}: {why}", path.display())))
}

pub fn from_toml<T: DeserializeOwned>(text: &str) -> Read<T> {
    let said = |error: toml::de::Error| match error.span() {
        Some(span) if span.len() < text.trim_end().len() => {
            format!("{} {}", error.message(), place(text, span.start))
        }
        // It is about the whole file, or of a part that its sentence names.
        _ => place_in(text, error.message())
            .map_or(error.message().to_owned(), |place| format!("{} {place}", error.message())),
    };
    toml::from_str(text).map_err(|error| comma_in_number(text, '=').unwrap_or_else(|| said(error)))
}

/// Where a byte of a text is.
fn place(text: &str, at: usize) -> String {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("at line {line} column {column}")
}

/// Where in a text, TOML or JSON, stands what a sentence is about: the key that it names, between backticks or at its beginning, or a covariate.
pub fn place_in(text: &str, sentence: &str) -> Option<String> {
    let named = sentence.split('`').skip(1).step_by(2);
    let covariate = sentence.split_once("covariate ").and_then(|(_, rest)| rest.split([',', ' ']).next());
    let parts = [("numbers make no body", "numbers"), ("residual error", "error")];
    let part = parts.into_iter().filter(|(words, _)| sentence.contains(words)).map(|(_, key)| key);
    let keys = named.chain(sentence.split([' ', ':']).next()).chain(covariate).chain(part);
    keys.filter(|key| !key.is_empty()).find_map(|key| key_at(text, key)).map(|at| place(text, at))
}

/// Where a key begins: what stands first in a line, within quotes or brackets, whole or after a `~`.
fn key_at(text: &str, key: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let (own, rest) = line.split_at(line.find(|c: char| !matches!(c, ' ' | '\t' | '"' | '[' | '{')).unwrap_or(0));
        let word = rest.split(['=', '"', ']', ':', '\n']).next().unwrap_or_default().trim();
        if word == key || word.split_once('~').is_some_and(|(_, covariate)| covariate.eq_ignore_ascii_case(key)) {
            return Some(start + own.len());
        }
        start += line.len();
    }
    None
}

pub fn from_json<T: DeserializeOwned>(text: &str) -> Read<T> {
    serde_json::from_str(text).map_err(|error| comma_in_number(text, ':').unwrap_or_else(|| error.to_string()))
}

/// What is said of the first number behind a mark that has a decimal comma, outside of quotes and notes.
fn comma_in_number(text: &str, mark: char) -> Option<String> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let behind = line.match_indices(mark).filter(|(at, _)| is_open(&line[..*at], mark));
        let found = behind.map(|(at, _)| at + 1).find_map(|at| Some((at, number_with_comma(line[at..].trim_start())?)));
        if let Some((at, number)) = found {
            let at = start + at + (line[at..].len() - line[at..].trim_start().len());
            let (point, place) = (number.replacen(',', ".", 1), place(text, at));
            return Some(format!(
                "found `{number}`, a number with a decimal comma: write a decimal point, `{point}`, {place}"
            ));
        }
        start += line.len();
    }
    None
}

/// Whether what stands before a mark leaves no quote open and begins no note.
fn is_open(before: &str, mark: char) -> bool {
    before.matches('"').count().is_multiple_of(2) && !(mark == '=' && before.contains('#'))
}

/// The number at the beginning of a text, if it has one comma with digits on both sides.
fn number_with_comma(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '-' | '+'))).unwrap_or(text.len());
    let number = text[..end].trim_end_matches(',');
    let (whole, fraction) = number.trim_start_matches(['-', '+']).split_once(',')?;
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (is_digits(whole) && is_digits(fraction)).then_some(number)
}
