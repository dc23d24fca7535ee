//! A curve made ready for many evaluations of a theory: its levels with their derivatives.

use smallvec::SmallVec;

use super::dosing::Dosing;
use super::levels::{levels, levels_of, seen};
use super::plan::{Plan, Values};
use super::rows::{Levels, bend};
use super::samples::Sampled;
use super::tabled::Tabled;
use super::theory::Theory;
use crate::disposition::Disposition;
use crate::engine::{PairCourse, check};
use crate::error::Result;
use crate::model::Model;
use crate::sensitivity::{Columns, Jet, NUMBERS, Number, OF_TWO, Order, Space, add_scaled, compose, exponentials};

/// A curve and a theory.
#[derive(Debug, Clone)]
pub(in crate::fit) struct Prepared<'a> {
    sampled: &'a Sampled,
    plan: Plan,
    fast: Option<Fast>,
    /// The theory where numbers go by more than their own coordinates: by covariates, occasions, or from record to record.
    general: Option<Box<Theory>>,
}

/// A way that is some hundred times as fast as the general one.
#[derive(Debug, Clone)]
enum Fast {
    One(Pair),
    Two(PairCourse),
}

/// That of one compartment.
#[derive(Debug, Clone)]
struct Pair {
    course: PairCourse,
    /// Where the derivatives by the numbers that move stand, in the order of the plan.
    columns: Columns,
    baseline: Option<usize>,
}

/// The jets of unknowns by the coordinates.
type Jets = SmallVec<[Jet; 4]>;

/// What the rows of levels are by: so many unknowns, whose derivatives by the coordinates are these jets; if there are none, the coordinates of the
/// model themselves.
pub(super) struct Inner {
    pub(super) of_model: usize,
    pub(super) jets: Option<Jets>,
}

impl<'a> Prepared<'a> {
    pub(in crate::fit) fn new(theory: &Theory, sampled: &'a Sampled) -> Self {
        let plan = Plan::new(theory);
        let by_record = |table: &Tabled| table.regimen_for(theory).is_none();
        let is_general = !theory.is_plain() || matches!(&sampled.dosing, Dosing::Table(table) if by_record(table));
        let general = is_general.then(|| Box::new(theory.clone()));
        let fast = if is_general { None } else { Fast::new(&plan, sampled) };
        Self { sampled, plan, fast, general }
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
        if let (Some(Fast::One(pair)), Order::Value) = (&self.fast, order) {
            pair.fill(&model, order, room);
            return Ok(());
        }
        if let (Some(Fast::One(pair)), Some(slopes)) = (&self.fast, self.plan.straight(&values)) {
            pair.fill(&model, order, room);
            room.rows_mut().for_each(|row| bend(row, &slopes, space.second));
            return Ok(());
        }
        let mut by_unknowns = Levels::default();
        let Some(jets) = self.fast(&model, &values, (space, order), &mut by_unknowns) else {
            return self.by_coordinates(&model, &values, space, room);
        };
        let jets: SmallVec<[&Jet; 4]> = jets.iter().collect();
        room.set(space.len(), by_unknowns.rows().map(|row| compose(space, row, &jets)));
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
        if let Some(jets) = self.fast(&model, &values, (order.space(x.len()), order), room) {
            let of_model = if order == Order::Value { 0 } else { jets.len() };
            return Ok(Inner { of_model, jets: Some(jets).filter(|_| of_model > 0) });
        }
        let space = order.space(self.plan.of_model());
        self.by_coordinates(&model, &values, space, room)?;
        Ok(Inner { of_model: space.unknowns, jets: None })
    }

    /// The fast way, where it serves: the rows, and the jets of what they are by.
    fn fast(&self, model: &Model, values: &Values, (space, order): (Space, Order), room: &mut Levels) -> Option<Jets> {
        match self.fast.as_ref()? {
            Fast::One(pair) => {
                pair.fill(model, order, room);
                Some(if order == Order::Value { Jets::new() } else { self.plan.jets(space, values) })
            }
            Fast::Two(course) if order > Order::Value => self.two(course, model, values, (space, order), room),
            Fast::Two(_) => None, // values alone have a way of their own
        }
    }

    fn two(
        &self,
        course: &PairCourse,
        model: &Model,
        values: &Values,
        (space, order): (Space, Order),
        room: &mut Levels,
    ) -> Option<Jets> {
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
        let place = |number: Number| plan.numbers().position(|own| own == number);
        let columns = Columns::new(OWN.map(place), plan.numbers().count());
        Some(Self::One(Pair { course, columns, baseline: place(Number::Baseline) }))
    }
}

impl Pair {
    fn fill(&self, model: &Model, order: Order, room: &mut Levels) {
        let width = order.width(self.columns.count());
        let rows = room.clear(width, self.course.times().len());
        let _served = self.course.perform(model, order, &self.columns, rows);
        if let Some(column) = self.baseline.filter(|_| order > Order::Value) {
            rows.chunks_exact_mut(width).for_each(|row| row[1 + column] = 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::{Absorb, Bolus, FirstOrder};
    use crate::assay::ResidualError;
    use crate::disposition::{HalfLife, OneCompartment, TwoCompartment};
    use crate::fit::objective::Objective;
    use crate::fit::{Rates, Samples, TwoRates, fixed, free};
    use crate::regimen::Dose;

    fn all_free() -> Theory {
        let model = Model::new(FirstOrder { ka: 0.9 }.lagged(0.2).with_f(0.6), OneCompartment { cl: 1.0, v: 12.0 })
            .and_then(|model| model.with_baseline(0.3))
            .expect("a model");
        let numbers = [
            (Number::Ka(0), free(0.9)),
            (Number::Tlag(0), free(0.2)),
            (Number::F(0), free(0.6).within(0.0..=1.0)),
            (Number::Cl, free(1.0)),
            (Number::V, free(12.0)),
            (Number::Baseline, free(0.3)),
        ];
        numbers
            .into_iter()
            .try_fold(Theory::of(model), |theory, (number, unknown)| theory.with(number, unknown))
            .expect("a theory")
    }

    fn two_free() -> Theory {
        let body = TwoCompartment { cl: 1.0, v1: 12.0, q: 2.0, v2: 20.0 };
        let model = Model::new(FirstOrder { ka: 0.9 }.lagged(0.2).with_f(0.6), body)
            .and_then(|model| model.with_baseline(0.3)?.with_endogenous(0.1))
            .expect("a model");
        let numbers = [
            (Number::Ka(0), 0.9),
            (Number::Tlag(0), 0.2),
            (Number::F(0), 0.6),
            (Number::Cl, 1.0),
            (Number::V1, 12.0),
            (Number::Q, 2.0),
            (Number::V2, 20.0),
            (Number::Baseline, 0.3),
        ];
        numbers
            .into_iter()
            .try_fold(Theory::of(model), |theory, (number, start)| theory.with(number, free(start)))
            .expect("a theory")
    }

    /// The fast way against the general one, both as levels and as the objective, whose slopes are also those of its differences.
    #[test]
    fn the_fast_way_is_the_general_one() {
        let ka = || FirstOrder { ka: free(0.9) };
        let error = ResidualError::Combined { cv: free(0.1), sd: free(0.2) };
        let known = ResidualError::CombinedSd { cv: fixed(0.1), sd: fixed(0.2) };
        let theories = [
            all_free(),
            all_free().with_error(error).expect("an error"),
            Theory::new(ka(), HalfLife { t_half: free(6.0), v: free(12.0) }).expect("a theory"),
            Theory::new(ka(), HalfLife { t_half: free(6.0), v: fixed(12.0) }).expect("a theory"),
            two_free(),
            two_free().with_error(error).expect("an error"),
            Theory::new(Bolus, TwoRates { ke: free(0.2), v1: free(9.0), k12: free(0.03), k21: free(0.4) })
                .expect("a theory"),
            Theory::new(ka(), Rates { ke: fixed(0.1), v: free(12.0) })
                .and_then(|theory| theory.with_error(known))
                .expect("a theory"),
        ];
        let samples = Samples::new(&[0.5, 1.0, 2.0, 30.0, 31.0, 50.0], &[2.0, 3.0, 3.5, 4.0, 4.5, 1.0]);
        let sampled = Sampled::new(Dose::of(100.0).every(12.0).times(4), samples.expect("samples"));
        for theory in theories {
            let mut objective = Objective::new(&theory, std::slice::from_ref(&sampled));
            let x = theory.coordinates();
            let fast = (objective.curves()[0].predicted(&x, Order::Second), objective.near(&x));
            let slope = |i: usize| {
                let at = |step: f64| {
                    let mut x = x.clone();
                    x[i] += step * 1e-3;
                    objective.value(&x).expect("a value")
                };
                (at(-2.0) - 8.0 * at(-1.0) + 8.0 * at(1.0) - at(2.0)) / 12e-3
            };
            let slopes: Vec<f64> = (0..x.len()).map(slope).collect();
            assert!(objective.curves()[0].fast.is_some());
            objective.forget_the_fast_way();
            let general = (objective.curves()[0].predicted(&x, Order::Second), objective.near(&x));
            for (a, b) in fast.0.expect("levels").iter().flatten().zip(general.0.expect("levels").iter().flatten()) {
                assert!((a - b).abs() < 1e-11 * (1.0 + b.abs()), "{a} and {b}");
            }
            let (a, b) = (fast.1.expect("a value"), general.1.expect("a value"));
            assert!((a.value - b.value).abs() < 1e-10 * b.value.abs());
            assert!((&a.gradient - &b.gradient).amax() < 1e-10 * (1.0 + b.gradient.amax()));
            assert!((&a.hessian - &b.hessian).amax() < 1e-10 * b.hessian.amax());
            for (i, slope) in slopes.iter().enumerate() {
                assert!((a.gradient[i] - slope).abs() < 1e-7 * a.gradient.amax(), "{i}: {} and {slope}", a.gradient[i]);
            }
        }
    }

    impl Prepared<'_> {
        pub(in crate::fit) fn forget_the_fast_way(&mut self) {
            self.fast = None;
        }
    }
}
