//! Rows of levels with their derivatives, in room that is used again.

use std::slice::{ChunksExact, ChunksExactMut};

use smallvec::SmallVec;

use crate::sensitivity::Jet;

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

    pub(super) fn set_plain(&mut self, levels: &[f64]) {
        self.clear(1, levels.len()).copy_from_slice(levels);
    }

    /// The levels, where they stand alone.
    pub(in crate::fit) fn plain(&self) -> &[f64] {
        debug_assert!(self.width <= 1, "levels with derivatives");
        &self.numbers
    }

    pub(super) fn rows_mut(&mut self) -> ChunksExactMut<'_, f64> {
        self.numbers.chunks_exact_mut(self.width.max(1))
    }

    /// The rows, one for each sample.
    pub(in crate::fit) fn rows(&self) -> ChunksExact<'_, f64> {
        self.numbers.chunks_exact(self.width.max(1))
    }

    /// Rows by numbers as rows by coordinates, each of which moves the number of its place alone: `slopes` are its first and second derivative.
    pub(super) fn bend(&mut self, slopes: &[[f64; 2]], second: bool) {
        let n = slopes.len();
        let scales: SmallVec<[f64; 32]> =
            (0..if second { n } else { 0 }).flat_map(|i| (0..=i).map(move |j| slopes[i][0] * slopes[j][0])).collect();
        for row in self.rows_mut() {
            let (first, rest) = row[1..].split_at_mut(n);
            rest.iter_mut().zip(&scales).for_each(|(own, scale)| *own *= scale);
            let mut at = 0;
            for (i, (first, [slope, bend])) in first.iter_mut().zip(slopes).enumerate() {
                if let Some(twice) = rest.get_mut(at + i) {
                    *twice += *first * bend;
                }
                *first *= slope;
                at += i + 1;
            }
        }
    }
}
