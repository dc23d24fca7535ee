//! How a line falls into cells.

use csv_core::ReadRecordResult;
use memchr::{memchr, memchr_iter, memchr2};

use super::cell;

/// Takes the next line from a text, and its number.
pub(super) fn cut<'t>(rest: &mut &'t [u8], next: &mut u64) -> (&'t [u8], u64) {
    let end = memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    let (line, after) = rest.split_at(end);
    let number = *next;
    *next += u64::from(after.starts_with(b"\n"));
    *rest = after.get(1..).unwrap_or_default();
    (line, number)
}

/// The row that a line begins in which a quote is open: it goes on to the line that closes it. After the quote that does the cell
/// must end, so that a quote that was forgotten swallows no rows.
pub(super) fn joined<'t>(text: &'t [u8], line: &[u8], mark: u8) -> Option<&'t [u8]> {
    const MOST: usize = 100;
    let mut end = line.len();
    for next in text[end..].split_inclusive(|byte| *byte == b'\n').take(MOST) {
        let bare = next.trim_ascii_end();
        if let Some(quote) = memchr(b'"', bare) {
            let after = bare.get(quote + 1);
            let is_odd = memchr_iter(b'"', bare).count() % 2 == 1;
            let closes = after.is_none_or(|byte| *byte == mark || *byte == b'"');
            return (is_odd && closes).then(|| &text[..end + bare.len()]);
        }
        end += next.len();
    }
    None
}

/// Whether a line is a row, and not empty, a note, the title of a table of NONMEM or nothing but marks.
#[inline]
pub(super) fn is_row(line: &[u8], mark: u8) -> bool {
    match line.first() {
        None => false,
        Some(b'T') => !is_title(line),
        Some(b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'"') => true,
        // A formula that has failed is no note.
        Some(b'#') => cell::is_failed(line.split(|byte| *byte == mark).next().unwrap_or_default()),
        Some(_) => !line.iter().all(|byte| *byte == mark || byte.is_ascii_whitespace()),
    }
}

/// Whether a line is the title of a table of NONMEM: `TABLE NO.  1`, and perhaps `: First Order`.
pub(super) fn is_title(line: &[u8]) -> bool {
    let number = line.strip_prefix(b"TABLE").map(<[u8]>::trim_ascii_start);
    let number = number.and_then(|rest| rest.strip_prefix(b"NO.")).map(<[u8]>::trim_ascii);
    number.is_some_and(|number| {
        let end = number.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(number.len());
        end > 0 && matches!(number.get(end), None | Some(b':'))
    })
}

/// The cells of a line by itself, or the column of a quote that is not closed.
pub(super) fn cells(line: &[u8], mark: u8) -> std::result::Result<Vec<Vec<u8>>, usize> {
    let (mut ends, mut quotes, mut start) = (Vec::new(), Quotes::new(mark), 0);
    if memchr(b'"', line).is_none() {
        return Ok(line.split(|byte| *byte == mark).map(<[u8]>::to_vec).collect());
    }
    quotes.read(line, &mut ends)?;
    Ok(ends.iter().map(|end| quotes.bytes[std::mem::replace(&mut start, *end)..*end].to_vec()).collect())
}

pub(super) const UNCLOSED: &str = "a quote is opened and not closed: close it, or leave it out";

/// Appends where the cells of a row without quotes end. Cells are short, so eight bytes at a time are fewer steps than a
/// search for each mark.
pub(super) fn part(row: &[u8], mark: u8, ends: &mut Vec<usize>) {
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
#[derive(Debug)]
pub(super) struct Quotes {
    mark: u8,
    reader: csv_core::Reader,
    /// The cells of a row without their quotes.
    pub(super) bytes: Vec<u8>,
}

impl Quotes {
    pub(super) fn new(mark: u8) -> Self {
        Self { mark, reader: csv_core::ReaderBuilder::new().delimiter(mark).build(), bytes: Vec::new() }
    }

    /// Keeps the cells of a row, one after another, and where they end; or gives the column of a quote that is not closed.
    pub(super) fn read(&mut self, row: &[u8], ends: &mut Vec<usize>) -> std::result::Result<(), usize> {
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
        if matches!(end, ReadRecordResult::Record) { Ok(()) } else { Err(ended + 1) }
    }

    /// The number of the column in which the last quote of a row stands; marks in quotes part nothing.
    fn last_quoted(&self, row: &[u8]) -> usize {
        let before_the_last = row.rsplitn(2, |byte| *byte == b'"').nth(1).unwrap_or_default();
        let outside = before_the_last.split(|byte| *byte == b'"').step_by(2).flatten();
        outside.filter(|byte| **byte == self.mark).count() + 1
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    /// What the `csv` crate makes of the rows of a text, or nothing where a quote is not closed on its line. To that crate a note
    /// ends at a line feed only, and without one at the end of the text it is a row, so every line gets one.
    fn by_csv(text: &[u8], mark: u8) -> Option<Vec<Vec<Vec<u8>>>> {
        let lines: Vec<&[u8]> = text.split(|byte| b"\r\n".contains(byte)).filter(|line| is_row(line, mark)).collect();
        let text = [lines.join(&b'\n'), vec![b'\n']].concat();
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).flexible(true).comment(Some(b'#')).delimiter(mark);
        let rows = reader.from_reader(&text[..]).into_byte_records().map(|row| row.expect("a row"));
        let rows: Vec<Vec<Vec<u8>>> = rows.map(|row| row.iter().map(<[u8]>::to_vec).collect()).collect();
        let is_open = |line: &&[u8]| is_row(line, mark) && line.split(|byte| *byte == b'"').count() % 2 == 0;
        let broken = lines.iter().any(is_open) || rows.iter().flatten().any(|cell| cell.contains(&b'\n'));
        (!broken).then_some(rows)
    }

    /// The rows below a header of one mark that no row has.
    fn by_rows(text: &[u8], mark: u8) -> std::result::Result<Vec<Vec<Vec<u8>>>, ()> {
        let (mut rest, mut next, mut found) = (text, 1, Vec::new());
        while !rest.is_empty() {
            let (line, _) = cut(&mut rest, &mut next);
            if is_row(line, mark) {
                found.push(cells(line, mark).map_err(drop)?);
            }
        }
        Ok(found)
    }

    #[test]
    fn rows_are_those_of_the_csv_crate() {
        const BYTES: &[u8] = b"a1.,,,,;\t\"\"\n\n\r# -+\x0c\xac\xff";
        let mut random = ChaCha8Rng::seed_from_u64(2026);
        for _ in 0..4_096 {
            let length = random.random_range(0..60);
            let text: Vec<u8> = (0..length).map(|_| BYTES[random.random_range(0..BYTES.len())]).collect();
            assert_eq!(by_rows(&text, b',').ok(), by_csv(&text, b','), "{}", String::from_utf8_lossy(&text));
        }
    }
}
