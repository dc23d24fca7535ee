//! Numbers, words and signs of a text, and where each stands.

use crate::error::{Error, ErrorKind, excerpt};

/// A piece of a text: a number without sign, a word of letters, an abbreviation with points, or one other character.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    /// Bytes before it, and before what follows it; of a word that was put for others, theirs.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The tokens of a text; every cut is made where a character begins.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, tail) = rest.split_at(token_length(rest, first));
        let start = text.len() - rest.len();
        tokens.push(Token { text: token, start, end: start + token.len() });
        rest = tail.trim_start();
    }
    tokens
}

fn token_length(rest: &str, first: char) -> usize {
    if first.is_ascii_digit() || (first == '.' && digits(&rest[1..]) > 0) {
        number_length(rest)
    } else if first.is_alphabetic() {
        let word = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        if word == 1 { pointed_length(rest) } else { word }
    } else {
        first.len_utf8()
    }
}

/// `b.i.d.` whole: single letters with a point after each but perhaps the last, and otherwise the first letter.
fn pointed_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let mut length = 1;
    while bytes.get(length) == Some(&b'.') && is_letter(length + 1) && !is_letter(length + 2) {
        length += 2;
    }
    if length > 1 && bytes.get(length) == Some(&b'.') { length + 1 } else { length }
}

/// `180`, `1.5`, `.5`, `1e-7`; an `e` without digits after it belongs to the next word.
fn number_length(rest: &str) -> usize {
    let mut length = digits(rest);
    if rest[length..].starts_with('.') {
        length += 1 + digits(&rest[length + 1..]);
    }
    let Some(exponent) = rest[length..].strip_prefix(['e', 'E']) else {
        return length;
    };
    let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    match digits(unsigned) {
        0 => length,
        some => rest.len() - unsigned.len() + some,
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The sentence for a text whose tokens from `from` to `to` are not `what`; `how` says what to write.
pub(super) fn wrong(text: &str, found: &[Token], (what, how): (&str, &str)) -> Error {
    let Some((first, last)) = found.first().zip(found.last()) else {
        return unreadable(text, &format!("it ends where {what} should stand: {how}"));
    };
    let column = text[..first.start].chars().count() + 1;
    let span = excerpt(&text[first.start..last.end]);
    unreadable(text, &format!("`{span}` (column {column}) is not {what}: {how}"))
}

pub(super) fn unreadable(text: &str, why: &str) -> Error {
    Error::new(ErrorKind::Text, format!("cannot read `{}`: {why}", excerpt(text)))
}

/// The tokens from `from` to `to`, with what is written on to the last without a space: `q24x` whole.
pub(super) fn span<'a, 't>(tokens: &'a [Token<'t>], from: usize, to: usize) -> &'a [Token<'t>] {
    let mut end = tokens.len().min(to + 1).max(from);
    while end > from && tokens.get(end).is_some_and(|next| next.start == tokens[end - 1].end && is_inner(next)) {
        end += 1;
    }
    tokens.get(from..end).unwrap_or_default()
}

fn is_inner(token: &Token) -> bool {
    !matches!(token.text, "(" | ")" | ",")
}
