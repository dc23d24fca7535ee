//! A text whose header has been found.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::head::{self, Head};
use super::line::{UNCLOSED, cells, cut, is_row};
use super::source;
use super::style::Style;
use crate::error::{Error, ErrorKind, Result, excerpt};

/// A text of rows and cells.
#[derive(Debug)]
pub(crate) struct Sheet<'t> {
    file: String,
    /// From the header on; where blanks part the cells, a tab stands for each run of them.
    text: Cow<'t, [u8]>,
    /// Where the header ends in the text, and its line.
    end: usize,
    line: u64,
    head: Head,
    /// Where the rows begin, and on which line.
    rows: (usize, u64),
    /// What a row of units says of each column, where there is one.
    units: Vec<String>,
    notes: Vec<String>,
    /// Whether a column has no name.
    nameless: bool,
    /// The decimal marks of all its numbers, once somebody has to know.
    style: OnceCell<Style>,
}

impl<'t> Sheet<'t> {
    /// The sheet of a text, whose header is the first line that `is_header` takes; if it takes none, the first.
    pub(super) fn below_header(file: &str, bytes: &'t [u8], is_header: impl Fn(&[String]) -> bool) -> Result<Self> {
        let text = source::decoded(file, bytes)?;
        let error = |line: u64, why: &str| Error::new(ErrorKind::Text, format!("{file}, line {line}{why}"));
        let found = head::find(&text, &is_header)
            .map_err(|(line, column)| error(line, &format!(", column {column}: {UNCLOSED}")))?;
        let Some(found) = found else {
            return Err(error(1, ": there is no header: the first line must name the columns"));
        };
        let note = |(line, text): (u64, &[u8])| {
            let text = excerpt(String::from_utf8_lossy(text).trim());
            format!("{file}, line {line}: this stands above the header and is left out: `{text}`")
        };
        let notes = found.above(&text).into_iter().map(note).collect();
        let (start, line, end) = (found.start, found.line, found.end);
        let (text, end) = found.text(text, start, end);
        let nameless = found.head.names.iter().any(String::is_empty);
        let file = file.to_owned();
        let rows = ((end + 1).min(text.len()), line + u64::from(text[end..].starts_with(b"\n")));
        let (units, style) = (Vec::new(), OnceCell::new());
        let mut sheet = Self { file, text, end, line, head: found.head, rows, units, notes, nameless, style };
        sheet.notes.extend(sheet.hidden());
        Ok(sheet)
    }

    /// What is said of rows of data behind a `#`, which are left out as notes are: those with a cell for each name.
    fn hidden(&self) -> Option<String> {
        let (below, line) = self.below();
        let width = self.names().len();
        let is_hidden = |start: &usize| {
            let (bytes, _) = cut(&mut &below[*start..], &mut 0);
            !is_row(bytes, self.mark())
                && cells(bytes, self.mark()).is_ok_and(|cells| width > 1 && cells.len() == width)
        };
        let starts = std::iter::once(0).chain(memchr::memmem::find_iter(below, b"\n#").map(|at| at + 1));
        let mut hidden = starts.filter(|start| below.get(*start) == Some(&b'#')).filter(is_hidden);
        let first = hidden.next()?;
        let line = line + memchr::memchr_iter(b'\n', &below[..first]).count() as u64;
        let others = hidden.count();
        let more = if others > 0 { format!(", as are {others} more") } else { String::new() };
        Some(format!("{}, line {line}: this row begins with `#` and is left out{more}", self.file))
    }

    /// Takes the first row for one of units: what it says of each column, and where the rows begin after it.
    pub(super) fn take_units(&mut self, units: Vec<String>, note: String, (left, line): (usize, u64)) {
        self.rows = (self.text.len() - left, line);
        self.units = units;
        self.notes.push(note);
    }

    /// What a row of units says of a column.
    pub(crate) fn unit(&self, column: usize) -> Option<&str> {
        self.units.get(column).map(String::as_str).filter(|unit| !unit.is_empty())
    }

    /// What stands below the header and its units, and the line on which it begins.
    pub(super) fn below(&self) -> (&[u8], u64) {
        (&self.text[self.rows.0..], self.rows.1)
    }

    /// The names of the columns, without blanks at their ends; one may be empty.
    pub(crate) fn names(&self) -> &[String] {
        &self.head.names
    }

    pub(super) fn name(&self, column: usize) -> &str {
        self.head.names.get(column).map_or("", String::as_str)
    }

    /// Where the column of a name stands, in any case.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        self.names().iter().position(|known| known.eq_ignore_ascii_case(name) && !name.is_empty())
    }

    /// Refuses a name that two columns have, if it matters.
    pub(crate) fn check_twice(&self, matters: impl Fn(&str) -> bool) -> Result<()> {
        let names = self.names();
        let again = |(i, name): &(usize, &String)| names[..*i].iter().any(|before| before.eq_ignore_ascii_case(name));
        let mut twice = names.iter().enumerate().filter(again).map(|(_, name)| name);
        match twice.find(|name| !name.is_empty() && matters(name)) {
            Some(name) => Err(self.error(self.line, &format!("there are two columns {name}: name each once"))),
            None => Ok(()),
        }
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// The line of the header.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// What was left out or understood in another way than it is written.
    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }

    pub(super) fn mark(&self) -> u8 {
        if self.is_blank() { b'\t' } else { self.head.mark }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.head.mark == head::BLANK
    }

    pub(super) fn has_nameless(&self) -> bool {
        self.nameless
    }

    /// Whether a line is the header once more.
    #[inline]
    pub(super) fn is_header(&self, line: &[u8]) -> bool {
        line.first() == self.text.first() && line == &self.text[..self.end]
    }

    /// What is wrong on a line.
    #[cold]
    pub(crate) fn error(&self, line: u64, why: &str) -> Error {
        Error::new(ErrorKind::Text, format!("{}, line {line}: {why}", self.file))
    }

    /// What is wrong in a column on a line.
    #[cold]
    pub(crate) fn error_at(&self, (line, column): (u64, &str), why: &str) -> Error {
        Error::new(ErrorKind::Text, format!("{}, line {line}, column {column}: {why}", self.file))
    }

    /// What is wrong with the header.
    #[cold]
    pub(crate) fn error_of_header(&self, why: &str) -> Error {
        self.error(self.line, why)
    }

    /// Whether a text stands below the header.
    pub(crate) fn has_text(&self, text: &[u8]) -> bool {
        memchr::memmem::find(self.below().0, text).is_some()
    }

    /// The decimal marks of all numbers, which are looked for once.
    pub(super) fn style(&self, look: impl FnOnce() -> Style) -> Style {
        *self.style.get_or_init(look)
    }
}

/// A name in capitals, without what people put between its words: `Subject ID` and `subject_id` are one.
pub(crate) fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '.' | '-' | ' ' | '/' | '&' | ',' | '#'));
    letters.map(|c| c.to_ascii_uppercase()).collect()
}

/// Names of columns that say whose a row is, as [`plain`] writes them; the first counts before the others.
const IDS: [&str; 80] = [
    "ID",
    "USUBJID",
    "SUBJID",
    "SUBJECT",
    "SUBJECTID",
    "SUBJ",
    "PATIENT",
    "PATIENTID",
    "PATID",
    "PTID",
    "PTNO",
    "PID",
    "INDIVIDUAL",
    "PERSON",
    "ANIMAL",
    "ANIMALID",
    "NMID",
    "UNIQUEID",
    "SUBJECTNO",
    "SUBJECTNUMBER",
    "SUBJNO",
    "SUBNO",
    "SUB",
    "SID",
    "CID",
    "PAT",
    "PATIENTNO",
    "PATIENTNUMBER",
    "PATNO",
    "PTNUM",
    "PARTICIPANT",
    "PARTICIPANTID",
    "VOLUNTEER",
    "VOLUNTEERID",
    "RANDID",
    "RAT",
    "RATID",
    "MOUSE",
    "MOUSEID",
    "DOG",
    "DOGID",
    "MONKEY",
    "MONKEYID",
    "UNIQUESUBJECTIDENTIFIER",
    "SUBJECTIDENTIFIER",
    "INDIVIDUALID",
    "SUBJN",
    "SUBJIDN",
    "USUBJIDN",
    "SUBJECTN",
    "SUBJNUM",
    "SUBJECTNUM",
    "SUBJNUMBER",
    "SUBID",
    "NEWID",
    "NID",
    "CASEID",
    "PERSONID",
    "PARTICIPANTNO",
    "PARTICIPANTNUMBER",
    "VOLUNTEERNO",
    "VOLUNTEERNUMBER",
    "ANIMALNO",
    "ANIMALNUMBER",
    "RATNO",
    "RATNUMBER",
    "MOUSENO",
    "MOUSENUMBER",
    "DOGNO",
    "DOGNUMBER",
    "MONKEYNO",
    "MONKEYNUMBER",
    "RABBIT",
    "RABBITID",
    "RABBITNO",
    "PIG",
    "PIGID",
    "PIGNO",
    "DONORID",
    "MRN",
];

/// How early a name is asked for those whose the rows are, if it is such a name.
pub(crate) fn of_an_id(name: &str) -> Option<usize> {
    let name = plain(name);
    IDS.iter().position(|known| *known == name)
}

/// Names that may say whose a row is, or something else.
const LIKE_IDS: [&str; 10] =
    ["RECORDID", "CASE", "CASENO", "RANDNO", "SCREENID", "UID", "INITIALS", "DONOR", "INFANT", "CHILD"];

impl Sheet<'_> {
    /// Refuses a name that may be that of whose the rows are, in a sheet where no other is.
    pub(crate) fn check_ids(&self, (usual, leave): (&str, &str), is_asked: impl Fn(&str) -> bool) -> Result<()> {
        let is_like = |name: &&String| LIKE_IDS.contains(&&*plain(name)) && !is_asked(name);
        match self.names().iter().find(is_like) {
            None => Ok(()),
            Some(name) => Err(self.error_of_header(&format!(
                "{name} may say whose a row is, and no other column does: call it {usual} if it does{leave}"
            ))),
        }
    }

    /// Refuses a name that is no text, if it matters.
    pub(crate) fn check_text(&self, matters: impl Fn(usize) -> bool) -> Result<()> {
        let is_lost = |(i, name): &(usize, &String)| name.contains(char::REPLACEMENT_CHARACTER) && matters(*i);
        match self.names().iter().enumerate().find(is_lost) {
            None => Ok(()),
            Some((i, _)) => Err(self
                .error_of_header(&format!("column {}: its name is not text in UTF-8: save the file as UTF-8", i + 1))),
        }
    }
}
