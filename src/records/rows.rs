//! How a text falls into rows and cells.

use std::borrow::Cow;

use csv::ByteRecord;

use crate::error::{Error, ErrorKind, Result};

/// The rows of a text one after another, with their lines.
pub(super) struct Rows<'a> {
    file: String,
    /// The line of each row, the header's first.
    lines: Vec<u64>,
    /// How many rows have been read.
    next: usize,
    reader: csv::Reader<&'a [u8]>,
}

impl<'a> Rows<'a> {
    /// The rows of a text whose cells are [parted](parted) by a mark.
    pub(super) fn new(file: String, text: &'a [u8]) -> Result<Self> {
        let mark = mark(text);
        let lines = lines(&file, text, mark)?;
        Ok(Self { file, lines, next: 0, reader: reader_of(text, mark) })
    }

    /// How many rows there are, the header among them.
    pub(super) fn count(&self) -> usize {
        self.lines.len()
    }

    /// The next row; false where there is none.
    pub(super) fn read(&mut self, row: &mut ByteRecord) -> Result<bool> {
        let more = self.reader.read_byte_record(row);
        let more = more.map_err(|why| self.error(ErrorKind::Text, &format!("the row cannot be read: {why}")))?;
        self.next += usize::from(more);
        let has_break = |cell: &[u8]| cell.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        if more && has_break(row.as_slice()) {
            let column = row.iter().position(has_break).map_or(1, |at| at + 1);
            return Err(Error::new(ErrorKind::Text, format!("{}, column {column}: {UNCLOSED}", self.place())));
        }
        Ok(more)
    }

    /// The line of the row read last.
    pub(super) fn line(&self) -> u64 {
        self.lines.get(self.next.max(1) - 1).copied().unwrap_or(1)
    }

    /// Where the row read last stands.
    pub(super) fn place(&self) -> String {
        format!("{}, line {}", self.file, self.line())
    }

    /// The name of the file.
    pub(super) fn into_file(self) -> String {
        self.file
    }

    pub(super) fn error(&self, kind: ErrorKind, why: &str) -> Error {
        Error::new(kind, format!("{}: {why}", self.place()))
    }
}

const UNCLOSED: &str = "a quote is opened and not closed on the same line: close it, or leave it out";

/// The marks that part cells; the comma is last, so that it wins where none is found.
const MARKS: [u8; 3] = [b'\t', b';', b','];

/// The first row, without what stands in quotes, every second part.
fn header(text: &[u8]) -> impl Iterator<Item = &u8> + Clone {
    let header = text.split(|byte| matches!(byte, b'\n' | b'\r')).find(|line| is_row(line)).unwrap_or_default();
    header.split(|byte| *byte == b'"').step_by(2).flatten()
}

/// What parts the cells.
fn mark(text: &[u8]) -> u8 {
    let count = |mark: u8| header(text).filter(|byte| **byte == mark).count();
    MARKS.into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

fn reader_of(text: &[u8], mark: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).comment(Some(b'#')).delimiter(mark).from_reader(text)
}

/// The text with commas in place of blanks, where its header has names parted by nothing else.
pub(super) fn parted(text: &[u8]) -> Cow<'_, [u8]> {
    let is_marked = header(text).any(|byte| MARKS.contains(byte));
    let is_blank = |byte: &u8| *byte == b' ';
    let mut names = header(text).skip_while(|byte| is_blank(byte)).skip_while(|byte| !is_blank(byte));
    if is_marked || names.all(is_blank) {
        return text.into();
    }
    let mut marked = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
        part(line, &mut marked);
    }
    marked.into()
}

/// Appends a line with a comma for each run of blanks, but for those in quotes and at its ends.
fn part(line: &[u8], marked: &mut Vec<u8>) {
    let end = line.trim_ascii_end().len();
    let (mut quoted, mut waiting, start) = (false, false, marked.len());
    for byte in &line[..end] {
        if *byte == b' ' && !quoted {
            waiting = true;
            continue;
        }
        if waiting && marked.len() > start {
            marked.push(b',');
        }
        (quoted, waiting) = (quoted != (*byte == b'"'), false);
        marked.push(*byte);
    }
    marked.extend(line[end..].iter().filter(|byte| **byte != b' '));
}

fn is_row(line: &[u8]) -> bool {
    !line.is_empty() && line[0] != b'#'
}

/// The lines that hold rows, counted from 1; a row stands on one line, so every quote is closed on it.
fn lines(file: &str, text: &[u8], mark: u8) -> Result<Vec<u64>> {
    let mut lines = Vec::new();
    for (line, number) in text.split(|byte| *byte == b'\n').zip(1..) {
        for part in line.split(|byte| *byte == b'\r').filter(|part| is_row(part)) {
            if part.iter().fold(false, |open, byte| open != (*byte == b'"')) {
                let place = format!("{file}, line {number}, column {}", quoted_column(part, mark));
                return Err(Error::new(ErrorKind::Text, format!("{place}: {UNCLOSED}")));
            }
            lines.push(number);
        }
    }
    Ok(lines)
}

/// The number of the column in which the last quote of a row stands; marks in quotes part nothing.
fn quoted_column(row: &[u8], mark: u8) -> usize {
    let before_the_last = row.rsplitn(2, |byte| *byte == b'"').nth(1).unwrap_or_default();
    let outside = before_the_last.split(|byte| *byte == b'"').step_by(2).flatten();
    outside.filter(|byte| **byte == mark).count() + 1
}
