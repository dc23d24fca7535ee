//! Where the header of a text stands, and what parts its cells.

use std::borrow::Cow;

use super::line::{cells, cut, is_row, is_title};

/// What parts the cells where blanks do.
pub(super) const BLANK: u8 = b' ';
/// The marks that part cells, the likeliest first.
const MARKS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many rows are looked at.
const MOST: usize = 200;

/// The names of the columns, and what parts the cells.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) names: Vec<String>,
    pub(super) mark: u8,
}

/// A header and where it stands.
pub(super) struct Found {
    pub(super) head: Head,
    pub(super) line: u64,
    /// Its bytes in the text.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A line of the text.
#[derive(Clone, Copy)]
struct Line<'t> {
    number: u64,
    start: usize,
    bytes: &'t [u8],
}

impl Line<'_> {
    fn is_note(&self) -> bool {
        !is_row(self.bytes, b',')
    }
}

/// The header, or the line and column of a quote in it that is not closed. It is the first row; where that cannot be, the first line
/// that can, and be it behind a `#`.
pub(super) fn find(text: &[u8], is_header: &dyn Fn(&[String]) -> bool) -> Result<Option<Found>, (u64, usize)> {
    let lines: Vec<Line> = lines(text).take(MOST).collect();
    let Some(first) = lines.iter().position(|line| !line.is_note()) else { return alone(&lines, is_header) };
    let others = (0..lines.len()).filter(|at| *at != first);
    for at in std::iter::once(first).chain(others) {
        if let Some(mark) = mark_of(&lines, at, |names, below| is_header(names) && fits(names.len(), below)) {
            return found(&lines, at, mark).map(Some);
        }
    }
    let mark = mark_of(&lines, first, |names, _| is_header(names));
    let mark = mark.unwrap_or_else(|| marks(lines[first].bytes)[0]);
    found(&lines, first, mark).map(Some)
}

/// A text that has nothing but notes may have its header behind a `#`.
fn alone(lines: &[Line<'_>], is_header: &dyn Fn(&[String]) -> bool) -> Result<Option<Found>, (u64, usize)> {
    let named = |at: usize| mark_of(lines, at, |names, _| is_header(names)).map(|mark| (at, mark));
    (0..lines.len()).find_map(named).map(|(at, mark)| found(lines, at, mark)).transpose()
}

/// Every line that is not empty, but for a first `sep=;` of a spreadsheet.
fn lines(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let (mut rest, mut next) = (text, 1);
    let all = std::iter::from_fn(move || {
        let start = text.len() - rest.len();
        (!rest.is_empty()).then(|| cut(&mut rest, &mut next)).map(|(bytes, number)| Line { number, start, bytes })
    });
    let is_line = |line: &Line| !line.bytes.trim_ascii().is_empty() && !is_separator(line) && !is_title(line.bytes);
    all.filter(is_line)
}

/// The first line by which a spreadsheet says what parts the cells.
fn is_separator(line: &Line<'_>) -> bool {
    line.bytes.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"sep=")) && line.bytes.len() <= 5
}

/// The mark under which the names of a line, and the cells of the row below it, pass.
fn mark_of(lines: &[Line<'_>], at: usize, passes: impl Fn(&[String], Option<usize>) -> bool) -> Option<u8> {
    let below = lines[at + 1..].iter().find(|line| !line.is_note());
    marks(lines[at].bytes).into_iter().find(|mark| {
        let width = below.and_then(|below| Some(parted(below.bytes, *mark).ok()?.len()));
        names(&lines[at], *mark).is_ok_and(|names| passes(&names, width))
    })
}

/// A row has as many cells as there are names, or one more, which names the row.
fn fits(names: usize, below: Option<usize>) -> bool {
    below.is_none_or(|cells| cells == names || cells == names + 1)
}

/// What may part the cells of a line: the mark it has most of first, then blanks.
fn marks(line: &[u8]) -> Vec<u8> {
    let outside =
        |mark: u8| line.split(|byte| *byte == b'"').step_by(2).flatten().filter(|byte| **byte == mark).count();
    let mut marks: Vec<u8> = MARKS.into_iter().filter(|mark| outside(*mark) > 0).collect();
    marks.sort_by_key(|mark| std::cmp::Reverse(outside(*mark)));
    if unhashed(line).trim_ascii().contains(&BLANK) {
        marks.push(BLANK);
    }
    // One name with blanks in it.
    if !marks.contains(&b',') {
        marks.push(b',');
    }
    marks
}

/// A line without the `#` at its beginning.
fn unhashed(line: &[u8]) -> &[u8] {
    line.iter().position(|byte| *byte != b'#').map_or(&[][..], |start| &line[start..])
}

fn parted(line: &[u8], mark: u8) -> Result<Vec<Vec<u8>>, usize> {
    if mark == BLANK { cells(&tabbed(line), b'\t') } else { cells(line, mark) }
}

fn names(line: &Line<'_>, mark: u8) -> Result<Vec<String>, (u64, usize)> {
    let cells = parted(unhashed(line.bytes), mark).map_err(|column| (line.number, column))?;
    Ok(cells.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect())
}

fn found(lines: &[Line<'_>], at: usize, mark: u8) -> Result<Found, (u64, usize)> {
    let line = &lines[at];
    let mut names = names(line, mark)?;
    let below = lines[at + 1..].iter().find(|line| !line.is_note());
    if below.is_some_and(|below| has_row_name(below.bytes, mark, names.len())) {
        names.insert(0, String::new());
    }
    let (start, end) = (line.start, line.start + line.bytes.len());
    Ok(Found { head: Head { names, mark }, line: line.number, start, end })
}

/// Whether the first row has a name for itself before its cells, as `write.table` of R gives it: `1`. Where commas part the cells it
/// must stand in quotes, since a decimal comma makes one cell more, too.
fn has_row_name(row: &[u8], mark: u8, names: usize) -> bool {
    let cells = parted(row, mark).unwrap_or_default();
    // A mark behind every row makes one cell more, too, and that is empty.
    let is_ended = cells.last().is_some_and(|last| last.trim_ascii().is_empty());
    let is_sure = (mark != b',' || row.starts_with(b"\"")) && !is_ended;
    cells.len() == names + 1 && is_sure && cells[0].trim_ascii() == b"1"
}

impl Found {
    /// The rows above the header, which nobody has asked for.
    pub(super) fn above<'t>(&self, text: &'t [u8]) -> Vec<(u64, &'t [u8])> {
        let above = lines(text).take(MOST).take_while(|line| line.start < self.start);
        above.filter(|line| !line.is_note()).map(|line| (line.number, line.bytes)).collect()
    }

    /// The text from the header on, and where the header ends in it; with a tab for each run of blanks where they part the cells.
    pub(super) fn text<'t>(&self, text: Cow<'t, [u8]>, start: usize, end: usize) -> (Cow<'t, [u8]>, usize) {
        let from = |text: Cow<'t, [u8]>| match text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[start..]),
            Cow::Owned(text) => Cow::Owned(text[start..].to_vec()),
        };
        if self.head.mark != BLANK {
            return (from(text), end - start);
        }
        let mut marked = tabbed(&text[start..end]);
        let length = marked.len();
        for line in text[end..].split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            put_tabs(line, &mut marked);
        }
        (marked.into(), length)
    }
}

fn tabbed(line: &[u8]) -> Vec<u8> {
    let mut marked = Vec::with_capacity(line.len());
    put_tabs(line, &mut marked);
    marked
}

/// Appends a line with a tab for each run of blanks and tabs, but for those in quotes and at its ends.
fn put_tabs(line: &[u8], marked: &mut Vec<u8>) {
    let end = line.trim_ascii_end().len();
    let (mut quoted, mut waiting, start) = (false, false, marked.len());
    for byte in &line[..end] {
        if matches!(*byte, b' ' | b'\t') && !quoted {
            waiting = true;
            continue;
        }
        if waiting && marked.len() > start {
            marked.push(b'\t');
        }
        (quoted, waiting) = (quoted != (*byte == b'"'), false);
        marked.push(*byte);
    }
    marked.extend(line[end..].iter().filter(|byte| matches!(byte, b'\n' | b'\r')));
}
