//! The many words of labels, prescriptions and protocols, each put into the few that the reader knows.

use super::synonyms::SYNONYMS;
use super::token::{Token, tokens};

/// How many tokens of a text a row stands for, where it begins with them.
pub(super) fn matched(found: &[Token], row: &str) -> Option<usize> {
    let mut length = 0;
    for word in row.split(' ') {
        found.get(length).filter(|token| is_word(token.text, word))?;
        length += 1;
    }
    Some(length)
}

/// Whether a token is a word, in any case and with or without points in it.
fn is_word(token: &str, word: &str) -> bool {
    let pointed = token.len() > 1 && token.ends_with(char::is_alphabetic) | token.ends_with('.');
    if pointed && token.contains('.') {
        return token.replace('.', "").eq_ignore_ascii_case(word);
    }
    token.eq_ignore_ascii_case(word)
}

/// The tokens of a text in the words that the reader knows; what was put for others stands where they stood.
pub(super) fn known_tokens(text: &str) -> Vec<Token<'_>> {
    let found = without_second_counts(&with_decimal_commas(text, &without_stops(tokens(text))));
    let mut known = Vec::with_capacity(found.len());
    let mut at = 0;
    while let Some(token) = found.get(at) {
        let rest = &found[at..];
        let initial = token.text.as_bytes().first().map(u8::to_ascii_lowercase);
        let rows = SYNONYMS.iter().filter(|(row, _)| row.as_bytes().first().copied() == initial);
        let fitting = rows.filter_map(|(row, put)| Some((matched(rest, row)?, *put)));
        let Some((length, put)) = fitting.max_by_key(|(length, _)| *length) else {
            known.push(unpointed(*token));
            at += 1;
            continue;
        };
        let end = rest[length - 1].end;
        known.extend(put.split_whitespace().map(|text| Token { text, start: token.start, end }));
        at += length;
    }
    known
}

/// `i.v.` as `iv`.
fn unpointed(token: Token) -> Token {
    if is_word(token.text, "iv") { Token { text: "iv", ..token } } else { token }
}

/// Without the points that end an abbreviation or a sentence.
fn without_stops(mut tokens: Vec<Token>) -> Vec<Token> {
    let mut before: Option<Token> = None;
    tokens.retain(|token| {
        let after_word = before.is_some_and(|word| word.end == token.start && word.text.ends_with(char::is_alphabetic));
        before = Some(*token);
        token.text != "." || !after_word
    });
    tokens
}

/// `0,18` before a unit of an amount as one number; one that could be a thousand stays one that nothing reads.
fn with_decimal_commas<'t>(text: &'t str, tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(&token) = tokens.get(at) {
        let is_number = |token: &Token| token.text.bytes().all(|byte| byte.is_ascii_digit());
        let number = match tokens.get(at..at + 4) {
            Some([whole, comma, part, unit])
                if is_number(whole)
                    && comma.text == ","
                    && is_number(part)
                    && super::vocabulary::is_amount(unit.text) =>
            {
                (whole.end == comma.start && comma.end == part.start).then_some(part.end)
            }
            _ => None,
        };
        match number {
            Some(end) => joined.push(Token { text: &text[token.start..end], end, ..token }),
            None => joined.push(token),
        }
        at += if number.is_some() { 3 } else { 1 };
    }
    joined
}

/// `one (1) capsule`, `thirty (30) days`: a number that only says again what the one before it says.
fn without_second_counts<'t>(tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    let value = |token: &Token| match SYNONYMS.iter().find(|(row, _)| is_word(token.text, row)) {
        Some((_, put)) => put.parse::<u32>().ok(),
        None => token.text.parse::<u32>().ok(),
    };
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(&token) = tokens.get(at) {
        kept.push(token);
        at += 1;
        if let Some([open, number, close]) = tokens.get(at..at + 3)
            && (open.text, close.text) == ("(", ")")
            && value(&token).is_some_and(|first| value(number) == Some(first))
        {
            at += 3;
        }
    }
    kept
}

/// The number that a token is, with a decimal comma too where it cannot part thousands.
pub(super) fn number(token: &str) -> Option<f64> {
    let Some((whole, part)) = token.split_once(',') else {
        return token.parse().ok();
    };
    let thousands = part.len() == 3 && whole.len() <= 3 && whole.bytes().any(|byte| byte != b'0');
    if thousands { None } else { format!("{whole}.{part}").parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::{SYNONYMS, known_tokens, matched, tokens};

    #[test]
    fn every_row_is_parted_as_the_reader_parts_it_and_leads_to_known_words() {
        for (row, put) in SYNONYMS {
            assert_eq!(matched(&tokens(row), row), Some(row.split(' ').count()), "{row}");
            let words = |text: &str| known_tokens(text).iter().map(|token| token.text.to_owned()).collect::<Vec<_>>();
            assert_eq!(words(put).join(" "), *put, "{row}");
            assert_eq!(words(row).join(" "), *put, "{row}");
        }
    }

    #[test]
    fn every_row_has_a_line_of_the_data() {
        let data = include_str!("../../tests/data/words.csv");
        let texts: Vec<&str> = data.lines().filter_map(|line| line.split(';').next()).collect();
        let unused = SYNONYMS.iter().map(|(row, _)| *row).filter(|row| {
            let holds = |text: &&str| {
                let tokens = tokens(text);
                (0..tokens.len()).any(|at| matched(&tokens[at..], row).is_some())
            };
            !texts.iter().any(holds)
        });
        assert_eq!(unused.collect::<Vec<_>>(), [""; 0]);
    }
}
