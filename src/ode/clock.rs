//! Which stage of a step is asked for, and when: one stage of DOP853 is asked for at the wrong time.

use std::cell::Cell;

/// Tells the calls of the solver apart by counting them, and puts their times right.
///
/// The 12th stage of DOP853 belongs to the end of the step (c12 = 1, as all rows of its tableau add up to their c). In
/// `ode_solvers` 0.6.2 the table says 0, so that it is asked for at the beginning. Equations without time in them do not
/// see it; with time in them the order of the method is lost, and steps become a thousand times too short
/// (<https://github.com/srenevey/ode-solvers/pull/42>).
pub(super) struct Clock {
    /// The beginning of the step.
    begin: Cell<f64>,
    /// The last time asked for.
    last: Cell<f64>,
    /// The stage of the last call; below 0 while the first step is chosen, which takes calls of its own.
    stage: Cell<isize>,
    /// How many stages a step has.
    stages: isize,
}

impl Clock {
    /// The stage that is asked for at the wrong time, counted from 0, and c of the one before it.
    const TWELFTH: isize = 11;
    const C11: f64 = 6.0 / 7.0;

    /// A clock for a piece whose first step is `step`, which the solver chooses with two more calls if it is 0.
    pub(super) fn new(step: f64, stages: isize) -> Self {
        let stage = Cell::new(if step > 0.0 { -1 } else { -3 });
        Self { begin: Cell::new(0.0), last: Cell::new(0.0), stage, stages }
    }

    /// The stage that asks for time `x`, counted from 0, and the time that is meant. After the last stage comes the second
    /// of another attempt, for the first is known. (DOP853 evaluates the end of a step that succeeds, too, which passes
    /// for that second stage until the next call.)
    #[inline]
    pub(super) fn call(&self, x: f64) -> (usize, f64) {
        let next = self.stage.get() + 1;
        let stage = if next == self.stages { 1 } else { next };
        self.stage.set(stage);
        let (begin, last) = (self.begin.get(), self.last.replace(x));
        let time = if stage == Self::TWELFTH { begin + (last - begin) / Self::C11 } else { x };
        (stage.max(0).unsigned_abs(), time)
    }

    /// The beginning of the step.
    pub(super) fn begin(&self) -> f64 {
        self.begin.get()
    }

    /// The step that ends at `x` has succeeded.
    pub(super) fn step_to(&self, x: f64) {
        self.begin.set(x);
        self.stage.set(0);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use ode_solvers::{Dop853, OutputType, SVector};

    use crate::ode::piece::{Limits, Piece};
    use crate::ode::{System, Tolerance};

    /// Notes when it is asked.
    struct Asked<'a>(&'a RefCell<Vec<f64>>);

    impl ode_solvers::System<f64, SVector<f64, 1>> for Asked<'_> {
        fn system(&self, x: f64, _y: &SVector<f64, 1>, dy: &mut SVector<f64, 1>) {
            self.0.borrow_mut().push(x);
            dy[0] = 0.0;
        }
    }

    impl System<1> for Asked<'_> {
        fn derivative(&self, t: f64, _y: &[f64; 1]) -> [f64; 1] {
            self.0.borrow_mut().push(t);
            [0.0]
        }
        fn concentration(&self, y: &[f64; 1]) -> f64 {
            y[0]
        }
    }

    /// When this fails, `ode_solvers` has mended its table, and `Clock` can go.
    #[test]
    fn the_solver_alone_asks_for_the_twelfth_stage_at_the_wrong_time() {
        let asked = RefCell::new(Vec::new());
        let y = SVector::from([1.0]);
        #[rustfmt::skip]
        let mut solver = Dop853::from_param(
            Asked(&asked), 0.0, 7.0, 7.0, y, 1e-8, 1e-8, 0.9, 0.0, 0.333, 6.0, 7.0, 7.0, 10, 1000, OutputType::Sparse,
        );
        solver.integrate().unwrap();
        assert_eq!(asked.borrow()[10..], [6.0, 0.0, 7.0]);
    }

    #[test]
    fn the_clock_puts_every_stage_of_every_step_right() {
        for (step, opening) in [(7.0, 1), (0.0, 3)] {
            let asked = RefCell::new(Vec::new());
            let system = &Asked(&asked);
            let mut limits = Limits::new(Tolerance::default());
            limits.step = step;
            Piece { system, rates: &[0.0], start: 100.0 }.solve(([1.0], 107.0), &mut limits).unwrap();
            let asked = asked.into_inner();
            let mut begin = asked[0];
            for step in asked[opening..].chunks(12) {
                let (eleventh, twelfth, end) = (step[9], step[10], step[11]);
                assert!((twelfth - end).abs() < 1e-13 && (begin..end).contains(&eleventh), "{step:?}");
                begin = end;
            }
            assert!((begin - 107.0).abs() < 1e-13);
        }
    }
}
