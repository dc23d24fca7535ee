//! Where else the levels of swallowed doses are the same: absorption exchanged with an exponential of the body (flip-flop).

use smallvec::SmallVec;

use super::dosing::Dosing;
use super::name::Name;
use super::objective::Objective;
use super::plan::Plan;
use super::samples::Sampled;
use super::theory::Theory;
use crate::absorption::Process;
use crate::disposition::{Disposition, TwoCompartment};
use crate::model::Model;
use crate::number::Number;
use crate::regimen::Route;

/// The coordinates of the twins of a place: none where a dose goes into a vein, where what has to change is not free, or beyond its ends.
pub(super) fn twins(objective: &Objective<'_>, x: &[f64]) -> Vec<Vec<f64>> {
    if !objective.curves().iter().all(|curve| is_swallowed(curve.sampled())) {
        return Vec::new();
    }
    let plan = Plan::new(objective.theory());
    exchanged(&plan, x)
}

/// The values of the twins of a theory's start, where its absorption is slower than its elimination and everybody has swallowed what was taken.
pub(super) fn of_slow_absorption<'a>(theory: &Theory, mut all: impl Iterator<Item = &'a Sampled>) -> Vec<Vec<f64>> {
    let is_slow = Body::of(theory.start()).is_some_and(|body| body.ka < body.slowest());
    if !is_slow || !all.all(is_swallowed) {
        return Vec::new();
    }
    let free = theory.free();
    let values = |x: Vec<f64>| free.iter().zip(x).map(|((_, unknown), x)| unknown.value(x)[0]).collect();
    exchanged(&Plan::new(theory), &theory.coordinates()).into_iter().map(values).collect()
}

fn exchanged(plan: &Plan, x: &[f64]) -> Vec<Vec<f64>> {
    let Ok(model) = plan.model(&plan.values(x)) else { return Vec::new() };
    let coordinates = |twin: &Body| {
        let moved = plan.free().iter().zip(x).map(|((name, unknown), x)| match twin.number(*name) {
            Some(value) => unknown.coordinate(value),
            None => *x,
        });
        let moved: Vec<f64> = moved.collect();
        let there = plan.model(&plan.values(&moved)).ok().and_then(|model| Body::of(&model))?;
        (moved.iter().all(|x| x.is_finite()) && there.is_about(twin)).then_some(moved)
    };
    Body::of(&model).iter().flat_map(Body::twins).filter_map(|twin| coordinates(&twin)).collect()
}

/// Where a transit chain of much the same shape may be: the depot as fast as its stages, or as slow, and the mean time to the plasma as it is.
pub(super) fn kin(objective: &Objective<'_>, x: &[f64]) -> Vec<Vec<f64>> {
    let plan = Plan::new(objective.theory());
    let Ok(model) = plan.model(&plan.values(x)) else { return Vec::new() };
    let place = |number: Number| plan.free().iter().position(|(name, _)| *name == Name::Number(number));
    let of = |(path, process): (u8, &Process)| {
        let Process::Transit(process) = process else { return None };
        let (ka, mtt) = (place(Number::Ka(path))?, place(Number::Mtt(path))?);
        let swapped = f64::from(process.steps + 1) / process.mtt;
        let rest = process.mtt + 1.0 / process.ka - 1.0 / swapped;
        let mut moved = x.to_vec();
        moved[ka] = plan.free()[ka].1.coordinate(swapped);
        moved[mtt] = plan.free()[mtt].1.coordinate(rest);
        moved.iter().all(|x| x.is_finite()).then_some(moved)
    };
    (0..=u8::MAX).zip(model.absorption().paths()).filter_map(|(i, path)| of((i, &path.process))).collect()
}

fn is_swallowed(sampled: &Sampled) -> bool {
    match (sampled.dosing.regimen(), &sampled.dosing) {
        (Some(regimen), _) => regimen.kinds_of_dose().all(|(_, dose)| dose.route == Route::Oral),
        (None, Dosing::Settled(dosing)) => dosing.doses().iter().all(|(_, dose)| dose.route == Route::Oral),
        (None, Dosing::Course(_) | Dosing::Table(_)) => false,
    }
}

/// A depot and one or two compartments, by their rates.
#[derive(Debug, Clone, Copy)]
struct Body {
    ka: f64,
    v: f64,
    ke: f64,
    /// To the peripheral compartment and back, if there is one.
    exchange: Option<[f64; 2]>,
}

impl Body {
    fn of(model: &Model) -> Option<Self> {
        let [path] = model.absorption().paths() else { return None };
        let Process::FirstOrder(process) = path.process else { return None };
        let (ka, ke) = (process.ka, model.disposition().cl() / model.disposition().v1());
        match *model.disposition() {
            Disposition::OneCompartment(body) => Some(Self { ka, v: body.v, ke, exchange: None }),
            Disposition::TwoCompartment(TwoCompartment { v1, q, v2, .. }) => {
                Some(Self { ka, v: v1, ke, exchange: Some([q / v1, q / v2]) })
            }
            Disposition::ThreeCompartment(_) => None,
        }
    }

    /// The level after a dose is `ka/v` times a function in which `ka` and the exponentials stand alike. Since `k21` lies between the exponentials,
    /// one of two can be exchanged: the other would leave a flow below zero.
    fn twins(&self) -> SmallVec<[Self; 2]> {
        let Self { ka, v, ke, exchange } = *self;
        let Some([_, k21]) = exchange else {
            return SmallVec::from_iter([Self { ka: ke, v: v * ke / ka, ke: ka, exchange }]);
        };
        let slow = self.slowest();
        let fast = ke * k21 / slow;
        let exchanged = |own: f64, stays: f64| {
            let ke = ka * stays / k21;
            let k12 = ka + stays - k21 - ke;
            (k12 > 0.0).then_some(Self { ka: own, v: v * own / ka, ke, exchange: Some([k12, k21]) })
        };
        [exchanged(fast, slow), exchanged(slow, fast)].into_iter().flatten().collect()
    }

    /// The slower of the exponentials of the body.
    fn slowest(&self) -> f64 {
        let Some([k12, k21]) = self.exchange else { return self.ke };
        let sum = self.ke + k12 + k21;
        let fast = 0.5 * (sum + (sum * sum - 4.0 * self.ke * k21).max(0.0).sqrt());
        self.ke * k21 / fast
    }

    /// The value of a number that differs between twins, under any of the names that it goes by.
    fn number(&self, name: Name) -> Option<f64> {
        let exchange = |of: fn([f64; 2]) -> f64| self.exchange.map(of);
        match name {
            Name::Number(Number::Ka(0)) => Some(self.ka),
            Name::Number(Number::V | Number::V1) => Some(self.v),
            Name::Number(Number::Cl) => Some(self.ke * self.v),
            Name::HalfLife => Some(std::f64::consts::LN_2 / self.ke),
            Name::Ke => Some(self.ke),
            Name::K12 => exchange(|[k12, _]| k12),
            Name::K21 => exchange(|[_, k21]| k21),
            Name::Number(Number::Q) => exchange(|[k12, _]| k12).map(|k12| k12 * self.v),
            Name::Number(Number::V2) => exchange(|[k12, k21]| k12 / k21).map(|share| share * self.v),
            _ => None,
        }
    }

    fn is_about(&self, other: &Self) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs();
        let [own, others] = [self, other].map(|body| body.exchange.unwrap_or([1.0; 2]));
        near(self.ka, other.ka)
            && near(self.v, other.v)
            && near(self.ke, other.ke)
            && near(own[0], others[0])
            && near(own[1], others[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::FirstOrder;
    use crate::disposition::OneCompartment;
    use crate::fit::{Rates, Samples, TwoRates, fixed, free};
    use crate::regimen::Dose;

    fn of(theory: &Theory, dose: Dose) -> Vec<(f64, f64)> {
        let samples = Samples::new(&[0.3, 1.0, 3.0, 9.0, 27.0], &[1.0, 2.0, 3.0, 2.0, 1.0]).expect("samples");
        let all = [Sampled::new(dose.at(0.0), samples)];
        let (objective, x) = (Objective::new(theory, &all), theory.coordinates());
        let own = objective.value(&x).expect("a value");
        twins(&objective, &x).iter().map(|twin| (objective.value(twin).expect("a value"), own)).collect()
    }

    #[test]
    fn the_levels_of_a_twin_are_the_same() {
        let ka = || FirstOrder { ka: free(1.3) };
        let theories = [
            (1, Theory::new(ka(), OneCompartment { cl: free(0.8), v: free(7.0) })),
            (1, Theory::new(ka(), Rates { ke: free(0.1), v: free(7.0) })),
            (1, Theory::new(ka(), TwoRates { ke: free(0.4), v1: free(7.0), k12: free(0.3), k21: free(0.2) })),
            (1, Theory::new(ka(), TwoRates { ke: free(0.4), v1: free(7.0), k12: free(0.3), k21: free(2.0) })),
            (1, Theory::new(ka(), TwoCompartment { cl: free(2.0), v1: free(7.0), q: free(1.0), v2: free(1.0) })),
            // What has to change is not free.
            (0, Theory::new(ka(), OneCompartment { cl: free(0.8), v: fixed(7.0) })),
            (0, Theory::new(FirstOrder { ka: fixed(1.3) }, OneCompartment { cl: free(0.8), v: free(7.0) })),
        ];
        for (count, theory) in theories {
            let theory = theory.expect("a theory");
            let found = of(&theory, Dose::of(100.0));
            assert_eq!(found.len(), count, "{theory:?}");
            assert!(found.iter().all(|(twin, own)| (twin / own - 1.0).abs() < 1e-9), "{found:?}");
            assert!(of(&theory, Dose::iv(100.0)).is_empty());
        }
    }
}
