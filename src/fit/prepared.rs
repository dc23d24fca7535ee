//! A curve made ready for many evaluations of a theory: its levels with their derivatives.

use smallvec::SmallVec;

use super::dosing::Dosing;
use super::levels::{levels, levels_of, seen};
use super::plan::{Plan, Slopes, Values};
use super::rows::Levels;
use super::samples::Sampled;
use super::stretches::Stretches;
use super::tabled::Tabled;
use super::theory::Theory;
use crate::disposition::Disposition;
use crate::engine::{PairCourse, check};
use crate::error::Result;
use crate::model::Model;
use crate::regimen::Regimen;
use crate::sensitivity::{Columns, Jet, NUMBERS, Number, OF_TWO, Order, PairNumbers, Space, add_scaled, exponentials};

/// A curve and a theory.
#[derive(Debug, Clone)]
pub(in crate::fit) struct Prepared<'a> {
    sampled: &'a Sampled,
    plan: Plan,
    fast: Option<Fast>,
    /// The theory where numbers are no products of what their coordinates give: with occasions, or covariates that change from record to record.
    general: Option<Box<Theory>>,
}

/// A way that is some hundred times as fast as the general one.
#[derive(Debug, Clone)]
enum Fast {
    One(Box<Pair>),
    Two(PairCourse),
    /// For an event table whose numbers change from record to record.
    Many(Box<Stretches>),
}

/// That of one compartment.
#[derive(Debug, Clone)]
struct Pair {
    course: PairCourse,
    /// Those of the start.
    numbers: PairNumbers,
    /// Where the derivatives by the numbers that move stand, in the order of the plan.
    columns: Columns,
    baseline: Option<usize>,
}

/// The jets of unknowns by the coordinates.
type Jets = SmallVec<[Jet; 4]>;

/// What the rows of levels are by.
#[expect(clippy::large_enum_variant, reason = "one lives at a time, and a box would cost an allocation an evaluation")]
pub(super) enum Inner {
    /// So many coordinates of the model.
    Coordinates(usize),
    /// Numbers, each of which goes by the coordinate of its place.
    Straight(Slopes),
    /// Unknowns with these derivatives by the coordinates.
    Jets(Jets),
}

impl Inner {
    /// By how many unknowns the rows are.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Coordinates(count) => *count,
            Self::Straight(slopes) => slopes.len(),
            Self::Jets(jets) => jets.len(),
        }
    }
}

impl<'a> Prepared<'a> {
    pub(in crate::fit) fn new(theory: &Theory, sampled: &'a Sampled) -> Self {
        let by_record = |table: &Tabled| table.regimen_for(theory).is_none();
        let is_one_body = !matches!(&sampled.dosing, Dosing::Table(table) if by_record(table));
        if let Some(plan) = Plan::of_person(theory, sampled).filter(|_| is_one_body) {
            return Self { sampled, fast: Fast::new(&plan, sampled), plan, general: None };
        }
        let fast = match &sampled.dosing {
            Dosing::Table(table) if by_record(table) => Stretches::new(theory, table),
            _ => None,
        };
        let fast = fast.map(|own| Fast::Many(Box::new(own)));
        Self { sampled, fast, plan: Plan::new(theory), general: Some(Box::new(theory.clone())) }
    }

    /// The doses as a regimen, where one body takes them from the first to the last.
    pub(in crate::fit) fn regimen(&self) -> Option<&'a Regimen> {
        self.sampled.dosing.regimen().filter(|_| self.general.is_none())
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
        if self.of_many(x, (order, x.len()), room) {
            return Ok(());
        }
        if let Some(theory) = &self.general {
            return self.in_general(theory, x, space, room);
        }
        let values = self.plan.values(x);
        if self.of_one(&values, order, room) {
            self.turn(&values, space, room);
            return Ok(());
        }
        let model = self.plan.model(&values)?;
        let mut by_unknowns = Levels::default();
        let Some(jets) = self.of_two(&model, &values, (space, order), &mut by_unknowns) else {
            return self.by_coordinates(&model, &values, space, room);
        };
        let jets: SmallVec<[&Jet; 4]> = jets.iter().collect();
        room.compose(space, &by_unknowns, &jets);
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
            if !self.of_many(x, (order, self.plan.of_model()), room) {
                self.in_general(theory, x, space, room)?;
            }
            return Ok(Inner::Coordinates(space.unknowns));
        }
        let values = self.plan.values(x);
        if self.of_one(&values, order, room) {
            return Ok(match self.plan.straight(&values) {
                _ if order == Order::Value => Inner::Coordinates(0),
                Some(slopes) => Inner::Straight(slopes),
                None => Inner::Jets(self.plan.jets(order.space(x.len()), &values)),
            });
        }
        let model = self.plan.model(&values)?;
        if let Some(jets) = self.of_two(&model, &values, (order.space(x.len()), order), room) {
            return Ok(Inner::Jets(jets));
        }
        let space = order.space(self.plan.of_model());
        self.by_coordinates(&model, &values, space, room)?;
        Ok(Inner::Coordinates(space.unknowns))
    }

    /// The fast way of one compartment, where it serves: the levels by the numbers that move.
    fn of_one(&self, values: &Values, order: Order, room: &mut Levels) -> bool {
        let Some(Fast::One(pair)) = &self.fast else { return false };
        let numbers = pair.numbers.with(self.plan.moved(values));
        numbers.is_some_and(|numbers| pair.fill(&numbers, order, room))
    }

    /// The fast way of event tables whose numbers change, where it serves.
    fn of_many(&self, x: &[f64], by: (Order, usize), room: &mut Levels) -> bool {
        matches!(&self.fast, Some(Fast::Many(own)) if own.fill(x, by, room))
    }

    /// Levels by the numbers that move as levels by the coordinates.
    fn turn(&self, values: &Values, space: Space, room: &mut Levels) {
        if space.unknowns == 0 {
            return;
        }
        if let Some(slopes) = self.plan.straight(values).filter(|slopes| slopes.len() == space.unknowns) {
            return room.bend(&slopes);
        }
        let jets = self.plan.jets(space, values);
        let jets: SmallVec<[&Jet; 4]> = jets.iter().collect();
        let by_numbers = std::mem::take(room);
        room.compose(space, &by_numbers, &jets);
    }

    /// The fast way of two compartments, where it serves: the rows, and the jets of what they are by. Values alone have a way of their own.
    fn of_two(
        &self,
        model: &Model,
        values: &Values,
        (space, order): (Space, Order),
        room: &mut Levels,
    ) -> Option<Jets> {
        let Some(Fast::Two(course)) = self.fast.as_ref().filter(|_| order > Order::Value) else { return None };
        let Disposition::TwoCompartment(body) = *model.disposition() else { return None };
        let moving = self.plan.jets(space, values);
        let of = |number: Number, value: f64| self.jet(&moving, number).unwrap_or_else(|| space.constant(value));
        let cl = of(Number::Cl, body.cl);
        let all = [of(Number::V1, body.v1), of(Number::Q, body.q), of(Number::V2, body.v2)];
        let exponentials = exponentials(space, [&cl, &all[0], &all[1], &all[2]])?;
        let rows = room.clear(order.width(OF_TWO), course.times().len());
        if !course.perform_two(model, exponentials.each_ref().map(|jet| jet[0]), order, rows) {
            return None;
        }
        // Of what enters the rows only the derivatives count.
        let own = [Number::Ka(0), Number::F(0), Number::Tlag(0)].map(|number| of(number, 0.0));
        let mut baseline = of(Number::Baseline, 0.0);
        add_scaled(&mut baseline, model.endogenous(), &space.inverse(&cl));
        Some(own.into_iter().chain(exponentials).chain([baseline]).collect())
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

impl Fast {
    /// None where no fast way serves.
    fn new(plan: &Plan, sampled: &Sampled) -> Option<Self> {
        const OWN: [Number; NUMBERS] = [Number::Ka(0), Number::Cl, Number::V, Number::F(0), Number::Tlag(0)];
        let (regimen, times) = (sampled.dosing.regimen()?, sampled.samples.times());
        let course = PairCourse::compile(regimen, times)?;
        check(plan.template(), regimen, *times.last()?).ok()?;
        if course.serves_two(plan.template()) {
            return Some(Self::Two(course));
        }
        if !course.serves(plan.template()) {
            return None;
        }
        let numbers = PairNumbers::of(plan.template())?;
        let place = |number: Number| plan.numbers().position(|own| own == number);
        let columns = Columns::new(OWN.map(place), plan.numbers().count());
        Some(Self::One(Box::new(Pair { course, numbers, columns, baseline: place(Number::Baseline) })))
    }
}

impl Pair {
    fn fill(&self, numbers: &PairNumbers, order: Order, room: &mut Levels) -> bool {
        let width = order.width(self.columns.count());
        let rows = room.clear(width, self.course.times().len());
        if !self.course.perform(numbers, order, &self.columns, rows) {
            return false;
        }
        if let Some(column) = self.baseline.filter(|_| order > Order::Value) {
            rows.chunks_exact_mut(width).for_each(|row| row[1 + column] = 1.0);
        }
        true
    }
}

#[cfg(test)]
impl Prepared<'_> {
    pub(in crate::fit) fn forget_the_fast_way(&mut self) {
        self.fast = None;
    }

    pub(in crate::fit) fn go_the_general_way(&mut self, theory: &Theory) {
        self.forget_the_fast_way();
        self.general = Some(Box::new(theory.clone()));
    }

    pub(in crate::fit) fn has_a_fast_way(&self) -> bool {
        self.fast.is_some()
    }
}
