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
        let parts = Parts::of(text, room, |part| fonts.width(part, kind));
        Self::new(fonts, (kind, ink), parts.filled(room))
    }

    /// The same, with lines of about equal length: for a label of a few lines, where a lone last word looks lost.
    pub(super) fn balanced(fonts: &Fonts, text: &str, (kind, ink): (Type, Ink), room: f64) -> Self {
        let parts = Parts::of(text, room, |part| fonts.width(part, kind));
        let most = parts.filled(room).len();
        let (mut narrow, mut wide) = (parts.widest().min(room), room);
        while most > 1 && wide - narrow > 1.0 {
            let middle = 0.5 * (narrow + wide);
            let fits = parts.filled(middle).len() <= most;
            (narrow, wide) = if fits { (narrow, middle) } else { (middle, wide) };
        }
        Self::new(fonts, (kind, ink), parts.filled(wide))
    }

    fn new(fonts: &Fonts, (kind, ink): (Type, Ink), lines: Vec<String>) -> Self {
        let width = lines.iter().map(|line| fonts.width(line, kind)).fold(0.0, f64::max);
        Self { lines, kind, ink, width }
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

/// A text in parts that are not to be broken, each measured once, so that lines can be tried at many widths.
struct Parts {
    paragraphs: Vec<Vec<(String, f64)>>,
    space: f64,
}

impl Parts {
    /// The words of `text`, those wider than `room` in pieces.
    fn of(text: &str, room: f64, width: impl Fn(&str) -> f64) -> Self {
        let measured = |part: String| {
            let wide = width(&part);
            (part, wide)
        };
        let parts = |line| words(line).into_iter().flat_map(|word| pieces(word, room, &width)).map(measured).collect();
        Self { paragraphs: text.lines().map(parts).collect(), space: width(" ") }
    }

    fn widest(&self) -> f64 {
        self.paragraphs.iter().flatten().map(|part| part.1).fold(0.0, f64::max)
    }

    /// Lines no wider than `room`, as full as can be.
    fn filled(&self, room: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for paragraph in &self.paragraphs {
            let mut used = None;
            for (part, wide) in paragraph {
                let longer = used.map(|used: f64| used + self.space + wide).filter(|longer| *longer <= room);
                match lines.last_mut() {
                    Some(line) if longer.is_some() => *line = format!("{line} {part}"),
                    _ => lines.push(part.clone()),
                }
                used = longer.or(Some(*wide));
            }
        }
        lines
    }
}

/// A word as it is, or in pieces of which no two fit into `room` together.
fn pieces(word: String, room: f64, width: impl Fn(&str) -> f64) -> Vec<String> {
    if width(&word) <= room {
        return vec![word];
    }
    let (mut pieces, mut used): (Vec<String>, f64) = (Vec::new(), 0.0);
    for c in word.chars() {
        let wide = width(c.encode_utf8(&mut [0; 4]));
        match pieces.last_mut() {
            Some(piece) if used + wide <= room => piece.push(c),
            // A piece of one character stays however narrow the room is.
            _ => {
                pieces.push(c.to_string());
                used = 0.0;
            }
        }
        used += wide;
    }
    pieces
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_long_words_anywhere() {
        let wrap = |text, room| Parts::of(text, room, |part| part.chars().count() as f64).filled(room);
        assert_eq!(wrap("Average at steady state", 7.0), ["Average", "at", "steady", "state"]);
        assert_eq!(wrap("menaquinone-7 a", 7.0), ["menaqui", "none-7", "a"]);
        assert_eq!(wrap("menaquinone-7 a", 10.0), ["menaquinon", "e-7 a"]);
        assert_eq!(wrap("one\ntwo", 7.0), ["one", "two"]);
        assert_eq!(wrap(" \n", 7.0), Vec::<String>::new());
        assert_eq!(wrap("abc", 0.0), ["a", "b", "c"]);
    }

    #[test]
    fn a_number_keeps_its_unit_and_balanced_lines_are_about_equal() {
        assert_eq!(words("state, 8.0 µg/L at 24 h"), ["state,", "8.0 µg/L", "at", "24 h"]);
        let style = (Type::regular(12.0), super::super::colour::SLATE);
        let block = Block::balanced(&Fonts::new(), "Average at steady state, 8.0 µg/L", style, 160.0);
        assert_eq!(block.lines, ["Average at steady", "state, 8.0 µg/L"]);
    }
}
