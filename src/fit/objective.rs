//! -2 ln likelihood (or a sum of squares) of a theory at coordinates, with its exact gradient and Hessian.

use nalgebra::{DMatrix, DVector};

use super::dosing::Dosing;
use super::residual::Residual;
use super::samples::Sampled;
use super::theory::Theory;
use crate::engine::{PairCourse, check};
use crate::error::Result;
use crate::model::Model;
use crate::numeric::Near;
use crate::sensitivity::{
    Jet, Moving, NUMBERS, Number, Order, Space, add_scaled, at_second, compose, settled_sights, sights,
};

/// A curve made ready for many evaluations.
pub(super) struct Prepared<'a> {
    sampled: &'a Sampled,
    /// The fast way of one compartment.
    pair: Option<PairCourse>,
}

impl<'a> Prepared<'a> {
    pub(super) fn new(sampled: &'a Sampled) -> Self {
        let pair = match &sampled.dosing {
            Dosing::Course(regimen) => PairCourse::compile(regimen, sampled.samples.times()),
            Dosing::Settled(_) => None,
        };
        Self { sampled, pair }
    }

    pub(super) fn all(all: &'a [Sampled]) -> Vec<Self> {
        all.iter().map(Self::new).collect()
    }

    /// Adds what the summaries add to the objective.
    fn add_summaries(&self, theory: &Theory, space: Space, x: &[f64], sum: &mut Jet) -> Result<()> {
        if self.sampled.summaries.is_empty() {
            return Ok(());
        }
        let (model, numbers) = (theory.model(&theory.values(x))?, theory.numbers_at(space, x));
        let jet = |number: Number| numbers.iter().find(|(own, _)| *own == number).map(|(_, jet)| jet.clone());
        for summary in &self.sampled.summaries {
            summary.add(space, &summary.figure().jet(&model, &self.sampled.dosing, space, jet)?, sum);
        }
        Ok(())
    }

    /// The predicted concentrations at the samples, with derivatives by the coordinates.
    pub(super) fn predicted(&self, theory: &Theory, space: Space, x: &[f64]) -> Result<Vec<Jet>> {
        let (model, numbers) = (theory.model(&theory.values(x))?, theory.numbers_at(space, x));
        let times = self.sampled.samples.times();
        if times.is_empty() {
            return Ok(Vec::new());
        }
        let jet = |number: Number| numbers.iter().find(|(own, _)| *own == number).map(|(_, jet)| jet.clone());
        let seen = match (&self.sampled.dosing, &self.pair) {
            (Dosing::Course(regimen), Some(pair)) if pair.serves(&model) => {
                check(&model, regimen, times[times.len() - 1])?;
                return Ok(by_pair(pair, &model, space, jet));
            }
            (Dosing::Course(regimen), _) => {
                let body = Moving::new(&model, space, jet).for_levels();
                sights(&model.into(), &mut [body], regimen, times)?
            }
            (Dosing::Settled(dosing), _) => {
                settled_sights(&model, Moving::new(&model, space, jet).for_levels(), dosing, times)?
            }
        };
        Ok(seen.into_iter().map(|sight| sight.conc).collect())
    }
}

/// The levels by the fast way, whose derivatives are by `ka`, `cl`, `v`, `f` and `tlag`, and 1 by the baseline.
fn by_pair(pair: &PairCourse, model: &Model, space: Space, jet: impl Fn(Number) -> Option<Jet>) -> Vec<Jet> {
    let order = if space.second { Order::Second } else { Order::First };
    let width = order.width(NUMBERS);
    let mut rows = vec![0.0; width * pair.times().len()];
    let _served = pair.perform(model, order, &mut rows);
    let own = [Number::Ka(0), Number::Cl, Number::V, Number::F(0), Number::Tlag(0)];
    let jets = own.map(|number| jet(number).unwrap_or_else(|| space.zero()));
    let baseline = jet(Number::Baseline);
    let level = |row: &[f64]| {
        let mut conc = compose(space, row, &jets.each_ref());
        if let Some(baseline) = &baseline {
            add_scaled(&mut conc[1..], 1.0, &baseline[1..]);
        }
        conc
    };
    rows.chunks_exact(width).map(level).collect()
}

/// What some curves add up to, without the constant `n ln 2 pi`; none where nothing has a density.
pub(super) fn objective(theory: &Theory, all: &[Prepared<'_>], x: &[f64]) -> Option<Jet> {
    let space = Space { unknowns: x.len(), second: true };
    let residual = Residual::at(theory, space, &theory.jets(space, x));
    let mut sum = space.zero();
    for prepared in all {
        prepared.add_summaries(theory, space, x, &mut sum).ok()?;
        let conc = prepared.predicted(theory, space, x).ok()?;
        for (conc, reading) in conc.iter().zip(prepared.sampled.samples.readings()) {
            if !residual.add(reading, conc, &mut sum) {
                return None;
            }
        }
    }
    sum.iter().all(|value| value.is_finite()).then_some(sum)
}

/// The value alone, by the fast path.
pub(super) fn value(theory: &Theory, all: &[Sampled], x: &[f64]) -> Option<f64> {
    const PLAIN: Space = Space { unknowns: 0, second: false };
    let values = theory.values(x);
    let named = theory.free().into_iter().zip(&values).map(|((name, _), value)| (name, PLAIN.constant(*value)));
    let residual = Residual::at(theory, PLAIN, &named.collect::<Vec<_>>());
    let model = theory.model(&values).ok()?;
    let mut sum = PLAIN.zero();
    for sampled in all {
        for summary in &sampled.summaries {
            let value = summary.figure().of(&model, &sampled.dosing).ok()?;
            summary.add(PLAIN, &PLAIN.constant(value), &mut sum);
        }
        for (conc, reading) in levels(&model, sampled).ok()?.iter().zip(sampled.samples.readings()) {
            if !residual.add(reading, &PLAIN.constant(*conc), &mut sum) {
                return None;
            }
        }
    }
    sum[0].is_finite().then_some(sum[0])
}

/// The levels of a model at the samples.
pub(super) fn levels(model: &Model, sampled: &Sampled) -> Result<Vec<f64>> {
    let times = sampled.samples.times();
    if times.is_empty() {
        return Ok(Vec::new());
    }
    match &sampled.dosing {
        Dosing::Course(regimen) => model.concentrations(regimen, times),
        Dosing::Settled(dosing) => Ok(model.steady_state(dosing.clone())?.profile(times)?.conc().to_vec()),
    }
}

/// A jet as a value with gradient and Hessian.
pub(super) fn near(jet: &Jet, n: usize) -> Near {
    Near {
        value: jet[0],
        gradient: DVector::from_fn(n, |i, _| jet[1 + i]),
        hessian: DMatrix::from_fn(n, n, |i, j| jet[at_second(n, i, j)]),
    }
}
