//! The text of a file, whatever it is written in.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

use super::cell::UTF8;
use crate::error::{Error, ErrorKind, Result};

/// What a file holds, and its name for sentences.
pub(crate) fn open(path: impl AsRef<Path>) -> Result<(String, Vec<u8>)> {
    let path = path.as_ref();
    let cannot = |why| format!("cannot read {}: {why}: check its name and folder", path.display());
    let bytes = std::fs::read(path).map_err(|why| Error::new(ErrorKind::File, cannot(why)))?;
    Ok((path.display().to_string(), bytes))
}

/// What a reader has left.
pub(crate) fn read(mut reader: impl Read, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = reader.read_to_end(&mut bytes);
    read.map_err(|why| Error::new(ErrorKind::File, format!("cannot read {name}: {why}")))?;
    Ok(bytes)
}

/// The text that bytes are, without the mark of its encoding; an error says the line and column of the first that are none.
pub(crate) fn text_of<'t>(file: &str, bytes: &'t [u8]) -> Result<Cow<'t, str>> {
    let text = decoded(file, bytes)?;
    if let Err(why) = std::str::from_utf8(&text) {
        let before = String::from_utf8_lossy(&text[..why.valid_up_to()]);
        let line = 1 + before.matches('\n').count();
        let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
        return Err(Error::new(ErrorKind::Text, format!("{file}, line {line}, column {column}: {UTF8}")));
    }
    Ok(match text {
        Cow::Borrowed(text) => String::from_utf8_lossy(text),
        Cow::Owned(text) => Cow::Owned(String::from_utf8_lossy(&text).into_owned()),
    })
}

/// How files begin that are no text, and what they are.
const OTHERS: [(&[u8], &str); 6] = [
    (b"PK\x03\x04", "a workbook of a spreadsheet or an archive"),
    (b"\xd0\xcf\x11\xe0", "an old workbook of a spreadsheet"),
    (b"\x1f\x8b", "a compressed file"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF file"),
    (b"HEADER RECORD*******", "a transport file of SAS"),
];

/// The text without the mark of its encoding; what is written in UTF-16 comes as UTF-8.
pub(super) fn decoded<'t>(file: &str, bytes: &'t [u8]) -> Result<Cow<'t, [u8]>> {
    if let Some((_, what)) = OTHERS.iter().find(|(start, _)| bytes.starts_with(start)) {
        let why = format!("{file}, line 1: this is {what} and no text: save the table as CSV in UTF-8");
        return Err(Error::new(ErrorKind::Text, why));
    }
    let text = match bytes {
        [0xef, 0xbb, 0xbf, text @ ..] => text.into(),
        [0xff, 0xfe, text @ ..] => from_utf16(file, text, u16::from_le_bytes)?,
        [0xfe, 0xff, text @ ..] => from_utf16(file, text, u16::from_be_bytes)?,
        // The first letters of a header are of one byte, and the other is zero.
        [1..=255, 0, 1..=255, 0, ..] => from_utf16(file, bytes, u16::from_le_bytes)?,
        [0, 1..=255, 0, 1..=255, ..] => from_utf16(file, bytes, u16::from_be_bytes)?,
        _ => bytes.into(),
    };
    match memchr::memchr(0, &text[..text.len().min(LOOKED_AT)]) {
        None => Ok(text),
        Some(zero) => {
            let line = 1 + memchr::memchr_iter(b'\n', &text[..zero]).count();
            let why = format!(
                "{file}, line {line}: there are bytes of zero, so this is no text: save the table as CSV in UTF-8"
            );
            Err(Error::new(ErrorKind::Text, why))
        }
    }
}

/// How many bytes show whether it is text.
const LOOKED_AT: usize = 1 << 16;

fn from_utf16<'t>(file: &str, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'t, [u8]>> {
    let (pairs, rest) = bytes.as_chunks();
    let text: std::result::Result<String, _> = char::decode_utf16(pairs.iter().copied().map(unit)).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text.into_bytes().into()),
        _ => Err(Error::new(
            ErrorKind::Text,
            format!("{file}, line 1: this looks like UTF-16 and is broken: save the file as UTF-8"),
        )),
    }
}
