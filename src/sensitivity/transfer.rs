//! A linear body as transfers with derivatives: what a unit in one state becomes in another, and how that changes with each rate,
//! clearance and volume, and with the time.
//!
//! The states are, for each path, a constant input and the compartments before the plasma; then the plasma and the peripheral
//! compartments, each with a constant input; then the area under the concentration. The amounts are those in the compartments
//! themselves, so that they go over to other numbers as they are.

use smallvec::{SmallVec, smallvec};

use super::inside::{Inside, Quantity, Side};
use super::row::{LossRow, Row};
use super::stages::{ends_there, passes};
use super::terms::{MODES, RATES, RateTable, Sum, Term, add, flows, product};
use crate::absorption::Process;
use crate::model::Model;

/// A state of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The constant input into the first compartment of a path.
    Input(usize),
    /// Compartment `i` of a path.
    Chain(usize, usize),
    /// The constant input into a compartment of the disposition.
    Infusion(usize),
    /// A compartment of the disposition, 0 the plasma.
    Inside(usize),
    /// The area under the concentration so far.
    Area,
}

/// How many compartments of each rate a path has before the plasma: transit, depot.
type Chain = [usize; 2];

/// The formulas of a body.
#[derive(Debug, Clone)]
pub(super) struct Transfers {
    inside: Inside,
    chains: SmallVec<[Chain; 2]>,
    tables: SmallVec<[RateTable; 2]>,
}

impl Transfers {
    pub(super) fn new(model: &Model) -> Self {
        let body = model.disposition();
        let peripherals = body.peripherals();
        let mut table = RateTable { rates: [f64::NAN; RATES], below: [[0.0; 2]; 3], zeros: [f64::NAN; 2] };
        table.rates[0] = 0.0;
        for (place, mode) in table.rates[MODES..].iter_mut().zip(model.modes()) {
            *place = mode.k;
        }
        table.below.iter_mut().zip(body.below()).for_each(|(place, below)| *place = below);
        table.zeros.iter_mut().zip(&peripherals).for_each(|(zero, (q, v))| *zero = q / v);
        let inside = Inside::new(body, &table);
        let mut tables = SmallVec::new();
        let mut chains = SmallVec::new();
        for path in model.absorption().paths() {
            let mut own = table.clone();
            chains.push(match path.process {
                Process::Bolus | Process::ZeroOrder(_) => [0, 0],
                Process::FirstOrder(process) => {
                    own.rates[2] = process.ka;
                    [0, 1]
                }
                Process::Transit(process) => {
                    (own.rates[1], own.rates[2]) = (process.ktr(), process.ka);
                    [process.steps as usize + 1, 1]
                }
            });
            tables.push(own);
        }
        Self { inside, chains, tables }
    }

    /// The states there are, the area last.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        for (path, chain) in self.chains.iter().enumerate() {
            places.push(Place::Input(path));
            places.extend((0..chain[0] + chain[1]).map(|i| Place::Chain(path, i)));
        }
        places.extend((0..self.inside.v.len()).map(Place::Infusion));
        places.extend((0..self.inside.v.len()).map(Place::Inside));
        places.push(Place::Area);
        places
    }

    /// The first place of a path that something enters: its first compartment, or the plasma.
    pub(super) fn head_of(&self, path: usize) -> Place {
        if self.chains[path] == [0, 0] { Place::Inside(0) } else { Place::Chain(path, 0) }
    }

    /// The transfer from one place to another, or its slope in time, with its derivatives with respect to `by`; none if nothing flows.
    pub(super) fn row(&self, (from, to): (Place, Place), slope: bool, by: &[Quantity], second: bool) -> Option<Row> {
        let path = match from {
            Place::Input(path) | Place::Chain(path, _) => path,
            _ => 0,
        };
        let table = self.tables[path].clone();
        let formula = self.formula(from, to)?;
        let mut row = Row { table, path, shared: Vec::new(), sums: Vec::new() };
        let of = |by: &[Quantity]| if slope { formula.of(&[&[Quantity::Time], by].concat()) } else { formula.of(by) };
        row.push(&of(&[]));
        for one in by {
            row.push(&of(&[*one]));
        }
        if second {
            for (i, one) in by.iter().enumerate() {
                for other in &by[..=i] {
                    row.push(&of(&[*one, *other]));
                }
            }
        }
        Some(row)
    }

    /// What of a state is lost within some hours, `1 - transfer to itself`, without a difference that cancels.
    pub(super) fn loss(&self, place: Place) -> Option<LossRow> {
        let path = if let Place::Input(path) | Place::Chain(path, _) = place { path } else { 0 };
        let table = self.tables[path].clone();
        let formula = self.formula(place, place)?;
        let mut slope = flows(&table, &formula.of(&[Quantity::Time]));
        for (below, coef) in &mut slope {
            below[0] += 1;
            *coef = -*coef;
        }
        Some(LossRow { table, flows: slope })
    }

    fn formula(&self, from: Place, to: Place) -> Option<Formula<'_>> {
        let formula = |chain: Option<(usize, [usize; 2], Option<usize>)>, inside, integrals: u8| Formula {
            body: self,
            chain,
            inside,
            integrals,
        };
        let counted = |path: usize, i: usize| {
            // How many of each rate stand before place `i` of a chain.
            let transit = self.chains[path][0];
            [i.min(transit), i.saturating_sub(transit)]
        };
        let passed = |path: usize, from: usize, to: usize| {
            let [before, after] = [counted(path, from), counted(path, to)];
            [after[0] - before[0], after[1] - before[1]]
        };
        let rate_of = |path: usize, i: usize| usize::from(i >= self.chains[path][0]);
        let length = |path: usize| self.chains[path].iter().sum::<usize>();
        match (from, to) {
            (Place::Input(path), Place::Input(own)) => (path == own).then(|| formula(None, None, 1)),
            (Place::Infusion(i), Place::Infusion(own)) => (i == own).then(|| formula(None, None, 1)),
            (Place::Area, Place::Area) => Some(formula(None, None, 1)),
            (Place::Input(path), Place::Chain(own, i)) if path == own => {
                Some(formula(Some((path, passed(path, 0, i), Some(rate_of(path, i)))), None, 1))
            }
            (Place::Chain(path, j), Place::Chain(own, i)) if path == own && i >= j => {
                Some(formula(Some((path, passed(path, j, i), Some(rate_of(path, i)))), None, 0))
            }
            (Place::Input(path), Place::Inside(j)) => {
                Some(formula(Some((path, passed(path, 0, length(path)), None)), Some((0, j, true)), 1))
            }
            (Place::Chain(path, i), Place::Inside(j)) => {
                Some(formula(Some((path, passed(path, i, length(path)), None)), Some((0, j, true)), 0))
            }
            (Place::Input(path), Place::Area) => {
                Some(formula(Some((path, passed(path, 0, length(path)), None)), Some((0, 0, false)), 2))
            }
            (Place::Chain(path, i), Place::Area) => {
                Some(formula(Some((path, passed(path, i, length(path)), None)), Some((0, 0, false)), 1))
            }
            (Place::Infusion(i), Place::Inside(j)) => Some(formula(None, Some((i, j, true)), 1)),
            (Place::Inside(i), Place::Inside(j)) => Some(formula(None, Some((i, j, true)), 0)),
            (Place::Infusion(i), Place::Area) => Some(formula(None, Some((i, 0, false)), 2)),
            (Place::Inside(i), Place::Area) => Some(formula(None, Some((i, 0, false)), 1)),
            _ => None,
        }
    }
}

/// A transfer as a product of three factors: of the integrals (`1/s`), of a chain, and of the disposition.
struct Formula<'a> {
    body: &'a Transfers,
    /// The path, how many compartments of each rate are passed, and the rate of the one in which it ends, if it ends in the chain.
    chain: Option<(usize, Chain, Option<usize>)>,
    /// From compartment to compartment, and whether as an amount (else as a concentration).
    inside: Option<(usize, usize, bool)>,
    integrals: u8,
}

impl Formula<'_> {
    /// The derivative with respect to some quantities: none to two, and the time as often as one likes.
    fn of(&self, by: &[Quantity]) -> Sum {
        let times = by.iter().filter(|by| **by == Quantity::Time).count();
        let rates: SmallVec<[Quantity; 2]> =
            by.iter().copied().filter(|by| matches!(by, Quantity::Ktr(_) | Quantity::Ka(_))).collect();
        let bodies: SmallVec<[Quantity; 2]> =
            by.iter().copied().filter(|by| matches!(by, Quantity::Cl | Quantity::V(_) | Quantity::Q(_))).collect();
        #[expect(clippy::cast_possible_truncation, reason = "at most two")]
        let front: Sum = smallvec![Term::ONE.over(0, self.integrals).by(2, times as u8)];
        product(&product(&front, &self.chain(&rates)), &self.inside(&bodies))
    }

    fn chain(&self, by: &[Quantity]) -> Sum {
        let Some((path, passed, end)) = self.chain else {
            return if by.is_empty() { smallvec![Term::ONE] } else { Sum::new() };
        };
        let mut sum: Sum = smallvec![Term::ONE];
        let own = [Quantity::Ktr(path), Quantity::Ka(path)];
        if by.iter().any(|by| !own.contains(by)) {
            return Sum::new(); // of another path
        }
        for (class, quantity) in own.into_iter().enumerate() {
            let order = by.iter().filter(|by| **by == quantity).count();
            let rate = self.body.tables[path].rates[1 + class];
            let factor = if end == Some(class) {
                ends_there((rate, 1 + class), passed[class], order)
            } else {
                passes((rate, 1 + class), passed[class], order)
            };
            sum = product(&sum, &factor);
        }
        sum
    }

    fn inside(&self, by: &[Quantity]) -> Sum {
        let Some((from, to, is_amount)) = self.inside else {
            return if by.is_empty() { smallvec![Term::ONE] } else { Sum::new() };
        };
        let body = &self.body.inside;
        let conc = |by: &[Quantity]| body.derivative((Side::At(from), Side::At(to)), by);
        if !is_amount {
            return conc(by);
        }
        // The product rule for `v_j H_ij`.
        let mut sum: Sum = conc(by).into_iter().map(|term| term.scaled(body.v[to])).collect();
        for (i, quantity) in by.iter().enumerate() {
            if *quantity == Quantity::V(to) {
                let rest: SmallVec<[Quantity; 2]> =
                    by.iter().enumerate().filter(|(other, _)| *other != i).map(|(_, by)| *by).collect();
                conc(&rest).into_iter().for_each(|term| add(&mut sum, term));
            }
        }
        sum
    }
}
