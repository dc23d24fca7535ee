//! Text as it is set: lines broken to a width, with their measures.

use super::colour::Ink;
use super::font::{CAP_HEIGHT, Fonts, Type};

/// From one baseline to the next, in ems.
const LEADING: f64 = 1.32;

/// Lines of one style, broken and measured.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) lines: Vec<String>,
    pub(super) kind: Type,
    pub(super) ink: Ink,
    pub(super) width: f64,
}

impl Block {
    /// `text` broken into lines no wider than `room`; a blank text has no lines and no height.
    pub(super) fn wrapped(fonts: &Fonts, text: &str, (kind, ink): (Type, Ink), room: f64) -> Self {
        let lines = wrap(text, |line| fonts.width(line, kind) <= room);
        let width = lines.iter().map(|line| fonts.width(line, kind)).fold(0.0, f64::max);
        Self { lines, kind, ink, width }
    }

    /// The same, with lines of about equal length: for a label of a few lines, where a lone last word looks lost.
    pub(super) fn balanced(fonts: &Fonts, text: &str, style: (Type, Ink), room: f64) -> Self {
        let loose = Self::wrapped(fonts, text, style, room);
        let (mut narrow, mut wide) = (0.0, loose.width);
        while loose.lines.len() > 1 && wide - narrow > 1.0 {
            let middle = 0.5 * (narrow + wide);
            let tried = Self::wrapped(fonts, text, style, middle);
            let fits = tried.lines.len() == loose.lines.len() && tried.width <= middle;
            (narrow, wide) = if fits { (narrow, middle) } else { (middle, wide) };
        }
        Self::wrapped(fonts, text, style, wide)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn height(&self) -> f64 {
        self.lines.len() as f64 * self.leading()
    }

    pub(super) fn leading(&self) -> f64 {
        self.kind.size * LEADING
    }

    /// How far below its top the baseline of a line lies: capitals and digits stand in the middle of the line.
    pub(super) fn baseline(&self, line: usize) -> f64 {
        (line as f64 + 0.5) * self.leading() + 0.5 * CAP_HEIGHT * self.kind.size
    }
}

/// Breaks `text` at spaces so that every line `fits`; a word that does not fit by itself is broken anywhere.
fn wrap(text: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut line = String::new();
        for word in words(paragraph) {
            add_word(&mut lines, &mut line, &word, &fits);
        }
        lines.push(line);
    }
    lines
}

/// The words of a line, a number and its unit counting as one: "8.0 µg/L" is not to be torn apart.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in line.split_ascii_whitespace() {
        let is_unit = word.chars().count() <= 6 && !word.starts_with(|c: char| c.is_ascii_digit());
        match words.last_mut() {
            Some(number) if is_unit && is_number(number) => *number = format!("{number} {word}"),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(|c: char| c.is_ascii_digit())
}

fn add_word(lines: &mut Vec<String>, line: &mut String, word: &str, fits: impl Fn(&str) -> bool) {
    let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
    if fits(&longer) {
        *line = longer;
        return;
    }
    if !line.is_empty() {
        lines.push(std::mem::take(line));
    }
    for c in word.chars() {
        line.push(c);
        // A line of one character stays however narrow the room is, or this would never end.
        if !fits(line) && line.chars().count() > 1 {
            line.pop();
            lines.push(std::mem::replace(line, c.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_long_words_anywhere() {
        let fits = |line: &str| line.chars().count() <= 7;
        assert_eq!(wrap("Average at steady state", fits), ["Average", "at", "steady", "state"]);
        assert_eq!(wrap("menaquinone-7", fits), ["menaqui", "none-7"]);
        assert_eq!(wrap("one\ntwo", fits), ["one", "two"]);
        assert_eq!(wrap(" \n", fits), Vec::<String>::new());
        assert_eq!(wrap("abc", |_| false), ["a", "b", "c"]);
    }

    #[test]
    fn a_number_keeps_its_unit_and_balanced_lines_are_about_equal() {
        assert_eq!(words("state, 8.0 µg/L at 24 h"), ["state,", "8.0 µg/L", "at", "24 h"]);
        let style = (Type::regular(12.0), super::super::colour::SLATE);
        let block = Block::balanced(&Fonts::new(), "Average at steady state, 8.0 µg/L", style, 160.0);
        assert_eq!(block.lines, ["Average at steady", "state, 8.0 µg/L"]);
    }
}
