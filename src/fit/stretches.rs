//! The fast way to the levels of a subject of an event table whose numbers change from record to record: occasions, and covariates that change.

use smallvec::SmallVec;

use super::known::occasion;
use super::plan::Plan;
use super::rows::Levels;
use super::tabled::Tabled;
use super::theory::Theory;
use crate::absorption::Process;
use crate::disposition::Disposition;
use crate::sensitivity::{Number, Order, PairJets, PairLine, PairNumbers, perform_lines, perform_plain};

/// The bodies of a subject, of whom most have few.
type Bodies = SmallVec<[PairNumbers; 4]>;

/// A script whose times do not move, and how the numbers of each of its bodies follow from the coordinates.
#[derive(Debug, Clone)]
pub(super) struct Stretches {
    script: Vec<PairLine>,
    bodies: Vec<(Plan, PairNumbers)>,
    looks: usize,
}

impl Stretches {
    /// None where this way does not serve: another body than a depot (or none) and one compartment, doses that take time or have gone on for
    /// ever, a lag that moves, numbers that are no products of what their coordinates give.
    pub(super) fn new(theory: &Theory, table: &Tabled) -> Option<Self> {
        let model = theory.start();
        let [path] = model.absorption().paths() else { return None };
        let serves = matches!(model.disposition(), Disposition::OneCompartment(_))
            && matches!(path.process, Process::FirstOrder(_) | Process::Bolus)
            && theory.inlets.is_empty()
            && !table.looks.is_empty();
        if !serves {
            return None;
        }
        let (script, made_of) = table.pair_lines(theory)?;
        let of = |values: &Vec<Option<f64>>| {
            let known = |name: &str| values[table.column(name).ok()?];
            let now = theory.needs().contains(&theory.occasions.as_str());
            let now = if now { Some(occasion(known(theory.occasions.as_str())?).ok()?) } else { None };
            let plan = Plan::of_known(theory, &known, now)?;
            let numbers = PairNumbers::of(plan.template())?;
            let moves = plan.numbers().any(|number| matches!(number, Number::Tlag(_)));
            (!moves).then_some((plan, numbers))
        };
        let bodies = made_of.iter().map(of).collect::<Option<_>>()?;
        Some(Self { script, bodies, looks: table.looks.len() })
    }

    /// The levels at coordinates; false, and nothing of use in the room, where a model has to judge the numbers.
    pub(super) fn fill(&self, x: &[f64], (order, unknowns): (Order, usize), room: &mut Levels) -> bool {
        if order == Order::Value {
            let numbers = |(plan, numbers): &(Plan, PairNumbers)| numbers.with(plan.moved(&plan.values(x)));
            let Some(bodies) = self.bodies.iter().map(numbers).collect::<Option<Bodies>>() else { return false };
            perform_plain(&self.script, &bodies, room.clear(1, self.looks));
            return true;
        }
        let space = order.space(unknowns);
        let jets = |(plan, numbers): &(Plan, PairNumbers)| {
            let values = plan.values(x);
            let numbers = numbers.with(plan.moved(&values))?;
            let jets = plan.jets(space, &values);
            let place = |number| plan.numbers().position(|own| own == number);
            Some(PairJets::new(space, &numbers, |number| place(number).map(|place| jets[place].clone())))
        };
        let Some(bodies) = self.bodies.iter().map(jets).collect::<Option<Vec<PairJets>>>() else { return false };
        perform_lines(space, &self.script, &bodies, room.clear(space.len(), self.looks));
        true
    }
}
