//! The flows along a row of compartments and on into pools, for many times at once.

use multiversion::multiversion;

use super::block::{BLOCK, block_of};
use super::row::{Column, Lanes, Rates, Row, Times};

/// The flows between the compartments of a row, and from them into pools that stand side by side at its end.
///
/// Compartments count from 0, pools on after the last. Filled again, it needs no new memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChainRows {
    compartments: usize,
    times: usize,
    /// Destination after destination, and for each the rows of all that feeds it, filled up to whole blocks.
    rows: Vec<f64>,
}

impl ChainRows {
    /// The flows at the times `u`, finite and in any order, from the rates at which compartments and pools empty.
    ///
    /// Compartments whose rates descend share their work. What reaches the pools does not depend on their order, so an
    /// engine does well to line them up like that.
    pub(crate) fn fill(&mut self, compartments: &[f64], pools: &[f64], u: &[f64]) {
        (self.compartments, self.times) = (compartments.len(), u.len());
        self.rows.resize(self.first_row(compartments.len() + pools.len()) * self.stride(), 0.0);
        fill_rows(compartments, pools, u, &mut self.rows);
    }

    /// `flow` at each time along the rates of all that lies from `from` to `to`; `None` where nothing flows.
    pub(crate) fn row(&self, from: usize, to: usize) -> Option<&[f64]> {
        let feeder = if from < self.compartments { from } else { self.compartments };
        let flows = from == to || (from < to && from < self.compartments);
        let start = (self.first_row(to) + feeder) * self.stride();
        flows.then(|| self.rows.get(start..start + self.times))?
    }

    /// How many rows stand before those into a compartment or pool.
    fn first_row(&self, to: usize) -> usize {
        let (to, pools) = (to.min(self.compartments), to.saturating_sub(self.compartments));
        to * (to + 1) / 2 + pools * (self.compartments + 1)
    }

    fn stride(&self) -> usize {
        self.times.next_multiple_of(BLOCK)
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn fill_rows(compartments: &[f64], pools: &[f64], u: &[f64], rows: &mut [f64]) {
    let (n, stride) = (compartments.len(), u.len().next_multiple_of(BLOCK));
    let (mut flows, mut before_pools, mut reach) = (Column::new(), Column::new(), Rates::new());
    flows.resize(n + 1, [0.0; BLOCK]);
    before_pools.resize(n, [0.0; BLOCK]);
    reach.resize(n + 1, 0.0);
    let mut row = Row { flows: &mut flows, reach: &mut reach };
    let mut rates = Rates::from_slice(compartments);
    rates.push(0.0);
    for (block, times) in u.chunks(BLOCK).enumerate() {
        let times = Times::new(block_of(times));
        let mut at = block * BLOCK;
        // Compartments and pools in one loop: what it inlines is long, and would be there twice.
        for to in 0..n + pools.len() {
            let last = to.min(n);
            if to == n {
                before_pools.copy_from_slice(&row.flows[..n]);
            }
            if let Some(pool) = to.checked_sub(n) {
                rates[n] = pools[pool];
                row.flows[..n].copy_from_slice(&before_pools);
            }
            row.join_any(&rates[..=last], &times);
            at = put_column(&row.flows[..=last], (at, stride), rows);
        }
    }
}

/// Writes a block of the row of each feeder; gives the place for those of the next destination.
#[inline(always)]
fn put_column(column: &[Lanes<BLOCK>], (mut at, stride): (usize, usize), rows: &mut [f64]) -> usize {
    for flow in column {
        rows[at..at + BLOCK].copy_from_slice(flow);
        at += stride;
    }
    at
}
