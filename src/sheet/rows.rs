//! How a text falls into rows and cells.

use memchr::{memchr, memchr_iter};

use super::cell::{self, Read};
use super::line::{Quotes, UNCLOSED, cut, is_row, joined, part};
use super::odd;
use super::page::Sheet;
use super::style::Style;
use crate::error::{Error, Result};

/// The rows of a text one after another. A row stands on one line, but for line breaks in quotes.
pub(crate) struct Rows<'s> {
    sheet: &'s Sheet<'s>,
    /// What has not been read, and what begins with the row read last.
    rest: &'s [u8],
    from: &'s [u8],
    /// The line of the row read last, and the line on which the rest begins, counted from 1.
    line: u64,
    next: u64,
    /// For rows with quotes; nothing where the text has none.
    quotes: Option<Box<Quotes>>,
    /// The row read last, where it has no quotes, and where its cells end.
    plain: Option<&'s [u8]>,
    ends: Vec<usize>,
    /// The name of the row read last, where a column without a name has them.
    named: Vec<u8>,
}

/// A row, and where it stands. It has a cell for each name of the header.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    sheet: &'r Sheet<'r>,
    line: u64,
    /// The cells, one after another, and what stands between them.
    bytes: &'r [u8],
    ends: &'r [usize],
    between: usize,
}

impl<'s> Rows<'s> {
    /// What a sheet has below its header.
    pub(super) fn new(sheet: &'s Sheet<'s>) -> Self {
        let (rest, next) = sheet.below();
        Self::of(sheet, rest, next)
    }

    /// The rows of a part of a sheet that begins on a line.
    pub(super) fn of(sheet: &'s Sheet<'s>, rest: &'s [u8], next: u64) -> Self {
        let quotes = memchr(b'"', rest).map(|_| Box::new(Quotes::new(sheet.mark())));
        Self { sheet, rest, from: rest, line: next, next, quotes, plain: None, ends: Vec::new(), named: Vec::new() }
    }

    /// The next row, if there is one.
    pub(crate) fn read(&mut self) -> Result<Option<Row<'_>>> {
        if !self.part_next()? {
            return Ok(None);
        }
        if self.sheet.has_nameless() {
            let row = self.row();
            let name = row.check_nameless(&self.named)?.to_vec();
            self.named = name;
        }
        Ok(Some(self.row()))
    }

    /// What has not been read, in bytes, and the line on which it begins.
    pub(super) fn left(&self) -> (usize, u64) {
        (self.rest.len(), self.next)
    }

    fn row(&self) -> Row<'_> {
        let unquoted = || self.quotes.as_ref().map_or(&[][..], |quotes| &quotes.bytes);
        let (bytes, between) = self.plain.map_or_else(|| (unquoted(), 0), |line| (line, 1));
        Row { sheet: self.sheet, line: self.line, bytes, ends: &self.ends, between }
    }

    /// Parts the next row, if there is one.
    fn part_next(&mut self) -> Result<bool> {
        let Some(mut line) = self.next_row() else { return Ok(false) };
        if self.quotes.is_some() && memchr_iter(b'"', line).count() % 2 == 1 {
            line = self.join(line);
        }
        self.ends.clear();
        self.plain = match &mut self.quotes {
            Some(quotes) if memchr(b'"', line).is_some() => {
                quotes.read(line, &mut self.ends).map_err(|column| unclosed(self.sheet, self.line, column))?;
                None
            }
            _ => {
                part(line, self.sheet.mark(), &mut self.ends);
                Some(line)
            }
        };
        if self.ends.len() > self.sheet.names().len() {
            self.leave_out_ends();
        }
        if self.ends.len() == self.sheet.names().len() { Ok(true) } else { Err(self.row().wrong_width()) }
    }

    /// Leaves out what stands beyond the last name and is empty: a mark that a program wrote behind every row.
    #[cold]
    fn leave_out_ends(&mut self) {
        let named = self.sheet.names().len();
        if self.row().cells().skip(named).all(|cell| cell.trim_ascii().is_empty()) {
            self.ends.truncate(named);
        }
    }

    /// The line of the next row: lines without anything and lines of notes are left out, and a header that comes again.
    fn next_row(&mut self) -> Option<&'s [u8]> {
        while !self.rest.is_empty() {
            self.from = self.rest;
            let (line, number) = cut(&mut self.rest, &mut self.next);
            if is_row(line, self.sheet.mark()) && !self.sheet.is_header(line) {
                self.line = number;
                return Some(line);
            }
        }
        None
    }

    /// The row of a line in which a quote is open, as far as it goes on; or the line, where nothing closes the quote.
    #[cold]
    fn join(&mut self, line: &'s [u8]) -> &'s [u8] {
        let Some(row) = joined(self.from, line, self.sheet.mark()) else { return line };
        self.next = self.line + memchr_iter(b'\n', row).count() as u64;
        self.rest = &self.from[row.len()..];
        row
    }
}

impl<'r> Row<'r> {
    /// The cells in their order.
    #[inline]
    pub(crate) fn cells(&self) -> impl Iterator<Item = &'r [u8]> + use<'r> {
        let (bytes, between, mut start) = (self.bytes, self.between, 0);
        self.ends.iter().map(move |end| {
            let cell = &bytes[start..*end];
            start = *end + between;
            cell
        })
    }

    /// The cell of a column, which is counted from 0.
    pub(crate) fn cell(&self, column: usize) -> &'r [u8] {
        let start = column.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end + self.between);
        self.ends.get(column).map_or(&[][..], |end| &self.bytes[start..*end])
    }

    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The text of the cell of a column, or nothing.
    pub(crate) fn text(&self, column: usize) -> Result<Option<&'r str>> {
        let cell = self.cell(column);
        let text = cell::text(cell).map(std::str::from_utf8).transpose();
        text.map_err(|_| self.refuse(self.sheet.name(column), cell, cell::UTF8))
    }

    /// The finite number in the cell of a column, or nothing.
    pub(crate) fn number(&self, column: usize) -> Result<Option<f64>> {
        let cell = self.cell(column);
        self.value(cell).map_err(|rule| self.refuse(self.sheet.name(column), cell, rule))
    }

    /// The finite number in a cell, or nothing; or the rule that the cell breaks.
    #[inline]
    pub(crate) fn value(&self, cell: &[u8]) -> Read<Option<f64>> {
        cell::number(cell).or_else(|_| odd::number(cell, || self.sheet.shown()))
    }

    /// What is wrong with the row.
    pub(crate) fn error(&self, why: &str) -> Error {
        self.sheet.error(self.line, why)
    }

    /// What stands in a cell and the rule that it breaks.
    #[cold]
    pub(crate) fn refuse(&self, column: &str, cell: &[u8], rule: &str) -> Error {
        self.refuse_found(column, &cell::found(cell), odd::harm(cell).unwrap_or(rule))
    }

    /// What was found under a name and the rule that it breaks.
    #[cold]
    pub(crate) fn refuse_found(&self, column: &str, found: &str, rule: &str) -> Error {
        self.error_at(column, &format!("found {found}, but {rule}"))
    }

    /// What is wrong with a cell, in a sentence of its own.
    #[cold]
    pub(crate) fn error_at(&self, column: &str, why: &str) -> Error {
        self.sheet.error_at((self.line, column), why)
    }

    /// A column without a name must be empty, or the first with another name for each row; gives the name of this row.
    #[cold]
    fn check_nameless(&self, before: &[u8]) -> Result<&'r [u8]> {
        for (column, cell) in self.cells().enumerate().filter(|(column, _)| self.sheet.name(*column).is_empty()) {
            if column > 0 && cell::text(cell).is_some() || column == 0 && cell::text(cell) == Some(before) {
                let found = cell::found(cell);
                let why = format!(
                    "found {found} under no name: give column {} a name in the header, or leave it out",
                    column + 1
                );
                return Err(self.error(&why));
            }
        }
        Ok(cell::text(self.cell(0)).unwrap_or_default())
    }

    #[cold]
    fn wrong_width(&self) -> Error {
        let (found, named) = (self.ends.len(), self.sheet.names().len());
        let cells = if found == 1 { "cell" } else { "cells" };
        let columns = if named == 1 { "column" } else { "columns" };
        let advice = if found < named { "" } else { self.why_wider() };
        self.error(&format!(
            "found {found} {cells}, but the header names {named} {columns}: give each column its cell{advice}"
        ))
    }

    /// What else may have split a cell in two.
    fn why_wider(&self) -> &'static str {
        let digits = |cell: &[u8]| !cell.is_empty() && cell.iter().all(u8::is_ascii_digit);
        let cells: Vec<_> = self.cells().map(<[u8]>::trim_ascii).collect();
        let is_whole = |cell: &[u8]| digits(cell.strip_prefix(b"-").unwrap_or(cell));
        match self.sheet.mark() {
            b',' if cells.windows(2).any(|pair| is_whole(pair[0]) && digits(pair[1])) => {
                "; if a number such as 4,5 has a decimal comma, write a point, or part the cells with semicolons"
            }
            b',' | b';' if !self.sheet.is_blank() => "; a text with the mark that parts the cells stands in quotes",
            _ if self.sheet.is_blank() => "; a text with blanks stands in quotes",
            _ => "",
        }
    }
}

#[cold]
fn unclosed(sheet: &Sheet<'_>, line: u64, column: usize) -> Error {
    sheet.error_at((line, &column.to_string()), UNCLOSED)
}

impl Sheet<'_> {
    /// What stands below the header.
    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows::new(self)
    }

    /// The decimal marks that the numbers show.
    fn shown(&self) -> Style {
        self.style(|| {
            let (mut rows, mut style) = (self.rows(), Style::default());
            while let Ok(Some(row)) = rows.read() {
                style = row.cells().fold(style, Style::with);
            }
            style
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_knows_its_line_and_its_cells() -> Result<()> {
        let sheet = Sheet::of("t", b"# by hand\r\na;b\r\n;\r\n\"b\";1\rc;\n \n#no\nd;\"2;3\"\na;b", |_| true)?;
        let (mut rows, mut found) = (sheet.rows(), Vec::new());
        while let Some(row) = rows.read()? {
            let cells: Vec<_> = row.cells().map(String::from_utf8_lossy).collect();
            assert_eq!((row.cell(0), row.cell(1)), (cells[0].as_bytes(), cells[1].as_bytes()));
            found.push((row.line(), cells.join("|")));
        }
        assert_eq!(found, [(4, "b|1".into()), (4, "c|".into()), (7, "d|2;3".into())]);
        Ok(())
    }

    #[test]
    fn a_cell_in_quotes_goes_on_to_other_lines() -> Result<()> {
        let read = |text: &str| -> Result<Vec<(u64, String)>> {
            let sheet = Sheet::of("t", text.as_bytes(), |_| true)?;
            let (mut rows, mut found) = (sheet.rows(), Vec::new());
            while let Some(row) = rows.read()? {
                found.push((row.line(), row.cells().map(String::from_utf8_lossy).collect::<Vec<_>>().join("|")));
            }
            Ok(found)
        };
        let right = [(2, "1|two\nof \"them\"".into()), (4, "2|x".into()), (5, "3|\n".into()), (7, "4|y".into())];
        assert_eq!(read("a,b\n1,\"two\nof \"\"them\"\"\"\n2,x\n3,\"\n\"\n4,y")?, right);
        // A quote that was forgotten twice swallows nothing.
        for text in ["a,b\n1,\"x\n2,\"y\n3,z", "a,b\n1,\"x\n2,y\n", "a,b\n1,\"x\n2,\"y\"\n"] {
            assert!(
                read(text).expect_err(text).to_string().starts_with("t, line 2, column 2: a quote is opened"),
                "{text}"
            );
        }
        Ok(())
    }
}
