//! A theory as seen by an approximation: which numbers are told, and what samples of an arm are to them.

use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use super::approximation::Approximation;
use super::arm::Arm;
use super::frame::Frame;
use super::parts::{parts, precision, root};
use super::row::{Row, Seen, Shape};
use super::slopes::slopes;
use super::spot::{Limits, Spot, drawn, late, times_of};
use crate::error::{Error, Result};
use crate::fit::{Curve, Outlook, Somebody, Theory, somebody};
use crate::model::Model;
use crate::random::{Purpose, Stream};
use crate::sensitivity::Jet;

/// A theory and an approximation, compiled.
#[derive(Debug, Clone)]
pub(super) struct View {
    /// Of people on one occasion, where something varies from occasion to occasion.
    pub(super) outlook: Outlook,
    pub(super) approximation: Approximation,
    pub(super) frame: Frame,
    pub(super) names: Vec<String>,
    pub(super) values: Vec<f64>,
    /// What is known beforehand.
    pub(super) prior: Option<DMatrix<f64>>,
    /// The deviations about which the levels are taken, where they are those of one person.
    about: Option<Vec<f64>>,
}

/// The samples that an arm may give: for each of the drawn people one row a spot.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub(super) of: Vec<Vec<Row>>,
    /// How they become information, where it is not as the view has it: of people on several occasions.
    frame: Option<Arc<Frame>>,
}

impl Rows {
    pub(super) fn frame<'a>(&'a self, view: &'a View) -> &'a Frame {
        self.frame.as_deref().unwrap_or(&view.frame)
    }
}

impl View {
    pub(super) fn new(theory: &Theory, approximation: Approximation) -> Result<Self> {
        let plain = Outlook::of(theory)?;
        let varies = !plain.varying.is_empty() || !plain.within.is_empty() && approximation != Approximation::Posterior;
        if approximation != Approximation::Person && !varies {
            return Err(Error::value(
                "nothing varies between people in this theory, so that they are one person to it: write `cl: free(1.2).varying(0.3)`, or ask for Approximation::Person",
            ));
        }
        let outlook = if approximation == Approximation::Person { plain } else { plain.on(1) };
        let (names, values, frame) = parts(&outlook, approximation);
        if names.is_empty() {
            return Err(Error::value(
                "nothing is free in this theory, so that samples have nothing to tell: write `cl: free(1.2)`",
            ));
        }
        let prior = if approximation == Approximation::Posterior { Some(precision(&outlook)?) } else { None };
        if let Approximation::Modes { draws, .. } = approximation {
            if !(1..=100_000).contains(&draws) {
                return Err(Error::value(format!("{draws} people are to be drawn, but it must be 1 to 100000")));
            }
            root(&outlook)?;
        }
        Ok(Self { outlook, approximation, frame, names, values, prior, about: None })
    }

    /// The rows of an arm at spots whose times never decrease.
    ///
    /// # Errors
    /// A course that cannot be; a level that no error has a density at; a kind that has no error.
    pub(super) fn rows(&self, arm: &Arm, spots: &[Spot], in_time: bool) -> Result<Rows> {
        let who = somebody(arm.regimen(), arm.covariates(), arm.occasions())?;
        let known = self.outlook.kinds();
        if let Some(kind) = spots.iter().filter_map(|spot| spot.kind).find(|kind| !known.contains(kind)) {
            return Err(Error::value(format!(
                "samples of kind (DVID) {kind} are asked for, and the theory has no error of that kind: give it one (Theory::with_error_of), or leave them out"
            )));
        }
        let several = arm.occasions().len();
        if several == 0 || self.outlook.kappa.is_empty() {
            return self.rows_of(&who, (arm.limits(), arm.window()), spots, in_time);
        }
        let outlook = self.outlook.on(1 + several);
        let (_, _, frame) = parts(&outlook, self.approximation);
        let own = Self { outlook, frame, ..self.clone() };
        let rows = own.rows_of(&who, (arm.limits(), arm.window()), spots, in_time)?;
        Ok(Rows { frame: Some(Arc::new(own.frame)), ..rows })
    }

    /// The rows of somebody, with limits of quantification, at spots that are kept within some hours.
    pub(super) fn rows_of(
        &self,
        who: &Somebody,
        (limits, window): (&Limits, f64),
        spots: &[Spot],
        in_time: bool,
    ) -> Result<Rows> {
        let mut of = Vec::new();
        for eta in self.deviations()? {
            let z = self.outlook.moved(&eta);
            if window == 0.0 {
                let curve = self.outlook.curve(who, &z, &times_of(spots), in_time)?;
                of.push(self.rows_of_curve(&curve, (limits, spots))?);
                continue;
            }
            for draw in 0..drawn(window) {
                let moved = late(spots, window, draw);
                let mut order: Vec<usize> = (0..spots.len()).collect();
                order.sort_by(|a, b| moved[*a].time.total_cmp(&moved[*b].time));
                let sorted: Vec<Spot> = order.iter().map(|i| moved[*i]).collect();
                let curve = self.outlook.curve(who, &z, &times_of(&sorted), in_time)?;
                let rows = self.rows_of_curve(&curve, (limits, &sorted))?;
                let mut back = rows.clone();
                order.iter().zip(rows).for_each(|(place, row)| back[*place] = row);
                of.push(back);
            }
        }
        Ok(Rows { of, frame: None })
    }

    /// The deviations about which levels are taken: none, or those of drawn people.
    fn deviations(&self) -> Result<Vec<Vec<f64>>> {
        let Approximation::Modes { draws, seed } = self.approximation else {
            return Ok(vec![self.about.clone().unwrap_or_default()]);
        };
        let root = root(&self.outlook)?;
        let person = |subject: u32| {
            let mut draw = Stream { seed, subject: u64::from(subject), purpose: Purpose::Person }.draw();
            self.outlook.drawn(&root, || draw.normal())
        };
        Ok((0..draws).map(person).collect())
    }

    fn rows_of_curve(&self, curve: &Curve, (limits, spots): (&Limits, &[Spot])) -> Result<Vec<Row>> {
        let coordinates = self.outlook.coordinates();
        let mut kinds: Vec<Option<u32>> = spots.iter().map(|spot| spot.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let laws: Vec<_> = kinds.iter().map(|kind| self.outlook.laws(*kind)).collect();
        let row = |(i, level): (usize, &Jet)| {
            let law = kinds.iter().position(|kind| *kind == spots[i].kind).and_then(|at| laws[at](level[0]));
            let Some(law) = law else { return Ok(self.frame.shape.nothing()) };
            // What is compared on the logarithm has its limit there.
            let is_log = law.mean[2] != 0.0;
            let limit = limits.of(spots[i].kind).map(|limit| if is_log { limit.ln() } else { limit });
            let seen = Seen { level, slope: curve.slopes.get(i).map(|slope| &slope[..]), coordinates };
            let row = self.frame.shape.row(seen, &law, limit);
            if row.numbers.iter().any(|value| !value.is_finite()) {
                return Err(Error::value(format!(
                    "a sample at {} h has no information that is a number: check the regimen and the theory",
                    spots[i].time
                )));
            }
            Ok(row)
        };
        curve.levels.iter().enumerate().map(row).collect()
    }

    /// This view about deviations of a person, of whom so much is known.
    pub(super) fn about(self, eta: &[f64], known: DMatrix<f64>) -> Self {
        Self { about: Some(eta.to_vec()), prior: Some(known), ..self }
    }

    /// The information that is known beforehand, nothing where there is none.
    pub(super) fn beforehand(&self) -> DMatrix<f64> {
        let n = self.frame.len();
        self.prior.clone().unwrap_or_else(|| DMatrix::zeros(n, n))
    }

    /// This view of whom nothing is known beforehand.
    pub(super) fn without_prior(self) -> Self {
        Self { prior: None, ..self }
    }

    /// The theory.
    pub(super) fn theory(&self) -> &Theory {
        self.outlook.theory()
    }

    /// The slopes of a function of the model by the numbers, by differences of the fourth order of the function alone.
    ///
    /// # Errors
    /// A function that has no value near the start, or whose value does not depend on any number.
    pub(super) fn slopes_of(&self, of: &dyn Fn(&Model) -> f64) -> Result<DVector<f64>> {
        let values: Vec<f64> = self.outlook.sought().iter().map(|(_, value)| *value).collect();
        let moving = self.moving();
        let at = |i: usize, step: f64| {
            // What does not move the model has no slope.
            let Some((at, scale, is_log)) = moving[i] else { return Some(0.0) };
            let mut values = values.clone();
            values[at] = if is_log { values[at] * step.exp() } else { values[at] + step * scale };
            Some(of(&self.theory().model_for(&values)?))
        };
        let near = |i: usize| match moving[i] {
            Some((at, ..)) => format!("{} = {}", self.names[i], values[at]),
            None => self.names[i].clone(),
        };
        let found = slopes(self.names.len(), at, near)?;
        let scale = |i: usize| moving[i].filter(|(_, _, is_log)| !is_log).map_or(1.0, |(_, scale, _)| scale);
        Ok(DVector::from_fn(found.len(), |i, _| found[i] / scale(i)))
    }

    /// For each number told the place among the sought values that it moves, its size, and whether it is a deviation of the logarithm.
    fn moving(&self) -> Vec<Option<(usize, f64, bool)>> {
        let sought = self.outlook.sought();
        if self.approximation == Approximation::Posterior {
            let place = |name| sought.iter().position(|(own, _)| *own == name);
            return self.outlook.varying.iter().map(|(name, _)| place(*name).map(|at| (at, 1.0, true))).collect();
        }
        let typical = self.outlook.typical.len();
        (0..self.names.len())
            .map(|i| {
                (i < typical).then(|| {
                    let value = sought[i].1;
                    (i, if value == 0.0 { 1.0 } else { value.abs() }, false)
                })
            })
            .collect()
    }
}

impl Shape {
    /// A sample that tells nothing: where no level can have a density.
    fn nothing(&self) -> Row {
        let width = self.bend() + if self.bends { self.by.len() * self.eta.len() } else { 0 };
        let mut numbers = super::row::Numbers::from_elem(0.0, width);
        // Not quite nothing, so that it can stand among others.
        numbers[0] = 1e-300;
        Row { in_time: super::row::Numbers::from_elem(0.0, width), numbers }
    }
}
