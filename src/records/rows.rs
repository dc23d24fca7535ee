//! How a text falls into rows and cells.

use std::borrow::Cow;

use csv_core::ReadRecordResult;
use memchr::{memchr, memchr_iter, memchr2};

use super::cell;
use crate::error::{Error, ErrorKind, Result};

/// The rows of a text one after another. A row stands on one line.
pub(super) struct Rows<'t> {
    file: String,
    /// What parts the cells.
    mark: u8,
    /// What has not been read.
    rest: &'t [u8],
    /// The line of the row read last, and the line on which the rest begins, counted from 1.
    line: u64,
    next: u64,
    /// For rows with quotes; nothing where the text has none.
    quotes: Option<Box<Quotes>>,
    /// Where the cells of the row read last end.
    ends: Vec<usize>,
}

/// A row, and where it stands.
pub(super) struct Row<'r> {
    file: &'r str,
    line: u64,
    /// The cells, one after another, and what stands between them.
    bytes: &'r [u8],
    ends: &'r [usize],
    between: usize,
}

impl<'t> Rows<'t> {
    /// The rows of a text whose cells are [parted](parted) by a mark.
    pub(super) fn new(file: String, text: &'t [u8]) -> Self {
        let mark = mark(text);
        let quotes = memchr(b'"', text).map(|_| Box::new(Quotes::new(mark)));
        Self { file, mark, rest: text, line: 1, next: 1, quotes, ends: Vec::new() }
    }

    /// The next row, if there is one.
    pub(super) fn read(&mut self) -> Result<Option<Row<'_>>> {
        let Some(line) = self.next_row() else { return Ok(None) };
        self.ends.clear();
        let (bytes, between) = match &mut self.quotes {
            Some(quotes) if memchr(b'"', line).is_some() => {
                let bytes = quotes.read(line, &mut self.ends);
                let bytes = bytes.map_err(|column| unclosed((&self.file, self.line), column))?;
                (bytes, 0)
            }
            _ => {
                part(line, self.mark, &mut self.ends);
                (line, 1)
            }
        };
        Ok(Some(Row { file: &self.file, line: self.line, bytes, ends: &self.ends, between }))
    }

    /// The line of the next row: lines without anything and lines of notes are left out.
    fn next_row(&mut self) -> Option<&'t [u8]> {
        while !self.rest.is_empty() {
            let end = memchr2(b'\n', b'\r', self.rest).unwrap_or(self.rest.len());
            let (line, after) = self.rest.split_at(end);
            let number = self.next;
            self.next += u64::from(after.starts_with(b"\n"));
            self.rest = after.get(1..).unwrap_or_default();
            if is_row(line) {
                self.line = number;
                return Some(line);
            }
        }
        None
    }

    /// What is wrong at the row read last.
    pub(super) fn error(&self, why: &str) -> Error {
        error((&self.file, self.line), why)
    }

    /// The name of the file.
    pub(super) fn into_file(self) -> String {
        self.file
    }
}

impl<'r> Row<'r> {
    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cells in their order.
    pub(super) fn cells(&self) -> impl Iterator<Item = &'r [u8]> {
        let (bytes, between, mut start) = (self.bytes, self.between, 0);
        self.ends.iter().map(move |end| {
            let cell = &bytes[start..*end];
            start = *end + between;
            cell
        })
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// What is wrong with the row.
    pub(super) fn error(&self, why: &str) -> Error {
        error((self.file, self.line), why)
    }

    /// What stands in a cell and the rule that it breaks.
    pub(super) fn refuse(&self, column: &str, cell: &[u8], rule: &str) -> Error {
        let (file, line, found) = (self.file, self.line, cell::found(cell));
        Error::new(ErrorKind::Text, format!("{file}, line {line}, column {column}: found {found}, but {rule}"))
    }
}

/// The marks that part cells; the comma is last, so that it wins where none is found.
const MARKS: [u8; 3] = [b'\t', b';', b','];

fn error((file, line): (&str, u64), why: &str) -> Error {
    Error::new(ErrorKind::Text, format!("{file}, line {line}: {why}"))
}

fn unclosed((file, line): (&str, u64), column: usize) -> Error {
    let why = "a quote is opened and not closed on the same line: close it, or leave it out";
    Error::new(ErrorKind::Text, format!("{file}, line {line}, column {column}: {why}"))
}

/// Appends where the cells of a row without quotes end. Cells are short, so eight bytes at a time are fewer steps than a
/// search for each mark.
fn part(row: &[u8], mark: u8, ends: &mut Vec<usize>) {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const LOW: u64 = 0x7f * ONES;
    let (words, rest) = row.as_chunks();
    for (word, start) in words.iter().zip((0..).step_by(8)) {
        // Zero in the bytes that are marks; the next line sets the top bit of these and no other.
        let other = u64::from_le_bytes(*word) ^ (u64::from(mark) * ONES);
        let mut marks = !(((other & LOW) + LOW) | other | LOW);
        while marks != 0 {
            ends.push(start + marks.trailing_zeros() as usize / 8);
            marks &= marks - 1;
        }
    }
    let start = row.len() - rest.len();
    ends.extend((start..).zip(rest).filter(|(_, byte)| **byte == mark).map(|(at, _)| at));
    ends.push(row.len());
}

/// Rows with quotes, which `csv` knows how to read.
struct Quotes {
    mark: u8,
    reader: csv_core::Reader,
    /// The cells of a row without their quotes.
    bytes: Vec<u8>,
}

impl Quotes {
    fn new(mark: u8) -> Self {
        Self { mark, reader: csv_core::ReaderBuilder::new().delimiter(mark).build(), bytes: Vec::new() }
    }

    /// The cells of a row, one after another, and where they end; or the column of a quote that is not closed.
    fn read(&mut self, row: &[u8], ends: &mut Vec<usize>) -> std::result::Result<&[u8], usize> {
        if memchr_iter(b'"', row).count() % 2 == 1 {
            return Err(self.last_quoted(row));
        }
        // The reader wants more room than it needs: cells take less than the row, and all but the last end at a mark.
        self.bytes.resize(row.len() + 2, 0);
        ends.resize(memchr_iter(self.mark, row).count() + 2, 0);
        let (_, _, written, ended) = self.reader.read_record(row, &mut self.bytes, ends);
        let (end, ..) = self.reader.read_record(b"\n", &mut self.bytes[written..], &mut ends[ended..]);
        ends.truncate(ended + 1);
        // In quotes the end of the line is a part of the cell.
        if matches!(end, ReadRecordResult::Record) { Ok(&self.bytes) } else { Err(ended + 1) }
    }

    /// The number of the column in which the last quote of a row stands; marks in quotes part nothing.
    fn last_quoted(&self, row: &[u8]) -> usize {
        let before_the_last = row.rsplitn(2, |byte| *byte == b'"').nth(1).unwrap_or_default();
        let outside = before_the_last.split(|byte| *byte == b'"').step_by(2).flatten();
        outside.filter(|byte| **byte == self.mark).count() + 1
    }
}

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
        put_commas(line, &mut marked);
    }
    marked.into()
}

/// Appends a line with a comma for each run of blanks, but for those in quotes and at its ends.
fn put_commas(line: &[u8], marked: &mut Vec<u8>) {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the `csv` crate makes of a text, or nothing where a quote is not closed on its line. To that crate a note ends at a
    /// line feed only, and without one at the end of the text it is a row, so every line gets one.
    fn by_csv(text: &[u8], mark: u8) -> Option<Vec<Vec<Vec<u8>>>> {
        let lines: Vec<&[u8]> = text.split(|byte| b"\r\n".contains(byte)).collect();
        let text = [lines.join(&b'\n'), vec![b'\n']].concat();
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).flexible(true).comment(Some(b'#')).delimiter(mark);
        let rows = reader.from_reader(&text[..]).into_byte_records().map(|row| row.expect("a row"));
        let rows: Vec<Vec<Vec<u8>>> = rows.map(|row| row.iter().map(<[u8]>::to_vec).collect()).collect();
        let is_open = |line: &&[u8]| is_row(line) && line.split(|byte| *byte == b'"').count() % 2 == 0;
        let broken = lines.iter().any(is_open) || rows.iter().flatten().any(|cell| cell.contains(&b'\n'));
        (!broken).then_some(rows)
    }

    fn by_rows(text: &[u8]) -> Result<Vec<Vec<Vec<u8>>>> {
        let (mut rows, mut found) = (Rows::new(String::from("t"), text), Vec::new());
        while let Some(row) = rows.read()? {
            assert_eq!(row.len(), row.cells().count());
            found.push(row.cells().map(<[u8]>::to_vec).collect());
        }
        Ok(found)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn rows_are_those_of_the_csv_crate(
            text in prop::collection::vec(prop::sample::select(&b"a1.,,,,;\t\"\"\n\n\r# -+\x0c\xac\xff"[..]), 0..60)
        ) {
            prop_assert_eq!(by_rows(&text).ok(), by_csv(&text, mark(&text)), "{}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn a_row_knows_its_line() -> Result<()> {
        let mut rows = Rows::new(String::from("t"), b"# by hand\r\na\r\n\r\n\"b\"\rc\n\nd");
        let mut lines = Vec::new();
        while let Some(row) = rows.read()? {
            lines.push(row.line());
        }
        assert_eq!(lines, [2, 4, 4, 6]);
        Ok(())
    }
}
