//! Rows of levels with their derivatives, in room that is used again.

use std::slice::{ChunksExact, ChunksExactMut};

use crate::sensitivity::{Jet, Space, compose_into};

/// Levels with their derivatives, a row for each sample: the level, by order its first derivatives, and the lower triangle of its second ones.
#[derive(Debug, Clone, Default)]
pub(in crate::fit) struct Levels {
    width: usize,
    numbers: Vec<f64>,
}

impl Levels {
    /// Room for some rows, all 0.
    pub(super) fn clear(&mut self, width: usize, rows: usize) -> &mut [f64] {
        self.width = width;
        self.numbers.clear();
        self.numbers.resize(width * rows, 0.0);
        &mut self.numbers
    }

    pub(super) fn set(&mut self, width: usize, rows: impl IntoIterator<Item = Jet>) {
        self.width = width;
        self.numbers.clear();
        rows.into_iter().for_each(|row| self.numbers.extend_from_slice(&row));
    }

    /// Rows by some quantities as rows by the unknowns that these go by.
    pub(super) fn compose(&mut self, space: Space, by: &Self, quantities: &[&Jet]) {
        let width = space.len();
        let rows = self.clear(width, by.rows().len()).chunks_exact_mut(width);
        rows.zip(by.rows()).for_each(|(row, by)| compose_into(space, by, quantities, row));
    }

    /// What lies between these and others, a share of the way.
    pub(in crate::fit) fn between(&self, other: &Self, share: f64) -> Self {
        let all = self.numbers.iter().zip(&other.numbers).map(|(own, other)| (1.0 - share) * own + share * other);
        Self { width: self.width, numbers: all.collect() }
    }

    pub(super) fn set_plain(&mut self, levels: &[f64]) {
        self.clear(1, levels.len()).copy_from_slice(levels);
    }

    /// The levels, where they stand alone.
    pub(in crate::fit) fn plain(&self) -> &[f64] {
        debug_assert!(self.width <= 1, "levels with derivatives");
        &self.numbers
    }

    /// Whether every number is one.
    pub(in crate::fit) fn are_finite(&self) -> bool {
        // What is no number stays so in a sum of products with zero.
        self.numbers.iter().map(|value| 0.0 * value).sum::<f64>() == 0.0
    }

    pub(super) fn rows_mut(&mut self) -> ChunksExactMut<'_, f64> {
        self.numbers.chunks_exact_mut(self.width.max(1))
    }

    /// The rows, one for each sample.
    pub(in crate::fit) fn rows(&self) -> ChunksExact<'_, f64> {
        self.numbers.chunks_exact(self.width.max(1))
    }

    /// Rows by numbers as rows by coordinates, each of which moves the number of its place alone.
    pub(super) fn bend(&mut self, slopes: &[[f64; 2]]) {
        self.rows_mut().for_each(|row| bend(row, slopes));
    }
}

/// What is by numbers as by coordinates, each of which moves the number of its place alone: `slopes` are its first and second derivative.
pub(super) fn bend(jet: &mut [f64], slopes: &[[f64; 2]]) {
    let (first, second) = jet[1..].split_at_mut(slopes.len());
    let mut rest = second;
    for (i, (first, [slope, bend])) in first.iter_mut().zip(slopes).enumerate() {
        if !rest.is_empty() {
            let row;
            (row, rest) = rest.split_at_mut(i + 1);
            row.iter_mut().zip(slopes).for_each(|(own, [other, _])| *own *= slope * other);
            row[i] += *first * bend;
        }
        *first *= slope;
    }
}
