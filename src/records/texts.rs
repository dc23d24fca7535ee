//! Cells of text in columns of numbers.

use super::record::Record;
use crate::error::{Error, Result, excerpt};
use crate::sheet::{Sheet, found, text};

/// Cells that are no numbers, where numbers were looked for.
#[derive(Debug)]
pub(super) struct Texts {
    /// For each covariate: how many there are, and the first.
    columns: Vec<(usize, Option<First>)>,
    /// Values below a limit that is not named.
    below: (usize, Option<(u64, String)>),
    /// The kinds of observations that have names, in order, each with its first line.
    kinds: Vec<(String, u64)>,
    /// Whether some have numbers above zero.
    pub(super) numbered: bool,
    /// Whether compartments have names.
    pub(super) by_name: bool,
    /// What is understood in another way than it is written: a word for its kind, its line and text, and how.
    seen: Vec<(&'static str, u64, String, &'static str)>,
    /// How doses are given, where a column says so.
    route: Option<String>,
}

/// A line, what stands there and the rule that it breaks.
type First = (u64, String, &'static str);

impl Texts {
    pub(super) fn new(covariates: usize) -> Self {
        Self {
            columns: vec![(0, None); covariates],
            below: (0, None),
            kinds: Vec::new(),
            numbered: false,
            by_name: false,
            seen: Vec::new(),
            route: None,
        }
    }

    /// Whether a cell names no other way of giving doses than those before it.
    #[cold]
    pub(super) fn is_one_route(&mut self, cell: &[u8]) -> bool {
        let Some(text) = text(cell).map(String::from_utf8_lossy) else { return true };
        self.route.get_or_insert_with(|| text.to_lowercase()) == &text.to_lowercase()
    }

    /// A text in the column of a covariate.
    #[cold]
    pub(super) fn see(&mut self, covariate: usize, (line, cell): (u64, &[u8]), rule: &'static str) {
        let (count, first) = &mut self.columns[covariate];
        *count += 1;
        first.get_or_insert_with(|| (line, found(cell), rule));
    }

    /// A value below a limit that its cell does not name.
    #[cold]
    pub(super) fn see_below(&mut self, (line, cell): (u64, &[u8])) {
        self.below.0 += 1;
        self.below.1.get_or_insert_with(|| (line, found(cell)));
    }

    /// A cell that is understood in another way than it is written; of a kind the first is kept.
    #[cold]
    pub(super) fn see_once(&mut self, kind: &'static str, (line, cell): (u64, &[u8]), meaning: &'static str) {
        if self.seen.iter().all(|(known, ..)| *known != kind) {
            self.seen.push((kind, line, found(cell), meaning));
        }
    }

    /// The number of a kind of observation by its name; none for more kinds than anybody has, which are no names.
    #[cold]
    pub(super) fn kind(&mut self, name: &str, line: u64) -> Option<u32> {
        const MOST: usize = 100;
        let place = self.kinds.iter().position(|(known, _)| known == name).unwrap_or(self.kinds.len());
        if place == self.kinds.len() {
            self.kinds.push((name.to_owned(), line));
        }
        u32::try_from(place + 1).ok().filter(|_| place < MOST)
    }

    /// Refuses names beside numbers, which might be those that names are given.
    pub(super) fn check_kinds(&self, refuse: impl Fn(u64, &str) -> Error) -> Result<()> {
        match self.kinds.first().filter(|_| self.numbered) {
            None => Ok(()),
            Some((name, line)) => {
                let found = excerpt(name);
                Err(refuse(
                    *line,
                    &format!("found `{found}`, but other rows have numbers: write one or the other in all rows"),
                ))
            }
        }
    }

    /// Which numbers the kinds of observations with names were given.
    pub(super) fn kinds(&self, file: &str) -> impl Iterator<Item = String> {
        (1..).zip(&self.kinds).map(move |(number, (name, line))| {
            format!("{file}, line {line}: `{}` is read as DVID {number}", excerpt(name))
        })
    }

    /// What was understood in another way than it is written.
    pub(super) fn seen(&self, file: &str) -> impl Iterator<Item = String> {
        self.seen
            .iter()
            .map(move |(_, line, found, meaning)| format!("{file}, line {line}: {found} is read as {meaning}"))
    }

    /// The names of the covariates without the columns of text, which are taken from the records. A column with more numbers
    /// than texts is one of numbers, in which a text is a slip.
    pub(super) fn leave_out(
        &self,
        names: Vec<String>,
        records: &mut [Record],
        sheet: &Sheet<'_>,
        notes: &mut Vec<String>,
    ) -> Result<Vec<String>> {
        let mut kept = vec![true; names.len()];
        for (i, (count, first)) in self.columns.iter().enumerate() {
            let Some((line, found, rule)) = first else { continue };
            let numbers = records.iter().filter(|record| record.covariates[i].is_some()).count();
            if numbers >= *count {
                let advice = "leave out a column of text with Reader::ignoring";
                return Err(sheet.error_at((*line, &names[i]), &format!("found {found}, but {rule}; {advice}")));
            }
            kept[i] = false;
            notes.push(format!("{}: {} is a column of text and is left out", sheet.file(), names[i]));
        }
        if kept.iter().any(|kept| !kept) {
            for record in records {
                let mut kept = kept.iter();
                record.covariates.retain(|_| kept.next().is_some_and(|kept| *kept));
            }
        }
        Ok(names.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(name, _)| name).collect())
    }

    /// What is said of values below a limit that is not named.
    pub(super) fn below(&self, file: &str) -> Option<String> {
        let (count, first) = &self.below;
        let (line, found) = first.as_ref()?;
        let more = if *count > 1 { format!(" ({} more such)", count - 1) } else { String::new() };
        Some(format!(
            "{file}, line {line}: {found} does not name its limit, so DV is missing: write `<0.5`, or the limit in DV and CENS 1{more}"
        ))
    }
}
