//! A product in a diary: one vitamer, words from a closed list, a name in quotes, and a count that says of what.

use super::piece::{Piece, Problem};
use crate::food::{Product, is_plain};
use crate::vitamer::Vitamer;

/// What the words of a product say beside its vitamer.
#[derive(Default)]
struct Said<'t> {
    vitamer: Option<(Vitamer, Piece<'t>)>,
    /// Words that stay in the name.
    words: Vec<&'t str>,
    count: Option<(u32, Piece<'t>)>,
    /// Whether the amount is that of one.
    each: bool,
}

/// A product with the amount of its vitamer in all.
pub(super) fn product(name: Piece, amount: f64, each: bool) -> Result<Product, Problem> {
    let (words, label) = parted(name)?;
    let mut said = Said { each, ..Said::default() };
    let mut at = 0;
    while at < words.len() {
        at += said.take(&words[at..])?;
    }
    let Some((vitamer, _)) = said.vitamer else {
        return Err(name.wrong("names no vitamer: write MK-4, MK-7 or K1, such as `MK-7 capsule 180 ug`"));
    };
    if vitamer.symbol == "K1" && said.words.iter().any(|word| word.eq_ignore_ascii_case("k2")) {
        return Err(
            name.wrong("names K1 and K2, and there is one amount: write each with its own, `K1 50 ug, MK-7 90 ug`")
        );
    }
    let amount = said.of_all(name, amount)?;
    let name_in_words = [said.words.join(" ").as_str(), label].join(" ");
    Product::new(name_in_words, &vitamer, amount).map_err(|error| name.problem(error.to_string()))
}

/// Whether a name holds a vitamer, wherever it stands.
pub(super) fn names_vitamer(name: Piece) -> bool {
    let words = words(name);
    (0..words.len()).any(|at| vitamer_at(&words[at..]).is_some())
}

/// The words outside the quotes, and what is inside them.
fn parted(name: Piece<'_>) -> Result<(Vec<Piece<'_>>, &str), Problem> {
    let Some(open) = name.text.find('"') else { return Ok((words(name), "")) };
    let (before, rest) = name.cut(open);
    let close = rest.text[1..].find('"').map(|at| at + 1);
    let close = close.ok_or_else(|| rest.wrong("has one quote: write the second, such as `MK-7 \"forte\" 90 ug`"))?;
    let (label, after) = rest.cut(close);
    let after = after.cut(1).1;
    if after.text.contains('"') {
        return Err(after.trim().wrong("is a second name in quotes: write one"));
    }
    Ok(([words(before), words(after)].concat(), &label.text[1..]))
}

/// Words without the signs around them; a slash, a plus and an ampersand part words too.
fn words(piece: Piece<'_>) -> Vec<Piece<'_>> {
    let parts =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | '#' | '/' | '+' | '&' | '(' | ')' | ';');
    let mut words = Vec::new();
    let mut rest = piece;
    while let Some(start) = rest.text.find(|c| !parts(c)) {
        rest = rest.cut(start).1;
        let (word, after) = rest.cut(rest.text.find(parts).unwrap_or(rest.text.len()));
        words.push(word);
        rest = after;
    }
    words
}

/// The vitamer that the words begin with, in as many as it can, and how many those are.
fn vitamer_at<'t>(words: &[Piece<'t>]) -> Option<(Vitamer, usize, Piece<'t>)> {
    const MOST_WORDS: usize = 3;
    (1..=words.len().min(MOST_WORDS)).rev().find_map(|length| {
        let name: Vec<&str> = words[..length].iter().map(|word| word.text.trim_end_matches(':')).collect();
        let is_sign = |word: &&str| !word.contains(char::is_alphanumeric);
        if name.first().is_some_and(is_sign) || name.last().is_some_and(is_sign) {
            return None;
        }
        Some((name.join(" ").parse().ok()?, length, words[0]))
    })
}

/// A count in digits or as a word.
fn count(word: &str) -> Option<u32> {
    const NAMES: [&str; 6] = ["one", "two", "three", "four", "five", "six"];
    let named = || (1..).zip(NAMES).find(|(_, name)| name.eq_ignore_ascii_case(word)).map(|(number, _)| number);
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|count| digits && *count >= 1).or_else(named)
}

impl<'t> Said<'t> {
    /// Reads the first of these words, and says how many they were.
    fn take(&mut self, words: &[Piece<'t>]) -> Result<usize, Problem> {
        let word = words[0];
        if let Some((vitamer, length, at)) = vitamer_at(words) {
            self.set_vitamer(vitamer, at)?;
            return Ok(length);
        }
        if let Some((number, times)) = counted(word.text) {
            if self.count.is_some() {
                return Err(word.wrong("is a second count: write one, such as `2 x MK-7 capsule 90 ug`"));
            }
            self.count = Some((number, word));
            self.each |= times;
        } else if matches!(word.text, "x" | "X" | "\u{d7}") && self.count.is_some()
            || word.text.eq_ignore_ascii_case("each")
        {
            self.each = true;
        } else if word.text.eq_ignore_ascii_case("and") || word.text.eq_ignore_ascii_case("with") {
            return Err(word
                .wrong("joins two things, and there is one amount: write each with its own, `MK-7 90 ug, K1 50 ug`"));
        } else if is_plain(word.text) {
            self.words.push(word.text);
        } else {
            return Err(unknown(word));
        }
        Ok(1)
    }

    fn set_vitamer(&mut self, vitamer: Vitamer, at: Piece<'t>) -> Result<(), Problem> {
        match &self.vitamer {
            Some((known, _)) if known.symbol != vitamer.symbol => Err(at.wrong(&format!(
                "is a second vitamer beside {known}, and there is one amount: write each with its own, \
                 `{known} 90 ug, {vitamer} 90 ug`"
            ))),
            Some(_) => Ok(()),
            None => {
                self.vitamer = Some((vitamer, at));
                Ok(())
            }
        }
    }

    /// The amount of all of them, where it is clear.
    fn of_all(&self, name: Piece, amount: f64) -> Result<f64, Problem> {
        match self.count {
            None if self.each => Err(name.problem("`each` has no count: write how many, such as `2 x MK-7 capsule 90 ug`")),
            None | Some((1, _)) => Ok(amount),
            Some((count, _)) if self.each => Ok(amount * f64::from(count)),
            Some((count, at)) => Err(at.wrong(&format!(
                "leaves open whether the amount is of one or of all: write `{count} x` for the amount of one, or no count"
            ))),
        }
    }
}

/// `2`, `two`, and `2x`, which says that the amount is of one.
fn counted(word: &str) -> Option<(u32, bool)> {
    match word.strip_suffix(['x', 'X', '\u{d7}']) {
        Some(number) if !number.is_empty() => count(number).map(|count| (count, true)),
        _ => count(word).map(|count| (count, false)),
    }
}

#[cold]
fn unknown(word: Piece) -> Problem {
    word.wrong(
        "is not a word of a product: put a name in quotes, such as `MK-7 \"my brand\" 90 ug`, and leave out what was not taken",
    )
}
