//! The covariates of a record, by name.

use std::borrow::Cow;

use super::table::Table;
use crate::error::{Error, Result};

/// The covariates of a record, or of a part of the interval before it.
#[derive(Debug, Clone)]
pub struct Covariates<'a> {
    table: &'a Table,
    index: usize,
    pub(super) values: Cow<'a, [Option<f64>]>,
}

impl<'a> Covariates<'a> {
    /// The value of a covariate, by its name in any case.
    ///
    /// # Errors
    /// A name that the table does not have, or a value that is missing at this record.
    pub fn get(&self, name: &str) -> Result<f64> {
        let names = self.table.covariates();
        let Some(column) = names.iter().position(|known| known.eq_ignore_ascii_case(name)) else {
            let known = if names.is_empty() { String::from("none") } else { names.join(", ") };
            let is_noted = |note: &&String| note.split([' ', ':']).any(|word| word.eq_ignore_ascii_case(name));
            let note = self.table.notes().iter().find(is_noted).map_or_else(String::new, |note| format!(" ({note})"));
            return Err(Error::value(format!("the table has no covariate {name}; it has {known}{note}")));
        };
        self.values.get(column).copied().flatten().ok_or_else(|| {
            Error::value(format!("the covariate {name} is missing: fill it in, in this record and in its neighbours"))
        })
    }

    /// Whether the table has a covariate of that name.
    pub fn has(&self, name: &str) -> bool {
        self.table.covariates().iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whose record it is.
    pub fn id(&self) -> &'a str {
        &self.table.records()[self.index].id
    }

    pub(super) fn of(table: &'a Table, index: usize) -> Self {
        Self { table, index, values: Cow::Borrowed(&table.records()[index].covariates) }
    }

    /// Some values of a record that may lie between those of two.
    pub(super) fn of_values(table: &'a Table, index: usize, values: &'a [Option<f64>]) -> Self {
        Self { table, index, values: Cow::Borrowed(values) }
    }

    /// Those `part` of the way from the record before to this one.
    pub(super) fn on_the_way(table: &'a Table, index: usize, part: f64) -> Self {
        let (from, to) = (&table.records()[index - 1].covariates, &table.records()[index].covariates);
        let between = |(from, to): (&Option<f64>, &Option<f64>)| {
            let (from, to) = ((*from)?, (*to)?);
            Some(from + part * (to - from))
        };
        Self { table, index, values: Cow::Owned(from.iter().zip(to).map(between).collect()) }
    }
}
