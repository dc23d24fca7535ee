//! A transfer with its derivatives as sums over flows that most of them share.

use std::collections::HashMap;

use smallvec::SmallVec;

use super::terms::{Below, Flows, MODES, RateTable, Term, flow, flows};

/// A transfer and its derivatives as sums over shared flows.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) table: RateTable,
    pub(super) path: usize,
    pub(super) shared: Vec<Below>,
    /// For the value, each first derivative and each second derivative (lower triangle): (number of the flow, coefficient).
    pub(super) sums: Vec<SmallVec<[(usize, f64); 4]>>,
}

impl Row {
    pub(super) fn push(&mut self, sum: &[Term]) {
        let found: Flows = flows(&self.table, sum);
        let numbered = found.into_iter().filter(|(_, coef)| *coef != 0.0).map(|(below, coef)| {
            let known = self.shared.iter().position(|known| *known == below);
            let number = known.unwrap_or_else(|| {
                self.shared.push(below);
                self.shared.len() - 1
            });
            (number, coef)
        });
        let numbered = numbered.collect();
        self.sums.push(numbered);
    }

    /// The value and the derivatives, where `recall` knows the flow over a list of rates or finds it.
    pub(super) fn after(&self, recalled: &mut Recalled, u: f64) -> SmallVec<[f64; 10]> {
        let mut found: SmallVec<[f64; 16]> = SmallVec::new();
        found.extend(self.shared.iter().map(|below| recalled.flow((&self.table, self.path), below, u)));
        self.sums.iter().map(|sum| sum.iter().map(|(number, coef)| coef * found[*number]).sum::<f64>()).collect()
    }
}

/// The flows over the rates of a body that have been found for a time: most transfers share them.
#[derive(Debug, Default)]
pub(super) struct Recalled {
    u: f64,
    known: HashMap<(usize, Below), f64>,
}

impl Recalled {
    fn flow(&mut self, (table, path): (&RateTable, usize), below: &Below, u: f64) -> f64 {
        if u != self.u {
            self.u = u;
            self.known.clear();
        }
        // What does not go through a path is the same for all.
        let path = if below[1..MODES] == [0, 0] { 0 } else { path };
        *self.known.entry((path, *below)).or_insert_with(|| flow(table, below, u))
    }
}

/// What is lost of a state.
pub(super) struct LossRow {
    pub(super) table: RateTable,
    pub(super) flows: Flows,
}

impl LossRow {
    pub(super) fn after(&self, u: f64) -> f64 {
        self.flows.iter().map(|(below, coef)| coef * flow(&self.table, below, u)).sum()
    }
}
