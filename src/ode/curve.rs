//! The curve inside a step that the solver has accepted: what is seen between its ends costs no further step.
//!
//! A curve is a polynomial of the place `s` in the step, from 0 to 1, in rows that meet the ends in turn:
//!
//! ```text
//! y(s) = r0 + s (r1 + (1-s) (r2 + s (r3 + (1-s) (r4 + s (r5 + (1-s) (r6 + ..))))))
//! ```
//!
//! The method's own curve is one order lower than its steps, and its error about as large as the tolerance, often fifty
//! times that of the step. It is therefore corrected twice. At a point of the step the slope of the curve is compared
//! with what the equations say there, and a shape is subtracted, so large that the two agree. The first shape is that
//! which the error has, to leading order, where the equations are linear, the second that which it has besides where
//! they are a function of time. The curve is then as exact as the step for most equations (`tests` hold the order).
//!
//! What the curve missed at the second point tells its error: if it is too large, there is no curve, and the solver has
//! to stop where something is looked at.

use std::cell::Cell;

use super::scheme::{Correction, DOP853, DOPRI5, FIRST_INNER, ROWS, SLOPES, Scheme, weights};
use super::tolerance::{Solver, Tolerance};

/// By how many tolerances a curve may miss the equations at the second point, over a whole step. The second correction
/// is at most 0.3 of it, and what is left, over some hundred models and tolerances, at most half of it.
const MOST_MISSED: f64 = 2.0;

/// A step that has been accepted.
pub(super) struct Step<'a, const N: usize> {
    /// The time and the state at its beginning.
    pub(super) begin: (f64, &'a [f64; N]),
    pub(super) end: (f64, &'a [f64; N]),
    /// The slopes of its stages and at its end, with room for those that only the curve needs.
    pub(super) slopes: &'a [Cell<[f64; N]>; SLOPES],
}

/// A curve through a step.
pub(super) struct Curve<'a, const N: usize> {
    begin: f64,
    length: f64,
    rows: &'a mut Rows<N>,
}

/// Room for a curve.
pub(super) type Rows<const N: usize> = [[f64; N]; ROWS];

impl<'a, const N: usize> Curve<'a, N> {
    /// The curve through a step, if it is within the tolerance; `slope` evaluates the equations.
    pub(super) fn through(
        step: &Step<'_, N>,
        rows: &'a mut Rows<N>,
        tolerance: &Tolerance,
        slope: impl Fn(f64, &[f64; N]) -> [f64; N] + Copy,
    ) -> Option<Self> {
        // Each method has a copy of the code, in which the compiler can unroll the loops over its numbers.
        let (curve, missed) = match tolerance.solver {
            Solver::Dop853 => Self::corrected(step, rows, &DOP853, slope),
            Solver::Dopri5 => Self::corrected(step, rows, &DOPRI5, slope),
        };
        step.is_within(MOST_MISSED, &missed, tolerance).then_some(curve)
    }

    /// The curve, and what it missed at the second point.
    #[inline(always)]
    fn corrected<const F: usize, const I: usize>(
        step: &Step<'_, N>,
        rows: &'a mut Rows<N>,
        scheme: &Scheme<F, I>,
        slope: impl Fn(f64, &[f64; N]) -> [f64; N] + Copy,
    ) -> (Self, [f64; N]) {
        step.add_stages(scheme, slope);
        let mut curve = Self::of(step, rows, scheme);
        let [first, second] = &scheme.corrections;
        curve.correct(first, slope);
        let missed = curve.correct(second, slope);
        (curve, missed)
    }

    /// The method's own curve.
    #[inline(always)]
    fn of<const F: usize, const I: usize>(step: &Step<'_, N>, rows: &'a mut Rows<N>, scheme: &Scheme<F, I>) -> Self {
        let ((begin, y), length) = (step.begin, step.length());
        let (first, last) = (step.slopes[0].get(), step.slopes[scheme.end].get());
        *rows = [[0.0; N]; ROWS];
        for (stage, weights) in &scheme.inner {
            let slope = step.slopes[*stage].get();
            rows[FIRST_INNER..].iter_mut().zip(weights).for_each(|(row, weight)| add(row, *weight, &slope));
        }
        rows[FIRST_INNER..].as_flattened_mut().iter_mut().for_each(|part| *part *= length);
        for i in 0..N {
            let change = step.end.1[i] - y[i];
            let bend = length * first[i] - change;
            (rows[0][i], rows[1][i], rows[2][i]) = (y[i], change, bend);
            rows[3][i] = change - length * last[i] - bend;
        }
        Self { begin, length, rows }
    }

    /// Subtracts a shape so that the slope at its point is that of the equations, and returns what it was off, over a
    /// whole step.
    #[inline(always)]
    fn correct(&mut self, correction: &Correction, slope: impl Fn(f64, &[f64; N]) -> [f64; N]) -> [f64; N] {
        let due = slope(self.begin + self.length * correction.at, &self.sum(&correction.value));
        let mut missed = self.sum(&correction.slope);
        add(&mut missed, -self.length, &due);
        let inner = self.rows[FIRST_INNER..].iter_mut();
        inner.zip(&correction.shape).for_each(|(row, part)| add(row, -part, &missed));
        missed
    }

    /// The state at a time of the step.
    pub(super) fn at(&self, time: f64) -> [f64; N] {
        self.sum(&weights((time - self.begin) / self.length).0)
    }

    #[inline(always)]
    fn sum(&self, weights: &[f64; ROWS]) -> [f64; N] {
        let mut sum = [0.0; N];
        self.rows.iter().zip(weights).for_each(|(row, weight)| add(&mut sum, *weight, row));
        sum
    }
}

impl<const N: usize> Step<'_, N> {
    fn length(&self) -> f64 {
        self.end.0 - self.begin.0
    }

    /// Evaluates the stages that only a curve needs.
    #[inline(always)]
    fn add_stages<const F: usize, const I: usize>(
        &self,
        scheme: &Scheme<F, I>,
        slope: impl Fn(f64, &[f64; N]) -> [f64; N],
    ) {
        let (begin, length) = (self.begin.0, self.length());
        for (next, stage) in (scheme.end + 1..).zip(&scheme.further) {
            let mut y = *self.begin.1;
            add(&mut y, length, &self.blend(&stage.a));
            self.slopes[next].set(slope(begin + length * stage.c, &y));
        }
    }

    /// Whether an error is within so many tolerances, as the solver measures it: in the root mean square over the states.
    #[expect(clippy::cast_precision_loss, reason = "the number of states")]
    #[inline(always)]
    fn is_within(&self, most: f64, error: &[f64; N], Tolerance { rtol, atol, .. }: &Tolerance) -> bool {
        let ends = self.begin.1.iter().zip(self.end.1);
        let allowed = ends.map(|(a, b)| most * (atol + rtol * a.abs().max(b.abs())));
        let pairs = error.iter().zip(allowed);
        // Mostly each state is within, and nothing has to be divided.
        pairs.clone().all(|(error, allowed)| error.abs() <= allowed)
            || pairs.map(|(error, allowed)| (error / allowed) * (error / allowed)).sum::<f64>() <= N as f64
    }

    /// The sum of slopes by their weights.
    #[inline(always)]
    fn blend<const M: usize>(&self, weights: &[(usize, f64); M]) -> [f64; N] {
        let mut sum = [0.0; N];
        for (stage, weight) in weights {
            add(&mut sum, *weight, &self.slopes[*stage].get());
        }
        sum
    }
}

#[inline(always)]
fn add<const N: usize>(sum: &mut [f64; N], factor: f64, part: &[f64; N]) {
    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += factor * part);
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use crate::error::Error;
    use crate::ode::piece::{Limits, Looks, Piece};
    use crate::ode::{Solver, System, Tolerance};

    const PLACES: [f64; 9] = [0.03, 0.1, 0.25, 0.4, 0.5, 0.62, 0.75, 0.9, 0.98];

    /// How far the curve of the only step from 0 to `length` is from `exact`, and how often the equations were asked.
    fn off<const N: usize>(
        equations: impl Fn(f64, &[f64; N]) -> [f64; N],
        exact: impl Fn(f64) -> [f64; N],
        (length, solver): (f64, Solver),
    ) -> ([f64; N], u32) {
        let times = PLACES.map(|place| place * length);
        let (system, mut worst) = (Asked { equations, calls: Cell::new(0) }, [0.0_f64; N]);
        let mut see = |look: usize, y: &[f64; N]| {
            let errors = y.iter().zip(exact(times[look])).map(|(a, b)| (a - b).abs());
            worst.iter_mut().zip(errors).for_each(|(worst, error)| *worst = worst.max(error));
            Ok::<_, Error>(())
        };
        // So loose that the step is taken whole.
        let mut limits = Limits::new(Tolerance { rtol: 0.1, atol: 1.0, solver, ..Tolerance::default() });
        limits.step = length;
        let piece = Piece { system: &system, rates: &[0.0; N], start: 0.0 };
        piece.solve_past(&mut Looks::new(&times, &mut see), (exact(0.0), length), &mut limits).unwrap();
        (worst, system.calls.get())
    }

    struct Asked<F> {
        equations: F,
        calls: Cell<u32>,
    }

    impl<F: Fn(f64, &[f64; N]) -> [f64; N], const N: usize> System<N> for Asked<F> {
        fn derivative(&self, t: f64, y: &[f64; N]) -> [f64; N] {
            self.calls.set(self.calls.get() + 1);
            (self.equations)(t, y)
        }
        fn concentration(&self, y: &[f64; N]) -> f64 {
            y[0]
        }
    }

    /// A chain in which each state is the integral of the one before, and one state that is a function of time: where the
    /// method's own curve has its error of leading order, the corrected curve has none. Every number of the scheme is in
    /// this test.
    #[test]
    fn a_curve_is_exact_for_polynomials_of_one_degree_more_than_the_method_gives() {
        let power = |t: f64, n: u8| (1..=n).fold(1.0, |product, i| product * t / f64::from(i));
        for (solver, degree, calls) in [(Solver::Dop853, 8, 1 + 12 + 5), (Solver::Dopri5, 5, 1 + 6 + 2)] {
            let chain = |t: f64, y: &[f64; 9]| [1.0, y[0], y[1], y[2], y[3], y[4], y[5], y[6], power(t, degree - 1)];
            let exact = |t: f64| [1, 2, 3, 4, 5, 6, 7, 8, degree].map(|n| power(t, n));
            let (worst, asked) = off(chain, exact, (2.0, solver));
            let of_time = worst[8];
            let of_chain = worst[..usize::from(degree)].iter().copied().fold(0.0, f64::max);
            assert!(of_chain < 1e-14 && of_time < 1e-14, "{solver:?} {worst:?}");
            assert_eq!(asked, calls, "no stop, but one curve");
        }
    }

    #[test]
    fn a_curve_is_of_the_order_of_its_step_where_equations_are_linear() {
        for (solver, order) in [(Solver::Dop853, 8), (Solver::Dopri5, 5)] {
            let error = |length| off(|_, y: &[f64; 1]| [-y[0]], |t| [(-t).exp()], (length, solver)).0[0];
            let ratio = error(0.5) / error(0.25);
            let halved = 2.0_f64.powi(order + 1);
            assert!((0.7..1.4).contains(&(ratio / halved)), "{solver:?} {ratio} {halved}");
        }
    }
}
