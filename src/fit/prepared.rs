//! A curve made ready for many evaluations of a theory: its levels with their derivatives.

use std::slice::ChunksExact;

use smallvec::SmallVec;

use super::dosing::Dosing;
use super::levels::{levels, levels_of};
use super::plan::{Plan, Values};
use super::samples::Sampled;
use super::tabled::Tabled;
use super::theory::Theory;
use crate::engine::{PairCourse, check};
use crate::error::Result;
use crate::model::Model;
use crate::sensitivity::{Columns, Jet, Moving, NUMBERS, Number, Order, Space, compose, settled_sights, sights};

/// A curve and a theory.
#[derive(Debug, Clone)]
pub(in crate::fit) struct Prepared<'a> {
    sampled: &'a Sampled,
    plan: Plan,
    pair: Option<Pair>,
    /// The theory where numbers go by more than their own coordinates: by covariates, occasions, or from record to record.
    general: Option<Box<Theory>>,
}

/// The fast way of one compartment.
#[derive(Debug, Clone)]
struct Pair {
    course: PairCourse,
    /// Where the derivatives by the numbers that move stand, in the order of the plan.
    columns: Columns,
    baseline: Option<usize>,
}

/// Levels with their derivatives, a row for each sample: the level, by order its first derivatives, and the lower triangle of its second ones.
#[derive(Debug, Clone, Default)]
pub(in crate::fit) struct Levels {
    width: usize,
    numbers: Vec<f64>,
}

/// What the rows of levels are by: so many unknowns, whose derivatives by the coordinates are these jets; if there are none, the coordinates of the
/// model themselves.
pub(super) struct Inner {
    pub(super) of_model: usize,
    pub(super) jets: Option<SmallVec<[Jet; 4]>>,
}

impl Levels {
    /// Room for some rows, all 0.
    fn clear(&mut self, width: usize, rows: usize) -> &mut [f64] {
        self.width = width;
        self.numbers.clear();
        self.numbers.resize(width * rows, 0.0);
        &mut self.numbers
    }

    fn set(&mut self, width: usize, rows: impl IntoIterator<Item = Jet>) {
        self.width = width;
        self.numbers.clear();
        rows.into_iter().for_each(|row| self.numbers.extend_from_slice(&row));
    }

    fn set_plain(&mut self, levels: &[f64]) {
        self.clear(1, levels.len()).copy_from_slice(levels);
    }

    fn rows_mut(&mut self) -> std::slice::ChunksExactMut<'_, f64> {
        self.numbers.chunks_exact_mut(self.width.max(1))
    }

    /// The rows, one for each sample.
    pub(in crate::fit) fn rows(&self) -> ChunksExact<'_, f64> {
        self.numbers.chunks_exact(self.width.max(1))
    }
}

impl<'a> Prepared<'a> {
    pub(in crate::fit) fn new(theory: &Theory, sampled: &'a Sampled) -> Self {
        let plan = Plan::new(theory);
        let by_record = |table: &Tabled| table.regimen_for(theory).is_none();
        let is_general = !theory.is_plain() || matches!(&sampled.dosing, Dosing::Table(table) if by_record(table));
        let general = is_general.then(|| Box::new(theory.clone()));
        let pair = if is_general { None } else { Pair::new(&plan, sampled) };
        Self { sampled, plan, pair, general }
    }

    /// The model at coordinates; of somebody whose covariates change that of the last record.
    ///
    /// # Errors
    /// Coordinates that no model has, a covariate that is not known.
    pub(in crate::fit) fn model(&self, x: &[f64]) -> Result<Model> {
        match &self.general {
            Some(theory) => theory.model_of(self.sampled, &theory.values(x)),
            None => self.plan.model(&self.plan.values(x)),
        }
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(super) fn sampled(&self) -> &'a Sampled {
        self.sampled
    }

    /// The levels at the samples with their derivatives by all coordinates, those of the error too, into room that is used again from call to
    /// call.
    ///
    /// # Errors
    /// Coordinates that no model has, a course that cannot be.
    pub(in crate::fit) fn levels(&self, x: &[f64], order: Order, room: &mut Levels) -> Result<()> {
        let space = order.space(x.len());
        if let Some(theory) = &self.general {
            return self.in_general(theory, x, space, room);
        }
        let values = self.plan.values(x);
        let model = self.plan.model(&values)?;
        let Some(pair) = self.pair.as_ref().filter(|_| order > Order::Value) else {
            return self.by_coordinates(&model, &values, space, room);
        };
        if let Some(slopes) = self.plan.straight(&values) {
            pair.fill(&model, order, room);
            room.rows_mut().for_each(|row| bend(row, &slopes, space.second));
            return Ok(());
        }
        let mut by_numbers = Levels::default();
        pair.fill(&model, order, &mut by_numbers);
        let jets = self.plan.jets(space, &values);
        let jets: SmallVec<[&Jet; 4]> = jets.iter().collect();
        room.set(space.len(), by_numbers.rows().map(|row| compose(space, row, &jets)));
        Ok(())
    }

    /// The same as jets.
    ///
    /// # Errors
    /// As for [`levels`](Self::levels).
    pub(in crate::fit) fn predicted(&self, x: &[f64], order: Order) -> Result<Vec<Jet>> {
        let mut room = Levels::default();
        self.levels(x, order, &mut room)?;
        Ok(room.rows().map(Jet::from_slice).collect())
    }

    /// The levels by whatever unknowns are the least work.
    pub(super) fn inner(&self, x: &[f64], order: Order, room: &mut Levels) -> Result<Inner> {
        if let Some(theory) = &self.general {
            let space = order.space(self.plan.of_model());
            self.in_general(theory, x, space, room)?;
            return Ok(Inner { of_model: space.unknowns, jets: None });
        }
        let values = self.plan.values(x);
        let model = self.plan.model(&values)?;
        if let Some(pair) = &self.pair {
            pair.fill(&model, order, room);
            if order == Order::Value {
                return Ok(Inner { of_model: 0, jets: None });
            }
            let jets = self.plan.jets(order.space(x.len()), &values);
            return Ok(Inner { of_model: jets.len(), jets: Some(jets) });
        }
        let space = order.space(self.plan.of_model());
        self.by_coordinates(&model, &values, space, room)?;
        Ok(Inner { of_model: space.unknowns, jets: None })
    }

    /// By the numbers of a plan, for any body.
    fn by_coordinates(&self, model: &Model, values: &Values, space: Space, room: &mut Levels) -> Result<()> {
        if self.sampled.samples.times().is_empty() || space.unknowns == 0 {
            room.set_plain(&levels_of(model, self.sampled)?);
            return Ok(());
        }
        let jets = self.plan.jets(space, values);
        room.set(space.len(), seen(model, self.sampled, space, |number| self.jet(&jets, number))?);
        Ok(())
    }

    /// By whatever the numbers go by.
    fn in_general(&self, theory: &Theory, x: &[f64], space: Space, room: &mut Levels) -> Result<()> {
        let values = theory.values(x);
        if self.sampled.samples.times().is_empty() || space.unknowns == 0 {
            room.set_plain(&levels((theory, &values), self.sampled)?);
            return Ok(());
        }
        if let Dosing::Table(table) = &self.sampled.dosing
            && table.regimen_for(theory).is_none()
        {
            room.set(space.len(), table.predicted(theory, space, x)?);
            return Ok(());
        }
        let numbers = theory.numbers_at(space, x, Some(&|name| self.sampled.known(name)))?;
        let model = theory.model_of(self.sampled, &values)?;
        let jet = |number| numbers.iter().find(|(own, _)| *own == number).map(|(_, jet)| jet.clone());
        room.set(space.len(), seen(&model, self.sampled, space, jet)?);
        Ok(())
    }

    fn jet(&self, jets: &[Jet], number: Number) -> Option<Jet> {
        self.plan.numbers().position(|own| own == number).map(|place| jets[place].clone())
    }

    /// Adds what the summaries add to the objective.
    pub(super) fn add_summaries(&self, x: &[f64], space: Space, sum: &mut Jet) -> Result<()> {
        if self.sampled.summaries.is_empty() {
            return Ok(());
        }
        let model = self.model(x)?;
        let numbers: Vec<(Number, Jet)> = match &self.general {
            _ if space.unknowns == 0 => Vec::new(),
            Some(theory) => theory.numbers_at(space, x, Some(&|name| self.sampled.known(name)))?,
            None => self.plan.numbers().zip(self.plan.jets(space, &self.plan.values(x))).collect(),
        };
        let jet = |number| numbers.iter().find(|(own, _)| *own == number).map(|(_, jet)| jet.clone());
        for summary in &self.sampled.summaries {
            let (figure, dosing) = (summary.figure(), &self.sampled.dosing);
            let value = if space.unknowns == 0 {
                space.constant(figure.of(&model, dosing)?)
            } else {
                figure.jet(&model, dosing, space, jet)?
            };
            summary.add(space, &value, sum);
        }
        Ok(())
    }
}

/// The levels of a model whose numbers move.
fn seen(model: &Model, sampled: &Sampled, space: Space, jet: impl Fn(Number) -> Option<Jet>) -> Result<Vec<Jet>> {
    let (times, body) = (sampled.samples.times(), Moving::new(model, space, jet).for_levels());
    let sights = match (&sampled.dosing, sampled.dosing.regimen()) {
        (_, Some(regimen)) => sights(&model.clone().into(), &mut [body], regimen, times)?,
        (Dosing::Settled(dosing), None) => settled_sights(model, body, dosing, times)?,
        (Dosing::Course(_) | Dosing::Table(_), None) => Vec::new(), // those are seen record by record
    };
    Ok(sights.into_iter().map(|sight| sight.conc).collect())
}

/// A row by numbers as one by coordinates, each of which moves the number of its place alone.
fn bend(row: &mut [f64], slopes: &[[f64; 2]], second: bool) {
    let n = slopes.len();
    if second {
        let (first, rest) = row[1..].split_at_mut(n);
        let mut at = 0;
        for i in 0..n {
            for j in 0..=i {
                rest[at] *= slopes[i][0] * slopes[j][0];
                at += 1;
            }
            rest[at - 1] += first[i] * slopes[i][1];
        }
    }
    row[1..=n].iter_mut().zip(slopes).for_each(|(first, slope)| *first *= slope[0]);
}

impl Pair {
    /// None where the fast way does not serve.
    fn new(plan: &Plan, sampled: &Sampled) -> Option<Self> {
        const OWN: [Number; NUMBERS] = [Number::Ka(0), Number::Cl, Number::V, Number::F(0), Number::Tlag(0)];
        let (regimen, times) = (sampled.dosing.regimen()?, sampled.samples.times());
        let course = PairCourse::compile(regimen, times)?;
        if !course.serves(plan.template()) || check(plan.template(), regimen, *times.last()?).is_err() {
            return None;
        }
        let place = |number: Number| plan.numbers().position(|own| own == number);
        let columns = Columns::new(OWN.map(place), plan.numbers().count());
        Some(Self { course, columns, baseline: place(Number::Baseline) })
    }

    fn fill(&self, model: &Model, order: Order, room: &mut Levels) {
        let width = order.width(self.columns.count());
        let rows = room.clear(width, self.course.times().len());
        let _served = self.course.perform(model, order, &self.columns, rows);
        if let Some(column) = self.baseline.filter(|_| order > Order::Value) {
            rows.chunks_exact_mut(width).for_each(|row| row[1 + column] = 1.0);
        }
    }
}
