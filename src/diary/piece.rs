//! A piece of a line that remembers where it stands, and the sentence about one that is wrong.

use crate::error::excerpt;

/// A piece of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'t> {
    pub(super) text: &'t str,
    /// Bytes of the line before it.
    pub(super) start: usize,
}

/// What is wrong, and where in the line.
#[derive(Debug)]
pub(super) struct Problem {
    /// Bytes of the line before it.
    pub(super) start: usize,
    pub(super) sentence: String,
}

impl<'t> Piece<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, start: 0 }
    }

    pub(super) fn trim(self) -> Self {
        let from_start = self.text.trim_start();
        Self { text: from_start.trim_end(), start: self.start + self.text.len() - from_start.len() }
    }

    /// What stands before and after a byte where a character begins.
    pub(super) fn cut(self, at: usize) -> (Self, Self) {
        let (before, after) = self.text.split_at(at);
        (Self { text: before, ..self }, Self { text: after, start: self.start + at })
    }

    /// The first word and what follows it.
    pub(super) fn first_word(self) -> (Self, Self) {
        let line = self.trim();
        let (word, rest) = line.cut(line.text.find(char::is_whitespace).unwrap_or(line.text.len()));
        (word, rest.trim())
    }

    pub(super) fn is_empty(self) -> bool {
        self.text.is_empty()
    }

    /// A sentence that begins with the piece in backticks; only a cell of a table can be empty.
    #[cold]
    pub(super) fn wrong(self, rest: &str) -> Problem {
        let found = if self.is_empty() { "an empty cell".to_owned() } else { format!("`{}`", excerpt(self.text)) };
        self.problem(format!("{found} {rest}"))
    }

    /// A sentence of its own.
    #[cold]
    pub(super) fn problem(self, sentence: impl Into<String>) -> Problem {
        Problem { start: self.start, sentence: sentence.into() }
    }
}
