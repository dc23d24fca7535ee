//! The linear model as differential equations: the standing cross-check of the exact path.
//!
//! Nothing is shared with the exact path but the parameters: the states are the amounts in the physical compartments,
//! and the equations say what flows between them.

use std::borrow::Cow;

use super::fold::Simulation;
use super::system::{Entry, System};
use super::tolerance::Tolerance;
use crate::absorption::Path;
use crate::error::{Error, Result};
use crate::meal_effect::MealEffect;
use crate::model::Model;
use crate::profile::Profile;
use crate::regimen::{Regimen, Route};

impl Model {
    /// The concentrations of [`profile`](Self::profile) by solving differential equations, some hundred times slower.
    ///
    /// It is built from the flows between depots, plasma and peripheral compartments rather than from the exponentials,
    /// so that the two check each other.
    ///
    /// ```
    /// use menaquinone::{Dose, Parameters, grid, ode::Tolerance, units::*};
    /// let model = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    /// let (regimen, times) = (Dose::of(180.0 * UG).every(DAY).times(7), grid(0.0..=WEEK, 4.0 * HOUR));
    /// let exact = model.profile(&regimen, &times)?;
    /// let by_ode = model.profile_by_ode(&regimen, &times, Tolerance::default())?;
    /// for (a, b) in exact.conc().iter().zip(by_ode.conc()) {
    ///     assert!((a - b).abs() < 1e-8);
    /// }
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`System::profile`]: rate constants that lie very far apart are stiff. More than 64 compartments are refused.
    pub fn profile_by_ode<'a>(
        &self,
        regimen: impl Into<Cow<'a, Regimen>>,
        times: &[f64],
        tolerance: Tolerance,
    ) -> Result<Profile> {
        let compartments = Compartments::new(self);
        let job = Job { compartments: &compartments, regimen: &regimen.into(), tolerance: tolerance.check()? };
        match compartments.initial.len() {
            1 => job.run::<1>(times),
            2 => job.run::<2>(times),
            3 => job.run::<3>(times),
            4 => job.run::<4>(times),
            5..=6 => job.run::<6>(times),
            7..=8 => job.run::<8>(times),
            9..=16 => job.run::<16>(times),
            17..=64 => job.run::<64>(times),
            many => Err(Error::value(format!(
                "the model has {many} compartments, and the ODE path holds at most 64: use Model::profile, which has no limit"
            ))),
        }
    }
}

/// A linear model to be solved in a number of states that is known when the program is compiled.
struct Job<'a> {
    compartments: &'a Compartments,
    regimen: &'a Regimen,
    tolerance: Tolerance,
}

impl Job<'_> {
    /// States beyond those of the model stay zero and have no error, but the error norm is a mean over all states: the
    /// tolerance is made stricter by just as much as they would loosen it.
    #[expect(clippy::cast_precision_loss, reason = "at most 64")]
    fn run<const N: usize>(&self, times: &[f64]) -> Result<Profile> {
        let used = self.compartments.initial.len() as f64 / N as f64;
        let (regimen, tolerance) = (self.regimen, self.tolerance.scaled(used.sqrt()));
        let system = &Linear::<N>::new(self.compartments);
        Simulation { system, regimen, tolerance }.profile(times)
    }
}

/// The physical compartments of a model: the plasma first, then the peripheral ones, then those of each absorption path.
pub(super) struct Compartments {
    pub(super) initial: Vec<f64>,
    flows: Vec<Flow>,
    pub(super) oral: Vec<Entry>,
    v1: f64,
    /// The constant input into the plasma, µg/h.
    input: f64,
    /// A rate that nothing exceeds, 1/h: the largest of the absorption, and the sum over all flows within the body.
    fastest: f64,
    meals: Option<MealEffect>,
}

/// What leaves a compartment at a rate (1/h), for another or for good.
struct Flow {
    from: usize,
    to: Option<usize>,
    rate: f64,
}

impl Compartments {
    const PLASMA: usize = 0;

    pub(super) fn new(model: &Model) -> Self {
        let (body, baseline) = (model.disposition(), model.baseline());
        let v1 = body.v1();
        let elimination = Flow { from: Self::PLASMA, to: None, rate: body.cl() / v1 };
        let (initial, flows) = (vec![baseline * v1], vec![elimination]);
        let (input, meals) = (model.constant_input(), model.meal_effect().cloned());
        let mut compartments = Self { initial, flows, oral: Vec::new(), v1, input, fastest: 0.0, meals };
        // In equilibrium the baseline is the same everywhere.
        body.peripherals().iter().for_each(|(q, v)| compartments.add_peripheral(*q, (*v, baseline)));
        compartments.fastest = compartments.flows.iter().map(|flow| flow.rate).sum();
        model.absorption().paths().iter().for_each(|path| compartments.add_path(path));
        compartments
    }

    fn add_peripheral(&mut self, q: f64, (v, conc): (f64, f64)) {
        let peripheral = self.initial.len();
        self.initial.push(conc * v);
        self.flows.push(Flow { from: Self::PLASMA, to: Some(peripheral), rate: q / self.v1 });
        self.flows.push(Flow { from: peripheral, to: Some(Self::PLASMA), rate: q / v });
    }

    fn add_path(&mut self, path: &Path) {
        let chain = path.process.chain();
        let first = self.initial.len();
        for (i, &rate) in chain.iter().enumerate() {
            let next = if i + 1 < chain.len() { first + i + 1 } else { Self::PLASMA };
            self.flows.push(Flow { from: first + i, to: Some(next), rate });
            self.fastest = self.fastest.max(rate);
        }
        self.initial.resize(first + chain.len(), 0.0);
        let state = if chain.is_empty() { Self::PLASMA } else { first };
        self.oral.push(Entry { state, tlag: path.tlag, f: path.f, duration: path.process.duration() });
    }
}

/// The equations `dy/dt = matrix y + input`.
pub(super) struct Linear<'a, const N: usize> {
    compartments: &'a Compartments,
    /// Column after column: what a unit in a compartment does to each.
    columns: Box<[[f64; N]; N]>,
}

impl<'a, const N: usize> Linear<'a, N> {
    pub(super) fn new(compartments: &'a Compartments) -> Self {
        let mut columns = Box::new([[0.0; N]; N]);
        for flow in &compartments.flows {
            columns[flow.from][flow.from] -= flow.rate;
            if let Some(to) = flow.to {
                columns[flow.from][to] += flow.rate;
            }
        }
        Self { compartments, columns }
    }
}

impl<const N: usize> System<N> for Linear<'_, N> {
    #[inline]
    fn derivative(&self, _t: f64, y: &[f64; N]) -> [f64; N] {
        let mut slope = [0.0; N];
        slope[Compartments::PLASMA] = self.compartments.input;
        for (column, amount) in self.columns.iter().zip(y) {
            slope.iter_mut().zip(column).for_each(|(slope, rate)| *slope += rate * amount);
        }
        slope
    }

    fn concentration(&self, y: &[f64; N]) -> f64 {
        y[Compartments::PLASMA] / self.compartments.v1
    }

    fn initial(&self) -> [f64; N] {
        std::array::from_fn(|i| self.compartments.initial.get(i).copied().unwrap_or(0.0))
    }

    fn entries(&self, route: Route) -> Vec<Entry> {
        match route {
            Route::Oral => self.compartments.oral.clone(),
            Route::Intravenous => vec![Entry { state: Compartments::PLASMA, ..Entry::default() }],
        }
    }

    fn meal_effect(&self) -> Option<&MealEffect> {
        self.compartments.meals.as_ref()
    }

    /// Five time constants of what is fastest.
    fn longest_step(&self) -> f64 {
        5.0 / self.compartments.fastest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::FirstOrder;
    use crate::disposition::OneCompartment;
    use crate::profile::grid;
    use crate::regimen::Dose;

    #[test]
    fn states_that_are_not_needed_change_neither_the_steps_nor_the_curve() {
        let model = Model::new(FirstOrder { ka: 0.4 }, OneCompartment { cl: 1.27, v: 154.0 }).unwrap();
        let compartments = &Compartments::new(&model);
        let regimen = &Dose::of(180.0).every(24.0).times(10);
        let job = Job { compartments, regimen, tolerance: Tolerance::default() };
        let times = grid(0.0..=300.0, 7.0);
        let (two, sixteen) = (job.run::<2>(&times).unwrap(), job.run::<16>(&times).unwrap());
        for (a, b) in two.conc().iter().zip(sixteen.conc()) {
            // Another length of step would differ by the tolerance of 1e-8.
            assert!((a - b).abs() <= 1e-13, "{a} {b}");
        }
    }
}
