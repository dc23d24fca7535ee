//! The many words of labels, prescriptions and protocols, each put into the few that the reader knows.

use super::token::{Token, tokens};

/// What is written, and the words that are read in its place; where several rows fit, the longest does.
///
/// Every row is used by a line of `tests/data/words.csv`. Words are separated as the reader separates them, and points in
/// abbreviations (`b.i.d.`) do not count.
pub(super) const SYNONYMS: &[(&str, &str)] = &[
    // How often.
    ("every day", "daily"),
    ("each day", "daily"),
    ("everyday", "daily"),
    ("per day", "daily"),
    ("a day", "daily"),
    ("/ day", "daily"),
    ("/ d", "daily"),
    ("/ 24 h", "daily"),
    ("per 24 h", "daily"),
    ("per 24 hours", "daily"),
    ("q day", "daily"),
    ("qday", "daily"),
    ("qd", "daily"),
    ("per diem", "daily"),
    ("- daily", "daily"),
    ("- weekly", "weekly"),
    ("od", "daily"),
    ("bid", "2 x daily"),
    ("bd", "2 x daily"),
    ("tid", "3 x daily"),
    ("tds", "3 x daily"),
    ("qid", "4 x daily"),
    ("qds", "4 x daily"),
    ("twice", "2 x"),
    ("thrice", "3 x"),
    ("times", "x"),
    ("time", "x"),
    ("\u{d7}", "x"),
    ("qod", "q 48 h"),
    ("every other day", "q 48 h"),
    ("every second day", "q 48 h"),
    ("every 2 nd day", "q 48 h"),
    ("every alternate day", "q 48 h"),
    ("alternate days", "q 48 h"),
    ("on alternate days", "q 48 h"),
    ("alternating days", "q 48 h"),
    ("on alternating days", "q 48 h"),
    ("every third day", "q 72 h"),
    ("every 3 rd day", "q 72 h"),
    ("every week", "weekly"),
    ("each week", "weekly"),
    ("per week", "weekly"),
    ("a week", "weekly"),
    ("/ week", "weekly"),
    ("/ wk", "weekly"),
    ("qwk", "weekly"),
    ("qw", "weekly"),
    ("every other week", "q 2 w"),
    ("every second week", "q 2 w"),
    ("every fortnight", "q 2 w"),
    ("fortnightly", "q 2 w"),
    ("every month", "monthly"),
    ("each month", "monthly"),
    ("per month", "monthly"),
    ("a month", "monthly"),
    ("/ month", "monthly"),
    ("every hour", "hourly"),
    ("as a single dose", "once"),
    ("single dose", "once"),
    ("one time", "once"),
    ("one - time", "once"),
    ("once only", "once"),
    ("stat", "once"),
    // How long.
    ("during", "for"),
    ("for a total of", "for"),
    ("for a period of", "for"),
    ("over a period of", "for"),
    ("for a day", "for 1 d"),
    ("for a week", "for 1 w"),
    ("for a month", "for 1 month"),
    ("for a fortnight", "for 2 w"),
    // On which days.
    ("on weekdays", "on Mon - Fri"),
    ("weekdays", "Mon - Fri"),
    ("every weekday", "Mon - Fri"),
    ("working days", "Mon - Fri"),
    ("weekends", "Sat , Sun"),
    ("every weekend", "Sat , Sun"),
    ("at weekends", "Sat , Sun"),
    ("mwf", "Mon , Wed , Fri"),
    ("m / w / f", "Mon , Wed , Fri"),
    ("m , w , f", "Mon , Wed , Fri"),
    ("except on", "except"),
    ("except for", "except"),
    ("excluding", "except"),
    ("apart from", "except"),
    ("but not on", "except"),
    ("not on", "except"),
    ("but", "except"),
    ("but not", "except"),
    ("without", "except"),
    ("skipping", "except"),
    ("omitting", "except"),
    ("through", "-"),
    ("to", "-"),
    ("\u{2013}", "-"),
    ("&", "and"),
    // At what time.
    ("@", "at"),
    ("starting at", "at"),
    ("beginning at", "at"),
    ("o ' clock", "h"),
    ("at noon", "at 12 h"),
    ("at midday", "at 12 h"),
    ("at midnight", "at 0 h"),
    ("every morning", "daily morning"),
    ("each morning", "daily morning"),
    ("qam", "daily morning"),
    ("in the morning", "morning"),
    ("every evening", "daily evening"),
    ("each evening", "daily evening"),
    ("qpm", "daily evening"),
    ("in the evening", "evening"),
    ("every night", "daily night"),
    ("each night", "daily night"),
    ("nightly", "daily night"),
    ("at night", "night"),
    ("nocte", "night"),
    ("mane", "morning"),
    ("qhs", "daily bedtime"),
    ("hs", "bedtime"),
    ("at bedtime", "bedtime"),
    ("before bed", "bedtime"),
    ("before bedtime", "bedtime"),
    // By which way.
    ("po", "oral"),
    ("orally", "oral"),
    ("by mouth", "oral"),
    ("per os", "oral"),
    ("intravenously", "iv"),
    ("intravenous", "iv"),
    ("iv bolus", "iv"),
    ("iv infusion", "iv"),
    // With what.
    ("with a", "with"),
    ("after a", "with"),
    ("with a meal", "with food"),
    ("with the evening meal", "with food"),
    ("with evening meal", "with food"),
    ("with the largest meal", "with food"),
    ("with breakfast", "with food"),
    ("with lunch", "with food"),
    ("with dinner", "with food"),
    ("with supper", "with food"),
    ("after a meal", "with food"),
    ("after food", "with food"),
    ("after breakfast", "with food"),
    ("after dinner", "with food"),
    ("after lunch", "with food"),
    ("after meals", "with meals"),
    ("pc", "with meals"),
    ("fed", "with food"),
    ("with a meal of", "with"),
    ("with a meal with", "with"),
    ("with a meal containing", "with"),
    ("after a meal of", "with"),
    ("after a meal with", "with"),
    ("of fat", "fat"),
    ("fasting", "fasted"),
    ("on an empty stomach", "fasted"),
    ("without food", "fasted"),
    ("with or without food", ""),
    ("with or without meals", ""),
    ("with water", ""),
    ("with a glass of water", ""),
    // One after another.
    ("followed by", "then"),
    ("and then", "then"),
    ("thereafter", "then"),
    ("after that", "then"),
    ("stop", "nothing"),
    // In what.
    ("capsules", "capsule"),
    ("capsule ( s )", "capsule"),
    ("cap", "capsule"),
    ("caps", "capsule"),
    ("tablet", "capsule"),
    ("tablets", "capsule"),
    ("tab", "capsule"),
    ("tabs", "capsule"),
    ("softgel", "capsule"),
    ("softgels", "capsule"),
    ("pill", "capsule"),
    ("pills", "capsule"),
    ("drop", "capsule"),
    ("drops", "capsule"),
    ("gummies", "capsule"),
    ("dose", "capsule"),
    ("doses", "capsule"),
    ("a dose of", ""),
    ("loading dose", ""),
    ("loading dose of", ""),
    ("maintenance dose", ""),
    ("maintenance dose of", ""),
    ("daily dose of", "daily"),
    ("take", ""),
    ("swallow", ""),
    ("give", ""),
    // How many.
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("twelve", "12"),
];

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
    let found = with_decimal_commas(text, &without_stops(tokens(text)));
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
