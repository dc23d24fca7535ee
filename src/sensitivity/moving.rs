//! A body whose numbers move: a model with the derivatives of each of its numbers, and its state with derivatives.

use std::collections::HashMap;

use smallvec::{SmallVec, smallvec};

use super::inside::Quantity;
use super::jet::{Jet, Space, add_scaled, at_second, moves};
use super::row::{Recalled, Row};
use super::transfer::{Place, Transfers};
use crate::absorption::Process;
use crate::model::Model;
use crate::number::Number;

/// A model, and how its numbers depend on the unknowns.
#[derive(Debug)]
pub(crate) struct Moving {
    pub(crate) space: Space,
    pub(super) transfers: Transfers,
    pub(super) places: Vec<Place>,
    /// What transfers depend on and moves, with its derivatives.
    quantities: Vec<(Quantity, Jet)>,
    pub(super) volumes: Vec<Jet>,
    pub(super) baseline: Jet,
    pub(crate) paths: Vec<MovingPath>,
    /// The rows found so far, by the places, by whether the slope in time is asked for, and by whether the time moves.
    rows: HashMap<(usize, usize, bool, bool), Option<Row>>,
    recalled: Recalled,
    /// Whether nobody asks for more than levels.
    levels_alone: bool,
}

/// What of a path decides when and how much arrives.
#[derive(Debug)]
pub(crate) struct MovingPath {
    pub(crate) f: Jet,
    pub(crate) tlag: Jet,
    /// Of zero-order absorption.
    pub(crate) duration: Option<Jet>,
}

/// One jet for each place.
pub(super) type Amounts = Vec<Jet>;

impl Moving {
    /// A model whose numbers have the derivatives that `jet` gives them; none for one that does not move.
    pub(crate) fn new(model: &Model, space: Space, jet: impl Fn(Number) -> Option<Jet>) -> Self {
        let numbers = model.numbers();
        let of = |number: Number| {
            let (_, value) = numbers.iter().find(|(own, _)| *own == number)?;
            Some(jet(number).unwrap_or_else(|| space.constant(*value)))
        };
        let any = |all: &[Number]| all.iter().find_map(|number| of(*number)).unwrap_or_else(|| space.zero());
        let transfers = Transfers::new(model);
        let places = transfers.places();
        let endogenous = space.product(&space.constant(model.endogenous()), &space.inverse(&any(&[Number::Cl])));
        let mut baseline = any(&[Number::Baseline]);
        add_scaled(&mut baseline, 1.0, &endogenous);
        let mut quantities = vec![(Quantity::Cl, any(&[Number::Cl]))];
        let all = model.modes().len();
        let volumes: Vec<Jet> =
            [any(&[Number::V, Number::V1]), any(&[Number::V2]), any(&[Number::V3])].into_iter().take(all).collect();
        let flows = [any(&[Number::Q, Number::Q2]), any(&[Number::Q3])];
        quantities.extend(volumes.iter().enumerate().map(|(j, v)| (Quantity::V(j), v.clone())));
        quantities.extend((1..all).zip(flows).map(|(j, q)| (Quantity::Q(j), q)));
        let mut paths = Vec::new();
        for (path, of_model) in (0..=u8::MAX).zip(model.absorption().paths()) {
            let duration = matches!(of_model.process, Process::ZeroOrder(_)).then(|| any(&[Number::Duration(path)]));
            paths.push(MovingPath { f: any(&[Number::F(path)]), tlag: any(&[Number::Tlag(path)]), duration });
        }
        let chains = (0..=u8::MAX).zip(model.absorption().paths());
        for (path, of_model) in chains {
            let ka = matches!(of_model.process, Process::FirstOrder(_) | Process::Transit(_));
            if ka {
                quantities.push((Quantity::Ka(usize::from(path)), any(&[Number::Ka(path)])));
            }
            if let Process::Transit(process) = of_model.process {
                let stages = space.constant(f64::from(process.steps + 1));
                let ktr = space.product(&stages, &space.inverse(&any(&[Number::Mtt(path)])));
                quantities.push((Quantity::Ktr(usize::from(path)), ktr));
            }
        }
        quantities.retain(|(_, jet)| moves(jet));
        Self {
            space,
            transfers,
            places,
            quantities,
            volumes,
            baseline,
            paths,
            rows: HashMap::new(),
            recalled: Recalled::default(),
            levels_alone: false,
        }
    }

    pub(super) fn empty(&self) -> Amounts {
        vec![self.space.zero(); self.places.len()]
    }

    pub(super) fn place(&self, place: Place) -> usize {
        self.places.iter().position(|own| *own == place).expect("a body has all places that its paths lead to")
    }

    /// What a unit in one place becomes in another after `u` hours, with its derivatives; none if nothing flows.
    pub(super) fn transfer(&mut self, from: usize, to: usize, u: &Jet) -> Option<Jet> {
        self.transfer_or_slope((from, to), false, u)
    }

    fn transfer_or_slope(&mut self, (from, to): (usize, usize), slope: bool, u: &Jet) -> Option<Jet> {
        let with_time = moves(u);
        let (transfers, places, space) = (&self.transfers, &self.places, self.space);
        let mut by: Vec<Quantity> = self.quantities.iter().map(|(quantity, _)| *quantity).collect();
        let mut jets: Vec<&Jet> = self.quantities.iter().map(|(_, jet)| jet).collect();
        if with_time {
            by.push(Quantity::Time);
            jets.push(u);
        }
        let row = self
            .rows
            .entry((from, to, slope, with_time))
            .or_insert_with(|| transfers.row((places[from], places[to]), slope, &by, space.second))
            .as_ref()?;
        let values = row.after(&mut self.recalled, u[0]);
        Some(compose(space, &values, &jets))
    }

    /// The same for whoever asks for levels alone: other amounts are found only where the course goes on from them, and areas never.
    pub(crate) fn for_levels(self) -> Self {
        Self { levels_alone: true, ..self }
    }

    /// The state after `u` hours, from which the course goes on.
    pub(super) fn advance(&mut self, begin: &Amounts, u: &Jet) -> Amounts {
        let levels_alone = self.levels_alone;
        self.advance_to(begin, u, |place| !(levels_alone && place == Place::Area))
    }

    /// What is seen after `u` hours.
    pub(super) fn look(&mut self, begin: &Amounts, u: &Jet) -> Amounts {
        let levels_alone = self.levels_alone;
        self.advance_to(begin, u, |place| !levels_alone || place == Place::Inside(0))
    }

    fn advance_to(&mut self, begin: &Amounts, u: &Jet, wanted: impl Fn(Place) -> bool) -> Amounts {
        let mut later = self.empty();
        for from in (0..begin.len()).filter(|from| begin[*from].iter().any(|value| *value != 0.0)) {
            for to in 0..begin.len() {
                if !wanted(self.places[to]) {
                    continue;
                }
                if let Some(transfer) = self.transfer(from, to, u) {
                    self.space.add_product(&mut later[to], 1.0, &transfer, &begin[from]);
                }
            }
        }
        later
    }

    /// How fast the concentration changes after `u` hours, with the derivatives of that.
    pub(super) fn slope_after(&mut self, begin: &Amounts, u: &Jet) -> Jet {
        let (plasma, mut slope) = (self.place(Place::Inside(0)), self.space.zero());
        for from in (0..begin.len()).filter(|from| begin[*from].iter().any(|value| *value != 0.0)) {
            if let Some(transfer) = self.transfer_or_slope((from, plasma), true, u) {
                self.space.add_product(&mut slope, 1.0, &transfer, &begin[from]);
            }
        }
        self.space.product(&slope, &self.space.inverse(&self.volumes[0]))
    }

    /// What is in compartment `j` at rest: what the baseline keeps there.
    fn rest(&self, j: usize) -> Jet {
        self.space.product(&self.volumes[j], &self.baseline)
    }

    /// Takes over the amounts of a body with the same compartments, so many hours after areas began to count.
    pub(super) fn take_over(&self, old: &Self, amounts: &mut Amounts, elapsed: f64) {
        // The area of the baseline is counted as if the last had been there from the beginning.
        let area = self.place(Place::Area);
        add_scaled(&mut amounts[area], elapsed, &old.baseline);
        add_scaled(&mut amounts[area], -elapsed, &self.baseline);
        for j in 0..self.volumes.len() {
            let place = self.place(Place::Inside(j));
            add_scaled(&mut amounts[place], 1.0, &old.rest(j));
            add_scaled(&mut amounts[place], -1.0, &self.rest(j));
        }
    }

    /// The concentration of a state, the baseline included.
    pub(super) fn conc(&self, amounts: &Amounts) -> Jet {
        let plasma = &amounts[self.place(Place::Inside(0))];
        let mut conc = self.space.product(plasma, &self.space.inverse(&self.volumes[0]));
        add_scaled(&mut conc, 1.0, &self.baseline);
        conc
    }

    /// What waits to be absorbed.
    pub(super) fn depot(&self, amounts: &Amounts) -> Jet {
        let mut depot = self.space.zero();
        for (place, amount) in self.places.iter().zip(amounts) {
            if matches!(place, Place::Chain(..)) {
                add_scaled(&mut depot, 1.0, amount);
            }
        }
        depot
    }

    /// The amount in compartment `j`, that of the baseline included.
    pub(super) fn amount(&self, amounts: &Amounts, j: usize) -> Jet {
        let mut amount = self.rest(j);
        add_scaled(&mut amount, 1.0, &amounts[self.place(Place::Inside(j))]);
        amount
    }
}

/// A function of some quantities, by its value and derivatives with respect to them, as one of the unknowns.
pub(crate) fn compose(space: Space, values: &[f64], quantities: &[&Jet]) -> Jet {
    let mut jet = space.zero();
    compose_into(space, values, quantities, &mut jet);
    jet
}

/// The same into a jet of zeros.
pub(crate) fn compose_into(space: Space, values: &[f64], quantities: &[&Jet], jet: &mut [f64]) {
    let (n, unknowns) = (quantities.len(), space.unknowns);
    jet[0] = values[0];
    for (first, quantity) in values[1..=n].iter().zip(quantities) {
        add_scaled(&mut jet[1..], *first, &quantity[1..]);
    }
    if !space.second {
        return;
    }
    // How the slope by each quantity moves with the unknowns; each quantity depends on few of them.
    let mut moved: SmallVec<[f64; 16]> = smallvec![0.0; unknowns];
    let rest = &mut jet[1 + unknowns..];
    for (i, one) in quantities.iter().enumerate() {
        moved.fill(0.0);
        for (j, other) in quantities.iter().enumerate() {
            let second = values[at_second(n, i, j)];
            if second != 0.0 {
                add_scaled(&mut moved, second, &other[1..=unknowns]);
            }
        }
        for (k, slope) in one[1..=unknowns].iter().enumerate().filter(|(_, slope)| **slope != 0.0) {
            let start = k * (k + 1) / 2;
            rest[start..=start + k].iter_mut().zip(&moved).for_each(|(own, moved)| *own += slope * moved);
        }
    }
}
