//! Where records come from, for sentences.

use crate::error::{Error, ErrorKind};

/// The file of a table and the line of each record; nothing for records made in code.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    pub(super) file: Option<(String, Lines)>,
}

impl Origin {
    /// The place of record number `index`, counted from 0.
    pub(super) fn place(&self, index: usize) -> String {
        match &self.file {
            Some((file, lines)) => format!("{file}, line {}", lines.of(index)),
            None => format!("record {}", index + 1),
        }
    }

    /// The places of some of the records.
    pub(super) fn part(&self, rows: impl Iterator<Item = usize>) -> Self {
        let part = |lines: &Lines| {
            let mut part = Lines::default();
            rows.for_each(|row| part.push(lines.of(row)));
            part
        };
        Self { file: self.file.as_ref().map(|(file, lines)| (file.clone(), part(lines))) }
    }

    /// What is wrong with a column of a record.
    pub(super) fn refuse(&self, index: usize, (column, found): (&str, String), rule: &str) -> Error {
        Error::new(ErrorKind::Value, format!("{}, column {column}: found {found}, but {rule}", self.place(index)))
    }
}

/// The lines of records. Most stand on the line after the one before, so only the first of such a run is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    /// The first record of each run and its line.
    runs: Vec<(usize, u64)>,
    /// The next record and the line that would continue the run.
    next: (usize, u64),
}

impl Lines {
    /// Appends the line of the next record.
    pub(super) fn push(&mut self, line: u64) {
        let (record, continued) = self.next;
        if line != continued || record == 0 {
            self.runs.push((record, line));
        }
        self.next = (record + 1, line + 1);
    }

    /// The line of record number `index`, counted from 0.
    fn of(&self, index: usize) -> u64 {
        let after = self.runs.partition_point(|(first, _)| *first <= index);
        let run = after.checked_sub(1).map(|last| self.runs[last]);
        run.map_or(0, |(first, line)| line + (index - first) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_gaps_are_those_pushed() {
        let lines = [2, 3, 4, 7, 8, 8, 8, 20, 21];
        let mut kept = Lines::default();
        for line in lines {
            kept.push(line);
        }
        assert_eq!(kept.runs, [(0, 2), (3, 7), (5, 8), (6, 8), (7, 20)]);
        assert_eq!((0..lines.len()).map(|i| kept.of(i)).collect::<Vec<_>>(), lines);
    }
}
