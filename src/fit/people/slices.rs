//! Slices of a series that were made apart, joined to the whole.

use crate::error::{Error, Result};

/// A run of numbered rows of a series.
pub(super) trait Slice {
    /// The number of the first row, and how many there are.
    fn range(&self) -> (u64, u64);

    /// Why a slice does not belong to the same series as this one; none where it does.
    fn stranger(&self, other: &Self) -> Option<String>;

    /// Why a slice that begins with `found` does not follow on this one, after which `due` comes.
    fn gap(due: u64, found: u64) -> String;

    /// Puts the rows of the slice that follows behind these.
    fn extend(&mut self, next: Self);
}

/// Joins slices of one series, given in any order.
///
/// # Errors
/// No slice, slices of different series, or slices between which rows are missing or double.
pub(super) fn joined<S: Slice>(parts: impl IntoIterator<Item = S>) -> Result<S> {
    let mut parts: Vec<S> = parts.into_iter().collect();
    parts.sort_by_key(|part| part.range().0);
    let mut parts = parts.into_iter();
    let mut whole = parts.next().ok_or_else(|| Error::value("there are no slices to join: give at least one"))?;
    for part in parts {
        if let Some(why) = whole.stranger(&part) {
            return Err(Error::value(why));
        }
        let ((first, count), (found, _)) = (whole.range(), part.range());
        if found != first + count {
            return Err(Error::value(S::gap(first + count, found)));
        }
        whole.extend(part);
    }
    Ok(whole)
}
